import type {Pace} from '../apply/index.js'
import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import type {Asked, Plan} from '../plan/index.js'
import {
  copyOf,
  declaredDocument,
  editsBetween,
  getField,
  Session,
  setField,
  viewOf,
  type Edits,
} from '../reconcile/index.js'
import {formatRef, isGuest, isMap, own, parseField} from '../resources/index.js'
import type {ClusterState, Declared, ObjectRef, Observed, Scalar, Value} from '../resources/index.js'
import {guestTravelOf, type VerbName} from '../resources/travels/index.js'
import {reading, type Caller} from '../runs/index.js'
import {parseSize, printSize} from '../values/index.js'
import {selectablesIn, selectorOf, type Workspace} from '../workspace/index.js'
import {applyIn, type ApplyRequest, type ApplyResult} from './apply.js'
import {editedWith, opened, type Opened} from './edited.js'
import {fitting, isFiltered, refuseNothing, type Meant} from './meant.js'
import type {Begun} from './plan.js'
import {planIn} from './read-plan.js'

/** What people do to guests at the keyboard. */
export type ActName = keyof typeof acts

/** What is to be done to which guests. */
export interface ActRequest extends Omit<
  ApplyRequest,
  'words' | 'exclude' | 'refresh' | 'only' | 'takeAway' | 'begun' | 'resume' | 'failFast' | 'saved' | 'expect'
> {
  act: ActName
  /** Parameters of it: `timeout`, `snapname`, `target`. */
  given: Readonly<Record<string, Scalar>>
  guests: Meant
  /** The manifests stay as they are: where they say otherwise, that is drift then. */
  once: boolean
  pace?: Pace
}

/** What came of one guest. */
export interface ActedOn {
  object: string
  verb: string
  ok: boolean
  upid: string | null
  /** Why it is not done; or that there was nothing to do. */
  message: string | null
}

/** A plan, or what came of it; docs/verbs.md. */
export interface ActResult {
  results: ActedOn[]
  intention: string | null
  observation: string | null
  warnings: string[]
  /** What to type next, of what is not done. */
  suggestions: string[]
}

/** A wish that an act comes to. */
interface Wish {
  field: string
  value: Value
}

interface Act {
  /** What is done once. */
  readonly verb?: VerbName
  /** How it is stopped, where that is wished. */
  readonly stop?: 'stop' | 'shutdown'
  /** The wish that it comes to, of one guest. */
  readonly wish?: (is: Observed, given: Readonly<Record<string, Scalar>>) => Wish
  /** In which order guests go, where they go one after the other. */
  readonly way: 'up' | 'down'
}

const power = (value: 'running' | 'stopped') => (): Wish => ({field: 'power', value})

/** What each comes to: a wish, which the engine of `apply` brings about, or something that is done once. */
const acts = {
  start: {wish: power('running'), way: 'up'},
  stop: {wish: power('stopped'), stop: 'stop', way: 'down'},
  shutdown: {wish: power('stopped'), stop: 'shutdown', way: 'down'},
  reboot: {verb: 'reboot', way: 'up'},
  suspend: {verb: 'suspend', way: 'down'},
  hibernate: {verb: 'hibernate', way: 'down'},
  resume: {verb: 'resume', way: 'up'},
  migrate: {wish: (_is, {target}) => ({field: 'placement.node', value: String(target)}), way: 'up'},
  resize: {wish: sizeWish, way: 'up'},
  'move-disk': {wish: placeWish, way: 'up'},
  template: {wish: () => ({field: 'config.template', value: 1}), way: 'up'},
  snapshot: {verb: 'snapshot', way: 'up'},
  rollback: {verb: 'rollback', way: 'up'},
  delsnapshot: {verb: 'delsnapshot', way: 'up'},
  backup: {verb: 'backup', way: 'up'},
  restore: {verb: 'restore', way: 'up'},
} as const satisfies Record<string, Act>

/** `+8G` is so much more than it has. */
function sizeWish(is: Observed, {disk, size}: Readonly<Record<string, Scalar>>): Wish {
  const has = volumeOf(is, String(disk)).size
  const [, plus, text] = /^(\+?)(.*)$/s.exec(String(size))!
  const bytes = parseSize(text!)
  if (bytes === undefined || bytes <= 0)
    throw new PmpcError('PMPC_USAGE', `${JSON.stringify(size)} is no size`, {
      suggestions: [`pmpc resize ${is.kind}/${is.id} --disk ${disk} --size 40G   # or +8G, for so much more`],
    })
  const before = plus === '' ? 0 : (parseSize(String(has ?? '')) ?? 0)
  return {field: `config.${disk}.size`, value: printSize(before + bytes)}
}

function placeWish(is: Observed, {disk, storage}: Readonly<Record<string, Scalar>>): Wish {
  volumeOf(is, String(disk))
  const {subkey} = guestTravelOf(is.kind).volumes
  // A volume there, of the size that it has: the one that is here is moved.
  return {field: `config.${disk}.${subkey}`, value: `${storage}:0`}
}

function volumeOf({kind, id, config}: Observed, disk: string): Readonly<Record<string, Value>> {
  const {slots, subkey} = guestTravelOf(kind).volumes
  const value = own(config, disk)
  if (isMap(value) && slots.test(disk) && value[subkey] !== undefined && value.media !== 'cdrom') return value
  const disks = Object.entries(config).flatMap(([key, each]) =>
    slots.test(key) && isMap(each) && each.media !== 'cdrom' ? [key] : [],
  )
  throw new PmpcError('PMPC_NOT_FOUND', `${kind}/${id} has no disk ${disk}`, {
    suggestions: [disks.length > 0 ? `pmpc describe ${kind}/${id}   # it has ${disks.join(', ')}` : 'pmpc sync'],
    data: {disk, disks},
  })
}

/**
 * Does something to guests: shows the plan of it, asks, does it and records it as `apply` does. Where a manifest says of a guest what the act changes, it says the new thing
 * from then on; the edit is committed before anything is sent, and taken back where nothing is done.
 * @throws as `apply`; PMPC_NOT_FOUND, PMPC_BAD_SELECTOR for guests that are not there; PMPC_USAGE where none is named
 */
export async function act(
  workspace: Workspace,
  request: ActRequest,
  caller: Caller,
  version: string,
): Promise<ActResult> {
  return opened(workspace, caller, `pmpc ${request.act}`, async (open) => {
    const {begun, edits} = await asked(open, request)
    const clusters = clustersIn(begun)
    const applying: ApplyRequest = {
      ...{...request, clusters, words: [], exclude: [], refresh: false, only: new Set(begun.keys()), begun},
      ...{as: request.act, resume: false, failFast: false, edited: await editedWith(open.work, edits)},
    }
    return actedOn(request.act, begun.keys(), await applyIn(workspace, open.repository, applying, caller, version))
  })
}

/** What {@link act} would do. Nothing is written, here or there. */
export async function planOfAct(
  workspace: Workspace,
  request: ActRequest,
  caller: Caller,
  version: string,
): Promise<Plan> {
  return reading(workspace.root, async (repository) => {
    const session = await Session.open(workspace, repository)
    const [view, work] = await Promise.all([viewOf(session), session.work()])
    const {begun} = await asked({session, view, work}, {...request, once: true})
    const planned = {clusters: clustersIn(begun), words: [], exclude: [], refresh: false}
    const {plan} = await planIn(session, {...planned, only: new Set(begun.keys()), begun}, caller, version)
    return plan
  })
}

const clustersIn = (begun: ReadonlyMap<string, Begun>): string[] =>
  [...new Set([...begun.keys()].map((object) => object.slice(0, object.indexOf('/'))))].sort()

/** What is asked of each guest, and what becomes of its manifest. */
async function asked(
  {session, view, work}: Omit<Opened, 'repository'>,
  request: ActRequest,
): Promise<{begun: Map<string, Begun>; edits: Edits}> {
  const {act: name, given, once} = request
  const {verb, stop, wish}: Act = acts[name]
  const begun = new Map<string, Begun>()
  const edits: Edits = []
  const states: ClusterState[] = []
  for (const cluster of request.clusters) states.push((await session.state(cluster)) ?? {cluster, objects: []})
  const declared = [...work.index.documents.values()].map((document) => ({
    ref: document.ref,
    declared: document.declared,
  }))
  for (const {ref, is} of guestsMeant(request, states, declared, session.workspace)) {
    const wished = wish?.(is, given)
    // What HEAD does not declare is nobody's wish yet: an offer, or a manifest that somebody is writing.
    const said = once || !wished || !view.head.declared(ref) ? undefined : saying(work.declared(ref), wished)
    if (said) edits.push({ref, edits: said})
    const isOnce = said === undefined
    const wanted: Asked = {
      as: name,
      ...(verb && {verb: {name: verb, given}}),
      ...(stop && {stop: {call: stop, parameters: given as Record<string, number>}}),
      ...(isOnce && {once: true as const}),
    }
    begun.set(formatRef(ref), {
      fields: wished ? [wished.field] : [],
      ...(wished && {values: {[wished.field]: wished.value}}),
      asked: wanted,
    })
  }
  return {begun, edits}
}

/** The edits after which a manifest says what is wished; undefined: it says nothing of it, and need not. */
function saying(declared: Declared | undefined, {field, value}: Wish): ReturnType<typeof editsBetween> | undefined {
  const place = parseField(field)!
  if (!declared) return undefined
  const document = declaredDocument(declared)
  // Of the configuration a manifest says all; of a value that has parts, of place and power, what it names.
  const isSaid = getField(document, place) !== undefined || (place.path[0] === 'config' && place.path.length === 2)
  if (!isSaid) return undefined
  const target = copyOf(document)
  setField(target, place, value)
  return editsBetween(document, target)
}

interface Guest {
  ref: ObjectRef
  is: Observed
}

function guestsMeant(
  {guests: meant, clusters, act: name}: ActRequest,
  states: readonly ClusterState[],
  declared: readonly {ref: ObjectRef; declared: Declared}[],
  {clusters: all}: Workspace,
): Guest[] {
  const command = `pmpc ${name}`
  refuseNothing(meant, command)
  const known = selectablesIn(states, declared).filter(({ref}) => isGuest(ref.kind))
  const isMeant = selectorOf(meant.words, {clusters, all, known, command, found: 'was seen at the last sync'})
  const there = new Map(
    states.flatMap(({cluster, objects}) =>
      objects.flatMap((object): [string, Guest][] => {
        const ref = {cluster, kind: object.kind, id: object.id}
        return isGuest(object.kind) ? [[formatRef(ref), {ref, is: object}]] : []
      }),
    ),
  )
  const named = known.map(({ref}) => ref).filter((ref) => isMeant?.(ref) !== false)
  const missing = isFiltered(meant) ? undefined : named.find((ref) => !there.has(formatRef(ref)))
  if (missing) throw notThere(missing)
  return fitting(states, meant, named.map(formatRef)).map((object) => there.get(object)!)
}

function notThere(ref: ObjectRef): PmpcError {
  const object = formatRef(ref)
  return new PmpcError('PMPC_NOT_FOUND', `${object} is in manifests only, and was not there at the last sync`, {
    suggestions: [`pmpc apply ${shellWord(object)}   # makes it`, 'pmpc sync   # if it was made since'],
    data: {object},
  })
}

/** What came of each object of a verb. */
export function actedOn(
  verb: string,
  objects: Iterable<string>,
  {done, failed, skipped, unknown, intention, observation, warnings}: ApplyResult,
): ActResult {
  const bad = [...failed, ...skipped, ...unknown]
  const results = [...objects].map((object): ActedOn => {
    const fine = done.find((each) => each.object === object)
    const wrong = bad.find((each) => each.object === object)
    const upid = (fine?.upids ?? []).at(-1) ?? null
    const already = fine && fine.requests > 0 ? null : 'it is so already'
    return {object, verb, ok: wrong === undefined, upid, message: wrong ? wrong.message : already}
  })
  const suggestions = [...new Set(bad.flatMap((each) => each.suggestions.slice(0, 2)))]
  return {results, intention, observation, warnings, suggestions}
}
