// A cluster, and thirty-odd wishes about it: an apply of them sends a request of every sort there is.
import {parseDocument} from 'yaml'
import type {Seed} from '../../plugins/simulator/src/index.js'
import {declare} from './apply.js'
import type {Clone, Lab} from './lab.js'

type Config = Record<string, string | number>

const net = (vmid: number): string => `virtio=BC:24:11:00:00:${vmid - 100 + 10},bridge=vmbr0`

/** A VM of a seed: one disk, one card, no more than a change needs. */
export const vm = (vmid: number, running: boolean, config: Config = {}, storage = 'local-zfs') => ({
  vmid,
  type: 'qemu' as const,
  node: 'pve1',
  running,
  config: {
    ...{name: `vm${vmid}`, cores: 1, memory: '1024', ostype: 'l26', scsihw: 'virtio-scsi-single'},
    ...{scsi0: `${storage}:vm-${vmid}-disk-0,size=8G`, net0: net(vmid), boot: 'order=scsi0'},
    ...config,
  },
})

/** The same as a container. */
export const container = (vmid: number, running: boolean, config: Config = {}, storage = 'local-zfs') => ({
  vmid,
  type: 'lxc' as const,
  node: 'pve1',
  running,
  config: {
    ...{hostname: `ct${vmid}`, arch: 'amd64', ostype: 'debian', unprivileged: 1, cores: 1, memory: 512, swap: 0},
    rootfs: `${storage}:${storage === 'ceph' ? 'vm' : 'subvol'}-${vmid}-disk-0,size=4G`,
    net0: `name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:01:${vmid - 200 + 10},ip=dhcp,type=veth`,
    ...config,
  },
})

/** Two nodes; guests on the first one, each for a change of its own. */
export const everySort: Seed = {
  cluster: 'lab',
  nodes: [
    {name: 'pve1', ip: '192.0.2.11', cpus: 64, memory: '256G', cards: ['eno1', 'eno2']},
    {name: 'pve2', ip: '192.0.2.12', cpus: 64, memory: '256G'},
  ],
  token: 'root@pam!sim',
  users: [
    {userid: 'root@pam', password: 'simulator'},
    {userid: 'ops@pve', groups: ['staff']},
  ],
  groups: [{groupid: 'staff'}],
  tokens: [{tokenid: 'root@pam!sim', secret: '00000000-0000-4000-8000-000000000001', privsep: 0}],
  acl: [{path: '/vms/101', group: 'staff', roleid: 'PVEAuditor'}],
  storages: [
    {storage: 'local', type: 'dir', total: '200G', config: {path: '/var/lib/vz', content: 'iso,vztmpl,backup'}},
    {storage: 'local-zfs', type: 'zfspool', total: '2T', config: {pool: 'rpool/data', content: 'images,rootdir'}},
    {storage: 'ceph', type: 'rbd', total: '12T', config: {pool: 'vms', content: 'images,rootdir', krbd: 0}},
  ],
  volumes: [
    {volid: 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst', size: 126515062},
    {volid: 'local:iso/debian-12.9.0-amd64-netinst.iso', size: 661651456},
  ],
  pools: [{poolid: 'web'}, {poolid: 'old'}],
  guests: [
    vm(100, true, {numa: 1, hotplug: 'network,disk,usb,memory,cpu'}),
    vm(101, false),
    vm(102, true),
    vm(103, true),
    vm(104, false),
    vm(105, false, {unused0: 'local-zfs:vm-105-disk-1'}),
    vm(106, false, {scsi1: 'local-zfs:vm-106-disk-1,size=1G', scsi2: 'local-zfs:vm-106-disk-2,size=2G'}),
    vm(107, true, {scsi1: 'local-zfs:vm-107-disk-1,size=1G'}),
    vm(108, false),
    vm(109, true),
    vm(110, true, {}, 'ceph'),
    vm(111, false),
    vm(112, true),
    {...vm(113, true, {scsi1: 'local-zfs:vm-113-disk-1,size=1G'}), pool: 'web'},
    {...vm(114, false, {template: 1, scsi0: 'ceph:base-114-disk-0,size=3G'})},
    container(200, true),
    container(201, false),
    container(202, true),
    container(203, false, {mp0: 'local-zfs:subvol-203-disk-1,mp=/srv,size=2G'}),
    container(204, false),
    container(205, true, {}, 'ceph'),
  ],
}

/** What a seed has no words for. */
const calls: readonly [method: 'POST' | 'PUT', path: string, parameters: Config][] = [
  ['POST', '/cluster/firewall/rules', {type: 'in', action: 'ACCEPT', proto: 'tcp', dport: '22', enable: 1}],
  ['POST', '/cluster/firewall/rules', {type: 'in', action: 'ACCEPT', proto: 'tcp', dport: '80', enable: 1}],
  ['POST', '/cluster/firewall/rules', {type: 'in', action: 'ACCEPT', proto: 'tcp', dport: '443', enable: 1}],
  ['POST', '/cluster/firewall/rules', {type: 'in', action: 'ACCEPT', proto: 'tcp', dport: '8006', enable: 1}],
  ['POST', '/cluster/firewall/ipset', {name: 'blocked'}],
  ['POST', '/cluster/firewall/ipset/blocked', {cidr: '198.51.100.7'}],
]

/** Has the cluster hold what the wishes are about. */
export async function prepare(lab: Lab): Promise<void> {
  // PVE puts a new rule before all others.
  for (const [method, path, parameters] of calls) await lab.api(method, path, parameters)
}

type Path = readonly (string | number)[]

/** What of which manifest becomes what; undefined takes it out. */
const edits: readonly (readonly [object: string, path: Path, value: unknown])[] = [
  ['vm/100', ['config', 'memory'], 2048],
  ['vm/100', ['config', 'net0', 'tag'], 7],
  ['vm/101', ['config', 'cores'], 2],
  ['vm/101', ['config', 'description'], 'stopped\n'],
  ['vm/102', ['config', 'scsi1'], {file: 'local-zfs:8'}],
  ['vm/103', ['config', 'scsi0', 'size'], '16G'],
  ['vm/104', ['config', 'scsi0', 'file'], 'ceph:8'],
  ['vm/105', ['config', 'unused0'], undefined],
  ['vm/105', ['config', 'scsi1'], {file: 'local-zfs:vm-105-disk-1'}],
  ['vm/106', ['config', 'scsi1', 'file'], 'local-zfs:vm-106-disk-2'],
  ['vm/106', ['config', 'scsi1', 'size'], '2G'],
  ['vm/106', ['config', 'scsi2', 'file'], 'local-zfs:vm-106-disk-1'],
  ['vm/106', ['config', 'scsi2', 'size'], '1G'],
  ['vm/107', ['config', 'scsi1'], undefined],
  ['vm/107', ['config', 'virtio1'], {file: 'local-zfs:vm-107-disk-1'}],
  ['vm/108', ['power'], 'running'],
  ['vm/109', ['power'], 'stopped'],
  ['vm/110', ['placement'], {node: 'pve2', pinned: true}],
  ['vm/111', ['config', 'template'], 1],
  ['vm/113', ['pool'], 'shop'],
  ['vm/113', ['config', 'scsi1'], undefined],
  ['container/200', ['config', 'memory'], 1024],
  ['container/201', ['config', 'mp0'], {volume: 'local-zfs:4', mp: '/srv'}],
  ['container/202', ['config', 'rootfs', 'size'], '8G'],
  ['container/203', ['config', 'mp0', 'volume'], 'ceph:2'],
  ['container/205', ['placement'], {node: 'pve2', pinned: true}],
  ['storage/local', ['config', 'content'], ['backup', 'iso', 'snippets', 'vztmpl']],
  ['access/user/ops@pve', ['config', 'comment'], 'of the night'],
  ['access/acl', ['config', '/pool/web'], {'ops@pve': ['PVEVMUser']}],
  ['access/acl', ['config', '/vms/101'], undefined],
  [
    'network/pve1',
    ['config', 'vmbr1'],
    {type: 'bridge', autostart: 1, bridge_ports: ['eno2'], cidr: '198.51.100.1/24'},
  ],
  ['firewall/cluster', ['config', 'rules', 2], undefined],
  ['firewall/cluster', ['config', 'ipsets', 'blocked', 'members', '203.0.113.0/24'], {}],
]

/** New manifests, by name. */
const fresh: Readonly<Record<string, string>> = {
  'vm/112': 'kind: vm\nid: 112\nabsent: true\n',
  'container/204': 'kind: container\nid: 204\nabsent: true\n',
  'vm/300': `kind: vm
id: 300
power: running
placement: {node: pve1, pinned: true}
config:
  name: made
  memory: 512
  ostype: l26
  scsihw: virtio-scsi-single
  scsi0: {file: "local-zfs:8"}
  net0: {model: virtio, bridge: vmbr0}
`,
  'vm/301': `kind: vm
id: 301
from: {clone: 114, full: true, storage: local-zfs}
placement: {node: pve1, pinned: true}
config: {name: full, memory: 2048}
`,
  'vm/302': `kind: vm
id: 302
from: {clone: 114}
placement: {node: pve1, pinned: true}
config: {name: linked}
`,
  'vm/numbered': `kind: vm
id: next
placement: {node: pve2, pinned: true}
config: {name: numbered, memory: 256}
`,
  'container/303': `kind: container
id: 303
from: {ostemplate: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"}
placement: {node: pve1, pinned: true}
config: {hostname: made-too, rootfs: {volume: "local-zfs:4"}, memory: 256, unprivileged: 1}
`,
  'pool/shop': 'kind: pool\nid: shop\nconfig: {comment: new}\n',
  'pool/old': 'kind: pool\nid: old\nabsent: true\n',
  'storage/extra': 'kind: storage\nid: extra\nconfig: {type: dir, path: /srv/extra, content: [iso]}\n',
  'firewall/guest': `kind: firewall
id: guest/100
config:
  options: {enable: 1}
  rules:
    - {type: in, action: ACCEPT, proto: tcp, dport: "22", enable: 1}
    - {type: in, action: DROP, enable: 1}
`,
  'firewall/group/web': `kind: security-group
id: web
config:
  rules:
    - {type: in, action: ACCEPT, proto: tcp, dport: "443", enable: 1}
    - {type: in, action: DROP, enable: 1}
`,
  'access/user/carol@pve': 'kind: user\nid: carol@pve\nconfig: {enable: 1, groups: [staff], comment: new}\n',
  'access/role/Night': 'kind: role\nid: Night\nconfig: {privs: [VM.Audit, VM.PowerMgmt]}\n',
  'ha/resource/100': 'kind: ha-resource\nid: "100"\nconfig: {max_restart: 2}\n',
  'ha/resource/102': 'kind: ha-resource\nid: "102"\nconfig: {max_restart: 2}\n',
  'ha/rule/apart': `kind: ha-rule
id: apart
config: {type: resource-affinity, affinity: negative, resources: [vm:100, vm:102]}
`,
  'jobs/backup/night': `kind: backup-job
id: night
config: {schedule: "02:00", storage: local, vmid: [100, 101], mode: snapshot}
`,
  'sdn/zone/z1': 'kind: sdn-zone\nid: z1\nconfig: {type: simple}\n',
  'sdn/vnet/v1': `kind: sdn-vnet
id: v1
config: {zone: z1, subnets: {203.0.113.0/24: {gateway: 203.0.113.1}}}
`,
}

/** Writes the wishes into the manifests of a workspace in which all was agreed on. */
export function wishEverything(clone: Clone): void {
  for (const [object, path, value] of edits) declare(clone, object, path, value)
  for (const [name, text] of Object.entries(fresh)) clone.write(`infra/home/${name}.yaml`, text)
  // The last rule becomes the first, and one comes in between.
  const file = 'infra/home/firewall/cluster.yaml'
  const document = parseDocument(clone.read(file))
  const rules = document.getIn(['config', 'rules']) as {items: unknown[]}
  const last = rules.items.pop()
  rules.items.unshift(last)
  rules.items.splice(1, 0, document.createNode({type: 'in', action: 'ACCEPT', proto: 'tcp', dport: '3128', enable: 1}))
  clone.write(file, document.toString({flowCollectionPadding: false}))
}

/** All that these wishes need somebody to agree to. */
export const consents: readonly string[] = [
  '--yes',
  '--allow',
  'destroys-data,detaches-data,cuts-network,grants',
  '--confirm',
  'vm/112,container/204',
]
