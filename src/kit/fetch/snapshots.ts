import {isEntry, listIn, troubleWith} from '../proxmox/index.js'
import type {Observed, Snapshot} from '../resources/index.js'
import {isScalar} from './answers.js'
import {isName} from './entries.js'
import {unreadable} from './unreadable.js'

/**
 * The snapshots of a guest, by name; undefined where it has none.
 * @throws PMPC_UNREADABLE, PMPC_NOT_PVE
 */
export function snapshotsIn(answer: unknown, path: string): Observed['snapshots'] {
  const snapshots = listIn(answer, path)
    .map(asSnapshot)
    .filter(({name}) => name !== 'current')
  const names = new Set(snapshots.map(({name}) => name))
  if (names.size < snapshots.length) throw unreadable('two of its snapshots have one name')
  return snapshots.length > 0 ? snapshots.sort((a, b) => (a.name < b.name ? -1 : 1)) : undefined
}

function asSnapshot(entry: unknown): Snapshot {
  if (!isEntry(entry) || !isName(entry.name)) throw unreadable('one of its snapshots has a name that cannot be one')
  const {name, parent, description, snaptime, vmstate} = entry
  const texts = {parent, description}
  const numbers = {snaptime: asNumber(snaptime), vmstate: asNumber(vmstate)}
  if (Object.values(texts).some((text) => text !== undefined && !isScalar(text)) || troubleWith(numbers) !== undefined)
    throw unreadable(`its snapshot ${name} cannot be read`)
  const snapshot: Snapshot = {name}
  if (parent !== undefined) snapshot.parent = String(parent)
  if (description !== undefined) snapshot.description = String(description).trimEnd()
  if (numbers.snaptime !== undefined) snapshot.snaptime = numbers.snaptime
  if (numbers.vmstate !== undefined) snapshot.vmstate = numbers.vmstate
  return snapshot
}

/** A number that may have come as a text; Infinity for what is none. */
function asNumber(value: unknown): number | undefined {
  if (value === undefined) return undefined
  const number = isScalar(value) ? Number(value) : Number.NaN
  return Number.isNaN(number) ? Number.POSITIVE_INFINITY : number
}
