import {lower} from '../bytes.js'
import type {ByteString, Find, FindKind} from '../model.js'
import {isTelling4} from '../pseudonyms.js'
import {builtinRealms, isTechnical, systemUsers, technical} from '../words.js'

/** What stands around a word, by the word. Offsets are the text's. */
export type Context = (text: ByteString, start: number, end: number) => readonly Placed[]

/** Nothing, as most places tell. */
export const none: readonly Placed[] = []

/** Something that its place tells. */
export interface Placed extends Find {
  /** It may be a word of ordinary texts: it is the thing in this place. */
  isName?: boolean | undefined
  /** Nothing but a name stands there: it is one wherever else it stands, though it were a word. */
  isFirm?: boolean | undefined
  /** Nothing by itself: it asks for the secrets of its line. */
  isLine?: boolean
}

interface Value {
  start: number
  end: number
  isQuoted: boolean
}

/** Fixed expressions are sticky: they are tried at one place, and look no further than a line. */
export const at = (expression: RegExp, text: string, index: number): RegExpExecArray | null => {
  expression.lastIndex = index
  return expression.exec(text)
}

/** Between a key and its value: a quote, blanks, `:`, `=` or `=>`, blanks. Percent-encoded, too. */
export const assigned =
  /(?:\\*["'`]|%22|\*\*)?\]?[^\S\r\n]{0,40}(?:(?:\. ?){2,40})?(?:=>|:=|::(?= )|[:=]|\u00e2[\u0086\u0096][\u0080-\u00bf]|%3[DdAa]|\| ?)[^\S\r\n]{0,40}/y

export const flagged = /(?:=|[^\S\r\n]{1,40})/y

const quoted = /\\*["'`]/y

/** Ends of a value that no quote ends; a `#` or a `;` may be part of it. */
const bare = /[^\s,"'`)\]}&|<>;]+/y

const bareSecret = /(?:[^\s"'`&|<>]|(?<![,:;{[])["'`](?=[A-Za-z0-9])|&(?![\w-]{1,40}=|(?:amp|quot|lt|gt);|#|\s|$))+/y

/** The value that follows; undefined where none does. */
export function valueFrom(text: string, from: number, isSecret: boolean): Value | undefined {
  const quote = at(quoted, text, from)
  if (quote) {
    const [start, mark] = [from + quote[0].length, quote[0]]
    let end = text.indexOf(mark, start)
    // What is escaped more often than the quote itself does not end it.
    while (end > start && text[end - 1] === '\\' && mark.length === 1) end = text.indexOf(mark, end + 1)
    // YAML doubles it.
    while (mark === "'" && end > start && text[end + 1] === mark) end = text.indexOf(mark, end + 2)
    const line = lineEnd(text, start)
    // Nothing but the end of a line stands behind it: it ends what stood before.
    if (line === start) return undefined
    if (end < 0 || (end > line && !isSecret)) end = line
    return end > start ? {start, end, isQuoted: true} : undefined
  }
  const block = isSecret ? at(/[|>][-+]?[ \t]*\r?\n[ \t]+(?=[^\s-])/y, text, from) : null
  if (block) return {start: from + block[0].length, end: lineEnd(text, from + block[0].length), isQuoted: true}
  const match = at(isSecret ? bareSecret : bare, text, from)
  if (!match) return undefined
  const escaped = isSecret ? /\\n|\\r|\\"/.exec(match[0])?.index : undefined
  return {start: from, end: from + (escaped ?? match[0].length), isQuoted: false}
}

/** The end of a line, or of what of it is looked at. */
export function lineEnd(text: string, from: number): number {
  const end = text.slice(from, from + reach).indexOf('\n')
  const line = end < 0 ? Math.min(text.length, from + reach) : from + end
  return text[line - 1] === '\r' ? line - 1 : line
}

/** Likewise its beginning; of one that is longer, the beginning of a word. */
export function lineStart(text: string, from: number): number {
  const first = Math.max(0, from - reach)
  const before = text.slice(first, from)
  const end = before.lastIndexOf('\n')
  if (end >= 0 || first === 0) return first + end + 1
  const blank = before.indexOf(' ')
  return blank < 0 ? from : first + blank + 1
}

/** How far a line is looked at, before a place and behind it: some have megabytes. */
export const reach = 2000

export const secretKinds: ReadonlySet<FindKind> = new Set(['password', 'token', 'key'])

/** Stands for a secret, and is none: a variable, a name in brackets, stars, a file, a word of a type. */
export const placeholder =
  /^(?:\*+|x{3,}|(?:sha|md)-?\d+|s?crypt|bcrypt|argon2\w*|pbkdf2|ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\w+|plain|\.{3,}|<[\w .:/|-]*>?|\$\{?.*|%[\w]+%|\{\{.*|\[[\w .:/|-]*\]?|none|null|nil|undefined|true|false|yes|no|string|str|all|redacted.*|removed|hidden|masked|sensitive|\(sensitive.*|var\..*|local\..*|data\..*|module\..*|vault_\w+|!\w.*|via|using|with|as|by|be|can|may|must|should|has|are|your|this|that|env:.*|file:.*|(?:~|\.{1,2})?\/[\w./$*-]*|\d{1,3}|prompt:?|required|optional|correct|incorrect|invalid|wrong|expired|missing|check|failed|failure|authentication|for|and|or|is|was|the|to|on|in|of|from|required\.?|changed|accepted|unset|set|empty|default|value|provided|given|found|not|-|--\S*|name=.*|\W{0,3}[\w.-]+\(|[a-z_.]{3,}\(["'&].*|convertto-securestring|password (?:updated|unchanged|expiry|changed|for)\b.*|vergessen\?|tokens?|passwords?|secrets?|keys?|tickets?|\(.*|https?:\/\/[^?@]*|[a-z]+:\/[\w./-]*|\\|\||>|\|-|>-|=|:)$/i

export const ticketed = /^(?:PVE|PBS|PMG)(?:VNC|TFA|Mail|AUTH)?(?::|%3A)[^:]+(?:@|%40)/

/** Without what ends a sentence or a list; a bracket that it opens itself belongs to it. */
function withoutEnd(value: string): string {
  const end = /[,;)\]}.]+$/.exec(value)?.[0] ?? ''
  const opened = [...end].findLastIndex((mark) => value.includes(openers[mark] ?? '\n'))
  return value.slice(0, value.length - end.length + opened + 1)
}
const openers: Readonly<Record<string, string>> = {')': '(', ']': '[', '}': '{'}

/** What a value of a kind is: all of it, or the names in it. */
export function placed(kind: FindKind, text: string, {start, end, isQuoted}: Value): Placed[] {
  const value = text.slice(start, end)
  if (secretKinds.has(kind)) {
    const bare = /["'`]/.test(text[start - 1] ?? '') ? value : withoutBracket(text, start, value)
    const cut = (isQuoted ? bare : withoutEnd(bare)).replace(/\\+$/, '')
    // Of a ticket it is only what signs it.
    if (ticketed.test(cut)) return []
    if (
      // A token of a few letters is the name of one.
      cut.length < (kind === 'password' ? 3 : 8) ||
      /^REDACTED-|^(?!\{AQA|\{[^{}\s]{1,20}\}.*[^:,=]$|\[[^\]\s]{1,20}\].*[^:,=]$)[{[]|^(?:PVE|PBS|PMG)AuthCookie=/.test(
        cut,
      ) ||
      placeholder.test(cut) ||
      // What is secret in an address of the web is found by itself.
      (kind !== 'password' && /^https?:\/\/[^@]*$/.test(cut)) ||
      // Words, and nothing that a machine made: `root-token: cluster/home`.
      (kind === 'token' && cut.length < 20 && /^[a-z]+(?:[/_ -][a-z]+)+$/.test(cut)) ||
      // Whose token it is, and none itself.
      /^[\w.-]+@[\w.-]+![\w.-]+(?:$|[=:])|^[\w.-]+@(?:pve|pam|pbs|pmg)$/.test(cut) ||
      /^\*{10}/.test(cut)
    )
      return []
    return [{kind, start, end: start + cut.length, confidence: 'sure'}]
  }
  if (placeholder.test(value)) return []
  return named[kind]?.(value, start) ?? []
}

/** Brackets that close what its line opened before it are none of a value's: `{user: ada, password: hunter2}`. */
function withoutBracket(text: string, start: number, value: string): string {
  const closing = /[}\])]+$/.exec(value)?.[0]
  if (closing === undefined) return value
  const before = text.slice(lineStart(text, start), start)
  let end = value.length
  for (const bracket of [...closing].reverse()) {
    const open = bracket === '}' ? '{' : bracket === ']' ? '[' : '('
    const count = (of: string, one: string) => of.split(one).length - 1
    const inside = value.slice(0, end)
    const isOfLine = count(before, open) > count(before, bracket) && count(inside, open) < count(inside, bracket)
    if (!isOfLine) break
    end--
  }
  return value.slice(0, end)
}

export const name = (kind: FindKind, start: number, text: string): Placed => ({
  kind,
  start,
  end: start + text.length,
  confidence: 'likely',
  isName: true,
})

/** Words in capitals that no person is called by. */
const noPerson =
  /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|UTF-?|ISO-?|The|This|Please|Hello|Hi|Re|Fwd|Team|Support|All|Everyone|Zusammen|Alle|Voici|Bonjour|Merci|Cordialement|Salut|Grazie|Ciao|Salve|Buongiorno|Cordiali|Hola|Gracias|Saludos)$/

/** Words in capitals, as people write a company. */
const company = /^[A-Z][\w.'\u0080-\u00ff-]*(?: (?:& )?[A-Z][\w.'\u0080-\u00ff-]*){1,4} ?$/

/** A number of a maker that is one wherever it stands. */
const isOwn = /^(?=[^\d]*\d)(?=[^A-Za-z]*[A-Z])[A-Za-z0-9-]{7,}$/

/** What is taken of a value where a name of that kind is expected. Full names, addresses and mail are found by their form. */
const named: Partial<Record<FindKind, (value: string, start: number) => Placed[]>> = {
  host: (value, start) => {
    const host =
      /^[A-Za-z0-9\u0080-\u00ff](?:[\w\u0080-\u00ff-]{0,61}[A-Za-z0-9\u0080-\u00ff])?(?=$|[:/,\s]|\.$|-?\$\{|-\[)/.exec(
        value,
      )?.[0]
    if (
      host === undefined ||
      /^[0-9a-f]{4}:[0-9a-f]{4}\b|^[\w-]+\/\d/i.test(value) ||
      /^(?:\d+|(?:eth|ens|eno|enp|veth|vmbr|bond|lo|wlan|wg|tun|tap|br)\d.*|[shv]d[a-z]{1,2}\d{0,3}|nvme\d+n\d+(?:p\d+)?|(?:dm|md|zd)-?\d+)$/.test(
        host,
      ) ||
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
    const user = /^[A-Za-z\u0080-\u00ff](?:[\w.\u0080-\u00ff-]{0,62}[\w\u0080-\u00ff-])?(?=\.?(?:$|[@:,\s]))/.exec(
      value,
    )?.[0]
    if (user === undefined || [systemUsers, systemWords, technical].some((all) => all.has(lower(user)))) return []
    return [name('user', start, user)]
  },
  realm: (value, start) =>
    /^[A-Za-z][\w.-]+$/.test(value) && !builtinRealms.has(lower(value)) && !systemWords.has(lower(value))
      ? [name('realm', start, value)]
      : [],
  name: (value, start) =>
    company.test(value)
      ? [name('name', start, value.trimEnd())]
      : value
          .trimEnd()
          .split(/[,;]/)
          .flatMap((one, i, all) => {
            const from = start + all.slice(0, i).join(' ').length + (i > 0 ? 1 : 0)
            return /^[A-Za-z\u0080-\u00ff][\w.\u0080-\u00ff-]{1,63}$/.test(one) &&
              !systemWords.has(lower(one)) &&
              !isTechnical(lower(one)) &&
              !/\d+[GMKT]B?$/.test(one)
              ? [name('name', from, one)]
              : []
          }),
  person: (value, start) =>
    (noPerson.test(value)
      ? []
      : [
          ...value.matchAll(
            /(?<![A-Za-z0-9])(?:[A-Z\u00c0-\u00ff]|\\u00[cd][0-9a-f])(?:[A-Za-z\u0080-\u00ff'-]|\\u[0-9a-f]{4})+/g,
          ),
        ]
    ).flatMap((match) =>
      noPerson.test(match[0]) || technical.has(lower(match[0])) ? [] : [name('person', start + match.index, match[0])],
    ),
  serial: (value, start) => {
    const serial = /^[A-Za-z0-9][\w+/= -]{3,63}$/.exec(value)?.[0]
    return serial === undefined ||
      !/\d|[a-z][A-Z].*=$/.test(serial) ||
      /^\d{1,4}$/.test(serial) ||
      /^(?:0x)?0+1?$|^0100007F$/.test(serial)
      ? []
      : [{...name(/[+/=]/.test(serial) ? 'token' : 'serial', start, serial), isName: isOwn.test(serial)}]
  },
  uuid: (value, start) =>
    /^(?:[0-9a-f]{32}|(?:0x)?[0-9a-f]{16}|\d{15,20}|[0-9A-F]{4}-[0-9A-F]{4})$/i.test(value)
      ? [{...name('serial', start, value), isName: false}]
      : [],
  key: () => [],
  ipv4: (value, start) => {
    const octets = value.split(/\D+/).map(Number)
    return octets.every((octet) => octet < 256) && octets[0]! > 4 && isTelling4([...octets, 0, 0].slice(0, 4))
      ? [{kind: 'ipv4', start, end: start + value.length, confidence: 'sure'}]
      : []
  },
  mac: (value, start) =>
    /^[0-9A-Fa-f]{12}$/.test(value) && !/^(?:0{12}|f{12})$/i.test(value)
      ? [{kind: 'mac', start, end: start + value.length, confidence: 'sure'}]
      : [],
  path: (value, start) =>
    // A variable of a shell is exported, too.
    !/[/\\]/.test(value) || /^[A-Z_][A-Z0-9_]*=/.test(value)
      ? []
      : [...value.matchAll(/[^/\\,;\s"']+/g)]
          .filter((match) => !systemPaths.has(lower(match[0])) && /[A-Za-z]{2}/.test(match[0]))
          .map((match) => name('path', start + match.index, match[0])),
}

/** What machines and programs call things, and nobody's names. */
const systemWords: ReadonlySet<string> = new Set(
  (
    'host hosts node nodes lookup target link master server spice compose config proxmox ansible null none true false local localhost all any self default auto static dhcp manual yes no on off root ok error unknown name ' +
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
