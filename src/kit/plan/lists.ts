import {canonicalJson} from '../state/index.js'
import {sameDeep} from '../values/index.js'
import {own, type Config, type Value} from '../resources/index.js'
import type {PartCalls} from '../resources/kinds/travels.js'
import type {Refusal, Request} from './model.js'
import {nextOfSection, requestOf, type Section} from './section.js'
import {callOf, type Given} from './subject.js'

/** A list of rows whose order counts, and which have no name but their place. */
export interface List {
  readonly calls: PartCalls
  readonly given: Given
  readonly was: readonly Config[]
  readonly want: readonly Config[]
  /** Whether a value of a key says anything: it is not what is so without it. */
  readonly meaning: (key: string, value: Value) => boolean
  /** One row, by its place. */
  readonly section: (row: {was: Config | undefined; want: Config; at: number | undefined}) => Section
}

/** A request for a list, with its rows afterwards. */
export interface ListChange {
  readonly request: Request
  readonly after: Config[]
  readonly isGuarded: boolean
}

/** The key of a row that switches it on; a row that is off does nothing. */
const onOff = 'enable'

/**
 * The next request for a list. Rows are told by what they say: one that is new is made where all are made, at the top, without effect; then it is moved to its
 * place, and then it is switched on. What is not wanted goes last. So at no time is there a row in effect out of its place.
 */
export function nextOfList(list: List): ListChange | {refused: Refusal} | undefined {
  const {was, want} = list
  const {partners, same} = pairsOf(list)
  const move = nextMove(list, partners)
  if (move) return moved(list, ...move)
  for (const [index, row] of want.entries()) {
    const at = partners[index]
    if (at === undefined || same.has(index)) continue
    const step = nextOfSection(list.section({was: was[at], want: row, at}))
    if (!step) continue
    if ('refused' in step) return step
    return {request: step.request, after: was.with(at, step.after), isGuarded: step.digest}
  }
  const missing = partners.lastIndexOf(undefined)
  if (missing >= 0) return made(list, missing)
  const idle = was.findLastIndex((_row, at) => !partners.includes(at))
  return idle < 0 ? undefined : removed(list, idle)
}

interface Pairs {
  /** Of each row that is wanted, the place of the one that is to be it; undefined: none is. No row is for two. */
  readonly partners: readonly (number | undefined)[]
  /** Rows that are as they are wanted. */
  readonly same: ReadonlySet<number>
}

/** Lists are long, so each row is looked at once: by what it says. */
function pairsOf({was, want, meaning}: List): Pairs {
  const places = new Map<string, number[]>()
  const texts = new Map<string, boolean>()
  const textOf = (row: Config): string =>
    canonicalJson(Object.fromEntries(Object.entries(row).filter(([key, value]) => means(key, value))))
  const means = (key: string, value: Value): boolean => {
    const text = `${key}=${canonicalJson(value)}`
    const known = texts.get(text) ?? meaning(key, value)
    texts.set(text, known)
    return known
  }
  for (const [at, row] of was.entries()) {
    const text = textOf(row)
    places.set(text, [...(places.get(text) ?? []), at])
  }
  const found = (row: Config): number | undefined => places.get(textOf(row))?.shift()
  const partners = want.map(found)
  const same = new Set([...partners.keys()].filter((index) => partners[index] !== undefined))
  // What was made and waits for its place.
  for (const [index, row] of want.entries()) partners[index] ??= found({...row, [onOff]: 0})
  changeInPlace(was, want, partners)
  return {partners, same}
}

/** A row that is like one that nobody wants, between the same neighbours, is that one changed: what is in effect is not moved to become another. */
function changeInPlace(was: readonly Config[], want: readonly Config[], partners: (number | undefined)[]): void {
  const taken = new Set(partners)
  const free = [...was.keys()].filter((at) => !taken.has(at))
  if (free.length === 0) return
  const after: number[] = []
  for (let index = want.length - 1, next = Infinity; index >= 0; index--) {
    after[index] = next
    next = partners[index] ?? next
  }
  let before = -1
  for (const [index, row] of want.entries()) {
    partners[index] ??= free.find((at) => before < at && at < after[index]! && isAlike(row, was[at]!))
    before = partners[index] ?? before
  }
}

/** Whether a row is another one with little changed: more than half of what it says is the same. */
function isAlike(row: Config, is: Config): boolean {
  const keys = [...new Set([...Object.keys(row), ...Object.keys(is)])]
  return keys.filter((key) => sameDeep(own(row, key), own(is, key))).length * 2 > keys.length
}

/**
 * From where to before which place a row has to go, as `moveto` has it; undefined: all are in order. Of the rows that are in effect as many as can be stay where they are; one that has
 * none yet stays where it fits among these.
 */
function nextMove({was}: List, partners: readonly (number | undefined)[]): [from: number, before: number] | undefined {
  const there = partners.filter((at): at is number => at !== undefined)
  const isOn = (at: number) => was[at]![onOff] !== 0
  const staying = new Set(longestRun(there.filter(isOn)))
  for (const [index, at] of there.entries()) {
    if (isOn(at)) continue
    const before = there.slice(0, index).findLast((other) => staying.has(other)) ?? -1
    const after = there.slice(index + 1).find((other) => staying.has(other)) ?? Infinity
    if (before < at && at < after) staying.add(at)
  }
  const index = there.findIndex((at) => !staying.has(at))
  if (index < 0) return undefined
  return [there[index]!, index === 0 ? 0 : there[index - 1]! + 1]
}

/** The longest of the increasing sequences in a list of numbers, none of them twice. */
function longestRun(numbers: readonly number[]): number[] {
  /** Of the sequences of each length the one with the smallest end, linked backwards. */
  const ends: Link[] = []
  for (const number of numbers) {
    const at = ends.findLastIndex((end) => end.number < number) + 1
    const before = ends[at - 1]
    ends[at] = {number, ...(before && {before})}
  }
  const run: number[] = []
  for (let link = ends.at(-1); link; link = link.before) run.push(link.number)
  return run
}

interface Link {
  readonly number: number
  readonly before?: Link
}

const guarded = ({calls}: List, by: 'update' | 'remove'): boolean => calls.digest?.includes(by) ?? false

function at({calls, given}: List, place: number): Given {
  return (name) => (name === calls.idParameter ? place : given(name))
}

/** PVE takes no other change along with a move (pve-firewall, PVE/API2/Firewall/Rules.pm). */
function moved(list: List, from: number, before: number): ListChange {
  const row = list.was[from]!
  const others = list.was.toSpliced(from, 1)
  const after = others.toSpliced(before > from ? before - 1 : before, 0, row)
  const request = requestOf(callOf(list.calls.update!, at(list, from)), {moveto: before})
  return {request, after: [...after], isGuarded: guarded(list, 'update')}
}

/** One that is to be the first needs no other place. */
function made(list: List, index: number): ListChange | {refused: Refusal} | undefined {
  const row = list.want[index]!
  const isFirst = index === 0
  const fresh: Config = isFirst ? row : {...row, [onOff]: 0}
  const step = nextOfSection(list.section({was: undefined, want: fresh, at: undefined}))
  if (!step || 'refused' in step) return step
  return {request: step.request, after: [step.after, ...list.was], isGuarded: false}
}

function removed(list: List, place: number): ListChange {
  return {
    request: requestOf(callOf(list.calls.remove!, at(list, place)), {}),
    after: list.was.toSpliced(place, 1),
    isGuarded: guarded(list, 'remove'),
  }
}
