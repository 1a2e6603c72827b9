import type {Call} from '../calls/call.js'
import type {Guest} from '../state/model.js'
import {TaskError} from '../tasks/runner.js'
import {activateVolumes} from './activate.js'
import {applyContainer} from './lxc-apply.js'
import {writeLxcFile} from './lxc-check.js'

type Log = (line: string) => void

const lacks = (call: Call, what: 'monitor' | 'restart'): boolean =>
  call.sim.state.world.lxcLacks?.includes(what) ?? false

/** Starts a container: what was pending becomes its configuration. @throws ApiError, TaskError */
export function bootContainer(call: Call, guest: Guest, log: Log): void {
  const errors = applyContainer(call, guest, log)
  Object.values(errors).forEach((text) => log(text.trimEnd()))
  writeLxcFile(call, guest)
  activateVolumes(call, guest)
  if (lacks(call, 'monitor')) log('failed to connect to monitor socket: Connection refused')
  if (lacks(call, 'restart') && guest.pid !== 0)
    throw new TaskError(`unable to get PID for CT ${guest.vmid} (not running?)`)
  guest.running = true
  guest.paused = false
  guest.startTime = call.sim.now()
  guest.pid = 1000 + call.sim.random.below(400_000)
}

/** Stops a container: what was pending becomes its configuration, which nobody is told the problems of. Fact: pve-container, lxc-pve-poststop-hook. */
export function haltContainer(call: Call, guest: Guest): void {
  turnContainerOff(guest)
  applyContainer(call, guest, () => undefined)
  writeLxcFile(call, guest)
}

/** Makes a container stop and leaves what is pending. */
export function turnContainerOff(guest: Guest): void {
  guest.running = false
  guest.startTime = 0
}
