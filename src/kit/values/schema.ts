import {own} from '../resources/documents.js'
import {keysJson} from './data/keys.js'

/** The versions whose contracts are known. A node of any 8.x is held against the first, of any later one against the second. */
export type Version = '8.4' | '9.2'
export const versions: readonly Version[] = ['8.4', '9.2']

/** Sub-keys of a property string by name. */
export type Format = Record<string, Schema>

/** What a contract says of a value, in the contract's own words (see the README beside the contracts) plus `in` and `was`. */
export interface Schema {
  type?: string
  optional?: 1
  /** A name, `#name` of an expanded property string, or the property string itself. */
  format?: string | Format
  enum?: (string | number)[]
  pattern?: string
  patternFlags?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  default?: string | number
  requires?: string
  default_key?: 1
  alias?: string
  keyAlias?: string
  items?: Schema
  oneOf?: Schema[]
  'instance-types'?: string[]
  'type-property'?: string
  properties?: Format
  additionalProperties?: 1 | Schema
  /** Only this version has it. */
  in?: Version
  /** How 8.4 has it, where that differs. */
  was?: Schema
}

/**
 * The tables of configuration keys: PVE's names of guests, the names of our other kinds, and `KIND.PART` for the keys of a part of an object
 * (`firewall.rules`). What has no table has no key that a contract tells.
 */
export type Table = string

interface KeyTable {
  slots: Record<string, number>
  keys: Record<string, Schema>
}

interface Keys {
  formats: Record<string, Format>
  kinds: Record<Table, KeyTable>
}

// A constant that is parsed when first asked for, not state: most commands decode nothing.
let parsed: Keys | undefined

/** The condensed key tables of both contracts. */
export function keyTables(): Keys {
  return (parsed ??= JSON.parse(keysJson) as Keys)
}

/** The keys of a table; none of one that no contract has. */
export function keysOf(table: Table): KeyTable {
  return own(keyTables().kinds, table) ?? {slots: {}, keys: {}}
}

/** A schema as one version has it; undefined where that version has none. */
export function schemaIn(schema: Schema, version: Version): Schema | undefined {
  if (schema.in && schema.in !== version) return undefined
  return version === '8.4' && schema.was ? schema.was : schema
}

/** A format as one version has it. */
export function formatIn(format: Format, version: Version): Format {
  const result: Format = {}
  for (const [name, schema] of Object.entries(format)) {
    const one = schemaIn(schema, version)
    if (one) result[name] = one
  }
  return result
}

/** The sub-keys of a key that is a property string, in the form of both versions at once; undefined for all others. */
export function formatOf(schema: Schema): Format | undefined {
  if (typeof schema.format === 'object') return schema.format
  return schema.format?.startsWith('#') ? keyTables().formats[schema.format.slice(1)] : undefined
}

const indexed = /^([a-z]+)(0|[1-9]\d*)$/

/** The schema of a key and, where the key is one of several slots, the slot: `net0` is slot 0 of `net[n]`. */
export function findKey(table: Table, key: string): {schema: Schema; name: string; slot?: number} | undefined {
  const {keys, slots} = keysOf(table)
  const match = indexed.exec(key)
  if (match) {
    const name = `${match[1]}[n]`
    const schema = own(keys, name)
    const slot = Number(match[2])
    if (schema && slot < (own(slots, match[1]!) ?? own(otherSlots, match[1]!) ?? 0)) return {schema, name, slot}
  }
  const schema = key.endsWith('[n]') ? undefined : own(keys, key)
  return schema && {schema, name: key}
}

/** Slots of indexed parameters that are no guest's (the contracts do not say): ACME domains of a node, corosync links. */
export const otherSlots: Record<string, number> = {acmedomain: 6, link: 8}
