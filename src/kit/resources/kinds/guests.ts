import type {Kind} from './kind.js'
import type {Config} from '../model.js'
import type {KindTravel, Named} from './travel.js'
import type {Entry, KindWire} from './wire.js'

const columns = [
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
] as const

const beside = {
  pool: {fact: 'pool'},
  placement: {fact: 'node'},
  power: {fact: 'status', stopped: ['stopped']},
} as const

const both = {
  declared: true,
  id: 'vmid',
  idKey: 'vmid',
  facts: ['node', 'status', 'pool'],
  belongs: {pool: 'facts.pool', node: 'facts.node'},
  table: {
    table: 'guests',
    id: 'vmid',
    facts: [
      {fact: 'node', type: 'text', references: 'nodes'},
      {fact: 'pool', type: 'text', references: 'pools'},
      {fact: 'status', type: 'text'},
    ],
    guest: true,
  },
  columns,
} as const

/** Virtual machines and containers. */
export const guests = [
  {
    ...both,
    name: 'vm',
    plural: 'vms',
    aliases: ['qemu'],
    file: 'vm/{id}.yaml',
    nameKey: 'name',
    guest: 'qemu',
    beside: {...beside, from: ['clone', 'archive']},
    // PVE writes the last four when a VM is suspended to disk, takes them out at its next start, and takes them from nobody
    // (qemu-server, PVE/QemuServer.pm (vm_suspend), PVE/QemuConfig.pm).
    generated: {
      keys: /^(meta|vmgenid|unused\d+|vmstate|runningmachine|runningcpu|running-nets-host-mtu)$/,
      subkeys: {smbios1: ['uuid']},
    },
    shapes: {description: 'text'},
  },
  {
    ...both,
    name: 'container',
    plural: 'containers',
    aliases: ['ct', 'cts', 'lxc'],
    file: 'container/{id}.yaml',
    nameKey: 'hostname',
    guest: 'lxc',
    beside: {...beside, from: ['clone', 'ostemplate', 'archive']},
    generated: {keys: /^unused\d+$/, subkeys: {}},
    shapes: {description: 'text'},
  },
] as const satisfies readonly Kind[]

const usage = 'a usage figure'
const copied = 'repeats the configuration, up to ten seconds late'

const wire = {
  list: {
    path: '/cluster/resources',
    idKey: 'vmid',
    mustNotFail: true,
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
  },
  leftOut: {
    digest: 'a checksum of the file, snapshots and lock included',
    lock: 'most last as long as a task; those that stay are the fact `lock`',
    parent: 'names the last snapshot; snapshots are kept beside the configuration',
  },
  sight: {path: '/vms/{id}', privileges: ['VM.Audit']},
} as const

/** Power in `/cluster/resources` lags by up to ten seconds, and is unknown for a new guest. */
const power = {facts: {status: 'status'}, by: {key: 'vmid'}} as const
/** What is pending can only differ while it runs. */
const running = {fact: 'status', value: 'running'} as const
/** A configuration names its last snapshot. */
const snapshots = {key: 'snapshots', beside: 'snapshots', when: ({parent}: Entry) => parent !== undefined} as const

export const guestsOnWire = () =>
  [
    {
      ...wire,
      name: 'vm',
      list: {...wire.list, where: {key: 'type', value: 'qemu'}},
      item: '/nodes/{node}/qemu/{id}/config',
      secret: {cipassword: 'PVE shows stars, and in snapshots the hash'},
      parts: [{...snapshots, path: '/nodes/{node}/qemu/{id}/snapshot'}],
      joins: [{...power, path: '/nodes/{node}/qemu'}],
      pending: {path: '/nodes/{node}/qemu/{id}/pending', while: running},
      spelled: [{key: /^net\d+$/, subkey: 'macaddr'}, {key: /^nameserver$/}],
      locks: {making: ['create', 'clone'], lasting: ['suspended']},
    },
    {
      ...wire,
      name: 'container',
      list: {...wire.list, where: {key: 'type', value: 'lxc'}},
      item: '/nodes/{node}/lxc/{id}/config',
      parts: [{...snapshots, path: '/nodes/{node}/lxc/{id}/snapshot'}],
      joins: [{...power, path: '/nodes/{node}/lxc'}],
      pending: {path: '/nodes/{node}/lxc/{id}/pending', while: running},
      spelled: [
        {key: /^net\d+$/, subkey: 'hwaddr'},
        {key: /^(?:rootfs|mp\d+)$/, subkey: 'size'},
        {key: /^nameserver$/},
      ],
      locks: {making: ['create', 'clone'], lasting: []},
    },
  ] as const satisfies readonly KindWire[]

/** A volume by its name: `local-zfs:vm-100-disk-0`. */
const onStorage = {kinds: ['storage'], pattern: /^([\w.-]+):/} as const
/** A NIC is plugged into an interface of the node, or into a vnet. */
const bridge = {kinds: ['sdn-vnet'], keyOf: 'network'} as const
const ofBoth = {
  pool: 'pool',
  'placement.node': 'node',
  'from.storage': 'storage',
  'from.archive': onStorage,
  'net*.bridge': bridge,
  hookscript: onStorage,
} as const
const drives = ['ide*', 'sata*', 'scsi*', 'virtio*', 'efidisk*', 'tpmstate*'] as const

/** The templates whose volumes those of a linked clone stand on: `base-9000-disk-0/vm-100-disk-0` (pve-storage, PVE/Storage/Plugin.pm (parse_volname)). */
const basesIn =
  (kind: string, subkey: string) =>
  ({config}: {readonly config: Config}): Named[] =>
    Object.entries(config).flatMap(([key, value]) => {
      const file = typeof value === 'object' && !Array.isArray(value) ? value[subkey] : undefined
      const id = /[:/]base(?:vol)?-(\d+)-[^/]+\//.exec(String(file))?.[1]
      return id === undefined ? [] : [{kinds: [kind], id, path: [key, subkey], odd: true}]
    })

export const guestsTravels = () =>
  [
    {
      name: 'vm',
      create: 'POST /nodes/{node}/qemu',
      update: 'PUT /nodes/{node}/qemu/{vmid}/config',
      remove: 'DELETE /nodes/{node}/qemu/{vmid}',
      unset: 'delete',
      digest: ['update'],
      consequence: 'destroys-data',
      refs: {
        ...ofBoth,
        'from.clone': 'vm',
        'cpu.cputype': {kinds: ['cpu-model'], pattern: /^custom-(.+)$/},
        'hostpci*.mapping': 'pci-mapping',
        'usb*.mapping': 'usb-mapping',
        'virtiofs*.dirid': 'dir-mapping',
        ...Object.fromEntries(
          drives.flatMap((drive) => [
            [`${drive}.file`, onStorage],
            [`${drive}.import-from`, onStorage],
          ]),
        ),
        'unused*': onStorage,
        'cicustom.*': onStorage,
        vmstatestorage: 'storage',
      },
      names: basesIn('vm', 'file'),
      claims: {
        mac: ['net*.macaddr'],
        address: ['ipconfig*.ip', 'ipconfig*.ip6'],
        volume: drives.map((drive) => `${drive}.file`),
      },
    },
    {
      name: 'container',
      create: 'POST /nodes/{node}/lxc',
      update: 'PUT /nodes/{node}/lxc/{vmid}/config',
      remove: 'DELETE /nodes/{node}/lxc/{vmid}',
      unset: 'delete',
      digest: ['update'],
      consequence: 'destroys-data',
      refs: {
        ...ofBoth,
        'from.clone': 'container',
        'from.ostemplate': onStorage,
        'rootfs.volume': onStorage,
        'mp*.volume': onStorage,
        'unused*': onStorage,
      },
      names: basesIn('container', 'volume'),
      claims: {
        mac: ['net*.hwaddr'],
        address: ['net*.ip', 'net*.ip6'],
        volume: ['rootfs.volume', 'mp*.volume'],
      },
    },
  ] as const satisfies readonly KindTravel[]
