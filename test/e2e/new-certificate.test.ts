import {expect} from 'chai'
import {mkdirSync, rmSync} from 'node:fs'
import path from 'node:path'
import {startSimulator, type Simulator} from '../../plugins/simulator/src/index.js'
import {Lab, type Clone} from '../support/lab.js'
import type {RunResult} from '../support/pmpc.js'

/** A node whose certificates were all made anew: the address, the users and the token are the same. */
describe('a certificate that was renewed: what is advised works as it is typed', function () {
  this.timeout(60_000)
  let lab: Lab
  let clone: Clone
  let renewed: Simulator
  let secret: string
  before(async () => {
    lab = await Lab.start({seed: 'homelab'})
    secret = lab.simulator.tokenSecret
    clone = await lab.agreed()
    const port = Number(new URL(lab.simulator.url).port)
    await lab.simulator.stop()
    renewed = await startSimulator({seed: 'homelab', port, authDelay: 0})
    expect(renewed.tokenSecret, 'the same token').to.equal(secret)
    expect(renewed.fingerprint).not.to.equal(lab.simulator.fingerprint)
  })
  after(async () => {
    await renewed?.stop()
    lab.box.remove()
  })

  const shell = async (line: string, cwd: string, env = {}): Promise<RunResult> =>
    lab.box.exec('sh', ['-c', line], {cwd, env})
  const adviceIn = (stderr: string): string[] => [...stderr.matchAll(/^Try: +(.*)$/gm)].map(([, line]) => line!)

  /** Follows the advice of one failed command in a folder, as a person does who has compared the fingerprint. */
  async function follow(cwd: string, env = {}, sync = ['sync']): Promise<void> {
    const failed = await lab.box.pmpc(sync, {cwd, env})
    expect(failed.code, failed.stderr).to.equal(1)
    expect(failed.stderr).to.contain('Code:  PMPC_TLS_CHANGED')
    const [compare, trust, ...more] = adviceIn(failed.stderr)
    expect(more).to.deep.equal([])
    expect(compare).to.match(/^openssl x509 /)
    expect(trust).to.contain(renewed.fingerprint)
    const done = await shell(trust!, cwd, env)
    expect(done.code, done.stderr + done.stdout).to.equal(0)
    expect(await clone.git('log', '-1', '--format=%s')).to.equal(
      'pmpc init: trust another certificate of the cluster home',
    )
    expect((await lab.box.pmpc(sync, {cwd, env})).code).to.equal(0)
  }

  it('with the secret in the credential file', async () => follow(clone.root))

  it('from a folder of the workspace', async () => {
    await clone.git('revert', '--no-edit', 'HEAD')
    const folder = path.join(clone.root, 'infra/home')
    mkdirSync(folder, {recursive: true})
    await follow(folder)
    expect(await clone.git('ls-files', '*pmpc.yaml')).to.equal('pmpc.yaml')
  })

  it('from elsewhere, with -C', async () => {
    await clone.git('revert', '--no-edit', 'HEAD')
    await follow(lab.box.folder, {}, ['-C', 'ws', 'sync'])
    await clone.git('revert', '--no-edit', 'HEAD')
    await follow(lab.box.folder, {}, ['sync', '-C', clone.root])
  })

  it('with the secret in a variable, as a pipeline has it', async () => {
    await clone.git('revert', '--no-edit', 'HEAD')
    rmSync(path.join(lab.box.env.PMPC_HOME!, 'credentials.json'), {force: true})
    await follow(clone.root, {PMPC_TOKEN_HOME: secret, CI: 'true'})
  })
})
