import {contextOf, lineOfLog, type Context} from './contexts/index.js'
import {isStrange, strange} from './contexts/strange.js'
import {formsOf} from './forms.js'
import {pieceOf, type Piece} from './found.js'
import {FORMED} from './lines.js'
import {isPrivate} from './meant.js'
import type {FindKind, Rules} from './model.js'
import {randomIn} from './random.js'
import {isNote} from './registry.js'
import {AT, PERCENT} from './scan.js'

/** What is known of a word without its place. */
export interface Entry {
  forms: readonly Piece[]
  context: Context | undefined
  /** Looks like a secret by itself. */
  random: {start: number; end: number} | undefined
  isNote: boolean
  /** What its line is remembered by, if that is not the word itself; 0 otherwise. */
  shape: number
  /** Its line is looked at by itself. */
  isAlone: boolean
}

/** By itself it is nothing. */
export const nothing: Entry = {
  forms: [],
  context: undefined,
  random: undefined,
  isNote: false,
  shape: 0,
  isAlone: false,
}
/** Nothing, but a number behind it may be a secret. */
export const grave: Entry = {...nothing, isAlone: true}
const announcesSecret =
  /pass|pw|kennw|wor[td]|secret|geheim|token|pin|psk|otp|code|phrase|cred|parola|senha|clave|community|(?<!public)key\b/i
/** What differs from line to line. */
const varying: ReadonlySet<FindKind> = new Set(['ipv4', 'ipv6', 'mac', 'uuid'])
const interfaceOfGuest = /^(?:tap|veth|fwbr|fwpr|fwln)\d+/

/** What words say that were not met before. */
export class Entries {
  readonly #rules: Rules
  readonly #meets: (word: string) => void
  readonly #shapes = new Map<string, number>()

  /** @param meets told of each word */
  constructor(rules: Rules, meets: (word: string) => void) {
    this.#rules = rules
    this.#meets = meets
  }

  /** @param sort of what the word consists */
  meet(word: string, sort: number): Entry {
    this.#meets(word)
    const forms: Piece[] = formsOf(word, sort).map(pieceOf)
    if (this.#rules.strict && forms.length === 0 && isRandom(word))
      forms.push({kind: 'token', start: 0, end: word.length, confidence: 'likely'})
    let context = contextOf(word, sort)
    if (!context && forms.length === 0 && this.#rules.unknown === 'hide' && isStrange(word)) context = strange
    const random = forms.some(({kind, isName}) => kind === 'token' || isName) ? undefined : randomIn(word)
    const isPlain = forms.length === 0 && !context && !random && (sort & (PERCENT | AT)) === 0
    if (isPlain && interfaceOfGuest.test(word)) return {...nothing, shape: this.#numberOf(word.replaceAll(/\d+/g, '0'))}
    if (isPlain) return announcesSecret.test(word) ? grave : nothing
    const entry: Entry = {
      forms,
      context,
      random,
      isNote: this.#rules.notes === 'drop' && isNote(word),
      shape: 0,
      isAlone: false,
    }
    entry.isAlone = random !== undefined || entry.isNote || announcesSecret.test(word)
    if (!entry.isAlone) entry.shape = this.#shapeOf(word, sort, entry)
    return entry
  }

  /** A number for what a word looks like that stands in each line of a log otherwise: a time, an address, a task; 0 for others. */
  #shapeOf(word: string, sort: number, {forms, context}: Entry): number {
    let looks = word.length.toString()
    if (context === lineOfLog) {
      if (!/^\d/.test(word)) return 0
    } else {
      const isTask = word.startsWith('UPID:')
      const isWhole = forms[0]?.kind === 'ipv6' && forms[0].end === word.length
      if ((context && !isWhole) || (sort & PERCENT) !== 0 || forms.length === 0) return 0
      const isFull = word.includes('.') && (sort & AT) === 0
      if (!isTask && !forms.every(({kind}) => varying.has(kind) || (isFull && (kind === 'host' || kind === 'domain'))))
        return 0
      let last = 0
      looks = isTask ? (word.split(':')[5] ?? '') : ''
      for (const {kind, start, end, spelled} of forms) {
        if (!isTask) looks += word.slice(last, start).replaceAll(/\d+/g, '0')
        looks += `<${kind}${spelled ?? ''}${isPrivate.test(word.slice(start, end))}>`
        last = end
      }
      if (!isTask) looks += word.slice(last).replaceAll(/\d+/g, '0')
    }
    return this.#numberOf(looks)
  }

  #numberOf(looks: string): number {
    let shape = this.#shapes.get(looks)
    if (shape === undefined) this.#shapes.set(looks, (shape = FORMED | this.#shapes.size))
    return shape
  }
}

/** Long, of all sorts of characters, and few of them twice: no word of a language, no path, no version. */
function isRandom(word: string): boolean {
  if (word.length < 20 || !/\d/.test(word) || !/[A-Za-z]/.test(word) || /[.:@%]|--/.test(word)) return false
  const counts = new Map<string, number>()
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1)
  let entropy = 0
  for (const count of counts.values()) entropy -= (count / word.length) * Math.log2(count / word.length)
  return entropy > 3.5
}
