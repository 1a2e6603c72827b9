import type {IncomingMessage, ServerResponse} from 'node:http'
import type {State} from '../state/model.js'

/** What happens to a request that a fault matches. */
export type FaultKind = 'status' | 'hang' | 'half' | 'html' | 'drop' | 'forbidden' | 'latency'

export interface Fault {
  id: number
  /** Regular expression on the path below /api2/json. */
  path: string
  /** Only requests with this verb. */
  method?: string
  kind: FaultKind
  /** For `status`. */
  status?: number
  reason?: string
  /** Milliseconds, for `latency`. */
  delay?: number
  /** How many requests it still hits; without it, all until it is cleared. */
  times?: number
}

export interface FaultReply {
  status: number
  reason: string
  type?: string
  body: string
}

export interface Counters {
  requests: number
  byPath: Record<string, number>
  inFlight: number
  maxInFlight: number
  maxInFlightByNode: Record<string, number>
}

const html =
  '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n'

/** Faults on demand and counters of what clients sent. */
export class Faults {
  private list: Fault[] = []
  private nextId = 1
  private counters: Counters = emptyCounters()
  private readonly inFlightByNode: Record<string, number> = {}

  constructor(private readonly state: State) {}

  add(fault: Omit<Fault, 'id'>): Fault {
    new RegExp(fault.path)
    const entry = {...fault, id: this.nextId++}
    this.list.push(entry)
    return entry
  }

  all(): Fault[] {
    return this.list
  }

  clear(id?: number): void {
    this.list = id === undefined ? [] : this.list.filter((fault) => fault.id !== id)
  }

  count(): Counters {
    return this.counters
  }

  resetCounters(): void {
    this.counters = {...emptyCounters(), inFlight: this.counters.inFlight}
  }

  /** Counts a request; the returned function marks its end. */
  begin(verb: string, path: string): () => void {
    const counters = this.counters
    const key = `${verb} ${path}`
    const node = /^\/nodes\/([^/]+)/.exec(path)?.[1] ?? ''
    counters.requests++
    counters.byPath[key] = (counters.byPath[key] ?? 0) + 1
    this.counters.inFlight++
    this.inFlightByNode[node] = (this.inFlightByNode[node] ?? 0) + 1
    counters.maxInFlight = Math.max(counters.maxInFlight, this.counters.inFlight)
    counters.maxInFlightByNode[node] = Math.max(counters.maxInFlightByNode[node] ?? 0, this.inFlightByNode[node]!)
    return () => {
      this.counters.inFlight--
      this.inFlightByNode[node]!--
    }
  }

  private take(verb: string, path: string): Fault | undefined {
    const fault = this.list.find((f) => (f.method === undefined || f.method === verb) && new RegExp(f.path).test(path))
    if (fault?.times !== undefined && --fault.times <= 0) this.clear(fault.id)
    return fault
  }

  /** Applies the first fault that matches. Returns a reply to send instead, `done` when the connection was dealt with, or undefined. */
  async intercept(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<FaultReply | 'done' | undefined> {
    const fault = this.take(request.method ?? 'GET', path)
    if (!fault) return undefined
    switch (fault.kind) {
      case 'latency':
        await new Promise((resolve) => setTimeout(resolve, fault.delay ?? 1000).unref())
        return undefined
      case 'hang':
        await new Promise((resolve) => response.once('close', resolve))
        return 'done'
      case 'drop':
        request.socket.destroy()
        return 'done'
      case 'half':
        response.writeHead(200, 'OK', {'Content-Type': 'application/json;charset=UTF-8', 'Content-Length': 4096})
        response.write('{"data":[{"vmid":10')
        setImmediate(() => request.socket.destroy())
        return 'done'
      case 'html':
        return {status: fault.status ?? 200, reason: fault.reason ?? 'OK', type: 'text/html', body: html}
      case 'forbidden':
        return jsonFault(403, fault.reason ?? 'Permission check failed')
      case 'status':
        return fault.status === 401 || (fault.status ?? 500) >= 595
          ? {status: fault.status!, reason: fault.reason ?? 'Connection timed out', body: ''}
          : jsonFault(fault.status ?? 500, fault.reason ?? 'got timeout')
    }
  }

  /** Switches a node on or off, or makes it hang. */
  setNode(name: string, power: 'online' | 'offline' | 'hang'): boolean {
    const node = this.state.nodes[name]
    if (!node) return false
    node.power = power
    return true
  }
}

function emptyCounters(): Counters {
  return {requests: 0, byPath: {}, inFlight: 0, maxInFlight: 0, maxInFlightByNode: {}}
}

function jsonFault(status: number, reason: string): FaultReply {
  const body = JSON.stringify({data: null, message: `${reason}\n`})
  return {status, reason, type: 'application/json;charset=UTF-8', body}
}
