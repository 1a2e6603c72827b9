import type {ByteString} from './model.js'

/** What a word consists of. Digits, letters up to f, other letters, and what joins them. */
export const [DIGIT, HEX, LETTER, DOT, DASH, COLON, UNDERSCORE, AT, PERCENT] = [1, 2, 4, 8, 16, 32, 64, 128, 256]
/** Without one of these a word names nothing. */
const NAMING = DIGIT | HEX | LETTER

const sorts = new Uint16Array(256)
for (let code = 0x80; code < 256; code++) sorts[code] = LETTER
for (const [characters, sort] of [
  ['0123456789', DIGIT],
  ['abcdefABCDEF', HEX],
  ['ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ', LETTER],
  ['.', DOT],
  ['-', DASH],
  [':', COLON],
  ['_', UNDERSCORE],
  ['@', AT],
  ['%', PERCENT],
] as const)
  for (const character of characters) sorts[character.charCodeAt(0)] = sort

/** Letters that stand behind a backslash for something that cannot be seen. */
const escapes = new Set([...'nrtbfv'].map((letter) => letter.charCodeAt(0)))
const [BACKSLASH, U, X, ESC] = [0x5c, 0x75, 0x78, 0x1b]

/**
 * Called with each word: where it begins and ends, without joints at its ends, of what it consists, the hash of its bytes (FNV-1a), and the
 * bytes of the text.
 * @returns where to go on, if further than its end
 */
export type Visit = (start: number, end: number, sort: number, hash: number, bytes: Uint8Array) => number

const [SEED, PRIME] = [0x811c9dc5 | 0, 0x01000193]

/** Words of a text, one after the other. What stands behind a backslash for an invisible character belongs to none. */
export function scan(text: ByteString, visit: Visit): void {
  const {length} = text
  // Numbers in an array are read several times as fast as the characters of a text.
  const bytes = Buffer.from(text, 'latin1')
  let at = 0
  while (at < length) {
    let code = bytes[at]!
    let sort = sorts[code]!
    const mark = code < 0xc2 ? 0 : markLength(bytes, at)
    if (mark > 0) {
      at += mark
      continue
    }
    if (sort === 0) {
      at = code === BACKSLASH ? afterEscape(text, at) : code === ESC ? afterColour(text, at) : at + 1
      continue
    }
    const first = at
    let start = at
    let sum = 0
    let hash = SEED
    do {
      sum |= sort
      hash = Math.imul(hash ^ code, PRIME)
      at++
    } while (at < length && (sort = sorts[(code = bytes[at]!)]!) !== 0 && (code < 0xc2 || markLength(bytes, at) === 0))
    if ((sum & NAMING) === 0) continue
    let end = at
    if (sum > 7) {
      while ((sorts[bytes[start]!]! & NAMING) === 0 && !isLeading(bytes, start)) start++
      while ((sorts[bytes[end - 1]!]! & NAMING) === 0 && !isTrailing(bytes, end)) end--
    }
    if (end < at || start > first) {
      sum = 0
      hash = SEED
      for (let inner = start; inner < end; inner++) {
        code = bytes[inner]!
        sum |= sorts[code]!
        hash = Math.imul(hash ^ code, PRIME)
      }
    }
    const next = visit(start, end, sum, hash, bytes)
    if (next > at) at = next
  }
}

/** `::1` begins with what joins, and so does `%20`. */
const isLeading = (bytes: Uint8Array, at: number) =>
  bytes[at] === 0x25 || (bytes[at] === 0x3a && bytes[at + 1] === 0x3a)
/** `fe80::` ends with it. */
const isTrailing = (bytes: Uint8Array, end: number) => bytes[end - 1] === 0x3a && bytes[end - 2] === 0x3a

function afterEscape(text: string, at: number): number {
  const code = text.charCodeAt(at + 1)
  if (code === BACKSLASH || escapes.has(code)) return at + 2
  if (code === U && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6))) return at + 6
  if (code === X && /^[0-9a-fA-F]{2}$/.test(text.slice(at + 2, at + 4))) return at + 4
  return at + 1
}

/** How many bytes a mark of punctuation has, in UTF-8, that is none of ASCII: \u201e, \u2013, \u00ab, a blank that does not break. 0: it is a letter. */
function markLength(bytes: Uint8Array, at: number): number {
  const code = bytes[at]
  if (code !== 0xe2 && code !== 0xc2) return 0
  const next = bytes[at + 1] ?? 0
  if (code === 0xc2) return next >= 0x80 && next <= 0xbf ? 2 : 0
  return next === 0x80 || next === 0x81 ? 3 : 0
}

/** Behind what colours a terminal (ECMA-48 §5.4). */
function afterColour(text: string, at: number): number {
  if (text[at + 1] !== '[') return at + 1
  let end = at + 2
  while (end < at + 32 && /[0-?]/.test(text[end] ?? '')) end++
  return end + 1
}

/** Of what a word consists. */
export function sortOf(word: string): number {
  let sum = 0
  for (let at = 0; at < word.length; at++) sum |= sorts[word.charCodeAt(at)]!
  return sum
}

/**
 * Whether a word is a decimal number, a date, a time or a number of base sixteen of up to eleven digits: the most frequent words of logs, and nothing by
 * themselves. @param sort of what it consists
 */
export function isNumeral(text: ByteString, start: number, end: number, sort: number): boolean {
  if (!isDigit(text.charCodeAt(start))) return false
  if (end - start > 11)
    return sort === (DIGIT | DOT) && end - start < 24 && text.indexOf('.', text.indexOf('.', start) + 1) >= end
  if ((sort & ~(DIGIT | HEX)) === 0) return true
  if (sort === (DIGIT | COLON))
    return (
      end - start === 8 &&
      text.charCodeAt(start + 2) === 0x3a &&
      text.charCodeAt(start + 5) === 0x3a &&
      isDigit(text.charCodeAt(start + 3)) &&
      isDigit(text.charCodeAt(start + 4))
    )
  if (sort !== (DIGIT | DOT) && sort !== (DIGIT | DASH)) return false
  let joints = 0
  for (let at = start; at < end; at++) if (!isDigit(text.charCodeAt(at))) joints++
  return joints < 3
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** How long a character is that is percent-encoded, once or more often: `%3A`, `%253A`. */
function encodedLength(word: string, at: number): number {
  let from = at + 1
  while (word.startsWith('25', from)) from += 2
  if (from > at + 1 && !/^[0-9A-Fa-f]{2}/.test(word.slice(from, from + 2))) from -= 2
  return /^[0-9A-Fa-f]{2}/.test(word.slice(from, from + 2)) ? from + 2 - at : 0
}

/** Where the atoms of a word begin and end: its runs of letters and digits. */
export function atomsOf(word: string): [start: number, end: number][] {
  const atoms: [number, number][] = []
  let start = -1
  for (let at = 0; at <= word.length; at++) {
    const skipped = word.charCodeAt(at) === 0x25 ? encodedLength(word, at) : 0
    if (skipped > 0) {
      if (start >= 0) atoms.push([start, at])
      start = -1
      at += skipped - 1
      continue
    }
    const isPart = at < word.length && (sorts[word.charCodeAt(at)]! & NAMING) !== 0
    if (isPart && start < 0) start = at
    else if (!isPart && start >= 0) {
      atoms.push([start, at])
      start = -1
    }
  }
  return atoms
}

/**
 * Whether an atom of a word is one of those asked for.
 * @param isOne told of the hash of each, until it says yes; of a word with a percent sign of none, as what it encodes may be part of one
 */
export function hasAtom(
  text: string,
  start: number,
  end: number,
  ignoresCase: boolean,
  isOne: (hash: number) => boolean,
): boolean {
  let [hash, isIn] = [SEED, false]
  for (let at = start; at < end; at++) {
    let code = text.charCodeAt(at)
    if ((sorts[code]! & NAMING) !== 0) {
      if (ignoresCase && code >= 0x41 && code <= 0x5a) code |= 0x20
      hash = Math.imul(hash ^ code, PRIME)
      isIn = true
    } else {
      if (code === 0x25 || (isIn && isOne(mixed(hash)))) return true
      ;[hash, isIn] = [SEED, false]
    }
  }
  return isIn && isOne(mixed(hash))
}

const mixed = (hash: number): number => hash ^ (hash >>> 15)
