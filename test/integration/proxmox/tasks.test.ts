import {expect} from 'chai'
import {clusterVersions, createClient, waitForTask, waitUntil, type Writer} from '../../../src/kit/proxmox/index.js'
import {parseUpid} from '../../../src/kit/values/upid.js'
import {
  failureOf,
  makeAuthority,
  makeIdentity,
  ok,
  quickClock,
  refuse,
  startServer,
  type TestServer,
} from './support.js'

const upid = 'UPID:pve1:0000008A:0007BD99:6B011908:qmstart:100:root@pam!full:'

type Step = Record<string, unknown> | {fails: [number, string]}

describe('tasks', () => {
  let server: TestServer
  let client: Writer
  let steps: Step[]
  let lines: string[]
  let clock: ReturnType<typeof quickClock>

  before(async () => {
    const authority = makeAuthority()
    server = await startServer(makeIdentity(authority), (request, response) => {
      if (request.path === `/nodes/pve1/tasks/${upid}/status`) {
        const step = (steps.length > 1 ? steps.shift() : steps[0]) ?? {}
        if ('fails' in step) return refuse(response, ...(step.fails as [number, string]))
        return ok(response, step)
      }
      if (request.path.endsWith('/log')) {
        const start = Number(new URLSearchParams(request.query).get('start'))
        const shown = lines.length === 0 ? ['no content'] : lines
        return ok(response, shown.map((t, index) => ({n: index + 1, t})).slice(start))
      }
      if (request.path === '/nodes')
        return ok(response, [
          {node: 'pve2', status: 'online'},
          {node: 'pve1', status: 'online'},
          {node: 'pve3', status: 'offline'},
        ])
      if (request.path === '/nodes/pve1/version') return ok(response, {version: '9.2.3', release: '9.2'})
      if (request.path === '/nodes/pve2/version') return refuse(response, 595, 'No route to host')
      return ok(response, null)
    })
    clock = quickClock()
    client = createClient({endpoints: [server.url], trust: {ca: authority.pem}, env: {}, clock})
  })

  beforeEach(() => {
    clock.slept.length = 0
    server.received.length = 0
    lines = []
  })

  after(async () => {
    await client.close()
    await server.close()
  })

  const running = {status: 'running'}
  const stopped = (exitstatus: string) => ({status: 'stopped', exitstatus})

  it('are waited for, with progress and each log line once', async () => {
    steps = [...Array.from({length: 13}, () => running), stopped('OK')]
    lines = ['starting', 'half way']
    const seen: string[] = []
    const progress: number[] = []
    const result = await waitForTask(client, upid, {
      clock,
      onLog: (line) => (seen.push(line), lines.length === 2 && lines.push('going on')),
      onProgress: ({elapsed}) => progress.push(elapsed),
    })
    expect(result).to.deep.include({upid, exitstatus: 'OK', warnings: 0, onlyWished: false})
    expect(seen).to.deep.equal(['starting', 'half way', 'going on'])
    expect(progress.slice(0, 10)).to.deep.equal([0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800])
    // The log once a second: after 1000 and 2025 milliseconds.
    expect(server.received.filter(({path}) => path.endsWith('/log'))).to.have.length(2)
  })

  it('that run long are waited for a tenth longer than they run, three seconds at most', async () => {
    steps = [...Array.from({length: 80}, () => running), stopped('OK')]
    const progress: number[] = []
    await waitForTask(client, upid, {clock, onProgress: ({elapsed}) => progress.push(elapsed)})
    const pauses = progress.slice(1).map((elapsed, at) => elapsed - progress[at]!)
    for (const [at, pause] of pauses.entries())
      expect(pause).to.be.closeTo(Math.min(3000, Math.max(200, progress[at]! / 10)), 1)
    expect(Math.max(...pauses)).to.be.closeTo(3000, 1)
    expect(progress.at(-1)).to.be.above(60_000)
  })

  it('that ended well have their log read no more, as nobody reads it then', async () => {
    steps = [stopped('OK')]
    lines = ['all of it', 'TASK OK']
    await waitForTask(client, upid, {clock, onLog: () => undefined})
    expect(server.received.filter(({path}) => path.endsWith('/log'))).to.deep.equal([])
  })

  it('with warnings succeeded, and bring their log', async () => {
    steps = [stopped('WARNINGS: 2')]
    lines = ['WARN: a', 'WARN: b', 'TASK WARNINGS: 2']
    expect(await waitForTask(client, upid, {clock})).to.deep.include({
      exitstatus: 'WARNINGS: 2',
      warnings: 2,
      log: lines,
    })
  })

  it('that failed throw what a caller can act on, with the end of the log', async () => {
    steps = [stopped("can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout")]
    lines = ['trying', "TASK ERROR: can't lock file"]
    const error = await failureOf(waitForTask(client, upid, {clock}))
    expect(error).to.include({code: 'PMPC_LOCKED', exitCode: 75})
    expect(error.data).to.deep.include({upid, log: lines})
    steps = [stopped('start failed: QEMU exited with code 1')]
    expect((await failureOf(waitForTask(client, upid, {clock}))).code).to.equal('PMPC_TASK_FAILED')
  })

  it('`unexpected status` is read again, in case the last line was still to come', async () => {
    steps = [stopped('unexpected status'), stopped('OK')]
    expect((await waitForTask(client, upid, {clock})).exitstatus).to.equal('OK')
    expect(clock.slept).to.deep.equal([1000])
  })

  it('of a worker that died have an unknown outcome', async () => {
    steps = [stopped('unexpected status')]
    expect((await failureOf(waitForTask(client, upid, {clock}))).code).to.equal('PMPC_OUTCOME_UNKNOWN')
  })

  it('survive a reboot of their node', async () => {
    const away = {fails: [595, 'No route to host'] as [number, string]}
    steps = [running, away, away, stopped('OK')]
    const reachable: boolean[] = []
    await waitForTask(client, upid, {clock, onProgress: (progress) => reachable.push(progress.reachable)})
    expect(reachable).to.deep.equal([true, false, false])
  })

  it('whose node stays away are given up, and said so', async () => {
    steps = [{fails: [595, 'No route to host']}]
    expect(await failureOf(waitForTask(client, upid, {clock, patience: 60_000}))).to.include({
      code: 'PMPC_NODE_UNREACHABLE',
      exitCode: 75,
    })
  })

  it('that take too long go on by themselves', async () => {
    steps = [running]
    expect(await failureOf(waitForTask(client, upid, {clock, timeout: 10_000}))).to.include({
      code: 'PMPC_TASK_TIMEOUT',
      exitCode: 75,
    })
    expect(server.received.some(({method}) => method === 'DELETE')).to.equal(false)
  })

  it('are told to stop when that was asked for', async () => {
    steps = [running]
    const stop = new AbortController()
    const waiting = failureOf(
      waitForTask(client, upid, {clock, signal: stop.signal, stopWith: client, onProgress: () => stop.abort()}),
    )
    expect(await waiting).to.include({code: 'PMPC_INTERRUPTED', exitCode: 130})
    expect(server.received.at(-1)).to.include({method: 'DELETE', path: `/nodes/pve1/tasks/${upid}`})
  })

  it('that somebody else stopped are not called failed', async () => {
    steps = [stopped('received interrupt')]
    expect((await failureOf(waitForTask(client, upid, {clock}))).code).to.equal('PMPC_TASK_STOPPED')
  })

  it('null was done in time; a missing task and a bad id say so', async () => {
    expect((await waitForTask(client, null)).exitstatus).to.equal('OK')
    expect((await failureOf(waitForTask(client, 'UPID:broken'))).code).to.equal('PMPC_NOT_PVE')
  })

  it('of high availability only record a wish: the state itself is waited for', async () => {
    const wish = upid.replace('qmstart', 'hastart')
    expect(parseUpid(wish)).to.include({
      node: 'pve1',
      type: 'hastart',
      id: '100',
      user: 'root@pam!full',
      starttime: 0x6b011908,
    })
    let reads = 0
    expect(
      await waitUntil(
        () => Promise.resolve(++reads < 3 ? 'stopped' : 'running'),
        (state) => state === 'running',
        'VM 100 running',
        {clock},
      ),
    ).to.equal('running')
    const error = await failureOf(
      waitUntil(
        () => Promise.resolve('stopped'),
        (state) => state === 'running',
        'VM 100 running',
        {clock, timeout: 5000},
      ),
    )
    expect(error.code).to.equal('PMPC_TASK_TIMEOUT')
  })

  it('run on the code of their node: versions are read by node, none for one that is away', async () => {
    const versions = await clusterVersions(client)
    expect([...versions.keys()]).to.deep.equal(['pve1', 'pve2', 'pve3'])
    expect(versions.get('pve1')).to.include({major: 9, minor: 2})
    expect(versions.get('pve2')).to.equal(undefined)
    expect(server.received.some(({path}) => path.startsWith('/nodes/pve3'))).to.equal(false)
  })
})
