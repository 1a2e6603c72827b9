import {expect} from 'chai'
import {isWhole} from '../support/reference.js'
import {Administrator, makeCases, readCases, type Case} from './cases.js'
import {differing, mirror, needs, serve, Terraform, type Change, type Served} from './support.js'
import {skipFor} from '../support/skip.js'

const MAC = /(?:[0-9A-F]{2}:){5}[0-9A-F]{2}/i

/** The case's HCL, with the MAC addresses that the simulator made up in place of those that the real daemon made up. */
function withMacs({hcl, config}: Case, made: Record<string, unknown>): string {
  return Object.keys(config)
    .filter((key) => /^net\d+$/.test(key))
    .reduce((text, key) => {
      const [theirs, ours] = [MAC.exec(String(config[key])), MAC.exec(String(made[key]))]
      return theirs && ours ? text.replaceAll(theirs[0], ours[0]) : text
    }, hcl)
}

/** What a plan says of each import besides that it is a no-op. */
function notImported(changes: Change[], cases: Case[]): string[] {
  const imported = new Set(changes.filter(({change}) => change.importing).map(({address}) => address))
  const missing = cases.map(addressOf).filter((address) => !imported.has(address))
  return [...differing(changes), ...missing.map((address) => `${address}: not imported`)]
}

const addressOf = ({hcl}: Case): string => /^\s*to\s*=\s*(\S+)/m.exec(hcl)![1]!

describe('import into Terraform with bpg/proxmox', function () {
  this.timeout(300_000)
  let served: Served
  let good: Case[]
  let unreadable: Case[]

  before(async function () {
    needs(this, mirror)
    skipFor(this, !isWhole && 'the sample of the reference has no such cases (set PMPC_REFERENCE)')
    const all = readCases()
    const cases = all.filter(({hcl}) => hcl !== undefined)
    good = cases.filter(({result}) => result.noop)
    unreadable = cases.filter(({result}) => !result.noop)
    served = await serve(['--admin-port', '0'])
    const root = new Administrator(served.url)
    await root.login()
    expect(await makeCases(served, root, all)).to.deep.equal([])
    for (const entry of cases) entry.hcl = withMacs(entry, await root.config(entry.hcl))
  })
  after(() => served?.stop())

  it('plans an import without a change for each guest of the reference, and then nothing', async () => {
    const files = Object.fromEntries(good.map(({name, hcl}) => [`${name}.tf`, hcl]))
    const terraform = await Terraform.init(served, files, 'good')
    expect(notImported(await terraform.plan(), good)).to.deep.equal([])
    await terraform.run(['apply', '-input=false', '-no-color', 'saved.plan'])
    expect(differing(await terraform.plan())).to.deep.equal([])
  })

  it('cannot read the guests that it cannot read of the real daemon either', async () => {
    expect(unreadable).to.not.be.empty
    for (const {name, hcl} of unreadable) {
      const terraform = await Terraform.init(served, {'main.tf': hcl}, name)
      const {stderr} = await terraform.run(['plan', '-input=false', '-no-color'], [1])
      expect(stderr, name).to.match(/base64|unmarshal|decod/i)
    }
  })
})
