import {compareObjects, formatRef, isGuest, localKey} from '../resources/index.js'
import type {ClusterState, Config, Declared, KindName, ObjectRef, Observed, Value} from '../resources/index.js'
import {parseField} from '../resources/field-names.js'
import type {ObjectChange} from '../state/diff.js'
import {withIgnored} from '../state/ignored.js'
import {subjectOf, subjectOfDeclared, withoutKeys} from '../workspace/ignore.js'
import {byObject, type OpenItem} from '../workspace/open.js'
import type {Ignore} from '../workspace/ignore.js'
import {mergeObject} from './merge.js'
import type {MergeInput} from './merge.js'
import {describeMove, type StagedMove} from './moves.js'
import type {Manifests} from './session.js'
import type {Edits} from './texts.js'
import {acceptObject, rejectObject} from './verdict.js'

/** All that is known when a cluster is merged into its manifests. */
export interface ClusterMerge {
  cluster: string
  only?: KindName[] | undefined
  ignore: Ignore
  /** The open items of the whole workspace. */
  items: OpenItem[]
  /** B: the snapshot before. */
  before: ClusterState | undefined
  /** T: what the cluster says now; what could not be read is as it was. */
  state: ClusterState
  /** What is there and was left out by rule, by `localKey`. */
  ignoredObjects: ReadonlySet<string>
  changes: ObjectChange[]
  /** H and W: the manifests of HEAD and of the working tree. */
  head: Manifests
  work: Manifests
  /** Offers of this clone that somebody decided in another. */
  decidedElsewhere: OpenItem[]
}

export interface Merged {
  /** All open items of the workspace afterwards. */
  items: OpenItem[]
  work: Edits
  head: Edits
  headSide: Manifests
  accepted: number
  warnings: string[]
}

/** The objects that changed or are open; all others are as they were agreed on, or people's own business. */
export function objectsToMerge(input: ClusterMerge): ObjectRef[] {
  const {cluster, items, changes} = input
  const refs = new Map<string, ObjectRef>()
  for (const {ref} of items) if (isInScope(ref, input)) refs.set(formatRef(ref), ref)
  for (const change of changes) {
    for (const kind of [change.kind, change.was ?? change.kind]) {
      const ref = {cluster, kind, id: change.id}
      if (kind !== 'node' && isInScope(ref, input)) refs.set(formatRef(ref), ref)
    }
  }
  return [...refs.values()].sort(compareObjects)
}

/**
 * Merges objects of a cluster. Pure.
 * @param accept where all that is open is agreed to at once: the moves of manifests that are staged, which stay open
 */
export function mergeCluster(input: ClusterMerge, refs: ObjectRef[], accept?: {moves: StagedMove[]}): Merged {
  const {items, before, state, changes, ignore, ignoredObjects, head: headSide, work} = input
  const theirs = new Map(state.objects.map((object) => [localKey(object), object]))
  const was = new Map((before?.objects ?? []).map((object) => [localKey(object), object]))
  const merged: Merged = {
    items: items.filter(({ref}) => !isInScope(ref, input)),
    work: [],
    head: [],
    headSide,
    accepted: 0,
    warnings: [],
  }
  const vanished = mostGuestsVanished(
    before,
    withIgnored(changes, (object) => ignoredObjects.has(object)),
  )
  if (vanished) merged.warnings.push(vanished)
  for (const ref of refs) {
    const object = formatRef(ref)
    const key = localKey(ref)
    const observed = theirs.get(key)
    const old = was.get(key)
    // A rule that was added is no deletion: what it covers is left as it is, and nothing stays open for it.
    if (!observed && (ignoredObjects.has(key) || (old && ignore.object(subjectOf(old))))) continue
    const sides = {head: headSide.declared(ref), work: work.declared(ref)}
    const mine = items.filter((item) => formatRef(item.ref) === object)
    const outcome = mergeObject(withoutIgnored({ref, theirs: observed, before: old, items: mine, ...sides}, ignore))
    const move = accept?.moves.find((each) => each.object === object)
    if (move && outcome.items.length > 0)
      merged.warnings.push(`${describeMove(move)}; it stays open. Commit the move, then: pmpc accept`)
    const mayAccept = accept && !move && !(vanished && !observed)
    if (!mayAccept || outcome.items.length === 0) {
      merged.items.push(...outcome.items)
      if (outcome.edits.length > 0) merged.work.push({ref, edits: outcome.edits})
      continue
    }
    const decided = acceptObject({ref, offered: observed, items: outcome.items, ...sides})
    merged.accepted += outcome.items.length
    const conflicts = outcome.items.filter(({state}) => state === 'conflict')
    for (const {field} of conflicts)
      merged.warnings.push(
        `${object}${field === undefined ? '' : ` ${field}`}: the cluster's side of a conflict was taken`,
      )
    if (decided.head.length > 0) merged.head.push({ref, edits: decided.head})
    if (decided.work.length > 0) merged.work.push({ref, edits: decided.work})
  }
  withdrawDecided(merged, {...input, refs, was})
  return merged
}

/**
 * An offer that this clone wrote into its working tree, and that somebody rejected elsewhere, is taken back out; one that was accepted
 * is in HEAD now, and stays. Objects that have something open or changed again are merged anyway.
 */
function withdrawDecided(
  merged: Merged,
  {refs, was, work, head, decidedElsewhere}: ClusterMerge & {refs: ObjectRef[]; was: Map<string, Observed>},
): void {
  const mergedAnyway = new Set(refs.map(formatRef))
  for (const [object, items] of byObject(decidedElsewhere)) {
    if (mergedAnyway.has(object)) continue
    const {ref} = items[0]!
    const sides = {head: head.declared(ref), work: work.declared(ref)}
    const rejected = rejectObject({ref, offered: was.get(localKey(ref)), items, ...sides})
    if (rejected.work.length > 0) merged.work.push({ref, edits: rejected.work})
  }
}

/** All sides without the keys that a rule leaves out, so that none of them looks removed. */
function withoutIgnored(input: MergeInput, ignore: Ignore): MergeInput {
  const {ref, theirs, before, head, work} = input
  const seen = theirs ?? before
  const subject = seen ? subjectOf(seen) : head && subjectOfDeclared(head)
  const isIgnored = ignore.keys({...subject, kind: ref.kind, id: ref.id})
  const strip = <T extends {config: Config}>(side: T | undefined) => side && withoutKeys(side, isIgnored)
  const items = input.items.flatMap((item) => {
    if (item.field === undefined) return [item.base ? {...item, base: baseWithout(item.base, isIgnored)} : item]
    const [first, key] = parseField(item.field)?.path ?? []
    return first === 'config' && isIgnored(key!) ? [] : [item]
  })
  return {...input, theirs: strip(theirs), before: strip(before), head: strip(head), work: strip(work), items}
}

function baseWithout(base: Value, isIgnored: (key: string) => boolean): Value {
  if (typeof base !== 'object') return base
  const document = base as unknown as Declared
  return withoutKeys(document, isIgnored) as unknown as Value
}

/**
 * A cluster file system that is just starting lists no guests for a moment. So many deletions at once are offered like any other,
 * but never agreed to by `--accept`.
 */
function mostGuestsVanished(before: ClusterState | undefined, changes: ObjectChange[]): string | undefined {
  const total = before?.objects.filter((object) => isGuest(object.kind)).length ?? 0
  const gone = changes.filter((change) => change.change === 'removed' && isGuest(change.kind)).length
  if (gone < 3 || gone * 2 <= total) return undefined
  return `${gone} of ${total} guests are gone at once. If that is right: pmpc accept. If not, sync again once the cluster is well`
}

function isInScope(ref: ObjectRef, {cluster, only}: Pick<ClusterMerge, 'cluster' | 'only'>): boolean {
  return ref.cluster === cluster && (!only || only.includes(ref.kind))
}
