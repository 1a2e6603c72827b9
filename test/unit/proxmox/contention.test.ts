import {expect} from 'chai'
import {Claims, type Claim} from '../../../src/kit/proxmox/claims.js'
import {claimsOf, createClient} from '../../../src/kit/proxmox/index.js'

const alone = (key: string) => ({key})
const node = {key: 'node/pve1', most: 4}
const storage = (name: string) => ({key: `storage/${name}`, most: 4})

describe('what a write needs to itself', () => {
  const rows: [string, Parameters<typeof claimsOf>, ReturnType<typeof claimsOf>][] = [
    ['a read needs nothing', [{method: 'GET', path: '/nodes/pve1/qemu/100/config'}], []],
    ['what is of the cluster neither', [{method: 'PUT', path: '/storage/nfs', body: {content: 'iso'}}], []],
    [
      'a change of options its guest',
      [{method: 'PUT', path: '/nodes/pve1/qemu/100/config', body: {memory: 4096, net0: 'virtio,bridge=vmbr0'}}],
      [alone('guest/100'), node],
    ],
    [
      'a new disk a place on its storage, too',
      [
        {
          method: 'POST',
          path: '/nodes/pve1/qemu/100/config',
          body: {scsi1: 'local-lvm:32,ssd=1', ide2: 'nfs:cloudinit'},
        },
      ],
      [alone('guest/100'), node, storage('local-lvm'), storage('nfs')],
    ],
    [
      'a disk that exists does not',
      [{method: 'PUT', path: '/nodes/pve1/qemu/100/config', body: {scsi1: 'local-lvm:vm-100-disk-0,ssd=1'}}],
      [alone('guest/100'), node],
    ],
    [
      'a creation its id, and places on its storages',
      [{method: 'POST', path: '/nodes/pve1/lxc', body: {vmid: 101, rootfs: 'local-lvm:8', storage: 'local'}}],
      [alone('guest/101'), node, storage('local'), storage('local-lvm')],
    ],
    [
      'a clone its source and the new one',
      [{method: 'POST', path: '/nodes/pve1/qemu/9000/clone', body: {newid: 102, storage: 'ceph'}}],
      [alone('guest/102'), alone('guest/9000'), node, storage('ceph')],
    ],
    [
      'a stopped source is shared',
      [{method: 'POST', path: '/nodes/pve1/qemu/9000/clone', body: {newid: 102}}, {isSourceStopped: true}],
      [alone('guest/102'), {key: 'guest/9000', most: Infinity}, node],
    ],
    [
      'a move its target',
      [{method: 'POST', path: '/nodes/pve1/qemu/100/move_disk', body: {disk: 'scsi0', storage: 'nfs'}}],
      [alone('guest/100'), node, storage('nfs')],
    ],
  ]
  for (const [name, given, claims] of rows) {
    it(name, () => {
      expect(claimsOf(...given)).to.deep.equal(claims)
    })
  }

  it('and gets: what claims the same alone runs one after the other, other work beside it, in any order of claims', async () => {
    const client = createClient({endpoints: ['https://192.0.2.1:8006'], trust: {system: true}})
    const order: string[] = []
    const job = (name: string, keys: string[]) =>
      client.holding(keys.map(alone), async () => {
        order.push(`+${name}`)
        await new Promise((done) => setImmediate(() => setImmediate(done)))
        order.push(`-${name}`)
      })
    await Promise.all([job('a', ['guest/1', 'storage/x']), job('b', ['storage/x', 'guest/2']), job('c', ['guest/3'])])
    expect(order.indexOf('-a')).to.be.lessThan(order.indexOf('+b'))
    expect(order.indexOf('+c')).to.be.lessThan(order.indexOf('-a'))
  })
  it('counts what is shared, in the order in which it came, and lets nothing of it in while it is held alone', async () => {
    const claims = new Claims()
    const order: string[] = []
    const ends = new Map<string, () => void>()
    const begin = (name: string, claim: Claim) =>
      claims.holding([claim], async () => {
        order.push(`+${name}`)
        await new Promise<void>((end) => ends.set(name, end))
        order.push(`-${name}`)
      })
    const turn = async () => new Promise((done) => setImmediate(done))
    const shared = {key: 'k', most: 2}
    const all = [
      begin('a', shared),
      begin('b', shared),
      begin('c', shared),
      begin('alone', {key: 'k'}),
      begin('d', shared),
    ]
    await turn()
    expect(order).to.deep.equal(['+a', '+b'])
    for (const [name, now] of [
      ['a', ['+a', '+b', '-a', '+c']],
      ['b', ['+a', '+b', '-a', '+c', '-b']],
      ['c', ['+a', '+b', '-a', '+c', '-b', '-c', '+alone']],
      ['alone', ['+a', '+b', '-a', '+c', '-b', '-c', '+alone', '-alone', '+d']],
    ] as const) {
      ends.get(name)!()
      await turn()
      expect(order).to.deep.equal(now)
    }
    ends.get('d')!()
    await Promise.all(all)
  })
})
