// What was written, and is not brought into use after all: it is taken back where all that waits is pmpc's, else told.
import {isPmpcError} from '../errors/index.js'
import {canonicalJson} from '../state/index.js'
import {disagreements, isWaiting, stagedWith, type Step} from '../plan/index.js'
import {formatRef, localKey, parseRef} from '../resources/index.js'
import type {KindName, ObjectRef} from '../resources/index.js'
import {wireKindOf} from '../resources/kinds/on-wire.js'
import type {Intended, Line, PlannedCall} from './journal.js'
import {isLeft, type Execution, type Outcome} from './model.js'
import {send} from './send.js'

/** Objects that one call brings into use together. */
interface Stage {
  /** The one whose last request that call is. */
  holder: ObjectRef
  refs: readonly ObjectRef[]
  intended: Intended
  commit: PlannedCall
}

/**
 * Looks after what was written of objects that come into use together, where one of them, or the call that does it, failed. Nothing is taken back of which
 * somebody else may have written anything.
 * @param ended what came of all objects, by their names
 * @returns what came of those of which that is otherwise now
 */
export async function endStages(execution: Execution, ended: ReadonlyMap<string, Outcome>): Promise<Outcome[]> {
  const changed: Outcome[] = []
  for (const stage of stagesOf(execution)) {
    const outcomes = stage.refs.map((ref) => ended.get(formatRef(ref)))
    if (ended.get(formatRef(stage.holder))?.how !== 'done' && outcomes.every(isOver))
      changed.push(...(await endStage(execution, stage, outcomes)))
  }
  return changed
}

function stagesOf({journal, sight}: Execution): Stage[] {
  const {cluster} = sight.around
  return Object.entries(journal.head.objects).flatMap(([object, intended]) => {
    const holder = parseRef(object)
    const {stage, requests} = intended
    if (!stage || holder.cluster !== cluster) return []
    return [{holder, intended, refs: stage.map((key) => parseRef(`${cluster}/${key}`)), commit: requests.at(-1)!}]
  })
}

/** What is gone on with, its stage is gone on with, too. */
const isOver = (outcome: Outcome | undefined): outcome is Outcome => outcome !== undefined && !isLeft(outcome)

async function endStage(execution: Execution, stage: Stage, outcomes: readonly Outcome[]): Promise<Outcome[]> {
  const {refs, holder} = stage
  const written = new Set(refs.map(formatRef).filter((object) => answered(execution, object, stage).length > 0))
  if (written.size === 0) return []
  const before = execution.journal.lines.length
  const fate = await fateOf(execution, stage, written).catch((error: unknown) => {
    if (!isPmpcError(error)) throw error
    return {left: `nobody can tell what waits: ${error.message}`}
  })
  if (fate === 'in use')
    return outcomes.flatMap((outcome) => {
      const isBroken = outcome.how === 'failed' && outcome.object === formatRef(holder)
      if (!isBroken || !isBegun(linesOf(execution, outcome.object), stage.commit)) return []
      const again = `${asTyped(stage.commit)}   # once more, when that is mended: it is written, and nothing is left to plan`
      return [{...outcome, suggestions: [...(outcome.suggestions ?? []), again]}]
    })
  const sent = execution.journal.lines.slice(before).filter(({event}) => event === 'sent').length
  const culprit = outcomes.find(({how}) => how !== 'done')!.object
  return outcomes
    .filter(({object}) => written.has(object))
    .map((outcome) => told(outcome, {stage, culprit, fate, sent: outcome.object === formatRef(holder) ? sent : 0}))
}

/** What became of what was written: it waits, with the reason why it was left so. */
type Fate = 'in use' | 'taken back' | {left: string}

async function fateOf(execution: Execution, stage: Stage, written: ReadonlySet<string>): Promise<Fate> {
  const {refs, intended, holder} = stage
  const {revert} = intended
  const keys = [...refs.map(localKey), ...stagedWith(holder.kind).map((kind) => `${kind}/*`)]
  const unread = await execution.sight.reread(keys)
  const earlier = linesOf(execution, formatRef(holder))
  const waits = (ref: ObjectRef) =>
    isWaitingAt(execution, ref) || (isUntold(ref.kind) && !isBegun(earlier, stage.commit))
  if (!refs.some((ref) => written.has(formatRef(ref)) && waits(ref))) {
    const isTakenBack = earlier.some((line) => line.event === 'sent' && revert && isSame(line, revert))
    return isTakenBack ? 'taken back' : 'in use'
  }
  const left = unread.length > 0 ? `it could not all be read: ${unread[0]!}` : await whyLeft(execution, stage)
  if (left !== undefined) return {left}
  try {
    await takeBack(execution, holder, {...revert!, parameters: {}})
  } catch (error) {
    if (!isPmpcError(error)) throw error
    return {left: `it could not be taken back: ${error.message}`}
  }
  for (const ref of refs) execution.sight.sent(ref, revert!.path)
  await execution.sight.reread(keys)
  return refs.some((ref) => isWaitingAt(execution, ref)) ? {left: 'it was not taken back'} : 'taken back'
}

/** Whether lists of a kind do not tell what waits. */
const isUntold = (kind: KindName): boolean => wireKindOf(kind).list?.inUse !== undefined

/** Whether the task began that brings all into use: what was written is used from then on, however it ends. */
function isBegun(lines: readonly Line[], commit: PlannedCall): boolean {
  const at = lines.findLastIndex((line) => line.event === 'sent' && isSame(line, commit))
  return at >= 0 && lines.slice(at).some(({event}) => event === 'started')
}

function isWaitingAt({sight}: Execution, {kind, id}: ObjectRef): boolean {
  const object = sight.around.object(kind, id)
  return object !== undefined && isWaiting(object)
}

function linesOf({resumed, journal}: Execution, object: string): Line[] {
  const lines = [...(resumed?.lines ?? []), ...journal.lines]
  return lines.filter((line) => 'object' in line && line.object === object)
}

/** The requests of an object that were done, but for the one that brings all into use. */
function answered(execution: Execution, object: string, {commit}: Stage): {method: string; path: string}[] {
  const done: {method: string; path: string}[] = []
  let last: {method: string; path: string} | undefined
  for (const line of linesOf(execution, object)) {
    if (line.event === 'sent') last = line
    if (line.event !== 'answered' || !last) continue
    if (line.code === undefined && !isSame(last, commit)) done.push(last)
    last = undefined
  }
  return done
}

const isSame = (one: {method: string; path: string}, other: {method: string; path: string}): boolean =>
  one.method === other.method && one.path === other.path

/** Why what waits is not taken back; undefined: all of it is what this run wrote. */
async function whyLeft(execution: Execution, stage: Stage): Promise<string | undefined> {
  const {sight, resumed} = execution
  const {refs, intended, holder} = stage
  if (!intended.revert) return `Proxmox VE ${sight.around.version()} has no call that takes it back`
  if (intended.waited) return `${intended.waited.join(', ')} waited before, and what waits is taken back as a whole`
  if (resumed) return 'the run was interrupted in between, and others may have written there'
  const kinds = stagedWith(holder.kind)
  const own = new Set(refs.map(localKey))
  const others = kinds.flatMap((kind) => sight.around.objects(kind)).filter((each) => !own.has(localKey(each)))
  const theirs = others.filter(isWaiting).map(localKey)
  if (theirs.length > 0)
    return `${theirs.join(', ')} of somebody else waits, too, and all of it is taken back as a whole`
  const touched = refs.filter((ref) => !isAsWritten(execution, stage, ref))
  if (touched.length > 0) return `somebody else has changed ${touched.map(localKey).join(', ')} meanwhile`
  return hidden(execution, stage)
}

/** Whether an object is what it was before, with what this run wrote of it. */
function isAsWritten(execution: Execution, stage: Stage, ref: ObjectRef): boolean {
  const action = execution.actions.find((each) => formatRef(each.ref) === formatRef(ref))
  const sent = answered(execution, formatRef(ref), stage)
  if (!action || !sent.every((each, at) => action.steps[at] && isSame(each, action.steps[at].request))) return false
  const expected = sent.length > 0 ? action.steps[sent.length - 1]!.after : action.is
  return disagreements(expected, execution.sight.around.object(ref.kind, ref.id)).length === 0
}

/** Of some kinds the lists do not tell what waits: what is to be is held against what is in use. */
async function hidden({writer}: Execution, {refs, holder}: Stage): Promise<string | undefined> {
  for (const kind of stagedWith(holder.kind)) {
    const {list} = wireKindOf(kind)
    if (!list?.inUse) continue
    if (refs.some((ref) => ref.kind === kind)) return `nobody can tell what else of ${kind} waits`
    const [is, used] = await Promise.all(
      [{}, list.inUse].map(async (more) => writer.get(list.path, {...list.query, ...more})),
    )
    if (textOf(is) !== textOf(used)) return `what somebody else wrote of ${kind} waits, too`
  }
  return undefined
}

const textOf = (answer: unknown): string =>
  canonicalJson(JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === 'digest' ? undefined : value))))

async function takeBack(execution: Execution, ref: ObjectRef, request: Step['request']): Promise<void> {
  const step: Step = {request, effects: [], after: null}
  const nobody = {onSent: () => undefined, onStarted: () => undefined}
  await send(execution, {ref, step, digest: undefined, makes: false}, nobody)
}

/** What came of an object that was written, and is not in use. */
function told(
  outcome: Outcome,
  {stage, culprit, fate, sent}: {stage: Stage; culprit: string; fate: Exclude<Fate, 'in use'>; sent: number},
): Outcome {
  const {commit, intended} = stage
  const {revert} = intended
  const isTakenBack = fate === 'taken back'
  const became = isTakenBack
    ? `was taken back (${revert!.method} ${revert!.path})`
    : `waits, and was left so: ${fate.left}`
  const message =
    outcome.how === 'done'
      ? `it comes into use together with ${culprit}, which was not done; what was written of it ${became}`
      : `${outcome.message ?? ''}; what was written of it before ${became}`
  const typed = [
    `${asTyped(commit)}   # brings into use all that waits there`,
    ...(revert ? [`${asTyped(revert)}   # takes back all that waits there, of others, too`] : []),
  ]
  return {
    ...outcome,
    how: 'failed',
    code: outcome.code ?? 'PMPC_NOT_REACHED',
    message,
    suggestions: [...(outcome.suggestions ?? []), ...(isTakenBack ? ['pmpc plan   # all of it is left to do'] : typed)],
    requests: outcome.requests + sent,
  }
}

/** A call as it is typed on a node. */
function asTyped({method, path}: {method: string; path: string}): string {
  return `pvesh ${{POST: 'create', PUT: 'set', DELETE: 'delete'}[method]} ${path}`
}
