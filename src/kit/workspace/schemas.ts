import {SCHEMA_FOLDER} from '../files/names.js'
import {MASK} from '../secrets/index.js'
import {keyInfo, prepare, tableOf, type Key} from '../values/keys.js'
import {realSubkeys} from '../values/properties.js'
import {keysOf, otherSlots} from '../values/schema.js'
import type {Schema} from '../values/schema.js'
import {kindOf, kinds} from '../resources/kinds/index.js'
import type {KindName} from '../resources/model.js'

/** A JSON Schema of draft 7, as editors read it. */
export type JsonSchema = {[key: string]: unknown}

/** A file of the workspace with a schema. */
export interface SchemaFile {
  /** Relative to the workspace. */
  path: string
  content: string
}

const text: JsonSchema = {type: ['string', 'number', 'boolean']}
/** Slots that an editor offers by name; the others it only checks. */
const OFFERED = 4

/**
 * The schemas of all kinds that can be declared, from the contracts of PVE 8.4 and 9.2. They offer and check what is known;
 * a key that they do not know is allowed, as PVE may be newer.
 */
export function manifestSchemas(): SchemaFile[] {
  return kinds
    .filter((kind) => kind.declared)
    .map(({name}) => ({
      path: `${SCHEMA_FOLDER}/${name}.json`,
      content: `${JSON.stringify(manifestSchema(name), null, 2)}\n`,
    }))
}

/** The schema of one kind's manifests. */
export function manifestSchema(kind: KindName): JsonSchema {
  const sort = kindOf(kind).id
  const {properties, patternProperties, definitions} = configKeys(kind)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `${kind} as pmpc declares it`,
    type: 'object',
    required: ['kind', 'id'],
    additionalProperties: false,
    patternProperties: {'^x-': {}},
    properties: {
      kind: {const: kind},
      id: sort === 'single' ? {const: kind} : idSchemas[sort],
      cluster: {type: 'string', description: 'Where the folder does not say it, or there are several.'},
      ...(kindOf(kind).guest ? guestKeys : {}),
      config: {type: ['object', 'null'], description: "PVE's own keys and words.", properties, patternProperties},
    },
    definitions,
  }
}

const idSchemas = {
  vmid: {type: ['integer', 'string'], minimum: 100, maximum: 999_999_999, pattern: '^[1-9][0-9]*$'},
  name: {type: ['string', 'number']},
}

const guestKeys: JsonSchema = {
  pool: {type: 'string'},
  placement: {
    type: 'object',
    description: 'Where it runs is observed; with `pinned: true` it is declared.',
    required: ['node'],
    additionalProperties: false,
    properties: {node: {type: 'string'}, pinned: {type: 'boolean'}},
  },
  power: {enum: ['running', 'stopped'], description: 'Whether it runs is observed; with this key it is declared.'},
}

interface Keys {
  properties: JsonSchema
  patternProperties: JsonSchema
  definitions: JsonSchema
}

function configKeys(kind: KindName): Keys {
  const {keys, slots} = keysOf(tableOf(kind))
  const result: Keys = {properties: {}, patternProperties: {}, definitions: {}}
  for (const name of Object.keys(keys).sort()) {
    const family = /^(.*)\[n\]$/.exec(name)?.[1]
    const slot0 = family === undefined ? name : `${family}0`
    const {volatile, generated} = keyInfo(kind, slot0)
    if (volatile !== undefined || generated) continue
    const one = keySchema(prepare(kind, slot0))
    if (family === undefined) {
      result.properties[name] = one
      continue
    }
    result.definitions[family] = one
    const last = Math.min(OFFERED, slots[family] ?? otherSlots[family] ?? 0)
    for (let slot = 0; slot < last; slot++) result.properties[`${family}${slot}`] = {$ref: `#/definitions/${family}`}
    result.patternProperties[`^${family}(?:0|[1-9][0-9]*)$`] = {$ref: `#/definitions/${family}`}
  }
  return result
}

function keySchema({schema, format, rule, shape, secret}: Key): JsonSchema {
  if (secret) return {type: 'string', description: `A secret is never written here; "${MASK}" means as it is.`}
  if (shape === 'set' || shape === 'list' || rule.list)
    return {anyOf: [{type: 'array', items: text, uniqueItems: shape === 'set'}, text]}
  if (schema.type === 'array') return {anyOf: [{type: 'array'}, text]}
  if (!format) return {...scalar(schema), ...versionNote(schema)}
  const names = realSubkeys(format)
  const properties = Object.fromEntries(
    names
      .sort()
      .map((name) => [name, {...subkey(format[name]!, rule.lists?.includes(name)), ...versionNote(format[name]!)}]),
  )
  const only = names.length === 1 ? [scalar(format[names[0]!]!)] : []
  return {anyOf: [{type: 'object', properties}, ...only, text], ...versionNote(schema)}
}

function subkey(schema: Schema, isList = false): JsonSchema {
  return isList ? {anyOf: [{type: 'array', items: text}, scalar(schema)]} : scalar(schema)
}

/** Numbers may be quoted, and booleans are 0 and 1 or YAML's own. */
function scalar(schema: Schema): JsonSchema {
  const known = schema.default === undefined ? {} : {default: schema.default}
  if (schema.type === 'boolean') return {enum: [0, 1, true, false], ...known}
  if (schema.type === 'integer' || schema.type === 'number') {
    const limits = {
      ...(schema.minimum === undefined ? {} : {minimum: schema.minimum}),
      ...(schema.maximum === undefined ? {} : {maximum: schema.maximum}),
    }
    return {type: [schema.type, 'string'], ...limits, ...known}
  }
  if (schema.enum) return {anyOf: [{enum: schema.enum}, text], ...known}
  return {...text, ...known}
}

function versionNote({in: version}: Schema): JsonSchema {
  return version === undefined ? {} : {description: `Only PVE ${version} has it.`}
}
