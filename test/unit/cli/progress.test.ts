import {expect} from 'chai'
import sinon from 'sinon'
import {runStep} from '../../../src/kit/cli/progress.js'
import type {StepReport} from '../../../src/kit/runs/index.js'

describe('progress', () => {
  const seen: string[] = []
  beforeEach(() => {
    seen.length = 0
    sinon.stub(process.stderr, 'write').callsFake((chunk: unknown) => {
      seen.push(String(chunk))
      return true
    })
  })
  afterEach(() => sinon.restore())

  const work = async (report: StepReport) => {
    report.detail('1 of 2')
    await new Promise(setImmediate)
    report.title('It is done')
    return 7
  }

  it('runs a step, returns its value, and prints a line of what came of it', async () => {
    expect(await runStep('Begin', work, 'plain')).to.equal(7)
    expect(seen).to.deep.equal(['It is done\n'])
  })

  it('prints nothing when silent', async () => {
    expect(await runStep('Begin', work, 'silent')).to.equal(7)
    expect(seen).to.deep.equal([])
  })

  it('tells what comes of it on a terminal', async () => {
    expect(await runStep('Begin', work, 'live')).to.equal(7)
    expect(seen.join('')).to.include('It is done')
  })

  for (const mode of ['silent', 'plain', 'live'] as const)
    it(`lets the error through, ${mode}`, async () => {
      const error = await runStep('Breaks', async () => Promise.reject(new Error('no')), mode).catch(
        (thrown: unknown) => thrown,
      )
      expect(error).to.be.an('error').with.property('message', 'no')
      expect(seen.join('')).to.not.include('\nBreaks')
    })
})
