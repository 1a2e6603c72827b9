import {expect} from 'chai'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {checkout, sandbox, type Sandbox} from '../support/pmpc.js'

interface ErrorJson {
  error: {code: string; message: string; exitCode: number; suggestions: string[]}
}

interface ManifestCommand {
  id: string
  summary?: string
  hidden?: boolean
  examples?: unknown[]
  flags: Record<string, {summary?: string; description?: string; char?: string; hidden?: boolean}>
}

/** Every command of the host and of the workspace's plugins, as oclif cached them. */
function allCommands(): ManifestCommand[] {
  const folders = ['.', ...readdirSync(path.join(checkout, 'plugins')).map((name) => path.join('plugins', name))]
  const commands = folders
    .map((folder) => path.join(checkout, folder, 'oclif.manifest.json'))
    .filter((file) => existsSync(file))
    .flatMap((file) =>
      Object.values((JSON.parse(readFileSync(file, 'utf8')) as {commands: Record<string, ManifestCommand>}).commands),
    )
  return [...new Map(commands.map((command) => [command.id, command])).values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

describe('help', () => {
  let box: Sandbox
  before(() => {
    box = sandbox()
  })
  after(() => box.remove())

  for (const args of [[], ['help'], ['--help'], ['-h']])
    it(`lists the commands: pmpc ${args.join(' ')}`, async () => {
      const {stdout, code} = await box.pmpc(args)
      expect(code).to.equal(0)
      expect(stdout)
        .to.match(/^COMMANDS$/m)
        .and.to.match(/^ {2}help /m)
        .and.to.match(/^ {2}sync /m)
    })

  it('takes no argument from a piped standard input, where a secret might come from', async () => {
    const {stdout, code} = await box.pmpc(['state', 'show', '--json'], {input: 'not-an-argument\n'})
    expect(code).to.equal(64)
    expect(stdout).to.include('PMPC_NO_WORKSPACE').and.not.to.include('not-an-argument')
  })

  it('explains one command', async () => {
    const {stdout, code} = await box.pmpc(['sync', '--help'])
    expect(code).to.equal(0)
    expect(stdout)
      .to.match(/^USAGE\n {2}\$ pmpc sync/m)
      .and.to.match(/^GLOBAL FLAGS$/m)
      .and.to.match(/^EXAMPLES$/m)
  })

  it('of a command that does not exist is a missing command: 127', async () => {
    const {stderr, code} = await box.pmpc(['frobnicate', '--help'])
    expect(code).to.equal(127)
    expect(stderr).to.include('no command `pmpc frobnicate`').and.to.include('Try:   pmpc --help')
  })
})

describe('a command that does not exist', () => {
  let box: Sandbox
  before(() => {
    box = sandbox()
  })
  after(() => box.remove())

  for (const [typed, meant] of [
    ['snyc', 'pmpc sync'],
    ['hlep', 'pmpc help'],
    ['plugnis', 'pmpc plugins'],
    ['plugnis install', 'pmpc plugins install'],
    ['plugins isntall', 'pmpc plugins install'],
    ['simulator strat', 'pmpc simulator start'],
  ] as const)
    it(`${typed}: was ${meant} meant?`, async () => {
      const {stderr, stdout, code} = await box.pmpc(typed.split(' '))
      expect(code).to.equal(127)
      expect(stdout).to.equal('')
      expect(stderr).to.include(`Try:   ${meant}\n`)
    })

  it('is told as JSON, too', async () => {
    const result = await box.pmpc(['snyc', '--json'])
    expect(result.code).to.equal(127)
    expect(result.json<ErrorJson>().error).to.deep.include({
      code: 'PMPC_COMMAND_NOT_FOUND',
      exitCode: 127,
      suggestions: ['pmpc sync', 'pmpc --help'],
    })
  })

  it('below a topic is near to a command of it by its own letters only', async () => {
    const {stderr, code} = await box.pmpc(['plugins', 'foo'])
    expect(code).to.equal(64)
    expect(stderr).to.include('Try:   pmpc plugins --help').and.not.to.include('plugins add')
  })

  it('is no argument too many: that is a usage error, 64', async () => {
    const {stderr, code} = await box.pmpc(['sync', 'extra'])
    expect(code).to.equal(64)
    expect(stderr).to.include('takes no argument "extra"').and.to.include('Try:   pmpc sync --help')
  })
})

describe('a flag that does not exist', () => {
  let box: Sandbox
  before(() => {
    box = sandbox()
  })
  after(() => box.remove())

  for (const [typed, meant] of [
    ['sync --detaild-exitcode', 'pmpc sync --detailed-exitcode'],
    ['status --jsn', 'pmpc status --json'],
    ['get guests --ouput json', 'pmpc get --output'],
    ['init -json', 'pmpc init --json'],
    ['plugins --jsno', 'pmpc plugins --json'],
    ['plugins install sync --yess', 'pmpc plugins install --yes'],
    ['simulator start --prot=8006', 'pmpc simulator start --port'],
  ] as const)
    it(`${typed}: was ${meant} meant?`, async () => {
      const {stderr, stdout, code} = await box.pmpc(typed.split(' '))
      expect(code).to.equal(64)
      expect(stdout).to.equal('')
      expect(stderr).to.include(`Try:   ${meant}\n`).and.to.include('Code:  PMPC_USAGE\n')
    })

  it('is told without its value, which may be a secret, and without a guess where none is near', async () => {
    const {stderr, code} = await box.pmpc(['init', '--pasword-of-mine=hunter2', '-Z', '--verbose'])
    expect(code).to.equal(64)
    expect(stderr).to.include('has no flag --pasword-of-mine, -Z.').and.not.to.include('hunter2')
    expect(stderr.match(/^Try: .*/gm)).to.deep.equal(['Try:   pmpc init --help'])
  })

  it('is told as JSON, too', async () => {
    const result = await box.pmpc(['sync', '--detaild-exitcode', '--json'])
    expect(result.code).to.equal(64)
    expect(result.json<ErrorJson>().error).to.deep.include({
      code: 'PMPC_USAGE',
      suggestions: ['pmpc sync --detailed-exitcode', 'pmpc sync --help'],
    })
  })
})

describe('the version', () => {
  let box: Sandbox
  before(() => {
    box = sandbox()
  })
  after(() => box.remove())

  for (const flag of ['-v', '-V'])
    it(`is what ${flag} alone prints, as --version does`, async () => {
      const told = await box.pmpc(['--version'])
      expect(told.stdout).to.match(/^pmpc\/\d+\.\d+\.\d+ /)
      expect(await box.pmpc([flag])).to.deep.include({stdout: told.stdout, stderr: '', code: 0})
    })

  it('is what `pmpc version` prints, too', async () => {
    expect((await box.pmpc(['version'])).stdout).to.match(/^pmpc\/\d+\.\d+\.\d+ /)
  })

  it('is not what -v with a command prints, before or after it: that is --verbose', async () => {
    const after = await box.pmpc(['status', '-v'])
    expect([after.code, after.stdout]).to.deep.equal([64, ''])
    expect(after.stderr)
      .to.contain('PMPC_NO_WORKSPACE')
      .and.to.match(/^ +at /m)
    const before = await box.pmpc(['-v', 'status'])
    expect(before).to.deep.include({code: 64, stdout: ''})
    expect(before.stderr)
      .to.contain('PMPC_NO_WORKSPACE')
      .and.to.match(/^ +at /m)
  })
})

describe('flags before the command', () => {
  let box: Sandbox
  before(() => {
    box = sandbox()
  })
  after(() => box.remove())

  it('are taken as after it, several of them, before a flag whose value all words behind it are', async () => {
    const failed = await box.pmpc(['--json', '-C', box.folder, '--no-prompt', 'auth', 'login', '--token-command', 'op'])
    expect(failed.code).to.equal(64)
    expect(failed.json<ErrorJson>().error.code).to.equal('PMPC_NO_WORKSPACE')
  })

  it('and -C with a folder that is not there is told as that', async () => {
    for (const args of [
      ['-C', 'nowhere', 'status'],
      ['status', '-C', 'nowhere'],
    ]) {
      const {error} = (await box.pmpc([...args, '--json'])).json<ErrorJson>()
      expect(error).to.include({code: 'PMPC_NO_WORKSPACE', exitCode: 64})
      expect(error.message).to.equal(`there is no folder ${path.join(box.folder, 'nowhere')}`)
    }
  })
})

describe('every command', () => {
  const commands = allCommands()

  it('is there to be looked at', () => expect(commands.length).to.be.greaterThan(2))

  for (const {id, summary, examples, flags, hidden} of commands) {
    it(`${id} has a summary that is a sentence, examples, and --json`, () => {
      expect(summary, 'summary')
        .to.be.a('string')
        .that.matches(/^[A-Z].*\.$/)
      if (hidden) return
      expect(examples ?? [], 'examples').not.to.have.length(0)
      if (id !== 'help') expect(Object.keys(flags)).to.include('json')
    })

    it(`${id} explains its flags, and gives no letter to two of them`, () => {
      const shown = Object.entries(flags).filter(([, flag]) => !flag.hidden)
      const unexplained = shown.filter(([, flag]) => !flag.summary && !flag.description).map(([name]) => name)
      expect(unexplained).to.deep.equal([])
      const letters = Object.values(flags).flatMap(({char}) => char ?? [])
      expect(letters).to.deep.equal([...new Set(letters)])
    })
  }
})
