import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {startSimulator, type Simulator} from '../../plugins/simulator/src/index.js'
import {makeAuthority} from '../integration/proxmox/support.js'
import {bin, sandbox, type RunOptions, type Sandbox} from '../support/pmpc.js'
import {assertSchema} from '../support/schemas.js'
import {inPty, noPty} from '../support/pty.js'
import {skipFor} from '../support/skip.js'

interface AuthJson {
  error?: {code: string; exitCode: number; suggestions: string[]; message: string}
  privileges?: {missing: string[]; none: boolean; partial: Record<string, string[]>}
  commands?: string[]
}

describe('pmpc auth', () => {
  let simulator: Simulator
  let box: Sandbox

  before(async () => {
    simulator = await startSimulator({seed: 'cluster', authDelay: 0})
  })
  after(() => simulator.stop())

  beforeEach(() => {
    box = sandbox()
    workspace('pmpc@pve!sync')
  })
  afterEach(() => box.remove())

  function workspace(token: string, endpoint = simulator.url, pem = simulator.ca): void {
    const ca = pem.trim().replaceAll('\n', '\n        ')
    mkdirSync(path.join(box.folder, 'ws'), {recursive: true})
    writeFileSync(
      path.join(box.folder, 'ws', 'pmpc.yaml'),
      `version: 1\nclusters:\n  home-lab:\n    endpoints: [${endpoint}]\n    token: ${token}\n    trust:\n      ca: |\n        ${ca}\n`,
    )
  }

  const pmpc = (args: string[], options: RunOptions = {}) =>
    box.pmpc(args, {cwd: path.join(box.folder, 'ws'), ...options})
  const login = (token: string) => pmpc(['auth', 'login', '--token-stdin', '--json'], {input: simulator.tokens[token]})

  it('login stores what works, test says what it may do, logout forgets it', async () => {
    const loggedIn = await login('pmpc@pve!sync')
    expect(loggedIn.code, loggedIn.stdout).to.equal(0)
    expect(loggedIn.json()).to.deep.include({
      cluster: 'home-lab',
      tokenId: 'pmpc@pve!sync',
      stored: 'secret',
      endpoints: [simulator.url],
    })
    expect(loggedIn.stdout + loggedIn.stderr).not.to.contain(simulator.tokens['pmpc@pve!sync'])
    const test = await pmpc(['auth', 'test', 'home-lab', '--json'])
    expect(test.json()).to.deep.include({complete: true, source: 'file', commands: []})
    assertSchema('auth-login', loggedIn.json())
    assertSchema('auth-test', test.json())
    const loggedOut = await pmpc(['auth', 'logout', '--json'])
    expect(loggedOut.json()).to.deep.include({removed: 1})
    assertSchema('auth-logout', loggedOut.json())
    const after = await pmpc(['auth', 'test', '--json'])
    expect(after.code).to.equal(77)
    expect(after.json<AuthJson>().error?.code).to.equal('PMPC_NO_CREDENTIAL')
  })

  it('login of a wrong secret stores nothing', async () => {
    const run = await pmpc(['auth', 'login', 'home-lab', '--token-stdin', '--json'], {
      input: 'aaaaaaaa-0000-4000-8000-00000000dead',
    })
    expect(run.code).to.equal(77)
    const {error} = run.json<AuthJson>()
    expect(error?.code).to.equal('PMPC_NOT_AUTHENTICATED')
    expect(error?.suggestions[1]).to.match(/^pveum user token list pmpc@pve {3}# .*expired/)
    expect((await pmpc(['auth', 'logout', '--json'])).json()).to.deep.include({removed: 0})
  })

  it('test names the rights that are missing, those held on a part, and the lines to type', async () => {
    workspace('pmpc@pve!empty')
    await login('pmpc@pve!empty')
    const none = (await pmpc(['auth', 'test', '--json'])).json<AuthJson>()
    expect(none.privileges).to.deep.include({
      none: true,
      missing: ['Datastore.Audit', 'Mapping.Audit', 'Pool.Audit', 'SDN.Audit', 'Sys.Audit', 'VM.Audit'],
    })
    expect(none.commands).to.include("pveum acl modify / --tokens 'pmpc@pve!empty' --roles pmpc-read")
    workspace('web@pve!ci')
    await login('web@pve!ci')
    const part = await pmpc(['auth', 'test'])
    expect(part.code, 'something is lacking').to.equal(77)
    expect(part.stdout).to.contain('Missing on /: VM.Audit (held on /pool/web')
  })

  it('a variable wins, and goes to its endpoint only', async () => {
    const env = {PMPC_TOKEN_HOME_LAB: simulator.tokens['pmpc@pve!sync'] ?? ''}
    expect((await pmpc(['auth', 'test', '--json'], {env})).json()).to.deep.include({
      source: 'environment',
      complete: true,
    })
    const bound = await pmpc(['auth', 'test', '--json'], {
      env: {...env, PMPC_ENDPOINT_HOME_LAB: 'https://192.0.2.1:8006'},
    })
    expect(bound.json<AuthJson>().error?.code).to.equal('PMPC_CREDENTIAL_BOUND')
  })

  it('a repository that names another host gets nothing', async () => {
    await login('pmpc@pve!sync')
    workspace('pmpc@pve!sync', 'https://203.0.113.66:8006')
    const run = await pmpc(['auth', 'test', '--json'])
    expect(run.code).to.equal(77)
    expect(run.json<AuthJson>().error?.message).to.contain(`bound to ${simulator.url}`)
  })

  it('another cluster at the same address is an alarm, and gets nothing', async () => {
    workspace('pmpc@pve!sync', simulator.url, makeAuthority().pem)
    const run = await login('pmpc@pve!sync')
    expect(run.code).to.equal(1)
    expect(run.json<AuthJson>().error?.code).to.equal('PMPC_TLS_CHANGED')
  })

  it('an unknown cluster, a second source and a missing terminal are usage errors', async () => {
    const codes = await Promise.all([
      pmpc(['auth', 'test', 'nope', '--json']),
      pmpc(['auth', 'login', '--token-stdin', '--token-env', 'X', '--json']),
      pmpc(['auth', 'login', '--json']),
    ])
    expect(codes.map((run) => [run.code, run.json<AuthJson>().error?.code])).to.deep.equal([
      [64, 'PMPC_UNKNOWN_CLUSTER'],
      [64, 'PMPC_USAGE'],
      [64, 'PMPC_FLAG_REQUIRED'],
    ])
  })

  it('login where nobody can be asked advises the whole command', async () => {
    const {error} = (await pmpc(['auth', 'login', 'home-lab', '--json'])).json<AuthJson>()
    expect(error?.suggestions).to.deep.equal(['pmpc auth login home-lab --token-stdin'])
  })

  it('login as a user with the secret of a token tells that the name of the token is missing', async () => {
    workspace('root@pam')
    const run = await pmpc(['auth', 'login', '--token-stdin', '--json'], {input: simulator.tokenSecret})
    expect(run.code).to.equal(77)
    expect(run.json<AuthJson>().error?.suggestions[1])
      .to.match(/^pveum user token list root@pam {3}#/)
      .and.to.contain('root@pam!NAME')
  })

  it('login on a terminal hides what is typed', async function () {
    skipFor(this, noPty())
    const secret = simulator.tokens['pmpc@pve!sync'] ?? ''
    const {output, code} = await inPty(process.execPath, [bin, 'auth', 'login'], {
      cwd: path.join(box.folder, 'ws'),
      env: box.env,
      answers: [
        {when: 'Secret of pmpc@pve!sync', type: 'a-wrong-one\r'},
        {when: /Once more[^]*Secret of pmpc@pve!sync/, type: `${secret}\r`},
      ],
    })
    expect(code, output).to.equal(0)
    expect(output).to.contain('does not accept the credential')
    expect(output).not.to.contain(secret)
  })
})
