import {expect} from 'chai'
import {holdFacts, type Fact} from './support/facts.js'

const MiB = 1024 ** 2
const off = '/nodes/pve1/qemu/9000'

/** Storages that give room in pieces, with the size in bytes that a volume of `asked` KiB has there. */
const pieces: [storage: string, asked: number, size: number, efi: string, efiSize: number][] = [
  ['fast', 1025, 4 * MiB, '4M', 4 * MiB],
  ['fast', 4096, 4 * MiB, '4M', 4 * MiB],
  ['fast', 4097, 8 * MiB, '4M', 4 * MiB],
  ['local-zfs', 1025, 2 * MiB, '1M', MiB],
  ['ceph', 1025, 2 * MiB, '1M', MiB],
  ['plain', 1025, 1025 * 1024, '528K', 528 * 1024],
]

const plain: Fact['given'] = (sim) => {
  const config = {path: '/srv/plain', content: 'images,rootdir'}
  sim.state.storages.plain = {storage: 'plain', type: 'dir', config, total: 1e12, used: 0}
  sim.state.storages.thick = {storage: 'thick', type: 'lvm', config: {vgname: 'vg'}, total: 1e12, used: 0}
}

const sizes =
  (wanted: Record<string, number>): NonNullable<Fact['check']> =>
  (data: {volid: string; size: number}[]) => {
    for (const [name, size] of Object.entries(wanted)) {
      const found = data.find(({volid}) => volid.includes(name))
      expect(found?.size, `${name} in ${JSON.stringify(data.map(({volid}) => volid))}`).to.equal(size)
    }
  }

const facts: Fact[] = [
  ...pieces.flatMap(([storage, asked, size, efi, efiSize]): Fact[] => {
    const gib = asked / 1024 ** 2
    const contents = `/nodes/pve1/storage/${storage}/content`
    return [
      {
        fact: 'sizes',
        that: `a volume of ${asked} KiB is ${size} bytes on ${storage}`,
        given: plain,
        first: [
          {
            ask: `POST ${contents}`,
            with: {vmid: '9000', filename: storage === 'plain' ? 'vm-9000-new.raw' : 'vm-9000-new', size: `${asked}`},
          },
        ],
        ask: `GET ${contents}`,
        comes: '200',
        check: sizes({'vm-9000-new': size}),
      },
      {
        fact: 'sizes',
        that: `a disk of ${asked} KiB is told as it was asked for, and is ${size} bytes on ${storage}`,
        given: plain,
        first: [{ask: `PUT ${off}/config`, with: {scsi5: `${storage}:${gib}`}}],
        ask: `GET ${contents}?vmid=9000`,
        comes: '200',
        check: (data: {size: number}[]) => expect(data.map((one) => one.size)).to.include(size),
        then: [`${off}/config`, {scsi5: new RegExp(`,size=${asked % 1024 === 0 ? `${asked / 1024}M` : `${asked}K`}$`)}],
      },
      {
        fact: 'sizes',
        that: `the firmware's variables take ${efi} of ${storage}, and say so; state of a TPM 4M`,
        given: plain,
        first: [
          {
            ask: `PUT ${off}/config`,
            with: {efidisk0: `${storage}:1,efitype=4m`, tpmstate0: `${storage}:1,version=v2.0`},
          },
        ],
        ask: `GET ${contents}?vmid=9000`,
        comes: '200',
        check: (data: {size: number}[]) => expect(data.map((one) => one.size)).to.include.members([efiSize, 4 * MiB]),
        then: [`${off}/config`, {efidisk0: new RegExp(`,size=${efi}$`), tpmstate0: /,size=4M,/}],
      },
    ]
  }),
  {
    fact: 'sizes',
    that: 'LVM without a pool gives 4M at once, too',
    given: plain,
    first: [{ask: 'POST /nodes/pve1/storage/thick/content', with: {vmid: '9000', filename: 'vm-9000-new', size: '5M'}}],
    ask: 'GET /nodes/pve1/storage/thick/content',
    comes: '200',
    check: sizes({'vm-9000-new': 8 * MiB}),
  },
  {
    fact: 'sizes',
    that: 'a file system of ZFS has the size it is asked for',
    first: [
      {
        ask: 'POST /nodes/pve1/storage/local-zfs/content',
        with: {vmid: '200', filename: 'subvol-200-disk-9', size: '1025', format: 'subvol'},
      },
    ],
    ask: 'GET /nodes/pve1/storage/local-zfs/content?vmid=200',
    comes: '200',
    check: sizes({'subvol-200-disk-9': 1025 * 1024}),
  },
  {
    fact: 'sizes',
    that: 'a disk that grows is told as it was asked for',
    first: [{ask: 'PUT /nodes/pve2/qemu/102/resize', with: {disk: 'virtio0', size: '65537M'}}],
    ask: 'GET /nodes/pve2/storage/fast/content?vmid=102',
    comes: '200',
    check: sizes({'vm-102-disk-0': 65_540 * MiB}),
    then: ['/nodes/pve2/qemu/102/config', {virtio0: /size=65537M$/}],
  },
  {
    fact: 'sizes',
    that: 'the firmware’s variables are made anew where they are moved to',
    given: plain,
    first: [
      {ask: `PUT ${off}/config`, with: {efidisk0: 'fast:1,efitype=4m'}},
      {ask: `POST ${off}/move_disk`, with: {disk: 'efidisk0', storage: 'plain', format: 'raw'}},
    ],
    ask: 'GET /nodes/pve1/storage/plain/content',
    comes: '200',
    check: sizes({'9000/': 528 * 1024}),
    then: [`${off}/config`, {efidisk0: /,size=528K$/}],
  },
]

describe('sizes of volumes', () => holdFacts(facts))
