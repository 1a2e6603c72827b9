// What is there and what is wanted of one guest, as its steps look at it, and the calls that change its configuration.
import {own, type Config, type Observed, type Value} from '../resources/index.js'
import type {GuestTravel} from '../resources/travels/index.js'
import type {Version} from '../values/index.js'
import {effectsOf, keyChange, outcomeOf} from './consequences.js'
import {guestPath, requestOf, sentValue, versionAt, type Parameters} from './guest-requests.js'
import {isKeyMet, placed, targetOf, wishedKeys, type PlacedWish} from './guest-wishes.js'
import {changed, observedOf, worldOf, type ConfigChange, type GuestWorld} from './guest-world.js'
import type {Around, Effect, Request, Step, Wanted} from './model.js'
import {fileIn, isNamed, slotsOf, volumeIn} from './volume-names.js'
import {workOf, type SlotWork} from './volumes.js'

/** What a step is computed from. */
export interface Task {
  travel: GuestTravel
  world: GuestWorld
  wanted: Wanted
  wishes: readonly PlacedWish[]
  around: Around
  node: string
  version: Version
  /** The configuration as it is to be. */
  want: Config
  /** The keys that are not yet so, sorted. */
  unmet: readonly string[]
  /** What the slots among them need, those that stay. */
  slots: readonly SlotWork[]
  /** Whether it has to be off for one of them, and for which. */
  needsStop: readonly string[]
}

/** What there is to do for a guest that is there. */
export function taskOf(is: Observed, wanted: Wanted, around: Around): Task {
  const world = worldOf(is)
  const {travel} = world
  const wishes = placed(wanted.fields)
  const want = targetOf(is, wishes, wanted.bound?.slots)
  const unmet = wishedKeys(wishes).filter((key) => !isKeyMet(travel, is.kind, key, want, is.config))
  const node = String(is.facts.node)
  const slots = unmet
    .filter((key) => travel.volumes.slots.test(key) && own(want, key) !== undefined)
    .map((key) =>
      workOf({kind: is.kind, travel, key, is: own(is.config, key), want: own(want, key), sizes: wanted.bound?.sizes}),
    )
  const partial = {travel, world, wanted, wishes, around, node, version: versionAt(around, node), want, unmet, slots}
  return {...partial, needsStop: world.runs ? stoppers(partial) : []}
}

/** The keys for which a guest that runs has to be off. */
function stoppers({travel, world, want, unmet, slots}: Omit<Task, 'needsStop'>): string[] {
  const leaving = leavingSlots(world, want, unmet)
  return unmet.filter((key) => {
    const work = slots.find((slot) => slot.key === key)
    if (work?.moves !== undefined) return isMovedStopped(travel, key, world.now)
    if (leaving.some((slot) => slot.from === key || slot.to === key)) return true
    if (key === 'template') return true
    const will = work?.sends ?? own(want, key)
    if (work && work.sends === undefined) return false
    return (
      outcomeOf(travel, {runs: true, now: world.now}, keyChange(key, own(world.now, key), will)).takes === 'stopped'
    )
  })
}

function isMovedStopped(
  {volumes: {movedStopped, movedLiveWith: live}}: GuestTravel,
  key: string,
  now: Config,
): boolean {
  return movedStopped.test(key) || (live !== undefined && live.keys.test(key) && own(now, live.key) !== live.value)
}

/** Volumes that stand in another slot than the one that they are wanted in. */
export function leavingSlots(
  {travel, next}: GuestWorld,
  want: Config,
  unmet: readonly string[],
): {from: string; to: string}[] {
  const {subkey} = travel.volumes
  return unmet.flatMap((to) => {
    const volume = travel.volumes.slots.test(to) ? volumeIn(travel, own(want, to)) : undefined
    if (volume?.is !== 'volume' || !isNamed(volume.file)) return []
    const from = slotsOf(travel, next).find((key) => key !== to && fileIn(next[key]!, subkey) === volume.file)
    return from === undefined ? [] : [{from, to}]
  })
}

/** A path of the guest's. */
export const pathOf = ({world, node}: Task, ...rest: string[]): string => guestPath({...world, node}, ...rest)

function configRequest(task: Task, {set, removed}: ConfigChange, method: 'POST' | 'PUT' = 'PUT'): Request {
  const parameters: Parameters = Object.fromEntries(
    Object.entries(set).map(([key, value]) => [key, sentValue(task.world.kind, key, value, task.version)]),
  )
  return requestOf(method, pathOf(task, 'config'), {
    ...parameters,
    ...(removed.length > 0 && {delete: removed.join(',')}),
  })
}

/** A call that changes the configuration, with what it does to the wished fields of these keys. */
export function configStep(
  task: Task,
  change: ConfigChange,
  more: Partial<Step> = {},
  method: 'POST' | 'PUT' = 'PUT',
): Step {
  const keys = [...Object.keys(change.set), ...change.removed].sort()
  return {
    request: configRequest(task, change, method),
    effects: keys.flatMap((key) => effectsOfKey(task, key, own(change.set, key))),
    digest: 'object',
    ...more,
    after: observedOf(changed(task.world, change, task.version)),
  }
}

/** What becomes of the wished fields of a key. */
function effectsOfKey({travel, world, wishes}: Task, key: string, will: Value | undefined): Effect[] {
  const change = keyChange(key, own(world.now, key), will)
  const mine = wishes.filter((wish) => wish.key === key)
  return mine.flatMap((wish) => {
    const [, , subkey] = wish.at.path
    const part = subkey === undefined ? change : {...change, differs: change.differs.filter((name) => name === subkey)}
    // What PVE makes up, and the manifest leaves to it, is as it was.
    if (subkey !== undefined && part.differs.length === 0 && change.differs.length > 0) return []
    return effectsOf(wish.field, outcomeOf(travel, world, part, change))
  })
}

/** Fields of a key, or the key where none is wished in it. */
export const fieldsOf = ({wishes}: Task, key: string): string[] =>
  wishes.filter((wish) => wish.key === key).map(({field}) => field)

export const besideWish = ({wishes}: Task, field: string): PlacedWish | undefined =>
  wishes.find((wish) => wish.field === field)

/** These keys as they are to be. */
export function changeOf({want, slots}: Task, keys: readonly string[]): ConfigChange {
  const removed = keys.filter((key) => own(want, key) === undefined)
  const set = keys
    .filter((key) => !removed.includes(key))
    .map((key): [string, Value] => [key, slots.find((slot) => slot.key === key)?.sends ?? want[key]!])
  return {set: Object.fromEntries(set), removed}
}
