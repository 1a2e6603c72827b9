import {isPmpcError, PmpcError} from '../errors/index.js'
import {listInside} from '../files/inside.js'
import {clusterOf, STATE_FOLDER} from '../files/names.js'
import {prefixOf} from '../git/paths.js'
import type {Repository} from '../git/repository.js'
import type {ClusterState} from '../resources/model.js'
import {loadState, loadStateBlob} from '../state/load.js'
import {clustersNamed} from '../workspace/clusters.js'
import {knownIn, type KnownObject} from '../workspace/objects.js'

/** Names of the clusters of which the working tree holds a state, sorted. `pmpc.yaml` is not read: it takes longer than all the rest. */
export function clustersWithState(root: string): string[] {
  return listInside(root, STATE_FOLDER)
    .flatMap(({name}) => clusterOf(name) ?? [])
    .sort()
}

/** The same, and those of which only HEAD holds a state: one that was lost still has a history. */
export async function knownClusters(repository: Repository, root: string): Promise<string[]> {
  const {oid} = await repository.head()
  const committed = oid === null ? [] : await repository.listTree(oid, statesIn(repository, root))
  const names = committed.flatMap(({path}) => clusterOf(path.slice(statesIn(repository, root).length + 1)) ?? [])
  return [...new Set([...clustersWithState(root), ...names])].sort()
}

/** What `--cluster` asks for, and of which command. */
export interface Asked {
  /** All that have a state unless given. */
  only?: readonly string[] | undefined
  /** As it is typed: `pmpc log`. */
  command: string
}

/**
 * Those of the clusters with a state that are asked for.
 * @throws PMPC_UNKNOWN_CLUSTER for one that pmpc.yaml does not name, either; PMPC_NO_STATE for one of which there is no state, and where there is none at all
 */
export async function wantedOf(root: string, known: readonly string[], {only, command}: Asked): Promise<string[]> {
  const missing = only?.find((name) => !known.includes(name))
  if (missing === undefined && known.length > 0) return known.filter((name) => !only || only.includes(name))
  if (only) clustersNamed([...new Set([...(await namedClusters(root)), ...known])], only, command)
  throw noState(missing, known)
}

/** The clusters of pmpc.yaml. */
async function namedClusters(root: string): Promise<string[]> {
  const {loadConfig} = await import('../workspace/config.js')
  return Object.keys((await loadConfig(root)).clusters)
}

/** Clusters with a state in the working tree, or those that are asked for. Throws as `wantedOf`. */
export async function wantedClusters(root: string, asked: Asked): Promise<string[]> {
  return wantedOf(root, clustersWithState(root), asked)
}

/** The states of the working tree. Throws PMPC_NO_STATE where nothing was synced yet; and as `wantedOf`. */
export async function loadStates(root: string, asked: Asked = {command: 'pmpc get guests'}): Promise<ClusterState[]> {
  const wanted = await wantedClusters(root, asked)
  const states = await Promise.all(wanted.map(async (cluster) => loadState({root, cluster})))
  return states.filter((state) => state !== undefined)
}

/** Those states of the working tree that can be read: where they only tell names, one that is lost or damaged tells none. */
export async function readableStates(root: string, clusters: readonly string[]): Promise<ClusterState[]> {
  const states = await Promise.all(
    clusters.map(async (cluster) =>
      loadState({root, cluster}).catch((error: unknown) => {
        if (isPmpcError(error)) return undefined
        throw error
      }),
    ),
  )
  return states.filter((state) => state !== undefined)
}

function noState(only: string | undefined, known: readonly string[]): PmpcError {
  const what =
    only === undefined ? 'No cluster was synced yet' : `There is no state of the cluster ${JSON.stringify(only)}`
  const there = known.length > 0 ? `; there is of ${known.join(', ')}` : ''
  return new PmpcError('PMPC_NO_STATE', `${what}${there}.`, {
    suggestions: [only === undefined ? 'pmpc sync' : `pmpc sync --cluster ${only}`, 'pmpc status'],
    data: {cluster: only ?? null, known},
  })
}

/** The states that a commit holds; those of the working tree for null. Revisions are cached by the ids of their blobs. */
export async function statesAt(repository: Repository, root: string, commit: string | null): Promise<ClusterState[]> {
  if (commit === null) return clustersWithState(root).length > 0 ? loadStates(root) : []
  const files = (await repository.listTree(commit, statesIn(repository, root))).filter(({path}) => path.endsWith('.db'))
  return Promise.all(
    files.map(async ({path, oid}) =>
      loadStateBlob({root, oid, read: async () => (await repository.readBlob(commit, path)) ?? new Uint8Array()}),
    ),
  )
}

/** How many commits are looked at for what had a name once. */
const lookedBack = 64

/** What the states of earlier commits knew, the newest first; those that cannot be read tell nothing. */
export async function* knownBefore(
  repository: Repository,
  root: string,
  clusters: readonly string[],
): AsyncGenerator<KnownObject[]> {
  for (const {oid} of await repository.log({paths: [statesIn(repository, root)], limit: lookedBack})) {
    const states = await statesAt(repository, root, oid).catch((error: unknown) => {
      if (isPmpcError(error)) return []
      throw error
    })
    yield knownIn(states.filter(({cluster}) => clusters.includes(cluster)))
  }
}

/** Where states are, from the top of the repository: a workspace may be one of its folders. */
export function statesIn(repository: Repository, root: string): string {
  return prefixOf(repository, root) + STATE_FOLDER
}
