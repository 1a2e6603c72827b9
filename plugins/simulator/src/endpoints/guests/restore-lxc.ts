import {requireAll} from '../../access/checks.js'
import {parseSize} from '../../contract/scalars.js'
import {failure} from '../../errors.js'
import {newMac, printParts, readParts} from '../../guests/drives.js'
import {mountsOf, mountValue} from '../../guests/lxc-values.js'
import {isSet, text, type Call} from '../../calls/call.js'
import type {Backup, Config, Guest, Scalar, Volume} from '../../state/model.js'
import {parseArchive} from '../../storage/names.js'
import {
  findStorage,
  findVolume,
  freeVolume,
  splitVolid,
  usableStorage,
  volumePath,
  volumesOfGuest,
} from '../../storage/volumes.js'
import {TaskError, type TaskHandle} from '../../tasks/runner.js'
import {backupOf} from '../../backup/archive.js'
import {firewallTables, table} from '../../state/tables.js'

const GiB = 1024 ** 3

/** What a restore is given, checked. */
export interface ContainerRestore {
  guest: Guest
  archive: string
  /** Keys that take the place of those in the archive. */
  config: Config
  /** Mount points instead of the archive's; those are made anew, as large as they were, unless given. */
  mounts?: Record<string, unknown>
  unprivileged?: boolean
  /** A container of that id is there and is to be replaced. */
  existing: boolean
  /** Whoever may only restore it leaves its firewall as it is. */
  skipFirewall: boolean
}

/** The backup an archive holds. @throws TaskError */
function openArchive(call: Call, archive: string, node: string): {volume: Volume; backup: Backup} {
  usableStorage(call.sim.state, splitVolid(archive).storage, node)
  const volume = findVolume(call.sim.state, archive, node)
  if (!volume) throw new TaskError(`volume '${archive}' does not exist`)
  if (parseArchive(archive)?.type !== 'lxc') throw new TaskError('ERROR: archive contains no configuration file')
  return {volume, backup: backupOf(volume, 'lxc')}
}

/** Mount points that the archive's configuration asks for; those of the host wait until all is unpacked. */
function recoveredMounts(call: Call, backup: Backup): {fresh: Config; delayed: Config} {
  const storage = text(call, 'storage') ?? 'local'
  const [fresh, delayed]: [Config, Config] = [{}, {}]
  if (backup.config.rootfs === undefined)
    throw new TaskError('rootfs configuration could not be recovered, please check and specify manually!')
  for (const [key, {size: told, ...parts}] of mountsOf(call, backup.config)) {
    const volid = String(parts.volume)
    if (volid.startsWith('/')) {
      if (call.auth !== 'root@pam') {
        const kind = volid.startsWith('/dev/') ? 'device' : 'bind'
        throw new TaskError(`restoring '${key}' to ${kind} mount is only possible for root`)
      }
      delayed[key] = backup.config[key]!
      continue
    }
    const size = parseSize(String(told ?? backup.disks[key]?.size ?? 0)) ?? 0
    if (size === 0 && backup.disks[key] === undefined)
      throw new TaskError(`unable to detect disk size - please specify ${key} (size)`)
    fresh[key] = printParts(call.sim, 'lxc', key, {...parts, volume: `${storage}:${size / GiB}`})
  }
  return {fresh, delayed}
}

function uniqueNet(call: Call, key: string, value: Scalar): Scalar {
  const parts = readParts(call.sim, 'lxc', key, value)
  return parts ? printParts(call.sim, 'lxc', key, {...parts, hwaddr: newMac(call.sim, call.sim.state)}) : value
}

/** Keys of the archive's configuration that a container gets back as they were. Fact: pve-container, sanitize_and_merge_config. */
function merged(call: Call, backup: Backup, given: Config): Config {
  const config: Config = {...given}
  for (const [key, value] of Object.entries(backup.config)) {
    if (/^(?:rootfs|mp\d+|unused\d+|unprivileged|template|parent)$/.test(key)) continue
    if (isSet(call, 'unique') && /^net\d+$/.test(key)) config[key] = uniqueNet(call, key, value)
    else config[key] ??= value
  }
  return config
}

/** Frees what a container that is replaced had. */
function removeOld(call: Call, guest: Guest, kept: Set<string>): void {
  for (const {volid} of volumesOfGuest(call.sim.state, guest.node, guest.vmid)) {
    const volume = findVolume(call.sim.state, volid, guest.node)
    if (volume?.content === 'rootdir' && !kept.has(volid)) freeVolume(call.sim.state, volid, guest.node)
  }
}

/** Restores a container in a task. Fact: pve-container, create_vm. @throws TaskError, ApiError */
export function restoreContainer(call: Call, restore: ContainerRestore, task: TaskHandle): void {
  const {guest, archive, config: given, existing} = restore
  const before = {...guest, config: {...guest.config}}
  if (guest.running) throw new TaskError(`can't overwrite running container`)
  task.log(`recovering backed-up configuration from '${archive}'`)
  const {volume, backup} = openArchive(call, archive, guest.node)
  const unprivileged = restore.unprivileged ?? Number(backup.config.unprivileged ?? 0) === 1
  const wasUnprivileged = existing && Number(before.config.unprivileged ?? 0) === 1
  if (!unprivileged && (!existing || wasUnprivileged)) requireAll(call.sim, call.auth, '/', ['Sys.Modify'])
  const {fresh, delayed} = restore.mounts ? {fresh: restore.mounts, delayed: {}} : recoveredMounts(call, backup)
  const made: Config = {}
  for (const [key] of mountsOf(call, fresh)) made[key] = mountValue(call, guest, key, String(fresh[key]), task.log)
  removeOld(call, guest, new Set(mountsOf(call, made).map(([, parts]) => String(parts.volume))))
  task.log(`restoring '${archive}' now..`)
  unpack(call, guest, volume, made, backup, task)
  task.log('merging backed-up and given configuration..')
  Object.assign(guest, {
    config: {...merged(call, backup, given), ...made, ...delayed, ...(unprivileged && {unprivileged: 1})},
    pending: {},
    pendingDelete: {},
    snapshots: table({}),
  })
  delete guest.parent
  restoreRaw(call, guest, backup)
  guest.config.hostname ??= `CT${guest.vmid}`
  guest.config.memory ??= 512
  guest.config.swap ??= 512
  const pool = text(call, 'pool')
  if (pool !== undefined) guest.pool = pool
  if (backup.firewall && !restore.skipFirewall)
    call.sim.state.firewall[guest.vmid] = firewallTables(structuredClone(backup.firewall))
  if (Number(backup.config.template ?? 0) !== 1) return
  task.log('Convert restored container to template...')
  guest.config.template = 1
}

/** LXC's own lines come back for root only, who is told of none; others find them in the log. */
function restoreRaw(call: Call, guest: Guest, {lxc}: Backup): void {
  if (call.auth === 'root@pam' && lxc) guest.lxc = structuredClone(lxc)
  else delete guest.lxc
}

function unpack(call: Call, guest: Guest, archive: Volume, made: Config, backup: Backup, task: TaskHandle): void {
  const storage = findStorage(call.sim.state, splitVolid(archive.volid).storage)
  if (storage.type !== 'pbs') {
    const bytes = (backup.holds?.archive ?? 0) + 61_440
    task.log(`extracting archive '${volumePath(storage, archive.volid)}'`)
    task.log(`Total bytes read: ${bytes} (${(bytes / 1024 ** 2).toFixed(1)}MiB, 112MiB/s)`)
  }
  const root = mountsOf(call, made).find(([key]) => key === 'rootfs')
  const volume = root && findVolume(call.sim.state, String(root[1].volume), guest.node)
  if (volume && backup.holds) volume.holds = backup.holds
}

/** Refuses to replace a container that runs or is protected. @throws ApiError 500 */
export function checkReplace(guest: Guest): void {
  if (guest.running) throw failure(`can't overwrite running container`)
  if (Number(guest.config.protection ?? 0) === 1)
    throw failure(`unable to restore CT ${guest.vmid} - protection mode enabled`)
}
