import type {Value} from '../../resources/index.js'
import {splitList} from '../../values/index.js'

/** The elements of a set or list of PVE's as texts, however it is written. */
export function elementsOfSet(value: Value | undefined): string[] {
  if (value === undefined) return []
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'object' ? Object.keys(value) : splitList(String(value))
}
