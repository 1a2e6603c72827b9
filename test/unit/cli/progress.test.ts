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

  const several = async ({item, note, title}: StepReport) => {
    item('vm/1', 'waiting')
    item('vm/1', 'working', 'POST /nodes/pve1/qemu')
    note('Interrupted')
    item('vm/1', 'failed', 'no space')
    title('It is over')
  }

  it('prints a line of each of several objects, and what has to be seen at once', async () => {
    await runStep('Begin', several, 'plain')
    expect(seen).to.deep.equal([
      ...['vm/1: POST /nodes/pve1/qemu\n', 'Interrupted\n', 'vm/1: failed: no space\n', 'It is over\n'],
    ])
  })

  it('prints the same as lines of JSON', async () => {
    await runStep('Begin', several, 'json')
    expect(seen.map((line): unknown => JSON.parse(line))).to.deep.equal([
      {object: 'vm/1', state: 'working', text: 'POST /nodes/pve1/qemu'},
      {note: 'Interrupted'},
      {object: 'vm/1', state: 'failed', text: 'no space'},
      {step: 'It is over'},
    ])
  })

  for (const mode of ['silent', 'plain', 'json', 'live'] as const)
    it(`lets the error through, ${mode}`, async () => {
      const error = await runStep('Breaks', async () => Promise.reject(new Error('no')), mode).catch(
        (thrown: unknown) => thrown,
      )
      expect(error).to.be.an('error').with.property('message', 'no')
      expect(seen.join('')).to.not.include('\nBreaks')
    })
})
