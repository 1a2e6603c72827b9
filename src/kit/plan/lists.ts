import {sameDeep} from '../values/index.js'
import {own, type Config} from '../resources/index.js'
import type {PartCalls} from '../resources/kinds/travels.js'
import type {Refusal, Request} from './model.js'
import {isMet, nextOfSection, requestOf, type Section} from './section.js'
import {callOf, type Given} from './subject.js'

/** A list of rows whose order counts, and which have no name but their place. */
export interface List {
  readonly calls: PartCalls
  readonly given: Given
  readonly was: readonly Config[]
  readonly want: readonly Config[]
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
  const partners = partnersOf(list)
  const move = nextMove(partners)
  if (move) return moved(list, ...move)
  for (const [index, row] of want.entries()) {
    const at = partners[index]
    if (at === undefined) continue
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

/** Of each row that is wanted, the place of the one that is to be it; undefined: none is. No row is for two. */
function partnersOf({was, want, section}: List): (number | undefined)[] {
  const free = new Set(was.keys())
  const partners: (number | undefined)[] = want.map(() => undefined)
  const pair = (fits: (row: Config, is: Config, at: number) => boolean): void => {
    for (const [index, row] of want.entries()) {
      if (partners[index] !== undefined) continue
      const found = [...free].find((at) => fits(row, was[at]!, at))
      if (found === undefined) continue
      partners[index] = found
      free.delete(found)
    }
  }
  pair((row, is) => sameDeep(row, is))
  const isSame = (row: Config, is: Config, at: number) => isMet(section({was: is, want: row, at}))
  pair(isSame)
  // What was made and waits for its place.
  pair((row, is, at) => isSame({...row, [onOff]: 0}, is, at))
  pair(isAlike)
  return partners
}

/** Whether a row is another one with little changed: more than half of what it says is the same. */
function isAlike(row: Config, is: Config): boolean {
  const keys = [...new Set([...Object.keys(row), ...Object.keys(is)])]
  return keys.filter((key) => sameDeep(own(row, key), own(is, key))).length * 2 > keys.length
}

/**
 * From where to before which place a row has to go, as `moveto` has it; undefined: all are in order. Of the rows that are wanted, as many as can stay.
 */
function nextMove(partners: readonly (number | undefined)[]): [from: number, before: number] | undefined {
  const there = partners.filter((at): at is number => at !== undefined)
  const staying = new Set(longestRun(there))
  const index = there.findIndex((at) => !staying.has(at))
  if (index < 0) return undefined
  return [there[index]!, index === 0 ? 0 : there[index - 1]! + 1]
}

/** The longest of the increasing sequences in a list. */
function longestRun(numbers: readonly number[]): number[] {
  const best: {run: number[]}[] = []
  for (const number of numbers) {
    const before = best.filter(({run}) => run.at(-1)! < number)
    const longest = before.reduce<number[]>((a, {run}) => (run.length > a.length ? run : a), [])
    best.push({run: [...longest, number]})
  }
  return best.reduce<number[]>((a, {run}) => (run.length > a.length ? run : a), [])
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
