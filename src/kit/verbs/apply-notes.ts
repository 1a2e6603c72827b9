// What the journal notes of an apply, and what one that is gone on with takes from there.
import {hasBegun, journalFormat, openRunPath, type Outcome, type Recorded, type RunHead} from '../apply/index.js'
import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {
  actionOf,
  afterSteps,
  alongPower,
  aroundOf,
  isWaiting,
  madeUp,
  next,
  rollingWaits,
  stagedWith,
  type Action,
  type Also,
} from '../plan/index.js'
import {declaredDocument, getField} from '../reconcile/index.js'
import {
  equalValues,
  flatten,
  formatRef,
  isGuest,
  localKey,
  markOf,
  own,
  parseField,
  parseRef,
} from '../resources/index.js'
import type {Field, ObjectRef, Observed, Value} from '../resources/index.js'
import type {Caller} from '../runs/index.js'
import {thisProcess} from '../runs/lock.js'
import {canonicalJson} from '../state/index.js'
import type {Workspace} from '../workspace/index.js'
import type {ApplyRequest} from './apply.js'
import type {Begun, PlanRequest} from './plan.js'
import type {Planning, Share} from './read-plan.js'

/** What the journal notes of a plan. */
export function headOf(
  {plan, shares, looked}: Planning,
  {takeAway, again, as, once, pace, rolling}: ApplyRequest,
  {run, command}: Caller,
): RunHead {
  const actions = new Map(shares.flatMap((share) => share.actions).map((action) => [formatRef(action.ref), action]))
  const objects = plan.actions.map((planned): [string, RunHead['objects'][string]] => {
    const {is, wanted, steps} = actions.get(planned.object)!
    const fields = wanted.fields.map(({field}) => field)
    const {stage, revert} = steps.at(-1) ?? {}
    const waited = stage ? waitingIn(shares, wanted.ref) : []
    const along = changedAlong(actions.get(planned.object)!)
    const instead = ofItsOwn(actions.get(planned.object)!)
    const files = wanted.fields.flatMap(({field, want}): [string, NonNullable<typeof want>][] =>
      wanted.bound && want !== undefined && isBoundTo(want, declaredAt(looked, planned.object, field))
        ? [[field, want]]
        : [],
    )
    return [
      planned.object,
      {
        ...(wanted.document === null && {absent: true as const, ...(is && isGuest(is.kind) && {mark: markOf(is)})}),
        fields,
        wishes: wishesIn(looked, planned.object, fields),
        ...(wanted.asked && {asked: wanted.asked}),
        ...(wanted.bound && {bound: wanted.bound}),
        ...(files.length > 0 && {values: Object.fromEntries(files)}),
        ...(along.length > 0 && {along}),
        ...(instead.length > 0 && {instead}),
        requests: planned.requests.map(({method, path, parameters}) => ({
          method,
          path,
          names: Object.keys(parameters),
        })),
        classes: [...new Set(steps.flatMap(({effects}) => effects.map(({consequence}) => consequence)))],
        ...(stage && {stage}),
        ...(waited.length > 0 && {waited}),
        ...(revert && {revert: {method: revert.method, path: revert.path}}),
      },
    ]
  })
  // An id of a guest is given anew: the manifest that wished one away would do so to the next.
  const doomed = plan.actions.flatMap(({object, change}) =>
    change === 'remove' && isGuest(parseRef(object).kind) ? [object] : [],
  )
  const gone = [...new Set([...(takeAway ?? []), ...doomed])]
  return {
    format: journalFormat,
    run: run.id,
    command: again ?? command,
    ...(as !== undefined && {as}),
    ...(once && {once: true as const}),
    at: new Date().toISOString(),
    by: whoRuns(),
    process: thisProcess(),
    digest: plan.digest,
    objects: Object.fromEntries(objects),
    ...(gone.length > 0 && {takeAway: gone}),
    ...(pace && {pace}),
    ...(rolling && {after: Object.fromEntries(shares.flatMap((share) => [...inRolling(share, rolling)]))}),
  }
}

function inRolling({actions, state}: Share, way: 'up' | 'down'): Map<string, string[]> {
  return rollingWaits(
    actions.map(({ref}) => ref),
    aroundOf(state),
    way,
  )
}

/** What waits already to be brought into use together with an object. */
function waitingIn(shares: readonly Share[], ref: ObjectRef): string[] {
  const objects = shares.find(({state}) => state.cluster === ref.cluster)?.state.objects ?? []
  const kinds = new Set<string>(stagedWith(ref.kind))
  const isMeant = (object: Observed) => kinds.has(object.kind) || localKey(object) === localKey(ref)
  return objects.filter((object) => isMeant(object) && isWaiting(object)).map(localKey)
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

/** All keys, where that is what changes along. */
export const ALL = 'config'

/**
 * Keys that will be otherwise and that nobody wished, and parts of those that somebody did: PVE edits `boot`, a volume is unused, a bridge gets its defaults, what says as
 * much as nothing is not kept, the last name server takes the place of one that goes.
 */
function changedAlong({is, ref, wanted, steps}: Action): string[] {
  const after = steps.at(-1)?.after
  const document = wanted.document
  // What an archive holds nobody has seen yet, and all of it is meant.
  if (!is && wanted.from && 'archive' in wanted.from) return [ALL]
  if (!after || !document) return []
  const wished = new Set(wanted.fields.flatMap(({field}) => parseField(field)?.path[1] ?? []))
  const before = is?.config ?? document.config
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after.config)])]
  const target = {...document, config: after.config}
  const said = flatten({...after, config: document.config}).keys()
  const parts = [...new Set([...flatten(after).keys(), ...said])].filter((name) => {
    const field = parseField(name)
    if (!field || !wished.has(field.path[1]!)) return false
    const [want, will] = [getField(document, field), getField(target, field)]
    if (want === undefined) return will !== undefined && (field.path.length > 2 || !isGuest(ref.kind))
    if (isGuest(ref.kind)) return isNowhere(field, want) && !equalValues(want, will)
    // A secret of which PVE tells nothing is not in the manifest either, once it was sent.
    return will !== madeUp && !equalValues(want, will)
  })
  return [...keys.filter((key) => !wished.has(key) && !equalValues(own(before, key), own(after.config, key))), ...parts]
}

/** Fields that are to go and will be there all the same. */
function ofItsOwn({wanted, steps}: Action): string[] {
  const {kind, config} = steps.at(-1)?.after ?? {}
  if (kind === undefined || config === undefined || wanted.document === null) return []
  return wanted.fields.flatMap(({field, want}) => {
    const place = parseField(field)
    const isThere = place && getField({kind, beside: {}, config}, place) !== undefined
    return want === undefined && isThere ? [field] : []
  })
}

/** Whether it may be the name of a volume that is nowhere, and stood for a move: PVE gives it another one. What is told by storage and size is filled in. */
const isNowhere = ({path}: Field, want: Value): boolean =>
  /^(?:file|volume)$/.test(path[2] ?? '') && !/:(?:\d+(?:\.\d+)?|cloudinit)$/.test(String(want))

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

/** How a run that cannot be gone on with is given up. */
const givenUp = (root: string): string =>
  `rm ${shellWord(openRunPath(root))}   # gives it up: what it has sent stays as it is, and pmpc sync tells of it`

export function unfinished({head}: Recorded, root: string): PmpcError {
  return new PmpcError(
    'PMPC_RUN_UNFINISHED',
    `\`${head.command}\` by ${head.by}, of ${head.at} (run ${head.run}), was interrupted, and what it began is not at its end`,
    {
      suggestions: ['pmpc apply --resume   # goes on with it', 'pmpc status', givenUp(root)],
      data: {run: head.run},
    },
  )
}

/** What is left of a run. @throws PMPC_UNKNOWN_CLUSTER where pmpc.yaml no longer names a cluster of it */
export function resuming(
  request: ApplyRequest,
  {head, lines}: Recorded,
  {root, clusters: known}: Pick<Workspace, 'root' | 'clusters'>,
): PlanRequest {
  const ended = new Set(lines.flatMap((line) => (line.event === 'ended' ? [line.object] : [])))
  const left = Object.entries(head.objects).filter(([object]) => !ended.has(object))
  const begun = new Map(
    left.map(([object, {absent, fields, asked, bound, values}]): [string, Begun] => [
      object,
      {...(absent && {absent}), fields, ...(asked && {asked}), ...(bound && {bound}), ...(values && {values})},
    ]),
  )
  const clusters = [...new Set(Object.keys(head.objects).map((object) => parseRef(object).cluster))]
  const lost = clusters.find((cluster) => !known.includes(cluster))
  if (lost !== undefined)
    throw new PmpcError('PMPC_UNKNOWN_CLUSTER', `pmpc.yaml no longer names ${lost}, where run ${head.run} has begun`, {
      suggestions: [`pmpc apply --resume   # once pmpc.yaml names it as it was`, givenUp(root)],
      data: {run: head.run, cluster: lost},
    })
  return {
    ...request,
    clusters,
    words: [],
    exclude: [],
    refresh: false,
    only: new Set(begun.keys()),
    begun,
    isResumed: true,
  }
}

/** What had come to its end when the run was interrupted. */
export function endedBefore(recorded: Recorded | undefined): [string, Outcome][] {
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

/** What changes along with what is destroyed, started or stopped, by what was recorded before the run: what is gone already no later look tells. */
export function goneAlong({before}: Share, {objects}: RunHead): Also[] {
  let world = aroundOf(before)
  return Object.entries(objects).flatMap(([object, {absent, fields, bound}]) => {
    const ref = parseRef(object)
    if (ref.cluster !== before.cluster) return []
    if (!absent)
      return bound && isGuest(ref.kind) && fields.includes('power') ? alongPower(ref.id, bound.runs, world) : []
    const action = actionOf({ref, document: null, fields: []}, world, next)
    world = afterSteps(world, [action])
    return action.steps.flatMap(({also = []}) => also)
  })
}

/** The actions whose wishes are those that were agreed to; in a run that is gone on with manifests may have changed. */
export function stillMeant(
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
      ...(hasBegun(recorded)
        ? {
            code: 'PMPC_CHANGED_MEANWHILE',
            message: 'its manifest was changed since the run began; it was left as it is',
            suggestions: [`pmpc plan ${shellWord(object)}`],
          }
        : {
            code: 'PMPC_NOT_REACHED',
            message: 'the run ended before it had committed what was wished of it; nothing was sent',
            suggestions: [`${recorded.head.command}   # once more`],
          }),
    }))
  const out = new Set(changed.map(({object}) => object))
  return [actions.filter((action) => !out.has(formatRef(action.ref))), changed]
}

function sentIn({lines}: Recorded, object: string): number {
  return lines.filter((line) => line.event === 'sent' && line.object === object).length
}
