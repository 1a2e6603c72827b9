import {constants, openSync, unlinkSync} from 'node:fs'
import type {Dirent} from 'node:fs'
import {dirname, join} from 'node:path'
import {listInside, makeInside, readInside, unsafePath} from './inside.js'
import {LOCAL_FOLDER} from './names.js'
import {replaceFile} from './write.js'

/**
 * What belongs to one clone alone, below `.pmpc/local`: logs, notes of syncs. The one door to it: a clone can bring links there, which nothing
 * follows, and committed files, which `assertUntracked` of the runs' room refuses. Names are from that folder, with `/`.
 * Where a link or anything but a file or folder is met, each function throws PMPC_UNSAFE_PATH.
 */
export interface Local {
  /** Absolute, to be told to people. */
  path(name: string): string
  read(name: string): string | undefined
  list(folder: string): Dirent[]
  /** Puts a text there, whole or not at all; for its owner alone. */
  replace(name: string, text: string): void
  /** Makes a new file to which is appended. @returns its descriptor @throws EEXIST where anything has that name */
  create(name: string): number
  /** Opens a file that is there, to append to it. @returns its descriptor @throws what the file system says */
  append(name: string): number
  /** Takes a file away. @throws what the file system says */
  remove(name: string): void
  /** Looks at all there is. */
  check(): void
}

/**
 * Notes a value as JSON. Whoever has no note knows less, and nothing is wrong: where none can be made or written, none is.
 * @param make undefined: there is nothing to note
 */
export function noteJson(root: string, name: string, make: () => unknown): void {
  try {
    const value = make()
    if (value !== undefined) localOf(root).replace(name, `${JSON.stringify(value)}\n`)
  } catch {
    // A read-only folder, or a link there, was refused earlier, where it mattered.
  }
}

/** What was noted as JSON; undefined where nothing was, or what is there is not what pmpc writes. @throws PMPC_UNSAFE_PATH */
export function recallJson<T>(root: string, name: string, isNote: (found: unknown) => found is T): T | undefined {
  const text = localOf(root).read(name)
  try {
    const found: unknown = text === undefined ? undefined : JSON.parse(text)
    return isNote(found) ? found : undefined
  } catch {
    return undefined
  }
}

/** The folder of a workspace. It is made with the first file. */
export function localOf(root: string): Local {
  const inside = (name: string) => `${LOCAL_FOLDER}/${name}`
  const path = (name: string) => join(root, inside(name))
  const make = (name: string) => makeInside(root, dirname(inside(name)), 0o700)
  const list = (folder: string) => listInside(root, inside(folder))
  return {
    path,
    list,
    read: (name) => readInside(root, inside(name))?.toString('utf8'),
    replace(name, text) {
      make(name)
      replaceFile(path(name), text, {mode: 0o600})
    },
    create(name) {
      make(name)
      return openSync(path(name), 'ax', 0o600)
    },
    append(name) {
      list(dirname(name))
      return openSync(path(name), constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW)
    },
    remove(name) {
      list(dirname(name))
      unlinkSync(path(name))
    },
    check() {
      const walk = (folder: string) => {
        for (const entry of listInside(root, folder)) {
          const below = `${folder}/${entry.name}`
          if (entry.isDirectory()) walk(below)
          else if (!entry.isFile()) throw unsafePath(below, entry)
        }
      }
      walk(LOCAL_FOLDER)
    },
  }
}
