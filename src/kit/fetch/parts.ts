// What of an object stands on paths of its own, beside its list and its configuration.
import {isEntry, listIn, mapIn, troubleWith, type Reader} from '../proxmox/index.js'
import type {Config, Observed, Snapshot, Value} from '../resources/index.js'
import type {WireKind} from '../resources/kinds/on-wire.js'
import {decode} from '../values/index.js'
import {isScalar} from './answers.js'
import {fill, isName} from './entries.js'
import {unreadable} from './unreadable.js'

/**
 * The values that a guest runs with where they are others than it is configured with; undefined where there are none. They can have come
 * apart only by a change of the configuration, so an unchanged guest without such values costs no request.
 * @throws PMPC_UNREADABLE, and what the client throws
 */
export async function readRunning(
  reader: Reader,
  kind: WireKind,
  object: Observed,
  before: Observed | undefined,
  isIgnored: (key: string) => boolean,
): Promise<Observed['running']> {
  if (object.facts.status !== 'running') return undefined
  if (before && !before.running && sameConfig(before.config, object.config)) return undefined
  const node = String(object.facts.node)
  const path = fill(kind.item!, node, object.id).replace(/config$/, 'pending')
  const pending = listIn(await reader.get(path, undefined, {node}), path)
  const running: [string, Value | null][] = []
  for (const item of pending) {
    if (!isEntry(item) || typeof item.key !== 'string' || troubleWith(item) !== undefined)
      throw unreadable('what is pending in it cannot be read')
    const {key} = item
    if (!Object.hasOwn(item, 'pending') && !item.delete) continue
    if (Object.hasOwn(kind.leftOut, key) || isIgnored(key)) continue
    const value = item.value === undefined ? null : decode(kind.name, key, item.value)
    const configured = Object.hasOwn(object.config, key) ? object.config[key] : null
    if (JSON.stringify(value) !== JSON.stringify(configured)) running.push([key, value])
  }
  return running.length > 0 ? Object.fromEntries(running) : undefined
}

function sameConfig(a: Config, b: Config): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => same(a[key], b[key]))
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  return a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: Value | undefined): unknown {
  if (typeof value !== 'object' || Array.isArray(value)) return value
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
}

/**
 * The snapshots of a guest, by name; undefined where it has none.
 * @throws PMPC_UNREADABLE, and what the client throws
 */
export async function readSnapshots(
  reader: Reader,
  kind: WireKind,
  {id, facts}: Observed,
): Promise<Observed['snapshots']> {
  const node = String(facts.node)
  const path = fill(kind.item!, node, id).replace(/config$/, 'snapshot')
  const entries = listIn(await reader.get(path, undefined, {node}), path)
  const snapshots = entries.map(asSnapshot).filter(({name}) => name !== 'current')
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

/**
 * The storages of a pool as PVE writes a list of names; undefined where it has none.
 * @throws PMPC_UNREADABLE, and what the client throws
 */
export async function storagesOfPool(reader: Reader, pool: string): Promise<string | undefined> {
  const answer = await reader.get<unknown>('/pools', {poolid: pool})
  const found = mapIn(Array.isArray(answer) ? answer[0] : answer, `/pools?poolid=${pool}`)
  const members = listIn(found.members ?? [], `the members in /pools?poolid=${pool}`)
  const names = members.flatMap((member) => {
    if (!isEntry(member) || typeof member.type !== 'string') throw unreadable('one of its members is none')
    if (member.type !== 'storage') return []
    if (!isName(member.storage)) throw unreadable('one of its storages has a name that cannot be one')
    return [member.storage]
  })
  return names.length > 0 ? [...new Set(names)].sort().join(',') : undefined
}
