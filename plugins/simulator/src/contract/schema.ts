import {checkBeyond, checkNamed, type FormatContext} from './formats.js'
import {FormatError, splitProperties, type Format, type Parts} from './property-string.js'

// A second opinion on PVE's schemas, on purpose: kit/values has a checker of its own, which says beforehand what this one answers, so that a
// mistake in either shows in the tests. Neither may use the other (docs/decisions/values.md).

/** The part of a PVE parameter schema that checks need. */
export interface Schema {
  type?: string
  optional?: boolean
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  items?: Schema
  format?: string | Record<string, Schema>
  pattern?: string
  patternFlags?: string
  enum?: (string | number)[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  requires?: string
  alias?: string
  keyAlias?: string
  default_key?: boolean
  oneOf?: Schema[]
  'instance-types'?: string[]
  'type-property'?: string
}

export type Errors = Record<string, string>

/** A request's parameters after decoding: strings from forms and queries, anything from JSON bodies. */
export type Params = Record<string, unknown>

const patterns = new Map<string, RegExp>()

/** Compiles a pattern that has to match the whole value; compiled once. */
export function wholePattern(source: string, flags = ''): RegExp {
  const id = `${flags}/${source}`
  let pattern = patterns.get(id)
  // Perl reads `{,16}` as `{0,16}`.
  // A separator that may be empty means the same as none, but has JavaScript try every way to cut a word.
  const safe = source.replaceAll('{,', '{0,').replaceAll('|[-]*)', '|-+)')
  if (!pattern) patterns.set(id, (pattern = new RegExp(`^(?:${safe})$`, flags)))
  return pattern
}

const looksLikeNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

const typeTests: Record<string, (text: string) => boolean> = {
  integer: (text) => /^[+-]?\d+$/.test(text),
  number: (text) => looksLikeNumber.test(text),
  boolean: (text) => text === '0' || text === '1',
}

function addError(errors: Errors, path: string, text: string): void {
  const key = path === '' ? '_root' : path
  errors[key] = errors[key] === undefined ? text : `${errors[key]}\n${text}`
}

/** What Perl calls the value where it is no scalar. */
function referenceName(value: unknown): string | undefined {
  if (Array.isArray(value)) return 'ARRAY'
  if (typeof value === 'object' && value !== null) return 'HASH'
  return typeof value === 'boolean' ? 'JSON::PP::Boolean' : undefined
}

function checkType(type: string, value: unknown, errors: Errors, path: string): boolean {
  if (type === 'any') return true
  if (type === 'array' && Array.isArray(value)) return true
  if (type === 'object' && typeof value === 'object' && !Array.isArray(value)) return true
  if (type === 'boolean' && typeof value === 'boolean') return true
  const reference = referenceName(value)
  if (reference) {
    addError(errors, path, `type check ('${type}') failed - got ${reference}`)
    return false
  }
  if (type === 'array' || type === 'object') {
    addError(errors, path, `type check ('${type}') failed`)
    return false
  }
  const test = typeTests[type]
  if (!test || test(String(value))) return true
  addError(errors, path, `type check ('${type}') failed - got '${String(value)}'`)
  return false
}

function checkScalar(schema: Schema, value: string, path: string, errors: Errors, context: FormatContext): void {
  if (schema.format !== undefined) {
    const problem = checkFormat(schema.format, value, path, context)
    if (problem !== undefined) {
      addError(errors, path, `invalid format - ${problem}\n`)
      return
    }
  }
  if (schema.pattern !== undefined && !wholePattern(schema.pattern, schema.patternFlags).test(value)) {
    addError(errors, path, 'value does not match the regex pattern')
    return
  }
  const length = [...value].length
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    addError(errors, path, `value may only be ${schema.maxLength} characters long`)
    return
  }
  if (schema.minLength !== undefined && length < schema.minLength) {
    addError(errors, path, `value must be at least ${schema.minLength} characters long`)
    return
  }
  checkRange(schema, value, path, errors)
}

function checkRange(schema: Schema, value: string, path: string, errors: Errors): void {
  if (looksLikeNumber.test(value)) {
    if (schema.maximum !== undefined && Number(value) > schema.maximum) {
      addError(errors, path, `value must have a maximum value of ${schema.maximum}`)
      return
    }
    if (schema.minimum !== undefined && Number(value) < schema.minimum) {
      addError(errors, path, `value must have a minimum value of ${schema.minimum}`)
      return
    }
  }
  if (schema.enum && !schema.enum.some((item) => String(item) === value)) {
    addError(errors, path, `value '${value}' does not have a value in the enumeration '${schema.enum.join(', ')}'`)
  }
}

/** Checks one value against its schema and notes what is wrong under `path`. */
export function checkValue(value: unknown, schema: Schema, path: string, errors: Errors, context: FormatContext): void {
  if (value === undefined || value === null) {
    if (!schema.optional && schema.alias === undefined && schema.type !== 'null') {
      addError(errors, path, 'property is missing and it is not optional')
    }
    return
  }
  if (schema.type && !checkType(schema.type, value, errors, path)) return
  if (Array.isArray(value)) {
    if (schema.items)
      value.forEach((item, index) => checkValue(item, schema.items!, `${path}[${index}]`, errors, context))
    return
  }
  if (schema.properties) {
    checkObject(value as Params, schema, path, errors, context)
    return
  }
  if (typeof value === 'boolean') return
  checkScalar(schema, String(value), path, errors, context)
}

/** The schema of a property that has several, by the type of its object; where that has none of them, nothing is asked for. */
function chosenSchema(property: Schema, value: Params): Schema {
  const type = property['type-property']
  if (!property.oneOf || type === undefined) return property
  return property.oneOf.find((one) => one['instance-types']?.includes(String(value[type]))) ?? {optional: true}
}

/** Checks an object: missing, unknown and dependent properties, then each value. */
export function checkObject(value: Params, schema: Schema, path: string, errors: Errors, context: FormatContext): void {
  const properties = schema.properties ?? {}
  const below = (key: string): string => (path === '' ? key : `${path}.${key}`)
  for (const [key, declared] of Object.entries(properties)) {
    const property = chosenSchema(declared, value)
    const given = value[key]
    if (given === undefined && property.optional) continue
    checkValue(given, property, below(key), errors, context)
    if (given === undefined || property.requires === undefined) continue
    if (value[property.requires] === undefined) {
      const text =
        context.release === '8.4'
          ? `missing property - '${below(key)}' requires this property`
          : `missing property required by '${below(key)}'`
      addError(errors, below(property.requires), text)
    }
  }
  // Only what says so refuses others: calls for fabrics, prefix lists and route maps do not (pve-common, PVE/JSONSchema.pm (check_object)).
  if (schema.additionalProperties !== false) return
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(properties, key)) continue
    addError(
      errors,
      below(key),
      'property is not defined in schema and the schema does not allow additional properties',
    )
  }
}

/** Of an object whose type decides which other parameters there are. */
export interface Choice {
  /** Parameters that a call takes whatever the type. */
  common: string[]
  /** Parameters that a type cannot be without; the contract does not tell. */
  needed: string[]
}

/**
 * Checks parameters by the type that they choose: others than that type's are unknown, and what is wrong with them is told under
 * `oneOf[TYPE]`. Where no type is chosen, nothing of a type is known or asked for. Fact: HA rules of the real daemon.
 */
export function checkChoice(
  value: Params,
  schema: Schema,
  choice: Choice,
  errors: Errors,
  context: FormatContext,
): void {
  const properties = Object.entries(schema.properties ?? {})
  const chosen = String(value.type ?? '')
  const known = schema.properties?.type?.enum?.includes(chosen) ?? false
  const common = new Set(['type', ...choice.common])
  const own = Object.fromEntries(
    properties
      .filter(([key, {'instance-types': types}]) => known && !common.has(key) && (types?.includes(chosen) ?? true))
      .map(([key, property]) => [key, choice.needed.includes(key) ? {...property, optional: false} : property]),
  )
  const base = Object.fromEntries(properties.filter(([key]) => common.has(key)))
  const split = (wanted: (key: string) => boolean): Params =>
    Object.fromEntries(Object.entries(value).filter(([key]) => wanted(key)))
  checkObject(
    split((key) => own[key] !== undefined),
    {properties: own},
    `oneOf[${chosen}]`,
    errors,
    context,
  )
  const rest =
    known || value.type === undefined ? (key: string) => own[key] === undefined : (key: string) => common.has(key)
  checkObject(split(rest), {properties: base, additionalProperties: false}, '', errors, context)
}

/**
 * Parses `k=v,k=v` by a format, and checks each part.
 * @throws FormatError with PVE's text. Fact: pve-common, PVE/JSONSchema.pm (parse_property_string); what it makes of texts: test/oracle.test.ts.
 */
export function parsePropertyString(text: string, format: Format, path: string, context: FormatContext): Parts {
  const parts = splitProperties(text, format)
  const errors: Errors = {}
  checkObject(parts, {properties: format, additionalProperties: false}, path, errors, context)
  const keys = context.release === '8.4' ? Object.keys(errors) : Object.keys(errors).sort()
  const lines = keys.map((key) => `${key}: ${errors[key]}`)
  if (lines.length > 0) throw new FormatError(`format error\n${lines.join('\n')}`)
  return parts
}

function checkProperties(value: string, format: Format, path: string, context: FormatContext): string | undefined {
  try {
    parsePropertyString(value, format, path, context)
    return undefined
  } catch (error) {
    if (error instanceof FormatError) return error.problem
    throw error
  }
}

/** Checks a value by a format's name or by its sub-keys; returns PVE's text for what is wrong. */
export function checkFormat(
  format: string | Format,
  value: string,
  path: string,
  context: FormatContext,
): string | undefined {
  if (typeof format !== 'string') return checkProperties(value, format, path, context)
  const named = context.formats[format]
  return named
    ? (checkProperties(value, named, path, context) ?? checkBeyond(format, value, context))
    : checkNamed(format, value, context)
}
