import {BackupScheduler} from './backup/scheduler.js'
import {Authentication} from './access/auth.js'
import {Permissions} from './access/permissions.js'
import type {Contract, Release} from './contract/contract.js'
import type {FormatContext} from './contract/formats.js'
import {Faults} from './faults/faults.js'
import {Random} from './state/random.js'
import type {NodeState, State} from './state/model.js'
import type {Request} from './calls/call.js'
import {Workers} from './calls/workers.js'
import {StatusBoard} from './nodes/status.js'
import {Consoles} from './tasks/consoles.js'
import {ReplicationRunner} from './replication/runner.js'
import {HaManager} from './ha/manager.js'
import {FileLocks} from './tasks/locks.js'
import {TaskRunner} from './tasks/runner.js'
import type {Certificates} from 'pmpc/kit/tls'

/** What can be set about a simulation; times in milliseconds. */
export interface Settings {
  release: Release
  /** Delay of every answer. */
  latency: number
  /** Delay of 401 answers; PVE's is 3 s. */
  authDelay: number
  /** How long a task runs before it does its work. */
  taskTime: number
  /** How long making a volume takes, while its storage is locked. */
  allocationTime: number
  /** How long the lock of a file is waited for; PVE's is 10 s. */
  lockTimeout: number
  /** How long a console waits for somebody to connect. */
  consoleTime: number
  /** Time between two rounds of pvestatd; 0 shows changes in /cluster/resources at once. */
  statusInterval: number
  /** How long a call to a hanging node waits before 596, and one that takes longer than this. */
  proxyTimeout: number
  /** Seed of the order of keys and of generated ids. */
  randomSeed: number
  /** Calls that a node serves at once; 0 for no limit. PVE's daemons have 3 workers each. */
  workers: number
  /** Whether storages, IPAMs and DNS services that do not answer, as none does in a world without others, can be configured all the same. */
  offlineServices: 'refuse' | 'accept'
  /** The time, in milliseconds since the epoch. */
  clock: () => number
}

export const defaultSettings: Settings = {
  release: '9.2',
  latency: 0,
  authDelay: 3000,
  taskTime: 200,
  allocationTime: 0,
  lockTimeout: 10_000,
  consoleTime: 10_000,
  statusInterval: 10_000,
  proxyTimeout: 30_000,
  randomSeed: 1,
  workers: 0,
  offlineServices: 'refuse',
  clock: () => Date.now(),
}

/** What a simulation asks of the server in front of it. */
export interface Listener {
  /** PEM of the CA, of the certificate that it signed for the node, and of its key. */
  readonly certificates: Pick<Certificates, 'ca' | 'leaf' | 'key'>
  /** PEM of a node's own certificate; that of the node which answers is the one that is shown. */
  leafOf(node: NodeState): string
  /** Handles a call as the server does once it knows who sends it. @throws ApiError, ProxyError */
  perform(request: Request): Promise<unknown>
  /** Shows a new certificate, of the same authority or of another; returns its fingerprint. */
  renew(otherAuthority: boolean): string
  /** Shows a certificate that was uploaded, or its own again. */
  serve(pair?: {key: string; cert: string}): void
}

/** Everything one simulated cluster consists of; nothing is kept outside of it. */
export class Simulation {
  readonly random: Random
  readonly context: FormatContext
  readonly permissions: Permissions
  readonly authentication: Authentication
  readonly tasks: TaskRunner
  readonly locks: FileLocks
  readonly consoles: Consoles
  readonly board: StatusBoard
  readonly ha: HaManager
  readonly replication: ReplicationRunner
  readonly faults: Faults
  readonly scheduler: BackupScheduler
  readonly workers: Workers
  /** The node that answers. */
  localNode: string
  /** Token that the ready line shows. */
  shownToken = ''

  constructor(
    readonly settings: Settings,
    readonly contract: Contract,
    readonly state: State,
    readonly listener: Listener,
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
    this.locks = new FileLocks(() => settings.lockTimeout)
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
