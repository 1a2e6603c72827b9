import {isMap, type Config, type Value} from '../../resources/index.js'
import {parseSize} from '../../values/index.js'
import type {Need} from './known.js'
import type {Seen} from './seen.js'
import {readVolume} from './volumes.js'
import {kindOfGuest, partOf, readParameter, type GuestType} from './world.js'

/** A storage that a request uses. */
export interface Use {
  readonly seen: Seen
  readonly storage: string
  /** On which node. */
  readonly node: string
  /** What the storage must take: `images`, `iso`, … */
  readonly content: string
  /** What is allocated there, in bytes. */
  readonly bytes?: number
  /** A volume that must be there. */
  readonly volid?: string
}

const GiB = 1024 ** 3

/** The guest that a request is about, by PVE's word for its kind. */
export function guestOfCall({call, given}: Pick<Seen, 'call' | 'given'>): {type: GuestType; vmid: string} | undefined {
  const type = /^\w+ \/nodes\/\{node\}\/(qemu|lxc)(?:\/|$)/.exec(call ?? '')?.[1]
  return type === undefined ? undefined : {type: type as GuestType, vmid: given.vmid ?? ''}
}

type Reader = (seen: Seen, type: GuestType) => Omit<Use, 'seen' | 'node'>[]

const disks = {qemu: 'images', lxc: 'rootdir'} as const

/** By call, what it uses. */
const readers: readonly [RegExp, Reader][] = [
  [/^POST \S+\/(?:qemu|lxc)$/, (seen, type) => [...fromKeys(seen, type), ...fromSource(seen, type)]],
  [/^(?:PUT|POST) \S+\/config$/, fromKeys],
  [
    /\/move_(?:disk|volume)$/,
    ({before, given: {storage, disk, volume}}, type) =>
      storage === undefined ? [] : [{storage, content: disks[type], ...sizeOf(before?.config[disk ?? volume ?? ''])}],
  ],
  [/\/resize$/, fromGrowth],
  [/\/clone$/, fromClone],
  [
    /\/migrate$/,
    ({given: {targetstorage, 'target-storage': other}}, type) =>
      (targetstorage ?? other ?? '')
        .split(',')
        .filter((entry) => entry !== '' && entry !== '1')
        .map((entry) => ({storage: entry.split(':').at(-1)!, content: disks[type]})),
  ],
]

/** All storages that a request uses. */
export function usesOf(seen: Seen): Use[] {
  const {storage} = seen.given
  if (/^POST \S+\/vzdump$/.test(seen.call ?? ''))
    return storage === undefined || seen.node === undefined ? [] : [{seen, node: seen.node, storage, content: 'backup'}]
  const guest = guestOfCall(seen)
  const node = seen.given.target ?? seen.node
  const read = readers.find(([pattern]) => pattern.test(seen.call ?? ''))?.[1]
  if (seen.call === 'POST /nodes/{node}/vzdump' && node !== undefined && seen.given.storage !== undefined)
    return [{seen, node, storage: seen.given.storage, content: 'backup'}]
  if (!guest || node === undefined || !read) return []
  return read(seen, guest.type).map((use) => ({...use, seen, node}))
}

/** The configuration among the parameters of a guest's call, as an object has it. */
export function keysSet({step: {request}, call}: Seen, type: GuestType): [string, Value][] {
  if (!/\/(?:qemu|lxc)(?:\/\{vmid\}\/config)?$/.test(call ?? '')) return []
  return Object.entries(request.parameters).flatMap(([key, raw]): [string, Value][] =>
    typeof raw === 'object' ? [] : [[key, readParameter(kindOfGuest(type), key, raw)]],
  )
}

function fromKeys(seen: Seen, type: GuestType): Omit<Use, 'seen' | 'node'>[] {
  return keysSet(seen, type).flatMap(([key, value]) => {
    if (/^(?:(?:ide|sata|scsi|virtio)\d+|efidisk0|tpmstate0)$/.test(key)) return fromDrive(value, seen)
    if (/^(?:rootfs|mp\d+)$/.test(key)) return fromVolume(partOf(value, 'volume', 'volume'), 'rootdir', seen)
    if (key === 'vmstatestorage') return [{storage: String(value), content: 'images'}]
    if (key === 'hookscript') return fromVolume(String(value), 'snippets', seen)
    if (key === 'cicustom' && isMap(value))
      return Object.values(value).flatMap((one) => fromVolume(String(one), 'snippets', seen))
    return []
  })
}

function fromDrive(value: Value, seen: Seen): Omit<Use, 'seen' | 'node'>[] {
  const image = partOf(value, 'import-from')
  return [
    ...fromVolume(partOf(value, 'file', 'file'), 'images', seen),
    ...(image === undefined ? [] : fromVolume(image, 'import', seen)),
  ]
}

function fromVolume(text: string | undefined, content: string, {before}: Seen): Omit<Use, 'seen' | 'node'>[] {
  const word = readVolume(text ?? 'none')
  if (word.sort === 'new') return [{storage: word.storage, content, bytes: word.gib * GiB}]
  if (word.sort === 'cloudinit') return [{storage: word.storage, content}]
  if (word.sort !== 'volume') return []
  const volid = `${word.storage}:${word.name}`
  const holds = word.content === 'images' ? (content === 'import' ? 'images' : content) : word.content
  return isOwn(volid, before?.config) ? [] : [{storage: word.storage, content: holds, volid}]
}

/** Whether a guest has a volume already, in a slot or as an unused one. */
function isOwn(volid: string, config: Config | undefined): boolean {
  return Object.values(config ?? {}).some(
    (value) => partOf(value, 'file', 'file') === volid || partOf(value, 'volume', 'volume') === volid,
  )
}

/** What a guest is made from, and where it goes. */
function fromSource({given, ...seen}: Seen, type: GuestType): Omit<Use, 'seen' | 'node'>[] {
  const source = given.archive ?? given.ostemplate
  const isArchive = given.archive !== undefined || given.restore === '1'
  return [
    ...(source === undefined ? [] : fromVolume(source, isArchive ? 'backup' : 'vztmpl', {given, ...seen})),
    ...(given.storage === undefined ? [] : [{storage: given.storage, content: disks[type]}]),
  ]
}

function sizeOf(value: Value | undefined): {bytes?: number} {
  const bytes = parseSize(partOf(value, 'size') ?? '')
  return bytes === undefined ? {} : {bytes}
}

function fromGrowth({before, given: {disk = '', size = ''}}: Seen, type: GuestType): Omit<Use, 'seen' | 'node'>[] {
  const value = before?.config[disk]
  const word = readVolume(partOf(value, 'file', 'file') ?? partOf(value, 'volume', 'volume') ?? 'none')
  const wanted = parseSize(size.replace(/^\+/, ''))
  const present = size.startsWith('+') ? 0 : sizeOf(value).bytes
  if (word.sort !== 'volume' || wanted === undefined || present === undefined) return []
  return [{storage: word.storage, content: disks[type], bytes: Math.max(0, wanted - present)}]
}

/** A full copy takes what its source has; a linked one nothing. */
function fromClone({given, world}: Seen, type: GuestType): Omit<Use, 'seen' | 'node'>[] {
  const config = world.guest(given.vmid ?? '')?.config ?? {}
  return Object.entries(config).flatMap(([key, value]) => {
    if (!/^(?:(?:ide|sata|scsi|virtio|mp)\d+|efidisk0|tpmstate0|rootfs)$/.test(key)) return []
    const word = readVolume(partOf(value, 'file', 'file') ?? partOf(value, 'volume', 'volume') ?? 'none')
    if (word.sort !== 'volume' || word.content !== 'images') return []
    const storage = given.storage ?? word.storage
    return [{storage, content: disks[type], ...(given.full === '1' ? sizeOf(value) : {})}]
  })
}

/** What says whether a volume is there. */
export const contentNeed = ({node, storage, content}: Pick<Use, 'node' | 'storage' | 'content'>): Need => ({
  path: `/nodes/${node}/storage/${storage}/content`,
  query: {content},
})
