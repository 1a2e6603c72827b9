import {expect} from 'chai'
import {
  chromeTrace,
  Covered,
  durationText,
  eventText,
  shapeOf,
  traceOf,
  type Line,
  type Span,
} from '../../../src/kit/runs/index.js'
import {isSampled, otlpTraces, parentOf, traceIdOf} from '../../../src/kit/runs/otlp.js'

const id = '01m8n3p008nqce6p'

/** A line of one run; what is not given is as it most often is. */
const line = (event: string, at: number, fields: Partial<Line> = {}): Line => ({
  ...{time: '2026-11-30T02:00:00.000Z', run: id, level: 'info', operation: 'pmpc sync', event, at},
  ...fields,
})
const request = (at: number, milliseconds: number, path: string, fields: Partial<Line> = {}): Line =>
  line('request', at, {...{milliseconds, method: 'GET', path, endpoint: 'https://[::1]:8006', status: 200}, ...fields})

const start = line('run.start', 0, {version: '0.1.0', node: 'v20.19.0', platform: 'linux', startup: 80, argv: []})
const upid = 'UPID:pve1:000003E9:018C1B26:6B0CDBE8:qmstart:100:root@pam:'
const whole: Line[] = [
  start,
  line('git', 5, {milliseconds: 4, command: 'rev-parse', code: 0}),
  line('step.start', 10, {step: 'Read home', span: 1}),
  line('phase.start', 10, {phase: 'read', span: 2}),
  request(12, 20, '/nodes'),
  request(14, 30, '/nodes/pve1/qemu/100/config', {objects: ['home/vm/100']}),
  line('phase.end', 10, {phase: 'read', span: 2, milliseconds: 40}),
  line('step.end', 10, {step: 'Read home', span: 1, milliseconds: 41}),
  request(61, 4, '/nodes/pve1/qemu/100/status/start', {method: 'POST', objects: ['home/vm/100']}),
  request(70, 4, `/nodes/pve1/tasks/${upid}/status`),
  line('task', 66, {milliseconds: 10, type: 'qmstart', id: '100', node: 'pve1', upid, exitstatus: 'OK'}),
  line('object', 60, {milliseconds: 20, objects: ['home/vm/100'], how: 'done'}),
  line('warning', 81, {level: 'warn', message: 'look'}),
  line('run.end', 90, {milliseconds: 90, exitCode: 0, timings: {read: 40}, parts: {render: {milliseconds: 3}}}),
]
/** The names of a tree, each list in brackets. */
const names = ({name, children}: Span): unknown => (children.length > 0 ? [name, ...children.map(names)] : name)

describe('the trace of a run', () => {
  it('is a tree: what lies in the time of a phase below it, what is about an object or a task below that', () => {
    const {root, run, operation, exitCode, events} = traceOf(whole)!
    expect({run, operation, exitCode}).to.deep.equal({run: id, operation: 'pmpc sync', exitCode: 0})
    expect(names(root)).to.deep.equal([
      'pmpc sync',
      'start of Node and pmpc',
      'git rev-parse',
      ['Read home', ['read', 'GET /nodes', 'GET /nodes/pve1/qemu/100/config']],
      ['home/vm/100', 'POST /nodes/pve1/qemu/100/status/start', ['qmstart 100', 'GET /nodes/pve1/tasks/UPID/status']],
      'printing',
    ])
    expect(root.children[0]).to.include({start: -80, milliseconds: 80})
    expect(events.map(({message}) => message)).to.deep.equal(['look'])
  })

  it('tells of a killed run what it had begun, and no end', () => {
    const {root, exitCode} = traceOf([start, line('phase.start', 10, {phase: 'read', span: 1}), request(12, 20, '/a')])!
    expect(exitCode).to.equal(undefined)
    expect(root).to.include({unfinished: true, milliseconds: 32})
    expect(root.children[1]).to.deep.include({name: 'read', unfinished: true, start: 10, milliseconds: 22})
    expect(names(root.children[1]!)).to.deep.equal(['read', 'GET /a'])
  })

  it('fails with its error', () => {
    const error = {...{code: 'PMPC_X', message: 'no', exitCode: 1}, cause: ['EX: why'], recovery: ['pmpc y']}
    const {root, events} = traceOf([start, line('error', 4, {error}), line('run.end', 5, {failed: true, exitCode: 1})])!
    expect(root.failed).to.equal(true)
    expect(events[0]!.error).to.deep.equal(error)
    // Two, as after a difference, is no failure.
    expect(traceOf([start, line('run.end', 5, {exitCode: 2})])!.root.failed).to.equal(undefined)
  })

  it('is none where nothing tells of a run, and bears any lines', () => {
    expect(traceOf([])).to.equal(undefined)
    expect(traceOf([{event: 'run.end'}, {}])).to.equal(undefined)
    expect(
      traceOf([{run: 'x', event: 'run.start'}, {event: 'request'}, {event: 'phase.end'}])!.root.children.length,
    ).to.equal(1)
  })

  it('of twenty thousand requests is made in no time', () => {
    const many = Array.from({length: 20_000}, (_, at) =>
      request(11 + at / 1000, 5, '/nodes', {objects: [`home/vm/${at}`]}),
    )
    const before = process.cpuUsage().user
    const {root} = traceOf([...whole.slice(0, 4), ...many, ...whole.slice(6)])!
    expect((process.cpuUsage().user - before) / 1000).to.be.below(3000)
    expect(root.children.find(({name}) => name === 'Read home')!.children[0]!.children.length).to.equal(20_000)
  })
})

describe('a trace for a browser', () => {
  const {traceEvents, displayTimeUnit, otherData} = chromeTrace(traceOf(whole)!)
  const stretches = traceEvents.filter(({ph}) => ph === 'X')

  it('has what the format wants of each event', () => {
    expect(displayTimeUnit).to.equal('ms')
    expect(otherData).to.include({run: id, exitCode: 0})
    expect(stretches).to.have.length(12)
    for (const {ts, dur, name, pid, tid} of stretches) {
      expect(ts, name).to.be.a('number').and.at.least(0)
      expect(dur, name).to.be.a('number').and.at.least(0)
      expect([pid, tid].every(Number.isInteger), name).to.equal(true)
    }
    for (const {ph, ts, s} of traceEvents.filter(({ph}) => ph === 'i'))
      expect([ph, ts, s]).to.deep.equal(['i', 161_000, 'p'])
  })

  it('lays on one row only what lies one in the other', () => {
    for (const a of stretches)
      for (const b of stretches) {
        if (a === b || a.tid !== b.tid || b.ts! < a.ts!) continue
        const [endA, endB] = [a.ts! + a.dur!, b.ts! + b.dur!]
        expect(b.ts! >= endA || endB <= endA || (a.ts === b.ts && endA <= endB), `${a.name} and ${b.name}`).to.equal(
          true,
        )
      }
    expect(new Set(stretches.filter(({cat}) => cat === 'request').map(({tid}) => tid)).size).to.equal(2)
  })
})

describe('a trace as OTLP', () => {
  const trace = traceOf(whole)!
  const spansOf = (env: Record<string, string>) => otlpTraces(trace, env).resourceSpans[0]!.scopeSpans[0]!.spans
  const attribute = (attributes: {key: string; value: object}[], key: string) =>
    attributes.find((one) => one.key === key)?.value

  it('has ids, parents, times and the names of the conventions', () => {
    const spans = spansOf({})
    expect(spans).to.have.length(12)
    expect(new Set(spans.map(({spanId}) => spanId)).size).to.equal(12)
    const [root, ...others] = spans
    expect(root).to.include({traceId: Buffer.from(id).toString('hex'), name: 'pmpc sync', kind: 1})
    expect(root!.parentSpanId).to.equal(undefined)
    for (const {traceId, spanId, parentSpanId} of others) {
      expect(traceId).to.equal(root!.traceId)
      expect(spanId).to.match(/^[0-9a-f]{16}$/)
      expect(spans.some((one) => one.spanId === parentSpanId)).to.equal(true)
    }
    const config = spans.find(({name}) => name === 'GET /nodes/{node}/qemu/{vmid}/config')!
    expect(config.kind).to.equal(3)
    expect(BigInt(config.endTimeUnixNano) - BigInt(config.startTimeUnixNano)).to.equal(30_000_000n)
    expect(config.startTimeUnixNano).to.equal(String(BigInt(Date.parse(trace.began) + 14) * 1_000_000n))
    expect(attribute(config.attributes, 'http.request.method')).to.deep.equal({stringValue: 'GET'})
    expect(attribute(config.attributes, 'http.response.status_code')).to.deep.equal({intValue: '200'})
    expect(attribute(config.attributes, 'server.address')).to.deep.equal({stringValue: '::1'})
    expect(attribute(config.attributes, 'server.port')).to.deep.equal({intValue: '8006'})
  })

  it('tells who it is, as the variables say', () => {
    const resource = (env: Record<string, string>) => otlpTraces(trace, env).resourceSpans[0]!.resource.attributes
    expect(attribute(resource({}), 'service.name')).to.deep.equal({stringValue: 'pmpc'})
    const env = {OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,team=b%20c,broken', OTEL_SERVICE_NAME: 'mine'}
    expect(attribute(resource(env), 'service.name')).to.deep.equal({stringValue: 'mine'})
    expect(attribute(resource(env), 'team')).to.deep.equal({stringValue: 'b c'})
  })

  it('is part of the trace around it, and sampled as that is', () => {
    const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const [root] = spansOf({TRACEPARENT})
    expect(root).to.include({traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331'})
    expect(parentOf({TRACEPARENT: `00-${'0'.repeat(32)}-b7ad6b7169203331-01`})).to.equal(undefined)
    const sampled = (env: Record<string, string>): boolean => isSampled(env, traceIdOf(id))
    expect(sampled({})).to.equal(true)
    expect(sampled({TRACEPARENT})).to.equal(true)
    expect(sampled({TRACEPARENT: TRACEPARENT.replace(/1$/, '0')})).to.equal(false)
    expect(sampled({TRACEPARENT: TRACEPARENT.replace(/1$/, '0'), OTEL_TRACES_SAMPLER: 'always_on'})).to.equal(true)
    expect(sampled({OTEL_TRACES_SAMPLER: 'always_off'})).to.equal(false)
    const ratio = Array.from({length: 1000}, (_, at) =>
      isSampled({OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25'}, traceIdOf(`run${at}`)),
    )
    expect(ratio.filter(Boolean).length).to.be.within(150, 350)
  })
})

describe('what took time', () => {
  it('counts once where it ran at the same time', () => {
    const covered = new Covered()
    for (const [start, end] of [
      [0, 4],
      [2, 5],
      [7, 8],
      [1, 9],
      [20, 21],
    ] as const)
      covered.add(start, end)
    expect([covered.count, covered.milliseconds]).to.deep.equal([5, 10])
  })

  it('is told in words that fit', () => {
    expect([0.44, 12.3, 999, 1234, 125_000].map(durationText)).to.deep.equal([
      '0.4 ms',
      '12 ms',
      '999 ms',
      '1.23 s',
      '2m05s',
    ])
  })

  it('is known by the shape of its path', () => {
    expect(shapeOf('/nodes/pve1/qemu/100/config')).to.equal('/nodes/{node}/qemu/{vmid}/config')
    expect(shapeOf(`/nodes/pve1/tasks/${upid}/status`)).to.equal('/nodes/{node}/tasks/{upid}/status')
    expect(shapeOf('/cluster/resources')).to.equal('/cluster/resources')
    expect(shapeOf('/access/users/root@pam/token/ci')).to.equal('/access/users/{id}/token/{id}')
  })
})

describe('a line for people', () => {
  it('tells each event that a run has, and any other by its fields', () => {
    const told = whole.map(eventText)
    expect(told[1]).to.equal('git  rev-parse  4.0 ms')
    expect(told[4]).to.equal('request  GET /nodes  200  20 ms')
    expect(told.at(-1)).to.equal('run.end  ends with 0  90 ms')
    expect(eventText(request(0, 5, '/a', {status: 0}))).to.contain('no answer')
    expect(eventText(line('new', 0, {what: {a: 1}}))).to.equal('new  what={"a":1}')
    expect(eventText({})).to.equal('')
    for (const event of ['error', 'object', 'task', 'run.start', 'warning', 'program', 'step.end'])
      expect(eventText({event}), event).to.be.a('string')
  })
})
