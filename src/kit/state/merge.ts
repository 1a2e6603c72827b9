import {PmpcError} from '../errors/index.js'
import {compareObjects} from '../resources/refs.js'
import type {ClusterState, Observed} from '../resources/model.js'
import {canonicalJson, canonicalState, identity} from './canonical.js'

/** An object that both sides changed, each in its own way. */
export interface MergeConflict {
  base?: Observed
  ours?: Observed
  theirs?: Observed
}

export interface Merged {
  /** With our side of every conflict. */
  state: ClusterState
  conflicts: MergeConflict[]
}

/**
 * Merges two states that grew from one, object by object: whoever changed an object wins, and where both did, differently, it is a
 * conflict: only the cluster knows, so the way out is a sync. Without a common ancestor whatever differs is a conflict.
 * Throws PMPC_STATE_CLUSTER when the two are of different clusters.
 */
export function mergeStates(base: ClusterState | undefined, ours: ClusterState, theirs: ClusterState): Merged {
  if (ours.cluster !== theirs.cluster) throw differentClusters(ours.cluster, theirs.cluster)
  const sides = [base, ours, theirs].map(byIdentity) as [Side, Side, Side]
  const keys = new Set(sides.flatMap((side) => [...side.keys()]))
  const objects: Observed[] = []
  const conflicts: MergeConflict[] = []
  for (const key of keys) {
    const [was, our, their] = sides.map((side) => side.get(key)) as [Row, Row, Row]
    const taken = pick(was, our, their)
    if (taken === 'conflict') conflicts.push({base: was?.object, ours: our?.object, theirs: their?.object})
    const row = taken === 'conflict' ? our : taken
    if (row) objects.push(row.object)
  }
  conflicts.sort((a, b) => compareObjects((a.ours ?? a.theirs)!, (b.ours ?? b.theirs)!))
  return {state: canonicalState({cluster: ours.cluster, objects}), conflicts}
}

type Row = {object: Observed; json: string} | undefined
type Side = Map<string, Row>

function byIdentity(state: ClusterState | undefined): Side {
  const objects = state ? canonicalState(state).objects : []
  return new Map(objects.map((object) => [identity(object), {object, json: canonicalJson(object)}]))
}

function pick(base: Row, ours: Row, theirs: Row): Row | 'conflict' {
  if (ours?.json === theirs?.json || theirs?.json === base?.json) return ours
  return ours?.json === base?.json ? theirs : 'conflict'
}

function differentClusters(ours: string, theirs: string): PmpcError {
  return new PmpcError('PMPC_STATE_CLUSTER', `cannot merge the state of ${theirs} into that of ${ours}`, {
    suggestions: ['git checkout --ours .pmpc/state', 'pmpc sync'],
    data: {ours, theirs},
  })
}
