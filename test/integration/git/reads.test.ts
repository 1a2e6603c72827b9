import {randomBytes} from 'node:crypto'
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {readGit} from '../../../src/kit/git/exec.js'
import {hashBlob} from '../../../src/kit/git/index.js'
import {cleanUp, failure, TestRepository} from '../../support/git.js'

describe('reading', () => {
  const made = cleanUp()
  const create = (files?: Record<string, string> | null): TestRepository => made.add(TestRepository.create(files))

  it('opens from a folder below, and tells where all is', async () => {
    const test = create({'infra/home/vm/100.yaml': 'a\n'})
    const {openRepository} = await import('../../../src/kit/git/index.js')
    const repository = await openRepository(join(test.root, 'infra/home'))
    expect(repository).to.include({
      root: test.root,
      gitDir: join(test.root, '.git'),
      commonDir: join(test.root, '.git'),
      isShallow: false,
      objectFormat: 'sha1',
    })
    repository.close()
  })

  it('reads many files through one process, large and empty ones, and knows what is not there', async () => {
    const large = randomBytes(3_000_000).toString('base64')
    const test = create({'a.txt': 'a\n', empty: '', 'b c.txt': 'missing\n', large})
    const spawned: string[][] = []
    const repository = await test.open({onSpawn: (args) => spawned.push(args)})
    const names = ['a.txt', 'none', 'large', 'empty', 'b c.txt', '.', 'a.txt/x', 'a\nb'].map((path) => ({
      rev: 'HEAD',
      path,
    }))
    const read = await repository.readBlobs([
      ...names,
      {rev: 'nope', path: 'a.txt'},
      {oid: hashBlob(Buffer.from('a\n'))},
      {oid: '0'.repeat(40)},
    ])
    const texts = read.map((content) => content && Buffer.from(content).toString())
    expect(texts).to.deep.equal(['a\n', null, large, '', 'missing\n', null, null, null, null, 'a\n', null])
    expect(spawned.map(([name]) => name)).to.deep.equal(['rev-parse', 'cat-file'])
    repository.close()
    expect(Buffer.from((await repository.readBlob('HEAD', 'a.txt'))!).toString()).to.equal('a\n')
  })

  it('keeps no process alive that waits for nothing', () => {
    const test = create()
    const script = `const {openRepository} = await import(${JSON.stringify(new URL('../../../src/kit/git/index.ts', import.meta.url).href)}); const r = await openRepository(process.argv[1]); console.log((await r.readBlob('HEAD', 'README.md')).length)`
    const ended = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, test.root], {
      encoding: 'utf8',
      timeout: 20_000,
    })
    expect([ended.status, ended.stdout], ended.stderr).to.deep.equal([0, '6\n'])
  })

  it('reads again what a Ctrl-C of the terminal has ended before it led a group of its own', async () => {
    const test = create()
    const folder = join(test.root, '..', `git-${randomBytes(4).toString('hex')}`)
    mkdirSync(folder)
    // The first process is ended by the signal, and each one after it is Git.
    const real = execFileSync('sh', ['-c', 'command -v git'], {encoding: 'utf8'}).trim()
    writeFileSync(
      join(folder, 'git'),
      `#!/bin/sh\nif mkdir "${folder}/met" 2>/dev/null; then kill -INT $$; fi\nexec "${real}" "$@"\n`,
      {mode: 0o755},
    )
    const result = await readGit(test.root, ['rev-parse', '--is-inside-work-tree'], {
      env: {PATH: `${folder}:${process.env.PATH}`},
    })
    expect(result.stdout.toString()).to.equal('true\n')
    expect(readdirSync(folder).sort()).to.deep.equal(['git', 'met'])
  })

  it('loads none of the heavy libraries before they are needed', () => {
    for (const room of ['git', 'runs']) {
      const folder = fileURLToPath(new URL(`../../../src/kit/${room}`, import.meta.url))
      for (const file of readdirSync(folder)) {
        const loaded = [
          ...readFileSync(join(folder, file), 'utf8').matchAll(
            /^(?:import|export) (?!type).*from '([^']+)'|^} from '([^']+)'/gm,
          ),
        ]
        const others = loaded.map((match) => match[1] ?? match[2]!).filter((name) => !/^(node:|\.)/.test(name))
        expect(others, `${room}/${file}`).to.deep.equal([])
      }
    }
  })

  it('lists trees as git does, all or below a folder', async () => {
    const files = Object.fromEntries(
      ['a', 'a.b', 'a-b/c', 'a0/c', 'b/c/d', 'b/c-d', 'b/c.d/e'].map((path) => [path, path]),
    )
    const test = create(files)
    const repository = await test.open()
    for (const prefix of ['', 'b', 'b/', 'b/c', 'b/c-d', 'a', 'none', 'b/none']) {
      const listed = (await repository.listTree('HEAD', prefix)).map(
        ({mode, oid, path}) => `${mode} blob ${oid}\t${path}`,
      )
      const args = ['ls-tree', '-r', 'HEAD', ...(prefix === '' ? [] : ['--', prefix])]
      expect(listed, prefix).to.deep.equal(
        test
          .git(...args)
          .split('\n')
          .filter(Boolean)
          .sort((x, y) => (x.split('\t')[1]! < y.split('\t')[1]! ? -1 : 1)),
      )
    }
    expect(await repository.listTree('nope')).to.deep.equal([])
  })

  it('resolves revisions, and guards against options', async () => {
    const test = create()
    test.commit({b: 'b'})
    test.git('tag', '-a', '-m', 'x', 'v1')
    const repository = await test.open()
    for (const rev of ['HEAD', 'main', 'v1', test.oid().slice(0, 8), 'HEAD~1', 'main@{0}', ':/files']) {
      expect(await repository.resolve(rev), rev).to.equal(test.oid(rev.startsWith(':/') ? rev : `${rev}^{commit}`))
    }
    const error = await failure(async () => repository.resolve('nope'))
    expect([error.code, error.exitCode]).to.deep.equal(['PMPC_UNKNOWN_REVISION', 1])
    expect(error.message).to.include('"nope"')
    for (const rev of ['--all', '-x', '', 'a\nb'])
      expect((await failure(async () => repository.resolve(rev))).message).to.include('revision')
    expect((await failure(async () => repository.log({rev: '--all'}))).message).to.include('revision')
    expect((await failure(async () => repository.log({rev: 'nope'}))).code).to.equal('PMPC_UNKNOWN_REVISION')
  })

  it('logs commits that touch paths, with trailers, whatever their messages hold', async () => {
    const test = create({'a.txt': '1\n'})
    const message =
      'subject | with \x1f odd \x1e marks\n\nBody line one.\n\nNot-A-Trailer: as text follows\n\nmore\n\nPmpc-Run: r1\nPmpc-Cluster: home\nPmpc-Note: folded\n  value\nPmpc-Run: r2\n'
    test.commit({'infra/b.yaml': '1\n'}, message)
    test.commit({'a.txt': '2\n'}, 'other')
    const repository = await test.open()
    const all = await repository.log()
    expect(all.map(({subject}) => subject.slice(0, 7))).to.deep.equal(['other', 'subject', 'files'])
    const [commit, ...rest] = await repository.log({paths: ['infra']})
    expect(rest).to.deep.equal([])
    expect(commit!.message).to.equal(message.trimEnd())
    expect(commit!.trailers).to.deep.equal([
      {key: 'Pmpc-Run', value: 'r1'},
      {key: 'Pmpc-Cluster', value: 'home'},
      {key: 'Pmpc-Note', value: 'folded value'},
      {key: 'Pmpc-Run', value: 'r2'},
    ])
    expect(commit!.author).to.include({name: 'Test User', email: 'test@example.com'})
    expect(commit!.parents).to.deep.equal([test.oid('HEAD~2')])
    expect((await repository.log({limit: 1})).map(({oid}) => oid)).to.deep.equal([test.oid()])
    expect((await repository.log({rev: 'HEAD~1..HEAD'})).map(({subject}) => subject)).to.deep.equal(['other'])
    expect(await repository.log({since: '2098-01-01'})).to.deep.equal([])
    expect(await (await create(null).open()).log()).to.deep.equal([])
  })

  it("logs this repository inside another one's hook, with the user's editor, pager and configuration", async () => {
    const [test, other] = [create({'a.txt': '1\n'}), create({'other.txt': '1\n'})]
    test.write('.git/global', '[log]\n\tdate = raw\n[user]\n\tname = X\n')
    const given = {
      GIT_DIR: join(other.root, '.git'),
      GIT_INDEX_FILE: join(other.root, '.git/index'),
      GIT_CONFIG_GLOBAL: join(test.root, '.git/global'),
      EDITOR: 'false',
      GIT_PAGER: 'false',
    }
    const before = Object.keys(given).map((name) => [name, process.env[name]] as const)
    Object.assign(process.env, given)
    try {
      const repository = await test.open()
      expect((await repository.log()).map(({oid}) => oid)).to.deep.equal([test.oid()])
      expect(await repository.log({paths: [':(top)a.txt']}), 'paths are no patterns').to.deep.equal([])
      expect(process.env).to.include(given)
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    }
  })

  it('knows the state of each path', async () => {
    const test = create(
      Object.fromEntries(
        ['same', 'edited', 'staged', 'both', 'gone', 'removed', 'unlisted'].map((name) => [`infra/${name}`, '1\n']),
      ),
    )
    for (const name of ['edited', 'staged', 'both']) test.write(`infra/${name}`, '2\n')
    test.git('add', 'infra/staged', 'infra/both')
    test.write('infra/both', '3\n')
    test.git('rm', '-q', 'infra/removed')
    execFileSync('rm', [join(test.root, 'infra/gone')])
    mkdirSync(join(test.root, 'infra/new folder'))
    test.write('infra/new folder/x', 'x')
    test.write('infra/added', 'x')
    test.git('add', 'infra/added')
    test.write('infra/intent', '')
    test.git('add', '-N', 'infra/intent')
    test.write('elsewhere', 'x')
    const repository = await test.open()
    const found = Object.fromEntries(
      (await repository.status(['infra'])).map((entry) => [
        entry.path.slice(6),
        entry.staged + entry.unstaged + (entry.intentToAdd ? ' intent' : ''),
      ]),
    )
    expect(found).to.deep.equal({
      added: 'A.',
      both: 'MM',
      edited: '.M',
      gone: '.D',
      intent: '.A intent',
      'new folder/x': '??',
      removed: 'D.',
      staged: 'M.',
    })
    const many = [...Array.from({length: 600}, (_, at) => `infra/x${at}`), 'infra/both', 'infra/new folder']
    expect((await repository.status(many)).map(({path}) => path)).to.deep.equal(['infra/both', 'infra/new folder/x'])
  })
})
