import {lower} from '../bytes.js'
import {commonWords} from '../common-words.js'
import type {ByteString, FindKind} from '../model.js'
import {joinedIn} from '../random.js'
import {systemUsers, technical} from '../words.js'
import {addAligned, addTable} from './columns.js'
import {everywhere, type Row} from './everywhere.js'
import {isOdd} from './odd.js'
import {at, type Placed, placed} from './values.js'

/** Those that begin a line, by what it begins with. */
const atLines = everywhere
  .filter(({first}) => first !== undefined)
  .map((row) => ({
    ...row,
    expression: new RegExp(row.expression.source, 'dy'),
    isFirst: Array.from({length: 256}, (_, code) => row.first!.test(String.fromCharCode(code))),
  }))

/** What no word announces. */
export function anywhere(text: ByteString): Placed[] {
  const found: Placed[] = []
  for (const row of everywhere)
    if (row.first === undefined && isMarked(text, row))
      for (const match of text.matchAll(row.expression)) found.push(...groupsOf(text, match, row))
  found.push(...inLines(text))
  if (text.includes('$'))
    for (const match of text.matchAll(hashed)) found.push(whole('password', match), ...accountOf(text, match.index))
  if (text.includes(':!') || text.includes(':*:'))
    for (const match of text.matchAll(/(?<=^|\n)[a-z][\w.-]*(?=:[!*]{1,2}:\d*:)/g))
      found.push(...accountOf(text, match.index + match[0].length + 1))
  if (text.includes('\n[')) found.push(...listedIn(text))
  if (text.includes('+'))
    for (const range of joinedIn(text)) found.push({kind: 'token', ...range, confidence: 'likely'})
  return found
}

const isMarked = (text: ByteString, {marks}: Row): boolean => marks.some((mark) => text.includes(mark))

function groupsOf(text: ByteString, {indices}: RegExpMatchArray, {kinds, isOdd: mustBe}: Row): Placed[] {
  return kinds.flatMap((kind, i) => {
    const range = indices![i + 1]
    return range && isMeant(kind, lower(text.slice(...range))) && !(mustBe && !isOdd(lower(text.slice(...range))))
      ? placed(kind, text, {start: range[0], end: range[1], isQuoted: true})
      : []
  })
}

/** What begins lines, and tables: a look at the first character of each line, and hardly more. */
function inLines(text: ByteString): Placed[] {
  const found: Placed[] = []
  const marked = atLines.filter((row) => isMarked(text, row))
  /** Those that begin with a character, by its code. */
  const begun: (typeof marked | undefined)[] = []
  for (let start = 0, read = 0; start < text.length;) {
    const code = text.charCodeAt(start)
    for (const row of (begun[code] ??= marked.filter(({isFirst}) => isFirst[code]))) {
      const match = at(row.expression, text, start)
      if (match) found.push(...groupsOf(text, match, row))
    }
    if (start >= read) read = Math.max(addTable(text, start, found), addAligned(text, start, found))
    const next = text.indexOf('\n', start)
    start = next < 0 ? text.length : next + 1
  }
  return found
}

/** A word that stands in such places, too, is no name. */
const isMeant = (kind: FindKind, value: string): boolean =>
  (kind !== 'host' && kind !== 'user' && kind !== 'person') ||
  !(technical.has(value) || commonWords.has(value) || levels.has(value))

/** Hosts of a group in an inventory of Ansible, one a line. */
function listedIn(text: ByteString): Placed[] {
  const found: Placed[] = []
  for (const {0: all, 1: group, index} of text.matchAll(
    /(?<=^|\n)\[[a-z][\w-]*\]\r?\n((?:[a-z][\w-]*(?:\[\d+:\d+\])?\r?\n)+)(?=\r?\n|\[|$)/g,
  ))
    for (const one of group!.matchAll(/(?<=^|\n)[a-z][\w-]*\w/g)) {
      const start = index + all.length - group!.length + one.index
      found.push(...placed('host', text, {start, end: start + one[0].length, isQuoted: true}))
    }
  return found
}

/** What stands in the place of a speaker in logs. */
const levels: ReadonlySet<string> = new Set('notice fatal critical crit err warn verbose alert emerg'.split(' '))

/** Passwords as crypt(5) keeps them. */
const hashed =
  /\$[PHS]\$[./A-Za-z0-9]{31}|SCRAM-SHA-\d{1,3}\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+|pbkdf2_sha\d+\$\d+\$[\w./+]+\$[\w./+=]+|\${1,2}(?:1|apr1|2[abxy]?|[5-9]|y|gy|argon2id?)\${1,2}(?:v=\d+\${1,2})?(?:m=\d+,t=\d+,p=\d+\${1,2})?[^\s:"',\\]{8,}/g
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
