import {badParameter, failure} from '../../errors.js'
import {managedBy, serviceOf} from '../../ha/services.js'
import {required, text, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import {TaskError} from '../../tasks/runner.js'
import type {Guest, GuestType} from '../../state/model.js'
import {configFile, findGuest, lockOf} from '../../guests/access.js'
import {nodeName} from '../../calls/node.js'
import {containerActions, type Action} from './lxc-power.js'
import {qemuActions} from './qemu-power.js'

const actionsOf: Record<GuestType, Record<string, Action>> = {qemu: qemuActions, lxc: containerActions}

/** @throws ApiError 400 for a parameter that is not for this caller */
function checkRootOnly(call: Call, keys: string[]): void {
  if (call.auth === 'root@pam') return
  const key = keys.find((name) => !['', '0'].includes(text(call, name) ?? ''))
  if (key !== undefined) throw badParameter(key, 'Only root may use this option.')
}

const taskType = (type: GuestType, task: string): string => `${type === 'qemu' ? 'qm' : 'vz'}${task}`

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
    if (starts && call.sim.state.ha?.services[sid]?.state === 'error') {
      task.log(`service '${sid}' in error state, must be disabled and fixed first`)
      throw new TaskError(`command 'ha-manager set ${sid} --state started' failed: exit code 255`)
    }
    managedBy(call.sim.state, guest)!.state = wish
  })
}

/** The guest that a button is for. PVE only looks whether a container runs: one that there is not does not. @throws ApiError */
function guestOf(call: Call, type: GuestType, name: string): Guest {
  const vmid = required(call, 'vmid')
  const guest = call.sim.state.guests[vmid]
  const missing = guest?.type !== type || guest.node !== nodeName(call)
  if (type === 'lxc' && missing && ['stop', 'shutdown', 'suspend', 'reboot'].includes(name))
    throw failure(`${name === 'reboot' ? 'VM' : 'CT'} ${vmid} not running`)
  return findGuest(call, type)
}

/** What is done while nothing else is done to the guest. Facts: qemu-server, PVE/QemuServer.pm (vm_start, vm_stop, vm_reboot); pve-container, PVE/API2/LXC/Status.pm. */
const holding = new Set(['start', 'stop', 'shutdown', 'reboot'])

function power(type: GuestType, name: string): Handler {
  const action = actionsOf[type][name]!
  return (call) => {
    checkRootOnly(call, action.rootOnly ?? ['skiplock'])
    if (name === 'start' && !call.sim.state.guests[required(call, 'vmid')]) return startMissing(call, type)
    const guest = guestOf(call, type, name)
    action.refuse?.(guest, call)
    const wish = wishes[name]
    if (wish !== undefined && !call.byManager && managedBy(call.sim.state, guest))
      return requestPower(call, guest, wish)
    const {begin} = action
    return call.sim.tasks.start(
      {
        node: guest.node,
        type: taskType(type, action.taskFor?.(call) ?? action.task),
        id: guest.vmid,
        user: call.auth,
        ...(holding.has(name) && {locks: [lockOf(guest)]}),
        ...(begin && {begin: (task) => begin(call, guest, task)}),
      },
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
