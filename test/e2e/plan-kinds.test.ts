import {loadContract, type Contract} from '../../plugins/simulator/src/contract/contract.js'
import {expect} from 'chai'
import {
  actionOf,
  afterSteps,
  next,
  ordered,
  staged,
  type Action,
  type Around,
  type Wanted,
} from '../../src/kit/plan/index.js'
import {observedDocument} from '../../src/kit/reconcile/documents.js'
import type {Document} from '../../src/kit/reconcile/fields.js'
import type {Config, ObjectRef, Observed} from '../../src/kit/resources/index.js'
import {wholeKinds} from '../../src/kit/resources/kinds/travels.js'
import {groups} from '../support/kinds/cases.js'
import {send as sendCall} from '../support/kinds/raw.js'
import {Lab} from '../support/lab.js'
import {drive, Eye, hold, send, wish, type Seen} from '../support/plan/drive.js'
import {Random, rightsPaths, someRights, Wishes} from '../support/plan/kinds.js'

/** How many sequences of each kind; unless given one, on one of the versions that have the kind. */
const given = process.env.PMPC_TEST_PLANS
const count = Number(given ?? 1)
/** How often an object is changed between its making and its removal. */
const changes = given === undefined ? 1 : 3
const only = process.env.PMPC_TEST_KINDS?.split(',')
const firstSeed = Number(process.env.PMPC_TEST_SEED ?? 1)

interface Wish {
  ref: ObjectRef
  document: Document | null
}

const refOf = (kind: ObjectRef['kind'], id: string | number): ObjectRef => ({cluster: 'home', kind, id})

for (const release of ['8.4', '9.2'] as const)
  describe(`plans of every kind, on ${release}`, function () {
    this.timeout(3_600_000)
    let lab: Lab
    let contract: Contract
    let eye: Eye
    let seen: Seen

    before(async () => {
      lab = await Lab.start({seed: 'cluster', pve: release, offlineServices: 'accept'})
      contract = await loadContract(release)
      for (const [call, given, of] of groups.flatMap((group) => group.before ?? []))
        if (of === undefined || of === release)
          await sendCall((method, path, params) => lab.api(method, path, params), call, given)
      // One that others lie below.
      await lab.api('POST', '/pools', {poolid: 'kp0'})
      eye = new Eye(lab, release)
      seen = await eye.look()
    })
    after(async () => {
      await eye?.close()
      await lab?.stop()
    })

    for (const [index, {name, since, until}] of wholeKinds.entries()) {
      const isOnBoth = since === undefined && until === undefined
      if (given === undefined && isOnBoth && index % 2 === ['8.4', '9.2'].indexOf(release)) continue
      const cases = groups
        .flatMap((group) => group.cases)
        .filter((one) => one.kind === name && (one.release === undefined || one.release === release))
      if (cases.length === 0 || (only && !only.includes(name))) continue
      it(`${name}: each step does what it predicts, and then there is none`, async () => {
        for (let at = 0; at < count; at++) {
          const seed = firstSeed + at
          const random = new Random(seed * 7919)
          const one = cases[seed % cases.length]!
          seen = await sequence(
            new Wishes(one, contract, 1 + (seed % 4)),
            random,
            `${name} ${one.of ?? ''}, seed ${seed}`,
          )
        }
      })
    }

    it('acl: who may do what, role by role', async () => {
      const random = new Random(firstSeed * 104_729)
      for (let at = 0; at < count; at++) {
        const is = seen.object('acl', 'acl')!
        const wanted: Document = {kind: 'acl', beside: {}, config: {...is.config, ...someRights(random)}}
        for (const path of rightsPaths) if (random.chance(0.3)) delete wanted.config[path]
        seen = await reachAll([{ref: refOf('acl', 'acl'), document: wanted}], `acl, seed ${firstSeed + at}`)
      }
    })

    it('pool: its storages come and go', async () => {
      const random = new Random(firstSeed * 15_485_863)
      const storages = ['kmember', 'kmembertwo', 'local']
      for (let at = 0; at < count; at++) {
        const storage = storages.filter(() => random.chance(0.5))
        const config: Config = {comment: random.pick(['one', 'two']), ...(storage.length > 0 && {storage})}
        const document: Document = {kind: 'pool', beside: {}, config}
        seen = await reachAll([{ref: refOf('pool', 'kps'), document}], `pool, seed ${firstSeed + at}`)
      }
      seen = await reachAll([{ref: refOf('pool', 'kps'), document: null}], 'pool')
    })

    it('SDN and networks: several objects of a plan in their order, and what is written comes into use last', async () => {
      const zone = (config: Config): Document => ({kind: 'sdn-zone', beside: {}, config: {type: 'simple', ...config}})
      const vnet = (config: Config): Document => ({kind: 'sdn-vnet', beside: {}, config: {type: 'vnet', ...config}})
      const network = (config: Config): Document => ({
        kind: 'network',
        beside: {},
        config: {...observedDocument(seen.object('network', 'pve2')!, undefined).config, ...config},
      })
      const subnets = {'198.51.100.0/24': {gateway: '198.51.100.1'}}
      const [z, v, n] = [refOf('sdn-zone', 'kstz'), refOf('sdn-vnet', 'kstv'), refOf('network', 'pve2')]
      const rounds: Wish[][] = [
        [
          {ref: v, document: vnet({zone: 'kstz', subnets})},
          {ref: z, document: zone({mtu: 1400})},
          {ref: n, document: network({kst0: {type: 'bridge', cidr: '198.18.200.1/24'}})},
        ],
        [
          {ref: v, document: vnet({zone: 'kstz', alias: 'other'})},
          {ref: z, document: zone({})},
        ],
        [{ref: n, document: network({kst0: {type: 'bridge', cidr: '198.18.200.2/24', autostart: 1}})}],
        [
          {ref: z, document: null},
          {ref: v, document: null},
        ],
      ]
      for (const wishes of rounds) {
        seen = await reachAll(wishes, 'stages')
        for (const {ref} of wishes) {
          const {facts = {}, running} = seen.object(ref.kind, ref.id) ?? {}
          expect([facts.state, facts.pending, running], `${ref.kind} ${ref.id}`).to.deep.equal([
            undefined,
            undefined,
            undefined,
          ])
        }
      }
    })

    /** A whole plan, as the verb makes it: each object in its turn, and in the end what comes into use. */
    async function reachAll(wishes: readonly Wish[], title: string): Promise<Seen> {
      const wanted = (): Wanted[] =>
        wishes.map(({ref, document}) => wish(ref, seen.object(ref.kind, ref.id) ?? null, document))
      const planned = (): Action[] => {
        let around: Around = seen
        const actions = ordered(wanted(), seen).map((each) => {
          const action = actionOf(each, around, next)
          around = afterSteps(around, [action])
          return action
        })
        return staged(actions, seen)
      }
      let predicted: Around = seen
      const touched = new Map<string, ObjectRef>()
      for (const {ref, steps, refused} of planned()) {
        expect(refused, title).to.deep.equal([])
        for (const step of steps) {
          await send(lab, step)
          predicted = afterSteps(predicted, [{ref, steps: [step]}])
          for (const each of [ref, ...(step.also ?? [])])
            touched.set(`${each.kind}/${each.id}`, {cluster: 'home', ...each})
        }
      }
      seen = await eye.look(seen, [...new Set([...touched.values()].map(({kind}) => kind))])
      for (const {kind, id} of touched.values())
        hold(predicted.object(kind, id) ?? null, seen.object(kind, id) ?? null, `${title}: ${kind} ${id}`)
      expect(
        planned().flatMap(({steps}) => steps.map(({request}) => request)),
        `${title}: there is more to do`,
      ).to.deep.equal([])
      return seen
    }

    /** Makes, changes, unsets and removes one object, or one part of it. */
    async function sequence(wishes: Wishes, random: Random, title: string): Promise<Seen> {
      const isList = wishes.case_.row === true
      let values = wishes.some(random)
      let rows = [values]
      const document = (is: Observed | null): Document | null =>
        isList ? wishes.rows(rows, is) : wishes.document(values, is)
      let now = await reach(wishes, title, seen, document)
      for (let round = 0; round < changes; round++) {
        values = wishes.changed(random, values)
        rows = wishes.shuffled(random, rows)
        now = await reach(wishes, title, now, document)
      }
      return reach(wishes, title, now, (is) =>
        isList ? wishes.rows([], is) : wishes.document(wishes.least(random), is),
      )
    }

    /** Until an object is as it is wished, and then as its manifest says. */
    async function reach(
      {row, id}: Wishes,
      title: string,
      before: Seen,
      document: (is: Observed | null) => Document | null,
    ): Promise<Seen> {
      const ref: ObjectRef = {cluster: 'home', kind: row.name, id}
      const first = before.object(row.name, id) ?? null
      const wanted = document(first)
      const {seen: now} = await drive({lab, eye}, next, before, wish(ref, first, wanted), {read: [row.name], title})
      const last = now.object(row.name, id) ?? null
      const step = next(last, wish(ref, last, wanted), now)
      if (step) throw new Error(`${title}: ${JSON.stringify(step)} though all is as it was wished`)
      return now
    }
  })
