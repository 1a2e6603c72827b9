import {localOf} from '../files/local.js'
import {formatRef, parseRef} from '../resources/refs.js'
import type {IgnoreRule, OpenItem, OpenItemText} from '../workspace/index.js'

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
  /** What was open then: those offers this clone's working tree may hold, also when somebody else rejects them meanwhile. */
  offered?: OpenItemText[]
}

/** Where the last syncs of this clone are noted, a file each cluster; below the local folder. */
export const LAST_SYNC = 'last-sync'

function fileOf(cluster: string): string {
  return `${LAST_SYNC}/${cluster}.json`
}

/** Notes how the last sync of a cluster went in this clone. It is a convenience: where nothing can be written, nothing is noted. */
export function rememberSync(root: string, cluster: string, sync: LastSync): void {
  try {
    localOf(root).replace(fileOf(cluster), `${JSON.stringify(sync)}\n`)
  } catch {
    // A read-only folder, or a link there, was refused earlier, where it mattered.
  }
}

/** How the last sync of a cluster in this clone went; undefined where none is known. @throws PMPC_UNSAFE_PATH */
export function recallSync(root: string, cluster: string): LastSync | undefined {
  const text = localOf(root).read(fileOf(cluster))
  try {
    const found: unknown = text === undefined ? undefined : JSON.parse(text)
    return isLastSync(found) ? found : undefined
  } catch {
    return undefined
  }
}

/** Whether it is what pmpc writes, as far as anything is done with it. */
function isLastSync(found: unknown): found is LastSync {
  const {run, at, stale, ignored, ignoredObjects = [], rules = [], offered = []} = (found ?? {}) as Partial<LastSync>
  const {objects, keys} = ignored ?? {}
  return (
    [run, at].every((text) => typeof text === 'string') &&
    [objects, keys].every((count) => typeof count === 'number') &&
    [stale, ignoredObjects, rules, offered].every((list) => Array.isArray(list)) &&
    rules.every((rule) => typeof rule === 'object' && rule !== null) &&
    stale!.every((each) => typeof each?.object === 'string' && typeof each.why === 'string') &&
    ignoredObjects.every((object) => typeof object === 'string') &&
    offered.every((each) => typeof each?.object === 'string' && ['string', 'undefined'].includes(typeof each.field))
  )
}

/** Offers that were decided in this clone are no longer pmpc's to take back: what the working tree holds now is people's own. */
export function forgetOffers(root: string, cluster: string, decided: OpenItem[]): void {
  const last = recallSync(root, cluster)
  if (!last?.offered) return
  const offered = last.offered.filter((item) => !decided.some((other) => isSameItem(item, other)))
  rememberSync(root, cluster, {...last, offered})
}

/** The offers of this clone's last sync that are not open any more: somebody decided them elsewhere. */
export function decidedElsewhere(root: string, cluster: string, open: OpenItem[]): OpenItem[] {
  const offered = recallSync(root, cluster)?.offered ?? []
  return offered
    .filter((item) => !open.some((other) => isSameItem(item, other)))
    .map(({object, ...rest}) => ({ref: parseRef(object), ...rest}))
}

function isSameItem(a: OpenItemText, b: OpenItem): boolean {
  return a.object === formatRef(b.ref) && a.field === b.field
}
