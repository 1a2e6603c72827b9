import {expect} from 'chai'
import {
  diffStates,
  allOf,
  describeChange,
  describeChanges,
  ignoredWords,
  isNoChange,
  leftOutBy,
  sightCounts,
  withIgnored,
  withRead,
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
    expect(told.map(isNoChange)).to.deep.equal([false, false, true])
    expect(withIgnored(changes, () => false)).to.deep.equal(changes)
  })

  it('is told again from the words of a commit', () => {
    const told = withIgnored(changes, leftOutBy(words))
    expect(ignoredWords(told)).to.deep.equal(['vm/100 description', 'vm/100 net0', 'vm/102'])
    expect(withIgnored(changes, leftOutBy(ignoredWords(told)))).to.deep.equal(told)
  })

  it('is told by kind where it is much, in words of which one stands for all of a kind', () => {
    const many = someState(...Array.from({length: 6}, (_, at) => someVm(100 + at, {description: 'x'})))
    const isLeftOut = leftOutBy(['vm/*', 'vm/* description'])
    const told = withIgnored(diffStates(many, someState()), isLeftOut)
    expect(describeChanges(told)).to.deep.equal(['~ ignored from here on: vm (6)'])
    expect(ignoredWords(told, isLeftOut)).to.deep.equal([allOf('vm')])
    const keys = someState(...many.objects.flatMap(({kind, id}) => (kind === 'vm' ? [someVm(Number(id))] : [])))
    const ofKeys = withIgnored(diffStates(many, keys), isLeftOut)
    expect(describeChanges(ofKeys)).to.deep.equal(['~ ignored from here on: vm description (6)'])
    expect(ignoredWords(ofKeys, isLeftOut)).to.deep.equal(['vm/* description'])
    expect(ignoredWords(ofKeys)).to.have.length(6)
  })

  it('is read from here on when it comes back: nobody made it', () => {
    const there = diffStates(
      someState(without, someVm(103)),
      someState(someVm(100, {description: 'x'}), someVm(102), someVm(103)),
    )
    const told = withRead(there, ({id}, key) => (key === undefined ? id === 102 : key !== 'memory'))
    expect(told.flatMap(describeChange)).to.deep.equal([
      '~ vm/100 web100: config.description read from here on',
      '~ vm/100 web100: config.memory 1024 → 512',
      '~ vm/100 web100: config.net0.bridge read from here on',
      '~ vm/100 web100: config.net0.model read from here on',
      '~ vm/100 web100: config.net0.tag read from here on',
      '~ vm/102 web102: read from here on',
    ])
    expect(told.map(isNoChange)).to.deep.equal([false, true])
    expect(sightCounts(told)).to.deep.equal(['1 read from here on'])
    expect(withRead(there, () => false)).to.deep.equal(there)
  })
})
