import {chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {kinds} from '../../src/kit/resources/index.js'
import {startSimulator, type Simulator} from '../../plugins/simulator/src/index.js'
import {Lab, type Clone, type SyncJson} from '../support/lab.js'

const vm100 = 'infra/home/vm/100.yaml'

describe('pmpc sync, flag by flag', function () {
  this.timeout(60_000)
  let lab: Lab
  let ws: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    ws = await lab.agreed('ws')
  })
  after(async () => lab.stop())

  const memory = (value: number, token?: string) => lab.set('/nodes/pve1/qemu/100', {memory: value}, token)
  const reset = async () => {
    await ws.git('restore', '--staged', '--worktree', '--source=HEAD', '.')
    await ws.sync('--accept')
  }
  const trailers = async (): Promise<string[]> =>
    (await ws.git('log', '-1', '--format=%(trailers:only,unfold)')).split('\n').filter((line) => line !== '')

  it('--dry-run and --no-commit read and report, and touch nothing', async () => {
    await memory(4000)
    const before = await ws.picture()
    for (const flag of ['--dry-run', '--no-commit']) {
      const result = await ws.sync(flag)
      expect(result.open).to.deep.equal({drift: 1, conflicts: 0})
      expect([result.commit, result.clusters[0]!.manifests]).to.deep.equal([null, []])
      expect(await ws.picture()).to.deep.equal(before)
    }
    expect((await ws.pmpc(['sync', '--dry-run', '--detailed-exitcode'])).code).to.equal(2)
    const both = await ws.fails(['sync', '--dry-run', '--accept'])
    expect(both.exitCode).to.equal(64)
  })

  it('--accept is one commit of state and manifests, and runs the hooks', async () => {
    const hooks = path.join(ws.root, '.git', 'hooks')
    mkdirSync(hooks, {recursive: true})
    const hook = path.join(hooks, 'pre-commit')
    writeFileSync(hook, '#!/bin/sh\necho ran >> "$(git rev-parse --git-dir)/ran"\n')
    chmodSync(hook, 0o755)
    const head = await ws.head()
    const result = await ws.sync('--accept')
    expect(await ws.git('rev-parse', 'HEAD~1')).to.equal(head)
    expect(result.commit).to.equal(await ws.head())
    expect(await ws.git('show', '--format=', '--name-only')).to.equal(
      `.pmpc/agreed.yaml\n.pmpc/state/home.db\n${vm100}`,
    )
    expect(await ws.git('status', '--porcelain')).to.equal('')
    expect(ws.read('.git/ran')).to.equal('ran\n')
    expect(await trailers()).to.include.members(['Pmpc-Command: sync --accept', 'Pmpc-Changed: 1', 'Pmpc-Drift: 0'])
    writeFileSync(hook, '#!/bin/sh\nexit 1\n')
    await memory(4001)
    const before = await ws.picture()
    expect((await ws.fails(['sync', '--accept'])).code).to.equal('PMPC_HOOK_FAILED')
    expect(await ws.picture()).to.deep.equal(before)
    writeFileSync(hook, '#!/bin/sh\nexit 0\n')
    await reset()
  })

  it('--accept leaves edits of the same fields to people, and says nothing wrong', async () => {
    ws.edit(vm100, /memory: \d+/, 'memory: 1234')
    await memory(4002)
    const result = await ws.sync('--accept')
    expect(result.open).to.deep.equal({drift: 0, conflicts: 0})
    expect(await ws.diff()).to.deep.equal(['-  memory: 4002', '+  memory: 1234'])
    await reset()
  })

  it('--only touches one kind; the rest is as it was', async () => {
    await memory(5000)
    await lab.set('/nodes/pve3/lxc/202', {cores: 3})
    const containers = await ws.sync('--only', 'container')
    expect([containers.counts.vm!.changed, containers.counts.container!.changed]).to.deep.equal([0, 1])
    expect(await ws.diff()).to.deep.equal(['-  cores: 2', '+  cores: 3'])
    const vms = await ws.sync('--only', 'vm')
    expect(vms.counts.vm!.changed).to.equal(1)
    expect(await ws.diff()).to.have.length(4)
    expect(await ws.open()).to.have.length(2)
    expect((await ws.sync()).commit, 'nothing is left for a whole sync').to.equal(null)
    const wrong = await ws.fails(['sync', '--only', 'vmx'])
    expect([wrong.code, wrong.exitCode]).to.deep.equal(['PMPC_UNKNOWN_KIND', 64])
    await memory(5001)
    await lab.set('/nodes/pve3/lxc/202', {cores: 5})
    const both = await ws.sync('--only', 'storage,vms, container', '--dry-run')
    expect([both.counts.vm!.changed, both.counts.container!.changed]).to.deep.equal([1, 1])
    const near = await ws.fails(['sync', '--only', 'vm,firewal'])
    expect(near.message).to.equal('"firewal" is no kind; did you mean firewall?')
    expect(near.suggestions[0]).to.equal('pmpc sync --only firewall')
    expect((await ws.fails(['sync', '--only', ','])).code).to.equal('PMPC_UNKNOWN_KIND')
    await reset()
  })

  it('--detailed-exitcode: 0, 2 while anything is open, 3 where something could not be read', async () => {
    expect((await ws.pmpc(['sync', '--detailed-exitcode'])).code).to.equal(0)
    const {faults} = lab.simulator.simulation
    faults.add({path: '^/nodes/pve2/qemu/101/config', kind: 'forbidden'})
    expect((await ws.pmpc(['sync', '--detailed-exitcode'])).code).to.equal(3)
    expect((await ws.pmpc(['sync'])).code).to.equal(0)
    await memory(6000)
    expect((await ws.pmpc(['sync', '--detailed-exitcode'])).code).to.equal(2)
    faults.clear()
    expect((await ws.pmpc(['sync', '--detailed-exitcode'])).code, 'still open').to.equal(2)
    await reset()
  })

  it('the message is for people, the trailers for programs', async () => {
    await memory(7000)
    await ws.sync()
    const subject = await ws.git('log', '-1', '--format=%s')
    expect(subject).to.equal('sync(home): vm/100 web01: config.memory 6000 → 7000')
    expect(await ws.git('log', '-1', '--format=%b')).to.contain('vm/100 web01: config.memory 6000 → 7000')
    const lines = await trailers()
    const names = lines.map((line) => line.split(':')[0])
    expect(names).to.include.members([
      'Pmpc-Run',
      'Pmpc-Cluster',
      'Pmpc-Command',
      'Pmpc-Added',
      'Pmpc-Changed',
      'Pmpc-Removed',
      'Pmpc-Stale',
      'Pmpc-Drift',
      'Pmpc-Conflicts',
    ])
    await reset()
  })

  it('authors: who changed a VM stands in the trailer, and `unknown` where PVE does not say', async () => {
    await memory(8000, 'root@pam!sim')
    await lab.set('/nodes/pve2/qemu/101', {cores: 2}, 'web@pve!ci')
    await lab.set('/nodes/pve3/lxc/202', {cores: 4})
    await ws.sync()
    const said = await trailers()
    const users = said.filter((line) => line.startsWith('Pmpc-Changed-By: '))
    expect(users).to.deep.equal([
      'Pmpc-Changed-By: root@pam!sim',
      'Pmpc-Changed-By: unknown',
      'Pmpc-Changed-By: web@pve!ci',
    ])
    const changes = said.filter((line) => line.startsWith('Pmpc-Change: '))
    const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ'
    expect(changes).to.have.length(3)
    expect(changes[0]).to.match(
      new RegExp(`^Pmpc-Change: vm/100 config\\.memory(?:,running\\.memory)? root@pam!sim ${time}$`),
    )
    expect(changes[1]).to.match(
      new RegExp(`^Pmpc-Change: vm/101 config\\.cores(?:,running\\.cores)? web@pve!ci ${time}$`),
    )
    expect(changes[2]).to.equal('Pmpc-Change: container/202 config.cores unknown')
    // What plain Git makes of them.
    const shortlog = await ws.git('shortlog', '-sn', '--group=trailer:pmpc-changed-by', 'HEAD~1..HEAD')
    expect(
      shortlog
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    ).to.deep.equal(['root@pam!sim', 'unknown', 'web@pve!ci'].map((user) => `1\t${user}`))
    const history = await ws.git('log', '--format=%H', '--grep=^Pmpc-Change: vm/101 ')
    expect(history.trim()).to.equal((await ws.git('rev-parse', 'HEAD')).trim())
    await reset()
  })

  it('ignore rules: key, guest, pool, tag and kind; counted; a new rule is no deletion', async () => {
    const rules = [
      '{key: description, kind: vm}',
      '{guest: 111}',
      '{pool: web/test}',
      '{tag: db}',
      '{tag: ephemeral}',
      '{kind: pool}',
    ]
    const before = await ws.git('ls-files', 'infra')
    const described = ws.read(vm100)
    ws.append('pmpc.yaml', `ignore:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`)
    await ws.git('commit', '-qam', 'ignore')
    await lab.set('/nodes/pve1/qemu/100', {description: 'something else'})
    await lab.set('/nodes/pve2/qemu/102', {cores: 6})
    // It comes under a rule only by a change in the cluster: that is no deletion either.
    await lab.set('/nodes/pve3/qemu/110', {tags: 'build;ephemeral'})
    const result = await ws.sync()
    expect(result.open).to.deep.equal({drift: 0, conflicts: 0})
    expect(result.clusters[0]!.ignored.objects).to.equal(7)
    expect(result.clusters[0]!.ignored.keys).to.be.at.least(1)
    expect(Object.values(result.counts).filter(({removed}) => removed > 0)).to.deep.equal([])
    expect(await ws.diff()).to.deep.equal([])
    expect(await ws.git('ls-files', 'infra')).to.equal(before)
    expect(ws.read(vm100)).to.equal(described)
    expect(
      (await ws.must('status', '--json')).json<{clusters: {yours: unknown[]}[]}>().clusters[0]!.yours,
    ).to.deep.equal([])
    const again = await ws.sync()
    expect([again.commit, again.open]).to.deep.equal([null, {drift: 0, conflicts: 0}])
    // A kind that is left out as a whole is not read any more, and so not counted.
    expect((await ws.must('sync')).stdout).to.contain('ignored by rule: 4 objects')

    // Without the rules again: what changed meanwhile is a question, never taken for agreed.
    await ws.git('revert', '--no-edit', 'HEAD~1').catch(() => ws.git('revert', '--no-edit', ':/^ignore'))
    await ws.sync()
    expect(await ws.open()).to.have.length.above(0)
    expect(ws.read(vm100)).to.equal(described)
    await reset()
  })

  it('--fail-on-secrets writes nothing where something looks like a secret; without it a marker stands in its place', async () => {
    await lab.set('/nodes/pve1/qemu/100', {description: 'root password: hunter2222'})
    await lab.set('/nodes/pve1/lxc/200', {env: 'DB_PASSWORD=hunter2222'})
    const before = await ws.picture()
    expect((await ws.fails(['sync', '--fail-on-secrets'])).code).to.equal('PMPC_SECRET_FOUND')
    expect((await ws.fails(['sync', '--fail-on-secrets', '--no-commit'])).code).to.equal('PMPC_SECRET_FOUND')
    const looked = await ws.must('sync', '--dry-run')
    expect(await ws.picture()).to.deep.equal(before)
    const committed = await ws.must('sync')
    for (const {stderr} of [looked, committed]) {
      expect(stderr).to.contain('home/vm/100 config.description: a password or a key, withheld')
      expect(stderr).to.contain('{object: home/container/200, key: env}')
    }
    expect(looked.stdout + looked.stderr + committed.stdout + committed.stderr).not.to.contain('hunter2222')
    expect((await ws.must('sync')).stderr).not.to.contain('withheld')
    const logs = path.join(ws.root, '.pmpc/local/logs')
    for (const name of readdirSync(logs)) {
      const text = readFileSync(path.join(logs, name), 'utf8')
      expect(text).not.to.contain(lab.simulator.tokenSecret)
      expect(text).not.to.contain('hunter2222')
    }
    await ws.must('reject')
    expect(await ws.git('status', '--porcelain')).to.equal('')
  })

  describe('with two clusters', () => {
    let second: Simulator
    before(async () => {
      second = await startSimulator({seed: 'homelab', authDelay: 0, taskTime: 0, statusInterval: 0})
      expect((await lab.init('ws', second.tokenId, {cluster: 'branch-2', simulator: second})).code).to.equal(0)
    })
    after(async () => second.stop())

    it('--cluster reads one; without it both, each in a commit of its own', async () => {
      const one = await ws.sync('--cluster', 'branch-2')
      expect(one.clusters.map(({cluster}) => cluster)).to.deep.equal(['branch-2'])
      expect(one.counts.vm!.added).to.equal(5)
      expect(ws.has('infra/branch-2/vm/100.yaml')).to.equal(true)
      await memory(9000)
      const both = await ws.sync()
      expect(both.clusters.map(({cluster}) => cluster)).to.deep.equal(['branch-2', 'home'])
      expect(await ws.diff(vm100)).to.have.length(2)
      const ambiguous = await ws.fails(['accept', 'vm/100'])
      expect([ambiguous.code, ambiguous.exitCode]).to.deep.equal(['PMPC_AMBIGUOUS', 64])
      expect(ambiguous.suggestions.join()).to.contain('branch-2/vm/100')
      await ws.must('accept', 'branch-2/vm/100')
      await ws.must('accept', 'infra/branch-2')
      expect((await ws.open()).filter((line) => line.includes('branch-2'))).to.deep.equal([])
      expect(await ws.open()).to.have.length(1)
      await ws.must('accept')
      const done = await ws.sync()
      expect([done.commit, done.open]).to.deep.equal([null, {drift: 0, conflicts: 0}])
      for (const command of ['sync', 'status']) {
        const wrong = await ws.fails([command, '--cluster', 'nowhere'])
        expect([wrong.code, wrong.exitCode]).to.deep.equal(['PMPC_UNKNOWN_CLUSTER', 64])
        const near = await ws.fails([command, '--cluster', 'hoem'])
        expect(near.suggestions).to.deep.equal([`pmpc ${command} --cluster home`])
      }
      const status = async (...args: string[]) =>
        (await ws.must('status', '--json', ...args)).json<{clusters: {cluster: string}[]}>().clusters
      expect((await status()).map(({cluster}) => cluster)).to.deep.equal(['branch-2', 'home'])
      expect((await status('--cluster', 'home')).map(({cluster}) => cluster)).to.deep.equal(['home'])
    })

    it('one that is down does not blind us to the other, and the exit code tells', async () => {
      await memory(9001)
      lab.simulator.simulation.faults.clear()
      second.simulation.faults.add({path: '.', kind: 'drop'})
      const result = await ws.pmpc(['sync'])
      expect(result.code).to.equal(75)
      expect(result.stderr).to.contain('branch-2')
      expect(result.stdout, 'what was recorded is told').to.match(/^home: 1 changed, commit/m)
      expect(await ws.diff(vm100)).to.have.length(2)
      second.simulation.faults.clear()
      await reset()
    })
  })

  it('--json has the documented shape', async () => {
    const base = Number(/memory: (\d+)/.exec(ws.read(vm100))![1])
    await memory(3000)
    const result = await ws.sync('--cluster', 'home')
    expect(result).to.include.all.keys(
      'run',
      'commit',
      'counts',
      'open',
      'stale',
      'requests',
      'time',
      'warnings',
      'clusters',
    )
    expect(Object.keys(result.counts)).to.have.members(kinds.map(({name}) => name))
    for (const counts of Object.values(result.counts))
      expect(Object.keys(counts)).to.have.members(['added', 'changed', 'removed', 'stale'])
    const {at, ...item}: SyncJson['clusters'][0]['open'][0] = result.clusters[0]!.open[0]!
    expect(at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(item).to.deep.equal({
      object: 'home/vm/100',
      field: 'config.memory',
      base,
      offer: 3000,
      state: 'drift',
      by: 'root@pam',
    })
    expect(result.requests).to.be.within(60, 130)
  })
})
