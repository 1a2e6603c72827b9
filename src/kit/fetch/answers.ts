import type {Entry} from '../proxmox/index.js'
import type {Config, Scalar, Value} from '../resources/index.js'
import type {WireKind} from '../resources/kinds/on-wire.js'
import {decode} from '../values/index.js'

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
  if (kind.list?.restIsConfig) return {}
  const {facts, idKey} = kind
  const {where, leftOut = {}} = kind.list ?? {}
  const unknown = Object.entries(entry).filter(
    ([key, value]) =>
      value !== null && !facts.includes(key) && !Object.hasOwn(leftOut, key) && key !== idKey && key !== where?.key,
  )
  return unknown.length > 0 ? {extra: Object.fromEntries(unknown)} : {}
}

/** A configuration as it is kept, without what changes by itself. */
export function configOf(kind: WireKind, raw: [string, unknown][]): Config {
  return Object.fromEntries(
    raw.flatMap(([key, value]): [string, Value][] =>
      Object.hasOwn(kind.leftOut, key) || value === null || value === undefined
        ? []
        : [[key, decode(kind.name, key, value)]],
    ),
  )
}
