import type {KindName} from './model.js'

/**
 * A kind is data: where it is listed and read, what identifies it, what is kept and what is left out and why.
 * Sync, get, describe, status and the schemas read this table. What else a new kind still touches: docs/house.md, "Adding a kind".
 */
export interface Kind {
  name: KindName
  /** As in `pmpc get vms`. */
  plural: string
  aliases: string[]
  /** People declare it in a manifest; else it is only observed. */
  declared: boolean
  id: 'vmid' | 'name'
  /** Key of the configuration that holds its name, where it has one. */
  nameKey?: string
  /** The type under which `/cluster/resources` and `/nodes/{node}/…` know a guest. */
  guest?: 'qemu' | 'lxc'
  list: Listing
  /** Path of the configuration; `{node}` and `{id}` are filled in. Kinds without it are read whole from their list. */
  config?: string
  /** What PVE's locks of such an object mean to who reads it. All others last as long as a task, and are told but not kept. */
  locks?: Locks
  /** Keys of the configuration that are not kept, with the reason. */
  volatile: Record<string, string>
  /** Keys that PVE makes up: observed, never declared. The sub-keys are those of a property string. */
  generated?: {keys: RegExp; subkeys: Record<string, string[]>}
  /** Any one of these privileges on the path shows the object (contract: `permissions`; `{id}` is filled in). */
  audit: {path: string; privileges: string[]} | null
  /** Columns of `pmpc get`: heading to field (`facts.node`, `config.memory`, `id`). */
  columns: Column[]
}

export interface Column {
  heading: string
  field: string
  /** Only with `-o wide`. */
  wide?: boolean
  align?: 'right'
  /** Bytes are told in GiB, MiB in these or GiB. */
  unit?: 'bytes' | 'MiB'
  /** A second field, told in brackets behind the first. */
  beside?: string
}

export interface Locks {
  /** Its configuration is being written piece by piece, and goes again should that fail: there is no object yet. */
  making: string[]
  /** A state in which it stays until somebody ends it: kept as the fact `lock`. */
  lasting: string[]
}

/** How the entries of a list become objects. */
export interface Listing {
  path: string
  /** Only entries in which this key has this value. */
  where?: {key: string; value: string}
  idKey: string
  /** Kept under PVE's names beside the configuration. */
  facts: string[]
  /** All that is neither fact nor left out is the configuration. */
  restIsConfig?: boolean
  /**
   * Key of each entry that holds a checksum of the whole file behind the list, with what the node that answers cannot parse and
   * leaves out (pve-common, PVE/SectionConfig.pm (parse_config)).
   */
  digestKey?: string
  /** Keys that are not kept, with the reason. */
  leftOut: Record<string, string>
}

const usage = 'a usage figure'
const copied = 'repeats the configuration, up to ten seconds late'

const guestEntry: Omit<Listing, 'where'> = {
  path: '/cluster/resources',
  idKey: 'vmid',
  facts: ['node', 'status', 'pool'],
  leftOut: {
    cpu: usage,
    disk: usage,
    diskread: usage,
    diskwrite: usage,
    mem: usage,
    memhost: usage,
    netin: usage,
    netout: usage,
    uptime: usage,
    hastate: 'what the HA manager is doing at the moment',
    lock: 'is in the configuration',
    id: 'repeats kind and vmid',
    type: 'is the kind',
    maxcpu: copied,
    maxdisk: copied,
    maxmem: copied,
    name: copied,
    tags: copied,
    template: copied,
  },
}

const guestVolatile = {
  digest: 'a checksum of the file, snapshots and lock included',
  lock: 'most last as long as a task; those that stay are the fact `lock`',
  parent: 'names the last snapshot; snapshots are kept beside the configuration',
}

const guestColumns: Kind['columns'] = [
  {heading: 'VMID', field: 'id', align: 'right'},
  {heading: 'NAME', field: 'name'},
  // PVE calls a VM that is suspended to disk stopped.
  {heading: 'STATUS', field: 'facts.status', beside: 'facts.lock'},
  {heading: 'NODE', field: 'facts.node'},
  {heading: 'CORES', field: 'config.cores', align: 'right'},
  {heading: 'MEMORY', field: 'config.memory', align: 'right', unit: 'MiB'},
  {heading: 'TAGS', field: 'config.tags'},
  {heading: 'POOL', field: 'facts.pool'},
  {heading: 'OSTYPE', field: 'config.ostype', wide: true},
  {heading: 'ONBOOT', field: 'config.onboot', wide: true},
]

/** All kinds, in the order in which they are reported. Paths and privileges: contracts of PVE 8.4 and 9.2. */
export const kinds: readonly Kind[] = [
  {
    name: 'node',
    plural: 'nodes',
    aliases: [],
    declared: false,
    id: 'name',
    list: {
      path: '/nodes',
      idKey: 'node',
      facts: ['status', 'maxcpu', 'maxmem', 'level'],
      leftOut: {
        cpu: usage,
        disk: usage,
        mem: usage,
        uptime: usage,
        maxdisk: 'a usage figure where the root file system is ZFS',
        id: 'repeats the name',
        type: 'is the kind',
        ssl_fingerprint: 'changes with every renewal of the certificate',
      },
    },
    volatile: {},
    audit: null,
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'STATUS', field: 'facts.status'},
      {heading: 'CPUS', field: 'facts.maxcpu', align: 'right'},
      {heading: 'MEMORY', field: 'facts.maxmem', align: 'right', unit: 'bytes'},
      {heading: 'VERSION', field: 'facts.version'},
      {heading: 'IP', field: 'facts.ip', wide: true},
      {heading: 'LEVEL', field: 'facts.level', wide: true},
    ],
  },
  {
    name: 'vm',
    plural: 'vms',
    aliases: ['qemu'],
    declared: true,
    id: 'vmid',
    nameKey: 'name',
    guest: 'qemu',
    list: {...guestEntry, where: {key: 'type', value: 'qemu'}},
    config: '/nodes/{node}/qemu/{id}/config',
    volatile: guestVolatile,
    // PVE writes the last four when a VM is suspended to disk, takes them out at its next start, and takes them from nobody
    // (qemu-server, PVE/QemuServer.pm (vm_suspend), PVE/QemuConfig.pm).
    generated: {
      keys: /^(meta|vmgenid|unused\d+|vmstate|runningmachine|runningcpu|running-nets-host-mtu)$/,
      subkeys: {smbios1: ['uuid']},
    },
    locks: {making: ['create', 'clone'], lasting: ['suspended']},
    audit: {path: '/vms/{id}', privileges: ['VM.Audit']},
    columns: guestColumns,
  },
  {
    name: 'container',
    plural: 'containers',
    aliases: ['ct', 'cts', 'lxc'],
    declared: true,
    id: 'vmid',
    nameKey: 'hostname',
    guest: 'lxc',
    list: {...guestEntry, where: {key: 'type', value: 'lxc'}},
    config: '/nodes/{node}/lxc/{id}/config',
    volatile: guestVolatile,
    generated: {keys: /^unused\d+$/, subkeys: {}},
    locks: {making: ['create', 'clone'], lasting: []},
    audit: {path: '/vms/{id}', privileges: ['VM.Audit']},
    columns: guestColumns,
  },
  {
    name: 'storage',
    plural: 'storages',
    aliases: [],
    declared: true,
    id: 'name',
    list: {
      path: '/storage',
      idKey: 'storage',
      facts: [],
      restIsConfig: true,
      leftOut: {},
      digestKey: 'digest',
    },
    volatile: {digest: 'covers all storages and changes with any of them'},
    audit: {path: '/storage/{id}', privileges: ['Datastore.Audit', 'Datastore.AllocateSpace']},
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
    list: {
      path: '/pools',
      idKey: 'poolid',
      facts: [],
      restIsConfig: true,
      leftOut: {members: 'guests name their pool themselves; storages are kept under `storage`'},
    },
    volatile: {},
    audit: {path: '/pool/{id}', privileges: ['Pool.Audit', 'Pool.Allocate']},
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'COMMENT', field: 'config.comment'},
      {heading: 'STORAGE', field: 'config.storage'},
    ],
  },
]

/** Kinds by a name people type: `vm`, `vms`, `qemu`, `guests` (both kinds of guest). Empty when there is none. */
export function kindsNamed(word: string): Kind[] {
  const name = word.toLowerCase()
  if (name === 'guest' || name === 'guests') return kinds.filter((kind) => kind.guest)
  return kinds.filter((kind) => kind.name === name || kind.plural === name || kind.aliases.includes(name))
}

/** The kind of this exact name. */
export function kindOf(name: KindName): Kind {
  const kind = kinds.find((candidate) => candidate.name === name)
  if (!kind) throw new TypeError(`no kind is named ${name}`)
  return kind
}

/** Whether a kind is one of guests: a VM or a container. */
export function isGuest(name: KindName): boolean {
  return kindOf(name).guest !== undefined
}
