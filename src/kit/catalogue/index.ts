import {CATALOGUE} from './rows/index.js'
import {matchText, told} from './match.js'
import type {Match} from './model.js'

export {CATALOGUE} from './rows/index.js'
export {docsOf, matchText} from './match.js'
export type {CatalogueRow, Match, Source} from './model.js'

/** What the catalogue knows of a text: all errors in it, in the order of the table. */
export function explainText(text: string): Match[] {
  return matchText(CATALOGUE, text)
}

/** The row of an id, in whatever letters it was typed; undefined where there is none. */
export function explainId(id: string): Match | undefined {
  const row = CATALOGUE.find((one) => one.id === id.toUpperCase())
  return row === undefined ? undefined : told(row)
}

/** The line that an error of pmpc's ends with where the catalogue knows it: a command to type, and why. */
export function hintFor(texts: readonly string[]): string | undefined {
  const [first] = explainText(texts.join('\n'))
  return first === undefined ? undefined : `pmpc explain ${first.id}   # ${first.meaning}`
}
