import {openRepository, type Recovered, type Repository} from '../git/index.js'
import {acquireLock, type LockHolder} from './lock.js'

/** Who changes a workspace. */
export interface ChangeOptions {
  /** As a person types it, `pmpc sync`. */
  command: string
  /** Id of the run. */
  run: string
  /** How long to wait for another command of this workspace; 0 unless given. */
  waitMilliseconds?: number
  onWait?(holder: LockHolder): void
  /** Told what an earlier, killed command left, and that it is mended. */
  onRecovered?(recovered: Recovered): void
  /** Told of each git process. */
  onSpawn?(args: string[]): void
}

/**
 * What every mutating command does around its work: opens the repository, checks that it may be written and that Git is in the
 * middle of nothing, takes the workspace's lock, mends what a killed command left, and lets go of all in the end.
 * Throws PMPC_NOT_A_REPOSITORY, PMPC_GIT_BUSY, PMPC_GIT_IDENTITY, PMPC_READ_ONLY, PMPC_LOCKED_WORKSPACE before the work began.
 */
export async function change<T>(
  folder: string,
  options: ChangeOptions,
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  const repository = await openRepository(folder, {onSpawn: options.onSpawn})
  try {
    await repository.assertReady()
    const lock = await acquireLock(repository.commonDir, options)
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
