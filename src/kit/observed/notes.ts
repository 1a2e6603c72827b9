import {noteJson, recallJson} from '../files/local.js'
import {LOCAL_FOLDER} from '../files/names.js'
import {blobId} from '../files/stamps.js'
import {own} from '../resources/documents.js'
import {isGuest} from '../resources/kinds/index.js'
import type {ClusterState, Observed} from '../resources/model.js'
import {localKey, parentsOf} from '../resources/refs.js'
import {stateBytes} from '../state/load.js'

/**
 * What the last reading of a cluster found that is no part of the state: the state is a pure function of what the cluster is, and the
 * same in all clones. This is one clone's own, and never committed.
 */
export interface ReadingNote {
  /** Git's id of the state that this reading made: of another state it says nothing. */
  state: string
  /** What could not be read, or is not as pmpc.yaml has it, and is as it was, by `vm/100`, with the reason. */
  stale: Record<string, string>
  /** Locks that last as long as a task, by `vm/100`. */
  locks: Record<string, string>
  /** Lists whose entries carry a checksum of the whole, by path: what was in them. */
  lists: Record<string, {digest: string; ids: (string | number)[]}>
  /** Checksums of the files of objects, by `vm/100`; none in notes of an older pmpc. */
  digests?: Record<string, string>
}

/** Below the local folder. */
const READINGS = 'readings'

function nameOf(cluster: string): string {
  return `${READINGS}/${cluster}.json`
}

/** Where the note of a cluster is, from the workspace's root. */
export function notePath(cluster: string): string {
  return `${LOCAL_FOLDER}/${nameOf(cluster)}`
}

/** Notes a reading, after its state was written. Without a note less is known, and nothing is wrong: where none can be written, none is. */
export function noteReading(root: string, cluster: string, reading: Omit<ReadingNote, 'state'>): void {
  noteJson(root, nameOf(cluster), () => {
    const bytes = stateBytes(root, cluster)
    return bytes && {state: blobId(bytes), ...reading}
  })
}

/** The note of the last reading in this clone; undefined where there is none. @throws PMPC_UNSAFE_PATH */
export function recallReading(root: string, cluster: string): ReadingNote | undefined {
  return recallJson(root, nameOf(cluster), isNote)
}

/** Whether it is what pmpc writes, as far as anything is done with it. */
function isNote(found: unknown): found is ReadingNote {
  const {state, stale, locks, lists, digests = {}} = (found ?? {}) as Partial<ReadingNote>
  const isMap = (map: unknown): map is object => typeof map === 'object' && map !== null
  const texts = [stale, locks, digests].every(
    (map) => isMap(map) && Object.values(map).every((one) => typeof one === 'string'),
  )
  const seen =
    isMap(lists) && Object.values(lists).every((list) => typeof list?.digest === 'string' && Array.isArray(list.ids))
  return typeof state === 'string' && texts && seen
}

/** The same, where it is about the state that the working tree holds now. */
function noteOfState(root: string, cluster: string): ReadingNote | undefined {
  const note = recallReading(root, cluster)
  if (!note || Object.keys(note.stale).length + Object.keys(note.locks).length === 0) return undefined
  const bytes = stateBytes(root, cluster)
  return bytes && blobId(bytes) === note.state ? note : undefined
}

/** What is to be told of an object beside its state. */
export interface Beside {
  /** Why it is shown as it was read earlier. */
  stale?: string
  /** A lock that lasts as long as a task. */
  lock?: string
}

/**
 * What is to be told of the objects of a state: from the note of the reading that made it in this clone, and from the nodes in it that were
 * away, of which every clone knows.
 */
export function besides(root: string, {cluster, objects}: ClusterState): (object: Observed) => Beside {
  const note = noteOfState(root, cluster)
  const away = new Map(
    objects
      .filter(({kind, facts}) => kind === 'node' && facts.status !== undefined && facts.status !== 'online')
      .map(({id, facts}) => [String(id), `node ${id} is ${facts.status}`]),
  )
  return (object) => {
    const key = localKey(object)
    const node = away.size === 0 ? undefined : nodeOf(object)
    const stale = own(note?.stale, key) ?? (node === undefined ? undefined : away.get(node))
    const lock = own(note?.locks, key)
    return {...(stale !== undefined && {stale}), ...(lock !== undefined && {lock})}
  }
}

/** The node that must be there for an object to be read: that of a guest, or the one that it is a part of. */
function nodeOf({kind, id, facts}: Observed): string | undefined {
  if (isGuest(kind)) return String(facts.node)
  const parent = parentsOf({kind, id}).find((one) => one.kind === 'node')
  return parent && String(parent.id)
}
