import type {Kind} from './kind.js'
import {byKey, isMap, withoutEmpty} from './answers.js'
import type {Config, Value, ValueMap} from '../model.js'
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

/** Name servers stand in a file one after the other: the next one takes the place of one that is gone. */
function serversInOrder(dns: Config): Config {
  const names = ['dns1', 'dns2', 'dns3']
  const others = Object.entries(dns).filter(([key]) => !names.includes(key))
  const servers = names.flatMap((name) => dns[name] ?? [])
  return Object.fromEntries([...others, ...servers.map((server, at) => [names[at]!, server] as const)])
}

export const nodesTravels = () =>
  [
    {
      name: 'node',
      parts: {
        config: {update: 'PUT /nodes/{node}/config', unset: 'delete', digest: ['update']},
        // A name server that is not sent is taken out.
        dns: {
          update: 'PUT /nodes/{node}/dns',
          resend: ['*'],
          settled: serversInOrder,
          needed: ['search'],
        },
        timezone: {update: 'PUT /nodes/{node}/time', valueParameter: 'timezone'},
        hosts: {update: 'POST /nodes/{node}/hosts', valueParameter: 'data', digest: ['update']},
      },
      consequence: 'live',
      consequences: {dns: 'cuts-network', hosts: 'cuts-network'},
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
      spelled: [
        {key: /./, subkey: 'bridge_ports'},
        {key: /./, subkey: 'bridge_vids'},
      ],
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

const ovsPorts = new Set<unknown>(['OVSPort', 'OVSIntPort', 'OVSBond'])

/** A bridge of Open vSwitch names its ports, and each port its bridge (pve-common, PVE/INotify.pm (write_etc_network_interfaces)). */
function withPorts(config: Config, before: Config): Config {
  const ports = Object.entries(config).filter(
    ([, port]) => isMap(port) && ovsPorts.has(port.type) && port.ovs_bridge !== undefined,
  ) as [string, ValueMap][]
  const entries = Object.entries(config).map(([name, value]): [string, Value] => {
    const each = value as ValueMap
    if (ports.some(([port]) => port === name)) return [name, {...each, autostart: 1}]
    if (each.type !== 'OVSBridge') return [name, each]
    const {ovs_ports: named = [], ...bridge} = each
    const kept = ([named].flat() as string[]).filter(
      (port) => !Object.hasOwn(before, port) && !Object.hasOwn(config, port),
    )
    const own = ports.filter(([, port]) => port.ovs_bridge === name).map(([port]) => port)
    const all = [...new Set([...kept, ...own])].sort()
    return [name, all.length > 0 ? {...bridge, ovs_ports: all} : bridge]
  })
  return Object.fromEntries(entries)
}

/** Whether no other interface lies on this one. */
function isUnused(name: string, config: Config): boolean {
  return Object.entries(config).every(([other, value]) => {
    const {bridge_ports, slaves, ovs_bonds, 'vlan-raw-device': raw} = value as ValueMap
    return !other.startsWith(`${name}.`) && ![bridge_ports, slaves, ovs_bonds, raw].flat().includes(name)
  })
}

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
          isFree: isUnused,
          none: {autostart: 0},
          untaken: [
            ...['bond_miimon', 'bridge_fd', 'bridge_stp', 'ovs_type', 'uplink-id', 'vlan-protocol'],
            ...[
              'bridge-access',
              'bridge-arp-nd-suppress',
              'bridge-learning',
              'bridge-multicast-flood',
              'bridge-unicast-flood',
            ],
            ...['vxlan-id', 'vxlan-local-tunnelip', 'vxlan-physdev', 'vxlan-svcnodeip', 'options', 'options6'],
          ],
          own: {
            bridge_stp: ({type}) => (type === 'bridge' ? 'off' : undefined),
            bridge_fd: ({type, bridge_stp = 'off'}) => (type === 'bridge' && bridge_stp === 'off' ? 0 : undefined),
            bridge_vids: ({bridge_vlan_aware: aware}) => (aware === 1 ? ['2-4094'] : undefined),
            bond_miimon: ({type}) => (type === 'bond' ? 100 : undefined),
            bond_mode: ({type}) => (type === 'bond' ? 'balance-rr' : type === 'OVSBond' ? 'active-backup' : undefined),
            ovs_type: ({type}) => (String(type).startsWith('OVS') ? type : undefined),
          },
        },
      },
      goesFirst: [''],
      joined: withPorts,
      commit: 'PUT /nodes/{node}/network',
      revert: {call: 'DELETE /nodes/{node}/network'},
      consequence: 'cuts-network',
      claims: {address: ['*.cidr', '*.cidr6']},
    },
  ] as const satisfies readonly KindTravel[]
