import {expect} from 'chai'
import {loadContract, type Contract} from '../../plugins/simulator/src/contract/contract.js'
import type {Document} from '../../src/kit/reconcile/fields.js'
import {formatRef, localKey, type ObjectRef, type Observed} from '../../src/kit/resources/index.js'
import {wholeKinds} from '../../src/kit/resources/kinds/travels.js'
import {Inside, isAmiss, leftOf, type Came} from '../support/inside.js'
import {groups} from '../support/kinds/cases.js'
import {send as sendCall} from '../support/kinds/raw.js'
import {Lab, remembered, type Clone} from '../support/lab.js'
import {Random, someRights, rightsPaths, Wishes} from '../support/plan/kinds.js'
import {
  amiss,
  asKept,
  declareWanted,
  differences,
  lostBetween,
  mayHide,
  recordedIn,
  type Objects,
} from '../support/undone.js'

/** How many sequences, each of all kinds; 50 are the proof. Unless given one, of which each release gets half of the kinds that both have. */
const given = process.env.PMPC_TEST_UNDO
const many = Number(given ?? 1)
/** The first seed; one of a failure is told with it. */
const first = Number(process.env.PMPC_TEST_SEED ?? 1)
const only = process.env.PMPC_TEST_KINDS?.split(',')
const releases = (process.env.PMPC_TEST_RELEASES ?? '8.4,9.2').split(',') as ('8.4' | '9.2')[]

/** An object, or a part of one, that is edited at random. */
interface Edited {
  ref: ObjectRef
  wishes?: Wishes
  /** What it is to be, over what it is. */
  make(random: Random, is: Observed | null): Document
  change(random: Random, is: Observed): Document
}

for (const release of releases)
  describe(`random edits of every kind, applied and undone, on ${release}`, function () {
    this.timeout(7_200_000)
    let lab: Lab
    let clone: Clone
    let contract: Contract
    let inside: Inside
    let reset: () => Promise<void>

    before(async () => {
      lab = await Lab.start({seed: 'cluster', pve: release, offlineServices: 'accept'})
      contract = await loadContract(release)
      for (const [call, with_, of] of groups.flatMap((group) => group.before ?? []))
        if (of === undefined || of === release)
          await sendCall((method, path, params) => lab.api(method, path, params), call, with_)
      await lab.api('POST', '/pools', {poolid: 'kp0'})
      // What was made by these calls is in use, so that nothing waits.
      for (const node of ['pve1', 'pve2', 'pve3']) await lab.api('PUT', `/nodes/${node}/network`)
      await lab.api('PUT', '/cluster/sdn')
      clone = await lab.agreed()
      inside = new Inside(clone)
      reset = await remembered(lab, clone)
    })
    after(async () => {
      inside?.leave()
      await lab?.stop()
    })
    const recorded = async (): Promise<Objects> => recordedIn(clone)

    /** What is edited in a sequence: a case of each kind. */
    function editedIn(seed: number): Edited[] {
      const all = wholeKinds.flatMap(({name, since, until}, index): Edited[] => {
        const isOnBoth = since === undefined && until === undefined
        if (given === undefined && isOnBoth && index % 2 === ['8.4', '9.2'].indexOf(release)) return []
        const cases = groups
          .flatMap((group) => group.cases)
          .filter((one) => one.kind === name && (one.release === undefined || one.release === release))
        if (cases.length === 0) return []
        const wishes = new Wishes(cases[seed % cases.length]!, contract, 1 + (seed % 4))
        const ref: ObjectRef = {cluster: 'home', kind: name, id: wishes.id}
        if (wishes.case_.row === true) {
          let rows: ReturnType<Wishes['shuffled']> = []
          const next = (random: Random, is: Observed | null) => {
            rows = rows.length === 0 ? [wishes.some(random)] : wishes.shuffled(random, rows)
            return wishes.rows(rows, is)
          }
          return [{ref, wishes, make: next, change: next}]
        }
        let values: ReturnType<Wishes['some']> | undefined
        const next = (random: Random, is: Observed | null) => {
          values = values ? wishes.changed(random, values) : wishes.some(random)
          return asKept(wishes, wishes.document(values, is)!)
        }
        return [{ref, wishes, make: next, change: next}]
      })
      const rights = (random: Random, is: Observed | null): Document => {
        const config = {...is!.config, ...someRights(random)}
        for (const path of rightsPaths) if (random.chance(0.3)) delete config[path]
        return {kind: 'acl', beside: {}, config}
      }
      const acl: Edited = {ref: {cluster: 'home', kind: 'acl', id: 'acl'}, make: rights, change: rights}
      return [...all, acl].filter(({ref}) => !only || only.includes(ref.kind))
    }

    /** Without what a check of the plan refuses, as whoever reads it would leave it out. */
    async function applied(edited: readonly Edited[], refused: Set<string>): Promise<Came> {
      for (;;) {
        const objects = edited.map(({ref}) => formatRef(ref)).filter((object) => !refused.has(object))
        const came = await inside.apply(objects)
        if ('result' in came || came.error.code !== 'PMPC_PLAN_REFUSED') return came
        const checks = came.error.data!.checks as {object: string; message: string}[]
        for (const {object, message} of checks) {
          refused.add(object)
          if (given !== undefined) console.log(`      ${object}: ${message}`)
        }
      }
    }

    it('all that was changed is as it was, or told why not', async () => {
      const sums = {changes: 0, undone: 0, lost: 0, removed: 0, anew: 0, refused: 0}
      const failed: string[] = []
      for (let seed = first; seed < first + many && failed.length < 20; seed++) {
        await reset()
        const found = await sequence(seed, sums).catch((error: Error) => [error.stack ?? error.message])
        failed.push(...found.map((line) => `seed ${seed}: ${line}`))
        if (given !== undefined) console.log(`      ${seed}: ${found.join('\n  ') || JSON.stringify(sums)}`)
      }
      if (failed.length > 0) expect.fail(failed.join('\n'))
      expect(sums.undone).to.be.greaterThan(0)
    })

    async function sequence(seed: number, sums: Record<string, number>): Promise<string[]> {
      const problems: string[] = []
      const random = new Random(seed * 7919)
      const edited = editedIn(seed)
      const [start, refused] = [await recorded(), new Set<string>()]
      const round = async (how: 'make' | 'change') => {
        const is = await recorded()
        for (const each of edited) {
          const one = is.get(localKey(each.ref))
          // What was made to say nothing, as a firewall that is off, is not there yet.
          if (how === 'change' && one) declareWanted(clone, each.ref, one, each.change(random, one))
          else if (!refused.has(formatRef(each.ref)))
            declareWanted(clone, each.ref, one, each.make(random, one ?? null))
        }
        const came = await applied(edited, refused)
        problems.push(...(await clone.open()).map((line) => `open: ${line}`))
        await clone.git('checkout', '-q', '--', '.')
        await clone.git('clean', '-qfd', 'infra')
        return came
      }
      const looks = [start]
      const runs: string[] = []
      for (const how of ['make', 'change', 'change'] as const) {
        const came = await round(how)
        if ('error' in came) return [`not applied: ${JSON.stringify(came.error)}`]
        problems.push(...amiss(came))
        sums.changes! += came.result.done.length
        runs.push(came.result.run)
        looks.push(await recorded())
      }
      if (problems.length > 0) return problems
      const turn = async (
        run: string,
        what: string,
        before: Objects,
        after: Objects,
        hidden: readonly string[] = [],
      ) => {
        const back = await inside.undo(run)
        const now = await recorded()
        const {left, error} = leftOf(back)
        if (error) return [`${what}: ${error}`]
        const lost = lostBetween(before, after, hidden)
        const told = new Map(left.map(({object, field = '', why}) => [`${object} ${field}`.trim(), why]))
        sums.lost! += told.size
        return [
          ...('result' in back ? amiss(back) : []),
          ...[...told].flatMap(([name, why]) =>
            lost.has(name) && /secret/.test(why) ? [] : [`${name} is left: ${why}`],
          ),
          ...[...lost].flatMap((name) => (told.has(name) ? [] : [`${name} cannot come back, and nobody was told`])),
          ...differences(before, now, lost),
          ...(await clone.open()).map((line) => `open: ${line}`),
          ...(await clone.git('status', '--porcelain')).split('\n').filter((line) => line !== ''),
        ].map((line) => `${what}: ${line}`)
      }
      // What was changed, the last one first.
      for (let at = runs.length - 1; at > 0; at--) {
        const found = await turn(runs[at]!, `change ${at}`, looks[at]!, looks[at + 1]!)
        if (found.length > 0) return found
        sums.undone!++
      }
      // What was removed.
      const made = looks[1]!
      const victims = edited.filter(
        ({ref, wishes}) =>
          wishes &&
          wishes.case_.part === undefined &&
          wishes.row.id !== 'single' &&
          !start.has(localKey(ref)) &&
          random.chance(0.5),
      )
      const words = victims.map(({ref}) => localKey(ref)).filter((key) => made.has(key))
      let gone = new Set<string>()
      if (words.length > 0) {
        const removal = await inside.destroy(words)
        if ('error' in removal) return [`not removed: ${removal.error.code} ${removal.error.message}`]
        if (isAmiss(removal)) return amiss(removal).map((line) => `not removed: ${line}`)
        sums.removed! += removal.result.done.length
        const hidden = victims.filter(({wishes}) => mayHide(wishes!)).map(({ref}) => formatRef(ref))
        const after = await recorded()
        gone = lostBetween(made, after, hidden)
        const found = await turn(removal.result.run, 'removal', made, after, hidden)
        if (found.length > 0) return found
        sums.anew! += words.length - gone.size
        sums.refused! += gone.size
      }
      // What was made, if it is still there.
      const back = await inside.undo(runs[0]!)
      const {left, error} = leftOf(back)
      if (error) return [`making: ${error}`]
      const others = left.filter(({object, field}) => field !== undefined || !gone.has(object!))
      problems.push(...others.map(({object, field, why}) => `making: ${object} ${field ?? ''} is left: ${why}`))
      if ('result' in back) problems.push(...amiss(back).map((line) => `making: ${line}`))
      problems.push(...differences(start, await recorded(), new Set()).map((line) => `making: ${line}`))
      if (problems.length === 0 && !(await inside.isSettled('open')))
        problems.push(
          `a sync has something to tell: ${(await clone.open()).join('; ')} ${await clone.git('show', '--stat', 'HEAD')}`,
        )
      return problems
    }
  })
