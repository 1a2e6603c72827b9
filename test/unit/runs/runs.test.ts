import {expect} from 'chai'
import fc from 'fast-check'
import {eventText, newRunId} from '../../../src/kit/runs/index.js'

describe('run ids', () => {
  /** Milliseconds since the epoch, from its first ten characters. */
  const timeOf = (id: string): number =>
    [...id.slice(0, 10)].reduce((time, letter) => time * 32 + '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(letter), 0)

  it('sort by time and tell it', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 2 ** 48 - 1}), fc.integer({min: 1, max: 1e9}), (time, later) => {
        const [a, b] = [newRunId(time), newRunId(time + later)]
        expect(a < b).to.equal(true)
        expect(timeOf(a)).to.equal(time)
      }),
    )
  })

  it('differ within one millisecond', () => {
    expect(new Set(Array.from({length: 1000}, () => newRunId(1))).size).to.equal(1000)
  })
})

describe('a line of a log, for people', () => {
  for (const [argv, said] of [
    [[], 'run.start  begins  (pmpc 0.1.0)'],
    [['--since', '1h'], 'run.start  begins: --since 1h  (pmpc 0.1.0)'],
  ] as const)
    it(`says ${JSON.stringify(said)}`, () => {
      expect(eventText({event: 'run.start', argv, version: '0.1.0'})).to.equal(said)
    })
})
