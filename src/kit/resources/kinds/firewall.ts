import {byKey, isMap, mapsOf, numberOf, withoutEmpty} from './answers.js'
import type {Kind, Shape} from './kind.js'
import type {KindTravel, PartCalls} from './travel.js'
import type {Entry, KindWire} from './wire.js'

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
    id: 'name',
    ids: {
      pattern: /^(?:cluster|node\/[^/]+|vnet\/[^/]+|guest\/[1-9]\d{0,8})$/,
      words: 'cluster, node/NAME, vnet/NAME or guest/VMID',
    },
    idKey: 'id',
    file: 'firewall/{id}.yaml',
    facts: [],
    // Most have nothing in them.
    builtin: ({config}) => Object.values(config).every((part) => JSON.stringify(part) === '{}'),
    parents: [
      {id: /^guest\/(\d+)$/, kinds: ['vm', 'container']},
      {id: /^node\/(.+)$/, kinds: ['node']},
      {id: /^vnet\/(.+)$/, kinds: ['sdn-vnet']},
    ],
    shapes: {
      options: {map: {log_ratelimit: {map: {}}}},
      rules,
      aliases: {map: {'*': {map: {}}}},
      ipsets: {map: {'*': {map: {members: {map: {'*': {map: {}}}, names: 'network'}}}}},
    },
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'ENABLED', field: 'config.options.enable'},
      {heading: 'IN', field: 'config.options.policy_in'},
      {heading: 'OUT', field: 'config.options.policy_out'},
      {heading: 'RULES', field: 'config.rules', align: 'right'},
      {heading: 'IPSETS', field: 'config.ipsets', align: 'right', wide: true},
      {heading: 'ALIASES', field: 'config.aliases', align: 'right', wide: true},
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
      {heading: 'RULES', field: 'config.rules', align: 'right'},
      {heading: 'COMMENT', field: 'config.comment'},
    ],
  },
] as const satisfies readonly Kind[]

const checksum = 'a checksum'
const family = 'follows from the address'
const moves = 'a word of the call'
const faults = 'what Proxmox VE finds wrong with it at the moment'
const rulesLeftOut = {
  'rules.*.pos': 'is its place',
  'rules.*.digest': checksum,
  'rules.*.ipversion': family,
  'rules.*.moveto': moves,
  'rules.*.errors': faults,
} as const

/** In their order; one without a place leaves that open. */
function rulesIn(answer: unknown): readonly Entry[] | undefined {
  const rules = mapsOf(answer)
  if (rules?.some(({pos}) => Number.isNaN(numberOf(pos)))) return undefined
  return rules?.toSorted((a, b) => numberOf(a.pos) - numberOf(b.pos))
}

/** By name; where one has no comment, PVE may list an empty one. */
const named = (key: string) => (answer: unknown) => {
  const members = byKey(answer, key)
  return members && Object.fromEntries(Object.entries(members).map(([name, member]) => [name, withoutEmpty(member)]))
}

/** Whether what can be referred to in a guest's firewall holds something of the guest itself. */
const hasOwn = (type: string) => (answer: unknown) =>
  mapsOf(answer)?.some((ref) => ref.type === type && ref.scope === 'guest')

/** Whether one of its NICs asks for the firewall: PVE does nothing with its rules else. */
function isFirewalled({config}: {config: Readonly<Record<string, unknown>>}): boolean {
  return Object.entries(config).some(([key, nic]) => /^net\d+$/.test(key) && isMap(nic) && numberOf(nic.firewall) === 1)
}

const guest = () =>
  ({
    id: 'guest/{id}',
    when: isFirewalled,
    probe: {path: '{base}/refs', parts: {aliases: hasOwn('alias'), ipsets: hasOwn('ipset')}},
    setting: 'guestFirewalls',
    sight: {path: '/vms/{parent}', privileges: ['VM.Audit']},
  }) as const

/** A new rule is the first unless told otherwise. */
const rulesAt = (path: string): PartCalls => ({
  ordered: true,
  own: {enable: 0},
  needed: ['type', 'action'],
  create: `POST ${path}`,
  update: `PUT ${path}/{pos}`,
  remove: `DELETE ${path}/{pos}`,
  idParameter: 'pos',
  unset: 'delete',
  digest: ['update', 'remove'],
})

export const firewallOnWire = () =>
  [
    {
      name: 'firewall',
      scopes: [
        {id: 'cluster', base: '/cluster/firewall', sight: {path: '/', privileges: ['Sys.Audit']}},
        {
          of: ['node'],
          id: 'node/{id}',
          base: '/nodes/{id}/firewall',
          parts: ['options', 'rules'],
          sight: {path: '/nodes/{parent}', privileges: ['Sys.Audit']},
        },
        {
          of: ['sdn-vnet'],
          id: 'vnet/{id}',
          base: '/cluster/sdn/vnets/{id}/firewall',
          parts: ['options', 'rules'],
          // Before it is applied.
          absentWhen: [/invalid vnet specified/],
          sight: {path: '/sdn/zones/{zone}/{parent}', privileges: ['SDN.Audit', 'SDN.Allocate']},
        },
        {...guest(), of: ['vm'], base: '/nodes/{node}/qemu/{id}/firewall'},
        {...guest(), of: ['container'], base: '/nodes/{node}/lxc/{id}/firewall'},
      ],
      parts: [
        {key: 'options', path: '{base}/options'},
        {key: 'rules', path: '{base}/rules', value: rulesIn},
        {key: 'aliases', path: '{base}/aliases', value: named('name')},
        {
          key: 'ipsets',
          path: '{base}/ipset',
          value: named('name'),
          members: {path: '{base}/ipset/{member}', key: 'members', value: named('cidr')},
        },
      ],
      leftOut: {
        ...rulesLeftOut,
        'options.digest': checksum,
        'aliases.*.digest': checksum,
        'aliases.*.ipversion': family,
        'aliases.*.rename': moves,
        'ipsets.*.digest': checksum,
        'ipsets.*.rename': moves,
        'ipsets.*.members.*.digest': checksum,
        'ipsets.*.members.*.errors': faults,
      },
      sight: {path: '/', privileges: ['Sys.Audit']},
    },
    {
      name: 'security-group',
      list: {
        path: '/cluster/firewall/groups',
        idKey: 'group',
        entries: (answer) => mapsOf(answer)?.map(withoutEmpty),
        restIsConfig: true,
      },
      parts: [{key: 'rules', path: '/cluster/firewall/groups/{id}', value: rulesIn}],
      leftOut: {...rulesLeftOut, digest: 'covers all groups', rename: moves},
      sight: {path: '/', privileges: ['Sys.Audit']},
    },
  ] as const satisfies readonly KindWire[]

/** A rule that stands for those of a group. */
const group = {kinds: ['security-group'], pattern: /^(?!(?:ACCEPT|DROP|REJECT)$)(.+)$/} as const

export const firewallTravels = () =>
  [
    {
      name: 'firewall',
      parts: {
        aliases: {
          create: 'POST {base}/aliases',
          update: 'PUT {base}/aliases/{name}',
          remove: 'DELETE {base}/aliases/{name}',
          idParameter: 'name',
          digest: ['update', 'remove'],
          resend: ['*'],
        },
        ipsets: {
          create: 'POST {base}/ipset',
          // With `rename`, its own name to keep it.
          update: 'POST {base}/ipset',
          remove: 'DELETE {base}/ipset/{name}',
          idParameter: 'name',
          unset: 'empty',
          updating: {rename: ''},
          digest: ['update'],
        },
        'ipsets.members': {
          create: 'POST {base}/ipset/{name}',
          update: 'PUT {base}/ipset/{name}/{cidr}',
          remove: 'DELETE {base}/ipset/{name}/{cidr}',
          idParameter: 'cidr',
          digest: ['update', 'remove'],
          resend: ['*'],
          none: {nomatch: 0},
        },
        rules: rulesAt('{base}/rules'),
        // Last: it is switched on when the rules are there.
        options: {update: 'PUT {base}/options', unset: 'delete', digest: ['update']},
      },
      emptied: ['options', 'rules', 'ipsets.members', 'ipsets', 'aliases'],
      consequence: 'cuts-network',
      refs: {'rules.action': group},
    },
    {
      name: 'security-group',
      create: 'POST /cluster/firewall/groups',
      // With `rename`, its own name to keep it.
      update: 'POST /cluster/firewall/groups',
      remove: 'DELETE /cluster/firewall/groups/{group}',
      unset: 'empty',
      updating: {rename: ''},
      digest: ['update'],
      parts: {rules: rulesAt('/cluster/firewall/groups/{group}')},
      emptied: ['rules'],
      consequence: 'cuts-network',
      refs: {'rules.action': group},
    },
  ] as const satisfies readonly KindTravel[]
