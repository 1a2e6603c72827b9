// What makes one list of another, element by element; of the text that they stand in, edit.ts knows.
import {equalValues, own} from '../resources/documents.js'
import {stepsBetween, type Step} from '../resources/sequence.js'
import {isPlainMap, type Plain} from './emit.js'

/** A change of a list at an index of what it was: an element goes, another takes its place, or one comes before it. */
export interface ElementChange {
  is: 'gone' | 'become' | 'come'
  at: number
  /** Of what is wanted. */
  to?: number
  /** Of what was: the one that goes and comes here. */
  moved?: number
}

/** In order. Where some go and some come at one place, each that comes takes the place of the one that it is most like. */
export function changesOf(held: Plain[], wanted: Plain[]): ElementChange[] {
  const [were, are] = [held.map(elementName), wanted.map(elementName)]
  const steps = stepsBetween(were, are)
  const moves = movesOf(steps, were, are)
  const moved = new Set(moves.values())
  const changes: ElementChange[] = []
  let run: {start: number; gone: number[]; come: number[]} = {start: 0, gone: [], come: []}
  const settle = () => {
    const [gone, come] = [run.gone.filter((at) => !moved.has(at)), run.come.filter((to) => !moves.has(to))]
    const places = new Map(
      likest(
        gone.map((at) => held[at]!),
        come.map((to) => wanted[to]!),
      ).map(([g, c]) => [come[c]!, gone[g]!]),
    )
    const taken = new Set(places.values())
    for (const at of run.gone) if (!taken.has(at)) changes.push({is: 'gone', at})
    let next = run.start
    for (const to of run.come) {
      const at = places.get(to)
      changes.push(at === undefined ? {is: 'come', at: next, to, moved: moves.get(to)} : {is: 'become', at, to})
      if (at !== undefined) next = at + 1
    }
  }
  for (const {from, to} of [...steps, {from: held.length, to: wanted.length}]) {
    if (from === undefined) run.come.push(to!)
    else if (to === undefined) run.gone.push(from)
    else {
      settle()
      run = {start: from + 1, gone: [], come: []}
    }
  }
  const isCome = ({is}: ElementChange) => (is === 'come' ? 0 : 1)
  return changes.sort((a, b) => a.at - b.at || isCome(a) - isCome(b))
}

/** Which of those that come went elsewhere: from the index of what is wanted to that of what was. */
function movesOf(steps: Step[], were: string[], are: string[]): Map<number, number> {
  const gone = steps.flatMap(({from, to}) => (to === undefined ? [from!] : []))
  const moves = new Map<number, number>()
  for (const {from, to} of steps) {
    if (from !== undefined) continue
    const at = gone.findIndex((one) => were[one] === are[to!])
    if (at >= 0) moves.set(to!, gone.splice(at, 1)[0]!)
  }
  return moves
}

/** More elements than this are paired in their order. */
const mostCompared = 200

/** Pairs what goes with what comes, both in their order, so that as much as possible is alike: as many pairs as there can be. */
function likest(gone: Plain[], come: Plain[]): [number, number][] {
  const [rows, columns] = [gone.length, come.length]
  const count = Math.min(rows, columns)
  if (rows === columns || rows > mostCompared || columns > mostCompared)
    return Array.from({length: count}, (_, at) => [at, at])
  const best = Array.from({length: rows + 1}, () => new Float64Array(columns + 1))
  const worth = (i: number, j: number) => best[i + 1]![j + 1]! + 1000 + alike(gone[i]!, come[j]!)
  for (let i = rows - 1; i >= 0; i--)
    for (let j = columns - 1; j >= 0; j--) best[i]![j] = Math.max(worth(i, j), best[i + 1]![j]!, best[i]![j + 1]!)
  const pairs: [number, number][] = []
  for (let [i, j] = [0, 0]; i < rows && j < columns;) {
    if (best[i]![j] === worth(i, j)) pairs.push([i++, j++])
    else if (best[i]![j] === best[i + 1]![j]) i++
    else j++
  }
  return pairs
}

/** How many members two elements share. */
function alike(a: Plain, b: Plain): number {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return 0
  return Object.entries(a).filter(([key, value]) => equalValues(value, own(b as {[key: string]: Plain}, key))).length
}

/** What two elements that are the same have in common, and no others. */
export function elementName(element: Plain): string {
  return typeof element === 'object' ? JSON.stringify(sorted(element)) : String(element)
}

function sorted(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isPlainMap(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key]!)]),
  )
}
