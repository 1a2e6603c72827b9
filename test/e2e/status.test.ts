import {expect} from 'chai'
import {cpSync, lstatSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {keptFolder} from '../../src/kit/files/kept.js'
import {keptFile} from '../support/kept.js'
import {sandbox, type Sandbox} from '../support/pmpc.js'
import {assertSchema} from '../support/schemas.js'
import {someState, someVm, stateWorkspace, type StateWorkspace} from '../support/states.js'

const manifest = (cores: number) => `kind: vm\nid: 100\nconfig:\n  cores: ${cores}\n`

describe('pmpc status, a second time', () => {
  let box: Sandbox
  let space: StateWorkspace
  let root: string

  beforeEach(async () => {
    box = sandbox()
    space = await stateWorkspace(box)
    root = space.root
    await space.sync('one', someState(someVm(100)))
    space.write('infra/home/vm/100.yaml', manifest(4))
    await space.git('add', '.')
    await space.git('commit', '--quiet', '--message', 'a manifest')
    expect((await box.pmpc(['init'], {cwd: root})).code).to.equal(0)
  })
  afterEach(() => box.remove())

  const status = async (folder = root, env: Record<string, string> = {}) => {
    const {code, stdout, stderr} = await box.pmpc(['status', '--json'], {cwd: folder, env})
    expect(code, stderr).to.equal(0)
    return stdout
  }
  /** What is told where no Git can be started: undefined where it is needed. */
  const recalled = async (folder = root, env: Record<string, string> = {}) => {
    const {code, stdout} = await box.pmpc(['status', '--json'], {cwd: folder, env: {PATH: '/nowhere', ...env}})
    return code === 127 ? undefined : stdout
  }
  /** Asks until the files are older than the tick in which they were written. */
  const settle = async (folder = root) => {
    for (let times = 0; times < 3 && (await recalled(folder)) === undefined; times++) await status(folder)
    const known = await recalled(folder)
    expect(known).to.be.a('string')
    return known
  }
  const afresh = async (folder = root) => {
    rmSync(keptFolder(folder, box.env), {recursive: true, force: true})
    return status(folder)
  }
  const cacheFile = () => keptFile(root, 'status', box.env)

  it('needs no Git, and tells the same', async () => {
    const known = await settle()
    assertSchema('status', JSON.parse(known!))
    expect(known).to.equal(await afresh())
    expect(known).to.include('config.cores')
  })

  it('cuts long values for people; --json has all of them', async () => {
    const text = 'x'.repeat(8000)
    space.write('infra/home/vm/100.yaml', `${manifest(1)}  description: "${text}"\n`)
    const {stdout} = await box.pmpc(['status'], {cwd: root})
    expect(stdout).to.include('config.description: (none) → xxx')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).to.be.below(200)
    expect(await status()).to.include(text)
  })

  const lastSync = {run: 'x', at: '2026-01-01T00:00:00.000Z', stale: [{object: 'home/vm/100', why: 'gone'}]}
  const changes: Record<string, () => unknown> = {
    'an edit that leaves size and time': () => {
      const file = path.join(root, 'infra/home/vm/100.yaml')
      const {atime, mtime} = lstatSync(file)
      writeFileSync(file, manifest(2))
      utimesSync(file, atime, mtime)
    },
    'a new manifest': () => space.write('infra/home/new/101.yaml', manifest(1).replace('100', '101')),
    'a manifest that is gone': () => rmSync(path.join(root, 'infra/home/vm/100.yaml')),
    'an emptied manifest': () => space.write('infra/home/vm/100.yaml', ''),
    'a rule in pmpc.yaml': () =>
      space.write('pmpc.yaml', `${readFileSync(path.join(root, 'pmpc.yaml'), 'utf8')}ignore: [{kind: pool}]\n`),
    'a sync that was committed': async () => space.sync('two', someState(someVm(100), someVm(102))),
    'a sync of this clone': () =>
      space.write('.pmpc/local/last-sync/home.json', JSON.stringify({...lastSync, ignored: {objects: 1, keys: 0}})),
    'another branch': async () => space.git('checkout', '--quiet', 'HEAD~1'),
    'another commit of the same branch': async () => space.git('reset', '--quiet', '--soft', 'HEAD~1'),
    'drivers that are gone': async () => space.git('config', '--remove-section', 'diff.pmpc'),
    'an object that is read in the place of another': async () => {
      await space.sync('three', someState(someVm(100), someVm(103)))
      await space.git('checkout', '--quiet', 'HEAD~1')
      await settle()
      await space.git('replace', 'HEAD', 'main')
    },
    'an included configuration': async () => space.git('config', 'include.path', '/nowhere/at/all'),
    'references that were packed': async () => space.git('pack-refs', '--all'),
  }
  for (const [what, change] of Object.entries(changes)) {
    it(`notices ${what}`, async () => {
      await settle()
      await change()
      expect(await recalled(), 'told from memory').to.equal(undefined)
      expect(await status()).to.equal(await afresh())
    })
  }

  it('tells from the files what Git is in the middle of', async () => {
    const known = JSON.parse((await settle())!) as object
    writeFileSync(path.join(root, '.git/MERGE_HEAD'), `${(await space.git('rev-parse', 'HEAD')).trim()}\n`)
    expect(JSON.parse((await recalled())!)).to.deep.equal({...known, operation: 'merge'})
  })

  it('asks Git where the environment configures it', async () => {
    await settle()
    const key = {GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'merge.pmpc.driver', GIT_CONFIG_VALUE_0: 'false'}
    expect(await recalled(root, key)).to.equal(undefined)
    expect(JSON.parse(await status(root, key))).to.include({drivers: 'outdated'})
    expect(JSON.parse(await status())).to.include({drivers: 'yes'})
  })

  it('is no worse for a damaged memory', async () => {
    const known = await settle()
    const whole = readFileSync(cacheFile(), 'utf8')
    for (const damaged of [
      '',
      '{}',
      whole.slice(0, -9),
      whole.replace('cores', 'crows'),
      whole.replace(root, '/other'),
    ]) {
      writeFileSync(cacheFile(), damaged)
      expect(await recalled(), damaged.slice(0, 40)).to.equal(undefined)
      expect(await status()).to.equal(known)
    }
  })

  it('is of its own folder: a copy of a workspace is another', async () => {
    await settle()
    const copy = path.join(box.folder, 'copy')
    cpSync(root, copy, {recursive: true, preserveTimestamps: true})
    expect(await recalled(copy)).to.equal(undefined)
    expect(await status(copy)).to.equal(await afresh())
  })

  it('knows a worktree apart from the first working tree', async () => {
    const tree = path.join(box.folder, 'tree')
    await space.git('worktree', 'add', '--quiet', '-b', 'side', tree)
    const [main, side] = [JSON.parse((await settle())!) as object, JSON.parse((await settle(tree))!) as object]
    expect(side).to.deep.equal({...main, branch: 'side'})
    await space.sync('two', someState(someVm(100), someVm(102)))
    expect(await recalled()).to.equal(undefined)
    expect(JSON.parse((await recalled(tree))!)).to.deep.equal(side)
    await box.exec('git', ['merge', '--quiet', 'main'], {cwd: tree})
    expect(await recalled(tree)).to.equal(undefined)
    expect(await status(tree)).to.equal(await afresh(tree))
  })
})

describe('pmpc status: what is wrong in manifests', () => {
  let box: Sandbox
  let space: StateWorkspace
  beforeEach(async () => {
    box = sandbox()
    space = await stateWorkspace(box)
    expect((await box.pmpc(['init'], {cwd: space.root})).code).to.equal(0)
  })
  afterEach(() => box.remove())

  const commit = async (message: string) => {
    await space.git('add', '.')
    await space.git('commit', '--quiet', '--message', message)
  }
  const problems = async () => {
    const {stdout} = await box.pmpc(['status', '--json'], {cwd: space.root})
    return (JSON.parse(stdout) as {problems: {path: string; line: number; code: string; message: string}[]}).problems
  }
  const storage = (id: string, more: string) =>
    space.write(`infra/home/storage/${id}.yaml`, `kind: storage\nid: ${id}\nconfig:\n${more}`)

  it('is nothing that the cluster itself has: types, keys and values of plugins', async () => {
    const config = {type: 'acme-san', 'acme-pool': 'gold', shared: 1, content: ['images']}
    await space.sync('one', someState({kind: 'storage', id: 'san1', config, facts: {}}))
    storage('san1', '  type: acme-san\n  acme-pool: gold\n  shared: 1\n  content: [images]\n')
    // A second one, of people's: the cluster knows type and key.
    storage('san2', '  type: acme-san\n  acme-pool: silver\n  content: [images]\n')
    await commit('storages')
    expect(await problems()).to.deep.equal([])
    storage('san2', '  type: acme-sam\n  acme-poool: silver\n  content: [images]\n')
    expect((await problems()).map(({line, code}) => [line, code])).to.deep.equal([
      [4, 'bad-value'],
      [5, 'unknown-config-key'],
    ])
  })

  it('says that a secret stands in a manifest, whatever the cluster has', async () => {
    await space.sync(
      'one',
      someState({kind: 'storage', id: 'nas', config: {type: 'cifs', password: '**********'}, facts: {}}),
    )
    storage('nas', '  type: cifs\n  password: hunter2\n')
    await commit('nas')
    expect((await problems()).map(({code}) => code)).to.include('bad-value')
  })

  const sides = '<<<<<<< HEAD\n  cores: 2\n=======\n  cores: 4\n>>>>>>> other\n'
  it('conflict markers are called that, with file and line, and counted', async () => {
    await space.sync('one', someState(someVm(100)))
    space.write('infra/home/vm/100.yaml', manifest(2))
    await commit('fine')
    space.write('infra/home/vm/100.yaml', manifest(2).replace('  cores: 2\n', sides))
    const [problem, ...others] = await problems()
    expect(others).to.deep.equal([])
    expect(problem).to.include({path: 'infra/home/vm/100.yaml', line: 4, code: 'conflict-markers', severity: 'error'})
    const {code, stdout} = await box.pmpc(['status', '--detailed-exitcode'], {cwd: space.root})
    expect(stdout).to.match(/infra\/home\/vm\/100\.yaml:4:1: conflict markers: Git left both sides/)
    expect(stdout).not.to.include('Nothing is open.')
    expect(code).to.equal(3)
    await commit('as it is')
    expect((await problems()).map(({code: of}) => of)).to.deep.equal(['conflict-markers'])
    expect((await box.pmpc(['status', '--detailed-exitcode'], {cwd: space.root})).code).to.equal(3)
  })

  it('a line of equals signs, or an arrow, in a text is no marker', async () => {
    space.write(
      'infra/home/vm/100.yaml',
      'kind: vm\nid: 100\nconfig:\n  description: "Title\n\n=======\n\n<<<<<<<none"\n',
    )
    expect((await problems()).map(({code}) => code)).not.to.include('conflict-markers')
  })

  it('are called that in pmpc.yaml and in the pairs, too', async () => {
    const config = readFileSync(path.join(space.root, 'pmpc.yaml'), 'utf8')
    space.write('pmpc.yaml', `<<<<<<< HEAD\n${config}=======\n${config}>>>>>>> other\n`)
    const told = await box.pmpc(['status'], {cwd: space.root})
    expect(told.stderr).to.match(/pmpc\.yaml:1:1: conflict markers: Git left both sides/)
    space.write('pmpc.yaml', config)
    await space.sync('one', someState(someVm(100)))
    space.write('.pmpc/agreed.yaml', '# pairs\n<<<<<<< HEAD\n=======\n>>>>>>> other\n')
    await commit('as it is')
    expect((await box.pmpc(['status'], {cwd: space.root})).stderr).to.include(
      '.pmpc/agreed.yaml has merge conflict markers in line 2',
    )
  })
})
