import {count} from 'pmpc/kit/cli'
import {describeChanges, isNoChange, sightCounts, valueOrNone, type ObjectChange} from 'pmpc/kit/state'
import type {ClusterResult, SyncResult} from 'pmpc/kit/verbs'
import {wordOf, wordsOf, type OpenItemText} from 'pmpc/kit/workspace'

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
  const {warnings, clusters} = result
  return {
    warnings,
    clusters: clusters.map(ofCluster),
    hint: nextOf(
      clusters.flatMap(({open}) => open),
      readOnly,
    ),
  }
}

/** What to type next, by the names of what is open: `pmpc accept` alone would take the cluster's side of conflicts, too. */
function nextOf(open: OpenItemText[], readOnly: boolean): string | undefined {
  if (readOnly) return 'Nothing was written. Record it: pmpc sync'
  const [drift, conflicts] = ['drift', 'conflict'].map((state) => open.filter((item) => item.state === state)) as [
    OpenItemText[],
    OpenItemText[],
  ]
  const agree = (words: string) => `See it: git diff. Agree${words}. Disagree${words.replace('accept', 'reject')}`
  if (conflicts.length === 0) return drift.length > 0 ? agree(': pmpc accept') : undefined
  const named = (items: OpenItemText[], others: OpenItemText[]) => {
    const words = wordsOf(items, others)
    return words === undefined ? `, e.g.: pmpc accept ${wordOf(items[0]!)}` : `: pmpc accept ${words}`
  }
  const words = named(conflicts, drift)
  const both = `See both sides: pmpc status. Take the cluster's${words}. Keep yours${words.replace('accept', 'reject')}`
  return drift.length > 0 ? `${agree(named(drift, conflicts))}\n${both}` : both
}

/** Two branches decided otherwise, and Git kept one text: whose decision that ended is told, once. */
function describeOverruled({object, field, head, by, at}: ClusterResult['overruled'][number]): string {
  const who = by === null ? '' : ` by ${by}`
  const when = at === null ? '' : ` on ${at.slice(0, 10)}`
  return `${object}${field === undefined ? '' : ` ${field}`}: rejected${who}${when}, HEAD says ${valueOrNone(head)}`
}

function ofCluster(result: ClusterResult): Summary['clusters'][number] {
  const {cluster, changes, commit, drift, conflicts, stale, locks, ignored, overruled, undecided} = result
  const sight = sightCounts(changes).join(', ')
  const other = sight || 'what is open has changed'
  const unread = stale.length > 0 ? ' in what could be read' : ''
  const nothing = commit || sight ? `nothing changed${unread || ' in it'}, but ${other}` : `nothing changed${unread}`
  const outcome = changes.every(isNoChange) ? nothing : outcomeOf(changes)
  const described = describeChanges(changes)
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
  warnings.push(...overruled.map(describeOverruled))
  if (undecided.length > 0)
    warnings.push(
      `${count(undecided.length, 'value')} of the manifests cannot be told from wishes here, as this clone lacks older history: git fetch --unshallow`,
    )
  if (stale.length > shownStale)
    warnings.push(`… and ${stale.length - shownStale} more were not read: pmpc status --verbose`)
  const hint = [...stale.map(({why}) => why), ...result.warnings].some((text) => / on \/\S* is missing/.test(text))
    ? `What the token lacks: pmpc auth test ${cluster}`
    : undefined
  return {lines, warnings, hint}
}

/** `21 added`, `1 added, 2 changed, 1 removed`: one whose id another object has now is `replaced`. */
function outcomeOf(changes: readonly ObjectChange[]): string {
  const told = changes.filter((change) => !isNoChange(change))
  const counts = (['added', 'changed', 'removed', 'replaced'] as const)
    .map((word) => [told.filter(({change}) => change === word).length, word] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
  return [...counts, ...sightCounts(changes)].join(', ')
}

function shortened(words: string[]): string {
  const shown = words.slice(0, shownStale)
  return [...shown, ...(words.length > shown.length ? [`and ${words.length - shown.length} more`] : [])].join(', ')
}
