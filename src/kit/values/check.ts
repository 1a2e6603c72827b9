import type {Format, Schema, Version} from './schema.js'
import {formatProblem} from './formats.js'
import {byBytes, isInteger, isNumber, parseBoolean} from './scalars.js'

/** What PVE says of a value that it refuses: a parameter or sub-key to one line or more. */
export type Problems = Map<string, string>

/** A refusal with PVE's own words; never leaves this room. */
export class Refusal extends Error {
  /** @param errors by path; what PVE lists below its message. */
  constructor(
    message: string,
    readonly errors?: Problems,
  ) {
    super(message)
  }

  /** The whole text, as it stands in another refusal. */
  text(version: Version): string {
    return `${this.message}\n${this.errors ? linesOf(this.errors, version) : ''}`
  }
}

// 9.x sorts them; 8.4 takes them as its hash gives them, so no order is right there: here the order of checking.
function linesOf(errors: Problems, version: Version): string {
  const entries = [...errors]
  if (version !== '8.4') entries.sort(([a], [b]) => byBytes(a, b))
  return entries.map(([path, message]) => `${path}: ${message}\n`).join('')
}

/** Which contract values are held against, and the formats that it names. */
export interface Context {
  version: Version
  /** The expanded property strings: `#pve-qm-boot` is looked up here. */
  formats: (name: string) => Format | undefined
  /** Names of the cluster's own CPU models; any name passes where they are not known. */
  cpuModels?: string[]
}

/** An error more of a path: PVE joins several with a literal `\n`. */
function add(errors: Problems, path: string, message: string): void {
  const before = errors.get(path)
  errors.set(path, before === undefined ? message : `${before}\\n${message}`)
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/**
 * Checks a map of values against the schemas of its keys, in the way of PVE's own checker (pve-common JSONSchema; oracle cases).
 * @param additional what other keys may hold: nothing, anything, or what a schema says
 */
export function checkObject(
  path: string,
  schemas: Format,
  value: Record<string, unknown>,
  additional: boolean | Schema,
  errors: Problems,
  context: Context,
): void {
  for (const [name, schema] of Object.entries(schemas))
    checkProperty(join(path, name), schema, value[name], value, errors, context)
  for (const name of Object.keys(value)) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
    if (schema) checkRequired(path, name, schema, value, errors, context.version)
    if (schema && hasVariant(schema, value)) continue
    if (additional === false) add(errors, join(path, name), notDefined)
    else if (additional !== true) check(value[name], additional, join(path, name), errors, context)
  }
}

const notDefined = 'property is not defined in schema and the schema does not allow additional properties'
const missing = 'property is missing and it is not optional'

function checkRequired(
  path: string,
  name: string,
  schema: Schema,
  value: Record<string, unknown>,
  errors: Problems,
  version: Version,
): void {
  if (schema.requires === undefined || isSet(value[schema.requires])) return
  const by = join(path, name)
  add(
    errors,
    join(path, schema.requires),
    version === '8.4' ? `missing property - '${by}' requires this property` : `missing property required by '${by}'`,
  )
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null

/** The type of object that decides which variant of a parameter holds: `protocol`, `type`. */
function typeOfInstance(schema: Schema, value: Record<string, unknown>): string | undefined {
  const type = schema['type-property'] === undefined ? undefined : value[schema['type-property']]
  return isSet(type) ? String(type) : undefined
}

function hasVariant(schema: Schema, value: Record<string, unknown>): boolean {
  if (!schema.oneOf) return true
  const type = typeOfInstance(schema, value)
  return schema.oneOf.some(
    (one) => !one['instance-types'] || (type !== undefined && one['instance-types'].includes(type)),
  )
}

/** A parameter that each type of object has in another form (9.x), or any. */
function checkProperty(
  at: string,
  schema: Schema,
  given: unknown,
  value: Record<string, unknown>,
  errors: Problems,
  context: Context,
): void {
  if (!schema.oneOf || schema['type-property'] === undefined) return check(given, schema, at, errors, context)
  const type = typeOfInstance(schema, value)
  const variant = schema.oneOf.find((one) => type !== undefined && one['instance-types']?.includes(type))
  if (variant) check(given, variant, at, errors, context)
}

/** Checks one value. Adds at most what PVE adds: it stops at the first thing that is wrong. */
export function check(value: unknown, schema: Schema, path: string, errors: Problems, context: Context): void {
  if (schema.oneOf && schema['type-property'] === undefined) return checkAnyOf(value, schema, path, errors, context)
  if (!isSet(value)) {
    if (schema.type !== 'null' && !schema.optional && !schema.alias) add(errors, path, missing)
    return
  }
  const wrong = checkType(value, schema.type)
  if (wrong) return add(errors, path, wrong)
  if (Array.isArray(value)) {
    if (schema.items)
      for (const [index, one] of value.entries()) check(one, schema.items, `${path}[${index}]`, errors, context)
    return
  }
  if (typeof value === 'object' && value !== null) {
    if (schema.properties || schema.additionalProperties) {
      checkObject(
        path,
        schema.properties ?? {},
        value as Record<string, unknown>,
        allowed(schema.additionalProperties),
        errors,
        context,
      )
    }
    return
  }
  const refused = checkText(typeof value === 'boolean' ? (value ? '1' : '0') : String(value), schema, path, context)
  if (refused !== undefined) add(errors, path, refused)
}

export const allowed = (additional: 1 | Schema | undefined): boolean | Schema =>
  additional === undefined ? false : additional === 1 ? true : additional

function checkAnyOf(value: unknown, schema: Schema, path: string, errors: Problems, context: Context): void {
  const all: Problems = new Map()
  for (const one of schema.oneOf!) {
    const mine: Problems = new Map()
    check(value, one, path, mine, context)
    if (mine.size === 0) return
    for (const [at, message] of mine) add(all, at, message)
  }
  for (const [at, message] of all) add(errors, at, message)
}

function checkType(value: unknown, type: string | undefined): string | undefined {
  if (type === undefined || type === 'any') return undefined
  if (type === 'array') return Array.isArray(value) ? undefined : `type check ('array') failed`
  if (type === 'object')
    return typeof value === 'object' && !Array.isArray(value) ? undefined : `type check ('object') failed`
  if (type === 'null') return `type check ('null') failed - value is not null`
  if (typeof value === 'object') return `type check ('${type}') failed - got ${Array.isArray(value) ? 'ARRAY' : 'HASH'}`
  if (typeof value === 'boolean')
    return type === 'boolean' ? undefined : `type check ('${type}') failed - got JSON::PP::Boolean`
  const text = String(value)
  const fits =
    type === 'boolean'
      ? text === '0' || text === '1'
      : type === 'integer'
        ? isInteger(text)
        : type !== 'number' || isNumber(text)
  return fits ? undefined : `type check ('${type}') failed - got '${text}'`
}

function checkText(text: string, schema: Schema, path: string, context: Context): string | undefined {
  if (schema.format !== undefined) {
    try {
      checkFormat(schema.format, text, path, context)
    } catch (error) {
      if (error instanceof Refusal) return `invalid format - ${error.text(context.version)}`
      throw error
    }
  }
  if (schema.pattern !== undefined && !matches(schema.pattern, schema.patternFlags, text))
    return 'value does not match the regex pattern'
  if (schema.maxLength !== undefined && lengthOf(text) > schema.maxLength)
    return `value may only be ${schema.maxLength} characters long`
  if (schema.minLength !== undefined && lengthOf(text) < schema.minLength)
    return `value must be at least ${schema.minLength} characters long`
  if (isNumber(text)) {
    if (schema.maximum !== undefined && Number(text) > schema.maximum)
      return `value must have a maximum value of ${schema.maximum}`
    if (schema.minimum !== undefined && Number(text) < schema.minimum)
      return `value must have a minimum value of ${schema.minimum}`
  }
  if (schema.enum && !schema.enum.some((word) => String(word) === text)) {
    return `value '${text}' does not have a value in the enumeration '${schema.enum.join(', ')}'`
  }
  return undefined
}

// PVE counts characters, JavaScript halves of some.
const lengthOf = (text: string): number => [...text].length

// Constants of the contracts, compiled once.
const compiled = new Map<string, RegExp>()

/**
 * Perl puts the pattern between `^` and `$` as it stands: an alternative at its top level is anchored at one end only,
 * and `$` also matches before a line end that is the last character.
 */
function matches(pattern: string, flags: string | undefined, text: string): boolean {
  const key = `${flags ?? ''}/${pattern}`
  let regex = compiled.get(key)
  if (!regex) {
    const end = String.raw`(?=\n?(?![\s\S]))`
    regex = new RegExp(`^${pattern.replaceAll(/(?<!\\)\$(?=\)*$)/g, end)}${end}`, flags)
    compiled.set(key, regex)
  }
  return regex.test(text)
}

/** Checks a text against a format; throws a {@link Refusal}. */
export function checkFormat(format: string | Format, text: string, path: string, context: Context): void {
  if (typeof format === 'object') {
    parseStrict(format, text, path, context)
    return
  }
  if (format.startsWith('#')) {
    const named = context.formats(format.slice(1))
    if (named) parseStrict(named, text, path, context, format.slice(1))
    return
  }
  const wrong = formatProblem(format, text, context.version)
  if (wrong !== undefined) throw new Refusal(wrong)
}

/**
 * A property string as PVE's parser takes it: sub-keys to texts, booleans to 0 and 1. Throws a {@link Refusal} with PVE's words.
 * @param path of the parameter, before the sub-key in each error
 * @param name of the format, where it has a check of its own
 */
export function parseStrict(
  format: Format,
  text: string,
  path: string,
  context: Context,
  name?: string,
): Record<string, string | number> {
  const result: Record<string, string | number> = {}
  let bare = false
  for (const part of text.split(',')) {
    if (/^\s*$/.test(part)) continue
    const match = /^([^=]+)=(.+)$/.exec(part)
    if (match) setStrict(format, result, match[1]!, match[2]!)
    else if (part.includes('=')) throw new Refusal('missing key in comma-separated list property')
    else {
      setBare(format, result, part, bare, context.version)
      bare = true
    }
  }
  const errors: Problems = new Map()
  checkObject(path, format, result, false, errors, context)
  if (errors.size > 0) throw new Refusal('format error', errors)
  return name === undefined ? result : checkWhole(name, format, result, context)
}

function setStrict(format: Format, result: Record<string, string | number>, given: string, text: string): void {
  if (Object.hasOwn(result, given)) throw new Refusal(`duplicate key in comma-separated list property: ${given}`)
  let name = given
  let schema = Object.hasOwn(format, given) ? format[given] : undefined
  if (schema?.alias) {
    if (schema.keyAlias) {
      if (Object.hasOwn(result, schema.keyAlias)) throw new Refusal(`key alias '${schema.keyAlias}' is already defined`)
      result[schema.keyAlias] = given
    }
    name = schema.alias
    schema = format[name]
  }
  result[name] = schema?.type === 'boolean' ? (parseBoolean(text) ?? text) : text
}

function setBare(
  format: Format,
  result: Record<string, string | number>,
  text: string,
  again: boolean,
  version: Version,
): void {
  const key = Object.keys(format).find((name) => format[name]!.default_key)
  if (key === undefined) throw new Refusal('value without key, but schema does not define a default key')
  // 8.4 takes an empty value or 0 for absent here.
  if (again || (Object.hasOwn(result, key) && String(result[key]) !== '0'))
    throw new Refusal(`duplicate key in comma-separated list property: ${key}`)
  const boolean = format[key]!.type === 'boolean' && version !== '8.4' ? parseBoolean(text) : undefined
  result[key] = boolean ?? text
}

/** Checks of whole property strings that a format has beyond its sub-keys; what comes back is what PVE goes on with. */
function checkWhole(
  name: string,
  format: Format,
  value: Record<string, string | number>,
  context: Context,
): Record<string, string | number> {
  if (name === 'pve-vm-cpu-conf') checkCpu(format, value, context)
  if (name === 'pve-cpu-conf' && !value.cputype) throw new Refusal('CPU is missing cputype')
  return name === 'prune-backups' ? checkPrune(value) : value
}

/** CPU models that PVE builds from others. */
const levels = ['x86-64-v2', 'x86-64-v2-AES', 'x86-64-v3', 'x86-64-v4']
const flagNames: Record<Version, string> = {
  '8.4': 'pcid, spec-ctrl, ibpb, ssbd, virt-ssbd, amd-ssbd, amd-no-ssb, pdpe1gb, md-clear, hv-tlbflush, hv-evmcs, aes',
  '9.2':
    'aes, amd-no-ssb, amd-ssbd, hv-evmcs, hv-tlbflush, ibpb, md-clear, nested-virt, pcid, pdpe1gb, spec-ctrl, ssbd, virt-ssbd',
}

function checkCpu(format: Format, value: Record<string, string | number>, {version, cpuModels}: Context): void {
  const type = String(value.cputype ?? '')
  if (type === '' || type === '0') throw new Refusal('CPU is missing cputype')
  const custom = type.startsWith('custom-') ? type.slice('custom-'.length) : undefined
  if (custom !== undefined && cpuModels && !cpuModels.includes(custom))
    throw new Refusal(`Custom cputype '${custom}' not found`)
  if (custom === undefined && !levels.includes(type) && !format['reported-model']?.enum?.includes(type)) {
    throw new Refusal(`Built-in cputype '${type}' is not defined (missing 'custom-' prefix?)`)
  }
  const allowedFlags = flagNames[version].split(', ')
  const flags = String(value.flags ?? '')
  if (flags !== '' && !flags.split(';').every((flag) => allowedFlags.includes(flag.slice(1)))) {
    throw new Refusal(`VM-specific CPU flags must be a subset of: ${flagNames[version]}`)
  }
  if (value['reported-model'] !== undefined)
    throw new Refusal("Property 'reported-model' not allowed in VM-specific CPU config.")
}

function checkPrune(value: Record<string, string | number>): Record<string, string | number> {
  const {'keep-all': all, ...counts} = value
  if (!Object.values(counts).some((count) => Number(count) > 0)) return {'keep-all': 1}
  if (all !== undefined && String(all) !== '0') throw new Refusal('keep-all cannot be set together with other options.')
  return counts
}
