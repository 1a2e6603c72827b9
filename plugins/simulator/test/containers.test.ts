import {expect} from 'chai'
import {Lab} from './support.js'

type Config = Record<string, string | number>
type Pending = {key: string; value?: unknown; pending?: unknown; delete?: number}[]

const template = 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst'

for (const pve of ['8.4', '9.2'] as const) {
  describe(`containers on ${pve}`, () => {
    let lab: Lab
    const path = '/nodes/pve2/lxc/510'
    const configOf = (query = ''): Promise<Config> => lab.get<Config>(`${path}/config${query}`)
    const pendingOf = async (key: string): Promise<unknown> =>
      (await lab.get<Pending>(`${path}/pending`)).find((entry) => entry.key === key)
    const reasonOf = async (method: string, url: string, form: Record<string, string> = {}): Promise<string> => {
      const answer = await lab.send(url, {method, ...(method !== 'DELETE' && {form})})
      return `${answer.status} ${answer.reason}`
    }
    const make = (vmid: string, more: Record<string, string> = {}): Promise<string | null> =>
      lab.run('POST', '/nodes/pve2/lxc', {vmid, ostemplate: template, rootfs: 'local-zfs:8', ...more})

    beforeEach(async () => {
      lab = await Lab.start({seed: 'cluster', pve})
      await make('510', {hostname: 'ct', net0: 'name=eth0,bridge=vmbr0,ip=192.0.2.50/24', mp0: 'local-zfs:2,mp=/data'})
    })
    afterEach(() => lab.stop())

    it('give a NIC its address and type as soon as it is set', async () => {
      await lab.run('PUT', `${path}/config`, {net1: 'name=eth1,bridge=vmbr0'})
      expect((await configOf()).net1).to.match(/^name=eth1,bridge=vmbr0,hwaddr=BC:24:11(:[0-9A-F]{2}){3},type=veth$/)
      expect(await reasonOf('PUT', `${path}/config`, {net2: 'name=eth2,bridge=vmbr0,mtu=9000'})).to.equal(
        `500 net2: MTU size '9000' is bigger than bridge MTU '1500'`,
      )
      expect(await configOf()).to.not.have.property('net2')
    })

    it('take limits, NICs and new mount points while they run, and keep the rest for their end', async () => {
      await lab.run('POST', `${path}/status/start`)
      await lab.run('PUT', `${path}/config`, {
        memory: '1024',
        cores: '2',
        mp1: 'local-zfs:1,mp=/more',
        net0: 'name=eth0,bridge=vmbr0,ip=192.0.2.51/24',
        ostype: 'alpine',
        mp0: 'local-zfs:subvol-510-disk-1,mp=/other',
      })
      const now = await configOf('?current=1')
      expect(now).to.include({memory: 1024, cores: 2, mp1: 'local-zfs:subvol-510-disk-2,mp=/more,size=1G'})
      expect(now.net0).to.match(/ip=192.0.2.51/)
      expect(now).to.include({ostype: 'debian', mp0: 'local-zfs:subvol-510-disk-1,mp=/data,size=2G'})
      expect(await pendingOf('ostype')).to.deep.equal({key: 'ostype', value: 'debian', pending: 'alpine'})
      await lab.run('POST', `${path}/status/stop`)
      expect(await pendingOf('ostype')).to.deep.equal({key: 'ostype', value: 'alpine'})
      const later = await configOf('?current=1')
      expect(later).to.include({ostype: 'alpine', mp0: 'local-zfs:subvol-510-disk-1,mp=/other,size=2G'})
    })

    it('take what is pending as they move to another node, where they are stopped on the way', async () => {
      await lab.run('POST', `${path}/status/start`)
      await lab.run('PUT', `${path}/config`, {searchdomain: 'example.com', delete: 'mp0'})
      await lab.run('POST', `${path}/migrate`, {target: 'pve1', restart: '1'})
      const moved = '/nodes/pve1/lxc/510'
      const pending = await lab.get<Pending>(`${moved}/pending`)
      expect(pending.filter((entry) => entry.pending !== undefined || entry.delete !== undefined)).to.deep.equal([])
      expect(await lab.get<Config>(`${moved}/config?current=1`)).to.include({
        searchdomain: 'example.com',
        unused0: 'local-zfs:subvol-510-disk-1',
      })
      expect((await lab.get<{status: string}>(`${moved}/status/current`)).status).to.equal('running')
    })

    it('write nothing of a change that fails in part', async () => {
      lab.simulator.simulation.state.world.lxcLacks = ['cgroups']
      await lab.run('POST', `${path}/status/start`)
      const before = await configOf()
      const answer = await lab.send(`${path}/config`, {method: 'PUT', form: {description: 'new', memory: '2048'}})
      expect(answer.body.errors).to.deep.equal({
        memory: 'unable to hotplug memory: trying to change memory cgroup values: container not running\n',
      })
      expect(await configOf()).to.deep.equal(before)
    })

    it('keep the volume of a mount point that is taken away, until that is deleted too', async () => {
      await lab.run('PUT', `${path}/config`, {delete: 'mp0'})
      expect(await configOf())
        .to.include({unused0: 'local-zfs:subvol-510-disk-1'})
        .and.not.have.property('mp0')
      await lab.run('PUT', `${path}/config`, {delete: 'unused0'})
      expect(await configOf()).to.not.have.property('unused0')
      const volumes = await lab.get<{volid: string}[]>('/nodes/pve2/storage/local-zfs/content?vmid=510')
      expect(volumes.map(({volid}) => volid)).to.deep.equal(['local-zfs:subvol-510-disk-0'])
    })

    it('grow, never shrink, and say what is wrong', async () => {
      expect(await lab.run('PUT', `${path}/resize`, {disk: 'rootfs', size: '+2G'})).to.equal('OK')
      expect((await configOf()).rootfs).to.equal('local-zfs:subvol-510-disk-0,size=10G')
      const resize = (disk: string, size: string): Promise<string> => reasonOf('PUT', `${path}/resize`, {disk, size})
      expect(await resize('rootfs', '1G')).to.equal('500 unable to shrink disk size')
      expect(await resize('rootfs', '10G')).to.equal('500 disk is already at specified size')
      expect(await resize('mp7', '1G')).to.equal('500 format error')
    })

    it('move volumes to other storages and containers', async () => {
      expect(await lab.run('POST', `${path}/move_volume`, {volume: 'mp0', storage: 'ceph'})).to.equal('OK')
      expect(await configOf()).to.include({
        mp0: 'ceph:vm-510-disk-0,mp=/data,size=2G',
        unused0: 'local-zfs:subvol-510-disk-1',
      })
      await make('511')
      const move = {volume: 'mp0', 'target-vmid': '511', 'target-volume': 'mp3'}
      expect(await lab.run('POST', `${path}/move_volume`, move)).to.equal('OK')
      expect(await configOf()).to.not.have.property('mp0')
      expect(await lab.get<Config>('/nodes/pve2/lxc/511/config')).to.include({
        mp3: 'ceph:vm-511-disk-0,mp=/data,size=2G',
      })
      await lab.run('POST', `${path}/status/start`)
      expect(await reasonOf('POST', `${path}/move_volume`, {volume: 'rootfs', storage: 'ceph'})).to.equal(
        '500 cannot move volumes of a running container',
      )
    })

    it('are cloned in full with their name, or linked to a template', async () => {
      expect(await lab.run('POST', `${path}/clone`, {newid: '520'})).to.equal('OK')
      const copy = await lab.get<Config>('/nodes/pve2/lxc/520/config')
      expect(copy).to.include({hostname: 'ct'})
      expect(copy.rootfs).to.match(/^local-zfs:subvol-520-disk-\d,size=8G$/)
      expect(copy.net0).to.not.equal((await configOf()).net0)
      await lab.run('POST', '/nodes/pve2/lxc/520/template')
      const made = await lab.get<Config>('/nodes/pve2/lxc/520/config')
      expect(made).to.include({template: 1})
      expect(made.rootfs).to.match(/^local-zfs:basevol-520-disk-\d,size=8G$/)
      expect(await lab.run('POST', '/nodes/pve2/lxc/520/clone', {newid: '521', hostname: 'linked'})).to.equal('OK')
      const linked = await lab.get<Config>('/nodes/pve2/lxc/521/config')
      expect(linked).to.include({hostname: 'linked'}).and.not.have.property('template')
      expect(linked.rootfs).to.match(/basevol-520-disk-\d\/subvol-521-disk-\d,size=8G$/)
      // It is the clone's own, whatever it stands on.
      expect(await lab.run('PUT', '/nodes/pve2/lxc/521/resize', {disk: 'rootfs', size: '9G'})).to.equal('OK')
      expect(await reasonOf('POST', '/nodes/pve2/lxc/520/template')).to.equal(
        `500 you can't convert a template to a template`,
      )
    })

    it('are deleted only when they do not run, or by force', async () => {
      await lab.run('POST', `${path}/status/start`)
      expect(await reasonOf('DELETE', path)).to.equal('500 unable to destroy CT 510 - container is running')
      expect(await lab.run('DELETE', path, {force: '1', purge: '1'})).to.equal('OK')
      expect((await lab.send(`${path}/config`)).status).to.equal(500)
    })

    it('refuse to a token what is only for root@pam itself', async () => {
      const refused: [Record<string, string>, string][] = [
        [{dev0: '/dev/null'}, 'configuring device passthrough is only allowed for root@pam'],
        [{mp3: '/srv,mp=/srv'}, 'mount point type bind is only allowed for root@pam'],
        [{mp3: '/dev/sdb1,mp=/srv'}, 'mount point type device is only allowed for root@pam'],
        [{features: 'nesting=1,keyctl=1'}, 'changing feature flags (except nesting) is only allowed for root@pam'],
        [{hookscript: 'local:snippets/x.sh'}, 'changing the hookscript is only allowed for root@pam'],
      ]
      for (const [form, why] of refused)
        expect(await reasonOf('PUT', `${path}/config`, form)).to.equal(`403 Permission check failed (${why})`)
      expect(await reasonOf('PUT', `${path}/config`, {features: 'nesting=1'})).to.equal('200 OK')
      await make('512', {unprivileged: '0'})
      expect(await reasonOf('PUT', '/nodes/pve2/lxc/512/config', {features: 'nesting=1'})).to.equal(
        '403 Permission check failed (changing feature flags for privileged container is only allowed for root@pam)',
      )
    })

    it('tell their addresses while they run', async () => {
      expect(await lab.get(`${path}/interfaces`)).to.equal(null)
      await lab.run('POST', `${path}/status/start`)
      const list = await lab.get<{name: string; inet?: string}[]>(`${path}/interfaces`)
      expect(list.map(({name, inet}) => [name, inet])).to.deep.equal([
        ['lo', '127.0.0.1/8'],
        ['eth0', '192.0.2.50/24'],
      ])
    })

    it('open consoles, each with a task and a ticket of its own', async () => {
      await lab.run('POST', `${path}/status/start`)
      for (const kind of ['vncproxy', 'termproxy']) {
        const {body} = await lab.send(`${path}/${kind}`, {method: 'POST', form: {}})
        const screen = body.data as unknown as {port: string; ticket: string; upid: string}
        expect(screen.upid).to.match(/:vncproxy:510:/)
        const query = new URLSearchParams({port: screen.port, vncticket: screen.ticket})
        expect(await lab.get(`${path}/vncwebsocket?${query}`)).to.deep.equal({port: screen.port})
      }
      const {body} = await lab.send(`${path}/spiceproxy`, {method: 'POST', form: {}})
      expect(body.data).to.include({type: 'spice', title: 'CT 510'})
      await lab.run('POST', `${path}/status/stop`)
      expect(await reasonOf('POST', `${path}/spiceproxy`)).to.equal('500 CT 510 not running')
    })

    it('go to sleep and wake up', async () => {
      await lab.run('POST', `${path}/status/start`)
      expect(await lab.run('POST', `${path}/status/suspend`)).to.equal('OK')
      expect(await lab.get<Config>(`${path}/status/current`)).to.include({status: 'stopped'})
      expect(await lab.run('POST', `${path}/status/resume`)).to.equal('OK')
      expect(await lab.get<Config>(`${path}/status/current`)).to.include({status: 'running'})
      expect(await reasonOf('POST', `${path}/status/start`)).to.equal('500 CT 510 already running')
    })
  })
}
