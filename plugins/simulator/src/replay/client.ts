import {Agent, request} from 'node:https'
import type {Exchange} from './exchange.js'
import type {Mapping} from './made-up.js'

/** Where and as whom to send; tokens and passwords of the recordings' pristine state. */
export interface Target {
  url: string
  /** PEM to trust; without it certificates are not checked. */
  ca?: string
  tokens: Record<string, string>
  passwords: Record<string, string>
}

export interface Reply {
  status: number
  reason: string
  contentType: string | null
  /** Parsed where it is JSON. */
  body: unknown
}

const formType = 'application/x-www-form-urlencoded'

function encodeForm(values: Record<string, unknown>): string {
  return Object.entries(values)
    .flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((item: unknown) => [key, String(item)]))
    .map((pair) => pair.map((part) => encodeURIComponent(part!)).join('='))
    .join('&')
}

/** Sends recorded requests, each as the one who sent it, with the made-up values of the server under test. */
export class Client {
  private readonly sessions = new Map<string, {ticket: string; csrf: string}>()
  private readonly agent: Agent
  private readonly tokens: Record<string, string>
  private readonly passwords: Record<string, string>

  constructor(
    private readonly target: Target,
    private readonly mapping: Mapping,
  ) {
    this.tokens = {...target.tokens}
    this.passwords = {...target.passwords}
    this.agent = new Agent({
      keepAlive: true,
      ...(target.ca === undefined ? {rejectUnauthorized: false} : {ca: target.ca}),
    })
  }

  close(): void {
    this.agent.destroy()
  }

  /** @throws where nobody is known by the recorded `auth`, or the server cannot be reached */
  async ask(exchange: Exchange): Promise<Reply> {
    const {body, type} = this.bodyOf(exchange)
    const headers = {...(await this.credentials(exchange.auth)), ...(type !== undefined && {'Content-Type': type})}
    const reply = await this.send(exchange.method, this.pathOf(exchange), headers, body)
    this.learn(exchange, reply)
    return reply
  }

  private send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | undefined,
  ): Promise<Reply> {
    const safe = path.replace(/[^\x21-\x7e]/g, encodeURIComponent)
    const length = body === undefined ? {} : {'Content-Length': String(Buffer.byteLength(body))}
    return new Promise((resolve, reject) => {
      const options = {method, agent: this.agent, headers: {...headers, ...length}}
      const outgoing = request(`${this.target.url}/api2/json${safe}`, options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            reason: Buffer.from(response.statusMessage ?? '', 'latin1').toString('utf8'),
            contentType: response.headers['content-type'] ?? null,
            body: parse(Buffer.concat(chunks).toString('utf8')),
          }),
        )
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  /** Secrets of tokens and passwords of users that the recording makes. */
  private learn({method, path, requestBody}: Exchange, {body}: Reply): void {
    if (method !== 'POST' && method !== 'PUT') return
    const token = (body as {data?: {'full-tokenid'?: string; value?: string}} | null)?.data
    if (token?.['full-tokenid'] !== undefined)
      this.tokens[token['full-tokenid']] = `${token['full-tokenid']}=${token.value}`
    const {userid, password} = (typeof requestBody === 'object' && requestBody) || {}
    if (/^\/access\/(?:users|password)$/.test(path) && typeof userid === 'string' && typeof password === 'string')
      this.passwords[userid] = password
  }

  private async session(userid: string): Promise<{ticket: string; csrf: string}> {
    const known = this.sessions.get(userid)
    if (known) return known
    const password = this.passwords[userid]
    if (password === undefined) throw new Error(`no password is known for ${userid}`)
    const form = encodeForm({username: userid, password})
    const {status, reason, body} = await this.send('POST', '/access/ticket', {'Content-Type': formType}, form)
    const data = (body as {data?: {ticket: string; CSRFPreventionToken: string}} | null)?.data
    if (!data) throw new Error(`cannot log in as ${userid}: ${status} ${reason}`)
    const session = {ticket: data.ticket, csrf: data.CSRFPreventionToken}
    this.sessions.set(userid, session)
    return session
  }

  private async credentials(auth: string): Promise<Record<string, string>> {
    if (auth === 'none') return {}
    const name = auth.replace(/^token:/, '')
    const token = this.tokens[name] ?? (/^[^@\s]+@[^!\s]+![^=\s]+=/.test(name) ? name : undefined)
    if (token !== undefined) return {Authorization: `PVEAPIToken=${this.mapping.translate(token)}`}
    const session = /^ticket(?:\+csrf)?(?::(?<userid>.+))?$/.exec(auth)
    if (!session) throw new Error(`nobody is known as '${auth}'`)
    const {ticket, csrf} = await this.session(session.groups?.userid ?? 'root@pam')
    return {Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, CSRFPreventionToken: csrf}
  }

  private bodyOf({requestBody, rawBody, requestContentType, method}: Exchange): {body?: string; type?: string} {
    if (method !== 'POST' && method !== 'PUT') return {}
    const type = requestContentType ?? formType
    const raw = rawBody ?? (typeof requestBody === 'string' ? requestBody : undefined)
    if (raw !== undefined)
      return {body: type === formType ? this.mapping.translateEncoded(raw) : this.mapping.translate(raw), type}
    if (requestBody === null || typeof requestBody !== 'object') return {body: ''}
    const translated = JSON.parse(this.mapping.translate(JSON.stringify(requestBody))) as Record<string, unknown>
    return {body: encodeForm(translated), type: formType}
  }

  private pathOf({path, query}: Exchange): string {
    const text = query === null ? '' : typeof query === 'string' ? query : encodeForm(query)
    return this.mapping.translateEncoded(text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
