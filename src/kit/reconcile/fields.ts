import {isMap, own, setOwn, shapeAt} from '../resources/index.js'
import type {Config, Field, KindName, Scalar, Value, ValueMap} from '../resources/index.js'
import {canonicalJson} from '../state/index.js'

/** An object as fields: what stands beside `config` by its dotted name, and the configuration. */
export interface Document {
  /** Its kind's row tells which arrays are sets. */
  kind: KindName
  beside: Record<string, Scalar>
  config: Config
}

/** 16 digits that stand for what a document says. */
export function digestOf({beside, config}: Omit<Document, 'kind'>): string {
  // Loading node:crypto costs 3 ms, which what needs no digest must not pay.
  const {createHash} = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(canonicalJson({beside, config})).digest('hex').slice(0, 16)
}

/** The value of a field; undefined when absent. An element of a set has its own name as value. */
export function getField(document: Document | undefined, {path, element}: Field): Value | undefined {
  if (!document) return undefined
  const [first, ...keys] = path
  if (first !== 'config') return own(document.beside, path.join('.'))
  return valueBelow(document.config, keys, element)
}

/** What stands below a value: by the keys that lead there, and the element of a set. */
export function valueBelow(value: Value | undefined, keys: readonly string[], element?: Scalar): Value | undefined {
  let below = value
  for (const key of keys) below = isMap(below) ? own(below, key) : undefined
  if (element === undefined) return below
  return elementsOf(below).find((each) => String(each) === String(element))
}

/** Sets (or, with undefined, removes) a field in place. A map or a set that loses its last part goes with it. */
export function setField(document: Document, {path, element}: Field, value: Value | undefined): void {
  const [first, key, ...keys] = path
  if (first !== 'config') return setOwn(document.beside, path.join('.'), value as Scalar | undefined)
  setOwn<Value>(document.config, key!, withBelow(own(document.config, key!), {keys, element, value}))
}

/**
 * Sets a field in place as another document has it. A member of an ipset, or an alias, is a thing of its own: where the other document has it,
 * too, it stays though its last part goes; so does what is empty there.
 */
export function copyField(document: Document, field: Field, from: Document): void {
  const isThere = (place: Field, side: Document) => isMap(getField(side, place))
  const isKept = (place: Field) =>
    isThere(place, from) && (isEntry(document.kind, place) || !isKeyed(getField(from, place)))
  const there = placesAbove(field).filter((place) => isKept(place) && isThere(place, document))
  setField(document, field, getField(from, field))
  for (const place of there.reverse()) if (!isThere(place, document)) setField(document, place, {})
}

/** Whether a place is a map as the row says: no property string of a guest. */
export function isMapOfRow(kind: KindName, {path}: Field): boolean {
  const shape = shapeAt(kind, path.slice(1))
  return typeof shape === 'object' && 'map' in shape
}

/** Whether the row names what a place is made of, and not the place itself: a member of an ipset, an alias. */
export function isEntry(kind: KindName, {path}: Field): boolean {
  const keys = path.slice(1)
  const shape = shapeAt(kind, keys)
  const isOfRow = typeof shape === 'object' && 'map' in shape && !Object.hasOwn(shape.map, '*')
  return isOfRow && shape === shapeAt(kind, [...keys.slice(0, -1), '*'])
}

interface Below {
  keys: readonly string[]
  element: Scalar | undefined
  value: Value | undefined
}

/** A copy in which something else stands below; undefined where that was all. */
function withBelow(whole: Value | undefined, {keys: [key, ...keys], element, value}: Below): Value | undefined {
  if (key === undefined) return element === undefined ? value : withElement(whole, element, value)
  const map: ValueMap = {...(isMap(whole) ? whole : {})}
  setOwn(map, key, withBelow(own(map, key), {keys, element, value}))
  return Object.keys(map).length > 0 ? map : undefined
}

function withElement(whole: Value | undefined, element: Scalar, value: Value | undefined): Value | undefined {
  const others = elementsOf(whole).filter((each) => String(each) !== String(element))
  const elements = value === undefined ? others : [...others, value as Scalar].sort(byCodePoint)
  return elements.length > 0 ? elements : undefined
}

function byCodePoint(a: Scalar, b: Scalar): number {
  return String(a) < String(b) ? -1 : 1
}

function elementsOf(value: Value | undefined): Scalar[] {
  return Array.isArray(value) ? value.filter((element) => typeof element !== 'object') : []
}

/**
 * Whether a value can be told by element. An empty set is one value: element by element it could not be told from an absent key, which
 * means another thing (`hotplug`). Where the row does not say what an array is, its form does: canonical sets are sorted and hold no
 * element twice; any other list is ordered, and one value.
 */
export function isSet(kind: KindName, {path}: Field, value: Value | undefined): value is Scalar[] {
  if (!Array.isArray(value) || value.length === 0 || value.some((element) => typeof element === 'object')) return false
  const shape = shapeAt(kind, path.slice(1))
  if (shape !== undefined) return shape === 'set'
  return value.every(
    (element, i) => i === 0 || (byCodePoint(value[i - 1] as Scalar, element as Scalar) < 0 && value[i - 1] !== element),
  )
}

/** Whether a value can be told by key. An empty map is one value, as an empty set is. */
export function isKeyed(value: Value | undefined): value is ValueMap {
  return isMap(value) && Object.keys(value).length > 0
}

/** The places that a field is a part of, the nearest first. */
export function placesAbove({path, element}: Field): Field[] {
  if (path[0] !== 'config') return []
  const lengths = Array.from({length: Math.max(0, path.length - 2)}, (_, n) => path.length - 1 - n)
  return [...(element === undefined ? [] : [path.length]), ...lengths].map((length) => ({path: path.slice(0, length)}))
}

/**
 * What a place of the configuration is made of, one level down: its keys where each of the values has some, its elements where each is a
 * set; undefined: it is one whole. Sorted.
 * @param values what decides; none: there is nothing to tell by
 * @param others values that may have further keys or elements
 */
export function partsAt(
  kind: KindName,
  place: Field,
  values: readonly (Value | undefined)[],
  others: readonly (Value | undefined)[] = [],
): Field[] | undefined {
  if (place.element !== undefined || values.length === 0) return undefined
  const {path} = place
  if (values.every(isKeyed)) {
    const keys = namesIn([...values, ...others.filter(isKeyed)])
    return keys.map((key) => ({path: [...path, key]}))
  }
  if (!values.every((value) => isSet(kind, place, value))) return undefined
  const elements = new Map([...values, ...others].flatMap(elementsOf).map((element) => [String(element), element]))
  return [...elements.keys()].sort().map((name) => ({path, element: elements.get(name)!}))
}

/**
 * The fields in which documents can differ, as fine as all of them allow: maps by key and sets by element where each of them has the place
 * in that form, else the place as a whole. Sorted.
 * @param intoEmpty whether a map that is empty in some is told by the keys of the others
 */
export function fieldsOf(documents: readonly (Document | undefined)[], intoEmpty = false): Field[] {
  const kind = documents.find((document) => document !== undefined)?.kind
  if (kind === undefined) return []
  const beside = namesIn(documents.map((document) => document?.beside)).map((name): Field => ({path: name.split('.')}))
  const below = (place: Field): Field[] => {
    const values = documents.map((document) => getField(document, place))
    const parts = partsAt(kind, place, intoEmpty && values.every(isMap) ? values.filter(isKeyed) : values)
    return parts ? parts.flatMap(below) : [place]
  }
  const keys = namesIn(documents.map((document) => document?.config))
  return [...beside, ...keys.flatMap((key) => below({path: ['config', key]}))]
}

function namesIn(records: readonly (Record<string, unknown> | undefined)[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record ?? {})))].sort()
}
