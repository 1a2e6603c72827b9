import type {Device, Disk, LocalDisks, State, StorageState, Volume} from '../state/model.js'
import {freeVolume, isOnNode, splitVolid} from './volumes.js'
import {table} from '../state/tables.js'

const MiB = 1024 ** 2
const GiB = 1024 ** 3

/** LVM gives room in pieces of 4 MiB, and keeps the first one of a device to itself. */
const extent = 4 * MiB

/** The disks of a node; none where it has none. */
export function disksOf(state: State, node: string): LocalDisks {
  return (state.nodes[node]!.disks ??= {disks: [], groups: table({}), zpools: table({}), directories: table({})})
}

/** Path of a partition: after a digit `p` stands before its number. */
export const partitionPath = (disk: string, number: number): string => `${disk}${/\d$/.test(disk) ? 'p' : ''}${number}`

/** The link below /dev/disk/by-id; none of a disk without a serial number. */
export function linkOf({kind, model, serial}: Disk): string | undefined {
  if (serial === 'unknown') return undefined
  return `/dev/disk/by-id/${kind === 'nvme' ? 'nvme' : 'ata'}-${model.replace(/ /g, '_')}_${serial}`
}

export interface Found {
  device: Device
  disk: Disk
}

/** A disk or a partition by path or by-id link. */
export function findDevice({disks}: LocalDisks, path: string): Found | undefined {
  for (const disk of disks) {
    const device = [disk, ...disk.partitions].find((one) => one.path === path)
    if (device) return {device, disk}
    if (linkOf(disk) === path) return {device: disk, disk}
  }
  return undefined
}

const usedParts = ({partitions}: Disk): (string | undefined)[] => partitions.map(({use}) => use)

/** What a disk is used for: what is on it, else on its first partition that has a use. */
export const useOf = (disk: Disk): string | undefined =>
  disk.use ??
  usedParts(disk).find((use) => use !== undefined) ??
  (disk.partitions.length > 0 ? 'partitions' : undefined)

/** Whether PVE takes a device for one in use: with a disk its partitions count, whatever is on them. */
export const isUsed = ({device, disk}: Found): boolean =>
  device === disk ? disk.use !== undefined || disk.partitions.length > 0 : device.use !== undefined

/** The device that is mounted: it or one of its partitions. */
export const mountedPart = ({device, disk}: Found): string | undefined =>
  [device, ...(device === disk ? disk.partitions : [])].find(({mounted}) => mounted !== undefined)?.path

/** Storages of a node that lie on a volume group or pool: `pool` is that of a dataset, too. */
export function storagesOn(state: State, node: string, kind: 'lvm' | 'zfs', name: string): StorageState[] {
  return Object.values(state.storages).filter((storage) => {
    if (!isOnNode(storage, node)) return false
    if (kind === 'zfs') return storage.type === 'zfspool' && String(storage.config.pool).split('/')[0] === name
    return /^lvm/.test(storage.type) && storage.config.vgname === name
  })
}

/** Volumes on a node of some storages. */
function volumesOn(state: State, node: string, storages: StorageState[]): Volume[] {
  const names = new Set(storages.map(({storage}) => storage))
  return Object.values(state.volumes).filter(
    (volume) => volume.node === node && names.has(splitVolid(volume.volid).storage),
  )
}

/** Whether something runs from storages: they cannot be taken away. */
export const isBusy = (state: State, node: string, storages: StorageState[]): boolean =>
  volumesOn(state, node, storages).some(({vmid}) => vmid !== undefined && state.guests[vmid]?.running === true)

/** Takes away what storages lie on: their volumes on the node are lost. */
export function loseStorages(state: State, node: string, storages: StorageState[]): void {
  for (const {volid} of volumesOn(state, node, storages)) freeVolume(state, volid, node)
  for (const storage of storages) storage.gone = [...(storage.gone ?? []), node]
}

/** Bytes that LVM makes of a device. */
export const physicalSize = (bytes: number): number => Math.max(0, Math.floor(bytes / extent) - 1) * extent

export interface Group {
  name: string
  size: number
  free: number
  lvcount: number
  physical: {name: string; size: number; free: number}[]
}

/** A volume group with its room: thin pools keep their metadata and a spare of it, other volumes take their size. */
export function groupOf(state: State, node: string, name: string): Group | undefined {
  const local = disksOf(state, node)
  const group = local.groups[name]
  if (!group) return undefined
  const thick = storagesOn(state, node, 'lvm', name).filter(({type}) => type === 'lvm')
  const volumes = volumesOn(state, node, thick)
  const pools = Object.values(group.thin)
  const system = group.system ? [state.nodes[node]!.disk] : []
  const sizes = [...system, ...volumes.map(({size}) => size), ...pools.map(({size, metadata}) => size + 2 * metadata)]
  const taken = sizes.reduce((sum, size) => sum + size, 0)
  let left = taken
  const physical = group.devices.map((path) => {
    const size = physicalSize(findDevice(local, path)?.device.size ?? 0)
    const used = Math.min(size, left)
    left -= used
    return {name: path, size, free: size - used}
  })
  const size = physical.reduce((sum, one) => sum + one.size, 0)
  return {name, size, free: Math.max(0, size - taken), lvcount: sizes.length, physical}
}

/** Sizes of a thin pool that takes a whole group: some room is kept, 1 % is for metadata. Fact: PVE/API2/Disks/LVMThin.pm. */
export function thinSizes(size: number): {size: number; metadata: number} {
  const data = size - 128 * MiB
  const metadata = Math.floor(Math.min(Math.max(data / 100, GiB), 16 * GiB) / extent) * extent
  return {size: Math.floor((data - 2 * metadata) / extent) * extent, metadata}
}

/** How many of the disks of a pool hold no data of their own, by level. */
const parity: Record<string, number> = {
  raidz: 1,
  raidz2: 2,
  raidz3: 3,
  draid: 1,
  draid2: 2,
  draid3: 3,
}

export interface PoolSize {
  /** What `zpool list` tells: mirrors count once, parity counts in full. */
  raw: number
  usable: number
}

/** Sizes of a pool, whose disks count as the smallest one. */
export function poolSize(local: LocalDisks, {raid, devices}: {raid: string; devices: string[]}): PoolSize {
  const sizes = devices.map((path) => findDevice(local, path)?.device.size ?? 0)
  const smallest = Math.min(...sizes)
  const half = raid === 'raid10' ? (smallest * sizes.length) / 2 : smallest
  if (raid === 'mirror' || raid === 'raid10') return {raw: half, usable: half}
  return {raw: smallest * sizes.length, usable: smallest * (sizes.length - (parity[raid] ?? 0))}
}

/** Room behind a new storage on disks of a node; undefined where it names none of them. */
export function roomOn(
  state: State,
  node: string,
  {type, config}: Pick<StorageState, 'type' | 'config'>,
): number | undefined {
  const local = disksOf(state, node)
  if (type === 'lvm') return groupOf(state, node, String(config.vgname))?.size
  if (type === 'lvmthin') return local.groups[String(config.vgname)]?.thin[String(config.thinpool)]?.size
  if (type === 'zfspool') {
    const pool = local.zpools[String(config.pool).split('/')[0]!]
    return pool && poolSize(local, pool).usable
  }
  const mounted = Object.entries(local.directories).find(([name]) => config.path === `/mnt/pve/${name}`)
  const found = mounted && findDevice(local, mounted[1].device)
  // A file system keeps some of its room for itself.
  return found?.device.mounted === undefined ? undefined : Math.floor(found.device.size * 0.98)
}

/** Gives a whole disk one partition, and for ZFS a small one at its end. @returns the first one */
export function partition(disk: Disk, use: string): Device {
  const reserved = use === 'ZFS' ? 8 * MiB : 0
  disk.gpt = true
  delete disk.use
  const first: Device = {path: partitionPath(disk.path, 1), size: disk.size - MiB - reserved, use}
  disk.partitions = [first]
  if (reserved > 0) disk.partitions.push({path: partitionPath(disk.path, 9), size: reserved, use: 'ZFS reserved'})
  return first
}

/** Makes a device empty. */
export function wipe({device, disk}: Found): void {
  delete device.use
  if (device !== disk) return
  disk.partitions = []
  disk.gpt = false
}

/** Share of a node's root file system that is in use. */
export const rootShare = 0.08
