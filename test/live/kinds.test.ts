import path from 'node:path'
import {expect} from 'chai'
import {wireKinds} from '../../src/kit/resources/kinds/on-wire.js'
import {rounds} from '../support/kinds/case.js'
import {Proof} from '../support/kinds/proof.js'
import {Clone} from '../support/lab.js'
import type {Sandbox} from '../support/pmpc.js'
import {skipFor} from '../support/skip.js'
import {groupsOf, inOrder, notAsked, placeOf, unexcused, type Fitted} from './fitted.js'
import {elsewhere} from './lacks.js'
import {say, workspaceIn, type Scratch} from './scratch.js'

/** A workspace that has agreed on the cluster, and another clone of it. */
type Clones = readonly [first: Clone, second: Clone]

/**
 * Objects of every kind on a real cluster: options of the datacenter, name servers, interfaces and firewalls among them. Only for a node that exists for this, and
 * is thrown away: PMPC_LIVE_KINDS=all says so, or the names of some kinds, beside the other variables of the suite. Each kind is a test of its own, with
 * workspaces of its own after one that failed.
 */
describe('live: every kind, made and changed by others', function () {
  this.timeout(1_200_000)
  const sums = {kinds: 0, cases: 0, objects: 0, changes: 0, wrong: 0}
  let scratch: Scratch
  let fitted: Fitted
  let box: Sandbox | undefined
  let clones: Clones | undefined
  let count = 0

  before(async function () {
    ;({scratch, fitted, box} = await placeOf(this))
  })
  after(async () => {
    box?.remove()
    await scratch?.close()
    if (box)
      say(
        Object.entries(sums)
          .map(([what, sum]) => `${sum} ${what}`)
          .join(', '),
      )
  })

  async function fresh(): Promise<Clones> {
    const [one, two] = [`first${count}`, `second${count++}`]
    const first = await workspaceIn(box!, one, scratch.access, 'home')
    await first.must('sync', '--accept')
    await box!.exec('git', ['clone', '-q', '--bare', one, `${one}.git`])
    await first.git('remote', 'add', 'origin', path.join(box!.folder, `${one}.git`))
    await first.git('push', '-q', '-u', 'origin', 'main')
    await box!.exec('git', ['clone', '-q', `${one}.git`, two])
    const second = new Clone({box: box!}, path.join(box!.folder, two))
    await second.must('init')
    return [first, second]
  }

  /** What the cluster has now that is not agreed on: what was made for cases. */
  async function agree([first, second]: Clones): Promise<void> {
    await first.must('sync', '--accept')
    await first.git('push', '-q')
    await second.git('pull', '-q', '--no-rebase', '--no-edit')
  }

  for (const row of inOrder(wireKinds)) {
    const {name} = row
    it(name, async function () {
      skipFor(this, elsewhere[name], notAsked(name))
      const found = []
      for (const group of groupsOf(name)) found.push(await fitted.adapted(group, row))
      const {api, contract} = fitted
      const taken = found.map(([group]) => group)
      const refused = found.flatMap(([, texts]) => texts)
      const astray = unexcused(refused)
      if (taken.every(({cases, odd = []}) => cases.length + odd.length === 0)) {
        expect(astray).to.deep.equal([])
        return skipFor(this, 'this node makes none')
      }

      const proof = new Proof(api, contract, taken, wireKinds)
      const pair = clones ?? (await fresh())
      clones = undefined
      try {
        await agree(pair)
        await proof.run(...pair)
        clones = pair
      } catch (error) {
        await proof.clear()
        throw error
      }
      const all = rounds.flatMap((round) => proof.problems(name, round))
      const wrong = [
        ...astray,
        ...unexcused(all.filter((text) => text.includes(': refused: '))),
        ...all.filter((text) => !text.includes(': refused: ')),
        ...proof.missing(name),
        ...proof.left(name, pair[0]),
        ...(['change', 'unset', 'again'] as const).flatMap((round) => proof.strangers(round)),
        ...Object.values(proof.seen).flatMap(({silent}) => Object.values(silent).filter((commit) => commit !== null)),
      ]
      sums.kinds += 1
      sums.cases += proof.subjects.length + taken.flatMap(({odd = []}) => odd).length
      sums.objects += proof.subjects.reduce((sum, {keys, calls}) => sum + (calls.create ? keys.length : 1), 0)
      sums.changes += proof.changed
      sums.wrong += wrong.length
      say(`${name}: ${proof.subjects.reduce((sum, {keys}) => sum + keys.length, 0)} keys, ${proof.changed} changed`)
      for (const text of wrong) say(`wrong: ${text}`.slice(0, 3000))
      expect(wrong).to.deep.equal([])
    })
  }
})
