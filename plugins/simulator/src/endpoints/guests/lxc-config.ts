import {requireAll} from '../../access/checks.js'
import {ApiError, badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {dropUsed, tidyPending} from '../../guests/apply.js'
import {configSchema, printParts, storagesAsked} from '../../guests/drives.js'
import {applyContainer, hotplugContainer} from '../../guests/lxc-apply.js'
import {checkContainerRemoval, checkContainerValue, writeLxcFile} from '../../guests/lxc-check.js'
import {checkContainerChange} from '../../guests/lxc-permissions.js'
import {
  holdsOf,
  lxcNetValue,
  lxcValue,
  mountPoint,
  mountsOf,
  mountValue,
  newVolume,
  readNumbers,
} from '../../guests/lxc-values.js'
import {callParameters} from '../../guests/rules.js'
import {checkReplace, restoreContainer} from './restore-lxc.js'
import {checkRestore} from './restore-qemu.js'
import {checkVolumeAccess} from '../../storage/access.js'
import {checkReplicable, replicationTargets} from '../../replication/replicable.js'
import {isSet, required, text, type Call, type Endpoints, checkDigest} from '../../calls/call.js'
import {guestDigest} from '../../state/digest.js'
import type {Config, Guest} from '../../state/model.js'
import {reserve} from '../../storage/allocation.js'
import {
  contentTypes,
  findStorage,
  findVolume,
  freeVolume,
  splitVolid,
  usableStorage,
  volumePath,
} from '../../storage/volumes.js'
import type {Release} from '../../tasks/runner.js'
import {checkCreate, checkLock, emptyGuest, findGuest, underLock} from '../../guests/access.js'
import {nodeName} from '../../calls/node.js'
import {startContainer} from './lxc-power.js'
import {sectionsOf} from '../../calls/sections.js'

type Options = Record<string, unknown>

const optionsOf = (call: Call): Options =>
  Object.fromEntries(Object.entries(call.param).filter(([key]) => !callParameters.has(key)))

interface Change {
  options: Options
  removed: string[]
  reverted: string[]
}

/** Refuses removals and reverts of options that there are not, or that the same call sets. @throws ApiError 400 */
function checkNames(call: Call, {options, removed, reverted}: Change): void {
  const schema = configSchema(call.sim, 'lxc')
  const known = (key: string): boolean =>
    ['parent', 'snaptime'].includes(key) || (schema[key] !== undefined && !callParameters.has(key))
  for (const key of reverted) {
    if (!known(key)) throw badParameter('revert', `unknown option '${key}'`)
    if (options[key] !== undefined)
      throw badParameter('revert', `you can't use '-${key}' and '-revert ${key}' at the same time`)
  }
  for (const key of removed) {
    if (!known(key)) throw badParameter('delete', `unknown option '${key}'`)
    if (options[key] !== undefined)
      throw badParameter('delete', `you can't use '-${key}' and -delete ${key}' at the same time`)
    if (reverted.includes(key))
      throw badParameter('delete', `you can't use '-delete ${key}' and '-revert ${key}' at the same time`)
  }
}

/** Volumes that cannot be replicated are not added to a container that is. @throws ApiError 500 */
function checkReplication(call: Call, guest: Guest, options: Options): void {
  if (replicationTargets(call.sim.state, guest.vmid).length === 0) return
  for (const [, parts] of mountsOf(call, options))
    if (Number(parts.replicate ?? 1) === 1) checkReplicable(call.sim.state, String(parts.volume))
}

/** What of a container stands in its file; what a refused change goes back to. */
const written = ({config, pending, pendingDelete, lock}: Guest): Partial<Guest> =>
  structuredClone({config, pending, pendingDelete, lock})

/** Changes at once, when the lock is had: for containers there is no other way. */
function update(call: Call): Promise<null> {
  const given = Object.keys(call.param).filter((key) => !['node', 'vmid', 'digest'].includes(key))
  if (given.length === 0) throw failure('no options specified')
  const change: Change = {
    options: optionsOf(call),
    removed: splitList(text(call, 'delete') ?? ''),
    reverted: splitList(text(call, 'revert') ?? ''),
  }
  return underLock(call, findGuest(call, 'lxc'), async () => {
    const guest = checkUpdate(call, change)
    await reserve(call, guest.node, storagesAsked('lxc', change.options))
    write(call, guest, change)
    writeLxcFile(call, guest)
    return null
  })
}

/** Refuses a change once its lock is had. Fact: pve-container, PVE/API2/LXC/Config.pm (update_vm). @throws ApiError */
function checkUpdate(call: Call, change: Change): Guest {
  const guest = findGuest(call, 'lxc')
  checkLock(guest)
  checkDigest(call, guestDigest(guest), 'detected modified configuration - file changed by other user? Try again.')
  const {vmid, config: before} = guest
  const about = {vmid, before, unprivileged: Number(before.unprivileged ?? 0) === 1}
  checkContainerChange(call, {...about, options: {}, removed: [...change.removed, ...change.reverted]})
  checkNames(call, change)
  checkContainerChange(call, {...about, options: change.options, removed: []})
  checkReplication(call, guest, change.options)
  return guest
}

/** Makes a change; when something of it fails, nothing of it is written. @throws ApiError */
function write(call: Call, guest: Guest, change: Change): void {
  readNumbers(call, guest)
  let file = written(guest)
  try {
    const touched = queue(call, guest, change)
    tidyPending(guest)
    const errors = guest.running
      ? hotplugContainer(call, guest, touched, () => (file = written(guest)))
      : applyContainer(call, guest, () => undefined, touched)
    if (Object.keys(errors).length > 0) throw new ApiError(400, 'Parameter verification failed.\n', errors)
    dropUsed(guest)
  } catch (error) {
    Object.assign(guest, file)
    throw error
  }
}

/** Puts a change among the pending ones and tells its keys. @throws ApiError */
function queue(call: Call, guest: Guest, {options, removed, reverted}: Change): Set<string> {
  const touched = new Set<string>()
  for (const key of reverted) {
    delete guest.pending[key]
    delete guest.pendingDelete[key]
  }
  for (const key of removed) {
    if (guest.config[key] === undefined && guest.pending[key] === undefined) continue
    touched.add(key)
    checkContainerRemoval(guest, key)
    // What is pending stays so, and counts once the key is removed. Fact: pve-container, PVE/LXC/Config.pm (update_pct_config).
    guest.pendingDelete[key] = 1
  }
  for (const key of Object.keys(options).sort()) {
    const value = options[key]
    checkContainerValue(call, guest, key, String(value))
    touched.add(key)
    delete guest.pendingDelete[key]
    if (key === 'lock') guest.lock = String(value)
    else if (key === 'description' && lxcValue(call, key, value) === '') guest.pendingDelete[key] = 1
    else guest.pending[key] = /^(?:rootfs|(?:mp|net|unused)\d+)$/.test(key) ? String(value) : lxcValue(call, key, value)
  }
  return touched
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

const publicKey =
  /(?:^|\s)(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-[\w@.-]+) AAAA[A-Za-z0-9+/]+=*(?:\s|$)/

function checkSshKeys(call: Call): void {
  const lines = (text(call, 'ssh-public-keys') ?? '').split('\n').filter((line) => line.trim() !== '')
  if (!lines.every((line) => publicKey.test(line))) throw failure('SSH public key validation error')
}

/** Refuses storages that take no containers. @throws ApiError */
function checkRootStorage(call: Call, name: string): void {
  const storage = usableStorage(call.sim.state, name, nodeName(call))
  if (!contentTypes(storage).includes('rootdir'))
    throw badParameter('storage', `storage '${name}' does not support container directories`)
  requireAll(call.sim, call.auth, `/storage/${name}`, ['Datastore.AllocateSpace'])
}

/** Mount points of a new container: sizes alone are taken on the storage given, a root of 4 GiB is made without any. @throws ApiError */
function wantedMounts(call: Call, options: Options): Options {
  const storage = text(call, 'storage') ?? 'local'
  const mounts: Options = {}
  for (const [key, value] of Object.entries(options))
    if (mountPoint.test(key))
      mounts[key] = /^\d+(?:\.\d+)?$/.test(String(value)) ? `${storage}:${String(value)}` : value
  if (Object.keys(mounts).length > 0 && mounts.rootfs === undefined)
    throw failure(`mount points configured, but 'rootfs' not set - aborting`)
  for (const [, parts] of mountsOf(call, mounts)) {
    const volid = String(parts.volume)
    if (!volid.startsWith('/')) checkRootStorage(call, splitVolid(volid).storage)
  }
  if (mounts.rootfs === undefined) checkRootStorage(call, storage)
  return {...mounts, rootfs: mounts.rootfs ?? `${storage}:4`}
}

/** Restores a container from an archive. Fact: pve-container, create_vm with `restore`. */
function restore(call: Call, vmid: number): unknown {
  const node = nodeName(call)
  const present = call.sim.state.guests[vmid]
  const asked = text(call, 'unprivileged')
  const existing = present?.type === 'lxc' && present.node === node && isSet(call, 'force')
  if (present && !existing)
    throw failure(`${present.type === 'qemu' ? 'VM' : 'CT'} ${vmid} already exists on node '${present.node}'`)
  if (existing) checkReplace(present)
  checkSshKeys(call)
  checkRestore(call, vmid, existing)
  const pool = text(call, 'pool')
  const {unprivileged: _, ...options} = optionsOf(call)
  const change = {vmid, options, removed: [], unprivileged: asked !== '0', ...(pool !== undefined && {pool})}
  checkContainerChange(call, change)
  const archive = required(call, 'ostemplate')
  if (archive === '-') throw failure('pipe requires cli environment')
  checkVolumeAccess(call, archive, {vmid, type: 'backup'})
  const mounts = Object.keys(options).some((key) => mountPoint.test(key)) ? wantedMounts(call, options) : undefined
  if (!mounts) checkRootStorage(call, text(call, 'storage') ?? 'local')
  const guest = existing ? present : emptyGuest(call, 'lxc', vmid)
  const config = newConfig(call, guest, options)
  if (existing && present.lock !== undefined)
    throw failure(`unable to restore CT ${vmid} - CT is locked (${present.lock})`)
  guest.lock = 'create'
  call.sim.state.guests[vmid] = guest
  call.sim.permissions.invalidate()
  const skipFirewall = !call.sim.permissions.has(call.auth, `/vms/${vmid}`, 'VM.Allocate')
  const begin = (): Release => (failed) => {
    if (failed === undefined || guest.lock !== 'create') return
    delete guest.lock
    if (!existing) drop(call, guest)
  }
  return call.sim.tasks.start({node, type: 'vzrestore', id: vmid, user: call.auth, begin}, (task) => {
    try {
      const unprivileged = asked === undefined ? undefined : asked === '1'
      restoreContainer(call, {guest, archive, config, mounts, unprivileged, existing, skipFirewall}, task)
      delete guest.lock
    } catch (error) {
      throw new ApiError(500, `unable to restore CT ${vmid} - ${(error as Error).message}`)
    }
    if (isSet(call, 'start')) startContainer(call, guest)
    if (isSet(call, 'ha-managed')) manage(call, vmid, task.log)
  })
}

/** Takes back what was made of a container. */
function drop(call: Call, guest: Guest): void {
  removeVolumes(call, guest)
  delete call.sim.state.guests[guest.vmid]
  call.sim.permissions.invalidate()
}

function create(call: Call): unknown {
  const vmid = Number(required(call, 'vmid'))
  if (isSet(call, 'restore')) return restore(call, vmid)
  const pool = text(call, 'pool')
  const unprivileged = text(call, 'unprivileged') !== '0'
  if (!unprivileged) requireAll(call.sim, call.auth, '/', ['Sys.Modify'])
  const other = call.sim.state.guests[vmid]
  if (other) throw failure(`${other.type === 'qemu' ? 'VM' : 'CT'} ${vmid} already exists on node '${other.node}'`)
  checkSshKeys(call)
  checkCreate(call, vmid, pool)
  const {unprivileged: _, ...options} = optionsOf(call)
  checkContainerChange(call, {vmid, options, removed: [], unprivileged, ...(pool !== undefined && {pool})})
  const template = required(call, 'ostemplate')
  if (template === '-') throw failure('pipe requires cli environment')
  checkVolumeAccess(call, template, {vmid, type: 'vztmpl'})
  const mounts = wantedMounts(call, options)
  const guest = emptyGuest(call, 'lxc', vmid)
  const config = newConfig(call, guest, options)
  if (unprivileged) config.unprivileged = 1
  call.sim.state.guests[vmid] = guest
  call.sim.permissions.invalidate()
  const begin = (): Release => (failed) => {
    if (failed !== undefined && guest.lock === 'create') drop(call, guest)
  }
  return call.sim.tasks.start({node: guest.node, type: 'vzcreate', id: vmid, user: call.auth, begin}, async (task) => {
    try {
      await reserve(call, guest.node, storagesAsked('lxc', mounts), task)
      fill(call, guest, config, mounts, task.log)
      extract(call, guest, template, task.log)
      complete(guest, options.lock)
    } catch (error) {
      throw new ApiError(500, `unable to create CT ${vmid} - ${(error as Error).message}`)
    }
    if (isSet(call, 'start')) startContainer(call, guest)
    if (isSet(call, 'ha-managed')) manage(call, vmid, task.log)
  })
}

/** Makes a container a resource of the HA stack. */
function manage(call: Call, vmid: number, log: (line: string) => void): void {
  log('Add as HA resource')
  const resources = sectionsOf(call, 'ha/resources')
  resources[`ct:${vmid}`] = {type: 'ct', state: isSet(call, 'start') ? 'started' : 'stopped'}
}

function removeVolumes(call: Call, guest: Guest): void {
  for (const [, parts] of mountsOf(call, guest.config)) {
    const volid = String(parts.volume)
    if (!volid.startsWith('/')) freeVolume(call.sim.state, volid, guest.node)
  }
}

/** The options of a new container that are no mount points, as its configuration will hold them. @throws ApiError */
function newConfig(call: Call, guest: Guest, options: Options): Config {
  const config: Config = {}
  for (const key of Object.keys(options).sort()) {
    if (mountPoint.test(key) || key.startsWith('unused') || key === 'lock') continue
    const value = options[key]
    checkContainerValue(call, guest, key, String(value))
    config[key] = /^net\d+$/.test(key) ? lxcNetValue(call, key, String(value)) : lxcValue(call, key, value)
  }
  if (config.description === '') delete config.description
  return config
}

/** Gives a new container its options and volumes. */
function fill(call: Call, guest: Guest, config: Config, mounts: Options, log: (line: string) => void): void {
  Object.assign(guest.config, config)
  for (const [key, parts] of mountsOf(call, mounts))
    guest.config[key] = newVolume.test(String(parts.volume))
      ? mountValue(call, guest, key, String(mounts[key]), log)
      : printParts(call.sim, 'lxc', key, parts)
}

/** A count of bytes as tar prints it: `2.0MiB`, `514MiB`. */
function binary(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  let [value, unit] = [bytes, 0]
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1]
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${units[unit]}`
}

const hostZone = (call: Call, node: string): string => {
  const zone = call.sim.state.nodes[node]?.timezone ?? 'UTC'
  return zone === 'UTC' ? 'Etc/UTC' : zone
}

/** Unpacks an archive into a container's root. @throws ApiError */
function extract(call: Call, guest: Guest, template: string, log: (line: string) => void): void {
  const archive = findVolume(call.sim.state, template, guest.node)
  if (!archive) throw failure(`volume '${template}' does not exist`)
  const holds = holdsOf(archive)
  log(`extracting archive '${volumePath(findStorage(call.sim.state, splitVolid(template).storage), template)}'`)
  log(`Total bytes read: ${holds.archive} (${binary(holds.archive)}, 112MiB/s)`)
  log('Detected container architecture: amd64')
  guest.config.arch ??= 'amd64'
  guest.config.ostype ??= osTypeOf(template)
  const [, root] = mountsOf(call, guest.config)[0]!
  const volume = findVolume(call.sim.state, String(root.volume), guest.node)
  if (volume) volume.holds = holds
  const {timezone} = guest.config
  if (timezone === undefined || !holds.bare) return
  const zone = timezone === 'host' ? hostZone(call, guest.node) : String(timezone)
  log(`container does not have /usr/share/zoneinfo/${zone}, timezone can not be modified`)
}

/** What PVE adds to a new container. Fact: pve-container, PVE/API2/LXC.pm (create_vm). */
function complete(guest: Guest, lock: unknown): void {
  guest.config.hostname ??= `CT${guest.vmid}`
  guest.config.memory ??= 512
  guest.config.swap ??= 512
  if (lock === undefined) delete guest.lock
  else guest.lock = String(lock)
}

export const lxcConfigEndpoints: Endpoints = {
  'POST /nodes/{node}/lxc': create,
  'PUT /nodes/{node}/lxc/{vmid}/config': update,
}
