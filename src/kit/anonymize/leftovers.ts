import {lower} from './bytes.js'
import {formsOf} from './forms.js'
import {isVersion} from './locate.js'
import type {ByteString, Find, FindKind, Pair} from './model.js'
import {Runs} from './runs.js'
import {scan} from './scan.js'
import {isOrdinary} from './words.js'

/** What is found of a value by itself: in whatever a secret may be encoded. */
const encodings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => encodeURIComponent(text),
  (text) => Buffer.from(text, 'latin1').toString('base64').replace(/=+$/, ''),
  (text) => Buffer.from(text, 'latin1').toString('hex'),
]
const secrets: ReadonlySet<FindKind> = new Set(['password', 'token', 'key'])

/** What a pseudonym looks like, where no map tells. */
const looks =
  /^(?:(?:host|d|user|auth|item|path|person|lun|custom)-[0-9a-f]{4,}|REDACTED-[a-z0-9]+-[0-9a-f]{6,}|2[45]\d([._-])\d{1,3}\1\d{1,3}\1\d{1,3}|(?:2001|fd00):0?db8:[0-9a-f:]+|fe80:.*|(?:enx|wlx)?02[:.-]?[0-9a-f].*|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-e[0-9a-f]{3}-[0-9a-f]{12})$/i

/**
 * Looks at an anonymized text again, by other means: for each original of the map as it is spelled, for secrets also as they may be encoded, and
 * for whatever has the form of something that identifies and is no pseudonym.
 */
export function leftovers(text: ByteString, pairs: readonly Pair[]): Find[] {
  const originals = new Runs<FindKind>(true)
  const pseudonyms = new Set<string>()
  for (const {kind, original, pseudonym} of pairs) {
    pseudonyms.add(lower(pseudonym))
    if (!isOrdinary(lower(original))) originals.set(original, kind)
  }
  const found: Find[] = []
  const add = (kind: FindKind, start: number, end: number) => found.push({kind, start, end, confidence: 'sure'})
  const isPseudonym = (value: string) => pseudonyms.has(lower(value)) || looks.test(value)
  scan(text, (start, end, sort) => {
    if (sort <= 1) return end
    const word = text.slice(start, end)
    const before = found.length
    for (const run of originals.in(word))
      if (isPseudonym(word.slice(run.start, run.end))) continue
      else if (run.found !== 'person' || /^[A-Z]/.test(word.slice(run.start)))
        add(run.found, start + run.start, start + run.end)
    if (found.length === before)
      for (const form of formsOf(word))
        if (
          !form.isName &&
          !(form.isNumber && isVersion(text, start + form.start)) &&
          !isPseudonym(word.slice(form.start, form.end))
        )
          add(form.kind, start + form.start, start + form.end)
    return end
  })
  for (const {kind, original} of pairs)
    if (secrets.has(kind) && original.length >= 6)
      for (const encode of encodings) {
        const needle = encode(original)
        for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length))
          if (!found.some(({start, end}) => start < at + needle.length && at < end)) add(kind, at, at + needle.length)
      }
  return found.sort((a, b) => a.start - b.start)
}
