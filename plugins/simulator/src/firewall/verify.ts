import type {FormatContext} from '../contract/formats.js'
import {checkFormat} from '../contract/schema.js'
import {badParameter, failure} from '../errors.js'
import type {FirewallState} from '../state/model.js'
import {macroName, macros} from './macros.js'
import {addresses, aliasPattern, icmpNames, ipsetPattern, protocolsWithPorts} from '../contract/firewall-specs.js'

export type Rule = Record<string, unknown>
export type Environment = 'cluster' | 'host' | 'vm' | 'ct' | 'group' | 'vnet'

/** Where a rule stands, and what it may refer to. */
export interface Scope {
  environment: Environment
  /** Firewalls whose sets and aliases it may name, its own first. */
  firewalls: FirewallState[]
  /** Sets that virtual networks come with, named `+sdn/…`. */
  networkSets: string[]
  context: FormatContext
}

const types: Record<Environment, string[]> = {
  cluster: ['in', 'out', 'forward', 'group'],
  host: ['in', 'out', 'forward', 'group'],
  vm: ['in', 'out', 'group'],
  ct: ['in', 'out', 'group'],
  group: ['in', 'out', 'forward'],
  vnet: ['forward', 'group'],
}

function checkInterface({environment, context}: Scope, name: string): void {
  if (environment === 'group' || environment === 'vnet')
    throw badParameter('type', 'parameter -i not allowed for this rule type')
  const problem = checkFormat('pve-iface', name, 'iface', context)
  if (problem !== undefined) throw badParameter('iface', problem)
  if ((environment === 'vm' || environment === 'ct') && !/^net\d+$/.test(name))
    throw badParameter('iface', String.raw`value does not match the regex pattern 'net\d+'`)
}

function checkPorts(rule: Rule, key: 'dport' | 'sport'): void {
  if (rule[key] === undefined) return
  const protocol = rule.proto === undefined ? '' : String(rule.proto)
  if (protocol === '') throw badParameter('proto', `missing property - '${key}' requires this property`)
  const hasPorts = protocolsWithPorts.has(protocol) || (key === 'dport' && /^icmp(?:v6)?$/.test(protocol))
  if (!hasPorts) throw badParameter(key, `protocol '${protocol}' does not support ports`)
}

function checkIcmp(rule: Rule): void {
  const type = rule['icmp-type']
  if (type === undefined) return
  const protocol = String(rule.proto ?? '')
  const names = icmpNames(protocol)
  if (!names) throw badParameter('proto', `missing property - 'icmp-type' requires this property`)
  if (rule.dport !== undefined) throw badParameter('icmp-type', `'icmp-type' cannot be specified together with 'dport'`)
  if (!names.has(String(type)))
    throw badParameter('icmp-type', `invalid icmp-type '${String(type)}' for proto '${protocol}'`)
}

type Version = 4 | 6 | undefined

const mixed = 'detected mixed ipv4/ipv6 addresses in rule'

/** Whether a set that a rule names is there. */
function hasSet({firewalls, networkSets}: Scope, scope: string | undefined, name: string): boolean {
  if (scope === 'sdn') return networkSets.includes(name)
  const places = scope === 'dc' ? firewalls.slice(-1) : scope === 'guest' ? firewalls.slice(0, -1) : firewalls
  return places.some(({ipset}) => ipset[name] !== undefined)
}

/** An alias by its name, which may say where it stands (`dc/`, `guest/`). */
export function findAlias(firewalls: FirewallState[], value: string): FirewallState['aliases'][string] | undefined {
  const [, scope, name] = aliasPattern.exec(value) ?? []
  const places = scope === 'dc' ? firewalls.slice(-1) : scope === 'guest' ? firewalls.slice(0, -1) : firewalls
  return places.map(({aliases}) => aliases[(name ?? '').toLowerCase()]).find((alias) => alias !== undefined)
}

/** The version of the addresses that a rule names, checked against what is known of it. */
function checkAddress(scope: Scope, rule: Rule, key: 'source' | 'dest', known: Version): Version {
  if (rule[key] === undefined) return known
  const value = String(rule[key])
  if (value.startsWith('+')) {
    const [, place, name] = ipsetPattern.exec(value) ?? []
    if (name === undefined) throw badParameter(key, `invalid ipset name '${value}'`)
    if (!hasSet(scope, place, name)) throw badParameter(key, `no such ipset '${name}'`)
    return known
  }
  if (aliasPattern.test(value)) {
    const alias = findAlias(scope.firewalls, value)
    if (!alias) throw badParameter(key, `no such alias '${value}'`)
    const version = alias.cidr.includes(':') ? 6 : 4
    if (known !== undefined && known !== version) throw failure(mixed)
    return version
  }
  const {version} = addresses(value)
  if (known !== undefined && version !== undefined && known !== version) throw badParameter(key, mixed)
  return version ?? known
}

/** Refuses what contradicts the traffic that a macro stands for. */
function checkMacro(rule: Rule, version: Version): void {
  if (rule.macro === undefined) return
  for (const template of macros[String(rule.macro)]!.traffic.split(' ')) {
    const [protocol, dport, sport] = template.split('/')
    const proto = protocol === 'icmp' && version === 6 ? 'icmpv6' : protocol
    if (proto === 'icmpv6' && version === 4) continue
    for (const [key, value] of Object.entries({proto, dport, sport})) {
      if (value !== undefined && rule[key] !== undefined && rule[key] !== value)
        throw badParameter(key, `parameter '${key}' already define in macro (value = '${value}')`)
    }
  }
}

/** Refuses a rule that cannot be where it stands, and notes the version of its addresses. @throws ApiError 400, 500 */
export function verifyRule(scope: Scope, rule: Rule): void {
  const {environment} = scope
  const type = String(rule.type)
  if (!types[environment].includes(type))
    throw badParameter('type', `invalid rule type '${type}' for rule_env '${environment}'`)
  if (type !== 'group' && !['ACCEPT', 'DROP', 'REJECT'].includes(String(rule.action)))
    throw badParameter('action', `unknown action '${String(rule.action)}'`)
  if (rule.iface !== undefined) checkInterface(scope, String(rule.iface))
  if (rule.macro !== undefined) {
    const name = macroName(String(rule.macro))
    if (name === undefined) throw badParameter('macro', `unknown macro '${String(rule.macro)}'`)
    rule.macro = name
  }
  const protocol = String(rule.proto ?? '')
  let version: Version = protocol === 'icmp' ? 4 : /^(?:icmpv6|ipv6-icmp)$/.test(protocol) ? 6 : undefined
  checkPorts(rule, 'dport')
  checkIcmp(rule)
  checkPorts(rule, 'sport')
  for (const key of ['source', 'dest'] as const) version = checkAddress(scope, rule, key, version)
  if (version === undefined) delete rule.ipversion
  else rule.ipversion = version
  checkMacro(rule, version)
}
