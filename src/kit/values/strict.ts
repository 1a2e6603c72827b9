import {type Context, Refusal, checkObject, parseStrict, type Problems} from './check.js'
import {
  type Format,
  type Schema,
  type Table,
  type Version,
  findKey,
  formatIn,
  formatOf,
  keyTables,
  schemaIn,
} from './schema.js'
import {byBytes, parseSize, printSize} from './scalars.js'

/** A property string taken apart as PVE does it: sizes of volumes are bytes. */
export type Parsed = Record<string, string | number | string[][]>

// Made of constants, so made once.
const contexts = new Map<Version, Context>()

/**
 * What the keys of a version's configuration are held against.
 * @param cpuModels the cluster's own CPU models; where they are not known any name passes
 */
export function contextOf(version: Version, cpuModels?: string[]): Context {
  const known = contexts.get(version)
  if (known) return cpuModels ? {...known, cpuModels} : known
  const {formats} = keyTables()
  const made = new Map<string, Format>()
  const context: Context = {
    version,
    formats: (name) => {
      const united = formats[name]
      if (!united) return undefined
      let format = made.get(name)
      if (!format) made.set(name, (format = formatIn(united, version)))
      return format
    },
  }
  contexts.set(version, context)
  return cpuModels ? {...context, cpuModels} : context
}

/** A key's schema and sub-keys as a version has them; undefined where it has no such key. */
export function keyIn(
  table: Table,
  key: string,
  version: Version,
): {schema: Schema; format?: Format; formatName?: string} | undefined {
  const found = findKey(table, key)
  const schema = found && schemaIn(found.schema, version)
  if (!schema) return undefined
  const united = formatOf(schema)
  if (!united) return {schema}
  const formatName = typeof schema.format === 'string' ? schema.format.slice(1) : ''
  return {schema, format: formatIn(united, version), formatName}
}

/** How PVE prints a property string: default key first and bare, then the required, then the rest, each sorted; `virtio=MAC` as a pair. */
export function printStrict(parsed: Parsed, format: Format, context: Context, skip: string[] = []): string {
  const errors: Problems = new Map()
  checkObject('', format, parsed, true, errors, context)
  if (errors.size > 0) throw new Refusal('format error', errors)
  const names = Object.keys(format)
  const defaultKey = names.find((name) => format[name]!.default_key)
  const alias = Object.values(format).find((schema) => schema.keyAlias)
  const given = Object.keys(parsed).sort(byBytes)
  const order = [
    ...(defaultKey ? [defaultKey] : []),
    ...given.filter((name) => format[name] && !format[name]!.optional),
    ...given,
  ]
  const done = new Set(skip)
  const parts: string[] = []
  for (const name of order) {
    if (done.has(name) || parsed[name] === undefined) continue
    done.add(name)
    const text = printValue(parsed[name], format[name]?.format)
    if (alias?.keyAlias === name && parsed[alias.alias!] !== undefined) {
      parts.push(`${text}=${printValue(parsed[alias.alias!]!, format[alias.alias!]?.format)}`)
      done.add(alias.alias!)
    } else parts.push(name === defaultKey ? text : `${name}=${text}`)
  }
  return parts.join(',')
}

function printValue(value: string | number | string[][], format: Schema['format']): string {
  if (Array.isArray(value)) return value.map((one) => one.join(':')).join(';')
  return format === 'disk-size' ? printSize(Number(value)) : String(value)
}

/** A property string of a key, printed anew. Throws a {@link Refusal}. */
export function parseProperty(
  table: Table,
  key: string,
  text: string,
  context: Context,
): {parsed: Parsed; canonical: string} {
  const found = keyIn(table, key, context.version)
  if (!found?.format) throw new Refusal(`'${key}' is not a property string`)
  const parsed = parseStrict(found.format, text, '', context, found.formatName)
  return {parsed, canonical: printStrict(parsed, found.format, context)}
}

/** Limits of a drive that need another: a burst its rate, the length of a burst the burst. */
const needs: [string, string][] = [
  ['mbps_max', 'mbps'],
  ['mbps_rd_max', 'mbps_rd'],
  ['mbps_wr_max', 'mbps_wr'],
  ['bps_max_length', 'mbps_max'],
  ['bps_rd_max_length', 'mbps_rd_max'],
  ['bps_wr_max_length', 'mbps_wr_max'],
  ['iops_max_length', 'iops_max'],
  ['iops_rd_max_length', 'iops_rd_max'],
  ['iops_wr_max_length', 'iops_wr_max'],
]
const excludes: [string, string][] = [
  ['mbps_rd', 'mbps'],
  ['mbps_wr', 'mbps'],
  ['iops_rd', 'iops'],
  ['iops_wr', 'iops'],
]
const geometry = ['snapshot', 'trans', 'format', 'heads', 'secs', 'cyls']

const isTrue = (value: unknown): boolean => value !== undefined && String(value) !== '0' && String(value) !== ''

/** The sub-keys of a drive key; those of an allocation or an import only where one is asked for. */
function driveFormat(key: string, version: Version, allocate: boolean): Format | undefined {
  if (!/^(?:ide|sata|scsi|virtio|efidisk|tpmstate|unused)\d+$/.test(key)) return undefined
  const format = keyIn('qemu', key, version)?.format
  if (!format || allocate) return format
  const {'import-from': _allocation, ...rest} = format
  return rest
}

/**
 * A VM's drive as PVE reads it, sizes in bytes; undefined where PVE cannot read it (it gives no reason).
 * @param allocate whether `import-from` may stand in it
 */
export function parseDrive(key: string, text: string, context: Context, allocate = false): Parsed | undefined {
  const format = driveFormat(key, context.version, allocate)
  if (!format) return undefined
  let drive: Parsed
  try {
    drive = parseStrict(format, context.version === '8.4' ? text : withoutGeometry(text), '', context)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
  if (!convertRates(drive) || needs.some(([name, needed]) => isTrue(drive[name]) && !isTrue(drive[needed])))
    return undefined
  if (excludes.some(([one, other]) => isTrue(drive[one]) && isTrue(drive[other]))) return undefined
  if (drive.media === 'cdrom' && (key.startsWith('virtio') || geometry.some((name) => isTrue(drive[name]))))
    return undefined
  if (isTrue(drive.size)) drive.size = parseSize(String(drive.size), context.version)!
  return drive
}

// 9.x does not know the geometry of a disk any more and leaves it out without a word (oracle cases).
const withoutGeometry = (text: string): string => text.replaceAll(/(^|,)(?:cyls|heads|secs|trans)=[^,]*/g, '')

// PVE means to turn bytes into megabytes and turns the fact that there are any: it always comes to 0.000 (qemu-server,
// PVE/QemuServer/Drive.pm, parse_drive).
function convertRates(drive: Parsed): boolean {
  for (const name of ['bps', 'bps_rd', 'bps_wr']) {
    if (drive[name] === undefined) continue
    if (drive[`m${name}`] !== undefined) return false
    delete drive[name]
    drive[`m${name}`] = '0.000'
  }
  return true
}

/** A drive as PVE prints it: by the sub-keys of all kinds of drives at once. */
export function printDrive(drive: Parsed, context: Context): string {
  const all: Format = {}
  for (const key of ['ide0', 'sata0', 'scsi0', 'virtio0', 'efidisk0', 'tpmstate0']) {
    for (const [name, schema] of Object.entries(keyIn('qemu', key, context.version)?.format ?? {})) all[name] ??= schema
  }
  return printStrict(drive, all, context)
}

/** A VM's NIC, printed anew. Throws a {@link Refusal}. */
export function parseNet(text: string, context: Context): {parsed: Parsed; canonical: string} {
  return parseProperty('qemu', 'net0', text, context)
}

/** A container's NIC, printed anew: it is always a veth. Throws a {@link Refusal}. */
export function parseContainerNet(text: string, context: Context): {parsed: Parsed; canonical: string} {
  const {format} = keyIn('lxc', 'net0', context.version)!
  const parsed: Parsed = isTrue(text) ? {...parseStrict(format!, text, '', context), type: 'veth'} : {}
  return {parsed, canonical: printStrict(parsed, format!, context)}
}

/** A container's volume, printed anew; the root file system has `/` for its mount point. Throws a {@link Refusal}. */
export function parseContainerVolume(key: string, text: string, context: Context): {parsed: Parsed; canonical: string} {
  const found = /^(?:rootfs|mp\d+|unused\d+)$/.test(key) ? keyIn('lxc', key, context.version) : undefined
  if (!found?.format) throw new Refusal(`parse_volume - unknown type: ${key}`)
  const parsed: Parsed = parseStrict(found.format, text, '', context)
  if (parsed.size !== undefined) parsed.size = parseSize(String(parsed.size), context.version)!
  if (typeof parsed.idmap === 'string' && parsed.idmap !== 'passthrough')
    parsed.idmap = parsed.idmap.split(';').map((one) => one.split(':'))
  const volume = String(parsed.volume)
  parsed.type = volume.startsWith('/dev/') ? 'device' : volume.startsWith('/') ? 'bind' : 'volume'
  if (key === 'rootfs') parsed.mp = '/'
  const printed = key.startsWith('unused') ? found.format : keyIn('lxc', 'mp0', context.version)!.format!
  const texts = Array.isArray(parsed.idmap) ? {...parsed, idmap: printValue(parsed.idmap, undefined)} : parsed
  return {parsed, canonical: printStrict(texts, printed, context, key === 'rootfs' ? ['type', 'mp'] : ['type'])}
}
