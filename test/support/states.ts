import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {isPmpcError, type PmpcError} from '../../src/kit/errors/index.js'
import type {ClusterState, Observed} from '../../src/kit/resources/model.js'
import {writeState} from '../../src/kit/state/index.js'
import type {Sandbox} from './pmpc.js'

/** A workspace whose states are written by the test, as if by syncs. */
export interface StateWorkspace {
  root: string
  git(...args: string[]): Promise<string>
  write(file: string, content: string | Uint8Array): void
  /** Writes states and commits them as a sync does. @returns the commit */
  sync(run: string, ...states: ClusterState[]): Promise<string>
}

/** A workspace of one cluster that nobody calls. */
export const pmpcYaml = `version: 1
clusters:
  home:
    endpoints: [https://127.0.0.1:8006]
    token: pmpc@pve!sync
    trust: {system: true}
`

/** Makes a repository with pmpc.yaml in a folder of the sandbox. */
export async function stateWorkspace(box: Sandbox, name = 'workspace'): Promise<StateWorkspace> {
  const root = path.join(box.folder, name)
  mkdirSync(root, {recursive: true})
  const git = async (...args: string[]) => {
    const {code, stdout, stderr} = await box.exec('git', args, {cwd: root})
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
    return stdout
  }
  const write = (file: string, content: string | Uint8Array) => {
    mkdirSync(path.dirname(path.join(root, file)), {recursive: true})
    writeFileSync(path.join(root, file), content)
  }
  await git('init', '--quiet')
  write('pmpc.yaml', pmpcYaml)
  write('.gitignore', '.pmpc/local/\n')
  await git('add', '.')
  await git('commit', '--quiet', '--message', 'a workspace')
  return {
    root,
    git,
    write,
    async sync(run, ...states) {
      for (const state of states) write(`.pmpc/state/${state.cluster}.db`, await writeState(state))
      await git('add', '.pmpc/state')
      const message = `sync(home): ${run}\n\nPmpc-Run: ${run}\nPmpc-Cluster: home\nPmpc-Command: pmpc sync\nPmpc-Changed: 1\n`
      await git('commit', '--quiet', '--message', message)
      return (await git('rev-parse', 'HEAD')).trim()
    },
  }
}

/** A VM with what most tests want to look at. */
export function someVm(id: number, config: Observed['config'] = {}, facts: Observed['facts'] = {}): Observed {
  return {
    kind: 'vm',
    id,
    config: {
      name: `web${id}`,
      memory: 512,
      net0: {model: 'virtio', bridge: 'vmbr0', tag: 42},
      tags: ['prod'],
      ...config,
    },
    facts: {node: 'pve1', status: 'running', ...facts},
  }
}

/** A small cluster with every kind in it. */
export function someState(...more: Observed[]): ClusterState {
  return {
    cluster: 'home',
    objects: [
      {
        kind: 'node',
        id: 'pve1',
        config: {},
        facts: {status: 'online', maxcpu: 8, maxmem: 64 * 2 ** 30, version: '9.2.3'},
      },
      {kind: 'container', id: 200, config: {hostname: 'dns', memory: 256}, facts: {node: 'pve1', status: 'stopped'}},
      {kind: 'storage', id: 'local', config: {type: 'dir', content: ['iso', 'vztmpl']}, facts: {}},
      {kind: 'pool', id: 'web', config: {comment: 'the shop'}, facts: {}},
      ...more,
    ],
  }
}

/** The error that work fails with. @throws when it does not fail, or with what is none of ours */
export async function failure(work: Promise<unknown> | (() => Promise<unknown>)): Promise<PmpcError> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    if (isPmpcError(error)) return error
    throw error
  }
  throw new Error('it did not fail')
}
