import {aclWithout} from './acl.js'
import {isMap} from './answers.js'
import type {Kind} from './kind.js'
import type {Config, Value} from '../model.js'
import type {KindTravel} from './travel.js'
import type {KindWire} from './wire.js'

export const storage = [
  {
    name: 'storage',
    plural: 'storages',
    aliases: [],
    declared: true,
    id: 'name',
    idKey: 'storage',
    file: 'storage/{id}.yaml',
    facts: [],
    shapes: {
      bwlimit: {map: {}},
      content: 'set',
      'content-dirs': {map: {}},
      monhost: 'set',
      nodes: 'set',
      'prune-backups': {map: {}},
    },
    table: {table: 'storages', id: 'storage', facts: []},
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'TYPE', field: 'config.type'},
      {heading: 'CONTENT', field: 'config.content'},
      {heading: 'NODES', field: 'config.nodes'},
      {heading: 'SHARED', field: 'config.shared'},
      {heading: 'PATH', field: 'config.path', wide: true},
    ],
  },
  {
    name: 'pool',
    plural: 'pools',
    aliases: [],
    declared: true,
    id: 'name',
    idKey: 'poolid',
    file: 'pool/{id}.yaml',
    facts: [],
    shapes: {comment: 'text', storage: 'set'},
    belongs: {pool: 'id'},
    table: {table: 'pools', id: 'poolid', facts: []},
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'COMMENT', field: 'config.comment'},
      {heading: 'STORAGE', field: 'config.storage'},
    ],
  },
] as const satisfies readonly Kind[]

const writeOnly = 'PVE takes it, and gives it to nobody'

/** The storages among the members of a pool, as PVE writes a list of names. */
function storagesOfPool(answer: unknown): string | undefined {
  const pool: unknown = Array.isArray(answer) ? answer[0] : answer
  if (!isMap(pool)) return undefined
  const members = pool.members ?? []
  if (!Array.isArray(members)) return undefined
  const names = members.flatMap((member: unknown) => {
    if (!isMap(member) || typeof member.type !== 'string') return [undefined]
    return member.type === 'storage' ? [member.storage] : []
  })
  return names.every(isStorageName) ? [...new Set(names)].sort().join(',') : undefined
}

const isStorageName = (value: unknown): value is string => typeof value === 'string' && /^[^\s,;]{1,200}$/.test(value)

export const storageOnWire = () =>
  [
    {
      name: 'storage',
      list: {path: '/storage', idKey: 'storage', restIsConfig: true, digestKey: 'digest'},
      mentioned: {path: '/cluster/resources', key: 'storage', where: {key: 'type', value: 'storage'}},
      leftOut: {digest: 'covers all storages and changes with any of them'},
      secret: {
        password: writeOnly,
        keyring: writeOnly,
        'master-pubkey': writeOnly,
        'encryption-key': 'PVE shows its fingerprint, which is kept',
      },
      sight: {path: '/storage/{id}', privileges: ['Datastore.Audit', 'Datastore.AllocateSpace']},
    },
    {
      name: 'pool',
      list: {path: '/pools', idKey: 'poolid', restIsConfig: true},
      parts: [{key: 'storage', path: '/pools', query: {poolid: '{id}'}, value: storagesOfPool}],
      mentioned: {path: '/cluster/resources', key: 'pool'},
      leftOut: {
        members: 'guests name their pool themselves; storages are kept under `storage`',
        vms: 'guests name their pool themselves',
        'allow-move': 'a word of the call',
      },
      sight: {path: '/pool/{id}', privileges: ['Pool.Audit', 'Pool.Allocate']},
    },
  ] as const satisfies readonly KindWire[]

/** Types that all nodes see, whatever is said of them (pve-storage, PVE/Storage/Plugin.pm (@SHARED_STORAGE)): PVE tells it of them, and takes it for none. */
const shared = ['nfs', 'cifs', 'cephfs', 'glusterfs', 'zfs', 'rbd', 'iscsi', 'iscsidirect', 'pbs']
const isShared = new Set<unknown>(shared)
const both = new Set<unknown>(['dir', 'btrfs', 'lvmthin', 'zfspool'])
const backups = new Set<unknown>(['cephfs', 'pbs'])

/** What a storage holds where nobody says it (pve-storage, PVE/Storage/*Plugin.pm (plugindata)). */
function contentOf({type}: Config): Value | undefined {
  if (type === 'esxi') return ['import']
  return both.has(type) ? ['images', 'rootdir'] : [backups.has(type) ? 'backup' : 'images']
}

export const storageTravels = () =>
  [
    {
      name: 'storage',
      create: 'POST /storage',
      update: 'PUT /storage/{storage}',
      remove: 'DELETE /storage/{storage}',
      unset: 'delete',
      digest: ['update'],
      createOnly: [
        'authsupported',
        'base',
        'datastore',
        'export',
        'iscsiprovider',
        'path',
        'portal',
        'share',
        'target',
        'thinpool',
        'type',
        'vgname',
        'volume',
      ],
      consequence: 'live',
      // A volume group on a volume of another storage.
      refs: {nodes: 'node', base: {kinds: ['storage'], pattern: /^([\w.-]+):/}},
      still: {
        key: 'type',
        of: {
          dir: ['snapshot-as-volume-chain'],
          nfs: ['server', 'snapshot-as-volume-chain'],
          cifs: ['server', 'snapshot-as-volume-chain'],
          pbs: ['server'],
          zfspool: ['pool'],
          zfs: ['pool', 'blocksize'],
        },
      },
      own: {content: contentOf, shared: ({type}) => (isShared.has(type) ? 1 : undefined)},
      untaken: {key: 'type', of: Object.fromEntries(shared.map((type) => [type, ['shared']]))},
      none: {disable: 0},
      needed: {key: 'type', of: {esxi: ['server', 'username']}},
      // pve-storage, PVE/Storage/*Plugin.pm (plugindata, sensitive-properties)
      secretsOf: {
        key: 'type',
        of: {
          cifs: ['password'],
          pbs: ['password', 'encryption-key', 'master-pubkey'],
          esxi: ['password'],
          cephfs: ['keyring'],
          rbd: ['keyring'],
        },
      },
    },
    {
      name: 'pool',
      create: 'POST /pools',
      update: 'PUT /pools',
      remove: 'DELETE /pools',
      unset: 'empty',
      consequence: 'live',
      refs: {storage: 'storage'},
      // One below another.
      names: ({id}) => {
        const above = String(id).replace(/\/?[^/]*$/, '')
        return above === '' ? [] : [{kinds: ['pool'], id: above, path: []}]
      },
      parts: {
        storage: {
          create: 'PUT /pools',
          remove: 'PUT /pools',
          elements: {
            depth: 0,
            parameters: (_place, storages) => ({storage: storages.join(',')}),
            removing: {delete: 1},
          },
        },
      },
      emptied: ['storage'],
      consequences: {storage: 'grants'},
      removal: 'grants',
      also: ({before, after, around}) =>
        after || !before ? [] : aclWithout(around, (path) => path === `/pool/${before.id}`),
    },
  ] as const satisfies readonly KindTravel[]
