import {expect} from 'chai'
import {Lab} from './support.js'

describe('the firewall', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  afterEach(() => lab.stop())

  /** What a write is refused with, or `taken`. */
  async function refusal(path: string, form: Record<string, string>, method = 'POST'): Promise<unknown> {
    const {status, reason, body} = await lab.send(path, {method, form})
    return status === 400 ? body.errors : status === 200 ? 'taken' : reason
  }

  it('refuses rules that contradict themselves', async () => {
    const rule = {type: 'in', action: 'ACCEPT'}
    const refused: [Record<string, string>, unknown][] = [
      [{macro: 'ssh', proto: 'udp'}, {proto: "parameter 'proto' already define in macro (value = 'tcp')"}],
      [{macro: 'SSH', proto: 'tcp', dport: '23'}, {dport: "parameter 'dport' already define in macro (value = '22')"}],
      [{proto: 'gre', dport: '80'}, {dport: "protocol 'gre' does not support ports"}],
      [
        {proto: 'tcp', dport: '90:80'},
        {dport: "invalid format - backwards range '90:80' not allowed, did you mean '80:90'?\n"},
      ],
      [{proto: 'tcp', dport: 'nothing'}, {dport: "invalid format - invalid port 'nothing'\n"}],
      [{proto: 'tcp', sport: '80,'}, {sport: 'invalid format - extraneous commas in list\n'}],
      [{proto: 'tcp', 'icmp-type': 'any'}, {proto: "missing property - 'icmp-type' requires this property"}],
      [{proto: 'icmp', 'icmp-type': 'no-route'}, {'icmp-type': "invalid icmp-type 'no-route' for proto 'icmp'"}],
      [
        {source: '192.0.2.1,2001:db8::1'},
        {source: "invalid format - detected mixed ipv4/ipv6 addresses in address list '192.0.2.1,2001:db8::1'\n"},
      ],
      [{source: '192.0.2.1', dest: '2001:db8::1'}, {dest: 'detected mixed ipv4/ipv6 addresses in rule'}],
      [
        {source: '192.0.2.5/24'},
        {source: 'invalid format - invalid IP address: Invalid prefix 11000000000000000000001000000101/24\n'},
      ],
      [
        {source: '192.0.2.9-192.0.2.1'},
        {
          source:
            'invalid format - invalid IP address: Begin address is greater than End address 192.0.2.9 - 192.0.2.1\n',
        },
      ],
      [{source: '+sdn/none-all'}, {source: "no such ipset 'none-all'"}],
    ]
    for (const [sent, text] of refused)
      expect(await refusal('/cluster/firewall/rules', {...rule, ...sent}), JSON.stringify(sent)).to.deep.equal(text)
    expect(await refusal('/cluster/firewall/rules', {...rule, proto: 'tcp', dport: 'https,8000:8010'})).to.equal(
      'taken',
    )
    expect(await refusal('/nodes/pve1/qemu/100/firewall/rules', {...rule, iface: 'eth0'})).to.deep.equal({
      iface: String.raw`value does not match the regex pattern 'net\d+'`,
    })
  })

  it("digests of groups follow their names and comments, not their rules; a group's name is changed in the rules", async () => {
    const digest = async (): Promise<string> =>
      (await lab.get<{digest: string}[]>('/cluster/firewall/groups'))[0]!.digest
    await lab.run('POST', '/cluster/firewall/groups', {group: 'web', comment: 'shop'})
    const first = await digest()
    await lab.run('POST', '/cluster/firewall/groups/web', {type: 'in', action: 'ACCEPT', macro: 'HTTP'})
    expect(await digest()).to.equal(first)
    await lab.run('POST', '/nodes/pve1/qemu/100/firewall/rules', {type: 'group', action: 'web', source: '192.0.2.1'})
    await lab.run('POST', '/cluster/firewall/groups', {group: 'www', rename: 'web', digest: first})
    expect(await digest()).to.not.equal(first)
    const rules = await lab.get<object[]>('/nodes/pve1/qemu/100/firewall/rules')
    expect(rules[0]).to.include({type: 'group', action: 'www'})
    expect(rules[0], 'the file keeps no addresses of it').to.not.have.property('source')
    expect(await refusal('/cluster/firewall/groups', {group: 'www', rename: 'gone'})).to.deep.equal({
      group: "Security group 'gone' does not exist",
    })
  })

  it('writes networks without host bits, and a change of an entry takes away what it does not name', async () => {
    await lab.run('POST', '/cluster/firewall/ipset', {name: 'office'})
    await lab.run('POST', '/cluster/firewall/ipset/office', {cidr: '2001:DB8::7/64', comment: 'six', nomatch: '1'})
    await lab.run('POST', '/cluster/firewall/ipset/office', {cidr: '192.0.2.9/32'})
    const path = `/cluster/firewall/ipset/office/${encodeURIComponent('2001:db8::/64')}`
    expect(await lab.get<object>(path)).to.include({cidr: '2001:db8::/64', comment: 'six', nomatch: 1})
    await lab.run('PUT', path, {comment: 'v6'})
    expect(await lab.get<object>(path))
      .to.include({comment: 'v6'})
      .and.not.have.property('nomatch')
    expect((await lab.get<{cidr: string}[]>('/cluster/firewall/ipset/office')).map(({cidr}) => cidr)).to.deep.equal([
      '192.0.2.9',
      '2001:db8::/64',
    ])
  })

  it('of a virtual network is there once that is in force, for those with rights on it', async () => {
    await lab.run('POST', '/cluster/sdn/zones', {zone: 'z1', type: 'simple'})
    await lab.run('POST', '/cluster/sdn/vnets', {vnet: 'v1', zone: 'z1'})
    const path = '/cluster/sdn/vnets/v1/firewall'
    expect((await lab.send(`${path}/rules`)).reason).to.match(/^invalid vnet specified at /)
    await lab.run('PUT', '/cluster/sdn')
    await lab.run('POST', `${path}/rules`, {type: 'forward', action: 'DROP', source: '+sdn/v1-all', enable: '1'})
    expect(await lab.get<object[]>(`${path}/rules`)).to.have.length(1)
    expect(await refusal(`${path}/rules`, {type: 'in', action: 'DROP'})).to.deep.equal({
      type: "invalid rule type 'in' for rule_env 'vnet'",
    })
    await lab.run('PUT', `${path}/options`, {enable: '1', policy_forward: 'DROP'})
    expect(await lab.get<object>(`${path}/options`)).to.include({enable: 1, policy_forward: 'DROP'})
    expect((await lab.send(`${path}/rules`, {token: 'pmpc@pve!empty'})).reason).to.equal(
      'Permission check failed (/sdn/zones/z1/v1, SDN.Allocate|SDN.Audit)',
    )
  })
})
