import {expect} from 'chai'
import fc from 'fast-check'
import type {ClusterState, Observed} from '../../../src/kit/resources/model.js'
import {canonicalState, mergeStates} from '../../../src/kit/state/index.js'
import {clusterState} from './arbitrary.js'

const vm = (id: number, memory = 512): Observed => ({kind: 'vm', id, config: {memory}, facts: {}})
const home = (...objects: Observed[]): ClusterState => ({cluster: 'home', objects})

describe('state: merge', () => {
  const base = home(vm(100), vm(101), vm(102))

  it('takes what either side did to different objects', () => {
    const merged = mergeStates(base, home(vm(100, 1024), vm(101), vm(102), vm(103)), home(vm(100), vm(102, 2048)))
    expect(merged).to.deep.equal({state: home(vm(100, 1024), vm(102, 2048), vm(103)), conflicts: []})
  })

  it('takes what both sides did alike', () => {
    const both = home(vm(100, 1024), vm(102))
    expect(mergeStates(base, both, both)).to.deep.equal({state: both, conflicts: []})
  })

  it('keeps ours and names the conflict where both changed one object differently', () => {
    const merged = mergeStates(base, home(vm(100, 1024), vm(101)), home(vm(100, 2048), vm(101), vm(102, 9)))
    expect(merged.state).to.deep.equal(home(vm(100, 1024), vm(101)))
    expect(merged.conflicts).to.deep.equal([
      {base: vm(100), ours: vm(100, 1024), theirs: vm(100, 2048)},
      {base: vm(102), ours: undefined, theirs: vm(102, 9)},
    ])
  })

  it('takes a VM and a container of one VMID for one object', () => {
    const container: Observed = {...vm(103), kind: 'container'}
    const {conflicts} = mergeStates(base, home(...base.objects, vm(103)), home(...base.objects, container))
    expect(conflicts).to.have.length(1)
  })

  it('refuses states of two clusters', () => {
    expect(() => mergeStates(undefined, base, {...base, cluster: 'lab'})).to.throw('lab')
  })

  it('is fast-forward with an unchanged side, and symmetric but for conflicts', () => {
    fc.assert(
      fc.property(clusterState, clusterState, clusterState, (one, two, three) => {
        const [was, ours, theirs] = [one, two, three].map((state) => ({...state, cluster: 'home'})) as [
          ClusterState,
          ClusterState,
          ClusterState,
        ]
        expect(mergeStates(was, was, theirs).state).to.deep.equal(canonicalState(theirs))
        expect(mergeStates(was, ours, was).state).to.deep.equal(canonicalState(ours))
        const [there, back] = [mergeStates(was, ours, theirs), mergeStates(was, theirs, ours)]
        expect(there.conflicts.length).to.equal(back.conflicts.length)
        if (there.conflicts.length === 0) expect(there.state).to.deep.equal(back.state)
      }),
    )
  })
})
