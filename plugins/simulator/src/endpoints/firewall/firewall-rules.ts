import {isIP, isIPv6} from 'node:net'
import {badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {integer, required, text, type Call, type Endpoints, type Handler} from '../../simulation.js'
import {sha1} from '../../state/digest.js'
import type {FirewallState} from '../../state/model.js'
import {checkDigest} from '../guests/guest-access.js'
import {macros} from '../../firewall/macros.js'

export type Rule = Record<string, unknown>
export type Environment = 'cluster' | 'host' | 'vm' | 'ct' | 'group'

/** Where a set of rules lives and what may stand in it. */
export interface Scope {
  environment: Environment
  /** The firewall of a cluster, a node or a guest. */
  own: FirewallState
}

const changedMeanwhile = 'detected modified configuration - file changed by other user? Try again.'

/** Digest of a part of a firewall file; that of an empty part is the digest of nothing. */
export function partDigest(part: unknown): string {
  const empty = Array.isArray(part) ? part.length === 0 : Object.keys(part as object).length === 0
  return sha1(empty ? '' : JSON.stringify(part))
}

export const checkPart = (call: Call, part: unknown): void => checkDigest(call, partDigest(part), changedMeanwhile)

const forbiddenTypes: Record<Environment, string[]> = {
  cluster: [],
  host: [],
  vm: ['forward'],
  ct: ['forward'],
  group: ['group'],
}

const protocols = new Set(
  'tcp udp icmp igmp ggp ipencap st egp igp pup hmp xns-idp rdp iso-tp4 dccp xtp ddp idpr-cmtp ipv6 ipv6-route ipv6-frag idrp rsvp gre esp ah skip ipv6-icmp icmpv6 ipv6-nonxt ipv6-opts vmtp eigrp ospf ax.25 ipip etherip encap pim ipcomp vrrp l2tp isis sctp fc mobility-header udplite mpls-in-ip hip shim6 wesp rohc'.split(
    ' ',
  ),
)

/** Text for a port list that cannot be; undefined when it is fine. */
function portProblem(ports: string): string | undefined {
  for (const part of ports.split(',')) {
    for (const port of part.split(':')) {
      if (/^\d+$/.test(port) && (Number(port) > 65_535 || Number(port) < 0))
        return `invalid format - invalid port '${port}'\n`
    }
  }
  return undefined
}

/** Version of the addresses a rule names, or undefined when it names none. */
function addressProblem(call: Call, own: FirewallState, value: string): {problem?: string; version?: number} {
  if (value.startsWith('+')) {
    const name = value.slice(1).replace(/^(?:dc|guest|sdn)\//, '')
    const known = own.ipset[name] ?? call.state.firewall.cluster?.ipset[name]
    return known || value.startsWith('+sdn/') ? {} : {problem: `no such ipset '${name}'`}
  }
  let version: number | undefined
  for (const item of value.split(',')) {
    const address = item.split(/[/-]/)[0]!
    const kind = isIP(address)
    if (kind !== 0) version = kind
    else if (/^(?:(?:dc|guest)\/)?[A-Za-z][\w-]*$/.test(item)) {
      const name = item.replace(/^(?:dc|guest)\//, '').toLowerCase()
      const alias = own.aliases[name] ?? call.state.firewall.cluster?.aliases[name]
      if (!alias) return {problem: `no such alias '${item}'`}
      version = isIPv6(alias.cidr.split('/')[0]!) ? 6 : 4
    } else return {problem: `invalid format - invalid IP address: Invalid chars in IP ${item}\n`}
  }
  return {version}
}

/** Refuses what a rule may not hold in its place. @throws ApiError 400 */
function verify(call: Call, {environment, own}: Scope, rule: Rule): void {
  const type = String(rule.type)
  if (forbiddenTypes[environment].includes(type))
    throw badParameter('type', `invalid rule type '${type}' for rule_env '${environment}'`)
  if (environment === 'group' && rule.iface !== undefined)
    throw badParameter('type', 'parameter -i not allowed for this rule type')
  if (type !== 'group' && !['ACCEPT', 'DROP', 'REJECT'].includes(String(rule.action))) {
    throw badParameter('action', `unknown action '${String(rule.action)}'`)
  }
  if (rule.macro !== undefined && !macros.has(String(rule.macro)))
    throw badParameter('macro', `unknown macro '${String(rule.macro)}'`)
  const proto = rule.proto === undefined ? undefined : String(rule.proto).toLowerCase()
  if (proto !== undefined && !protocols.has(proto) && !/^\d+$/.test(proto))
    throw badParameter('proto', `invalid format - unknown protocol '${String(rule.proto)}'\n`)
  for (const key of ['dport', 'sport']) {
    if (rule[key] === undefined) continue
    const problem = portProblem(String(rule[key]))
    if (problem !== undefined) throw badParameter(key, problem)
    if (proto === undefined && rule.macro === undefined)
      throw badParameter('proto', `missing property - '${key}' requires this property`)
  }
  let version: number | undefined
  for (const key of ['source', 'dest']) {
    if (rule[key] === undefined) continue
    const found = addressProblem(call, own, String(rule[key]))
    if (found.problem !== undefined) throw badParameter(key, found.problem)
    version ??= found.version
  }
  if (proto === 'icmp') version ??= 4
  if (proto === 'ipv6-icmp' || proto === 'icmpv6') version ??= 6
  if (version === undefined) delete rule.ipversion
  else rule.ipversion = version
}

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

/** What rule calls of one place need: their rules, and the scope they stand in. */
export interface RulePlace {
  scope(call: Call): Scope
  rules(call: Call): Rule[]
}

function find(place: RulePlace, call: Call): {rules: Rule[]; position: number} {
  const rules = place.rules(call)
  const position = integer(call, 'pos', -1)
  if (!rules[position]) throw failure(`no rule at position ${required(call, 'pos')}`)
  return {rules, position}
}

function list(place: RulePlace): Handler {
  return (call) => {
    const rules = place.rules(call)
    const digest = partDigest(rules)
    return rules.map((rule, pos) => ({...rule, pos, digest}))
  }
}

function show(place: RulePlace): Handler {
  return (call) => {
    const {rules, position} = find(place, call)
    return {...rules[position], pos: required(call, 'pos'), digest: partDigest(rules)}
  }
}

function given(call: Call): Rule {
  const rule: Rule = {}
  for (const key of ruleKeys) {
    const value = text(call, key)
    if (value === undefined) continue
    if (value === '' && key !== 'enable') continue
    rule[key] = key === 'enable' ? Number(value) : value
  }
  return rule
}

function create(place: RulePlace): Handler {
  return (call) => {
    const rules = place.rules(call)
    checkPart(call, rules)
    const rule: Rule = {enable: 0, ...given(call)}
    verify(call, place.scope(call), rule)
    // The position is declared, but the real daemon always puts a new rule first.
    rules.unshift(rule)
    return null
  }
}

function update(place: RulePlace): Handler {
  return (call) => {
    const {rules, position} = find(place, call)
    checkPart(call, rules)
    const moveto = text(call, 'moveto')
    if (moveto !== undefined) {
      const [rule] = rules.splice(position, 1)
      rules.splice(Number(moveto) > position ? Number(moveto) - 1 : Number(moveto), 0, rule!)
      return null
    }
    const rule = {...rules[position], ...given(call)}
    for (const key of splitList(text(call, 'delete') ?? '')) {
      if (!ruleKeys.includes(key)) throw badParameter('delete', `no such property ('${key}')`)
      delete rule[key]
    }
    verify(call, place.scope(call), rule)
    rules[position] = rule
    return null
  }
}

function remove(place: RulePlace): Handler {
  return (call) => {
    const {rules, position} = find(place, call)
    checkPart(call, rules)
    rules.splice(position, 1)
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
