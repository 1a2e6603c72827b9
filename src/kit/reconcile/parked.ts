import type {Dirent} from 'node:fs'
import {shellWord} from '../files/inside.js'
import {LOCAL_FOLDER} from '../files/names.js'
import {localOf, noteJson, recallJson} from '../files/local.js'
import {PmpcError} from '../errors/index.js'
import {recallOffers} from './notes.js'

/** The note that offers are parked, and the folder with the texts of people's that were in Git's way. Below the local folder. */
export const PARKED = 'parked.json'
const TEXTS = 'parked'

/** What is parked in this clone. */
export interface Parked {
  /** ISO 8601; absent where only texts are left. */
  at?: string
  /** Objects of which the offer is not in the working tree, `home/vm/100`. */
  objects: string[]
  /** Manifests of which the text is kept until it can go back, by their path in the workspace. */
  texts: string[]
}

/** Undefined where nothing is. @throws PMPC_UNSAFE_PATH */
export function recallParked(root: string): Parked | undefined {
  const note = recallJson(root, PARKED, isNote)
  const offered = recallOffers(root)
  const objects = (note?.objects ?? []).filter((object) => !offered.has(object))
  const texts = parkedTexts(root)
  if (objects.length + texts.length === 0) return undefined
  return {...(note && {at: note.at}), objects, texts}
}

interface Note {
  at: string
  objects: string[]
}

function isNote(found: unknown): found is Note {
  const {at, objects} = (isRecord(found) ? found : {}) as Partial<Note>
  return typeof at === 'string' && Array.isArray(objects) && objects.every((object) => typeof object === 'string')
}

function isRecord(found: unknown): boolean {
  return typeof found === 'object' && found !== null
}

/** Notes of which objects the offers are parked, beside those that are already. */
export function noteParked(root: string, objects: readonly string[]): void {
  const before = recallParked(root)
  const all = [...new Set([...(before?.objects ?? []), ...objects])].sort()
  noteJson(root, PARKED, () => ({at: before?.at ?? new Date().toISOString(), objects: all}))
}

/** All is back. */
export function forgetParked(root: string): void {
  if (localOf(root).read(PARKED) !== undefined) localOf(root).remove(PARKED)
}

/** Paths of manifests of which a text is kept, sorted. */
function parkedTexts(root: string): string[] {
  const local = localOf(root)
  const walk = (folder: string): string[] =>
    local.list(folder).flatMap((entry: Dirent) => {
      const below = `${folder}/${entry.name}`
      return entry.isDirectory() ? walk(below) : [below.slice(TEXTS.length + 1)]
    })
  return walk(TEXTS).sort()
}

/** Where the text of a manifest is kept: a path in the workspace. */
export function parkedPath(path: string): string {
  return `${LOCAL_FOLDER}/${TEXTS}/${path}`
}

/** The text that is kept of a manifest. */
export function parkedText(root: string, path: string): string | undefined {
  return localOf(root).read(`${TEXTS}/${path}`)
}

/** Keeps a text; before its file goes. @throws PMPC_PARKED where another text of that manifest is kept */
export function parkText(root: string, path: string, text: string): void {
  const kept = parkedText(root, path)
  if (kept !== undefined && kept !== text) throw alreadyParked(path, parkedPath(path))
  localOf(root).replace(`${TEXTS}/${path}`, text)
}

/** Forgets a text that stands in its file again. */
export function unparkText(root: string, path: string): void {
  localOf(root).remove(`${TEXTS}/${path}`)
}

function alreadyParked(path: string, kept: string): PmpcError {
  return new PmpcError('PMPC_PARKED', `another text of ${path} is kept in ${kept}; nothing was changed`, {
    suggestions: [
      `git diff --no-index ${shellWord(kept)} ${shellWord(path)}   # then remove the one that is not wanted`,
    ],
    data: {path, kept},
  })
}
