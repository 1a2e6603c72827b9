import {isPmpcError, PmpcError, retold} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import type {Plan} from '../plan/index.js'
import {Session, viewOf} from '../reconcile/index.js'
import {formatRef, parseRef, type ClusterState, type KindName} from '../resources/index.js'
import {reading, type Caller} from '../runs/index.js'
import type {Workspace} from '../workspace/index.js'
import {actedOn, type ActRequest, type ActResult} from './act.js'
import {applyIn, type ApplyRequest} from './apply.js'
import {impossible, unmade, wishOf, type Described, type Unmade} from './create.js'
import {backupOf, guestsCalled} from './create/origin.js'
import type {Wish} from './create/interview.js'
import {refuseInvalid} from './declaring.js'
import {opened, type Opened} from './edited.js'
import {planIn} from './read-plan.js'

/** How a guest is made at the keyboard. */
export type MakeName = keyof typeof origins

/** What is to be made, of what. */
export interface MakeRequest
  extends
    Omit<ActRequest, 'act' | 'given' | 'guests' | 'once' | 'pace' | 'rolling' | 'as' | 'edited'>,
    Omit<Described, 'cluster' | 'kind' | 'from' | 'size' | 'keepsName' | 'command'> {
  make: MakeName
  /** A guest of one of the clusters, or a volume. */
  from: string
  /** As it was typed, up to what else is said of the new guest: `pmpc clone 9000`. */
  command: string
}

/** Of what each is made. */
const origins = {
  clone: cloneOf,
  restore: restoreOf,
} as const satisfies Record<string, (request: MakeRequest, states: readonly ClusterState[]) => unknown>

type Origin = Pick<Described, 'kind' | 'from' | 'keepsName'> & {cluster: string | undefined}

/**
 * Makes a guest of another one, or of a backup: its manifest is what is wished, and is committed before anything is sent; where nobody agrees, or it cannot be made, nothing is written.
 * @throws as `create` and `apply`; PMPC_USAGE for what no guest is made of so
 */
export async function make(
  workspace: Workspace,
  request: MakeRequest,
  caller: Caller,
  version: string,
): Promise<ActResult> {
  const {described, wish} = await describe(workspace, request, caller)
  return opened(workspace, caller, `pmpc ${request.make}`, async (open) => {
    const {ref, edited, warnings} = await checked(workspace, open, described, wish)
    const object = formatRef(ref)
    const applying: ApplyRequest = {
      ...{...request, clusters: [ref.cluster], words: [], exclude: [], refresh: false, only: new Set([object])},
      ...{as: request.make, edited, resume: false, failFast: false},
      onPlan(plan) {
        // What checks say of it an apply tells.
        const error = impossible(plan, ref)
        if (error) throw error
        request.onPlan?.(plan)
      },
    }
    const result = await applyIn(workspace, open.repository, applying, caller, version)
    const acted = actedOn(request.make, [object], {...result, warnings: [...warnings, ...result.warnings]})
    if (acted.results.every(({ok}) => ok) || acted.intention === null) return acted
    const back = `git revert ${acted.intention.slice(0, 10)}   # takes its manifest back, where nothing of it is there`
    const left = `pmpc plan ${shellWord(object)}   # what is left to do`
    return {...acted, suggestions: [...new Set([left, back, ...acted.suggestions])]}
  })
}

/** What {@link make} would do. Nothing is written, here or there. */
export async function planOfMake(
  workspace: Workspace,
  request: MakeRequest,
  caller: Caller,
  version: string,
): Promise<Plan> {
  const {described, wish} = await describe(workspace, request, caller)
  return reading(workspace.root, async (repository) => {
    const session = await Session.open(workspace, repository)
    const [view, work] = await Promise.all([viewOf(session), session.work()])
    const {ref, edited} = await checked(workspace, {session, view, work}, described, wish)
    const planned = {clusters: [ref.cluster], words: [], exclude: [], refresh: false, only: new Set([formatRef(ref)])}
    const {plan} = await planIn(await Session.open(workspace, repository, edited), planned, caller, version)
    return plan
  })
}

/** The new guest, whose manifest was held against all that is known of manifests. @throws PMPC_EXISTS, PMPC_MANIFEST_INVALID */
async function checked(
  workspace: Workspace,
  open: Omit<Opened, 'repository'>,
  described: Described,
  wish: Wish,
): Promise<Unmade> {
  const made = await unmade(open, described, wish).catch((error: unknown) => {
    throw isPmpcError(error) && error.code === 'PMPC_EXISTS' ? taken(error, described) : error
  })
  return {...made, warnings: [...made.warnings, ...(await refuseInvalid(workspace, made.edited.texts))]}
}

/** What has the id may be what the backup is to take the place of. */
function taken(error: PmpcError, {kind, from, keepsName}: Described): PmpcError {
  const object = error.data?.object
  if (!keepsName || from === undefined || typeof object !== 'string' || parseRef(object).kind !== kind) return error
  const instead = `pmpc restore ${shellWord(object)} --from ${shellWord(from)}   # in its place`
  return retold(error, {suggestions: [...error.suggestions, instead]})
}

async function describe(
  workspace: Workspace,
  request: MakeRequest,
  caller: Caller,
): Promise<{described: Described; wish: Wish}> {
  const {clusters, ask} = request
  const states = await reading(workspace.root, async (repository) => {
    const session = await Session.open(workspace, repository)
    return Promise.all(
      clusters.map(async (cluster): Promise<ClusterState> => (await session.state(cluster)) ?? {cluster, objects: []}),
    )
  })
  const origin = origins[request.make](request, states)
  const choices = clusters.map((value) => ({value}))
  const cluster =
    origin.cluster ??
    (choices.length === 1 ? clusters[0]! : await ask({message: 'Cluster', flag: '--cluster', choices}))
  const described: Described = {...request, ...origin, cluster}
  return {described, wish: await wishOf(workspace, described, caller)}
}

function cloneOf({from, command}: MakeRequest, states: readonly ClusterState[]): Origin {
  if (/^[^\s:/]+:[a-z]+\//.test(from))
    throw new PmpcError('PMPC_USAGE', `${from} is a volume, and a clone is made of a guest`, {
      suggestions: [
        backupOf(from) === undefined
          ? `pmpc create ${from.includes(':vztmpl/') ? 'ct' : 'vm'} … --from ${shellWord(from)} --apply`
          : `pmpc restore --from ${shellWord(from)} --id next`,
      ],
      data: {from},
    })
  const [ref] = guestsCalled(from, states, command.split(' ', 2).join(' '))
  const {cluster, kind} = ref!
  return {cluster, kind, from: formatRef(ref!)}
}

function restoreOf({from}: MakeRequest): Origin {
  return {cluster: undefined, kind: kindOfBackup(from), from, keepsName: true}
}

/** Which kind of guests a backup makes. @throws PMPC_USAGE for a volume that is none */
export function kindOfBackup(volume: string): KindName {
  const kind = backupOf(volume)
  if (kind !== undefined) return kind
  throw new PmpcError('PMPC_USAGE', `${JSON.stringify(volume)} is no backup: those are STORAGE:backup/…`, {
    suggestions: ['pmpc get backups   # which there are'],
    data: {volume},
  })
}
