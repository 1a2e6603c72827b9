import {isKind} from 'pmpc/kit/resources'
import type {ClusterPart, Snapshot} from './model.js'

type Is = (value: unknown) => boolean

const isText: Is = (value) => typeof value === 'string'
const orNull =
  (is: Is): Is =>
  (value) =>
    value === null || is(value)
const isMap: Is = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is)
const mapOf =
  (members: Readonly<Record<string, Is>>): Is =>
  (value) =>
    isMap(value) && Object.entries(members).every(([name, is]) => is((value as Record<string, unknown>)[name]))

const object = mapOf({
  kind: (kind) => typeof kind === 'string' && isKind(kind),
  id: (id) => typeof id === 'string' || typeof id === 'number',
  config: isMap,
  facts: isMap,
})
const cluster: Record<keyof Omit<ClusterPart, 'why'>, Is> = {
  ...{cluster: isText, from: isText, stale: listOf(isText), state: orNull(isText)},
}

/** What each part of a snapshot has to be, as far as comparing goes. */
const parts: Record<keyof Snapshot, Is> = {
  taken: isText,
  versions: isMap,
  git: isMap,
  config: isMap,
  clusters: listOf(mapOf(cluster)),
  manifests: listOf(mapOf({path: isText, objects: listOf(isText), text: isText})),
  declared: listOf(mapOf({cluster: isText, objects: listOf(object)})),
  open: listOf(mapOf({sort: isText, object: isText, text: isText})),
  unfinished: orNull(isMap),
  health: orNull(listOf(mapOf({id: isText, result: isText}))),
}

/** The part of what a file holds that no snapshot has so; undefined: it is one. */
export function misfitIn(found: object): string | undefined {
  return Object.entries(parts).find(([name, is]) => !is((found as Record<string, unknown>)[name]))?.[0]
}
