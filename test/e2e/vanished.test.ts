import path from 'node:path'
import {expect} from 'chai'
import {startSimulator, type Simulator} from '../../plugins/simulator/src/index.js'
import {sandbox, type RunResult, type Sandbox} from '../support/pmpc.js'

interface Synced {
  commit: string | null
  open: {drift: number}
  warnings: string[]
}

describe('a cluster that loses most of its guests at once', () => {
  let simulator: Simulator
  let box: Sandbox
  let folder: string

  before(async () => {
    simulator = await startSimulator({seed: 'cluster', authDelay: 0})
    box = sandbox()
    folder = path.join(box.folder, 'workspace')
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
    await box.pmpc(['init', folder, ...flags, '--yes'], {input: tokenSecret})
    await pmpc('sync', '--accept')
  })
  after(async () => {
    box.remove()
    await simulator.stop()
  })

  const pmpc = (...args: string[]): Promise<RunResult> => box.pmpc(args, {cwd: folder})

  it('is recorded and offered, but --accept agrees to no deletion', async () => {
    for (const vmid of Object.keys(simulator.simulation.state.guests)) delete simulator.simulation.state.guests[vmid]
    const synced = (await pmpc('sync', '--accept', '--json')).json<Synced>()
    expect(synced.warnings.join()).to.include('10 of 10 guests are gone at once')
    expect(synced.open.drift).to.equal(10)
    expect((await box.exec('git', ['ls-tree', '--name-only', 'HEAD', 'infra/home/'], {cwd: folder})).stdout).to.include(
      'infra/home/vm',
    )
    await pmpc('accept')
    expect(
      (await box.exec('git', ['ls-tree', '--name-only', 'HEAD', 'infra/home/'], {cwd: folder})).stdout,
    ).not.to.include('infra/home/vm')
  })
})
