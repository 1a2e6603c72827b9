import {once} from 'node:events'
import {createServer as createHttpsServer, type Server} from 'node:https'
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TLSSocket} from 'node:tls'
import {X509Certificate} from 'node:crypto'
import {createAuthority, type Authority as SimulatedAuthority} from '../../../src/kit/tls/index.js'

export interface Authority extends Pick<SimulatedAuthority, 'issue'> {
  pem: string
  fingerprint: string
}

export interface Identity {
  cert: string
  key: string
  fingerprint: string
}

/** A CA like the one that each Proxmox VE cluster makes for itself. All of one name claim the same key, too: only their signatures tell them apart. */
export function makeAuthority(name = 'Proxmox Virtual Environment'): Authority {
  const {ca, issue} = createAuthority({commonName: name, unit: 'test', keyId: Buffer.alloc(20, 1)})
  return {pem: ca, fingerprint: new X509Certificate(ca).fingerprint256, issue}
}

/** A node's certificate. `days` below zero makes one that has expired. */
export function makeIdentity(
  authority: Authority,
  options: {name?: string; names?: string[]; days?: number} = {},
): Identity {
  const {name = 'pve1.test.local', names = ['pve1.test.local'], days = 1} = options
  const {leaf, key, fingerprint} = authority.issue(name, names, days)
  return {cert: leaf, key, fingerprint}
}

export interface Received {
  method: string
  path: string
  query: string
  headers: IncomingMessage['headers']
  body: string
  socket: TLSSocket
}

export type Answer = (request: Received, response: ServerResponse) => void | Promise<void>

export interface TestServer {
  url: string
  port: number
  received: Received[]
  /** Connections that came as far as a finished handshake. */
  connections: () => number
  server: Server
  close(): Promise<void>
}

/** A real HTTPS server on loopback that answers as the test says. */
export async function startServer(identity: Identity, answer: Answer, port = 0): Promise<TestServer> {
  const received: Received[] = []
  let connections = 0
  const server = createHttpsServer({cert: identity.cert, key: identity.key}, (request, response) => {
    void readBody(request).then((body) => {
      const [path = '', query = ''] = (request.url ?? '').split('?')
      const one = {
        method: request.method ?? '',
        path: path.replace('/api2/json', ''),
        query,
        headers: request.headers,
        body,
        socket: request.socket as TLSSocket,
      }
      received.push(one)
      return answer(one, response)
    })
  })
  server.on('secureConnection', () => connections++)
  server.on('tlsClientError', () => undefined)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const at = (server.address() as AddressInfo).port
  return {
    url: `https://127.0.0.1:${at}`,
    port: at,
    received,
    connections: () => connections,
    server,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** As PVE answers a success. */
export function ok(response: ServerResponse, data: unknown, beside: Record<string, unknown> = {}): void {
  response.writeHead(200, {'content-type': 'application/json;charset=UTF-8'}).end(JSON.stringify({data, ...beside}))
}

/** As PVE answers a failure: the first line of the message is the reason phrase, and the connection is closed. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  errors?: Record<string, string>,
): void {
  response.writeHead(status, message.split('\n')[0] ?? '', {
    'content-type': 'application/json;charset=UTF-8',
    connection: 'close',
  })
  response.end(
    status === 401
      ? ''
      : JSON.stringify({data: null, message: `${message}\n`, ...(errors === undefined ? {} : {errors})}),
  )
}

/** A port of loopback on which nothing listens. */
export async function closedPort(): Promise<number> {
  const {createServer} = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

/** The PMPC error that work throws; the test fails when it throws none. */
export async function failureOf(work: Promise<unknown>): Promise<import('../../../src/kit/errors/index.js').PmpcError> {
  try {
    await work
  } catch (error) {
    return error as import('../../../src/kit/errors/index.js').PmpcError
  }
  throw new Error('expected an error')
}

/** A clock that never waits and remembers what it was asked to wait. */
export function quickClock(): import('../../../src/kit/proxmox/index.js').Clock & {
  slept: number[]
  advance(milliseconds: number): void
} {
  let now = 1_000_000
  const slept: number[] = []
  return {
    slept,
    advance: (milliseconds) => (now += milliseconds),
    now: () => now,
    sleep: async (milliseconds, signal) => {
      if (signal?.aborted === true) throw signal.reason as Error
      slept.push(milliseconds)
      now += milliseconds
    },
    random: () => 0.5,
  }
}
