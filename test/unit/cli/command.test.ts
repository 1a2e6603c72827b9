import {expect} from 'chai'
import path from 'node:path'
import sinon from 'sinon'
import {Args, BaseCommand, Flags} from '../../../src/kit/cli/index.js'
import {PmpcError} from '../../../src/kit/errors/index.js'
import {checkout} from '../../support/pmpc.js'

type Work = (command: Sample) => unknown

/** A command whose work a test provides. */
class Sample extends BaseCommand<unknown> {
  static work: Work = () => undefined
  static override id = 'sample'
  static override flags = {
    output: Flags.option({char: 'o', options: ['table', 'json', 'csv'] as const})(),
    count: Flags.integer(),
  }
  static override args = {name: Args.string()}

  async run(): Promise<unknown> {
    await this.parse(Sample)
    return Sample.work(this)
  }

  override say(text?: string): void {
    super.say(text)
  }
  override hint(text: string): void {
    super.hint(text)
  }
  override warnUser(message: string, suggestion?: string): void {
    super.warnUser(message, suggestion)
  }
  override setExitCode(code: number): void {
    super.setExitCode(code)
  }
  get at(): string {
    return this.folder
  }
  get isVerbose(): boolean {
    return this.verbose
  }
  get mayAsk(): boolean {
    return this.interactive
  }
  get how(): string {
    return this.progressMode
  }
}

/** Runs the sample with standard output and error caught. */
async function run(argv: string[], work: Work): Promise<{stdout: string; stderr: string; code: number}> {
  Sample.work = work
  const caught = {stdout: '', stderr: ''}
  const codeBefore = process.exitCode
  const stubs = (['stdout', 'stderr'] as const).map((name) =>
    sinon.stub(process[name], 'write').callsFake((chunk: unknown) => {
      caught[name] += String(chunk)
      return true
    }),
  )
  try {
    await Sample.run(argv, {root: checkout, userPlugins: false})
    return {...caught, code: Number(process.exitCode ?? 0)}
  } finally {
    for (const stub of stubs) stub.restore()
    process.exitCode = codeBefore
  }
}

const boom = (): never => {
  throw new PmpcError('PMPC_BOOM', 'It broke.', {exitCode: 77, suggestions: ['pmpc mend']})
}

describe('base command', () => {
  it('prints the bare result under --json, and nothing that is for people on standard output', async () => {
    const {stdout, code} = await run(['--json'], (command) => {
      command.say('hello')
      return {a: 1}
    })
    expect(stdout).to.equal('{\n  "a": 1\n}\n')
    expect(code).to.equal(0)
  })

  for (const [value, text] of [
    [0, '0\n'],
    [false, 'false\n'],
    [null, 'null\n'],
    ['', '""\n'],
    [[], '[]\n'],
  ] as const)
    it(`prints ${JSON.stringify(value)} under --json, too`, async () => {
      expect((await run(['--json'], () => value)).stdout).to.equal(text)
    })

  it('prints no JSON where the command printed its own', async () => {
    expect((await run(['--json'], () => undefined)).stdout).to.equal('')
  })

  for (const argv of [['-o', 'json'], ['-ojson'], ['-o=json'], ['--output', 'json'], ['--output=json']])
    it(`takes ${argv.join(' ')} for --json`, async () => {
      expect((await run(argv, () => ({a: 1}))).stdout).to.equal('{\n  "a": 1\n}\n')
    })

  it('does not take what follows -- for a flag', async () => {
    expect((await run(['--', '--json'], (command) => command.say('for people'))).stdout).to.equal('for people\n')
  })

  it('tells an error as text with what to try, and exits with its code', async () => {
    const {stdout, stderr, code} = await run([], boom)
    expect(stdout).to.equal('')
    expect(stderr).to.equal('Error: It broke.\nTry:   pmpc mend\nCode:  PMPC_BOOM\n')
    expect(code).to.equal(77)
  })

  it('tells an error as JSON with the same code', async () => {
    const {stdout, stderr, code} = await run(['--json'], boom)
    expect(JSON.parse(stdout)).to.deep.equal({
      error: {code: 'PMPC_BOOM', message: 'It broke.', exitCode: 77, suggestions: ['pmpc mend'], data: {}},
    })
    expect(stderr).to.equal('')
    expect(code).to.equal(77)
  })

  for (const argv of [['--nonsense'], ['a', 'b'], ['--count', 'many'], ['--count'], ['-o', 'xml']]) {
    it(`tells a usage error for ${argv.join(' ')}: 64`, async () => {
      const {stderr, code} = await run(argv, () => undefined)
      expect(code).to.equal(64)
      expect(stderr)
        .to.match(/^Error: .*\n/)
        .and.to.include('Try:   pmpc sample --help')
    })
  }

  it('tells a usage error as JSON without what was typed', async () => {
    const {stdout, code} = await run(['--token=hunter2', '--json', '--secret', 'hunter3'], () => undefined)
    expect(code).to.equal(64)
    const {error} = JSON.parse(stdout) as {error: {code: string}}
    expect(error.code).to.equal('PMPC_USAGE')
    expect(stdout.length).to.be.below(500)
    expect(stdout).not.to.include('argv')
  })

  it('shows where an error came from only when asked', async () => {
    const work: Work = () => {
      throw new TypeError('oops')
    }
    const plain = await run([], work)
    expect(plain.code).to.equal(70)
    expect(plain.stderr).not.to.match(/^\s+at /m)
    expect((await run(['--verbose'], work)).stderr).to.match(/^\s+at /m)
  })

  it('exits with the code that the command set, silently', async () => {
    const {stderr, code} = await run(['--json'], (command) => {
      command.setExitCode(2)
      return {open: 3}
    })
    expect({stderr, code}).to.deep.equal({stderr: '', code: 2})
  })

  it('warns on standard error under --json, too, and remembers it', async () => {
    let remembered: unknown
    const {stdout, stderr} = await run(['--json'], (command) => {
      command.warnUser('Half was read.', 'pmpc auth test')
      remembered = command.warnings
      return {}
    })
    expect(stdout).to.equal('{}\n')
    expect(stderr).to.equal('Warning: Half was read.\nTry:     pmpc auth test\n')
    expect(remembered).to.deep.equal([{message: 'Half was read.', suggestion: 'pmpc auth test'}])
  })

  it('hints to people only', async () => {
    const work: Work = (command) => command.hint('Next: pmpc accept')
    expect((await run([], work)).stderr).to.equal('Next: pmpc accept\n')
    expect((await run(['-q'], work)).stderr).to.equal('')
    expect((await run(['--json'], work)).stderr).to.equal('')
  })

  it('works from the folder of -C', async () => {
    let at = ''
    await run(['-C', path.join(checkout, 'src')], (command) => {
      at = command.at
      return undefined
    })
    expect(at).to.equal(path.join(checkout, 'src'))
  })

  it('does not take -ocsv for -v', async () => {
    let verbose = true
    await run(['-ocsv'], (command) => {
      verbose = command.isVerbose
      return undefined
    })
    expect(verbose).to.equal(false)
  })

  it('asks nobody and shows no moving progress off a terminal', async () => {
    let seen = {}
    await run([], (command) => {
      seen = {mayAsk: command.mayAsk, how: command.how}
      return undefined
    })
    expect(seen).to.deep.equal({mayAsk: false, how: 'plain'})
  })
})
