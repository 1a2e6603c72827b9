import {ApiError, failure} from '../errors.js'
import type {Call} from '../calls/call.js'
import type {Guest, Scalar} from '../state/model.js'
import {freeVolume} from '../storage/volumes.js'
import {addUnused, dropUsed, inSnapshot, tidyPending} from './apply.js'
import {readParts, volumeOf} from './drives.js'
import {isBridge} from './lxc-check.js'
import {lxcNetValue, mountPoint, mountValue, readMount} from './lxc-values.js'

type Errors = Record<string, string>
type Log = (line: string) => void

/** Keys that a running container takes without doing anything about them. Fact: pve-container `LXC_FASTPLUG_OPTIONS`. */
const fastKeys = new Set([
  'description',
  'onboot',
  'startup',
  'protection',
  'hostname',
  'hookscript',
  'cores',
  'tags',
  'lock',
])

/** What the control groups are asked to change, by key. */
const limits: Record<string, string> = {
  memory: 'memory',
  swap: 'memory',
  cpulimit: 'cpu quota',
  cpuunits: 'cpu shares/weight',
}

/** A key that waits until the container has ended. */
class NotNow extends Error {}

const holdsVolume = (config: Record<string, Scalar>, volid: string): boolean =>
  Object.entries(config).some(([key, value]) => mountPoint.test(key) && volumeOf(value) === volid)

const isVolume = (volid: string): boolean => volid !== '' && !volid.startsWith('/')

/** Frees an unused volume that belongs to the container and that nothing else names. */
function freeUnused(call: Call, guest: Guest, value: Scalar, log: Log): void {
  const volid = volumeOf(value)
  if (holdsVolume(guest.config, volid) || holdsVolume(guest.pending, volid) || inSnapshot(guest, volid)) return
  if (new RegExp(`(?:^|[:/])(?:vm|base|subvol|basevol)-${guest.vmid}-`).test(volid))
    freeVolume(call.sim.state, volid, guest.node)
  else log(`ignore deletion of '${volid}', CT ${guest.vmid} isn't the owner`)
}

function lacks(call: Call, what: 'cgroups' | 'apparmor' | 'links'): boolean {
  return call.sim.state.world.lxcLacks?.includes(what) ?? false
}

function changeLimit(call: Call, key: string): void {
  if (lacks(call, 'cgroups')) throw failure(`trying to change ${limits[key]} cgroup values: container not running`)
}

function plugIn(call: Call): void {
  if (lacks(call, 'apparmor')) throw failure('failed to change apparmor profile: Invalid argument')
}

/** Applies a mount point: allocates what is new, keeps what it replaces as unused. */
function applyMount(call: Call, guest: Guest, key: string, value: string, log: Log): void {
  const old = guest.config[key]
  if (guest.running) plugIn(call)
  guest.config[key] = mountValue(call, guest, key, value, log)
  const before = old === undefined ? '' : volumeOf(old)
  if (isVolume(before)) addUnused(guest, before)
}

const replugged = ['hwaddr', 'name']

/** Changes a NIC of a running container: one with another name or address is unplugged first, and that is written. */
function plugNet(call: Call, guest: Guest, key: string, value: Scalar, written: () => void): void {
  const printed = lxcNetValue(call, key, value)
  const parts = readParts(call.sim, 'lxc', key, printed)!
  const veth = `veth${guest.vmid}i${key.slice(3)}`
  const old = guest.config[key]
  if (!isBridge(call, guest, parts.bridge)) throw failure(`bridge '${String(parts.bridge ?? '')}' does not exist`)
  const before = old === undefined ? undefined : readParts(call.sim, 'lxc', key, old)
  if (before && replugged.every((part) => before[part] === parts[part])) {
    guest.config[key] = printed
    return
  }
  if (before) {
    delete guest.config[key]
    written()
  }
  if (lacks(call, 'links')) {
    const command = before
      ? `/sbin/ip link add name ${veth} mtu 1500 type veth peer name ${veth}p mtu 1500 addr ${String(parts.hwaddr)}`
      : `/sbin/ip link set ${veth} up mtu 1500`
    const problem = before ? `can't create interface ${veth}` : `can't activate interface '${veth}'`
    throw failure(`${problem} - command '${command}' failed: exit code ${before ? 2 : 1}\n`)
  }
  guest.config[key] = printed
}

function unplug(call: Call, guest: Guest, key: string, log: Log): void {
  if (limits[key] !== undefined) changeLimit(call, key)
  else if (key.startsWith('unused')) freeUnused(call, guest, guest.config[key]!, log)
  else if (!fastKeys.has(key) && !/^net\d+$/.test(key)) throw new NotNow()
  delete guest.config[key]
}

function plug(call: Call, guest: Guest, key: string, value: Scalar, written: () => void): void {
  if (limits[key] !== undefined) changeLimit(call, key)
  else if (/^net\d+$/.test(key)) return plugNet(call, guest, key, value, written)
  else if (/^mp\d+$/.test(key)) {
    if (guest.config[key] !== undefined) throw new NotNow()
    return applyMount(call, guest, key, String(value), () => undefined)
  } else if (/^dev\d+$/.test(key)) {
    if (guest.config[key] !== undefined) throw new NotNow()
    plugIn(call)
  } else throw new NotNow()
  guest.config[key] = value
}

/** Runs the work on a key; a problem becomes the key's error. Returns whether it was done. */
function attempt(errors: Errors, key: string, head: string, work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (error instanceof NotNow) return false
    if (!(error instanceof ApiError)) throw error
    errors[key] = `${head} ${key}${head.endsWith('hotplug') ? ':' : ' :'} ${error.message}`
    return false
  }
}

/** Applies the pending changes of the keys given that a running container takes. `written` is called where PVE writes the file meanwhile. */
export function hotplugContainer(call: Call, guest: Guest, only: ReadonlySet<string>, written: () => void): Errors {
  const errors: Errors = {}
  const chosen = (entries: object): string[] =>
    Object.keys(entries)
      .filter((key) => only.has(key))
      .sort()
  for (const key of chosen(guest.pending).filter((name) => fastKeys.has(name))) {
    guest.config[key] = guest.pending[key]!
    delete guest.pending[key]
  }
  for (const key of chosen(guest.pendingDelete))
    if (attempt(errors, key, 'unable to hotplug', () => unplug(call, guest, key, () => undefined)))
      delete guest.pendingDelete[key]
  for (const key of chosen(guest.pending))
    if (attempt(errors, key, 'unable to hotplug', () => plug(call, guest, key, guest.pending[key]!, written)))
      delete guest.pending[key]
  return errors
}

function removeCold(call: Call, guest: Guest, key: string, log: Log): void {
  const value = guest.config[key]
  if (value !== undefined && /^mp\d+$/.test(key)) {
    const volid = String(readMount(call, key, value).volume ?? '')
    if (isVolume(volid)) addUnused(guest, volid)
  } else if (value !== undefined && key.startsWith('unused')) freeUnused(call, guest, value, log)
  delete guest.config[key]
}

/** Applies the pending changes of a container that does not run: all, or those of the keys given. Fact: `vmconfig_apply_pending`. */
export function applyContainer(call: Call, guest: Guest, log: Log, only?: ReadonlySet<string>): Errors {
  const errors: Errors = {}
  const head = 'unable to apply pending change'
  const chosen = (entries: object): string[] =>
    Object.keys(entries)
      .filter((key) => only?.has(key) ?? true)
      .sort()
  for (const key of chosen(guest.pendingDelete))
    if (attempt(errors, key, head, () => removeCold(call, guest, key, log))) delete guest.pendingDelete[key]
  tidyPending(guest)
  for (const key of chosen(guest.pending)) {
    const value = guest.pending[key]!
    const done = attempt(errors, key, head, () => {
      if (/^mp\d+$/.test(key)) applyMount(call, guest, key, String(value), log)
      else guest.config[key] = /^net\d+$/.test(key) ? lxcNetValue(call, key, value) : value
    })
    if (done) delete guest.pending[key]
  }
  dropUsed(guest)
  return errors
}
