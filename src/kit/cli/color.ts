import type {Writable} from 'node:stream'
import {visibleLines} from '../text/index.js'

/** Codes of ECMA-48 that every terminal in use understands. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const

export type Color = keyof typeof CODES

/**
 * Whether text for this stream may be coloured: a terminal, unless `NO_COLOR` is set (https://no-color.org) or `TERM` is dumb.
 * `FORCE_COLOR` colours a pipe as well, `FORCE_COLOR=0` nothing.
 */
function colorEnabled(stream: Writable & {isTTY?: boolean}, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return Boolean(stream.isTTY) && env.TERM !== 'dumb'
}

export type Painter = (color: Color, text: string) => string

/**
 * Stands for the beginning of a code that one of our painters put into a text, until the text is {@link shown}. It differs from process to process,
 * so that no text of a cluster's, a file's or Git's passes for a colour of ours.
 */
const OWN = `\u001B${Math.random().toString(36).slice(2)}[`

/** Colours text for a stream, or leaves it alone where the stream takes no colour. What it returns is for {@link shown}, as all that is printed. */
export function painter(stream: Writable & {isTTY?: boolean}): Painter {
  const enabled = colorEnabled(stream)
  return (color, text) => (enabled ? `${OWN}${CODES[color][0]}m${text}${OWN}${CODES[color][1]}m` : text)
}

/** A text as it may be printed: the painters' colours, and no other character that cannot be seen. */
export function shown(text: string): string {
  const [first, ...painted] = text.split(OWN)
  return visibleLines(first!) + painted.map((part) => `\u001B[${visibleLines(part)}`).join('')
}

/** Leads to the upper left corner and empties the screen (ECMA-48, CUP and ED); for {@link shown}, and for terminals. */
export const cleared = `${OWN}H${OWN}2J`

/** Text without the colours that {@link painter} put in. */
export function plain(text: string): string {
  return text
    .split(OWN)
    .map((part, at) => (at === 0 ? part : part.replace(/^\d+m/, '')))
    .join('')
}
