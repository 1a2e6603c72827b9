import {PmpcError} from '../errors/index.js'
import type {Context} from './context.js'
import {guardWord} from './exec.js'
import {parseTree, treeMode, type TreeEntry} from './objects.js'

/** A file of a tree; `path` from the root. `mode` is 100644, 100755, 120000 (link) or 160000 (submodule). */
export interface TreeFile {
  path: string
  oid: string
  mode: string
}

/** A file in a revision, or a blob by its id. */
export type BlobName = {rev: string; path: string} | {oid: string}

/** The bytes of a file as committed in `rev`, or null where there is no such file (or no such revision). */
export async function readBlob(context: Context, rev: string, path: string): Promise<Uint8Array | null> {
  return (await readBlobs(context, [{rev, path}]))[0] ?? null
}

/** Many files through one process, answers in the order of the questions. */
export async function readBlobs(context: Context, names: BlobName[]): Promise<(Uint8Array | null)[]> {
  return Promise.all(
    names.map(async (name) => {
      const found = await context.objects.read('oid' in name ? name.oid : `${name.rev}:${name.path}`)
      return found?.type === 'blob' ? found.content : null
    }),
  )
}

/** Blobs by their ids, through the same process. A missing one is an error: the repository is damaged or partial. */
export async function readObjects(context: Context, oids: string[]): Promise<Uint8Array[]> {
  return Promise.all(
    oids.map(async (oid) => {
      const found = await context.objects.read(oid)
      if (found) return found.content
      throw new PmpcError('PMPC_GIT_MISSING_OBJECT', `Git does not hold the object ${oid}.`, {
        suggestions: ['git fsck --connectivity-only', 'git fetch --refetch'],
        data: {oid},
      })
    }),
  )
}

/**
 * Every file below a folder (`''` for all) in a revision, sorted by path; empty where there is none.
 * A path of a file gives that file.
 */
export async function listTree(context: Context, rev: string, prefix = ''): Promise<TreeFile[]> {
  const folder = prefix.replace(/\/+$/, '')
  const start = await context.objects.read(folder === '' ? `${rev}^{tree}` : `${rev}:${folder}`)
  if (!start) return []
  if (start.type !== 'tree') return listFile(context, rev, folder)
  const found: Found = {files: [], entries: 0}
  await walk(context, parseTree(start.content, context.objectFormat), folder, found)
  return found.files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Files and folders of a revision that are listed: a few trees that hold each other ten times over make more than there is memory. */
const mostEntries = 1_000_000

interface Found {
  files: TreeFile[]
  entries: number
}

async function walk(context: Context, entries: TreeEntry[], folder: string, found: Found): Promise<void> {
  found.entries += entries.length
  if (found.entries > mostEntries) throw tooManyFiles()
  await Promise.all(
    entries.map(async ({name, mode, oid}) => {
      const path = folder === '' ? name : `${folder}/${name}`
      if (mode !== treeMode) found.files.push({path, oid, mode})
      else await walk(context, await readTree(context, oid), path, found)
    }),
  )
}

function tooManyFiles(): PmpcError {
  return new PmpcError('PMPC_TOO_LARGE', `The revision holds more than ${mostEntries} files.`, {
    suggestions: ['git count-objects -vH', 'git rev-list --objects HEAD | wc -l'],
    data: {most: mostEntries},
  })
}

async function listFile(context: Context, rev: string, path: string): Promise<TreeFile[]> {
  const entry = (await readEntries(context, rev, [path])).get(path)
  return entry ? [{path, ...entry}] : []
}

/** Mode and id of single files in a revision, null where it has no such file. Each folder is read once. */
export async function readEntries(
  context: Context,
  rev: string | null,
  paths: string[],
): Promise<Map<string, {mode: string; oid: string} | null>> {
  const folders = new Map<string, Promise<Map<string, TreeEntry>>>()
  const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const read = async (folder: string): Promise<Map<string, TreeEntry>> => {
    const entries = rev === null ? [] : await readTree(context, folder === '' ? `${rev}^{tree}` : `${rev}:${folder}`)
    return new Map(entries.map((entry) => [entry.name, entry]))
  }
  for (const folder of new Set(paths.map(folderOf))) folders.set(folder, read(folder))
  const result = new Map<string, {mode: string; oid: string} | null>()
  for (const path of paths) {
    const found = (await folders.get(folderOf(path)))?.get(path.slice(path.lastIndexOf('/') + 1))
    result.set(path, found && found.mode !== treeMode ? {mode: found.mode, oid: found.oid} : null)
  }
  return result
}

/** What a commit is made of; null where Git does not hold it, as behind the end of a shallow clone. */
export async function readCommit(context: Context, oid: string): Promise<{tree: string; parents: string[]} | null> {
  const found = await context.objects.read(oid)
  if (found?.type !== 'commit') return null
  const text = found.content.toString('latin1')
  const header = text.slice(0, text.indexOf('\n\n')).split('\n')
  const ids = (key: string) =>
    header.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []))
  return {tree: ids('tree')[0]!, parents: ids('parent')}
}

/** The entries of one tree. */
export async function readTree(context: Context, oid: string): Promise<TreeEntry[]> {
  const found = await context.objects.read(oid)
  return found?.type === 'tree' ? parseTree(found.content, context.objectFormat) : []
}

/**
 * The commit that a revision means (`HEAD~3`, a branch, a tag, an abbreviated id).
 * Throws PMPC_UNKNOWN_REVISION; in a shallow clone it says that the history is cut off, and how to fetch it.
 */
export async function resolve(context: Context, rev: string): Promise<string> {
  const found = await context.objects.read(`${guardWord(rev, 'revision')}^{commit}`)
  if (found) return found.oid
  // `:/text` takes all that follows for text.
  const plain = rev.startsWith(':/') ? await context.objects.read(rev) : null
  if (plain?.type === 'commit') return plain.oid
  const shallow = context.isShallow
  throw new PmpcError(
    'PMPC_UNKNOWN_REVISION',
    shallow
      ? `Git knows no commit ${JSON.stringify(rev)} here; this clone is shallow, so its older history is missing.`
      : `Git knows no commit ${JSON.stringify(rev)}.`,
    {
      suggestions: shallow
        ? ['git fetch --unshallow', 'git fetch --deepen=50']
        : ['git log --oneline -10', 'git branch -a'],
      data: {rev, shallow},
    },
  )
}
