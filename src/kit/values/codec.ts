import {kinds} from '../resources/kinds/index.js'
import type {KindName, Scalar, Value, ValueList, ValueMap} from '../resources/model.js'
import {MASK} from '../secrets/index.js'
import {type Rule, lookUp, realSubkeys, tableOf} from './keys.js'
import type {Format, Schema, Table, Version} from './schema.js'
import {
  byBytes,
  decodeUri,
  encodeUri,
  parseBoolean,
  parseInteger,
  parseNumber,
  parseSize,
  plainNumber,
  printMac,
  printSize,
  splitList,
  toSet,
} from './scalars.js'

/** A key made ready for decoding: looking it up again for each of a thousand guests would cost more than decoding. */
export interface Key {
  schema: Schema
  rule: Rule
  known: boolean
  shape?: Shape
  isGuest: boolean
}

/** A property string made ready. */
export interface Shape {
  subkeys: Map<string, Schema>
  defaultKey?: string
  /** The only sub-key, where there is but one: its value stands for the map. */
  only?: string
  /** What is printed first, in order: the default key, then the required ones. */
  first: string[]
  /** Printed as `key=value` of two sub-keys: model and MAC address of a NIC. */
  pair?: [string, string]
  fixed: Record<string, string>
  isDrive: boolean
}

// Derived from constants and never changed once made: a cache, not state.
const known = new Map(kinds.map(({name}): [KindName, Map<string, Key>] => [name, new Map()]))
const shapes = new Map<Format, Shape>()
const mostKeys = 4096

/** A key made ready; also used by the comparison. */
export function prepare(kind: KindName, key: string): Key {
  const cache = known.get(kind)!
  const cached = cache.get(key)
  if (cached) return cached
  const {schema, rule, known: isKnown, format} = lookUp(kind, key)
  const table: Table = tableOf(kind)
  const made: Key = {
    schema,
    rule,
    known: isKnown,
    isGuest: table === 'qemu' || table === 'lxc',
    ...(format ? {shape: shapeOf(format, rule)} : {}),
  }
  // Keys that no contract has come from the outside: they must not fill the memory of a long run.
  if (isKnown || cache.size < mostKeys) cache.set(key, made)
  return made
}

function shapeOf(format: Format, rule: Rule): Shape {
  const cached = shapes.get(format)
  if (cached) return cached
  const names = realSubkeys(format)
  const defaultKey = names.find((name) => format[name]!.default_key)
  const required = names.filter((name) => !format[name]!.optional && name !== defaultKey).sort(byBytes)
  const alias = Object.values(format).find((schema) => schema.keyAlias)
  const shape: Shape = {
    subkeys: new Map(Object.entries(format)),
    ...(defaultKey ? {defaultKey} : {}),
    ...(names.length === 1 ? {only: names[0]!} : {}),
    first: defaultKey ? [defaultKey, ...required] : required,
    ...(alias ? {pair: [alias.keyAlias!, alias.alias!]} : {}),
    fixed: rule.fixed ?? {},
    isDrive: 'media' in format && 'file' in format,
  }
  shapes.set(format, shape)
  return shape
}

/**
 * The canonical value of what PVE answered for a key: two spellings of one thing give deep-equal values. No defaults are filled in.
 * Never fails: what does not fit the contract is kept as it came; the masked are always masked.
 * @param raw a value of PVE's answer, as JSON has it
 */
export function decode(kind: KindName, key: string, raw: unknown): Value {
  const made = prepare(kind, key)
  if (raw === null || raw === undefined) return ''
  if (made.rule.masked) return mask(made.rule, raw)
  if (typeof raw === 'object') return decodeObject(raw)
  if (!made.known && !hasRule(made)) return decodeUnknown(raw)
  return decodeText(made, typeof raw === 'boolean' ? (raw ? '1' : '0') : String(raw))
}

// One spelling for a number, however it came.
function decodeUnknown(raw: unknown): Scalar {
  if (typeof raw === 'boolean') return raw ? 1 : 0
  return typeof raw === 'number' ? raw : (plainNumber(String(raw)) ?? String(raw))
}

const hasRule = ({rule, shape}: Key): boolean =>
  shape !== undefined || rule.set !== undefined || rule.text === true || rule.list === true

function mask(rule: Rule, raw: unknown): string {
  const text = String(raw)
  if (text === '') return ''
  return rule.shown?.test(text) ? text : MASK
}

function decodeText(key: Key, text: string): Value {
  const {rule, schema, shape} = key
  if (shape) return decodeProperties(shape, text)
  if (rule.set !== undefined) return decodeSet(schema, text)
  if (rule.text) return text.trimEnd()
  if (rule.uri) return decodeUri(text).trim()
  if (rule.list) return elementsOf(text).join(' ')
  if (rule.booleanOrText) return parseBoolean(text) ?? text
  return decodeScalar(schema, key.isGuest ? text.trim() : text)
}

// `hotplug` is a set of features, or 1 for the usual ones, or 0 for none.
function decodeSet(schema: Schema, text: string): Value {
  if (schema.format === 'pve-hotplug-features' && /^[01]$/.test(text)) return Number(text)
  return toSet(elementsOf(text))
}

// No element of these lists holds a separator, so none needs NUL to stand between them.
const elementsOf = (text: string): string[] => splitList(text.replaceAll('\0', ' '))

function decodeScalar(schema: Schema, text: string): Scalar {
  switch (schema.type) {
    case 'boolean':
      return parseBoolean(text) ?? text
    case 'integer':
      return parseInteger(text) ?? text
    case 'number':
      return parseNumber(text) ?? text
    default:
      break
  }
  if (schema.format === 'mac-addr') return printMac(text)
  if (schema.format === 'disk-size') {
    const bytes = parseSize(text)
    return bytes === undefined ? text : printSize(bytes)
  }
  return text
}

/** A property string as a map, its only sub-key's value where it has but one, or the text itself where it cannot be read. */
function decodeProperties(shape: Shape, text: string): Value {
  const map = parseProperties(shape, text)
  if (!map) return text.trim()
  return collapse(shape, finish(shape, map))
}

export function collapse(shape: Shape, map: ValueMap): Value {
  const {only} = shape
  if (only === undefined) return map
  const names = Object.keys(map)
  return names.length === 1 && names[0] === only ? map[only]! : map
}

/** What PVE itself adds when it reads: an empty drive is a CD-ROM drive; a container's NIC is a veth. */
export function finish(shape: Shape, map: ValueMap): ValueMap {
  for (const name in shape.fixed) map[name] ??= shape.fixed[name]!
  if (shape.isDrive && (map.file === 'none' || map.file === 'cdrom')) map.media ??= 'cdrom'
  return map
}

function parseProperties(shape: Shape, text: string): ValueMap | undefined {
  const map: ValueMap = {}
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const equals = part.indexOf('=')
    if (equals === 0 || equals === part.length - 1) return undefined
    const name = equals < 0 ? shape.defaultKey : part.slice(0, equals)
    if (name === undefined || !setProperty(shape, map, name, equals < 0 ? part : part.slice(equals + 1)))
      return undefined
  }
  return map
}

/** Adds one sub-key under its real name; false where it was there already. */
export function setProperty(shape: Shape, map: ValueMap, given: string, text: string): boolean {
  let name = given
  let schema = shape.subkeys.get(name)
  if (schema?.alias) {
    if (schema.keyAlias) {
      if (schema.keyAlias in map) return false
      map[schema.keyAlias] = name
    }
    name = schema.alias
    schema = shape.subkeys.get(name)
  }
  if (Object.hasOwn(map, name) || name === '__proto__') return false
  map[name] = schema ? decodeScalar(schema, text) : (plainNumber(text) ?? text)
  return true
}

/** Arrays and objects that PVE answers: `lxc` is a list of pairs of texts, as its manifests' are. What the model cannot hold is kept as JSON text. */
function decodeObject(raw: object): Value {
  if (Array.isArray(raw)) {
    const fits = raw.every((one) => isScalar(one) || (Array.isArray(one) && one.every(isScalar)))
    return fits
      ? (raw.map((one) =>
          Array.isArray(one) ? one.map((part) => String(toScalar(part))) : toScalar(one),
        ) as ValueList)
      : JSON.stringify(raw)
  }
  const entries = Object.entries(raw)
  if (!entries.every(([, one]) => isScalar(one))) return JSON.stringify(raw)
  return Object.fromEntries(entries.map(([name, one]) => [name, toScalar(one)]))
}

const isScalar = (value: unknown): value is Scalar | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
const toScalar = (value: Scalar | boolean): Scalar => (typeof value === 'boolean' ? (value ? 1 : 0) : value)

/**
 * What is sent to the API for a canonical value: PVE's own print, so the default key first and bare, then the required sub-keys
 * sorted, then the rest sorted. A sub-key that the version knows under another name is sent under that one.
 * Nothing is left out because the version does not know it: that is for who plans.
 */
export function encode(kind: KindName, key: string, value: Value, version: Version = '9.2'): string {
  const {rule, shape} = prepare(kind, key)
  if (Array.isArray(value)) return encodeList(rule, value)
  if (typeof value === 'object') return shape ? printProperties(shape, value, version) : JSON.stringify(value)
  if (rule.uri) return encodeUri(String(value))
  return shape?.only === undefined ? String(value) : printOnly(shape, String(value))
}

// Bare, unless that would read as another sub-key.
function printOnly(shape: Shape, text: string): string {
  if (!text.includes('=') || decodeProperties(shape, text) === text) return text
  const named = `${shape.only}=${text}`
  return decodeProperties(shape, named) === text ? named : text
}

function encodeList(rule: Rule, value: ValueList): string {
  if (value.some((one) => Array.isArray(one))) return JSON.stringify(value)
  return value.map(String).join(rule.set ?? ',')
}

function printProperties(shape: Shape, map: ValueMap, version: Version): string {
  const parts: string[] = []
  const rest = new Set(Object.keys(map).sort(byBytes))
  const [pairKey, pairValue] = shape.pair ?? []
  if (pairKey !== undefined && pairValue !== undefined && rest.has(pairKey) && rest.has(pairValue)) {
    parts.push(`${map[pairKey]}=${map[pairValue]}`)
    rest.delete(pairKey)
    rest.delete(pairValue)
  }
  for (const name of shape.first) {
    if (!rest.delete(name)) continue
    const text = String(map[name])
    // Bare, unless that would read as another sub-key or as nothing.
    const bare = name === shape.defaultKey && !text.includes('=') && text.trim() !== ''
    parts.push(bare ? text : `${name}=${text}`)
  }
  for (const name of rest) parts.push(`${nameIn(shape, name, version)}=${map[name]}`)
  return parts.join(',')
}

/** What a version calls a sub-key: `freeze-fs` of 9.2 is `freeze-fs-on-backup` in 8.4. */
function nameIn(shape: Shape, name: string, version: Version): string {
  const schema = shape.subkeys.get(name)
  if (!schema?.in || schema.in === version) return name
  for (const [other, one] of shape.subkeys) if (one.alias === name && one.was && version === '8.4') return other
  return name
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
