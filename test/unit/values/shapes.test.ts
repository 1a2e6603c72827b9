import {expect} from 'chai'
import fc from 'fast-check'
import {kinds} from '../../../src/kit/resources/kinds/index.js'
import {decode, encode, equivalent, fromManifest, sameValue, toManifest} from '../../../src/kit/values/index.js'
import {configs} from './answers.js'

describe('values: by the shapes of the rows', () => {
  for (const {name: kind, shapes = {}} of kinds) {
    it(`are canonical, and the same after a manifest: ${kind}`, () => {
      fc.assert(
        fc.property(configs(kind), (config) => {
          for (const [key, raw] of Object.entries(config)) {
            const value = decode(kind, key, raw)
            const told = `${key} ${JSON.stringify(raw)}: ${JSON.stringify(value)}`
            expect(decode(kind, key, value), told).to.deep.equal(value)
            expect(fromManifest(kind, key, toManifest(kind, key, value)).value, told).to.deep.equal(value)
            expect(sameValue(kind, key, value, decode(kind, key, structuredClone(raw)))).to.equal(true)
            expect(equivalent(kind, key, value, structuredClone(value))).to.equal(true)
            expect(JSON.stringify(value)).not.to.include('hunter2222')
          }
        }),
        {numRuns: 40},
      )
    })

    it(`never fail and are the same after a manifest, whatever comes: ${kind}`, () => {
      const keys = [...Object.keys(shapes).filter((key) => key !== '*'), 'later']
      fc.assert(
        fc.property(fc.constantFrom(...keys), fc.jsonValue({maxDepth: 6}), (key, raw) => {
          fc.pre(raw !== null)
          const value = decode(kind, key, raw)
          const told = `${key} ${JSON.stringify(raw)}: ${JSON.stringify(value)}`
          expect(decode(kind, key, value), told).to.deep.equal(value)
          expect(fromManifest(kind, key, toManifest(kind, key, value)).value, told).to.deep.equal(value)
          expect(encode(kind, key, value)).to.be.a('string')
        }),
        {numRuns: 100},
      )
    })
  }
})

describe('values: what nests', () => {
  it('is a set from each of PVE’s texts, sorted, numbers as numbers where the contract has them', () => {
    for (const raw of ['b,a', 'b;a', ' b a ', 'b\0a', ['b', 'a', 'b']])
      expect(decode('role', 'privs', raw), JSON.stringify(raw)).to.deep.equal(['a', 'b'])
    expect(decode('backup-job', 'vmid', '1000,101')).to.deep.equal([101, 1000])
    expect(decode('backup-job', 'exclude-path', '/b\0/a b')).to.deep.equal(['/b', '/a b'])
    expect(decode('backup-job', 'exclude-path', ['/b', '/a b'])).to.deep.equal(['/b', '/a b'])
    expect(encode('backup-job', 'exclude-path', ['/a b'])).to.equal('/a b\0')
    expect(encode('options', 'registered-tags', ['a', 'b'])).to.equal('a;b')
  })

  it('is the same as a text and as an object', () => {
    const kept = {'keep-daily': 7, 'keep-last': 3}
    for (const [kind, raw] of [
      ['backup-job', {'keep-last': '3', 'keep-daily': 7}],
      ['backup-job', 'keep-last=3,keep-daily=7'],
      ['storage', 'keep-daily=7,keep-last=3'],
    ] as const)
      expect(decode(kind, 'prune-backups', raw)).to.deep.equal(kept)
    const range = [{'start-address': '192.0.2.10', 'end-address': '192.0.2.20'}]
    for (const raw of [['start-address=192.0.2.10,end-address=192.0.2.20'], range])
      expect(decode('sdn-vnet', 'subnets', {'192.0.2.0/24': {'dhcp-range': raw}})).to.deep.equal({
        '192.0.2.0/24': {'dhcp-range': range},
      })
    expect(decode('acl', '/vms', {'alice@pve': 'PVEVMUser PVEAuditor'})).to.deep.equal({
      'alice@pve': ['PVEAuditor', 'PVEVMUser'],
    })
  })

  it('is taken as people type it, without what has no value', () => {
    expect(fromManifest('user', 'tokens', {ci: {privsep: false, comment: null}})).to.deep.equal({
      value: {ci: {privsep: 0}},
      problems: [],
    })
    expect(fromManifest('acl', '/', {'@admins': 'Administrator'}).value).to.deep.equal({'@admins': ['Administrator']})
    expect(fromManifest('firewall', 'rules', [{type: 'in', enable: true}]).value).to.deep.equal([
      {type: 'in', enable: 1},
    ])
    expect(fromManifest('firewall', 'options', {enable: 'yes'}).value).to.deep.equal({enable: 1})
    const range = {'start-address': '192.0.2.10', 'end-address': '192.0.2.20'}
    const subnets = {'192.0.2.0/24': {'dhcp-range': ['start-address=192.0.2.10,end-address=192.0.2.20']}}
    expect(fromManifest('sdn-vnet', 'subnets', subnets)).to.deep.equal({
      value: {'192.0.2.0/24': {'dhcp-range': [range]}},
      problems: [],
    })
    expect(fromManifest('node', 'hosts', 'a\nb\n\n').value).to.equal('a\nb')
  })

  it('is told by its place where it is wrong', () => {
    const problems = (kind: 'sdn-vnet' | 'firewall', key: string, value: unknown) =>
      fromManifest(kind, key, value).problems
    expect(problems('sdn-vnet', 'subnets', {'192.0.2.0/24': 'x'})).to.deep.equal(['subnets["192.0.2.0/24"]: is no map'])
    expect(problems('firewall', 'rules', [{type: 'in'}, 'x'])).to.deep.equal(['rules[1]: is no map'])
    expect(problems('firewall', 'rules', 'x')).to.deep.equal(['rules: is no list of maps'])
    const rules = [{type: 'in', action: 'ACCEPT', dport: 22}, {typ: 'in'}, {dport: '99999', enable: true}]
    expect(problems('firewall', 'rules', rules)).to.deep.equal([
      'rules[1].typ: PVE 8.4 and 9.2 know no such key; did you mean type?',
      "rules[2].dport: invalid port '99999'",
    ])
    const members = {'10.0.0.0/8': {nomatch: 'maybe'}}
    expect(problems('firewall', 'ipsets', {blk: {members}})).to.deep.equal([
      `ipsets.blk.members["10.0.0.0/8"].nomatch: is true or false, not 'maybe'`,
    ])
    expect(problems('firewall', 'options', {enable: 1, log_ratelimit: 'enable=1,rate=bogus'})).to.deep.equal([
      'options.log_ratelimit.rate: value does not match the regex pattern',
    ])
  })

  it('is equivalent to its defaults', () => {
    expect(equivalent('backup-job', 'fleecing', {enabled: 1}, {enabled: 1, storage: 'a'})).to.equal(false)
    expect(equivalent('user', 'tokens', {ci: {}}, {})).to.equal(false)
    expect(equivalent('user', 'groups', [], undefined)).to.equal(true)
  })
})
