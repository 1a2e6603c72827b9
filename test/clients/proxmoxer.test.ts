import {expect} from 'chai'
import {beside, needs, python, serve, type Served} from './support.js'

describe('proxmoxer', function () {
  this.timeout(120_000)
  let served: Served

  before(async function () {
    needs(this, python)
    served = await serve()
  })
  after(() => served?.stop())

  it('creates, changes, snapshots, clones and deletes a VM and a container', async () => {
    const {stdout} = await served.run(python, [beside('proxmoxer_life.py'), new URL(served.url).host])
    expect(stdout.trim()).to.equal('ok')
  })
})
