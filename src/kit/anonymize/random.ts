import type {ByteString} from './model.js'

/** Letters and digits of the shortest that is taken for one. */
const shortest = 6

const [SMALL, CAPITAL, NUMBER, OTHER] = [1, 2, 4, 0]
function sortOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return SMALL
  if (code >= 0x41 && code <= 0x5a) return CAPITAL
  return code >= 0x30 && code <= 0x39 ? NUMBER : OTHER
}

/**
 * Where in a word the part begins and ends that looks made up by a machine, small letters, capitals and digits changing places again and again: keys, passwords and tokens of no known form. No version, no name of
 * a model in capitals, no number of base sixteen, no `camelCase` looks so.
 */
export function randomIn(word: ByteString): {start: number; end: number} | undefined {
  let sorts = 0
  for (let at = 0; at < word.length; at++) sorts |= sortOf(word.charCodeAt(at))
  if (sorts !== (SMALL | CAPITAL | NUMBER) || word.length < shortest || word.startsWith('REDACTED-')) return undefined
  if (/^0x[0-9a-fA-F]+$/.test(word)) return undefined
  let found: {start: number; end: number} | undefined
  let isAllMixed = true
  for (let start = 0, end: number; start < word.length; start = end + 1) {
    // What is percent-encoded is no part of it.
    if (/^[0-9A-F]{2}/.test(word.slice(start, start + 2)) && word.charCodeAt(start - 1) === 0x25) start += 2
    end = start
    while (end < word.length && sortOf(word.charCodeAt(end)) !== OTHER) end++
    const atom = word.slice(start, end)
    isAllMixed &&= isMixed(atom)
    if (isRandom(atom)) found = {start: found?.start ?? start, end}
  }
  // Short parts that dashes join, each of all sorts of characters.
  if (!found && isAllMixed && /[_-]/.test(word) && isRandom(word.replaceAll(/[^A-Za-z0-9]/g, '')))
    return {start: 0, end: word.length}
  return found
}

const isMixed = (atom: string): boolean => /[a-z]/.test(atom) && /[A-Z]/.test(atom) && /\d/.test(atom)

function isRandom(atom: string): boolean {
  const {length} = atom
  if (length < shortest || !isMixed(atom)) return false
  let [parts, last, run, cluster, numbers] = [0, OTHER, 0, 0, 0]
  for (let at = 0; at < length; at++) {
    const code = atom.charCodeAt(at)
    const sort = sortOf(code)
    // A capital and small letters behind it are one part, as people write words.
    if (sort !== last && !(sort === SMALL && last === CAPITAL)) parts++
    last = sort
    if (sort === NUMBER) numbers++
    run = sort !== NUMBER && !vowels.has(code | 0x20) ? run + 1 : 0
    cluster = Math.max(cluster, run)
  }
  if (parts < 4 || (length < 12 && numbers * 2 >= length)) return false
  const each = length / parts
  return each <= 2.4 || (length >= 12 && parts >= 6 && each <= 3) || (length >= 8 && cluster >= 5 && each <= 4)
}

const vowels = new Set([...'aeiouy'].map((letter) => letter.charCodeAt(0)))

/** All of a text around a place that may be base64, of which a word is only a part: `+`, `/` and `=` are in no word. */
export function wholeAround(text: ByteString, start: number, end: number): {start: number; end: number} {
  let [first, last] = [start, end]
  for (let code = text.charCodeAt(first - 1); isJoint(code); code = text.charCodeAt(first - 1)) {
    let before = first - 1
    while (before > 0 && sortOf(text.charCodeAt(before - 1)) !== OTHER) before--
    before = behindEscape(text, before)
    if (!isPartOf(text, before, first - 1, code)) break
    first = before
  }
  for (let code = text.charCodeAt(last); isJoint(code); code = text.charCodeAt(last)) {
    let after = last + 1
    while (sortOf(text.charCodeAt(after)) !== OTHER) after++
    if (!isPartOf(text, last + 1, after, code) && !(last - first > 20 && /[A-Z0-9]/.test(text.slice(last + 1, after))))
      break
    last = after
  }
  while (text.charCodeAt(last) === 0x3d && last < end + 400) last++
  return quotedAround(text, first, last) ?? {start: first, end: last}
}

/** All that stands in the quotes around a part of it, where that is one word with marks of no address and no path. */
function quotedAround(text: ByteString, start: number, end: number): {start: number; end: number} | undefined {
  const before = /(["'])[^\s"'/:=,;()\\]{0,40}$/.exec(text.slice(Math.max(0, start - 41), start))
  const behind = before && /^[^\s"'/:=,;()\\]{0,40}/.exec(text.slice(end, end + 40))![0]
  if (!before || text[end + behind!.length] !== before[1]) return undefined
  return {start: start - before[0].length + 1, end: end + behind!.length}
}

/** A checksum of what everybody can have, and the number of a message in a queue. */
export const isPublicHash = (text: ByteString, start: number): boolean =>
  /(?:\bsha(?:1|256|384|512)-|SMTPS?A? id |queued as )$/.test(text.slice(Math.max(0, start - 12), start)) ||
  /^sha(?:1|256|384|512)-/.test(text.slice(start, start + 8))

/** What may stand between the parts of one secret: `+`, `/`, `~`, `-`, `_`. */
const isJoint = (code: number): boolean =>
  code === 0x2b || code === 0x2f || code === 0x7e || code === 0x2d || code === 0x5f

/** Whether what a slash separates goes on with the secret: folders have no capitals and digits among small letters. */
function isPartOf(text: string, start: number, end: number, joint: number): boolean {
  if (start === end) return joint === 0x2f && start > 0 && text.charCodeAt(start - 2) !== 0x3a
  let sorts = 0
  for (let at = start; at < end; at++) sorts |= sortOf(text.charCodeAt(at))
  return (
    joint === 0x2b ||
    (sorts & (CAPITAL | NUMBER)) === (CAPITAL | NUMBER) ||
    (sorts === (CAPITAL | SMALL) && !/^[A-Z]?[a-z]+$/.test(text.slice(start, end)))
  )
}

/** Where parts of a secret stand that are too short by themselves: what plus signs join. */
export function joinedIn(text: ByteString): {start: number; end: number}[] {
  const found: {start: number; end: number}[] = []
  for (let at = text.indexOf('+'); at >= 0; at = text.indexOf('+', at + 1)) {
    let [start, end] = [at, at + 1]
    while (start > 0 && isJoined(text.charCodeAt(start - 1))) start--
    while (isJoined(text.charCodeAt(end))) end++
    start = behindEscape(text, start)
    if (end - start < 10) continue
    const inner = text.slice(start, end).replaceAll(/[+/]/g, '')
    if (randomIn(inner) && !isPublicHash(text, start)) found.push({start, end})
    at = end
  }
  return found
}

/** The letter behind a backslash is none of the text: `\\n`. */
const behindEscape = (text: string, at: number): number => (text.charCodeAt(at - 1) === 0x5c ? at + 1 : at)

const isJoined = (code: number): boolean => sortOf(code) !== OTHER || code === 0x2b || code === 0x2f
