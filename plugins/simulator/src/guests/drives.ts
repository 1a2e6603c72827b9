import {FormatError, printPropertyString, type Format, type Parts} from '../contract/property-string.js'
import {parsePropertyString, type Schema} from '../contract/schema.js'
import {cpuProblem} from '../contract/formats.js'
import type {Simulation} from '../simulation.js'
import type {Config, GuestType, State} from '../state/model.js'

const configPaths: Record<GuestType, string> = {
  qemu: '/nodes/{node}/qemu/{vmid}/config',
  lxc: '/nodes/{node}/lxc/{vmid}/config',
}

/** Schemas of a guest's configuration keys. */
export function configSchema(sim: Simulation, type: GuestType): Record<string, Schema> {
  return sim.contract.paths[configPaths[type]]?.PUT?.parameters.properties ?? {}
}

/** The sub-keys of a property string. */
export function formatOf(sim: Simulation, type: GuestType, key: string): Format {
  const format = configSchema(sim, type)[key]?.format
  if (typeof format === 'string') return sim.contract.formats[format] ?? {}
  return format ?? {}
}

export const qemuDrive = /^(?:(?:ide|sata|scsi|virtio)\d+|efidisk0|tpmstate0)$/
export const qemuVolume = /^(?:(?:ide|sata|scsi|virtio|unused)\d+|efidisk0|tpmstate0)$/
export const lxcVolume = /^(?:rootfs|(?:mp|unused)\d+)$/
const netKey = /^net\d+$/

export const isVolumeKey = (type: GuestType, key: string): boolean =>
  (type === 'qemu' ? qemuVolume : lxcVolume).test(key)
export const isNetKey = (key: string): boolean => netKey.test(key)

/** Name of the sub-key that holds a drive's volume. */
export const fileKey = (type: GuestType, key: string): string =>
  type === 'lxc' ? 'volume' : key.startsWith('unused') ? 'file' : 'file'

const limits = ['mbps', 'mbps_rd', 'mbps_wr', 'iops', 'iops_rd', 'iops_wr']

/** Whether parts of a drive, each valid, contradict each other. Fact: qemu-server, PVE/QemuServer/Drive.pm (parse_drive); what it makes of texts: test/oracle.test.ts. */
function contradicts(key: string, parts: Parts): boolean {
  if (limits.some((limit) => parts[`${limit}_max`] && !parts[limit])) return true
  if (['mbps', 'iops'].some((unit) => parts[unit] && (parts[`${unit}_rd`] || parts[`${unit}_wr`]))) return true
  if (parts.media !== 'cdrom') return false
  return (
    key.startsWith('virtio') || ['snapshot', 'trans', 'format', 'heads', 'secs', 'cyls'].some((name) => parts[name])
  )
}

/** A drive as it is read: 9 drops what older releases knew of a disk's geometry. */
const drivePart = (text: string, release: string): string =>
  release === '8.4' ? text : text.replace(/,(?:heads|cyls|secs|trans)=[^,]*/g, '')

/**
 * Bytes a second become megabytes, of which PVE's slip makes 0.000 whatever was asked for; false where both are given.
 * Fact: qemu-server, PVE/QemuServer/Drive.pm (parse_drive), and seen on the real daemon.
 */
function inMegabytes(parts: Parts): boolean {
  return ['bps', 'bps_rd', 'bps_wr'].every((key) => {
    if (parts[key] === undefined) return true
    if (parts[`m${key}`] !== undefined) return false
    delete parts[key]
    parts[`m${key}`] = '0.000'
    return true
  })
}

/** Reads a property string; undefined when it cannot be read. */
export function readParts(sim: Simulation, type: GuestType, key: string, value: string | number): Parts | undefined {
  const isDrive = type === 'qemu' && qemuDrive.test(key)
  const given = isDrive ? drivePart(String(value), sim.context.release) : String(value)
  try {
    const parts = parsePropertyString(given, formatOf(sim, type, key), key, sim.context)
    if (type === 'qemu' && key === 'cpu' && cpuProblem(given, sim.context) !== undefined) return undefined
    return isDrive && (!inMegabytes(parts) || contradicts(key, parts)) ? undefined : parts
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}

export function printParts(sim: Simulation, type: GuestType, key: string, parts: Parts): string {
  return printPropertyString(parts, formatOf(sim, type, key))
}

/** Volume id of a drive's value, without parsing the rest. */
export function volumeOf(value: string | number): string {
  for (const part of String(value).split(',')) {
    const match = /^(?:file=|volume=)?([^=,]+:[^=,]*|none|cdrom|\/[^,]*)$/.exec(part)
    if (match) return match[1]!
  }
  return ''
}

export const isCdrom = (value: string | number): boolean => /(?:^|,)media=cdrom(?:,|$)/.test(String(value))

/** Upper-case MAC address with the cluster's prefix, unused by any guest given. */
export function newMac(sim: Simulation, state: State): string {
  const prefix = String(state.options.mac_prefix ?? 'BC:24:11')
    .replace(/:$/, '')
    .toUpperCase()
  const parts = prefix.split(':')
  while (parts.length < 6) parts.push(sim.random.hex(2).toUpperCase())
  return parts.join(':')
}

/** All volume keys of a configuration with their volume ids. */
export function volumesIn(type: GuestType, config: Config): [string, string][] {
  return Object.entries(config)
    .filter(([key]) => isVolumeKey(type, key))
    .map(([key, value]) => [key, volumeOf(value)] as [string, string])
    .filter(([, volid]) => volid.includes(':') && !volid.startsWith('/'))
}

const asked = /^([^/:\s]+):(?:\d+(?:\.\d+)?|cloudinit)$/

/** Storages on which values ask for new volumes, one entry a volume. */
export const storagesAsked = (type: GuestType, values: Record<string, unknown>): string[] =>
  Object.entries(values)
    .filter(([key]) => isVolumeKey(type, key))
    .flatMap(([, value]) => asked.exec(volumeOf(String(value)))?.[1] ?? [])

/** Sizes that PVE gives to firmware and TPM state, whatever was asked for. */
export function fixedSize(key: string, parts: Parts): number | undefined {
  if (key === 'tpmstate0') return 4096 * 1024
  if (key !== 'efidisk0') return undefined
  return parts.efitype === '4m' ? 528 * 1024 : 128 * 1024
}
