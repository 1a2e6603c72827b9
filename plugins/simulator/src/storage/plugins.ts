/** An option of a storage type: `fixed` ones are set once, when the storage is made. */
export type StorageOption = 'required' | 'optional' | 'fixed' | 'fixed optional'

/** What a storage type can do and how it names volumes; one row a type. Facts: pve-storage, PVE/Storage/*Plugin.pm, and seen on the real daemon. */
export interface StoragePlugin {
  /** Directory-like: volume ids hold a folder, `local:iso/x.iso` or `local:100/vm-100-disk-0.raw`. */
  files: boolean
  shared: boolean
  /** Formats of guest volumes; the first one is the default. */
  formats: string[]
  /** Content types it may hold; `content` defaults to `defaultContent`. */
  content: string[]
  defaultContent: string[]
  /** Snapshots of raw volumes. */
  snapshots: boolean
  /** Linked clones of raw volumes. */
  linkedClones: boolean
  /** Container volumes are sub-volumes (`subvol-100-disk-0`). */
  subvolumes?: boolean
  /** Bytes in which room is given for an image: its size is rounded up to a multiple. */
  piece?: number
  /** Volumes are picked, not made. */
  selectExisting?: boolean
  /** Its volumes are in reach of this host only through the network. */
  remote?: boolean
  /** Keys of its configuration; any other one is unexpected. */
  options: Record<string, StorageOption>
}

const all = ['images', 'rootdir', 'vztmpl', 'iso', 'backup', 'snippets', 'none', 'import']
const files = ['raw', 'qcow2', 'vmdk']

function options(required: string, optional: string): Record<string, StorageOption> {
  const read = (words: string, kind: 'required' | 'optional'): [string, StorageOption][] =>
    words
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => {
        const name = word.replace('!', '')
        const fixed: StorageOption = kind === 'required' ? 'fixed' : 'fixed optional'
        return [name, word.endsWith('!') ? fixed : kind]
      })
  return Object.fromEntries([...read(required, 'required'), ...read(`nodes disable content ${optional}`, 'optional')])
}

const kept = 'prune-backups max-protected-backups maxfiles'
const folders = 'mkdir create-base-path create-subdirs'
const tree = `content-dirs format bwlimit preallocation ${kept} ${folders}`
const mounted = `path! ${tree}`

const directory = (row: Partial<StoragePlugin> & Pick<StoragePlugin, 'options'>): StoragePlugin => ({
  files: true,
  shared: false,
  formats: files,
  content: all,
  defaultContent: ['images'],
  snapshots: false,
  linkedClones: false,
  ...row,
})

const block = (row: Partial<StoragePlugin> & Pick<StoragePlugin, 'options'>): StoragePlugin => ({
  files: false,
  shared: false,
  formats: ['raw'],
  content: ['images', 'rootdir'],
  defaultContent: ['images'],
  snapshots: false,
  linkedClones: row.snapshots ?? false,
  ...row,
})

const MiB = 1024 ** 2

const network = {shared: true, remote: true}
const snapshots = {snapshots: true, linkedClones: true}

export const storagePlugins: Record<string, StoragePlugin> = {
  dir: directory({
    formats: [...files, 'subvol'],
    defaultContent: ['images', 'rootdir'],
    options: options('path!', `shared is_mountpoint snapshot-as-volume-chain! ${tree}`),
  }),
  btrfs: directory({
    ...snapshots,
    formats: ['raw', 'subvol'],
    defaultContent: ['images', 'rootdir'],
    options: options('path!', `shared is_mountpoint nocow format preallocation ${kept} ${folders}`),
  }),
  nfs: directory({...network, options: options('server! export!', `options snapshot-as-volume-chain! ${mounted}`)}),
  cifs: directory({
    ...network,
    options: options(
      'server! share!',
      `subdir username password domain smbversion options snapshot-as-volume-chain! ${mounted}`,
    ),
  }),
  cephfs: directory({
    ...network,
    // It holds no images: a format that is sent is not kept.
    formats: [],
    content: ['vztmpl', 'iso', 'backup', 'snippets', 'none', 'import'],
    defaultContent: ['backup'],
    options: options(
      '',
      `monhost subdir options username fuse keyring fs-name ${mounted.replace(' preallocation', '')}`,
    ),
  }),
  glusterfs: directory({
    ...network,
    content: ['images', 'vztmpl', 'iso', 'backup', 'snippets', 'import'],
    options: options('volume!', `server server2 transport ${mounted}`),
  }),
  lvm: block({
    piece: 4 * MiB,
    options: options(
      'vgname!',
      'shared saferemove saferemove_throughput saferemove-stepsize base! tagged_only bwlimit snapshot-as-volume-chain',
    ),
  }),
  lvmthin: block({
    ...snapshots,
    piece: 4 * MiB,
    defaultContent: ['images', 'rootdir'],
    options: options('vgname! thinpool!', 'bwlimit'),
  }),
  zfspool: block({
    ...snapshots,
    piece: MiB,
    formats: ['raw', 'subvol'],
    subvolumes: true,
    defaultContent: ['images', 'rootdir'],
    options: options('pool!', 'blocksize sparse bwlimit mountpoint'),
  }),
  zfs: block({
    ...network,
    ...snapshots,
    piece: MiB,
    content: ['images'],
    options: options(
      'portal! target! pool! iscsiprovider!',
      'blocksize! nowritecache sparse comstar_hg comstar_tg lio_tpg bwlimit zfs-base-path',
    ),
  }),
  rbd: block({
    ...network,
    ...snapshots,
    piece: MiB,
    options: options('', 'monhost pool data-pool namespace username krbd keyring bwlimit'),
  }),
  iscsi: block({
    ...network,
    content: ['images', 'none'],
    selectExisting: true,
    options: options('portal! target!', 'bwlimit'),
  }),
  iscsidirect: block({
    ...network,
    content: ['images'],
    selectExisting: true,
    options: options('portal! target!', 'bwlimit'),
  }),
  pbs: block({
    ...network,
    formats: [],
    content: ['backup', 'none'],
    defaultContent: ['backup'],
    options: options(
      'server! datastore!',
      `namespace port username password encryption-key master-pubkey fingerprint ${kept}`,
    ),
  }),
  // pve-storage, PVE/Storage/Plugin.pm (@SHARED_STORAGE): not among those that PVE takes for shared by themselves.
  esxi: block({
    remote: true,
    content: ['import'],
    defaultContent: ['import'],
    options: options('server username', 'shared password skip-cert-verification port'),
  }),
}

/** What a storage says that has no room left, by its type; the others name the storage. */
export function fullText(type: string, storage: string): string {
  if (/^lvm/.test(type)) return `lvcreate '${storage}' error:   Volume group "${storage}" has insufficient free space`
  if (type === 'zfspool') return `zfs error: cannot create '${storage}': out of space`
  if (type === 'rbd') return `rbd create '${storage}' error: (28) No space left on device`
  return `unable to create image: No space left on device`
}
