import type {Asked, Decided, Plan} from '../plan/index.js'
import type {Value} from '../resources/index.js'
import type {Caller} from '../runs/index.js'
import type {Workspace} from '../workspace/index.js'
import {glanceAt} from './kept-glance.js'
import {recallPlan} from './kept-plan.js'

/** What is to be planned. */
export interface PlanRequest {
  /** Names, of pmpc.yaml. */
  clusters: readonly string[]
  /** Words that select objects; all unless given. And those that are left out. */
  words: readonly string[]
  exclude: readonly string[]
  /** Read all objects, and not only those that somebody wishes otherwise. */
  refresh: boolean
  /** These objects alone, whatever the words say: `home/vm/100`. */
  only?: ReadonlySet<string>
  /** What was begun and is gone on with, whatever is met of it by now; or what somebody asks for that the manifests do not tell: by object. */
  begun?: ReadonlyMap<string, Begun>
  /** It is an earlier run's. */
  isResumed?: true
}

/** Wishes that an earlier run has begun to carry out, or that no manifest tells. */
export interface Begun {
  absent?: true
  fields: readonly string[]
  asked?: Asked
  bound?: Decided
  /** Values that were bound to what was there then. */
  values?: Readonly<Record<string, Value>>
}

/**
 * What an apply would do: a step for each wish, read from the cluster where somebody wishes anything. It sends nothing that writes, and changes nothing here.
 * That nobody wishes anything is told again where nothing has changed since it was told.
 * @param version pmpc's
 * @throws what the client throws where a cluster cannot be read; PMPC_MANIFEST for committed manifests that cannot be read; PMPC_STATE_CORRUPT, PMPC_GIT_…
 */
export async function plan({root}: Workspace, request: PlanRequest, caller: Caller, version: string): Promise<Plan> {
  const {words, exclude, refresh, only, begun} = request
  const isOfAll = words.length + exclude.length === 0 && !refresh && !only && !begun
  const glance = isOfAll ? glanceAt(root) : undefined
  const known = glance && recallPlan(glance, {version, clusters: request.clusters})
  if (known) return known
  const {readPlan} = await import('./read-plan.js')
  return readPlan(root, request, {caller, version, glance})
}
