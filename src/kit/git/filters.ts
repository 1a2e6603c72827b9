import {copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Context} from './context.js'
import type {Entry} from './tree-edit.js'

const attributes = ['filter', 'working-tree-encoding']

/**
 * The files among `files` for which Git would store other bytes than those given: line ends (`core.autocrlf`, `text`, `eol`),
 * clean filters, encodings, `$Id$`. They are stored by Git's own `update-index`, on a copy of the index and in a folder of
 * ours: `hash-object --path` would not know that a file's line ends are CRLF in the index, and would change every line.
 * @returns the entries Git made, by path; a path that is missing is stored as it is
 */
export async function storeFiltered(
  context: Context,
  files: {path: string; content: Uint8Array}[],
  id: string,
): Promise<Map<string, Entry>> {
  const odd = await needFilters(context, files)
  if (odd.length === 0) return new Map()
  const folder = join(context.gitDir, `pmpc-files-${id}.tmp`)
  const index = join(context.gitDir, `pmpc-index-${id}.tmp`)
  try {
    for (const {path, content} of odd) {
      mkdirSync(join(folder, dirname(path)), {recursive: true})
      writeFileSync(join(folder, path), content)
    }
    if (existsSync(join(context.gitDir, 'index'))) copyFileSync(join(context.gitDir, 'index'), index)
    return await store(
      context,
      odd.map(({path}) => path),
      folder,
      index,
    )
  } finally {
    rmSync(folder, {recursive: true, force: true})
    rmSync(index, {force: true})
  }
}

async function store(context: Context, paths: string[], folder: string, index: string): Promise<Map<string, Entry>> {
  const git = ['-c', 'core.fsmonitor=false', `--git-dir=${context.gitDir}`, `--work-tree=${folder}`]
  const options = {env: {GIT_INDEX_FILE: index}, cwd: folder}
  await context.write([...git, 'update-index', '--add', '-z', '--stdin'], {...options, input: paths.join('\0')})
  const {stdout} = await context.read([...git, 'ls-files', '--stage', '-z'], options)
  const wanted = new Set(paths)
  const entries = new Map<string, Entry>()
  for (const line of stdout.toString().split('\0')) {
    const [, mode, oid, path] = /^(\d+) ([0-9a-f]+) 0\t([^]*)$/.exec(line) ?? []
    if (mode && oid && path && wanted.has(path)) entries.set(path, {mode, oid})
  }
  return entries
}

async function needFilters<T extends {path: string; content: Uint8Array}>(context: Context, files: T[]): Promise<T[]> {
  if (files.length === 0) return []
  const input = files.map(({path}) => `${path}\0`).join('')
  const {stdout} = await context.read(['check-attr', '-z', '--stdin', ...attributes], {input})
  const parts = stdout.toString().split('\0')
  const filtered = new Set<string>()
  for (let at = 0; at + 2 < parts.length; at += 3) {
    if (!['unspecified', 'unset'].includes(parts[at + 2]!)) filtered.add(parts[at]!)
  }
  return files.filter(
    ({path, content}) =>
      filtered.has(path) || Buffer.from(content).includes('\r') || Buffer.from(content).includes('$Id'),
  )
}
