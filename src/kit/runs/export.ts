import type {RequestOptions} from 'node:https'
import {noteExport} from './debug.js'
import {exportHeaders} from './export-env.js'
import type {Line} from './lines.js'
import {isSampled, otlpTraces, parentOf, traceIdOf} from './otlp.js'
import {traceOf} from './spans.js'

/** Variables of a process. */
type Env = Record<string, string | undefined>

/** Milliseconds that an export takes at most, whatever the variables say: it is the end of a command, and somebody waits for it. */
const longest = 1000

/** Where and how, as the variables say. */
export interface ExportOptions {
  env: Env
  /** Of the workspace, in which a failure is noted. */
  root?: string | undefined
}

/** The variable for traces, else the one for all. */
function settingOf(env: Env, name: string): string | undefined {
  return env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`] || undefined
}

/**
 * Posts a run to the collector that the variables name, as OTLP over HTTP in JSON. It takes a second at most, and never throws.
 * @returns why nothing arrived
 */
export async function exportRun(lines: readonly Line[], {env, root}: ExportOptions): Promise<string | undefined> {
  const trace = traceOf(lines)
  if (!trace) return undefined
  if (!isSampled(env, parentOf(env)?.traceId ?? traceIdOf(trace.run))) return undefined
  const to = endpointOf(env)
  const why = await post(to, JSON.stringify(otlpTraces(trace, env)), env).catch((error: unknown) => reasonOf(error))
  if (root !== undefined)
    noteExport(root, why === undefined ? undefined : {time: new Date().toISOString(), endpoint: shownUrl(to), why})
  return why && `The trace of this run did not reach ${shownUrl(to)}: ${why}`
}

/** The one for traces as it is, else the one for all with the path for traces. */
export function endpointOf(env: Env): string {
  const own = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  return own || `${(env.OTEL_EXPORTER_OTLP_ENDPOINT ?? '').replace(/\/$/, '')}/v1/traces`
}

/** An address as it may be told: users, paths and queries of collectors hold keys. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return 'what is no URL'
  return new URL(url).origin
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time'
  const {code} = error as NodeJS.ErrnoException
  return code ?? error.message
}

/** @returns why it was not taken; undefined where it was */
async function post(to: string, text: string, env: Env): Promise<string | undefined> {
  if (!URL.canParse(to) || !/^https?:$/.test(new URL(to).protocol)) return 'it is no http:// or https:// address'
  if (settingOf(env, 'PROTOCOL') === 'grpc') return 'pmpc does not speak gRPC: OTEL_EXPORTER_OTLP_PROTOCOL=http/json'
  const body = settingOf(env, 'COMPRESSION') === 'gzip' ? await gzipped(text) : Buffer.from(text)
  const url = new URL(to)
  const {request} = url.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      ...exportHeaders(env),
      'content-type': 'application/json',
      'content-length': body.length,
      ...(settingOf(env, 'COMPRESSION') === 'gzip' && {'content-encoding': 'gzip'}),
      'user-agent': 'pmpc',
    },
    agent: false,
    signal: AbortSignal.timeout(timeoutOf(env)),
    ...(url.protocol === 'https:' && (await certificatesOf(env))),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (answer) => {
      const status = answer.statusCode ?? 0
      let said = ''
      answer.on('data', (chunk: Buffer) => (said.length < 10_000 ? (said += chunk.toString()) : undefined))
      answer.on('error', reject)
      answer.on('end', () => resolve(status >= 200 && status < 300 ? rejectedOf(said) : `it answered ${status}`))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A collector may take some, and say so. */
function rejectedOf(said: string): string | undefined {
  try {
    const {partialSuccess} = JSON.parse(said) as {partialSuccess?: {rejectedSpans?: string | number}}
    const count = Number(partialSuccess?.rejectedSpans ?? 0)
    return count > 0 ? `it took all but ${count} spans` : undefined
  } catch {
    return undefined
  }
}

function timeoutOf(env: Env): number {
  const wanted = Number(settingOf(env, 'TIMEOUT') ?? longest)
  return wanted > 0 ? Math.min(wanted, longest) : longest
}

async function gzipped(text: string): Promise<Buffer> {
  const {gzipSync} = await import('node:zlib')
  return gzipSync(text)
}

/** Files of certificates that the variables name. @throws what the file system says */
async function certificatesOf(env: Env): Promise<{ca?: Buffer; cert?: Buffer; key?: Buffer}> {
  const {readFileSync} = await import('node:fs')
  const file = (name: string): Buffer | undefined => {
    const path = settingOf(env, name)
    return path === undefined ? undefined : readFileSync(path)
  }
  const [ca, cert, key] = ['CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY'].map(file)
  return {...(ca && {ca}), ...(cert && {cert}), ...(key && {key})}
}
