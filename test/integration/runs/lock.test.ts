import {spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {acquireLock, exclusively, type LockHolder} from '../../../src/kit/runs/index.js'
import {cannotLock} from '../../../src/kit/runs/lock.js'
import {cleanUp, failure, TestRepository} from '../../support/git.js'
import {program} from '../../support/program.js'

describe('the workspace lock', () => {
  const made = cleanUp()
  const locker = program('test/support/locker.ts')
  const create = (): TestRepository => made.add(TestRepository.create())
  const gitDir = (test: TestRepository): string => join(test.root, '.git')
  const lockPath = (test: TestRepository): string => join(gitDir(test), 'pmpc/lock')

  function start(
    test: TestRepository,
    mode: string,
  ): {child: ChildProcess; said: Promise<string>; ended: Promise<unknown[]>} {
    const child = spawn(process.execPath, [locker(), gitDir(test), mode], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    })
    made.add({remove: () => child.kill('SIGKILL')})
    const said = once(child.stdout, 'data').then(([chunk]) => String(chunk).split('\n', 1)[0]!.trim())
    return {child, said, ended: once(child, 'close')}
  }

  it('says that the disk is full, and where to look', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, open'), {code: 'ENOSPC'})
    const error = cannotLock('/repo/.git/pmpc/lock', full)
    expect(error.message).to.equal('The lock /repo/.git/pmpc/lock cannot be made (no space is left).')
    expect(error.suggestions).to.deep.equal(["df -h '/repo/.git'"])
  })

  it('names who holds it: process, command, since when, and what to type', async () => {
    const test = create()
    const {child, said} = start(test, 'hold')
    expect(await said).to.equal('held')
    const error = await failure(async () => acquireLock(gitDir(test), {command: 'pmpc sync', run: 'mine'}))
    expect([error.code, error.exitCode]).to.deep.equal(['PMPC_LOCKED_WORKSPACE', 75])
    expect(error.message)
      .to.include(`\`pmpc hold\`, process ${child.pid}`)
      .and.match(/since \d{4}-\d\d-\d\dT/)
    expect(error.suggestions.join()).to.include(`ps -fp ${child.pid}`)
    expect((JSON.parse(readFileSync(lockPath(test), 'utf8')) as LockHolder).pid).to.equal(child.pid)
  })

  for (const mode of ['exit', 'throw'] as const)
    it(`is nobody's any more when its process ended by ${mode} without letting go`, async () => {
      const test = create()
      const {said, ended} = start(test, mode)
      expect(await said).to.equal('held')
      await ended
      ;(await acquireLock(gitDir(test), {command: 'pmpc sync', run: 'mine'})).release()
      expect(readdirSync(join(gitDir(test), 'pmpc'))).to.deep.equal([])
    })

  it('is no longer waited for when the caller wants to end', async () => {
    const test = create()
    const lock = await acquireLock(gitDir(test), {command: 'pmpc sync', run: 'mine'})
    const stop = new AbortController()
    const waiting = acquireLock(gitDir(test), {
      command: 'pmpc sync',
      run: 'second',
      waitMilliseconds: 60_000,
      signal: stop.signal,
      onWait: () => stop.abort(new Error('enough')),
    })
    expect((await failure(async () => waiting)).message).to.equal('enough')
    lock.release()
  })

  it('of a killed process is taken over', async () => {
    const test = create()
    const {child, said, ended} = start(test, 'hold')
    await said
    child.kill('SIGKILL')
    await ended
    expect(existsSync(lockPath(test))).to.equal(true)
    const lock = await acquireLock(gitDir(test), {command: 'pmpc sync', run: 'mine'})
    expect(lock.holder.pid).to.equal(process.pid)
    lock.release()
    lock.release()
    expect(readdirSync(join(gitDir(test), 'pmpc'))).to.deep.equal([])
  })

  it('is taken over from a pid that was given out again, not from another host or container', async () => {
    const test = create()
    const lock = await acquireLock(gitDir(test), {command: 'pmpc sync', run: 'old'})
    const mine = JSON.parse(readFileSync(lockPath(test), 'utf8')) as LockHolder
    lock.release()
    const put = (changes: Partial<LockHolder>): void => {
      mkdirSync(join(gitDir(test), 'pmpc'), {recursive: true})
      writeFileSync(lockPath(test), JSON.stringify({...mine, ...changes}))
    }
    const taken = async (): Promise<boolean> => {
      try {
        ;(await acquireLock(gitDir(test), {command: 'pmpc sync', run: 'new'})).release()
        return true
      } catch {
        return false
      }
    }
    put({})
    expect(await taken(), 'alive').to.equal(false)
    put({host: 'elsewhere', pid: 999_999_999})
    expect(await taken(), 'another host').to.equal(false)
    if (mine.started === null) return
    put({started: '1'})
    expect(await taken(), 'reused pid').to.equal(true)
    put({boot: 'before the last boot'})
    expect(await taken(), 'rebooted').to.equal(true)
    put({namespace: 'pid:[1]', pid: 999_999_999})
    expect(await taken(), 'another container').to.equal(false)
  })

  it('is waited for, as long as was asked', async () => {
    const test = create()
    const lock = await acquireLock(gitDir(test), {command: 'pmpc sync', run: 'mine'})
    const {said} = start(test, 'wait')
    const waiting = {done: false}
    const told: string[] = []
    const second = acquireLock(gitDir(test), {
      command: 'pmpc apply',
      run: 'second',
      waitMilliseconds: 10_000,
      onWait: (holder) => told.push(holder.run),
    })
    void second.then(() => (waiting.done = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(waiting.done).to.equal(false)
    lock.release()
    ;(await second).release()
    expect(told).to.deep.equal(['mine'])
    expect(await said).to.equal('held')
  })

  it('is held by one of many that ask at the same time, a stale lock or not', async function () {
    this.timeout(60_000)
    const test = create()
    const {child, said, ended} = start(test, 'hold')
    await said
    child.kill('SIGKILL')
    await ended
    const answers = await Promise.all(Array.from({length: 5}, async () => start(test, 'hold').said))
    expect(answers.sort()).to.deep.equal([...Array.from({length: 4}, () => 'PMPC_LOCKED_WORKSPACE'), 'held'])
  })

  it('is shared by the working trees of a repository', async () => {
    const test = create()
    const other = made.add(new TestRepository())
    other.remove()
    test.git('worktree', 'add', '-q', other.root)
    const [here, there] = [await test.open(), await other.open()]
    expect(there.commonDir).to.equal(here.commonDir)
    expect(there.gitDir).to.not.equal(here.gitDir)
    await exclusively(test.root, {command: 'pmpc sync', run: {id: '1'}}, async () => {
      const error = await failure(async () =>
        exclusively(other.root, {command: 'pmpc sync', run: {id: '2'}}, async () => undefined),
      )
      expect(error.code).to.equal('PMPC_LOCKED_WORKSPACE')
    })
    await exclusively(other.root, {command: 'pmpc sync', run: {id: '3'}}, async () => undefined)
  })

  it('is let go when the work of a change fails', async () => {
    const test = create()
    const error = await failure(async () =>
      exclusively(test.root, {command: 'x', run: {id: '1'}}, async () => Promise.reject(new Error('no'))),
    )
    expect(error.message).to.equal('no')
    expect(existsSync(lockPath(test))).to.equal(false)
  })

  it('mends what a killed command left before the work begins, and tells', async () => {
    const test = create()
    test.write(
      '.git/pmpc-journal.json',
      JSON.stringify({
        version: 1,
        id: 'pmpc-x',
        commit: null,
        index: [],
        worktree: [{path: 'a.txt', before: null, after: {text: 'a'}}],
        intentToAdd: [],
      }),
    )
    const told: string[] = []
    const read = async () => expect(test.read('a.txt')).to.equal('a')
    await exclusively(test.root, {command: 'x', run: {id: '1'}}, read, {onRecovered: ({action}) => told.push(action)})
    expect(told).to.deep.equal(['finished'])
  })
})
