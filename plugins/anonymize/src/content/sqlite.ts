import {versionOf} from 'pmpc/kit/state'
import {databaseFormat} from './database.js'
import type {Format, Source} from './model.js'
import {headOf} from './source.js'
import {stateFormat} from './state.js'

/** Bytes of the header of a database. */
const HEADER = 100

/** A database of SQLite: a state of pmpc's, or any other. */
export const sqliteFormat: Format = {
  look: async (source, look) => (await formatOf(source)).look(source, look),
  rewrite: async (source, rewriting, write) => (await formatOf(source)).rewrite(source, rewriting, write),
}

async function formatOf(source: Source): Promise<Format> {
  return versionOf(await headOf(source, HEADER)) === undefined ? databaseFormat : stateFormat
}
