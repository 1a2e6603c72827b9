import {expect} from 'chai'
import {readFileSync} from 'node:fs'
import path from 'node:path'
import {checks} from '../../../plugins/diagnostics/src/health/checks/index.js'
import {checkCluster, type CheckResult} from '../../../plugins/diagnostics/src/health/engine.js'
import type {Promised} from '../../../plugins/diagnostics/src/health/history.js'
import {Settings} from '../../../plugins/diagnostics/src/health/settings.js'
import {sources} from '../../../plugins/diagnostics/src/health/sources.js'
import {restoreSimulation, saveSimulation, type Saved} from '../../../plugins/simulator/src/seeds/save.js'
import type {Simulator} from '../../../plugins/simulator/src/index.js'
import type {Reader} from '../../../src/kit/proxmox/index.js'
import {withChecks} from '../../../scripts/health-page.js'
import {checkout} from '../../support/pmpc.js'
import {wrong} from './wrong/index.js'
import {readerOf, startWell} from './well.js'

describe('checks of a cluster', function () {
  this.timeout(60_000)
  let simulator: Simulator
  let reader: Reader
  let saved: Saved

  before(async () => {
    simulator = await startWell()
    reader = readerOf(simulator)
    saved = saveSimulation(simulator.simulation)
  })
  after(async () => {
    await reader.close()
    await simulator.stop()
  })
  afterEach(() => restoreSimulation(simulator.simulation, saved))

  const run = async (...ids: string[]): Promise<CheckResult[]> => runWith([], ...ids)
  const runWith = async (promised: readonly Promised[], ...ids: string[]): Promise<CheckResult[]> =>
    checkCluster(
      reader,
      ids.length > 0 ? checks.filter(({id}) => ids.includes(id)) : checks,
      Settings.of(undefined, checks),
      promised,
    )

  it('have ids of their own, and each a way to make it true', () => {
    const ids = checks.map(({id}) => id)
    expect(new Set(ids).size).to.equal(ids.length)
    expect(ids.length).to.be.at.least(40)
    expect(Object.keys(wrong).toSorted()).to.deep.equal(ids.toSorted())
  })

  it('stand in docs/health.md', () => {
    const page = readFileSync(path.join(checkout, 'docs/health.md'), 'utf8')
    const table = (text: string) => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---')
    expect(table(withChecks(page)), 'node --import tsx scripts/health-page.ts').to.equal(table(page))
  })

  it('find nothing in a cluster that is well', async () => {
    const found = (await run()).filter(({result}) => result !== 'ok')
    expect(found.map(({id, message}) => `${id}: ${message}`)).to.deep.equal([])
  })

  for (const {id, reads} of checks) {
    const row = wrong[id]
    for (const {is, make, object, result = 'warning', says, promised} of row ?? [])
      it(`${id}: ${is}`, async () => {
        const {state} = simulator.simulation
        await make({state, now: simulator.simulation.now(), simulator})
        const [found] = await runWith(promised?.(simulator.simulation.now()) ?? [], id)
        expect(`${found!.result}: ${found!.message}`).to.match(new RegExp(`^${result}: `))
        expect(found!.objects).to.deep.equal([object].flat())
        if (says) expect(found!.message).to.match(says)
        expect(found!.fix).to.not.equal('')
      })

    it(`${id} is unknown, and not well, where it may not read`, async () => {
      for (const name of reads) {
        if (name === 'resources') continue
        const path = `^${sources[name].path.replaceAll(/\{\w+\}/g, '[^/]+')}$`
        const fault = simulator.simulation.faults.add({kind: 'forbidden', path})
        const [found] = await run(id)
        simulator.simulation.faults.clear(fault.id)
        expect(`${name}: ${found!.result}`).to.equal(`${name}: unknown`)
        expect(found!.unread.length).to.be.greaterThan(0)
      }
    })
  }

  it('find in a cluster of 8.4 that it is old, and nothing else', async () => {
    const old = await startWell({pve: '8.4'})
    const its = readerOf(old)
    const results = await checkCluster(its, checks, Settings.of(undefined, checks))
    await its.close()
    await old.stop()
    const found = results.filter(({result}) => result !== 'ok')
    expect(found.map(({id, result}) => `${id} ${result}`)).to.deep.equal(['release.eol warning', 'repo.suites warning'])
  })

  it('are unknown where the token sees a part only', async () => {
    const {state} = simulator.simulation
    state.acl = [{path: '/pool/web', type: 'user', ugid: 'ops@pve', roleid: 'PVEAdmin', propagate: 1}]
    const results = await run()
    const seen = results.filter(({result}) => result === 'ok').map(({id}) => id)
    // What everybody may see: realms, versions, certificates, subscriptions.
    expect(seen).to.deep.equal([
      'version.skew',
      'release.eol',
      'cert.expiry',
      'cert.weak',
      'cert.names',
      'subscription.state',
    ])
    expect(results.filter(({result}) => result === 'critical' || result === 'warning')).to.deep.equal([])
  })
})
