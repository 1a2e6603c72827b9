import {expect} from 'chai'
import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {sandbox, type Sandbox} from '../support/pmpc.js'
import {answerMistakes} from '../support/mistakes.js'
import {assertSchema} from '../support/schemas.js'
import {someState, someVm, stateWorkspace, type StateWorkspace} from '../support/states.js'

describe('pmpc diff and log', () => {
  let box: Sandbox
  let space: StateWorkspace
  let commits: string[]
  before(async () => {
    box = sandbox()
    space = await stateWorkspace(box)
    commits = [
      await space.sync('01aaaa', someState(someVm(100, {meta: {ctime: 1}}), someVm(101))),
      await space.sync(
        '01bbbb',
        someState(someVm(100, {meta: {ctime: 1}, memory: 1024, tags: ['new', 'prod']}), someVm(101)),
      ),
      await space.sync(
        '01cccc',
        someState(someVm(100, {meta: {ctime: 2}, name: 'other'}), someVm(102), someVm(101, {}, {node: 'pve2'})),
      ),
    ]
  })
  after(() => box.remove())

  const run = async (...args: string[]) => box.pmpc(args, {cwd: space.root})

  it('tell people what the last sync saw', async () => {
    const {stdout, code} = await run('diff')
    expect(code).to.equal(0)
    expect(stdout).to.equal(`${commits[2]!.slice(0, 12)}^ → ${commits[2]!.slice(0, 12)}
! vm/100 other is another vm now: the id was reused
~ vm/101 web101
    node  pve1 → pve2
+ vm/102 web102
1 added, 1 changed, 1 replaced
`)
  })

  it('tell sets by element, and fields as accept takes them', async () => {
    const {stdout} = await run('diff', 'HEAD~2..HEAD~1', 'vm/100')
    expect(stdout).to.equal(`HEAD~2 → HEAD~1
~ vm/100 web100
    config.memory  512 → 1024
    config.tags    +new
1 changed
`)
  })

  it('tell people how much changed of each', async () => {
    expect((await run('diff', '--stat')).stdout).to.equal(`${commits[2]!.slice(0, 12)}^ → ${commits[2]!.slice(0, 12)}
! vm/100 other   replaced
~ vm/101 web101  1 field
+ vm/102 web102  added
1 added, 1 changed, 1 replaced
`)
    expect((await run('diff', 'HEAD~2..HEAD~1', '--stat')).stdout).to.include(
      '\n~ vm/100 web100  2 fields\n1 changed\n',
    )
    expect((await run('diff', 'HEAD', '--stat')).stdout).to.include('Nothing changed.')
    const [whole, stat] = [await run('diff', '--json'), await run('diff', '--stat', '--json')]
    expect(stat.json()).to.deep.equal(whole.json())
  })

  describe('of manifests and folders of them', () => {
    const ids = async (folder: string, ...args: string[]) => {
      const {stdout, stderr, code} = await box.pmpc(['diff', ...args, '--json'], {cwd: path.join(space.root, folder)})
      expect(code, stderr).to.equal(0)
      return (JSON.parse(stdout) as {changes: {id: number}[]}).changes.map(({id}) => id)
    }
    before(() => {
      space.write('infra/web/all.yaml', 'kind: vm\nid: 101\n---\nkind: vm\nid: 100\n')
      space.write('infra/home/vm/102.yaml', 'kind: vm\nid: 102\n')
    })

    it('are what these declare, from the folder one is in', async () => {
      expect(await ids('.', 'infra/web/all.yaml')).to.deep.equal([100, 101])
      expect(await ids('.', 'infra/home')).to.deep.equal([102])
      expect(await ids('infra/web', 'all.yaml')).to.deep.equal([100, 101])
      expect(await ids('infra/web', '../home/vm')).to.deep.equal([102])
      expect(await ids('infra/home/vm', '.')).to.deep.equal([102])
      expect(await ids('infra', '.', 'HEAD~1')).to.deep.equal([100, 101, 102])
      expect(await ids('.', 'HEAD~2..HEAD~1', 'infra/web', 'vm/102')).to.deep.equal([100])
    })

    it('also where the manifest is gone from here', async () => {
      await space.git('add', 'infra')
      await space.git('commit', '--quiet', '--message', 'manifests')
      await space.git('rm', '--quiet', 'infra/home/vm/102.yaml')
      expect(await ids('.', 'infra/home/vm/102.yaml')).to.deep.equal([102])
      await space.git('commit', '--quiet', '--message', 'gone')
      expect(await ids('.', 'infra/home/vm/102.yaml')).to.deep.equal([102])
      await space.git('reset', '--quiet', '--hard', commits[2]!)
    })

    it('what is a path and a revision is refused, with both to type', async () => {
      space.write('infra/web/all.yaml', 'kind: vm\nid: 101\n')
      await space.git('branch', 'infra')
      const result = await run('diff', 'infra', '--json')
      const {error} = result.json<{error: {code: string; suggestions: string[]}}>()
      expect(error.code).to.equal('PMPC_AMBIGUOUS')
      expect(error.suggestions[0]).to.equal('pmpc diff ./infra')
      expect(await ids('.', './infra')).to.deep.equal([100, 101, 102])
      expect(await ids('.', './infra/web')).to.deep.equal([101])
      await space.git('branch', '-D', 'infra')
    })

    it('what is a path and an object is refused, and so is a path that never was', async () => {
      space.write('infra/web101/all.yaml', 'kind: vm\nid: 102\n')
      for (const [args, code] of [
        [['-C', 'infra', 'diff', 'web101'], 'PMPC_AMBIGUOUS'],
        [['diff', 'infra/home/vm/nope.yaml'], 'PMPC_NOT_FOUND'],
      ] as const)
        expect((await run(...args, '--json')).json<{error: {code: string}}>().error.code).to.equal(code)
      expect(await ids('infra', './web101')).to.deep.equal([102])
      await space.git('clean', '--quiet', '--force', 'infra/web101')
    })
  })

  it('give programs what the schema says', async () => {
    for (const args of [['diff'], ['diff', 'HEAD~2', 'HEAD~1'], ['diff', 'HEAD'], ['diff', 'HEAD~2', 'vm', '101']]) {
      const result = await run(...args, '--json')
      assertSchema('diff', result.json())
    }
    const {changes} = (await run('diff', 'HEAD~2', 'vm', '101', '--json')).json<{changes: unknown[]}>()
    expect(changes).to.deep.equal([
      {
        cluster: 'home',
        kind: 'vm',
        id: 101,
        name: 'web101',
        change: 'changed',
        fields: [{field: 'node', before: 'pve1', after: 'pve2'}],
      },
    ])
  })

  it('exit with 2 only when asked to', async () => {
    expect((await run('diff')).code).to.equal(0)
    expect((await run('diff', '--detailed-exitcode')).code).to.equal(2)
    const {code, stdout} = await run('diff', 'HEAD', '--detailed-exitcode')
    expect(code).to.equal(0)
    expect(stdout).to.include('Nothing changed.')
  })

  it('list the commits of pmpc', async () => {
    const entries = (await run('log', '--json')).json<{run: string; commit: string}[]>()
    assertSchema('log', entries)
    expect(entries.map((entry) => [entry.run, entry.commit])).to.deep.equal([
      ['01cccc', commits[2]],
      ['01bbbb', commits[1]],
      ['01aaaa', commits[0]],
    ])
    expect((await run('log', '-n', '1')).stdout).to.match(
      /^[0-9a-f]{12} {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}sync\(home\): 01cccc {2}\(by .+, run 01cccc\)\n$/,
    )
  })

  it('list the commits in which an object changed, with the changes', async () => {
    const entries = (await run('log', 'vm/100', '--json')).json<{run: string; changes: {change: string}[]}[]>()
    assertSchema('log', entries)
    expect(entries.map((entry) => [entry.run, entry.changes[0]!.change])).to.deep.equal([
      ['01cccc', 'replaced'],
      ['01bbbb', 'changed'],
      ['01aaaa', 'added'],
    ])
    expect((await run('log', '101', '-n', '1')).stdout).to.include('\n  ~ vm/101 web101\n      node  pve1 → pve2\n')
    expect((await run('log', 'vm/999')).stderr).to.include('No commit was found.')
  })

  it('print what a run logged, by the beginning of its id', async () => {
    const logs = path.join(space.root, '.pmpc/local/logs')
    mkdirSync(logs, {recursive: true})
    const log = [
      {time: '2026-01-02T03:04:05.678Z', run: '01bbbb', event: 'run.start', command: 'pmpc sync'},
      {time: '2026-01-02T03:04:06.000Z', run: '01bbbb', event: 'run.end', exitCode: 0},
    ]
    writeFileSync(
      path.join(logs, `${new Date().toISOString().slice(0, 10)}-01bbbb.jsonl`),
      log.map((line) => `${JSON.stringify(line)}\n`).join('') + '{"half',
    )
    const {stdout} = await run('log', '--run', '01bb')
    expect(stdout).to.include('sync(home): 01bbbb')
    expect(stdout).to.include('03:04:05.678  run.start  command="pmpc sync"'.replaceAll('"', ''))
    const result = (await run('log', '--run', '01bb', '--json')).json<{lines: unknown[]; commits: unknown[]}>()
    assertSchema('log', result)
    expect(result.lines).to.deep.equal(log)
    expect(result.commits).to.have.length(1)
  })

  answerMistakes(run, [
    [['diff', 'nowhere'], 'PMPC_UNKNOWN_REVISION', 1],
    [['diff', 'a...b'], 'PMPC_BAD_RANGE', 64],
    [['log', 'nonsense'], 'PMPC_NOT_FOUND', 1],
    [['log', 'disk/1'], 'PMPC_BAD_OBJECT', 64],
    [['log', 'vm', 'wbe101'], 'PMPC_NOT_FOUND', 1],
    [['log', '--cluster', 'hoem', 'vm/100'], 'PMPC_UNKNOWN_CLUSTER', 64],
    [['diff', 'wbe101'], 'PMPC_NOT_FOUND', 1],
    [['diff', 'home'], 'PMPC_BAD_OBJECT', 64],
    [['log', 'home'], 'PMPC_BAD_OBJECT', 64],
    [['diff', '--cluster', 'hoem'], 'PMPC_UNKNOWN_CLUSTER', 64],
    [['log', '--run', 'zzzz'], 'PMPC_NO_RUN', 1],
    [['log', '-n', '0'], 'PMPC_USAGE', 64],
  ])

  it('take an object by its name, and one that is gone by its id', async () => {
    const runs = async (...args: string[]) =>
      (await run('log', '--json', ...args)).json<{run: string}[]>().map((entry) => entry.run)
    for (const word of ['web101', 'vm/web101', 'home/vm/web101', 'vm/101', '101'])
      expect(await runs(word), word).to.deep.equal(['01cccc', '01aaaa'])
    expect(await runs('--cluster', 'home', 'vm', 'web101', '-n', '1')).to.deep.equal(['01cccc'])
    const changed = async (...args: string[]) =>
      (await run('diff', '--json', ...args)).json<{changes: {id: number}[]}>().changes.map(({id}) => id)
    expect(await changed('web101')).to.deep.equal([101])
    expect(await changed('HEAD~2..HEAD', 'web102')).to.deep.equal([102])
    expect(await changed('HEAD~1', 'vm/web101', 'vm', '102', '--cluster', 'home')).to.deep.equal([101, 102])
  })

  it('take an object by a name that nothing has any more', async () => {
    const entries = (await run('log', 'web100', '--json')).json<{changes: {id: number; change: string}[]}[]>()
    expect(entries.map(({changes: [first]}) => [first!.id, first!.change])).to.deep.equal([
      [100, 'replaced'],
      [100, 'changed'],
      [100, 'added'],
    ])
    expect((await run('diff', 'web100')).stdout).to.include('! vm/100 other is another vm now')
  })

  it('refuse a name that is a branch as well', async () => {
    await space.git('branch', 'web102', 'HEAD~1')
    const {error} = (await run('diff', 'web102', '--json')).json<{error: {code: string; suggestions: string[]}}>()
    expect(error.code).to.equal('PMPC_AMBIGUOUS')
    expect(error.suggestions).to.deep.equal(['pmpc diff home/vm/102', `pmpc diff ${commits[1]!.slice(0, 12)}`])
    for (const suggestion of error.suggestions) expect((await run(...suggestion.split(' ').slice(1))).code).to.equal(0)
    await space.git('branch', '-D', 'web102')
  })

  it('of two clusters show one, and refuse what both have', async () => {
    const two = await stateWorkspace(box, 'two')
    await two.sync('01aaaa', someState(someVm(100)), {...someState(someVm(100), someVm(105)), cluster: 'lab'})
    const inTwo = async (...args: string[]) => box.pmpc([...args, '--json'], {cwd: two.root})
    for (const args of [
      ['log', 'vm/100'],
      ['log', 'web100'],
      ['diff', 'web100'],
    ]) {
      const {error} = (await inTwo(...args)).json<{error: {code: string; suggestions: string[]}}>()
      expect(error.code).to.equal('PMPC_AMBIGUOUS')
      expect(error.suggestions).to.deep.equal([`pmpc ${args[0]} home/vm/100`, `pmpc ${args[0]} lab/vm/100`])
    }
    const {changes} = (await inTwo('diff', '--cluster', 'lab')).json<{changes: {cluster: string; id: number}[]}>()
    expect(changes.map(({cluster, id}) => `${cluster} ${id}`))
      .to.include('lab 105')
      .and.to.have.length(someState(someVm(100), someVm(105)).objects.length)
    expect(changes.every(({cluster}) => cluster === 'lab')).to.equal(true)
    expect((await inTwo('log', 'web100', '--cluster', 'lab')).json<unknown[]>()).to.have.length(1)
    expect((await inTwo('log', '--cluster', 'lab')).json<unknown[]>(), 'by its trailer').to.have.length(0)
  })

  it('still tell the history of a state that was lost', async () => {
    const lost = await stateWorkspace(box, 'lost')
    await lost.sync('01aaaa', someState(someVm(100)))
    await lost.git('rm', '--quiet', '.pmpc/state/home.db')
    const {stdout} = await box.pmpc(['log', 'vm/100'], {cwd: lost.root})
    expect(stdout).to.include('+ vm/100 web100')
  })
})
