import {isMap} from '../resources/documents.js'
import {kindOf, shapeAt, type KindName} from '../resources/kinds/index.js'
import type {Snapshot} from '../resources/model.js'
import {compareNatural} from '../resources/order.js'
import {isRows} from '../resources/rows.js'
import {lineOf} from '../state/difference.js'
import {formatValue} from '../state/format.js'
import {visible} from '../text/index.js'
import {cellText} from './cells.js'
import type {Item} from './item.js'
import type {Paint} from './print.js'
import {firstLine, minuteOf} from './snapshots.js'

/** What people read of one object: what was observed, then its configuration, sub-keys below their key. */
export function describeText(item: Item, paint: Paint): string {
  const {kind, id, name, config, running, snapshots, extra, ...facts} = item
  const {idKey, guest} = kindOf(kind)
  delete facts[idKey]
  // That of a storage is in its configuration.
  if (config.type !== undefined) delete facts.type
  const units = new Map(kindOf(kind).columns.map(({field, unit}) => [field, unit]))
  const told = Object.entries(facts).map(([key, value]): Line => {
    const unit = units.get(`facts.${key}`)
    return [key, value === '' ? NONE : unit === undefined ? value : new Told(cellText(value, unit))]
  })
  const title = [`${kind}/${id}`, ...(name === undefined || name === id ? [] : [formatValue(name)])].join('  ')
  const sections = [
    `${paint('bold', title)}\n${lines(told)}`,
    section('Configuration', tree(config, {kind, path: []}), paint),
    section(
      guest ? 'Runs with other values' : 'In force until it is applied',
      tree(running ?? {}, {kind, path: []}),
      paint,
    ),
    snapshotSection(snapshots ?? [], paint),
    section('Keys that pmpc does not know', Object.entries(extra ?? {}), paint),
  ]
  return sections.filter(Boolean).join('\n')
}

/** A key with its value, which stands behind it; a line by itself where there is none. */
type Line = [key: string, value?: unknown]

/** What is told of a key that has no value, and of one without sub-keys. */
const NONE = '(none)'
/** Widest text of an entry that stands on one line, and of a set. */
const widest = 80

/** A line a snapshot, the oldest first: name, when it was taken, the one before, whether with its memory, and what people said of it. */
function snapshotSection(snapshots: readonly Snapshot[], paint: Paint): string {
  const told = snapshots.toSorted((a, b) => (a.snaptime ?? 0) - (b.snaptime ?? 0))
  return section(
    'Snapshots',
    told.map(({name, snaptime, parent, vmstate, description}): Line => {
      const when = snaptime === undefined ? '' : `${minuteOf(snaptime)} UTC`
      const words = [when, parent && `after ${visible(parent)}`, vmstate === 1 && 'with RAM', firstLine(description)]
      return [name, words.filter(Boolean).join('  ')]
    }),
    paint,
  )
}

/** Where a value stands, below the configuration. */
interface Place {
  kind: KindName
  path: readonly string[]
}

/** Keys sorted, each set in by as much as it is deep. */
function tree(map: Record<string, unknown>, {kind, path}: Place): Line[] {
  return Object.entries(map)
    .sort(([a], [b]) => compareNatural(a, b))
    .flatMap(([key, value]) => branch(key, value, {kind, path: [...path, key]}))
}

/** A map has its keys below it, a list of maps a line for each; all else stands behind its key. */
function branch(key: string, value: unknown, place: Place): Line[] {
  const indent = '  '.repeat(place.path.length - 1)
  const line = (told: unknown): Line[] => [[indent + key, told]]
  if (value === null) return line(NONE)
  if (isRows(value)) return [[indent + key], ...rowLines(value, place).map((text): Line => [`${indent}  ${text}`])]
  if (!isMap(value)) return line(value)
  if (Object.keys(value).length === 0) return line(place.path.length > 1 ? undefined : NONE)
  const entry = place.path.length > 1 ? entryText(value) : undefined
  return entry === undefined ? [[indent + key], ...tree(value, place)] : line(new Told(entry))
}

/** A text that is shown as it stands. */
class Told {
  constructor(readonly text: string) {}
}

/** What an entry of a map has, on one line: `cidr=192.0.2.1, comment=the way out`; undefined where that is none. */
function entryText(entry: Record<string, unknown>): string | undefined {
  const values = Object.entries(entry)
  if (values.some(([, value]) => typeof value === 'object')) return undefined
  const text = values.map(([key, value]) => `${visible(key)}=${formatValue(value)}`).join(', ')
  return text.length > widest ? undefined : text
}

/** A table: a line for the keys, and one for each map. */
function rowLines(rows: readonly Record<string, unknown>[], {kind, path}: Place): string[] {
  const shape = shapeAt(kind, path)
  const first = typeof shape === 'object' && 'rows' in shape ? (shape.first ?? []) : []
  const keys = [...new Set([...first, ...rows.flatMap(Object.keys).sort(compareNatural)])]
  const used = keys.filter((key) => rows.some((row) => row[key] !== undefined))
  const cells = [used.map(visible), ...rows.map((row) => used.map((key) => cellOf(row[key])))]
  const widths = used.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)))
  return cells.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  )
}

/** A text without the quotes that tell it from a number, as ports are texts; in quotes what could be mistaken for no cell, or for two. */
function cellOf(value: unknown): string {
  if (typeof value !== 'string') return formatValue(value)
  return visible(/^\S+(?: \S+)*$/.test(value) ? value : JSON.stringify(value))
}

function section(title: string, content: Line[], paint: Paint): string {
  return content.length === 0 ? '' : `${paint('bold', title)}\n${lines(content)}`
}

/** `  key   value`, aligned; the further lines of a text below its first. */
function lines(content: Line[]): string {
  const told = content.map(([key, ...value]): Line => [visible(key), ...value])
  const width = Math.max(0, ...told.filter(([, value]) => value !== undefined).map(([key]) => key.length))
  return told
    .map(([key, value]) =>
      `  ${key.padEnd(width)}  ${textOf(value).replaceAll('\n', `\n${' '.repeat(width + 4)}`)}`.replaceAll(
        /[^\S\n]+$/gm,
        '',
      ),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** Texts of several lines as they are; what prints them makes visible what could play tricks on a terminal. */
function textOf(value: unknown): string {
  if (value instanceof Told) return value.text
  if (Array.isArray(value) && value.some((element) => Array.isArray(element))) return value.map(lineOf).join('\n')
  if (Array.isArray(value)) return wrapped(formatValue(value))
  if (typeof value !== 'string' || !value.includes('\n')) return formatValue(value)
  return value.trimEnd().split(/\r?\n/).join('\n')
}

/** A set on lines of no more than 80 characters, where its elements are no longer. */
function wrapped(text: string): string {
  const [first = '', ...rest] = text.split(/(?<=,) /)
  const broken = [first]
  for (const word of rest) {
    const line = `${broken.at(-1)!} ${word}`
    if (line.length > widest) broken.push(word)
    else broken[broken.length - 1] = line
  }
  return broken.join('\n ')
}
