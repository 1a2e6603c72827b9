import {expect} from 'chai'
import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import path from 'node:path'
import type {Exchange} from '../../plugins/simulator/src/http/server.js'
import type {Plan} from '../../src/kit/plan/index.js'
import {displayWidth} from '../../src/kit/cli/width.js'
import {Lab, type Clone, type ErrorJson} from '../support/lab.js'
import {bin, type RunResult} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {assertSchema} from '../support/schemas.js'
import {skipFor} from '../support/skip.js'

const [vm100, vm101, storage] = ['infra/home/vm/100.yaml', 'infra/home/vm/101.yaml', 'infra/home/storage/local.yaml']

describe('pmpc plan', function () {
  this.timeout(120_000)
  let lab: Lab
  let ws: Clone
  let config: string

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    ws = await lab.agreed('ws')
    config = ws.read('pmpc.yaml')
  })
  after(async () => lab.stop())
  beforeEach(async () => {
    ws.write('pmpc.yaml', config)
    await ws.git('restore', '--staged', '--worktree', '--source=HEAD', '.')
  })

  const plan = async (...args: string[]): Promise<RunResult & {made: Plan}> => {
    const result = await ws.pmpc(['plan', '--json', ...args])
    return {...result, made: result.json<Plan>()}
  }
  const objects = ({actions}: Plan) => actions.map(({object}) => object)
  const error = (result: RunResult) => result.json<ErrorJson>().error

  /** What is sent to the cluster meanwhile, `GET`. */
  const sentDuring = async (work: () => Promise<unknown>): Promise<string[]> => {
    const sent: string[] = []
    const listen = (message: unknown): void => void sent.push((message as Exchange).verb)
    subscribe('pmpc:simulator', listen)
    await work()
    unsubscribe('pmpc:simulator', listen)
    return sent
  }

  it('has nothing to do, and asks nobody, where nobody wishes anything', async () => {
    const {code, stdout} = await ws.pmpc(['plan', '--detailed-exitcode'])
    expect([code, stdout]).to.deep.equal([0, 'Plan: nothing to do.\n'])
    const {made} = await plan()
    expect([made.actions, made.undecided, made.checks]).to.deep.equal([[], [], []])
    assertSchema('plan', made)
  })

  it('tells what people wish, reads only, and says how much', async () => {
    ws.edit(vm100, 'memory: 8192', 'memory: 3072')
    ws.edit(vm100, 'tag: 42', 'tag: 52')
    let made: Plan | undefined
    const sent = await sentDuring(async () => (made = (await plan()).made))
    assertSchema('plan', made)
    expect(made!.requests).to.equal(sent.length)
    expect(new Set(sent)).to.deep.equal(new Set(['GET']))
    expect(objects(made!)).to.deep.equal(['home/vm/100'])
    const [{fields, consents, bound}] = made!.actions as [Plan['actions'][0]]
    expect(fields).to.deep.equal([
      {field: 'config.memory', from: 8192, to: 3072, consequence: 'pending-until-reboot', commit: null},
      {field: 'config.net0.tag', from: 42, to: 52, consequence: 'cuts-network', commit: null},
    ])
    expect(consents).to.deep.equal(['cuts-network'])
    expect(bound.is).to.include({'config.memory': 8192})
    const {stdout} = await ws.pmpc(['plan'])
    expect(stdout).to.match(/^~ vm\/100 web01 {2}wished in the working tree\n/)
    expect(stdout).to.match(/\n {2}~ config\.memory {4}8192 → 3072 {2}at the next restart\n/)
    expect(stdout).to.match(/\nNeeds consent:\n {2}cuts-network \(vm\/100\)\n$/)
  })

  it('shows requests with --verbose as the document has them', async () => {
    ws.edit(vm100, 'memory: 8192', 'memory: 3072')
    const {made} = await plan()
    const {stdout} = await ws.pmpc(['plan', '--verbose'])
    for (const {method, path: at, parameters} of made.actions.flatMap(({requests}) => requests)) {
      expect(stdout).to.include(`    ${method} ${at}  (`)
      for (const [key, value] of Object.entries(parameters))
        expect(stdout).to.include(`      ${key}=${String(value)}\n`)
    }
  })

  it('exits with 2 only where --detailed-exitcode is given, for what is undecided, too', async () => {
    ws.edit(vm100, 'cores: 4', 'cores: 6')
    expect((await plan()).code).to.equal(0)
    expect((await plan('--detailed-exitcode')).code).to.equal(2)
    await lab.set('/nodes/pve1/qemu/100', {cores: 8})
    const both = await plan('--detailed-exitcode')
    await lab.set('/nodes/pve1/qemu/100', {cores: 4})
    expect(both.code).to.equal(2)
    expect(both.made.actions).to.deep.equal([])
    expect(both.made.undecided).to.have.length(1)
    expect(both.made.undecided[0]).to.include({object: 'home/vm/100', field: 'config.cores'})
    assertSchema('plan', both.made)
  })

  it('fails where the policy forbids it, and prints the plan all the same', async () => {
    ws.write('pmpc.yaml', `${config}policy:\n  - {tag: prod, never: [cuts-network]}\n`)
    ws.edit(vm100, 'tag: 42', 'tag: 52')
    ws.edit(vm100, 'tags: [prod, web]', 'tags: [web]')
    const {code, made} = await plan('--detailed-exitcode')
    expect(code).to.equal(1)
    expect(made.checks.map(({object, check, severity}) => [object, check, severity])).to.deep.equal([
      ['home/vm/100', 'policy', 'error'],
    ])
    expect(made.actions[0]!.bound.policy).to.deep.equal([{tag: 'prod', never: ['cuts-network']}])
    const {stdout, stderr} = await ws.pmpc(['plan'])
    expect(stdout).to.include('error    vm/100: cuts-network is never allowed for {tag: prod} by policy: in pmpc.yaml')
    expect(stderr).to.include('Without what failed: pmpc plan --exclude home/vm/100\n')
    ws.write('pmpc.yaml', `${config}policy:\n  - {tag: prod, never: [destroys-data]}\n`)
    expect((await plan()).code).to.equal(0)
  })

  it('plans what selectors mean, without what is excluded', async () => {
    ws.edit(vm100, 'memory: 8192', 'memory: 3072')
    ws.edit(vm101, 'cores: 4', 'cores: 2')
    ws.edit(storage, /config:\n/, 'config:\n  shared: 1\n')
    const cases: [string[], string[]][] = [
      [[], ['home/storage/local', 'home/vm/100', 'home/vm/101']],
      [['vm/100'], ['home/vm/100']],
      [
        ['vm', '100', 'local'],
        ['home/storage/local', 'home/vm/100'],
      ],
      [['web*'], ['home/vm/100', 'home/vm/101']],
      [['101-110'], ['home/vm/101']],
      [['tag:prod', '--exclude', 'web02'], ['home/vm/100']],
      [['node:pve2'], ['home/vm/101']],
      [['pool:web', '--exclude', '101', '--exclude', 'storages'], ['home/vm/100']],
      [['--exclude', 'guests'], ['home/storage/local']],
      [['containers'], []],
    ]
    for (const [args, expected] of cases)
      expect(objects((await plan(...args)).made).sort(), args.join(' ')).to.deep.equal(expected)
  })

  it('refuses words that select nothing, before it asks the cluster', async () => {
    const wrong: [string[], string, number][] = [
      [['web99'], 'PMPC_NOT_FOUND', 1],
      [['tags:prod'], 'PMPC_BAD_SELECTOR', 64],
      [['110-100'], 'PMPC_BAD_SELECTOR', 64],
      [['--exclude', ''], 'PMPC_USAGE', 64],
      [['--exclude', 'tag:none'], 'PMPC_NOT_FOUND', 1],
      [['--cluster', 'lab'], 'PMPC_UNKNOWN_CLUSTER', 64],
      [['--markdown'], 'PMPC_USAGE', 64],
    ]
    const sent = await sentDuring(async () => {
      for (const [args, code, exit] of wrong) {
        const result = await ws.pmpc(['plan', '--json', ...args])
        expect([error(result).code, result.code], args.join(' ')).to.deep.equal([code, exit])
      }
    })
    expect(sent).to.deep.equal([])
  })

  describe('--out', () => {
    beforeEach(() => ws.edit(vm100, 'memory: 8192', 'memory: 3072'))

    it('saves what --json prints, for its owner alone, inside of the workspace and outside', async () => {
      for (const file of [
        '.pmpc/local/plans/deep/plan.json',
        '../outside.json',
        path.join(lab.box.folder, 'abs.json'),
      ]) {
        const {made} = await plan('--out', file)
        const at = path.resolve(ws.root, file)
        expect(JSON.parse(readFileSync(at, 'utf8'))).to.deep.equal(made)
        expect(statSync(at).mode & 0o777).to.equal(0o600)
        expect((await ws.pmpc(['plan', 'show', file, '--json'])).json()).to.deep.equal(made)
      }
      expect(await ws.git('status', '--porcelain')).to.equal(` M ${vm100}`)
      const {stderr} = await ws.pmpc(['plan', '--out', '../outside.json'])
      expect(stderr).to.include('pmpc plan show ../outside.json')
    })

    it('is relative to the folder of -C', async () => {
      const {code} = await lab.box.pmpc(['plan', '-C', ws.root, '--out', 'from-c.json'])
      expect([code, ws.has('from-c.json')]).to.deep.equal([0, true])
      ws.remove('from-c.json')
    })

    it('overwrites no file but a plan, before the cluster is asked', async () => {
      const before = ws.read(vm101)
      const folder = path.join(lab.box.folder, 'not-there')
      const wrong: [string, string][] = [
        [vm101, 'PMPC_NOT_A_PLAN'],
        ['pmpc.yaml', 'PMPC_NOT_A_PLAN'],
        ['.', 'PMPC_NOT_A_PLAN'],
        ['/dev/null', 'PMPC_NOT_A_PLAN'],
        [path.join(folder, 'plan.json'), 'PMPC_USAGE'],
      ]
      const sent = await sentDuring(async () => {
        for (const [file, code] of wrong) expect((await ws.fails(['plan', '--out', file])).code, file).to.equal(code)
      })
      expect([sent, ws.read(vm101), existsSync(folder)]).to.deep.equal([[], before, false])
      expect(statSync('/dev/null').isCharacterDevice()).to.equal(true)
    })

    it('leaves no half of a plan where it cannot be written', async () => {
      writeFileSync(path.join(ws.root, 'old.json'), '')
      expect((await plan('--out', 'old.json')).code).to.equal(0)
      expect(ws.read('old.json')).to.match(/"digest"/)
      ws.remove('old.json')
    })
  })

  describe('its digest', () => {
    it('is the same for the same wishes, committed or not, and after a snapshot', async () => {
      ws.edit(vm100, 'memory: 8192', 'memory: 3072')
      const {digest} = (await plan()).made
      const head = await ws.head()
      await ws.git('commit', '-qam', 'less memory')
      const committed = (await plan()).made
      expect(committed.digest).to.equal(digest)
      expect(committed.actions[0]!.fields[0]!.commit).to.equal(await ws.head())
      await lab.api('POST', '/nodes/pve1/qemu/100/snapshot', {snapname: 'nightly'})
      const later = (await plan()).made
      await lab.api('DELETE', '/nodes/pve1/qemu/100/snapshot/nightly')
      expect(later.digest).to.equal(digest)
      await ws.git('reset', '-q', '--hard', head)
    })

    it('is another one for another wish, and where something of the guest is undecided', async () => {
      ws.edit(vm100, 'memory: 8192', 'memory: 3072')
      const digests = [(await plan()).made.digest]
      await lab.set('/nodes/pve1/qemu/100', {onboot: 0})
      const drifted = (await plan()).made
      await lab.set('/nodes/pve1/qemu/100', {onboot: 1})
      expect(drifted.actions[0]!.bound.open).to.have.length(1)
      digests.push(drifted.digest)
      ws.edit(vm100, 'memory: 3072', 'memory: 4096')
      digests.push((await plan()).made.digest)
      expect(new Set(digests).size).to.equal(3)
    })
  })

  it('is the same Markdown each time, whatever a description says', async () => {
    const hostile = '```\n  </details>\n  @everyone /close\n  ```'
    ws.edit(vm100, 'Front end of the shop.', hostile.replaceAll('\n', '\n  '))
    const [one, two] = [await ws.pmpc(['plan', '--markdown']), await ws.pmpc(['plan', '--markdown'])]
    expect([one.code, one.stdout]).to.deep.equal([0, two.stdout])
    expect(one.stdout.match(/^<\/details>$/gm)).to.have.length(1)
    expect(one.stdout)
      .to.match(/^````diff$/m)
      .and.to.not.match(/^ {0,3}(?:\/|@)/m)
  })

  it('keeps to the width of a terminal', async function () {
    skipFor(this, noPty())
    ws.edit(vm100, 'tag: 42', 'tag: 52')
    ws.edit(vm100, '    size: 32G', '    size: 64G')
    const args = [bin, 'plan', '--verbose']
    const env = {...lab.box.env, NO_COLOR: '1'}
    const {output} = await inPty(process.execPath, args, {env, cwd: ws.root, answers: []})
    // What shows progress moves the cursor, and is not of the plan.
    const lines = output.slice(output.indexOf('~ vm/100')).split('\r\n')
    const prose = lines.filter((line) => !/^ {6}\S+=/.test(line))
    expect(prose.filter((line) => displayWidth(line) > 80)).to.deep.equal([])
    expect(lines.join('\n')).to.include('and nothing brings it back')
  })
})
