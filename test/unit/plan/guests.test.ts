// What is planned for a guest, request by request: one row a rule of the design.
import {expect} from 'chai'
import {actionOf, type Around, type Effect, type Origin, type Step, type Wanted} from '../../../src/kit/plan/index.js'
import {nextOfGuest} from '../../../src/kit/plan/guests.js'
import type {Document} from '../../../src/kit/reconcile/fields.js'
import type {Config, KindName, Observed, Scalar, Value} from '../../../src/kit/resources/index.js'
import {decode} from '../../../src/kit/values/index.js'
import {asDeclared, wishesFor} from '../../support/plan/guests.js'

const disk = 'local:100/vm-100-disk-0.raw,size=32G'
const other = 'data:100/vm-100-disk-1.raw,size=8G'

const machine: Record<string, Scalar> = {
  name: 'www',
  memory: 2048,
  cores: 2,
  ostype: 'l26',
  boot: 'order=scsi0;net0',
  net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0',
  scsi0: disk,
  scsi1: other,
  smbios1: 'uuid=6c0a0a7e-0000-4000-8000-000000000001',
}

const box: Record<string, Scalar> = {
  hostname: 'ct',
  memory: 1024,
  rootfs: 'local:101/vm-101-disk-0.raw,size=8G',
  mp0: 'data:101/vm-101-disk-0.raw,mp=/srv,size=4G',
  net0: 'name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02,type=veth',
  unprivileged: 1,
}

function guest(
  kind: 'vm' | 'container',
  config: Record<string, Scalar>,
  facts: Observed['facts'] = {},
  more: Partial<Observed> = {},
): Observed {
  const decoded = Object.entries(config).map(([key, value]): [string, Value] => [key, decode(kind, key, value)])
  const id = kind === 'vm' ? 100 : 101
  return {kind, id, config: Object.fromEntries(decoded), facts: {node: 'pve1', status: 'running', ...facts}, ...more}
}

const vm = (facts: Observed['facts'] = {}, more: Partial<Observed> = {}): Observed => guest('vm', machine, facts, more)
const ct = (facts: Observed['facts'] = {}, more: Partial<Observed> = {}): Observed =>
  guest('container', box, facts, more)
const off = {status: 'stopped'}

const storages: Observed[] = [
  {kind: 'storage', id: 'local', config: {type: 'dir'}, facts: {}},
  {kind: 'storage', id: 'data', config: {type: 'dir'}, facts: {}},
  {kind: 'storage', id: 'nfs', config: {type: 'nfs'}, facts: {}},
]

function around(...objects: Observed[]): Around {
  const all = [...storages, ...objects]
  return {
    cluster: 'home',
    object: (kind, id) => all.find((object) => object.kind === kind && String(object.id) === String(id)),
    objects: (kind) => all.filter((object) => object.kind === kind),
    version: () => '9.2',
  }
}

/** What a manifest says otherwise: keys of the configuration as PVE writes them, undefined: the line is out; and what stands beside. */
function wished(is: Observed, config: Record<string, Scalar | undefined>, beside: Document['beside'] = {}): Wanted {
  const {config: want} = asDeclared(is)
  for (const [key, value] of Object.entries(config)) {
    if (value === undefined) delete want[key]
    else want[key] = decode(is.kind, key, value)
  }
  const document: Document = {
    kind: is.kind,
    beside: {...(is.facts.pool !== undefined && {pool: is.facts.pool}), ...beside},
    config: want,
  }
  return wishesFor(is, document)
}

interface Planned {
  steps: string[]
  effects: string[]
  refused: string[]
  after: Observed | null | undefined
}

const shownEffect = ({field = '*', consequence, irreversible, ifGuestLetsGo}: Effect): string =>
  [`${field}: ${consequence}`, irreversible && 'irreversible', ifGuestLetsGo && 'if the guest lets go']
    .filter(Boolean)
    .join(', ')

function shownStep({request: {method, path, parameters}}: Step): string {
  const given = Object.entries(parameters).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
  )
  return [`${method} ${path.replace('/nodes/pve1', '')}`, ...given].join(' ')
}

function plan(is: Observed | null, wanted: Wanted, ...objects: Observed[]): Planned {
  const {steps, refused} = actionOf(wanted, around(...(is ? [is] : []), ...objects), nextOfGuest)
  return {
    steps: steps.map(shownStep),
    effects: steps.flatMap(({effects}) => effects.map(shownEffect)),
    refused: refused.map(({code, field = '*'}) => `${code} ${field}`),
    after: steps.at(-1)?.after,
  }
}

interface Rule {
  that: string
  is: Observed
  wish: Record<string, Scalar | undefined>
  beside?: Document['beside']
  steps?: string[]
  effects?: string[]
  refused?: string[]
  around?: Observed[]
}

const set = (...parameters: string[]): string => ['PUT /qemu/100/config', ...parameters].join(' ')
const allocate = (...parameters: string[]): string => ['POST /qemu/100/config', ...parameters].join(' ')
const setBox = (...parameters: string[]): string => ['PUT /lxc/101/config', ...parameters].join(' ')
const stop = 'POST /qemu/100/status/shutdown forceStop=1 timeout=180'
const start = 'POST /qemu/100/status/start'
const stopBox = 'POST /lxc/101/status/shutdown forceStop=1 timeout=180'
const startBox = 'POST /lxc/101/status/start'

const rules: Rule[] = [
  {
    that: 'what a VM takes at once, what waits, and what goes: one call',
    is: vm(),
    wish: {name: 'db', cores: 4, ostype: undefined},
    steps: [set('cores=4', 'delete=ostype', 'name=db')],
    effects: ['config.cores: pending-until-reboot', 'config.name: live', 'config.ostype: pending-until-reboot'],
  },
  {
    that: 'what a machine tells of itself goes but for its uuid, which no manifest holds and which tells what machine it is',
    is: guest('vm', {...machine, smbios1: `${machine.smbios1},base64=1,manufacturer=QWNtZQ==`}, off),
    wish: {smbios1: undefined},
    steps: [set('smbios1=uuid=6c0a0a7e-0000-4000-8000-000000000001')],
    effects: ['config.smbios1: live'],
  },
  {
    that: 'a parameter of the call is no key, and is never sent: it would destroy what no effect tells',
    is: vm(),
    wish: {delete: 'scsi1', force: 1, skiplock: 1, name: 'db'},
    steps: [set('name=db')],
    effects: ['config.name: live'],
    refused: ['PMPC_PLAN_NO_KEY config.delete', 'PMPC_PLAN_NO_KEY config.force', 'PMPC_PLAN_NO_KEY config.skiplock'],
  },
  {
    that: 'the least memory goes first where the memory falls below it',
    is: guest('vm', {...machine, balloon: 1024}),
    wish: {balloon: undefined, memory: 512, name: 'db'},
    steps: [set('delete=balloon'), set('memory=512', 'name=db')],
  },
  {
    that: 'the least memory goes along where it is not in the way',
    is: guest('vm', {...machine, balloon: 1024}),
    wish: {balloon: undefined, memory: 1024},
    steps: [set('delete=balloon', 'memory=1024')],
  },
  {
    that: 'a NIC keeps the MAC that PVE made up',
    is: vm(),
    wish: {net0: 'virtio,bridge=vmbr1'},
    steps: [set('net0=virtio=BC:24:11:00:00:01,bridge=vmbr1')],
    effects: ['config.net0.bridge: cuts-network'],
  },
  {
    that: 'another model unplugs a NIC',
    is: vm(),
    wish: {net0: 'e1000=BC:24:11:00:00:01,bridge=vmbr0'},
    steps: [set('net0=e1000=BC:24:11:00:00:01,bridge=vmbr0')],
    effects: ['config.net0.model: cuts-network, if the guest lets go'],
  },
  {
    that: 'without its flag a NIC waits for the stop',
    is: guest('vm', {...machine, hotplug: 'disk'}),
    wish: {net1: 'virtio=BC:24:11:00:00:09,bridge=vmbr0', net0: undefined},
    steps: [set('delete=net0', 'net1=virtio=BC:24:11:00:00:09,bridge=vmbr0')],
    effects: ['config.net0: pending-until-reboot', 'config.net1: pending-until-reboot'],
  },
  {
    that: 'hotplug goes alone, after what it decides about',
    is: vm(),
    wish: {hotplug: '0', net1: 'virtio=BC:24:11:00:00:09,bridge=vmbr0'},
    steps: [set('net1=virtio=BC:24:11:00:00:09,bridge=vmbr0'), set('hotplug=0')],
    effects: ['config.net1: live', 'config.hotplug: live'],
  },
  {
    that: 'hotplug that names memory waits for the stop',
    is: vm(),
    wish: {hotplug: 'memory,network'},
    effects: ['config.hotplug: pending-until-reboot'],
  },
  {
    that: 'boot goes alone, after what PVE edits in it',
    is: vm(off),
    wish: {scsi1: undefined, boot: 'order=net0;scsi0', ide2: 'none,media=cdrom'},
    steps: [set('ide2=none,media=cdrom'), set('delete=scsi1'), set('boot=order=net0;scsi0')],
  },
  {
    that: 'a boot order names what is there',
    is: vm(off),
    wish: {boot: 'order=scsi7', cores: 4},
    steps: [set('cores=4')],
    refused: ['PMPC_PLAN_NO_DEVICE config.boot'],
  },
  {
    that: 'a disk that is to be made is a POST of its own',
    is: vm(),
    wish: {scsi2: 'local:16,discard=on', virtio0: 'data:1', cores: 4},
    steps: [allocate('scsi2=local:16,discard=on'), allocate('virtio0=data:1'), set('cores=4')],
    effects: ['config.scsi2: live', 'config.virtio0: live', 'config.cores: pending-until-reboot'],
  },
  {
    that: 'a disk on a bus that takes none while it runs waits for the stop',
    is: vm(),
    wish: {sata0: 'local:16'},
    effects: ['config.sata0: pending-until-reboot'],
  },
  {
    that: 'a disk is moved where a wish names another storage',
    is: vm(),
    wish: {scsi0: 'nfs:32'},
    steps: ['POST /qemu/100/move_disk delete=1 disk=scsi0 storage=nfs'],
    effects: ['config.scsi0.file: moves-data'],
  },
  {
    that: 'a name that is nowhere, on another storage, is a move',
    is: vm(),
    wish: {scsi0: 'nfs:100/vm-100-disk-7.raw,size=32G'},
    steps: ['POST /qemu/100/move_disk delete=1 disk=scsi0 storage=nfs'],
  },
  {
    that: 'snapshots keep the volume that was moved',
    is: vm({}, {snapshots: [{name: 'before'}]}),
    wish: {scsi0: 'nfs:32'},
    steps: ['POST /qemu/100/move_disk disk=scsi0 storage=nfs'],
  },
  {
    that: 'a name that is nowhere, on the same storage, is refused',
    is: vm(),
    wish: {scsi0: 'local:100/vm-100-disk-7.raw'},
    refused: ['PMPC_PLAN_NO_VOLUME config.scsi0'],
  },
  {
    that: 'a disk grows, and never shrinks',
    is: vm(),
    wish: {scsi0: 'local:100/vm-100-disk-0.raw,size=40G', scsi1: 'data:100/vm-100-disk-1.raw,size=4G'},
    steps: ['PUT /qemu/100/resize disk=scsi0 size=40G'],
    effects: ['config.scsi0.size: live, irreversible'],
    refused: ['PMPC_CANNOT_SHRINK config.scsi1'],
  },
  {
    that: 'no disk is made that is larger than it is to be',
    is: vm(),
    wish: {scsi2: 'data:3,size=2G', cores: 4},
    steps: [set('cores=4')],
    refused: ['PMPC_CANNOT_SHRINK config.scsi2'],
  },
  {
    that: 'moves and growth come before the options of the disk',
    is: vm(),
    wish: {scsi0: 'nfs:40,cache=writeback'},
    steps: [
      'POST /qemu/100/move_disk delete=1 disk=scsi0 storage=nfs',
      'PUT /qemu/100/resize disk=scsi0 size=40G',
      set('scsi0=nfs:*,cache=writeback,size=40G'),
    ],
  },
  {
    that: 'a disk with a pending change is neither moved nor grown',
    is: vm({}, {running: {scsi0: decode('vm', 'scsi0', `${disk},cache=writeback`)}}),
    wish: {scsi0: 'local:100/vm-100-disk-0.raw,size=40G'},
    refused: ['PMPC_PLAN_PENDING config.scsi0'],
  },
  {
    that: 'the size of firmware is not wished',
    is: guest('vm', {...machine, efidisk0: 'local:100/vm-100-disk-2.raw,efitype=4m,size=528K'}),
    wish: {efidisk0: 'local:100/vm-100-disk-2.raw,efitype=4m,size=4M'},
    refused: ['PMPC_PLAN_NO_VOLUME config.efidisk0'],
  },
  {
    that: 'TPM state moves while its VM is off; firmware as it runs',
    is: guest('vm', {
      ...machine,
      efidisk0: 'local:100/vm-100-disk-2.raw,efitype=4m,size=528K',
      tpmstate0: 'local:100/vm-100-disk-3.raw,size=4M,version=v2.0',
    }),
    wish: {efidisk0: 'data:1,efitype=4m', tpmstate0: 'data:1,version=v2.0'},
    steps: [
      stop,
      'POST /qemu/100/move_disk delete=1 disk=efidisk0 storage=data',
      'POST /qemu/100/move_disk delete=1 disk=tpmstate0 storage=data',
      start,
    ],
  },
  {
    that: 'firmware that the VM runs with moves as it runs',
    is: guest('vm', {...machine, bios: 'ovmf', efidisk0: 'local:100/vm-100-disk-2.raw,efitype=4m,size=528K'}),
    wish: {efidisk0: 'data:1,efitype=4m'},
    steps: ['POST /qemu/100/move_disk delete=1 disk=efidisk0 storage=data'],
  },
  {
    that: 'firmware that it does not run with moves while it is off',
    is: guest('vm', {...machine, efidisk0: 'local:100/vm-100-disk-2.raw,efitype=4m,size=528K'}),
    wish: {efidisk0: 'data:1,efitype=4m'},
    steps: [stop, 'POST /qemu/100/move_disk delete=1 disk=efidisk0 storage=data', start],
  },
  {
    that: 'a disk that is taken out stays as an unused one',
    is: vm(),
    wish: {scsi1: undefined},
    steps: [set('delete=scsi1')],
    effects: ['config.scsi1: detaches-data, if the guest lets go'],
  },
  {
    that: 'a disk that it boots from is not unplugged: PVE answers 400',
    is: vm(),
    wish: {scsi0: undefined},
    steps: [stop, set('delete=scsi0'), start],
    effects: ['config.scsi0: restart', 'config.scsi0: detaches-data', '*: live'],
  },
  {
    that: 'a volume goes to another slot while the VM is off',
    is: vm(),
    wish: {scsi1: undefined, virtio1: other},
    steps: [stop, set('delete=scsi1'), set('virtio1=data:100/vm-100-disk-1.raw,size=8G'), start],
  },
  {
    that: 'two volumes change places',
    is: vm(off),
    wish: {scsi0: other, scsi1: disk},
    steps: [
      set('delete=scsi0,scsi1'),
      set('scsi0=data:100/vm-100-disk-1.raw,size=8G', 'scsi1=local:100/vm-100-disk-0.raw,size=32G'),
    ],
  },
  {
    that: 'two volumes change places, and nobody says how large they are',
    is: vm(off),
    wish: {scsi0: 'data:100/vm-100-disk-1.raw', scsi1: 'local:100/vm-100-disk-0.raw'},
    steps: [
      set('delete=scsi0,scsi1'),
      set('scsi0=data:100/vm-100-disk-1.raw,size=8G', 'scsi1=local:100/vm-100-disk-0.raw,size=32G'),
    ],
  },
  {
    that: 'a volume of another slot does not turn out the one that is here',
    is: vm(off),
    wish: {scsi0: other, scsi1: undefined},
    steps: [set('delete=scsi1')],
    refused: ['PMPC_PLAN_NO_VOLUME config.scsi0'],
  },
  {
    that: 'one volume stands in one slot',
    is: vm(off),
    wish: {virtio9: other},
    refused: ['PMPC_PLAN_NO_VOLUME config.virtio9'],
  },
  {
    that: 'an unused volume comes back',
    is: guest('vm', {...machine, unused0: 'data:100/vm-100-disk-5.raw'}, off),
    wish: {scsi2: 'data:100/vm-100-disk-5.raw'},
    steps: [set('scsi2=data:100/vm-100-disk-5.raw')],
  },
  {
    that: 'a CD-ROM drive becomes a disk while the VM is off',
    is: guest('vm', {...machine, ide2: 'none,media=cdrom'}),
    wish: {ide2: 'data:1'},
    steps: [stop, allocate('ide2=data:1'), start],
    effects: [
      'config.ide2.file: restart',
      'config.ide2.media: restart',
      'config.ide2.size: restart',
      'config.ide2.file: live',
      'config.ide2.media: live',
      '*: live',
    ],
  },
  {
    that: 'nothing that needs a slot is plugged into a VM without ACPI: it is stopped for that',
    is: guest('vm', {...machine, acpi: 0}),
    wish: {virtio9: 'data:1'},
    steps: [stop, allocate('virtio9=data:1'), start],
    effects: ['config.virtio9: restart', 'config.virtio9: live', '*: live'],
  },
  {
    that: 'a SCSI disk is, where its controller is there',
    is: guest('vm', {...machine, acpi: 0, scsihw: 'virtio-scsi-pci'}),
    wish: {scsi9: 'data:1'},
    steps: [allocate('scsi9=data:1')],
    effects: ['config.scsi9: live'],
  },
  {
    that: 'a disk that is not opened directly has no native AIO',
    is: vm(),
    wish: {scsi9: 'data:1,aio=native,cache=writeback'},
    refused: ['PMPC_PLAN_FIXED config.scsi9'],
  },
  {
    that: 'one that is has, while the VM runs',
    is: guest('vm', {...machine, scsihw: 'virtio-scsi-pci'}),
    wish: {scsi9: 'data:1,aio=native,cache=directsync'},
    steps: [allocate('scsi9=data:1,aio=native,cache=directsync')],
  },
  {
    that: 'a cloud-init drive is made once',
    is: guest('vm', {...machine, ide2: 'local:100/vm-100-cloudinit.qcow2,media=cdrom,size=4M'}, off),
    wish: {ide2: 'data:cloudinit'},
    steps: [],
  },
  {
    that: 'a secret is named, and never compared',
    is: vm(off),
    wish: {cipassword: '**********', ciuser: 'admin'},
    steps: [set('cipassword={"secret":"cipassword"}', 'ciuser=admin')],
  },
  {
    that: 'a protected VM keeps its disks, until it is protected no more',
    is: guest('vm', {...machine, protection: 1}, off),
    wish: {scsi1: undefined, cores: 4},
    steps: [set('cores=4')],
    refused: ['PMPC_PROTECTED config.scsi1'],
  },
  {
    that: 'the disks of a protected VM do not change places',
    is: guest('vm', {...machine, protection: 1}, off),
    wish: {scsi0: other, scsi1: disk, cores: 4},
    steps: [set('cores=4')],
    refused: ['PMPC_PROTECTED config.scsi0', 'PMPC_PROTECTED config.scsi1'],
  },
  {
    that: 'protection goes first',
    is: guest('vm', {...machine, protection: 1}, off),
    wish: {scsi1: undefined, protection: 0},
    steps: [set('protection=0'), set('delete=scsi1')],
  },
  {
    that: 'a template is made by a call of its own, and does not run',
    is: vm(),
    wish: {template: 1, name: 'base'},
    steps: [stop, set('name=base'), 'POST /qemu/100/template'],
    effects: ['*: stops', 'config.name: live', 'config.template: live, irreversible'],
  },
  {
    that: 'a template stays one',
    is: guest('vm', {...machine, template: 1}, off),
    wish: {template: undefined},
    refused: ['PMPC_PLAN_FIXED config.template'],
  },
  {
    that: 'power off',
    is: vm(),
    wish: {cores: 4},
    beside: {power: 'stopped'},
    steps: [stop, set('cores=4')],
    effects: ['power: stops', 'config.cores: live'],
  },
  {
    that: 'power on comes last',
    is: vm(off),
    wish: {cores: 4},
    beside: {power: 'running'},
    steps: [set('cores=4'), start],
    effects: ['config.cores: live', 'power: live'],
  },
  {
    that: 'a VM moves as it runs, its local disks along',
    is: vm(),
    wish: {},
    beside: {'placement.node': 'pve2'},
    steps: ['POST /qemu/100/migrate online=1 target=pve2 with-local-disks=1'],
    effects: ['placement.node: migrate', 'placement.node: moves-data'],
  },
  {
    that: 'a pool that somebody has rights on grants them',
    is: vm({pool: 'web'}),
    wish: {},
    beside: {pool: 'db'},
    steps: ['PUT /pools allow-move=1 poolid=db vms=100'],
    effects: ['pool: grants'],
    around: [{kind: 'acl', id: 'acl', config: {'/pool/db': {'alice@pve': ['PVEVMAdmin']}}, facts: {}}],
  },

  {
    that: 'a container: what is taken at once, and what waits',
    is: ct(),
    wish: {memory: 2048, features: 'nesting=1', hostname: 'db'},
    steps: [setBox('features=nesting=1', 'hostname=db', 'memory=2048')],
    effects: ['config.features: pending-until-reboot', 'config.hostname: pending-until-reboot', 'config.memory: live'],
  },
  {
    that: 'a volume of a container is made by PUT',
    is: ct(),
    wish: {mp1: 'data:1,mp=/more'},
    steps: [setBox('mp1=data:1,mp=/more')],
    effects: ['config.mp1: live'],
  },
  {
    that: 'a volume of a container moves while that is off, and grows as it runs',
    is: ct(),
    wish: {rootfs: 'nfs:8'},
    steps: [stopBox, 'POST /lxc/101/move_volume delete=1 storage=nfs volume=rootfs', startBox],
  },
  {
    that: 'a root volume is sent with its size, which PVE takes as it stands',
    is: ct(off),
    wish: {rootfs: 'local:101/vm-101-disk-0.raw,acl=1,size=8G'},
    steps: [setBox('rootfs=local:101/vm-101-disk-0.raw,acl=1,size=8G')],
  },
  {
    that: 'no other volume becomes the root of a container',
    is: ct(off),
    wish: {rootfs: 'data:101/vm-101-disk-0.raw,size=8G', mp0: undefined},
    steps: [setBox('delete=mp0')],
    refused: ['PMPC_PLAN_NO_VOLUME config.rootfs'],
  },
  {
    that: 'what a container was made with stays',
    is: ct(off),
    wish: {unprivileged: undefined, memory: undefined},
    refused: ['PMPC_PLAN_FIXED config.memory', 'PMPC_PLAN_FIXED config.unprivileged'],
  },
  {
    that: 'a mount point that is to go while a change of it is pending: that is taken back first',
    is: ct({}, {running: {mp0: decode('container', 'mp0', 'data:101/vm-101-disk-0.raw,mp=/old,size=4G')}}),
    wish: {mp0: undefined},
    steps: [setBox('revert=mp0'), setBox('delete=mp0')],
  },
  {
    that: 'a protected container keeps its mount points as they are',
    is: guest('container', {...box, protection: 1}),
    wish: {mp0: 'data:101/vm-101-disk-0.raw,mp=/other,size=4G'},
    refused: ['PMPC_PROTECTED config.mp0'],
  },
  {
    that: 'a container is stopped and started as it moves to another node',
    is: ct(),
    wish: {},
    beside: {'placement.node': 'pve2'},
    steps: ['POST /lxc/101/migrate restart=1 target=pve2'],
    effects: ['placement.node: restart', 'placement.node: moves-data'],
  },
]

describe('what is planned for a guest', () => {
  for (const {that, is, wish, beside: given, steps, effects, refused = [], around: objects = []} of rules)
    it(that, () => {
      const found = plan(is, wished(is, wish, given), ...objects)
      if (steps ?? refused.length > 0) expect(found.steps).to.deep.equal(steps ?? [])
      if (effects) expect(found.effects).to.deep.equal(effects)
      expect(found.refused).to.deep.equal(refused)
    })

  it('binding what is bound changes nothing', () => {
    const is = vm()
    const {wanted} = actionOf(wished(is, {scsi0: 'nfs:100/vm-100-disk-7.raw,size=32G'}), around(is), nextOfGuest)
    expect(wanted.bound).to.deep.equal({runs: true})
    expect(wanted.fields.map(({want}) => want)).to.deep.equal(['nfs:*'])
    expect(actionOf(wanted, around(is), nextOfGuest).wanted).to.deep.equal(wanted)
  })
})

function made(
  kind: 'vm' | 'container',
  config: Record<string, Scalar>,
  from?: Origin,
  beside: Document['beside'] = {},
): Wanted {
  const decoded = Object.entries(config).map(([key, value]): [string, Value] => [key, decode(kind, key, value)])
  const document = {kind, beside, config: Object.fromEntries(decoded)}
  return {ref: {cluster: 'home', kind, id: 200}, document, fields: [], node: 'pve1', ...(from && {from})}
}

describe('how a guest is made', () => {
  it('a VM, of nothing', () => {
    const {steps, after} = plan(
      null,
      made('vm', {name: 'new', scsi0: 'local:8', net0: 'virtio,bridge=vmbr0', ostype: 'l26'}, undefined, {
        pool: 'web',
        power: 'running',
      }),
    )
    expect(steps).to.deep.equal([
      'POST /qemu name=new net0=virtio,bridge=vmbr0 ostype=l26 pool=web scsi0=local:8 vmid=200',
      'POST /qemu/200/status/start',
    ])
    expect(after?.config).to.deep.include({
      boot: {order: 'scsi0;net0'},
      scsi0: {file: 'local:*', size: '8G'},
      vmgenid: '*',
    })
    expect(after?.facts).to.deep.equal({node: 'pve1', pool: 'web', status: 'running'})
  })

  it('not with parameters of the call for keys, and with keys of odd names', () => {
    const made = (config: Config) =>
      plan(null, {
        ref: {cluster: 'home', kind: 'vm', id: 100},
        document: {kind: 'vm', beside: {'placement.node': 'pve1'}, config},
        fields: [],
      })
    const {steps, refused} = made({name: 'www', force: 1, archive: 'local:backup/x'})
    expect([steps, refused]).to.deep.equal([[], ['PMPC_PLAN_NO_KEY config.archive', 'PMPC_PLAN_NO_KEY config.force']])
    expect(made({name: 'www', 'net0\n': 'x', 'a.b': 1}).steps).to.have.length(1)
  })

  it('a VM, of an image that grows', () => {
    const {steps} = plan(null, made('vm', {scsi0: 'local:0,import-from=local:import/a.qcow2,size=40G'}))
    expect(steps).to.deep.equal([
      'POST /qemu scsi0=local:0,import-from=local:import/a.qcow2 vmid=200',
      'PUT /qemu/200/resize disk=scsi0 size=40G',
    ])
  })

  it('a container, of a template; of nothing none is made', () => {
    const from = {ostemplate: 'local:vztmpl/a.tar.zst'}
    const {steps, after} = plan(null, made('container', {rootfs: 'local:8'}, from))
    expect(steps).to.deep.equal(['POST /lxc ostemplate=local:vztmpl/a.tar.zst rootfs=local:8 vmid=200'])
    expect(after?.config).to.deep.include({hostname: 'CT200', memory: 512, rootfs: {volume: 'local:*', size: '8G'}})
    expect(plan(null, made('container', {rootfs: 'local:8'})).refused).to.deep.equal(['PMPC_PLAN_NO_ORIGIN *'])
  })

  it('a clone, which then becomes what its manifest says', () => {
    const source = guest('vm', {...machine, template: 1}, off)
    const {steps} = plan(
      null,
      made('vm', {name: 'copy', cores: 4, scsi0: 'nfs:40'}, {clone: 100, full: true, storage: 'nfs'}),
      source,
    )
    expect(steps).to.deep.equal([
      'POST /qemu/100/clone full=1 name=copy newid=200 storage=nfs',
      'PUT /qemu/200/resize disk=scsi0 size=40G',
      'PUT /qemu/200/config cores=4',
    ])
    expect(plan(null, made('vm', {}, {clone: 100, full: false}), vm(off)).refused).to.deep.equal([
      'PMPC_PLAN_NO_ORIGIN *',
    ])
    expect(plan(null, made('vm', {}, {clone: 7})).refused).to.deep.equal(['PMPC_PLAN_NO_ORIGIN *'])
    const onHost = guest('container', {...box, mp1: '/srv,mp=/srv'}, off)
    expect(plan(null, made('container', {}, {clone: Number(onHost.id), full: true}), onHost).refused).to.deep.equal([
      'PMPC_PLAN_NO_ORIGIN *',
    ])
  })

  it('of an archive', () => {
    expect(plan(null, made('vm', {}, {archive: 'local:backup/a.vma.zst', storage: 'nfs'})).steps).to.deep.equal([
      'POST /qemu archive=local:backup/a.vma.zst storage=nfs vmid=200',
    ])
    expect(plan(null, made('container', {}, {archive: 'local:backup/a.tar.zst'})).steps).to.deep.equal([
      'POST /lxc ostemplate=local:backup/a.tar.zst restore=1 vmid=200',
    ])
    // What is wished takes the place of what the archive has, but for volumes.
    const wished = {name: 'old', scsi0: 'local:8'}
    const unique = {archive: 'local:backup/a.vma.zst', unique: true}
    expect(plan(null, made('vm', wished, unique)).steps).to.deep.equal([
      'POST /qemu archive=local:backup/a.vma.zst name=old unique=1 vmid=200',
    ])
    const net0 = 'name=eth0,bridge=vmbr0'
    expect(
      plan(null, made('container', {net0}, {archive: 'local:backup/a.tar.zst', unique: true})).refused,
    ).to.deep.equal(['PMPC_PLAN_FIXED config.net0'])
  })

  it('not with volumes that it had once', () => {
    expect(plan(null, made('vm', {scsi0: 'local:200/vm-200-disk-0.raw,size=8G'})).refused).to.deep.equal([
      'PMPC_PLAN_NO_VOLUME config.scsi0',
    ])
  })

  it('on a node that is told, or the only one', () => {
    const {node: _node, ...wanted} = made('vm', {})
    const node = (id: string): Observed => ({kind: 'node', id, config: {}, facts: {}})
    expect(plan(null, wanted).refused).to.deep.equal(['PMPC_PLAN_NO_ORIGIN *'])
    expect(plan(null, wanted, node('pve1')).steps).to.deep.equal(['POST /qemu vmid=200'])
    expect(plan(null, wanted, node('pve1'), node('pve2')).refused).to.deep.equal(['PMPC_PLAN_NO_ORIGIN *'])
  })
})

describe('how a guest goes', () => {
  const gone: Wanted = {ref: {cluster: 'home', kind: 'vm', id: 100}, document: null, fields: []}
  const object = (kind: KindName, id: string, config: Config): Observed => ({kind, id, config, facts: {}})

  it('is stopped, and destroyed', () => {
    const {steps, effects, after} = plan(vm(), gone)
    expect(steps).to.deep.equal(['POST /qemu/100/status/stop', 'DELETE /qemu/100'])
    expect(effects).to.deep.equal(['*: stops', '*: destroys-data, irreversible'])
    expect(after).to.equal(null)
  })

  it('takes along what names it', () => {
    const objects = [
      object('ha-resource', '100', {state: 'started'}),
      object('ha-rule', 'alone', {resources: ['vm:100']}),
      object('ha-rule', 'two', {resources: ['vm:100', 'vm:102']}),
      object('backup-job', 'all', {exclude: [100]}),
      object('backup-job', 'others', {vmid: [102]}),
      object('acl', 'acl', {'/vms/100': {}, '/': {}}),
    ]
    const action = actionOf(gone, around(vm(off), ...objects), nextOfGuest)
    expect(action.steps.map(shownStep)).to.deep.equal(['DELETE /qemu/100 purge=1'])
    expect(action.steps[0]!.also?.map(({kind, id, after}) => [kind, id, after && after.config])).to.deep.equal([
      ['ha-resource', '100', null],
      ['ha-rule', 'alone', null],
      ['ha-rule', 'two', {resources: ['vm:102']}],
      ['backup-job', 'all', {}],
      ['acl', 'acl', {'/': {}}],
    ])
  })

  it('stays while it is protected; of what is not there nothing is left to do', () => {
    expect(plan(guest('vm', {...machine, protection: 1}, off), gone).refused).to.deep.equal(['PMPC_PROTECTED *'])
    expect(plan(null, gone).steps).to.deep.equal([])
  })
})
