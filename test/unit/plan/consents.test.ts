import {expect} from 'chai'
import {consentsLacking, consentsNeeded, consentsOf, consequences, type Given} from '../../../src/kit/plan/index.js'
import {action, commit, plan, vm} from '../../support/plans.js'

describe('consent', () => {
  it('is needed for all that interrupts or loses anything, and for nothing else', () => {
    expect(consentsOf(new Set(['pending-until-reboot', 'live']))).to.deep.equal([])
    expect(consentsOf(new Set(consequences))).to.deep.equal(consequences.slice(2))
    expect(consentsOf(new Set(['destroys-data', 'live', 'restart']))).to.deep.equal(['restart', 'destroys-data'])
  })

  it('is told by class, with the objects', () => {
    const needed = consentsNeeded([
      {object: 'home/vm/100', consents: ['restart', 'destroys-data']},
      {object: 'home/vm/101', consents: ['restart']},
      {object: 'home/vm/102', consents: []},
    ])
    expect(needed).to.deep.equal([
      {consequence: 'restart', objects: ['home/vm/100', 'home/vm/101']},
      {consequence: 'destroys-data', objects: ['home/vm/100']},
    ])
  })
})

describe('the policy of pmpc.yaml', () => {
  const restarts = (tags: string[], wanted = tags) => {
    const made = action({config: {tags}, wishes: [{field: 'config.machine'}], effects: [{consequence: 'restart'}]})
    return {...made, wanted: {...made.wanted, document: {kind: 'vm' as const, beside: {}, config: {tags: wanted}}}}
  }
  const rules = [{tag: 'prod', never: ['restart' as const, 'destroys-data' as const]}]
  const errors = async (...[actions, rest]: Parameters<typeof plan>) =>
    (await plan(actions, rest)).checks.map(
      ({object, check, severity, message}) => `${severity} ${object} ${check}: ${message}`,
    )

  it('forbids what a rule says of the objects that it covers', async () => {
    expect(await errors([restarts(['prod'])], {policy: {rules}})).to.deep.equal([
      'error home/vm/100 policy: restart is never allowed for {tag: prod} by policy: in pmpc.yaml, and no flag overrides it',
    ])
    expect(await errors([restarts(['web'])], {policy: {rules}})).to.deep.equal([])
    expect(await errors([restarts(['prod'])], {policy: {rules: [{tag: 'prod', never: ['stops']}]}})).to.deep.equal([])
    expect(await errors([restarts([])], {policy: {rules: [{never: ['restart']}]}})).to.have.length(1)
  })

  it('sees a tag that is there or is wanted, so that no change takes it away and acts', async () => {
    expect(await errors([restarts(['prod'], [])], {policy: {rules}})).to.have.length(1)
    expect(await errors([restarts([], ['prod'])], {policy: {rules}})).to.have.length(1)
    const subjects = () => [{kind: 'vm' as const, id: 100, tags: ['web']}]
    expect(await errors([restarts(['prod'])], {policy: {rules, subjects}})).to.deep.equal([])
  })

  it('binds the plan, and tells what to type', async () => {
    const {actions, checks} = await plan([restarts(['prod'])], {policy: {rules}})
    expect(actions[0]!.bound.policy).to.deep.equal(rules)
    expect(checks[0]!.suggestions[0]).to.equal(`pmpc plan --exclude home/vm/${vm.id}`)
  })
})

describe('what nobody has agreed to yet', () => {
  const given = {yes: false, allow: [], confirm: []}
  const goes = (id: number, commit: string | null) =>
    action({
      ...{
        ref: {...vm, id},
        after: null,
        effects: [{consequence: 'destroys-data' as const}, {consequence: 'stops' as const}],
      },
      wanted: {ref: {...vm, id}, document: null, fields: [], commit},
    })
  const lacks = async (actions: Parameters<typeof plan>[0], more: Partial<Given>, rest = {}) =>
    consentsLacking(await plan(actions, rest), {...given, ...more}).map(({consequence, objects, named}) => [
      consequence,
      objects.join(),
      named.join(),
    ])

  it('is less with --yes, but for what weighs most', async () => {
    const actions = [action({effects: consequences.map((consequence) => ({consequence}))})]
    const all = await lacks(actions, {})
    expect(all.map(([consequence]) => consequence)).to.deep.equal(consequences.slice(2))
    const left = await lacks(actions, {yes: true})
    expect(left.map(([consequence]) => consequence)).to.deep.equal([
      ...['grants', 'cuts-network', 'detaches-data', 'destroys-data'],
    ])
  })

  it('is allowed by class, of all objects or of one by any of its names', async () => {
    const restarts = (id: number) =>
      action({ref: {...vm, id}, config: {name: `web${id}`}, effects: [{consequence: 'restart'}]})
    const both = [restarts(100), restarts(101)]
    expect(await lacks(both, {allow: [{consequence: 'restart'}]})).to.deep.equal([])
    for (const object of ['home/vm/100', 'vm/100', '100', 'web100'])
      expect(await lacks(both, {allow: [{consequence: 'restart', object}]}), object).to.deep.equal([
        ['restart', 'home/vm/101', ''],
      ])
    expect(await lacks(both, {allow: [{consequence: 'stops'}], confirm: ['100']})).to.have.length(1)
  })

  it('names what destroys data, one by one, unless HEAD says that it is to be absent', async () => {
    const two = [goes(100, null), goes(101, null)]
    const most = {yes: true, allow: [{consequence: 'destroys-data' as const}]}
    expect(await lacks(two, most)).to.deep.equal([
      ['destroys-data', 'home/vm/100,home/vm/101', 'home/vm/100,home/vm/101'],
    ])
    expect(await lacks(two, {...most, confirm: ['vm/101']})).to.deep.equal([
      ['destroys-data', 'home/vm/100', 'home/vm/100'],
    ])
    expect(await lacks([goes(100, commit)], {yes: true})).to.deep.equal([])
  })

  it('names what pmpc itself comes by', async () => {
    const cuts = [action({effects: [{consequence: 'cuts-network'}]})]
    const checks = [
      {object: 'home/vm/100', check: 'endpoint', severity: 'warning' as const, message: '', suggestions: []},
    ]
    const allow = [{consequence: 'cuts-network' as const}]
    expect(await lacks(cuts, {allow})).to.deep.equal([])
    expect(await lacks(cuts, {allow}, {checks})).to.deep.equal([['cuts-network', 'home/vm/100', 'home/vm/100']])
    expect(await lacks(cuts, {confirm: ['vm/100']}, {checks})).to.deep.equal([])
    expect(await lacks(cuts, {allow: [{consequence: 'cuts-network', object: '100'}]}, {checks})).to.deep.equal([])
  })
})
