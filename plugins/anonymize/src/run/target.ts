import {randomBytes} from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import {basename, dirname, join, relative, resolve, sep} from 'node:path'
import {textOf, type ByteString} from 'pmpc/kit/anonymize'
import {shellWord} from 'pmpc/kit/files'
import {outputError, unreadable} from '../errors.js'
import {WHOLE} from '../content/windows.js'
import type {Input} from './input.js'

/** Where what is made goes. Nothing of it is to be seen there before {@link Target.commit}. */
export interface Target {
  /** Begins a file. @returns where it will be; null for standard output */
  begin(path: ByteString): string | null
  write(bytes: Buffer): Promise<void>
  /** Takes back what was begun last. */
  drop(): void
  /** Puts all of it in place. */
  commit(): Promise<void>
  /** Takes all of it away; after `commit` it does nothing. */
  abort(): void
}

/** How files are made. */
export interface TargetOptions {
  /** Permissions as far as the umask lets them; 0o666 unless given. */
  mode?: number
}

/** Standard output: held back until all is well, unless it is more than is held in the memory. */
export function outputTarget(print: (bytes: Buffer) => Promise<void>, most = WHOLE): Target {
  let held: Buffer[] = []
  let bytes = 0
  const release = async (): Promise<void> => {
    const parts = held.splice(0)
    for (const part of parts) await print(part)
  }
  return {
    begin: () => null,
    async write(part) {
      held.push(part)
      bytes += part.length
      if (bytes > most) await release()
    },
    drop: () => void (held = []),
    commit: release,
    abort: () => void (held = []),
  }
}

/**
 * A file, or below a folder that is there a file in it. It waits beside its place as `NAME.partial-…`, with nothing in it but what was rewritten.
 * @param path absolute
 * @param shown as it was typed
 */
export function fileTarget(path: string, shown: string, {mode = 0o666}: TargetOptions = {}): Target {
  let [file, partial, place] = [-1, '', path]
  return {
    begin(name) {
      const isFolder = statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
      place = isFolder ? join(path, textOf(name)) : path
      partial = partialOf(place)
      file = opened(partial, isFolder ? join(shown, textOf(name)) : shown, mode)
      return isFolder ? join(shown, textOf(name)) : shown
    },
    write: async (bytes) => writeAll(file, bytes, shown),
    drop: () => undefined,
    async commit() {
      fsyncSync(file)
      closeSync(file)
      file = -1
      moved(partial, place, shown)
      partial = ''
    },
    abort() {
      if (file >= 0) closeSync(file)
      if (partial !== '') rmSync(partial, {force: true})
      file = -1
    },
  }
}

/** A folder that is not there yet, or empty. It is made beside its place. */
export function folderTarget(
  path: string,
  shown: string,
  folders: readonly ByteString[],
  options: TargetOptions = {},
): Target {
  const partial = partialOf(path)
  makeFolder(partial, shown)
  for (const folder of folders) makeFolder(join(partial, textOf(folder)), shown)
  let [file, last, done] = [-1, '', false]
  const close = (): void => {
    if (file >= 0) closeSync(file)
    file = -1
  }
  return {
    begin(name) {
      close()
      last = join(partial, textOf(name))
      mkdirSync(dirname(last), {recursive: true})
      file = opened(last, join(shown, textOf(name)), options.mode ?? 0o666)
      return join(shown, textOf(name))
    },
    write: async (bytes) => writeAll(file, bytes, shown),
    drop() {
      close()
      rmSync(last, {force: true})
    },
    async commit() {
      close()
      if (existsSync(path)) rmdirSync(path)
      moved(partial, path, shown)
      done = true
    },
    abort() {
      close()
      if (!done) rmSync(partial, {recursive: true, force: true})
    },
  }
}

/** Says before anything is done what speaks against a place. @throws PMPC_ANONYMIZE_OUTPUT, PMPC_ANONYMIZE_FILE */
export function checkTarget(input: Input, path: string, shown: string): void {
  const stats = statSync(path, {throwIfNoEntry: false})
  const folder = statSync(dirname(path), {throwIfNoEntry: false})
  if (!folder?.isDirectory())
    throw outputError(`there is no folder for ${shown}`, [`mkdir -p ${shellWord(dirname(path))}`], {path: shown})
  if (input.isFolder) checkFolder(input, path, shown)
  else if (stats && !stats.isFile() && !stats.isDirectory() && !stats.isCharacterDevice())
    throw outputError(`${shown} is no file`, [`ls -ld ${shellWord(shown)}`], {path: shown})
  const source = input.place === undefined ? undefined : statSync(input.place)
  if (stats && source && stats.ino === source.ino && stats.dev === source.dev)
    throw outputError(`${shown} is what is to be anonymized: it would be lost`, ['pmpc anonymize FILE -o ANOTHER'], {
      path: shown,
    })
  sweep(path)
}

function checkFolder({place}: Input, path: string, shown: string): void {
  const next = ['pmpc anonymize DIR -o ANOTHER']
  const stats = statSync(path, {throwIfNoEntry: false})
  if (stats && (!stats.isDirectory() || readdirSync(path).length > 0))
    throw outputError(`${shown} is there already: a folder is made anew`, next, {path: shown})
  const real = join(realpathSync(dirname(path)), basename(path))
  const within = place === undefined ? '..' : relative(place, real)
  if (within !== '..' && !within.startsWith(`..${sep}`) && resolve(within) !== within)
    throw outputError(`${shown} is inside of what is to be anonymized`, next, {path: shown})
}

const partialOf = (path: string): string => `${path}.partial-${process.pid}-${randomBytes(3).toString('hex')}`

/** Takes away what killed processes have left there. */
function sweep(path: string): void {
  const begin = `${basename(path)}.partial-`
  for (const name of readdirSync(dirname(path)).filter((one) => one.startsWith(begin))) {
    const pid = Number(/^(\d+)-[0-9a-f]{6}$/.exec(name.slice(begin.length))?.[1])
    if (pid > 0 && !isAlive(pid)) rmSync(join(dirname(path), name), {recursive: true, force: true})
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function opened(path: string, shown: string, mode: number): number {
  try {
    return openSync(path, 'wx', mode)
  } catch (error) {
    throw unreadable(shown, error)
  }
}

function makeFolder(path: string, shown: string): void {
  try {
    mkdirSync(path, {recursive: true})
  } catch (error) {
    throw unreadable(shown, error)
  }
}

function writeAll(file: number, bytes: Buffer, shown: string): void {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
  } catch (error) {
    throw unreadable(shown, error)
  }
}

function moved(from: string, to: string, shown: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    throw unreadable(shown, error)
  }
}
