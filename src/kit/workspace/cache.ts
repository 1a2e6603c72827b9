import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import type {Stats} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

/** Of the caches' own form. */
const CACHE_FORMAT = 1

/** What is remembered of a file, to tell without reading it that it has not changed. */
export interface Stamp {
  size: number
  /** Milliseconds since the epoch, with fractions. */
  mtime: number
  ctime: number
  ino: number
  /** When it was read, by this machine's clock. */
  readAt: number
  /** Git's id of its content as a blob (SHA-1). */
  oid: string
}

/** A cache's content, and how far the file system's clock was behind this machine's when it was written. */
export interface Loaded<T> {
  data: T
  /** Milliseconds, never positive. */
  skew: number
}

/** Ticks of file systems are up to 10 ms long; some keep whole seconds only, or even ones. */
const TICK = 50
const COARSE_TICK = 2100

export function stampOf(stats: Stats, readAt: number, oid: string): Stamp {
  return {size: stats.size, mtime: stats.mtimeMs, ctime: stats.ctimeMs, ino: stats.ino, readAt, oid}
}

/** Whether a file is as it was stamped. */
export function isUnchanged(stamp: Stamp, stats: Stats): boolean {
  return (
    stamp.size === stats.size &&
    stamp.mtime === stats.mtimeMs &&
    stamp.ctime === stats.ctimeMs &&
    stamp.ino === stats.ino
  )
}

/**
 * Whether a stamp proves that a file has not changed. One that was read in the tick in which it was last written does not:
 * it may have been written again in that tick, and shows the same times (Git calls such an entry racy). Then its content decides.
 */
export function isSettled({mtime, ctime, readAt}: Stamp, skew: number): boolean {
  return settledAt(mtime, ctime) < readAt + skew
}

/** When the tick in which a file was last written is over. */
export function settledAt(mtime: number, ctime: number): number {
  return Math.max(mtime, ctime) + (mtime % 1000 === 0 ? COARSE_TICK : TICK)
}

/** Git's id of a blob. */
export function blobId(content: Uint8Array): string {
  // Loading node:crypto costs 3 ms, and where nothing changed nothing is hashed.
  const {createHash} = process.getBuiltinModule('node:crypto')
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

/** Tells a damaged text from a whole one. In words of four bytes, as a cold process would else take milliseconds for 100 kB. */
export function checksum(text: string): number {
  const bytes = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 4) * 4)
  bytes.write(text)
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  let sum = text.length
  for (let i = 0; i < words.length; i++) sum = Math.imul(sum ^ words[i]!, 16777619)
  return sum
}

interface Envelope<T> {
  format: number
  /** What wrote it; see `programOf`. */
  program: string
  writtenAt: number
  data: T
}

/** A derived cache of a workspace; undefined when there is none, or it is damaged or of another format. */
export function readCache<T>(root: string, name: string): Loaded<T> | undefined {
  const path = pathOf(root, name)
  try {
    const envelope = JSON.parse(readFileSync(path, 'utf8')) as Envelope<T>
    if (envelope.format !== CACHE_FORMAT || envelope.program !== programOf()) return undefined
    if (typeof envelope.data !== 'object' || !envelope.data) return undefined
    return {data: envelope.data, skew: Math.min(0, statSync(path).mtimeMs - envelope.writtenAt + TICK / 5)}
  } catch {
    return undefined
  }
}

/** Writes a cache at once as a whole. That it cannot be written is no error: it only saves time. */
export function writeCache<T>(root: string, name: string, data: T): void {
  const path = pathOf(root, name)
  const temporary = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), {recursive: true})
    const envelope: Envelope<T> = {format: CACHE_FORMAT, program: programOf(), writtenAt: Date.now(), data}
    writeFileSync(temporary, JSON.stringify(envelope), {mode: 0o600})
    renameSync(temporary, path)
  } catch {
    remove(temporary)
  }
}

function remove(path: string): void {
  try {
    rmSync(path, {force: true})
  } catch {
    // Its folder is a file, or read-only: then there is nothing to remove.
  }
}

/**
 * The bundles this code runs from, by size and times: another version of pmpc may read the same text differently. npm gives all files of all
 * packages one time of change, so that of the inode counts too.
 */
function programOf(): string {
  const own = fileURLToPath(import.meta.url)
  const bundles = readdirSync(dirname(own)).filter((name) => name.endsWith('.cjs'))
  const files = bundles.length > 0 ? bundles.map((name) => join(dirname(own), name)) : [own]
  return files.map((file) => stampText(statSync(file))).join(' ')
}

function stampText({size, mtimeMs, ctimeMs}: Stats): string {
  return `${size}:${mtimeMs}:${ctimeMs}`
}

/** Host and plugins are packages of their own; each has its own caches, so that they do not drive each other's out. */
function pathOf(root: string, name: string): string {
  const bundle = [...dirname(import.meta.url)].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7)
  return join(root, '.pmpc/local/cache', `${name}-${bundle.toString(36)}.json`)
}
