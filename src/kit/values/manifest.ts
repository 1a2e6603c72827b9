import type {KindName, Scalar, Value, ValueMap} from '../resources/model.js'
import {isWithheld, MASK} from '../secrets/index.js'
import {type Problems, check} from './check.js'
import {type Key, collapse, decode, encode, finish, prepare, setProperty} from './codec.js'
import {plainNumber} from './scalars.js'
import {type Version, schemaIn, versions} from './schema.js'
import {contextOf} from './strict.js'

/** A value as a manifest has it, made canonical, and what is wrong with it. */
export interface Normalised {
  value: Value
  /** Empty when all is well; else sentences that name the key or sub-key. */
  problems: string[]
}

/**
 * The canonical value of what a person typed: a property string as a map or as PVE's text, a list as a list or as PVE's text,
 * booleans as `true`, `yes`, `1`. Never fails; what is wrong comes back as problems beside the best value that could be made.
 * Wrong is what no known version of PVE takes; an unknown key is not wrong here, a later version may have it.
 */
export function fromManifest(kind: KindName, key: string, value: unknown): Normalised {
  const made = prepare(kind, key)
  if (value === null || value === undefined) {
    return {value: '', problems: [`${key}: has no value; take the line away, or give one`]}
  }
  if (made.rule.masked) return masked(kind, key, value)
  const typed = readTyped(kind, key, made, value)
  // What stands for a secret is no value of PVE's: no contract says what it may look like.
  if (typed.problems.length > 0 || !made.known || isWithheld(typed.value)) return typed
  return {value: typed.value, problems: contractProblems(kind, key, made, typed.value)}
}

function readTyped(kind: KindName, key: string, made: Key, value: unknown): Normalised {
  if (Array.isArray(value)) return fromList(kind, key, made, value)
  if (typeof value === 'object') return fromMap(key, made, value as Record<string, unknown>)
  if (!isScalar(value)) return {value: String(value), problems: [`${key}: is neither a text nor a number`]}
  return {value: decode(kind, key, value), problems: typeof value === 'boolean' ? booleanProblems(key, made) : []}
}

// YAML reads `yes` and `no` of older files, `true` and `false` of all, as no text.
function booleanProblems(key: string, made: Key): string[] {
  const {schema, rule, shape, known} = made
  const onlySubkey = shape?.defaultKey === undefined ? undefined : shape.subkeys.get(shape.defaultKey)
  const fits = !known || schema.type === 'boolean' || onlySubkey?.type === 'boolean' || rule.booleanOrText
  return fits ? [] : [`${key}: is no switch; put the value in quotes if it is meant as a text`]
}

/** What PVE would say to the value as it would be sent: nothing where any known version takes it. */
function contractProblems(kind: KindName, key: string, made: Key, value: Value): string[] {
  if (Array.isArray(value) && made.rule.set === undefined) return []
  const found = versions
    .toReversed()
    .map((version) => problemsIn(key, made, encode(kind, key, value, version), version))
    .filter((problems) => problems !== undefined)
  return found.some((problems) => problems.length === 0) ? [] : (found[0] ?? [])
}

function problemsIn(key: string, made: Key, text: string, version: Version): string[] | undefined {
  const schema = schemaIn(made.schema, version)
  if (!schema) return undefined
  const errors: Problems = new Map()
  check(text, schema, key, errors, contextOf(version))
  return [...errors].flatMap(([path, message]) => spread(path, message))
}

/** One problem a sub-key, without the words that PVE puts before them. */
function spread(path: string, message: string): string[] {
  const text = message.replace(/^invalid format - /, '').trimEnd()
  if (!text.startsWith('format error\n')) return [`${path}: ${text}`]
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.replace(': invalid format - ', ': '))
}

const isScalar = (value: unknown): value is Scalar | boolean => ['string', 'number', 'boolean'].includes(typeof value)

function masked(kind: KindName, key: string, value: unknown): Normalised {
  const canonical = decode(kind, key, value)
  const given = String(value)
  const problems =
    given === canonical || given === ''
      ? []
      : [`${key}: a secret must not stand in a manifest; write '${MASK}' for "as it is"`]
  return {value: canonical, problems}
}

function fromList(kind: KindName, key: string, made: Key, list: unknown[]): Normalised {
  const odd = list.filter((one) => !isScalar(one))
  const problems =
    odd.length > 0 && made.known && made.schema.type !== 'array'
      ? [`${key}: an element is neither a text nor a number`]
      : []
  if (made.rule.set !== undefined)
    return {value: decode(kind, key, list.filter(isScalar).map(String).join(made.rule.set)), problems}
  if (made.rule.list) return {value: decode(kind, key, list.filter(isScalar).map(String).join(' ')), problems}
  if (made.shape || (made.known && made.schema.type !== 'array')) problems.push(`${key}: is no list`)
  if (!made.known || made.schema.type !== 'array') return {value: decode(kind, key, list), problems}
  const lines = list.map(lineOf)
  if (!lines.every(isPair)) problems.push(`${key}: each line is a pair, as in [lxc.idmap, u 0 100000 65536]`)
  return {value: decode(kind, key, lines), problems}
}

function fromMap(key: string, made: Key, given: Record<string, unknown>): Normalised {
  if (!made.shape) return {value: decodeUnknown(given), problems: made.known ? [`${key}: has no sub-keys`] : []}
  const map: ValueMap = {}
  const problems: string[] = []
  for (const [name, value] of Object.entries(given)) {
    const text = subkeyText(value)
    if (text === undefined) problems.push(`${key}.${name}: is neither a text nor a number`)
    else if (text.includes(',')) problems.push(`${key}.${name}: a comma cannot be written inside a property string`)
    if (text !== undefined && !setProperty(made.shape, map, name, text)) problems.push(`${key}.${name}: is given twice`)
  }
  return {value: collapse(made.shape, finish(made.shape, map)), problems}
}

/** A raw line of a container as a pair of texts, whatever YAML makes of them; people may write it as a map, or as in PVE's file. */
function lineOf(line: unknown): unknown {
  if (Array.isArray(line)) return line.map((part) => (isScalar(part) ? String(part) : part))
  if (isScalar(line)) return /^([^:=\s]+)\s*[:=]\s*(.*)$/s.exec(String(line))?.slice(1) ?? line
  const entries = Object.entries(line ?? {})
  return entries.length === 1 && isScalar(entries[0]![1]) ? entries[0]!.map(String) : line
}

const isPair = (line: unknown): boolean =>
  Array.isArray(line) && line.length === 2 && line.every((part) => isScalar(part))

/** A value as it stands in a manifest: one that is a list within a property string is a list there. */
export type Written = Value | Record<string, Scalar | Scalar[]>

/** A canonical value as pmpc writes it into manifests. {@link fromManifest} makes the same canonical value of it. */
export function toManifest(kind: KindName, key: string, value: Value): Written {
  const {lists} = prepare(kind, key).rule
  if (!lists || typeof value !== 'object' || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([name, one]) => [
    name,
    lists.includes(name) ? (elementsOf(one) ?? one) : one,
  ])
  return Object.fromEntries(entries) as Written
}

/** The elements of a list that is a text, as numbers where they are; undefined where joining them would give another text. */
export function elementsOf(value: Value): Scalar[] | undefined {
  if (typeof value === 'object') return undefined
  const parts = String(value).split(';')
  return parts.every((part) => part !== '' && part === part.trim())
    ? parts.map((part) => plainNumber(part) ?? part)
    : undefined
}

/** Lists inside a property string are joined with semicolons: `order: [scsi0, net0]`. */
function subkeyText(value: unknown): string | undefined {
  if (value === true || value === false) return value ? '1' : '0'
  if (isScalar(value)) return String(value)
  return Array.isArray(value) && value.every(isScalar) ? value.map(String).join(';') : undefined
}

function decodeUnknown(given: Record<string, unknown>): Value {
  const entries = Object.entries(given)
  if (!entries.every(([, one]) => isScalar(one))) return JSON.stringify(given)
  return Object.fromEntries(
    entries.map(([name, one]) => [name, typeof one === 'boolean' ? (one ? 1 : 0) : (one as Scalar)]),
  )
}
