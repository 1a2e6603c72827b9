import {lstatSync, mkdirSync, readFileSync, rmdirSync, rmSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {replaceFile} from '../files/write.js'
import {reason} from './errors.js'
import {hashBlob, type ObjectFormat} from './objects.js'
import {leadsThroughLink} from './paths.js'

/** What a file of the working tree is to become. */
export interface FileStep {
  path: string
  /** {@link hashBlob} of the bytes that must be there; null: no file. */
  before: string | null
  /** The new bytes, or null to remove the file. */
  after: Uint8Array | null
  /** Executable; an existing file keeps its permissions. */
  executable?: boolean
}

/** Why a file was left as it is. */
export interface LeftFile {
  path: string
  /** `changed`: somebody else wrote it; `not-a-file`: a folder or link is there; else what the file system said. */
  reason: string
}

/** Tells people why a file was left. */
export function describeLeft({path, reason}: LeftFile): string {
  const why = reason === 'not-a-file' ? 'is no regular file, or lies behind a link,' : 'was changed meanwhile'
  return `${path} ${why} and was left as it is`
}

/** The id of the file's bytes, null where there is none, undefined where something else is (a folder, a link). */
export function fileId(root: string, path: string, format: ObjectFormat): string | null | undefined {
  if (leadsThroughLink(root, path)) return undefined
  const found = lstatSync(join(root, path), {throwIfNoEntry: false})
  if (!found) return null
  return found.isFile() ? hashBlob(readFileSync(join(root, path)), format) : undefined
}

/** The name under which new content waits beside its file until it is renamed over it. */
export function temporaryName(root: string, path: string, id: string): string {
  return join(root, dirname(path), `.${basename(path)}.${id}.tmp`)
}

/**
 * Brings one file to its new content by an atomic rename, only while it still is what was expected.
 * @returns undefined when the file now has the new content (or had it), else why it was left alone
 */
export function stepFile(root: string, step: FileStep, id: string, format: ObjectFormat): LeftFile | undefined {
  try {
    const current = fileId(root, step.path, format)
    if (current === undefined) return {path: step.path, reason: 'not-a-file'}
    const wanted = step.after === null ? null : hashBlob(step.after, format)
    if (current === wanted) return undefined
    if (current !== step.before) return {path: step.path, reason: 'changed'}
    if (step.after === null) removeFile(root, step.path)
    else writeFile(root, step, step.after, id)
    return undefined
  } catch (error) {
    return {path: step.path, reason: reason(error)}
  }
}

function writeFile(root: string, {path, executable}: FileStep, content: Uint8Array, id: string): void {
  const target = join(root, path)
  mkdirSync(dirname(target), {recursive: true})
  const there = lstatSync(target, {throwIfNoEntry: false})
  replaceFile(target, content, {
    mode: executable ? 0o777 : 0o666,
    permissions: there && there.mode & 0o7777,
    temporary: temporaryName(root, path, id),
  })
}

function removeFile(root: string, path: string): void {
  rmSync(join(root, path), {force: true})
  // As Git does: a folder goes with its last file.
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      rmdirSync(join(root, folder))
    } catch {
      return
    }
  }
}
