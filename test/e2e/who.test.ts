import {expect} from 'chai'
import {assertSchema} from '../support/schemas.js'
import {Lab, type Clone} from '../support/lab.js'

interface Item {
  object: string
  field?: string
  by?: string
  at?: string
}

const second = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

describe('who changed something in the cluster', function () {
  this.timeout(60_000)
  let lab: Lab
  let ann: Clone
  let bob: Clone
  /** Milliseconds by which the cluster's clock is ahead. */
  let ahead = 0

  before(async () => {
    lab = await Lab.start({seed: 'cluster', clock: () => Date.now() + ahead})
    ann = await lab.agreed('ann')
    bob = await lab.clone('ann.git', 'bob')
  })
  after(async () => lab.stop())

  /** Nothing is open, and nothing uncommitted. */
  beforeEach(async () => {
    await ann.git('restore', '--staged', '--worktree', '--source=HEAD', 'infra')
    await ann.must('sync', '--accept')
    await ann.git('push', '-q')
    await bob.git('pull', '-q')
  })

  const trailers = async (clone: Clone, key: string) =>
    (await clone.git('log', '-1', `--format=%(trailers:key=${key},valueonly)`)).split('\n').filter(Boolean)
  const itemsOf = (text: string) =>
    text.split('\n').flatMap((line) => (line.startsWith('- {') ? [JSON.parse(line.slice(2)) as Item] : []))
  const byField = (items: Item[]) => items.map(({field, by}) => [field ?? '', by ?? null])

  it('stands at the open item, in every clone, until and when it is decided', async () => {
    await lab.set('/nodes/pve2/qemu/101', {cores: 3}, 'web@pve!ci')
    await lab.set('/nodes/pve2/qemu/101', {description: 'a b, c'}, 'root@pam!sim')
    await lab.set('/nodes/pve3/lxc/202', {cores: 3})
    const sync = await ann.sync()
    assertSchema('sync', sync)
    const wanted = [
      ['config.cores', null],
      ['config.cores', 'web@pve!ci'],
      ['config.description', 'root@pam!sim'],
    ]
    const open = sync.clusters[0]!.open as Item[]
    expect(byField(open).sort()).to.deep.equal(wanted)
    for (const {by, at} of open) expect(at === undefined).to.equal(by === undefined)
    expect(open.find(({by}) => by === 'web@pve!ci')!.at).to.match(second)
    expect(byField(itemsOf(ann.read('.pmpc/open.yaml'))).sort()).to.deep.equal(wanted)
    expect((await ann.sync()).commit, 'once').to.equal(null)
    await ann.git('push', '-q')

    // Another clone asks no cluster for it.
    await bob.git('pull', '-q')
    const status = await bob.must('status', '--json')
    const {clusters} = status.json<{clusters: {drift: Item[]}[]}>()
    assertSchema('status', status.json())
    expect(byField(clusters[0]!.drift).sort()).to.deep.equal(wanted)
    expect((await bob.must('status')).stdout).to.match(/config\.cores: \d+ → 3 {2}\(web@pve!ci\)$/m)
    const accepted = await bob.must('accept', 'vm/101:config.cores', '--json')
    assertSchema('accept', accepted.json())
    expect(byField(accepted.json<{decided: Item[]}>().decided)).to.deep.equal([['config.cores', 'web@pve!ci']])
    const [line] = await trailers(bob, 'Pmpc-Accepted')
    expect(line!.split(' ').slice(0, 3)).to.deep.equal(['vm/101', 'config.cores', 'web@pve!ci'])
    expect(line!.split(' ')[3]).to.match(second)
    // From the line of a manifest to the person in Proxmox.
    const blamed = (await bob.git('blame', '-s', '-L', '/cores:/,+1', 'infra/home/vm/101.yaml')).split(' ')[0]!
    expect(await bob.git('log', '-1', '--format=%(trailers:key=Pmpc-Accepted,valueonly)', blamed)).to.contain(
      'web@pve!ci',
    )
    await bob.must('reject', 'vm/101:config.description', 'container/202')
    const [one, other] = await trailers(bob, 'Pmpc-Rejected')
    expect(one).to.match(/^vm\/101 config\.description root@pam!sim \S+Z$/)
    expect(other).to.equal('container/202 config.cores unknown')
    // Rejected, and taken over after all: it is still known who it was.
    await bob.must('accept', 'vm/101:config.description')
    expect((await trailers(bob, 'Pmpc-Accepted'))[0]).to.equal(one)
    await bob.git('push', '-q')
    await ann.git('restore', 'infra')
    await ann.git('pull', '-q')
    expect((await ann.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
  })

  it('is who changed it last, and nobody where nobody is named for that', async () => {
    await lab.set('/nodes/pve2/qemu/101', {cores: 4}, 'web@pve!ci')
    await ann.sync()
    // Entries of one second cannot be told apart.
    ahead += 1000
    await lab.set('/nodes/pve2/qemu/101', {cores: 5}, 'root@pam!sim')
    // What somebody else does beside it changes nothing about it.
    await lab.set('/nodes/pve2/qemu/101', {description: 'other'}, 'web@pve!ci')
    expect(byField((await ann.sync()).clusters[0]!.open)).to.deep.equal([
      ['config.cores', 'root@pam!sim'],
      ['config.description', 'web@pve!ci'],
    ])
    const told = (await ann.must('log', 'vm/101')).stdout
    expect(told)
      .to.match(/changed in Proxmox by root@pam!sim: vm\/101 config\.cores/)
      .and.to.match(/changed in Proxmox by web@pve!ci: vm\/101 config\.description/)
    const accepted = await ann.sync('--accept')
    expect(accepted.open).to.deep.equal({drift: 0, conflicts: 0})
    const lines = await trailers(ann, 'Pmpc-Accepted')
    expect(lines.map((line) => line.split(' ').slice(0, 3).join(' '))).to.deep.equal([
      'vm/101 config.cores root@pam!sim',
      'vm/101 config.description web@pve!ci',
    ])
  })

  it('of an object that comes or goes is who made or destroyed it', async () => {
    await lab.api('DELETE', '/nodes/pve1/qemu/9000', undefined, 'root@pam!sim')
    const {open} = (await ann.sync()).clusters[0]!
    expect(byField(open)).to.deep.equal([['', 'root@pam!sim']])
    expect((await trailers(ann, 'Pmpc-Change'))[0]).to.match(
      /^vm\/9000 removed root@pam!sim \S+Z UPID:\S+:qmdestroy:9000:\S+:$/,
    )
    await ann.must('accept')
    expect((await trailers(ann, 'Pmpc-Accepted'))[0]).to.match(/^vm\/9000 removed root@pam!sim \S+Z$/)
  })

  it('reads files of before, which name nobody', async () => {
    await lab.set('/nodes/pve2/qemu/101', {cores: 6}, 'web@pve!ci')
    await ann.sync()
    for (const file of ['.pmpc/agreed.yaml', '.pmpc/open.yaml'])
      ann.write(
        file,
        ann.read(file).replaceAll(/, "(?:by|changed|at)": "(?:[^"T]+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"(?=[,}])/g, ''),
      )
    expect(ann.read('.pmpc/agreed.yaml') + ann.read('.pmpc/open.yaml')).not.to.contain('"by"')
    await ann.git('commit', '-qm', 'as it was before', '--', '.pmpc')
    expect(byField((await ann.sync()).clusters[0]!.open)).to.deep.equal([['config.cores', null]])
    await ann.must('accept')
    expect(await trailers(ann, 'Pmpc-Accepted')).to.deep.equal(['vm/101 config.cores unknown'])
  })

  it('is nothing that a hostile cluster makes up: no trailer, no secret, nothing that cannot be seen', async () => {
    const {state} = lab.simulator.simulation
    const secret = lab.simulator.tokens[lab.simulator.tokenId]!
    const names = ['a@pve\nPmpc-Run: forged', `${secret}@pve`, 'a\u200bb\u202e@pve', 'a b@pve', 'unknown']
    for (const [at, user] of names.entries()) {
      await lab.set('/nodes/pve2/qemu/101', {cores: 7 + at}, 'web@pve!ci')
      for (const entry of state.log) if (entry.msg.startsWith('update VM 101')) entry.user = user
      const {open} = (await ann.sync()).clusters[0]!
      const wanted = user.startsWith('a\u200b') ? 'a\u200bb\u202e@pve' : null
      expect(byField(open), user).to.deep.equal([['config.cores', wanted]])
      expect(await trailers(ann, 'Pmpc-Changed-By')).to.deep.equal([wanted ? 'a\\u200bb\\u202e@pve' : 'unknown'])
      expect(await trailers(ann, 'Pmpc-Run')).to.have.length(1)
    }
    await ann.must('accept')
    expect(await ann.git('log', '-p', '--all', '--', '.pmpc/open.yaml', '.pmpc/agreed.yaml', 'infra'))
      .to.contain('a\\u200bb')
      .and.not.to.contain(secret)
    expect(await ann.git('log', '--format=%B')).not.to.match(/forged|\u200b/)
    expect(await ann.git('log', '--format=%B')).not.to.contain(secret)
  })
})
