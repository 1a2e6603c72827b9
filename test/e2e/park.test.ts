import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

const vm = (id: number) => `infra/home/vm/${id}.yaml`
const kept = (id: number) => `.pmpc/local/parked/${vm(id)}`

interface Parked {
  manifests: string[]
  texts: {path: string; kept: string}[]
  parked: string[]
}
interface Unparked {
  manifests: string[]
  open: number
  texts: string[]
  kept: {path: string; why: string}[]
}

describe('park and unpark, with real remotes', function () {
  this.timeout(120_000)
  let lab: Lab
  let copies = 0
  let ours: Clone
  let theirs: Clone

  before(async () => {
    lab = await Lab.start({seed: 'homelab'})
    await lab.agreed('ws')
  })
  after(async () => lab.stop())
  beforeEach(async () => {
    await lab.box.exec('git', ['clone', '-q', '--bare', 'ws.git', `origin${++copies}.git`])
    ours = await lab.clone(`origin${copies}.git`, `ours${copies}`)
    theirs = await lab.clone(`origin${copies}.git`, `theirs${copies}`)
    await ours.must('sync', '--accept')
    await ours.git('push', '-q', 'origin', 'HEAD:main')
    await theirs.git('pull', '-q')
  })

  /** Drift on vm/100, a new VM, and one that is gone; offered in both clones. */
  async function offered(): Promise<number> {
    const id = 500 + copies
    await lab.set('/nodes/pve/qemu/100', {memory: 4096 + copies * 16})
    await lab.api('POST', '/nodes/pve/qemu', {vmid: id, name: `new${id}`})
    await ours.sync()
    await ours.git('push', '-q', 'origin', 'HEAD:main')
    return id
  }

  async function park(clone: Clone): Promise<Parked> {
    const result = (await clone.must('park', '--json')).json<Parked>()
    assertSchema('park', result)
    return result
  }
  async function unpark(clone: Clone): Promise<Unparked> {
    const result = (await clone.must('unpark', '--json')).json<Unparked>()
    assertSchema('unpark', result)
    return result
  }

  for (const [title, ...pull] of [
    ['a merge', 'pull', '-q', '--no-rebase', '--no-edit'],
    ['a rebase', 'pull', '-q', '--rebase'],
    ['a stash and a rebase', 'pull', '-q', '--rebase', '--autostash'],
  ] as const) {
    it(`lets Git pull by ${title} what touches the same manifests, and offers again`, async () => {
      const id = await offered()
      const diff = await ours.diff()
      expect(diff.join('\n')).to.include('+  memory:').and.to.include(`+id: ${id}`)
      theirs.edit(vm(100), /cores: \d+/, 'cores: 7')
      await theirs.git('commit', '-qam', 'seven cores')
      await theirs.git('pull', '-q', '--rebase')
      await theirs.git('push', '-q', 'origin', 'HEAD:main')
      ours.edit(vm(101), /cores: \d+/, 'cores: 5')
      if (title !== 'a stash and a rebase') await ours.git('commit', '-qm', 'five cores', vm(101))
      expect((await ours.tryGit(...pull)).code, 'without parking').not.to.equal(0)
      const head = await ours.head()
      const parked = await park(ours)
      expect(parked.manifests).to.have.members([vm(100), vm(id)])
      expect(await ours.head(), 'no commit').to.equal(head)
      const {stdout} = await ours.must('status')
      expect(stdout).to.include('Parked (2): out of the working tree; offer them again: pmpc unpark')
      expect(ours.has(vm(id))).to.equal(false)
      await ours.git(...pull)
      expect(ours.read(vm(100))).to.include('cores: 7')
      const back = await unpark(ours)
      expect(back).to.deep.include({open: 2, texts: [], kept: []})
      expect(ours.read(vm(100)))
        .to.include(`memory: ${4096 + copies * 16}`)
        .and.to.include('cores: 7')
      expect(ours.read(vm(101))).to.include('cores: 5')
      expect(ours.has(vm(id))).to.equal(true)
      const again = (await ours.diff()).filter((line) => !line.includes('cores: '))
      expect(again).to.deep.equal(diff)
      assertSchema('status', (await ours.must('status', '--json')).json())
      expect((await ours.must('status')).stdout).not.to.include('Parked')
    })
  }

  it('takes nothing that people typed: edits stay, a new manifest with a comment is moved aside and comes back', async () => {
    const id = await offered()
    ours.edit(vm(100), /cores: \d+/, 'cores: 6 # mine')
    ours.append(vm(id), '# ask Jo\n')
    const text = ours.read(vm(id))
    const before = await ours.diff()
    const {stdout} = await ours.must('park')
    expect(stdout).to.include(`${vm(id)}: what you wrote is kept in ${kept(id)}`)
    expect(ours.read(kept(id))).to.equal(text)
    expect(ours.has(vm(id))).to.equal(false)
    expect((await ours.diff()).filter((line) => line.startsWith('+'))).to.deep.equal(['+  cores: 6 # mine'])
    expect(await ours.git('status', '--porcelain')).to.equal(` M ${vm(100)}`)
    expect((await ours.must('status')).stdout).to.include('Kept of what you wrote (1)')
    await ours.git('stash', '-q')
    await ours.git('stash', 'pop', '-q')
    expect(await unpark(ours)).to.deep.include({texts: [vm(id)], kept: []})
    expect(ours.read(vm(id))).to.equal(text)
    expect(ours.has(kept(id))).to.equal(false)
    expect(await ours.diff()).to.deep.equal(before)
    // What was offered there is still known as an offer: reject leaves people's text, and no more.
    await ours.must('reject', `vm/${id}`)
    expect(ours.read(vm(id))).to.include('# ask Jo')
  })

  it('what others accepted meanwhile takes the place; what people wrote is kept, and said with the next command', async () => {
    const id = await offered()
    await theirs.git('pull', '-q')
    await theirs.sync()
    await theirs.must('accept')
    await theirs.git('push', '-q', 'origin', 'HEAD:main')
    ours.append(vm(id), '# ask Jo\n')
    const text = ours.read(vm(id))
    await park(ours)
    await ours.git('pull', '-q', '--rebase')
    const {stderr, stdout} = await ours.must('unpark')
    expect(stderr).to.include(
      `what you wrote into ${vm(id)} is kept in ${kept(id)}, as home/vm/${id} is declared in ${vm(id)} now`,
    )
    expect(stderr).to.include(`git diff --no-index ${kept(id)} ${vm(id)}`)
    expect(stdout).to.include('Nothing is open.')
    expect(ours.read(kept(id))).to.equal(text)
    expect((await ours.must('status')).stdout).to.include(
      `in its place (1): compare: git diff --no-index ${kept(id)} ${vm(id)}; when it is not needed any more: rm ${kept(id)}`,
    )
    // Another text of the same manifest is never written over it.
    await ours.must('unpark')
    expect(ours.read(kept(id))).to.equal(text)
    expect(await ours.diff()).to.deep.equal([])
  })

  it('a conflict in the middle: unpark says what to do first, then does its part', async () => {
    await offered()
    theirs.edit(vm(100), /cores: \d+/, 'cores: 7')
    await theirs.git('commit', '-qam', 'seven')
    await theirs.git('pull', '-q', '--rebase')
    await theirs.git('push', '-q', 'origin', 'HEAD:main')
    await park(ours)
    ours.edit(vm(100), /cores: \d+/, 'cores: 9')
    await ours.git('commit', '-qam', 'nine')
    expect((await ours.tryGit('pull', '-q', '--rebase')).code).not.to.equal(0)
    const busy = await ours.fails(['unpark'])
    expect(busy).to.include({code: 'PMPC_GIT_BUSY', exitCode: 75})
    expect(busy.suggestions).to.deep.equal([
      'git rebase --continue',
      'git rebase --abort',
      'pmpc unpark   # afterwards',
    ])
    expect(busy.message).to.include('pmpc changes nothing in the middle of it')
    for (const command of ['park', 'sync'])
      expect((await ours.fails([command])).suggestions.at(-1)).to.equal(`pmpc ${command}   # afterwards`)
    await ours.git('checkout', '--theirs', vm(100))
    await ours.git('add', vm(100))
    await ours.git('-c', 'core.editor=true', 'rebase', '--continue')
    expect((await unpark(ours)).open).to.equal(2)
    expect(ours.read(vm(100)))
      .to.include('cores: 9')
      .and.to.include(`memory: ${4096 + copies * 16}`)
  })

  it('a stash that comes back with markers: they are called that, and unpark waits for them', async () => {
    await offered()
    theirs.edit(vm(100), /cores: \d+/, 'cores: 7')
    await theirs.git('commit', '-qam', 'seven')
    await theirs.git('pull', '-q', '--rebase')
    await theirs.git('push', '-q', 'origin', 'HEAD:main')
    ours.edit(vm(100), /cores: \d+/, 'cores: 9')
    await park(ours)
    await ours.tryGit('pull', '-q', '--rebase', '--autostash')
    const failure = await ours.fails(['unpark'])
    expect(failure.code).to.equal('PMPC_MANIFEST')
    expect(failure.message).to.match(new RegExp(`${vm(100)}:\\d+:1: conflict markers`))
  })

  it('twice is once; a sync offers again as well; without offers nothing happens', async () => {
    await offered()
    await park(ours)
    const picture = await ours.picture()
    const again = await park(ours)
    expect(again.manifests).to.deep.equal([])
    expect(again.parked).to.have.members(['home/vm/100', `home/vm/${500 + copies}`])
    expect((await ours.must('park')).stdout).to.include(
      'Nothing is offered in the working tree; 2 objects parked already.',
    )
    expect(await ours.picture()).to.deep.equal(picture)
    await ours.sync()
    expect((await ours.diff()).join()).to.include('+  memory:')
    expect((await ours.must('status')).stdout).not.to.include('Parked')
    const offeredNow = await ours.picture()
    expect(await unpark(ours)).to.deep.include({manifests: [], open: 2})
    expect((await ours.must('unpark')).stdout).to.include('Nothing was to be offered again: 2 items open.')
    expect(await ours.picture()).to.deep.equal(offeredNow)
    await ours.must('accept')
    expect((await ours.must('park')).stdout).to.include('Nothing is offered in the working tree.')
    expect((await ours.must('unpark')).stdout).to.include('Nothing is open.')
  })

  it('a conflict is not said to be offered', async () => {
    await offered()
    ours.edit(vm(101), /cores: \d+/, 'cores: 5')
    await ours.git('commit', '-qm', 'five', vm(101))
    await lab.set('/nodes/pve/qemu/101', {cores: 3})
    await ours.sync()
    expect(ours.read(vm(101))).to.include('cores: 5')
    await park(ours)
    const {stdout} = await ours.must('unpark')
    expect(stdout).to.include('Offered again: 2 items, 2 manifests written. 1 conflict open, too')
    expect(ours.read(vm(101))).to.include('cores: 5')
    await ours.must('accept', 'vm/101:cores')
    await lab.set('/nodes/pve/qemu/101', {cores: 2})
  })

  it('brings back one that is gone from the cluster, and takes it out again', async () => {
    await lab.api('POST', '/nodes/pve/qemu', {vmid: 700 + copies, name: 'short'})
    await ours.sync('--accept')
    await lab.api('DELETE', `/nodes/pve/qemu/${700 + copies}`)
    await ours.sync()
    expect(ours.has(vm(700 + copies))).to.equal(false)
    await park(ours)
    expect(ours.has(vm(700 + copies))).to.equal(true)
    expect(await ours.git('status', '--porcelain')).to.equal('')
    await unpark(ours)
    expect(ours.has(vm(700 + copies))).to.equal(false)
  })
})
