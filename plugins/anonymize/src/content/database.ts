import {bytesOf, type ByteString} from 'pmpc/kit/anonymize'
import {withDatabase, type Database} from 'pmpc/kit/state'
import {binaryError, brokenError} from '../errors.js'
import type {Format, Source, Treatment} from './model.js'
import {placesOf} from './places.js'
import {rewrittenRow, rowsText, type Row} from './rows.js'
import {formOf} from './sniff.js'
import {bytesOfSource} from './source.js'

/** Bytes of a database: SQLite works in memory here, and may take 256 MiB. */
const MOST = 96 * 2 ** 20

/** Any database of SQLite: its tables stay as they are, and their texts are rewritten. What was deleted in it is not handed on. */
export const databaseFormat: Format = {
  async look(source, look) {
    if (!look.text) return
    const tables = await inDatabase(source, (db) => tablesOf(db, source.name))
    look.text(rowsText(tables.flatMap(({rows}) => rows.map(({cells}) => asTexts(cells)))), startOf(source))
  },
  async rewrite(source, {treatment, left, signal}, write) {
    const {bytes, text} = await inDatabase(source, (db) => {
      const tables = tablesOf(db, source.name)
      const triggers = dropTriggers(db)
      db.run('PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA secure_delete = ON; BEGIN')
      const rows = tables.flatMap((table) => table.rows.map((row) => rewriteRow(db, table, row, treatment, signal)))
      db.run('COMMIT')
      for (const sql of triggers) db.run(sql)
      // Nothing of what stood there stays in pages that are free now.
      db.run('VACUUM')
      const seen = rowsText(rows.map(asTexts)) + bytesOf(`${schemaOf(db)}\n`)
      return {bytes: Buffer.from(db.export()), text: seen}
    })
    const found = treatment.left(text)
    if (found.length > 0) left(placesOf(text, found, startOf(source)))
    await write(bytes)
  },
}

const startOf = (source: Source) => ({file: source.name, line: 0, column: 0})

type Cell = string | number | Uint8Array | null
type Cells = Record<string, Cell>

interface Table {
  name: string
  columns: string[]
  /** The columns that tell a row from others; none: it has a number. */
  key: string[]
  rows: {number: string | null; cells: Cells}[]
}

async function inDatabase<T>(source: Source, use: (db: Database) => T): Promise<T> {
  const bytes = Buffer.from(await bytesOfSource(source, MOST))
  // A database that keeps a log beside it cannot be opened without one; what is in that is another file.
  if (bytes.length > 19 && bytes[18] === 2) bytes.fill(1, 18, 20)
  try {
    return await withDatabase(bytes, use)
  } catch (error) {
    throw error instanceof Error && !('code' in error)
      ? brokenError(source.name, 'SQLite cannot work with this database', undefined)
      : error
  }
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** What a query gives. */
function* all(db: Database, sql: string): Generator<Cell[]> {
  const statement = db.prepare(sql)
  try {
    while (statement.step()) yield statement.get() as Cell[]
  } finally {
    statement.free()
  }
}

function tablesOf(db: Database, shown: string): Table[] {
  const listed = [
    ...all(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"),
  ]
  return listed.map(([name, sql]) => {
    if (/^CREATE VIRTUAL/i.test(String(sql))) throw binaryError(shown, 'a database with virtual tables')
    return tableOf(db, String(name), shown)
  })
}

const WITHOUT_NUMBER = 4
const GENERATED = 6
const PLACE_IN_KEY = 5

function tableOf(db: Database, name: string, shown: string): Table {
  const about = [...all(db, `PRAGMA table_xinfo(${quoted(name)})`)]
  const [list] = [...all(db, `PRAGMA table_list(${quoted(name)})`)]
  const stored = about.filter((column) => column[GENERATED] === 0)
  const columns = stored.map((column) => String(column[1]))
  const key =
    list?.[WITHOUT_NUMBER] === 1
      ? stored.filter((column) => Number(column[PLACE_IN_KEY]) > 0).map((column) => String(column[1]))
      : []
  const number = key.length > 0 ? 'NULL' : `CAST(${numberOf(columns)} AS TEXT)`
  const rows = [...all(db, `SELECT ${[number, ...columns.map(quoted)].join(', ')} FROM ${quoted(name)}`)].map(
    ([first, ...cells]) => ({
      number: first as string | null,
      cells: Object.fromEntries(columns.map((column, at) => [column, readable(cells[at]!, shown)])),
    }),
  )
  return {name, columns, key, rows}
}

/** What a row's number is called where columns have taken its names. */
function numberOf(columns: readonly string[]): string {
  const taken = new Set(columns.map((column) => column.toLowerCase()))
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name)) ?? 'rowid'
}

function readable(cell: Cell, shown: string): Cell {
  if (cell instanceof Uint8Array && cell.length > 0 && formOf(Buffer.from(cell)).form !== 'text')
    throw binaryError(shown, 'a database with bytes in it that are no text')
  return cell
}

const latin = (bytes: Uint8Array): ByteString => Buffer.from(bytes).toString('latin1')

/** Bytes are looked at as the text that they are. */
const asTexts = (cells: Cells): Row =>
  Object.fromEntries(
    Object.entries(cells).map(([key, cell]) => [
      key,
      cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : cell,
    ]),
  )

function rewriteRow(
  db: Database,
  table: Table,
  row: Table['rows'][number],
  treatment: Treatment,
  signal: AbortSignal,
): Cells {
  signal.throwIfAborted()
  const texts = Object.fromEntries(Object.entries(row.cells).filter(([, cell]) => !(cell instanceof Uint8Array)))
  const after: Cells = {...row.cells, ...(rewrittenRow(texts, treatment) as Cells)}
  for (const [column, cell] of Object.entries(row.cells))
    if (cell instanceof Uint8Array) after[column] = Buffer.from(treatment.rewrite(latin(cell)), 'latin1')
  const changed = table.columns.filter(
    (column) => typeof row.cells[column] !== 'number' && after[column] !== row.cells[column],
  )
  if (changed.length > 0) update(db, table, row, changed, after)
  return after
}

function update(
  db: Database,
  {name, columns, key}: Table,
  row: Table['rows'][number],
  changed: string[],
  after: Cells,
): void {
  const set = changed.map((column) => `${quoted(column)} = ?`).join(', ')
  const where =
    key.length > 0
      ? key.map((column) => `${quoted(column)} IS ?`).join(' AND ')
      : `${numberOf(columns)} = CAST(? AS INTEGER)`
  const which = key.length > 0 ? key.map((column) => row.cells[column]!) : [row.number]
  db.run(`UPDATE ${quoted(name)} SET ${set} WHERE ${where}`, [...changed.map((column) => after[column]!), ...which])
}

/** They would be run by what is rewritten. @returns what makes them again */
function dropTriggers(db: Database): string[] {
  const triggers = [...all(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")]
  for (const [name] of triggers) db.run(`DROP TRIGGER ${quoted(String(name))}`)
  return triggers.map(([, sql]) => String(sql))
}

function schemaOf(db: Database): string {
  return [...all(db, 'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL')].map(([sql]) => String(sql)).join('\n')
}
