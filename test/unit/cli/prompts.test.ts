import {expect} from 'chai'
import {ask, confirm, typeToConfirm} from '../../../src/kit/cli/index.js'

const nobody = {interactive: false, command: 'pmpc init'}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('prompts where nobody can answer', () => {
  it('fail with the flag that answers: 64', async () => {
    expect(await failure(ask(nobody, {flag: '--cluster NAME', message: 'Name of the cluster?'}))).to.include({
      code: 'PMPC_FLAG_REQUIRED',
      exitCode: 64,
    })
    const error = await failure(confirm(nobody, {flag: '--yes', message: 'Go on?'}))
    expect(error).to.have.property('message').that.includes('--yes')
  })
})

describe('typing to confirm', () => {
  const question = {flag: '--confirm', message: 'Destroys VM 101.', expected: '101'}

  it('takes the flag for an answer', async () => {
    expect(await failure(typeToConfirm(nobody, {...question, given: '101'}))).to.equal(undefined)
  })

  it('does nothing when something else is given', async () => {
    expect(await failure(typeToConfirm(nobody, {...question, given: '110'}))).to.include({
      code: 'PMPC_NOT_CONFIRMED',
      exitCode: 1,
    })
  })

  it('names the flag with the value where nobody can be asked', async () => {
    const error = await failure(typeToConfirm(nobody, question))
    expect(error).to.have.property('suggestions').that.deep.equals(['pmpc init --confirm 101'])
  })
})
