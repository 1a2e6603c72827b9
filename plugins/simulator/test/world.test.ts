import {expect} from 'chai'
import {Lab} from './support.js'

interface Nic {
  name: string
  'hardware-address': string
  'ip-addresses': {'ip-address': string}[]
}

describe('what lies around a cluster', () => {
  let lab: Lab
  afterEach(() => lab.stop())
  const tokens = [{tokenid: 'root@pam!x', privsep: 0}]

  describe('an installation from an ISO, as Packer makes it', () => {
    const vm = '/nodes/a/qemu/100'
    const start = async (installs?: boolean): Promise<void> => {
      lab = await Lab.start({
        seed: {
          nodes: [{name: 'a'}],
          tokens,
          storages: [{storage: 'local', type: 'dir', config: {path: '/var/lib/vz', content: 'images,iso'}}],
          volumes: [{volid: 'local:iso/debian.iso', size: '600M'}],
          ...(installs !== undefined && {world: {installs}}),
        },
      })
      const config = {
        scsi0: 'local:8',
        ide2: 'local:iso/debian.iso,media=cdrom',
        net0: 'virtio,bridge=vmbr0',
        agent: '1',
      }
      expect(await lab.run('POST', '/nodes/a/qemu', {vmid: '100', memory: '1024', ...config})).to.equal('OK')
    }
    const interfaces = (): ReturnType<Lab['send']> => lab.send(`${vm}/agent/network-get-interfaces`)

    it('ends: the agent tells an address, and the machine shuts down and becomes a template', async () => {
      await start(true)
      expect((await interfaces()).reason).to.equal('VM 100 is not running')
      expect(await lab.run('POST', `${vm}/status/start`)).to.equal('OK')
      expect((await lab.send(`${vm}/sendkey`, {method: 'PUT', form: {key: 'ret'}})).status).to.equal(200)
      const {result} = (await interfaces()).body.data as {result: Nic[]}
      const {net0} = await lab.get<{net0: string}>(`${vm}/config`)
      const mac = /virtio=([^,]+)/.exec(net0)![1]!.toLowerCase()
      const card = result.find((nic) => nic['hardware-address'] === mac)!
      expect(card['ip-addresses'][0]!['ip-address']).to.match(/^\d+\.\d+\.\d+\.\d+$/)
      expect(await lab.run('POST', `${vm}/status/shutdown`)).to.equal('OK')
      expect(await lab.get(`${vm}/status/current`)).to.include({status: 'stopped'})
      await lab.run('PUT', `${vm}/config`, {ide2: 'none,media=cdrom'})
      expect(await lab.run('POST', `${vm}/template`)).to.equal('OK')
      expect(await lab.get(`${vm}/config`)).to.include({template: 1})
    })

    it('is a machine without a system unless the world says so', async () => {
      await start()
      await lab.run('POST', `${vm}/status/start`)
      expect((await interfaces()).reason).to.equal('QEMU guest agent is not running')
      expect(await lab.run('POST', `${vm}/status/shutdown`)).to.equal('VM quit/powerdown failed - got timeout')
    })

    it('holds for one that is started as it is made', async () => {
      await start(true)
      await lab.run('POST', '/nodes/a/qemu', {vmid: '101', agent: '1', net0: 'virtio,bridge=vmbr0', start: '1'})
      expect((await lab.send('/nodes/a/qemu/101/agent/network-get-interfaces')).status).to.equal(200)
      expect(await lab.run('POST', '/nodes/a/qemu/101/status/shutdown')).to.equal('OK')
    })
  })

  describe('services that do not answer', () => {
    /** One of each type that is looked at when it is made. */
    const storages: Record<string, Record<string, string>> = {
      nfs: {server: '192.0.2.9', export: '/x'},
      cifs: {server: '192.0.2.9', share: 'x'},
      esxi: {server: '192.0.2.9', username: 'u', password: 'p'},
      iscsi: {portal: '192.0.2.9', target: 'iqn.x'},
      lvmthin: {vgname: 'v', thinpool: 't'},
      zfspool: {pool: 'tank'},
      pbs: {server: '192.0.2.9', datastore: 'd', username: 'u@pbs', password: 'p'},
      cephfs: {monhost: '192.0.2.9'},
      btrfs: {path: '/mnt/b'},
      dir: {path: '/mnt/d'},
      lvm: {vgname: 'v'},
      rbd: {pool: 'p'},
      zfs: {portal: '192.0.2.9', target: 'iqn.x', pool: 'p', iscsiprovider: 'LIO', blocksize: '4k'},
      iscsidirect: {portal: '192.0.2.9', target: 'iqn.x'},
    }
    const url = 'https://192.0.2.9'
    const services: [path: string, form: Record<string, string>][] = [
      ...Object.entries(storages).map(([type, form]): [string, Record<string, string>] => [
        '/storage',
        {storage: `s-${type}`, type, ...form},
      ]),
      ['/cluster/sdn/ipams', {ipam: 'i1', type: 'netbox', url, token: 't'}],
      ['/cluster/sdn/ipams', {ipam: 'i2', type: 'phpipam', url, token: 't', section: '1'}],
      ['/cluster/sdn/dns', {dns: 'd1', type: 'powerdns', url, key: 'k'}],
    ]
    const made = async (offlineServices?: 'accept'): Promise<string[]> => {
      lab = await Lab.start({
        seed: {nodes: [{name: 'a'}], tokens, world: {offline: true}},
        ...(offlineServices && {offlineServices}),
      })
      const answers = []
      for (const [path, form] of services) answers.push((await lab.send(path, {method: 'POST', form})).reason)
      return answers
    }

    it('cannot be configured', async () => {
      const refused = services.map(([, {type}]) => type!)
      const answers = await made()
      const passed = refused.filter((_, index) => answers[index] === 'OK')
      expect(passed).to.have.members(['dir', 'lvm', 'rbd', 'zfs', 'iscsidirect'])
    })

    it('can be where that is asked for, and are listed', async () => {
      expect(new Set(await made('accept'))).to.deep.equal(new Set(['OK']))
      expect(await lab.get<unknown[]>('/storage')).to.have.length(Object.keys(storages).length)
      expect(await lab.get<unknown[]>('/cluster/sdn/dns')).to.have.length(1)
      expect((await lab.get<{ipam: string}[]>('/cluster/sdn/ipams')).map(({ipam}) => ipam)).to.include.members([
        'i1',
        'i2',
      ])
      const change = await lab.send('/cluster/sdn/ipams/i1', {method: 'PUT', form: {token: 'u'}})
      expect(change.reason).to.equal('OK')
    })
  })
})
