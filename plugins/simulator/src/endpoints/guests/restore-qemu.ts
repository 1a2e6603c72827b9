import {requireAll} from '../../access/checks.js'
import {ApiError, badParameter, failure, forbidden} from '../../errors.js'
import {boot} from '../../guests/running.js'
import {isNetKey, newMac, printParts, qemuDrive, readParts, volumeOf, volumesIn} from '../../guests/drives.js'
import {convertVolumes} from '../../guests/copies.js'
import {isSet, required, text, type Call} from '../../calls/call.js'
import type {Backup, Config, Guest, Scalar, Volume} from '../../state/model.js'
import {checkVolumeAccess, isVolid} from '../../storage/access.js'
import {parseArchive} from '../../storage/names.js'
import {
  allocate,
  contentTypes,
  creationLog,
  findStorage,
  findVolume,
  freeVolume,
  pluginOf,
  splitVolid,
  usableStorage,
  volumePath,
  volumesOfGuest,
} from '../../storage/volumes.js'
import {TaskError, type Release, type TaskHandle} from '../../tasks/runner.js'
import {backupOf} from '../../backup/archive.js'
import {firewallTables, table} from '../../state/tables.js'

/** Refuses who may neither make a guest nor, over one that is there, restore it. @throws ApiError 403 */
export function checkRestore(call: Call, vmid: number, exists: boolean): void {
  const pool = text(call, 'pool')
  if (pool !== undefined && !call.sim.state.pools[pool]) throw forbidden(`pool '${pool}' does not exist`)
  const has = (path: string, privilege: string): boolean => call.sim.permissions.has(call.auth, path, privilege)
  if (has(`/vms/${vmid}`, 'VM.Allocate')) return
  if (pool !== undefined && has(`/pool/${pool}`, 'VM.Allocate')) return
  if (exists && isSet(call, 'force') && has(`/vms/${vmid}`, 'VM.Backup')) return
  throw forbidden()
}

const emsg = (vmid: number): string => `unable to restore VM ${vmid} -`

/** The archive of a call, checked before any task begins. @throws ApiError */
function archiveOf(call: Call, vmid: number, node: string): Volume {
  const archive = required(call, 'archive')
  for (const key of Object.keys(call.param).sort())
    if (qemuDrive.test(key)) throw badParameter(key, `option conflicts with option 'archive'`)
  if (archive === '-') throw failure('pipe requires cli environment')
  checkVolumeAccess(call, archive, {vmid, type: 'backup'})
  if (!isVolid(archive)) throw failure(`can't find file '${archive}'`)
  usableStorage(call.sim.state, splitVolid(archive).storage, node)
  const volume = findVolume(call.sim.state, archive, node)
  if (!volume) throw failure(`volume '${archive}' does not exist`)
  return volume
}

/** The guest that is restored: a new one, or with `force` the one of that id, locked. @throws ApiError 500 */
function reserve(call: Call, vmid: number, node: string, empty: () => Guest): Guest {
  const existing = call.sim.state.guests[vmid]
  if (!existing) return (call.sim.state.guests[vmid] = empty())
  if (!isSet(call, 'force')) {
    const kind = existing.type === 'qemu' ? 'VM' : 'CT'
    throw failure(`${emsg(vmid)} ${kind} ${vmid} already exists on node '${existing.node}'`)
  }
  if (existing.type !== 'qemu' || existing.node !== node) {
    const file = `/etc/pve/nodes/${node}/qemu-server/${vmid}.conf`
    throw failure(`${emsg(vmid)} close (rename) atomic file '${file}' failed: File exists`)
  }
  if (existing.lock !== undefined) throw failure(`${emsg(vmid)} VM is locked (${existing.lock})`)
  existing.lock = 'create'
  return existing
}

/** What a restore is given. */
export interface MachineRestore {
  vmid: number
  node: string
  /** Keys that take the place of those in the archive, as they will be stored. */
  overrides: (guest: Guest) => Config
  empty: () => Guest
}

/** Restores a machine from its archive. Fact: qemu-server, create_vm and restore_vma_archive. @throws ApiError */
export function restoreMachine(call: Call, {vmid, node, overrides, empty}: MachineRestore): string {
  const storage = text(call, 'storage')
  if (storage !== undefined) requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
  const archive = archiveOf(call, vmid, node)
  const fresh = call.sim.state.guests[vmid] === undefined
  const guest = reserve(call, vmid, node, empty)
  call.sim.permissions.invalidate()
  const begin = (): Release => () => {
    if (guest.lock === 'create') delete guest.lock
  }
  return call.sim.tasks.start({node, type: 'qmrestore', id: vmid, user: call.auth, begin}, (task) => {
    const wasThere = !fresh
    try {
      if (wasThere) checkOverwrite(guest, vmid)
      recover(call, guest, archive, overrides, task)
    } catch (error) {
      task.log(
        'error before or during data restore, some or all disks were not completely restored. ' +
          `VM ${vmid} state is NOT cleaned up.`,
      )
      throw error
    }
    delete guest.lock
    // A live restore starts the machine before its disks are back.
    const live = isSet(call, 'live-restore')
    if (!live && !isSet(call, 'start')) return
    if (!live) task.log('Execute autostart')
    boot(call, guest, task.log)
  })
}

function checkOverwrite(guest: Guest, vmid: number): void {
  if (Number(guest.config.protection ?? 0) === 1) throw new TaskError(`${emsg(vmid)} - protection mode enabled`)
  if (guest.running) throw new TaskError(`${emsg(vmid)} vm is running`)
}

const decompressors: Record<string, string> = {zst: 'zstd -q -d -c', gz: 'zcat', lzo: 'lzop -d -c', bz2: 'bzcat -q'}

/** The line that tells how the archive is read. */
function readingLog(path: string, compression: string | undefined, pid: number): string {
  const work = `/var/tmp/vzdumptmp${pid}`
  return compression === undefined
    ? `restore vma archive: vma extract -v -r ${work}.fifo ${path} ${work}`
    : `restore vma archive: ${decompressors[compression]} ${path} | vma extract -v -r ${work}.fifo - ${work}`
}

/** Brings back a machine: new volumes for the disks of the archive, then its configuration. @throws ApiError, TaskError */
function recover(
  call: Call,
  guest: Guest,
  archive: Volume,
  overrides: MachineRestore['overrides'],
  task: TaskHandle,
): void {
  const named = parseArchive(archive.volid)
  const isServer = archive.format.startsWith('pbs-')
  const storage = findStorage(call.sim.state, splitVolid(archive.volid).storage)
  const path = volumePath(storage, archive.volid)
  if (isSet(call, 'live-restore') && !isServer)
    throw new TaskError('live-restore is only compatible with backup images from a Proxmox Backup Server')
  if (!named) throw new TaskError(`ERROR: couldn't determine archive info from '${archive.volid}'`)
  if (named.type !== 'qemu') throw new TaskError(`ERROR: file '${path}' does not look like a QemuServer vzdump backup`)
  const backup = backupOf(archive, 'qemu')
  if (isServer) task.log(`restore proxmox backup image: ${splitVolid(archive.volid).name}`)
  else {
    const pid = parseInt(task.upid.split(':')[2]!, 16)
    task.log(readingLog(path, named.compression, pid))
    task.log(`CFG: size: ${JSON.stringify(backup.config).length} name: qemu-server.conf`)
    Object.entries(backup.disks).forEach(([key, {size}], index) =>
      task.log(`DEV: dev_id=${index + 1} size: ${size} devname: drive-${key}`),
    )
    task.log(`CTIME: ${new Date((named.ctime ?? archive.ctime) * 1000).toUTCString()}`)
  }
  const places = placesOf(call, guest, backup)
  removeOld(call, guest, new Set(Object.keys(places)))
  const volumes = makeVolumes(call, guest, places, task)
  if (Object.keys(backup.disks).length === 0) task.log('vma archive contains no image data')
  task.log('rescan volumes...')
  rewrite(call, guest, backup, volumes, overrides)
}

interface Place {
  storage: string
  format: string
  size: number
  used: number
  cloudinit?: boolean
}

/** Where each disk goes: to the storage that is given, else to that it came from; cloud-init drives are made anew. @throws ApiError */
function placesOf(call: Call, guest: Guest, backup: Backup): Record<string, Place> {
  const given = text(call, 'storage')
  const places: Record<string, Place> = {}
  for (const [key, disk] of Object.entries(backup.disks)) places[key] = {...disk, storage: given ?? disk.storage}
  for (const [key, volid] of volumesIn('qemu', backup.config)) {
    if (!/-cloudinit/.test(volid)) continue
    const format = /\.(\w+)$/.exec(volid)?.[1] ?? 'raw'
    const storage = given ?? splitVolid(volid).storage
    places[key] = {storage, format, size: 4 * 1024 ** 2, used: 0, cloudinit: true}
  }
  for (const {storage} of Object.values(places)) {
    const definition = findStorage(call.sim.state, storage)
    if (!contentTypes(definition).includes('images'))
      throw new ApiError(500, `Content type 'images' is not available on storage '${storage}'\n`)
    requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
    usableStorage(call.sim.state, storage, guest.node)
  }
  return places
}

/** Frees the disks that the archive has anew; others stay, as unused ones. Snapshots are gone. */
function removeOld(call: Call, guest: Guest, restored: Set<string>): void {
  const freed = new Set<string>()
  for (const [key, volid] of volumesIn('qemu', guest.config)) if (restored.has(key)) freed.add(volid)
  for (const {config} of Object.values(guest.snapshots))
    if (config.vmstate !== undefined) freed.add(String(config.vmstate))
  for (const volid of freed) {
    const volume = findVolume(call.sim.state, volid, guest.node)
    if (volume?.vmid === guest.vmid) freeVolume(call.sim.state, volid, guest.node)
  }
}

function makeVolumes(
  call: Call,
  guest: Guest,
  places: Record<string, Place>,
  task: TaskHandle,
): Record<string, Volume> {
  const volumes: Record<string, Volume> = {}
  try {
    for (const key of Object.keys(places).sort()) {
      const {storage: name, format, size, used, cloudinit} = places[key]!
      const storage = usableStorage(call.sim.state, name, guest.node)
      const {formats} = pluginOf(storage)
      const volume = allocate(call.sim.state, {
        storage,
        node: guest.node,
        vmid: guest.vmid,
        size,
        format: formats.includes(format) ? format : String(storage.config.format ?? formats[0]),
        content: 'images',
        now: call.sim.now(),
        ...(cloudinit && {name: `vm-${guest.vmid}-cloudinit`}),
      })
      volume.used = Math.max(volume.used, used)
      volumes[key] = volume
      creationLog(storage, volume).forEach(task.log)
      task.log(`new volume ID is '${volume.volid}'`)
    }
  } catch (error) {
    for (const {volid} of Object.values(volumes)) freeVolume(call.sim.state, volid, guest.node)
    throw error
  }
  for (const [key, {volid}] of Object.entries(volumes))
    if (!places[key]!.cloudinit)
      task.log(
        `map 'drive-${key}' to '${volumePath(findStorage(call.sim.state, splitVolid(volid).storage), volid)}' (write zeros = 0)`,
      )
  return volumes
}

function restoredNet(call: Call, key: string, value: Scalar): Scalar {
  const parts = readParts(call.sim, 'qemu', key, value)
  if (!parts) return value
  return printParts(call.sim, 'qemu', key, {...parts, macaddr: newMac(call.sim, call.sim.state)})
}

/** Writes the configuration of the archive, with the new volumes, what is renewed, and what the call says instead. */
function rewrite(
  call: Call,
  guest: Guest,
  backup: Backup,
  volumes: Record<string, Volume>,
  overrides: MachineRestore['overrides'],
): void {
  const unique = isSet(call, 'unique')
  const config: Config = {}
  const left: string[] = []
  for (const [key, value] of Object.entries(backup.config)) {
    const volume = volumes[key]
    if (qemuDrive.test(key) && Number(readParts(call.sim, 'qemu', key, value)?.backup ?? 1) === 0)
      left.push(`${key}: ${value}`)
    else if (volume) config[key] = withVolume(call, key, value, volume)
    else if (unique && isNetKey(key)) config[key] = restoredNet(call, key, value)
    else if (key === 'vmgenid') config[key] = value === '0' ? value : call.sim.random.uuid()
    else if (unique && key === 'smbios1') config[key] = renewedId(call, String(value))
    else config[key] = value
  }
  // A disk that was left out of the backup comes back as a remark, which is where descriptions are kept.
  if (left.length > 0)
    config.description = [...(config.description === undefined ? [] : [String(config.description)]), ...left].join('\n')
  Object.assign(guest, {config, pending: {}, pendingDelete: {}, snapshots: table({})})
  delete guest.parent
  delete guest.cloudinit
  if (backup.blank) guest.blank = true
  else delete guest.blank
  const pool = text(call, 'pool')
  if (pool !== undefined) guest.pool = pool
  Object.assign(guest.config, overrides(guest))
  if (backup.firewall) call.sim.state.firewall[guest.vmid] = firewallTables(structuredClone(backup.firewall))
  keepOthers(call, guest)
  if (Number(config.template ?? 0) === 1) convertVolumes(call, guest)
}

function withVolume(call: Call, key: string, value: Scalar, volume: Volume): string {
  const {format: _format, ...parts} = readParts(call.sim, 'qemu', key, value) ?? {}
  return printParts(call.sim, 'qemu', key, {...parts, file: volume.volid})
}

const renewedId = (call: Call, smbios: string): string => smbios.replace(/uuid=[^,]*/, `uuid=${call.sim.random.uuid()}`)

/** Volumes of the guest that its configuration does not name become unused ones, as a rescan does. */
function keepOthers(call: Call, guest: Guest): void {
  const named = new Set(Object.values(guest.config).map(volumeOf))
  let index = 0
  for (const {volid, content} of volumesOfGuest(call.sim.state, guest.node, guest.vmid)) {
    if (content !== 'images' || named.has(volid)) continue
    while (guest.config[`unused${index}`] !== undefined) index++
    guest.config[`unused${index}`] = volid
  }
}
