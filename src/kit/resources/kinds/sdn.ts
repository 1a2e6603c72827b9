import type {Kind} from './kind.js'

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
    shapes: {nodes: 'set', peers: 'set', 'isis-ifaces': 'set'},
    columns: [name, type, pending, {heading: 'ASN', field: 'config.asn', align: 'right'}],
  },
  {
    ...byName,
    name: 'sdn-ipam',
    plural: 'sdn-ipams',
    idKey: 'ipam',
    file: 'sdn/ipam/{id}.yaml',
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
    columns: [name],
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
