import {requireAll} from '../../access/checks.js'
import {failure} from '../../errors.js'
import {agentEnabled} from '../../guests/agent.js'
import {managedBy} from '../../ha/services.js'
import {boot, halt, turnOff, turnOn} from '../../guests/running.js'
import {dropState, saveState, stateStorage} from '../../guests/vm-state.js'
import {isSet, text, type Call} from '../../calls/call.js'
import type {Guest} from '../../state/model.js'
import {TaskError, type Release, type TaskHandle} from '../../tasks/runner.js'
import type {Action} from './lxc-power.js'

const isTemplate = ({config}: Guest): boolean => Number(config.template ?? 0) === 1

/** Refuses work on a machine that something else holds; locks of the given kinds are no hindrance. @throws TaskError */
function requireFree(call: Call, guest: Guest, ...tolerated: string[]): void {
  if (guest.lock === undefined || isSet(call, 'skiplock') || tolerated.includes(guest.lock)) return
  throw new TaskError(`VM is locked (${guest.lock})`)
}

const requireRunning = (guest: Guest): void => {
  if (!guest.running) throw failure(`VM ${guest.vmid} not running`)
}

/** Starts a machine, or has it go on from the state that was saved. Fact: qemu-server src/PVE/QemuServer.pm (vm_start). */
function start(call: Call, guest: Guest, task: TaskHandle): void {
  if (isTemplate(guest)) throw new TaskError(`you can't start a vm if it's a template`)
  if (guest.running && guest.lock === 'backup') return
  requireFree(call, guest, 'suspended')
  if (guest.running) throw new TaskError(`VM ${guest.vmid} already running`)
  if (guest.lock === 'suspended' || guest.config.vmstate !== undefined) return goOn(call, guest, task)
  boot(call, guest, task.log)
}

function goOn(call: Call, guest: Guest, task: TaskHandle): void {
  task.log('Resuming suspended VM')
  if (guest.config.vmstate !== undefined) {
    task.log(`activating and using '${guest.config.vmstate}' as vmstate`)
    refuseSavedState(call, task)
  }
  turnOn(call, guest)
  task.log('Resumed VM, removing state')
  dropState(call, guest)
  delete guest.lock
}

/** QEMU without Proxmox's patches cannot load what was saved. @throws TaskError */
export function refuseSavedState(call: Call, task: TaskHandle): void {
  if (!call.sim.state.world.plainQemu) return
  task.log('qemu-system-x86_64: -loadstate: invalid option')
  throw new TaskError('start failed: QEMU exited with code 1')
}

/** Asks the system in a machine to end; one without a system never does. Fact: QemuServer.pm (_do_vm_stop). @throws TaskError */
function powerDown(call: Call, guest: Guest, task: TaskHandle, force: boolean): void {
  requireFree(call, guest)
  if (guest.blank && agentEnabled(guest)) {
    const problem = `VM ${guest.vmid} qga command 'guest-ping' failed - got timeout`
    task.log(`QEMU Guest Agent is not running - ${problem}`)
  }
  if (guest.blank && !force) throw new TaskError('VM quit/powerdown failed - got timeout')
  if (guest.blank) task.log('VM still running - terminating now with SIGTERM')
  halt(call, guest)
}

function refuseSuspend(guest: Guest, call: Call): void {
  requireRunning(guest)
  if (!isSet(call, 'todisk')) return
  if (managedBy(call.sim.state, guest)) throw failure('Cannot suspend HA managed VM to disk')
  requireAll(call.sim, call.auth, `/vms/${guest.vmid}`, ['VM.Config.Disk'])
  if (Object.keys(guest.config).some((key) => /^hostpci\d+$/.test(key))) {
    throw failure(
      'cannot suspend VM to disk due to passed-through PCI device(s), which lack the possibility to save/restore their internal state',
    )
  }
  const storage = text(call, 'statestorage') ?? stateStorage(call, guest)
  requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
}

/** What keeps a machine's memory from being saved or moved. @throws TaskError */
export function requireSavable({config}: Guest): void {
  const blockers = ['amd-sev', 'intel-tdx'].filter((key) => config[key] !== undefined)
  if (Object.keys(config).some((key) => /^virtiofs\d$/.test(key))) blockers.push('virtiofs')
  if (blockers.length > 0)
    throw new TaskError(`Cannot live-migrate, snapshot (with RAM), or hibernate a VM with: ${blockers.join(', ')}`)
}

/** Holds a machine whose memory is to be saved. Where that fails, the lock stays, to tell of it. Fact: RunState.pm (vm_suspend). @throws TaskError */
function prepareSuspend(call: Call, guest: Guest, task: TaskHandle): Release {
  requireFree(call, guest, 'backup')
  if (!isSet(call, 'todisk')) return () => undefined
  if (guest.lock === 'backup') throw new TaskError('cannot suspend to disk during backup')
  requireSavable(guest)
  const date = new Date(call.sim.now() * 1000).toISOString().slice(0, 10)
  const storage = text(call, 'statestorage') ?? stateStorage(call, guest)
  Object.assign(guest.config, saveState(call, guest, `suspend-${date}`, storage, task))
  guest.lock = 'suspending'
  return (failed) => {
    if (failed !== undefined) dropState(call, guest)
  }
}

/** Pauses a machine, or ends it once its memory is saved; what is pending waits on. */
function suspend(call: Call, guest: Guest, task: TaskHandle): void {
  if (!isSet(call, 'todisk')) {
    guest.paused = true
    return
  }
  task.log('State saved, quitting')
  turnOff(guest)
  guest.lock = 'suspended'
}

function resume(call: Call, guest: Guest, task: TaskHandle): void {
  if (guest.lock === 'suspended') return start(call, guest, task)
  if (isTemplate(guest)) throw new TaskError(`VM ${guest.vmid} is a template and cannot be resumed!`)
  if (!guest.paused) return
  requireFree(call, guest, 'backup')
  Object.assign(guest, {paused: false, asleep: undefined})
}

const paused = 'VM is paused - cannot shutdown'

/** What can be done about a machine's power. Fact: qemu-server, PVE/API2/Qemu.pm, and seen on the real daemon. */
export const qemuActions: Record<string, Action> = {
  start: {
    task: 'start',
    rootOnly: [
      'stateuri',
      'skiplock',
      'migratedfrom',
      'migration_type',
      'migration_network',
      'targetstorage',
      'force-cpu',
      'with-conntrack-state',
      'nets-host-mtu',
    ],
    work: start,
  },
  stop: {
    task: 'stop',
    rootOnly: ['skiplock', 'keepActive', 'migratedfrom'],
    work: (call, guest) => {
      if (!guest.running) return
      requireFree(call, guest)
      halt(call, guest)
    },
  },
  shutdown: {
    task: 'shutdown',
    rootOnly: ['skiplock', 'keepActive'],
    refuse: (guest, call) => {
      if (guest.paused && !isSet(call, 'forceStop')) throw failure(paused)
    },
    work: (call, guest, task) => {
      if (!guest.running) return
      if (guest.paused) halt(call, guest)
      else powerDown(call, guest, task, isSet(call, 'forceStop'))
    },
  },
  reboot: {
    task: 'reboot',
    refuse: (guest) => {
      if (guest.paused) throw failure(paused)
      requireRunning(guest)
    },
    work: (call, guest, task) => {
      if (!guest.running) return
      powerDown(call, guest, task, false)
      boot(call, guest, task.log)
    },
  },
  reset: {
    task: 'reset',
    refuse: requireRunning,
    work: (call, guest) => requireFree(call, guest),
  },
  suspend: {
    task: 'pause',
    taskFor: (call) => (isSet(call, 'todisk') ? 'suspend' : 'pause'),
    refuse: refuseSuspend,
    begin: prepareSuspend,
    work: suspend,
  },
  resume: {
    task: 'resume',
    rootOnly: ['skiplock', 'nocheck'],
    refuse: (guest) => {
      if (guest.lock !== 'suspended') requireRunning(guest)
    },
    work: resume,
  },
}
