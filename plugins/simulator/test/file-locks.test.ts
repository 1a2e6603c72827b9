import {expect} from 'chai'
import type {SimulatorOptions} from '../src/index.js'
import {FileLocks} from '../src/tasks/locks.js'
import {Lab} from './support.js'

const timeout = (vmid: number): string => `can't lock file '/var/lock/qemu-server/lock-${vmid}.conf' - got timeout`

/** What others wait for. Facts: qemu-server, PVE/API2/Qemu.pm (clone_vm, update_vm_api); pve-storage, PVE/Storage/Plugin.pm (cluster_lock_storage). */
describe('locks of files', () => {
  let lab: Lab
  afterEach(() => lab.stop())

  const start = async (options: SimulatorOptions): Promise<void> => {
    lab = await Lab.start({seed: 'cluster', lockTimeout: 100, ...options})
  }
  const off = '/nodes/pve3/qemu/110'
  const on = '/nodes/pve1/qemu/120'
  const send = async (method: string, path: string, form: Record<string, string> = {}): Promise<string> => {
    const {status, reason, body} = await lab.send(path, {method, form})
    return status === 200 ? String(body.data) : `${status} ${reason}`
  }
  const end = async (upid: string): Promise<string> => {
    const {tasks, state} = lab.simulator.simulation
    await tasks.ended(upid)
    return state.tasks.find((task) => task.upid === upid)!.exitstatus!
  }
  const running = (): number => lab.simulator.simulation.state.tasks.filter(({endtime}) => endtime === undefined).length
  const clone = (path: string, newid: number): Promise<string> =>
    send('POST', `${path}/clone`, {newid: String(newid), full: '1'})
  const stopTask = (upid: string): Promise<unknown> =>
    lab.send(`/nodes/${upid.split(':')[1]}/tasks/${upid}`, {method: 'DELETE'})

  it('a source that does not run is shared by its clones; whoever changes it waits for them all', async () => {
    await start({taskTime: 600_000})
    const clones = [await clone(off, 301), await clone(off, 302)]
    expect(running()).to.equal(2)
    expect(await send('PUT', `${off}/config`, {name: 'new'})).to.equal(`500 ${timeout(110)}`)
    expect(await end(await send('POST', `${off}/config`, {name: 'new'}))).to.equal(timeout(110))
    expect(await end(await send('POST', `${off}/status/start`))).to.equal(timeout(110))
    lab.simulator.simulation.settings.lockTimeout = 60_000
    let isAnswered = false
    const write = send('PUT', `${off}/config`, {name: 'new'}).finally(() => (isAnswered = true))
    await stopTask(clones[0]!)
    expect(isAnswered, 'one clone is left').to.equal(false)
    await stopTask(clones[1]!)
    expect(await write).to.equal('null')
    expect(await lab.get(`${off}/config`)).to.include({name: 'new'})
  })

  it('a change in a task waits there, before 9 in its call', async () => {
    await start({taskTime: 600_000, lockTimeout: 20, pve: '8.4'})
    await clone(off, 301)
    expect(await send('POST', `${off}/config`, {name: 'new'})).to.equal(`500 ${timeout(110)}`)
  })

  it('a source that runs has one clone at a time; another waits a tenth of what others wait', async () => {
    await start({taskTime: 600_000, lockTimeout: 200})
    const first = await clone(on, 301)
    const second = await clone(on, 302)
    expect(await end(second)).to.equal(timeout(120))
    expect(lab.simulator.simulation.state.guests).to.not.have.any.keys('302')
    const log = await lab.get<{t: string}[]>(`/nodes/pve1/tasks/${second}/log`)
    expect(log.map(({t}) => t)).to.deep.equal(['trying to acquire lock...', `TASK ERROR: ${timeout(120)}`])
    lab.simulator.simulation.settings.lockTimeout = 600_000
    const third = await clone(on, 303)
    await stopTask(first)
    expect(running(), 'the turn of the third').to.equal(1)
    await stopTask(third)
    expect(running()).to.equal(0)
  })

  it('a source that is started while its clone waits is not cloned', async () => {
    await start({lockTimeout: 60_000})
    const {tasks} = lab.simulator.simulation
    let go = (): void => undefined
    tasks.hold = () => new Promise((resolve) => (go = resolve))
    await send('POST', `${off}/status/start`)
    tasks.hold = () => undefined
    const made = await clone(off, 301)
    go()
    expect(await end(made)).to.equal('unexpected state change')
    expect(lab.simulator.simulation.state.guests).to.not.have.any.keys('301')
  })

  it('a task that waits can be stopped, and takes nothing when its turn comes', async () => {
    await start({taskTime: 600_000, lockTimeout: 60_000})
    const first = await clone(on, 301)
    const second = await send('POST', `${on}/config`, {cores: '1'})
    await stopTask(second)
    expect(await end(second)).to.equal('received interrupt')
    await stopTask(first)
    lab.simulator.simulation.settings.taskTime = 0
    expect(await end(await send('POST', `${on}/config`, {description: 'mine'}))).to.equal('OK')
  })

  it('volumes are made one after another on a storage: of a node, or where it is shared of the cluster', async () => {
    await start({allocationTime: 150, lockTimeout: 30})
    const add = async (path: string, storage: string): Promise<string> =>
      end(await send('POST', `${path}/config`, {scsi9: `${storage}:1`}))
    const both = (storages: [string, string]): Promise<string[]> =>
      Promise.all([add(off, storages[0]), add(on, storages[1])])
    expect(await both(['local-zfs', 'local-zfs']), 'each node has its own').to.deep.equal(['OK', 'OK'])
    expect(await both(['ceph', 'ceph'])).to.have.members([
      'OK',
      `cfs-lock 'storage-ceph' error: got lock request timeout`,
    ])
    expect(await both(['ceph', 'local-zfs'])).to.deep.equal(['OK', 'OK'])
    const here = '/nodes/pve1/qemu/100'
    const [one, other] = await Promise.all([add(here, 'local-zfs'), add(on, 'local-zfs')])
    expect([one, other]).to.have.members([
      'OK',
      `can't lock file '/var/lock/pve-manager/pve-storage-local-zfs' - got timeout`,
    ])
  })

  it('clones, moves and new guests wait for the storage, too, and say what failed', async () => {
    await start({allocationTime: 300, lockTimeout: 20})
    const {state} = lab.simulator.simulation
    const text = `can't lock file '/var/lock/pve-manager/pve-storage-local-zfs' - got timeout`
    const first = await send('POST', '/nodes/pve1/qemu', {vmid: '300', scsi0: 'local-zfs:1'})
    const ends = [
      await send('POST', `${on}/clone`, {newid: '301', full: '1', storage: 'local-zfs'}),
      await send('POST', '/nodes/pve1/qemu', {vmid: '302', scsi0: 'local-zfs:1'}),
    ].map(end)
    expect(await Promise.all(ends)).to.deep.equal([`clone failed: ${text}`, `unable to create VM 302 - ${text}`])
    expect(await end(first)).to.equal('OK')
    expect(Object.keys(state.guests)).to.include('300').and.not.include.members(['301', '302'])
  })

  for (const [kind, path, slot] of [
    ['machine', on, 'scsi9'],
    ['container', '/nodes/pve1/lxc/200', 'mp9'],
  ] as const)
    it(`a PUT of a ${kind} that takes too long answers 596 and goes on; the same PUT asks what became of it`, async () => {
      await start({allocationTime: 300, lockTimeout: 20, proxyTimeout: 100})
      const {digest} = await lab.get<{digest: string}>(`${path}/config`)
      const form = {[slot]: kind === 'machine' ? 'local-zfs:1' : 'local-zfs:1,mp=/nine', digest}
      const put = (): Promise<string> => send('PUT', `${path}/config`, form)
      expect(await put()).to.equal('596 Connection timed out')
      expect(await put()).to.match(/^500 can't lock file '.*' - got timeout$/)
      lab.simulator.simulation.settings.lockTimeout = 60_000
      lab.simulator.simulation.settings.proxyTimeout = 60_000
      expect(await put()).to.match(/^500 (?:checksum mismatch|detected modified configuration)/)
      expect(await lab.get(`${path}/config`)).to.have.property(slot)
    })
})

describe('a lock of a file', () => {
  const wish = {node: 'pve1', file: '/x'}
  const shared = {...wish, shared: true}

  it('is had alone or shared, in turn, and given back once', async () => {
    const locks = new FileLocks(() => 60_000)
    const first = locks.take([shared]) as () => void
    const second = locks.take([shared]) as () => void
    const alone = locks.take([wish])
    expect([typeof first, typeof second]).to.deep.equal(['function', 'function'])
    expect(alone).to.be.an.instanceOf(Promise)
    first()
    first()
    const order: string[] = []
    const next = (alone as Promise<() => void>).then((giveBack) => (order.push('alone'), giveBack))
    const after = (locks.take([shared]) as () => void) ?? undefined
    expect(typeof after, 'readers do not wait for a writer that waits').to.equal('function')
    second()
    after()
    const giveBack = await next
    expect(order).to.deep.equal(['alone'])
    expect(locks.take([wish])).to.be.an.instanceOf(Promise)
    giveBack()
  })

  it('of which several are wanted are given back where one is not had', async () => {
    const locks = new FileLocks(() => 1)
    const other = {node: '', file: 'storage-x'}
    locks.take([other])
    const error = await (locks.take([wish, other]) as Promise<never>).catch((problem: Error) => problem.message)
    expect(error).to.equal(`cfs-lock 'storage-x' error: got lock request timeout\n`)
    expect(typeof locks.take([wish])).to.equal('function')
  })
})
