// PVE's property strings: `virtio=BC:24:11:00:00:01,bridge=vmbr0` as a map of sub-keys, and back.
import {setOwn} from '../resources/documents.js'
import type {Scalar, Value, ValueMap} from '../resources/model.js'
import {
  byBytes,
  parseBoolean,
  parseInteger,
  parseNumber,
  parseSize,
  plainNumber,
  printMac,
  printSize,
} from './scalars.js'
import type {Format, Schema, Version} from './schema.js'

/** A property string made ready. */
export interface Properties {
  subkeys: Map<string, Schema>
  defaultKey?: string
  /** The only sub-key, where there is but one: its value stands for the map. */
  only?: string
  /** What is printed first, in order: the default key, then the required ones. */
  first: string[]
  /** Printed as `key=value` of two sub-keys: model and MAC address of a NIC. */
  pair?: [string, string]
  fixed: Readonly<Record<string, string>>
  isDrive: boolean
}

/** The sub-keys of a format that are no other names of others. */
export const realSubkeys = (format: Format): string[] => Object.keys(format).filter((name) => !format[name]!.alias)

/** A format made ready. @param fixed sub-keys that PVE prints even where they were not given */
export function propertiesOf(format: Format, fixed: Readonly<Record<string, string>> = {}): Properties {
  const names = realSubkeys(format)
  const defaultKey = names.find((name) => format[name]!.default_key)
  const required = names.filter((name) => !format[name]!.optional && name !== defaultKey).sort(byBytes)
  const alias = Object.values(format).find((schema) => schema.keyAlias)
  return {
    subkeys: new Map(Object.entries(format)),
    ...(defaultKey ? {defaultKey} : {}),
    ...(names.length === 1 ? {only: names[0]!} : {}),
    first: defaultKey ? [defaultKey, ...required] : required,
    ...(alias ? {pair: [alias.keyAlias!, alias.alias!]} : {}),
    fixed,
    isDrive: 'media' in format && 'file' in format,
  }
}

/** A scalar in one spelling, by what the contract says of it; a text that does not fit stays. */
export function decodeScalar(schema: Schema, text: string): Scalar {
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

/** Makes the value of a sub-key from its text. */
export type Subvalue = (name: string, schema: Schema | undefined, text: string) => Value

const plain: Subvalue = (_name, schema, text) => (schema ? decodeScalar(schema, text) : (plainNumber(text) ?? text))

/** The map of a property string; undefined for a text that is none. */
export function parseProperties(
  properties: Properties,
  text: string,
  subvalue: Subvalue = plain,
): ValueMap | undefined {
  const map: ValueMap = {}
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const equals = part.indexOf('=')
    if (equals === 0 || equals === part.length - 1) return undefined
    const name = equals < 0 ? properties.defaultKey : part.slice(0, equals)
    const value = equals < 0 ? part : part.slice(equals + 1)
    if (name === undefined || name === '__proto__') return undefined
    if (!setProperty(properties, map, name, value, subvalue)) return undefined
  }
  return map
}

/** Adds one sub-key under its real name; false where it was there already. */
export function setProperty(
  {subkeys}: Properties,
  map: ValueMap,
  given: string,
  text: string,
  subvalue: Subvalue = plain,
): boolean {
  let name = given
  let schema = subkeys.get(name)
  if (schema?.alias) {
    if (schema.keyAlias) {
      if (schema.keyAlias in map) return false
      map[schema.keyAlias] = name
    }
    name = schema.alias
    schema = subkeys.get(name)
  }
  if (Object.hasOwn(map, name)) return false
  const value = subvalue(name, schema, text)
  if (name === '__proto__') setOwn(map, name, value)
  else map[name] = value
  return true
}

/** The value of a property string's only sub-key stands for its map. */
export function collapse({only}: Properties, map: ValueMap): Value {
  if (only === undefined) return map
  const names = Object.keys(map)
  return names.length === 1 && names[0] === only ? map[only]! : map
}

/** What PVE itself adds when it reads: an empty drive is a CD-ROM drive; a container's NIC is a veth. */
export function finish({fixed, isDrive}: Properties, map: ValueMap): ValueMap {
  for (const name in fixed) map[name] ??= fixed[name]!
  if (isDrive && (map.file === 'none' || map.file === 'cdrom')) map.media ??= 'cdrom'
  return map
}

/** As PVE prints it: the default key first and bare, then the required sub-keys sorted, then the rest sorted. */
export function printProperties(properties: Properties, map: ValueMap, version: Version): string {
  const parts: string[] = []
  const rest = new Set(Object.keys(map).sort(byBytes))
  const [pairKey, pairValue] = properties.pair ?? []
  if (pairKey !== undefined && pairValue !== undefined && rest.has(pairKey) && rest.has(pairValue)) {
    parts.push(`${textOf(map[pairKey]!)}=${textOf(map[pairValue]!)}`)
    rest.delete(pairKey)
    rest.delete(pairValue)
  }
  for (const name of properties.first) {
    if (!rest.delete(name)) continue
    const text = textOf(map[name]!)
    // Bare, unless that would read as another sub-key or as nothing.
    const bare = name === properties.defaultKey && !text.includes('=') && text.trim() !== ''
    parts.push(bare ? text : `${name}=${text}`)
  }
  for (const name of rest) parts.push(`${nameIn(properties, name, version)}=${textOf(map[name]!)}`)
  return parts.join(',')
}

// A comma would end the sub-key.
function textOf(value: Value): string {
  return Array.isArray(value) ? value.map(String).join(';') : String(value)
}

/** What a version calls a sub-key: `freeze-fs` of 9.2 is `freeze-fs-on-backup` in 8.4. */
function nameIn({subkeys}: Properties, name: string, version: Version): string {
  const schema = subkeys.get(name)
  if (!schema?.in || schema.in === version) return name
  for (const [other, one] of subkeys) if (one.alias === name && one.was && version === '8.4') return other
  return name
}

/** `key=value` pairs of a text that no contract describes; undefined where it holds anything else. */
export function parsePairs(text: string): ValueMap | undefined {
  const map: ValueMap = {}
  for (const part of text.split(',')) {
    const equals = part.indexOf('=')
    const name = part.slice(0, equals)
    if (equals < 1 || Object.hasOwn(map, name)) return undefined
    setOwn<Value>(map, name, part.slice(equals + 1))
  }
  return map
}
