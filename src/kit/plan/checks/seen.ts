import {owningNode, permissionsIn, type Permissions} from '../../proxmox/index.js'
import {formatRef, type Observed} from '../../resources/index.js'
import {afterSteps} from '../around.js'
import type {Action, Around, Check, Step} from '../model.js'
import {demandOf, readRequest, type Calls} from './calls.js'
import type {Given} from './contract.js'
import type {Demand} from './demands.js'
import {heldRights, type RightsAt} from './held.js'
import {dataOf, type Entry, type Known} from './known.js'
import {textsOf, worldOf, type World} from './world.js'

/** A step of a plan with all that the checks want to know of it. */
export interface Seen {
  readonly action: Action
  readonly step: Step
  /** `home/vm/100`. */
  readonly object: string
  /** The object before this step; null: it is not there. */
  readonly before: Observed | null
  /** As the contract names it; undefined where the node's version has no such call. */
  readonly call: string | undefined
  /** Path variables and parameters, as text; secrets are empty. */
  readonly given: Given
  readonly node: string | undefined
  readonly version: string
  readonly calls: Calls
  readonly demand: Demand | undefined
  readonly world: World
}

/** A plan laid out for the checks. */
export interface Plan {
  readonly cluster: string
  readonly actions: readonly Action[]
  readonly around: Around
  readonly known: Known
  readonly steps: readonly Seen[]
  /** As it is before the plan. */
  readonly world: World
  /** As it will be after the plan. */
  readonly will: World
  readonly rightsAt: RightsAt
  /** What /cluster/resources tells, by what it is: `node/pve1`, `qemu/100`, `storage/pve1/local`. */
  readonly resources: ReadonlyMap<string, Entry>
}

/** Lays a plan out for the checks. */
export function layOut(actions: readonly Action[], around: Around, known: Known): Plan {
  const world = worldOf(around, {who: known.who, version: around.version()})
  return {
    cluster: around.cluster,
    actions,
    around,
    known,
    steps: actions.flatMap((action) => action.steps.map((step, at) => seen(action, step, at, around, known))),
    world,
    will: worldOf(afterSteps(around, actions), {who: known.who, version: around.version()}),
    rightsAt: heldRights(known.permissions, exactRights(known), world),
    resources: new Map(known.resources.map((entry) => [nameOf(entry), entry])),
  }
}

function nameOf({type, node, vmid, storage}: Entry): string {
  const name = type === 'storage' ? `${String(node)}/${String(storage)}` : type === 'node' ? node : vmid
  return `${String(type)}/${String(name)}`
}

function seen(action: Action, step: Step, at: number, around: Around, known: Known): Seen {
  const {request} = step
  const before = at === 0 ? action.is : action.steps[at - 1]!.after
  const node = owningNode(request.path)
  const version = around.version(node)
  const calls = known.calls(version)
  const read = readRequest(request, calls)
  const world = worldOf(around, {who: known.who, version, now: {...action.ref, is: before}})
  return {
    action,
    step,
    object: formatRef(action.ref),
    before,
    call: read?.call,
    given: read?.given ?? textsOf(request),
    node,
    version,
    calls,
    demand: read && demandOf({...read, world}, calls),
    world,
  }
}

/** The answers to `/access/permissions?path=…`, together. */
function exactRights(known: Known): Permissions {
  const found: Permissions = {}
  for (const [key] of known.answers) {
    const path = /^\/access\/permissions\?path=(.+)$/.exec(key)?.[1]
    if (path === undefined) continue
    const data = dataOf(known, permissionsNeed(path))
    if (data !== undefined) found[path] = permissionsIn(data)[path] ?? {}
  }
  return found
}

export const permissionsNeed = (path: string) => ({path: '/access/permissions', query: {path}})

/** A check that failed of a step's object. */
export const failed = (
  {object}: Pick<Seen, 'object'>,
  check: string,
  message: string,
  suggestions: readonly string[] = [],
): Check => ({object, check, severity: 'error', message, suggestions})

/** What is odd, and stops nothing. */
export const odd = (
  seen: Pick<Seen, 'object'>,
  check: string,
  message: string,
  suggestions: readonly string[] = [],
): Check => ({
  ...failed(seen, check, message, suggestions),
  severity: 'warning',
})
