import {expect} from 'chai'
import type {Finding} from '../../src/kit/validation/index.js'
import {Lab} from '../support/lab.js'
import {oneOfEach} from '../support/one-of-each.js'

describe('pmpc validate, of all kinds', function () {
  this.timeout(60_000)
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: 'cluster', offlineServices: 'accept'})
    for (const calls of Object.values(oneOfEach)) for (const call of calls) await lab.api(...call)
  })
  after(async () => lab.stop())

  it('finds nothing in an object of each', async () => {
    const clone = await lab.workspace()
    await clone.must('sync', '--accept')
    const {problems} = (await clone.must('validate', '--json')).json<{problems: Finding[]}>()
    expect(problems.map(({file, message}) => `${file}: ${message}`)).to.deep.equal([])
  })
})
