import https from 'node:https'
import type {TLSSocket} from 'node:tls'
import type {Simulator} from '../../src/index.js'

export interface Reply {
  status: number
  reason: string
  headers: Record<string, string | string[] | undefined>
  body: string
  /** `data` of the body, where it is JSON. */
  data: unknown
  fingerprint: string
}

/** A plain HTTP client of the tests' own: it knows nothing of PVE but where parameters go. A dropped connection rejects. */
export class Http {
  private readonly agent = new https.Agent({keepAlive: false, rejectUnauthorized: false})

  constructor(
    private readonly simulator: Pick<Simulator, 'url'>,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** Sends the token that the ready line shows. */
  static withToken(simulator: Pick<Simulator, 'url' | 'tokenId' | 'tokenSecret'>): Http {
    return new Http(simulator, {Authorization: `PVEAPIToken=${simulator.tokenId}=${simulator.tokenSecret}`})
  }

  /** Logs in as root@pam. */
  static async withTicket(simulator: Pick<Simulator, 'url'>, password = 'simulator'): Promise<Http> {
    const login = await new Http(simulator).post('/access/ticket', {username: 'root@pam', password})
    const {ticket, CSRFPreventionToken} = login.data as Record<string, string>
    return new Http(simulator, {
      Cookie: `PVEAuthCookie=${encodeURIComponent(ticket!)}`,
      CSRFPreventionToken: CSRFPreventionToken!,
    })
  }

  get = (path: string): Promise<Reply> => this.send('GET', path)
  delete = (path: string): Promise<Reply> => this.send('DELETE', path)
  post = (path: string, params = {}): Promise<Reply> => this.send('POST', path, params)
  put = (path: string, params = {}): Promise<Reply> => this.send('PUT', path, params)

  send(method: string, path: string, params?: Record<string, unknown>): Promise<Reply> {
    const body = params && JSON.stringify(params)
    const headers = {...this.headers, ...(body !== undefined && {'Content-Type': 'application/json'})}
    if (body !== undefined) Object.assign(headers, {'Content-Length': Buffer.byteLength(body)})
    return new Promise((resolve, reject) => {
      const url = `${this.simulator.url}/api2/json${path}`
      const request = https.request(url, {method, headers, agent: this.agent}, (response) => {
        const {fingerprint256: fingerprint} = (response.socket as TLSSocket).getPeerCertificate()
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            reason: response.statusMessage!,
            headers: response.headers,
            body: text,
            data: dataOf(text),
            fingerprint,
          }),
        )
      })
      request.on('error', reject)
      request.end(body)
    })
  }

  /** Sends a write and waits for its task; its exit status. */
  async task(method: string, path: string, params?: Record<string, unknown>): Promise<string> {
    const reply = await this.send(method, path, params)
    if (reply.status !== 200) throw new Error(`${method} ${path}: ${reply.status} ${reply.reason} ${reply.body}`)
    const upid = String(reply.data)
    for (;;) {
      const task = (await this.get(`/nodes/${upid.split(':')[1]}/tasks/${upid}/status`)).data as Record<string, string>
      if (task.status === 'stopped') return task.exitstatus!
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
}

function dataOf(text: string): unknown {
  try {
    return (JSON.parse(text) as {data: unknown}).data
  } catch {
    return undefined
  }
}

/** A call of the admin port. */
export async function admin(simulator: Simulator, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${simulator.admin!}${path}`, {
    method,
    ...(body !== undefined && {body: JSON.stringify(body)}),
  })
  const answer = (await response.json()) as {error?: string}
  if (!response.ok) throw new Error(answer.error)
  return answer
}
