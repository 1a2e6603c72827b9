import {isMap} from '../resources/documents.js'
import type {Column, Kind} from '../resources/kinds/index.js'
import {formatValue} from '../state/format.js'
import {visibleLines} from '../text/index.js'
import {countOf, fieldGetter, type Item} from './item.js'

/** A column of `pmpc get`. */
export interface ItemColumn<T = Item> {
  header: string
  value(item: T): string
  /** What a spreadsheet reckons with, where that is another text. */
  bare?(item: T): string
  align?: 'left' | 'right'
  fixed?: boolean
  keep?: boolean
}

/**
 * Columns for some kinds: those that the rows of the kinds list, each once; the cluster and the kind first where there is more than one.
 * @param options.stale whether some of the objects are stale: then a column says why
 */
export function columnsFor(kinds: readonly Kind[], {wide = false, clusters = false, stale = false} = {}): ItemColumn[] {
  const listed = kinds.flatMap((kind) => kind.columns).filter((column) => wide || !column.wide)
  return [
    ...(clusters ? [{heading: 'CLUSTER', field: 'cluster'}] : []),
    ...(kinds.length > 1 ? [{heading: 'KIND', field: 'kind'}] : []),
    ...new Map(listed.map((column) => [column.field, column])).values(),
    ...(stale ? [{heading: 'STALE', field: 'stale'}] : []),
  ].map(columnOf)
}

function columnOf({heading, field, align, unit, beside}: Column): ItemColumn {
  const valueOf = fieldGetter(field)
  const besideOf = beside === undefined ? () => undefined : fieldGetter(beside)
  return {
    header: heading,
    value: (item) => cellText(valueOf(item), unit) + inBrackets(besideOf(item)),
    ...(unit === 'MiB' && {bare: (item: Item) => cellText(valueOf(item), undefined)}),
    // Of the kinds there are few, and the longest is short.
    ...((field === 'id' || field === 'kind') && {fixed: true}),
    ...((field === 'name' || field === 'facts.status') && {keep: true}),
    ...(align && {align}),
  }
}

function inBrackets(value: unknown): string {
  return value === undefined ? '' : ` (${cellText(value, undefined)})`
}

/** Bytes are told in GiB, MiB too where that is exact, sets with commas; of maps in a list or a map how many there are; all else as it is. */
export function cellText(value: unknown, unit: Column['unit']): string {
  if (value === undefined || typeof value === 'string') return value ?? ''
  if (unit === 'bytes' && typeof value === 'number') return `${Math.round((value / 2 ** 30) * 10) / 10} GiB`
  if (unit === 'MiB' && typeof value === 'number') {
    const tenths = (value / 1024) * 10
    return tenths >= 10 && Number.isInteger(tenths) ? `${tenths / 10} GiB` : `${value} MiB`
  }
  if (Array.isArray(value) || isMap(value)) return collectionText(value)
  return typeof value === 'number' ? String(value) : formatValue(value)
}

function collectionText(value: unknown[] | Record<string, unknown>): string {
  const count = countOf(value)
  if (count !== undefined) return String(count)
  if (Array.isArray(value)) return value.map(String).join(',')
  return Object.entries(value)
    .map(([key, each]) => `${key}=${String(each)}`)
    .join(',')
}

/**
 * Rows as RFC 4180 has them, with a heading; lines end in CR LF. It is for spreadsheets: what these would run as a formula begins with an
 * apostrophe, and what cannot be seen is escaped. `-o json` tells all values as they are.
 */
export function csv<T = Item>(items: readonly T[], columns: readonly ItemColumn<T>[]): string {
  const lines = [
    columns.map(({header}) => header),
    ...items.map((item) => columns.map(({value, bare = value}) => bare(item))),
  ]
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')
}

function csvCell(text: string): string {
  const isFormula = /^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text))
  const safe = `${isFormula ? "'" : ''}${visibleLines(text)}`
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
