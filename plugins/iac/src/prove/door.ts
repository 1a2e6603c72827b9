import {randomUUID, timingSafeEqual} from 'node:crypto'
import {createServer, type Server} from 'node:https'
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {isPmpcError} from 'pmpc/kit/errors'
import type {Reader} from 'pmpc/kit/proxmox'
import {createAuthority} from 'pmpc/kit/tls'

/**
 * A door on the loopback through which a program of somebody else's reads a cluster: it holds a {@link Reader}, and so nothing can be changed
 * through it; the program gets neither the token nor the trust of the cluster, but a token of this door's that is worth nothing when it is shut.
 */
export interface Door {
  /** `https://127.0.0.1:PORT/`, with a certificate of its own. */
  endpoint: string
  /** `pmpc@door!prove=SECRET`. */
  token: string
  /** What was asked and was not a read, `POST /nodes/pve1/qemu`; all of it was refused. */
  refused: string[]
  requests(): number
  close(): Promise<void>
}

/** Opens a door to a cluster; whoever opened it shuts it. */
export async function openDoor(reader: Reader): Promise<Door> {
  const {leaf, key} = createAuthority().issue('127.0.0.1', ['127.0.0.1'])
  const secret = randomUUID()
  const token = `pmpc@door!prove=${secret}`
  const refused: string[] = []
  let requests = 0
  const server = createServer({cert: leaf, key, minVersion: 'TLSv1.3'}, (request, response) => {
    requests++
    const said = answer(reader, {request, token, refused}).catch((error: unknown) => failed(error))
    void said.then((given) => send(response, given))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const {port} = server.address() as AddressInfo
  return {
    endpoint: `https://127.0.0.1:${port}/`,
    token,
    refused,
    requests: () => requests,
    close: async () => closed(server),
  }
}

interface Answer {
  status: number
  /** The reason phrase: there PVE says what is wrong, and there clients look. */
  reason: string
  data: unknown
}

interface Asked {
  request: IncomingMessage
  token: string
  refused: string[]
}

const API = '/api2/json'

/** A guest's agent is not asked: who waits for one that does not answer waits for a quarter of an hour (bpg/proxmox, agent.timeout). */
const agent = /^\/nodes\/[^/]+\/qemu\/\d+\/agent\//

async function answer(reader: Reader, {request, token, refused}: Asked): Promise<Answer> {
  const {method = '', url = '', headers} = request
  if (!isSame(headers.authorization ?? '', `PVEAPIToken=${token}`))
    return {status: 401, reason: 'authentication failure', data: null}
  const {pathname, searchParams} = new URL(url, 'https://127.0.0.1')
  const path = pathname.startsWith(API) ? pathname.slice(API.length) : undefined
  if (method !== 'GET' || path === undefined) {
    refused.push(`${method} ${path ?? pathname}`)
    return {status: 403, reason: 'Permission check failed (only reads pass here)', data: null}
  }
  if (agent.test(path)) return {status: 403, reason: 'Permission check failed (no agent is asked here)', data: null}
  return {status: 200, reason: 'OK', data: await reader.get(path, Object.fromEntries(searchParams))}
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** What the cluster said, for whoever goes by status and reason. */
function failed(error: unknown): Answer {
  const {status, text} = (isPmpcError(error) ? error.data : undefined) ?? {}
  const reason = typeof text === 'string' ? text : error instanceof Error ? error.message : 'failed'
  return {status: typeof status === 'number' && status >= 400 ? status : 502, reason, data: null}
}

function send(response: ServerResponse, {status, reason, data}: Answer): void {
  const body = JSON.stringify({data, ...(status !== 200 && {message: reason})})
  // A reason phrase is one line of what HTTP can carry.
  response.writeHead(status, reason.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 500), {
    'content-type': 'application/json;charset=UTF-8',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
}
