import {fieldName, isMap, own, setOwn, type Config, type Scalar, type Value} from '../resources/index.js'
import type {PartCalls} from '../resources/kinds/travels.js'
import {equivalentAt} from '../values/index.js'
import {nextOfList} from './lists.js'
import type {Refusal, Request} from './model.js'
import {nextOfSection, requestOf, sentValue, type Section} from './section.js'
import {callOf, type Given, type Subject} from './subject.js'

/** A request for a part of an object, with the object's configuration afterwards. */
export interface PartChange {
  readonly request: Request
  readonly after: Config
  readonly digest?: 'object' | 'list'
}

/** The configuration of an object as it is, and as it is wanted. */
export interface Both {
  readonly was: Config
  readonly want: Config
}

type Found = PartChange | {refused: Refusal} | undefined

/** A place in the configuration that holds what travels by the calls of one part. */
interface Holder extends Both {
  readonly subject: Subject
  readonly calls: PartCalls
  /** The keys that lead there. */
  readonly path: readonly string[]
  readonly given: Given
  /** Keys within members that travel by calls of their own. */
  readonly inner: readonly string[]
}

/** Whether what is wanted is looked for, or what is not. */
type Way = 'come' | 'go' | 'make room'

/**
 * The next request for the parts of an object: what has to make room goes, then all comes in the order of the row, then the rest goes the other way round.
 * @param only the parts that are looked at; all unless given
 */
export function nextOfParts(subject: Subject, both: Both, only?: readonly string[]): Found {
  const {parts = {}, goesFirst = []} = subject.row.change
  const names = Object.keys(parts).filter((name) => only === undefined || only.includes(name))
  const first = names.filter((name) => goesFirst.includes(name))
  const passes: [readonly string[], Way][] = [
    [first, 'make room'],
    [names, 'come'],
    [[...names].reverse(), 'go'],
  ]
  for (const [order, way] of passes)
    for (const holder of order.flatMap((name) => holdersOf(subject, name, both))) {
      const step = nextIn(holder, way)
      if (step) return step
    }
  return undefined
}

/** The places of a part: one, or, of what is within members, one in each of these. */
function holdersOf(subject: Subject, name: string, both: Both): Holder[] {
  const {row, given, is} = subject
  const parts: Readonly<Record<string, PartCalls>> = row.change.parts ?? {}
  const calls = parts[name]!
  const [outer, key] = name.split('.') as [string, string?]
  const inner = Object.keys(parts).flatMap((one) => (one.startsWith(`${name}.`) ? [one.slice(name.length + 1)] : []))
  const owned: Given = (word) => (word === calls.ownerParameter ? given('id') : given(word))
  const base = {...both, subject, calls, inner}
  if (key === undefined) return [{...base, path: name === '' ? [] : [name], given: owned}]
  const members = [both.was, both.want].flatMap((config) => Object.keys(mapAt(config, [outer])))
  return [...new Set(members)].sort().map((member) => ({
    ...base,
    path: [outer, member, key],
    given: named(parts[outer]!, member, is?.config ?? {}, owned),
  }))
}

/** What stands in paths, with the name of a member. */
function named({idParameter, pathName}: PartCalls, name: string, config: Config, given: Given): Given {
  return (word) => (word === idParameter ? (pathName?.(name, config) ?? name) : given(word))
}

function nextIn(holder: Holder, way: Way): Found {
  const {calls} = holder
  if (calls.elements) return nextOfElements(holder, way)
  if (calls.create !== undefined && !calls.ordered)
    return way === 'come' ? comingMember(holder) : goingMember(holder, way)
  if (way !== 'come') return undefined
  if (calls.ordered) return nextOfRows(holder)
  return calls.valueParameter === undefined ? nextOfKeys(holder) : nextOfValue(holder, calls.valueParameter)
}

/** What stands at a place; undefined where there is nothing. */
function valueAt(config: Config, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((value, key) => (isMap(value) ? own(value, key) : undefined), config)
}

function mapAt(config: Config, path: readonly string[]): Config {
  const value = valueAt(config, path)
  return isMap(value) ? value : {}
}

/** A copy with something else at a place. */
function withAt(config: Config, [key, ...rest]: readonly string[], value: Value | undefined): Config {
  if (key === undefined) return isMap(value) ? value : {}
  const copy = {...config}
  setOwn<Value>(copy, key, rest.length === 0 ? value : withAt(mapAt(config, [key]), rest, value))
  return copy
}

/** The same, without the maps and parts that hold nothing more: such are not read. Members stay. */
function without(config: Config, path: readonly string[], value: Value | undefined): Config {
  const isNothing = value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  const changed = withAt(config, path, isNothing ? undefined : value)
  const above = path.slice(0, -1)
  return isNothing && above.length > 0 && Object.keys(mapAt(changed, above)).length === 0
    ? without(changed, above, undefined)
    : changed
}

function titleOf({subject: {row, id}}: Holder, path: readonly string[]): string {
  return path.length === 0 ? `${row.name} ${id}` : `${path.join(' ')} of ${row.name} ${id}`
}

type Where = Pick<Section, 'path' | 'was' | 'want' | 'id' | 'given'>

function sectionAt(holder: Holder, where: Where): Section {
  const {calls, subject} = holder
  const {row, version, is} = subject
  const owner = calls.ownerParameter === undefined ? {} : {[calls.ownerParameter]: holder.subject.id}
  const fromOwner = Object.fromEntries(
    (calls.fromOwner ?? []).flatMap((key) => {
      const value = own(is?.config, key)
      return value === undefined || typeof value === 'object' ? [] : [[key, value] as const]
    }),
  )
  return {kind: row.name, calls, version, title: titleOf(holder, where.path), along: {...owner, ...fromOwner}, ...where}
}

const digestOf = ({digest}: PartCalls, of: 'update' | 'remove'): {digest?: 'object'} =>
  digest?.includes(of) ? {digest: 'object'} : {}

/** Keys of a map that is always there. */
function nextOfKeys(holder: Holder): Found {
  const {calls, path, given, was, want} = holder
  const step = nextOfSection(
    sectionAt(holder, {path, given, was: mapAt(was, path), want: mapAt(want, path), id: undefined}),
  )
  if (!step || 'refused' in step) return step
  return {request: step.request, after: without(was, path, step.after), ...digestOf(calls, 'update')}
}

/** One value. */
function nextOfValue(holder: Holder, parameter: string): Found {
  const {calls, path, given, was, want, subject} = holder
  const [is, wished] = [valueAt(was, path), valueAt(want, path)]
  const {name} = subject.row
  if (equivalentAt(name, path, is, wished)) return undefined
  if (wished === undefined)
    return {
      refused: {
        field: fieldName('config', ...path),
        code: 'PMPC_PLAN_CANNOT_UNSET',
        message: `Proxmox VE has no way to take ${titleOf(holder, path)} out`,
        suggestions: ['put its line back, with the value that it is to have'],
      },
    }
  return {
    request: requestOf(callOf(calls.update!, given), {[parameter]: sentValue(name, path, wished, subject.version)}),
    after: withAt(was, path, wished),
    ...digestOf(calls, 'update'),
  }
}

/** A member of a map that is to be made or changed. */
function comingMember(holder: Holder): Found {
  const {path, was, want} = holder
  for (const name of Object.keys(mapAt(want, path)).sort()) {
    const step = nextOfSection(memberOf(holder, name))
    if (!step) continue
    if ('refused' in step) return step
    const kept = ofInner(holder, valueAt(was, [...path, name]), true)
    return {
      request: step.request,
      after: withAt(was, [...path, name], {...step.after, ...kept}),
      ...(step.digest && {digest: 'object'}),
    }
  }
  return undefined
}

function memberOf(holder: Holder, name: string): Section {
  const {calls, path, given, subject, was, want} = holder
  const before = valueAt(was, [...path, name])
  const isThere = before !== undefined
  return sectionAt(holder, {
    path: [...path, name],
    // What paths have in the place of the name is that of what is there; where it is made, the name itself is sent.
    given: isThere ? named(calls, name, subject.is?.config ?? {}, given) : given,
    was: isThere ? ofInner(holder, before, false) : undefined,
    want: ofInner(holder, valueAt(want, [...path, name]), false),
    id: isThere && calls.pathName ? undefined : [parameterOf(holder), name],
  })
}

/** The keys of a member that travel by calls of their own, or the others. */
function ofInner({inner}: Holder, value: Value | undefined, isInner: boolean): Config {
  return Object.fromEntries(
    Object.entries(isMap(value) ? value : {}).filter(([key]) => inner.includes(key) === isInner),
  )
}

/** A member of a map that is to go. */
function goingMember(holder: Holder, way: Way): Found {
  const {calls, path, given, was, want, subject} = holder
  const [before, wished] = [mapAt(was, path), mapAt(want, path)]
  const gone = Object.keys(before)
    .filter((name) => !Object.hasOwn(wished, name))
    .filter((name) => way === 'go' || (calls.isFree?.(name, was) ?? true))
    .sort()[0]
  if (gone === undefined) return undefined
  const call = callOf(calls.remove!, named(calls, gone, subject.is?.config ?? {}, given))
  const after = {...before}
  delete after[gone]
  return {
    request: requestOf(call, {[parameterOf(holder)]: gone}),
    after:
      path.length === 0
        ? after
        : Object.keys(after).length === 0
          ? withAt(was, path, undefined)
          : withAt(was, path, after),
    ...digestOf(calls, 'remove'),
  }
}

const parameterOf = ({calls, subject}: Holder): string => calls.idParameter ?? subject.row.idKey

/** A list in its order. */
function nextOfRows(holder: Holder): Found {
  const {calls, path, given, was, want} = holder
  const step = nextOfList({
    calls,
    given,
    was: rowsAt(was, path),
    // What a row does not say is as PVE makes a row without it.
    want: rowsAt(want, path).map((row) => ({...(calls.own as Config | undefined), ...row})),
    meaning: (key, value) => !equivalentAt(holder.subject.row.name, [...path, key], value, undefined),
    section: ({at, ...row}) =>
      sectionAt(holder, {...row, path, given, id: at === undefined ? undefined : [parameterOf(holder), at]}),
  })
  if (!step || 'refused' in step) return step
  return {request: step.request, after: without(was, path, step.after), ...(step.isGuarded && {digest: 'list'})}
}

function rowsAt(config: Config, path: readonly string[]): Config[] {
  const value = valueAt(config, path)
  return Array.isArray(value) ? value.filter(isMap) : []
}

/** Sets whose elements come and go; those that come do so first, so that nobody is without a right in between. */
function nextOfElements(holder: Holder, way: Way): Found {
  const {calls, path, given, was, want, subject} = holder
  const {parameters, group = () => '', identity = String, removing, depth} = calls.elements!
  for (const place of placesIn([was, want], path, depth)) {
    const [before, wished] = [elementsAt(was, place), elementsAt(want, place)]
    const some = way === 'come' ? minus(wished, before) : minus(before, wished)
    if (some.length === 0) continue
    const together = some.filter((element) => group(element) === group(some[0]!))
    const call = callOf((way === 'come' ? calls.create : calls.remove)!, given)
    const replaced = new Set(way === 'come' ? together.map(identity) : [])
    const others = minus(before, together).filter((element) => !replaced.has(identity(element)))
    const after = way === 'come' ? [...others, ...together].sort(byCodePoint) : others
    return {
      request: requestOf(call, {
        ...ownerOf(subject),
        ...parameters(place.slice(path.length), together),
        ...(way === 'go' ? removing : {}),
      }),
      after: without(was, place, after),
    }
  }
  return undefined
}

/** What names the object, where a call has no other place for it. */
const ownerOf = ({row, id}: Subject): Record<string, Scalar> => (row.id === 'single' ? {} : {[row.idKey]: id})

const minus = (all: readonly Scalar[], others: readonly Scalar[]): Scalar[] =>
  all.filter((element) => !others.includes(element))

const byCodePoint = (a: Scalar, b: Scalar): number => (String(a) < String(b) ? -1 : 1)

/** Where sets are, so many keys below a place; sorted. */
function placesIn(configs: readonly Config[], path: readonly string[], depth: number): (readonly string[])[] {
  if (depth === 0) return [path]
  const keys = [...new Set(configs.flatMap((config) => Object.keys(mapAt(config, path))))].sort()
  return keys.flatMap((key) => placesIn(configs, [...path, key], depth - 1))
}

function elementsAt(config: Config, path: readonly string[]): Scalar[] {
  return [valueAt(config, path) ?? []].flat().filter((element): element is Scalar => typeof element !== 'object')
}
