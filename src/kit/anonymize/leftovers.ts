import {lower} from './bytes.js'
import {formsOf, type Form} from './forms.js'
import {isMeantIn, isVersion} from './meant.js'
import type {ByteString, Find, FindKind, Pair} from './model.js'
import {Runs} from './runs.js'
import {DIGIT, isNumeral, scan, sortOf} from './scan.js'
import {Seen} from './seen.js'
import {isOrdinary} from './words.js'

/** What is found of a value by itself: in whatever a secret may be encoded. */
const encodings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => encodeURIComponent(text),
  (text) => Buffer.from(text, 'latin1').toString('base64').replace(/=+$/, ''),
  (text) => Buffer.from(text, 'latin1').toString('hex'),
]
const none: readonly Form[] = []
/** Words that are longer are not remembered. */
const LONG = 300
const secrets: ReadonlySet<FindKind> = new Set(['password', 'token', 'key'])

/** The beginning of an address by itself looks like a version. */
const isPart = (kind: FindKind, original: string): boolean =>
  kind === 'ipv4' && /^\d{1,3}(?:\.\d{1,3}){0,2}$/.test(original)

/** An address as it is in its name in the DNS, the other way round. */
function forwards(value: string): string {
  const parts = value.split('.').reverse()
  if (parts.length > 4) return parts.join('').replaceAll(/.{4}(?=.)/g, '$&:')
  return [...parts, ...Array<string>(4 - parts.length).fill('0')].join('.')
}

/** What a pseudonym looks like, where no map tells. */
const looks =
  /^(?:(?:host|d|user|auth|item|path|person|lun|custom)[-_][0-9a-f]{4,}|REDACTED-[a-z0-9]+-[0-9a-f]{6,}|2[45]\d([._-])\d{1,3}\1\d{1,3}\1\d{1,3}|(?:2001|fd00):0?db8:[0-9a-f:]+|fe80:.*|(?:enx|wlx|0x|01)?02[:.-]?[0-9a-f].*|2:[0-9a-f:]{9,15}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-e[0-9a-f]{3}-[0-9a-f]{12})$/i

/**
 * Looks at anonymized texts again, by other means: for each original of the map as it is spelled, for secrets also as they may be encoded, and
 * for whatever has the form of something that identifies and is no pseudonym.
 */
export function leftovers(pairs: readonly Pair[]): (text: ByteString) => Find[] {
  const originals = new Runs<FindKind>(true)
  const pseudonyms = new Set<string>()
  for (const {kind, original, pseudonym} of pairs) {
    pseudonyms.add(lower(pseudonym))
    if (!isOrdinary(lower(original)) && !isPart(kind, original)) originals.set(original, kind)
  }
  const hasNumerals = pairs.some(
    ({kind, original}) => !isPart(kind, original) && isNumeral(original, 0, original.length, sortOf(original)),
  )
  const isPseudonym = (value: string, {kind, spelled}: Partial<Form> = {}) =>
    pseudonyms.has(lower(value)) ||
    looks.test(value) ||
    (spelled === 'reverse' && looks.test(forwards(value))) ||
    // What stands for a serial looks like one, so that only a map tells.
    (pairs.length === 0 && (kind === 'serial' || (kind === 'uuid' && value.length !== 36)))
  const encoded = needlesIn(
    pairs
      .filter(({kind, original}) => secrets.has(kind) && original.length >= shortest)
      .flatMap(({kind, original}) => encodings.map((encode): Needle => ({kind, text: encode(original)}))),
  )
  /** What is left in a word, wherever it stands. */
  const leftIn = (word: ByteString, sort: number): readonly Form[] => {
    if (pseudonyms.has(lower(word))) return none
    const found: Form[] = []
    const runs = originals.mayHold(word, 0, word.length) ? originals.in(word) : []
    for (const {start, end, found: kind} of runs)
      if (!isPseudonym(word.slice(start, end)) && (kind !== 'person' || /^[A-Z]/.test(word.slice(start))))
        found.push({kind, start, end, confidence: 'sure'})
    if (found.length > 0) return found
    return formsOf(word, sort).filter(
      (form) =>
        !form.isName &&
        !isPseudonym(word.slice(form.start, form.end), form) &&
        // Eight pairs are a serial's, too.
        !(pairs.length === 0 && form.kind === 'mac' && word.length === 23),
    )
  }
  let seen = new Seen<readonly Form[]>()
  return (text) => {
    const found: Find[] = []
    const versions = new Set<string>()
    if (seen.isFull) seen = new Seen()
    scan(text, (start, end, sort, hash, bytes) => {
      if (sort <= DIGIT || (!hasNumerals && isNumeral(text, start, end, sort))) return end
      const number = seen.indexOf(bytes, start, end, hash)
      const left = number < 0 ? leftIn(text.slice(start, end), sort) : seen.at(number)
      if (number < 0 && !seen.isFull && end - start < LONG) seen.add(bytes, start, end, hash, left)
      for (const form of left)
        if (!isMeantIn(text, start, end, sort, form)) continue
        else if (form.isNumber && isVersion(text, start + form.start, start + form.end))
          versions.add(text.slice(start + form.start, start + form.end))
        else found.push({kind: form.kind, start: start + form.start, end: start + form.end, confidence: 'sure'})
      return end
    })
    const byForm = [...found]
    let next = 0
    for (const {kind, start, end} of encoded(text)) {
      while (next < byForm.length && byForm[next]!.end <= start) next++
      if ((byForm[next]?.start ?? end) >= end) found.push({kind, start, end, confidence: 'sure'})
    }
    // Numbers that were called a version once are one in other places, too.
    return found
      .filter(({kind, start, end}) => kind !== 'ipv4' || !versions.has(text.slice(start, end)))
      .sort((a, b) => a.start - b.start)
  }
}

/** A text that must not be found. */
interface Needle {
  kind: FindKind
  text: string
}

/** Bytes of a secret below which it is a word that may stand anywhere. */
const shortest = 6

/** Many texts in one, in one pass whatever their number: by a sum over as many bytes as the shortest has, as Rabin and Karp describe it. */
function needlesIn(needles: readonly Needle[]): (text: string) => {kind: FindKind; start: number; end: number}[] {
  const bySum = new Map<number, Needle[]>()
  for (const needle of needles) {
    const sum = sumOf(needle.text)
    bySum.set(sum, [...(bySum.get(sum) ?? []), needle])
  }
  return (text) => {
    if (bySum.size === 0 || text.length < shortest) return []
    const found: {kind: FindKind; start: number; end: number}[] = []
    let sum = sumOf(text)
    for (let start = 0; ; start++) {
      const needle = bySum.get(sum)?.find((one) => text.startsWith(one.text, start))
      if (needle) found.push({kind: needle.kind, start, end: start + needle.text.length})
      if (start + shortest >= text.length) return found
      sum = (Math.imul(sum - Math.imul(text.charCodeAt(start), highest), 31) + text.charCodeAt(start + shortest)) | 0
    }
  }
}

const highest = 31 ** (shortest - 1)

function sumOf(text: string): number {
  let sum = 0
  for (let at = 0; at < shortest; at++) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0
  return sum
}
