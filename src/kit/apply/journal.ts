import {closeSync, fsyncSync, writeSync} from 'node:fs'
import {localOf, type Local} from '../files/local.js'
import {RUNS} from '../files/names.js'
import type {Asked, Consequence, Decided} from '../plan/index.js'
import type {Config, Value} from '../resources/index.js'
import {isGone, thisProcess, type ProcessId} from '../runs/lock.js'
import type {Pace} from './model.js'

/**
 * What a run does, line by line, each on the disk before the next thing happens: what was sent is known after whatever ends the process, so that a
 * later `pmpc apply --resume` neither does it twice nor takes it for done. A line holds no value that was sent, and so no secret.
 */

/** The first line: what was wished and agreed to. */
export interface RunHead {
  format: typeof journalFormat
  run: string
  /** Manifests stay as they are, also where something changes along that they say. */
  once?: true
  /** As a person types it, `pmpc apply`. */
  command: string
  /** What its commits call it, where that is not `apply`. */
  as?: string
  /** ISO 8601. */
  at: string
  /** Who runs it, `alice@desk`, and as which process. */
  by: string
  process: ProcessId
  /** Of the plan. */
  digest: string
  /** What becomes of each object, by its name: `home/vm/100`; in the order of the plan. */
  objects: Record<string, Intended>
  /** Manifests that go when their objects are gone: they were made for that. */
  takeAway?: readonly string[]
  /** How fast it goes, and for which others each object waits besides, by their names. */
  pace?: Pace
  after?: Readonly<Record<string, readonly string[]>>
}

export const journalFormat = 1

/** What is to become of one object. */
export interface Intended {
  absent?: true
  /** Of a guest that is to go: what tells it from another one that has its VMID later. */
  mark?: Config
  /** The fields that are wished. */
  fields: readonly string[]
  /** SHA-256 of these wishes, as the manifests have them: whoever changes them meanwhile has agreed to something else. */
  wishes: string
  /** What somebody asked for at the keyboard. */
  asked?: Asked
  /** What was decided once: whether it is to run, in which slots volumes are to be. */
  bound?: Decided
  /** Which volumes were meant. */
  values?: Readonly<Record<string, Value>>
  /** Keys of the configuration that PVE changes along, as the plan says: `boot`, `unused0`; and parts of those that are wished, `config.vmbr1.bridge_fd`. */
  along?: readonly string[]
  /** Fields that are taken out, for which PVE has a value of its own then, as the plan says: `config.expire` of a user. */
  instead?: readonly string[]
  /** The requests of the plan: nothing else is sent. */
  requests: readonly PlannedCall[]
  /** The classes that were agreed to. */
  classes: readonly Consequence[]
  /** Its last request brings into use what was written of these, by `localKey`; and what of others waited for that before. */
  stage?: readonly string[]
  waited?: readonly string[]
  /** Takes that back. */
  revert?: Omit<PlannedCall, 'names'>
}

export interface PlannedCall {
  method: 'POST' | 'PUT' | 'DELETE'
  path: string
  /** Names of its parameters. */
  names: readonly string[]
}

/** What happened, after the first line. */
export type Line =
  /** The commit that holds the wishes; null: HEAD held them already. */
  | {event: 'intention'; commit: string | null}
  /** Written before a request is sent; `made`: it makes the object; `once`: nothing but its task may tell that it was done. */
  | {event: 'sent'; object: string; method: string; path: string; at: string; made?: true; once?: true; source?: string}
  | {event: 'started'; object: string; upid: string}
  /** How the request ended; code: of the error. */
  | {event: 'answered'; object: string; code?: string}
  | {event: 'ended'; object: string; how: 'done' | 'failed' | 'skipped' | 'unknown'; code?: string; message?: string}
  | {event: 'resumed'; at: string; process: ProcessId}
  | {event: 'observed'; cluster: string; commit: string | null}
  /** Nothing is left to do. */
  | {event: 'over'}

/** A run with all that happened in it so far. */
export interface Recorded {
  head: RunHead
  lines: readonly Line[]
}

/** How many runs are kept. */
const most = 50
/** Names the run that is not at its end. */
const OPEN = `${RUNS}/open`
const nameOf = (run: string): string => `${RUNS}/${run}.jsonl`
const runName = /^([0-9a-z]+)\.jsonl$/

export class Journal {
  /** What this process has written. */
  readonly lines: Line[] = []

  private constructor(
    private readonly local: Local,
    private readonly file: number,
    /** Its file, to be told to people. */
    readonly path: string,
    readonly head: RunHead,
  ) {}

  /** Begins a run. @throws what the file system says: without a journal nothing is sent */
  static begin(root: string, head: RunHead): Journal {
    const local = localOf(root)
    rotate(local)
    const name = nameOf(head.run)
    const journal = new Journal(local, local.create(name), local.path(name), head)
    journal.put(head)
    local.replace(OPEN, head.run)
    return journal
  }

  /** Goes on with a run. */
  static resume(root: string, {head}: Recorded): Journal {
    const local = localOf(root)
    const journal = new Journal(local, local.append(nameOf(head.run)), local.path(nameOf(head.run)), head)
    // A line that was cut off by the end of the process ends here.
    writeSync(journal.file, '\n')
    journal.write({event: 'resumed', at: new Date().toISOString(), process: thisProcess()})
    return journal
  }

  /** Writes a line, and returns when it is on the disk. @throws what the file system says */
  write(line: Line): void {
    this.put(line)
    this.lines.push(line)
    if (line.event === 'over') this.local.remove(OPEN)
  }

  close(): void {
    closeSync(this.file)
  }

  private put(line: RunHead | Line): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    for (let at = 0; at < bytes.length;) at += writeSync(this.file, bytes, at)
    fsyncSync(this.file)
  }
}

/** The file that names the run that is not at its end. */
export const openRunPath = (root: string): string => localOf(root).path(OPEN)

/** The run that was not brought to its end. @throws PMPC_UNSAFE_PATH */
export function unfinishedRun(root: string): Recorded | undefined {
  const run = localOf(root).read(OPEN)
  const recorded = run !== undefined && /^[0-9a-z]+$/.test(run) ? recallRun(root, run) : undefined
  return recorded && isOver(recorded) ? undefined : recorded
}

/** Whether a run came so far that anything can have been sent: to the commit of its wishes. */
export const hasBegun = ({lines}: Recorded): boolean => lines.some(({event}) => event === 'intention')

/** Whether somebody is at work on a run. */
export function isAtWork({head, lines}: Recorded): boolean {
  const resumed = lines.findLast((line) => line.event === 'resumed')
  return !isGone((resumed ?? head).process)
}

const isOver = ({lines}: Recorded): boolean => lines.some(({event}) => event === 'over')

/** A run that this clone did; undefined: it knows nothing of it. @throws PMPC_UNSAFE_PATH */
export function recallRun(root: string, run: string): Recorded | undefined {
  return recall(localOf(root), run)
}

function recall(local: Local, run: string): Recorded | undefined {
  const [first, ...lines] = (local.read(nameOf(run)) ?? '').split('\n').map(parsed)
  // One that was cut off in its first line has sent nothing.
  if (!first || !('format' in first) || first.format !== journalFormat) return undefined
  return {head: first, lines: lines.flatMap((line) => (line && 'event' in line ? [line] : []))}
}

function parsed(text: string): RunHead | Line | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as RunHead | Line) : undefined
  } catch {
    return undefined
  }
}

function runsIn(local: Local): string[] {
  const names = local.list(RUNS).flatMap((entry) => (entry.isFile() ? (runName.exec(entry.name)?.[1] ?? []) : []))
  return names.sort()
}

/** Takes away the oldest runs that are over. */
function rotate(local: Local): void {
  const runs = runsIn(local)
  for (const run of runs.slice(0, Math.max(0, runs.length - most + 1))) {
    const recorded = recall(local, run)
    if (!recorded || isOver(recorded) || !hasBegun(recorded)) local.remove(nameOf(run))
  }
}

/** The last request of an object that nobody has seen end; undefined: there is none. */
export function unanswered(
  {lines}: Recorded,
  object: string,
): {sent: Extract<Line, {event: 'sent'}>; upid?: string} | undefined {
  const mine = lines.filter((line) => 'object' in line && line.object === object)
  const at = mine.findLastIndex(({event}) => event === 'sent')
  const sent = mine[at]
  const after = mine.slice(at + 1)
  if (sent?.event !== 'sent' || after.some(({event}) => event === 'answered')) return undefined
  const started = after.find((line) => line.event === 'started')
  return {sent, ...(started && {upid: started.upid})}
}
