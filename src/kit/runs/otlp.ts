import {decoded} from './export-env.js'
import type {Line} from './lines.js'
import {shapeOf} from './shapes.js'
import type {Span, SpanKind, Trace} from './spans.js'

/** Variables of a process. */
type Env = Record<string, string | undefined>

type Value = {stringValue: string} | {intValue: string} | {doubleValue: number} | {boolValue: boolean} | ArrayValue
interface ArrayValue {
  arrayValue: {values: Value[]}
}

interface Attribute {
  key: string
  value: Value
}

/** A span as OTLP's JSON has it (opentelemetry-proto, trace.proto): ids in hexadecimal digits, moments as texts of nanoseconds. */
interface OtlpSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  /** 1 is internal, 3 a client's. */
  kind: 1 | 3
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: Attribute[]
  /** 2 is an error. */
  status: {code?: 2; message?: string}
  events?: {timeUnixNano: string; name: string; attributes: Attribute[]}[]
}

/** What is posted to a collector. */
export interface OtlpTraces {
  resourceSpans: {
    resource: {attributes: Attribute[]}
    scopeSpans: {scope: {name: string; version: string}; spans: OtlpSpan[]}[]
  }[]
}

/** Spans that are sent at most; the phases, and of what they hold the first. */
const most = 5000

/** A trace that this run is part of, as `TRACEPARENT` names it (W3C Trace Context; OpenTelemetry, Environment Variables as Context Carriers). */
interface Parent {
  traceId: string
  spanId: string
  isSampled: boolean
}

/** The trace around this process; undefined where there is none, or it is none. */
export function parentOf({TRACEPARENT}: Env): Parent | undefined {
  const [, traceId, spanId, flags] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/.exec(TRACEPARENT ?? '') ?? []
  if (!traceId || !spanId || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return {traceId, spanId, isSampled: (Number.parseInt(flags!, 16) & 1) === 1}
}

/** The trace of a run that is part of no other: its id, letter for letter, in hexadecimal digits. */
export function traceIdOf(run: string): string {
  return Buffer.from(run.padEnd(16, '0').slice(0, 16), 'latin1').toString('hex')
}

/** Whether a trace is told, as `OTEL_TRACES_SAMPLER` and its argument say; all are, unless whoever began it says otherwise. */
export function isSampled(env: Env, traceId: string): boolean {
  const name = env.OTEL_TRACES_SAMPLER?.trim() || 'parentbased_always_on'
  const parent = parentOf(env)
  if (name.startsWith('parentbased_') && parent) return parent.isSampled
  if (name.endsWith('always_off')) return false
  if (!name.endsWith('traceidratio')) return true
  const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG ?? 1)
  // Chance stands at the end of a run's id.
  return !(ratio >= 0 && ratio < 1) || hash(traceId) / 2 ** 32 < ratio
}

/** FNV-1a: so that what is sampled does not depend on which letters an id is made of. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 0x01000193) >>> 0
  return value
}

/** A run as OTLP has it. */
export function otlpTraces(trace: Trace, env: Env): OtlpTraces {
  const parent = parentOf(env)
  const traceId = parent?.traceId ?? traceIdOf(trace.run)
  const zero = Date.parse(trace.began) || 0
  const spans: OtlpSpan[] = []
  const add = (span: Span, parentSpanId: string | undefined): void => {
    if (spans.length >= most) return
    const spanId = idOf(trace.run, spans.length)
    spans.push({
      ...{traceId, spanId, ...(parentSpanId !== undefined && {parentSpanId})},
      ...{name: nameOf(span), kind: span.kind === 'request' ? 3 : 1},
      startTimeUnixNano: nanoseconds(zero, span.start),
      endTimeUnixNano: nanoseconds(zero, span.start + span.milliseconds),
      attributes: attributesOf(span, trace),
      status: span.failed ? {code: 2, ...messageOf(span, trace)} : {},
      ...(span === trace.root && trace.events.length > 0 && {events: trace.events.map((line) => eventOf(line, zero))}),
    })
    for (const child of span.children) add(child, spanId)
  }
  add(trace.root, parent?.spanId)
  const version = String(trace.root.fields.version ?? '')
  return {
    resourceSpans: [
      {
        resource: {attributes: resourceOf(trace, env, version)},
        scopeSpans: [{scope: {name: 'pmpc', version}, spans}],
      },
    ],
  }
}

/** Eight bytes that differ within a run, and hardly ever are those of another one's. */
function idOf(run: string, index: number): string {
  return [hash(run), index + 1].map((part) => part.toString(16).padStart(8, '0')).join('')
}

/** Whole nanoseconds, which are too many for a number. */
function nanoseconds(zero: number, milliseconds: number): string {
  return String(BigInt(zero) * 1_000_000n + BigInt(Math.round(milliseconds * 1_000_000)))
}

/** Names of a sort are equal: what differs stands in the attributes. */
function nameOf({kind, name, fields}: Span): string {
  if (kind === 'request') return `${String(fields.method)} ${shapeOf(String(fields.path))}`
  if (kind === 'object') return 'object'
  return kind === 'task' ? `task ${String(fields.type)}` : name
}

/** Fields by the names that OpenTelemetry's semantic conventions have for them (http, process); what has none is pmpc's own. */
const conventional: Readonly<Partial<Record<SpanKind, Readonly<Record<string, string>>>>> = {
  request: {
    method: 'http.request.method',
    path: 'url.path',
    status: 'http.response.status_code',
    bytes: 'http.response.body.size',
  },
  run: {argv: 'process.command_args', pid: 'process.pid'},
  git: {code: 'process.exit.code', args: 'process.command_args'},
  program: {code: 'process.exit.code', args: 'process.command_args', program: 'process.executable.name'},
}

function attributesOf(span: Span, trace: Trace): Attribute[] {
  const names = conventional[span.kind] ?? {}
  const fields = Object.entries(span.fields).filter(([key]) => key !== 'endpoint' && key !== 'exitCode')
  return [
    attribute('pmpc.kind', span.kind),
    ...(span === trace.root
      ? [attribute('pmpc.run', trace.run), attribute('process.exit.code', trace.exitCode), ...typeOf(trace)]
      : []),
    ...(span.objects ? [attribute('pmpc.objects', span.objects)] : []),
    ...(span.unfinished ? [attribute('pmpc.unfinished', true)] : []),
    ...serverOf(span.fields.endpoint),
    ...fields.map(([key, value]) => attribute(names[key] ?? `pmpc.${key}`, value)),
  ].filter((one) => one !== undefined)
}

function serverOf(endpoint: unknown): (Attribute | undefined)[] {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return []
  const {hostname, port, protocol} = new URL(endpoint)
  return [
    attribute('server.address', hostname.replace(/^\[|\]$/g, '')),
    attribute('server.port', Number(port) || (protocol === 'https:' ? 443 : 80)),
  ]
}

const errorOf = ({events}: Trace): Line['error'] => events.find(({error}) => error !== undefined)?.error

function typeOf(trace: Trace): (Attribute | undefined)[] {
  const error = errorOf(trace)
  return error ? [attribute('error.type', error.code)] : []
}

function messageOf(span: Span, trace: Trace): {message?: string} {
  const error = span === trace.root ? errorOf(trace) : undefined
  return error ? {message: error.message} : {}
}

/** An error is an `exception`, as the conventions call it. */
function eventOf({event, at, error, message}: Line, zero: number) {
  const told = error
    ? [
        attribute('exception.type', error.code),
        attribute('exception.message', error.message),
        attribute('pmpc.cause', error.cause),
        attribute('pmpc.recovery', error.recovery),
      ]
    : [attribute('pmpc.message', message)]
  return {
    timeUnixNano: nanoseconds(zero, at),
    name: error ? 'exception' : event,
    attributes: told.filter((one) => one !== undefined),
  }
}

/** Who tells: pmpc, unless the variables say otherwise. */
function resourceOf({root}: Trace, env: Env, version: string): Attribute[] {
  const given = (env.OTEL_RESOURCE_ATTRIBUTES ?? '').split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    return at > 0 ? [[decoded(pair.slice(0, at).trim()), decoded(pair.slice(at + 1).trim())]] : []
  })
  const all = {
    'service.name': 'pmpc',
    'service.version': version,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': String(root.fields.node ?? ''),
    'os.type': String(root.fields.platform ?? ''),
    ...Object.fromEntries(given),
    ...(env.OTEL_SERVICE_NAME && {'service.name': env.OTEL_SERVICE_NAME}),
  }
  return Object.entries(all).flatMap(([key, value]) => attribute(key, value) ?? [])
}

function attribute(key: string, value: unknown): Attribute | undefined {
  return value === undefined || value === null ? undefined : {key, value: valueOf(value)}
}

function valueOf(value: unknown): Value {
  if (Array.isArray(value)) return {arrayValue: {values: value.map(valueOf)}}
  if (typeof value === 'boolean') return {boolValue: value}
  if (typeof value === 'number') return Number.isInteger(value) ? {intValue: String(value)} : {doubleValue: value}
  return {stringValue: typeof value === 'string' ? value : JSON.stringify(value)}
}
