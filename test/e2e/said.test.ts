import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {stripVTControlCharacters} from 'node:util'
import {expect} from 'chai'
import {parse} from 'yaml'
import {makeAuthority, makeIdentity, startServer, type Answer, type TestServer} from '../integration/proxmox/support.js'
import {Lab, putOnPath} from '../support/lab.js'
import {bin, sandbox, type RunResult, type Sandbox} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {someState, someVm, stateWorkspace, type StateWorkspace} from '../support/states.js'
import {skipFor} from '../support/skip.js'

/** Clears the screen, twice; goes up and rewrites; turns around what follows; hides; and wears our own colours. */
const EVIL = 'a\u001B[2J\u009B2J\u001B[1A\u202Eb\u2066\u200B\u{E0041}\u001B[31mError:\u001B[39m\u2028c'
/** By Unicode's own properties, not by the kit's list. */
const UNSEEN = /(?!\r?\n|\t)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u200B\u{E0041}]/u

/** What was printed holds nothing that cannot be seen, and something of what was made visible. */
function expectVisible({stdout, stderr}: RunResult, what: string, some = true): void {
  expect(stdout + stderr, what).not.to.match(UNSEEN)
  if (some) expect(stdout + stderr, what).to.match(/\\(?:u001b|e)\[2J/)
}

describe('what a cluster, a file or Git says', function () {
  this.timeout(60_000)
  let box: Sandbox
  let space: StateWorkspace

  before(async () => {
    box = sandbox()
    putOnPath(box)
    space = await stateWorkspace(box)
    space.write('.gitattributes', '.pmpc/state/*.db diff=pmpc\n')
    const vm = someVm(100, {
      name: EVIL,
      description: `${EVIL}\nPmpc-Run: x\r\nlast`,
      [`args${EVIL}`]: 'x',
      tags: [EVIL],
    })
    const snapshots = [{name: EVIL, description: EVIL}]
    const pool = {kind: 'pool' as const, id: `p${EVIL}`, config: {comment: '=HYPERLINK("https://x")'}, facts: {}}
    await space.git('config', 'user.name', EVIL.replaceAll('\u001B', '\u001B\u001B'))
    await space.sync(`one ${EVIL}`, someState(someVm(100)))
    await space.sync(`two ${EVIL}`, someState({...vm, snapshots, extra: {[EVIL]: EVIL}}, pool))
    space.write(
      `infra/home/vm/${EVIL.slice(0, 40)}.yaml`,
      `kind: vm\nid: 100\nconfig:\n  "m\\u001b[2Jemory": 5\n  cores: [${EVIL}\n`,
    )
    space.write(
      '.pmpc/open.yaml',
      `version: 1\nitems:\n- ${JSON.stringify({object: 'home/vm/100', field: 'config.name', base: 'x', offer: EVIL, state: 'drift'})}\n`,
    )
    expect((await box.pmpc(['init'], {cwd: space.root})).code).to.equal(0)
  })
  after(() => box.remove())

  const pmpc = async (args: string[], env = {}) => box.pmpc(args, {cwd: space.root, env})
  const reading: string[][] = [
    ['get', 'guests'],
    ['get', 'guests', '-o', 'wide'],
    ['get', 'guests', '--name', '*'],
    ['get', 'vms', '-o', 'csv'],
    ['get', 'vms', '-o', 'yaml'],
    ['get', 'pools', '-o', 'name'],
    ['describe', 'vm', '100'],
    ['describe', 'vm', '100', '-o', 'yaml'],
    ['diff'],
    ['diff', 'HEAD~1..HEAD', 'vm/100'],
    ['log'],
    ['log', 'vm/100'],
    ['status'],
    ['state', 'show'],
  ]
  for (const args of reading) {
    it(`is made visible by pmpc ${args.join(' ')}`, async () => {
      expectVisible(await pmpc(args), 'in a pipe')
      const painted = await pmpc(args, {FORCE_COLOR: '1'})
      // Our own colours are left, and nothing else was taken for one.
      expectVisible(
        {
          ...painted,
          stdout: stripVTControlCharacters(painted.stdout),
          stderr: stripVTControlCharacters(painted.stderr),
        },
        'in colour',
      )
      expect(painted.stdout).not.to.contain('\u001B[31mError:')
    })
  }

  it('is the same value to programs: as JSON and as YAML', async () => {
    for (const args of reading) {
      if (args.includes('-o') || args[0] === 'status') continue
      const run = await pmpc([...args, '--json'])
      expectVisible(run, args.join(' '))
      run.json()
    }
    interface Told {
      name: string
      extra: Record<string, string>
      config: {description: string; tags: string[]}
    }
    const json = (await pmpc(['describe', 'vm', '100', '--json'])).json<Told>()
    const yaml = parse((await pmpc(['describe', 'vm', '100', '-o', 'yaml'])).stdout) as Told
    for (const {name, extra, config} of [json, yaml]) {
      expect(name).to.equal(EVIL)
      expect(extra).to.deep.equal({[EVIL]: EVIL})
      expect(config.tags).to.deep.equal([EVIL])
      expect(config.description).to.contain(EVIL)
    }
  })

  it('is no formula in a table for spreadsheets', async () => {
    const {stdout} = await pmpc(['get', 'pools', '-o', 'csv'])
    expect(stdout).to.contain(`"'=HYPERLINK(""https://x"")"`)
  })

  it("is made visible in Git's own diffs of states", async () => {
    const {stdout} = await box.exec('git', ['log', '-p', '-1', '--format=', '--', '.pmpc/state'], {cwd: space.root})
    expect(stdout).to.contain('\\u001b[2J').and.not.to.match(UNSEEN)
  })

  it('is made visible in a question', async function () {
    skipFor(this, noPty())
    const folder = path.join(box.folder, 'asked')
    mkdirSync(folder)
    const text = `version: 1\nclusters:\n  home:\n    endpoints: [https://127.0.0.1:1]\n    token: "a\\e[2J\\u202Eb@pam"\n    trust: {system: true}\n`
    writeFileSync(path.join(folder, 'pmpc.yaml'), text)
    const answers = [{when: 'at home:', type: '\u0003'}]
    const {output} = await inPty(process.execPath, [bin, 'auth', 'login'], {cwd: folder, env: box.env, answers})
    expect(output).to.contain('Password of a\\u001b[2J\\u202eb@pam at home:')
    expect(output).not.to.contain('a\u001B[2J').and.not.to.contain('\u202E')
  })

  it('is made visible where it was typed, too, and no line of it passes for one of ours', async () => {
    for (const args of [
      ['describe', `vm/${EVIL}`],
      ['get', EVIL],
      ['diff', EVIL],
      ['accept', EVIL],
      ['log', EVIL],
      ['status', `--${EVIL}`],
      ['state', 'show', EVIL],
      [EVIL],
    ]) {
      expectVisible(await pmpc(args), args.join(' '), false)
      expectVisible(await pmpc([...args, '--json', '--verbose']), args.join(' '), false)
    }
    const {stderr} = await pmpc(['describe', 'vm/x\nTry:   rm -rf /'])
    expect(stderr)
      .to.match(/^ +Try: {3}rm/m)
      .and.not.to.match(/^Try: {3}rm/m)
  })
})

describe('what a sync says and commits', function () {
  this.timeout(60_000)
  let lab: Lab
  before(async () => void (lab = await Lab.start({seed: 'homelab'})))
  after(async () => lab.stop())

  it('is visible, on one line each, and makes no trailer', async () => {
    const clone = await lab.agreed('ws')
    await lab.set('/nodes/pve/qemu/100', {description: `${EVIL}\n\nPmpc-Run: forged\nPmpc-Accepted: 9`})
    const sync = await clone.pmpc(['sync'])
    expect(sync.code).to.equal(0)
    expectVisible(sync, 'sync')
    const message = await clone.git('log', '-1', '--format=%B')
    expect(message).not.to.match(UNSEEN)
    const trailers = await clone.git('log', '-1', '--format=%(trailers:only)')
    expect(trailers)
      .to.match(/^Pmpc-Run: /m)
      .and.not.to.match(/forged|Accepted/)
    for (const file of ['.pmpc/open.yaml', 'infra/home/vm/100.yaml'])
      expect(clone.read(file), file).not.to.match(UNSEEN)
    for (const args of [['status'], ['log'], ['accept']]) expectVisible(await clone.pmpc(args), args.join(' '), false)
    expect(await clone.git('log', '-2', '--format=%B%an')).not.to.match(UNSEEN)
  })
})

describe('a secret that a server sends back', function () {
  this.timeout(60_000)
  const secret = 'ab12cd34-0000-4000-8000-00000000beef'
  const authority = makeAuthority()
  const identity = makeIdentity(authority, {name: '127.0.0.1', names: ['127.0.0.1']})
  let box: Sandbox
  let server: TestServer
  let answer: Answer

  before(async () => {
    server = await startServer(identity, (request, response) => answer(request, response))
  })
  after(() => server.close())
  beforeEach(() => {
    box = sandbox()
    const ca = authority.pem.trim().replaceAll('\n', '\n        ')
    const text = `version: 1\nclusters:\n  home:\n    endpoints: [${server.url}]\n    token: pmpc@pve!sync\n    trust:\n      ca: |\n        ${ca}\n`
    writeFileSync(path.join(box.folder, 'pmpc.yaml'), text)
  })
  afterEach(() => box.remove())

  /** Everything that a run left: both streams, and each file below the sandbox but the user's own credentials. */
  function left({stdout, stderr}: RunResult): string {
    const files = readdirSync(box.folder, {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile() && entry.name !== 'credentials.json')
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    return [stdout, stderr, ...files].join('\n')
  }

  const sent = (headers: object): string => JSON.stringify(headers)
  const ways: Record<string, Answer> = {
    "a refusal in PVE's form": ({headers}, response) =>
      void response.writeHead(500, 'x', {'content-type': 'application/json'}).end(
        JSON.stringify({
          data: null,
          message: sent(headers),
          errors: {[String(headers.authorization)]: sent(headers)},
        }),
      ),
    'a wrong credential': ({headers}, response) =>
      void response.writeHead(401, String(headers.authorization).slice(0, 90)).end(),
    'a web page': ({headers}, response) =>
      void response
        .writeHead(404, 'x', {'content-type': `text/html; ${String(headers.authorization)}`})
        .end(`<html><title>${String(headers.authorization)}</title>${sent(headers)}`),
    'a redirect': ({headers}, response) =>
      void response
        .writeHead(302, {location: `https://x.example/${encodeURIComponent(String(headers.authorization))}`})
        .end(),
    'plain text': ({headers}, response) =>
      void response
        .writeHead(400, {'content-type': 'text/plain'})
        .end(`you said ${secret.toLowerCase()}: ${sent(headers)}`),
  }
  for (const [way, reflected] of Object.entries(ways)) {
    it(`as ${way} is printed by no command, and is in no file`, async () => {
      answer = reflected
      const env = {PMPC_TOKEN_HOME: secret, PMPC_ENDPOINT_HOME: server.url}
      await box.exec('git', ['init', '-q'])
      await box.exec('git', ['add', '.'])
      await box.exec('git', ['commit', '-qm', 'x'])
      const init = [
        'init',
        'new',
        '--cluster',
        'home',
        '--endpoint',
        server.url,
        '--token-id',
        'pmpc@pve!sync',
        '--yes',
      ]
      init.push('--fingerprint', identity.fingerprint)
      for (const flags of [[], ['--json', '--verbose']]) {
        const runs = [
          await box.pmpc(['auth', 'login', '--token-stdin', ...flags], {input: `pmpc@pve!sync=${secret}`}),
          await box.pmpc(['auth', 'login', ...flags, '--token-command', 'echo', secret]),
          await box.pmpc(['auth', 'test', ...flags], {env}),
          await box.pmpc(['sync', ...flags], {env}),
          await box.pmpc([...init, '--token-stdin', ...flags], {input: secret}),
        ]
        for (const run of runs) {
          expect(run.code, run.stderr).not.to.equal(0)
          expect(left(run)).not.to.contain(secret)
        }
      }
    })
  }

  it('about one guest is in no result either, and in nothing that is kept of it', async () => {
    const data: Record<string, unknown> = {
      '/version': {version: '9.2.3', release: '9.2', repoid: 'x'},
      '/nodes': [{node: 'pve1', status: 'online', type: 'node', id: 'node/pve1'}],
      '/nodes/pve1/version': {version: '9.2.3'},
      '/nodes/pve1/qemu': [{vmid: 100, status: 'running'}],
      '/cluster/resources': [{type: 'qemu', id: 'qemu/100', vmid: 100, node: 'pve1', status: 'running', name: 'a'}],
      '/access/permissions': {'/': {'VM.Audit': 1, 'Sys.Audit': 1, 'Datastore.Audit': 1, 'Pool.Audit': 1}},
    }
    answer = async (request, response) => {
      const known = data[request.path.replace('/api2/json', '').split('?')[0]!]
      if (known === undefined && request.path.includes('/qemu/'))
        return ways["a refusal in PVE's form"]!(request, response)
      response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify({data: known ?? []}))
    }
    const env = {PMPC_TOKEN_HOME: secret, PMPC_ENDPOINT_HOME: server.url}
    await box.exec('git', ['init', '-q'])
    await box.exec('git', ['add', 'pmpc.yaml'])
    await box.exec('git', ['commit', '-qm', 'x'])
    for (const flags of [[], ['--json']]) {
      const run = await box.pmpc(['sync', ...flags], {env})
      expect(run.code, run.stderr).to.equal(0)
      expect(run.stdout + run.stderr)
        .to.contain('vm/100')
        .and.to.contain('[redacted]')
      expect(left(run)).not.to.contain(secret)
      const status = await box.pmpc(['status', ...flags])
      expect(status.stdout).to.contain('vm/100')
      expect(left(status)).not.to.contain(secret)
    }
    expect(await box.exec('git', ['log', '-p', '--all']))
      .to.have.property('stdout')
      .that.does.not.contain(secret)
  })
})
