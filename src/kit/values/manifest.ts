import {nearest} from '../errors/nearest.js'
import {isMap, setOwn} from '../resources/documents.js'
import {suffix} from '../resources/field-names.js'
import type {KindName, Scalar, Value, ValueMap} from '../resources/model.js'
import {isWithheld, MASK} from '../secrets/index.js'
import {type Problems, check} from './check.js'
import {decodeAt, encodeAt, isScalar, keep, subkeysOf} from './codec.js'
import {type Key, below, canonicalName, knownIn, prepare} from './keys.js'
import {collapse, finish, setProperty} from './properties.js'
import {plainNumber} from './scalars.js'
import {type Schema, type Version, schemaIn, versions} from './schema.js'
import {contextOf} from './strict.js'

/** A value as a manifest has it, made canonical, and what is wrong with it. */
export interface Normalised {
  value: Value
  /** Empty when all is well; else sentences that begin with the place: `net0.tag`, `rules[2].dport`, `ipsets.blk.members["10.0.0.0/8"]`. */
  problems: string[]
}

/** What is wrong with a value, and where. */
export interface Problem {
  message: string
  /** The keys that lead there, from below `config` on; a number is a row's place. */
  path: readonly (string | number)[]
  /** A secret stands there as it is. */
  secret?: true
}

/** {@link Normalised}, with what is wrong in parts. */
export interface Reading {
  value: Value
  problems: Problem[]
}

/** Where a value stands, for problems. */
interface Place {
  /** `rules[2].dport` */
  name: string
  path: readonly (string | number)[]
  /** Releases of which one has to take the value. */
  versions: readonly Version[]
}

/**
 * The canonical value of what a person typed: a property string as a map or as PVE's text, a list as a list or as PVE's text,
 * booleans as `true`, `yes`, `1`; in maps and rows, a key without a value is not declared. Never fails; what is wrong comes back as problems
 * beside the best value that could be made. Wrong is what no known version of PVE takes; an unknown key is not wrong here, a later version
 * may have it.
 */
export function fromManifest(kind: KindName, key: string, value: unknown): Normalised {
  const reading = readManifestValue(kind, key, value)
  return {value: reading.value, problems: reading.problems.map(({message}) => message)}
}

/**
 * {@link fromManifest}, with the places of the problems.
 * @param among the releases of which one has to take the value; all that are known unless given
 */
export function readManifestValue(
  kind: KindName,
  key: string,
  value: unknown,
  among: readonly Version[] = versions,
): Reading {
  const place: Place = {name: key, path: [key], versions: among}
  if (value === null || value === undefined)
    return {value: '', problems: [wrong(place, 'has no value; take the line away, or give one')]}
  return read(prepare(kind, key), value, place)
}

const comma = 'a comma cannot be written inside a property string'
const wrong = ({name, path}: Pick<Place, 'name' | 'path'>, what: string): Problem => ({
  message: `${name}: ${what}`,
  path,
})
const inside = ({name, path, versions: among}: Place, key: string): Place => ({
  name: name + suffix(key),
  path: [...path, key],
  versions: among,
})

function read(key: Key, given: unknown, at: Place): Reading {
  if (key.secret) return readSecret(key, given, at)
  const typed = readTyped(key, given, at)
  // What stands for a secret is no value of PVE's: no contract says what it may look like.
  if (typed.problems.length > 0 || !key.known || isWithheld(typed.value)) return typed
  return {value: typed.value, problems: contractProblems(key, typed.value, at)}
}

function readTyped(key: Key, given: unknown, at: Place): Reading {
  const {shape} = key
  if (typeof shape === 'object') return 'map' in shape ? readMap(key, given, at) : readRows(key, given, at)
  if (Array.isArray(given)) return fromList(key, given, at)
  if (typeof given === 'object' && given !== null) return fromMap(key, given as Record<string, unknown>, at)
  if (!isScalar(given)) return {value: String(given), problems: [wrong(at, 'is neither a text nor a number')]}
  return {value: decodeAt(key, given), problems: typeof given === 'boolean' ? booleanProblems(key, at) : []}
}

// YAML reads `yes` and `no` of older files, `true` and `false` of all, as no text.
function booleanProblems({schema, rule, properties, known}: Key, at: Place): Problem[] {
  const onlySubkey = properties?.defaultKey === undefined ? undefined : properties.subkeys.get(properties.defaultKey)
  const fits = !known || schema.type === 'boolean' || onlySubkey?.type === 'boolean' || rule.isSwitch
  return fits ? [] : [wrong(at, 'is no switch; put the value in quotes if it is meant as a text')]
}

/** A map of keys, each with a shape or a type of its own; or PVE's text of it. */
function readMap(key: Key, given: unknown, at: Place): Reading {
  const {properties} = key
  if (isScalar(given)) {
    const subkeys = subkeysOf(key, given)
    return subkeys ? readMap(key, subkeys, at) : {value: decodeAt(key, given), problems: [misfit(key, at, 'is no map')]}
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return {value: decodeAt(key, given), problems: [misfit(key, at, 'is no map')]}
  const map: ValueMap = {}
  const problems: Problem[] = []
  let fitsAll = true
  for (const [name, one] of Object.entries(given)) {
    if (one === null || one === undefined) continue
    const place = inside(at, name)
    let found = below(key, name)
    if (properties) {
      const fits = setProperty(properties, map, name, '', (real) => {
        found = below(key, real)
        // The contract is asked of the property string as a whole.
        const typed = found.secret ? readSecret(found, one, place) : readTyped(found, one, place)
        problems.push(...typed.problems)
        if (typeof typed.value === 'string' && typed.value.includes(',')) problems.push(wrong(place, comma))
        return typed.value
      })
      if (!fits) problems.push(wrong(place, 'is given twice'))
      fitsAll &&= fits
      continue
    }
    const typed = read(found, one, place)
    problems.push(...unknownProblems(key, found, name, place), ...typed.problems)
    const canonical = canonicalName(key, name)
    if (Object.hasOwn(map, canonical)) problems.push(wrong(place, `is ${canonical}, which is given twice`))
    setOwn(map, canonical, typed.value)
  }
  if (!fitsAll) return {value: decodeAt(key, withoutNull(given)), problems}
  return {value: properties ? finish(properties, map) : map, problems}
}

/** Where a secret may stand in it, nobody can tell. */
function misfit({guards}: Key, at: Place, what: string): Problem {
  return guards ? {...wrong(at, what), secret: true} : wrong(at, what)
}

/** Of a key that the contract does not have, where there is one for its place. */
function unknownProblems(key: Key, {known, named, given, secret}: Key, name: string, at: Place): Problem[] {
  const names = known || named || given || secret ? undefined : knownIn(key)
  if (!names) return []
  const meant = nearest(name, names)
  return [wrong(at, `PVE ${versions.join(' and ')} know no such key${meant ? `; did you mean ${meant}?` : ''}`)]
}

function readRows(key: Key, given: unknown, at: Place): Reading {
  if (!Array.isArray(given)) return {value: decodeAt(key, given), problems: [misfit(key, at, 'is no list of maps')]}
  const rows = given.map((row, index) =>
    readMap(key, row, {...at, name: `${at.name}[${index}]`, path: [...at.path, index]}),
  )
  const problems = rows.flatMap((row) => row.problems)
  // What is no list of maps is kept as it came.
  if (!rows.every(({value}) => isMap(value))) return {value: decodeAt(key, withoutNull(given)), problems}
  return {value: rows.map(({value}) => value), problems}
}

/** What PVE would say to the value as it would be sent: nothing where any known version takes it. */
function contractProblems(key: Key, value: Value, at: Place): Problem[] {
  const sent = checkable(key, value)
  if (!sent) return []
  if (!at.versions.some((version) => schemaIn(key.schema, version)))
    return [wrong(at, `PVE ${at.versions.join(' and ')} knows no such key; ${key.schema.in} does`)]
  const found = at.versions
    .toReversed()
    .map((version) => problemsIn(key.schema, sent(version), version, at.name))
    .filter((problems) => problems !== undefined)
  const refused = found.some((problems) => problems.length === 0) ? [] : (found[0] ?? [])
  return refused.map((message) => ({message, path: placeIn(message, at)}))
}

/** A problem of a sub-key begins with its name. */
function placeIn(message: string, {name, path}: Place): Place['path'] {
  const subkey = message.startsWith(`${name}.`) ? /^([\w-]+): /.exec(message.slice(name.length + 1))?.[1] : undefined
  return subkey === undefined ? path : [...path, subkey]
}

/** A value as PVE's check would get it; undefined for what is not checked as a whole: each key of a map has been checked, lists of lists are. */
function checkable(key: Key, value: Value): ((version: Version) => unknown) | undefined {
  const {shape, properties, schema} = key
  if (typeof value !== 'object') return (version) => encodeAt(key, value, version)
  if (!Array.isArray(value))
    return properties && schema.type !== 'array' ? (version) => encodeAt(key, value, version) : undefined
  if (shape === undefined || (typeof shape === 'object' && !properties)) return undefined
  if (schema.type !== 'array') return (version) => encodeAt(key, value, version)
  return (version) => value.map((one) => (typeof one === 'object' ? encodeAt(key, one, version) : String(one)))
}

function problemsIn(schema: Schema, sent: unknown, version: Version, at: string): string[] | undefined {
  const one = schemaIn(schema, version)
  if (!one) return undefined
  const errors: Problems = new Map()
  check(sent, one, at, errors, contextOf(version))
  return [...errors].flatMap(([path, message]) => spread(path, message))
}

const types: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
}

/** What PVE says of a value of another type, as people would. */
function plainly(problem: string): string {
  return problem.replace(/type check \('(\w+)'\) failed - got '(.*)'$/, (said: string, type: string, got: string) =>
    Object.hasOwn(types, type) ? `is ${types[type]!}, not '${got}'` : said,
  )
}

/** One problem a sub-key, without the words that PVE puts before them. */
function spread(path: string, message: string): string[] {
  const text = message.replace(/^invalid format - /, '').trimEnd()
  const lines = text.startsWith('format error\n') ? text.split('\n').slice(1) : [`${path}: ${text}`]
  return lines.filter((line) => line !== '').map((line) => plainly(line.replace(': invalid format - ', ': ')))
}

function readSecret(key: Key, given: unknown, at: Place): Reading {
  if (isMap(given)) {
    const members = Object.entries(given)
      .filter(([, one]) => one !== null)
      .map(([name, one]) => ({name, ...readSecret(key, one, inside(at, name))}))
    return {
      value: Object.fromEntries(members.map(({name, value}) => [name, value])),
      problems: members.flatMap(({problems}) => problems),
    }
  }
  const value = decodeAt(key, given)
  const isMasked = given === '' || value === String(given)
  const problem = wrong(at, `a secret must not stand in a manifest; write '${MASK}' for "as it is"`)
  return {value, problems: isMasked ? [] : [{...problem, secret: true}]}
}

function fromList(key: Key, list: unknown[], at: Place): Reading {
  const {known, schema, rule, shape, properties} = key
  const odd = list.filter((one) => !isScalar(one))
  const problems =
    odd.length > 0 && ((known && schema.type !== 'array') || shape !== undefined)
      ? [wrong(at, 'an element is neither a text nor a number')]
      : []
  if (shape === 'set' || shape === 'list')
    return {value: decodeAt(key, problems.length > 0 ? withoutNull(list) : list), problems}
  if (rule.list) return {value: decodeAt(key, list.filter(isScalar).map(String).join(' ')), problems}
  if (properties || shape === 'text' || (known && schema.type !== 'array')) problems.push(wrong(at, 'is no list'))
  if (!rule.pairs) return {value: keep(list, key.depth), problems}
  const lines = list.map(lineOf)
  if (!lines.every(isPair)) problems.push(wrong(at, 'each line is a pair, as in [lxc.idmap, u 0 100000 65536]'))
  return {value: keep(lines, key.depth), problems}
}

function fromMap(key: Key, given: Record<string, unknown>, at: Place): Reading {
  const {properties, known, shape, depth} = key
  if (!properties) {
    const what = shape === 'set' || shape === 'list' ? 'is a list, and no map' : 'has no sub-keys'
    return {value: keep(withoutNull(given), depth), problems: known || shape ? [wrong(at, what)] : []}
  }
  const map: ValueMap = {}
  const problems: Problem[] = []
  for (const [name, value] of Object.entries(given)) {
    if (value === null) continue
    const place = inside(at, name)
    const text = subkeyText(value)
    if (text === undefined) problems.push(wrong(place, 'is neither a text nor a number'))
    else if (text.includes(',')) problems.push(wrong(place, comma))
    if (text !== undefined && !setProperty(properties, map, name, text)) problems.push(wrong(place, 'is given twice'))
  }
  return {value: collapse(properties, finish(properties, map)), problems}
}

function withoutNull(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given
  if (Array.isArray(given)) return given.map(withoutNull)
  const kept = Object.entries(given).filter(([, value]) => value !== null)
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutNull(value)]))
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
export type Written = Value

/** A canonical value as pmpc writes it into manifests. {@link fromManifest} makes the same canonical value of it. */
export function toManifest(kind: KindName, key: string, value: Value): Written {
  return write(prepare(kind, key), value)
}

function write(key: Key, value: Value): Written {
  const {lists} = key.rule
  if (typeof value !== 'object') return key.depth > 1 && typeof key.shape !== 'object' ? barely(key, value) : value
  if (Array.isArray(value))
    return typeof key.shape === 'object' ? value.map((row) => (Array.isArray(row) ? row : write(key, row))) : value
  const entries = Object.entries(value).map(([name, one]): [string, Written] => {
    if (lists?.includes(name)) return [name, elementsOf(one) ?? one]
    return [name, key.shape === undefined ? one : write(below(key, name), one)]
  })
  return Object.fromEntries(entries)
}

/** In rows and maps a text of digits needs no quotes where it is read as the same text without: `dport: 22`. */
function barely(key: Key, value: Scalar): Scalar {
  const number = typeof value === 'string' ? plainNumber(value) : undefined
  return Number.isSafeInteger(number) && decodeAt(key, number!) === value ? number! : value
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
