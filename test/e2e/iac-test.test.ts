import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {casesIn} from '../../plugins/iac/src/suites/junit.js'
import type {OneTest, TestResult} from '../../plugins/iac/src/suites/suites.js'
import {Lab, type Clone} from '../support/lab.js'
import {checkout} from '../support/pmpc.js'
import {assertSchema} from '../support/schemas.js'

/** What a test run says of one suite. */
async function run(clone: Clone, args: string[], env: Record<string, string | undefined> = {}) {
  const result = await clone.pmpc(['test', ...args, '--json'], {env})
  const told = result.json<TestResult>()
  assertSchema('test', told)
  return {...result, told, failures: told.suites.flatMap(({tests}) => tests).filter(isFailed)}
}

/** The generated file for mocha, as somebody without pmpc runs it. */
async function runMocha({lab: {box}, root}: Clone, env: Record<string, string>) {
  const mocha = path.join(checkout, 'node_modules/mocha/bin/mocha.js')
  return box.exec(process.execPath, [mocha, '--no-config', 'iac/tests/api.test.mjs'], {cwd: root, env})
}

const secretOf = ({simulator}: Lab) => ({PMPC_TOKEN_HOME: simulator.tokens[simulator.tokenId]!})

const isFailed = ({result}: OneTest) => result === 'failed'

/** An empty PATH but for Node: no tool is installed. */
const nothing = (clone: Clone) => ({PATH: path.join(clone.lab.box.folder, 'bin')})

for (const pve of ['8.4', '9.2'] as const)
  describe(`pmpc test against PVE ${pve}`, function () {
    this.timeout(120_000)
    let lab: Lab
    let clone: Clone

    before(async () => {
      lab = await Lab.start({seed: 'cluster', pve})
      await lab.api('POST', '/cluster/ha/resources', {sid: 'vm:101', state: 'started'})
      await lab.api('POST', '/cluster/backup', {
        id: 'night',
        schedule: '02:00',
        storage: 'backup',
        all: 1,
        exclude: '111',
      })
      await lab.api('POST', '/cluster/backup', {id: 'shop', schedule: 'sun 03:00', storage: 'backup', pool: 'web'})
      clone = await lab.agreed()
      await clone.must('iac', 'generate', '--target', 'tests')
    })
    after(async () => lab.stop())

    const mocha = async (env: Record<string, string> = {}) => runMocha(clone, env)
    const withSecret = () => secretOf(lab)

    it('passes where nothing changed, and leaves nothing behind', async () => {
      const {code, told, failures} = await run(clone, ['--api'])
      expect(failures).to.deep.equal([])
      expect(code).to.equal(0)
      const [api] = told.suites
      expect(api).to.deep.include({name: 'api', result: 'passed', skipped: 0, why: null})
      const fields = api!.tests.map(({object, name}) => `${object} ${name}`)
      expect(fields).to.include.members([
        ...['home/vm/102 memory', 'home/vm/102 disks.virtio1.bytes', 'home/container/200 addresses'],
        ...['home/ha-resource/101 state', 'home/backup-job/night guests', 'home/storage/ceph type'],
      ])
      expect(await clone.git('status', '--porcelain')).to.equal('')
    })

    it('says the same by the file for mocha, which needs no pmpc', async () => {
      const {code, stdout, stderr} = await mocha(withSecret())
      expect(code, stdout + stderr).to.equal(0)
      expect(stdout)
        .to.match(/\b27 passing/)
        .and.not.match(/pending|failing/)
      const without = await mocha()
      expect(without.code).to.equal(0)
      expect(without.stdout).to.contain('cluster home, skipped: PMPC_TOKEN_HOME is not set')
    })

    it('names the object and the field where somebody changed something', async () => {
      await lab.set('/nodes/pve3/qemu/110', {memory: 2048, onboot: 1})
      await lab.api('PUT', '/cluster/backup/night', {schedule: '02:00', storage: 'backup', all: 1, exclude: '111,120'})
      const {code, failures} = await run(clone, ['--api', '--junit', '../report/api.xml'])
      expect(code).to.equal(1)
      expect(failures.map(({object, name, message}) => [object, name, message])).to.deep.equal([
        ['home/backup-job/night', 'guests', 'lacks vm/120'],
        ['home/vm/110', 'onboot', 'false is expected, true was found'],
        ['home/vm/110', 'memory', '16384 is expected, 2048 was found'],
      ])
      const cases = casesIn(readFileSync(path.join(lab.box.folder, 'report/api.xml'), 'utf8'))
      expect(
        cases.filter(({result}) => result === 'failed').map(({classname, name}) => [classname, name]),
      ).to.deep.equal([
        ['home/backup-job/night', 'guests'],
        ['home/vm/110', 'onboot'],
        ['home/vm/110', 'memory'],
      ])
      const people = await clone.pmpc(['test', '--api'])
      expect(people.code).to.equal(1)
      expect(people.stdout).to.contain('failed home/vm/110 memory: 16384 is expected, 2048 was found')
      const {code: ended, stdout} = await mocha(withSecret())
      expect(ended).to.equal(2)
      expect(stdout).to.match(/"memory": 2048[\s\S]*"memory": 16384/)
    })

    it('tells what is gone, and passes once that was recorded', async () => {
      await lab.destroy(120)
      const {failures} = await run(clone, ['--api'])
      expect(failures).to.deep.include({
        ...{name: 'exists', object: 'home/vm/120', result: 'failed', message: 'is not there'},
      })
      await clone.must('sync', '--accept')
      await clone.must('iac', 'generate', '--target', 'tests')
      expect((await run(clone, ['--api'])).failures).to.deep.equal([])
    })
  })

describe('pmpc test', function () {
  this.timeout(120_000)
  let lab: Lab
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'homelab'})
    clone = await lab.agreed()
  })
  after(async () => lab.stop())

  it('says so where nothing was generated', async () => {
    const error = await clone.fails(['test'])
    expect(error).to.deep.include({code: 'PMPC_IAC_MISSING', exitCode: 64})
    expect(error.suggestions[0]).to.equal('pmpc iac generate')
  })

  it('says what is missing where other code was generated, and that no test ran', async () => {
    await clone.must('iac', 'generate', '--target', 'ansible')
    const {code, told} = await run(clone, [], nothing(clone))
    expect(code).to.equal(0)
    expect(told).to.deep.include({passed: 0, failed: 0, skipped: 0})
    expect(told.suites.map(({name, result, why}) => [name, result, why])).to.deep.equal([
      ['static', 'skipped', 'neither terraform nor tofu is on PATH'],
      ['guest', 'skipped', 'there is no iac/tests/expected.json: pmpc iac generate --target tests'],
      ['api', 'skipped', 'there is no iac/tests/expected.json: pmpc iac generate --target tests'],
    ])
    const {stdout, stderr} = await clone.pmpc(['test'], {env: nothing(clone)})
    expect(stdout).to.contain('skipped static: neither terraform nor tofu is on PATH')
    expect(stderr).to.contain('No test ran.')
  })

  it('runs what it can, and names what else would be needed', async () => {
    await clone.must('iac', 'generate', '--target', 'tests')
    const {code, told} = await run(clone, ['--guest', '--api'], nothing(clone))
    expect(code).to.equal(0)
    const [guest, api] = told.suites
    expect(guest!.why).to.equal('pytest is not on PATH: pip install pytest-testinfra')
    expect(api!.result).to.equal('passed')
  })

  it('skips a cluster to which there is no credential, and fails where it does not answer', async () => {
    const credentials = path.join(lab.box.env.HOME!, 'none')
    const {code, told} = await run(clone, ['--api'], {PMPC_HOME: credentials})
    expect(code).to.equal(0)
    expect(told.suites[0]).to.deep.include({result: 'skipped', skipped: 1})
    expect(told.suites[0]!.why).to.match(/credential|secret/i)
    const refused = await run(clone, ['--api'], {PMPC_TOKEN_HOME: '00000000-0000-4000-8000-00000000dead'})
    expect(refused.code).to.equal(1)
    expect(refused.failures).to.have.length(1)
    expect(refused.failures[0]).to.deep.include({name: 'reached', object: 'home'})
  })

  it('is stopped by a file of expected values that is none', async () => {
    const before = clone.read('iac/tests/expected.json')
    clone.write('iac/tests/expected.json', before.slice(0, 300))
    const error = await clone.fails(['test', '--api'])
    expect(error).to.deep.include({code: 'PMPC_TESTS_EXPECTED', exitCode: 1})
    clone.write('iac/tests/expected.json', before)
  })

  it('goes by what the file expects, whoever wrote it', async () => {
    clone.edit('iac/tests/expected.json', /"memory": \d+/, '"memory": 77')
    const {code, failures} = await run(clone, ['--api'])
    expect(code).to.equal(1)
    expect(failures.map(({name, message}) => [name, message?.replace(/\d+ was/, 'N was')])).to.deep.equal([
      ['memory', '77 is expected, N was found'],
    ])
    await clone.git('checkout', '--', 'iac')
  })

  it('sends the file for mocha nothing to a server with another certificate than the pinned one', async () => {
    const text = clone.read('iac/tests/expected.json')
    const pinned = (fingerprint: string) => {
      const expected = JSON.parse(text) as {clusters: Record<string, {access: {trust: object}}>}
      expected.clusters.home!.access.trust = {fingerprint}
      clone.write('iac/tests/expected.json', JSON.stringify(expected))
    }
    const {fingerprint} = lab.simulator
    pinned(fingerprint)
    expect((await runMocha(clone, secretOf(lab))).code).to.equal(0)
    pinned(fingerprint.replace(/^../, (byte) => (byte === '00' ? '01' : '00')))
    const sent: unknown[] = []
    const listen = (message: unknown): void => void sent.push(message)
    subscribe('pmpc:simulator', listen)
    const {code, stdout} = await runMocha(clone, secretOf(lab))
    unsubscribe('pmpc:simulator', listen)
    expect(code).to.not.equal(0)
    expect(stdout).to.contain(`is ${fingerprint}, `).and.to.contain(' is trusted')
    expect(sent).to.deep.equal([])
    clone.write('iac/tests/expected.json', text)
  })

  it('leaves the tests of people alone', async () => {
    expect(clone.read('iac/tests/custom/README.md')).to.contain('yours')
    clone.write('iac/tests/custom/README.md', 'mine\n')
    clone.write('iac/tests/custom/test_mine.py', 'def test_mine():\n    pass\n')
    await clone.git('add', '-A')
    await clone.git('commit', '-qm', 'tests of mine')
    await clone.must('iac', 'generate', '--target', 'tests')
    expect(clone.read('iac/tests/custom/README.md')).to.equal('mine\n')
    expect(existsSync(path.join(clone.root, 'iac/tests/custom/test_mine.py'))).to.equal(true)
    expect(await clone.git('status', '--porcelain')).to.equal('')
  })
})
