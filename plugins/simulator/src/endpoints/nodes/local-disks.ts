import {failure} from '../../errors.js'
import {isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {Device, Disk} from '../../state/model.js'
import {
  disksOf,
  findDevice,
  groupOf,
  isUsed,
  linkOf,
  mountedPart,
  useOf,
  wipe,
  type Found,
} from '../../storage/disks.js'
import {lacks} from '../../storage/world.js'
import {TaskError, type TaskHandle} from '../../tasks/runner.js'
import {nodeName} from '../../calls/node.js'

/** A device that a path names. @throws ApiError 500. Fact: PVE/Diskmanage.pm, verify_blockdev_path. */
export function requireDevice(call: Call, path: string): Found {
  const found = findDevice(disksOf(call.sim.state, nodeName(call)), path)
  if (found) return found
  // What is directly below /dev has a path, whether it is there or not.
  if (/^\/dev\/[^/]+$/.test(path)) throw failure('not a valid block device')
  if (!path.startsWith('/dev/') && /^\/[^/]*$/.test(path)) throw failure(`got unusual device path '${path}'`)
  throw failure(`failed to get absolute path to ${path}`)
}

/** @throws ApiError 500 for a device with something on it */
export function requireUnused(found: Found): void {
  if (isUsed(found)) throw failure(`device '${found.device.path}' is already in use`)
}

const isFlash = ({kind}: Disk): boolean => kind === 'ssd' || kind === 'nvme'

/** Drives behind a virtual controller tell nothing of their health, nor do those of hosts without smartctl. */
const hasSmart = (call: Call, disk: Disk): boolean => disk.kind !== 'unknown' && !lacks(call.sim.state, 'smartctl')

/** Rounds a minute as udev tells: text where the drive has told them. */
const rounds: Record<Disk['kind'], string | number> = {hdd: '7200', ssd: 0, nvme: 0, usb: 0, unknown: -1}

const mountedEntry = ({mounted}: Device): {mounted?: 1} => (mounted === undefined ? {} : {mounted: 1})
const noOsd = {osdid: -1, 'osdid-list': null}

function diskEntry(call: Call, disk: Disk, withParts: boolean): Record<string, unknown> {
  const used = withParts && disk.partitions.length > 0 ? 'partitions' : useOf(disk)
  const link = linkOf(disk)
  const smart = !isSet(call, 'skipsmart') && hasSmart(call, disk)
  return {
    devpath: disk.path,
    size: disk.size,
    vendor: disk.vendor,
    model: disk.model,
    serial: disk.serial,
    wwn: disk.wwn,
    gpt: disk.gpt ? 1 : 0,
    rpm: rounds[disk.kind],
    type: disk.kind,
    health: smart ? disk.health : 'UNKNOWN',
    wearout: smart && isFlash(disk) ? (disk.wearout ?? 'N/A') : 'N/A',
    ...noOsd,
    ...mountedEntry(disk),
    ...(link !== undefined && {by_id_link: link}),
    ...(used !== undefined && {used}),
  }
}

const partitionEntry = (disk: Disk, part: Device): Record<string, unknown> => ({
  devpath: part.path,
  parent: disk.path,
  size: part.size,
  gpt: disk.gpt ? 1 : 0,
  type: 'partition',
  used: part.use ?? null,
  ...noOsd,
  ...mountedEntry(part),
})

/** What each choice of `type` leaves. */
const choices: Record<string, (entry: Record<string, unknown>) => boolean> = {
  unused: ({used}) => used === undefined || used === null,
  journal_disks: ({used, gpt}) =>
    used === undefined || used === null || used === 'LVM' || (used === 'partitions' && gpt === 1),
}

/** Fact: PVE/API2/Disks.pm, PVE/Diskmanage.pm. */
function listDisks(call: Call): unknown {
  const withParts = isSet(call, 'include-partitions')
  const chosen = choices[text(call, 'type') ?? ''] ?? (() => true)
  return disksOf(call.sim.state, nodeName(call))
    .disks.flatMap((disk) => [
      diskEntry(call, disk, withParts),
      ...(withParts ? disk.partitions.map((part) => partitionEntry(disk, part)) : []),
    ])
    .filter(chosen)
    .sort((one, other) => (String(one.devpath) < String(other.devpath) ? -1 : 1))
}

/** What ATA drives tell: id, name, flags, value, threshold and raw value. */
const attributes: [number, string, string, number, number, string][] = [
  [5, 'Reallocated_Sector_Ct', 'PO--CK', 100, 10, '0'],
  [9, 'Power_On_Hours', '-O--CK', 97, 0, '12861'],
  [12, 'Power_Cycle_Count', '-O--CK', 99, 0, '31'],
  [190, 'Airflow_Temperature_Cel', '-O--CK', 70, 0, '30'],
  [199, 'UDMA_CRC_Error_Count', '-OSRCK', 100, 0, '0'],
]

const attribute = ([id, name, flags, value, threshold, raw]: (typeof attributes)[number]): unknown => ({
  id: String(id).padStart(3),
  name,
  flags,
  value,
  normalized: value,
  worst: value,
  threshold,
  fail: '-',
  raw,
})

const logOfNvme = ({wearout}: Disk): string =>
  `
SMART/Health Information (NVMe Log 0x02)
Critical Warning:                   0x00
Temperature:                        34 Celsius
Available Spare:                    100%
Available Spare Threshold:          10%
Percentage Used:                    ${100 - (wearout ?? 100)}%
Power Cycles:                       31
Power On Hours:                     12,861
Media and Data Integrity Errors:    0
`

function smart(call: Call): unknown {
  const {disk} = requireDevice(call, required(call, 'disk'))
  if (!hasSmart(call, disk)) return {health: 'UNKNOWN'}
  const {health, wearout} = disk
  if (isSet(call, 'healthonly')) return {health}
  if (disk.kind === 'nvme')
    return {health, type: 'text', text: logOfNvme(disk), ...(wearout !== undefined && {wearout})}
  const wear =
    disk.kind === 'ssd' && wearout !== undefined ? [[177, 'Wear_Leveling_Count', 'PO--C-', wearout, 0, '48']] : []
  const all = [...attributes, ...(wear as typeof attributes)].sort(([one], [other]) => one - other)
  return {health, type: 'ata', attributes: all.map(attribute)}
}

const begin = (call: Call, type: string, {device}: Found, work: (task: TaskHandle) => void): string =>
  call.sim.tasks.start({node: nodeName(call), type, id: device.path.slice(5), user: call.auth}, work)

function initialise(call: Call): unknown {
  const found = requireDevice(call, required(call, 'disk'))
  const {device, disk} = found
  if (device !== disk) throw failure(`${device.path} is a partition`)
  if (isUsed(found)) throw failure(`disk ${disk.path} already in use`)
  return begin(call, 'diskinit', found, (task) => {
    if (isUsed(found)) throw new TaskError(`disk ${disk.path} is already in use`)
    task.log('The operation has completed successfully.')
    disk.gpt = true
  })
}

/** The group or pool that a device or one of its partitions is part of. */
function memberOf(call: Call, {device, disk}: Found): {kind: 'lvm' | 'zfs'; name: string; path: string} | undefined {
  const {groups, zpools} = disksOf(call.sim.state, nodeName(call))
  const paths = [device, ...(device === disk ? disk.partitions : [])].map(({path}) => path)
  const sets = [
    ...Object.entries(groups).map(([name, {devices}]) => ({kind: 'lvm' as const, name, devices})),
    ...Object.entries(zpools).map(([name, {devices}]) => ({kind: 'zfs' as const, name, devices})),
  ]
  for (const {kind, name, devices} of sets) {
    const path = devices.find((one) => paths.includes(one))
    if (path !== undefined) return {kind, name, path}
  }
  return undefined
}

/** Logs what wiping prints, and does it. */
export function wipeLogged(task: TaskHandle, found: Found): void {
  const {device, disk} = found
  const parts = device === disk ? disk.partitions.map(({path}) => path) : []
  if (parts.length > 0) task.log(`found child partitions to wipe: ${parts.join(', ')}`)
  task.log(`wiping block device ${device.path}`)
  wipe(found)
}

function wipeDisk(call: Call): unknown {
  const found = requireDevice(call, required(call, 'disk'))
  const mounted = mountedPart(found)
  if (mounted !== undefined) throw failure(`disk/partition '${mounted}' is mounted`)
  const member = memberOf(call, found)
  // Only groups with volumes hold on to their devices.
  if (member?.kind === 'lvm' && groupOf(call.sim.state, nodeName(call), member.name)!.lvcount > 0)
    throw failure(`disk/partition '${member.path}' has a holder`)
  return begin(call, 'wipedisk', found, (task) => {
    // An imported pool keeps its devices busy.
    if (member?.kind === 'zfs') {
      const text = `wipefs: error: ${member.path}: probing initialization failed: Device or resource busy`
      throw new TaskError(`error wiping '${found.device.path}': ${text}`)
    }
    wipeLogged(task, found)
    if (member) delete disksOf(call.sim.state, nodeName(call)).groups[member.name]
  })
}

export const localDiskEndpoints: Endpoints = {
  'GET /nodes/{node}/disks/list': listDisks,
  'GET /nodes/{node}/disks/smart': smart,
  'POST /nodes/{node}/disks/initgpt': initialise,
  'PUT /nodes/{node}/disks/wipedisk': wipeDisk,
}
