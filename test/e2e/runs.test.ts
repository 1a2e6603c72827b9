import {createServer, type Server} from 'node:http'
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {expect} from 'chai'
import type {DebugResult} from '../../plugins/diagnostics/src/runs/debugging.js'
import type {StatsResult} from '../../plugins/diagnostics/src/runs/stats.js'
import type {Line, Span, Trace} from '../../src/kit/runs/index.js'
import {secretTexts as texts, secretWords} from '../support/forty-secrets.js'
import {Lab, type Clone} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

/** All spans of a tree. */
const all = (span: Span): Span[] => [span, ...span.children.flatMap(all)]

describe('the runs of a clone', () => {
  let lab: Lab
  let clone: Clone
  const logs = (): string => path.join(clone.root, '.pmpc/local/logs')
  const linesIn = (text: string): Line[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
  const logged = async (...args: string[]): Promise<Line[]> =>
    linesIn((await clone.must('logs', '--json', ...args)).stdout)

  before(async () => {
    lab = await Lab.start({seed: 'homelab'})
    clone = await lab.agreed()
  })
  after(async () => lab.stop())

  describe('pmpc logs', () => {
    it('tells what was logged, as lines and as documents of their schema', async () => {
      const {run} = (await clone.pmpc(['sync', '--json'])).json<{run: string}>()
      const lines = await logged('--run', run, '--level', 'debug')
      lines.forEach((line) => assertSchema('logs', line))
      expect(new Set(lines.map((line) => line.run))).to.deep.equal(new Set([run]))
      expect(lines[0]).to.include({event: 'run.start', operation: 'pmpc sync', at: 0})
      expect(lines.at(-1)).to.include({event: 'run.end', exitCode: 0})
      const requests = lines.filter(({event}) => event === 'request')
      const {requests: sent} = (await clone.pmpc(['sync', '--json'])).json<{requests: number}>()
      expect(requests.length).to.equal(sent)
      const guest = requests.find((line) => line.path === '/nodes/pve/qemu/100/config')!
      expect(guest).to.deep.include({objects: ['home/vm/100'], phase: 'read', status: 200, level: 'debug'})
      expect(guest.milliseconds).to.be.a('number').and.above(0)
      expect(lines.filter(({event}) => event === 'git').length).to.be.above(2)
      const {stdout} = await clone.must('logs', '--run', run.slice(0, 12), '--level', 'debug')
      expect(stdout.trim().split('\n').length).to.equal(lines.length)
      expect(stdout).to.match(
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}debug {2}\w{16} {2}pmpc sync {2}request {2}GET \/nodes {2}200 /m,
      )
    })

    it('logs an error with its cause and what to do', async () => {
      const {error} = (await clone.pmpc(['get', 'nope', '--json'])).json<{error: {message: string}}>()
      const found = (await logged('--level', 'error')).at(-1)!
      expect(found).to.include({event: 'error', operation: 'pmpc get', level: 'error'})
      expect(found.error).to.deep.include({code: 'PMPC_UNKNOWN_KIND', message: error.message, exitCode: 64})
      expect(found.error!.recovery).to.include('pmpc get --help')
      lab.simulator.simulation.faults.add({path: '/nodes$', kind: 'drop'})
      expect((await clone.pmpc(['sync'])).code).to.equal(75)
      lab.simulator.simulation.faults.clear()
      const lines = await logged('--level', 'warn', '--grep', 'pmpc sync')
      expect(lines.some(({event, status, failed}) => event === 'request' && status === 0 && failed === true)).to.equal(
        true,
      )
      expect(lines.at(-1)!.error!.code).to.equal('PMPC_UNREACHABLE')
    })

    it('chooses by level, time, pattern and number', async () => {
      expect((await logged('--level', 'warn')).every(({level}) => level === 'warn' || level === 'error')).to.equal(true)
      expect(await logged('-n', '3')).to.have.length(3)
      expect(
        (await logged('--level', 'debug', '--since', '1h', '--grep', 'QEMU/100')).every(({path: at}) =>
          String(at).includes('qemu/100'),
        ),
      ).to.equal(true)
      const future = new Date(Date.now() + 3_600_000).toISOString().slice(0, 16)
      const none = await clone.must('logs', '--since', future)
      expect(none.stdout).to.equal('')
      expect(none.stderr).to.contain('Nothing of this was logged')
      for (const [args, code] of [
        [['--run', 'zzzz'], 'PMPC_NO_RUN'],
        [['--grep', '('], 'PMPC_USAGE'],
        [['--since', 'soon'], 'PMPC_USAGE'],
        [['--level', 'loud'], 'PMPC_USAGE'],
      ] as const)
        expect((await clone.fails(['logs', ...args])).code, args.join(' ')).to.equal(code)
    })

    it('follows what other commands log, until Ctrl-C', async () => {
      let told = ''
      const {code, stdout} = await clone.pmpc(['logs', '--follow', '-n', '1', '--json', '--grep', 'pmpc status'], {
        started(child) {
          // No hint is told under --json: it follows as soon as it has told what was there.
          const again = setInterval(() => void clone.pmpc(['status']), 3000)
          child.once('exit', () => clearInterval(again))
          child.stdout!.on('data', (chunk: Buffer) => {
            told += chunk.toString()
            if (/"operation":"pmpc status","event":"run.end"/.test(told)) child.kill('SIGINT')
          })
        },
      })
      expect(code).to.equal(0)
      expect(linesIn(stdout).every(({operation}) => operation === 'pmpc status')).to.equal(true)
    })

    it('leaves out half a line, and what is no log', async () => {
      const day = new Date().toISOString().slice(0, 10)
      writeFileSync(
        path.join(logs(), `${day}-00half.jsonl`),
        '{"time":"2026-01-01T00:00:00Z","run":"00half","event":"run.st',
      )
      writeFileSync(path.join(logs(), 'notes.txt'), 'mine')
      expect((await clone.must('logs', '--run', '00half', '--json')).stdout).to.equal('')
      expect((await clone.fails(['trace', '00half'])).code).to.equal('PMPC_NO_RUN')
      await clone.must('stats')
    })
  })

  describe('pmpc trace', () => {
    it('shows a run as a tree, with requests, tasks, Git and printing', async () => {
      await clone.must('start', 'vm/102', '--yes')
      const trace = (await clone.pmpc(['trace', '--json'])).json<Trace>()
      assertSchema('trace', trace)
      expect(trace).to.include({operation: 'pmpc start', exitCode: 0})
      const spans = all(trace.root)
      for (const kind of ['run', 'startup', 'phase', 'step', 'object', 'request', 'task', 'git', 'render'])
        expect(
          spans.map((span) => span.kind),
          kind,
        ).to.include(kind)
      const object = spans.find(({kind}) => kind === 'object')!
      expect(object).to.deep.include({name: 'home/vm/102', objects: ['home/vm/102']})
      const names = all(object).map(({name}) => name)
      expect(names).to.include('POST /nodes/pve/qemu/102/status/start').and.include('qmstart 102')
      expect(spans.find(({name}) => name === 'apply')!.children.length).to.be.above(0)
      const {stdout} = await clone.must('trace', trace.run.slice(0, 12))
      expect(stdout).to.match(/^ *0\.0 ms +\S+ m?s +[·█]{24} {2}pmpc start {2}exit 0$/m)
      expect(stdout).to.match(/└─ GET /)
    })

    it('is the last run that did anything else, and tells its error', async () => {
      await clone.pmpc(['get', 'nope'])
      await clone.must('logs')
      const {stdout} = await clone.must('trace')
      expect(stdout)
        .to.contain('pmpc get')
        .and.contain('exit 64')
        .and.contain('Error: PMPC_UNKNOWN_KIND')
        .and.contain('try:  pmpc get')
    })

    it('--all tells each request, --chrome writes what browsers open', async () => {
      const {run} = (await clone.pmpc(['sync', '--json'])).json<{run: string}>()
      const few = (await clone.must('trace', run)).stdout
      const every = (await clone.must('trace', run, '--all')).stdout
      expect(few).to.match(/\d+ requests, median /)
      expect(every.split('\n').length).to.be.above(few.split('\n').length + 30)
      const file = path.join(lab.box.folder, 'sync.json')
      await clone.must('trace', run, '--chrome', file)
      const {traceEvents} = JSON.parse(readFileSync(file, 'utf8')) as {traceEvents: {ph: string; cat?: string}[]}
      expect(traceEvents.filter(({ph, cat}) => ph === 'X' && cat === 'request').length).to.be.above(50)
    })

    it('tells of a run that was killed what it had begun', async () => {
      const known = new Set(readdirSync(logs()))
      lab.simulator.simulation.faults.add({path: '/nodes$', kind: 'hang'})
      await clone.pmpc(['sync'], {
        started(child) {
          const wait = setInterval(() => {
            const fresh = readdirSync(logs()).find((name) => !known.has(name))
            if (!fresh || !readFileSync(path.join(logs(), fresh), 'utf8').includes('phase.start')) return
            clearInterval(wait)
            child.kill('SIGKILL')
          }, 20)
        },
      })
      lab.simulator.simulation.faults.clear()
      const {root, exitCode} = (await clone.pmpc(['trace', '--json'])).json<Trace>()
      expect(exitCode).to.equal(undefined)
      expect(
        all(root)
          .filter(({unfinished}) => unfinished)
          .map(({name}) => name),
      ).to.deep.equal(['pmpc sync', 'Read home', 'read'])
      expect((await clone.must('trace')).stdout).to.contain('(no end was logged)')
      const stats = (await clone.pmpc(['stats', '--json'])).json<StatsResult>()
      expect(stats.unfinished).to.equal(1)
    })
  })

  describe('pmpc stats', () => {
    it('counts and sums by command and phase', async () => {
      const result = (await clone.pmpc(['stats', '--json'])).json<StatsResult>()
      assertSchema('stats', result)
      const of = (command: string, phase: string) =>
        result.figures.find((one) => one.command === command && one.phase === phase)!
      for (const phase of ['total', 'read', 'merge', 'start', 'requests', 'git', 'printing', 'logging'])
        expect(of('sync', phase), phase).to.include.keys('count', 'median', 'p95', 'max')
      expect(of('sync', 'total').median).to.be.at.least(of('sync', 'read').median)
      expect(of('sync', 'total').failed).to.equal(1)
      expect(of('get', 'total').failed).to.equal(2)
      expect(of('start', 'tasks').count).to.equal(1)
      for (const {median, p95, max} of result.figures) expect(median <= p95 && p95 <= max).to.equal(true)
      const only = (await clone.pmpc(['stats', 'sync', '--json'])).json<StatsResult>()
      expect(new Set(only.figures.map(({command}) => command))).to.deep.equal(new Set(['sync']))
      expect((await clone.must('stats')).stdout).to.match(/^sync +total +\d+ /m)
    })
  })

  describe('pmpc debug', () => {
    it('has more logged until it is off, and never a value', async () => {
      const details = async (): Promise<Line[]> => {
        const {run} = (await clone.pmpc(['sync', '--json'])).json<{run: string}>()
        return (await logged('--run', run, '--level', 'debug')).filter(({args, parameters}) => args ?? parameters)
      }
      expect(await details()).to.deep.equal([])
      const on = (await clone.pmpc(['debug', 'on', '--json'])).json<DebugResult>()
      assertSchema('debug', on)
      expect(on.debug).to.equal(true)
      const found = await details()
      expect(found.some(({event, args}) => event === 'git' && Array.isArray(args))).to.equal(true)
      expect(found.some(({parameters}) => JSON.stringify(parameters) === '["full"]')).to.equal(true)
      const told = await clone.must('debug')
      expect(told.stdout).to.match(/^Debugging is on, since 2\d{3}-.*\n\d+ logs in /)
      expect((await clone.pmpc(['debug', 'off', '--json'])).json<DebugResult>().debug).to.equal(false)
      expect(await details()).to.deep.equal([])
      expect((await clone.fails(['debug', 'maybe'])).code).to.equal('PMPC_USAGE')
    })

    it('--debug tells it as it happens, wherever it stands, and leaves the result alone', async () => {
      for (const args of [
        ['sync', '--json', '--debug'],
        ['--debug', 'sync', '--json'],
      ]) {
        const {stdout, stderr, code} = await clone.pmpc(args)
        expect(code).to.equal(0)
        expect(JSON.parse(stdout)).to.include.keys('run')
        expect(stderr).to.match(/^\d\d:\d\d:\d\d\.\d{3} {2}debug {2}request {2}GET \/nodes {2}200 /m)
      }
      const outside = await lab.box.pmpc(['get', 'vms', '--debug'])
      expect(outside.stderr).to.contain('PMPC_NO_WORKSPACE').and.contain('run.end')
    })
  })

  it('PMPC_LOG_LEVEL says what is written', async () => {
    const before = readdirSync(logs()).length
    await clone.pmpc(['sync'], {env: {PMPC_LOG_LEVEL: 'off'}})
    await clone.pmpc(['sync'], {env: {PMPC_LOG_LEVEL: 'warn'}})
    expect(readdirSync(logs()).length).to.equal(before)
    const {run} = (await clone.pmpc(['sync', '--json'], {env: {PMPC_LOG_LEVEL: 'info'}})).json<{run: string}>()
    expect((await logged('--run', run, '--level', 'debug')).every(({level}) => level === 'info')).to.equal(true)
  })
})

const secrets = [...secretWords, 'header-of-the-collector', 'user-of-the-collector']

describe('what runs log, with a secret of forty kinds in every field', () => {
  let lab: Lab
  let clone: Clone
  let collector: Server
  const posted: string[] = []
  let env: Record<string, string>

  before(async () => {
    lab = await Lab.start({seed: 'homelab'})
    clone = await lab.workspace()
    collector = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        posted.push(body)
        // What was sent comes back, as a careless one would have it.
        response.writeHead(500).end(JSON.stringify(request.headers) + body)
      })
    })
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://me:user-of-the-collector@127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=header-of-the-collector',
    }
  })
  after(async () => {
    collector.close()
    await lab.stop()
  })

  it('holds none of them: log, trace, figures, export, what --debug tells', async function () {
    this.timeout(240_000)
    expect(secrets.length).to.be.at.least(42)
    const outputs: string[] = []
    const run = async (...args: string[]): Promise<void> => {
      const {stderr} = await clone.pmpc([...args, '--debug', '--no-prompt'], {env})
      outputs.push(stderr)
    }
    await lab.set('/nodes/pve/qemu/100', {description: texts.join('\n')})
    await lab.set('/nodes/pve/lxc/200', {description: texts.toReversed().join('\n\n')})
    await lab.api('POST', '/nodes/pve/qemu/100/snapshot', {
      snapname: 'before',
      description: texts.slice(0, 20).join('\n'),
    })
    await lab.api('PUT', '/pools/media', {comment: texts.slice(0, 12).join(' ')})
    await run('sync')
    await run('accept', '-m', texts.join('\n'))
    for (let at = 0; at < texts.length; at += 8) {
      const some = texts.slice(at, at + 8)
      await run('set', 'vm/100', `description=${some.join('\n')}`, `tags=${some[0]!}`)
      await run('describe', 'vm', some[1]!)
    }
    await run('get', 'vms', '--filter', texts[0]!)
    await run('diff', texts[8]!)
    await run('plan')
    await run('apply', '--yes')
    // What a server says in its refusal.
    lab.simulator.simulation.faults.add({
      path: '/nodes$',
      kind: 'status',
      status: 500,
      reason: texts.join(' ').replaceAll('\n', ' '),
    })
    await run('sync')
    lab.simulator.simulation.faults.clear()
    const folder = path.join(clone.root, '.pmpc/local/logs')
    const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'))
    expect(files.length).to.be.above(15)
    const told = [...files, ...posted]
    for (const args of [
      ['logs', '--level', 'debug', '--since', '1h'],
      ['logs', '--json', '--since', '1h', '--level', 'debug'],
      ['trace', '--all'],
      ['trace', '--json'],
      ['stats'],
      ['debug'],
    ]) {
      const {stdout, stderr} = await clone.pmpc(args, {env})
      told.push(stdout, stderr)
    }
    const chrome = path.join(lab.box.folder, 'trace.json')
    await clone.must('trace', '--chrome', chrome)
    told.push(readFileSync(chrome, 'utf8'))
    expect(existsSync(path.join(clone.root, '.pmpc/local/export-failed.json'))).to.equal(true)
    told.push(readFileSync(path.join(clone.root, '.pmpc/local/export-failed.json'), 'utf8'))
    expect(posted.length).to.be.above(15)
    const leaks = secrets.filter((secret) =>
      told.some((text) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1))),
    )
    expect(leaks).to.deep.equal([])
    const onTerminal = outputs.map((text) =>
      text
        .split('\n')
        .filter((line) => /^\d\d:\d\d:\d\d\.\d{3} {2}/.test(line))
        .join('\n'),
    )
    expect(secrets.filter((secret) => onTerminal.some((text) => text.includes(secret)))).to.deep.equal([])
  })
})
