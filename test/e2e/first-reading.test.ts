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
