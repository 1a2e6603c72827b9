import {expect} from 'chai'
import {ignoreOf, type IgnoreSubject} from '../../../src/kit/workspace/ignore.js'
import {overviewOf} from '../../../src/kit/reconcile/overview.js'
import {manifest, vm} from '../reconcile/model.js'

describe('ignore rules', () => {
  const vm100: IgnoreSubject = {kind: 'vm', id: 100, pool: 'web', tags: ['db', 'prod']}

  it('leave an object out when all conditions of one rule hold', () => {
    const object = (...rules: Parameters<typeof ignoreOf>[0]) => ignoreOf(rules).object(vm100)
    expect(object({guest: 100})).to.equal(true)
    expect(object({pool: 'web', tag: 'db'})).to.equal(true)
    expect(object({pool: 'lab', tag: 'db'})).to.equal(false)
    expect(object({tag: 'db', kind: 'container'})).to.equal(false)
    expect(object({guest: 101}, {tag: 'prod'})).to.equal(true)
    expect(object({guest: 100, key: 'description'})).to.equal(false)
  })

  it('leave keys out of the objects that the rest of the rule means, and of no other', () => {
    const keys = ignoreOf([{key: 'description', guest: 100}]).keys
    expect(keys(vm100)('description')).to.equal(true)
    expect(keys(vm100)('memory')).to.equal(false)
    expect(keys({...vm100, id: 101})('description')).to.equal(false)
  })

  it('a pool of that name, and its guests, but no guest whose number equals a name', () => {
    const {object} = ignoreOf([{pool: 'web'}, {guest: 7}])
    expect(object({kind: 'pool', id: 'web'})).to.equal(true)
    expect(object({kind: 'storage', id: 'web'})).to.equal(false)
    expect(object({kind: 'pool', id: 7})).to.equal(false)
  })

  it('one object of a kind, or those whose ids are alike', () => {
    const role = (rule: string, id: string) => ignoreOf([{kind: 'role', id: rule}]).object({kind: 'role', id})
    expect(role('Night', 'Night')).to.equal(true)
    for (const id of ['night', 'Nights']) expect(role('Night', id), id).to.equal(false)
    for (const id of ['PVE', 'PVEAdmin']) expect(role('PVE*', id), id).to.equal(true)
    for (const id of ['aba', 'abba', 'axbya']) expect(role('a*b*a', id), id).to.equal(true)
    for (const id of ['aa', 'ab', 'abac', 'ba']) expect(role('a*b*a', id), id).to.equal(false)
    expect(role('a*a', 'a')).to.equal(false)
    expect(ignoreOf([{kind: 'role', id: '*'}]).object({kind: 'user', id: 'a'})).to.equal(false)
    expect(ignoreOf([{kind: 'vm', id: '100'}]).object(vm100)).to.equal(true)
    expect(ignoreOf([{kind: 'firewall', id: 'node/*'}]).object({kind: 'firewall', id: 'node/pve1'})).to.equal(true)
  })

  it('the parts of a guest that is left out', () => {
    const {object} = ignoreOf([{guest: 100}])
    expect(object({kind: 'firewall', id: 'guest/100'})).to.equal(true)
    expect(object({kind: 'ha-resource', id: 100})).to.equal(true)
    expect(object({kind: 'replication-job', id: '100-0'})).to.equal(true)
    expect(object({kind: 'firewall', id: 'guest/101'})).to.equal(false)
    expect(object({kind: 'firewall', id: 'cluster'})).to.equal(false)
  })

  it('what they leave out is no wish of ours', () => {
    const state = {cluster: 'home', objects: [vm({cores: 2})]}
    const declared = new Map([
      ['home/vm/100', manifest({cores: 2, description: 'ours'})],
      ['home/vm/900', {...manifest({}), id: 900}],
    ])
    const recorded = {cluster: 'home', state, items: [], undecided: [], committed: () => undefined, declared}
    expect(overviewOf(recorded).yours).to.have.length(2)
    const ignore = ignoreOf([{key: 'description'}, {guest: 900}])
    expect(overviewOf(recorded, ignore).yours).to.deep.equal([])
  })
})
