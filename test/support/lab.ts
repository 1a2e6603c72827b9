import {appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import https from 'node:https'
import path from 'node:path'
import {startSimulator, type Simulator, type SimulatorOptions} from '../../plugins/simulator/src/index.js'
import {restoreSimulation, saveSimulation} from '../../plugins/simulator/src/seeds/save.js'
import {bin, sandbox, type RunOptions, type RunResult, type Sandbox} from './pmpc.js'

/** What tests read of `pmpc sync --json`. */
export interface SyncJson {
  commit: string | null
  counts: Record<string, {added: number; changed: number; removed: number; stale: number}>
  open: {drift: number; conflicts: number}
  stale: {object: string; why: string; neverRead?: true}[]
  requests: number
  warnings: string[]
  clusters: {
    cluster: string
    open: {object: string; field?: string; base?: unknown; offer: unknown; state: string; by?: string; at?: string}[]
    ignored: {objects: number; keys: number}
    locks: {object: string; lock: string}[]
    withheld: {object: string; key: string; looksLike: string}[]
    manifests: string[]
  }[]
}

export interface ErrorJson {
  error: {code: string; message: string; exitCode: number; suggestions: string[]; data?: Record<string, unknown>}
}

type Params = Readonly<Record<string, string | number | readonly string[]>>

/** What a workspace is made for: a simulator, or what stands in front of one. */
export type Endpoint = Pick<Simulator, 'url' | 'fingerprint' | 'tokens'>

interface InitOptions {
  cluster?: string
  simulator?: Endpoint
  flags?: string[]
  /** Another host than the checkout's. */
  bin?: string
}

/** A simulated cluster in this process, with a sandbox for the commands that are run against it. */
export class Lab {
  private ticket?: {cookie: string; csrf: string}

  private constructor(
    readonly simulator: Simulator,
    readonly box: Sandbox,
  ) {}

  static async start(options: SimulatorOptions = {}): Promise<Lab> {
    const simulator = await startSimulator({authDelay: 0, taskTime: 0, statusInterval: 0, ...options})
    const box = sandbox()
    putOnPath(box)
    return new Lab(simulator, box)
  }

  async stop(): Promise<void> {
    await this.simulator.stop()
    this.box.remove()
  }

  /** A call of another administrator's: root@pam with a ticket, or a token. Waits for the task it starts. @throws for any answer but 200 */
  async api<T = unknown>(method: string, at: string, params: Params = {}, token?: string): Promise<T> {
    const answer = await this.call(method, at, params, token)
    if (answer.status !== 200) throw new Error(`${method} ${at}: ${answer.status} ${answer.reason} ${answer.body}`)
    const {data} = JSON.parse(answer.body) as {data: T}
    if (method !== 'GET' && typeof data === 'string' && data.startsWith('UPID:')) await this.wait(data)
    return data
  }

  private async wait(upid: string): Promise<void> {
    const node = upid.split(':')[1]!
    for (;;) {
      const task = await this.api<{status: string; exitstatus?: string}>('GET', `/nodes/${node}/tasks/${upid}/status`)
      if (task.status !== 'stopped') {
        await new Promise((resolve) => setTimeout(resolve, 5))
        continue
      }
      if (task.exitstatus !== 'OK') throw new Error(`task ${upid}: ${task.exitstatus}`)
      return
    }
  }

  /** Sends one request; the certificate is not looked at. */
  async call(
    method: string,
    at: string,
    params: Params = {},
    token?: string,
  ): Promise<{status: number; reason: string; body: string}> {
    const headers: Record<string, string> = {}
    if (token !== undefined) headers.Authorization = `PVEAPIToken=${token}=${this.simulator.tokens[token]!}`
    else if (at !== '/access/ticket') {
      this.ticket ??= await this.login()
      headers.Cookie = this.ticket.cookie
      headers.CSRFPreventionToken = this.ticket.csrf
    }
    const form = new URLSearchParams(
      Object.entries(params).flatMap(([key, value]) =>
        [value].flat().map((one): [string, string] => [key, String(one)]),
      ),
    ).toString()
    const inBody = method === 'PUT' || method === 'POST'
    if (inBody) headers['Content-Type'] = 'application/x-www-form-urlencoded'
    const url = `${this.simulator.url}/api2/json${at}${!inBody && form ? `?${form}` : ''}`
    return new Promise((resolve, reject) => {
      const request = https.request(url, {method, headers, rejectUnauthorized: false}, (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (body += chunk))
        response.on('end', () => resolve({status: response.statusCode!, reason: response.statusMessage!, body}))
        response.on('error', reject)
      })
      request.on('error', reject)
      request.end(inBody ? form : undefined)
    })
  }

  private async login(): Promise<{cookie: string; csrf: string}> {
    const answer = await this.call('POST', '/access/ticket', {username: 'root@pam', password: 'simulator'})
    const {data} = JSON.parse(answer.body) as {data: {ticket: string; CSRFPreventionToken: string}}
    return {cookie: `PVEAuthCookie=${encodeURIComponent(data.ticket)}`, csrf: data.CSRFPreventionToken}
  }

  /** Sets keys of a guest's configuration, `/nodes/pve1/qemu/100`. */
  async set(guest: string, params: Params, token?: string): Promise<void> {
    await this.api('PUT', `${guest}/config`, params, token)
  }

  /** Stops and destroys a VM, behind pmpc's back. */
  async destroy(vmid: number): Promise<void> {
    const {node} = this.simulator.simulation.state.guests[vmid]!
    await this.api('POST', `/nodes/${node}/qemu/${vmid}/status/stop`)
    await this.api('DELETE', `/nodes/${node}/qemu/${vmid}`, {skiplock: 0})
  }

  /** A workspace made by `pmpc init`, with a token that may see everything unless another is named. */
  async workspace(name = 'ws', token = this.simulator.tokenId): Promise<Clone> {
    const result = await this.init(name, token)
    if (result.code !== 0) throw new Error(`init failed (${result.code}): ${result.stderr}`)
    return this.at(name)
  }

  /** A checkout that is there, by the name of its folder; `host` is run there, the checkout's unless given. */
  at(name: string, host?: string): Clone {
    return new Clone(this, path.join(this.box.folder, name), host)
  }

  /** Runs `pmpc init`, with more flags where they are given. */
  async init(name: string, token = this.simulator.tokenId, options: InitOptions = {}): Promise<RunResult> {
    const {cluster = 'home', simulator = this.simulator, flags = [], bin: host} = options
    const access = ['--endpoint', simulator.url, '--token-id', token, '--fingerprint', simulator.fingerprint]
    const args = ['init', name, '--cluster', cluster, ...access, '--token-stdin', '--yes', ...flags]
    return this.box.pmpc(args, {input: `${simulator.tokens[token]!}\n`, ...(host && {bin: host})})
  }

  /** A workspace in which all was agreed on once, with a bare origin it is pushed to. */
  async agreed(name = 'ws', token?: string): Promise<Clone> {
    const clone = await this.workspace(name, token)
    await clone.must('sync', '--accept')
    await this.box.exec('git', ['clone', '-q', '--bare', name, `${name}.git`])
    await clone.git('remote', 'add', 'origin', path.join(this.box.folder, `${name}.git`))
    await clone.git('push', '-q', '-u', 'origin', 'main')
    return clone
  }

  /** A clone of a workspace's origin, as another person has it; the drivers are set up, unless `bare`. */
  async clone(origin: string, name: string, {init = true, args = [] as string[]} = {}): Promise<Clone> {
    const result = await this.box.exec('git', ['clone', '-q', ...args, origin, name])
    if (result.code !== 0) throw new Error(result.stderr)
    const clone = this.at(name)
    if (init) await clone.must('init')
    return clone
  }
}

/** Lets programs in the sandbox find `pmpc`: Git's drivers call it by name. */
export function putOnPath(box: Sandbox, host = bin): void {
  const folder = path.join(box.folder, 'bin')
  mkdirSync(folder, {recursive: true})
  writeFileSync(path.join(folder, 'pmpc'), `#!/bin/sh\nexec "${process.execPath}" "${host}" "$@"\n`)
  chmodSync(path.join(folder, 'pmpc'), 0o755)
  box.env.PATH = `${folder}${path.delimiter}${box.env.PATH}`
}

/** One checkout of a workspace. */
export class Clone {
  constructor(
    readonly lab: Pick<Lab, 'box'>,
    readonly root: string,
    private readonly host?: string,
  ) {}

  /** Runs git; its output without the last line end. @throws when it fails */
  async git(...args: string[]): Promise<string> {
    const result = await this.lab.box.exec('git', args, {cwd: this.root})
    if (result.code !== 0) throw new Error(`git ${args.join(' ')} (${result.code}): ${result.stdout}${result.stderr}`)
    return result.stdout.replace(/\n$/, '')
  }

  async tryGit(...args: string[]): Promise<RunResult> {
    return this.lab.box.exec('git', args, {cwd: this.root})
  }

  async pmpc(args: string[], options: RunOptions = {}): Promise<RunResult> {
    return this.lab.box.pmpc(args, {cwd: this.root, ...(this.host !== undefined && {bin: this.host}), ...options})
  }

  /** Runs a command that must succeed. */
  async must(...args: string[]): Promise<RunResult> {
    const result = await this.pmpc(args)
    if (result.code !== 0) throw new Error(`pmpc ${args.join(' ')} (${result.code}): ${result.stdout}${result.stderr}`)
    return result
  }

  async sync(...args: string[]): Promise<SyncJson> {
    return (await this.must('sync', '--json', ...args)).json<SyncJson>()
  }

  /** Runs a command that must fail; what `--json` says of it. */
  async fails(args: string[], options: RunOptions = {}): Promise<ErrorJson['error'] & {code: string}> {
    const result = await this.pmpc([...args, '--json'], options)
    const {error} = result.json<ErrorJson>()
    if (!error) throw new Error(`pmpc ${args.join(' ')} did not fail: ${result.stdout}`)
    if (error.exitCode !== result.code) throw new Error(`exit code ${result.code}, but ${JSON.stringify(error)}`)
    return error
  }

  read(file: string): string {
    return readFileSync(path.join(this.root, file), 'utf8')
  }

  has(file: string): boolean {
    return existsSync(path.join(this.root, file))
  }

  write(file: string, content: string | Uint8Array): void {
    const at = path.join(this.root, file)
    mkdirSync(path.dirname(at), {recursive: true})
    writeFileSync(at, content)
  }

  append(file: string, content: string): void {
    appendFileSync(path.join(this.root, file), content)
  }

  remove(file: string): void {
    rmSync(path.join(this.root, file))
  }

  /** Replaces a text that must be in the file. */
  edit(file: string, from: string | RegExp, to: string | ((...match: string[]) => string)): void {
    const text = this.read(file)
    const edited = text.replace(from, to as string)
    if (edited === text) throw new Error(`${String(from)} is not in ${file}:\n${text}`)
    this.write(file, edited)
  }

  /** Lines that `git diff` takes out and adds, without headers and context. */
  async diff(...paths: string[]): Promise<string[]> {
    const text = await this.git('diff', '--no-ext-diff', '-U0', '--', ...(paths.length > 0 ? paths : ['infra']))
    return changedLines(text)
  }

  /** Lines of the open items, as committed; empty where none is open. */
  async open(): Promise<string[]> {
    const result = await this.tryGit('show', 'HEAD:.pmpc/open.yaml')
    return result.code === 0 ? result.stdout.split('\n').filter((line) => line.startsWith('- ')) : []
  }

  async head(): Promise<string> {
    return this.git('rev-parse', 'HEAD')
  }

  /** HEAD, index and all files, to compare before with after. */
  async picture(): Promise<{head: string; index: string; status: string; files: string}> {
    const [head, index, status] = await Promise.all([
      this.tryGit('rev-parse', '-q', '--verify', 'HEAD').then((result) => result.stdout.trim()),
      this.git('ls-files', '--stage'),
      this.git('status', '--porcelain=v2', '--untracked-files=all'),
    ])
    const names = await this.git('ls-files', '-co', '--exclude-standard', '-z')
    const present = names.split('\0').filter((name) => name !== '' && this.has(name))
    const hashes =
      present.length === 0
        ? ''
        : (
            await this.lab.box.exec('git', ['hash-object', '--no-filters', '--stdin-paths'], {
              cwd: this.root,
              input: `${present.join('\n')}\n`,
            })
          ).stdout
    return {head, index, status, files: `${present.join('\n')}\n${hashes}`}
  }
}

/** Remembers a cluster and a clone as they are. @returns what puts both back */
export async function remembered({simulator}: Lab, clone: Clone): Promise<() => Promise<void>> {
  const saved = saveSimulation(simulator.simulation)
  const head = await clone.head()
  return async () => {
    restoreSimulation(simulator.simulation, saved)
    await clone.git('reset', '-q', '--hard', head)
    await clone.git('clean', '-qfd', 'infra')
  }
}

/** Lines of a patch that begin with + or -, its headers left out. */
export function changedLines(patch: string): string[] {
  return patch
    .split('\n')
    .filter((line) => /^[+-]/.test(line) && !/^(\+\+\+|---) (?:[ab]\/|\/dev\/null|"[ab]\/)/.test(line))
}
