import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {isWhole} from '../support/reference.js'
import {skipFor} from '../support/skip.js'
import {Administrator, makeCases, readCases, type Case} from './cases.js'
import {differing, mirror, needs, serve, type Change, type Served} from './support.js'

interface Verdict {
  object: string
  verdict: 'safe' | 'unsafe' | 'unmanageable'
  why: string | null
  change: string | null
}

interface Ledger {
  addresses: Record<string, string>
  verdicts: Verdict[]
}

/** A workspace over a simulator, in which the code was generated. */
async function workspaceOf({box, url, fingerprint}: Served, token: string): Promise<string> {
  const name = 'workspace'
  const flags = ['--cluster', 'home', '--endpoint', url, '--token-id', 'root@pam!sim', '--fingerprint', fingerprint]
  const said = [
    await box.pmpc(['init', name, ...flags, '--token-stdin', '--yes'], {input: `${token}\n`}),
    await box.pmpc(['-C', name, 'sync'], {env: {PMPC_TOKEN_HOME: token}}),
    await box.pmpc(['-C', name, 'iac', 'generate', '--target', 'terraform']),
  ]
  for (const {code, stderr, stdout} of said) if (code !== 0) throw new Error(stderr + stdout)
  return path.join(box.folder, name)
}

/** Terraform in the folder of the code, offline. */
function terraformIn(served: Served, folder: string, token: string): (args: string[]) => Promise<string> {
  const env = {
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_VAR_home_api_token: `root@pam!sim=${token}`,
    TF_VAR_home_insecure: 'true',
  }
  return async (args) => (await served.run('terraform', args, {cwd: folder, env})).stdout
}

async function plan(terraform: (args: string[]) => Promise<string>): Promise<Change[]> {
  await terraform(['plan', '-input=false', '-no-color', '-out=saved.plan'])
  const shown = JSON.parse(await terraform(['show', '-json', 'saved.plan'])) as {resource_changes?: Change[]}
  return shown.resource_changes ?? []
}

describe('what pmpc iac generate writes of the guests of the reference', function () {
  this.timeout(300_000)
  let served: Served
  let cases: Case[]
  let folder: string
  let ledger: Ledger
  let terraform: (args: string[]) => Promise<string>

  before(async function () {
    needs(this, mirror)
    skipFor(this, !isWhole && 'the sample of the reference has no such cases (set PMPC_REFERENCE)')
    const all = readCases()
    cases = all.filter(({hcl}) => hcl !== undefined)
    served = await serve(['--admin-port', '0'])
    const root = new Administrator(served.url)
    await root.login()
    expect(await makeCases(served, root, all)).to.deep.equal([])
    const token = await root.makeToken('sim')
    const workspace = await workspaceOf(served, token)
    folder = path.join(workspace, 'iac', 'terraform')
    ledger = JSON.parse(readFileSync(path.join(workspace, 'iac', 'coverage.json'), 'utf8')) as Ledger
    terraform = terraformIn(served, folder, token)
    await terraform(['init', '-input=false', '-no-color', `-plugin-dir=${mirror}`])
  })
  after(() => served?.stop())

  it('is formatted as terraform fmt would, and valid', async () => {
    await terraform(['fmt', '-check', '-recursive'])
    await terraform(['validate', '-no-color'])
  })

  it('imports without a change, and then nothing is left to do', async () => {
    const changes = await plan(terraform)
    expect(differing(changes)).to.deep.equal([])
    const addresses = changes.filter(({change}) => change.importing).map(({address}) => address)
    expect(addresses.sort()).to.deep.equal(Object.values(ledger.addresses).sort())
    await terraform(['apply', '-input=false', '-no-color', 'saved.plan'])
    expect(differing(await plan(terraform))).to.deep.equal([])
  })

  it('has every guest but those that the provider cannot read, and says of each what was seen of it', () => {
    expect(cases.length).to.be.greaterThan(100)
    for (const {name, hcl, result} of cases) {
      const [, kind] = /resource "proxmox_virtual_environment_(\w+)"/.exec(hcl)!
      const object = `home/${kind}/${name.split('-')[0]}`
      const verdict = ledger.verdicts.find((each) => each.object === object)!
      const expected = !result.noop ? 'unmanageable' : result.edit_unsafe === undefined ? 'safe' : 'unsafe'
      expect(verdict.verdict, name).to.equal(expected)
      if (expected !== 'safe') expect(verdict.change, name).to.match(/^pmpc set home\//)
      const file = path.join(folder, 'modules', 'home', `${kind}_${name.split('-')[0]}.tf`)
      expect(existsSync(file), name).to.equal(result.noop)
    }
  })
})
