import {expect} from 'chai'
import {unifiedDiff} from '../src/network/diff.js'
import {prepareInterfaces} from '../src/network/checks.js'
import {readInterfaces} from '../src/network/interfaces.js'
import {printInterfaces} from '../src/network/print.js'
import {Lab, type Sent} from './support.js'

const none = {physical: [], up: []}

/** What PVE writes of a file that it has read. */
function rewritten(text: string): string {
  const config = readInterfaces(text, none)
  prepareInterfaces(config)
  return printInterfaces(config)
    .replace(/^#.*\n/gm, '')
    .trimStart()
}

describe('/etc/network/interfaces', () => {
  it('is written in the order of types, with what PVE does not know kept in its stanza', () => {
    const text =
      'auto lo\niface lo inet loopback\n\niface eno1 inet manual\n\nauto vmbr0\niface vmbr0 inet static\n\taddress 192.0.2.2/24\n' +
      '\tbridge-ports eno1\n\tbridge-stp off\n\tbridge-fd 0\n\tpost-up echo up\n\niface vmbr0 inet6 static\n\taddress 2001:db8::2/64\n' +
      '\tgateway 2001:db8::1\n\niface vlan7 inet manual\n\tvlan-raw-device eno1\n\nsource /etc/network/interfaces.d/*\n'
    expect(rewritten(text)).to.equal(text)
  })

  it('tells addresses from netmasks in either form', () => {
    const {interfaces} = readInterfaces('iface eno1 inet static\n\taddress 192.0.2.2\n\tnetmask 255.255.252.0\n', none)
    expect(interfaces.eno1).to.include({cidr: '192.0.2.2/22', netmask: '22', type: 'eth', method6: 'manual'})
  })

  it('is compared as diff does: three lines around a change, and what touches put together', () => {
    const lines = Array.from({length: 30}, (_, index) => `line ${index}`)
    const changed = lines.map((line) => (line === 'line 10' ? 'new' : line)).filter((line) => line !== 'line 25')
    const file = (list: string[]) => ({name: '/f', text: `${list.join('\n')}\n`, time: 0})
    const [, , ...diff] = unifiedDiff(file(lines), file(changed)).trimEnd().split('\n')
    expect(diff.filter((line) => !line.startsWith(' '))).to.deep.equal([
      '@@ -8,7 +8,7 @@',
      '-line 10',
      '+new',
      '@@ -23,7 +23,6 @@',
      '-line 25',
    ])
  })
})

describe("a node's network", () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  afterEach(() => lab.stop())

  const path = '/nodes/pve1/network'
  const refusal = async (sent: Record<string, string>, at = path, method = 'POST'): Promise<unknown> => {
    const {status, reason, body} = await lab.send(at, {method, form: sent} as Sent)
    return status === 400 ? body.errors : status === 200 ? 'taken' : reason
  }

  it('shows cards that exist and what is started as active, once the change is applied', async () => {
    await lab.run('POST', path, {iface: 'vmbr7', type: 'bridge', autostart: '1'})
    const before = await lab.get<Record<string, unknown>>(`${path}/vmbr7`)
    expect(before.active).to.equal(undefined)
    await lab.run('PUT', path)
    expect(await lab.get<object>(`${path}/vmbr7`)).to.include({active: 1, type: 'bridge', bridge_ports: ''})
    expect(await lab.get<object>(`${path}/eno1`)).to.include({active: 1, exists: 1})
    expect((await lab.send(path)).body).to.not.have.property('changes')
  })

  it('refuses what cannot be, with the text of the file writer', async () => {
    const refused: [Record<string, string>, unknown][] = [
      [{iface: 'bond0', type: 'bond', slaves: 'eno9'}, "bond 'bond0' - unable to find slave 'eno9'"],
      [{iface: 'bond0', type: 'bond', slaves: 'eno1'}, {slaves: "eno1 is already used on interface 'vmbr0'."}],
      [{iface: 'vmbr9.5', type: 'vlan'}, "vlan 'vmbr9.5' - unable to find parent 'vmbr9'"],
      [
        {iface: 'vmbr0.5', type: 'vlan', mtu: '9000'},
        "interface 'vmbr0' - mtu 1500 is lower than 'vmbr0.5' - mtu 9000",
      ],
      [
        {iface: 'vmbr1', type: 'bridge', cidr: '192.0.2.9/24', address: '192.0.2.9', netmask: '24'},
        {address: 'address conflicts with cidr'},
      ],
      [{iface: 'vmbr1', type: 'bridge', bridge_ports: 'eno7'}, "bridge 'vmbr1' - unable to find bridge port 'eno7'"],
      [{iface: 'ovsbond', type: 'OVSBond'}, {ovs_bridge: 'parameter is required'}],
      [{iface: 'port1', type: 'OVSIntPort', ovs_bridge: 'vmbr0'}, {ovs_bridge: "interface 'vmbr0' is no OVS bridge"}],
      [
        {iface: 'vmbr1', type: 'bridge', cidr6: 'ff02::1/64'},
        {address: "ff02::1 with type 'MULTICAST', cannot be used as host IPv6 address."},
      ],
    ]
    for (const [sent, text] of refused) expect(await refusal(sent), JSON.stringify(sent)).to.deep.equal(text)
    expect((await lab.send(path)).body, 'nothing was written').to.not.have.property('changes')
  })

  it('ties ports of Open vSwitch to their bridge and lets them go with it', async () => {
    await lab.run('POST', path, {iface: 'vmbr5', type: 'OVSBridge', autostart: '1'})
    await lab.run('POST', path, {iface: 'mgmt', type: 'OVSIntPort', ovs_bridge: 'vmbr5', ovs_tag: '7'})
    expect(await lab.get<object>(`${path}/vmbr5`)).to.include({ovs_ports: 'mgmt', ovs_type: 'OVSBridge'})
    expect(await lab.get<object>(`${path}/mgmt`)).to.include({ovs_bridge: 'vmbr5', ovs_tag: '7', type: 'OVSIntPort'})
    await lab.run('DELETE', `${path}/mgmt`)
    expect(await lab.get<object>(`${path}/vmbr5`)).to.not.have.property('ovs_ports')
  })

  it('keeps an address that a change does not name, as a manual interface', async () => {
    await lab.run('POST', path, {iface: 'vmbr6', type: 'bridge', cidr: '198.51.100.1/24', cidr6: '2600::1/64'})
    expect(await lab.get<object>(`${path}/vmbr6`)).to.deep.include({
      families: ['inet', 'inet6'],
      method6: 'static',
      cidr6: '2600::1/64',
    })
    await lab.run('PUT', `${path}/vmbr6`, {type: 'bridge', delete: 'cidr6'})
    expect(await lab.get<object>(`${path}/vmbr6`)).to.deep.include({
      families: ['inet'],
      method: 'manual',
      cidr: '198.51.100.1/24',
    })
  })
})
