import {relative, resolve, sep} from 'node:path'
import {isPmpcError} from '../errors/index.js'
import {statInside} from '../files/inside.js'
import {MANIFESTS} from '../files/names.js'
import type {Repository} from '../git/index.js'
import {Session, type Manifests} from '../reconcile/index.js'
import {formatRef, type ObjectRef} from '../resources/index.js'
import {ownFileOf, type ManifestIndex, type Workspace} from '../workspace/index.js'

/** A file or folder that somebody typed, as a path in the workspace. */
export interface TypedPath {
  path: string
  /** It is there now; else it may have been. */
  isThere: boolean
}

/** Whether a word is a path where manifests are, or were; undefined: it is none. @param folder what the path is relative to */
export function typedPath(root: string, folder: string, word: string): TypedPath | undefined {
  const path = relative(root, resolve(folder, word)).split(sep).join('/')
  if (path.startsWith('..')) return undefined
  const isThere = path === '' || statInside(root, path) !== undefined
  const mayBe = path === MANIFESTS || path.startsWith(`${MANIFESTS}/`)
  return isThere || mayBe ? {path, isThere} : undefined
}

/** Whether a word is a file or folder of manifests that is there, and so may mean it. */
export function holdsManifests(root: string, folder: string, word: string): boolean {
  const typed = typedPath(root, folder, word)
  return typed?.isThere === true && (typed.path === MANIFESTS || typed.path.startsWith(`${MANIFESTS}/`))
}

/**
 * Tells which objects a file or folder is about: those that it declares, here or in HEAD, and those whose manifest pmpc would put there, which may
 * be gone from both by now.
 */
export async function objectsBelow(
  workspace: Workspace,
  repository: Repository,
  paths: readonly string[],
): Promise<(ref: ObjectRef) => boolean> {
  const session = await Session.open(workspace, repository)
  const indexes = await Promise.all([session.workIndex(), session.declared().then(indexOf, unreadable)])
  const isBelow = (file: string) =>
    paths.some((path) => path === '' || file === path || file.startsWith(`${path.replace(/\/$/, '')}/`))
  const declared = new Map<string, string[]>()
  for (const index of indexes)
    for (const [object, {path}] of index?.documents ?? []) declared.set(object, [...(declared.get(object) ?? []), path])
  return (ref) => {
    return (declared.get(formatRef(ref)) ?? [ownFileOf(ref)]).some(isBelow)
  }
}

function indexOf({index}: Manifests): ManifestIndex {
  return index
}

/** What HEAD declares is not known where it cannot be read; what is there now is. */
function unreadable(error: unknown): undefined {
  if (!isPmpcError(error)) throw error
}
