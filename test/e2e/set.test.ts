import {expect} from 'chai'
import type {ApplyResult, SetResult} from '../../src/kit/verbs/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

const node = '/nodes/pve/qemu'

describe('pmpc set', function () {
  this.timeout(120_000)
  let lab: Lab
  let clone: Clone
  beforeEach(async () => {
    lab = await Lab.start({seed: 'homelab'})
    clone = await lab.agreed()
  })
  afterEach(async () => lab.stop())

  const set = async (...args: string[]) => {
    const result = await clone.pmpc(['set', '--json', ...args])
    expect(result.code, result.stdout + result.stderr).to.equal(0)
    assertSchema('set', result.json())
    return result.json<SetResult>()
  }
  const subject = async () => clone.git('log', '-1', '--format=%s')

  it('splices fields into manifests, as they are written, and commits that alone', async () => {
    clone.edit('infra/home/vm/103.yaml', /^ {2}name: .*$/m, '  name: router-lab   # Jo knows why')
    clone.edit('infra/home/vm/103.yaml', /^ {2}net0:$/m, '  # to the lab\n  net0:')
    await clone.git('commit', '-qam', 'Comments')
    const {changed, commit} = await set('router-lab', 'memory=768', 'net0.tag=7', 'tags=+lab', 'pool=infra')
    expect(changed).to.deep.equal([
      {
        object: 'home/vm/103',
        file: 'infra/home/vm/103.yaml',
        fields: ['config.memory', 'config.net0.tag', 'config.tags', 'pool'],
      },
    ])
    expect(commit).to.equal(await clone.head())
    expect(await subject()).to.equal('set(home): home/vm/103, 4 fields')
    expect(await clone.git('log', '-1', '--format=%(trailers:key=Pmpc-Command,valueonly)')).to.equal('set\n')
    const lines = (await clone.git('show', '--format=', '-U0')).split('\n').filter((line) => /^[+-][ a-z]/.test(line))
    expect(lines).to.deep.equal(['+pool: infra', '-  memory: 512', '+  memory: 768', '+    tag: 7', '+  tags: [lab]'])
    expect(clone.read('infra/home/vm/103.yaml')).to.include('# Jo knows why').and.include('# to the lab')
    expect(await clone.git('status', '--porcelain')).to.equal('')
    // Nobody else wishes anything, and the cluster takes it.
    const plan = (await clone.must('plan', '--json')).json<{actions: {object: string}[]; checks: unknown[]}>()
    expect(plan.actions.map(({object}) => object)).to.deep.equal(['home/vm/103'])
    expect(plan.checks).to.deep.equal([])
  })

  it('takes selectors; what no manifest declares is left alone, or refused where it is named', async () => {
    await lab.api('POST', node, {vmid: 105, name: 'stray', memory: 512})
    await clone.sync()
    await clone.must('reject', 'vm/105')
    const {changed} = await set('vms', 'tags=+fleet')
    expect(changed.map(({object}) => object)).to.deep.equal([100, 101, 102, 103, 900].map((id) => `home/vm/${id}`))
    const told = await clone.must('set', 'guests', 'onboot=1')
    expect(told.stderr).to.include('no manifest declares it: home/vm/105')
    const {code, exitCode, suggestions} = await clone.fails(['set', 'stray', 'memory=1024'])
    expect([code, exitCode, suggestions[0]]).to.deep.equal(['PMPC_NOT_MANAGED', 64, 'pmpc accept home/vm/105'])
    expect((await clone.fails(['set', 'tag:nobody', 'memory=1'])).code).to.equal('PMPC_NOT_FOUND')
  })

  it('tells by object what cannot be, and writes nothing then', async () => {
    const before = await clone.picture()
    const refused = async (code: string, message: RegExp, ...args: string[]) => {
      const error = await clone.fails(['set', ...args])
      expect([error.code, error.exitCode]).to.deep.equal([code, code === 'PMPC_MANIFEST_INVALID' ? 1 : 64])
      expect(error.message).to.match(message)
      expect(await clone.picture()).to.deep.equal(before)
    }
    await refused('PMPC_UNKNOWN_FIELD', /home\/container\/200: .*know no key scsihw/, 'guests', 'scsihw=pvscsi')
    await refused('PMPC_UNKNOWN_FIELD', /did you mean memory\?/, 'vm/100', 'memroy=1')
    await refused('PMPC_BAD_VALUE', /home\/vm\/100: memory\S*: is a whole number/, 'vm/100', 'memory=4G', 'cores=2')
    await refused('PMPC_MANIFEST_INVALID', /home\/vm\/100.*vmbr9/, 'vm/100', 'net0.bridge=vmbr9')
    await refused('PMPC_USAGE', /no object is named/, 'memory=4096')
    await refused('PMPC_USAGE', /nothing is set/, 'vm/100', 'memory')
    await refused('PMPC_USAGE', /--yes agrees to what an apply does/, 'vm/100', 'memory=4096', '--yes')
    await refused('PMPC_USAGE', /./, 'vm/100', 'memory=4096', '--no-commit', '--apply')
  })

  it('takes no secret as a word, and keeps it out of message, log and manifest', async () => {
    const error = await clone.fails(['set', 'vm/103', 'cipassword=correct-horse'])
    expect([error.code, error.exitCode]).to.deep.equal(['PMPC_NO_SECRET', 64])
    expect(error.message).to.include('PMPC_SECRET_HOME_VM_103_CIPASSWORD')
    const found = await lab.box.exec('grep', ['-rl', 'correct-horse', clone.root])
    expect(found.stdout).to.equal('')
    // As it says: the mask stands in the manifest, the secret comes from the environment.
    const env = {PMPC_SECRET_HOME_VM_103_CIPASSWORD: 'correct-horse'}
    const result = await clone.pmpc(['set', 'vm/103', 'cipassword=-', '--apply', '--json'], {env})
    expect(result.code, result.stdout + result.stderr).to.equal(0)
    expect(clone.read('infra/home/vm/103.yaml')).to.include('cipassword: "**********"')
    expect(lab.simulator.simulation.state.guests[103]!.config.cipassword).to.be.a('string')
    expect((await lab.box.exec('grep', ['-rl', 'correct-horse', clone.root])).stdout).to.equal('')
  })

  it('leaves what people edited or staged as it is', async () => {
    clone.edit('infra/home/vm/103.yaml', 'memory: 512', 'memory: 640')
    clone.edit('infra/home/vm/102.yaml', /cores: \d+/, 'cores: 3')
    await clone.git('add', 'infra/home/vm/102.yaml')
    const {commit} = await set('vm/102', 'vm/103', 'description=Lab')
    expect((await clone.git('show', '--format=', '--name-only', commit!)).split('\n')).to.deep.equal([
      'infra/home/vm/102.yaml',
      'infra/home/vm/103.yaml',
    ])
    expect(await clone.git('show', commit!)).to.not.match(/^[+-]\s+(?:memory|cores):/m)
    expect(await clone.diff()).to.deep.equal(['-  memory: 512', '+  memory: 640'])
    expect(await clone.git('diff', '--cached', '-U0')).to.match(/^\+ {2}cores: 3$/m)
    // What was edited, and not committed, is so now.
    expect((await set('vm/103', 'memory=640')).changed[0]!.fields).to.deep.equal(['config.memory'])
    expect(await clone.diff()).to.deep.equal([])
  })

  it('says so where there is nothing to change, and commits nothing', async () => {
    const before = await clone.picture()
    expect(await set('vm/103', 'memory=512')).to.deep.equal({changed: [], commit: null})
    expect((await clone.must('set', 'vm/103', 'memory=512')).stdout).to.equal('home/vm/103: nothing to change.\n')
    expect(await clone.picture()).to.deep.equal(before)
  })

  it('writes into the working tree alone with --no-commit, also what is in no commit yet', async () => {
    const head = await clone.head()
    const {changed, commit} = await set('vm/103', 'memory=1024', '--no-commit')
    expect([changed.length, commit, await clone.head()]).to.deep.equal([1, null, head])
    expect(await clone.diff()).to.deep.equal(['-  memory: 512', '+  memory: 1024'])
    clone.write('infra/home/vm/110.yaml', 'kind: vm\nid: 110\nconfig:\n  name: new\n  memory: 512\n')
    const error = await clone.fails(['set', 'vm/110', 'memory=640'])
    expect([error.code, error.exitCode]).to.deep.equal(['PMPC_MANIFEST_UNCOMMITTED', 1])
    await set('vm/110', 'memory=640', '--no-commit')
    expect(clone.read('infra/home/vm/110.yaml')).to.include('memory: 640')
  })

  it('writes nothing where a value belongs to several documents, or a hook refuses', async () => {
    const shared = [
      ...['kind: vm', 'id: 120', 'config:', '  net0: &net', '    model: virtio'],
      ...['    bridge: vmbr0', '  net1: *net', ''],
    ].join('\n')
    clone.write('infra/home/shared.yaml', shared)
    await clone.git('add', 'infra')
    await clone.git('commit', '-qm', 'Shared')
    const before = await clone.picture()
    expect((await clone.fails(['set', 'vm/120', 'net0.bridge=vmbr1'])).code).to.equal('PMPC_MANIFEST_SHARED')
    expect(await clone.picture()).to.deep.equal(before)
    clone.write('.git/hooks/pre-commit', '#!/bin/sh\necho no >&2\nexit 1\n')
    await lab.box.exec('chmod', ['+x', `${clone.root}/.git/hooks/pre-commit`])
    expect((await clone.fails(['set', 'vm/103', 'memory=1024'])).code).to.equal('PMPC_HOOK_FAILED')
    expect(await clone.picture()).to.deep.equal(before)
  })

  it('does not take over what a sync offered beside it', async () => {
    await lab.set(`${node}/103`, {memory: 2048})
    await clone.sync()
    const {commit} = await set('vm/103', 'cores=2')
    expect(await clone.git('show', commit!)).to.not.match(/^[+-]\s+memory:/m)
    expect(await clone.diff()).to.deep.equal(['-  memory: 512', '+  memory: 2048'])
    expect((await clone.sync()).open).to.deep.equal({drift: 1, conflicts: 0})
  })

  it('goes on with the apply: its commit is the intention, and it stays where that is refused', async () => {
    const {applied, commit} = await set('vm/103', 'memory=1024', 'cores=2', '--apply')
    expect(applied!.done.map(({object}) => object)).to.deep.equal(['home/vm/103'])
    expect(applied!.intention).to.equal(commit)
    expect(lab.simulator.simulation.state.guests[103]!.config.memory).to.equal('1024')
    expect(await clone.git('status', '--porcelain')).to.equal('')
    // An undo knows it by its run.
    await clone.must('undo', '--yes', '--json')
    expect(clone.read('infra/home/vm/103.yaml')).to.include('memory: 512')
    const refused = await clone.fails(['set', 'vm/100', '--unset', 'net0', '--apply'])
    expect([refused.code, refused.exitCode]).to.deep.equal(['PMPC_CONSENT', 64])
    expect(refused.message).to.match(/committed in [0-9a-f]{10}, and stays/)
    expect(refused.suggestions[0]).to.match(/^pmpc apply home\/vm\/100 --allow cuts-network/)
    expect(await subject()).to.equal('set(home): home/vm/100, config.net0')
    const again = await set('vm/100', '--unset', 'net0', '--apply', '--allow', 'cuts-network')
    expect(again).to.include({commit: null})
    expect(again.applied!.done.length).to.equal(1)
  })
  it('of a guest that was accepted is a wish, and so is what takes it back', async () => {
    const accepted = await lab.workspace('accepted')
    await accepted.must('sync')
    await accepted.must('accept')
    const run = async (...args: string[]) => (await accepted.must(...args, '--json')).json<ApplyResult>()
    const result = await accepted.must('set', 'vm/103', 'power=stopped', 'memory=1024', '--apply', '--yes', '--json')
    const {commit, applied} = result.json<SetResult>()
    expect(applied!.undecided).to.deep.equal([])
    const {running, config} = lab.simulator.simulation.state.guests[103]!
    expect([running, config.memory]).to.deep.equal([false, '1024'])
    await accepted.git('revert', '--no-edit', commit!)
    expect((await run('apply')).undecided).to.deep.equal([])
    expect(lab.simulator.simulation.state.guests[103]!.config.memory).to.equal('512')
  })
})
