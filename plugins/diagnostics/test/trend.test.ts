import {expect} from 'chai'
import fc from 'fast-check'
import {daysUntilFull} from '../src/health/trend.js'

const DAY = 86_400
const samples = (days: number, at: (day: number) => number, total = 1000) =>
  Array.from({length: days * 4 + 1}, (_, index) => ({time: (index * DAY) / 4, used: at(index / 4), total}))

describe('the trend of a storage', () => {
  it('is the day on which it is full', () => {
    expect(daysUntilFull(samples(10, (day) => 500 + 10 * day))).to.be.closeTo(40, 0.01)
  })

  it('is none where it does not grow, or shrinks', () => {
    expect(daysUntilFull(samples(10, () => 500))).to.equal(undefined)
    expect(daysUntilFull(samples(10, (day) => 500 - 10 * day))).to.equal(undefined)
  })

  it('is none of a few samples, of a few hours, and of samples without figures', () => {
    expect(daysUntilFull(samples(1, (day) => 500 + 10 * day))).to.equal(undefined)
    expect(daysUntilFull(samples(10, (day) => 500 + day).map(({time}) => ({time})))).to.equal(undefined)
    expect(daysUntilFull([])).to.equal(undefined)
  })

  it('goes by the line, not by what jumps up and down around it', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 50}), fc.integer({min: 1, max: 400}), (pace, start) => {
        const wavy = samples(30, (day) => start + pace * day + (Math.floor(day * 4) % 2 === 0 ? 1 : -1), 10_000)
        const exact = (10_000 - start - pace * 30) / pace
        expect(daysUntilFull(wavy)).to.be.closeTo(exact, exact * 0.05 + 2)
      }),
    )
  })
})
