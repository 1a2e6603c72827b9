import {mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {localFile} from '../files/names.js'
import {replaceFile} from '../files/write.js'
import {formatRef, parseRef} from '../resources/refs.js'
import type {OpenItem, OpenItemText} from '../workspace/index.js'

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
  /** What was open then: those offers this clone's working tree may hold, also when somebody else rejects them meanwhile. */
  offered?: OpenItemText[]
}

/** Where the last syncs of this clone are noted, a file each cluster. */
export function lastSyncFolder(root: string): string {
  return localFile(root, 'last-sync')
}

function fileOf(root: string, cluster: string): string {
  return join(lastSyncFolder(root), `${cluster}.json`)
}

/** Notes how the last sync of a cluster went in this clone. Never throws: it is a convenience. */
export function rememberSync(root: string, cluster: string, sync: LastSync): void {
  const file = fileOf(root, cluster)
  try {
    mkdirSync(join(file, '..'), {recursive: true})
    replaceFile(file, `${JSON.stringify(sync)}\n`, {mode: 0o600})
  } catch {
    // A read-only folder was refused earlier, where it mattered.
  }
}

/** How the last sync of a cluster in this clone went; undefined where none is known. */
export function recallSync(root: string, cluster: string): LastSync | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(root, cluster), 'utf8')) as LastSync
  } catch {
    return undefined
  }
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
