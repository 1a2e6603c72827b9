import {ApiError, failure} from '../errors.js'
import type {Call} from '../calls/call.js'
import type {Config, Guest, Scalar} from '../state/model.js'
import {freeVolume, splitVolid} from '../storage/volumes.js'
import {isCdrom, isVolumeKey, qemuDrive, volumeOf} from './drives.js'
import {hotplugFeatures, isHarmless, plug} from './hotplug.js'

const isVolid = (volid: string): boolean => volid.includes(':') && !volid.startsWith('/')

const names = (guest: Guest, config: Config, volid: string, except?: string): boolean =>
  Object.entries(config).some(
    ([key, value]) =>
      key !== except && !key.startsWith('unused') && isVolumeKey(guest.type, key) && volumeOf(value) === volid,
  )

/** Whether a snapshot names a volume. */
export function inSnapshot(guest: Guest, volid: string): boolean {
  return Object.values(guest.snapshots).some(({config}) => names(guest, config, volid))
}

/** Keeps a volume as the first free `unusedN`; one that is kept already stays. Fact: pve-guest-common, PVE/AbstractConfig.pm (add_unused_volume). */
export function addUnused(guest: Guest, volid: string): string | undefined {
  const kept = Object.entries(guest.config).some(
    ([key, value]) => key.startsWith('unused') && volumeOf(value) === volid,
  )
  if (kept) return undefined
  let index = 0
  while (guest.config[`unused${index}`] !== undefined) index++
  guest.config[`unused${index}`] = volid
  return `unused${index}`
}

/**
 * Volumes that something names are not unused, which every write of the file sees to; of a machine what is pending counts, too.
 * Facts: qemu-server, PVE/QemuServer.pm (write_vm_config); pve-container, PVE/LXC/Config.pm (write_pct_config).
 */
export function dropUsed(guest: Guest): void {
  const configs = guest.type === 'qemu' ? [guest.config, guest.pending] : [guest.config]
  for (const [key, value] of Object.entries(guest.config))
    if (key.startsWith('unused') && configs.some((config) => names(guest, config, volumeOf(value))))
      delete guest.config[key]
}

/** Frees a volume for good. @throws ApiError 500 while a snapshot, or another key than the one given, names it */
export function destroyVolume(call: Call, guest: Guest, volid: string, key?: string): void {
  if (inSnapshot(guest, volid) || (key !== undefined && names(guest, guest.config, volid, key)))
    throw failure(`unable to delete '${volid}' - volume is still in use (snapshot?)`)
  freeVolume(call.sim.state, volid, guest.node)
}

const isOwned = (guest: Guest, volid: string): boolean =>
  new RegExp(`(?:^|[:/])(?:vm|base|subvol|basevol)-${guest.vmid}-`).test(volid)

const isSeed = (volid: string): boolean => /[:/](?:vm-\d+-)?cloudinit(?:\.\w+)?$/.test(volid)

/** What becomes of the volume of a drive that a machine no longer has. Fact: PVE/QemuServer.pm (vmconfig_register_unused_drive). */
export function registerUnused(call: Call, guest: Guest, drive: Scalar): void {
  const volid = volumeOf(drive)
  if (isSeed(volid)) {
    freeVolume(call.sim.state, volid, guest.node)
    delete guest.cloudinit
  } else if (isVolid(volid) && !isCdrom(drive) && isOwned(guest, volid)) {
    if (call.sim.state.storages[splitVolid(volid).storage]) addUnused(guest, volid)
  }
}

/** Takes a drive out of a machine; with `force` its volume goes, too. Fact: PVE/QemuServer.pm (vmconfig_delete_or_detach_drive). @throws ApiError */
function detach(call: Call, guest: Guest, key: string, force: boolean): void {
  const drive = guest.config[key]!
  const volid = volumeOf(drive)
  if (!force) registerUnused(call, guest, drive)
  else if (isVolid(volid) && isOwned(guest, volid) && (isSeed(volid) || !isCdrom(drive)))
    destroyVolume(call, guest, volid, key)
}

/** Drops pending entries that change nothing, as PVE does before each write. Fact: PVE/AbstractConfig.pm (cleanup_pending). */
export function tidyPending(guest: Guest): void {
  for (const [key, value] of Object.entries(guest.config)) if (value === '') guest.config[key] = ' '
  for (const [key, value] of Object.entries(guest.pending)) if (guest.config[key] === value) delete guest.pending[key]
  for (const key of Object.keys(guest.pendingDelete))
    if (guest.config[key] === undefined) delete guest.pendingDelete[key]
}

type Errors = Record<string, string>

/** Runs the work on a key; a problem becomes the key's error. */
function attempt(errors: Errors, key: string, head: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    errors[key] = `${head} ${error.message}`
  }
}

/** Applies all pending changes of a machine that is off. Fact: PVE/QemuServer.pm (vmconfig_apply_pending). */
export function applyPending(call: Call, guest: Guest): Errors {
  const errors: Errors = {}
  const head = (key: string): string => `unable to apply pending change ${key} :`
  for (const key of Object.keys(guest.pendingDelete).sort())
    attempt(errors, key, head(key), () => {
      if (guest.config[key] !== undefined && qemuDrive.test(key))
        detach(call, guest, key, guest.pendingDelete[key] === 2)
      delete guest.config[key]
      delete guest.pendingDelete[key]
    })
  tidyPending(guest)
  for (const key of Object.keys(guest.pending).sort())
    attempt(errors, key, head(key), () => {
      if (guest.config[key] !== undefined && qemuDrive.test(key)) registerUnused(call, guest, guest.config[key])
      guest.config[key] = guest.pending[key]!
      delete guest.pending[key]
    })
  dropUsed(guest)
  return errors
}

/** Has a running machine take what it can of the pending changes of the keys given. Fact: PVE/QemuServer.pm (vmconfig_hotplug_pending). */
export function hotplugPending(call: Call, guest: Guest, only: ReadonlySet<string>): Errors {
  const errors: Errors = {}
  // What the setting was before the call decides about all that the call changes.
  const allows = hotplugFeatures(guest.config.hotplug)
  const take = (key: string, value: Scalar): void => {
    guest.config[key] = value
    delete guest.pending[key]
  }
  for (const key of Object.keys(guest.pending).filter(isHarmless)) take(key, guest.pending[key]!)
  for (const key of Object.keys(guest.pendingDelete)
    .filter((name) => only.has(name))
    .sort())
    attempt(errors, key, 'hotplug problem -', () => {
      if (plug(call, guest, key, undefined, allows) === false) return
      if (qemuDrive.test(key)) detach(call, guest, key, guest.pendingDelete[key] === 2)
      delete guest.config[key]
      delete guest.pendingDelete[key]
    })
  const chosen = Object.keys(guest.pending).filter((name) => only.has(name))
  const seedsLast = (key: string): number => (isSeed(volumeOf(guest.pending[key]!)) ? 1 : 0)
  for (const key of chosen.sort().sort((a, b) => seedsLast(a) - seedsLast(b)))
    attempt(errors, key, 'hotplug problem -', () => {
      const value = guest.pending[key]!
      const taken = plug(call, guest, key, value, allows)
      if (taken === false) return
      const old = guest.config[key]
      if (old !== undefined && qemuDrive.test(key) && isLetGo(old, value)) registerUnused(call, guest, old)
      take(key, taken === true ? value : taken)
    })
  dropUsed(guest)
  return errors
}

/** Whether the volume of a drive is out of it with its new value; a medium that is put into a CD-ROM drive leaves nothing behind. */
const isLetGo = (old: Scalar, value: Scalar): boolean =>
  isCdrom(old) ? volumeOf(value) === 'none' : volumeOf(old) !== volumeOf(value)

/** `update VM 101: -memory 777 -scsi1 local:1`: what the cluster log and the task show of a change. */
export function describeChange(vmid: number, options: Record<string, unknown>, removed: string[]): string {
  const shown = Object.entries(options)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `-${key} ${key === 'cipassword' ? '<hidden>' : String(value)}`)
  return [`update VM ${vmid}:`, ...shown, ...(removed.length > 0 ? [`-delete ${removed.join(',')}`] : [])].join(' ')
}
