import {HIDDEN} from 'pmpc/kit/text'

/** What data of an inventory is made of. */
export type Data = string | number | boolean | null | readonly Data[] | {readonly [key: string]: Data}

/** Columns that text of people's is broken at: ansible-lint takes lines of up to 160. */
const width = 120

/**
 * Data as YAML that says the same to YAML 1.1 (PyYAML, which Ansible reads with) and 1.2: every text is quoted, so that `no`, `1e3`, `0777`
 * and `12:30:45` stay texts, and one in which Jinja could be is tagged `!unsafe`, so that Ansible never templates it.
 * Maps keep their order. Ends with a line end.
 */
export function printYaml(data: {readonly [key: string]: Data}): string {
  return `${mapLines(data, 0).join('\n')}\n`
}

function mapLines(map: {readonly [key: string]: Data}, depth: number): string[] {
  return Object.entries(map).flatMap(([key, value]) => entryLines(`${printKey(key)}:`, value, depth))
}

/** What follows `key:` or `-`. */
function entryLines(lead: string, value: Data, depth: number): string[] {
  const indent = '  '.repeat(depth)
  if (isMap(value))
    return Object.keys(value).length === 0
      ? [`${indent}${lead} {}`]
      : [`${indent}${lead}`, ...mapLines(value, depth + 1)]
  if (isList(value))
    return value.length === 0 ? [`${indent}${lead} []`] : [`${indent}${lead}`, ...listLines(value, depth + 1)]
  if (value === null) return [`${indent}${lead}`]
  return [`${indent}${lead} ${printScalar(value, depth + 1, indent.length + lead.length + 1)}`]
}

function listLines(list: readonly Data[], depth: number): string[] {
  return list.flatMap((item) => {
    if (!isMap(item) || Object.keys(item).length === 0) return entryLines('-', item, depth)
    const [first = '', ...rest] = mapLines(item, depth + 1)
    return [`${'  '.repeat(depth)}- ${first.trimStart()}`, ...rest]
  })
}

const isMap = (value: Data): value is {readonly [key: string]: Data} =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: Data): value is readonly Data[] => Array.isArray(value)

/** Words that YAML 1.1 takes for something else than themselves. */
const words = /^(?:y|n|yes|no|on|off|true|false|null)$/
const plainKey = /^[a-z_][a-z0-9_-]*$/

const printKey = (key: string): string => (plainKey.test(key) && !words.test(key) ? key : quoted(key).join(''))

/** @param column where it begins */
function printScalar(value: string | number | boolean, depth: number, column: number): string {
  if (typeof value === 'string') return printText(value, depth, column)
  if (typeof value === 'boolean') return String(value)
  // PyYAML knows no float without a point.
  return /^-?\d+(?:\.\d+)?$/.test(String(value)) ? String(value) : printText(String(value), depth, column)
}

/** What Ansible may take for a template: also a line that sets how Jinja reads the rest (ansible-core, `_internal/_templating/_jinja_bits.py`). */
const templated = /\{|^#jinja2:/

/** A text, broken after its line ends and where it is long. */
function printText(text: string, depth: number, column: number): string {
  const tag = templated.test(text) ? '!unsafe ' : ''
  const indent = '  '.repeat(depth)
  const pieces = quoted(text)
  const lines = ['']
  for (const [i, piece] of pieces.entries()) {
    const line = lines.at(-1)!
    const from = lines.length === 1 ? column + tag.length : indent.length
    const isFull = from + line.length + piece.length > width
    const isEnded = i > 1 && i < pieces.length - 1 && pieces[i - 1] === '\\n'
    // What is left of a broken line begins after its blanks: one that belongs to the text is escaped.
    if ((isFull || isEnded) && i > 0) lines.push(piece === ' ' ? '\\ ' : piece)
    else lines[lines.length - 1] = line + piece
  }
  return tag + lines.join(`\\\n${indent}`)
}

/** What a text is between double quotes, a character each; the quotes too. Half a surrogate pair is no character: no file can hold it. */
function quoted(text: string): string[] {
  return ['"', ...Array.from(text.replaceAll(/\p{Cs}/gu, '\ufffd'), escaped), '"']
}

const named: Readonly<Record<string, string>> = {'"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t'}
/** Also what YAML 1.1 takes for the end of a line. */
const hidden = new RegExp(`[${HIDDEN}]`, 'u')

function escaped(character: string): string {
  const code = character.codePointAt(0)!
  const short = named[character]
  if (short !== undefined) return short
  if (!hidden.test(character)) return character
  if (code > 0xffff) return `\\U${code.toString(16).padStart(8, '0')}`
  return code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`
}
