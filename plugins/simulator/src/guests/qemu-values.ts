import {randomBytes} from 'node:crypto'
import {badParameter, failure} from '../errors.js'
import {requireAll} from '../access/checks.js'
import {splitList} from '../contract/scalars.js'
import {keptNotes} from '../state/notes.js'
import type {Parts} from '../contract/property-string.js'
import type {Call} from '../calls/call.js'
import type {Config, Guest, Scalar, Volume} from '../state/model.js'
import {
  allocate,
  contentTypes,
  creationLog,
  findStorage,
  findVolume,
  pluginOf,
  splitVolid,
  usableStorage,
  volumesOfGuest,
} from '../storage/volumes.js'
import {transferLog} from './copies.js'
import {configSchema, fixedSize, newMac, printParts, qemuDrive, readParts, volumesIn, volumeOf} from './drives.js'
import {checkVolumeAccess, isVolid, onlyRootPaths} from '../storage/access.js'
import {parseName} from '../storage/names.js'
import {clampShares} from './rules.js'

const newDisk = /^(?:([^/:\s]+):)?(\d+(?:\.\d+)?)$/
const GiB = 1024 ** 3
const KiB = 1024

/** Text as it comes back from a configuration file: trimmed, and a blank where nothing is left. */
export const fileText = (value: unknown): string => String(value).trim() || (String(value) === '' ? '' : ' ')

/** A plain value as a configuration holds it. @throws ApiError 500 for numbers the file's reader refuses */
export function plainValue(call: Call, type: 'qemu' | 'lxc', key: string, value: unknown): Scalar {
  const schema = configSchema(call.sim, type)[key]
  if (schema?.type === 'boolean') return String(value) === '1' ? 1 : 0
  if (schema?.type === 'number' && !/^\d+(?:\.\d+)?$/.test(String(value))) {
    throw failure(`unable to parse value of '${key}' - type check ('number') failed - got '${String(value)}'`)
  }
  if (schema?.type !== 'integer') return fileText(value)
  if (!/^-?\d+$/.test(String(value))) {
    throw failure(`unable to parse value of '${key}' - type check ('integer') failed - got '${String(value)}'`)
  }
  return Number(value)
}

/** Tags as PVE keeps them: lower case, unique, sorted, joined by semicolons. */
export function tagList(call: Call, value: unknown): string {
  const style = String(call.sim.state.options['tag-style'] ?? '')
  const keepCase = /case-sensitive=1/.test(style)
  const tags = splitList(String(value)).map((tag) => (keepCase ? tag : tag.toLowerCase()))
  const unique = [...new Set(tags)]
  if (!/ordering=config/.test(style)) unique.sort()
  return unique.join(';')
}

function cryptHash(call: Call, value: string, config: Config): string {
  if (/^\$(?:5|6|y)\$/.test(value) || /^w/.test(String(config.ostype ?? ''))) return value
  void call
  return `$5$${randomBytes(6).toString('hex').slice(0, 8)}$${randomBytes(32).toString('base64').replace(/[+=]/g, '.').slice(0, 43)}`
}

/** Refuses an import that PVE would not begin. @throws ApiError */
function checkImport(call: Call, key: string, parts: Parts): void {
  const source = String(parts['import-from'])
  const owner = isVolid(source)
    ? parseName(findStorage(call.sim.state, splitVolid(source).storage), splitVolid(source).name).vmid
    : undefined
  if (owner !== undefined) requireAll(call.sim, call.auth, `/vms/${owner}`, ['VM.Clone'])
  else if (isVolid(source)) checkVolumeAccess(call, source)
  if (source.startsWith('/') && call.auth !== 'root@pam') throw failure(onlyRootPaths)
  if (!/:0$/.test(String(parts.file))) {
    throw badParameter(key, `'import-from' requires special syntax - use <storage ID>:0,import-from=<source>`)
  }
}

/** The drive another guest has a volume as; progress lines name it. */
function sourceKey(call: Call, volid: string, fallback: string): string {
  for (const guest of Object.values(call.sim.state.guests)) {
    const found = volumesIn(guest.type, guest.config).find(([, other]) => other === volid)
    if (found) return found[0]
  }
  return fallback
}

/**
 * Refuses drives on storages that do not take them, and volumes that the caller may not use, before anything is written.
 * Fact: qemu-server, PVE/API2/Qemu.pm (check_storage_access). @throws ApiError
 */
export function checkDriveAccess(call: Call, key: string, value: string): void {
  const parts = readParts(call.sim, 'qemu', key, value)
  const file = String(parts?.file ?? volumeOf(value))
  if (file === 'none') return
  if (file === 'cdrom') return requireAll(call.sim, call.auth, '/', ['Sys.Console'])
  if (file.startsWith('/')) {
    if (call.auth !== 'root@pam') throw failure(onlyRootPaths)
    return
  }
  if (parts?.['import-from'] !== undefined) checkImport(call, key, parts)
  const fresh = newDisk.exec(file)
  const {storage} = fresh ? {storage: fresh[1] ?? 'local'} : splitVolid(file)
  const definition = findStorage(call.sim.state, storage)
  if (fresh || file.endsWith(':cloudinit')) {
    if (fresh) requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
    if (!contentTypes(definition).includes('images'))
      throw badParameter('storage', `storage '${storage}' does not support vm images`)
    return
  }
  checkVolumeAccess(call, file, {vmid: Number(call.param.vmid)})
  const volume = findVolume(call.sim.state, file, String(call.param.node))
  if (volume?.content === 'iso' && parts?.media !== 'cdrom')
    throw badParameter(key, `explicit 'media=cdrom' is required for iso images`)
}

function attachedCloudinit(guest: Guest, key: string): string | undefined {
  return Object.entries({...guest.config, ...guest.pending}).find(
    ([name, value]) => name !== key && qemuDrive.test(name) && /vm-\d+-cloudinit/.test(String(value)),
  )?.[0]
}

/** Bytes that are asked for by a drive that is to be made. */
function askedSize(key: string, parts: Parts): number {
  const [, , gib] = newDisk.exec(String(parts.file))!
  return (fixedSize(key, parts) ?? Math.floor(Number(gib) * 1024 * 1024) * KiB) || GiB / 1024
}

function allocateDrive(call: Call, guest: Guest, key: string, parts: Parts, log: (line: string) => void): Volume {
  const [, storageName] = newDisk.exec(String(parts.file))!
  const storage = usableStorage(call.sim.state, storageName ?? 'local', guest.node)
  const format = parts.format === undefined ? (storage.config.format as string | undefined) : String(parts.format)
  const volume = allocate(call.sim.state, {
    storage,
    node: guest.node,
    vmid: guest.vmid,
    size: askedSize(key, parts),
    format: key === 'tpmstate0' ? 'raw' : format,
    content: 'images',
    now: call.sim.now(),
  })
  creationLog(storage, volume).forEach(log)
  if (key === 'efidisk0') firmwareLog(parts).forEach(log)
  return volume
}

/** Lines that filling a variable store prints. */
function firmwareLog(parts: Parts): string[] {
  const text = `${(fixedSize('efidisk0', parts)! / KiB).toFixed(1)} KiB`
  const lines = [
    `transferred 0.0 B of ${text} (0.00%)`,
    `transferred ${text} of ${text} (100.00%)`,
    `transferred ${text} of ${text} (100.00%)`,
  ]
  if (parts.efitype !== '4m' || Number(parts['pre-enrolled-keys'] ?? 0) !== 1) return lines
  return [
    ...lines,
    'INFO: reading raw edk2 varstore from /usr/share/pve-edk2-firmware//OVMF_VARS_4M.ms.fd',
    'INFO: var store range: 0x64 -> 0x40000',
  ]
}

function allocateCloudinit(call: Call, guest: Guest, key: string, parts: Parts, log: (line: string) => void): string {
  const other = attachedCloudinit(guest, key)
  if (other !== undefined) throw failure(`${key} - cloud-init drive is already attached at '${other}'`)
  const {storage: name} = splitVolid(String(parts.file))
  const storage = usableStorage(call.sim.state, name, guest.node)
  const format = pluginOf(storage).files ? String(parts.format ?? 'qcow2') : 'raw'
  const kept = volumesOfGuest(call.sim.state, guest.node, guest.vmid).find(
    (volume) => volume.volid.includes(`vm-${guest.vmid}-cloudinit`) && volume.volid.startsWith(`${name}:`),
  )
  const volume =
    kept ??
    allocate(call.sim.state, {
      storage,
      node: guest.node,
      vmid: guest.vmid,
      size: 4096 * KiB,
      format,
      content: 'images',
      name: `vm-${guest.vmid}-cloudinit`,
      now: call.sim.now(),
    })
  if (!kept) creationLog(storage, volume).forEach(log)
  return volume.volid
}

/** Value of a drive key as it will stand in the configuration; allocates what was asked for. @throws ApiError */
export function driveValue(call: Call, guest: Guest, key: string, value: string, log: (line: string) => void): string {
  const parts = readParts(call.sim, 'qemu', key, value)
  if (!parts) throw failure(`unable to parse drive options`)
  const file = String(parts.file ?? '')
  const done = (): string => {
    const printed = printParts(call.sim, 'qemu', key, parts)
    return printed
  }
  if (file === 'none' || file === 'cdrom') {
    parts.media = 'cdrom'
    return done()
  }
  if (newDisk.test(file)) {
    if (parts['import-from'] !== undefined) return importDrive(call, guest, key, parts, log)
    const volume = allocateDrive(call, guest, key, parts, log)
    // Only where the firmware's variables are kept it is looked how large the volume came out. Fact: Qemu.pm (create_disks).
    const size = key === 'efidisk0' ? volume.size : askedSize(key, parts)
    delete parts.format
    Object.assign(parts, {file: volume.volid, size})
    log(`${key}: successfully created disk '${done()}'`)
    return done()
  }
  if (file.endsWith(':cloudinit')) {
    const volid = allocateCloudinit(call, guest, key, parts, log)
    delete parts.format
    delete parts.size
    Object.assign(parts, {file: volid, media: 'cdrom'})
    log(`${key}: successfully created disk '${done()}'`)
    return done()
  }
  if (file.startsWith('/')) return done()
  const volume = findVolume(call.sim.state, file, guest.node)
  if (!volume) {
    findStorage(call.sim.state, splitVolid(file).storage)
    throw failure(`volume '${file}' does not exist`)
  }
  if (/vm-\d+-cloudinit/.test(file)) parts.media = 'cdrom'
  parts.size = volume.size
  return done()
}

function importDrive(call: Call, guest: Guest, key: string, parts: Parts, log: (line: string) => void): string {
  const source = String(parts['import-from'])
  const original = findVolume(call.sim.state, source, guest.node)
  if (!original) throw failure(`volume '${source}' does not exist`)
  const {storage: name} = splitVolid(String(parts.file))
  const storage = usableStorage(call.sim.state, name, guest.node)
  const {formats} = pluginOf(storage)
  const format = String(parts.format ?? (formats.includes(original.format) ? original.format : formats[0]))
  const volume = allocate(call.sim.state, {
    storage,
    node: guest.node,
    vmid: guest.vmid,
    size: original.size,
    format,
    content: 'images',
    now: call.sim.now(),
  })
  log(`create full clone of drive ${sourceKey(call, source, key)} (${source})`)
  creationLog(storage, volume).forEach(log)
  log(`allocated target volume '${volume.volid}'`)
  transferLog(original.size).forEach(log)
  delete parts['import-from']
  delete parts.format
  Object.assign(parts, {file: volume.volid, size: volume.size})
  const printed = printParts(call.sim, 'qemu', key, parts)
  log(`${key}: successfully created disk '${printed}'`)
  return printed
}

/** Value of a NIC key: a MAC is made up unless one was given or the old NIC had one. */
export function netValue(call: Call, key: string, value: string): string {
  const parts = readParts(call.sim, 'qemu', key, value)
  if (!parts) throw failure(`unable to parse network options`)
  parts.macaddr ??= newMac(call.sim, call.sim.state)
  return printParts(call.sim, 'qemu', key, parts)
}

/** Value of any key of a machine as it will stand in the configuration. @throws ApiError */
export function qemuValue(call: Call, guest: Guest, key: string, value: unknown, log: (line: string) => void): Scalar {
  if (qemuDrive.test(key)) return driveValue(call, guest, key, String(value), log)
  if (/^net\d+$/.test(key)) return netValue(call, key, String(value))
  if (key === 'tags') return tagList(call, value)
  if (key === 'description') return keptNotes('qemu', String(value))
  if (key === 'cipassword') return cryptHash(call, String(value), guest.config)
  if (key === 'vmgenid' && String(value) === '1') return call.sim.random.uuid()
  const plain = plainValue(call, 'qemu', key, value)
  if (key === 'cpuunits') return clampShares(call.sim.state.world, Number(plain))
  return plain
}
