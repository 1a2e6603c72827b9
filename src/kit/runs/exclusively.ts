import {isPmpcError, PmpcError, retold} from '../errors/index.js'
import {openRepository, type Recovered, type Repository} from '../git/index.js'
import {localOf} from '../files/local.js'
import {LOCAL_FOLDER} from '../files/names.js'
import type {Caller} from './caller.js'
import {acquireLock, type LockHolder} from './lock.js'

/** What is told while a workspace is taken. */
export interface ExclusiveOptions {
  /** How long to wait for another command of this workspace; 0 unless given. */
  waitMilliseconds?: number
  onWait?(holder: LockHolder): void
  /** Told what an earlier, killed command left, and that it is mended. */
  onRecovered?(recovered: Recovered): void
  /** The command to type once Git is through with what it is in the middle of, `pmpc unpark`; told with that error. */
  afterwards?: string
  /** Told of each git process. */
  onSpawn?(args: string[]): void
}

/**
 * What every verb that changes a workspace does around its work: opens the repository, checks that it may be written and that Git is in the
 * middle of nothing, takes the workspace's lock, mends what a killed command left, and lets go of all in the end.
 * Throws PMPC_NOT_A_REPOSITORY, PMPC_UNSAFE_PATH, PMPC_GIT_BUSY, PMPC_GIT_IDENTITY, PMPC_READ_ONLY, PMPC_LOCKED_WORKSPACE before the work began.
 */
export async function exclusively<T>(
  folder: string,
  caller: Pick<Caller, 'command' | 'signal' | 'critical'> & {run: {id: string}},
  work: (repository: Repository) => Promise<T>,
  options: ExclusiveOptions = {},
): Promise<T> {
  const {run, command, signal, critical} = caller
  const repository = await openRepository(folder, {onSpawn: options.onSpawn, critical})
  try {
    localOf(folder).check()
    await Promise.all([repository.assertReady().catch(first(options.afterwards)), assertUntracked(repository, folder)])
    const lock = await acquireLock(repository.commonDir, {run: run.id, command, signal, ...options})
    try {
      const recovered = await repository.recover()
      if (recovered.action !== 'none') options.onRecovered?.(recovered)
      return await work(repository)
    } finally {
      lock.release()
    }
  } finally {
    repository.close()
  }
}

/** What is under way comes first; then this command. */
function first(command: string | undefined) {
  return (error: unknown): never => {
    if (command === undefined || !isPmpcError(error) || error.data?.operation === undefined) throw error
    throw retold(error, {suggestions: [...error.suggestions, `${command}   # afterwards`]})
  }
}

/** The same for what only reads: no lock, no identity, also in the middle of a merge. Throws PMPC_NOT_A_REPOSITORY, PMPC_UNSAFE_PATH. */
export async function reading<T>(folder: string, work: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = await openRepository(folder)
  try {
    localOf(folder).check()
    await assertUntracked(repository, folder)
    return await work(repository)
  } finally {
    repository.close()
  }
}

/** What somebody committed there was not written by this clone: it is neither believed nor written over. */
async function assertUntracked(repository: Repository, folder: string): Promise<void> {
  const [tracked] = await repository.tracked(folder, LOCAL_FOLDER)
  if (tracked === undefined) return
  throw new PmpcError(
    'PMPC_UNSAFE_PATH',
    `${tracked} is in Git's index: what lies below ${LOCAL_FOLDER} is this clone's own, and pmpc uses nothing there that somebody committed`,
    {
      suggestions: [
        `git rm -r --cached --quiet ${LOCAL_FOLDER} && git commit -m "Forget ${LOCAL_FOLDER}" && rm -r ${LOCAL_FOLDER}`,
        `git log --oneline -- ${LOCAL_FOLDER}`,
      ],
      data: {path: tracked},
    },
  )
}
