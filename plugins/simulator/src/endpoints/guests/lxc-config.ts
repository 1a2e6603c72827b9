import {requireAll} from '../../access/checks.js'
import {ApiError, badParameter, failure, forbidden} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {applyPending} from '../../guests/apply.js'
import {configSchema, isVolumeKey, readParts} from '../../guests/drives.js'
import {checkMountAccess, lxcNetValue, lxcValue, mountPoint, mountValue} from '../../guests/lxc-values.js'
import {onlyRootPaths} from '../../guests/qemu-values.js'
import {callParameters, privilegeFor} from '../../guests/rules.js'
import {isSet, required, text, type Call, type Endpoints} from '../../simulation.js'
import {guestDigest} from '../../state/digest.js'
import type {Guest} from '../../state/model.js'
import {findStorage, findVolume, splitVolid, volumePath} from '../../storage/volumes.js'
import {boot} from './power.js'
import {checkDigest, checkLock, findGuest, nodeName} from './guest-access.js'
import {checkCreate, emptyGuest} from './qemu-config.js'

type Options = Record<string, unknown>

const optionsOf = (call: Call): Options =>
  Object.fromEntries(Object.entries(call.param).filter(([key]) => !callParameters.has(key)))

/** What only root@pam itself may set. @throws ApiError 403 */
function checkRootOnly(call: Call, options: Options): void {
  if (call.auth === 'root@pam') return
  for (const [key, value] of Object.entries(options)) {
    if (/^dev\d+$/.test(key)) throw forbidden('configuring device passthrough is only allowed for root@pam')
    if (key === 'hookscript') throw forbidden('changing the hookscript is only allowed for root@pam')
    if (key !== 'features') continue
    const parts = readParts(call.sim, 'lxc', key, String(value)) ?? {}
    if (Object.keys(parts).some((flag) => flag !== 'nesting')) {
      throw forbidden('changing feature flags (except nesting) is only allowed for root@pam')
    }
  }
}

function checkPrivileges(call: Call, vmid: number, keys: string[], pool?: string): void {
  if (call.auth === 'root@pam') return
  for (const key of keys) {
    if (['unprivileged', 'hookscript'].includes(key)) continue
    const privilege = privilegeFor('lxc', key)
    if (pool !== undefined && call.sim.permissions.has(call.auth, `/pool/${pool}`, privilege)) continue
    requireAll(call.sim, call.auth, `/vms/${vmid}`, [privilege])
  }
}

function checkHookscript(call: Call, options: Options): void {
  const script = options.hookscript
  if (script === undefined) return
  if (!findVolume(call.state, String(script), nodeName(call)))
    throw badParameter('hookscript', `script '${String(script)}' does not exist\n`)
}

/** Bridges are checked for all but root@pam, and so a NIC without one fails. @throws ApiError */
function checkBridges(call: Call, options: Options): void {
  if (call.auth === 'root@pam') return
  for (const [key, value] of Object.entries(options)) {
    if (/^net\d+$/.test(key) && readParts(call.sim, 'lxc', key, String(value))?.bridge === undefined)
      throw failure(`bridge '' does not exist`)
    if (/^(?:rootfs|unused\d+)$/.test(key) && !/^(?:volume=)?[a-z][\w.-]*:/i.test(String(value)))
      throw failure(onlyRootPaths)
  }
}

const fixedKeys = new Set(['unprivileged'])
const neverRemoved = new Set(['rootfs', 'memory', 'ostype'])

function checkProtection(guest: Guest, key: string): void {
  if (Number(guest.config.protection ?? 0) !== 1 || !isVolumeKey('lxc', key)) return
  throw failure(`can't update CT ${guest.vmid} drive '${key}' - protection mode enabled`)
}

/** A NIC of a running container is completed at once, that of a stopped one when it starts. */
function netValue(call: Call, guest: Guest, key: string, value: unknown): string {
  return guest.running ? lxcNetValue(call, key, String(value)) : String(value)
}

function update(call: Call): unknown {
  const options = optionsOf(call)
  const removed = splitList(text(call, 'delete') ?? '')
  const reverted = splitList(text(call, 'revert') ?? '')
  if (Object.keys(options).length + removed.length + reverted.length === 0) throw failure('no options specified')
  const schema = configSchema(call.sim, 'lxc')
  for (const key of removed) {
    if (schema[key] === undefined || callParameters.has(key)) throw badParameter('delete', `unknown option '${key}'`)
    if (options[key] !== undefined)
      throw badParameter('delete', `you can't use '-${key}' and -delete ${key}' at the same time`)
  }
  for (const key of reverted) if (schema[key] === undefined) throw badParameter('revert', `unknown option '${key}'`)
  const guest = findGuest(call, 'lxc')
  checkRootOnly(call, options)
  for (const [key, value] of Object.entries(options))
    if (/^mp\d+$/.test(key)) checkMountAccess(call, key, String(value))
  checkHookscript(call, options)
  checkBridges(call, options)
  checkPrivileges(call, guest.vmid, [...Object.keys(options), ...removed])
  checkDigest(call, guestDigest(guest), 'detected modified configuration - file changed by other user? Try again.')
  checkLock(guest)
  const fixed = [...Object.keys(options), ...removed].find((key) => fixedKeys.has(key))
  if (fixed !== undefined)
    throw failure(`unable to ${options[fixed] === undefined ? 'delete' : 'modify'} read-only option: '${fixed}'`)
  const needed = removed.find((key) => neverRemoved.has(key))
  if (needed !== undefined) throw failure(`unable to delete required option '${needed}'`)
  const keys = [...Object.keys(options), ...removed]
  keys.forEach((key) => checkProtection(guest, key))
  call.sim.tasks.clusterLog(guest.node, call.auth, describe(guest.vmid, options, removed))
  write(call, guest, options, removed, reverted)
  return null
}

function describe(vmid: number, options: Options, removed: string[]): string {
  const shown = Object.entries(options).map(([key, value]) => `-${key} ${String(value)}`)
  return [`update CT ${vmid}:`, ...shown.sort(), ...(removed.length > 0 ? [`-delete ${removed.join(',')}`] : [])].join(
    ' ',
  )
}

function write(call: Call, guest: Guest, options: Options, removed: string[], reverted: string[]): void {
  for (const key of reverted) {
    delete guest.pending[key]
    delete guest.pendingDelete[key]
  }
  for (const key of removed) {
    delete guest.pending[key]
    if (guest.config[key] !== undefined) guest.pendingDelete[key] = isSet(call, 'force') ? 2 : 1
  }
  for (const [key, value] of Object.entries(options)) {
    if (key === 'lock') {
      guest.lock = String(value)
      continue
    }
    delete guest.pendingDelete[key]
    if (/^mp\d+$/.test(key)) guest.pending[key] = mountValue(call, guest, key, String(value), () => undefined)
    else if (key === 'rootfs' || key.startsWith('unused')) guest.pending[key] = String(value)
    else if (/^net\d+$/.test(key)) guest.pending[key] = netValue(call, guest, key, value)
    else guest.pending[key] = lxcValue(call, key, value)
    if (key === 'description' && guest.pending[key] === '') {
      delete guest.pending[key]
      guest.pendingDelete[key] = 1
    }
  }
  const errors = applyPending(call, guest)
  if (guest.config.arch === undefined)
    throw failure(`missing 'arch' - internal error at /usr/share/perl5/PVE/LXC.pm line 729.`)
  if (Object.keys(errors).length > 0) throw new ApiError(400, 'Parameter verification failed.\n', errors)
}

const osTypes = [
  'debian',
  'devuan',
  'ubuntu',
  'centos',
  'fedora',
  'opensuse',
  'archlinux',
  'alpine',
  'gentoo',
  'nixos',
  'almalinux',
  'rockylinux',
]

const osTypeOf = (template: string): string => {
  const found = osTypes.find((name) => template.includes(name))
  return found === 'almalinux' || found === 'rockylinux' ? 'centos' : (found ?? 'unmanaged')
}

function create(call: Call): unknown {
  const vmid = Number(required(call, 'vmid'))
  const pool = text(call, 'pool')
  checkCreate(call, vmid, pool)
  const options = optionsOf(call)
  checkRootOnly(call, options)
  checkPrivileges(call, vmid, Object.keys(options), pool)
  const other = call.state.guests[vmid]
  if (other) throw failure(`${other.type === 'qemu' ? 'VM' : 'CT'} ${vmid} already exists on node '${other.node}'`)
  if (options.rootfs === undefined && Object.keys(options).some((key) => /^mp\d+$/.test(key))) {
    throw failure(`mount points configured, but 'rootfs' not set - aborting`)
  }
  options.rootfs ??= `${text(call, 'storage') ?? 'local'}:4`
  for (const [key, value] of Object.entries(options))
    if (mountPoint.test(key)) checkMountAccess(call, key, String(value))
  const template = required(call, 'ostemplate')
  const archive = findVolume(call.state, template, nodeName(call))
  const storage = findStorage(call.state, splitVolid(template).storage)
  if (!archive) throw failure(`volume '${template}' does not exist`)
  const guest = emptyGuest(call, 'lxc', vmid)
  call.state.guests[vmid] = guest
  call.sim.permissions.invalidate()
  return call.sim.tasks.start({node: guest.node, type: 'vzcreate', id: vmid, user: call.auth}, (task) => {
    try {
      fill(call, guest, options, task.log)
      task.log(`extracting archive '${volumePath(storage, template)}'`)
      task.log('Total bytes read: 2068480 (2.0MiB, 112MiB/s)')
      task.log('Detected container architecture: amd64')
      guest.config.ostype ??= osTypeOf(template)
      delete guest.lock
    } catch (error) {
      delete call.state.guests[vmid]
      throw new ApiError(500, `unable to create CT ${vmid} - ${(error as Error).message}`)
    }
    if (isSet(call, 'start')) boot(call, guest)
  })
}

/** Puts the options of a new container into its configuration, with what PVE adds. Fact: FACTS 3.5. */
function fill(call: Call, guest: Guest, options: Options, log: (line: string) => void): void {
  const keys = Object.keys(options).filter((key) => key !== 'rootfs')
  for (const key of ['rootfs', ...keys.sort()]) {
    const value = options[key]
    if (mountPoint.test(key)) guest.config[key] = mountValue(call, guest, key, String(value), log)
    else if (/^net\d+$/.test(key)) guest.config[key] = lxcNetValue(call, key, String(value))
    else if (!key.startsWith('unused')) guest.config[key] = lxcValue(call, key, value)
  }
  if (guest.config.description === '') delete guest.config.description
  guest.config.hostname ??= `CT${guest.vmid}`
  guest.config.memory ??= 512
  guest.config.swap ??= 512
  guest.config.arch ??= 'amd64'
  guest.config.unprivileged ??= 1
  if (guest.config.unprivileged === 0) delete guest.config.unprivileged
}

export const lxcConfigEndpoints: Endpoints = {
  'POST /nodes/{node}/lxc': create,
  'PUT /nodes/{node}/lxc/{vmid}/config': update,
}
