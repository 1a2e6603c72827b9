import {expect} from 'chai'
import {contendedKeys, createClient} from '../../../src/kit/proxmox/index.js'

describe('what a write needs to itself', () => {
  const rows: [string, Parameters<typeof contendedKeys>[0], string[]][] = [
    ['a read needs nothing', {method: 'GET', path: '/nodes/pve1/qemu/100/config'}, []],
    [
      'a change of options its guest',
      {method: 'PUT', path: '/nodes/pve1/qemu/100/config', body: {memory: 4096, net0: 'virtio,bridge=vmbr0'}},
      ['guest/100'],
    ],
    [
      'a new disk its storage too',
      {method: 'POST', path: '/nodes/pve1/qemu/100/config', body: {scsi1: 'local-lvm:32,ssd=1', ide2: 'nfs:cloudinit'}},
      ['guest/100', 'storage/local-lvm', 'storage/nfs'],
    ],
    [
      'a disk that exists does not',
      {method: 'PUT', path: '/nodes/pve1/qemu/100/config', body: {scsi1: 'local-lvm:vm-100-disk-0,ssd=1'}},
      ['guest/100'],
    ],
    [
      'a creation its id and storages',
      {method: 'POST', path: '/nodes/pve1/lxc', body: {vmid: 101, rootfs: 'local-lvm:8', storage: 'local'}},
      ['guest/101', 'storage/local', 'storage/local-lvm'],
    ],
    [
      'a clone its source',
      {method: 'POST', path: '/nodes/pve1/qemu/9000/clone', body: {newid: 102, storage: 'ceph'}},
      ['guest/9000', 'storage/ceph'],
    ],
    [
      'a move its target',
      {method: 'POST', path: '/nodes/pve1/qemu/100/move_disk', body: {disk: 'scsi0', storage: 'nfs'}},
      ['guest/100', 'storage/nfs'],
    ],
  ]
  for (const [name, request, keys] of rows) {
    it(name, () => {
      expect(contendedKeys(request)).to.deep.equal(keys)
    })
  }

  it('and gets: work with a key in common runs one after the other, other work beside it, in any order of keys', async () => {
    const client = createClient({endpoints: ['https://192.0.2.1:8006'], trust: {system: true}})
    const order: string[] = []
    const job = (name: string, keys: string[]) =>
      client.exclusive(keys, async () => {
        order.push(`+${name}`)
        await new Promise((done) => setImmediate(() => setImmediate(done)))
        order.push(`-${name}`)
      })
    await Promise.all([job('a', ['guest/1', 'storage/x']), job('b', ['storage/x', 'guest/2']), job('c', ['guest/3'])])
    expect(order.indexOf('-a')).to.be.lessThan(order.indexOf('+b'))
    expect(order.indexOf('+c')).to.be.lessThan(order.indexOf('-a'))
  })
})
