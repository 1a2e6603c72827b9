import {secretsIn} from '../secrets/index.js'
import {lower} from './bytes.js'
import type {ByteString, Find, FindKind} from './model.js'
import {behindKey, isNote} from './registry.js'
import {builtinRealms, firstNames, systemUsers, technical} from './words.js'

/** What stands around a word, by the word. Offsets are the text's. */
export type Context = (text: ByteString, start: number, end: number) => Placed[]

/** Something that its place tells. */
export interface Placed extends Find {
  /** It may be a word of ordinary texts: it is the thing in this place. */
  isName?: boolean | undefined
  /** Nothing but a name stands there: it is one wherever else it stands, though it were a word. */
  isFirm?: boolean | undefined
}

/** Fixed expressions are sticky: they are tried at one place, and look no further than a line. */
const at = (expression: RegExp, text: string, index: number): RegExpExecArray | null => {
  expression.lastIndex = index
  return expression.exec(text)
}

/** Between a key and its value: a quote, blanks, `:`, `=` or `=>`, blanks. Percent-encoded, too. */
const assigned = /(?:\\*["'`]|%22|\*\*)?\]?[^\S\r\n]{0,40}(?:=>|:=|[:=]|%3[DdAa]|\| ?)[^\S\r\n]{0,40}/y
const flagged = /(?:=|[^\S\r\n]{1,40})/y
const quoted = /\\*["'`]/y
/** Ends of a value that no quote ends; a `#` or a `;` may be part of it. */
const bare = /[^\s,"'`)\]}&|<>;]+/y
const bareSecret = /[^\s"'`&|<>]+/y

interface Value {
  start: number
  end: number
  isQuoted: boolean
}

/** The value that follows; undefined where none does. */
function valueFrom(text: string, from: number, isSecret: boolean): Value | undefined {
  const quote = at(quoted, text, from)
  if (quote) {
    const [start, mark] = [from + quote[0].length, quote[0]]
    let end = text.indexOf(mark, start)
    // What is escaped more often than the quote itself does not end it.
    while (end > start && text[end - 1] === '\\' && mark.length === 1) end = text.indexOf(mark, end + 1)
    const line = lineEnd(text, start)
    if (end < 0 || (end > line && !isSecret)) end = line
    return end > start ? {start, end, isQuoted: true} : undefined
  }
  const match = at(isSecret ? bareSecret : bare, text, from)
  if (!match) return undefined
  const escaped = isSecret ? /\\n|\\r|\\"/.exec(match[0])?.index : undefined
  return {start: from, end: from + (escaped ?? match[0].length), isQuoted: false}
}

/** The end of a line, or of what of it is looked at. */
function lineEnd(text: string, from: number): number {
  const end = text.slice(from, from + reach).indexOf('\n')
  const line = end < 0 ? Math.min(text.length, from + reach) : from + end
  return text[line - 1] === '\r' ? line - 1 : line
}

/** Likewise its beginning. */
function lineStart(text: string, from: number): number {
  const first = Math.max(0, from - reach)
  return first + text.slice(first, from).lastIndexOf('\n') + 1
}

/** How far a line is looked at, before a place and behind it: some have megabytes. */
const reach = 2000

const secretKinds: ReadonlySet<FindKind> = new Set(['password', 'token', 'key'])

/** Stands for a secret, and is none: a variable, a name in brackets, stars, a file, a word of a type. */
const placeholder =
  /^(?:\*+|x{3,}|\.{3,}|<.*|\$\{?.*|%[\w]+%|\{\{.*|\[.*|none|null|nil|undefined|true|false|yes|no|string|str|redacted.*|removed|hidden|masked|sensitive|\(sensitive.*|var\..*|local\..*|data\..*|module\..*|vault_\w+|env:.*|file:.*|(?:~|\.{1,2})?\/[\w./$*-]*|\d{1,3}|prompt:?|required|optional|incorrect|invalid|wrong|expired|missing|check|failed|failure|authentication|for|and|or|is|was|the|to|on|in|of|from|required\.?|changed|accepted|unset|set|empty|default|value|provided|given|found|not|-|--\S*|name=.*|tokens?|passwords?|secrets?|keys?|tickets?|\(.*|https?:\/\/[^?@]*|[a-z]+:\/[\w./-]*|\\|\||>|\|-|>-|=|:)$/i

/** In a configuration of PVE's a key and its value alone in a line, with blanks between. */
const alone = /[^\S\r\n]+(?=\S+[^\S\r\n]*$)/my

/** A key with a value behind it. */
function keyed(kind: FindKind): Context {
  const isSecret = secretKinds.has(kind)
  return (text, start, end) => {
    const isFlag = text[start - 1] === '-'
    const isFirst = /^[\s-]*(?:export )?["']?-{0,2}$/.test(text.slice(lineStart(text, start), start))
    const between = at(assigned, text, end) ?? (isFlag ? at(flagged, text, end) : isFirst ? at(alone, text, end) : null)
    const found = between ? secretOrName(kind, text, end + between[0].length, isFirst && /^: /.test(between[0])) : []
    if (
      !isSecret ||
      found.length > 0 ||
      /(?:failed|accepted|invalid|wrong|incorrect|bad|no) $/i.test(text.slice(Math.max(0, start - 12), start))
    )
      return found
    return lineSecrets(text, start)
  }
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
    const end = isLine ? lineEnd(text, from) : value.end
    const whole = text.slice(from, end)
    const cut = whole.search(/[,;][\w.-]+=| #/)
    value.end = from + (cut < 0 ? whole : whole.slice(0, cut)).trimEnd().length
  }
  return placed(kind, text, value)
}

/** What a value of a kind is: all of it, or the names in it. */
function placed(kind: FindKind, text: string, {start, end, isQuoted}: Value): Placed[] {
  const value = text.slice(start, end)
  if (secretKinds.has(kind)) {
    const cut = (isQuoted ? value : value.replace(/[,;)\]}.]+$/, '')).replace(/\\+$/, '')
    // Of a ticket it is only what signs it.
    if (ticketed.test(cut)) return []
    if (
      // A token of a few letters is the name of one.
      cut.length < (kind === 'password' ? 3 : 8) ||
      /^REDACTED-|^[{[]|^(?:PVE|PBS|PMG)AuthCookie=/.test(cut) ||
      placeholder.test(cut) ||
      // Whose token it is, and none itself.
      /^[\w.-]+@[\w.-]+![\w.-]+$/.test(cut) ||
      /^\*{10}/.test(cut)
    )
      return []
    return [{kind, start, end: start + cut.length, confidence: 'sure'}]
  }
  if (placeholder.test(value)) return []
  return named[kind]?.(value, start) ?? []
}

const name = (kind: FindKind, start: number, text: string): Placed => ({
  kind,
  start,
  end: start + text.length,
  confidence: 'likely',
  isName: true,
})

/** What is taken of a value where a name of that kind is expected. Full names, addresses and mail are found by their form. */
const named: Partial<Record<FindKind, (value: string, start: number) => Placed[]>> = {
  host: (value, start) => {
    const host = /^[A-Za-z0-9\u0080-\u00ff](?:[\w\u0080-\u00ff-]{0,61}[A-Za-z0-9\u0080-\u00ff])?(?=$|[:/,\s])/.exec(
      value,
    )?.[0]
    if (
      host === undefined ||
      /^(?:\d+|(?:eth|ens|eno|enp|veth|vmbr|bond|lo|wlan|wg|tun|tap|br)\d.*)$/.test(host) ||
      systemWords.has(lower(host))
    )
      return []
    return [{...name('host', start, host), isFirm: true}]
  },
  domain: (value, start) => {
    const label = /^[A-Za-z0-9][\w-]{1,62}$/.exec(value)?.[0]
    return label === undefined || systemWords.has(lower(label)) ? [] : [name('domain', start, label)]
  },
  user: (value, start) => {
    const user = /^[A-Za-z\u0080-\u00ff][\w.\u0080-\u00ff-]{0,63}(?=$|[@:,\s])/.exec(value)?.[0]
    if (user === undefined || [systemUsers, systemWords, technical].some((all) => all.has(lower(user)))) return []
    return [name('user', start, user)]
  },
  realm: (value, start) =>
    /^[A-Za-z][\w.-]+$/.test(value) && !builtinRealms.has(lower(value)) && !systemWords.has(lower(value))
      ? [name('realm', start, value)]
      : [],
  name: (value, start) =>
    value.split(/[,;]/).flatMap((one, i, all) => {
      const from = start + all.slice(0, i).join(' ').length + (i > 0 ? 1 : 0)
      return /^[A-Za-z\u0080-\u00ff][\w.\u0080-\u00ff-]{1,63}$/.test(one) &&
        !systemWords.has(lower(one)) &&
        !technical.has(lower(one)) &&
        !/\d+[GMKT]B?$/.test(one)
        ? [name('name', from, one)]
        : []
    }),
  person: (value, start) =>
    [...value.matchAll(/(?:[A-Z\u00c0-\u00ff]|\\u00[cd][0-9a-f])(?:[A-Za-z\u0080-\u00ff'-]|\\u[0-9a-f]{4})+/g)].map(
      (match) => name('person', start + match.index, match[0]),
    ),
  serial: (value, start) => {
    const serial = /^[A-Za-z0-9][\w+/= -]{3,63}$/.exec(value)?.[0]
    return serial === undefined || !/\d/.test(serial) || /^\d{1,4}$/.test(serial) || /^(?:0+|0x0+)$/.test(serial)
      ? []
      : [{...name('serial', start, serial), isName: false}]
  },
  uuid: (value, start) =>
    /^(?:[0-9a-f]{32}|[0-9a-f]{16}|[0-9A-F]{4}-[0-9A-F]{4})$/i.test(value)
      ? [{...name('serial', start, value), isName: false}]
      : [],
  key: () => [],
  path: (value, start) =>
    !/[/\\]/.test(value)
      ? []
      : [...value.matchAll(/[^/\\,;\s"']+/g)]
          .filter((match) => !systemPaths.has(lower(match[0])) && /[A-Za-z]{2}/.test(match[0]))
          .map((match) => name('path', start + match.index, match[0])),
}

/** What machines and programs call things, and nobody's names. */
const systemWords: ReadonlySet<string> = new Set(
  (
    'spice compose config proxmox ansible null none true false local localhost all any self default auto static dhcp manual yes no on off root ok error unknown name ' +
    'qemu lxc storage node vm pool user token group role sdn running stopped online offline active inactive enabled disabled ' +
    'local-lvm local-zfs local-btrfs dir lvm lvmthin zfspool nfs cifs pbs rbd cephfs iscsi zfs btrfs std virtio e1000 string number array ' +
    'object boolean integer is was has not the a an to for of in with from at by and or no_proxy http https tcp udp icmp in out group ' +
    'accept drop reject log info warning debug notice err crit emerg alert not-found login admin service-account'
  ).split(' '),
)

/** Folders that all machines have. */
const systemPaths: ReadonlySet<string> = new Set(
  (
    'etc pve var lib vz mnt usr srv opt home root dev disk by-id by-path tmp run proc sys boot bin sbin share exports export data backup ' +
    'backups dump images iso template cache private subvol rpool tank pool nodes qemu-server lxc priv storage nfs smb cifs media log logs local'
  ).split(' '),
)

/** The line that was looked at last: its words ask one after the other. Follows from the text alone, and is never changed once made. */
let looked: {text: string; start: number; end: number; found: Placed[]} | undefined

/** All secrets of the line, by the one table of them; of what is in no quotes, its first word. */
function lineSecrets(text: string, from: number): Placed[] {
  if (looked?.text === text && looked.start <= from && from < looked.end) return looked.found
  const [start, end] = [lineStart(text, from), lineEnd(text, from)]
  const found = secretsIn(text.slice(start, end)).flatMap(({form, start: first, end: last}): Placed[] => {
    // A key in lines of its own has a context of its own.
    if (form.word === 'private-key') return []
    // What stands in the place of a password is called so, and announces none.
    if (/REDACTED-[^\n]{0,60}$/.test(text.slice(Math.max(start, start + first - 100), start + first))) return []
    const value = text.slice(start + first, start + last)
    const isQuoted = /["']/.test(text[start + first - 1] ?? '')
    const cut = value.replace(isQuoted ? /\\*["'][^]*$/ : /(?:[,;][\w.-]+=|["'`&|<>\s]|\\[nr"])[^]*$/, '')
    if (/^(?:PVE|PBS|PMG)AuthCookie=/.test(cut)) return []
    // A small word behind a token or a key is its name, and a password's may be one.
    if (
      /^[a-z_-]{2,12}$/.test(cut) &&
      /(?:token|key|secret|credentials?)\W{1,12}$/i.test(text.slice(Math.max(start, start + first - 30), start + first))
    )
      return []
    const kind = form.word.includes('password') ? 'password' : 'token'
    return placed(kind, text, {start: start + first, end: start + first + cut.length, isQuoted})
  })
  looked = {text, start, end: Math.max(from + 1, end - reach / 4), found}
  return found
}

/** An expression from the word on, and what its groups are. Groups that are not there are nothing. */
function shaped(expression: RegExp, ...kinds: (FindKind | undefined)[]): Context {
  const flags = expression.flags.replace('y', '')
  const [quick, exact] = [new RegExp(expression.source, `${flags}y`), new RegExp(expression.source, `${flags}dy`)]
  return (text, start) => {
    const match = at(quick, text, start)
    if (!match) return []
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

const both =
  (...contexts: Context[]): Context =>
  (text, start, end) =>
    contexts.flatMap((context) => context(text, start, end))

const onlyAtStart =
  (context: Context): Context =>
  (text, start, end) =>
    start === 0 || text[start - 1] === '\n' ? context(text, start, end) : []

/** What stands behind `-----BEGIN`: to its end, with line ends and blanks as they are spelled. */
const pem: Context = (text, start) => {
  const begin = at(/BEGIN ([A-Z0-9 ]+)-----/y, text, start)
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
const sshKey: Context = (text, _start, end) => {
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
const ticket: Context = (text, start) => {
  const match = at(
    /(?:PVE|PBS|PMG)(?:VNC|TFA|Mail|AUTH)?(?::|%3A)[^\s:"';,]*?(?::|%3A)[^\s"';,:]*(?::|%3A){1,2}([^\s"',;&\\]+)/dy,
    text,
    start,
  )
  const range = match?.indices?.[1]
  return range && range[1] - range[0] > 6 ? [{kind: 'token', start: range[0], end: range[1], confidence: 'sure'}] : []
}

/** An address of the web: who logs in with what, and where. */
const url: Context = (text, _start, end) => {
  const match = at(
    /:(?:\\?\/){2}(?:([^\s/:@"'<>]*)(?::([^\s"'<>]*?))?@(?=[\w[.-]))?(\[[^\]\s]*\]|[\w.\u0080-\u00ff-]+)?/dy,
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
  const match = at(/(?:!|%21)([\w.-]+)(?:(?:=|%3D)["']?([^\s"',;&}]{8,})|:([0-9a-f]{8}-[0-9a-f-]{20,}))/dy, text, end)
  const range = match?.indices?.[2] ?? match?.indices?.[3]
  return range ? [{kind: 'token', start: range[0], end: range[1], confidence: 'sure'}] : []
}

const month = shaped(
  /[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?(?: \[\d+\])? ([\w.-]+)(?= [^\s:]+:| \S+\[\d+\]| \w+ +(?:notice|info|error|warning|debug|alert|crit))/,
  'host',
)
/** A header of mail, or a line of Git: `Name <mail>`. */
const signed = shaped(/[\w-]+: ([^<\r\n@]{2,60}?) ?</, 'person')
const scanned = /(?:^|[\s("'>:])((?:[A-Z\u00c0-\u00ff][\w.'\u0080-\u00ff-]*[ ]){1,3})$/

/** A person before their address: `Ada Lovelace <ada@…`. */
export const personBefore = (text: string, start: number): Placed[] => {
  if (text[start - 1] !== '<') return []
  const before = text.slice(lineStart(text, start), start - 1)
  const match = scanned.exec(before.endsWith(' ') ? before : `${before} `)
  if (!match) return []
  const first = start - 1 - (before.endsWith(' ') ? 0 : -1) - match[1]!.length
  return placed('person', text, {start: first, end: start - 1, isQuoted: true})
}

const organisation = (text: string, start: number, end: number): Placed[] => {
  const match = at(/ ?= ?("?)([^,/\r\n"+=]{2,60}?)\1(?= ?[,/\r\n"+]|$)/dy, text, end)
  const range = match?.indices?.[2]
  const line = text.slice(lineStart(text, start), Math.min(lineEnd(text, start), start + 400))
  if (!range || !/(?:^|[\s,/(:'"])(?:CN|DC|dc|OU|ou|cn|uid) ?=/.test(line)) return []
  const value = text.slice(...range)
  if (/^[A-Z]{2}$/.test(value) || value.includes('.') || systemNames.test(value)) return []
  return [name(/^[dD][cC]$/.test(text.slice(start, end)) ? 'domain' : 'name', range[0], value)]
}
const systemNames =
  /^(?:Proxmox Virtual Environment|PVE Cluster Node|PVE Cluster Manager CA|Let's Encrypt|ISRG.*|R\d+|E\d+|users?|people|groups?|computers|admins?|services?|Domain Admins|Users)$/i

/** Secrets of the line, whatever the word. */
const lineOf: Context = (text, start) => lineSecrets(text, start)

/** The host that a line of an inventory is about. */
const lineHead: Context = (text, start) => {
  const from = lineStart(text, start)
  const match = /^[^\S\r\n]*([A-Za-z0-9][\w-]*)[ \t]/.exec(text.slice(from, start))
  const above = match
    ? undefined
    : /([\w-]+):[^\S\r\n]*\r?\n[^\S\r\n]+$/d.exec(text.slice(Math.max(0, start - 120), start))
  const range = above?.indices?.[1]
  if (range)
    return placed('host', text, {
      start: Math.max(0, start - 120) + range[0],
      end: Math.max(0, start - 120) + range[1],
      isQuoted: true,
    })
  if (!match) return []
  const first = from + match[0].length - 1 - match[1]!.length
  return placed('host', text, {start: first, end: first + match[1]!.length, isQuoted: true})
}

/** Hosts in a list: `a,b:2`, `["a", "b"]`. */
const hostList: Context = (text, _start, end) => {
  const between = at(assigned, text, end) ?? at(/[^\S\r\n]+/y, text, end)
  if (!between) return []
  const from = end + between[0].length
  const list = at(
    /\[?["']?[A-Za-z][\w-]*(?::\d+)?(?:["']?[,;] ?["']?[A-Za-z][\w-]*(?::\d+)?)*["']?\]?(?=\s*$)/my,
    text,
    from,
  )
  if (!list) return []
  return [...list[0].matchAll(/[A-Za-z][\w-]*/g)].flatMap((match) =>
    placed('host', text, {start: from + match.index, end: from + match.index + match[0].length, isQuoted: true}),
  )
}

/** A record of a zone: `web01 IN A …`. */
const zoneLine: Context = (text, start, end) => {
  if (!at(/\s+(?:A|AAAA|CNAME|PTR|SRV|TXT)\s/y, text, end)) return []
  const from = lineStart(text, start)
  const head = /^([A-Za-z][\w-]*)\s+(?:\d+\s+)?$/.exec(text.slice(from, start))
  return head ? placed('host', text, {start: from, end: from + head[1]!.length, isQuoted: true}) : []
}

/** Users with their passwords, a line each, as cloud-init's chpasswd has them. */
const passwordList: Context = (text, _start, end) => {
  const block = text.slice(end, end + 2000)
  const body = /^:[^\n]*\n(?:[^\S\r\n]+[^\n]*\n?){1,20}/.exec(block)?.[0] ?? ''
  return [...body.matchAll(/\n[^\S\r\n]+[\w.-]+:(\S{3,})/dg)].flatMap(({indices}) => {
    const [first, last] = indices![1]!
    return placed('password', text, {start: end + first, end: end + last, isQuoted: true})
  })
}

/** A line of what `pvesm status` prints. */
const storageLine: Context = (text, start, end) => {
  if (!at(/\s+(?:active|inactive|disabled)\s/y, text, end)) return []
  const from = lineStart(text, start)
  const storage = /^([A-Za-z][\w.-]*)\s+$/.exec(text.slice(from, start))?.[1]
  return storage === undefined ? [] : placed('name', text, {start: from, end: from + storage.length, isQuoted: true})
}

/** Who is logged in, by the terminal (w(1), last(1)). */
const loginLine: Context = (text, start) => {
  const from = lineStart(text, start)
  const user = /^([a-z][\w.-]*)\s+$/.exec(text.slice(from, start))?.[1]
  return user === undefined ? [] : placed('user', text, {start: from, end: from + user.length, isQuoted: true})
}

/** Codes for who lost the second factor. */
const recovery: Context = (text, _start, end) => {
  const list = at(/"? ?: ?\[[^\]\n]{0,2000}\]/y, text, end)
  return [...(list?.[0].matchAll(/[0-9a-f]{4}(?:-[0-9a-f]{4}){2,}/g) ?? [])].map((match) => ({
    kind: 'password' as const,
    start: end + match.index,
    end: end + match.index + match[0].length,
    confidence: 'sure' as const,
  }))
}

/** Whose card it is, as DHCP tells it: `bc:24:11:00:00:01 (nas)`. */
export const hostAfter = shaped(/[0-9A-Fa-f:]{17} \(([a-z][\w-]*)\)/, 'host')

/** A host before its address in brackets, `nas (10.0.0.2)`, and those of a line of /etc/hosts. */
export function hostsAround(text: string, start: number, end: number): Placed[] {
  const near = text.slice(Math.max(0, start - 64), start)
  const server = /\bserver ([a-z][\w-]*) $/.exec(near)
  if (server) return placed('host', text, {start: start - 1 - server[1]!.length, end: start - 1, isQuoted: true})
  const account = at(/[^\S\r\n]+[\w.@-]+:(\S+)(?=\s*$)/my, text, end)
  if (account && (start === 0 || text[start - 1] === '\n'))
    return placed('password', text, {
      start: end + account[0].length - account[1]!.length,
      end: end + account[0].length,
      isQuoted: true,
    })
  const before = / ?([a-z][\w-]*(?:\d|-|[a-z]{3})[\w-]*) \($/.exec(near)
  if (before && !technical.has(before[1]!)) {
    const last = start - 2
    return placed('host', text, {start: last - before[1]!.length, end: last, isQuoted: true}).map((one) => ({
      ...one,
      isFirm: false,
    }))
  }
  if (start > 0 && text[start - 1] !== '\n') {
    // A table of hosts, their addresses and their cards.
    const first = /(?:^|\n)([a-z][\w-]*)[ \t]+$/.exec(text.slice(Math.max(0, start - 80), start))
    if (!first || technical.has(first[1]!) || !at(/[ \t]+(?:[0-9A-Fa-f]{2}[:-]){5}/y, text, end)) return []
    const from = start - first[0].length + (first[0][0] === '\n' ? 1 : 0)
    return placed('host', text, {start: from, end: from + first[1]!.length, isQuoted: true})
  }
  const line = at(/[^\S\r\n]+((?:[A-Za-z][\w.-]*[^\S\r\n]*)+)(?:#.*)?\r?$/my, text, end)
  if (!line) return []
  const from = end + line[0].indexOf(line[1]!)
  return [...line[1]!.matchAll(/(?<![\w.-])[A-Za-z][\w-]*(?![\w.-])/g)].flatMap((match) =>
    placed('host', text, {start: from + match.index, end: from + match.index + match[0].length, isQuoted: true}),
  )
}

/** A name by itself says little: it is a host's in a guest's configuration, and where what only guests have stands around it. */
const guestName: Context = (text, start, end) => {
  const between = at(assigned, text, end) ?? (text[start - 1] === '-' ? at(flagged, text, end) : null)
  const value = between ? valueFrom(text, end + between[0].length, false) : undefined
  if (!value) return []
  const around = text.slice(Math.max(0, start - 500), end + 500)
  const isGuests =
    /\b(?:vmid|vm_id|hostname|ostype|onboot|scsihw|net0|maxmem|target_node|node_name|ring0_addr|cipassword|qemu|lxc|proxmox_\w+)\b|kind: ?(?:vm|container)/.test(
      around,
    )
  const word = text.slice(value.start, value.end)
  if (/[A-Z]/.test(word) || technical.has(word)) return []
  if (/"type": ?"cluster"|"quorate"/.test(around) && !isGuests) return placed('name', text, value)
  return isGuests ? placed('host', text, value) : []
}

/** What a program is told on its command line: expressions that end with the value. */
const commands: readonly (readonly [word: string, kind: FindKind, expression: RegExp])[] = [
  ['sshpass', 'password', /sshpass[^\n|;]*? -p ?(["']?)([^\s"']+)/],
  ...['mysql', 'mysqldump', 'mysqladmin', 'mariadb', 'mariadb-dump'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word}[^\\n|;]*? -p(["']?)([^\\s"']+)`),
  ]),
  ...['mysql', 'mysqldump', 'mariadb', 'psql', 'pg_dump', 'ipmitool', 'docker', 'sqlcmd', 'smbclient', 'curl'].map(
    (word): [string, FindKind, RegExp] => [
      word,
      'user',
      new RegExp(`${word}[^\\n|;]*? -[uU] ?(["']?)([A-Za-z][\\w.-]*)`),
    ],
  ),
  ['curl', 'password', /curl[^\n|;]*? (?:-u|--user|-U|--proxy-user)[ =]?(["']?)[^\s:"']*:([^\s"']+)/],
  ['redis-cli', 'password', /redis-cli[^\n|;]*? (?:-a|--pass) ?(["']?)([^\s"']+)/],
  ...['ldapsearch', 'ldapadd', 'ldapmodify', 'ldapwhoami', 'ldappasswd'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word}[^\\n|;]*? -w ?(["']?)([^\\s"']+)`),
  ]),
  ['ipmitool', 'password', /ipmitool[^\n|;]*? -P ?(["']?)([^\s"']+)/],
  ['sqlcmd', 'password', /sqlcmd[^\n|;]*? -P ?(["']?)([^\s"']+)/],
  ['docker', 'password', /docker[^\n|;]*? login[^\n|;]*? (?:-p|--password)[ =](["']?)([^\s"']+)/],
  ['smbclient', 'password', /smbclient[^\n|;]*? -U ?(["']?)[^\s%"']+%([^\s"']+)/],
  ['net', 'password', /net [^\n|;]*? -U ?(["']?)[^\s%"']+%([^\s"']+)/],
  ['net', 'password', /net use [^\n]*?(["']?)\/user:\S+ ([^\s"'/]+)/i],
  ['openssl', 'password', /openssl passwd [^\n|;]*?(["']?)([^\s"'-][^\s"']*)(?=\s*$)/m],
  ['echo', 'password', /echo (?:-[ne]+ )?(["']?)([^\s"'\\]+)(?:\\n[^\s"']+)?\1 *\| *(?:smbpasswd|passwd)/],
  ['echo', 'password', /echo (?:-[ne]+ )?(["']?)[^\s"'\\]+\\n([^\s"'\\]+)\1 *\| *(?:smbpasswd|passwd)/],
  ['echo', 'password', /echo (?:-n )?(["']?)([^\s"']+)\1 *\| *sudo -S/],
  ['echo', 'password', /echo (?:-n )?(["']?)[\w.-]+:([^\s"']+)\1 *\| *chpasswd/],
  ['chpasswd', 'password', /chpasswd <<< ?(["']?)[\w.-]+:([^\s"']+)/],
  ['skopeo', 'password', /skopeo[^\n|;]*? --(?:src-|dest-)?creds[= ](["']?)[^\s:]+:([^\s"']+)/],
  ['influx', 'token', /influx[^\n|;]*? (?:-t|--token)[= ](["']?)([^\s"']+)/],
  ['mc', 'token', /mc alias set \S+ \S+ (["']?)([^\s"']+)/],
  ['mc', 'token', /mc alias set \S+ \S+ \S+ (["']?)([^\s"']+)/],
  ['wg', 'key', /wg set [^\n|;]*?peer (["']?)([A-Za-z0-9+/]{43}=)/],
  ...['snmpwalk', 'snmpget', 'snmpbulkwalk', 'snmpset'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word}[^\\n|;]*? -c ?(["']?)([^\\s"']+)`),
  ]),
  ['passwd', 'password', /passwd [^\n|;]*?<<< ?(["']?)([^\s"']+)/],
  ['passwd', 'user', /passwd \d+ (["']?)([A-Za-z][\w.-]*)/],
  ['pass', 'password', /pass (["']?)([^\s"']{6,})/],
]

/** All commands of a program, by its name. */
const byProgram = [...new Set(commands.map(([word]) => word))].map((word): [string, Context] => [
  word,
  both(...commands.filter(([one]) => one === word).map(([, kind, expression]) => shaped(expression, undefined, kind))),
])

/** By the word, in lower case. */
const byWord: ReadonlyMap<string, Context> = new Map<string, Context>([
  ...['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map(
    (one): [string, Context] => [one, month],
  ),
  ['begin', pem],
  ...[
    'ssh-rsa',
    'ssh-dss',
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'sk-ssh-ed25519',
    'openssh.com',
  ].map((one): [string, Context] => [one, sshKey]),
  ...[
    'http',
    'https',
    'ssh',
    'ftp',
    'sftp',
    'smb',
    'cifs',
    'nfs',
    'ldap',
    'ldaps',
    'postgres',
    'postgresql',
    'mysql',
    'mariadb',
    'redis',
    'rediss',
    'mongodb',
    'mongodb+srv',
    'amqp',
    'amqps',
    'mqtt',
    'mqtts',
    'git',
    'ws',
    'wss',
    'rtsp',
    'smtp',
    'smtps',
    'imap',
    'imaps',
    'socks5',
    'spice',
    'vnc',
    'tcp',
    'udp',
    'iscsi',
    'rbd',
    'otpauth',
  ].map((one): [string, Context] => [one, url]),
  ['bearer', shaped(/bearer["']?\s+([\w.~+/=-]{8,})/i, 'token')],
  ['basic', shaped(/basic\s+([A-Za-z0-9+/=]{8,})/i, 'token')],
  ['sha256', shaped(/SHA256:([A-Za-z0-9+/=]{20,})/, 'key')],
  [
    'node',
    both(
      keyed('host'),
      shaped(/node\/([A-Za-z0-9][\w-]*)/i, 'host'),
      shaped(/node ["']([A-Za-z0-9][\w-]*)["']/i, 'host'),
      shaped(/node ([A-Za-z][\w-]*[\d-][\w-]*)/i, 'host'),
    ),
  ],
  [
    'home',
    shaped(/(?<=(?:^|[\s"'=:,([/])[/\\]|%2F)home(?:[/\\]|%2F)([A-Za-z\u0080-\u00ff][\w.\u0080-\u00ff-]*)/i, 'user'),
  ],
  ['users', shaped(/users[/\\]{1,4}([A-Za-z\u0080-\u00ff][\w.\u0080-\u00ff-]*)/i, 'user')],
  [
    'host',
    both(
      keyed('host'),
      shaped(/Host ([A-Za-z0-9][\w.-]*)(?=\s*$)/m, 'host'),
      shaped(/host ["']([A-Za-z0-9][\w-]*)["']/i, 'host'),
    ),
  ],
  ['hostname', both(keyed('host'), shaped(/Host ?name[ .]*:? ([A-Za-z0-9][\w.-]*)/i, 'host'))],
  [
    'user',
    both(
      keyed('user'),
      shaped(
        /(?<=(?:invalid|for|by|of|as|unknown|New|ALTER|CREATE|DROP|GRANT) )(?:[Uu]ser|USER) ["']?([\w.-]+)/,
        'user',
      ),
      shaped(/User ([\w.-]+)(?=\s*$)/m, 'user'),
    ),
  ],
  ['accepted', shaped(/Accepted \S+ for ([\w.-]+)/, 'user')],
  ['failed', shaped(/Failed \S+ for (?:invalid user )?([\w.-]+)/, 'user')],
  ['sudo', shaped(/sudo(?:\[\d+\])?: +([\w.-]+) :/, 'user')],
  ['uid', both(shaped(/uid=\d+\(([\w.-]+)\)/, 'user'), shaped(/uid=([A-Za-z][\w.-]*),/i, 'user'))],
  ['from', signed],
  ['to', signed],
  ['cc', signed],
  ['reply-to', signed],
  ['author', both(signed, keyed('person'))],
  ['commit', signed],
  ['committer', signed],
  ['signed-off-by', signed],
  ['co-authored-by', signed],
  ['reviewed-by', signed],
  ['search', onlyAtStart(shaped(/search\s+([\w-]+)/, 'domain'))],
  ['name', guestName],
  ['cn', organisation],
  ...byProgram,
  ...['ok', 'changed', 'fatal', 'skipping', 'included', 'unreachable', 'rescued', 'failed'].map(
    (word): [string, Context] => [
      word,
      both(
        shaped(/\w+: \[([\w.-]+)(?: ->[^\]]*)?\]/, 'host'),
        shaped(/Failed \S+ for (?:invalid user )?([\w.-]+)/, 'user'),
      ),
    ],
  ),
  ['ansible_host', lineHead],
  ['ansible_connection', lineHead],
  ['secret', both(keyed('password'), shaped(/secret name=[\w.-]+,value=([^\s,]+)/, 'token'))],
  [
    'key',
    both(
      lineOf,
      shaped(/[Kk]ey(?:\s*[=:]\s*|[^\S\r\n]+)["']?((?=[^\s"']*\d)(?=[^\s"']*[A-Za-z])[A-Za-z0-9+/=_-]{20,})/, 'key'),
    ),
  ],
  ['chpasswd', both(...byProgram.filter(([word]) => word === 'chpasswd').map(([, context]) => context), passwordList)],
  ...['password', 'passwort', 'passphrase', 'l\u00c3\u00b6senord', 'wachtwoord'].map((word): [string, Context] => [
    word,
    both(
      keyed('password'),
      shaped(
        /[^\s:]+(?:\s+(?:is|was|ist|lautet|=|->))?:?\s+["'`]?((?=[^\s"'`]*(?:[a-z][A-Z]|\d))[^\s"'`,;]{6,40})(?=[\s"'`,;]|$)/,
        'password',
      ),
    ),
  ]),
  ['auth', both(lineOf, shaped(/auth ["']?([\w.-]+):([^\s"']+)/, 'user', 'password'))],
  ['netbios', shaped(/netbios name\s*=\s*([\w-]+)/, 'host')],
  ['valid', shaped(/valid users\s*=\s*([\w.-]+)/, 'user')],
  ['asset', shaped(/Asset Tag: (\S+)/, 'serial')],
  ['pts', loginLine],
  ['peer', shaped(/peer:? ([A-Za-z0-9+/]{43}=)/, 'key')],
  ['public', shaped(/public key: ([A-Za-z0-9+/]{43}=)/, 'key')],
  ['data', shaped(/data[^\S\r\n]+([A-Za-z0-9+/=]{24,})(?=\s*$)/m, 'token')],
  ['as', shaped(/as ["']?([a-z][a-z0-9]*[_.][\w.]*[a-z0-9])/, 'user')],
  ['by', both(signed, shaped(/by ([a-z][\w.-]*)\(uid=\d/, 'user'))],
  ['postponed', shaped(/Postponed \S+ for (?:invalid user )?([\w.-]+)/, 'user')],
  ['recovery', recovery],
  ['su', shaped(/su\[\d+\]: \(to [\w.-]+\) ([\w.-]+) on/, 'user')],
  ['in', zoneLine],
  ...['nodes', 'exitnodes', 'exitnodes-primary', 'node_names', 'nodelist', 'prefer', 'hv_nodes'].map(
    (word): [string, Context] => [
      word,
      both(hostList, shaped(/nodes(?:\/|%2F|\\\/)([A-Za-z0-9][\w-]*)(?=[\s/"'?\\:,)]|%2F|$)/i, 'host')),
    ],
  ),
  ['lu', shaped(/LU WWN Device Id: ([0-9a-f][0-9a-f ]+[0-9a-f])/, 'serial')],
  ['serial', both(keyed('serial'), shaped(/serial(?: (?:number|no\.?))?:?\s+([A-Z0-9][\w-]*\d[\w-]*)/i, 'serial'))],
  ['ip', shaped(/ip=[\d.]+:[\d.]*:[\d.]*:[\d.]*:([\w-]+):/, 'host')],
  ['pool', both(keyed('name'), shaped(/pool ["']([A-Za-z][\w.-]*)["']/, 'name'))],
  [
    'storage',
    both(
      keyed('name'),
      shaped(/storage ["']([A-Za-z][\w.-]*)["']/, 'name'),
      shaped(/storage\/([A-Za-z0-9][\w-]*)\/([A-Za-z][\w.-]*)/i, 'host', 'name'),
    ),
  ],
  ['hosts', shaped(/hosts: ([A-Za-z][\w-]*\d[\w-]*)$/m, 'host')],
  ...[
    'dir',
    'nfs',
    'cifs',
    'pbs',
    'lvm',
    'lvmthin',
    'zfspool',
    'zfs',
    'rbd',
    'cephfs',
    'btrfs',
    'iscsi',
    'iscsidirect',
    'esxi',
    'glusterfs',
    'smtp',
    'gotify',
    'webhook',
    'sendmail',
    'matcher',
    'group',
    'vnet',
    'zone',
  ].map((word): [string, Context] => [
    word,
    both(
      onlyAtStart(shaped(/\w+: ([A-Za-z][\w.-]*)\s*$/m, 'name')),
      url,
      storageLine,
      ...(word === 'webhook' ? [lineOf] : []),
    ),
  ]),
  ...['ad', 'ldap', 'openid'].map((word): [string, Context] => [
    word,
    both(onlyAtStart(shaped(/\w+: ([A-Za-z][\w.-]*)\s*$/m, 'realm')), url),
  ]),
  ...[
    'owner',
    'contact',
    'reporter',
    'customer',
    'admin',
    'administrator',
    'ansprechpartner',
    'requester',
    'assignee',
    'kontakt',
    'verantwortlich',
    'caller',
    'responsible',
  ].map((word): [string, Context] => [
    word,
    both(keyed('user'), shaped(/\w+: ?((?:[A-Z\u00c0-\u00ff][\w'.\u0080-\u00ff-]+ ?){1,4})/i, 'person')),
  ]),
  ...[
    'dr',
    'mr',
    'mrs',
    'ms',
    'herr',
    'frau',
    'prof',
    'hallo',
    'hi',
    'hello',
    'dear',
    'liebe',
    'lieber',
    'regards',
    'cheers',
    'thanks',
    'gru\u00c3\u009f',
    'gr\u00c3\u00bc\u00c3\u009fe',
    'bin',
    'ping',
    'ask',
    'call',
  ].map((word): [string, Context] => [
    word,
    shaped(/[\w\u0080-\u00ff]+[.,]?\s+((?:[A-Z\u00c0-\u00ff][\w'\u0080-\u00ff-]+ ?){1,2})/, 'person'),
  ]),
  ['ou', organisation],
  ['o', organisation],
  ['dc', organisation],
  ...[
    'hooks',
    'webhook',
    'webhooks',
    'webhookb2',
    'bot',
    'hc-ping.com',
    'integration',
    'sig',
    'pin',
    'pwd',
    'pw',
    'login',
    'kennwort',
    'passwort',
  ].map((one): [string, Context] => [one, (text, start) => lineSecrets(text, start)]),
])

/** A line of user.cfg: users with their names and mail (pve-access-control, PVE/AccessControl.pm). */
const userLine = shaped(/user:([^:@\r\n]+)@[^:\r\n]+:[01]:\d*:([^:\r\n]*):([^:\r\n]*):/, 'user', 'person', 'person')
/** A line of passwd. */
const passwdLine = shaped(/([\w.-]+):[^:\s]*:\d+:\d*:([^:,\r\n]*)[^:\r\n]*:(?=[^:\r\n]*:)/, 'user', 'person')
/** A disk and the storage that it is on. */
const volume = shaped(/\w+[:=] ?['"]?([A-Za-z][\w.-]*)(?=:)/, 'name')
const accessLine = onlyAtStart(
  both(
    userLine,
    shaped(/group:([\w.-]+):/, 'name'),
    shaped(/pool:([\w.-]+):[^:\r\n]*:[^:\r\n]*:([\w,.-]*):/, 'name', 'name'),
  ),
)
const ticketed = /^(?:PVE|PBS|PMG)(?:VNC|TFA|Mail|AUTH)?(?::|%3A)[^:]+(?:@|%40)/
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
const syslog = shaped(/[\dT:.+Z-]+ ([\w.-]+)(?= [^\s:]+:| [^\s[]+\[\d+\])/, 'host')

const isoLine = onlyAtStart(syslog)
const passwd = onlyAtStart(passwdLine)

/** A first name and a last one: `Ada Lovelace`; both, where one of the two is a name that people have. */
const person: Context = (text, start, end) => {
  const next = at(
    / (?:(?:van|von|de|der|den|del|di|la|le|el|al|bin|zu) ){0,2}([A-Z\u00c0-\u00ff][\w\u0080-\u00ff'-]+)/dy,
    text,
    end,
  )
  const range = next?.indices?.[1]
  if (!range || technical.has(lower(text.slice(...range)))) {
    // In what people write of a thing it is one of them also by itself.
    const before = text.slice(lineStart(text, start), start)
    if (/copyright|\(c\)/i.test(before)) return []
    return /#|comment|description|notes?\b|kommentar|\b(?:ich bin|i am|i'm)\b/i.test(before)
      ? [name('person', start, text.slice(start, end))]
      : []
  }
  if (/copyright|\(c\)/i.test(text.slice(lineStart(text, start), start))) return []
  return [name('person', start, text.slice(start, end)), name('person', range[0], text.slice(...range))]
}

/** What the place of a word may tell; undefined where it tells nothing. Words are as `scan` has them. */
export function contextOf(word: string): Context | undefined {
  if (word.startsWith('REDACTED-')) return undefined
  if (word.length > 300) return ticketed.test(word) ? ticket : undefined
  const first = word.charCodeAt(0)
  if (first >= 0x30 && first <= 0x39) return isoTime.test(word) ? isoLine : undefined
  const small = lower(word)
  if (/^(?:user|token|group|pool|acl|role):/.test(word)) return accessLine
  const own = byWord.get(small) ?? byWord.get(small.split(':')[0]!)
  if (own) {
    const behind = behindKey(small)
    return behind !== undefined && !['node', 'host', 'hostname', 'user', 'author'].includes(small)
      ? both(own, keyed(behind))
      : own
  }
  if (ticketed.test(word)) return ticket
  if (/^(?:scsi|virtio|sata|ide|efidisk|tpmstate|unused|mp|rootfs|vmstate)\d*$/.test(word)) return volume
  if (/^[A-Z][a-z-]+$/.test(word) && firstNames.has(small)) return person
  if (/^[\w.-]+:[^:]*:\d+:\d+/.test(word)) return passwd
  // `password:` in front of what it joins: `cipassword:hunter2`, `config.password`.
  const colon = word.indexOf(':')
  if (colon > 0) {
    const behind = behindKey(word.slice(0, colon))
    if (behind !== undefined) return (text, start) => keyed(behind)(text, start, start + colon)
    const last = behindKey(word.slice(word.lastIndexOf(':') + 1))
    return last === undefined ? undefined : keyed(last)
  }
  const behind = behindKey(small) ?? (/[._-]/.test(small) ? lastPart(small) : undefined)
  if (behind !== undefined) return keyed(behind)
  return isNote(word) ? (text, start) => lineSecrets(text, start) : undefined
}

/** `db.password`, `export_PASSWORD`, `target_node`: the last part of a key counts. */
function lastPart(key: string): FindKind | undefined {
  const last = /[^._-]+$/.exec(key)?.[0]
  const behind = last === undefined ? undefined : behindKey(last)
  return behind !== undefined && (secretKinds.has(behind) || /^(?:node|host|hostname|username|user|fqdn)$/.test(last!))
    ? behind
    : undefined
}
