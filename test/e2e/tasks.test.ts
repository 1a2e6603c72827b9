import {expect} from 'chai'
import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import path from 'node:path'
import type {Exchange} from '../../plugins/simulator/src/http/server.js'
import type {Task} from '../../plugins/simulator/src/state/model.js'
import type {TaskItem} from '../../src/kit/live/index.js'
import type {TaskLog, TaskOutcomes} from '../../src/kit/verbs/index.js'
import {Lab, type Clone, type ErrorJson} from '../support/lab.js'
import {bin, type RunOptions} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {assertSchema} from '../support/schemas.js'
import {skipFor} from '../support/skip.js'

/** Calls something as soon as the program has printed a text. */
function whenTold(text: string, then: (child: {kill(signal: NodeJS.Signals): void}) => void): RunOptions {
  let seen = ''
  let isDone = false
  return {
    started: (child) => {
      const listen = (chunk: Buffer): void => {
        seen += chunk.toString()
        if (isDone || !seen.includes(text)) return
        isDone = true
        then(child)
      }
      child.stdout!.on('data', listen)
      child.stderr!.on('data', listen)
    },
  }
}

/** Runs something, and calls another as soon as the simulator was asked for a path. */
async function whenAsked<T>(path: RegExp, then: () => void, run: () => Promise<T>): Promise<T> {
  const listen = (message: unknown): void => {
    if (!path.test((message as Exchange).path)) return
    unsubscribe('pmpc:simulator', listen)
    then()
  }
  subscribe('pmpc:simulator', listen)
  try {
    return await run()
  } finally {
    unsubscribe('pmpc:simulator', listen)
  }
}

describe('tasks', () => {
  let lab: Lab
  let clone: Clone
  let upids: Record<'snapshot' | 'failed' | 'container', string>

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.workspace()
    upids = {
      snapshot: await lab.api('POST', '/nodes/pve1/qemu/100/snapshot', {snapname: 'before'}),
      failed: await failing('/nodes/pve2/qemu/101/status/start'),
      container: await lab.api('POST', '/nodes/pve1/lxc/200/status/stop'),
    }
  })
  after(async () => lab.stop())
  afterEach(() => {
    lab.simulator.simulation.tasks.hold = () => undefined
    for (const node of ['pve1', 'pve2', 'pve3']) lab.simulator.simulation.faults.setNode(node, 'online')
  })

  /** Starts a task that fails. @returns its UPID */
  async function failing(at: string): Promise<string> {
    const {body} = await lab.call('POST', at)
    const {data} = JSON.parse(body) as {data: string}
    await lab.simulator.simulation.tasks.ended(data)
    return data
  }

  /** Starts a task that runs until it is released. */
  async function held(at: string, params: Record<string, string> = {}): Promise<{upid: string; release: () => void}> {
    let release: () => void = () => undefined
    const waiting = new Promise<void>((resolve) => (release = resolve))
    const {tasks} = lab.simulator.simulation
    tasks.hold = () => waiting
    const {body} = await lab.call('POST', at, params)
    tasks.hold = () => undefined
    return {upid: (JSON.parse(body) as {data: string}).data, release}
  }

  const taskOf = (upid: string): Task => lab.simulator.simulation.state.tasks.find((task) => task.upid === upid)!
  const list = async (...args: string[]): Promise<TaskItem[]> =>
    (await clone.must('task', 'list', '--json', ...args)).json<TaskItem[]>()
  const upidsOf = (items: TaskItem[]): string[] => items.map(({upid}) => upid)

  describe('listed', () => {
    it('are the newest of all nodes, with their guests by name', async () => {
      const items = await list()
      assertSchema('task-list', items)
      expect(upidsOf(items).slice().sort()).to.deep.equal(Object.values(upids).sort())
      expect(items.map(({starttime}) => starttime)).to.deep.equal(
        items.map(({starttime}) => starttime).sort((a, b) => b - a),
      )
      const [failed] = items.filter(({upid}) => upid === upids.failed)
      expect(failed).to.deep.include({
        ...{cluster: 'home', kind: 'task', node: 'pve2', type: 'qmstart', object: 'vm/101', guestname: 'web02'},
        ...{user: 'root@pam', status: 'error', exitstatus: 'VM 101 already running'},
      })
      expect(items.find(({upid}) => upid === upids.container)).to.include({object: 'container/200', guestname: 'dns1'})
    })

    it('fit into 80 columns, and name what to type next', async () => {
      const {stdout, stderr} = await clone.must('task', 'list')
      const lines = stdout.trimEnd().split('\n')
      expect(lines[0]).to.match(/^START \(UTC\) +TIME +NODE +TYPE +OBJECT +NAME +USER +STATUS$/)
      expect(lines).to.have.length(4)
      expect(stdout).to.match(/pve2 +qmstart +vm\/101 +web02 +root@pam +VM 101 already running/)
      const next = /See one: pmpc (.*)/.exec(stderr)![1]!
      expect((await clone.must(...next.split(' '))).stdout).to.equal('TASK ERROR: VM 101 already running\n')
    })

    for (const [args, wanted] of [
      [
        ['--node', 'pve1'],
        ['snapshot', 'container'],
      ],
      [['--guest', 'vm/101'], ['failed']],
      [
        ['--guest', 'web01', '--guest', '200'],
        ['snapshot', 'container'],
      ],
      [['--type', 'qmstart'], ['failed']],
      [
        ['--type', 'qm*'],
        ['snapshot', 'failed'],
      ],
      [['--status', 'error'], ['failed']],
      [
        ['--status', 'ok'],
        ['snapshot', 'container'],
      ],
      [['--status', 'running'], []],
      [
        ['--user', 'root'],
        ['snapshot', 'failed', 'container'],
      ],
      [
        ['--user', 'root@pam'],
        ['snapshot', 'failed', 'container'],
      ],
      [['--user', 'roo'], []],
      [['--user', 'root@pam!sim'], []],
      [
        ['--since', '1h'],
        ['snapshot', 'failed', 'container'],
      ],
      [['--since', '2100-01-01'], []],
      [['--guest', 'vm/4711'], []],
    ] as const)
      it(`are chosen by ${args.join(' ')}`, async () => {
        const found = upidsOf(await list(...args))
        expect(found.sort()).to.deep.equal(wanted.map((name) => upids[name]).sort())
      })

    it('are the newest where not all are wanted, and how many more there are is said', async () => {
      const [all, {stdout, stderr}] = [await list(), await clone.must('task', 'list', '--limit', '1', '-o', 'wide')]
      expect(stdout).to.include(all[0]!.upid).and.not.to.include(all[1]!.upid)
      expect(stderr).to.include('There are 2 more')
    })

    it('are told of the other nodes where one is away; of that one alone nothing can be', async () => {
      lab.simulator.simulation.faults.setNode('pve2', 'offline')
      const {code, stdout, stderr} = await clone.pmpc(['task', 'list', '--json'])
      expect(code).to.equal(0)
      expect(upidsOf(JSON.parse(stdout) as TaskItem[]).sort()).to.deep.equal([upids.snapshot, upids.container].sort())
      expect(stderr).to.include('home: node pve2 is not in it: node pve2 is offline')
      expect(await clone.fails(['task', 'list', '--node', 'pve2'])).to.include({
        ...{code: 'PMPC_NODE_UNREACHABLE', exitCode: 75},
      })
    })

    it('are refused where a node, a guest or a time is none', async () => {
      expect(await clone.fails(['task', 'list', '--node', 'pve9'])).to.include({code: 'PMPC_NOT_FOUND'})
      expect(await clone.fails(['task', 'list', '--guest', 'nobody'])).to.include({code: 'PMPC_NOT_FOUND'})
      expect(await clone.fails(['task', 'list', '--since', 'yesterday'])).to.include({code: 'PMPC_USAGE', exitCode: 64})
    })

    it('are read on until enough are found, where Proxmox VE cannot filter', async () => {
      const {state} = lab.simulator.simulation
      const before = [...state.tasks]
      const some = taskOf(upids.snapshot)
      const many = Array.from({length: 1200}, (_, index): Task => {
        const user = index === 1199 ? 'mia@pve!ci' : 'mia@pve'
        const upid = `UPID:pve1:${String(index).padStart(8, '0')}:00000001:60000000:qmstart:100:${user}:`
        return {...some, upid, user, type: 'qmstart', starttime: 0x60000000, endtime: 0x60000001}
      })
      state.tasks.push(...many)
      try {
        expect(upidsOf(await list('--user', 'mia@pve!ci'))).to.deep.equal([many.at(-1)!.upid])
        expect(await list('--user', 'mia', '--limit', '600')).to.have.length(600)
      } finally {
        state.tasks = before
      }
    })

    it('are your own, where you may not audit the nodes', async () => {
      const other = await lab.workspace('other', 'web@pve!ci')
      expect((await other.must('task', 'list', '--json')).json()).to.deep.equal([])
      const upid = await lab.api<string>('POST', '/nodes/pve1/qemu/100/snapshot', {snapname: 'x1'}, 'web@pve!ci')
      const own = (await other.must('task', 'list', '--json')).json<TaskItem[]>()
      expect(own).to.have.length(1)
      expect(own[0]).to.include({upid, user: 'web@pve!ci', object: 'vm/100'})
      lab.simulator.simulation.state.tasks.shift()
    })
  })

  describe('shown', () => {
    it('by their whole id, also without its last colon, by its beginning, or by a guest', async () => {
      for (const word of [
        upids.failed,
        upids.failed.slice(0, -1),
        upids.failed.split(':').slice(0, 3).join(':'),
        'vm/101',
        'home/web02',
      ]) {
        const shown = (await clone.must('task', 'show', word, '--json')).json<TaskItem>()
        assertSchema('task-show', shown)
        expect(shown, word).to.include({upid: upids.failed, status: 'error', exitstatus: 'VM 101 already running'})
        expect(shown.ended, word).to.match(/Z$/)
      }
      const {stdout} = await clone.must('task', 'show', 'web02')
      expect(stdout)
        .to.match(/^qmstart vm\/101 \(web02\)\n/)
        .and.to.include('error: VM 101 already running')
    })

    it('as they run', async () => {
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'slow'})
      const shown = (await clone.must('task', 'show', 'db01', '--json')).json<TaskItem>()
      expect(shown).to.include({upid, status: 'running'}).and.not.to.have.any.keys('ended', 'exitstatus')
      release()
    })

    it('when the list has forgotten them', async () => {
      const {state} = lab.simulator.simulation
      const task = taskOf(upids.failed)
      // What the list tells of it: a start that is not asked for.
      const starttime = task.starttime
      task.starttime = 1
      expect((await clone.must('task', 'show', upids.failed, '--json')).json()).to.include({
        ...{upid: upids.failed, status: 'error', starttime},
      })
      task.starttime = starttime
      expect(state.tasks).to.include(task)
    })

    it('not where there is none, several, or what is typed is no id', async () => {
      const gone = 'UPID:pve1:0000FFFF:00000001:60000000:qmstart:100:root@pam:'
      expect(await clone.fails(['task', 'show', gone])).to.include({code: 'PMPC_NOT_FOUND', exitCode: 1})
      expect(await clone.fails(['task', 'show', gone.replace('pve1', 'pve9')])).to.include({code: 'PMPC_NOT_FOUND'})
      expect(await clone.fails(['task', 'show', 'UPID:pve1:F'])).to.include({code: 'PMPC_NOT_FOUND'})
      const several = await clone.fails(['task', 'show', 'UPID:pve1'])
      expect(several).to.include({code: 'PMPC_AMBIGUOUS', exitCode: 64})
      expect(several.suggestions).to.include(`pmpc task show ${upids.snapshot}`)
      expect(await clone.fails(['task', 'show', 'UPID:pve1:a b'])).to.include({code: 'PMPC_BAD_OBJECT', exitCode: 64})
      expect(await clone.fails(['task', 'show', 'vm/110'])).to.include({code: 'PMPC_NOT_FOUND'})
    })

    it('of the cluster that has them, where two have a node of that name', async () => {
      const far = await Lab.start({seed: 'cluster'})
      try {
        const args = ['--endpoint', far.simulator.url, '--token-id', far.simulator.tokenId]
        const more = ['--fingerprint', far.simulator.fingerprint, '--token-stdin', '--yes']
        const both = await lab.workspace('both')
        const joined = await both.pmpc(['init', '--cluster', 'far', ...args, ...more], {
          input: `${far.simulator.tokenSecret}\n`,
        })
        expect(joined.code, joined.stderr).to.equal(0)
        const upid = await far.api<string>('POST', '/nodes/pve1/qemu/100/status/reset')
        expect((await both.must('task', 'show', upid, '--json')).json()).to.include({upid, cluster: 'far'})
        expect((await both.must('task', 'show', upids.failed, '--json')).json()).to.include({cluster: 'home'})
        expect(await both.fails(['task', 'show', '100'])).to.include({code: 'PMPC_AMBIGUOUS'})
        const listed = (await both.must('task', 'list', '--json')).json<TaskItem[]>()
        expect(new Set(listed.map(({cluster}) => cluster))).to.deep.equal(new Set(['home', 'far']))
        await far.simulator.stop()
        const half = await both.pmpc(['task', 'list', '--json'])
        expect(half.code).not.to.equal(0)
        const {error} = half.json<ErrorJson>()
        expect(error.data).to.deep.include({cluster: 'far', failed: ['far']})
        expect(upidsOf(error.data!.listed as TaskItem[])).to.include(upids.failed)
      } finally {
        await far.stop()
      }
    })
  })

  describe('their logs', () => {
    it('are read page by page, whole or the last lines', async () => {
      const task = taskOf(upids.container)
      const {log} = task
      task.log = Array.from({length: 1234}, (_, index) => `line ${index + 1}`)
      const all = (await clone.must('task', 'log', upids.container)).stdout
      expect(all).to.equal(`${task.log.join('\n')}\n`)
      const last = (await clone.must('task', 'log', upids.container, '-n', '2', '--json')).json<TaskLog>()
      assertSchema('task-log', last)
      expect(last).to.deep.include({first: 1233, lines: ['line 1233', 'line 1234']})
      expect((await clone.must('task', 'log', upids.container, '-n', '5000')).stdout).to.equal(all)
      task.log = log
    })

    it('steer no terminal', async () => {
      const task = taskOf(upids.container)
      const {log} = task
      task.log = ['\u001b[2Jgone\u202e', 'TASK OK']
      expect((await clone.must('task', 'log', upids.container)).stdout).to.equal('\\u001b[2Jgone\\u202e\nTASK OK\n')
      task.log = log
    })

    it('are followed to the end of the task, each line once', async () => {
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'followed'})
      taskOf(upid).log.push('half way')
      const {code, stdout} = await clone.pmpc(['task', 'log', 'db01', '--follow'], whenTold('half way', release))
      expect(code).to.equal(0)
      expect(stdout.match(/half way/g)).to.have.length(1)
      expect(stdout).to.match(/\nTASK OK\n$/)
    })

    it('may be followed no further: Ctrl-C ends it with 130, and the task goes on', async () => {
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'left'})
      taskOf(upid).log.push('half way')
      const {code} = await clone.pmpc(
        ['task', 'log', upid, '-f'],
        whenTold('half way', (child) => child.kill('SIGINT')),
      )
      expect(code).to.equal(130)
      expect(taskOf(upid)).not.to.have.property('endtime')
      release()
      await lab.simulator.simulation.tasks.ended(upid)
    })
  })

  describe('waited for', () => {
    it('end with 0 where all were fine, warnings too, and with 1 where one was not', async () => {
      const fine = await clone.pmpc(['task', 'wait', upids.snapshot, 'dns1', '--json'])
      expect(fine.code).to.equal(0)
      const outcomes = fine.json<TaskOutcomes>()
      assertSchema('task-wait', outcomes)
      expect(outcomes.results.map(({upid, ok}) => ({upid, ok}))).to.deep.equal([
        {upid: upids.snapshot, ok: true},
        {upid: upids.container, ok: true},
      ])
      const {exitstatus} = taskOf(upids.snapshot)
      taskOf(upids.snapshot).exitstatus = 'WARNINGS: 2'
      const warned = await clone.pmpc(['task', 'wait', upids.snapshot, '--json'])
      taskOf(upids.snapshot).exitstatus = exitstatus!
      expect(warned.code).to.equal(0)
      expect(warned.json<TaskOutcomes>().results[0]).to.include({ok: true, exitstatus: 'WARNINGS: 2', warnings: 2})
      const bad = await clone.pmpc(['task', 'wait', upids.snapshot, upids.failed])
      expect(bad.code).to.equal(1)
      expect(bad.stdout).to.equal('vm/100 qmsnapshot: OK\nvm/101 qmstart: the task failed: VM 101 already running\n')
    })

    it('are waited for until they end', async () => {
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'waited'})
      const {code, stdout} = await whenAsked(/\/status$/, release, async () => clone.pmpc(['task', 'wait', upid]))
      expect({code, stdout}).to.deep.equal({code: 0, stdout: 'vm/102 qmsnapshot: OK\n'})
    })

    it('end with 75 where the time is over', async () => {
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'late'})
      const late = await clone.pmpc(['task', 'wait', upid, '--timeout', '0', '--json'])
      release()
      expect(late.code).to.equal(75)
      const [outcome] = late.json<TaskOutcomes>().results
      expect(outcome).to.include({ok: false, code: 'PMPC_TASK_TIMEOUT'}).and.not.to.have.property('exitstatus')
    })

    it('go on after Ctrl-C: 130', async () => {
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'alone'})
      let interrupt = (): void => undefined
      const {code} = await whenAsked(
        /\/status$/,
        () => interrupt(),
        async () =>
          clone.pmpc(['task', 'wait', upid], {started: (child) => (interrupt = () => void child.kill('SIGINT'))}),
      )
      expect(code).to.equal(130)
      expect(lab.simulator.simulation.tasks.isRunning(upid)).to.equal(true)
      release()
    })
  })

  describe('cancelled', () => {
    it('need a word of consent, where nobody can be asked', async () => {
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'asked'})
      expect(await clone.fails(['task', 'cancel', upid])).to.include({code: 'PMPC_FLAG_REQUIRED', exitCode: 64})
      expect(lab.simulator.simulation.tasks.isRunning(upid)).to.equal(true)
      release()
    })

    it('are asked about on a terminal', async function () {
      skipFor(this, noPty())
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'terminal'})
      const cancel = async (type: string) =>
        inPty(process.execPath, [path.resolve(bin), 'task', 'cancel', 'db01'], {
          ...{cwd: clone.root, env: lab.box.env},
          answers: [{when: 'Stop qmsnapshot vm/102 (db01) of root@pam?', type}],
        })
      const no = await cancel('n\r')
      expect(no.code, no.output).to.equal(1)
      expect(lab.simulator.simulation.tasks.isRunning(upid)).to.equal(true)
      const yes = await cancel('y\r')
      expect(yes.code, yes.output).to.equal(0)
      expect(lab.simulator.simulation.tasks.isRunning(upid)).to.equal(false)
      release()
    })

    it('have ended when it is said', async () => {
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'stopped'})
      const {code, stdout} = await clone.pmpc(['task', 'cancel', upid, '--yes', '--json'])
      release()
      expect(code).to.equal(0)
      const outcomes = JSON.parse(stdout) as TaskOutcomes
      assertSchema('task-cancel', outcomes)
      expect(outcomes.results).to.have.length(1)
      expect(outcomes.results[0]).to.include({upid, ok: true, exitstatus: 'received interrupt'})
      expect(taskOf(upid).exitstatus).to.equal('received interrupt')
      expect((await clone.must('task', 'cancel', upid, '--yes')).stdout).to.equal(
        'vm/102 qmsnapshot: had ended already: received interrupt\n',
      )
    })

    it('are not said to have ended, where Proxmox VE answers and they go on: 75', async () => {
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'deaf'})
      const {tasks} = lab.simulator.simulation
      const interrupt = tasks.interrupt.bind(tasks)
      const told: string[] = []
      tasks.interrupt = (one) => void told.push(one)
      const result = await clone.pmpc(['task', 'cancel', upid, '--yes', '--timeout', '0', '--json'])
      tasks.interrupt = interrupt
      release()
      expect(told).to.deep.equal([upid])
      expect(result.code).to.equal(75)
      const [outcome] = result.json<TaskOutcomes>().results
      expect(outcome).to.include({ok: false, code: 'PMPC_TASK_TIMEOUT'})
      expect(outcome!.message).to.include('still runs')
    })

    it('are left alone, where they are somebody else’s', async () => {
      const reader = await lab.workspace('reader', 'pmpc@pve!sync')
      const {upid, release} = await held('/nodes/pve2/qemu/102/snapshot', {snapname: 'theirs'})
      const result = await reader.pmpc(['task', 'cancel', upid, '--yes', '--json'])
      expect(result.code).not.to.equal(0)
      expect(result.json<TaskOutcomes>().results[0]).to.include({ok: false, code: 'PMPC_NOT_ALLOWED'})
      expect(lab.simulator.simulation.tasks.isRunning(upid)).to.equal(true)
      release()
    })
  })
})

for (const pve of ['8.4', '9.2'] as const)
  describe(`tasks of Proxmox VE ${pve}`, () => {
    let lab: Lab
    before(async () => {
      lab = await Lab.start({seed: 'cluster', pve})
    })
    after(async () => lab.stop())

    it('are listed, shown, and their logs read', async () => {
      const clone = await lab.workspace()
      const upid = await lab.api<string>('POST', '/nodes/pve1/vzdump', {vmid: 100, storage: 'backup'})
      const [task] = (await clone.must('task', 'list', '--type', 'vzdump', '--json')).json<TaskItem[]>()
      expect(task).to.include({upid, object: 'vm/100', status: 'ok'})
      expect((await clone.must('task', 'log', '100')).stdout).to.include('TASK OK')
      expect((await clone.must('task', 'wait', '100')).stdout).to.equal('vm/100 vzdump: OK\n')
    })
  })
