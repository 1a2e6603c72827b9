import {PmpcError} from 'pmpc/kit/errors'
import {readInside, shellWord} from 'pmpc/kit/files'
import {prefixOf, type LeftFile, type Repository} from 'pmpc/kit/git'
import type {Caller} from 'pmpc/kit/runs'
import {filesBelow} from './files.js'
import {isMarked, type GeneratedFile} from './generated.js'

/** A file as it is to be, and as it is. */
export interface Change {
  /** From the workspace. */
  path: string
  before: string | null
  after: string | null
}

/** What is to be written, and where. */
export interface Writing {
  root: string
  /** The folder of the workspace that holds it all. */
  folder: string
  /** Write over what was edited and not committed. */
  force: boolean
  /** What writes it: `pmpc iac generate`. */
  command: string
  /** All files that the code consists of, also those that are so already. */
  files: readonly string[]
  changes: readonly Change[]
  message: string
}

/** What came of writing. */
export interface Committed {
  /** Null where nothing was to be committed. */
  commit: string | null
  /** Files that are in the commit and could not be written, as where a folder is read-only. */
  left: LeftFile[]
}

/** Tells people of files that were committed and not written, and what brings them. */
export const toldLeft = (left: readonly LeftFile[]): string[] =>
  left.map(({path, reason}) => `${path} is committed and was not written (${reason}): git restore ${shellWord(path)}`)

/**
 * Writes files and commits them, with those that are there and in no commit yet.
 * @throws PMPC_IAC_EDITED, PMPC_FILE_DIFFERS; as `commitFiles`; nothing was written then
 */
export async function commitCode(repository: Repository, writing: Writing, caller: Caller): Promise<Committed> {
  const {root, changes, message} = writing
  const {oid: parent} = await repository.head()
  await refuseEdited(repository, writing, parent)
  const prefix = prefixOf(repository, root)
  const committed = await uncommitted(repository, parent, prefix, writing)
  caller.signal?.throwIfAborted()
  if (committed.length === 0) return {commit: null, left: []}
  const {commit, left} = await repository.commitFiles({
    parent,
    files: committed.map(({path, after}) => ({path: prefix + path, content: bytes(after)})),
    worktree: changes.map(({path, before, after}) => ({
      path: prefix + path,
      content: bytes(after),
      expect: before === null ? null : repository.hashBlob(Buffer.from(before)),
    })),
    message,
  })
  return {commit, left}
}

export const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text))

/**
 * Which files are written and which go.
 * @param files by their paths from the workspace
 * @param folders in which generated files that are none of these go
 * @param isMeant whether a file is written at all; what is not stays as it is
 */
export function changesOf(
  root: string,
  files: readonly GeneratedFile[],
  folders: readonly string[],
  isMeant: (file: GeneratedFile) => boolean = () => true,
): Change[] {
  const changes: Change[] = []
  for (const file of files) {
    const {path, text} = file
    const before = readInside(root, path)?.toString('utf8') ?? null
    if (file.isPeoples ? before !== null : before === text || !isMeant(file)) continue
    changes.push({path, before, after: text})
  }
  const kept = new Set(files.map(({path}) => path))
  for (const path of folders.flatMap((folder) => filesBelow(root, folder))) {
    const before = kept.has(path) ? undefined : readInside(root, path)?.toString('utf8')
    if (before !== undefined && isMarked(before)) changes.push({path, before, after: null})
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What is not in the last commit as it is to be. */
async function uncommitted(
  repository: Repository,
  parent: string | null,
  prefix: string,
  {root, folder, files, changes}: Writing,
): Promise<{path: string; after: string | null}[]> {
  const changed = new Map(changes.map(({path, after}) => [path, after]))
  if (parent === null) return [...changed].map(([path, after]) => ({path, after}))
  const there = new Map((await repository.listTree(parent, prefix + folder)).map(({path, oid}) => [path, oid]))
  const rest = files.filter((path) => !changed.has(path) && !there.has(prefix + path))
  return [
    ...[...changed].map(([path, after]) => ({path, after})),
    ...rest.flatMap((path) => {
      const text = readInside(root, path)?.toString('utf8')
      return text === undefined ? [] : [{path, after: text}]
    }),
  ]
}

/** Nothing of people's is written over: a file without the mark, or with edits that no commit holds. */
async function refuseEdited(
  repository: Repository,
  {changes, force, command, ...where}: Writing,
  parent: string | null,
): Promise<void> {
  const foreign = foreignAmong(changes)
  if (foreign.length > 0) throw notGenerated(foreign, command)
  const edited = force ? [] : await editedIn(repository, where, parent, changes)
  if (edited.length > 0) throw editedFiles(edited, command, where.folder)
}

/** Those of the files that are there and lack the mark: people's. */
export const foreignAmong = (changes: readonly Change[]): string[] =>
  changes.flatMap(({path, before}) => (before !== null && !isMarked(before) ? [path] : []))

/** Those of the files that are there otherwise than the last commit has them. */
export async function editedIn(
  repository: Repository,
  {root, folder}: Pick<Writing, 'root' | 'folder'>,
  parent: string | null,
  changes: readonly Change[],
): Promise<string[]> {
  const prefix = prefixOf(repository, root)
  const committed = parent === null ? [] : await repository.listTree(parent, prefix + folder)
  const ids = new Map(committed.map(({path, oid}) => [path, oid]))
  return changes.flatMap(({path, before}) =>
    before === null || ids.get(prefix + path) === repository.hashBlob(Buffer.from(before)) ? [] : [path],
  )
}

function notGenerated(paths: string[], command: string): PmpcError {
  return new PmpcError('PMPC_FILE_DIFFERS', `${paths.join(', ')}: there already, and not generated by pmpc`, {
    suggestions: [`git mv ${shellWord(paths[0]!)} ${shellWord(`${paths[0]!}.mine`)}`, `${command} --dry-run`],
    data: {paths},
  })
}

function editedFiles(paths: string[], command: string, folder: string): PmpcError {
  return new PmpcError('PMPC_IAC_EDITED', `${paths.join(', ')}: edited since it was generated, and not committed`, {
    suggestions: [
      `git diff -- ${shellWord(paths[0]!)}`,
      `${command} --force   # writes over it`,
      `git stash -- ${shellWord(folder)}`,
    ],
    data: {paths},
  })
}
