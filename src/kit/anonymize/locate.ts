import {parse4} from './addresses.js'
import {lower} from './bytes.js'
import {
  anywhere,
  apiToken,
  contextOf,
  hostAfter,
  hostsAround,
  personBefore,
  secretsOfLine,
  type Context,
  type Placed,
} from './contexts/index.js'
import {formsOf, type Form} from './forms.js'
import type {ByteString, FindKind, Rules} from './model.js'
import {isNote} from './registry.js'
import type {Runs} from './runs.js'
import {AT, PERCENT, scan} from './scan.js'
import {Seen} from './seen.js'
import {percentDecoded, withoutColours, type View} from './views.js'

/** A find, with how it is spelled. */
export interface Located extends Placed {
  spelled?: 'reverse' | undefined
}

/** What is known of a word without its place. */
interface Entry {
  forms: readonly Form[]
  names: readonly Form[]
  context: Context | undefined
}

/** A name, wherever it stands. */
export interface Name {
  kind: FindKind
  /** It counts where a name is expected only. */
  isWeak: boolean
  /** It counts with a capital letter only: `Baker`, and not a baker. */
  isCapital: boolean
}

/** Where a word begins and ends, and of what it consists. */
type Word = readonly [start: number, end: number, sort: number]

const nothing: Entry = {forms: [], names: [], context: undefined}
const secrets: ReadonlySet<FindKind> = new Set(['password', 'token', 'key', 'certificate', 'note'])

/** Finds what identifies in texts. Words that were met are remembered, as most of a log are the same again and again. */
export class Locator {
  readonly #known = new Seen<Entry>()
  readonly #names: Runs<Name> | undefined
  readonly #rules: Rules
  readonly #allowed: ReadonlySet<string>
  readonly #meets: (word: string) => void
  readonly #versions: Set<string>

  /**
   * @param names those that are found by themselves; undefined while they are learnt
   * @param versions numbers that were versions
   * @param meets told of each word that was not met before
   */
  constructor(
    rules: Rules,
    names: Runs<Name> | undefined,
    versions: Set<string>,
    meets: (word: string) => void = () => undefined,
  ) {
    this.#meets = meets
    this.#versions = versions
    this.#rules = rules
    this.#names = names
    this.#allowed = new Set(rules.allow.map((text) => lower(text)))
  }

  /** What is in a text, in order, none over another. */
  locate(text: ByteString): Located[] {
    const view = withoutColours(text)
    const found = view ? withColours(this.#plain(text), through(view, this.#plain(view.text))) : this.#plain(text)
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

  #plain(text: ByteString): Located[] {
    const found: Located[] = anywhere(text)
    const lines: number[] = []
    scan(text, (start, end, sort) => {
      // Numbers and times by themselves are nothing.
      if (sort <= 1 || end - start < 2) return end
      let entry = this.#known.get(text, start, end)
      if (entry === undefined) {
        entry = this.#meet(text.slice(start, end), sort)
        if (end - start < 300) this.#known.add(text, start, end, entry)
      }
      return entry === nothing ? end : this.#atWord(entry, text, [start, end, sort], found, lines)
    })
    let looked = 0
    for (const line of lines) {
      if (line < looked) continue
      const {found: secret, until} = secretsOfLine(text, line)
      found.push(...secret)
      looked = until
    }
    return found
  }

  /** What a word and its place tell. @returns where to go on */
  #atWord(entry: Entry, text: ByteString, [start, end, sort]: Word, found: Located[], lines: number[]): number {
    if ((sort & PERCENT) !== 0) this.#encoded(text.slice(start, end), start, found)
    // A snapshot of a data set of ZFS: pool/data@daily.
    const isInPath = text.charCodeAt(start - 1) === 0x2f && text.charCodeAt(start - 2) !== 0x2f
    for (const form of entry.forms) {
      if (isInPath && (form.kind === 'host' || form.kind === 'domain') && isFile.test(text.slice(start, end))) continue
      if (isInPath && (sort & AT) !== 0 && (form.kind === 'user' || form.kind === 'realm')) continue
      if (form.isNumber && this.#isVersion(text, start + form.start, start + form.end)) continue
      found.push(placedAt(form, start))
      if (form.kind === 'ipv4') withLength(text, found.at(-1)!)
      if (form.kind === 'mac') found.push(...hostAfter(text, start, end))
      if (form.kind === 'ipv4' || form.kind === 'ipv6') found.push(...hostsAround(text, start, end))
    }
    for (const name of entry.names) found.push(placedAt(name, start))
    if ((sort & AT) !== 0 && entry.forms.length + entry.names.length > 0) found.push(...personBefore(text, start))
    if ((sort & AT) !== 0) found.push(...apiToken(text, start, end))
    if (this.#rules.notes === 'drop' && isNote(text.slice(start, end))) found.push(...noteAfter(text, end))
    let next = end
    for (const one of entry.context?.(text, start, end) ?? []) {
      if (one.isLine) lines.push(one.start)
      else found.push(one)
      // In a secret nothing else is looked for.
      if (secrets.has(one.kind) && one.start >= end && one.start < end + 8) next = Math.max(next, one.end)
    }
    return next
  }

  /** What a word says that was not met before. */
  #meet(word: string, sort: number): Entry {
    this.#meets(word)
    const forms = formsOf(word, sort)
    const names: Form[] = []
    for (const {start, end, found: name} of this.#names?.in(word) ?? [])
      if (!name.isWeak && !(name.isCapital && /[a-z]/.test(word[start]!)))
        names.push({kind: name.kind, start, end, confidence: 'sure', isName: true})
    if (this.#rules.strict && forms.length === 0 && isRandom(word))
      forms.push({kind: 'token', start: 0, end: word.length, confidence: 'likely'})
    const context = contextOf(word)
    const isKnown = forms.length > 0 || names.length > 0 || context || (sort & (PERCENT | AT)) !== 0
    return isKnown ? {forms, names, context} : nothing
  }

  /** Four numbers that were a version once are one wherever they stand, unless they are an address of a network of one's own. */
  #isVersion(text: string, start: number, end: number): boolean {
    const value = text.slice(start, end)
    if (this.#versions.has(value)) return true
    if (!isVersion(text, start, end)) return false
    if (!/^(?:10|127|172|192)\./.test(value)) this.#versions.add(value)
    return true
  }

  #encoded(word: string, start: number, found: Located[]): void {
    const view = percentDecoded(word)
    if (!view) return
    for (const one of through(view, this.#plain(view.text))) found.push(placedAt(one, start))
  }
}

function placedAt({kind, start, end, confidence, isName, isFirm, spelled}: Located, by: number): Located {
  return {kind, start: start + by, end: end + by, confidence, isName, isFirm, spelled}
}

const through = ({places}: View, found: readonly Located[]): Located[] =>
  found.map((one) => ({...one, start: places[one.start]!, end: places[one.end - 1]! + lengthAt(places, one.end)}))

/** How long the last character of a find is in the text itself: what follows it directly, and not what was left out. */
function lengthAt(places: Int32Array, end: number): number {
  const step = places[end]! - places[end - 1]!
  return step === 3 ? 3 : 1
}

/** Ends of files of programs that are those of countries, too. */
const isFile = /\.(?:pl|sh|py|md|so|rs|cc|ps|pm|tf|ml)$/

/** `version 5.19.6.0`, `firmware: 1.2.3.4`: four numbers, and no address. */
export function isVersion(text: string, start: number, end: number): boolean {
  if (/[+~]/.test(text[end] ?? '')) return true
  const before = text.slice(Math.max(0, start - 28), start)
  return /\b(?:versions?|ver\.?|v|release|firmware|fw|bios|build|revision|rev\.?|driver|package|oid|kernel|agent|microcode|idrac\d?)(?: is| are| to| from)?["']?[\s:=("'-]*$|\d\.$/i.test(
    before,
  )
}

/** The length of a network belongs to its address where that has no bits of hosts: it says which bits of the pseudonym are none. */
function withLength(text: string, found: Located): void {
  const match = /^\/(\d{1,2})(?![\d.])/.exec(text.slice(found.end, found.end + 4))
  const length = Number(match?.[1] ?? 32)
  const octets = parse4(text.slice(found.start, found.end))
  if (!match || length >= 24 || length < 1 || !octets) return
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0)
  if (value % 2 ** (32 - length) === 0) found.end += match[0].length
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

/** A colour may stand between two words, or within one: what is found without it counts where it takes in all that is found with it. */
function withColours(raw: Located[], viewed: Located[]): Located[] {
  const [apart, joined] = [disjoint(raw), disjoint(viewed)]
  const kept: Located[] = []
  let next = 0
  for (const one of joined) {
    while (next < apart.length && apart[next]!.end <= one.start) next++
    const over: Located[] = []
    for (let at = next; at < apart.length && apart[at]!.start < one.end; at++) over.push(apart[at]!)
    if (over.every(({start, end, confidence}) => one.start <= start && end <= one.end && confidence === one.confidence))
      kept.push(one)
  }
  return [...apart, ...kept]
}

/** None over another: secrets before all else, as half of one must not stay; then what is longer, then what is sure. */
function disjoint(found: Located[]): Located[] {
  if (found.length < 2) return found
  const byPlace = (a: Located, b: Located) => a.start - b.start || b.end - a.end
  const whole: Located[] = []
  for (const one of found.filter(({kind}) => secrets.has(kind)).sort(byPlace)) {
    const last = whole.at(-1)
    if (last && one.start < last.end) last.end = Math.max(last.end, one.end)
    else whole.push({...one})
  }
  const others = found.filter(({kind}) => !secrets.has(kind)).sort(byPlace)
  const kept: Located[] = []
  let next = 0
  for (let from = 0; from < others.length;) {
    let [to, end] = [from + 1, others[from]!.end]
    for (; to < others.length && others[to]!.start < end; to++) end = Math.max(end, others[to]!.end)
    for (const one of longestOf(others.slice(from, to))) {
      while (next < whole.length && whole[next]!.end <= one.start) kept.push(whole[next++]!)
      if (next >= whole.length || whole[next]!.start >= one.end) kept.push(one)
    }
    from = to
  }
  return [...kept, ...whole.slice(next)]
}

/** Of finds that overlap the longest, what is left beside it, and so on; in order. */
function longestOf(group: Located[]): Located[] {
  if (group.length < 2) return group
  const kept: Located[] = []
  const length = ({start, end}: Located) => end - start
  const rank = (one: Located) => (one.confidence === 'sure' ? 0 : 1)
  for (const one of [...group].sort((a, b) => length(b) - length(a) || rank(a) - rank(b)))
    if (kept.every(({start, end}) => end <= one.start || one.end <= start)) kept.push(one)
  return kept.sort((a, b) => a.start - b.start)
}
