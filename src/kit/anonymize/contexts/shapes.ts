import {secretsIn} from '../../secrets/index.js'
import type {FindKind} from '../model.js'
import {
  assigned,
  at,
  type Context,
  flagged,
  lineEnd,
  lineStart,
  none,
  type Placed,
  placed,
  reach,
  secretKinds,
  valueFrom,
} from './values.js'

/** In a configuration of PVE's a key and its value alone in a line, with blanks between. */
const alone = /[^\S\r\n]+(?=(?:\S+|"[^"\r\n]+"|'[^'\r\n]+')[^\S\r\n]*$)/my

/** What a value becomes: `"web1" -> "web2"`. */
const becomes = /["']? -> (?=["'\w])/y

/** What a variable is of, in languages that say so: `password: str = "\u2026"`. */
const typed =
  /(?::? ?&?(?:str|string|String|bytes|SecretStr|Optional\[str\]|str \| None|std::string))(?: ?:?= ?)(?=["'`])/y

/** An element of XML, with attributes, and one within it that holds the value. */
const element =
  /(?: [^<>\n]{1,160})?(?<!\/)>(?:(?=[^<\s]|<!\[CDATA\[)|\s{0,80}<(?:value|plaintext|string|text|content)>(?=[^<\s]))/iy

/** What an element is called so that its value is a secret, by an attribute or by an element before it. */
const elementOf =
  /(?:["'][^<>\n]{0,160}(?<!\/)>|<\/(?:key|name|string|title)>\s{0,40}<(?:string|value|data)>)(?=[^<\s])/iy

/** A name and its value side by side: `name: DB_PASSWORD`, `value: hunter2`; `<add key="Password" value="hunter2"/>`; a variable of Terraform and its default. */
const paired =
  /["']?(?:(?:\s{0,9},)?\s{0,60}(?:["']?[a-z]\w*["']?\s?[:=]\s?(?:"[^"\n]*"|[\w.]+),?\s{1,40}){0,2}["']?(?:value|val|content|default_value|defaultvalue)["']?\s{0,9}[:=]\s{0,9}|"\s?\{[^{}]{0,300}?\bdefault\s{0,20}=\s{0,20})(?=["'\w$])/iy

/** Likewise the other way round. */
const pairedBefore =
  /["']?value["']?\s{0,9}[:=]\s{0,9}"([^"\n]{3,})"\s{0,9},\s{0,40}["']?(?:name|key)["']?\s{0,9}[:=]\s{0,9}"$/di

/** Two texts in a list: `["--password", "hunter2"]`, `define('DB_PASSWORD', 'hunter2')`. */
const listed = /["'`]\s{0,9},\s{0,9}(?=(?:"[^"\n]*"|'[^'\n]*'|`[^`\n]*`)(?!\s*:))/y

/** A setting of a switch or a program in a line with others, with how it is encoded before it: `password 7 0C070A43DC01`. */
const beside =
  /[ \t]+(?:\d{1,2}[ \t]+)?(?="[^"\s]{6,}"|'[^'\s]{6,}'|(?=[^\s\d]*\d)(?=[^\sa-zA-Z]*[a-zA-Z])(?![\d-]{10}|\d+\.\d+\.|0x|v?\d+[.\d]*[\s,;:)]|[\w-]+[:([]|[^\s]*[\\/]?\w+\.(?:\w+)(?:[\s"',;:)]|$))[\w+/=.$!#%&*~^-]{8,}(?=[\s"',;]|$))/y

/** A key with a value behind it. */
export function keyed(kind: FindKind): Context {
  const isSecret = secretKinds.has(kind)
  return (text, start, end) => {
    const before = text[start - 1]
    // Who logs in by an address of the web: `https://ci-token:…@git.example.com`.
    if (before === '/' && text.startsWith('://', start - 3)) return none
    // Which of its fields Vault is asked for.
    if (before === '=' && text.startsWith('-field=', start - 7)) return none
    // `# on the node: which storage is it?`
    if (
      kind === 'host' &&
      before === ' ' &&
      /(?:^|[^\w])(?:the|an?|each|every|this|that|any|its|which) $/i.test(text.slice(Math.max(0, start - 8), start))
    )
      return none
    const isFirst = () => /^[\s-]*(?:export )?["']?-{0,2}$/.test(text.slice(lineStart(text, start), start))
    const isListed = () =>
      /["'`]/.test(text.charAt(end)) &&
      (isSecret || /define\( ?["']\w*$/.test(text.slice(Math.max(0, start - 24), start)))
    const by = (isSecret ? at(typed, text, end) : null) ?? at(assigned, text, end)
    const inElement = !isSecret ? null : before === '<' ? at(element, text, end) : at(elementOf, text, end)
    const inside = inElement ? elementText(kind, text, end + inElement[0].length) : undefined
    if (inside) return inside
    const only = by || before === '-' ? null : at(alone, text, end)
    const between =
      by ??
      (isSecret && by === null ? at(paired, text, end) : null) ??
      (before === '-' ? at(flagged, text, end) : only && isFirst() ? only : null) ??
      (before === '<' ? at(element, text, end) : null) ??
      (isListed() ? at(listed, text, end) : null) ??
      (isSecret ? at(beside, text, end) : null)
    const found = between
      ? secretOrName(kind, text, end + between[0].length, /^(?:(?: ?\.)* ?: | = )/.test(between[0]) && isFirst())
      : []
    const changed = found.length > 0 ? at(becomes, text, found.at(-1)!.end) : null
    if (changed) return [...found, ...secretOrName(kind, text, found.at(-1)!.end + changed[0].length, false)]
    const earlier = isSecret && found.length === 0 && before === '"' ? valueBefore(kind, text, start) : none
    if (earlier.length > 0) return earlier
    if (
      !isSecret ||
      found.length > 0 ||
      /(?:failed|accepted|invalid|wrong|incorrect|bad|no) $/i.test(text.slice(Math.max(0, start - 12), start))
    )
      return found
    return lineOf(text, start, end)
  }
}

/** All of an element's text, whatever is in it; undefined where it does not end in its line: then it is none. */
function elementText(kind: FindKind, text: string, start: number): Placed[] | undefined {
  const raw = text.startsWith('<![CDATA[', start) ? 9 : 0
  const close = text.slice(start + raw, lineEnd(text, start)).indexOf(raw > 0 ? ']]>' : '<')
  const end = start + raw + close
  if (close < 0 || (raw === 0 && text[end + 1] !== '/')) return undefined
  if (raw > 0) return placed(kind, text, {start: start + raw, end, isQuoted: true})
  return placed(kind, text, {start, end: start + text.slice(start, end).trimEnd().length, isQuoted: true})
}

function valueBefore(kind: FindKind, text: string, start: number): readonly Placed[] {
  const from = Math.max(0, start - 300)
  const range = pairedBefore.exec(text.slice(from, start))?.indices?.[1]
  return range ? placed(kind, text, {start: from + range[0], end: from + range[1], isQuoted: true}) : none
}

/** @param isLine the rest of the line is the value, blanks and all */
function secretOrName(kind: FindKind, text: string, from: number, isLine: boolean): Placed[] {
  const isSecret = secretKinds.has(kind)
  // Of a map with more than the value: the outputs of Terraform, a variable's default.
  const inner = isSecret
    ? at(/\{[^{}]{0,200}?"?(?:value|default)"?\s*[:=]\s*"((?:\\.|[^"\\])+)"/dy, text, from)?.indices?.[1]
    : undefined
  const value = inner ? {start: inner[0], end: inner[1], isQuoted: true} : valueFrom(text, from, isSecret)
  if (!value) return []
  if (isSecret && !value.isQuoted) {
    const line = lineEnd(text, from)
    const end = isLine && !/\s\S*=/.test(text.slice(value.end, line)) ? line : value.end
    const whole = text.slice(from, end)
    const cut = whole.search(/[,;][\w.-]+=| #/)
    value.end = from + (cut < 0 ? whole : whole.slice(0, cut)).trimEnd().length
  }
  return placed(kind, text, value)
}

/**
 * All secrets of the line around a place, by the one table of them; of what is in no quotes, its first word.
 * @returns with how far the line was looked at
 */
export function secretsOfLine(text: string, from: number): {found: Placed[]; until: number} {
  const [start, end] = [lineStart(text, from), lineEnd(text, from)]
  const found = secretsIn(text.slice(start, end)).flatMap(({form, start: first, end: last}): Placed[] => {
    // A key in lines of its own has a context of its own.
    if (form.word === 'private-key') return []
    // What stands in the place of a password is called so, and announces none.
    if (/REDACTED-[^\n]{0,60}$/.test(text.slice(Math.max(start, start + first - 100), start + first))) return []
    const value = text.slice(start + first, start + last)
    const before = text.slice(Math.max(start, start + first - 40), start + first)
    // How long corosync waits for its token, and how Samba calls what it does.
    if ((/^\d{1,6}\b/.test(value) && /token\W{1,9}$/i.test(before)) || /\bcheck_\w+\W{1,9}$/.test(before)) return []
    const isQuoted = /["']/.test(text[start + first - 1] ?? '')
    const cut = value.replace(isQuoted ? /\\*["'][^]*$/ : /(?:[,;][\w.-]+=|["'`&|<>\s]|\\[nr"])[^]*$/, '')
    if (/^(?:PVE|PBS|PMG)AuthCookie=/.test(cut)) return []
    // A small word behind a token or a key is its name, and a password's may be one.
    if (
      /^[a-z_/-]{2,20}$/.test(cut) &&
      /(?:token|key|secret|credentials?)\W{1,12}$/i.test(text.slice(Math.max(start, start + first - 30), start + first))
    )
      return []
    const kind = form.word.includes('password') ? 'password' : 'token'
    return placed(kind, text, {start: start + first, end: start + first + cut.length, isQuoted})
  })
  return {found, until: Math.max(from + 1, end - reach / 4)}
}

/** The secrets of the line are to be looked for, whatever the word: once for all words that ask (`secretsOfLine`). */
export const lineOf: Context = (_text, start) => [
  {kind: 'password', start, end: start, confidence: 'likely', isLine: true},
]

/** An expression from the word on, and what its groups are. Groups that are not there are nothing. */
export function shaped(expression: RegExp, ...kinds: (FindKind | undefined)[]): Context {
  const flags = expression.flags.replace('y', '')
  const [quick, exact] = [new RegExp(expression.source, `${flags}y`), new RegExp(expression.source, `${flags}dy`)]
  return (text, start) => {
    const match = at(quick, text, start)
    if (!match) return none
    // Most have one group, which ends where they end; telling all places takes several times as long.
    if (kinds.length === 1 && match[0].endsWith(match[1] ?? '')) {
      const end = start + match[0].length
      return match[1] ? placed(kinds[0]!, text, {start: end - match[1].length, end, isQuoted: true}) : []
    }
    const {indices} = at(exact, text, start)!
    return kinds.flatMap((kind, i): Placed[] => {
      const range = indices?.[i + 1]
      if (kind === undefined || !range || range[0] === range[1]) return []
      return placed(kind, text, {start: range[0], end: range[1], isQuoted: true})
    })
  }
}

/** What each of several contexts tells. */
export const both =
  (...contexts: Context[]): Context =>
  (text, start, end) => {
    let all = none
    for (const context of contexts) {
      const found = context(text, start, end)
      if (found.length > 0) all = all.length > 0 ? [...all, ...found] : found
    }
    return all
  }

/** A context of the first word of a line alone. */
export const onlyAtStart =
  (context: Context): Context =>
  (text, start, end) =>
    start === 0 || text[start - 1] === '\n' ? context(text, start, end) : []
