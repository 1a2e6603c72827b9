import {lstatSync} from 'node:fs'
import {join, relative, sep} from 'node:path'
import {PmpcError} from '../errors/index.js'
import {isPlainPath, shownPath} from '../files/spelling.js'

/** Checks a path of a file that pmpc is to write: relative to the root, with slashes, and within it. */
export function guardPath(path: string): string {
  if (isPlainPath(path)) return path
  throw new PmpcError('PMPC_BAD_PATH', `${shownPath(path)} is no path of a file inside the workspace.`, {
    suggestions: ['git status'],
    data: {path},
  })
}

/** Whether a folder on the way to the file is a symbolic link, which could lead out of the workspace. */
export function leadsThroughLink(root: string, path: string): boolean {
  const parts = path.split('/').slice(0, -1)
  for (let depth = 1; depth <= parts.length; depth++) {
    const found = lstatSync(join(root, ...parts.slice(0, depth)), {throwIfNoEntry: false})
    if (!found) return false
    if (!found.isDirectory()) return true
  }
  return false
}

/** `` or `sub/folder/`: where a folder lies in its repository, to be put before paths that are relative to it. */
export function prefixOf(repository: {root: string}, folder: string): string {
  const path = relative(repository.root, folder).split(sep).join('/')
  return path === '' ? '' : `${path}/`
}
