import {eastAsianWidth} from 'get-east-asian-width'
import {plain} from './color.js'

const NO_WIDTH = /^[\p{Mark}\p{Cf}\p{Cc}]$/u

function characterWidth(character: string): number {
  if (NO_WIDTH.test(character)) return 0
  return eastAsianWidth(character.codePointAt(0)!)
}

/** Printable ASCII only, as most cells of most tables are: one column a character, nothing to leave out. */
function isAscii(text: string): boolean {
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
