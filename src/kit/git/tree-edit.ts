import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {shownPath} from '../files/spelling.js'
import type {Context} from './context.js'
import {hashObject, printTree, treeMode, type NewObject, type TreeEntry} from './objects.js'
import {readTree} from './reads.js'

/** Mode and id of a file in a tree or in the index. */
export interface Entry {
  mode: string
  oid: string
}

/** A tree with some files set or removed, and the tree objects that it needs and the old one did not hold. */
export interface EditedTree {
  oid: string
  created: NewObject[]
}

/**
 * Computes the tree that `base` becomes when each path of `changes` is set (or, by null, removed). Only the folders on the way
 * are read; this replaces `read-tree`, `update-index` and `write-tree` on a temporary index, three processes of Git.
 * @param base id of the old root tree or commit, or null for none
 */
export async function editTree(
  context: Context,
  base: string | null,
  changes: Map<string, Entry | null>,
): Promise<EditedTree> {
  const created: NewObject[] = []
  const entries = base === null ? [] : await readTree(context, `${base}^{tree}`)
  const root = await editFolder(
    context,
    entries,
    [...changes].map(([path, entry]) => ({parts: path.split('/'), entry})),
    created,
    '',
  )
  return {oid: add(context, root, created), created}
}

interface Change {
  parts: string[]
  entry: Entry | null
}

async function editFolder(
  context: Context,
  entries: TreeEntry[],
  changes: Change[],
  created: NewObject[],
  above: string,
): Promise<TreeEntry[]> {
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  const below = new Map<string, Change[]>()
  for (const {parts, entry} of changes) {
    const name = parts[0]!
    if (parts.length > 1) {
      const list = below.get(name) ?? []
      list.push({parts: parts.slice(1), entry})
      below.set(name, list)
    } else if (entry) {
      if (byName.get(name)?.mode === treeMode) throw clash(above + name)
      byName.set(name, {name, ...entry})
    } else if (byName.get(name)?.mode !== treeMode) {
      byName.delete(name)
    }
  }
  for (const [name, list] of below) {
    const old = byName.get(name)
    const adds = list.some(({entry}) => entry !== null)
    if (old && old.mode !== treeMode && adds) throw clash(above + name)
    if ((!old || old.mode !== treeMode) && !adds) continue
    const edited = await editFolder(
      context,
      old ? await readTree(context, old.oid) : [],
      list,
      created,
      `${above}${name}/`,
    )
    // Git keeps no empty folder.
    if (edited.length === 0) byName.delete(name)
    else byName.set(name, {name, mode: treeMode, oid: add(context, edited, created)})
  }
  return [...byName.values()]
}

function add(context: Context, entries: TreeEntry[], created: NewObject[]): string {
  const content = printTree(entries)
  const oid = hashObject('tree', content, context.objectFormat)
  created.push({type: 'tree', oid, content})
  return oid
}

function clash(path: string): PmpcError {
  return new PmpcError(
    'PMPC_BAD_PATH',
    `${shownPath(path)} as committed is a file, a link or a submodule where a folder is needed, or the other way around.`,
    {
      suggestions: [`git ls-tree HEAD ${shellWord(path)}`, `git mv ${shellWord(path)} ELSEWHERE`],
      data: {path},
    },
  )
}
