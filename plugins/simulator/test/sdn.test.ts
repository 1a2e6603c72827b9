import {expect} from 'chai'
import {Lab} from './support.js'

describe('software-defined networks', () => {
  let lab: Lab
  const sdn = '/cluster/sdn'
  const start = async (pve: '8.4' | '9.2' = '9.2'): Promise<void> => {
    lab = await Lab.start({seed: 'cluster', pve})
  }
  beforeEach(() => start())
  afterEach(() => lab.stop())

  /** The text of a refused write, or `taken`. */
  async function refusal(method: string, path: string, form: Record<string, string> = {}): Promise<string> {
    const query = method === 'DELETE' ? `?${new URLSearchParams(form).toString()}` : ''
    const {status, body} = await lab.send(`${sdn}${path}${query}`, {method, ...(method !== 'DELETE' && {form})})
    return status === 200 ? 'taken' : String(body.message).trim()
  }

  const inner = (action: string, what: string, problem: string): string =>
    `${action} sdn ${what} object failed: 400 Parameter verification failed.\n${problem}`

  it('checks what zones and networks of each type may hold', async () => {
    await lab.run('POST', `${sdn}/controllers`, {controller: 'c1', type: 'evpn', asn: '65000', peers: '192.0.2.1'})
    await lab.run('POST', `${sdn}/zones`, {zone: 'ev', type: 'evpn', controller: 'c1', 'vrf-vxlan': '100'})
    await lab.run('POST', `${sdn}/zones`, {zone: 'vx', type: 'vxlan', peers: '192.0.2.1', nodes: 'pve2,pve1'})
    await lab.run('POST', `${sdn}/zones`, {zone: 'vl', type: 'vlan', bridge: 'vmbr0'})
    await lab.run('POST', `${sdn}/vnets`, {vnet: 'net1', zone: 'ev', tag: '7'})
    expect(await lab.get<object>(`${sdn}/zones/vx`)).to.include({nodes: 'pve1,pve2'})
    const refused: [string, string, Record<string, string>, string][] = [
      [
        'POST',
        '/zones',
        {zone: 'e2', type: 'evpn', controller: 'c1', 'vrf-vxlan': '100'},
        'create sdn zone object failed: vrf-vxlan 100 is already declared in ev',
      ],
      [
        'POST',
        '/zones',
        {zone: 'e2', type: 'evpn', controller: 'c9', 'vrf-vxlan': '101'},
        `create sdn zone object failed: controller c9 don't exist`,
      ],
      [
        'POST',
        '/zones',
        {zone: 's1', type: 'simple', dnszone: 'example.com'},
        inner('create', 'zone', 'dnszone: missing dns server'),
      ],
      ['PUT', '/zones/vl', {dhcp: 'dnsmasq'}, `update sdn zone object failed: unexpected property 'dhcp'`],
      [
        'PUT',
        '/zones/vl',
        {delete: 'bridge'},
        `update sdn zone object failed: unable to delete required option 'bridge'`,
      ],
      ['PUT', '/zones/vl', {delete: 'nothing'}, `update sdn zone object failed: no such option 'nothing'`],
      [
        'PUT',
        '/zones/vl',
        {delete: 'mtu', mtu: '1500'},
        `update sdn zone object failed: cannot set and delete property 'mtu' at the same time!`,
      ],
      [
        'POST',
        '/vnets',
        {vnet: 'net2', zone: 'vx', tag: '7'},
        inner('create', 'vnet', 'tag: vxlan tag 7 already exist in vnet net1 in zone ev'),
      ],
      [
        'POST',
        '/vnets',
        {vnet: 'net2', zone: 'vl', tag: '5000'},
        inner('create', 'vnet', 'tag: vlan tag max value is 4096'),
      ],
      [
        'PUT',
        '/vnets/net1',
        {delete: 'zone'},
        `update sdn vnet object failed: unable to delete required option 'zone'`,
      ],
      [
        'POST',
        '/controllers',
        {controller: 'b1', type: 'bgp', asn: '65000', node: 'pve1'},
        `missing value for required option 'peers'`,
      ],
      [
        'POST',
        '/ipams',
        {ipam: 'nb', type: 'netbox', url: 'http://192.0.2.9/api'},
        `missing value for required option 'token'`,
      ],
    ]
    for (const [method, path, form, text] of refused) expect(await refusal(method, path, form), text).to.equal(text)
  })

  it('knows subnets by what was sent, with ranges inside of them', async () => {
    await lab.run('POST', `${sdn}/zones`, {zone: 'z1', type: 'simple', ipam: 'pve'})
    await lab.run('POST', `${sdn}/vnets`, {vnet: 'v1', zone: 'z1'})
    const path = '/vnets/v1/subnets'
    const range = (from: string, to: string): string => `start-address=${from},end-address=${to}`
    const subnet = {subnet: '192.0.2.0/24', type: 'subnet'}
    const refused: [Record<string, string>, string][] = [
      [
        {...subnet, 'dhcp-range': range('192.0.2.20', '192.0.2.10')},
        'start-address 192.0.2.20 must be smaller than end-address 192.0.2.10',
      ],
      [
        {...subnet, 'dhcp-range': range('192.0.2.20', '192.0.3.10')},
        'end-address 192.0.3.10 is not in subnet 192.0.2.0/24',
      ],
    ]
    for (const [form, text] of refused)
      expect(await refusal('POST', path, form)).to.equal(inner('create', 'subnet', `dhcp-range: ${text}`))
    await lab.run('POST', `${sdn}${path}`, {...subnet, gateway: '192.0.2.1'})
    await lab.run('POST', `${sdn}${path}`, {subnet: '2001:db8::/64', type: 'subnet', gateway: '2001:DB8::1'})
    expect(await lab.get<object>(`${sdn}${path}/z1-2001:db8::-64`)).to.include({
      cidr: '2001:db8::/64',
      mask: '64',
      zone: 'z1',
    })
    expect(await refusal('PUT', '/vnets/v1', {vlanaware: '1'})).to.equal(
      inner('update', 'vnet', 'vlanaware: vlanaware vnet is not compatible with subnets'),
    )
    expect(await refusal('DELETE', `${path}/z1-198.51.100.0-24`), 'nothing is there').to.equal('taken')
  })

  it('has an IPAM of its own that cannot be changed', async () => {
    expect(await refusal('POST', '/ipams', {ipam: 'pve', type: 'pve'})).to.equal(
      `create sdn ipam object failed: sdn ipam object ID 'pve' already defined`,
    )
    expect(await refusal('PUT', '/ipams/pve', {url: 'http://192.0.2.9/'})).to.equal(
      `update sdn ipam object failed: unexpected property 'url'`,
    )
    expect((await lab.send(`${sdn}/ipams/none/status`)).reason).to.equal(`sdn 'none' does not exist`)
  })

  it('keeps addresses in its own IPAM, and subnets that have some', async () => {
    await lab.run('POST', `${sdn}/zones`, {zone: 'z1', type: 'simple', ipam: 'pve'})
    await lab.run('POST', `${sdn}/vnets`, {vnet: 'v1', zone: 'z1'})
    await lab.run('POST', `${sdn}/vnets/v1/subnets`, {subnet: '192.0.2.0/24', type: 'subnet', gateway: '192.0.2.1'})
    await lab.run('PUT', sdn)
    const entry = {zone: 'z1', ip: '192.0.2.7', mac: 'BC:24:11:00:00:01'}
    await lab.run('POST', `${sdn}/vnets/v1/ips`, entry)
    expect(await refusal('POST', '/vnets/v1/ips', entry)).to.equal(`IP '192.0.2.7' already exist`)
    await lab.run('PUT', `${sdn}/vnets/v1/ips`, {...entry, ip: '192.0.2.8', vmid: '100'})
    const known = await lab.get<object[]>(`${sdn}/ipams/pve/status`)
    expect(known).to.deep.include.members([
      {ip: '192.0.2.1', gateway: 1, zone: 'z1', vnet: 'v1', subnet: '192.0.2.0/24'},
      {ip: '192.0.2.8', mac: entry.mac, vmid: '100', zone: 'z1', vnet: 'v1', subnet: '192.0.2.0/24'},
    ])
    const subnet = '/vnets/v1/subnets/z1-192.0.2.0-24'
    expect(await refusal('DELETE', subnet)).to.equal(
      `delete sdn subnet object failed: cannot delete subnet '192.0.2.0/24', not empty`,
    )
    expect(await refusal('DELETE', '/vnets/v1/ips', {zone: 'z1', ip: '192.0.2.8'})).to.equal('taken')
    expect(await refusal('DELETE', subnet)).to.equal('taken')
  })

  it('is locked for others until the token comes back', async () => {
    const {data: token} = (await lab.send(`${sdn}/lock`, {method: 'POST', form: {}})).body
    const text = 'invalid lock token provided! at /usr/share/perl5/PVE/Network/SDN.pm line 305.'
    const zone = {zone: 'z1', type: 'simple'}
    expect(await refusal('POST', '/zones', zone)).to.equal(`create sdn zone object failed: ${text}`)
    expect(await refusal('POST', '/zones', {...zone, 'lock-token': token})).to.equal('taken')
    expect(await refusal('PUT', '', {})).to.equal(`could not commit SDN config: ${text}`)
    expect(await refusal('POST', '/rollback', {'lock-token': token})).to.equal('taken')
    expect(await lab.get<object[]>(`${sdn}/zones`), 'the change is gone').to.deep.equal([])
    expect(await refusal('POST', '/zones', zone), 'the lock stays unless release-lock is sent').to.contain(text)
    expect(await refusal('PUT', '', {'lock-token': token, 'release-lock': '1'})).to.equal('taken')
    expect(await refusal('POST', '/zones', zone)).to.equal('taken')
  })

  it('tells before an apply what that would change, and has all nodes reload', async () => {
    await lab.run('POST', `${sdn}/zones`, {zone: 'z1', type: 'simple'})
    await lab.run('POST', `${sdn}/vnets`, {vnet: 'v1', zone: 'z1'})
    await lab.run('POST', `${sdn}/vnets/v1/subnets`, {subnet: '192.0.2.0/24', type: 'subnet', gateway: '192.0.2.1'})
    const diff = await lab.get<Record<string, string>>(`${sdn}/dry-run?node=pve1`)
    const added = diff['interfaces-diff']!.split('\n').slice(3)
    expect(added).to.include.members([
      '+iface v1',
      '+\taddress 192.0.2.1/24',
      '+\tbridge_ports none',
      '+\tip-forward on',
    ])
    expect(await lab.get<object[]>('/nodes/pve1/network?type=vnet'), 'not yet').to.deep.equal([])
    await lab.run('PUT', sdn)
    expect((await lab.get<Record<string, unknown>>(`${sdn}/dry-run?node=pve1`))['interfaces-diff']).to.equal(undefined)
    expect((await lab.get<object[]>('/nodes/pve1/network?type=vnet'))[0]).to.include({
      iface: 'v1',
      type: 'vnet',
      active: 1,
    })
    const reloads = await lab.get<{node: string}[]>('/nodes/pve2/tasks?typefilter=srvreload')
    expect(reloads).to.have.length(1)
    expect(await lab.get<object[]>('/nodes/pve1/sdn/zones/z1/content')).to.deep.equal([
      {vnet: 'v1', status: 'available'},
    ])
  })

  it('has fabrics, route maps and prefix lists in 9.2 only', async () => {
    await lab.run('POST', `${sdn}/fabrics/fabric`, {id: 'fab', protocol: 'openfabric', ip_prefix: '192.0.2.0/24'})
    await lab.run('POST', `${sdn}/fabrics/node/fab`, {
      node_id: 'pve1',
      protocol: 'openfabric',
      ip: '192.0.2.1',
      interfaces: 'name=eno1',
    })
    expect(await refusal('POST', '/fabrics/node/fab', {node_id: 'pve2', protocol: 'ospf', ip: '192.0.2.2'})).to.equal(
      'adding node failed: node has a different protocol than the referenced fabric',
    )
    const all = await lab.get<{fabrics: object[]; nodes: object[]}>(`${sdn}/fabrics/all?pending=1`)
    expect(all.fabrics[0]).to.include({id: 'fab', state: 'new', protocol: 'openfabric'})
    expect(all.nodes[0]).to.include({node_id: 'pve1', fabric_id: 'fab', state: 'new'})
    await lab.run('DELETE', `${sdn}/fabrics/fabric/fab`)
    expect(await lab.get<object[]>(`${sdn}/fabrics/node`)).to.deep.equal([])
    await lab.run('POST', `${sdn}/route-maps/entries`, {'route-map-id': 'in1', order: '10', action: 'permit'})
    expect(await lab.get<object[]>(`${sdn}/route-maps`)).to.deep.equal([{id: 'in1'}])
    await lab.run('POST', `${sdn}/prefix-lists`, {id: 'pl1'})
    await lab.run('POST', `${sdn}/prefix-lists/pl1/entries`, {action: 'permit', prefix: '192.0.2.0/24', le: '32'})
    await lab.run('POST', `${sdn}/prefix-lists/pl1/entries`, {action: 'deny', prefix: '0.0.0.0/0'})
    const entries = await lab.get<{seq: number}[]>(`${sdn}/prefix-lists/pl1/entries`)
    expect(entries.map(({seq}) => seq)).to.deep.equal([5, 10])
    await lab.stop()
    await start('8.4')
    expect((await lab.get<{id: string}[]>(sdn)).map(({id}) => id)).to.not.include('fabrics')
    expect((await lab.send(`${sdn}/fabrics/fabric`)).status).to.equal(501)
  })
})
