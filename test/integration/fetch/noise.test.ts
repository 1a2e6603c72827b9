import {expect} from 'chai'
import type {Reading} from '../../../src/kit/fetch/index.js'
import {observedDocument} from '../../../src/kit/reconcile/documents.js'
import {declaredOf, localKey, type Observed} from '../../../src/kit/resources/index.js'
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
    await lab.api('POST', '/cluster/replication', {id: '110-0', type: 'local', target: 'pve1'})
    await lab.api('POST', '/cluster/backup', {id: 'nightly', schedule: '02:00', storage: 'backup', all: 1})
    first = (await read(lab)).reading
  })
  after(async () => lab.stop())

  /** What would be offered: whatever is declared now and was otherwise. */
  async function offered(): Promise<string[]> {
    const {reading} = await read(lab, {before: first.state})
    expect(reading.stale).to.deep.equal([])
    const manifests = new Map(first.state.objects.map((object) => [localKey(object), declaredOf(object)]))
    const configOf = (object: Observed) => observedDocument(object, manifests.get(localKey(object))).config
    const told = (state: Reading['state']) =>
      new Map(state.objects.map((object) => [localKey(object), JSON.stringify(sorted(configOf(object)))]))
    const [was, is] = [told(first.state), told(reading.state)]
    return [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key))
  }

  const nodeOf = async (vmid: number) =>
    (await lab.api<{vmid?: number; node: string}[]>('GET', '/cluster/resources')).find((one) => one.vmid === vmid)!.node

  const cases: Record<string, () => Promise<unknown>> = {
    'a guest that HA starts and stops': async () => {
      for (const verb of ['stop', 'start', 'stop'])
        await lab.api('POST', `/nodes/${await nodeOf(101)}/qemu/101/status/${verb}`)
      const resources = await lab.api<{sid: string; state: string}[]>('GET', '/cluster/ha/resources')
      expect(resources.find(({sid}) => sid === 'vm:101')?.state, 'what the stop wrote').to.equal('stopped')
    },
    'a job that replicates, now': async () =>
      lab.api('POST', `/nodes/${await nodeOf(110)}/replication/110-0/schedule_now`),
    'a guest with replication that moves': async () => {
      const was = await nodeOf(110)
      await lab.api('POST', `/nodes/${await nodeOf(110)}/qemu/110/migrate`, {target: 'pve1'})
      expect(await nodeOf(110)).to.equal('pve1')
      const [job] = await lab.api<{source: string; target: string}[]>('GET', '/cluster/replication')
      expect(job, 'what the move wrote').to.include({source: 'pve1', target: was})
    },
    'a backup job that runs': async () => lab.api('POST', '/nodes/pve1/vzdump', {all: 1, storage: 'backup'}),
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
