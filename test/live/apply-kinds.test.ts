import {expect} from 'chai'
import type {Document} from '../../src/kit/reconcile/fields.js'
import {formatRef, localKey, type ObjectRef, type Observed} from '../../src/kit/resources/index.js'
import {wireKinds} from '../../src/kit/resources/kinds/on-wire.js'
import {wholeKinds} from '../../src/kit/resources/kinds/travels.js'
import {Inside, isAmiss, leftOf, type Came} from '../support/inside.js'
import type {Clone} from '../support/lab.js'
import type {Sandbox} from '../support/pmpc.js'
import {Random, someRights, rightsPaths, Wishes} from '../support/plan/kinds.js'
import {skipFor} from '../support/skip.js'
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
import {groupsOf, inOrder, notAsked, placeOf, unexcused, type Fitted} from './fitted.js'
import {elsewhere} from './lacks.js'
import {say, workspaceIn, type Scratch} from './scratch.js'

/** What is declared of an object, one document after the other. */
interface Story {
  ref: ObjectRef
  what: string
  /** It can go as a whole. */
  isWhole: boolean
  /** It may have secrets of which PVE tells nothing. */
  mayHide: boolean
  next(random: Random, is: Observed | undefined): Document
}

/** Some rights, and others. */
const rights: Story = {
  ...{ref: {cluster: 'home', kind: 'acl', id: 'acl'}, what: 'rights', isWhole: false, mayHide: false},
  next: (random, is) => {
    const config = {...is!.config, ...someRights(random)}
    for (const at of rightsPaths) if (random.chance(0.3)) delete config[at]
    return {kind: 'acl', beside: {}, config}
  },
}

function storyOf(wishes: Wishes): Story {
  const {case_, row, id} = wishes
  const ref: ObjectRef = {cluster: 'home', kind: row.name, id}
  const isWhole = case_.part === undefined && row.id !== 'single'
  const what = [case_.of ?? case_.part ?? ''].join(' ')
  const story = {ref, what, isWhole, mayHide: mayHide(wishes)}
  if (case_.row === true) {
    let rows: ReturnType<Wishes['shuffled']> = []
    return {
      ...story,
      next(random, is) {
        rows = rows.length === 0 ? [wishes.some(random)] : wishes.shuffled(random, rows)
        return wishes.rows(rows, is ?? null)
      },
    }
  }
  let values: ReturnType<Wishes['some']> | undefined
  return {
    ...story,
    next(random, is) {
      values = values ? wishes.changed(random, values) : wishes.some(random)
      return asKept(wishes, wishes.document(values, is ?? null)!)
    },
  }
}

/**
 * Objects of every kind on a real cluster, made, changed and removed by `pmpc apply` and `pmpc destroy`, and each of it undone. As its neighbour only for a node that is thrown
 * away, for PMPC_LIVE_KINDS=all or the names of some kinds; PMPC_LIVE_SEED is the first seed of what is wished.
 */
describe('live: every kind, applied and undone', function () {
  this.timeout(1_200_000)
  const seed = Number(process.env.PMPC_LIVE_SEED ?? 1)
  const sums = {kinds: 0, stories: 0, applies: 0, undone: 0, wrong: 0}
  let scratch: Scratch
  let fitted: Fitted
  let box: Sandbox | undefined
  let clone: Clone | undefined
  let inside: Inside | undefined
  let count = 0

  before(async function () {
    ;({scratch, fitted, box} = await placeOf(this))
  })
  after(async () => {
    inside?.leave()
    box?.remove()
    await scratch?.close()
    if (box) say(JSON.stringify(sums))
  })

  async function fresh(): Promise<Clone> {
    inside?.leave()
    const clone = await workspaceIn(box!, `ws${count++}`, scratch.access, 'home')
    inside = new Inside(clone)
    return clone
  }

  /** What was done, or why not. */
  const wrongIn = (came: Came): string[] =>
    'error' in came ? [`${came.error.code} ${came.error.message}`] : isAmiss(came) ? amiss(came) : []

  /** @returns what is wrong, a line each */
  async function told(story: Story, clone: Clone): Promise<string[]> {
    const {ref} = story
    const object = formatRef(ref)
    const random = new Random(seed * 7919)
    const looks: Objects[] = [await recordedIn(clone)]
    const runs: string[] = []
    for (const what of ['make', 'change']) {
      const is = looks.at(-1)!.get(localKey(ref))
      const head = await clone.head()
      declareWanted(clone, ref, is, story.next(random, is))
      const came = await inside!.apply([object])
      const wrong = wrongIn(came)
      if (wrong.length > 0) return wrong.map((line) => `${what}: ${line}`)
      // Where nothing was to be done, what was wished is no change to take back.
      await clone.git('checkout', '-q', '--', '.')
      const isSame = 'result' in came && came.result.done.every(({requests}) => requests === 0)
      if (isSame) await clone.git('reset', '-q', '--hard', head)
      sums.applies++
      runs.push('result' in came ? came.result.run : '')
      looks.push(await recordedIn(clone))
    }
    const back = async (what: string, run: string | undefined, to: Objects, from: Objects): Promise<string[]> => {
      const hidden = story.mayHide && what === 'undo removal' ? [object] : []
      const lost = lostBetween(to, from, hidden)
      const came = await inside!.undo(run)
      const {left, error} = leftOf(came)
      const now = await recordedIn(clone)
      // Not every object that may have secrets has some.
      const isBack = (name: string): boolean => hidden.includes(name) && now.has(localKey(ref))
      const texts = new Set(left.map(({object, field = ''}) => `${object} ${field}`.trim()))
      sums.undone++
      return [
        ...(error !== undefined ? [error] : 'result' in came ? amiss(came) : []),
        ...left.flatMap(({object, field = '', why}) =>
          lost.has(`${object} ${field}`.trim()) ? [] : [`${object} ${field} is left: ${why}`],
        ),
        ...[...lost].flatMap((name) =>
          texts.has(name) || isBack(name) ? [] : [`${name} cannot come back, and nobody was told`],
        ),
        ...differences(to, now, lost),
        ...(await clone.open()).map((line) => `open: ${line}`),
        ...(await clone.git('status', '--porcelain')).split('\n').filter((line) => line !== ''),
      ].map((line) => `${what}: ${line}`)
    }
    const [start, made, changed] = looks as [Objects, Objects, Objects]
    const isChange = differences(made, changed, new Set()).length > 0
    if (isChange)
      for (const [what, run, to, from] of [
        ['undo change', runs[1], made, changed],
        ['undo its undoing', undefined, changed, made],
        ['undo that', undefined, made, changed],
      ] as const) {
        const wrong = await back(what, run, to, from)
        if (wrong.length > 0) return wrong
      }
    if (story.isWhole) {
      const came = await inside!.destroy([localKey(ref)])
      const wrong = wrongIn(came)
      if (wrong.length > 0) return wrong.map((line) => `destroy: ${line}`)
      const after = await recordedIn(clone)
      if (after.has(localKey(ref))) return ['destroy: it is still there']
      const undone = await back('undo removal', 'result' in came ? came.result.run : '', made, after)
      if (undone.length > 0) return undone
    }
    const isThere = (await recordedIn(clone)).has(localKey(ref)) || !story.isWhole
    if (isThere) {
      const wrong = await back('undo making', runs[0], start, made)
      if (wrong.length > 0) return wrong
    }
    return (await inside!.isSettled('open')) ? [] : [`a sync finds: ${(await clone.open()).join('; ')}`]
  }

  for (const row of inOrder(wholeKinds)) {
    const {name} = row
    it(name, async function () {
      skipFor(this, elsewhere[name], notAsked(name))
      const stories: Story[] = name === 'acl' ? [rights] : []
      const refused: string[] = []
      const wire = wireKinds.find((each) => each.name === name)!
      for (const group of groupsOf(name)) {
        const [{cases}, texts] = await fitted.adapted(group, wire)
        refused.push(...texts)
        stories.push(...cases.map((one, at) => storyOf(new Wishes(one, fitted.contract, 1 + (at % 4)))))
      }
      const wrong = [...refused]
      if (stories.length === 0 && unexcused(wrong).length === 0) return skipFor(this, 'this node makes none')
      // What cases need is in use, so that nothing of it waits.
      await fitted.api('PUT', '/cluster/sdn', {})
      await fitted.api('PUT', `/nodes/${scratch.node}/network`, {})
      clone ??= await fresh()
      await clone.must('sync', '--accept')
      for (const story of stories) {
        const lines = await told(story, clone).catch((error: Error) => [error.stack ?? error.message])
        wrong.push(...lines.map((line) => `${formatRef(story.ref)} (${story.what}): ${line}`))
        sums.stories++
        if (lines.length > 0) {
          clone = await fresh()
          await clone.must('sync', '--accept')
        }
      }
      const astray = unexcused(wrong)
      sums.kinds++
      sums.wrong += astray.length
      say(`${name}: ${stories.length} stories`)
      for (const text of astray) say(`wrong: ${text}`.slice(0, 3000))
      expect(astray).to.deep.equal([])
    })
  }
})
