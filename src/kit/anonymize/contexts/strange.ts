import {lower} from '../bytes.js'
import {firstNames} from '../first-names.js'
import {isOfVocabulary} from '../vocabulary.js'
import {type Context, lineEnd, lineStart, none, type Placed} from './values.js'

/** Of letters, with numbers and dashes between. */
const shaped = /^[A-Za-z\u0080-\u00ff][A-Za-z\u0080-\u00ff]*(?:-?[A-Za-z0-9\u0080-\u00ff]+)*$/
/** As programs write: `camelCase`, capitals, models, years. */
const ofPrograms = /[a-z\u0080-\u00ff][A-Z]|[A-Z]{2}|[0-9][A-Za-z]|\d{4}/
const isKnown = (part: string): boolean =>
  part.length < 4 || isOfVocabulary(lower(part)) || isOfVocabulary(lower(part).replace(/(?:s|e?d|ing)$/, ''))

/** A word that no manual has, and no program. */
export function isStrange(word: string): boolean {
  if (word.length < 4 || word.length > 40 || !shaped.test(word) || ofPrograms.test(word)) return false
  if (word.length > 5 && /^[0-9a-f]+$/.test(word)) return false
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
  if (/[./\\$%_<#+~!&*^?-]/.test(before) || /[=_@\\/$~%*!]/.test(after)) return none
  if (/[([]/.test(after) && !(after === '(' && /\d/.test(text[end + 1] ?? ''))) return none
  if (/["']/.test(after) && /^["']\s*[:=]/.test(text.slice(end, end + 4))) return none
  if (after === '.' && /\w/.test(text[end + 1] ?? '')) return none
  const first = Math.max(lineStart(text, start), start - 400)
  const isKey = after === ':' && (!isCapital || !/[A-Z\u00c3-\u00c5][\w\u0080-\u00ff]* $/.test(text.slice(Math.max(first, start - 30), start)))
  if (isKey) return none
  const line = text.slice(first, Math.min(lineEnd(text, end), end + 400))
  let [odd, all, isForeign] = [0, 0, false]
  for (const [word] of line.matchAll(wordsOfLine)) {
    all++
    if (isStrange(word)) odd++
    else if (ofLanguages.has(word)) isForeign = true
  }
  if (odd > 2 && odd * 3 > all) return none
  const around = isCapital ? namesAround(text, start, end) : []
  if (isForeign && around.length === 0 && !/[-\d]/.test(text.slice(start, end))) return none
  return [{kind: 'name', start, end, confidence: 'likely', isName: true}, ...around]
}

/** `Ada Quxley`, `Quxley Bakery`: what stands beside it in capitals is of it. */
function namesAround(text: string, start: number, end: number): Placed[] {
  const found: Placed[] = []
  const before = /(?:^|[^\w.\u0080-\u00ff-])((?:[A-Z\u00c3-\u00c5][\w\u0080-\u00ff-]*\.?) )$/.exec(text.slice(Math.max(0, start - 40), start))?.[1]
  if (before !== undefined) {
    const word = before.replace(/\.? $/, '')
    if (word.length === 1 || firstNames.has(lower(word)) || isStrange(word))
      found.push({kind: 'name', start: start - before.length, end: start - before.length + word.length, confidence: 'likely'})
  }
  const after = /^ (?:(?:& |[a-z]{2,3} )?)([A-Z\u00c3-\u00c5][\w\u0080-\u00ff-]*)(?![\w.:=([])/.exec(text.slice(end, end + 40))
  if (after) {
    const last = end + after[0].length
    found.push({kind: 'name', start: last - after[1]!.length, end: last, confidence: 'likely'})
  }
  return found
}
