import {expect} from 'chai'
import sinon from 'sinon'
import {runSteps} from '../../../src/kit/cli/progress.js'

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

  const steps = [
    {title: 'One', run: (context: {n: number}) => void context.n++},
    {title: 'Two', skip: () => true, run: (context: {n: number}) => void (context.n += 100)},
    {
      title: 'Three',
      run: async (context: {n: number}, report: {title(text: string): void}) => {
        await new Promise(setImmediate)
        context.n++
        report.title('Three is done')
      },
    },
  ]

  it('runs steps in order, leaves out what is skipped, and prints a line each', async () => {
    expect(await runSteps(steps, {n: 0}, 'plain')).to.deep.equal({n: 2})
    expect(seen).to.deep.equal(['One\n', 'Three is done\n'])
  })

  it('prints nothing when silent', async () => {
    expect(await runSteps(steps, {n: 0}, 'silent')).to.deep.equal({n: 2})
    expect(seen).to.deep.equal([])
  })

  for (const mode of ['silent', 'plain', 'live'] as const)
    it(`ends at the first error, ${mode}`, async () => {
      const failing = [
        {
          title: 'Breaks',
          run: () => {
            throw new Error('no')
          },
        },
        {title: 'Never', run: (context: {n: number}) => void context.n++},
      ]
      const context = {n: 0}
      const error = await runSteps(failing, context, mode).catch((thrown: unknown) => thrown)
      expect(error).to.be.an('error').with.property('message', 'no')
      expect(context.n).to.equal(0)
    })
})
