import {kindOf} from '../kinds/index.js'
import type {KindName} from '../kinds/index.js'
import {lxc} from './container.js'
import type {GuestTravel} from './travel.js'
import {qemu} from './vm.js'

export type {ChangeRow, GuestTravel, Happening, Predicate, RefusedRow, Takes} from './travel.js'
export {verbOf, type VerbName, type VerbNeed, type VerbRow} from './verbs.js'

const travels = {qemu, lxc}

/** How changes of a kind of guests travel. @throws TypeError for any other kind */
export function guestTravelOf(kind: KindName): GuestTravel {
  const {guest} = kindOf(kind)
  if (!guest) throw new TypeError(`${kind} is no guest`)
  return travels[guest]
}

/** The kinds that a plan for guests, and who makes one, looks at, besides. */
export const around = {
  ...{storage: 'storage', node: 'node', acl: 'acl', pool: 'pool'},
  ...{network: 'network', vnet: 'sdn-vnet'},
} as const satisfies Record<string, KindName>

/**
 * Where a guest is named, which `purge` empties: objects by their ids, and keys that hold `vm:100` or 100. Without it the removal of a guest that the HA manager looks after is
 * refused. `last`: an object goes with the last guest that it names (pve-manager, PVE/VZDump.pm; pve-ha-manager, PVE/HA/Config.pm).
 */
export const purged: readonly {readonly kind: KindName; readonly key?: string; readonly last?: true}[] = [
  {kind: 'ha-resource'},
  {kind: 'ha-rule', key: 'resources', last: true},
  {kind: 'backup-job', key: 'vmid', last: true},
  {kind: 'backup-job', key: 'exclude'},
  {kind: 'replication-job'},
]

/**
 * What looks after a guest, and what is told to it where the guest is started or stopped: it does that itself then, some seconds later, and keeps it so (qemu-server, PVE/API2/Qemu.pm
 * (vm_start, vm_stop, vm_shutdown); pve-container, PVE/API2/LXC/Status.pm; pve-ha-manager, PVE/HA/Manager.pm (next_state_started)). Of what is ignored it knows nothing.
 */
export const keeper = {
  kind: 'ha-resource',
  fact: 'state',
  running: 'started',
  stopped: 'stopped',
  /** What it is left at where the guest is off. */
  off: ['stopped', 'disabled'],
  ignored: 'ignored',
} as const satisfies {kind: KindName} & Record<string, unknown>

/** The rules of high availability that name guests which belong together, or apart (pve-ha-manager, PVE/HA/Rules/ResourceAffinity.pm). */
export const keptApart = {kind: 'ha-rule', type: 'resource-affinity', key: 'resources'} as const satisfies {
  kind: KindName
  type: string
  key: string
}

/** Types of storages that every node sees the same of (pve-storage, PVE/Storage/Plugin.pm and its plugins). */
export const sharedStorageTypes: ReadonlySet<string> = new Set([
  'nfs',
  'cifs',
  'glusterfs',
  'cephfs',
  'rbd',
  'iscsi',
  'iscsidirect',
  'zfs',
  'pbs',
  'esxi',
])
