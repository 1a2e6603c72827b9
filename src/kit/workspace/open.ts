import type {Node} from 'yaml'
import {isPmpcError, PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {OPEN_PATH} from '../files/names.js'
import type {ObjectRef, Value} from '../resources/model.js'
import {formatRef, parseRef} from '../resources/refs.js'
import {areUsersOrNone, isTimeOrNone} from './agreed.js'
import {MOST_YAML} from './limits.js'
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
  /** Who made the offer in the cluster, as Proxmox VE tells: `alice@pve`, several as `alice@pve, bob@pve`; absent: nobody knows. */
  by?: string
  /** When they did, ISO 8601 in UTC. */
  at?: string
}

/** The same as text: a line of `.pmpc/open.yaml`, and what `--json` prints. */
export interface OpenItemText extends Omit<OpenItem, 'ref'> {
  /** `home/vm/100` */
  object: string
}

/** The word that means this item, for `pmpc accept` and `pmpc reject`; to be typed as it stands. */
export function wordOf({object, field}: Pick<OpenItemText, 'object' | 'field'>): string {
  return shellWord(field === undefined ? object : `${object}:${field}`)
}

/** How many words a piece of advice holds. */
const mostWords = 4

/**
 * Words that mean all of some items and none of others, for one command; an object's name where it means just these. Undefined where that would
 * be too many to read.
 */
export function wordsOf(
  items: readonly Pick<OpenItemText, 'object' | 'field'>[],
  others: readonly Pick<OpenItemText, 'object'>[],
): string | undefined {
  const spelledOut = new Set(others.map(({object}) => object))
  const words = new Set(
    items.map((item) => {
      const isShared = items.some((other) => other !== item && other.object === item.object)
      return isShared && !spelledOut.has(item.object) ? wordOf({object: item.object}) : wordOf(item)
    }),
  )
  return words.size > mostWords ? undefined : [...words].join(' ')
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
  const {object, field, base, offer, state, by, at} = itemText(item)
  return printLine({object, field, base, offer, state, by, at})
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
 * Throws PMPC_OPEN_CONFLICT for merge markers and PMPC_OPEN_BROKEN, with the line, for anything that is no item.
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
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const given = line.startsWith('- {') ? membersOf(line.slice(2)) : undefined
    if (!given) return undefined
    items.push(itemOf(given, index + 1))
  }
  return items
}

function membersOf(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Someone edited it by hand. */
async function parseAnyYaml(text: string): Promise<OpenItem[]> {
  if (text.length > MOST_YAML)
    throw brokenError(`it has more than ${MOST_YAML / 2 ** 20} MiB that pmpc has not written`, 1)
  const [{parseTree, plainOfNode}, {isSeq}] = await Promise.all([import('./tree.js'), import('yaml')])
  const {documents, lines} = parseTree(text)
  const error = documents.flatMap((document) => document.errors)[0]
  if (error) throw brokenError(error.message, lines.linePos(error.pos[0]).line)
  const list = documents[0]?.contents ?? null
  if (list === null || (!isSeq(list) && plainOfNode(documents[0]!, list) === null)) return []
  const lineOf = (node: Node | null) => lines.linePos((node ?? list).range?.[0] ?? 0).line
  if (!isSeq(list)) throw brokenError('it must be a list of items', lineOf(list))
  return (list.items as (Node | null)[]).map((node) => {
    const line = lineOf(node)
    try {
      return itemOf(plainOfNode(documents[0]!, node), line)
    } catch (thrown) {
      throw isPmpcError(thrown) && thrown.code === 'PMPC_BAD_ALIAS' ? brokenError(thrown.message, line) : thrown
    }
  })
}

type Members = Partial<Record<keyof OpenItemText, unknown>>

/** What a member of an item may hold, and what to say where it holds anything else. */
const rules: Record<keyof Members, {fits: (value: unknown, item: Members) => boolean; want: string}> = {
  object: {fits: (value) => typeof value === 'string' && isRef(value), want: 'like home/vm/100'},
  field: {fits: (value) => value === undefined || typeof value === 'string', want: 'a field, like config.memory'},
  base: {
    fits: (value, item) => value === undefined || isSide(value, item),
    want: 'a value or null; of an object a map',
  },
  offer: {fits: isSide, want: 'a value or null; of an object a map'},
  state: {fits: (value) => value === 'drift' || value === 'conflict', want: 'drift or conflict'},
  by: {fits: areUsersOrNone, want: 'users'},
  at: {fits: isTimeOrNone, want: 'a time in UTC'},
}

/** Throws PMPC_OPEN_BROKEN, with the line, for what is no item. */
function itemOf(given: unknown, line: number): OpenItem {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw brokenError('an item must be a map', line)
  const members = given as Members
  const strange = Object.keys(members).find((key) => !Object.hasOwn(rules, key))
  if (strange !== undefined) throw brokenError(`${JSON.stringify(strange)} is no part of an item`, line)
  for (const [key, {fits, want}] of Object.entries(rules))
    if (!fits(members[key as keyof Members], members)) throw brokenError(`${key} must be ${want}`, line)
  const {object, ...rest} = members
  return {ref: parseRef(object as string), ...rest} as OpenItem
}

function isRef(text: string): boolean {
  try {
    parseRef(text)
    return true
  } catch {
    return false
  }
}

/** Of an object as a whole a side is null, a word for it, or its document. */
function isSide(value: unknown, {field}: Members): boolean {
  if (!isValue(value)) return false
  if (field !== undefined || value === null || typeof value === 'string') return true
  const {config} = value as {config?: unknown}
  return typeof config === 'object' && config !== null && !Array.isArray(config)
}

/** No value is nested deeper than a manifest is. */
const deepest = 8

/** What JSON and a manifest can both hold; booleans are 0 and 1. */
function isValue(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return typeof value === 'string'
  return value === null || (depth < deepest && Object.values(value).every((inner) => isValue(inner, depth + 1)))
}

function conflictError(line: number): PmpcError {
  return new PmpcError('PMPC_OPEN_CONFLICT', `${OPEN_PATH} has merge conflict markers in line ${line}`, {
    suggestions: [`git checkout --ours ${OPEN_PATH}`, 'pmpc sync'],
    data: {path: OPEN_PATH, line},
  })
}

function brokenError(what: string, line: number): PmpcError {
  return new PmpcError('PMPC_OPEN_BROKEN', `${OPEN_PATH}, line ${line}: ${what}`, {
    suggestions: [`git restore ${OPEN_PATH}`, 'pmpc sync'],
    data: {path: OPEN_PATH, line},
  })
}
