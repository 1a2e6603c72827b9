import {isMap, own, type Config, type Value} from '../resources/index.js'
import type {ChangeRow, GuestTravel, Happening, Predicate, Takes} from '../resources/travels/index.js'
import {elementsOf, sameDeep} from '../values/index.js'
import type {Consequence} from '../resources/kinds/travels.js'
import type {Effect} from './model.js'

/** A change of one key of a guest. */
export interface KeyChange {
  key: string
  /** As it is in use now. */
  was: Value | undefined
  will: Value | undefined
  /** The sub-keys that differ, where both are maps; else all of whichever is there. */
  differs: readonly string[]
}

/** A guest as far as the tables look at it. */
export interface InUse {
  runs: boolean
  /** What it runs with, where it runs. */
  now: Config
}

/** What becomes of a change. */
export interface Outcome {
  /** `live` and `pending`: as it is told; `stopped`: not while it runs. */
  takes: Takes
  consequences: readonly Consequence[]
  irreversible?: true
  ifGuestLetsGo?: true
  note?: string
}

/** A change of a key from one value to another. @param subkeys only these of those that differ */
export function keyChange(key: string, was: Value | undefined, will: Value | undefined): KeyChange {
  return {key, was, will, differs: differing(was, will)}
}

function differing(was: Value | undefined, will: Value | undefined): string[] {
  const [left, right] = [isMap(was) ? was : {}, isMap(will) ? will : {}]
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()
  return names.filter((name) => !sameDeep(own(left, name), own(right, name)))
}

const happening = ({was, will}: KeyChange): Happening =>
  was === undefined ? 'added' : will === undefined ? 'removed' : 'changed'

/** What its consequence is where nothing else is said. */
const meaning: Readonly<Record<Takes, Consequence>> = {
  live: 'live',
  pending: 'pending-until-reboot',
  stopped: 'restart',
}

/** What a guest that is off has as well: the rest it takes without anybody noticing. */
const evenStopped: ReadonlySet<Consequence> = new Set(['detaches-data', 'destroys-data'])

/**
 * What Proxmox VE does with a change of one key: the first row of the kind's table that fits. Of a guest that is off all is taken at once.
 * @param whole the change of the whole key, where `change` is one of a part of it: PVE takes a key as a whole or not at all
 */
export function outcomeOf(travel: GuestTravel, guest: InUse, change: KeyChange, whole: KeyChange = change): Outcome {
  const row = travel.changes.find((candidate) => fits(candidate, guest, change))
  if (!row) throw new TypeError(`no row tells of ${change.key}`)
  const {consequence, irreversible, note} = row
  const kept = consequence !== undefined && evenStopped.has(consequence)
  const marks = {...(irreversible && {irreversible}), ...(note !== undefined && {note})}
  if (!guest.runs)
    return kept ? {takes: 'live', consequences: [consequence], ...marks} : {takes: 'live', consequences: ['live']}
  const takes = change === whole ? takesOf(row, guest) : outcomeOf(travel, guest, whole).takes
  if (takes === 'live') {
    const lets = row.ifGuestLetsGo && {ifGuestLetsGo: true as const}
    return {takes, consequences: [consequence ?? 'live'], ...marks, ...lets}
  }
  return {takes, consequences: [...(kept ? [consequence] : []), meaning[takes]], ...(kept && marks)}
}

/** The effects of an outcome on a field. */
export function effectsOf(field: string, {consequences, takes: _takes, ...marks}: Outcome): Effect[] {
  return consequences.map((consequence, at) => ({field, consequence, ...(at === 0 && marks)}))
}

function takesOf(row: ChangeRow, {now}: InUse): Takes {
  return row.flag === undefined || featuresOf(now.hotplug).includes(row.flag) ? row.takes : 'pending'
}

function fits(row: ChangeRow, guest: InUse, change: KeyChange): boolean {
  const {differs} = change
  return (
    row.keys.test(change.key) &&
    (row.on?.includes(happening(change)) ?? true) &&
    (row.differs?.some((name) => differs.includes(name)) ?? true) &&
    (row.only === undefined || differs.every((name) => row.only!.includes(name))) &&
    (row.when === undefined || predicates[row.when](change, guest)) &&
    (row.unless === undefined || !predicates[row.unless](change, guest))
  )
}

const usual = ['network', 'disk', 'usb']

/** The features that `hotplug` names: absent and 1 are the usual three, 0 is none (qemu-server, PVE/QemuServer.pm (parse_hotplug_features)). */
function featuresOf(value: Value | undefined): readonly string[] {
  if (value === undefined || value === 1) return usual
  return Array.isArray(value) ? value.map(String) : []
}

/** The devices of a boot order, `order=scsi0;net0` as a map. */
export function devicesOf(boot: Value | undefined): string[] {
  const order = isMap(boot) ? own(boot, 'order') : undefined
  return order === undefined ? [] : (elementsOf(order) ?? []).map(String)
}

const isCdrom = (value: Value | undefined): boolean => isMap(value) && value.media === 'cdrom'
const numberIn = (value: Value | undefined, fallback: number): number => Number(value ?? fallback)
const isOn = (value: Value | undefined): boolean => numberIn(value, 1) !== 0

/** Memory, a number of MiB or `current=` one. */
const memoryOf = (value: Value | undefined): number => numberIn(isMap(value) ? value.current : value, 512)

function cpusOf(config: Config): number {
  return numberIn(config.sockets, 1) * numberIn(config.cores, 1)
}

/** As of `pc-i440fx-6.1`: the version of a machine type that names one. */
function machineVersion(value: Value | undefined): number | undefined {
  const [, major, minor] = /-(\d+)\.(\d+)/.exec(String((isMap(value) ? value.type : value) ?? '')) ?? []
  return major === undefined ? undefined : Number(major) * 100 + Number(minor)
}

/** Whether a SCSI disk comes to a controller that is there (qemu-server, PVE/QemuServer/DriveDevice.pm (scsihw_infos)). */
function hasController(key: string, now: Config): boolean {
  const controllerOf = (name: string): number | undefined => {
    const [, index] = /^scsi(\d+)$/.exec(name) ?? []
    const hardware = String(now.scsihw ?? 'lsi')
    const most = hardware === 'virtio-scsi-single' ? 1 : hardware.startsWith('lsi') ? 7 : 256
    return index === undefined ? undefined : Math.floor(Number(index) / most)
  }
  const mine = controllerOf(key)
  return mine !== undefined && Object.keys(now).some((name) => name !== key && controllerOf(name) === mine)
}

/** Whether what the tables ask is so of a change. */
export const holds = (predicate: Predicate, change: KeyChange, guest: InUse): boolean =>
  predicates[predicate](change, guest)

const predicates: Readonly<Record<Predicate, (change: KeyChange, guest: InUse) => boolean>> = {
  bootDevice: ({key}, {now}) => devicesOf(now.boot).includes(key),
  cdrom: ({was, will}) => isCdrom(was ?? will),
  // PVE looks for the volume of a new drive, `none` too (vmconfig_update_disk; seen on the real daemon).
  emptyDrive: ({will}) => isMap(will) && (will.file === 'none' || will.file === 'cdrom'),
  mediaChanges: ({was, will}) => was !== undefined && will !== undefined && isCdrom(was) !== isCdrom(will),
  namesCpuOrMemory: ({was, will}) => [was, will].some((value) => /cpu|memory/.test(JSON.stringify(value ?? ''))),
  // To or from 0 is a device that comes or goes.
  staysOn: ({was, will}) => (will === undefined ? isOn(was) : isOn(was) === isOn(will)),
  takesUsb: (_change, {now}) =>
    (machineVersion(now.machine) ?? 701) >= 701 && /^(?:l26|win8|win10|win11)$/.test(String(now.ostype ?? '')),
  shrinks: ({key, was, will}, {now}) =>
    key === 'vcpus'
      ? (numberIn(will, 0) || cpusOf(now)) < (numberIn(was, 0) || cpusOf(now))
      : memoryOf(will) < memoryOf(was),
  // What a machine has without modules that come and go (qemu-server, PVE/QemuServer/Memory.pm).
  belowStatic: ({will}) => memoryOf(will) < 1024,
  // Without ACPI QEMU plugs in nothing that takes a slot of its own (`error on hotplug device`, seen on the real daemon).
  noSlot: ({key}, {now}) => Number(now.acpi ?? 1) === 0 && !hasController(key, now),
  // Native AIO wants cache.direct (qemu-server, PVE/QemuServer/Drive.pm (drive_uses_cache_direct); seen on the real daemon).
  buffersNative: ({will}) =>
    isMap(will) && will.aio === 'native' && ['writeback', 'writethrough', 'unsafe'].includes(String(will.cache)),
  beyondCpus: ({will}, {now}) => numberIn(will, 0) > cpusOf(now),
  withoutBridge: ({was, will}) =>
    [was, will].every((value) => value !== undefined) && [was, will].some((value) => !isMap(value) || !value.bridge),
}
