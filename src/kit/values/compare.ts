import type {KindName, Value, ValueMap} from '../resources/model.js'
import {decodeAt, sameDeep} from './codec.js'
import {type Key, below, defaultText, keyAt, prepare} from './keys.js'
import type {Schema} from './schema.js'
import {parseSize, splitList, toSet} from './scalars.js'

/** Sub-keys whose default in the contract does not hold, with the reason. */
const noDefault: Record<string, string> = {
  ip: 'cloud-init takes DHCP only where neither ip nor ip6 is given',
  ip6: 'as ip',
}

/**
 * Sub-keys that PVE fills in where they are absent: who leaves one out says nothing about it (qemu-server, PVE/API2/Qemu.pm,
 * create_vm; PVE/QemuServer/Network.pm).
 */
const filledIn = new Set(['size', 'macaddr', 'hwaddr', 'uuid'])

/** Whether PVE makes up a sub-key that is left out: who changes what it is about says with it whether that is open. */
export function isMadeUp(subkey: string): boolean {
  return filledIn.has(subkey)
}

/** Sub-keys of drives and NICs that have a default which the contract does not name (qm.conf(5), pct.conf(5)). */
const unnamedDefaults: Record<string, Record<string, string | number>> = {
  'qemu drive': {backup: 1, cache: 'none', aio: 'io_uring', discard: 'ignore', ssd: 0, iothread: 0, ro: 0, snapshot: 0},
  nic: {firewall: 0, link_down: 0},
  'mount point': {backup: 0, ro: 0, quota: 0},
}

/** Sub-keys that are lists without order, joined with semicolons. */
const unordered = new Set(['flags', 'mount', 'mountoptions', 'trunks', 'host', 'cpus', 'hostnodes'])

/**
 * Whether two canonical values mean the same to PVE: an absent key or sub-key counts as its default (qm.conf(5), pct.conf(5)).
 * Undefined is an absent key.
 */
export function equivalent(kind: KindName, key: string, a: Value | undefined, b: Value | undefined): boolean {
  return equivalentAt(kind, [key], a, b)
}

/** {@link equivalent}, of a place: by the keys below `config` that lead there. */
export function equivalentAt(
  kind: KindName,
  path: readonly string[],
  a: Value | undefined,
  b: Value | undefined,
): boolean {
  if (sameDeep(a, b)) return true
  const made = keyAt(kind, path)
  const [left, right] = [meaning(made, a), meaning(made, b)]
  return sameDeep(left, right) || (isMap(left) && isMap(right) && sameDeep(without(left, right), without(right, left)))
}

/** What stands for a volume that is to be made: `local-zfs:32` (in GiB; 0 with `import-from`), and a cloud-init drive. */
const volumeWish = /^([^\s:,=]+):(\d+(?:\.\d+)?|cloudinit)$/

/** PVE gives these the size that they need, whatever is asked for (qm.conf(5), efidisk0, tpmstate0). */
const fixedSize = /^(?:efidisk|tpmstate)\d/

/**
 * What a value of a manifest comes to where the cluster has this one: what PVE makes up and the manifest leaves open (a MAC, a size, the name of
 * a volume that is told by its storage and size) is as it is there; all else is as wanted.
 */
export function boundTo(
  kind: KindName,
  key: string,
  want: Value | undefined,
  is: Value | undefined,
): Value | undefined {
  if (Array.isArray(want) && Array.isArray(is)) return boundRows(prepare(kind, key), want, is) as Value
  if (!isMap(want) || !isMap(is) || sameDeep(want, is) || !prepare(kind, key).properties) return want
  const open = Object.entries(is).filter(([name]) => filledIn.has(name) && !Object.hasOwn(want, name))
  const bound = {...want, ...Object.fromEntries(open), ...volumeOf(key, want, is)}
  if (bound.file === is.file) delete bound['import-from']
  if (isMade(want, bound, is)) delete bound.format
  return bound
}

/** Rows with what PVE writes into each of them where it is not said: a firewall's rule is off then. */
function boundRows(made: Key, want: readonly Value[], is: readonly Value[]): Value[] {
  return want.map((row, at) => {
    const there = is[at]
    if (!isMap(row) || !isMap(there)) return row
    const written = Object.entries(there).filter(([name, value]) => {
      const key = below(made, name)
      return !(name in row) && key.rule.default !== undefined && sameDeep(meaning(key, value), meaning(key, undefined))
    })
    return {...row, ...Object.fromEntries(written)}
  })
}

/** Whether a volume was made in the format that was asked for: PVE keeps no `format` then (qemu-server, PVE/API2/Qemu.pm, create_disks). */
function isMade(want: ValueMap, bound: ValueMap, is: ValueMap): boolean {
  if (want.format === undefined || is.format !== undefined) return false
  if (bound.file !== is.file || want.file === is.file) return false
  const [, extension = want.format] = /\.(raw|qcow2|vmdk)$/.exec(String(is.file)) ?? []
  return extension === want.format
}

/** The volume of a slot, where it is one that the wish for a volume is met by; else the size that is wished. */
function volumeOf(key: string, want: ValueMap, is: ValueMap): ValueMap {
  const name = 'volume' in want ? 'volume' : 'file'
  const [, storage, size] = volumeWish.exec(String(want[name])) ?? []
  if (storage === undefined) return {}
  const there = String(is[name])
  const isThere = there.startsWith(`${storage}:`) && !volumeWish.test(there)
  // PVE writes `media=cdrom` beside the drive that it makes (qemu-server, PVE/API2/Qemu.pm, create_disks).
  if (size === 'cloudinit') return isThere && /-cloudinit\b/.test(there) ? {media: 'cdrom', ...want, [name]: there} : {}
  const wished = want.size ?? (Number(size) > 0 && !fixedSize.test(key) ? `${size}G` : undefined)
  const isOfSize = wished === undefined || parseSize(String(wished)) === parseSize(String(is.size))
  return isThere && isOfSize ? {[name]: there, ...(is.size !== undefined && {size: is.size})} : sizeOf(wished)
}

const sizeOf = (size: Value | undefined): ValueMap => (size === undefined ? {} : {size})

/** Whether what a manifest wants is so in the cluster; undefined: the key is absent. See {@link boundTo}. */
export function meets(kind: KindName, key: string, want: Value | undefined, is: Value | undefined): boolean {
  return equivalent(kind, key, boundTo(kind, key, want, is), is)
}

const isMap = (value: unknown): value is ValueMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A map without what PVE fills in and the other leaves out. */
function without(map: ValueMap, other: ValueMap): ValueMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name in other || !filledIn.has(name)))
}

/** What a value comes down to: the default where it is absent, without the sub-keys that say what is so anyway. */
function meaning(made: Key, value: Value | undefined): unknown {
  const {shape, properties} = made
  const fallback = made.rule.default ?? defaultText(made.schema)
  const given = value === undefined && fallback !== undefined ? decodeAt(made, fallback) : value
  if (shape === 'set') return setMeaning(made, given)
  if (typeof given !== 'object') return given === '' ? undefined : given
  if (Array.isArray(given) && typeof shape === 'object') return rowsMeaning(made, given)
  if (Array.isArray(given)) return given
  if (shape !== undefined) return innerMeaning(made, given)
  return properties ? mapMeaning(made, given) : given
}

/** Of a map that the row describes: each key by its own meaning. */
function innerMeaning(made: Key, value: Value): unknown {
  if (!isMap(value)) return value
  const entries = Object.entries(value).flatMap(([name, one]): [string, unknown][] => {
    const key = below(made, name)
    const means = meaning(key, one)
    return sameDeep(means, meaning(key, undefined)) ? [] : [[name, means]]
  })
  // An entry that people named is there, whatever it holds.
  return entries.length === 0 && !made.given ? undefined : Object.fromEntries(entries)
}

/** No row is as good as no list. */
function rowsMeaning(made: Key, rows: readonly Value[]): unknown[] | undefined {
  return rows.length === 0 ? undefined : rows.map((row) => innerMeaning(made, row))
}

// Deleting all tags leaves no key; `hotplug=1` stands for the usual three. PVE writes tags in lower case unless the
// cluster's options say otherwise, which nobody can see from here: so their case does not count.
function setMeaning(made: Key, value: Value | undefined): unknown {
  if (made.schema.format === 'pve-tag-list' && Array.isArray(value) && value.length > 0) {
    return toSet(value.map((tag) => String(tag).toLowerCase()))
  }
  if (made.schema.format === 'pve-hotplug-features' && value === 1) return ['disk', 'network', 'usb']
  return value === '' || (Array.isArray(value) && value.length === 0 && made.schema.format !== 'pve-hotplug-features')
    ? undefined
    : value
}

function mapMeaning(made: Key, map: ValueMap): ValueMap | undefined {
  const result: ValueMap = {}
  for (const [name, value] of Object.entries(map)) {
    const schema = made.properties!.subkeys.get(name)
    if (sameDeep(value, schema && defaultOf(made, name, schema))) continue
    result[name] = unordered.has(name) && typeof value === 'string' ? toSet(splitList(value)).join(';') : value
  }
  return Object.keys(result).length === 0 ? undefined : result
}

function defaultOf(made: Key, name: string, schema: Schema): string | number | undefined {
  if (name in noDefault) return undefined
  const {isDrive, subkeys} = made.properties!
  const family = isDrive ? 'qemu drive' : subkeys.has('bridge') ? 'nic' : subkeys.has('mp') ? 'mount point' : ''
  const unnamed = unnamedDefaults[family]?.[name]
  if (unnamed !== undefined) return unnamed
  const text = defaultText(schema)
  if (text === undefined) return undefined
  return schema.type === 'string' ? text : Number(text)
}
