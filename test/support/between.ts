import {once} from 'node:events'
import https from 'node:https'
import type {ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {createAuthority} from '../../src/kit/tls/index.js'
import type {Simulator} from '../../plugins/simulator/src/index.js'

/** What stands in for the answer to a path: another value of its `data`, the answer as a whole, or (undefined) nothing. */
export type Edit = (path: string, data: unknown) => {data: unknown} | ((response: ServerResponse) => void) | undefined

/** What a request that changes something ends in: passed on and answered, never passed on, or passed on and never answered. */
export type Fate = 'answered' | 'lost' | 'unanswered'

/** A request that changes something, as it went by. */
export interface Written {
  method: string
  path: string
  body: string
  /** undefined: it was lost on the way. */
  status?: number
}

/** A server in front of a simulator that passes everything on, and answers as no simulator would where a test says so. */
export class Between {
  edit: Edit = () => undefined
  /** Decides about the next request that changes something, before it is passed on. */
  fate: () => Fate = () => 'answered'
  /** Called when a request has met any other fate than an answer; its connection hangs until this side is closed. */
  onCut: (written: Written) => void = () => undefined
  readonly written: Written[] = []

  private constructor(
    private readonly server: https.Server,
    private readonly simulator: Pick<Simulator, 'url' | 'tokens'>,
    readonly fingerprint: string,
  ) {}

  static async start(simulator: Pick<Simulator, 'url' | 'tokens'>): Promise<Between> {
    const {leaf, key, fingerprint} = createAuthority().issue('localhost', ['localhost', '127.0.0.1'], 1)
    const server = https.createServer({cert: leaf, key})
    const between = new Between(server, simulator, fingerprint)
    server.on('request', (request, response) => between.pass(request, response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return between
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  get tokens(): Simulator['tokens'] {
    return this.simulator.tokens
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((done) => this.server.close(done))
  }

  private pass(request: import('node:http').IncomingMessage, response: ServerResponse): void {
    const {method, url = '', headers} = request
    const {'accept-encoding': _, host: __, ...others} = headers
    const isWrite = method !== 'GET'
    const fate = isWrite ? this.fate() : 'answered'
    const written: Written = {method: method!, path: url.replace('/api2/json', ''), body: ''}
    if (isWrite) {
      this.written.push(written)
      request.on('data', (chunk: Buffer) => (written.body += chunk.toString()))
    }
    if (fate === 'lost') {
      request.on('end', () => this.onCut(written))
      request.resume()
      return
    }
    const onward = https.request(
      `${this.simulator.url}${url}`,
      {method, headers: others, rejectUnauthorized: false},
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          if (isWrite) written.status = answer.statusCode!
          if (fate === 'unanswered') return this.onCut(written)
          const text = Buffer.concat(chunks).toString()
          const edited = method === 'GET' ? this.editOf(url, text) : undefined
          if (typeof edited === 'function') return edited(response)
          const {'content-length': ___, ...kept} = answer.headers
          const status = edited === undefined ? answer.statusCode! : 200
          response.writeHead(status, answer.statusMessage, kept)
          response.end(edited === undefined ? text : JSON.stringify(edited))
        })
      },
    )
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  }

  private editOf(url: string, text: string): ReturnType<Edit> {
    const path = url.replace('/api2/json', '')
    try {
      return this.edit(path, (JSON.parse(text) as {data: unknown}).data)
    } catch {
      return this.edit(path, undefined)
    }
  }
}
