import {isEntry, type Entry} from '../proxmox/index.js'
import {own} from '../resources/index.js'
import type {Config, Scalar, Value} from '../resources/index.js'
import type {WireKind} from '../resources/kinds/on-wire.js'
import {MASK} from '../secrets/index.js'
import {decode, spellingOf} from '../values/index.js'

/** Whether a value of an answer is a text or a number. */
export function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number'
}

/** The facts that an entry of a list tells of its object; a number is one, however it came. */
export function factsOf(kind: WireKind, entry: Entry): Record<string, Scalar> {
  const facts: Record<string, Scalar> = {}
  for (const key of kind.facts) if (isScalar(entry[key])) facts[key] = numberWhereOne(entry[key])
  return facts
}

function numberWhereOne(value: Scalar): Scalar {
  return typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value
}

/** What an entry of a list says that pmpc does not know; nothing for a kind whose entries are the configuration. */
export function extraOf(kind: WireKind, entry: Entry): {extra?: Record<string, unknown>} {
  if (!kind.list || kind.list.restIsConfig) return {}
  const {where, leftOut = {}} = kind.list
  const unknown = Object.entries(entry).filter(
    ([key, value]) => value !== null && !isAside(kind, key) && !Object.hasOwn(leftOut, key) && key !== where?.key,
  )
  if (unknown.length === 0) return {}
  const masked = unknown.map(([key, value]) => [key, Object.hasOwn(kind.secret ?? {}, key) ? MASK : value])
  return {extra: Object.fromEntries(masked)}
}

/** What of an entry is its configuration, as it came: all that is neither its id nor a fact that PVE writes itself. */
export function restOf(kind: WireKind, entry: Entry): Entry {
  return Object.fromEntries(
    Object.entries(entry).filter(([key, value]) => !isAside(kind, key) || isChosen(kind, key, value)),
  )
}

function isChosen({chosen}: WireKind, key: string, value: unknown): boolean {
  return isScalar(value) && own(chosen, key)?.includes(value) === true
}

function isAside({facts, list}: WireKind, key: string): boolean {
  return facts.includes(key) || key === list?.idKey
}

/** A configuration as it is kept, without what changes by itself and what says nothing. */
export function configOf(kind: WireKind, raw: Entry): Config {
  const kept = withoutLeftOut(raw, leftOutOf(kind))
  return Object.fromEntries(
    Object.entries(kept).flatMap(([key, value]): [string, Value][] =>
      value === null || value === undefined ? [] : [[key, decode(kind.name, key, value)]],
    ),
  )
}

/** The facts `spelled.…` of a configuration: see `spelled` of the row. A secret has none. */
export function spelledIn(kind: WireKind, raw: Entry): Record<string, string> {
  const facts: Record<string, string> = {}
  for (const [name, value] of Object.entries(raw))
    for (const {key, subkey} of kind.spelled ?? []) {
      const text = key.test(name) ? spellingOf(kind.name, name, value, subkey) : undefined
      if (text !== undefined) facts[['spelled', name, subkey].filter((part) => part !== undefined).join('.')] = text
    }
  return facts
}

/** The same of parts: one with nothing in it is not there. */
export function partsConfigOf(kind: WireKind, raw: Entry): Config {
  return Object.fromEntries(Object.entries(configOf(kind, raw)).filter(([, value]) => !isEmpty(value)))
}

/** Whether there is nothing in a value: `''`, `[]`, `{}`. */
export function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
}

/** The paths of keys that a row leaves out. */
function leftOutOf({leftOut}: WireKind): string[][] {
  return Object.keys(leftOut).map((path) => path.split('.'))
}

/** A map without the keys of these paths; `*` stands for any key, and for any place of a list. */
function withoutLeftOut(map: Entry, paths: readonly string[][]): Entry {
  if (paths.length === 0) return map
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]): [string, unknown][] => {
      const within = paths.filter(([first]) => first === key || first === '*').map((path) => path.slice(1))
      return within.some((rest) => rest.length === 0) ? [] : [[key, withoutWithin(value, within)]]
    }),
  )
}

function withoutWithin(value: unknown, paths: readonly string[][]): unknown {
  if (paths.length === 0) return value
  if (isEntry(value)) return withoutLeftOut(value, paths)
  if (!Array.isArray(value)) return value
  const inEach = paths.filter(([first]) => first === '*').map((path) => path.slice(1))
  return value.map((one) => withoutWithin(one, inEach))
}
