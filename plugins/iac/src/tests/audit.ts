import {isDeepStrictEqual} from 'node:util'
import {suffix} from 'pmpc/kit/resources'
import type {ExpectedObjects} from './expected.js'

/** One field of an object, as it is expected and as it was found. */
export interface Checked {
  /** The object in its cluster: `vm/100`, `storage/local`. */
  object: string
  /** `memory`, `nics.net0.bridge`; `exists` where the object is not there at all. */
  field: string
  isAsExpected: boolean
  /** What is otherwise; null where nothing is. */
  message: string | null
}

/** What an object of each sort is called: the kind that pmpc has for it; guests have theirs in the id. */
const prefixes: Readonly<Record<keyof ExpectedObjects, string>> = {
  nodes: 'node/',
  bridges: 'network/',
  storages: 'storage/',
  pools: 'pool/',
  ha: 'ha-resource/',
  backups: 'backup-job/',
  guests: '',
}

/** Fields that hold what must be there, whatever else is: a bridge that was added, a guest that a job covers too. */
const atLeast = new Set(['interfaces', 'content', 'guests'])

/** What is seen from inside a guest alone. */
const notTold = 'inside'

/**
 * Holds what is expected of a cluster against what was found. Objects that nobody expects are no matter of a test: `pmpc sync` tells of them.
 * A part of a guest that nobody expects is: a disk or a NIC more.
 */
export function audit(expected: ExpectedObjects, found: ExpectedObjects): Checked[] {
  return (Object.keys(prefixes) as (keyof ExpectedObjects)[]).flatMap((sort) =>
    Object.entries(expected[sort] ?? {}).flatMap(([id, wanted]) => {
      const object = prefixes[sort] + id
      const there: object | undefined = Object.hasOwn(found[sort], id) ? found[sort][id] : undefined
      if (!there) return [{object, field: 'exists', isAsExpected: false, message: 'is not there'}]
      return [{object, field: 'exists', isAsExpected: true, message: null}, ...fieldsOf(object, wanted, there)]
    }),
  )
}

function fieldsOf(object: string, wanted: object, found: object): Checked[] {
  const [want, have] = [wanted, found].map((fields) => leaves({...fields, [notTold]: {}})) as [Leaves, Leaves]
  return [...new Set([...want.keys(), ...have.keys()])].map((field) => {
    const message = difference(field, want.get(field), have.get(field))
    return {object, field, isAsExpected: message === null, message}
  })
}

function difference(field: string, want: unknown, have: unknown): string | null {
  if (atLeast.has(field) && Array.isArray(want) && Array.isArray(have)) {
    const missing = want.filter((one) => !have.includes(one))
    return missing.length === 0 ? null : `lacks ${missing.join(', ')}`
  }
  if (isDeepStrictEqual(want, have)) return null
  if (want === undefined) return `${JSON.stringify(have)} was found, and nothing is expected`
  return `${JSON.stringify(want)} is expected, ${have === undefined ? 'nothing' : JSON.stringify(have)} was found`
}

type Leaves = Map<string, unknown>

/** By name as deep as maps go; lists are one field each. */
function leaves(value: object, prefix = ''): Leaves {
  return new Map(
    Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
      const name = prefix === '' ? key : prefix + suffix(key)
      return isMap(inner) ? [...leaves(inner, name)] : [[name, inner]]
    }),
  )
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
