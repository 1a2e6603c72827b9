import {expect} from 'chai'
import {Lab} from './support.js'

type Config = Record<string, string | number>
type Pending = {key: string; value?: string | number; pending?: string | number; delete?: number}[]

describe('guests of the simulator', () => {
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  after(() => lab.stop())

  it('allocates volumes, makes addresses and prints values as PVE does', async () => {
    const exit = await lab.run('POST', '/nodes/pve1/qemu', {
      vmid: '500',
      name: 'made',
      memory: '2048',
      cores: '2',
      tags: 'Web;app;web',
      scsi0: 'size=1G,file=local-zfs:32,ssd=1,discard=on',
      net0: 'bridge=vmbr0,model=virtio,firewall=1',
      efidisk0: 'local-zfs:1,efitype=4m',
    })
    expect(exit).to.equal('OK')
    const config = await lab.get<Config>('/nodes/pve1/qemu/500/config')
    expect(config).to.include({name: 'made', memory: '2048', cores: 2, tags: 'app;web'})
    expect(config.scsi0).to.match(/^local-zfs:vm-500-disk-\d,discard=on,size=32G,ssd=1$/)
    expect(config.efidisk0).to.match(/^local-zfs:vm-500-disk-\d,efitype=4m,size=\S+$/)
    expect(config.net0).to.match(/^virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0,firewall=1$/)
    expect(config).to.have.all.keys(
      ...['boot', 'cores', 'digest', 'efidisk0', 'memory', 'meta', 'name', 'net0'],
      ...['scsi0', 'smbios1', 'tags', 'vmgenid'],
    )
    const volumes = await lab.get<{volid: string; size: number}[]>('/nodes/pve1/storage/local-zfs/content?vmid=500')
    expect(volumes.map(({size}) => size)).to.include(32 * 1024 ** 3)
  })

  it('refuses what a guest elsewhere changed meanwhile', async () => {
    const path = '/nodes/pve1/qemu/500/config'
    const {digest} = await lab.get<Config>(path)
    await lab.run('PUT', path, {cores: '4', digest: String(digest)})
    const answer = await lab.send(path, {method: 'PUT', form: {cores: '8', digest: String(digest)}})
    expect(answer.status).to.equal(500)
    expect(answer.reason).to.match(/^checksum mismatch \(file change by other user\?\)/)
    expect((await lab.get<Config>(path)).cores).to.equal(4)
  })

  it('names every wrong parameter, and changes nothing', async () => {
    const answer = await lab.send('/nodes/pve1/qemu/500/config', {
      method: 'PUT',
      form: {cores: 'x', colour: 'red', onboot: '1'},
    })
    expect([answer.status, answer.reason]).to.deep.equal([400, 'Parameter verification failed.'])
    expect(answer.body.errors).to.have.all.keys('cores', 'colour')
    expect(await lab.get<Config>('/nodes/pve1/qemu/500/config')).to.not.have.property('onboot')
  })

  it('holds back what a running guest cannot take, until it is started anew', async () => {
    const path = '/nodes/pve1/qemu/500'
    await lab.run('POST', `${path}/status/start`)
    await lab.run('PUT', `${path}/config`, {memory: '4096', description: 'at once'})
    const pending = await lab.get<Pending>(`${path}/pending`)
    expect(pending.find(({key}) => key === 'memory')).to.include({value: '2048', pending: '4096'})
    expect((await lab.get<Config>(`${path}/config`)).memory).to.equal('4096')
    const current = await lab.get<Config>(`${path}/config?current=1`)
    expect(current).to.include({memory: '2048', description: 'at once'})
    await lab.run('PUT', `${path}/config`, {revert: 'memory'})
    expect((await lab.get<Config>(`${path}/config`)).memory).to.equal('2048')
    await lab.run('PUT', `${path}/config`, {memory: '8192'})
    await lab.run('POST', `${path}/status/stop`)
    await lab.run('POST', `${path}/status/start`)
    expect((await lab.get<Config>(`${path}/config?current=1`)).memory).to.equal('8192')
  })

  it('takes snapshots and goes back to them', async () => {
    const path = '/nodes/pve3/qemu/110'
    const before = await lab.get<Config>(`${path}/config`)
    expect(await lab.run('POST', `${path}/snapshot`, {snapname: 'before', description: 'a\nb'})).to.equal('OK')
    await lab.run('PUT', `${path}/config`, {memory: '512'})
    expect(await lab.run('POST', `${path}/snapshot/before/rollback`)).to.equal('OK')
    expect((await lab.get<Config>(`${path}/config`)).memory).to.equal(before.memory)
    const list = await lab.get<{name: string}[]>(`${path}/snapshot`)
    expect(list.map(({name}) => name).sort()).to.deep.equal(['before', 'current'])
    expect(await lab.run('DELETE', `${path}/snapshot/before`)).to.equal('OK')
  })

  it('migrates, clones, resizes and turns into templates', async () => {
    expect(
      await lab.run('POST', '/nodes/pve1/qemu/100/migrate', {target: 'pve3', online: '1', 'with-local-disks': '1'}),
    ).to.equal('OK')
    expect((await lab.send('/nodes/pve1/qemu/100/config')).status).to.equal(500)
    expect(await lab.get<Config>('/nodes/pve3/qemu/100/status/current')).to.include({status: 'running'})
    expect(await lab.run('POST', '/nodes/pve1/qemu/9000/clone', {newid: '501', name: 'copy', full: '1'})).to.equal('OK')
    const copy = await lab.get<Config>('/nodes/pve1/qemu/501/config')
    expect(copy).to.include({name: 'copy'}).and.not.have.property('template')
    const drive = Object.keys(copy).find(
      (key) => /^(scsi|virtio|sata)\d+$/.test(key) && !String(copy[key]).includes('cdrom'),
    )!
    expect(await lab.run('PUT', '/nodes/pve1/qemu/501/resize', {disk: drive, size: '+1G'})).to.be.oneOf(['OK', null])
    expect(await lab.run('POST', '/nodes/pve1/qemu/501/template')).to.be.oneOf(['OK', null])
    expect(await lab.get('/nodes/pve1/qemu/501/config')).to.include({template: 1})
  })

  it('deletes guests with their volumes, and only stopped ones', async () => {
    const running = await lab.send('/nodes/pve1/qemu/500', {method: 'DELETE'})
    expect([running.status, running.reason]).to.deep.equal([500, 'VM 500 is running - destroy failed'])
    await lab.run('POST', '/nodes/pve1/qemu/500/status/stop')
    expect(await lab.run('DELETE', '/nodes/pve1/qemu/500', {purge: '1'})).to.equal('OK')
    expect(await lab.get('/nodes/pve1/storage/local-zfs/content?vmid=500')).to.have.length(0)
    expect((await lab.send('/nodes/pve1/qemu/500/config')).status).to.equal(500)
  })

  it('serves containers', async () => {
    const made = await lab
      .run('POST', '/nodes/pve2/lxc', {
        vmid: '510',
        hostname: 'ct',
        ostemplate: 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst',
        rootfs: 'local-zfs:8',
        net0: 'name=eth0,bridge=vmbr0,ip=dhcp',
      })
      .catch((error: Error) => error.message)
    expect(made).to.equal('OK')
    const config = await lab.get<Config>('/nodes/pve2/lxc/510/config')
    expect(config.rootfs).to.match(/^local-zfs:subvol-510-disk-0,size=8G$/)
    expect(config.net0).to.match(/^name=eth0,bridge=vmbr0,hwaddr=BC:24:11(:[0-9A-F]{2}){3},ip=dhcp,type=veth$/)
    expect(await lab.run('POST', '/nodes/pve2/lxc/510/status/start')).to.equal('OK')
    expect(await lab.get('/nodes/pve2/lxc/510/status/current')).to.include({status: 'running', vmid: 510})
  })

  it('tells of a task while it runs, and what it said', async () => {
    const slow = await Lab.start({seed: 'cluster', taskTime: 150})
    try {
      const upid = (await slow.send('/nodes/pve3/qemu/110/status/start', {method: 'POST'})).body.data as string
      expect(upid).to.match(/^UPID:pve3:[0-9A-F]{8}:[0-9A-F]{8}:[0-9A-F]{8}:qmstart:110:root@pam!sim:$/)
      const path = `/nodes/pve3/tasks/${upid}`
      expect(await slow.get(`${path}/status`)).to.include({status: 'running', type: 'qmstart', id: '110'})
      await new Promise((resolve) => setTimeout(resolve, 250))
      expect(await slow.get(`${path}/status`)).to.include({status: 'stopped', exitstatus: 'OK'})
      const log = await slow.get<{t: string}[]>(`${path}/log`)
      expect(log.at(-1)).to.include({t: 'TASK OK'})
    } finally {
      await slow.stop()
    }
  })
})
