import {
  actionOf,
  afterSteps,
  aroundOf,
  next,
  ordered,
  planOf,
  staged,
  stagedWith,
  versionsOf,
  waitsOf,
  wantedOf,
  type Action,
  type Around,
  type Check,
  type Plan,
  type Undecided,
  type Wanted,
  type WishedField,
} from '../plan/index.js'
import {
  absentIn,
  assess,
  assessRecorded,
  allOf,
  declaredDocument,
  getField,
  manifestOf,
  observedDocument,
  overviewOf,
  peoplesManifests,
  recallSync,
  Session,
  viewOf,
  type Assessment,
  type Overview,
  type View,
  type Wish,
} from '../reconcile/index.js'
import {equalValues, formatRef, localKey, own, parentsOf, parseField, parseRef} from '../resources/index.js'
import type {ClusterState, Declared, ObjectRef, Observed} from '../resources/index.js'
import {reading, step, type Caller} from '../runs/index.js'
import {
  alsoIgnoring,
  ignoreOf,
  requireWorkspace,
  selectablesIn,
  selectorOf,
  subjectOf,
  subjectOfDeclared,
  type IgnoreSubject,
  type ManifestIndex,
} from '../workspace/index.js'
import {freeIds} from './free-ids.js'
import type {Glance} from './kept-glance.js'
import {keepPlan} from './kept-plan.js'
import type {Begun, PlanRequest} from './plan.js'
import {
  checksOf,
  otherGuestChecks,
  policyOf,
  readLive,
  remembering,
  secretChecks,
  unpinnedChecks,
} from './plan-reading.js'
import {readerOf} from './sync-fetch.js'

/** A workspace, looked at once. */
export interface Looked {
  view: View
  index: ManifestIndex
  /** People's manifests: the working tree's without the offers in them. */
  declared: Map<string, Declared>
  absent: ReadonlyMap<string, boolean>
}

/** One cluster's share of a plan. */
export interface Share {
  actions: Action[]
  /** For which others each object waits, by `localKey`. */
  waits: ReadonlyMap<string, readonly string[]>
  /** Digests of what was read, by `localKey`. */
  digests: Record<string, string>
  checks: Check[]
  undecided: Undecided[]
  /** What is wished and could not be read in the cluster. */
  unread: Undecided[]
  before: ClusterState
  /** As it is now, as far as it was read. */
  state: ClusterState
  open: Map<string, string[]>
  requests: number
  /** Lists as they were answered, by path. */
  answers: ReadonlyMap<string, unknown>
}

/** Where a plan is made, and for whom. */
export interface Making {
  caller: Caller
  /** pmpc's */
  version: string
  /** Taken before: the plan is kept. */
  glance: Glance | undefined
}

/** Reads a workspace, and what somebody wishes otherwise of its clusters, and makes the plan; see `plan`. */
export async function readPlan(root: string, request: PlanRequest, {caller, version, glance}: Making): Promise<Plan> {
  // After the glance, as all that is kept.
  const workspace = await requireWorkspace(root)
  return reading(workspace.root, async (repository) => {
    const session = await Session.open(workspace, repository)
    const {plan} = await planIn(session, request, caller, version)
    if (glance) keepPlan(glance, {version, clusters: request.clusters}, plan, session)
    return plan
  })
}

/** A plan with what it was made from. */
export interface Planning {
  plan: Plan
  looked: Looked
  shares: Share[]
  /** The numbers that `id: next` stands for. */
  numbers: Numbered[]
  /** Those of the plan's undecided that are nobody's to decide: what is wished could not be read in the cluster, or no id is left for it. */
  unread: Unread[]
}

/** What nothing can be done about, with the code of the error that it is. */
export interface Unread extends Undecided {
  code: string
}

/** A guest that has no id in its manifest yet, and the one that it gets. */
export interface Numbered {
  path: string
  position: {line: number; column: number}
  id: number
}

/** {@link readPlan}, of a workspace that is open; nothing is kept. */
export async function planIn(
  session: Session,
  request: PlanRequest,
  caller: Caller,
  version: string,
): Promise<Planning> {
  const [index, view] = await Promise.all([session.workIndex(), viewOf(session)])
  const declared = peoplesManifests(view.noted, view.head, index)
  const looked = {view, index, declared, absent: absentIn(index, view.head.index)}
  const states: ClusterState[] = []
  for (const cluster of request.clusters) states.push((await session.state(cluster)) ?? {cluster, objects: []})
  const named = states.map((state) => nameNew(looked, state))
  const isMeant = selecting(looked, states, request)
  const unclear = brokenIn(index).filter(({object}) => !index.documents.has(object) || isMeant(object))
  const broken = new Set(unclear.map(({object}) => object))
  const isSelected = (object: string) => isMeant(object) && !broken.has(object)
  const shares: Share[] = []
  for (const before of states) shares.push(await shareOf(looked, before, {...request, isSelected}, caller))
  view.history.keep()
  const made = await planOf({
    pmpc: version,
    clusters: Object.fromEntries(
      shares.map(({state}) => [state.cluster, {nodes: Object.fromEntries(versionsOf(state))}]),
    ),
    actions: shares.flatMap(({actions}) => actions),
    undecided: [
      ...unclear,
      ...named.flatMap(({nameless}) => nameless),
      ...shares.flatMap((share) => [...share.undecided, ...share.unread]),
    ],
    checks: shares.flatMap(({checks}) => checks),
    requests: shares.reduce((sum, {requests}) => sum + requests, 0),
    open: (object) => shares.flatMap(({open}) => open.get(object) ?? []),
    policy: {rules: await policyOf(session), subjects: (ref) => subjectsOf(looked, shares, ref)},
  })
  const nameless = named.flatMap((each) => each.nameless.map((one) => ({...one, code: 'PMPC_EXISTS'})))
  const stale = shares.flatMap((share) => share.unread.map((one) => ({...one, code: 'PMPC_UNREADABLE'})))
  const unread = [...nameless, ...stale]
  return {plan: made, looked, shares, numbers: named.flatMap(({numbers}) => numbers), unread}
}

type IsSelected = (object: string) => boolean

function selecting({declared, view}: Looked, states: readonly ClusterState[], request: PlanRequest): IsSelected {
  const {words, exclude, clusters, only} = request
  if (only) return (object) => only.has(object)
  const manifests = [...declared].map(([object, each]) => ({ref: parseRef(object), declared: each}))
  const among = {
    ...{clusters, all: view.session.workspace.clusters, known: selectablesIn(states, manifests)},
    ...{command: 'pmpc plan', found: 'is declared or was seen at the last sync'},
  }
  const [isMeant, isLeftOut] = [words, exclude].map((each) => selectorOf(each, among))
  return (object) => {
    const ref = parseRef(object)
    return isMeant?.(ref) !== false && isLeftOut?.(ref) !== true
  }
}

/**
 * What a policy looks at: what was recorded, what is there, and what HEAD and the working tree say. So no change takes a tag away and acts. What is a part of
 * a guest, as its firewall, has the tags and the pool of that.
 */
function subjectsOf({view, declared}: Looked, shares: readonly Share[], ref: ObjectRef): IgnoreSubject[] {
  const share = shares.find(({state}) => state.cluster === ref.cluster)
  const sidesOf = (of: ObjectRef): IgnoreSubject[] => {
    const seen = [share?.before, share?.state].map((state) =>
      state?.objects.find((each) => localKey(each) === localKey(of)),
    )
    const said = [view.head.declared(of), declared.get(formatRef(of))]
    return [
      ...seen.flatMap((object) => (object ? [subjectOf(object)] : [])),
      ...said.flatMap((object) => (object ? [subjectOfDeclared(object)] : [])),
    ]
  }
  const {kind, id} = ref
  return [
    {kind, id},
    ...sidesOf(ref),
    ...parentsOf(ref)
      .flatMap(sidesOf)
      .map((above) => ({...above, kind, id})),
  ]
}

/** Each object's steps, in their order, in a cluster in which those before are done. */
function actionsOf(wanted: readonly Wanted[], before: Around): Action[] {
  let around = before
  const actions = ordered(wanted, before).map((each) => {
    const action = actionOf(each, around, next)
    around = afterSteps(around, [action])
    return action
  })
  return staged(actions, before)
}

/** What is left of wishes that were begun, bound as they were, whatever is there by now; and what was asked for of what is there. */
function begunOf(begun: ReadonlyMap<string, Begun>, {declared}: Looked, live: ReadonlyMap<string, Observed>): Wanted[] {
  return [...begun].flatMap(([object, {absent, fields, asked, bound, values}]) => {
    const ref = parseRef(object)
    const seen = live.get(localKey(ref))
    const observed = seen && manifestOf(ref, observedDocument(seen, allOf(seen)))
    // What is done once is no wish for a field.
    if (asked && fields.length === 0)
      return [{ref, asked, document: declaredDocument(observed ?? {...ref, config: {}}), fields: []}]
    const wishes = absent
      ? [{object, absent, committed: true}]
      : fields.map((field) => ({object, field, committed: true}))
    const [wanted] = wantedOf({
      wishes,
      // What no manifest is to say is asked of what is there.
      declared: (name) => (asked?.once ? observed : declared.get(name)),
      observed: (key) => live.get(key),
    })
    if (!wanted?.document) return wanted ? [wanted] : []
    const bind = (wish: WishedField): WishedField => ({
      ...wish,
      // A key that no manifest declares is there all the same: `unused0`.
      is: wish.is ?? own(seen?.config, parseField(wish.field)?.path.slice(1).join('.') ?? ''),
      want: own(values, wish.field) ?? wish.want,
    })
    return [{...wanted, fields: wanted.fields.map(bind), ...(asked && {asked}), ...(bound && {bound})}]
  })
}

async function shareOf(
  looked: Looked,
  before: ClusterState,
  {
    refresh,
    isSelected,
    begun,
    isResumed,
  }: Pick<PlanRequest, 'refresh' | 'begun' | 'isResumed'> & {
    isSelected: IsSelected
  },
  caller: Caller,
): Promise<Share> {
  const {cluster} = before
  const {session} = looked.view
  const nothing = {
    ...{actions: [], checks: [], waits: new Map<string, string[]>(), digests: {}, answers: new Map<string, unknown>()},
    ...{before, state: before, open: new Map<string, string[]>(), requests: 0, unread: []},
  }
  if (before.objects.length === 0) {
    const why = `nothing of ${cluster} was recorded yet, so that no wish can be told: pmpc sync`
    return {...nothing, undecided: [{object: cluster, field: null, why}]}
  }
  const ignored = new Set(recallSync(session.workspace.root, cluster)?.ignoredObjects)
  const recorded = overviewIn(looked, before, await assessRecorded(looked.view, cluster, ignored), ignored)
  const mine = new Map([...(begun ?? [])].filter(([object]) => parseRef(object).cluster === cluster))
  const wished = begun ? [...mine.keys()] : recorded.yours.map(({object}) => object).filter(isSelected)
  const unpinned = unpinnedChecks(looked.view, before, (ref) => looked.declared.get(formatRef(ref)), cluster).filter(
    ({object}) => !begun && isSelected(object),
  )
  if (wished.length === 0 && !refresh)
    return {...nothing, checks: unpinned, undecided: undecidedIn(recorded, isSelected)}
  const reader = remembering(await readerOf(session.workspace, cluster, caller))
  try {
    const objects = refresh ? undefined : toRead(wished.map(parseRef))
    const read = await step(
      caller,
      `Reading ${cluster}`,
      async ({detail}) => readLive(session, reader, {before, objects, onProgress: detail}),
      'read',
    )
    const stale = new Map(read.stale.map(({kind, id, why}) => [`${cluster}/${kind}/${id}`, why]))
    const leftOut = new Set([...ignored, ...read.ignoredObjects])
    const isLookedAt = (ref: ObjectRef) =>
      ref.cluster === cluster && !stale.has(formatRef(ref)) && objects?.has(localKey(ref)) !== false
    const look = {cluster, before, theirs: read.state, isLookedAt, ignoredObjects: leftOut}
    const now = overviewIn(looked, read.state, await assess(looked.view, look), leftOut)
    const live = new Map(read.state.objects.map((object) => [localKey(object), object]))
    const wishes = now.yours.filter(({object}) => isSelected(object) && !stale.has(object))
    const declared = (object: string) => looked.declared.get(object)
    const wanted = begun
      ? begunOf(mine, looked, live)
      : await withOrigins(looked, wantedOf({wishes, declared, observed: (key) => live.get(key)}), wishes)
    const around = aroundOf(read.state)
    const all = actionsOf(wanted, around)
    // What is so already is no action; of a run that is gone on with it is the end of one.
    const actions = all.filter(
      ({steps, refused, wanted: {asked}}) => isResumed || !asked || steps.length + refused.length > 0,
    )
    const checks = [
      ...unpinned,
      ...secretChecks(session, before, actions),
      ...(await otherGuestChecks(looked.view, before, actions)),
      ...(await step(caller, `Checking ${cluster}`, async () => checksOf(session, reader, actions, around), 'check')),
    ]
    return {
      actions,
      waits: waitsOf(wanted, around),
      digests: read.digests,
      checks,
      undecided: undecidedIn(now, isSelected),
      unread: staleIn(now, stale).filter(({object}) => isSelected(object)),
      before,
      state: read.state,
      open: openIn(now),
      requests: reader.asked,
      answers: reader.answers,
    }
  } finally {
    await reader.close()
  }
}

/** What has to be read of a cluster where these are wished otherwise: whatever would be brought into use with them, too. */
function toRead(wished: readonly ObjectRef[]): Set<string> {
  const kinds = new Set(wished.flatMap(({kind}) => stagedWith(kind)))
  return new Set([...wished.map(localKey), ...[...kinds].map((kind) => `${kind}/*`)])
}

/** Differences between people's manifests and what is there, and what is open of them. */
function overviewIn(
  {view, declared, absent}: Looked,
  state: ClusterState,
  {items, undecided, settled}: Assessment,
  ignored: ReadonlySet<string>,
): Overview & {cannotTell: readonly string[]} {
  const committed = (object: string) => view.head.declared(parseRef(object))
  const rules = alsoIgnoring(ignoreOf(view.session.workspace.config.ignore), ignored)
  const {cluster} = state
  return {
    ...overviewOf({cluster, state, items, undecided, declared, absent, settled, committed}, rules),
    cannotTell: undecided,
  }
}

/** Why what the cluster has otherwise than at the last sync is left alone. */
export const hasMoved = 'it has changed in the cluster: pmpc accept, or pmpc reject'

/** What nothing is done about, as nobody has decided it. */
function undecidedIn(
  {drift, conflicts, cannotTell}: Overview & {cannotTell: readonly string[]},
  isSelected: (object: string) => boolean,
): Undecided[] {
  const offers = [
    ...drift.map((item) => ({...item, why: hasMoved})),
    ...conflicts.map((item) => ({...item, why: 'cluster and manifest have both changed: pmpc accept, or pmpc reject'})),
  ]
  return [
    ...offers.map(({object, field, why}) => ({object, field: field ?? null, why})),
    ...cannotTell.map((name) => {
      const [object, field] = name.split(/ (.*)/, 2)
      return {object: object!, field: field ?? null, why: 'this clone ends too early to tell: git fetch --unshallow'}
    }),
  ].filter(({object}) => isSelected(object))
}

/** What is wished, and could not be read. */
function staleIn({yours}: Overview, stale: ReadonlyMap<string, string>): Undecided[] {
  const wished = new Set(yours.map(({object}) => object))
  return [...stale]
    .filter(([object]) => wished.has(object))
    .map(([object, why]) => ({object, field: null, why: `it could not be read: ${why}`}))
}

function openIn({drift, conflicts}: Overview): Map<string, string[]> {
  const open = new Map<string, string[]>()
  for (const {object, ...item} of [...drift, ...conflicts])
    open.set(object, [...(open.get(object) ?? []), JSON.stringify(item)])
  return open
}

/** What a broken manifest declares cannot be told, and nothing is done about it. */
function brokenIn({problems}: ManifestIndex): Undecided[] {
  return problems
    .filter(({severity}) => severity === 'error')
    .map(({path, line, column, message, object}) => ({
      object: object ?? path,
      field: null,
      why: `${path}:${line}:${column}: ${message}`,
    }))
}

/** Gives guests that have no id yet the lowest in the cluster's range that no guest has, here or there. @returns also those for which none is left */
function nameNew(
  {index, declared, absent}: Looked,
  {cluster, objects}: ClusterState,
): {nameless: Undecided[]; numbers: Numbered[]} {
  const ids = freeIds(
    {cluster, objects},
    [...declared.keys(), ...absent.keys()].map((object) => parseRef(object)),
  )
  const numbers: Numbered[] = []
  const nameless = index.unmade
    .filter((one) => one.cluster === cluster)
    .flatMap(({declared: guest, path, position}) => {
      const id = ids.take()
      if (id === undefined) {
        const why = `${path}:${position.line}: no VMID below ${ids.upper} is free; widen next-id of the cluster's options, or write an id`
        return [{object: path, field: null, why}]
      }
      declared.set(formatRef({cluster, kind: guest.kind, id}), {...guest, id})
      numbers.push({path, position, id})
      return []
    })
  return {nameless, numbers}
}

/** The commits that the wishes come from. What only the working tree says comes from none. */
async function withOrigins({view, absent}: Looked, wanted: Wanted[], wishes: readonly Wish[]): Promise<Wanted[]> {
  const committed = new Set(
    wishes.filter((wish) => wish.committed).map(({object, field}) => `${object} ${field ?? ''}`),
  )
  return Promise.all(
    wanted.map(async (each) => {
      const object = formatRef(each.ref)
      if (each.document === null) {
        const {commit = null} = (absent.get(object) && (await view.history.wishedAway(each.ref))) || {}
        return {...each, commit}
      }
      // Of an object that is to be made HEAD may say something else.
      const whole = committed.has(`${object} `) ? view.head.declared(each.ref) : undefined
      const document = whole && declaredDocument(whole)
      const isCommitted = ({field, want}: WishedField) =>
        document ? equalValues(getField(document, parseField(field)!), want) : committed.has(`${object} ${field}`)
      const fields = await Promise.all(
        each.fields.map(async (field) => {
          if (!isCommitted(field)) return field
          return {...field, commit: (await originOf(view, each.ref, field.field)) ?? null}
        }),
      )
      return {...each, fields}
    }),
  )
}

/** Of what stands in HEAD as it is written there, or, where PVE makes up a part of it, of the key. */
async function originOf({head, history}: View, ref: ObjectRef, name: string): Promise<string | undefined> {
  const declared = head.declared(ref)
  const document = declared && declaredDocument(declared)
  const field = parseField(name)!
  const key = {path: field.path.slice(0, field.path[0] === 'config' ? 2 : undefined)}
  const at = getField(document, field) === undefined && getField(document, key) !== undefined ? key : field
  return history.origin(ref, at, getField(document, at) ?? null)
}
