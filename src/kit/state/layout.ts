/**
 * The pages of a SQLite file, looked at before SQLite does (https://sqlite.org/fileformat2.html). Whoever can write a file can make its trees share
 * pages, so that reading one table never ends, and its schema run what they like: neither can be interrupted once SQLite has begun.
 */

/** A row of `sqlite_schema`. */
export interface SchemaRow {
  type: string
  name: string
  table: string
  sql: string
}

/** What pmpc makes pages of: small enough that a changed row rewrites little, large enough that most guests fit in one. */
export const pageSize = 4096

/** Fields of the header that a file of pmpc's has, whoever changed it since: offset, length, value. */
const header: readonly [string, number, number, number][] = [
  ['page size', 16, 2, pageSize],
  ['way of writing', 18, 2, 0x0101],
  ['reserved space', 20, 1, 0],
  ['fractions of a payload', 21, 3, 0x402020],
  ['list of free pages', 32, 4, 0],
  ['automatic vacuum', 52, 4, 0],
  ['encoding', 56, 4, 1],
]

/** Bytes of a page that are a part of a chain's payload. */
const perLink = pageSize - 4

/** Kinds of pages: whether keys alone are in it, as of WITHOUT ROWID tables, and whether pages hang from it. */
const pageKinds: Readonly<Record<number, {index: boolean; interior: boolean}>> = {
  2: {index: true, interior: true},
  5: {index: false, interior: true},
  10: {index: true, interior: false},
  13: {index: false, interior: false},
}

/** What a file says of itself. */
export interface Layout {
  schema: SchemaRow[]
  /**
   * Throws unless the pages of all tables make trees: each page that can be reached is reached once, so that no query on a table reads more than
   * there is in the file. For a schema that is known: a view has no pages.
   */
  requireTrees(): void
}

/** Looks at a file's header and schema. Throws an Error that says what is wrong. */
export function layoutOf(bytes: Uint8Array): Layout {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const [name, at, length, value] of header)
    if (view.readUIntBE(at, length) !== value) throw new Error(`its ${name} is another than pmpc gives`)
  if (view.length % pageSize !== 0) throw new Error('it was cut off in the middle of a page')
  const pages = new Pages(view)
  const rows: {row: SchemaRow; root: number}[] = []
  pages.walk(1, false, (payload) => rows.push(schemaRow(payload)))
  return {
    schema: rows.map(({row}) => row),
    requireTrees() {
      for (const {row, root} of rows) if (row.type === 'table') pages.walk(root, true)
    },
  }
}

class Pages {
  private readonly reached: Uint8Array

  constructor(private readonly file: Buffer) {
    this.reached = new Uint8Array(file.length / pageSize + 1)
  }

  /** Reaches all pages of a tree. @param each is given every payload of its leaves */
  walk(root: number, index: boolean, each?: (payload: Buffer) => void): void {
    const left = [root]
    for (let number = left.pop(); number !== undefined; number = left.pop()) {
      const page = this.reach(number)
      // The file's own header stands in front of the first page.
      const start = number === 1 ? 100 : 0
      const kind = pageKinds[page[start]!]
      if (kind?.index !== index) throw new Error(`page ${number} is none of the kind that belongs there`)
      const count = page.readUInt16BE(start + 3)
      const first = start + (kind.interior ? 12 : 8)
      if (first + 2 * count > pageSize) throw damaged(number)
      const children: number[] = []
      for (let cell = 0; cell < count; cell++) {
        let at = page.readUInt16BE(first + 2 * cell)
        if (at < first + 2 * count || at + 4 > pageSize) throw damaged(number)
        if (kind.interior) {
          children.push(page.readUInt32BE(at))
          at += 4
        }
        if (index || !kind.interior) this.payload(page, at, {number, index}, each)
      }
      if (kind.interior) children.push(page.readUInt32BE(start + 8))
      // In the order of their keys, as the first is taken next.
      left.push(...children.reverse())
    }
  }

  /** Reaches the pages in which the rest of a payload stands. */
  private payload(
    page: Buffer,
    start: number,
    {number, index}: {number: number; index: boolean},
    each?: (payload: Buffer) => void,
  ): void {
    const [size, afterSize] = varint(page, start)
    if (size > this.file.length) throw damaged(number)
    const at = index ? afterSize : varint(page, afterSize)[1]
    const local = localBytes(size, index)
    if (at + local + (local < size ? 4 : 0) > pageSize) throw damaged(number)
    const parts = [page.subarray(at, at + local)]
    let next = local < size ? page.readUInt32BE(at + local) : 0
    for (let rest = size - local; rest > 0; rest -= perLink) {
      const link = this.reach(next)
      if (each) parts.push(link.subarray(4, 4 + Math.min(rest, perLink)))
      next = link.readUInt32BE(0)
    }
    each?.(Buffer.concat(parts))
  }

  private reach(number: number): Buffer {
    if (number < 1 || number >= this.reached.length)
      throw new Error(`it refers to a page ${number} that it does not have`)
    if (this.reached[number]) throw new Error(`it refers twice to page ${number}`)
    this.reached[number] = 1
    return this.file.subarray((number - 1) * pageSize, number * pageSize)
  }
}

/** How much of a payload stands in the page itself; the rest in a chain of others. */
function localBytes(size: number, index: boolean): number {
  const most = index ? Math.floor(((pageSize - 12) * 64) / 255) - 23 : pageSize - 35
  if (size <= most) return size
  const least = Math.floor(((pageSize - 12) * 32) / 255) - 23
  const wanted = least + ((size - least) % perLink)
  return wanted <= most ? wanted : least
}

/** A number of one to nine bytes, and where it ends. One beyond all sizes need not be exact. */
function varint(bytes: Buffer, start: number): [number, number] {
  let value = 0
  for (let at = start; at < start + 9; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new Error('a number in it is cut off')
    if (at === start + 8) return [value * 256 + byte, at + 1]
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return [value, at + 1]
  }
  return [value, start + 9]
}

/** Its columns: type, name, tbl_name, rootpage, sql. */
function schemaRow(payload: Buffer): {row: SchemaRow; root: number} {
  const [end, start] = varint(payload, 0)
  const cells: (string | number)[] = []
  let at = end
  for (let next = start; next < end;) {
    const [serial, after] = varint(payload, next)
    const [cell, length] = cellOf(payload, at, serial)
    cells.push(cell)
    at += length
    next = after
  }
  const [type, name, table, root, sql] = cells
  return {
    row: {type: String(type), name: String(name), table: String(table), sql: String(sql ?? '')},
    root: Number(root),
  }
}

/** A value of a record, and its length: a text, or a whole number of up to six bytes; all else is none of a schema's. */
function cellOf(payload: Buffer, at: number, serial: number): [string | number, number] {
  if (serial === 0) return ['', 0]
  if (serial === 8 || serial === 9) return [serial - 8, 0]
  const length = serial >= 13 && serial % 2 === 1 ? (serial - 13) / 2 : [0, 1, 2, 3, 4, 6][serial]
  if (length === undefined || at + length > payload.length) throw new Error('a row of its schema is damaged')
  return serial >= 13 ? [payload.toString('utf8', at, at + length), length] : [payload.readIntBE(at, length), length]
}

function damaged(number: number): Error {
  return new Error(`page ${number} is damaged`)
}
