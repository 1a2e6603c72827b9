import {expect} from 'chai'
import fc from 'fast-check'
import type {Observed} from '../../../src/kit/resources/index.js'
import {configs, documentOf, manifest, ref, vm, World} from './model.js'
import {declaredDocument, equalDocuments} from '../../../src/kit/reconcile/documents.js'

/** A world in which the first sync's offer was accepted. */
async function agreedOn(observed: Observed): Promise<World> {
  const world = new World()
  await world.sync(observed)
  world.commitAll()
  await world.sync(observed)
  return world
}

describe('merge of one object', () => {
  it('offers a new object as a manifest, and is silent once it was committed', async () => {
    const world = new World()
    const first = await world.sync(vm({cores: 2}, {pool: 'web'}))
    expect(first.items).to.deep.equal([{ref, base: null, offer: 'present', state: 'drift'}])
    expect(world.work).to.deep.equal(manifest({cores: 2}, {pool: 'web'}))
    world.commitAll()
    expect(await world.sync(vm({cores: 2}, {pool: 'web'}))).to.deep.equal({items: [], edits: []})
  })

  it('offers a changed value and keeps its base through further syncs', async () => {
    const world = await agreedOn(vm({cores: 2, memory: 1024}))
    await world.sync(vm({cores: 2, memory: 2048}))
    expect(world.items).to.deep.equal([{ref, field: 'config.memory', base: 1024, offer: 2048, state: 'drift'}])
    expect(world.work?.config.memory).to.equal(2048)
    await world.sync(vm({cores: 2, memory: 4096}))
    expect(world.items[0]).to.include({base: 1024, offer: 4096})
    expect(world.work?.config.memory).to.equal(4096)
  })

  it('withdraws an offer when the cluster goes back', async () => {
    const world = await agreedOn(vm({memory: 1024}))
    await world.sync(vm({memory: 2048}))
    const back = await world.sync(vm({memory: 1024}))
    expect(back.items).to.deep.equal([])
    expect(world.work?.config.memory).to.equal(1024)
  })

  it('offers again what git restore has hidden, also without a change in the cluster', async () => {
    const world = await agreedOn(vm({memory: 1024}))
    await world.sync(vm({memory: 2048}))
    world.work = structuredClone(world.head)
    const again = await world.sync(vm({memory: 2048}))
    expect(again.items).to.have.length(1)
    expect(world.work?.config.memory).to.equal(2048)
  })

  it('leaves an edit of the same field alone, and one of another field too', async () => {
    const world = await agreedOn(vm({memory: 1024, cores: 1}))
    world.work = manifest({memory: 512, cores: 8})
    await world.sync(vm({memory: 2048, cores: 1}))
    expect(world.work).to.deep.equal(manifest({memory: 512, cores: 8}))
    expect(world.items.map((item) => [item.field, item.state])).to.deep.equal([['config.memory', 'drift']])
  })

  it('takes a volume for the one that HEAD wishes by storage and size, and asks about what becomes of it later', async () => {
    const world = await agreedOn(vm({cores: 1}))
    world.work = manifest({cores: 1, scsi0: {file: 'local-zfs:32'}})
    world.commitAll()
    const disk = {file: 'local-zfs:vm-100-disk-1', size: '32G'}
    expect((await world.sync(vm({cores: 1, scsi0: disk}))).items).to.deep.equal([])
    expect((await world.sync(vm({cores: 1, scsi0: disk}))).items).to.deep.equal([])
    expect(world.work).to.deep.equal(manifest({cores: 1, scsi0: {file: 'local-zfs:32'}}))

    await world.sync(vm({cores: 1, scsi0: {...disk, size: '64G'}}))
    expect(world.items).to.deep.equal([{ref, field: 'config.scsi0.size', base: '32G', offer: '64G', state: 'drift'}])
    await world.sync(vm({cores: 1, scsi0: disk}))
    await world.sync(vm({cores: 1, scsi0: {...disk, file: 'ceph:vm-100-disk-0'}}))
    expect(world.items.map(({field, base, offer, state}) => [field, base, offer, state])).to.deep.equal([
      ['config.scsi0.file', disk.file, 'ceph:vm-100-disk-0', 'drift'],
    ])
  })

  it('calls it a conflict when HEAD holds neither the base nor the offer', async () => {
    const world = await agreedOn(vm({memory: 1024}))
    world.work = manifest({memory: 512})
    world.commitAll()
    await world.sync(vm({memory: 2048}))
    expect(world.items).to.deep.equal([{ref, field: 'config.memory', base: 1024, offer: 2048, state: 'conflict'}])
    expect(world.work?.config.memory).to.equal(512)
  })

  it('agrees when HEAD says the same as the cluster, and brings the working tree along', async () => {
    const world = await agreedOn(vm({memory: 1024}))
    world.head = manifest({memory: 2048})
    expect((await world.sync(vm({memory: 2048}))).items).to.deep.equal([])
    expect(world.work?.config.memory).to.equal(2048)
  })

  it('takes a committed offer for agreed, whatever the cluster does before the next sync', async () => {
    const back = await agreedOn(vm({memory: 1024}))
    await back.sync(vm({memory: 2048}))
    back.commitAll()
    await back.sync(vm({memory: 1024}))
    expect(back.items).to.deep.equal([{ref, field: 'config.memory', base: 2048, offer: 1024, state: 'drift'}])
    expect(back.work?.config.memory).to.equal(1024)

    const further = await agreedOn(vm({memory: 1024}))
    await further.sync(vm({memory: 2048}))
    further.commitAll()
    await further.sync(vm({memory: 4096}))
    expect(further.items.map((item) => [item.base, item.offer, item.state])).to.deep.equal([[2048, 4096, 'drift']])
  })

  it('asks about a new object that was committed and then vanished, and about a deletion that was agreed on and came back', async () => {
    const gone = new World()
    await gone.sync(vm({cores: 2}))
    gone.commitAll()
    await gone.sync(undefined)
    expect(gone.items.map((item) => [item.offer, item.state])).to.deep.equal([[null, 'drift']])
    expect(gone.work).to.equal(undefined)

    const edited = new World()
    await edited.sync(vm({cores: 2}))
    edited.work = manifest({cores: 4})
    edited.commitAll()
    await edited.sync(undefined)
    expect(edited.items.map((item) => [item.offer, item.state])).to.deep.equal([[null, 'conflict']])
    expect(edited.work).to.deep.equal(manifest({cores: 4}))

    const returned = await agreedOn(vm({cores: 2}))
    await returned.sync(undefined)
    returned.commitAll()
    await returned.sync(vm({cores: 2}))
    expect(returned.items.map((item) => [item.base, item.offer])).to.deep.equal([[null, 'present']])
    expect(returned.work).to.deep.equal(manifest({cores: 2}))
  })

  it('tells an emptied set from a removed key', async () => {
    const world = await agreedOn(vm({hotplug: ['disk']}))
    await world.sync(vm({hotplug: []}))
    expect(world.items.map((item) => [item.field, item.offer])).to.deep.equal([['config.hotplug', []]])
    expect(world.work).to.deep.equal(manifest({hotplug: []}))
  })

  it('is silent about a wish of ours that the cluster does not know yet', async () => {
    const world = await agreedOn(vm({memory: 1024}))
    world.work = manifest({memory: 512})
    world.commitAll()
    expect(await world.sync(vm({memory: 1024}))).to.deep.equal({items: [], edits: []})
  })

  it('merges a property string by sub-key, a set by element, an ordered list as a whole', async () => {
    const world = await agreedOn(
      vm({net0: {model: 'virtio', tag: 5}, tags: ['prod', 'web'], boot: {order: 'scsi0;net0'}}),
    )
    world.work = manifest({net0: {model: 'e1000', tag: 5}, tags: ['mine', 'prod', 'web'], boot: {order: 'scsi0;net0'}})
    world.commitAll()
    await world.sync(vm({net0: {model: 'virtio', tag: 6}, tags: ['blue', 'web'], boot: {order: 'net0;scsi0'}}))
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

  it('takes a manifest out when the object is gone, and puts it back when it returns', async () => {
    const world = await agreedOn(vm({memory: 1024}))
    const gone = await world.sync(undefined)
    expect(gone.items[0]).to.deep.include({state: 'drift', offer: null})
    expect(world.work).to.equal(undefined)
    const again = await world.sync(undefined)
    expect(again.items).to.deep.equal(gone.items)
    expect((await world.sync(vm({memory: 1024}))).items).to.deep.equal([])
    expect(world.work).to.deep.equal(manifest({memory: 1024}))
  })

  it('calls a deletion of something we changed a conflict', async () => {
    const world = await agreedOn(vm({memory: 1024}))
    world.work = manifest({memory: 512})
    world.commitAll()
    expect((await world.sync(undefined)).items[0]?.state).to.equal('conflict')
    expect(world.work).to.deep.equal(manifest({memory: 512}))
  })

  it('never offers again what people took out, and never touches a manifest of theirs for it', async () => {
    const world = await agreedOn(vm({memory: 1024}))
    world.work = undefined
    world.commitAll()
    expect(await world.sync(vm({memory: 2048}))).to.deep.equal({items: [], edits: []})
    world.work = manifest({memory: 2048})
    expect(await world.sync(undefined)).to.deep.equal({items: [], edits: []})
  })

  it('withdraws a new object that vanished before anyone agreed, but not an edited manifest', async () => {
    const world = new World()
    await world.sync(vm({memory: 1024}))
    await world.sync(undefined)
    expect(world.work).to.equal(undefined)
    await world.sync(vm({memory: 1024}))
    world.work = manifest({memory: 1})
    await world.sync(undefined)
    expect(world.work).to.deep.equal(manifest({memory: 1}))
    expect(world.items).to.deep.equal([])
  })

  it('follows a new object that changes before anyone agreed, field by field', async () => {
    const world = new World()
    await world.sync(vm({memory: 1024, cores: 1}))
    world.work = manifest({memory: 1024, cores: 8})
    await world.sync(vm({memory: 2048, cores: 2}))
    expect(world.work?.config).to.deep.equal({memory: 2048, cores: 8})
  })

  it('adopts an equal manifest when the state is lost, and keeps every difference open until it is decided', async () => {
    const world = await agreedOn(vm({memory: 1024, cores: 1}))
    world.isRecorded = false
    world.before = undefined
    expect((await world.sync(vm({memory: 1024, cores: 1}))).items).to.deep.equal([])
    world.isRecorded = false
    world.before = undefined
    const differing = await world.sync(vm({memory: 2048, cores: 1, name: 'web'}))
    expect(differing.items).to.deep.equal([
      {ref, field: 'config.memory', offer: 2048, state: 'conflict'},
      {ref, field: 'config.name', offer: 'web', state: 'conflict'},
    ])
    expect(world.work?.config).to.deep.equal({memory: 1024, cores: 1})
    expect((await world.sync(vm({memory: 2048, cores: 1, name: 'web'}))).items).to.deep.equal(differing.items)
  })

  it('offers the whole document when a VMID was reused, never a change of fields', async () => {
    const world = await agreedOn(vm({memory: 1024, name: 'old'}, {}, 1))
    await world.sync(vm({memory: 2048, name: 'new'}, {}, 2))
    expect(world.items).to.have.length(1)
    expect(world.items[0]).to.deep.include({offer: 'present', state: 'drift'})
    expect(world.items[0]).not.to.have.property('field')
    expect(world.work).to.deep.equal(manifest({memory: 2048, name: 'new'}))
    const again = await world.sync(vm({memory: 2048, name: 'new'}, {}, 2))
    expect(again.items).to.have.length(1)
    expect(again.edits).to.deep.equal([])
  })

  it('takes a migration or a stop for drift only where the manifest asks for a place or for power', async () => {
    const world = await agreedOn(vm({memory: 1024}))
    const moved = vm({memory: 1024}, {node: 'pve2', status: 'stopped'})
    expect(await world.sync(moved)).to.deep.equal({items: [], edits: []})
    world.work = manifest({memory: 1024}, {placement: {node: 'pve2', pinned: true}, power: 'running'})
    world.commitAll()
    await world.sync(vm({memory: 1024}, {node: 'pve2', status: 'running'}))
    await world.sync(vm({memory: 1024}, {node: 'pve3', status: 'stopped'}))
    expect(world.items.map((item) => [item.field, item.base, item.offer])).to.deep.equal([
      ['placement.node', 'pve2', 'pve3'],
      ['power', 'running', 'stopped'],
    ])
  })

  const states = fc.option(fc.record({config: configs, ctime: fc.constantFrom(1, 2)}), {nil: undefined})
  const histories = fc.array(states, {minLength: 1, maxLength: 5})
  const asVm = (state: {config: Observed['config']; ctime: number} | undefined) =>
    state && vm(state.config, {}, state.ctime)

  it('is the same again on a second sync, whatever happened before', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.array(fc.option(configs, {nil: undefined})), async (history, edits) => {
        const world = new World()
        for (const [index, state] of history.entries()) {
          await world.sync(asVm(state))
          const edit = edits[index]
          if (edit) world.work = manifest(edit)
          if (index % 2) world.commitAll()
        }
        const last = asVm(history.at(-1))
        const first = await world.sync(last)
        const second = await world.sync(last)
        expect(second.items).to.deep.equal(first.items)
        expect(second.edits).to.deep.equal([])
      }),
      {numRuns: 1000},
    )
  })

  it('shows the cluster in an untouched working tree, becomes it by accept and HEAD by reject', async () => {
    await fc.assert(
      fc.asyncProperty(configs, histories, async (start, history) => {
        const world = await agreedOn(vm(start))
        for (const state of history) await world.sync(asVm(state))
        const last = asVm(history.at(-1))
        expect(equalDocuments(world.work && declaredDocument(world.work), documentOf(last))).to.equal(true)
        const [accepting, rejecting] = [world.fork(), world.fork()]
        accepting.decide('accept')
        expect(equalDocuments(toDocument(accepting.head), documentOf(last))).to.equal(true)
        expect(toDocument(accepting.work)).to.deep.equal(toDocument(accepting.head))
        expect(await accepting.sync(last)).to.deep.equal({items: [], edits: []})
        rejecting.decide('reject')
        expect(toDocument(rejecting.work)).to.deep.equal(toDocument(rejecting.head))
        expect(await rejecting.sync(last)).to.deep.equal({items: [], edits: []})
      }),
      {numRuns: 1000},
    )
  })

  it('gives a second clone the same items and the same offer before anyone has accepted', async () => {
    await fc.assert(
      fc.asyncProperty(configs, histories, async (start, history) => {
        const first = await agreedOn(vm(start))
        for (const state of history) await first.sync(asVm(state))
        const second = first.clone()
        await second.sync(first.before)
        expect(second.items).to.deep.equal(first.items)
        expect(toDocument(second.work)).to.deep.equal(toDocument(first.work))
      }),
      {numRuns: 1000},
    )
  })
})

function toDocument(declared: Parameters<typeof declaredDocument>[0] | undefined) {
  return declared && declaredDocument(declared)
}
