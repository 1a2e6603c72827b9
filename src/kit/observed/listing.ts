import {statSync} from 'node:fs'
import type {ClusterState} from '../resources/model.js'
import {stateFile} from '../state/cache.js'
import {checksum, isSettled, isUnchanged, readCache, stampOf, writeCache} from '../workspace/cache.js'
import type {Stamp} from '../workspace/cache.js'
import {loadStates, wantedClusters} from './load.js'

interface Kept {
  /** The state files it was made of, by cluster. */
  states: Record<string, Stamp>
  text: string
  checksum: number
}

/**
 * A text that follows from states and nothing else, a table of all guests for instance. It is kept in `.pmpc/local/cache` and told again while the
 * state files are the same, as a thousand objects take four times as long to read and to print as all else that `pmpc get` does.
 * Errors as of `loadStates`.
 * @param name what it is kept under
 * @param only one cluster; all that have a state unless given
 */
export async function rememberedText(
  {root, name, only}: {root: string; name: string; only?: string | undefined},
  make: (states: ClusterState[]) => string,
): Promise<string> {
  const readAt = Date.now()
  const clusters = wantedClusters(root, only)
  const cached = readCache<Kept>(root, name)
  const stats = clusters.map((cluster) => ({cluster, stats: statSync(stateFile(root, cluster))}))
  if (cached) {
    const {states, text} = cached.data
    const same =
      Object.keys(states).length === clusters.length &&
      stats.every(({cluster, stats}) => {
        const stamp = states[cluster]
        return stamp && isUnchanged(stamp, stats) && isSettled(stamp, cached.skew)
      })
    if (same && checksum(text) === cached.data.checksum) return text
  }
  const text = make(await loadStates(root, only))
  const states = Object.fromEntries(stats.map(({cluster, stats}) => [cluster, stampOf(stats, readAt, '')]))
  writeCache<Kept>(root, name, {states, text, checksum: checksum(text)})
  return text
}
