import {expect} from 'chai'
import {Lab} from './support.js'
import {Http} from './support/http.js'

describe('membership of nodes', () => {
  let lab: Lab
  let root: Http
  const start = async (seed: string): Promise<void> => {
    lab = await Lab.start({seed})
    root = await Http.withTicket(lab.simulator)
  }
  afterEach(() => lab.stop())
  const message = async (reply: Promise<{body: string}>): Promise<string> =>
    (JSON.parse((await reply).body) as {message: string}).message

  const version = async (): Promise<number> => {
    const list = (await root.get('/cluster/status')).data as {type: string; version: number}[]
    return list.find(({type}) => type === 'cluster')!.version
  }

  it('begins with one node, and grows', async () => {
    await start('homelab')
    expect((await root.get('/cluster/config/join')).status).to.equal(424)
    expect(await root.task('POST', '/cluster/config', {clustername: 'home'})).to.equal('OK')
    expect(await message(root.post('/cluster/config', {clustername: 'home'}))).to.equal(
      `cluster config '/etc/pve/corosync.conf' already exists\n`,
    )
    const before = await version()
    const added = (await root.post('/cluster/config/nodes/pve9', {new_node_ip: '192.0.2.99'})).data as {
      corosync_conf: string
    }
    expect(added.corosync_conf).to.match(/name: pve9/)
    expect(await version()).to.equal(before + 1)
    expect(await message(root.post('/cluster/config/nodes/pve9', {new_node_ip: '192.0.2.99'}))).to.equal(
      `can't add existing node 'pve9'\n`,
    )
    expect((await root.get('/nodes/pve9/status')).status).to.equal(200)
    expect((await root.delete('/cluster/config/nodes/pve9')).status).to.equal(200)
    expect(await message(root.delete('/cluster/config/nodes/pve9'))).to.equal(
      'Node/IP: pve9 is not a known host of the cluster.\n',
    )
  })

  it('keeps the lists readable when a node with guests has left', async () => {
    await start('cluster')
    expect(await message(root.delete('/cluster/config/nodes/pve1'))).to.equal('Cannot delete myself from cluster!\n')
    await root.delete('/cluster/config/nodes/pve3')
    const resources = (await root.get('/cluster/resources')).data as {id: string; node: string}[]
    expect(resources.find(({id}) => id === 'qemu/110')).to.include({node: 'pve3'})
    expect(resources.map(({id}) => id)).to.not.include('node/pve3')
    for (const path of ['/nodes', '/cluster/status', '/cluster/config/nodes', '/cluster/ha/status/current'])
      expect((await root.get(path)).status, path).to.equal(200)
    expect((await root.get('/nodes/pve3/qemu')).reason).to.match(/^hostname lookup 'pve3' failed/)
  })

  it('has a certificate for each node', async () => {
    await start('cluster')
    const nodes = (await root.get('/nodes')).data as {node: string; ssl_fingerprint: string}[]
    expect(new Set(nodes.map(({ssl_fingerprint}) => ssl_fingerprint)).size).to.equal(3)
    const join = (await root.get('/cluster/config/join')).data as {nodelist: {name: string; pve_fp: string}[]}
    for (const {node, ssl_fingerprint} of nodes) {
      const list = (await root.get(`/nodes/${node}/certificates/info`)).data as {
        filename: string
        fingerprint: string
      }[]
      expect(list.find(({filename}) => filename === 'pve-ssl.pem')!.fingerprint, node).to.equal(ssl_fingerprint)
      expect(join.nodelist.find(({name}) => name === node)!.pve_fp).to.equal(ssl_fingerprint)
    }
    expect(nodes.find(({node}) => node === 'pve1')!.ssl_fingerprint).to.equal(lab.simulator.fingerprint)
    const again = (await root.get('/nodes')).data as typeof nodes
    expect(again.map(({ssl_fingerprint}) => ssl_fingerprint)).to.have.members(
      nodes.map(({ssl_fingerprint}) => ssl_fingerprint),
    )
  })

  it('has read its list of tasks from the file within ten seconds', async () => {
    let now = Date.now()
    lab = await Lab.start({seed: 'cluster', clock: () => now})
    await lab.run('POST', '/nodes/pve1/qemu/120/status/stop')
    const saved = async (): Promise<unknown> => (await lab.get<{saved: unknown}[]>('/cluster/tasks'))[0]!.saved
    expect(await saved()).to.equal(1)
    now += 10_000
    expect(await saved()).to.equal('1')
  })

  it('is not given to a node with guests', async () => {
    await start('homelab')
    const join = {hostname: 'other', password: 'x', fingerprint: Array(32).fill('AA').join(':')}
    expect(await root.task('POST', '/cluster/config/join', join)).to.equal('Check if node may join a cluster failed!')
  })
})

describe('what else a cluster has', () => {
  it('changes a pool as a whole, or not', async () => {
    const lab = await Lab.start({seed: 'cluster'})
    try {
      const change = (form: Record<string, string>) =>
        lab.send('/pools', {method: 'PUT', form: {poolid: 'web', ...form}})
      const shown = async (): Promise<unknown> => (await lab.send('/pools?poolid=web')).body.data[0]['comment']
      const before = await shown()
      const reason = async (form: Record<string, string>): Promise<string> =>
        (await change({comment: 'new', ...form})).reason
      expect(await reason({vms: '110,100'})).to.equal('update pools failed: VM 100 is already a pool member')
      expect(await reason({vms: '110,110'})).to.equal('update pools failed: VM 110 is already a pool member')
      expect(await reason({storage: 'local,ceph'})).to.equal(
        `update pools failed: Storage 'ceph' is already a pool member`,
      )
      expect(await shown()).to.equal(before)
      expect(await lab.run('PUT', '/pools', {poolid: 'web', vms: '110', storage: 'local'})).to.equal(null)
    } finally {
      await lab.stop()
    }
  })

  let lab: Lab
  let root: Http
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    root = await Http.withTicket(lab.simulator)
  })
  after(() => lab.stop())
  const refusal = async (method: string, path: string, form: Record<string, string> = {}): Promise<string> =>
    (await lab.send(path, {method, ...(method !== 'DELETE' && {form})})).body.message!

  it('registers with certificate authorities, and knows how to answer their challenges', async () => {
    expect(await root.task('POST', '/cluster/acme/account', {contact: 'a@example.com'})).to.equal('OK')
    const {account} = (await root.get('/cluster/acme/account/default')).data as {account: {contact: string[]}}
    expect(account.contact).to.deep.equal(['mailto:a@example.com'])
    expect((await root.post('/cluster/acme/account', {contact: 'a@example.com'})).status).to.equal(400)
    expect(await root.task('DELETE', '/cluster/acme/account/default')).to.equal('OK')
    expect((await root.get('/cluster/acme/account')).data).to.deep.equal([])
    expect(await refusal('POST', '/cluster/acme/plugins', {id: 'dns1', type: 'dns'})).to.equal(
      `missing value for required option 'api'\n`,
    )
    await lab.run('POST', '/cluster/acme/plugins', {id: 'dns1', type: 'dns', api: 'ovh', data: 'eA=='})
    expect(await lab.get('/cluster/acme/plugins/dns1')).to.include({plugin: 'dns1', api: 'ovh', type: 'dns'})
    expect(await refusal('PUT', '/cluster/acme/plugins/dns1', {delete: 'api'})).to.equal(
      `unable to delete required option 'api'\n`,
    )
    await lab.run('DELETE', '/cluster/acme/plugins/dns1')
    const left = await lab.get<{plugin: string}[]>('/cluster/acme/plugins')
    expect(left.map(({plugin}) => plugin)).to.deep.equal(['standalone'])
  })

  it('has its figures exported', async () => {
    const {data} = await lab.get<{data: {id: string; metric: string; value: number}[]}>('/cluster/metrics/export')
    const ids = new Set(data.map(({id}) => id))
    expect([...ids]).to.include.members(['node/pve1', 'node/pve2', 'qemu/100', 'storage/pve1/local'])
    const own = await lab.get<{data: {id: string}[]}>('/cluster/metrics/export?local-only=1')
    expect(own.data.some(({id}) => id.startsWith('node/pve2'))).to.equal(false)
  })

  it('tests targets of notifications', async () => {
    await lab.run('POST', '/cluster/notifications/targets/mail-to-root/test')
    expect(await refusal('POST', '/cluster/notifications/targets/none/test')).to.equal(`endpoint 'none' does not exist`)
    await lab.run('POST', '/cluster/notifications/endpoints/gotify', {name: 'go', server: 'http://x', token: 't'})
    lab.simulator.simulation.state.world.offline = true
    expect(await refusal('POST', '/cluster/notifications/targets/go/test')).to.equal(
      'Could not test target: could not notify via endpoint(s): go',
    )
  })

  it('maps devices and directories by node', async () => {
    const usb = (id: string, node: string) =>
      lab.run('POST', '/cluster/mapping/usb', {id, map: `node=${node},id=1234:5678`})
    await usb('key', 'pve1')
    expect(await refusal('PUT', '/cluster/mapping/usb/none', {map: 'node=pve1,id=1234:5678'})).to.equal(
      `update hardware mapping failed: usb ID 'none' does not exist\n`,
    )
    expect((await lab.send('/cluster/mapping/usb/none')).body.message).to.equal(`mapping 'none' not found\n`)
    const [checked] = await lab.get<{errors: object[]}[]>('/cluster/mapping/usb?check-node=pve2')
    expect(checked!.errors).to.deep.equal([{severity: 'warning', message: 'No mapping for node pve2.'}])
    const twice = ['node=pve1,path=/srv', 'node=pve1,path=/mnt']
    const answer = await lab.send('/cluster/mapping/dir', {method: 'POST', form: {id: 'share', map: twice}})
    expect(answer.body.message).to.equal(`Node 'pve1' is specified 2 times.\n`)
    lab.simulator.simulation.state.nodes.pve2!.power = 'offline'
    expect((await lab.send('/cluster/mapping/usb?check-node=pve2')).status).to.equal(595)
    lab.simulator.simulation.state.nodes.pve2!.power = 'online'
  })

  it('replicates when asked, and forgets a job that is to go', async () => {
    await lab.run('POST', '/cluster/replication', {id: '200-0', type: 'local', target: 'pve2', rate: '10.5'})
    const status = () => lab.get<{last_sync: number; fail_count: number}>('/nodes/pve1/replication/200-0/status')
    expect(await status()).to.include({last_sync: 0, fail_count: 0})
    await lab.run('POST', '/nodes/pve1/replication/200-0/schedule_now')
    expect((await status()).last_sync).to.be.greaterThan(0)
    const lines = await lab.get<{t: string}[]>('/nodes/pve1/replication/200-0/log')
    expect(lines.at(-1)!.t).to.match(/200-0: end replication job$/)
    expect(await refusal('PUT', '/cluster/replication/200-0', {delete: 'target'})).to.equal(
      `unable to delete required option 'target'\n`,
    )
    expect(await refusal('DELETE', '/nodes/pve1/lxc/200')).to.equal(
      `There is a replication job '200-0' for guest '200' - Please remove that first.\n`,
    )
    await lab.run('DELETE', '/cluster/replication/200-0')
    expect(await lab.get('/cluster/replication')).to.deep.equal([])
  })

  it('gives free ids within the range that is set', async () => {
    await lab.run('PUT', '/cluster/options', {'next-id': 'lower=110,upper=112'})
    expect((await lab.send('/cluster/nextid')).body.message).to.equal(
      'unable to get any free VMID in range [110, 112]\n',
    )
    await lab.run('PUT', '/cluster/options', {delete: 'next-id'})
  })

  it('has no Ceph', async () => {
    expect((await lab.send('/cluster/ceph/status')).body.message).to.equal('binary not installed: /usr/bin/ceph-mon\n')
  })
})
