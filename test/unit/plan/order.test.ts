import {expect} from 'chai'
import {aroundOf} from '../../../src/kit/plan/around.js'
import {ordered} from '../../../src/kit/plan/order.js'
import type {Wanted} from '../../../src/kit/plan/model.js'
import type {Config, KindName, Observed} from '../../../src/kit/resources/index.js'

type Name = [KindName, string | number]

const object = ([kind, id]: Name, config: Config = {}, facts: Observed['facts'] = {}): Observed => ({
  kind,
  id,
  config,
  facts,
})
const wish = ([kind, id]: Name, config: Config | null, beside: Record<string, string> = {}): Wanted => ({
  ref: {cluster: 'home', kind, id},
  document: config && {kind, beside, config},
  fields: [],
})
const order = (wanted: Wanted[], ...there: Observed[]) =>
  ordered(wanted, aroundOf({cluster: 'home', objects: there})).map(({ref}) => `${ref.kind}/${ref.id}`)

describe('the order of a plan', () => {
  it('is that of kinds and ids where nothing depends on anything, whatever the order of the wishes', () => {
    const wanted = [wish(['vm', 101], {}), wish(['storage', 'nfs'], {}), wish(['vm', 100], {})]
    expect(order(wanted)).to.deep.equal(['vm/100', 'vm/101', 'storage/nfs'])
    expect(order(wanted.toReversed())).to.deep.equal(['vm/100', 'vm/101', 'storage/nfs'])
  })

  it('makes things before what names them', () => {
    const wanted = [
      wish(['vm', 100], {scsi0: {file: 'nfs:32'}, net0: {model: 'virtio', bridge: 'v1'}}, {pool: 'web'}),
      wish(['pool', 'web'], {}),
      wish(['storage', 'nfs'], {type: 'nfs'}),
      wish(['sdn-vnet', 'v1'], {zone: 'z'}),
      wish(['sdn-zone', 'z'], {type: 'simple'}),
    ]
    const found = order(wanted)
    for (const [first, then] of [
      ['storage/nfs', 'vm/100'],
      ['pool/web', 'vm/100'],
      ['sdn-zone/z', 'sdn-vnet/v1'],
      ['sdn-vnet/v1', 'vm/100'],
    ] as const)
      expect(found.indexOf(first), `${first} before ${then}`).to.be.lessThan(found.indexOf(then))
  })

  it('lets go of what is to be destroyed, and destroys its parts, first', () => {
    const job = (vmid: string[]) => ({schedule: 'daily', vmid})
    const there = [
      object(['vm', 100]),
      object(['backup-job', 'b'], job(['100', '101'])),
      object(['firewall', 'guest/100']),
    ]
    const wanted = [
      wish(['vm', 100], null),
      wish(['backup-job', 'b'], job(['101'])),
      wish(['firewall', 'guest/100'], null),
    ]
    expect(order(wanted, ...there)).to.deep.equal(['backup-job/b', 'firewall/guest/100', 'vm/100'])
  })

  it('destroys linked clones before what they stand on', () => {
    const clone = (id: number) => object(['vm', id], {scsi0: {file: 'zfs:base-105-disk-0/vm-1-disk-0', size: '1G'}})
    const there = [object(['vm', 105], {template: 1}), clone(104), clone(106)]
    const wanted = [wish(['vm', 105], null), wish(['vm', 106], null), wish(['vm', 104], null)]
    expect(order(wanted, ...there)).to.deep.equal(['vm/104', 'vm/106', 'vm/105'])
  })

  it('lets one go of a thing before another takes it, and ends where two exchange theirs', () => {
    const rule = (resources: string[]) => ({type: 'node-affinity', resources})
    const there = [object(['ha-rule', 'b'], rule(['vm:100'])), object(['ha-rule', 'a'], rule(['vm:101']))]
    const takes = [wish(['ha-rule', 'a'], rule(['vm:100', 'vm:101'])), wish(['ha-rule', 'b'], rule(['vm:102']))]
    expect(order(takes, ...there)).to.deep.equal(['ha-rule/b', 'ha-rule/a'])
    const swap = [wish(['ha-rule', 'a'], rule(['vm:100'])), wish(['ha-rule', 'b'], rule(['vm:101']))]
    expect(order(swap, ...there)).to.deep.equal(['ha-rule/a', 'ha-rule/b'])
  })
})
