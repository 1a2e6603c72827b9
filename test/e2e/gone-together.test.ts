import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'

describe('a guest and its firewall in one file, both gone', function () {
  this.timeout(120_000)
  let lab: Lab
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    await lab.api('POST', '/nodes/pve1/qemu/100/firewall/rules', {type: 'in', action: 'ACCEPT'})
    clone = await lab.workspace()
    await clone.must('sync', '--accept')
    const text = clone.read('infra/home/firewall/guest/100.yaml')
    await clone.git('rm', '-q', 'infra/home/firewall/guest/100.yaml')
    clone.append('infra/home/vm/100.yaml', `---\n${text}`)
    await clone.git('commit', '-qam', 'In one file')
    expect((await clone.sync()).open.drift).to.equal(0)
  })
  after(async () => lab.stop())

  it('takes the file away, and accept commits that', async () => {
    delete lab.simulator.simulation.state.guests[100]
    const synced = await clone.sync()
    expect(synced.warnings).to.deep.equal([])
    expect(await clone.git('status', '--porcelain', 'infra')).to.include(' D infra/home/vm/100.yaml')
    expect(clone.has('infra/home/vm/100.yaml')).to.equal(false)
    await clone.must('accept')
    expect(await clone.git('status', '--porcelain', 'infra')).to.equal('')
    expect((await clone.must('status')).stdout).to.include('Nothing is open')
  })
})
