import {readInside, statInside} from '../files/inside.js'
import {pruneKept, readKept, writeKept} from '../files/kept.js'
import {statePath} from '../files/names.js'
import {blobId, isSettled, isUnchanged, stampOf, type Stamp} from '../files/stamps.js'
import type {ClusterState} from '../resources/model.js'
import {MOST_STATE} from './limits.js'

/** Raise it when the form of the kept model changes. */
const form = 3

/** States that are kept; the oldest go first. */
const most = 40

/** The bytes of a cluster's state in the working tree; undefined where there is none. @throws PMPC_UNSAFE_PATH, PMPC_TOO_LARGE */
export function stateBytes(root: string, cluster: string): Buffer | undefined {
  return readInside(root, statePath(cluster), MOST_STATE)
}

/**
 * Reads a cluster's state from the working tree; undefined where there is none yet.
 * SQLite is loaded only for a content that was not read before: the model is kept as JSON, see `writeKept`.
 * Errors as of `readState`.
 */
export async function loadState({root, cluster}: {root: string; cluster: string}): Promise<ClusterState | undefined> {
  const readAt = Date.now()
  const stats = statInside(root, statePath(cluster))
  if (stats === undefined) return undefined
  const read = async () => stateBytes(root, cluster) ?? new Uint8Array()
  const keep = {root, name: `recorded-${cluster}`, form}
  const known = readKept<Stamp>(keep)
  if (known && isUnchanged(known.about, stats) && isSettled(known.about, known.skew))
    return loadStateBlob({root, oid: known.about.oid, read, name: statePath(cluster)})
  const bytes = await read()
  const oid = blobId(bytes)
  const state = await loadStateBlob({root, oid, read: async () => bytes, name: statePath(cluster)})
  writeKept<Stamp>(keep, stampOf(stats, readAt, oid), '')
  return state
}

/**
 * The state in a blob of Git's. Errors as of `readState`.
 * @param oid the blob's id, under which the model is kept
 * @param read fetches the blob; called only where its model is not kept
 */
export async function loadStateBlob({
  root,
  oid,
  read,
  name = `the state in ${oid}`,
}: {
  root: string
  oid: string
  read: () => Promise<Uint8Array>
  name?: string
}): Promise<ClusterState> {
  const keep = {root, name: `state-${oid}`, form}
  const kept = readKept(keep)
  if (kept) return JSON.parse(kept.text) as ClusterState
  const {readState} = await import('./read.js')
  const state = await readState(await read(), name)
  writeKept(keep, {}, JSON.stringify(state))
  pruneKept(root, 'state-', most)
  return state
}
