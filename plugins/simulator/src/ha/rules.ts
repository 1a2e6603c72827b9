import {splitList} from '../contract/scalars.js'
import type {Section} from '../state/model.js'
import {table} from '../state/tables.js'

/** Priority by node; a higher one is preferred. */
export type NodePriorities = Map<string, number>

/** A rule that is not disabled, as checks and placement read it. */
export interface HaRule {
  id: string
  resources: Set<string>
  /** Where its resources run; of node affinity rules only. */
  nodes?: NodePriorities
  /** Whether they may run nowhere else. */
  strict?: boolean
  /** Together or apart; of resource affinity rules only. */
  affinity?: 'positive' | 'negative'
}

/** `pve1:2,pve2` by node. */
export function nodePriorities(text: unknown): NodePriorities {
  const pairs = splitList(String(text ?? '')).map((item) => item.split(':'))
  return new Map(pairs.map(([node, priority]) => [node!, Number(priority ?? 0)]))
}

/** Nodes and priorities as files hold them: by name, without a priority of 0. */
export const printPriorities = (nodes: NodePriorities): string =>
  [...nodes.keys()]
    .sort()
    .map((node) => (nodes.get(node) ? `${node}:${nodes.get(node)}` : node))
    .join(',')

/** The rules that hold. */
export function activeRules(sections: Record<string, Section>): HaRule[] {
  return Object.entries(sections)
    .filter(([, rule]) => Number(rule.disable ?? 0) === 0)
    .map(([id, rule]) => ({
      id,
      resources: new Set(splitList(String(rule.resources ?? ''))),
      ...(rule.type === 'node-affinity'
        ? {nodes: nodePriorities(rule.nodes), strict: Number(rule.strict ?? 0) === 1}
        : {affinity: rule.affinity as HaRule['affinity']}),
    }))
}

const common = (one: Set<string>, other: Set<string>): string[] => [...one].filter((sid) => other.has(sid))
const meets = (one: Set<string>, other: Set<string>): boolean => common(one, other).length > 0

/** Rules whose resources overlap, directly or through others, count as one. */
function joined(rules: HaRule[]): {ids: string[]; resources: Set<string>}[] {
  const sets: {ids: string[]; resources: Set<string>}[] = []
  for (const {id, resources} of rules) {
    const touching = sets.filter((set) => meets(set.resources, resources))
    for (const set of touching) sets.splice(sets.indexOf(set), 1)
    sets.push({
      ids: [...touching.flatMap(({ids}) => ids), id],
      resources: new Set([...touching.flatMap((set) => [...set.resources]), ...resources]),
    })
  }
  return sets
}

interface Rules {
  location: HaRule[]
  positive: HaRule[]
  negative: HaRule[]
  nodes: string[]
}

/** What is wrong with rules: id of a rule and PVE's text. */
type Check = (rules: Rules) => [id: string, problem: string][]

const hasPriorities = ({nodes}: HaRule): boolean => new Set(nodes?.values()).size > 1
const ids = (rules: HaRule[]): string[] => rules.map(({id}) => id)
const each = (names: string[], problem: string): [string, string][] => names.map((id) => [id, problem])

/** In PVE's order: of each type, then across types. Fact: pve-ha-manager, src/PVE/HA/Rules*.pm. */
const checks: Check[] = [
  ({location}) =>
    location.flatMap((rule) =>
      [...rule.resources]
        .sort()
        .filter((sid) => location.some((other) => other !== rule && other.resources.has(sid)))
        .map((sid): [string, string] => [rule.id, `resource '${sid}' is already used in another node affinity rule`]),
    ),
  ({positive, negative}) =>
    each(
      ids([...positive, ...negative].filter(({resources}) => resources.size < 2)),
      'rule is ineffective as there are less than two resources',
    ),
  ({negative, nodes}) =>
    each(
      ids(negative.filter(({resources}) => resources.size > nodes.length)),
      'rule defines more resources than available nodes',
    ),
  ({positive, negative}) =>
    joined(positive).flatMap((group) =>
      negative
        .filter(({resources}) => common(group.resources, resources).length > 1)
        .flatMap(({id}) => [
          ...each([id], 'rule shares two or more resources with a positive resource affinity rule'),
          ...each(group.ids, 'rule shares two or more resources with a negative resource affinity rule'),
        ]),
    ),
  ({location, positive, negative}) =>
    [...positive, ...negative].flatMap(({id, resources}) => {
      const paired = location.filter((rule) => meets(rule.resources, resources))
      if (!paired.some(hasPriorities)) return []
      return [
        ...each(
          ids(paired),
          'resources are in a resource affinity rule and cannot be in a node affinity rule with multiple priorities',
        ),
        ...each([id], 'resources are in node affinity rules with multiple priorities'),
      ]
    }),
  ({location, positive}) =>
    joined(positive).flatMap((group) => {
      const paired = location.filter((rule) => meets(rule.resources, group.resources))
      if (paired.length < 2) return []
      return [
        ...each(
          ids(paired),
          'at least one resource is in a positive resource affinity rule and there are other resources in at least one other node affinity rule already',
        ),
        ...each(group.ids, 'resources are in multiple node affinity rules'),
      ]
    }),
  ({location, negative}) =>
    negative.flatMap(({id, resources}) => {
      const paired = location.filter((rule) => meets(rule.resources, resources))
      const allowed = new Set(paired.flatMap(({nodes}) => [...nodes!.keys()]))
      const located = new Set(paired.flatMap((rule) => common(rule.resources, resources)))
      if (allowed.size >= located.size) return []
      return [
        ...each([id], 'two or more resources are restricted to less nodes than available to the resources'),
        ...each(
          ids(paired),
          'at least one resource is in a negative resource affinity rule and this rule would restrict these to less nodes than available to the resources',
        ),
      ]
    }),
]

/** What makes rules infeasible, by rule. `nodes` are those the cluster is configured with. */
export function infeasible(sections: Record<string, Section>, nodes: string[]): Record<string, string[]> {
  const rules = activeRules(sections)
  const given: Rules = {
    location: rules.filter((rule) => rule.nodes !== undefined),
    positive: rules.filter(({affinity}) => affinity === 'positive'),
    negative: rules.filter(({affinity}) => affinity === 'negative'),
    nodes,
  }
  const problems: Record<string, string[]> = table({})
  for (const [id, problem] of checks.flatMap((check) => check(given))) (problems[id] ??= []).push(problem)
  return problems
}
