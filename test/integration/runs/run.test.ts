import {chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {startRun, type Run} from '../../../src/kit/runs/index.js'
import {secretTexts, secretWords} from '../../support/forty-secrets.js'

describe('a run', () => {
  let root: string
  const logs = (): string => join(root, '.pmpc/local/logs')
  const lines = (run: Run): Record<string, unknown>[] =>
    readFileSync(run.logPath!, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'pmpc-run-'))
    writeFileSync(join(root, 'pmpc.yaml'), 'version: 1\n')
  })
  afterEach(() => rmSync(root, {recursive: true, force: true}))

  it('writes one JSON object a line, each with its id, for its owner alone', async () => {
    const run = startRun({workspaceRoot: root, command: 'pmpc sync', argv: ['sync', '--json'], version: '0.1.0'})
    run.log('git', {args: ['status']})
    expect(await run.phase('read', async () => 7)).to.equal(7)
    run.finish(0)
    run.log('too late')
    const written = lines(run)
    expect(written.map(({event}) => event)).to.deep.equal(['run.start', 'git', 'phase.start', 'phase.end', 'run.end'])
    expect(new Set(written.map((line) => line.run))).to.deep.equal(new Set([run.id]))
    expect(written[0]).to.include({operation: 'pmpc sync', version: '0.1.0', level: 'info', at: 0})
    expect(written.at(-1)).to.include({exitCode: 0})
    expect(run.timings).to.have.keys(['read'])
    expect(statSync(run.logPath!).mode & 0o777).to.equal(0o600)
    expect(run.logPath).to.match(/\/\d{4}-\d\d-\d\d-[0-9a-z]{16}\.jsonl$/)
  })

  it('logs a phase that failed, and lets its error through', async () => {
    const run = startRun({workspaceRoot: root, command: 'x'})
    const error = await run
      .phase('read', async () => Promise.reject(new Error('no')))
      .catch((caught: unknown) => caught)
    expect((error as Error).message).to.equal('no')
    expect(lines(run).at(-1)).to.include({event: 'phase.end', phase: 'read', failed: true})
  })

  it('writes nothing outside a workspace', () => {
    rmSync(join(root, 'pmpc.yaml'))
    const run = startRun({workspaceRoot: root, command: 'x'})
    run.finish(0)
    expect(readdirSync(root)).to.deep.equal([])
    startRun({command: 'x'}).finish(0)
  })

  it('holds no secret, whichever way it came in', () => {
    const run = startRun({
      workspaceRoot: root,
      command: 'x',
      argv: ['--password', 'hunter2hunter2', '--token-secret=s3cr3t-in-flag'],
    })
    run.registerSecret('6f9a2c1e-known-secret')
    run.registerSecret(undefined)
    run.registerSecret('ab')
    run.log('request', {
      headers: {authorization: 'PVEAPIToken=a@pve!t=11111111-2222-3333-4444-555555555555'},
      url: 'https://root:urlpassword@pve1:8006/api2/json?x=1',
      note: 'the token 6f9a2c1e-known-secret leaked',
      nested: [{cipassword: 'guestpassword'}, new Error('failed with 6f9a2c1e-known-secret')],
    })
    run.finish(1)
    const text = readFileSync(run.logPath!, 'utf8')
    for (const secret of ['hunter2', 's3cr3t-in-flag', '6f9a2c1e', '11111111', 'urlpassword', 'guestpassword'])
      expect(text).to.not.include(secret)
    expect(text).to.include('pve1:8006').and.include('leaked')
  })

  it('holds none of forty kinds of secrets, wherever they stand', () => {
    for (const text of secretTexts) {
      const run = startRun({
        workspaceRoot: root,
        command: 'x',
        keepLines: true,
        argv: ['set', `note=${text}`, text, `--message=${text}`],
      })
      const error = {code: 'PMPC_X', message: text, exitCode: 1, cause: [text], recovery: [text]}
      run.log('error', {error, objects: [text], stack: [text]}, 'error')
      run.log('warning', {message: `It says: ${text}`, suggestion: text, [text]: 1}, 'warn')
      run.work({
        kind: 'request',
        milliseconds: 1,
        objects: [text],
        fields: {path: text, endpoint: text, exitstatus: text},
      })
      run.item(text, 'failed', text)
      run.finish(1)
      const told = readFileSync(run.logPath!, 'utf8') + JSON.stringify(run.lines)
      const leaks = secretWords.filter((secret) => told.includes(secret))
      expect(leaks, text).to.deep.equal([])
    }
  })

  it('goes on where the log cannot be written, or a value cannot be said', () => {
    mkdirSync(join(root, '.pmpc'))
    writeFileSync(join(root, '.pmpc/local'), 'a file is in the way')
    const run = startRun({workspaceRoot: root, command: 'x'})
    run.log('a')
    run.finish(0)
    rmSync(join(root, '.pmpc/local'))
    const second = startRun({workspaceRoot: root, command: 'x'})
    const circle: Record<string, unknown> = {big: 10n}
    circle.self = circle
    second.log('b', circle)
    second.log('c', {
      get bad() {
        throw new Error('no')
      },
    })
    second.finish(0)
    expect(lines(second).map(({event}) => event)).to.deep.equal(['run.start', 'b', 'run.end'])
  })

  it('keeps the last 500 logs, none older than 30 days, and nothing else is touched', () => {
    mkdirSync(logs(), {recursive: true})
    chmodSync(logs(), 0o700)
    const today = new Date().toISOString().slice(0, 10)
    for (let at = 0; at < 550; at++)
      writeFileSync(join(logs(), `${today}-0000000000${String(at).padStart(6, '0')}.jsonl`), '')
    for (let at = 0; at < 10; at++) writeFileSync(join(logs(), `2001-01-0${at}-0000000000000000.jsonl`), '')
    writeFileSync(join(logs(), 'notes.txt'), 'mine')
    const run = startRun({workspaceRoot: root, command: 'x'})
    run.finish(0)
    const names = readdirSync(logs()).sort()
    expect(names.filter((name) => name.endsWith('.jsonl'))).to.have.length(500)
    expect(names).to.include('notes.txt').and.include(run.logPath!.split('/').at(-1))
    expect(names.some((name) => name.startsWith('2001'))).to.equal(false)
    expect(names).to.include(`${today}-0000000000000549.jsonl`)
  })

  it('removes old logs even where there are few', () => {
    mkdirSync(logs(), {recursive: true})
    writeFileSync(join(logs(), '2001-01-01-0000000000000000.jsonl'), '')
    startRun({workspaceRoot: root, command: 'x'}).finish(0)
    expect(readdirSync(logs())).to.have.length(1)
  })
})
