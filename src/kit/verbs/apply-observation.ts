import {isPmpcError} from '../errors/index.js'
import type {Outcome, RunHead, Sight} from '../apply/index.js'
import type {Reading} from '../fetch/index.js'
import {appliedTrailers, type Deed} from '../git/trailers.js'
import type {Repository} from '../git/index.js'
import type {Reader} from '../proxmox/index.js'
import type {Also} from '../plan/index.js'
import {allOf, getField, observedDocument, saysNothing, Session, type Edits, type View} from '../reconcile/index.js'
import {
  equalValues,
  formatRef,
  isGuest,
  isWithin,
  localKey,
  own,
  parentsOf,
  parseField,
  parseRef,
} from '../resources/index.js'
import type {ClusterState, Observed} from '../resources/index.js'
import type {Caller} from '../runs/index.js'
import {isNoChange, type ObjectChange} from '../state/index.js'
import {meets} from '../values/index.js'
import type {OpenItem, Workspace} from '../workspace/index.js'
import {ALL} from './apply-notes.js'
import {fillIns, type Observations} from './intention.js'
import {leftOutOf} from './sight.js'
import {changesBetween, type Fetched} from './sync-fetch.js'
import type {ClusterResult} from './sync-result.js'
import {write, type Merging, type Writing} from './sync-write.js'
import {merge, resultOf} from './sync.js'

/** What is to be recorded of a run in one cluster. */
export interface Observing {
  cluster: string
  reader: Reader
  /** What was seen of its objects. */
  sight: Sight
  head: RunHead
  outcomes: readonly Outcome[]
  /** Other objects that were to be changed along, as the plan said; the last one of each counts. */
  also: readonly Also[]
}

/**
 * Commits what was observed of the objects of a run, as a sync does, with what PVE made up written where their manifests left it open: after failures, too, as what
 * was done was done. An object is what was seen of it after its last request; where nobody has looked since, it is read now. What is neither as it was nor as it was
 * wished becomes a conflict by itself.
 * @throws as `sync`
 */
export async function observe(
  workspace: Workspace,
  repository: Repository,
  observing: Observing,
  caller: Caller,
): Promise<ClusterResult> {
  const {cluster, reader, sight, outcomes, also} = observing
  const session = await Session.open(workspace, repository)
  const before = (await session.state(cluster)) ?? {cluster, objects: []}
  const sent = outcomes.filter(({requests}) => requests > 0)
  const objects = new Set([...sent.map(({object}) => localKey(parseRef(object))), ...also.map(localKey)])
  const [work, seen] = await Promise.all([session.work(), sight.seenIn(before, objects)])
  const state = withoutParts(seen.state, objects)
  const reading: Reading = {
    ...seen,
    ...{state, unasked: {}, locks: {}, lists: {}, digests: {}, ignored: {objects: 0, keys: 0}, requests: {}},
    ...{inGit: [], reveal: () => state},
  }
  const fetched: Fetched = {cluster, before, reading, changes: changesBetween(before, reading.state), work}
  const leftOut = leftOutOf(session, fetched)
  const applied = told(observing, fetched)
  const record = async (merging: Merging) => {
    const result = await resultOf(session, fetched, merging.merged, reader, leftOut)
    return write({session, fetched, merging, result, reader, leftOut, applied}, caller)
  }
  const options = {only: undefined, accept: changedAlong(observing, before)}
  const done = new Set(sent.filter(({how}) => how === 'done').map(({object}) => object))
  try {
    return await record(await mergeFilled(session, fetched, {observing, done, options}))
  } catch (error) {
    // A hook of the user's may refuse a manifest; what was observed is recorded all the same.
    if (!isPmpcError(error) || error.code !== 'PMPC_HOOK_FAILED') throw error
    const without = await record(await merge(session, fetched, {...options, accept: false}))
    return {...without, warnings: [...without.warnings, `what Proxmox VE made up was not written: ${error.message}`]}
  }
}

/** What is gone is gone with its parts: its firewall, its replication. */
function withoutParts(state: ClusterState, looked: ReadonlySet<string>): ClusterState {
  const there = new Set(state.objects.map(localKey))
  const isGone = (key: string): boolean => looked.has(key) && !there.has(key)
  return {
    ...state,
    objects: state.objects.filter((object) => {
      const parents = parentsOf(object).map(localKey)
      return !parents.some(isGone) || parents.some((parent) => there.has(parent))
    }),
  }
}

/** What PVE changed along with what was wished, as the plan said, is agreed on, where nobody has changed it meanwhile; so is what it changed of other objects. */
function changedAlong({head, outcomes, also}: Observing, before: ClusterState): (item: OpenItem) => boolean {
  const done = new Set(outcomes.flatMap(({object, how}) => (how === 'done' ? [object] : [])))
  const had = new Set(before.objects.map(localKey))
  const others = new Map(also.map((each) => [localKey(each), each.after]))
  return (item) => {
    const {ref, field, state} = item
    if (
      state === 'drift' &&
      !head.once &&
      others.has(localKey(ref)) &&
      isAsPredicted(others.get(localKey(ref)) ?? null, item)
    )
      return true
    const object = formatRef(ref)
    const key = field === undefined ? undefined : parseField(field)?.path[1]
    const {along = [], instead = [], bound, fields = []} = head.objects[object] ?? {}
    if (done.has(object) && instead.includes(field!)) return true
    if (key === undefined || !done.has(object) || ![key, field!, ALL].some((name) => along.includes(name))) return false
    // What this run has made may have been recorded before it was interrupted; what it was to change is no drift, but as the plan said.
    if (fields.some((wished) => isPartOf(field!, wished))) return true
    return state === 'drift' || bound?.made === true || !had.has(localKey(ref))
  }
}

/** Whether a field is another one, or within that. */
function isPartOf(name: string, other: string): boolean {
  const [inner, outer] = [name, other].map(parseField)
  return !!inner && !!outer && isWithin(inner, outer)
}

/** Whether two fields are of the same key. */
function isOfKey(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => parseField(name)?.path[1])
  return a !== undefined && a === b
}

function isAsPredicted(after: Observed | null, {field: name, offer}: OpenItem): boolean {
  const field = name === undefined ? undefined : parseField(name)
  // What is made of its parts is gone when it holds nothing.
  const isGone = !after || Object.keys(after.config).length === 0
  if (!field || !after) return !field && isGone && offer === null
  return equalValues(getField(observedDocument(after, allOf(after)), field), offer ?? undefined)
}

/** As a sync merges what it has read, into manifests in which nothing is left open that PVE has made up. */
async function mergeFilled(
  session: Session,
  fetched: Fetched,
  {observing, done, options}: {observing: Observing; done: ReadonlySet<string>; options: Parameters<typeof merge>[2]},
): Promise<Merging> {
  const {head, cluster} = observing
  const read = fetched.reading.state.objects
    .map((observed) => {
      const ref = {cluster, kind: observed.kind, id: observed.id}
      const {fields = [], along = []} = head.objects[formatRef(ref)] ?? {}
      const parts = isGuest(ref.kind) ? [] : along.filter((name) => fields.some((field) => isOfKey(name, field)))
      return {ref, observed, fields, along: parts}
    })
    .filter(({ref}) => done.has(formatRef(ref)))
  const gone = (head.takeAway ?? []).filter((object) => done.has(object)).map(parseRef)
  const edits: {head: Edits; work: Edits} = {head: [], work: []}
  const merging = await merge(session, fetched, options, (view, work) => {
    const filled = fillIns(view, work, {read, gone})
    edits.head.push(...filled.head)
    edits.work.push(...filled.work)
    return {view: filled.view, work: filled.manifests, keep: metOtherwise(filled.view, read)}
  })
  const {merged} = merging
  return {
    ...merging,
    merged: {...merged, head: [...edits.head, ...merged.head], work: [...edits.work, ...merged.work]},
  }
}

/** What was wished of an object, and PVE does without saying so: its default, a set that is empty. */
function metOtherwise({head}: View, read: Observations['read']): (item: OpenItem) => boolean {
  const made = new Map(read.map((one) => [formatRef(one.ref), one.observed]))
  return ({ref, field}) => {
    const [first, key = ''] = (field === undefined ? undefined : parseField(field)?.path) ?? []
    const [is, want] = [made.get(formatRef(ref)), head.declared(ref)]
    if (!is) return !!want && saysNothing(want)
    return first === 'config' && !!want && meets(ref.kind, key, own(want.config, key), own(is.config, key))
  }
}

/** What the commit says of the run. */
function told({cluster, head, outcomes, reader}: Observing, {changes}: Fetched): NonNullable<Writing['applied']> {
  const counts = (['done', 'failed', 'unknown', 'skipped'] as const).flatMap((how) => {
    const number = outcomes.filter((outcome) => outcome.how === how).length
    return number > 0 ? [`${number} ${how}`] : []
  })
  const {as: command = 'apply'} = head
  const sum = counts.join(', ') || 'nothing'
  const names = outcomes.length === 1 ? localKey(parseRef(outcomes[0]!.object)) : `${outcomes.length} objects`
  const mine = new Map(outcomes.map((outcome) => [localKey(parseRef(outcome.object)), outcome]))
  const lines = outcomes.flatMap(({object, how, message}) => (how === 'done' ? [] : [`${object} ${how}: ${message}`]))
  return {
    subject: `applied(${cluster}): ${command === 'apply' ? '' : `${command} `}${names}, ${sum}`,
    command,
    isTraceless: outcomes.some(({object, requests}) => requests > 0 && head.objects[object]?.asked?.verb),
    lines: lines.slice(0, mostLines),
    trailers: [
      ['plan', head.digest],
      ...appliedTrailers(
        outcomes.map(({object, how, upids}) => {
          const {fields, absent, asked: said} = head.objects[object]!
          const what = absent ? 'removed' : said?.verb ? [...fields, said.as] : fields
          return {object: localKey(parseRef(object)), what, how, upids}
        }),
      ),
    ],
    deeds: changes
      .filter((change) => !isNoChange(change))
      .map((change): Deed => {
        const outcome = mine.get(localKey(change))
        const upid = outcome?.upids.at(-1)
        return {
          object: localKey(change),
          what: wholeOf(change) ?? change.fields.map(({field}) => field),
          user: outcome ? (reader.who ?? null) : null,
          ...(upid !== undefined && {upid}),
        }
      }),
  }
}

const mostLines = 40

function wholeOf({change}: ObjectChange): Exclude<Deed['what'], readonly string[]> | undefined {
  return change === 'changed' || change === 'ignored' ? undefined : change
}
