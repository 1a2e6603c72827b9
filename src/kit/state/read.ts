import {isKind} from '../resources/kinds/index.js'
import type {ClusterState, Config, KindName, Observed, Snapshot} from '../resources/model.js'
import {canonicalState} from './canonical.js'
import {corruptUnlessOurs, newerKind, requireReadable, requireWhole} from './check.js'
import {migrateDatabase} from './migrate.js'
import {kindTables, schemaVersion, snapshotFacts, tableOf, type KindTable} from './schema.js'
import {rows, scalar, withDatabase, type Database} from './sqlite.js'
import {columnsOf} from './write.js'

/**
 * Reads a state file; a file of an older version is migrated in memory.
 * Throws PMPC_STATE_CORRUPT for anything that is no whole state file, PMPC_STATE_NEWER for one of a later pmpc.
 * @param name what to call the file in errors
 */
export async function readState(bytes: Uint8Array, name = 'the state'): Promise<ClusterState> {
  const version = requireReadable(bytes, name)
  try {
    return await withDatabase(bytes, (db) => {
      requireWhole(db, name)
      migrateDatabase(db, version, schemaVersion)
      return stateOf(db, name)
    })
  } catch (error) {
    throw corruptUnlessOurs(error, name)
  }
}

/**
 * One object of a state file, or undefined; a guest of the other kind where that has the VMID. Only its own pages are read and
 * nothing is checked, which makes it some ten times as fast as {@link readState}: for walking through a history.
 */
export async function readObject(
  bytes: Uint8Array,
  {kind, id}: {kind: KindName; id: string | number},
  name = 'the state',
): Promise<Observed | undefined> {
  const version = requireReadable(bytes, name)
  try {
    return await withDatabase(bytes, (db) => {
      migrateDatabase(db, version, schemaVersion)
      const table = tableOf(kind)
      const snapshots = snapshotsByGuest(db, table.has.snapshots ? [id] : [])
      const [found] = objectsOf(db, table, name, snapshots, {kind, [table.id]: id})
      return found && canonicalState({cluster: '', objects: [found]}).objects[0]
    })
  } catch (error) {
    throw corruptUnlessOurs(error, name)
  }
}

function stateOf(db: Database, name: string): ClusterState {
  const cluster = String(scalar(db, "SELECT value FROM meta WHERE key = 'cluster'") ?? '')
  const snapshots = snapshotsByGuest(db)
  const objects = kindTables.flatMap((table) => [...objectsOf(db, table, name, snapshots)])
  return canonicalState({cluster, objects})
}

/** @param only the key of one, by column */
function* objectsOf(
  db: Database,
  table: KindTable,
  name: string,
  snapshots: Map<number, Snapshot[]>,
  only: Readonly<Record<string, string | number>> = {},
): Generator<Observed> {
  const columns = columnsOf(table)
  const key = table.key.filter((column) => Object.hasOwn(only, column))
  const where = ['config IS NOT NULL', ...key.map((column) => `${column} = ?`)].join(' AND ')
  const query = `SELECT ${columns.join(', ')} FROM ${table.table} WHERE ${where}`
  for (const row of rows(
    db,
    query,
    key.map((column) => only[column]!),
  )) {
    const cell = new Map(columns.map((column, i) => [column, row[i] ?? undefined]))
    const kind = cell.get('kind') ?? table.kinds[0]!
    if (!isKind(kind)) throw newerKind(name, String(kind))
    const object: Observed = {
      kind,
      id: cell.get(table.id)!,
      config: parse<Config>(cell.get('config'))!,
      facts: joinFacts(table.facts, cell),
    }
    const running = parse<NonNullable<Observed['running']>>(cell.get('running'))
    const extra = parse<NonNullable<Observed['extra']>>(cell.get('extra'))
    const taken = table.has.snapshots ? snapshots.get(Number(object.id)) : undefined
    yield {...object, ...(running && {running}), ...(taken && {snapshots: taken}), ...(extra && {extra})}
  }
}

function joinFacts(
  columns: readonly {fact: string}[],
  cell: Map<string, string | number | undefined>,
): Observed['facts'] {
  const facts = new Map(Object.entries(parse<Observed['facts']>(cell.get('facts')) ?? {}))
  for (const {fact} of columns) {
    const value = cell.get(fact)
    if (value !== undefined) facts.set(fact, value)
  }
  return Object.fromEntries(facts)
}

function snapshotsByGuest(db: Database, only: (string | number)[] = []): Map<number, Snapshot[]> {
  const columns = ['vmid', 'name', ...snapshotFacts.map(({fact}) => fact), 'facts']
  const byGuest = new Map<number, Snapshot[]>()
  const query = `SELECT ${columns.join(', ')} FROM snapshots${only.length > 0 ? ' WHERE vmid = ?' : ''}`
  for (const row of rows(db, query, only)) {
    const cell = new Map(columns.map((column, i) => [column, row[i] ?? undefined]))
    const vmid = Number(cell.get('vmid'))
    const snapshot: Snapshot = {name: String(cell.get('name')), ...joinFacts(snapshotFacts, cell)}
    const before = byGuest.get(vmid)
    if (before) before.push(snapshot)
    else byGuest.set(vmid, [snapshot])
  }
  return byGuest
}

/** Nothing that PVE reports is nested deeper, and what is not could end whoever goes through it. */
const deepest = 16

/** The object in a column. */
function parse<T extends object>(json: string | number | undefined): T | undefined {
  if (json === undefined) return undefined
  const value: unknown = JSON.parse(String(json))
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('a column of it is no object')
  requireSound(value, 1)
  return value as T
}

function requireSound(value: unknown, depth: number): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('a number in it is beyond all measure')
  if (typeof value !== 'object' || value === null) return
  if (depth > deepest) throw new Error('a value in it is nested too deeply')
  for (const inner of Object.values(value)) requireSound(inner, depth + 1)
}
