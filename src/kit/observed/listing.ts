import {statSync, type Stats} from 'node:fs'
import type {ClusterState} from '../resources/model.js'
import {stateFile} from '../state/cache.js'
import {checksum, isSettled, isUnchanged, readCache, stampOf, writeCache} from '../workspace/cache.js'
import type {Loaded, Stamp} from '../workspace/cache.js'
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
  const files = statesOnDisk(root, wantedClusters(root, only))
  const cached = readCache<Kept>(root, name)
  if (cached && isAsKept(cached, files) && checksum(cached.data.text) === cached.data.checksum) return cached.data.text
  const text = make(await loadStates(root, only))
  const states = Object.fromEntries([...files].map(([cluster, stats]) => [cluster, stampOf(stats, readAt, '')]))
  writeCache<Kept>(root, name, {states, text, checksum: checksum(text)})
  return text
}

function statesOnDisk(root: string, clusters: string[]): Map<string, Stats> {
  const found = new Map<string, Stats>()
  for (const cluster of clusters) {
    const stats = statSync(stateFile(root, cluster), {throwIfNoEntry: false})
    if (stats) found.set(cluster, stats)
  }
  return found
}

function isAsKept({data, skew}: Loaded<Kept>, files: Map<string, Stats>): boolean {
  const kept = Object.entries(data.states ?? {})
  if (kept.length !== files.size) return false
  return kept.every(([cluster, stamp]) => {
    const stats = files.get(cluster)
    return stats !== undefined && isUnchanged(stamp, stats) && isSettled(stamp, skew)
  })
}
