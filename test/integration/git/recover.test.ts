import {spawn} from 'node:child_process'
import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {hashBlob} from '../../../src/kit/git/index.js'
import {cleanUp, gitEnv, TestRepository} from '../../support/git.js'
import {program} from '../../support/program.js'

const id = (text: string): string => hashBlob(Buffer.from(text))

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

/** A repository with edits of the user's, and the write that meets them. */
function scene(): {test: TestRepository; request: object} {
  const test = TestRepository.create({
    'infra/a.yaml': 'a: 1\n',
    'infra/mine.yaml': 'm: 1\n',
    'infra/gone.yaml': 'g: 1\n',
    'staged.txt': '1\n',
  })
  test.write('staged.txt', '2\n')
  test.git('add', 'staged.txt')
  test.write('infra/mine.yaml', 'm: edited\n')
  test.write('user-new.txt', 'u\n')
  test.git('add', '-N', 'user-new.txt')
  test.write('old-offer.yaml', 'o\n')
  test.git('add', '-N', 'old-offer.yaml')
  const request = {
    parent: test.oid(),
    files: [
      {path: '.pmpc/state/home.db', content: 'state 2'},
      {path: '.pmpc/open.yaml', content: 'open 2\n'},
    ],
    worktree: [
      {path: '.pmpc/state/home.db', expect: null, content: 'state 2'},
      {path: '.pmpc/open.yaml', expect: null, content: 'open 2\n'},
      {path: 'infra/a.yaml', expect: id('a: 1\n'), content: 'a: 2\n'},
      {path: 'infra/mine.yaml', expect: id('m: 1\n'), content: 'm: 2\n'},
      {path: 'infra/gone.yaml', expect: id('g: 1\n'), content: null},
      {path: 'infra/vm/new.yaml', expect: null, content: 'n: 1\n'},
      {path: 'old-offer.yaml', expect: id('o\n'), content: null},
    ],
    intentToAdd: ['infra/vm/new.yaml'],
    dropIntentToAdd: ['old-offer.yaml'],
    message: 'sync',
  }
  return {test, request}
}

const files = [
  '.pmpc/state/home.db',
  '.pmpc/open.yaml',
  'infra/a.yaml',
  'infra/mine.yaml',
  'infra/gone.yaml',
  'infra/vm/new.yaml',
  'old-offer.yaml',
  'staged.txt',
]

function picture(test: TestRepository): object {
  const {head, ...rest} = test.picture()
  return {
    ...rest,
    tree: test.oid(`${head}^{tree}`),
    files: Object.fromEntries(files.map((path) => [path, test.has(path) ? test.read(path) : null])),
  }
}

function leftovers(test: TestRepository): string[] {
  const inGit = readdirSync(join(test.root, '.git')).filter(
    (name) => name.startsWith('pmpc-') || name.endsWith('.lock'),
  )
  const inTree = test
    .git('ls-files', '--others')
    .split('\n')
    .filter((name) => name.endsWith('.tmp'))
  return [...inGit, ...inTree]
}

const steps = [
  'objects',
  'commit',
  'journal',
  'prepared',
  'ref',
  'index',
  ...files.slice(0, 7).map((path) => `file:${path}`),
  'worktree',
  'intent',
  'done',
]

describe('a write that is cut off', () => {
  const made = cleanUp()
  const writer = program('test/support/writer.ts')
  let after: object
  let atStart: object

  async function run(order: object): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [writer(), JSON.stringify(order)], {
        detached: true,
        env: gitEnv,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
      child.on('error', reject)
      child.on('close', (code, signal) => resolve({code, signal, output}))
    })
  }

  before(async function () {
    this.timeout(60_000)
    const {test, request} = scene()
    try {
      atStart = picture(test)
      const ended = await run({root: test.root, step: '-', signal: 'SIGKILL', group: false, request})
      expect(ended.output.trim().split('\n')).to.deep.equal([...steps, 'end'])
      after = picture(test)
      expect(after).to.not.deep.equal(atStart)
      expect(test.read('infra/mine.yaml')).to.equal('m: edited\n')
    } finally {
      test.remove()
    }
  })

  for (const [at, step] of steps.entries()) {
    it(`by SIGKILL after ${step} is as before or as after, once recovered`, async () => {
      const {test, request} = scene()
      made.add(test)
      const ended = await run({root: test.root, step, signal: 'SIGKILL', group: true, request})
      expect(ended.signal).to.equal('SIGKILL')
      const repository = await test.open()
      const recovered = await repository.recover()
      const whole = at >= steps.indexOf('ref')
      expect(picture(test)).to.deep.equal(whole ? after : atStart)
      expect(recovered.action).to.equal(step === 'done' || at < 2 ? 'none' : whole ? 'finished' : 'dropped')
      expect(leftovers(test)).to.deep.equal([])
      expect((await repository.recover()).action).to.equal('none')
    })
  }

  for (const step of ['index', 'file:infra/a.yaml', 'intent']) {
    it(`a second time, while recovering, after ${step} is mended too`, async () => {
      const {test, request} = scene()
      made.add(test)
      await run({root: test.root, step: 'ref', signal: 'SIGKILL', group: true, request})
      await run({root: test.root, step, signal: 'SIGKILL', group: true, request, recover: true})
      await (await test.open()).recover()
      expect(picture(test)).to.deep.equal(after)
      expect(leftovers(test)).to.deep.equal([])
    })
  }

  for (const step of steps) {
    it(`by Ctrl-C to the whole group after ${step} is finished first, then ends with 130`, async () => {
      const {test, request} = scene()
      made.add(test)
      const ended = await run({root: test.root, step, signal: 'SIGINT', group: true, request})
      expect({code: ended.code, last: ended.output.trim().split('\n').at(-1)}).to.deep.equal({code: 130, last: 'done'})
      expect(picture(test)).to.deep.equal(after)
      expect(leftovers(test)).to.deep.equal([])
    })
  }

  it('keeps what people did before the next run: edits, stages and commits', async () => {
    const {test, request} = scene()
    made.add(test)
    await run({root: test.root, step: 'ref', signal: 'SIGKILL', group: true, request})
    test.write('infra/a.yaml', 'a: edited meanwhile\n')
    test.write('.pmpc/open.yaml', 'staged meanwhile\n')
    test.git('add', '.pmpc/open.yaml')
    const repository = await test.open()
    const recovered = await repository.recover()
    expect(recovered.left.map(({path}) => path)).to.include.members(['infra/a.yaml', '.pmpc/open.yaml'])
    expect(test.read('infra/a.yaml')).to.equal('a: edited meanwhile\n')
    expect(test.git('show', ':.pmpc/open.yaml')).to.equal('staged meanwhile\n')
    expect(test.git('show', ':.pmpc/state/home.db')).to.equal('state 2')
  })

  it('rolls forward where people committed on top, and not where they went elsewhere', async () => {
    for (const elsewhere of [false, true]) {
      const {test, request} = scene()
      made.add(test)
      test.git('branch', 'other')
      await run({root: test.root, step: 'ref', signal: 'SIGKILL', group: true, request})
      if (elsewhere) test.git('symbolic-ref', 'HEAD', 'refs/heads/other')
      else test.git('commit', '-q', '-m', 'mine', '--allow-empty', '--only', 'staged.txt')
      const recovered = await (await test.open()).recover()
      expect(recovered.action).to.equal(elsewhere ? 'dropped' : 'finished')
      expect(test.has('.pmpc/state/home.db')).to.equal(!elsewhere)
    }
  })

  it('is mended by the next write itself', async () => {
    const {test, request} = scene()
    made.add(test)
    await run({root: test.root, step: 'ref', signal: 'SIGKILL', group: true, request})
    const repository = await test.open()
    await repository.commitFiles({parent: test.oid(), files: [{path: 'b', content: Buffer.from('b')}], message: 'next'})
    expect(test.read('.pmpc/state/home.db')).to.equal('state 2')
    expect(leftovers(test)).to.deep.equal([])
  })

  it('leaves nothing behind: temporary indexes, messages and files go with the next run', async () => {
    const {test} = scene()
    made.add(test)
    const before = picture(test)
    for (const name of [
      'hook-index-1.tmp',
      'hook-index-1.tmp.lock',
      'hook-message-1.tmp',
      'journal-1.tmp',
      'files-1.tmp/infra/a.yaml',
    ]) {
      test.write(`.git/pmpc-${name}`, 'x')
    }
    test.write(
      '.git/pmpc-journal.json',
      JSON.stringify({
        version: 1,
        id: 'pmpc-1',
        commit: {before: null, after: '0'.repeat(40)},
        index: [],
        worktree: [{path: 'infra/a.yaml', before: null, after: {text: 'x'}}],
        intentToAdd: [],
      }),
    )
    test.write('infra/.a.yaml.pmpc-1.tmp', 'half')
    const repository = await test.open()
    expect(repository.needsRecovery()).to.equal(true)
    expect((await repository.recover()).action).to.equal('dropped')
    expect(leftovers(test)).to.deep.equal([])
    expect(picture(test)).to.deep.equal(before)
  })

  it('ignores half a journal', async () => {
    const {test} = scene()
    made.add(test)
    test.write('.git/pmpc-journal.json', '{"version": 1, "index')
    const before = picture(test)
    const repository = await test.open()
    expect((await repository.recover()).action).to.equal('none')
    expect(picture(test)).to.deep.equal(before)
    expect(leftovers(test)).to.deep.equal([])
  })
})
