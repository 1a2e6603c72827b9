import {readdirSync} from 'node:fs'
import type {Dirent} from 'node:fs'
import {join} from 'node:path'
import {statInside} from '../files/inside.js'
import {MANIFESTS} from '../files/names.js'
import {isPlainPath, nameFromBytes, shownPath} from '../files/spelling.js'
import type {Problem} from './place.js'

/** The manifests of a working tree. */
export interface Listing {
  /** Sorted, relative to the workspace and with `/`. */
  paths: string[]
  /** What is there and is not looked into: links, other repositories, names that cannot be told. */
  odd: Problem[]
}

/** Most manifests are called so, and neither hidden nor odd: a thousand of them need not be looked at more closely, which took 1.5 ms. */
const plainName = /^\w[\w.-]*\.ya?ml$/i

/** Lists the manifests of a working tree by their names. No link is followed. */
export function listManifests(root: string): Listing {
  const paths: string[] = []
  const odd: Problem[] = []
  const walk = (folder: string) => {
    const entries = entriesOf(root, folder)
    if (typeof entries === 'string') return odd.push(oddity('unreadable', folder, entries))
    if (entries.some(({name}) => name === '.git')) return odd.push(oddity('repository', folder))
    const isSeen = !isHidden(folder)
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`
      if (isSeen && entry.isFile() && plainName.test(entry.name)) {
        paths.push(path)
        continue
      }
      const what = oddityOf(path, entry)
      if (what !== undefined) odd.push(oddity(what, path))
      else if (entry.isDirectory()) walk(path)
      else if (entry.isFile() && isManifest(path)) paths.push(path)
    }
    return undefined
  }
  const stats = statInside(root, MANIFESTS)
  if (stats?.isDirectory()) walk(MANIFESTS)
  else if (stats) odd.push(oddity('no-folder', MANIFESTS))
  return {paths: paths.sort(), odd}
}

/** A folder's entries with their true names; what the file system said where it cannot be read. */
function entriesOf(root: string, folder: string): Dirent[] | string {
  try {
    const entries = readdirSync(join(root, folder), {withFileTypes: true})
    if (!entries.some(({name}) => name.includes('\uFFFD'))) return entries
    const raw = readdirSync(join(root, folder), {withFileTypes: true, encoding: 'buffer'})
    return raw.map((entry) => Object.assign(entry, {name: nameFromBytes(entry.name)}) as unknown as Dirent)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'an error'
  }
}

function oddityOf(path: string, entry: Dirent): OddityCode | undefined {
  const folder = entry.isDirectory()
  if (!folder && !isCalledLikeOne(path)) return undefined
  if (!isPlainPath(path)) return isHidden(path) ? undefined : 'name'
  return folder || entry.isFile() || (!entry.isSymbolicLink() && !isManifest(path)) ? undefined : 'no-file'
}

/** The same of a revision's files, by their mode. */
export function oddEntries(files: Iterable<{path: string; mode: string}>): Problem[] {
  const odd: Problem[] = []
  for (const {path, mode} of files) {
    if (!path.startsWith(`${MANIFESTS}/`) && path !== MANIFESTS) continue
    if (mode === '160000') odd.push(oddity('repository', path))
    else if (path === MANIFESTS) odd.push(oddity('no-folder', path))
    else if (isHidden(path) || !isCalledLikeOne(path)) continue
    else if (!isPlainPath(path)) odd.push(oddity('name', path))
    else if (mode === '120000') odd.push(oddity('no-file', path))
  }
  return odd
}

/** What two paths have in common that some file systems do not tell apart. */
export function foldedPath(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

/** Of two paths that differ only in the case of their letters, the second: some file systems hold one of them only. */
export function differingByCase(paths: Iterable<string>): Problem[] {
  const first = new Map<string, string>()
  const odd: Problem[] = []
  for (const path of new Set(paths)) {
    const folded = foldedPath(path)
    const other = first.get(folded)
    if (other === undefined) first.set(folded, path)
    else odd.push(oddity('case', path, shownPath(other)))
  }
  return odd
}

/** Whether a path is called as a manifest is, and can be told. */
export function isManifest(path: string): boolean {
  return /\.ya?ml$/i.test(path) && !isHidden(path) && isPlainPath(path)
}

/** Like a manifest, or like a folder of them. */
function isCalledLikeOne(path: string): boolean {
  return /\.ya?ml$|(?:^|\/)[^./]*$/i.test(path)
}

function isHidden(path: string): boolean {
  return path.startsWith('.') || path.includes('/.')
}

const oddities = {
  'no-file': ['warning', 'not a regular file, so no manifest; Git keeps of a link only where it points'],
  'no-folder': ['error', 'not a folder, so that there can be no manifest; links are not followed'],
  repository: ['warning', 'another repository (a submodule); its manifests are not of this workspace'],
  name: ['warning', 'its name holds control characters, backslashes or bytes that are no UTF-8; it is not read'],
  case: ['warning', 'its name differs only in the case of letters from'],
  unreadable: ['error', 'the folder cannot be read:'],
} as const

type OddityCode = keyof typeof oddities

function oddity(code: OddityCode, path: string, more?: string): Problem {
  // Where there can be no manifest at all, nothing can be written either.
  const severity = path === MANIFESTS ? 'error' : oddities[code][0]
  const message = more === undefined ? oddities[code][1] : `${oddities[code][1]} ${more}`
  return {severity, code, message, path: shownPath(path), line: 1, column: 1}
}
