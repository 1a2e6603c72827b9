import {writeFileSync} from 'node:fs'
import type {AddressInfo} from 'node:net'
import {loadContract, type Release} from './contract/contract.js'
import {indexEndpoints} from './endpoints/indexes.js'
import {endpoints} from './endpoints/all.js'
import {startAdmin} from './http/admin.js'
import {Dispatcher} from './http/dispatch.js'
import {Router} from './http/router.js'
import {Entrance} from './http/entrance.js'
import {ApiServer} from './http/server.js'
import {loadSeed, readyToken, type Seed} from './seeds/seed.js'
import {Random} from './state/random.js'
import {withFile} from './faults/parse.js'
import type {FaultSpec} from './faults/kinds.js'
import {withTables} from './state/tables.js'
import {isSaved, restoreSimulation, saveSimulation} from './seeds/save.js'
import type {NodeState, State} from './state/model.js'
import {readSeed} from './seeds/index.js'
import {defaultSettings, Simulation, type Listener, type Settings} from './simulation.js'
import {createAuthority, type Authority, type Certificates} from 'pmpc/kit/tls'

export type {Seed} from './seeds/seed.js'
export type {Settings} from './simulation.js'

export interface SimulatorOptions extends Partial<Omit<Settings, 'release'>> {
  /** 0, the default, picks a free port. */
  port?: number
  /** Address to listen on; loopback unless given. */
  host?: string
  /** Name of a built-in seed, path of a seed file, or a seed. `homelab` unless given. */
  seed?: string | Seed
  /** Generates a cluster with so many nodes and guests instead of a seed. */
  nodes?: number
  guests?: number
  pve?: Release
  /** A file that holds the state: started from where it exists, written when the simulator stops. */
  state?: string
  /** Faults from the start on. */
  faults?: FaultSpec[]
  /** Port of the admin server; 0 picks a free one. Without it there is none. */
  adminPort?: number
}

export interface Simulator {
  /** `https://127.0.0.1:PORT` */
  url: string
  /** SHA-256 of the server's certificate. */
  fingerprint: string
  /** PEM of the cluster's CA. */
  ca: string
  tokenId: string
  tokenSecret: string
  /** Every token of the seed: id to secret. */
  tokens: Record<string, string>
  /** URL of the admin server. */
  admin?: string
  simulation: Simulation
  /** Resolves once it has stopped, by `stop()` or over the admin port. */
  ended: Promise<void>
  stop(): Promise<void>
}

const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host)

/** A node's name with its domain. */
const fullName = ({name, dns}: NodeState): string =>
  dns.search === undefined || dns.search === '' ? name : `${name}.${dns.search}`

/** A certificate for a node, and for the names and addresses of some. */
const issue = (authority: Authority, node: NodeState, named: NodeState[]): Certificates =>
  authority.issue(fullName(node), [
    ...['127.0.0.1', '::1', 'localhost'],
    ...named.flatMap((one) => [one.ip, one.name, fullName(one)]),
  ])

/** A certificate for the node that answers, which is the first, and for the names and addresses of all. */
function issueFor(authority: Authority, {nodes}: State): Certificates {
  const all = Object.values(nodes)
  return issue(authority, all[0]!, all)
}

/** Starts a simulated cluster. Everything it keeps ends with `stop()`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = await readSeed(options)
  const release = options.pve ?? (isSaved(seed) ? seed.release : '9.2')
  const given = Object.fromEntries(
    Object.keys(defaultSettings)
      .map((key) => [key, options[key as keyof SimulatorOptions]])
      .filter(([, value]) => value !== undefined),
  ) as Partial<Settings>
  const settings: Settings = {...defaultSettings, ...given, release}
  let authority = createAuthority()
  const [contract, roles] = await Promise.all([
    loadContract(release),
    import('./contract/roles.json').then((file) => file.default.roles as Record<Release, Record<string, string[]>>),
  ])
  const {state, token} = isSaved(seed)
    ? {state: withTables(structuredClone(seed.state)), token: readyToken(seed.state, seed.token)}
    : loadSeed(seed, roles[release], new Random(settings.randomSeed), Math.floor(settings.clock() / 1000))
  const issued = issueFor(authority, state)
  let certificates = issued
  const leaves = new Map<string, string>()
  const listener: Listener = {
    get certificates() {
      return certificates
    },
    leafOf(node) {
      if (node.name === simulation.localNode) return certificates.leaf
      const leaf = leaves.get(node.name) ?? issue(authority, node, [node]).leaf
      leaves.set(node.name, leaf)
      return leaf
    },
    perform: (request) => dispatcher.handle(request),
    renew(otherAuthority) {
      if (otherAuthority) {
        authority = createAuthority()
        leaves.clear()
      }
      certificates = issueFor(authority, state)
      this.serve()
      return certificates.fingerprint
    },
    serve: (pair = {key: certificates.key, cert: certificates.leaf}) => server.show(pair),
  }
  const simulation = new Simulation(settings, contract, state, listener)
  const dispatcher = new Dispatcher(simulation, new Router(contract), {...indexEndpoints(contract), ...endpoints})
  const server = new ApiServer(simulation, dispatcher, {key: certificates.key, cert: certificates.leaf})
  simulation.shownToken = token.id
  if (isSaved(seed)) restoreSimulation(simulation, seed)
  const host = options.host ?? '127.0.0.1'
  const entrance = new Entrance(server.server)
  await new Promise<void>((resolve, reject) => {
    entrance.server.once('error', reject)
    entrance.server.listen(options.port ?? 0, host, resolve)
  })
  let stopped = false
  let hasEnded = (): void => undefined
  const ended = new Promise<void>((resolve) => (hasEnded = resolve))
  const stop = async (): Promise<void> => {
    if (stopped) return
    stopped = true
    if (options.state !== undefined) writeFileSync(options.state, `${JSON.stringify(saveSimulation(simulation))}\n`)
    simulation.stop()
    await Promise.all([entrance.close(), admin?.stop()])
    hasEnded()
  }
  const admin =
    options.adminPort === undefined
      ? undefined
      : await startAdmin(simulation, {port: options.adminPort, stop: () => stop()})
  try {
    for (const fault of options.faults ?? []) simulation.faults.add(await withFile(fault))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: `https://${urlHost(host)}:${(entrance.server.address() as AddressInfo).port}`,
    // Those of the start, whatever a fault has changed by now.
    fingerprint: issued.fingerprint,
    ca: issued.ca,
    tokenId: token.id,
    tokenSecret: token.secret,
    tokens: Object.fromEntries(
      Object.values(state.users).flatMap((user) =>
        Object.entries(user.tokens).map(([name, {secret}]) => [`${user.userid}!${name}`, secret]),
      ),
    ),
    ...(admin && {admin: admin.url}),
    simulation,
    ended,
    stop,
  }
}
