import type {Session} from '../reconcile/index.js'
import type {ClusterState} from '../resources/index.js'
import type {Caller, Derived} from '../runs/index.js'

/**
 * The code that is committed along with what was recorded, where `iac: {auto: true}` of pmpc.yaml has it so. That it could not be written is
 * a warning: what was observed is recorded all the same.
 * @param state of the cluster that is being recorded; of the others, and without it, what was recorded last
 */
export async function derivedOf(
  session: Session,
  {derive}: Pick<Caller, 'derive'>,
  state?: ClusterState,
): Promise<Derived> {
  const {workspace} = session
  if (!derive || workspace.config.iac?.auto !== true) return {files: [], warnings: []}
  const states = await Promise.all(
    workspace.clusters.map(async (cluster) => (cluster === state?.cluster ? state : session.state(cluster))),
  )
  return derive(
    workspace.root,
    states.filter((each) => each !== undefined),
  )
}
