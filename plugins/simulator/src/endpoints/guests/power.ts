import {badParameter, failure} from '../../errors.js'
import {managedBy, serviceOf} from '../../ha/services.js'
import {applyPending} from '../../guests/apply.js'
import {isSet, required, type Call, type Endpoints, type Handler} from '../../simulation.js'
import {TaskError} from '../../tasks/runner.js'
import type {Guest, GuestType} from '../../state/model.js'
import {configFile, findGuest, nodeName} from './guest-access.js'
import {bootContainer, containerActions, haltContainer, type Action} from './lxc-power.js'

/** Starts a guest: what was pending becomes its configuration. */
export function boot(call: Call, guest: Guest, log: (line: string) => void = () => undefined): void {
  if (guest.type === 'lxc') return bootContainer(call, guest, log)
  applyPending(call, guest, true)
  guest.running = true
  guest.paused = false
  guest.startTime = call.sim.now()
  guest.pid = 1000 + call.sim.random.below(400_000)
}

/** Stops a guest: what was pending for a machine becomes its configuration. */
export function halt(call: Call, guest: Guest): void {
  if (guest.type === 'lxc') return haltContainer(guest)
  guest.running = false
  guest.paused = false
  guest.startTime = 0
  applyPending(call, guest, true)
}

const requireActive = (guest: Guest): void => {
  if (!guest.running) throw failure(`VM ${guest.vmid} not running`)
}

const isTemplate = (guest: Guest): boolean => Number(guest.config.template ?? 0) === 1

const machineActions: Record<string, Action> = {
  start: {
    task: 'start',
    work: (call, guest) => {
      if (guest.lock === 'suspended') {
        delete guest.lock
        Object.assign(guest, {running: true, startTime: call.sim.now()})
        return
      }
      if (!isSet(call, 'skiplock') && guest.lock !== undefined) {
        throw new TaskError(`VM is locked (${guest.lock})`)
      }
      if (isTemplate(guest)) throw new TaskError(`you can't start a vm if it's a template`)
      if (guest.running) throw new TaskError(`VM ${guest.vmid} already running`)
      boot(call, guest)
    },
  },
  stop: {task: 'stop', work: (call, guest) => halt(call, guest)},
  shutdown: {
    task: 'shutdown',
    refuse: (guest) => {
      if (guest.paused) throw failure('VM is paused - cannot shutdown')
    },
    work: (call, guest) => {
      if (guest.running) halt(call, guest)
    },
  },
  reboot: {
    task: 'reboot',
    refuse: requireActive,
    work: (call, guest) => {
      halt(call, guest)
      boot(call, guest)
    },
  },
  reset: {task: 'reset', refuse: requireActive, work: () => undefined},
  suspend: {
    task: 'pause',
    taskFor: (call) => (isSet(call, 'todisk') ? 'suspend' : 'pause'),
    refuse: requireActive,
    work: (call, guest) => {
      if (!isSet(call, 'todisk')) {
        guest.paused = true
        return
      }
      // What was pending waits on: the machine goes on from where it was.
      guest.running = false
      guest.lock = 'suspended'
    },
  },
  resume: {
    task: 'resume',
    refuse: requireActive,
    work: (_call, guest) => {
      guest.paused = false
    },
  },
}

function taskType(type: GuestType, task: string): string {
  if (type === 'qemu') return `qm${task}`
  return `vz${task === 'pause' ? 'suspend' : task}`
}

/** PVE begins a start before it looks for the guest: the task fails. */
function startMissing(call: Call, type: GuestType): string {
  const vmid = required(call, 'vmid')
  return call.sim.tasks.start({node: nodeName(call), type: taskType(type, 'start'), id: vmid, user: call.auth}, () => {
    throw new TaskError(`Configuration file '${configFile(type, nodeName(call), vmid)}' does not exist`)
  })
}

/** What is asked of the HA manager instead of the guest. */
const wishes: Record<string, 'started' | 'stopped'> = {start: 'started', stop: 'stopped', shutdown: 'stopped'}

function requestPower(call: Call, guest: Guest, wish: 'started' | 'stopped'): string {
  const starts = wish === 'started'
  const request = {node: guest.node, type: starts ? 'hastart' : 'hastop', id: guest.vmid, user: call.auth}
  return call.sim.tasks.start(request, (task) => {
    const sid = serviceOf(guest)
    task.log(`Requesting HA ${starts ? 'start' : 'stop'} for ${guest.type === 'qemu' ? 'VM' : 'CT'} ${guest.vmid}`)
    if (starts && call.state.ha?.services[sid]?.state === 'error') {
      task.log(`service '${sid}' in error state, must be disabled and fixed first`)
      throw new TaskError(`command 'ha-manager set ${sid} --state started' failed: exit code 255`)
    }
    managedBy(call.state, guest)!.state = wish
  })
}

/** The guest that a button is for. PVE only looks whether a container runs: one that there is not does not. @throws ApiError */
function guestOf(call: Call, type: GuestType, name: string): Guest {
  const vmid = required(call, 'vmid')
  const guest = call.state.guests[vmid]
  const missing = guest?.type !== type || guest.node !== nodeName(call)
  if (type === 'lxc' && missing && ['stop', 'shutdown', 'suspend', 'reboot'].includes(name))
    throw failure(`${name === 'reboot' ? 'VM' : 'CT'} ${vmid} not running`)
  return findGuest(call, type)
}

function power(type: GuestType, name: string): Handler {
  const action = (type === 'qemu' ? machineActions : containerActions)[name]!
  return (call) => {
    if (isSet(call, 'skiplock') && call.auth !== 'root@pam')
      throw badParameter('skiplock', 'Only root may use this option.')
    if (name === 'start' && !call.state.guests[required(call, 'vmid')]) return startMissing(call, type)
    const guest = guestOf(call, type, name)
    action.refuse?.(guest, call)
    const wish = wishes[name]
    if (wish !== undefined && !call.byManager && managedBy(call.state, guest)) return requestPower(call, guest, wish)
    return call.sim.tasks.start(
      {node: guest.node, type: taskType(type, action.taskFor?.(call) ?? action.task), id: guest.vmid, user: call.auth},
      (task) => action.work(call, guest, task),
    )
  }
}

function forType(type: GuestType, names: string[]): Endpoints {
  return Object.fromEntries(
    names.map((name) => [`POST /nodes/{node}/${type}/{vmid}/status/${name}`, power(type, name)]),
  )
}

export const powerEndpoints: Endpoints = {
  ...forType('qemu', ['start', 'stop', 'shutdown', 'reboot', 'reset', 'suspend', 'resume']),
  ...forType('lxc', ['start', 'stop', 'shutdown', 'reboot', 'suspend', 'resume']),
}
