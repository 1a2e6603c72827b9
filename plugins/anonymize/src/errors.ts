import {PmpcError, type ErrorDetails} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'

/** The errors of this plugin; docs/errors.md says what each means. None of them quotes what a file holds. */

/** The map, its key or an export of it cannot be used. */
export const mapError = (message: string, suggestions: string[], data: Record<string, unknown> = {}): PmpcError =>
  new PmpcError('PMPC_ANONYMIZE_MAP', message, {suggestions, data})

/** A map that others can read, or that Git would hand on. */
export const exposedMap = (path: string, why: string, suggestions: string[]): PmpcError =>
  new PmpcError('PMPC_ANONYMIZE_EXPOSED', `${path} ${why}: whoever has it can undo what was anonymized with it`, {
    suggestions,
    data: {path},
  })

/** Where what was made cannot be put. */
export const outputError = (message: string, suggestions: string[], data: Record<string, unknown> = {}): PmpcError =>
  new PmpcError('PMPC_ANONYMIZE_OUTPUT', message, {suggestions, data})

/** What is no text and of no form that can be looked through. */
export const binaryError = (name: string, what: string): PmpcError =>
  new PmpcError('PMPC_ANONYMIZE_BINARY', `${name} is ${what}: what cannot be looked through is not handed out`, {
    suggestions: [`file ${shellWord(name)}`],
    data: {path: name, what},
  })

/** What ends before its end, or is not what it says it is. */
export const brokenError = (name: string, what: string, cause?: unknown): PmpcError =>
  new PmpcError('PMPC_ANONYMIZE_BROKEN', `${name} cannot be read: ${what}`, {
    suggestions: [`file ${shellWord(name)}`],
    data: {path: name},
    cause,
  })

/** More than may come out of so small a file. */
export const bombError = (name: string, what: string): PmpcError =>
  new PmpcError('PMPC_ANONYMIZE_BOMB', `${name} ${what}: it was not unpacked further`, {
    suggestions: [`ls -l ${shellWord(name)}`],
    data: {path: name},
  })

/** What had to go and is there still: nothing was handed out. */
export const leftError = (name: string, found: readonly {kind: string; line: number; column: number}[]): PmpcError => {
  const [first] = found
  const kinds = [...new Set(found.map(({kind}) => kind))].sort().join(', ')
  return new PmpcError(
    'PMPC_ANONYMIZE_LEFT',
    `${name} still told of somebody after it was anonymized (${kinds}), first in line ${first?.line}, column ${first?.column}: nothing was written`,
    {
      suggestions: ['pmpc privacy show', 'pmpc privacy set --block TEXT   # what is not found by itself'],
      data: {path: name, found: found.slice(0, 100)},
    },
  )
}

/** A file that was named and cannot be read, in the words of the file system. */
export const unreadable = (name: string, error: unknown): unknown => {
  const code = (error as NodeJS.ErrnoException).code
  const why = code === undefined ? undefined : whys[code]
  return why === undefined ? error : fileError(name, why)
}

const fileError = (name: string, why: string, details: Partial<ErrorDetails> = {}): PmpcError =>
  new PmpcError('PMPC_ANONYMIZE_FILE', `${name}: ${why}`, {
    suggestions: [`ls -ld ${shellWord(name)}`],
    data: {path: name},
    ...details,
  })

const whys: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'it may not be read or written',
  EPERM: 'it may not be read or written',
  EROFS: 'it is on a file system that is read-only',
  ENOSPC: 'no space is left there',
  EDQUOT: 'no space is left there',
  EISDIR: 'it is a folder',
  ENOTDIR: 'what stands before its last name is no folder',
  ELOOP: 'it is a link that leads in a circle',
  ENAMETOOLONG: 'its name is too long',
  EIO: 'the disk could not be read',
}

/** What is said where a file cannot be taken for another reason. */
export const refusedFile = fileError
