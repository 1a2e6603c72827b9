// The verbs that change a cluster, run in the process of the tests as commands run them: with a real repository, and real HTTPS to the simulator.
import {isPmpcError} from '../../src/kit/errors/index.js'
import {startRun, type Caller} from '../../src/kit/runs/index.js'
import {
  apply,
  destroy,
  sync,
  undo,
  type ApplyRequest,
  type ApplyResult,
  type LeftAsIs,
} from '../../src/kit/verbs/index.js'
import {requireWorkspace, type Workspace} from '../../src/kit/workspace/index.js'
import type {Clone} from './lab.js'

/** What came of a verb, or why nothing did. */
export type Came = {result: ApplyResult; left: LeftAsIs[]} | {error: Refusal}

export interface Refusal {
  code: string
  message: string
  data?: Record<string, unknown>
}

/** All that is ever asked is agreed to. */
const all: Omit<ApplyRequest, 'clusters' | 'words'> = {
  ...{exclude: [], refresh: false, failFast: false, resume: false, isPipeline: false},
  consent: {yes: true, allow: [], confirm: []},
  approve: async () => Promise.resolve(),
}

/** Whoever asks for a secret is told one. */
function withSecrets(env: Record<string, string>): Caller['env'] {
  return new Proxy<Caller['env']>(env, {
    get: (own, name) => (String(name).startsWith('PMPC_SECRET_') ? 'a-secret-word' : own[String(name)]),
  })
}

/** A clone in whose sandbox this process is, until it is left. */
export class Inside {
  private readonly before: NodeJS.ProcessEnv

  constructor(private readonly clone: Clone) {
    this.before = {...process.env}
    Object.assign(process.env, clone.lab.box.env)
  }

  leave(): void {
    for (const name of Object.keys(process.env)) if (!Object.hasOwn(this.before, name)) delete process.env[name]
    Object.assign(process.env, this.before)
  }

  async apply(words: readonly string[]): Promise<Came> {
    return this.run('pmpc apply', async (workspace, caller) =>
      apply(workspace, {...all, clusters: workspace.clusters, words}, caller, '0.0.0'),
    )
  }

  async destroy(words: readonly string[]): Promise<Came> {
    return this.run('pmpc destroy', async (workspace, caller) =>
      destroy(workspace, {...all, clusters: workspace.clusters, meant: {words}}, caller, '0.0.0'),
    )
  }

  async undo(of: string | undefined): Promise<Came> {
    return this.run('pmpc undo', async (workspace, caller, onLeftOut) =>
      undo(workspace, {...all, of, onLeftOut}, caller, '0.0.0'),
    )
  }

  /** Whether a sync has nothing to tell; to decide, where what others do by themselves, as high availability starts a guest, does not count. */
  async isSettled(counts: 'all' | 'open' = 'all'): Promise<boolean> {
    const workspace = await requireWorkspace(this.clone.root)
    const request = {clusters: workspace.clusters, accept: false, readOnly: false}
    const {result} = await sync(workspace, request, this.caller('pmpc sync'))
    return (counts === 'open' || result.commit === null) && result.open.drift + result.open.conflicts === 0
  }

  private caller(command: string): Caller {
    const run = startRun({workspaceRoot: this.clone.root, command})
    return {run, command, env: withSecrets(this.clone.lab.box.env)}
  }

  private async run(
    command: string,
    work: (
      workspace: Workspace,
      caller: Caller,
      onLeftOut: (left: readonly LeftAsIs[]) => void,
    ) => Promise<ApplyResult>,
  ): Promise<Came> {
    const left: LeftAsIs[] = []
    const caller = this.caller(command)
    try {
      const workspace = await requireWorkspace(this.clone.root)
      const result = await work(workspace, caller, (each) => left.push(...each))
      return {result, left}
    } catch (error) {
      if (!isPmpcError(error)) throw error
      const {code, message, data} = error
      return {error: {code, message, ...(data && {data})}}
    } finally {
      caller.run.finish(0)
    }
  }
}

/** Whether something was not done. */
export function isAmiss({result}: {result: ApplyResult}): boolean {
  return result.failed.length + result.skipped.length + result.unknown.length > 0
}

/** What an undo has told as left, however it was told; or what else went wrong. */
export function leftOf(back: Came): {left: LeftAsIs[]; error?: string} {
  if ('result' in back) return {left: back.left}
  const {code, message, data} = back.error
  if (code !== 'PMPC_NOTHING_TO_UNDO') return {left: [], error: `not undone: ${code} ${message}`}
  return {left: (data?.left ?? []) as LeftAsIs[]}
}
