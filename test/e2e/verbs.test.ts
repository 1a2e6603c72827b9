// What people do to guests at the keyboard: pmpc start, stop, reboot, snapshot, …
import {expect} from 'chai'
import type {Seed} from '../../plugins/simulator/src/index.js'
import type {ActResult} from '../../src/kit/verbs/index.js'
import {declare, tasksOf, untilQuiet, Watch} from '../support/apply.js'
import {container, everySort, vm} from '../support/every-sort.js'
import {Lab, type Clone} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

const isAll = process.env.PMPC_TEST_VERBS === 'all'

/** A VM and a container that run, and two that do not. */
const pairs: Seed = {
  ...everySort,
  acl: [],
  guests: [vm(100, true), vm(101, false), container(200, true), container(201, false)],
}

async function acted(clone: Clone, args: readonly string[], code = 0): Promise<ActResult> {
  const result = await clone.pmpc([args[0]!, '--json', ...args.slice(1)])
  expect(result.code, `${args.join(' ')}: ${result.stdout}${result.stderr}`).to.equal(code)
  assertSchema('acted', result.json())
  return result.json<ActResult>()
}

/** State, manifests and cluster agree. */
async function settled(clone: Clone, after: string): Promise<void> {
  expect(await clone.git('status', '--porcelain'), after).to.equal('')
  const {commit, open, warnings} = await clone.sync()
  expect({commit, open, warnings}, after).to.deep.equal({commit: null, open: {drift: 0, conflicts: 0}, warnings: []})
}

interface Step {
  /** Behind the verb and the guests. */
  args: readonly string[]
  /** `running` or `stopped` afterwards. */
  leaves: 'running' | 'stopped'
  /** It cannot be done in that state, with what is said, and what is to be typed. */
  refused?: RegExp
  /** Not of containers. */
  vmsOnly?: true
  isEdit?: true
}

const name = ['--name', 'before']
const stories: Record<'running' | 'stopped', readonly Step[]> = {
  running: [
    {args: ['start'], leaves: 'running'},
    {args: ['reboot'], leaves: 'running'},
    {args: ['snapshot', ...name, '--description', 'as it was'], leaves: 'running'},
    {
      args: ['snapshot', ...name],
      leaves: 'running',
      refused: /has a snapshot before already[^]*\npmpc delsnapshot vm\/100 --name before\n/,
    },
    {args: ['suspend'], leaves: 'running', vmsOnly: true},
    {args: ['resume'], leaves: 'running', vmsOnly: true},
    {args: ['rollback', ...name], leaves: 'stopped'},
    {args: ['reboot'], leaves: 'stopped', refused: /does not run/},
    {args: ['start'], leaves: 'running'},
    {
      args: ['suspend', '--to-disk'],
      leaves: 'running',
      refused: /container\/200: --to-disk is for VMs only\npmpc suspend container\/200$/,
    },
    {args: ['suspend', '--to-disk'], leaves: 'stopped', vmsOnly: true},
    {args: ['resume'], leaves: 'running', vmsOnly: true},
    {args: ['delsnapshot', ...name], leaves: 'running'},
    {args: ['delsnapshot', ...name], leaves: 'running', refused: /has no snapshot before/},
    {args: ['backup', '--storage', 'local', '--mode', 'stop'], leaves: 'running'},
    {args: ['shutdown', '--timeout', '30'], leaves: 'stopped'},
    {args: ['start'], leaves: 'running'},
    {args: ['stop'], leaves: 'stopped'},
  ],
  stopped: [
    {args: ['stop'], leaves: 'stopped'},
    {args: ['suspend'], leaves: 'stopped', refused: /does not run/},
    {args: ['resume'], leaves: 'stopped', refused: /is off, and was not suspended/},
    {args: ['snapshot', ...name], leaves: 'stopped'},
    {args: ['rollback', ...name], leaves: 'stopped'},
    {args: ['delsnapshot', ...name], leaves: 'stopped'},
    {args: ['backup', '--storage', 'local'], leaves: 'stopped'},
    {args: ['template'], leaves: 'stopped', isEdit: true},
    {args: ['snapshot', ...name], leaves: 'stopped', refused: /is a template/},
  ],
}

const guestsOf = {running: ['vm/100', 'container/200'], stopped: ['vm/101', 'container/201']} as const

/** The last two say the same of the other version. */
const versions = [
  ['running', '9.2'],
  ['stopped', '8.4'],
  ['running', '8.4'],
  ['stopped', '9.2'],
] as const
for (const [story, pve] of versions.slice(0, isAll ? 4 : 2)) {
  const told = `guests that were ${story}, on ${pve}`
  describe(`the verbs, of ${told}`, function () {
    this.timeout(300_000)
    it('each leaves state, manifests and cluster in agreement, and its commit says what was done', async () => {
      const lab = await Lab.start({seed: pairs, pve})
      const clone = await lab.agreed()
      const {guests} = lab.simulator.simulation.state
      for (const {args, leaves, refused, vmsOnly, isEdit} of stories[story]) {
        const [verb, ...rest] = args
        const objects = guestsOf[story].slice(0, vmsOnly ? 1 : 2)
        const before = await clone.head()
        const typed = [verb!, ...objects, ...rest, '--yes', '--confirm', objects.join(',')]
        const after = typed.join(' ')
        if (refused) {
          const {code, message, suggestions} = await clone.fails(typed)
          const said = [message, ...suggestions].join('\n')
          expect([code, refused.test(said)], said).to.deep.equal(['PMPC_PLAN_REFUSED', true])
          expect(await clone.head(), after).to.equal(before)
        } else {
          const {results, intention, observation} = await acted(clone, typed)
          expect(results.map(({object, ok}) => [object, ok])).to.deep.equal(objects.map((one) => [`home/${one}`, true]))
          const isNothing = results.every(({message}) => message !== null)
          expect(intention !== null, after).to.equal(isEdit ?? false)
          expect(await clone.head(), after).to.equal(isNothing ? before : observation)
          if (!isNothing) expect(await clone.git('log', '-1', '--format=%s')).to.match(/^applied\(home\): \w+ /)
        }
        for (const object of objects) {
          const {running} = guests[Number(object.split('/')[1])]!
          expect(running ? 'running' : 'stopped', `${object} after ${after}`).to.equal(leaves)
        }
        await settled(clone, after)
      }
      await lab.stop()
    })
  })
}

describe('a verb', function () {
  this.timeout(300_000)
  let lab: Lab
  let clone: Clone
  beforeEach(async () => {
    lab = await Lab.start({seed: pairs})
    clone = await lab.agreed()
  })
  afterEach(async () => lab.stop())

  const guest = (id: number) => lab.simulator.simulation.state.guests[id]!
  const declaring = async (object: string, at: readonly string[], value: unknown) => {
    declare(clone, object, at, value)
    await clone.git('commit', '-qam', 'wished')
    await clone.sync()
  }

  it('has the manifest say what it changes, in a commit of its own before', async () => {
    await declaring('vm/100', ['power'], 'running')
    const {intention} = await acted(clone, ['stop', 'vm/100', '--yes'])
    expect(await clone.git('show', '--format=%s', '-U0', intention!)).to.match(
      /^stop\(home\): home\/vm\/100\n[^]*-power: running\n\+power: stopped$/,
    )
    await settled(clone, 'stop')
  })

  it('says along what high availability is told, which keeps it so; with --once that differs', async () => {
    const state = async () => (await lab.api<{state?: string}>('GET', '/cluster/ha/resources/vm:100')).state
    await lab.api('POST', '/cluster/ha/resources', {sid: 'vm:100', state: 'started'})
    await clone.sync('--accept')
    // No manifest says what it is to do: that is recorded, and nobody is asked.
    const plan = await clone.must('stop', 'vm/100', '--dry-run')
    expect(plan.stdout).to.include('high availability keeps it so')
    const toDisk = await clone.fails(['suspend', 'vm/100', '--to-disk', '--yes'])
    expect(toDisk.suggestions[0]).to.equal('pmpc suspend home/vm/100   # in memory')
    await acted(clone, ['stop', 'vm/100', '--yes'])
    expect([guest(100).running, await state()]).to.deep.equal([false, 'stopped'])
    await settled(clone, 'stopped')
    await declaring('ha/resource/100', ['power'], 'stopped')
    const {observation} = await acted(clone, ['start', 'vm/100'])
    expect(await clone.git('show', '--format=', '-U0', observation!, '--', 'infra')).to.match(
      /-power: stopped\n\+power: running$/,
    )
    await settled(clone, 'started')
    await acted(clone, ['shutdown', 'vm/100', '--yes', '--once'])
    expect(await clone.git('show', 'HEAD:infra/home/ha/resource/100.yaml')).to.include('power: running')
    const {clusters, open} = await clone.sync()
    expect(open).to.deep.equal({drift: 1, conflicts: 0})
    expect(clusters[0]!.open.map(({object, field}) => [object, field])).to.deep.equal([
      ['home/ha-resource/100', 'power'],
    ])
  })

  it('leaves the manifest with --once, and the guest differs then', async () => {
    await declaring('vm/100', ['power'], 'running')
    expect(await acted(clone, ['stop', 'vm/100', '--yes', '--once'])).to.include({intention: null})
    expect(await clone.git('show', 'HEAD:infra/home/vm/100.yaml')).to.include('power: running')
    const {open} = await clone.sync()
    expect(open).to.deep.equal({drift: 1, conflicts: 0})
  })

  it('moves, grows and migrates, and the manifest says where and how large', async () => {
    await acted(clone, ['resize', 'vm/100', '--disk', 'scsi0', '--size', '+2G'])
    await acted(clone, ['move-disk', 'vm/100', '--disk', 'scsi0', '--storage', 'ceph', '--yes'])
    await acted(clone, ['resize', 'container/200', '--disk', 'rootfs', '--size', '6G'])
    await acted(clone, ['move-disk', 'container/200', '--disk', 'rootfs', '--storage', 'ceph', '--yes'])
    await acted(clone, ['migrate', 'vm/100', 'container/200', '--to', 'pve2', '--yes'])
    expect(clone.read('infra/home/vm/100.yaml')).to.match(/file: ceph:vm-100-disk-0\n\s+size: 10G/)
    expect([guest(100).node, guest(200).node, guest(200).running]).to.deep.equal(['pve2', 'pve2', true])
    await settled(clone, 'moved')
    const none = await clone.fails(['resize', 'vm/100', '--disk', 'scsi7', '--size', '1G'])
    expect([none.code, none.message]).to.deep.equal(['PMPC_NOT_FOUND', 'vm/100 has no disk scsi7'])
    expect((await clone.fails(['resize', 'vm/100', '--disk', 'scsi0', '--size', '8G'])).message).to.include('smaller')
    expect((await clone.fails(['resize', 'vm/100', '--disk', 'scsi0', '--size', 'big'])).suggestions[0]).to.match(
      /^pmpc resize vm\/100 --disk scsi0 --size 40G /,
    )
  })

  it('puts a backup in the place of a guest that is off, and offers what differs then', async () => {
    await acted(clone, ['backup', 'vm/101', 'container/201', '--storage', 'local'])
    const backups = Object.keys(lab.simulator.simulation.state.volumes)
      .map((key) => key.replace(/^.*\|/, ''))
      .filter((volume) => volume.includes(':backup/'))
    expect(backups).to.have.length(2)
    await acted(clone, ['start', 'vm/100'])
    for (const [object, sort] of [
      ['vm/101', 'qemu'],
      ['container/201', 'lxc'],
    ] as const) {
      await clone.must('set', object, 'cores=3', '--apply')
      const from = backups.find((volume) => volume.includes(sort))!
      const {observation} = await acted(clone, ['restore', object, '--from', from, '--confirm', object, '--yes'])
      expect(await clone.git('log', '-1', '--format=%s')).to.equal(`applied(home): restore ${object}, 1 done`)
      expect(await clone.head()).to.equal(observation)
      expect(guest(Number(object.split('/')[1])).config.cores).to.equal(1)
    }
    const {open} = await clone.sync()
    expect(open.drift).to.be.greaterThan(1)
    for (const [args, why, suggestion] of [
      [
        ['restore', 'container/201', '--from', backups.find((volume) => volume.includes('qemu'))!],
        /backup of another/,
        /--id next/,
      ],
      [['restore', 'vm/101', '--from', 'local:iso/x.iso'], /is no backup/, /^pmpc get backups$/],
      [['backup', 'vm/101', '--storage', 'ceph'], /storage ceph takes no backup/, /^pvesm set ceph/],
      [['snapshot', 'vm/101', '--name', 'a b'], /Proxmox VE would refuse snapname/, /^pmpc snapshot --help$/],
    ] as const) {
      const refused = await clone.fails([...args, '--yes', '--confirm', 'vm/101,container/201'])
      expect(
        [refused.code, why.test(refused.message), suggestion.test(refused.suggestions[0]!)],
        refused.message,
      ).to.deep.equal(['PMPC_PLAN_REFUSED', true, true])
    }
    const runs = await clone.fails(['restore', 'vm/100', '--from', backups[0]!, '--confirm', 'vm/100', '--yes'])
    expect([runs.code, runs.suggestions[0]]).to.deep.equal(['PMPC_PLAN_REFUSED', 'pmpc shutdown vm/100'])
  })

  it('makes a new guest of a backup, whose manifest has what it holds then', async () => {
    await acted(clone, ['backup', 'vm/101', 'container/201', '--storage', 'local'])
    const volumes = Object.keys(lab.simulator.simulation.state.volumes).map((key) => key.replace(/^.*\|/, ''))
    const [ofVm, ofContainer] = ['qemu', 'lxc'].map((sort) =>
      volumes.find((volume) => volume.includes(`dump-${sort}`))!,
    )
    const before = await clone.picture()
    for (const [args, code, suggestion] of [
      [[], 'PMPC_USAGE', /--id next {3}# a new guest$/],
      [['vm/101', '--id', 'next'], 'PMPC_USAGE', /--id next/],
      [['vm/101', 'cores=2'], 'PMPC_USAGE', /--id next/],
      [['--id', '101', '--node', 'pve1'], 'PMPC_EXISTS', /^pmpc restore --from \S+ … --id 102$/],
      [['--id', 'next'], 'PMPC_FLAG_REQUIRED', /--node …$/],
    ] as const) {
      const error = await clone.fails(['restore', '--from', ofVm!, ...args])
      expect([error.code, suggestion.test(error.suggestions[0]!)], error.message).to.deep.equal([code, true])
    }
    const none = await clone.fails(['restore', '--from', 'local:iso/x.iso', '--id', 'next'])
    expect([none.code, none.suggestions]).to.deep.equal(['PMPC_USAGE', ['pmpc get backups   # which there are']])
    expect(await clone.picture()).to.deep.equal(before)
    const at = ['--node', 'pve1', '--storage', 'ceph', '--unique'] as const
    const vm = await acted(clone, ['restore', '--from', ofVm!, '--id', 'next', '--name', 'old', 'cores=2', ...at])
    expect(vm.results.map(({object, verb}) => [object, verb])).to.deep.equal([['home/vm/102', 'restore']])
    expect(guest(102).config).to.include({name: 'old', cores: 2})
    const mac = (id: number) => /(?:[\dA-F]{2}:){5}[\dA-F]{2}/.exec(String(guest(id).config.net0))![0]
    expect(mac(102)).to.not.equal(mac(101))
    expect(clone.read('infra/home/vm/102.yaml'))
      .to.match(/^ {2}archive: local:backup/m)
      .and.include(mac(102))
    const container = ['restore', '--from', ofContainer!, '--id', '300', ...at]
    const network = await clone.fails([...container, 'net0=name=eth0,bridge=vmbr0'])
    expect(network.message).to.include('network devices of its backup')
    await acted(clone, [...container, 'cores=2', 'power=running'])
    expect([guest(300).running, guest(300).config.hostname]).to.deep.equal([true, guest(201).config.hostname])
    expect(await clone.git('log', '-2', '--format=%s')).to.equal(
      'applied(home): restore container/300, 1 done\nrestore(home): home/container/300',
    )
    await settled(clone, 'restored')
  })

  it('does nothing that nobody agreed to: 64, nothing sent, nothing edited', async () => {
    const before = await clone.picture()
    const {exitCode, code, suggestions} = await clone.fails(['rollback', 'vm/100', '--name', 'x'])
    expect([code, exitCode]).to.deep.equal(['PMPC_PLAN_REFUSED', 1])
    expect(suggestions[0]).to.equal('pmpc get snapshots vm/100')
    const stop = await clone.fails(['stop', 'vm/100'])
    expect([stop.code, stop.exitCode, stop.suggestions[0]]).to.deep.equal([
      'PMPC_CONSENT',
      64,
      'pmpc stop vm/100 --allow stops',
    ])
    const plan = (await clone.must('stop', 'vm/100', '--dry-run', '--json')).json<{actions: {verb: string}[]}>()
    assertSchema('plan', plan)
    expect(plan.actions.map(({verb}) => verb)).to.deep.equal(['stop'])
    expect(guest(100).running).to.equal(true)
    expect(await clone.picture()).to.deep.equal(before)
  })

  it('selects as pmpc get does, and says so where nothing is meant', async () => {
    const {results} = await acted(clone, ['start', '--status', 'stopped', '-l', 'cores=1'])
    expect(results.map(({object}) => object)).to.deep.equal(['home/vm/101', 'home/container/201'])
    expect((await acted(clone, ['start', 'vms'])).results.map(({message}) => message)).to.deep.equal([
      'it is so already',
      'it is so already',
    ])
    for (const [args, code] of [
      [['start'], 'PMPC_USAGE'],
      [['start', 'nobody'], 'PMPC_NOT_FOUND'],
      [['start', '--tag', 'nobody'], 'PMPC_NOT_FOUND'],
      [['start', 'vm/100', '-l', '='], 'PMPC_BAD_SELECTOR'],
    ] as const)
      expect((await clone.fails([...args])).code, args.join(' ')).to.equal(code)
  })

  it('waits for nothing with --async, and tells the task', async () => {
    const {results} = await acted(clone, ['reboot', 'vm/100', '--async', '--yes'])
    expect(results).to.have.length(1)
    expect(results[0]!.upid).to.match(/^UPID:pve1:.*:qmreboot:100:/)
    await untilQuiet(lab.simulator.simulation)
    expect(tasksOf(lab.simulator.simulation).filter((task) => task.startsWith('qmreboot'))).to.deep.equal([
      'qmreboot 100 OK',
    ])
  })

  for (const [act, task] of [
    [['suspend'], 'qmpause 100 OK'],
    [['suspend', '--to-disk'], 'qmsuspend 100 OK'],
    [['reboot'], 'qmreboot 100 OK'],
  ] as const)
    it(`knows what it has begun, where nobody answered any more: ${act.join(' ')}`, async () => {
      const {simulation, url} = lab.simulator
      const watch = new Watch(simulation, Number(new URL(url).port))
      watch.begin({write: 1, half: 'unanswered'})
      const typed = [act[0], 'vm/100', ...act.slice(1), '--yes']
      await clone.pmpc(typed, {started: (child) => watch.started(child)})
      watch.stop()
      await untilQuiet(simulation)
      const result = await clone.pmpc(['apply', '--resume', '--json', '--yes'])
      expect([result.code, result.json<{unknown: unknown[]}>().unknown], result.stdout).to.deep.equal([0, []])
      expect(tasksOf(simulation).filter((each) => /^qm(?:pause|suspend|reboot) 100/.test(each))).to.deep.equal([task])
      await settled(clone, typed.join(' '))
    })

  it('tells of a guest that ignores it, and what to type; it is not cut off', async () => {
    lab.simulator.simulation.faults.add({
      kind: 'task-fail',
      type: 'qmreboot',
      message: 'VM quit/powerdown failed - got timeout',
    })
    const {results, suggestions} = await acted(clone, ['reboot', 'vm/100', 'container/200', '--yes'], 1)
    expect(results.map(({ok}) => ok)).to.deep.equal([false, true])
    expect(results[0]!.message).to.include('powerdown failed')
    expect(suggestions.join(' ')).to.include('pmpc stop 100 ')
    expect(guest(100).running).to.equal(true)
  })
})

describe('many guests, one after the other', function () {
  this.timeout(300_000)
  const count = isAll ? 100 : 8
  /** On two nodes, the later ids first in their order of startup. */
  const many: Seed = {
    ...everySort,
    acl: [],
    guests: Array.from({length: count}, (_, at) => ({
      ...vm(100 + at, true, {startup: `order=${count - at}`}),
      node: at % 2 === 0 ? 'pve1' : 'pve2',
    })),
  }
  let lab: Lab
  let clone: Clone
  let watch: Watch
  beforeEach(async () => {
    lab = await Lab.start({seed: many, taskTime: 5})
    clone = await lab.agreed()
    watch = new Watch(lab.simulator.simulation, Number(new URL(lab.simulator.url).port))
  })
  afterEach(async () => {
    watch.stop()
    await lab.stop()
  })

  const rebooted = () => tasksOf(lab.simulator.simulation).filter((task) => task.startsWith('qmreboot'))
  const ids = Array.from({length: count}, (_, at) => 100 + at)
  const rolling = ['reboot', 'vms', '--rolling', '--healthy', 'running', '--yes']

  it('go in their order of startup, one a node at a time', async () => {
    watch.begin()
    await acted(clone, rolling)
    const order = watch.writes.flatMap(({path}) => Number(/qemu\/(\d+)\/status\/reboot$/.exec(path)?.[1] ?? []))
    for (const parity of [0, 1]) {
      const mine = order.filter((id) => id % 2 === parity)
      expect(mine).to.deep.equal(ids.filter((id) => id % 2 === parity).reverse())
    }
    // In whole seconds: none began before the one before it had ended.
    const {tasks} = lab.simulator.simulation.state
    for (const parity of [0, 1]) {
      const mine = order
        .filter((id) => id % 2 === parity)
        .map((id) => tasks.find((task) => task.type === 'qmreboot' && task.id === String(id))!)
      for (const [at, task] of mine.entries()) if (at > 0) expect(task.starttime).to.be.at.least(mine[at - 1]!.endtime!)
    }
  })

  it('end with one that fails: the rest is left alone, and told', async () => {
    lab.simulator.simulation.faults.add({
      kind: 'task-fail',
      type: 'qmreboot',
      about: String(100 + count - 2),
      message: 'it broke',
    })
    const {results} = await acted(clone, rolling, 1)
    const bad = results.filter(({ok}) => !ok)
    expect(bad.some(({message}) => message!.includes('it broke'))).to.equal(true)
    expect(rebooted().length).to.be.lessThan(count / 2 + 1)
    expect(bad).to.have.length.greaterThan(count / 2 - 1)
    await settled(clone, 'one failed')
  })

  for (const half of ['lost', 'unanswered'] as const)
    it(`killed in the middle (${half}), go on with apply --resume, none twice`, async () => {
      watch.begin({write: 3, of: /reboot$/, half})
      const {signal} = await clone.pmpc(rolling, {started: (child) => watch.started(child)})
      expect([signal, watch.wasCut]).to.deep.equal(['SIGKILL', true])
      await untilQuiet(lab.simulator.simulation)
      watch.begin()
      const {code, stdout} = await clone.pmpc(['apply', '--resume', '--json', '--yes'])
      const {unknown} = JSON.parse(stdout) as {unknown: {object: string}[]}
      const times = new Map<string, number>()
      for (const task of rebooted()) times.set(task, (times.get(task) ?? 0) + 1)
      expect(
        [...times.values()].every((number) => number === 1),
        rebooted().join('\n'),
      ).to.equal(true)
      // Of what got lost on the way no task tells, and nobody does it again.
      expect(unknown, stdout).to.have.length(half === 'lost' ? 1 : 0)
      expect(code).to.equal(half === 'lost' ? 1 : 0)
      if (half === 'unanswered') expect(rebooted()).to.have.length(count)
      expect((await clone.fails(['apply', '--resume'])).code, 'the run is over').to.equal('PMPC_NOTHING_TO_RESUME')
      await settled(clone, half)
    })
})
