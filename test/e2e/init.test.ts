import {execFileSync} from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {startSimulator, type Simulator} from '../../plugins/simulator/src/index.js'
import {closedPort} from '../integration/proxmox/support.js'
import {bin, sandbox, type RunOptions, type RunResult, type Sandbox} from '../support/pmpc.js'
import {inPty, noPty, type Answer} from '../support/pty.js'
import {skipFor} from '../support/skip.js'

interface InitJson {
  cluster: string | null
  folder: string
  newRepository: boolean
  commit: string | null
  files: string[]
  credentials: string | null
  pinned: {what: string} | null
  missing: string[]
  withoutCredential: string[]
  error?: {code: string; exitCode: number; message: string; suggestions: string[]; data: {flags?: string[]}}
}

describe('pmpc init', () => {
  let simulator: Simulator
  let box: Sandbox

  before(async () => {
    simulator = await startSimulator({seed: 'cluster', authDelay: 0})
  })
  after(() => simulator.stop())

  beforeEach(() => {
    box = sandbox()
  })
  afterEach(() => box.remove())

  const at = (...parts: string[]) => path.join(box.folder, ...parts)
  const git = (cwd: string, ...args: string[]) => execFileSync('git', args, {cwd, env: box.env, encoding: 'utf8'})
  const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8')
  const withoutTrust = () => [
    ...['--cluster', 'home', '--endpoint', simulator.url],
    ...['--token-id', simulator.tokenId, '--yes'],
  ]
  const allFlags = () => [...withoutTrust(), '--fingerprint', simulator.fingerprint]
  const init = (args: string[] = [], options: RunOptions = {}): Promise<RunResult> =>
    box.pmpc(['init', 'ws', ...args], {input: `${simulator.tokenSecret}\n`, ...options})
  const initFully = () => init([...allFlags(), '--token-stdin', '--json'])

  it('makes a repository, one commit, and keeps the secret out of it', async () => {
    const run = await initFully()
    expect(run.code, run.stderr).to.equal(0)
    const result = run.json<InitJson>()
    expect(result).to.deep.include({cluster: 'home', newRepository: true, missing: []})
    expect(result.pinned?.what).to.equal('ca')
    expect(git(at('ws'), 'rev-list', '--count', 'HEAD').trim()).to.equal('1')
    expect(git(at('ws'), 'status', '--porcelain')).to.equal('')
    expect(git(at('ws'), 'ls-files').split('\n')).to.include.members(['.gitattributes', '.gitignore', 'pmpc.yaml'])
    expect(git(at('ws'), 'log', '-1', '--format=%B')).to.contain('Pmpc-Cluster: home')
    expect(git(at('ws'), 'config', 'diff.pmpc.textconv')).to.contain('pmpc state show')
    expect(() => git(at('ws'), 'grep', simulator.tokenSecret, 'HEAD')).to.throw()
  })

  it('stores the secret for that endpoint and trust, readable by its user alone; auth test finds it', async () => {
    await initFully()
    const file = at('home', 'pmpc', 'credentials.json')
    expect(statSync(file).mode & 0o777).to.equal(0o600)
    const test = await box.pmpc(['auth', 'test', '--json'], {cwd: at('ws')})
    expect(test.code, test.stderr + test.stdout).to.equal(0)
    expect(test.json()).to.deep.include({cluster: 'home', who: simulator.tokenId, source: 'file', complete: true})
  })

  it('takes the secret from a variable or a command, too', async () => {
    const variable = await init([...allFlags(), '--token-env', 'MY_SECRET'], {env: {MY_SECRET: simulator.tokenSecret}})
    expect(variable.code, variable.stderr).to.equal(0)
    const command = await box.pmpc([
      'init',
      'other',
      ...allFlags(),
      '--token-command',
      process.execPath,
      '-p',
      JSON.stringify(simulator.tokenSecret),
    ])
    expect(command.code, command.stderr).to.equal(0)
    const stored = JSON.parse(read('home', 'pmpc', 'credentials.json')) as {credentials: {command?: string[]}[]}
    expect(stored.credentials.some((entry) => entry.command?.[1] === '-p')).to.equal(true)
  })

  it('believes a CA file', async () => {
    writeFileSync(at('ca.pem'), simulator.ca)
    const flags = [...withoutTrust(), '--ca', 'ca.pem', '--token-stdin']
    const run = await init(flags)
    expect(run.code, run.stderr).to.equal(0)
  })

  it('adds to an existing repository and harms nothing', async () => {
    mkdirSync(at('ws'))
    git(at('ws'), 'init', '-q')
    writeFileSync(at('ws', '.gitignore'), 'node_modules\r\n')
    writeFileSync(at('ws', 'README.md'), 'mine\n')
    git(at('ws'), 'add', '.')
    git(at('ws'), 'commit', '-qm', 'mine')
    writeFileSync(at('ws', 'README.md'), 'mine, staged\n')
    git(at('ws'), 'add', 'README.md')
    appendFileSync(at('ws', 'README.md'), 'and edited\n')
    appendFileSync(at('ws', '.gitignore'), 'my-uncommitted-line\r\n')
    writeFileSync(at('ws', 'untracked'), 'x')
    const run = await initFully()
    expect(run.code, run.stderr).to.equal(0)
    expect(git(at('ws'), 'rev-list', '--count', 'HEAD').trim()).to.equal('2')
    expect(git(at('ws'), 'show', 'HEAD:.gitignore')).to.equal('node_modules\r\n.pmpc/local/\r\n')
    expect(read('ws', '.gitignore')).to.equal('node_modules\r\nmy-uncommitted-line\r\n.pmpc/local/\r\n')
    expect(git(at('ws'), 'diff', '--cached', '--name-only').trim()).to.equal('README.md')
    expect(git(at('ws'), 'show', ':README.md')).to.equal('mine, staged\n')
    expect(read('ws', 'README.md')).to.equal('mine, staged\nand edited\n')
    expect(existsSync(at('ws', 'untracked'))).to.equal(true)
  })

  it('adds a second cluster to pmpc.yaml and keeps its comments', async () => {
    await initFully()
    writeFileSync(at('ws', 'pmpc.yaml'), `# ours\n${read('ws', 'pmpc.yaml')}ignore: [] # nothing yet\n`)
    git(at('ws'), 'commit', '-qam', 'comments')
    const flags = allFlags().map((flag) => (flag === 'home' ? 'lab' : flag))
    const run = await init([...flags, '--token-stdin', '--json'])
    expect(run.code, run.stderr).to.equal(0)
    expect(run.json<InitJson>().files).to.deep.equal(['pmpc.yaml'])
    expect(read('ws', 'pmpc.yaml'))
      .to.match(/^# ours\n/)
      .and.to.contain('# nothing yet')
      .and.to.contain('  lab:\n')
      .and.to.contain('  home:\n')
    expect((await box.pmpc(['auth', 'test', 'lab'], {cwd: at('ws')})).code).to.equal(0)
  })

  it('tells before anything else that Git knows no author', async () => {
    const run = await init(
      ['--cluster', 'home', '--endpoint', 'https://127.0.0.1:1', '--token-id', 'a@pve!b', '--yes', '--token-stdin'],
      {
        env: {
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_AUTHOR_NAME: '',
          GIT_AUTHOR_EMAIL: '',
          GIT_COMMITTER_NAME: '',
          EMAIL: '',
        },
      },
    )
    expect(run.code).to.equal(1)
    expect(run.stderr).to.contain('git config --global user.name')
    expect(existsSync(at('ws'))).to.equal(false)
  })

  it('a wrong secret on first meeting is answered with init, as there is no workspace to log in to', async () => {
    const run = await init([...allFlags(), '--token-stdin'], {input: 'wrong'})
    expect(run.code).to.equal(77)
    expect(run.stderr)
      .to.contain(`pmpc init --cluster home --endpoint ${simulator.url} --token-id '${simulator.tokenId}'`)
      .and.not.to.contain('auth login')
  })

  it('an address that was typed is what may be wrong with it, also of a known cluster', async () => {
    await initFully()
    const url = `https://127.0.0.1:${await closedPort()}`
    const run = await init(['--cluster', 'home', '--endpoint', url, '--yes', '--json'])
    const {error} = run.json<InitJson>()
    expect(error?.code).to.equal('PMPC_UNREACHABLE')
    expect(error?.suggestions.join()).to.contain('Check the address given').and.not.to.contain('pmpc.yaml')
  })

  it('tells how TAB completes at the first time, and only where a new shell finds pmpc', async () => {
    const first = async (folder: string, PATH: string) =>
      box.pmpc(['init', folder, ...allFlags(), '--token-stdin'], {input: simulator.tokenSecret, env: {PATH}})
    const without = box.env.PATH!.split(':').filter((folder) => !existsSync(path.join(folder, 'pmpc')))
    expect((await first('one', without.join(':'))).stderr).not.to.contain('TAB')
    mkdirSync(at('bin'))
    writeFileSync(at('bin', 'pmpc'), '#!/bin/sh\n', {mode: 0o755})
    const found = [...without, at('bin')].join(':')
    expect((await first('two', found)).stderr).to.contain('TAB completes')
    expect((await first('two', found)).stderr).not.to.contain('TAB')
  })

  it('done again it changes nothing; in a fresh clone it sets up drivers and names the missing login', async () => {
    await initFully()
    const again = (await initFully()).json<InitJson>()
    expect(again).to.deep.include({commit: null, files: []})
    git(box.folder, 'clone', '-q', 'ws', 'clone')
    expect(() => git(at('clone'), 'config', 'diff.pmpc.textconv')).to.throw()
    const elsewhere = {PMPC_HOME: at('other-home')}
    const run = await box.pmpc(['init', '--json'], {cwd: at('clone'), env: elsewhere})
    expect(run.code, run.stderr).to.equal(0)
    expect(run.json<InitJson>()).to.deep.include({cluster: null, commit: null, withoutCredential: ['home']})
    expect(git(at('clone'), 'config', 'diff.pmpc.textconv')).to.contain('pmpc state show')
    expect(run.stderr).to.contain('pmpc auth login home')
    const login = await box.pmpc(['auth', 'login', '--token-stdin', '--json'], {
      cwd: at('clone'),
      env: elsewhere,
      input: simulator.tokenSecret,
    })
    expect(login.code, login.stdout).to.equal(0)
    expect(login.json()).to.deep.include({cluster: 'home', stored: 'secret'})
    const withCredentials = await box.pmpc(['init', '--cluster', 'home', '--token-stdin', '--yes', '--json'], {
      cwd: at('clone'),
      env: {PMPC_HOME: at('third')},
      input: simulator.tokenSecret,
    })
    expect(withCredentials.code, withCredentials.stdout).to.equal(0)
    expect(withCredentials.json<InitJson>()).to.deep.include({cluster: 'home', commit: null})
    expect(existsSync(at('third', 'credentials.json'))).to.equal(true)
  })

  it('without a terminal it names every missing flag at once', async () => {
    const run = await box.pmpc(['init', 'ws', '--json'])
    expect(run.code).to.equal(64)
    const {error} = run.json<InitJson>()
    expect(error?.code).to.equal('PMPC_FLAG_REQUIRED')
    expect(error?.data.flags).to.deep.equal(['--cluster', '--endpoint', '--token-id', '--token-stdin'])
    expect(error?.suggestions).to.deep.equal([
      "pmpc init ws --cluster NAME --endpoint URL --token-id 'USER@REALM!NAME' --token-stdin --yes",
    ])
    const noTrust = await init([...withoutTrust(), '--token-stdin', '--json'])
    expect(noTrust.code).to.equal(64)
    expect(noTrust.json<InitJson>().error?.data.flags).to.deep.equal(['--fingerprint', '--ca'])
    expect(noTrust.json<InitJson>().error?.suggestions[1]).to.match(
      new RegExp(`^pmpc init ws --cluster home --endpoint ${simulator.url} .*--fingerprint SHA256 --yes {3}# `),
    )
    expect(existsSync(at('ws'))).to.equal(false)
  })

  describe('changes nothing when it fails:', () => {
    const failing: [string, number, () => Promise<{args: string[]; options?: RunOptions; code: string}>][] = [
      [
        'a bad name',
        64,
        async () => ({args: allFlags().map((flag) => (flag === 'home' ? 'Home!' : flag)), code: 'PMPC_USAGE'}),
      ],
      [
        'what is no fingerprint',
        64,
        async () => ({
          args: allFlags().map((flag) => (flag === simulator.fingerprint ? 'AA:BB' : flag)),
          code: 'PMPC_BAD_FINGERPRINT',
        }),
      ],
      [
        'a wrong fingerprint',
        1,
        async () => ({
          args: allFlags().map((flag) => (flag === simulator.fingerprint ? 'AB'.repeat(32) : flag)),
          code: 'PMPC_TLS_CHANGED',
        }),
      ],
      [
        'a wrong secret',
        77,
        async () => ({
          args: allFlags(),
          options: {input: 'aaaaaaaa-0000-4000-8000-00000000dead\n'},
          code: 'PMPC_NOT_AUTHENTICATED',
        }),
      ],
      [
        'a closed port',
        1,
        async () => {
          const url = `https://127.0.0.1:${await closedPort()}`
          return {args: allFlags().map((flag) => (flag === simulator.url ? url : flag)), code: 'PMPC_UNREACHABLE'}
        },
      ],
      [
        'no identity in Git',
        1,
        async () => ({
          args: allFlags(),
          options: {
            env: {
              GIT_CONFIG_GLOBAL: '/dev/null',
              GIT_CONFIG_COUNT: '1',
              GIT_CONFIG_KEY_0: 'user.useConfigOnly',
              GIT_CONFIG_VALUE_0: 'true',
            },
          },
          code: 'PMPC_GIT_IDENTITY',
        }),
      ],
      ['an empty standard input', 64, async () => ({args: allFlags(), options: {input: ''}, code: 'PMPC_NO_SECRET'})],
    ]
    for (const [name, exit, make] of failing) {
      it(name, async () => {
        const {args, options, code} = await make()
        const run = await init([...args, '--token-stdin', '--json'], options)
        expect(run.json<InitJson>().error, run.stderr).to.include({code, exitCode: exit})
        expect(run.code).to.equal(exit)
        expect(existsSync(at('ws')), 'folder').to.equal(false)
        expect(existsSync(at('home', 'pmpc', 'credentials.json')), 'credentials').to.equal(false)
      })
    }

    it('a merge under way', async () => {
      mkdirSync(at('ws'))
      git(at('ws'), 'init', '-q')
      git(at('ws'), 'commit', '-q', '--allow-empty', '-m', 'x')
      writeFileSync(at('ws', '.git', 'MERGE_HEAD'), git(at('ws'), 'rev-parse', 'HEAD'))
      const config = read('ws', '.git', 'config')
      const run = await initFully()
      expect(run.code).to.equal(75)
      expect(readdirSync(at('ws'))).to.deep.equal(['.git'])
      expect(read('ws', '.git', 'config')).to.equal(config)
    })

    it('a credential file that others can read', async () => {
      await init([...allFlags(), '--token-stdin'])
      chmodSync(at('home', 'pmpc', 'credentials.json'), 0o644)
      const run = await box.pmpc(['init', 'second', ...allFlags(), '--token-stdin', '--json'], {
        input: simulator.tokenSecret,
      })
      expect(run.code).to.equal(77)
      expect(existsSync(at('second'))).to.equal(false)
    })
  })

  it('works in a folder of a repository, on a detached HEAD and in a worktree', async () => {
    mkdirSync(at('repo', 'infra'), {recursive: true})
    git(at('repo'), 'init', '-q')
    git(at('repo'), 'commit', '-q', '--allow-empty', '-m', 'x')
    git(at('repo'), 'worktree', 'add', '-q', '--detach', '../tree')
    for (const folder of [at('repo', 'infra'), at('tree')]) {
      const run = await box.pmpc(['init', folder, ...allFlags(), '--token-stdin', '--json'], {
        input: simulator.tokenSecret,
      })
      expect(run.code, run.stdout).to.equal(0)
      expect(git(folder, 'show', '--name-only', '--format=').trim().split('\n')).to.include(
        folder.endsWith('infra') ? 'infra/pmpc.yaml' : 'pmpc.yaml',
      )
      expect(git(folder, 'status', '--porcelain')).to.equal('')
      expect((await box.pmpc(['auth', 'test'], {cwd: folder})).code).to.equal(0)
    }
  })

  describe('where it would do harm:', () => {
    /** With a cluster that no workspace here knows. */
    const otherFlags = () => allFlags().map((flag) => (flag === 'home' ? 'second' : flag))
    const initIn = (cwd: string, ...args: string[]) =>
      box.pmpc(['init', ...args, ...otherFlags(), '--token-stdin', '--json'], {
        cwd,
        input: `${simulator.tokenSecret}\n`,
      })
    const refused = async (cwd: string, code: string, ...args: string[]) => {
      const run = await initIn(cwd, ...args)
      const {error} = run.json<InitJson>()
      expect([error?.code, run.code], run.stdout).to.deep.equal([code, 64])
      expect(existsSync(at('home', 'pmpc', 'credentials.json')), 'nothing is stored').to.equal(false)
      return error!
    }
    /** A folder that looks like a workspace, committed. */
    const workspaceAt = (...parts: string[]) => {
      mkdirSync(at(...parts), {recursive: true})
      git(at(...parts), 'init', '-q')
      writeFileSync(at(...parts, 'pmpc.yaml'), 'version: 1\nclusters: {}\n')
      git(at(...parts), 'add', '.')
      git(at(...parts), 'commit', '-qm', 'workspace')
    }

    it('in a workspace, which could then not be read, it is refused; the workspace itself takes another cluster', async () => {
      await initFully()
      const head = git(at('ws'), 'rev-parse', 'HEAD')
      mkdirSync(at('ws', 'infra', 'deep'), {recursive: true})
      symlinkSync(at('ws', 'infra'), at('link'))
      rmSync(at('home', 'pmpc', 'credentials.json'))
      for (const [cwd, ...args] of [
        [at('ws', 'infra')],
        [at('ws'), 'not/there/yet'],
        [at('link')],
        [at(), 'link/deep'],
      ])
        expect((await refused(cwd!, 'PMPC_NESTED_WORKSPACE', ...args)).message).to.contain(at('ws'))
      mkdirSync(at('infra'))
      const {suggestions} = await refused(at('ws', 'infra'), 'PMPC_NESTED_WORKSPACE')
      expect(suggestions[1], 'a name that is not there').to.match(new RegExp(`^pmpc init ${at('infra-2')} `))
      expect(git(at('ws'), 'rev-parse', 'HEAD')).to.equal(head)
      // Named by a cluster of its, from any of its folders, the workspace itself is meant.
      const again = await box.pmpc(['init', ...allFlags(), '--token-stdin', '--json'], {
        cwd: at('ws', 'infra'),
        input: simulator.tokenSecret,
      })
      expect(again.json<InitJson>()).to.deep.include({folder: at('ws'), commit: null})
      const second = await initIn(at('ws'))
      expect(second.code, second.stdout).to.equal(0)
    })

    it('around a workspace, too', async () => {
      workspaceAt('repo')
      mkdirSync(at('repo', 'team'))
      git(at('repo'), 'mv', 'pmpc.yaml', 'team/pmpc.yaml')
      git(at('repo'), 'commit', '-qm', 'moved')
      expect((await refused(at('repo'), 'PMPC_NESTED_WORKSPACE')).message).to.contain(at('repo', 'team'))
      expect((await initIn(at('repo'), 'beside')).code).to.equal(0)
    })

    it("in a clone of pmpc's own repository, wherever it lies and whatever it is called", async () => {
      cpSync('package.json', at('clone', 'package.json'))
      git(at('clone'), 'init', '-q')
      for (const folder of ['.', 'infra', 'plugins/sync/infra'])
        expect((await refused(at('clone'), 'PMPC_OWN_CHECKOUT', folder)).message).to.contain(at('clone'))
      expect(readdirSync(at('clone'))).to.have.members(['.git', 'package.json'])
      // A repository of its own below it is somebody's own.
      mkdirSync(at('clone', 'mine'))
      git(at('clone', 'mine'), 'init', '-q')
      const own = await initIn(at('clone', 'mine'))
      expect(own.code, own.stdout).to.equal(0)
    })

    it('in a folder of a repository it asks; --yes answers, and so does nobody: 64', async () => {
      mkdirSync(at('repo', 'infra'), {recursive: true})
      git(at('repo'), 'init', '-q')
      git(at('repo'), 'commit', '-q', '--allow-empty', '-m', 'x')
      const flags = [...allFlags().filter((flag) => flag !== '--yes'), '--token-stdin', '--json']
      const run = await box.pmpc(['init', ...flags], {cwd: at('repo', 'infra'), input: simulator.tokenSecret})
      expect(run.code).to.equal(64)
      const {error} = run.json<InitJson>()
      expect(error?.message).to.contain('--yes').and.to.contain(at('repo'))
      const typed = `pmpc init --cluster home --endpoint ${simulator.url} --token-id '${simulator.tokenId}' --token-stdin`
      expect(error?.suggestions).to.deep.equal([`${typed} --fingerprint ${simulator.fingerprint} --yes`])
      const words = flags.filter((flag) => !['--token-stdin', '--json'].includes(flag))
      const secret = ['--json', '--token-command', 'echo', 'a-secret-word']
      const other = await box.pmpc(['init', ...words, ...secret], {cwd: at('repo', 'infra')})
      expect(other.json<InitJson>().error?.suggestions[0]).to.match(/ --yes --token-command WORDS…$/)
      expect(other.stdout + other.stderr).not.to.contain('a-secret-word')
      if (noPty() === undefined) {
        const asked = await inPty(process.execPath, [bin, 'init'], {
          cwd: at('repo', 'infra'),
          env: box.env,
          columns: 300,
          answers: [{when: 'Go on?', type: '\r'}],
        })
        expect(asked.code).to.equal(1)
        expect(asked.output).to.contain('git init')
      }
      expect(git(at('repo'), 'rev-list', '--count', 'HEAD').trim()).to.equal('1')
      expect((await initIn(at('repo', 'infra'))).code).to.equal(0)
    })
  })

  it('keeps the kinds that a flag names; one that is none is refused before anything is asked of the cluster', async () => {
    const flags = [...allFlags(), '--token-stdin', '--json']
    const before = simulator.simulation.faults.count().requests
    const wrong = await init([...flags, '--kinds', 'vm,storrage'])
    expect(wrong.code).to.equal(64)
    expect(wrong.json<InitJson>().error?.message).to.contain('did you mean storage?')
    expect(simulator.simulation.faults.count().requests).to.equal(before)
    expect((await init([...flags, '--kinds', 'vm,storages'])).code).to.equal(0)
    const config = () => readFileSync(at('ws', 'pmpc.yaml'), 'utf8')
    expect(config()).to.match(/^kinds: \[vm, storages\]$/m)
    expect((await init([...flags, '--kinds', 'guests'])).code).to.equal(0)
    expect(config()).to.match(/^kinds: \[guests\]$/m)
    expect((await init([...flags, '--kinds', 'all'])).code).to.equal(0)
    expect(config()).not.to.match(/^kinds:/m)
  })

  it('interrupted while the cluster does not answer, it leaves nothing behind', async () => {
    simulator.simulation.faults.add({path: '^/version', kind: 'hang'})
    const asked = () => simulator.simulation.faults.count().byPath['GET /version'] ?? 0
    const before = asked()
    const run = await init([...allFlags(), '--token-stdin', '--json'], {
      started(child) {
        const timer = setInterval(() => {
          if (asked() === before) return
          clearInterval(timer)
          child.kill('SIGINT')
        }, 20)
      },
    })
    simulator.simulation.faults.clear()
    expect(run.code, run.stdout).to.equal(130)
    expect(existsSync(at('ws'))).to.equal(false)
    expect(existsSync(at('home', 'pmpc', 'credentials.json'))).to.equal(false)
  })

  it('on a terminal it shows the certificate, asks, and hides the secret', async function () {
    skipFor(this, noPty())
    const {output, code} = await inPty(process.execPath, [bin, 'init', 'ws'], {
      cwd: box.folder,
      env: {...box.env, COLUMNS: '200'},
      columns: 200,
      answers: [
        {when: 'A name for the cluster', type: 'home\r'},
        {when: 'Address of a node', type: `${simulator.url}\r`},
        {when: 'Is this the fingerprint', type: 'y\r'},
        {when: 'Token id', type: `\u0015${simulator.tokenId}\r`},
        {when: 'Secret of', type: `${simulator.tokenSecret}\r`},
        {when: 'What is to be kept', type: '\r'},
      ],
    })
    expect(code, output).to.equal(0)
    expect(output).to.contain(simulator.fingerprint)
    expect(readFileSync(at('ws', 'pmpc.yaml'), 'utf8')).to.match(/^read:\n {2}guestFirewalls: true$/m)
    expect(readFileSync(at('ws', 'pmpc.yaml'), 'utf8')).not.to.match(/^kinds:/m)
    expect(output).not.to.contain(simulator.tokenSecret)
    expect(git(at('ws'), 'rev-list', '--count', 'HEAD').trim()).to.equal('1')
  })

  /** A prompt is drawn again with each key: a second one follows what is said of the first. */
  const secrets = (...typed: string[]) => [
    {when: 'Is this the fingerprint', type: 'y\r'},
    ...typed.map((secret, at) => ({when: at === 0 ? 'Secret of' : /Once more[^]*Secret of/, type: `${secret}\r`})),
  ]
  const wrong = '00000000-0000-0000-0000-000000000000'
  const initWithSecrets = async (answers: Answer[]) => {
    const known = ['--cluster', 'home', '--endpoint', simulator.url, '--token-id', simulator.tokenId]
    const env = {...box.env, COLUMNS: '200'}
    return inPty(process.execPath, [bin, 'init', 'ws', ...known], {cwd: box.folder, env, columns: 200, answers})
  }

  it('on a terminal, asks for a secret again that is not accepted', async function () {
    skipFor(this, noPty())
    const kept = [
      {when: 'What is to be kept', type: '\u0015gests\r'},
      {when: 'did you mean guests', type: '\u0015guests, acl\r'},
    ]
    const {output, code} = await initWithSecrets([...secrets(wrong, wrong, simulator.tokenSecret), ...kept])
    expect(code, output).to.equal(0)
    expect(readFileSync(at('ws', 'pmpc.yaml'), 'utf8')).to.match(/^kinds: \[guests, acl\]$/m)
    expect(output.match(/does not accept the credential/g)).to.have.length(2)
    expect(git(at('ws'), 'rev-list', '--count', 'HEAD').trim()).to.equal('1')
  })

  it('on a terminal, ends at the third wrong secret, and nothing was done', async function () {
    skipFor(this, noPty())
    const {output, code} = await initWithSecrets(secrets(wrong, wrong, wrong))
    expect(code, output).to.equal(77)
    expect(output.match(/does not accept the credential/g)).to.have.length(3)
    expect(existsSync(at('ws'))).to.equal(false)
  })

  it('on a terminal, a fingerprint that is not the right one ends it', async function () {
    skipFor(this, noPty())
    const {output, code} = await inPty(
      process.execPath,
      [bin, 'init', 'ws', '--cluster', 'home', '--endpoint', simulator.url],
      {
        cwd: box.folder,
        env: box.env,
        answers: [{when: 'Is this the fingerprint', type: '\r'}],
      },
    )
    expect(code, output).to.equal(1)
    expect(existsSync(at('ws'))).to.equal(false)
  })
})
