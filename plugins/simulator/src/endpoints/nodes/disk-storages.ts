import {requireAll} from '../../access/checks.js'
import type {Format} from '../../contract/property-string.js'
import {parsePropertyString} from '../../contract/schema.js'
import {splitList} from '../../contract/scalars.js'
import {failure} from '../../errors.js'
import {unordered} from '../../calls/print.js'
import {integer, isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {Config, StorageState} from '../../state/model.js'
import {
  disksOf,
  findDevice,
  groupOf,
  isBusy,
  linkOf,
  loseStorages,
  partition,
  partitionPath,
  physicalSize,
  poolSize,
  roomOn,
  storagesOn,
  thinSizes,
  type Found,
} from '../../storage/disks.js'
import {isOnNode} from '../../storage/volumes.js'
import {lacks} from '../../storage/world.js'
import {TaskError, type TaskHandle} from '../../tasks/runner.js'
import {nodeName} from '../../calls/node.js'
import {removeStorage, addStorage} from '../../storage/definitions.js'
import {requireDevice, requireUnused, wipeLogged} from './local-disks.js'

/** A storage to be made of disks, with the keys that one of that name has to have, too. */
interface Wanted {
  type: string
  config: Config
  same: string[]
}

const localOf = (call: Call): ReturnType<typeof disksOf> => disksOf(call.sim.state, nodeName(call))

/** @throws ApiError 500 when a storage of the name is on the node or of another kind. Fact: PVE/API2/Storage/Config.pm, create_or_update */
function checkName(call: Call, {type, config, same}: Wanted): void {
  const name = required(call, 'name')
  const storage = call.sim.state.storages[name]
  if (!storage) return
  const node = nodeName(call)
  if (isOnNode(storage, node)) throw failure(`Storage ID '${name}' already exists on node ${node}`)
  const [wanted, found] = [
    {type, ...config},
    {type: storage.type, ...storage.config},
  ] as Config[]
  for (const key of ['type', ...same]) {
    if (wanted![key] === found![key]) continue
    throw failure(`Option '${key}' (${wanted![key]}) does not match existing storage configuration '${found![key]}'`)
  }
}

/** Gives a storage of the name to this node too, or makes it. */
function addOrExtend(call: Call, task: TaskHandle, {type, config}: Wanted): void {
  const name = required(call, 'name')
  const node = nodeName(call)
  const storage = call.sim.state.storages[name]
  if (!storage) {
    const added = addStorage(call, name, type, {...config, nodes: node})
    const room = roomOn(call.sim.state, node, added)
    if (room !== undefined) Object.assign(added, {total: room, used: 0})
    return
  }
  storage.config.nodes = [...splitList(String(storage.config.nodes)), node].sort().join(',')
  task.log(`Added '${node}' to nodes for storage '${name}'`)
}

/** Something made of disks: what is checked first, then what a task does. */
interface Creation {
  type: string
  wanted: Wanted
  devices: Found[]
  /** What else is checked before the task begins. */
  check?: () => void
  work: (task: TaskHandle) => void
}

function create(call: Call, {type, wanted, devices, check, work}: Creation): string {
  const name = required(call, 'name')
  const adds = isSet(call, 'add_storage')
  if (adds) checkName(call, wanted)
  check?.()
  return call.sim.tasks.start({node: nodeName(call), type, id: name, user: call.auth}, (task) => {
    devices.forEach(requireUnused)
    work(task)
    for (const storage of Object.values(call.sim.state.storages)) back(call, storage, wanted)
    if (adds) addOrExtend(call, task, wanted)
  })
}

/** A storage whose ground was taken away and is there again has its room again. */
function back(call: Call, storage: StorageState, {type, config, same}: Wanted): void {
  const node = nodeName(call)
  if (storage.type !== type || !same.every((key) => storage.config[key] === config[key])) return
  storage.gone = storage.gone?.filter((one) => one !== node)
}

/** Devices that are given, none of them in use; first, that a storage may be added. @throws ApiError */
function freeDevices(call: Call, paths: string[]): Found[] {
  if (isSet(call, 'add_storage')) requireAll(call.sim, call.auth, '/storage', ['Datastore.Allocate'])
  return paths.map((path) => {
    const found = requireDevice(call, path)
    requireUnused(found)
    return found
  })
}

interface Removal {
  type: string
  id: string
  storages: () => StorageState[]
  /** Takes it away; returns the devices it was on. @throws TaskError */
  work: (task: TaskHandle) => string[]
}

/** Takes something off the disks; on demand its storages go as well, and the disks become free. */
function remove(call: Call, {type, id, storages, work}: Removal): string {
  if (isSet(call, 'cleanup-config')) requireAll(call.sim, call.auth, '/storage', ['Datastore.Allocate'])
  const node = nodeName(call)
  return call.sim.tasks.start({node, type, id, user: call.auth}, (task) => {
    const lost = storages()
    const devices = work(task)
    loseStorages(call.sim.state, node, lost)
    if (isSet(call, 'cleanup-config')) for (const storage of lost) withdraw(call, storage)
    if (isSet(call, 'cleanup-disks')) wipeAll(call, task, devices, type)
  })
}

/** Takes a node from a storage, and the storage away where it was its last one. */
function withdraw(call: Call, storage: StorageState): void {
  const all = Object.keys(call.sim.state.nodes)
  const given = storage.config.nodes === undefined ? all : splitList(String(storage.config.nodes))
  const left = given.filter((node) => node !== nodeName(call))
  if (left.length > 0) storage.config.nodes = left.sort().join(',')
  else removeStorage(call, storage.storage)
}

/** Wipes devices; the whole disk where PVE's own partitions are all that is on it, which LVM does not ask. */
function wipeAll(call: Call, task: TaskHandle, devices: string[], type: string): void {
  for (const path of devices) {
    const found = findDevice(localOf(call), path)
    if (!found) continue
    const others = found.disk.partitions.filter((part) => part !== found.device && part.use !== 'ZFS reserved')
    const whole = others.length === 0 && !type.startsWith('lvm')
    wipeLogged(task, whole ? {device: found.disk, disk: found.disk} : found)
  }
}

const failed = (command: string, code: number): TaskError =>
  new TaskError(`command '${command}' failed: exit code ${code}`)

function listGroups(call: Call): unknown {
  const node = nodeName(call)
  const children = Object.keys(localOf(call).groups)
    .sort()
    .map((name) => {
      const {physical, ...group} = groupOf(call.sim.state, node, name)!
      return {...group, leaf: 0, children: physical.map((one) => ({...one, leaf: 1}))}
    })
  return {leaf: 0, children}
}

/** Makes a volume group of a device, as creating thin pools begins with, too. */
function makeGroup(call: Call, task: TaskHandle, name: string, {device, disk}: Found): void {
  const {groups} = localOf(call)
  if (groups[name]) throw new TaskError(`volume group with name '${name}' already exists on node '${nodeName(call)}'`)
  task.log(`  Physical volume "${device.path}" successfully created.`)
  task.log(`  Volume group "${name}" successfully created`)
  device.use = 'LVM'
  if (device === disk) disk.gpt = false
  groups[name] = {devices: [device.path], thin: {}}
}

function createGroup(call: Call): unknown {
  const name = required(call, 'name')
  const devices = freeDevices(call, [required(call, 'device')])
  const config = {vgname: name, content: 'rootdir,images', shared: 0}
  const wanted = {type: 'lvm', config, same: ['vgname']}
  const work = (task: TaskHandle): void => makeGroup(call, task, name, devices[0]!)
  return create(call, {type: 'lvmcreate', wanted, devices, work})
}

function removeGroup(call: Call): unknown {
  const name = required(call, 'name')
  const {groups} = localOf(call)
  const storages = (): StorageState[] => storagesOn(call.sim.state, nodeName(call), 'lvm', name)
  const work = (task: TaskHandle): string[] => {
    const group = groups[name]
    if (!group) throw new TaskError(`no such volume group '${name}'`)
    if (group.system || isBusy(call.sim.state, nodeName(call), storages())) throw failed(`vgremove -y ${name}`, 5)
    task.log(`  Volume group "${name}" successfully removed`)
    delete groups[name]
    return group.devices
  }
  return remove(call, {type: 'lvmremove', id: name, storages, work})
}

const onThinPool = (call: Call, group: string, name: string): StorageState[] =>
  storagesOn(call.sim.state, nodeName(call), 'lvm', group).filter(
    ({type, config}) => type === 'lvmthin' && config.thinpool === name,
  )

/** Fact: pve-storage, LvmThinPlugin list_thinpools and LVMPlugin lvm_list_volumes. */
function listThinPools(call: Call): unknown {
  const {groups} = localOf(call)
  const made = String(call.sim.state.nodes[nodeName(call)]!.bootTime)
  return unordered(
    Object.entries(groups).flatMap(([vg, {thin}]) =>
      Object.entries(thin).map(([lv, {size, metadata}]) => {
        const used = onThinPool(call, vg, lv)[0]?.used ?? 0
        return {
          lv,
          vg,
          lv_size: size,
          lv_state: 'a',
          lv_type: 't',
          ctime: made,
          used,
          metadata_size: metadata,
          metadata_used: Math.floor((metadata * (1 + used / size)) / 20),
        }
      }),
    ),
  )
}

function createThinPool(call: Call): unknown {
  const name = required(call, 'name')
  const devices = freeDevices(call, [required(call, 'device')])
  const wanted = {
    type: 'lvmthin',
    config: {vgname: name, thinpool: name, content: 'rootdir,images'},
    same: ['vgname', 'thinpool'],
  }
  const work = (task: TaskHandle): void => {
    makeGroup(call, task, name, devices[0]!)
    const sizes = thinSizes(physicalSize(devices[0]!.device.size))
    if (sizes.size <= 0) throw failed(`/sbin/lvcreate --type thin-pool -n ${name} ${name}`, 3)
    task.log(`  Logical volume "${name}" created.`)
    localOf(call).groups[name]!.thin[name] = sizes
  }
  return create(call, {type: 'lvmthincreate', wanted, devices, work})
}

function removeThinPool(call: Call): unknown {
  const name = required(call, 'name')
  const group = required(call, 'volume-group')
  const {groups} = localOf(call)
  const storages = (): StorageState[] => onThinPool(call, group, name)
  const work = (task: TaskHandle): string[] => {
    const found = groups[group]
    if (!found?.thin[name]) throw new TaskError(`no such thin pool ${group}/${name}`)
    if (isBusy(call.sim.state, nodeName(call), storages())) throw failed(`lvremove -y ${group}/${name}`, 5)
    task.log(`  Logical volume "${name}" successfully removed.`)
    delete found.thin[name]
    if (!isSet(call, 'cleanup-disks')) return []
    if (groupOf(call.sim.state, nodeName(call), group)!.lvcount > 0)
      throw new TaskError(`volume group '${group}' still in use`)
    delete groups[group]
    return found.devices
  }
  return remove(call, {type: 'lvmthinremove', id: `${group}-${name}`, storages, work})
}

function requireZfs(call: Call): void {
  if (lacks(call.sim.state, 'zpool')) throw failure('zfsutils-linux not installed')
}

function listPools(call: Call): unknown {
  requireZfs(call)
  const local = localOf(call)
  return Object.keys(local.zpools)
    .sort()
    .map((name) => {
      const {raw} = poolSize(local, local.zpools[name]!)
      const used = storagesOn(call.sim.state, nodeName(call), 'zfs', name).reduce(
        (sum, storage) => sum + storage.used,
        0,
      )
      const alloc = Math.min(raw, used)
      return {name, size: raw, alloc, free: raw - alloc, frag: 0, dedup: 1, health: 'ONLINE'}
    })
}

/** Devices of a pool by row of its layout: mirrors of two, or all in one. */
function rows(raid: string, devices: string[]): {name?: string; devices: string[]}[] {
  if (raid === 'single') return [{devices}]
  if (raid !== 'raid10') return [{name: `${raid.replace(/^raidz$/, 'raidz1').replace(/^draid$/, 'draid1')}-0`, devices}]
  return devices
    .filter((_, index) => index % 2 === 0)
    .map((_, index) => ({name: `mirror-${index}`, devices: devices.slice(2 * index, 2 * index + 2)}))
}

/** A line of `zpool status`; what has others below it is no leaf. */
function line(name: string, children?: unknown[]): Record<string, unknown> {
  const figures = {name, state: 'ONLINE', read: 0, write: 0, cksum: 0, msg: ''}
  return {...figures, leaf: children ? 0 : 1, ...(children && {children})}
}

function poolDetail(call: Call): unknown {
  requireZfs(call)
  const name = required(call, 'name')
  const local = localOf(call)
  const pool = local.zpools[name]
  if (!pool) throw failure(`command '/sbin/zpool status -P ${name}' failed: exit code 1`)
  const shown = (path: string): string => {
    const {disk} = findDevice(local, path)!
    const link = linkOf(disk)
    const part = disk.partitions.findIndex((one) => one.path === path) + 1
    return link === undefined || part === 0 ? path : `${link}-part${part}`
  }
  const parts = rows(pool.raid, pool.devices).flatMap((row) => {
    const leaves = row.devices.map((path) => line(shown(path)))
    return row.name === undefined ? leaves : [line(row.name, leaves)]
  })
  return {name, state: 'ONLINE', errors: 'No known data errors', leaf: 0, children: [line(name, parts)]}
}

const least: Record<string, number> = {
  single: 1,
  mirror: 2,
  raid10: 4,
  raidz: 3,
  raidz2: 4,
  raidz3: 5,
  draid: 3,
  draid2: 4,
  draid3: 5,
}

/** The parts of `draid-config`. @throws ApiError 500 where the level is another one */
function draidOf(call: Call): Record<string, string | number> {
  const given = text(call, 'draid-config')
  if (given === undefined) return {}
  if (!required(call, 'raidlevel').startsWith('draid')) throw failure('draid-config set without using dRAID level')
  const schema = call.sim.contract.paths[call.path]!.POST!.parameters.properties!['draid-config']!
  return parsePropertyString(given, schema.format as Format, '', call.sim.context)
}

/** @throws ApiError 500 when a level cannot be made of so many disks */
function checkLevel(raid: string, disks: number, draid: Record<string, string | number>): void {
  if (raid === 'raid10' && disks % 2 !== 0) throw failure('raid10 needs an even number of disks')
  if (raid === 'single' && disks > 1) throw failure('please give only one disk for single disk mode')
  if (disks < least[raid]!) throw failure(`${raid} needs at least ${least[raid]} disks`)
  const needed = least[raid]! - 2 + Number(draid.data ?? 0) + Number(draid.spares ?? 0)
  if (raid.startsWith('draid') && disks < needed)
    throw failure(`At least ${needed} disks needed for current dRAID config`)
}

/** The devices as `zpool create` wants them. */
function layout(raid: string, devices: string[], {data, spares}: Record<string, string | number>): string {
  if (raid === 'raid10')
    return rows(raid, devices)
      .map((row) => `mirror ${row.devices.join(' ')}`)
      .join(' ')
  const level = `${raid}${data ? `:${data}d` : ''}${spares ? `:${spares}s` : ''}`
  return raid === 'single' ? devices[0]! : `${level} ${devices.join(' ')}`
}

function createPool(call: Call): unknown {
  const name = required(call, 'name')
  const raid = required(call, 'raidlevel')
  const draid = draidOf(call)
  const devices = freeDevices(call, splitList(required(call, 'devices')))
  const {zpools} = localOf(call)
  const check = (): void => {
    requireZfs(call)
    if (zpools[name]) throw failure(`pool '${name}' already exists on node '${nodeName(call)}'`)
    checkLevel(raid, devices.length, draid)
  }
  const work = (task: TaskHandle): void => {
    const links = devices.map(({device, disk}) => (device === disk ? (linkOf(disk) ?? device.path) : device.path))
    task.log(`# /sbin/zpool create -o ashift=${integer(call, 'ashift', 12)} ${name} ${layout(raid, links, draid)}`)
    task.log(`# /sbin/zfs set compression=${text(call, 'compression') ?? 'on'} ${name}`)
    task.log(`# systemctl enable zfs-import@${escapeUnit(name)}.service`)
    const paths = devices.map(({device, disk}) => {
      if (device === disk) return partition(disk, 'ZFS').path
      device.use = 'ZFS'
      return device.path
    })
    zpools[name] = {raid, devices: paths}
  }
  const wanted = {type: 'zfspool', config: {pool: name, content: 'rootdir,images'}, same: ['pool']}
  return create(call, {type: 'zfscreate', wanted, devices, check, work})
}

function removePool(call: Call): unknown {
  const name = required(call, 'name')
  const {zpools} = localOf(call)
  const storages = (): StorageState[] => storagesOn(call.sim.state, nodeName(call), 'zfs', name)
  const work = (): string[] => {
    const pool = zpools[name]
    if (!pool) throw failed(isSet(call, 'cleanup-disks') ? `zpool list -vHPL ${name}` : `zpool destroy ${name}`, 1)
    if (pool.system || isBusy(call.sim.state, nodeName(call), storages())) throw failed(`zpool destroy ${name}`, 1)
    delete zpools[name]
    return pool.devices
  }
  return remove(call, {type: 'zfsremove', id: name, storages, work})
}

/** A name as systemd writes it in names of units. */
const escapeUnit = (name: string): string =>
  name.replace(/[^A-Za-z0-9_.:]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`)

const unitOf = (name: string): string => `mnt-pve-${escapeUnit(name)}.mount`
const unitFile = (name: string): string => `/etc/systemd/system/${unitOf(name)}`

const listDirectories = (call: Call): unknown =>
  unordered(
    Object.entries(localOf(call).directories).map(([name, {filesystem, uuid}]) => ({
      unitfile: unitFile(name),
      path: `/mnt/pve/${name}`,
      device: `/dev/disk/by-uuid/${uuid}`,
      type: filesystem,
      options: 'defaults',
    })),
  )

function createDirectory(call: Call): unknown {
  const name = required(call, 'name')
  const filesystem = text(call, 'filesystem') ?? 'ext4'
  const path = `/mnt/pve/${name}`
  const devices = freeDevices(call, [required(call, 'device')])
  const {directories} = localOf(call)
  const check = (): void => {
    const known = directories[name]
    if (!known) return
    throw failure(`the path for '${name}' is already mounted: ${path} (${known.device})`)
  }
  const work = (task: TaskHandle): void => {
    const {device, disk} = devices[0]!
    if (device === disk) task.log(`# /sbin/sgdisk -n1 -t1:8300 ${disk.path}`)
    const at = device === disk ? partitionPath(disk.path, 1) : device.path
    task.log(`# /sbin/mkfs -t ${filesystem} ${at}`)
    task.log(`# /sbin/blkid ${at} -o export`)
    const part = device === disk ? partition(disk, filesystem) : device
    Object.assign(part, {use: filesystem, mounted: path})
    directories[name] = {device: part.path, filesystem, uuid: call.sim.random.uuid()}
  }
  const config = {content: 'rootdir,images,iso,backup,vztmpl,snippets', is_mountpoint: '1', path}
  return create(call, {type: 'dircreate', wanted: {type: 'dir', config, same: ['path']}, devices, check, work})
}

function removeDirectory(call: Call): unknown {
  const name = required(call, 'name')
  const {directories} = localOf(call)
  const storages = (): StorageState[] =>
    Object.values(call.sim.state.storages).filter(
      ({type, config, ...storage}) =>
        type === 'dir' && config.path === `/mnt/pve/${name}` && isOnNode({type, config, ...storage}, nodeName(call)),
    )
  const work = (): string[] => {
    const known = directories[name]
    if (!known && isSet(call, 'cleanup-disks'))
      throw new TaskError(`can't open '${unitFile(name)}' - No such file or directory`)
    if (!known) throw failed(`systemctl stop ${unitOf(name)}`, 5)
    if (isBusy(call.sim.state, nodeName(call), storages())) throw failed(`systemctl stop ${unitOf(name)}`, 1)
    delete directories[name]
    delete findDevice(localOf(call), known.device)?.device.mounted
    return [known.device]
  }
  return remove(call, {type: 'dirremove', id: name, storages, work})
}

/** What is made of the disks of a node. Fact: pve-storage, PVE/API2/Disks. */
export const diskStorageEndpoints: Endpoints = {
  'GET /nodes/{node}/disks/lvm': listGroups,
  'POST /nodes/{node}/disks/lvm': createGroup,
  'DELETE /nodes/{node}/disks/lvm/{name}': removeGroup,
  'GET /nodes/{node}/disks/lvmthin': listThinPools,
  'POST /nodes/{node}/disks/lvmthin': createThinPool,
  'DELETE /nodes/{node}/disks/lvmthin/{name}': removeThinPool,
  'GET /nodes/{node}/disks/zfs': listPools,
  'GET /nodes/{node}/disks/zfs/{name}': poolDetail,
  'POST /nodes/{node}/disks/zfs': createPool,
  'DELETE /nodes/{node}/disks/zfs/{name}': removePool,
  'GET /nodes/{node}/disks/directory': listDirectories,
  'POST /nodes/{node}/disks/directory': createDirectory,
  'DELETE /nodes/{node}/disks/directory/{name}': removeDirectory,
}
