import {setMaxListeners} from 'node:events'
import type {Pool} from 'undici'
import {PmpcError, retold} from '../errors/index.js'
import {mapTexts, withoutKnown} from '../secrets/index.js'
import {isHeard, tellWork} from '../work/index.js'
import {createAuthenticator, type Authenticator, type Credential, type TicketAnswer} from './auth.js'
import {backoff, systemClock, type Clock} from './clock.js'
import type {Environment} from './environment.js'
import {
  cutAnswer,
  notPve,
  outcomeUnknown,
  overLimit,
  readConnectionError,
  readFailure,
  type Call,
  type FailedAnswer,
  type Failure,
} from './errors.js'
import {brokenOff, defaultLimits, passedLimit, type AnswerLimit, type Limits} from './limits.js'
import {encodeParameters, guestOf, guestRefOf, owningNode, type Parameters} from './paths.js'
import {Claims, type Claim} from './claims.js'
import {createScheduler, type Scheduler, type Verdict} from './scheduler.js'
import {createSilence} from './silence.js'
import {send, TransportError, unpacked, type Exchange, type RawAnswer} from './transport.js'
import {trustedConnector, type Trust, type TrustContext} from './trust.js'

export interface ClientOptions {
  /** `https://HOST:8006`, in the order they are tried. */
  endpoints: readonly string[]
  trust: Trust
  /** None: only what needs no login can be asked. */
  credential?: Credential
  userAgent?: string
  limits?: Partial<Limits>
  /** Name of the cluster, for messages. */
  cluster?: string
  /** For the proxy variables; `process.env` unless given. */
  env?: Environment
  clock?: Clock
  /** Ends whatever is under way. */
  signal?: AbortSignal
  /** Told of each exchange, for the run's log. Holds no parameters and no secret. */
  onExchange?: (exchange: ExchangeReport) => void
}

export interface ExchangeReport {
  method: string
  path: string
  endpoint: string
  /** HTTP status, or 0 when there was no answer. */
  status: number
  milliseconds: number
  /** What the server's clock said when it answered (the header `Date`, to the second), ISO 8601; undefined where it did not say. */
  date?: string
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/api2/json`, made with `apiPath`. */
  path: string
  query?: Parameters
  /** Only for POST and PUT; PVE takes no body elsewhere. */
  body?: Parameters
  /** The node that does the work, where the path does not say. */
  node?: string
  signal?: AbortSignal
}

/** An answer with what stands beside `data`. */
export interface Whole<T> {
  data: T
  /** Length of the whole list, of paged ones. */
  total?: number
  /** Pending changes of a node's network, as a unified diff. */
  changes?: string
}

export interface ClientStats {
  /** Sent over the wire, repetitions included. */
  requests: number
  retries: number
  /** Received, as transferred. */
  bytes: number
  /** Sum over all requests, from sending to the last byte. */
  milliseconds: number
}

export interface ReadOptions {
  node?: string
  signal?: AbortSignal
}

/** What reads a cluster. Nothing that holds one can change anything there. */
export interface Reader {
  readonly cluster: string | undefined
  /** Token id or user. */
  readonly who: string | undefined
  /** The endpoint in use. */
  endpoint(): string
  get<T>(path: string, query?: Parameters, options?: ReadOptions): Promise<T>
  getWhole<T>(path: string, query?: Parameters, options?: ReadOptions): Promise<Whole<T>>
  stats(): ClientStats
  close(): Promise<void>
}

/** What changes a cluster, too. Only what applies a plan holds one (lint: `house/writer`). */
export interface Writer extends Reader {
  /** A write is sent once. @throws PMPC_OUTCOME_UNKNOWN when it may have been done: read before you repeat it */
  request<T>(request: ApiRequest): Promise<T>
  /** Runs work that spans several calls, such as a write and its task, while it holds what it claims (`guest/100`, `storage/local-lvm`). */
  holding<T>(claims: readonly Claim[], work: () => Promise<T>): Promise<T>
}

interface Gateway {
  origin: string
  pool?: Promise<Pool>
}

/** Only these are worth packing: unpacking a guest's configuration costs more than sending it plain. */
const longAnswers =
  /^\/(cluster\/(resources|tasks|log)|nodes\/[^/]+\/(qemu|lxc|tasks|syslog|journal|storage\/[^/]+\/content)|access\/\w+|pools|storage)$/
/**
 * A repeated call within this many answers of one connection stays below PVE's limit of 100 (pve-manager, PVE/Service/pveproxy.pm,
 * keep_alive).
 */
const requestsPerConnection = 100
/** PVE drops idle connections after 5 s. */
const idleTimeout = 4000
/** A third of PVE's own 30 s: whoever takes longer has too much to do. */
const slowAnswer = 10_000

/**
 * A client of one cluster. It opens no connection and loads no HTTP before the first call.
 * @throws PMPC_BAD_ENDPOINT for what is no `https://HOST[:PORT]`
 */
export function createClient(options: ClientOptions): Writer {
  const limits: Limits = {...defaultLimits, ...options.limits}
  const clock = options.clock ?? systemClock
  const env = options.env ?? process.env
  const stats: ClientStats = {requests: 0, retries: 0, bytes: 0, milliseconds: 0}
  const gateways: Gateway[] = options.endpoints.map((endpoint) => ({origin: originOf(endpoint)}))
  const scheduler: Scheduler = createScheduler(limits)
  const claims = new Claims()
  const authenticator =
    options.credential === undefined ? undefined : createAuthenticator(options.credential, logIn, clock)
  const silence = createSilence(clock)
  // All requests that are under way listen to the one signal: 16 by default, and nothing leaks.
  if (options.signal) setMaxListeners(0, options.signal)
  let preferred = 0
  let rejected: PmpcError | undefined

  function callOf(method: string, path: string, gateway = gateways[preferred]): Call {
    return {method, path, endpoint: gateway?.origin, cluster: options.cluster, who: authenticator?.who}
  }

  async function poolOf(gateway: Gateway): Promise<Pool> {
    gateway.pool ??= openPool(gateway.origin, options.trust, limits, {
      cluster: options.cluster,
      env,
      connectTimeout: limits.connectTimeout,
    })
    return gateway.pool
  }

  /** One exchange with the endpoint in use, or with the next ones when that cannot be reached. Only a read moves on after it was sent. */
  async function exchange(call: Call, wire: Exchange): Promise<RawAnswer> {
    const first = preferred
    const failures: PmpcError[] = []
    for (let step = 0; step < gateways.length; step++) {
      const index = (first + step) % gateways.length
      const gateway = gateways[index] as Gateway
      try {
        const answer = await timed(gateway, wire, call)
        preferred = index
        return answer
      } catch (error) {
        if (wire.signal?.aborted === true) throw interrupted(call)
        const failed = connectionFailure(error, {...call, endpoint: gateway.origin}, limits)
        if (!failed.elsewhere) throw failed.error
        failures.push(failed.error)
      }
    }
    throw allFailed(failures)
  }

  async function timed(gateway: Gateway, wire: Exchange, call: Call): Promise<RawAnswer> {
    const pool = await poolOf(gateway)
    const began = clock.now()
    let [status, bytes] = [0, 0]
    let date: string | undefined
    try {
      const answer = await send(pool, gateway.origin, wire, limits)
      status = answer.status
      bytes = answer.body.length
      date = timeOf(answer.headers.date)
      stats.bytes += answer.body.length
      return answer
    } finally {
      const milliseconds = clock.now() - began
      stats.requests++
      stats.milliseconds += milliseconds
      const {origin: endpoint} = gateway
      const report = {method: wire.method, path: call.path, endpoint, status, milliseconds}
      options.onExchange?.({...report, ...(date !== undefined && {date})})
      if (isHeard()) tellExchange(call, wire, {endpoint, status, bytes, milliseconds})
    }
  }

  /** Sends once, with a ticket renewed at most once. */
  async function attempt(request: ApiRequest, report: (verdict: Verdict) => void): Promise<Outcome> {
    const node = request.node ?? owningNode(request.path)
    const known = rejected ?? silence.of(node)
    if (known !== undefined) return {failure: {error: known, retry: false, overload: false}}
    const call = callOf(request.method, request.path)
    const began = clock.now()
    try {
      const [answer, sent] = await authenticated(request, call)
      const outcome = await readAnswer(answer, callOf(request.method, request.path), limits, authenticator)
      const milliseconds = clock.now() - began
      report(verdictOf(outcome, answer.status, milliseconds))
      const hung = 'failure' in outcome && answer.status >= 595 && milliseconds > slowAnswer
      if (!hung) silence.heard(node)
      else if (request.method === 'GET') silence.missed(node, outcome.failure.error)
      // PVE answers a wrong credential 3 s late: whoever waits in line need not find out alone.
      if (answer.status === 401 && sent !== undefined && 'failure' in outcome) rejected = outcome.failure.error
      // What took PVE 30 s to give up is not asked again at once.
      return hung ? {failure: {...outcome.failure, retry: false}} : outcome
    } catch (thrown) {
      const error = thrown as PmpcError
      if (error.code === 'PMPC_NOT_AUTHENTICATED') rejected = error
      if (error.code === 'PMPC_NO_ANSWER' && request.method === 'GET') silence.missed(node, error)
      return {failure: {error, retry: request.method === 'GET' && isPassing(error), overload: false}}
    }
  }

  async function authenticated(
    request: ApiRequest,
    call: Call,
  ): Promise<[RawAnswer, Record<string, string> | undefined]> {
    const proof = await authenticator?.headers(request.method)
    const answer = await exchange(call, wireOf(request, options.userAgent, proof))
    if (answer.status !== 401 || proof === undefined || !(await authenticator?.renew(proof))) return [answer, proof]
    const renewed = await (authenticator as Authenticator).headers(request.method)
    return [await exchange(call, wireOf(request, options.userAgent, renewed)), renewed]
  }

  async function logIn(form: {username: string; password: string}): Promise<TicketAnswer> {
    const request: ApiRequest = {method: 'POST', path: '/access/ticket', body: form}
    // For failures it counts as a read: a login that may have been done can be done again.
    const call = {...callOf('GET', '/access/ticket'), who: form.username}
    const answer = await exchange(call, wireOf(request, options.userAgent, undefined))
    const outcome = await readAnswer(answer, call, limits, authenticator)
    if ('failure' in outcome) throw outcome.failure.error
    return outcome.whole.data as TicketAnswer
  }

  async function whole(request: ApiRequest): Promise<Whole<unknown>> {
    const node = request.node ?? owningNode(request.path)
    const guest = guestOf(request.path)
    const lock = request.method === 'GET' || guest === undefined ? undefined : `guest/${guest}`
    for (let tries = 0; ; tries++) {
      const outcome = await scheduler.run({node, lock, run: (report) => attempt(request, report)})
      if ('whole' in outcome) return outcome.whole
      const {error, retry} = outcome.failure
      if (!retry || tries >= limits.retries || request.signal?.aborted === true) throw error
      stats.retries++
      // An idle connection that the server just dropped is no reason to wait.
      await clock.sleep(tries === 0 && !outcome.failure.overload ? 0 : backoff(tries, clock), request.signal)
    }
  }

  return {
    cluster: options.cluster,
    who: authenticator?.who,
    endpoint: () => (gateways[preferred] as Gateway).origin,
    get: async <T>(path: string, query?: Parameters, read?: ReadOptions) =>
      (await whole({method: 'GET', path, query, signal: options.signal, ...read})).data as T,
    getWhole: async <T>(path: string, query?: Parameters, read?: ReadOptions) =>
      (await whole({method: 'GET', path, query, signal: options.signal, ...read})) as Whole<T>,
    request: async <T>(request: ApiRequest) => (await whole({signal: options.signal, ...request})).data as T,
    holding: async <T>(held: readonly Claim[], work: () => Promise<T>) => claims.holding(held, work),
    stats: () => ({...stats}),
    async close() {
      await Promise.all(gateways.map(async (gateway) => (await gateway.pool?.catch(() => undefined))?.destroy()))
    },
  }
}

/** What a run's log holds of an exchange: the guest that it was about, and never a value of a parameter. */
function tellExchange(
  {path, cluster}: Pick<Call, 'path' | 'cluster'>,
  wire: Exchange,
  {milliseconds, ...told}: {endpoint: string; status: number; bytes: number; milliseconds: number},
): void {
  const guest = guestRefOf(path)
  tellWork({
    kind: 'request',
    milliseconds,
    failed: told.status < 200 || told.status >= 400,
    objects: guest === undefined ? undefined : [cluster === undefined ? guest : `${cluster}/${guest}`],
    fields: {method: wire.method, path, ...told},
    details: () => ({parameters: namesIn(wire)}),
  })
}

/** The names of the parameters in a query or a form. */
function namesIn({path, body = ''}: Exchange): string[] {
  const query = path.includes('?') ? path.slice(path.indexOf('?') + 1) : ''
  return [...new URLSearchParams(query).keys(), ...new URLSearchParams(String(body)).keys()]
}

/** A time as HTTP writes it, as ISO 8601; undefined where it is none. */
function timeOf(header: string | undefined): string | undefined {
  const time = Date.parse(header ?? '')
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

type Outcome = {whole: Whole<unknown>} | {failure: Failure}

function originOf(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (
    url?.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    /^\/?$/.test(url.pathname) &&
    url.search === ''
  )
    return url.origin
  throw new PmpcError(
    'PMPC_BAD_ENDPOINT',
    `'${endpoint}' is no endpoint of Proxmox VE: it looks like https://HOST:8006`,
    {
      suggestions: ['Correct `endpoints` in pmpc.yaml, or --endpoint'],
      data: {endpoint},
    },
  )
}

async function openPool(origin: string, trust: Trust, limits: Limits, context: TrustContext): Promise<Pool> {
  const {default: PoolClass} = await import('undici/lib/dispatcher/pool.js')
  return new PoolClass(origin, {
    connect: await trustedConnector(trust, context),
    connections: limits.total,
    pipelining: 1,
    keepAliveTimeout: idleTimeout,
    keepAliveMaxTimeout: idleTimeout,
    maxRequestsPerClient: requestsPerConnection,
    headersTimeout: limits.timeout,
    bodyTimeout: limits.timeout,
  })
}

function wireOf(
  request: ApiRequest,
  userAgent: string | undefined,
  proof: Record<string, string> | undefined,
): Exchange {
  const query = encodeParameters(request.query)
  const hasBody = request.method === 'POST' || request.method === 'PUT'
  if (!hasBody && request.body !== undefined)
    throw new TypeError(`${request.method} takes no body: Proxmox VE reads its parameters from the query`)
  return {
    method: request.method,
    path: `/api2/json${request.path}${query === '' ? '' : `?${query}`}`,
    headers: {
      accept: 'application/json',
      ...(longAnswers.test(request.path) ? {'accept-encoding': 'gzip'} : {}),
      'user-agent': userAgent ?? 'pmpc',
      ...(hasBody ? {'content-type': 'application/x-www-form-urlencoded'} : {}),
      ...proof,
    },
    body: hasBody ? encodeParameters(request.body) : undefined,
    signal: request.signal,
  }
}

/** What a failed answer says is told without what was sent to prove who asks: a server, or what stands before it, may send that back. */
async function readAnswer(
  answer: RawAnswer,
  call: Call,
  limits: Limits,
  sender: Authenticator | undefined,
): Promise<Outcome> {
  const contentType = String(answer.headers['content-type'] ?? '')
  const location = answer.headers.location
  const body = await unpacked(answer, limits).catch((error: {code?: string}) =>
    error.code === 'ERR_BUFFER_TOO_LARGE' ? ('bytes' as const) : undefined,
  )
  if (body === undefined) return broken(call, 'the compressed data broke off')
  const passed = typeof body === 'string' ? body : passedLimit(body, limits)
  if (passed !== undefined) return tooMuch(call, passed, limits)
  const text = body.toString('utf8')
  const failed = (): FailedAnswer =>
    mapTexts({status: answer.status, reason: answer.reason, contentType, body: text, location}, (said) =>
      withoutKnown(said, sender?.secrets() ?? []),
    ) as FailedAnswer
  if (answer.status >= 400) return {failure: readFailure(failed(), call)}
  if (answer.status !== 200) return {failure: notPve(failed(), call)}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'data' in value) return {whole: value as Whole<unknown>}
  } catch {
    if (/json/i.test(contentType) && /^\s*\{/.test(text))
      return broken(call, `${text.length} characters of JSON without an end`)
  }
  return {failure: notPve(failed(), call)}
}

/** A read whose answer broke off is sent again; of a write nobody knows whether it was done. */
function broken(call: Call, detail: string): Outcome {
  const read = call.method === 'GET'
  return {failure: {error: read ? cutAnswer(call, detail) : outcomeUnknown(call, detail), retry: read, overload: false}}
}

function tooMuch(call: Call, passed: AnswerLimit, limits: Limits): Outcome {
  const over = overLimit(call, passed, limits)
  const error = call.method === 'GET' ? over : outcomeUnknown(call, over.message)
  return {failure: {error, retry: false, overload: false}}
}

function verdictOf(outcome: Outcome, status: number, milliseconds: number): Verdict {
  if ('failure' in outcome && outcome.failure.overload)
    return [429, 502, 503, 504].includes(status) ? 'all-overloaded' : 'node-overloaded'
  return milliseconds > slowAnswer ? 'node-overloaded' : 'fine'
}

interface ConnectionFailure {
  error: PmpcError
  /** Another endpoint may be tried. */
  elsewhere: boolean
}

function interrupted(call: Call): PmpcError {
  return new PmpcError('PMPC_INTERRUPTED', `interrupted while waiting for ${call.method} ${call.path}`, {
    suggestions: ['pmpc sync   # reads what is there now'],
  })
}

/** A certificate that is not trusted is an alarm, never a reason to go on with the next endpoint. */
function connectionFailure(error: unknown, call: Call, limits: Limits): ConnectionFailure {
  if (!(error instanceof TransportError)) return {error: readConnectionError(error, call), elsewhere: false}
  const tooLong = (error.cause as {code?: string} | undefined)?.code === brokenOff.bytes
  if (tooLong && call.method === 'GET') return {error: overLimit(call, 'bytes', limits), elsewhere: false}
  const read = readConnectionError(error.cause, call)
  if (error.phase === 'connecting') return {error: read, elsewhere: !read.code.startsWith('PMPC_TLS')}
  if (call.method !== 'GET') return {error: outcomeUnknown(call, read.message), elsewhere: false}
  return {
    error: error.phase === 'answering' && read.code === 'PMPC_UNREACHABLE' ? cutAnswer(call, read.message) : read,
    elsewhere: true,
  }
}

function allFailed(failures: PmpcError[]): PmpcError {
  const [first, ...others] = failures as [PmpcError, ...PmpcError[]]
  if (others.length === 0) return first
  const last = failures.at(-1) as PmpcError
  return retold(last, {message: failures.map((one) => one.message).join('; ')})
}

const passing = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** Whether the same read may well succeed in a moment: the connection broke, rather than could not be made. */
function isPassing(error: unknown): boolean {
  const {data} = error as PmpcError
  return data?.cut === true || passing.has(String(data?.cause))
}
