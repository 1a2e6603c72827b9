import type {Stats} from 'node:fs'
import type {ClusterState} from '../resources/model.js'
import {statInside} from '../files/inside.js'
import {readKept, writeKept, type Kept} from '../files/kept.js'
import {isSettled, isUnchanged, stampOf, type Stamp} from '../files/stamps.js'
import {statePath} from '../files/names.js'
import {loadStates, wantedClusters, type Asked} from './load.js'
import {notePath} from './notes.js'

/** The files that a text was made of: states by cluster, and notes. */
type MadeOf = Record<string, Stamp>

/**
 * A text that follows from states and their notes, and nothing else, a table of all guests for instance. It is kept and told again while the
 * state files are the same, as a thousand objects take four times as long to read and to print as all else that `pmpc get` does.
 * Errors as of `loadStates`.
 * @param name what it is kept under
 */
export async function rememberedText(
  {root, name, asked}: {root: string; name: string; asked: Asked},
  make: (states: ClusterState[]) => string,
): Promise<string> {
  const readAt = Date.now()
  const files = statesOnDisk(root, await wantedClusters(root, asked))
  const kept = readKept<MadeOf>({root, name})
  if (kept && isAsKept(kept, files)) return kept.text
  const text = make(await loadStates(root, asked))
  const madeOf = Object.fromEntries([...files].map(([cluster, stats]) => [cluster, stampOf(stats, readAt, '')]))
  writeKept<MadeOf>({root, name}, madeOf, text)
  return text
}

function statesOnDisk(root: string, clusters: string[]): Map<string, Stats> {
  const found = new Map<string, Stats>()
  for (const cluster of clusters) {
    // A table also says what the last reading could not read.
    for (const [name, file] of [
      [cluster, statePath(cluster)],
      [`${cluster} note`, notePath(cluster)],
    ] as const) {
      const stats = statInside(root, file)
      if (stats) found.set(name, stats)
    }
  }
  return found
}

function isAsKept({about, skew}: Kept<MadeOf>, files: Map<string, Stats>): boolean {
  const kept = Object.entries(about)
  if (kept.length !== files.size) return false
  return kept.every(([cluster, stamp]) => {
    const stats = files.get(cluster)
    return stats !== undefined && isUnchanged(stamp, stats) && isSettled(stamp, skew)
  })
}
