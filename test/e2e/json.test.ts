import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {startSimulator, type Simulator} from '../../plugins/simulator/src/index.js'
import {sandbox, type RunResult, type Sandbox} from '../support/pmpc.js'
import {assertSchema} from '../support/schemas.js'

describe('results of the main job', () => {
  let simulator: Simulator
  let box: Sandbox
  let folder: string

  before(async () => {
    simulator = await startSimulator({seed: 'cluster'})
    box = sandbox()
    folder = path.join(box.folder, 'workspace')
  })
  after(async () => {
    box.remove()
    await simulator.stop()
  })

  const pmpc = (...args: string[]): Promise<RunResult> =>
    box.pmpc(args, {cwd: folder, env: {PMPC_TOKEN_HOME: simulator.tokenSecret}})

  it('are as their schemas say', async () => {
    const {url, fingerprint, tokenId, tokenSecret} = simulator
    const flags = [
      '--cluster',
      'home',
      '--endpoint',
      url,
      '--token-id',
      tokenId,
      '--token-stdin',
      '--fingerprint',
      fingerprint,
    ]
    assertSchema('init', (await box.pmpc(['init', folder, ...flags, '--yes', '--json'], {input: tokenSecret})).json())
    assertSchema('sync', (await pmpc('sync', '--json')).json())
    assertSchema('status', (await pmpc('status', '--json')).json())
    assertSchema('accept', (await pmpc('accept', 'vm/100', '--json')).json())
    assertSchema('reject', (await pmpc('reject', 'vm/101', '--json')).json())
    assertSchema('sync', (await pmpc('sync', '--accept', '--json')).json())
    writeFileSync(path.join(folder, 'infra/home/vm/100.yaml'), 'kind: vm\nid: 100\nconfig:\n  memry: 1\n')
    assertSchema('status', (await pmpc('status', '--json')).json())
    assertSchema('sync', (await pmpc('sync', '--dry-run', '--json')).json())
  })
})
