import type {IncomingMessage, ServerResponse} from 'node:http'
import {failure, type ApiError} from '../errors.js'
import type {Simulation} from '../simulation.js'
import type {Task} from '../state/model.js'
import type {TaskFault} from '../tasks/runner.js'
import type {EditResult} from './edits.js'
import {kindOf, withoutQuorum, type FaultReply, type FaultSpec, type Hit, type Kind} from './kinds.js'

export type {FaultReply} from './kinds.js'

/** A fault as the admin port lists it. */
export interface Fault extends FaultSpec {
  id: number
  /** `waiting` for its trigger, `active`, or `over`. */
  state: 'waiting' | 'active' | 'over'
}

interface Entry {
  id: number
  spec: FaultSpec
  state: Fault['state']
  pattern?: RegExp
  /** Requests that it concerns and that were answered. */
  answered: number
  left: number
  timers: NodeJS.Timeout[]
  undo?: () => void
}

export interface Counters {
  requests: number
  byPath: Record<string, number>
  inFlight: number
  maxInFlight: number
  maxInFlightByNode: Record<string, number>
}

/**
 * Faults on demand and counters of what clients sent. Faults are asked for here alone, at three moments, since PVE fails at three:
 * `intercept` before anybody knows who asks or for what, so that it is about the connection and the answer as a whole; `refusal` after all
 * checks, where a call would take its locks, which most calls that fail never come to; `ofTask` in the worker, long after its call was
 * answered. What is told at one could not be told at another; which fault it is, `meet` decides for all of them. `track` asks nothing: it
 * counts, and sets off what waits for so many requests.
 */
export class Faults {
  private entries: Entry[] = []
  private nextId = 1
  private counters: Counters = emptyCounters()
  private readonly inFlightByNode: Record<string, number> = {}
  /** What came of the calls of `edits`, in order. */
  readonly edited: EditResult[] = []

  constructor(private readonly sim: Simulation) {}

  /** Asks for a fault. @throws Error when it names what is not there */
  add(spec: FaultSpec): Fault {
    const kind = kindOf(spec.kind)
    const pattern = spec.path === undefined ? kind.paths?.(spec) : new RegExp(spec.path)
    const entry: Entry = {
      id: this.nextId++,
      spec,
      state: 'waiting',
      ...(pattern && {pattern}),
      answered: 0,
      left: spec.times ?? Infinity,
      timers: [],
    }
    this.entries.push(entry)
    if (spec.at !== undefined) entry.timers.push(setTimeout(() => this.tryBegin(entry), spec.at * 1000).unref())
    else if (spec.after === undefined || spec.after === 0) this.begin(entry)
    return shown(entry)
  }

  private begin(entry: Entry): void {
    if (entry.state !== 'waiting') return
    const kind = kindOf(entry.spec.kind)
    try {
      const undo = kind.begin?.(this.sim, entry.spec)
      if (undo) entry.undo = undo
    } catch (error) {
      this.entries.splice(this.entries.indexOf(entry), 1)
      throw error
    }
    entry.state = kind.begin && !entry.undo ? 'over' : 'active'
    if (entry.spec.for !== undefined)
      entry.timers.push(setTimeout(() => this.end(entry), entry.spec.for * 1000).unref())
  }

  /** Nobody asks any more when a trigger fires: what is wrong goes to standard error. */
  private tryBegin(entry: Entry): void {
    try {
      this.begin(entry)
    } catch (error) {
      process.stderr.write(`simulator: fault ${entry.spec.kind}: ${(error as Error).message}\n`)
    }
  }

  private end(entry: Entry): void {
    for (const timer of entry.timers) clearTimeout(timer)
    if (entry.state === 'active') entry.undo?.()
    entry.state = 'over'
  }

  all(): Fault[] {
    return this.entries.map(shown)
  }

  /** Ends a fault, or all, and undoes what it changed about the cluster. */
  clear(id?: number): void {
    for (const entry of this.entries) if (id === undefined || entry.id === id) this.end(entry)
    this.entries = this.entries.filter((entry) => id !== undefined && entry.id !== id)
  }

  count(): Counters {
    return this.counters
  }

  resetCounters(): void {
    this.counters = {...emptyCounters(), inFlight: this.counters.inFlight}
  }

  /** Counts a request; the returned function marks its end. */
  track(verb: string, path: string): () => void {
    const counters = this.counters
    const key = `${verb} ${path}`
    const node = nodeIn(path) ?? ''
    counters.requests++
    counters.byPath[key] = (counters.byPath[key] ?? 0) + 1
    this.counters.inFlight++
    this.inFlightByNode[node] = (this.inFlightByNode[node] ?? 0) + 1
    counters.maxInFlight = Math.max(counters.maxInFlight, this.counters.inFlight)
    counters.maxInFlightByNode[node] = Math.max(counters.maxInFlightByNode[node] ?? 0, this.inFlightByNode[node]!)
    return () => {
      this.counters.inFlight--
      this.inFlightByNode[node]!--
      if (this.entries.length > 0) this.answered(verb, path)
    }
  }

  private answered(verb: string, path: string): void {
    for (const entry of [...this.entries]) {
      if (entry.state !== 'waiting' || entry.spec.after === undefined || !concerns(entry, verb, path)) continue
      if (++entry.answered >= entry.spec.after) this.tryBegin(entry)
    }
  }

  /** What the first of the active faults says that has something to say; one of its hits is used up. */
  private meet<T>(ask: (kind: Kind, entry: Entry) => T | undefined): T | undefined {
    for (const entry of this.entries) {
      const said = entry.state === 'active' ? ask(kindOf(entry.spec.kind), entry) : undefined
      if (said === undefined) continue
      if (--entry.left <= 0) this.end(entry)
      return said
    }
    return undefined
  }

  /**
   * Applies the first fault that matches. Returns a reply to send instead, `done` when the connection was dealt with, `unsent` when the request
   * is to be served and not answered, or undefined.
   */
  async intercept(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<FaultReply | 'done' | 'unsent' | undefined> {
    const verb = request.method ?? 'GET'
    return this.meet(({onRequest}, entry) =>
      concerns(entry, verb, path) ? onRequest?.(this.hitOf(request, response, verb, path), entry.spec) : undefined,
    )
  }

  private hitOf(request: IncomingMessage, response: ServerResponse, verb: string, path: string): Hit {
    return {
      verb,
      path,
      proxyTimeout: this.sim.settings.proxyTimeout,
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref()),
      gone: new Promise((resolve) => response.once('close', () => resolve())),
      destroy: () => void request.socket.destroy(),
      half: () => {
        response.writeHead(200, 'OK', {'Content-Type': 'application/json;charset=UTF-8', 'Content-Length': 4096})
        response.write('{"data":[{"vmid":10')
        setImmediate(() => request.socket.destroy())
      },
    }
  }

  /** What a call fails with after all its checks; undefined lets it pass. */
  refusal(verb: string, path: string): ApiError | undefined {
    const lost = this.sim.state.quorum ? undefined : withoutQuorum(verb, path)
    if (lost !== undefined) return failure(lost)
    const message = this.meet(({onCall}, entry) =>
      concerns(entry, verb, path) ? onCall?.(verb, path, entry.spec) : undefined,
    )
    return message === undefined ? undefined : failure(message)
  }

  /** What a new task does instead of its work, or after it; `path` and `method` are of requests, and do not count. */
  ofTask({type, id}: Pick<Task, 'type' | 'id'>): TaskFault | undefined {
    return this.meet(({onTask}, {spec}) =>
      ['*', type].includes(spec.type ?? '*') && (spec.about === undefined || spec.about === id)
        ? onTask?.(spec)
        : undefined,
    )
  }

  /** Switches a node on or off, or makes it hang. */
  setNode(name: string, power: 'online' | 'offline' | 'hang'): boolean {
    const node = this.sim.state.nodes[name]
    if (!node) return false
    node.power = power
    return true
  }

  /** What was asked for and is not over, to be asked for again: less what has passed of it. */
  specs(): FaultSpec[] {
    return this.entries
      .filter(({state}) => state !== 'over')
      .map(({spec: {after, at, ...spec}, state, answered, left}) => ({
        ...spec,
        ...(spec.times !== undefined && {times: left}),
        ...(state === 'waiting' && after !== undefined && {after: after - answered}),
        ...(state === 'waiting' && at !== undefined && {at}),
      }))
  }

  /** Runs a function on the state as it is without faults. */
  without<T>(work: () => T): T {
    const touched = this.entries.filter(({state, spec}) => state === 'active' && kindOf(spec.kind).inState)
    for (const entry of touched) entry.undo?.()
    try {
      return work()
    } finally {
      for (const entry of touched) entry.undo = kindOf(entry.spec.kind).begin!(this.sim, entry.spec) as () => void
    }
  }

  stop(): void {
    for (const {timers} of this.entries) for (const timer of timers) clearTimeout(timer)
  }
}

/** The node that a path names. */
export const nodeIn = (path: string): string | undefined => /^\/nodes\/([^/]+)/.exec(path)?.[1]

const concerns = ({spec, pattern}: Entry, verb: string, path: string): boolean =>
  (spec.method === undefined || spec.method === verb) && (pattern === undefined || pattern.test(path))

const shown = ({id, spec, state}: Entry): Fault => ({id, ...spec, state})

function emptyCounters(): Counters {
  return {requests: 0, byPath: {}, inFlight: 0, maxInFlight: 0, maxInFlightByNode: {}}
}
