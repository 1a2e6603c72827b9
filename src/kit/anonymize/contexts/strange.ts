import {lower} from '../bytes.js'
import {commonWords} from '../common-words.js'
import {firstNames} from '../first-names.js'
import {isOfVocabulary} from '../vocabulary.js'
import {technical} from '../words.js'
import {type Context, lineEnd, lineStart, none} from './values.js'

/** Of letters, with numbers and dashes between. */
const shaped = /^[A-Za-z\u0080-\u00ff][A-Za-z0-9\u0080-\u00ff]*(?:-[A-Za-z0-9\u0080-\u00ff]+)*$/
/** As programs write: `camelCase`, capitals, models, years. */
const ofPrograms = /[a-z\u0080-\u00ff][A-Z]|[A-Z]{2}|[0-9][A-Za-z]|\d{4}/
/** What words begin and end with, in English: what is left is the word. */
const [prefix, suffix] = [
  /^(?:un|non|pre|re|sub|multi|over|mis)(?=.{4})/,
  /(?<=.{3})(?:e?s|e?d|ing|e?r|est|ly|ness|able)$/,
]

function isKnown(part: string): boolean {
  const word = lower(part)
  if (part.length < 4 || isOfVocabulary(word)) return true
  const base = word.replace(prefix, '')
  const stem = base.replace(suffix, '')
  return [base, stem, `${stem}e`].some((one) => one !== word && isOfVocabulary(one))
}

/** Words that were asked for: those of a text are the same again and again. */
const asked = new Map<string, boolean>()
const MOST_ASKED = 20_000

/** Whether a word is one that no manual has, and no program. */
export function isStrange(word: string): boolean {
  let strange = asked.get(word)
  if (strange === undefined) {
    if (asked.size >= MOST_ASKED) asked.clear()
    asked.set(word, (strange = isNowhere(word)))
  }
  return strange
}

function isNowhere(word: string): boolean {
  if (word.length < 4 || word.length > 40 || !shaped.test(word) || ofPrograms.test(word)) return false
  if (!/[a-z]{2}|[a-z].*[a-z]/i.test(word) || (word.length > 5 && /^[0-9a-f]+$/.test(word))) return false
  return word.split(/[-\d]+/).some((part) => !isKnown(part))
}

const capital = /^[A-Z\u00c3-\u00c5]/
const wordsOfLine = /[A-Za-z\u0080-\u00ff][\w\u0080-\u00ff-]*/g
/** Words that sentences of other languages than English have, and English ones have not: its own are in the vocabulary, theirs are not all. */
const ofLanguages = new Set(
  `nicht und der das dem ein eine einen ist sind wird wurde wurden auf f\u00c3\u00bcr bei nach zum zur aus wie ich wir auch noch nur aber wenn dass oder kein keine mit von vom beim bitte hallo
  le les des une est dans pour pas sur avec que qui nous vous sont du au aux ce cette mais el los las para por con del est\u00c3\u00a1 como pero n\u00c3\u00a3o uma com mais foi voc\u00c3\u00aa j\u00c3\u00a1 dos das ao ela
  che non della sono il gli alla anche questo di het een niet van voor zijn deze dit wordt naar ook maar bij uit geen vriendelijke groet nie jest si\u00c4\u0099 \u00c5\u00bce dla przez jak ale
  og det ikke som til p\u00c3\u00a5 av \u00c3\u00a4r och inte att f\u00c3\u00b6r har jeg vi`.split(/\s+/),
)

/** A word that nobody but its owner knows: a host, an account, a family, a company. What programs and languages have of such is left. */
export const strange: Context = (text, start, end) => {
  const [before, after] = [text[start - 1] ?? '\n', text[end] ?? '\n']
  const isCapital = capital.test(text[start]!)
  if (/[./\\$%_<#+~!&*^?-]/.test(before) || /[=_@\\/$~%*!-]/.test(after)) return none
  if (/[([]/.test(after) && !(after === '(' && /\d/.test(text[end + 1] ?? ''))) return none
  if (/["']/.test(after) && /^["']\s*[:=]/.test(text.slice(end, end + 4))) return none
  if (after === '.' && /\w/.test(text[end + 1] ?? '')) return none
  const first = lineStart(text, start)
  const isKey =
    after === ':' &&
    (!isCapital || !/[A-Z\u00c3-\u00c5][\w\u0080-\u00ff]* $/.test(text.slice(Math.max(first, start - 30), start)))
  if (isKey) return none
  const {odd, all, isForeign} = around(text, first, start)
  const whole = isCapital ? inCapitals(text, start, end) : undefined
  const isMany = odd > 3 && odd * 3 > all
  if (!whole && (isMany || (isForeign && !/[-\d]/.test(text.slice(start, end))))) return none
  const word = text.slice(start, end)
  const one = {kind: 'name', confidence: 'likely', isName: true} as const
  const found = [{...one, start, end: end - (netOf.exec(word)?.[0].length ?? 0)}]
  return whole ? [...found, {...one, ...whole}] : found
}

interface Around {
  odd: number
  all: number
  isForeign: boolean
}

/** How much of a line is looked at, for all its words within it. */
const PART = 800
let looked: {text: string; from: number; around: Around} | undefined

/** How many words a line has, and how many that are strange; of a long one the part that a place is in. */
function around(text: string, first: number, start: number): Around {
  const from = Math.max(first, start - (start % PART))
  // The words of a line ask one after the other.
  if (looked?.text === text && looked.from === from) return looked.around
  const line = text.slice(from, Math.min(lineEnd(text, from), from + PART))
  let [odd, all, isForeign] = [0, 0, false]
  for (const [word] of line.matchAll(wordsOfLine)) {
    all++
    if (isStrange(word)) odd++
    else if (ofLanguages.has(word)) isForeign = true
  }
  looked = {text, from, around: {odd, all, isForeign}}
  return looked.around
}

/** The network that a machine is reached by, behind its name. */
const netOf = /-(?:ring\d?|mgmt|ipmi|bmc|idrac|ilo|lan|wan|ceph|corosync|mig|migration|storage|int|ext)$/

/** `Ada Quxley`, `Quxley Bakery`: what stands beside a word in capitals is of its name. */
function inCapitals(text: string, start: number, end: number): {start: number; end: number} | undefined {
  const before = nameBefore.exec(text.slice(Math.max(0, start - 40), start))?.[1] ?? ''
  const first = before.replace(/\.? $/, '')
  const small = lower(first)
  const isOfIt = first.length === 1 || firstNames.has(small) || !(commonWords.has(small) || technical.has(small))
  const behind = text.slice(end, end + 40)
  const given = /^, ([A-Z\u00c3-\u00c5][\w\u0080-\u00ff-]*)(?=[;)\r\n]|$)/.exec(behind)
  const after = given && firstNames.has(lower(given[1]!)) ? given[0] : (nameAfter.exec(behind)?.[0] ?? '')
  const from = isOfIt ? start - before.length : start
  return from < start || after !== '' ? {start: from, end: end + after.length} : undefined
}

const nameBefore = /(?:^|[^\w.\u0080-\u00ff-])([A-Z\u00c3-\u00c5][\w\u0080-\u00ff-]*\.? )$/
const nameAfter = /^ (?:& )?[A-Z\u00c3-\u00c5][\w\u0080-\u00ff-]*(?![\w.:=([\u0080-\u00ff-])/
