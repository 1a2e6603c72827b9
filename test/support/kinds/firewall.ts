import type {Before, Case, Group} from './case.js'

const vmid = 2300

/** Where a firewall is: path of its calls, what they name, and the id of the object. */
const places = {
  cluster: {path: '/cluster/firewall', names: {}, id: 'cluster'},
  node: {path: '/nodes/{node}/firewall', names: {node: 'pve3'}, id: 'node/pve3'},
  guest: {path: '/nodes/{node}/qemu/{vmid}/firewall', names: {node: 'pve1', vmid}, id: `guest/${vmid}`},
  vnet: {path: '/cluster/sdn/vnets/{vnet}/firewall', names: {vnet: 'kfv'}, id: 'vnet/kfv'},
} as const

type Place = keyof typeof places

const options = (place: Place, keys?: string, values?: Case['values']): Case => {
  const {path, names, id} = places[place]
  return {
    kind: 'firewall',
    of: `options of ${place}`,
    part: 'options',
    fills: {base: path},
    names: () => names,
    id: () => id,
    at: () => ['options'],
    ...(keys !== undefined && {keys}),
    ...(values && {values}),
  }
}

/** Rules by where they are: each place has one of another sort. */
const sorts = {
  ports: {
    keys: 'type action comment dest dport enable iface log proto source sport',
    fixed: {},
    values: {type: ['in', 'out'], action: ['ACCEPT', 'DROP'], iface: ['eth1', 'eth2'], enable: [1, 0]},
  },
  macro: {
    keys: 'type action comment dest enable log macro source',
    fixed: {},
    values: {type: ['in', 'out'], action: ['ACCEPT', 'DROP'], macro: ['SSH', 'HTTP'], enable: [1, 0]},
  },
  icmp: {
    keys: 'type action comment enable icmp-type proto iface',
    fixed: {},
    values: {
      type: ['in', 'out'],
      action: ['ACCEPT', 'DROP'],
      'icmp-type': ['echo-request', 'echo-reply'],
      proto: ['icmp', 'icmpv6'],
      iface: ['net0', 'net1'],
      enable: [1, 0],
    },
  },
  forward: {
    keys: 'action comment dest dport enable log proto source sport',
    fixed: {type: 'forward'},
    values: {action: ['ACCEPT', 'DROP'], enable: [1, 0]},
  },
} as const satisfies Record<string, {keys: string; fixed: Case['fixed']; values: Case['values']}>

const rules = (place: Place, sort: keyof typeof sorts): Case => {
  const {path, names, id} = places[place]
  return {
    kind: 'firewall',
    of: `rules of ${place}: ${sort}`,
    part: 'rules',
    fills: {base: path},
    names: (n) => ({...names, pos: n}),
    id: () => id,
    at: (n) => ['rules', String(n)],
    row: true,
    needed: sort === 'macro' ? '' : 'proto',
    ...sorts[sort],
  }
}

const sets = (place: Place): Case[] => {
  const {path, names, id} = places[place]
  return [
    {
      kind: 'firewall',
      of: `aliases of ${place}`,
      part: 'aliases',
      fills: {base: path},
      names: (n) => ({...names, name: `ka${n}`}),
      id: () => id,
      at: (n) => ['aliases', `ka${n}`],
    },
    {
      kind: 'firewall',
      of: `sets of ${place}`,
      part: 'ipsets',
      fills: {base: path},
      names: (n, call) => ({...names, name: `ks${n}`, ...(call === 'update' && {rename: `ks${n}`})}),
      id: () => id,
      at: (n) => ['ipsets', `ks${n}`],
      keys: 'comment',
    },
    {
      kind: 'firewall',
      of: `members of a set of ${place}`,
      part: 'ipsets.members',
      fills: {base: path},
      names: (n) => ({...names, name: 'kset', cidr: `198.51.100.${n + 1}`}),
      id: () => id,
      at: (n) => ['ipsets', 'kset', 'members', `198.51.100.${n + 1}`],
    },
  ]
}

export const firewall: Group = {
  before: [
    [
      'POST /nodes/{node}/qemu',
      {node: 'pve1', vmid, name: 'kfirewalled', memory: 64, net0: 'virtio,bridge=vmbr0,firewall=1'},
    ],
    ['POST /cluster/sdn/zones', {zone: 'kfz', type: 'simple'}],
    ['POST /cluster/sdn/vnets', {vnet: 'kfv', zone: 'kfz'}],
    ['PUT /cluster/sdn', {}],
    ...(['cluster', 'guest'] as const).map((place): Before => {
      const {path, names} = places[place]
      return [`POST ${path}/ipset`, {...names, name: 'kset'}]
    }),
    ['POST /cluster/firewall/groups', {group: 'krules'}],
  ],
  cases: [
    options('cluster', undefined, {
      enable: [1, 0],
      log_ratelimit: ['enable=1,rate=1/second', 'enable=1,rate=5/minute'],
    }),
    options('node', undefined, {
      protection_synflood_burst: [100, 200],
      protection_synflood_rate: [100, 200],
    }),
    options('guest'),
    options('vnet'),
    rules('cluster', 'ports'),
    rules('node', 'macro'),
    rules('guest', 'icmp'),
    rules('vnet', 'forward'),
    ...sets('cluster'),
    ...sets('guest'),
    {
      kind: 'security-group',
      names: (n, call) => ({group: `kgr${n}`, ...(call === 'update' && {rename: `kgr${n}`})}),
      id: (n) => `kgr${n}`,
      keys: 'comment',
    },
    {
      kind: 'security-group',
      of: 'rules',
      part: 'rules',
      names: (n) => ({group: 'krules', pos: n}),
      id: () => 'krules',
      at: (n) => ['rules', String(n)],
      row: true,
      needed: 'proto',
      ...sorts.ports,
      keys: sorts.ports.keys.replace(' iface', ''),
    },
  ],
  odd: [
    {
      kind: 'firewall',
      what: 'the last rule goes before all others',
      id: 'cluster',
      rounds: {
        again: [[['PUT /cluster/firewall/rules/{pos}', {pos: 10, moveto: 0}]], [1, 1]],
        remove: [[['PUT /cluster/firewall/rules/{pos}', {pos: 0, moveto: 11}]]],
      },
    },
  ],
}
