import {PmpcError} from '../errors/index.js'
import {AGREED_PATH} from '../files/names.js'
import type {ObjectRef, Value} from '../resources/model.js'
import {formatRef, parseRef} from '../resources/refs.js'
import {compareNames, conflictMarker, printLine} from './lines.js'

/**
 * How a pair came about. `accept`, `reject`: people decided. `agreed`: a sync saw that HEAD and the cluster say the same. The others are
 * inferred: `open` when a field deviated first, `unknown` where nobody knows the base, `unmanaged` where an object without a manifest
 * changed, `replaced` where another object has the VMID now.
 */
export type How = (typeof hows)[number]
const hows = ['accept', 'reject', 'agreed', 'open', 'unmanaged', 'unknown', 'replaced'] as const

/** A note of agreement: where HEAD says `head`, `base` was agreed. One line of `.pmpc/agreed.yaml`. */
export interface Pair {
  ref: ObjectRef
  /** `config.memory`, `config.tags[web]`; absent: the object as a whole, of which `head` and `base` are null or a digest. */
  field?: string
  /** What HEAD said; null: absent. */
  head: Value | null
  /** What the cluster had then; null: absent. Of an `unknown` pair it means nothing. */
  base: Value | null
  /** What the cluster offered, the newest last; of objects null, `present`, and the digests of documents. */
  seen: (Value | null)[]
  how: How
  /** When, ISO 8601 in UTC. `open` and `unmanaged` have none, and rank last. */
  at?: string
  /** `at` of the newest pair that this one replaced: it knew all up to there, and all others are concurrent. */
  over?: string
  /** Who made the last of `seen` in the cluster, as Proxmox VE tells: `alice@pve`, several as `alice@pve, bob@pve`. What was agreed does not depend on it. */
  by?: string
  /** When they did, ISO 8601 in UTC. */
  changed?: string
}

const COMMENT = '# Who agreed on what, where manifests and states do not tell: written by pmpc, merged line by line.\n'

/** The text of the file: one line a pair, sorted, none twice. */
export function printAgreed(pairs: Iterable<Pair>): string {
  const lines = [...pairs].map((pair) => ({pair, object: formatRef(pair.ref), text: printPair(pair)}))
  lines.sort(
    (a, b) =>
      compareNames(a.object, b.object) ||
      compareNames(a.pair.field ?? '', b.pair.field ?? '') ||
      compareNames(a.text, b.text),
  )
  return COMMENT + [...new Set(lines.map(({text}) => `${text}\n`))].join('')
}

/** A pair as its line: `head` is left out where it equals `base`, and an unknown base is `?`. */
export function printPair({ref, field, head, base: agreed, seen, how, at, over, by, changed}: Pair): string {
  const base = how === 'unknown' ? '?' : agreed
  const isSame = printLine({head}) === printLine({head: base})
  return printLine({
    object: formatRef(ref),
    field,
    head: isSame ? undefined : head,
    base,
    seen: seen.length > 0 ? seen : undefined,
    how,
    at,
    over,
    by,
    changed,
  })
}

/**
 * Reads the file. Two pairs of a field, which a merge leaves, are both returned; equal lines count once.
 * Throws PMPC_AGREED_CONFLICT for merge markers, and PMPC_AGREED_BROKEN, with the line, for one that is no pair.
 */
export function parseAgreed(text: string): Pair[] {
  const marker = conflictMarker(text)
  if (marker !== undefined) throw conflictError(marker)
  const pairs = new Map<string, Pair>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const pair = readPair(line)
    if (typeof pair === 'string') throw brokenError(pair, index + 1)
    pairs.set(printPair(pair), pair)
  }
  return [...pairs.values()]
}

/** What a line holds, before it is looked at. */
type Members = Partial<Record<'object' | Exclude<keyof Pair, 'ref'>, unknown>>

/** What a member may hold, and what to say where it holds anything else. */
const rules: Record<keyof Members, {fits: (value: unknown, pair: Members) => boolean; want: string}> = {
  object: {fits: (value) => typeof value === 'string' && refOf(value) !== undefined, want: 'like home/vm/100'},
  field: {fits: (value) => value === undefined || (typeof value === 'string' && value !== ''), want: 'a field'},
  how: {fits: (value) => hows.includes(value as How), want: `one of ${hows.join(', ')}`},
  base: {fits: (value, pair) => value !== undefined && isSide(value, pair), want: 'a value'},
  head: {fits: (value, pair) => value === undefined || isSide(value, pair), want: 'a value'},
  seen: {
    fits: (value, {field}) =>
      value === undefined ||
      (Array.isArray(value) && value.every((one: unknown) => (field ? isValue(one) : isPresence(one)))),
    want: 'a list of values',
  },
  at: {fits: isTimeOrNone, want: 'a time in UTC'},
  over: {fits: isTimeOrNone, want: 'a time in UTC'},
  by: {fits: areUsersOrNone, want: 'users'},
  changed: {fits: isTimeOrNone, want: 'a time in UTC'},
}

/** A pair, or what is wrong with the line. */
function readPair(line: string): Pair | string {
  const members = line.startsWith('- {') ? membersOf(line.slice(2)) : undefined
  if (!members) return 'the line must be "- " with a map behind it, as JSON'
  const strange = Object.keys(members).find((key) => !Object.hasOwn(rules, key))
  if (strange !== undefined) return `${JSON.stringify(strange)} is no part of a pair`
  for (const [key, {fits, want}] of Object.entries(rules)) {
    if (!fits(members[key as keyof Members], members)) return `${key} must be ${want}`
  }
  return pairOf(members as Line)
}

function membersOf(json: string): Members | undefined {
  try {
    return JSON.parse(json) as Members
  } catch {
    return undefined
  }
}

/** A line that keeps all rules. */
interface Line extends Partial<Omit<Pair, 'ref'>> {
  object: string
  base: Value | null
  how: How
}

function pairOf({object, field, head, base, seen = [], how, at, over, by, changed}: Line): Pair {
  const pair: Pair = {ref: parseRef(object), head: head === undefined ? base : head, base, seen, how}
  if (how === 'unknown') pair.base = null
  if (field !== undefined) pair.field = field
  if (at !== undefined) pair.at = new Date(at).toISOString()
  if (over !== undefined) pair.over = new Date(over).toISOString()
  if (by !== undefined) pair.by = by
  if (changed !== undefined) pair.changed = changed
  return pair
}

function refOf(text: string): ObjectRef | undefined {
  try {
    return parseRef(text)
  } catch {
    return undefined
  }
}

/** A value of a field; of an object null or a digest; `?` where nobody knows. */
function isSide(value: unknown, {field, how}: Members): boolean {
  if (field !== undefined) return isValue(value)
  return value === null || (typeof value === 'string' && digest.test(value)) || how === 'unknown'
}

const digest = /^[\da-f]{16}$/

function isPresence(value: unknown): boolean {
  return value === null || value === 'present' || (typeof value === 'string' && digest.test(value))
}

/** No value is nested deeper than a manifest is. */
const deepest = 8
/** More users than this are told as nobody knows whom. */
const longestBy = 1000

/** Canonical values hold no booleans, and nothing that JSON has no text for. */
function isValue(value: unknown, depth = 0): boolean {
  if (typeof value === 'boolean' || value === undefined) return false
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  return depth < deepest && Object.values(value).every((inner) => inner !== null && isValue(inner, depth + 1))
}

/** Whether it is users as `by` tells them, words with a comma and a blank between, or none. */
export function areUsersOrNone(value: unknown): boolean {
  return (
    value === undefined || (typeof value === 'string' && value.length <= longestBy && /^\S+(?:, \S+)*$/.test(value))
  )
}

/** Whether it is a time, ISO 8601 in UTC, or none. */
export function isTimeOrNone(value: unknown): boolean {
  if (value === undefined) return true
  if (typeof value !== 'string') return false
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(value) && !Number.isNaN(Date.parse(value))
}

function conflictError(line: number): PmpcError {
  return new PmpcError('PMPC_AGREED_CONFLICT', `${AGREED_PATH} has merge conflict markers in line ${line}`, {
    suggestions: [
      `take the marker lines out of ${AGREED_PATH} and keep the lines of both sides`,
      `git commit -m "Keep both sides" -- ${AGREED_PATH}`,
      'pmpc sync',
    ],
    data: {path: AGREED_PATH, line},
  })
}

function brokenError(what: string, line: number): PmpcError {
  return new PmpcError('PMPC_AGREED_BROKEN', `${AGREED_PATH}, line ${line}: ${what}`, {
    suggestions: [
      `git log -p -- ${AGREED_PATH}   # what the line was; without it pmpc may ask once more`,
      `pmpc sync   # when line ${line} is mended or taken out, and that committed`,
    ],
    data: {path: AGREED_PATH, line},
  })
}
