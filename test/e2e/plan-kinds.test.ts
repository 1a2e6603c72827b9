import {loadContract, type Contract} from '../../plugins/simulator/src/contract/contract.js'
import {next} from '../../src/kit/plan/index.js'
import type {Document} from '../../src/kit/reconcile/fields.js'
import type {ObjectRef, Observed} from '../../src/kit/resources/index.js'
import {wholeKinds} from '../../src/kit/resources/kinds/travels.js'
import {groups} from '../support/kinds/cases.js'
import {send as sendCall} from '../support/kinds/raw.js'
import {Lab} from '../support/lab.js'
import {drive, look, wish, type Seen} from '../support/plan/drive.js'
import {Random, Wishes} from '../support/plan/kinds.js'

/** How many sequences of each kind. */
const count = Number(process.env.PMPC_TEST_PLANS ?? 2)
const only = process.env.PMPC_TEST_KINDS?.split(',')
const firstSeed = Number(process.env.PMPC_TEST_SEED ?? 1)

for (const release of ['8.4', '9.2'] as const)
  describe(`plans of every kind, on ${release}`, function () {
    this.timeout(3_600_000)
    let lab: Lab
    let contract: Contract
    let seen: Seen

    before(async () => {
      lab = await Lab.start({seed: 'cluster', pve: release, offlineServices: 'accept'})
      contract = await loadContract(release)
      for (const [call, given, of] of groups.flatMap((group) => group.before ?? []))
        if (of === undefined || of === release)
          await sendCall((method, path, params) => lab.api(method, path, params), call, given)
      // One that others lie below.
      await lab.api('POST', '/pools', {poolid: 'kp0'})
      seen = await look(lab, release)
    })
    after(() => lab?.stop())

    for (const {name} of wholeKinds) {
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

    /** Makes, changes, unsets and removes one object, or one part of it. */
    async function sequence(wishes: Wishes, random: Random, title: string): Promise<Seen> {
      const isList = wishes.case_.row === true
      let values = wishes.some(random)
      let rows = [values]
      const document = (is: Observed | null): Document | null =>
        isList ? wishes.rows(rows, is) : wishes.document(values, is)
      let now = await reach(wishes, title, seen, document)
      for (let round = 0; round < 3; round++) {
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
      const {seen: now} = await drive(lab, next, before, wish(ref, first, wanted), {read: [row.name], title})
      const last = now.object(row.name, id) ?? null
      const step = next(last, wish(ref, last, wanted), now)
      if (step) throw new Error(`${title}: ${JSON.stringify(step)} though all is as it was wished`)
      return now
    }
  })
