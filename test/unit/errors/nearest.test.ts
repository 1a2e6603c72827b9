import {expect} from 'chai'
import fc from 'fast-check'
import {editDistance, nearest} from '../../../src/kit/errors/nearest.js'

describe('nearest', () => {
  const commands = ['sync', 'status', 'state:show', 'accept', 'reject', 'get']

  for (const [typed, meant] of [
    ['snyc', 'sync'],
    ['statsu', 'status'],
    ['accpet', 'accept'],
    ['state:shwo', 'state:show'],
    ['gte', 'get'],
    ['Sync', 'sync'],
  ] as const)
    it(`takes ${typed} for ${meant}`, () => expect(nearest(typed, commands)).to.equal(meant))

  it('suggests nothing where nothing is near', () => {
    expect(nearest('frobnicate', commands)).to.equal(undefined)
    expect(nearest('x', [])).to.equal(undefined)
  })
})

describe('edit distance', () => {
  it('counts a swap of neighbours as one', () => expect(editDistance('ab', 'ba')).to.equal(1))

  it('is a distance: zero only for the same, alike in both directions, at most the longer word', () => {
    fc.assert(
      fc.property(fc.string({maxLength: 12}), fc.string({maxLength: 12}), (a, b) => {
        const distance = editDistance(a, b)
        expect(distance === 0).to.equal(a === b)
        expect(distance).to.equal(editDistance(b, a))
        expect(distance).to.be.at.most(Math.max(a.length, b.length))
      }),
    )
  })
})
