import {formatRef} from '../resources/index.js'
import type {ClusterState, KindName, ObjectRef} from '../resources/index.js'
import type {OpenItem, Pair} from '../workspace/index.js'
import type {Noted} from './agreement.js'
import {assess, type Assessed, type Assessment, type View} from './assess.js'
import {digestOf} from './fields.js'
import type {Overruled} from './judge.js'
import {describeMove, stagedMoves, type StagedMove} from './moves.js'
import {isSettled, sweepPairs} from './pairs.js'
import type {Manifests} from './session.js'
import type {Edits} from './texts.js'
import {vanished, type Vanished} from './vanished.js'
import {acceptedDocument, headEdits, offerObject, rulingOf} from './verdict.js'

/** All that is known when a cluster is merged into its manifests. */
export interface ClusterMerge {
  view: View
  /** W */
  work: Manifests
  cluster: string
  only?: KindName[] | undefined
  /** S: the snapshot before. */
  before: ClusterState | undefined
  /** T: what the cluster says now; what could not be read is as it was. */
  state: ClusterState
  /** What is there and was left out by rule, by `localKey`. */
  ignoredObjects: ReadonlySet<string>
  /** Agree with all that is open, or with these items of it. */
  accept: boolean | ((item: OpenItem) => boolean)
  /** Keep to HEAD's side of these items: the cluster does what it says, though it says so otherwise. */
  keep?: ((item: OpenItem) => boolean) | undefined
}

export interface Merged {
  /** All open items and pairs of the workspace afterwards. */
  items: OpenItem[]
  pairs: Pair[]
  /** What pmpc will have written into this clone's working tree, by object. */
  noted: Map<string, Noted>
  work: Edits
  head: Edits
  /** What was open, and is agreed on now. */
  accepted: OpenItem[]
  overruled: Overruled[]
  undecided: string[]
  warnings: string[]
}

/** Merges what a cluster says into what is declared: opens and closes items, and offers in the working tree what is open. */
export async function mergeCluster(input: ClusterMerge): Promise<{merged: Merged; assessment: Assessment}> {
  const {view, cluster, only, before, state, ignoredObjects} = input
  const isLookedAt = (ref: ObjectRef) => ref.cluster === cluster && (!only || only.includes(ref.kind))
  const assessment = await assess(view, {cluster, before, theirs: state, isLookedAt, ignoredObjects})
  const others = await assessOthers(view, cluster)
  const merged: Merged = {
    items: others,
    pairs: view.pairs.filter(({ref}) => ref.cluster !== cluster),
    noted: new Map(view.noted),
    work: [],
    head: [],
    accepted: [],
    overruled: assessment.overruled,
    undecided: assessment.undecided,
    warnings: [],
  }
  const gone = vanished(assessment, isLookedAt)
  merged.warnings.push(...gone.warnings)
  const open = [...assessment.objects.values()].filter(({items}) => items.length > 0).map(({ref}) => ref)
  const moves = input.accept ? await stagedMoves(view.session, [view.head, input.work], open) : []
  const pairs = new Map<string, Pair[]>()
  for (const [object, assessed] of assessment.objects) {
    if (!isLookedAt(assessed.ref)) merged.items.push(...assessed.items)
    else
      pairs.set(
        object,
        mergeObject(merged, assessed, {input, move: moves.find((move) => move.object === object), gone}),
      )
  }
  for (const pair of assessment.pairs) if (!pairs.has(formatRef(pair.ref))) merged.pairs.push(pair)
  merged.pairs.push(...[...pairs.values()].flat())
  return {merged, assessment}
}

/** What is open in the other clusters, by what was recorded of them last. */
async function assessOthers(view: View, cluster: string): Promise<OpenItem[]> {
  const {session} = view
  const items: OpenItem[] = []
  for (const other of session.workspace.clusters.filter((name) => name !== cluster))
    items.push(...(await assessRecorded(view, other)).items)
  return items
}

/** What is open in a cluster, by what was recorded of it last; nothing is read from it. */
export async function assessRecorded(
  view: View,
  cluster: string,
  ignoredObjects = new Set<string>(),
): Promise<Assessment> {
  const before = await view.session.state(cluster)
  return assess(view, {cluster, before, theirs: before, isLookedAt: () => false, ignoredObjects})
}

/** @returns the object's pairs afterwards */
function mergeObject(
  merged: Merged,
  assessed: Assessed,
  {input, move, gone}: {input: ClusterMerge; move: StagedMove | undefined; gone: Vanished},
): Pair[] {
  const {ref, items, now, head} = assessed
  const kept = input.keep ? items.filter(input.keep) : []
  if (kept.length > 0) {
    const pairs = rulingOf('reject', {...assessed, before: now}, kept, input.view.now)
    const rest = {...assessed, pairs, items: items.filter((item) => !kept.includes(item))}
    return mergeObject(merged, rest, {input: {...input, keep: undefined}, move, gone})
  }
  if (move && items.length > 0)
    merged.warnings.push(`${describeMove(move)}; it stays open. Commit the move, then: pmpc accept`)
  const {accept} = input
  const meant = typeof accept === 'function' ? items.filter(accept) : accept ? items : []
  const isAccepted = meant.length > 0 && !move && !gone.holds(ref)
  const next = isAccepted ? acceptedDocument(assessed, meant) : head
  const left = isAccepted ? items.filter((item) => !meant.includes(item)) : items
  const offered = offerObject(assessed, {view: input.view, work: input.work, next, items: left})
  if (offered.edits.length > 0) merged.work.push({ref, edits: offered.edits})
  if (offered.noted) merged.noted.set(formatRef(ref), offered.noted)
  else merged.noted.delete(formatRef(ref))
  merged.items.push(...left)
  if (!isAccepted) return assessed.pairs
  merged.accepted.push(...meant)
  for (const {field} of accept === true ? items.filter(({state}) => state === 'conflict') : [])
    merged.warnings.push(
      `${formatRef(ref)}${field === undefined ? '' : ` ${field}`}: the cluster's side of a conflict was taken`,
    )
  const edits = headEdits(ref, head, next)
  if (edits.length > 0) merged.head.push({ref, edits})
  // What the first reading agrees on stands in manifest and snapshot from the beginning.
  if (!input.before || assessed.isFirstReading)
    return input.view.pairs.filter((pair) => formatRef(pair.ref) === formatRef(ref))
  const known = new Set(input.view.pairs)
  // What this merge notes of the object as a whole is about the manifest that it commits.
  const isNew = (pair: Pair) =>
    pair.field === undefined && pair.how === 'agreed' && pair.base !== null && !known.has(pair)
  const moved = head && next ? {from: digestOf(head), to: digestOf(next)} : undefined
  return rulingOf('accept', {...assessed, before: now}, meant, input.view.now).map((pair) =>
    moved && isNew(pair) && pair.head === moved.from ? {...pair, head: moved.to} : pair,
  )
}

/** The pairs without those that are not needed any more; for a sync that commits anyway. */
export async function sweep({view}: ClusterMerge, {objects}: Assessment, pairs: Pair[]): Promise<Pair[]> {
  const settled = (pair: Pair) => {
    const assessed = objects.get(formatRef(pair.ref))
    return assessed !== undefined && isSettled(pair, assessed.now, assessed.head)
  }
  return sweepPairs(pairs, view.now, settled, async () => view.session.pairsOf90DaysAgo())
}
