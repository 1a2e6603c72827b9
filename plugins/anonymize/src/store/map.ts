import {randomBytes} from 'node:crypto'
import {linkSync, lstatSync} from 'node:fs'
import {basename, dirname, resolve} from 'node:path'
import type {FindKind, Pair} from 'pmpc/kit/anonymize'
import {localOf, LOCAL_FOLDER, readInside, readNamed, replaceFile, shellWord} from 'pmpc/kit/files'
import {readGit} from 'pmpc/kit/git'
import {PmpcError} from 'pmpc/kit/errors'
import {acquireLock, type LockRequest} from 'pmpc/kit/runs'
import {exposedMap, mapError, unreadable} from '../errors.js'
import {KEY_BYTES, seal, unseal} from './seal.js'

/** The key that pseudonyms are made with, and which real value each stands for. */
export interface Store {
  readonly key: Buffer
  readonly pairs: readonly Pair[]
  /** Where it is kept, for people; null: it ends with this run. */
  readonly path: string | null
  /**
   * Adds pairs to what is kept by now, which another run may have added to.
   * @throws PMPC_ANONYMIZE_MAP where another run has named otherwise meanwhile
   */
  save(pairs: readonly Pair[]): Promise<void>
}

/** What the sealed text of a map is. */
const FORMAT = 'pmpc anonymize map'
const VERSION = 1
/** Bytes of a map that is read: two million pairs. */
const MOST = 512 * 2 ** 20

/** A map in a file of its own: with the key inside. */
interface MapFile {
  format: typeof FORMAT
  version: typeof VERSION
  /** Base64; not in the map of a workspace, where it is a file beside it. */
  key?: string
  sealed: string
}

const FOLDER = 'anonymize'
const KEY_NAME = `${FOLDER}/key`
const MAP_NAME = `${FOLDER}/map`

/** For this run only. */
export function passingStore(): Store {
  return {key: randomBytes(KEY_BYTES), pairs: [], path: null, save: async () => undefined}
}

/**
 * The map of a workspace, below `.pmpc/local`. The key is made with the first run that keeps something.
 * @param keep false: nothing is written, and a missing key is one for this run
 * @throws PMPC_ANONYMIZE_EXPOSED where Git tracks it, PMPC_ANONYMIZE_MAP where it is damaged, PMPC_UNSAFE_PATH
 */
export async function workspaceStore(root: string, keep: boolean, request: LockRequest): Promise<Store> {
  const local = localOf(root)
  await refuseTracked(root, `${LOCAL_FOLDER}/${FOLDER}`, local.path(FOLDER))
  const key = readKey(root) ?? (keep ? newKey(root) : undefined)
  if (!key) return passingStore()
  const path = local.path(MAP_NAME)
  const read = () => pairsOf(readInside(root, `${LOCAL_FOLDER}/${MAP_NAME}`, MOST)?.toString('utf8'), key, path)
  return {
    key,
    path,
    pairs: read(),
    async save(pairs) {
      const lock = await acquireLock(local.path(FOLDER), {...request, waitMilliseconds: 30_000})
      try {
        local.replace(MAP_NAME, mapText(key, merged(read(), pairs)))
      } finally {
        lock.release()
      }
    },
  }
}

/** The key of a workspace; undefined where none was made yet. @throws PMPC_ANONYMIZE_MAP */
export function readKey(root: string): Buffer | undefined {
  const text = localOf(root).read(KEY_NAME)
  if (text === undefined) return undefined
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length === KEY_BYTES) return key
  throw mapError(`${localOf(root).path(KEY_NAME)} is no key of pmpc's`, [
    'pmpc anonymize map import FILE   # from an export of it',
    `rm ${shellWord(localOf(root).path(KEY_NAME))} ${shellWord(localOf(root).path(MAP_NAME))}   # what was anonymized cannot be restored then`,
  ])
}

/** Two runs that begin at once have one key: a link makes the file appear with its content, or not at all, and the first one's stays. */
function newKey(root: string): Buffer {
  const local = localOf(root)
  const draft = `${KEY_NAME}.${process.pid}`
  local.replace(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`)
  try {
    linkSync(local.path(draft), local.path(KEY_NAME))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    local.remove(draft)
  }
  return readKey(root)!
}

/** Puts a key and a map into a workspace that has none, or none of another key. */
export function putStore(root: string, key: Buffer, pairs: readonly Pair[]): string {
  const local = localOf(root)
  local.replace(KEY_NAME, `${key.toString('base64')}\n`)
  local.replace(MAP_NAME, mapText(key, pairs))
  return local.path(MAP_NAME)
}

/**
 * A map in a file that somebody names, with its key inside: for its owner alone, and never in Git.
 * @param keep false: nothing is written
 * @param make false: it must be there
 */
export async function fileStore(path: string, {keep, make}: {keep: boolean; make: boolean}): Promise<Store> {
  const absolute = resolve(path)
  await refuseTracked(dirname(absolute), basename(absolute), path)
  const read = () => readMapFile(absolute, path)
  const found = read()
  if (found === undefined && !make)
    throw mapError(`there is no map ${path}`, [`ls -l ${shellWord(dirname(absolute))}`], {path})
  const key = found?.key ?? randomBytes(KEY_BYTES)
  return {
    key,
    pairs: found?.pairs ?? [],
    path,
    async save(pairs) {
      if (!keep) return
      const now = read()
      if (now !== undefined && !now.key.equals(key)) throw meanwhile(path)
      putMapFile(absolute, path, key, merged(now?.pairs ?? [], pairs))
    },
  }
}

/** Writes such a file. */
export function putMapFile(absolute: string, path: string, key: Buffer, pairs: readonly Pair[]): void {
  try {
    replaceFile(absolute, mapText(key, pairs, true), {mode: 0o600, permissions: 0o600, sync: true})
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Undefined where there is none. */
export function readMapFile(absolute: string, path: string): {key: Buffer; pairs: Pair[]} | undefined {
  const stats = lstatSync(absolute, {throwIfNoEntry: false})
  if (stats === undefined) return undefined
  if (!stats.isFile()) throw mapError(`${path} is no regular file`, [`ls -ld ${shellWord(path)}`], {path})
  // Windows keeps no such bits.
  if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0)
    throw exposedMap(path, 'can be read by others', [`chmod 600 ${shellWord(path)}`])
  const text = readNamed(absolute, path, MOST).toString('utf8')
  const file = parsedMap(text)
  const key = Buffer.from(file?.key ?? '', 'base64')
  if (file === undefined || key.length !== KEY_BYTES)
    throw mapError(`${path} is no map of pmpc anonymize`, [`ls -l ${shellWord(path)}`], {path})
  return {key, pairs: pairsOf(text, key, path)}
}

async function refuseTracked(folder: string, name: string, shown: string): Promise<void> {
  const listed = await readGit(folder, ['ls-files', '-z', '--', name], {accept: [0, 128]}).catch((error: unknown) => {
    // Where there is no Git, and no such folder, nothing is tracked.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('PMPC_')) return undefined
    throw error
  })
  if (listed !== undefined && listed.stdout.length > 0)
    throw exposedMap(shown, 'is tracked by Git', [`git rm -r --cached -- ${shellWord(name)}`])
}

function mapText(key: Buffer, pairs: readonly Pair[], withKey = false): string {
  const sorted = [...pairs].sort((a, b) => compare(a.kind, b.kind) || compare(a.original, b.original))
  const file: MapFile = {
    format: FORMAT,
    version: VERSION,
    ...(withKey && {key: key.toString('base64')}),
    sealed: seal(key, JSON.stringify(sorted)),
  }
  return `${JSON.stringify(file)}\n`
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function parsedMap(text: string): MapFile | undefined {
  try {
    const found = JSON.parse(text) as Partial<MapFile> | null
    return found?.format === FORMAT && found.version === VERSION && typeof found.sealed === 'string'
      ? (found as MapFile)
      : undefined
  } catch {
    return undefined
  }
}

/** The pairs of a map's text. @throws PMPC_ANONYMIZE_MAP */
function pairsOf(text: string | undefined, key: Buffer, path: string): Pair[] {
  if (text === undefined) return []
  const opened = unseal(key, parsedMap(text)?.sealed ?? '')
  const pairs = opened === undefined ? undefined : readPairs(opened)
  if (pairs) return pairs
  throw mapError(
    `${path} is damaged, or was made with another key`,
    ['pmpc anonymize map import FILE   # from an export of it', `ls -l ${shellWord(path)}`],
    {path},
  )
}

/** Pairs as they are kept; undefined for anything else. */
export function readPairs(text: string): Pair[] | undefined {
  try {
    const found: unknown = JSON.parse(text)
    return Array.isArray(found) && found.every(isPair) ? found : undefined
  } catch {
    return undefined
  }
}

const isPair = (found: unknown): found is Pair => {
  const pair = found as Partial<Pair> | null
  return [pair?.kind, pair?.original, pair?.pseudonym].every((part) => typeof part === 'string')
}

/** Both, each real value once. @throws PMPC_ANONYMIZE_MAP where the two name one value in two ways, or two values in one */
export function merged(kept: readonly Pair[], added: readonly Pair[]): Pair[] {
  const byOriginal = new Map<string, Pair>()
  const byPseudonym = new Map<string, Pair>()
  for (const pair of [...kept, ...added]) {
    const [one, other] = [`${pair.kind} ${pair.original}`, `${pair.kind} ${pair.pseudonym}`]
    const same = byOriginal.get(one) ?? byPseudonym.get(other)
    if (same && (same.original !== pair.original || same.pseudonym !== pair.pseudonym)) throw meanwhile(null, pair.kind)
    byOriginal.set(one, pair)
    byPseudonym.set(other, pair)
  }
  return [...byOriginal.values()]
}

function meanwhile(path: string | null, kind?: FindKind): PmpcError {
  return new PmpcError(
    'PMPC_CHANGED_MEANWHILE',
    'another run has added to the map meanwhile, and named something otherwise: nothing was written',
    {suggestions: ['pmpc privacy show   # then run the command again'], data: {path, kind: kind ?? null}},
  )
}
