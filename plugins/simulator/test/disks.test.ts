import {expect} from 'chai'
import {Lab} from './support.js'

interface Disk {
  devpath: string
  used?: string
  gpt: number
  mounted?: number
  parent?: string
  size: number
}

interface Status {
  storage: string
  active: number
  total: number
}

describe('disks of a node', () => {
  let lab: Lab
  const at = '/nodes/pve1'

  beforeEach(async () => (lab = await Lab.start({seed: 'cluster'})))
  afterEach(() => lab.stop())

  const disks = async (query = ''): Promise<Record<string, Disk>> => {
    const list = await lab.get<Disk[]>(`${at}/disks/list${query}`)
    return Object.fromEntries(list.map((disk) => [disk.devpath, disk]))
  }
  const uses = async (query = ''): Promise<Record<string, string | null | undefined>> =>
    Object.fromEntries(Object.entries(await disks(query)).map(([path, {used}]) => [path, used]))
  const status = async (name: string): Promise<Status | undefined> =>
    (await lab.get<Status[]>(`${at}/storage`)).find(({storage}) => storage === name)
  const refused = async (method: string, path: string, form: Record<string, string>): Promise<string> => {
    const answer = await lab.send(`${at}/disks/${path}`, {method, form})
    expect(answer.status).to.equal(500)
    return answer.reason
  }

  it('hold what the storages of the seed lie on, and one is free', async () => {
    expect(await uses()).to.deep.equal({
      '/dev/sda': 'BIOS boot',
      '/dev/sdb': 'BIOS boot',
      '/dev/sdc': 'LVM',
      '/dev/sdd': undefined,
    })
    expect(Object.keys(await disks('?type=unused'))).to.deep.equal(['/dev/sdd'])
    const parts = await uses('?include-partitions=1')
    expect(parts).to.include({
      '/dev/sda': 'partitions',
      '/dev/sda1': 'BIOS boot',
      '/dev/sda2': 'EFI',
      '/dev/sda3': 'ZFS',
    })
    expect(
      (await lab.get<{children: {name: string}[]}>(`${at}/disks/lvm`)).children.map(({name}) => name),
    ).to.deep.equal(['nvme'])
    expect(await lab.get(`${at}/disks/lvmthin`)).to.have.nested.property('[0].lv', 'thin')
    expect(await lab.get(`${at}/disks/zfs`)).to.have.nested.property('[0].name', 'rpool')
    expect(await lab.get(`${at}/disks/zfs/rpool`)).to.have.nested.property('children[0].children[0].name', 'mirror-0')
  })

  it('become storages of each kind, whose room is that of the disk, and are free again', async () => {
    const kinds: {kind: string; extra: Record<string, string>; used: string; scan?: string; found?: object}[] = [
      {kind: 'lvm', extra: {}, used: 'LVM', scan: 'lvm', found: {vg: 'extra'}},
      {kind: 'lvmthin', extra: {}, used: 'LVM', scan: 'lvmthin?vg=extra', found: {lv: 'extra'}},
      {kind: 'directory', extra: {filesystem: 'xfs'}, used: 'xfs'},
    ]
    for (const {kind, extra, used, scan, found} of kinds) {
      const make = {name: 'extra', device: '/dev/sdd', add_storage: '1', ...extra}
      expect(await lab.run('POST', `${at}/disks/${kind}`, make), kind).to.equal('OK')
      expect((await uses())['/dev/sdd'], kind).to.equal(used)
      const {active, total} = (await status('extra'))!
      expect([active, total > 450 * 1024 ** 3, total < 500 * 1024 ** 3], kind).to.deep.equal([1, true, true])
      expect(await lab.get(`/storage/extra`), kind).to.include({nodes: 'pve1'})
      if (scan !== undefined) expect(await lab.get(`${at}/scan/${scan}`), kind).to.deep.include(found)
      const clean = {'cleanup-config': '1', 'cleanup-disks': '1', ...(kind === 'lvmthin' && {'volume-group': 'extra'})}
      expect(await lab.run('DELETE', `${at}/disks/${kind}/extra`, clean), kind).to.equal('OK')
      expect((await uses())['/dev/sdd'], kind).to.equal(undefined)
      expect(await status('extra'), kind).to.equal(undefined)
    }
  })

  it('as a pool need as many as the level takes', async () => {
    const make = (raidlevel: string, more = {}): Promise<string> =>
      refused('POST', 'zfs', {name: 'tank', raidlevel, devices: '/dev/sdd', ...more})
    expect(await make('mirror')).to.equal('mirror needs at least 2 disks')
    expect(await make('raid10')).to.equal('raid10 needs an even number of disks')
    expect(await make('single', {'draid-config': 'data=1,spares=0'})).to.equal(
      'draid-config set without using dRAID level',
    )
    expect(await make('single', {name: 'rpool'})).to.equal("pool 'rpool' already exists on node 'pve1'")
    const single = {name: 'tank', raidlevel: 'single', devices: '/dev/sdd', add_storage: '1'}
    expect(await lab.run('POST', `${at}/disks/zfs`, single)).to.equal('OK')
    expect(await uses('?include-partitions=1')).to.include({'/dev/sdd1': 'ZFS', '/dev/sdd9': 'ZFS reserved'})
    expect(await lab.get(`${at}/scan/zfs`)).to.deep.include({
      pool: 'tank',
      size: (await status('tank'))!.total,
      free: (await status('tank'))!.total,
    })
    expect(await lab.run('PUT', `${at}/disks/wipedisk`, {disk: '/dev/sdd'}).catch(String)).to.contain('403')
    expect(await lab.run('DELETE', `${at}/disks/zfs/tank`, {'cleanup-disks': '1'})).to.equal('OK')
    expect(await status('tank')).to.include({active: 0})
    expect((await uses())['/dev/sdd']).to.equal(undefined)
  })

  it('that are in use, or are no disks, are refused', async () => {
    const make = (device: string): Promise<string> => refused('POST', 'lvm', {name: 'xx', device})
    expect(await make('/dev/sdc')).to.equal("device '/dev/sdc' is already in use")
    expect(await make('/dev/sda3')).to.equal("device '/dev/sda3' is already in use")
    expect(await make('/dev/sdx')).to.equal('not a valid block device')
    expect(await refused('POST', 'initgpt', {disk: '/dev/sda1'})).to.equal('/dev/sda1 is a partition')
    expect(await refused('POST', 'initgpt', {disk: '/dev/sdc'})).to.equal('disk /dev/sdc already in use')
    expect(await refused('POST', 'lvm', {name: 'local', device: '/dev/sdd', add_storage: '1'})).to.equal(
      "Storage ID 'local' already exists on node pve1",
    )
    expect(await lab.run('POST', `${at}/disks/lvm`, {name: 'nvme', device: '/dev/sdd'})).to.equal(
      "volume group with name 'nvme' already exists on node 'pve1'",
    )
    expect(await lab.run('DELETE', `${at}/disks/lvm/none`)).to.equal("no such volume group 'none'")
    expect(await lab.run('DELETE', `${at}/disks/zfs/rpool`)).to.equal(
      "command 'zpool destroy rpool' failed: exit code 1",
    )
  })

  it('get a partition table, which leaves them free', async () => {
    expect((await disks())['/dev/sdd']).to.include({gpt: 0})
    expect(await lab.run('POST', `${at}/disks/initgpt`, {disk: '/dev/sdd'})).to.equal('OK')
    expect((await disks())['/dev/sdd']).to.include({gpt: 1})
    expect(Object.keys(await disks('?type=unused'))).to.deep.equal(['/dev/sdd'])
  })

  it('tell their health', async () => {
    expect(await lab.get(`${at}/disks/smart?disk=/dev/sda`)).to.include({health: 'PASSED', type: 'ata'})
    expect(await lab.get(`${at}/disks/smart?disk=/dev/sda&healthonly=1`)).to.deep.equal({health: 'PASSED'})
  })
})

describe('disks of a seed', () => {
  it('are what it says: groups, pools and folders', async () => {
    const lab = await Lab.start({
      seed: {
        nodes: [
          {
            name: 'n',
            disks: [
              {name: 'nvme0n1', size: '500G', system: true, group: 'pve'},
              {name: 'sda', size: '4T', kind: 'hdd', zpool: 'tank'},
              {name: 'sdb', size: '4T', kind: 'hdd', zpool: 'tank'},
              {name: 'sdc', size: '1T', directory: 'media', health: 'FAILED!'},
            ],
          },
        ],
        tokens: [{tokenid: 'root@pam!x', privsep: 0}],
      },
    })
    try {
      const list = await lab.get<Record<string, unknown>[]>('/nodes/n/disks/list')
      expect(list.map(({devpath, type, used, rpm, health}) => [devpath, type, used, rpm, health])).to.deep.equal([
        ['/dev/nvme0n1', 'nvme', 'BIOS boot', 0, 'PASSED'],
        ['/dev/sda', 'hdd', 'ZFS', '7200', 'PASSED'],
        ['/dev/sdb', 'hdd', 'ZFS', '7200', 'PASSED'],
        ['/dev/sdc', 'ssd', 'ext4', 0, 'FAILED!'],
      ])
      expect(await lab.get('/nodes/n/disks/directory')).to.have.nested.property('[0].path', '/mnt/pve/media')
      expect(await lab.get('/nodes/n/disks/lvm')).to.have.nested.property(
        'children[0].children[0].name',
        '/dev/nvme0n1p3',
      )
      expect(await lab.get('/nodes/n/disks/zfs'))
        .to.have.nested.property('[0].size')
        .that.is.below(4 * 1024 ** 4)
    } finally {
      await lab.stop()
    }
  })
})
