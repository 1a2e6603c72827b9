import {type Call, type Endpoints, required, text, integer, isSet} from '../../calls/call.js'
import {nodeName} from '../../calls/node.js'
import type {Format} from '../../contract/property-string.js'
import {splitList} from '../../contract/scalars.js'
import {parsePropertyString} from '../../contract/schema.js'
import {failure} from '../../errors.js'
import type {StorageState} from '../../state/model.js'
import {poolSize, storagesOn, findDevice, linkOf, partition, isBusy} from '../../storage/disks.js'
import {lacks} from '../../storage/world.js'
import type {TaskHandle} from '../../tasks/runner.js'
import {localOf, freeDevices, escapeUnit, create, failed, remove} from './disk-storages.js'

function requireZfs(call: Call): void {
  if (lacks(call.sim.state, 'zpool')) throw failure('zfsutils-linux not installed')
}

/** What is not as it should be with a pool. */
const measuredOf = (call: Call, name: string): {health?: string; alloc?: number; scan?: string; errors?: string} =>
  call.sim.state.nodes[nodeName(call)]!.conditions?.zpools?.[name] ?? {}

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
      const {health = 'ONLINE', alloc = Math.min(raw, used)} = measuredOf(call, name)
      return {name, size: raw, alloc, free: raw - alloc, frag: 0, dedup: 1, health}
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
  const {health = 'ONLINE', scan, errors = 'No known data errors'} = measuredOf(call, name)
  const known = scan === undefined ? {} : {scan}
  return {name, state: health, ...known, errors, leaf: 0, children: [{...line(name, parts), state: health}]}
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

/** ZFS pools. Fact: pve-storage, PVE/API2/Disks/ZFS.pm. */
export const zfsEndpoints: Endpoints = {
  'GET /nodes/{node}/disks/zfs': listPools,
  'GET /nodes/{node}/disks/zfs/{name}': poolDetail,
  'POST /nodes/{node}/disks/zfs': createPool,
  'DELETE /nodes/{node}/disks/zfs/{name}': removePool,
}
