import {equalValues, formatField, parseField} from '../resources/index.js'
import type {ObjectRef, Value} from '../resources/index.js'
import {canonicalJson} from '../state/index.js'
import type {OpenItem, Pair} from '../workspace/index.js'
import {digestOf, fieldsOf, getField} from './fields.js'
import type {Document} from './fields.js'
import {equalDocuments, present} from './documents.js'

/** How many offers a pair remembers. */
const mostSeen = 6
/** What is printed as a time has four digits for its year. */
const lastTime = Date.parse('9999-12-31T23:59:59.999Z')

/** Equality of values of which null is the absent one. */
export function same(a: Value | null | undefined, b: Value | null | undefined): boolean {
  return equalValues(a ?? undefined, b ?? undefined)
}

/** Milliseconds of a pair's time; those without one rank last. */
export function timeOf({at}: Pair): number {
  return at === undefined ? -Infinity : Date.parse(at)
}

/** Whether people decided, and no sync inferred. */
export function isPeoples({how}: Pair): boolean {
  return how === 'accept' || how === 'reject'
}

/** In the order in which they count: what people decided and no other pair knew of, then the newest. */
export function ranked<P extends Pair>(pairs: readonly P[]): P[] {
  const knownUpTo = (pair: P) =>
    Math.max(...pairs.map((other) => (other === pair || other.over === undefined ? -Infinity : Date.parse(other.over))))
  const first = new Map(pairs.map((pair) => [pair, isPeoples(pair) && knownUpTo(pair) < timeOf(pair)]))
  return pairs.toSorted(
    (a, b) =>
      Number(first.get(b)) - Number(first.get(a)) ||
      (timeOf(a) === timeOf(b) ? 0 : timeOf(b) - timeOf(a)) ||
      compareTexts(canonicalJson(withoutBy(b)), canonicalJson(withoutBy(a))),
  )
}

/** Who made the offer says nothing about what was agreed. */
function withoutBy({by: _by, changed: _changed, ...pair}: Pair): Omit<Pair, 'by' | 'changed'> {
  return pair
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Who made the last of these offers, where one of the pairs tells. */
export function byOf(pairs: readonly Pair[], seen: Pair['seen']): Pick<Pair, 'by' | 'changed'> {
  const isAboutIt = (pair: Pair) => pair.by !== undefined && pair.seen.length > 0 && same(pair.seen.at(-1), seen.at(-1))
  const {by, changed} = seen.length > 0 ? (pairs.find(isAboutIt) ?? {}) : {}
  return {...(by !== undefined && {by}), ...(changed !== undefined && {changed})}
}

/** The time of a pair that is written now: later than any that the object has, whatever the clocks of other machines said. */
export function stampOf(pairs: readonly Pair[], now: number): string {
  const newest = Math.max(-Infinity, ...pairs.map(timeOf))
  return new Date(Math.min(lastTime, Math.max(now, newest + 1))).toISOString()
}

/** The newest time among pairs, and among those that they knew of; undefined where none has one. */
export function newestOf(pairs: readonly Pair[]): string | undefined {
  const known = pairs.flatMap(({over}) => (over === undefined ? [] : [Date.parse(over)]))
  const newest = Math.max(-Infinity, ...pairs.map(timeOf), ...known)
  return newest === -Infinity ? undefined : new Date(newest).toISOString()
}

/** The offers that pairs remember, and some more; the newest last. */
export function seenBy(pairs: readonly Pair[], offers: readonly (Value | null)[] = []): (Value | null)[] {
  // Those of the pair that counts most are the last to be forgotten.
  const seen = [...pairs.toReversed().flatMap((pair) => pair.seen), ...offers]
  return seen.filter((value, i) => !seen.slice(i + 1).some((later) => same(value, later))).slice(-mostSeen)
}

/** Whether the first field is a part of the second, a key. */
export function isPartOf(name: string, key: string): boolean {
  return key !== '' && name !== key && (name.startsWith(`${key}.`) || name.startsWith(`${key}[`))
}

/** What a pair tells of the offer, as an item tells it. */
export function signatureOf({by, changed}: Pick<Pair, 'by' | 'changed'>): Pick<OpenItem, 'by' | 'at'> {
  return {...(by !== undefined && {by}), ...(changed !== undefined && {at: changed})}
}

/** What people decide about one object. */
export interface Ruling {
  verdict: 'accept' | 'reject'
  /** The items that are decided now. */
  items: readonly OpenItem[]
  /** The others of the object. What they stand on may be HEAD's document as it was, so that it is noted before that changes. */
  left?: readonly OpenItem[]
  /** The object's pairs. */
  pairs: readonly Pair[]
  /** S: what the cluster has, by fields; absent when the object is gone. */
  before: Document | undefined
  /** H, before the decision. */
  head: Document | undefined
  /** Milliseconds since the epoch. */
  now: number
}

/** The object's pairs after a decision: where HEAD says what it says then, the snapshot was agreed. */
export function rulePairs(ruling: Ruling): Pair[] {
  const {verdict, items, before, head} = ruling
  const at = stampOf(ruling.pairs, ruling.now)
  let left = [...ruling.pairs, ...(verdict === 'accept' ? pairsOfItems(ruling, at) : [])]
  const rule = (ref: ObjectRef, name?: string) => {
    const field = name === undefined ? undefined : parseField(name)
    const sideOf = (document: Document | undefined) =>
      field ? (getField(document, field) ?? null) : document ? digestOf(document) : null
    const base = sideOf(before)
    const isGone = name === undefined && base === null && verdict === 'accept'
    // What was rejected was offered, be it as a part of another guest.
    const isPartOffered = name !== undefined && verdict === 'reject'
    const own = left.filter((pair) => pair.field === name)
    const seen = seenBy(own, isGone ? [present] : isPartOffered ? [base] : [])
    const pair: Pair = {
      ref,
      head: verdict === 'accept' ? base : sideOf(head),
      base,
      seen,
      how: verdict,
      at,
      ...byOf(own, seen),
    }
    if (name !== undefined) pair.field = name
    const goes = (other: Pair) => other.field === name || isPartOf(other.field ?? '', name ?? '')
    const over = newestOf(left.filter((other) => goes(other) || isPartOf(name ?? '', other.field ?? '')))
    if (over !== undefined) pair.over = over
    left = [...left.filter((other) => !goes(other)), pair]
  }
  for (const {ref, field} of items) {
    const isReplaced = field === undefined && head !== undefined && before !== undefined
    // An object that was accepted has its fields accepted with it; one that was replaced shares none with the one before.
    const known = newestOf(left)
    if (field === undefined && (verdict === 'accept' || isReplaced))
      left = left.filter((pair) => pair.field === undefined)
    rule(ref, field)
    const decided = left.at(-1)!
    if (field === undefined && known !== undefined) decided.over = known
    // Each value that was kept against the other guest is a decision of its own.
    if (isReplaced && verdict === 'reject')
      for (const differing of fieldsOf([before, head]))
        if (!same(getField(before, differing), getField(head, differing))) rule(ref, formatField(differing))
  }
  return left
}

/** Pairs for the open fields that have none of their own. */
function pairsOfItems({left = [], pairs, head}: Ruling, at: string): Pair[] {
  return left.flatMap(({ref, field: name, base, offer}) => {
    const field = name === undefined ? undefined : parseField(name)
    const is = field && (getField(head, field) ?? null)
    if (!field || pairs.some((pair) => pair.field === name && same(pair.head, is))) return []
    const open: Pair = {ref, field: name!, head: is!, base: base ?? null, seen: [offer], how: 'open'}
    return [base === undefined ? {...open, how: 'unknown', at} : open]
  })
}

/** How long a pair stays that says no more than manifest and state do. */
const daysKept = 90
/** Fewer are not worth a change of so many lines. */
const fewestSwept = 100

/**
 * The pairs without those that are needed no more: HEAD, snapshot and base have been the same for 90 days. They go in sweeps, as a file
 * from which a line goes now and then grows the repository more than one that stays.
 * @param isSettled whether HEAD, snapshot and base are the same for a pair
 * @param stoodThen lines that stood in the file 90 days ago, of pairs that have no time; asked for only when a sweep may come
 */
export async function sweepPairs(
  pairs: readonly Pair[],
  now: number,
  isSettled: (pair: Pair) => boolean,
  stoodThen: () => Promise<ReadonlySet<Pair>>,
  fewest = fewestSwept,
): Promise<Pair[]> {
  const settled = pairs.filter(isSettled)
  if (settled.length < fewest) return [...pairs]
  const isOld = ({at}: Pair) => at !== undefined && now - Date.parse(at) > daysKept * 86_400_000
  const timeless = settled.some(({at}) => at === undefined) ? await stoodThen() : new Set<Pair>()
  const going = new Set(settled.filter((pair) => isOld(pair) || timeless.has(pair)))
  return going.size < fewest ? [...pairs] : pairs.filter((pair) => !going.has(pair))
}

/** Whether a pair says no more than that snapshot, HEAD and base are the same. */
export function isSettled(pair: Pair, before: Document | undefined, head: Document | undefined): boolean {
  if (pair.how === 'unknown') return false
  if (pair.field === undefined) {
    if (!before || !head) return before === head && pair.base === null
    return pair.base !== null && pair.head !== null && equalDocuments(before, head)
  }
  const field = parseField(pair.field)
  if (!field || !before || !head) return false
  return [getField(before, field), getField(head, field)].every((side) => same(side, pair.base))
}
