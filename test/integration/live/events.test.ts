import {expect} from 'chai'
import {startSimulator, type Simulator} from '../../../plugins/simulator/src/index.js'
import {follow, type LiveEvent} from '../../../src/kit/live/index.js'
import {openReader, systemClock, type Clock, type Reader} from '../../../src/kit/proxmox/index.js'
import {assertSchema} from '../../support/schemas.js'

/** Follows a cluster, one look after the other, as the test says. */
class Following {
  readonly events: LiveEvent[] = []
  readonly ended: Promise<void>
  private readonly end = new AbortController()
  private wake: () => void = () => undefined
  private onAsleep: () => void = () => undefined
  private asleep = this.untilAsleep()
  private looks = 0

  constructor(reader: Reader, since?: number) {
    const clock: Clock = {...systemClock, sleep: async (_, signal) => this.sleep(signal)}
    const onEvent = (event: LiveEvent): void => void this.events.push(event)
    this.ended = follow(reader, {since, signal: this.end.signal, onEvent, clock})
    // Who waits for the next look hears of it.
    this.ended.catch(() => undefined)
  }

  private async untilAsleep(): Promise<void> {
    return new Promise((resolve) => (this.onAsleep = resolve))
  }

  private async sleep(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return
    const woken = new Promise<void>((resolve) => (this.wake = resolve))
    signal?.addEventListener('abort', () => this.wake())
    this.onAsleep()
    return woken
  }

  /** Has it look once, and returns what it told. */
  async look(): Promise<LiveEvent[]> {
    if (this.looks++ > 0) {
      this.asleep = this.untilAsleep()
      this.wake()
    }
    await Promise.race([this.asleep, this.ended.catch(() => undefined)])
    const told = this.events.splice(0)
    // One of each: a schema is read anew each time.
    for (const event of new Map(told.map((one) => [one.event, one])).values()) assertSchema('events', event)
    return told
  }

  async stop(): Promise<void> {
    this.end.abort()
    await this.ended.catch(() => undefined)
  }
}

const brief = (events: LiveEvent[]): string[] =>
  events.map((event) => ('task' in event ? `${event.event} ${event.task.type} ${event.task.object}` : event.event))

describe('following a cluster', () => {
  let simulator: Simulator
  let reader: Reader
  let following: Following
  const sim = () => simulator.simulation

  beforeEach(async () => {
    simulator = await startSimulator({seed: 'cluster', authDelay: 0, taskTime: 0, statusInterval: 0})
    reader = openReader({
      endpoints: [simulator.url],
      trust: {fingerprint: simulator.fingerprint},
      credential: {tokenId: simulator.tokenId, secret: simulator.tokenSecret},
      cluster: 'home',
      env: {},
    })
  })
  afterEach(async () => {
    await following.stop()
    await reader.close()
    await simulator.stop()
  })

  /** Begins a task that does nothing, and ends it unless it is to run. */
  async function task(vmid: number, {node = 'pve1', runs = false} = {}): Promise<{upid: string; end: () => void}> {
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => (end = resolve))
    const upid = sim().tasks.start({node, type: 'qmreset', id: vmid, user: 'root@pam'}, async () =>
      runs ? ended : undefined,
    )
    if (!runs) await sim().tasks.ended(upid)
    return {upid, end}
  }

  it('tells what begins and what ends, once, and nothing of before', async () => {
    await task(100)
    following = new Following(reader)
    expect(await following.look()).to.deep.equal([])
    const {end, upid} = await task(101, {runs: true})
    const [begun, ...others] = await following.look()
    expect(others).to.deep.equal([])
    expect(begun).to.deep.include({cluster: 'home', event: 'task-started'})
    expect((begun as {task: object}).task).to.include({upid, object: 'vm/101', guestname: 'web02', status: 'running'})
    expect(await following.look()).to.deep.equal([])
    end()
    await sim().tasks.ended(upid)
    expect(brief(await following.look())).to.deep.equal(['task-ended qmreset vm/101'])
    await task(102)
    expect(brief(await following.look())).to.deep.equal(['task-started qmreset vm/102', 'task-ended qmreset vm/102'])
    expect(await following.look()).to.deep.equal([])
  })

  it('tells lines of the log that are about no task’s beginning or end', async () => {
    following = new Following(reader)
    await following.look()
    sim().tasks.clusterLog('pve2', 'alice@pve', 'update VM 101: -cores 2')
    await task(100)
    const logged = (await following.look()).filter(({event}) => event === 'log')
    expect(logged).to.have.length(1)
    expect(logged[0]).to.deep.include({
      ...{cluster: 'home', node: 'pve2', user: 'alice@pve', severity: 6, program: 'pvedaemon'},
      message: 'update VM 101: -cores 2',
    })
  })

  it('misses none of many tasks and lines between two looks, and tells none twice', async () => {
    for (let index = 0; index < 30; index++) await task(100)
    following = new Following(reader)
    await following.look()
    const upids: string[] = []
    const started = sim().state.tasks.length
    for (let index = 0; index < 700; index++) {
      upids.push((await task(100 + (index % 3), {node: index % 7 === 0 ? 'pve2' : 'pve1'})).upid)
      sim().tasks.clusterLog('pve1', 'alice@pve', `line ${index}`)
    }
    expect(sim().state.tasks).to.have.length(started + 700)
    const told = await following.look()
    const of = (kind: string): string[] =>
      told.flatMap((event) => ('task' in event && event.event === kind ? [event.task.upid] : []))
    expect(of('task-started').sort()).to.deep.equal(upids.slice().sort())
    expect(of('task-ended').sort()).to.deep.equal(upids.slice().sort())
    const lines = told.flatMap((event) => (event.event === 'log' ? [event.message] : []))
    // The cluster itself forgets: of the log it keeps 2000 entries, with those of tasks among them.
    expect(new Set(lines).size).to.equal(lines.length)
    expect(lines.at(-1)).to.equal('line 699')
    expect(lines.length).to.be.greaterThan(600)
    expect(await following.look()).to.deep.equal([])
  })

  it('tells the end of a task that ran long, when the list has no room for it any more', async () => {
    following = new Following(reader)
    await following.look()
    const {end, upid} = await task(101, {runs: true})
    expect(brief(await following.look())).to.deep.equal(['task-started qmreset vm/101'])
    for (let index = 0; index < 30; index++) await task(100)
    end()
    await sim().tasks.ended(upid)
    const told = brief(await following.look())
    expect(told.filter((one) => one.endsWith('vm/101'))).to.deep.equal(['task-ended qmreset vm/101'])
    expect(told.filter((one) => one === 'task-ended qmreset vm/100')).to.have.length(30)
  })

  it('begins with what was since a moment, more than the list holds', async () => {
    const now = sim().now()
    for (let index = 0; index < 60; index++) await task(100)
    for (const one of sim().state.tasks.slice(30)) one.starttime = one.endtime = now - 7200
    // A UPID tells when its task began.
    for (const one of sim().state.tasks.slice(30))
      one.upid = one.upid.replace(/(UPID:\w+:\w+:\w+:)\w+/, (_, head: string) => head + hex(now - 7200))
    following = new Following(reader, now - 3600)
    const told = await following.look()
    expect(brief(told).filter((one) => one === 'task-ended qmreset vm/100')).to.have.length(30)
    expect(await following.look()).to.deep.equal([])
  })

  it('tells once that a cluster does not answer, and goes on where it was', async () => {
    following = new Following(reader)
    await following.look()
    const fault = sim().faults.add({kind: 'html', path: '^/cluster'})
    expect(brief(await following.look())).to.deep.equal(['unreachable'])
    expect(await following.look()).to.deep.equal([])
    await task(100)
    sim().faults.clear(fault.id)
    expect(brief(await following.look())).to.deep.equal([
      ...['reachable', 'task-started qmreset vm/100', 'task-ended qmreset vm/100'],
    ])
  })

  it('ends for what does not pass', async () => {
    following = new Following(reader)
    await following.look()
    sim().faults.add({kind: 'status', status: 401, reason: 'no such token', path: '^/cluster'})
    expect(await following.look()).to.deep.equal([])
    expect(
      await following.ended.then(
        () => '',
        (error: {code: string}) => error.code,
      ),
    ).to.equal('PMPC_NOT_AUTHENTICATED')
  })
})

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0')
