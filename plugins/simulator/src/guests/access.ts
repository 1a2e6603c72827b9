import {failure, forbidden} from '../errors.js'
import {required, text, type Call} from '../calls/call.js'
import {newGuest} from '../state/guest.js'
import type {Guest, GuestType} from '../state/model.js'
import {nodeName} from '../calls/node.js'
import {guestFile, type Wish} from '../tasks/locks.js'
import {TaskError} from '../tasks/runner.js'

const folders: Record<GuestType, string> = {qemu: 'qemu-server', lxc: 'lxc'}

/** Path of a guest's configuration file below /etc/pve. */
export const configFile = (type: GuestType, node: string, vmid: string | number): string =>
  `nodes/${node}/${folders[type]}/${vmid}.conf`

/** The guest that a path names, on that node and of that kind. @throws ApiError 500 when there is none */
export function findGuest(call: Call, type: GuestType): Guest {
  const vmid = Number(required(call, 'vmid'))
  const node = nodeName(call)
  const guest = call.sim.state.guests[vmid]
  if (!guest || guest.node !== node || guest.type !== type) {
    throw failure(`Configuration file '${configFile(type, node, vmid)}' does not exist`)
  }
  return guest
}

/** Refuses writes to a guest that a task holds. @throws ApiError 500 */
export function checkLock(guest: Guest): void {
  if (guest.lock !== undefined) throw failure(`${guest.type === 'qemu' ? 'VM' : 'CT'} is locked (${guest.lock})`)
}

/** Whether someone may make a guest with this id, or in this pool. @throws ApiError 403 */
export function checkCreate(call: Call, vmid: number, pool: string | undefined): void {
  if (pool !== undefined && !call.sim.state.pools[pool]) throw forbidden(`pool '${pool}' does not exist`)
  if (call.sim.permissions.has(call.auth, `/vms/${vmid}`, 'VM.Allocate')) return
  if (pool !== undefined && call.sim.permissions.has(call.auth, `/pool/${pool}`, 'VM.Allocate')) return
  throw forbidden()
}

/** A guest that is being created, as a call asks for it. */
export const emptyGuest = (call: Call, type: GuestType, vmid: number): Guest =>
  newGuest(vmid, type, nodeName(call), {lock: 'create', ...poolOf(call)})

/** The pool that a call puts a new guest into. */
export const poolOf = (call: Call): Pick<Guest, 'pool'> => {
  const pool = text(call, 'pool')
  return pool === undefined ? {} : {pool}
}

/** The lock of a guest's configuration file, by which writes and most tasks of a guest come one after another. */
export const lockOf = ({node, type, vmid}: Guest): Wish => ({node, file: guestFile(type, vmid)})

/** Does work while nobody else writes to a guest: at once where nobody does. @throws ApiError 500 where the lock is not had in time */
export async function underLock<T>(call: Call, guest: Guest, work: () => T | Promise<T>): Promise<T> {
  const giveBack = await call.sim.locks.take([lockOf(guest)])
  try {
    return await work()
  } finally {
    giveBack()
  }
}

/** Takes a guest's lock; what comes back gives it back. */
export function takeLock(guest: Guest, lock: string): () => void {
  guest.lock = lock
  return () => {
    if (guest.lock === lock) delete guest.lock
  }
}

/** Refuses work on a guest that another task holds; inside a task its error. */
export function taskLock(guest: Guest): void {
  if (guest.lock !== undefined) throw new TaskError(`${guest.type === 'qemu' ? 'VM' : 'CT'} is locked (${guest.lock})`)
}
