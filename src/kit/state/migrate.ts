import {PmpcError} from '../errors/index.js'
import {corruptUnlessOurs, requireReadable} from './check.js'
import {migrations, schemaVersion, schemaVersions} from './schema.js'
import {rows, scalar, withDatabase, type Database} from './sqlite.js'
import {buildDatabase, createSchema, type TableRows} from './write.js'

export interface Migrated {
  bytes: Uint8Array
  from: number
  to: number
  /** What an older version could not keep, with how many objects it concerns. Empty on the way forwards. */
  lost: {what: string; count: number}[]
}

/**
 * A state file in another version of the schema, written canonically; the same bytes when it has that version already and is canonical.
 * Throws PMPC_STATE_CORRUPT, PMPC_STATE_NEWER, and PMPC_STATE_VERSION for a version that there is not.
 */
export async function migrateState(
  bytes: Uint8Array,
  to: number = schemaVersion,
  name = 'the state',
): Promise<Migrated> {
  const from = requireReadable(bytes, name)
  if (!schemaVersions.some(({version}) => version === to)) throw noSuchVersion(to)
  try {
    const {tables, lost} = await withDatabase(bytes, (db) => ({lost: migrateDatabase(db, from, to), tables: dump(db)}))
    return {bytes: await buildDatabase(to, tables), from, to, lost}
  } catch (error) {
    throw corruptUnlessOurs(error, name)
  }
}

/** Brings an open database to a version, one numbered step after the other; its bytes are not canonical afterwards. */
export function migrateDatabase(db: Database, from: number, to: number): Migrated['lost'] {
  const lost: Migrated['lost'] = []
  for (let version = from; version < to; version++) step(db, version + 1, migrationTo(version + 1).up)
  for (let version = from; version > to; version--) {
    const migration = migrationTo(version)
    lost.push(...migration.lost.map(({what, count}) => ({what, count: Number(scalar(db, count))})))
    step(db, version - 1, migration.down)
  }
  return lost.filter(({count}) => count > 0)
}

function migrationTo(version: number) {
  const migration = migrations.find(({to}) => to === version)
  if (!migration) throw new RangeError(`there is no migration to version ${version}`)
  return migration
}

/** Puts the tables aside as `old_…`, makes those of the other version, copies, and drops the old ones. */
function step(db: Database, version: number, copy: string[]): void {
  // Without the old behaviour, renaming a table would also rewrite the references of the others to it.
  db.run('PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; BEGIN')
  for (const view of names(db, 'view')) db.run(`DROP VIEW ${view}`)
  const tables = names(db, 'table')
  for (const table of tables) db.run(`ALTER TABLE ${table} RENAME TO old_${table}`)
  createSchema(db, version)
  for (const statement of copy) db.run(statement)
  for (const table of tables) db.run(`DROP TABLE old_${table}`)
  db.run(`PRAGMA user_version = ${version}; COMMIT`)
}

/** In the order in which they were made, so that what is referred to comes first. */
function names(db: Database, type: 'table' | 'view'): string[] {
  return [...rows(db, `SELECT name FROM sqlite_schema WHERE type = '${type}' ORDER BY rowid`)].map(([name]) =>
    String(name),
  )
}

/** All rows of all tables, in the order of their keys; generated columns are left to the new database. */
function dump(db: Database): TableRows[] {
  return names(db, 'table').map((table) => {
    const info = [...rows(db, `SELECT name, pk FROM pragma_table_xinfo('${table}') WHERE hidden = 0`)]
    const columns = info.map(([name]) => String(name))
    const key = info.filter(([, pk]) => Number(pk) > 0).sort((a, b) => Number(a[1]) - Number(b[1]))
    const query = `SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${key.map(([name]) => name).join(', ')}`
    return {table, columns, rows: [...rows(db, query)]}
  })
}

function noSuchVersion(version: number): PmpcError {
  const known = schemaVersions.map((schema) => schema.version).join(', ')
  return new PmpcError(
    'PMPC_STATE_VERSION',
    `there is no version ${version} of the state's schema; there are ${known}`,
    {
      suggestions: [`pmpc state migrate --to ${schemaVersion}`],
      data: {version},
    },
  )
}
