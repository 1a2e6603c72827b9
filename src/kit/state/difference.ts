import {stepsBetween} from '../resources/sequence.js'
import {isMap} from '../resources/documents.js'
import {isGuest} from '../resources/kinds/index.js'
import type {KindName, ValueMap} from '../resources/model.js'
import {isRows, rowOrder} from '../resources/rows.js'
import {isMarker} from '../secrets/index.js'
import {visible} from '../text/index.js'
import {formatValue} from './format.js'

/** Longest value that is shown to people in a list of changes; `--json` has all of it. */
const longest = 60
/** The same of a row, which has a line for itself, and says little in part. */
const longestRow = 110
/** Characters that both sides have in common, shown before and behind what differs. */
const context = 12
/** Lines of one change that are shown. */
const mostLines = 8

/** A value on one line, cut where it is long. For a value that stands beside another one: {@link differenceOf}. */
export function shortValue(value: unknown): string {
  return cut([...formatValue(value)])
}

/** Whether a value is shown whole wherever it is shown. */
export function isShort(value: unknown): boolean {
  return !isLines(value) && [...formatValue(value)].length <= longest
}

/** A value on one line, or that there is none. */
export function valueOrNone(value: unknown): string {
  if (isRows(value)) return cut([...value.map(rowText).join('; ')])
  return value === undefined || value === null ? '(none)' : shortValue(value)
}

/**
 * What differs between two values, for people, never cut to the same on both sides: `2048 → 4096` on a line, or where that is too long a line
 * each for what went and what came (`-lxc.idmap: u 0 100000 65536`; rows always: `-in ACCEPT dport=22`), or for a sub-key (`tag 42 → 43`). Undefined and null: there is none.
 * Of a secret that was withheld and is another one now, that it changed.
 */
export function differenceOf(before: unknown, after: unknown): string[] {
  if (isMarker(before) && isMarker(after)) return ['changed']
  const [was, is] = [partsOf(before), partsOf(after)]
  if ([before, after].some(isLines)) return marks(was ?? [], is ?? [], [before, after].some(isRows))
  const [left, right] = [before, after].map((value) => [...(isNone(value) ? '(none)' : formatValue(value))])
  if (left!.length <= longest && right!.length <= longest) return [`${left!.join('')} → ${right!.join('')}`]
  if (isNone(before) || isNone(after)) return [`${cut(left!)} → ${cut(right!)}`]
  if (isMap(before) && isMap(after)) return subkeys(before, after)
  if (was && is) return marks(was, is)
  const [short, shorter] = windows(left!, right!)
  return [`${short} → ${shorter}`]
}

/**
 * The same behind a field's name: in its line where it is one line, else below it.
 * @returns lines; those after the first are set in by two blanks
 */
export function differenceAt(name: string, before: unknown, after: unknown): string[] {
  return below(name, differenceOf(before, after))
}

/** Puts one line behind a heading, several below it, set in by two blanks. */
export function below(heading: string, lines: readonly string[]): string[] {
  return lines.length === 1 ? [`${heading} ${lines[0]}`] : [heading, ...lines.map((line) => `  ${line}`)]
}

/** What is said of values that are in use and are not the configured ones: a guest is restarted, all else is applied. */
const inUse = {
  guest: {is: 'runs', was: 'ran', until: 'until it is restarted', again: 'as configured again'},
  other: {is: 'in force', was: 'was', until: 'until it is applied', again: 'in force as configured'},
}

/**
 * What differs in a field of `running`, which holds only what differs from the configuration; null: the object runs, or is in force, without
 * that key.
 */
export function runningTexts(kind: KindName, before: unknown, after: unknown): string[] {
  const said = isGuest(kind) ? inUse.guest : inUse.other
  if (![before, after].every(isShort) && ![before, after].some(isNone))
    return [`${said.is} otherwise ${said.until}:`, ...differenceOf(before, after)]
  const words = (value: unknown): string => (value === null ? 'without it' : `with ${shortValue(value)}`)
  const was = before === undefined ? '' : ` (${said.was} ${words(before)})`
  return [after === undefined ? said.again + was : `${said.is} ${words(after)} ${said.until}${was}`]
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null
}

/** A list of lists, as the raw lines of a container are. */
function isLineList(value: unknown): value is unknown[][] {
  return Array.isArray(value) && value.some((element) => Array.isArray(element))
}

/** What a value is made of, each on one line; undefined: it is one whole. */
function partsOf(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.map((element) => visible(lineOf(element)))
  if (typeof value !== 'string' || !value.includes('\n')) return undefined
  return value.trimEnd().split(/\r?\n/).map(visible)
}

/** Whether each element of a list is told on a line of its own. */
export function isLines(value: unknown): value is unknown[] {
  return isLineList(value) || isRows(value)
}

/** An element of a list as it would stand in a configuration file: `lxc.idmap: u 0 100000 65536`; a row as {@link rowText} tells it. */
export function lineOf(element: unknown): string {
  if (isMap(element)) return rowText(element)
  if (!Array.isArray(element) || element.length !== 2) return formatValue(element)
  return `${String(element[0])}: ${String(element[1])}`
}

/** A row on one line: `in ACCEPT dport=22 comment="from outside"`. */
function rowText(row: ValueMap): string {
  const {keys, plain} = rowOrder(row)
  const text = (value: unknown) =>
    typeof value === 'string' ? (/^[^\s="]+$/.test(value) ? value : JSON.stringify(value)) : formatValue(value)
  const named = (key: string) => `${/^[\w.-]+$/.test(key) ? key : JSON.stringify(key)}=${text(row[key])}`
  return visible(keys.map((key, at) => (at < plain ? text(row[key]) : named(key))).join(' '))
}

function subkeys(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const told = names.filter((name) => formatValue(before[name]) !== formatValue(after[name]))
  return limited(told.flatMap((name) => differenceAt(visible(name), before[name], after[name])))
}

/** What went with `-`, what came with `+`, in their order. */
function marks(before: readonly string[], after: readonly string[], areRows = false): string[] {
  const lines: string[] = []
  const most = areRows ? longestRow : longest
  let [went, came]: [string[], string[]] = [[], []]
  const flush = () => {
    // What stands in another's place is shown where the two differ; of rows, right below it.
    const pairs = went.map((line, at) => windows([...line], [...(came[at] ?? '')], most))
    const gone = pairs.map(([was]) => `-${was}`)
    const there = came.map((line, at) => `+${pairs[at]?.[1] ?? cut([...line], most)}`)
    const all = [...gone, ...there]
    const inPairs = gone.flatMap((line, at) => [line, ...there.slice(at, at + 1)])
    lines.push(...(areRows ? [...inPairs, ...there.slice(gone.length)] : all))
    went = []
    came = []
  }
  for (const {from, to} of stepsBetween(before, after)) {
    if (from !== undefined && to !== undefined) flush()
    else if (from !== undefined) went.push(before[from]!)
    else came.push(after[to!]!)
  }
  flush()
  return lines.length > 0 ? limited(lines) : ['the order of lines']
}

function limited(lines: string[]): string[] {
  return lines.length <= mostLines + 1
    ? lines
    : [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} more lines`]
}

/** Two texts, each cut to what is around their difference where it is long. */
function windows(a: readonly string[], b: readonly string[], most = longest): [string, string] {
  if (a.length <= most && b.length <= most) return [a.join(''), b.join('')]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  return [windowOf(a, start, end), windowOf(b, start, end)]
}

/**
 * @param start how many characters at the beginning the other text has, too
 * @param same how many at the end
 */
function windowOf(text: readonly string[], start: number, same: number): string {
  const from = start - context <= 1 ? 0 : start - context
  const behind = same - context <= 1 ? 0 : same - context
  const inner = text.slice(from, text.length - behind)
  return `${from > 0 ? '…' : ''}${cut(inner)}${behind > 0 && inner.length <= longest ? '…' : ''}`
}

function cut(text: readonly string[], most = longest): string {
  return text.length <= most ? text.join('') : `${text.slice(0, most - 1).join('')}…`
}
