import {expect} from 'chai'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {installDrivers} from '../../src/kit/git/drivers.js'
import {openRepository} from '../../src/kit/git/index.js'
import {bin, checkout, sandbox, type Sandbox} from '../support/pmpc.js'
import {assertSchema} from '../support/schemas.js'
import {someState, someVm, stateWorkspace, type StateWorkspace} from '../support/states.js'

const old = path.join(checkout, 'test/integration/state/fixtures/v1.db')

describe('pmpc state', () => {
  let box: Sandbox
  let space: StateWorkspace
  beforeEach(async () => {
    box = sandbox()
    space = await stateWorkspace(box)
  })
  afterEach(() => box.remove())

  const run = async (...args: string[]) => box.pmpc(args, {cwd: space.root})
  const file = () => path.join(space.root, '.pmpc/state/home.db')

  it('shows any file, anywhere, and the states of the workspace', async () => {
    expect((await box.pmpc(['state', 'show', old])).stdout).to.match(/^cluster home\n\nnode\/pve1 online\n/)
    await space.sync('one', someState(someVm(100)))
    const all = await run('state', 'show')
    expect(all.stdout).to.include('vm/100 on pve1 running\n  config.memory: 512\n')
    expect((await run('state', 'show', 'home')).stdout).to.equal(all.stdout)
    expect((await run('state', 'show', '.pmpc/state/home.db')).stdout).to.equal(all.stdout)
    assertSchema('state-show', (await run('state', 'show', '--json')).json())
  })

  it('fails on what is no state, but not when Git asks: then its text names the content', async () => {
    for (const content of ['', 'no database', '<<<<<<<']) {
      space.write('broken.db', content)
      const failed = await run('state', 'show', 'broken.db', '--json')
      expect([failed.code, failed.json<{error: {code: string}}>().error.code]).to.deep.equal([1, 'PMPC_STATE_CORRUPT'])
      const shown = await run('state', 'show', '--textconv', 'broken.db')
      expect(shown.code).to.equal(0)
      expect(shown.stdout).to.match(/^# .*\n# \d+ bytes, SHA-256 [0-9a-f]{64}\n$/)
    }
  })

  it('verifies what pmpc wrote, and finds what somebody else did', async () => {
    await space.sync('one', someState(someVm(100)))
    const fine = await run('state', 'verify', '--json')
    assertSchema('state-verify', fine.json())
    expect(fine.code).to.equal(0)
    expect((await run('state', 'verify', old)).code).to.equal(1)
    const bytes = readFileSync(file())
    bytes.fill(0xff, 4096, 4300)
    writeFileSync(file(), bytes)
    const damaged = await run('state', 'verify', '--json')
    expect(damaged.code).to.equal(1)
    assertSchema('state-verify', damaged.json())
    expect(damaged.json<{problems: string[]}[]>()[0]!.problems).not.to.have.length(0)
  })

  it('migrates forwards and back, in a commit of its own, and says what is lost', async () => {
    space.write('.pmpc/state/home.db', readFileSync(old))
    await space.git('add', '.')
    await space.git('commit', '--quiet', '--message', 'of an older pmpc')
    space.write('notes', 'mine')
    await space.git('add', 'notes')
    const forwards = await run('state', 'migrate', '--json')
    expect(forwards.code, forwards.stdout + forwards.stderr).to.equal(0)
    assertSchema('state-migrate', forwards.json())
    expect(await space.git('show', '--stat', '--format=%B'))
      .to.match(/^Pmpc-Cluster: home\nPmpc-Command: state migrate$/m)
      .and.not.to.include('notes')
    expect(forwards.json<{schemas: string[]}>().schemas).to.include('.pmpc/schema/vm.json')
    expect((await run('state', 'verify')).code).to.equal(0)
    expect(await space.git('status', '--porcelain')).to.equal('A  notes\n')
    expect((await run('state', 'migrate', '--json')).json<{commit: string | null}>().commit).to.equal(null)

    await space.sync('two', someState({...someVm(100), running: {memory: 256}}))
    const back = await run('state', 'migrate', '--to', '1', '--json')
    assertSchema('state-migrate', back.json())
    const [{lost}] = back.json<{files: [{lost: {count: number}[]}]}>().files
    expect(lost.map(({count}) => count)).to.deep.equal([1, 1])
    expect((await run('get', 'vms', '-o', 'name')).stdout).to.equal('vm/100\n')
    expect((await run('state', 'migrate', '--to', '9', '--json')).json<{error: {code: string}}>().error.code).to.equal(
      'PMPC_STATE_VERSION',
    )
  })

  describe('with the drivers of Git', () => {
    beforeEach(async () => {
      space.write('.gitattributes', '.pmpc/state/*.db diff=pmpc merge=pmpc -text\n')
      await space.git('add', '.gitattributes')
      await space.git('commit', '--quiet', '--message', 'attributes')
      const repository = await openRepository(space.root)
      await installDrivers(repository.context, {node: process.execPath, script: bin})
      repository.close()
    })

    it('gives git diff, show and log readable text', async () => {
      await space.sync('one', someState(someVm(100), someVm(101)))
      await space.sync('two', someState(someVm(100, {memory: 2048}), someVm(101)))
      for (const words of [['diff', 'HEAD~1'], ['show'], ['log', '-p', '-1']]) {
        const text = await space.git(...words)
        expect(text, words.join(' ')).to.include('\n-  config.memory: 512\n+  config.memory: 2048\n')
        expect(text.split('\n').filter((line) => /^[-+] /.test(line))).to.have.length(2)
      }
      expect(existsSync(path.join(space.root, '.pmpc/local/logs')), 'a log').to.equal(false)
    })

    it('shows damage as a change, and does not die of it', async () => {
      await space.sync('one', someState(someVm(100)))
      space.write('.pmpc/state/home.db', 'broken')
      expect(await space.git('diff')).to.include('+# ')
    })

    it('merges what two branches synced, object by object', async () => {
      await space.sync('one', someState(someVm(100), someVm(101)))
      await space.git('switch', '--quiet', '--create', 'other')
      await space.sync('two', someState(someVm(100, {memory: 2048}), someVm(101)))
      await space.git('switch', '--quiet', 'main')
      await space.sync('three', someState(someVm(100), someVm(101, {memory: 4096}), someVm(102)))
      await space.git('merge', '--quiet', '--no-edit', 'other')
      const memory = async () =>
        (await run('get', 'vms', '-o', 'json')).json<{id: number; config: {memory: number}}[]>()
      expect((await memory()).map(({id, config}) => [id, config.memory])).to.deep.equal([
        [100, 2048],
        [101, 4096],
        [102, 512],
      ])
      expect((await run('state', 'verify')).code).to.equal(0)
    })

    it('leaves ours and a conflict where both sides changed one object, and says how to go on', async () => {
      await space.sync('one', someState(someVm(100)))
      await space.git('switch', '--quiet', '--create', 'other')
      await space.sync('two', someState(someVm(100, {memory: 2048})))
      await space.git('switch', '--quiet', 'main')
      await space.sync('three', someState(someVm(100, {memory: 4096})))
      const merge = await box.exec('git', ['merge', 'other'], {cwd: space.root})
      expect(merge.code).to.equal(1)
      expect(merge.stderr).to.include('vm/100').and.to.include('pmpc sync')
      expect(await space.git('status', '--porcelain')).to.equal('UU .pmpc/state/home.db\n')
      expect((await run('get', 'vms', '-l', 'memory=4096', '-o', 'name')).stdout).to.equal('vm/100\n')
    })
  })
})
