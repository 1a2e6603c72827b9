import {expect} from 'chai'
import {clusterOf} from '../../../plugins/iac/src/estate.js'
import {emitCluster, type EmittedCluster} from '../../../plugins/iac/src/terraform/emit.js'
import {printBody} from '../../../plugins/iac/src/terraform/hcl.js'
import {tables} from '../../../plugins/iac/src/terraform/rows/index.js'
import {hostsIn} from '../../../plugins/iac/src/terraform/rows/node.js'
import {
  isGuest,
  kinds,
  type Config,
  type KindName,
  type Observed,
  type Value,
} from '../../../src/kit/resources/index.js'
import {wireKindOf} from '../../../src/kit/resources/kinds/on-wire.js'
import {MASK} from '../../../src/kit/secrets/index.js'
import {formatOf, keysOf} from '../../../src/kit/values/schema.js'
import type {ClusterConfig} from '../../../src/kit/workspace/index.js'

const settings: ClusterConfig = {endpoints: ['https://192.0.2.1:8006'], token: 'root@pam!t', trust: {system: true}}

const emit = (...objects: readonly Observed[]): EmittedCluster =>
  emitCluster(clusterOf('home', settings, objects), tables, (_key, _type, wish) => wish.replace(/\W+/g, '_'))

const object = (kind: KindName, id: string | number, config: Config, facts: Observed['facts'] = {}): Observed => ({
  ...{kind, id, config, facts},
})

const codeOf = ({resources}: EmittedCluster): string => printBody(resources.map(({block}) => block))
const unmappedIn = ({unmapped}: EmittedCluster): string[] => unmapped.map(({object: of, key}) => `${of} ${key}`)

/** What the keys of a table stand in: an object of each sort that the code tells apart. */
interface Place {
  kind: KindName
  id?: string | number
  table: string
  at: (keys: Config) => Config
  facts?: Observed['facts']
}

const types = (kind: KindName, key: string, ...names: readonly string[]): Place[] =>
  names.map((name) => ({kind, table: kind, at: (keys) => ({...keys, [key]: name})}))

const part = (kind: KindName, table: string, at: Place['at'], id?: string): Place => ({
  kind,
  table,
  at,
  ...(id && {id}),
})

const firewalls = ['cluster', 'node/pve1', 'guest/100', 'vnet/v'].flatMap((id): Place[] => [
  part('firewall', 'firewall.options', (keys) => ({options: keys}), id),
  part('firewall', 'firewall.rules', (keys) => ({rules: [keys, {...keys, type: 'group'}]}), id),
  part('firewall', 'firewall.aliases', (keys) => ({aliases: {a: keys}}), id),
  part('firewall', 'firewall.ipsets', (keys) => ({ipsets: {s: keys}}), id),
  part('firewall', 'firewall.ipsets.members', (keys) => ({ipsets: {s: {members: {'192.0.2.1': keys}}}}), id),
])

const storages = 'dir nfs cifs pbs zfspool lvm lvmthin btrfs cephfs esxi iscsi iscsidirect rbd zfs'.split(' ')

const places: readonly Place[] = [
  ...types('storage', 'type', ...storages),
  ...types('realm', 'type', 'ldap', 'ad', 'openid', 'pam', 'pve'),
  ...types('sdn-zone', 'type', 'simple', 'vlan', 'qinq', 'vxlan', 'evpn', 'faucet'),
  ...types('sdn-controller', 'type', 'evpn', 'bgp', 'isis'),
  ...types('sdn-fabric', 'protocol', 'openfabric', 'ospf', 'bgp', 'wireguard'),
  ...types('metric-server', 'type', 'graphite', 'influxdb', 'opentelemetry'),
  ...types('acme-plugin', 'type', 'dns', 'standalone'),
  ...types('ha-rule', 'type', 'node-affinity', 'resource-affinity'),
  ...(
    ['sdn-ipam', 'sdn-dns', 'sdn-prefix-list', 'notification-target', 'notification-matcher', 'cpu-model'] as const
  ).flatMap((kind) => types(kind, 'comment', 'x')),
  ...['pool', 'user', 'group', 'role', 'realm-sync', 'backup-job', 'replication-job', 'ha-resource', 'ha-group'].map(
    (kind) => part(kind as KindName, kind, (keys) => keys),
  ),
  ...['security-group', 'sdn-vnet', 'options', 'pci-mapping', 'usb-mapping', 'dir-mapping'].map((kind) =>
    part(kind as KindName, kind, (keys) => keys),
  ),
  part('user', 'user.tokens', (keys) => ({tokens: {t: keys}})),
  part('node', 'node.config', (keys) => ({config: keys})),
  part('node', 'node.dns', (keys) => ({dns: keys})),
  part('node', 'node', (keys) => keys),
  part('security-group', 'security-group.rules', (keys) => ({rules: [keys, {...keys, type: 'group'}]})),
  part('sdn-vnet', 'sdn-vnet.subnets', (keys) => ({zone: 'z', subnets: {'10.0.0.0/24': keys}})),
  ...['openfabric', 'ospf', 'bgp', 'wireguard'].flatMap((protocol) => [
    part('sdn-fabric', 'sdn-fabric.nodes', (keys) => ({protocol, nodes: {pve1: keys}})),
    part('sdn-fabric', 'sdn-fabric.nodes.interfaces', (keys) => ({
      ...{protocol, nodes: {pve1: {interfaces: [keys] as unknown as Value}}},
    })),
  ]),
  ...['bridge', 'vlan', 'bond', 'eth', 'alias', 'OVSBridge', 'OVSPort', 'unknown'].map((type) =>
    part('network', 'network', (keys) => ({vmbr0: {...keys, type}})),
  ),
  ...firewalls,
]

/** What is no scalar, and no property string. */
const lists: Record<string, Value> = {
  storage: ['a'],
  'dhcp-range': [{'start-address': '10.0.0.2'}],
  interfaces: [{name: 'e'}],
}

/** Each key that a contract has, with all its sub-keys. */
function everyKey({kind, table}: Place): [string, Value][] {
  const {leftOut, secret = {}} = wireKindOf(kind)
  const last = table.split('.').at(-1)!
  const isLeftOut = (key: string) =>
    [key, `${last}.*.${key}`, `*.${key}`, `${last}.${key}`].some((name) => Object.hasOwn(leftOut, name))
  return Object.entries(keysOf(table).keys).flatMap(([name, schema]): [string, Value][] => {
    const key = name.replace('[n]', '0')
    if (isLeftOut(key)) return []
    if (Object.hasOwn(secret, key)) return [[key, MASK]]
    if (Object.hasOwn(lists, key)) return [[key, lists[key]!]]
    const subkeys = Object.entries(formatOf(schema) ?? {}).filter(([, {alias}]) => alias === undefined)
    return [[key, subkeys.length < 2 ? '1' : Object.fromEntries(subkeys.map(([subkey]) => [subkey, '1']))]]
  })
}

describe('the tables of Terraform, of all kinds but guests', () => {
  it('are there for every kind', () => {
    expect(kinds.filter(({name}) => !tables[name]).map(({name}) => name)).to.deep.equal([])
    const tried = new Set(places.map(({kind}) => kind))
    const untried = kinds.map(({name}) => name).filter((name) => !tried.has(name) && !isGuest(name))
    expect(untried).to.deep.equal(['acl', 'sdn-route-map', 'acme-account'])
  })

  it('tell of every key that a contract has, alone and beside the others', () => {
    const guests = [object('vm', 100, {}, {node: 'pve1', status: 'stopped'})]
    const unmapped = places.flatMap((place) => {
      const {kind, id = kind, at, facts} = place
      const keys = everyKey(place)
      const alone = keys.map(([key, value]) => object(kind, id, at({[key]: value}), facts))
      return [...alone, object(kind, id, at(Object.fromEntries(keys)), facts), object(kind, id, at({}), facts)].flatMap(
        (one) => unmappedIn(emit(one, ...guests)).filter((text) => text.startsWith(`home/${kind}/`)),
      )
    })
    expect([...new Set(unmapped)]).to.deep.equal([])
  })

  it('know what a key is that nobody knows', () => {
    const objects = [
      object('storage', 'a', {type: 'dir', path: '/a', nosuch: 1}),
      object('user', 'a@pve', {enable: 1, tokens: {t: {privsep: 1, nosuch: 1}}}),
      object('network', 'pve1', {vmbr0: {type: 'bridge', nosuch: 1}}),
      object('firewall', 'cluster', {
        options: {enable: 1, nosuch: 1},
        rules: [{type: 'in', action: 'DROP', nosuch: 1}],
      }),
      object('options', 'options', {keyboard: 'de', nosuch: 1}),
      object('sdn-vnet', 'v', {zone: 'z', subnets: {'10.0.0.0/24': {nosuch: 1}}}),
      object('ha-rule', 'rr', {type: 'node-affinity', resources: ['vm:100'], nodes: ['pve1'], nosuch: 1}),
    ]
    expect(unmappedIn(emit(...objects))).to.deep.equal([
      'home/storage/a config.nosuch',
      'home/user/a@pve config.tokens.t.nosuch',
      'home/network/pve1 config.vmbr0.nosuch',
      'home/firewall/cluster config.options.nosuch',
      'home/firewall/cluster config.rules.0.nosuch',
      'home/options/options config.nosuch',
      'home/sdn-vnet/v config.subnets.10.0.0.0/24.nosuch',
      'home/ha-rule/rr config.nosuch',
    ])
  })

  it('refer to users, groups, roles, tokens, pools, storages and zones that are in the code, and name what is not', () => {
    const acl = object('acl', 'acl', {
      '/': {'a@pve': ['Own'], '@ops': ['PVEAuditor'], 'a@pve!t': ['Own:propagate=0'], 'root@pam': ['Administrator']},
    })
    const there = emit(
      object('user', 'a@pve', {enable: 1, tokens: {t: {privsep: 1}}}),
      object('group', 'ops', {}),
      object('role', 'Own', {privs: ['VM.Audit']}, {special: 0}),
      object('role', 'PVEAuditor', {privs: ['VM.Audit']}, {special: 1}),
      acl,
      object('storage', 'nas', {type: 'nfs', server: 'n', export: '/e', shared: 1}),
      object('pool', 'shop', {storage: ['nas']}),
      object('backup-job', 'b', {schedule: 'daily', storage: 'nas', pool: 'shop'}),
      object('sdn-zone', 'zone', {type: 'simple'}),
      object('sdn-vnet', 'net', {type: 'vnet', zone: 'zone', subnets: {'10.0.0.0/24': {}}}),
    )
    const code = codeOf(there)
    for (const reference of [
      'user_id += proxmox_virtual_environment_user.user_a_pve.user_id',
      'group_id += proxmox_virtual_environment_group.group_ops.group_id',
      'role_id += proxmox_virtual_environment_role.role_Own.role_id',
      'token_id += proxmox_user_token.user_a_pve_t.id',
      'pool_id += proxmox_virtual_environment_pool.pool_shop.pool_id',
      'storage_id += proxmox_storage_nfs.storage_nas.id',
      'storage += proxmox_storage_nfs.storage_nas.id',
      'zone += proxmox_sdn_zone_simple.sdn_zone_zone.id',
      'vnet += proxmox_sdn_vnet.sdn_vnet_net.id',
      'user_id += "root@pam"',
      'role_id += "PVEAuditor"',
    ])
      expect(code).to.match(new RegExp(`^  ${reference}$`, 'm'))
    expect(there.resources.filter(({kind}) => kind === 'acl').map(({importId}) => importId)).to.deep.equal([
      '/?ops?PVEAuditor',
      '/?a@pve?Own',
      '/?a@pve!t?Own',
      '/?root@pam?Administrator',
    ])
    expect(codeOf(emit(acl))).to.match(/^ {2}user_id += "a@pve"$/m)
  })

  it('leave out what is there from the beginning', () => {
    const {resources, verdicts, ledger} = emit(
      object('role', 'PVEAdmin', {privs: ['VM.Audit']}, {special: 1}),
      object('user', 'root@pam', {enable: 1, expire: 0}),
      object('realm', 'pve', {type: 'pve', comment: 'Proxmox VE authentication server'}),
      object('firewall', 'guest/100', {options: {}}),
    )
    expect(resources).to.deep.equal([])
    expect(verdicts.map(({verdict}) => verdict)).to.deep.equal(['safe', 'safe', 'safe', 'safe'])
    expect(ledger.every(({how}) => how === 'leftOut')).to.equal(true)
  })

  it('name the change after which code can be of an object, and edit it', () => {
    const {verdicts} = emit(
      object('storage', 'x', {type: 'lvm', vgname: 'x'}),
      object('sdn-zone', 'ev', {type: 'evpn', controller: 'c', 'vrf-vxlan': 1, 'advertise-subnets': 1}),
      object('backup-job', 'b', {schedule: 'daily', storage: 'local', 'exclude-path': ['/a']}),
      object('network', 'pve1', {'vmbr0.5': {type: 'vlan', 'vlan-id': 5, 'vlan-raw-device': 'vmbr0'}}),
      object('acme-plugin', 'd', {type: 'dns', api: 'cf', disable: 1}),
      object('firewall', 'cluster', {options: {enable: 1, policy_in: 'DROP'}}),
    )
    expect(verdicts.map(({verdict, change}) => [verdict, change])).to.deep.equal([
      ['unmanageable', 'pmpc set home/storage/x saferemove=0 --apply'],
      ['unmanageable', 'pmpc set home/sdn-zone/ev disable-arp-nd-suppression=0 exitnodes-local-routing=0 --apply'],
      ['unmanageable', 'pmpc set home/backup-job/b --unset=exclude-path --apply'],
      ['safe', `pmpc set home/network/pve1 '["vmbr0.5"].autostart=1' --apply`],
      ['unsafe', 'pmpc set home/acme-plugin/d --unset=disable --apply'],
      [
        'unsafe',
        'pvesh set /cluster/firewall/options --ebtables 1 --policy_out ACCEPT --policy_forward ACCEPT   # on a node',
      ],
    ])
  })

  it('write no secret', () => {
    const secrets = [
      object('user', 'a@pve', {enable: 1, keys: MASK}),
      object('storage', 'b', {type: 'pbs', server: 's', datastore: 'd', username: 'u', password: MASK}),
      object('realm', 'o', {type: 'openid', 'issuer-url': 'https://o', 'client-id': 'c', 'client-key': MASK}),
      object('metric-server', 'm', {type: 'influxdb', server: 's', port: 1, token: MASK}),
      object('acme-plugin', 'd', {type: 'dns', api: 'cf', data: MASK}),
      object('options', 'options', {http_proxy: `http://u:${MASK}@proxy:3128`}),
    ]
    const emitted = emit(...secrets)
    expect(codeOf(emitted)).to.not.include(MASK)
    expect(unmappedIn(emitted)).to.deep.equal([])
    const ignored = [...codeOf(emitted).matchAll(/ignore_changes += \[(.*)\]/g)].map(([, names]) => names)
    expect(ignored).to.deep.equal(['keys', 'password', 'data', 'http_proxy'])
  })

  it('read a file of hosts as the provider does', () => {
    const data = '127.0.0.1\tlocalhost  lo # back\n# 1.2.3.4 x\n 192.0.2.1 skipped\n\n::1 six\r\n'
    expect(hostsIn(data)).to.deep.equal([
      {address: '127.0.0.1', hostnames: ['localhost', 'lo', '#', 'back']},
      {address: '::1', hostnames: ['six\r']},
    ])
  })
})
