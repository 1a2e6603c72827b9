import {atLeast, parseVersion} from '../proxmox/versions.js'
import {localKey, type KindName, type Observed} from '../resources/index.js'
import {wholeKindOf, wholeKinds} from '../resources/kinds/travels.js'
import {afterSteps} from './around.js'
import type {Action, Also, Around, Effect, Request, Step} from './model.js'
import {asApplied} from './pending.js'
import {requestOf} from './section.js'
import {callOf, subjectOf} from './subject.js'

/**
 * Actions with the calls that make what they write come true, as of SDN and of a node's network: once for all, as the last step of the last object of which
 * something was written. They bring into use what others wrote and left waiting, too; that is said.
 */
export function staged(actions: readonly Action[], before: Around): Action[] {
  const world = afterSteps(before, actions)
  const groups = new Map<string, {calls: StageCalls; all: Action[]}>()
  for (const action of actions) {
    const calls = stageCalls(action, before)
    if (!calls) continue
    const name = `${calls.commit.method} ${calls.commit.path}`
    groups.set(name, {calls, all: [...(groups.get(name)?.all ?? []), action]})
  }
  const stages = new Map(
    [...groups.values()].map(({calls, all}) => [all.at(-1)!, stageOf(calls, all, {before, world})]),
  )
  return actions.map((action) => {
    const stage = stages.get(action)
    return stage ? {...action, steps: [...action.steps, stage]} : action
  })
}

/** Whether what was written of an object is not in use yet. */
export const isWaiting = ({facts, running}: Observed): boolean =>
  facts.state !== undefined || facts.pending !== undefined || running !== undefined

/** The kinds that one call for the whole cluster brings into use together with one of them; none, where there is no such call. */
export function stagedWith(kind: KindName): KindName[] {
  const {commit} = wholeKindOf(kind).change
  if (commit === undefined || commit.includes('{')) return []
  return wholeKinds.flatMap(({name, change}) => (change.commit === commit ? [name as KindName] : []))
}

interface StageCalls {
  commit: Request
  revert?: Request
}

/** The call that makes the steps of an action come true, and the one that takes them back; undefined where they are true at once, or where there are none. */
function stageCalls({is, wanted, steps}: Action, around: Around): StageCalls | undefined {
  const {commit, revert} = wholeKindOf(wanted.ref.kind).change
  if (commit === undefined || steps.length === 0) return undefined
  const subject = subjectOf(is, wanted, around)
  if ('refused' in subject) return undefined
  const requested = (call: string) => requestOf(callOf(call, subject.given), {})
  const version = parseVersion({version: around.version()})
  const hasRevert = revert && (revert.since === undefined || (version && atLeast(version, revert.since)))
  return {commit: requested(commit), ...(hasRevert && {revert: requested(revert.call)})}
}

function stageOf(
  {commit, revert}: StageCalls,
  actions: readonly Action[],
  {before, world}: {before: Around; world: Around},
): Step {
  const last = actions.at(-1)!
  const {kind, id} = last.ref
  const after = world.object(kind, id)
  const waiting = waitingFor(actions, world).filter((object) => localKey(object) !== localKey(last.ref))
  const also = waiting.map((object): Also => ({kind: object.kind, id: object.id, after: asApplied(object)}))
  return {
    request: commit,
    ...(revert && {revert}),
    effects: effectsOf(last, actions, {before, waiting}),
    task: true,
    stage: actions.map(({ref}) => localKey(ref)),
    ...(also.length > 0 && {also}),
    after: after ? asApplied(after) : null,
  }
}

/** All objects that the call brings into use: those of any kind that is brought by it, where it is for the whole cluster. */
function waitingFor(actions: readonly Action[], world: Around): Observed[] {
  const own = new Set(actions.map(({ref}) => localKey(ref)))
  const kinds = stagedWith(actions[0]!.ref.kind)
  const others = kinds.flatMap((kind) => world.objects(kind))
  const touched = actions.flatMap(({ref}) => world.object(ref.kind, ref.id) ?? [])
  return [...touched, ...others.filter((object) => isWaiting(object) && !own.has(localKey(object)))]
}

function waitingAt(around: Around, {kind, id}: {kind: KindName; id: string | number}): string[] {
  const object = around.object(kind, id)
  return object && isWaiting(object) ? [localKey(object)] : []
}

function effectsOf(
  last: Action,
  actions: readonly Action[],
  {before, waiting}: {before: Around; waiting: readonly Observed[]},
): Effect[] {
  const {consequence} = wholeKindOf(last.ref.kind).change
  const own = new Set(actions.map(({ref}) => localKey(ref)))
  const waited = actions.flatMap(({ref}) => waitingAt(before, ref))
  const others = [...waited, ...waiting.map(localKey).filter((key) => !own.has(key))]
  const note =
    others.length > 0 ? `brings into use what waits of ${others.join(', ')}, too` : 'brings into use what was written'
  return [{consequence, note}]
}
