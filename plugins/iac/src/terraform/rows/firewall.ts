// Firewalls: bpg/terraform-provider-proxmox v0.112.0, proxmoxtf/resource/firewall, proxmoxtf/resource/cluster/firewall, fwprovider/nodes/firewall.
import {elsewhere, isEmpty} from './asides.js'
import {isBuiltin, allOf, anyOf, derived, flag, has, idOf, is, not, number, text} from './fields.js'
import {hasRules, icmpDoubt, ruleAsides, ruleBlock} from './rules.js'
import type {At, Block, Doubt, Field, Hindrance, KindRows, Resource, Test} from './row.js'

const isCluster = is('id', 'cluster')
const ofNode = /^node\/(.+)$/s
const isNode: Test = (at) => ofNode.test(idOf(at))
const nodeOf = (at: At): string => ofNode.exec(idOf(at))![1]!
const isVnet: Test = (at) => idOf(at).startsWith('vnet/')

interface Guest {
  type: 'vm' | 'container'
  vmid: number
  node: string
}

/** The guest that a firewall is of; undefined of all others, and of one that was not recorded. */
function guestOf(at: At): Guest | undefined {
  const [, vmid] = /^guest\/(\d+)$/.exec(idOf(at)) ?? []
  if (vmid === undefined) return undefined
  for (const type of ['vm', 'container'] as const) {
    const found = at.cluster.get(type, vmid)
    if (found) return {type, vmid: Number(vmid), node: String(found.facts.node)}
  }
  return undefined
}

const isGuest: Test = (at) => guestOf(at) !== undefined

/** What tells whose it is. */
const whose: readonly Field[] = [
  derived('node_name', (at) => guestOf(at)?.node ?? (isNode(at) ? nodeOf(at) : undefined)),
  ...(['vm', 'container'] as const).map((type) =>
    derived(`${type}_id`, (at) => (guestOf(at)?.type === type ? guestOf(at)!.vmid : undefined)),
  ),
]

/** `cluster`, `node/pve1`, `vm/pve1/100`. */
function importIdOf(at: At): string {
  const guest = guestOf(at)
  return guest ? `${guest.type}/${guest.node}/${guest.vmid}` : idOf(at)
}

const hasOptions: Test = (at) => at.each('config.options.*').length > 0

/** Read leaves what is absent null, where the provider has a default: it is left alone. */
const absent = (key: string, attribute: string): Hindrance => ({
  when: not(has(`config.options.${key}`)),
  of: [],
  ignore: [attribute],
  why: 'absent in Proxmox VE, which the provider reads as null and cannot write',
})

const policies = [
  ['policy_in', 'input_policy'],
  ['policy_out', 'output_policy'],
  ['policy_forward', 'forward_policy'],
] as const

const ratelimit = 'config.options.log_ratelimit'

/** The provider's Read crashes. */
const isCrashing: Test = (at) =>
  isCluster(at) && has(ratelimit)(at) && !(has(`${ratelimit}.burst`)(at) && has(`${ratelimit}.rate`)(at))

const clusterOptions: Resource = {
  type: 'proxmox_virtual_environment_cluster_firewall',
  file: 'firewall',
  when: allOf(isCluster, hasOptions, not(isCrashing)),
  importId: () => 'cluster',
  fields: [
    flag('enabled', 'config.options.enable'),
    flag('ebtables', 'config.options.ebtables'),
    ...policies.map(([key, attribute]) => text(attribute, `config.options.${key}`)),
  ],
  blocks: [
    {
      block: 'log_ratelimit',
      fields: [
        flag('enabled', `${ratelimit}.enable`, {always: true, absent: false}),
        number('burst', `${ratelimit}.burst`),
        text('rate', `${ratelimit}.rate`),
      ],
    },
  ],
  hindrances: policies.map(([key, attribute]) => absent(key, attribute)),
}

/** The keys of a guest's firewall: PVE's, the provider's, and what it is. */
const guestKeys = [
  ['enable', 'enabled', flag],
  ['dhcp', 'dhcp', flag],
  ['ipfilter', 'ipfilter', flag],
  ['log_level_in', 'log_level_in', text],
  ['log_level_out', 'log_level_out', text],
  ['macfilter', 'macfilter', flag],
  ['ndp', 'ndp', flag],
  ['policy_in', 'input_policy', text],
  ['policy_out', 'output_policy', text],
  ['radv', 'radv', flag],
] as const

const guestOptions: Resource = {
  type: 'proxmox_virtual_environment_firewall_options',
  file: 'firewall',
  when: allOf(isGuest, hasOptions),
  importId: importIdOf,
  fields: [...whose, ...guestKeys.map(([key, attribute, field]) => field(attribute, `config.options.${key}`))],
  hindrances: guestKeys.map(([key, attribute]) => absent(key, attribute)),
}

const nodeKeys = [
  ['enable', 'enabled', flag, 1],
  ['log_level_in', 'log_level_in', text, 'nolog'],
  ['log_level_out', 'log_level_out', text, 'nolog'],
  ['log_level_forward', 'log_level_forward', text, 'nolog'],
  ['ndp', 'ndp', flag, 1],
  ['nf_conntrack_max', 'nf_conntrack_max', number, 262_144],
  ['nf_conntrack_tcp_timeout_established', 'nf_conntrack_tcp_timeout_established', number, 432_000],
  ['nftables', 'nftables', flag, 0],
  ['nosmurfs', 'nosmurfs', flag, 1],
  ['smurf_log_level', 'smurf_log_level', text, 'nolog'],
  ['tcp_flags_log_level', 'tcp_flags_log_level', text, 'nolog'],
] as const

const missing = (at: At) => nodeKeys.filter(([key]) => !has(`config.options.${key}`)(at))

const isPartial: Test = (at) => isNode(at) && hasOptions(at) && missing(at).length > 0

const nodeOptions: Resource = {
  type: 'proxmox_node_firewall',
  file: 'firewall',
  when: allOf(isNode, hasOptions, not(isPartial)),
  importId: nodeOf,
  fields: [
    derived('node_name', nodeOf),
    ...nodeKeys.map(([key, attribute, field]) => field(attribute, `config.options.${key}`)),
  ],
}

const rules: Resource = {
  type: 'proxmox_virtual_environment_firewall_rules',
  file: 'firewall',
  when: allOf(anyOf(isCluster, isNode, isGuest), hasRules),
  importId: importIdOf,
  fields: whose,
  blocks: [ruleBlock],
}

const members: Block = {
  block: 'cidr',
  each: 'members.*',
  fields: [
    derived('name', ({path}) => path.at(-1)!),
    flag('nomatch', 'nomatch', {default: false}),
    text('comment', 'comment', {default: ''}),
  ],
}

const ipsets: Resource = {
  type: 'proxmox_virtual_environment_firewall_ipset',
  file: 'firewall',
  when: anyOf(isCluster, isGuest),
  each: 'config.ipsets.*',
  importId: (at) => `${importIdOf(at)}/${at.path.at(-1)!}`,
  fields: [...whose, derived('name', ({path}) => path.at(-1)!), text('comment', 'comment', {default: ''})],
  blocks: [members],
}

/** Writes options down that Proxmox VE takes where they are absent. */
function written(at: At, options: Readonly<Record<string, string>>): string[][] {
  const guest = guestOf(at)
  const type = guest?.type === 'vm' ? 'qemu' : 'lxc'
  const owner = guest ? `/nodes/${guest.node}/${type}/${guest.vmid}` : isNode(at) ? `/nodes/${nodeOf(at)}` : '/cluster'
  const words = Object.entries(options).flatMap(([key, value]) => [`--${key}`, value])
  return [['pvesh', 'set', `${owner}/firewall/options`, ...words]]
}

const partial: Doubt = {
  when: isPartial,
  why: (at) =>
    `its options are not in the code: where ${missing(at)
      .map(([key]) => key)
      .join(', ')} are absent in Proxmox VE the provider reads null, and puts its defaults in the place of it`,
  onNode: (at) => written(at, Object.fromEntries(missing(at).map(([key, , , standard]) => [key, String(standard)]))),
}

const crashing: Doubt = {
  when: isCrashing,
  why: 'its options are not in the code: the provider crashes at a log_ratelimit without both burst and rate',
  change: (at) => [
    ...(has(`${ratelimit}.burst`)(at) ? [] : ['options.log_ratelimit.burst=5']),
    ...(has(`${ratelimit}.rate`)(at) ? [] : ['options.log_ratelimit.rate=1/second']),
  ],
}

/** What Proxmox VE takes for an absent key, where the provider sends something else with each edit: `false`, or an empty text, which is refused. */
interface Sent {
  readonly of: Test
  readonly damaging: Readonly<Record<string, string>>
  readonly refused: Readonly<Record<string, string>>
}

const cluster: Sent = {
  of: allOf(isCluster, hasOptions),
  damaging: {ebtables: '1'},
  refused: {policy_in: 'DROP', policy_out: 'ACCEPT', policy_forward: 'ACCEPT'},
}

const guest: Sent = {
  of: allOf(isGuest, hasOptions),
  damaging: {macfilter: '1', ndp: '1'},
  refused: {policy_in: 'DROP', policy_out: 'ACCEPT', log_level_in: 'nolog', log_level_out: 'nolog'},
}

const absentOf = (keys: Readonly<Record<string, string>>, at: At): string[] =>
  Object.keys(keys).filter((key) => !has(`config.options.${key}`)(at))

const said = (keys: Readonly<Record<string, string>>, at: At): [string, string][] =>
  absentOf(keys, at).map((key) => [key, keys[key]!])

const sentFalse = ({of, damaging, refused}: Sent): Doubt => ({
  when: (at) => of(at) && absentOf(damaging, at).length > 0,
  why: (at) =>
    `where ${absentOf(damaging, at).join(' and ')} ${absentOf(damaging, at).length === 1 ? 'is' : 'are'} absent Proxmox VE takes 1, and an edit of anything in the options sends 0`,
  onNode: (at) => written(at, Object.fromEntries([...said(damaging, at), ...said(refused, at)])),
})

const sentEmpty = ({of, damaging, refused}: Sent): Doubt => ({
  when: (at) => of(at) && absentOf(damaging, at).length === 0 && absentOf(refused, at).length > 0,
  why: (at) => `where ${absentOf(refused, at).join(', ')} are absent an edit of the options is refused`,
  onNode: (at) => written(at, Object.fromEntries(said(refused, at))),
})

/** Nothing of it is in the code. */
const isAlone: Test = (at) => !hasRules(at) && at.each('config.ipsets.*').length === 0

function withoutResource(at: At): {how: 'inexpressible' | 'leftOut'; why: string} {
  if (isBuiltin(at)) return {how: 'leftOut', why: 'nothing is set in it'}
  if (isVnet(at)) return {how: 'inexpressible', why: 'the provider has no resource for the firewall of a vnet'}
  return at.each('config.aliases.*').length > 0
    ? {how: 'inexpressible', why: aliases}
    : {how: 'inexpressible', why: 'the guest that it is of was not recorded'}
}

const aliases = 'the provider cannot import `proxmox_virtual_environment_firewall_alias`'
const doubts = [partial, crashing]

const resources: readonly Resource[] = [clusterOptions, guestOptions, nodeOptions, rules, ipsets]

const firewall: KindRows = {
  kind: 'firewall',
  resources,
  none: withoutResource,
  asides: [
    ...elsewhere(resources),
    {of: 'config.aliases', how: 'inexpressible', why: aliases},
    {
      of: 'config.options',
      where: anyOf(isPartial, isCrashing),
      ...{how: 'inexpressible', why: 'the provider cannot read the options as they are: see the verdict'},
    },
    {
      of: [
        ...['log_nf_conntrack', 'nf_conntrack_allow_invalid', 'nf_conntrack_helpers', 'protection_synflood'],
        ...['nf_conntrack_tcp_timeout_syn_recv', 'protection_synflood_burst', 'protection_synflood_rate', 'tcpflags'],
      ].map((key) => `config.options.${key}`),
      ...{how: 'inexpressible', why: 'the provider does not model it; it stays as it is'},
    },
    {
      of: ['config.options', 'config.rules', 'config.rules.*', 'config.ipsets'],
      where: isEmpty,
      ...{how: 'leftOut', why: 'nothing is in it'},
    },
    {
      of: 'config.ipsets.*',
      where: isEmpty,
      ...{how: 'leftOut', why: 'the name is all there is of it'},
    },
    {of: 'config.ipsets.*.members.*', where: isEmpty, how: 'leftOut', why: 'the address is all there is of it'},
    {of: 'config.ipsets.*.members', where: isEmpty, how: 'leftOut', why: 'nothing is in it'},
    ...ruleAsides,
  ],
  unmanageable: doubts.map((doubt) => ({...doubt, when: allOf(doubt.when, isAlone)})),
  unsafe: [
    {...icmpDoubt, when: allOf(icmpDoubt.when, not(isVnet))},
    {...sentFalse(cluster), when: allOf(sentFalse(cluster).when, not(isCrashing))},
    sentFalse(guest),
  ],
  notes: [...doubts, sentEmpty(cluster), sentEmpty(guest)],
}

const securityGroup: KindRows = {
  kind: 'security-group',
  resources: [
    {
      type: 'proxmox_virtual_environment_cluster_firewall_security_group',
      file: 'firewall',
      importId: idOf,
      fields: [derived('name', idOf), text('comment', 'config.comment', {default: ''})],
      blocks: [ruleBlock],
      known: {name: idOf},
    },
  ],
  asides: [
    ...ruleAsides,
    {of: ['config.rules', 'config.rules.*'], where: isEmpty, how: 'leftOut', why: 'nothing is in it'},
  ],
  unsafe: [icmpDoubt],
}

export const firewalls: readonly KindRows[] = [firewall, securityGroup]
