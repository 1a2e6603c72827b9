import {isMap, setOwn} from './documents.js'
import {kindOf, type KindName} from './kinds/index.js'
import {travelOf, type Claim, type Named, type RefTo} from './kinds/travels.js'
import type {Config, Observed, Origin, Scalar, Value} from './model.js'

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

/** What an object is to be called instead; undefined: as it is. */
export type Renaming = (of: Pick<Named, 'kinds' | 'keyOf'>, id: string) => string | undefined

/**
 * The same object with other names in all the places that {@link namedBy} tells of: pure, by the same rows. Its own id changes only where it is made of
 * that of another object, as of the guest in `100-0`.
 */
export function withNames<Of extends Naming>(object: Of, renaming: Renaming): Of {
  const {kind, pool, placement, from} = object
  const {refs = {}, names} = travelOf(kind)
  const {parents = []} = kindOf(kind)
  let {id} = object
  let parts = {config: object.config, beside: {...defined({pool, placement, from})} as Config}
  for (const [place, to] of Object.entries(refs)) {
    const keys = place.split('.')
    const change = (value: unknown) => renamed(value, to, renaming)
    parts = {config: changed(parts.config, keys, change), beside: changed(parts.beside, keys, change)}
  }
  const swaps = (names?.({id, config: parts.config}) ?? []).flatMap(({path, id: name, ...of}): Swap[] => {
    const other = renaming(of, name)
    return other === undefined || other === name ? [] : [{path, name, other}]
  })
  parts.config = swappedIn(parts.config, [], swaps)
  const ofId = swaps.filter(({path}) => path.length === 0)
  if (ofId.length > 0) id = ofId.reduce(swapped, String(id))
  for (const {id: pattern, kinds} of parents) {
    const other = renamedIn(String(id), pattern, (name) => renaming({kinds}, name))
    if (other !== String(id)) id = typeof object.id === 'number' ? Number(other) : other
  }
  return {...object, ...parts.beside, id, config: parts.config}
}

const defined = (of: object): object =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined))

/** Changes what stands at a place, as {@link below} finds it; the rest is the same. */
function changed<Of>(value: Of, [key, ...rest]: readonly string[], change: (value: unknown) => unknown): Of {
  if (Array.isArray(value) && key !== undefined) return value.map((row) => changed(row, [key, ...rest], change)) as Of
  if (key === undefined) return change(value) as Of
  if (!isMap(value)) return value
  const family = key.slice(0, -1)
  const isMeant = (name: string) =>
    key.endsWith('*')
      ? family === '' || (name.startsWith(family) && /^\d+$/.test(name.slice(family.length)))
      : name === key
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isMeant(name) ? changed(inner, rest, change) : inner]),
  ) as Of
}

/** A value with other names in it: a text, the elements of a set, or the keys of a map. */
function renamed(value: unknown, to: RefTo, renaming: Renaming): unknown {
  const {pattern, ...of}: Exclude<RefTo, string | readonly string[]> =
    typeof to === 'string' ? {kinds: [to]} : isPlain(to) ? {kinds: to} : to
  const word = (text: Scalar): Scalar => {
    const name = (id: string) => (id === '' ? undefined : renaming(of, id))
    const other = renamedIn(String(text), pattern ?? /^([^]*)$/, name)
    return typeof text === 'number' && other !== '' && Number.isFinite(Number(other)) ? Number(other) : other
  }
  if (Array.isArray(value)) return unique(value.map((each) => (isMap(each) ? each : word(each as Scalar))))
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [word(key), inner]))
  return word(value as Scalar)
}

const unique = (list: readonly unknown[]): unknown[] => [...new Set(list)]

/** A text with another word in the place of the first group of a pattern. */
function renamedIn(text: string, pattern: RegExp, name: (id: string) => string | undefined): string {
  const span = new RegExp(pattern.source, `${pattern.flags}d`).exec(text)?.indices?.[1]
  const other = span && name(text.slice(...span))
  return span && other !== undefined ? text.slice(0, span[0]) + other + text.slice(span[1]) : text
}

/** A name that stands somewhere, and another for it. */
interface Swap {
  path: readonly string[]
  name: string
  other: string
}

/** A text with the other name where the first stands as a word of its own. */
function swapped(text: string, {name, other}: Swap): string {
  const word = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return text.replace(new RegExp(`(?<![\\w.-])${word}(?![\\w.])|(?<=base(?:vol)?-)${word}(?=-)`), () => other)
}

/** Swaps in the texts that paths lead to; where one leads to no text, in its last key. What comes to have one name is joined. */
function swappedIn(config: Config, above: readonly string[], swaps: readonly Swap[]): Config {
  const depth = above.length
  const result: Config = {}
  for (const [key, value] of Object.entries(config)) {
    const here = swaps.filter(({path}) => path[depth] === key)
    const mine = here.filter(({path}) => path.length === depth + 1)
    const isText = typeof value === 'string'
    const name = isText ? key : mine.reduce(swapped, key)
    const inner = isText
      ? mine.reduce(swapped, value)
      : here.length > mine.length && isMap(value)
        ? swappedIn(value, [...above, key], here)
        : value
    setOwn(result, name, Object.hasOwn(result, name) ? joined(result[name]!, inner) : inner)
  }
  return result
}

function joined(a: Value, b: Value): Value {
  if (Array.isArray(a) && Array.isArray(b)) return unique([...a, ...b]) as Value
  if (!isMap(a) || !isMap(b)) return b
  const result = {...a}
  for (const [key, value] of Object.entries(b))
    setOwn(result, key, Object.hasOwn(result, key) ? joined(result[key]!, value) : value)
  return result
}

/** Whether an object is one that every cluster has, and that nobody can remove: `root@pam`, the realms of Proxmox VE, its roles. */
export function isEverywhere(object: Observed): boolean {
  const {lasting, frozen} = travelOf(object.kind)
  return [lasting, frozen].some((test) => test?.(object) === true)
}
