import type {KindName, Scalar, Value, ValueMap} from '../resources/model.js'
import {isMap} from '../resources/documents.js'
import {MASK} from '../secrets/index.js'
import {type Key, below, canonicalName, prepare} from './keys.js'
import {withoutHostLength} from './networks.js'
import {
  collapse,
  decodeScalar,
  finish,
  parsePairs,
  parseProperties,
  printProperties,
  setProperty,
} from './properties.js'
import type {Version} from './schema.js'
import {byBytes, decodeUri, encodeUri, parseBoolean, parseInteger, plainNumber, splitList} from './scalars.js'

/** How many levels a value has at most below the key that holds it. */
const deepest = 4

/**
 * The canonical value of what PVE answered for a key: two spellings of one thing give deep-equal values. No defaults are filled in.
 * Never fails: what fits neither row nor contract is kept as it came; secrets are always masked, wherever they stand.
 * @param raw a value of PVE's answer, as JSON has it
 */
export function decode(kind: KindName, key: string, raw: unknown): Value {
  return decodeAt(prepare(kind, key), raw)
}

/** {@link decode}, of a place. */
export function decodeAt(key: Key, raw: unknown): Value {
  if (raw === null || raw === undefined) return ''
  if (key.secret) return mask(key, raw)
  if (key.shape !== undefined) return decodeShape(key, key.shape, raw)
  // An object that no property string could be is kept as JSON text.
  if (typeof raw === 'object' && key.properties && !Array.isArray(raw))
    return decodeObject(key, raw) ?? JSON.stringify(raw)
  if (typeof raw === 'object') return kept(key, raw)
  if (!key.known && !hasRule(key)) return decodeUnknown(raw as Scalar | boolean)
  return decodeText(key, textOf(raw))
}

const textOf = (raw: unknown): string => (typeof raw === 'boolean' ? (raw ? '1' : '0') : String(raw))

// One spelling for a number, however it came.
function decodeUnknown(raw: Scalar | boolean): Scalar {
  if (typeof raw === 'boolean') return raw ? 1 : 0
  return typeof raw === 'number' ? raw : (plainNumber(raw) ?? raw)
}

const hasRule = ({rule, properties}: Key): boolean =>
  properties !== undefined || rule.list === true || rule.isSwitch === true

/** Of a map, the names stay. */
function mask(key: Key, raw: unknown): Value {
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw))
    return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, mask(key, value)]))
  const text = String(raw)
  if (text === '') return ''
  return key.rule.shown?.test(text) ? text : MASK
}

function decodeText(key: Key, text: string): Value {
  const {rule, schema, properties} = key
  if (properties) {
    const map = isKept(text) ? undefined : parseProperties(properties, text)
    return map ? collapse(properties, finish(properties, map)) : text.trim()
  }
  if (rule.uri) return decodeUri(text).trim()
  if (rule.list) return splitList(text.replaceAll('\0', ' ')).join(' ')
  if (rule.isAddress) return withoutHostLength(text)
  if (rule.isSwitch) return parseBoolean(text) ?? decodeScalar(schema, text)
  return decodeScalar(schema, key.isGuest ? text.trim() : text)
}

function decodeShape(key: Key, shape: NonNullable<Key['shape']>, raw: unknown): Value {
  if (shape === 'text') return typeof raw === 'object' ? misfit(key, raw) : textOf(raw).trimEnd()
  if (typeof raw === 'string' && isKept(raw)) return misfit(key, raw)
  if (typeof shape === 'object')
    return ('map' in shape ? decodeMap(key, raw) : decodeRows(key, raw)) ?? misfit(key, raw)
  return decodeElements(key, shape, raw) ?? misfit(key, raw)
}

/** Where in it a secret may stand, nobody can tell. */
function misfit(key: Key, raw: unknown): Value {
  if (key.guards) return mask(key, raw)
  return typeof raw === 'object' ? keep(raw, key.depth) : textOf(raw)
}

/** The elements of a set or list, as an array or as PVE's text; undefined where one of them is no scalar. */
function decodeElements(key: Key, shape: 'set' | 'list', raw: unknown): Scalar[] | Scalar | undefined {
  if (Array.isArray(raw)) {
    if (!raw.every(isScalar)) return undefined
    const elements = raw.map((one) => decodeElement(key, textOf(one)))
    return shape === 'set' ? sorted(elements) : elements
  }
  if (!isScalar(raw)) return undefined
  const text = textOf(raw)
  // `hotplug` is a set of features, or 1 for the usual ones, or 0 for none.
  if (key.schema.format === 'pve-hotplug-features' && /^[01]$/.test(text)) return Number(text)
  // No element of a set holds a separator, so none needs NUL to stand between them.
  const parts = splitList(shape === 'set' ? text.replaceAll('\0', ' ') : text)
  const elements = parts.map((part) => decodeElement(key, part))
  return shape === 'set' ? sorted(elements) : elements
}

/** Formats of lists whose elements are numbers. */
const numbered = new Set(['pve-vmid-list'])

/** An element is a number where the contract says so, or where no contract says anything. */
function decodeElement({known, schema}: Key, text: string): Scalar {
  if (!known) return plainNumber(text) ?? text
  const isNumber = numbered.has(String(schema.format)) || numbered.has(String(schema.items?.format))
  return isNumber ? (parseInteger(text) ?? text) : decodeScalar(schema.items ?? {}, text)
}

/** Sorted without repetitions, numbers first. */
function sorted(elements: Scalar[]): Scalar[] {
  const numbers = elements.filter((one) => typeof one === 'number')
  const texts = elements.filter((one) => typeof one === 'string')
  return [...[...new Set(numbers)].sort((a, b) => a - b), ...[...new Set(texts)].sort(byBytes)]
}

/** A map, as an object or as a property string; undefined for what is none. */
function decodeMap(key: Key, raw: unknown): Value | undefined {
  if (typeof raw === 'object') return raw === null ? undefined : decodeObject(key, raw)
  const subkeys = subkeysOf(key, raw)
  return subkeys && decodeObject(key, subkeys)
}

/** The texts of the sub-keys of a property string, by their real names; undefined for what is none. */
export function subkeysOf({properties}: Key, raw: unknown): ValueMap | undefined {
  const text = textOf(raw)
  return properties ? parseProperties(properties, text, (_name, _schema, given) => given) : parsePairs(text)
}

/**
 * How a value is spelled, where its canonical form is spelled otherwise: `bc:24:11:00:00:01`, `2048M`, the elements of a set in another order.
 * @param subkey the one of a property string, or of a part, that is meant; else the whole value
 */
export function spellingOf(kind: KindName, name: string, raw: unknown, subkey?: string): string | undefined {
  const key = prepare(kind, name)
  const canonical = decodeAt(key, raw)
  const [spelled, value] =
    subkey === undefined
      ? [raw, canonical]
      : [isMap(raw) ? raw[subkey] : subkeysOf(key, raw)?.[subkey], isMap(canonical) ? canonical[subkey] : undefined]
  if (value === undefined || !isScalar(spelled)) return undefined
  const text = String(spelled)
  return isSpelled(subkey === undefined ? key : below(key, subkey), text, value) ? undefined : text
}

/** Whether a text is the one spelling that a value has. */
function isSpelled(key: Key, text: string, value: Value): boolean {
  if (Array.isArray(value)) return text.split(/[\s,;]+/).join() === value.map(String).join()
  return text === (isMap(value) ? encodeAt(key, value) : String(value))
}

/** PVE answers some property strings as an object. */
function decodeObject(key: Key, raw: object): Value | undefined {
  if (Array.isArray(raw)) return undefined
  const {properties, shape} = key
  const entries = Object.entries(raw).filter(([, value]) => value !== null && value !== undefined)
  if (!properties)
    return Object.fromEntries(
      entries.map(([name, value]) => [canonicalName(key, name), decodeAt(below(key, name), value)]),
    )
  const map: ValueMap = {}
  for (const [name, value] of entries) {
    const fits =
      shape === undefined
        ? isScalar(value) && setProperty(properties, map, name, textOf(value))
        : setProperty(properties, map, name, '', (real) => decodeAt(below(key, real), value))
    if (!fits) return undefined
  }
  return shape === undefined ? collapse(properties, finish(properties, map)) : finish(properties, map)
}

function decodeRows(key: Key, raw: unknown): Value | undefined {
  if (!Array.isArray(raw)) return undefined
  const rows = raw.map((one) => (isScalar(one) || !Array.isArray(one) ? decodeMap(key, one) : undefined))
  return rows.every((row) => row !== undefined) ? rows : undefined
}

function kept(key: Key, raw: object): Value {
  const isPairs = key.rule.pairs && Array.isArray(raw) && raw.every((one) => Array.isArray(one) && one.every(isScalar))
  return isPairs ? (raw as unknown[][]).map((pair) => pair.map(textOf)) : keep(raw, key.depth)
}

/**
 * Arrays and objects of which neither row nor contract tells what they are: as they came. What the model cannot hold, as it is too deep or null, is
 * kept as JSON text.
 * @param depth of the key
 */
export function keep(raw: unknown, depth = 1): Value {
  return fits(raw, deepest + 1 - depth) ? plain(raw) : JSON.stringify(raw)
}

/** Whether a text is what {@link keep} made: it stays, wherever it is read again. */
function isKept(text: string): boolean {
  if (!/^[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

type Kept = Scalar | boolean | Kept[] | {[name: string]: Kept}

function fits(raw: unknown, levels: number): raw is Kept {
  if (isScalar(raw)) return true
  return (
    typeof raw === 'object' && raw !== null && levels > 0 && Object.values(raw).every((one) => fits(one, levels - 1))
  )
}

function plain(raw: Kept): Value {
  if (isScalar(raw)) return toScalar(raw)
  if (Array.isArray(raw)) return raw.map(plain)
  return Object.fromEntries(Object.entries(raw).map(([name, one]) => [name, plain(one)]))
}

export const isScalar = (value: unknown): value is Scalar | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
const toScalar = (value: Scalar | boolean): Scalar => (typeof value === 'boolean' ? (value ? 1 : 0) : value)

/**
 * What is sent to the API for a canonical value: PVE's own print, so the default key first and bare, then the required sub-keys
 * sorted, then the rest sorted. A sub-key that the version knows under another name is sent under that one. What no text of PVE's can hold,
 * rows and maps of maps, is JSON.
 * Nothing is left out because the version does not know it: that is for who plans.
 */
export function encode(kind: KindName, key: string, value: Value, version: Version = '9.2'): string {
  return encodeAt(prepare(kind, key), value, version)
}

/** {@link encode}, of a place. */
export function encodeAt(key: Key, value: Value, version: Version = '9.2'): string {
  const {rule, properties} = key
  if (Array.isArray(value)) return encodeList(key, value)
  if (typeof value === 'object') return encodeMap(key, value, version)
  if (rule.uri) return encodeUri(String(value))
  if (properties?.only === undefined || key.shape !== undefined) return String(value)
  return printOnly(key, properties.only, String(value))
}

// Bare, unless that would read as another sub-key.
function printOnly(key: Key, only: string, text: string): string {
  if (!text.includes('=') || decodeText(key, text) === text) return text
  const named = `${only}=${text}`
  return decodeText(key, named) === text ? named : text
}

function encodeList({rule, shape, schema}: Key, value: Value[]): string {
  if (!value.every(isScalar)) return JSON.stringify(value)
  const texts = value.map(String)
  // As PVE's lists whose elements hold separators: NUL stands between, and behind a single one.
  if (shape === 'list' && texts.some((text) => /[,;\s]/.test(text)))
    return texts.length === 1 ? `${texts[0]}\0` : texts.join('\0')
  return texts.join(rule.set ?? (schema.pattern?.includes(';') ? ';' : ','))
}

function encodeMap({properties}: Key, value: ValueMap, version: Version): string {
  const isFlat = Object.values(value).every((one) => isScalar(one) || (Array.isArray(one) && one.every(isScalar)))
  if (properties && isFlat) return printProperties(properties, value, version)
  return JSON.stringify(value)
}

/** Whether two canonical values are the same; the order of sub-keys does not count. */
export function sameValue(_kind: KindName, _key: string, a: Value | undefined, b: Value | undefined): boolean {
  return sameDeep(a, b)
}

/** Deep equality of canonical values. */
export function sameDeep(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every(
    (name) =>
      Object.hasOwn(b, name) && sameDeep((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
  )
}
