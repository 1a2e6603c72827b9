import {setMaxListeners} from 'node:events'
import type {Action} from '../plan/index.js'
import {Claims} from '../proxmox/index.js'
import {formatRef, isGuest, localKey} from '../resources/index.js'
import {inGoodHealth, pauseAfter} from './health.js'
import {isLeft, type Execution, type Outcome} from './model.js'
import {carryOut} from './one.js'
import {endStages} from './staging.js'

/**
 * Carries out a plan in one cluster: objects beside each other, each after those that it waits for, and its own steps one after the other. What is no guest goes
 * one after the other, as most of it stands in a few files that PVE changes one at a time. What fails ends its object and what waits for it; the rest goes on.
 * @returns what came of each object, in the order of the plan
 */
export async function execute(execution: Execution): Promise<Outcome[]> {
  const {actions, waits, journal, progress, cancel, ended, pace = {}} = execution
  // All tasks that run listen to the one signal, and nothing leaks.
  if (cancel) setMaxListeners(0, cancel)
  const claims = new Claims()
  const place = pace.atOnce === undefined ? [] : [{key: 'turn', most: pace.atOnce}]
  const begun = new Map<string, Promise<Outcome>>()
  let lane: Promise<unknown> = Promise.resolve()
  let hasFailed = false
  const turn = async (action: Action, earlier: readonly (Outcome | Promise<Outcome>)[]): Promise<Outcome> => {
    const before = await Promise.all(earlier)
    return claims.holding(place, async () => mine(action, before))
  }
  const mine = async (action: Action, before: readonly Outcome[]): Promise<Outcome> => {
    const skipped = whyNot(execution, action, {before, hasFailed})
    if (skipped) {
      progress.onEnd?.(skipped)
      return skipped
    }
    const outcome = hidden(await inGoodHealth(action, await carryOut(action, execution), execution), execution)
    if (outcome.how !== 'done') hasFailed = true
    if (!isLeft(outcome)) noteEnd(execution, outcome)
    progress.onEnd?.(outcome)
    if (outcome.how === 'done') await pauseAfter(execution)
    return outcome
  }
  for (const action of actions) {
    const key = localKey(action.ref)
    const stage = journal.head.objects[formatRef(action.ref)]?.stage ?? []
    // Two of a circle wait for each other: the first one does not.
    const earlier = [...new Set([...(waits.get(key) ?? []), ...stage])].flatMap(
      (other) => begun.get(other) ?? ended.get(`${action.ref.cluster}/${other}`) ?? [],
    )
    const run = isGuest(action.ref.kind) ? turn(action, earlier) : lane.then(async () => turn(action, earlier))
    if (!isGuest(action.ref.kind)) lane = run.catch(() => undefined)
    // Whoever waits for it sees it fail; nobody else is to be told.
    run.catch(() => undefined)
    begun.set(key, run)
  }
  const outcomes = new Map((await Promise.all(begun.values())).map((outcome) => [outcome.object, outcome]))
  for (const ending of await endStages(execution, new Map([...ended, ...outcomes]))) {
    const outcome = hidden(ending, execution)
    noteEnd(execution, outcome)
    outcomes.set(outcome.object, outcome)
  }
  return [...outcomes.values()]
}

/** What Proxmox VE says may hold a secret that it was sent; the journal and the commit keep what is said here. */
function hidden(outcome: Outcome, {hide}: Execution): Outcome {
  return outcome.message === undefined ? outcome : {...outcome, message: hide(outcome.message)}
}

function noteEnd({journal}: Execution, {object, how, code, message}: Outcome): void {
  journal.write({event: 'ended', object, how, ...(code && {code}), ...(message && {message})})
}

function whyNot(
  {signal, failFast, pace}: Execution,
  {ref, steps}: Action,
  {before, hasFailed}: {before: readonly Outcome[]; hasFailed: boolean},
): Outcome | undefined {
  const skip = (code: string, message: string): Outcome => ({
    object: formatRef(ref),
    how: 'skipped',
    consequence: null,
    requests: 0,
    upids: [],
    code,
    message,
  })
  const missing = before.find(({how}) => how !== 'done')
  // It is gone on with together with what it needs.
  if (missing && isLeft(missing)) return skip('PMPC_INTERRUPTED', `it needs ${missing.object}, which is not at its end`)
  if (missing) return skip('PMPC_NOT_REACHED', `it needs ${missing.object}, which was not done`)
  if (signal?.aborted) return skip('PMPC_INTERRUPTED', 'interrupted before its turn')
  if (hasFailed && steps.length > 0 && (failFast || pace?.failFast))
    return skip('PMPC_NOT_REACHED', `something failed before its turn${failFast ? ' (--fail-fast)' : ''}`)
  return undefined
}
