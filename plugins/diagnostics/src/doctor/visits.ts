import {isPmpcError, type PmpcError} from 'pmpc/kit/errors'
import {needsOf} from 'pmpc/kit/fetch'
import {
  fetchCertificate,
  judgePrivileges,
  openReader,
  parseVersion,
  permissionsIn,
  proxyFor,
  readConnectionError,
  resolveCredential,
  type CertificateFacts,
  type ExchangeReport,
  type Permissions,
  type PrivilegeReport,
  type PveVersion,
  type Reader,
  type ResolvedCredential,
} from 'pmpc/kit/proxmox'
import type {Caller} from 'pmpc/kit/runs'
import {wantedKinds, type ClusterConfig, type WorkspaceConfig} from 'pmpc/kit/workspace'

/** What came of asking one endpoint for its version. */
export interface EndpointVisit {
  endpoint: string
  /** The proxy that the variables of the environment send its requests through; an error: they cannot be read. */
  proxy: URL | Error | undefined
  /** What it shows, before anybody has judged it. */
  certificate: CertificateFacts | PmpcError
  /** Its answer. Where it has refused the credential that is an error too: it was reached, and believed. */
  version: PveVersion | undefined | PmpcError
  /** How far its clock is ahead of this machine's, and how far off that may be; milliseconds. Undefined: it did not say. */
  clock: {ahead: number; within: number} | undefined
}

/** What came of visiting a cluster. */
export interface ClusterVisit {
  cluster: string
  config: ClusterConfig
  credential: Pick<ResolvedCredential, 'endpoints' | 'source'> | PmpcError
  endpoints: EndpointVisit[]
  /** What the credential may do; undefined: no endpoint took it. */
  rights: {permissions: Permissions; report: PrivilegeReport} | PmpcError | undefined
}

export interface Visits {
  clusters: ClusterVisit[]
  requests: number
}

/** A first look must not take as long as a sync may. */
const limits = {retries: 0, connectTimeout: 5000, timeout: 10_000, answerTime: 15_000}

type Environment = Readonly<Record<string, string | undefined>>

/** Asks each endpoint of each cluster for its version, and each cluster what the credential may do there. Nothing is thrown but an interruption. */
export async function visitClusters(config: WorkspaceConfig, caller: Caller, env: Environment): Promise<Visits> {
  const kinds = wantedKinds(config).map(({name}) => name)
  const wanted = needsOf(kinds)
  const visits = await Promise.all(
    Object.entries(config.clusters).map(async ([cluster, each]) => visit(cluster, each, {wanted, caller, env})),
  )
  caller.signal?.throwIfAborted()
  return {clusters: visits.map(({visit: one}) => one), requests: visits.reduce((sum, {requests}) => sum + requests, 0)}
}

interface Visiting {
  wanted: ReturnType<typeof needsOf>
  caller: Caller
  env: Environment
}

async function visit(
  cluster: string,
  config: ClusterConfig,
  {wanted, caller, env}: Visiting,
): Promise<{visit: ClusterVisit; requests: number}> {
  const access = {cluster, endpoints: config.endpoints, trust: config.trust, tokenId: config.token}
  const found = await orError(resolveCredential(access, env))
  const resolved = isPmpcError(found) ? undefined : found
  if (resolved) {
    const {credential} = resolved
    caller.run.registerSecret('secret' in credential ? credential.secret : credential.password)
  }
  const readers: Reader[] = []
  /** The credential goes to those endpoints only that it is bound to. */
  const open = (endpoint: string, onExchange?: (exchange: ExchangeReport) => void): Reader => {
    const mayHave = resolved?.endpoints.includes(endpoint) ?? false
    const reader = openReader({
      ...{cluster, endpoints: [endpoint], trust: config.trust, env, limits},
      ...(mayHave && {credential: resolved!.credential}),
      ...(caller.signal && {signal: caller.signal}),
      ...(onExchange && {onExchange}),
    })
    readers.push(reader)
    return reader
  }
  try {
    const endpoints = await Promise.all(config.endpoints.map(async (each) => visitEndpoint(each, open, env)))
    const answering = endpoints.find(({version}) => version && !isPmpcError(version))
    const rights =
      answering && resolved?.endpoints.includes(answering.endpoint)
        ? await orError(readRights(open(answering.endpoint), wanted))
        : undefined
    const credential = isPmpcError(found) ? found : {endpoints: found.endpoints, source: found.source}
    const requests = readers.reduce((sum, reader) => sum + reader.stats().requests, 0)
    return {visit: {cluster, config, credential, endpoints, rights}, requests}
  } finally {
    await Promise.all(readers.map(async (reader) => reader.close()))
  }
}

async function visitEndpoint(
  endpoint: string,
  open: (endpoint: string, onExchange: (exchange: ExchangeReport) => void) => Reader,
  env: Environment,
): Promise<EndpointVisit> {
  let clock: EndpointVisit['clock']
  const reader = open(endpoint, ({date, milliseconds}) => {
    if (date !== undefined) clock = clockOf(date, Date.now(), milliseconds)
  })
  const [proxy, certificate, version] = await Promise.all([
    proxyFor(new URL(endpoint), env).catch((error: unknown) => error as Error),
    fetchCertificate(endpoint, {env, connectTimeout: limits.connectTimeout}).catch((error: unknown) =>
      readConnectionError(error, {method: 'GET', path: '/', endpoint}),
    ),
    orError(reader.get('/version').then(parseVersion)),
  ])
  return {endpoint, proxy, certificate, version, clock}
}

/**
 * How far a server's clock is ahead.
 * @param date what it said, to the second: on average half a second earlier than it was
 * @param now when its answer was there
 * @param milliseconds how long that took; it answered at some time in between
 */
export function clockOf(date: string, now: number, milliseconds: number): NonNullable<EndpointVisit['clock']> {
  const half = 500
  return {ahead: Date.parse(date) + half - (now - milliseconds / 2), within: half + milliseconds / 2}
}

async function readRights(
  reader: Reader,
  wanted: Visiting['wanted'],
): Promise<Exclude<ClusterVisit['rights'], PmpcError | undefined>> {
  const permissions = permissionsIn(await reader.get('/access/permissions'))
  return {permissions, report: judgePrivileges(permissions, wanted)}
}

async function orError<T>(work: Promise<T>): Promise<T | PmpcError> {
  return work.catch((error: unknown) => {
    if (isPmpcError(error)) return error
    throw error
  })
}
