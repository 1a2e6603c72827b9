// What was sent, and nobody answered: when it is over, and whose work it was.
import {isPmpcError} from '../errors/index.js'
import {apiPath, guestOf, listIn, owningNode, systemClock, type Writer} from '../proxmox/index.js'
import {formatRef, isGuest, kindOf, type ObjectRef} from '../resources/index.js'
import {wireKindOf} from '../resources/kinds/on-wire.js'
import type {Execution} from './model.js'

/** How long what was sent and not answered is waited for, in milliseconds; and between two looks. */
const [longestQuiet, quietPause] = [3_600_000, 1000]

/**
 * Waits until nothing works on an object any more of which a request was sent and not answered: no task of the guest nor of what it is cloned from, and no
 * lock. What else is sent takes PVE less than a second.
 */
export async function untilQuiet(
  {writer, clock = systemClock, progress}: Pick<Execution, 'writer' | 'progress' | 'clock'>,
  ref: ObjectRef,
  path: string,
): Promise<void> {
  const node = owningNode(path)
  const guests = [...new Set([guestOf(path), ...(isGuest(ref.kind) ? [String(ref.id)] : [])])].flatMap((id) => id ?? [])
  const deadline = clock.now() + longestQuiet
  await clock.sleep(quietPause)
  while (node !== undefined && guests.length > 0 && clock.now() < deadline) {
    const running = await Promise.all(guests.map(async (id) => tasksOf(writer, node, {vmid: id, source: 'active'})))
    const lock = await lockOf(writer, ref, node)
    if (running.flat().length === 0 && lock === undefined) return
    progress.onDetail?.(formatRef(ref), lock === undefined ? 'waiting for a task' : `waiting: locked (${lock})`)
    await clock.sleep(2 * quietPause)
  }
}

interface Task {
  upid: string
  type: string
  user: string
  /** Of a token its name, which `user` lacks then (pve-manager, PVE/API2/Tasks.pm). */
  tokenid?: string
  starttime: number
  /** While it runs it has neither. */
  endtime?: number
  status?: string
  node: string
}

const whoOf = ({user, tokenid}: Task): string => (tokenid === undefined ? user : `${user}!${tokenid}`)

async function tasksOf(
  writer: Writer,
  node: string,
  query: {vmid: string; source?: string; since?: number},
): Promise<Task[]> {
  return listOf(writer, apiPath('nodes', node, 'tasks'), query)
}

async function listOf(writer: Writer, path: string, query: Readonly<Record<string, string | number>>): Promise<Task[]> {
  const found = listIn(await writer.get(path, query), path)
  return found.filter((task): task is Task => typeof task === 'object' && task !== null && 'upid' in task)
}

/** What a guest is locked for while something works on it; undefined: nothing does, or it is not there. */
async function lockOf(writer: Writer, {kind, id}: ObjectRef, node: string): Promise<string | undefined> {
  const {guest} = kindOf(kind)
  if (guest === undefined) return undefined
  const config = await writer
    .get<{lock?: string}>(apiPath('nodes', node, guest, id, 'config'))
    .catch((error: unknown) => {
      if (isPmpcError(error) && error.code === 'PMPC_NOT_FOUND') return undefined
      throw error
    })
  // A guest whose memory is on disk has its lock until it is started (qemu-server, PVE/QemuServer.pm (vm_suspend)).
  const lasting = wireKindOf(kind).locks?.lasting
  return config?.lock !== undefined && lasting?.includes(config.lock) ? undefined : config?.lock
}

/** The last task of ours for a guest that began since a request, of one of these types; undefined: the node knows of none. @param sent see {@link isOurs} */
export async function taskOf(
  writer: Writer,
  {id}: ObjectRef,
  {path, at, types}: {path: string; at: string; types: RegExp},
): Promise<string | undefined> {
  const node = owningNode(path)
  if (node === undefined) return undefined
  const since = await sentAt(writer, node, at)
  const tasks = await tasksOf(writer, node, {vmid: String(id), source: 'all', since})
  const mine = tasks.filter((task) => types.test(task.type) && whoOf(task) === writer.who && task.starttime >= since)
  return mine.sort((a, b) => b.starttime - a.starttime)[0]?.upid
}

/**
 * Waits for the task by which a request of ours, that went unanswered, had networks loaded anew.
 * @returns whether it ended well; undefined: there is none, or no longer
 */
export async function reloadSince(
  {writer, clock = systemClock}: Pick<Execution, 'writer' | 'clock'>,
  sent: {path: string; at: string},
): Promise<boolean | undefined> {
  const node = owningNode(sent.path)
  const [path, query] = node === undefined ? ['/cluster/tasks', {}] : [apiPath('nodes', node, 'tasks'), {source: 'all'}]
  // pve-manager, PVE/API2/Network.pm (reload_network_config); PVE/API2/Network/SDN.pm (reload).
  const type = node === undefined ? 'reloadnetworkall' : 'srvreload'
  const deadline = clock.now() + longestQuiet
  for (;;) {
    const mine = (await listOf(writer, path, query)).filter((task) => task.type === type && whoOf(task) === writer.who)
    const last = mine.toSorted((a, b) => a.starttime - b.starttime).at(-1)
    if (!last || last.starttime < (await sentAt(writer, last.node, sent.at))) return undefined
    if (last.endtime !== undefined) return /^(?:OK|WARNINGS)/.test(last.status ?? '')
    if (clock.now() >= deadline) return undefined
    await clock.sleep(quietPause)
  }
}

/** Types of the tasks that make a guest (pve-manager, PVE/API2/Tasks.pm; the worker's name in each call). */
const making = /^(?:qm|vz)(?:create|restore|clone)$/

/** When something was sent, in seconds by a node's clock: that may be another one than ours. */
async function sentAt(writer: Writer, node: string, at: string): Promise<number> {
  const here = Date.now() / 1000
  const {time} = await writer.get<{time: number}>(apiPath('nodes', node, 'time')).catch(() => ({time: here}))
  const ago = Math.ceil(here - Date.parse(at) / 1000)
  // A second for what both have rounded, and one for the way.
  return time - ago - 2
}

/**
 * Whether a guest that is there since a request of ours went unanswered was made by that request: a task of our token for it began since. A clone's task
 * is its source's, and names the new one in its log.
 * @param sent `at` in ISO 8601, by our clock: that of the node may be another one
 */
export async function isOurs(
  writer: Writer,
  {id}: ObjectRef,
  sent: {path: string; at: string; source?: string | undefined},
): Promise<boolean> {
  const node = owningNode(sent.path)
  if (node === undefined) return false
  const since = await sentAt(writer, node, sent.at)
  const tasks = await tasksOf(writer, node, {vmid: sent.source ?? String(id), source: 'all', since})
  const mine = tasks.filter((task) => making.test(task.type) && whoOf(task) === writer.who && task.starttime >= since)
  if (sent.source === undefined) return mine.length > 0
  const logs = await Promise.all(
    mine.map(async ({upid}) => writer.get<{t: string}[]>(apiPath('nodes', node, 'tasks', upid, 'log'), {limit: 500})),
  )
  return logs.some((lines) => lines.some(({t}) => new RegExp(`\\b${id}\\b`).test(t)))
}
