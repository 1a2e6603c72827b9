import {isOrdered, leniencyOf, steadyLog, type How} from './leniency.js'
import {isNamed, Mapping, skeleton, type Token} from './made-up.js'
import type {Timeline} from './timeline.js'

type Entry = Record<string, unknown>

/** What one answer is compared with. */
export interface Comparison {
  /** Path of the request, without its query. */
  path: string
  mapping: Mapping
  timeline: Timeline
  differences: string[]
  /** How tasks ended, by the recording's UPID. */
  ends: ReadonlyMap<string, unknown>
  /** Guests as other status rounds told them, where an endpoint's rounds fall as they will. */
  moments?: (guest: Entry) => Entry[]
}

interface Place {
  /** For people: with the numbers of list entries. */
  shown: string
  /** For the tables of leniency: without them. */
  at: string
  /** The recorded object that the value stands in. */
  entry: Entry
  /** The object that came in its place. */
  other: Entry
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 160 ? `${text.slice(0, 157)}…` : text
}

const isObject = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Compares an answer's body with the recorded one and notes what differs. */
export function compareBodies(recorded: unknown, actual: unknown, state: Comparison): void {
  const [steady, other] = [steadyLog(state.path, recorded), steadyLog(state.path, actual)]
  compareValues(steady, other, {shown: 'body', at: 'body', entry: {}, other: {}}, state)
}

/** Compares texts in which made-up values may stand. */
export function compareText(recorded: string, actual: string, shown: string, state: Comparison): void {
  if (recorded === 'MASKED' && actual !== '') return
  const [a, b] = [skeleton(recorded), skeleton(actual)]
  if (a.shape !== b.shape) {
    state.differences.push(`${shown}: expected ${short(recorded)}, got ${short(actual)}`)
    return
  }
  a.tokens.forEach((token, index) => compareTokens(token, b.tokens[index]!, shown, state))
}

function compareTokens(recorded: Token, actual: Token, shown: string, state: Comparison): void {
  if (recorded.kind === 'time') compareTimes(Number(recorded.value), Number(actual.value), shown, state)
  else if (recorded.kind === 'date') compareTimes(secondsOf(recorded.value), secondsOf(actual.value), shown, state)
  else if (isNamed(recorded.kind)) {
    const problem = state.mapping.pair(recorded, actual)
    if (problem !== undefined) state.differences.push(`${shown}: ${problem}`)
  }
}

const secondsOf = (date: string): number => Math.floor(Date.parse(date.replace(/(?:\.\d+ [+-]\d{4})?$/, ' GMT')) / 1000)

function compareTimes(recorded: number, actual: number, shown: string, state: Comparison): void {
  if (recorded === actual) return
  if (recorded === 0 || state.timeline.differs(recorded, actual))
    state.differences.push(`${shown}: expected the moment ${recorded}, got ${actual}`)
}

function compareValues(recorded: unknown, actual: unknown, place: Place, state: Comparison): void {
  const how = leniencyOf(state.path, place.at)
  if (typeof recorded !== typeof actual || (recorded === null) !== (actual === null))
    differ(recorded, actual, place, state)
  else if (how === 'host') return
  else if (Array.isArray(recorded) && Array.isArray(actual)) compareLists(recorded, actual, place, state)
  else if (isObject(recorded) && isObject(actual)) compareObjects(recorded, actual, place, state)
  else if (how !== undefined) compareLeniently(how, recorded, actual, place, state)
  else if (typeof recorded === 'string') compareText(recorded, actual as string, place.shown, state)
  else if (recorded !== actual) differ(recorded, actual, place, state)
}

function differ(recorded: unknown, actual: unknown, {shown}: Place, state: Comparison): void {
  state.differences.push(`${shown}: expected ${short(recorded)}, got ${short(actual)}`)
}

const asSet = (text: string): string =>
  text
    .split(/[,;\s]+/)
    .sort()
    .join(',')

const numeric = (value: unknown): number | undefined =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+(?:\.\d+)?(?:e-?\d+)?$/.test(value))
    ? Number(value)
    : undefined

/** Guests that do not run use nothing: their figures are all zero and no matter of load. */
const isStill = ({status}: Entry): boolean => status === 'stopped'

function compareLeniently(
  how: Exclude<How, 'host'>,
  recorded: unknown,
  actual: unknown,
  place: Place,
  state: Comparison,
): void {
  if (how === 'set') {
    compareText(asSet(String(recorded)), asSet(String(actual)), place.shown, state)
    return
  }
  const [a, b] = [numeric(recorded), numeric(actual)]
  if (a === undefined || b === undefined) {
    if (recorded !== actual) differ(recorded, actual, place, state)
  } else if (how === 'time') compareTimes(a, b, place.shown, state)
  else if (how === 'uptime') compareSpans(a, b, place, state)
  else if (how === 'upid') comparePartsOfUpid(a, b, place, state)
  else if (how === 'written') {
    if (place.entry.vmid === undefined) compareTimes(a, b, place.shown, state)
    else if (!state.timeline.isPast(b)) differ(recorded, actual, place, state)
  } else if (how === 'packed') {
    if (place.entry.content === 'backup' ? b <= 0 : a !== b) differ(recorded, actual, place, state)
  } else if (how === 'pid')
    compareTokens({kind: 'pid', value: String(a)}, {kind: 'pid', value: String(b)}, place.shown, state)
  else if (b < 0 || (isStill(place.entry) && a !== b)) differ(recorded, actual, place, state)
}

/** A number that an UPID holds in hexadecimal has to be the one in its own. */
function comparePartsOfUpid(recorded: number, actual: number, place: Place, state: Comparison): void {
  const part = String(place.entry.upid)
    .split(':')
    .findIndex((hex) => parseInt(hex, 16) === recorded)
  if (parseInt(String(place.other.upid).split(':')[part] ?? '', 16) !== actual) differ(recorded, actual, place, state)
}

/** Nodes run since they were started, which no recording tells; guests since a moment of it. */
function compareSpans(recorded: number, actual: number, place: Place, state: Comparison): void {
  const isNode = place.entry.type === 'node'
  if (
    actual < 0 ||
    (!isNode && (isStill(place.entry) ? recorded !== actual : !state.timeline.isSameSpan(recorded, actual)))
  )
    differ(recorded, actual, place, state)
}

function compareObjects(told: Entry, actual: Entry, place: Place, state: Comparison): void {
  const recorded =
    told.vmid !== undefined && state.moments ? likeliest(told, actual, place, state) : ended(told, actual, state)
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(actual)])) {
    const inside = {shown: `${place.shown}.${key}`, at: `${place.at}.${key}`, entry: recorded, other: actual}
    if (recorded[key] === undefined && leniencyOf(state.path, inside.at) === 'chance') continue
    if (recorded[key] === undefined || actual[key] === undefined) differ(recorded[key], actual[key], inside, state)
    else compareValues(recorded[key], actual[key], inside, state)
  }
}

/** A task may have ended sooner than when it was recorded, with the result that it had then. */
function ended(task: Entry, actual: Entry, {ends}: Comparison): Entry {
  if (task.upid === undefined || task.status !== 'running' || actual.status !== 'stopped') return task
  return {...task, status: 'stopped', exitstatus: ends.get(String(task.upid)) ?? actual.exitstatus}
}

/** The moment of a guest that an answer comes nearest to; the recorded one where others are no nearer. */
function likeliest(told: Entry, actual: Entry, place: Place, state: Comparison): Entry {
  const {moments, ...rest} = state
  const ranked = [told, ...moments!(told)].map((entry) => ({entry, count: tryPair(entry, actual, place, rest).count}))
  return ranked.reduce((best, one) => (one.count < best.count ? one : best)).entry
}

function compareLists(recorded: unknown[], actual: unknown[], place: Place, state: Comparison): void {
  const pairs = isOrdered(state.path, place.at) ? inOrder(recorded, actual) : bestPairs(recorded, actual, place, state)
  for (const {item, other, index} of pairs) {
    const shown = `${place.shown}[${index}]`
    if (item === undefined) state.differences.push(`${place.shown}: expected no entry ${short(other)}`)
    else if (other === undefined) state.differences.push(`${place.shown}: expected the entry ${short(item)}`)
    else compareValues(item, other, {...place, shown}, state)
  }
}

interface Pair {
  /** The recorded entry; undefined where none was expected. */
  item?: unknown
  /** The entry that came; undefined where it is missing. */
  other?: unknown
  index: number
}

const inOrder = (recorded: unknown[], actual: unknown[]): Pair[] =>
  Array.from({length: Math.max(recorded.length, actual.length)}, (_, index) => ({
    item: recorded[index],
    other: actual[index],
    index,
  }))

/** What differs between two entries, were they a pair. */
function tryPair(item: unknown, other: unknown, place: Place, state: Comparison): {trial: Mapping; count: number} {
  const trial = new Mapping(state.mapping)
  const differences: string[] = []
  compareValues(item, other, place, {...state, mapping: trial, differences})
  return {trial, count: differences.length}
}

/** Keys that tell an entry from others; entries that share their values are the same thing. */
const names =
  /^(?:id|.*id|name|iface|storage|key|n|subdir|cidr|path|realm|group|user|node|type|zone|vnet|rule|macro|field|time|pos)$/

const likeness = (item: unknown, other: unknown): number =>
  isObject(item) && isObject(other)
    ? Object.keys(item).filter((key) => names.test(key) && item[key] === other[key]).length
    : 0

/**
 * Pairs the entries of two lists in any order: first those that are equal without new made-up values, then those equal with some,
 * then the likeliest of those that differ.
 */
function bestPairs(recorded: unknown[], actual: unknown[], place: Place, state: Comparison): Pair[] {
  const [wanted, left] = [new Set(recorded.keys()), new Set(actual.keys())]
  const pairs: Pair[] = []
  const choose = (index: number, candidate: number): void => {
    pairs.push({item: recorded[index], other: actual[candidate], index})
    wanted.delete(index)
    left.delete(candidate)
  }
  for (const mayBeNew of [false, true]) {
    for (const index of wanted) {
      for (const candidate of left) {
        const {trial, count} = tryPair(recorded[index], actual[candidate], place, state)
        if (count > 0 || (!mayBeNew && trial.size > 0)) continue
        state.mapping.keep(trial)
        choose(index, candidate)
        break
      }
    }
  }
  const ranked = [...wanted].flatMap((index) =>
    [...left].map((candidate) => ({
      index,
      candidate,
      like: likeness(recorded[index], actual[candidate]),
      count: tryPair(recorded[index], actual[candidate], place, state).count,
    })),
  )
  ranked.sort((a, b) => b.like - a.like || a.count - b.count)
  for (const {index, candidate} of ranked) if (wanted.has(index) && left.has(candidate)) choose(index, candidate)
  for (const index of wanted) pairs.push({item: recorded[index], index})
  for (const candidate of left) pairs.push({other: actual[candidate], index: candidate})
  return pairs
}
