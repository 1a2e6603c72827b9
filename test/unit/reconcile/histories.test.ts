import {expect} from 'chai'
import fc from 'fast-check'
import {fieldsOf, getField} from '../../../src/kit/reconcile/fields.js'
import {formatField} from '../../../src/kit/resources/index.js'
import {declaredDocument, observedDocument} from '../../../src/kit/reconcile/documents.js'
import type {Document} from '../../../src/kit/reconcile/fields.js'
import {equalValues} from '../../../src/kit/resources/index.js'
import type {Declared, Observed, Value} from '../../../src/kit/resources/index.js'
import {configs, manifest, vm, World} from './model.js'

type Step =
  | {do: 'sync'; config: Observed['config'] | undefined; ctime: number}
  | {do: 'edit'; key: string; value: Value | undefined}
  | {do: 'commit' | 'restore' | 'remove' | 'accept' | 'reject'}

const edits = fc.oneof(
  fc.record({
    do: fc.constant('edit' as const),
    key: fc.constant('cores'),
    value: fc.constantFrom<Value | undefined>(77, 78, undefined),
  }),
  fc.record({
    do: fc.constant('edit' as const),
    key: fc.constant('tags'),
    value: fc.constantFrom<Value | undefined>(['mine'], ['mine', 'web'], undefined),
  }),
  fc.record({
    do: fc.constant('edit' as const),
    key: fc.constant('net0'),
    value: fc.constantFrom<Value | undefined>({bridge: 'vmbr7'}, {bridge: 'vmbr0', tag: 77}, undefined),
  }),
)
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('sync' as const),
      config: fc.option(configs, {nil: undefined, freq: 5}),
      ctime: fc.constantFrom(1, 1, 1, 2),
    }),
  },
  {weight: 2, arbitrary: edits},
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('commit', 'restore', 'remove', 'accept', 'reject'),
    }) as fc.Arbitrary<Step>,
  },
)

/** One step of people's or of pmpc's, on one object. */
async function play(world: World, step: Step): Promise<void> {
  if (step.do === 'sync') await world.sync(step.config && vm(step.config, {}, step.ctime))
  else if (step.do === 'commit') world.commitAll()
  else if (step.do === 'restore') world.work = world.head && structuredClone(world.head)
  else if (step.do === 'remove') world.work = undefined
  else if (step.do === 'edit') {
    const config = {...world.work?.config}
    if (step.value === undefined) delete config[step.key]
    else config[step.key] = step.value
    world.work = manifest(config)
  } else if (world.items.length > 0) world.decide(step.do)
}

const documentOf = (declared: Declared | undefined): Document | undefined => declared && declaredDocument(declared)
const describe_ = (history: Step[]): string => JSON.stringify(history)

describe('any history of syncs, edits, commits and decisions', () => {
  const histories = fc.array(steps, {minLength: 1, maxLength: 9})

  it('opens the same items whatever the working tree holds', async () => {
    await fc.assert(
      fc.asyncProperty(histories, configs, async (history, other) => {
        const world = new World()
        for (const step of history) await play(world, step)
        const expected = await world.itemsWith(vm(other), world.work)
        for (const work of [undefined, world.head, manifest(other), manifest({cores: 99})])
          expect(await world.itemsWith(vm(other), work)).to.deep.equal(expected)
      }),
      {numRuns: 1500},
    )
  })

  it('is quiet on a second sync', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const world = new World()
        for (const step of history) await play(world, step)
        const theirs = world.before
        await world.sync(theirs)
        const [items, work] = structuredClone([world.items, world.work] as const)
        await world.sync(theirs)
        expect(world.items).to.deep.equal(items)
        expect(documentOf(world.work)).to.deep.equal(documentOf(work))
      }),
      {numRuns: 1500},
    )
  })

  it('never loses a value that only people wrote', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.option(configs, {nil: undefined, freq: 5}), async (history, next) => {
        const world = new World()
        for (const step of history) await play(world, step)
        const [before, head, work, items] = structuredClone([
          world.before,
          world.head,
          world.work,
          world.items,
        ] as const)
        await world.sync(next && vm(next))
        const held = documentOf(work)
        if (!held) return
        // What pmpc may replace: what is committed, what it offered, and what was agreed on.
        const offered = before && observedDocument(before, head)
        const known = [documentOf(head), offered]
        const now = documentOf(world.work)
        for (const field of fieldsOf([held])) {
          const mine = getField(held, field)
          if (known.some((side) => equalValues(getField(side, field), mine))) continue
          if (
            items.some(
              (item) => item.field === undefined || JSON.stringify(item.base ?? null).includes(JSON.stringify(mine)),
            )
          )
            continue
          const kept = now && getField(now, field)
          expect(kept, `${formatField(field)} after ${describe_(history)}`).to.deep.equal(mine)
        }
      }),
      {numRuns: 1500},
    )
  })

  it('agrees with the cluster when everything is accepted and nobody edited anything', async () => {
    const untouched = fc.array(
      steps.filter((step) => ['sync', 'restore', 'accept', 'commit'].includes(step.do)),
      {minLength: 1, maxLength: 9},
    )
    await fc.assert(
      fc.asyncProperty(untouched, configs, async (history, last) => {
        const world = new World()
        // Agreed on at first: a committed `restore` of an offered new guest is people's removal of it.
        await play(world, {do: 'sync', config: {cores: 1}, ctime: 1})
        await play(world, {do: 'accept'})
        for (const step of history) {
          if (step.do === 'commit' && !equalDocument(world)) continue
          await play(world, step)
        }
        await play(world, {do: 'sync', config: last, ctime: 1})
        await play(world, {do: 'accept'})
        expect(documentOf(world.head)?.config, describe_(history)).to.deep.equal(
          observedDocument(vm(last), undefined).config,
        )
        expect(documentOf(world.work)?.config).to.deep.equal(documentOf(world.head)?.config)
        expect(await world.sync(vm(last))).to.deep.equal({items: [], edits: []})
      }),
      {numRuns: 1500},
    )
  })
})

/** Whether a commit of all would only agree. */
function equalDocument(world: World): boolean {
  const offered = world.before && observedDocument(world.before, world.head)
  return equalValues(documentOf(world.work), offered)
}
