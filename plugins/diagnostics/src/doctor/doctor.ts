import {PmpcError} from 'pmpc/kit/errors'
import {nearest} from 'pmpc/kit/workspace'
import {nothing, unseen, type Finding, type LocalRow, type Result, type Row, type Seen} from './model.js'
import {checks as healthChecks} from '../health/checks/index.js'
import {wayChecks} from '../health/local/ways.js'
import {localChecks} from '../health/local/workspace.js'
import {Surroundings, type Asked} from './surroundings.js'
import {rows} from './table.js'

/** What `pmpc doctor --json` prints. */
export interface DoctorResult {
  checks: Finding[]
  /** How many checks ended so. */
  summary: Record<Result, number>
  /** Sent to clusters. */
  requests: number
  /** What `--fix` did; a failure has `error`. */
  fixed: Fixed[]
}

export interface Fixed {
  id: string
  what: string
  error?: string
}

/** Looks at what the rows say; at all of them unless some are named. Throws nothing for what is broken. */
export async function examine(asked: Asked, chosen: readonly Row[] = rows): Promise<DoctorResult> {
  const at = new Surroundings(asked)
  try {
    const checks = (await Promise.all(chosen.map(async (row) => findings(row, at)))).flat()
    asked.caller.signal?.throwIfAborted()
    return {checks, summary: summed(checks), requests: await at.requests(), fixed: []}
  } finally {
    await at.close()
  }
}

/**
 * Mends what can be mended safely, one after the other, and looks again at what was mended.
 * @param before what was found
 */
export async function mend(asked: Asked, before: DoctorResult, chosen: readonly Row[] = rows): Promise<DoctorResult> {
  const wanted = mendable(before, chosen)
  const at = new Surroundings(asked)
  const fixed: Fixed[] = []
  try {
    for (const {id, mend: work} of wanted) {
      try {
        fixed.push({id, what: await work!(at)})
      } catch (error) {
        fixed.push({id, what: 'nothing', error: (error as Error).message})
      }
    }
  } finally {
    await at.close()
  }
  const again = await examine(asked, wanted)
  const ids = new Set(wanted.map(({id}) => id))
  const checks = chosen.flatMap(({id}) =>
    (ids.has(id) ? again.checks : before.checks).filter((check) => check.id === id),
  )
  return {checks, summary: summed(checks), requests: before.requests + again.requests, fixed}
}

/** The rows whose trouble `--fix` mends. */
export function mendable({checks}: DoctorResult, chosen: readonly Row[] = rows): Row[] {
  return chosen.filter(({id, mend: work}) => work && checks.some((check) => check.id === id && check.mendable))
}

/** The rows of these ids, or of groups of them: `git` means `git.version` and all others of that name. @throws PMPC_USAGE */
export function rowsNamed(words: readonly string[]): readonly Row[] {
  if (words.length === 0) return rows
  const means = ({id}: Row, word: string) => id === word || id.startsWith(`${word}.`)
  for (const word of words) if (!rows.some((row) => means(row, word))) throw unknownCheck(word)
  return rows.filter((row) => words.some((word) => means(row, word)))
}

/** What people look for here, and is told by other commands. */
const elsewhere: readonly {command: string; isIts: (word: string) => boolean}[] = [
  {
    command: 'pmpc health',
    isIts: (word) =>
      [...healthChecks, ...wayChecks, ...localChecks].some(({id}) => id === word || id.startsWith(`${word}.`)),
  },
  {
    command: 'pmpc status',
    isIts: (word) =>
      ['drift', 'conflicts', 'open', 'unmanaged', 'stale', 'parked', 'yours', 'manifests'].includes(word),
  },
]

function unknownCheck(word: string): PmpcError {
  const other = elsewhere.find(({isIts}) => isIts(word))
  if (other)
    return new PmpcError(
      'PMPC_USAGE',
      `${JSON.stringify(word)} is no check of this installation: ${other.command} tells of it.`,
      {
        suggestions: [other.command, 'pmpc doctor --list'],
        data: {check: word},
      },
    )
  const names = rows.flatMap(({id}) => [id, id.split('.')[0]!])
  const meant = nearest(word, names)
  return new PmpcError('PMPC_USAGE', `There is no check ${JSON.stringify(word)}.`, {
    suggestions: [...(meant === undefined ? [] : [`pmpc doctor ${meant}`]), 'pmpc doctor --list'],
    data: {check: word},
  })
}

async function findings(row: Row, at: Surroundings): Promise<Finding[]> {
  const seen = await look(row, at)
  return seen.map(({result, message, objects = [], fix, isMendable}) => ({
    ...{id: row.id, looksAt: row.looksAt, result, objects: [...objects], message},
    ...{fix: fix ?? null, mendable: isMendable ?? false},
  }))
}

/** A check that fails is a result, too: it could not look. */
async function look(row: Row, at: Surroundings): Promise<Seen[]> {
  try {
    const missing = 'look' in row ? await missingFor(row, at) : await missingForClusters(at)
    if (missing) return [missing]
    if ('look' in row) return [await row.look(at)].flat()
    const {clusters} = await at.visits()
    const seen = await Promise.all(clusters.map(async (visit) => [await row.ofCluster(visit, at)].flat()))
    return seen.flat()
  } catch (error) {
    if (at.asked.caller.signal?.aborted) throw error
    return [unseen(`It could not be looked at: ${(error as Error).message}`)]
  }
}

const outside = nothing('not in a workspace')
const isBroken = unseen('pmpc.yaml cannot be read: see config.valid')

/** Why a row has nothing to look at, or nobody can tell. */
async function missingFor({needs, isPeoples}: LocalRow, at: Surroundings): Promise<Seen | undefined> {
  if (isPeoples && !at.isPeoples) return nothing('no person sits here: CI is set')
  if (needs === undefined) return undefined
  if (at.root === undefined) return outside
  if (needs === 'config') return 'error' in (await at.config())! ? isBroken : undefined
  const isOpen = needs !== 'repository' || 'value' in (await at.repository())!
  return isOpen ? undefined : unseen('there is no repository to look at: see repository.found')
}

async function missingForClusters(at: Surroundings): Promise<Seen | undefined> {
  const config = await at.config()
  if (!config) return outside
  if ('error' in config) return isBroken
  if (at.isOffline) return nothing('no cluster is asked: --offline')
  return Object.keys(config.value.clusters).length === 0 ? nothing('no cluster is named') : undefined
}

function summed(checks: readonly Finding[]): Record<Result, number> {
  const summary = {ok: 0, warning: 0, critical: 0, unknown: 0, skipped: 0}
  for (const {result} of checks) summary[result]++
  return summary
}
