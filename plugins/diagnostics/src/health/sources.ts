import type {Answer, Place} from './facts.js'

/** Where a source is read: once, at one node for all (`any`), or at each node, storage, guest or ZFS pool. */
export type Over = 'cluster' | 'any' | 'node' | 'storage' | 'guest' | 'pool'

/** A path on which a privilege is needed to see all, and the privileges of which one is enough. */
export interface Sighted {
  path: string
  privileges: readonly string[]
}

/** A call of the API that checks read. However many checks name it, it is asked once at each place. */
export interface Source {
  /** `{node}`, `{storage}`, `{type}`, `{vmid}` and `{pool}` stand for those of the place. */
  path: string
  over: Over
  /** @param now seconds since the epoch */
  query?: (now: number) => Readonly<Record<string, string | number>>
  /** What PVE says where there is no such thing: then nothing was read, and nothing is wrong with that. */
  absentWhen?: RegExp
  /** PVE leaves out what a token may not see: unless all of one of these rows is held, what was read is not all of it. */
  sight?: readonly (readonly Sighted[])[]
  /** It is read at places that another source names. */
  after?: {source: string; places: (answer: Answer) => Place[]}
  /** What stands beside `data` is wanted, too: the answer is `{data, changes}`. */
  whole?: true
}

const DAY = 86_400
/** Tasks and statistics are looked at for so long. */
export const TASK_DAYS = 7

/** Where Ceph is not installed, or not set up (pve-manager, PVE/Ceph/Tools.pm (check_ceph_inited)). */
const noCeph = /binary not installed|configuration not initialized|not fully configured|configuration not enabled/
const guests = {path: '/vms', privileges: ['VM.Audit']}
const guestSight = [[guests]]
const stores = {path: '/storage', privileges: ['Datastore.Audit', 'Datastore.AllocateSpace']}
const storageSight = [[stores]]
const hosts = {path: '/nodes', privileges: ['Sys.Audit']}
const nodeSight = [[hosts]]
/** pve-access-control, PVE/API2/User.pm and TFA.pm: others than oneself are shown to those only. */
const userSight = [[{path: '/access/groups', privileges: ['User.Modify', 'Sys.Audit']}]]
const networks = {path: '/sdn', privileges: ['SDN.Audit', 'SDN.Allocate']}
const networkSight = [[networks]]
/** pve-manager, PVE/API2/Network.pm (index): bridges that a caller may not use are left out. */
const bridgeSight = [[{path: '/sdn/zones/localnetwork', privileges: ['SDN.Audit', 'SDN.Use', 'SDN.Allocate']}]]

/** What a storage holds is shown to those who may do something with it (pve-storage, PVE/Storage.pm (check_volume_access)). */
const allocate = {path: '/storage', privileges: ['Datastore.Allocate']}
const content = '/nodes/{node}/storage/{storage}/content'

/** All calls that checks read, by the name that they are known by in the tables. */
const table = {
  status: {path: '/cluster/status', over: 'cluster'},
  resources: {
    path: '/cluster/resources',
    over: 'cluster',
    sight: [[guests, stores, hosts, networks]],
  },
  corosyncNodes: {path: '/cluster/config/nodes', over: 'cluster'},
  qdevice: {path: '/cluster/config/qdevice', over: 'cluster'},
  cephStatus: {path: '/cluster/ceph/status', over: 'cluster', absentWhen: noCeph},
  cephOsds: {path: '/nodes/{node}/ceph/osd', over: 'any', absentWhen: noCeph},
  cephPools: {path: '/nodes/{node}/ceph/pool', over: 'any', absentWhen: noCeph},
  unsaved: {path: '/cluster/backup-info/not-backed-up', over: 'cluster', sight: guestSight},
  backupJobs: {path: '/cluster/backup', over: 'cluster'},
  haStatus: {path: '/cluster/ha/status/current', over: 'cluster'},
  haManager: {path: '/cluster/ha/status/manager_status', over: 'cluster'},
  haResources: {path: '/cluster/ha/resources', over: 'cluster'},
  zones: {path: '/cluster/sdn/zones', over: 'cluster', query: () => ({pending: 1}), sight: networkSight},
  vnets: {path: '/cluster/sdn/vnets', over: 'cluster', query: () => ({pending: 1}), sight: networkSight},
  users: {path: '/access/users', over: 'cluster', query: () => ({full: 1}), sight: userSight},
  factors: {path: '/access/tfa', over: 'cluster', sight: userSight},
  realms: {path: '/access/domains', over: 'cluster'},
  firewall: {path: '/cluster/firewall/options', over: 'cluster'},
  firewallRules: {path: '/cluster/firewall/rules', over: 'cluster'},
  storageConfig: {path: '/storage', over: 'cluster', sight: storageSight},
  nodeFirewall: {path: '/nodes/{node}/firewall/options', over: 'node'},
  node: {path: '/nodes/{node}/status', over: 'node'},
  version: {path: '/nodes/{node}/version', over: 'node'},
  storages: {path: '/nodes/{node}/storage', over: 'node', sight: storageSight},
  thinPools: {path: '/nodes/{node}/disks/lvmthin', over: 'node'},
  // pve-storage, PVE/API2/Disks/ZFS.pm (index): a node without ZFS has no pools.
  zpools: {path: '/nodes/{node}/disks/zfs', over: 'node', absentWhen: /zfsutils-linux not installed/},
  zpool: {
    path: '/nodes/{node}/disks/zfs/{pool}',
    over: 'pool',
    after: {source: 'zpools', places: ({place, data}) => namesIn(data).map((pool) => ({...place, pool}))},
  },
  disks: {path: '/nodes/{node}/disks/list', over: 'node'},
  services: {path: '/nodes/{node}/services', over: 'node'},
  time: {path: '/nodes/{node}/time', over: 'node'},
  packages: {path: '/nodes/{node}/apt/versions', over: 'node'},
  updates: {path: '/nodes/{node}/apt/update', over: 'node'},
  repositories: {path: '/nodes/{node}/apt/repositories', over: 'node'},
  subscription: {path: '/nodes/{node}/subscription', over: 'node'},
  network: {path: '/nodes/{node}/network', over: 'node', whole: true, sight: bridgeSight},
  hosts: {path: '/nodes/{node}/hosts', over: 'node'},
  certificates: {path: '/nodes/{node}/certificates/info', over: 'node'},
  replication: {path: '/nodes/{node}/replication', over: 'node', sight: guestSight},
  tasks: {
    path: '/nodes/{node}/tasks',
    over: 'node',
    query: (now) => ({source: 'all', since: now - TASK_DAYS * DAY, limit: 1000}),
    sight: nodeSight,
  },
  images: {
    path: content,
    over: 'storage',
    sight: [[allocate], [stores, {path: '/vms', privileges: ['VM.Config.Disk']}]],
  },
  // The same call, of which another part is looked at; it is asked once.
  backups: {
    path: content,
    over: 'storage',
    sight: [
      [allocate],
      [
        {path: '/storage', privileges: ['Datastore.AllocateSpace']},
        {path: '/vms', privileges: ['VM.Backup']},
      ],
    ],
  },
  usage: {
    path: '/nodes/{node}/storage/{storage}/rrddata',
    over: 'storage',
    query: () => ({timeframe: 'month', cf: 'AVERAGE'}),
    // A storage that pvestatd has told nothing of yet (pve-common, PVE/RRD.pm).
    absentWhen: /RRD error/,
  },
  guests: {path: '/nodes/{node}/{type}/{vmid}/pending', over: 'guest', sight: guestSight},
  snapshots: {
    path: '/nodes/{node}/{type}/{vmid}/snapshot',
    over: 'guest',
    after: {source: 'guests', places: ({place, data}) => (hasParent(data) ? [place] : [])},
  },
} as const satisfies Record<string, Source>

export type SourceName = keyof typeof table

/** The same, as the reader looks at it. */
export const sources: Readonly<Record<SourceName, Source>> = table

const entriesIn = (data: unknown): Record<string, unknown>[] => (Array.isArray(data) ? (data as []) : [])

function namesIn(data: unknown): string[] {
  return entriesIn(data).flatMap(({name}) => (typeof name === 'string' ? [name] : []))
}

/** A guest that has snapshots says from which it came (pve-guest-common, PVE/AbstractConfig.pm (snapshot_create)). */
function hasParent(data: unknown): boolean {
  return entriesIn(data).some(({key}) => key === 'parent')
}
