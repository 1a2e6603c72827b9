import {asText, derived, flag, has, is, list, named, not, number, text, valueOf, verbatim} from './fields.js'
import {asides, locked, madeUp, startup, trimmed, unmodelled} from './guests.js'
import {cdrom, disks, drives, efiDisk, initialization, tpmState} from './vm-drives.js'
import {devices} from './vm-devices.js'
import {networkDevices} from './vm-network.js'
import type {At, Block, Field, KindRows, Test} from './row.js'

// What the provider's Read makes of a VM: bpg/terraform-provider-proxmox v0.112.0, proxmoxtf/resource/vm/vm.go (vmReadCustom, vmReadPrimitiveValues, VM),
// validators.go; each row was seen with it on a real node.

const fields: readonly Field[] = [
  text('node_name', 'facts.node'),
  number('vm_id', 'id'),
  text('name', 'config.name', {default: ''}),
  text('description', 'config.description', {default: ''}),
  list('tags', 'config.tags'),
  // Not the default: an absent `started` of a template is an update whose only content is unknown.
  {to: 'started', from: 'facts.status', as: (value) => value === 'running', absent: false},
  flag('template', 'config.template', {default: false}),
  flag('on_boot', 'config.onboot', {absent: false}),
  flag('protection', 'config.protection', {default: false}),
  flag('acpi', 'config.acpi', {default: true}),
  flag('tablet_device', 'config.tablet', {default: true}),
  text('keyboard_layout', 'config.keyboard', {default: 'en-us'}),
  text('bios', 'config.bios', {default: 'seabios'}),
  {to: 'machine', from: 'config.machine', as: (_value, at) => machineOf(at)},
  text('scsi_hardware', 'config.scsihw', {default: 'virtio-scsi-pci'}),
  list('boot_order', 'config.boot.order', ';'),
  {
    to: 'hotplug',
    from: 'config.hotplug',
    as: (value) => (Array.isArray(value) ? value.join(',') : String(value)) || undefined,
  },
  text('kvm_arguments', 'config.args', {default: ''}),
  text('hook_script_file_id', 'config.hookscript', {default: ''}),
  named('pool', 'pool_id', 'facts.pool', {default: ''}),
]

/** As PVE spells it; the provider compares it by its letters. */
function machineOf(at: At): string {
  const spelled = at.spelled('config.machine')
  if (typeof spelled !== 'object' || Array.isArray(spelled)) return String(spelled)
  const {type, ...rest} = spelled
  return [
    ...(type === undefined ? [] : [asText(type)]),
    ...Object.entries(rest).map(([key, value]) => `${key}=${asText(value)}`),
  ].join(',')
}

const machines =
  /^$|^(?:pc|pc(?:-i440fx)?-\d+(?:\.\d+)+(?:\+pve\d+)?(?:\.pxe)?|q35(?:,viommu=(?:intel|virtio))?|pc-q35-\d+(?:\.\d+)+(?:\+pve\d+)?(?:\.pxe)?|virt(?:-\d+(?:\.\d+)+)?(?:\+pve\d+)?)$/

const cpuModels = new Set(
  (
    '486 Broadwell Broadwell-IBRS Broadwell-noTSX Broadwell-noTSX-IBRS Cascadelake-Server Cascadelake-Server-noTSX Cascadelake-Server-v2 Cascadelake-Server-v4 ' +
    'Cascadelake-Server-v5 Conroe Cooperlake Cooperlake-v2 EPYC EPYC-Genoa EPYC-IBPB EPYC-Milan EPYC-Rome EPYC-Rome-v2 EPYC-Rome-v3 EPYC-Rome-v4 EPYC-v3 ' +
    'EPYC-v4 Haswell Haswell-IBRS Haswell-noTSX Haswell-noTSX-IBRS Icelake-Client Icelake-Client-noTSX Icelake-Server Icelake-Server-noTSX Icelake-Server-v3 ' +
    'Icelake-Server-v4 Icelake-Server-v5 Icelake-Server-v6 IvyBridge IvyBridge-IBRS KnightsMill Nehalem Nehalem-IBRS Opteron_G1 Opteron_G2 Opteron_G3 ' +
    'Opteron_G4 Opteron_G5 Penryn SandyBridge SandyBridge-IBRS SapphireRapids Skylake-Client Skylake-Client-IBRS Skylake-Client-noTSX-IBRS Skylake-Client-v4 ' +
    'Skylake-Server Skylake-Server-IBRS Skylake-Server-noTSX-IBRS Skylake-Server-v4 Skylake-Server-v5 Westmere Westmere-IBRS athlon core2duo coreduo host ' +
    'kvm32 kvm64 max pentium pentium2 pentium3 phenom qemu32 qemu64 x86-64-v2 x86-64-v2-AES x86-64-v3 x86-64-v4'
  ).split(' '),
)

const numaAlone = 'the provider reads NUMA and affinity only where a model, cores or limits of the CPU are set, too'

/** Read stores the block where one of these is not the default; NUMA and affinity alone are not among them. */
const hasCpu: Test = (at) =>
  has('config.arch')(at) ||
  Number(valueOf(at, 'config.cores', 1)) !== 1 ||
  Number(valueOf(at, 'config.sockets', 1)) !== 1 ||
  valueOf(at, 'config.cpu.flags', '') !== '' ||
  Number(valueOf(at, 'config.vcpus', 0)) !== 0 ||
  Number(valueOf(at, 'config.cpulimit', 0)) !== 0 ||
  Number(valueOf(at, 'config.cpuunits', 0)) !== 0 ||
  (has('config.cpu')(at) && valueOf(at, 'config.cpu.cputype', '') !== 'qemu64')

const cpu: Block = {
  block: 'cpu',
  when: hasCpu,
  fields: [
    number('cores', 'config.cores', {default: 1, always: true, absent: 1}),
    number('sockets', 'config.sockets', {default: 1, always: true, absent: 1}),
    text('type', 'config.cpu.cputype', {default: 'qemu64'}),
    list('flags', 'config.cpu.flags', ';'),
    number('hotplugged', 'config.vcpus', {default: 0}),
    number('limit', 'config.cpulimit', {default: 0}),
    number('units', 'config.cpuunits', {default: 0}),
    text('affinity', 'config.affinity', {default: '', alone: numaAlone}),
    text('architecture', 'config.arch', {default: ''}),
    // The provider asks for it beside hugepages.
    flag('numa', 'config.numa', {
      default: false,
      absent: (at) => (has('config.hugepages')(at) ? false : undefined),
      alone: numaAlone,
    }),
  ],
}

/** Read stores the block where it is not 512 MiB and nothing else. */
const hasMemory: Test = (at) =>
  Number(valueOf(at, 'config.memory', 0)) !== 512 ||
  Number(valueOf(at, 'config.balloon', 0)) !== 0 ||
  Number(valueOf(at, 'config.ivshmem.size', 0)) !== 0 ||
  has('config.hugepages')(at) ||
  is('config.keephugepages', 1)(at)

const memory: Block = {
  block: 'memory',
  when: hasMemory,
  fields: [
    number('dedicated', 'config.memory', {default: 512, always: true}),
    number('floating', 'config.balloon', {default: 0}),
    number('shared', 'config.ivshmem.size', {default: 0}),
    text('hugepages', 'config.hugepages'),
    flag('keep_hugepages', 'config.keephugepages', {default: false}),
  ],
}

const numa: Block = {
  block: 'numa',
  each: 'config.numa*',
  when: (at) => at.get('cpus') !== undefined && at.get('hostnodes') !== undefined,
  otherwise: 'the provider reads a NUMA node only where it has both `cpus` and `hostnodes`',
  fields: [
    derived('device', ({path}) => path.at(-1)!),
    verbatim('cpus', 'cpus'),
    verbatim('hostnodes', 'hostnodes'),
    number('memory', 'memory'),
    text('policy', 'policy', {default: 'preferred', always: true}),
  ],
}

const blocks: readonly Block[] = [
  {
    block: 'operating_system',
    when: (at) => has('config.ostype')(at) && !is('config.ostype', 'other')(at),
    fields: [text('type', 'config.ostype', {default: 'other'})],
  },
  startup,
  {
    block: 'agent',
    when: (at) =>
      is('config.agent.enabled', 1)(at) ||
      is('config.agent.fstrim_cloned_disks', 1)(at) ||
      valueOf(at, 'config.agent.type', 'virtio') !== 'virtio',
    fields: [
      flag('enabled', 'config.agent.enabled', {default: false}),
      flag('trim', 'config.agent.fstrim_cloned_disks', {default: false}),
      text('type', 'config.agent.type', {default: 'virtio'}),
    ],
  },
  cpu,
  memory,
  numa,
  disks,
  cdrom,
  efiDisk,
  tpmState,
  networkDevices.block,
  initialization,
  ...devices.blocks,
]

export const vm: KindRows = {
  kind: 'vm',
  resources: [
    {
      type: 'proxmox_virtual_environment_vm',
      file: 'guest',
      importId: (at) => `${valueOf(at, 'facts.node', '')}/${at.object.id}`,
      ...{fields, blocks},
      known: {vm_id: ({object}) => object.id, name: (at) => valueOf(at, 'config.name', '')},
      hindrances: [
        {
          when: not(has('config.scsihw')),
          of: ['scsi_hardware'],
          why: 'the key is absent in Proxmox VE, which the provider reads as null and cannot write',
        },
        trimmed,
        {
          when: (at) => has('config.machine')(at) && !machines.test(machineOf(at)),
          of: ['machine'],
          why: 'the provider does not take this machine type',
        },
        {
          when: not(has('config.ostype')),
          of: ['operating_system'],
          why: 'the key is absent in Proxmox VE, which the provider reads as an empty text and cannot write',
        },
        {
          when: not(has('config.memory')),
          of: ['memory'],
          why: 'the key is absent in Proxmox VE, which the provider reads as 0 and cannot write',
        },
        {
          when: (at) =>
            (has('config.hugepages')(at) || has('config.keephugepages')(at)) && hasMemory(at) && !hasCpu(at),
          of: ['memory'],
          why: 'hugepages want `cpu.numa` written, and the provider does not read this CPU',
        },
        {
          when: (at) => has('config.cpu')(at) && !isModel(valueOf(at, 'config.cpu.cputype', '')),
          of: ['cpu'],
          why: 'the provider does not take this CPU model',
        },
        {
          when: (at) => has('config.affinity')(at) && !/^\d+[\d,-]*$/.test(String(at.get('config.affinity'))),
          of: ['cpu'],
          why: 'the provider does not take this affinity',
        },
        {
          when: (at) =>
            at.each('config.numa*').some((each) => isNumaRead(each) && !(has('policy')(each) && has('memory')(each))),
          of: ['numa'],
          why: 'a policy is absent in Proxmox VE, which the provider reads as an empty text and cannot write',
        },
        ...drives.hindrances,
        ...networkDevices.hindrances,
        ...devices.hindrances,
      ],
    },
  ],
  asides: [
    {of: ['config.meta', 'config.vmgenid'], how: 'leftOut', why: madeUp},
    {
      of: ['config.vmstate', 'config.runningmachine', 'config.runningcpu', 'config.running-nets-host-mtu'],
      how: 'leftOut',
      why: madeUp,
    },
    {
      of: 'config.cipassword',
      how: 'leftOut',
      why: 'no secret is written; the provider takes an absent one for the one that is there',
    },
    {
      of: 'config.cpu',
      keys: ['hidden', 'hv-vendor-id', 'phys-bits', 'guest-phys-bits', 'reported-model', 'level'],
      ...{how: 'inexpressible', why: unmodelled},
    },
    {
      of: 'config.agent',
      keys: ['freeze-fs', 'freeze-fs-on-backup', 'guest-fsfreeze'],
      how: 'inexpressible',
      why: unmodelled,
    },
    {of: 'config.ivshmem.name', how: 'inexpressible', why: unmodelled},
    {of: 'config.boot', how: 'inexpressible', why: 'the provider reads `order` only'},
    {
      of: [
        ...[
          'autostart',
          'kvm',
          'localtime',
          'freeze',
          'reboot',
          'shares',
          'startdate',
          'tdf',
          'vmstatestorage',
          'spice_enhancements',
        ],
        ...['allow-ksm', 'migrate_speed', 'bootdisk', 'parallel*', 'intel-tdx', 'smp'],
      ].map((key) => `config.${key}`),
      ...{how: 'inexpressible', why: unmodelled},
    },
    ...asides,
    ...drives.asides,
    ...devices.asides,
  ],
  unmanageable: [
    {
      when: has('config.migrate_downtime'),
      why: 'migrate_downtime: Proxmox VE tells it as a text, and the provider wants a number',
      change: () => ['--unset=migrate_downtime'],
    },
    ...drives.unmanageable,
    ...networkDevices.unmanageable,
    ...devices.unmanageable,
  ],
  unsafe: [
    {
      when: not(has('config.scsihw')),
      why: 'the key scsihw is absent: the first edit of anything sends virtio-scsi-pci, another controller than lsi, with which the guest may not boot',
      change: () => ['scsihw=lsi'],
    },
    ...networkDevices.unsafe,
  ],
  notes: [locked],
}

const isModel = (model: unknown): boolean => cpuModels.has(String(model)) || /^custom-.+$/.test(String(model))

const isNumaRead: Test = (at) => has('cpus')(at) && has('hostnodes')(at)
