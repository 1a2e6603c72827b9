import {expect} from 'chai'
import {comesBetween, nextEvent} from '../src/backup/calendar.js'
import {dueJobs} from '../src/backup/scheduler.js'
import {Lab} from './support.js'

type Config = Record<string, string | number>
type Entry = Record<string, unknown> & {volid: string}

describe('backups of the simulator', () => {
  let lab: Lab
  beforeEach(async () => {
    lab = await Lab.start({seed: 'daemon'})
    await lab.run('POST', '/nodes/pve1/qemu', {
      vmid: '100',
      name: 'web',
      memory: '1024',
      scsi0: 'local:2,ssd=1',
      scsi1: 'data:1,format=qcow2',
      scsi2: 'local:1,backup=0',
      ide2: 'local:cloudinit',
      ide0: 'local:iso/debian-12.iso,media=cdrom',
      net0: 'virtio,bridge=vmbr0',
      description: 'kept',
    })
    await lab.run('POST', '/nodes/pve1/lxc', {
      vmid: '200',
      ostemplate: 'local:vztmpl/debian-12-standard_12.5-1_amd64.tar.gz',
      rootfs: 'local:1',
      mp0: 'local:2,mp=/data,backup=1',
      mp1: 'local:1,mp=/scratch',
      hostname: 'ct',
      net0: 'name=eth0,bridge=vmbr0,ip=dhcp',
      unprivileged: '1',
    })
  })
  afterEach(() => lab.stop())

  const vm = '/nodes/pve1/qemu/100'
  const ct = '/nodes/pve1/lxc/200'
  const backups = (storage = 'local'): Promise<Entry[]> =>
    lab.get<Entry[]>(`/nodes/pve1/storage/${storage}/content?content=backup`)

  const back = (form: Record<string, string>): Promise<string | null> => lab.run('POST', '/nodes/pve1/vzdump', form)

  async function logOf(type: string): Promise<string[]> {
    const {upid} = lab.simulator.simulation.state.tasks.find((task) => task.type === type)!
    return (await lab.get<{t: string}[]>(`/nodes/pve1/tasks/${upid}/log?limit=0`)).map(({t}) => t)
  }

  const refusal = async (method: string, path: string, form: Record<string, string>): Promise<string> => {
    const answer = await lab.send(path, {method, form})
    return answer.status === 200 ? 'OK' : answer.body.errors ? JSON.stringify(answer.body.errors) : answer.reason
  }

  it('makes archives with notes, and gives a machine back as it was', async () => {
    const before = await lab.get<Config>(`${vm}/config`)
    await lab.run('PUT', `${vm}/config`, {delete: 'scsi1'})
    await lab.run('PUT', `${vm}/config`, {scsi1: 'data:100/vm-100-disk-0.qcow2'})
    expect(
      await back({
        vmid: '100',
        compress: 'zstd',
        'notes-template': '{{guestname}} on {{node}}\\n2nd',
        protected: '1',
        storage: 'local',
      }),
    ).to.equal('OK')
    const [entry] = await backups()
    expect(entry).to.include({vmid: 100, subtype: 'qemu', format: 'vma.zst', notes: 'web on pve1', protected: 1})
    expect(entry!.volid).to.match(/^local:backup\/vzdump-qemu-100-\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d\.vma\.zst$/)
    expect(await lab.get(`/nodes/pve1/storage/local/content/${entry!.volid}`)).to.include({
      notes: 'web on pve1\n2nd',
      format: 'raw',
    })
    expect(await logOf('vzdump')).to.include.members([
      'INFO: status = stopped',
      'INFO: backup mode: stop',
      'INFO: VM Name: web',
      `INFO: include disk 'scsi1' 'data:100/vm-100-disk-0.qcow2' 1G`,
      `INFO: exclude disk 'scsi2' 'local:100/vm-100-disk-1.raw' (backup=no)`,
      'INFO: Backup job finished successfully',
    ])
    const text = await lab.get<string>(`/nodes/pve1/vzdump/extractconfig?volume=${entry!.volid}`)
    expect(text)
      .to.match(/^#kept\n/)
      .and.to.include('#qmdump#map:scsi1:drive-scsi1:data:qcow2:\n')

    expect(await lab.run('POST', '/nodes/pve1/qemu', {vmid: '101', archive: entry!.volid})).to.equal('OK')
    const copy = await lab.get<Config>('/nodes/pve1/qemu/101/config')
    expect(copy).to.include({
      name: 'web',
      scsi0: 'local:101/vm-101-disk-0.raw,size=2G,ssd=1',
      scsi1: 'data:101/vm-101-disk-0.qcow2,size=1G',
      ide0: before.ide0,
      net0: before.net0,
      smbios1: before.smbios1,
      meta: before.meta,
    })
    expect(copy.ide2).to.match(/^local:101\/vm-101-cloudinit\.qcow2/)
    expect(copy.vmgenid).to.not.equal(before.vmgenid)
    // What was left out of the backup comes back as a remark.
    expect(copy).to.not.have.property('scsi2')
    expect(copy.description).to.match(/^kept\nscsi2: local:100\/vm-100-disk-1\.raw,backup=0,size=1G$/)
  })

  it('restores over a machine: with force, off, unprotected and unlocked; disks that are not in the archive stay', async () => {
    await back({vmid: '100'})
    const {volid} = (await backups())[0]!
    const again = (form: Record<string, string> = {}): Promise<string | null> =>
      lab.run('POST', '/nodes/pve1/qemu', {vmid: '100', archive: volid, ...form})
    expect(await refusal('POST', '/nodes/pve1/qemu', {vmid: '100', archive: volid})).to.equal(
      `unable to restore VM 100 - VM 100 already exists on node 'pve1'`,
    )
    expect(await refusal('POST', '/nodes/pve1/qemu', {vmid: '100', archive: volid, scsi0: 'local:1'})).to.equal(
      `{"scsi0":"option conflicts with option 'archive'"}`,
    )
    await lab.run('PUT', `${vm}/config`, {protection: '1'})
    expect(await again({force: '1'})).to.equal('unable to restore VM 100 - - protection mode enabled')
    await lab.run('PUT', `${vm}/config`, {protection: '0'})
    await lab.run('POST', `${vm}/status/start`)
    expect(await again({force: '1'})).to.equal('unable to restore VM 100 - vm is running')
    expect(await lab.get<Config>(`${vm}/config`)).to.not.have.property('lock')
    await lab.run('POST', `${vm}/status/stop`)
    await lab.run('POST', `${vm}/config`, {memory: '4096', virtio3: 'data:1'})
    const old = await lab.get<Config>(`${vm}/config`)
    expect(await again({force: '1', unique: '1', storage: 'data', name: 'again'})).to.equal('OK')
    const config = await lab.get<Config>(`${vm}/config`)
    expect(config).to.include({memory: '1024', name: 'again'}).and.to.not.have.any.keys('virtio3', 'protection')
    expect(config.scsi0).to.match(/^data:100\/vm-100-disk-\d\.raw,size=2G,ssd=1$/)
    expect(config.net0)
      .to.match(/^virtio=BC:24:11:/)
      .and.not.equal(old.net0)
    expect(config.smbios1).to.not.equal(old.smbios1)
    const unused = Object.keys(config)
      .filter((key) => key.startsWith('unused'))
      .map((key) => config[key])
    expect(unused.sort()).to.deep.equal([String(old.virtio3).split(',')[0], 'local:100/vm-100-disk-1.raw'])
    lab.simulator.simulation.state.guests[100]!.lock = 'backup'
    expect(await refusal('POST', '/nodes/pve1/qemu', {vmid: '100', archive: volid, force: '1'})).to.equal(
      'unable to restore VM 100 - VM is locked (backup)',
    )
  })

  it('backs up and restores containers, without what is not in the archive', async () => {
    const before = await lab.get<Config>(`${ct}/config`)
    expect(await back({vmid: '200', storage: 'data', compress: 'gzip'})).to.equal('OK')
    const [entry] = await backups('data')
    expect(entry).to.include({vmid: 200, subtype: 'lxc', format: 'tar.gz'})
    expect(await logOf('vzdump')).to.include.members([
      `INFO: including mount point mp0 ('/data') in backup`,
      `INFO: excluding volume mount point mp1 ('/scratch') from backup (disabled)`,
    ])
    const form = {restore: '1', ostemplate: entry!.volid, storage: 'local'}
    expect(await refusal('POST', '/nodes/pve1/lxc', {...form, vmid: '200'})).to.equal(
      `CT 200 already exists on node 'pve1'`,
    )
    expect(await lab.run('POST', '/nodes/pve1/qemu', {vmid: '300', archive: entry!.volid})).to.match(
      /^ERROR: file '\/mnt\/data\/dump\/vzdump-lxc-200-.*' does not look like a QemuServer vzdump backup$/,
    )
    expect(await lab.run('POST', '/nodes/pve1/lxc', {...form, vmid: '201', unique: '1', hostname: 'copy'})).to.equal(
      'OK',
    )
    const copy = await lab.get<Config>('/nodes/pve1/lxc/201/config')
    expect(copy).to.include({hostname: 'copy', rootfs: 'local:201/vm-201-disk-0.raw,size=1G', unprivileged: 1})
    expect(copy.mp0).to.equal('local:201/vm-201-disk-1.raw,mp=/data,backup=1,size=2G')
    expect(copy.net0)
      .to.match(/hwaddr=BC:24:11/)
      .and.not.equal(before.net0)
    await lab.run('POST', `${ct}/status/start`)
    expect(await refusal('POST', '/nodes/pve1/lxc', {...form, vmid: '200', force: '1'})).to.equal(
      `can't overwrite running container`,
    )
    await lab.run('POST', `${ct}/status/stop`)
    expect(await lab.run('POST', '/nodes/pve1/lxc', {...form, vmid: '200', force: '1', rootfs: 'local:3'})).to.equal(
      'OK',
    )
    expect(await lab.get(`${ct}/config`)).to.include({
      rootfs: 'local:200/vm-200-disk-3.raw,size=3G',
      hostname: 'ct',
      net0: before.net0,
    })
    expect(
      await lab.run('POST', '/nodes/pve1/lxc', {
        ...form,
        vmid: '202',
        ostemplate: 'local:backup/vzdump-lxc-9-x.tar.zst',
      }),
    ).to.equal(`unable to restore CT 202 - volume 'local:backup/vzdump-lxc-9-x.tar.zst' does not exist`)
    expect(lab.simulator.simulation.state.guests[202]).to.equal(undefined)
  })

  it('refuses parameters that contradict each other, and what only root may say', async () => {
    const refused = (form: Record<string, string>): Promise<string> => refusal('POST', '/nodes/pve1/vzdump', form)
    expect(await refused({})).to.equal('{"vmid":"property is missing"}')
    expect(await refused({vmid: '100', all: '1'})).to.equal(`{"all":"option conflicts with option 'vmid'"}`)
    expect(await refused({vmid: '100', pool: 'x'})).to.equal(`{"pool":"option conflicts with option 'vmid'"}`)
    expect(await refused({vmid: '100', stdout: '1'})).to.equal(
      '{"stdout":"option is only allowed on the command line interface."}',
    )
    expect(await refused({vmid: '100', dumpdir: '/mnt/data'})).to.equal('{"dumpdir":"Only root may set this option."}')
    expect(await refused({vmid: '100', compress: 'xz'})).to.match(/does not have a value in the enumeration/)
    const nothing = await lab.send('/nodes/pve1/vzdump', {method: 'POST', form: {pool: 'none'}})
    expect(nothing.body.data).to.equal('OK')
    const weak = await lab.send('/nodes/pve1/vzdump', {method: 'POST', form: {vmid: '100'}, token: 'weak@pve!tok'})
    expect(weak.reason).to.equal('Permission check failed (/storage/local, Datastore.AllocateSpace)')
  })

  it('fails a job with those of its guests that fail, and lets go of all locks', async () => {
    lab.simulator.simulation.state.guests[200]!.lock = 'snapshot'
    expect(await back({vmid: '100,200,999'})).to.equal('job errors')
    const log = await logOf('vzdump')
    expect(log).to.include.members([
      'ERROR: Backup of VM 200 failed - CT is locked (snapshot)',
      `ERROR: Backup of VM 999 failed - unable to find VM '999'`,
      'INFO: Backup job finished with errors',
    ])
    expect(log.filter((line) => /^INFO: Finished Backup/.test(line))).to.have.length(1)
    expect(lab.simulator.simulation.state.guests[100]).to.not.have.property('lock')
    expect(await back({vmid: '100', storage: 'onlyiso'})).to.equal(
      `could not get storage information for 'onlyiso': can't use storage 'onlyiso' for backups - wrong content type`,
    )
    expect(lab.simulator.simulation.state.guests[100]).to.not.have.property('lock')
  })

  it('removes what need not be kept, and never what is protected', async () => {
    await back({vmid: '100', storage: 'local', protected: '1'})
    for (let count = 0; count < 3; count++) await back({vmid: '100', 'prune-backups': 'keep-last=2'})
    expect(await backups()).to.have.length(3)
    expect(await logOf('vzdump')).to.include('INFO: pruned 1 backup(s) not covered by keep-retention policy')
    const preview = await lab.get<{mark: string}[]>(
      '/nodes/pve1/storage/local/prunebackups?prune-backups=keep-last%3D1',
    )
    expect(preview.map(({mark}) => mark).sort()).to.deep.equal(['keep', 'protected', 'remove'])
    expect(await back({vmid: '100', 'prune-backups': 'keep-last=1', remove: '0'})).to.equal('job errors')
    expect(
      await lab.run('DELETE', '/nodes/pve1/storage/local/prunebackups', {vmid: '100', 'prune-backups': 'keep-last=1'}),
    ).to.equal('OK')
    expect(await backups()).to.have.length(2)
  })

  it('holds the lock `backup` while it works, and lets go when it is stopped', async () => {
    const slow = await Lab.start({seed: 'homelab', taskTime: 60_000})
    try {
      const [guest] = Object.values(slow.simulator.simulation.state.guests).filter(({lock}) => lock === undefined)
      const {body} = await slow.send('/nodes/pve/vzdump'.replace('pve', guest!.node), {
        method: 'POST',
        form: {vmid: String(guest!.vmid)},
      })
      expect(guest!.lock).to.equal('backup')
      await slow.send(`/nodes/${guest!.node}/tasks/${String(body.data)}`, {method: 'DELETE'})
      expect(guest).to.not.have.property('lock')
    } finally {
      await slow.stop()
    }
  })

  it('runs jobs that are due, and tells which guests none covers', async () => {
    await lab.run('POST', '/cluster/backup', {
      id: 'nightly',
      schedule: 'daily',
      vmid: '200',
      storage: 'local',
      'prune-backups': 'keep-last=1',
    })
    const [job] = await lab.get<{'next-run': number}[]>('/cluster/backup')
    const {scheduler} = lab.simulator.simulation
    expect(await scheduler.round(job!['next-run'] - 1)).to.have.length(0)
    expect(await scheduler.round(job!['next-run'])).to.have.length(1)
    expect(await scheduler.round(job!['next-run'])).to.have.length(0)
    await lab.simulator.simulation.tasks.ended(lab.simulator.simulation.state.tasks[0]!.upid)
    expect((await backups()).map(({vmid}) => vmid)).to.deep.equal([200])
    const uncovered = await lab.get<{vmid: number}[]>('/cluster/backup-info/not-backed-up')
    expect(uncovered.map(({vmid}) => vmid)).to.deep.equal([100])
    const tree = await lab.get<{children: {children: Record<string, unknown>[]}[]}>(
      '/cluster/backup/nightly/included_volumes',
    )
    expect(tree.children[0]!.children.map(({included, reason}) => [included, reason])).to.deep.equal([
      [1, 'rootfs'],
      [1, 'enabled'],
      [0, 'disabled'],
    ])
  })
})

describe('backups on a backup server', () => {
  it('are snapshots; machines come back while they run, and files can be looked at', async () => {
    const lab = await Lab.start({seed: 'cluster'})
    try {
      await lab.run('POST', '/storage', {storage: 'pbs', type: 'pbs', server: 'b', datastore: 's', username: 'u@pbs'})
      const form = {vmid: '110', storage: 'pbs', 'notes-template': 'n'}
      expect(await lab.run('POST', '/nodes/pve3/vzdump', form)).to.equal('OK')
      const [entry] = await lab.get<Entry[]>('/nodes/pve1/storage/pbs/content')
      expect(entry).to.include({vmid: 110, subtype: 'qemu', format: 'pbs-vm', notes: 'n', content: 'backup'})
      expect(entry!.volid).to.match(/^pbs:backup\/vm\/110\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      const restore = {vmid: '300', archive: entry!.volid, storage: 'local-zfs', 'live-restore': '1'}
      expect(await lab.run('POST', '/nodes/pve3/qemu', restore)).to.equal('OK')
      expect(await lab.get('/nodes/pve3/qemu/300/config')).to.include({
        sata0: 'local-zfs:vm-300-disk-1,discard=on,serial=WIN-0001,size=120G,ssd=1',
        efidisk0: 'local-zfs:vm-300-disk-0,efitype=4m,pre-enrolled-keys=1,size=1M',
      })
      const status = await lab.get<{status: string}>('/nodes/pve3/qemu/300/status/current')
      expect(status.status).to.equal('running')
      const files = await lab.get<{text: string}[]>(
        `/nodes/pve3/storage/pbs/file-restore/list?filepath=%2F&volume=${encodeURIComponent(entry!.volid)}`,
      )
      expect(files.map(({text}) => text)).to.deep.equal([
        'drive-efidisk0.img.fidx',
        'drive-sata0.img.fidx',
        'drive-tpmstate0.img.fidx',
      ])
    } finally {
      await lab.stop()
    }
  })

  it('may be restored over a guest by whoever may only back it up', async () => {
    const lab = await Lab.start({seed: 'cluster'})
    try {
      await lab.run('POST', '/nodes/pve3/vzdump', {vmid: '110', storage: 'backup'})
      const [{volid}] = (await lab.get<Entry[]>('/nodes/pve3/storage/backup/content?content=backup&vmid=110')) as [
        Entry,
      ]
      await lab.run('POST', '/access/roles', {roleid: 'Saver', privs: 'VM.Backup,Datastore.AllocateSpace'})
      await lab.run('PUT', '/access/acl', {path: '/vms/110', roles: 'Saver', tokens: 'pmpc@pve!empty'})
      await lab.run('PUT', '/access/acl', {path: '/vms/110', roles: 'Saver', users: 'pmpc@pve'})
      await lab.run('PUT', '/access/acl', {path: '/storage', roles: 'Saver', tokens: 'pmpc@pve!empty'})
      await lab.run('PUT', '/access/acl', {path: '/storage', roles: 'Saver', users: 'pmpc@pve'})
      const send = (form: Record<string, string>): Promise<{status: number}> =>
        lab.send('/nodes/pve3/qemu', {method: 'POST', form: {archive: volid, ...form}, token: 'pmpc@pve!empty'})
      expect((await send({vmid: '110', force: '1'})).status).to.equal(200)
      expect((await send({vmid: '112'})).status).to.equal(403)
    } finally {
      await lab.stop()
    }
  })
})

describe('backup jobs of the simulator', () => {
  it('a choice of guests takes the place of the one before', async () => {
    const lab = await Lab.start({seed: 'cluster'})
    try {
      const job = (): Promise<Config> => lab.get<Config>('/cluster/backup/night')
      await lab.run('POST', '/cluster/backup', {id: 'night', schedule: '03:00', exclude: '100', storage: 'backup'})
      expect(await job()).to.include({all: 1, exclude: '100'})
      await lab.run('PUT', '/cluster/backup/night', {vmid: '101'})
      expect(await job())
        .to.include({vmid: '101'})
        .and.to.not.have.any.keys('all', 'exclude')
      await lab.run('PUT', '/cluster/backup/night', {pool: 'web'})
      expect(await job())
        .to.include({pool: 'web'})
        .and.to.not.have.any.keys('vmid')
      // One task a node that has guests of the pool.
      const {scheduler} = lab.simulator.simulation
      const next = (await lab.get<{'next-run': number}[]>('/cluster/backup'))[0]!['next-run']
      expect(await scheduler.round(next)).to.have.length(3)
    } finally {
      await lab.stop()
    }
  })
})

describe('when calendar events come', () => {
  const after = Date.parse('2026-11-21T04:15:00Z') / 1000 // a Saturday
  const cases: [string, string | undefined][] = [
    ['daily', '2026-11-22T00:00:00'],
    ['hourly', '2026-11-21T05:00:00'],
    ['minutely', '2026-11-21T04:16:00'],
    ['weekly', '2026-11-23T00:00:00'],
    ['monthly', '2026-12-01T00:00:00'],
    ['quarterly', '2027-01-01T00:00:00'],
    ['yearly', '2027-01-01T00:00:00'],
    ['sat 03:00', '2026-11-28T03:00:00'],
    ['sat 04:15', '2026-11-28T04:15:00'],
    ['mon..fri 22:30', '2026-11-23T22:30:00'],
    ['fri..mon 01:00', '2026-11-22T01:00:00'],
    ['mon,wed', '2026-11-23T00:00:00'],
    ['*/15', '2026-11-21T04:30:00'],
    ['8..18:0/20', '2026-11-21T08:00:00'],
    ['0/6:05', '2026-11-21T06:05:00'],
    ['12:05:30', '2026-11-21T12:05:30'],
    ['*-1,7-1 02:00', '2027-01-01T02:00:00'],
    ['2028-02-29', '2028-02-29T00:00:00'],
    ['*-2-29', '2028-02-29T00:00:00'],
    ['2020-*-*', undefined],
  ]
  for (const [event, next] of cases)
    it(`${event}: ${next ?? 'never'}`, () => {
      const found = nextEvent(event, after)
      expect(found === undefined ? undefined : new Date(found * 1000).toISOString().slice(0, 19)).to.equal(next)
    })

  it('jobs that are off, or of another time, are not due', () => {
    const jobs = {a: {schedule: '05:00'}, b: {schedule: '05:00', enabled: 0}, c: {schedule: '06:00'}}
    expect(dueJobs(jobs, after, after + 3600)).to.deep.equal(['a'])
    expect(comesBetween('05:00', after, after + 45 * 60)).to.equal(true)
    expect(comesBetween('05:00', after, after + 45 * 60 - 1)).to.equal(false)
  })
})
