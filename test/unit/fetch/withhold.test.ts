import {expect} from 'chai'
import {withhold} from '../../../src/kit/fetch/withhold.js'
import type {ClusterState, Config, Observed} from '../../../src/kit/resources/index.js'
import {isWithheld} from '../../../src/kit/secrets/index.js'
import {allowOf} from '../../../src/kit/workspace/index.js'

function state(object: Partial<Observed> & {config: Config}): ClusterState {
  return {cluster: 'home', objects: [{kind: 'container', id: 200, facts: {}, ...object}]}
}

const storage = (config: Config) => state({kind: 'storage', id: 'nas', config})

describe('withholding secrets', () => {
  const fields = async (given: ClusterState) => (await withhold(given, {})).withheld.map(({field}) => field)

  it('sees them wherever PVE keeps a text: descriptions, arguments, a container’s environment, raw lines, mount options', async () => {
    const config: Config = {
      env: 'FOO=bar\0DB_PASSWORD=hunter2222',
      lxc: [['lxc.environment', 'API_KEY=hunter2222']],
      options: 'vers=3.0,password=hunter2222',
      args: '-foo secret=hunter2222',
      description: 'root pw: hunter2222',
      net0: {name: 'eth0', type: 'veth', token: 'hunter2222'},
      cipassword: '**********',
      tags: ['password', 'secret'],
      memory: 512,
    }
    const told = await fields(state({config}))
    expect(told).to.have.members(['env', 'lxc', 'options', 'args', 'description', 'net0'].map((key) => `config.${key}`))
    const {state: after} = await withhold(state({config}), {})
    expect(JSON.stringify(after)).to.not.include('hunter2222')
    expect(after.objects[0]!.config.env).to.match(/^FOO=bar\0DB_PASSWORD=\*{10}\(password-[0-9a-f]{4}\)$/)
    expect(after.objects[0]!.config).to.deep.include({
      cipassword: '**********',
      tags: ['password', 'secret'],
      memory: 512,
    })
    expect(after.objects[0]!.config.net0).to.deep.include({name: 'eth0', type: 'veth'})
  })

  it('sees them in what still runs, in snapshots, and in what pmpc does not know', async () => {
    const given = state({
      config: {},
      running: {env: 'TOKEN=hunter2222', memory: null},
      snapshots: [{name: 's1', description: 'password: hunter2222', snaptime: 1}, {name: 's2'}],
      extra: {note: 'pw: hunter2222', nested: {list: [{'client-key': 'hunter2222', size: 4096}]}, flag: true},
    })
    const {state: after, withheld} = await withhold(given, {})
    expect(withheld.map(({field, key}) => [field, key])).to.have.deep.members([
      ['running.env', 'env'],
      ['extra.note', 'note'],
      ['extra.nested', 'nested'],
      ['snapshots.s1', 'snapshots.s1'],
    ])
    const [object] = after.objects
    expect(JSON.stringify(object)).to.not.include('hunter2222')
    expect(object!.running!.memory).to.equal(null)
    expect(object!.snapshots).to.deep.include({name: 's2'})
    expect(object!.extra).to.deep.include({flag: true})
  })

  it('goes by the name of a key where PVE’s contract knows none, of every kind, and leaves switches alone', async () => {
    const config: Config = {
      truenas_apikey: '1-EXAMPLEKEY',
      freenas_password: 12345678,
      truenas_use_ssl: 1,
      truenas_token_auth: 1,
      token_length: 32,
      freenas_user: 'svc',
      server: 'token.example',
      // PVE's own: a number of a key, and the fingerprint of one
      'encryption-key': '4b:05:5a',
      password: '**********',
    }
    const {state: after, withheld} = await withhold(storage(config), {})
    expect(withheld.map(({key, looksLike}) => [key, looksLike])).to.deep.equal([
      ['truenas_apikey', 'a key'],
      ['freenas_password', 'a password'],
    ])
    const {truenas_apikey, freenas_password, ...rest} = after.objects[0]!.config
    expect(truenas_apikey).to.match(/^\*{10}\(key-[0-9a-f]{4}\)$/)
    expect(freenas_password).to.match(/^\*{10}\(password-[0-9a-f]{4}\)$/)
    for (const [key, value] of Object.entries(rest)) expect(value, key).to.equal(config[key])
    for (const kind of ['vm', 'container', 'pool', 'node'] as const)
      expect(
        await fields(state({kind, id: kind === 'vm' ? 1 : 'x', config: {'client-key': 'abc'}})),
        kind,
      ).to.have.length(1)
  })

  it('goes by the name of a key however deep it stands, but not by names that people give, nor by keys that PVE knows', async () => {
    const held = async (kind: Observed['kind'], config: Config) => {
      const {state: after} = await withhold(state({kind, id: 'x', config}), {})
      return after.objects[0]!.config
    }
    const known: [Observed['kind'], Config][] = [
      ['firewall', {aliases: {token: {cidr: '192.0.2.1'}}, ipsets: {secret: {comment: 'keys', members: {}}}}],
      ['user', {tokens: {'api-key': {comment: 'of the pipeline', expire: 1_800_000_000}}, keys: '**********'}],
      ['acl', {'/access': {'alice@pve!token': ['PVEAuditor']}}],
      ['network', {'tls-key': {type: 'bridge', bridge_ports: ['eno1']}}],
      ['sdn-vnet', {subnets: {'192.0.2.0/24': {gateway: '192.0.2.1'}}}],
    ]
    for (const [kind, config] of known) expect(await held(kind, config), kind).to.deep.equal(config)
    const rules = {rules: [{type: 'in', 'x-token': 'hunter2222'}], options: {my_secret: 'hunter2222', enable: 1}}
    const firewall = JSON.stringify(await held('firewall', rules))
    expect(firewall).to.not.include('hunter2222')
    expect(firewall).to.include('"type":"in"').and.include('"enable":1')
    // What is in a key that nobody knows is as unknown, also where a key beside it has that name.
    for (const kind of ['storage', 'vm', 'user'] as const)
      expect(
        JSON.stringify(await held(kind, {later: {password: 'hunter2222', 'encryption-key': 'hunter2222'}})),
      ).to.not.include('hunter2222')
    const token = await held('user', {tokens: {ci: {password: 'hunter2222', privsep: 0}}})
    expect(JSON.stringify(token)).to.match(
      /^{"tokens":{"ci":{"password":"\*{10}\(password-[0-9a-f]{4}\)","privsep":0}}}$/,
    )
  })

  it('gives the same bytes for the same secret, others for another one, and nothing of the place', async () => {
    const of = async (description: string, key = 'description') =>
      (await withhold(state({config: {[key]: description}}), {})).state.objects[0]!.config[key]
    const one = await of('pw: hunter2222')
    expect(await of('pw: hunter2222', 'args')).to.equal(one)
    expect(await of('pw: hunter3333')).to.not.equal(one)
    expect(await of('PW: hunter2222')).to.equal(String(one).replace('pw', 'PW'))
  })

  it('changes nothing the second time', async () => {
    const first = await withhold(
      state({config: {description: 'https://jo:hunter2222@nas pw: a b c d', 'my-key': 'x'}}),
      {},
    )
    const second = await withhold(first.state, {})
    expect(second.state).to.deep.equal(first.state)
    expect(second.withheld).to.deep.equal([])
  })

  it('tells what is new: another secret, not the one that was withheld before', async () => {
    const given = (password: string) => storage({freenas_password: password})
    const first = await withhold(given('hunter2222'), {})
    expect(first.withheld.map(({isNew}) => isNew)).to.deep.equal([true])
    const again = await withhold(given('hunter2222'), {before: first.state})
    expect(again.withheld.map(({isNew}) => isNew)).to.deep.equal([false])
    expect(again.state).to.deep.equal(first.state)
    const other = await withhold(given('hunter3333'), {before: first.state})
    expect(other.withheld.map(({isNew}) => isNew)).to.deep.equal([true])
  })

  it('leaves what the state before has as it is, for it is in Git: also where it only runs now', async () => {
    const before = state({config: {env: 'TOKEN=hunter2222'}})
    const now = state({config: {env: 'TOKEN=hunter3333'}, running: {env: 'TOKEN=hunter2222'}})
    const {state: after, withheld, inGit} = await withhold(now, {before})
    expect(after.objects[0]!.running).to.deep.equal({env: 'TOKEN=hunter2222'})
    expect(isWithheld(after.objects[0]!.config.env)).to.equal(true)
    expect(withheld.map(({field}) => field)).to.deep.equal(['config.env'])
    expect(inGit).to.deep.equal([
      {object: 'container/200', field: 'running.env', key: 'env', looksLike: 'a password or a key'},
    ])
  })

  it('lets through what pmpc.yaml allows, and what a person allows now, and nothing else', async () => {
    const given = state({config: {env: 'TOKEN=hunter2222', description: 'pw: hunter2222'}})
    const allow = allowOf([{object: 'home/container/200', key: 'env'}], 'home')
    const withheld = await withhold(given, {allow})
    expect(withheld.state.objects[0]!.config.env).to.equal('TOKEN=hunter2222')
    expect(isWithheld(withheld.state.objects[0]!.config.description)).to.equal(true)
    expect(
      (await withhold(given, {allow: allowOf([{object: 'container/201', key: 'env'}], 'home')})).withheld,
    ).to.have.length(2)
    expect(
      (await withhold(given, {allow: allowOf([{object: 'lab/container/200', key: 'env'}], 'home')})).withheld,
    ).to.have.length(2)
    const asked = await withhold(given, {})
    // A rule is by key: what is configured and what runs are asked about at once.
    const both = await withhold({...given, objects: [{...given.objects[0]!, running: {env: 'TOKEN=hunter3333'}}]}, {})
    expect(both.withheld.map(({field}) => field)).to.deep.equal(['config.env', 'config.description'])
    expect(both.reveal([both.withheld[0]!]).objects[0]!.running).to.deep.equal({env: 'TOKEN=hunter3333'})
    expect(asked.reveal(asked.withheld)).to.deep.equal(given)
    expect(asked.reveal(asked.withheld.filter(({key}) => key === 'env'))).to.deep.equal(withheld.state)
    expect(asked.reveal([])).to.deep.equal(asked.state)
  })
})
