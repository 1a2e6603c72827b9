import {expect} from 'chai'
import {requireFew, Unpacking} from '../src/content/limits.js'

describe('what is unpacked', () => {
  const MiB = 2 ** 20

  it('may be a gibibyte, whatever it was, and more only of what was large', () => {
    const small = new Unpacking('x', () => 1000)
    for (let count = 0; count < 1024; count++) small.add(MiB)
    expect(() => small.add(1)).to.throw(/not unpacked further/)
    const large = new Unpacking('x', () => 10 * MiB)
    for (let count = 0; count < 2500; count++) large.add(MiB)
    expect(() => large.add(1)).to.throw(/not unpacked further/)
  })

  it('has few enough entries', () => {
    requireFew('x', 100_000)
    expect(() => requireFew('x', 100_001)).to.throw(/entries/)
  })
})
