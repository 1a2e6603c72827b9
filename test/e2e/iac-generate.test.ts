import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'

describe('pmpc iac generate', function () {
  this.timeout(120_000)
  let lab: Lab
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.agreed()
  })
  after(async () => lab.stop())

  const read = (file: string) => readFileSync(path.join(clone.root, file), 'utf8')
  const written = async (...args: string[]) =>
    (await clone.must('iac', 'generate', '--json', ...args)).json<{written: string[]; removed: string[]}>()

  it('shows what would be written, and writes nothing', async () => {
    const {stdout} = await clone.must('iac', 'generate', '--dry-run')
    expect(stdout).to.include('+++ b/iac/terraform/modules/home/vm_100.tf')
    expect(existsSync(path.join(clone.root, 'iac'))).to.equal(false)
  })

  it('keeps in files of several objects what no ledger tells of', async () => {
    await written('--target', 'ansible')
    const hosts = read('iac/ansible/inventories/home/hosts.yml')
    expect((await written('--target', 'ansible', '--only', 'web01')).written).to.deep.equal([])
    expect(read('iac/ansible/inventories/home/hosts.yml')).to.equal(hosts)
  })

  it('keeps them, too, where a ledger tells of other code only', async () => {
    const hosts = read('iac/ansible/inventories/home/hosts.yml')
    await written('--target', 'terraform', '--only', 'web02')
    expect((await written('--target', 'ansible', '--only', 'web01')).written).to.deep.equal([])
    expect(read('iac/ansible/inventories/home/hosts.yml')).to.equal(hosts)
  })

  it('writes nothing of one object where all is written already', async () => {
    await written()
    expect(await written('--only', 'web01')).to.deep.include({written: [], removed: []})
  })

  it('keeps the other pools in the code for Telmate', async () => {
    await written('--provider', 'telmate')
    expect((await written('--provider', 'telmate', '--only', 'pool/web')).written).to.deep.equal([])
  })

  it('refuses a target that the provider has nothing of', async () => {
    const {code, stderr} = await clone.pmpc(['iac', 'generate', '--provider', 'telmate', '--target', 'ansible'])
    expect(code).to.equal(64)
    expect(stderr).to.include('PMPC_USAGE')
  })
})
