import {expect} from 'chai'
import type {ExplainResult} from '../../plugins/diagnostics/src/explain/explain.js'
import {CATALOGUE} from '../../src/kit/catalogue/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {checkout, sandbox, type Sandbox} from '../support/pmpc.js'
import {assertSchema} from '../support/schemas.js'
import {readCodes} from '../../plugins/diagnostics/src/explain/codes.js'

describe('pmpc explain', () => {
  let box: Sandbox

  before(() => {
    box = sandbox()
  })
  after(() => box.remove())

  const matches = async (typed: string, input?: string): Promise<ExplainResult['matches']> => {
    const result = (await box.pmpc(['explain', typed, '--json'], {input})).json<ExplainResult>()
    assertSchema('explain', result)
    return result.matches
  }

  it('tells what a text means, why, and what to type', async () => {
    const {code, stdout, stderr} = await box.pmpc([
      'explain',
      `can't lock file '/var/lock/qemu-server/lock-117.conf' - got timeout`,
    ])
    expect({code, stderr}).to.deep.equal({code: 0, stderr: ''})
    for (const part of [
      'PVE-LOCK-001 (Proxmox VE): ',
      'pmpc task list --guest 117 --status running',
      'docs/explain.md#pve-lock-001',
    ])
      expect(stdout).to.include(part)
  })

  it('takes an id of the catalogue in any letters, a text without quotes, and what is piped to it', async () => {
    expect((await matches('pve-lock-002')).map(({id}) => id)).to.deep.equal(['PVE-LOCK-002'])
    const unquoted = await box.pmpc(['explain', 'VM', '100', 'already', 'running', '--json'])
    expect(unquoted.json<ExplainResult>().matches[0]?.id).to.equal('PVE-GUEST-003')
    const log = `${'nothing of note\n'.repeat(50_000)}Error: 401 No ticket\n${'more\n'.repeat(10_000)}`
    expect((await matches('-', log)).map(({id}) => id)).to.deep.equal(['PVE-AUTH-001'])
  })

  it('takes every code of docs/errors.md, and finds them in a text', async () => {
    const codes = readCodes(checkout)
    expect(codes.size).to.be.greaterThan(100)
    for (const code of CATALOGUE.flatMap((row) => row.code ?? [])) expect([...codes.keys()], code).to.include(code)
    const [locked] = await matches('PMPC_LOCKED')
    expect(locked).to.include({id: 'PMPC_LOCKED', source: 'pmpc'})
    expect(locked?.causes.join('\n')).to.include('PVE-LOCK-001')
    const found = await matches('Error: it broke\nCode:  PMPC_GIT_BUSY')
    expect(found.map(({id}) => id)).to.deep.equal(['PMPC_GIT_BUSY'])
  })

  it('exits with 1 where nothing fits, with an empty list', async () => {
    const result = await box.pmpc(['explain', 'all is well', '--json'])
    expect(result.code).to.equal(1)
    expect(result.json()).to.deep.equal({matches: []})
    for (const typed of ['PVE-LOCK-999', 'PMPC_NO_SUCH_CODE'])
      expect((await box.pmpc(['explain', typed])).code, typed).to.equal(1)
  })
})

describe('errors that pmpc tells', () => {
  let lab: Lab
  let clone: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.agreed('ws', 'root@pam!sim')
  })
  after(async () => lab.stop())

  it('end with the command that explains them, where the catalogue knows them', async () => {
    const fault = lab.simulator.simulation.faults.add({kind: 'status', status: 595})
    const {stderr} = await clone.pmpc(['sync'])
    lab.simulator.simulation.faults.clear(fault.id)
    expect(stderr).to.match(
      /^Error: [^]*\nCode: {2}PMPC_NODE_UNREACHABLE\n[^]*Explain: pmpc explain PVE-PROXY-001 {3}# /,
    )
  })

  it('say so of what came of guests, too', async () => {
    const {faults} = lab.simulator.simulation
    const fault = faults.add({kind: 'task-fail', type: 'qmstart', message: `storage 'nfs' is not online`})
    const failed = await clone.pmpc(['start', 'vm/110'])
    faults.clear(fault.id)
    expect(failed.stderr).to.include('Explain: pmpc explain PVE-STORAGE-003   # ')
  })

  it('say so of what pmpc itself has found out', async () => {
    const {stderr} = await clone.pmpc(['start', 'vm/111'])
    expect(stderr).to.include('Explain: pmpc explain PVE-LOCK-002   # ')
  })

  it('end as ever where it does not, and as JSON', async () => {
    const unknown = await clone.pmpc(['describe', 'vm', '4711'])
    expect(unknown.stderr)
      .to.match(/^Error: /)
      .and.not.include('Explain:')
    const fault = lab.simulator.simulation.faults.add({kind: 'status', status: 595})
    const json = await clone.pmpc(['sync', '--json'])
    lab.simulator.simulation.faults.clear(fault.id)
    expect(json.stderr).to.equal('')
    expect(json.json<{error: {code: string}}>().error.code).to.equal('PMPC_NODE_UNREACHABLE')
  })
})
