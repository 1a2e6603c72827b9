import {Command, Flags} from '@oclif/core'
import {faultKinds, type FaultSpec} from '../../faults/kinds.js'
import {parseFault} from '../../faults/parse.js'
import type {Release} from '../../contract/contract.js'

export default class SimulatorStart extends Command {
  static override summary = 'Start a simulated Proxmox VE cluster and serve its API until it is stopped.'
  static override description =
    'Serves the API over HTTPS with a certificate of its own, from a state that lives in memory. SIGTERM or Ctrl-C ends it. ' +
    'With --json the first line on standard output is {"url","fingerprint","tokenId","tokenSecret","ready":true}.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> --port 8006 --seed cluster',
    '<%= config.bin %> <%= command.id %> --port 0 --nodes 4 --guests 1000 --latency 15 --json',
    '<%= config.bin %> <%= command.id %> --port 8006 --pve 8.4 --seed ./my-cluster.yaml --admin-port 8007',
  ]

  static override flags = {
    port: Flags.integer({description: 'port to listen on; 0 picks a free one', default: 8006, min: 0, max: 65_535}),
    host: Flags.string({description: 'address to listen on', default: '127.0.0.1'}),
    seed: Flags.string({
      description: 'what the cluster holds: homelab, cluster, offline, daemon, or a JSON or YAML file',
      exclusive: ['nodes', 'guests'],
    }),
    nodes: Flags.integer({description: 'generate a cluster with this many nodes', min: 1, max: 64}),
    guests: Flags.integer({description: 'generate a cluster with this many guests', min: 0, max: 100_000}),
    pve: Flags.string({
      description: 'version of the API; 9.2 unless a saved state is of another',
      options: ['8.4', '9.2'],
    }),
    latency: Flags.integer({description: 'delay of every answer in milliseconds', default: 0, min: 0}),
    'auth-delay': Flags.integer({description: 'delay of 401 answers in milliseconds', default: 3000, min: 0}),
    'task-time': Flags.integer({description: 'how long a task runs, in milliseconds', default: 200, min: 0}),
    'status-interval': Flags.integer({
      description: 'milliseconds between status rounds, by which /cluster/resources lags behind; 0 for no lag',
      default: 10_000,
      min: 0,
    }),
    workers: Flags.integer({
      description: 'calls that a node serves at once, the others wait; Proxmox VE has 3 workers, 0 is no limit',
      default: 0,
      min: 0,
    }),
    state: Flags.string({
      description: 'a file to keep the state in: started from where it exists, written at the end',
      exclusive: ['seed', 'nodes', 'guests'],
    }),
    fault: Flags.string({
      description: `something that goes wrong, KIND[:option=value,…], see the README; KIND is one of ${Object.keys(faultKinds).join(', ')}`,
      multiple: true,
      default: [],
    }),
    'admin-port': Flags.integer({
      description: 'port on loopback for faults and counters; 0 picks a free one',
      min: 0,
      max: 65_535,
    }),
    json: Flags.boolean({description: 'print one line of JSON when ready'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(SimulatorStart)
    const {startSimulator} = await import('../../index.js')
    const simulator = await startSimulator({
      port: flags.port,
      host: flags.host,
      seed: flags.seed,
      nodes: flags.nodes,
      guests: flags.guests,
      pve: flags.pve as Release | undefined,
      workers: flags.workers,
      state: flags.state,
      faults: flags.fault.map((fault) => this.faultFrom(fault)),
      latency: flags.latency,
      authDelay: flags['auth-delay'],
      taskTime: flags['task-time'],
      statusInterval: flags['status-interval'],
      adminPort: flags['admin-port'],
    }).catch((error: unknown) => this.cannotStart(error as NodeJS.ErrnoException & {port?: number}, flags.seed))
    const {url, fingerprint, tokenId, tokenSecret, admin} = simulator
    const ended = new Promise<void>((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
    })
    if (flags.json) {
      process.stdout.write(
        `${JSON.stringify({url, fingerprint, tokenId, tokenSecret, ready: true, ...(admin !== undefined && {admin})})}\n`,
      )
    } else {
      this.log(`Serving a simulated Proxmox VE ${simulator.simulation.settings.release} at ${url}`)
      this.log(`  fingerprint  ${fingerprint}`)
      this.log(`  token        ${tokenId}=${tokenSecret}`)
      if (admin !== undefined) this.log(`  admin        ${admin}`)
      this.log('Ctrl-C ends it.')
    }
    await Promise.race([ended, simulator.ended])
    await simulator.stop()
  }

  /** A port that is taken and a seed that is not there are mistakes of typing, and no bugs. */
  private cannotStart(error: NodeJS.ErrnoException & {port?: number}, seed?: string): never {
    if (error.code === 'EADDRINUSE')
      this.error(`port ${error.port} is taken`, {exit: 1, suggestions: ['pmpc simulator start --port 0']})
    if (error.code === 'ENOENT' && error.path === seed)
      this.error(`--seed ${seed}: there is no such seed and no such file`, {
        exit: 64,
        suggestions: ['pmpc simulator start --seed cluster', 'pmpc simulator start --help'],
      })
    throw error
  }

  private faultFrom(text: string): FaultSpec {
    try {
      return parseFault(text)
    } catch (error) {
      return this.error(`--fault ${text}: ${(error as Error).message}`, {exit: 64})
    }
  }
}
