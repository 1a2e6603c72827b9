import {expect} from 'chai'
import {declare} from '../support/apply.js'
import {Lab, type Clone} from '../support/lab.js'
import {bin} from '../support/pmpc.js'
import {inPty, noPty, type Answer, type PtyResult} from '../support/pty.js'
import {Screen} from '../support/screen.js'
import {skipFor} from '../support/skip.js'

const [interrupt, wishes] = ['\u0003', 'infra/home/access/user/new@pve.yaml']
// eslint-disable-next-line no-control-regex
const codes = /\x1b\[[\d;?]*[A-Za-z]/g

describe('pmpc apply on a terminal', function () {
  this.timeout(180_000)
  let lab: Lab
  let ws: Clone

  const start = async (taskTime: number) => {
    lab = await Lab.start({seed: 'cluster', taskTime})
    ws = await lab.agreed('ws')
  }
  const typing = async (answers: Answer[], env: Record<string, string> = {}): Promise<PtyResult & {shown: string}> => {
    const result = await inPty(process.execPath, [bin, 'apply'], {
      ...{cwd: ws.root, env: {...lab.box.env, ...env}, answers, limit: 120_000},
    })
    return {...result, shown: new Screen().write(result.output).text}
  }
  const create = (count: number) => {
    for (let id = 901; id < 901 + count; id++)
      ws.write(
        `infra/home/vm/${id}.yaml`,
        `kind: vm\nid: ${id}\nplacement: {node: pve1}\nconfig:\n  name: new${id}\n  scsi0: {file: "local-zfs:4"}\n`,
      )
  }
  beforeEach(function () {
    skipFor(this, noPty())
  })
  afterEach(async () => lab.stop())

  it('shows those at work and counts the others, within the screen, and leaves one line and the sum', async () => {
    await start(400)
    create(14)
    lab.simulator.simulation.faults.add({kind: 'task-fail', type: 'qmcreate', message: 'no space left', times: 1})
    const {code, output, shown} = await typing([])
    expect(code).to.equal(1)
    expect(output).to.match(/\d+ of 14 done, .*\d+ at work, \d+ waiting/)
    expect(output).to.match(/▸ home\/vm\/9\d\d {2}POST \/nodes\/pve1\/qemu/)
    expect(output).to.match(/✖ home\/vm\/9\d\d {2}.*no space left/)
    // Four tasks at a time, and those that are looked at after theirs.
    const working = [...output.matchAll(/(\d+) at work/g)].map(([, number]) => Number(number))
    expect(Math.max(...working)).to.be.within(2, 9)
    const moving = output
      .slice(output.indexOf('Applying to home'), output.indexOf('Applied to home'))
      .replaceAll(codes, '')
    for (const line of moving.split(/\r?\n/)) expect(line.length, line).to.be.at.most(80)
    expect(new Screen().write(output).highest).to.be.below(20)
    const end = shown.slice(shown.indexOf('✔ Applied to home'))
    expect(end).to.match(
      /^✔ Applied to home: 13 of 14 done\nfailed {3}vm\/9\d\d: .*no space left\n {11}pmpc task log [^]*\n\nDone: 13 of 14 objects, by 13 requests; 1 failed\.\nCommitted: wishes in \w+, what was observed in \w+\.\nWhat is left: pmpc plan\n*$/,
    )
    expect(shown).not.to.match(/at work|waiting|▸/)
  })

  it('in no colour where that is asked for', async () => {
    await start(0)
    create(2)
    const {code, output} = await typing([], {NO_COLOR: '1'})
    expect(code).to.equal(0)
    expect(output).to.include('Applied to home: 2 of 2 done')
    // eslint-disable-next-line no-control-regex
    expect(output).not.to.match(/\x1b\[[\d;]*m/)
  })

  describe('asks', () => {
    const questions: [string, string][] = [
      ['grants', 'user/new@pve'],
      ['migrate', 'vm/101'],
      ['moves-data', 'container/201'],
      ['restart', 'container/201'],
      ['stops', 'vm/120'],
      ['cuts-network', 'vm/100'],
      ['detaches-data', 'container/202'],
    ]
    const yes = questions.map(([word, object]): Answer => ({when: `${word}: ${object}. Go on?`, type: 'y\r'}))
    const name: Answer = {when: 'destroys-data: vm/110. Type vm/110 to confirm:', type: 'vm/110\r'}
    const secret = 'home/user/new@pve password (kept nowhere):'

    beforeEach(async () => {
      await start(0)
      declare(ws, 'vm/101', ['placement'], {node: 'pve1', pinned: true})
      declare(ws, 'vm/100', ['config', 'net0', 'tag'], 52)
      declare(ws, 'vm/120', ['power'], 'stopped')
      declare(ws, 'container/201', ['placement'], {node: 'pve1', pinned: true})
      declare(ws, 'container/202', ['config', 'mp0'], undefined)
      ws.write('infra/home/vm/110.yaml', 'kind: vm\nid: 110\nabsent: true\n')
      ws.write(wishes, 'kind: user\nid: new@pve\nconfig:\n  comment: x\n  password: "**********"\n')
    })

    it('a question a class, the name of what is destroyed, and a secret that is written nowhere', async () => {
      const {code, output, shown} = await typing([
        ...yes,
        name,
        {when: secret, type: '\r'},
        {when: 'Nothing was typed', type: 'hunter2-and-more\r'},
      ])
      expect(code).to.equal(0)
      expect(output).not.to.include('hunter2')
      for (const [word, object] of questions) expect(shown).to.include(`✔ ${word}: ${object}. Go on? Yes\n`)
      expect(shown).to.include('Applied to home: 7 of 7 done')
      // What vm/101 had pending before the run waits still, and that is said with what to type.
      expect(shown).to.match(/Waits for a restart [^]*\n {2}vm\/101: config\.[^]*\n {4}pmpc reboot vm\/101\n/)
      const found = await lab.box.exec('grep', ['-rl', 'hunter2', '.'], {cwd: ws.root})
      expect(found.stdout).to.equal('')
    })

    const leaving: [string, Answer[], number, string][] = [
      ['a no', [{...yes[0]!, type: 'n\r'}], 1, 'Nothing was done: grants was not agreed to.'],
      ['Ctrl-C at a question', [{...yes[0]!, type: interrupt}], 130, 'Interrupted: nothing was done.'],
      ['another name', [...yes, {...name, type: 'vm/111\r'}], 1, 'Nothing was done: "vm/111" is not vm/110.'],
      ['Ctrl-C at a name', [...yes, {...name, type: interrupt}], 130, 'Interrupted: nothing was done.'],
      ['Ctrl-C at a secret', [...yes, name, {when: secret, type: interrupt}], 130, 'Interrupted: nothing was done.'],
    ]
    for (const [what, answers, exitCode, said] of leaving)
      it(`and has done nothing after ${what}`, async () => {
        const [before, sent] = [await ws.picture(), lab.simulator.simulation.state.tasks.length]
        const {code, shown} = await typing(answers)
        expect(code).to.equal(exitCode)
        expect(shown).to.include(said)
        expect(await ws.picture()).to.deep.equal(before)
        expect(lab.simulator.simulation.state.tasks).to.have.length(sent)
        expect((await ws.must('status', '--json')).json<{unfinished: unknown}>().unfinished).to.equal(null)
      })
  })

  const again: Answer = {when: 'Interrupted: what runs comes to its end', type: interrupt}
  const atWork: Answer = {when: / at work/, type: interrupt}

  it('says what Ctrl-C comes to, lets what runs end, and what to type to go on', async () => {
    await start(1500)
    create(9)
    const {code, output, shown} = await typing([atWork])
    expect(code).to.equal(130)
    expect(output).to.include('Interrupted: what runs comes to its end. Ctrl-C again stops it')
    expect(shown).to.match(
      /✔ Applied to home: 4 of 9 done\nskipped {2}(vm\/90\d, ){4}vm\/90\d: interrupted before its turn/,
    )
    expect(shown).to.match(
      /Done: 4 of 9 objects, by 4 requests; 5 skipped\.\nCommitted: [^]*\nGo on: pmpc apply --resume\n/,
    )
    lab.simulator.simulation.settings.taskTime = 0
    const {done} = (await ws.must('apply', '--resume', '--json')).json<{done: unknown[]}>()
    expect(done).to.have.length(9)
  })

  it('stops the tasks at the second Ctrl-C, and goes on from there', async () => {
    await start(5000)
    create(5)
    const {code, output, shown} = await typing([{when: /4 at work/, type: interrupt}, again])
    expect(code).to.equal(130)
    expect(output).to.include('Interrupted again: the tasks that run are being stopped')
    expect(shown).to.match(/failed {3}(vm\/90\d, ){3}vm\/90\d: interrupted in the middle/)
    expect(shown).to.include('Go on: pmpc apply --resume')
    lab.simulator.simulation.settings.taskTime = 0
    const {done} = (await ws.must('apply', '--resume', '--json')).json<{done: unknown[]}>()
    expect(done).to.have.length(5)
    expect((await ws.must('plan')).stdout).to.equal('Plan: nothing to do.\n')
  })

  it('takes a request that was broken off before it was answered for one that may have been done', async () => {
    await start(0)
    create(1)
    const {faults, state} = lab.simulator.simulation
    faults.add({kind: 'latency', delay: 5000, method: 'POST', path: '^/nodes/pve1/qemu$', times: 1})
    const {code} = await typing([{when: 'POST /nodes/pve1/qemu', type: interrupt}, again])
    expect(code).to.equal(130)
    const {unfinished} = (await ws.must('status', '--json')).json<{unfinished: {run: string} | null}>()
    const events = ws
      .read(`.pmpc/local/runs/${unfinished!.run}.jsonl`)
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => (JSON.parse(line) as {event: string}).event)
    expect(events).to.include('sent').and.not.include('answered')
    const {done} = (await ws.must('apply', '--resume', '--json')).json<{done: unknown[]}>()
    expect(done).to.have.length(1)
    expect(state.tasks.filter(({type}) => type === 'qmcreate')).to.have.length(1)
  })
})

describe('pmpc apply where nobody looks', function () {
  this.timeout(60_000)
  let lab: Lab
  let ws: Clone
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    ws = await lab.agreed('ws')
  })
  after(async () => lab.stop())
  let cores = 4
  const wish = () => declare(ws, 'vm/120', ['config', 'cores'], ++cores)

  it('tells of each object by lines on standard error, in which nothing moves', async () => {
    wish()
    const {code, stderr, stdout} = await ws.pmpc(['apply'])
    expect(code).to.equal(0)
    expect(stderr).to.equal(
      [
        ...['Reading home', 'Checking home', 'home/vm/120: PUT /nodes/pve1/qemu/120/config', 'home/vm/120: done'],
        ...['Applied to home: 1 of 1 done', ''],
      ].join('\n'),
    )
    expect(stdout).to.include('Waits for a restart')
    expect(stdout + stderr).not.to.match(codes)
  })

  it('is silent under --json, and tells the same as lines of JSON with --verbose', async () => {
    wish()
    expect((await ws.must('apply', '--json')).stderr).to.equal('')
    wish()
    const {stderr, stdout} = await ws.must('apply', '--json', '--verbose')
    const lines = stderr
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(lines).to.deep.equal([
      {step: 'Reading home'},
      {step: 'Checking home'},
      {object: 'home/vm/120', state: 'working', text: 'PUT /nodes/pve1/qemu/120/config'},
      {object: 'home/vm/120', state: 'done'},
      {step: 'Applied to home: 1 of 1 done'},
    ])
    expect(JSON.parse(stdout)).to.have.nested.property('done[0].pending.node', 'pve1')
  })

  it('prints nothing of it where that is asked for', async () => {
    wish()
    expect((await ws.must('apply', '--quiet')).stderr).to.equal('')
  })
})
