import {expect} from 'chai'
import {
  diffStates,
  describeChange,
  ignoredWords,
  isOnlyIgnored,
  leftOutBy,
  withIgnored,
} from '../../../src/kit/state/index.js'
import {someState, someVm} from '../../support/states.js'

describe('what a rule leaves out', () => {
  const before = someState(someVm(100, {description: 'x'}), someVm(101), someVm(102))
  const without = someVm(100, {memory: 1024})
  delete without.config.net0
  const changes = diffStates(before, someState(without, someVm(101, {memory: 1})))
  const words = ['vm/100 description', 'vm/100 net0', 'vm/100 memory', 'vm/101', 'vm/102']

  it('is told as such, and nothing else is: what is there, and what is gone without a rule', () => {
    const told = withIgnored(changes, leftOutBy(words))
    expect(told.flatMap(describeChange)).to.deep.equal([
      '~ vm/100 web100: config.description ignored from here on',
      '~ vm/100 web100: config.memory 512 → 1024',
      '~ vm/100 web100: config.net0.bridge ignored from here on',
      '~ vm/100 web100: config.net0.model ignored from here on',
      '~ vm/100 web100: config.net0.tag ignored from here on',
      '~ vm/101 web101: config.memory 512 → 1',
      '~ vm/102 web102: ignored from here on',
    ])
    expect(told.map(isOnlyIgnored)).to.deep.equal([false, false, true])
    expect(withIgnored(changes, () => false)).to.deep.equal(changes)
  })

  it('is told again from the words of a commit', () => {
    const told = withIgnored(changes, leftOutBy(words))
    expect(ignoredWords(told)).to.deep.equal(['vm/100 description', 'vm/100 net0', 'vm/102'])
    expect(withIgnored(changes, leftOutBy(ignoredWords(told)))).to.deep.equal(told)
  })
})
