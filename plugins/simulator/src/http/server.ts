import {createServer, type Server} from 'node:https'
import {ServerResponse, type IncomingMessage} from 'node:http'
import type {Socket} from 'node:net'
import {channel} from 'node:diagnostics_channel'
import type {Duplex} from 'node:stream'
import {gzip} from 'node:zlib'
import type {Params} from '../contract/schema.js'
import {Unauthenticated} from '../access/auth.js'
import {ApiError} from '../errors.js'
import {nodeIn} from '../faults/faults.js'
import type {Simulation} from '../simulation.js'
import {ProxyError, type Dispatcher} from './dispatch.js'
import {boundaryOf, isUpload, parseMultipart} from './multipart.js'
import type {Upload} from '../calls/call.js'
import {parseBody, TransportError} from './params.js'
import {parseForm} from '../calls/form.js'
import {formats, jsonFormat, jsonType} from './formats.js'
import {Answer, Download, printJson} from '../calls/print.js'
import {handshakeProblem, openWebsocket, wantsWebsocket} from './websocket.js'

const bodyLimit = 512 * 1024
const prefix = '/api2'
const requestsPerConnection = 100

/** Lines of a request's head, the empty one that ends it included; of more the connection is dropped without an answer. */
const headLines = 63
const headBytes = 8 * 1024

/** A call and its answer, published on the diagnostics channel `pmpc:simulator` for whoever watches what is asked and answered. */
export interface Exchange extends Reply {
  release: string
  verb: string
  path: string
  /** Of query and body. */
  params: Params
  client: string | undefined
  /** The port of the server that was asked: a process may have several. */
  server: number | undefined
}

const exchanges = channel('pmpc:simulator')

interface Reply {
  status: number
  reason: string
  type?: string
  body: string
  /** The console that the connection is to be switched to. */
  port?: number
  /** Of a file that is sent. */
  filename?: string
}

// eslint-disable-next-line no-control-regex
const controls = /[\x00-\x08\x0a-\x1f\x7f]/g

/** A reason phrase holds the first line of a message; beyond Latin-1 only its bytes can be sent. */
function reasonPhrase(message: string): string {
  const line = message.split('\n')[0]!
  return Buffer.from(line, 'utf8').toString('latin1').replace(controls, ' ')
}

function readBody(request: IncomingMessage, limit = bodyLimit): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
    })
    request.on('end', () => {
      if (size > limit) reject(new TransportError(501, 'for data too large'))
      else resolve(Buffer.concat(chunks))
    })
    request.on('error', reject)
  })
}

const delay = (milliseconds: number): Promise<void> =>
  milliseconds > 0 ? new Promise((resolve) => setTimeout(resolve, milliseconds).unref()) : Promise.resolve()

/** Speaks HTTP as pveproxy does and hands requests to the dispatcher. Facts: pve-http-server, PVE/APIServer/AnyEvent.pm and Formatter/Standard.pm. */
export class ApiServer {
  readonly server: Server
  private readonly sockets = new Set<Socket>()
  private readonly served = new WeakMap<object, number>()

  constructor(
    private readonly sim: Simulation,
    private readonly dispatcher: Dispatcher,
    tls: {key: string; cert: string},
  ) {
    const options = {...tls, keepAlive: true, maxHeaderSize: headBytes, requireHostHeader: false}
    this.server = createServer(options, (request, response) => void this.serve(request, response))
    // Expectations are not looked at.
    this.server.on('checkExpectation', (request, response) => void this.serve(request, response))
    this.server.keepAliveTimeout = 5000
    this.server.on('secureConnection', (socket: Socket) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
      if (socket.writable && error.code !== 'HPE_HEADER_OVERFLOW' && error.code !== 'ECONNRESET')
        socket.end('HTTP/1.0 400 bad request\r\nConnection: close\r\n\r\n')
      else socket.destroy()
    })
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
      const response = new ServerResponse(request)
      response.assignSocket(socket)
      response.on('finish', () => socket.end())
      void this.serve(request, response)
    })
  }

  /** Shows another certificate: pveproxy begins anew then, and keeps no connection of before. Facts: pve-manager, PVE/API2/Certificates.pm (restart_pveproxy); pve-http-server, PVE/APIServer/AnyEvent.pm (wait_end_loop). */
  show(pair: {key: string; cert: string}): void {
    this.server.setSecureContext(pair)
    for (const socket of this.sockets) this.served.set(socket, requestsPerConnection)
    this.server.closeIdleConnections()
  }

  /** PVE drops a connection after its hundredth request; Node's own limit would answer 503 instead. */
  private isLast(request: IncomingMessage): boolean {
    const served = (this.served.get(request.socket) ?? 0) + 1
    this.served.set(request.socket, served)
    return served >= requestsPerConnection
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path, query] = splitUrl(request.url ?? '/')
    const target = splitTarget(path)
    const apiPath = target?.path
    const release = this.sim.faults.track(request.method ?? 'GET', apiPath ?? path)
    let giveBack: (() => void) | undefined
    try {
      if (request.rawHeaders.length / 2 >= headLines) return void request.socket.destroy()
      giveBack = await this.sim.workers.take(nodeIn(apiPath ?? path) ?? this.sim.localNode)
      if (!giveBack)
        return await this.send(request, response, this.failure(new ProxyError(596, 'Connection timed out')))
      await delay(this.sim.settings.latency)
      const fault = await this.sim.faults.intercept(request, response, apiPath ?? path)
      if (fault === 'done') return
      const reply: Reply = typeof fault === 'object' ? fault : await this.answer(request, target, query)
      if (fault === 'unsent') return void request.socket.destroy()
      if (reply.port !== undefined) return this.switch(request, response, reply.port)
      if (reply.status === 401) await delay(this.sim.settings.authDelay)
      await this.send(request, response, reply)
    } catch (error) {
      response.destroy(error instanceof Error ? error : undefined)
    } finally {
      giveBack?.()
      release()
    }
  }

  private async answer(request: IncomingMessage, target: Target | undefined, query: string): Promise<Reply> {
    try {
      if (target === undefined) return {status: 404, reason: 'not found', type: 'text/plain', body: ''}
      return await this.call(request, target, query)
    } catch (error) {
      // The client has left while it sent: there is nobody to answer.
      if (request.destroyed && !request.complete) throw error
      return this.failure(error)
    }
  }

  /** Refuses what is wrong with a request's head, in PVE's order; returns who sends it. */
  private checkHead(request: IncomingMessage, verb: string, {format, path}: Target): string | undefined {
    if (!['GET', 'POST', 'PUT', 'DELETE'].includes(verb))
      throw new TransportError(501, `method '${verb}' not available`)
    const encoding = request.headers['transfer-encoding']
    if (encoding !== undefined)
      throw new TransportError(
        501,
        encoding.toLowerCase() === 'chunked'
          ? 'chunked transfer encoding not supported'
          : `Unknown transfer encoding '${encoding}'`,
      )
    if (format === undefined) throw new TransportError(501, 'no such uri')
    const auth = this.dispatcher.isPublic(verb, path)
      ? undefined
      : // Uploads come from HTML forms, which cannot send a CSRF token: none is asked for.
        this.identify(request, isUpload(verb, path) ? 'GET' : verb)
    const length = Number(request.headers['content-length'] ?? 0)
    if (length > 0 && (verb === 'GET' || verb === 'DELETE'))
      throw new TransportError(501, `Unexpected content for method '${verb}'`)
    if (length > bodyLimit && !isUpload(verb, path)) throw new TransportError(501, 'for data too large')
    return auth
  }

  private async call(request: IncomingMessage, target: Target, query: string): Promise<Reply> {
    const verb = request.method ?? 'GET'
    const {path} = target
    const auth = this.checkHead(request, verb, target)
    const brings = isUpload(verb, path)
    const upgrades = request.headers.upgrade !== undefined
    const body = upgrades ? Buffer.alloc(0) : await readBody(request, brings ? Infinity : bodyLimit)
    const type = request.headers['content-type']
    const {params, upload}: {params: Params; upload?: Upload} = brings
      ? parseMultipart(body, boundaryOf(type))
      : {params: parseBody(type, body.toString('utf8'))}
    const format = formats.get(target.format!)
    if (!format) throw new TransportError(501, `no formatter for uri ${path}, ${target.format}`)
    const asked = {verb, path, query: parseForm(query), body: params, upload}
    const reply = await this.dispatcher.handle({...asked, auth}).then(
      (result) => (wantsWebsocket(request, path) ? this.socketTo(result) : this.success(result, format)),
      (error: unknown) => this.failure(error, format),
    )
    const problem = wantsWebsocket(request, path) ? handshakeProblem(request) : undefined
    if (problem !== undefined) throw new TransportError(501, problem)
    if (exchanges.hasSubscribers && !format.wraps) {
      const {release} = this.sim.settings
      const all = {...params, ...asked.query}
      const {localPort} = request.socket
      const client = request.headers['user-agent']
      const exchange: Exchange = {verb, path, params: all, release, client, server: localPort, ...reply}
      exchanges.publish(exchange)
    }
    return reply
  }

  private success(result: unknown, format = jsonFormat): Reply {
    if (result instanceof Download) {
      const {type, content, filename} = result
      return {status: 200, reason: 'OK', type, body: content, ...(filename !== undefined && {filename})}
    }
    const {data, beside} = result instanceof Answer ? result : {data: result, beside: {}}
    const text = format.print({data: data ?? null, ...beside, ...(format.wraps && {success: 1})}, this.sim.random)
    return {status: 200, reason: 'OK', type: format.type, body: text}
  }

  /** A call that a websocket may follow on answers where it leads to. */
  private socketTo(result: unknown): Reply {
    return {...this.success(result), port: Number((result as {port: string}).port)}
  }

  /** Hands a connection over to a console; where nothing listens it is closed. */
  private switch(request: IncomingMessage, response: ServerResponse, port: number): void {
    const socket = response.socket!
    const console = this.sim.consoles.find(port)
    response.detachSocket(socket)
    if (console) openWebsocket(request, socket, console)
    else socket.destroy()
  }

  private identify(request: IncomingMessage, verb: string): string {
    const csrf = request.headers.csrfpreventiontoken
    return this.sim.authentication.identify(verb, {
      authorization: request.headers.authorization,
      cookie: request.headers.cookie,
      csrf: Array.isArray(csrf) ? csrf[0] : csrf,
    })
  }

  private failure(error: unknown, format = jsonFormat): Reply {
    if (error instanceof ApiError) {
      const {status, message, errors} = error
      const wrapped = {success: 0, status}
      const text = {data: null, message, ...(errors && {errors}), ...(format.wraps && wrapped)}
      const body = format.print(text, this.sim.random)
      if (format.wraps) return {status: 200, reason: 'OK', type: format.type, body}
      return {status, reason: message, type: format.type, body}
    }
    if (error instanceof Unauthenticated) return {status: 401, reason: error.message, body: ''}
    if (error instanceof ProxyError) return {status: error.status, reason: error.message, body: ''}
    if (error instanceof TransportError)
      return {status: error.status, reason: error.message, type: 'text/plain', body: error.message}
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(`simulator: ${message}\n`)
    const text = `simulator error: ${error instanceof Error ? error.message : String(error)}\n`
    return {status: 500, reason: text, type: jsonType, body: printJson({data: null, message: text}, this.sim.random)}
  }

  private async send(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
    if (response.destroyed) return
    let body: Buffer = Buffer.from(reply.body, 'utf8')
    response.statusCode = reply.status
    response.statusMessage = reasonPhrase(reply.reason)
    response.setHeader('Server', 'pve-api-daemon/3.0')
    response.setHeader('Cache-Control', 'max-age=0')
    response.setHeader('Pragma', 'no-cache')
    response.setHeader('Expires', new Date().toUTCString())
    response.setHeader(
      'Connection',
      reply.status >= 400 || this.isLast(request) || wantsClose(request) ? 'close' : 'Keep-Alive',
    )
    if (reply.type !== undefined) response.setHeader('Content-Type', reply.type)
    if (reply.filename !== undefined)
      response.setHeader('Content-Disposition', `attachment; filename="${reply.filename}"`)
    if (body.length > 1024 && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
      body = await new Promise<Buffer>((resolve, reject) =>
        gzip(body, {level: 1}, (error, packed) => (error ? reject(error) : resolve(packed))),
      )
      response.setHeader('Content-Encoding', 'gzip')
    }
    response.setHeader('Content-Length', body.length)
    response.end(body)
  }
}

/** What comes after /api2: the format of the answer, and the path. */
interface Target {
  format?: string
  path: string
}

const wantsClose = ({headers, httpVersion}: IncomingMessage): boolean =>
  headers.connection === undefined ? httpVersion === '1.0' : /close/i.test(headers.connection)

function splitTarget(path: string): Target | undefined {
  if (!path.startsWith(prefix)) return undefined
  const match = /^\/+([a-z][a-z0-9]+)(\/.*)?$/.exec(path.slice(prefix.length))
  return match ? {format: match[1]!, path: match[2] ?? '/'} : {path: '/'}
}

function splitUrl(url: string): [string, string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}
