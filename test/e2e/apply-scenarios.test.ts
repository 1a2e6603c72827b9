// What has gone wrong with other tools for Proxmox VE in real clusters, played with `pmpc apply`.
import {expect} from 'chai'
import type {FaultSpec} from '../../plugins/simulator/src/faults/kinds.js'
import type {Plan} from '../../src/kit/plan/index.js'
import {applyIn, type Applied, declare, declareNew, tasksOf, Watch} from '../support/apply.js'
import {everySort} from '../support/every-sort.js'
import {Lab, remembered, type Clone} from '../support/lab.js'

/** All was done, as it was predicted. */
function expectDone({error, failed, skipped, unknown, undecided, code}: Applied): void {
  expect([error, failed, skipped, unknown, undecided, code]).to.deep.equal([undefined, [], [], [], [], 0])
}

/** What is asked of a cluster where nothing is to be written. */
const nothing = {done: [], failed: [], skipped: [], unknown: []}

describe('apply, where other tools failed', function () {
  this.timeout(120_000)
  let lab: Lab
  let clone: Clone
  let watch: Watch
  let reset: () => Promise<void>

  before(async () => {
    lab = await Lab.start({seed: 'cluster', offlineServices: 'accept', proxyTimeout: 300})
    watch = new Watch(lab.simulator.simulation, Number(new URL(lab.simulator.url).port))
    clone = await lab.agreed('ws')
    reset = await remembered(lab, clone)
  })
  after(async () => {
    watch.stop()
    await lab.stop()
  })
  beforeEach(async () => {
    await reset()
    watch.begin()
  })

  const fault = (spec: FaultSpec): void => void lab.simulator.simulation.faults.add(spec)
  const guest = (vmid: number) => lab.simulator.simulation.state.guests[vmid]!
  const plan = async (): Promise<Plan> => (await clone.pmpc(['plan', '--json'])).json<Plan>()
  const sent = (): string[] => watch.writes.map(({verb, path}) => `${verb} ${path}`)
  /** Nothing is left to be said or done on either side. */
  const expectAgreed = async (): Promise<void> => {
    const {commit, clusters} = await clone.sync()
    expect([commit, clusters[0]!.open, (await plan()).actions]).to.deep.equal([null, [], []])
  }

  it('1: an old boot order, an empty drive and what PVE made up are no wish', async () => {
    const result = await applyIn(clone)
    expect(result).to.deep.include({...nothing, code: 0, intention: null, observation: null})
    expect(sent()).to.deep.equal([])
    declare(clone, 'vm/111', ['config', 'description'], 'old but good')
    guest(111).lock = undefined
    expect((await applyIn(clone)).code).to.equal(0)
    expect(watch.writes.map(({params}) => Object.keys(params).sort())).to.deep.equal([['description', 'digest']])
    await expectAgreed()
  })

  it('2: tags are a set, in whatever order and case Proxmox VE keeps them', async () => {
    declare(clone, 'vm/120', ['config', 'tags'], 'Web;beta,alpha')
    expectDone(await applyIn(clone))
    expect(sent()).to.deep.equal(['PUT /nodes/pve1/qemu/120/config'])
    await expectAgreed()
    declare(clone, 'vm/120', ['config', 'tags'], ['beta', 'alpha', 'Web'])
    expect((await applyIn(clone)).done).to.deep.equal([])
  })

  it('3: keys, line ends and letters beyond ASCII come back as they were sent', async () => {
    const keys = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFkfu/AXXWY//tmQQofgXHOdYwsA3A5xc4O8GbXyplZr jörg+1@example.com\n'
    declare(clone, 'vm/102', ['config', 'sshkeys'], keys)
    declare(clone, 'vm/102', ['config', 'description'], 'Überwachung: „100 %“\n\n* a: b\n\n')
    declareNew(clone, 'mapping', {
      kind: 'dir-mapping',
      id: 'srv',
      config: {description: 'Größe: 100 % – „ja“', map: {pve1: {path: '/srv'}}},
    })
    expectDone(await applyIn(clone))
    expect(decodeURIComponent(String(guest(102).config.sshkeys)).trim()).to.equal(keys.trim())
    await expectAgreed()
  })

  it('4: a member of an IP set is the network that it stands for', async () => {
    declareNew(clone, 'fw', {
      kind: 'firewall',
      id: 'cluster',
      config: {ipsets: {office: {members: {'10.0.0.0/24': {}, '192.0.2.7': {comment: 'one'}}}}},
    })
    expectDone(await applyIn(clone, '--allow', 'cuts-network'))
    await expectAgreed()
    watch.begin()
    expect(await applyIn(clone)).to.deep.include({...nothing, code: 0})
    expect(sent()).to.deep.equal([])
  })

  it('5: a clone whose template has gone is not made anew', async () => {
    declareNew(clone, 'clone', {
      kind: 'vm',
      id: 300,
      from: {clone: 9000, full: true},
      placement: {node: 'pve1', pinned: true},
      config: {name: 'cloned', memory: 4096},
    })
    expectDone(await applyIn(clone))
    await lab.api('DELETE', '/nodes/pve1/qemu/9000')
    await clone.sync('--accept')
    watch.begin()
    expect(await applyIn(clone)).to.deep.include({...nothing, code: 0})
    expect(sent()).to.deep.equal([])
  })

  it('6: a device of the host is for root@pam alone, a mapping is not', async () => {
    const map = 'node=pve3,path=0000:01:00.0,id=10de:1b80'
    await lab.api('POST', '/cluster/mapping/pci', {id: 'gpu', map})
    await clone.sync('--accept')
    declare(clone, 'vm/110', ['config', 'hostpci0'], {host: '0000:01:00.0'})
    const refused = await applyIn(clone)
    expect(refused.code).to.be.oneOf([1, 77])
    expect(JSON.stringify(refused)).to.match(/only root@pam/)
    expect(sent()).to.deep.equal([])
    declare(clone, 'vm/110', ['config', 'hostpci0'], {mapping: 'gpu'})
    expectDone(await applyIn(clone))
    await expectAgreed()
  })

  it('7: a change beside a password does not send its mask', async () => {
    declare(clone, 'vm/102', ['config', 'nameserver'], '192.0.2.54')
    const before = guest(102).config.cipassword
    expectDone(await applyIn(clone))
    expect(watch.writes.map(({params}) => Object.keys(params).sort())).to.deep.equal([['digest', 'nameserver']])
    expect(guest(102).config.cipassword).to.equal(before)
  })

  it('8: what waits for a restart is done as was said, and is neither drift nor a wish', async () => {
    declare(clone, 'vm/100', ['config', 'memory'], 3072)
    const {code, done} = await applyIn(clone)
    expect([code, done.map(({consequence}) => consequence)]).to.deep.equal([0, ['pending-until-reboot']])
    expect([guest(100).config.memory, guest(100).pending.memory]).to.deep.equal(['8192', '3072'])
    await expectAgreed()
  })

  it('9: a guest that moves meanwhile is found where it went', async () => {
    declare(clone, 'vm/101', ['config', 'onboot'], 0)
    fault({
      kind: 'edits',
      path: '^/nodes/pve2/qemu/101/pending$',
      after: 1,
      calls: [{method: 'POST', path: '/nodes/pve2/qemu/101/migrate', params: {target: 'pve1', online: 1}}],
    })
    expectDone(await applyIn(clone))
    expect([guest(101).node, guest(101).config.onboot]).to.deep.equal(['pve1', 0])
    expect(sent().filter((line) => !line.startsWith('PUT '))).to.deep.equal([])
    const {counts} = await clone.sync('--accept')
    expect(counts.vm).to.include({added: 0, removed: 0})
  })

  it('10: where one node is off and another one hangs, the rest goes on, and ends', async () => {
    declare(clone, 'vm/120', ['config', 'cores'], 3)
    declare(clone, 'vm/101', ['config', 'cores'], 3)
    declare(clone, 'vm/110', ['config', 'cores'], 3)
    fault({kind: 'node-offline', node: 'pve2'})
    fault({kind: 'node-hang', node: 'pve3', path: '^/nodes/pve3/qemu/110/config$', method: 'GET', after: 1})
    const {code, done, failed, skipped, unknown, undecided} = await applyIn(clone)
    expect(code).to.equal(1)
    expect(done.map(({object}) => object)).to.deep.equal(['home/vm/120'])
    expect([...failed, ...skipped, ...unknown, ...undecided].map(({object}) => object).sort()).to.deep.equal([
      'home/vm/101',
      'home/vm/110',
    ])
    lab.simulator.simulation.faults.clear()
    expectDone(await applyIn(clone))
    await expectAgreed()
  })

  it('12: a connection that was closed reaches nobody, and nothing is done twice', async () => {
    for (const [kind, memory] of [
      ['drop', 2049],
      ['lost', 2050],
    ] as const) {
      declare(clone, 'vm/120', ['config', 'memory'], memory)
      declareNew(clone, kind, {kind: 'pool', id: kind, config: {}})
      fault({kind, path: '^/nodes/pve1/qemu/120/config$', method: 'PUT', times: 1})
      fault({kind, path: '^/pools$', method: 'POST', times: 1})
      watch.begin()
      expectDone(await applyIn(clone))
      expect(sent().sort(), kind).to.deep.equal(['POST /pools', 'PUT /nodes/pve1/qemu/120/config'])
    }
    await expectAgreed()
  })

  it('13: of two that take the same id, the second does not touch what the first has made', async () => {
    const other = await lab.clone('ws.git', 'other')
    for (const each of [clone, other])
      declareNew(each, 'new', {
        kind: 'vm',
        id: 'next',
        placement: {node: 'pve1', pinned: true},
        power: 'running',
        config: {name: each === clone ? 'mine' : 'theirs', scsi0: {file: 'local-zfs:1'}},
      })
    const [mine, theirs] = await Promise.all([applyIn(clone), applyIn(other)])
    const made = lab.simulator.simulation.state.tasks.filter(({type}) => type === 'qmcreate')
    const names = Object.values(lab.simulator.simulation.state.guests).map(({config}) => config.name)
    for (const [result, name] of [
      [mine, 'mine'],
      [theirs, 'theirs'],
    ] as const) {
      expect(names.filter((each) => each === name)).to.have.length(result.code === 0 ? 1 : 0)
      if (result.code !== 0) expect(result.failed.map(({code}) => code)).to.deep.equal(['PMPC_EXISTS'])
    }
    expect(new Set(made.filter(({exitstatus}) => exitstatus === 'OK').map(({id}) => id)).size).to.equal(
      made.filter(({exitstatus}) => exitstatus === 'OK').length,
    )
    expect([mine, theirs].filter(({code}) => code === 0)).to.have.length.least(1)
  })

  it('14: a guest that somebody destroyed is not made again', async () => {
    declare(clone, 'vm/120', ['config', 'cores'], 3)
    await lab.destroy(120)
    const {done, code} = await applyIn(clone)
    expect([done, sent()]).to.deep.equal([[], []])
    expect(code).to.be.oneOf([0, 1])
    expect((await plan()).undecided.map(({object}) => object)).to.include('home/vm/120')
  })

  it('15: a zone of somebody else that waits is told, and comes along', async () => {
    await lab.api('POST', '/cluster/sdn/zones', {zone: 'theirs', type: 'simple'})
    declareNew(clone, 'zone', {kind: 'sdn-zone', id: 'mine', config: {type: 'simple'}})
    expect(JSON.stringify(await plan())).to.include('theirs')
    const result = await applyIn(clone, '--allow', 'cuts-network')
    expectDone(result)
    expect(sent()).to.deep.equal(['POST /cluster/sdn/zones', 'PUT /cluster/sdn'])
    await clone.sync('--accept')
    await expectAgreed()
  })

  it('16: a token that lost its rights is told so before anything is sent, and nothing is taken for gone', async () => {
    const token = 'pmpc@pve!sync'
    await lab.api('PUT', '/access/acl', {path: '/', users: 'pmpc@pve', roles: 'Administrator'})
    const theirs = await lab.agreed('rights', token)
    declare(theirs, 'vm/120', ['config', 'cores'], 3)
    for (const roles of ['Administrator', 'PVEAuditor'])
      await lab.api('PUT', '/access/acl', {path: '/', users: 'pmpc@pve', roles, delete: 1})
    watch.begin()
    const {code, done, failed} = await applyIn(theirs)
    expect([code, done, failed.map(({object}) => object)]).to.deep.equal([1, [], ['home/vm/120']])
    expect(failed[0]!.message).to.match(/VM\.Audit on \/vms\/120 is missing: it may still be there/)
    expect(sent()).to.deep.equal([])
    expect(await theirs.git('status', '--porcelain')).to.equal(' M infra/home/vm/120.yaml')
  })

  it('17: without quorum a plan is made, and nothing is sent', async () => {
    declare(clone, 'vm/120', ['config', 'cores'], 3)
    fault({kind: 'no-quorum'})
    expect((await plan()).actions).to.have.length(1)
    const before = await clone.picture()
    const {code, error} = await applyIn(clone)
    expect([code, error?.code]).to.deep.equal([75, 'PMPC_NO_QUORUM'])
    expect(sent()).to.deep.equal([])
    expect(await clone.picture()).to.deep.equal(before)
  })

  it('18: what this version has not is not sent, what it has is', async () => {
    declareNew(clone, 'group', {kind: 'ha-group', id: 'left', config: {nodes: ['pve1']}})
    const refused = await applyIn(clone)
    expect(refused.code).to.equal(1)
    expect(JSON.stringify(refused)).to.match(/PMPC_PLAN_OTHER_VERSION|no objects of that kind|before 9/)
    expect(sent()).to.deep.equal([])
  })
})

describe('apply, where other tools failed, elsewhere', function () {
  this.timeout(120_000)
  let lab: Lab | undefined
  afterEach(async () => lab?.stop())

  it('11: seven starts, and five clones of one that runs, never meet a lock', async () => {
    lab = await Lab.start({seed: everySort, workers: 3, taskTime: 60, lockTimeout: 200})
    const clone = await lab.agreed()
    for (const vmid of [101, 104, 105, 106, 108, 111]) declare(clone, `vm/${vmid}`, ['power'], 'running')
    for (let n = 0; n < 5; n++)
      declareNew(clone, `clone${n}`, {
        kind: 'vm',
        id: 300 + n,
        from: {clone: 100, full: true},
        placement: {node: 'pve1', pinned: true},
        config: {name: `clone${n}`},
      })
    declare(clone, 'container/201', ['power'], 'running')
    expectDone(await applyIn(clone))
    const tasks = tasksOf(lab.simulator.simulation)
    expect(tasks.filter((line) => !line.endsWith(' OK'))).to.deep.equal([])
    expect(tasks.filter((line) => /^qmclone/.test(line))).to.have.length(5)
    expect(tasks.filter((line) => /^(?:qm|vz)start/.test(line))).to.have.length(7)
  })

  it('18: on 8.4, groups of HA are made and changed', async () => {
    lab = await Lab.start({seed: 'cluster', pve: '8.4'})
    const clone = await lab.agreed()
    declareNew(clone, 'group', {kind: 'ha-group', id: 'left', config: {nodes: ['pve1']}})
    expectDone(await applyIn(clone, '--allow', 'migrate'))
    declare(clone, 'group', ['config', 'nofailback'], 1)
    expectDone(await applyIn(clone, '--allow', 'migrate'))
    expect((await clone.sync()).commit).to.equal(null)
  })
})
