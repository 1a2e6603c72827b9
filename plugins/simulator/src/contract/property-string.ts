import type {Schema} from './schema.js'
import {formatSize, parseBoolean, parseSize} from './scalars.js'

export type Format = Record<string, Schema>
export type Parts = Record<string, string | number>

/** A property string that cannot be read; `problem` is PVE's text. */
export class FormatError extends Error {
  constructor(readonly problem: string) {
    super(problem)
  }
}

function defaultKey(format: Format): string | undefined {
  return Object.keys(format).find((key) => format[key]!.default_key)
}

/** Cuts one part into key and value; a part without `=` belongs to the default key. */
function splitPair(part: string, format: Format): [string, string] {
  const match = /^([^=]+)=(.+)$/s.exec(part)
  if (match) return [match[1]!, match[2]!]
  if (part.includes('=')) throw new FormatError('missing key in comma-separated list property')
  const key = defaultKey(format)
  if (key === undefined) throw new FormatError('value without key, but schema does not define a default key')
  return [key, part]
}

/** Stores one pair, following short forms: `virtio=MAC` means the model virtio and that macaddr. */
function assign(parts: Parts, key: string, value: string, format: Format): void {
  if (parts[key] !== undefined) throw new FormatError(`duplicate key in comma-separated list property: ${key}`)
  const schema = format[key]
  if (schema?.alias !== undefined && schema.keyAlias !== undefined) {
    if (parts[schema.keyAlias] !== undefined) throw new FormatError(`key alias '${schema.keyAlias}' is already defined`)
    parts[schema.keyAlias] = key
  }
  const target = schema?.alias ?? key
  parts[target] = format[target]?.type === 'boolean' ? (parseBoolean(value) ?? value) : value
}

/** Cuts `k=v,k=v` into parts by a format: in any order, one of them bare for the default key, booleans as 0 or 1. @throws FormatError with PVE's text */
export function splitProperties(text: string, format: Format): Parts {
  const parts: Parts = {}
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const [key, value] = splitPair(part, format)
    assign(parts, key, value, format)
  }
  return parts
}

/** Prints parts canonically: default key first and bare, then required keys, then the rest, each group by name. */
export function printPropertyString(parts: Parts, format: Format): string {
  const rest = {...parts}
  const printed: string[] = []
  const take = (key: string, bare = false): void => {
    const value = rest[key]
    delete rest[key]
    if (value === undefined) return
    const text = format[key]?.format === 'disk-size' ? printSize(value) : String(value)
    printed.push(bare ? text : `${key}=${text}`)
  }
  for (const [key, schema] of Object.entries(format)) {
    if (schema.keyAlias === undefined || schema.alias === undefined) continue
    if (rest[schema.keyAlias] !== key || rest[schema.alias] === undefined) continue
    printed.push(`${key}=${rest[schema.alias]}`)
    delete rest[schema.keyAlias]
    delete rest[schema.alias]
    break
  }
  const bare = defaultKey(format)
  if (bare !== undefined) take(bare, true)
  const names = Object.keys(rest).sort()
  for (const key of names) if (format[key] && !format[key].optional) take(key)
  for (const key of names) if (rest[key] !== undefined) take(key)
  return printed.join(',')
}

function printSize(value: string | number): string {
  const bytes = typeof value === 'number' ? value : parseSize(value)
  return bytes === undefined ? String(value) : formatSize(bytes)
}
