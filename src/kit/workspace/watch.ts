import {lstatSync} from 'node:fs'
import {settledAt} from '../files/stamps.js'
import {listManifests} from './manifest-list.js'

/** How the files are that something is read from, or was when it was kept. */
export interface Watch {
  /** Their paths, a line each. */
  paths: string
  /** Size, times and inode of each as numbers of eight bytes, in base 64; zeros for a file that is absent. */
  stamps: string
  /** When all of them have settled, see `isSettled`; milliseconds since the epoch. */
  settledAt: number
  /** When they were looked at, before any of them was read. */
  readAt: number
}

const fields = 4

/**
 * Looks at all manifests of a working tree, and at other files. Undefined where one of them cannot be known by its own stat: a link, a folder that
 * cannot be read.
 * @param others absolute paths; what is absent is watched too
 */
export function watchManifests(root: string, others: readonly string[]): Watch | undefined {
  const readAt = Date.now()
  try {
    const {paths, odd} = listManifests(root)
    if (odd.length > 0) return undefined
    const all = [...paths.map((path) => `${root}/${path}`), ...others]
    const numbers = new Float64Array(all.length * fields)
    let settled = 0
    for (const [index, path] of all.entries()) {
      const stats = lstatSync(path, {throwIfNoEntry: false})
      if (stats === undefined) continue
      if (!stats.isFile()) return undefined
      numbers.set([stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino], index * fields)
      settled = Math.max(settled, settledAt(stats.mtimeMs, stats.ctimeMs))
    }
    return {paths: all.join('\n'), stamps: Buffer.from(numbers.buffer).toString('base64'), settledAt: settled, readAt}
  } catch {
    return undefined
  }
}

/** Whether nothing has changed since. @param skew of the cache that `known` was kept in */
export function isAsWatched(known: Watch, now: Watch, skew: number): boolean {
  return known.settledAt < known.readAt + skew && known.stamps === now.stamps && known.paths === now.paths
}
