import type {Observed} from 'pmpc/kit/resources'
import type {LedgerEntry} from '../generated.js'

/** What became of a key: without the object. */
export type Fate = Omit<LedgerEntry, 'object' | 'key'>

const rank = {mapped: 2, inexpressible: 1, leftOut: 0} as const

/**
 * What the rows say of the keys of one object. What is said of a key comes before what is said of all below it, and what is in the code before what is not.
 */
export class Claims {
  private readonly fates = new Map<string, Fate>()

  claim(path: readonly string[], fate: Fate): void {
    const key = path.join('\0')
    const before = this.fates.get(key)
    if (!before || rank[fate.how] > rank[before.how]) this.fates.set(key, fate)
  }

  /** The ledger of the object, and the keys of which no row tells. */
  told(name: string, object: Observed): {entries: LedgerEntry[]; unmapped: {object: string; key: string}[]} {
    const entries: LedgerEntry[] = []
    const unmapped: {object: string; key: string}[] = []
    for (const [key, paths] of byKey(leavesOf(object))) {
      const fates = paths.map((path) => ({path, fate: this.fateOf(path) ?? this.fateOfElements(object, path)}))
      for (const {path, fate} of fates) if (!fate) unmapped.push({object: name, key: path.join('.')})
      const known = fates.flatMap(({path, fate}) => (fate ? [{path, fate}] : []))
      const one = oneOf(known.map(({fate}) => fate))
      if (one) entries.push({object: name, key, ...one})
      else for (const {path, fate} of known) entries.push({object: name, key: path.join('.'), ...fate})
    }
    return {entries, unmapped}
  }

  /** A list of scalars is told of, too, where each of its elements is. */
  private fateOfElements(object: Observed, path: readonly string[]): Fate | undefined {
    const list = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], object)
    if (!Array.isArray(list) || list.length === 0) return undefined
    const fates = list.map((_element, index) => this.fates.get([...path, String(index)].join('\0')))
    return fates.every((fate) => fate !== undefined) ? oneOf(fates) : undefined
  }

  private fateOf(path: readonly string[]): Fate | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const fate = this.fates.get(path.slice(0, length).join('\0'))
      if (fate) return fate
    }
    return undefined
  }
}

/** What is said of a key whose parts all became the same; undefined where they did not. */
function oneOf(fates: readonly Fate[]): Fate | undefined {
  const [first] = fates
  if (!first) return undefined
  if (fates.some(({how, why}) => how !== first.how || why !== first.why)) return undefined
  if (fates.length === 1 || first.to === undefined) return first
  const blocks = [...new Set(fates.map(({to = ''}) => to.replace(/\.[^.]*$/, '')))]
  return {...first, to: blocks.join(', ')}
}

/** The paths of all that is kept of an object; snapshots, and what it runs with, are one each. How a value is spelled is no key of its own. */
export function leavesOf({config, facts: kept, extra = {}, snapshots = [], running = {}}: Observed): string[][] {
  const isThere = (value: object) => Object.keys(value).length > 0
  const facts = Object.fromEntries(Object.entries(kept).filter(([fact]) => !fact.startsWith('spelled.')))
  return [
    ...Object.entries({config, facts, extra}).flatMap(([part, value]) =>
      isThere(value) ? leavesBelow(value, [part]) : [],
    ),
    ...(isThere(snapshots) ? [['snapshots']] : []),
    ...(isThere(running) ? [['running']] : []),
  ]
}

function leavesBelow(value: unknown, path: string[]): string[][] {
  if (typeof value !== 'object' || value === null || !isParted(value)) return [path]
  return Object.entries(value).flatMap(([key, below]) => leavesBelow(below, [...path, key]))
}

/** A list of scalars is one thing. */
function isParted(value: object): boolean {
  const parts = Object.values(value) as unknown[]
  return parts.length > 0 && (!Array.isArray(value) || parts.some((part) => typeof part === 'object' && part !== null))
}

/** Paths by their first two keys, `config.net0`. */
function byKey(paths: readonly string[][]): Map<string, string[][]> {
  const keys = new Map<string, string[][]>()
  for (const path of paths) {
    const key = path.slice(0, 2).join('.')
    keys.set(key, [...(keys.get(key) ?? []), path])
  }
  return keys
}
