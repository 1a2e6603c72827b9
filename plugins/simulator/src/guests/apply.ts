import {ApiError} from '../errors.js'
import type {Call} from '../calls/call.js'
import type {Guest, Scalar} from '../state/model.js'
import {freeVolume} from '../storage/volumes.js'
import {bootDevices, withoutDevice} from './boot.js'
import {isVolumeKey, volumeOf} from './drives.js'
import {isHarmless, plug} from './hotplug.js'

const isVolid = (volid: string): boolean => volid.includes(':') && !volid.startsWith('/')

/** Whether any snapshot, or the configuration itself, still names a volume. */
function inUse(guest: Guest, volid: string, except?: string): string | undefined {
  const inConfig = Object.entries(guest.config).find(
    ([key, value]) => key !== except && isVolumeKey(guest.type, key) && volumeOf(value) === volid,
  )
  if (inConfig) return inConfig[0]
  return inSnapshot(guest, volid) ? 'snapshot' : undefined
}

/** Whether a snapshot names a volume. */
export function inSnapshot(guest: Guest, volid: string): boolean {
  return Object.values(guest.snapshots).some(({config}) =>
    Object.entries(config).some(([key, value]) => isVolumeKey(guest.type, key) && volumeOf(value) === volid),
  )
}

/** Keeps a volume that lost its key as the first free `unusedN`. */
export function keepAsUnused(guest: Guest, volid: string): void {
  const known = Object.entries(guest.config).some(
    ([key, value]) => key.startsWith('unused') && volumeOf(value) === volid,
  )
  if (known || (inUse(guest, volid) !== undefined && inUse(guest, volid) !== 'snapshot')) return
  let index = 0
  while (guest.config[`unused${index}`] !== undefined) index++
  guest.config[`unused${index}`] = volid
}

/** Frees a volume for good. @throws ApiError 500 while a snapshot holds it */
export function destroyVolume(call: Call, guest: Guest, volid: string): void {
  if (inSnapshot(guest, volid))
    throw new ApiError(500, `unable to delete '${volid}' - volume is still in use (snapshot?)\n`)
  freeVolume(call.sim.state, volid, guest.node)
}

const isOwned = (guest: Guest, volid: string): boolean =>
  new RegExp(`(?:^|[:/])(?:vm|base|subvol|basevol)-${guest.vmid}-`).test(volid)

/** What becomes of the volume of a key that is removed or replaced. */
function release(call: Call, guest: Guest, key: string, old: Scalar, force: boolean): void {
  const volid = volumeOf(old)
  if (!isVolid(volid) || !isOwned(guest, volid)) return
  if (key.startsWith('unused') || force || /-cloudinit/.test(volid)) destroyVolume(call, guest, volid)
  else keepAsUnused(guest, volid)
}

/** Removes a key from the running configuration. */
export function removeKey(call: Call, guest: Guest, key: string, force: boolean): void {
  const old = guest.config[key]
  if (old === undefined) return
  if (isVolumeKey(guest.type, key)) {
    delete guest.config[key]
    try {
      release(call, guest, key, old, force)
    } catch (error) {
      guest.config[key] = old
      throw error
    }
  } else {
    delete guest.config[key]
  }
  if (guest.config.boot !== undefined && bootDevices(guest.config.boot).includes(key))
    guest.config.boot = withoutDevice(guest.config.boot, key)
}

/** Puts a value into the running configuration; the volume it replaces becomes unused. */
export function setKey(call: Call, guest: Guest, key: string, value: Scalar): void {
  const old = guest.config[key]
  if (key.startsWith('unused') && inUse(guest, volumeOf(value), key) !== undefined) return
  guest.config[key] = value
  if (!isVolumeKey(guest.type, key)) return
  const volid = volumeOf(value)
  for (const [name, other] of Object.entries(guest.config)) {
    if (name.startsWith('unused') && name !== key && volumeOf(other) === volid) delete guest.config[name]
  }
  if (old !== undefined && volumeOf(old) !== volid) release(call, guest, key, old, false)
}

/** Drops pending entries that change nothing, as PVE does before each write. */
export function tidyPending(guest: Guest): void {
  for (const [key, value] of Object.entries(guest.config)) if (value === '') guest.config[key] = ' '
  for (const [key, value] of Object.entries(guest.pending)) if (guest.config[key] === value) delete guest.pending[key]
  for (const key of Object.keys(guest.pendingDelete))
    if (guest.config[key] === undefined) delete guest.pendingDelete[key]
}

/** Applies pending changes: all of them when the machine is off (or `cold`), else those of the keys given that a running one takes. */
export function applyPending(
  call: Call,
  guest: Guest,
  cold = !guest.running,
  only?: ReadonlySet<string>,
): Record<string, string> {
  tidyPending(guest)
  const errors: Record<string, string> = {}
  const attempt = (key: string, value: Scalar | undefined, work: () => void): void => {
    if (!cold && only && !only.has(key) && !(value !== undefined && isHarmless(key))) return
    try {
      if (cold || plug(call, guest, key, value)) work()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      errors[key] = `${cold ? `unable to apply pending change ${key} :` : 'hotplug problem -'} ${error.message}`
    }
  }
  for (const key of Object.keys(guest.pendingDelete).sort()) {
    attempt(key, undefined, () => {
      removeKey(call, guest, key, guest.pendingDelete[key] === 2)
      delete guest.pendingDelete[key]
    })
  }
  const {pending} = guest
  for (const key of Object.keys(pending).sort()) {
    const value = pending[key]!
    attempt(key, value, () => {
      delete pending[key]
      setKey(call, guest, key, value)
    })
  }
  return errors
}

/** `update VM 101: -memory 777 -scsi1 local:1`: what the cluster log and the task show of a change. */
export function describeChange(vmid: number, options: Record<string, unknown>, removed: string[]): string {
  const shown = Object.entries(options)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `-${key} ${key === 'cipassword' ? '<hidden>' : String(value)}`)
  return [`update VM ${vmid}:`, ...shown, ...(removed.length > 0 ? [`-delete ${removed.join(',')}`] : [])].join(' ')
}
