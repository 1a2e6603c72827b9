import {pieceAt, pieceOf, type Located, type Piece} from './found.js'
import {secrets} from './overlaps.js'

/** Codes of words that differ from line to line: below is the number of a word that is the same. */
export const [SINGLE, SHAPED, FORMED] = [1 << 24, 1 << 25, 1 << 26]
/** Codes of a line that is looked up: a longer one is hardly one of many. */
const LONGEST = 400
/** Templates that are remembered. */
const most = 20_000
/** Five bits of each code reach each bit of the hash. */
const PRIME = 0x9e3779b1 | 0

/** What is known of a word. */
interface Entry {
  forms: readonly Piece[]
  isAlone: boolean
}

/** The words of a line, as they are read, with a code for each and for what stands between them. */
export class Line<T extends Entry> {
  count = 0
  starts = new Int32Array(64)
  ends = new Int32Array(64)
  sorts = new Int32Array(64)
  numbers = new Int32Array(64)
  words = new Int32Array(64)
  readonly entries: T[] = []
  codes = new Int32Array(LONGEST)
  length = 0
  hash = 0
  /** It is looked at by itself, whatever others say. */
  isAlone = false

  /** Where it begins, and its first word. */
  from = 0
  head = 0
  /** Which word is the host's, by what stands before it; -1 where there is none. */
  host = -1
  /** It begins with a date and not with a month. */
  #isDated = false
  /** What stands before the next word, where that is one character. */
  #joint = 0

  begin(from: number, head: number, isDated: boolean): void {
    this.from = from
    this.head = head
    this.host = -1
    this.#isDated = isDated
    this.count = this.length = this.hash = 0
    this.isAlone = false
  }

  /** The next word is the host's: the third behind a month, the first behind a date and a blank. */
  get awaitsHost(): boolean {
    return this.host < 0 && (this.#isDated ? this.#joint === 0x20 : this.count === 2)
  }

  /** What stands between two words. */
  gap(bytes: Uint8Array, from: number, to: number): void {
    this.#joint = to - from === 1 ? bytes[from]! : 0
    for (let at = from; at < to; at += 3) {
      let code = 1
      for (let i = at; i < to && i < at + 3; i++) code = (code << 8) | bytes[i]!
      this.#add(code)
    }
  }

  /**
   * @param number of the word, where it is remembered; -1 otherwise
   * @param code what stands for it: its number, or what it looks like
   */
  word(start: number, end: number, sort: number, number: number, code: number, entry: T): void {
    const at = this.count++
    if (at === this.starts.length) this.#grow()
    this.starts[at] = start
    this.ends[at] = end
    this.sorts[at] = sort
    this.numbers[at] = number
    this.words[at] = code
    this.entries[at] = entry
    if (entry.isAlone || code < 0) this.isAlone = true
    this.#add(~code)
  }

  #add(code: number): void {
    if (this.length === LONGEST) this.isAlone = true
    else {
      this.codes[this.length++] = code
      const hash = Math.imul(this.hash ^ code, PRIME)
      this.hash = hash ^ (hash >>> 15)
    }
  }

  #grow(): void {
    for (const field of ['starts', 'ends', 'sorts', 'numbers', 'words'] as const) {
      const more = new Int32Array(this[field].length * 2)
      more.set(this[field])
      this[field] = more
    }
  }
}

/** A find, by the words of its line. */
type Part =
  /** A form of a word. */
  | {word: number; form: number}
  /** The same in each line: its piece is of the word that it begins in. */
  | {word: number; piece: Piece}
  /** From the beginning of a word to the end of another. */
  | {word: number; last: number; find: Located}

interface Template {
  codes: Int32Array
  /** undefined: such a line is looked at each time. */
  parts: readonly Part[] | undefined
  next: Template | undefined
}

/**
 * What lines of logs hold that differ in numbers, times and addresses only. What was found in one of them is in the same words of the others, so that they
 * are looked at no more: nearly all lines of a log are such.
 */
export class Lines {
  readonly #templates = new Map<number, Template>()
  #count = 0

  /** What was found in a line that reads like this one. */
  find({codes, length, hash, isAlone}: Line<Entry>): Template | undefined {
    if (isAlone) return undefined
    let one = this.#templates.get(hash & 0x3fffffff)
    for (; one; one = one.next) {
      if (one.codes.length !== length) continue
      let at = 0
      while (at < length && one.codes[at] === codes[at]) at++
      if (at === length) return one
    }
    return undefined
  }

  /** Remembers what was found in a line. @param isWhole nothing else than what was found is told by it */
  keep(line: Line<Entry>, found: readonly Located[], isWhole: boolean): void {
    if (line.isAlone) return
    if (this.#count++ > most) {
      this.#templates.clear()
      this.#count = 0
    }
    const key = line.hash & 0x3fffffff
    this.#templates.set(key, {
      codes: line.codes.slice(0, line.length),
      parts: isWhole ? partsOf(line, found) : undefined,
      next: this.#templates.get(key),
    })
  }
}

/** What was found, by words; undefined where that cannot be told by words. */
function partsOf(line: Line<Entry>, found: readonly Located[]): Part[] | undefined {
  const parts: Part[] = []
  for (const find of found) {
    const part = secrets.has(find.kind) ? undefined : partOf(line, find)
    if (!part) return undefined
    parts.push(part)
  }
  // What was called a version here may be an address elsewhere.
  const forms = parts.filter((part) => 'form' in part && line.words[part.word]! >= FORMED).length
  let all = 0
  for (let i = 0; i < line.count; i++) if (line.words[i]! >= FORMED) all += line.entries[i]!.forms.length
  return forms >= all ? parts : undefined
}

function partOf({starts, ends, count, words, entries}: Line<Entry>, find: Located): Part | undefined {
  let word = 0
  while (word < count && ends[word]! <= find.start) word++
  let last = word
  while (last < count && ends[last]! < find.end) last++
  if (last >= count || starts[word]! > find.start) return undefined
  const form = find.piece ? entries[word]!.forms.indexOf(find.piece) : -1
  if (form >= 0) return {word, form}
  if (words.subarray(word, last + 1).every((code) => code < SINGLE)) {
    const from = starts[word]!
    return {word, piece: pieceOf({...find, start: find.start - from, end: find.end - from})}
  }
  // An address with the length of its network is one by its bits, too.
  const isByItself =
    starts[word] === find.start && ends[last] === find.end && find.kind !== 'ipv4' && find.kind !== 'ipv6'
  return isByItself ? {word, last, find} : undefined
}

/** Finds in a line what was found in another one like it. @param isVersion whether an address was called a version */
export function apply(
  parts: readonly Part[],
  line: Line<Entry>,
  found: Located[],
  isVersion: (start: number, end: number) => boolean,
): void {
  const {starts, ends, entries} = line
  for (const part of parts) {
    const start = starts[part.word]!
    if ('piece' in part) found.push(pieceAt(part.piece, start))
    else if ('form' in part) {
      const piece = entries[part.word]!.forms[part.form]!
      if (!piece.isNumber || !isVersion(start + piece.start, start + piece.end)) found.push(pieceAt(piece, start))
    } else found.push({...part.find, start, end: ends[part.last]!, piece: undefined})
  }
}
