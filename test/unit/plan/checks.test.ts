import {expect} from 'chai'
import {check, keyOf, needsOf, type Answer, type Known, type Need} from '../../../src/kit/plan/checks.js'
import type {Action} from '../../../src/kit/plan/index.js'
import type {Config, KindName, Observed, Scalar} from '../../../src/kit/resources/index.js'
import {actionOf, aroundOf, bothCalls, knownOf, onAll, requestOf} from '../../support/plan/checking.js'

const object = (kind: KindName, id: string | number, config: Config, facts: Record<string, Scalar> = {}): Observed => ({
  kind,
  id,
  config,
  facts,
})

const vm = object(
  'vm',
  100,
  {
    memory: 2048,
    scsi0: {file: 'zfs:vm-100-disk-0', size: '32G'},
    scsi1: {file: 'zfs:vm-100-disk-1', size: '8G'},
    unused0: 'zfs:vm-100-disk-2',
    ide2: {file: 'local:iso/old.iso', media: 'cdrom'},
    net0: {model: 'virtio', macaddr: 'BC:24:11:00:00:01', bridge: 'vmbr0'},
  },
  {node: 'pve1', status: 'running'},
)
const ct = object(
  'container',
  200,
  {rootfs: {volume: 'zfs:subvol-200-disk-0', size: '4G'}},
  {node: 'pve1', status: 'stopped'},
)
const storages = [
  object('storage', 'zfs', {type: 'zfspool', content: ['images', 'rootdir'], sparse: 1}),
  object('storage', 'thick', {type: 'lvm', content: ['images']}),
  object('storage', 'local', {type: 'dir', content: ['iso', 'vztmpl', 'backup']}),
  object('storage', 'elsewhere', {type: 'lvmthin', content: ['images'], nodes: ['pve2']}),
  object('storage', 'off', {type: 'dir', content: ['images'], disable: 1}),
]
const network = object('network', 'pve1', {
  eno1: {type: 'eth'},
  vmbr0: {type: 'bridge', cidr: '192.0.2.11/24', bridge_ports: ['eno1']},
  vmbr1: {type: 'bridge', bridge_ports: []},
})
const access = [
  object('user', 'pmpc@pve', {enable: 1, tokens: {ci: {privsep: 0}}}),
  object('role', 'Admin', {privs: ['VM.Config.Memory', 'Permissions.Modify', 'User.Modify', 'Sys.Modify']}),
  object('acl', 'acl', {'/': {'pmpc@pve': ['Admin']}}),
]
const everything = [
  vm,
  ct,
  ...storages,
  network,
  object('sdn-zone', 'z', {type: 'simple', nodes: ['pve2']}),
  object('sdn-vnet', 'vnet1', {zone: 'z'}),
  ...access,
]
const resources = [
  {type: 'node', node: 'pve1', status: 'online'},
  {type: 'node', node: 'pve2', status: 'online'},
  {type: 'node', node: 'pve3', status: 'offline'},
  {type: 'qemu', vmid: 100, node: 'pve1', status: 'running'},
  {type: 'lxc', vmid: 200, node: 'pve1', status: 'stopped'},
  ...[
    ['zfs', 100],
    ['thick', 100],
    ['local', 100],
  ].map(([storage, gib]) => ({
    type: 'storage',
    storage,
    node: 'pve1',
    status: 'available',
    shared: 0,
    maxdisk: Number(gib) * 2 ** 30,
    disk: 90 * 2 ** 30,
  })),
]
const status = [
  {type: 'cluster', name: 'home', quorate: 1, nodes: 3},
  {type: 'node', name: 'pve1', ip: '192.0.2.11', online: 1},
]

const config = 'PUT /nodes/pve1/qemu/100/config'
const to = (line: string, parameters: Record<string, Scalar> = {}, after: Observed | null = vm): Action =>
  actionOf({kind: 'vm', id: 100}, vm, [{request: requestOf(line, parameters), after}])
const toContainer = (line: string, parameters: Record<string, Scalar> = {}, after: Observed | null = ct): Action =>
  actionOf({kind: 'container', id: 200}, ct, [{request: requestOf(line, parameters), after}])
const making = (parameters: Record<string, Scalar>, id = 300): Action =>
  actionOf({kind: 'vm', id}, null, [
    {
      request: requestOf('POST /nodes/pve1/qemu', {vmid: id, ...parameters}),
      after: object('vm', id, {}, {node: 'pve1'}),
    },
  ])
const changing = (
  before: Observed,
  after: Observed | null,
  line: string,
  parameters: Record<string, Scalar> = {},
): Action => actionOf({kind: before.kind, id: before.id}, before, [{request: requestOf(line, parameters), after}])
const withConfig = (one: Observed, more: Config): Observed => ({...one, config: {...one.config, ...more}})

interface Case {
  that: string
  /** Of the check that is told of; none: nothing at all is said. */
  says?: [check: string, severity: 'error' | 'warning', message: RegExp]
  actions: Action[]
  objects?: Observed[]
  version?: string
  known?: Partial<Known>
  /** What is asked for, and what comes. */
  asked?: [Need, Answer][]
  /** One of its suggestions. */
  suggests?: RegExp
  /** How much else is told. */
  beside?: number
}

const all = [
  ...['VM.Config.Memory', 'VM.Config.Disk', 'VM.Config.CDROM', 'VM.Config.Network', 'VM.Config.Options', 'VM.Allocate'],
  ...['VM.PowerMgmt', 'VM.Migrate', 'VM.Clone', 'VM.Backup', 'VM.Audit', 'VM.Config.CPU', 'VM.Config.HWType'],
  ...['Datastore.Allocate', 'Datastore.AllocateSpace', 'Datastore.Audit', 'SDN.Use', 'SDN.Allocate', 'Sys.Modify'],
  ...['Pool.Allocate', 'Permissions.Modify', 'User.Modify', 'Group.Allocate', 'Realm.AllocateUser', 'Sys.Console'],
]
const content = (kind: string, storage = 'local'): Need => ({
  path: `/nodes/pve1/storage/${storage}/content`,
  query: {content: kind},
})

const cases: Record<string, Case[]> = {
  privileges: [
    {that: 'all that is needed is held', actions: [to(config, {memory: 4096})]},
    {
      that: 'a privilege lacks',
      actions: [to(config, {memory: 4096})],
      known: {permissions: onAll('VM.Audit')},
      says: ['privileges', 'error', /^pmpc@pve!ci lacks VM\.Config\.Memory on \/vms\/100: PUT/],
      suggests: /^pveum role add pmpc-vms-100 --privs "VM\.Audit VM\.Config\.Memory"$/,
    },
    {
      that: 'NoAccess leaves its path out of the list',
      actions: [to(config, {memory: 4096})],
      objects: [
        ...everything.filter(({kind}) => kind !== 'acl'),
        object('acl', 'acl', {'/vms/100': {'x@pve': ['NoAccess']}}),
      ],
      says: ['privileges', 'error', /on \/vms\/100/],
    },
    {
      that: 'without the ACL it has to be asked for',
      actions: [to(config, {memory: 4096})],
      objects: everything.filter(({kind}) => kind !== 'acl'),
      asked: [
        [{path: '/access/permissions', query: {path: '/vms/100'}}, {data: {'/vms/100': {'VM.Config.Memory': 1}}}],
      ],
    },
    {
      that: 'what was asked for says that it lacks',
      actions: [to(config, {memory: 4096})],
      objects: everything.filter(({kind}) => kind !== 'acl'),
      asked: [[{path: '/access/permissions', query: {path: '/vms/100'}}, {data: {'/vms/100': {}}}]],
      says: ['privileges', 'error', /on \/vms\/100/],
    },
    {
      that: 'the cluster does not say it',
      actions: [to(config, {memory: 4096})],
      objects: everything.filter(({kind}) => kind !== 'acl'),
      asked: [[{path: '/access/permissions', query: {path: '/vms/100'}}, {failed: {status: 500, message: 'no'}}]],
      says: ['privileges', 'warning', /it is not known what/],
    },
    {
      that: 'a role for its path alone hides what is handed down, so it is asked for',
      actions: [to(config, {memory: 4096})],
      known: {permissions: {...onAll('VM.Config.Memory'), '/vms': {'VM.Audit': 0}}},
      asked: [
        [{path: '/access/permissions', query: {path: '/vms/100'}}, {data: {'/vms/100': {'VM.Config.Memory': 1}}}],
      ],
    },
    {
      that: 'rights on the pool of a new guest are enough',
      actions: [making({memory: 512, pool: 'p'})],
      known: {permissions: {'/pool/p': {'VM.Allocate': 1, 'VM.Config.Memory': 1}}},
      asked: [[{path: '/cluster/nextid', query: {vmid: '300'}}, {data: '300'}]],
    },
    {
      that: 'only root may',
      actions: [to(config, {args: '-no-hpet'})],
      says: ['root-only', 'error', /only root@pam itself may set args/],
    },
    {that: 'root@pam may', actions: [to(config, {args: '-no-hpet'})], known: {who: 'root@pam'}},
    {
      that: 'a registered tag',
      actions: [to(config, {tags: 'prod'})],
      objects: [...everything, object('options', 'options', {'registered-tags': ['prod']})],
      known: {permissions: onAll(...all.filter((one) => one !== 'Sys.Modify'))},
      says: ['privileges', 'error', /lacks Sys\.Modify on \//],
    },
    {
      that: 'another VLAN of a virtual network',
      actions: [to(config, {net1: 'virtio,bridge=vmbr1,tag=9,macaddr=BC:24:11:00:00:09'})],
      known: {permissions: onAll(...all.filter((one) => one !== 'SDN.Use'))},
      says: ['privileges', 'error', /SDN\.Use on \/sdn\/zones\/localnetwork\/vmbr1\/9/],
    },
    {
      that: 'a backup, and the storage that it goes to',
      actions: [to('POST /nodes/pve1/vzdump', {vmid: 100, storage: 'local'})],
      known: {permissions: onAll(...all.filter((one) => one !== 'Datastore.AllocateSpace'))},
      says: ['privileges', 'error', /lacks Datastore\.AllocateSpace on \/storage\/local/],
    },
    {
      that: 'a mapped device',
      actions: [to(config, {usb0: 'mapping=key'})],
      says: ['privileges', 'error', /Mapping\.Use on \/mapping\/usb\/key/],
    },
  ],
  'own rights': [
    {
      that: 'the role of pmpc loses what the plan needs',
      actions: [
        to(config, {memory: 4096}),
        changing(access[1]!, withConfig(access[1]!, {privs: ['Sys.Modify']}), 'PUT /access/roles/Admin', {
          privs: 'Sys.Modify',
        }),
      ],
      says: ['own-rights', 'error', /pmpc@pve!ci, which pmpc uses, would lose VM\.Config\.Memory on \/vms\/100/],
    },
    {
      that: 'the user of pmpc is disabled',
      actions: [changing(access[0]!, withConfig(access[0]!, {enable: 0}), 'PUT /access/users/pmpc@pve', {enable: 0})],
      says: ['own-rights', 'error', /would lose User\.Modify on \/access\/groups/],
    },
    {
      that: 'a role loses what nothing needs',
      actions: [
        changing(
          access[1]!,
          withConfig(access[1]!, {privs: ['Sys.Modify', 'VM.Config.Memory']}),
          'PUT /access/roles/Admin',
          {privs: 'Sys.Modify,VM.Config.Memory'},
        ),
      ],
    },
  ],
  calls: [
    {
      that: 'a parameter that 8.4 does not know',
      actions: [to(config, {'allow-ksm': 1})],
      version: '8.4',
      says: ['version', 'error', /pve1 runs Proxmox VE 8\.4, where PUT .* does not take allow-ksm/],
    },
    {that: 'which 9.2 knows', actions: [to(config, {'allow-ksm': 1})]},
    {
      that: 'a call that 8.4 does not know',
      actions: [changing(object('ha-rule', 'r', {}), null, 'DELETE /cluster/ha/rules/r')],
      version: '8.4',
      says: ['version', 'error', /does not know DELETE \/cluster\/ha\/rules\/r/],
    },
    {
      that: 'a version that nobody knows yet',
      actions: [to(config, {novelty: 1, memory: 512})],
      version: '9.9',
      known: {who: 'root@pam'},
    },
    {that: 'a value that PVE refuses', actions: [to(config, {memory: 1})], says: ['value', 'error', /refuse memory/]},
  ],
  nodes: [
    {
      that: 'a node is off',
      actions: [to('POST /nodes/pve1/qemu/100/migrate', {target: 'pve3', online: 1})],
      asked: [[{path: '/nodes/pve1/qemu/100/migrate', query: {target: 'pve3'}}, {data: {}}]],
      says: ['node', 'error', /node pve3 is offline/],
    },
    {
      that: 'a node that is none',
      actions: [to('POST /nodes/pve1/qemu/100/migrate', {target: 'pve9', online: 1})],
      asked: [[{path: '/nodes/pve1/qemu/100/migrate', query: {target: 'pve9'}}, {data: {}}]],
      says: ['node', 'error', /there is no node pve9/],
    },
    {
      that: 'no quorum',
      actions: [to(config, {memory: 512})],
      known: {
        status: [
          {type: 'cluster', quorate: 0, nodes: 3},
          {type: 'node', name: 'pve1', online: 1},
        ],
      },
      says: ['quorum', 'error', /no quorum \(1 of 3 nodes/],
    },
  ],
  ids: [
    {
      that: 'a guest of another kind has it',
      actions: [making({}, 200)],
      asked: [[{path: '/cluster/nextid', query: {vmid: '200'}}, {failed: {status: 400, message: 'x'}}]],
      says: ['id', 'error', /the id 200 is taken: lxc\/200 on pve1/],
    },
    {
      that: 'a guest has it that the token does not see',
      actions: [making({})],
      asked: [[{path: '/cluster/nextid', query: {vmid: '300'}}, {failed: {status: 400, message: 'x'}}]],
      says: ['id', 'error', /the id 300 is taken: a guest that this token does not see/],
    },
    {
      that: 'two new guests have it',
      actions: [making({}), {...making({}), ref: {cluster: 'home', kind: 'container', id: 300}}],
      asked: [[{path: '/cluster/nextid', query: {vmid: '300'}}, {data: 300}]],
      says: ['id', 'error', /home\/vm\/300 is to have the id 300, too/],
    },
    {
      that: 'the guest that has it goes',
      actions: [toContainer('DELETE /nodes/pve1/lxc/200', {}, null), making({}, 200)],
    },
  ],
  storages: [
    {that: 'room enough', actions: [to(config, {scsi2: 'zfs:5'})]},
    {
      that: 'no such storage',
      actions: [to(config, {scsi2: 'nas:5'})],
      says: ['storage', 'error', /there is no storage nas/],
    },
    {
      that: 'on other nodes only',
      actions: [to(config, {scsi2: 'elsewhere:5'})],
      says: ['storage', 'error', /is not on pve1, only on pve2/],
    },
    {that: 'disabled', actions: [to(config, {scsi2: 'off:5'})], says: ['storage', 'error', /is disabled/]},
    {
      that: 'takes no disks',
      actions: [to(config, {scsi2: 'local:5'})],
      says: ['content', 'error', /takes no images, only iso, vztmpl, backup/],
      suggests: /^pvesm set local --content iso,vztmpl,backup,images/,
    },
    {
      that: 'takes no containers',
      actions: [toContainer('PUT /nodes/pve1/lxc/200/config', {mp0: 'thick:1,mp=/srv'})],
      says: ['content', 'error', /takes no rootdir/],
    },
    {
      that: 'takes no backups',
      actions: [to('POST /nodes/pve1/vzdump', {vmid: 100, storage: 'zfs'})],
      says: ['content', 'error', /storage zfs takes no backup/],
    },
    {that: 'takes backups', actions: [to('POST /nodes/pve1/vzdump', {vmid: 100, storage: 'local'})]},
    {
      that: 'is to be made by the same plan',
      actions: [
        actionOf({kind: 'storage', id: 'nas'}, null, [
          {
            request: requestOf('POST /storage', {storage: 'nas', type: 'dir', path: '/srv', content: 'images'}),
            after: object('storage', 'nas', {type: 'dir', content: ['images']}),
          },
        ]),
        to(config, {scsi2: 'nas:5'}),
      ],
    },
    {
      that: 'more than is free, of what is thin',
      actions: [to(config, {scsi2: 'zfs:11'})],
      says: ['space', 'warning', /allocates 11 GiB on zfs, where 10 GiB are free/],
    },
    {
      that: 'more than is free, of what is thick',
      actions: [to(config, {scsi2: 'thick:11'})],
      says: ['space', 'error', /11 GiB on thick/],
    },
    {
      that: 'more than is free, together',
      actions: [to(config, {scsi2: 'thick:6'}), making({scsi0: 'thick:6'})],
      asked: [[{path: '/cluster/nextid', query: {vmid: '300'}}, {data: 300}]],
      says: ['space', 'error', /12 GiB on thick/],
    },
    {
      that: 'growth',
      actions: [to('PUT /nodes/pve1/qemu/100/resize', {disk: 'scsi0', size: '43G'})],
      says: ['space', 'warning', /allocates 11 GiB on zfs/],
    },
    {
      that: 'a move',
      actions: [to('POST /nodes/pve1/qemu/100/move_disk', {disk: 'scsi0', storage: 'thick'})],
      says: ['space', 'error', /32 GiB on thick/],
    },
  ],
  volumes: [
    {
      that: 'an ISO image is there',
      actions: [to(config, {ide2: 'local:iso/new.iso,media=cdrom'})],
      asked: [[content('iso'), {data: [{volid: 'local:iso/new.iso'}]}]],
    },
    {
      that: 'an ISO image is not there',
      actions: [to(config, {ide2: 'local:iso/new.iso,media=cdrom'})],
      asked: [[content('iso'), {data: [{volid: 'local:iso/old.iso'}]}]],
      says: ['volume', 'error', /local:iso\/new\.iso is not there/],
      suggests: /^pmpc get images -o name {3}# there is local:iso\/old\.iso/m,
    },
    {that: 'its own volume is not asked for', actions: [to(config, {scsi0: 'zfs:vm-100-disk-0,discard=on,size=32G'})]},
    {
      that: 'a template is not there',
      actions: [
        actionOf({kind: 'container', id: 300}, null, [
          {
            request: requestOf('POST /nodes/pve1/lxc', {
              vmid: 300,
              ostemplate: 'local:vztmpl/d.tar.zst',
              rootfs: 'zfs:4',
            }),
            after: null,
          },
        ]),
      ],
      asked: [
        [{path: '/cluster/nextid', query: {vmid: '300'}}, {data: 300}],
        [content('vztmpl'), {data: []}],
      ],
      says: ['volume', 'error', /local:vztmpl\/d\.tar\.zst is not there/],
    },
    {
      that: 'an archive is not there',
      actions: [making({archive: 'local:backup/vzdump-qemu-1-2026_01_01-00_00_00.vma.zst'})],
      asked: [
        [{path: '/cluster/nextid', query: {vmid: '300'}}, {data: 300}],
        [content('backup'), {data: []}],
      ],
      says: ['volume', 'error', /vzdump-qemu-1-.* is not there/],
    },
    {
      that: 'nobody may look',
      actions: [to(config, {ide2: 'local:iso/new.iso,media=cdrom'})],
      asked: [[content('iso'), {failed: {status: 403, message: 'no'}}]],
    },
  ],
  bridges: [
    {that: 'the node has it', actions: [to(config, {net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr1'})]},
    {
      that: 'the node does not have it',
      actions: [to(config, {net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr7'})],
      asked: [
        [{path: '/nodes/pve1/network', query: {type: 'any_bridge'}}, {data: [{iface: 'vmbr0'}, {iface: 'vmbr1'}]}],
      ],
      says: ['bridge', 'error', /pve1 has no bridge or virtual network vmbr7, only vmbr0, vmbr1/],
    },
    {
      that: 'the node has it since yesterday',
      actions: [to(config, {net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr7'})],
      asked: [[{path: '/nodes/pve1/network', query: {type: 'any_bridge'}}, {data: [{iface: 'vmbr7'}]}]],
    },
    {
      that: 'a virtual network of other nodes',
      actions: [to(config, {net0: 'virtio=BC:24:11:00:00:01,bridge=vnet1'})],
      asked: [[{path: '/nodes/pve1/network', query: {type: 'any_bridge'}}, {data: []}]],
      says: ['bridge', 'error', /no bridge or virtual network vnet1/],
    },
    {that: 'as it was', actions: [to(config, {net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,rate=5'})]},
  ],
  guests: [
    {
      that: 'locked',
      actions: [to(config, {memory: 512})],
      known: {resources: resources.map((one) => ('vmid' in one && one.vmid === 100 ? {...one, lock: 'backup'} : one))},
      says: ['lock', 'error', /it is locked \(backup\)/],
      suggests: /^qm unlock 100/,
    },
    {
      that: 'protected, and to go',
      actions: [changing(withConfig(vm, {protection: 1}), null, 'DELETE /nodes/pve1/qemu/100')],
      says: ['protection', 'error', /it is protected: it cannot be removed/],
    },
    {
      that: 'protected, and a disk is to go',
      actions: [changing(withConfig(vm, {protection: 1}), vm, config, {delete: 'scsi1'})],
      says: ['protection', 'error', /it is protected: scsi1 cannot be removed/],
    },
    {
      that: 'the protection is taken off first',
      actions: [
        actionOf({kind: 'vm', id: 100}, withConfig(vm, {protection: 1}), [
          {request: requestOf(config, {protection: 0}), after: vm},
          {request: requestOf(config, {delete: 'scsi1'}), after: vm},
        ]),
      ],
    },
    {
      that: 'a snapshot holds what is to move',
      actions: [
        changing({...vm, snapshots: [{name: 's', snaptime: 1}]}, vm, 'POST /nodes/pve1/qemu/100/move_disk', {
          disk: 'scsi1',
          storage: 'thick',
          delete: 1,
        }),
      ],
      asked: [[{path: '/nodes/pve1/qemu/100/snapshot/s/config'}, {data: {scsi1: 'zfs:vm-100-disk-1,size=8G'}}]],
      says: ['snapshots', 'error', /snapshot s holds zfs:vm-100-disk-1 \(scsi1\)/],
    },
    {
      that: 'a snapshot holds other volumes',
      actions: [
        changing({...vm, snapshots: [{name: 's', snaptime: 1}]}, vm, 'POST /nodes/pve1/qemu/100/move_disk', {
          disk: 'scsi1',
          storage: 'thick',
          delete: 1,
        }),
      ],
      asked: [[{path: '/nodes/pve1/qemu/100/snapshot/s/config'}, {data: {scsi0: 'zfs:vm-100-disk-0,size=32G'}}]],
    },
    {
      that: 'the HA manager has it, and it is to go',
      actions: [to('DELETE /nodes/pve1/qemu/100', {}, null)],
      known: {ha: [{sid: 'vm:100', state: 'started'}]},
      says: ['ha', 'error', /the HA manager looks after it/],
    },
    {
      that: 'the HA manager has it, and it is stopped before it goes',
      actions: [
        actionOf({kind: 'vm', id: 100}, vm, [
          {
            request: requestOf('POST /nodes/pve1/qemu/100/status/stop'),
            after: {...vm, facts: {...vm.facts, status: 'stopped'}},
          },
          {request: requestOf('DELETE /nodes/pve1/qemu/100'), after: null},
        ]),
      ],
      known: {ha: [{sid: 'vm:100', state: 'started'}]},
      says: ['ha', 'error', /does not remove it so/],
      beside: 1,
    },
    {
      that: 'the HA manager does the stop',
      actions: [to('POST /nodes/pve1/qemu/100/status/stop')],
      known: {ha: [{sid: 'vm:100', state: 'started'}]},
      says: ['ha', 'warning', /it does the stop some seconds after/],
    },
    {
      that: 'the HA manager ignores it',
      actions: [to('POST /nodes/pve1/qemu/100/status/stop')],
      known: {ha: [{sid: 'vm:100', state: 'ignored'}]},
    },
    {
      that: 'replicated, and to go',
      actions: [to('DELETE /nodes/pve1/qemu/100', {}, null)],
      known: {replication: [{id: '100-0', guest: 100, target: 'pve2'}]},
      says: ['replication', 'error', /replication 100-0 copies it/],
    },
    {
      that: 'replicated, and to go with a purge',
      actions: [to('DELETE /nodes/pve1/qemu/100', {purge: 1}, null)],
      known: {replication: [{id: '100-0', guest: 100, target: 'pve2'}]},
    },
    {
      that: 'replicated, and a disk comes that cannot be',
      actions: [to(config, {scsi2: 'thick:1'})],
      known: {replication: [{id: '100-0', guest: 100, target: 'pve2'}]},
      says: ['replication', 'error', /nothing on thick can be replicated/],
    },
    {
      that: 'replicated, and moved to what cannot be',
      actions: [to('POST /nodes/pve1/qemu/100/move_disk', {disk: 'scsi1', storage: 'thick'})],
      known: {replication: [{id: '100-0', guest: 100, target: 'pve2'}]},
      says: ['replication', 'warning', /nothing on thick can be replicated/],
    },
    {
      that: 'replicated to another node than it is to go to',
      actions: [to('POST /nodes/pve1/qemu/100/migrate', {target: 'pve2', online: 1})],
      known: {replication: [{id: '100-0', guest: 100, target: 'pve3'}]},
      asked: [
        [{path: '/nodes/pve1/qemu/100/migrate', query: {target: 'pve2'}}, {data: {}}],
        [{path: '/nodes/pve2/network', query: {type: 'any_bridge'}}, {data: [{iface: 'vmbr0'}]}],
      ],
      says: ['replication', 'error', /does not copy it to pve2/],
    },
    {
      that: 'a device of its node',
      actions: [to('POST /nodes/pve1/qemu/100/migrate', {target: 'pve2', online: 1})],
      asked: [
        [
          {path: '/nodes/pve1/qemu/100/migrate', query: {target: 'pve2'}},
          {data: {running: 1, local_resources: ['hostpci0']}},
        ],
        [{path: '/nodes/pve2/network', query: {type: 'any_bridge'}}, {data: [{iface: 'vmbr0'}]}],
      ],
      says: ['migrate', 'error', /devices of its node.*hostpci0/],
    },
    {
      that: 'storages that the other node lacks',
      actions: [to('POST /nodes/pve1/qemu/100/migrate', {target: 'pve2', online: 1})],
      asked: [
        [
          {path: '/nodes/pve1/qemu/100/migrate', query: {target: 'pve2'}},
          {data: {running: 1, not_allowed_nodes: {pve2: {unavailable_storages: ['zfs']}}}},
        ],
        [{path: '/nodes/pve2/network', query: {type: 'any_bridge'}}, {data: [{iface: 'vmbr0'}]}],
      ],
      says: ['migrate', 'error', /it cannot go to pve2: unavailable storages zfs/],
    },
  ],
  references: [
    {
      that: 'a storage that holds a disk',
      actions: [changing(storages[0]!, null, 'DELETE /storage/zfs')],
      says: ['references', 'error', /it is in use: vm\/100 \(scsi0\.file\)/],
    },
    {
      that: 'a storage that holds a disk is disabled',
      actions: [changing(storages[0]!, withConfig(storages[0]!, {disable: 1}), 'PUT /storage/zfs', {disable: 1})],
      says: ['references', 'error', /closed to guests that have volumes on it: vm\/100/],
    },
    {
      that: 'a storage leaves a node with a guest on it',
      actions: [
        changing(storages[0]!, withConfig(storages[0]!, {nodes: ['pve2']}), 'PUT /storage/zfs', {nodes: 'pve2'}),
      ],
      says: ['references', 'error', /closed to guests/],
    },
    {
      that: 'a storage takes no more backups',
      actions: [
        changing(storages[2]!, withConfig(storages[2]!, {content: ['iso', 'vztmpl']}), 'PUT /storage/local', {
          content: 'iso,vztmpl',
        }),
      ],
    },
    {
      that: 'the guest lets go of it in the same plan',
      actions: [
        to('DELETE /nodes/pve1/qemu/100', {}, null),
        toContainer('DELETE /nodes/pve1/lxc/200', {}, null),
        changing(storages[0]!, null, 'DELETE /storage/zfs'),
      ],
    },
    {
      that: 'a guest in a backup job',
      actions: [to('DELETE /nodes/pve1/qemu/100', {}, null)],
      objects: [...everything, object('backup-job', 'nightly', {vmid: [100], storage: 'local'})],
      says: ['references', 'warning', /it is still named by backup-job\/nightly/],
    },
    {
      that: 'a template that linked clones stand on',
      actions: [to('DELETE /nodes/pve1/qemu/100', {}, null)],
      objects: [...everything, object('vm', 120, {scsi0: {file: 'zfs:base-100-disk-0/vm-120-disk-0'}}, {node: 'pve1'})],
      says: ['references', 'error', /it is in use: vm\/120 \(scsi0\.file\)/],
    },
    {
      that: 'a guest with rights on it',
      actions: [to('DELETE /nodes/pve1/qemu/100', {}, null)],
      objects: [
        ...everything.filter(({kind}) => kind !== 'acl'),
        object('acl', 'acl', {'/vms/100': {'x@pve': ['Admin']}}),
      ],
      known: {permissions: {...onAll(...all), '/vms/100': {'VM.Allocate': 1}}},
      says: ['references', 'warning', /named by acl\/acl/],
    },
    {
      that: 'a guest with a firewall',
      actions: [to('DELETE /nodes/pve1/qemu/100', {}, null)],
      objects: [...everything, object('firewall', 'guest/100', {options: {enable: 1}})],
      says: ['references', 'warning', /with it goes firewall\/guest\/100/],
    },
  ],
  'names that name nothing': [
    {
      that: 'a pool without the one above it',
      actions: [
        actionOf({kind: 'pool', id: 'web/a/b'}, null, [
          {
            request: requestOf('POST /pools', {poolid: 'web/a/b'}),
            after: {kind: 'pool', id: 'web/a/b', config: {}, facts: {}},
          },
        ]),
      ],
      objects: [...everything, object('pool', 'web', {})],
      says: ['names', 'error', /it belongs to pool web\/a, which is not there/],
    },
    {
      that: 'a pool that there is not',
      actions: [
        actionOf({kind: 'vm', id: 100}, vm, [
          {
            request: requestOf('PUT /pools', {poolid: 'nope', vms: 100}),
            after: {...vm, facts: {...vm.facts, pool: 'nope'}},
          },
        ]),
      ],
      objects: [...everything, object('pool', 'web', {})],
      says: ['names', 'warning', /there is no pool nope/],
    },
    {
      that: 'a pool that the plan makes',
      actions: [
        actionOf({kind: 'pool', id: 'nope'}, null, [
          {request: requestOf('POST /pools', {poolid: 'nope'}), after: object('pool', 'nope', {})},
        ]),
        actionOf({kind: 'vm', id: 100}, vm, [
          {
            request: requestOf('PUT /pools', {poolid: 'nope', vms: 100}),
            after: {...vm, facts: {...vm.facts, pool: 'nope'}},
          },
        ]),
      ],
    },
  ],
  'what is there twice': [
    {
      that: 'a MAC address of another guest',
      actions: [
        to(
          config,
          {net1: 'virtio=BC:24:11:00:00:02,bridge=vmbr0'},
          withConfig(vm, {net1: {model: 'virtio', macaddr: 'BC:24:11:00:00:02', bridge: 'vmbr0'}}),
        ),
      ],
      objects: [
        ...everything,
        object('vm', 101, {net0: {model: 'e1000', macaddr: 'bc:24:11:00:00:02', bridge: 'vmbr0'}}),
      ],
      says: ['twice', 'error', /net1: the MAC address BC:24:11:00:00:02 is that of vm\/101 \(net0\)/],
    },
    {
      that: 'an address of another guest',
      actions: [to(config, {ipconfig0: 'ip=192.0.2.50/24'}, withConfig(vm, {ipconfig0: {ip: '192.0.2.50/24'}}))],
      objects: [...everything, object('container', 201, {net0: {name: 'eth0', ip: '192.0.2.50/26'}})],
      says: ['twice', 'error', /ipconfig0: the address 192\.0\.2\.50 is that of container\/201/],
    },
    {
      that: 'volumes that PVE will name, of two guests on one storage',
      actions: [to(config, {scsi1: 'zfs:8'}, withConfig(vm, {scsi1: {file: 'zfs:*', size: '8G'}}))],
      objects: [...everything, object('vm', 101, {scsi0: {file: 'zfs:*', size: '8G'}})],
    },
    {
      that: 'as it was before the plan',
      actions: [to(config, {memory: 512}, withConfig(vm, {memory: 512}))],
      objects: [
        ...everything,
        object('vm', 101, {net0: {model: 'e1000', macaddr: 'BC:24:11:00:00:01', bridge: 'vmbr0'}}),
      ],
    },
  ],
  endpoint: [
    {
      that: 'the bridge that carries it',
      actions: [
        changing(
          network,
          withConfig(network, {vmbr0: {type: 'bridge', cidr: '192.0.2.99/24'}}),
          'PUT /nodes/pve1/network/vmbr0',
          {type: 'bridge', cidr: '192.0.2.99/24'},
        ),
      ],
      says: ['endpoint', 'warning', /vmbr0 of pve1 carries 192\.0\.2\.11/],
      suggests: /^--allow cuts-network:home\/network\/pve1/,
    },
    {
      that: 'a port of that bridge',
      actions: [
        changing(network, withConfig(network, {eno1: {type: 'eth', mtu: 9000}}), 'PUT /nodes/pve1/network/eno1', {
          type: 'eth',
          mtu: 9000,
        }),
      ],
      says: ['endpoint', 'warning', /eno1 of pve1 carries/],
    },
    {
      that: 'another bridge',
      actions: [
        changing(network, withConfig(network, {vmbr1: {type: 'bridge', mtu: 9000}}), 'PUT /nodes/pve1/network/vmbr1', {
          type: 'bridge',
          mtu: 9000,
        }),
      ],
    },
    {
      that: 'by the name of the node',
      actions: [
        changing(network, withConfig(network, {eno1: {type: 'eth', mtu: 9000}}), 'PUT /nodes/pve1/network/eno1', {
          type: 'eth',
          mtu: 9000,
        }),
      ],
      known: {endpoints: ['https://pve1.example.com:8006']},
      says: ['endpoint', 'warning', /carries 192\.0\.2\.11/],
    },
    {
      that: 'the firewall of the cluster is turned on',
      actions: [
        changing(
          object('firewall', 'cluster', {options: {enable: 0}}),
          object('firewall', 'cluster', {options: {enable: 1}}),
          'PUT /cluster/firewall/options',
          {enable: 1},
        ),
      ],
      says: ['endpoint', 'warning', /may close port 8006/],
    },
  ],
}

describe('plan: checks', () => {
  let calls: Known['calls']
  before(async () => {
    calls = await bothCalls()
  })

  for (const [what, list] of Object.entries(cases))
    describe(what, () => {
      for (const {
        that,
        says,
        actions,
        objects = everything,
        version = '9.2',
        known = {},
        asked = [],
        suggests,
        beside = 0,
      } of list)
        it(that, () => {
          const around = aroundOf(objects, version)
          const read = knownOf(calls, {permissions: onAll(...all), resources, status, ...known})
          expect(needsOf(actions, around, read).map(keyOf).sort(), 'asked for').to.deep.equal(
            asked.map(([need]) => keyOf(need)).sort(),
          )
          const answers = new Map(asked.map(([need, answer]) => [keyOf(need), answer]))
          const whole = {...read, answers}
          expect(needsOf(actions, around, whole), 'asked for again').to.deep.equal([])
          const found = check(actions, around, whole)
          const told = found.map((one) => `${one.severity} ${one.check}: ${one.message}`)
          if (!says) return expect(told).to.deep.equal([])
          expect(told).to.have.length(1 + beside)
          const [name, severity, message] = says
          const one = found.find((each) => each.check === name && each.severity === severity)
          expect(one?.message, told.join('; ')).to.match(message)
          if (suggests) expect(one!.suggestions.join('\n')).to.match(new RegExp(suggests.source, 'm'))
          return undefined
        })
    })
})
