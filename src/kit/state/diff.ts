import {diffFields, type FieldChange} from '../resources/fields.js'
import {equalValues, isAnotherIncarnation} from '../resources/documents.js'
import {compareObjects} from '../resources/refs.js'
import type {ClusterState, KindName, Observed, Scalar} from '../resources/model.js'
import {canonicalState, identity} from './canonical.js'

/** What happened to one object between two states. */
export interface ObjectChange {
  kind: KindName
  id: string | number
  /** Its name, from the later state where it is in that. */
  name?: Scalar
  /**
   * `replaced`: the same id is another object now (a reused VMID); its fields are not comparable. `ignored`: it is there, and a rule leaves it
   * out from here on; see `withIgnored`.
   */
  change: 'added' | 'removed' | 'changed' | 'replaced' | 'ignored'
  /** The kind before, of a replaced guest that was of another kind. */
  was?: KindName
  /** Of an added one: nobody made it, it is read from here on; see `withRead`. */
  read?: true
  /** Sorted by name; of an added object all its fields, of a removed one too, of a replaced or ignored one none. */
  fields: FieldChange[]
}

/** Whether the same id is another object now: another kind, another time of creation, or all generated ids differ. */
export const isReplaced = isAnotherIncarnation

/** Changes between two states of a cluster, in the order of objects. An absent state is an empty one. */
export function diffStates(before: ClusterState | undefined, after: ClusterState | undefined): ObjectChange[] {
  const was = byIdentity(before)
  const is = byIdentity(after)
  const changes = [...new Set([...was.keys(), ...is.keys()])].map((key) => changeOf(was.get(key), is.get(key)))
  return changes.filter((change) => change !== undefined).sort(compareObjects)
}

function byIdentity(state: ClusterState | undefined): Map<string, Observed> {
  return new Map((state ? canonicalState(state).objects : []).map((object) => [identity(object), object]))
}

function changeOf(before: Observed | undefined, after: Observed | undefined): ObjectChange | undefined {
  const object = after ?? before!
  const of = (change: ObjectChange['change'], fields: FieldChange[], was?: KindName): ObjectChange => {
    const name = nameOf(object)
    return {kind: object.kind, id: object.id, ...(name !== undefined && {name}), change, ...(was && {was}), fields}
  }
  if (!before) return of('added', diffFields(undefined, after))
  if (!after) return of('removed', diffFields(before, undefined))
  // Most objects of most comparisons; taking their fields apart would cost ten times as much.
  if (equalValues(before, after)) return undefined
  if (isReplaced(before, after)) return of('replaced', [], before.kind === after.kind ? undefined : before.kind)
  const fields = diffFields(before, after)
  return fields.length > 0 ? of('changed', fields) : undefined
}

/** What people call an object: a VM's name, a container's host name. */
function nameOf({config}: Observed): Scalar | undefined {
  const name = config.name ?? config.hostname
  return typeof name === 'string' || typeof name === 'number' ? name : undefined
}
