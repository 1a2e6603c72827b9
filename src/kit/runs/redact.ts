/** What stands in the place of a secret. */
export const redacted = '[redacted]'

/** Keys whose values are secrets whatever they look like: PVE's own (`cipassword`, `ticket`), headers, and what people call theirs. */
const secretKey =
  /pass(word|wd|phrase)?$|^(ci)?password|secret|^(value|token)$|tokensecret|api.?token|ticket|csrf|authorization|cookie|credential|private.?key|^key$|^tls.?key|otp$/i

/** Secrets by their form, wherever they stand in a text. The first group is kept. */
const secretForms: RegExp[] = [
  // PVEAPIToken=user@realm!name=secret, also as the realms of PBS and PMG spell it
  /((?:PVE|PBS|PMG)APIToken[=:\s]\s*[^\s!=:;,"']+![^\s=:;,"']+[=:])[^\s"',;]+/gi,
  // a bare token: user@realm!name=uuid
  /([\w.+-]+@[\w.-]+![\w.-]+[=:])[0-9a-f]{8}-[0-9a-f-]{20,}/gi,
  // tickets: PVE:user@realm:HEX::signature, PVEVNC:…, and the cookie that carries one
  /\b((?:PVE|PBS|PMG)(?:VNC|TFA|Mail)?:[^\s:"';]*:)[^\s"',;]+/g,
  /((?:PVE|PBS|PMG)AuthCookie=)[^\s;"']+/gi,
  /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer)\s+)?)(?!(?:PVE|PBS|PMG)APIToken)[^\s"',;]+/gi,
  /\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^\r\n"']+/gi,
  /\b(CSRFPreventionToken["']?\s*[:=]\s*["']?)[^\s"',;]+/gi,
  // user:password@host
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/gi,
  // password=… in a query, a command line or a message
  /\b((?:[\w-]*(?:password|passwd|passphrase|secret)|ticket)["']?\s*[:=]\s*["']?)[^\s"'&,;}]+/gi,
]

const privateKey = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[^]*?(?:-----END \1-----|$)/g

/**
 * A text without secrets: those given, and whatever has the form of one (tokens, tickets, cookies, headers, passwords in URLs and
 * messages, private keys).
 */
export function redactText(text: string, secrets: Iterable<string> = []): string {
  let clean = text
  for (const secret of secrets) clean = clean.split(secret).join(redacted)
  if (clean.includes('-----BEGIN')) clean = clean.replace(privateKey, redacted)
  // Each form holds one of these; to compile nine expressions for a word that has neither takes milliseconds.
  if (!clean.includes('=') && !clean.includes(':')) return clean
  for (const form of secretForms) clean = clean.replace(form, `$1${redacted}`)
  return clean
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
        secretKey.test(key) && item !== null && item !== undefined && typeof item !== 'boolean' && item !== ''
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
