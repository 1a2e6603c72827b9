import {ApiError, badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {verifyRule, type Environment, type Rule, type Scope} from '../../firewall/verify.js'
import {integer, required, text, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import type {FirewallState} from '../../state/model.js'
import {sectionsOf} from '../../calls/sections.js'
import {checkPart, clusterFirewall, commentOf, digestOf, withDigest} from './levels.js'

const ruleKeys = [
  'type',
  'action',
  'enable',
  'macro',
  'iface',
  'source',
  'dest',
  'proto',
  'dport',
  'sport',
  'comment',
  'log',
  'icmp-type',
]

/** What the file keeps of a rule that puts in a group. */
const groupRuleKeys = ['type', 'action', 'enable', 'macro', 'iface', 'comment']

/** What rule calls of one place need: where it is, its firewall and its rules. */
export interface RulePlace {
  environment: Environment
  own(call: Call): FirewallState
  rules(call: Call): Rule[]
}

/** Sets that each virtual network in force comes with; only those that the caller may see. */
export function networkSets(call: Call): {name: string; comment: string}[] {
  return Object.entries(sectionsOf(call, 'running sdn/vnets'))
    .filter(([vnet, {zone}]) =>
      call.sim.permissions.hasAny(call.auth, `/sdn/zones/${String(zone)}/${vnet}`, ['SDN.Audit', 'SDN.Allocate']),
    )
    .flatMap(([vnet]) => [
      {name: `${vnet}-all`, comment: `All subnets of VNet ${vnet}`},
      {name: `${vnet}-gateway`, comment: `All gateways of VNet ${vnet}`},
      {name: `${vnet}-no-gateway`, comment: `All subnets of VNet ${vnet}, excluding gateways`},
      {name: `${vnet}-dhcp`, comment: `DHCP ranges of VNet ${vnet}`},
    ])
}

function scopeOf(place: RulePlace, call: Call): Scope {
  return {
    environment: place.environment,
    firewalls: [...new Set([place.own(call), clusterFirewall(call)])],
    networkSets: networkSets(call).map(({name}) => name),
    context: call.sim.context,
  }
}

function find(rules: Rule[], call: Call): number {
  const position = integer(call, 'pos', -1)
  if (!rules[position]) throw failure(`no rule at position ${required(call, 'pos')}`)
  return position
}

/** A rule with what was sent; empty values and `-` take a setting away. */
function changed(before: Rule, call: Call): Rule {
  const rule = {...before}
  for (const key of ruleKeys) {
    const value = text(call, key)
    if (value === undefined) continue
    if (value === '' || value === '-') delete rule[key]
    else rule[key] = key === 'enable' ? Number(value) : value
  }
  for (const key of splitList(text(call, 'delete') ?? '')) {
    if (![...ruleKeys, 'pos', 'digest'].includes(key)) throw badParameter('delete', `no such property ('${key}')`)
    if (key === 'type' || key === 'action') throw badParameter('delete', `unable to delete required property '${key}'`)
    delete rule[key]
  }
  return rule
}

/** What the file keeps of a rule. */
function kept({comment, ...rule}: Rule): Rule {
  const stored = {...rule, ...commentOf(comment as string | undefined)}
  if (rule.type !== 'group') return stored
  return Object.fromEntries(Object.entries(stored).filter(([key]) => groupRuleKeys.includes(key)))
}

function list(place: RulePlace): Handler {
  return (call) =>
    withDigest(place.rules(call)).map((rule, pos) => ({...rule, ...faultsOf(scopeOf(place, call), rule), pos}))
}

/** What PVE finds wrong with a rule as it reads its file: an alias that is gone since. No digest covers it. */
function faultsOf(scope: Scope, rule: Rule): {errors?: Record<string, string>} {
  try {
    verifyRule(scope, {...rule})
    return {}
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.errors ? {errors: error.errors} : {}
  }
}

function show(place: RulePlace): Handler {
  return (call) => {
    const rules = place.rules(call)
    return {...rules[find(rules, call)], pos: required(call, 'pos'), digest: digestOf(rules)}
  }
}

function create(place: RulePlace): Handler {
  return (call) => {
    const rules = place.rules(call)
    const rule = {enable: 0, ...changed({}, call)}
    verifyRule(scopeOf(place, call), rule)
    // The position is declared, but PVE always puts a new rule first.
    rules.unshift(kept(rule))
    return null
  }
}

function move(rules: Rule[], from: number, to: number): void {
  const [rule] = rules.splice(from, 1)
  rules.splice(to > from ? to - 1 : to, 0, rule!)
}

function update(place: RulePlace): Handler {
  return (call) => {
    const rules = place.rules(call)
    checkPart(call, rules)
    const position = find(rules, call)
    const target = integer(call, 'moveto', position)
    if (target !== position) {
      move(rules, position, target)
      return null
    }
    const rule = changed(rules[position]!, call)
    verifyRule(scopeOf(place, call), rule)
    rules[position] = kept(rule)
    return null
  }
}

function remove(place: RulePlace): Handler {
  return (call) => {
    const rules = place.rules(call)
    checkPart(call, rules)
    rules.splice(find(rules, call), 1)
    return null
  }
}

/** Endpoints of a list of rules at a path. */
export function ruleEndpoints(path: string, place: RulePlace): Endpoints {
  return {
    [`GET ${path}`]: list(place),
    [`POST ${path}`]: create(place),
    [`GET ${path}/{pos}`]: show(place),
    [`PUT ${path}/{pos}`]: update(place),
    [`DELETE ${path}/{pos}`]: remove(place),
  }
}
