import {planOf, type Action, type Effect, type Plan, type Planned, type Step} from '../../src/kit/plan/index.js'
import type {Config, KindName, ObjectRef, Observed, Value} from '../../src/kit/resources/index.js'

/** Plans made by hand, for what prints and reads them. */

export const commit = 'c0ffee'.padEnd(40, '0')

export const vm: ObjectRef = {cluster: 'home', kind: 'vm', id: 100}

export function observed(config: Config, rest: Partial<Observed> = {}): Observed {
  return {kind: 'vm', id: 100, config, facts: {node: 'pve1', status: 'running'}, ...rest}
}

/** A wish and what its request does. */
interface Wish {
  field: string
  is?: Value
  want?: Value
  effect?: Omit<Effect, 'field' | 'consequence'> & {consequence?: Effect['consequence']}
  commit?: string | null
}

interface Made extends Partial<Action> {
  config?: Config
  after?: Config | null
  wishes?: Wish[]
  request?: Partial<Step['request']>
  effects?: Effect[]
}

/** An action of one request. */
export function action({config = {}, after = config, wishes = [], request, effects = [], ...rest}: Made): Action {
  const ref = rest.ref ?? vm
  const kind: KindName = ref.kind
  const is = rest.is === null ? null : (rest.is ?? observed(config, {kind, id: ref.id}))
  const step: Step = {
    request: {method: 'PUT', path: `/nodes/pve1/qemu/${ref.id}/config`, parameters: {}, ...request},
    effects: [...wishes.map(({field, effect}) => ({field, consequence: 'live' as const, ...effect})), ...effects],
    after: after === null ? null : observed(after, {kind, id: ref.id}),
  }
  const fields = wishes.map(({field, is, want, commit: from = commit}) => ({field, is, want, commit: from}))
  const document = after === null ? null : {kind, beside: {}, config: after}
  return {ref, is, wanted: {ref, document, fields}, steps: [step], refused: [], ...rest, ...(rest.is === null && {is})}
}

/** The plan of some actions. */
export async function plan(actions: Action[], rest: Partial<Planned> = {}): Promise<Plan> {
  return planOf({
    pmpc: '0.1.0',
    clusters: {home: {nodes: {pve1: '9.2.11'}}},
    actions,
    undecided: [],
    checks: [],
    requests: 6,
    ...rest,
  })
}
