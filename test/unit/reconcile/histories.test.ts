import {expect} from 'chai'
import fc from 'fast-check'
import {acceptObject, rejectObject} from '../../../src/kit/reconcile/verdict.js'
import {fieldsOf, getField} from '../../../src/kit/reconcile/fields.js'
import {formatField} from '../../../src/kit/resources/index.js'
import {declaredDocument, mergeObject, observedDocument} from '../../../src/kit/reconcile/merge.js'
import type {Document} from '../../../src/kit/reconcile/fields.js'
import {equalValues} from '../../../src/kit/resources/index.js'
import type {Declared, Observed, Value} from '../../../src/kit/resources/index.js'
import {applyEdits, configs, manifest, ref, vm, World} from './model.js'

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
function play(world: World, step: Step): void {
  if (step.do === 'sync') world.sync(step.config && vm(step.config, {}, step.ctime))
  else if (step.do === 'commit') world.commitAll()
  else if (step.do === 'restore') world.work = world.head && structuredClone(world.head)
  else if (step.do === 'remove') world.work = undefined
  else if (step.do === 'edit') {
    const config = {...world.work?.config}
    if (step.value === undefined) delete config[step.key]
    else config[step.key] = step.value
    world.work = manifest(config)
  } else decide(world, step.do)
}

function decide(world: World, verdict: 'accept' | 'reject'): void {
  if (world.items.length === 0) return
  const decision = {ref, offered: world.before, items: world.items, head: world.head, work: world.work}
  const decided = verdict === 'accept' ? acceptObject(decision) : rejectObject(decision)
  const {head} = world
  world.head = applyEdits(world.head, decided.head)
  world.work = applyEdits(world.work, decided.work, head)
  world.items = []
}

const documentOf = (declared: Declared | undefined): Document | undefined => declared && declaredDocument(declared)
const describe_ = (history: Step[]): string => JSON.stringify(history)

describe('any history of syncs, edits, commits and decisions', () => {
  const histories = fc.array(steps, {minLength: 1, maxLength: 9})

  it('opens the same items whatever the working tree holds', () => {
    fc.assert(
      fc.property(histories, configs, (history, other) => {
        const world = new World()
        for (const step of history) play(world, step)
        const of = (work: Declared | undefined) =>
          mergeObject({ref, theirs: vm(other), before: world.before, items: world.items, head: world.head, work}).items
        const expected = of(world.work)
        for (const work of [undefined, world.head, manifest(other), manifest({cores: 99})])
          expect(of(work)).to.deep.equal(expected)
      }),
      {numRuns: 3000},
    )
  })

  it('is quiet on a second sync', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const world = new World()
        for (const step of history) play(world, step)
        const theirs = world.before
        world.sync(theirs)
        const [items, work] = structuredClone([world.items, world.work] as const)
        world.sync(theirs)
        expect(world.items).to.deep.equal(items)
        expect(documentOf(world.work)).to.deep.equal(documentOf(work))
      }),
      {numRuns: 3000},
    )
  })

  it('never loses a value that only people wrote', () => {
    fc.assert(
      fc.property(histories, fc.option(configs, {nil: undefined, freq: 5}), (history, next) => {
        const world = new World()
        for (const step of history) play(world, step)
        const [before, head, work, items] = structuredClone([
          world.before,
          world.head,
          world.work,
          world.items,
        ] as const)
        world.sync(next && vm(next))
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
      {numRuns: 3000},
    )
  })

  it('agrees with the cluster when everything is accepted and nobody edited anything', () => {
    const untouched = fc.array(
      steps.filter((step) => ['sync', 'restore', 'accept', 'commit'].includes(step.do)),
      {minLength: 1, maxLength: 9},
    )
    fc.assert(
      fc.property(untouched, configs, (history, last) => {
        const world = new World()
        // Agreed on at first: a committed `restore` of an offered new guest is people's removal of it.
        play(world, {do: 'sync', config: {cores: 1}, ctime: 1})
        play(world, {do: 'accept'})
        for (const step of history) {
          if (step.do === 'commit' && !equalDocument(world)) continue
          play(world, step)
        }
        play(world, {do: 'sync', config: last, ctime: 1})
        play(world, {do: 'accept'})
        expect(documentOf(world.head)?.config, describe_(history)).to.deep.equal(
          observedDocument(vm(last), undefined).config,
        )
        expect(documentOf(world.work)?.config).to.deep.equal(documentOf(world.head)?.config)
        expect(world.sync(vm(last))).to.deep.equal({items: [], edits: []})
      }),
      {numRuns: 3000},
    )
  })
})

/** Whether a commit of all would only agree. */
function equalDocument(world: World): boolean {
  const offered = world.before && observedDocument(world.before, world.head)
  return equalValues(documentOf(world.work), offered)
}
