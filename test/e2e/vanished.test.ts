import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'

describe('a cluster that loses most of its guests at once', () => {
  let lab: Lab
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.workspace()
    for (const name of ['ann', 'bob', 'cyd']) await lab.api('POST', '/access/groups', {groupid: name})
    await clone.must('sync', '--accept')
  })
  after(async () => lab.stop())

  const declared = async () => clone.git('ls-tree', '--name-only', 'HEAD', 'infra/home/')

  it('is recorded and offered, but --accept agrees to no deletion', async () => {
    const {guests} = lab.simulator.simulation.state
    for (const vmid of Object.keys(guests)) delete guests[vmid]
    const synced = await clone.sync('--accept')
    expect(synced.warnings.join()).to.include('10 of 10 guests are gone at once')
    expect(synced.open.drift).to.equal(10)
    expect(await declared()).to.include('infra/home/vm')
    await clone.must('accept')
    expect(await declared()).not.to.include('infra/home/vm')
  })

  it('and so is one that loses most objects of any other kind', async () => {
    for (const {groupid} of await lab.api<{groupid: string}[]>('GET', '/access/groups'))
      await lab.api('DELETE', `/access/groups/${groupid}`)
    const synced = await clone.sync('--accept')
    expect(synced.warnings.join()).to.match(/(\d+) of \1 groups are gone at once/)
    expect(synced.open.drift).to.be.at.least(3)
    expect(await clone.git('ls-tree', '--name-only', 'HEAD', 'infra/home/access/')).to.include('group')
  })
})
