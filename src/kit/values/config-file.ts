import {createHash} from 'node:crypto'
import {type Context, Refusal, checkFormat} from './check.js'
import type {Table} from './schema.js'
import {byBytes, decodeText, encodeText, parseBoolean, splitList} from './scalars.js'
import {type Parsed, keyIn, parseContainerVolume, parseDrive, printDrive} from './strict.js'

/** One section of a guest's configuration file: keys to values as they stand there. Containers: `lxc` is a list of pairs. */
export type Section = Record<string, string | number | string[][]>

/** A guest's configuration file (qemu-server, PVE/QemuServer.pm, parse_vm_config; pve-container, PVE/LXC/Config.pm, parse_pct_config). */
export interface ConfigFile {
  config: Section
  pending: Section
  snapshots: Record<string, Section>
  /** Only VMs have them: `cloudinit`, `fleecing`. */
  special: Record<string, Section>
  /** SHA-1 of the text, which is what the API calls `digest`. */
  digest: string
}

/** A file that was read, and what PVE would have warned of. */
export interface ReadFile {
  file: ConfigFile
  warnings: string[]
}

/** How a kind of guest writes its file. */
interface Style {
  table: Table
  pending: RegExp
  key: RegExp
  special: string[]
  pendingName: string
}

const styles: Record<'qemu' | 'lxc', Style> = {
  qemu: {
    table: 'qemu',
    pending: /^\[PENDING\]\s*$/i,
    key: /^([a-z][a-z_-]*\d*):\s*(.+?)\s*$/,
    special: ['cloudinit', 'fleecing'],
    pendingName: '[PENDING]',
  },
  lxc: {
    table: 'lxc',
    pending: /^\[pve:pending\]\s*$/i,
    key: /^([a-z][a-z_]*\d*):\s*(.+?)\s*$/,
    special: [],
    pendingName: '[pve:pending]',
  },
}

type Kind = 'main' | 'pending' | 'snapshot' | 'special'

/** Where the reader stands. */
interface Place {
  kind: Kind
  name: string
  section: Section
  description?: string
}

/**
 * Reads a guest's configuration file as PVE does: what it cannot read is left out with a warning.
 * @param vmid for the texts of the warnings
 * @param strict throws a {@link Refusal} instead of the first warning, as a restore does
 */
export function readConfigFile(
  guest: 'qemu' | 'lxc',
  text: string,
  vmid: number,
  context: Context,
  strict = false,
): ReadFile {
  const style = styles[guest]
  const file: ConfigFile = {
    config: {},
    pending: {},
    snapshots: {},
    special: {},
    digest: createHash('sha1').update(text).digest('hex'),
  }
  const warnings: string[] = []
  const warn = (message: string, ends = '\n'): void => {
    if (strict) throw new Refusal(`vm ${vmid} - ${message}`)
    warnings.push(`vm ${vmid} - ${message}${ends}`)
  }
  const seen = new Set<string>()
  let place: Place | undefined = {kind: 'main', name: '', section: file.config}
  for (const line of text.split('\n')) {
    if (/^\s*$/.test(line)) continue
    const next = sectionAt(style, line)
    if (next) {
      if (place) finishDescription(guest, place)
      place = enter(next, file, guest === 'qemu' ? seen : new Set(), warn)
      continue
    }
    if (place) readLine(guest, style, line, place, context, warn)
  }
  if (place) finishDescription(guest, place)
  delete file.config.snapstate
  return {file, warnings}
}

type Warn = (message: string, ends?: string) => void

/** The section that a line begins; undefined where it begins none. */
function sectionAt(style: Style, line: string): {kind: Kind; name: string} | {unknown: string} | undefined {
  if (style.pending.test(line)) return {kind: 'pending', name: 'pending'}
  const special = /^\[special:(.*)\]\s*$/i.exec(line)?.[1]
  if (special !== undefined && style.special.includes(special.toLowerCase())) return {kind: 'special', name: special}
  const snapshot = /^\[([a-z][a-z0-9_-]+)\]\s*$/i.exec(line)?.[1]
  if (snapshot !== undefined) return {kind: 'snapshot', name: snapshot}
  const unknown = style.table === 'qemu' ? /^\[([^\]]*)\]\s*$/.exec(line)?.[1] : undefined
  return unknown === undefined ? undefined : {unknown}
}

function enter(
  next: NonNullable<ReturnType<typeof sectionAt>>,
  file: ConfigFile,
  seen: Set<string>,
  warn: Warn,
): Place | undefined {
  if ('unknown' in next) {
    warn(`skipping unknown section: '${next.unknown}'`)
    return undefined
  }
  const {kind, name} = next
  const words: Record<Kind, string> = {
    main: '',
    pending: 'duplicate section',
    special: 'duplicate special section',
    snapshot: 'duplicate snapshot section',
  }
  const id = `${kind}:${name}`
  if (seen.has(id)) warn(`${words[kind]}: ${name}`)
  seen.add(id)
  const section: Section = {}
  if (kind === 'pending') file.pending = section
  else if (kind === 'special') file.special[name] = section
  else file.snapshots[name] = section
  return {kind, name, section}
}

// A VM's loses white space at its end, a container's keeps the line end of each line.
function finishDescription(guest: 'qemu' | 'lxc', place: Place): void {
  if (place.description === undefined) return
  if (guest === 'qemu') place.section.description = place.description.trimEnd()
  else if (place.description !== '') place.section.description = place.description
  delete place.description
}

function readLine(guest: 'qemu' | 'lxc', style: Style, line: string, place: Place, context: Context, warn: Warn): void {
  const comment = /^#(.*)$/.exec(line)
  if (comment) {
    place.description = `${place.description ?? ''}${decodeText(comment[1]!)}\n`
    return
  }
  if (guest === 'lxc' && readLxcLine(line, place, context, warn)) return
  const description = /^description:\s*(.*\S)\s*$/.exec(line)
  const snapstate = /snapstate:\s*(prepare|delete)\s*$/.exec(line)
  const args = guest === 'qemu' ? /^args:\s*(.*\S)\s*$/.exec(line) : null
  const removed = /^delete:\s*(.*\S)\s*$/.exec(line)
  const pair = style.key.exec(line)
  if (description) place.description = `${place.description ?? ''}${decodeText(description[1]!)}`
  else if (snapstate) place.section.snapstate = snapstate[1]!
  else if (args) place.section.args = args[1]!
  else if (removed) readDelete(style, removed[1]!, place, warn)
  else if (pair) readPair(guest, pair[1]!, pair[2]!, place, context, warn)
  else warn(`unable to parse config: ${line}`)
}

function readDelete(style: Style, text: string, place: Place, warn: Warn): void {
  if (place.kind === 'pending') place.section.delete = text
  else warn(`property 'delete' is only allowed in ${style.pendingName}`)
}

/** Of the special sections: no check for `cloudinit`, one key in `fleecing`. */
function readPair(guest: 'qemu' | 'lxc', key: string, text: string, place: Place, context: Context, warn: Warn): void {
  if (place.kind === 'special' && place.name === 'cloudinit') {
    place.section[key] = text
    return
  }
  let value: string | number = text
  try {
    value = place.kind === 'special' ? checkSpecial(key, text, context) : checkType(guest, key, text, context)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const words = error.text(context.version)
    warn(`unable to parse value of '${key}' - ${words.replace(/\n$/, '')}`)
    if (guest === 'qemu') return
  }
  place.section[key === 'cdrom' && guest === 'qemu' ? 'ide2' : key] = value
}

function checkSpecial(key: string, text: string, context: Context): string {
  if (key !== 'fleecing-images') throw new Refusal(`unknown setting '${key}'`)
  checkFormat('pve-volume-id-list', text, '', context)
  return text
}

/** One value as the file may hold it: unlike the API, booleans may be words and only formats are checked. Throws a {@link Refusal}. */
function checkType(guest: 'qemu' | 'lxc', key: string, text: string, context: Context): string | number {
  const found = keyIn(guest, key, context.version)
  if (!found || notInFiles.has(key)) throw new Refusal(`unknown setting '${key}'`)
  if (/[\n\r]/.test(text)) throw new Refusal('property contains a line feed')
  const {type, format} = found.schema
  if (type === 'boolean') {
    const value = parseBoolean(text)
    if (value === undefined) throw new Refusal(`type check ('boolean') failed - got '${text}'`)
    return value
  }
  if (type === 'integer') {
    if (!/^\d+$/.test(text)) throw new Refusal(`type check ('integer') failed - got '${text}'`)
    const number = Number(text)
    return Number.isSafeInteger(number) ? number : text
  }
  if (type === 'number' && !/^\d+(?:\.\d+)?$/.test(text))
    throw new Refusal(`type check ('number') failed - got '${text}'`)
  if (type === 'string' && format !== undefined)
    checkFileFormat(text, found.format ?? format, found.formatName, context)
  else if (type === 'string' && guest === 'qemu') return text.replace(/^"(.*)"$/, '$1')
  return text
}

const notInFiles = new Set(['lxc'])

function checkFileFormat(
  text: string,
  format: Parameters<typeof checkFormat>[0],
  name: string | undefined,
  context: Context,
): void {
  if (typeof format !== 'object') return checkFormat(format, text, '', context)
  const {'import-from': _allocation, ...rest} = format
  // A name brings the checks of whole values (of `cpu`); a drive in a file has nothing to import.
  if (name && 'cputype' in format) checkFormat(`#${name}`, text, '', context)
  else checkFormat(rest, text, '', context)
}

/** Keys of LXC itself that may stand in a container's file; those with a text are refused with it. */
const lxcKeys = new Set(
  (
    'apparmor.profile apparmor.allow_incomplete apparmor.allow_nesting apparmor.raw selinux.context include arch uts.name signal.halt ' +
    'signal.reboot signal.stop init.cmd init.cwd pty.max console.logfile console.path tty.max devtty.dir hook.autodev autodev kmsg ' +
    'mount.fstab mount.entry mount.auto rootfs.mount cap.drop cap.keep seccomp.profile seccomp.notify.proxy seccomp.notify.cookie idmap ' +
    'hook.pre-start hook.pre-mount hook.mount hook.start hook.stop hook.post-stop hook.clone hook.destroy hook.version log.level log.file ' +
    'start.auto start.delay start.order group environment sysctl.fs.mqueue sysctl.kernel.msgmax ' +
    'sysctl.kernel.msgmnb sysctl.kernel.msgmni sysctl.kernel.sem sysctl.kernel.shmall sysctl.kernel.shmmax sysctl.kernel.shmmni ' +
    'sysctl.kernel.shm_rmid_forced'
  ).split(' '),
)
/** Since 9.x, for images of applications. */
const newerLxcKeys = new Set(['environment.hooks', 'init.uid', 'init.gid'])
const refusedLxcKeys: Record<string, string> = {
  'rootfs.path': 'lxc.rootfs.path is auto generated from rootfs',
  'rootfs.options': 'lxc.rootfs.options is not supported, please use mount point options in the "rootfs" key',
}
const renamedLxcKeys: Record<string, string> = {
  aa_profile: 'apparmor.profile',
  aa_allow_incomplete: 'apparmor.allow_incomplete',
  console: 'console.path',
  devttydir: 'tty.dir',
  haltsignal: 'signal.halt',
  rebootsignal: 'signal.reboot',
  stopsignal: 'signal.stop',
  id_map: 'idmap',
  init_cmd: 'init.cmd',
  loglevel: 'log.level',
  logfile: 'log.file',
  mount: 'mount.fstab',
  'network.type': 'net.INDEX.type',
  'network.flags': 'net.INDEX.flags',
  'network.link': 'net.INDEX.link',
  'network.mtu': 'net.INDEX.mtu',
  'network.name': 'net.INDEX.name',
  'network.hwaddr': 'net.INDEX.hwaddr',
  'network.ipv4': 'net.INDEX.ipv4.address',
  'network.ipv4.gateway': 'net.INDEX.ipv4.gateway',
  'network.ipv6': 'net.INDEX.ipv6.address',
  'network.ipv6.gateway': 'net.INDEX.ipv6.gateway',
  'network.script.up': 'net.INDEX.script.up',
  'network.script.down': 'net.INDEX.script.down',
  pts: 'pty.max',
  se_context: 'selinux.context',
  seccomp: 'seccomp.profile',
  tty: 'tty.max',
  utsname: 'uts.name',
}

/** A line of LXC's own keys; false where it is none. In 9.x the environment of the entry point is PVE's own key `env`. */
function readLxcLine(line: string, place: Place, context: Context, warn: Warn): boolean {
  const match = /^(lxc\.[a-z0-9_\-.]+)(?::|\s*=)\s*(.*?)\s*$/.exec(line)
  if (!match) return false
  const [, key, value] = match as unknown as [string, string, string]
  const name = key.slice('lxc.'.length)
  if (name === 'environment.runtime' && context.version !== '8.4') {
    place.section.env = typeof place.section.env === 'string' ? `${place.section.env}\0${value}` : value
    return true
  }
  const renamed = Object.hasOwn(renamedLxcKeys, name) ? renamedLxcKeys[name] : undefined
  if (Object.hasOwn(refusedLxcKeys, name)) warn(`${key}: ${refusedLxcKeys[name]}`)
  else if (/^limit\./.test(name)) addLxc(place, key, value, warn, `${key}: lxc.limit.* was renamed to lxc.prlimit.*`)
  else if (renamed !== undefined)
    addLxc(place, key, value, warn, `${key} is deprecated and was renamed to lxc.${renamed}`)
  else if (
    lxcKeys.has(name) ||
    (newerLxcKeys.has(name) && context.version !== '8.4') ||
    /^(?:cgroup2?|prlimit|net)\./.test(name)
  )
    addLxc(place, key, value, warn)
  else warn(`unable to parse config: ${line}`)
  return true
}

function addLxc(place: Place, key: string, value: string, warn: Warn, warning?: string): void {
  if (warning !== undefined) warn(warning)
  const pairs = Array.isArray(place.section.lxc) ? place.section.lxc : []
  pairs.push([key, value])
  place.section.lxc = pairs
}

/** Writes a guest's configuration file as PVE does: keys sorted, the description as comments, then the other sections. */
export function writeConfigFile(guest: 'qemu' | 'lxc', file: Omit<ConfigFile, 'digest'>, context: Context): string {
  const config = guest === 'qemu' ? convertOldKeys({...file.config}) : {...file.config}
  if (guest === 'qemu') recheck([config, file.pending, ...Object.values(file.snapshots)], context)
  const used = usedVolumes(guest, guest === 'qemu' ? [config, file.pending] : [config], context)
  for (const key of Object.keys(config))
    if (key.startsWith('unused') && used.has(String(config[key]))) delete config[key]
  const style = styles[guest]
  let text = printSection(guest, config, context)
  if (Object.keys(file.pending).length > 0)
    text += `\n${style.pendingName}\n${printSection(guest, file.pending, context, true)}`
  for (const name of Object.keys(file.special).sort(byBytes)) {
    if (name === 'cloudinit' && !hasCloudInit(config, context)) continue
    text += `\n[special:${name}]\n${printSection(guest, file.special[name]!, context)}`
  }
  for (const name of Object.keys(file.snapshots).sort(byBytes))
    text += `\n[${name}]\n${printSection(guest, file.snapshots[name]!, context)}`
  return text
}

function convertOldKeys(config: Section): Section {
  delete config.snapstate
  if (isTrue(config.cdrom)) {
    if (isTrue(config.ide2)) throw new Refusal('option ide2 conflicts with cdrom')
    config.ide2 = config.cdrom!
    delete config.cdrom
  }
  if (isTrue(config.sockets)) delete config.smp
  else if (isTrue(config.smp)) {
    config.sockets = config.smp!
    delete config.cores
    delete config.smp
  }
  return config
}

const isTrue = (value: unknown): boolean => value !== undefined && String(value) !== '' && String(value) !== '0'

function recheck(sections: Section[], context: Context): void {
  for (const section of sections) {
    for (const [key, value] of Object.entries(section)) {
      if (key === 'description' || key === 'snapstate' || key === 'delete') continue
      try {
        section[key] = checkType('qemu', key, String(value), context)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        throw new Refusal(`unable to parse value of '${key}' - ${error.text(context.version).trimEnd()}`)
      }
    }
  }
}

const drives = /^(?:ide|sata|scsi|virtio|efidisk|tpmstate)\d+$/

function usedVolumes(guest: 'qemu' | 'lxc', sections: Section[], context: Context): Set<string> {
  const used = new Set<string>()
  for (const section of sections) {
    for (const [key, value] of Object.entries(section)) {
      const volume =
        guest === 'qemu'
          ? drives.test(key) && parseDrive(key, String(value), context)?.file
          : containerVolume(key, String(value), context)
      if (typeof volume === 'string') used.add(volume)
    }
  }
  return used
}

function containerVolume(key: string, text: string, context: Context): string | undefined {
  if (!/^(?:rootfs|mp\d+)$/.test(key)) return undefined
  try {
    const {parsed} = parseContainerVolume(key, text, context)
    return parsed.type === 'volume' && String(parsed.volume).includes(':') ? String(parsed.volume) : undefined
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

const cloudInitVolume = /[:/](?:vm-\d+-)?cloudinit(?:\.(?:raw|qcow|qcow2|qed|vmdk|cloop))?$/

function hasCloudInit(config: Section, context: Context): boolean {
  return Object.entries(config).some(([key, value]) => {
    const file = drives.test(key) ? parseDrive(key, String(value), context)?.file : undefined
    return typeof file === 'string' && cloudInitVolume.test(file)
  })
}

const unwritten = new Set(['description', 'digest', 'lxc', 'snapstate'])

function printSection(guest: 'qemu' | 'lxc', section: Section, context: Context, isPending = false): string {
  const hasEnvironment = guest === 'lxc' && keyIn(guest, 'env', context.version) !== undefined
  const lines: string[] = []
  const description = section.description === undefined ? undefined : String(section.description)
  if (description) lines.push(...descriptionLines(description))
  else if (description === '' && guest === 'qemu' && isPending) lines.push('#')
  for (const key of Object.keys(section).sort(byBytes)) {
    if (unwritten.has(key) && !(key === 'lxc' && guest === 'qemu')) continue
    if (key === 'env' && hasEnvironment) continue
    lines.push(`${key}: ${section[key]}`)
  }
  if (hasEnvironment) lines.push(...environmentLines(section))
  if (guest === 'lxc') lines.push(...lxcLines(section))
  return lines.map((line) => `${line}\n`).join('')
}

function descriptionLines(description: string): string[] {
  const text = description.replace(/\n+$/, '')
  if (text === '') return []
  return text.split('\n').map((line) => `#${encodeText(line)}`)
}

function environmentLines(section: Section): string[] {
  if (section.env === undefined) return []
  return splitList(String(section.env).includes('\0') ? String(section.env) : `${String(section.env)}\0`).map(
    (pair) => `lxc.environment.runtime: ${pair}`,
  )
}

function lxcLines(section: Section): string[] {
  return Array.isArray(section.lxc) ? section.lxc.map(([key, value]) => `${key}: ${value}`) : []
}

/** The pending deletions of a text: keys, and whether each is forced (`!key`). */
export function parsePendingDelete(text: string): Map<string, boolean> {
  const result = new Map<string, boolean>()
  for (const entry of text.replaceAll(/[,;]/g, ' ').split(/\s+/)) {
    if (entry !== '') result.set(entry.replace(/^!/, ''), entry.startsWith('!'))
  }
  return result
}

/** Pending deletions as PVE writes them: sorted, joined with commas. */
export function printPendingDelete(keys: Map<string, boolean>): string {
  return [...keys.keys()]
    .sort(byBytes)
    .map((key) => (keys.get(key) ? `!${key}` : key))
    .join(',')
}

/** Drops pending changes that change nothing, and deletions of what is not there; says whether there were any. */
export function cleanPending(config: Section, pending: Section): {pending: Section; changed: boolean} {
  const result: Section = {}
  let changed = false
  for (const [key, value] of Object.entries(pending)) {
    if (key === 'delete') continue
    if (config[key] !== undefined && String(config[key]) === String(value)) changed = true
    else result[key] = value
  }
  const deletions = parsePendingDelete(String(pending.delete ?? ''))
  const kept = new Map([...deletions].filter(([key]) => config[key] !== undefined))
  if (kept.size < deletions.size) changed = true
  if (kept.size > 0) result.delete = printPendingDelete(kept)
  return {pending: result, changed}
}

/**
 * A VM's configuration as a restore writes it: drives on their new volumes, those left out of the backup commented out,
 * without what belongs to the old guest (lock, unused volumes, snapshots, the backup's own notes).
 * @param volumes key of a drive to its new volume id
 */
export function rewriteRestored(text: string, volumes: Record<string, string>, context: Context): string {
  const lines = text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined)
  return lines
    .flatMap((line) => restoredLine(line, volumes, context))
    .map((line) => `${line}\n`)
    .join('')
}

function restoredLine(line: string, volumes: Record<string, string>, context: Context): string[] {
  if (/^(?:#qmdump#|#vzdump#|lock:|unused\d+:|parent:)/.test(line)) return []
  const match = /^((?:ide|scsi|virtio|sata|efidisk|tpmstate)\d+):\s*(\S+)\s*$/.exec(line)
  const drive: Parsed | undefined = match ? parseDrive(match[1]!, match[2]!, context) : undefined
  if (!match || !drive) return [line]
  if (drive.backup !== undefined && !isTrue(drive.backup)) return [`#${line}`]
  const volume = volumes[match[1]!]
  if (volume === undefined) return [line]
  const {format: _format, ...rest} = drive
  return [`${match[1]}: ${printDrive({...rest, file: volume}, context)}`]
}
