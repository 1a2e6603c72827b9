import {BaseCommand, Flags} from 'pmpc/kit/cli'
import {isPmpcError, PmpcError} from 'pmpc/kit/errors'
import path from 'node:path'
import type {Release} from '../../contract/contract.js'
import {faultKinds, type FaultSpec} from '../../faults/kinds.js'
import {parseFault} from '../../faults/parse.js'
import type {Simulator} from '../../index.js'
import type {Replayed} from '../../seeds/replay.js'

/** What `pmpc simulator start --json` prints, on one line, once it serves; docs/json.md. */
export interface ReadyResult {
  url: string
  fingerprint: string
  tokenId: string
  tokenSecret: string
  ready: true
  /** Address of the admin port, with `--admin-port`. */
  admin?: string
}

export default class SimulatorStart extends BaseCommand<undefined> {
  static override readonly effect = 'records'
  static override summary = 'Start a simulated Proxmox VE cluster and serve its API until it is stopped.'
  static override description =
    'Serves the API over HTTPS with a certificate of its own, from a state that lives in memory. SIGTERM or Ctrl-C ends it. ' +
    'With --json the first line on standard output is {"url","fingerprint","tokenId","tokenSecret","ready":true}.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> --port 8006 --seed cluster',
    '<%= config.bin %> <%= command.id %> --port 0 --nodes 4 --guests 1000 --latency 15 --json',
    '<%= config.bin %> <%= command.id %> --replay report.tar.gz',
    '<%= config.bin %> <%= command.id %> --port 8006 --pve 8.4 --seed ./my-cluster.yaml --admin-port 8007',
  ]

  static override flags = {
    port: Flags.integer({summary: 'Port to listen on; 0 picks a free one.', default: 8006, min: 0, max: 65_535}),
    host: Flags.string({summary: 'Address to listen on.', default: '127.0.0.1'}),
    seed: Flags.string({
      summary: 'What the cluster holds: homelab, cluster, offline, daemon, or a JSON or YAML file.',
      helpValue: 'NAME|FILE',
      exclusive: ['nodes', 'guests'],
    }),
    nodes: Flags.integer({summary: 'Generate a cluster with this many nodes.', min: 1, max: 64}),
    guests: Flags.integer({summary: 'Generate a cluster with this many guests.', min: 0, max: 100_000}),
    pve: Flags.option({
      summary: 'Version of the API; 9.2 unless a saved state is of another.',
      options: ['8.4', '9.2'] as const satisfies Release[],
    })(),
    latency: Flags.integer({summary: 'Delay of every answer in milliseconds.', default: 0, min: 0}),
    'auth-delay': Flags.integer({summary: 'Delay of 401 answers in milliseconds.', default: 3000, min: 0}),
    'task-time': Flags.integer({summary: 'How long a task runs, in milliseconds.', default: 200, min: 0}),
    'allocation-time': Flags.integer({
      summary: 'How long making a volume takes, in milliseconds, while its storage is locked.',
      default: 0,
      min: 0,
    }),
    'status-interval': Flags.integer({
      summary: 'Milliseconds between status rounds, by which /cluster/resources lags behind; 0 for no lag.',
      default: 10_000,
      min: 0,
    }),
    workers: Flags.integer({
      summary: 'Calls that a node serves at once, the others wait; Proxmox VE has 3 workers, 0 is no limit.',
      default: 0,
      min: 0,
    }),
    'offline-services': Flags.option({
      summary: 'Whether storages, IPAMs and DNS services that do not answer can be configured all the same.',
      options: ['refuse', 'accept'] as const,
      default: 'refuse',
    })(),
    state: Flags.string({
      summary: 'A file to keep the state in: started from where it exists, written at the end.',
      helpValue: 'FILE',
      exclusive: ['seed', 'nodes', 'guests'],
    }),
    replay: Flags.string({
      summary: 'Serve the estate in a bundle of pmpc report-issue.',
      helpValue: 'FILE',
      exclusive: ['seed', 'state', 'nodes', 'guests'],
    }),
    cluster: Flags.string({
      summary: 'Which cluster of the bundle; the first one unless given.',
      helpValue: 'NAME',
      dependsOn: ['replay'],
    }),
    fault: Flags.string({
      summary: `Something that goes wrong, KIND[:option=value,…], see the README; KIND is one of ${Object.keys(faultKinds).join(', ')}.`,
      multiple: true,
      multipleNonGreedy: true,
      default: [],
    }),
    'admin-port': Flags.integer({
      summary: 'Port on loopback for faults and counters; 0 picks a free one.',
      min: 0,
      max: 65_535,
    }),
  }

  async run(): Promise<undefined> {
    const {flags} = await this.parse(SimulatorStart)
    const {startSimulator} = await import('../../index.js')
    const {isSeedName} = await import('../../seeds/index.js')
    const inFolder = (file: string): string => path.resolve(this.folder, file)
    const told = this.interrupts.awaitSignal()
    const replayed = flags.replay === undefined ? undefined : await this.replayed(inFolder(flags.replay), flags.cluster)
    const named = flags.seed === undefined || isSeedName(flags.seed) ? flags.seed : inFolder(flags.seed)
    const simulator = await startSimulator({
      port: flags.port,
      host: flags.host,
      seed: replayed?.seed ?? named,
      nodes: flags.nodes,
      guests: flags.guests,
      pve: flags.pve ?? replayed?.pve,
      workers: flags.workers,
      state: flags.state && inFolder(flags.state),
      faults: flags.fault.map(faultFrom),
      latency: flags.latency,
      authDelay: flags['auth-delay'],
      taskTime: flags['task-time'],
      allocationTime: flags['allocation-time'],
      statusInterval: flags['status-interval'],
      offlineServices: flags['offline-services'],
      adminPort: flags['admin-port'],
    }).catch((error: unknown) => {
      throw cannotStart(error as NodeJS.ErrnoException & {port?: number}, flags.seed ?? flags.state)
    })
    this.tell(simulator)
    await Promise.race([told, simulator.ended])
    await simulator.stop()
    return undefined
  }

  /** What a bundle holds, with a word on what else is in it. */
  private async replayed(file: string, cluster: string | undefined): Promise<Replayed> {
    const {readBundle} = await import('../../seeds/replay.js')
    const replayed = await readBundle(file, cluster).catch((error: unknown) => {
      throw cannotStart(error as NodeJS.ErrnoException, file)
    })
    if (cluster === undefined && replayed.others.length > 0)
      this.hint(`The cluster ${replayed.cluster}; others in it: --cluster ${replayed.others.join(', --cluster ')}`)
    return replayed
  }

  private tell({url, fingerprint, tokenId, tokenSecret, admin, simulation}: Simulator): void {
    const ready: ReadyResult = {
      url,
      fingerprint,
      tokenId,
      tokenSecret,
      ready: true,
      ...(admin !== undefined && {admin}),
    }
    if (this.jsonEnabled()) return this.print(`${JSON.stringify(ready)}\n`)
    this.say(`Serving a simulated Proxmox VE ${simulation.settings.release} at ${url}`)
    this.say(`  fingerprint  ${fingerprint}`)
    this.say(`  token        ${tokenId}=${tokenSecret}`)
    if (admin !== undefined) this.say(`  admin        ${admin}`)
    this.hint('Ctrl-C ends it.')
  }
}

function faultFrom(text: string): FaultSpec {
  try {
    return parseFault(text)
  } catch (error) {
    throw usage('PMPC_SIMULATOR_FAULT', `--fault ${text}: ${(error as Error).message}.`, [
      'pmpc simulator start --help',
    ])
  }
}

/** What of a start that failed is a mistake of the person who typed it, or of the file that it names; anything else is a bug. */
function cannotStart(error: NodeJS.ErrnoException & {port?: number}, file?: string): Error {
  if (isPmpcError(error)) return error
  if (error.code === 'EADDRINUSE' || error.code === 'EACCES') {
    const why = error.code === 'EACCES' ? 'may not be listened on' : 'is taken'
    if (error.port !== undefined)
      return new PmpcError('PMPC_PORT_TAKEN', `Port ${error.port} ${why}.`, {
        suggestions: ['pmpc simulator start --port 0'],
        data: {port: error.port},
      })
  }
  if (error.code === 'EADDRNOTAVAIL')
    return usage('PMPC_USAGE', `This machine has no address --host ${String((error as {address?: string}).address)}.`, [
      'pmpc simulator start --host 127.0.0.1',
    ])
  if (error.code === 'SEED')
    return usage('PMPC_SIMULATOR_SEED', `${error.message}.`, ['pmpc simulator start --seed cluster'])
  if (error.code === 'ENOENT' && file !== undefined)
    return usage('PMPC_SIMULATOR_SEED', `There is no seed and no file ${file}.`, [
      'pmpc simulator start --seed cluster',
      'pmpc simulator start --help',
    ])
  return error
}

const usage = (code: string, message: string, suggestions: string[]): PmpcError =>
  new PmpcError(code, message, {suggestions})
