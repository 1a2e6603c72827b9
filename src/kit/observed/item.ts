import {isMap} from '../resources/documents.js'
import {parseFieldName} from '../resources/field-names.js'
import {kindOf} from '../resources/kinds/index.js'
import type {ClusterState, Config, KindName, Observed, Scalar, Snapshot} from '../resources/model.js'
import type {Beside} from './notes.js'

/** An object as `pmpc get` and `pmpc describe` tell it to programs; docs/json.md and docs/schema/item.json describe it. */
export interface Item {
  cluster: string
  kind: KindName
  id: string | number
  /** Facts, and what identifies the object, under PVE's names: `vmid`, `node`, `status`, `type`, `pool`, `maxcpu`, … */
  [pveKey: string]: unknown
  /** Why it is shown as it was read earlier: it could not be read last time. Its `status` is `unknown` then. */
  stale?: string
  /** The lock that it had: one that lasts (`suspended`), or that of a task which ran meanwhile. */
  lock?: Scalar
  name?: Scalar
  config: Config
  running?: Observed['running']
  snapshots?: Snapshot[]
  extra?: Record<string, unknown>
}

/** Tells an object to programs. What PVE reports for a key is under that key's name; nothing is made up but `tags` and `template` of a guest. */
export function itemOf(cluster: string, object: Observed, beside: Beside = {}): Item {
  return itemTeller(object.kind)(cluster, object, beside)
}

/** Assignments, as thousands of objects made by spreading take longer than all else that `pmpc get` does. */
function itemTeller(kind: KindName): (cluster: string, object: Observed, beside: Beside) => Item {
  const {idKey, nameKey, guest} = kindOf(kind)
  return (cluster, {id, config, facts, running, snapshots, extra}, {stale, lock}) => {
    const item: Item = {cluster, kind, id, config}
    item[idKey] = id
    for (const fact in facts) item[fact] ??= facts[fact]
    const name = nameKey === undefined ? undefined : config[nameKey]
    if (isScalar(name)) item.name = name
    const type = guest ?? config.type
    if (type !== undefined) item.type = type
    if (guest) {
      item.template = config.template ?? 0
      item.tags = config.tags ?? []
    }
    if (running) item.running = running
    if (snapshots) item.snapshots = snapshots
    if (extra) item.extra = extra
    if (lock !== undefined) item.lock ??= lock
    if (stale !== undefined) {
      item.stale = stale
      if (item.status !== undefined) item.status = 'unknown'
    }
    return item
  }
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number'
}

/**
 * All objects of some kinds in some clusters, in the order of clusters and objects.
 * @param besideOf what is to be told of the objects of a state: `besides`
 */
export function itemsOf(
  states: readonly ClusterState[],
  kinds: readonly KindName[],
  besideOf?: (state: ClusterState) => (object: Observed) => Beside,
): Item[] {
  const tellers = new Map(kinds.map((kind) => [kind, itemTeller(kind)]))
  return states.flatMap((state) => {
    const items: Item[] = []
    const beside = besideOf?.(state)
    for (const object of state.objects) {
      const tell = tellers.get(object.kind)
      if (tell) items.push(tell(state.cluster, object, beside?.(object) ?? {}))
    }
    return items
  })
}

/** What is told to programs: an object, or a part of one. */
export type Told = Record<string, unknown>

/**
 * The value of a field as columns, `--sort-by` and `-l` name it: `id`, `name`, `node` or `facts.node`, `memory` or `config.memory`,
 * `net0.bridge`, `ipsets.blk.members["192.0.2.0/24"].comment`; of a list of maps what each has under a key, `rules.dport`. Undefined where the
 * object has none.
 */
export function fieldOf(item: Told, field: string): unknown {
  return fieldGetter(field)(item)
}

/** The same for many objects. */
export function fieldGetter(field: string): (item: Told) => unknown {
  const text = field.replace(/^facts\./, '')
  const path = parseFieldName(text) ?? text.split('.')
  if (path[0] === 'config') return (item) => walk(item, path)
  return (item) => walk(item, path) ?? walk(item.config, path)
}

function walk(from: unknown, path: readonly string[]): unknown {
  let value = from
  for (const [at, key] of path.entries()) {
    if (Array.isArray(value) && value.length > 0 && value.every(isMap) && !Object.hasOwn(value, key))
      return value.flatMap((row) => walk(row, path.slice(at)) ?? [])
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** Of a list or a map of maps or lists how many there are, as people are told it and sort by it; undefined for all else. */
export function countOf(value: unknown): number | undefined {
  if (!Array.isArray(value) && !isMap(value)) return undefined
  const values: unknown[] = Object.values(value)
  return values.some((each) => isMap(each) || Array.isArray(each)) ? values.length : undefined
}
