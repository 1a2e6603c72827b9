import {textOf, bytesOf, type ByteString} from 'pmpc/kit/anonymize'
import type {Treatment} from './model.js'

/** Rows of databases and objects of states, as lines of JSON: so that a value is seen beside its key. */
export type Row = Readonly<Record<string, unknown>>

/** A row as it is looked at. Keys that JavaScript would put in another order get a letter in front. */
export function lineOf(row: Row): string {
  const entries = Object.entries(row).map(([key, value]) => [/^\d+$/.test(key) ? `c${key}` : key, nested(value)])
  return JSON.stringify(Object.fromEntries(entries) as object)
}

/** All rows as a text. */
export const rowsText = (rows: Iterable<Row>): ByteString =>
  bytesOf([...rows].map((row) => `${lineOf(row)}\n`).join(''))

/** The row with its values rewritten. */
export function rewrittenRow(row: Row, treatment: Treatment): Row {
  const keys = Object.keys(row)
  const values = valuesIn(treatment.line(lineOf(row)), keys.length) ?? keys.map((key) => oneByOne(row[key], treatment))
  return Object.fromEntries(keys.map((key, at) => [key, like(row[key], values[at])]))
}

/** A text that is JSON, in the one form that JSON.stringify gives it, is looked at as such. */
function nested(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value
  try {
    const parsed: unknown = JSON.parse(value)
    return JSON.stringify(parsed) === value ? parsed : value
  } catch {
    return value
  }
}

/** Of the type that it had. */
function like(before: unknown, after: unknown): unknown {
  if (typeof before === 'string') return typeof after === 'string' ? after : JSON.stringify(after)
  return after
}

function valuesIn(line: string, count: number): unknown[] | undefined {
  try {
    const values = Object.values(JSON.parse(line) as object) as unknown[]
    return values.length === count ? values : undefined
  } catch {
    return undefined
  }
}

function oneByOne(value: unknown, treatment: Treatment): unknown {
  return typeof value === 'string' ? textAfter(value, treatment.rewrite) : value
}

/** A text in which something of byte strings is done. */
export const textAfter = (text: string, change: (text: ByteString) => ByteString): string =>
  textOf(change(bytesOf(text)))

/** A line of JSON in which something is done with each text, keys included. */
export function mapLine(line: string, change: (text: ByteString) => ByteString): string {
  const map = (value: unknown): unknown => {
    if (typeof value === 'string') return textAfter(value, change)
    if (Array.isArray(value)) return value.map(map)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [textAfter(key, change), map(inner)]))
  }
  return JSON.stringify(map(JSON.parse(line)))
}
