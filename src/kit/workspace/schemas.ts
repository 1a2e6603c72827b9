import {SCHEMA_FOLDER} from '../files/names.js'
import {MASK} from '../secrets/index.js'
import {below, keyAt, keyInfo, knownIn, slotsOf, type Key} from '../values/keys.js'
import {realSubkeys} from '../values/properties.js'
import type {Schema} from '../values/schema.js'
import {kindOf, kinds, type Shapes} from '../resources/kinds/index.js'
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
  const {id, ids, beside = {}} = kindOf(kind)
  const definitions: JsonSchema = {}
  const config = mapSchema(keyAt(kind, []), definitions)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `${kind} as pmpc declares it`,
    type: 'object',
    required: ['kind', 'id'],
    additionalProperties: false,
    patternProperties: {'^x-': {}},
    properties: {
      kind: {const: kind},
      id: id === 'single' ? {const: kind} : ids ? {type: 'string', pattern: ids.pattern.source} : idSchemas[id],
      cluster: {type: 'string', description: 'Where the folder does not say it, or there are several.'},
      absent: {type: 'boolean', description: 'It is to go, or to stay away; nothing else stands beside this.'},
      ...Object.fromEntries(Object.entries(besideSchemas).filter(([key]) => Object.hasOwn(beside, key))),
      ...(beside.from && {from: originSchema(beside.from)}),
      config: {...config, type: ['object', 'null'], description: "PVE's own keys and words."},
    },
    ...(Object.keys(definitions).length > 0 ? {definitions} : {}),
  }
}

const idSchemas = {
  vmid: {type: ['integer', 'string'], minimum: 100, maximum: 999_999_999, pattern: '^(?:[1-9][0-9]*|next)$'},
  name: {type: ['string', 'number']},
}

const storageSchema: JsonSchema = {type: 'string', description: 'The storage that its volumes go to.'}
const originSchemas: Readonly<Record<string, JsonSchema>> = {
  clone: {
    clone: {type: 'integer', minimum: 100},
    full: {type: 'boolean'},
    snapshot: {type: 'string'},
    storage: storageSchema,
  },
  ostemplate: {ostemplate: {type: 'string'}, storage: storageSchema},
  archive: {
    archive: {type: 'string'},
    unique: {type: 'boolean', description: 'With MAC addresses of its own.'},
    storage: storageSchema,
  },
}

function originSchema(words: readonly string[]): JsonSchema {
  return {
    description: 'How to make it where it is not there; else where it came from.',
    oneOf: words.map((word) => ({
      type: 'object',
      required: [word],
      additionalProperties: false,
      properties: originSchemas[word],
    })),
  }
}

const besideSchemas: JsonSchema = {
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

/**
 * A map: the keys that row or contract name, and what all others are where the row says.
 * @param definitions takes the schemas of keys that there are several of
 */
function mapSchema(key: Key, definitions: JsonSchema): JsonSchema {
  const shapes = shapesIn(key)
  const names = new Set([...(knownIn(key) ?? []), ...Object.keys(shapes).filter((name) => name !== '*')])
  const properties: JsonSchema = {}
  const patternProperties: JsonSchema = {}
  for (const name of [...names].sort()) {
    const family = /^(.*)\[n\]$/.exec(name)?.[1]
    const first = family === undefined ? name : `${family}0`
    if (!isDeclared(key, first)) continue
    const schema = valueSchema(below(key, first), definitions)
    if (family === undefined) properties[name] = schema
    else Object.assign(properties, familyProperties(key, family, schema, {definitions, patternProperties}))
  }
  return {
    type: 'object',
    ...(Object.keys(properties).length > 0 ? {properties} : {}),
    ...(Object.keys(patternProperties).length > 0 ? {patternProperties} : {}),
    ...('*' in shapes ? {additionalProperties: valueSchema(below(key, anyName), definitions)} : {}),
  }
}

/** A name that is no key of PVE's: it has what all names have. */
const anyName = '<any name>'

function shapesIn({shape}: Key): Shapes {
  if (typeof shape !== 'object') return {}
  return 'map' in shape ? shape.map : shape.rows
}

/** Of `config` itself: not what PVE makes up, and not what is never kept. */
function isDeclared(key: Key, name: string): boolean {
  if (key.depth > 0) return true
  const {volatile, generated} = keyInfo(key.kind, name)
  return volatile === undefined && !generated
}

function familyProperties(
  key: Key,
  family: string,
  schema: JsonSchema,
  {definitions, patternProperties}: {definitions: JsonSchema; patternProperties: JsonSchema},
): JsonSchema {
  const name = key.path === '' ? family : `${key.path}.${family}`
  const $ref = `#/definitions/${name}`
  definitions[name] = schema
  patternProperties[`^${family}(?:0|[1-9][0-9]*)$`] = {$ref}
  const offered = Math.min(OFFERED, slotsOf(key, family))
  return Object.fromEntries(Array.from({length: offered}, (_, slot) => [`${family}${slot}`, {$ref}]))
}

function valueSchema(key: Key, definitions: JsonSchema): JsonSchema {
  const {schema, format, properties, rule, shape, secret} = key
  if (secret) return {...text, description: `A secret is never written here; "${MASK}" means as it is.`}
  if (typeof shape === 'object') {
    const map = mapSchema(key, definitions)
    if ('rows' in shape) return {type: 'array', items: properties ? {anyOf: [map, text]} : map, ...versionNote(schema)}
    return {...(properties ? {anyOf: [map, text]} : map), ...versionNote(schema)}
  }
  if (shape === 'set' || shape === 'list' || rule.list) {
    const items = schema.items ? scalar(schema.items) : text
    return {
      anyOf: [{type: 'array', items, ...(shape === 'set' ? {uniqueItems: true} : {})}, text],
      ...versionNote(schema),
    }
  }
  if (schema.type === 'array') return {anyOf: [{type: 'array'}, text]}
  if (!format) return {...(key.known ? scalar(schema) : shape === 'text' ? text : {}), ...versionNote(schema)}
  const names = realSubkeys(format)
  const subkeys = Object.fromEntries(
    names
      .sort()
      .map((name) => [name, {...subkey(format[name]!, rule.lists?.includes(name)), ...versionNote(format[name]!)}]),
  )
  const only = names.length === 1 ? [scalar(format[names[0]!]!)] : []
  return {anyOf: [{type: 'object', properties: subkeys}, ...only, text], ...versionNote(schema)}
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
