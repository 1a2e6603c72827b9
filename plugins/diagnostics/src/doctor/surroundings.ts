import {isPmpcError, type PmpcError} from 'pmpc/kit/errors'
import {programOn} from 'pmpc/kit/files'
import {openRepository, type Repository} from 'pmpc/kit/git'
import type {Caller} from 'pmpc/kit/runs'
import {loadConfig, lookForWorkspace, type WorkspaceConfig} from 'pmpc/kit/workspace'
import {visitClusters, type Visits} from './visits.js'

/** The pmpc that runs. */
export interface Host {
  version: string
  /** Of Node, `20.19.5`, and what the package asks for, `>=20.19.0`. */
  node: string
  engines: string
  /** What was started. */
  script: string
  /** pmpc's own plugins as they are loaded, and in which versions they belong to this host. */
  plugins: readonly {name: string; version: string}[]
  expected: Readonly<Record<string, string>>
  /** Where the user's plugins lie. */
  dataFolder: string
}

/** Where pmpc is typed. */
export interface Terminal {
  isTerminal: boolean
  columns: number | undefined
}

export interface Asked {
  env: Readonly<Record<string, string | undefined>>
  /** The folder that it works from. */
  folder: string
  host: Host
  terminal: Terminal
  caller: Caller
  /** No cluster is asked. */
  isOffline: boolean
}

/** What a program said of itself. */
export interface Program {
  name: string
  path: string
  /** All that it printed; empty where it failed. */
  said: string
}

/** Either what there is, or why it cannot be read. */
export type Read<T> = {value: T} | {error: PmpcError}

/** What all rows look at; each thing is read once, when the first row asks for it. Nothing here throws for what is broken. */
export class Surroundings {
  readonly env: Asked['env']
  readonly folder: string
  readonly host: Host
  readonly terminal: Terminal
  readonly isOffline: boolean
  /** The workspace around the folder; undefined: none. */
  readonly root: string | undefined
  private readonly known = new Map<string, Promise<unknown>>()

  constructor(readonly asked: Asked) {
    const {env, folder, host, terminal, isOffline} = asked
    this.env = env
    this.folder = folder
    this.host = host
    this.terminal = terminal
    this.isOffline = isOffline
    this.root = lookForWorkspace(folder)?.root
  }

  /** Whether a person sits there: no pipeline. */
  get isPeoples(): boolean {
    const {CI} = this.env
    return CI === undefined || CI === '' || CI === '0' || CI === 'false'
  }

  /** pmpc.yaml; undefined outside of a workspace. */
  async config(): Promise<Read<WorkspaceConfig> | undefined> {
    const {root} = this
    return root === undefined ? undefined : this.once('config', async () => read(async () => loadConfig(root)))
  }

  /** The repository around the workspace; undefined outside of one. */
  async repository(): Promise<Read<Repository> | undefined> {
    const {root} = this
    return root === undefined ? undefined : this.once('repository', async () => read(async () => openRepository(root)))
  }

  /** What came of visiting each cluster of pmpc.yaml. Asked for where that can be read only. */
  async visits(): Promise<Visits> {
    return this.once('visits', async () => {
      const config = await this.config()
      if (!config || 'error' in config) return {clusters: [], requests: 0}
      return visitClusters(config.value, this.asked.caller, this.env)
    })
  }

  /** Requests that were sent so far. */
  async requests(): Promise<number> {
    return this.known.has('visits') ? (await this.visits()).requests : 0
  }

  /** The first of some programs that is on PATH, with what it prints for these words. No program of another's gets a secret of pmpc's. */
  async program(names: readonly string[], words: readonly string[]): Promise<Program | undefined> {
    const found = names.map((name) => ({name, path: programOn(this.env, name)})).find(({path}) => path !== undefined)
    if (found?.path === undefined) return undefined
    const {name, path} = found
    return this.once(`program ${path} ${words.join(' ')}`, async () => {
      const {execa} = await import('execa')
      const {signal} = this.asked.caller
      const {PATH, HOME, LANG, TMPDIR} = this.env
      const env = {PATH, HOME, LANG, TMPDIR, CHECKPOINT_DISABLE: '1', NO_COLOR: '1'}
      const ended = await execa(path, [...words], {
        ...{env, extendEnv: false, stdin: 'ignore', reject: false, timeout: patience},
        ...(signal && {cancelSignal: signal}),
      })
      return {name, path, said: ended.failed ? '' : `${ended.stdout}\n${ended.stderr}`}
    })
  }

  async close(): Promise<void> {
    if (!this.known.has('repository')) return
    const repository = await this.repository()
    if (repository && 'value' in repository) repository.value.close()
  }

  private async once<T>(name: string, work: () => Promise<T>): Promise<T> {
    const begun = this.known.get(name) ?? work()
    this.known.set(name, begun)
    return begun as Promise<T>
  }
}

/** Milliseconds that a program may take to say which version it is: Ansible takes three seconds on a slow machine. */
const patience = 20_000

async function read<T>(work: () => Promise<T>): Promise<Read<T>> {
  try {
    return {value: await work()}
  } catch (error) {
    if (!isPmpcError(error)) throw error
    return {error}
  }
}
