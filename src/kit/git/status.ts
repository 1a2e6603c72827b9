import {nameFromBytes} from '../files/spelling.js'
import type {Context} from './context.js'

/** Where a path stands between HEAD, the index and the working tree, as `git status --porcelain=v2` says. */
export interface PathStatus {
  path: string
  /** HEAD to index: `.` same, M, A, D, T, U; `?` untracked, `!` ignored. */
  staged: string
  /** Index to working tree: `.` same, M, A (only intent-to-add), D, T, U; `?` untracked, `!` ignored. */
  unstaged: string
  /** `git add -N`: the index holds the name and no content. */
  intentToAdd: boolean
  /** A merge left several versions in the index. */
  unmerged: boolean
  untracked: boolean
  /** Mode and id in HEAD and in the index; null where absent. A file that is the same everywhere is not listed at all. */
  head: {mode: string; oid: string} | null
  index: {mode: string; oid: string} | null
}

/** How to ask. */
export interface StatusOptions {
  /** List files that Git ignores too. */
  ignored?: boolean
}

/** The files among `paths` (folders include what is below; none means all) that are not the same in HEAD, index and working tree. */
export async function readStatus(
  context: Context,
  paths: string[],
  options: StatusOptions = {},
): Promise<PathStatus[]> {
  const args = ['status', '--porcelain=v2', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=all']
  if (options.ignored) args.push('--ignored=matching')
  // Thousands of paths do not fit on a command line: then their top folders are asked for.
  const narrow = paths.length <= 500
  const asked = narrow ? paths : [...new Set(paths.map((path) => path.split('/', 1)[0]!))]
  const {stdout} = await context.read([...args, '--', ...asked])
  const all = nameFromBytes(stdout).split('\0').flatMap(parseEntry)
  return narrow ? all : all.filter(under(paths))
}

/** The entries among `paths` that the index holds with skip-worktree, as those outside of a sparse checkout. */
export async function readSkipped(
  context: Context,
  paths: string[],
): Promise<Map<string, {mode: string; oid: string}>> {
  const skipped = new Map<string, {mode: string; oid: string}>()
  if (paths.length === 0) return skipped
  const asked = paths.length <= 500 ? paths : []
  const wanted = new Set(paths)
  const {stdout} = await context.read(['ls-files', '-z', '-t', '--stage', '--', ...asked])
  for (const line of nameFromBytes(stdout).split('\0')) {
    const [, mode, oid, path] = /^S (\d+) ([0-9a-f]+) 0\t(.*)$/s.exec(line) ?? []
    if (wanted.has(path!)) skipped.set(path!, {mode: mode!, oid: oid!})
  }
  return skipped
}

/**
 * What the index holds at a path below a folder, or in its place: a link or submodule on the way to it counts. Whatever the case of its letters,
 * as there are file systems that make no difference.
 */
export async function listTracked(context: Context, folder: string, path: string): Promise<string[]> {
  const above = path.split('/', 1)[0]!
  const args = ['ls-files', '-z', '--stage', '--', `:(icase)${above}`]
  const {stdout} = await context.read(args, {cwd: folder, env: {GIT_LITERAL_PATHSPECS: undefined}})
  return nameFromBytes(stdout)
    .split('\0')
    .flatMap((line) => /^\d+ [0-9a-f]+ \d\t(.*)$/s.exec(line)?.[1] ?? [])
    .filter((name) => `${path}/`.startsWith(`${name.toLowerCase()}/`) || name.toLowerCase().startsWith(`${path}/`))
}

function under(paths: string[]): (entry: PathStatus) => boolean {
  const wanted = new Set(paths.map((path) => path.replace(/\/+$/, '')))
  return ({path}) => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (wanted.has(path.slice(0, end))) return true
    }
    return false
  }
}

function parseEntry(line: string): PathStatus[] {
  const kind = line[0]
  if (kind === '?' || kind === '!') {
    const path = line.slice(2)
    return [{...nowhere, path, staged: kind, unstaged: kind, untracked: kind === '?'}]
  }
  if (kind === 'u') {
    const path = afterFields(line, 10)
    return [{...nowhere, path, staged: 'U', unstaged: 'U', unmerged: true}]
  }
  if (kind !== '1') return []
  const [, states = '..', , headMode = '', indexMode = '', , headOid = '', indexOid = ''] = line.split(' ', 8)
  // `DA` where HEAD has got the path since: a commit that was cut off before it reached the index.
  const intentToAdd = states[1] === 'A'
  return [
    {
      ...nowhere,
      path: afterFields(line, 8),
      staged: states[0]!,
      unstaged: states[1]!,
      intentToAdd,
      head: entry(headMode, headOid),
      index: intentToAdd ? null : entry(indexMode, indexOid),
    },
  ]
}

const nowhere = {intentToAdd: false, unmerged: false, untracked: false, head: null, index: null}

function entry(mode: string, oid: string): {mode: string; oid: string} | null {
  return mode === '000000' ? null : {mode, oid}
}

function afterFields(line: string, count: number): string {
  let at = 0
  for (let field = 0; field < count; field++) at = line.indexOf(' ', at) + 1
  return line.slice(at)
}
