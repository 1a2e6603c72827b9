import {PmpcError} from '../errors/index.js'
import {nearest} from '../errors/nearest.js'
import type {Workspace} from './config.js'

/**
 * The clusters that `--cluster` names, in the order of pmpc.yaml; all of them where it was not given.
 * @param all those of pmpc.yaml
 * @param command as it is typed: `pmpc status`
 * @throws PMPC_UNKNOWN_CLUSTER
 */
export function clustersNamed(all: readonly string[], named: readonly string[] | undefined, command: string): string[] {
  const unknown = named?.find((name) => !all.includes(name))
  if (unknown === undefined) return all.filter((name) => !named || named.includes(name))
  const near = nearest(unknown, all)
  const meant = near === undefined ? '' : `; did you mean ${near}?`
  throw new PmpcError('PMPC_UNKNOWN_CLUSTER', `pmpc.yaml names no cluster "${unknown}"${meant}`, {
    suggestions: (near === undefined ? all : [near]).map((name) => `${command} --cluster ${name}`),
    data: {cluster: unknown, known: all},
  })
}

/**
 * The clusters that a command is about: those that `--cluster` names, else all.
 * @throws PMPC_UNKNOWN_CLUSTER, also where pmpc.yaml names none
 */
export function clustersOf({clusters}: Workspace, named: string[] | undefined, command: string): string[] {
  if (clusters.length > 0) return clustersNamed(clusters, named, command)
  throw new PmpcError('PMPC_UNKNOWN_CLUSTER', 'pmpc.yaml names no cluster', {suggestions: ['pmpc init']})
}
