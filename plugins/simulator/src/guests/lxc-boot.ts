import {failure} from '../errors.js'
import type {Call} from '../calls/call.js'
import type {Guest} from '../state/model.js'
import {findStorage, findVolume, splitVolid} from '../storage/volumes.js'
import {TaskError} from '../tasks/runner.js'
import {applyContainer} from './lxc-apply.js'
import {writeLxcFile} from './lxc-check.js'
import {mountsOf} from './lxc-values.js'

type Log = (line: string) => void

const lacks = (call: Call, what: 'monitor' | 'restart'): boolean =>
  call.sim.state.world.lxcLacks?.includes(what) ?? false

/** Refuses to start a container whose volumes are not there. @throws ApiError 500 */
function activateVolumes(call: Call, guest: Guest): void {
  for (const [, parts] of mountsOf(call, guest.config)) {
    const volid = String(parts.volume)
    if (volid.startsWith('/')) continue
    findStorage(call.sim.state, splitVolid(volid).storage)
    if (!findVolume(call.sim.state, volid, guest.node)) throw failure(`volume '${volid}' does not exist`)
  }
}

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

/** Stops a container; what is pending waits for its next start. */
export function haltContainer(guest: Guest): void {
  guest.running = false
  guest.startTime = 0
}
