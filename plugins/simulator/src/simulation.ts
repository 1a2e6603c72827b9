import {BackupScheduler} from './backup/scheduler.js'
import {Authentication} from './access/auth.js'
import {Permissions} from './access/permissions.js'
import type {Contract, Release} from './contract/contract.js'
import type {FormatContext} from './contract/formats.js'
import type {Params} from './contract/schema.js'
import {Faults} from './faults/faults.js'
import {Random} from './state/random.js'
import type {State} from './state/model.js'
import type {Request} from './http/dispatch.js'
import type {Upload} from './http/multipart.js'
import {Workers} from './http/workers.js'
import {StatusBoard} from './state/status.js'
import {Consoles} from './tasks/consoles.js'
import {ReplicationRunner} from './replication/runner.js'
import {HaManager} from './ha/manager.js'
import {TaskRunner} from './tasks/runner.js'

/** What can be set about a simulation; times in milliseconds. */
export interface Settings {
  release: Release
  /** Delay of every answer. */
  latency: number
  /** Delay of 401 answers; PVE's is 3 s. */
  authDelay: number
  /** How long a task runs before it does its work. */
  taskTime: number
  /** How long a console waits for somebody to connect. */
  consoleTime: number
  /** Time between two rounds of pvestatd; 0 shows changes in /cluster/resources at once. */
  statusInterval: number
  /** How long a call to a hanging node waits before 596. */
  proxyTimeout: number
  /** Seed of the order of keys and of generated ids. */
  randomSeed: number
  /** Calls that a node serves at once; 0 for no limit. PVE's daemons have 3 workers each. */
  workers: number
  /** The time, in milliseconds since the epoch. */
  clock: () => number
}

export const defaultSettings: Settings = {
  release: '9.2',
  latency: 0,
  authDelay: 3000,
  taskTime: 200,
  consoleTime: 10_000,
  statusInterval: 10_000,
  proxyTimeout: 30_000,
  randomSeed: 1,
  workers: 0,
  clock: () => Date.now(),
}

/** Everything one simulated cluster consists of; nothing is kept outside of it. */
export class Simulation {
  readonly random: Random
  readonly context: FormatContext
  readonly permissions: Permissions
  readonly authentication: Authentication
  readonly tasks: TaskRunner
  readonly consoles: Consoles
  readonly board: StatusBoard
  readonly ha: HaManager
  readonly replication: ReplicationRunner
  readonly faults: Faults
  readonly scheduler: BackupScheduler
  readonly workers: Workers
  /** PEM of the CA and of the node's certificate, set when the server has made them. */
  certificates: {ca: string; leaf: string; key: string} = {ca: '', leaf: '', key: ''}
  /** Gives the server a new certificate, of the same authority or of another; returns its fingerprint. */
  renewCertificate: (otherAuthority: boolean) => string = () => ''
  /** Has the server show a certificate that was uploaded, or its own again. */
  serveCertificate: (pair?: {key: string; cert: string}) => void = () => undefined
  /** Handles a call as the server does once it knows who sends it. */
  perform: (request: Request) => Promise<unknown> = () => Promise.reject(new Error('the server has not started'))
  /** The node that answers. */
  localNode: string
  /** Token that the ready line shows. */
  shownToken = ''

  constructor(
    readonly settings: Settings,
    readonly contract: Contract,
    readonly state: State,
  ) {
    this.random = new Random(settings.randomSeed)
    this.context = {
      release: settings.release,
      formats: contract.formats,
      slots: contract.slots,
      cpuModels: () => Object.keys(state.sections['cpu-models'] ?? {}),
    }
    this.localNode = Object.keys(state.nodes)[0]!
    this.permissions = new Permissions(state, () => state.roles.Administrator ?? [])
    this.authentication = new Authentication(state, settings.release, () => this.now())
    this.tasks = new TaskRunner(this)
    this.consoles = new Consoles(this)
    this.ha = new HaManager(this)
    this.replication = new ReplicationRunner(this)
    this.board = new StatusBoard(this)
    this.workers = new Workers(settings.workers, () => settings.proxyTimeout)
    this.faults = new Faults(this)
    this.scheduler = new BackupScheduler(this)
  }

  /** Seconds since the epoch. */
  now(): number {
    return Math.floor(this.settings.clock() / 1000)
  }

  stop(): void {
    this.faults.stop()
    this.scheduler.stop()
    this.consoles.stop()
    this.tasks.stop()
    this.board.stop()
  }
}

/** One authenticated, checked request on its way to its handler. */
export interface Call {
  sim: Simulation
  state: State
  /** `user@realm` or `user@realm!token`. */
  auth: string
  verb: string
  /** Path as the contract writes it. */
  path: string
  param: Params
  /** The HA manager sends it: nothing is handed to it again. */
  byManager?: boolean
  /** A file that came along. */
  upload?: Upload
}

export type Handler = (call: Call) => unknown
export type Endpoints = Record<string, Handler>

/** A parameter as text; undefined when it was not sent. */
export function text(call: Call, key: string): string | undefined {
  const value = call.param[key]
  return value === undefined ? undefined : String(value)
}

/** A parameter that the contract requires. */
export const required = (call: Call, key: string): string => text(call, key) ?? ''

/** Whether a boolean parameter was sent and is true. */
export const isSet = (call: Call, key: string): boolean => text(call, key) === '1'

/** An integer parameter, or the fallback. */
export function integer(call: Call, key: string, fallback: number): number {
  const value = text(call, key)
  return value === undefined ? fallback : Number(value)
}
