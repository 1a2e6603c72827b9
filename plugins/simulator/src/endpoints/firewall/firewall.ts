import {isIPv6} from 'node:net'
import {badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {macros} from '../../firewall/macros.js'
import {Answer, unordered} from '../../http/print.js'
import {isSet, required, text, type Call, type Endpoints} from '../../simulation.js'
import type {FirewallState} from '../../state/model.js'
import {findGuest, nodeName} from '../guests/guest-access.js'
import {checkPart, partDigest, ruleEndpoints, type Environment, type Rule} from './firewall-rules.js'

export const emptyFirewall = (): FirewallState => ({options: {}, rules: [], aliases: {}, ipset: {}, groups: {}})

/** A level of the firewall: where its calls are and whose file they change. */
interface Level {
  path: string
  environment: Environment
  key(call: Call): string
}

const levels: Level[] = [
  {path: '/cluster/firewall', environment: 'cluster', key: () => 'cluster'},
  {path: '/nodes/{node}/firewall', environment: 'host', key: (call) => `node ${nodeName(call)}`},
  {path: '/nodes/{node}/qemu/{vmid}/firewall', environment: 'vm', key: (call) => String(findGuest(call, 'qemu').vmid)},
  {path: '/nodes/{node}/lxc/{vmid}/firewall', environment: 'ct', key: (call) => String(findGuest(call, 'lxc').vmid)},
]

const firewallOf = (call: Call, level: Level): FirewallState =>
  (call.state.firewall[level.key(call)] ??= emptyFirewall())

function optionEndpoints(level: Level): Endpoints {
  const path = `${level.path}/options`
  return {
    [`GET ${path}`]: (call) => {
      const {options} = firewallOf(call, level)
      return {...options, digest: partDigest(options)}
    },
    [`PUT ${path}`]: (call) => {
      const {options} = firewallOf(call, level)
      checkPart(call, options)
      const schema = call.sim.contract.paths[path]!.PUT!.parameters.properties!
      for (const key of splitList(text(call, 'delete') ?? '')) {
        if (schema[key] === undefined) throw badParameter('delete', `no such option '${key}'`)
        delete options[key]
      }
      for (const [key, value] of Object.entries(call.param)) {
        if (['delete', 'digest', 'node', 'vmid'].includes(key)) continue
        const type = schema[key]?.type
        options[key] = type === 'integer' || type === 'boolean' ? Number(value) : String(value)
      }
      if (level.environment === 'cluster' && Number(options.enable ?? 0) > 1) options.enable = call.sim.now()
      return null
    },
  }
}

const ipVersion = (cidr: string): number => (isIPv6(cidr.split('/')[0]!) ? 6 : 4)

function aliasEndpoints(level: Level): Endpoints {
  const path = `${level.path}/aliases`
  const find = (call: Call): FirewallState['aliases'][string] => {
    const alias = firewallOf(call, level).aliases[required(call, 'name').toLowerCase()]
    if (!alias) throw badParameter('name', 'no such alias')
    return alias
  }
  const shown = ({name, cidr, comment}: FirewallState['aliases'][string]): Record<string, unknown> => ({
    name,
    cidr,
    ipversion: ipVersion(cidr),
    ...(comment !== undefined && comment !== '' && {comment}),
  })
  return {
    [`GET ${path}`]: (call) => {
      const {aliases} = firewallOf(call, level)
      return unordered(Object.values(aliases).map((alias) => ({...shown(alias), digest: partDigest(aliases)})))
    },
    [`POST ${path}`]: (call) => {
      const {aliases} = firewallOf(call, level)
      const name = required(call, 'name')
      if (aliases[name.toLowerCase()]) throw badParameter('name', `alias '${name}' already exists`)
      aliases[name.toLowerCase()] = {name, cidr: required(call, 'cidr'), comment: text(call, 'comment')}
      return null
    },
    [`GET ${path}/{name}`]: (call) => shown(find(call)),
    [`PUT ${path}/{name}`]: (call) => {
      const {aliases} = firewallOf(call, level)
      const alias = find(call)
      checkPart(call, aliases)
      const name = text(call, 'rename') ?? alias.name
      if (name.toLowerCase() !== alias.name.toLowerCase() && aliases[name.toLowerCase()])
        throw badParameter('name', `alias '${name}' already exists`)
      delete aliases[alias.name.toLowerCase()]
      const comment = text(call, 'comment')
      aliases[name.toLowerCase()] = {name, cidr: required(call, 'cidr'), comment}
      return null
    },
    [`DELETE ${path}/{name}`]: (call) => {
      const {aliases} = firewallOf(call, level)
      checkPart(call, aliases)
      delete aliases[required(call, 'name').toLowerCase()]
      return null
    },
  }
}

/** An address as sets hold it: host bits below the prefix are cleared. */
function network(cidr: string): string {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr)
  if (!match) return cidr
  const length = Number(match[5])
  const value = match.slice(1, 5).reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - length)
  const base = Math.floor(value / size) * size
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256)
  return `${parts.join('.')}/${length}`
}

function ipsetEndpoints(level: Level): Endpoints {
  const path = `${level.path}/ipset`
  const find = (call: Call): FirewallState['ipset'][string] => {
    const set = firewallOf(call, level).ipset[required(call, 'name')]
    if (!set) throw failure(`no such IPSet '${required(call, 'name')}'`)
    return set
  }
  const entryOf = (call: Call): Rule | undefined => find(call).entries.find(({cidr}) => cidr === required(call, 'cidr'))
  return {
    [`GET ${path}`]: (call) => {
      const {ipset} = firewallOf(call, level)
      return unordered(
        Object.entries(ipset).map(([name, {comment}]) => ({
          name,
          digest: partDigest(ipset),
          ...(comment !== undefined && {comment}),
        })),
      )
    },
    [`POST ${path}`]: (call) => {
      const {ipset} = firewallOf(call, level)
      const name = required(call, 'name')
      const rename = text(call, 'rename')
      const comment = text(call, 'comment')
      if (rename !== undefined) {
        const old = ipset[rename]
        if (!old) throw badParameter('name', `IPSet '${rename}' does not exist`)
        if (rename !== name && ipset[name]) throw badParameter('name', `IPSet '${name}' already exists`)
        delete ipset[rename]
        ipset[name] = {...old, ...(comment !== undefined && {comment})}
        return null
      }
      if (ipset[name]) throw badParameter('name', `IPSet '${name}' already exists`)
      ipset[name] = {entries: [], ...(comment !== undefined && {comment})}
      return null
    },
    [`DELETE ${path}/{name}`]: (call) => {
      const {entries} = find(call)
      const name = required(call, 'name')
      if (entries.length > 0 && !isSet(call, 'force')) throw failure(`IPSet '${name}' is not empty`)
      delete firewallOf(call, level).ipset[name]
      return null
    },
    [`GET ${path}/{name}`]: (call) => {
      const {entries} = find(call)
      return entries.map((entry) => ({...entry, digest: partDigest(entries)}))
    },
    [`POST ${path}/{name}`]: (call) => {
      const {entries} = find(call)
      const cidr = network(required(call, 'cidr'))
      if (entries.some((entry) => entry.cidr === cidr)) throw badParameter('cidr', `address '${cidr}' already exists`)
      if (/^(?:(?:dc|guest)\/)?[A-Za-z][\w-]*$/.test(cidr) && !cidr.includes(':')) {
        const alias = cidr.replace(/^(?:dc|guest)\//, '').toLowerCase()
        if (!firewallOf(call, level).aliases[alias] && !call.state.firewall.cluster?.aliases[alias])
          throw failure(`no such alias '${cidr}'`)
      }
      entries.push({
        cidr,
        ...(text(call, 'comment') !== undefined && text(call, 'comment') !== '' && {comment: text(call, 'comment')}),
        ...(isSet(call, 'nomatch') && {nomatch: 1}),
      })
      entries.sort((a, b) => (String(a.cidr) < String(b.cidr) ? -1 : 1))
      return null
    },
    [`GET ${path}/{name}/{cidr}`]: (call) => {
      const entry = entryOf(call)
      if (!entry) throw failure(`no such IP/Network/Alias '${required(call, 'cidr')}'`)
      return {...entry, digest: partDigest(find(call).entries)}
    },
    [`PUT ${path}/{name}/{cidr}`]: (call) => {
      const entry = entryOf(call)
      if (!entry) throw failure(`no such IP/Network/Alias '${required(call, 'cidr')}'`)
      checkPart(call, find(call).entries)
      const comment = text(call, 'comment')
      if (comment === '') delete entry.comment
      else if (comment !== undefined) entry.comment = comment
      if (isSet(call, 'nomatch')) entry.nomatch = 1
      else if (text(call, 'nomatch') !== undefined) delete entry.nomatch
      return null
    },
    [`DELETE ${path}/{name}/{cidr}`]: (call) => {
      const set = find(call)
      checkPart(call, set.entries)
      set.entries = set.entries.filter(({cidr}) => cidr !== required(call, 'cidr'))
      return null
    },
  }
}

function refs(level: Level): Endpoints {
  return {
    [`GET ${level.path}/refs`]: (call) => {
      const wanted = text(call, 'type')
      const parts: [string, FirewallState][] = [['dc', (call.state.firewall.cluster ??= emptyFirewall())]]
      if (level.environment !== 'cluster') parts.push(['guest', firewallOf(call, level)])
      const list = parts.flatMap(([scope, {aliases, ipset}]) => [
        ...Object.entries(ipset).map(([name, {comment}]) => ({
          type: 'ipset',
          name,
          ref: `+${name}`,
          scope,
          ...(comment !== undefined && {comment}),
        })),
        ...Object.entries(aliases).map(([name, {comment}]) => ({
          type: 'alias',
          name,
          ref: name,
          scope,
          ...(comment && {comment}),
        })),
      ])
      return unordered(list.filter(({type}) => wanted === undefined || type === wanted))
    },
  }
}

const noLog: Endpoints[string] = () =>
  new Answer([{n: 1, t: 'unable to open file - No such file or directory'}], {total: 1})

function groupOf(call: Call): {comment?: string; rules: Rule[]} {
  const name = required(call, 'group')
  const group = (call.state.firewall.cluster ??= emptyFirewall()).groups[name]
  if (!group) throw failure(`no such security group '${name}'`)
  return group
}

const groupEndpoints: Endpoints = {
  'GET /cluster/firewall/groups': (call) => {
    const {groups} = (call.state.firewall.cluster ??= emptyFirewall())
    return unordered(
      Object.entries(groups).map(([group, {comment}]) => ({
        group,
        digest: partDigest(groups),
        ...(comment !== undefined && {comment}),
      })),
    )
  },
  'POST /cluster/firewall/groups': (call) => {
    const {groups} = (call.state.firewall.cluster ??= emptyFirewall())
    const [name, rename, comment] = [required(call, 'group'), text(call, 'rename'), text(call, 'comment')]
    if (rename !== undefined) {
      const old = groups[rename]
      if (!old) throw badParameter('group', `Security group '${rename}' does not exist`)
      if (rename !== name && groups[name]) throw badParameter('group', `Security group '${name}' already exists`)
      delete groups[rename]
      groups[name] = {...old, ...(comment !== undefined && {comment})}
      return null
    }
    if (groups[name]) throw badParameter('group', `Security group '${name}' already exists`)
    groups[name] = {rules: [], ...(comment !== undefined && {comment})}
    return null
  },
  'DELETE /cluster/firewall/groups/{group}': (call) => {
    if (groupOf(call).rules.length > 0) throw failure(`Security group '${required(call, 'group')}' is not empty`)
    delete call.state.firewall.cluster!.groups[required(call, 'group')]
    return null
  },
  ...ruleEndpoints('/cluster/firewall/groups/{group}', {
    scope: (call) => ({environment: 'group', own: (call.state.firewall.cluster ??= emptyFirewall())}),
    rules: (call) => groupOf(call).rules,
  }),
}

export const firewallEndpoints: Endpoints = {
  ...Object.assign(
    {},
    ...levels.map((level) => ({
      ...optionEndpoints(level),
      ...ruleEndpoints(`${level.path}/rules`, {
        scope: (call) => ({environment: level.environment, own: firewallOf(call, level)}),
        rules: (call) => firewallOf(call, level).rules,
      }),
      ...(level.environment !== 'host' && {...aliasEndpoints(level), ...ipsetEndpoints(level), ...refs(level)}),
      ...(level.environment !== 'cluster' && {[`GET ${level.path}/log`]: noLog}),
    })),
  ),
  ...groupEndpoints,
  'GET /cluster/firewall/macros': () => unordered([...macros].map((macro) => ({macro, descr: `${macro} traffic`}))),
}
