import {fstatSync, statSync} from 'node:fs'
import type {Writable} from 'node:stream'

const unopened = Symbol.for('pmpc.unopened')

/** Has the getter of a standard stream say that the stream was not opened yet. */
export function markUnopened<Getter extends () => unknown>(getter: Getter): Getter {
  return Object.assign(getter, {[unopened]: true})
}

/** Whether nobody has asked for a standard stream yet; false where that cannot be known. */
export function isUnopened(name: 'stdout' | 'stderr'): boolean {
  const getter: object | undefined = Object.getOwnPropertyDescriptor(process, name)?.get
  return getter !== undefined && unopened in getter
}

/** Whether standard output was not opened yet, and cannot be a terminal. */
export function isUnopenedFile(): boolean {
  try {
    if (!isUnopened('stdout')) return false
    const stats = fstatSync(1)
    return !stats.isCharacterDevice() || stats.rdev === statSync('/dev/null').rdev
  } catch {
    return false
  }
}

/** Prints text for a machine or a person who asked for it: the result of a command. */
export function writeOut(text: string): void {
  process.stdout.write(text)
}

/** Writes bytes to standard output, and waits until they have left. A reader that has gone gets nothing. */
export async function writeBytes(bytes: Uint8Array): Promise<void> {
  const {stdout} = process
  if (stdout.destroyed) return
  await new Promise<void>((resolve) => {
    stdout.write(bytes, () => resolve())
  })
}

/** Prints text about the run: errors, warnings, progress, hints. */
export function writeError(text: string): void {
  process.stderr.write(text)
}

/** One JSON document with a line break, as every `--json` prints. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value ?? null, undefined, 2)}\n`
}

/** Waits until what was written to a stream has left the process, or can no longer leave it. */
export async function flush(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return
  await new Promise<void>((resolve) => {
    stream.once('error', () => resolve())
    stream.write('', () => resolve())
  })
}

/**
 * A reader that went away (`pmpc get guests | head -1`) is no error, and must not stop a command
 * that is changing something: what is printed from then on is lost, the work is not.
 */
export function ignoreClosedPipe(stream: Writable): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

/** Columns of the terminal behind a stream; undefined where there is none, so that nothing is cut in a pipe or file. */
export function terminalWidth(stream: Writable & {isTTY?: boolean; columns?: number}): number | undefined {
  return stream.isTTY && stream.columns ? stream.columns : undefined
}

/** Whether a variable of the environment says yes: set, and neither empty, `0` nor `false`. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false'
}
