import {
  execute,
  Journal,
  journalFormat,
  Sight,
  unfinishedRun,
  writerOf,
  type Outcome,
  type Recorded,
  type RunHead,
} from '../apply/index.js'
import {isPmpcError, PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {commitMessage, type Repository} from '../git/index.js'
import {consentsLacking, type Action, type Consequence, type Given, type Lacking, type Plan} from '../plan/index.js'
import {getField, Session, declaredDocument} from '../reconcile/index.js'
import {equalValues, flatten, formatRef, own, parseField, parseRef} from '../resources/index.js'
import {exclusively, step, type Caller} from '../runs/index.js'
import {thisProcess} from '../runs/lock.js'
import {canonicalJson} from '../state/index.js'
import type {Workspace} from '../workspace/index.js'
import {observe} from './apply-observation.js'
import {intentionOf, type Uncommitted} from './intention.js'
import type {Begun, PlanRequest} from './plan.js'
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
  /** HEAD is what is wished, and nothing is committed for it: in a pipeline. */
  isPipeline: boolean
  onOutcome?(outcome: Outcome): void
  /** What is to be typed for the same once more, without flags: `pmpc destroy vm/101`; the caller's command unless given. */
  again?: string
  /** Manifests that go when their objects are gone, as they were made for that; `home/vm/100`. */
  takeAway?: readonly string[]
}

/** What `pmpc apply --json` prints; docs/apply.md. */
export interface ApplyResult {
  run: string
  /** Of the plan; null: there was nothing to do. */
  digest: string | null
  done: {object: string; consequence: Consequence | null; requests: number; upids: string[]}[]
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
  const recorded = unfinishedRun(workspace.root)
  if (recorded && !request.resume) throw unfinished(recorded)
  if (!recorded && request.resume)
    throw new PmpcError('PMPC_NOTHING_TO_RESUME', 'no run of this clone was left unfinished', {
      suggestions: ['pmpc plan', 'pmpc log'],
    })
  const session = await Session.open(workspace, repository)
  const planning = await planIn(session, recorded ? resuming(request, recorded) : request, caller, version)
  const {plan} = planning
  if (!recorded) {
    compare(planning, request)
    request.onPlan?.(plan)
    refuseFailed(plan)
    if (plan.actions.length === 0) return {...nothing, run: caller.run.id, undecided: plan.undecided}
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
      const intention = before ? before.commit : await commitIntention(planning, head, caller)
      if (!before) journal.write({event: 'intention', commit: intention})
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

// ---- before anything is sent

/** Whether the plan is what was asked for. @throws PMPC_PLAN_OUTDATED, with what moved */
function compare({plan}: Planning, {saved, expect}: ApplyRequest): void {
  if (saved && saved.digest !== plan.digest) throw outdated(saved.digest, plan.digest, movedIn(saved, plan))
  if (expect !== undefined && expect !== plan.digest) throw outdated(expect, plan.digest, [])
}

/** In which objects, and in which fields of them, two plans are made from something else. */
function movedIn(saved: Plan, plan: Plan): string[] {
  const now = new Map(plan.actions.map((action) => [action.object, action]))
  const before = new Set(saved.actions.map(({object}) => object))
  const lines = saved.actions.flatMap((was) => {
    const is = now.get(was.object)
    if (!is) return [`${was.object}: nothing is to be done any more`]
    const fields = [
      ...differing(was.bound.is ?? {}, is.bound.is ?? {}).map((field) => `${field} is another one in the cluster`),
      ...differing(wishesOf(was), wishesOf(is)).map((field) => `${field} is wished otherwise`),
      ...(canonicalJson(was.bound.open) === canonicalJson(is.bound.open) ? [] : ['something else of it is undecided']),
      ...(canonicalJson(was.bound.policy) === canonicalJson(is.bound.policy) ? [] : ['another policy covers it']),
      ...((was.bound.is === null) === (is.bound.is === null)
        ? []
        : [is.bound.is ? 'it is there by now' : 'it is gone']),
    ]
    const requests = canonicalJson(was.requests) === canonicalJson(is.requests) ? [] : ['other requests bring it there']
    return [...new Set(fields.length > 0 ? fields : requests)].map((why) => `${was.object}: ${why}`)
  })
  const more = plan.actions.filter(({object}) => !before.has(object))
  return [...lines, ...more.map(({object}) => `${object}: wished since`)]
}

const wishesOf = ({fields}: Plan['actions'][number]): Record<string, unknown> =>
  Object.fromEntries(fields.map(({field, to}) => [field, to]))

function differing(was: Record<string, unknown>, is: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()
  return names.filter((name) => canonicalJson(was[name] ?? null) !== canonicalJson(is[name] ?? null))
}

function outdated(expected: string, digest: string, moved: readonly string[]): PmpcError {
  const lines = moved.slice(0, 20)
  if (moved.length > lines.length) lines.push(`… and ${moved.length - lines.length} more`)
  const told = lines.length > 0 ? `:\n  ${lines.join('\n  ')}` : ''
  return new PmpcError(
    'PMPC_PLAN_OUTDATED',
    `the plan is ${digest.slice(0, 12)} by now, not ${expected.slice(0, 12)}; nothing was sent${told}`,
    {suggestions: ['pmpc plan   # look at it again, then apply that'], data: {expected, digest, moved: [...moved]}},
  )
}

/** What stands in the way is told by checks: nothing is sent while any fails. */
function refuseFailed({checks}: Plan): void {
  const failed = checks.filter(({severity}) => severity === 'error')
  if (failed.length === 0) return
  const lines = failed
    .slice(0, 20)
    .map(({object, field, message}) => `${object}${field ? ` ${field}` : ''}: ${message}`)
  if (failed.length > lines.length) lines.push(`… and ${failed.length - lines.length} more`)
  const objects = [...new Set(failed.map(({object}) => object))]
  const codes: Record<string, string> = {quorum: 'PMPC_NO_QUORUM', lock: 'PMPC_LOCKED'}
  const code = codes[failed[0]!.check] ?? 'PMPC_PLAN_REFUSED'
  throw new PmpcError(code, `the plan cannot be carried out, and nothing was sent:\n  ${lines.join('\n  ')}`, {
    suggestions: [
      ...failed.flatMap(({suggestions}) => suggestions).slice(0, 3),
      `pmpc apply ${objects
        .slice(0, 4)
        .map((object) => `--exclude ${shellWord(object)}`)
        .join(' ')}   # all but these`,
    ],
    data: {checks: failed},
  })
}

/** In a pipeline HEAD is what was agreed on, and nobody could push what would have to be committed. */
function refuseUncommitted(planning: Planning, {isPipeline}: ApplyRequest): void {
  if (!isPipeline) return
  const objects = uncommitted(planning).map(({ref}) => formatRef(ref))
  if (objects.length === 0) return
  throw new PmpcError(
    'PMPC_UNCOMMITTED',
    `in a pipeline (CI is set) HEAD is what is applied, and it lacks what the working tree wishes of ${objects.slice(0, 10).join(', ')}`,
    {
      suggestions: [
        'git add -A && git commit   # what is wished',
        'pmpc apply   # at a desk, which commits it; `id: next` becomes a number there',
      ],
      data: {objects},
    },
  )
}

/** @throws PMPC_CONSENT, and what `approve` throws */
async function agreed(plan: Plan, {consent, approve, again}: ApplyRequest, {command}: Caller): Promise<void> {
  const lacking = consentsLacking(plan, consent)
  if (lacking.length === 0) return
  if (approve) return approve(lacking, plan)
  throw consentLacks(lacking, again ?? command)
}

/** Nobody can be asked: nothing was sent. */
export function consentLacks(lacking: readonly Lacking[], command = 'pmpc apply'): PmpcError {
  const lines = lacking.map(({consequence, objects}) => `${consequence}: ${objects.join(', ')}`)
  const named = [...new Set(lacking.flatMap((each) => each.named))]
  const classes = lacking.flatMap(({consequence, objects, named: each}) =>
    each.length < objects.length ? [consequence] : [],
  )
  const flags = [
    ...(classes.length > 0 ? [`--allow ${classes.join(',')}`] : []),
    ...(named.length > 0 ? [`--confirm ${named.map(shellWord).join(',')}`] : []),
  ]
  return new PmpcError(
    'PMPC_CONSENT',
    `nobody has agreed to this, and nobody can be asked; nothing was sent:\n  ${lines.join('\n  ')}`,
    {suggestions: [`${command} ${flags.join(' ')}`], data: {lacking: lacking.map((each) => ({...each}))}},
  )
}

/** Where a secret is looked for: `PMPC_SECRET_HOME_VM_100_CIPASSWORD`. */
export function secretVariable(object: string, name: string): string {
  return `PMPC_SECRET_${object}_${name}`.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
}

/** All secrets that requests name, by object and name, before the first one is sent. */
async function secretsFor(
  shares: readonly Share[],
  {askSecret}: ApplyRequest,
  {env, run}: Caller,
): Promise<Map<string, string>> {
  const secrets = new Map<string, string>()
  const missing: string[] = []
  for (const {ref, steps} of shares.flatMap(({actions}) => actions)) {
    const object = formatRef(ref)
    const parameters = steps.flatMap(({request}) => Object.values(request.parameters))
    const names = new Set(
      parameters.flatMap((value) => (typeof value === 'object' && 'secret' in value ? [value.secret] : [])),
    )
    for (const name of names) {
      const variable = secretVariable(object, name)
      const secret = env[variable] ?? (await askSecret?.(object, name, variable))
      run.registerSecret(secret)
      if (secret) secrets.set(`${object} ${name}`, secret)
      else missing.push(variable)
    }
  }
  if (missing.length === 0) return secrets
  throw new PmpcError(
    'PMPC_NO_SECRET',
    `a secret is needed that no manifest holds; nothing was sent: ${missing.join(', ')}`,
    {
      suggestions: missing.slice(0, 3).map((variable) => `export ${variable}=…   # then: pmpc apply`),
      data: {variables: missing},
    },
  )
}

// ---- what is wished

/** Wishes that HEAD does not hold. */
function uncommitted({shares, looked}: Planning): Uncommitted[] {
  return shares
    .flatMap(({actions}) => actions)
    .flatMap(({ref, is, wanted}): Uncommitted[] => {
      if (wanted.document === null) return wanted.commit ? [] : [{ref, absent: true}]
      // An object of which nothing but that it is there is wished has no fields.
      if (is === null && !looked.view.head.declared(ref)) return [{ref}]
      const fields = wanted.fields.filter(({commit}) => commit === null).map(({field}) => field)
      return fields.length > 0 ? [{ref, fields}] : []
    })
}

/** What the journal notes of a plan. */
function headOf({plan, shares, looked}: Planning, {takeAway}: ApplyRequest, {run, command}: Caller): RunHead {
  const actions = new Map(shares.flatMap((share) => share.actions).map((action) => [formatRef(action.ref), action]))
  const objects = plan.actions.map((planned): [string, RunHead['objects'][string]] => {
    const {wanted, steps} = actions.get(planned.object)!
    const fields = wanted.fields.map(({field}) => field)
    const stage = steps.at(-1)?.stage
    const along = changedAlong(actions.get(planned.object)!)
    const files = wanted.fields.flatMap(({field, want}): [string, NonNullable<typeof want>][] =>
      wanted.bound && want !== undefined && isBoundTo(want, declaredAt(looked, planned.object, field))
        ? [[field, want]]
        : [],
    )
    return [
      planned.object,
      {
        ...(wanted.document === null && {absent: true as const}),
        fields,
        wishes: wishesIn(looked, planned.object, fields),
        ...(wanted.bound && {bound: wanted.bound}),
        ...(files.length > 0 && {values: Object.fromEntries(files)}),
        ...(along.length > 0 && {along}),
        requests: planned.requests.map(({method, path, parameters}) => ({
          method,
          path,
          names: Object.keys(parameters),
        })),
        classes: [...new Set(steps.flatMap(({effects}) => effects.map(({consequence}) => consequence)))],
        ...(stage && {stage}),
      },
    ]
  })
  return {
    format: journalFormat,
    run: run.id,
    command,
    at: new Date().toISOString(),
    by: whoRuns(),
    process: thisProcess(),
    digest: plan.digest,
    objects: Object.fromEntries(objects),
    ...(takeAway && takeAway.length > 0 && {takeAway}),
  }
}

function whoRuns(): string {
  const {hostname, userInfo} = process.getBuiltinModule('node:os')
  try {
    return `${userInfo().username}@${hostname()}`
  } catch {
    // A container's user need not have a name.
    return hostname()
  }
}

/** Keys that will be otherwise and that nobody wished, and parts of those that somebody did: PVE edits `boot`, a volume is unused, a bridge gets its defaults. */
function changedAlong({is, wanted, steps}: Action): string[] {
  const after = steps.at(-1)?.after
  const document = wanted.document
  if (!after || !document) return []
  const wished = new Set(wanted.fields.flatMap(({field}) => parseField(field)?.path[1] ?? []))
  const before = is?.config ?? document.config
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after.config)])]
  const parts = [...flatten(after).keys()].filter((name) => {
    const field = parseField(name)
    return field && field.path.length > 2 && wished.has(field.path[1]!) && getField(document, field) === undefined
  })
  return [...keys.filter((key) => !wished.has(key) && !equalValues(own(before, key), own(after.config, key))), ...parts]
}

type Looked = Planning['looked']

function declaredAt({declared}: Looked, object: string, field: string): unknown {
  const manifest = declared.get(object)
  const place = parseField(field)
  return manifest && place ? getField(declaredDocument(manifest), place) : undefined
}

/** Whether a wish was bound to something of the cluster's: a volume that is there. */
const isBoundTo = (want: unknown, declared: unknown): boolean => canonicalJson(want) !== canonicalJson(declared ?? null)

/** SHA-256 of wishes as the manifests have them. */
function wishesIn(looked: Looked, object: string, fields: readonly string[]): string {
  const {createHash} = process.getBuiltinModule('node:crypto')
  const said = looked.absent.has(object)
    ? 'absent'
    : fields.map((field) => [field, declaredAt(looked, object, field) ?? null])
  return createHash('sha256').update(canonicalJson(said)).digest('hex')
}

/** Commits what is wished and HEAD lacks; of other edits nothing. */
async function commitIntention(planning: Planning, {objects}: RunHead, {run}: Caller): Promise<string | null> {
  const {looked, numbers, plan} = planning
  const {session} = looked.view
  const wishes = uncommitted(planning)
  if (wishes.length === 0) return null
  const work = await session.work()
  const intention = await intentionOf(looked.view, work, wishes, numbers)
  if (!intention) return null
  const clusters = [...new Set(wishes.map(({ref}) => ref.cluster))].sort()
  const names = wishes.map(({ref}) => formatRef(ref))
  const what = names.length === 1 ? names[0]! : `${names.length} objects`
  const {commit} = await session.write({
    files: [],
    head: intention.head,
    work: intention.work,
    runHooks: true,
    message: commitMessage(
      `apply(${clusters.join(', ')}): ${what}`,
      names
        .slice(0, 40)
        .map(
          (object) =>
            `${object}: ${objects[object]?.absent ? 'is to go' : (objects[object]?.fields ?? []).slice(0, 10).join(', ')}`,
        ),
      [
        ['run', run.id],
        ...clusters.map((cluster): ['cluster', string] => ['cluster', cluster]),
        ['command', 'apply'],
        ['plan', plan.digest],
      ],
    ),
  })
  return commit
}

// ---- going on with a run

function unfinished({head}: Recorded): PmpcError {
  return new PmpcError(
    'PMPC_RUN_UNFINISHED',
    `\`${head.command}\` by ${head.by}, of ${head.at} (run ${head.run}), was interrupted, and what it began is not at its end`,
    {suggestions: ['pmpc apply --resume   # goes on with it', 'pmpc status'], data: {run: head.run}},
  )
}

/** What is left of a run. */
function resuming(request: ApplyRequest, {head, lines}: Recorded): PlanRequest {
  const ended = new Set(lines.flatMap((line) => (line.event === 'ended' ? [line.object] : [])))
  const left = Object.entries(head.objects).filter(([object]) => !ended.has(object))
  const begun = new Map(
    left.map(([object, {absent, fields, bound, values}]): [string, Begun] => [
      object,
      {...(absent && {absent}), fields, ...(bound && {bound}), ...(values && {values})},
    ]),
  )
  const clusters = [...new Set(Object.keys(head.objects).map((object) => parseRef(object).cluster))]
  return {...request, clusters, words: [], exclude: [], refresh: false, only: new Set(begun.keys()), begun}
}

// ---- doing it

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
  // What is unknown, or was interrupted, can be gone on with.
  const isOver = all.every(({how, code}) => how !== 'unknown' && code !== 'PMPC_INTERRUPTED')
  if (isOver) journal.write({event: 'over'})
  const undone = (how: Outcome['how']) =>
    all
      .filter((outcome) => outcome.how === how)
      .map(({object, code, message, suggestions}): Undone => ({
        ...{object, code: code!, message: message ?? ''},
        suggestions: suggestions ?? [],
      }))
  return {
    run: head.run,
    digest: head.digest,
    done: all
      .filter(({how}) => how === 'done')
      .map(({object, consequence, requests, upids}) => ({object, consequence, requests, upids})),
    failed: undone('failed'),
    skipped: undone('skipped'),
    unknown: undone('unknown'),
    // What was begun is recorded by now.
    undecided: planning.plan.undecided.filter(({object}) => !recorded || !Object.hasOwn(head.objects, object)),
    intention,
    observation: commits.findLast((commit) => commit !== null) ?? null,
    warnings: [
      ...all.flatMap(({object, warnings: own = []}) => own.map((warning) => `${object}: ${warning}`)),
      ...warnings,
    ],
  }
}

/** What had come to its end when the run was interrupted. */
function endedBefore(recorded: Recorded | undefined): [string, Outcome][] {
  const lines = recorded?.lines ?? []
  return lines.flatMap((line): [string, Outcome][] => {
    if (line.event !== 'ended') return []
    const {object, how, code, message} = line
    const mine = lines.filter((each) => 'object' in each && each.object === object)
    return [
      [
        object,
        {
          ...{object, how, consequence: null},
          requests: mine.filter(({event}) => event === 'sent').length,
          upids: mine.flatMap((each) => (each.event === 'started' ? [each.upid] : [])),
          ...(code !== undefined && {code}),
          ...(message !== undefined && {message}),
        },
      ],
    ]
  })
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
    const sight = new Sight(share.state, {...share.digests}, async (before, objects) =>
      readLive(session, writer, {before, objects, onProgress: () => undefined}),
    )
    const total = actions.length
    let count = 0
    await step(caller, `Applying to ${cluster}`, async (report) => {
      const done = await execute({
        ...{actions, waits: share.waits, writer, sight, journal},
        ...(recorded && {resumed: recorded}),
        secretOf: (object, name) => secrets.get(`${object} ${name}`) ?? '',
        ...{signal: caller.signal, cancel: caller.cancel, failFast: request.failFast},
        progress: {
          onDetail: (object, text) => report.detail(`${count} of ${total}; ${object}: ${text}`),
          onEnd(outcome) {
            count++
            request.onOutcome?.(outcome)
          },
        },
      })
      for (const outcome of done) outcomes.set(outcome.object, outcome)
      report.title(`Applied to ${cluster}: ${done.filter(({how}) => how === 'done').length} of ${total} done`)
    })
    const mine = Object.keys(head.objects).filter((object) => parseRef(object).cluster === cluster)
    const seen = mine.flatMap((object) => outcomes.get(object) ?? [])
    const also = share.actions.flatMap(({steps}) => steps.flatMap((each) => each.also ?? []))
    return await observe(workspace, repository, {cluster, reader: writer, head, outcomes: seen, also}, caller)
  } catch (error) {
    if (!isPmpcError(error)) throw error
    throw new PmpcError(error.code, error.message, {
      suggestions: [
        'pmpc apply --resume   # when that is mended: goes on, and records what was done',
        ...error.suggestions,
      ],
      data: {...error.data, run: head.run},
      cause: error,
    })
  } finally {
    await writer.close()
  }
}

/** The actions whose wishes are those that were agreed to; in a run that is gone on with manifests may have changed. */
function stillMeant(
  {actions, before: {cluster}}: Share,
  {looked}: Planning,
  recorded: Recorded | undefined,
): [Share['actions'], Outcome[]] {
  if (!recorded) return [actions, []]
  const ended = new Set(recorded.lines.flatMap((line) => (line.event === 'ended' ? [line.object] : [])))
  const mine = Object.entries(recorded.head.objects).filter(
    ([object]) => parseRef(object).cluster === cluster && !ended.has(object),
  )
  const planned = new Map(actions.map((action) => [formatRef(action.ref), action]))
  const changed = mine
    .filter(([object, {fields, wishes}]) => !planned.has(object) || wishesIn(looked, object, fields) !== wishes)
    .map(([object]): Outcome => ({
      ...{object, how: 'failed', consequence: null, requests: sentIn(recorded, object), upids: []},
      code: 'PMPC_CHANGED_MEANWHILE',
      message: 'its manifest was changed since the run began; it was left as it is',
      suggestions: [`pmpc plan ${shellWord(object)}`],
    }))
  const out = new Set(changed.map(({object}) => object))
  return [actions.filter((action) => !out.has(formatRef(action.ref))), changed]
}

function sentIn({lines}: Recorded, object: string): number {
  return lines.filter((line) => line.event === 'sent' && line.object === object).length
}
