import {byKey, groupedBy, isMap, mapsOf, propertiesOf} from './answers.js'
import type {Kind} from './kind.js'
import type {Value, ValueMap} from '../model.js'
import {madeUp, type KindTravel} from './travel.js'
import type {Entry, KindWire} from './wire.js'

const name = {heading: 'NAME', field: 'id'} as const
const type = {heading: 'TYPE', field: 'config.type'} as const
const url = {heading: 'URL', field: 'config.url'} as const
/** `new`, `changed` or `deleted`: what the next apply does. */
const pending = {heading: 'PENDING', field: 'facts.state'} as const
const byName = {aliases: [], declared: true, id: 'name', facts: []} as const

/** Networks of the whole cluster. */
export const sdn = [
  {
    ...byName,
    name: 'sdn-zone',
    plural: 'sdn-zones',
    idKey: 'zone',
    file: 'sdn/zone/{id}.yaml',
    facts: ['state'],
    shapes: {nodes: 'set', exitnodes: 'set', peers: 'set', 'rt-import': 'set', 'secondary-controllers': 'set'},
    columns: [
      name,
      type,
      pending,
      {heading: 'BRIDGE', field: 'config.bridge'},
      {heading: 'NODES', field: 'config.nodes'},
      {heading: 'MTU', field: 'config.mtu', wide: true, align: 'right'},
      {heading: 'IPAM', field: 'config.ipam', wide: true},
    ],
  },
  {
    ...byName,
    name: 'sdn-vnet',
    plural: 'sdn-vnets',
    idKey: 'vnet',
    file: 'sdn/vnet/{id}.yaml',
    facts: ['state'],
    shapes: {subnets: {map: {'*': {map: {'dhcp-range': {rows: {}, first: ['start-address', 'end-address']}}}}}},
    columns: [
      name,
      {heading: 'ZONE', field: 'config.zone'},
      pending,
      {heading: 'TAG', field: 'config.tag', align: 'right'},
      {heading: 'SUBNETS', field: 'config.subnets', align: 'right'},
      {heading: 'ALIAS', field: 'config.alias'},
    ],
  },
  {
    ...byName,
    name: 'sdn-controller',
    plural: 'sdn-controllers',
    idKey: 'controller',
    file: 'sdn/controller/{id}.yaml',
    facts: ['state'],
    // The last is set as `bgp-multipath-as-path-relax`, says the contract of 9.2.
    shapes: {nodes: 'set', peers: 'set', 'isis-ifaces': 'set', 'bgp-multipath-as-relax': 'scalar'},
    columns: [name, type, pending, {heading: 'ASN', field: 'config.asn', align: 'right'}],
  },
  {
    ...byName,
    name: 'sdn-ipam',
    plural: 'sdn-ipams',
    idKey: 'ipam',
    file: 'sdn/ipam/{id}.yaml',
    builtin: ({id, config}) => id === 'pve' && Object.keys(config).every((key) => key === 'type'),
    columns: [name, type, url],
  },
  {
    ...byName,
    name: 'sdn-dns',
    plural: 'sdn-dns',
    idKey: 'dns',
    file: 'sdn/dns/{id}.yaml',
    columns: [name, type, url],
  },
  {
    ...byName,
    name: 'sdn-fabric',
    plural: 'sdn-fabrics',
    idKey: 'id',
    file: 'sdn/fabric/{id}.yaml',
    shapes: {
      redistribute: {rows: {}, first: ['source']},
      nodes: {
        map: {
          '*': {
            map: {
              allowed_ips: 'set',
              interfaces: {rows: {}, first: ['name']},
              peers: {rows: {}, first: ['node']},
            },
          },
        },
      },
    },
    columns: [name, {heading: 'PROTOCOL', field: 'config.protocol'}, {heading: 'PREFIX', field: 'config.ip_prefix'}],
  },
  {
    ...byName,
    name: 'sdn-prefix-list',
    plural: 'sdn-prefix-lists',
    idKey: 'id',
    file: 'sdn/prefix-list/{id}.yaml',
    shapes: {entries: {map: {'*': {map: {}}}}},
    columns: [name, {heading: 'ENTRIES', field: 'config.entries', align: 'right'}],
  },
  {
    ...byName,
    name: 'sdn-route-map',
    plural: 'sdn-route-maps',
    idKey: 'route-map-id',
    file: 'sdn/route-map/{id}.yaml',
    shapes: {
      entries: {
        map: {
          '*': {
            map: {
              match: {rows: {}, first: ['key', 'value']},
              set: {rows: {}, first: ['key', 'value']},
              'exit-action': {map: {}},
            },
          },
        },
      },
    },
    columns: [name],
  },
] as const satisfies readonly Kind[]

const checksum = 'a checksum'
/** Under `pending=1` it is null; a change reads it again without. */
const digest = {digest: checksum} as const
const running = {running: 1} as const
const pendingToo = {query: {pending: 1}, restIsConfig: true} as const
const privileges = ['SDN.Audit', 'SDN.Allocate'] as const
const travel = {
  unset: 'delete',
  digest: ['update'],
  commit: 'PUT /cluster/sdn',
  revert: {call: 'POST /cluster/sdn/rollback', since: '9'},
  consequence: 'cuts-network',
} as const

/** By address; what repeats the address, the zone and the vnet is left out. */
function subnetsIn(answer: unknown): Record<string, Entry> | undefined {
  const subnets = byKey(answer, 'cidr')
  return (
    subnets && Object.fromEntries(Object.entries(subnets).map(([cidr, subnet]) => [cidr, withoutEmptyList(subnet)]))
  )
}

function withoutEmptyList(entry: Entry): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => !Array.isArray(value) || value.length > 0))
}

/** Fabrics with their nodes by name. */
function fabricsIn(answer: unknown): readonly Entry[] | undefined {
  if (!isMap(answer)) return undefined
  const [fabrics, nodes] = [mapsOf(answer.fabrics), mapsOf(answer.nodes)]
  if (!fabrics || !nodes) return undefined
  const withNodes = fabrics.map((fabric): Entry | undefined => {
    const members = byKey(
      nodes.filter(({fabric_id}) => fabric_id === fabric.id),
      'node_id',
    )
    if (!members) return undefined
    const named = Object.entries(members).map(([name, member]) => [name, withoutEmptyList(member)])
    return {...withoutEmptyList(fabric), ...(named.length > 0 ? {nodes: Object.fromEntries(named) as unknown} : {})}
  })
  return withNodes.every((fabric) => fabric !== undefined) ? withNodes : undefined
}

/** Prefix lists with their entries by number; what has none is told in order, from 1. */
function prefixListsIn(answer: unknown): readonly Entry[] | undefined {
  const lists = mapsOf(answer)?.map((list): Entry | undefined => {
    const given = list.entries ?? []
    if (!Array.isArray(given)) return undefined
    const entries = given.map(entryOf)
    if (!entries.every((entry) => entry !== undefined)) return undefined
    const numbered = byKey(
      entries.map((entry, index) => ({seq: index + 1, ...entry})),
      'seq',
    )
    const {entries: listed, ...rest} = list
    return numbered && {...rest, ...(entries.length > 0 && listed !== undefined ? {entries: numbered} : {})}
  })
  return lists?.every((list) => list !== undefined) ? lists : undefined
}

function entryOf(given: unknown): Entry | undefined {
  return typeof given === 'string' ? propertiesOf([given])?.[0] : isMap(given) ? given : undefined
}

/** Route maps, each from its entries, by their order. */
function routeMapsIn(answer: unknown): readonly Entry[] | undefined {
  const maps = groupedBy(mapsOf(answer) ?? [{}], 'route-map-id')
  const whole = Object.entries(maps ?? {}).map(([name, members]): Entry | undefined => {
    const entries = byKey(members, 'order')
    if (!entries) return undefined
    const kept = Object.entries(entries).map(([order, entry]) => [order, withoutEmptyList(entry)])
    return {'route-map-id': name, entries: Object.fromEntries(kept) as unknown}
  })
  return maps && whole.every((map) => map !== undefined) ? whole : undefined
}

export const sdnOnWire = () =>
  [
    {
      name: 'sdn-zone',
      list: {path: '/cluster/sdn/zones', idKey: 'zone', ...pendingToo},
      pending: {key: 'pending'},
      leftOut: digest,
      sight: {path: '/sdn/zones/{id}', privileges},
    },
    {
      name: 'sdn-vnet',
      list: {path: '/cluster/sdn/vnets', idKey: 'vnet', ...pendingToo},
      parts: [{key: 'subnets', path: '/cluster/sdn/vnets/{id}/subnets', query: {pending: 1}, value: subnetsIn}],
      pending: {key: 'pending'},
      leftOut: {
        ...digest,
        'subnets.*.digest': checksum,
        'subnets.*.state': 'follows from what is pending',
        'subnets.*.id': 'repeats zone and address',
        'subnets.*.subnet': 'repeats zone and address',
        'subnets.*.network': 'repeats the address',
        'subnets.*.mask': 'repeats the address',
        'subnets.*.zone': "is the vnet's",
        'subnets.*.vnet': 'is the vnet',
        'subnets.*.type': 'is the same for all',
      },
      sight: {path: '/sdn/zones/{zone}/{id}', privileges},
    },
    {
      name: 'sdn-controller',
      list: {path: '/cluster/sdn/controllers', idKey: 'controller', ...pendingToo},
      pending: {key: 'pending'},
      leftOut: digest,
      sight: {path: '/sdn/controllers/{id}', privileges},
    },
    {
      name: 'sdn-ipam',
      list: {path: '/cluster/sdn/ipams', idKey: 'ipam', restIsConfig: true},
      leftOut: digest,
      secret: {token: 'shown to whoever may audit'},
      sight: {path: '/sdn/ipams/{id}', privileges},
    },
    {
      name: 'sdn-dns',
      list: {path: '/cluster/sdn/dns', idKey: 'dns', restIsConfig: true},
      leftOut: digest,
      secret: {key: 'shown to whoever may audit'},
      sight: {path: '/sdn/dns/{id}', privileges},
    },
    {
      name: 'sdn-fabric',
      list: {
        path: '/cluster/sdn/fabrics/all',
        inUse: running,
        idKey: 'id',
        entries: fabricsIn,
        restIsConfig: true,
      },
      leftOut: {
        ...digest,
        'nodes.*.digest': checksum,
        'nodes.*.fabric_id': 'is the fabric',
        'nodes.*.protocol': "is the fabric's",
      },
      sight: {path: '/sdn/fabrics/{id}', privileges},
      since: '9',
    },
    {
      name: 'sdn-prefix-list',
      list: {
        path: '/cluster/sdn/prefix-lists',
        query: {verbose: 1},
        inUse: running,
        idKey: 'id',
        entries: prefixListsIn,
        restIsConfig: true,
      },
      leftOut: digest,
      sight: {path: '/sdn/prefix-lists/{id}', privileges},
      since: '9',
    },
    {
      name: 'sdn-route-map',
      list: {
        path: '/cluster/sdn/route-maps/entries',
        inUse: running,
        idKey: 'route-map-id',
        entries: routeMapsIn,
        restIsConfig: true,
      },
      leftOut: {'entries.*.digest': checksum},
      sight: {path: '/sdn/route-maps/{id}', privileges},
      since: '9',
    },
  ] as const satisfies readonly KindWire[]

/** Entries by number as the list that PVE takes. */
function inList(entries: Value): Value {
  return isMap(entries)
    ? Object.entries(entries).map(([seq, entry]): ValueMap => ({seq: Number(seq), ...(entry as ValueMap)}))
    : entries
}

export const sdnTravels = () =>
  [
    {
      name: 'sdn-zone',
      ...travel,
      create: 'POST /cluster/sdn/zones',
      update: 'PUT /cluster/sdn/zones/{zone}',
      remove: 'DELETE /cluster/sdn/zones/{zone}',
      createOnly: ['type'],
      refs: {
        nodes: 'node',
        exitnodes: 'node',
        'exitnodes-primary': 'node',
        controller: 'sdn-controller',
        'secondary-controllers': 'sdn-controller',
        ipam: 'sdn-ipam',
        dns: 'sdn-dns',
        reversedns: 'sdn-dns',
        fabric: 'sdn-fabric',
        bridge: {kinds: [], keyOf: 'network'},
      },
      own: {mac: ({type}) => (type === 'evpn' ? madeUp : undefined)},
      needed: {
        key: 'type',
        of: {
          vlan: ['bridge'],
          qinq: ['bridge', 'tag'],
          evpn: ['controller', 'vrf-vxlan'],
          faucet: ['dp-id', 'controller'],
        },
      },
    },
    {
      name: 'sdn-vnet',
      ...travel,
      create: 'POST /cluster/sdn/vnets',
      update: 'PUT /cluster/sdn/vnets/{vnet}',
      remove: 'DELETE /cluster/sdn/vnets/{vnet}',
      createOnly: ['type'],
      own: {type: 'vnet'},
      parts: {
        subnets: {
          create: 'POST /cluster/sdn/vnets/{vnet}/subnets',
          update: 'PUT /cluster/sdn/vnets/{vnet}/subnets/{subnet}',
          remove: 'DELETE /cluster/sdn/vnets/{vnet}/subnets/{subnet}',
          idParameter: 'subnet',
          pathName: (cidr, {zone}) => `${String(zone)}-${cidr.replace('/', '-')}`,
          unset: 'delete',
          digest: ['update'],
          fixed: {type: 'subnet'},
        },
      },
      refs: {zone: 'sdn-zone'},
      emptied: ['subnets'],
      goesFirst: ['subnets'],
      needed: ['zone'],
    },
    {
      name: 'sdn-controller',
      ...travel,
      create: 'POST /cluster/sdn/controllers',
      update: 'PUT /cluster/sdn/controllers/{controller}',
      remove: 'DELETE /cluster/sdn/controllers/{controller}',
      createOnly: ['type'],
      refs: {
        node: 'node',
        nodes: 'node',
        fabric: 'sdn-fabric',
        'route-map-in': 'sdn-route-map',
        'route-map-out': 'sdn-route-map',
      },
    },
    {
      name: 'sdn-ipam',
      ...travel,
      create: 'POST /cluster/sdn/ipams',
      update: 'PUT /cluster/sdn/ipams/{ipam}',
      remove: 'DELETE /cluster/sdn/ipams/{ipam}',
      createOnly: ['type'],
      told: ['token'],
      lasting: ({id}) => id === 'pve',
      needed: {key: 'type', of: {netbox: ['url', 'token'], phpipam: ['url', 'token', 'section']}},
    },
    {
      name: 'sdn-dns',
      ...travel,
      create: 'POST /cluster/sdn/dns',
      update: 'PUT /cluster/sdn/dns/{dns}',
      remove: 'DELETE /cluster/sdn/dns/{dns}',
      createOnly: ['type', 'reversev6mask'],
      told: ['key'],
      needed: ['url', 'key'],
    },
    {
      name: 'sdn-fabric',
      ...travel,
      create: 'POST /cluster/sdn/fabrics/fabric',
      update: 'PUT /cluster/sdn/fabrics/fabric/{id}',
      remove: 'DELETE /cluster/sdn/fabrics/fabric/{id}',
      resend: ['protocol', 'redistribute'],
      parts: {
        nodes: {
          create: 'POST /cluster/sdn/fabrics/node/{fabric_id}',
          update: 'PUT /cluster/sdn/fabrics/node/{fabric_id}/{node_id}',
          remove: 'DELETE /cluster/sdn/fabrics/node/{fabric_id}/{node_id}',
          idParameter: 'node_id',
          ownerParameter: 'fabric_id',
          fromOwner: ['protocol'],
          unsetAs: 'array',
          resend: ['interfaces', 'protocol'],
          unset: 'delete',
          digest: ['update'],
        },
      },
      refs: {route_filter: 'sdn-prefix-list', nodes: 'node'},
      unsetAs: 'array',
      still: ['protocol'],
      emptied: ['nodes'],
    },
    {
      name: 'sdn-prefix-list',
      ...travel,
      create: 'POST /cluster/sdn/prefix-lists',
      update: 'PUT /cluster/sdn/prefix-lists/{id}',
      remove: 'DELETE /cluster/sdn/prefix-lists/{id}',
      unsetAs: 'array',
      sent: {entries: inList},
    },
    {
      name: 'sdn-route-map',
      commit: travel.commit,
      revert: travel.revert,
      consequence: travel.consequence,
      parts: {
        entries: {
          create: 'POST /cluster/sdn/route-maps/entries',
          update: 'PUT /cluster/sdn/route-maps/entries/{route-map-id}/entry/{order}',
          remove: 'DELETE /cluster/sdn/route-maps/entries/{route-map-id}/entry/{order}',
          idParameter: 'order',
          ownerParameter: 'route-map-id',
          unsetAs: 'array',
          unset: 'delete',
          digest: ['update'],
        },
      },
      refs: {'entries.*.call': 'sdn-route-map'},
      emptied: ['entries'],
    },
  ] as const satisfies readonly KindTravel[]
