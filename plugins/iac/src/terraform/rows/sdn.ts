// Software-defined networks: bpg/terraform-provider-proxmox v0.112.0, fwprovider/cluster/sdn (fromAPI of each).
import {BlockList} from 'node:net'
import {elsewhere, isEmpty, isType, lost, observed} from './asides.js'
import {unmodelled} from './guests.js'
import {allOf, derived, flag, has, idOf, is, list, not, number, text} from './fields.js'
import type {At, Doubt, Field, Hindrance, KindRows, Resource, Test} from './row.js'

const id = derived('id', idOf)

const zoneFields: readonly Field[] = [
  number('mtu', 'config.mtu'),
  list('nodes', 'config.nodes'),
  text('ipam', 'config.ipam'),
  text('dns', 'config.dns'),
  text('reverse_dns', 'config.reversedns'),
  text('dns_zone', 'config.dnszone'),
]

const zoneOf = (type: string, fields: readonly Field[], hindrances: readonly Hindrance[] = []): Resource => ({
  type: `proxmox_sdn_zone_${type}`,
  file: 'sdn',
  when: is('config.type', type),
  importId: idOf,
  fields: [id, ...fields, ...zoneFields],
  known: {id: idOf},
  hindrances,
})

const bridge = text('bridge', 'config.bridge')

const zoneTypes: readonly Resource[] = [
  zoneOf('simple', [text('dhcp', 'config.dhcp')]),
  zoneOf('vlan', [bridge]),
  zoneOf('qinq', [bridge, number('service_vlan', 'config.tag'), text('service_vlan_protocol', 'config.vlan-protocol')]),
  zoneOf('vxlan', [list('peers', 'config.peers')]),
  zoneOf(
    'evpn',
    [
      {
        ...{to: 'controller', from: 'config.controller'},
        as: (value, at) => at.reference('sdn-controller', String(value), String(value)),
      },
      number('vrf_vxlan', 'config.vrf-vxlan'),
      flag('advertise_subnets', 'config.advertise-subnets'),
      flag('disable_arp_nd_suppression', 'config.disable-arp-nd-suppression'),
      list('exit_nodes', 'config.exitnodes'),
      flag('exit_nodes_local_routing', 'config.exitnodes-local-routing'),
      text('primary_exit_node', 'config.exitnodes-primary'),
      {...text('rt_import', 'config.rt-import'), as: (value) => [value].flat().map(String).join(',')},
    ],
    [
      {
        when: (at) => !/^(\d+:\d+)?$/.test([at.get('config.rt-import') ?? ''].flat().join(',')),
        of: ['rt_import'],
        why: 'the provider takes one route target of numbers',
      },
    ],
  ),
]

const readsNull =
  'in Proxmox VE the provider reads null, and puts its default in the place of it whatever the code says'

/** Keys that the provider has a default for, and reads as null where they are absent. */
const needed = (type: string, keys: Readonly<Record<string, string>>, change: Change): Doubt => {
  const lacking = (at: At): string[] => Object.keys(keys).filter((key) => !has(`config.${key}`)(at))
  return {
    when: (at) => is('config.type', type)(at) && lacking(at).length > 0,
    why: (at) => `where ${lacking(at).join(', ')} ${lacking(at).length === 1 ? 'is' : 'are'} absent ${readsNull}`,
    ...change((at) => lacking(at).map((key): [string, string] => [key, keys[key]!])),
  }
}

type Change = (lacking: (at: At) => readonly [string, string][]) => Pick<Doubt, 'change' | 'onNode'>

const bySet: Change = (lacking) => ({change: (at) => lacking(at).map(([key, value]) => `${key}=${value}`)})

/** What a zone is to be waits until SDN is applied. */
const onNode: Change = (lacking) => ({
  onNode: (at) => [
    ['pvesh', 'set', `/cluster/sdn/zones/${idOf(at)}`, ...lacking(at).flatMap(([key, value]) => [`--${key}`, value])],
    ['pvesh', 'set', '/cluster/sdn'],
  ],
})

/** Of these the provider reads what is pending alone. */
const isHalfRead: Test = allOf(is('config.type', 'qinq', 'vxlan'), is('facts.state', 'changed'))

const nothing = (what: string) => (at: At) =>
  ({
    how: 'inexpressible',
    why: `the provider has no resource for ${what} of type ${String(at.get('config.type') ?? at.get('config.protocol'))}`,
  }) as const

const pending = observed('state')

const zone: KindRows = {
  kind: 'sdn-zone',
  resources: zoneTypes,
  none: nothing('zones'),
  asides: [
    isType,
    pending,
    ...elsewhere(zoneTypes),
    lost('bridge-disable-mac-learning', 'vxlan-port', 'mac', 'secondary-controllers', 'dp-id', 'fabric', 'controller'),
  ],
  unmanageable: [
    needed(
      'evpn',
      {
        'advertise-subnets': '0',
        'disable-arp-nd-suppression': '0',
        'exitnodes-local-routing': '0',
      },
      bySet,
    ),
    needed('qinq', {'vlan-protocol': '802.1q'}, onNode),
    {
      when: allOf(is('config.type', 'vxlan'), not(has('config.peers'))),
      why: 'the provider wants peers, and this zone has them from a fabric',
    },
    {
      when: isHalfRead,
      why: 'its changes are not brought into use yet, and until then the provider reads these alone',
    },
  ],
}

const alias = /^[()._a-zA-Z0-9\s-]{1,256}$/

const isVnetRead: Test = (at) => !has('config.alias')(at) || alias.test(String(at.get('config.alias')))

/** `vnet1/zone1-10.0.0.0-24`. */
const subnetId = (at: At): string =>
  `${idOf(at)}/${String(at.get('config.zone'))}-${at.path.at(-1)!.replaceAll('/', '-')}`

/** Addresses that are none of the subnet's, which the provider does not take (ValidateConfig). */
const outside = (attribute: string, keys: readonly string[]): Hindrance => ({
  when: (at) => keys.some((key) => has(key)(at) && !isWithin(at.path.at(-1)!, String(at.get(key)))),
  of: [attribute],
  why: 'the provider takes addresses of the subnet only',
})

function isWithin(subnet: string, address: string): boolean {
  const [network = '', length] = subnet.split('/')
  const family = network.includes(':') ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(network, Number(length), family)
  return list.check(address, address.includes(':') ? 'ipv6' : 'ipv4')
}

const vnet: KindRows = {
  kind: 'sdn-vnet',
  resources: [
    {
      type: 'proxmox_sdn_vnet',
      file: 'sdn',
      importId: idOf,
      fields: [
        id,
        {
          ...{to: 'zone', from: 'config.zone'},
          as: (value, at) => at.reference('sdn-zone', String(value), String(value)),
        },
        text('alias', 'config.alias'),
        number('tag', 'config.tag'),
        flag('vlan_aware', 'config.vlanaware'),
        flag('isolate_ports', 'config.isolate-ports'),
      ],
      known: {id: idOf},
      hindrances: [{when: not(isVnetRead), of: ['alias'], why: 'the provider does not take all letters of this alias'}],
    },
    {
      type: 'proxmox_sdn_subnet',
      file: 'sdn',
      each: 'config.subnets.*',
      importId: subnetId,
      fields: [
        derived('vnet', (at) => at.reference('sdn-vnet', idOf(at), idOf(at))),
        derived('cidr', ({path}) => path.at(-1)!),
        text('gateway', 'gateway'),
        flag('snat', 'snat'),
        text('dhcp_dns_server', 'dhcp-dns-server'),
        text('dns_zone_prefix', 'dnszoneprefix'),
        {
          ...{to: 'dhcp_range', from: 'dhcp-range.0'},
          as: (value) => {
            const range = value as Record<string, string>
            return {start_address: range['start-address']!, end_address: range['end-address']!}
          },
        },
      ],
      hindrances: [
        outside('gateway', ['gateway']),
        outside('dhcp_dns_server', ['dhcp-dns-server']),
        outside('dhcp_range', ['dhcp-range.0.start-address', 'dhcp-range.0.end-address']),
      ],
    },
  ],
  asides: [
    isType,
    pending,
    {
      of: 'config.subnets.*.dhcp-range.*',
      ...{how: 'inexpressible', why: 'the provider models the first range only; the others stay as they are'},
    },
    {of: 'config.subnets.*', where: isEmpty, how: 'leftOut', why: 'the address is all there is of it'},
    {of: ['config.subnets', 'config.subnets.*.dhcp-range'], where: isEmpty, how: 'leftOut', why: 'nothing is in it'},
  ],
  unsafe: [
    {
      when: (at) => at.each('config.subnets.*.dhcp-range.*').some(({path}) => path.at(-1) !== '0'),
      why: 'a subnet has several ranges for DHCP: the provider reads the first, and an edit of the subnet takes the others from it',
    },
  ],
}

const controller: KindRows = {
  kind: 'sdn-controller',
  resources: [
    {
      type: 'proxmox_sdn_controller_evpn',
      file: 'sdn',
      when: is('config.type', 'evpn'),
      importId: idOf,
      fields: [
        id,
        number('asn', 'config.asn'),
        list('peers', 'config.peers'),
        {
          ...{to: 'fabric', from: 'config.fabric'},
          as: (value, at) => at.reference('sdn-fabric', String(value), String(value)),
        },
      ],
      known: {id: idOf},
    },
  ],
  none: nothing('controllers'),
  asides: [
    isType,
    pending,
    lost(
      ...['bgp-mode', 'bgp-multipath-as-path-relax', 'bgp-multipath-as-relax', 'ebgp', 'ebgp-multihop', 'loopback'],
      ...[
        'node',
        'nodes',
        'peer-group-name',
        'route-map-in',
        'route-map-out',
        'isis-domain',
        'isis-ifaces',
        'isis-net',
      ],
    ),
  ],
  unmanageable: [
    {
      when: allOf(is('config.type', 'evpn'), not(has('config.asn'))),
      why: 'the provider wants the number of an autonomous system',
    },
  ],
}

const fabricOf = (protocol: string, fields: readonly Field[]): Resource => ({
  type: `proxmox_sdn_fabric_${protocol}`,
  file: 'sdn',
  when: is('config.protocol', protocol),
  importId: idOf,
  fields: [id, ...fields],
  known: {id: idOf},
})

const fabricNodeOf = (protocol: string, fields: readonly Field[]): Resource => ({
  type: `proxmox_sdn_fabric_node_${protocol}`,
  file: 'sdn',
  when: is('config.protocol', protocol),
  each: 'config.nodes.*',
  importId: (at) => `${idOf(at)}/${at.path.at(-1)!}`,
  fields: [
    derived('fabric_id', (at) => at.reference('sdn-fabric', idOf(at), idOf(at))),
    derived('node_id', ({path}) => path.at(-1)!),
    derived('interface_names', (at) => at.each('interfaces.*').map((card) => String(card.get('name')))),
    ...fields,
  ],
})

const isModelled = is('config.protocol', 'ospf', 'openfabric')

const fabricTypes: readonly Resource[] = [
  fabricOf('openfabric', [
    text('ip_prefix', 'config.ip_prefix'),
    text('ip6_prefix', 'config.ip6_prefix'),
    number('csnp_interval', 'config.csnp_interval'),
    number('hello_interval', 'config.hello_interval'),
  ]),
  fabricNodeOf('openfabric', [text('ip', 'ip'), text('ip6', 'ip6')]),
  fabricOf('ospf', [text('area', 'config.area'), text('ip_prefix', 'config.ip_prefix')]),
  fabricNodeOf('ospf', [text('ip', 'ip')]),
]

const fabric: KindRows = {
  kind: 'sdn-fabric',
  resources: fabricTypes,
  none: nothing('fabrics'),
  asides: [
    pending,
    ...elsewhere(fabricTypes),
    {of: 'config.protocol', how: 'leftOut', why: 'the type of the resource says it'},
    lost(
      'route_filter',
      'redistribute',
      'persistent_keepalive',
      'ip6_prefix',
      'csnp_interval',
      'hello_interval',
      'asn',
    ),
    {of: 'config.nodes.*.interfaces.*', keys: ['name'], how: 'leftOut', why: 'written in `interface_names`'},
    {
      of: 'config.nodes.*.interfaces.*',
      keys: ['ip', 'ip6', 'hello_interval', 'hello_multiplier', 'csnp_interval', 'listen_port', 'network_type'],
      ...{how: 'inexpressible', why: unmodelled},
    },
    {
      of: 'config.nodes.*',
      keys: ['allowed_ips', 'endpoint', 'peers', 'public_key', 'role', 'ip6', 'ip'],
      ...{how: 'inexpressible', why: unmodelled},
    },
    {
      of: ['config.nodes', 'config.nodes.*', 'config.nodes.*.interfaces', 'config.nodes.*.interfaces.*'],
      where: isEmpty,
      how: 'leftOut',
      why: 'nothing is in it',
    },
  ],
  unmanageable: [
    {
      when: allOf(is('config.protocol', 'ospf'), not(allOf(has('config.area'), has('config.ip_prefix')))),
      why: 'the provider wants an area and a prefix of IPv4',
    },
  ],
  unsafe: [
    {
      when: allOf(isModelled, (at) =>
        at.each('config.nodes.*.interfaces.*').some(({value}) => Object.keys(value as object).length > 1),
      ),
      why: 'its interfaces have keys that the provider does not model, and an edit of the node takes them from it',
    },
  ],
}

export const sdn: readonly KindRows[] = [zone, vnet, controller, fabric]
