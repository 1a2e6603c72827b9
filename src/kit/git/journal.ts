import {existsSync, readFileSync, readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {isPlainPath} from '../files/spelling.js'
import {replaceFile} from '../files/write.js'
import type {Context} from './context.js'
import {cannotWrite, isReadOnlyError, readOnly} from './errors.js'
import type {Entry} from './tree-edit.js'

/** What the index holds for a path: an entry, nothing, or a name added with intent-to-add. */
export type IndexState = Entry | null | 'intent'

/** One path of the index that is to change. */
export interface IndexStep {
  path: string
  before: IndexState
  after: Entry | null
  /** What the new commit holds for this path; undefined where the commit says nothing of it. */
  committed?: Entry | null
  /** The entry is outside of a sparse checkout, and stays there. */
  skipWorktree?: boolean
}

/** Bytes within JSON: text where they are UTF-8, else base64, or a blob that Git holds already. */
export type JournalContent = {text: string} | {base64: string} | {blob: string}

/** All that has to happen once the commit stands; written, and on disk, before HEAD moves. */
export interface Journal {
  version: 1
  /** Part of the names of temporary files. */
  id: string
  /** The commit that HEAD moves to; null where only index and working tree change. */
  commit: {before: string | null; after: string} | null
  index: IndexStep[]
  worktree: {path: string; before: string | null; after: JournalContent | null; executable?: boolean}[]
  intentToAdd: string[]
}

const fileName = 'pmpc-journal.json'

/** Where the journal of this working tree is. */
function journalPath(context: Context): string {
  return join(context.gitDir, fileName)
}

/** Whether an earlier command was cut off between its commit and its last step. */
export function hasJournal(context: Context): boolean {
  return existsSync(journalPath(context))
}

/** Writes the journal so that it survives a crash of the machine: content and name are synced. */
export function writeJournal(context: Context, journal: Journal): void {
  const path = journalPath(context)
  const temporary = join(context.gitDir, `pmpc-journal-${journal.id}.tmp`)
  try {
    replaceFile(path, JSON.stringify(journal), {mode: 0o600, sync: true, temporary})
  } catch (error) {
    throw isReadOnlyError(error) ? readOnly(path, error) : cannotWrite(path, error)
  }
}

/** Reads the journal; null where there is none, or what is there is none (a journal appears whole, by rename). */
export function readJournal(context: Context): Journal | null {
  try {
    const found: unknown = JSON.parse(readFileSync(journalPath(context), 'utf8'))
    return isJournal(found) ? found : null
  } catch {
    return null
  }
}

function isJournal(found: unknown): found is Journal {
  const {version, id, index, worktree, intentToAdd} = (found ?? {}) as Partial<Journal>
  if (version !== 1 || !/^[\w-]+$/.test(String(id)) || !Array.isArray(index)) return false
  if (!Array.isArray(worktree) || !Array.isArray(intentToAdd)) return false
  // Each was checked when it was written; one that is no longer fine was not written by us.
  return [...index, ...worktree].every((step) => isPlainPath(String(step?.path))) && intentToAdd.every(isPlainPath)
}

/** Takes the journal away: every step of it is done, or none will be. */
export function dropJournal(context: Context): void {
  rmSync(journalPath(context), {force: true})
}

/** Removes what a killed command left in the Git folder: temporary indexes, messages, half a journal. */
export function removeLeftovers(context: Context): void {
  for (const name of leftoversIn(context)) rmSync(join(context.gitDir, name), {recursive: true, force: true})
}

/** Names in the Git folder of what commands write there for a moment: one that is at work, or was killed. */
export function leftoversIn({gitDir}: Pick<Context, 'gitDir'>): string[] {
  return readdirSync(gitDir).filter((name) => /^pmpc-.*\.tmp(\.lock)?$/.test(name))
}

/** Packs bytes for the journal. */
export function packContent(content: Uint8Array): JournalContent {
  const bytes = Buffer.from(content)
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? {text} : {base64: bytes.toString('base64')}
}
