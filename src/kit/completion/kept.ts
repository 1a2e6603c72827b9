import {readFileSync, realpathSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {cacheFolder} from '../files/kept.js'
import {makeFolders, replaceFile} from '../files/write.js'

/**
 * What the shells' functions read at TAB, plain lines in the user's cache folder. Never in the workspace: what a clone brings would be offered,
 * and a shell cannot look as closely as the room `files` at what lies there. The folder of a workspace's lists is its path, so that a shell finds
 * it without a hash.
 */

/** Number of the form of all lists. A script of another form finds none, and goes by the commands that it came with. */
export const FORMAT = 1

/** The folder of a workspace's lists, below its path; no folder of a person's is likely to be called so. */
export const LISTS = `.lists.${FORMAT}`

export function commandsFile(): string {
  return join(cacheFolder(), 'completion', `commands.${FORMAT}`)
}

/** A list of a workspace. @throws what the file system says of the workspace */
export function listFile(root: string, name: string): string {
  return join(cacheFolder(), 'completion', 'workspaces', realpathSync(root), LISTS, name)
}

/** Puts a text there, where it is not there already. That it cannot be kept is no error: it only offers words. */
export function keepList(path: () => string, text: string): void {
  try {
    const file = path()
    if (textOf(file) === text) return
    makeFolders(dirname(file), 0o700)
    replaceFile(file, text, {mode: 0o600})
  } catch {
    // A read-only or full disk: then no words are offered, or older ones.
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
