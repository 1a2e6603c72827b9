import {
  execute,
  hasBegun,
  isLeft,
  Journal,
  keeping,
  Sight,
  unfinishedRun,
  writerOf,
  type Outcome,
  type Pace,
  type Recorded,
  type RunHead,
} from '../apply/index.js'
import {isPmpcError, PmpcError, retold} from '../errors/index.js'
import {commitMessage, type Repository} from '../git/index.js'
import type {Given, Lacking, Plan} from '../plan/index.js'
import {Session, type Spliced} from '../reconcile/index.js'
import {formatRef, localKey, parseRef} from '../resources/index.js'
import {exclusively, step, type Caller, type StepReport} from '../runs/index.js'
import {withoutKnown} from '../secrets/index.js'
import type {Workspace} from '../workspace/index.js'
import {endedBefore, goneAlong, headOf, resuming, stillMeant, unfinished} from './apply-notes.js'
import {observe} from './apply-observation.js'
import {
  agreed,
  compare,
  noSecret,
  refuseFailed,
  refuseUncommitted,
  secretsFor,
  secretVariable,
  uncommitted,
} from './apply-refusals.js'
import {intentionOf} from './intention.js'
import type {PlanRequest} from './plan.js'
import {planIn, type Planning, type Share} from './read-plan.js'
import {readLive} from './plan-reading.js'

/** What is to be done. */
export interface ApplyRequest extends PlanRequest {
  /** Do what this plan holds, and nothing where it would be another one by now. */
  saved?: Plan
  /** The digest that the plan has to have. */
  expect?: string
  consent: Given
  /** Asked for what nobody has agreed to yet. Throws where it is not to be; without it PMPC_CONSENT is thrown. */
  approve?(lacking: readonly Lacking[], plan: Plan): Promise<void>
  /** Told the plan before anything is asked or sent. */
  onPlan?(plan: Plan): void
  /** A secret that the environment does not tell. */
  askSecret?(object: string, name: string, variable: string): Promise<string>
  /** Begin nothing more once something has failed. */
  failFast: boolean
  /** Go on with the run that was interrupted. */
  resume: boolean
  pace?: Pace
  /** Guests one after the other on each node, in their order of startup, or in that of ending. */
  rolling?: 'up' | 'down'
  /** HEAD is what is wished, and nothing is committed for it: in a pipeline. */
  isPipeline: boolean
  /** What is to be typed for the same once more, without flags: `pmpc destroy vm/101`; the caller's command unless given. */
  again?: string
  /** What it is called in its commits, as people type it: `start`, `clone`; `apply` unless given. */
  as?: string
  /** Manifests stay as they are, also where something changes along that they say. */
  once?: boolean
  /** What counts as written in the working tree, and is when its wishes are committed. */
  edited?: Spliced | undefined
  /** Manifests that go when their objects are gone, as they were made for that; `home/vm/100`. */
  takeAway?: readonly string[]
}

/** What `pmpc apply --json` prints; docs/apply.md. */
export interface ApplyResult {
  run: string
  /** Of the plan; null: there was nothing to do. */
  digest: string | null
  done: Done[]
  failed: Undone[]
  skipped: Undone[]
  /** Something was sent for these, and nobody can tell whether it was done. */
  unknown: Undone[]
  /** What nothing was done about, as nobody has decided it. */
  undecided: Plan['undecided']
  /** The commit of the wishes that HEAD lacked; null: it had them all. */
  intention: string | null
  /** The commit of what was observed afterwards; null: nothing had changed. */
  observation: string | null
  warnings: string[]
}

/** What was done with one object. */
export type Done = Pick<Outcome, 'object' | 'consequence' | 'requests' | 'upids' | 'pending'>

export interface Undone {
  object: string
  code: string
  message: string
  suggestions: readonly string[]
}

/**
 * Carries out a plan: commits what is wished, sends what was agreed to, looks what came of it, and commits that.
 * @throws PMPC_RUN_UNFINISHED, PMPC_NOTHING_TO_RESUME, PMPC_PLAN_OUTDATED, PMPC_PLAN_REFUSED, PMPC_UNCOMMITTED, PMPC_CONSENT, PMPC_NO_SECRET and what `plan` throws: nothing
 * was sent then
 */
export async function apply(
  workspace: Workspace,
  request: ApplyRequest,
  caller: Caller,
  version: string,
): Promise<ApplyResult> {
  return exclusively(
    workspace.root,
    caller,
    async (repository) => applyIn(workspace, repository, request, caller, version),
    {afterwards: 'pmpc apply'},
  )
}

/** {@link apply}, in a workspace that is held. */
export async function applyIn(
  workspace: Workspace,
  repository: Repository,
  request: ApplyRequest,
  caller: Caller,
  version: string,
): Promise<ApplyResult> {
  const open = unfinishedRun(workspace.root)
  if (open && !request.resume && hasBegun(open)) throw unfinished(open, workspace.root)
  const recorded = request.resume ? open : undefined
  if (!recorded && request.resume)
    throw new PmpcError('PMPC_NOTHING_TO_RESUME', 'no run of this clone was left unfinished', {
      suggestions: ['pmpc plan', 'pmpc log'],
    })
  const session = await Session.open(workspace, repository, request.edited)
  // Manifests that cannot be read could not be written into either, once something was sent.
  await session.work()
  const planning = await planIn(session, recorded ? resuming(request, recorded, workspace) : request, caller, version)
  const {plan} = planning
  if (!recorded) {
    compare(planning, request)
    request.onPlan?.(plan)
    refuseFailed(plan, request)
    if (plan.actions.length === 0) return {...nothing, run: caller.run.id, ...leftOf(planning)}
    refuseUncommitted(planning, request)
    await agreed(plan, request, caller)
  }
  const secrets = await secretsFor(planning.shares, request, caller)
  const head = recorded?.head ?? headOf(planning, request, caller)
  const journal = recorded ? Journal.resume(workspace.root, recorded) : Journal.begin(workspace.root, head)
  try {
    // From here on nothing ends before what was sent is recorded.
    const work = async () => {
      const before = recorded?.lines.find((line) => line.event === 'intention')
      const intention = before ? before.commit : await intend({planning, head, journal}, caller)
      return carryOut({workspace, repository, planning, request, journal, recorded, secrets, intention}, caller)
    }
    return await (caller.critical ? caller.critical(work) : work())
  } finally {
    journal.close()
  }
}

const nothing: Omit<ApplyResult, 'run'> = {
  ...{digest: null, done: [], failed: [], skipped: [], unknown: [], undecided: []},
  ...{intention: null, observation: null, warnings: []},
}

/** Commits what is wished, and notes that; where it cannot be committed nothing was sent, and the run is over. */
async function intend(
  {planning, head, journal}: {planning: Planning; head: RunHead; journal: Journal},
  caller: Caller,
): Promise<string | null> {
  try {
    const commit = await commitIntention(planning, head, caller)
    journal.write({event: 'intention', commit})
    return commit
  } catch (error) {
    journal.write({event: 'over'})
    throw error
  }
}

/** What nothing is done about: nobody has decided it; or it cannot be done, and that is no success. */
function leftOf({plan, unread}: Planning): Pick<ApplyResult, 'undecided' | 'failed'> {
  const failed = unread.map(({object, why: message, code}) => ({object, code, message, suggestions: ['pmpc sync']}))
  const isUnread = (one: Plan['undecided'][number]) =>
    unread.some(({object, why}) => one.object === object && one.why === why)
  return {failed, undecided: plan.undecided.filter((one) => !isUnread(one))}
}

/** Commits what is wished and HEAD lacks; of other edits nothing. */
async function commitIntention(
  planning: Planning,
  {objects, as: command = 'apply'}: RunHead,
  {run}: Caller,
): Promise<string | null> {
  const {looked, numbers, plan} = planning
  const {session} = looked.view
  const wishes = uncommitted(planning)
  const work = await session.work()
  const intention = wishes.length > 0 ? await intentionOf(looked.view, work, wishes, numbers) : undefined
  if (!intention) {
    await session.writeEdited()
    return null
  }
  const clusters = [...new Set(wishes.map(({ref}) => ref.cluster))].sort()
  const names = wishes.map(({ref}) => formatRef(ref))
  const what = names.length === 1 ? names[0]! : `${names.length} objects`
  const {commit} = await session.write({
    files: [],
    head: intention.head,
    work: intention.work,
    runHooks: true,
    message: commitMessage(
      `${command}(${clusters.join(', ')}): ${what}`,
      names
        .slice(0, 40)
        .map(
          (object) =>
            `${object}: ${objects[object]?.absent ? 'is to go' : (objects[object]?.fields ?? []).slice(0, 10).join(', ')}`,
        ),
      [
        ['run', run.id],
        ...clusters.map((cluster): ['cluster', string] => ['cluster', cluster]),
        ['command', command],
        ['plan', plan.digest],
      ],
    ),
  })
  return commit
}

interface Doing {
  workspace: Workspace
  repository: Repository
  planning: Planning
  request: ApplyRequest
  journal: Journal
  recorded: Recorded | undefined
  secrets: ReadonlyMap<string, string>
  intention: string | null
}

async function carryOut(doing: Doing, caller: Caller): Promise<ApplyResult> {
  const {journal, planning, recorded, intention} = doing
  const {head} = journal
  const outcomes = new Map<string, Outcome>(endedBefore(recorded))
  const commits: (string | null)[] = []
  const warnings: string[] = []
  const shares = new Map(planning.shares.map((share) => [share.before.cluster, share]))
  for (const cluster of new Set(Object.keys(head.objects).map((object) => parseRef(object).cluster))) {
    const share = shares.get(cluster)
    if (!share) continue
    const observed = await inCluster(doing, cluster, share, outcomes, caller)
    commits.push(observed.commit)
    warnings.push(...observed.warnings)
    journal.write({event: 'observed', cluster, commit: observed.commit})
  }
  const all = Object.keys(head.objects).flatMap((object) => outcomes.get(object) ?? [])
  const isOver = !all.some(isLeft)
  if (isOver) journal.write({event: 'over'})
  const undone = (how: Outcome['how']) =>
    all
      .filter((outcome) => outcome.how === how)
      .map(({object, code, message, suggestions}): Undone => ({
        ...{object, code: code!, message: message ?? ''},
        suggestions: suggestions ?? [],
      }))
  const left = leftOf(planning)
  const along = new Set(
    planning.shares.flatMap((share) =>
      goneAlong(share, head).map(({kind, id}) => formatRef({cluster: share.before.cluster, kind, id})),
    ),
  )
  const isOfRun = (object: string): boolean => Object.hasOwn(head.objects, object) || along.has(object)
  return {
    run: head.run,
    digest: head.digest,
    done: all
      .filter(({how}) => how === 'done')
      .map(({object, consequence, requests, upids, pending}) => ({
        ...{object, consequence, requests, upids},
        ...(pending && {pending}),
      })),
    failed: [...undone('failed'), ...(recorded ? [] : left.failed)],
    skipped: undone('skipped'),
    unknown: undone('unknown'),
    // What was begun is recorded by now.
    undecided: left.undecided.filter(({object}) => !recorded || !isOfRun(object)),
    intention,
    observation: commits.findLast((commit) => commit !== null) ?? null,
    warnings: [
      ...all.flatMap(({object, warnings: own = []}) => own.map((warning) => `${object}: ${warning}`)),
      ...warnings,
    ],
  }
}

/** Actions in the order in which they are to go one after the other, where that was asked for. */
function inOrder(actions: Share['actions'], {after}: RunHead): Share['actions'] {
  if (!after) return actions
  const places = new Map(Object.keys(after).map((object, at) => [object, at]))
  const placeOf = ({ref}: Share['actions'][number]) => places.get(formatRef(ref)) ?? -1
  return actions.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** For which others each object of a cluster waits, by `localKey`: what is asked for beside what it needs stands in the journal. */
function waitsIn({waits, before: {cluster}}: Share, {after = {}}: RunHead): ReadonlyMap<string, readonly string[]> {
  const all = new Map(waits)
  for (const [object, others] of Object.entries(after)) {
    const ref = parseRef(object)
    if (ref.cluster !== cluster) continue
    const keys = others.map((other) => localKey(parseRef(other)))
    all.set(localKey(ref), [...(all.get(localKey(ref)) ?? []), ...keys])
  }
  return all
}

/** Says what an interruption comes to, when it comes. @returns what ends that */
function tellEnding({signal, cancel}: Caller, {note}: StepReport): () => void {
  const said: [AbortSignal | undefined, () => void][] = [
    [signal, () => note('Interrupted: what runs comes to its end. Ctrl-C again stops it')],
    [cancel, () => note('Interrupted again: the tasks that run are being stopped')],
  ]
  for (const [each, say] of said) each?.addEventListener('abort', say)
  return () => said.forEach(([each, say]) => each?.removeEventListener('abort', say))
}

async function inCluster(
  {workspace, repository, planning, request, journal, recorded, secrets}: Doing,
  cluster: string,
  share: Share,
  outcomes: Map<string, Outcome>,
  caller: Caller,
): Promise<{commit: string | null; warnings: string[]}> {
  const {session} = planning.looked.view
  const {head} = journal
  const writer = await writerOf(workspace, cluster, caller)
  try {
    const [actions, changed] = stillMeant(share, planning, recorded)
    for (const outcome of changed) outcomes.set(outcome.object, outcome)
    const reader = keeping(writer, share.answers)
    const sight = new Sight(
      share.state,
      {...share.digests},
      {
        read: async (before, objects) => readLive(session, reader, {before, objects, onProgress: () => undefined}),
        forget: reader.forget,
      },
    )
    const ordered = inOrder(actions, head)
    const applying = async (report: StepReport): Promise<void> => {
      const untold = tellEnding(caller, report)
      for (const {ref} of actions) report.item(formatRef(ref), 'waiting')
      const done = await execute({
        ...{actions: ordered, waits: waitsIn(share, head), writer, sight, journal},
        ...(head.pace && {pace: head.pace}),
        ...(recorded && {resumed: recorded}),
        ended: new Map(outcomes),
        secretOf(object, name) {
          const secret = secrets.get(`${object} ${name}`)
          if (secret === undefined) throw noSecret([secretVariable(object, name)])
          return secret
        },
        hide: (text) => withoutKnown(text, caller.run.secrets),
        ...{signal: caller.signal, cancel: caller.cancel, failFast: request.failFast},
        progress: {
          onDetail: (object, text) => report.item(object, 'working', text),
          onEnd: ({object, how, message}) => report.item(object, how, message),
        },
      })
      untold()
      for (const outcome of done) outcomes.set(outcome.object, outcome)
      const count = done.filter(({how}) => how === 'done').length
      report.title(`Applied to ${cluster}: ${count} of ${done.length} done`)
    }
    await step(caller, `Applying to ${cluster}`, applying, 'apply')
    const mine = Object.keys(head.objects).filter((object) => parseRef(object).cluster === cluster)
    const seen = mine.flatMap((object) => outcomes.get(object) ?? [])
    const also = [
      ...share.actions.flatMap(({steps}) => steps.flatMap((each) => each.also ?? [])),
      // What is left to do was planned over others as they were recorded, though some of it is done.
      ...(recorded ? goneAlong(share, head) : []),
    ]
    const recording = {cluster, reader: writer, sight, head, outcomes: seen, also}
    return await caller.run.phase('record', async () => observe(workspace, repository, recording, caller))
  } catch (error) {
    if (!isPmpcError(error)) throw error
    throw retold(error, {
      suggestions: [
        'pmpc apply --resume   # when that is mended: goes on, and records what was done',
        ...error.suggestions,
      ],
      data: {run: head.run},
    })
  } finally {
    await writer.close()
  }
}
