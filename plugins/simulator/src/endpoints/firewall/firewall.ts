import {badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {macros} from '../../firewall/macros.js'
import type {Rule} from '../../firewall/verify.js'
import {Answer, unordered} from '../../calls/print.js'
import {required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {FirewallState} from '../../state/model.js'
import {lacks} from '../../storage/world.js'
import {networkSets, ruleEndpoints} from './firewall-rules.js'
import {aliasEndpoints, createOrRename, ipsetEndpoints} from './firewall-sets.js'
import {
  checkPart,
  clusterFirewall,
  clusterLevel,
  commentOf,
  digestOf,
  firewallOf,
  guestLevels,
  nodeLevel,
  vnetLevel,
  withDigest,
  type Level,
} from './levels.js'

const notOptions = ['delete', 'digest', 'node', 'vmid', 'vnet']

function optionEndpoints(level: Level): Endpoints {
  const path = `${level.path}/options`
  return {
    [`GET ${path}`]: (call) => {
      const {options} = firewallOf(call, level)
      return {...options, digest: digestOf(options)}
    },
    [`PUT ${path}`]: (call) => {
      const {options} = firewallOf(call, level)
      checkPart(call, options)
      const schema = call.sim.contract.paths[path]!.PUT!.parameters.properties!
      for (const key of splitList(text(call, 'delete') ?? '')) {
        if (schema[key] === undefined || notOptions.includes(key))
          throw badParameter('delete', `no such option '${key}'`)
        delete options[key]
      }
      for (const [key, value] of Object.entries(call.param)) {
        if (notOptions.includes(key)) continue
        const type = schema[key]?.type
        options[key] = type === 'integer' || type === 'boolean' ? Number(value) : String(value)
      }
      if (level === clusterLevel && Number(options.enable ?? 0) > 1) options.enable = call.sim.now()
      return null
    },
  }
}

/** Sets and aliases that rules of a level may name. */
function refs(level: Level): Endpoints {
  return {
    [`GET ${level.path}/refs`]: (call) => {
      const wanted = text(call, 'type')
      const own = level === clusterLevel ? [] : [['guest', firewallOf(call, level)] as const]
      const places: (readonly [string, FirewallState])[] = [['dc', clusterFirewall(call)], ...own]
      const ref = (type: string, name: string, scope: string, comment?: string): Rule => ({
        type,
        name,
        ref: type === 'ipset' ? `+${name}` : name,
        scope,
        ...commentOf(comment),
      })
      const list = [
        ...networkSets(call).map(({name, comment}) => ref('ipset', name, 'sdn', comment)),
        ...places.flatMap(([scope, {aliases, ipset}]) => [
          ...Object.entries(ipset).map(([name, {comment}]) => ref('ipset', name, scope, comment)),
          ...Object.entries(aliases).map(([name, {comment}]) => ref('alias', name, scope, comment)),
        ]),
      ]
      return unordered(list.filter(({type}) => wanted === undefined || type === wanted))
    },
  }
}

/** The file of the firewall's log. Nothing is logged, as no traffic flows. */
const logFile = '/var/log/pve-firewall.log'

const log: Endpoints[string] = (call) => {
  return new Answer(
    [{n: 1, t: lacks(call.sim.state, logFile) ? 'unable to open file - No such file or directory' : 'no content'}],
    {total: 1},
  )
}

const levelRules = (level: Level): Endpoints =>
  ruleEndpoints(`${level.path}/rules`, {
    environment: level.environment,
    own: (call) => firewallOf(call, level),
    rules: (call) => firewallOf(call, level).rules,
  })

function groupOf(call: Call): {comment?: string; rules: Rule[]} {
  const name = required(call, 'group')
  const group = clusterFirewall(call).groups[name]
  if (!group) throw failure(`no such security group '${name}'`)
  return group
}

const groupList = (groups: FirewallState['groups']): Rule[] =>
  Object.keys(groups)
    .sort()
    .map((group) => ({group, ...commentOf(groups[group]!.comment)}))

function createGroup(call: Call): null {
  const {groups} = clusterFirewall(call)
  createOrRename(call, groups, groupList(groups), {what: 'Security group', parameter: 'group'}, {rules: []})
  const [name, rename] = [required(call, 'group'), text(call, 'rename')]
  // Rules that put the group in follow it.
  for (const {rules} of Object.values(call.sim.state.firewall))
    for (const rule of rules) if (rule.type === 'group' && rule.action === rename) rule.action = name
  return null
}

const groupEndpoints: Endpoints = {
  'GET /cluster/firewall/groups': (call) => withDigest(groupList(clusterFirewall(call).groups)),
  'POST /cluster/firewall/groups': createGroup,
  'DELETE /cluster/firewall/groups/{group}': (call) => {
    if (groupOf(call).rules.length > 0) throw failure(`Security group '${required(call, 'group')}' is not empty`)
    delete clusterFirewall(call).groups[required(call, 'group')]
    return null
  },
  ...ruleEndpoints('/cluster/firewall/groups/{group}', {
    environment: 'group',
    own: clusterFirewall,
    rules: (call) => groupOf(call).rules,
  }),
}

export const firewallEndpoints: Endpoints = {
  ...Object.assign(
    {},
    ...[clusterLevel, nodeLevel, ...guestLevels, vnetLevel].map((level) => ({
      ...optionEndpoints(level),
      ...levelRules(level),
    })),
    ...[clusterLevel, ...guestLevels].map((level) => ({
      ...aliasEndpoints(level),
      ...ipsetEndpoints(level),
      ...refs(level),
    })),
    ...[nodeLevel, ...guestLevels].map((level) => ({[`GET ${level.path}/log`]: log})),
  ),
  ...groupEndpoints,
  'GET /cluster/firewall/macros': () =>
    unordered(Object.entries(macros).map(([macro, {description}]) => ({macro, descr: description}))),
}
