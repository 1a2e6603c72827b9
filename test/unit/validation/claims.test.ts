import {expect} from 'chai'
import {clashesIn} from '../../../src/kit/validation/index.js'
import type {Naming} from '../../../src/kit/resources/named.js'

const told = (...things: Naming[]): string[] =>
  clashesIn(things.map((naming) => ({naming}))).map(
    ({what, value, claimants}) =>
      `${what} ${value}: ${claimants.map(({thing, path}) => `${thing.naming.id} ${path.join('.')}`).join(', ')}`,
  )

const vm = (id: number, config: Naming['config']): Naming => ({kind: 'vm', id, config})

describe('what is claimed twice', () => {
  const net = (macaddr: string) => ({model: 'virtio', macaddr, bridge: 'vmbr0'})
  const cases: [string, Naming[], string[]][] = [
    [
      'MAC addresses, whatever their case',
      [
        vm(1, {net0: net('BC:24:11:00:00:0A')}),
        {kind: 'container', id: 2, config: {net3: {name: 'eth0', hwaddr: 'bc:24:11:00:00:0a'}}},
      ],
      ['mac BC:24:11:00:00:0A: 1 net0.macaddr, 2 net3.hwaddr'],
    ],
    [
      'addresses, however long their network is written and in whichever form',
      [
        vm(1, {ipconfig0: {ip: '10.0.0.1/24', ip6: '2001:db8::1/64'}}),
        vm(2, {ipconfig1: {ip: '10.0.0.1/16', ip6: '2001:0DB8:0:0::1/64'}}),
        {kind: 'network', id: 'pve1', config: {vmbr0: {type: 'bridge', cidr: '10.0.0.1/8'}}},
      ],
      [
        'address 10.0.0.1: 1 ipconfig0.ip, 2 ipconfig1.ip, pve1 vmbr0.cidr',
        'address 2001:db8::1: 1 ipconfig0.ip6, 2 ipconfig1.ip6',
      ],
    ],
    [
      'no words that stand for no address',
      [vm(1, {ipconfig0: {ip: 'dhcp', ip6: 'auto'}}), vm(2, {ipconfig0: {ip: 'dhcp', ip6: 'fe80::1/64'}})],
      [],
    ],
    [
      'nothing of templates',
      [vm(1, {template: 1, net0: net('BC:24:11:00:00:0A')}), vm(2, {net0: net('BC:24:11:00:00:0A')})],
      [],
    ],
    [
      'volumes, in one guest or in two',
      [
        vm(1, {scsi0: {file: 'a:vm-1-disk-0'}, scsi1: {file: 'a:vm-1-disk-0'}}),
        {
          kind: 'container',
          id: 2,
          config: {rootfs: {volume: 'a:subvol-2-disk-0'}, mp0: {volume: 'a:subvol-2-disk-0', mp: '/x'}},
        },
      ],
      ['volume a:vm-1-disk-0: 1 scsi0.file, 1 scsi1.file', 'volume a:subvol-2-disk-0: 2 rootfs.volume, 2 mp0.volume'],
    ],
    [
      'no images, no volumes that are yet to be made, and none that are shared',
      [1, 2].map((id) =>
        vm(id, {
          ide0: {file: 'a:iso/x.iso', media: 'cdrom'},
          ide1: {file: 'a:cloudinit', media: 'cdrom'},
          ide2: {file: 'none', media: 'cdrom'},
          scsi0: {file: 'a:32'},
          scsi1: {file: 'a:vm-1-disk-1', shared: 1},
          scsi2: {file: '/dev/sda'},
        }),
      ),
      [],
    ],
  ]
  for (const [what, things, expected] of cases) it(`are ${what}`, () => expect(told(...things)).to.deep.equal(expected))
})
