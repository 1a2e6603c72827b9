import {lstatSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {isPmpcError} from '../errors/index.js'
import type {Context} from './context.js'
import {readHead} from './head.js'
import {dropJournal, readJournal, removeLeftovers, type IndexState, type IndexStep, type Journal} from './journal.js'
import {leadsThroughLink} from './paths.js'
import {readEntries, readObjects} from './reads.js'
import {readStatus} from './status.js'
import type {Entry} from './tree-edit.js'
import {stepFile, temporaryName, type LeftFile} from './worktree.js'

/** Called with the name of each step once it is done; a test ends the process there. */
export type OnStep = (name: string) => void | Promise<void>

/** How the steps after a commit went. */
export interface Applied {
  /** Files that now hold the new content. */
  written: string[]
  /** Files that somebody else changed, or that could not be written: untouched. */
  left: LeftFile[]
}

/** What {@link recover} found. */
export interface Recovered extends Applied {
  /** `none`: nothing was left over; `dropped`: the commit was never made; `finished`: its remaining steps were done now. */
  action: 'none' | 'dropped' | 'finished'
  commit: string | null
}

/** Milliseconds for which another Git command may hold the index before pmpc gives up. */
const patience = 5000
/** Entries outside of a sparse checkout that one Git command writes: they stand on its command line, twice. */
const skippedAtOnce = 100

/** Runs the steps of a journal whose commit stands: index, working tree, intent-to-add; then takes the journal away. */
export async function applyJournal(
  context: Context,
  journal: Journal,
  onStep: OnStep = () => undefined,
): Promise<Applied> {
  await writeIndex(context, journal.index)
  await onStep('index')
  const result = await writeWorktree(context, journal, onStep)
  await onStep('worktree')
  await addIntents(context, journal.intentToAdd)
  await onStep('intent')
  dropJournal(context)
  await onStep('done')
  return result
}

async function writeIndex(context: Context, steps: IndexStep[]): Promise<void> {
  const changes = steps.filter(({before, after}) => !sameState(before, after))
  if (changes.length === 0) return
  const nothing = '0'.repeat(context.objectFormat === 'sha1' ? 40 : 64)
  const lines = changes
    .filter(({skipWorktree}) => !skipWorktree)
    .map(({path, after}) => `${after?.mode ?? '0'} ${after?.oid ?? nothing}\t${path}\0`)
  if (lines.length > 0)
    await patiently(async () => context.write(['update-index', '-z', '--index-info'], {input: lines.join('')}))
  await writeSkipped(
    context,
    changes.filter(({skipWorktree}) => skipWorktree),
  )
}

/** A new entry begins without skip-worktree: it gets it within the same lock, so that no kill leaves it looking deleted. */
async function writeSkipped(context: Context, steps: IndexStep[]): Promise<void> {
  for (let at = 0; at < steps.length; at += skippedAtOnce) {
    const batch = steps.slice(at, at + skippedAtOnce)
    const entries = batch.flatMap(({path, after}) => ['--cacheinfo', `${after!.mode},${after!.oid},${path}`])
    const paths = batch.map(({path}) => path)
    const args = ['update-index', '--add', ...entries, '--skip-worktree', '--', ...paths]
    await patiently(async () => context.write(args))
  }
}

async function writeWorktree(context: Context, journal: Journal, onStep: OnStep): Promise<Applied> {
  const blobs = journal.worktree.flatMap(({after}) => (after && 'blob' in after ? [after.blob] : []))
  const contents = new Map((await readObjects(context, blobs)).map((content, at) => [blobs[at]!, content]))
  const result: Applied = {written: [], left: []}
  for (const {path, before, after, executable} of journal.worktree) {
    const bytes =
      after === null
        ? null
        : 'blob' in after
          ? contents.get(after.blob)!
          : 'text' in after
            ? Buffer.from(after.text)
            : Buffer.from(after.base64, 'base64')
    const left = stepFile(context.root, {path, before, after: bytes, executable}, journal.id, context.objectFormat)
    if (left) result.left.push(left)
    else result.written.push(path)
    await onStep(`file:${path}`)
  }
  return result
}

async function addIntents(context: Context, paths: string[]): Promise<void> {
  const isThere = (path: string) => lstatSync(join(context.root, path), {throwIfNoEntry: false})?.isFile()
  const there = paths.filter((path) => !leadsThroughLink(context.root, path) && isThere(path))
  if (there.length === 0) return
  // `add -N` of a path that the index knows would throw its content away, so only unknown ones are named.
  const unknown = (await readStatus(context, there, {ignored: true})).filter(
    ({staged}) => staged === '?' || staged === '!',
  )
  const names = unknown.map(({path}) => path).filter((path) => there.includes(path))
  if (names.length === 0) return
  const args = ['add', '--intent-to-add', '--force', '--sparse', '--pathspec-from-file=-', '--pathspec-file-nul']
  await patiently(async () => context.write(args, {input: names.join('\0')}))
}

/** Repeats what failed only because another Git command held the index for a moment. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let waited = 0, pause = 20; ; waited += pause, pause = Math.min(pause * 2, 500)) {
    try {
      return await work()
    } catch (error) {
      if (!isPmpcError(error) || error.code !== 'PMPC_GIT_BUSY' || waited > patience) throw error
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

/**
 * Mends what a killed command left behind; the first thing each mutating command does, under the workspace lock.
 * Where its commit is HEAD or behind HEAD, the steps that are missing are done, each only if nobody changed that path since;
 * where HEAD never moved the journal is dropped. Harmless, and nearly free, when nothing was left.
 */
export async function recover(context: Context, onStep?: OnStep): Promise<Recovered> {
  removeLeftovers(context)
  const journal = readJournal(context)
  if (!journal) {
    dropJournal(context)
    return {action: 'none', commit: null, written: [], left: []}
  }
  for (const {path} of journal.worktree.filter((file) => !leadsThroughLink(context.root, file.path)))
    rmSync(temporaryName(context.root, path, journal.id), {force: true})
  const commit = journal.commit?.after ?? null
  if (commit !== null && !(await isInHead(context, commit))) {
    dropJournal(context)
    return {action: 'dropped', commit: null, written: [], left: []}
  }
  const index = await stillNeeded(context, journal.index)
  return {action: 'finished', commit, ...(await applyJournal(context, {...journal, index}, onStep))}
}

async function isInHead(context: Context, commit: string): Promise<boolean> {
  const {oid} = await readHead(context)
  if (oid === null) return false
  if (oid === commit) return true
  return (await context.read(['merge-base', '--is-ancestor', commit, oid], {accept: [0, 1, 128]})).code === 0
}

/** The index steps whose path is as it was when the journal was written, and whose commit has not been superseded. */
async function stillNeeded(context: Context, steps: IndexStep[]): Promise<IndexStep[]> {
  if (steps.length === 0) return []
  const {oid} = await readHead(context)
  const states = await indexStates(
    context,
    oid,
    steps.map(({path}) => path),
  )
  return steps.filter(({path, before, committed}) => {
    const {head, index} = states.get(path)!
    return sameState(index, before) && (committed === undefined || sameState(head, committed))
  })
}

/** What HEAD and the index hold for each path. */
export async function indexStates(
  context: Context,
  head: string | null,
  paths: string[],
): Promise<Map<string, {head: Entry | null; index: IndexState; unmerged: boolean}>> {
  const [status, committed] = await Promise.all([
    paths.length === 0 ? [] : readStatus(context, paths),
    readEntries(context, head, paths),
  ])
  const changed = new Map(status.map((entry) => [entry.path, entry]))
  return new Map(
    paths.map((path) => {
      const entry = changed.get(path)
      const inHead = committed.get(path) ?? null
      // Not listed: the same in HEAD and in the index, or in neither.
      const index = entry ? (entry.intentToAdd ? 'intent' : entry.index) : inHead
      return [path, {head: inHead, index, unmerged: entry?.unmerged ?? false}]
    }),
  )
}

/** Whether two states of the index are one. */
export function sameState(a: IndexState | undefined, b: IndexState | undefined): boolean {
  if (a === b) return true
  if (!a || !b || a === 'intent' || b === 'intent') return false
  return a.mode === b.mode && a.oid === b.oid
}
