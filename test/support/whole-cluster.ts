// A small cluster, whole: two nodes, and of every kind an object at least, as PVE 9.2 answers.
import {PmpcError} from '../../src/kit/errors/index.js'
import type {Reader} from '../../src/kit/proxmox/index.js'
import {auditor} from './auditor.js'

/** Answers by path and query: `/pools?poolid=web`. A function is called, an error is thrown; `JSON:` is parsed, as it comes over the wire. */
export type Answers = Record<string, unknown>

/** Every right that shows something. */
export const audit = {...auditor, 'Sys.Modify': 1}

const digest = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'

function guests(): Answers {
  const vm = (vmid: number, node: string) => ({
    type: 'qemu',
    vmid,
    node,
    status: 'running',
    id: `qemu/${vmid}`,
    pool: 'web',
  })
  const powers = [{vmid: 100, status: 'running', name: 'www'}]
  return {
    '/cluster/resources': [
      {type: 'node', node: 'pve1', status: 'online'},
      vm(100, 'pve1'),
      vm(101, 'pve2'),
      {type: 'lxc', vmid: 200, node: 'pve1', status: 'stopped', id: 'lxc/200'},
      {type: 'storage', storage: 'local', node: 'pve1'},
    ],
    '/cluster/status': [{type: 'node', name: 'pve1', ip: '192.0.2.1', nodeid: 1}],
    '/nodes': [
      {node: 'pve1', status: 'online', maxcpu: 4},
      {node: 'pve2', status: 'online', maxcpu: 4},
    ],
    '/nodes/pve1/qemu': powers,
    '/nodes/pve2/qemu': [{vmid: 101, status: 'running'}],
    '/nodes/pve1/lxc': [{vmid: 200, status: 'stopped'}],
    '/nodes/pve2/lxc': [],
    '/nodes/pve1/qemu/100/config': {
      name: 'www',
      memory: '2048',
      net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1',
      parent: 'before',
    },
    '/nodes/pve1/qemu/100/pending': [
      {key: 'memory', value: '1024', pending: '2048'},
      {key: 'name', value: 'www'},
    ],
    '/nodes/pve1/qemu/100/snapshot': [
      {name: 'before', snaptime: 1700000000},
      {name: 'current', parent: 'before'},
    ],
    '/nodes/pve1/qemu/100/firewall/options': {enable: 1, digest},
    '/nodes/pve1/qemu/100/firewall/rules': [{pos: 0, type: 'in', action: 'ACCEPT', enable: 1, digest}],
    '/nodes/pve1/qemu/100/firewall/refs': [{type: 'ipset', name: 'mine', ref: '+guest/mine', scope: 'guest'}],
    '/nodes/pve1/qemu/100/firewall/ipset': [{name: 'mine', digest}],
    '/nodes/pve1/qemu/100/firewall/ipset/mine': [{cidr: '192.0.2.7', comment: 'x', digest}],
    '/nodes/pve2/qemu/101/config': {name: 'db', memory: '4096'},
    '/nodes/pve2/qemu/101/pending': [],
    '/nodes/pve1/lxc/200/config': {hostname: 'dns', memory: 512, lxc: [['lxc.idmap', 'u 0 1 2']]},
    '/storage': [
      {storage: 'local', type: 'dir', path: '/var/lib/vz', digest: 'd1'},
      {storage: 'nas', type: 'nfs', server: '192.0.2.9', digest: 'd1'},
    ],
    '/pools': [{poolid: 'web', comment: 'the shop'}, {poolid: 'db'}],
    '/pools?poolid=web': [
      {
        poolid: 'web',
        members: [
          {type: 'storage', storage: 'local'},
          {type: 'qemu', vmid: 100},
        ],
      },
    ],
    '/pools?poolid=db': [{poolid: 'db', members: []}],
  }
}

function node(name: string, address: string): Answers {
  return {
    [`/nodes/${name}/version`]: {version: '9.2.3', release: '9.2'},
    [`/nodes/${name}/config`]: {description: 'rack 1\n', digest},
    [`/nodes/${name}/dns`]: {search: 'example.com', dns1: '192.0.2.53'},
    [`/nodes/${name}/time`]: {timezone: 'UTC', time: 1, localtime: 1},
    [`/nodes/${name}/hosts`]: {data: '127.0.0.1 localhost\n', digest},
    [`/nodes/${name}/network`]: [
      {iface: 'eno1', type: 'eth', method: 'manual', method6: 'manual', families: ['inet'], priority: 3},
      {iface: 'vmbr0', type: 'bridge', bridge_ports: 'eno1', cidr: `${address}/24`, autostart: 1, priority: 4},
    ],
    [`/nodes/${name}/firewall/options`]: {enable: 1, digest},
    [`/nodes/${name}/firewall/rules`]: [],
  }
}

const cluster: Answers = {
  '/access/users?full=1': [
    {userid: 'root@pam', enable: 1, 'realm-type': 'pam'},
    {userid: 'alice@pve', enable: 1, groups: 'ops', tokens: [{tokenid: 'ci', privsep: 1, expire: 0}]},
  ],
  '/access/groups': [{groupid: 'ops', users: 'alice@pve', comment: 'operators'}],
  '/access/roles': [
    {roleid: 'PVEAuditor', privs: 'VM.Audit,Sys.Audit', special: 1},
    {roleid: 'Operator', privs: 'VM.PowerMgmt', special: 0},
  ],
  '/access/acl': [
    {path: '/', type: 'user', ugid: 'alice@pve', roleid: 'PVEAuditor', propagate: 1},
    {path: '/vms', type: 'group', ugid: 'ops', roleid: 'Operator', propagate: 0},
  ],
  '/access/domains': [
    {realm: 'pam', type: 'pam', comment: 'Linux'},
    {realm: 'sso', type: 'openid'},
  ],
  '/access/domains/pam': {type: 'pam', comment: 'Linux', digest},
  '/access/domains/sso': {type: 'openid', 'issuer-url': 'https://sso.example.com', 'client-id': 'pve', digest},
  '/cluster/jobs/realm-sync': [{id: 'nightly', realm: 'sso', schedule: 'daily', enabled: 1, type: 'realm-sync'}],
  '/cluster/backup': [{id: 'backup-1', type: 'vzdump', schedule: '02:00', storage: 'nas', all: 1, enabled: 1}],
  '/cluster/replication': [
    {id: '100-0', guest: 100, jobnum: 0, type: 'local', target: 'pve2', source: 'pve1', schedule: '*/15'},
  ],
  '/cluster/ha/resources': [{sid: 'vm:100', type: 'vm', state: 'started', max_restart: 1, digest}],
  '/cluster/ha/rules': [{rule: 'apart', type: 'resource-affinity', resources: 'vm:100,vm:101', affinity: 'negative'}],
  '/cluster/firewall/options': {enable: 1, policy_in: 'DROP', digest},
  '/cluster/firewall/rules': [
    {pos: 0, type: 'in', action: 'ACCEPT', proto: 'tcp', dport: '8006', enable: 1, digest},
    {pos: 1, type: 'group', action: 'web', enable: 1, digest},
  ],
  '/cluster/firewall/aliases': [{name: 'office', cidr: '192.0.2.0/24', ipversion: 4, digest}],
  '/cluster/firewall/ipset': [{name: 'blocked', comment: 'bad', digest}],
  '/cluster/firewall/ipset/blocked': [{cidr: '198.51.100.0/24', nomatch: 1, digest}],
  '/cluster/firewall/groups': [{group: 'web', comment: 'shops', digest}],
  '/cluster/firewall/groups/web': [{pos: 0, type: 'in', action: 'ACCEPT', dport: '443', proto: 'tcp', enable: 1}],
  '/cluster/sdn/zones?pending=1': [
    {zone: 'z1', type: 'simple', digest: null},
    {zone: 'z2', type: 'vlan', state: 'new', pending: {bridge: 'vmbr0'}, digest: null},
  ],
  '/cluster/sdn/vnets?pending=1': [
    {vnet: 'v1', type: 'vnet', zone: 'z1', state: 'changed', pending: {alias: 'new'}, digest: null},
  ],
  '/cluster/sdn/vnets/v1/subnets?pending=1': [
    {
      ...{subnet: 'z1-192.0.2.0-24', id: 'z1-192.0.2.0-24', cidr: '192.0.2.0/24', mask: '24', network: '192.0.2.0'},
      ...{zone: 'z1', vnet: 'v1', type: 'subnet', 'dhcp-range': [], snat: 1, digest: null},
    },
  ],
  '/cluster/sdn/vnets/v1/firewall/options': {enable: 1, digest},
  '/cluster/sdn/vnets/v1/firewall/rules': [],
  '/cluster/sdn/controllers?pending=1': [
    {controller: 'c1', type: 'evpn', asn: 65000, peers: '192.0.2.1', digest: null},
  ],
  '/cluster/sdn/ipams': [{ipam: 'pve', type: 'pve', digest}],
  '/cluster/sdn/dns': [{dns: 'd1', type: 'powerdns', url: 'https://dns.example.com', digest}],
  '/cluster/sdn/fabrics/all': {
    fabrics: [{id: 'f1', protocol: 'openfabric', ip_prefix: '198.51.100.0/24', digest}],
    nodes: [{fabric_id: 'f1', node_id: 'pve1', protocol: 'openfabric', ip: '198.51.100.1', digest}],
  },
  '/cluster/sdn/prefix-lists?verbose=1': [
    {id: 'p1', entries: [{seq: 5, action: 'permit', prefix: '192.0.2.0/24'}], digest},
  ],
  '/cluster/sdn/route-maps/entries': [{'route-map-id': 'r1', order: 10, action: 'permit', digest}],
  '/cluster/options': {keyboard: 'de', mac_prefix: 'BC:24:11', 'allowed-tags': ['a']},
  '/cluster/metrics/server': [{id: 'm1', type: 'graphite', server: '192.0.2.60', port: 2003}],
  '/cluster/metrics/server/m1': {type: 'graphite', server: '192.0.2.60', port: 2003, digest},
  '/cluster/notifications/targets': [{name: 'mail-to-root', type: 'sendmail', origin: 'builtin'}],
  '/cluster/notifications/endpoints/sendmail': [
    {name: 'mail-to-root', 'mailto-user': ['root@pam'], origin: 'builtin', comment: 'mail'},
  ],
  '/cluster/notifications/matchers': [
    {name: 'default-matcher', mode: 'all', target: ['mail-to-root'], origin: 'builtin'},
  ],
  '/cluster/mapping/pci': [{id: 'gpu', map: ['node=pve1,path=0000:01:00.0,id=10de:1b80'], type: 'pci', digest}],
  '/cluster/mapping/usb': [{id: 'key', map: ['node=pve1,id=1050:0407'], type: 'usb', digest}],
  '/cluster/mapping/dir': [{id: 'data', map: ['node=pve1,path=/srv'], type: 'dir', digest}],
  '/cluster/qemu/custom-cpu-models': [{cputype: 'custom-avx', flags: '+avx2', 'reported-model': 'kvm64', digest}],
  '/cluster/acme/plugins': [{plugin: 'standalone', type: 'standalone', digest}],
  '/cluster/acme/account': [{name: 'default'}],
}

/** What the cluster answers, to whom may see all of it. */
export function wholeCluster(): Answers {
  return {
    '/access/permissions': Object.fromEntries(
      ['/', '/vms', '/storage', '/pool', '/access', '/access/groups', '/sdn', '/nodes', '/mapping'].map((path) => [
        path,
        audit,
      ]),
    ),
    ...guests(),
    ...node('pve1', '192.0.2.1'),
    ...node('pve2', '192.0.2.2'),
    ...structuredClone(cluster),
  }
}

/** A reader of these answers; an error is thrown, and what is not there does not exist. */
export function readerOf(answers: Answers, onAsked: (at: string) => void = () => undefined): Reader {
  const get = async (path: string, query: Record<string, string | number> = {}): Promise<unknown> => {
    const [[key, value] = ['', '']] = Object.entries(query)
    const permission = key === 'path' && !(`/access/permissions?path=${value}` in answers)
    const at = permission ? '/access/permissions' : key === '' ? path : `${path}?${key}=${value}`
    onAsked(key === '' ? path : `${path}?${key}=${value}`)
    const answer = Object.hasOwn(answers, at)
      ? answers[at]
      : new PmpcError('PMPC_NOT_FOUND', `no ${at}`, {suggestions: ['-']})
    if (answer instanceof Error) throw answer
    if (permission) return {[value]: audit}
    // As it comes over the wire: no two readings share an object.
    return typeof answer === 'string' && answer.startsWith('JSON:')
      ? JSON.parse(answer.slice(5))
      : structuredClone(answer)
  }
  return {get, getWhole: async (path: string, query?: never) => ({data: await get(path, query)})} as unknown as Reader
}
