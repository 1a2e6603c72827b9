import {expect} from 'chai'
import {inflateSync} from 'node:zlib'
import {Lab} from './support.js'

type Row = Record<string, unknown>

/** Facts: pve-manager, PVE/API2/Services.pm and Nodes.pm; pve-common, PVE/RRD.pm; seen on the real daemon and on other hosts. */
describe('what a node tells of itself', () => {
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
  })
  after(() => lab.stop())

  describe('services', () => {
    const state = (name: string): Promise<Row> => lab.get(`/nodes/pve1/services/${name}/state`)

    it('are those of the release', async () => {
      const names = (await lab.get<Row[]>('/nodes/pve1/services')).map(({service}) => service)
      expect(names).to.include.members(['pveproxy', 'proxmox-firewall', 'lxcfs'])
      const old = await Lab.start({pve: '8.4'})
      try {
        const before = (await old.get<Row[]>('/nodes/pve/services')).map(({service}) => service)
        expect(before).to.have.length(19).and.not.include('lxcfs')
        const corosync = await old.get<Row>('/nodes/pve/services/corosync/state')
        expect(corosync, 'a lone node').to.include({state: 'dead', 'active-state': 'inactive'})
      } finally {
        await old.stop()
      }
    })

    it('start and stop by tasks, but not those that answer', async () => {
      expect(await state('cron')).to.deep.equal({
        service: 'cron',
        name: 'cron',
        desc: 'Regular background program processing daemon',
        state: 'running',
        'active-state': 'active',
        'unit-state': 'enabled',
      })
      expect(await lab.run('POST', '/nodes/pve1/services/cron/stop')).to.equal('OK')
      expect(await state('cron')).to.include({state: 'dead', 'active-state': 'inactive'})
      expect(await lab.run('POST', '/nodes/pve1/services/cron/restart')).to.equal('OK')
      expect(await state('cron')).to.include({state: 'running'})
      expect(await lab.run('POST', '/nodes/pve1/services/pveproxy/stop')).to.equal(
        `invalid service cmd 'pveproxy stop': refusing to stop essential service!`,
      )
      expect(await state('syslog')).to.include({'unit-state': 'not-found', state: 'dead'})
      const unknown = await lab.send('/nodes/pve1/services/nothing/state')
      expect(unknown.body.errors?.service).to.match(/^value 'nothing' does not have a value in the enumeration/)
    })
  })

  describe('journal', () => {
    it('holds the boot, tasks and services, by page, unit and time', async () => {
      await lab.run('POST', '/nodes/pve1/services/cron/restart')
      const all = await lab.send('/nodes/pve1/syslog?limit=500')
      const lines = (all.body.data as {n: number; t: string}[]).map(({t}) => t)
      expect(all.body.total).to.equal(lines.length)
      expect(lines[0]).to.match(/^[A-Z][a-z]{2} \d\d [\d:]{8} pve1 kernel: Linux version /)
      expect(lines.some((line) => /pvedaemon\[\d+\]: <root@pam!sim> starting task UPID:pve1:/.test(line))).to.equal(
        true,
      )
      const page = await lab.get<Row[]>('/nodes/pve1/syslog?start=2&limit=2')
      expect(page.map(({n}) => n)).to.deep.equal([3, 4])
      const unit = await lab.get<{t: string}[]>('/nodes/pve1/syslog?service=pveproxy')
      expect(unit.map(({t}) => t.replace(/^.{16}/, ''))).to.deep.equal([
        'pve1 systemd[1]: Started pveproxy.service - PVE API Proxy Server.',
      ])
      expect(await lab.get('/nodes/pve1/syslog?since=2099-01-01')).to.deep.equal([{n: 1, t: '-- No entries --'}])
    })

    it('is followed by cursors', async () => {
      const read = async (query: string): Promise<string[]> => {
        const {text, headers} = await lab.send(`/nodes/pve1/journal?${query}`)
        expect(headers['content-type']).to.equal('application/json')
        return (JSON.parse(text) as {data: string[]}).data
      }
      const last = await read('lastentries=2')
      expect(last).to.have.length(4)
      await lab.run('POST', '/nodes/pve1/services/cron/restart')
      const next = await read(`startcursor=${encodeURIComponent(last.at(-1)!)}`)
      expect(next.slice(1, -1)[0]).to.include('srvrestart:cron')
      expect(await read(`startcursor=${encodeURIComponent(next.at(-1)!)}`)).to.have.length(2)
    })
  })

  describe('statistics', () => {
    const counts: [string, number][] = [
      ['hour', 59],
      ['day', 1439],
      ['week', 335],
    ]
    for (const [frame, count] of counts) {
      it(`of a ${frame} are ${count} samples in 9.2`, async () => {
        const samples = await lab.get<Row[]>(`/nodes/pve1/rrddata?timeframe=${frame}`)
        expect(samples).to.have.length(count)
        expect(samples.at(-1)).to.include.keys('cpu', 'memtotal', 'pressurecpusome')
      })
    }

    it('have 70 samples in 8.4, and no decade', async () => {
      const old = await Lab.start({pve: '8.4'})
      try {
        expect(await old.get<Row[]>('/nodes/pve/rrddata?timeframe=year')).to.have.length(70)
        const samples = await old.get<Row[]>('/nodes/pve/rrddata?timeframe=hour')
        expect(samples).to.have.length(70)
        expect(samples.at(-1)).to.include.keys('cpu').and.not.include.keys('pressurecpusome')
        expect((await old.send('/nodes/pve/rrddata?timeframe=decade')).status).to.equal(400)
      } finally {
        await old.stop()
      }
    })

    it('of guests begin with the first status round', async () => {
      const lagging = await Lab.start({seed: 'cluster', statusInterval: 86_400_000})
      try {
        await lagging.run('POST', '/nodes/pve1/qemu', {vmid: '150'})
        const {status, reason} = await lagging.send('/nodes/pve1/qemu/150/rrddata?timeframe=hour')
        expect([status, reason]).to.deep.equal([
          500,
          'RRD error: realpath(/var/lib/rrdcached/db/pve-vm-9.0/150): No such file or directory',
        ])
        lagging.simulator.simulation.board.round()
        const samples = await lagging.get<Row[]>('/nodes/pve1/qemu/150/rrddata?timeframe=hour')
        expect(samples.at(-1), 'a stopped guest has sizes only').to.have.all.keys(
          'time',
          'maxcpu',
          'maxmem',
          'maxdisk',
          'disk',
        )
      } finally {
        await lagging.stop()
      }
      const running = await lab.get<Row[]>('/nodes/pve1/qemu/100/rrddata?timeframe=hour')
      expect(running.at(-1)).to.include.keys('cpu', 'mem', 'netin')
    })

    it('are drawn as a picture', async () => {
      const {filename, image} = await lab.get<Record<string, string>>('/nodes/pve1/rrd?timeframe=hour&ds=cpu,iowait')
      expect(filename).to.equal('/var/lib/rrdcached/db/pve-node-9.0/pve1_cpu_iowait.png')
      const png = Buffer.from(image!, 'latin1')
      expect(png.subarray(0, 8).toString('latin1')).to.equal('\x89PNG\r\n\x1a\n')
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).to.deep.equal([800, 200])
      const data = png.subarray(41, 41 + png.readUInt32BE(33))
      expect(inflateSync(data)).to.have.length(200 * (1 + 800 * 3))
      const storage = await lab.send('/nodes/pve1/storage/local/rrd?timeframe=hour&ds=used')
      expect(storage.reason, 'release 9 looks for the old database').to.match(/^RRD error: realpath\(.*pve2-storage/)
    })
  })

  it('counts what running guests send, one entry a device', async () => {
    const rows = await lab.get<Row[]>('/nodes/pve1/netstat')
    expect(rows).to.not.have.length(0)
    for (const row of rows) expect(row).to.have.all.keys('vmid', 'dev', 'in', 'out')
    expect(rows.every(({in: received}) => typeof received === 'string')).to.equal(true)
  })

  it('opens shells, of other nodes too, for their ticket only', async () => {
    const shell = await lab.send('/nodes/pve2/termproxy', {method: 'POST', form: {}})
    const {port, ticket, upid} = shell.body.data as Record<string, string>
    expect(upid).to.match(/^UPID:pve1:.*:vncshell::root@pam!sim:$/)
    const socket = (given: string) =>
      lab.send(`/nodes/pve2/vncwebsocket?port=${port}&vncticket=${encodeURIComponent(given)}`)
    expect((await socket(ticket!)).body.data).to.deep.equal({port})
    expect((await socket('PVEVNC:00000000::x')).reason).to.equal('permission denied - invalid PVEVNC ticket')
    const upgrade = await lab.send('/nodes/pve1/vncshell', {method: 'POST', form: {cmd: 'upgrade'}})
    expect(upgrade.reason, 'a token of root is not root').to.equal('Permission check failed (user != root@pam)')
    const spice = await lab.send('/nodes/pve1/spiceshell', {method: 'POST', form: {}})
    expect(spice.body.data).to.include({type: 'spice', title: `Shell on 'pve1'`})
  })

  it('has no Ceph, and says what is missing once the call is allowed and right', async () => {
    const ceph = (path: string, method = 'GET', form?: Record<string, string>) =>
      lab.send(`/nodes/pve1/ceph/${path}`, {method, ...(form && {form})})
    expect((await ceph('status')).reason).to.equal('binary not installed: /usr/bin/ceph-mon')
    expect((await ceph('mgr/x', 'POST', {})).reason).to.equal('binary not installed: /usr/bin/ceph-mgr')
    expect((await ceph('pool', 'POST', {})).body.errors).to.have.property('name')
    expect((await lab.send('/nodes/pve1/ceph/status', {token: 'pmpc@pve!empty'})).status).to.equal(403)
  })

  it('reports on itself as text', async () => {
    const text = await lab.get<string>('/nodes/pve1/report')
    expect(text).to.include('==== general system info ====').and.include('# qm list')
  })

  it('reboots: guests stop, and those with onboot run again; or goes off', async () => {
    const own = await Lab.start({seed: 'cluster'})
    try {
      const vmid = async (config: Record<string, string>): Promise<string> => {
        const id = await own.get<string>('/cluster/nextid')
        await own.run('POST', '/nodes/pve1/qemu', {vmid: id, ...config})
        await own.run('POST', `/nodes/pve1/qemu/${id}/status/start`)
        return id
      }
      const [kept, lost] = [await vmid({onboot: '1'}), await vmid({})]
      await own.run('POST', '/nodes/pve1/status', {command: 'reboot'})
      const status = async (id: string) => (await own.get<Row>(`/nodes/pve1/qemu/${id}/status/current`)).status
      expect([await status(kept), await status(lost)]).to.deep.equal(['running', 'stopped'])
      expect((await own.get<Row>('/nodes/pve1/status')).uptime).to.be.below(10)
      await own.run('POST', '/nodes/pve3/status', {command: 'shutdown'})
      expect((await own.send('/nodes/pve3/status')).status).to.equal(595)
    } finally {
      await own.stop()
    }
  })
})
