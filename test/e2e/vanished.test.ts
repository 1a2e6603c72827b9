import {expect} from 'chai'
import {Between} from '../support/between.js'
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

  it('which holds of the next sync with --accept, too', async () => {
    const synced = await clone.sync('--accept')
    expect(synced.warnings.join()).to.match(/(\d+) of \1 groups are gone at once/)
    expect(synced.open.drift).to.be.at.least(3)
    await clone.must('accept')
  })
})

describe('a document that loses most of its entries at once', () => {
  let lab: Lab
  let between: Between
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    between = await Between.start(lab.simulator)
    await lab.init('ws', lab.simulator.tokenId, {simulator: between})
    clone = lab.at('ws')
    await lab.api('PUT', '/cluster/options', {
      description: 'x',
      keyboard: 'de',
      email_from: 'a@b.test',
      language: 'de',
    })
    for (const iface of ['vmbr7', 'vmbr8', 'vmbr9'])
      await lab.api('POST', '/nodes/pve1/network', {iface, type: 'bridge'})
    await lab.api('PUT', '/nodes/pve1/network')
    const rules = ['one', 'two', 'three'].map((comment) => ({type: 'in', action: 'ACCEPT', comment}))
    for (const at of ['/cluster', '/nodes/pve1/qemu/100'])
      for (const rule of rules) await lab.api('POST', `${at}/firewall/rules`, rule)
    await clone.must('sync', '--accept')
  })
  after(async () => {
    await between.stop()
    await lab.stop()
  })

  const answering = (at: string, data: unknown) =>
    (between.edit = (path) => (path.split('?')[0]!.endsWith(at) ? {data} : undefined))

  const documents: [string, string, string, unknown][] = [
    ['acl/acl', '/access/acl', 'access/acl.yaml', []],
    ['options/options', '/cluster/options', 'options.yaml', {}],
    ['network/pve1', '/nodes/pve1/network', 'network/pve1.yaml', []],
    ['firewall/cluster', '/cluster/firewall/rules', 'firewall/cluster.yaml', []],
  ]
  for (const [object, at, file, nothing] of documents)
    it(`is offered without, and --accept agrees to none of it: ${object}`, async () => {
      const manifest = async () => clone.git('show', `HEAD:infra/home/${file}`)
      const before = await manifest()
      answering(at, nothing)
      for (let round = 0; round < 2; round++) {
        const synced = await clone.sync('--accept')
        expect(synced.warnings.join()).to.match(new RegExp(`\\d+ of \\d+ entries of home/${object} are gone at once`))
        expect(synced.open.drift).to.be.at.least(1)
        expect(await manifest()).to.equal(before)
      }
      between.edit = () => undefined
      expect((await clone.sync('--accept')).open.drift).to.equal(0)
    })

  it('is asked for nothing where the fewer part of it goes, or it goes with its guest', async () => {
    await lab.api('PUT', '/cluster/options', {delete: 'description'})
    await lab.api('POST', '/nodes/pve1/qemu/100/status/stop')
    await lab.api('DELETE', '/nodes/pve1/qemu/100')
    const synced = await clone.sync('--accept')
    expect(synced.warnings).to.deep.equal([])
    expect(synced.open.drift).to.equal(0)
    expect(await clone.git('ls-tree', '-r', '--name-only', 'HEAD', 'infra/home')).not.to.include('100')
  })
})
