import {expect} from 'chai'
import fc from 'fast-check'
import {stepsBetween} from '../../../src/kit/resources/sequence.js'

const words = fc.array(fc.constantFrom('a', 'b', 'c'), {maxLength: 12})

describe('resources: the way from one sequence to another', () => {
  it('leads there, and passes all of both in order', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const steps = stepsBetween(before, after)
        expect(steps.flatMap(({from}) => from ?? [])).to.deep.equal(before.map((_, at) => at))
        expect(steps.flatMap(({to}) => to ?? [])).to.deep.equal(after.map((_, at) => at))
        for (const {from, to} of steps)
          if (from !== undefined && to !== undefined) expect(before[from]).to.equal(after[to])
      }),
    )
  })

  it('keeps as much as can be kept', () => {
    const lengthOf = (before: string[], after: string[]): number => {
      const [first, ...rest] = before
      if (first === undefined) return 0
      const at = after.indexOf(first)
      const without = lengthOf(rest, after)
      return at < 0 ? without : Math.max(without, 1 + lengthOf(rest, after.slice(at + 1)))
    }
    fc.assert(
      fc.property(words, words, (before, after) => {
        const kept = stepsBetween(before, after).filter(({from, to}) => from !== undefined && to !== undefined)
        expect(kept.length).to.equal(lengthOf(before, after))
      }),
    )
  })

  it('says what goes before what comes in its place', () => {
    expect(stepsBetween(['a', 'b', 'c'], ['a', 'x', 'y', 'c'])).to.deep.equal([
      {from: 0, to: 0},
      {from: 1},
      {to: 1},
      {to: 2},
      {from: 2, to: 3},
    ])
  })
})
