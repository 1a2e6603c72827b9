import {PmpcError} from 'pmpc/kit/errors'
import {loadStates} from 'pmpc/kit/observed'
import {formatRef, type ClusterState, type KindName, type Observed} from 'pmpc/kit/resources'
import {canonicalJson} from 'pmpc/kit/state'
import {selectablesIn, selectorOf, type ClusterConfig, type Workspace} from 'pmpc/kit/workspace'

/** What was recorded of a cluster, for whoever writes code from it. */
export interface Cluster {
  name: string
  config: ClusterConfig
  /** Sorted by `compareObjects`. */
  objects: readonly Observed[]
  of(kind: KindName): readonly Observed[]
  get(kind: KindName, id: string | number): Observed | undefined
}

/** All that code is written from: a pure function of what was recorded. Clusters are sorted by name. */
export interface Estate {
  clusters: readonly Cluster[]
}

/** `home/vm/100`. */
export const nameOf = ({name}: Pick<Cluster, 'name'>, {kind, id}: Pick<Observed, 'kind' | 'id'>): string =>
  formatRef({cluster: name, kind, id})

/**
 * How a value is spelled in Proxmox VE, for who compares texts: of lower-case MAC addresses (`net0.macaddr`), commas in `nameserver`, sizes of a
 * container's volumes (`mp0.size`). Undefined where it is spelled as the configuration has it.
 */
export function spelled({facts}: Pick<Observed, 'facts'>, field: string): string | undefined {
  const fact = `spelled.${field}`
  return Object.hasOwn(facts, fact) ? String(facts[fact]) : undefined
}

/**
 * The recorded clusters of a workspace.
 * @throws PMPC_NO_STATE where nothing was synced yet; as `readState`
 */
export async function readEstate(workspace: Workspace): Promise<Estate> {
  return estateOf(workspace, await loadStates(workspace.root, {command: 'pmpc iac generate'}))
}

/** The same, of these states. @throws PMPC_NO_STATE where none is of a cluster of pmpc.yaml */
export function estateOf({config}: Pick<Workspace, 'config'>, states: readonly ClusterState[]): Estate {
  const clusters = states.flatMap(({cluster: name, objects}): Cluster[] => {
    const settings = config.clusters[name]
    return settings ? [clusterOf(name, settings, objects.map(inOrder))] : []
  })
  if (clusters.length === 0)
    throw new PmpcError('PMPC_NO_STATE', 'Nothing was recorded yet of the clusters of pmpc.yaml', {
      suggestions: ['pmpc sync', 'pmpc status'],
    })
  return {clusters}
}

/** The same with its keys in one order: what was read just now has them in the one of Proxmox VE's answers. */
const inOrder = (object: Observed): Observed => JSON.parse(canonicalJson(object)) as Observed

/** A cluster of what was recorded of it. */
export function clusterOf(name: string, config: ClusterConfig, objects: readonly Observed[]): Cluster {
  const kinds = new Map<string, Observed[]>()
  const keys = new Map<string, Observed>()
  for (const object of objects) {
    kinds.set(object.kind, [...(kinds.get(object.kind) ?? []), object])
    keys.set(`${object.kind}/${object.id}`, object)
  }
  return {
    ...{name, config, objects},
    of: (kind) => kinds.get(kind) ?? [],
    get: (kind, id) => keys.get(`${kind}/${id}`),
  }
}

/** An estate of some of its objects, named in full. */
export function withOnly({clusters}: Estate, objects: ReadonlySet<string>): Estate {
  return {
    clusters: clusters.map((cluster) =>
      clusterOf(
        cluster.name,
        cluster.config,
        cluster.objects.filter((object) => objects.has(nameOf(cluster, object))),
      ),
    ),
  }
}

/**
 * The objects that words of `--only` mean, by their full names; undefined where there are no words.
 * @throws as `selectorOf`
 */
export function selectedIn(
  {clusters}: Estate,
  words: readonly string[],
  workspace: Workspace,
  command: string,
): Set<string> | undefined {
  const states = clusters.map(({name, objects}) => ({cluster: name, objects: [...objects]}))
  const known = selectablesIn(states, [])
  const names = clusters.map(({name}) => name)
  const isMeant = selectorOf(words, {
    clusters: names,
    all: workspace.clusters,
    known,
    command,
    found: 'was seen at the last sync',
  })
  return isMeant && new Set(known.filter(({ref}) => isMeant(ref)).map(({ref}) => formatRef(ref)))
}
