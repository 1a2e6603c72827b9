import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'

interface Status {
  clusters: {yours: {object: string; absent?: true; committed: boolean}[]; unmanaged: string[]; drift: object[]}[]
}

describe('what manifests say beside what there is', () => {
  let lab: Lab
  let clone: Clone
  const vm = 'infra/home/vm/101.yaml'
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.agreed()
  })
  afterEach(async () => lab.stop())

  const status = async (of: Clone) => (await of.must('status', '--json')).json<Status>().clusters[0]!
  const gone = async () => lab.destroy(101)

  it('`absent: true` is a wish, whatever the cluster does with the guest, and nothing is offered', async () => {
    clone.write(vm, 'kind: vm\nid: 101\nabsent: true\n')
    expect((await status(clone)).yours).to.deep.equal([{object: 'home/vm/101', absent: true, committed: false}])
    await clone.git('commit', '-qam', 'It goes')
    const {node} = lab.simulator.simulation.state.guests[101]!
    await lab.api('PUT', `/nodes/${node}/qemu/101/config`, {description: 'still here'})
    await clone.git('push', '-q')
    for (const each of [clone, await lab.clone('ws.git', 'second')]) {
      const {open} = await each.sync()
      expect(open).to.deep.equal({drift: 0, conflicts: 0})
      expect(each.read(vm)).to.equal('kind: vm\nid: 101\nabsent: true\n')
      const {yours, unmanaged} = await status(each)
      expect(yours).to.deep.equal([{object: 'home/vm/101', absent: true, committed: true}])
      expect(unmanaged).to.deep.equal([])
    }
    await gone()
    expect((await clone.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
    expect((await status(clone)).yours).to.deep.equal([])
    expect((await clone.must('accept')).code).to.equal(0)
    expect(clone.read(vm)).to.equal('kind: vm\nid: 101\nabsent: true\n')
  })

  it('`from:` is no field, and stays while what is beside it is offered and accepted', async () => {
    clone.edit(vm, 'id: 101\n', 'id: 101\nfrom: {clone: 9000} # our template\n')
    await clone.git('commit', '-qam', 'Where it is from')
    expect((await clone.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
    const {node} = lab.simulator.simulation.state.guests[101]!
    await lab.api('PUT', `/nodes/${node}/qemu/101/config`, {cores: 9})
    await clone.must('sync', '--accept')
    expect(clone.read(vm)).to.include('from: {clone: 9000} # our template\n').and.to.include('cores: 9')
    expect((await status(clone)).yours).to.deep.equal([])
  })

  it('`id: next` is no object yet, twice in a file too', async () => {
    const guest = 'kind: vm\nid: next\nconfig:\n  name: new\n'
    clone.write('infra/home/vm/new.yaml', `${guest}---\n${guest}`)
    await clone.git('add', '-A')
    await clone.git('commit', '-qm', 'Two more')
    expect((await clone.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
    expect((await clone.must('accept')).code).to.equal(0)
    expect(clone.read('infra/home/vm/new.yaml')).to.equal(`${guest}---\n${guest}`)
  })

  it('a volume that was asked for by its size goes like all others, in a commit or before it', async () => {
    const before = clone.read(vm)
    clone.edit(
      vm,
      'config:\n',
      'config:\n  ide0: local-zfs:cloudinit\n  scsi5: local-zfs:8\n  net5:\n    model: virtio\n    bridge: vmbr0\n',
    )
    await clone.git('commit', '-qam', 'One more')
    const {node} = lab.simulator.simulation.state.guests[101]!
    const made = {ide0: 'local-zfs:cloudinit', scsi5: 'local-zfs:8', net5: 'virtio,bridge=vmbr0'}
    await lab.api('POST', `/nodes/${node}/qemu/101/config`, made)
    expect((await clone.must('plan', '--json')).json<{undecided: object[]}>().undecided).to.deep.equal([])
    expect((await clone.sync('--accept')).open).to.deep.equal({drift: 0, conflicts: 0})
    clone.write(vm, before)
    const told = async () => {
      const {clusters} = (await clone.must('status', '--json')).json<{
        clusters: {yours: object[]; conflicts: object[]}[]
      }>()
      return clusters.map(({yours, conflicts}) => [yours.length, conflicts])
    }
    expect(await told()).to.deep.equal([[3, []]])
    await clone.git('commit', '-qam', 'It goes')
    expect(await told()).to.deep.equal([[3, []]])
    expect((await clone.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
  })
})
