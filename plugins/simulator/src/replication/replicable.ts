import {splitVolid, findStorage, isShared} from '../storage/volumes.js'
import {failure} from '../errors.js'
import type {State} from '../state/model.js'

/** Targets of a guest's replication jobs. */
export const replicationTargets = (state: State, vmid: number): string[] =>
  Object.entries(state.sections.replication ?? {})
    .filter(([id]) => id.split('-')[0] === String(vmid))
    .map(([, job]) => String(job.target))

/** A volume, or the storage where one is to be made, that neither is replicated nor needs to be. @throws ApiError 500 */
export function checkReplicable(state: State, volid: string): void {
  const storage = volid.startsWith('/') ? undefined : findStorage(state, splitVolid(volid).storage)
  if (!storage || (storage.type !== 'zfspool' && !isShared(storage)))
    throw failure('cannot add non-replicatable volume to a replicated VM')
}
