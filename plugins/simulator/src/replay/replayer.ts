import {Agent, request} from 'node:https'
import type {IncomingHttpHeaders} from 'node:http'
import {compareValues, type Comparison} from './compare.js'
import type {Exchange} from './exchange.js'
import {Mapping, skeleton} from './made-up.js'

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
  headers: IncomingHttpHeaders
  text: string
}

export interface Outcome {
  exchange: Exchange
  differences: string[]
}

const pollInterval = 50
const pollLimit = 600

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

function encodeForm(values: Record<string, unknown>): string {
  const pairs: string[] = []
  for (const [key, value] of Object.entries(values)) {
    for (const item of Array.isArray(value) ? value : [value])
      pairs.push(`${encodeURIComponent(key)}=${encodeURIComponent(String(item))}`)
  }
  return pairs.join('&')
}

/** Sends recorded requests in order and compares the answers, made-up values mapped. */
export class Replayer {
  private readonly mapping = new Mapping()
  private readonly sessions = new Map<string, {ticket: string; csrf: string}>()
  private readonly agent: Agent

  constructor(private readonly target: Target) {
    this.agent = new Agent({
      keepAlive: true,
      ...(target.ca === undefined ? {rejectUnauthorized: false} : {ca: target.ca}),
    })
  }

  close(): void {
    this.agent.destroy()
  }

  private send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | undefined,
  ): Promise<Reply> {
    const safe = path.replace(/[^\x21-\x7e]/g, encodeURIComponent)
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.target.url}/api2/json${safe}`,
        {
          method,
          agent: this.agent,
          headers: {...headers, ...(body !== undefined && {'Content-Length': String(Buffer.byteLength(body))})},
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              reason: Buffer.from(response.statusMessage ?? '', 'latin1').toString('utf8'),
              headers: response.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  private async session(userid: string): Promise<{ticket: string; csrf: string}> {
    const known = this.sessions.get(userid)
    if (known) return known
    const form = encodeForm({username: userid, password: this.target.passwords[userid] ?? ''})
    const reply = await this.send('POST', '/access/ticket', {'Content-Type': 'application/x-www-form-urlencoded'}, form)
    const {data} = JSON.parse(reply.text) as {data: {ticket: string; CSRFPreventionToken: string}}
    const session = {ticket: data.ticket, csrf: data.CSRFPreventionToken}
    this.sessions.set(userid, session)
    return session
  }

  private async credentials(auth: string): Promise<Record<string, string>> {
    const token = this.target.tokens[auth.replace(/^token:/, '')]
    if (token !== undefined) return {Authorization: `PVEAPIToken=${this.mapping.translate(token)}`}
    if (auth === 'none') return {}
    if (auth.startsWith('ticket')) {
      const {ticket, csrf} = await this.session(auth.includes(':') ? auth.slice(auth.indexOf(':') + 1) : 'root@pam')
      return {Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, CSRFPreventionToken: csrf}
    }
    return {Authorization: `PVEAPIToken=${this.mapping.translate(auth)}`}
  }

  /** A made-up value in a request is sent as the server under test made it up. */
  private bodyOf(exchange: Exchange): {body?: string; type?: string} {
    const {requestBody, rawBody, method} = exchange
    if (method !== 'POST' && method !== 'PUT') return {}
    const type = exchange.requestContentType ?? 'application/x-www-form-urlencoded'
    if (rawBody !== undefined && rawBody !== null) return {body: this.mapping.translate(rawBody), type}
    if (requestBody === null) return {body: ''}
    if (typeof requestBody === 'string') return {body: this.mapping.translate(requestBody), type}
    const translated = JSON.parse(this.mapping.translate(JSON.stringify(requestBody))) as Record<string, unknown>
    return {body: encodeForm(translated), type: 'application/x-www-form-urlencoded'}
  }

  private pathOf({path, query}: Exchange): string {
    const text = query === null || query === undefined ? '' : typeof query === 'string' ? query : encodeForm(query)
    return this.mapping.translate(text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`)
  }

  private async ask(exchange: Exchange): Promise<Reply> {
    const {body, type} = this.bodyOf(exchange)
    const headers = {...(await this.credentials(exchange.auth)), ...(type !== undefined && {'Content-Type': type})}
    return this.send(exchange.method, this.pathOf(exchange), headers, body)
  }

  /** Sends one request. A task that had ended when it was recorded is waited for. */
  async replay(exchange: Exchange): Promise<Outcome> {
    let reply = await this.ask(exchange)
    const recorded = taskState(exchange.body)
    for (
      let polls = 0;
      recorded === 'stopped' && polls < pollLimit && taskState(parse(reply.text)) === 'running';
      polls++
    ) {
      await sleep(pollInterval)
      reply = await this.ask(exchange)
    }
    return {exchange, differences: this.compare(exchange, reply)}
  }

  private compare(exchange: Exchange, reply: Reply): string[] {
    const state: Comparison = {mapping: this.mapping, differences: [], depth: 0}
    if (reply.status !== exchange.status)
      state.differences.push(`status: expected ${exchange.status}, got ${reply.status}`)
    const [expected, got] = [skeleton(exchange.reason).shape, skeleton(reply.reason).shape]
    if (expected !== got)
      state.differences.push(`reason: expected ${JSON.stringify(exchange.reason)}, got ${JSON.stringify(reply.reason)}`)
    const type = reply.headers['content-type'] ?? null
    if (type !== exchange.contentType)
      state.differences.push(`content type: expected ${exchange.contentType}, got ${type}`)
    compareValues(exchange.body === '' ? '' : exchange.body, parse(reply.text), 'body', state)
    return state.differences
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function taskState(body: unknown): unknown {
  const data = (body as {data?: {status?: unknown; upid?: unknown}} | null)?.data
  return data?.upid === undefined ? undefined : data.status
}
