import {expect} from 'chai'
import {consequences, consentsNeeded, consentsOf} from '../../../src/kit/plan/index.js'
import {action, plan, vm} from '../../support/plans.js'

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
