import path from 'node:path'
import {expect} from 'chai'
import {loadContract} from '../../plugins/simulator/src/contract/contract.js'
import {perform} from '../../src/kit/proxmox/index.js'
import {wireKinds} from '../../src/kit/resources/kinds/on-wire.js'
import {adapt, type Adapted} from '../support/kinds/adapt.js'
import {groups} from '../support/kinds/cases.js'
import {Proof} from '../support/kinds/proof.js'
import {Clone, putOnPath} from '../support/lab.js'
import {sandbox, type Sandbox} from '../support/pmpc.js'
import {skipFor} from '../support/skip.js'
import type {Api} from '../support/kinds/raw.js'
import {say, Scratch} from './scratch.js'

/**
 * Objects of every kind on a real cluster: options of the datacenter, name servers, interfaces and firewalls among them. Only for a node that exists for this, and
 * is thrown away: PMPC_LIVE_KINDS=all says so, or the names of some kinds, beside the other variables of the suite.
 */
describe('live: every kind, made and changed by others', function () {
  this.timeout(3_600_000)
  let scratch: Scratch | undefined
  let box: Sandbox | undefined
  let proof: Proof
  let adapted: Adapted
  let first: Clone

  before(async function () {
    const wanted = process.env.PMPC_LIVE_KINDS?.split(',')
    if (!wanted) return skipFor(this, 'PMPC_LIVE_KINDS=all lets the test change all of the node')
    const isWanted = ({kind}: {kind: string}): boolean => wanted[0] === 'all' || wanted.includes(kind)
    const chosen = groups
      .map((group) => ({...group, cases: group.cases.filter(isWanted), odd: (group.odd ?? []).filter(isWanted)}))
      .filter(({cases, odd}) => cases.length + odd.length > 0)
    scratch = await Scratch.open()
    const {client, access, node} = scratch
    const api: Api = async (method, at, given) => {
      const where = at.replace(/\/nodes\/pve[23](?=\/)/, `/nodes/${node}`)
      const isInBody = method === 'PUT' || method === 'POST'
      const {data} = await perform(client, {
        method: method as 'PUT',
        path: where,
        ...(isInBody ? {body: {...given}} : {query: {...given}}),
      })
      return data
    }
    const contract = await loadContract('9.2')
    adapted = await adapt(api, contract, chosen, wireKinds, node)
    for (const line of adapted.left) say(`left out: ${line.slice(0, 200)}`)

    box = sandbox()
    putOnPath(box)
    const run = async (args: string[], input = ''): Promise<void> => {
      const result = await box!.pmpc(args, {input})
      if (result.code !== 0) throw new Error(`pmpc ${args[0]} (${result.code}): ${result.stdout}${result.stderr}`)
    }
    const where = ['--endpoint', access.url, '--token-id', access.tokenId, '--fingerprint', access.fingerprint]
    await run(['init', 'first', '--cluster', 'home', ...where, '--token-stdin', '--yes'], `${access.secret}\n`)
    first = new Clone({box}, path.join(box.folder, 'first'))
    await first.must('sync', '--accept')
    await box.exec('git', ['clone', '-q', '--bare', 'first', 'first.git'])
    await first.git('remote', 'add', 'origin', path.join(box.folder, 'first.git'))
    await first.git('push', '-q', '-u', 'origin', 'main')
    await box.exec('git', ['clone', '-q', 'first.git', 'second'])
    const second = new Clone({box}, path.join(box.folder, 'second'))
    await second.must('init')
    proof = new Proof(api, contract, adapted.groups, wireKinds)
    await proof.run(first, second)
    const made = new Set(proof.subjects.map(({row}) => row.name))
    const count = proof.subjects.reduce((sum, {keys}) => sum + keys.length, 0)
    say(`${made.size} kinds, ${proof.subjects.length} cases, ${count} objects with a key each that changed`)
  })
  after(async () => {
    box?.remove()
    await scratch?.close()
  })

  for (const {name} of wireKinds) {
    it(name, function () {
      if (!proof.subjects.some(({row}) => row.name === name)) return skipFor(this, 'this cluster makes none')
      // What the cluster refuses to do is no fault of pmpc's: told above, or there.
      const isOurs = (text: string): boolean => !text.includes(': refused: ')
      const rounds = ['make', 'change', 'unset', 'again', 'remove'] as const
      for (const text of rounds.flatMap((round) => proof.problems(name, round)).filter((one) => !isOurs(one)))
        say(text.slice(0, 200))
      expect(rounds.flatMap((round) => proof.problems(name, round)).filter(isOurs)).to.deep.equal([])
      expect([...proof.missing(name), ...proof.left(name, first)]).to.deep.equal([])
    })
  }

  it('what was agreed on is silent', () => {
    for (const {silent} of Object.values(proof.seen))
      for (const commit of Object.values(silent)) expect(commit).to.equal(null)
  })
})
