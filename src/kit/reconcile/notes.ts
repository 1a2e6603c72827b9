import {localOf, recallJson} from '../files/local.js'
import {isMap} from '../resources/documents.js'
import {parseRef} from '../resources/refs.js'
import type {Noted} from './agreement.js'

/**
 * What pmpc itself wrote into this clone's working tree: one file of the local folder, by object. Only so can an offer be told from an
 * edit of people's, as the snapshot that it came from may be another clone's by now.
 */
export const OFFERS = 'offers'

/** The notes of a clone, by `formatRef`; none where there is no file, or one that is damaged. @throws PMPC_UNSAFE_PATH */
export function recallOffers(root: string): Map<string, Noted> {
  const found = Object.entries(recallJson<Record<string, unknown>>(root, OFFERS, isMap) ?? {})
  const notes = found.filter((entry): entry is [string, Noted] => isObject(entry[0]) && isNoted(entry[1]))
  return new Map(notes.map(([object, noted]) => [object, withKind(object, noted)]))
}

/** Writes them anew. @throws what the file system says */
export function rememberOffers(root: string, notes: ReadonlyMap<string, Noted>): void {
  const sorted = [...notes].sort(([a], [b]) => (a < b ? -1 : 1))
  localOf(root).replace(OFFERS, `${JSON.stringify(Object.fromEntries(sorted))}\n`)
}

function isObject(text: string): boolean {
  try {
    return parseRef(text) !== undefined
  } catch {
    return false
  }
}

/** A note of before does not say of what kind its document is. */
function withKind(object: string, noted: Noted): Noted {
  return noted.document ? {...noted, document: {...noted.document, kind: parseRef(object).kind}} : noted
}

/** Whether it is what pmpc writes, as far as anything is done with it. */
function isNoted(found: unknown): found is Noted {
  if (typeof found !== 'object' || found === null) return false
  const {document, fields} = found as Partial<Noted>
  const isDocument = document === undefined || document === null || (isMap(document.beside) && isMap(document.config))
  return isDocument && (fields === undefined || isMap(fields))
}
