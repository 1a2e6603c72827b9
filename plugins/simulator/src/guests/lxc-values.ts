import {ApiError, failure} from '../errors.js'
import {splitList} from '../contract/scalars.js'
import {FormatError, type Parts} from '../contract/property-string.js'
import {parsePropertyString} from '../contract/schema.js'
import {keptNotes} from '../state/notes.js'
import type {Call} from '../calls/call.js'
import type {Guest, Holds, Scalar, Volume} from '../state/model.js'
import {allocate, contentTypes, creationLog, findVolume, usableStorage} from '../storage/volumes.js'
import {configSchema, formatOf, newMac, printParts, readParts} from './drives.js'
import {creationLines} from './ext4.js'
import {fileText, tagList} from './qemu-values.js'
import {clampShares} from './rules.js'

/** `STORAGE:GIBIBYTES` asks for a new volume. */
export const newVolume = /^([^:\s]+):(\d+(?:\.\d+)?)$/
export const mountPoint = /^(?:rootfs|mp\d+)$/

const MiB = 1024 * 1024

/** Parts of a mount point. @throws ApiError 500 with what is missing, as PVE's parser does, where there is no such mount point */
export function readMount(call: Call, key: string, value: Scalar | undefined): Parts {
  const format = formatOf(call.sim, 'lxc', key)
  try {
    return parsePropertyString(String(value ?? ''), format, '', call.sim.context)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const needed = Object.keys(format).filter((name) => !format[name]!.optional)
    const missing = needed.map((name) => [name, 'property is missing and it is not optional'] as const)
    throw new ApiError(500, 'format error\n', Object.fromEntries(missing))
  }
}

/** Mount points of a configuration that can be read, in PVE's order: the root first. */
export function mountsOf(call: Call, config: Record<string, unknown>): [string, Parts][] {
  const number = (key: string): number => (key === 'rootfs' ? -1 : Number(key.slice(2)))
  return Object.keys(config)
    .filter((key) => mountPoint.test(key))
    .sort((a, b) => number(a) - number(b))
    .map((key) => [key, readParts(call.sim, 'lxc', key, String(config[key]))] as const)
    .filter((entry): entry is [string, Parts] => entry[1] !== undefined)
}

/** What a volume holds; an archive that tells nothing is taken for a small distribution. */
export const holdsOf = (volume: Volume | undefined): Holds =>
  volume?.holds ?? {archive: 538_398_720, files: 21_000, bytes: 512 * MiB}

/** Allocates a volume for a container and makes a file system where it is an image. @throws ApiError */
function allocateMount(call: Call, guest: Guest, name: string, size: number, log: (line: string) => void): Volume {
  const storage = usableStorage(call.sim.state, name, guest.node)
  if (!contentTypes(storage).includes('rootdir'))
    throw failure(`content type 'rootdir' is not available or configured on storage '${name}'`)
  const volume = allocate(call.sim.state, {
    storage,
    node: guest.node,
    vmid: guest.vmid,
    size,
    content: 'rootdir',
    now: call.sim.now(),
  })
  creationLog(storage, volume).forEach(log)
  if (volume.format !== 'subvol') creationLines(size, call.sim.random.uuid()).forEach(log)
  return volume
}

/** Value of a mount point; allocates the volume that was asked for. @throws ApiError */
export function mountValue(call: Call, guest: Guest, key: string, value: string, log: (line: string) => void): string {
  const parts = readMount(call, key, value)
  const source = String(parts.volume ?? '')
  const fresh = newVolume.exec(source)
  if (fresh) {
    const size = Math.floor(Number(fresh[2]) * 1024) * MiB
    const volume = allocateMount(call, guest, fresh[1]!, size, log)
    Object.assign(parts, {volume: volume.volid, size})
  } else if (!source.startsWith('/')) {
    const volume = findVolume(call.sim.state, source, guest.node)
    if (volume) parts.size = volume.size
  }
  return printParts(call.sim, 'lxc', key, parts)
}

/** Lines that rsync prints about a copy. */
function copyLines({files, bytes}: Holds): string[] {
  const shown = bytes.toLocaleString('en-US')
  return [
    '',
    `Number of files: ${(files + 1).toLocaleString('en-US')}`,
    `Number of created files: ${(files - 1).toLocaleString('en-US')}`,
    'Number of deleted files: 0',
    `Number of regular files transferred: ${Math.ceil(files / 2).toLocaleString('en-US')}`,
    `Total file size: ${shown} bytes`,
    `Total transferred file size: ${shown} bytes`,
    `Literal data: ${shown} bytes`,
    'Matched data: 0 bytes',
    'File list size: 0',
    'File list generation time: 0.001 seconds',
    'File list transfer time: 0.000 seconds',
    `Total bytes sent: ${shown}`,
    'Total bytes received: 423',
    '',
    `sent ${shown} bytes  received 423 bytes  ${(bytes * 2).toLocaleString('en-US')}.00 bytes/sec`,
    `total size is ${shown}  speedup is 1.00`,
  ]
}

/** Value of a NIC as PVE prints it when it takes it into use: with type and MAC. */
export function lxcNetValue(call: Call, key: string, value: Scalar): string {
  const parts = readParts(call.sim, 'lxc', key, value)
  if (!parts) throw failure('unable to parse network options')
  parts.hwaddr ??= newMac(call.sim, call.sim.state)
  parts.type = 'veth'
  return printParts(call.sim, 'lxc', key, parts)
}

/** A value as the configuration's file holds it and its reader gives it; numbers keep their spelling until the next write. */
export function lxcValue(call: Call, key: string, value: unknown): Scalar {
  if (key === 'tags') return tagList(call, value)
  if (key === 'description') return keptNotes('lxc', String(value))
  if (key === 'nameserver' || key === 'searchdomain') return splitList(String(value)).join(' ')
  if (key === 'cpuunits') return clampShares(call.sim.state.world, Number(value))
  if (/^(?:env|entrypoint)$/.test(key)) return String(value)
  const type = configSchema(call.sim, 'lxc')[key]?.type
  if (type === 'boolean') return String(value) === '1' ? 1 : 0
  if (type !== 'integer') return fileText(value)
  return String(Number(value)) === String(value) ? Number(value) : String(value)
}

/** Numbers as the file's reader gives them: a write that follows spells them so. */
export function readNumbers(call: Call, guest: Guest): void {
  const schema = configSchema(call.sim, 'lxc')
  for (const config of [guest.config, guest.pending])
    for (const [key, value] of Object.entries(config))
      if (schema[key]?.type === 'integer' && /^\d+$/.test(String(value))) config[key] = Number(value)
}

/** Copies a volume of a container to a storage. @throws ApiError */
export function copyMount(
  call: Call,
  target: Guest,
  source: Volume,
  storage: string,
  log: (line: string) => void,
): Volume {
  const copy = allocateMount(call, target, storage, source.size, log)
  if (source.holds) copy.holds = source.holds
  copyLines(holdsOf(source)).forEach(log)
  return copy
}
