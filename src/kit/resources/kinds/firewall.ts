import type {Kind, Shape} from './kind.js'

/** In the order in which PVE's own panel shows a rule. */
const rules = {
  rows: {},
  first: [
    'type',
    'action',
    'macro',
    'iface',
    'source',
    'dest',
    'proto',
    'dport',
    'sport',
    'icmp-type',
    'log',
    'enable',
    'comment',
  ],
} as const satisfies Shape

/** Firewalls, each beside what it guards: it has its own reviewers, and PVE its own file for it. */
export const firewall = [
  {
    name: 'firewall',
    plural: 'firewalls',
    aliases: [],
    declared: true,
    // `cluster`, `node/pve1`, `vnet/v1`, `guest/100`.
    id: 'name',
    idKey: 'id',
    file: 'firewall/{id}.yaml',
    facts: [],
    parents: [
      {id: /^guest\/(\d+)$/, kinds: ['vm', 'container']},
      {id: /^node\/(.+)$/, kinds: ['node']},
      {id: /^vnet\/(.+)$/, kinds: ['sdn-vnet']},
    ],
    shapes: {
      options: {map: {log_ratelimit: {map: {}}}},
      rules,
      aliases: {map: {'*': {map: {}}}},
      ipsets: {map: {'*': {map: {members: {map: {'*': {map: {}}}}}}}},
    },
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'ENABLED', field: 'config.options.enable'},
      {heading: 'IN', field: 'config.options.policy_in'},
      {heading: 'OUT', field: 'config.options.policy_out'},
    ],
  },
  {
    name: 'security-group',
    plural: 'security-groups',
    aliases: [],
    declared: true,
    id: 'name',
    idKey: 'group',
    file: 'firewall/group/{id}.yaml',
    facts: [],
    shapes: {rules},
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'COMMENT', field: 'config.comment'},
    ],
  },
] as const satisfies readonly Kind[]
