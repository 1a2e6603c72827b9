import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {ClusterState} from '../resources/model.js'

/** Raise it when the form of the cached model changes: older entries are then not used. */
const cacheVersion = 1

/** Revisions kept beside the present states; the oldest go first. */
const keptBlobs = 40

/** File systems keep times at up to two seconds: within that a second writing need not show in the file's time. */
const racyMs = 2000

/** Where the state of a cluster is kept in a workspace. */
export function stateFile(root: string, cluster: string): string {
  return join(root, '.pmpc', 'state', `${cluster}.db`)
}

interface Stamp {
  version: number
  /** Size, time of change in nanoseconds and inode of the state file. */
  stat: string
  /** SHA-256 of the state file. */
  sha256: string
  /** SHA-256 of the second line, so that a damaged cache is no cache. */
  payload: string
}

/**
 * Reads a cluster's state from the working tree; undefined where there is none yet.
 * SQLite is loaded only when the file changed since it was last read: the model is kept as JSON in `.pmpc/local/cache`.
 * A missing, damaged or unwritable cache costs time and nothing else. Errors as of `readState`.
 */
export async function loadState({root, cluster}: {root: string; cluster: string}): Promise<ClusterState | undefined> {
  const file = stateFile(root, cluster)
  const stat = statOf(file)
  if (stat === undefined) return undefined
  const entry = cacheFile(root, cluster)
  const cached = readEntry(entry)
  if (cached && cached.stamp.stat === stat && isSettled(entry, file)) return cached.state
  const bytes = readFileSync(file)
  const sha256 = hash(bytes)
  if (cached?.stamp.sha256 === sha256) {
    if (cached.stamp.stat === stat) touch(entry)
    else writeEntry(entry, {stat, sha256}, cached.state)
    return cached.state
  }
  const {readState} = await import('./read.js')
  const state = await readState(bytes, `.pmpc/state/${cluster}.db`)
  writeEntry(entry, {stat, sha256}, state)
  return state
}

/** Fills the cache with a state just written to its file, so that the next command need not read it. */
export function rememberState({root, state, bytes}: {root: string; state: ClusterState; bytes: Uint8Array}): void {
  const stat = statOf(stateFile(root, state.cluster))
  if (stat !== undefined) writeEntry(cacheFile(root, state.cluster), {stat, sha256: hash(bytes)}, state)
}

/**
 * The state in a blob of Git's.
 * @param oid the blob's id, which is what the cache goes by
 * @param read fetches the blob; called only when it is not in the cache
 */
export async function loadStateBlob({
  root,
  oid,
  read,
}: {
  root: string
  oid: string
  read: () => Promise<Uint8Array>
}): Promise<ClusterState> {
  const entry = join(cacheFolder(root), 'blobs', `${oid}.json`)
  const cached = readEntry(entry)
  if (cached) return cached.state
  const bytes = await read()
  const {readState} = await import('./read.js')
  const state = await readState(bytes, `the state in ${oid}`)
  writeEntry(entry, {stat: '', sha256: hash(bytes)}, state)
  prune(dirname(entry))
  return state
}

function cacheFolder(root: string): string {
  return join(root, '.pmpc', 'local', 'cache')
}

function cacheFile(root: string, cluster: string): string {
  return join(cacheFolder(root), `state-${cluster}.json`)
}

function statOf(file: string): string | undefined {
  const stat = statSync(file, {bigint: true, throwIfNoEntry: false})
  return stat && `${stat.size} ${stat.mtimeNs} ${stat.ino}`
}

/** As Git does with its index: a file that changed about when the entry was made may have changed again unseen. */
function isSettled(entry: string, file: string): boolean {
  return statSync(entry).mtimeMs - statSync(file).mtimeMs > racyMs
}

function readEntry(entry: string): {stamp: Stamp; state: ClusterState} | undefined {
  try {
    const text = readFileSync(entry)
    const end = text.indexOf('\n')
    const stamp = JSON.parse(text.toString('utf8', 0, end)) as Stamp
    const payload = text.subarray(end + 1)
    if (stamp.version !== cacheVersion || stamp.payload !== hash(payload)) return undefined
    return {stamp, state: JSON.parse(payload.toString()) as ClusterState}
  } catch {
    return undefined
  }
}

function writeEntry(entry: string, {stat, sha256}: Pick<Stamp, 'stat' | 'sha256'>, state: ClusterState): void {
  const payload = JSON.stringify(state)
  const stamp: Stamp = {version: cacheVersion, stat, sha256, payload: hash(payload)}
  const temporary = `${entry}.${process.pid}`
  quietly(() => {
    mkdirSync(dirname(entry), {recursive: true})
    writeFileSync(temporary, `${JSON.stringify(stamp)}\n${payload}`)
    renameSync(temporary, entry)
  })
}

function touch(entry: string): void {
  quietly(() => utimesSync(entry, new Date(), new Date()))
}

function prune(folder: string): void {
  quietly(() => {
    const entries = readdirSync(folder).map((name) => ({name, at: statSync(join(folder, name)).mtimeMs}))
    for (const {name} of entries.sort((a, b) => b.at - a.at).slice(keptBlobs)) rmSync(join(folder, name), {force: true})
  })
}

/** The cache may be on a read-only or full disk; then there is none. */
function quietly(write: () => void): void {
  try {
    write()
  } catch {
    // Nothing depends on it.
  }
}

function hash(data: Uint8Array | string): string {
  // Loading node:crypto costs 3 ms, which what needs no hash must not pay.
  const {createHash} = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(data).digest('hex')
}
