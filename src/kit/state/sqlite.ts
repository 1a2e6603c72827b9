import {existsSync, readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Database, SqlJsStatic} from 'sql.js'

export type {Database} from 'sql.js'

/** Bytes 68 to 71 of a state file: "pmpc" in ASCII, so that `file` and we know it. */
export const applicationId = 0x706d7063

/** Bytes that SQLite may use: eight times the largest file that it is given. */
const MOST_HEAP = 256 * 2 ** 20
/** Rows of one query: ten times the guests that a file of the largest size has room for. */
const MOST_ROWS = 300_000

/**
 * Loads SQLite. Only here, and only when it is called: compiling it takes longer than most commands last.
 * The optimising compiler would spend the second core on code that runs for a few milliseconds
 * (measured: 177 ms became 102 ms for opening 1 MB and reading 1,000 guests).
 */
export async function loadSqlite(): Promise<SqlJsStatic> {
  const {setFlagsFromString} = await import('node:v8')
  setFlagsFromString('--liftoff-only')
  const {default: initSqlJs} = await import('sql.js')
  const bytes = readFileSync(wasmFile())
  return initSqlJs({
    wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  })
}

/** In a bundle the file lies beside the script or one folder up; from source, in the package. */
function wasmFile(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const beside = [here, dirname(here)].map((folder) => join(folder, 'sql-wasm.wasm')).find((file) => existsSync(file))
  return beside ?? createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm')
}

/** Runs `use` on a database and closes it whatever happens. */
export async function withDatabase<T>(bytes: Uint8Array | null, use: (db: Database) => T): Promise<T> {
  const sqlite = await loadSqlite()
  // A copy, as SQLite would work in the caller's bytes.
  const db = new sqlite.Database(bytes && new Uint8Array(bytes))
  try {
    db.run(`PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA hard_heap_limit = ${MOST_HEAP}`)
    return use(db)
  } finally {
    db.close()
  }
}

/** Rows of a query, as arrays in the order of its columns. Throws where there are more than there can be, and for a value that is bytes. */
export function* rows(
  db: Database,
  sql: string,
  values: (string | number)[] = [],
): Generator<(string | number | null)[]> {
  const statement = db.prepare(sql)
  try {
    statement.bind(values)
    for (let count = 0; statement.step(); count++) {
      if (count === MOST_ROWS) throw new Error(`a table of it has more than ${MOST_ROWS} rows`)
      const row = statement.get()
      if (row.some((cell) => cell instanceof Uint8Array)) throw new Error('a column of it holds bytes')
      yield row as (string | number | null)[]
    }
  } finally {
    statement.free()
  }
}

/** The first column of the first row. */
export function scalar(db: Database, sql: string): string | number | null | undefined {
  return [...rows(db, sql)][0]?.[0]
}

/** Version of the schema, as the header has it (`PRAGMA user_version`); undefined when this is no SQLite file of ours. */
export function versionOf(bytes: Uint8Array): number | undefined {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 100))
  if (header.length < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return undefined
  return header.readUInt32BE(68) === applicationId ? header.readUInt32BE(60) : undefined
}

/**
 * Header fields that tell of the writing and not of the content, set to one value: the change counter (24), the counter for which
 * SQLite's version is valid (92; must equal it) and that version (96). https://sqlite.org/fileformat2.html#the_database_header
 */
export function normaliseHeader(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  view.setUint32(24, 1)
  view.setUint32(92, 1)
  view.setUint32(96, 3_054_000)
  return bytes
}
