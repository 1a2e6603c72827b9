import {requireAll} from '../../access/checks.js'
import {splitList} from '../../contract/scalars.js'
import {failure} from '../../errors.js'
import {isSet, required, type Call} from '../../calls/call.js'
import type {Config, StorageState} from '../../state/model.js'
import {disksOf, findDevice, loseStorages, roomOn, type Found} from '../../storage/disks.js'
import {isOnNode} from '../../storage/volumes.js'
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

/** What is on the disks of the node of a call. */
export const localOf = (call: Call): ReturnType<typeof disksOf> => disksOf(call.sim.state, nodeName(call))

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

/** Makes something of free disks in a task; where a storage is asked for, it is added. Returns the UPID. @throws ApiError 500 */
export function create(call: Call, {type, wanted, devices, check, work}: Creation): string {
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
export function freeDevices(call: Call, paths: string[]): Found[] {
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

/** Takes something off the disks in a task; on demand its storages go as well, and the disks become free. Returns the UPID. */
export function remove(call: Call, {type, id, storages, work}: Removal): string {
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

/** A command of the host's that failed within a task. */
export const failed = (command: string, code: number): TaskError =>
  new TaskError(`command '${command}' failed: exit code ${code}`)

/** A name as systemd writes it in names of units. */
export const escapeUnit = (name: string): string =>
  name.replace(/[^A-Za-z0-9_.:]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`)
