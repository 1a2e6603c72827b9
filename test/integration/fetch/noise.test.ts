import {expect} from 'chai'
import type {Reading} from '../../../src/kit/fetch/index.js'
import {declaredOf, localKey} from '../../../src/kit/resources/index.js'
import {Lab} from '../../support/lab.js'
import {readLab as read} from '../../support/reading.js'

describe('what PVE writes by itself', function () {
  this.timeout(120_000)
  let lab: Lab
  let first: Reading

  before(async () => {
    lab = await Lab.start({seed: 'cluster', offlineServices: 'accept'})
    await lab.api('POST', '/cluster/ha/resources', {sid: 'vm:101', state: 'started'})
    await lab.api('POST', '/cluster/sdn/zones', {zone: 'one', type: 'simple'})
    await lab.api('POST', '/cluster/sdn/vnets', {vnet: 'vone', zone: 'one'})
    await lab.api('POST', '/cluster/sdn/vnets/vone/subnets', {subnet: '192.0.2.0/24', type: 'subnet'})
    await lab.api('POST', '/nodes/pve1/network', {iface: 'vmbr7', type: 'bridge', autostart: 1})
    await lab.api('POST', '/cluster/backup', {id: 'nightly', schedule: '02:00', storage: 'backup', all: 1})
    first = (await read(lab)).reading
  })
  after(async () => lab.stop())

  /** What would be offered: whatever is declared now and was otherwise. */
  async function offered(): Promise<string[]> {
    const {reading} = await read(lab, {before: first.state})
    expect(reading.stale).to.deep.equal([])
    const told = (state: Reading['state']) =>
      new Map(state.objects.map((object) => [localKey(object), JSON.stringify(sorted(declaredOf(object).config))]))
    const [was, is] = [told(first.state), told(reading.state)]
    return [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key))
  }

  const cases: Record<string, () => Promise<unknown>> = {
    'a guest that HA starts and stops': async () => {
      const [{status}] = [
        await lab.api<{status: string}>('GET', '/nodes/pve1/qemu/101/status/current').catch(() => ({status: ''})),
      ]
      const node = status === '' ? 'pve2' : 'pve1'
      await lab.api('POST', `/nodes/${node}/qemu/101/status/stop`)
      await lab.api('POST', `/nodes/${node}/qemu/101/status/start`)
      await lab.api('POST', `/nodes/${node}/qemu/101/status/stop`)
    },
    'SDN that is applied': async () => lab.api('PUT', '/cluster/sdn'),
    'a network that is reloaded': async () => lab.api('PUT', '/nodes/pve1/network'),
  }
  for (const [what, act] of Object.entries(cases)) {
    it(`${what}: nothing is offered`, async () => {
      await act()
      expect(await offered()).to.deep.equal([])
    })
  }
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => [key, sorted(one)])
}
