// What tests of `pmpc apply` share: its result, what it sent, and pmpc killed at one of the requests.
import type {ChildProcess} from 'node:child_process'
import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import {chmodSync, rmSync} from 'node:fs'
import type {IncomingMessage} from 'node:http'
import path from 'node:path'
import type {Exchange} from '../../plugins/simulator/src/http/server.js'
import type {Simulation} from '../../plugins/simulator/src/simulation.js'
import {parseDocument, stringify} from 'yaml'
import type {Clone} from './lab.js'

/** What tests read of `pmpc apply --json`. */
export interface ApplyJson {
  run: string
  digest: string
  done: {object: string; consequence: string; requests: number; upids: string[]}[]
  failed: {object: string; code: string; message: string}[]
  skipped: {object: string; why?: string}[]
  unknown: {object: string; message?: string}[]
  undecided: {object: string; field: string | null; why: string}[]
  intention: string | null
  observation: string | null
}

/** A request that pmpc sent and PVE answered. */
export type Sent = Pick<Exchange, 'verb' | 'path' | 'params' | 'status' | 'reason'>

/**
 * Where pmpc is killed: at its n-th writing request, of those that are like `of` (`POST /nodes/pve1/qemu`), when that was sent and gets lost on the way
 * (`lost`), or when it is done and the answer gets lost (`unanswered`).
 */
export interface Cut {
  write: number
  of?: RegExp
  half: 'lost' | 'unanswered'
}

/** Sees what pmpc asks of one simulator of this process, and kills it at a place that is named. */
export class Watch {
  /** Answered requests that change anything, in the order of their answers. */
  writes: Sent[] = []
  /** How many others there were. */
  reads = 0
  /** Whether the place was come to. */
  wasCut = false
  private met = 0
  private cut?: Cut
  private child?: ChildProcess

  private readonly onArrival = (message: unknown): void => {
    const {request} = message as {request: IncomingMessage}
    const {method = 'GET', url = ''} = request
    if (method === 'GET' || !this.isMine(request.socket.localPort, request.headers['user-agent'])) return
    const path = new URL(url, 'https://simulator').pathname.replace('/api2/json', '')
    if (this.cut?.half !== 'lost' || !this.isHere(method, path)) return
    const exactly = `^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`
    this.kill()
    this.simulation.faults.add({kind: 'drop', method, path: exactly, times: 1})
  }

  private readonly onAnswer = (message: unknown): void => {
    const {verb, path, params, status, reason, server, client} = message as Exchange
    if (!this.isMine(server, client)) return
    if (verb === 'GET') return void this.reads++
    this.writes.push({verb, path, params, status, reason})
    if (this.cut?.half === 'unanswered' && this.isHere(verb, path)) this.kill()
  }

  constructor(
    private readonly simulation: Simulation,
    private readonly port: number,
  ) {
    subscribe('http.server.request.start', this.onArrival)
    subscribe('pmpc:simulator', this.onAnswer)
  }

  private isMine(port: number | undefined, client: string | undefined): boolean {
    return port === this.port && /^pmpc\b/.test(client ?? '')
  }

  private isHere(method: string, path: string): boolean {
    const {of, write} = this.cut!
    return (of === undefined || of.test(`${method} ${path}`)) && ++this.met === write
  }

  /** What was seen is forgotten; the next writes are counted from one. */
  begin(cut?: Cut): void {
    Object.assign(this, {writes: [], reads: 0, met: 0, wasCut: false, cut, child: undefined})
  }

  /** Whom to kill. */
  started(child: ChildProcess): void {
    this.child = child
  }

  /** It is not even told of: nothing of it runs any more when the next line here does. */
  private kill(): void {
    this.child?.kill('SIGKILL')
    this.wasCut = true
  }

  stop(): void {
    unsubscribe('http.server.request.start', this.onArrival)
    unsubscribe('pmpc:simulator', this.onAnswer)
  }
}

/** Keys of the state that tell when something was, or what was said of it. */
const passing = new Set([
  ...['tasks', 'log', 'journal', 'bootTime', 'startTime', 'pid', 'time', 'ctime', 'used', 'system', 'cloudinit'],
  ...['packagesRead', 'services', 'snaptime', 'replication', 'statistics'],
])

/**
 * All that a cluster is, as text: two that are alike but for what PVE makes up (MAC addresses, UUIDs, times, digests) are equal.
 * @param kept values that were there from the beginning, which nothing may change
 */
export function pictureOf({state}: Simulation, kept = ''): string {
  const madeUp = (text: string): string =>
    text
      .replace(/\b[0-9A-F]{2}(?::[0-9A-F]{2}){5}\b/g, (mac) => (kept.includes(mac) ? mac : 'MAC'))
      .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, (uuid) => (kept.includes(uuid) ? uuid : 'UUID'))
      .replace(/ctime=\d+/g, 'ctime=then')
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([key]) => !passing.has(key))
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, each]) => [key, sorted(each)]),
          )
        : value
  return madeUp(JSON.stringify(sorted(state), null, 1))
}

/** Every task that was ever begun, as `qmclone 114 OK`, sorted. */
export const tasksOf = ({state}: Simulation): string[] =>
  state.tasks.map(({type, id, exitstatus = 'runs'}) => `${type} ${id} ${exitstatus}`).sort()

/** Waits until nothing is under way in a cluster; the test's own limit ends it. */
export async function untilQuiet({state, faults}: Simulation): Promise<void> {
  while (faults.count().inFlight > 0 || state.tasks.some(({endtime}) => endtime === undefined))
    await new Promise((resolve) => setTimeout(resolve, 5))
}

/** How an apply ended. */
export interface Applied extends ApplyJson {
  code: number | null
  /** What stopped it before anything was sent. */
  error?: {code: string; message: string; suggestions: string[]}
  stderr: string
}

/** `pmpc apply --json`, with what it says. */
export async function applyIn(clone: Clone, ...args: string[]): Promise<Applied> {
  const result = await clone.pmpc(['apply', '--json', '--yes', ...args])
  return {...result.json<Applied>(), code: result.code, stderr: result.stderr}
}

/** `pmpc`, killed in the middle of its commit of what is wished: the run is noted, and nothing is committed. */
export async function killedAtCommit(clone: Clone, args: string[]): Promise<void> {
  const hook = path.join(clone.root, '.git/hooks/pre-commit')
  clone.write('.git/hooks/pre-commit', '#!/bin/sh\nkill -9 "$(cat .git/pid)"\n')
  chmodSync(hook, 0o755)
  try {
    const {signal} = await clone.pmpc(args, {started: ({pid}) => clone.write('.git/pid', String(pid))})
    if (signal !== 'SIGKILL') throw new Error(`pmpc ${args.join(' ')} came to its end`)
  } finally {
    rmSync(hook)
  }
}

/** Writes one value of a manifest; undefined takes it out. */
export function declare(clone: Clone, object: string, path: readonly (string | number)[], value: unknown): void {
  const file = `infra/home/${object}.yaml`
  const document = parseDocument(clone.read(file))
  if (value === undefined) document.deleteIn(path)
  else document.setIn(path, document.createNode(value, {flow: Array.isArray(value)}))
  clone.write(file, document.toString({lineWidth: 0, flowCollectionPadding: false}))
}

/** A manifest, by kind and id. */
export function declareNew(clone: Clone, name: string, document: Readonly<Record<string, unknown>>): void {
  clone.write(`infra/home/${name}.yaml`, stringify(document, {lineWidth: 0, flowCollectionPadding: false}))
}
