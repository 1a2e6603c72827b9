import {isPmpcError} from '../errors/index.js'
import {apiPath, mapsIn, systemClock, type Clock, type Entry, type Reader} from '../proxmox/index.js'
import {parseUpid} from '../values/upid.js'
import {guestsNow, ofNodes, taskPath, type GuestNow} from './nodes.js'
import {taskTeller, type TaskItem} from './tasks.js'
import {momentOf} from './times.js'

/** Something that happened in a cluster, as `pmpc events` tells it to programs, one a line; docs/schema/events.json. */
export type LiveEvent = TaskEvent | LogEvent | ReachEvent

interface TaskEvent {
  cluster: string
  event: 'task-started' | 'task-ended'
  /** ISO 8601, as the cluster's clock says. */
  time: string
  task: Omit<TaskItem, 'readAt' | 'cluster' | 'kind' | 'id'>
}

interface LogEvent {
  cluster: string
  event: 'log'
  time: string
  node: string
  user: string
  /** Of syslog: 0 is an emergency, 3 an error, 6 says what was done. */
  severity: number
  /** The program: `pvedaemon`. */
  program: string
  message: string
}

/** A cluster that does not answer any more, or does again. */
interface ReachEvent {
  cluster: string
  event: 'unreachable' | 'reachable'
  time: string
  message: string
}

export interface FollowOptions {
  /** Seconds since the epoch: what happened then or later is told, too. Nothing of before unless given. */
  since?: number | undefined
  signal: AbortSignal
  onEvent(event: LiveEvent): void
  clock?: Clock
}

/** Milliseconds between two looks; two requests each, and as much as PVE's own pages ask. */
const pace = 3000
/** Milliseconds between two looks at a cluster that does not answer. */
const slowPace = 10_000

/**
 * Tells what happens in a cluster until the signal aborts: tasks that begin and end, and lines of the cluster's log that are about no task's
 * beginning or end. Nothing is told twice, and nothing is lost while the cluster is away, as far as it remembers. One that cannot be reached is an
 * event, and looked for again.
 * @throws what nothing can be waited for: a credential that does not hold, another certificate
 */
export async function follow(
  reader: Reader,
  {since, signal, onEvent, clock = systemClock}: FollowOptions,
): Promise<void> {
  const follower = new Follower(reader, since, clock)
  let isAway = false
  const tell = (event: ReachEvent['event'], message: string): void => {
    isAway = event === 'unreachable'
    onEvent({cluster: reader.cluster!, event, time: momentOf(Math.floor(clock.now() / 1000)), message})
  }
  while (!signal.aborted) {
    try {
      const events = await follower.look()
      if (isAway) tell('reachable', 'it answers again')
      for (const event of events) onEvent(event)
    } catch (error) {
      if (signal.aborted) return
      if (!isPmpcError(error) || !mayPass.has(error.code)) throw error
      if (!isAway) tell('unreachable', error.message)
    }
    await clock.sleep(isAway ? slowPace : pace, signal).catch(() => undefined)
  }
}

const mayPass: ReadonlySet<string> = new Set([
  ...['PMPC_UNREACHABLE', 'PMPC_NODE_UNREACHABLE', 'PMPC_NO_ANSWER', 'PMPC_NOT_PVE', 'PMPC_REFUSED'],
])

/** How many lines of the log a look asks for; four times as many where none of them is known, until the log has no more. */
const logPage = 100
const mostLog = 10_000
/** Tasks of a node that are read at once. */
const taskPage = 500
/** How many tasks of a node PVE lists, running ones among them (pve-common, PVE/RESTEnvironment.pm (active_workers)). */
const listedByNode = 25
/** Seconds by which clocks of two nodes may differ. */
const clocksDiffer = 60
/** How many entries and tasks are remembered: many more than a cluster remembers itself. */
const remembered = 20_000

/** What was told already. */
class Follower {
  /** Ids of log entries. */
  private readonly log = new Set<string>()
  /** Tasks by UPID, and whether they have ended. */
  private readonly tasks = new Map<string, 'running' | 'ended'>()
  /** When the last task of a node began that is known. */
  private readonly lastOf = new Map<string, number>()
  /** What happened before it, by the cluster's clock, is not told. Undefined before the first look. */
  private from: number | undefined

  constructor(
    private readonly reader: Reader,
    private readonly since: number | undefined,
    private readonly clock: Clock,
  ) {}

  /** Looks once, and returns what is new in the order in which it happened. */
  async look(): Promise<LiveEvent[]> {
    const [entries, tasks] = await Promise.all([this.newLog(), this.newTasks()])
    const isFirst = this.from === undefined
    this.from ??= this.since ?? lastMoment(entries, tasks) - clocksDiffer
    // A first look tells what was asked for, and of all else only knows it.
    const isTold = (seconds: unknown): boolean =>
      isFirst && this.since === undefined ? false : Number(seconds) >= this.from!
    const guests = tasks.length > 0 ? await guestsNow(this.reader).catch(() => []) : []
    const events = [...this.logEvents(entries, isTold), ...this.taskEvents(tasks, guests, isTold)]
    forgetOldest(this.log)
    forgetOldest(this.tasks)
    return events.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  }

  /** Entries that were not seen before. The log of a node that was away is merged into that of the cluster when it is back. */
  private async newLog(): Promise<Entry[]> {
    const path = '/cluster/log'
    for (let max = logPage; ; max *= 4) {
      const all = mapsIn(await this.reader.get(path, {max}), path)
      if (all.length < max || max >= mostLog || this.reachesBack(all))
        return all.filter((entry) => !this.log.has(logId(entry)))
    }
  }

  private reachesBack(entries: readonly Entry[]): boolean {
    if (this.from !== undefined) return entries.some((entry) => this.log.has(logId(entry)))
    return this.since === undefined || entries.some(({time}) => Number(time) < this.since!)
  }

  private logEvents(entries: readonly Entry[], isTold: (seconds: unknown) => boolean): LogEvent[] {
    return entries.toReversed().flatMap((entry): LogEvent[] => {
      this.log.add(logId(entry))
      const {time, node, user, pri, tag, msg} = entry
      // The tasks themselves tell it, and more.
      if (!isTold(time) || /^(?:starting|end) task UPID:/.test(String(msg))) return []
      return [
        {
          ...{cluster: this.reader.cluster!, event: 'log', time: momentOf(Number(time)), node: String(node)},
          ...{user: String(user), severity: Number(pri), program: String(tag), message: String(msg)},
        },
      ]
    })
  }

  /** Tasks that began or ended since the last look. */
  private async newTasks(): Promise<Entry[]> {
    const path = '/cluster/tasks'
    const listed = mapsIn(await this.reader.get(path), path)
    const all = new Map([...(await this.notListed(listed)), ...listed].map((entry) => [String(entry.upid), entry]))
    const vanished = await Promise.all(
      [...this.tasks].flatMap(([upid, how]) => (how === 'running' && !all.has(upid) ? [this.ended(upid)] : [])),
    )
    return [...all.values(), ...vanished.flat()].filter((entry) => {
      const known = this.tasks.get(String(entry.upid))
      return known === undefined || (known === 'running' && hasEnded(entry))
    })
  }

  /**
   * What the cluster's list has no room for. It holds of a node what runs, and of what has ended what began last: where one is there that began
   * before all that is new, all that is new is there.
   */
  private async notListed(listed: readonly Entry[]): Promise<Entry[]> {
    const byNode = new Map<string, {starttime: number; isOver: boolean}[]>()
    for (const entry of listed) {
      const task = parseUpid(String(entry.upid))
      if (task === undefined) continue
      const one = {starttime: task.starttime, isOver: hasEnded(entry)}
      byNode.set(task.node, [...(byNode.get(task.node) ?? []), one])
    }
    // What began shortly before a first look is not told; it must be known, as it may be listed later.
    const since = (node: string): number =>
      this.from === undefined
        ? (this.since ?? Math.max(...byNode.get(node)!.map(({starttime}) => starttime)) - clocksDiffer)
        : (this.lastOf.get(node) ?? this.from)
    const cut = [...byNode].flatMap(([node, tasks]) => {
      const isWhole =
        tasks.length < listedByNode || tasks.some(({isOver, starttime}) => isOver && starttime < since(node))
      return isWhole ? [] : [node]
    })
    if (cut.length === 0) return []
    const {found} = await ofNodes(this.reader, cut, async (node) => this.tasksSince(node, since(node)))
    return found.flatMap(({data}) => data)
  }

  private async tasksSince(node: string, since: number): Promise<Entry[]> {
    const path = apiPath('nodes', node, 'tasks')
    const entries: Entry[] = []
    for (let start = 0; ; start += taskPage) {
      const page = mapsIn(await this.reader.get(path, {source: 'all', since, start, limit: taskPage}), path)
      entries.push(...page)
      if (page.length < taskPage) return entries
    }
  }

  /** A task that ran and is not listed any more. Of one whose node is away nothing is known yet. */
  private async ended(upid: string): Promise<Entry[]> {
    const path = taskPath(parseUpid(upid)!.node, upid, 'status')
    const answer = await this.reader.get<Entry>(path).catch((error: unknown) => {
      if (!isPmpcError(error)) throw error
      return undefined
    })
    if (answer?.status !== 'stopped') return []
    const endtime = Math.floor(this.clock.now() / 1000)
    return [{upid, status: answer.exitstatus ?? 'unexpected status', endtime}]
  }

  private taskEvents(
    entries: readonly Entry[],
    guests: readonly GuestNow[],
    isTold: (seconds: unknown) => boolean,
  ): TaskEvent[] {
    const tell = taskTeller(this.reader.cluster!, guests, new Date(this.clock.now()))
    return entries.flatMap((entry): TaskEvent[] => {
      const item = tell(entry)
      if (item === undefined) return []
      const {cluster, kind: _kind, id: _id, readAt: _readAt, ...task} = item
      const before = this.tasks.get(task.upid)
      const isOver = hasEnded(entry)
      this.tasks.set(task.upid, isOver ? 'ended' : 'running')
      this.lastOf.set(task.node, Math.max(task.starttime, this.lastOf.get(task.node) ?? 0))
      const {exitstatus: _exitstatus, endtime: _endtime, ended, duration: _duration, ...asBegun} = task
      const events: TaskEvent[] = []
      if (before === undefined && isTold(task.starttime))
        events.push({cluster, event: 'task-started', time: task.started, task: {...asBegun, status: 'running'}})
      if (isOver && (before === 'running' || isTold(task.endtime ?? task.starttime)))
        events.push({cluster, event: 'task-ended', time: ended ?? task.started, task})
      return events
    })
  }
}

/** The last moment that a cluster tells of, by its own clock; 0 where it tells nothing. */
function lastMoment(entries: readonly Entry[], tasks: readonly Entry[]): number {
  const moments = [...entries.map(({time}) => time), ...tasks.flatMap(({starttime, endtime}) => [starttime, endtime])]
  return moments.reduce<number>((last, one) => (typeof one === 'number' && one > last ? one : last), 0)
}

function forgetOldest(known: Set<string> | Map<string, unknown>): void {
  for (const key of known.keys()) {
    if (known.size <= remembered) return
    known.delete(key)
  }
}

function hasEnded({status, endtime}: Entry): boolean {
  return endtime !== undefined || (typeof status === 'string' && status !== 'RUNNING')
}

/** A node counts its entries from the start of its file system; the time tells two of the same number apart. */
function logId({uid, node, time}: Entry): string {
  return `${String(node)} ${String(uid)} ${String(time)}`
}
