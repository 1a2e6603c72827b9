// Each failure of Proxmox VE that is known, during an apply: nothing is lost, nothing done twice, and the message says what it was.
import {expect} from 'chai'
import type {Seed} from '../../plugins/simulator/src/index.js'
import type {FaultSpec} from '../../plugins/simulator/src/faults/kinds.js'
import {applyIn, declare, declareNew, Watch, type Applied} from '../support/apply.js'
import {container, everySort, vm} from '../support/every-sort.js'
import {Lab, type Clone} from '../support/lab.js'

type Guest = NonNullable<Seed['guests']>[number]
type Edit = readonly [path: readonly string[], value: unknown]

/** One guest, what is wished of it, and what fails then. */
interface Case {
  /** As FACTS.md has it. */
  failure: string
  guest: (vmid: number) => Guest
  wish: readonly Edit[] | 'absent'
  /** `%` stands for the path of the guest. */
  faults?: readonly FaultSpec[]
  /** Undefined: it is done all the same. */
  fails?: {code: string; says: RegExp}
  /** Nobody can tell whether it was done, before the run is gone on with. */
  unknown?: RegExp
  /** Whether a second apply, without the fault, does it; where it does not, why. */
  afterwards?: 'done' | RegExp
  /** What was sent, by what came of it. */
  sends?: readonly string[]
}

const stopped = (vmid: number) => vm(vmid, false)
const runs = (vmid: number) => vm(vmid, true)
const ctStopped = (vmid: number) => container(vmid, false)
const ctRuns = (vmid: number) => container(vmid, true)
const cores: readonly Edit[] = [[['config', 'cores'], 2]]
const allocates: readonly Edit[] = [[['config', 'scsi1'], {file: 'local-zfs:8'}]]
const starts: readonly Edit[] = [[['power'], 'running']]
const stops: readonly Edit[] = [[['power'], 'stopped']]
const moves: readonly Edit[] = [[['config', 'scsi0', 'file'], 'ceph:8']]
const migrates: readonly Edit[] = [[['placement'], {node: 'pve2', pinned: true}]]

const status = (reason: string, rest: Partial<FaultSpec>, code = 500): FaultSpec => ({
  ...{kind: 'status', status: code, reason},
  ...rest,
})

/** What somebody else does as soon as the plan has read the guest; of one that runs, it reads what is pending last. */
const meanwhile = (read: 'config' | 'pending', ...calls: NonNullable<FaultSpec['calls']>): FaultSpec => ({
  ...{kind: 'edits', path: `%/${read}$`, method: 'GET', after: 1},
  calls,
})

/** A guest each: all of them fail in one apply, and none is in another's way. */
const cases: readonly Case[] = [
  {
    failure: 'guest locked',
    guest: stopped,
    wish: cores,
    faults: [status('VM is locked (backup)', {path: '%/config$', method: 'PUT'})],
    fails: {code: 'PMPC_LOCKED', says: /VM is locked \(backup\)/},
  },
  {
    failure: 'lock wait',
    guest: stopped,
    wish: cores,
    faults: [{kind: 'lock-timeout', path: '%/config$', times: 1}],
  },
  {
    failure: 'lock wait that does not end',
    guest: stopped,
    wish: cores,
    faults: [{kind: 'lock-timeout', path: '%/config$'}],
    fails: {code: 'PMPC_LOCKED', says: /can't lock file/},
  },
  {
    failure: 'lock wait of a task',
    guest: stopped,
    wish: starts,
    faults: [
      {
        kind: 'task-fail',
        about: '%',
        message: "can't lock file '/var/lock/qemu-server/lock.conf' - got timeout",
        times: 1,
      },
    ],
  },
  {
    failure: 'changed meanwhile, what was wished',
    guest: stopped,
    wish: cores,
    faults: [meanwhile('config', {path: '%/config', params: {cores: 3}})],
    fails: {code: 'PMPC_CHANGED_MEANWHILE', says: /cores/},
    afterwards: /cores/,
  },
  {
    failure: 'guest gone',
    guest: stopped,
    wish: cores,
    faults: [meanwhile('config', {method: 'DELETE', path: '%'})],
    fails: {code: 'PMPC_CHANGED_MEANWHILE', says: /it is no longer there/},
    afterwards: /gone|not there/,
  },
  {
    failure: 'guest moved',
    guest: (vmid) => vm(vmid, false, {}, 'ceph'),
    wish: cores,
    faults: [meanwhile('config', {method: 'POST', path: '%/migrate', params: {target: 'pve2'}})],
  },
  {
    failure: 'already running',
    guest: stopped,
    wish: starts,
    faults: [{kind: 'task-fail', about: '%', type: 'qmstart', message: 'VM # already running', times: 1}],
  },
  {
    failure: 'already running, a container',
    guest: ctStopped,
    wish: starts,
    faults: [meanwhile('config', {method: 'POST', path: '%/status/start'})],
  },
  {
    failure: 'not running, a container',
    guest: ctRuns,
    wish: stops,
    faults: [meanwhile('pending', {method: 'POST', path: '%/status/stop'})],
  },
  {
    failure: 'shutdown ignored',
    guest: runs,
    wish: stops,
    faults: [{kind: 'task-fail', about: '%', type: 'qmshutdown', message: 'VM quit/powerdown failed - got timeout'}],
    fails: {code: 'PMPC_SHUTDOWN_IGNORED', says: /powerdown failed/},
  },
  {
    failure: 'paused',
    guest: runs,
    wish: stops,
    faults: [meanwhile('pending', {method: 'POST', path: '%/status/suspend'})],
  },
  {
    failure: 'a template that somebody took a snapshot of',
    guest: stopped,
    wish: [[['config', 'template'], 1]],
    faults: [meanwhile('config', {method: 'POST', path: '%/snapshot', params: {snapname: 'theirs'}})],
    fails: {code: 'PMPC_IN_USE', says: /snapshots/},
    afterwards: /snapshots/,
  },
  {
    failure: 'delete of what somebody started',
    guest: stopped,
    wish: 'absent',
    faults: [meanwhile('config', {method: 'POST', path: '%/status/start'})],
    fails: {code: 'PMPC_NOT_PLANNED', says: /asks for POST .*\/status\/stop/},
  },
  {
    failure: 'delete of what somebody protected',
    guest: stopped,
    wish: 'absent',
    faults: [meanwhile('config', {path: '%/config', params: {protection: 1}})],
    fails: {code: 'PMPC_CHANGED_MEANWHILE', says: /config\.protection/},
    afterwards: /protect/,
  },
  {
    failure: 'migration that fails',
    guest: (vmid) => vm(vmid, true, {}, 'ceph'),
    wish: migrates,
    faults: [{kind: 'task-fail', about: '%', type: 'qmigrate', message: "can't migrate VM - check log"}],
    fails: {code: 'PMPC_CANNOT_MIGRATE', says: /can't migrate VM/},
  },
  {
    failure: 'no space',
    guest: stopped,
    wish: moves,
    faults: [{kind: 'task-fail', about: '%', type: 'qmmove', message: 'storage migration failed: out of space'}],
    fails: {code: 'PMPC_NO_SPACE', says: /out of space/},
  },
  {
    failure: 'no space for a new volume',
    guest: stopped,
    wish: allocates,
    faults: [{kind: 'task-fail', about: '%', type: 'qmconfig', message: 'lvcreate error: insufficient free space'}],
    fails: {code: 'PMPC_NO_SPACE', says: /insufficient free space/},
  },
  {
    failure: 'storage offline',
    guest: ctStopped,
    wish: [[['config', 'mp0'], {volume: 'local-zfs:4', mp: '/srv'}]],
    faults: [status("storage 'local-zfs' is not online", {path: '%/config$', method: 'PUT'})],
    fails: {code: 'PMPC_STORAGE_OFFLINE', says: /not online/},
  },
  {
    failure: 'snapshots in the way of a move',
    guest: stopped,
    wish: moves,
    faults: [
      {
        kind: 'task-fail',
        about: '%',
        type: 'qmmove',
        message: "you can't move a disk with snapshots and delete the source",
      },
    ],
    fails: {code: 'PMPC_SNAPSHOTS', says: /snapshots/},
  },
  {
    failure: 'a disk that somebody made larger',
    guest: stopped,
    wish: [[['config', 'scsi0', 'size'], '16G']],
    faults: [meanwhile('config', {path: '%/resize', params: {disk: 'scsi0', size: '32G'}})],
    fails: {code: 'PMPC_CHANGED_MEANWHILE', says: /scsi0/},
    afterwards: /scsi0/,
  },
  {
    failure: 'hotplug that fails',
    guest: (vmid) => ({...vm(vmid, true, {scsi1: `local-zfs:vm-${vmid}-disk-1,size=1G`}), blank: true}),
    wish: [[['config', 'scsi1'], undefined]],
  },
  {
    failure: 'an option that this node does not know',
    guest: stopped,
    wish: cores,
    faults: [
      status(
        'Parameter verification failed. cores: property is not defined in schema and the schema does not allow additional properties',
        {path: '%/config$', method: 'PUT'},
        400,
      ),
    ],
    fails: {code: 'PMPC_BAD_PARAMETER', says: /not defined in schema/},
  },
  {
    failure: 'task killed',
    guest: stopped,
    wish: starts,
    faults: [{kind: 'task-fail', about: '%', type: 'qmstart', message: 'received interrupt'}],
    fails: {code: 'PMPC_TASK_STOPPED', says: /received interrupt/},
  },
  {
    failure: 'task of a node that broke down',
    guest: ctStopped,
    wish: starts,
    faults: [{kind: 'task-fail', about: '%', type: 'vzstart', message: 'unexpected status'}],
    unknown: /died without a result/,
  },
  {
    failure: 'connection dropped',
    guest: stopped,
    wish: cores,
    faults: [{kind: 'drop', path: '%/config$', method: 'PUT', times: 1}],
  },
  {
    failure: 'outcome unknown, of what sets',
    guest: stopped,
    wish: cores,
    faults: [{kind: 'lost', path: '%/config$', method: 'PUT', times: 1}],
  },
  {
    failure: 'outcome unknown, of what allocates',
    guest: stopped,
    wish: allocates,
    faults: [{kind: 'lost', path: '%/config$', method: 'POST', times: 1}],
  },
  {
    failure: 'outcome unknown, of what allocates in a container',
    guest: ctRuns,
    wish: [[['config', 'mp0'], {volume: 'local-zfs:4', mp: '/srv'}]],
    faults: [{kind: 'lost', path: '%/config$', method: 'PUT', times: 1}],
  },
  {
    failure: 'outcome unknown, of a move',
    guest: stopped,
    wish: moves,
    faults: [{kind: 'lost', path: '%/move_disk$', times: 1}],
  },
  {
    failure: '596 of a write',
    guest: stopped,
    wish: cores,
    faults: [status('Connection timed out', {path: '%/config$', method: 'PUT', times: 1}, 596)],
  },
  {
    failure: 'half an answer',
    guest: stopped,
    wish: cores,
    faults: [{kind: 'half', path: '%/config$', method: 'PUT', times: 1}],
  },
  {
    failure: 'a page of another server',
    guest: stopped,
    wish: cores,
    faults: [{kind: 'html', status: 502, reason: 'Bad Gateway', path: '%/config$', method: 'PUT', times: 1}],
  },
  {
    failure: 'no right on one object',
    guest: stopped,
    wish: cores,
    faults: [
      {kind: 'forbidden', reason: 'Permission check failed (/vms/#, VM.Config.CPU)', path: '%/config$', method: 'PUT'},
    ],
    fails: {code: 'PMPC_NOT_ALLOWED', says: /VM\.Config\.CPU/},
  },
]

/** A case with its guest. */
const guests = cases.map((each, at) => {
  const vmid = each.guest(200 + at).type === 'lxc' ? 200 + at : 100 + at
  const guest = each.guest(vmid)
  const path = `/nodes/pve1/${guest.type}/${vmid}`
  const place = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value, (key, one: unknown) =>
        typeof one !== 'string'
          ? one
          : key === 'about'
            ? String(vmid)
            : one.replaceAll('#', String(vmid)).replace(/^%/, key === 'path' && one.endsWith('$') ? `^${path}` : path),
      ),
    ) as T
  const object = `${guest.type === 'qemu' ? 'vm' : 'container'}/${vmid}`
  return {...each, vmid, guest, object, faults: place(each.faults ?? [])}
})

const consents = [
  '--allow',
  'detaches-data',
  '--confirm',
  guests.flatMap(({object, wish}) => (wish === 'absent' ? [object] : [])).join(','),
]

describe('apply, where guests fail in every way', function () {
  this.timeout(600_000)
  let lab: Lab
  let clone: Clone
  let watch: Watch
  let first: Applied
  let resumed: Applied
  let second: Applied
  let sent: Watch['writes']

  before(async () => {
    lab = await Lab.start({
      seed: {...everySort, guests: guests.map(({guest}) => guest)},
      lockTimeout: 100,
      proxyTimeout: 500,
    })
    const {simulation, url} = lab.simulator
    watch = new Watch(simulation, Number(new URL(url).port))
    clone = await lab.agreed()
    for (const {object, wish} of guests) {
      if (wish === 'absent') {
        const [kind, id] = object.split('/') as [string, string]
        clone.write(`infra/home/${object}.yaml`, `kind: ${kind}\nid: ${id}\nabsent: true\n`)
      } else for (const [at, value] of wish) declare(clone, object, at, value)
    }
    for (const fault of guests.flatMap(({faults}) => faults)) simulation.faults.add(fault)
    watch.begin()
    first = await applyIn(clone, ...consents)
    sent = [...watch.writes]
    simulation.faults.clear()
    resumed = await applyIn(clone, '--resume', ...consents)
    const left = guests.flatMap(({object, afterwards = 'done'}) => (afterwards === 'done' ? [] : ['--exclude', object]))
    second = await applyIn(clone, ...left, ...consents)
  })
  after(async () => {
    watch?.stop()
    await lab?.stop()
  })

  it('ends, says so, and leaves nothing half written', async () => {
    expect(first.code, JSON.stringify(first)).to.equal(1)
    const {edited} = lab.simulator.simulation.faults
    expect([resumed.error, second.error, edited.filter(({error}) => error)]).to.deep.equal([undefined, undefined, []])
    expect(await clone.git('status', '--porcelain')).to.equal('')
  })

  for (const {failure, object, fails, unknown, afterwards = 'done'} of guests)
    it(failure, () => {
      const of = (some: readonly {object: string}[]) => some.find((each) => each.object === `home/${object}`)
      if (unknown) {
        expect((of(first.unknown) as Applied['unknown'][number] | undefined)?.message).to.match(unknown)
        expect(of(resumed.done)).not.to.equal(undefined)
      } else if (fails === undefined) expect(of(first.done), JSON.stringify(of(first.failed))).not.to.equal(undefined)
      else {
        const failed = of(first.failed) as Applied['failed'][number] | undefined
        expect(failed?.code, JSON.stringify(of(first.done) ?? of(first.skipped) ?? failed)).to.equal(fails.code)
        expect(failed?.message).to.match(fails.says)
        if (afterwards === 'done') expect(of(second.done), JSON.stringify(second)).not.to.equal(undefined)
      }
    })

  it('has allocated, made and destroyed nothing twice', () => {
    const once = sent.filter(
      ({verb, path, status}) => status === 200 && /config$|move_disk$|resize$/.test(path) && verb !== 'GET',
    )
    const keys = once.map(({verb, path}) => `${verb} ${path}`)
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).to.deep.equal([])
    const {volumes} = lab.simulator.simulation.state
    for (const {vmid, wish} of guests)
      if (wish === allocates || wish === moves)
        expect(
          Object.values(volumes).filter((one) => one.vmid === vmid),
          String(vmid),
        ).to.have.length(wish === allocates ? 2 : 1)
  })
})

describe('apply, where nobody gets in any more', function () {
  this.timeout(600_000)
  let lab: Lab
  let clone: Clone
  let watch: Watch
  beforeEach(async () => {
    lab = await Lab.start({seed: {...everySort, guests: [101, 102, 103, 104].map((vmid) => vm(vmid, false))}})
    const {simulation, url} = lab.simulator
    watch = new Watch(simulation, Number(new URL(url).port))
    clone = await lab.agreed()
    // One after the other: a pool each, as what is no guest goes in turn; and a guest that needs the last one.
    for (const id of ['a', 'b', 'c']) declareNew(clone, id, {kind: 'pool', id, config: {comment: id}})
    declare(clone, 'vm/101', ['pool'], 'c')
  })
  afterEach(async () => {
    watch.stop()
    await lab.stop()
  })

  /** All is done after all, each request once, and nothing is left to be said. */
  async function expectDoneOnce(resumed: Applied): Promise<void> {
    expect([resumed.code, resumed.error, resumed.failed, resumed.skipped, resumed.unknown]).to.deep.equal([
      ...[0, undefined],
      ...[[], [], []],
    ])
    expect(resumed.done.map(({object}) => object).sort()).to.deep.equal([
      ...['home/pool/a', 'home/pool/b', 'home/pool/c', 'home/vm/101'],
    ])
    const done = watch.writes.filter(({status}) => status === 200).map(({verb, path}) => `${verb} ${path}`)
    expect(done.sort()).to.deep.equal(['POST /pools', 'POST /pools', 'POST /pools', 'PUT /pools'])
    const {pools} = lab.simulator.simulation.state
    expect(Object.keys(pools).sort()).to.include.members(['a', 'b', 'c'])
    expect(await clone.git('status', '--porcelain')).to.equal('')
    expect((await clone.sync()).commit).to.equal(null)
  }

  it('wrong secret: the token is gone in the middle, and the run goes on when there is one again', async () => {
    const {simulation} = lab.simulator
    const root = simulation.state.users['root@pam']!
    const tokens = structuredClone(root.tokens)
    simulation.faults.add({
      ...{kind: 'edits', path: '^/pools$', method: 'POST', after: 1},
      calls: [{method: 'DELETE', path: '/access/users/root@pam/token/sim'}],
    })
    watch.begin()
    const {error, code} = await applyIn(clone)
    expect([code, error?.code]).to.deep.equal([77, 'PMPC_NOT_AUTHENTICATED'])
    expect(error?.suggestions[0]).to.equal(
      'pmpc apply --resume   # when that is mended: goes on, and records what was done',
    )
    expect((await applyIn(clone)).error?.code).to.equal('PMPC_RUN_UNFINISHED')
    simulation.faults.clear()
    root.tokens = tokens
    await expectDoneOnce(await applyIn(clone, '--resume'))
  })

  it('certificate renewed: nothing is sent to the new one before somebody trusts it', async () => {
    const {simulation} = lab.simulator
    simulation.faults.add({kind: 'certificate', authority: true, path: '^/pools$', method: 'POST', after: 1})
    watch.begin()
    const {error, code} = await applyIn(clone)
    expect([code, error?.code]).to.deep.equal([1, 'PMPC_TLS_CHANGED'])
    expect(error?.message).to.match(
      /shows another cluster's certificate than the one trusted for home; nothing was sent to it/,
    )
    const trust = error!.suggestions.find((line) => line.startsWith('pmpc init'))!
    expect(error?.suggestions[0]).to.match(/^pmpc apply --resume/)
    simulation.faults.clear()
    const trusted = await lab.box.exec('sh', ['-c', trust], {cwd: clone.root})
    expect(trusted.code, trusted.stderr).to.equal(0)
    await expectDoneOnce(await applyIn(clone, '--resume'))
  })
})
