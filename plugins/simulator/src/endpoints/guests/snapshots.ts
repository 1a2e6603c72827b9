import {failure} from '../../errors.js'
import {agentAnswers, agentEnabled} from '../../guests/agent.js'
import {addUnused, applyPending} from '../../guests/apply.js'
import {isCdrom, volumesIn} from '../../guests/drives.js'
import {guestMemory} from '../../guests/figures.js'
import {boot, halt, turnOn} from '../../guests/running.js'
import {saveState, stateStorage, withoutState} from '../../guests/vm-state.js'
import {isSet, required, text, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import {keptNotes} from '../../state/notes.js'
import type {Config, Guest, GuestType, Snapshot} from '../../state/model.js'
import {freeVolume, splitVolid} from '../../storage/volumes.js'
import {TaskError, type Release, type TaskHandle} from '../../tasks/runner.js'
import {findGuest, takeLock, taskLock} from '../../guests/access.js'
import {nodeName} from '../../calls/node.js'
import {startContainer} from './lxc-power.js'
import {refuseSavedState, requireSavable} from './qemu-power.js'
import {canSnapshot, snapshotVolumes} from '../../guests/features.js'

export const taskPrefix = (type: GuestType): string => (type === 'qemu' ? 'qm' : 'vz')

/** Says what becomes of the file systems of a running machine while their disks are copied. */
function freeze(guest: Guest, task: TaskHandle): void {
  if (!agentEnabled(guest)) task.log('skipping guest filesystem freeze - disabled in VM options')
  else if (!agentAnswers(guest)) task.log('skipping guest filesystem freeze - agent configured but not running?')
}

/** What a snapshot holds of a configuration. */
function copiedConfig(config: Config): Config {
  const {description: _notes, ...rest} = withoutState(config)
  return Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('unused')))
}

/** Puts a snapshot into the configuration that is not finished yet, and holds the guest. Fact: AbstractConfig.pm (__snapshot_prepare). @throws TaskError */
function prepareSnapshot(call: Call, guest: Guest, name: string, task: TaskHandle): Release {
  if (guest.type === 'lxc' && Number(guest.config.template ?? 0) === 1)
    throw new TaskError(`you can't take a snapshot if it's a template`)
  taskLock(guest)
  if (guest.snapshots[name]) throw new TaskError(`snapshot name '${name}' already used`)
  if (
    volumesIn(guest.type, guest.config).some(([, volid]) => /[:/]base(?:vol)?-/.test(volid)) ||
    !canSnapshot(call, guest)
  )
    throw new TaskError('snapshot feature is not available')
  const description = keptNotes(guest.type, text(call, 'description') ?? '')
  const snapshot: Snapshot = {
    config: copiedConfig(guest.config),
    snaptime: call.sim.now(),
    ...(description !== '' && {description}),
    ...(guest.parent !== undefined && {parent: guest.parent}),
    snapstate: 'prepare',
  }
  if (savesMemory(call, guest)) {
    requireSavable(guest)
    Object.assign(snapshot.config, saveState(call, guest, name, stateStorage(call, guest), task))
  }
  const giveBack = takeLock(guest, 'snapshot')
  guest.snapshots[name] = snapshot
  return (failed) => {
    giveBack()
    if (failed === undefined || guest.snapshots[name] !== snapshot) return
    const {vmstate} = snapshot.config
    if (vmstate !== undefined) freeVolume(call.sim.state, String(vmstate), guest.node)
    delete guest.snapshots[name]
  }
}

const savesMemory = (call: Call, guest: Guest): boolean =>
  guest.type === 'qemu' && guest.running && isSet(call, 'vmstate')

function takeSnapshot(call: Call, guest: Guest, name: string, task: TaskHandle): void {
  const {config} = guest.snapshots[name]!
  if (config.vmstate !== undefined) tellMemory(call, guest, task)
  else if (guest.type === 'qemu' && guest.running) freeze(guest, task)
  for (const [key, volid] of snapshotVolumes(guest)) {
    if (guest.type !== 'qemu') break
    task.log(`snapshotting 'drive-${key}' (${volid})`)
    if (guest.running) task.log('internal qemu snapshot')
  }
  delete guest.snapshots[name]!.snapstate
  guest.parent = name
}

/** What is told while a machine's memory is saved with its snapshot. Fact: QemuConfig.pm (__snapshot_create_vol_snapshots_hook). */
function tellMemory(call: Call, guest: Guest, task: TaskHandle): void {
  const saved = (guestMemory(guest) / 1024 ** 2 / 4).toFixed(2)
  task.log(`saving VM state and RAM using storage '${stateStorage(call, guest)}'`)
  task.log(`${saved} MiB in 0s`)
  task.log(`completed saving the VM state in 1s, saved ${saved} MiB`)
}

/** What a task about a snapshot does at once, and in the end. */
interface SnapshotWork {
  begin: (call: Call, guest: Guest, name: string, task: TaskHandle) => Release
  work: (call: Call, guest: Guest, name: string, task: TaskHandle) => void
}

/** Begins a task about a guest's snapshots. PVE looks for the guest only there. */
function inTask(call: Call, type: GuestType, what: string, {begin, work}: SnapshotWork): string {
  const name = required(call, 'snapname')
  let guest: Guest
  const request = {
    node: nodeName(call),
    type: `${taskPrefix(type)}${what}`,
    id: required(call, 'vmid'),
    user: call.auth,
    begin: (task: TaskHandle) => begin(call, (guest = findGuest(call, type)), name, task),
  }
  return call.sim.tasks.start(request, (task) => work(call, guest, name, task))
}

function create(type: GuestType): Handler {
  return (call) => {
    const name = required(call, 'snapname')
    if (name === 'current') throw failure(`unable to use snapshot name 'current' (reserved name)`)
    if (name.toLowerCase() === 'pending' || name === 'vzdump')
      throw failure(`unable to use snapshot name '${name}' (reserved name)`)
    return inTask(call, type, 'snapshot', {begin: prepareSnapshot, work: takeSnapshot})
  }
}

function requireSnapshot(guest: Guest, name: string): void {
  if (!guest.snapshots[name]) throw new TaskError(`snapshot '${name}' does not exist`)
}

/** One whose removal failed stays marked, and held by its lock. Fact: AbstractConfig.pm (snapshot_delete). */
const removal: SnapshotWork = {
  begin: (_call, guest, name) => {
    requireSnapshot(guest, name)
    taskLock(guest)
    const giveBack = takeLock(guest, 'snapshot-delete')
    guest.snapshots[name]!.snapstate = 'delete'
    return (failed) => {
      if (failed === undefined) giveBack()
    }
  },
  work: (call, guest, name) => {
    const {parent, config} = guest.snapshots[name]!
    if (config.vmstate !== undefined) freeVolume(call.sim.state, String(config.vmstate), guest.node)
    delete guest.snapshots[name]
    for (const child of Object.values(guest.snapshots)) if (child.parent === name) setParent(child, parent)
    if (guest.parent === name) setParent(guest, parent)
  },
}

function setParent(child: {parent?: string}, parent: string | undefined): void {
  if (parent === undefined) delete child.parent
  else child.parent = parent
}

/** Volumes that a guest has now and did not have when its snapshot was taken stay with it as unused ones. */
function keepNewVolumes(guest: Guest, before: Config): void {
  const volids = (config: Config): string[] =>
    volumesIn(guest.type, config)
      .filter(([key]) => guest.type === 'lxc' || !isCdrom(config[key]!))
      .map(([, volid]) => volid)
  const kept = new Set(volids(guest.config))
  for (const volid of volids(before)) if (!kept.has(volid)) addUnused(guest, volid)
}

/** Where snapshots are a stack, only the newest one can be gone back to. Facts: ZFSPoolPlugin.pm and Plugin.pm (volume_rollback_is_possible). @throws TaskError */
function checkNewest(call: Call, guest: Guest, name: string): void {
  const names = Object.keys(guest.snapshots)
  const volumesOf = (snapshot: string): string[] =>
    snapshotVolumes({type: guest.type, config: guest.snapshots[snapshot]!.config}).map(([, volid]) => volid)
  const newer = names.slice(names.indexOf(name) + 1).flatMap(volumesOf)
  for (const volid of volumesOf(name)) {
    const storage = call.sim.state.storages[splitVolid(volid).storage]
    const chained = Number(storage?.config['snapshot-as-volume-chain'] ?? 0) === 1
    if (storage?.type !== 'zfspool' && !chained) continue
    if (newer.includes(volid))
      throw new TaskError(
        `can't rollback, '${name}' is not most recent snapshot on '${chained ? splitVolid(volid).name : volid}'`,
      )
  }
}

/** A rollback that failed leaves the guest off, and held by its lock. Fact: AbstractConfig.pm (snapshot_rollback). @throws TaskError */
function prepareRollback(call: Call, guest: Guest, name: string): Release {
  requireSnapshot(guest, name)
  checkNewest(call, guest, name)
  if (Number(guest.config.template ?? 0) === 1) {
    throw new TaskError(`you can't rollback if ${guest.type === 'qemu' ? 'vm' : 'CT'} is a template`)
  }
  const {snapstate} = guest.snapshots[name]!
  if (snapstate !== undefined)
    throw new TaskError(`unable to rollback to incomplete snapshot (snapstate = ${snapstate})`)
  taskLock(guest)
  if (guest.running) halt(call, guest)
  const giveBack = takeLock(guest, 'rollback')
  return (failed) => {
    if (failed === undefined) giveBack()
  }
}

/** Puts a guest back to a snapshot; a machine whose memory was saved runs again. */
function rollBack(call: Call, guest: Guest, name: string, task: TaskHandle): void {
  delete guest.lock
  const before = guest.config
  const {description} = before
  const {config} = guest.snapshots[name]!
  const hasMemory = config.vmstate !== undefined
  guest.config = {...withoutState(config), ...(description !== undefined && {description})}
  if (guest.type === 'qemu' && !hasMemory) guest.config.vmgenid = call.sim.random.uuid()
  guest.pending = {}
  guest.pendingDelete = {}
  guest.parent = name
  keepNewVolumes(guest, before)
  if (hasMemory) {
    refuseSavedState(call, task)
    turnOn(call, guest)
  } else if (isSet(call, 'start')) (guest.type === 'lxc' ? startContainer : boot)(call, guest)
  else if (guest.type === 'qemu') applyPending(call, guest)
}

function describe(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const name = required(call, 'snapname')
    if (guest.lock !== undefined) throw failure(`${type === 'qemu' ? 'VM' : 'CT'} is locked (${guest.lock})`)
    const snapshot = guest.snapshots[name]
    if (!snapshot) throw failure(`snapshot '${name}' does not exist`)
    const description = text(call, 'description')
    if (description === undefined) return null
    delete snapshot.description
    const kept = keptNotes(type, description)
    if (kept !== '') snapshot.description = kept
    return null
  }
}

function forType(type: GuestType): Endpoints {
  const base = `/nodes/{node}/${type}/{vmid}/snapshot`
  return {
    [`POST ${base}`]: create(type),
    [`DELETE ${base}/{snapname}`]: (call) => inTask(call, type, 'delsnapshot', removal),
    [`POST ${base}/{snapname}/rollback`]: (call) =>
      inTask(call, type, 'rollback', {begin: prepareRollback, work: rollBack}),
    [`PUT ${base}/{snapname}/config`]: describe(type),
  }
}

export const snapshotEndpoints: Endpoints = {...forType('qemu'), ...forType('lxc')}
