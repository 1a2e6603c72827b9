import {PmpcError} from '../errors/index.js'
import {tooLarge} from '../files/inside.js'
import {visible} from '../text/index.js'
import {MOST_STATE} from './limits.js'
import {layoutOf, type SchemaRow} from './layout.js'
import {schemaVersion, schemaVersions} from './schema.js'
import {rows, versionOf, type Database} from './sqlite.js'

/** SQLite throws plain errors about malformed files; they become PMPC_STATE_CORRUPT. */
export function corruptUnlessOurs(error: unknown, name: string): unknown {
  return error instanceof Error && !('code' in error) ? corrupt(name, error.message, error) : error
}

/** The version of a state file's schema; throws when it is none, or newer than this pmpc knows. */
export function requireVersion(bytes: Uint8Array, name: string): number {
  const version = versionOf(bytes)
  if (version === undefined) throw corrupt(name, whatElse(bytes))
  if (version > schemaVersion) {
    throw new PmpcError(
      'PMPC_STATE_NEWER',
      `${name} was written by a newer pmpc: schema ${version}, this one knows up to ${schemaVersion}`,
      {
        suggestions: [
          'npm install --global pmpc@latest',
          `pmpc state migrate --to ${schemaVersion}   # with the newer pmpc`,
        ],
        data: {version, known: schemaVersion},
      },
    )
  }
  if (version < 1) throw corrupt(name, 'its header names no version of the schema')
  return version
}

/** A file that holds objects of a kind that has no row here: a new kind is no new version of the schema. */
export function newerKind(name: string, kind: string): PmpcError {
  return new PmpcError(
    'PMPC_STATE_NEWER',
    `${name} was written by a newer pmpc: it holds objects of a kind ${visible(JSON.stringify(kind))}, which this one does not know`,
    {suggestions: ['npm install --global pmpc@latest'], data: {kind}},
  )
}

/**
 * The version of a state file that SQLite may be let at: its pages make trees, and its schema is word for word one that pmpc writes, so that nothing
 * in it is run, and no table reads more than the file holds. Throws PMPC_STATE_CORRUPT, PMPC_STATE_NEWER, PMPC_TOO_LARGE.
 */
export function requireReadable(bytes: Uint8Array, name: string): number {
  const version = requireVersion(bytes, name)
  const why = unreadable(bytes, version, name)
  if (why !== undefined) throw corrupt(name, why)
  return version
}

/** Why SQLite must not be let at a file of that version; undefined where it may. @throws PMPC_TOO_LARGE */
export function unreadable(bytes: Uint8Array, version: number, name: string): string | undefined {
  if (bytes.length > MOST_STATE) throw tooLarge(name, bytes.length, MOST_STATE)
  try {
    const {schema, requireTrees} = layoutOf(bytes)
    const why = unlikeOurs(schema, version)
    if (why === undefined) requireTrees()
    return why
  } catch (error) {
    return (error as Error).message
  }
}

function unlikeOurs(found: SchemaRow[], version: number): string | undefined {
  const {tables, views} = schemaVersions.find((schema) => schema.version === version)!
  const ours = [...tables, ...views].map((sql) => {
    const [, type = '', name = ''] = /^CREATE (\w+) (\w+)/.exec(sql)!
    return {type: type.toLowerCase(), name, table: name, sql}
  })
  for (const {type, name} of found)
    if (!ours.some((each) => each.type === type && each.name === name))
      return `its schema has ${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type} ${JSON.stringify(name)} that pmpc does not make`
  const other = ours.find((each, at) => each.sql !== found[at]?.sql || each.table !== found[at].table)
  return other && `its schema is not the one of version ${version}: ${other.type} ${other.name} differs`
}

function whatElse(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  if (bytes.length === 0) return 'it is empty'
  if (start.startsWith('version https://git-lfs')) return 'it is a pointer of Git LFS, not the file'
  if (start.startsWith('SQLite format 3\0')) return 'it is a SQLite database, but not one of pmpc'
  return 'it is not a SQLite database'
}

function corrupt(name: string, why: string, cause?: unknown): PmpcError {
  return new PmpcError('PMPC_STATE_CORRUPT', `${name} cannot be read: ${why}`, {
    suggestions: ['git restore .pmpc/state', 'pmpc sync', 'pmpc state verify'],
    data: {why},
    cause,
  })
}

/** Throws PMPC_STATE_CORRUPT unless all pages and cells can be read. Half as long as all that {@link findDamage} looks at. */
export function requireWhole(db: Database, name: string): void {
  const [found] = check(db, 'quick_check')
  if (found) throw corrupt(name, found)
}

/** What SQLite finds wrong with a database: pages, cells and order, then references. Empty when it is whole. */
export function findDamage(db: Database): string[] {
  const damage = check(db, 'integrity_check')
  if (damage.length > 0) return damage
  const broken = [...rows(db, 'PRAGMA foreign_key_check')]
  return broken.map(([table, , parent]) => `a row of ${table} refers to none of ${parent}`)
}

function check(db: Database, pragma: 'quick_check' | 'integrity_check'): string[] {
  return [...rows(db, `PRAGMA ${pragma}(10)`)].map(([line]) => String(line)).filter((line) => line !== 'ok')
}
