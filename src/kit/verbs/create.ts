import {isPmpcError, PmpcError, retold} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {commitMessage} from '../git/index.js'
import type {Plan} from '../plan/index.js'
import {formatRef, isGuest, kindOf, own} from '../resources/index.js'
import type {ClusterState, Config, Declared, KindName, ObjectRef} from '../resources/index.js'
import {Session, type Spliced} from '../reconcile/index.js'
import {reading, type Caller} from '../runs/index.js'
import {namesOf, printManifest, type Workspace} from '../workspace/index.js'
import type {ApplyResult} from './apply.js'
import {refuseSecrets, secretHint, type Assignment} from './assignments.js'
import {Interview, type Question, type Wish} from './create/interview.js'
import {applyDeclared, declare, type Applying} from './declaring.js'
import {opened, type Opened} from './edited.js'
import {freeIds} from './free-ids.js'
import {hasMoved, planIn} from './read-plan.js'

/** What a new guest is to be, as far as it was said. */
export interface Described {
  cluster: string
  /** A kind of guests. */
  kind: KindName
  name?: string | undefined
  /** A guest, or a volume. */
  from?: string | undefined
  /** A full clone, where a linked one could be. */
  isFull?: boolean
  /** Of a backup: with MAC addresses of its own. */
  isUnique?: boolean
  id?: number | undefined
  node?: string | undefined
  /** Where volumes go. */
  storage?: string | undefined
  /** Of the first volume, in GiB. */
  size?: number | undefined
  assignments: readonly Assignment[]
  /** Answers what cannot be left out. @throws where nobody can be asked */
  ask(question: Question): Promise<string>
  /** Whether somebody is there, who is asked for what has a default, too. */
  isAsked: boolean
  /** Where nobody names it, it is called as its backup calls it; a name is a flag, `--name`, then. */
  keepsName?: true
  /** What is typed before what else is said: `pmpc create vm`. */
  command: string
}

/** What is to be made. */
export interface CreateRequest extends Omit<Described, 'command'> {
  isUncommitted?: boolean
  applying?: Applying
  /** Told once it is written, before it is applied. */
  onDeclared?(outcome: CreateOutcome): void
}

/** What `pmpc create --json` prints. */
export interface CreateResult {
  /** `home/vm/104` */
  object: string
  file: string
  /** null: `--no-commit` */
  commit: string | null
  /** Of `--apply`. */
  applied?: ApplyResult
}

/** {@link CreateResult}, with what people are told. */
export interface CreateOutcome {
  result: CreateResult
  /** The manifest as it was written. */
  text: string
  warnings: string[]
}

/**
 * Writes the manifest of a new guest, and commits it alone. What a plan would refuse is told before, and nothing is written.
 * @throws PMPC_NO_STATE where nothing was recorded; PMPC_BAD_VALUE, PMPC_UNKNOWN_FIELD, PMPC_NO_SECRET, PMPC_EXISTS, PMPC_PLAN_REFUSED; as `sourceOf`, `declare`, `applyDeclared`, and what `ask` throws
 */
export async function create(
  workspace: Workspace,
  request: CreateRequest,
  caller: Caller,
  version: string,
): Promise<CreateOutcome> {
  const described = {...request, command: `pmpc create ${request.kind}`}
  const wish = await wishOf(workspace, described, caller)
  return opened(workspace, caller, 'pmpc create', async (open) =>
    write({workspace, open, request, described, wish}, caller, version),
  )
}

/**
 * Finds out what a guest is to be. Nobody holds the workspace while somebody thinks.
 * @throws as {@link create}
 */
export async function wishOf(workspace: Workspace, described: Described, caller: Caller): Promise<Wish> {
  const {cluster, kind, id, assignments} = described
  refuseSecrets([kind], assignments, {
    how: (key) => secretHint(kind, `${cluster}/${kind}/${id ?? 'VMID'}`, key),
    register: (secret) => caller.run.registerSecret(secret),
  })
  const state = await reading(workspace.root, async (repository) =>
    (await Session.open(workspace, repository)).state(cluster),
  )
  if (!state || state.objects.length === 0) throw nothingRecorded(cluster)
  return new Interview(workspace, described, state, caller).wish()
}

interface Writing {
  workspace: Workspace
  open: Opened
  request: CreateRequest
  described: Described
  wish: Wish
}

/** A guest that is nowhere yet, with the working tree's manifests as they are with it. */
export interface Unmade {
  ref: ObjectRef
  declared: Declared
  edited: Spliced
  file: string
  warnings: string[]
}

/** Gives a guest its id, and writes its manifest to the working tree as it is to be. @throws PMPC_EXISTS */
export async function unmade(
  open: Pick<Opened, 'view' | 'work' | 'session'>,
  described: Described,
  wish: Wish,
): Promise<Unmade> {
  const {cluster, kind} = described
  const state = (await open.session.state(cluster)) ?? {cluster, objects: []}
  const id = idOf(open, state, described)
  const ref: ObjectRef = {cluster, kind, id}
  const declared = {...wish, id} as Declared
  const edited = await open.work.splice([{ref, edits: [{do: 'write', declared}]}])
  const [file] = edited.texts.keys()
  return {ref, declared, edited, file: file!, warnings: sameName(open, ref, wish)}
}

async function write(
  {workspace, open, request, described, wish}: Writing,
  caller: Caller,
  version: string,
): Promise<CreateOutcome> {
  const made = await unmade(open, described, wish)
  const {ref, declared, file} = made
  const text = printManifest(declared)
  const warnings = request.isUncommitted ? [] : await refusePlan({workspace, open, made}, caller, version)
  const written = await declare(open, {
    head: request.isUncommitted ? [] : [{ref, edits: [{do: 'take', path: file, text}]}],
    work: [{ref, edits: [{do: 'write', declared}]}],
    message: messageOf(ref, wish, caller),
  })
  const {commit} = written
  const outcome: CreateOutcome = {
    result: {object: formatRef(ref), file, commit},
    text,
    warnings: [...new Set([...made.warnings, ...warnings, ...written.warnings])],
  }
  request.onDeclared?.(outcome)
  const {applying} = request
  if (!applying) return outcome
  const applied = await applyDeclared({workspace, opened: open}, {refs: [ref], commit, applying}, caller, version)
  return {...outcome, result: {...outcome.result, applied}}
}

/** Proxmox VE takes one name for several guests; people seldom mean it. */
function sameName({view, work}: Pick<Opened, 'view' | 'work'>, {cluster, kind}: ObjectRef, {config}: Wish): string[] {
  const nameIn = (of: KindName, from: Config) => namesOf(of, from)[0]
  const name = nameIn(kind, config)
  const other = [view.head, work]
    .flatMap(({index}) => [...index.documents.values()])
    .find(
      ({ref, declared}) => ref.cluster === cluster && isGuest(ref.kind) && nameIn(ref.kind, declared.config) === name,
    )
  return other ? [`${formatRef(other.ref)} is called ${name}, too`] : []
}

/** @throws PMPC_EXISTS for one that is taken, or where none is left */
function idOf({view, work}: Pick<Opened, 'view' | 'work'>, state: ClusterState, described: Described): number {
  const {id, command} = described
  const named = [view.head, work].flatMap(({index}) => [...index.documents.values(), ...index.absent.values()])
  const ids = freeIds(
    state,
    named.map(({ref}) => ref),
  )
  if (id !== undefined && !ids.isTaken(id)) return id
  const free = ids.take()
  if (id === undefined && free !== undefined) return free
  const holder = holderOf(id, state, named)
  const message =
    id === undefined ? `no VMID below ${ids.upper} is free` : `${id} is the id of ${holder?.told ?? 'a guest'} already`
  throw new PmpcError('PMPC_EXISTS', message, {
    suggestions: [
      ...(id === undefined ? ['pmpc set options next-id.upper=…   # widens the range of the cluster'] : []),
      `${command} … --id ${free ?? 1_000_000}`,
    ],
    data: {id: id ?? null, free: free ?? null, object: holder?.object ?? null},
  })
}

/** What has an id, and what it is told by: `home/vm/100 (web01)`. */
function holderOf(
  id: number | undefined,
  {cluster, objects}: ClusterState,
  named: readonly {ref: ObjectRef}[],
): {object?: string; told: string} | undefined {
  const there = objects.find((object) => isGuest(object.kind) && Number(object.id) === id)
  if (there) {
    const object = formatRef({cluster, kind: there.kind, id: there.id})
    const [name] = namesOf(there.kind, there.config)
    return {object, told: name === undefined ? object : `${object} (${name})`}
  }
  const said = named.find(({ref}) => ref.cluster === cluster && isGuest(ref.kind) && Number(ref.id) === id)
  return said && {told: `${formatRef(said.ref)}, which a manifest has,`}
}

/**
 * Makes the plan for it as if it was written.
 * @returns what is odd about it
 * @throws PMPC_PLAN_REFUSED for what stands in its way: nothing was written
 */
async function refusePlan(
  {workspace, open, made}: {workspace: Workspace; open: Opened; made: Unmade},
  caller: Caller,
  version: string,
): Promise<string[]> {
  const {ref, edited} = made
  const object = formatRef(ref)
  const session = await Session.open(workspace, open.repository, edited)
  const request = {clusters: [ref.cluster], words: [], exclude: [], refresh: false, only: new Set([object])}
  let plan
  try {
    ;({plan} = await planIn(session, request, caller, version))
  } catch (error) {
    if (!isPmpcError(error) || error.code === 'PMPC_INTERRUPTED') throw error
    return [`it was not held against ${ref.cluster}, which could not be asked: ${error.message}`]
  }
  const mine = plan.checks.filter((check) => check.object === object)
  const wrong = mine.filter(({severity}) => severity === 'error')
  const error = impossible(plan, ref, wrong)
  if (!error) return mine.map(({message}) => message)
  const suggestions = [...error.suggestions, 'run it with --no-commit: it writes the manifest, to be mended by hand']
  throw retold(error, {suggestions, data: {checks: mine}})
}

/** Why a guest cannot be made as planned: by checks that fail, by what nobody has decided, or as it is there by now; undefined: nothing stands in its way. */
export function impossible(plan: Plan, ref: ObjectRef, failed: Plan['checks'] = []): PmpcError | undefined {
  const object = formatRef(ref)
  const isThere = plan.actions.find((action) => action.object === object)?.change !== 'create'
  const open = plan.undecided.filter((each) => each.object === object)
  const wrong = [
    ...failed.map(({field, message}) => (field ? `${field}: ${message}` : message)),
    ...open.flatMap(({field, why}) => (field !== null ? [`${field}: ${why}`] : why === hasMoved ? [] : [why])),
    ...(isThere && open.every(({why}) => why === hasMoved) ? [`the id ${ref.id} was taken since the last sync`] : []),
  ]
  if (wrong.length === 0) return undefined
  return new PmpcError(
    'PMPC_PLAN_REFUSED',
    `nothing was written, as ${object} could not be made:\n  ${wrong.slice(0, 10).join('\n  ')}`,
    {
      suggestions: [
        ...failed.flatMap(({suggestions}) => suggestions).slice(0, 3),
        ...(isThere ? ['pmpc sync   # records what is there; then the same again'] : []),
      ],
      data: {object},
    },
  )
}

function messageOf(ref: ObjectRef, {config, from}: Wish, {run}: Caller): string {
  const name = own(config, kindOf(ref.kind).nameKey!)
  const origin = from && Object.entries(from).map(([key, value]) => `${key}=${String(value)}`)
  return commitMessage(
    `create(${ref.cluster}): ${formatRef(ref)} ${typeof name === 'string' ? name : ''}`.trim(),
    origin ? [`made of ${origin.join(', ')}`] : [],
    [
      ['run', run.id],
      ['cluster', ref.cluster],
      ['command', 'create'],
    ],
  )
}

function nothingRecorded(cluster: string): PmpcError {
  return new PmpcError(
    'PMPC_NO_STATE',
    `nothing of ${cluster} was recorded yet, so that nobody knows which ids, storages and bridges it has`,
    {
      suggestions: [`pmpc sync --cluster ${shellWord(cluster)}`],
      data: {cluster},
    },
  )
}
