import {expect} from 'chai'
import {renameSync, mkdirSync} from 'node:fs'
import path from 'node:path'
import {Lab, type Clone} from '../support/lab.js'

interface Decided {
  decided: unknown[]
  kept: {object: string; fields: string[]}[]
  warnings: string[]
}

describe('what people typed', () => {
  let lab: Lab
  let clone: Clone
  const vm = 'infra/home/vm/101.yaml'
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.agreed()
  })
  afterEach(async () => lab.stop())

  const gone = async () => lab.destroy(101)
  const decide = async (...args: string[]) => (await clone.must(...args, '--json')).json<Decided>()

  it('stays in a manifest whose guest is gone: an uncommitted comment keeps the file, and it is said', async () => {
    clone.append(vm, '# ask Ada before this goes\n')
    await gone()
    const {warnings} = await clone.sync()
    expect(clone.read(vm)).to.include('# ask Ada before this goes')
    expect(warnings.join('\n')).to.include('home/vm/101').and.to.include(vm)
    const {kept} = await decide('accept', 'vm/101')
    expect(clone.read(vm)).to.include('# ask Ada before this goes')
    expect(kept.map(({object}) => object)).to.deep.equal(['home/vm/101'])
    expect(await clone.git('ls-tree', '--name-only', 'HEAD', vm)).to.equal('')
  })

  it('goes with the manifest where it is committed, as Git has it', async () => {
    clone.append(vm, '# an old note\n')
    await clone.git('commit', '-qam', 'A note')
    await gone()
    await clone.sync()
    expect(clone.has(vm)).to.equal(false)
    await decide('reject', 'vm/101')
    expect(clone.read(vm)).to.include('# an old note')
  })

  it('stays in a document of a file that holds others', async () => {
    clone.write('infra/all.yaml', `${clone.read(vm)}---\n${clone.read('infra/home/vm/100.yaml')}`)
    clone.remove(vm)
    clone.remove('infra/home/vm/100.yaml')
    await clone.git('add', '-A')
    await clone.git('commit', '-qm', 'One file')
    clone.edit('infra/all.yaml', 'kind: vm\nid: 101\n', '# mine\nkind: vm\nid: 101\n')
    await gone()
    await clone.sync()
    expect(clone.read('infra/all.yaml')).to.include('# mine\nkind: vm\nid: 101\n')
  })

  it('stays in an offered manifest that is rejected, or whose guest vanishes', async () => {
    await lab.api('POST', '/nodes/pve1/qemu', {vmid: 601, name: 'new1'})
    await lab.api('POST', '/nodes/pve1/qemu', {vmid: 602, name: 'new2'})
    await clone.sync()
    for (const id of [601, 602]) clone.append(`infra/home/vm/${id}.yaml`, `# notes on ${id}\n`)
    const {kept} = await decide('reject', 'vm/601')
    expect(clone.read('infra/home/vm/601.yaml')).to.include('# notes on 601')
    expect(kept.map(({object}) => object)).to.deep.equal(['home/vm/601'])
    await lab.api('DELETE', '/nodes/pve1/qemu/602')
    const {warnings} = await clone.sync()
    expect(clone.read('infra/home/vm/602.yaml')).to.include('# notes on 602')
    expect(warnings.join('\n')).to.include('home/vm/602')
  })

  it('is not in an offered manifest that nobody touched: that goes', async () => {
    await lab.api('POST', '/nodes/pve1/qemu', {
      vmid: 601,
      name: 'new1',
      memory: 1024,
      tags: 'b;a',
      net0: 'virtio,bridge=vmbr0',
    })
    await clone.sync()
    await lab.set('/nodes/pve1/qemu/601', {memory: 2048, cores: 2, delete: 'tags'})
    await clone.sync()
    expect(clone.has('infra/home/vm/601.yaml')).to.equal(true)
    await decide('reject', 'vm/601')
    expect(clone.has('infra/home/vm/601.yaml')).to.equal(false)
  })

  it('stays behind a value whose key goes', async () => {
    clone.edit(vm, /^( {2}memory: \d+)$/m, '$1   # as the vendor asks')
    clone.edit(vm, /^( {2}net0:)$/m, '$1 # the DMZ\n    # until 2027')
    const {node} = lab.simulator.simulation.state.guests[101]!
    await lab.set(`/nodes/${node}/qemu/101`, {delete: 'memory,net0'})
    await clone.sync()
    const text = clone.read(vm)
    expect(text).to.not.match(/^ {2}(memory|net0):/m)
    expect(text)
      .to.match(/^ {2}# as the vendor asks$/m)
      .and.to.match(/^ {2}# the DMZ$/m)
      .and.to.match(/^ {2,4}# until 2027$/m)
  })

  it('is found where the file stands now: accept works on a manifest that was moved', async () => {
    const moved = 'infra/web/front.yaml'
    mkdirSync(path.join(clone.root, 'infra/web'))
    renameSync(path.join(clone.root, vm), path.join(clone.root, moved))
    clone.append(moved, '# moved here\n')
    const {node} = lab.simulator.simulation.state.guests[101]!
    await lab.set(`/nodes/${node}/qemu/101`, {cores: 7})
    await clone.sync()
    expect(clone.read(moved)).to.include('cores: 7').and.to.include('# moved here')
    await decide('accept', 'vm/101')
    expect(await clone.git('show', `HEAD:${vm}`))
      .to.include('cores: 7')
      .and.not.include('# moved here')
    expect(clone.read(moved)).to.include('cores: 7').and.to.include('# moved here')
    expect(clone.has(vm)).to.equal(false)
    const status = (await clone.must('status', '--json')).json<{
      clusters: {drift: unknown[]; conflicts: unknown[]; yours: unknown[]; unmanaged: string[]}[]
    }>()
    expect(status.clusters[0]).to.deep.include({drift: [], conflicts: [], yours: [], unmanaged: []})
    await clone.git('add', '-A', 'infra')
    await clone.git('commit', '-qm', 'Move')
    expect((await clone.sync()).commit).to.equal(null)
  })
})
