import {plain} from './color.js'

/** First and last code point of the blocks that a terminal shows two columns wide (Unicode 15, East_Asian_Width W and F, and emoji). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
]

const NO_WIDTH = /^[\p{Mark}\p{Cf}\p{Cc}]$/u

function characterWidth(character: string): number {
  if (NO_WIDTH.test(character)) return 0
  const code = character.codePointAt(0) ?? 0
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

/** Printable ASCII only, as most cells of most tables are: one column a character, nothing to leave out. */
export function isAscii(text: string): boolean {
  return /^[\u0020-\u007E]*$/.test(text)
}

/** Columns that a text takes on a terminal; colours take none. */
export function displayWidth(text: string): number {
  if (isAscii(text)) return text.length
  const bare = plain(text)
  let width = 0
  for (const character of bare) width += characterWidth(character)
  return width
}

/** A text cut to so many columns, with `…` in place of what is gone. The text must be without colours. */
export function cutTo(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let width = 0
  let kept = ''
  for (const character of text) {
    width += characterWidth(character)
    if (width > columns - 1) break
    kept += character
  }
  return `${kept}…`
}

/** A text filled up with blanks to so many columns. */
export function padTo(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, columns - displayWidth(text)))
  return side === 'left' ? text + blanks : blanks + text
}
