import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {gitFailure, hashBlob, openRepository, type Operation, type WriteRequest} from '../../../src/kit/git/index.js'
import {exclusively} from '../../../src/kit/runs/index.js'
import {cleanUp, failure, gitEnv, TestRepository} from '../../support/git.js'
import {program} from '../../support/program.js'
import {noSshKeygen, skipFor} from '../../support/skip.js'

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('what Git may be like', () => {
  it('a full disk is told as one, with where to look', () => {
    const error = gitFailure(
      'error: unable to write loose object file: No space left on device\nfatal: failed to write object\n',
    )
    expect([error.code, error.exitCode]).to.deep.equal(['PMPC_WRITE_FAILED', 1])
    expect(error.suggestions).to.deep.equal(['df -h .git'])
  })

  const made = cleanUp()
  const writer = program('test/support/writer.ts')
  const create = (files?: Record<string, string> | null, ...init: string[]): TestRepository =>
    made.add(TestRepository.create(files, ...init))
  const state = (test: TestRepository, more: Partial<WriteRequest> = {}): WriteRequest => ({
    parent: test.oid(),
    files: [{path: '.pmpc/open.yaml', content: bytes('x\n')}],
    worktree: [{path: '.pmpc/open.yaml', expect: null, content: bytes('x\n')}],
    message: 'state',
    ...more,
  })
  const clone = (test: TestRepository, ...options: string[]): TestRepository => {
    const copy = made.add(new TestRepository())
    rmSync(copy.root, {recursive: true})
    execFileSync('git', ['clone', '-q', ...options, `file://${test.root}`, copy.root], {env: gitEnv, stdio: 'pipe'})
    copy.git('config', 'user.name', 'Test User')
    copy.git('config', 'user.email', 'test@example.com')
    return copy
  }

  /** Runs with other variables of the environment. */
  async function withEnv<T>(changes: Record<string, string | undefined>, work: () => Promise<T>): Promise<T> {
    const before = Object.fromEntries(Object.keys(changes).map((name) => [name, process.env[name]]))
    const set = (values: Record<string, string | undefined>): void => {
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    }
    set(changes)
    try {
      return await work()
    } finally {
      set(before)
    }
  }

  describe('no place to work in', () => {
    it('no repository', async () => {
      const folder = made.add(new TestRepository())
      const error = await withEnv({GIT_CEILING_DIRECTORIES: tmpdir()}, async () =>
        failure(async () => openRepository(folder.root)),
      )
      expect(error.code).to.equal('PMPC_NOT_A_REPOSITORY')
      expect(error.suggestions.join()).to.include('pmpc init')
      const missing = await failure(async () => openRepository(join(folder.root, 'none')))
      expect(missing.code).to.equal('PMPC_NOT_A_REPOSITORY')
    })

    it('a bare repository', async () => {
      const test = create(null, '--bare')
      expect((await failure(async () => openRepository(test.root))).code).to.equal('PMPC_BARE_REPOSITORY')
    })

    it('no Git, and one that is too old', async () => {
      const test = create()
      const error = await withEnv({PATH: '/nonexistent'}, async () => failure(async () => openRepository(test.root)))
      expect([error.code, error.exitCode]).to.deep.equal(['PMPC_GIT_MISSING', 127])

      const programs = made.add(new TestRepository())
      const real = execFileSync('sh', ['-c', 'command -v git'], {encoding: 'utf8'}).trim()
      programs.write('git', `#!/bin/sh\ntest "$1" = version && echo git version 2.35.9 && exit\nexec ${real} "$@"\n`)
      chmodSync(join(programs.root, 'git'), 0o755)
      const before = test.picture()
      const old = await withEnv({PATH: `${programs.root}:${process.env.PATH}`}, async () => {
        const repository = await test.open()
        expect((await failure(async () => repository.assertReady())).code).to.equal('PMPC_GIT_TOO_OLD')
        return failure(async () => repository.commitFiles(state(test)))
      })
      expect(old.message).to.include('2.35.9').and.include('2.36')
      expect(test.picture()).to.deep.equal(before)
    })

    it("somebody else's repository, which Git does not trust", async () => {
      const test = create()
      const error = await withEnv({GIT_TEST_ASSUME_DIFFERENT_OWNER: '1'}, async () =>
        failure(async () => openRepository(test.root)),
      )
      expect(error.code).to.equal('PMPC_GIT_UNSAFE')
      expect(error.suggestions[0]).to.equal(`git config --global --add safe.directory ${test.root}`)
    })

    for (const ready of [true, false]) {
      it(`a folder that may only be read, ${ready ? 'asked beforehand' : 'found while writing'}`, function () {
        const test = create()
        const before = test.picture()
        const order = {
          root: test.root,
          ready,
          step: '-',
          request: {...state(test), files: [{path: 'a', content: '1'}], worktree: []},
        }
        expect(asReader(test.root, order)).to.equal('PMPC_READ_ONLY 77\n')
        expect(test.picture()).to.deep.equal(before)
      })
    }

    /** Root may write anywhere, so it is done by a process of somebody else. */
    function asReader(root: string, order: object): string {
      const folders = execFileSync('find', [root, '-type', 'd'], {encoding: 'utf8'}).trim().split('\n')
      const nobody = process.getuid?.() === 0 ? {uid: 65534} : {}
      const trust = {GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*'}
      try {
        for (const folder of folders) chmodSync(folder, 0o555)
        return execFileSync(process.execPath, [writer(), JSON.stringify({...order, ...nobody})], {
          cwd: root,
          encoding: 'utf8',
          env: {...gitEnv, ...trust, HOME: root},
        })
      } finally {
        for (const folder of folders) chmodSync(folder, 0o755)
      }
    }
  })

  describe('no identity', () => {
    it('is said with the two commands to type, and nothing is changed', async () => {
      const test = create()
      test.git('config', '--unset', 'user.name')
      test.git('config', '--unset', 'user.email')
      const before = test.picture()
      const env = {
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        EMAIL: undefined,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'user.useConfigOnly',
        GIT_CONFIG_VALUE_0: 'true',
      }
      await withEnv(env, async () => {
        const repository = await test.open()
        for (const work of [repository.assertIdentity, async () => repository.commitFiles(state(test))]) {
          const error = await failure(work)
          expect(error.code).to.equal('PMPC_GIT_IDENTITY')
          expect(error.suggestions).to.deep.equal([
            'git config --global user.name "Your Name"',
            'git config --global user.email you@example.com',
          ])
        }
      })
      expect(test.picture()).to.deep.equal(before)
    })
  })

  describe('an operation under way', () => {
    const begin: Record<Operation, (test: TestRepository) => void> = {
      merge: (test) => test.try('merge', 'side'),
      rebase: (test) => test.try('rebase', 'side'),
      'cherry-pick': (test) => test.try('cherry-pick', 'side'),
      revert: (test) => test.try('revert', '--no-edit', 'HEAD~1'),
      bisect: (test) => test.git('bisect', 'start'),
    }
    for (const operation of Object.keys(begin) as Operation[]) {
      it(`${operation}: exit 75, with how to go on, and nothing is changed`, async () => {
        const test = create({'a.txt': '1\n'})
        test.git('branch', 'side')
        test.commit({'a.txt': '2\n'})
        test.commit({'a.txt': '3\n'})
        test.git('checkout', '-q', 'side')
        test.commit({'a.txt': 'side\n'})
        test.git('checkout', '-q', 'main')
        const repository = await test.open()
        expect(repository.operationInProgress()).to.equal(null)
        begin[operation](test)
        const before = test.picture()
        expect(repository.operationInProgress()).to.equal(operation)
        const error = await failure(async () => repository.commitFiles(state(test)))
        expect([error.code, error.exitCode]).to.deep.equal(['PMPC_GIT_BUSY', 75])
        expect(error.message).to.include(operation)
        expect(error.suggestions.join()).to.include(`git ${operation}`)
        expect(
          (await failure(async () => exclusively(test.root, {command: 'x', run: {id: 'x'}}, async () => undefined)))
            .code,
        ).to.equal('PMPC_GIT_BUSY')
        expect(test.picture()).to.deep.equal(before)
        expect(test.has('.pmpc')).to.equal(false)
      })
    }

    it('a rebase that was stopped by hand, and a row of picks between two of them', async () => {
      const test = create({'a.txt': '1\n'})
      const repository = await test.open()
      mkdirSync(join(test.root, '.git/rebase-apply'))
      expect(repository.operationInProgress()).to.equal('rebase')
      rmSync(join(test.root, '.git/rebase-apply'), {recursive: true})
      for (const word of ['pick', 'revert'] as const) {
        test.write('.git/sequencer/todo', `${word} 1234567 subject\n`)
        expect(repository.operationInProgress()).to.equal(word === 'pick' ? 'cherry-pick' : 'revert')
      }
    })

    it('another Git that holds the index', async () => {
      const test = create()
      const repository = await test.open()
      test.write('.git/index.lock', '')
      const error = await failure(async () => repository.commitFiles(state(test)))
      expect([error.code, error.exitCode]).to.deep.equal(['PMPC_GIT_BUSY', 75])
      rmSync(join(test.root, '.git/index.lock'))
      await repository.commitFiles(state(test))
    })

    it('another Git that holds the index for a moment, after the commit: it is waited for', async () => {
      const test = create()
      const repository = await test.open()
      await repository.commitFiles(
        state(test, {
          onStep(name) {
            if (name !== 'ref') return
            test.write('.git/index.lock', '')
            setTimeout(() => rmSync(join(test.root, '.git/index.lock')), 100)
          },
        }),
      )
      expect(test.git('status', '--porcelain')).to.equal('')
    })

    it('another Git that locks the branch: nothing is changed', async () => {
      const test = create()
      const repository = await test.open()
      test.write('.git/refs/heads/main.lock', '')
      const before = test.picture()
      const error = await failure(async () => repository.commitFiles(state(test)))
      expect(error.code).to.equal('PMPC_GIT_BUSY')
      expect(test.picture()).to.deep.equal(before)
      expect(repository.needsRecovery()).to.equal(false)
    })

    it('conflicts of a stash in our own files', async () => {
      const test = create({'.pmpc/open.yaml': '1\n'})
      test.write('.pmpc/open.yaml', 'stashed\n')
      test.git('stash', '-q')
      test.commit({'.pmpc/open.yaml': '2\n'})
      test.try('stash', 'pop')
      const repository = await test.open()
      expect((await repository.status(['.pmpc']))[0]).to.include({unmerged: true})
      const before = test.picture()
      const error = await failure(async () => repository.commitFiles(state(test)))
      expect([error.code, error.exitCode]).to.deep.equal(['PMPC_GIT_BUSY', 75])
      expect(test.picture()).to.deep.equal(before)
    })
  })

  describe('hooks', () => {
    it('are skipped for state, and run when asked', async () => {
      const test = create()
      for (const name of ['pre-commit', 'commit-msg', 'post-commit', 'prepare-commit-msg', 'reference-transaction'])
        test.hook(name, `echo ${name} >> .git/ran`)
      const repository = await test.open()
      await repository.commitFiles(state(test))
      expect(test.has('.git/ran')).to.equal(false)
      await repository.commitFiles({
        parent: test.oid(),
        files: [{path: 'a', content: bytes('1')}],
        message: 'accept',
        runHooks: true,
      })
      const ran = test
        .read('.git/ran')
        .split('\n')
        .filter((name) => name !== '' && name !== 'reference-transaction')
      expect(ran).to.deep.equal(['pre-commit', 'commit-msg', 'post-commit'])
    })

    for (const name of ['pre-commit', 'commit-msg']) {
      it(`${name} that fails: its output, and nothing changed`, async () => {
        const test = create()
        test.write('untracked.txt', 'mine\n')
        test.hook(name, 'echo this is why; echo and this >&2; exit 3')
        const before = test.picture()
        const repository = await test.open()
        const error = await failure(async () => repository.commitFiles(state(test, {runHooks: true})))
        expect([error.code, error.exitCode]).to.deep.equal(['PMPC_HOOK_FAILED', 1])
        expect(error.message).to.include(name).and.include('this is why').and.include('and this')
        expect(test.picture()).to.deep.equal(before)
        expect(test.has('.pmpc/open.yaml')).to.equal(false)
        expect(readdirSync(join(test.root, '.git')).filter((entry) => entry.startsWith('pmpc-'))).to.deep.equal([])
      })
    }

    it('with `git add -A` pull nothing of the user into the commit, nor into the index', async () => {
      const test = create({'a.txt': '1\n', 'staged.txt': '1\n'})
      test.write('a.txt', 'edited\n')
      test.write('untracked.txt', 'mine\n')
      test.write('staged.txt', '2\n')
      test.git('add', 'staged.txt')
      test.hook('pre-commit', 'git add -A && git diff --cached --name-only > .git/seen')
      const before = test.picture()
      const repository = await test.open()
      await repository.commitFiles(state(test, {runHooks: true}))
      expect(test.git('show', '--name-only', '--format=').trim()).to.equal('.pmpc/open.yaml')
      const {status, staged} = test.picture()
      expect({status, staged}).to.deep.equal({status: before.status, staged: before.staged})
      expect(test.read('.git/seen').split('\n')).to.include.members(['a.txt', 'untracked.txt'])
    })

    it('see the new content in the index', async () => {
      const test = create({'infra/a.yaml': '1\n'})
      test.hook(
        'pre-commit',
        'test "$(git show :infra/a.yaml)" = 2 && test "$(git diff --cached --name-only)" = infra/a.yaml',
      )
      const repository = await test.open()
      await repository.commitFiles({
        parent: test.oid(),
        files: [{path: 'infra/a.yaml', content: bytes('2\n')}],
        message: 'x',
        runHooks: true,
      })
    })

    it('commit-msg may change the message, and must not empty it', async () => {
      const test = create()
      test.hook('commit-msg', 'echo "Change-Id: 1" >> "$1"')
      const repository = await test.open()
      await repository.commitFiles(state(test, {runHooks: true, message: 'subject\n\nPmpc-Run: 1\n'}))
      expect(test.git('log', '-1', '--format=%(trailers:only)').trim()).to.equal('Pmpc-Run: 1\nChange-Id: 1')
      test.hook('commit-msg', ': > "$1"')
      const error = await failure(async () =>
        repository.commitFiles({
          parent: test.oid(),
          files: [{path: 'b', content: bytes('b')}],
          message: 'x',
          runHooks: true,
        }),
      )
      expect(error.code).to.equal('PMPC_HOOK_FAILED')
    })

    it('are taken from core.hooksPath; a failing post-commit is a warning', async () => {
      const test = create()
      test.write('my hooks/pre-commit', '#!/bin/sh\nexit 1\n')
      test.write('my hooks/post-commit', '#!/bin/sh\necho sorry\nexit 1\n')
      for (const name of readdirSync(join(test.root, 'my hooks'))) chmodSync(join(test.root, 'my hooks', name), 0o755)
      test.git('config', 'core.hooksPath', 'my hooks')
      const repository = await test.open()
      expect((await failure(async () => repository.commitFiles(state(test, {runHooks: true})))).code).to.equal(
        'PMPC_HOOK_FAILED',
      )
      rmSync(join(test.root, 'my hooks/pre-commit'))
      const result = await repository.commitFiles(state(test, {runHooks: true}))
      expect(result.commit).to.equal(test.oid())
      expect(result.warnings).to.have.length(1)
      expect(result.warnings[0]).to.include('post-commit').and.include('sorry')
    })

    it('do not inherit a pmpc that was itself started by a hook', async () => {
      const test = create()
      const other = create({'other.txt': '1\n'})
      const repository = await withEnv(
        {GIT_DIR: join(other.root, '.git'), GIT_INDEX_FILE: '/nonexistent', GIT_WORK_TREE: other.root},
        async () => {
          const opened = await test.open()
          await opened.commitFiles(state(test))
          return opened
        },
      )
      expect(repository.root).to.equal(test.root)
      expect(test.git('status', '--porcelain')).to.equal('')
    })
  })

  describe('signing', () => {
    it('with an SSH key, for state too; a key that fails changes nothing', async function () {
      skipFor(this, noSshKeygen())
      const test = create()
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(test.root, '.git/key')])
      test.git('config', 'gpg.format', 'ssh')
      test.git('config', 'user.signingKey', join(test.root, '.git/key.pub'))
      test.git('config', 'commit.gpgSign', 'true')
      const signers = join(test.root, '.git/signers')
      writeFileSync(signers, `test@example.com ${readFileSync(join(test.root, '.git/key.pub'), 'utf8')}`)
      test.git('config', 'gpg.ssh.allowedSignersFile', signers)
      const repository = await test.open()
      await repository.commitFiles(state(test))
      expect(test.git('log', '-1', '--format=%G?').trim()).to.equal('G')
      expect((await repository.log({limit: 1}))[0]!.subject).to.equal('state')

      rmSync(join(test.root, '.git/key'))
      const before = test.picture()
      const error = await failure(async () =>
        repository.commitFiles({parent: test.oid(), files: [{path: 'b', content: bytes('b')}], message: 'x'}),
      )
      expect(error.code).to.equal('PMPC_SIGNING_FAILED')
      expect(test.picture()).to.deep.equal(before)
    })

    it('with a GPG that is missing or fails says why', async () => {
      const test = create()
      test.git('config', 'commit.gpgSign', 'true')
      for (const program of ['/nonexistent/gpg', 'false']) {
        test.git('config', 'gpg.program', program)
        const repository = await test.open()
        const error = await failure(async () => repository.commitFiles(state(test)))
        expect(error.code).to.equal('PMPC_SIGNING_FAILED')
      }
    })
  })

  describe('kinds of repositories', () => {
    it('a second working tree: its own index and journal, shared objects', async () => {
      const test = create()
      const other = made.add(new TestRepository())
      other.remove()
      test.git('worktree', 'add', '-q', '-b', 'second', other.root)
      const main = test.picture()
      const repository = await other.open()
      expect(repository.gitDir).to.include('/worktrees/')
      expect(await repository.head()).to.deep.equal({oid: test.oid(), branch: 'second'})
      other.write('mine.txt', 'mine\n')
      await repository.commitFiles(state(other, {runHooks: true}))
      expect(other.git('status', '--porcelain')).to.equal('?? mine.txt\n')
      expect(other.oid('second')).to.equal(other.oid())
      expect(test.picture()).to.deep.equal(main)
      test.git('checkout', '-q', '--detach')
      expect((await test.open()).operationInProgress()).to.equal(null)
    })

    it('a submodule', async () => {
      const [inner, outer] = [create(), create()]
      outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', `file://${inner.root}`, 'sub')
      const repository = await openRepository(join(outer.root, 'sub'))
      expect(repository.root).to.equal(join(outer.root, 'sub'))
      repository.close()
      const listed = await (await outer.open()).listTree(outer.oid())
      expect(listed.map(({path}) => path)).to.deep.equal(['README.md'])
    })

    it('a shallow clone: commits, and says of old revisions that they were not fetched', async () => {
      const origin = create()
      const old = origin.oid()
      origin.commit({'a.txt': '1\n'})
      const test = clone(origin, '--depth=1')
      const repository = await test.open()
      expect(repository.isShallow).to.equal(true)
      const error = await failure(async () => repository.resolve(old))
      expect(error.code).to.equal('PMPC_UNKNOWN_REVISION')
      expect(error.suggestions[0]).to.equal('git fetch --unshallow')
      expect((await failure(async () => repository.resolve('HEAD~1'))).suggestions[0]).to.equal('git fetch --unshallow')
      await repository.commitFiles(state(test))
      expect(test.git('log', '--format=%s').trim().split('\n')).to.deep.equal(['state', 'files'])
      expect(await repository.log()).to.have.length(2)
    })

    it('a partial clone', async () => {
      const origin = create()
      origin.git('config', 'uploadpack.allowFilter', 'true')
      origin.commit({'a.txt': '1\n', 'infra/b.yaml': '2\n'})
      const test = clone(origin, '--filter=blob:none', '--no-checkout')
      const repository = await test.open()
      expect(Buffer.from((await repository.readBlob('HEAD', 'infra/b.yaml'))!).toString()).to.equal('2\n')
    })

    it('SHA-256 names', async function () {
      const made = spawnSync('git', ['init', '--object-format=sha256', join(tmpdir(), 'pmpc-none'), '--bare', '-q'])
      skipFor(this, made.status !== 0 && 'this git has no SHA-256')
      rmSync(join(tmpdir(), 'pmpc-none'), {recursive: true, force: true})
      const test = create({'infra/a.yaml': '1\n'}, '--object-format=sha256')
      const repository = await test.open()
      expect(repository.objectFormat).to.equal('sha256')
      expect(repository.fileId('infra/a.yaml')).to.equal(test.git('hash-object', 'infra/a.yaml').trim())
      await repository.commitFiles(state(test))
      expect(test.git('status', '--porcelain')).to.equal('')
      expect(test.git('fsck', '--strict')).to.equal('')
      expect((await repository.listTree('HEAD')).map(({path}) => path)).to.deep.equal([
        '.pmpc/open.yaml',
        'infra/a.yaml',
      ])
    })

    it('packed refs, a branch with slashes, a symbolic one', async () => {
      const test = create()
      test.git('checkout', '-q', '-b', 'feature/a/b')
      test.git('pack-refs', '--all')
      const repository = await test.open()
      expect(await repository.head()).to.deep.equal({oid: test.oid(), branch: 'feature/a/b'})
      await repository.commitFiles(state(test))
      expect(await repository.head()).to.deep.equal({oid: test.oid('feature/a/b'), branch: 'feature/a/b'})
      test.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main')
      test.git('symbolic-ref', 'HEAD', 'refs/heads/alias')
      expect((await repository.head()).oid).to.equal(test.oid('main'))
    })

    it('a sparse checkout and a sparse index', async () => {
      const test = create({'infra/a.yaml': '1\n', 'docs/x/y.md': '1\n', 'docs/z.md': '1\n'})
      test.git('sparse-checkout', 'set', '--cone', '--sparse-index', 'infra')
      const repository = await test.open()
      await repository.commitFiles({
        parent: test.oid(),
        files: [{path: 'infra/a.yaml', content: bytes('2\n')}],
        worktree: [
          {path: 'infra/a.yaml', expect: hashBlob(bytes('1\n')), content: bytes('2\n')},
          {path: 'new/b.yaml', expect: null, content: bytes('b\n')},
        ],
        intentToAdd: ['new/b.yaml'],
        message: 'x',
      })
      expect(test.git('status', '--porcelain')).to.equal(' A new/b.yaml\n')
      expect(test.git('ls-tree', '-r', '--name-only', 'HEAD')).to.include('docs/x/y.md')
    })

    it('configuration that prints other than usual', async () => {
      const test = create({'infra/ü ä.yaml': '1\n', 'a\tb.txt': '1\n'})
      for (const [key, value] of [
        ['color.ui', 'always'],
        ['core.quotePath', 'true'],
        ['status.short', 'true'],
        ['status.branch', 'true'],
        ['status.showUntrackedFiles', 'no'],
        ['log.showSignature', 'true'],
        ['log.decorate', 'full'],
        ['diff.renames', 'copies'],
        ['log.date', 'relative'],
        ['status.relativePaths', 'true'],
        ['core.abbrev', '4'],
      ] as const)
        test.git('config', key, value)
      test.write('infra/ü ä.yaml', '2\n')
      test.write('new.txt', '')
      const repository = await test.open()
      expect((await repository.status()).map(({path}) => path)).to.deep.equal(['infra/ü ä.yaml', 'new.txt'])
      expect((await repository.status(['infra'])).map(({path}) => path)).to.deep.equal(['infra/ü ä.yaml'])
      expect((await repository.listTree('HEAD', 'infra/')).map(({path}) => path)).to.deep.equal(['infra/ü ä.yaml'])
      expect(Buffer.from((await repository.readBlob('HEAD', 'infra/ü ä.yaml'))!).toString()).to.equal('1\n')
      await repository.commitFiles({
        parent: test.oid(),
        files: [{path: 'infra/ü ä.yaml', content: bytes('2\n')}],
        message: 'ü\n\nKey: ä\n',
      })
      const [commit] = await repository.log({limit: 1, paths: ['infra']})
      expect(commit).to.deep.include({subject: 'ü', trailers: [{key: 'Key', value: 'ä'}]})
      expect(commit!.committer.date).to.match(/^\d{4}-\d\d-\d\dT/)
      expect(test.git('-c', 'color.ui=never', 'status', '--porcelain', '-uall')).to.equal('?? new.txt\n')
    })
  })

  describe('line ends and filters: Git holds what `git add` would store', () => {
    const cases: {name: string; config: Record<string, string>; attributes?: string; committed: string; now: string}[] =
      [
        {name: 'plain', config: {}, committed: 'a: 1\n', now: 'a: 2\n'},
        {name: 'CRLF committed, no conversion', config: {}, committed: 'a: 1\r\n', now: 'a: 2\r\n'},
        {
          name: 'CRLF in the working tree by core.autocrlf',
          config: {'core.autocrlf': 'true'},
          committed: 'a: 1\n',
          now: 'a: 2\r\n',
        },
        {name: 'eol=crlf', config: {}, attributes: '*.yaml text eol=crlf', committed: 'a: 1\n', now: 'a: 2\r\n'},
        {
          name: '-text',
          config: {'core.autocrlf': 'true'},
          attributes: '*.yaml -text',
          committed: 'a: 1\r\n',
          now: 'a: 2\r\n',
        },
        {
          name: 'a clean filter',
          config: {'filter.up.clean': 'tr a-z A-Z', 'filter.up.smudge': 'tr A-Z a-z'},
          attributes: '*.yaml filter=up',
          committed: 'a: 1\n',
          now: 'a: two\n',
        },
        {
          name: 'ident',
          config: {},
          attributes: '*.yaml ident',
          committed: '# $Id$\na: 1\n',
          now: '# $Id: 0123$\na: 2\n',
        },
        {
          name: 'an encoding',
          config: {},
          attributes: '*.yaml working-tree-encoding=UTF-16LE',
          committed: '',
          now: Buffer.from('a: 2\n', 'utf16le').toString('latin1'),
        },
      ]
    for (const {name, config, attributes, committed, now} of cases) {
      it(name, async () => {
        const test = create({...(attributes ? {'.gitattributes': `${attributes}\n`} : {}), 'infra/a.yaml': committed})
        for (const [key, value] of Object.entries(config)) test.git('config', key, value)
        const content = Buffer.from(now, 'latin1')
        const before = readFileSync(join(test.root, 'infra/a.yaml'))
        const repository = await test.open()
        await repository.commitFiles({
          parent: test.oid(),
          files: [{path: 'infra/a.yaml', content}],
          worktree: [{path: 'infra/a.yaml', expect: hashBlob(before), content}],
          message: 'x',
        })
        expect(readFileSync(join(test.root, 'infra/a.yaml'))).to.deep.equal(content)
        expect(test.git('status', '--porcelain')).to.equal('')
        expect(test.oid('HEAD:infra/a.yaml')).to.equal(test.git('hash-object', 'infra/a.yaml').trim())
        test.git('add', '--renormalize', 'infra/a.yaml')
        expect(test.git('diff', '--cached', '--name-only')).to.equal('')
      })
    }

    it('CRLF that is committed stays so under core.autocrlf, where hash-object would change every line', async () => {
      const test = create({'infra/a.yaml': 'a: 1\r\nb: 1\r\n'})
      test.git('config', 'core.autocrlf', 'true')
      const repository = await test.open()
      await repository.commitFiles({
        parent: test.oid(),
        files: [{path: 'infra/a.yaml', content: bytes('a: 2\r\nb: 1\r\n')}],
        message: 'x',
      })
      expect(test.git('show', '--numstat', '--format=').trim()).to.equal('1\t1\tinfra/a.yaml')
    })

    it("pmpc's own files are stored byte for byte, whatever is configured", async () => {
      const test = create({'.gitattributes': '* text=auto eol=lf\n'})
      test.git('config', 'core.autocrlf', 'true')
      const content = Buffer.from('\r\n\0binary\r\n')
      const repository = await test.open()
      await repository.commitFiles({parent: test.oid(), files: [{path: '.pmpc/state/a.db', content}], message: 'x'})
      expect(Buffer.from((await repository.readBlob('HEAD', '.pmpc/state/a.db'))!)).to.deep.equal(content)
    })

    it('keeps the executable bit and permissions', async () => {
      const test = create({'run.sh': 'a\n'})
      chmodSync(join(test.root, 'run.sh'), 0o755)
      test.git('commit', '-qam', 'x')
      const repository = await test.open()
      await repository.commitFiles({
        parent: test.oid(),
        files: [
          {path: 'run.sh', content: bytes('b\n')},
          {path: 'new.sh', content: bytes('c\n'), mode: '100755'},
        ],
        worktree: [
          {path: 'run.sh', expect: 'any', content: bytes('b\n')},
          {path: 'new.sh', expect: null, content: bytes('c\n'), executable: true},
        ],
        message: 'x',
      })
      expect(test.git('status', '--porcelain')).to.equal('')
      expect(test.git('ls-tree', 'HEAD', 'run.sh', 'new.sh').match(/100755/g)).to.have.length(2)
    })
  })
})
