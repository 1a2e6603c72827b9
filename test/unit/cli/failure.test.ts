import {expect} from 'chai'
import {parse} from '@oclif/core/parser'
import {Args, describeFailure, failureJson, failureText, Flags, isSilentExit} from '../../../src/kit/cli/index.js'
import {PmpcError} from '../../../src/kit/errors/index.js'

const context = {command: 'pmpc sync'}
const foreign = (message: string, properties: object): Error => Object.assign(new Error(message), properties)

describe('failure', () => {
  it('tells an error of ours as it is', () => {
    const error = new PmpcError('PMPC_LOCKED', 'busy', {exitCode: 75, suggestions: ['pmpc status'], data: {pid: 7}})
    expect(describeFailure(error, context)).to.deep.equal({
      code: 'PMPC_LOCKED',
      message: 'busy',
      exitCode: 75,
      suggestions: ['pmpc status'],
      data: {pid: 7},
    })
  })

  it('knows an error of another copy of the kit by its code', () => {
    const error = foreign('busy', {code: 'PMPC_LOCKED', exitCode: 75, suggestions: []})
    expect(describeFailure(error, context)).to.include({code: 'PMPC_LOCKED', exitCode: 75})
  })

  it('tells an error of the parser as a usage error, and never what was parsed', () => {
    const error = foreign('Nonexistent flag: --tokn\nSee more help with --help', {
      parse: {input: {argv: ['--tokn', 'hunter2']}},
      oclif: {exit: 2},
    })
    const failure = describeFailure(error, context)
    expect(failure).to.deep.equal({
      code: 'PMPC_USAGE',
      message: 'Nonexistent flag: --tokn',
      exitCode: 64,
      suggestions: ['pmpc sync --help'],
      data: {},
    })
    expect(JSON.stringify(failureJson(failure))).not.to.include('hunter2')
  })

  it('says which flags are missing, and nothing of flags that nobody typed; what is dimmed on a terminal is text here', async () => {
    const flags = {to: Flags.string({required: true}), unset: Flags.string({multiple: true})}
    const thrown = async (options: Parameters<typeof parse>[1]): Promise<Error> =>
      parse([], options).then(
        () => expect.fail('it was taken'),
        (error: Error) => error,
      )
    const said = ({message}: Error, change = (text: string) => text) =>
      describeFailure(foreign(change(message), {parse: {}}), context).message
    const lacking = await thrown({flags})
    expect(said(lacking)).to.equal('--to is missing')
    const dimmed = said(lacking, (text) => text.replace(/^ +(Missing .*)$/m, '  \u001B[2m$1\u001B[22m'))
    expect(dimmed).to.equal('--to is missing')
    const args = {type: Args.string({required: true, description: 'vm or ct'})}
    expect(said(await thrown({args, flags: {unset: flags.unset}}))).to.match(
      /^Missing 1 required arg:\n *type +vm or ct$/,
    )
  })

  it('takes what nobody foresaw for a bug: 70', () => {
    const failure = describeFailure(new TypeError('x is not a function'), {...context, logFile: '/w/log'})
    expect(failure).to.include({code: 'PMPC_BUG', exitCode: 70})
    expect(failure.data).to.deep.equal({logFile: '/w/log'})
    expect(failureText(failure, (_, text) => text)).to.include('/w/log')
  })

  it('takes what is thrown and is no error for a bug as well', () => {
    expect(describeFailure('text', context)).to.include({code: 'PMPC_BUG', exitCode: 70})
  })

  it('names the file that the system refused', () => {
    const error = foreign("EACCES: permission denied, open '/x'", {code: 'EACCES', path: '/x'})
    expect(describeFailure(error, context)).to.include({
      code: 'PMPC_SYSTEM',
      exitCode: 1,
      message: '/x: permission denied (EACCES)',
    })
  })

  it("turns oclif's 2 into 1, as 2 means a difference", () => {
    expect(describeFailure(foreign('no', {oclif: {exit: 2}}), context).exitCode).to.equal(1)
    expect(describeFailure(foreign('no', {oclif: {exit: 5}}), context).exitCode).to.equal(5)
  })

  it('tells Ctrl-C in a prompt as an interrupt: 130', () => {
    const error = foreign('User force closed the prompt', {})
    error.name = 'ExitPromptError'
    expect(describeFailure(error, context).exitCode).to.equal(130)
  })

  it("knows oclif's exit of any copy", () => {
    expect(isSilentExit(foreign('EEXIT: 3', {code: 'EEXIT', oclif: {exit: 3}}))).to.equal(true)
    expect(isSilentExit(new Error('x'))).to.equal(false)
  })

  it('prints the message, then one line for each thing to try, then the code to look up', () => {
    const error = new PmpcError('PMPC_X', 'No.', {suggestions: ['pmpc a', 'pmpc b']})
    expect(failureText(describeFailure(error, context), (_, text) => text)).to.equal(
      'Error: No.\nTry:   pmpc a\nTry:   pmpc b\nCode:  PMPC_X\n',
    )
    const painted = failureText(describeFailure(error, context), (color, text) => `<${color}>${text}`)
    expect(painted).to.include('<dim>Code:  PMPC_X\n')
  })
})
