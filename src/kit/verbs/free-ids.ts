import {isGuest, isMap} from '../resources/index.js'
import type {ClusterState, ObjectRef} from '../resources/index.js'

/** VMIDs that nobody has. */
export interface FreeIds {
  /** Where the cluster's range ends. */
  readonly upper: number
  isTaken(id: number): boolean
  /** The lowest one within the cluster's range that no guest has, which then is taken; undefined: there is none. */
  take(): number | undefined
}

/** @param named guests that manifests name, of any cluster, beside those that are there */
export function freeIds({cluster, objects}: ClusterState, named: Iterable<ObjectRef>): FreeIds {
  const taken = new Set(objects.filter(({kind}) => isGuest(kind)).map(({id}) => Number(id)))
  for (const ref of named) if (ref.cluster === cluster && isGuest(ref.kind)) taken.add(Number(ref.id))
  // `next-id` of the cluster's options, wherever that is kept.
  const range = objects.map(({config}) => config['next-id']).find(isMap) ?? {}
  const upper = Number(range.upper ?? 1_000_000)
  let id = Number(range.lower ?? 100)
  return {
    upper,
    isTaken: (other) => taken.has(other),
    take() {
      while (taken.has(id)) id++
      // The upper end is not given any more (pve-manager, PVE/API2/Cluster.pm (nextid)).
      if (id >= upper) return undefined
      taken.add(id)
      return id
    },
  }
}
