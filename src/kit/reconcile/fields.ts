import {isMap, own, setOwn} from '../resources/index.js'
import type {Config, Field, Scalar, Value} from '../resources/index.js'
import {canonicalJson} from '../state/index.js'

/** An object as fields: what stands beside `config` by its dotted name, and the configuration. */
export interface Document {
  beside: Record<string, Scalar>
  config: Config
}

/** 16 digits that stand for a document. */
export function digestOf(document: Document): string {
  // Loading node:crypto costs 3 ms, which what needs no digest must not pay.
  const {createHash} = process.getBuiltinModule('node:crypto')
  const {beside, config} = document
  return createHash('sha256').update(canonicalJson({beside, config})).digest('hex').slice(0, 16)
}

/** The value of a field; undefined when absent. An element of a set has its own name as value. */
export function getField(document: Document | undefined, field: Field): Value | undefined {
  if (!document) return undefined
  if (field.path[0] !== 'config') return own(document.beside, field.path.join('.'))
  const value = own(document.config, field.path[1]!)
  if (field.element !== undefined) return elementsOf(value).find((element) => String(element) === String(field.element))
  if (field.path.length === 2) return value
  return isMap(value) ? own(value, field.path[2]!) : undefined
}

/** Sets (or, with undefined, removes) a field in place. A property string or set that loses its last part goes with it. */
export function setField(document: Document, field: Field, value: Value | undefined): void {
  const [first, key, subkey] = field.path
  if (first !== 'config') return setOwn(document.beside, field.path.join('.'), value as Scalar | undefined)
  const whole = own(document.config, key!)
  if (field.element !== undefined) {
    const others = elementsOf(whole).filter((element) => String(element) !== String(field.element))
    const elements = value === undefined ? others : [...others, value as Scalar].sort(byCodePoint)
    return setOwn<Value>(document.config, key!, elements.length > 0 ? elements : undefined)
  }
  if (subkey === undefined) return setOwn(document.config, key!, value)
  const map = {...(isMap(whole) ? whole : {})}
  setOwn(map, subkey, value)
  setOwn<Value>(document.config, key!, Object.keys(map).length > 0 ? map : undefined)
}

function byCodePoint(a: Scalar, b: Scalar): number {
  return String(a) < String(b) ? -1 : 1
}

/**
 * Canonical sets are sorted and hold no element twice; any other list is ordered, and one value. An empty set is one value too:
 * element by element it could not be told from an absent key, which means another thing (`hotplug`).
 */
export function isSet(value: Value | undefined): value is Scalar[] {
  if (!Array.isArray(value) || value.length === 0) return false
  return value.every(
    (element, i) =>
      typeof element !== 'object' &&
      (i === 0 || (byCodePoint(value[i - 1] as Scalar, element as Scalar) < 0 && value[i - 1] !== element)),
  )
}

function elementsOf(value: Value | undefined): Scalar[] {
  return Array.isArray(value) ? (value.filter((element) => typeof element !== 'object')) : []
}

/**
 * The fields in which documents can differ, as fine as the first ones allow: property strings by sub-key and sets by element
 * where each of them has the key in that form, else the key as a whole. Sorted.
 * @param finest the documents that decide how fine; an absent key in one of them makes the key a whole
 * @param unknown tells the keys of which the first document does not know the value: it has no say in how fine they are
 * @param others documents that may have further fields
 */
export function fieldsOf(
  finest: (Document | undefined)[],
  unknown: (key: string) => boolean = () => false,
  others: (Document | undefined)[] = [],
): Field[] {
  const fields: Field[] = []
  const all = [...finest, ...others]
  for (const name of namesIn(all.map((document) => document?.beside))) fields.push({path: name.split('.')})
  for (const key of namesIn(all.map((document) => document?.config))) {
    const values = finest.map((document) => own(document?.config, key)).slice(unknown(key) ? 1 : 0)
    const further = others.map((document) => own(document?.config, key))
    if (values.every(isMap)) {
      for (const subkey of namesIn([...values, ...further.filter(isMap)])) fields.push({path: ['config', key, subkey]})
    } else if (values.every(isSet)) {
      const elements = new Map([...values, ...further].flatMap(elementsOf).map((element) => [String(element), element]))
      for (const name of [...elements.keys()].sort()) fields.push({path: ['config', key], element: elements.get(name)!})
    } else {
      fields.push({path: ['config', key]})
    }
  }
  return fields
}

function namesIn(records: (Record<string, unknown> | undefined)[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record ?? {})))].sort()
}
