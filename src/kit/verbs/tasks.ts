import {exitCodes, isPmpcError, type ExitCode} from '../errors/index.js'
import {byStart, findTask, guestsNamed, taskPath, tasksOf} from '../live/index.js'
import type {FoundTask, Listed, TaskFilter, TaskItem} from '../live/index.js'
import {createLogReader, waitForTask, type Clock, type Reader, type TaskResult} from '../proxmox/index.js'
import {step, type Caller, type StepReport} from '../runs/index.js'
import type {Workspace} from '../workspace/index.js'
import {listNow, withReaders, type ListedNow} from './live.js'

/** Which tasks are wanted. */
export interface TasksRequest {
  clusters: readonly string[]
  /** Guests as people name them; those of the others are left out. */
  guests: readonly string[]
  filter: Omit<TaskFilter, 'guests'>
  /** What stands before a guest: `pmpc task list --guest`. */
  command: string
}

/**
 * The newest tasks of clusters, newest first.
 * @throws as `listNow`; PMPC_NOT_FOUND, PMPC_AMBIGUOUS, PMPC_BAD_OBJECT for a guest
 */
export async function listTasks(
  workspace: Workspace,
  {clusters, guests, filter, command}: TasksRequest,
  caller: Caller,
): Promise<ListedNow<TaskItem>> {
  const none: Listed<TaskItem> = {items: [], unread: [], more: 0}
  let named: ReturnType<typeof guestsNamed> | undefined
  const read = async (reader: Reader, readers: readonly Reader[]): Promise<Listed<TaskItem>> => {
    if (guests.length === 0) return tasksOf(reader, filter)
    named ??= guestsNamed(guests, readers, command)
    const vmids = (await named).filter(({cluster}) => cluster === reader.cluster).map(({vmid}) => vmid)
    return vmids.length === 0 ? none : tasksOf(reader, {...filter, guests: [...new Set(vmids)]})
  }
  const listed = await listNow<TaskItem>(workspace, {clusters, read}, caller)
  const items = listed.items.toSorted(byStart)
  const cut = Math.max(0, items.length - filter.limit)
  return {...listed, items: items.slice(0, filter.limit), more: listed.more + cut}
}

/** One task, as people name it. */
export interface TaskRequest {
  /** Those that may be meant. */
  clusters: readonly string[]
  /** A UPID, the beginning of one, or a guest, whose last task is meant. */
  word: string
  /** As it is typed: `pmpc task show`. */
  command: string
}

/** A task as it is now. @throws as `findTask` and `withReaders` */
export async function showTask(workspace: Workspace, request: TaskRequest, caller: Caller): Promise<TaskItem> {
  return withTask(workspace, request, caller, async ({task}) => task)
}

async function withTask<T>(
  workspace: Workspace,
  {clusters, word, command}: TaskRequest,
  caller: Caller,
  work: (found: FoundTask) => Promise<T>,
): Promise<T> {
  return withReaders(workspace, clusters, caller, async (readers) => work(await findTask(word, readers, command)))
}

export interface TaskLogRequest extends TaskRequest {
  /** Only so many of its last lines; all unless given. */
  last?: number | undefined
  /** Waits for further lines until the task ends. */
  follow: boolean
  /** Each line as it is read. */
  onLine?(line: string): void
  clock?: Clock
}

/** The log of a task; docs/schema/task-log.json. */
export interface TaskLog {
  /** The task as it was when its log was asked for. */
  task: TaskItem
  /** The number of the first line below, from 1. */
  first: number
  lines: string[]
}

/**
 * Reads the log of a task, page by page.
 * @throws as `showTask`; PMPC_NODE_UNREACHABLE where its node stays away; PMPC_INTERRUPTED
 */
export async function taskLog(workspace: Workspace, request: TaskLogRequest, caller: Caller): Promise<TaskLog> {
  const {last, follow, onLine, clock} = request
  return withTask(workspace, request, caller, async ({task, reader}) => {
    const logFrom = last === undefined ? 0 : Math.max(0, (await logLength(reader, task)) - last)
    const lines: string[] = []
    const onLog = (line: string): void => {
      lines.push(line)
      onLine?.(line)
    }
    if (follow && task.status === 'running')
      await waitForTask(reader, task.upid, {
        wholeLog: true,
        ...{onLog, logFrom, timeout: Infinity, signal: caller.signal},
        ...(clock && {clock}),
      }).catch(unlessEnded)
    else await createLogReader(reader, task.upid, {onLog, logFrom}).read()
    return {task, first: logFrom + 1, lines}
  })
}

async function logLength(reader: Reader, {node, upid}: TaskItem): Promise<number> {
  const {total} = await reader.getWhole(taskPath(node, upid, 'log'), {start: 0, limit: 1})
  return typeof total === 'number' ? total : 0
}

/** A task that failed has ended, and its log says why. */
function unlessEnded(error: unknown): undefined {
  if (!isPmpcError(error) || error.data?.exitstatus === undefined) throw error
  return undefined
}

/** What became of a task that was waited for, or stopped; docs/schema/task-wait.json. */
export interface TaskOutcome {
  cluster: string
  upid: string
  type: string
  /** `vm/100`; absent where it works on nothing. */
  object?: string
  ok: boolean
  /** PVE's own words; absent of one that goes on. */
  exitstatus?: string
  warnings: number
  /** Of pmpc's error, where it is not ok. */
  code?: string
  message: string
}

/** What `pmpc task wait` and `pmpc task cancel` print. */
export interface TaskOutcomes {
  results: TaskOutcome[]
}

export interface TaskWaitRequest {
  clusters: readonly string[]
  words: readonly string[]
  command: string
  /** Milliseconds, for all of them. */
  timeout?: number | undefined
  /** Told of each as it ends. */
  onOutcome?(outcome: TaskOutcome): void
  clock?: Clock
}

/**
 * Waits until tasks have ended.
 * @throws as `findTask`, before any is waited for; PMPC_INTERRUPTED, and the tasks go on
 */
export async function waitForTasks(
  workspace: Workspace,
  {clusters, words, command, timeout = Infinity, onOutcome, clock}: TaskWaitRequest,
  caller: Caller,
): Promise<TaskOutcomes> {
  return withReaders(workspace, clusters, caller, async (readers) => {
    const found = await findTasks(words, readers, command)
    const wait = async ({detail}: StepReport): Promise<TaskOutcome[]> =>
      Promise.all(
        found.map(async ({task, reader}) => {
          const outcome = await outcomeOf(task, async () =>
            waitForTask(reader, task.upid, {
              ...{timeout, signal: caller.signal, onLog: detail},
              ...(clock && {clock}),
            }),
          )
          onOutcome?.(outcome)
          return outcome
        }),
      )
    const what = found.length === 1 ? nameOf(found[0]!.task) : `${found.length} tasks`
    return {results: await step(caller, `Wait for ${what}`, wait, 'wait')}
  })
}

/** The tasks that words mean, each once. */
export async function findTasks(
  words: readonly string[],
  readers: readonly Reader[],
  command: string,
): Promise<FoundTask[]> {
  const found = await Promise.all(words.map(async (word) => findTask(word, readers, command)))
  return [...new Map(found.map((one) => [`${one.task.cluster} ${one.task.upid}`, one])).values()]
}

/** `qmstart vm/100 (web01)`. */
export function nameOf({type, object, guestname}: Pick<TaskItem, 'type' | 'object' | 'guestname'>): string {
  return [type, object, guestname === undefined ? undefined : `(${guestname})`].filter((part) => part).join(' ')
}

/** How waiting for a task ended. @throws PMPC_INTERRUPTED, and what is no error of pmpc's */
export async function outcomeOf(task: TaskItem, wait: () => Promise<TaskResult>): Promise<TaskOutcome> {
  const {cluster, upid, type, object} = task
  const outcome = {cluster, upid, type, ...(object !== undefined && {object})}
  try {
    const {exitstatus, warnings, onlyWished} = await wait()
    const wished = 'OK: high availability does it later, or never'
    return {...outcome, ok: true, exitstatus, warnings, message: onlyWished ? wished : exitstatus}
  } catch (error) {
    if (!isPmpcError(error) || error.code === 'PMPC_INTERRUPTED') throw error
    const exitstatus = error.data?.exitstatus
    return {
      ...outcome,
      ok: false,
      ...(typeof exitstatus === 'string' && {exitstatus}),
      warnings: 0,
      code: error.code,
      message: error.message,
    }
  }
}

/** One line: `vm/100 qmstart: OK`. */
export function outcomeText({object, type, message}: TaskOutcome): string {
  return `${[object, type].filter((part) => part).join(' ')}: ${message}`
}

/** 0 where all are ok, 75 where those that are not go on or cannot be asked, else 1. */
export function exitCodeOfTasks({results}: TaskOutcomes): ExitCode {
  const bad = results.filter(({ok}) => !ok)
  if (bad.length === 0) return exitCodes.ok
  return bad.every(({exitstatus}) => exitstatus === undefined) ? exitCodes.tryLater : exitCodes.failed
}
