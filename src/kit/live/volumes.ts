import {isPmpcError, PmpcError} from '../errors/index.js'
import {minuteOf} from '../observed/snapshots.js'
import type {ItemColumn} from '../observed/cells.js'
import {apiPath, mapsIn, type Entry, type Reader} from '../proxmox/index.js'
import {guestsNow, kindOfGuest, type Listed, type Unread} from './nodes.js'
import {momentOf} from './times.js'

/** What a volume of a storage is told with. */
interface VolumeItem {
  cluster: string
  /** The volume's id, `nas:backup/vzdump-qemu-100-2026_11_28-02_00_00.vma.zst`. */
  id: string
  volid: string
  /** What stands behind the storage's name and the folder. */
  name: string
  storage: string
  /** The node that it was read from; of a shared storage one of those that have it. */
  node: string
  shared: boolean
  format: string
  /** Bytes. */
  size?: number
  /** Seconds since the epoch, and the same in ISO 8601. */
  ctime?: number
  date?: string
  /** When it was read from the cluster, ISO 8601: volumes are not recorded. */
  readAt: string
}

/** A backup as `pmpc get backups` tells it to programs; docs/schema/get.json. */
export interface BackupItem extends VolumeItem {
  kind: 'backup'
  /** `vm/100` */
  guest?: string
  vmid?: number
  /** Name of the guest, where it is there still. */
  guestname?: string
  notes?: string
  protected: boolean
  /** What Proxmox Backup Server says of it, `ok` or `failed`. */
  verification?: string
}

/** What guests can be made from: an ISO image, a template of containers, an image to import. */
export interface ImageItem extends VolumeItem {
  kind: 'image'
  content: ImageContent
}

/** Contents of storages, as PVE calls them, that guests are made from (pve-storage, PVE/Storage/Plugin.pm). */
export const imageContents = ['iso', 'vztmpl', 'import'] as const

type ImageContent = (typeof imageContents)[number]

interface Found {
  volumes: {entry: Entry; content: string; base: Pick<VolumeItem, 'storage' | 'node' | 'shared'>}[]
  unread: Unread[]
}

/** A storage at a node from which it can be read. */
interface Place {
  storage: string
  node: string
  shared: boolean
  contents: string[]
  isAvailable: boolean
}

/** Where storages are, as the cluster tells it without waking any of them; a shared one once. */
async function placesOf(reader: Reader, nodes: readonly string[] | undefined): Promise<Place[]> {
  const path = '/cluster/resources'
  const entries = mapsIn(await reader.get(path, {type: 'storage'}), path)
  const all = entries.flatMap(({storage, node, shared, content, status}): Place[] => {
    if (typeof storage !== 'string' || typeof node !== 'string' || (nodes && !nodes.includes(node))) return []
    const contents = typeof content === 'string' ? content.split(',') : []
    return [{storage, node, shared: Number(shared) === 1, contents, isAvailable: status === 'available'}]
  })
  const inOrder = all.toSorted((a, b) => Number(b.isAvailable) - Number(a.isAvailable) || (a.node < b.node ? -1 : 1))
  const places = new Map<string, Place>()
  for (const place of inOrder) {
    const key = place.shared ? place.storage : `${place.storage} ${place.node}`
    if (!places.has(key)) places.set(key, place)
  }
  return [...places.values()]
}

/** The volumes of some contents, of all storages that are set up for these. A storage that cannot be read is told. */
async function volumesOf(
  reader: Reader,
  wanted: readonly string[],
  nodes: readonly string[] | undefined,
): Promise<Found> {
  const cluster = reader.cluster!
  const unread: Unread[] = []
  const lists = await Promise.all(
    (await placesOf(reader, nodes)).flatMap(({storage, node, shared, contents, isAvailable}) =>
      wanted
        .filter((content) => contents.includes(content))
        .map(async (content) => {
          const path = apiPath('nodes', node, 'storage', storage, 'content')
          try {
            if (!isAvailable) throw asleep(storage, node)
            const entries = mapsIn(await reader.get(path, {content}), path)
            return entries.map((entry) => ({entry, content, base: {storage, node, shared}}))
          } catch (error) {
            if (!isPmpcError(error) || error.code === 'PMPC_INTERRUPTED') throw error
            unread.push({cluster, what: `storage ${storage} on ${node}`, why: error.message.replace(/\.$/, '')})
            return []
          }
        }),
    ),
  )
  const once = [...new Map(unread.map((one) => [one.what, one])).values()]
  return {volumes: lists.flat(), unread: once.toSorted((a, b) => (a.what < b.what ? -1 : 1))}
}

function asleep(storage: string, node: string): PmpcError {
  return new PmpcError('PMPC_STORAGE_OFFLINE', 'it is not available there, as the cluster says', {
    suggestions: ['pvesm status   # on that node'],
    data: {storage, node},
  })
}

function volumeItem(cluster: string, now: Date, {entry, base}: Found['volumes'][number]): VolumeItem | undefined {
  const {volid, format, size, ctime} = entry
  if (typeof volid !== 'string' || !volid.startsWith(`${base.storage}:`)) return undefined
  return {
    cluster,
    id: volid,
    volid,
    name: volid.slice(base.storage.length + 1).replace(/^[a-z]+\//, ''),
    ...base,
    format: typeof format === 'string' ? format : '',
    ...(typeof size === 'number' && {size}),
    ...(typeof ctime === 'number' && {ctime, date: momentOf(ctime)}),
    readAt: now.toISOString(),
  }
}

/** Which volumes are wanted. */
export interface VolumeFilter {
  nodes?: readonly string[] | undefined
  /** VMIDs; of all guests unless given. */
  guests?: readonly number[] | undefined
}

/**
 * The backups that storages hold, guest by guest, the oldest first. PVE lists those only that one may restore: with Datastore.AllocateSpace on the
 * storage and VM.Backup on the guest, or Datastore.Allocate (pve-storage, PVE/Storage.pm (check_volume_access)).
 */
export async function backupsOf(reader: Reader, {nodes, guests}: VolumeFilter): Promise<Listed<BackupItem>> {
  const now = new Date()
  const [{volumes, unread}, known] = await Promise.all([
    volumesOf(reader, ['backup'], nodes),
    guestsNow(reader).catch(() => []),
  ])
  const byId = new Map(known.map(({ref, names}) => [Number(ref.id), {kind: ref.kind, name: names[0]}]))
  const items = volumes.flatMap((found): BackupItem[] => {
    const item = volumeItem(reader.cluster!, now, found)
    if (item === undefined) return []
    const {subtype, notes, verification} = found.entry
    const vmid = Number(found.entry.vmid)
    const owner = Number.isSafeInteger(vmid) ? byId.get(vmid) : undefined
    const kind = kindOfGuest(subtype) ?? owner?.kind
    const verified = typeof verification === 'object' && verification !== null && 'state' in verification
    return [
      {
        ...item,
        kind: 'backup',
        ...(Number.isSafeInteger(vmid) && {guest: kind === undefined ? String(vmid) : `${kind}/${vmid}`, vmid}),
        ...(owner?.name !== undefined && {guestname: owner.name}),
        ...(typeof notes === 'string' && {notes}),
        protected: Number(found.entry.protected ?? 0) === 1,
        ...(verified && {verification: String(verification.state)}),
      },
    ]
  })
  const wanted = guests === undefined ? items : items.filter(({vmid}) => vmid !== undefined && guests.includes(vmid))
  return {items: wanted.toSorted(byGuest), unread, more: 0}
}

function byGuest(a: BackupItem, b: BackupItem): number {
  return (a.vmid ?? 0) - (b.vmid ?? 0) || (a.ctime ?? 0) - (b.ctime ?? 0) || (a.id < b.id ? -1 : 1)
}

/** What guests can be made from, storage by storage. Datastore.Audit is enough to see it. */
export async function imagesOf(reader: Reader, {nodes}: Pick<VolumeFilter, 'nodes'>): Promise<Listed<ImageItem>> {
  const now = new Date()
  const {volumes, unread} = await volumesOf(reader, imageContents, nodes)
  const items = volumes.flatMap((found): ImageItem[] => {
    const item = volumeItem(reader.cluster!, now, found)
    return item === undefined ? [] : [{...item, kind: 'image', content: found.content as ImageContent}]
  })
  return {items: items.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)), unread, more: 0}
}

function placeOf({storage, shared, node, content, name}: ImageItem): string {
  return [storage, shared ? '' : node, content, name].join('\0')
}

interface Wide {
  clusters: boolean
  wide: boolean
}

function column<T>(
  header: string,
  value: (item: T) => string | undefined,
  more: Partial<ItemColumn<T>> = {},
): ItemColumn<T> {
  return {header, value: (item) => value(item) ?? '', ...more}
}

function sizeColumn<T extends VolumeItem>(): ItemColumn<T> {
  return column('SIZE', ({size}) => sizeText(size), {align: 'right', bare: ({size}) => String(size ?? '')})
}

const sizes = [
  {unit: 'GiB', bytes: 2 ** 30},
  {unit: 'MiB', bytes: 2 ** 20},
  {unit: 'KiB', bytes: 2 ** 10},
] as const

function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return ''
  const size = sizes.find((each) => bytes >= each.bytes)
  return size ? `${Math.round((bytes / size.bytes) * 10) / 10} ${size.unit}` : `${bytes} B`
}

/** Columns of the table of backups; what hardly any has is shown where one has it. */
export function backupColumns({clusters, wide}: Wide, items: readonly BackupItem[]): ItemColumn<BackupItem>[] {
  const isProtected = items.some((item) => item.protected)
  const isVerified = items.some(({verification}) => verification !== undefined)
  return [
    ...(clusters ? [column<BackupItem>('CLUSTER', ({cluster}) => cluster)] : []),
    column('GUEST', ({guest}) => guest, {fixed: true}),
    column('GUEST NAME', ({guestname}) => guestname),
    column('DATE (UTC)', ({ctime}) => minuteOf(ctime), {fixed: true}),
    sizeColumn(),
    column('STORAGE', ({storage}) => storage, {keep: true}),
    column('NODE', ({node, shared}) => (shared ? '' : node)),
    column('NOTES', ({notes}) => notes),
    ...(isProtected ? [column<BackupItem>('PROTECTED', (backup) => (backup.protected ? 'yes' : 'no'))] : []),
    ...(isVerified ? [column<BackupItem>('VERIFIED', ({verification}) => verification)] : []),
    ...(wide ? [column<BackupItem>('VOLUME', ({volid}) => volid, {fixed: true})] : []),
  ]
}

/** Columns of the table of images. */
export function imageColumns({clusters}: Wide): ItemColumn<ImageItem>[] {
  return [
    ...(clusters ? [column<ImageItem>('CLUSTER', ({cluster}) => cluster)] : []),
    column('VOLUME', ({volid}) => volid, {fixed: true}),
    column('CONTENT', ({content}) => content, {fixed: true}),
    sizeColumn(),
    column('NODE', ({node, shared}) => (shared ? '' : node)),
    column('DATE (UTC)', ({ctime}) => minuteOf(ctime)),
  ]
}

const volumeFields = [
  'cluster',
  'name',
  'storage',
  'node',
  'shared',
  'format',
  'size',
  'ctime',
  'date',
  'volid',
] as const

/** Names of their fields, for `--sort-by`. */
export const backupFields = [
  ...volumeFields,
  'guest',
  'vmid',
  'guestname',
  'notes',
  'protected',
  'verification',
] as const
export const imageFields = [...volumeFields, 'content'] as const
