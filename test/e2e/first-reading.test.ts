import {rmSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {Lab, type Clone, type SyncJson} from '../support/lab.js'

const first = 'kinds: [node, vm, container, storage, pool]\n'

describe('the first sync that reads more kinds than before', function () {
  this.timeout(120_000)
  let lab: Lab
  let ann: Clone
  let offered: SyncJson
  const offersOf = ({clusters}: SyncJson) => clusters.flatMap(({open}) => open)
  const agreed = (clone: Clone) =>
    clone
      .read('.pmpc/agreed.yaml')
      .split('\n')
      .filter((line) => line.startsWith('- '))

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    for (let n = 0; n < 100; n++) await lab.api('POST', '/access/users', {userid: `user${n}@pve`, comment: `user ${n}`})
    ann = await lab.workspace('ann')
    ann.append('pmpc.yaml', first)
    await ann.git('commit', '-qam', 'Five kinds')
    await ann.must('sync', '--accept')
    expect(await ann.git('ls-tree', '-r', '--name-only', 'HEAD', 'infra')).not.to.include('user0')
    await lab.box.exec('git', ['clone', '-q', '--bare', 'ann', 'ann.git'])
    await ann.git('remote', 'add', 'origin', '../ann.git')
    ann.edit('pmpc.yaml', first, '')
    await ann.git('commit', '-qam', 'All kinds')
    offered = await ann.sync()
  })
  after(async () => lab.stop())

  it('offers them in one go, and notes nothing of each: what is open follows from the history', async () => {
    const users = offersOf(offered).filter(({object}) => object.startsWith('home/user/user'))
    expect(users).to.have.length(100)
    expect(offersOf(offered).every(({field, state}) => field === undefined && state === 'drift')).to.equal(true)
    expect(agreed(ann)).to.deep.equal([])
    const again = await ann.sync()
    expect([again.commit, again.open]).to.deep.equal([null, offered.open])
  })

  it('tells them by kind, as read from here on: in no count, by nobody, with no line of each', async () => {
    const {changes, counts} = offered.clusters[0]! as unknown as {
      changes: {kind: string; change: string; read?: true}[]
      counts: Record<string, {added: number}>
    }
    expect(changes.length).to.be.above(100)
    expect(changes.every(({change, read}) => change === 'added' && read)).to.equal(true)
    expect(Object.values(counts).reduce((sum, {added}) => sum + added, 0)).to.equal(0)
    const message = await ann.git('log', '-1', '--format=%B', '--', '.pmpc/state')
    expect(message)
      .to.match(/^sync\(home\): \d+ read from here on$/m)
      .and.to.match(/^~ read from here on: .*user \(1\d\d\)/m)
      .and.to.match(/^Pmpc-Added: 0$/m)
    expect(message.match(/^Pmpc-Change.*$/gm)).to.deep.equal(['Pmpc-Changed: 0', 'Pmpc-Change: *'])
  })

  it('tells kinds that are left out by kind, with one trailer each; and a sync by an older pmpc, which knew fewer', async () => {
    const dan = await lab.clone('ann', 'dan', {init: false})
    await dan.must('init')
    dan.append('pmpc.yaml', first)
    const {stdout} = await dan.must('sync')
    expect(stdout)
      .to.match(/^home: nothing changed in it, but \d+ ignored from here on, commit/m)
      .and.to.match(/^ {2}~ ignored from here on: .*user \(1\d\d\)/m)
    const message = await dan.git('log', '-1', '--format=%B')
    expect(message)
      .to.match(/^Pmpc-Ignored: user\/\*$/m)
      .and.not.to.contain('user0')
    const diff = (await dan.must('diff')).stdout
    expect(diff)
      .to.match(/^~ ignored from here on: .*user \(1\d\d\)/m)
      .and.not.to.match(/removed|user0/)
    expect((await dan.must('log', 'user/user0@pve')).stdout).to.contain('is ignored from here on')
    // The rule was never committed, and what this clone noted goes: the snapshot is as one that an older pmpc took.
    dan.edit('pmpc.yaml', first, '')
    rmSync(path.join(dan.root, '.pmpc/local'), {recursive: true})
    const again = await dan.must('sync')
    expect(again.stdout).to.match(/^ {2}~ read from here on: .*user \(1\d\d\)/m)
    expect(await dan.git('log', '-1', '--format=%B')).to.match(/^Pmpc-Read: user\/\*$/m)
    expect((await dan.must('diff')).stdout)
      .to.match(/^~ read from here on: .*user \(1\d\d\)/m)
      .and.not.to.match(/added|user0/)
    expect((await dan.must('log', 'user/user0@pve')).stdout).to.contain('is read from here on')
  })

  it('says of a workspace with the schemas of an older pmpc what brings the others', async () => {
    const eve = await lab.clone('ann', 'eve', {init: false})
    await eve.must('init')
    await eve.git('rm', '-q', '.pmpc/schema/user.json', '.pmpc/schema/role.json')
    const attributes = await eve.git('show', 'HEAD:.gitattributes')
    eve.write('.gitattributes', `${attributes.replaceAll(/^infra.*\n?/gm, '')}*.png binary\n`)
    await eve.git('commit', '-qam', 'As before')
    const hint = '2 kinds without a schema for editors in .pmpc/schema: pmpc state migrate'
    expect((await eve.must('sync')).stderr).to.contain(hint)
    await eve.must('state', 'migrate')
    expect(await eve.git('log', '-1', '--format=%B')).to.match(/^Pmpc-Cluster: home\nPmpc-Command: state migrate$/m)
    expect(eve.has('.pmpc/schema/user.json')).to.equal(true)
    const lines = (await eve.git('show', 'HEAD:.gitattributes')).split('\n')
    expect(lines).to.include.members(['infra/**/*.yaml diff=pmpcyaml', '*.png binary'])
    expect(await eve.git('status', '--porcelain', '.gitattributes')).to.equal('')
    expect((await eve.must('sync')).stderr).not.to.contain('schema')
  })

  it('offers the same in a second clone that pulls, and its sync writes nothing', async () => {
    await ann.git('push', '-q', '-u', 'origin', 'main')
    const bob = await lab.clone('ann.git', 'bob')
    const synced = await bob.sync()
    expect(synced.commit).to.equal(null)
    expect(offersOf(synced)).to.deep.equal(offersOf(offered))
    expect(agreed(bob)).to.deep.equal([])
    expect(bob.has('infra/home/access/user/user0@pve.yaml')).to.equal(true)
  })

  it('offers once: what is rejected stays without a manifest, what is committed is agreed on', async () => {
    await ann.must('reject', 'home/user/user0@pve')
    await ann.git('commit', '-qa', '-m', 'As offered')
    const synced = await ann.sync()
    expect(offersOf(synced)).to.deep.equal([])
    expect(agreed(ann)).to.have.length(1)
    await lab.api('PUT', '/access/users/user1@pve', {comment: 'another'})
    await lab.api('PUT', '/access/users/user0@pve', {comment: 'another'})
    const drifted = await ann.sync()
    expect(offersOf(drifted)).to.deep.equal([
      {object: 'home/user/user1@pve', field: 'config.comment', base: 'user 1', offer: 'another', state: 'drift'},
    ])
  })

  it('agrees with them by --accept without a pair for each, too', async () => {
    const cyd = await lab.clone('ann.git', 'cyd', {init: false})
    await cyd.git('reset', '-q', '--hard', 'HEAD~1')
    await cyd.must('init')
    const synced = await cyd.sync('--accept')
    expect(synced.open).to.deep.equal({drift: 0, conflicts: 0})
    expect(agreed(cyd)).to.deep.equal([])
    expect(await cyd.git('ls-tree', '-r', '--name-only', 'HEAD', 'infra')).to.include('access/user/user0@pve.yaml')
    expect((await cyd.sync()).commit).to.equal(null)
  })
})
