import {MARK, type GeneratedFile, type LedgerEntry, type Verdict, type VerdictWord} from './generated.js'
import type {Texts} from './texts.js'

/** Of the ledger as a program reads it, below `iac/`. */
export const LEDGER = 'coverage.json'

/** How many keys became what. */
export interface Coverage {
  mapped: number
  inexpressible: number
  leftOut: number
}

export function coverageOf(ledger: readonly LedgerEntry[]): Coverage {
  const sum = (how: LedgerEntry['how']) => ledger.filter((entry) => entry.how === how).length
  return {mapped: sum('mapped'), inexpressible: sum('inexpressible'), leftOut: sum('leftOut')}
}

/** Keys of one sort with the same reason, and the objects that have them. */
interface Told {
  key: string
  why: string
  objects: string[]
}

/**
 * The ledger as files: `iac/COVERAGE.md` for people, `iac/coverage.json` for programs.
 * @param addresses where each object stands in the code, by its full name
 */
export function coverageFiles(texts: Texts, {ledger, verdicts, addresses, removed}: LedgerFile): GeneratedFile[] {
  const json = {
    generatedBy: MARK,
    coverage: coverageOf(ledger),
    verdicts,
    addresses,
    removed,
    keys: byObject(ledger),
  }
  const of = (word: VerdictWord) => verdicts.filter(({verdict}) => verdict === word)
  const context = {
    mark: MARK,
    coverage: json.coverage,
    safe: of('safe').length,
    noted: of('safe').filter(({why}) => why !== null),
    unsafe: of('unsafe'),
    unmanageable: of('unmanageable'),
    inexpressible: told(ledger, 'inexpressible'),
    leftOut: told(ledger, 'leftOut'),
  }
  return [
    {path: 'COVERAGE.md', text: texts.render('COVERAGE.md.njk', context)},
    {path: LEDGER, text: `${JSON.stringify(json, null, 2)}\n`},
  ]
}

/** What `iac/coverage.json` holds beside figures. */
export interface LedgerFile {
  ledger: readonly LedgerEntry[]
  verdicts: readonly Verdict[]
  addresses: Readonly<Record<string, string>>
  /** Addresses of what was in the code once and is not any more. */
  removed: readonly string[]
}

function byObject(ledger: readonly LedgerEntry[]): Record<string, Record<string, Omit<LedgerEntry, 'object' | 'key'>>> {
  const objects: Record<string, Record<string, Omit<LedgerEntry, 'object' | 'key'>>> = {}
  for (const {object, key, ...entry} of ledger) (objects[object] ??= {})[key] = entry
  return objects
}

/**
 * The objects that an earlier generation wrote of, by its ledger; undefined where there is none. An object without a key has a verdict and no line
 * in the ledger.
 */
export function coveredBefore(text: string | undefined): Set<string> | undefined {
  if (text === undefined) return undefined
  try {
    const {keys, verdicts} = JSON.parse(text) as {keys?: unknown; verdicts?: unknown}
    const judged = Array.isArray(verdicts) ? (verdicts as ({object?: unknown} | null)[]) : []
    const names = judged.flatMap((each) => (typeof each?.object === 'string' ? [each.object] : []))
    return new Set([...names, ...(typeof keys === 'object' && keys !== null ? Object.keys(keys) : [])])
  } catch {
    return undefined
  }
}

/** Some objects are named, for the rest it is told how many they are. */
const named = 5

function told(ledger: readonly LedgerEntry[], how: LedgerEntry['how']): Told[] {
  const rows = new Map<string, Told>()
  for (const {object, key, why = '', how: is} of ledger) {
    if (is !== how) continue
    // Of net0 and net1 the same is said once.
    const sort = key.replace(/\d+(?=\.|$)/, 'N')
    const row = rows.get(`${sort}\0${why}`) ?? {key: sort, why, objects: []}
    if (row.objects.at(-1) !== object) row.objects.push(object)
    rows.set(`${sort}\0${why}`, row)
  }
  return [...rows.values()].map((row) => ({...row, objects: shortened(row.objects)}))
}

function shortened(objects: string[]): string[] {
  return objects.length <= named + 1 ? objects : [...objects.slice(0, named), `${objects.length - named} more`]
}
