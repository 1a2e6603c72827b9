// What is written first and brought into use later (SDN, a node's network), where that does not come to its end.
import {expect} from 'chai'
import type {FaultSpec} from '../../plugins/simulator/src/faults/kinds.js'
import {applyIn, declare, declareNew, Watch, type Applied} from '../support/apply.js'
import {everySort} from '../support/every-sort.js'
import {Lab, remembered, type Clone} from '../support/lab.js'

const network = '/nodes/pve1/network'
const allow = ['--allow', 'cuts-network']
const bridge = {type: 'bridge', autostart: 1, bridge_ports: ['eno2'], cidr: '198.51.100.1/24'}

for (const pve of ['9.2', '8.4'] as const)
  describe(`apply on ${pve}, where what was written is not brought into use`, function () {
    this.timeout(120_000)
    let lab: Lab
    let clone: Clone
    let watch: Watch
    let reset: () => Promise<void>
    before(async () => {
      lab = await Lab.start({seed: everySort, pve, offlineServices: 'accept', taskTime: 10, lockTimeout: 100})
      watch = new Watch(lab.simulator.simulation, Number(new URL(lab.simulator.url).port))
      clone = await lab.agreed()
      reset = await remembered(lab, clone)
    })
    after(async () => {
      watch.stop()
      await lab.stop()
    })
    beforeEach(async () => {
      lab.simulator.simulation.faults.clear()
      await reset()
      watch.begin()
    })

    const hasRollback = pve === '9.2'
    const fault = (spec: FaultSpec): void => void lab.simulator.simulation.faults.add(spec)
    const refused = (path: string, method: string): void =>
      fault({kind: 'status', status: 500, reason: 'it is refused', path: `^${path}$`, method})
    const sent = (): string[] => watch.writes.map(({verb, path}) => `${verb} ${path}`)
    const wishZone = (): void => {
      declareNew(clone, 'zone', {kind: 'sdn-zone', id: 'mine', config: {type: 'simple'}})
      declareNew(clone, 'vnet', {kind: 'sdn-vnet', id: 'vmine', config: {zone: 'mine'}})
    }
    const wishBridges = (): void => {
      declare(clone, 'network/pve1', ['config', 'vmbr1'], bridge)
      declare(clone, 'network/pve1', ['config', 'vmbr2'], {type: 'bridge', autostart: 1})
    }
    const failed = ({failed}: Applied, object: string): {code: string; message: string; suggestions: string[]} =>
      failed.find((each) => each.object === `home/${object}`) as never
    const zones = async (): Promise<unknown[]> =>
      (await lab.api<{zone: string; state?: string}[]>('GET', '/cluster/sdn/zones', {pending: 1}))
        .map(({zone, state = 'in use'}) => `${zone} ${state}`)
        .sort()
    const waits = (): boolean => lab.simulator.simulation.state.nodes.pve1!.newInterfaces !== undefined
    const expectDone = ({code, error, failed, unknown}: Applied): void =>
      void expect([code, error, failed, unknown]).to.deep.equal([0, undefined, [], []])

    it('SDN: is taken back where there is a call for it, else told', async () => {
      const {version} = await lab.api<{version: string}>('GET', '/version')
      wishZone()
      refused('/cluster/sdn/vnets', 'POST')
      const result = await applyIn(clone, ...allow)
      const zone = failed(result, 'sdn-zone/mine')
      expect([zone.code, failed(result, 'sdn-vnet/vmine').message]).to.deep.equal([
        'PMPC_NOT_REACHED',
        failed(result, 'sdn-vnet/vmine').message.replace(/; what was.*/, ''),
      ])
      expect(zone.message).to.equal(
        `it comes into use together with home/sdn-vnet/vmine, which was not done; what was written of it ${
          hasRollback
            ? 'was taken back (POST /cluster/sdn/rollback)'
            : `waits, and was left so: Proxmox VE ${version} has no call that takes it back`
        }`,
      )
      if (!hasRollback)
        expect(zone.suggestions).to.deep.equal(['pvesh set /cluster/sdn   # brings into use all that waits there'])
      expect(await zones()).to.deep.equal(hasRollback ? [] : ['mine new'])
      expect(sent()).to.deep.equal(['POST /cluster/sdn/zones', ...(hasRollback ? ['POST /cluster/sdn/rollback'] : [])])
      lab.simulator.simulation.faults.clear()
      expectDone(await applyIn(clone, ...allow))
      expect(await zones()).to.deep.equal(['mine in use'])
      expect((await clone.sync()).commit).to.equal(null)
    })

    for (const [when, isBefore] of [
      ['before', true],
      ['meanwhile', false],
    ] as const)
      it(`SDN: is left where something of somebody else waits, written ${when}`, async () => {
        const theirs = {zone: 'theirs', type: 'simple'}
        if (isBefore) {
          await lab.api('POST', '/cluster/sdn/zones', theirs)
          await clone.sync('--accept')
        } else {
          const calls = [{method: 'POST' as const, path: '/cluster/sdn/zones', params: theirs}]
          fault({kind: 'edits', path: '^/cluster/sdn/zones$', method: 'POST', after: 1, calls})
        }
        wishZone()
        refused('/cluster/sdn/vnets', 'POST')
        const zone = failed(await applyIn(clone, ...allow), 'sdn-zone/mine')
        expect(zone.message).to.match(
          hasRollback
            ? isBefore
              ? /waits, and was left so: sdn-zone\/theirs waited before/
              : /waits, and was left so: sdn-zone\/theirs of somebody else waits, too/
            : /has no call/,
        )
        expect(await zones()).to.deep.equal(['mine new', 'theirs new'])
        if (hasRollback)
          expect(zone.suggestions).to.include(
            'pvesh create /cluster/sdn/rollback   # takes back all that waits there, of others, too',
          )
        expect(sent()).not.to.include('POST /cluster/sdn/rollback')
      })

    // Their lists do not tell what waits.
    if (hasRollback)
      it('SDN: is left where prefix lists or fabrics may wait, of whomever', async () => {
        await lab.api('POST', '/cluster/sdn/prefix-lists', {id: 'theirs'})
        await clone.sync('--accept')
        wishZone()
        refused('/cluster/sdn/vnets', 'POST')
        const left = failed(await applyIn(clone, ...allow), 'sdn-zone/mine')
        expect(left.message).to.match(/waits, and was left so: what somebody else wrote of sdn-prefix-list waits, too/)
        await lab.api('PUT', '/cluster/sdn')
        await clone.sync('--accept')
        lab.simulator.simulation.faults.clear()
        refused('/cluster/sdn', 'PUT')
        declareNew(clone, 'list', {kind: 'sdn-prefix-list', id: 'mine', config: {}})
        const {message} = failed(await applyIn(clone, ...allow), 'sdn-prefix-list/mine')
        expect(message).to.match(/waits, and was left so: nobody can tell what else of sdn-prefix-list waits/)
        expect(sent()).not.to.include('POST /cluster/sdn/rollback')
      })

    it('a network: is taken back', async () => {
      wishBridges()
      fault({kind: 'status', status: 500, reason: 'it is refused', path: `^${network}$`, method: 'POST', after: 1})
      const {message} = failed(await applyIn(clone, ...allow), 'network/pve1')
      expect(message).to.match(
        /it is refused.*; what was written of it before was taken back \(DELETE \/nodes\/pve1\/network\)/,
      )
      expect(sent()).to.deep.equal([`POST ${network}`, `DELETE ${network}`])
      expect(waits()).to.equal(false)
      lab.simulator.simulation.faults.clear()
      expectDone(await applyIn(clone, ...allow))
      expect((await clone.sync()).commit).to.equal(null)
    })

    it('a network: is taken back where the node cannot reload it', async () => {
      wishBridges()
      lab.simulator.simulation.state.world.lacks = ['ifupdown2']
      const {code, message, suggestions} = failed(await applyIn(clone, ...allow), 'network/pve1')
      expect(message).to.match(/you need ifupdown2 to reload network configuration; what was .* taken back/)
      expect([code, suggestions[0]]).to.deep.equal(['PMPC_NEEDS_IFUPDOWN2', 'apt install ifupdown2   # on the node'])
      expect(sent()).to.deep.equal([`POST ${network}`, `POST ${network}`, `PUT ${network}`, `DELETE ${network}`])
      expect(waits()).to.equal(false)
      delete lab.simulator.simulation.state.world.lacks
      expectDone(await applyIn(clone, ...allow))
      expect((await clone.sync()).commit).to.equal(null)
    })

    for (const [when, isBefore] of [
      ['before', true],
      ['meanwhile', false],
    ] as const)
      it(`a network: is left where something of somebody else waits, written ${when}`, async () => {
        const theirs = {iface: 'vmbr9', type: 'bridge', autostart: 1}
        if (isBefore) {
          await lab.api('POST', network, theirs)
          await clone.sync('--accept')
        } else {
          const calls = [{method: 'POST' as const, path: network, params: theirs}]
          fault({kind: 'edits', path: `^${network}$`, method: 'POST', after: 1, calls})
        }
        wishBridges()
        refused(network, 'PUT')
        const result = await applyIn(clone, ...allow)
        const {message, suggestions} = failed(result, 'network/pve1')
        expect(message).to.match(
          isBefore
            ? /waits, and was left so: network\/pve1 waited before/
            : /waits, and was left so: somebody else has changed network\/pve1 meanwhile/,
        )
        expect(suggestions).to.include.members([
          'pvesh set /nodes/pve1/network   # brings into use all that waits there',
          'pvesh delete /nodes/pve1/network   # takes back all that waits there, of others, too',
        ])
        expect(sent()).not.to.include(`DELETE ${network}`)
        expect(lab.simulator.simulation.state.nodes.pve1!.newInterfaces?.text).to.match(/vmbr9/)
      })

    it('a network: nothing is taken back of what is in use, though its task failed', async () => {
      wishBridges()
      fault({kind: 'task-fail', type: 'srvreload', message: 'ifreload failed'})
      const {message, suggestions} = failed(await applyIn(clone, ...allow), 'network/pve1')
      expect(message).to.match(/ifreload failed$/)
      expect(suggestions.at(-1)).to.match(/^pvesh set \/nodes\/pve1\/network {3}# once more, /)
      expect([waits(), sent().at(-1)]).to.deep.equal([false, `PUT ${network}`])
    })

    it('is told by a run that is gone on with, whichever half it was killed in', async () => {
      for (const half of ['lost', 'unanswered'] as const) {
        await reset()
        wishBridges()
        lab.simulator.simulation.state.world.lacks = ['ifupdown2']
        watch.begin({of: /^DELETE /, write: 1, half})
        const args = ['apply', '--json', '--yes', ...allow]
        const {signal} = await clone.pmpc(args, {started: (child) => watch.started(child)})
        expect(signal).to.equal('SIGKILL')
        const {message} = failed(await applyIn(clone, '--resume'), 'network/pve1')
        expect(message).to.match(half === 'lost' ? /was left so: the run was interrupted/ : /was taken back/)
        expect(waits()).to.equal(half === 'lost')
        expect((await clone.must('status', '--json')).json<{unfinished: unknown}>().unfinished).to.equal(null)
      }
    })
  })
