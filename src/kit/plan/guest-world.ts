// What becomes of a guest by a request, as `readCluster` would tell of it afterwards. Only what PVE itself does is known here; what is wanted is not.
import {
  equalValues,
  isMap,
  own,
  setOwn,
  type Config,
  type KindName,
  type Observed,
  type Value,
} from '../resources/index.js'
import {guestTravelOf, type GuestTravel} from '../resources/travels/index.js'
import {decode, encode, type Version} from '../values/index.js'
import {devicesOf, keyChange, outcomeOf} from './consequences.js'
import {madeUp} from './model.js'
import {
  anyOn,
  baseOf,
  fileIn,
  isNamed,
  isOwned,
  sizeText,
  slotsOf,
  unusedKey,
  volumeIn,
  withFile,
} from './volume-names.js'

/** A guest with both configurations: the one in use, and the one that it gets at its next stop. Where it is off they are the same. */
export interface GuestWorld {
  readonly kind: KindName
  readonly id: string | number
  readonly travel: GuestTravel
  readonly runs: boolean
  readonly now: Config
  readonly next: Config
  /** All else of it. */
  readonly observed: Observed
}

/** An observed guest, taken apart. */
export function worldOf(observed: Observed): GuestWorld {
  const {kind, id, config, running, facts} = observed
  const now = {...config}
  for (const [key, value] of Object.entries(running ?? {})) setOwn<Value>(now, key, value ?? undefined)
  return {kind, id, travel: guestTravelOf(kind), runs: facts.status === 'running', now, next: config, observed}
}

/** The guest as it would be read. */
export function observedOf({observed, now, next, runs}: GuestWorld): Observed {
  const {running: _running, ...rest} = observed
  const object: Observed = {...rest, config: next, facts: {...observed.facts, status: runs ? 'running' : 'stopped'}}
  const running = runs ? inUse(now, next) : {}
  return Object.keys(running).length > 0 ? {...object, running} : object
}

/** The keys with which it runs where they differ from what it is to have. */
function inUse(now: Config, next: Config): Record<string, Value | null> {
  const keys = [...new Set([...Object.keys(now), ...Object.keys(next)])].sort()
  const differing = keys.filter((key) => !equalValues(own(now, key), own(next, key)))
  return Object.fromEntries(differing.map((key) => [key, own(now, key) ?? null]))
}

/** Two configurations that are written together. */
interface Draft {
  world: GuestWorld
  now: Config
  next: Config
}

const draftOf = (world: GuestWorld): Draft => ({world, now: {...world.now}, next: {...world.next}})

/** A change of the configuration in one call. */
export interface ConfigChange {
  set: Config
  removed: readonly string[]
}

/**
 * A guest after a call that changes its configuration. What runs takes at once what the tables say, and keeps the rest for its next stop; removals come first, each
 * in the order of its key.
 */
export function changed(world: GuestWorld, {set, removed}: ConfigChange, version: Version): GuestWorld {
  const draft = draftOf(world)
  const gone = removed.filter((key) => Object.hasOwn(world.now, key) || Object.hasOwn(world.next, key)).sort()
  const told = withMachine(world, {...set, ...bootEdit(world, set, gone)}, gone)
  if (world.travel.volumes.usedFirst) dropUsed(world, [told], [draft.now, draft.next])
  for (const key of gone) take(draft, key, undefined)
  for (const key of Object.keys(told).sort()) take(draft, key, asWritten(world.kind, key, told[key]!, version))
  return finished(draft)
}

function finished({world, now, next}: Draft): GuestWorld {
  dropUsed(world, [now, next], [now, next])
  return {...world, now, next: world.runs ? next : now}
}

function take(draft: Draft, key: string, value: Value | undefined): void {
  const {world, now, next} = draft
  const was = own(now, key)
  const isSame = equalValues(was, value)
  const takes = isSame ? 'live' : outcomeOf(world.travel, world, keyChange(key, was, value)).takes
  // What was waiting to be attached, and is not any more, stays as an unused one.
  if (!equalValues(own(next, key), was)) release(draft, {key, left: own(next, key), instead: value})
  if (takes === 'live') {
    release(draft, {key, left: was, instead: value})
    setOwn(now, key, value)
  }
  setOwn(next, key, value)
}

/** What becomes of the volume of a slot that is left: PVE keeps it as the first free unused one; a cloud-init drive it frees (qemu-server, vmconfig_register_unused_drive). */
function release(
  {world: {travel, id}, now, next}: Draft,
  {key, left, instead}: {key: string; left: Value | undefined; instead: Value | undefined},
): void {
  const {slots, fixed} = travel.volumes
  const file = slots.test(key) && !fixed?.test(key) ? volumeFile(travel, left) : undefined
  if (file === undefined || !isOwned(file, id) || volumeFile(travel, instead) === file) return
  if (isNamed(file) && unusedKey(now, file) !== undefined) return
  const unused = freeUnused(now)
  now[unused] = file
  next[unused] = file
}

const isUnused = (key: string): boolean => /^unused\d+$/.test(key)

function freeUnused(config: Config): string {
  let number = 0
  while (Object.hasOwn(config, `unused${number}`)) number++
  return `unused${number}`
}

function volumeFile(travel: GuestTravel, value: Value | undefined): string | undefined {
  const volume = volumeIn(travel, value)
  return volume?.is === 'volume' ? volume.file : undefined
}

/** Each write takes out the unused volumes that a slot names (qemu-server, write_vm_config; pve-container, write_pct_config). */
function dropUsed({travel}: GuestWorld, naming: readonly Config[], configs: readonly Config[]): void {
  const files = naming.flatMap((config) =>
    slotsOf(travel, config).map((key) => fileIn(config[key]!, travel.volumes.subkey)),
  )
  const used = new Set(files.filter(isNamed))
  for (const config of configs)
    for (const key of Object.keys(config).filter(isUnused)) if (used.has(String(config[key]))) delete config[key]
}

/** PVE takes removed devices out of the boot order, and puts new CD-ROM drives at its end; not where the call sets it (qemu-server, update_vm_api). */
function bootEdit({now, travel}: GuestWorld, set: Config, gone: readonly string[]): Config {
  const {order, volumes} = travel
  if (!order || Object.hasOwn(set, order.key) || gone.includes(order.key)) return {}
  const before = devicesOf(own(now, order.key))
  if (before.length === 0) return {}
  const left = before.filter((device) => !gone.includes(device))
  const media = Object.keys(set).filter((key) => volumes.slots.test(key) && isMedium(travel, set[key]!))
  const after = [...left, ...media.filter((key) => !left.includes(key)).sort()]
  return equalValues(after, before) ? {} : {[order.key]: orderOf(after, order.subkey)}
}

/** Whether a value is a CD-ROM drive that can be booted from. */
export function isMedium(travel: GuestTravel, value: Value): boolean {
  return isMap(value) && value.media === 'cdrom' && volumeIn(travel, value)?.is !== 'cloudinit'
}

const orderOf = (devices: readonly string[], subkey: string): Value =>
  devices.length > 0 ? {[subkey]: devices.join(';')} : {}

/** Windows keeps the machine type that it was set up with (qemu-server, PVE/QemuServer/Machine.pm (check_and_pin_machine_string)). */
function withMachine({now, next}: Pick<GuestWorld, 'now' | 'next'>, set: Config, gone: readonly string[]): Config {
  const isTold =
    Object.hasOwn(set, 'machine') || gone.includes('machine') || !equalValues(own(now, 'machine'), own(next, 'machine'))
  return isTold || !Object.hasOwn(set, 'ostype') ? set : {...set, ...pinned(own(now, 'machine'), set.ostype)}
}

function pinned(machine: Value | undefined, ostype: Value | undefined): Config {
  const type = String((isMap(machine) ? machine.type : machine) ?? 'pc')
  if (!/^w/.test(String(ostype ?? '')) || !['pc', 'q35'].includes(type)) return {}
  return {machine: {...(isMap(machine) ? machine : {}), type: `pc-${type === 'q35' ? 'q35' : 'i440fx'}-${madeUp}`}}
}

/** A value as it is read back: made up what it lacks, and within what PVE takes. */
function asWritten(kind: KindName, key: string, value: Value, version: Version): Value {
  const read = decode(kind, key, encode(kind, key, withMadeUp(guestTravelOf(kind), key, value), version))
  // pve-common, PVE/CGroup.pm (clamp_cpu_shares).
  return key === 'cpuunits' && typeof read === 'number' ? Math.min(10_000, Math.max(2, read)) : read
}

/** A value with what PVE makes up where it is absent; of a volume that is to be made, its name. */
function withMadeUp(travel: GuestTravel, key: string, value: Value): Value {
  if (!isMap(value)) return value
  const volume = volumeIn(travel, value)
  if (travel.volumes.slots.test(key)) return volume ? asMade(travel, key, value, volume) : value
  const rows = travel.repeated.filter(({keys}) => keys.test(key)).flatMap(({subkeys}) => subkeys)
  // Of the keys that PVE makes up on a change, a machine's uuid is none: only a new one gets it.
  const missing = rows.filter((name) => name !== 'uuid' && !Object.hasOwn(value, name))
  return {...value, ...Object.fromEntries(missing.map((name) => [name, madeUp]))}
}

function asMade(
  {volumes}: GuestTravel,
  key: string,
  value: Record<string, Value>,
  volume: NonNullable<ReturnType<typeof volumeIn>>,
): Value {
  const {'import-from': source, format: _format, size: _size, ...rest} = value
  const sized = volumes.sized.find(({keys}) => keys.test(key))
  if (volume.is === 'cloudinit' && !/-cloudinit/.test(volume.file))
    return {
      ...rest,
      [volumes.subkey]: anyOn(volume.storage).replace(madeUp, `${madeUp}-cloudinit${madeUp}`),
      media: 'cdrom',
      size: madeUp,
    }
  if (volume.is === 'new') {
    const size = source === undefined ? (sized?.size ?? sizeText(volume.bytes)) : madeUp
    return {...rest, [volumes.subkey]: anyOn(volume.storage), size}
  }
  if (volume.is === 'volume' && value.size === undefined) return {...value, size: madeUp}
  return value
}

/** A guest that was stopped through PVE: what was pending is its configuration. */
export function stopped(world: GuestWorld): GuestWorld {
  const draft = draftOf(world)
  const keys = Object.keys(inUse(world.now, world.next)).filter((key) => !isUnused(key))
  const gone = keys.filter((key) => !Object.hasOwn(world.next, key))
  for (const key of [...gone, ...keys.filter((one) => !gone.includes(one))]) {
    release(draft, {key, left: own(draft.now, key), instead: own(world.next, key)})
    setOwn(draft.now, key, own(world.next, key))
  }
  return finished({...draft, world: {...world, runs: false}})
}

export const started = (world: GuestWorld): GuestWorld => ({...world, runs: true})

/** A guest one of whose volumes was moved to another storage. @param keeps the old one stays, as a snapshot needs it */
export function moved(world: GuestWorld, key: string, storage: string, keeps: boolean): GuestWorld {
  const {subkey} = world.travel.volumes
  const draft = draftOf(world)
  const left = own(world.now, key)
  const sized = world.travel.volumes.sized.find(({keys}) => keys.test(key))
  rewrite(draft, key, {[subkey]: anyOn(storage), ...(sized && {size: sized.size})})
  if (keeps) release(draft, {key, left, instead: own(draft.now, key)})
  return finished(draft)
}

/** A guest one of whose volumes has grown. */
export function grown(world: GuestWorld, key: string, bytes: number): GuestWorld {
  const draft = draftOf(world)
  rewrite(draft, key, {size: sizeText(bytes)})
  return finished(draft)
}

/** Changes options of a slot as it is in use; another change of it that is pending stays as it is. */
function rewrite({now, next}: Draft, key: string, changes: Config): void {
  const [was, will] = [own(now, key), own(next, key)]
  const value: Value = {...(isMap(was) ? was : {}), ...changes}
  now[key] = value
  if (equalValues(was, will)) next[key] = value
}

/** A guest with facts that are otherwise; undefined takes one out. */
export function withFacts(world: GuestWorld, changes: Readonly<Record<string, string | undefined>>): GuestWorld {
  const facts = {...world.observed.facts}
  for (const [name, value] of Object.entries(changes)) setOwn(facts, name, value)
  return {...world, observed: {...world.observed, facts}}
}

/** A guest whose volumes have become base volumes, as those of a template. */
export function templated(world: GuestWorld): GuestWorld {
  const {travel} = world
  const config: Config = {...world.next, template: 1}
  for (const key of slotsOf(travel, config)) {
    const volume = volumeIn(travel, config[key])
    if (volume?.is === 'volume') config[key] = withFile(travel, config[key]!, baseOf(volume.file))
  }
  return {...world, now: config, next: config}
}

/** A guest of which changes that are pending were taken back. */
export function reverted(world: GuestWorld, keys: readonly string[]): GuestWorld {
  const draft = draftOf(world)
  for (const key of keys) {
    release(draft, {key, left: own(draft.next, key), instead: own(draft.now, key)})
    setOwn(draft.next, key, own(draft.now, key))
  }
  return finished(draft)
}

/** A guest that has just been made, off. @param config what was sent */
export function born(
  {kind, id}: Pick<Observed, 'kind' | 'id'>,
  config: Config,
  facts: Observed['facts'],
  version: Version,
): GuestWorld {
  const travel = guestTravelOf(kind)
  const written = Object.entries({...config, ...pinned(own(config, 'machine'), own(config, 'ostype'))}).map(
    ([key, value]): [string, Value] => [key, asWritten(kind, key, value, version)],
  )
  const made: Config = Object.fromEntries(written)
  for (const {key, value} of travel.born) {
    const fresh: Value =
      typeof value === 'object' ? {...value} : typeof value === 'string' ? value.replace('{id}', String(id)) : value
    const present = own(made, key)
    if (present === undefined) made[key] = fresh
    else if (isMap(present) && isMap(fresh)) made[key] = {...fresh, ...present}
  }
  if (travel.order && made[travel.order.key] === undefined) setOwn(made, travel.order.key, firstOrder(travel, made))
  return worldOf({kind, id, config: made, facts: {...facts, status: 'stopped'}})
}

const buses = ['ide', 'scsi', 'virtio', 'sata']

/** The boot order of a new machine: its first disk, CD-ROM drive and NIC (qemu-server, get_default_bootdevices). */
function firstOrder(travel: GuestTravel, config: Config): Value {
  const numbered = (prefix: string) =>
    Object.keys(config)
      .filter((key) => new RegExp(`^${prefix}\\d+$`).test(key))
      .sort((a, b) => Number(a.slice(prefix.length)) - Number(b.slice(prefix.length)))
  const drives = buses.flatMap(numbered)
  const isCd = (key: string): boolean => isMap(config[key]) && (config[key] as Record<string, Value>).media === 'cdrom'
  const disk = drives.find((key) => !isCd(key))
  const medium = drives.find((key) => isMedium(travel, config[key]!)) ?? drives.find(isCd)
  return orderOf(
    [disk, medium, numbered('net')[0]].filter((key) => key !== undefined),
    travel.order!.subkey,
  )
}
