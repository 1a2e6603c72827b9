import {lstatSync} from 'node:fs'
import {resolve} from 'node:path'
import {readNamed, replaceFile} from 'pmpc/kit/files'
import type {Caller} from 'pmpc/kit/runs'
import {lookForWorkspace} from 'pmpc/kit/workspace'
import {mapError, outputError, unreadable} from '../errors.js'
import {exportText, readExport} from '../store/export.js'
import {merged, putMapFile, putStore, readMapFile} from '../store/map.js'
import {openStore, requireStore, type Where} from './session.js'

/** What was carried from one place to another. */
export interface Carried {
  /** The export. */
  file: string
  map: string
  pairs: number
}

const MOST_EXPORT = 512 * 2 ** 20

/** Writes the map with its key into a file that a passphrase seals; one that is there stays. @throws PMPC_ANONYMIZE_OUTPUT, PMPC_ANONYMIZE_MAP */
export async function exportMap(
  where: Where & {file: string},
  secret: () => Promise<string>,
  caller: Caller,
): Promise<Carried> {
  const path = resolve(where.folder, where.file)
  if (lstatSync(path, {throwIfNoEntry: false}))
    throw outputError(`${where.file} is there already`, ['pmpc anonymize map export ANOTHER'], {path: where.file})
  const {key, pairs, path: map} = await requireStore(where, caller)
  const text = exportText(await secret(), key, pairs)
  try {
    replaceFile(path, text, {mode: 0o600, sync: true})
  } catch (error) {
    throw unreadable(where.file, error)
  }
  return {file: where.file, map: map!, pairs: pairs.length}
}

/** Takes such a file over, into the workspace or the file that `--map` names. @throws PMPC_ANONYMIZE_MAP where a map of another key is there */
export async function importMap(
  where: Where & {file: string},
  secret: () => Promise<string>,
  caller: Caller,
): Promise<Carried> {
  const text = readText(where)
  const root = lookForWorkspace(where.folder)?.root
  if (where.map === undefined && root === undefined)
    throw mapError('there is no workspace here to take it over into', ['pmpc anonymize map import FILE --map MAP'])
  const found = readExport(await secret(), text, where.file)
  const carried = (map: string, pairs: readonly unknown[]): Carried => ({file: where.file, map, pairs: pairs.length})
  if (where.map !== undefined) {
    const path = resolve(where.folder, where.map)
    const there = readMapFile(path, where.map)
    const pairs = joined(found, there)
    putMapFile(path, where.map, found.key, pairs)
    return carried(where.map, pairs)
  }
  const there = await openStore(where, false, caller)
  const pairs = joined(found, there.path === null ? undefined : there)
  return carried(putStore(root!, found.key, pairs), pairs)
}

type Found = Parameters<typeof merged>[0]

function joined(found: {key: Buffer; pairs: Found}, there: {key: Buffer; pairs: Found} | undefined): Found {
  if (!there || there.pairs.length === 0) return found.pairs
  if (there.key.equals(found.key)) return merged(there.pairs, found.pairs)
  throw mapError(
    'there is a map of another key here already: what was anonymized with it could not be restored any more',
    ['pmpc anonymize map import FILE --map MAP', 'pmpc anonymize map export FILE   # of the one that is here'],
  )
}

function readText({folder, file}: Where & {file: string}): string {
  try {
    return readNamed(resolve(folder, file), file, MOST_EXPORT).toString('utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
}
