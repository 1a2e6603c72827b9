import path from 'node:path'
import {expect} from 'chai'
import type {Seed} from '../../plugins/simulator/src/index.js'
import {Between} from '../support/between.js'
import {type Clone, Lab, type SyncJson} from '../support/lab.js'

interface ItemJson {
  id: string | number
  status?: string
  lock?: string
  stale?: string
  config: Record<string, unknown>
}

type Entry = Record<string, unknown>

const disk = (vmid: number) => ({scsi0: `local:${vmid}/vm-${vmid}-disk-0.qcow2,size=32G`})

/** Two VMs, a container, two storages of which one is of a third party's type. */
const seed: Seed = {
  nodes: [
    {name: 'pve1', memory: '64G'},
    {name: 'pve2', memory: '64G'},
  ],
  token: 'root@pam!sim',
  tokens: [
    {tokenid: 'root@pam!sim', secret: '00000000-0000-4000-8000-000000000001', privsep: 0},
    {tokenid: 'root@pam!none', secret: '00000000-0000-4000-8000-000000000002', privsep: 1},
  ],
  storages: [
    {
      storage: 'local',
      type: 'dir',
      total: '200G',
      used: '20G',
      config: {path: '/var/lib/vz', content: 'images,iso,rootdir'},
    },
    {
      storage: 'sds',
      type: 'drbd',
      total: '200G',
      used: '20G',
      config: {content: 'images', resourcegroup: 'sds-rg', shared: 1},
    },
  ],
  guests: [
    {vmid: 100, type: 'qemu', node: 'pve1', running: true, config: {name: 'www', memory: '2048', ...disk(100)}},
    {vmid: 101, type: 'qemu', node: 'pve2', running: true, config: {name: 'odd', memory: '2048', ...disk(101)}},
    {
      vmid: 200,
      type: 'lxc',
      node: 'pve1',
      config: {hostname: 'dns', memory: 512, rootfs: 'local:200/vm-200-disk-0.raw,size=8G'},
    },
  ],
} as Seed

describe('a hostile or broken cluster', function () {
  this.timeout(120_000)
  let lab: Lab
  let between: Between
  let ws: Clone
  let memory = 2048

  before(async () => {
    lab = await Lab.start({seed})
    between = await Between.start(lab.simulator)
    const made = await lab.init('ws', lab.simulator.tokenId, {simulator: between})
    expect(made.code, made.stderr).to.equal(0)
    ws = lab.at('ws')
    await ws.must('sync', '--accept')
  })
  after(async () => {
    await between.stop()
    await lab.stop()
  })
  afterEach(() => {
    between.edit = () => undefined
    lab.simulator.simulation.faults.clear()
  })

  /** A sync with the exit code of an alarm. */
  async function sync(code: number, clone = ws): Promise<SyncJson> {
    const result = await clone.pmpc(['sync', '--detailed-exitcode', '--json'])
    expect(result.code, result.stdout + result.stderr).to.equal(code)
    return result.json<SyncJson>()
  }

  /** One sync, in which some is stale and a change of another guest is recorded all the same. */
  async function spoils(stale: Record<string, RegExp>): Promise<void> {
    await lab.set('/nodes/pve1/qemu/100', {memory: (memory += 8)})
    const result = await ws.sync('--accept')
    const found = Object.fromEntries(result.stale.map(({object, why}) => [object, why]))
    expect(Object.keys(found), JSON.stringify(found)).to.have.members(Object.keys(stale).map((key) => `home/${key}`))
    for (const [object, why] of Object.entries(stale)) expect(found[`home/${object}`]).to.match(why)
    if (!Object.hasOwn(stale, 'vm/100')) expect(ws.read('infra/home/vm/100.yaml')).to.contain(`memory: ${memory}`)
    expect((await sync(3)).commit, 'what is broken does not flip').to.equal(null)
    expect(await ws.git('status', '--porcelain')).to.equal('')
    between.edit = () => undefined
    lab.simulator.simulation.faults.clear()
    if (Object.hasOwn(stale, 'vm/100')) await ws.must('sync', '--accept')
    expect((await sync(0)).stale).to.deep.equal([])
    expect(await ws.git('status', '--porcelain')).to.equal('')
  }

  const refusals: [number, string][] = [
    [400, 'Result verification failed'],
    [400, 'Parameter verification failed.'],
    [500, "unable to parse drive options for 'scsi0'"],
    [500, 'invalid format - format error'],
    [500, "type check ('integer') failed - got 'x'"],
  ]
  for (const [status, reason] of refusals) {
    it(`a guest whose configuration is refused by ${status} ${reason}`, async () => {
      lab.simulator.simulation.faults.add({kind: 'status', status, reason, path: '^/nodes/[^/]+/qemu/101/config$'})
      await spoils({'vm/101': new RegExp(`GET /nodes/pve2/qemu/101/config: ${reason.replaceAll(/[().]/g, '\\$&')}`)})
    })
  }

  it('the same on lists, and on what is pending', async () => {
    const reason = 'Result verification failed'
    lab.simulator.simulation.faults.add({kind: 'status', status: 400, reason, path: '^/(storage|pools)$'})
    lab.simulator.simulation.faults.add({kind: 'status', status: 400, reason, path: '^/nodes/[^/]+/lxc/200/config$'})
    await spoils({
      'storage/local': /verification/,
      'storage/sds': /verification/,
      'pool/*': /verification/,
      'container/200': /verif/,
    })
    lab.simulator.simulation.faults.add({kind: 'status', status: 500, reason, path: '/100/pending$'})
    await spoils({'vm/100': /pending: Result verification failed/})
  })

  it('entries that are none, deep ones, and a VMID on two nodes', async () => {
    const deep = JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`) as unknown
    const resources = (change: (list: Entry[]) => unknown[]) => {
      between.edit = (at, data) => (at === '/cluster/resources' ? {data: change(data as Entry[])} : undefined)
    }
    const with101 = (change: (entry: Entry) => unknown) => (list: Entry[]) =>
      list.map((entry) => (entry.vmid === 101 ? change(entry) : entry))
    resources((list) => [...list, null])
    await spoils({'vm/*': /is no map/, 'container/*': /is no map/})
    resources(with101((entry) => ({...entry, type: undefined})))
    await spoils({'vm/101': /has no type/})
    resources(with101((entry) => ({...entry, uptime: deep})))
    await spoils({'vm/101': /nests deeper/})
    resources((list) => [...list, {...list.find(({vmid}) => vmid === 101), node: 'pve1'}])
    await spoils({'vm/101': /more than once: as a vm on pve1, as a vm on pve2/})
  })

  it('an answer without measure: of one guest it is stale, of the list of all the sync ends', async () => {
    const endless = (response: import('node:http').ServerResponse) => {
      response.writeHead(200, {'content-type': 'application/json;charset=UTF-8'}).write('{"data":{')
      const block = `"key":"${'x'.repeat(65_536)}",`
      const more = () => {
        while (!response.destroyed && response.write(block));
        response.once('drain', more)
      }
      more()
    }
    between.edit = (at) => (at.endsWith('/qemu/101/config') ? endless : undefined)
    await spoils({'vm/101': /is longer than 32768 KiB/})
    between.edit = (at) => (at === '/cluster/resources' ? endless : undefined)
    const failure = await ws.fails(['sync'])
    expect([failure.code, failure.exitCode]).to.deep.equal(['PMPC_ANSWER_LIMIT', 1])
    expect(failure.suggestions).not.to.have.length(0)
  })

  it('a redirect is not followed: one guest is stale', async () => {
    between.edit = (at) =>
      at.endsWith('/qemu/101/config')
        ? (response) => void response.writeHead(302, {location: 'https://192.0.2.1/steal'}).end()
        : undefined
    await spoils({'vm/101': /redirect to https:\/\/192\.0\.2\.1\/steal/})
  })

  it('pools that PVE allows and a file system does not: manifests that are read back', async () => {
    const pools = ['.git', '.dot', 'CON', '..', 'a.yaml', 'team']
    for (const poolid of pools) await lab.api('POST', '/pools', {poolid})
    const files = ['%2Egit', '%2Edot', '%43ON', '%2E%2E', 'a.yaml', 'team'].map(
      (name) => `infra/home/pool/${name}.yaml`,
    )
    const offered = await sync(2)
    expect(offered.clusters[0]!.manifests).to.have.members(files)
    await ws.must('accept')
    expect((await sync(0)).commit).to.equal(null)
    const status = (await ws.must('status', '--json')).json<{clusters: {unmanaged: string[]; yours: unknown[]}[]}>()
    expect(status.clusters.map(({unmanaged, yours}) => [unmanaged, yours])).to.deep.equal([[[], []]])
    for (const poolid of pools) await lab.api('DELETE', '/pools', {poolid})
    await ws.must('sync')
    await ws.must('accept')
    expect(files.filter((file) => ws.has(file))).to.deep.equal([])
    expect(await ws.git('status', '--porcelain')).to.equal('')
  })

  it('a key __proto__ is a key: offered, accepted, and no drift afterwards', async () => {
    const odd = {name: 'text'}
    between.edit = (at, data) =>
      at.endsWith('/qemu/101/config')
        ? {
            data: Object.fromEntries([
              ...Object.entries(data as Entry),
              ['__proto__', odd.name],
              ['constructor', odd.name],
            ]),
          }
        : undefined
    expect((await sync(2)).open).to.deep.equal({drift: 2, conflicts: 0})
    const lines = ['+  __proto__: text', '+  constructor: text']
    expect(await ws.diff('infra/home/vm/101.yaml')).to.have.members(lines)
    await ws.must('accept')
    expect((await sync(0)).commit).to.equal(null)
    expect(await ws.git('status', '--porcelain')).to.equal('')
    odd.name = 'other'
    expect((await sync(2)).clusters[0]!.open.map(({field}) => field)).to.have.members([
      'config.__proto__',
      'config.constructor',
    ])
    between.edit = () => undefined
    await ws.must('sync')
    await ws.must('accept')
    expect((await sync(0)).commit).to.equal(null)
    expect(ws.read('infra/home/vm/101.yaml')).not.to.contain('constructor')
  })

  it('a storage that the answering node cannot parse is stale while the digest is the one last seen', async () => {
    const state = {missing: true, digest: undefined as string | undefined}
    between.edit = (at, data) => {
      if (!state.missing || !/^\/(storage|cluster\/resources)/.test(at)) return undefined
      const kept = (data as Entry[]).filter(({storage}) => storage !== 'sds')
      return {data: state.digest === undefined ? kept : kept.map((entry) => ({...entry, digest: state.digest}))}
    }
    const result = await sync(3)
    expect(result.open).to.deep.equal({drift: 0, conflicts: 0})
    expect(result.stale.map(({object}) => object)).to.deep.equal(['home/storage/sds'])
    expect(result.stale[0]!.why).to.match(/plugin/)
    expect((await ws.must('sync')).stderr).to.contain('storage/sds was not read and is kept as it was')
    expect((await ws.must('get', 'storages')).stdout).to.match(/sds .*plugin/)
    state.missing = false
    expect((await sync(0)).stale).to.deep.equal([])
    expect(await ws.git('status', '--porcelain')).to.equal('')
    Object.assign(state, {missing: true, digest: 'f'.repeat(40)})
    expect((await sync(2)).clusters[0]!.open.map(({object}) => object)).to.deep.equal(['home/storage/sds'])
    state.missing = false
    expect((await sync(0)).open).to.deep.equal({drift: 0, conflicts: 0})
  })

  describe('guests in a state of PVE’s own', () => {
    const item = async (id: number) => (await ws.must('describe', `${id}`, '--json')).json<ItemJson>()

    it('suspended to disk: no drift, and told', async () => {
      const manifest = ws.read('infra/home/vm/100.yaml')
      await lab.api('POST', '/nodes/pve1/qemu/100/status/suspend', {todisk: 1})
      expect((await sync(0)).open).to.deep.equal({drift: 0, conflicts: 0})
      const status = (await ws.must('status', '--json')).json<{clusters: {yours: unknown[]; unmanaged: unknown[]}[]}>()
      expect(status.clusters[0]).to.deep.include({yours: [], unmanaged: []})
      expect(ws.read('infra/home/vm/100.yaml')).to.equal(manifest)
      expect(await item(100)).to.include({status: 'stopped', lock: 'suspended'})
      expect((await ws.must('get', 'vms')).stdout).to.match(/100 .*stopped \(suspended\)/)
      expect((await ws.must('describe', 'vm', '100')).stdout).to.match(/lock +suspended/)
      const other = await lab.box.exec('git', ['clone', '-q', 'ws', 'other'])
      expect(other.code).to.equal(0)
      const elsewhere = await lab.box.pmpc(['get', 'vms'], {cwd: path.join(lab.box.folder, 'other')})
      expect(elsewhere.stdout, 'in every clone').to.contain('stopped (suspended)')
      await lab.api('POST', '/nodes/pve1/qemu/100/status/start')
      expect((await sync(0)).open).to.deep.equal({drift: 0, conflicts: 0})
      expect(ws.read('infra/home/vm/100.yaml')).to.equal(manifest)
      expect(await item(100)).not.to.have.property('lock')
      expect(await ws.git('status', '--porcelain')).to.equal('')
    })

    it('locked by a task: told, in no commit, and gone with it', async () => {
      const guest = lab.simulator.simulation.state.guests[101]!
      guest.lock = 'backup'
      const result = await sync(0)
      expect(result.commit).to.equal(null)
      expect(result.clusters[0]!.locks).to.deep.equal([{object: 'vm/101', lock: 'backup'}])
      expect((await ws.must('sync')).stdout).to.contain('locked meanwhile: vm/101 (backup)')
      expect((await ws.must('get', 'vms')).stdout).to.contain('running (backup)')
      delete guest.lock
      expect((await sync(0)).commit).to.equal(null)
      expect(await item(101)).not.to.have.property('lock')
      expect((await ws.must('get', 'vms')).stdout).not.to.contain('backup')
    })

    it('being cloned: not offered until it is whole, and never where that fails', async () => {
      const {guests} = lab.simulator.simulation.state
      const under = {
        ...structuredClone(guests[101]!),
        vmid: 501,
        lock: 'clone',
        config: {description: 'qmclone temporary file\n'},
      }
      delete (under as {running?: unknown}).running
      guests[501] = under as unknown as (typeof guests)[number]
      const result = await sync(3)
      expect(result.commit).to.equal(null)
      expect(result.stale).to.deep.equal([
        {object: 'home/vm/501', why: 'it is being made (lock: clone)', neverRead: true},
      ])
      expect(ws.has('infra/home/vm/501.yaml')).to.equal(false)
      const told = await ws.must('sync')
      expect(told.stderr).to.contain('vm/501 was not read: it is being made (lock: clone)')
      delete guests[501]
      expect((await sync(0)).commit, 'it failed').to.equal(null)
      await lab.api('POST', '/nodes/pve2/qemu/101/clone', {newid: 502, full: 1, name: 'copy'})
      const offered = await sync(2)
      expect(offered.clusters[0]!.manifests).to.deep.equal(['infra/home/vm/502.yaml'])
      expect(ws.read('infra/home/vm/502.yaml')).to.contain('name: copy').and.to.contain('scsi0')
      await ws.must('accept')
      expect((await sync(0)).commit).to.equal(null)
      await lab.api('DELETE', '/nodes/pve2/qemu/502')
      await ws.must('sync', '--accept')
    })

    it('on a node that is away: nowhere shown as running, in no clone', async () => {
      lab.simulator.simulation.faults.setNode('pve2', 'offline')
      lab.simulator.simulation.board.round()
      expect((await sync(3)).stale.map(({object}) => object)).to.deep.equal(
        ['node/pve2', 'vm/101', 'firewall/node/pve2', 'network/pve2'].map((object) => `home/${object}`),
      )
      expect(await item(101)).to.include({status: 'unknown', stale: 'node pve2 is offline'})
      expect((await ws.must('describe', 'vm', '101')).stdout).to.match(/stale +node pve2 is offline/)
      const listed = (await ws.must('get', 'vms')).stdout
      expect(listed)
        .to.match(/101 .*unknown.*node pve2 is offline/)
        .and.to.match(/100 .*running/)
      expect((await ws.must('get', 'vms', '--status', 'running', '-o', 'name')).stdout).to.equal('vm/100\n')
      await lab.box.exec('git', ['clone', '-q', 'ws', 'away'])
      const elsewhere = await lab.box.pmpc(['get', 'vms', '101', '--json'], {cwd: path.join(lab.box.folder, 'away')})
      expect(elsewhere.json<ItemJson[]>()[0]).to.include({status: 'unknown', stale: 'node pve2 is offline'})
      lab.simulator.simulation.faults.setNode('pve2', 'online')
      lab.simulator.simulation.board.round()
      await sync(0)
      expect(await item(101))
        .to.include({status: 'running'})
        .and.not.to.have.property('stale')
      expect((await ws.must('get', 'vms')).stdout).not.to.match(/STALE|unknown/)
    })
  })

  it('a token that may see no guest: said, kind by kind, and auth test is not 0', async () => {
    await lab.api('PUT', '/access/acl', {path: '/nodes', tokens: 'root@pam!none', roles: 'PVEAuditor'})
    const token = 'root@pam!none'
    const made = await lab.init('blind', token)
    expect(made.code, made.stderr).to.equal(0)
    const blind = lab.at('blind')
    const test = await blind.pmpc(['auth', 'test'])
    expect(test.code, test.stdout).to.equal(77)
    const result = await sync(3, blind)
    expect(result.stale.map(({object}) => object)).to.include.members(
      ['vm', 'container', 'storage', 'pool', 'user', 'sdn-zone', 'backup-job'].map((kind) => `home/${kind}/*`),
    )
    expect(result.stale.map(({object}) => object)).to.include.members(['home/acl/acl', 'home/options/options'])
    const told = await blind.must('sync')
    expect(told.stdout).not.to.match(/nothing changed$/m)
    expect(told.stderr).to.contain('vm/* was not read: no vms can be seen: VM.Audit on /vms is missing')
    expect(told.stderr).to.contain('pmpc auth test home')
    await lab.api('PUT', '/access/acl', {path: '/nodes', tokens: token, roles: 'PVEAuditor', delete: 1})
  })
})
