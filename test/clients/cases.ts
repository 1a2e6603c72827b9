import https from 'node:https'
import path from 'node:path'
import {readLines, referencePath} from '../support/reference.js'
import type {Served} from './support.js'

/** A guest of the reference, as it was made on the real daemon and imported with the real provider. */
export interface Case {
  name: string
  create: {method?: string; path: string; params?: Record<string, string | number>; file?: string; append?: string}[]
  /** What GET config answered on the real daemon. */
  config: Record<string, unknown>
  hcl: string
  readState?: unknown
  result: {noop: boolean; ignore_changes: string[]; edit_unsafe?: string}
}

/** Sends what a case was made with, as root with a ticket, and waits for tasks; the certificate is not looked at. */
export class Administrator {
  private headers: Record<string, string> = {}

  constructor(private readonly url: string) {}

  async login(): Promise<void> {
    const login = {username: 'root@pam', password: 'rootpass1'}
    const data = (await this.call('POST', '/access/ticket', login)) as Record<string, string>
    const cookie = `PVEAuthCookie=${encodeURIComponent(data.ticket!)}`
    this.headers = {Cookie: cookie, CSRFPreventionToken: data.CSRFPreventionToken!}
  }

  async make({method = 'GET', path: at, params}: Case['create'][number]): Promise<void> {
    const data = await this.call(method, at, params ?? {})
    if (typeof data !== 'string' || !data.startsWith('UPID:')) return
    for (;;) {
      const node = data.split(':')[1]!
      const task = (await this.call('GET', `/nodes/${node}/tasks/${data}/status`)) as Record<string, string>
      if (task.status !== 'stopped') continue
      if (task.exitstatus !== 'OK') throw new Error(`${method} ${at}: ${task.exitstatus}`)
      return
    }
  }

  async config(hcl: string): Promise<Record<string, unknown>> {
    const [node, vmid] = /^\s*id\s*=\s*"([^"]+)"/m.exec(hcl)![1]!.split('/')
    const type = hcl.includes('_container.') ? 'lxc' : 'qemu'
    return (await this.call('GET', `/nodes/${node}/${type}/${vmid}/config`)) as Record<string, unknown>
  }

  /** A token that may do all that root may; its secret. */
  async makeToken(name: string): Promise<string> {
    const made = await this.call('POST', `/access/users/root@pam/token/${name}`, {privsep: 0})
    return (made as {value: string}).value
  }

  private call(method: string, at: string, params: Record<string, string | number> = {}): Promise<unknown> {
    const texts = Object.entries(params).map(([key, value]): [string, string] => [key, String(value)])
    const form = new URLSearchParams(texts).toString()
    const type = form ? {'Content-Type': 'application/x-www-form-urlencoded'} : {}
    return new Promise((resolve, reject) => {
      const request = https.request(`${this.url}/api2/json${at}`, {
        method,
        headers: {...this.headers, ...type, 'Content-Length': Buffer.byteLength(form)},
        rejectUnauthorized: false,
        agent: false,
      })
      request.once('error', reject).once('response', (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
        response.once('end', () => {
          if (response.statusCode === 200) resolve((JSON.parse(body) as {data: unknown}).data)
          else reject(new Error(`${method} ${at} ${form}: ${response.statusCode} ${response.statusMessage} ${body}`))
        })
      })
      request.end(form)
    })
  }
}

/** All cases; the first makes what the others need, and is no guest. */
export const readCases = (): Case[] =>
  readLines<Case>(referencePath('..', 'reference', 'iac-cases', 'import-cases.jsonl'))

/** Makes what cases are made of on a simulator with an admin port; what could not be made, in words. */
export async function makeCases(served: Served, root: Administrator, cases: readonly Case[]): Promise<string[]> {
  const problems: string[] = []
  for (const {name, create} of cases) {
    try {
      for (const call of create) {
        if (call.file === undefined) await root.make(call)
        else await appendTo(served.admin!, call.file, call.append!)
      }
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`)
    }
  }
  return problems
}

/** Appends lines to a container's file on the host, which no API does: through the state that the simulator saves and loads. */
async function appendTo(admin: string, file: string, lines: string): Promise<void> {
  const saved = (await (await fetch(`${admin}/state`)).json()) as {state: {guests: Record<string, {lxc?: string[][]}>}}
  const guest = saved.state.guests[path.basename(file, '.conf')]!
  guest.lxc = [...lines.matchAll(/^([^:]+): (.*)$/gm)].map(([, key, value]) => [key!, value!])
  const answer = await fetch(`${admin}/state`, {method: 'PUT', body: JSON.stringify(saved)})
  if (!answer.ok) throw new Error(`PUT /state: ${answer.status} ${await answer.text()}`)
}
