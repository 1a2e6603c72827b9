import type {Writable} from 'node:stream'

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
export function colorEnabled(stream: Writable & {isTTY?: boolean}, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return Boolean(stream.isTTY) && env.TERM !== 'dumb'
}

export type Painter = (color: Color, text: string) => string

/** Colours text for a stream, or leaves it alone where the stream takes no colour. */
export function painter(stream: Writable & {isTTY?: boolean}): Painter {
  const enabled = colorEnabled(stream)
  return (color, text) => (enabled ? `\u001B[${CODES[color][0]}m${text}\u001B[${CODES[color][1]}m` : text)
}

/** Text without the colours that {@link painter} or another program put in. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- the escape character is what this is about
  return text.replaceAll(/\u001B\[[0-9;]*m/g, '')
}
