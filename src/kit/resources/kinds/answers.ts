// What the rows have in common when they take answers apart. Pure; undefined stands for an answer that cannot be read.
import type {Entry} from './wire.js'

/** Whether a value of an answer is a map. */
export function isMap(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A number, however it came; NaN for what is none. A list or a map is none: what JavaScript makes of those, an answer may decide. */
export function numberOf(value: unknown): number {
  return typeof value === 'object' || value === undefined ? Number.NaN : Number(value)
}

/** A list of maps. */
export function mapsOf(answer: unknown): readonly Entry[] | undefined {
  return Array.isArray(answer) && answer.every(isMap) ? answer : undefined
}

/** A list of maps as a map, by what they hold under a key, which goes. */
export function byKey(answer: unknown, key: string): Record<string, Entry> | undefined {
  const groups = groupedBy(mapsOf(answer) ?? [{}], key)
  if (!groups || Object.values(groups).some((group) => group.length > 1)) return undefined
  return Object.fromEntries(Object.entries(groups).map(([name, [only]]) => [name, only!]))
}

/** Maps by the word or the number that they hold under a key, which goes; in the order in which the words came. */
export function groupedBy(maps: readonly Entry[], key: string): Record<string, Entry[]> | undefined {
  const groups = new Map<string, Entry[]>()
  for (const {[key]: name, ...rest} of maps) {
    if ((typeof name !== 'string' || name === '') && typeof name !== 'number') return undefined
    groups.set(String(name), [...(groups.get(String(name)) ?? []), rest])
  }
  return Object.fromEntries(groups)
}

/** Property strings without a default key as maps: `name=X-Key,value=YQ==`. A value may hold a `=`. */
export function propertiesOf(answer: unknown): readonly Record<string, string>[] | undefined {
  if (!Array.isArray(answer)) return undefined
  const maps = answer.map((text: unknown) => (typeof text === 'string' ? propertyOf(text) : undefined))
  return maps.every((map) => map !== undefined) ? maps : undefined
}

function propertyOf(text: string): Record<string, string> | undefined {
  const pairs = text.split(',').map((word) => /^([^=]+)=(.*)$/s.exec(word))
  return pairs.every((pair) => pair !== null)
    ? Object.fromEntries(pairs.map(([, key, value]) => [key, value]))
    : undefined
}

/**
 * An entry without its empty values: where PVE has no other way to take a text out, an empty one means none; it lists an empty set so, too.
 */
export function withoutEmpty(entry: Entry): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== '' && value !== null))
}
