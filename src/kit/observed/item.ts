import {kindOf} from '../resources/kinds.js'
import type {ClusterState, Config, KindName, Observed, Scalar, Snapshot, Value} from '../resources/model.js'

/** An object as `pmpc get` and `pmpc describe` tell it to programs; docs/json.md and docs/schema/item.json describe it. */
export interface Item {
  cluster: string
  kind: KindName
  id: string | number
  /** Facts, and what identifies the object, under PVE's names: `vmid`, `node`, `status`, `type`, `pool`, `maxcpu`, … */
  [pveKey: string]: unknown
  name?: Scalar
  config: Config
  running?: Observed['running']
  snapshots?: Snapshot[]
  extra?: Record<string, unknown>
}

/** Tells an object to programs. What PVE reports for a key is under that key's name; nothing is made up but `tags` and `template` of a guest. */
export function itemOf(cluster: string, object: Observed): Item {
  const {kind, id, config, facts, running, snapshots, extra} = object
  const {list, nameKey} = kindOf(kind)
  const name = nameKey === undefined ? undefined : config[nameKey]
  return {
    ...facts,
    cluster,
    kind,
    id,
    [list.idKey]: id,
    ...(isScalar(name) && {name}),
    ...ownWords(object),
    config,
    ...(running && {running}),
    ...(snapshots && {snapshots}),
    ...(extra && {extra}),
  }
}

/** What lists of PVE show of the kind beside its id, and the configuration holds. */
function ownWords({kind, config}: Observed): Record<string, Value> {
  const {guest} = kindOf(kind)
  if (guest) return {type: guest, template: config.template ?? 0, tags: config.tags ?? []}
  return config.type === undefined ? {} : {type: config.type}
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number'
}

/** All objects of some kinds in some clusters, in the order of clusters and objects. */
export function itemsOf(states: readonly ClusterState[], kinds: readonly KindName[]): Item[] {
  return states.flatMap(({cluster, objects}) =>
    objects.filter(({kind}) => kinds.includes(kind)).map((object) => itemOf(cluster, object)),
  )
}

/**
 * The value of a field as columns, `--sort-by` and `-l` name it: `id`, `name`, `node` or `facts.node`, `memory` or `config.memory`,
 * `net0.bridge`. Undefined where the object has none.
 */
export function fieldOf(item: Item, field: string): unknown {
  const path = field.replace(/^facts\./, '').split('.')
  return path[0] === 'config' ? walk(item, path) : (walk(item, path) ?? walk(item.config, path))
}

function walk(from: unknown, path: string[]): unknown {
  let value = from
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}
