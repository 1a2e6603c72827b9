import {count} from 'pmpc/kit/cli'
import {describeChange} from 'pmpc/kit/state'
import type {ClusterResult, SyncResult} from 'pmpc/kit/verbs'

/** How many lines of changes, and of objects that were not read, are shown. */
const [shownChanges, shownStale] = [30, 10]

/** The words in which a person is told what a sync did. */
export interface Summary {
  warnings: string[]
  clusters: {lines: string[]; warnings: string[]; hint?: string}[]
  /** What to type next. */
  hint?: string
}

/** Tells the result of a sync. */
export function summaryOf(result: SyncResult, readOnly: boolean): Summary {
  const {warnings, clusters, open} = result
  return {warnings, clusters: clusters.map(ofCluster), hint: nextOf(open, readOnly)}
}

function nextOf({drift, conflicts}: SyncResult['open'], readOnly: boolean): string | undefined {
  if (readOnly) return 'Nothing was written. Record it: pmpc sync'
  if (conflicts > 0)
    return "See both sides: pmpc status. Take the cluster's: pmpc accept vm/100. Keep yours: pmpc reject vm/100"
  return drift > 0 ? 'See it: git diff. Agree: pmpc accept. Disagree: pmpc reject' : undefined
}

function ofCluster(result: ClusterResult): Summary['clusters'][number] {
  const {cluster, changes, commit, drift, conflicts, stale, locks, ignored} = result
  const unread = stale.length > 0 ? ' in what could be read' : ''
  const nothing = commit
    ? `nothing changed in it${unread && `,${unread}`}, but what is open has`
    : `nothing changed${unread}`
  const outcome = changes.length === 0 ? nothing : `${changes.length} changed`
  const described = changes.flatMap(describeChange)
  const lines = [
    `${cluster}: ${outcome}${commit ? `, commit ${commit.slice(0, 10)}` : ''}`,
    ...described.slice(0, shownChanges).map((line) => `  ${line}`),
  ]
  if (described.length > shownChanges) lines.push(`  … and ${described.length - shownChanges} more: pmpc diff`)
  if (ignored.objects > 0 || ignored.keys > 0)
    lines.push(`  ignored by rule: ${count(ignored.objects, 'object')}, ${count(ignored.keys, 'key')}`)
  if (locks.length > 0)
    lines.push(`  locked meanwhile: ${shortened(locks.map(({object, lock}) => `${object} (${lock})`))}`)
  if (drift + conflicts > 0) lines.push(`  open: ${drift} drift, ${count(conflicts, 'conflict')}`)
  const warnings = stale
    .slice(0, shownStale)
    .map(({object, why, neverRead}) => `${object} was not read${neverRead ? '' : ' and is kept as it was'}: ${why}`)
  if (stale.length > shownStale)
    warnings.push(`… and ${stale.length - shownStale} more were not read: pmpc status --verbose`)
  const hint = [...stale.map(({why}) => why), ...result.warnings].some((text) => / on \/\S* is missing/.test(text))
    ? `What the token lacks: pmpc auth test ${cluster}`
    : undefined
  return {lines, warnings, hint}
}

function shortened(words: string[]): string {
  const shown = words.slice(0, shownStale)
  return [...shown, ...(words.length > shown.length ? [`and ${words.length - shown.length} more`] : [])].join(', ')
}
