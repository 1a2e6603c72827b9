import {displayWidth} from 'pmpc/kit/cli'
import {isMap, stepsBetween, type Value} from 'pmpc/kit/resources'
import {isMarker, MASK} from 'pmpc/kit/secrets'
import {formatValue, isLines, lineOf} from 'pmpc/kit/state'
import {visible} from 'pmpc/kit/text'

/** What differs between two values: on one line, or line by line. */
export type Difference = {inline: string} | {lines: Line[]}

/** A line that came, went, stayed or moved; `@`: lines that are the same are left out here. */
export interface Line {
  sign: '+' | '-' | '~' | ' ' | '@'
  text: string
}

/** Columns that a difference on one line takes at most. */
const widest = 72

/** Lines that are the same, shown around each that is not. */
const around = 3

/** All that differs between two values, nothing of it cut; null: there is none. */
export function differenceOf(from: Value | null, to: Value | null): Difference {
  if ([from, to].every((value) => value === MASK || isMarker(value))) return {inline: 'changed'}
  if (isLines(from) || isLines(to)) return {lines: rows(from, to)}
  if (isText(from) || isText(to)) return {lines: unified(textLines(from), textLines(to))}
  const [was, is] = [from, to].map((value) => (value === null ? undefined : oneLine(value)))
  const inline = [was, is].filter((text) => text !== undefined).join(' → ')
  if (displayWidth(inline) <= widest) return {inline}
  return {lines: unified(parts(from), parts(to))}
}

/** A value on one line: of a property string `virtio=BC:24:11:00:00:01,bridge=vmbr0`. */
export function oneLine(value: Value): string {
  const isFlat = isMap(value) && Object.values(value).every((inner) => typeof inner !== 'object')
  if (!isFlat || Object.keys(value).length === 0) return formatValue(value)
  return Object.entries(value)
    .map(([key, inner]) => `${visible(key)}=${formatValue(inner)}`)
    .join(',')
}

function isText(value: Value | null): value is string {
  return typeof value === 'string' && value.trimEnd().includes('\n')
}

function textLines(value: Value | null): string[] {
  if (value === null) return []
  return typeof value === 'string' ? value.trimEnd().split(/\r?\n/).map(visible) : [oneLine(value)]
}

/** What a long value is made of: elements of a list, sub-keys of a map, else itself. */
function parts(value: Value | null): string[] {
  if (value === null) return []
  if (Array.isArray(value)) return value.map((element) => visible(lineOf(element)))
  if (isMap(value)) return Object.entries(value).map(([key, inner]) => `${visible(key)}=${oneLine(inner)}`)
  return [oneLine(value)]
}

/** As `diff -u` has it, without its head. */
function unified(before: readonly string[], after: readonly string[]): Line[] {
  const lines = stepsBetween(before, after).map(({from, to}): Line => {
    if (from !== undefined && to !== undefined) return {sign: ' ', text: before[from]!}
    return from === undefined ? {sign: '+', text: after[to!]!} : {sign: '-', text: before[from]!}
  })
  const changed = lines.flatMap(({sign}, at) => (sign === ' ' ? [] : [at]))
  const isNear = (at: number) => changed.some((other) => Math.abs(other - at) <= around)
  const shown: Line[] = []
  let left = 0
  const leave = (): void => {
    if (left > 0) shown.push({sign: '@', text: left === 1 ? '1 line as before' : `${left} lines as before`})
    left = 0
  }
  for (const [at, line] of lines.entries()) {
    if (!isNear(at)) left++
    else {
      leave()
      shown.push(line)
    }
  }
  leave()
  return shown
}

/** Rows of an ordered list, with their places, counted from 0 as PVE does; what only moved is told so. */
function rows(from: Value | null, to: Value | null): Line[] {
  const [before, after] = [from, to].map((value) => (Array.isArray(value) ? value.map((row) => lineOf(row)) : []))
  const steps = stepsBetween(before!, after!).filter(({from: was, to: is}) => was === undefined || is === undefined)
  const went = steps.flatMap(({from: at}) => at ?? [])
  const moved = new Map<number, number>()
  for (const {to: at} of steps) {
    if (at === undefined) continue
    const source = went.find((each) => before![each] === after![at] && ![...moved.values()].includes(each))
    if (source !== undefined) moved.set(at, source)
  }
  const sources = new Set(moved.values())
  return steps.flatMap(({from: was, to: is}): Line[] => {
    if (was !== undefined) return sources.has(was) ? [] : [{sign: '-', text: `${was}: ${before![was]!}`}]
    const source = moved.get(is!)
    const text = after![is!]!
    return [
      source === undefined ? {sign: '+', text: `${is}: ${text}`} : {sign: '~', text: `${is}: ${text} (was ${source})`},
    ]
  })
}
