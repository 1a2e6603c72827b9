import {expect} from 'chai'
import {spawn} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseFault} from '../src/faults/parse.js'
import {startSimulator, type Simulator, type SimulatorOptions} from '../src/index.js'
import {bin} from '../../../test/support/pmpc.js'
import {admin, Http} from './support/http.js'

const quick: SimulatorOptions = {authDelay: 0, taskTime: 0, statusInterval: 0, proxyTimeout: 40, adminPort: 0}

/** Answers that show what the state holds, with lists and keys in one order. */
async function picture(simulator: Simulator): Promise<Record<string, unknown>> {
  const http = Http.withToken(simulator)
  const paths = ['/nodes/pve1/qemu/100/config', '/pools', '/access/users', '/nodes/pve1/qemu/100/snapshot']
  const answers = await Promise.all(paths.map(async (path) => [path, ordered((await http.get(path)).data)]))
  return Object.fromEntries(answers) as Record<string, unknown>
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(ordered(item))).sort()
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('a saved state', () => {
  let folder: string
  const running: Simulator[] = []
  const start = async (options: SimulatorOptions): Promise<Simulator> => {
    const simulator = await startSimulator({...quick, ...options})
    running.push(simulator)
    return simulator
  }
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pmpc-state-'))))
  afterEach(async () => {
    await Promise.all(running.splice(0).map((simulator) => simulator.stop()))
    rmSync(folder, {recursive: true})
  })

  it('is kept in a file from one run to the next', async () => {
    const state = join(folder, 'lab.json')
    const first = await start({seed: 'cluster', state})
    const http = Http.withToken(first)
    expect(await http.task('POST', '/nodes/pve1/qemu/100/snapshot', {snapname: 'kept'})).to.equal('OK')
    await http.put('/nodes/pve1/qemu/100/config', {description: 'kept: ä\n%'})
    await http.post('/pools', {poolid: 'kept'})
    const before = await picture(first)
    await first.stop()
    const second = await start({state})
    expect(await picture(second)).to.deep.equal(before)
    expect(second.tokenSecret).to.equal(first.tokenSecret)
  })

  it('replays: the same requests make the same ids, whether loaded as a seed or over the admin port', async () => {
    const first = await start({seed: 'cluster'})
    const saved = await admin(first, 'GET', '/state')
    const file = join(folder, 'report.json')
    writeFileSync(file, JSON.stringify(saved))
    const text = readFileSync(file, 'utf8')
    const work = async (simulator: Simulator): Promise<unknown> => {
      const http = Http.withToken(simulator)
      const config = {name: 'new', net0: 'virtio,bridge=vmbr0', scsi0: 'local-zfs:1'}
      expect(await http.task('POST', '/nodes/pve1/qemu', {vmid: 940, ...config})).to.equal('OK')
      const {meta, digest, ...made} = (await http.get('/nodes/pve1/qemu/940/config')).data as Record<string, unknown>
      expect([meta, digest].every(Boolean)).to.equal(true)
      return made
    }
    const made = await work(first)
    expect(await work(await start({seed: file}))).to.deep.equal(made)
    await admin(first, 'PUT', '/state', saved)
    expect(await work(first)).to.deep.equal(made)
    expect(readFileSync(file, 'utf8')).to.equal(text)
  })

  it('holds the faults that are not over, and the cluster as it is without them', async () => {
    const faults = ['node-offline:node=pve2', 'disk-full:storage=local-zfs', 'status:status=500,reason=x,times=2']
    const first = await start({seed: 'cluster', faults: faults.map(parseFault)})
    await Http.withToken(first).get('/version')
    const saved = (await admin(first, 'GET', '/state')) as {faults: unknown; state: Simulator['simulation']['state']}
    expect(saved.faults).to.deep.equal([
      {kind: 'node-offline', node: 'pve2'},
      {kind: 'disk-full', storage: 'local-zfs'},
      {kind: 'status', status: 500, reason: 'x', times: 1},
    ])
    expect(saved.state.nodes.pve2!.power).to.equal('online')
    expect(saved.state.storages['local-zfs']!.full).to.equal(undefined)
    expect(first.simulation.state.nodes.pve2!.power).to.equal('offline')
    const second = await start({seed: 'cluster'})
    await admin(second, 'PUT', '/state', saved)
    const http = Http.withToken(second)
    expect((await http.get('/version')).status).to.equal(500)
    expect((await http.get('/nodes/pve2/status')).status).to.equal(595)
    await admin(second, 'DELETE', '/faults')
    expect((await http.get('/nodes/pve2/status')).status).to.equal(200)
  })

  it('ends tasks that ran as a crash of their node does', async () => {
    const first = await start({seed: 'cluster', faults: [parseFault('task-hang:type=*')]})
    const reply = await Http.withToken(first).post('/nodes/pve1/qemu/100/snapshot', {snapname: 'running'})
    const second = await start({seed: 'cluster'})
    await admin(second, 'PUT', '/state', await admin(first, 'GET', '/state'))
    const task = await Http.withToken(second).get(`/nodes/pve1/tasks/${String(reply.data)}/status`)
    expect(task.data).to.include({status: 'stopped', exitstatus: 'unexpected status'})
  })

  it('is refused where it is none, or of another release', async () => {
    const simulator = await start({seed: 'cluster'})
    const old = await start({seed: 'cluster', pve: '8.4'})
    const refusal = (body: unknown): Promise<unknown> =>
      admin(simulator, 'PUT', '/state', body).catch((error: Error) => error.message)
    expect(await refusal({})).to.match(/no saved state/)
    expect(await refusal(await admin(old, 'GET', '/state'))).to.match(/of Proxmox VE 8\.4/)
    expect((await Http.withToken(simulator).get('/nodes')).status).to.equal(200)
    const file = join(folder, 'old.json')
    writeFileSync(file, JSON.stringify(await admin(old, 'GET', '/state')))
    expect((await start({seed: file})).simulation.settings.release).to.equal('8.4')
  })

  it('is written by the command when it ends', async () => {
    const state = join(folder, 'lab.json')
    const args = [bin, 'simulator', 'start', '--port', '0', '--state', state, '--json']
    const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']})
    await new Promise((resolve) => child.stdout.once('data', resolve))
    expect(existsSync(state)).to.equal(false)
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
    expect(JSON.parse(readFileSync(state, 'utf8'))).to.include({format: 'pmpc simulator state', release: '9.2'})
  })
})
