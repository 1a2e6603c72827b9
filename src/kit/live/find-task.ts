import {isPmpcError, PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {mapIn, type Reader} from '../proxmox/index.js'
import {isGuest} from '../resources/kinds/index.js'
import {parseRefs} from '../resources/refs.js'
import {parseUpid, type Upid} from '../values/upid.js'
import {resolveObject} from '../workspace/objects.js'
import {guestsNow, taskPath, type GuestNow} from './nodes.js'
import {tasksOf, taskTeller, type TaskItem} from './tasks.js'

/** A task, and who can read more of it. */
export interface FoundTask {
  task: TaskItem
  reader: Reader
}

/** How far back the beginning of a UPID is looked for, in tasks of each node. */
const lookedBack = 500

/**
 * The one task that a word means: a UPID, the beginning of one that no other recent task has, or a guest (`vm/100`, `100`, `web01`), whose last task
 * it is then.
 * @param readers of the clusters that may be meant
 * @param command as it is typed: `pmpc task show`
 * @throws PMPC_BAD_OBJECT for what can be no UPID; PMPC_NOT_FOUND; PMPC_AMBIGUOUS with those that may be meant
 */
export async function findTask(word: string, readers: readonly Reader[], command: string): Promise<FoundTask> {
  if (!/^UPID\b/i.test(word)) return lastOf(word, readers, command)
  // What was copied without its last colon.
  const task = parseUpid(word) ?? parseUpid(`${word}:`)
  if (task !== undefined) return byUpid(task, word.endsWith(':') ? word : `${word}:`, readers)
  return byBeginning(word, readers, command)
}

/** Asks each cluster: two may have a node of the same name. */
async function byUpid(task: Upid, upid: string, readers: readonly Reader[]): Promise<FoundTask> {
  const found = await ofEach(readers, async (reader) => {
    const all = await listedOrRead(reader, task, upid)
    return all === undefined ? [] : [all]
  })
  if (found.length > 0) return found[0]!
  throw notFound(`no task has the id ${upid}`, upid)
}

/** The list tells when it ended; its own status does not, but is there when the lists have forgotten it. */
async function listedOrRead(reader: Reader, task: Upid, upid: string): Promise<TaskItem | undefined> {
  const {node, type, starttime} = task
  const filter = {nodes: [node], type, since: starttime, until: starttime, limit: lookedBack}
  const listed = await tasksOf(reader, filter).catch(unlessUnknownNode)
  const found = listed?.items.find((one) => one.upid === upid)
  if (found || listed === undefined) return found
  const path = taskPath(node, upid, 'status')
  const answer = await reader.get<unknown>(path).catch(unlessNoTask)
  if (answer === undefined) return undefined
  const {status, exitstatus} = mapIn(answer, path)
  const entry = status === 'running' ? {upid, status: 'RUNNING'} : {upid, status: exitstatus ?? 'unexpected status'}
  return taskTeller(reader.cluster!, await guestsNow(reader).catch(() => []))(entry)
}

function unlessUnknownNode(error: unknown): undefined {
  if (!isPmpcError(error) || error.code !== 'PMPC_NOT_FOUND') throw error
  return undefined
}

/** PVE answers `no such task` as an error of a parameter (pve-manager, PVE/API2/Tasks.pm). */
function unlessNoTask(error: unknown): undefined {
  if (!isPmpcError(error) || !/no such task/.test(error.message)) throw error
  return undefined
}

async function byBeginning(word: string, readers: readonly Reader[], command: string): Promise<FoundTask> {
  const node = /^UPID:([^:]+):/.exec(word)?.[1]
  if (!/^UPID(:[^:\s/]*){0,8}$/.test(word))
    throw new PmpcError('PMPC_BAD_OBJECT', `${JSON.stringify(word)} is no id of a task.`, {
      suggestions: ['pmpc task list -o wide'],
      data: {upid: word, form: 'UPID:NODE:PID:PSTART:STARTTIME:TYPE:ID:USER:'},
    })
  const found = await ofEach(readers, async (reader) => {
    const filter = {nodes: node === undefined ? undefined : [node], limit: lookedBack}
    const {items} = (await tasksOf(reader, filter).catch(unlessUnknownNode)) ?? {items: []}
    return items.filter(({upid}) => upid.startsWith(word))
  })
  if (found.length === 1) return found[0]!
  if (found.length === 0) throw notFound(`no recent task has an id that begins with ${word}`, word)
  const upids = found.map(({task}) => task.upid)
  throw new PmpcError('PMPC_AMBIGUOUS', `${word} is the beginning of ${found.length} tasks' ids.`, {
    suggestions: upids.slice(0, spelledOut).map((upid) => `${command} ${shellWord(upid)}`),
    data: {upids: upids.slice(0, lookedBack)},
  })
}

/** How many tasks an error spells out. */
const spelledOut = 5

/** The last task of a guest. It need not be there any more: a number is a VMID then. */
async function lastOf(word: string, readers: readonly Reader[], command: string): Promise<FoundTask> {
  const meant = await guestsNamed([word], readers, command)
  const found = await ofEach(readers, async (reader) => {
    const guests = meant.filter(({cluster}) => cluster === reader.cluster).map(({vmid}) => vmid)
    return guests.length === 0 ? [] : (await tasksOf(reader, {guests, limit: 1})).items
  })
  const [last] = found.toSorted((a, b) => b.task.starttime - a.task.starttime)
  if (last) return last
  throw notFound(`no task of ${word} is remembered`, word)
}

/** A guest of which tasks are wanted. */
export interface GuestNamed {
  cluster: string
  vmid: number
}

/**
 * The guests that words mean, as the clusters tell them now: ids or names. One that is gone is meant by its number: `vm/100`, `100`; its tasks are
 * there still.
 * @throws PMPC_NOT_FOUND, PMPC_AMBIGUOUS, PMPC_BAD_OBJECT
 */
export async function guestsNamed(
  words: readonly string[],
  readers: readonly Reader[],
  command: string,
): Promise<GuestNamed[]> {
  const lists = await ofClusters(readers, guestsNow)
  const clusters = readers.map(({cluster}) => cluster!)
  return words.flatMap((word) => namedGuest(word, lists.flat(), clusters, command))
}

function namedGuest(word: string, known: GuestNow[], clusters: string[], command: string): GuestNamed[] {
  try {
    const refs = resolveObject(word, {known, clusters, command, found: 'is among the guests that are there now'})
    return refs.map(({cluster, id}) => ({cluster, vmid: Number(id)}))
  } catch (error) {
    const gone = (parseRefs(word, clusters) ?? []).filter(({kind}) => isGuest(kind))
    if (!isPmpcError(error) || error.code !== 'PMPC_NOT_FOUND' || gone.length === 0) throw error
    // A number alone may have been a guest of either kind.
    const byCluster = new Map(gone.map(({cluster, id}) => [cluster, Number(id)]))
    return [...byCluster].map(([cluster, vmid]) => ({cluster, vmid}))
  }
}

/** Asks each cluster for tasks. */
async function ofEach(readers: readonly Reader[], find: (reader: Reader) => Promise<TaskItem[]>): Promise<FoundTask[]> {
  const lists = await ofClusters(readers, async (reader) => (await find(reader)).map((task) => ({task, reader})))
  return lists.flat()
}

/** Asks each cluster for a list. One that cannot be asked matters where no other tells anything. */
async function ofClusters<T>(readers: readonly Reader[], ask: (reader: Reader) => Promise<T[]>): Promise<T[][]> {
  const failures: unknown[] = []
  const lists = await Promise.all(
    readers.map(async (reader) =>
      ask(reader).catch((error: unknown) => {
        failures.push(error)
        return []
      }),
    ),
  )
  if (failures.length > 0 && lists.flat().length === 0) throw failures[0]
  return lists
}

function notFound(message: string, word: string): PmpcError {
  return new PmpcError('PMPC_NOT_FOUND', `${message[0]!.toUpperCase()}${message.slice(1)}.`, {
    suggestions: ['pmpc task list'],
    data: {object: word},
  })
}
