import {expect} from 'chai'
import {Bench} from '../../../src/kit/reconcile/index.js'
import {requireWorkspace} from '../../../src/kit/workspace/index.js'
import {cleanUp, failure, TestRepository} from '../../support/git.js'

const config = `version: 1
clusters:
  home:
    endpoints: [https://192.0.2.10:8006]
    token: pmpc@pve!sync
    trust: {system: true}
`

describe('bench', () => {
  const {add} = cleanUp()

  async function benchOf(files: Record<string, string>): Promise<{test: TestRepository; bench: () => Promise<Bench>}> {
    const test = add(TestRepository.create({'pmpc.yaml': config, ...files}))
    const repository = await test.open()
    return {test, bench: async () => Bench.open(await requireWorkspace(test.root), repository)}
  }

  it('takes no object for unmanaged because its committed manifest cannot be read', async () => {
    const path = 'infra/home/vm/100.yaml'
    const {test, bench} = await benchOf({[path]: 'kind: vm\nid: 100\nconfig: [\n'})
    test.write(path, 'kind: vm\nid: 100\nconfig: {cores: 1}\n')
    const opened = await bench()
    expect((await opened.work()).declared({cluster: 'home', kind: 'vm', id: 100})?.config).to.deep.equal({cores: 1})
    const error = await failure(() => opened.declared())
    expect(error.code).to.equal('PMPC_MANIFEST')
    expect(error.suggestions.join()).to.include(`git commit -- ${path}`)
  })

  it('stands only while committed state and open items are in the working tree as they are committed', async () => {
    const {test, bench} = await benchOf({'.pmpc/state/home.db': 'state\n'})
    expect((await bench()).stands('home', [])).to.equal(true)
    expect(
      (await bench()).stands('home', [{object: 'home/vm/1', base: null, offer: 'present', state: 'drift'}]),
    ).to.equal(false)
    test.write('.pmpc/state/home.db', 'lost\n')
    expect((await bench()).stands('home', [])).to.equal(false)
  })

  it('fails before it writes when HEAD has moved since', async () => {
    const {test, bench} = await benchOf({})
    const opened = await bench()
    test.commit({other: '1'})
    const before = test.picture()
    const change = {files: [{path: '.pmpc/open.yaml', content: Buffer.from('x')}], message: 'late', runHooks: false}
    expect((await failure(() => opened.write(change))).code).to.equal('PMPC_GIT_MOVED')
    expect(test.picture()).to.deep.equal(before)
  })
})
