import type {ClusterState, Config, KindName, Observed, Snapshot} from '../resources/model.js'
import {canonicalState} from './canonical.js'
import {corruptUnlessOurs, requireReadable, requireWhole} from './check.js'
import {migrateDatabase} from './migrate.js'
import {schemaVersion, snapshotFacts, tableSpecs, type TableSpec} from './schema.js'
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
      return stateOf(db)
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
  const spec = tableSpecs.find(({kinds}) => kinds.includes(kind))!
  try {
    return await withDatabase(bytes, (db) => {
      migrateDatabase(db, version, schemaVersion)
      const found = [...objectsOf(db, spec, snapshotsByGuest(db, spec.guest ? [id] : []), [id])][0]
      return found && canonicalState({cluster: '', objects: [found]}).objects[0]
    })
  } catch (error) {
    throw corruptUnlessOurs(error, name)
  }
}

function stateOf(db: Database): ClusterState {
  const cluster = String(scalar(db, "SELECT value FROM meta WHERE key = 'cluster'") ?? '')
  const snapshots = snapshotsByGuest(db)
  const objects = tableSpecs.flatMap((spec) => [...objectsOf(db, spec, snapshots)])
  return canonicalState({cluster, objects})
}

function* objectsOf(
  db: Database,
  spec: TableSpec,
  snapshots: Map<number, Snapshot[]>,
  only: (string | number)[] = [],
): Generator<Observed> {
  const columns = columnsOf(spec)
  const query = `SELECT ${columns.join(', ')} FROM ${spec.table} WHERE config IS NOT NULL${only.length > 0 ? ` AND ${spec.id} = ?` : ''}`
  for (const row of rows(db, query, only)) {
    const cell = new Map(columns.map((column, i) => [column, row[i] ?? undefined]))
    const kind = (cell.get('kind') ?? spec.kinds[0]) as KindName
    const object: Observed = {
      kind,
      id: cell.get(spec.id)!,
      config: parse<Config>(cell.get('config'))!,
      facts: joinFacts(spec.facts, cell),
    }
    const running = parse<NonNullable<Observed['running']>>(cell.get('running'))
    const extra = parse<NonNullable<Observed['extra']>>(cell.get('extra'))
    const taken = spec.guest ? snapshots.get(Number(object.id)) : undefined
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
