// Storages: bpg/terraform-provider-proxmox v0.112.0, fwprovider/storage/model_*.go (fromAPI). The block `backups` is never read of what is imported.
import {elsewhere, isType, lost} from './asides.js'
import {Raw} from '../hcl.js'
import {passwordOf} from '../inputs.js'
import {allOf, derived, flag, has, idOf, is, list, not, text} from './fields.js'
import type {At, Field, Hindrance, KindRows, Resource} from './row.js'

/** What a storage may hold, as the provider takes it. */
const contents = new Set(['backup', 'images', 'import', 'iso', 'rootdir', 'snippets', 'vztmpl'])

const isListed = (at: At): boolean =>
  [at.get('config.content') ?? []].flat().every((content) => contents.has(String(content)))

const common: readonly Field[] = [
  list('content', 'config.content'),
  list('nodes', 'config.nodes'),
  flag('disable', 'config.disable', {default: false}),
]

const folders: readonly Field[] = [
  flag('create_base_path', 'config.create-base-path', {default: true}),
  flag('create_subdirs', 'config.create-subdirs', {default: true}),
]

const images: readonly Field[] = [
  text('preallocation', 'config.preallocation'),
  flag('snapshot_as_volume_chain', 'config.snapshot-as-volume-chain'),
]

/** Needed, and told to nobody: a variable, which is not sent to what is there. */
const password: readonly Field[] = [derived('password', (at) => new Raw(`var.${passwordOf(at)}`))]
const ignore = {password: 'Proxmox VE tells it to nobody, and the provider wants one in the code'}

const unlisted: Hindrance = {
  when: (at) => !isListed(at),
  of: ['content'],
  ignore: [],
  why: 'the provider does not take all that this storage may hold; without `content` in the code it leaves that as it is',
}

const resource = (
  type: string,
  of: string,
  fields: readonly Field[],
  {hindrances = [], ...more}: Partial<Resource> = {},
): Resource => ({
  type: `proxmox_storage_${type}`,
  file: 'storage',
  when: is('config.type', of),
  importId: idOf,
  fields: [derived('id', idOf), ...fields, ...common],
  known: {id: idOf},
  hindrances: [unlisted, ...hindrances],
  ...more,
})

const anonymous: Hindrance = {
  when: not(has('config.username')),
  of: [],
  ignore: ['username'],
  why: 'it has none, and the provider wants one in the code',
}

const username: Field = {...text('username', 'config.username'), absent: 'not recorded'}

const resources: readonly Resource[] = [
  resource('directory', 'dir', [
    text('path', 'config.path'),
    flag('shared', 'config.shared', {always: true, absent: false}),
    text('preallocation', 'config.preallocation'),
    ...folders,
  ]),
  resource('nfs', 'nfs', [
    text('server', 'config.server'),
    text('export', 'config.export'),
    text('options', 'config.options'),
    ...images,
    ...folders,
  ]),
  resource(
    'cifs',
    'cifs',
    [
      text('server', 'config.server'),
      text('share', 'config.share'),
      username,
      ...password,
      text('domain', 'config.domain'),
      text('subdirectory', 'config.subdir'),
      text('options', 'config.options'),
      ...images,
      ...folders,
    ],
    {ignore, hindrances: [anonymous]},
  ),
  resource(
    'pbs',
    'pbs',
    [
      text('server', 'config.server'),
      text('datastore', 'config.datastore'),
      username,
      ...password,
      text('namespace', 'config.namespace'),
      text('fingerprint', 'config.fingerprint'),
    ],
    {ignore, hindrances: [anonymous]},
  ),
  resource('zfspool', 'zfspool', [
    text('zfs_pool', 'config.pool'),
    flag('thin_provision', 'config.sparse'),
    text('blocksize', 'config.blocksize'),
  ]),
  resource('lvm', 'lvm', [
    text('volume_group', 'config.vgname'),
    flag('wipe_removed_volumes', 'config.saferemove'),
    flag('shared', 'config.shared', {default: false}),
  ]),
  resource('lvmthin', 'lvmthin', [text('volume_group', 'config.vgname'), text('thin_pool', 'config.thinpool')]),
]

const storage: KindRows = {
  kind: 'storage',
  resources,
  none: (at) => ({
    how: 'inexpressible',
    why: `the provider has no resource for storages of type ${String(at.get('config.type'))}`,
  }),
  asides: [
    isType,
    ...elsewhere(resources),
    {
      of: ['config.path', 'config.shared'],
      where: not(is('config.type', 'dir')),
      ...{how: 'leftOut', why: 'it follows from the type of the storage'},
    },
    {
      of: ['config.password', 'config.keyring', 'config.master-pubkey', 'config.encryption-key'],
      ...{
        how: 'inexpressible',
        why: 'it is a secret, or tells of one: the provider takes it where it makes the storage',
      },
    },
    {
      of: ['config.prune-backups', 'config.max-protected-backups', 'config.maxfiles'],
      ...{
        how: 'inexpressible',
        why: 'the provider never reads the block `backups` of what is imported; it stays as it is',
      },
    },
    lost(
      ...['bwlimit', 'content-dirs', 'format', 'is_mountpoint', 'mkdir', 'smbversion', 'port', 'mountpoint'],
      ...['preallocation', 'snapshot-as-volume-chain', 'options', 'subdir', 'nowritecache', 'base', 'tagged_only'],
      ...['saferemove_throughput', 'saferemove-stepsize', 'authsupported', 'data-pool', 'fs-name', 'fuse', 'krbd'],
      ...[
        'monhost',
        'nocow',
        'portal',
        'target',
        'comstar_hg',
        'comstar_tg',
        'iscsiprovider',
        'lio_tpg',
        'zfs-base-path',
      ],
      ...['skip-cert-verification', 'server2', 'transport', 'volume'],
    ),
  ],
  unmanageable: [
    {
      when: allOf(is('config.type', 'lvm'), not(has('config.saferemove'))),
      why: 'where `saferemove` is absent in Proxmox VE the provider reads null, and puts its default in the place of it whatever the code says',
      change: () => ['saferemove=0'],
    },
  ],
}

export const storages: readonly KindRows[] = [storage]
