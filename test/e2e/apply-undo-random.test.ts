import {expect} from 'chai'
import {isMap, formatRef, localKey, type Observed} from '../../src/kit/resources/index.js'
import {editsBetween, manifestOf} from '../../src/kit/reconcile/index.js'
import {loadState} from '../../src/kit/state/load.js'
import {ownFileOf, printManifest} from '../../src/kit/workspace/index.js'
import {editManifest} from '../../src/kit/workspace/tools.js'
import {Inside, isAmiss, leftOf, type Came} from '../support/inside.js'
import {Lab, remembered, type Clone} from '../support/lab.js'
import {makeSources, seed, settingOf} from '../support/plan/cluster.js'
import {disksOf, markDisks, marksIn} from '../support/plan/disks.js'
import {asDeclared, newGuest, newWishes, type GuestKind, type Setting} from '../support/plan/guests.js'
import {Dice} from '../support/plan/random.js'

/** How many sequences of each kind; 200 are the proof. */
const given = process.env.PMPC_TEST_UNDO
const many = Number(given ?? 1)
/** The first seed; one of a failure is told with it. */
const first = Number(process.env.PMPC_TEST_SEED ?? 1)
const only = process.env.PMPC_TEST_KINDS?.split(',')
const releases = (process.env.PMPC_TEST_RELEASES ?? '8.4,9.2').split(',') as ('8.4' | '9.2')[]

/** What a sequence came to. */
interface Sums {
  /** Applies that were turned round as a whole, or but for what was told. */
  undone: number
  inPart: number
  /** Nothing of it could be turned round. */
  refused: number
  /** What Proxmox VE takes from nobody was wished, or nothing. */
  notWished: number
}

/** One look at a guest. */
interface Look {
  observed: Observed
  /** Sizes by mark, and marks by slot. */
  sizes: ReadonlyMap<number, number>
  slots: ReadonlyMap<string, number>
}

for (const release of releases)
  describe(`random edits, applied and undone, on ${release}`, function () {
    this.timeout(7_200_000)
    let lab: Lab
    let clone: Clone
    let inside: Inside
    let reset: () => Promise<void>

    before(async () => {
      lab = await Lab.start({seed: seed as never, pve: release})
      await makeSources(lab)
      clone = await lab.agreed()
      markDisks(lab.simulator.simulation)
      inside = new Inside(clone)
      reset = await remembered(lab, clone)
    })
    after(async () => {
      inside?.leave()
      await lab?.stop()
    })
    const recorded = async (key: string): Promise<Observed> => {
      const state = await loadState({root: clone.root, cluster: 'home'})
      return state!.objects.find((object) => localKey(object) === key)!
    }
    const look = async (key: string): Promise<Look> => {
      const {simulation} = lab.simulator
      markDisks(simulation)
      const observed = await recorded(key)
      return {observed, sizes: disksOf(simulation, observed.id), slots: marksIn(simulation, observed)}
    }

    for (const kind of ['vm', 'container'] as const) {
      if (only && !only.includes(kind)) continue
      it(`${kind}: equal in meaning, or told why not`, async () => {
        const sums: Sums = {undone: 0, inPart: 0, refused: 0, notWished: 0}
        const failed: string[] = []
        for (let number = first; number < first + many && failed.length < 10; number++) {
          await reset()
          const problem = await sequence(kind, number, sums).catch((error: Error) => error.stack ?? error.message)
          if (problem !== undefined) failed.push(`seed ${number}: ${problem}`)
          if (given !== undefined) console.log(`      ${number}: ${problem ?? JSON.stringify(sums)}`)
        }
        if (failed.length > 0) expect.fail(failed.join('\n'))
        if (many > 1) expect(sums.undone).to.be.greaterThan(0)
      })
    }

    /** A guest is made and changed some times; then each of these is turned round, the last one first. @returns what went wrong */
    async function sequence(kind: GuestKind, number: number, sums: Sums): Promise<string | undefined> {
      const dice = new Dice(number)
      const setting = settingOf(kind, number)
      const made = newGuest(dice, setting)
      const {ref, from, node} = made
      const [path, object, key] = [ownFileOf(ref), formatRef(ref), localKey(ref)]
      const placement = {node: node!, pinned: true}
      clone.write(path, printManifest({...manifestOf(ref, made.document!), placement, ...(from && {from})}))
      const creation = await inside.apply([object])
      if ('error' in creation) {
        sums.notWished++
        return creation.error.code === 'PMPC_PLAN_REFUSED' ? undefined : `not made: ${told(creation)}`
      }
      if (creation.result.done.length === 0) return `not made: ${told(creation)}`
      const open = (await clone.open()).filter((line) => line.includes(object))
      if (open.length > 0) return `open after it was made: ${open.join('; ')} ${JSON.stringify(made)}`
      const looks = [await look(key)]
      const runs: string[] = []
      const rounds = 1 + dice.below(3)
      for (let round = 0; round < rounds; round++) {
        const before = looks.at(-1)!
        wishOtherwise(dice, setting, before.observed)
        const change = await inside.apply([object])
        if ('error' in change) {
          if (!/PLAN_REFUSED|PMPC_MANIFEST/.test(change.error.code)) return `not applied: ${told(change)}`
          sums.notWished++
          await clone.git('checkout', '-q', '--', '.')
          break
        }
        // What is met already is no wish, and stays where people wrote it.
        await clone.git('checkout', '-q', '--', '.')
        if (change.result.done.length === 0) {
          sums.notWished++
          continue
        }
        if (isAmiss(change)) return `not applied: ${told(change)}`
        const left = (await clone.open()).filter((line) => line.includes(object))
        if (left.length > 0) return `open: ${left.join('; ')}\n${await changesOf(change.result.run, path)}`
        runs.push(change.result.run)
        looks.push(await look(key))
      }
      for (;;) {
        const [run, after, before] = [runs.pop(), looks.pop()!, looks.at(-1)]
        if (run === undefined || !before) break
        const back = await inside.undo(run)
        const problem = await compared({object, key, before, after, back})
        if (problem !== undefined) return `${problem}\n${told(back)}\n${await changesOf(run, path)}`
        const {left} = leftOf(back)
        sums['error' in back ? 'refused' : left.length > 0 ? 'inPart' : 'undone']++
        // What did not come back is not what the applies before had made.
        if (left.length > 0) break
      }
      return (await inside.isSettled()) ? undefined : `a sync has something to tell: ${(await clone.open()).join('; ')}`
    }

    /** As people edit what stands there: the differences, and nothing else. */
    function wishOtherwise(dice: Dice, setting: Setting, before: Observed): void {
      const ref = {cluster: 'home', kind: before.kind, id: before.id}
      const path = ownFileOf(ref)
      const [is, wished] = [asDeclared(before), newWishes(dice, setting, before).document!]
      const edits = editsBetween(is, wished).flatMap((edit) =>
        edit.do === 'set' && edit.path[0] !== 'placement' ? [{field: edit.path, value: edit.value}] : [],
      )
      const node = wished.beside['placement.node']
      if (node !== undefined && node !== is.beside['placement.node'])
        edits.push({field: ['placement'], value: {node, pinned: true} as never})
      clone.write(path, editManifest(clone.read(path), ref, edits).text)
    }

    /** Holds what an undo has left against what the run had changed. @returns what is wrong */
    async function compared(of: {
      object: string
      key: string
      before: Look
      after: Look
      back: Came
    }): Promise<string | undefined> {
      const {object, key, before, after, back} = of
      const {left, error} = leftOf(back)
      if (error) return error
      if ('result' in back && isAmiss(back)) return 'it was not done'
      const [expected, why] = [lostBy(before, after), new Map(left.map((each) => [each.field ?? '', each.why]))]
      const keys = (fields: Iterable<string>) => [...new Set([...fields].map((field) => field.split('.')[1]!))].sort()
      if (keys(why.keys()).join() !== [...expected.keys()].sort().join())
        return `told are ${JSON.stringify(left)}, and not ${JSON.stringify([...expected])}`
      for (const [field, reason] of why) {
        const lost = expected.get(field.split('.')[1]!)!
        if (!reason.includes(words[lost])) return `${field} is told as ${reason}, and not as ${lost}`
      }
      const now = await look(key)
      const dirty = await clone.git('status', '--porcelain')
      if (dirty !== '') return `the working tree is not clean: ${dirty} ${(await clone.diff()).join('\n')}`
      const open = (await clone.open()).filter((line) => line.includes(object))
      if (open.length > 0) return `open: ${open.join('; ')}`
      const gone = [...after.sizes.keys()].filter((mark) => !now.sizes.has(mark))
      if (gone.length > 0) return `disks are destroyed: ${gone.join()}`
      const [was, is] = [before, now].map((each) => meaning(each.observed, why.keys()))
      if (was !== is) return `it is otherwise:\n${was}\n${is}`
      for (const [slot, mark] of before.slots)
        if (!expected.has(slot) && now.slots.get(slot) !== mark) return `in ${slot} is another disk`
      return undefined
    }

    const told = (came: Came): string => JSON.stringify(came)

    async function changesOf(run: string, path: string): Promise<string> {
      const grep = ['--fixed-strings', `--grep=Pmpc-Run: ${run}`]
      return clone.git('log', '--format=%h %s', ...grep, '-p', '-U0', '--', path)
    }
  })

type Lost = 'growth' | 'destruction' | 'secret'

/** The word by which each is told. */
const words: Record<Lost, string> = {growth: 'grew', destruction: 'destroyed', secret: 'secret'}

/** What cannot come back of what a run has changed, by key: a disk that has grown or is nowhere any more, a secret that was taken out. */
function lostBy(before: Look, after: Look): Map<string, Lost> {
  const lost = new Map<string, Lost>()
  for (const [slot, mark] of before.slots) {
    const size = after.sizes.get(mark)
    if (size === undefined) lost.set(slot, 'destruction')
    else if (size > before.sizes.get(mark)!) lost.set(slot, 'growth')
  }
  if (before.observed.config.cipassword !== undefined && after.observed.config.cipassword === undefined)
    lost.set('cipassword', 'secret')
  return lost
}

/** What Proxmox VE has, but for names of volumes, what no slot holds, and these fields. */
function meaning({config, facts: {node, pool, status}}: Observed, but: Iterable<string>): string {
  const left = structuredClone(config)
  for (const field of but) {
    const [, key, part] = field.split('.')
    const value = left[key!]
    if (part !== undefined && isMap(value)) delete value[part]
    else delete left[key!]
  }
  const entries = Object.entries(left).filter(([key]) => !/^(?:unused\d+|meta|vmgenid)$/.test(key))
  const text = JSON.stringify({config: Object.fromEntries(entries.sort()), node, pool, power: status})
  // What was a linked clone is a whole volume once it was moved.
  const whole = text.replaceAll(/base(?:vol)?-\d+-disk-\d+(?:\.\w+)?\/|\d+\/base-\d+-disk-\d+\.\w+\//g, '')
  return whole.replaceAll(/(?:\d+\/)?(vm|base|subvol|basevol)-\d+-(?:disk-\d+|cloudinit)(?:\.\w+)?/g, '$1-N')
}
