import {closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync} from 'node:fs'
import type {Dirent, Stats} from 'node:fs'
import {join} from 'node:path'
import {PmpcError} from '../errors/index.js'

/**
 * Files of a workspace, as a clone brings them: nothing here follows a symbolic link, waits for a pipe or reads a device, as whoever wrote the
 * repository chose where those lead. Paths are from the workspace's root, with `/`.
 */

/** Bytes of a file that is read whole, unless its reader says otherwise: a thousand times what pmpc writes into one. */
export const MOST_BYTES = 16 * 2 ** 20

/**
 * What is at a path itself; undefined where there is nothing.
 * @throws PMPC_UNSAFE_PATH where something else than a folder is on the way
 */
export function statInside(root: string, path: string): Stats | undefined {
  const parts = path.split('/')
  let at = root
  for (const [depth, part] of parts.entries()) {
    at = join(at, part)
    const stats = lstatSync(at, {throwIfNoEntry: false})
    if (stats === undefined || depth === parts.length - 1) return stats
    if (!stats.isDirectory()) throw unsafePath(parts.slice(0, depth + 1).join('/'), stats)
  }
  return undefined
}

/**
 * The bytes of a regular file; undefined where there is none.
 * @throws PMPC_UNSAFE_PATH where something else is there or on the way, PMPC_TOO_LARGE
 */
export function readInside(root: string, path: string, most: number = MOST_BYTES): Buffer | undefined {
  const stats = statInside(root, path)
  if (stats === undefined) return undefined
  if (!stats.isFile()) throw unsafePath(path, stats)
  return readRegular(join(root, ...path.split('/')), path, most)
}

/** The bytes of a file that somebody named, through whatever links they have; `path` is as it is told to people. @throws as `readInside`, ENOENT */
export function readNamed(file: string, path: string = file, most: number = MOST_BYTES): Buffer {
  return readRegular(file, path, most, 0)
}

/** Opens before it looks, so that nobody can put something else there in between; a pipe is opened without waiting for its other end. */
function readRegular(file: string, path: string, most: number, noFollow = constants.O_NOFOLLOW ?? 0): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) throw unsafePath(path, stats)
    if (stats.size > most) throw tooLarge(path, stats.size, most)
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** What a folder holds; nothing where there is none. @throws PMPC_UNSAFE_PATH where it, or one on the way, is no folder */
export function listInside(root: string, folder: string): Dirent[] {
  const stats = statInside(root, folder)
  if (stats === undefined) return []
  if (!stats.isDirectory()) throw unsafePath(folder, stats)
  return readdirSync(join(root, ...folder.split('/')), {withFileTypes: true})
}

/** Makes a folder and those above it, below the root. @throws PMPC_UNSAFE_PATH, and what the file system says */
export function makeInside(root: string, folder: string, mode?: number): void {
  const stats = statInside(root, folder)
  if (stats?.isDirectory()) return
  if (stats) throw unsafePath(folder, stats)
  mkdirSync(join(root, ...folder.split('/')), {recursive: true, mode})
}

const names: readonly [keyof Dirent, string][] = [
  ['isSymbolicLink', 'a symbolic link'],
  ['isDirectory', 'a folder'],
  ['isFIFO', 'a pipe'],
  ['isSocket', 'a socket'],
]

/** Says what stands where a regular file or a folder has to be, and how it is taken away. */
export function unsafePath(path: string, found: Pick<Stats, 'isSymbolicLink' | 'isDirectory' | 'isFile'>): PmpcError {
  const what = found.isFile()
    ? 'a file, and no folder'
    : (names.find(([is]) => (found as unknown as Record<string, () => boolean>)[is]!())?.[1] ?? 'a device')
  const why = found.isSymbolicLink() ? ': pmpc follows none in a workspace, as it may lead anywhere' : ''
  return new PmpcError('PMPC_UNSAFE_PATH', `${path} is ${what}${why}`, {
    suggestions: [
      `${found.isDirectory() ? 'mv' : 'rm'} ${shellWord(path)}${found.isDirectory() ? ' ELSEWHERE' : ''}`,
      `git log --oneline -- ${shellWord(path)}`,
    ],
    data: {path},
  })
}

/** Says that something is larger than it can be where pmpc or a person wrote it. */
export function tooLarge(
  path: string,
  bytes: number,
  most: number,
  suggestions = [`ls -l ${shellWord(path)}`, `git log --oneline -- ${shellWord(path)}`],
): PmpcError {
  const size = (count: number) => `${Math.ceil(count / 2 ** 20)} MiB`
  return new PmpcError('PMPC_TOO_LARGE', `${path} has ${size(bytes)}; pmpc reads up to ${size(most)} there`, {
    suggestions,
    data: {path, bytes, most},
  })
}

/** A word of a command, to be typed as it stands. */
export function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
