import {nearest} from '../errors/nearest.js'
import {kinds, kindsNamed} from '../resources/kinds/index.js'

/** What a kind is called in `kind:`. */
export const kindNames: readonly string[] = kinds.map(({name}) => name)

/** Also words that mean more than one. */
const kindWords: readonly string[] = ['guests', ...kindNames, ...kinds.map(({plural}) => plural)]

/** The kind that a word was probably meant to be; undefined: no idea. */
export function nearestKind(word: string, among = kindWords): string | undefined {
  return kindsNamed(word)[0]?.name ?? nearest(word, among)
}

/** Says of a word that it is no kind, and which was meant. */
export function unknownKind(word: unknown, among = kindWords): string {
  const meant = typeof word === 'string' ? nearestKind(word, among) : undefined
  const hint = meant === undefined ? `it must be one of ${kindNames.join(', ')}` : `did you mean ${meant}?`
  return `${JSON.stringify(word)} is no kind; ${hint}`
}
