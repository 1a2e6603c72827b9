// Objects with few keys, in odd spellings and with texts that mean something in HCL: what the cases of `kinds/` have not, as they set every key.

/** `"`, a template of HCL in both forms, one of Jinja, a backslash, and letters that are none of ASCII. */
export const hostile = 'a "b" ${c} %{ if d } {{ e }} \\f „g“ ü'

type Params = Readonly<Record<string, string | number>>
type Call = readonly [method: 'POST' | 'PUT', path: string, params: Params, release?: '8.4' | '9.2']

const hosts = [
  '127.0.0.1\tlocalhost.localdomain  localhost',
  '# a comment',
  '192.0.2.11 pve1.example.com pve1',
  '',
  '::1     ip6-localhost ip6-loopback',
  '',
].join('\n')

const access: readonly Call[] = [
  ['POST', '/access/users', {userid: 'sparse@pve'}],
  ['POST', '/access/users', {userid: 'hostile@pve', comment: hostile, firstname: 'O\'Neil "x"', enable: 0}],
  ['POST', '/access/users/root@pam/token/ci', {privsep: 0, comment: hostile, expire: 1_900_000_000}],
  ['POST', '/access/groups', {groupid: 'sparse'}],
  ['POST', '/access/roles', {roleid: 'Sparse'}],
  ['POST', '/access/roles', {roleid: 'Own', privs: 'VM.PowerMgmt,VM.Audit'}],
  ['PUT', '/access/acl', {path: '/', tokens: 'root@pam!ci', roles: 'Own', propagate: 0}],
  ['PUT', '/access/acl', {path: '/vms', groups: 'sparse', roles: 'Own,PVEAuditor'}],
  [
    'POST',
    '/access/domains',
    {
      ...{realm: 'odd', type: 'ldap', server1: '192.0.2.7', base_dn: 'dc=example', user_attr: 'cn', cert: '/a'},
      ...{user_classes: 'person,account', 'sync-defaults-options': 'scope=users,enable-new=0'},
    },
  ],
]

const storages: readonly Call[] = [
  ['POST', '/storage', {storage: 'sdir', type: 'dir', path: '/srv/${x}'}],
  ['POST', '/storage', {storage: 'snfs', type: 'nfs', server: '192.0.2.7', export: '/x'}],
  ['POST', '/storage', {storage: 'scifs', type: 'cifs', server: '192.0.2.7', share: 'x'}],
  ['POST', '/storage', {storage: 'slvm', type: 'lvm', vgname: 'x'}],
  ['POST', '/storage', {storage: 'sthin', type: 'lvmthin', vgname: 'x', thinpool: 'y'}],
  ['POST', '/storage', {storage: 'szfs', type: 'zfspool', pool: 'x'}],
  [
    'POST',
    '/storage',
    {storage: 'spbs', type: 'pbs', server: '192.0.2.7', datastore: 'x', username: 'a@pbs', password: 'hunter2hunter2'},
  ],
  ['POST', '/pools', {poolid: 'sparse', comment: hostile}],
  ['POST', '/pools', {poolid: 'sparse/below'}],
  ['PUT', '/pools', {poolid: 'sparse/below', storage: 'sdir'}],
  ['PUT', '/pools', {poolid: 'sparse', storage: 'snfs'}],
  ['POST', '/cluster/backup', {id: 'sall', schedule: 'sat 03:15', all: 1, storage: 'snfs', mailto: 'b@x.org,a@x.org'}],
  ['POST', '/cluster/backup', {id: 'sex', schedule: 'daily', all: 1, storage: 'local', exclude: '110,100', enabled: 0}],
]

const ofNodes: readonly Call[] = [
  ['POST', '/nodes/pve1/hosts', {data: hosts}],
  ['PUT', '/nodes/pve1/dns', {search: 'example.com', dns1: '192.0.2.2', dns2: '192.0.2.1'}],
  ['PUT', '/nodes/pve1/config', {description: `first\n\n${hostile}`}],
  ['POST', '/nodes/pve1/network', {iface: 'eno2', type: 'eth'}],
  ['POST', '/nodes/pve1/network', {iface: 'eno3', type: 'eth'}],
  ['POST', '/nodes/pve1/network', {iface: 'vmbr9', type: 'bridge', bridge_ports: 'eno3 eno2', comments: hostile}],
  ['POST', '/nodes/pve1/network', {iface: 'vmbr8', type: 'bridge', bridge_vlan_aware: 1, autostart: 1}],
  ['POST', '/nodes/pve1/network', {iface: 'vmbr0.30', type: 'vlan'}],
  ['POST', '/nodes/pve1/network', {iface: 'vmbr0.31', type: 'vlan', autostart: 1, cidr: '198.51.100.1/24'}],
]

const rule = {type: 'in', action: 'ACCEPT'}

const firewalls: readonly Call[] = [
  ['PUT', '/cluster/firewall/options', {enable: 1, log_ratelimit: 'enable=0,burst=7,rate=3/minute'}],
  ['POST', '/cluster/firewall/rules', {...rule, enable: 0, comment: hostile}],
  ['POST', '/cluster/firewall/groups', {group: 'sparse', comment: hostile}],
  ['POST', '/cluster/firewall/groups/sparse', {...rule, source: '192.0.2.1,198.51.100.1', macro: 'SSH', enable: 1}],
  ['POST', '/cluster/firewall/rules', {type: 'group', action: 'sparse', enable: 1, iface: 'eno1', comment: hostile}],
  ['POST', '/cluster/firewall/ipset', {name: 'sparse', comment: hostile}],
  ['POST', '/cluster/firewall/ipset/sparse', {cidr: '198.51.100.0/24', nomatch: 1}],
  ['POST', '/cluster/firewall/ipset/sparse', {cidr: '192.0.2.1', comment: hostile}],
  ['PUT', '/nodes/pve2/firewall/options', {enable: 1, log_level_in: 'info'}],
  ['POST', '/nodes/pve1/firewall/rules', {...rule, dport: '8006', proto: 'tcp', enable: 1}],
  ['PUT', '/nodes/pve1/firewall/options', {nosmurfs: 0}],
]

const mappings: readonly Call[] = [
  [
    'POST',
    '/cluster/mapping/pci',
    {
      ...{id: 'sgpu', description: hostile},
      map: 'node=pve1,path=0000:01:00.0,id=10de:1b80,subsystem-id=10de:119e,iommugroup=1,description=100% ü',
    },
  ],
  ['POST', '/cluster/mapping/usb', {id: 'susb', map: 'node=pve1,id=1050:0407,path=1-2.3'}],
  ['POST', '/cluster/mapping/dir', {id: 'sdir', map: 'node=pve2,path=/srv/x', description: '100% ü'}],
  ['POST', '/cluster/metrics/server/sgraph', {type: 'graphite', server: 'g.example.com', port: 2003}],
  ['PUT', '/cluster/options', {description: `${hostile}\n\n`}],
]

const sdn: readonly Call[] = [
  ['POST', '/cluster/sdn/controllers', {controller: 'sevpn', type: 'evpn', asn: 65_000, peers: '192.0.2.9,192.0.2.7'}],
  ['POST', '/cluster/sdn/zones', {zone: 'sev', type: 'evpn', controller: 'sevpn', 'vrf-vxlan': 10}],
  ['POST', '/cluster/sdn/zones', {zone: 'sqi', type: 'qinq', bridge: 'vmbr0', tag: 10}],
  ['POST', '/cluster/sdn/zones', {zone: 'ssi', type: 'simple'}],
  ['POST', '/cluster/sdn/zones', {zone: 'svx', type: 'vxlan', peers: '192.0.2.9,192.0.2.7'}],
  ['POST', '/cluster/sdn/vnets', {vnet: 'svn', zone: 'ssi'}],
  ['POST', '/cluster/sdn/vnets/svn/subnets', {subnet: '10.9.0.0/24', type: 'subnet'}],
  [
    'POST',
    '/cluster/sdn/vnets/svn/subnets',
    {
      ...{subnet: '10.10.0.0/24', type: 'subnet', gateway: '10.10.0.1'},
      'dhcp-range': 'start-address=10.10.0.10,end-address=10.10.0.20',
    },
  ],
  ['PUT', '/cluster/sdn', {}],
]

export const sparse: readonly Call[] = [
  ...[...access, ...storages, ...ofNodes, ...firewalls, ...mappings, ...sdn],
  ['POST', '/cluster/ha/resources', {sid: 'vm:100', comment: hostile}],
]
