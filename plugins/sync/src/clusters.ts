import {PmpcError} from 'pmpc/kit/errors'
import {clustersNamed, type Workspace} from 'pmpc/kit/workspace'

/** The clusters that are meant: those of `--cluster`, else all. @throws PMPC_UNKNOWN_CLUSTER */
export function clustersOf({clusters}: Workspace, named: string[] | undefined, command: string): string[] {
  if (clusters.length > 0) return clustersNamed(clusters, named, command)
  throw new PmpcError('PMPC_UNKNOWN_CLUSTER', 'pmpc.yaml names no cluster', {suggestions: ['pmpc init']})
}
