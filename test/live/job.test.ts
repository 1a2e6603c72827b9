import path from 'node:path'
import {expect} from 'chai'
import {sandbox, type RunResult, type Sandbox} from '../support/pmpc.js'
import {Scratch} from './scratch.js'

interface SyncJson {
  commit: string | null
  requests: number
  clusters: {open: {object: string; field?: string; state: string}[]}[]
}

describe('live: the main job, by the built pmpc', function () {
  this.timeout(180_000)
  let scratch: Scratch
  let box: Sandbox
  let folder: string
  let vm: number
  let env: Record<string, string>

  before(async () => {
    scratch = await Scratch.open()
    box = sandbox()
    folder = path.join(box.folder, 'workspace')
    env = {PMPC_TOKEN_LIVE: scratch.access.secret}
    vm = await scratch.freeId()
    await scratch.create('qemu', vm, {memory: 64, description: 'first', kvm: false})
  })
  after(async () => {
    box?.remove()
    await scratch?.close()
  })

  async function must(...args: string[]): Promise<RunResult> {
    const result = await box.pmpc(args, {cwd: args[0] === 'init' ? box.folder : folder, env})
    if (result.code !== 0) throw new Error(`pmpc ${args[0]} (${result.code}): ${result.stdout}${result.stderr}`)
    return result
  }
  const sync = async (...args: string[]): Promise<SyncJson> =>
    (await must('sync', '--only', 'vm', '--json', ...args)).json<SyncJson>()
  const git = async (...args: string[]): Promise<string> => (await box.exec('git', args, {cwd: folder})).stdout
  const file = () => `infra/live/vm/${vm}.yaml`
  const openOf = ({clusters}: SyncJson) =>
    clusters[0]!.open.filter(({object}) => object.endsWith(`vm/${vm}`)).map(({field}) => field)

  it('init meets the cluster', async () => {
    const {url, tokenId, fingerprint} = scratch.access
    const where = ['--cluster', 'live', '--endpoint', url, '--token-id', tokenId, '--token-env', 'PMPC_TOKEN_LIVE']
    await must('init', 'workspace', ...where, '--fingerprint', fingerprint, '--yes')
    expect(await git('ls-files')).to.contain('pmpc.yaml')
    expect(await git('log', '-p'), 'the secret').not.to.contain(scratch.access.secret)
  })

  it('the first sync offers manifests, accept agrees', async () => {
    const first = await sync()
    expect(first.commit).to.match(/^[0-9a-f]{7,}$/)
    expect(await git('diff', '--', file()))
      .to.contain(`+  name: pmpc-live-${vm}`)
      .and.contain('+  memory: 64')
    await must('accept')
    expect(await git('status', '--porcelain', '--', 'infra')).to.equal('')
  })

  it('a change in the cluster is what git diff shows', async () => {
    await scratch.put('qemu', vm, {cores: 3, description: 'second', tags: 'b;a'})
    expect(openOf(await sync())).to.have.members(['config.cores', 'config.description', 'config.tags'])
    const diff = (await git('diff', '-U0', '--', 'infra')).split('\n').filter((line) => /^[-+] /.test(line))
    expect(diff).to.include.members(['-  description: first', '+  description: second', '+  cores: 3'])
  })

  it('once accepted, a second sync is silent', async () => {
    await must('accept', `vm/${vm}`)
    const head = await git('rev-parse', 'HEAD')
    expect(await git('diff', '--', 'infra')).to.equal('')
    const second = await sync()
    expect([second.commit, openOf(second)]).to.deep.equal([null, []])
    expect(await git('rev-parse', 'HEAD')).to.equal(head)
    expect(await git('status', '--porcelain', '--', file())).to.equal('')
  })

  it('a guest that was deleted is drift: its manifest is taken out', async () => {
    await scratch.remove('qemu', vm)
    const gone = await sync()
    expect(openOf(gone)).to.have.length(1)
    expect(await git('status', '--porcelain', '--', file())).to.equal(` D ${file()}\n`)
    await must('reject', `vm/${vm}`)
    expect(await git('status', '--porcelain', '--', file())).to.equal('')
  })
})
