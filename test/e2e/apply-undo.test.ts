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
    expect((await clone.git('log', '-4', '--format=%s')).trim().split('\n')).to.deep.equal([
      ...['applied(home): undo vm/301, 1 done', 'undo(home): home/vm/301'],
      ...['applied(home): vm/301, 1 done', 'apply(home): home/vm/301'],
    ])
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

  it('of a secret that was put in nothing is lost: it is taken out; one that was taken out stays so', async () => {
    const was = meaning()
    clone.edit(path, 'config:\n', 'config:\n  cipassword: "**********"\n')
    const variable = 'PMPC_SECRET_HOME_VM_301_CIPASSWORD'
    const put = await clone.pmpc(['apply', '--json', ...all], {env: {[variable]: 'a-secret-word'}})
    expect(put.code, put.stdout).to.equal(0)
    expect(meaning()).to.have.property('cipassword')
    const {warnings} = await run('undo', ...all)
    expect([meaning(), warnings]).to.deep.equal([was, []])
    // The undo has taken it out.
    const {code, message} = await clone.fails(['undo', ...all])
    expect([code, message]).to.satisfy(
      ([of, text]: string[]) =>
        of === 'PMPC_NOTHING_TO_UNDO' &&
        text!.includes('config.cipassword stays: what was secret of it is kept nowhere'),
    )
    await settled()
  })

  it('leaves a disk where it is that a running guest has not let go of yet', async () => {
    await lab.set(`${node}/301`, {hotplug: 0})
    await lab.api('POST', `${node}/301/status/start`)
    await clone.sync('--accept')
    const {config} = lab.simulator.simulation.state.guests[301]!
    const [was, volume] = [meaning(), String(config.scsi1).split(',')[0]]
    clone.edit(path, /^ {2}scsi1:.*\n(?: {4}.*\n)*/m, '')
    clone.edit(path, / *- scsi1\n|, scsi1/, '')
    await run('apply', ...all)
    await run('undo', ...all)
    expect(meaning()).to.deep.equal(was)
    expect(String(lab.simulator.simulation.state.guests[301]!.config.scsi1)).to.contain(volume)
    await settled()
    await lab.api('POST', `${node}/301/status/stop`)
    await lab.set(`${node}/301`, {delete: 'hotplug'})
    await clone.sync('--accept')
  })

  it('brings the rest back where a disk is gone for good, with a boot order of what is there', async () => {
    await lab.set(`${node}/301`, {scsi2: 'local-zfs:1', boot: 'order=scsi0;scsi1;scsi2'})
    await clone.sync('--accept')
    clone.edit(path, /^ {2}scsi2:.*\n(?: {4}.*\n)*/m, '')
    clone.edit(path, / *- scsi2\n|, scsi2/, '')
    clone.edit(path, 'memory: 512', 'memory: 768')
    const volume = String(lab.simulator.simulation.state.guests[301]!.config.scsi2).split(',')[0]
    const {run: id} = await run('apply', ...all)
    const unused = Object.entries(lab.simulator.simulation.state.guests[301]!.config).find(
      ([, at]) => at === volume,
    )![0]
    await run('destroy', `vm/301:${unused}`, '--confirm', 'vm/301')
    const {warnings} = await run('undo', id, ...all)
    expect(warnings).to.have.length(1)
    expect(warnings[0]).to.match(/^home\/vm\/301 config\.scsi2 stays: its volume .* was destroyed$/)
    expect(meaning()).to.deep.include({memory: '512', boot: 'order=scsi0;scsi1'}).and.not.have.property('scsi2')
    await settled()
  })

  it('puts what went along where it was: a group is in its users and in the ACL again', async () => {
    await lab.api('POST', '/access/groups', {groupid: 'crew'})
    await lab.api('POST', '/access/users', {userid: 'joe@pve', groups: 'crew'})
    await lab.api('PUT', '/access/acl', {path: '/vms/301', groups: 'crew', roles: 'PVEAuditor'})
    await clone.sync('--accept')
    const of = () => {
      const {users, groups, acl} = lab.simulator.simulation.state
      return JSON.stringify([users['joe@pve'], groups, acl])
    }
    const was = of()
    await run('destroy', 'group/crew', '--allow', 'grants')
    expect(of()).to.not.equal(was)
    await run('undo', '--allow', 'grants')
    expect(of()).to.equal(was)
    await settled()
  })

  it('makes a storage without secrets anew, and tells of one that may have had one', async () => {
    await lab.api('POST', '/storage', {storage: 'plain', type: 'dir', path: '/srv/plain', content: 'iso'})
    await lab.api('POST', '/storage', {
      storage: 'share',
      type: 'cifs',
      server: '192.0.2.7',
      share: 'one',
      content: 'iso',
    })
    await clone.sync('--accept')
    await run('destroy', 'storage/plain', 'storage/share', '--yes')
    const {done, warnings} = await run('undo', '--yes')
    expect(done.map(({object}) => object)).to.deep.equal(['home/storage/plain'])
    expect(warnings).to.deep.equal([
      'home/storage/share stays: it was removed, and what was secret of it is kept nowhere',
    ])
    expect(lab.simulator.simulation.state.storages.plain?.config).to.deep.include({path: '/srv/plain'})
    await settled()
  })

  it('overwrites nothing that somebody has changed meanwhile, whether or not a sync has told of it', async () => {
    const change = async () => {
      clone.edit(path, 'memory: 512', 'memory: 768')
      clone.edit(path, /cores: \d/, 'cores: 2')
      const {run: id} = await run('apply', ...all)
      await lab.set(`${node}/301`, {memory: 4096})
      return id
    }
    const cores = meaning().cores
    let id = await change()
    let {done, undecided} = await run('undo', id, ...all)
    expect([done.length, undecided.map(({field}) => field)]).to.deep.equal([1, ['config.memory']])
    expect(meaning()).to.deep.include({memory: '4096', cores})
    await clone.git('checkout', '-q', '--', '.')
    await lab.set(`${node}/301`, {memory: 512})
    await clone.sync('--accept')
    // Told, and not decided.
    id = await change()
    await clone.sync()
    ;({done, undecided} = await run('undo', id, ...all))
    expect([done.length, undecided.map(({field}) => field)]).to.deep.equal([1, ['config.memory']])
    expect(meaning()).to.deep.include({memory: '4096', cores})
    await clone.git('checkout', '-q', '--', '.')
    await lab.set(`${node}/301`, {memory: 512})
    await clone.sync('--accept')
    // Agreed to.
    id = await change()
    await clone.sync('--accept')
    const {warnings} = await run('undo', id, ...all)
    expect(warnings).to.deep.equal(['home/vm/301 config.memory stays: it was changed since'])
    expect(meaning()).to.deep.include({memory: '4096', cores})
    await settled()
    await lab.set(`${node}/301`, {memory: 512})
    await clone.sync('--accept')
  })

  it('of a run of which a part failed turns round what was done', async () => {
    await lab.api('POST', '/pools', {poolid: 'half', comment: 'one'})
    await clone.sync('--accept')
    const was = meaning()
    clone.edit('infra/home/pool/half.yaml', 'comment: one', 'comment: two')
    clone.edit(path, 'memory: 512', 'memory: 768')
    lab.simulator.simulation.faults.add({kind: 'forbidden', method: 'PUT', path: '^/pools', times: 1})
    const {stdout, code} = await clone.pmpc(['apply', '--json', ...all])
    const applied = JSON.parse(stdout) as ApplyResult
    expect([code, applied.failed.map(({object}) => object)]).to.deep.equal([1, ['home/pool/half']])
    const {done, warnings} = await run('undo', applied.run, ...all)
    expect(done.map(({object}) => object)).to.deep.equal(['home/vm/301'])
    expect([meaning(), warnings]).to.deep.equal([was, ['home/pool/half stays: it was not done (failed)']])
  })

  describe('of others', () => {
    let other: Clone
    before(async () => {
      await clone.git('checkout', '-q', '--', '.')
      await run('apply', ...all)
      await clone.git('push', '-q')
      other = await lab.clone('ws.git', 'theirs')
    })

    it('takes short ids of either commit, also in the clone of somebody else', async () => {
      for (const which of ['intention', 'observation'] as const) {
        const was = meaning()
        clone.edit(path, 'memory: 512', 'memory: 1024')
        const applied = await run('apply', ...all)
        await clone.git('push', '-q')
        await other.git('pull', '-q')
        const back = await other.pmpc(['undo', applied[which]!.slice(0, 8), '--json', ...all])
        expect([back.code, meaning()], back.stdout).to.deep.equal([0, was])
        await other.git('push', '-q')
        await clone.git('pull', '-q')
        await settled()
      }
    })
  })

  it('knows no run that is none', async () => {
    for (const word of ['nonesuch', 'HEAD~100', (await clone.git('rev-list', '--max-parents=0', 'HEAD')).slice(0, 12)])
      expect((await clone.fails(['undo', word])).code).to.equal('PMPC_NOT_FOUND')
  })

  it('says what no manifest could take back, and leaves another guest alone that has the VMID by now', async () => {
    await lab.api('POST', node, {vmid: 304, name: 'verbs', memory: 512})
    await clone.sync('--accept')
    for (const [words, why] of [
      [['start', 'vm/304'], 'home/vm/304 power stays: its manifest says nothing of it'],
      [['snapshot', 'vm/304', '--name', 's1'], 'what it did has left nothing that a manifest says'],
    ] as const) {
      await clone.must(...words, '--yes')
      const {code, message} = await clone.fails(['undo', '--yes'])
      expect([code, message.includes(why)], message).to.deep.equal(['PMPC_NOTHING_TO_UNDO', true])
    }
    clone.write(
      'infra/home/vm/305.yaml',
      'kind: vm\nid: 305\nplacement: {node: pve1}\nconfig: {name: made, memory: 512}\n',
    )
    await run('apply', 'vm/305', ...all)
    await lab.api('DELETE', `${node}/305`)
    await lab.api('POST', node, {vmid: 305, name: 'made', memory: 512})
    lab.simulator.simulation.state.guests[305]!.config.meta = 'creation-qemu=9.0.0,ctime=1700000000'
    await clone.sync()
    const {message} = await clone.fails(['undo', ...all, '--confirm', '305'])
    expect(message).to.include('home/vm/305 stays: another guest has its VMID since')
  })

  it('a revert of the commit of the wishes is a wish, too', async () => {
    const was = meaning()
    clone.edit(path, 'memory: 512', 'memory: 1024')
    clone.edit(path, /tags: .*/, 'tags: [z]')
    const {intention} = await run('apply', ...all)
    await clone.git('revert', '--no-edit', intention!)
    const {done, intention: none, undecided} = await run('apply', ...all)
    expect(undecided).to.deep.equal([])
    expect([done.map(({object}) => object), none, meaning()]).to.deep.equal([['home/vm/301'], null, was])
    await settled()
  })

  it('knows a disk again that was moved away and back since, and has another name', async () => {
    await lab.api('POST', '/storage', {storage: 'files', type: 'dir', path: '/srv/files', content: 'images'})
    await clone.sync('--accept')
    clone.edit(path, 'config:\n', 'config:\n  scsi4: {file: "files:1", format: qcow2}\n')
    await run('apply', ...all)
    const named = /^files:301\/vm-301-disk-\d+\.qcow2/
    const disk = (slot: string) => String(lab.simulator.simulation.state.guests[301]!.config[slot])
    expect(disk('scsi4')).to.match(named)
    clone.edit(path, 'scsi4:', 'scsi5:')
    const {run: id} = await run('apply', ...all)
    clone.edit(path, /files:(301\/vm-301-disk-\d+\.qcow2)/, 'local-zfs:$1')
    await run('apply', ...all)
    await run('undo', ...all)
    expect(disk('scsi5'))
      .to.match(/^files:301\//)
      .and.not.to.match(named)
    const {warnings} = await run('undo', id, ...all)
    expect(warnings).to.deep.equal([])
    expect(disk('scsi4')).to.match(/^files:301\//)
    expect(lab.simulator.simulation.state.guests[301]!.config).to.not.have.property('scsi5')
    await settled()
  })
})
