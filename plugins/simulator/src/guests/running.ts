import {ApiError, failure} from '../errors.js'
import {TaskError} from '../tasks/runner.js'
import type {Call} from '../calls/call.js'
import type {Guest} from '../state/model.js'
import {activateVolumes} from './activate.js'
import {applyPending} from './apply.js'
import {maxCpus} from './figures.js'
import {fitMemory} from './hotplug.js'
import {bootContainer, haltContainer} from './lxc-boot.js'

/** Starts a guest: what was pending becomes its configuration. */
export function boot(call: Call, guest: Guest, log: (line: string) => void = () => undefined): void {
  if (guest.type === 'lxc') return bootContainer(call, guest, log)
  Object.values(applyPending(call, guest)).forEach((problem) => log(problem.trimEnd()))
  activateVolumes(call, guest)
  const {cpus} = call.sim.state.nodes[guest.node]!
  if (maxCpus(guest) > cpus) throw failure(`MAX ${cpus} vcpus allowed per VM on this node`)
  fitMemory(guest)
  if (Number(guest.config.acpi ?? 1) === 0 && !/q35/.test(String(guest.config.machine ?? '')))
    unusedGlobals.forEach(log)
  turnOn(call, guest)
}

/** What QEMU says where a machine without ACPI is told to go without its sleep states. Seen on the real daemon. */
const unusedGlobals = ['disable_s3', 'disable_s4'].map(
  (name) => `qemu-system-x86_64: warning: global PIIX4_PM.${name}=1 not used`,
)

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

/** Stops a guest: what was pending becomes its configuration. */
export function halt(call: Call, guest: Guest): void {
  if (guest.type === 'lxc') return haltContainer(call, guest)
  turnOff(guest)
  applyPending(call, guest)
}

/** Makes a guest stop and leaves what is pending. */
export function turnOff(guest: Guest): void {
  Object.assign(guest, {running: false, paused: false, asleep: undefined, startTime: 0})
}
