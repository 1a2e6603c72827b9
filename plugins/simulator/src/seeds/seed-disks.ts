import {parseSize} from '../contract/scalars.js'
import {partition, partitionPath, storagesOn, thinSizes} from '../storage/disks.js'
import {isOnNode} from '../storage/volumes.js'
import {sha1} from '../state/digest.js'
import type {Device, Disk, LocalDisks, State} from '../state/model.js'

export interface SeedDisk {
  /** As below /dev. */
  name: string
  size: string | number
  kind?: Disk['kind']
  vendor?: string
  model?: string
  serial?: string
  wwn?: string
  health?: string
  wearout?: number
  /** It starts the node; what it is part of takes its last partition. */
  system?: boolean
  /** The volume group that it is part of. */
  group?: string
  /** The ZFS pool that it is part of. */
  zpool?: string
  /** The folder below /mnt/pve where its file system is mounted. */
  directory?: string
}

const GiB = 1024 ** 3
const MiB = 1024 ** 2

const models: Record<Disk['kind'], string> = {
  hdd: 'WDC WD40EFRX-68N32N0',
  ssd: 'Samsung SSD 870 EVO',
  nvme: 'Samsung SSD 980 PRO',
  usb: 'Ultra Fit',
  unknown: 'QEMU HARDDISK',
}

const bytes = (size: string | number): number => (typeof size === 'number' ? size : (parseSize(size) ?? 0))

function blank(node: string, seed: SeedDisk): Disk {
  const kind = seed.kind ?? (seed.name.startsWith('nvme') ? 'nvme' : 'ssd')
  const made = sha1(`${node} ${seed.name}`).toUpperCase()
  const flash = kind === 'ssd' || kind === 'nvme'
  return {
    path: `/dev/${seed.name}`,
    size: bytes(seed.size),
    kind,
    vendor: seed.vendor ?? (kind === 'nvme' ? 'unknown' : 'ATA     '),
    model: seed.model ?? models[kind],
    serial: seed.serial ?? `S${made.slice(0, 11)}`,
    wwn:
      seed.wwn ??
      (kind === 'nvme' ? `eui.0025${made.slice(0, 12).toLowerCase()}` : `0x5002538${made.slice(0, 9).toLowerCase()}`),
    health: seed.health ?? 'PASSED',
    ...(flash && {wearout: seed.wearout ?? 97}),
    gpt: false,
    partitions: [],
  }
}

/** The partitions that the installer makes; the last one holds the system. */
function install(disk: Disk, use: string): Device {
  const [boot, efi] = [MiB, GiB]
  disk.gpt = true
  const last: Device = {path: partitionPath(disk.path, 3), size: disk.size - boot - efi - MiB, use}
  disk.partitions = [
    {path: partitionPath(disk.path, 1), size: boot, use: 'BIOS boot'},
    {path: partitionPath(disk.path, 2), size: efi, use: 'EFI', mounted: '/boot/efi'},
    last,
  ]
  return last
}

/** Sets up what a disk is part of. */
function put(local: LocalDisks, disk: Disk, {system, group, zpool, directory}: SeedDisk): void {
  const use = group !== undefined ? 'LVM' : zpool !== undefined ? 'ZFS' : 'ext4'
  if (group !== undefined) {
    const device = system ? install(disk, use) : disk
    device.use = use
    const made = (local.groups[group] ??= {devices: [], thin: {}})
    made.devices.push(device.path)
    if (system) made.system = true
  } else if (zpool !== undefined) {
    const device = system ? install(disk, use) : partition(disk, use)
    const pool = (local.zpools[zpool] ??= {raid: 'single', devices: []})
    pool.devices.push(device.path)
    if (system) pool.system = true
    pool.raid = ['single', 'mirror'][pool.devices.length - 1] ?? 'raidz'
  } else if (directory !== undefined) {
    const device = partition(disk, use)
    device.mounted = `/mnt/pve/${directory}`
    const hex = sha1(disk.serial)
    const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
    local.directories[directory] = {device: device.path, filesystem: use, uuid}
  } else if (system) {
    install(disk, use).mounted = '/'
  }
}

/** A disk for the system, one for each group and two for each pool that storages of the node lie on, and a free one. */
function defaultDisks(state: State, node: string): SeedDisk[] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `sd${letter}`)
  const here = Object.values(state.storages).filter((storage) => isOnNode(storage, node))
  const groups = new Set(here.filter(({type}) => /^lvm/.test(type)).map(({config}) => String(config.vgname)))
  const zpools = new Set(
    here.filter(({type}) => type === 'zfspool').map(({config}) => String(config.pool).split('/')[0]!),
  )
  const need = (kind: 'lvm' | 'zfs', name: string): number =>
    storagesOn(state, node, kind, name).reduce((sum, {total}) => sum + total, 0)
  const root = state.nodes[node]!.disk
  // The installer calls its group `pve` and its pool `rpool`.
  const system: SeedDisk = zpools.has('rpool')
    ? {name: '', size: root + need('zfs', 'rpool'), zpool: 'rpool', system: true}
    : {name: '', size: root + 1.05 * need('lvm', 'pve') + 16 * GiB, group: 'pve', system: true}
  const wanted: SeedDisk[] = [system]
  if (system.zpool !== undefined) wanted.push({...system})
  for (const group of groups) {
    if (group !== system.group) wanted.push({name: '', size: 1.05 * need('lvm', group) + 4 * GiB, group})
  }
  for (const zpool of zpools) {
    if (zpool === system.zpool) continue
    const disk: SeedDisk = {name: '', size: need('zfs', zpool), zpool}
    wanted.push(disk, {...disk})
  }
  wanted.push({name: '', size: 500 * GiB})
  return wanted.map((disk, index) => ({...disk, name: letters[index]!, size: Math.ceil(Number(disk.size) / GiB) * GiB}))
}

/** The disks of a node, and the groups, pools and folders on them. Thin pools are those that storages name. */
export function localDisks(state: State, node: string, seeds?: SeedDisk[]): LocalDisks {
  const local: LocalDisks = {disks: [], groups: {}, zpools: {}, directories: {}}
  for (const seed of seeds ?? defaultDisks(state, node)) {
    const disk = blank(node, seed)
    local.disks.push(disk)
    put(local, disk, seed)
  }
  state.nodes[node]!.disks = local
  for (const {type, config, total} of Object.values(state.storages).filter((one) => isOnNode(one, node))) {
    const group = type === 'lvmthin' ? local.groups[String(config.vgname)] : undefined
    if (group) group.thin[String(config.thinpool)] = {size: total, metadata: thinSizes(total).metadata}
  }
  return local
}
