import {noteJson, recallJson} from '../files/local.js'
import type {IgnoreRule, OpenItemText} from '../workspace/index.js'

/** What only the clone that synced knows: it is no part of the state, as that is a pure function of the cluster. */
export interface LastSync {
  /** Id of the run. */
  run: string
  /** ISO 8601. */
  at: string
  /** What could not be read, and was kept as it was. */
  stale: {object: string; why: string}[]
  ignored: {objects: number; keys: number}
  /** `vm/100`: what is there and was left out by rule. */
  ignoredObjects?: string[]
  /** The rules of pmpc.yaml then. */
  rules?: IgnoreRule[]
  /** The kinds that were read, in it or before it. */
  kinds?: string[]
  /** What was open then; written by a pmpc of before, which kept no notes of what it offers. */
  offered?: OpenItemText[]
}

/** Where the last syncs of this clone are noted, a file each cluster; below the local folder. */
export const LAST_SYNC = 'last-sync'

function fileOf(cluster: string): string {
  return `${LAST_SYNC}/${cluster}.json`
}

/** Notes how the last sync of a cluster went in this clone. It is a convenience: where nothing can be written, nothing is noted. */
export function rememberSync(root: string, cluster: string, sync: LastSync): void {
  noteJson(root, fileOf(cluster), () => sync)
}

/** How the last sync of a cluster in this clone went; undefined where none is known. @throws PMPC_UNSAFE_PATH */
export function recallSync(root: string, cluster: string): LastSync | undefined {
  return recallJson(root, fileOf(cluster), isLastSync)
}

/** Whether it is what pmpc writes, as far as anything is done with it. */
function isLastSync(found: unknown): found is LastSync {
  const {
    run,
    at,
    stale,
    ignored,
    ignoredObjects = [],
    rules = [],
    kinds = [],
    offered = [],
  } = (found ?? {}) as Partial<LastSync>
  const {objects, keys} = ignored ?? {}
  return (
    [run, at].every((text) => typeof text === 'string') &&
    [objects, keys].every((count) => typeof count === 'number') &&
    [stale, ignoredObjects, rules, kinds, offered].every((list) => Array.isArray(list)) &&
    rules.every((rule) => typeof rule === 'object' && rule !== null) &&
    stale!.every((each) => typeof each?.object === 'string' && typeof each.why === 'string') &&
    ignoredObjects.every((object) => typeof object === 'string') &&
    offered.every((each) => typeof each?.object === 'string' && ['string', 'undefined'].includes(typeof each.field))
  )
}
