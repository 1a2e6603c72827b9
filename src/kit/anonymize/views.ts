import type {ByteString} from './model.js'

/** A text as a reader sees it, with where each of its characters stands in the text itself. */
export interface View {
  text: ByteString
  /** The place of a character; one more than there are, for the end. */
  places: Int32Array
}

/** Sequences that colour a terminal (ECMA-48 §5.4). */
// eslint-disable-next-line no-control-regex -- they begin with ESC
const colours = /\u001b\[[0-?]*[ -/]*[@-~]/g
const encoded = /%[0-9A-Fa-f]{2}/g

/** Without colours; undefined where there are none. */
export function withoutColours(text: ByteString): View | undefined {
  return text.includes('\u001b[') ? viewOf(text, colours, () => '') : undefined
}

/** With what is percent-encoded decoded once; undefined where nothing is. */
export function percentDecoded(text: ByteString): View | undefined {
  if (!text.includes('%')) return undefined
  const view = viewOf(text, encoded, (match) => String.fromCharCode(Number.parseInt(match.slice(1), 16)))
  return view.text.length === text.length ? undefined : view
}

function viewOf(text: ByteString, pattern: RegExp, decode: (match: string) => string): View {
  const places = new Int32Array(text.length + 1)
  const parts: string[] = []
  let [from, at] = [0, 0]
  const keep = (until: number) => {
    parts.push(text.slice(from, until))
    for (let place = from; place < until; place++) places[at++] = place
  }
  for (const match of text.matchAll(pattern)) {
    keep(match.index)
    const decoded = decode(match[0])
    parts.push(decoded)
    if (decoded !== '') places[at++] = match.index
    from = match.index + match[0].length
  }
  keep(text.length)
  places[at] = text.length
  return {text: parts.join(''), places: places.subarray(0, at + 1)}
}
