import {isPmpcError, PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {
  agrees,
  boundOf,
  gravest,
  isVerbMet,
  isWaiting,
  next,
  verbStep,
  withoutSecrets,
  type Action,
  type Consequence,
  type Step,
} from '../plan/index.js'
import {guestOf, systemClock, waitForTask} from '../proxmox/index.js'
import {fieldName, formatRef, isAnotherGuest, isGuest, own, type KindName, type Observed} from '../resources/index.js'
import {verbOf} from '../resources/travels/index.js'
import {unanswered, type Intended, type Line} from './journal.js'
import type {Seen} from './look.js'
import {isCutOff, type Execution, type Outcome} from './model.js'
import {diverged, wrongIn} from './predicted.js'
import {digestOfList, send} from './send.js'
import {isOurs, reloadSince, taskOf, untilQuiet} from './unanswered.js'

/** How often what may pass is tried again, by what it is; what is not named here is not. */
const tries = {
  /** Somebody holds a lock: nothing was done. */
  PMPC_LOCKED: 6,
  /** The digest was another one: nothing was done. */
  PMPC_CHANGED_MEANWHILE: 3,
  /** Sent, and no answer: what is there tells. */
  PMPC_OUTCOME_UNKNOWN: 3,
  /** It runs already, or is off already. */
  PMPC_ALREADY: 1,
  /** A guest may have moved to another node. */
  PMPC_NOT_FOUND: 1,
} as const

/** Milliseconds: what PVE tells a moment later; what high availability does by itself. */
const [aMoment, haPatience, haPause] = [1000, 120_000, 2000]

/**
 * Brings one object to what is wanted: sends the next step, reads what came of it, and so on, as long as the steps are those of the plan and each did
 * what it was to do. What ends it before is told in the outcome.
 * @throws what is a bug, and what keeps the journal from being written
 */
export async function carryOut(action: Action, execution: Execution): Promise<Outcome> {
  const work = new Work(action, execution)
  try {
    await work.run()
    return work.outcome('done')
  } catch (error) {
    if (!isPmpcError(error)) throw error
    const isOpen = /^PMPC_(?:OUTCOME_UNKNOWN|TASK_TIMEOUT|CANNOT_TELL)$/.test(error.code)
    const isStopped = error.code === 'PMPC_INTERRUPTED'
    const nothing = isCutOff(error.code) && work.sent === 0
    return {
      ...work.outcome(isOpen || (isCutOff(error.code) && work.isUnseen) ? 'unknown' : nothing ? 'skipped' : 'failed'),
      code: error.code,
      message: isStopped ? `interrupted ${nothing ? 'before its turn' : 'in the middle'}` : error.message,
      suggestions: isStopped ? ['pmpc apply --resume'] : error.suggestions,
    }
  }
}

class Work {
  /** How many requests were sent for it, also before the run was interrupted. */
  sent: number
  private readonly object: string
  private readonly intended: Intended
  private readonly upids: string[]
  private readonly warnings: string[] = []
  private readonly tried = new Map<string, number>()
  /** What the run did for it before it was interrupted. */
  private readonly earlier: readonly Line[]
  /** A request was answered, and nobody has seen yet what came of it. */
  isUnseen = false
  private isStaged = false
  /** What was asked for once was done. */
  private isVerbDone = false
  /** What was to bring it into use before the run was interrupted has failed. */
  private isStageBroken = false

  constructor(
    private readonly action: Action,
    private readonly execution: Execution,
  ) {
    this.object = formatRef(action.ref)
    this.intended = execution.journal.head.objects[this.object]!
    this.earlier = (execution.resumed?.lines ?? []).filter((line) => 'object' in line && line.object === this.object)
    this.sent = this.earlier.filter(({event}) => event === 'sent').length
    this.upids = this.earlier.flatMap((line) => (line.event === 'started' ? [line.upid] : []))
  }

  outcome(how: Outcome['how']): Outcome {
    return {
      object: this.object,
      how,
      consequence: gravest(this.intended.classes) ?? null,
      requests: this.sent,
      upids: this.upids,
      ...(this.warnings.length > 0 && {warnings: this.warnings}),
      ...(how === 'done' && this.sent > 0 && this.pending()),
    }
  }

  private pending(): Pick<Outcome, 'pending'> {
    const {ref} = this.action
    const {is} = this.execution.sight.last(ref)
    const fields = Object.keys(is?.running ?? {}).map((key) => fieldName('config', key))
    if (!is || !isGuest(ref.kind) || fields.length === 0) return {}
    return {pending: {fields, node: String(is.facts.node)}}
  }

  async run(): Promise<void> {
    const {sight, resumed} = this.execution
    const {ref} = this.action
    await this.settle()
    // What the plan was made from is what this was read as a moment ago, unless it was begun before.
    let seen: Seen = resumed ? await this.look() : {...sight.last(ref)}
    let isRead = resumed !== undefined
    for (;;) {
      let step = this.step(seen.is)
      if (!step) return
      this.execution.signal?.throwIfAborted()
      let digest = step.digest === 'object' ? seen.digest : undefined
      if (this.mustLook(step, {digest, isRead})) {
        // Read before the object is looked at: what is changed behind it is refused.
        digest = step.digest === undefined ? undefined : await digestOfList(this.execution.writer, step)
        const before = seen.is
        sight.sent(ref, step.request.path)
        seen = await this.look()
        if (!isRead) {
          if (this.isMet(seen.is)) return
          this.refuseChanged(before, seen.is)
        }
        step = this.step(seen.is)
        if (!step) return
      }
      seen = await this.take(step, seen, digest)
      // Nobody waits for what it comes to.
      if (this.execution.pace?.isAsync) return
      isRead = true
    }
  }

  /**
   * Whether an object is looked at once more before a step: where no digest guards it, and what is no guest before its first one, as its digest is that of a
   * file which others of the plan change, too. A guest that is to be made PVE makes only where none is.
   */
  private mustLook({digest: kind}: Step, {digest, isRead}: {digest: string | undefined; isRead: boolean}): boolean {
    if (isRead) return kind !== undefined && digest === undefined
    const {is, ref} = this.action
    return isGuest(ref.kind) ? is !== null && digest === undefined : true
  }

  /** Whether somebody else did all that was wished. */
  private isMet(is: Observed | null): boolean {
    const {action, intended, execution} = this
    return !intended.stage && !intended.asked?.verb && next(is, action.wanted, execution.sight.around) === undefined
  }

  /** The next step; after the last one of its own what is asked for once, or brings into use what was written. */
  private step(is: Observed | null): Step | undefined {
    const {action, intended, execution} = this
    const found =
      next(is, action.wanted, execution.sight.around) ?? (this.isVerbDone ? undefined : verbStep(is, action.wanted))
    if (found && 'refused' in found) {
      const {code, message, suggestions} = found.refused
      throw new PmpcError(code, message, {suggestions: [...suggestions]})
    }
    if (found) return this.planned(found)
    if (!intended.stage || this.isStaged || this.wasStaged(is)) return undefined
    const planned = action.steps.at(-1)
    if (planned?.stage) return planned
    const {method, path} = intended.requests.at(-1)!
    return {request: {method, path, parameters: {}}, effects: [], task: true, stage: intended.stage, after: is}
  }

  /** Whether what was written was brought into use before the run was interrupted: nothing waits any more. */
  private wasStaged(is: Observed | null): boolean {
    const {resumed, sight} = this.execution
    if (!resumed || this.isStageBroken) return false
    const others = (this.intended.stage ?? []).map((key) => {
      const [kind, id] = key.split(/\/(.*)/s, 2) as [KindName, string]
      return sight.around.object(kind, id)
    })
    return ![is, ...others].some((object) => object && isWaiting(object))
  }

  /** Nothing is sent that was not shown, and agreed to. */
  private planned(step: Step): Step {
    const {requests, classes} = this.intended
    const {method, path, parameters} = step.request
    const agreed = new Set<Consequence>(classes)
    const names = Object.keys(parameters)
    const isShown = requests.some(
      (each) =>
        each.method === method && this.isSamePlace(each.path, path) && names.every((name) => each.names.includes(name)),
    )
    if (isShown && step.effects.every(({consequence}) => agreed.has(consequence))) return step
    throw new PmpcError(
      'PMPC_NOT_PLANNED',
      `${this.object}: what is there now asks for ${method} ${path} (${names.join(', ')}), which the plan did not hold`,
      {suggestions: [`pmpc plan ${shellWord(this.object)}`], data: {object: this.object, method, path}},
    )
  }

  /** Whether a path is the one that was agreed to; a guest that moved has the same on another node. */
  private isSamePlace(shown: string, path: string): boolean {
    const {kind, id} = this.action.ref
    if (!isGuest(kind) || guestOf(path) !== String(id)) return shown === path
    const place = (at: string): string => at.replace(/^\/nodes\/[^/]+/, '')
    return place(shown) === place(path)
  }

  /** Sends a step. @returns the object afterwards, as it was to be */
  private async take(step: Step, before: Seen, digest: string | undefined): Promise<Seen> {
    const {execution, action} = this
    const {ref} = action
    const makes = before.is === null && step.after !== null
    const since = new Date().toISOString()
    let isHeld = false
    let onlyWished = false
    if (step.stage) this.isStaged = true
    if (step.once) this.isVerbDone = true
    try {
      const result = await send(
        execution,
        {ref, step, digest, makes},
        {onSent: () => this.sent++, onStarted: (upid) => this.upids.push(upid)},
      )
      execution.sight.sent(ref, step.request.path)
      if (result.warnings > 0) this.warnings.push(...result.log.filter((line) => /^WARN/.test(line)))
      onlyWished = result.onlyWished
    } catch (error) {
      if (!isPmpcError(error)) throw error
      execution.sight.sent(ref, step.request.path)
      isHeld = error.code === 'PMPC_PENDING' && step.effects.some(({ifGuestLetsGo}) => ifGuestLetsGo)
      if (!isHeld) return await this.again(step, before, error, {since, makes})
    }
    execution.sight.doubt(step.also ?? [])
    if (execution.pace?.isAsync) return before
    this.isUnseen = true
    const seen = await this.asPredicted(step, before, {isHeld, patience: onlyWished ? haPatience : 0})
    this.isUnseen = false
    if (isHeld) this.hold(step)
    return seen
  }

  /** What becomes of a step that failed; it is looked at what is there, and the loop goes on from that. @throws the error, where that does not help */
  private async again(
    step: Step,
    before: Seen,
    error: PmpcError,
    {since, makes}: {since: string; makes: boolean},
  ): Promise<Seen> {
    const {action, execution} = this
    const {ref} = action
    const most = own(tries, error.code) ?? 0
    const count = (this.tried.get(error.code) ?? 0) + 1
    this.tried.set(error.code, count)
    if (count > most) throw error
    if (step.stage) this.isStaged = false
    if (step.once) this.isVerbDone = false
    const {clock = systemClock} = execution
    execution.progress.onDetail?.(this.object, `${error.message}; trying again`)
    if (error.code === 'PMPC_LOCKED') await clock.sleep(aMoment * 2 ** (count - 1), execution.signal)
    if (error.code === 'PMPC_OUTCOME_UNKNOWN') await untilQuiet(execution, ref, step.request.path)
    execution.sight.lookAnew()
    const seen = await this.look()
    if (error.code === 'PMPC_OUTCOME_UNKNOWN' && step.once) {
      await this.settleVerb({path: step.request.path, at: since}, seen.is)
      return seen
    }
    if (error.code === 'PMPC_CHANGED_MEANWHILE' || error.code === 'PMPC_NOT_FOUND') {
      if (!this.isMet(seen.is)) this.refuseChanged(before.is, seen.is)
      if (error.code === 'PMPC_NOT_FOUND' && seen.is?.facts.node === before.is?.facts.node) throw error
    }
    if (error.code === 'PMPC_OUTCOME_UNKNOWN' && makes && seen.is !== null) {
      const {path} = step.request
      await this.refuseForeign({path, at: since, source: sourceIn(path, ref.id)})
    }
    return seen
  }

  /** Before a run goes on: what it sent and nobody answered comes to its end, and what is there then tells. */
  private async settle(): Promise<void> {
    const {execution, action} = this
    const open = execution.resumed && unanswered(execution.resumed, this.object)
    if (!open) {
      this.isVerbDone = this.wasVerbDone()
      return
    }
    const {path, at, source, made, once} = open.sent
    const stage = this.intended.stage && this.intended.requests.at(-1)
    if (stage?.path === path && stage.method === open.sent.method)
      this.isStageBroken = (await reloadSince(execution, open.sent)) === false
    await untilQuiet(execution, action.ref, path)
    execution.sight.lookAnew()
    if (once) return this.settleVerb({path, at}, (await this.look()).is)
    if (!made || !isGuest(action.ref.kind)) return
    const {is} = await this.look()
    if (is !== null) await this.refuseForeign({path, at, source})
  }

  /** Whether what is done once was, before the run was interrupted. */
  private wasVerbDone(): boolean {
    const at = this.earlier.findLastIndex((line) => line.event === 'sent' && line.once)
    return at >= 0 && this.earlier.slice(at).some((line) => line.event === 'answered' && line.code === undefined)
  }

  /**
   * What was to be done once, and nobody answered: what is there tells, or the task does; else it is asked for once more only where it could not be there twice.
   * @throws PMPC_CANNOT_TELL, and as `waitForTask` for a task that failed
   */
  private async settleVerb(sent: {path: string; at: string}, is: Observed | null): Promise<void> {
    const {action, execution} = this
    const verb = action.wanted.asked!.verb!
    const isMet = isVerbMet(is, verb)
    const {tasks: types} = verbOf(verb.name)
    const upid = isMet ? undefined : await taskOf(execution.writer, action.ref, {...sent, types})
    if (upid !== undefined) {
      this.upids.push(upid)
      await waitForTask(execution.writer, upid, {signal: execution.cancel, stopWith: execution.writer})
    }
    this.isVerbDone = isMet === true || upid !== undefined
    if (this.isVerbDone || isMet === false) return
    throw new PmpcError(
      'PMPC_CANNOT_TELL',
      `${this.object}: nobody answered to ${verb.name}, and no task tells of it; whether it was done cannot be told, and it is not repeated`,
      {suggestions: [`pmpc task list --guest ${action.ref.id}`], data: {object: this.object}},
    )
  }

  /** What stands under the id that was to be made, made by somebody else, is not touched. */
  private async refuseForeign(sent: {path: string; at: string; source?: string | undefined}): Promise<void> {
    const {ref} = this.action
    if (!isGuest(ref.kind) || (await isOurs(this.execution.writer, ref, sent))) return
    throw new PmpcError(
      'PMPC_EXISTS',
      `${this.object} is there, and no task of pmpc's token has made it: it is somebody else's, and was left alone`,
      {suggestions: [`pmpc sync && pmpc describe ${shellWord(this.object)}`, 'give the guest another id']},
    )
  }

  /** Where the object was changed by somebody else in what the plan stands on. */
  private refuseChanged(before: Observed | null, now: Observed | null): void {
    const {action, object} = this
    if (now === null && action.wanted.document === null) return
    if (before === null && now !== null && !isGuest(action.ref.kind)) return
    if ((before === null) !== (now === null))
      throw changed(object, now === null ? 'it is no longer there' : 'it is there by now')
    const [was, is] = [before, now].map((side) => boundOf({...action, is: side}))
    if (!was || !is) return
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    const moved = names.filter((name) => !agrees(own(was, name), own(is, name)))
    if (moved.length > 0) throw changed(object, `${moved.join(', ')}: not what the plan was made from`)
  }

  /** What is to go is the guest that somebody saw, and none that was made under its VMID since. @throws PMPC_CHANGED_MEANWHILE */
  private same(seen: Seen): Seen {
    const {intended, object} = this
    const {mark} = intended
    if (!mark || !seen.is || !isAnotherGuest({...seen.is, config: mark}, seen.is)) return seen
    throw changed(object, 'another guest has its VMID by now')
  }

  private async look(): Promise<Seen> {
    const seen = this.same(await this.execution.sight.at(this.action.ref))
    if (seen.stale === undefined) return seen
    const {clock = systemClock} = this.execution
    await clock.sleep(aMoment)
    this.execution.sight.lookAnew()
    const again = this.same(await this.execution.sight.at(this.action.ref))
    if (again.stale === undefined) return again
    throw new PmpcError('PMPC_UNREADABLE', `${this.object} cannot be read: ${again.stale}`, {
      suggestions: [`pmpc plan ${shellWord(this.object)}   # when it can be: what is left to do`],
    })
  }

  /** Looks whether a step did what was predicted; what high availability does takes a while. @throws PMPC_DIVERGED */
  private async asPredicted(
    step: Step,
    before: Seen,
    {isHeld, patience}: {isHeld: boolean; patience: number},
  ): Promise<Seen> {
    const {clock = systemClock, progress, sight} = this.execution
    const deadline = clock.now() + Math.max(patience, aMoment)
    for (;;) {
      const seen = await this.look()
      const wrong = wrongIn(this.action, step, {before: before.is, is: seen.is, isHeld})
      if (wrong.length === 0) return seen
      // What a manifest holds of secrets stands in no journal and no commit.
      if (clock.now() >= deadline) throw diverged(this.object, step, (await withoutSecrets(this.action))(wrong))
      progress.onDetail?.(this.object, patience > 0 ? 'waiting for high availability' : 'looking again')
      await clock.sleep(patience > 0 ? haPause : aMoment)
      sight.lookAnew()
    }
  }

  /** The guest kept a device, as the plan said it might: the rest goes on, and that is told. */
  private hold({effects}: Step): void {
    const fields = effects.flatMap(({field, ifGuestLetsGo}) => (ifGuestLetsGo && field !== undefined ? [field] : []))
    this.warnings.push(`${fields.join(', ')}: the guest did not let go; it waits for the next stop and start`)
  }
}

/** The guest that a clone is made of; undefined: it is none. */
function sourceIn(path: string, id: string | number): string | undefined {
  const source = /\/(\d+)\/clone$/.exec(path)?.[1]
  return source === undefined || source === String(id) ? undefined : source
}

function changed(object: string, why: string): PmpcError {
  return new PmpcError('PMPC_CHANGED_MEANWHILE', `${object} was changed by somebody else: ${why}; it was left alone`, {
    suggestions: ['pmpc sync   # tells what was changed', `pmpc plan ${shellWord(object)}`],
    data: {object},
  })
}
