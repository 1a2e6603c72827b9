/** What a storage type can do and how it names volumes; one row a type. Facts: FACTS 3.6, contracts, recordings of the daemon. */
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
}

const all = ['images', 'rootdir', 'vztmpl', 'iso', 'backup', 'snippets', 'import']
const files = ['raw', 'qcow2', 'vmdk']

const directory = (shared: boolean): StoragePlugin => ({
  files: true,
  shared,
  formats: files,
  content: all,
  defaultContent: ['images', 'rootdir'],
  snapshots: false,
  linkedClones: false,
})

const block = (shared: boolean, snapshots: boolean, extra: Partial<StoragePlugin> = {}): StoragePlugin => ({
  files: false,
  shared,
  formats: ['raw'],
  content: ['images', 'rootdir'],
  defaultContent: ['images'],
  snapshots,
  linkedClones: snapshots,
  ...extra,
})

export const storagePlugins: Record<string, StoragePlugin> = {
  dir: directory(false),
  nfs: {...directory(true), defaultContent: ['images']},
  cifs: {...directory(true), defaultContent: ['images']},
  cephfs: {...directory(true), content: ['backup', 'iso', 'snippets', 'vztmpl', 'import'], defaultContent: ['backup']},
  glusterfs: directory(true),
  btrfs: {...directory(false), snapshots: true, linkedClones: true},
  lvm: block(false, false),
  lvmthin: block(false, true),
  zfspool: block(false, true, {subvolumes: true}),
  zfs: block(true, true, {content: ['images']}),
  rbd: block(true, true),
  iscsi: {...block(true, false), content: ['images', 'none']},
  iscsidirect: {...block(true, false), content: ['images']},
  pbs: {...block(true, false), content: ['backup', 'none'], defaultContent: ['backup']},
  esxi: {...block(true, false), content: ['import'], defaultContent: ['import']},
}
