import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {beside, differing, mirror, needs, serve, Terraform, type Served} from './support.js'

describe('Terraform with bpg/proxmox', function () {
  this.timeout(240_000)
  let served: Served
  let terraform: Terraform

  before(async function () {
    needs(this, mirror)
    served = await serve()
    terraform = await Terraform.init(served, {'main.tf': readFileSync(beside('whole.tf'), 'utf8')})
  })
  after(() => served?.stop())

  it('plans, applies, finds nothing to change, and destroys', async () => {
    const first = await terraform.plan()
    expect(differing(first)).to.have.lengthOf(8)
    await terraform.run(['apply', '-input=false', '-no-color', 'saved.plan'])
    expect(differing(await terraform.plan())).to.deep.equal([])
    await terraform.run(['plan', '-input=false', '-no-color', '-detailed-exitcode'])
    await terraform.run(['destroy', '-auto-approve', '-input=false', '-no-color'])
    const {stdout} = await terraform.run(['state', 'list'])
    expect(stdout).to.equal('')
  })
})
