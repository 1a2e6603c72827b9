import {request} from 'node:https'
import type {IncomingHttpHeaders} from 'node:http'
import {startSimulator, type Simulator, type SimulatorOptions} from '../src/index.js'

export interface Answer {
  status: number
  reason: string
  headers: IncomingHttpHeaders
  text: string
  body: {data: never; message?: string; errors?: Record<string, string>; total?: number}
}

export interface Sent {
  method?: string
  form?: Record<string, string | string[]>
  json?: unknown
  headers?: Record<string, string>
  /** `false` sends no credentials. */
  token?: string | false
}

function encode(form: Record<string, string | string[]>): string {
  return Object.entries(form)
    .flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).map((item) => `${encodeURIComponent(key)}=${encodeURIComponent(item)}`),
    )
    .join('&')
}

/** A simulator with a client that trusts its CA only. */
export class Lab {
  constructor(readonly simulator: Simulator) {}

  static async start(options: SimulatorOptions = {}): Promise<Lab> {
    return new Lab(await startSimulator({authDelay: 0, taskTime: 0, statusInterval: 0, ...options}))
  }

  async stop(): Promise<void> {
    await this.simulator.stop()
  }

  send(path: string, {method = 'GET', form, json, headers = {}, token}: Sent = {}): Promise<Answer> {
    const {url, ca, tokenId, tokenSecret, tokens} = this.simulator
    const id = token === undefined ? tokenId : token
    const secret = id === false ? '' : (tokens[id] ?? (id === tokenId ? tokenSecret : 'unknown'))
    const body = form ? encode(form) : json === undefined ? undefined : JSON.stringify(json)
    const type = form ? 'application/x-www-form-urlencoded' : json === undefined ? undefined : 'application/json'
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${url}/api2/json${path}`,
        {
          method,
          ca,
          headers: {
            ...(id !== false && {Authorization: `PVEAPIToken=${id}=${secret}`}),
            ...(type !== undefined && {'Content-Type': type}),
            ...(body !== undefined && {'Content-Length': String(Buffer.byteLength(body))}),
            ...headers,
          },
        },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => (text += chunk))
          response.on('error', reject)
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              reason: response.statusMessage ?? '',
              headers: response.headers,
              text,
              body: parse(text) as Answer['body'],
            }),
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  /** Data of a GET that has to succeed. */
  async get<T>(path: string): Promise<T> {
    const answer = await this.send(path)
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.reason}`)
    return answer.body.data as T
  }

  /** Sends a write and waits for the task that it may begin; returns the task's exit status. */
  async run(method: string, path: string, form: Record<string, string | string[]> = {}): Promise<string | null> {
    const hasBody = method === 'POST' || method === 'PUT'
    const query = hasBody || Object.keys(form).length === 0 ? '' : `?${encode(form)}`
    const answer = await this.send(`${path}${query}`, {method, ...(hasBody && {form})})
    if (answer.status !== 200)
      throw new Error(
        `${method} ${path}: ${answer.status} ${answer.reason} ${JSON.stringify(answer.body.errors ?? {})}`,
      )
    const upid = answer.body.data as unknown
    if (typeof upid !== 'string' || !upid.startsWith('UPID:')) return null
    for (;;) {
      const state = await this.get<{status: string; exitstatus?: string}>(
        `/nodes/${upid.split(':')[1]}/tasks/${upid}/status`,
      )
      if (state.status === 'stopped') return state.exitstatus ?? ''
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
