import https from 'node:https'
import path from 'node:path'
import {expect} from 'chai'
import {isWhole, readLines, referencePath} from '../support/reference.js'
import {differing, mirror, needs, serve, Terraform, type Change, type Served} from './support.js'
import {skipFor} from '../support/skip.js'

interface Case {
  name: string
  create: {method?: string; path: string; params?: Record<string, string | number>; file?: string; append?: string}[]
  /** What GET config answered on the real daemon. */
  config: Record<string, unknown>
  hcl: string
  readState?: unknown
  result: {noop: boolean}
}

/** Sends what a case was made with, as root with a ticket, and waits for tasks; the certificate is not looked at. */
class Administrator {
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

const MAC = /(?:[0-9A-F]{2}:){5}[0-9A-F]{2}/i

/** The case's HCL, with the MAC addresses that the simulator made up in place of those that the real daemon made up. */
function withMacs({hcl, config}: Case, made: Record<string, unknown>): string {
  return Object.keys(config)
    .filter((key) => /^net\d+$/.test(key))
    .reduce((text, key) => {
      const [theirs, ours] = [MAC.exec(String(config[key])), MAC.exec(String(made[key]))]
      return theirs && ours ? text.replaceAll(theirs[0], ours[0]) : text
    }, hcl)
}

/** What a plan says of each import besides that it is a no-op. */
function notImported(changes: Change[], cases: Case[]): string[] {
  const imported = new Set(changes.filter(({change}) => change.importing).map(({address}) => address))
  const missing = cases.map(addressOf).filter((address) => !imported.has(address))
  return [...differing(changes), ...missing.map((address) => `${address}: not imported`)]
}

/** Appends lines to a container's file on the host, which no API does: through the state that the simulator saves and loads. */
async function appendTo(admin: string, file: string, lines: string): Promise<void> {
  const saved = (await (await fetch(`${admin}/state`)).json()) as {state: {guests: Record<string, {lxc?: string[][]}>}}
  const guest = saved.state.guests[path.basename(file, '.conf')]!
  guest.lxc = [...lines.matchAll(/^([^:]+): (.*)$/gm)].map(([, key, value]) => [key!, value!])
  const answer = await fetch(`${admin}/state`, {method: 'PUT', body: JSON.stringify(saved)})
  if (!answer.ok) throw new Error(`PUT /state: ${answer.status} ${await answer.text()}`)
}

const addressOf = ({hcl}: Case): string => /^\s*to\s*=\s*(\S+)/m.exec(hcl)![1]!

describe('import into Terraform with bpg/proxmox', function () {
  this.timeout(300_000)
  let served: Served
  let good: Case[]
  let unreadable: Case[]

  before(async function () {
    needs(this, mirror)
    skipFor(this, !isWhole && 'the sample of the reference has no such cases (set PMPC_REFERENCE)')
    const all = readLines<Case>(referencePath('..', 'reference', 'iac-cases', 'import-cases.jsonl'))
    const cases = all.filter(({hcl}) => hcl !== undefined)
    good = cases.filter(({result}) => result.noop)
    unreadable = cases.filter(({result}) => !result.noop)
    served = await serve(['--admin-port', '0'])
    const root = new Administrator(served.url)
    await root.login()
    const problems: string[] = []
    for (const {name, create} of all) {
      try {
        for (const call of create) {
          if (call.file === undefined) await root.make(call)
          else await appendTo(served.admin!, call.file, call.append!)
        }
      } catch (error) {
        problems.push(`${name}: ${(error as Error).message}`)
      }
    }
    expect(problems).to.deep.equal([])
    for (const entry of cases) entry.hcl = withMacs(entry, await root.config(entry.hcl))
  })
  after(() => served?.stop())

  it('plans an import without a change for each guest of the reference, and then nothing', async () => {
    const files = Object.fromEntries(good.map(({name, hcl}) => [`${name}.tf`, hcl]))
    const terraform = await Terraform.init(served, files, 'good')
    expect(notImported(await terraform.plan(), good)).to.deep.equal([])
    await terraform.run(['apply', '-input=false', '-no-color', 'saved.plan'])
    expect(differing(await terraform.plan())).to.deep.equal([])
  })

  it('cannot read the guests that it cannot read of the real daemon either', async () => {
    expect(unreadable).to.not.be.empty
    for (const {name, hcl} of unreadable) {
      const terraform = await Terraform.init(served, {'main.tf': hcl}, name)
      const {stderr} = await terraform.run(['plan', '-input=false', '-no-color'], [1])
      expect(stderr, name).to.match(/base64|unmarshal|decod/i)
    }
  })
})
