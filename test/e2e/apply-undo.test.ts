import {expect} from 'chai'
import type {ApplyResult} from '../../src/kit/verbs/index.js'
import {killedAtCommit} from '../support/apply.js'
import {Lab, type Clone} from '../support/lab.js'

const node = '/nodes/pve1/qemu'
const path = 'infra/home/vm/301.yaml'

describe('pmpc undo', function () {
  this.timeout(300_000)
  let lab: Lab
  let clone: Clone
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    await lab.api('POST', node, {
      ...{
        vmid: 301,
        name: 'turned',
        memory: 512,
        cores: 1,
        scsihw: 'virtio-scsi-pci',
        tags: 'a;b',
        description: 'as it was',
      },
      ...{scsi0: 'local-zfs:1', scsi1: 'local-zfs:2', net0: 'virtio,bridge=vmbr0', boot: 'order=scsi0;scsi1'},
    })
    clone = await lab.agreed()
  })
  after(async () => lab.stop())

  const all = ['--yes', '--allow', 'detaches-data,cuts-network,grants,moves-data']
  const run = async (...args: string[]) => {
    const result = await clone.pmpc([...args, '--json'])
    expect(result.code, result.stdout + result.stderr).to.equal(0)
    return result.json<ApplyResult>()
  }
  /** What Proxmox VE has of a guest, without what it makes up: names of volumes, unused ones. */
  const meaning = (vmid = 301) => {
    const {config} = lab.simulator.simulation.state.guests[vmid] ?? {config: {}}
    const entries = Object.entries(config).filter(([key]) => !/^(?:unused\d+|digest|meta|vmgenid)$/.test(key))
    return Object.fromEntries(
      entries.sort().map(([key, value]) => [key, String(value).replace(/(vm-\d+-disk-)\d+/, '$1N')]),
    )
  }
  const settled = async () => {
    expect(await clone.git('status', '--porcelain')).to.equal('')
    const {commit, open} = await clone.sync()
    expect([commit, open]).to.deep.equal([null, {drift: 0, conflicts: 0}])
  }

  it('makes what was before the run what is wished; and an undo is undone', async () => {
    const [was, text] = [meaning(), clone.read(path)]
    clone.edit(path, 'memory: 512', 'memory: 1024')
    clone.edit(path, '  description: as it was\n', '')
    clone.edit(path, /tags: .*/, 'tags: [b, c]')
    await run('apply', ...all)
    const [is, changed] = [meaning(), clone.read(path)]
    expect(is).to.not.deep.equal(was)
    const before = await clone.picture()
    await killedAtCommit(clone, ['undo', ...all])
    expect(await clone.picture()).to.deep.equal(before)
    const {done, warnings} = await run('undo', ...all)
    expect([done.map(({object}) => object), warnings]).to.deep.equal([['home/vm/301'], []])
    expect(meaning()).to.deep.equal(was)
    expect(clone.read(path).split('\n').sort()).to.deep.equal(text.split('\n').sort())
    await settled()
    await run('undo', ...all)
    expect(meaning()).to.deep.equal(is)
    expect(clone.read(path).split('\n').sort()).to.deep.equal(changed.split('\n').sort())
    await run('undo', ...all)
    expect(meaning()).to.deep.equal(was)
    await settled()
  })

  it('attaches again what was detached, with what changed along, and takes out what was put in', async () => {
    const was = meaning()
    const config = (clone.read(path).match(/^ {2}scsi1:.*\n(?: {4}.*\n)*/m) ?? [''])[0]
    clone.edit(path, config, '  scsi2: local-zfs:3\n')
    clone.edit(path, / *- scsi1\n|, scsi1/, '')
    const {run: id} = await run('apply', ...all)
    expect(meaning()).to.not.have.property('scsi1')
    await run('undo', id, ...all)
    expect(meaning()).to.deep.equal(was)
    await settled()
  })

  it('destroys what the run made, and only where it is named', async () => {
    clone.write(
      'infra/home/vm/310.yaml',
      'kind: vm\nid: 310\nplacement: {node: pve1}\nconfig:\n  name: made\n  memory: 512\n  scsi0: local-zfs:1\n',
    )
    const {observation} = await run('apply', ...all)
    const before = await clone.picture()
    const {code, suggestions} = await clone.fails(['undo', observation!, '--yes'])
    expect([code, suggestions[0]]).to.deep.equal(['PMPC_CONSENT', `pmpc undo ${observation!} --confirm home/vm/310`])
    expect(await clone.picture()).to.deep.equal(before)
    await run('undo', observation!, '--yes', '--confirm', 'vm/310')
    expect(lab.simulator.simulation.state.guests).to.not.have.property('310')
    expect(clone.has('infra/home/vm/310.yaml')).to.equal(false)
    await settled()
    const {code: again, message} = await clone.fails(['undo', ...all])
    expect(again).to.equal('PMPC_NOTHING_TO_UNDO')
    expect(message).to.contain('home/vm/310 stays: it was destroyed, and its data with it')
  })

  it('tells what does not come back, and leaves it and what was changed since', async () => {
    const size = /(scsi0:[^\n]*?(?:\n {4}[^\n]*?)*size[=:] ?)1G/
    clone.edit(path, size, '$12G')
    clone.edit(path, 'memory: 512', 'memory: 768')
    clone.edit(path, 'cores: 1', 'cores: 2')
    await run('apply', ...all)
    clone.edit(path, 'cores: 2', 'cores: 3')
    const {warnings} = await run('undo', ...all)
    expect(warnings.sort()).to.deep.equal([
      'home/vm/301 config.cores stays: it was changed since',
      'home/vm/301 config.scsi0.size stays: it grew from 1G to 2G, and nothing makes it smaller',
    ])
    expect(meaning()).to.deep.include({memory: '512', cores: '3'})
    await settled()
  })

  it('makes a thing without data anew', async () => {
    await lab.api('POST', '/pools', {poolid: 'nobodys', comment: 'why'})
    await clone.sync('--accept')
    await run('destroy', 'pool/nobodys', '--allow', 'grants')
    await run('undo', '--allow', 'grants')
    expect(lab.simulator.simulation.state.pools.nobodys).to.deep.include({comment: 'why'})
    await settled()
  })

  it('knows no run that is none', async () => {
    for (const word of ['nonesuch', 'HEAD~100', (await clone.git('rev-list', '--max-parents=0', 'HEAD')).slice(0, 12)])
      expect((await clone.fails(['undo', word])).code).to.equal('PMPC_NOT_FOUND')
  })
})
