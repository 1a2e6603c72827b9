import {kinds} from 'pmpc/kit/resources'
import type {KindName} from 'pmpc/kit/resources'
import type {FieldChange} from 'pmpc/kit/resources'
import {shortValue} from 'pmpc/kit/state'
import type {ObjectChange} from 'pmpc/kit/state'
import type {OpenItem} from 'pmpc/kit/workspace'
import type {Author} from './authors.js'
import type {StaleObject} from './read.js'

export interface KindCounts {
  added: number
  changed: number
  removed: number
  stale: number
}

export type Counts = Record<KindName, KindCounts>

/** What `pmpc sync --json` prints of one cluster; documented in docs/json.md. */
export interface ClusterResult {
  cluster: string
  /** Id of the commit, or null where nothing changed or none was wanted. */
  commit: string | null
  counts: Counts
  /** How many items are open after it. */
  drift: number
  conflicts: number
  open: OpenItem[]
  changes: ObjectChange[]
  stale: {object: string; why: string}[]
  ignored: {objects: number; keys: number}
  /** Manifests written, changed or taken out in the working tree. */
  manifests: string[]
  /** Requests sent to the cluster. */
  requests: number
  /** Milliseconds by phase. */
  time: Record<string, number>
  warnings: string[]
}

/** Changes of what was observed, by kind. A reused VMID is one removed and one added. */
export function countChanges(changes: ObjectChange[], stale: StaleObject[]): Counts {
  const counts = Object.fromEntries(
    kinds.map((kind) => [kind.name, {added: 0, changed: 0, removed: 0, stale: 0}]),
  ) as Counts
  for (const change of changes) {
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

export interface MessageFacts {
  cluster: string
  command: string
  run: string
  changes: ObjectChange[]
  counts: Counts
  drift: number
  conflicts: number
  authors: Author[]
  accepted?: number
}

/** How many changes a message spells out. */
const spelledOut = 40

/** The message of a state commit: a line for people, what changed and who did it, and trailers for programs. */
export function commitMessage(facts: MessageFacts): string {
  const {changes, authors} = facts
  const subject = `sync(${facts.cluster}): ${summary(facts)}`
  const lines = changes.slice(0, spelledOut).flatMap((change) => describeChange(change))
  if (changes.length > spelledOut) lines.push(`… and ${changes.length - spelledOut} more: pmpc diff`)
  const total = (key: keyof KindCounts) => Object.values(facts.counts).reduce((sum, counts) => sum + counts[key], 0)
  const trailers = [
    ...authors.map(authorTrailer),
    `Pmpc-Run: ${facts.run}`,
    `Pmpc-Cluster: ${facts.cluster}`,
    `Pmpc-Command: ${facts.command}`,
    `Pmpc-Added: ${total('added')}`,
    `Pmpc-Changed: ${total('changed')}`,
    `Pmpc-Removed: ${total('removed')}`,
    `Pmpc-Stale: ${total('stale')}`,
    `Pmpc-Drift: ${facts.drift}`,
    `Pmpc-Conflicts: ${facts.conflicts}`,
  ]
  return [subject, ...(lines.length > 0 ? ['', ...lines] : []), '', ...trailers, ''].join('\n')
}

function authorTrailer({object, user, upid}: Author): string {
  return `Pmpc-Changed-By: ${user ?? 'unknown'} ${object}${upid ? ` ${upid}` : ''}`
}

/** What one line says of all: the change itself where there is one, else how many of each. */
function summary(facts: MessageFacts): string {
  const only = facts.changes.length === 1 ? describeChange(facts.changes[0]!) : []
  if (only.length === 1 && !facts.accepted && only[0]!.length <= 72) return only[0]!.replace(/^~ /, '')
  const parts = (['added', 'changed', 'removed'] as const).flatMap((key) => {
    const total = Object.values(facts.counts).reduce((sum, counts) => sum + counts[key], 0)
    return total > 0 ? [`${total} ${key}`] : []
  })
  if (facts.accepted) parts.push(`${facts.accepted} accepted`)
  return parts.length > 0 ? parts.join(', ') : 'what is open has changed'
}

/** `vm/101 web01: config.memory 2048 → 4096`, a line a field; a line for an object that came or went. */
export function describeChange(change: ObjectChange): string[] {
  const name = `${change.kind}/${change.id}${change.name === undefined ? '' : ` ${change.name}`}`
  if (change.change === 'added') return [`+ ${name}`]
  if (change.change === 'removed') return [`- ${name}`]
  if (change.change === 'replaced') return [`± ${name}: another object has this id now`]
  return change.fields.map((field) => `~ ${name}: ${describeField(field)}`)
}

function describeField(field: FieldChange): string {
  if (field.added && field.removed) {
    const marks = [
      ...field.added.map((element) => `+${String(element)}`),
      ...field.removed.map((element) => `-${String(element)}`),
    ]
    return `${field.field} ${marks.join(' ')}`
  }
  return `${field.field} ${shown(field.before)} → ${shown(field.after)}`
}

function shown(value: unknown): string {
  return value === undefined ? '(none)' : shortValue(value)
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
  /** `home/vm/100` and why it could not be read. */
  stale: {object: string; why: string}[]
  requests: number
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
      result.stale.map(({object, why}) => ({object: `${result.cluster}/${object}`, why})),
    ),
    requests: sum((result) => result.requests),
    time,
    warnings: clusters.flatMap((result) => result.warnings),
    clusters,
  }
}
