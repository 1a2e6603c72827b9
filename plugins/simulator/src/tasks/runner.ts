import type {Simulation} from '../simulation.js'
import type {Task} from '../state/model.js'
import {ApiError} from '../errors.js'
import type {GiveBack, Wish} from './locks.js'

/** Process id of the daemon's worker, which answers what is no task. */
export const workerPid = 101

/** Why a task failed; the text becomes its exit status. */
export class TaskError extends Error {}

/** The work of a task. Lines it logs appear before the result line. Throwing ends the task with that error. */
export type Worker = (task: TaskHandle) => void | Promise<void>

export interface TaskHandle {
  upid: string
  log(line: string): void
  /** Ends as `WARNINGS: n` instead of OK. */
  warn(line: string): void
}

export interface TaskRequest {
  node: string
  type: string
  id: string | number
  user: string
  /** What PVE's worker does at once, such as taking the lock of its guest, while the work itself comes when the task has run. Throwing fails the task. */
  begin?: (task: TaskHandle) => Release
  /** Locks that it holds from before it begins until it has ended, or what gives those back that its call has taken for it. */
  locks?: Wish[] | GiveBack
}

/** Gives back what a task held, however it ended; `failed` is its error. */
export type Release = (failed: string | undefined) => void

/** What a task does instead of its work (`fail`, `hang`), or after it. */
export interface TaskFault {
  kind: 'fail' | 'warn' | 'hang'
  message: string
}

interface Entry {
  timer?: NodeJS.Timeout
  stop: () => void
  release?: Release
  giveBack?: GiveBack
}

/** A task with what it tells. */
interface Running {
  task: Task
  handle: TaskHandle
  warnings: number
}

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0')

/** Runs tasks: UPIDs, logs, results, the active list and the cluster log. Facts: pve-common, PVE/UPID.pm and PVE/RESTEnvironment.pm (fork_worker); pve-manager, PVE/API2/Tasks.pm. */
export class TaskRunner {
  nextPid = 1000
  private readonly running = new Map<string, Entry>()
  /** Holds a new task's work back for as long as it likes; undefined for the usual duration. */
  hold: (upid: string) => Promise<void> | undefined = () => undefined

  constructor(private readonly sim: Simulation) {}

  private newTask({node, type, id, user}: TaskRequest): Task {
    const pid = (this.nextPid += 1 + this.sim.random.below(5))
    const starttime = this.sim.now()
    const pstart = Math.max(
      1,
      (starttime - (this.sim.state.nodes[node]?.bootTime ?? starttime)) * 100 + this.sim.random.below(100),
    )
    const upid = `UPID:${node}:${hex(pid)}:${hex(pstart)}:${hex(starttime)}:${type}:${id}:${user}:`
    return {upid, node, pid, pstart, starttime, type, id: String(id), user, log: []}
  }

  /** Begins a task and returns its UPID at once, as PVE does. */
  start(request: TaskRequest, worker: Worker): string {
    const task = this.newTask(request)
    const {state} = this.sim
    state.tasks.unshift(task)
    if (state.tasks.length > 5000) state.tasks.length = 5000
    this.note(task, `starting task ${task.upid}`)
    const entry: Entry = {stop: () => this.finish(task, 'received interrupt')}
    this.running.set(task.upid, entry)
    const running = this.tell(task)
    const {locks: wanted = []} = request
    const locks = Array.isArray(wanted) ? this.sim.locks.take(wanted) : wanted
    if (locks instanceof Promise)
      void this.await(locks, running, entry, () => this.begin(request, worker, running, entry))
    else {
      entry.giveBack = locks
      this.begin(request, worker, running, entry)
    }
    return task.upid
  }

  /** Has a task wait for its locks. */
  private async await(locks: Promise<GiveBack>, {task, handle}: Running, entry: Entry, go: () => void): Promise<void> {
    handle.log('trying to acquire lock...')
    try {
      entry.giveBack = await locks
    } catch (error) {
      return this.finish(task, textOf(error as Error))
    }
    if (task.endtime !== undefined) return entry.giveBack()
    handle.log(' OK')
    go()
  }

  private begin(request: TaskRequest, worker: Worker, running: Running, entry: Entry): void {
    const {task} = running
    let work = worker
    try {
      if (request.begin) entry.release = request.begin(running.handle)
    } catch (error) {
      work = () => {
        throw error
      }
    }
    const fault = this.sim.faults.ofTask(task)
    if (fault?.kind === 'hang' && work === worker) return
    const run = (): void => void this.work(running, work, fault)
    const held = this.hold(task.upid)
    const {taskTime} = this.sim.settings
    // Without a duration it ends before the next request is read, whatever the machine does meanwhile.
    if (held) void held.then(run)
    else if (taskTime === 0) setImmediate(run)
    else entry.timer = setTimeout(run, taskTime)
  }

  private tell(task: Task): Running {
    const running: Running = {
      task,
      warnings: 0,
      handle: {
        upid: task.upid,
        log: (line) => void task.log.push(...line.split('\n')),
        warn: (line) => {
          running.warnings++
          task.log.push(`WARN: ${line}`)
        },
      },
    }
    return running
  }

  private async work(running: Running, worker: Worker, fault: TaskFault | undefined): Promise<void> {
    const {task, handle} = running
    if (task.endtime !== undefined) return
    try {
      if (fault?.kind === 'fail') throw new TaskError(fault.message)
      await worker(handle)
      if (fault?.kind === 'warn') handle.warn(fault.message)
      this.finish(task, running.warnings > 0 ? `WARNINGS: ${running.warnings}` : 'OK')
    } catch (error) {
      if (!(error instanceof TaskError || error instanceof ApiError))
        process.stderr.write(`simulator: ${String((error as Error).stack)}\n`)
      this.finish(task, textOf(error as Error))
    }
  }

  private finish(task: Task, result: string): void {
    if (task.endtime !== undefined) return
    const good = result === 'OK' || result.startsWith('WARNINGS: ')
    const entry = this.running.get(task.upid)
    entry?.release?.(good ? undefined : result)
    entry?.giveBack?.()
    this.running.delete(task.upid)
    task.endtime = this.sim.now()
    task.exitstatus = result.replace(/\n/g, ' ')
    task.log.push(good ? `TASK ${task.exitstatus}` : `TASK ERROR: ${task.exitstatus}`)
    this.note(task, `end task ${task.upid} ${task.exitstatus}`)
  }

  /** Kills a running task. */
  interrupt(upid: string): void {
    const entry = this.running.get(upid)
    if (entry?.timer) clearTimeout(entry.timer)
    entry?.stop()
  }

  /** Resolves when a task has ended; at once for one that is not running. */
  async ended(upid: string): Promise<void> {
    const task = this.sim.state.tasks.find((one) => one.upid === upid)
    while (task && task.endtime === undefined) await new Promise((resolve) => setTimeout(resolve, 5).unref())
  }

  isRunning(upid: string): boolean {
    return this.running.has(upid)
  }

  private note(task: Task, msg: string): void {
    this.clusterLog(task.node, task.user, msg)
  }

  /** Adds an entry to the cluster log. */
  clusterLog(node: string, user: string, msg: string, pri = 6, tag = 'pvedaemon'): void {
    const {log} = this.sim.state
    log.push({node, uid: (log.at(-1)?.uid ?? 0) + 1, time: this.sim.now(), pri, tag, pid: workerPid, user, msg})
    if (log.length > 2000) log.splice(0, log.length - 2000)
  }

  stop(): void {
    for (const {timer} of this.running.values()) if (timer) clearTimeout(timer)
    this.running.clear()
    this.sim.locks.clear()
  }
}

/** An error as a worker tells it: one about parameters with its status and each of them. Facts: pve-common, PVE/Exception.pm (stringify), PVE/RESTEnvironment.pm (fork_worker). */
function textOf(error: Error): string {
  if (!(error instanceof ApiError && error.errors)) return error.message.trimEnd()
  const parameters = Object.entries(error.errors).map(([key, problem]) => `${key}: ${problem}\n`)
  return `${error.status} ${error.message}${parameters.join('')}`.replace(/\n$/, '')
}
