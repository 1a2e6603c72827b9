import {type Call, type Endpoints, required, isSet} from '../../calls/call.js'
import {nodeName} from '../../calls/node.js'
import {unordered} from '../../calls/print.js'
import type {StorageState} from '../../state/model.js'
import {groupOf, type Found, storagesOn, isBusy, thinSizes, physicalSize} from '../../storage/disks.js'
import {type TaskHandle, TaskError} from '../../tasks/runner.js'
import {localOf, freeDevices, create, failed, remove} from './disk-storages.js'

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
  const measured = call.sim.state.nodes[nodeName(call)]!.conditions?.thinMetadata
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
          metadata_used: measured?.[`${vg}/${lv}`] ?? Math.floor((metadata * (1 + used / size)) / 20),
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

/** Volume groups and thin pools. Facts: pve-storage, PVE/API2/Disks/LVM.pm and LVMThin.pm. */
export const lvmEndpoints: Endpoints = {
  'GET /nodes/{node}/disks/lvm': listGroups,
  'POST /nodes/{node}/disks/lvm': createGroup,
  'DELETE /nodes/{node}/disks/lvm/{name}': removeGroup,
  'GET /nodes/{node}/disks/lvmthin': listThinPools,
  'POST /nodes/{node}/disks/lvmthin': createThinPool,
  'DELETE /nodes/{node}/disks/lvmthin/{name}': removeThinPool,
}
