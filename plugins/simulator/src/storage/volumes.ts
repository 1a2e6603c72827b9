import {failure} from '../errors.js'
import {fullText, storagePlugins, type StoragePlugin} from './plugins.js'
import {splitList} from '../contract/scalars.js'
import type {State, StorageState, Volume} from '../state/model.js'

/** Cuts a volume id into storage and name. @throws ApiError 500 */
export function splitVolid(volid: string): {storage: string; name: string} {
  const at = volid.indexOf(':')
  if (at <= 0) throw failure(`unable to parse volume ID '${volid}'`)
  return {storage: volid.slice(0, at), name: volid.slice(at + 1)}
}

export function pluginOf(storage: StorageState): StoragePlugin {
  return storagePlugins[storage.type] ?? storagePlugins.dir!
}

export function isShared(storage: StorageState): boolean {
  return Number(storage.config.shared ?? 0) === 1 || pluginOf(storage).shared
}

/** The storage by name. @throws ApiError 500 when there is none */
export function findStorage(state: State, name: string): StorageState {
  const storage = state.storages[name]
  if (!storage) throw failure(`storage '${name}' does not exist`)
  return storage
}

/** Whether a storage is configured for a node. */
export function isOnNode(storage: StorageState, node: string): boolean {
  const nodes = storage.config.nodes
  return nodes === undefined || splitList(String(nodes)).includes(node)
}

/** The storage by name, enabled and usable on a node. @throws ApiError 500 with PVE's reason */
export function usableStorage(state: State, name: string, node: string): StorageState {
  const storage = findStorage(state, name)
  if (Number(storage.config.disable ?? 0) === 1) throw failure(`storage '${name}' is disabled`)
  if (!isOnNode(storage, node)) throw failure(`storage '${name}' is not available on node '${node}'`)
  return storage
}

/** Whether a storage beyond the network answers. */
export const isOnline = (state: State, storage: StorageState): boolean =>
  !(state.world.offline && pluginOf(storage).remote)

/** Whether a storage has figures on a node: it answers, and what it names is there. */
export const isActive = (state: State, storage: StorageState, node: string): boolean =>
  !storage.gone?.includes(node) && (!state.world.offline || (pluginOf(storage).files && isOnline(state, storage)))

/** The storage by name, enabled, usable on a node and answering. @throws ApiError 500 with PVE's reason */
export function activeStorage(state: State, name: string, node: string): StorageState {
  const storage = usableStorage(state, name, node)
  if (!isOnline(state, storage)) throw failure(`storage '${name}' is not online`)
  return storage
}

export function contentTypes(storage: StorageState): string[] {
  return storage.config.content === undefined
    ? pluginOf(storage).defaultContent
    : splitList(String(storage.config.content))
}

/** Where a volume is kept in the state: shared storages have one copy for all nodes. */
export function volumeKey(state: State, volid: string, node: string): string {
  const storage = state.storages[splitVolid(volid).storage]
  return `${storage && isShared(storage) ? '' : node}|${volid}`
}

export function findVolume(state: State, volid: string, node: string): Volume | undefined {
  return state.volumes[volumeKey(state, volid, node)]
}

const subfolders: Record<string, string> = {
  images: 'images',
  rootdir: 'private',
  iso: 'template/iso',
  vztmpl: 'template/cache',
  backup: 'dump',
  snippets: 'snippets',
  import: 'import',
}

/** Folder of a storage's contents of one kind; `content-dirs` moves it. */
export function contentFolder(storage: StorageState, content: string): string {
  const base = String(storage.config.path ?? `/mnt/pve/${storage.storage}`)
  const moved = splitList(String(storage.config['content-dirs'] ?? '')).find((part) => part.startsWith(`${content}=`))
  return `${base}/${moved === undefined ? subfolders[content] : moved.slice(content.length + 1)}`
}

/** Path of a volume on its node. */
export function volumePath(storage: StorageState, volid: string): string {
  const {name} = splitVolid(volid)
  if (pluginOf(storage).files) {
    const [first, ...rest] = name.split('/')
    const own = rest.length === 3 ? rest.slice(1).join('/') : name
    return subfolders[first!] === undefined || /^\d/.test(first!)
      ? `${contentFolder(storage, 'images')}/${own}`
      : `${contentFolder(storage, first!)}/${rest.join('/')}`
  }
  if (storage.type === 'pbs') return `pbs:${name.replace(/^backup\//, '')}`
  if (storage.type === 'zfspool') {
    const pool = String(storage.config.pool ?? 'rpool')
    return name.startsWith('subvol') ? `/${pool}/${name}` : `/dev/zvol/${pool}/${name}`
  }
  if (storage.type === 'rbd') return `rbd:${String(storage.config.pool ?? 'rbd')}/${name}`
  return `/dev/${String(storage.config.vgname ?? storage.storage)}/${name}`
}

/** Names of the volumes a guest owns on a storage, seen from a node. */
export function volumesOfGuest(state: State, node: string, vmid: number): Volume[] {
  return Object.values(state.volumes).filter(
    (volume) => volume.vmid === vmid && (volume.node === node || volume.node === ''),
  )
}

export interface Allocation {
  storage: StorageState
  node: string
  vmid: number
  /** Bytes. */
  size: number
  format?: string
  /** `images` or `rootdir`. */
  content: 'images' | 'rootdir'
  /** Fixed name such as `vm-100-cloudinit`; else the next free `vm-ID-disk-N`. */
  name?: string
  now: number
}

function fileName(storage: StorageState, vmid: number, name: string, format: string): string {
  return pluginOf(storage).files ? `${vmid}/${name}.${format}` : name
}

function freeName(state: State, {storage, node, vmid}: Allocation, prefix: string, format: string): string {
  for (let index = 0; ; index++) {
    const stem = `-${vmid}-disk-${index}`
    const taken = ['vm', 'base', 'subvol', 'basevol'].some((kind) =>
      ['raw', 'qcow2', 'vmdk', 'subvol', ''].some((ext) => {
        const name = pluginOf(storage).files ? `${vmid}/${kind}${stem}.${ext}` : `${kind}${stem}`
        return state.volumes[volumeKey(state, `${storage.storage}:${name}`, node)] !== undefined
      }),
    )
    if (!taken) return fileName(storage, vmid, `${prefix}${stem}`, format)
  }
}

/** Lines a tool prints while a volume is made. */
export function creationLog(storage: StorageState, volume: Volume): string[] {
  if (!pluginOf(storage).files) {
    return storage.type.startsWith('lvm') ? [`  Logical volume "${splitVolid(volume.volid).name}" created.`] : []
  }
  if (volume.format === 'subvol') return []
  const head = `Formatting '${volumePath(storage, volume.volid)}', fmt=${volume.format}`
  if (volume.format === 'qcow2') {
    return [
      `${head} cluster_size=65536 extended_l2=off preallocation=metadata compression_type=zlib size=${volume.size} lazy_refcounts=off refcount_bits=16`,
    ]
  }
  return [volume.format === 'raw' ? `${head} size=${volume.size} preallocation=off` : `${head} size=${volume.size}`]
}

/** Bytes that a volume of a wanted size has on a storage: those of images are rounded up to what it gives at once. */
export function roundedSize(storage: StorageState, format: string, size: number): number {
  const {piece} = pluginOf(storage)
  return piece === undefined || format !== 'raw' ? size : Math.ceil(size / piece) * piece
}

/** Makes a volume, which may be larger than it was asked for. @throws ApiError 500 when the storage has no room for it or does not take the format */
export function allocate(state: State, request: Allocation): Volume {
  const {storage, node, vmid, size} = request
  const plugin = pluginOf(storage)
  // A container's volume without a size is a directory where the storage has directories.
  const subvolume = request.content === 'rootdir' && (plugin.subvolumes || (plugin.files && size === 0))
  const format = subvolume ? 'subvol' : (request.format ?? plugin.formats[0]!)
  if (!subvolume && !plugin.formats.includes(format)) throw failure(`unsupported format '${format}'`)
  if (storage.full) throw failure(fullText(storage.type, storage.storage))
  if (size > storage.total) throw failure(`out of space on storage '${storage.storage}'`)
  const name =
    request.name === undefined
      ? freeName(state, request, subvolume ? 'subvol' : 'vm', format)
      : fileName(storage, vmid, request.name, format)
  const volid = `${storage.storage}:${name}`
  const key = volumeKey(state, volid, node)
  if (!isShared(storage)) delete state.world.noLockFolder
  const volume: Volume = {
    volid,
    node: key.slice(0, key.indexOf('|')),
    size: roundedSize(storage, format, size),
    used: plugin.files && format === 'qcow2' ? 200_704 : 0,
    format,
    content: request.content,
    vmid,
    ctime: request.now,
  }
  state.volumes[key] = volume
  return volume
}

/** Puts a file into a storage, in place of one of that name. */
export function putFile(state: State, node: string, volume: Omit<Volume, 'node'>): Volume {
  const key = volumeKey(state, volume.volid, node)
  return (state.volumes[key] = {...volume, node: key.slice(0, key.indexOf('|'))})
}

/** Removes a volume; nothing happens when there is none. */
export function freeVolume(state: State, volid: string, node: string): void {
  delete state.volumes[volumeKey(state, volid, node)]
}
