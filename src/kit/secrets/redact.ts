import {secretFlag, secretForms, secretName, secretsIn} from './forms.js'
import {isMarker} from './withheld.js'

/** What stands in the place of a secret. */
export const redacted = '[redacted]'

/** A text without the secrets that are given. */
export function withoutKnown(text: string, secrets: Iterable<string>): string {
  let clean = text
  for (const secret of secrets) clean = clean.replaceAll(secret, redacted)
  return clean
}

/** How a secret may stand in a text: as it is, in quotes, in a URL or form, and as PVE's header of a token wants it. */
export function spellingsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), secret.replaceAll('%', '%25')]
}

/** A JSON value with each of its texts, keys among them, changed; numbers that look like one are not touched, so that it stays JSON. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if ('toJSON' in value && typeof value.toJSON === 'function') return mapTexts(value.toJSON(), change)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]))
}

/**
 * A path of short words, and where a server is, have no room for a form. A log of a sync holds thousands, and to compile all the expressions for the
 * first of them would cost as much as all else that is logged.
 */
const isPlainPath =
  /^(?:https:\/\/[\w.-]{1,80}(?::\d{1,5})?|(?:(?:^|\/)(?:[\w.@-]{1,14}|[a-z]{1,14}(?:-[a-z]{1,14}){1,4}))+)$/

/**
 * A text without secrets: those given, and whatever has the form of one (tokens, tickets, cookies, headers, passwords in URLs and
 * messages, private keys).
 * @param use what it is for; a word too many that is blotted out does no harm in a log, and makes a message useless
 */
export function redactText(text: string, secrets: Iterable<string> = [], use: 'log' | 'message' = 'log'): string {
  let clean = withoutKnown(text, secrets)
  // All forms hold one of these, or are one long word; to compile a dozen expressions for anything else takes milliseconds.
  if (!/[=:]|-----|\S{15}/.test(clean) || isPlainPath.test(clean)) return clean
  for (const {pattern, redact: patterns = pattern ? [pattern] : [], told = patterns} of secretForms)
    for (const one of use === 'log' ? patterns : told) clean = clean.replace(one, blotOut)
  return use === 'log' ? withoutFound(clean) : clean
}

/** Without what would be withheld from Git, too. */
function withoutFound(text: string): string {
  let clean = ''
  let at = 0
  for (const {start, end} of secretsIn(text)) {
    clean += text.slice(at, start) + redacted
    at = end
  }
  return clean + text.slice(at)
}

/** The first group is what stands before the secret; an expression without groups hands over an offset in its place. What stands for one stays. */
function blotOut(match: string, kept: string | number): string {
  if (typeof kept !== 'string') return redacted
  return isMarker(match.slice(kept.length)) ? match : kept + redacted
}

/**
 * Any value without secrets, at every depth; values under keys that name a secret are gone whole. Errors become name, message and
 * code; what JSON cannot say becomes text.
 */
export function redact(value: unknown, secrets: Iterable<string> = [], depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, secrets)
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object') return value === undefined ? undefined : String(value)
  if (depth > 8) return '[deep]'
  if (value instanceof Error) return redact(errorFields(value), secrets, depth + 1)
  if (value instanceof Uint8Array) return `[${value.length} bytes]`
  if (value instanceof Map) return redact(Object.fromEntries(value), secrets, depth)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value) || value instanceof Set) return [...value].map((item) => redact(item, secrets, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const hide =
        secretName.test(key) && item !== null && item !== undefined && typeof item !== 'boolean' && item !== ''
      return [redactText(key, secrets), hide ? redacted : redact(item, secrets, depth + 1)]
    }),
  )
}

function errorFields(error: Error): Record<string, unknown> {
  const {name, message, stack, cause} = error
  const code = 'code' in error ? error.code : undefined
  return {
    name,
    message,
    code,
    ...(cause === undefined ? {} : {cause}),
    stack: stack
      ?.split('\n')
      .slice(1, 8)
      .map((line) => line.trim()),
  }
}

/**
 * Arguments as a log may hold them: which flags there were and which objects were named, and no value of a field (`description=…`), no text in words, and
 * nothing after a flag that names a secret.
 */
export function argvForLog(argv: readonly string[]): string[] {
  return withoutSecrets([...argv]).map((word) => {
    const field = /^[^-=\s][^=\s]*=/.exec(word)?.[0]
    if (field !== undefined) return `${redactText(field.slice(0, -1))}=…`
    return /\s/.test(word) || word.length > 200 ? `[${word.length} characters]` : redactText(word)
  })
}

/** Arguments as typed, without the value after a flag that names a secret. */
export function withoutSecrets(argv: string[]): string[] {
  return argv.map((word, at) => {
    if (at > 0 && secretFlag.test(argv[at - 1]!)) return redacted
    const end = word.indexOf('=')
    return end > 0 && secretFlag.test(word.slice(0, end)) ? word.slice(0, end + 1) + redacted : word
  })
}
