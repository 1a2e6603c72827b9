// The next step for a guest: a VM or a container.
import {isMap, kindOf, own, type Value} from '../resources/index.js'
import {around as kindsAround, keeper} from '../resources/travels/index.js'
import {creation, removal} from './guest-lives.js'
import {isOnNodeAlone, volumesOf} from './guest-places.js'
import {requestOf, type Parameters} from './guest-requests.js'
import {besideWish, changeOf, configStep, fieldsOf, leavingSlots, pathOf, taskOf, type Task} from './guest-task.js'
import {bindGuest} from './guest-wishes.js'
import {grown, isMedium, moved, observedOf, reverted, started, stopped, templated, withFacts} from './guest-world.js'
import type {Also, Around, Effect, Next, Refusal, Step, Wanted} from './model.js'
import {sameDeep} from '../values/index.js'
import {sizeText} from './volume-names.js'
import {sizeRefusal} from './volumes.js'

export {bindGuest} from './guest-wishes.js'

/** A step, or why there is none; or nothing of this sort is to be done. */
type Made = Step | {refused: Refusal} | undefined

/**
 * The next step for a guest, in this order: pool, stop, protection off, volumes off their slots, migration, moves, growth, what allocates, the rest of the
 * configuration, what goes alone (`hotplug`, `boot`), template, start. All of it is computed from what is there, with the wished fields replaced.
 * @param wanted bound by {@link bindGuest}, which has to be done once, before the first step; else it is bound to what is there now
 */
export const nextOfGuest: Next = (is, given, around) => {
  if (given.document === null) return is ? removal(is, around) : undefined
  const {wanted, refused} = bindGuest(is, given)
  if (refused.length > 0) return {refused: refused[0]!}
  // What is done once changes what it is by itself: it neither starts nor stops it besides.
  if (is && wanted.asked?.verb) return undefined
  if (!is) return wanted.asked ? {refused: gone(wanted)} : creation(wanted, around)
  const task = taskOf(is, wanted, around)
  for (const step of steps) {
    const made = step(task)
    if (made) return made
  }
  return undefined
}

/** Whoever asks for something at the keyboard asks it of what is there. */
function gone({ref: {cluster, kind, id}}: Wanted): Refusal {
  const message = `${kind}/${id} is not there any more`
  return {code: 'PMPC_NOT_FOUND', message, suggestions: [`pmpc sync --cluster ${cluster}`]}
}

const steps: readonly ((task: Task) => Made)[] = [
  pool,
  stop,
  protectionOff,
  revert,
  offSlots,
  migration,
  move,
  growth,
  misfit,
  allocation,
  replacement,
  ahead,
  config,
  alone,
  template,
  start,
]

function pool(task: Task): Made {
  const wish = besideWish(task, 'pool')
  const is = task.world.observed.facts.pool
  if (!wish || wish.want === is) return undefined
  const parameters = {
    poolid: String(wish.want ?? is),
    vms: String(task.world.id),
    ...(wish.want === undefined ? {delete: 1} : is !== undefined && {'allow-move': 1}),
  }
  const grants = [is, wish.want].some((one) => one !== undefined && hasAcl(task.around, `/pool/${String(one)}`))
  return {
    request: requestOf('PUT', '/pools', parameters),
    effects: [{field: wish.field, consequence: grants ? 'grants' : 'live'}],
    after: observedOf(withFacts(task.world, {pool: wish.want === undefined ? undefined : String(wish.want)})),
  }
}

/** Whether somebody was given rights on a path itself. */
function hasAcl(around: Around, at: string): boolean {
  return around.objects(kindsAround.acl).some(({config}) => own(config, at) !== undefined)
}

/** What looks after a guest is told along whether it is to run; nothing where nothing does. */
export function alongPower(id: string | number, runs: boolean, around: Around): Also[] {
  const resource = around.object(keeper.kind, id)
  const state = resource?.facts[keeper.fact]
  if (!resource || state === keeper.ignored) return []
  const isOff = keeper.off.some((word) => word === state)
  const will = runs ? keeper.running : isOff ? state : keeper.stopped
  const facts = {...resource.facts, ...(will !== undefined && {[keeper.fact]: will})}
  return [{kind: resource.kind, id: resource.id, after: {...resource, facts}}]
}

/** How long a system is given to end before it is cut off, in seconds; PVE's own for one that starts and stops with its node. */
const patience = 180

function stop(task: Task): Made {
  const {world, wanted, needsStop} = task
  const runs = wanted.bound!.runs
  if (!world.runs || (runs && needsStop.length === 0)) return undefined
  const also = alongPower(world.id, false, task.around)
  const fields = runs ? needsStop.flatMap((key) => fieldsOf(task, key)) : []
  const power = besideWish(task, 'power')
  const effects: Effect[] = runs
    ? fields.map((field) => ({field, consequence: 'restart', note: 'stopped, and started again'}))
    : [{...(power && {field: 'power'}), consequence: 'stops', ...(also.length > 0 && {note: keptSo})}]
  const {call, parameters} = wanted.asked?.stop ?? {call: 'shutdown', parameters: {forceStop: 1, timeout: patience}}
  return {
    request: requestOf('POST', pathOf(task, 'status', call), {...parameters}),
    effects,
    task: true,
    ...(also.length > 0 && {also}),
    after: observedOf(stopped(world)),
  }
}

const keptSo = 'high availability keeps it so'

function start(task: Task): Made {
  const {world, wanted} = task
  if (world.runs || !wanted.bound!.runs) return undefined
  const power = besideWish(task, 'power')
  const also = alongPower(world.id, true, task.around)
  return {
    request: requestOf('POST', pathOf(task, 'status', 'start')),
    effects: [{...(power && {field: 'power'}), consequence: 'live', ...(also.length > 0 && {note: keptSo})}],
    task: true,
    ...(also.length > 0 && {also}),
    after: observedOf(started(world)),
  }
}

/** Before anything that protection stands in the way of. */
function protectionOff(task: Task): Made {
  const {travel, unmet, want} = task
  const key = travel.protection
  if (!unmet.includes(key) || Number(own(want, key) ?? 0) === 1) return undefined
  const isInTheWay = unmet.some((other) => travel.volumes.slots.test(other) || other.startsWith('unused'))
  return isInTheWay ? configStep(task, changeOf(task, [key])) : undefined
}

/** Of a container, what is to go is taken back first where another change of it is pending; so is a change of a volume's options that nobody wishes any more before it moves or grows. */
function revert(task: Task): Made {
  const {travel, world, want, unmet, slots} = task
  if (!world.runs) return undefined
  const running = world.observed.running ?? {}
  const going = travel.revertsFirst
    ? unmet.filter((key) => own(want, key) === undefined && own(running, key) !== undefined)
    : []
  const options = (value: Value | null | undefined) => {
    if (!isMap(value)) return undefined
    const {[travel.volumes.subkey]: _file, size: _size, ...rest} = value
    return rest
  }
  const working = slots.flatMap(({key, moves, grows}) => {
    const runs = options(own(running, key))
    const isTakenBack = (moves ?? grows) !== undefined && runs && sameDeep(runs, options(own(want, key)))
    return isTakenBack ? [key] : []
  })
  const keys = [...new Set([...going, ...working])]
  if (keys.length === 0) return undefined
  return {
    request: requestOf('PUT', pathOf(task, 'config'), {revert: keys.join(',')}),
    effects: keys.flatMap((key) =>
      fieldsOf(task, key).map((field): Effect => ({field, consequence: 'live', note: 'what is pending is taken back'})),
    ),
    digest: 'object',
    after: observedOf(reverted(world, keys)),
  }
}

/** The volumes that are wanted in other slots; they are unused for a moment. */
function offSlots(task: Task): Made {
  const {world, want, unmet} = task
  const removed = [...new Set(leavingSlots(world, want, unmet).map(({from}) => from))].sort()
  if (removed.length === 0) return undefined
  return {
    ...configStep(task, {set: {}, removed}),
    effects: removed.flatMap((key) =>
      fieldsOf(task, key).map((field): Effect => ({
        field,
        consequence: 'live',
        note: 'its volume goes to another slot',
      })),
    ),
  }
}

function migration(task: Task): Made {
  const {travel, world, around, node} = task
  const wish = besideWish(task, 'placement.node')
  if (!wish || wish.want === undefined || wish.want === node) return undefined
  const {running, consequence, local} = travel.calls.migrate
  const isLocal = volumesOf(travel, world.next).some((value) => isOnNodeAlone(around, travel, value))
  const target = String(wish.want)
  const parameters = {target, ...(world.runs && running), ...(world.runs && isLocal && local)}
  const effects: Effect[] = [
    {field: wish.field, consequence: world.runs ? consequence : 'migrate'},
    ...(isLocal ? [{field: wish.field, consequence: 'moves-data' as const}] : []),
  ]
  // A container is stopped on its way, and takes what was pending.
  const arrived = world.runs && consequence === 'restart' ? started(stopped(world)) : world
  return {
    request: requestOf('POST', pathOf(task, 'migrate'), parameters),
    effects,
    task: true,
    after: observedOf(withFacts(arrived, {node: target})),
  }
}

// ---- volumes

/** PVE does not look whether a change of the slot is pending, and undoes move or growth on paper when that is taken (qemu-server, PVE/API2/Qemu.pm; seen on 9.2.6). */
function pendingRefusal({world}: Task, key: string): {refused: Refusal} | undefined {
  if (!world.runs || own(world.observed.running ?? {}, key) === undefined) return undefined
  return {
    refused: {
      field: `config.${key}`,
      code: 'PMPC_PLAN_PENDING',
      message: `${key}: another change of it is pending, and would undo this one when it is taken`,
      suggestions: [
        `Stop and start ${kindOf(world.kind).name} ${world.id}, or take that change back; then plan again.`,
      ],
    },
  }
}

function move(task: Task): Made {
  const {travel, world, slots} = task
  const work = slots.find(({moves}) => moves !== undefined)
  if (!work) return undefined
  const pending = pendingRefusal(task, work.key)
  if (pending) return pending
  const {key, moves: storage} = work
  const keeps = (world.observed.snapshots ?? []).length > 0
  const {move: call} = travel.volumes
  const parameters: Parameters = {[call.slot]: key, storage: storage!, ...(!keeps && {delete: 1})}
  return {
    request: requestOf('POST', pathOf(task, call.path), parameters),
    effects: fieldsOf(task, key).map((field): Effect => ({
      field,
      consequence: 'moves-data',
      ...(keeps && {note: 'snapshots hold the old volume, which stays as an unused one'}),
    })),
    digest: 'object',
    task: true,
    allocates: [storage!],
    after: observedOf(moved(world, key, storage!, keeps)),
  }
}

function growth(task: Task): Made {
  const {world, slots} = task
  const work = slots.find(({grows}) => grows !== undefined)
  if (!work) return undefined
  const pending = pendingRefusal(task, work.key)
  if (pending) return pending
  const {key, grows: bytes} = work
  return {
    request: requestOf('PUT', pathOf(task, 'resize'), {disk: key, size: sizeText(bytes!)}),
    effects: fieldsOf(task, key).map((field): Effect => ({field, consequence: 'live', irreversible: true})),
    digest: 'object',
    task: true,
    after: observedOf(grown(world, key, bytes!)),
  }
}

/** A size that no call makes: nothing is sent for the slot, least of all what would make a second volume. */
function misfit({slots, world, want, travel}: Task): Made {
  const work = slots.find(({misfits}) => misfits)
  return work && {refused: sizeRefusal({travel, is: world.next, want}, work.key)!}
}

/** What makes a volume goes alone. */
function allocation(task: Task): Made {
  const work = task.slots.find(({allocates}) => allocates !== undefined)
  if (!work) return undefined
  const {method, task: isTask} = task.travel.allocate
  const more = {allocates: [work.allocates!], ...(isTask && {task: isTask})}
  return configStep(task, {set: {[work.key]: work.sends!}, removed: []}, more, method)
}

/** What turns a volume out, or comes into the boot order, goes alone: in which order PVE takes several is chance. */
function replacement(task: Task): Made {
  const {slots, world, travel} = task
  const hasOrder = travel.order !== undefined && own(world.now, travel.order.key) !== undefined
  const work = slots.find(
    ({replaces, sends}) => sends !== undefined && (replaces ?? (hasOrder && isMedium(travel, sends))),
  )
  return work && configStep(task, {set: {[work.key]: work.sends!}, removed: []})
}

// ---- the configuration

function ahead(task: Task): Made {
  const {key, than} = task.travel.goesBefore ?? {}
  if (key === undefined || !task.unmet.includes(key) || own(task.want, key) !== undefined) return undefined
  const isBelow = task.unmet.includes(than!) && Number(own(task.want, than!)) < Number(own(task.world.next, key))
  return isBelow ? configStep(task, changeOf(task, [key])) : undefined
}

function config(task: Task): Made {
  const {travel, unmet, want, slots} = task
  // What is to be made was made by now: a slot is sent with the volume that is there, or not at all.
  const isSent = (key: string): boolean =>
    !travel.volumes.slots.test(key) ||
    own(want, key) === undefined ||
    slots.some((slot) => slot.key === key && slot.sends)
  const keys = unmet.filter((key) => !travel.alone.includes(key) && !isTemplateWish(task, key) && isSent(key))
  return keys.length > 0 ? configStep(task, changeOf(task, keys)) : undefined
}

function alone(task: Task): Made {
  const key = task.travel.alone.find((name) => task.unmet.includes(name))
  return key === undefined ? undefined : configStep(task, changeOf(task, [key]))
}

const isTemplateWish = ({want}: Task, key: string): boolean => key === 'template' && Number(own(want, key) ?? 0) === 1

function template(task: Task): Made {
  const {world, unmet} = task
  const key = unmet.find((name) => isTemplateWish(task, name))
  if (key === undefined) return undefined
  return {
    request: requestOf('POST', pathOf(task, 'template')),
    effects: fieldsOf(task, key).map((field): Effect => ({
      field,
      consequence: 'live',
      irreversible: true,
      note: 'its volumes become base volumes',
    })),
    task: true,
    after: observedOf(templated(world)),
  }
}
