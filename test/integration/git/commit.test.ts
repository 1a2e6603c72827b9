import {expect} from 'chai'
import {hashBlob} from '../../../src/kit/git/index.js'
import {cleanUp, failure, TestRepository} from '../../support/git.js'

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('commitFiles', () => {
  const made = cleanUp()
  const create = (files?: Record<string, string> | null, ...init: string[]): TestRepository =>
    made.add(TestRepository.create(files, ...init))

  it('commits exactly the given files, with parent, message and trailers', async () => {
    const test = create({'README.md': 'hello\n', 'infra/a.yaml': 'a: 1\n', 'infra/b.yaml': 'b: 1\n'})
    const repository = await test.open()
    const parent = test.oid()
    const result = await repository.commitFiles({
      parent,
      files: [
        {path: '.pmpc/state/home.db', content: new Uint8Array([0, 1, 2, 255])},
        {path: 'infra/a.yaml', content: bytes('a: 2\n')},
        {path: 'infra/b.yaml', content: null},
      ],
      worktree: [
        {path: '.pmpc/state/home.db', expect: null, content: new Uint8Array([0, 1, 2, 255])},
        {path: 'infra/a.yaml', expect: hashBlob(bytes('a: 1\n')), content: bytes('a: 2\n')},
        {path: 'infra/b.yaml', expect: hashBlob(bytes('b: 1\n')), content: null},
      ],
      message: 'pmpc sync: two changes\n\nPmpc-Run: 1\n',
    })
    expect(result.commit).to.equal(test.oid())
    expect(test.oid('HEAD^')).to.equal(parent)
    expect(test.git('ls-tree', '-r', '--name-only', 'HEAD').split('\n').filter(Boolean)).to.deep.equal([
      '.pmpc/state/home.db',
      'README.md',
      'infra/a.yaml',
    ])
    expect(test.git('log', '-1', '--format=%B%an').trim()).to.equal('pmpc sync: two changes\n\nPmpc-Run: 1\nTest User')
    expect(test.git('status', '--porcelain')).to.equal('')
    expect(result.left).to.deep.equal([])
    expect(test.git('fsck', '--strict')).to.equal('')
  })

  it('keeps staged, unstaged, untracked and intent-to-add changes of the user byte for byte', async () => {
    const test = create({
      'README.md': 'hello\n',
      'infra/a.yaml': 'a: 1\n',
      'staged.txt': '1\n',
      'edited.txt': '1\n',
      'gone.txt': '1\n',
    })
    test.write('staged.txt', '2\n')
    test.git('add', 'staged.txt')
    test.write('staged.txt', '3\n')
    test.write('edited.txt', '2\n')
    test.git('rm', '-q', '--cached', 'gone.txt')
    test.write('untracked.txt', 'mine\n')
    test.write('intent.txt', 'mine too\n')
    test.git('add', '-N', 'intent.txt')
    const before = test.git('status', '--porcelain=v2', '--untracked-files=all')
    const diffs = [test.git('diff'), test.git('diff', '--cached')]
    const repository = await test.open()
    await repository.commitFiles({
      parent: test.oid(),
      files: [{path: '.pmpc/open.yaml', content: bytes('x\n')}],
      worktree: [{path: '.pmpc/open.yaml', expect: null, content: bytes('x\n')}],
      message: 'state',
    })
    expect(test.git('status', '--porcelain=v2', '--untracked-files=all')).to.equal(before)
    expect([test.git('diff'), test.git('diff', '--cached')]).to.deep.equal(diffs)
    expect(test.git('show', '--stat', '--format=').trim()).to.match(/^\.pmpc\/open\.yaml/)
  })

  it('leaves a file alone that is not what was expected, and says so', async () => {
    const test = create({'infra/a.yaml': 'a: 1\n'})
    test.write('infra/a.yaml', 'a: mine\n')
    const repository = await test.open()
    const result = await repository.commitFiles({
      parent: test.oid(),
      files: [{path: 'infra/a.yaml', content: bytes('a: 2\n')}],
      worktree: [{path: 'infra/a.yaml', expect: hashBlob(bytes('a: 1\n')), content: bytes('a: 2\n')}],
      message: 'accept',
    })
    expect(result.left).to.deep.equal([{path: 'infra/a.yaml', reason: 'changed'}])
    expect(test.read('infra/a.yaml')).to.equal('a: mine\n')
    expect(test.git('show', 'HEAD:infra/a.yaml')).to.equal('a: 2\n')
    expect(test.git('diff', '--cached')).to.equal('')
  })

  it('makes the first commit on an unborn branch, and one on a detached HEAD', async () => {
    const test = create(null)
    const repository = await test.open()
    expect(await repository.head()).to.deep.equal({oid: null, branch: 'main'})
    const first = await repository.commitFiles({
      parent: null,
      files: [{path: 'a', content: bytes('1')}],
      message: 'first',
    })
    expect(test.oid('main')).to.equal(first.commit)
    test.git('reset', '-q', '--hard')
    test.git('checkout', '-q', '--detach')
    const second = await repository.commitFiles({
      parent: first.commit,
      files: [{path: 'a', content: bytes('2')}],
      message: 'second',
    })
    expect(await repository.head()).to.deep.equal({oid: second.commit, branch: null})
    expect(test.oid('main')).to.equal(first.commit)
  })

  it('makes no commit where the tree would be the same', async () => {
    const test = create({'a.txt': '1\n'})
    const repository = await test.open()
    const before = test.picture()
    const result = await repository.commitFiles({
      parent: test.oid(),
      files: [{path: 'a.txt', content: bytes('1\n')}],
      message: 'x',
    })
    expect(result.commit).to.equal(null)
    expect(test.picture()).to.deep.equal(before)
  })

  it('stops without a change when HEAD has moved', async () => {
    const test = create()
    const repository = await test.open()
    const parent = test.oid()
    test.commit({'other.txt': 'x'})
    const before = test.picture()
    const error = await failure(async () =>
      repository.commitFiles({parent, files: [{path: 'a', content: bytes('1')}], message: 'x'}),
    )
    expect([error.code, error.exitCode]).to.deep.equal(['PMPC_GIT_MOVED', 75])
    expect(test.picture()).to.deep.equal(before)
  })

  it('stops without a change when HEAD moves at the last moment', async () => {
    const test = create()
    const repository = await test.open()
    let after: unknown
    const error = await failure(async () =>
      repository.commitFiles({
        parent: test.oid(),
        files: [{path: 'a', content: bytes('1')}],
        worktree: [{path: 'a', expect: null, content: bytes('1')}],
        message: 'x',
        onStep(name) {
          if (name !== 'journal') return
          test.commit({'other.txt': 'x'})
          after = test.picture()
        },
      }),
    )
    expect(error.code).to.equal('PMPC_GIT_MOVED')
    expect(test.picture()).to.deep.equal(after)
    expect(repository.needsRecovery()).to.equal(false)
  })

  it('adds new files with intent-to-add, without a commit, and takes such names out again', async () => {
    const test = create()
    test.write('.gitignore', 'infra/ignored.yaml\n')
    const repository = await test.open()
    const head = test.oid()
    await repository.commitFiles({
      parent: head,
      worktree: ['infra/new.yaml', 'infra/ignored.yaml'].map((path) => ({
        path,
        expect: null,
        content: bytes('a: 1\n'),
      })),
      intentToAdd: ['infra/new.yaml', 'infra/ignored.yaml', 'README.md', 'missing.txt'],
    })
    expect(test.oid()).to.equal(head)
    expect(test.git('diff', '--name-only', '--diff-filter=A').trim().split('\n')).to.deep.equal([
      'infra/ignored.yaml',
      'infra/new.yaml',
    ])
    expect(test.git('diff', '--cached', '--name-only')).to.equal('')
    expect((await repository.status(['infra/new.yaml']))[0]).to.include({intentToAdd: true, index: null})
    await repository.commitFiles({
      parent: head,
      worktree: [{path: 'infra/new.yaml', expect: hashBlob(bytes('a: 1\n')), content: null}],
      dropIntentToAdd: ['infra/new.yaml', 'README.md'],
    })
    expect(test.has('infra/new.yaml')).to.equal(false)
    expect(test.git('ls-files')).to.equal('README.md\ninfra/ignored.yaml\n')
  })

  it('commits an intent-to-add file as a normal one', async () => {
    const test = create()
    test.write('infra/new.yaml', 'a: 1\n')
    test.git('add', '-N', 'infra/new.yaml')
    const repository = await test.open()
    await repository.commitFiles({
      parent: test.oid(),
      files: [{path: 'infra/new.yaml', content: bytes('a: 1\n')}],
      message: 'accept',
    })
    expect(test.git('status', '--porcelain')).to.equal('')
  })

  it('leaves what the user staged of a committed path, or merges it by the caller', async () => {
    for (const merge of [false, true]) {
      const test = create({'infra/a.yaml': 'a: 1\nb: 1\n'})
      test.write('infra/a.yaml', 'a: 1\nb: 2\n')
      test.git('add', 'infra/a.yaml')
      const repository = await test.open()
      const result = await repository.commitFiles({
        parent: test.oid(),
        files: [
          {
            path: 'infra/a.yaml',
            content: bytes('a: 9\nb: 1\n'),
            ...(merge
              ? {
                  staged: (content: Uint8Array | null) =>
                    bytes(Buffer.from(content!).toString().replace('a: 1', 'a: 9')),
                }
              : {}),
          },
        ],
        message: 'accept',
      })
      expect(test.git('show', 'HEAD:infra/a.yaml')).to.equal('a: 9\nb: 1\n')
      expect(test.git('show', ':infra/a.yaml')).to.equal(merge ? 'a: 9\nb: 2\n' : 'a: 1\nb: 2\n')
      expect(result.keptStaged).to.deep.equal(merge ? [] : ['infra/a.yaml'])
    }
  })

  it('refuses paths that lead out of the workspace or into .git, and writes through no link', async () => {
    const test = create()
    const repository = await test.open()
    for (const path of ['../x', '/etc/x', 'a/../../x', '.git/config', 'a/.GIT/x', '', 'a//b', 'C:\\x']) {
      const error = await failure(async () =>
        repository.commitFiles({parent: test.oid(), files: [{path, content: bytes('1')}], message: 'x'}),
      )
      expect(error.code, path).to.equal('PMPC_BAD_PATH')
    }
    const outside = made.add(new TestRepository())
    const {symlinkSync} = await import('node:fs')
    symlinkSync(outside.root, `${test.root}/infra`)
    const result = await repository.commitFiles({
      parent: test.oid(),
      worktree: [{path: 'infra/a', expect: null, content: bytes('1')}],
    })
    expect(result.left).to.deep.equal([{path: 'infra/a', reason: 'not-a-file'}])
    expect(outside.has('a')).to.equal(false)
  })
})
