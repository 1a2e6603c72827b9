import {lower} from '../bytes.js'
import {commonWords} from '../common-words.js'
import {isTechnical, systemUsers} from '../words.js'
import {at, type Context, lineEnd, name, type Placed, placed, placeholder} from './values.js'

/** What stands behind `-----BEGIN`: to its end, with line ends and blanks as they are spelled. */
export const pem: Context = (text, start) => {
  const begin = at(/BEGIN ([A-Za-z0-9 ]+)-----/y, text, start)
  if (!begin || text.slice(start - 5, start) !== '-----') return []
  const label = begin[1]!
  const from = start + begin[0].length
  const length = text.slice(from, from + 40_000).indexOf(`-----END ${label}-----`)
  const end = length < 0 ? -1 : from + length
  // One that is cut off goes as far as it looks like one.
  const until = end < 0 ? from + (at(/(?:[\sA-Za-z0-9+/=:,]|\\[nr])*/y, text, from)?.[0].length ?? 0) : end
  const first = at(/(?:\s|\\[nrt])*/y, text, from)![0].length
  const last = /(?:\s|\\[nrt]|> )*$/.exec(text.slice(Math.max(from + first, until - 80), until))![0].length
  if (from + first >= until - last) return []
  const kind = /CERTIFICATE|CRL/.test(label) ? 'certificate' : 'key'
  return [{kind, start: from + first, end: until - last, confidence: 'sure'}]
}

/** A key of SSH: what it is stays, the key and whose it is go. */
export const sshKey: Context = (text, _start, end) => {
  const body = at(
    /(?:\s|%20|%2520|\+)+([A-Za-z0-9+/=]{20,}|(?:[A-Za-z0-9+/=]|%(?:25)?(?:2[Bb]|2[Ff]|3[Dd])){20,})/dy,
    text,
    end,
  )
  const range = body?.indices?.[1]
  if (!range) return []
  const key: Placed = {kind: 'key', start: range[0], end: range[1], confidence: 'sure'}
  const comment = at(
    /((?:\s|%20|%2520)+)([A-Za-z\u0080-\u00ff][\w.\u0080-\u00ff-]*)(?=$|[\s"'%,]|\\[nr])(?!%(?:25)?40)/y,
    text,
    range[1],
  )
  if (!comment || comment[1]!.includes('\n')) return [key]
  return [key, name('user', range[1] + comment[1]!.length, comment[2]!)]
}

/** A ticket (pve-access-control, PVE/Ticket.pm): whose and of when stays, what signs it goes. */
export const ticket: Context = (text, start) => {
  const match = at(
    /(?:PVE|PBS|PMG)(?:VNC|TFA|Mail|AUTH)?(?::|%3A)[^\s:"';,]*?(?::|%3A)[^\s"';,:]*(?::|%3A){1,2}([^\s"',;&\\]+)/dy,
    text,
    start,
  )
  const range = match?.indices?.[1]
  return range && range[1] - range[0] > 6 ? [{kind: 'token', start: range[0], end: range[1], confidence: 'sure'}] : []
}

/** An address of the web: who logs in with what, and where. */
export const url: Context = (text, _start, end) => {
  const match = at(
    /:(?:\\?\/){2}(?:([^\s/:@"'<>]{0,200})(?::([^\s"'<>]{0,500}?))?@(?=[\w[.-]))?(\[[^\]\s]*\]|[\w.\u0080-\u00ff-]+)?/dy,
    text,
    end,
  )
  if (!match?.indices) return []
  const [, user, password, host] = match.indices
  const found: Placed[] = []
  if (user && user[1] > user[0]) {
    const value = text.slice(...user)
    if (!systemUsers.has(lower(value)) && password !== undefined) found.push(name('user', user[0], value))
    else if (password === undefined && value.length > 15)
      found.push({...name('token', ...([user[0], value] as const)), isName: false})
  }
  if (password && password[1] > password[0] && !placeholder.test(text.slice(...password)))
    found.push({kind: 'password', start: password[0], end: password[1], confidence: 'sure'})
  if (host && host[1] > host[0])
    found.push(
      ...placed('host', text, {start: host[0], end: host[1], isQuoted: true}).map((one) => ({...one, isFirm: false})),
    )
  return found
}

/** `user@realm!token=secret`, and what stands between. */
export const apiToken: Context = (text, _start, end) => {
  const next = text.charCodeAt(end)
  if (next !== 0x21 && next !== 0x25) return []
  const match = at(/(?:!|%21)([\w.-]+)(?:(?:=|%3D)["']?([^\s"',;&}]{8,})|:([0-9a-f]{8}-[0-9a-f-]{20,}))/dy, text, end)
  const id = match?.indices ?? at(/(?:!|%21)([A-Za-z][\w.-]*)/dy, text, end)?.indices
  const range = match?.indices?.[2] ?? match?.indices?.[3]
  return [
    ...(id ? tokenName(text, id[1]![0], id[1]![1]) : []),
    ...(range ? [{kind: 'token', start: range[0], end: range[1], confidence: 'sure'} as const] : []),
  ]
}

/** What somebody calls a token, unless it is a word that everybody calls theirs. */
function tokenName(text: string, start: number, end: number): readonly Placed[] {
  const value = text.slice(start, end).replace(/[.-]+$/, '')
  const small = lower(value)
  return value.length < 4 ||
    isTechnical(small) ||
    commonWords.has(small) ||
    /^(?:\d+|north|south|east|west)$/.test(value)
    ? []
    : [name('name', start, value)]
}

/** A token by its name alone: `token_id: ci`, `pveum user token add root@pam ci`, `/access/users/root@pam/token/ci`. */
export const tokenId = (expression: RegExp): Context => {
  const exact = new RegExp(expression.source, `${expression.flags}dy`)
  return (text, start) => {
    const range = at(exact, text, start)?.indices?.[1]
    return range ? tokenName(text, ...range) : []
  }
}

/** Users with their passwords, a line each, as cloud-init's chpasswd has them. */
export const passwordList: Context = (text, _start, end) => {
  const block = text.slice(end, end + 2000)
  const body = /^:[^\n]*\n(?:[^\S\r\n]+[^\n]*\n?){1,20}/.exec(block)?.[0] ?? ''
  return [...body.matchAll(/\n[^\S\r\n]+(?:- )?[\w.-]+:(\S{3,})/dg)].flatMap(({indices}) => {
    const [first, last] = indices![1]!
    return placed('password', text, {start: end + first, end: end + last, isQuoted: true})
  })
}

/** A line of PostgreSQL's file of passwords: `host:port:database:user:password` (libpq, §34.16). */
export const pgpass: Context = (text, start) => {
  if (start > 0 && text[start - 1] !== '\n') return []
  const range = at(
    /[^\s:#]+:(?:\d{1,5}|\*):[^\s:]+:([A-Za-z_][^\s:]*):((?:\\:|[^\s:])+)(?=\s*$)/dmy,
    text,
    start,
  )?.indices
  if (!range) return []
  const [user, password] = [range[1]!, range[2]!]
  return [
    ...placed('user', text, {start: user[0], end: user[1], isQuoted: true}),
    ...placed('password', text, {start: password[0], end: password[1], isQuoted: true}),
  ]
}

/** What Ansible's vault has encrypted: a line each. */
export const vault: Context = (text, _start, end) => {
  const body = at(
    /;[\d.]+;AES256(?:;[^\r\n;]*)?(?:\r?\n|\\n)(?:[ \t]*[0-9a-f]{10,}(?:\r?\n|\\n|(?=["']|$)))+/y,
    text,
    end,
  )
  return [...(body?.[0].matchAll(/(?<=\n|\\n)[ \t]*([0-9a-f]{10,})/dg) ?? [])].map(({indices}) => ({
    kind: 'key' as const,
    start: end + indices![1]![0],
    end: end + indices![1]![1],
    confidence: 'sure' as const,
  }))
}

/**
 * A password in a sentence, not far behind the word for one: all sorts of characters in one word. What is in small letters and digits alone may be
 * anything.
 */
export const inSentence: Context = (text, _start, end) => {
  const rest = text.slice(end, Math.min(lineEnd(text, end), end + 140))
  const found: Placed[] = []
  for (const match of rest.matchAll(
    /(?<=^|[\s"'`(\u00ab\u009e\u009c\u00a0])[^\s"'`,;()<>|\u00bb\u00c2\u00e2]{6,64}/g,
  )) {
    const value = match[0].replace(/[.:!?*]+$/, '')
    const whole = /\d[!?]$/.test(match[0]) ? match[0] : value
    const isQuoted = /["'`]/.test(rest[match.index - 1] ?? '') && /^[a-z]+[-_.][a-z]+[-_.]?\d+$/i.test(whole)
    if (isQuoted || isThoughtUp(whole))
      found.push(
        ...placed('password', text, {start: end + match.index, end: end + match.index + whole.length, isQuoted: true}),
      )
  }
  return found
}

/** A word as people make up passwords: capitals, small letters and digits, and no name of a thing. */
const isThoughtUp = (word: string): boolean =>
  /[a-z]/.test(word) &&
  /\d/.test(word) &&
  (/[A-Z]/.test(word) || /[!#$%&*+?^~]/.test(word)) &&
  !/[@/\\=:[\]{}]|^v\d|\.\w{2,4}$|^\d+[A-Za-z]+$|^[A-Z][a-z]+\d$/.test(word)

/** Codes for who lost the second factor. */
export const recovery: Context = (text, _start, end) => {
  const list = at(/"? ?: ?(?:\{[^\]\n]{0,300}?"entries" ?: ?)?\[[^\]\n]{0,4000}\]/y, text, end)
  return [...(list?.[0].matchAll(/[0-9a-f]{64}|[0-9a-f]{4}(?:-[0-9a-f]{4}){2,}/g) ?? [])].map((match) => ({
    kind: 'password' as const,
    start: end + match.index,
    end: end + match.index + match[0].length,
    confidence: 'sure' as const,
  }))
}
