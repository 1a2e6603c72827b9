import {closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync} from 'node:fs'
import {dirname} from 'node:path'

export interface ReplaceOptions {
  /** Permissions of a new file, as far as the umask lets them; 0o666 unless given. */
  mode?: number
  /** Exact permissions, whatever the umask. */
  permissions?: number
  /** Content and name are on the disk when it returns, so that a crash of the machine loses neither. */
  sync?: boolean
  /** Where the content waits; beside the file, under a name of this process, unless given. */
  temporary?: string
}

/**
 * Puts content at a path whole or not at all: it waits beside the file until it is renamed over it. The folder must be there.
 * @throws what the file system says; the file is then as it was, and nothing is left beside it
 */
export function replaceFile(path: string, content: string | Uint8Array, options: ReplaceOptions = {}): void {
  const {mode = 0o666, permissions, sync = false, temporary = `${path}.${process.pid}.tmp`} = options
  try {
    const file = openNew(temporary, mode)
    try {
      const bytes = Buffer.from(content as Uint8Array)
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
      if (permissions !== undefined) fchmodSync(file, permissions)
      if (sync) fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, {force: true})
    throw error
  }
  if (sync) syncFolder(dirname(path))
}

/** A name of that kind that is taken was left by a killed process, or put there as a link: it is taken away, and never written through. */
function openNew(path: string, mode: number): number {
  try {
    return openSync(path, 'wx', mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    rmSync(path, {force: true})
    return openSync(path, 'wx', mode)
  }
}

/**
 * Makes a folder and those above it. Not by Node's `recursive`, which never comes back where the folder above is there and the file system
 * says all the same that it is not, as `/proc` does.
 * @throws what the file system says
 */
export function makeFolders(folder: string, mode?: number): void {
  if (statSync(folder, {throwIfNoEntry: false})?.isDirectory()) return
  const above = dirname(folder)
  if (above !== folder) makeFolders(above, mode)
  try {
    mkdirSync(folder, mode)
  } catch (error) {
    // Another process made it just now.
    if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory()) throw error
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } catch {
    // Some file systems cannot sync a folder; the rename is still atomic.
  } finally {
    closeSync(folder)
  }
}
