import {expect} from 'chai'
import fc from 'fast-check'
import {takeableOf} from '../../../src/kit/reconcile/index.js'
import {declaredDocument, observedDocument} from '../../../src/kit/reconcile/documents.js'
import {ranked} from '../../../src/kit/reconcile/pairs.js'
import {parseAgreed, printAgreed, type Pair} from '../../../src/kit/workspace/index.js'
import {configs, manifest, ref, vm, World} from './model.js'

const alice = {by: 'alice@pve', changed: '2026-11-28T10:02:11Z'}
const bob = {by: 'bob@pve', changed: '2026-11-28T10:05:00Z'}
const bare = ({by: _by, changed: _changed, ...pair}: Pair): Pair => pair

/** A world in which memory is open, and its pair signed. */
async function openMemory(signature: Partial<Pair> = alice): Promise<World> {
  const world = new World()
  await world.sync(vm({memory: 1024}))
  world.commitAll()
  await world.sync(vm({memory: 2048}))
  world.pairs = world.pairs.map((pair) => ({...pair, ...signature}))
  return world
}

describe('who made an offer', () => {
  it('stays with it from pair to item, and to what people decide', async () => {
    const world = await openMemory()
    await world.sync(vm({memory: 2048}))
    expect(world.items).to.deep.equal([
      {ref, field: 'config.memory', base: 1024, offer: 2048, state: 'drift', by: alice.by, at: alice.changed},
    ])
    const accepting = world.fork()
    accepting.decide('accept')
    expect(accepting.pairs).to.have.length(1)
    expect(accepting.pairs[0]).to.include({how: 'accept', base: 2048, ...alice})
    world.decide('reject')
    expect(world.pairs[0]).to.include({how: 'reject', ...alice})
    const sides = {now: observedDocument(world.before!, world.head), head: declaredDocument(world.head!)}
    const [taken] = takeableOf({ref, items: [], pairs: world.pairs, ...sides})
    expect(taken).to.deep.include({why: 'rejected'})
    expect(taken!.item).to.include({field: 'config.memory', by: alice.by, at: alice.changed})
  })

  it('is not said of another offer', async () => {
    const world = await openMemory()
    await world.sync(vm({memory: 4096}))
    expect(world.items).to.deep.equal([{ref, field: 'config.memory', base: 1024, offer: 4096, state: 'drift'}])
    expect(world.pairs.map(bare)).to.deep.equal(world.pairs)
  })

  it('is one after a merge of clones of which one knew it', async () => {
    const world = await openMemory()
    for (const other of [{}, bob]) {
      const merged = parseAgreed(
        printAgreed([...world.pairs, ...world.pairs.map((pair) => ({...bare(pair), ...other}))]),
      )
      expect(merged).to.have.length(2)
      const clone = world.fork({pairs: merged})
      await clone.sync(vm({memory: 2048}))
      expect(clone.pairs).to.have.length(1)
      expect(clone.items[0]).to.deep.include({base: 1024, offer: 2048, by: alice.by, at: alice.changed})
    }
  })

  it('means nothing to what was agreed', async () => {
    const signature = fc.constantFrom({}, alice, bob)
    const step = fc.oneof(
      configs.map((config) => ({do: 'sync', config})),
      configs.map((config) => ({do: 'edit', config})),
      fc.constantFrom({do: 'accept'} as const, {do: 'reject'} as const, {do: 'commit'} as const, {do: 'gone'} as const),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, signature), {maxLength: 8}), async (steps) => {
        const [plain, named] = [new World(), new World()]
        for (const [step, by] of steps) {
          for (const world of [plain, named]) {
            if (step.do === 'sync' && 'config' in step) await world.sync(vm(step.config))
            else if (step.do === 'gone') await world.sync(undefined)
            else if (step.do === 'edit' && 'config' in step) world.work = manifest(step.config)
            else if (step.do === 'accept' || step.do === 'reject') world.decide(step.do)
            else world.commitAll()
          }
          named.pairs = named.pairs.map((pair) => ({...pair, ...by}))
          expect(named.pairs.map(bare)).to.deep.equal(plain.pairs.map(bare))
          expect(named.items.map(({by: _by, at: _at, ...item}) => item)).to.deep.equal(plain.items)
          expect(named.work).to.deep.equal(plain.work)
        }
      }),
    )
  })

  it('does not rank pairs', () => {
    const pair: Pair = {ref, field: 'config.a', head: 1, base: 2, seen: [3], how: 'open'}
    const other: Pair = {...pair, head: 5}
    for (const [a, b] of [
      [alice, bob],
      [bob, alice],
      [{}, bob],
      [bob, {}],
    ])
      expect(
        ranked([
          {...pair, ...a},
          {...other, ...b},
        ]).map(bare),
      ).to.deep.equal(ranked([pair, other]))
  })
})
