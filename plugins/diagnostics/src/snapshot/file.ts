import {createHash} from 'node:crypto'
import {existsSync, statSync} from 'node:fs'
import {dirname, isAbsolute, join, resolve} from 'node:path'
import {gunzipSync, gzipSync} from 'node:zlib'
import {PmpcError} from 'pmpc/kit/errors'
import {LOCAL_FOLDER, localOf, readNamed, replaceFile, shellWord} from 'pmpc/kit/files'
import {snapshotFormat, type Snapshot} from './model.js'
import {misfitIn} from './shape.js'

/** Where snapshots go of which nobody says where: in the clone's own folder, which Git ignores. */
const FOLDER = 'snapshots'
export const snapshotFolder = `${LOCAL_FOLDER}/${FOLDER}`

/** Bytes of a file that is read, and of what it is unpacked to: a hundred times those of 1,000 guests. */
const most = {packed: 2 ** 27, unpacked: 2 ** 29}

/** What stands in a file: one JSON document, packed by gzip. */
interface Envelope {
  pmpc: 'snapshot'
  format: number
  /** Of the pmpc that wrote it. */
  version: string
  /** SHA-256 of the JSON of `snapshot`. */
  digest: string
  snapshot: Snapshot
}

/** A snapshot as bytes of a file. */
export function packed(snapshot: Snapshot, version: string): Uint8Array {
  const envelope: Envelope = {pmpc: 'snapshot', format: snapshotFormat, version, digest: digestOf(snapshot), snapshot}
  return gzipSync(`${JSON.stringify(envelope, undefined, 1)}\n`)
}

/**
 * Reads the bytes of a file, packed or not.
 * @throws PMPC_NOT_A_SNAPSHOT, PMPC_SNAPSHOT_DAMAGED, PMPC_SNAPSHOT_NEWER
 */
export function unpacked(bytes: Uint8Array, file: string): Snapshot {
  const envelope = parsed(textOf(bytes, file), file)
  const {format, version} = envelope
  if (format > snapshotFormat) throw newer(file, format, version)
  if (envelope.digest !== digestOf(envelope.snapshot)) throw damaged(file, 'it was changed since pmpc wrote it')
  const misfit = misfitIn(envelope.snapshot)
  if (misfit !== undefined) throw damaged(file, `its ${misfit} cannot be read`)
  return envelope.snapshot
}

function textOf(bytes: Uint8Array, file: string): string {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (!isPacked) return Buffer.from(bytes).toString('utf8')
  try {
    return gunzipSync(bytes, {maxOutputLength: most.unpacked}).toString('utf8')
  } catch (error) {
    const {code} = error as {code?: string}
    throw damaged(
      file,
      code === 'ERR_BUFFER_TOO_LARGE' ? 'it is larger than pmpc writes one' : 'it is cut off, or was changed',
    )
  }
}

function parsed(text: string, file: string): Envelope {
  const isOurs = /^\s*\{\s*"pmpc":\s*"snapshot"/.test(text)
  if (!isOurs) throw notOne(file)
  let found: Partial<Envelope>
  try {
    found = JSON.parse(text) as Partial<Envelope>
  } catch {
    throw damaged(file, 'its text is cut off, or was changed')
  }
  if (!Number.isInteger(found.format) || typeof found.snapshot !== 'object' || found.snapshot === null)
    throw damaged(file, 'a part of it is missing')
  return found as Envelope
}

function digestOf(snapshot: unknown): string {
  return createHash('sha256').update(JSON.stringify(snapshot)).digest('hex')
}

/** A file that a snapshot is to be written into. */
export interface Target {
  /** As it is told to people. */
  typed: string
  path: string
  /** Its name in the clone's own folder; undefined: it is elsewhere. */
  own: string | undefined
}

/**
 * Where a snapshot goes, before anybody works on it.
 * @param typed what was typed, from that folder; undefined: into the clone's own folder, under the time
 * @throws PMPC_USAGE where there is something already, or no folder
 */
export function targetFor(root: string, folder: string, typed: string | undefined, now = new Date()): Target {
  if (typed === undefined) {
    const own = `${FOLDER}/${now.toISOString().slice(0, 19).replaceAll(':', '-')}.json.gz`
    return {typed: `${LOCAL_FOLDER}/${own}`, path: localOf(root).path(own), own}
  }
  const path = resolve(folder, typed)
  const again = (name: string) => `pmpc snapshot take -o ${shellWord(name)}`
  if (existsSync(path))
    throw usage(`${typed} is there already, and is not written over.`, [
      again(`${typed}.new`),
      `ls -l ${shellWord(typed)}`,
    ])
  if (!statSync(dirname(path), {throwIfNoEntry: false})?.isDirectory())
    throw usage(`There is no folder for ${typed}.`, [`mkdir -p ${shellWord(dirname(path))}`])
  return {typed, path, own: undefined}
}

/** Writes it for its owner alone, whole or not at all. @throws what the file system says */
export function save(root: string, {path, own}: Target, bytes: Uint8Array): void {
  if (own === undefined) return replaceFile(path, bytes, {mode: 0o600, permissions: 0o600})
  const local = localOf(root)
  local.replace(own, '')
  replaceFile(path, bytes, {mode: 0o600, permissions: 0o600})
}

/**
 * Reads a snapshot by what was typed: a file from that folder, or the name of one in the clone's own.
 * @throws PMPC_NOT_FOUND, and as {@link unpacked}
 */
export function load(root: string | undefined, folder: string, typed: string): Snapshot {
  const places = [
    resolve(folder, typed),
    ...(root === undefined || isAbsolute(typed) ? [] : ownNames(typed).map((name) => join(root, snapshotFolder, name))),
  ]
  const path = places.find((each) => statSync(each, {throwIfNoEntry: false})?.isFile())
  if (path === undefined)
    throw new PmpcError('PMPC_NOT_FOUND', `There is no file ${typed}.`, {
      suggestions: [`ls ${snapshotFolder}`, 'pmpc snapshot take'],
      data: {file: typed},
    })
  return unpacked(readNamed(path, typed, most.packed), typed)
}

const ownNames = (typed: string): string[] => (typed.includes('/') ? [] : [typed, `${typed}.json.gz`])

function usage(message: string, suggestions: string[]): PmpcError {
  return new PmpcError('PMPC_USAGE', message, {suggestions})
}

function notOne(file: string): PmpcError {
  return new PmpcError('PMPC_NOT_A_SNAPSHOT', `${file} is no snapshot of pmpc's.`, {
    suggestions: [`pmpc snapshot take -o FILE.json.gz   # writes one`, `ls ${snapshotFolder}`],
    data: {file},
  })
}

/** @param why what is wrong with it */
export function damaged(file: string, why: string): PmpcError {
  return new PmpcError('PMPC_SNAPSHOT_DAMAGED', `${file} is damaged: ${why}.`, {
    suggestions: [`ls -l ${shellWord(file)}   # was it copied whole?`, 'pmpc snapshot take'],
    data: {file},
  })
}

/** @param format as the file says it */
export function newer(file: string, format: number | string, version: unknown): PmpcError {
  const by = typeof version === 'string' ? `pmpc ${version}` : 'a newer pmpc'
  return new PmpcError(
    'PMPC_SNAPSHOT_NEWER',
    `${file} was written by ${by} in format ${format}; this pmpc reads up to format ${snapshotFormat}.`,
    {suggestions: ['pmpc --version   # install the newer one', 'pmpc snapshot take'], data: {file, format}},
  )
}
