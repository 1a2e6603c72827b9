import {expect} from 'chai'
import {afterSteps, aroundOf} from '../../../src/kit/plan/around.js'
import type {Step} from '../../../src/kit/plan/model.js'
import type {KindName, Observed} from '../../../src/kit/resources/index.js'

const object = (kind: KindName, id: string | number, config: Observed['config'] = {}): Observed => ({
  kind,
  id,
  config,
  facts: {},
})
const step = (after: Observed | null, also?: Step['also']): Step => ({
  request: {method: 'PUT', path: '/x', parameters: {}},
  effects: [],
  after,
  ...(also && {also}),
})
const ref = (kind: KindName, id: string | number) => ({cluster: 'home', kind, id})

describe('a cluster after steps', () => {
  const before = aroundOf({cluster: 'home', objects: [object('vm', 100), object('vm', 101), object('pool', 'web')]})
  const ids = (around: typeof before, kind: KindName) => around.objects(kind).map(({id}) => id)

  it('has what the steps made, changed and removed, and what PVE changes along; the cluster before stays', () => {
    const made = step(object('vm', 102))
    const gone = step(null, [{kind: 'pool', id: 'web', after: object('pool', 'web', {comment: 'x'})}])
    const after = afterSteps(afterSteps(before, [{ref: ref('vm', 102), steps: [made]}]), [
      {ref: ref('vm', 100), steps: [gone]},
    ])
    expect(ids(after, 'vm')).to.have.members([101, 102])
    expect(after.object('vm', 100)).to.equal(undefined)
    expect(after.object('pool', 'web')!.config).to.deep.equal({comment: 'x'})
    expect(ids(before, 'vm')).to.deep.equal([100, 101])
    expect(before.object('pool', 'web')!.config).to.deep.equal({})
  })

  it('is looked up in after however many steps', () => {
    let around = before
    for (let at = 0; at < 20_000; at++)
      around = afterSteps(around, [{ref: ref('vm', 100), steps: [step(object('vm', 100, {cores: at}))]}])
    expect(around.object('vm', 100)!.config.cores).to.equal(19_999)
    expect(ids(around, 'vm')).to.have.members([100, 101])
  })
})
