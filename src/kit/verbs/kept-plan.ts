import type {Plan} from '../plan/index.js'
import {keepAt, recallAt, type Glance} from './kept-glance.js'

/** Of what a plan is. */
interface Of {
  /** pmpc's own, which a plan names: the host's, where what keeps it is a plugin's. */
  version: string
  /** In the order in which they were asked for. */
  clusters: readonly string[]
}

const NAME = 'plan'

/** The plan that was kept, where nothing that it follows from has changed. */
export function recallPlan(glance: Glance, {version, clusters}: Of): Plan | undefined {
  const kept = recallAt(glance, NAME) as (Of & {plan: Plan}) | undefined
  const isIt = kept?.version === version && kept.clusters.join() === clusters.join()
  return isIt ? kept.plan : undefined
}

/** Keeps a plan of all objects that was made after the glance, where no cluster was asked for it: what a cluster says is never told again. See `keepAt`. */
export function keepPlan(glance: Glance, of: Of, plan: Plan, read: Parameters<typeof keepAt>[3]): void {
  if (plan.requests + plan.actions.length === 0) keepAt(glance, NAME, {...of, plan}, read)
}
