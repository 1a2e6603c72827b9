import {holdFacts, type Fact, type Step} from './support/facts.js'

const user = 'someone@pve'

/** Gives a user exactly these privileges, by path. */
const may =
  (rights: Record<string, string>): Fact['given'] =>
  (sim) => {
    sim.state.users[user] = {userid: user, enable: 1, expire: 0, groups: [], password: 'simulator', tokens: {}}
    for (const [path, privs] of Object.entries(rights)) {
      const roleid = `role${sim.state.acl.length}`
      sim.state.roles[roleid] = privs.split(' ')
      sim.state.acl.push({path, type: 'user', ugid: user, roleid, propagate: 1})
    }
    sim.permissions.invalidate()
  }

const vm = '/nodes/pve1/qemu/120'
const ct = '/nodes/pve1/lxc/200'
const template = 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst'
const failed = (path: string, privs: string): string => `403 Permission check failed (${path}, ${privs})`

interface Row {
  fact?: Fact['fact']
  call: Step
  needs: Record<string, string>
  /** What lacks one of the rights is told. */
  without: [path: string, told: string | RegExp][]
  first?: Fact['first']
  pve?: Fact['pve']
}

/** The rights that suffice, and what comes without each of them. */
const rows: Row[] = [
  {
    call: {ask: 'POST /nodes/pve1/qemu', with: {vmid: '300', memory: '512'}},
    needs: {'/vms/300': 'VM.Allocate VM.Config.Memory'},
    without: [['/vms/300', /^403 Permission check failed/]],
  },
  {
    call: {ask: 'POST /nodes/pve1/qemu', with: {vmid: '300', pool: 'empty'}},
    needs: {'/pool/empty': 'VM.Allocate'},
    without: [['/pool/empty', /^403 /]],
  },
  {
    call: {ask: 'POST /nodes/pve1/qemu', with: {vmid: '300', scsi0: 'ceph:1'}},
    needs: {'/vms/300': 'VM.Allocate VM.Config.Disk', '/storage/ceph': 'Datastore.AllocateSpace'},
    without: [['/storage/ceph', failed('/storage/ceph', 'Datastore.AllocateSpace')]],
  },
  {
    call: {
      ask: 'POST /nodes/pve1/qemu',
      with: {vmid: '300', ide2: 'local:iso/debian-12.9.0-amd64-netinst.iso,media=cdrom'},
    },
    needs: {'/vms/300': 'VM.Allocate VM.Config.CDROM', '/storage/local': 'Datastore.Audit'},
    without: [['/storage/local', /^403 Permission check failed/]],
  },
  {
    call: {ask: 'POST /nodes/pve1/qemu', with: {vmid: '300', net0: 'virtio,bridge=vmbr0'}},
    needs: {'/vms/300': 'VM.Allocate VM.Config.Network', '/sdn/zones/localnetwork/vmbr0': 'SDN.Use'},
    without: [['/sdn/zones/localnetwork/vmbr0', failed('/sdn/zones/localnetwork/vmbr0', 'SDN.Use')]],
  },
  {
    call: {ask: 'POST /nodes/pve1/qemu', with: {vmid: '300', net0: 'virtio,bridge=vmbr0,tag=7'}},
    needs: {'/vms/300': 'VM.Allocate VM.Config.Network', '/sdn/zones/localnetwork/vmbr0/7': 'SDN.Use'},
    without: [['/sdn/zones/localnetwork/vmbr0/7', failed('/sdn/zones/localnetwork/vmbr0/7', 'SDN.Use')]],
  },
  {
    call: {ask: 'POST /nodes/pve1/lxc', with: {vmid: '300', ostemplate: template, storage: 'local-zfs'}},
    needs: {
      '/vms/300': 'VM.Allocate VM.Config.Disk',
      '/storage/local-zfs': 'Datastore.AllocateSpace',
      '/storage/local': 'Datastore.Audit',
    },
    without: [
      ['/storage/local-zfs', failed('/storage/local-zfs', 'Datastore.AllocateSpace')],
      ['/vms/300', /^403 /],
    ],
  },
  ...(
    [
      ['cores=2', 'VM.Config.CPU'],
      ['sockets=1', 'VM.Config.CPU'],
      ['cpu=host', 'VM.Config.CPU'],
      ['numa=0', 'VM.Config.CPU'],
      ['memory=2048', 'VM.Config.Memory'],
      ['balloon=512', 'VM.Config.Memory'],
      ['shares=500', 'VM.Config.Memory'],
      ['machine=q35', 'VM.Config.HWType'],
      ['scsihw=lsi', 'VM.Config.HWType'],
      ['vga=std', 'VM.Config.HWType'],
      ['hotplug=disk', 'VM.Config.HWType'],
      ['kvm=1', 'VM.Config.HWType'],
      ['serial0=socket', 'VM.Config.HWType'],
      ['name=x', 'VM.Config.Options'],
      ['onboot=1', 'VM.Config.Options'],
      ['agent=1', 'VM.Config.Options'],
      ['bios=seabios', 'VM.Config.Options'],
      ['description=x', 'VM.Config.Options'],
      ['ostype=l26', 'VM.Config.Options'],
      ['protection=1', 'VM.Config.Options'],
      ['boot=order=scsi0', 'VM.Config.Disk'],
      ['ide2=none,media=cdrom', 'VM.Config.CDROM'],
      ['smbios1=uuid=6b9c1c1e-5f3e-4a52-9c0e-0d8f6a7c1b2a', 'VM.Config.HWType'],
      ['nameserver=192.0.2.1', 'VM.Config.Network'],
      ['ipconfig0=ip=dhcp', 'VM.Config.Cloudinit'],
      ['ipconfig0=ip=dhcp', 'VM.Config.Network'],
      ['ciuser=x', 'VM.Config.Cloudinit'],
    ] as const
  ).map(([option, priv]): Row => {
    const at = option.indexOf('=')
    const either = /^(ipconfig|ci|nameserver)/.test(option)
    const missing = failed('/vms/120', either ? 'VM.Config.Cloudinit|VM.Config.Network' : priv)
    return {
      call: {ask: `PUT ${vm}/config`, with: {[option.slice(0, at)]: option.slice(at + 1)}},
      needs: {'/vms/120': priv},
      without: [['/vms/120 but others', missing]],
    }
  }),
  {
    call: {ask: `PUT ${vm}/config`, with: {startup: 'order=1'}},
    needs: {'/vms/120': 'VM.Config.Options', '/': 'Sys.Modify'},
    without: [['/', failed('/', 'Sys.Modify')]],
  },
  {
    call: {ask: 'POST /nodes/pve1/qemu/9000/clone', with: {newid: '300'}},
    needs: {
      '/vms/9000': 'VM.Clone',
      '/vms/300': 'VM.Allocate',
      '/storage/ceph': 'Datastore.AllocateSpace',
      '/sdn/zones/localnetwork/vmbr0': 'SDN.Use',
    },
    without: [
      ['/vms/9000', failed('/vms/9000', 'VM.Clone')],
      ['/vms/300', /^403 /],
      ['/storage/ceph', failed('/storage/ceph', 'Datastore.AllocateSpace')],
      ['/sdn/zones/localnetwork/vmbr0', failed('/sdn/zones/localnetwork/vmbr0', 'SDN.Use')],
    ],
  },
  {
    call: {ask: 'DELETE /nodes/pve3/qemu/110'},
    needs: {'/vms/110': 'VM.Allocate'},
    without: [['/vms/110', failed('/vms/110', 'VM.Allocate')]],
  },
  ...['status/stop', 'status/shutdown', 'status/reboot', 'status/reset', 'status/suspend'].map((action): Row => ({
    call: {ask: `POST ${vm}/${action}`},
    needs: {'/vms/120': 'VM.PowerMgmt'},
    without: [['/vms/120', failed('/vms/120', 'VM.PowerMgmt')]],
  })),
  {
    call: {ask: `POST ${ct}/status/stop`},
    needs: {'/vms/200': 'VM.PowerMgmt'},
    without: [['/vms/200', failed('/vms/200', 'VM.PowerMgmt')]],
  },
  {
    call: {ask: `POST ${vm}/snapshot`, with: {snapname: 'one'}},
    needs: {'/vms/120': 'VM.Snapshot'},
    without: [['/vms/120', failed('/vms/120', 'VM.Snapshot')]],
  },
  {
    call: {ask: 'POST /nodes/pve1/qemu/100/snapshot/after-upgrade/rollback'},
    needs: {'/vms/100': 'VM.Snapshot'},
    without: [['/vms/100', failed('/vms/100', 'VM.Snapshot|VM.Snapshot.Rollback')]],
  },
  {
    call: {ask: 'POST /nodes/pve1/qemu/100/snapshot/after-upgrade/rollback'},
    needs: {'/vms/100': 'VM.Snapshot.Rollback'},
    without: [],
  },
  {
    call: {ask: `POST ${vm}/migrate`, with: {target: 'pve2', online: '1'}},
    needs: {'/vms/120': 'VM.Migrate'},
    without: [['/vms/120', failed('/vms/120', 'VM.Migrate')]],
  },
  {
    call: {ask: `POST ${vm}/move_disk`, with: {disk: 'scsi0', storage: 'local-zfs'}},
    needs: {'/vms/120': 'VM.Config.Disk', '/storage/local-zfs': 'Datastore.AllocateSpace'},
    without: [
      ['/vms/120', failed('/vms/120', 'VM.Config.Disk')],
      ['/storage/local-zfs', failed('/storage/local-zfs', 'Datastore.AllocateSpace')],
    ],
  },
  {
    call: {ask: `PUT ${vm}/resize`, with: {disk: 'scsi0', size: '+1G'}},
    needs: {'/vms/120': 'VM.Config.Disk', '/storage/ceph': 'Datastore.AllocateSpace'},
    without: [
      ['/vms/120', failed('/vms/120', 'VM.Config.Disk')],
      ['/storage/ceph', 'task Permission check failed (/storage/ceph, Datastore.AllocateSpace)'],
    ],
  },
  {
    call: {ask: `PUT ${ct}/resize`, with: {disk: 'rootfs', size: '+1G'}},
    needs: {'/vms/200': 'VM.Config.Disk VM.Config.Options', '/storage/local-zfs': 'Datastore.AllocateSpace'},
    without: [
      ['/vms/200', failed('/vms/200', 'VM.Config.Disk')],
      ['/storage/local-zfs', failed('/storage/local-zfs', 'Datastore.AllocateSpace')],
    ],
  },
  {
    call: {ask: 'POST /nodes/pve1/vzdump', with: {vmid: '120', storage: 'backup'}},
    needs: {'/vms/120': 'VM.Backup', '/storage/backup': 'Datastore.AllocateSpace'},
    without: [
      ['/vms/120', 'task Permission check failed (/vms/120, VM.Backup)'],
      ['/storage/backup', failed('/storage/backup', 'Datastore.AllocateSpace')],
    ],
  },
  {
    call: {ask: 'POST /nodes/pve3/qemu/110/template'},
    needs: {'/vms/110': 'VM.Allocate'},
    without: [['/vms/110', failed('/vms/110', 'VM.Allocate')]],
  },
  {
    call: {ask: `PUT ${vm}/firewall/options`, with: {enable: '1'}},
    needs: {'/vms/120': 'VM.Config.Network'},
    without: [['/vms/120', failed('/vms/120', 'VM.Config.Network')]],
  },
  {
    call: {ask: 'PUT /cluster/firewall/options', with: {enable: '1'}},
    needs: {'/': 'Sys.Modify'},
    without: [['/', failed('/', 'Sys.Modify')]],
  },
  {
    call: {ask: 'POST /pools', with: {poolid: 'p1'}},
    needs: {'/pool/p1': 'Pool.Allocate'},
    without: [['/pool/p1', failed('/pool/p1', 'Pool.Allocate')]],
  },
  {
    call: {ask: 'PUT /pools/empty', with: {vms: '110'}},
    needs: {'/pool/empty': 'Pool.Allocate', '/vms/110': 'VM.Allocate'},
    without: [
      ['/pool/empty', failed('/pool/empty', 'Pool.Allocate')],
      ['/vms/110', /^403 Permission check failed/],
    ],
  },
  {
    call: {ask: 'POST /cluster/ha/resources', with: {sid: 'vm:110'}},
    needs: {'/': 'Sys.Console'},
    without: [['/', failed('/', 'Sys.Console')]],
  },
  {
    call: {ask: 'POST /cluster/backup', with: {vmid: '120', storage: 'backup', schedule: 'daily'}},
    needs: {'/': 'Sys.Modify', '/storage/backup': 'Datastore.Allocate'},
    without: [
      ['/', failed('/', 'Sys.Modify')],
      ['/storage/backup', failed('/storage/backup', 'Datastore.Allocate')],
    ],
  },
  {
    call: {ask: 'PUT /cluster/options', with: {keyboard: 'de'}},
    needs: {'/': 'Sys.Modify'},
    without: [['/', failed('/', 'Sys.Modify')]],
  },
  {
    call: {ask: 'PUT /nodes/pve1/dns', with: {search: 'example.com', dns1: '192.0.2.1'}},
    needs: {'/nodes/pve1': 'Sys.Modify'},
    without: [['/nodes/pve1', failed('/nodes/pve1', 'Sys.Modify')]],
  },
  {
    call: {ask: 'POST /storage', with: {storage: 's1', type: 'dir', path: '/s1'}},
    needs: {'/storage': 'Datastore.Allocate'},
    without: [['/storage', failed('/storage', 'Datastore.Allocate')]],
  },
  {
    call: {ask: 'DELETE /nodes/pve1/storage/local/content/local:iso/debian-12.9.0-amd64-netinst.iso'},
    needs: {'/storage/local': 'Datastore.Allocate'},
    without: [['/storage/local', /^403 Permission check failed/]],
  },
  {
    call: {
      ask: 'DELETE /nodes/pve1/storage/backup/content/backup:backup/vzdump-qemu-100-2026_11_01-02_00_03.vma.zst',
    },
    needs: {'/storage/backup': 'Datastore.AllocateSpace', '/vms/100': 'VM.Backup'},
    without: [['/vms/100', /^403 Permission check failed/]],
  },
  {
    call: {
      ask: 'POST /nodes/pve1/storage/local/download-url',
      with: {content: 'iso', filename: 'x.iso', url: 'https://example.com/x.iso'},
    },
    needs: {'/storage/local': 'Datastore.AllocateTemplate', '/': 'Sys.Audit Sys.Modify'},
    without: [
      ['/storage/local', /^403 Permission check failed/],
      ['/', /^403 Permission check failed/],
    ],
  },
  {
    call: {
      ask: 'POST /nodes/pve1/storage/local/download-url',
      with: {content: 'iso', filename: 'x.iso', url: 'https://example.com/x.iso'},
    },
    needs: {'/storage/local': 'Datastore.AllocateTemplate', '/nodes/pve1': 'Sys.AccessNetwork'},
    without: [],
  },
  {
    call: {ask: 'POST /cluster/sdn/zones', with: {zone: 'z1', type: 'simple'}},
    needs: {'/sdn/zones': 'SDN.Allocate'},
    without: [['/sdn/zones', failed('/sdn/zones', 'SDN.Allocate')]],
  },
  {
    call: {ask: 'PUT /cluster/sdn'},
    needs: {'/sdn': 'SDN.Allocate'},
    without: [['/sdn', failed('/sdn', 'SDN.Allocate')]],
  },
  {
    pve: '8.4',
    call: {ask: 'POST /cluster/replication', with: {id: '110-0', type: 'local', target: 'pve1'}},
    needs: {'/storage': 'Datastore.Allocate'},
    without: [['/storage', failed('/storage', 'Datastore.Allocate')]],
  },
  {
    pve: '9.2',
    call: {ask: 'POST /cluster/replication', with: {id: '110-0', type: 'local', target: 'pve1'}},
    needs: {'/vms/110': 'VM.Replicate'},
    without: [['/vms/110', failed('/vms/110', 'VM.Replicate')]],
  },
  {
    call: {ask: 'POST /cluster/mapping/pci', with: {id: 'gpu', map: 'id=10de:1234,node=pve1,path=0000:01:00.0'}},
    needs: {'/mapping/pci': 'Mapping.Modify'},
    without: [['/mapping/pci', failed('/mapping/pci', 'Mapping.Modify')]],
  },
  {
    call: {ask: 'PUT /access/acl', with: {path: '/vms/120', users: 'web@pve', roles: 'PVEAuditor'}},
    needs: {'/vms/120': 'Permissions.Modify'},
    without: [['/vms/120', /^403 Permission check failed/]],
  },
  {
    call: {ask: 'PUT /access/acl', with: {path: '/vms/120', users: 'web@pve', roles: 'Operator'}},
    needs: {'/vms/120': 'VM.Allocate VM.Audit VM.PowerMgmt VM.Console'},
    without: [],
  },
  {
    call: {ask: 'POST /access/users', with: {userid: 'n@pve'}},
    needs: {'/access/groups': 'User.Modify', '/access/realm/pve': 'Realm.AllocateUser'},
    without: [
      ['/access/groups', /^403 Permission check failed/],
      ['/access/realm/pve', failed('/access/realm/pve', 'Realm.AllocateUser')],
    ],
  },
  {
    call: {ask: 'POST /access/roles', with: {roleid: 'r1', privs: 'VM.Audit'}},
    needs: {'/access': 'Sys.Modify'},
    without: [['/access', failed('/access', 'Sys.Modify')]],
  },
]

const without = (needs: Record<string, string>, path: string): Record<string, string> => {
  if (path.endsWith(' but others'))
    return {
      [path.split(' ')[0]!]: needs[path.split(' ')[0]!] === 'VM.Config.CDROM' ? 'VM.Config.CPU' : 'VM.Config.CDROM',
    }
  return Object.fromEntries(Object.entries(needs).filter(([key]) => key !== path))
}

const facts: Fact[] = rows.flatMap(({call, needs, without: lacking, first, pve, fact = 'privileges'}): Fact[] => {
  const name = `${call.ask} ${Object.entries(call.with ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ')}`
  const common = {fact, ...call, as: user, ...(first && {first}), ...(pve && {pve})}
  return [
    {...common, that: `${name} with all rights`, given: may(needs), comes: /^(200 OK|task (OK|WARNINGS: \d+))$/},
    ...lacking.map(([path, told]): Fact => ({
      ...common,
      that: `${name} without ${path}`,
      given: may(without(needs, path)),
      comes: told,
    })),
  ]
})

describe('facts of PVE: who may do what', () => {
  holdFacts(facts)
})
