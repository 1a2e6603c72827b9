import type {ItemState} from '../runs/caller.js'
import type {Color, Painter} from './color.js'
import {cutTo, displayWidth, padTo} from './width.js'

/** How a state is told: with which sign and colour in a list that moves, and with which word in a line. */
const told: Readonly<Record<ItemState, {sign: string; plain: string; color?: Color; word: string}>> = {
  waiting: {sign: '·', plain: '.', color: 'dim', word: 'waiting'},
  working: {sign: '▸', plain: '>', word: 'at work'},
  done: {sign: '✔', plain: '+', color: 'green', word: 'done'},
  failed: {sign: '✖', plain: 'x', color: 'red', word: 'failed'},
  unknown: {sign: '?', plain: '?', color: 'red', word: 'unknown'},
  skipped: {sign: '↓', plain: '-', color: 'yellow', word: 'skipped'},
}

/** Of so many all are shown; of more those at work, and what went wrong last. */
const few = 10
/** Lines of each of these at most: a terminal has 24. */
const mostShown = {working: 9, undone: 3}
/** Columns of a name. */
const widestName = 40

/** Milliseconds between two lines about the same object, where each line stays. */
export const linePause = 5000

interface Item {
  state: ItemState
  text: string
}

/** Several objects that are worked on beside each other, as they are shown while that lasts. */
export class Items {
  private readonly items = new Map<string, Item>()

  /** @param isUnicode whether the terminal shows more than ASCII */
  constructor(
    private readonly paint: Painter,
    private readonly isUnicode: boolean,
  ) {}

  tell(name: string, state: ItemState, text = ''): void {
    // What changes last is the last one.
    if (this.items.get(name)?.state !== state && this.items.size > few) this.items.delete(name)
    this.items.set(name, {state, text})
  }

  /** Some lines, the first of which counts all; none where there is nothing to show. */
  lines(): string[] {
    const all = [...this.items]
    if (all.length === 0) return []
    const shown = all.length <= few ? all : this.pick(all)
    const width = Math.min(widestName, Math.max(...shown.map(([name]) => displayWidth(name)), 0))
    return [this.counts(), ...shown.map(([name, item]) => this.line(padTo(cutTo(name, width), width), item))]
  }

  private pick(all: [string, Item][]): [string, Item][] {
    const undone = all.filter(([, {state}]) => state === 'failed' || state === 'unknown')
    const working = all.filter(([, {state}]) => state === 'working')
    return [...undone.slice(-mostShown.undone), ...working.slice(0, mostShown.working)]
  }

  private line(name: string, {state, text}: Item): string {
    const {sign, plain, color} = told[state]
    const line = `${this.isUnicode ? sign : plain} ${name}${text === '' ? '' : `  ${text}`}`.trimEnd()
    return color === undefined ? line : this.paint(color, line)
  }

  /** `12 of 50 done, 1 failed, 4 at work, 33 waiting` */
  private counts(): string {
    const count = (state: ItemState) => [...this.items.values()].filter((item) => item.state === state).length
    const others = (['failed', 'unknown', 'skipped', 'working', 'waiting'] as const).flatMap((state) =>
      count(state) > 0 ? [`${count(state)} ${told[state].word}`] : [],
    )
    return [`${count('done')} of ${this.items.size} done`, ...others].join(', ')
  }
}

/**
 * The same where each line stays: one as an object begins, one as it ends, and of what takes long one every few seconds.
 * @param now milliseconds
 */
export class ItemLines {
  private readonly last = new Map<string, number>()

  constructor(private readonly now: () => number) {}

  /** Whether this is to be told. */
  isTold(name: string, state: ItemState): boolean {
    if (state === 'waiting') return false
    const before = this.last.get(name)
    if (state === 'working' && before !== undefined && this.now() - before < linePause) return false
    this.last.set(name, this.now())
    return true
  }
}

/** A line of these. */
export function itemLine(name: string, state: ItemState, text = ''): string {
  const words = state === 'working' ? text : [told[state].word, text].filter((word) => word !== '').join(': ')
  return `${name}: ${words || 'begun'}`
}
