import {isPmpcError, PmpcError, retold} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {parseUpid, type Upid} from '../values/upid.js'
import {steadyNow, tellWork} from '../work/index.js'
import type {Reader, Writer} from './client.js'
import {systemClock, type Clock} from './clock.js'
import {taskFailure} from './errors.js'
import {apiPath} from './paths.js'
import {mapsIn} from './shapes.js'

export interface TaskProgress {
  upid: string
  type: string
  /** Milliseconds since pmpc began to wait. */
  elapsed: number
  /** False while its node cannot be reached, as when it reboots. */
  reachable: boolean
}

export interface WaitOptions {
  onProgress?: (progress: TaskProgress) => void
  /** Each line of the task's log, once, while it runs; the rest of them where it does not end well. */
  onLog?: (line: string) => void
  /** How many lines of the log are known already. */
  logFrom?: number
  /** Each line is told, the last ones too; unless given, those that come last are not read of a task that ended well. */
  wholeLog?: boolean
  /** Milliseconds; the task itself goes on after it. An hour unless given. */
  timeout?: number
  /** Milliseconds for which the task's node may be out of reach. 10 minutes unless given: a node that reboots. */
  patience?: number
  signal?: AbortSignal
  /** Stops the task when the signal is aborted; without it the task goes on by itself. */
  stopWith?: Writer
  clock?: Clock
}

export interface TaskResult {
  /** Undefined where PVE had done the work before it answered. */
  upid: string | undefined
  /** `OK` or `WARNINGS: n`. */
  exitstatus: string
  warnings: number
  /** The log where there were warnings, else what was read of it while it ran. */
  log: string[]
  /** The task only recorded a wish of high availability: what was wished happens later, or never. Wait for the guest's state. */
  onlyWished: boolean
}

interface TaskStatus {
  status: string
  exitstatus?: string
}

/**
 * Milliseconds between two looks at a task: a tenth of the time for which it has run. So whoever waits for its end, as what allocates on the same storage,
 * waits little longer than it takes; and a long one is not asked for all the time.
 */
const [shortestPause, longestPause] = [200, 3000]
const pauseAfter = (elapsed: number): number => Math.min(longestPause, Math.max(shortestPause, elapsed / 10))
/** Milliseconds between two looks at the log of a task: it is for people to read. */
const logPause = 1000
/** Milliseconds until what no task tells is read for a second time. */
const firstPause = 500
/** The worker writes its last line a moment after it stops. */
const lastLinePause = 1000
const lastLineTries = 3

/**
 * Waits for a task. `null`, with which PVE answers when it was done in time, counts as done.
 * @throws the task's own error (`PMPC_LOCKED`, `PMPC_TASK_FAILED`, …), PMPC_OUTCOME_UNKNOWN when its worker died, PMPC_TASK_STOPPED, PMPC_TASK_TIMEOUT,
 * PMPC_NODE_UNREACHABLE when its node stays away, PMPC_INTERRUPTED
 */
export async function waitForTask(client: Reader, upid: string | null, options: WaitOptions = {}): Promise<TaskResult> {
  if (upid === null) return {upid: undefined, exitstatus: 'OK', warnings: 0, log: [], onlyWished: false}
  const task = readUpid(upid)
  const log = createLogReader(client, upid, options)
  const exitstatus = await timedTask(client, task, upid, async () => untilStopped(client, task, upid, log, options))
  const warnings = Number(/^WARNINGS: (\d+)/.exec(exitstatus)?.[1] ?? 0)
  const fine = exitstatus === 'OK' || warnings > 0
  if (exitstatus !== 'OK' || options.wholeLog) await log.read().catch(() => undefined)
  if (!fine) throw endedBadly(client, upid, exitstatus, log.lines)
  return {upid, exitstatus, warnings, log: log.lines, onlyWished: /^ha(start|stop|migrate|relocate)$/.test(task.type)}
}

/** Tells for how long a task was waited for, and how it ended. */
async function timedTask(client: Reader, task: Upid, upid: string, wait: () => Promise<string>): Promise<string> {
  const began = steadyNow()
  let exitstatus: string | undefined
  try {
    exitstatus = await wait()
    return exitstatus
  } finally {
    const {type, id, node} = task
    tellWork({
      kind: 'task',
      milliseconds: steadyNow() - began,
      failed: exitstatus === undefined || !/^(OK|WARNINGS: \d+)$/.test(exitstatus),
      fields: {type, id, node, cluster: client.cluster, upid, exitstatus: exitstatus ?? 'not waited for to the end'},
    })
  }
}

/** Asks PVE to stop a task. The worker ends soon after, with `received interrupt`. */
export async function stopTask(client: Writer, upid: string): Promise<void> {
  await client.request({method: 'DELETE', path: taskPath(readUpid(upid), upid)})
}

/**
 * Reads until `done` says so: for what no task tells, such as a guest under high availability that starts later, or the template flag of a container.
 * @throws PMPC_TASK_TIMEOUT after `timeout` milliseconds, 2 minutes unless given
 */
export async function waitUntil<T>(
  read: () => Promise<T>,
  done: (value: T) => boolean,
  what: string,
  options: Pick<WaitOptions, 'timeout' | 'signal' | 'clock'> = {},
): Promise<T> {
  const clock = options.clock ?? systemClock
  const deadline = clock.now() + (options.timeout ?? 120_000)
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 1.5)) {
    const value = await read()
    if (done(value)) return value
    if (clock.now() >= deadline) throw timedOut(`${what}: not seen in time`, {}, [])
    await clock.sleep(pause, options.signal)
  }
}

async function untilStopped(
  client: Reader,
  task: Upid,
  upid: string,
  log: LogReader,
  options: WaitOptions,
): Promise<string> {
  const clock = options.clock ?? systemClock
  const began = clock.now()
  let [lastSeen, lastRead] = [began, began]
  for (let unexpected = 0; ;) {
    if (options.signal?.aborted === true) await abandon(upid, options)
    const status = await readStatus(client, task, upid)
    if (status !== undefined) lastSeen = clock.now()
    if (status?.status === 'stopped') {
      const exitstatus = status.exitstatus ?? 'unexpected status'
      if (exitstatus !== 'unexpected status' || ++unexpected >= lastLineTries) return exitstatus
    }
    const elapsed = clock.now() - began
    options.onProgress?.({upid, type: task.type, elapsed, reachable: status !== undefined})
    if (status !== undefined && options.onLog !== undefined && clock.now() - lastRead >= logPause) {
      lastRead = clock.now()
      await log.read().catch(() => undefined)
    }
    if (clock.now() - lastSeen > (options.patience ?? 600_000)) throw nodeStaysAway(task, upid)
    if (elapsed >= (options.timeout ?? 3_600_000)) {
      throw timedOut(
        `the task ${task.type} ${task.id} still runs after ${Math.round(elapsed / 1000)} s; it goes on by itself`,
        {upid},
        [`pmpc task wait ${shellWord(upid)}`],
      )
    }
    const pause = unexpected > 0 ? lastLinePause : pauseAfter(elapsed)
    await clock.sleep(pause, options.signal).catch(() => abandon(upid, options))
  }
}

/** The status, or undefined while its node cannot be reached. */
async function readStatus(client: Reader, task: Upid, upid: string): Promise<TaskStatus | undefined> {
  try {
    return await client.get<TaskStatus>(`${taskPath(task, upid)}/status`)
  } catch (error) {
    if (isPmpcError(error) && /^PMPC_(NODE_UNREACHABLE|UNREACHABLE|NO_ANSWER)$/.test(error.code)) return undefined
    throw error
  }
}

async function abandon(upid: string, {stopWith}: WaitOptions): Promise<never> {
  if (stopWith) await stopTask(stopWith, upid)
  throw new PmpcError(
    'PMPC_INTERRUPTED',
    stopWith ? 'interrupted; the task was told to stop' : 'interrupted; the task goes on by itself',
    {
      suggestions: [`pmpc task wait ${shellWord(upid)}`, 'pmpc sync'],
      data: {upid},
    },
  )
}

/** Reads the log of a task, each line once. */
export interface LogReader {
  /** What was read. */
  readonly lines: string[]
  /** Reads on, until there is nothing more at the moment. */
  read(): Promise<void>
}

const logPage = 500

/**
 * @param options.logFrom how many lines are known already
 * @throws PMPC_NOT_PVE for what is no UPID
 */
export function createLogReader(
  client: Reader,
  upid: string,
  {onLog, logFrom = 0}: Pick<WaitOptions, 'onLog' | 'logFrom'>,
): LogReader {
  const path = `${taskPath(readUpid(upid), upid)}/log`
  const lines: string[] = []
  async function read(): Promise<void> {
    for (;;) {
      const known = logFrom + lines.length
      const page = mapsIn(await client.get(path, {start: known, limit: logPage}), path)
      const fresh = page
        .map(({n, t}) => ({n: Number(n), t: String(t)}))
        .filter(({n, t}) => n > known && t !== 'no content')
        .sort((a, b) => a.n - b.n)
      for (const {t} of fresh) {
        lines.push(t)
        onLog?.(t)
      }
      if (fresh.length < logPage) return
    }
  }
  return {lines, read}
}

function endedBadly(client: Reader, upid: string, exitstatus: string, log: string[]): PmpcError {
  const suggestions = [`pmpc task log ${shellWord(upid)}`, 'pmpc sync']
  const data = {upid, exitstatus, log: log.slice(-20)}
  if (exitstatus === 'unexpected status') {
    return new PmpcError(
      'PMPC_OUTCOME_UNKNOWN',
      'the task died without a result (its worker was killed, or its node went down): what it did is unknown',
      {suggestions, data},
    )
  }
  if (/^(received interrupt|interrupted by signal)/.test(exitstatus))
    return new PmpcError('PMPC_TASK_STOPPED', `somebody stopped the task (${exitstatus})`, {suggestions, data})
  const error = taskFailure(wholeOf(exitstatus, log), upid, {
    method: 'GET',
    path: '/',
    cluster: client.cluster,
    who: client.who,
  })
  return retold(error, {data})
}

/** A failed check of parameters has one line in the status of its task; what it is about stands behind that in the log. */
function wholeOf(exitstatus: string, log: string[]): string {
  if (!/Parameter verification failed\.$/.test(exitstatus)) return exitstatus
  const at = log.findLastIndex((line) => line.startsWith('TASK ERROR:'))
  return at === -1 ? exitstatus : [exitstatus, ...log.slice(at + 1)].join('\n').trimEnd()
}

function nodeStaysAway(task: Upid, upid: string): PmpcError {
  return new PmpcError(
    'PMPC_NODE_UNREACHABLE',
    `node ${task.node} cannot be reached any more, and its task ${task.type} ${task.id} with it`,
    {
      suggestions: [
        'pvecm status   # on another node',
        `pvenode task status ${upid}   # when it is back; a guest may still be locked`,
      ],
      data: {node: task.node, upid},
    },
  )
}

function timedOut(message: string, data: Record<string, unknown>, suggestions: string[]): PmpcError {
  return new PmpcError('PMPC_TASK_TIMEOUT', message, {
    suggestions: [...suggestions, 'pmpc sync'],
    data,
  })
}

function readUpid(upid: string): Upid {
  const task = parseUpid(upid)
  if (task !== undefined) return task
  throw new PmpcError('PMPC_NOT_PVE', `'${upid}' is no task id of Proxmox VE`, {
    suggestions: ['pmpc sync'],
    data: {upid},
  })
}

function taskPath(task: Upid, upid: string): string {
  return apiPath('nodes', task.node, 'tasks', upid)
}
