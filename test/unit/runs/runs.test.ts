import {expect} from 'chai'
import fc from 'fast-check'
import {newRunId, timeOfRunId} from '../../../src/kit/runs/index.js'

describe('run ids', () => {
  it('sort by time and tell it', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 2 ** 48 - 1}), fc.integer({min: 1, max: 1e9}), (time, later) => {
        const [a, b] = [newRunId(time), newRunId(time + later)]
        expect(a < b).to.equal(true)
        expect(timeOfRunId(a)?.getTime()).to.equal(time)
      }),
    )
  })

  it('differ within one millisecond', () => {
    expect(new Set(Array.from({length: 1000}, () => newRunId(1))).size).to.equal(1000)
    expect(timeOfRunId('not an id')).to.equal(undefined)
  })
})
