import {expect} from 'chai'
import {overviewOf} from '../../../src/kit/reconcile/overview.js'
import type {OpenItem} from '../../../src/kit/workspace/index.js'
import {manifest, ref, vm} from './model.js'

describe('the overview of a cluster', () => {
  const state = {cluster: 'home', objects: [vm({memory: 4096})]}
  const item: OpenItem = {ref, field: 'config.memory', base: 1024, offer: 4096, state: 'drift'}
  const offers = (memory: number | undefined, more: Partial<OpenItem> = {}) => {
    const declared = manifest(memory === undefined ? {} : {memory})
    const items = [{...item, ...more}]
    const recorded = {
      cluster: 'home',
      state,
      items,
      undecided: [],
      declared: new Map([['home/vm/100', declared]]),
      committed: () => undefined,
    }
    const {drift, conflicts} = overviewOf(recorded)
    return [...drift, ...conflicts].map(({yours}) => yours)
  }

  it('tells both sides where the manifest has an edit of its own at the place of an offer', () => {
    expect(offers(2048, {state: 'conflict'})).to.deep.equal([2048])
    expect(offers(2048)).to.deep.equal([2048])
    expect(offers(undefined)).to.deep.equal([null])
  })

  it('has no third value to tell where the manifest holds the offer, or what was agreed on', () => {
    expect(offers(4096)).to.deep.equal([undefined])
    expect(offers(1024)).to.deep.equal([undefined])
    expect(offers(undefined, {base: null})).to.deep.equal([undefined])
    expect(offers(undefined, {offer: null})).to.deep.equal([undefined])
  })

  it('takes no part for one that HEAD wishes away, too, where HEAD says nothing of the whole', () => {
    const [observed, wanted] = [vm({tags: ['a', 'b']}), manifest({tags: ['b']})]
    const committedWith = (head: Parameters<typeof manifest>[0]) =>
      overviewOf({
        ...{cluster: 'home', state: {cluster: 'home', objects: [observed]}, items: [], undecided: []},
        ...{declared: new Map([['home/vm/100', wanted]]), committed: () => manifest(head)},
      }).yours.flatMap(({field, committed}) => (field === 'config.tags[a]' ? [committed] : []))
    expect(committedWith({tags: ['b']})).to.deep.equal([true])
    expect(committedWith({tags: ['c']})).to.deep.equal([true])
    expect(committedWith({})).to.deep.equal([false])
  })
})
