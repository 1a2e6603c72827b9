import type {RequestsByKind, StaleObject} from '../fetch/index.js'
import type {TrailerKey} from '../git/trailers.js'
import {kinds, type KindName} from '../resources/index.js'
import {
  describeChange,
  describeChanges,
  ignoredWords,
  readWords,
  isNoChange,
  sightCounts,
  type LeftOut,
  type ObjectChange,
} from '../state/index.js'
import type {OpenItemText} from '../workspace/index.js'
import type {OverruledText} from './overruled.js'

export interface KindCounts {
  added: number
  changed: number
  removed: number
  stale: number
}

export type Counts = Record<KindName, KindCounts>

/** What could not be read, and why. */
export interface StaleText {
  /** `vm/100`; `vm/*` where nobody can tell which. */
  object: string
  why: string
  /** Nothing of it is recorded. */
  neverRead?: true
}

/** What `pmpc sync --json` prints of one cluster; documented in docs/json.md. */
export interface ClusterResult {
  cluster: string
  /** Id of the commit, or null where nothing changed or none was wanted. */
  commit: string | null
  counts: Counts
  /** How many items are open after it. */
  drift: number
  conflicts: number
  open: OpenItemText[]
  /** Decisions against the cluster that HEAD no longer holds, as another branch decided otherwise. Told once. */
  overruled: OverruledText[]
  /** `home/vm/100 config.memory`: what cannot be told from a wish, as this clone's history ends too early. */
  undecided: string[]
  changes: ObjectChange[]
  stale: StaleText[]
  /** Locks that objects had, of tasks that ran meanwhile: no part of the state. */
  locks: {object: string; lock: string}[]
  ignored: {objects: number; keys: number}
  /** Secrets in whose place markers stand, in Git and here. */
  withheld: {object: string; key: string; looksLike: string}[]
  /** Manifests written, changed or taken out in the working tree. */
  manifests: string[]
  /** Requests sent to the cluster. */
  requests: number
  /** The same by kind, the first of those that share one; `other`: rights, the cluster's log, and what was sent again. */
  requestsByKind: RequestsByKind
  /** Milliseconds by phase. */
  time: Record<string, number>
  warnings: string[]
}

/** Changes of what was observed, by kind. A reused VMID is one removed and one added; what is left out, or read, from now on has not changed. */
export function countChanges(changes: ObjectChange[], stale: StaleObject[]): Counts {
  const counts = Object.fromEntries(
    kinds.map((kind) => [kind.name, {added: 0, changed: 0, removed: 0, stale: 0}]),
  ) as Counts
  for (const change of changes) {
    if (change.change === 'ignored' || isNoChange(change)) continue
    if (change.change === 'replaced') {
      counts[change.was ?? change.kind].removed++
      counts[change.kind].added++
    } else {
      counts[change.kind][change.change]++
    }
  }
  for (const object of stale) counts[object.kind].stale++
  return counts
}

/** How many changes a message spells out. */
const spelledOut = 40

/** What the message of a state commit says: a line for people, what changed, and the counts as trailers. */
export function describeSync(
  {cluster, changes, counts, drift, conflicts}: ClusterResult,
  accepted: number,
  isLeftOut: LeftOut,
): {subject: string; lines: string[]; trailers: [TrailerKey, string | number][]} {
  const real = changes.filter((change) => !isNoChange(change))
  const cut = new Set(real.slice(spelledOut))
  const lines = describeChanges(changes.filter((change) => !cut.has(change)))
  if (cut.size > 0) lines.push(`… and ${cut.size} more: pmpc diff`)
  const sums = (['added', 'changed', 'removed', 'stale'] as const).map((key): [typeof key, number] => [
    key,
    Object.values(counts).reduce((sum, ofKind) => sum + ofKind[key], 0),
  ])
  return {
    subject: `sync(${cluster}): ${summary(changes, Object.fromEntries(sums), accepted)}`,
    lines,
    trailers: [
      ...ignoredWords(changes, isLeftOut).map((words): ['ignored', string] => ['ignored', words]),
      ...readWords(changes).map((words): ['read', string] => ['read', words]),
      ...sums,
      ['drift', drift],
      ['conflicts', conflicts],
    ],
  }
}

/** What one line says of all: the change itself where there is one, else how many of each. */
function summary(changes: ObjectChange[], sums: Record<string, number>, accepted: number): string {
  const [only, ...further] = changes.length === 1 ? describeChange(changes[0]!) : []
  // Further lines that are set in are about the same field.
  const isOne = only !== undefined && only.length <= 72 && further.every((line) => line.startsWith(' '))
  if (isOne && !accepted) return only.replace(/^~ /, '')
  const parts = ['added', 'changed', 'removed'].flatMap((key) => (sums[key] ? [`${sums[key]} ${key}`] : []))
  parts.push(...sightCounts(changes))
  if (accepted) parts.push(`${accepted} accepted`)
  return parts.length > 0 ? parts.join(', ') : 'what is open has changed'
}

/** What `pmpc sync --json` prints; documented in docs/json.md. */
export interface SyncResult {
  /** Id of the run, as in the commit's trailer and in the log. */
  run: string
  /** The last commit, or null where none was made. */
  commit: string | null
  /** Sums over the clusters. */
  counts: Counts
  open: {drift: number; conflicts: number}
  /** As of the clusters, with theirs in front: `home/vm/100`. */
  stale: StaleText[]
  requests: number
  requestsByKind: RequestsByKind
  /** Milliseconds by phase. */
  time: Record<string, number>
  warnings: string[]
  clusters: ClusterResult[]
}

/** The results of all clusters as one. */
export function summarise(run: string, clusters: ClusterResult[]): SyncResult {
  const counts = countChanges([], [])
  const time: Record<string, number> = {}
  for (const result of clusters) {
    for (const [kind, of] of Object.entries(result.counts)) {
      for (const key of ['added', 'changed', 'removed', 'stale'] as const) counts[kind as KindName][key] += of[key]
    }
    for (const [phase, spent] of Object.entries(result.time)) time[phase] = (time[phase] ?? 0) + spent
  }
  const sum = (of: (result: ClusterResult) => number) => clusters.reduce((total, result) => total + of(result), 0)
  return {
    run,
    commit: clusters.findLast((result) => result.commit !== null)?.commit ?? null,
    counts,
    open: {drift: sum((result) => result.drift), conflicts: sum((result) => result.conflicts)},
    stale: clusters.flatMap((result) =>
      result.stale.map((stale) => ({...stale, object: `${result.cluster}/${stale.object}`})),
    ),
    requests: sum((result) => result.requests),
    requestsByKind: sumsOf(clusters.map((result) => result.requestsByKind)),
    time,
    warnings: clusters.flatMap((result) => result.warnings),
    clusters,
  }
}

/** How many requests each kind took, where `all` were sent: those that no kind made are `other`. */
export function requestsOf(byKind: RequestsByKind, all: number): RequestsByKind {
  const {other: _, ...kinds} = byKind
  const other = all - Object.values(kinds).reduce((sum, count) => sum + count, 0)
  return other > 0 ? {...kinds, other} : kinds
}

function sumsOf(all: readonly RequestsByKind[]): RequestsByKind {
  const sums: RequestsByKind = {}
  for (const [kind, count] of all.flatMap((each) => Object.entries(each) as [keyof RequestsByKind, number][]))
    sums[kind] = (sums[kind] ?? 0) + count
  return sums
}
