/**
 * Texts with holes, and finding them in others. A regular expression of the wrong form takes forever on some text; here each piece is looked for
 * once, holes have a longest length, and nothing is tried again with a shorter one: the time is that of reading the text, for every pattern.
 */

/** The most that a hole takes. */
const longest = {word: 255, any: 200}

/** What a hole may hold, by its name; a word of any other name. */
const HOLES: Readonly<Record<string, (unit: number) => boolean>> = {
  vmid: isDigit,
  n: isDigit,
  path: (unit) => !isSpace(unit) && !isQuote(unit),
  user: (unit) => isName(unit) || unit === 64 || unit === 33 || unit === 43,
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57
}

function isLetter(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90)
}

function isSpace(unit: number): boolean {
  return unit <= 32
}

function isQuote(unit: number): boolean {
  return unit === 34 || unit === 39 || unit === 96
}

/** Names of nodes, storages, keys: letters, digits, `-`, `_` and `.`. */
function isName(unit: number): boolean {
  return isLetter(unit) || isDigit(unit) || unit === 45 || unit === 46 || unit === 95
}

type Piece = {literal: string} | {hole: string}

/** A text with holes, made ready. */
export interface Pattern {
  /** What it begins with, in small letters. */
  first: string
  rest: readonly Piece[]
}

/** What was found: where, and what stands in the holes. */
export interface Found {
  from: number
  to: number
  holes: Record<string, string>
}

/** Makes a text with holes ready. @throws Error for one that begins with a hole: it could not be looked for */
export function compile(text: string): Pattern {
  const pieces = text
    .split(/(\{[a-z]+\})/)
    .filter((piece) => piece !== '')
    .map((piece): Piece => (/^\{[a-z]+\}$/.test(piece) ? {hole: piece.slice(1, -1)} : {literal: small(piece)}))
  const [first, ...rest] = pieces
  if (first === undefined || 'hole' in first) throw new Error(`a text of the catalogue begins with a hole: ${text}`)
  return {first: first.literal, rest}
}

/** Small letters, of ASCII only: others change their length. */
export function small(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** The next place at or behind `start` where a pattern stands. @param hay the text in small letters @param text the same as it is, for the holes */
export function find({first, rest}: Pattern, hay: string, text: string, start = 0): Found | undefined {
  for (let from = hay.indexOf(first, start); from >= 0; from = hay.indexOf(first, from + 1)) {
    const found = beginsWord(hay, from, first) ? follow(rest, from, from + first.length, hay, text) : undefined
    if (found !== undefined && endsWord(hay, found.to)) return found
  }
  return undefined
}

function follow(rest: readonly Piece[], from: number, start: number, hay: string, text: string): Found | undefined {
  const holes: Record<string, string> = {}
  let at = start
  for (const [index, piece] of rest.entries()) {
    const end = 'hole' in piece ? endOfHole(piece.hole, rest[index + 1], at, hay) : endOfLiteral(piece.literal, at, hay)
    if (end === undefined) return undefined
    if ('hole' in piece) holes[piece.hole] ??= text.slice(at, end)
    at = end
  }
  return {from, to: at, holes}
}

function endOfLiteral(literal: string, at: number, hay: string): number | undefined {
  return hay.startsWith(literal, at) ? at + literal.length : undefined
}

/** A word as long as it goes, one letter at least; `any` up to where the next piece begins, and no further than it may. */
function endOfHole(name: string, next: Piece | undefined, at: number, hay: string): number | undefined {
  if (name === 'any') {
    if (next === undefined || 'hole' in next) return at
    const found = hay.slice(at, at + longest.any + next.literal.length).indexOf(next.literal)
    return found < 0 ? undefined : at + found
  }
  const may = HOLES[name] ?? isName
  let end = at
  while (end < hay.length && end - at < longest.word && may(hay.charCodeAt(end))) end++
  if (next !== undefined && 'literal' in next && !hay.startsWith(next.literal, end)) {
    // `{path}: permission denied`: the hole may hold a colon, and this one is not its own.
    const back = hay.slice(at, end + next.literal.length).lastIndexOf(next.literal)
    if (back > 0) return at + back
  }
  return end === at ? undefined : end
}

/** `401 no ticket` is not in `1401 no ticket`. */
function beginsWord(hay: string, at: number, first: string): boolean {
  return at === 0 || !isWord(first.charCodeAt(0)) || !isWord(hay.charCodeAt(at - 1))
}

function endsWord(hay: string, at: number): boolean {
  return at >= hay.length || !isWord(hay.charCodeAt(at)) || !isWord(hay.charCodeAt(at - 1))
}

function isWord(unit: number): boolean {
  return isDigit(unit) || isLetter(unit)
}
