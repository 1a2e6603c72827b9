import {accessSync, constants, existsSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from './context.js'
import type {Git} from './exec.js'
import {gitBusy, gitTooOld, readOnly} from './errors.js'
import {textOf, type Place} from './place.js'

/** Where the working tree stands. */
export interface Head {
  /** The commit, or null on a branch without any. */
  oid: string | null
  /** The branch (`main`), or null when HEAD is detached. */
  branch: string | null
}

/** What Git is in the middle of. */
export type Operation = 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect'

/** Reads HEAD from its files, as starting Git for it would cost more than all else that `pmpc get` does. */
export async function readHead(context: Context): Promise<Head> {
  return headOf(context) ?? askHead(context)
}

/** HEAD as its files tell it; undefined where they do not. */
export function headOf(place: Folders): Head | undefined {
  const text = textOf(join(place.gitDir, 'HEAD')) ?? ''
  const ref = /^ref: (\S+)/.exec(text)?.[1]
  // Repositories with reftable keep HEAD elsewhere and leave this name in the file.
  if (text === '' || ref === 'refs/heads/.invalid') return undefined
  if (!ref) return {oid: text.trim(), branch: null}
  return {oid: readRef(place, ref), branch: ref.replace(/^refs\/heads\//, '')}
}

type Folders = Pick<Place, 'gitDir' | 'commonDir'>

async function askHead(context: Context): Promise<Head> {
  const [oid, branch] = await Promise.all([
    context.read(['rev-parse', '--verify', '--quiet', 'HEAD'], {accept: [0, 1, 128]}),
    context.read(['symbolic-ref', '--quiet', '--short', 'HEAD'], {accept: [0, 1]}),
  ])
  return {oid: oid.stdout.toString().trim() || null, branch: branch.stdout.toString().trim() || null}
}

function readRef(place: Folders, ref: string, depth = 0): string | null {
  const loose = textOf(join(place.commonDir, ref))?.trim()
  const symbolic = /^ref: (\S+)/.exec(loose ?? '')?.[1]
  if (symbolic && depth < 5) return readRef(place, symbolic, depth + 1)
  if (loose) return loose
  for (const line of textOf(join(place.commonDir, 'packed-refs'))?.split('\n') ?? []) {
    if (line.endsWith(` ${ref}`)) return line.slice(0, line.indexOf(' '))
  }
  return null
}

/** The operation that waits for its user, read from the files by which Git itself knows (`wt-status.c`), or null. */
export function operationInProgress({gitDir}: Pick<Place, 'gitDir'>): Operation | null {
  const has = (name: string): boolean => existsSync(join(gitDir, name))
  if (has('rebase-merge') || has('rebase-apply')) return 'rebase'
  if (has('MERGE_HEAD')) return 'merge'
  if (has('CHERRY_PICK_HEAD')) return 'cherry-pick'
  if (has('REVERT_HEAD')) return 'revert'
  const todo = textOf(join(gitDir, 'sequencer/todo'))
  if (todo !== undefined) return /^revert /m.test(todo) ? 'revert' : 'cherry-pick'
  return has('BISECT_LOG') ? 'bisect' : null
}

const ways: Record<Operation, string[]> = {
  merge: ['git merge --continue', 'git merge --abort'],
  rebase: ['git rebase --continue', 'git rebase --abort'],
  'cherry-pick': ['git cherry-pick --continue', 'git cherry-pick --abort'],
  revert: ['git revert --continue', 'git revert --abort'],
  bisect: ['git bisect reset'],
}

/** Throws PMPC_GIT_BUSY (75) while an operation is under way or another Git command holds the index. */
export function assertIdle(context: Context): void {
  const operation = operationInProgress(context)
  if (operation) {
    const article = operation === 'rebase' ? 'A rebase' : `A ${operation}`
    throw gitBusy(
      `${article} is under way in this working tree; pmpc changes nothing in the middle of it.`,
      ways[operation],
      {
        operation,
      },
    )
  }
  const lock = join(context.gitDir, 'index.lock')
  if (!existsSync(lock)) return
  throw gitBusy(
    `Another Git command holds ${lock}.`,
    ['Run the same command again.', `rm '${lock}'   # if no Git runs`],
    {
      lock,
    },
  )
}

/** Throws PMPC_READ_ONLY where the working tree or the Git folder cannot be written. */
export async function assertWritable(context: Context): Promise<void> {
  for (const folder of new Set([context.root, context.gitDir, join(context.commonDir, 'objects')])) {
    try {
      accessSync(folder, constants.W_OK)
    } catch (error) {
      throw readOnly(folder, error)
    }
  }
}

/** Throws PMPC_GIT_IDENTITY, with the two commands to type, where Git would refuse to make a commit. */
export async function assertIdentity(context: Context): Promise<void> {
  await context.read(['var', 'GIT_COMMITTER_IDENT'])
  // The author may be set apart from the committer; both go into a commit.
  if (process.env.GIT_AUTHOR_NAME !== undefined || process.env.GIT_COMMITTER_NAME !== undefined) {
    await context.read(['var', 'GIT_AUTHOR_IDENT'])
  }
}

/** Throws PMPC_GIT_TOO_OLD below Git 2.36, the first with `git hook run`. */
export async function assertVersion(read: Git): Promise<void> {
  const text = (await read(['version'])).stdout.toString()
  const [, major, minor] = /(\d+)\.(\d+)/.exec(text) ?? []
  if (Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 36)) return
  throw gitTooOld(text.replace('git version', '').trim())
}
