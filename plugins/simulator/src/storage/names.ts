import {failure} from '../errors.js'
import type {GuestType, StorageState} from '../state/model.js'
import {storagePlugins} from './plugins.js'

/** What a volume's name tells: its kind, its guest, its format. */
export interface VolumeName {
  content: string
  vmid?: number
  format: string
  /** Name of the volume that a linked clone stands on. */
  base?: string
  isBase?: boolean
}

/** File names of each kind of content that is no disk. Fact: pve-storage, parse_volname and the `*_EXT_RE` of Storage.pm. */
export const fileNames: Record<string, {folder: string; pattern: RegExp}> = {
  iso: {folder: 'iso', pattern: /^[^/]+\.(iso|img)$/i},
  vztmpl: {folder: 'vztmpl', pattern: /^[^/]+\.tar(?:\.(gz|xz|zst|bz2))?$/i},
  backup: {folder: 'backup', pattern: /^[^/]+\.(tgz|(?:tar|vma)(?:\.(?:gz|lzo|zst|bz2))?)$/},
  snippets: {folder: 'snippets', pattern: /^[^/]+$/},
  import: {folder: 'import', pattern: /^[a-zA-Z0-9\-.+=_ ]+\.(ova|ovf|qcow2|raw|vmdk)$/},
}

const packedImage = /^import\/[a-zA-Z0-9\-.+=_ ]+\.ova\/[^/]+\.(qcow2|raw|vmdk)$/
const image = /^(?:vm|base|subvol)-(\d+)-[^/\s]+\.(raw|qcow2|vmdk|subvol)$/

function parseImageFile(name: string): {format: string; isBase: boolean} {
  const match = image.exec(name)
  if (!match) throw failure(`unable to parse volume filename '${name}'`)
  return {format: match[2]!, isBase: name.startsWith('base-')}
}

/** Guest of a backup, by its name. */
const backupGuest = (name: string): number | undefined => {
  const vmid = /^vzdump-(?:openvz|lxc|qemu)-(\d+)-.+/.exec(name)?.[1]
  return vmid === undefined ? undefined : Number(vmid)
}

function parseFileName(name: string, what: string): VolumeName {
  const linked = /^(\d+)\/(\S+)\/(\d+)\/(\S+)$/.exec(name)
  if (linked) {
    parseImageFile(linked[2]!)
    const parsed = parseImageFile(linked[4]!)
    return {content: 'images', vmid: Number(linked[3]), base: `${linked[1]}/${linked[2]}`, ...parsed}
  }
  const own = /^(\d+)\/(\S+)$/.exec(name)
  if (own) return {content: 'images', vmid: Number(own[1]), ...parseImageFile(own[2]!)}
  const packed = packedImage.exec(name)
  if (packed) return {content: 'import', format: `ova+${packed[1]}`}
  for (const [content, {folder, pattern}] of Object.entries(fileNames)) {
    const file = name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : ''
    const match = pattern.exec(file)
    if (!match) continue
    const vmid = content === 'backup' ? backupGuest(file) : undefined
    return {content, format: content === 'import' ? match[1]! : 'raw', ...(vmid !== undefined && {vmid})}
  }
  throw failure(`unable to parse ${what} volume name '${name}'`)
}

/** Names of the types that are no directories: what they are called, and where the guest's id stands. */
const blockNames: Record<string, {what: string; pattern: RegExp}> = {
  lvm: {what: 'lvm', pattern: /^vm-(\d+)-\S+$/},
  lvmthin: {what: 'lvm', pattern: /^(?:vm|base)-(\d+)-\S+$/},
  zfspool: {what: 'zfs', pattern: /^(?:(?:base|basevol)-\d+-\S+\/)?(?:base|basevol|vm|subvol)-(\d+)-\S+$/},
  zfs: {what: 'zfs', pattern: /^(?:(?:base|basevol)-\d+-\S+\/)?(?:base|basevol|vm|subvol)-(\d+)-\S+$/},
  rbd: {what: 'rbd', pattern: /^(?:base-\d+-\S+\/)?(?:base|vm)-(\d+)-\S+$/},
  iscsi: {what: 'iscsi', pattern: /^\d+\.\d+\.\d+\.\S+$/},
  iscsidirect: {what: 'iscsi', pattern: /^lun\d+$/},
  esxi: {what: 'esxi', pattern: /^[^/]+\/[^/]+\/.+$/},
}

/** Name of a snapshot on a backup server. */
const snapshotName = /^backup\/(vm|ct|host)\/([^\s_/]+)\/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/

function parseSnapshotName(name: string): VolumeName {
  const match = snapshotName.exec(name)
  if (!match) throw failure(`unable to parse PBS volume name '${name}'`)
  const vmid = /^\d+$/.test(match[2]!) ? Number(match[2]) : undefined
  return {content: 'backup', format: `pbs-${match[1]}`, ...(vmid !== undefined && {vmid})}
}

/** Reads the name of a volume as its storage's type does. @throws ApiError 500 */
export function parseName(storage: StorageState, name: string): VolumeName {
  if (storage.type === 'pbs') return parseSnapshotName(name)
  if (storagePlugins[storage.type]?.files !== false)
    return parseFileName(name, storage.type === 'btrfs' ? 'btrfs' : 'directory')
  const {what, pattern} = blockNames[storage.type]!
  const match = pattern.exec(name)
  if (!match) throw failure(`unable to parse ${what} volume name '${name}'`)
  if (storage.type === 'esxi') return {content: 'import', format: name.endsWith('.vmx') ? 'vmx' : 'vmdk'}
  const own = name.split('/').at(-1)!
  return {
    content: 'images',
    format: own.startsWith('subvol') || own.startsWith('basevol') ? 'subvol' : 'raw',
    isBase: own.startsWith('base'),
    ...(match[1] !== undefined && {vmid: Number(match[1])}),
    ...(name.includes('/') && {base: name.split('/')[0]}),
  }
}

/** What the name of an archive tells; `standard` when it follows the scheme by which backups are pruned. */
export interface ArchiveName {
  type: GuestType
  format: string
  compression?: string
  standard: boolean
  vmid?: number
  /** Seconds since the epoch. */
  ctime?: number
}

/** Reads the name of a backup; undefined when it is none of vzdump's. */
export function parseArchive(volid: string): ArchiveName | undefined {
  const snapshot = snapshotName.exec(volid.slice(volid.indexOf(':') + 1))
  if (snapshot && snapshot[1] !== 'host') {
    const type = snapshot[1] === 'ct' ? 'lxc' : 'qemu'
    return {type, format: 'pbs', standard: true, vmid: Number(snapshot[2]), ctime: Date.parse(snapshot[3]!) / 1000}
  }
  const file = volid.split('/').at(-1)!
  const match = /^vzdump-(lxc|openvz|qemu)-.+?\.(tgz|(?:tar|vma)(?:\.(?:gz|lzo|zst|bz2))?)$/.exec(file)
  if (!match) return undefined
  const [format, compression] = match[2] === 'tgz' ? ['tar', 'gz'] : match[2]!.split('.')
  const named = {
    type: match[1] === 'qemu' ? 'qemu' : 'lxc',
    format: format!,
    ...(compression !== undefined && {compression}),
  } as const
  const standard = /^vzdump-\w+-([1-9]\d{2,8})-(\d{4})_(\d\d)_(\d\d)-(\d\d)_(\d\d)_(\d\d)\./.exec(file)
  if (!standard) return {...named, standard: false}
  const [year, month, day, hour, minute, second] = standard.slice(2).map(Number)
  const ctime = Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000
  return {...named, standard: true, vmid: Number(standard[1]), ctime}
}

/** A file name as uploads and downloads write it: no folders, no unusual characters. */
export const normalizeFileName = (name: string): string =>
  name.replace(/^.*[/\\]/s, '').replace(/[^a-zA-Z0-9_.-]/g, '_')

/** Format that content lists show for a file. */
export function shownFormat(content: string, name: string): string {
  if (content === 'iso') return 'iso'
  if (content === 'snippets') return 'snippet'
  const extension = fileNames[content]?.pattern.exec(name.split('/').at(-1)!)?.[1]
  if (content === 'vztmpl') return extension === undefined ? 'tar' : `t${extension}`
  return extension ?? 'raw'
}
