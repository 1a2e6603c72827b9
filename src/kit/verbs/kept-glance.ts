import {join} from 'node:path'
import {headOf, type Head} from '../git/head.js'
import {placeOf, type Place} from '../git/place.js'
import {readKept, writeKept} from '../files/kept.js'
import {localOf} from '../files/local.js'
import {CONFIG_PATH} from '../files/names.js'
import {isAsWatched, watchManifests, type Watch} from '../workspace/watch.js'
import {LAST_SYNC} from '../reconcile/last-sync.js'
import {OFFERS} from '../reconcile/notes.js'
import {PARKED} from '../reconcile/parked.js'

/** All that is told of a workspace without asking a cluster follows from this, without the contents: where HEAD is, and how the files are. */
export interface Glance {
  root: string
  place: Place
  head: Head
  watch: Watch
}

/** What a text that was kept follows from. */
interface Follows {
  /** The commit; what it holds cannot change. */
  head: string | null
  /** Text of the repository's own configuration. */
  config: string
  watch: Watch
}

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

/**
 * What was kept under a name, where nothing that it follows from has changed: HEAD and how far back its history goes, the manifests, pmpc.yaml,
 * this clone's last syncs and offers, the repository's configuration. @returns a value of JSON
 */
export function recallAt({root, place, head, watch}: Glance, name: string): unknown {
  const kept = readKept<Follows>({root, name})
  if (!kept) return undefined
  const {about, text, skew} = kept
  const same = about.head === head.oid && about.config === place.config
  return same && isAsWatched(about.watch, watch, skew) ? JSON.parse(text) : undefined
}

/**
 * Keeps what was told of a workspace that was read after the glance.
 * @param read the commit that was read, and whether the index told of manifests: it is not among the files that are watched
 */
export function keepAt(
  {root, place, head, watch}: Glance,
  name: string,
  told: object,
  read: {head: string | null; isSparse: boolean},
): void {
  if (head.oid !== read.head || read.isSparse) return
  writeKept<Follows>({root, name}, {head: head.oid, config: place.config, watch}, JSON.stringify(told))
}
