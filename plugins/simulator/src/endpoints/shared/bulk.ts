import {requireAll} from '../../access/checks.js'
import {type Call, text} from '../../calls/call.js'
import {splitList} from '../../contract/scalars.js'
import {parsePropertyString} from '../../contract/schema.js'
import {managedBy} from '../../ha/services.js'
import type {Guest} from '../../state/model.js'
import type {TaskHandle} from '../../tasks/runner.js'

/** A guest as logs of tasks name it: `VM 100`. */
export const label = ({type, vmid}: Guest): string => `${type === 'qemu' ? 'VM' : 'CT'} ${vmid}`

/** Whether a guest is a template, which never runs. */
export const isTemplate = ({config}: Guest): boolean => Number(config.template ?? 0) === 1

/** Guests that a call names; all of them where it names none. */
export function named(call: Call): string[] | undefined {
  const {vms} = call.param
  if (vms === undefined) return undefined
  return Array.isArray(vms) ? vms.map(String) : splitList(String(vms))
}

/** Rights on each guest named, or on all. @throws ApiError 403 */
export function requireRights(call: Call, privilege: string): void {
  const paths = named(call)?.map((vmid) => `/vms/${vmid}`) ?? ['/']
  for (const path of paths) requireAll(call.sim, call.auth, path, [privilege])
}

interface Startup {
  order?: string | number
  up?: string | number
  down?: string | number
}

/** A guest's order of starting, and how long to wait after it starts (`up`) or stops (`down`), in seconds. */
export function startupOf(call: Call, {config}: Guest): Startup {
  if (config.startup === undefined) return {}
  const format = {
    order: {type: 'integer', default_key: true, optional: true},
    up: {optional: true},
    down: {optional: true},
  }
  return parsePropertyString(String(config.startup), format, 'startup', call.sim.context)
}

/** Guests of a node, or of all nodes, in the groups in which they start. Those without an order come last. */
export function startGroups(call: Call, node: string | undefined, wanted: (guest: Guest) => boolean): Guest[][] {
  const chosen = named(call)
  const groups = new Map<number, Guest[]>()
  const guests = Object.values(call.sim.state.guests).filter(
    (guest) =>
      (node === undefined || guest.node === node) &&
      (chosen ? chosen.includes(String(guest.vmid)) : !managedBy(call.sim.state, guest)) &&
      !isTemplate(guest) &&
      wanted(guest),
  )
  for (const guest of guests.sort((one, other) => one.vmid - other.vmid)) {
    const order = Number(startupOf(call, guest).order ?? Infinity)
    groups.set(order, [...(groups.get(order) ?? []), guest])
  }
  return [...groups.keys()].sort((one, other) => one - other).map((order) => groups.get(order)!)
}

/** Begins the task of one guest, or tells why there is none. */
export type Begin = (guest: Guest) => Promise<string | undefined> | undefined

interface Workers {
  /** How many guests at once. */
  limit: number
  begin: Begin
  /** A task came to its end. */
  end: (guest: Guest, result: string) => void
  /** There is no task. */
  refused: (guest: Guest, problem: string) => void
}

/** One group after the other, in each so many guests at once. */
export async function eachGroup(call: Call, groups: Guest[][], {limit, begin, end, refused}: Workers): Promise<void> {
  for (const group of groups) {
    const queue = [...group]
    const work = async (): Promise<void> => {
      for (let guest = queue.shift(); guest; guest = queue.shift()) {
        try {
          const upid = await begin(guest)
          if (upid !== undefined) end(guest, await outcome(call, upid))
        } catch (error) {
          refused(guest, (error as Error).message.trimEnd())
        }
      }
    }
    await Promise.all(Array.from({length: limit}, work))
  }
}

async function outcome(call: Call, upid: string): Promise<string> {
  await call.sim.tasks.ended(upid)
  return call.sim.state.tasks.find((task) => task.upid === upid)?.exitstatus ?? 'unexpected status'
}

/** Whether a task ended well. */
export const good = (result: string): boolean => result === 'OK' || result.startsWith('WARNINGS')

/** Sends a call of one guest as the caller does. */
export const ask = (call: Call, {node, type, vmid}: Guest, action: string, body = {}): Promise<string> =>
  call.sim.listener
    .perform({verb: 'POST', path: `/nodes/${node}/${type}/${vmid}/${action}`, query: {}, body, auth: call.auth})
    .then(String)

/** How many guests at once: as the call says, else the cluster's options. */
export const workersOf = (call: Call, fallback: number): number =>
  Number(text(call, 'max-workers') ?? text(call, 'maxworkers') ?? call.sim.state.options.max_workers ?? fallback)

/** Begins the one task about all of them; returns its UPID. */
export const begin = (call: Call, type: string, node: string, work: (task: TaskHandle) => Promise<void>): string =>
  call.sim.tasks.start({node, type, id: '', user: call.auth}, work)

/** A whole number of seconds. */
export const seconds = (value: unknown, fallback: number): number => Math.trunc(Number(value ?? fallback))

/** A parameter as it was sent, to be handed on; nothing where it was not. */
export const given = (call: Call, key: string): Record<string, unknown> =>
  call.param[key] === undefined ? {} : {[key]: call.param[key]}
