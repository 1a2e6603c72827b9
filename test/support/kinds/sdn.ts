import type {Before, Case, Group} from './case.js'
import type {Pair} from './values.js'

const services = 'nodes dns reversedns dnszone ipam'

/** What zones of a type take (pve-network, PVE/Network/SDN/Zones). */
const zones: Record<string, {keys: string; needed?: string}> = {
  simple: {keys: `${services} mtu dhcp`},
  vlan: {keys: `${services} mtu bridge bridge-disable-mac-learning`, needed: 'bridge'},
  qinq: {keys: `${services} mtu bridge tag vlan-protocol bridge-disable-mac-learning`, needed: 'bridge tag'},
  vxlan: {keys: `${services} mtu vxlan-port peers`, needed: 'peers'},
  evpn: {
    keys:
      `${services} mtu controller vrf-vxlan exitnodes exitnodes-local-routing exitnodes-primary advertise-subnets disable-arp-nd-suppression ` +
      'bridge-disable-mac-learning rt-import vxlan-port mac secondary-controllers',
    needed: 'controller vrf-vxlan',
  },
  faucet: {keys: `${services} dp-id controller`, needed: 'dp-id controller'},
}

/** Two letters of a type, as names of zones are short. */
const short = (type: string): string => type.slice(0, 2)

const fingerprint: Pair = [Array(32).fill('AB').join(':'), Array(32).fill('CD').join(':')]
/** The node that answers takes two controllers of a type for itself (pve-network, PVE/Network/SDN/Controllers/BgpPlugin.pm (on_update_hook)). */
const elsewhere: Pair = ['pve2', 'pve3']
const urls: Pair = ['https://one.example.com/api', 'https://two.example.com/api']

export const sdn: Group = {
  before: [
    ['POST /cluster/sdn/ipams', {ipam: 'kipam', type: 'netbox', url: urls[0], token: 'one'}],
    ['POST /cluster/sdn/dns', {dns: 'kdns', type: 'powerdns', url: urls[0], key: 'one'}],
    ['POST /cluster/sdn/dns', {dns: 'kdnstwo', type: 'powerdns', url: urls[0], key: 'one'}],
    ['POST /cluster/sdn/controllers', {controller: 'kevpn', type: 'evpn', asn: 65000, peers: '192.0.2.7'}],
    ['POST /cluster/sdn/zones', {zone: 'kvz', type: 'vlan', bridge: 'vmbr0'}],
    ['POST /cluster/sdn/zones', {zone: 'kvztwo', type: 'vlan', bridge: 'vmbr0'}],
    ['POST /cluster/sdn/zones', {zone: 'ksz', type: 'simple', dns: 'kdns', dnszone: 'example.com'}],
    ['POST /cluster/sdn/vnets', {vnet: 'ksub', zone: 'ksz'}],
    ...['kfone', 'kftwo'].map((id, n): Before => [
      'POST /cluster/sdn/fabrics/fabric',
      {id, protocol: 'openfabric', ip_prefix: `10.${n}.0.0/24`},
      '9.2',
    ]),
    ...['openfabric', 'ospf', 'wireguard', 'bgp'].map((protocol, n): Before => [
      'POST /cluster/sdn/fabrics/fabric',
      {
        id: `kn${protocol.slice(0, 2)}`,
        protocol,
        ...(protocol !== 'wireguard' && {ip_prefix: `10.1${n}.0.0/16`}),
        ...(protocol === 'ospf' && {area: '0'}),
      },
      '9.2',
    ]),
    ['POST /cluster/sdn/prefix-lists', {id: 'kplone'}, '9.2'],
    ['POST /cluster/sdn/prefix-lists', {id: 'kpltwo'}, '9.2'],
  ],
  cases: [
    ...Object.entries(zones).map(([type, {keys, needed = ''}]): Case => ({
      kind: 'sdn-zone',
      of: type,
      names: (n) => ({zone: `k${short(type)}${n}`}),
      id: (n) => `k${short(type)}${n}`,
      fixed: {type},
      keys,
      needed: `dns ${needed}`,
      back: type === 'evpn' ? 'mac' : '',
      values: {
        dns: ['kdns', 'kdnstwo'],
        reversedns: ['kdns', 'kdnstwo'],
        ipam: ['pve', 'kipam'],
        mtu: [1400, 1450],
        bridge: ['vmbr0', 'vmbr1'],
        controller: ['kevpn', 'kevpn'],
        'vrf-vxlan': (n) => [10_000 + n, 20_000 + n],
        tag: [10, 11],
      },
    })),
    {
      kind: 'sdn-zone',
      of: 'vxlan, by a fabric instead of peers',
      release: '9.2',
      names: (n) => ({zone: `kxf${n}`}),
      id: (n) => `kxf${n}`,
      fixed: {type: 'vxlan'},
      keys: 'fabric',
      needed: 'fabric',
      values: {fabric: ['kfone', 'kftwo']},
    },
    {
      kind: 'sdn-vnet',
      names: (n) => ({vnet: `kv${n}`}),
      id: (n) => `kv${n}`,
      fixed: {type: 'vnet'},
      needed: 'tag',
      values: {zone: ['kvz', 'kvztwo'], tag: (n) => [100 + n, 200 + n], alias: ['first (one)', 'second-two']},
    },
    {
      kind: 'sdn-vnet',
      of: 'subnets',
      part: 'subnets',
      names: (n, call) => ({vnet: 'ksub', subnet: call === 'create' ? `198.18.${n}.0/24` : `ksz-198.18.${n}.0-24`}),
      id: () => 'ksub',
      at: (n) => ['subnets', `198.18.${n}.0/24`],
      values: {
        gateway: (n) => [`198.18.${n}.1`, `198.18.${n}.2`],
        'dhcp-range': (n) => [
          [`start-address=198.18.${n}.10,end-address=198.18.${n}.20`],
          [`start-address=198.18.${n}.10,end-address=198.18.${n}.30`],
        ],
        dnszoneprefix: ['one', 'two'],
      },
    },
    {
      kind: 'sdn-controller',
      of: 'bgp',
      names: (n) => ({controller: `kbgp${n}`}),
      id: (n) => `kbgp${n}`,
      fixed: {type: 'bgp'},
      keys: 'node asn peers bgp-multipath-as-path-relax ebgp ebgp-multihop loopback route-map-in route-map-out peer-group-name bgp-mode',
      needed: 'node asn peers',
      values: {
        node: elsewhere,
        'route-map-in': ['one', 'two'],
        'route-map-out': ['one', 'two'],
        loopback: ['lo', 'dummy1'],
      },
    },
    {
      kind: 'sdn-controller',
      of: 'isis',
      names: (n) => ({controller: `kisis${n}`}),
      id: (n) => `kisis${n}`,
      fixed: {type: 'isis'},
      keys: 'isis-domain isis-ifaces isis-net node loopback',
      needed: 'isis-domain isis-ifaces isis-net node',
      values: {node: elsewhere, loopback: ['lo', 'dummy1']},
    },
    {
      kind: 'sdn-controller',
      of: 'evpn',
      release: '9.2',
      names: (n) => ({controller: `kev${n}`}),
      id: (n) => `kev${n}`,
      fixed: {type: 'evpn'},
      needed: 'asn',
      keys: 'asn peers nodes ebgp ebgp-multihop loopback route-map-in route-map-out peer-group-name bgp-mode',
      values: {'route-map-in': ['one', 'two'], 'route-map-out': ['one', 'two'], loopback: ['lo', 'dummy1']},
    },
    {
      kind: 'sdn-controller',
      of: 'evpn, by a fabric',
      release: '9.2',
      names: (n) => ({controller: `kevf${n}`}),
      id: (n) => `kevf${n}`,
      fixed: {type: 'evpn', asn: 65001},
      keys: 'fabric',
      values: {fabric: ['kfone', 'kftwo']},
    },
    {
      kind: 'sdn-ipam',
      of: 'netbox',
      names: (n) => ({ipam: `kin${n}`}),
      id: (n) => `kin${n}`,
      fixed: {type: 'netbox'},
      keys: 'url token fingerprint',
      needed: 'url token',
      values: {url: urls, fingerprint},
    },
    {
      kind: 'sdn-ipam',
      of: 'phpipam',
      names: (n) => ({ipam: `kip${n}`}),
      id: (n) => `kip${n}`,
      fixed: {type: 'phpipam'},
      keys: 'url token section fingerprint',
      needed: 'url token section',
      values: {url: urls, fingerprint},
    },
    {
      kind: 'sdn-dns',
      names: (n) => ({dns: `kd${n}`}),
      id: (n) => `kd${n}`,
      fixed: {type: 'powerdns'},
      keys: 'url key ttl reversemaskv6 fingerprint',
      values: {url: urls, fingerprint},
    },
    ...(['openfabric', 'ospf', 'wireguard', 'bgp'] as const).map((protocol): Case => ({
      kind: 'sdn-fabric',
      of: protocol,
      release: '9.2',
      names: (n) => ({id: `k${protocol.slice(0, 2)}${n}`}),
      id: (n) => `k${protocol.slice(0, 2)}${n}`,
      fixed: {protocol},
      keys: {
        openfabric: 'csnp_interval hello_interval ip_prefix ip6_prefix route_filter',
        ospf: 'area ip_prefix redistribute route_filter',
        wireguard: 'persistent_keepalive',
        bgp: 'ip_prefix redistribute',
      }[protocol],
      needed: protocol === 'ospf' ? 'ip_prefix' : '',
      values: {
        area: ['0', '1'],
        ip6_prefix: ['2001:db8:1::/64', '2001:db8:2::/64'],
        route_filter: ['kplone', 'kpltwo'],
        redistribute: [['source=static'], ['source=kernel']],
      },
    })),
    ...(['openfabric', 'ospf', 'wireguard', 'bgp'] as const).map((protocol): Case => ({
      kind: 'sdn-fabric',
      of: `nodes of ${protocol}`,
      release: '9.2',
      part: 'nodes',
      names: (n) => ({fabric_id: `kn${protocol.slice(0, 2)}`, node_id: `node${n}`}),
      id: () => `kn${protocol.slice(0, 2)}`,
      at: (n) => ['nodes', `node${n}`],
      fixed: {protocol},
      keys: {
        openfabric: 'interfaces ip ip6',
        ospf: 'interfaces ip',
        wireguard: 'role endpoint public_key allowed_ips interfaces peers',
        bgp: 'interfaces ip',
      }[protocol],
      needed: protocol === 'wireguard' ? 'role public_key' : '',
      values: {
        ip: (n) => [`10.0.${n}.1`, `10.0.${n}.2`],
        ip6: (n) => [`fd00:${n}::1`, `fd00:${n}::2`],
        interfaces: [['name=eth1'], ['name=eth2']],
        allowed_ips: [
          ['192.0.2.0/24', '203.0.113.0/24'],
          ['198.51.100.0/24', '203.0.113.0/24'],
        ],
        endpoint: ['192.0.2.7:51820', '192.0.2.8:51820'],
      },
    })),
    {
      kind: 'sdn-prefix-list',
      release: '9.2',
      names: (n) => ({id: `kpl${n}`}),
      id: (n) => `kpl${n}`,
      values: {
        entries: [
          ['action=permit,prefix=192.0.2.0/24,seq=5', 'action=deny,prefix=198.51.100.0/24,seq=10'],
          ['action=permit,prefix=192.0.2.0/24,seq=5', 'action=permit,prefix=198.51.100.0/24,seq=10'],
        ],
      },
    },
    {
      kind: 'sdn-route-map',
      release: '9.2',
      part: 'entries',
      names: (n) => ({'route-map-id': `krm${n}`, order: 10}),
      id: (n) => `krm${n}`,
      at: () => ['entries', '10'],
      values: {
        call: ['one', 'two'],
        'exit-action': ['key=on-match-goto,value=20', 'key=on-match-goto,value=30'],
        match: [['key=metric,value=10'], ['key=metric,value=20']],
        set: [['key=weight,value=10'], ['key=weight,value=20']],
      },
    },
  ],
}
