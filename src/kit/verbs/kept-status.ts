import {join} from 'node:path'
import {driverKeys, judgeDrivers, type DriversState} from '../git/drivers.js'
import {headOf, operationInProgress, type Head, type Operation} from '../git/head.js'
import {placeOf, type Place} from '../git/place.js'
import type {Repository} from '../git/repository.js'
import {readKept, writeKept} from '../files/kept.js'
import {localOf} from '../files/local.js'
import {CONFIG_PATH} from '../files/names.js'
import {isAsWatched, watchManifests, type Watch} from '../workspace/watch.js'
import {LAST_SYNC} from '../reconcile/last-sync.js'
import {OFFERS} from '../reconcile/notes.js'
import {PARKED} from '../reconcile/parked.js'
import type {WorkspaceStatus} from './read-status.js'

/** All that a status follows from, without the contents: where HEAD is, and how the files are. */
export interface Glance {
  root: string
  place: Place
  head: Head
  watch: Watch
}

/** What a status that was kept follows from. */
interface Follows {
  /** The commit; what it holds cannot change. */
  head: string | null
  /** Text of the repository's own configuration, and what Git makes of it: the keys of the drivers. */
  config: string
  drivers: [string, string][]
  watch: Watch
}

const NAME = 'status'

/** Looks at a workspace, without Git. Undefined where its files alone do not tell how it stands. */
export function glanceAt(root: string): Glance | undefined {
  const place = placeOf(root)
  const head = place && headOf(place)
  if (!head) return undefined
  // Git may have been told to read other objects in the place of those that HEAD names.
  const {commonDir} = place
  const others = [join(commonDir, 'packed-refs'), join(commonDir, 'refs/replace'), join(root, CONFIG_PATH)]
  // How far back the history of this clone goes, and what pmpc wrote into its working tree.
  const own = [join(commonDir, 'shallow'), ...[OFFERS, PARKED].map((name) => localOf(root).path(name))]
  const watch = watchManifests(root, [...others, ...own, ...lastSyncs(root)])
  return watch && {root, place, head, watch}
}

function lastSyncs(root: string): string[] {
  const local = localOf(root)
  return local.list(LAST_SYNC).map(({name}) => local.path(`${LAST_SYNC}/${name}`))
}

/** How a workspace stands, and Git around it. */
export interface Standing {
  status: WorkspaceStatus
  head: Head
  operation: Operation | null
  drivers: DriversState
}

/**
 * The status that was kept, where nothing that it follows from has changed: HEAD and how far back its history goes, the manifests, pmpc.yaml,
 * this clone's last syncs and offers, the repository's configuration.
 */
export function recallStatus({root, place, head, watch}: Glance): Standing | undefined {
  const kept = readKept<Follows>({root, name: NAME})
  if (!kept) return undefined
  const {about, text, skew} = kept
  const same = about.head === head.oid && about.config === place.config
  if (!same || !isAsWatched(about.watch, watch, skew)) return undefined
  return {
    status: JSON.parse(text) as WorkspaceStatus,
    head,
    operation: operationInProgress(place),
    drivers: judgeDrivers(new Map(about.drivers)),
  }
}

/** Keeps a status that was read after the glance. */
export async function keepStatus(
  {root, place, head, watch}: Glance,
  status: WorkspaceStatus,
  {context}: Pick<Repository, 'context'>,
): Promise<void> {
  const [config, own] = await Promise.all([context.config(), context.ownKeys()])
  const drivers = driverKeys.flatMap((key): [string, string][] => (config.has(key) ? [[key, config.get(key)!]] : []))
  // What is set elsewhere may be set otherwise without a trace in the repository.
  if (drivers.length < driverKeys.length || drivers.some(([key]) => !own.has(key))) return
  const about = {head: head.oid, config: place.config, drivers, watch}
  writeKept<Follows>({root, name: NAME}, about, JSON.stringify(status))
}
