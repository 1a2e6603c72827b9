import {ApiError} from '../errors.js'
import {TaskError} from '../tasks/runner.js'
import type {Call} from '../calls/call.js'
import type {Guest} from '../state/model.js'
import {applyPending} from './apply.js'
import {bootContainer, haltContainer} from './lxc-boot.js'

/** Starts a guest: what was pending becomes its configuration. */
export function boot(call: Call, guest: Guest, log: (line: string) => void = () => undefined): void {
  if (guest.type === 'lxc') return bootContainer(call, guest, log)
  applyPending(call, guest, true)
  turnOn(call, guest)
}

/** Starts a guest as its node comes up: one that cannot start stays stopped, and holds up no other. */
export function bootWithNode(call: Call, guest: Guest): void {
  try {
    boot(call, guest)
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof TaskError)) throw error
  }
}

/** Makes a guest run with the configuration it has. */
export function turnOn(call: Call, guest: Guest): void {
  if (call.sim.state.world.installs) delete guest.blank
  Object.assign(guest, {running: true, paused: false, asleep: undefined, startTime: call.sim.now()})
  guest.pid = 1000 + call.sim.random.below(400_000)
}

/** Stops a guest: what was pending for a machine becomes its configuration. */
export function halt(call: Call, guest: Guest): void {
  if (guest.type === 'lxc') return haltContainer(guest)
  turnOff(guest)
  applyPending(call, guest, true)
}

/** Makes a guest stop and leaves what is pending. */
export function turnOff(guest: Guest): void {
  Object.assign(guest, {running: false, paused: false, asleep: undefined, startTime: 0})
}
