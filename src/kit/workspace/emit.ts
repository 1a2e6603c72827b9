/**
 * Writes YAML that every parser, of YAML 1.1 or 1.2, reads as the same values.
 * Sources: the YAML 1.1 types repository, the YAML 1.2.2 core schema, and what PyYAML really does.
 */

import {own} from '../resources/documents.js'
import {kinds, type Shape, type Shapes} from '../resources/kinds/index.js'
import {compareNatural, type Order} from '../resources/order.js'
import {HIDDEN} from '../text/index.js'

/** What a manifest or pmpc.yaml may hold. */
export type Plain = string | number | boolean | null | Plain[] | {[key: string]: Plain}

/** How a scalar is written: quotes are kept when a value is replaced. */
export type Style = 'plain' | 'single' | 'double'

/** Words that a parser of YAML 1.1 takes for booleans or null, in any case. */
const WORDS = /^(?:y|yes|n|no|on|off|true|false|null|~|=|<<)$/i
/** Anything that may be a number to someone: decimal, octal, `1_000`, `1:20`, `1e3`, `.5`; and dates. */
const NUMBERS = /^[-+]?[.\d][\d_,.:]*(?:e[-+]?[\d_]*)?$|^[-+]?0[xob][\da-f_]*$|^[-+]?\.(?:inf|nan)$|^\d{4}-\d\d?-\d\d?/i
/** Read as a text by every parser, though it looks like the above. */
const IPV4 = /^\d+(?:\.\d+){2,}$/
/** What cannot be seen, and blanks that look like the ordinary one: always escaped. */
const UNSEEN = `${HIDDEN}\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000`
/** What may begin a plain scalar, and what may stand in it. */
const START = new RegExp(`^[^${UNSEEN} \\-?:,[\\]{}#&*!|>'"%@\`~=<]`, 'u')
const INSIDE = new RegExp(`^[^${UNSEEN}]*$`, 'u')
const ESCAPED = new RegExp(`[${UNSEEN}]`, 'gu')
/** Besides what is plain: tabs, line ends, and blanks that do no harm in a text of several lines. */
const LITERAL = new RegExp(`^(?:[^${UNSEEN}]|[\\t\\n\\u00a0\\u00ad\\u2000-\\u200b\\u3000])*$`, 'u')

/** Whether a text can stand without quotes and is read as the same text by every parser. */
export function isPlainSafe(text: string, inFlow = false): boolean {
  if (text === '' || !START.test(text) || !INSIDE.test(text)) return false
  if (WORDS.test(text) || (NUMBERS.test(text) && !IPV4.test(text))) return false
  if (text.startsWith('...') || / #|: |[: ]$/.test(text)) return false
  return !inFlow || !/[,[\]{}:?#]/.test(text)
}

/** A text as a scalar on one line, in the wanted style where that can hold it. */
export function textScalar(text: string, inFlow = false, style: Style = 'plain'): string {
  if (style === 'plain' && isPlainSafe(text, inFlow)) return text
  const escapes = text.search(ESCAPED) >= 0
  const single = style === 'single' || (style === 'plain' && /["\\]/.test(text))
  if (single && !escapes) return `'${text.replaceAll("'", "''")}'`
  const escaped = text.replaceAll(/["\\]/g, '\\$&').replaceAll(ESCAPED, escapeOf)
  return `"${escaped}"`
}

const SHORT: Record<string, string> = {'\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0'}

/** The match is one code point, or half of a pair that lacks the other. */
function escapeOf(character: string): string {
  const code = character.codePointAt(0)!
  const hex = code.toString(16).toUpperCase()
  return (
    SHORT[character] ??
    (code < 0x100
      ? `\\x${hex.padStart(2, '0')}`
      : code < 0x10000
        ? `\\u${hex.padStart(4, '0')}`
        : `\\U${hex.padStart(8, '0')}`)
  )
}

/** A number as YAML 1.1 and 1.2 both read it: 1.1 wants a point before an exponent, and long digits are no JavaScript number. */
function numberScalar(number: number): string {
  if (Number.isNaN(number)) return '.nan'
  if (!Number.isFinite(number)) return number > 0 ? '.inf' : '-.inf'
  const exact = Number.isSafeInteger(number) || !Number.isInteger(number)
  const text = exact ? String(number) : number.toExponential()
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text
}

/** Any value on one line: scalars, flow lists and flow maps. */
export function inlineText(value: Plain, inFlow = false, style: Style = 'plain', layout: Layout = {}): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return textScalar(value, inFlow, style)
  if (typeof value === 'number')
    return style === 'plain' ? numberScalar(value) : textScalar(String(value), inFlow, style)
  if (typeof value === 'boolean') return String(value)
  const inside = (inner: Plain, its: Layout | undefined) => inlineText(inner, true, 'plain', its)
  if (Array.isArray(value)) return `[${value.map((item) => inside(item, layout)).join(', ')}]`
  const keys = Object.keys(value).sort(layout.order ?? compareSubkeys)
  return `{${keys.map((key) => `${textScalar(key, true)}: ${inside(value[key]!, layout.inner?.(key))}`).join(', ')}}`
}

/** A text of several lines as a literal block. */
export interface Literal {
  /** `|`, `|-`, `|+`, with an indentation indicator where the text begins with white space. */
  header: string
  /** Without indentation; an empty line gets none. */
  lines: string[]
}

/**
 * A text as a literal block, or null where only quotes keep it exactly.
 * @param step blanks of the content beyond the key's own
 */
export function literalOf(text: string, step: number): Literal | null {
  if (!LITERAL.test(text) || !/\S/.test(text)) return null
  const body = text.replace(/\n+$/, '')
  const ends = text.length - body.length
  const lines = body.split('\n')
  if (/^[ \t]*$/.test(lines.at(-1)!)) return null
  for (let i = 1; i < ends; i++) lines.push('')
  const indicator = /^\s/.test(text) ? String(step) : ''
  return {header: `|${indicator}${ends === 0 ? '-' : ends === 1 ? '' : '+'}`, lines}
}

function ranked(first: readonly string[], last: readonly string[] = []): Order {
  const rank = (key: string) =>
    first.includes(key) ? first.indexOf(key) - first.length : last.includes(key) ? 1 + last.indexOf(key) : 0
  return (a, b) => rank(a) - rank(b) || compareNatural(a, b)
}

/** pmpc's own keys that stand beside `config` in the manifests of some kind. */
const besideKeys: readonly string[] = [...new Set(kinds.flatMap(({beside}) => Object.keys(beside ?? {})))]
/** All keys that a manifest may have. */
const topKeys: readonly string[] = ['kind', 'id', 'cluster', 'absent', ...besideKeys, 'config']
/** Keys of a manifest; pmpc's own come first. */
export const compareTopKeys = ranked(topKeys)
/** Keys of a configuration: the name first, the description last. */
export const compareConfigKeys = ranked(['name', 'hostname'], ['description'])
/** Sub-keys: what the thing is comes first, be it a drive's volume or a NIC's model; the names are those of PVE's default keys. */
export const compareSubkeys = ranked([
  'file',
  'volume',
  'model',
  'name',
  'macaddr',
  'cputype',
  'enabled',
  'host',
  'source',
  'path',
  'node',
  'type',
  'order',
])

/** How a value is laid out; what is not said is as in a property string. */
export interface Layout {
  /** Of the keys of a map, or of each map of a list. */
  order?: Order
  /** White space at the end of a text means nothing. */
  trims?: boolean
  /** A map, or each map of a list, has one line. */
  line?: true
  /** The layout of what is in a map. */
  inner?: (key: string) => Layout
}

/** The layout of a value of this shape, which stands under a key of the configuration. */
export function layoutOf(shape: Shape | undefined): Layout {
  if (shape === undefined || typeof shape === 'string') return shape === 'text' ? {trims: true} : {}
  const isRows = 'rows' in shape
  const shapes = isRows ? shape.rows : shape.map
  return {
    ...(isRows ? {line: true, order: ranked(shape.first ?? [])} : own(shapes, '*') && {order: compareNatural}),
    inner: (key) => layoutWithin(shapes, key),
  }
}

/** What people give names to, and holds no map, has a line: a member of an IP set, an alias, a subnet. */
function layoutWithin(shapes: Shapes, key: string): Layout {
  const named = own(shapes, key)
  const shape = named ?? shapes['*']
  const isMap = (one: Shape | undefined) => typeof one === 'object' && 'map' in one
  const isFlat = typeof shape === 'object' && 'map' in shape && !Object.values(shape.map).some(isMap)
  return {...layoutOf(shape), ...(named === undefined && isFlat && {line: true})}
}

/** A pair on its own lines, without line ends. */
export function pairLines(key: string, value: Plain, options: Layout & {indent: number; step: number}): string[] {
  const {indent, step, line, inner} = options
  const head = `${' '.repeat(indent)}${textScalar(key)}:`
  if (typeof value === 'string' && value.includes('\n')) {
    const literal = literalOf(options.trims && !value.endsWith('\n') ? `${value}\n` : value, step)
    if (literal) return [`${head} ${literal.header}`, ...indented(literal.lines, indent + step)]
  }
  // A list of lists, and rows, have a line each, so that one changed line is one changed line.
  if (Array.isArray(value) && value.some((item) => Array.isArray(item) || (line && isPlainMap(item))))
    return [head, ...value.map((item) => `${' '.repeat(indent + step)}- ${inlineText(item, false, 'plain', options)}`)]
  if (!isPlainMap(value) || line || Object.keys(value).length === 0)
    return [`${head} ${inlineText(value, false, 'plain', options)}`]
  const keys = Object.keys(value).sort(options.order ?? compareSubkeys)
  return [
    head,
    ...keys.flatMap((name) => pairLines(name, value[name]!, {...inner?.(name), indent: indent + step, step})),
  ]
}

/** Indents lines; empty ones stay empty. */
export function indented(lines: string[], indent: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line))
}

export function isPlainMap(value: unknown): value is {[key: string]: Plain} {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
