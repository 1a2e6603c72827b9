import {type Call, type Endpoints, required, text, isSet} from '../../calls/call.js'
import {nodeName} from '../../calls/node.js'
import {unordered} from '../../calls/print.js'
import {failure} from '../../errors.js'
import type {StorageState} from '../../state/model.js'
import {partitionPath, partition, isBusy, findDevice} from '../../storage/disks.js'
import {isOnNode} from '../../storage/volumes.js'
import {type TaskHandle, TaskError} from '../../tasks/runner.js'
import {escapeUnit, localOf, freeDevices, create, failed, remove} from './disk-storages.js'

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

/** File systems that are storages. Fact: pve-storage, PVE/API2/Disks/Directory.pm. */
export const diskDirectoryEndpoints: Endpoints = {
  'GET /nodes/{node}/disks/directory': listDirectories,
  'POST /nodes/{node}/disks/directory': createDirectory,
  'DELETE /nodes/{node}/disks/directory/{name}': removeDirectory,
}
