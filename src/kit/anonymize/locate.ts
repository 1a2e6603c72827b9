import {parse4} from './addresses.js'
import {lower} from './bytes.js'
import {
  accountBefore,
  anywhere,
  apiToken,
  contextOf,
  hostAfter,
  hostOfLine,
  hostsAround,
  lineOfLog,
  personBefore,
  secretsOfLine,
  type Context,
  type Placed,
} from './contexts/index.js'
import {formsOf, type Form} from './forms.js'
import type {ByteString, FindKind, Rules} from './model.js'
import {isNote} from './registry.js'
import {disjoint, secrets, withColours} from './overlaps.js'
import {isPublicHash, randomIn, wholeAround} from './random.js'
import type {Runs} from './runs.js'
import {AT, DIGIT, isNumeral, PERCENT, scan, sortOf} from './scan.js'
import {Seen} from './seen.js'
import {percentDecoded, withoutColours, type View} from './views.js'

/** What is known of a part of a word wherever the word stands, and what was done about it. */
export interface Piece extends Form {
  isFirm?: boolean | undefined
  /** What stands for it in this run. */
  met?: Met | undefined
  /** It was learnt from. */
  isLearnt?: boolean
}

/** A find, with how it is spelled. */
export interface Located extends Placed {
  spelled?: 'reverse' | undefined
  /** What it is of its word, where it is as long as that. */
  piece?: Piece | undefined
}

/** A text that was replaced. */
export interface Met {
  kind: FindKind
  pseudonym: string
  found: number
  likely: number
}

/** What is known of a word without its place. */
interface Entry {
  forms: readonly Piece[]
  context: Context | undefined
  /** Looks like a secret by itself. */
  random: {start: number; end: number} | undefined
  isNote: boolean
  /** By itself it is nothing. */
  isPlain: boolean
}

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

const nothing: Entry = {forms: [], context: undefined, random: undefined, isNote: false, isPlain: true}
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
  /** Hosts of lines of logs; null for what is none. */
  readonly #heads = new Map<string, Piece | null>()
  #last: Reading | undefined
  readonly #table: Runs<Name>
  readonly #rules: Rules
  readonly #allowed: ReadonlySet<string>
  readonly #meets: (word: string) => void
  readonly #versions = new Set<string>()
  /** A name looks like a number: then numbers are looked at, too. */
  #hasNumerals = false

  /**
   * @param names that are found by themselves; whoever adds one says so (`renamed`)
   * @param meets told of each word that was not met before
   */
  constructor(rules: Rules, names: Runs<Name>, meets: (word: string) => void) {
    this.#meets = meets
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
      this.#forget()
    }
    const reading = this.#read(text)
    if (text.length > LONG) this.#last = reading
    return reading
  }

  #read(text: ByteString): Reading {
    const found: Located[] = anywhere(text)
    const reading: Reading = {
      text,
      found,
      words: new Int32Array(Math.max(64, text.length >> 1)),
      count: 0,
      encoded: [],
      versions: [this.#versions.size, 0],
    }
    const lines: number[] = []
    scan(text, (start, end, sort, hash, bytes) => {
      // Numbers and times by themselves are nothing.
      if (
        sort <= DIGIT ||
        (end - start < 2 && text.charCodeAt(start) !== 0x4f) ||
        (!this.#hasNumerals && isNumeral(text, start, end, sort))
      )
        return end
      const isShort = end - start < LONG
      let number = isShort ? this.#seen.indexOf(bytes, start, end, hash) : -1
      const entry = number < 0 ? this.#meet(text.slice(start, end), sort) : this.#seen.at(number)
      if (number < 0 && isShort && !this.#seen.isFull) {
        number = this.#seen.add(bytes, start, end, hash, entry)
      }
      addWord(reading, start, end, number)
      return entry === nothing ? end : this.#atWord(entry, reading, start, end, sort, lines)
    })
    let looked = 0
    for (const line of lines) {
      if (line < looked) continue
      const {found: secret, until} = secretsOfLine(text, line)
      found.push(...secret)
      looked = until
    }
    reading.versions[1] = this.#versions.size
    return reading
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
    if (entry.context === lineOfLog) {
      this.#atHead(text, start, end, found)
      return end
    }
    let next = end
    for (const one of entry.context(text, start, end)) {
      if (one.isLine) lines.push(one.start)
      else found.push(one)
      // In a secret nothing else is looked for.
      if (secrets.has(one.kind) && one.start >= end && one.start < end + 8) next = Math.max(next, one.end)
    }
    return next
  }

  /** The host of a line of a log: most lines have one of a few. */
  #atHead(text: ByteString, start: number, end: number, found: Located[]): void {
    const host = hostOfLine(text, start)
    if (!host) return
    const name = text.slice(host.start, host.end)
    let piece = this.#heads.get(name)
    if (piece === undefined) {
      const [one] = lineOfLog(text, start, end)
      piece = one ? pieceOf({...one, start: one.start - host.start, end: one.end - host.start}) : null
      if (this.#heads.size < 10_000) this.#heads.set(name, piece)
    }
    if (piece) found.push(pieceAt(piece, host.start))
  }

  /** What a word says that was not met before. */
  #meet(word: string, sort: number): Entry {
    this.#meets(word)
    const forms: Piece[] = formsOf(word, sort).map(pieceOf)
    if (this.#rules.strict && forms.length === 0 && isRandom(word))
      forms.push({kind: 'token', start: 0, end: word.length, confidence: 'likely'})
    const context = contextOf(word, sort)
    const random = forms.some(({kind, isName}) => kind === 'token' || isName) ? undefined : randomIn(word)
    const isPlain = forms.length === 0 && !context && !random && (sort & (PERCENT | AT)) === 0
    if (isPlain) return nothing
    return {forms, context, random, isNote: this.#rules.notes === 'drop' && isNote(word), isPlain}
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

/** Names of files in paths are no hosts, and a snapshot of a data set of ZFS is no user: pool/data@daily. */
export function isMeantIn(
  text: ByteString,
  start: number,
  end: number,
  sort: number,
  {kind, start: first}: Form,
): boolean {
  // An option of a program: `--certificatesresolvers.le.acme.email`.
  if (
    (kind === 'host' || kind === 'domain') &&
    text.charCodeAt(start - 1) === 0x2d &&
    text.charCodeAt(start - 2) === 0x2d
  )
    return false
  if (text.charCodeAt(start - 1) !== 0x2f || text.charCodeAt(start - 2) === 0x2f) return true
  // `pve-manager/9.1.4/5ac30304265fbd8e` names what it was built from.
  if (kind === 'serial') return !/\d/.test(text.charAt(start - 2))
  if (kind === 'host' || kind === 'domain') return !isFile.test(text.slice(start, end))
  return (sort & AT) === 0 || (kind !== 'user' && kind !== 'realm') || text.slice(start, start + first).includes(':')
}

/** All of them have the same fields in one order: what differs in those is slow to read. */
const pieceOf = (form: Form & {isFirm?: boolean | undefined}): Piece => ({...blank, ...form})
const blank: Piece = {
  ...{kind: 'host', start: 0, end: 0, confidence: 'sure'},
  ...{isName: undefined, isFirm: undefined, isNumber: undefined, spelled: undefined, met: undefined, isLearnt: false},
}

/** A piece of a word that begins at a place. */
const pieceAt = (piece: Piece, by: number): Located => ({
  kind: piece.kind,
  start: piece.start + by,
  end: piece.end + by,
  confidence: piece.confidence,
  isName: piece.isName,
  isFirm: piece.isFirm,
  spelled: piece.spelled,
  piece,
})

function placedAt({kind, start, end, confidence, isName, isFirm, spelled}: Located, by: number): Located {
  return {kind, start: start + by, end: end + by, confidence, isName, isFirm, spelled}
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

/** Ends of files of programs that are those of countries, too. */
const isFile =
  /\.(?:pl|sh|py|md|so|rs|cc|ps|pm|tf|ml|cf|la|mo|gz|st|ac|am|in|ad|cat|pub|zone|zip|bz|run|link|network|target|page|style|app|tools|py|pw)$/

/** What says that a version follows. */
const said =
  /(?<![-A-Za-z0-9])(?:versions?|ver\.?|v|release|firmware|fw|bios|build|revision|rev\.?|oid|microcode|idrac\d?)(?: is| are| to| from)?["']?[ \t:=("'-]*$|\d\.$/i
/** What has a version, and may have an address: of a network of one's own it is that. */
const meant =
  /(?<![-A-Za-z0-9])(?:driver|package|kernel|agent|upgraded?|updated?|tag|section|chapter)(?: is| are| to| from)?["']?[ \t:=("'-]*$/i

/** `version 5.19.6.0`, `firmware: 1.2.3.4`: four numbers, and no address. */
export function isVersion(text: string, start: number, end: number): boolean {
  if (/[+~]/.test(text[end] ?? '')) return true
  const before = text.slice(Math.max(0, start - 28), start)
  if (/(?<![\w./])(?:HeadlessChrome|Chrom(?:e|ium)|Firefox|Safari|Edg|OPR|Opera|Vivaldi|Electron)\/$/.test(before))
    return true
  return (
    said.test(before) ||
    (meant.test(before) &&
      !/^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[789]\d|1[01]\d|12[0-7]))\./.test(
        text.slice(start, end),
      ))
  )
}

/** The length of a network belongs to its address where that has no bits of hosts: it says which bits of the pseudonym are none. */
function withLength(text: string, found: Located): void {
  if (text.charCodeAt(found.end) !== 0x2f) return
  const match = /^\/(\d{1,2})(?![\d.])/.exec(text.slice(found.end, found.end + 4))
  const length = Number(match?.[1] ?? 32)
  const octets = parse4(text.slice(found.start, found.end))
  if (!match || length >= 24 || length < 1 || !octets) return
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0)
  if (value % 2 ** (32 - length) !== 0) return
  found.end += match[0].length
  found.piece = undefined
}

/** What stands before a plus sign belongs to the account of an address, too (RFC 5233): `ada+pve@example.com`. */
function withDetail(text: string, found: Located): void {
  const before = /[\w.+-]+\+$/.exec(text.slice(Math.max(0, found.start - 64), found.start))
  if (!before) return
  found.start -= before[0].length
  found.piece = undefined
}

function noteAfter(text: string, end: number): Located[] {
  const match = /^["']?\s{0,9}[:=]\s{0,9}(?:"((?:\\.|[^"\\\r\n])*)"|([^\r\n]+))/d.exec(text.slice(end, end + 20_000))
  const range = match?.indices?.[1] ?? match?.indices?.[2]
  return range && range[1] > range[0]
    ? [{kind: 'note', start: end + range[0], end: end + range[1], confidence: 'sure'}]
    : []
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
