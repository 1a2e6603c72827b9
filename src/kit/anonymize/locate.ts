import {lower} from './bytes.js'
import {
  accountBefore,
  anywhere,
  apiToken,
  hostAfter,
  hostOfLine,
  hostsAround,
  lineOfLog,
  personBefore,
  secretsOfLine,
  type Placed,
} from './contexts/index.js'
import {Entries, grave, nothing, type Entry} from './entries.js'
import {pieceAt, pieceOf, placedAt, type Located, type Piece} from './found.js'
import type {ByteString, FindKind, Rules} from './model.js'
import {apply, Line, Lines, SHAPED, SINGLE} from './lines.js'
import {isMeantIn, isVersion, withDetail, withLength} from './meant.js'
import {disjoint, secrets, withColours} from './overlaps.js'
import {isPublicHash, wholeAround} from './random.js'
import type {Runs} from './runs.js'
import {AT, DIGIT, HEX, isNumeral, LETTER, PERCENT, scan, sortOf} from './scan.js'
import {Seen} from './seen.js'
import {percentDecoded, withoutColours, type View} from './views.js'

/** A name, wherever it stands. */
export interface Name {
  kind: FindKind
  /** It counts where a name is expected only. */
  isWeak: boolean
  /** It counts with a capital letter only: `Baker`, and not a baker. */
  isCapital: boolean
}

/** What a text was found to hold, but for names. */
interface Reading {
  text: ByteString
  found: Located[]
  /** Its words, three numbers each: where it begins, where it ends, which it is; -1 for one that is not remembered. */
  words: Int32Array
  count: number
  /** Percent-encoded words, which are looked at decoded, too. */
  encoded: [start: number, end: number][]
  /** How many versions were known before and afterwards. */
  versions: [before: number, after: number]
}

const NEWLINE = 0x0a
/** A word of nothing but letters: a month, and no date. */
const LETTERS = HEX | LETTER
/** The host of a line of a log, whoever it is. */
const HEAD = SINGLE | 256
/** A word that is a number has none. */
const NUMERAL = -2
const none: readonly Piece[] = []
/** Words that are longer are not remembered. */
const LONG = 300

/**
 * Finds what identifies in texts. Words that were met are remembered, as most of a log are the same again and again; and so is what the last text
 * holds, as what is learnt from is rewritten next.
 */
export class Locator {
  #seen = new Seen<Entry>()
  /** The names in words that have some, and of which words that is known: 1 for those that have none, 2 for those that have. */
  readonly #names = new Map<number, readonly Piece[]>()
  #asked = new Uint8Array(1 << 12)
  /** Hosts of lines of logs, by their words; null for what is none. */
  readonly #heads = new Map<number, Piece | null>()
  #last: Reading | undefined
  readonly #line = new Line<Entry>()
  #lines = new Lines()
  readonly #table: Runs<Name>
  readonly #rules: Rules
  readonly #allowed: ReadonlySet<string>
  readonly #entries: Entries
  readonly #versions = new Set<string>()
  /** A name looks like a number: then numbers are looked at, too. */
  #hasNumerals = false

  /**
   * @param names that are found by themselves; whoever adds one says so (`renamed`)
   * @param meets told of each word that was not met before
   */
  constructor(rules: Rules, names: Runs<Name>, meets: (word: string) => void) {
    this.#entries = new Entries(rules, meets)
    this.#rules = rules
    this.#table = names
    this.#allowed = new Set(rules.allow.map((text) => lower(text)))
  }

  /** There is another name than before. */
  renamed(name: ByteString): void {
    this.#forget()
    if (this.#hasNumerals || !isNumeral(name, 0, name.length, sortOf(name))) return
    this.#hasNumerals = true
    this.#last = undefined
  }

  #forget(): void {
    if (this.#names.size > 0 || this.#asked.length > 0) this.#asked = new Uint8Array(0)
    this.#names.clear()
  }

  /**
   * What is in a text, in order, none over another.
   * @param isNamed names are found, too: else they are about to be learnt
   */
  locate(text: ByteString, isNamed: boolean): Located[] {
    const view = withoutColours(text)
    const plain = (one: ByteString) => this.#plain(one, isNamed)
    const found = view ? withColours(plain(text), through(view, plain(view.text))) : plain(text)
    for (const {pattern, kind} of this.#rules.patterns)
      for (const match of text.matchAll(
        new RegExp(pattern, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`),
      ))
        if (match[0] !== '')
          found.push({kind, start: match.index, end: match.index + match[0].length, confidence: 'sure'})
    return disjoint(
      this.#allowed.size === 0
        ? found
        : found.filter(({start, end}) => !this.#allowed.has(lower(text.slice(start, end)))),
    )
  }

  #plain(text: ByteString, isNamed: boolean): Located[] {
    const reading = this.#readingOf(text)
    const found = [...reading.found]
    if (isNamed) this.#addNames(reading, found)
    for (const [start, end] of reading.encoded) {
      const view = percentDecoded(text.slice(start, end))
      if (view) for (const one of through(view, this.#plain(view.text, isNamed))) found.push(placedAt(one, start))
    }
    return found
  }

  #readingOf(text: ByteString): Reading {
    const last = this.#last
    // What was called a version further down is one further up, too.
    if (last?.text === text && last.versions[1] === this.#versions.size && last.versions[0] === last.versions[1])
      return last
    if (this.#seen.isFull) {
      this.#seen = new Seen()
      this.#lines = new Lines()
      this.#heads.clear()
      this.#forget()
    }
    const reading = this.#read(text)
    if (text.length > LONG) this.#last = reading
    return reading
  }

  #read(text: ByteString): Reading {
    const found: Located[] = []
    const reading: Reading = {
      text,
      found,
      words: new Int32Array(Math.max(64, text.length >> 1)),
      count: 0,
      encoded: [],
      versions: [this.#versions.size, 0],
    }
    const lines: number[] = []
    const line = this.#line
    const apart: Located[] = []
    /** Where the next line begins, the last word ended, and what no line of a log was begins. */
    let [next, last, from] = [0, 0, 0]
    let [isFirst, isOpen] = [true, false]
    const close = (until: number) => {
      isOpen = false
      if (!this.#atLine(reading, lines, until)) return
      if (from < line.from) anywhereIn(text, from, line.from, apart)
      from = until
    }
    scan(text, (start, end, sort, hash, bytes) => {
      for (let at = last; at < start; at++)
        if (bytes[at] === NEWLINE) {
          if (isOpen) {
            line.gap(bytes, last, at)
            close(at + 1)
          }
          isFirst = true
          next = at + 1
        }
      if (isOpen) line.gap(bytes, last, start)
      // Numbers and times by themselves are nothing.
      const isNumber = sort <= DIGIT || (!this.#hasNumerals && isNumeral(text, start, end, sort))
      last = end
      if (isNumber || (end - start < 2 && bytes[start] !== 0x4f)) {
        isFirst = false
        if (isOpen) {
          const code = isNumber ? SHAPED | (sort << 4) | (end - start) : SINGLE | bytes[start]!
          line.word(start, end, sort, NUMERAL, code, nothing)
        }
        return end
      }
      const isShort = end - start < LONG
      let number = isShort ? this.#seen.indexOf(bytes, start, end, hash) : -1
      const entry = number < 0 ? this.#entries.meet(text.slice(start, end), sort) : this.#seen.at(number)
      if (number < 0 && isShort && !this.#seen.isFull) number = this.#seen.add(bytes, start, end, hash, entry)
      if (isOpen) {
        const isHost = line.awaitsHost
        if (isHost) line.host = line.count
        line.word(start, end, sort, number, isHost && entry === nothing ? HEAD : entry.shape || number, entry)
        return end
      }
      addWord(reading, start, end, number)
      if (isFirst && entry.context === lineOfLog) {
        isOpen = true
        line.begin(next, start, sort > LETTERS)
      }
      isFirst = false
      if (entry === nothing || entry === grave || isOpen) return end
      return (last = this.#atWord(entry, reading, start, end, sort, lines))
    })
    if (isOpen) close(text.length)
    if (from < text.length) anywhereIn(text, from, text.length, apart)
    if (apart.length > 0) reading.found = [...apart, ...found]
    let looked = 0
    for (const line of lines) {
      if (line < looked) continue
      const {found: secret, until} = secretsOfLine(text, line)
      reading.found.push(...secret)
      looked = until
    }
    reading.versions[1] = this.#versions.size
    return reading
  }

  /**
   * The line of a log that was read.
   * @returns whether all that it holds is found; else it is looked at once more along with the lines around it
   */
  #atLine(reading: Reading, lines: number[], until: number): boolean {
    const line = this.#line
    const {count, starts, ends, numbers, host} = line
    const {text, found} = reading
    const head = host < 0 ? undefined : this.#heads.get(numbers[host]!)
    const template = head === undefined ? undefined : this.#lines.find(line)
    if (!template?.parts) return this.#atNewLine(reading, lines, until, template === undefined)
    if (head) found.push(pieceAt(head, starts[host]!))
    for (let i = 0; i < count; i++)
      if (numbers[i]! >= 0 && (i !== host || !head)) addWord(reading, starts[i]!, ends[i]!, numbers[i]!)
    apply(
      template.parts,
      line,
      found,
      (start, end) => this.#versions.size > 0 && this.#versions.has(text.slice(start, end)),
    )
    return true
  }

  /** One that reads like none before. @param isNew none is known that reads like it and tells less */
  #atNewLine(reading: Reading, lines: number[], until: number, isNew: boolean): boolean {
    const line = this.#line
    const {count, starts, ends, sorts, numbers, entries} = line
    const {text, found, encoded} = reading
    const isOfLog = this.#atHead(text, found)
    const isKept = isNew && isOfLog && !line.isAlone
    const before = [found.length, lines.length, encoded.length, this.#versions.size] as const
    if (isKept) anywhereIn(text, line.from, until, found)
    let [behind, isWhole] = [0, true]
    for (let i = 0; i < count; i++) {
      const [start, end] = [starts[i]!, ends[i]!]
      if (start < behind) {
        isWhole = false
        if (behind < end) behind = this.#within(reading, behind, end, lines)
      } else if (numbers[i] !== NUMERAL) {
        addWord(reading, start, end, numbers[i]!)
        const entry = entries[i]!
        if (entry !== nothing && entry !== grave) behind = this.#atWord(entry, reading, start, end, sorts[i]!, lines)
      }
    }
    isWhole &&= before[1] === lines.length && before[2] === encoded.length && before[3] === this.#versions.size
    if (isKept) this.#lines.keep(line, found.slice(before[0]), isWhole)
    return isKept
  }

  /** What stands behind a secret that ends within a word. @returns where to go on */
  #within(reading: Reading, from: number, to: number, lines: number[]): number {
    let until = to
    scan(reading.text.slice(from, to), (start, end, sort) => {
      addWord(reading, from + start, from + end, -1)
      until = this.#atWord(
        this.#entries.meet(reading.text.slice(from + start, from + end), sort),
        reading,
        from + start,
        from + end,
        sort,
        lines,
      )
      return until - from
    })
    return until
  }

  /** What a word and its place tell. @returns where to go on */
  #atWord(
    entry: Entry,
    {text, found, encoded}: Reading,
    start: number,
    end: number,
    sort: number,
    lines: number[],
  ): number {
    if ((sort & PERCENT) !== 0) encoded.push([start, end])
    for (const form of entry.forms) {
      if (!isMeantIn(text, start, end, sort, form)) continue
      if (form.isNumber && this.#isVersion(text, start + form.start, start + form.end)) continue
      const one = pieceAt(form, start)
      if (form.kind === 'user' && form.start === 0 && text.charCodeAt(start - 1) === 0x2b) withDetail(text, one)
      found.push(one)
      if (form.kind === 'ipv4') withLength(text, one)
      if (form.kind === 'mac') for (const host of hostAfter(text, start, end)) found.push(host)
      if (form.kind === 'ipv4' || form.kind === 'ipv6')
        for (const host of hostsAround(text, start, end)) found.push(host)
    }
    if ((sort & AT) !== 0) {
      if (entry.forms.length > 0) for (const person of personBefore(text, start)) found.push(person)
      for (const token of apiToken(text, start, end)) found.push(token)
    }
    if (entry.random) {
      const {end: last} = entry.random
      // `-pHunter2` begins with the letter of an option.
      const isOption =
        entry.random.start === 0 && text.charCodeAt(start - 1) === 0x2d && !/\w/.test(text.charAt(start - 2))
      const first = entry.random.start + (isOption ? 1 : 0)
      const whole = wholeAround(text, start + first, start + last)
      if (!isPublicHash(text, whole.start)) found.push({kind: 'token', ...whole, confidence: 'likely'})
      for (const account of accountBefore(text, start + first)) found.push(account)
    }
    if (entry.isNote) found.push(...noteAfter(text, end))
    if (!entry.context) return end
    if (entry.context === lineOfLog) return end
    let next = end
    for (const one of entry.context(text, start, end)) {
      if (one.isLine) lines.push(one.start)
      else if (isApart(text, one)) found.push(one)
      // In a secret nothing else is looked for.
      if (secrets.has(one.kind) && one.start >= end && one.start < end + 8) next = Math.max(next, one.end)
    }
    return next
  }

  /** The host of a line of a log: most lines have one of a few. @returns whether it stands where the line's words say */
  #atHead(text: ByteString, found: Located[]): boolean {
    const {head, host, starts, ends, numbers} = this.#line
    const range = hostOfLine(text, head)
    if (!range) return false
    const [one] = lineOfLog(text, head, head)
    const piece = one ? pieceOf({...one, start: one.start - range.start, end: one.end - range.start}) : null
    if (piece) found.push(pieceAt(piece, range.start))
    if (host < 0 || numbers[host]! < 0 || starts[host] !== range.start || ends[host] !== range.end) return false
    if (!this.#heads.has(numbers[host]!)) this.#heads.set(numbers[host]!, piece)
    return true
  }

  /** The names in the words of a text. */
  #addNames({text, words, count}: Reading, found: Located[]): void {
    if (this.#asked.length < this.#seen.size) {
      const more = new Uint8Array(this.#seen.size * 2)
      more.set(this.#asked)
      this.#asked = more
    }
    const asked = this.#asked
    for (let at = 0; at < count; at += 3) {
      const number = words[at + 2]!
      if (number >= 0 && asked[number] === 1) continue
      const [start, end] = [words[at]!, words[at + 1]!]
      const known = number >= 0 && asked[number] === 2
      const names = known ? this.#names.get(number)! : this.#namesIn(text, start, end)
      if (number >= 0 && !known) {
        asked[number] = names.length === 0 ? 1 : 2
        if (names.length > 0) this.#names.set(number, names)
      }
      if (names.length === 0) continue
      for (const name of names) found.push(pieceAt(name, start))
      const isByForm = number >= 0 && this.#seen.at(number).forms.length > 0
      if (!isByForm && text.slice(start, end).includes('@')) found.push(...personBefore(text, start))
    }
  }

  #namesIn(text: ByteString, start: number, end: number): readonly Piece[] {
    if (!this.#table.mayHold(text, start, end)) return none
    const word = text.slice(start, end)
    const names: Piece[] = []
    for (const {start: first, end: last, found: name} of this.#table.in(word))
      if (!name.isWeak && !(name.isCapital && /[a-z]/.test(word[first]!)))
        names.push(pieceOf({kind: name.kind, start: first, end: last, confidence: 'sure', isName: true}))
    return names
  }

  /** Four numbers that were a version once are one wherever they stand, unless they are an address of a network of one's own. */
  #isVersion(text: string, start: number, end: number): boolean {
    const value = text.slice(start, end)
    if (this.#versions.has(value)) return true
    if (!isVersion(text, start, end)) return false
    if (!/^(?:10|127|172|192)\./.test(value)) this.#versions.add(value)
    return true
  }
}

/**
 * Whether no letter or digit goes on where it begins or ends: it would not be found again by its words. What stands for a secret is, wherever it stands; and what stands
 * behind an option of one letter (`-uada`).
 */
function isApart(text: ByteString, {kind, start, end}: Placed): boolean {
  if (secrets.has(kind)) return true
  const isBehind = isPart(text, start - 1) && isPart(text, start) && text.charAt(start - 2) !== '-'
  return !isBehind && !(isPart(text, end - 1) && isPart(text, end))
}

const isPart = (text: ByteString, at: number): boolean => /[A-Za-z0-9]/.test(text.charAt(at))

/** What is the same wherever it stands, in a part of a text that begins with a line. */
function anywhereIn(text: ByteString, from: number, to: number, found: Located[]): void {
  // With the end of the line before, as expressions ask for that.
  const start = Math.max(0, from - 1)
  const part = text.slice(start, to)
  for (const one of anywhere(part))
    if (isApart(part, one)) found.push(start === 0 ? one : {...one, start: one.start + start, end: one.end + start})
}

function addWord(reading: Reading, start: number, end: number, number: number): void {
  const {count} = reading
  if (count + 3 > reading.words.length) {
    const more = new Int32Array(reading.words.length * 2)
    more.set(reading.words)
    reading.words = more
  }
  reading.words[count] = start
  reading.words[count + 1] = end
  reading.words[count + 2] = number
  reading.count = count + 3
}

const through = ({places}: View, found: readonly Located[]): Located[] =>
  found.map((one) => ({
    ...one,
    start: places[one.start]!,
    end: places[one.end - 1]! + lengthAt(places, one.end),
    // It may be spelled otherwise here, with colours within.
    piece: undefined,
  }))

/** How long the last character of a find is in the text itself: what follows it directly, and not what was left out. */
function lengthAt(places: Int32Array, end: number): number {
  const step = places[end]! - places[end - 1]!
  return step === 3 ? 3 : 1
}

function noteAfter(text: string, end: number): Located[] {
  const match = /^["']?\s{0,9}[:=]\s{0,9}(?:"((?:\\.|[^"\\\r\n])*)"|([^\r\n]+))/d.exec(text.slice(end, end + 20_000))
  const range = match?.indices?.[1] ?? match?.indices?.[2]
  return range && range[1] > range[0]
    ? [{kind: 'note', start: end + range[0], end: end + range[1], confidence: 'sure'}]
    : []
}
