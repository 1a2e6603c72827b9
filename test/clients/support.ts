import {spawn, type ChildProcess} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type {Context} from 'mocha'
import {bin, checkout, sandbox, type RunResult, type Sandbox} from '../support/pmpc.js'
import {skipFor} from '../support/skip.js'

const here = path.join(checkout, 'test', 'clients')
const cache = process.env.PMPC_CLIENTS ?? path.join(here, '.cache')

/** Python of the environment with proxmoxer and Ansible. */
export const python = path.join(cache, 'venv', 'bin', 'python')
/** Filesystem mirror with the Terraform provider. */
export const mirror = path.join(cache, 'mirror')

/** A file beside the tests. */
export const beside = (name: string): string => path.join(here, name)

/** Skips where a client is not set up, unless PMPC_CLIENTS_REQUIRED says that it has to be. */
export function needs(test: Context, client: string): void {
  if (existsSync(client)) return
  const message = `${client} is missing: run test/clients/setup.sh`
  if (process.env.PMPC_CLIENTS_REQUIRED) throw new Error(message)
  skipFor(test, message)
}

/** A simulator in a process of its own, as a user starts it, with a sandbox for the clients that talk to it. */
export interface Served {
  url: string
  fingerprint: string
  /** Address of the admin port, with the flag `--admin-port`. */
  admin?: string
  box: Sandbox
  /** Runs a client; an error that shows its output when it does not end with 0 (or with one of `codes`). */
  run(command: string, args: string[], options?: RunInput): Promise<RunResult>
  stop(): Promise<void>
}

export interface RunInput {
  cwd?: string
  env?: Record<string, string>
  codes?: number[]
}

/** Starts `pmpc simulator start` with the pristine state of the real daemon. @throws when it does not come up */
export async function serve(flags: string[] = []): Promise<Served> {
  const box = sandbox()
  const seed = flags.includes('--seed') ? [] : ['--seed', seedFile(box)]
  const args = ['simulator', 'start', '--port', '0', '--json', ...seed, '--auth-delay', '0']
  const child = spawn(process.execPath, [bin, ...args, '--task-time', '10', '--status-interval', '0', ...flags], {
    env: box.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const {url, fingerprint, admin} = JSON.parse(await firstLine(child)) as Pick<Served, 'url' | 'fingerprint' | 'admin'>
  return {
    ...{url, fingerprint, admin},
    box,
    async run(command, commandArgs, {codes = [0], ...options} = {}) {
      const result = await box.exec(command, commandArgs, options)
      if (result.code !== null && codes.includes(result.code)) return result
      const title = [path.basename(command), ...commandArgs].join(' ')
      throw new Error(`${title}: exit code ${result.code}\n${result.stdout}\n${result.stderr}`)
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      box.remove()
    },
  }
}

/** The pristine state, in a world where all that is asked for is there: what the host of the recordings lacked is left out. */
function seedFile(box: Sandbox): string {
  const seed = JSON.parse(readFileSync(path.join(checkout, DAEMON), 'utf8')) as Record<string, unknown>
  const file = path.join(box.folder, 'seed.json')
  writeFileSync(file, JSON.stringify({...seed, world: {}}))
  return file
}

const DAEMON = 'plugins/simulator/src/seeds/daemon.json'

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code} before it was ready`)))
  })
}

/** Terraform in a folder of the sandbox, offline, with the provider from the mirror. */
export class Terraform {
  private constructor(
    readonly folder: string,
    private readonly served: Served,
    private readonly env: Record<string, string>,
  ) {}

  /** Writes the provider's configuration and runs `init`. */
  static async init(served: Served, files: Record<string, string>, name = 'terraform'): Promise<Terraform> {
    const folder = path.join(served.box.folder, name)
    mkdirSync(folder, {recursive: true})
    const config = path.join(served.box.folder, 'terraform.rc')
    writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`)
    for (const [name, text] of Object.entries({'provider.tf': PROVIDER, ...files}))
      writeFileSync(path.join(folder, name), text)
    const terraform = new Terraform(folder, served, {
      TF_CLI_CONFIG_FILE: config,
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TMPDIR: os.tmpdir(),
      PROXMOX_VE_ENDPOINT: served.url,
      PROXMOX_VE_USERNAME: 'root@pam',
      PROXMOX_VE_PASSWORD: 'rootpass1',
      PROXMOX_VE_INSECURE: 'true',
    })
    await terraform.run(['init', '-input=false', '-no-color'])
    return terraform
  }

  run(args: string[], codes = [0]): Promise<RunResult> {
    return this.served.run('terraform', args, {cwd: this.folder, env: this.env, codes})
  }

  /** Plans, and tells by resource what would be done; `saved` keeps the plan for an apply. */
  async plan(saved = 'saved.plan'): Promise<Change[]> {
    await this.run(['plan', '-input=false', '-no-color', `-out=${saved}`])
    const shown = await this.run(['show', '-json', saved])
    const {resource_changes: changes = []} = shown.json<{resource_changes?: Change[]}>()
    return changes
  }
}

export interface Change {
  address: string
  change: {actions: string[]; importing?: {id: string}; before?: unknown; after?: unknown}
}

/** Changes that a plan would make, as text: empty when it is a no-op. */
export const differing = (changes: Change[]): string[] =>
  changes
    .filter(({change}) => change.actions.join() !== 'no-op')
    .map(({address, change}) => `${address}: ${change.actions.join()}`)

const PROVIDER = `terraform {
  required_providers {
    proxmox = {
      source  = "bpg/proxmox"
      version = "0.112.0"
    }
  }
}

provider "proxmox" {}
`
