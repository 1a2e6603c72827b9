import {readdirSync, readFileSync, rmSync, statSync} from 'node:fs'
import {homedir} from 'node:os'
import {basename, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {TICK} from './stamps.js'
import {makeFolders, replaceFile} from './write.js'

/** A text that follows from other files, and is kept so that it need not be made again. */
export interface Keep {
  /** The workspace it belongs to. */
  root: string
  /** Letters, digits and `-`. */
  name: string
  /** Number of the text's form, where any pmpc may read it; without one only the bundle that wrote it does. */
  form?: number
}

/** What was kept. */
export interface Kept<About> {
  /** What the text follows from, to tell whether it still holds. */
  about: About
  text: string
  /** How far the file system's clock was behind this machine's when it was written; milliseconds, never positive. */
  skew: number
}

interface Header<About> {
  root: string
  /** What may read it: a form, or a program. */
  reader: number | string
  writtenAt: number
  checksum: number
  about: About
}

/**
 * The user's own cache folder: `PMPC_CACHE_DIR`, else `$XDG_CACHE_HOME/pmpc`, else `~/.cache/pmpc`.
 * What is believed without being looked at again lies there and never in the workspace, as it must not come with a clone.
 */
export function cacheFolder(env: Record<string, string | undefined> = process.env): string {
  return env.PMPC_CACHE_DIR || join(env.XDG_CACHE_HOME || join(env.HOME ?? homedir(), '.cache'), 'pmpc')
}

/** Where what is kept of a workspace lies, in the user's cache folder. */
export function keptFolder(root: string, env: Record<string, string | undefined> = process.env): string {
  return join(cacheFolder(env), 'workspaces', `${basename(root).replaceAll(/[^\w.-]/g, '_')}-${hash(root)}`)
}

/** What was kept; undefined where there is nothing, it is damaged, or another program's or another folder's. */
export function readKept<About>(keep: Keep): Kept<About> | undefined {
  const path = pathOf(keep)
  try {
    const whole = readFileSync(path, 'utf8')
    const end = whole.indexOf('\n')
    const header = JSON.parse(whole.slice(0, end)) as Header<About>
    const text = whole.slice(end + 1)
    if (typeof header.about !== 'object' || header.about === null) return undefined
    if (header.root !== keep.root || header.reader !== readerOf(keep) || header.checksum !== checksum(text))
      return undefined
    return {about: header.about, text, skew: Math.min(0, statSync(path).mtimeMs - header.writtenAt + TICK / 5)}
  } catch {
    return undefined
  }
}

/** Keeps a text. That it cannot be kept is no error: it only saves time. */
export function writeKept<About>(keep: Keep, about: About, text: string): void {
  const path = pathOf(keep)
  try {
    makeFolders(dirname(path), 0o700)
    const header: Header<About> = {
      root: keep.root,
      reader: readerOf(keep),
      writtenAt: Date.now(),
      checksum: checksum(text),
      about,
    }
    replaceFile(path, `${JSON.stringify(header)}\n${text}`, {mode: 0o600})
  } catch {
    // A read-only or full disk: then there is none.
  }
}

/** Removes the oldest of the texts whose names begin so, and nothing that is not named as `writeKept` does. */
export function pruneKept(root: string, prefix: string, most: number): void {
  const folder = keptFolder(root)
  try {
    const entries = readdirSync(folder, {withFileTypes: true})
      .filter((entry) => entry.isFile() && entry.name.startsWith(prefix) && keptName.test(entry.name))
      .map(({name}) => ({name, at: statSync(join(folder, name)).mtimeMs}))
    for (const {name} of entries.sort((a, b) => b.at - a.at).slice(most)) rmSync(join(folder, name), {force: true})
  } catch {
    // Somebody else prunes it.
  }
}

const ending = '.kept'
const keptName = /^[\w-]+\.kept$/

/** Host and plugins are packages of their own; where each reads its own only, they do not drive each other's out. */
function pathOf({root, name, form}: Keep): string {
  const own = form === undefined ? `-${hash(dirname(import.meta.url))}` : ''
  return join(keptFolder(root), `${name}${own}${ending}`)
}

function readerOf({form}: Keep): number | string {
  return form ?? programOf()
}

/**
 * The bundles this code runs from, by size and times: another version of pmpc may read the same text differently. npm gives all files of all
 * packages one time of change, so that of the inode counts too.
 */
function programOf(): string {
  const own = fileURLToPath(import.meta.url)
  const bundles = readdirSync(dirname(own)).filter((name) => name.endsWith('.cjs'))
  const files = bundles.length > 0 ? bundles.map((name) => join(dirname(own), name)) : [own]
  return files
    .map((file) => statSync(file))
    .map(({size, mtimeMs, ctimeMs}) => `${size}:${mtimeMs}:${ctimeMs}`)
    .join(' ')
}

/** 53 bits of a name, in letters and digits. Who finds another's file by chance sees that in its header. */
function hash(text: string): string {
  let [high, low] = [7, 11]
  for (const letter of text) {
    const code = letter.codePointAt(0)!
    high = (Math.imul(high, 31) + code) >>> 0
    low = Math.imul(low ^ code, 16777619) >>> 0
  }
  return (high * 2 ** 21 + (low >>> 11)).toString(36)
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
