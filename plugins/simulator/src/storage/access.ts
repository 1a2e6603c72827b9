import {requireAll, requireAny} from '../access/checks.js'
import {failure} from '../errors.js'
import type {Call} from '../calls/call.js'
import {parseName, type VolumeName} from './names.js'
import {findStorage, splitVolid} from './volumes.js'

/** Who passes a path of the host itself, without being root. */
export const onlyRootPaths =
  'Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line 651.'

/** Whether a text is a volume id, not a path. */
export const isVolid = (volume: string): boolean => /^[a-z][a-z0-9\-_.]*[a-z0-9]:.+$/i.test(volume)

/**
 * Whether the caller may read a volume, for a guest of his where one is given, and whether it is of the type that is needed.
 * Fact: pve-storage, check_volume_access.
 * @throws ApiError 500 for names that cannot be read and volumes of another type, 403 without the right
 */
export function checkVolumeAccess(
  call: Call,
  volid: string,
  {vmid, type}: {vmid?: number; type?: string} = {},
): VolumeName | undefined {
  if (!isVolid(volid)) {
    if (call.auth !== 'root@pam') throw failure(onlyRootPaths)
    return undefined
  }
  const {storage, name} = splitVolid(volid)
  const volume = parseName(findStorage(call.sim.state, storage), name)
  const fits = volume.content === type || (type === 'rootdir' && volume.content === 'images')
  if (type !== undefined && !fits) throw failure(`unable to use volume ${volid} - content type needs to be '${type}'`)
  checkRight(call, storage, volid, volume, vmid)
  return volume
}

function checkRight(call: Call, storage: string, volid: string, volume: VolumeName, vmid: number | undefined): void {
  const path = `/storage/${storage}`
  const {content, vmid: owner} = volume
  if (call.sim.permissions.has(call.auth, path, 'Datastore.Allocate')) return
  if (['iso', 'vztmpl', 'import'].includes(content)) {
    requireAny(call.sim, call.auth, path, ['Datastore.AllocateSpace', 'Datastore.Audit'])
  } else if (owner !== undefined && owner === vmid) {
    return
  } else if (content === 'backup' && owner !== undefined) {
    requireAll(call.sim, call.auth, path, ['Datastore.AllocateSpace'])
    requireAll(call.sim, call.auth, `/vms/${owner}`, ['VM.Backup'])
  } else if (content === 'images' && owner !== undefined) {
    requireAll(call.sim, call.auth, path, ['Datastore.Audit'])
    requireAll(call.sim, call.auth, `/vms/${owner}`, ['VM.Config.Disk'])
  } else {
    throw failure(`missing privileges to access ${volid}`)
  }
}
