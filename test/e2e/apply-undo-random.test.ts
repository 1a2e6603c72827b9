import {expect} from 'chai'
import {formatRef, localKey, type Observed} from '../../src/kit/resources/index.js'
import {editsBetween, manifestOf} from '../../src/kit/reconcile/index.js'
import type {ApplyResult} from '../../src/kit/verbs/index.js'
import {loadState} from '../../src/kit/state/load.js'
import {ownFileOf, printManifest} from '../../src/kit/workspace/index.js'
import {editManifest} from '../../src/kit/workspace/tools.js'
import {Lab, type Clone, type ErrorJson} from '../support/lab.js'
import {makeSources, seed, settingOf} from '../support/plan/cluster.js'
import {asDeclared, newGuest, newWishes, type GuestKind} from '../support/plan/guests.js'
import {Dice} from '../support/plan/random.js'

/** How many sequences of each kind; 200 are the proof. */
const many = Number(process.env.PMPC_TEST_UNDO ?? 2)
/** The first seed; one of a failure is told with it. */
const first = Number(process.env.PMPC_TEST_SEED ?? 1)

describe('random edits, applied and undone', function () {
  this.timeout(7_200_000)
  let lab: Lab
  let clone: Clone
  before(async () => {
    lab = await Lab.start({seed: seed as never})
    await makeSources(lab)
    clone = await lab.agreed()
  })
  after(async () => lab.stop())

  const consent = [
    '--yes',
    '--allow',
    'destroys-data,detaches-data,cuts-network,grants,stops,restart,moves-data,migrate',
  ]
  const run = async (...args: string[]) => {
    const {stdout} = await clone.pmpc([...args, '--json'])
    return JSON.parse(stdout) as ApplyResult & Partial<ErrorJson>
  }
  const recorded = async (key: string): Promise<Observed> => {
    const state = await loadState({root: clone.root, cluster: 'home'})
    return state!.objects.find((object) => localKey(object) === key)!
  }
  /** What Proxmox VE has, but for names of volumes and what no slot holds. */
  const meaning = ({config, facts: {node, pool, status}}: Observed) => {
    const entries = Object.entries(config).filter(([key]) => !/^(?:unused\d+|meta|vmgenid)$/.test(key))
    const text = JSON.stringify({config: Object.fromEntries(entries.sort()), node, pool, power: status})
    return text.replaceAll(/(?:\d+\/)?(vm|base|subvol|basevol)-\d+-(?:disk-\d+|cloudinit)(?:\.\w+)?/g, '$1-N')
  }

  for (const kind of ['vm', 'container'] as const)
    it(`${kind}: equal in meaning, or told why not`, async () => {
      const seen = {undone: 0, inPart: 0, notWished: 0, refused: 0}
      const failed: string[] = []
      for (let number = first; number < first + many; number++) {
        const problem = await sequence(kind, number, seen)
        if (problem !== undefined) failed.push(`seed ${number}: ${problem}`)
        if (failed.length >= 5) break
      }
      if (process.env.PMPC_TEST_UNDO !== undefined) console.log(`      ${JSON.stringify(seen)}`)
      if (failed.length > 0) expect.fail(failed.join('\n'))
    })

  async function sequence(kind: GuestKind, number: number, seen: Record<string, number>): Promise<string | undefined> {
    const dice = new Dice(number)
    const setting = settingOf(kind, number)
    const made = newGuest(dice, setting)
    const {ref} = made
    const [path, object, key] = [ownFileOf(ref), formatRef(ref), localKey(ref)]
    const write = (document: NonNullable<typeof made.document>, more: object = {}) =>
      clone.write(path, printManifest({...manifestOf(ref, document), ...more}))
    const reset = async () => {
      await clone.git('reset', '-q')
      await clone.git('checkout', '-q', '--', '.')
      await clone.git('clean', '-fdq', 'infra')
    }
    write(made.document!, {placement: {node: made.node}, ...(made.from && {from: made.from})})
    const creation = await run('apply', object, ...consent)
    if (creation.error || creation.done.length === 0) {
      await reset()
      return creation.error?.code === 'PMPC_PLAN_REFUSED' ? undefined : `not made: ${JSON.stringify(creation)}`
    }
    const before = await recorded(key)
    const open = (await clone.open()).filter((line) => line.includes(object))
    if (open.length > 0) return `open after it was made: ${open.join('; ')} ${JSON.stringify(made)}`
    // As people edit what stands there: the differences, and nothing else.
    const [is, wished] = [asDeclared(before), newWishes(dice, setting, before).document!]
    const edits = editsBetween(is, wished).flatMap((edit) =>
      edit.do === 'set' && edit.path[0] !== 'placement' ? [{field: edit.path, value: edit.value}] : [],
    )
    const node = wished.beside['placement.node']
    if (node !== undefined && node !== is.beside['placement.node'])
      edits.push({field: ['placement'], value: {node, pinned: true} as never})
    clone.write(path, editManifest(clone.read(path), ref, edits).text)
    const change = await run('apply', object, ...consent)
    if (change.error) {
      await reset()
      seen.notWished!++
      return /PLAN_REFUSED|MANIFEST|NO_SECRET/.test(change.error.code)
        ? undefined
        : `not applied: ${JSON.stringify(change.error)}`
    }
    if (change.done.length === 0) {
      await reset()
      seen.notWished!++
      return undefined
    }
    // What is met already is no wish, and stays where people wrote it.
    const mine = await clone.diff()
    const back = await run('undo', change.run, ...consent, '--confirm', object)
    const left = back.error ? ((back.error.data?.left ?? []) as {why: string}[]).map(({why}) => why) : back.warnings
    const isKnown = left.length > 0 && left.every((why) => /grew|destroyed|secret/.test(why))
    const after = meaning(await recorded(key))
    const told = JSON.stringify({
      changed: (await clone.git('show', `${change.intention ?? 'HEAD'}`, '--format=', '-U0', '--', path))
        .split('\n')
        .slice(4),
      back,
    })
    const diff = await clone.diff()
    await reset()
    if (diff.join('\n') !== mine.join('\n'))
      return `the working tree was not left to people: ${mine.join('\n')}\n${diff.join('\n')} ${after} ${meaning(before)} ${told}`
    if (back.error && !(back.error.code === 'PMPC_NOTHING_TO_UNDO' && isKnown)) return told
    if (isKnown) {
      seen[back.error ? 'refused' : 'inPart']!++
      return undefined
    }
    if (left.length > 0 || back.failed.length > 0) return told
    seen.undone!++
    return after === meaning(before) ? undefined : `\n${meaning(before)}\n${after}\n${told}`
  }
})
