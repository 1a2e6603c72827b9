import {expect} from 'chai'
import type {BackupItem, ImageItem, TaskItem} from '../../src/kit/live/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

const told = 'Read from the cluster just now; not recorded.\n'

for (const pve of ['8.4', '9.2'] as const)
  describe(`what is read from a cluster of Proxmox VE ${pve} when it is asked for`, () => {
    let lab: Lab
    let clone: Clone

    before(async () => {
      lab = await Lab.start({seed: 'cluster', pve})
      clone = await lab.workspace()
      await clone.must('sync')
      await lab.api('POST', '/nodes/pve1/vzdump', {vmid: 200, storage: 'local', protected: 1})
    })
    after(async () => lab.stop())

    it('are backups, of shared storages once, guest by guest', async () => {
      const items = (await clone.must('get', 'backups', '--json')).json<BackupItem[]>()
      assertSchema('get', items)
      expect(items.map(({guest, guestname, storage}) => ({guest, guestname, storage}))).to.deep.equal([
        {guest: 'vm/100', guestname: 'web01', storage: 'backup'},
        {guest: 'container/200', guestname: 'dns1', storage: 'local'},
      ])
      expect(items[0]).to.deep.include({
        ...{cluster: 'home', kind: 'backup', vmid: 100, shared: true, protected: false, date: '2026-11-01T02:00:03Z'},
        volid: 'backup:backup/vzdump-qemu-100-2026_11_01-02_00_03.vma.zst',
      })
      expect(items[1]).to.include({node: 'pve1', shared: false, protected: true})
      for (const {readAt} of items) expect(Date.parse(readAt)).to.be.greaterThan(0)
    })

    it('are backups of some guests, by id or name, or of a node, or of a name', async () => {
      const of = async (...args: string[]): Promise<(string | undefined)[]> =>
        (await clone.must('get', 'backups', '--json', ...args)).json<BackupItem[]>().map(({guest}) => guest)
      expect(await of('web01')).to.deep.equal(['vm/100'])
      expect(await of('vm/100', '200')).to.deep.equal(['vm/100', 'container/200'])
      expect(await of('110')).to.deep.equal([])
      expect(await of('--name', 'vzdump-lxc-*')).to.deep.equal(['container/200'])
      expect(await of('--node', 'pve2')).to.deep.equal(['vm/100'])
      expect(await of('--sort-by', '-date')).to.deep.equal(['container/200', 'vm/100'])
    })

    it('are tables that say so beside them', async () => {
      const {stdout, stderr} = await clone.must('get', 'backups')
      expect(stdout.split('\n')[0]).to.match(/^GUEST +GUEST NAME +DATE \(UTC\) +SIZE +STORAGE +NODE +NOTES +PROTECTED$/)
      expect(stdout).to.match(/^vm\/100 +web01 +2026-11-01 02:00 +8\.7 GiB +backup +web01 +no$/m)
      expect(stderr).to.equal(told)
      expect((await clone.must('get', 'images', '-o', 'name')).stderr).to.equal(told)
      expect((await clone.must('get', 'tasks', '-o', 'csv')).stderr).to.equal(told)
    })

    it('are images that guests are made from', async () => {
      const items = (await clone.must('get', 'images', '--node', 'pve1', '--json')).json<ImageItem[]>()
      assertSchema('get', items)
      expect(items.map(({volid, content, kind}) => ({volid, content, kind}))).to.deep.equal([
        {volid: 'backup:iso/virtio-win-0.1.266.iso', content: 'iso', kind: 'image'},
        {volid: 'local:iso/debian-12.9.0-amd64-netinst.iso', content: 'iso', kind: 'image'},
        {volid: 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst', content: 'vztmpl', kind: 'image'},
      ])
      const some = await clone.must('get', 'images', 'virtio*', '-o', 'name')
      expect(some.stdout).to.equal('backup:iso/virtio-win-0.1.266.iso\n')
    })

    it('are tasks, as pmpc task list has them', async () => {
      const items = (await clone.must('get', 'tasks', '--json')).json<TaskItem[]>()
      assertSchema('get', items)
      expect(items.map(({type, object}) => ({type, object}))).to.deep.equal([{type: 'vzdump', object: 'container/200'}])
      expect((await clone.must('get', 'tasks', '--status', 'error', '--json')).json()).to.deep.equal([])
      expect((await clone.must('get', 'tasks', 'dns1', '--json')).json()).to.have.length(1)
      expect(await clone.fails(['get', 'tasks', '--status', 'bad'])).to.include({code: 'PMPC_USAGE', exitCode: 64})
    })

    it('is not chosen by what it does not have', async () => {
      for (const args of [
        ['backups', '--pool', 'web'],
        ['images', '--status', 'running'],
        ['tasks', '-l', 'cores=4'],
        ['images', '--sort-by', 'cores'],
      ])
        expect(await clone.fails(['get', ...args]), args.join(' ')).to.include({
          code: 'PMPC_UNKNOWN_FIELD',
          exitCode: 64,
        })
    })

    it('are the storages that answer: of the others it is told', async () => {
      lab.simulator.simulation.faults.setNode('pve3', 'offline')
      lab.simulator.simulation.board.expire()
      const {stdout, stderr} = await clone.must('get', 'images')
      lab.simulator.simulation.faults.setNode('pve3', 'online')
      lab.simulator.simulation.board.round()
      expect(stdout)
        .to.match(/ pve2 /)
        .and.not.to.match(/ pve3 /)
      expect(stderr).to.include('home: storage local on pve3 is not in it')
    })

    it('are no backups for who may only look: the rights are named', async () => {
      const reader = await lab.workspace('reader', 'pmpc@pve!sync')
      const {stdout, stderr} = await reader.must('get', 'backups')
      expect(stdout).to.equal('')
      expect(stderr).to.include('VM.Backup').and.to.include('Datastore.AllocateSpace')
      expect((await reader.must('get', 'images', '-o', 'name')).stdout).to.include('debian-12.9.0')
    })
  })

describe('templates', () => {
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  after(async () => lab.stop())

  it('are guests of the state, and no cluster is asked for them', async () => {
    const clone = await lab.workspace()
    await clone.must('sync')
    await lab.simulator.stop()
    const {stdout, stderr} = await clone.must('get', 'templates')
    expect(stdout)
      .to.match(/^vm +9000 +debian-12-cloud /m)
      .and.not.to.include('web01')
    expect(stderr).not.to.include('just now')
    const items = (await clone.must('get', 'template', '--json')).json<{vmid: number}[]>()
    assertSchema('get', items)
    expect(items.map(({vmid}) => vmid)).to.deep.equal([9000])
    expect((await clone.must('get', 'templates', '--tag', 'none')).stderr).to.include('No templates were found.')
  })
})
