import type {KindName, Observed, Scalar, Value} from 'pmpc/kit/resources'
import {spelled, type Cluster} from '../estate.js'
import type {Expression} from './hcl.js'
import type {At} from './rows/row.js'

/** Finds what stands for an object's name: a reference, or the name itself. */
export type Refer = (kind: KindName, id: string | number, literal: Scalar) => Expression

/** The place of an object itself. */
export function rootOf(cluster: Cluster, object: Observed, refer: Refer): At {
  return placeOf({cluster, object, refer}, [])
}

interface Scope {
  cluster: Cluster
  object: Observed
  refer: Refer
}

function placeOf(scope: Scope, path: readonly string[]): At {
  const {cluster, object, refer} = scope
  const number = /\d+$/.exec(path.at(-1) ?? '')?.[0]
  return {
    ...{cluster, object, path},
    value: valueAt(object, path),
    slot: number === undefined ? undefined : Number(number),
    get: (at) => valueAt(object, resolve(path, at)) as Value | undefined,
    spelled(at) {
      const [part, ...field] = resolve(path, at)
      const text = part === 'config' ? spelled(object, field.join('.')) : undefined
      return text ?? (valueAt(object, resolve(path, at)) as Value | undefined)
    },
    each: (pattern) => placesOf(object, resolve(path, pattern)).map((place) => placeOf(scope, place)),
    reference: (kind, id, literal) => refer(kind, id, literal),
  }
}

const absolute = new Set(['config', 'facts', 'extra', 'id', 'snapshots', 'running'])

/** A path from the place it is written at. */
export function resolve(base: readonly string[], path: string): string[] {
  if (path === '') return [...base]
  const parts = path.split('.')
  return absolute.has(parts[0]!) ? parts : [...base, ...parts]
}

function valueAt(object: Observed, path: readonly string[]): unknown {
  let value: unknown = object
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** The paths that are there and that a pattern names: `*` alone is any key, at the end of one a number. By number, else as they stand. */
export function placesOf(object: Observed, pattern: readonly string[]): string[][] {
  let paths: string[][] = [[]]
  for (const part of pattern)
    paths = paths.flatMap((path) => {
      if (!part.includes('*')) return valueAt(object, [...path, part]) === undefined ? [] : [[...path, part]]
      const value = valueAt(object, path)
      if (typeof value !== 'object' || value === null) return []
      const keys = Object.keys(value).filter((key) => part === '*' || isNumbered(part, key))
      return keys.sort(byNumber).map((key) => [...path, key])
    })
  return paths
}

function isNumbered(part: string, key: string): boolean {
  const stem = part.slice(0, -1)
  return key.startsWith(stem) && /^\d+$/.test(key.slice(stem.length))
}

const byNumber = (a: string, b: string): number => {
  const [x, y] = [Number(/\d+$/.exec(a)?.[0] ?? Number.NaN), Number(/\d+$/.exec(b)?.[0] ?? Number.NaN)]
  const [stem, other] = [a.replace(/\d+$/, ''), b.replace(/\d+$/, '')]
  if (stem === other && x !== y) return x - y
  return a < b ? -1 : a > b ? 1 : 0
}
