import {failure} from '../../errors.js'
import {applyPending} from '../../guests/apply.js'
import {isCdrom, volumesIn} from '../../guests/drives.js'
import {isSet, required, text, type Call, type Endpoints, type Handler} from '../../simulation.js'
import type {Guest, GuestType} from '../../state/model.js'
import {findVolume, pluginOf, splitVolid} from '../../storage/volumes.js'
import {TaskError, type TaskHandle} from '../../tasks/runner.js'
import {findGuest} from './guest-access.js'
import {boot, halt} from './power.js'

export const taskPrefix = (type: GuestType): string => (type === 'qemu' ? 'qm' : 'vz')

/** Refuses work on a guest that another task holds; inside a task its error. */
export function taskLock(guest: Guest): void {
  if (guest.lock !== undefined) throw new TaskError(`${guest.type === 'qemu' ? 'VM' : 'CT'} is locked (${guest.lock})`)
}

/** Volumes of a guest that take part in snapshots: all but CD-ROMs, unused and host ones. */
function snapshotVolumes(guest: Guest): [string, string][] {
  return volumesIn(guest.type, guest.config).filter(
    ([key, volid]) =>
      !key.startsWith('unused') && !(guest.type === 'qemu' && isCdrom(guest.config[key]!)) && volid !== '',
  )
}

/** Whether every volume can be snapshotted: by its storage, or as qcow2. */
export function canSnapshot(call: Call, guest: Guest): boolean {
  return snapshotVolumes(guest).every(([, volid]) => {
    const storage = call.state.storages[splitVolid(volid).storage]
    const volume = findVolume(call.state, volid, guest.node)
    return storage !== undefined && (pluginOf(storage).snapshots || volume?.format === 'qcow2')
  })
}

function takeSnapshot(call: Call, guest: Guest, name: string, task: TaskHandle): void {
  taskLock(guest)
  if (guest.snapshots[name]) throw new TaskError(`snapshot name '${name}' already used`)
  if (
    volumesIn(guest.type, guest.config).some(([, volid]) => /[:/]base(?:vol)?-/.test(volid)) ||
    !canSnapshot(call, guest)
  )
    throw new TaskError('snapshot feature is not available')
  if (guest.type === 'qemu' && guest.running) {
    const agent = /(?:^|enabled=)1/.test(String(guest.config.agent ?? ''))
    if (!agent) task.log('skipping guest filesystem freeze - disabled in VM options')
  }
  for (const [key, volid] of snapshotVolumes(guest)) {
    if (guest.type !== 'qemu') break
    task.log(`snapshotting 'drive-${key}' (${volid})`)
    if (guest.running) task.log('internal qemu snapshot')
  }
  const description = text(call, 'description')
  const {description: _notes, ...config} = guest.config
  guest.snapshots[name] = {
    config: {...config},
    snaptime: call.sim.now(),
    ...(description !== undefined && description !== '' && {description}),
    ...(guest.parent !== undefined && {parent: guest.parent}),
  }
  guest.parent = name
}

function create(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const name = required(call, 'snapname')
    if (name === 'current') throw failure(`unable to use snapshot name 'current' (reserved name)`)
    if (name.toLowerCase() === 'pending' || name === 'vzdump')
      throw failure(`unable to use snapshot name '${name}' (reserved name)`)
    return call.sim.tasks.start(
      {node: guest.node, type: `${taskPrefix(type)}snapshot`, id: guest.vmid, user: call.auth},
      (task) => takeSnapshot(call, guest, name, task),
    )
  }
}

function requireSnapshot(guest: Guest, name: string): void {
  if (!guest.snapshots[name]) throw new TaskError(`snapshot '${name}' does not exist`)
}

function remove(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const name = required(call, 'snapname')
    return call.sim.tasks.start(
      {node: guest.node, type: `${taskPrefix(type)}delsnapshot`, id: guest.vmid, user: call.auth},
      () => {
        taskLock(guest)
        requireSnapshot(guest, name)
        const {parent} = guest.snapshots[name]!
        delete guest.snapshots[name]
        for (const child of Object.values(guest.snapshots)) if (child.parent === name) setParent(child, parent)
        if (guest.parent === name) setParent(guest, parent)
      },
    )
  }
}

function setParent(child: {parent?: string}, parent: string | undefined): void {
  if (parent === undefined) delete child.parent
  else child.parent = parent
}

function rollback(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const name = required(call, 'snapname')
    return call.sim.tasks.start(
      {node: guest.node, type: `${taskPrefix(type)}rollback`, id: guest.vmid, user: call.auth},
      () => {
        taskLock(guest)
        requireSnapshot(guest, name)
        if (guest.running) halt(call, guest)
        const {description} = guest.config
        guest.config = {...guest.snapshots[name]!.config, ...(description !== undefined && {description})}
        if (type === 'qemu') guest.config.vmgenid = call.sim.random.uuid()
        guest.pending = {}
        guest.pendingDelete = {}
        guest.parent = name
        if (isSet(call, 'start')) boot(call, guest)
        else if (type === 'qemu') applyPending(call, guest, true)
      },
    )
  }
}

function describe(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const name = required(call, 'snapname')
    if (guest.lock !== undefined) throw failure(`${type === 'qemu' ? 'VM' : 'CT'} is locked (${guest.lock})`)
    const snapshot = guest.snapshots[name]
    if (!snapshot) throw failure(`snapshot '${name}' does not exist`)
    const description = text(call, 'description')
    if (description !== undefined) snapshot.description = description
    return null
  }
}

function forType(type: GuestType): Endpoints {
  const base = `/nodes/{node}/${type}/{vmid}/snapshot`
  return {
    [`POST ${base}`]: create(type),
    [`DELETE ${base}/{snapname}`]: remove(type),
    [`POST ${base}/{snapname}/rollback`]: rollback(type),
    [`PUT ${base}/{snapname}/config`]: describe(type),
  }
}

export const snapshotEndpoints: Endpoints = {...forType('qemu'), ...forType('lxc')}
