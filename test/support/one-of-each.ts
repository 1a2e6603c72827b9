// One object of every kind, as the calls that make them.
import type {KindName} from '../../src/kit/resources/index.js'

type Call = readonly [method: 'POST' | 'PUT', path: string, parameters: Record<string, string | number>]

/** By kind; what the seed has is not made again. On the seed `cluster`, with offline services accepted. */
export const oneOfEach: Partial<Record<KindName, readonly Call[]>> = {
  user: [
    ['POST', '/access/users', {userid: 'one@pve', comment: 'first'}],
    ['POST', '/access/users/one@pve/token/ci', {privsep: 1}],
  ],
  group: [['POST', '/access/groups', {groupid: 'one', comment: 'first'}]],
  role: [['POST', '/access/roles', {roleid: 'One', privs: 'VM.Audit'}]],
  acl: [['PUT', '/access/acl', {path: '/vms/100', roles: 'PVEVMUser', users: 'one@pve'}]],
  realm: [
    ['POST', '/access/domains', {realm: 'dir', type: 'ldap', server1: '192.0.2.7', user_attr: 'uid', base_dn: 'dc=a'}],
  ],
  'realm-sync': [['POST', '/cluster/jobs/realm-sync/one', {realm: 'dir', schedule: 'daily', scope: 'users'}]],
  'backup-job': [['POST', '/cluster/backup', {id: 'one', schedule: '02:00', storage: 'backup', all: 1}]],
  'replication-job': [['POST', '/cluster/replication', {id: '110-0', type: 'local', target: 'pve1'}]],
  'ha-resource': [['POST', '/cluster/ha/resources', {sid: 'vm:102', max_restart: 2}]],
  'ha-rule': [['POST', '/cluster/ha/rules', {rule: 'one', type: 'node-affinity', resources: 'vm:102', nodes: 'pve1'}]],
  firewall: [
    ['PUT', '/cluster/firewall/options', {policy_in: 'ACCEPT'}],
    ['POST', '/cluster/firewall/rules', {type: 'in', action: 'ACCEPT', proto: 'tcp', dport: '8006'}],
    ['POST', '/cluster/firewall/aliases', {name: 'office', cidr: '192.0.2.0/24'}],
    ['POST', '/cluster/firewall/ipset', {name: 'blocked'}],
    ['POST', '/cluster/firewall/ipset/blocked', {cidr: '198.51.100.0/24'}],
    ['POST', '/nodes/pve1/firewall/rules', {type: 'in', action: 'DROP'}],
    ['POST', '/nodes/pve1/qemu/100/firewall/rules', {type: 'in', action: 'ACCEPT'}],
    ['POST', '/nodes/pve1/qemu/100/firewall/ipset', {name: 'mine'}],
    ['POST', '/nodes/pve1/qemu/100/firewall/ipset/mine', {cidr: '192.0.2.7'}],
  ],
  'security-group': [
    ['POST', '/cluster/firewall/groups', {group: 'one'}],
    ['POST', '/cluster/firewall/groups/one', {type: 'in', action: 'ACCEPT', proto: 'tcp', dport: '443'}],
  ],
  'sdn-zone': [['POST', '/cluster/sdn/zones', {zone: 'one', type: 'simple'}]],
  'sdn-vnet': [
    ['POST', '/cluster/sdn/vnets', {vnet: 'vone', zone: 'one'}],
    ['POST', '/cluster/sdn/vnets/vone/subnets', {subnet: '192.0.2.0/24', type: 'subnet', gateway: '192.0.2.1'}],
  ],
  'sdn-controller': [
    ['POST', '/cluster/sdn/controllers', {controller: 'one', type: 'evpn', asn: 65000, peers: '192.0.2.1'}],
  ],
  'sdn-dns': [
    ['POST', '/cluster/sdn/dns', {dns: 'one', type: 'powerdns', url: 'https://dns.example.com/api', key: 'k'}],
  ],
  'sdn-fabric': [
    ['POST', '/cluster/sdn/fabrics/fabric', {id: 'fone', protocol: 'openfabric', ip_prefix: '198.51.100.0/24'}],
  ],
  'sdn-prefix-list': [['POST', '/cluster/sdn/prefix-lists', {id: 'one'}]],
  'sdn-route-map': [['POST', '/cluster/sdn/route-maps/entries', {'route-map-id': 'one', order: 10, action: 'permit'}]],
  'metric-server': [['POST', '/cluster/metrics/server/one', {type: 'graphite', server: '192.0.2.60', port: 2003}]],
  'notification-target': [
    [
      'POST',
      '/cluster/notifications/endpoints/gotify',
      {name: 'one', server: 'https://gotify.example.com', token: 't'},
    ],
  ],
  'notification-matcher': [['POST', '/cluster/notifications/matchers', {name: 'one', target: 'mail-to-root'}]],
  'pci-mapping': [['POST', '/cluster/mapping/pci', {id: 'one', map: 'node=pve1,path=0000:01:00.0,id=10de:1b80'}]],
  'usb-mapping': [['POST', '/cluster/mapping/usb', {id: 'one', map: 'node=pve1,id=1050:0407'}]],
  'dir-mapping': [['POST', '/cluster/mapping/dir', {id: 'one', map: 'node=pve1,path=/srv', description: 'd'}]],
  'cpu-model': [
    ['POST', '/cluster/qemu/custom-cpu-models', {cputype: 'one', 'reported-model': 'kvm64', flags: '+aes'}],
  ],
  'acme-plugin': [['POST', '/cluster/acme/plugins', {id: 'one', type: 'dns', api: 'acmedns', data: 'YQ=='}]],
}
