import {localKey} from '../resources/index.js'
import type {ClusterState, Observed} from '../resources/index.js'
import type {Action, Also, Around} from './model.js'

/** A cluster, as steps look at it. */
export function aroundOf({cluster, objects}: ClusterState): Around {
  const byKey = new Map(objects.map((object) => [localKey(object), object]))
  const oldest = [...versionsOf({cluster, objects}).values()].filter((version) => version !== null).sort(byVersion)[0]
  return {
    cluster,
    object: (kind, id) => byKey.get(localKey({kind, id})),
    objects: (kind) => objects.filter((object) => object.kind === kind),
    version: (node) =>
      versionOf(node === undefined ? undefined : byKey.get(localKey({kind: 'node', id: node}))) ?? oldest ?? '',
  }
}

/** The cluster once steps are done. However many there are, looking something up in it costs the same. */
export function afterSteps(around: Around, done: readonly Pick<Action, 'ref' | 'steps'>[]): Around {
  const before = around.over?.before ?? around
  const changes = new Map(around.over?.changes)
  const change = ({kind, id, after}: Also) => changes.set(localKey({kind, id}), {kind, id, after})
  for (const {ref, steps} of done) for (const {after, also = []} of steps) [{...ref, after}, ...also].forEach(change)
  return {
    ...before,
    over: {before, changes},
    object: (kind, id) => {
      const changed = changes.get(localKey({kind, id}))
      return changed ? (changed.after ?? undefined) : before.object(kind, id)
    },
    objects: (kind) => [
      ...before.objects(kind).filter((object) => !changes.has(localKey(object))),
      ...[...changes.values()].flatMap((changed) => (changed.kind === kind && changed.after ? [changed.after] : [])),
    ],
  }
}

/** The version of each node, `9.2.11`; null: it did not say. */
export function versionsOf({objects}: ClusterState): Map<string, string | null> {
  const nodes = objects.filter(({kind}) => kind === 'node')
  return new Map(nodes.map((node) => [String(node.id), versionOf(node) ?? null]))
}

function versionOf(node: Observed | undefined): string | undefined {
  const version = node?.facts.version
  return version === undefined || version === 'unknown' ? undefined : String(version)
}

function byVersion(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split(/[.-]/).map(Number))
  const at = a!.findIndex((number, i) => number !== b![i])
  return at === -1 ? 0 : a![at]! - (b![at] ?? 0)
}
