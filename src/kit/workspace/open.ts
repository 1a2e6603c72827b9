import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {OPEN_PATH} from '../files/names.js'
import type {ObjectRef, Value} from '../resources/model.js'
import {formatRef, parseRef} from '../resources/refs.js'
import {compareNames, conflictMarker, printLine} from './lines.js'

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

/** The word that means this item, for `pmpc accept` and `pmpc reject`; to be typed as it stands. */
export function wordOf({object, field}: OpenItemText): string {
  return shellWord(field === undefined ? object : `${object}:${field}`)
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
  const lines = new Set(items.toSorted(compareItems).map((item) => `${printItem(item)}\n`))
  return COMMENT + [...lines].join('')
}

function printItem(item: OpenItem): string {
  const {object, field, base, offer, state} = itemText(item)
  return printLine({object, field, base, offer, state})
}

/** By object, then field; numbers as numbers, so that `vm/9` comes before `vm/100`. */
function compareItems(a: OpenItem, b: OpenItem): number {
  return (
    compareNames(formatRef(a.ref), formatRef(b.ref)) ||
    compareNames(a.field ?? '', b.field ?? '') ||
    compareNames(printItem(a), printItem(b))
  )
}

/**
 * Reads the file; an empty text is no item. Equal lines, which a union merge leaves, count once.
 * Where two lines about one field differ, both are returned: the next sync decides.
 * Throws PMPC_OPEN_CONFLICT for merge markers and PMPC_OPEN_BROKEN for anything that is no item.
 */
export async function parseOpen(text: string): Promise<OpenItem[]> {
  const marker = conflictMarker(text)
  if (marker !== undefined) throw conflictError(marker)
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
