import {equalValues, isMap, own} from './documents.js'
import {fieldName, suffix} from './field-names.js'
import type {Observed} from './model.js'

/** What a field holds: a scalar, a whole set or list, an empty map, `null` for "runs without this key", or what PVE sent under an unknown key. */
export type FieldValue = unknown

/** One field that differs; a side without the field is undefined. */
export interface FieldChange {
  /** `config.net0.tag`, `config["/vms"]["alice@pve"]`, `node`, `snapshots.before-upgrade.snaptime`. */
  field: string
  before?: FieldValue
  after?: FieldValue
  /** Of sets, that is lists of scalars: the elements that came and went. */
  added?: unknown[]
  removed?: unknown[]
  /** Nobody took it away: a rule leaves it out from here on. */
  ignored?: true
  /** Nobody set it: it is read from here on. */
  read?: true
}

type Fielded = Pick<Observed, 'config'> & Partial<Pick<Observed, 'facts' | 'running' | 'snapshots' | 'extra'>>

/**
 * The fields of an object, sorted by name: facts under their own names, `config.KEY`, `config.KEY.SUBKEY` and so on as deep as maps go,
 * `running.…`, `snapshots.NAME.…`, `extra.KEY`. Sets, lists and rows are one field each. A part of a name that holds more than
 * letters, digits, `_`, `+` and `-` is quoted in brackets (`config["a.b"]`), so that two fields never share a name.
 */
export function flatten(object: Fielded): Map<string, FieldValue> {
  const fields = new Map<string, FieldValue>()
  if (object.facts) flattenMap(fields, undefined, object.facts)
  flattenMap(fields, 'config', object.config)
  if (object.running) flattenMap(fields, 'running', object.running)
  for (const {name, ...snapshot} of object.snapshots ?? []) spread(fields, fieldName('snapshots', name), snapshot)
  for (const [key, value] of Object.entries(object.extra ?? {})) set(fields, fieldName('extra', key), value)
  return sorted(fields)
}

function sorted(fields: Map<string, FieldValue>): Map<string, FieldValue> {
  const result = new Map<string, FieldValue>()
  for (const name of [...fields.keys()].sort()) result.set(name, fields.get(name))
  return result
}

function flattenMap(fields: Map<string, FieldValue>, prefix: string | undefined, map: Record<string, unknown>): void {
  for (const key of Object.keys(map)) {
    spread(fields, prefix === undefined ? fieldName(key) : prefix + suffix(key), map[key])
  }
}

/** As deep as maps go; an empty map is a value of its own. */
function spread(fields: Map<string, FieldValue>, name: string, value: unknown): void {
  const subkeys = isMap(value) ? Object.keys(value) : []
  if (subkeys.length === 0) return set(fields, name, value)
  for (const subkey of subkeys) spread(fields, name + suffix(subkey), (value as Record<string, unknown>)[subkey])
}

function set(fields: Map<string, FieldValue>, name: string, value: unknown): void {
  if (value !== undefined) fields.set(name, value)
}

/**
 * The fields in which two objects differ, sorted by name. An absent object has no fields. What came or went whole inside a map, as a member of an IP set,
 * is one field: that its last key went would read as if it were still there.
 */
export function diffFields(before: Fielded | undefined, after: Fielded | undefined): FieldChange[] {
  const was = before ? flatten(before) : new Map<string, FieldValue>()
  const is = after ? flatten(after) : new Map<string, FieldValue>()
  if (before && after)
    for (const key of Object.keys({...before.config, ...after.config})) {
      const name = fieldName('config', key)
      const sides = [before.config, after.config].map((config) => own(config, key))
      for (const [whole, values] of wholes(name, sides)) {
        for (const fields of [was, is])
          for (const other of [...fields.keys()]) if (isPart(other, whole)) fields.delete(other)
        set(was, whole, values[0])
        set(is, whole, values[1])
      }
    }
  const names = [...new Set([...was.keys(), ...is.keys()])].sort()
  // What an empty map gets, or was left with, is told, and not that it was empty.
  const isFilled = (name: string) =>
    [was, is].some((side) => isMap(side.get(name))) && names.some((other) => isPart(other, name))
  return names
    .filter((name) => !isFilled(name))
    .filter((name) => !same(was.get(name), is.get(name)))
    .map((name) => change(name, was.get(name), is.get(name)))
}

function isPart(name: string, whole: string): boolean {
  return name.startsWith(`${whole}.`) || name.startsWith(`${whole}[`)
}

/** The maps inside two maps that only one of them has. */
function wholes(name: string, sides: readonly unknown[]): [string, unknown[]][] {
  if (!sides.every(isMap)) return []
  return Object.keys({...sides[0], ...sides[1]}).flatMap((key) => {
    const inner = sides.map((side) => own(side, key))
    const there = inner.filter((value) => value !== undefined)
    if (there.length === 1 && isMap(there[0])) return [[name + suffix(key), inner]]
    return wholes(name + suffix(key), inner)
  })
}

/** -0 and 0 are one number in JSON, and so here. */
function same(a: unknown, b: unknown): boolean {
  return a === b || equalValues(a, b)
}

function change(field: string, before: FieldValue, after: FieldValue): FieldChange {
  const result: FieldChange = {field}
  if (before !== undefined) result.before = before
  if (after !== undefined) result.after = after
  if (isSet(before ?? []) && isSet(after ?? []) && (Array.isArray(before) || Array.isArray(after))) {
    const [was, is] = [(before ?? []) as unknown[], (after ?? []) as unknown[]]
    result.added = is.filter((element) => !was.includes(element))
    result.removed = was.filter((element) => !is.includes(element))
  }
  return result
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) && value.every((element) => typeof element !== 'object')
}
