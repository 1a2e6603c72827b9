import {commonWords} from '../common-words.js'
import {isOrdinaryWord} from '../ordinary-words.js'
import {numbered, programs, roles, technical} from '../words.js'
import {verbs} from './sentences.js'

/** As words of some languages end, and libraries begin. */
const inflected =
  /^lib|.{4}(?:ing|ed|ly|tion|tions|ness|ment|ments|able|ible|ers|ies|ity|ous|ive|less|ful|ung|ungen|keit|heit|lich|isch|ische|ischen|iert|ieren|elle|elles|ique|iques|eux|euse|ual|uale|ico|ica)$|.{5}(?:ado|ada|ato|ata)$/

/** What a sentence may call something by: no word of a language, no abbreviation, and nothing that is made of such. @param name in lower case */
export const isOdd = (name: string): boolean =>
  (name.length > 3 || /[\d-]/.test(name)) &&
  !inflected.test(name) &&
  !numbered.has(/^([a-z]+)\d+$/.exec(name)?.[1] ?? '') &&
  !name
    .split(/[- ]/)
    .every((part) => part.length < 3 || isWord(part) || (part.endsWith('s') && isWord(part.slice(0, -1))))

const lists: readonly ReadonlySet<string>[] = [commonWords, technical, roles, programs, new Set(verbs.split('|'))]

const isWord = (part: string): boolean => lists.some((list) => list.has(part)) || isOrdinaryWord(part)
