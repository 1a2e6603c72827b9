import {expect} from 'chai'
import {loadContract} from '../../plugins/simulator/src/contract/contract.js'
import {wireKinds, type WireKind} from '../../src/kit/resources/kinds/on-wire.js'
import {rounds} from '../support/kinds/case.js'
import {aside, groups} from '../support/kinds/cases.js'
import {Proof} from '../support/kinds/proof.js'
import {callsOf, keysOf, unsent} from '../support/kinds/raw.js'
import {Lab, type Clone} from '../support/lab.js'

/** Kinds that are not made here, with what proves them instead. */
const elsewhere: Record<string, string> = {
  vm: 'changes.test.ts',
  container: 'changes.test.ts',
  'acme-account': 'is observed only, and no account can be made where no authority answers',
}

for (const release of ['8.4', '9.2'] as const) {
  describe(`every kind, made and changed by others, on ${release}`, function () {
    this.timeout(1_200_000)
    let lab: Lab
    let first: Clone
    let second: Clone
    let proof: Proof

    before(async () => {
      lab = await Lab.start({seed: 'cluster', pve: release, offlineServices: 'accept'})
      const contract = await loadContract(release)
      proof = new Proof((method, path, given) => lab.api(method, path, given), contract, groups, wireKinds)
      first = await lab.agreed('first')
      second = await lab.clone('first.git', 'second')
      await proof.run(first, second)
    })
    after(() => lab?.stop())

    for (const {name} of wireKinds) {
      if (elsewhere[name] !== undefined) continue
      describe(name, () => {
        it('is agreed on with every key that can be set', () => {
          expect(proof.problems(name, 'make')).to.deep.equal([])
          expect(proof.missing(name)).to.deep.equal([])
        })
        it('is one line where a key changes, also in a clone that pulls', () => {
          expect(proof.problems(name, 'change')).to.deep.equal([])
        })
        it('has a line less where a key is taken out', () => {
          expect(proof.problems(name, 'unset')).to.deep.equal([])
        })
        it('has it back once it is set again', () => {
          expect(proof.problems(name, 'again')).to.deep.equal([])
        })
        it('has no document once it is deleted', () => {
          expect(proof.problems(name, 'remove')).to.deep.equal([])
          expect(proof.left(name, first)).to.deep.equal([])
        })
      })
    }

    it('what was agreed on is silent, and so is a clone that pulled what was recorded', () => {
      for (const round of rounds) {
        const {silent} = proof.seen[round]
        for (const commit of Object.values(silent)) expect(commit, round).to.equal(null)
      }
    })

    it('what is said to be needed is', () => {
      expect(proof.seen.unset.idle).to.deep.equal([])
    })

    it('nothing else has a diff', () => {
      for (const round of ['change', 'unset', 'again'] as const) expect(proof.strangers(round), round).to.deep.equal([])
    })

    it('all kinds are made that this version has', () => {
      const odd = groups.flatMap((group) => group.odd ?? [])
      const made = new Set([...proof.subjects.map(({row}) => row.name), ...odd.map(({kind}) => kind)])
      const absent = wireKinds.filter(({name}) => !made.has(name) && elsewhere[name] === undefined)
      const here = Number(release)
      const has = ({since, until}: WireKind): boolean => Number(since ?? 0) <= here && here < Number(until ?? 100)
      expect(absent.filter(has).map(({name}) => name)).to.deep.equal([])
    })
  })
}

describe('what others are made to do to every kind', () => {
  it('every key that the contracts have of a kind is sent, or stands aside with a reason', async () => {
    const cases = groups.flatMap((group) => group.cases)
    const left = new Map<string, Set<string>>()
    for (const release of ['8.4', '9.2'] as const)
      for (const [group, keys] of Object.entries(unsent(cases, wireKinds, await loadContract(release))))
        left.set(group, new Set([...(left.get(group) ?? []), ...keys]))
    const found = Object.fromEntries([...left].map(([group, keys]) => [group, [...keys].sort()]))
    const told = Object.fromEntries(Object.entries(aside).map(([group, keys]) => [group, Object.keys(keys).sort()]))
    expect(found).to.deep.equal(told)
  })

  it('no case says anything of a key that it has not', async () => {
    const contracts = await Promise.all([loadContract('8.4'), loadContract('9.2')])
    for (const one of groups.flatMap(({cases}) => cases)) {
      const calls = callsOf(
        one,
        wireKinds.find(({name}) => name === one.kind)!,
      )
      const of = contracts.filter(({release}) => one.release === undefined || one.release === release)
      const keys = of.flatMap((contract) => keysOf(one, calls, contract, 0).map(({name}) => name))
      const said = [one.needed, one.back, one.drops, one.told, one.still].flatMap((words) => words?.split(' ') ?? [])
      expect(keys, `${one.kind} ${one.of ?? ''}`).to.include.members(said.filter((word) => word !== ''))
    }
  })
})
