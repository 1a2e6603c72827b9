import {fieldName, isMap, own, setOwn, type Config, type KindName, type Scalar, type Value} from '../resources/index.js'
import {madeUp, type Calls} from '../resources/kinds/travels.js'
import {isWithheld} from '../secrets/index.js'
import {encodeAt} from '../values/codec.js'
import {equivalentAt, keyInfo, sameDeep, type Version} from '../values/index.js'
import {keyAt} from '../values/keys.js'
import type {Refusal, Request, SecretParameter} from './model.js'
import {callOf, type Given} from './subject.js'

/** Keys that travel in one call: an object's own, or those of a part or of a member of one. */
export interface Section {
  readonly kind: KindName
  /** The keys below `config` that lead to it. */
  readonly path: readonly string[]
  readonly calls: Calls
  /** Undefined: it is not there. */
  readonly was: Config | undefined
  readonly want: Config
  readonly version: Version
  /** What names it, in the calls and in their paths. */
  readonly given: Given
  /** The parameter that takes its name, and the name. */
  readonly id: readonly [parameter: string, name: Scalar] | undefined
  /** As people call it: `storage nfs`. */
  readonly title: string
  /** Sent along with all that makes or changes it. */
  readonly along?: Readonly<Record<string, Scalar>>
}

/** A request for a section, with its keys afterwards. */
export interface Change {
  readonly request: Request
  readonly after: Config
  readonly digest: boolean
}

type Parameters = Request['parameters']

/** The one request that makes a section as it is wanted; undefined where it is. */
export function nextOfSection(given: Section): Change | {refused: Refusal} | undefined {
  const section = settled(given)
  const {was, calls, want} = section
  if (was === undefined && calls.create === undefined) return {refused: cannotMake(section)}
  const changed = was && changedKeys(section, was)
  const spoilt = [...(changed?.keys() ?? Object.keys(want))].find((key) => isSpoilt(section, key))
  if (spoilt !== undefined) return {refused: isNotKept(section, spoilt)}
  if (!was || !changed) return creation(section)
  if (changed.size === 0) return undefined
  const fixed = [...changed.keys()].find((key) => isFixed(section, was, key))
  if (fixed !== undefined) return {refused: isFixedOnce(section, fixed)}
  const needed = [...changed.keys()].find((key) => own(section.want, key) === undefined && isNeeded(section, was, key))
  if (needed !== undefined) return {refused: cannotUnset(section, needed)}
  if (calls.update === undefined) return {refused: isFixedOnce(section, [...changed.keys()][0]!)}
  return update(section, was, changed)
}

/** A section with what PVE makes of what is wanted. */
function settled(section: Section): Section {
  return section.calls.settled ? {...section, want: section.calls.settled(section.want)} : section
}

/** Whether a section is as it is wanted. */
export function isMet(given: Section): boolean {
  const section = settled(given)
  return section.was !== undefined && changedKeys(section, section.was).size === 0
}

/** Keys that have to be otherwise, with the value that they then have; undefined: none. */
function changedKeys(section: Section, was: Config): Map<string, Value | undefined> {
  const {kind, path, want} = section
  const changed = new Map<string, Value | undefined>()
  for (const key of [...new Set([...Object.keys(was), ...Object.keys(want)])].sort()) {
    const [is, wished] = [own(was, key), own(want, key)]
    // What PVE gives to nobody is sent with a creation, or when somebody says so, and compared with nothing.
    if (isWithheld(wished)) continue
    if (equivalentAt(kind, [...path, key], is, wished)) continue
    const value = settledValue(section, key)
    const isAny = value === madeUp && is !== undefined
    if (!isAny && !sameDeep(is, value)) changed.set(key, value)
  }
  return changed
}

/** What PVE has of a key once it is set as wanted. */
function settledValue({kind, path, calls, want}: Section, key: string): Value | undefined {
  const wished = own(want, key)
  if (isWithheld(wished)) return keyAt(kind, [...path, key]).secret && !calls.told?.includes(key) ? undefined : wished
  const isNone = wished !== undefined && own(calls.none, key) === wished
  if (wished !== undefined && !isNone) return wished
  const fallback = own(calls.own, key)
  return typeof fallback === 'function' ? fallback(want) : fallback
}

function isFixed({calls}: Section, was: Config, key: string): boolean {
  const {createOnly = [], still = [], untaken = []} = calls
  return createOnly.includes(key) || isAmong(untaken, was, key) || isAmong(still, was, key)
}

const isNeeded = ({calls}: Section, was: Config, key: string): boolean => isAmong(calls.needed ?? [], was, key)

function isSpoilt({calls, want}: Section, key: string): boolean {
  const value = own(want, key)
  return value !== undefined && !isWithheld(value) && (own(calls.spoilt, key)?.isSpoilt(value) ?? false)
}

function isAmong(keys: NonNullable<Calls['still']>, config: Config, key: string): boolean {
  return 'key' in keys ? (own(keys.of, String(own(config, keys.key)))?.includes(key) ?? false) : keys.includes(key)
}

function creation(section: Section): Change {
  const {calls, want, id} = section
  const call = callOf(calls.create!, withKeys(section))
  const parameters: Parameters = {...calls.fixed, ...section.along, ...(id && {[id[0]]: id[1]})}
  for (const key of Object.keys(want)) if (own(calls.none, key) !== want[key]) setParameter(section, parameters, key)
  const keys = [...new Set([...Object.keys(want), ...Object.keys(calls.own ?? {})])]
  const after: Config = {}
  for (const key of keys) setOwn(after, key, settledValue(section, key))
  return {request: requestOf(call, parameters), after, digest: false}
}

function update(
  section: Section,
  was: Config,
  changed: ReadonlyMap<string, Value | undefined>,
): Change | {refused: Refusal} {
  const {calls, want, id} = section
  const call = callOf(calls.update!, withKeys(section))
  const parameters: Parameters = {...section.along, ...(id && {[id[0]]: id[1]})}
  const again = calls.resend?.includes('*') ? Object.keys(want) : (calls.resend ?? [])
  for (const key of again) if (own(want, key) !== undefined) setParameter(section, parameters, key)
  for (const [name, text] of Object.entries(calls.updating ?? {})) parameters[name] = text === '' ? id![1] : text
  const gone: string[] = []
  for (const key of changed.keys()) {
    const isSet = own(want, key) !== undefined && own(calls.none, key) !== want[key]
    if (isSet) for (const one of [key, ...needed(section, key)]) setParameter(section, parameters, one)
    else if (calls.unset === 'delete') gone.push(nameOf(calls, key))
    else if (calls.unset === 'empty' || !calls.resend?.includes('*')) {
      const none = emptyOf(section, key)
      if (none === undefined) return {refused: cannotUnset(section, key)}
      parameters[nameOf(calls, key)] = none
    }
  }
  if (gone.length > 0) parameters.delete = calls.unsetAs === 'array' ? gone : gone.join(',')
  const after: Config = {...was}
  for (const [key, value] of changed) setOwn(after, key, value)
  return {request: requestOf(call, parameters), after, digest: calls.digest?.includes('update') ?? false}
}

/** What is sent so that a key is as if it were not there: an empty text, or the value that PVE has without it. */
function emptyOf({kind, path, calls, want}: Section, key: string): Scalar | undefined {
  const fallback = own(calls.own, key)
  const value = typeof fallback === 'function' ? fallback(want) : fallback
  if (typeof value === 'string' || typeof value === 'number') return value
  const {type = 'string', enum: words} = keyAt(kind, [...path, key]).schema
  return type === 'string' && !words ? '' : keyInfo(kind, ...path, key).defaultValue
}

function setParameter({kind, path, calls, want, version}: Section, parameters: Parameters, key: string): void {
  if (isAmong(calls.untaken ?? [], want, key)) return
  const value = want[key]!
  parameters[nameOf(calls, key)] = isWithheld(value)
    ? secretOf([...path, key])
    : sentValue(kind, [...path, key], own(calls.sent, key)?.(value) ?? value, version)
}

function secretOf(path: readonly string[]): SecretParameter {
  return {secret: path.join('.')}
}

/** What the contract wants to come along with a key. */
function needed({kind, path, want}: Section, key: string): string[] {
  const {requires} = keyAt(kind, [...path, key]).schema
  return requires !== undefined && own(want, requires) !== undefined ? [requires] : []
}

const nameOf = ({named}: Calls, key: string): string => own(named, key) ?? key

/** A value as PVE takes it. */
export function sentValue(
  kind: KindName,
  path: readonly string[],
  value: Value,
  version: Version,
): Scalar | readonly Scalar[] {
  const place = keyAt(kind, path)
  if (place.schema.type === 'array') return [value].flat().map((element) => textOf(element))
  if (typeof value === 'number') return value
  // A list of pairs is none of the contract's property strings (`content-dirs`).
  return isMap(value) && !place.properties ? textOf(value) : encodeAt(place, value, version)
}

/** An element of an array: a map as a property string. */
function textOf(element: Value): Scalar {
  if (typeof element !== 'object' || Array.isArray(element)) return String(element)
  const pairs = Object.keys(element)
    .sort()
    .map((key) => `${key}=${[element[key]!].flat().map(String).join(';')}`)
  return pairs.join(',')
}

/** A request; what its path names is no parameter. */
export function requestOf({method, path, names}: ReturnType<typeof callOf>, parameters: Parameters): Request {
  const sent = Object.keys(parameters)
    .filter((name) => !names.has(name))
    .sort()
    .map((name) => [name, parameters[name]!] as const)
  return {method, path, parameters: Object.fromEntries(sent)}
}

/** The keys of a section fill in paths, too: the type of what has a path by its type. */
function withKeys({given, was, want, id}: Section): Given {
  return (name) => {
    if (id?.[0] === name) return id[1]
    const value = given(name) ?? own(was, name) ?? own(want, name)
    return typeof value === 'object' ? undefined : value
  }
}

function cannotMake({title}: Section): Refusal {
  return {
    code: 'PMPC_PLAN_CANNOT_MAKE',
    message: `${title} is not there, and no call of Proxmox VE makes one`,
    suggestions: ['take it out of the manifests, or make it where Proxmox VE does'],
  }
}

function isFixedOnce({title, path, calls, want}: Section, key: string): Refusal {
  return {
    field: fieldName('config', ...path, key),
    code: 'PMPC_PLAN_FIXED',
    message: isAmong(calls.untaken ?? [], want, key)
      ? `${key} of ${title} is told by Proxmox VE, which takes it from nobody`
      : `${key} of ${title} is fixed when it is made: Proxmox VE changes it of none that is there`,
    suggestions: [
      'take back that line',
      'or declare another one under a new name, let what uses this one use that, and remove this one with `absent: true`',
    ],
  }
}

function isNotKept({title, path, calls}: Section, key: string): Refusal {
  return {
    field: fieldName('config', ...path, key),
    code: 'PMPC_PLAN_NOT_KEPT',
    message: `Proxmox VE does not keep ${key} of ${title} as it takes it: ${calls.spoilt![key]!.what}`,
    suggestions: ['say it without these'],
  }
}

function cannotUnset({title, path}: Section, key: string): Refusal {
  return {
    field: fieldName('config', ...path, key),
    code: 'PMPC_PLAN_CANNOT_UNSET',
    message: `Proxmox VE has no way to take ${key} of ${title} out`,
    suggestions: ['put its line back, with the value that it is to have'],
  }
}
