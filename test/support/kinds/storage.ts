import type {Case, Group} from './case.js'
import type {Pair} from './values.js'

const fingerprint: Pair = [Array(32).fill('AB').join(':'), Array(32).fill('CD').join(':')]

const common = 'nodes disable content'
const kept = 'prune-backups max-protected-backups'
const folders = 'mkdir create-base-path create-subdirs'
const tree = `content-dirs format bwlimit preallocation ${kept} ${folders}`
const chain = 'snapshot-as-volume-chain'
const mounted = `path ${chain} ${tree}`

/** Keys that a type takes (pve-storage, PVE/Storage/*Plugin.pm (options)); 8.4 lacks some of them. */
const types: Record<string, {keys: string; still?: string; values?: Case['values']; release?: '8.4'}> = {
  dir: {still: chain, keys: `path shared is_mountpoint snapshot-as-volume-chain ${tree}`},
  btrfs: {
    values: {format: ['raw', 'subvol']},
    keys: `path shared is_mountpoint nocow format preallocation ${kept} ${folders}`,
  },
  nfs: {still: `server ${chain}`, keys: `server export options ${mounted}`},
  cifs: {still: `server ${chain}`, keys: `server share subdir username password domain smbversion options ${mounted}`},
  cephfs: {
    keys: `monhost subdir options username fuse keyring fs-name path content-dirs bwlimit ${kept} ${folders}`,
    values: {keyring: ['[client.one]\n\tkey = one', '[client.two]\n\tkey = two']},
  },
  glusterfs: {
    keys: `volume server server2 transport path content-dirs format bwlimit preallocation ${kept} ${folders}`,
    values: {content: ['images,iso', 'images,backup']},
    release: '8.4',
  },
  lvm: {
    keys: 'vgname shared saferemove saferemove_throughput saferemove-stepsize base tagged_only bwlimit snapshot-as-volume-chain',
    values: {base: ['iscsi0:one', 'iscsi0:two'], content: ['images', 'rootdir']},
  },
  lvmthin: {keys: 'vgname thinpool bwlimit', values: {content: ['images', 'rootdir']}},
  zfspool: {
    still: 'pool',
    keys: 'pool blocksize sparse bwlimit mountpoint',
    values: {blocksize: ['8k', '16k'], content: ['images', 'rootdir']},
  },
  zfs: {
    still: 'pool blocksize',
    keys: 'portal target pool iscsiprovider blocksize nowritecache sparse comstar_hg comstar_tg lio_tpg bwlimit zfs-base-path',
    values: {iscsiprovider: ['comstar', 'istgt'], blocksize: ['8k', '16k']},
  },
  rbd: {
    keys: 'monhost pool data-pool namespace username krbd keyring bwlimit',
    values: {keyring: ['[client.one]\n\tkey = one', '[client.two]\n\tkey = two'], content: ['images', 'rootdir']},
  },
  iscsi: {keys: 'portal target bwlimit', values: {content: ['images', 'none']}},
  iscsidirect: {keys: 'portal target bwlimit'},
  pbs: {
    still: 'server',
    keys: `server datastore namespace port username password encryption-key master-pubkey fingerprint ${kept}`,
    values: {
      content: ['backup', 'none'],
      username: ['one@pbs', 'two@pbs'],
      'encryption-key': ['{"data":"one","fingerprint":"aa:bb"}', '{"data":"two","fingerprint":"cc:dd"}'],
      'master-pubkey': ['b25l', 'dHdv'],
    },
  },
  esxi: {keys: 'shared server username password skip-cert-verification port'},
}

/** Types that hold one thing, which they need not be told. */
const single = new Set(['zfs', 'iscsidirect', 'esxi'])

export const storage: Group = {
  before: [
    ['POST /storage', {storage: 'kmember', type: 'dir', path: '/srv/member', content: 'iso'}],
    ['POST /storage', {storage: 'iscsi0', type: 'iscsi', portal: '192.0.2.7', target: 'one'}],
    ['POST /pools', {poolid: 'kup'}],
    ['POST /storage', {storage: 'kmembertwo', type: 'dir', path: '/srv/membertwo', content: 'iso'}],
  ],
  cases: [
    ...Object.entries(types).map(([type, {keys, still = '', values, release}]): Case => ({
      kind: 'storage',
      of: type,
      ...(release && {release}),
      names: (n) => ({storage: `k-${type}-${n}`}),
      id: (n) => `k-${type}-${n}`,
      fixed: {type},
      still,
      back: single.has(type) ? '' : 'content',
      drops: 'disable',
      told: type === 'pbs' ? 'encryption-key' : '',
      needed: type === 'esxi' ? 'server username' : '',
      keys: `${single.has(type) ? common.replace(' content', '') : common} ${keys}`,
      values: {
        'prune-backups': ['keep-daily=7,keep-last=3', 'keep-daily=8,keep-last=3'],
        bwlimit: ['default=1000,move=2000', 'default=1000,move=3000'],
        server: ['192.0.2.7', '192.0.2.8'],
        fingerprint,
        format: ['raw', 'qcow2'],
        smbversion: ['3', '2.1'],
        subdir: ['/one', '/two'],
        content: ['iso,vztmpl', 'iso,backup'],
        ...values,
      },
    })),
    {
      kind: 'storage',
      of: 'maxfiles, which prune-backups takes the place of',
      release: '8.4',
      names: (n) => ({storage: `k-files-${n}`}),
      id: (n) => `k-files-${n}`,
      fixed: {type: 'dir', path: '/srv/files', content: 'backup'},
      keys: 'maxfiles',
    },
    {kind: 'pool', names: (n) => ({poolid: `kp${n}`}), id: (n) => `kp${n}`, keys: 'comment'},
    {
      kind: 'pool',
      of: 'one below another',
      names: (n) => ({poolid: `kup/s${n}`}),
      id: (n) => `kup/s${n}`,
      keys: 'comment',
    },
  ],
  odd: [
    {
      kind: 'pool',
      what: 'storages are members: one takes the place of another, one is gone, one is more',
      id: 'kpm',
      rounds: {
        make: [
          [
            ['POST /pools', {poolid: 'kpm'}],
            ['PUT /pools', {poolid: 'kpm', storage: 'kmember,local'}],
          ],
        ],
        change: [
          [
            ['PUT /pools', {poolid: 'kpm', storage: 'kmember', delete: 1}],
            ['PUT /pools', {poolid: 'kpm', storage: 'kmembertwo'}],
          ],
          [1, 1],
        ],
        remove: [
          [
            ['PUT /pools', {poolid: 'kpm', storage: 'kmembertwo,local', delete: 1}],
            ['DELETE /pools', {poolid: 'kpm'}],
          ],
        ],
      },
    },
  ],
}
