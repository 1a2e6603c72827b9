import type {ClusterState, Observed, Scalar} from '../resources/model.js'
import {canonicalJson, canonicalState, compareText, isPlainText} from './canonical.js'
import {pageSize} from './layout.js'
import type {FactColumn} from '../resources/kinds/index.js'
import {kindTables, schemaVersion, schemaVersions, snapshotFacts, type KindTable} from './schema.js'
import {applicationId, loadSqlite, normaliseHeader, rows as queried, type Database} from './sqlite.js'

type Cell = string | number | null

/** Rows of one table, in the order of its key. */
export interface TableRows {
  table: string
  columns: string[]
  rows: Iterable<Cell[]>
}

/**
 * The bytes of a state file. A pure function of the state: equal content gives equal bytes, on any machine and version of Node.
 * Throws PMPC_STATE_IDENTITY for an impossible identity; any other content is kept.
 */
export async function writeState(state: ClusterState): Promise<Uint8Array> {
  return buildDatabase(schemaVersion, tablesOf(canonicalState(state)))
}

/** A fresh database of a version of the schema, filled in one transaction, its header normalised. */
export async function buildDatabase(version: number, tables: Iterable<TableRows>): Promise<Uint8Array> {
  const sqlite = await loadSqlite()
  const db = new sqlite.Database()
  try {
    // Freed space is overwritten with zeros: nothing of the way in which the file was built stays in it.
    db.run(`PRAGMA page_size = ${pageSize}; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON`)
    db.run(`BEGIN; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}`)
    createSchema(db, version)
    // One order for whoever fills it, as pages are given out as they are needed; what is referred to was made first.
    const made = [...queried(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")].map(
      ([name]) => name,
    )
    const place = ({table}: TableRows) => made.indexOf(table)
    for (const table of [...tables].sort((a, b) => place(a) - place(b))) insertAll(db, table)
    db.run('COMMIT')
    // Rows of all sizes leave pages free while SQLite balances a tree; a file with such pages is none of pmpc's (layout.ts).
    if (db.exec('PRAGMA freelist_count')[0]?.values[0]?.[0] !== 0) db.run('VACUUM')
    return normaliseHeader(db.export())
  } finally {
    db.close()
  }
}

/** Makes the tables and views of a version in a database. */
export function createSchema(db: Database, version: number): void {
  const schema = schemaVersions.find((candidate) => candidate.version === version)
  if (!schema) throw new RangeError(`there is no version ${version} of the schema`)
  for (const statement of [...schema.tables, ...schema.views]) db.run(statement)
}

function insertAll(db: Database, {table, columns, rows}: TableRows): void {
  const statement = db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  try {
    for (const row of rows) statement.run(row)
  } finally {
    statement.free()
  }
}

function* tablesOf(state: ClusterState): Generator<TableRows> {
  yield {table: 'meta', columns: ['key', 'value'], rows: [['cluster', state.cluster]]}
  for (const table of kindTables) {
    const objects = state.objects.filter((object) => table.kinds.includes(object.kind))
    const key = table.key.map((column) => columnsOf(table).indexOf(column))
    yield {
      table: table.table,
      columns: columnsOf(table),
      rows: [...rowsOf(table, objects), ...placeholders(table, state)].sort((a, b) => compareKeys(a, b, key)),
    }
  }
  const columns = ['vmid', 'name', ...snapshotFacts.map(({fact}) => fact), 'facts']
  yield {table: 'snapshots', columns, rows: snapshotRows(state)}
}

/** Columns of a table of kinds, the id first. */
export function columnsOf({id, facts, has}: KindTable): string[] {
  const [kind, running] = [has.kind ? ['kind'] : [], has.running ? ['running'] : []]
  return [id, ...kind, ...facts.map(({fact}) => fact), 'config', ...running, 'facts', 'extra']
}

function rowsOf({facts: columns, has}: KindTable, objects: Observed[]): Cell[][] {
  return objects.map((object) => {
    if ((object.running && !has.running) || (object.snapshots && !has.snapshots))
      throw new TypeError(`a ${object.kind} runs with nothing else, or has no snapshots`)
    const {cells, rest} = spreadFacts(columns, object.facts)
    const kind = has.kind ? [object.kind] : []
    const running = has.running ? [jsonOrNull(object.running)] : []
    return [object.id, ...kind, ...cells, canonicalJson(object.config), ...running, rest, jsonOrNull(object.extra)]
  })
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : canonicalJson(value)
}

/** Facts that fit their column, and the rest as JSON. */
function spreadFacts(columns: readonly FactColumn[], facts: object): {cells: Cell[]; rest: string | null} {
  const rest = new Map<string, unknown>(Object.entries(facts).filter(([, value]) => value !== undefined))
  const cells = columns.map((column) => {
    const value = rest.get(column.fact)
    if (!fits(column, value)) return null
    rest.delete(column.fact)
    return value
  })
  return {cells, rest: rest.size > 0 ? canonicalJson(Object.fromEntries(rest)) : null}
}

function fits(column: FactColumn, value: unknown): value is Scalar {
  return column.type === 'integer' ? Number.isSafeInteger(value) : typeof value === 'string' && isPlainText(value)
}

/** Rows for what another object names and the cluster did not report, so that the foreign key holds and nothing is refused. */
function placeholders(table: KindTable, state: ClusterState): Cell[][] {
  const known = new Set(state.objects.filter(({kind}) => table.kinds.includes(kind)).map(({id}) => id))
  const named = kindTables.flatMap((other) =>
    other.facts
      .filter((column) => column.references === table.table)
      .flatMap((column) =>
        state.objects.filter(({kind}) => other.kinds.includes(kind)).map(({facts}) => facts[column.fact]),
      )
      .filter((value): value is string => typeof value === 'string' && isPlainText(value)),
  )
  const nothing = columnsOf(table)
    .slice(1)
    .fill('')
    .map(() => null)
  return [...new Set(named)].filter((id) => !known.has(id)).map((id) => [id, ...nothing])
}

function* snapshotRows(state: ClusterState): Generator<Cell[]> {
  const guests = state.objects.filter((object) => object.snapshots)
  for (const {id, snapshots = []} of guests.sort((a, b) => Number(a.id) - Number(b.id))) {
    for (const {name, ...facts} of snapshots) {
      const {cells, rest} = spreadFacts(snapshotFacts, facts)
      yield [id, name, ...cells, rest]
    }
  }
}

/** The order in which SQLite has them, by the cells of their key: numbers before texts. */
function compareKeys(a: Cell[], b: Cell[], key: readonly number[]): number {
  for (const at of key) {
    const order = compareCells(a[at]!, b[at]!)
    if (order !== 0) return order
  }
  return 0
}

function compareCells(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1
  return compareText(String(a), String(b))
}
