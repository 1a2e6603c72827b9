import {expect} from 'chai'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import type {ApplyResult} from '../../src/kit/verbs/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {bin, type RunOptions, type RunResult} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {assertSchema} from '../support/schemas.js'
import {skipFor} from '../support/skip.js'

const [vm100, vm101, vm120] = ['infra/home/vm/100.yaml', 'infra/home/vm/101.yaml', 'infra/home/vm/120.yaml']

describe('pmpc apply', function () {
  this.timeout(120_000)
  let lab: Lab
  let ws: Clone

  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
    ws = await lab.agreed('ws')
  })
  afterEach(async () => lab.stop())

  const apply = async (args: string[] = [], options?: RunOptions): Promise<RunResult & {result: ApplyResult}> => {
    const run = await ws.pmpc(['apply', '--json', ...args], options)
    return {...run, result: run.json<ApplyResult>()}
  }
  const config = async (guest: string) => lab.api<Record<string, unknown>>('GET', `${guest}/config`)
  const web01 = '/nodes/pve1/qemu/100'
  const trailers = async (commit: string) => ws.git('show', '-s', '--format=%(trailers:unfold)', commit)

  it('commits what is wished, does it, and commits what came of it; then nothing is left', async () => {
    ws.edit(vm120, 'cores: 2', 'cores: 3')
    ws.append(vm100, '# a note of mine\n')
    const before = await ws.head()
    const {code, result} = await apply()
    assertSchema('apply', result)
    expect(code).to.equal(0)
    const pending = {fields: ['config.cores'], node: 'pve1'}
    expect(result.done).to.deep.equal([
      {object: 'home/vm/120', consequence: 'pending-until-reboot', requests: 1, upids: [], pending},
    ])
    expect([result.failed, result.skipped, result.unknown, result.undecided]).to.deep.equal([[], [], [], []])
    expect(await config('/nodes/pve1/qemu/120')).to.include({cores: 3})
    expect(await ws.git('rev-list', `${before}..HEAD`)).to.equal(`${result.observation}\n${result.intention}`)
    expect(await ws.git('show', '--format=', '--name-only', result.intention!)).to.equal(vm120)
    expect(await trailers(result.intention!)).to.include(`Pmpc-Run: ${result.run}`)
    const told = await trailers(result.observation!)
    expect(told).to.include(`Pmpc-Plan: ${result.digest}`)
    expect(told).to.include('Pmpc-Applied: vm/120 config.cores done\n')
    expect(told).to.include('Pmpc-Changed-By: root@pam!sim')
    // What else was edited stays what it is.
    expect(await ws.git('status', '--porcelain')).to.equal(` M ${vm100}`)
    expect((await ws.must('plan')).stdout).to.equal('Plan: nothing to do.\n')
    const {commit, open} = await ws.sync()
    expect([commit, open]).to.deep.equal([null, {drift: 0, conflicts: 0}])
    const again = await apply()
    expect(again.code).to.equal(0)
    expect(again.result).to.include({digest: null, intention: null, observation: null})
    assertSchema('apply', again.result)
  })

  it('makes a guest, and writes what PVE made up where the manifest left it open', async () => {
    ws.write(
      'infra/home/vm/new.yaml',
      'kind: vm\nid: next # whichever\nplacement: {node: pve1}\npower: running\nconfig:\n  name: new\n  scsi0: {file: "local-zfs:4"}\n  net0: {model: virtio, bridge: vmbr0}\n',
    )
    const {code, result} = await apply(['--yes'])
    expect(code).to.equal(0)
    expect(result.done.map(({object, requests, upids}) => [object, requests, upids.length])).to.deep.equal([
      ['home/vm/103', 2, 2],
    ])
    const text = ws.read('infra/home/vm/new.yaml')
    expect(text).to.match(/^kind: vm\nid: 103 # whichever\n/)
    expect(text).to.match(/scsi0: \{file: "?local-zfs:vm-103-disk-0"?, size: 4G\}/)
    expect(text).to.match(/net0: \{model: virtio, macaddr: "?BC:24:11:[0-9A-F:]{8}"?, bridge: vmbr0\}/)
    expect(await ws.git('show', `${result.intention}:infra/home/vm/new.yaml`)).to.match(
      /id: 103 .*\n(.*\n)*.*"local-zfs:4"/,
    )
    expect(await ws.git('status', '--porcelain')).to.equal('')
    expect((await ws.must('plan')).stdout).to.equal('Plan: nothing to do.\n')
    const {commit, open} = await ws.sync()
    expect([commit, open]).to.deep.equal([null, {drift: 0, conflicts: 0}])
  })

  describe('asks for consent, and where nobody can be asked', () => {
    it('says what lacks and what to type, and has sent and committed nothing', async () => {
      ws.edit(vm100, 'tag: 42', 'tag: 52')
      const before = await ws.picture()
      const error = await ws.fails(['apply', '--yes'])
      expect(error).to.include({code: 'PMPC_CONSENT', exitCode: 64})
      expect(error.message).to.include('cuts-network: home/vm/100')
      expect(error.suggestions).to.deep.equal(['pmpc apply --allow cuts-network'])
      expect(await ws.picture()).to.deep.equal(before)
      expect((await config(web01)).net0).to.include('tag=42')
      expect((await apply(['--allow', 'cuts-network:vm/101'])).code).to.equal(64)
      expect((await apply(['--allow', 'restart,cuts-network:web01'])).code).to.equal(0)
      expect((await config(web01)).net0).to.include('tag=52')
    })

    it('takes a name for what destroys data, or that HEAD says it', async () => {
      await lab.api('POST', '/nodes/pve1/qemu/120/status/stop')
      await ws.must('sync', '--accept')
      ws.write(vm120, 'kind: vm\nid: 120\nabsent: true\n')
      const error = await ws.fails(['apply', '--yes', '--allow', 'destroys-data'])
      expect(error.code).to.equal('PMPC_CONSENT')
      expect(error.suggestions).to.deep.equal(['pmpc apply --confirm home/vm/120'])
      expect((await apply(['--confirm', 'vm/121'])).code).to.equal(64)
      await ws.git('commit', '-qam', 'It goes')
      const {code, result} = await apply()
      expect(code).to.equal(0)
      expect(result.intention).to.equal(null)
      expect(result.done).to.have.length(1)
      expect((await lab.call('GET', '/nodes/pve1/qemu/120/config')).status).to.equal(500)
      // Its VMID may be another guest's next.
      expect([ws.has(vm120), await ws.git('ls-files', vm120)]).to.deep.equal([false, ''])
      expect((await ws.sync()).commit).to.equal(null)
    })

    it('does nothing while a manifest cannot be read, whatever is selected: 1', async () => {
      ws.edit(vm100, 'tag: 42', 'tag: 52')
      await ws.git('commit', '-qam', 'wished')
      const whole = ws.read(vm120)
      for (const args of [['vm/100', '--yes', '--allow', 'cuts-network'], ['vm/120']]) {
        ws.write(vm120, 'kind: vm\nid: 120\nid: 121\n')
        const {code, exitCode, message} = await ws.fails(['apply', ...args])
        expect([code, exitCode]).to.deep.equal(['PMPC_MANIFEST', 1])
        expect(message).to.include(`${vm120}:3:1`)
        expect((await config(web01)).net0).to.include('tag=42')
        ws.write(vm120, whole)
      }
      expect((await apply(['--yes', '--allow', 'cuts-network'])).code).to.equal(0)
    })

    it('sends no secret that a manifest holds, unless pmpc.yaml says that it is none', async () => {
      const secret = 'Zq7-hunter2-vault'
      ws.edit(vm100, 'tag: 42', 'tag: 52')
      ws.edit(vm120, 'config:', `config:\n  description: 'root password: ${secret}'`)
      const refused = await ws.fails(['apply', '--yes', '--allow', 'cuts-network'])
      expect(refused).to.include({code: 'PMPC_PLAN_REFUSED', exitCode: 1})
      expect(refused.message).to.include('home/vm/120 config.description: the manifest holds a password')
      expect(JSON.stringify(refused)).to.not.include(secret)
      expect((await config(web01)).net0).to.include('tag=42')
      ws.append('pmpc.yaml', 'allow:\n  - {object: vm/120, key: description}\n')
      expect((await apply(['--yes', '--allow', 'cuts-network'])).code).to.equal(0)
      expect((await config('/nodes/pve1/qemu/120')).description).to.include(secret)
      expect((await ws.sync()).commit).to.equal(null)
    })

    it('refuses what the policy forbids, whatever is allowed', async () => {
      ws.append('pmpc.yaml', 'policy:\n  - {tag: prod, never: [cuts-network]}\n')
      ws.edit(vm100, 'tag: 42', 'tag: 52')
      ws.edit(vm100, 'tags: [prod, web]', 'tags: [web]')
      const error = await ws.fails(['apply', '--yes', '--allow', 'cuts-network'])
      expect(error).to.include({code: 'PMPC_PLAN_REFUSED', exitCode: 1})
      expect(error.message).to.include('by policy: in pmpc.yaml')
      expect((await config(web01)).net0).to.include('tag=42')
      // A rule that was committed is lifted by a commit.
      const rules = ws.read('pmpc.yaml')
      await ws.git('commit', '-qm', 'policy', '--', 'pmpc.yaml')
      ws.write('pmpc.yaml', rules.replace(/^policy:[^]*$/m, ''))
      expect((await ws.fails(['apply', '--yes', '--allow', 'cuts-network'])).code).to.equal('PMPC_PLAN_REFUSED')
    })

    it('knows no class that is none', async () => {
      const error = await ws.fails(['apply', '--allow', 'everything'])
      expect(error.exitCode).to.equal(64)
      expect(error.message).to.include('destroys-data')
    })
  })

  it('asks on a terminal, a class a question, and does nothing where no is the answer', async function () {
    skipFor(this, noPty())
    ws.edit(vm100, 'tag: 42', 'tag: 52')
    const options = {cwd: ws.root, env: lab.box.env}
    const no = await inPty(process.execPath, [bin, 'apply'], {
      ...options,
      answers: [{when: /cuts-network: vm\/100\. Go on\?/, type: 'n\r'}],
    })
    expect(no.code).to.equal(1)
    expect(no.output).to.include('PMPC_NOT_CONFIRMED')
    expect((await config(web01)).net0).to.include('tag=42')
    const yes = await inPty(process.execPath, [bin, 'apply'], {...options, answers: [{when: /Go on\?/, type: 'y\r'}]})
    expect(yes.code).to.equal(0)
    expect((await config(web01)).net0).to.include('tag=52')
  })

  describe('does a plan that was saved', () => {
    beforeEach(async () => {
      ws.edit(vm120, 'cores: 2', 'cores: 3')
      ws.edit(vm101, 'memory: 12288', 'memory: 12800')
      await ws.must('plan', 'vm/120', '--out', '.pmpc/local/plans/p.json')
    })
    const file = '.pmpc/local/plans/p.json'

    it('and nothing else, also after a commit of its wishes', async () => {
      await ws.git('commit', '-qam', 'Squashed')
      const {code, result} = await apply([file])
      expect(code).to.equal(0)
      expect(result.done.map(({object}) => object)).to.deep.equal(['home/vm/120'])
      expect(result.intention).to.equal(null)
      expect(await config('/nodes/pve2/qemu/101')).to.include({memory: '12288'})
    })

    it('and refuses where wish or value are others by now, with what moved', async () => {
      ws.edit(vm120, 'cores: 3', 'cores: 5')
      const wish = await ws.fails(['apply', file])
      expect(wish).to.include({code: 'PMPC_PLAN_OUTDATED', exitCode: 75})
      expect(wish.message).to.include('home/vm/120: config.cores is wished otherwise')
      ws.edit(vm120, 'cores: 5', 'cores: 3')
      await lab.set('/nodes/pve1/qemu/120', {cores: 1})
      const value = await ws.fails(['apply', file])
      expect(value.code).to.equal('PMPC_PLAN_OUTDATED')
      expect(value.message).to.include('home/vm/120: nothing is to be done any more')
      expect(await config('/nodes/pve1/qemu/120')).to.include({cores: 1})
    })

    it('by its digest alone', async () => {
      const {digest} = JSON.parse(ws.read(file)) as {digest: string}
      const error = await ws.fails(['apply', '--expect', '0'.repeat(64), 'vm/120'])
      expect(error.code).to.equal('PMPC_PLAN_OUTDATED')
      expect((await ws.fails(['apply', '--expect', 'abc'])).exitCode).to.equal(64)
      const {code, result} = await apply(['--expect', digest, 'vm/120'])
      expect([code, result.digest]).to.deep.equal([0, digest])
    })
  })

  it('in a pipeline applies HEAD, and commits no wishes', async () => {
    ws.edit(vm120, 'cores: 2', 'cores: 3')
    const error = await ws.fails(['apply'], {env: {CI: 'true'}})
    expect(error).to.include({code: 'PMPC_UNCOMMITTED', exitCode: 64})
    expect(error.message).to.include('home/vm/120')
    await ws.git('commit', '-qam', 'Wish')
    const {code, result} = await apply([], {env: {CI: 'true'}})
    expect([code, result.intention]).to.deep.equal([0, null])
    expect(result.observation).to.equal(await ws.head())
  })

  it('leaves alone what nobody has decided, and says so', async () => {
    ws.edit(vm120, 'cores: 2', 'cores: 3')
    ws.edit(vm101, 'memory: 12288', 'memory: 12800')
    await lab.set('/nodes/pve2/qemu/101', {memory: 13312})
    const {code, result} = await apply()
    expect(code).to.equal(0)
    expect(result.done.map(({object}) => object)).to.deep.equal(['home/vm/120'])
    expect(result.undecided.map(({object, field}) => [object, field])).to.deep.equal([['home/vm/101', 'config.memory']])
    expect(await config('/nodes/pve2/qemu/101')).to.include({memory: '13312'})
  })

  it('tells what failed, what was not begun for it, and does the rest', async () => {
    ws.write('infra/home/pool/new.yaml', 'kind: pool\nid: new\nconfig: {}\n')
    ws.edit(vm120, 'pool: web/test', 'pool: new')
    ws.edit(vm101, 'memory: 12288', 'memory: 12800')
    lab.simulator.simulation.faults.add({
      kind: 'status',
      method: 'POST',
      path: '^/pools$',
      status: 500,
      reason: 'no pool today',
    })
    const {code, result, stderr} = await apply(['--allow', 'grants'])
    expect(code).to.equal(1)
    expect(result.done.map(({object}) => object)).to.deep.equal(['home/vm/101'])
    expect(result.failed.map(({object}) => object)).to.deep.equal(['home/pool/new'])
    expect(result.failed[0]!.message).to.include('no pool today')
    expect(result.skipped).to.deep.include({
      ...{object: 'home/vm/120', code: 'PMPC_NOT_REACHED', suggestions: []},
      message: 'it needs home/pool/new, which was not done',
    })
    expect(stderr).to.equal('')
    // What is not done is still wished, and nothing stands in its way.
    lab.simulator.simulation.faults.clear()
    expect((await apply(['--allow', 'grants'])).code).to.equal(0)
    expect((await ws.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
  })

  it('keeps a journal for its owner alone, without a value that was sent', async () => {
    ws.edit(vm120, 'name: web01-nightly', 'name: some-other-name')
    await apply()
    const folder = path.join(ws.root, '.pmpc/local/runs')
    const names = readdirSync(folder)
    expect(names).to.have.length(1)
    const text = readFileSync(path.join(folder, names[0]!), 'utf8')
    const events = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => (JSON.parse(line) as {event: string}).event)
    expect(events).to.deep.equal(['intention', 'sent', 'answered', 'ended', 'observed', 'over'])
    expect(text).not.to.include('some-other-name')
  })

  it('takes a secret from the environment, and writes it nowhere', async () => {
    ws.write(
      'infra/home/access/user/new@pve.yaml',
      'kind: user\nid: new@pve\nconfig:\n  comment: x\n  password: "**********"\n',
    )
    const error = await ws.fails(['apply', '--allow', 'grants'])
    expect(error).to.include({code: 'PMPC_NO_SECRET', exitCode: 64})
    expect(error.message).to.include('PMPC_SECRET_HOME_USER_NEW_PVE_PASSWORD')
    const env = {PMPC_SECRET_HOME_USER_NEW_PVE_PASSWORD: 'hunter2-and-more'}
    // What is sent may come back, as a part of why it is refused.
    const echo = {kind: 'status', status: 400, reason: 'odd: hunter2-and-more', path: '^/access/users$'} as const
    lab.simulator.simulation.faults.add({...echo, method: 'POST', times: 1})
    const outputs = []
    for (const expected of [1, 0]) {
      const {code, stdout, stderr} = await apply(['--allow', 'grants'], {env})
      expect(code, stderr).to.equal(expected)
      outputs.push(stdout, stderr)
    }
    expect(outputs[0]).to.include('odd: [redacted]')
    const kept = await lab.box.exec('grep', ['-rl', 'hunter2', '.'], {cwd: ws.root})
    const objects = await ws.git('cat-file', '--batch', '--batch-all-objects')
    expect(`${outputs.join('')}${kept.stdout}${objects}`).not.to.include('hunter2')
  })

  it('has nothing to go on with, where nothing was interrupted', async () => {
    const error = await ws.fails(['apply', '--resume'])
    expect(error).to.include({code: 'PMPC_NOTHING_TO_RESUME', exitCode: 64})
    for (const more of [['vm/100'], ['--exclude', 'vm/100']])
      expect((await ws.fails(['apply', '--resume', ...more])).exitCode, more.join()).to.equal(64)
    expect((await ws.must('status', '--json')).json<{unfinished: unknown}>().unfinished).to.equal(null)
  })
})
