import {PmpcError} from '../errors/index.js'
import {OPEN_PATH} from '../files/names.js'
import type {ObjectRef, Value} from '../resources/model.js'
import {formatRef, parseRef} from '../resources/refs.js'

/** A difference that nobody has decided yet. */
export interface OpenItem {
  ref: ObjectRef
  /** `config.memory`, `config.tags[web]`; absent: the object as a whole. */
  field?: string
  /** The value last agreed on; null: it was absent; missing: nobody knows. */
  base?: Value | null
  /** What the cluster says; null: it has none. */
  offer: Value | null
  state: 'drift' | 'conflict'
}

/** The same as text: a line of `.pmpc/open.yaml`, and what `--json` prints. */
export interface OpenItemText extends Omit<OpenItem, 'ref'> {
  /** `home/vm/100` */
  object: string
}

/** Tells an item to people and programs. */
export function itemText({ref, ...rest}: OpenItem): OpenItemText {
  return {object: formatRef(ref), ...rest}
}

/** Items by the object they are about, in their order. */
export function byObject(items: OpenItem[]): Map<string, OpenItem[]> {
  const groups = new Map<string, OpenItem[]>()
  for (const item of items) {
    const object = formatRef(item.ref)
    groups.set(object, [...(groups.get(object) ?? []), item])
  }
  return groups
}

const COMMENT =
  '# What the clusters offer and nobody has decided yet: pmpc accept, pmpc reject. Written by pmpc sync.\n'

/** The text of the file: one line an item, sorted, no item twice. Each line is YAML and, behind its dash, JSON. */
export function printOpen(items: OpenItem[]): string {
  const lines = new Set(items.toSorted(compareItems).map((item) => `- ${printItem(item)}\n`))
  return COMMENT + [...lines].join('')
}

function printItem(item: OpenItem): string {
  const {object, field, base, offer, state} = itemText(item)
  const parts = Object.entries({object, field, base, offer, state}).filter(([, value]) => value !== undefined)
  return `{${parts.map(([key, value]) => `"${key}": ${json(value)}`).join(', ')}}`
}

/** JSON that is YAML too, with sorted keys, on one line for every parser. */
function json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(json).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).sort()
    return `{${keys.map((key) => `${json(key)}: ${json((value as Record<string, unknown>)[key])}`).join(', ')}}`
  }
  if (typeof value === 'number') {
    const text = JSON.stringify(value)
    return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text
  }
  // YAML 1.1 ends a line at U+0085, U+2028 and U+2029, and takes no C1 control unescaped.
  return JSON.stringify(value).replaceAll(/[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g, escape)
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** By object, then field; numbers as numbers, so that `vm/9` comes before `vm/100`. */
function compareItems(a: OpenItem, b: OpenItem): number {
  return (
    compareText(formatRef(a.ref), formatRef(b.ref)) ||
    compareText(a.field ?? '', b.field ?? '') ||
    compareText(printItem(a), printItem(b))
  )
}

function compareText(a: string, b: string): number {
  const pad = (text: string) => text.replaceAll(/\d+/g, (digits) => digits.padStart(10, '0'))
  const [x, y] = [pad(a), pad(b)]
  return x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0
}

/**
 * Reads the file; an empty text is no item. Equal lines, which a union merge leaves, count once.
 * Where two lines about one field differ, both are returned: the next sync decides.
 * Throws PMPC_OPEN_CONFLICT for merge markers and PMPC_OPEN_BROKEN for anything that is no item.
 */
export async function parseOpen(text: string): Promise<OpenItem[]> {
  const marker = /^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/m.exec(text)
  if (marker) throw conflictError(lineOf(text, marker.index))
  const items = parseOwnLines(text) ?? (await parseAnyYaml(text))
  const distinct = new Map(items.map((item) => [printItem(item), item]))
  return [...distinct.values()].sort(compareItems)
}

/** Lines as we write them need no YAML parser; undefined when there is another. */
function parseOwnLines(text: string): OpenItem[] | undefined {
  const items: OpenItem[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || line.startsWith('#')) continue
    if (!line.startsWith('- {')) return undefined
    try {
      const item = asItem(JSON.parse(line.slice(2)))
      if (!item) return undefined
      items.push(item)
    } catch {
      return undefined
    }
  }
  return items
}

/** Someone edited it by hand. */
async function parseAnyYaml(text: string): Promise<OpenItem[]> {
  const {parseTree, plainOf} = await import('./tree.js')
  const tree = parseTree(text)
  const error = tree.documents.flatMap((document) => document.errors)[0]
  if (error) throw brokenError(error.message, tree.lines.linePos(error.pos[0]).line)
  const plain = tree.documents[0] ? plainOf(tree.documents[0]) : null
  if (plain === null) return []
  if (!Array.isArray(plain)) throw brokenError('it must be a list of items', 1)
  return plain.map((given, i) => {
    const item = asItem(given)
    if (!item) throw brokenError(`item ${i + 1} must have object, offer, and state (drift or conflict)`)
    return item
  })
}

function asItem(given: unknown): OpenItem | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const {object, field, state, ...rest} = given as Record<string, unknown>
  const known = Object.keys(rest).every((key) => key === 'base' || key === 'offer')
  if (!known || !('offer' in rest) || typeof object !== 'string') return undefined
  if (state !== 'drift' && state !== 'conflict') return undefined
  if (typeof field !== 'string' && field !== undefined) return undefined
  const item = {ref: parseRef(object), ...(field === undefined ? {} : {field}), ...rest, state}
  return item as OpenItem
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function conflictError(line: number): PmpcError {
  return new PmpcError('PMPC_OPEN_CONFLICT', `${OPEN_PATH} has merge conflict markers in line ${line}`, {
    suggestions: [`git checkout --ours ${OPEN_PATH}`, 'pmpc sync'],
    data: {path: OPEN_PATH, line},
  })
}

function brokenError(what: string, line?: number): PmpcError {
  const where = line === undefined ? OPEN_PATH : `${OPEN_PATH}, line ${line}`
  return new PmpcError('PMPC_OPEN_BROKEN', `${where}: ${what}`, {
    suggestions: [`git restore ${OPEN_PATH}`, 'pmpc sync'],
    data: line === undefined ? {path: OPEN_PATH} : {path: OPEN_PATH, line},
  })
}
