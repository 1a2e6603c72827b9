import {failure} from '../../errors.js'
import {isSet, text, type Call} from '../../calls/call.js'
import {sectionsOf} from '../../calls/sections.js'

const file = 'sdn/lock'

/** Refuses a change while somebody holds the lock of the SDN configuration and the call does not name its token. @throws ApiError 500 */
export function checkToken(call: Call, prefix: string): void {
  const [held] = Object.keys(sectionsOf(call, file))
  if (held !== undefined && held !== text(call, 'lock-token'))
    throw failure(`${prefix}invalid lock token provided! at /usr/share/perl5/PVE/Network/SDN.pm line 305.`)
}

/** Takes the lock and returns its token. */
export function takeLock(call: Call): string {
  const token = call.sim.random.uuid()
  call.sim.state.sections[file] = {[token]: {}}
  return token
}

export function releaseLock(call: Call): void {
  call.sim.state.sections[file] = {}
}

/** Releases the lock where the call asks for it; the schema's default is not applied to what was not sent. */
export function releaseAsAsked(call: Call): void {
  if (text(call, 'lock-token') !== undefined && isSet(call, 'release-lock')) releaseLock(call)
}
