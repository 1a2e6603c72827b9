import type {State} from '../state/model.js'
import {activeRules, nodePriorities, type HaRule} from './rules.js'
import {guestOf} from './services.js'
import {table} from '../state/tables.js'
import type {Call} from '../calls/call.js'

/** Node affinities of a state: rules, and the groups of releases before 9. */
function rulesOf({sections}: State): HaRule[] {
  const groups = Object.entries(sections['ha/groups'] ?? {}).map(([id, group]) => ({
    id,
    resources: new Set(
      Object.entries(sections['ha/resources'] ?? {})
        .filter(([, resource]) => resource.group === id)
        .map(([sid]) => sid),
    ),
    nodes: nodePriorities(group.nodes),
    strict: Number(group.restricted ?? 0) === 1,
  }))
  return [...groups, ...activeRules(sections['ha/rules'] ?? {})]
}

/** Resources that a rule keeps together with this one, or apart from it. */
function partners(state: State, sid: string, affinity: HaRule['affinity']): string[] {
  const rules = rulesOf(state).filter((rule) => rule.affinity === affinity && rule.resources.has(sid))
  return [...new Set(rules.flatMap(({resources}) => [...resources]))].filter((other) => other !== sid).sort()
}

const nodeOf = (state: State, sid: string): string | undefined => guestOf(state, sid)?.node

/** Nodes that are on and where a resource may run, the best first. Fact: pve-ha-manager, PVE/HA/Manager.pm (select_service_node). */
export function placesFor(state: State, sid: string): string[] {
  const online = Object.values(state.nodes)
    .filter(({power}) => power === 'online')
    .map(({name}) => name)
  const rule = rulesOf(state).find(({nodes, resources}) => nodes !== undefined && resources.has(sid))
  const named = rule ? online.filter((name) => rule.nodes!.has(name)) : online
  const allowed = named.length === 0 && rule?.strict !== true ? online : named
  const taken = new Set(partners(state, sid, 'negative').map((other) => nodeOf(state, other)))
  const joined = new Set(partners(state, sid, 'positive').map((other) => nodeOf(state, other)))
  const load = (name: string): number =>
    Object.keys(state.sections['ha/resources'] ?? {}).filter((other) => nodeOf(state, other) === name).length
  const priority = (name: string): number => rule?.nodes!.get(name) ?? 0
  return allowed
    .filter((name) => !taken.has(name))
    .sort(
      (one, other) =>
        Number(joined.has(other)) - Number(joined.has(one)) ||
        priority(other) - priority(one) ||
        load(one) - load(other) ||
        (one < other ? -1 : 1),
    )
}

/** Whether a resource should go to a node of a higher priority than the one it is on. */
export function betterPlace(state: State, sid: string): string | undefined {
  const here = nodeOf(state, sid)
  const rule = rulesOf(state).find(({nodes, resources}) => nodes !== undefined && resources.has(sid))
  const resource = state.sections['ha/resources']?.[sid]
  const group = state.sections['ha/groups']?.[String(resource?.group)]
  const stays = Number(group?.nofailback ?? 0) === 1 || Number(resource?.failback ?? 1) === 0
  if (!rule || stays || partners(state, sid, 'positive').length > 0) return undefined
  const [best] = placesFor(state, sid)
  const rank = (name: string): number => (rule.nodes!.has(name) ? rule.nodes!.get(name)! : -1)
  return best !== undefined && here !== undefined && rank(best) > rank(here) ? best : undefined
}

export interface Motion {
  /** Resources that go along. */
  together: string[]
  /** What stands in the way, by node. */
  blocking: Record<string, {sid: string; cause: 'node-affinity' | 'resource-affinity'}[]>
}

/** What moving a resource means for others. Fact: contract, POST /cluster/ha/resources/{sid}/migrate (9.2). */
export function motionOf(state: State, sid: string): Motion {
  const blocking: Motion['blocking'] = table({})
  const together = partners(state, sid, 'positive')
  for (const one of [sid, ...together]) {
    for (const other of partners(state, one, 'negative')) {
      const node = nodeOf(state, other)
      if (node !== undefined) (blocking[node] ??= []).push({sid: other, cause: 'resource-affinity'})
    }
    const strict = rulesOf(state).find((rule) => rule.strict && rule.resources.has(one))
    for (const node of Object.keys(state.nodes)) {
      if (strict && !strict.nodes!.has(node)) (blocking[node] ??= []).push({sid: one, cause: 'node-affinity'})
    }
  }
  return {together, blocking}
}

/** Hands a move of a service to the manager; the newer release tells what goes along and what is in the way. */
export function requestMove(call: Call, sid: string, node: string, kind: 'migrate' | 'relocate'): unknown {
  const {together, blocking} = motionOf(call.sim.state, sid)
  const blocked = blocking[node] ?? []
  if (blocked.length === 0)
    for (const one of [sid, ...together]) call.sim.state.ha?.commands.push({sid: one, kind, node})
  if (call.sim.settings.release === '8.4') return null
  return {
    sid,
    'requested-node': node,
    ...(together.length > 0 && {'comigrated-resources': together}),
    ...(blocked.length > 0 && {'blocking-resources': blocked}),
  }
}
