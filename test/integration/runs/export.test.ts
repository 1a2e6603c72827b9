import {createServer, type IncomingMessage, type Server} from 'node:http'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {gunzipSync} from 'node:zlib'
import {expect} from 'chai'
import {failedExport, isExported, startRun, type Run} from '../../../src/kit/runs/index.js'
import {exportHeaders} from '../../../src/kit/runs/export-env.js'
import {exportRun} from '../../../src/kit/runs/export.js'
import type {OtlpTraces} from '../../../src/kit/runs/otlp.js'

interface Posted {
  url: string
  headers: IncomingMessage['headers']
  body: Buffer
}

/** A collector that answers as it is told; undefined: never. */
class Collector {
  readonly posted: Posted[] = []
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(answer: {status: number; body?: string} | undefined): Promise<Collector> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        collector.posted.push({url: request.url!, headers: request.headers, body: Buffer.concat(chunks)})
        if (answer) response.writeHead(answer.status).end(answer.body ?? '{}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const collector = new Collector(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    return collector
  }

  stop(): void {
    this.server.close()
    this.server.closeAllConnections()
  }
}

describe('the export of a run', () => {
  let root: string
  let collector: Collector

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'pmpc-export-'))
    writeFileSync(path.join(root, 'pmpc.yaml'), 'version: 1\n')
  })
  afterEach(() => {
    collector?.stop()
    rmSync(root, {recursive: true, force: true})
  })

  const aRun = async (): Promise<Run> => {
    const run = startRun({workspaceRoot: root, command: 'pmpc sync', version: '0.1.0', keepLines: true})
    await run.phase('read', async () =>
      run.work({kind: 'request', milliseconds: 2, fields: {method: 'GET', path: '/nodes'}}),
    )
    run.finish(0)
    return run
  }
  const sent = async (env: Record<string, string>) => exportRun((await aRun()).lines, {env, root})

  it('posts one document to the path for traces, with the headers', async () => {
    collector = await Collector.start({status: 200})
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/base/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b, X-Team = c,broken',
    }
    expect(await sent(env)).to.equal(undefined)
    const [{url, headers, body}] = collector.posted as [Posted]
    expect(url).to.equal('/base/v1/traces')
    expect(headers).to.include({'content-type': 'application/json', 'api-key': 'a b', 'x-team': 'c'})
    const {resourceSpans} = JSON.parse(body.toString()) as OtlpTraces
    expect(resourceSpans[0]!.scopeSpans[0]!.spans.map(({name}) => name)).to.include.members([
      'pmpc sync',
      'read',
      'GET /nodes',
    ])
    expect(failedExport(root)).to.equal(undefined)
  })

  it('takes the address for traces as it is, and packs where it is told to', async () => {
    collector = await Collector.start({status: 202})
    const env = {
      ...{OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/in`},
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    }
    expect(await sent(env)).to.equal(undefined)
    const [{url, headers, body}] = collector.posted as [Posted]
    expect([url, headers['content-encoding']]).to.deep.equal(['/in', 'gzip'])
    expect(JSON.parse(gunzipSync(body).toString())).to.have.keys(['resourceSpans'])
  })

  for (const [what, answer, env, why] of [
    ['refuses', {status: 503}, {}, /answered 503/],
    ['takes a part', {status: 200, body: '{"partialSuccess":{"rejectedSpans":"2"}}'}, {}, /all but 2/],
    ['is asked by gRPC', {status: 200}, {OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc'}, /gRPC/],
    ['never answers', undefined, {OTEL_EXPORTER_OTLP_TIMEOUT: '60'}, /no answer in time/],
  ] as const)
    it(`says why where the collector ${what}, and notes it until one arrives`, async () => {
      collector = await Collector.start(answer)
      const to = {OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.replace('//', '//user:s3cret-of-url@')}
      expect(await sent({...to, ...env})).to.match(why)
      expect(failedExport(root)!.why).to.match(why)
      expect(JSON.stringify(failedExport(root))).not.to.contain('s3cret')
      collector.stop()
      collector = await Collector.start({status: 200})
      await sent({OTEL_EXPORTER_OTLP_ENDPOINT: collector.url})
      expect(failedExport(root)).to.equal(undefined)
    })

  it('is over in a second, whatever the variables say and whatever answers', async () => {
    collector = await Collector.start(undefined)
    const env = {OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_TIMEOUT: '600000'}
    const before = process.hrtime.bigint()
    expect(await sent(env)).to.match(/no answer in time/)
    expect(Number(process.hrtime.bigint() - before) / 1e6).to.be.below(5000)
    for (const OTEL_EXPORTER_OTLP_ENDPOINT of ['http://127.0.0.1:1', 'nonsense', 'ftp://a'])
      expect(await sent({OTEL_EXPORTER_OTLP_ENDPOINT}), OTEL_EXPORTER_OTLP_ENDPOINT).to.be.a('string')
    expect(
      await sent({
        ...env,
        OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere.pem',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://127.0.0.1:1',
      }),
    ).to.match(/ENOENT/)
  })

  it('is asked for by the usual variables', () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:4318'
    expect(isExported({})).to.equal(false)
    expect(isExported({OTEL_EXPORTER_OTLP_ENDPOINT: ''})).to.equal(false)
    expect(isExported({OTEL_EXPORTER_OTLP_ENDPOINT})).to.equal(true)
    expect(isExported({OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: OTEL_EXPORTER_OTLP_ENDPOINT})).to.equal(true)
    expect(isExported({OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'TRUE'})).to.equal(false)
    expect(isExported({OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: '1'})).to.equal(true)
    expect(isExported({OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none'})).to.equal(false)
    expect(isExported({OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'console,otlp'})).to.equal(true)
    expect(
      exportHeaders({OTEL_EXPORTER_OTLP_HEADERS: 'a=1', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'b=2=3,c=%zz'}),
    ).to.deep.equal({b: '2=3', c: '%zz'})
  })

  it('tells what is in the log, and no more: without secrets', async () => {
    collector = await Collector.start({status: 200})
    const run = startRun({
      workspaceRoot: root,
      command: 'x',
      keepLines: true,
      argv: ['note=n0te-of-mine', '--password', 'hunter2hunter2'],
    })
    run.registerSecret('6f9a2c1e-known-secret')
    run.log(
      'error',
      {
        error: {
          code: 'PMPC_X',
          message: 'of 6f9a2c1e-known-secret',
          exitCode: 1,
          cause: ['password=geheim99'],
          recovery: [],
        },
      },
      'error',
    )
    run.finish(1)
    await exportRun(run.lines, {env: {OTEL_EXPORTER_OTLP_ENDPOINT: collector.url}, root})
    const text = collector.posted[0]!.body.toString()
    expect(text).to.contain('[redacted]')
    for (const secret of ['6f9a2c1e', 'geheim99', 'n0te-of-mine', 'hunter2'])
      for (const where of [text, readFileSync(run.logPath!, 'utf8')]) expect(where).not.to.contain(secret)
  })
})
