import {isMap} from './documents.js'
import {kindOf, type KindName} from './kinds/index.js'
import {travelOf, type Claim, type Named, type RefTo} from './kinds/travels.js'
import type {Config, Origin, Scalar} from './model.js'

/** What names others: of a manifest or of what was read. */
export interface Naming {
  readonly kind: KindName
  readonly id: string | number
  readonly config: Config
  readonly pool?: string | undefined
  readonly placement?: {readonly node: string} | undefined
  readonly from?: Origin | undefined
}

/**
 * The objects that an object names, also those that it is a part of, as its row tells (`refs`, `names`, `parents`); whether there are such is not
 * known here. A bridge of a NIC is named as a vnet, which it is where there is one of that name, or as a key of a node's network.
 */
export function namedBy(object: Naming): Named[] {
  const {kind, id, config} = object
  const {refs = {}, names} = travelOf(kind)
  const {parents = []} = kindOf(kind)
  return [
    ...parents.flatMap((parent): Named[] => {
      const above = parent.id.exec(String(id))?.[1]
      return above === undefined ? [] : [{kinds: parent.kinds, id: above, path: []}]
    }),
    ...Object.entries(refs).flatMap(([place, to]) =>
      at(object, place).flatMap(({value, path}) => namesIn(value, to, path)),
    ),
    ...(names?.({id, config}) ?? []),
  ]
}

/** Something that no other object of the cluster may have. */
export interface Claimed {
  readonly what: Claim
  readonly value: string
  /** As of {@link Named}. */
  readonly path: readonly string[]
}

/** What an object claims for itself, as its row tells. Words that stand for no value (`dhcp`, a volume yet to be made) are among it. */
export function claimedBy(object: Naming): Claimed[] {
  return Object.entries(travelOf(object.kind).claims ?? {}).flatMap(([what, places]) =>
    places.flatMap((place) =>
      at(object, place).flatMap(({value, path}) =>
        typeof value === 'string' ? [{what: what as Claim, value, path}] : [],
      ),
    ),
  )
}

interface Place {
  value: unknown
  path: readonly string[]
}

/** What stands in the places that are meant. What may stand beside the configuration is looked for there, too. */
function at({config, pool, placement, from}: Naming, place: string): Place[] {
  const keys = place.split('.')
  const beside = {...(pool !== undefined && {pool}), ...(placement && {placement}), ...(from && {from})}
  return [...below(beside, keys, []), ...below(config, keys, [])]
}

function below(value: unknown, [key, ...rest]: readonly string[], path: readonly string[]): Place[] {
  if (Array.isArray(value) && key !== undefined) return value.flatMap((row) => below(row, [key, ...rest], path))
  if (key === undefined) return [{value, path}]
  if (!isMap(value)) return []
  // A thousand guests with thirty places each: what has one name is not looked for.
  if (!key.endsWith('*')) return Object.hasOwn(value, key) ? below(value[key], rest, [...path, key]) : []
  const family = key.slice(0, -1)
  return Object.keys(value)
    .filter((name) => family === '' || (name.startsWith(family) && /^\d+$/.test(name.slice(family.length))))
    .flatMap((name) => below(value[name], rest, [...path, name]))
}

function namesIn(value: unknown, to: RefTo, path: readonly string[]): Named[] {
  const {pattern, ...of}: Exclude<RefTo, string | readonly string[]> =
    typeof to === 'string' ? {kinds: [to]} : isPlain(to) ? {kinds: to} : to
  const words = (isMap(value) ? Object.keys(value) : [value].flat()) as Scalar[]
  return words.flatMap((word): Named[] => {
    const id = pattern ? pattern.exec(String(word))?.[1] : String(word)
    return id === undefined || id === '' ? [] : [{...of, id, path}]
  })
}

const isPlain = (to: Exclude<RefTo, string>): to is readonly string[] => Array.isArray(to)
