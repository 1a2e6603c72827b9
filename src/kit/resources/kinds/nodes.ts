import type {Kind} from './kind.js'
import {byKey, isMap, withoutEmpty} from './answers.js'
import type {KindTravel} from './travel.js'
import type {Entry, KindWire} from './wire.js'

export const nodes = [
  {
    name: 'node',
    plural: 'nodes',
    aliases: [],
    declared: true,
    id: 'name',
    idKey: 'node',
    file: 'node/{id}.yaml',
    facts: ['status', 'maxcpu', 'maxmem', 'level'],
    belongs: {node: 'id'},
    // Nothing of it could be read yet: each has a time zone and names of hosts.
    builtin: ({config}) => Object.keys(config).length === 0,
    shapes: {
      config: {
        map: {description: 'text', acme: {map: {domains: 'set'}}, location: {map: {}}, wakeonlan: {map: {}}},
      },
      dns: {map: {}},
      hosts: 'text',
    },
    table: {
      table: 'nodes',
      id: 'node',
      facts: [
        {fact: 'status', type: 'text'},
        {fact: 'maxcpu', type: 'integer'},
        {fact: 'maxmem', type: 'integer'},
      ],
    },
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'STATUS', field: 'facts.status'},
      {heading: 'CPUS', field: 'facts.maxcpu', align: 'right'},
      {heading: 'MEMORY', field: 'facts.maxmem', align: 'right', unit: 'bytes'},
      {heading: 'VERSION', field: 'facts.version'},
      {heading: 'IP', field: 'facts.ip', wide: true},
      {heading: 'LEVEL', field: 'facts.level', wide: true},
    ],
  },
] as const satisfies readonly Kind[]

/** Interfaces of a node, all in one object: PVE changes them in one step. */
export const networks = [
  {
    name: 'network',
    plural: 'networks',
    aliases: [],
    declared: true,
    id: 'name',
    idKey: 'node',
    file: 'network/{id}.yaml',
    // Whether something waits for the next reload.
    facts: ['pending'],
    belongs: {node: 'id'},
    parents: [{id: /^(.+)$/, kinds: ['node']}],
    shapes: {
      '*': {
        map: {
          // PVE tells and writes these, and takes them from nobody.
          'bridge-access': 'scalar',
          'bridge-arp-nd-suppress': 'scalar',
          'bridge-learning': 'scalar',
          'bridge-multicast-flood': 'scalar',
          'bridge-unicast-flood': 'scalar',
          'uplink-id': 'scalar',
          'vlan-protocol': 'scalar',
          'vxlan-id': 'scalar',
          'vxlan-local-tunnelip': 'scalar',
          'vxlan-physdev': 'scalar',
          'vxlan-svcnodeip': 'scalar',
          bond_miimon: 'scalar',
          bridge_fd: 'scalar',
          bridge_stp: 'scalar',
          bridge_ports: 'set',
          bridge_vids: 'set',
          comments: 'text',
          comments6: 'text',
          options: 'list',
          options6: 'list',
          ovs_bonds: 'set',
          ovs_ports: 'set',
          slaves: 'set',
        },
      },
    },
    columns: [
      {heading: 'NODE', field: 'id'},
      {heading: 'INTERFACES', field: 'config', align: 'right'},
      {heading: 'PENDING', field: 'facts.pending'},
    ],
  },
] as const satisfies readonly Kind[]

const usage = 'a usage figure'
const checksum = 'a checksum'
const pick = (key: string) => (answer: unknown) => (isMap(answer) ? answer[key] : undefined)

export const nodesOnWire = () =>
  [
    {
      name: 'node',
      list: {
        path: '/nodes',
        idKey: 'node',
        mustNotFail: true,
        neverEmpty: true,
        staying: ['maxcpu', 'maxmem', 'level'],
        leftOut: {
          cpu: usage,
          disk: usage,
          mem: usage,
          uptime: usage,
          maxdisk: 'a usage figure where the root file system is ZFS',
          id: 'repeats the name',
          type: 'is the kind',
          ssl_fingerprint: 'changes with every renewal of the certificate',
        },
      },
      joins: [
        {
          path: '/cluster/status',
          facts: {ip: 'ip', nodeid: 'nodeid'},
          by: {key: 'name', where: {key: 'type', value: 'node'}},
        },
        {path: '/nodes/{node}/version', facts: {version: 'version'}},
      ],
      parts: [
        {key: 'config', path: '/nodes/{id}/config'},
        {key: 'dns', path: '/nodes/{id}/dns'},
        {key: 'timezone', path: '/nodes/{id}/time', value: pick('timezone')},
        {key: 'hosts', path: '/nodes/{id}/hosts', value: pick('data')},
      ],
      leftOut: {
        'config.digest': checksum,
        'timezone.time': 'a clock',
        'timezone.localtime': 'a clock',
        'hosts.digest': checksum,
      },
      sight: null,
    },
  ] as const satisfies readonly KindWire[]

export const nodesTravels = () =>
  [
    {
      name: 'node',
      parts: {
        config: {update: 'PUT /nodes/{node}/config', unset: 'delete', digest: ['update']},
        // A name server that is not sent is taken out.
        dns: {update: 'PUT /nodes/{node}/dns', resend: ['*']},
        timezone: {update: 'PUT /nodes/{node}/time', valueParameter: 'timezone'},
        hosts: {update: 'POST /nodes/{node}/hosts', valueParameter: 'data', digest: ['update']},
      },
      consequence: 'cuts-network',
      refs: {
        'config.acme.account': 'acme-account',
        'config.acmedomain*.plugin': 'acme-plugin',
      },
    },
  ] as const satisfies readonly KindTravel[]

const states = 'a state'
const follows = 'follows from the addresses'
const repeats = 'repeats the address'

/** Interfaces by name, without those that are only there because the hardware is. */
function interfacesIn(answer: unknown): Entry | undefined {
  const interfaces = byKey(answer, 'iface')
  return interfaces && Object.fromEntries(Object.entries(interfaces).flatMap(([name, each]) => kept(name, each)))
}

/** PVE sets `autostart` itself, of whatever a bridge or a bond is made of. */
const ofHardware = new Set([
  'link-type',
  'type',
  'autostart',
  'active',
  'exists',
  'families',
  'method',
  'method6',
  'priority',
  'altnames',
])

function kept(name: string, each: Entry): [string, Entry][] {
  if (each.type === 'eth' && Object.keys(each).every((key) => ofHardware.has(key))) return []
  return [[name, withoutEmpty(each)]]
}

export const networksOnWire = () =>
  [
    {
      name: 'network',
      scopes: [{of: ['node'], id: '{id}'}],
      parts: [{path: '/nodes/{id}/network', value: interfacesIn}],
      pending: {beside: 'changes'},
      leftOut: {
        '*.priority': 'its place in the file',
        '*.active': states,
        '*.exists': states,
        '*.families': follows,
        '*.method': follows,
        '*.method6': follows,
        '*.address': repeats,
        '*.netmask': repeats,
        '*.address6': repeats,
        '*.netmask6': repeats,
        '*.altnames': 'is told by the hardware',
        '*.link-type': 'is told by the hardware',
      },
      sight: {path: '/sdn/zones/localnetwork', privileges: ['SDN.Audit'], whole: true},
    },
  ] as const satisfies readonly KindWire[]

export const networksTravels = () =>
  [
    {
      name: 'network',
      parts: {
        // A change without the address takes it out: the whole interface is sent.
        '': {
          create: 'POST /nodes/{node}/network',
          update: 'PUT /nodes/{node}/network/{iface}',
          remove: 'DELETE /nodes/{node}/network/{iface}',
          idParameter: 'iface',
          unset: 'delete',
          resend: ['*'],
        },
      },
      commit: 'PUT /nodes/{node}/network',
      consequence: 'cuts-network',
      claims: {address: ['*.cidr', '*.cidr6']},
    },
  ] as const satisfies readonly KindTravel[]
