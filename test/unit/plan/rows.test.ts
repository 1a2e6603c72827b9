import {expect} from 'chai'
import {actionOf, next, type Around, type Wanted} from '../../../src/kit/plan/index.js'
import {aroundOf} from '../../../src/kit/plan/around.js'
import {observedDocument} from '../../../src/kit/reconcile/documents.js'
import type {Config, KindName, Observed, Scalar} from '../../../src/kit/resources/index.js'

const node: Observed = {kind: 'node', id: 'pve1', config: {}, facts: {version: '9.2.3', status: 'online'}}

const object = (kind: KindName, id: string, config: Config, facts: Record<string, Scalar> = {}): Observed => ({
  kind,
  id,
  config,
  facts,
})

const around = (...objects: Observed[]): Around => aroundOf({cluster: 'home', objects: [node, ...objects]})

/** A wish for an object: its configuration with some keys otherwise; null: it is to go. */
function wish(is: Observed, change: Record<string, Config[string] | undefined> | null): Wanted {
  const ref = {cluster: 'home', kind: is.kind, id: is.id}
  if (!change) return {ref, document: null, fields: []}
  const document = observedDocument(is, undefined)
  for (const [key, value] of Object.entries(change))
    if (value === undefined) delete document.config[key]
    else document.config[key] = value
  const fields = Object.entries(change).map(([key, want]) => ({
    field: `config.${key}`,
    is: is.config[key],
    want,
    commit: null,
  }))
  return {ref, document, fields}
}

const refusalOf = (is: Observed | null, wanted: Wanted, ...others: Observed[]) => {
  const found = next(is, wanted, around(...others))
  return found && 'refused' in found ? found.refused : undefined
}

describe('what Proxmox VE cannot do to an object', () => {
  const nfs = object('storage', 'nfs', {type: 'nfs', server: '192.0.2.7', export: '/srv', content: ['images']})
  const admin = object('role', 'Administrator', {privs: ['VM.Audit']}, {special: 1})
  const pam = object('realm', 'pam', {type: 'pam'})
  const rows: [string, Observed, Record<string, Config[string] | undefined> | null, code: string, field?: string][] = [
    ['another type', nfs, {type: 'dir'}, 'PMPC_PLAN_FIXED', 'config.type'],
    ['what only its type fixes', nfs, {server: '192.0.2.8'}, 'PMPC_PLAN_FIXED', 'config.server'],
    ['another role of PVE', admin, {privs: ['VM.Audit', 'VM.Console']}, 'PMPC_PLAN_BUILT_IN'],
    ['no realm of PVE', pam, null, 'PMPC_PLAN_BUILT_IN'],
    ['no root', object('user', 'root@pam', {enable: 1}), null, 'PMPC_PLAN_BUILT_IN'],
    ['an account that only root sees', object('acme-account', 'default', {}), null, 'PMPC_PLAN_OBSERVED_ONLY'],
    ['a group where there are rules', object('ha-group', 'g', {nodes: ['pve1']}), null, 'PMPC_PLAN_OTHER_VERSION'],
    ['no options', object('options', 'options', {keyboard: 'de'}), null, 'PMPC_PLAN_CANNOT_REMOVE'],
    ['that all nodes see it, or not', nfs, {shared: 0}, 'PMPC_PLAN_FIXED', 'config.shared'],
    [
      'a comment that PVE spoils',
      object('ha-rule', 'apart', {type: 'resource-affinity', affinity: 'negative', resources: ['vm:100', 'vm:101']}),
      {comment: 'räumlich'},
      'PMPC_PLAN_NOT_KEPT',
      'config.comment',
    ],
    [
      'a realm without its server',
      object('realm', 'dir', {type: 'ldap', server1: '192.0.2.7', base_dn: 'dc=a', user_attr: 'uid'}),
      {server1: undefined},
      'PMPC_PLAN_CANNOT_UNSET',
      'config.server1',
    ],
    [
      'no time zone',
      object('node', 'pve1', {timezone: 'UTC'}),
      {timezone: undefined},
      'PMPC_PLAN_CANNOT_UNSET',
      'config.timezone',
    ],
  ]
  for (const [what, is, change, code, field] of rows)
    it(`${is.kind} ${is.id}: ${what}`, () => {
      const refused = refusalOf(is, wish(is, change), is)
      expect(refused).to.include({code, ...(field !== undefined && {field})})
      expect(refused!.message).to.contain(String(is.id))
      expect(refused!.suggestions).to.not.deep.equal([])
    })

  it('node pve9: one that is not there', () => {
    const document = {kind: 'node', beside: {}, config: {timezone: 'UTC'}} as const
    const ref = {cluster: 'home', kind: 'node', id: 'pve9'} as const
    expect(refusalOf(null, {ref, document, fields: []})).to.include({code: 'PMPC_PLAN_CANNOT_MAKE'})
  })

  it('firewall guest/999: one of a guest that is not there', () => {
    const document = {kind: 'firewall', beside: {}, config: {options: {enable: 1}}} as const
    const ref = {cluster: 'home', kind: 'firewall', id: 'guest/999'} as const
    expect(refusalOf(null, {ref, document, fields: []})).to.include({code: 'PMPC_PLAN_NO_OWNER'})
  })
})

describe('the next step of an object', () => {
  it('sends nothing of what PVE tells and does not take, where it is made anew', () => {
    const config = {type: 'nfs', server: '192.0.2.7', export: '/srv', content: ['iso'], shared: 1}
    const found = next(null, wish(object('storage', 'nfs', config), {}), around())
    expect(found).to.deep.include({after: {kind: 'storage', id: 'nfs', config, facts: {}}})
    expect(found).to.have.nested.property('request.parameters.export', '/srv')
    expect(found).not.to.have.nested.property('request.parameters.shared')
  })

  it('leaves alone what moved since the wish was made', () => {
    const is = object('storage', 'nfs', {
      type: 'nfs',
      server: '192.0.2.7',
      export: '/srv',
      content: ['iso'],
      nodes: ['pve1'],
    })
    const wanted = wish(is, {nodes: ['pve1', 'pve2']})
    const moved = {...is, config: {...is.config, content: ['iso', 'backup']}}
    expect(next(moved, wanted, around())).to.deep.include({
      request: {method: 'PUT', path: '/storage/nfs', parameters: {nodes: 'pve1,pve2'}},
      after: {...moved, config: {...moved.config, nodes: ['pve1', 'pve2']}},
    })
  })

  it('sends nothing where what is wished is so, by other words', () => {
    const is = object('storage', 'dir', {type: 'dir', path: '/srv', content: ['iso'], disable: 1})
    const wanted = wish(is, {disable: 0})
    expect(next({...is, config: {type: 'dir', path: '/srv', content: ['iso']}}, wanted, around())).to.equal(undefined)
  })

  it('sends no mask: a secret is filled in when it is sent, and compared with nothing', () => {
    const ref = {cluster: 'home', kind: 'sdn-dns', id: 'one'} as const
    const config = {type: 'powerdns', url: 'https://dns.example.com/api', key: '**********'}
    const document = {kind: 'sdn-dns', beside: {}, config} as const
    const made = next(null, {ref, document, fields: []}, around())
    expect(made).to.have.nested.property('request.parameters.key').that.deep.equals({secret: 'key'})
    const is = object('sdn-dns', 'one', config)
    expect(next(is, wish(is, {key: '**********(key-1234)'}), around())).to.equal(undefined)
  })

  it('takes a group that goes out of its users and of the ACL', () => {
    const group = object('group', 'ops', {})
    const user = object('user', 'a@pve', {enable: 1, groups: ['dev', 'ops']})
    const acl = object('acl', 'acl', {'/': {'@ops': ['PVEAdmin'], 'a@pve': ['PVEAuditor']}})
    const step = next(group, wish(group, null), around(group, user, acl))
    expect(step).to.deep.include({
      also: [
        {kind: 'user', id: 'a@pve', after: {...user, config: {enable: 1, groups: ['dev']}}},
        {kind: 'acl', id: 'acl', after: {...acl, config: {'/': {'a@pve': ['PVEAuditor']}}}},
      ],
      effects: [{consequence: 'grants'}],
    })
  })

  it('says that the secret of a token is told once', () => {
    const user = object('user', 'a@pve', {enable: 1, expire: 0})
    const step = next(user, wish(user, {tokens: {ci: {privsep: 1, expire: 0}}}), around(user))
    expect(step).to.deep.include({
      request: {method: 'POST', path: '/access/users/a@pve/token/ci', parameters: {expire: 0, privsep: 1}},
      effects: [
        {
          field: 'config.tokens.ci.expire',
          consequence: 'grants',
          note: 'its secret is kept nowhere: have Proxmox VE make another one where it is used',
        },
        {field: 'config.tokens.ci.privsep', consequence: 'grants'},
      ],
    })
  })

  it('takes no right away before another is given', () => {
    const acl = object('acl', 'acl', {'/vms/100': {'a@pve': ['PVEAdmin']}})
    const wanted = wish(acl, {'/vms/100': {'a@pve': ['PVEAuditor']}})
    const given = next(acl, wanted, around(acl))
    expect(given).to.have.nested.property('request.parameters').that.deep.equals({
      path: '/vms/100',
      users: 'a@pve',
      roles: 'PVEAuditor',
      propagate: 1,
    })
  })
})

describe('what a change of an object can do', () => {
  const cases: [Observed, Record<string, Config[string] | undefined> | null, string[]][] = [
    [object('storage', 'dir', {type: 'dir', path: '/srv', content: ['iso']}), {content: ['iso', 'backup']}, ['live']],
    [object('user', 'a@pve', {enable: 1}), {comment: 'one', groups: ['ops']}, ['live', 'grants']],
    [object('user', 'a@pve', {enable: 1}), null, ['grants']],
    [object('pool', 'one', {}), {comment: 'one'}, ['live']],
    [object('options', 'options', {}), {keyboard: 'de'}, ['live']],
    [object('node', 'pve1', {timezone: 'UTC'}), {timezone: 'Europe/Vienna'}, ['live']],
    [object('node', 'pve1', {dns: {search: 'a.example'}}), {dns: {search: 'b.example'}}, ['cuts-network']],
    [object('network', 'pve1', {vmbr0: {type: 'bridge'}}), {vmbr0: {type: 'bridge', mtu: 9000}}, ['cuts-network']],
    [object('sdn-zone', 'one', {type: 'simple'}), {mtu: 1400}, ['cuts-network']],
    [object('firewall', 'node/pve1', {options: {enable: 0}}), {options: {enable: 1}}, ['cuts-network']],
    [
      object('ha-rule', 'one', {type: 'node-affinity', nodes: ['pve1'], resources: ['vm:100']}),
      {nodes: ['pve2']},
      ['migrate'],
    ],
    [object('cpu-model', 'one', {'reported-model': 'kvm64'}), {flags: ['+aes']}, ['pending-until-reboot']],
    [object('metric-server', 'one', {type: 'graphite', server: 'a', port: 1}), null, ['live']],
  ]
  for (const [is, change, expected] of cases)
    it(`${is.kind}: ${change ? Object.keys(change).join(', ') : 'it goes'}`, () => {
      const step = next(is, wish(is, change), around(is))
      if (!step || 'refused' in step) throw new Error(JSON.stringify(step))
      expect(step.effects.map(({consequence}) => consequence)).to.deep.equal(expected)
    })

  it('replication-job: its copies are gone with it', () => {
    const vm: Observed = {kind: 'vm', id: 100, config: {}, facts: {node: 'pve1'}}
    const job = object('replication-job', '100-0', {target: 'pve2'}, {source: 'pve1'})
    expect(next(job, wish(job, null), around(vm, job))).to.deep.include({
      effects: [{consequence: 'destroys-data', irreversible: true}],
      after: {...job, facts: {source: 'pve1', remove_job: 'full'}},
    })
  })

  it('ha-resource: stopping stops its guest, starting starts it', () => {
    const vm: Observed = {kind: 'vm', id: 100, config: {}, facts: {node: 'pve1'}}
    const told = (from: string, power: string) => {
      const is: Observed = {kind: 'ha-resource', id: 100, config: {}, facts: {state: from}}
      const document = {kind: 'ha-resource', beside: {power}, config: {}} as const
      const fields = [{field: 'power', is: undefined, want: power, commit: null}]
      return next(is, {ref: {cluster: 'home', kind: 'ha-resource', id: 100}, document, fields}, around(vm, is))
    }
    expect(told('started', 'stopped')).to.deep.include({effects: [{field: 'power', consequence: 'stops'}]})
    expect(told('stopped', 'running')).to.deep.include({effects: [{field: 'power', consequence: 'live'}]})
    expect(told('ignored', 'running')).to.equal(undefined)
  })
})

describe('a list in its order', () => {
  const rule = (dport: string, enable = 1): Config => ({type: 'in', action: 'ACCEPT', proto: 'tcp', dport, enable})
  const rules = (...list: Config[]) => object('security-group', 'web', {rules: list})

  /** The requests that make one list of another, and the places of what they leave. */
  function told(from: Config[], to: Config[]): string[] {
    let is = rules(...from)
    const wanted = wish(is, {rules: to})
    const lines: string[] = []
    for (;;) {
      const step = next(is, wanted, around())
      if (!step) return lines
      if ('refused' in step || lines.length > 50) throw new Error(JSON.stringify(step))
      const {method, path, parameters} = step.request
      lines.push([method, path.replace('/cluster/firewall/groups/web', ''), JSON.stringify(parameters)].join(' '))
      is = step.after!
    }
  }

  it('a rule that is new is made without effect, moved, and switched on', () => {
    expect(told([rule('22'), rule('80')], [rule('22'), rule('443'), rule('80')])).to.deep.equal([
      'POST  {"action":"ACCEPT","dport":"443","enable":0,"proto":"tcp","type":"in"}',
      'PUT /0 {"moveto":2}',
      'PUT /1 {"enable":1}',
    ])
  })

  it('the first of all needs no move', () => {
    expect(told([rule('80')], [rule('22'), rule('80')])).to.deep.equal([
      'POST  {"action":"ACCEPT","dport":"22","enable":1,"proto":"tcp","type":"in"}',
    ])
  })

  it('a rule that changes keeps its place, and says only what is new', () => {
    expect(told([rule('22'), rule('80')], [rule('22'), rule('8080')])).to.deep.equal(['PUT /1 {"dport":"8080"}'])
  })

  it('of rules in another order as few as can be are moved', () => {
    const [a, b, c, d] = ['22', '80', '443', '8006'].map((port) => rule(port))
    expect(told([a!, b!, c!, d!], [d!, a!, b!, c!])).to.deep.equal(['PUT /3 {"moveto":0}'])
    expect(told([a!, b!, c!, d!], [b!, c!, d!, a!])).to.deep.equal(['PUT /0 {"moveto":4}'])
  })

  it('what is there twice and wanted once goes once', () => {
    expect(told([rule('22'), rule('22')], [rule('22')])).to.deep.equal(['DELETE /1 {}'])
  })

  it('a long list is no matter of minutes', function () {
    this.timeout(20_000)
    const ports = (from: number) => Array.from({length: 100}, (_none, n) => rule(String(from + n)))
    const is = rules(...ports(1))
    const {steps} = actionOf(wish(is, {rules: [...ports(1).slice(30), ...ports(1000)]}), around(is), next)
    expect(steps.at(-1)!.after!.config.rules).to.deep.equal([...ports(1).slice(30), ...ports(1000)])
    // Each new one is made, moved and switched on, and thirty go.
    expect(steps).to.have.length(3 * 100 + 30)
  })
})
