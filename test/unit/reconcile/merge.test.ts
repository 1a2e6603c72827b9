import {expect} from 'chai'
import fc from 'fast-check'
import {acceptObject, rejectObject} from '../../../src/kit/reconcile/verdict.js'
import {formatField, parseField} from '../../../src/kit/resources/index.js'
import type {Observed} from '../../../src/kit/resources/index.js'
import {applyEdits, configs, documentOf, manifest, ref, vm, World} from './model.js'
import {declaredDocument, equalDocuments} from '../../../src/kit/reconcile/merge.js'

/** A world in which the first sync's offer was accepted. */
function agreedOn(observed: Observed): World {
  const world = new World()
  world.sync(observed)
  world.commitAll()
  world.sync(observed)
  return world
}

describe('merge of one object', () => {
  it('offers a new object as a manifest, and is silent once it was committed', () => {
    const world = new World()
    const first = world.sync(vm({cores: 2}, {pool: 'web'}))
    expect(first.items).to.deep.equal([{ref, base: null, offer: 'present', state: 'drift'}])
    expect(world.work).to.deep.equal(manifest({cores: 2}, {pool: 'web'}))
    world.commitAll()
    expect(world.sync(vm({cores: 2}, {pool: 'web'}))).to.deep.equal({items: [], edits: []})
  })

  it('offers a changed value and keeps its base through further syncs', () => {
    const world = agreedOn(vm({cores: 2, memory: 1024}))
    world.sync(vm({cores: 2, memory: 2048}))
    expect(world.items).to.deep.equal([{ref, field: 'config.memory', base: 1024, offer: 2048, state: 'drift'}])
    expect(world.work?.config.memory).to.equal(2048)
    world.sync(vm({cores: 2, memory: 4096}))
    expect(world.items[0]).to.include({base: 1024, offer: 4096})
    expect(world.work?.config.memory).to.equal(4096)
  })

  it('withdraws an offer when the cluster goes back', () => {
    const world = agreedOn(vm({memory: 1024}))
    world.sync(vm({memory: 2048}))
    const back = world.sync(vm({memory: 1024}))
    expect(back.items).to.deep.equal([])
    expect(world.work?.config.memory).to.equal(1024)
  })

  it('offers again what git restore has hidden, also without a change in the cluster', () => {
    const world = agreedOn(vm({memory: 1024}))
    world.sync(vm({memory: 2048}))
    world.work = structuredClone(world.head)
    const again = world.sync(vm({memory: 2048}))
    expect(again.items).to.have.length(1)
    expect(world.work?.config.memory).to.equal(2048)
  })

  it('leaves an edit of the same field alone, and one of another field too', () => {
    const world = agreedOn(vm({memory: 1024, cores: 1}))
    world.work = manifest({memory: 512, cores: 8})
    world.sync(vm({memory: 2048, cores: 1}))
    expect(world.work).to.deep.equal(manifest({memory: 512, cores: 8}))
    expect(world.items.map((item) => [item.field, item.state])).to.deep.equal([['config.memory', 'drift']])
  })

  it('calls it a conflict when HEAD holds neither the base nor the offer', () => {
    const world = agreedOn(vm({memory: 1024}))
    world.work = manifest({memory: 512})
    world.commitAll()
    world.sync(vm({memory: 2048}))
    expect(world.items).to.deep.equal([{ref, field: 'config.memory', base: 1024, offer: 2048, state: 'conflict'}])
    expect(world.work?.config.memory).to.equal(512)
  })

  it('agrees when HEAD says the same as the cluster, and brings the working tree along', () => {
    const world = agreedOn(vm({memory: 1024}))
    world.head = manifest({memory: 2048})
    expect(world.sync(vm({memory: 2048})).items).to.deep.equal([])
    expect(world.work?.config.memory).to.equal(2048)
  })

  it('takes a committed offer for agreed, whatever the cluster does before the next sync', () => {
    const back = agreedOn(vm({memory: 1024}))
    back.sync(vm({memory: 2048}))
    back.commitAll()
    back.sync(vm({memory: 1024}))
    expect(back.items).to.deep.equal([{ref, field: 'config.memory', base: 2048, offer: 1024, state: 'drift'}])
    expect(back.work?.config.memory).to.equal(1024)

    const further = agreedOn(vm({memory: 1024}))
    further.sync(vm({memory: 2048}))
    further.commitAll()
    further.sync(vm({memory: 4096}))
    expect(further.items.map((item) => [item.base, item.offer, item.state])).to.deep.equal([[2048, 4096, 'drift']])
  })

  it('asks about a new object that was committed and then vanished, and about a deletion that was agreed on and came back', () => {
    const gone = new World()
    gone.sync(vm({cores: 2}))
    gone.commitAll()
    gone.sync(undefined)
    expect(gone.items.map((item) => [item.offer, item.state])).to.deep.equal([[null, 'drift']])
    expect(gone.work).to.equal(undefined)

    const edited = new World()
    edited.sync(vm({cores: 2}))
    edited.work = manifest({cores: 4})
    edited.commitAll()
    edited.sync(undefined)
    expect(edited.items.map((item) => [item.offer, item.state])).to.deep.equal([[null, 'conflict']])
    expect(edited.work).to.deep.equal(manifest({cores: 4}))

    const returned = agreedOn(vm({cores: 2}))
    returned.sync(undefined)
    returned.commitAll()
    returned.sync(vm({cores: 2}))
    expect(returned.items.map((item) => [item.base, item.offer])).to.deep.equal([[null, 'present']])
    expect(returned.work).to.deep.equal(manifest({cores: 2}))
  })

  it('tells an emptied set from a removed key', () => {
    const world = agreedOn(vm({hotplug: ['disk']}))
    world.sync(vm({hotplug: []}))
    expect(world.items.map((item) => [item.field, item.offer])).to.deep.equal([['config.hotplug', []]])
    expect(world.work).to.deep.equal(manifest({hotplug: []}))
  })

  it('is silent about a wish of ours that the cluster does not know yet', () => {
    const world = agreedOn(vm({memory: 1024}))
    world.work = manifest({memory: 512})
    world.commitAll()
    expect(world.sync(vm({memory: 1024}))).to.deep.equal({items: [], edits: []})
  })

  it('merges a property string by sub-key, a set by element, an ordered list as a whole', () => {
    const world = agreedOn(vm({net0: {model: 'virtio', tag: 5}, tags: ['prod', 'web'], boot: {order: 'scsi0;net0'}}))
    world.work = manifest({net0: {model: 'e1000', tag: 5}, tags: ['mine', 'prod', 'web'], boot: {order: 'scsi0;net0'}})
    world.commitAll()
    world.sync(vm({net0: {model: 'virtio', tag: 6}, tags: ['blue', 'web'], boot: {order: 'net0;scsi0'}}))
    expect(world.items.map((item) => [item.field, item.base, item.offer, item.state])).to.deep.equal([
      ['config.boot.order', 'scsi0;net0', 'net0;scsi0', 'drift'],
      ['config.net0.tag', 5, 6, 'drift'],
      ['config.tags[blue]', null, 'blue', 'drift'],
      ['config.tags[prod]', 'prod', null, 'drift'],
    ])
    expect(world.work?.config).to.deep.equal({
      net0: {model: 'e1000', tag: 6},
      tags: ['blue', 'mine', 'web'],
      boot: {order: 'net0;scsi0'},
    })
  })

  it('takes a manifest out when the object is gone, and puts it back when it returns', () => {
    const world = agreedOn(vm({memory: 1024}))
    const gone = world.sync(undefined)
    expect(gone.items[0]).to.deep.include({state: 'drift', offer: null})
    expect(world.work).to.equal(undefined)
    const again = world.sync(undefined)
    expect(again.items).to.deep.equal(gone.items)
    expect(world.sync(vm({memory: 1024})).items).to.deep.equal([])
    expect(world.work).to.deep.equal(manifest({memory: 1024}))
  })

  it('calls a deletion of something we changed a conflict', () => {
    const world = agreedOn(vm({memory: 1024}))
    world.work = manifest({memory: 512})
    world.commitAll()
    expect(world.sync(undefined).items[0]?.state).to.equal('conflict')
    expect(world.work).to.deep.equal(manifest({memory: 512}))
  })

  it('never offers again what people took out, and never touches a manifest of theirs for it', () => {
    const world = agreedOn(vm({memory: 1024}))
    world.work = undefined
    world.commitAll()
    expect(world.sync(vm({memory: 2048}))).to.deep.equal({items: [], edits: []})
    world.work = manifest({memory: 2048})
    expect(world.sync(undefined)).to.deep.equal({items: [], edits: []})
  })

  it('withdraws a new object that vanished before anyone agreed, but not an edited manifest', () => {
    const world = new World()
    world.sync(vm({memory: 1024}))
    world.sync(undefined)
    expect(world.work).to.equal(undefined)
    world.sync(vm({memory: 1024}))
    world.work = manifest({memory: 1})
    world.sync(undefined)
    expect(world.work).to.deep.equal(manifest({memory: 1}))
    expect(world.items).to.deep.equal([])
  })

  it('follows a new object that changes before anyone agreed, field by field', () => {
    const world = new World()
    world.sync(vm({memory: 1024, cores: 1}))
    world.work = manifest({memory: 1024, cores: 8})
    world.sync(vm({memory: 2048, cores: 2}))
    expect(world.work?.config).to.deep.equal({memory: 2048, cores: 8})
  })

  it('adopts an equal manifest when the state is lost, and keeps every difference open until it is decided', () => {
    const world = agreedOn(vm({memory: 1024, cores: 1}))
    world.before = undefined
    world.items = []
    expect(world.sync(vm({memory: 1024, cores: 1})).items).to.deep.equal([])
    world.before = undefined
    const differing = world.sync(vm({memory: 2048, cores: 1, name: 'web'}))
    expect(differing.items).to.deep.equal([
      {ref, field: 'config.memory', offer: 2048, state: 'conflict'},
      {ref, field: 'config.name', offer: 'web', state: 'conflict'},
    ])
    expect(world.work?.config).to.deep.equal({memory: 1024, cores: 1})
    expect(world.sync(vm({memory: 2048, cores: 1, name: 'web'})).items).to.deep.equal(differing.items)
  })

  it('offers the whole document when a VMID was reused, never a change of fields', () => {
    const world = agreedOn(vm({memory: 1024, name: 'old'}, {}, 1))
    world.sync(vm({memory: 2048, name: 'new'}, {}, 2))
    expect(world.items).to.have.length(1)
    expect(world.items[0]).to.deep.include({offer: 'present', state: 'drift'})
    expect(world.items[0]).not.to.have.property('field')
    expect(world.work).to.deep.equal(manifest({memory: 2048, name: 'new'}))
    const again = world.sync(vm({memory: 2048, name: 'new'}, {}, 2))
    expect(again.items).to.have.length(1)
    expect(again.edits).to.deep.equal([])
  })

  it('takes a migration or a stop for drift only where the manifest asks for a place or for power', () => {
    const world = agreedOn(vm({memory: 1024}))
    const moved = vm({memory: 1024}, {node: 'pve2', status: 'stopped'})
    expect(world.sync(moved)).to.deep.equal({items: [], edits: []})
    world.work = manifest({memory: 1024}, {placement: {node: 'pve2', pinned: true}, power: 'running'})
    world.commitAll()
    world.sync(vm({memory: 1024}, {node: 'pve2', status: 'running'}))
    world.sync(vm({memory: 1024}, {node: 'pve3', status: 'stopped'}))
    expect(world.items.map((item) => [item.field, item.base, item.offer])).to.deep.equal([
      ['placement.node', 'pve2', 'pve3'],
      ['power', 'running', 'stopped'],
    ])
  })

  const states = fc.option(fc.record({config: configs, ctime: fc.constantFrom(1, 2)}), {nil: undefined})
  const histories = fc.array(states, {minLength: 1, maxLength: 5})
  const asVm = (state: {config: Observed['config']; ctime: number} | undefined) =>
    state && vm(state.config, {}, state.ctime)

  it('is the same again on a second sync, whatever happened before', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.option(configs, {nil: undefined})), (history, edits) => {
        const world = new World()
        for (const [index, state] of history.entries()) {
          world.sync(asVm(state))
          const edit = edits[index]
          if (edit) world.work = manifest(edit)
          if (index % 2) world.commitAll()
        }
        const last = asVm(history.at(-1))
        const first = world.sync(last)
        const second = world.sync(last)
        expect(second.items).to.deep.equal(first.items)
        expect(second.edits).to.deep.equal([])
      }),
      {numRuns: 2000},
    )
  })

  it('shows the cluster in an untouched working tree, becomes it by accept and HEAD by reject', () => {
    fc.assert(
      fc.property(configs, histories, (start, history) => {
        const world = agreedOn(vm(start))
        for (const state of history) world.sync(asVm(state))
        const last = asVm(history.at(-1))
        expect(equalDocuments(world.work && declaredDocument(world.work), documentOf(last))).to.equal(true)
        const decision = {ref, offered: last, items: world.items, head: world.head, work: world.work}
        const accepted = acceptObject(decision)
        expect(equalDocuments(toDocument(applyEdits(world.head, accepted.head)), documentOf(last))).to.equal(true)
        expect(accepted.work).to.deep.equal([])
        const rejected = rejectObject(decision)
        expect(toDocument(applyEdits(world.work, rejected.work, world.head))).to.deep.equal(toDocument(world.head))
      }),
      {numRuns: 2000},
    )
  })

  it('gives a second clone the same items and the same offer before anyone has accepted', () => {
    fc.assert(
      fc.property(configs, histories, (start, history) => {
        const first = agreedOn(vm(start))
        for (const state of history) first.sync(asVm(state))
        const second = new World()
        Object.assign(second, {before: first.before, items: first.items, head: first.head, work: first.head})
        second.sync(first.before)
        expect(second.items).to.deep.equal(first.items)
        expect(toDocument(second.work)).to.deep.equal(toDocument(first.work))
      }),
      {numRuns: 2000},
    )
  })
})

function toDocument(declared: Parameters<typeof declaredDocument>[0] | undefined) {
  return declared && declaredDocument(declared)
}

describe('fields', () => {
  it('read back as they were printed, whatever a name holds', () => {
    const name = fc.string({minLength: 1}).filter((text) => !/^\s*$/.test(text))
    fc.assert(
      fc.property(
        name,
        fc.option(name, {nil: undefined}),
        fc.option(name, {nil: undefined}),
        (key, subkey, element) => {
          const field =
            element === undefined
              ? {path: ['config', key, ...(subkey === undefined ? [] : [subkey])]}
              : {path: ['config', key], element}
          expect(parseField(formatField(field))).to.deep.equal(field)
        },
      ),
    )
  })
})
