import {failure} from '../errors.js'
import type {Call} from '../calls/call.js'
import type {Guest} from '../state/model.js'
import {parseName} from '../storage/names.js'
import {findStorage, findVolume, splitVolid} from '../storage/volumes.js'
import {volumesIn} from './drives.js'

/** Refuses to start a guest of whose volumes one is not there. @throws ApiError 500 */
export function activateVolumes(call: Call, guest: Guest): void {
  for (const [key, volid] of volumesIn(guest.type, guest.config)) {
    if (key.startsWith('unused')) continue
    const {storage, name} = splitVolid(volid)
    parseName(findStorage(call.sim.state, storage), name)
    if (!findVolume(call.sim.state, volid, guest.node)) throw failure(`volume '${volid}' does not exist`)
  }
}
