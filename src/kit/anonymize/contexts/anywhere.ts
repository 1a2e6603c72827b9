import {lower} from '../bytes.js'
import type {ByteString, FindKind} from '../model.js'
import {commonWords} from '../common-words.js'
import {joinedIn} from '../random.js'
import {isTechnical, systemUsers, technical} from '../words.js'
import {inColumns} from './columns.js'
import {type Placed, placed} from './values.js'

/** What no word announces: each is looked for in a whole text where a mark of it is there. */
export function anywhere(text: ByteString): Placed[] {
  const found: Placed[] = inColumns(text)
  if (text.includes('|1|'))
    for (const match of text.matchAll(/(?<=\|1\||\|1\|[A-Za-z0-9+/]{27}=\|)[A-Za-z0-9+/]{27}=/g))
      found.push(whole('key', match))
  if (text.includes('$'))
    for (const match of text.matchAll(hashed)) found.push(whole('password', match), ...accountOf(text, match.index))
  if (text.includes(':!') || text.includes(':*:'))
    for (const match of text.matchAll(/(?<=^|\n)[a-z][\w.-]*(?=:[!*]{1,2}:\d*:)/g))
      found.push(...accountOf(text, match.index + match[0].length + 1))
  if (text.startsWith('[') || text.includes('\n['))
    for (const match of text.matchAll(/(?<=^|\n)\[[\w.-]+\](?::\d+)?[ \t]+([\w.@-]+):(\S+)/dg))
      found.push(...accountIn(match))
  if (/^\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text) || text.includes('\n[20'))
    for (const match of text.matchAll(/(?<=^|\n)\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?\] <?([a-z][\w.-]*)>?:? /dg)) {
      const [start, end] = match.indices![1]!
      const who = text.slice(start, end)
      if (/^.*[:>] $/.test(match[0]) && !systemUsers.has(who) && !technical.has(who) && !levels.has(who))
        found.push({kind: 'user', start, end, confidence: 'likely', isName: true})
    }
  if (text.includes('\\'))
    for (const {indices} of text.matchAll(
      /(?<![\\\w/])([A-Z][A-Z0-9-]{1,14})(?:\\\\|\\(?![nrtux0]))([A-Za-z][\w.-]*\w)(?![\\\w])/dg,
    ))
      for (const [i, kind] of (['realm', 'user'] as const).entries()) {
        const [start, end] = indices![i + 1]!
        if (!systemUsers.has(lower(text.slice(start, end))))
          found.push({kind, start, end, confidence: 'likely', isName: true})
      }
  if (text.includes('.pw:'))
    for (const {indices} of text.matchAll(/priv\/(?:storage|ldap|realm)\/[\w.-]+\.pw:(?:password=)?([^\r\n]{3,})/dg))
      found.push({kind: 'password', start: indices![1]![0], end: indices![1]![1], confidence: 'sure'})
  if (text.includes('~') || text.includes(':/'))
    for (const {indices} of text.matchAll(/(?<=^|\n)(?:\w+@)?([A-Za-z][\w-]*)[: ][~/][\w/.~-]* ?[#$] /dg)) {
      const [start, end] = indices![1]!
      found.push(...placed('host', text, {start, end, isQuoted: true}))
    }
  for (const {indices} of text.matchAll(switchPrompt)) {
    const [start, end] = indices![1]!
    found.push(...placed('host', text, {start, end, isQuoted: true}))
  }
  if (text.includes('127.0.1.1'))
    for (const {indices} of text.matchAll(
      /(?<=^|\n)127\.0\.1\.1[ \t]+(?:[\w.-]+\.[\w.-]+[ \t]+)?([A-Za-z][\w-]*)(?=\s|$)/dg,
    )) {
      const [start, end] = indices![1]!
      found.push(...placed('host', text, {start, end, isQuoted: true}))
    }
  if (text.includes('\n['))
    for (const {1: group, index, 0: all} of text.matchAll(
      /(?<=^|\n)\[[a-z][\w-]*\]\r?\n((?:[a-z][\w-]*(?:\[\d+:\d+\])?\r?\n)+)(?=\r?\n|\[|$)/g,
    ))
      for (const one of group!.matchAll(/(?<=^|\n)[a-z][\w-]*\w/g)) {
        const start = index + all.length - group!.length + one.index
        found.push(...placed('host', text, {start, end: start + one[0].length, isQuoted: true}))
      }
  for (const [mark, expression] of accounts)
    if (text.includes(mark))
      for (const {indices} of text.matchAll(expression))
        for (const range of indices!.slice(1))
          if (range && !commonWords.has(text.slice(...range)))
            found.push(...placed('user', text, {start: range[0], end: range[1], isQuoted: true}))
  // What dnsmasq keeps of leases.
  for (const {indices} of text.matchAll(/(?<=^|\n)\d{9,10} [0-9a-f:]{17} [\d.]+ ([A-Za-z][\w-]*)/dg)) {
    const [start, end] = indices![1]!
    found.push(...placed('host', text, {start, end, isQuoted: true}))
  }
  if (text.includes('/mnt/pve/'))
    for (const {indices} of text.matchAll(/\/mnt\/pve\/([\w.-]*\w)/dg)) {
      const [start, end] = indices![1]!
      if (!isTechnical(lower(text.slice(start, end))))
        found.push({kind: 'name', start, end, confidence: 'sure', isName: true})
    }
  if (text.includes('/~'))
    for (const {indices} of text.matchAll(/\/~([a-z][\w.-]*)/dg)) {
      const [start, end] = indices![1]!
      found.push(...placed('user', text, {start, end, isQuoted: true}))
    }
  if (text.includes(':/'))
    for (const {indices} of text.matchAll(
      /(?<![\w./:@-])([a-z][\w-]*):(?=\/(?:exports?|nfs|volume\d|vol\d?|tank|shares?|mnt\/(?:tank|pool|data))\b)/dg,
    )) {
      const [start, end] = indices![1]!
      if (!technical.has(text.slice(start, end))) found.push(...placed('host', text, {start, end, isQuoted: true}))
    }
  if (text.includes('S/N'))
    for (const {indices} of text.matchAll(/S\/N(?::\s?|\s)(?=\S*\d)([A-Z0-9][\w-]{5,})/dg))
      found.push({kind: 'serial', start: indices![1]![0], end: indices![1]![1], confidence: 'sure'})
  if (/^\[\d\d:\d\d/.test(text) || text.includes('\n['))
    for (const {indices} of text.matchAll(
      /(?<=^|\n)\[\d\d:\d\d(?::\d\d)?\] <?([A-Z][\w'-]+(?: [A-Z][\w'-]+)?|[a-z][\w.-]*)(?:>|:) /dg,
    )) {
      const [start, end] = indices![1]!
      const kind = /^[A-Z]/.test(text.slice(start)) ? 'person' : 'user'
      if (!technical.has(lower(text.slice(start, end))) && !levels.has(lower(text.slice(start, end))))
        found.push(...placed(kind, text, {start, end, isQuoted: true}))
    }
  if (text.includes('(@'))
    for (const {indices} of text.matchAll(/\(@([A-Za-z][\w.-]*)\)/dg))
      found.push({kind: 'user', start: indices![1]![0], end: indices![1]![1], confidence: 'likely', isName: true})
  if (text.includes('+'))
    for (const range of joinedIn(text)) found.push({kind: 'token', ...range, confidence: 'likely'})
  if (text.includes('\\\\') || text.includes('//')) found.push(...sharesIn(text))
  return found
}

/** Accounts, where no word announces them: the owners of files, of groups, of what sudo allows, of a database, and who is meant in a discussion. */
const accounts: readonly (readonly [mark: string, expression: RegExp])[] = [
  ['-r', /(?<=^|\n)[dl-][rwxsStT-]{9}[+.@]? +\d+ ([a-z][\w.-]*) +([a-z][\w.-]*) +\d/dg],
  [':x:', /(?<=^|\n)[\w-]+:x:\d+:([a-z][\w.-]*)(?:,([a-z][\w.-]*))?(?:,([a-z][\w.-]*))?(?=\r?\n|$)/dg],
  ["'@'", /'([a-z][\w.-]*)'@'/dg],
  ['ALL=', /(?<=^|\n)([a-z][\w.-]*)[ \t]+ALL ?=/dg],
  ['@', /(?<=^|\n|[\s>(])@([a-z][\w.-]*\w)(?=[,.:;!?)]?(?:\s|$))/dg],
]

/** At the prompt of a switch or a shell, what is typed there: `core1# show version`. */
const switchPrompt =
  /(?<=^|\n)([A-Za-z][\w-]*)(?:\([\w-]+\))?[#>] ?(?:show|conf|configure|interface|reload|reboot|copy|write|request|display|ping|cat|ls|qm|pct|pve\w+|systemctl|journalctl|zpool|zfs|ceph|ip|df|dmesg|apt)\b/dg

/** What stands in the place of a speaker in logs. */
const levels: ReadonlySet<string> = new Set([
  'notice',
  'fatal',
  'critical',
  'crit',
  'err',
  'warn',
  'verbose',
  'alert',
  'emerg',
])

/** Passwords as crypt(5) keeps them. */
const hashed =
  /\${1,2}(?:1|apr1|2[abxy]?|[5-9]|y|gy|argon2id?)\${1,2}(?:v=\d+\${1,2})?(?:m=\d+,t=\d+,p=\d+\${1,2})?[^\s:"',\\]{8,}/g
const whole = (kind: FindKind, match: RegExpMatchArray): Placed => ({
  kind,
  start: match.index!,
  end: match.index! + match[0].length,
  confidence: 'sure',
})

/** Whose hash of a password it is, in a file of accounts. */
function accountOf(text: string, start: number): Placed[] {
  const user = /(?:^|[\s"'`=:])([a-z][\w.-]*):$/.exec(text.slice(Math.max(0, start - 64), start))?.[1]
  if (user === undefined || systemUsers.has(lower(user))) return []
  const end = start - 1
  return [{kind: 'user', start: end - user.length, end, confidence: 'likely', isName: true}]
}

/** A server's account, as Postfix keeps them: `[smtp.example.com]:587 user:password`. */
function accountIn({indices}: RegExpMatchArray): Placed[] {
  const [user, password] = [indices![1]!, indices![2]!]
  return [
    {kind: 'user', start: user[0], end: user[1], confidence: 'likely', isName: true},
    {kind: 'password', start: password[0], end: password[1], confidence: 'sure'},
  ]
}

/** Servers and what they share, as Windows and mount(8) name them: \\server\share, //server/share. */
function sharesIn(text: string): Placed[] {
  const found: Placed[] = []
  for (const match of text.matchAll(
    /(?<![\\:/\w])(?:\\{2,4}|\/\/)([A-Za-z][\w-]*)(?=[./\\])(?:[\w.-]*)(?:\\{1,2}|\/)([A-Za-z\u0080-\u00ff][\w\u0080-\u00ff-]*)?/dg,
  ))
    for (const [i, kind] of (['host', 'name'] as const).entries()) {
      const range = match.indices?.[i + 1]
      if (!range || technical.has(lower(text.slice(...range)))) continue
      found.push({kind, start: range[0], end: range[1], confidence: 'likely', isName: true})
    }
  return found
}
