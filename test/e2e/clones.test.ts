import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'

const vm = (id: number): string => `infra/home/vm/${id}.yaml`

describe('two clones of one workspace', function () {
  this.timeout(60_000)
  let lab: Lab
  let ann: Clone
  let bob: Clone

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    ann = await lab.agreed('ann')
    bob = await lab.clone('ann.git', 'bob')
  })
  after(async () => lab.stop())

  const set = (id: number, node: string, params: Record<string, string | number>) =>
    lab.set(`/nodes/${node}/qemu/${id}`, params)
  const push = (clone: Clone) => clone.git('push', '-q')
  const pull = (clone: Clone) => clone.git('pull', '-q', '--no-rebase', '--no-edit')
  /** Brings both clones and the origin to one commit with nothing open and nothing uncommitted. */
  async function settle(): Promise<void> {
    await ann.git('restore', '--staged', '--worktree', '--source=HEAD', 'infra')
    await bob.git('restore', '--staged', '--worktree', '--source=HEAD', 'infra')
    await pull(ann)
    await ann.sync('--accept')
    await push(ann)
    await pull(bob)
    // An item that both had committed before one of them decided is there again after the merge, until the next sync.
    if ((await bob.open()).length > 0) await bob.sync()
    await push(bob)
    await pull(ann)
    for (const clone of [ann, bob]) {
      expect(await clone.git('status', '--porcelain')).to.equal('')
      expect(await clone.open()).to.deep.equal([])
    }
  }
  afterEach(settle)

  it('accept: agreed in one is agreed in the other', async () => {
    await set(9000, 'pve1', {cores: 3})
    await ann.sync()
    await push(ann)
    await pull(bob)
    expect(await bob.diff()).to.deep.equal([])
    expect((await bob.sync()).commit).to.equal(null)
    expect(await bob.diff()).to.deep.equal(['-  cores: 2', '+  cores: 3'])

    await ann.must('accept')
    expect(await ann.git('show', '--format=', '--name-only', 'HEAD')).to.equal(
      `.pmpc/agreed.yaml\n.pmpc/open.yaml\n${vm(9000)}`,
    )
    await push(ann)
    await bob.git('restore', 'infra')
    await pull(bob)
    expect(await bob.git('status', '--porcelain')).to.equal('')
    const result = await bob.sync()
    expect([result.commit, result.open]).to.deep.equal([null, {drift: 0, conflicts: 0}])
    expect(bob.read(vm(9000))).to.contain('cores: 3')
  })

  it('accept: an edit of the same file that was not committed stays exactly that', async () => {
    ann.edit(vm(9000), 'ostype: l26', 'ostype: l26 # since 2024')
    ann.edit(vm(9000), 'name: debian-12-cloud', 'name: debian-cloud')
    await set(9000, 'pve1', {cores: 5})
    await ann.sync()
    await ann.must('accept', 'vm/9000')
    expect(await ann.diff()).to.deep.equal([
      '-  name: debian-12-cloud',
      '+  name: debian-cloud',
      '-  ostype: l26',
      '+  ostype: l26 # since 2024',
    ])
    expect(await ann.git('show', 'HEAD', '--format=', '-U0', '--', 'infra')).to.contain('+  cores: 5')
    expect((await ann.sync()).commit).to.equal(null)
  })

  it('accept: one field of two; the other stays open, also in a clone that pulls', async () => {
    await set(9000, 'pve1', {cores: 6, memory: 4096})
    await ann.sync()
    await ann.must('accept', 'vm/9000:config.cores')
    expect(await ann.diff()).to.deep.equal(['-  memory: 2048', '+  memory: 4096'])
    expect(await ann.open()).to.have.length(1)
    await push(ann)
    await pull(bob)
    await bob.sync()
    expect(await bob.diff()).to.deep.equal(['-  memory: 2048', '+  memory: 4096'])
  })

  it('reject: closed for good, here and where it is pulled', async () => {
    await set(9000, 'pve1', {cores: 7})
    await ann.sync()
    await push(ann)
    await pull(bob)
    await bob.sync()
    expect(await bob.diff()).to.have.length(2)

    await ann.must('reject', vm(9000))
    expect(await ann.git('status', '--porcelain')).to.equal('')
    expect((await ann.sync()).commit).to.equal(null)
    expect(await ann.diff()).to.deep.equal([])
    await push(ann)
    await pull(bob)
    const result = await bob.sync()
    expect([result.commit, result.open.drift]).to.deep.equal([null, 0])
    // What was offered there is taken back, too.
    expect(await bob.git('status', '--porcelain')).to.equal('')
    // The cluster changes once more: that is a new question, and nobody's side is lost.
    await set(9000, 'pve1', {cores: 8})
    expect((await ann.sync()).open).to.deep.equal({drift: 0, conflicts: 1})
    expect(await ann.diff()).to.deep.equal([])
    await ann.must('accept')
    expect(ann.read(vm(9000))).to.contain('cores: 8')
  })

  it('git restore hides the offer and no more; the next sync shows it again', async () => {
    await set(9000, 'pve1', {cores: 2, memory: 1024})
    await ann.sync()
    await ann.git('restore', 'infra')
    expect(await ann.diff()).to.deep.equal([])
    expect(await ann.open()).to.have.length(2)
    expect((await ann.sync()).commit).to.equal(null)
    expect(await ann.diff()).to.have.length(4)
    // One hunk of two.
    const restored = await lab.box.exec('git', ['restore', '-p', 'infra'], {cwd: ann.root, input: 's\ny\nn\n'})
    expect(restored.code, restored.stderr).to.equal(0)
    await ann.sync()
    expect(await ann.diff()).to.have.length(4)
  })

  it('a new guest: restore leaves an empty file, sync mends it; both clones accept alike', async () => {
    await lab.api('POST', '/nodes/pve1/qemu', {vmid: 300, name: 'new', memory: 512, pool: 'web'})
    await ann.sync()
    await bob.sync()
    expect(await ann.diff()).to.deep.equal(await bob.diff())
    expect(await ann.diff()).to.include('+  name: new')
    await ann.git('restore', 'infra')
    expect(ann.read(vm(300))).to.equal('')
    await ann.sync()
    expect(ann.read(vm(300))).to.equal(bob.read(vm(300)))
    expect(await ann.git('status', '--porcelain')).to.equal(` A ${vm(300)}`)
    await ann.must('accept')
    expect(await ann.git('status', '--porcelain')).to.equal('')
    await push(ann)
    await bob.git('rm', '-q', '--cached', vm(300))
    bob.remove(vm(300))
    await pull(bob)
    expect((await bob.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
    expect(await bob.git('status', '--porcelain')).to.equal('')
  })

  it('a new guest that was rejected stays unmanaged in both clones', async () => {
    await lab.api('POST', '/nodes/pve1/qemu', {vmid: 301, name: 'unwanted', memory: 512})
    await ann.sync()
    await ann.must('reject', 'vm/301')
    expect(ann.has(vm(301))).to.equal(false)
    expect(await ann.git('status', '--porcelain')).to.equal('')
    await push(ann)
    await pull(bob)
    for (const clone of [ann, bob]) {
      expect((await clone.sync()).commit).to.equal(null)
      expect(clone.has(vm(301))).to.equal(false)
    }
    await lab.api('DELETE', '/nodes/pve1/qemu/301')
  })

  it('withdrawal: the cluster goes back, and so does the offer, in both clones', async () => {
    const cores = /cores: (\d+)/.exec(ann.read(vm(9000)))![1]!
    await set(9000, 'pve1', {cores: 12, tags: 'template;x'})
    await ann.sync()
    await push(ann)
    await pull(bob)
    await bob.sync()
    await set(9000, 'pve1', {cores, tags: 'template'})
    await ann.sync()
    expect(await ann.git('status', '--porcelain')).to.equal('')
    expect(await ann.open()).to.deep.equal([])
    await push(ann)
    await pull(bob)
    await bob.sync()
    expect(await bob.open()).to.deep.equal([])
  })

  it('withdrawal of a deletion puts the manifest back as it was written, comments and all', async () => {
    const config = await lab.api<Record<string, string>>('GET', '/nodes/pve1/qemu/300/config')
    ann.edit(vm(300), 'kind: vm', '# the new one\nkind: vm')
    await ann.git('commit', '-qam', 'a comment')
    const before = ann.read(vm(300))
    const guests = lab.simulator.simulation.state.guests
    const kept = guests[300]!
    delete guests[300]
    await ann.sync()
    expect(ann.has(vm(300))).to.equal(false)
    expect(await ann.open()).to.have.length(1)
    guests[300] = kept
    await ann.sync()
    expect(ann.read(vm(300))).to.equal(before)
    expect(await ann.git('status', '--porcelain')).to.equal('')
    expect(config.name).to.equal('new')
  })

  it('conflict: both sides changed; each can be taken', async () => {
    for (const [clone, id] of [
      [ann, 9000],
      [bob, 300],
    ] as const) {
      clone.edit(vm(id), /memory: \d+/, 'memory: 3072')
      await clone.git('commit', '-qam', `more memory for ${id}`)
    }
    await push(ann)
    await pull(bob)
    await push(bob)
    await pull(ann)
    await set(9000, 'pve1', {memory: 6144})
    await set(300, 'pve1', {memory: 6144})
    const result = await ann.sync()
    expect(result.open).to.deep.equal({drift: 0, conflicts: 2})
    expect(await ann.diff()).to.deep.equal([])
    await push(ann)
    await pull(bob)
    await ann.must('accept', 'vm/9000')
    expect(ann.read(vm(9000))).to.contain('memory: 6144')
    await push(ann)
    await pull(bob)
    await bob.must('reject', 'vm/300')
    expect(bob.read(vm(300))).to.contain('memory: 3072')
    await push(bob)
    await pull(ann)
    for (const clone of [ann, bob]) {
      expect((await clone.sync()).commit).to.equal(null)
      expect(await clone.git('status', '--porcelain')).to.equal('')
    }
    await set(300, 'pve1', {memory: 3072})
  })

  it('a plain `git commit -a` agrees; the next sync notices, in both clones', async () => {
    await set(9000, 'pve1', {sockets: 2})
    await ann.sync()
    await ann.git('commit', '-qam', 'two sockets')
    expect(await ann.open()).to.have.length(1)
    await push(ann)
    await pull(bob)
    for (const clone of [ann, bob]) {
      const result = await clone.sync()
      expect(result.open).to.deep.equal({drift: 0, conflicts: 0})
      expect(await clone.open()).to.deep.equal([])
      expect(await clone.git('status', '--porcelain')).to.equal('')
    }
    await pull(bob).catch(() => bob.git('merge', '-q', 'origin/main', '--no-edit'))
  })

  it('a lost state: equal manifests are adopted, every difference stays open until it is decided', async () => {
    await set(9000, 'pve1', {sockets: 1})
    await ann.git('rm', '-q', '.pmpc/state/home.db')
    await ann.git('commit', '-qm', 'lost')
    const lost = await ann.sync()
    expect(lost.open).to.deep.equal({drift: 0, conflicts: 1})
    expect(await ann.diff()).to.deep.equal([])
    expect((await ann.sync()).open).to.deep.equal({drift: 0, conflicts: 1})
    await push(ann)
    await pull(bob)
    expect((await bob.sync()).open).to.deep.equal({drift: 0, conflicts: 1})
    await ann.must('accept')
    expect(await ann.git('show', 'HEAD', '--format=', '-U0', '--', 'infra')).to.contain('-  sockets: 2\n+  sockets: 1')
    expect((await ann.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
  })

  it('a reused VMID is another object: one item, the whole document offered, the same in both clones', async () => {
    await lab.api('DELETE', '/nodes/pve1/qemu/300')
    await lab.api('POST', '/nodes/pve1/qemu', {vmid: 300, name: 'other', cores: 9})
    lab.simulator.simulation.state.guests[300]!.config.meta = 'creation-qemu=10.1.2,ctime=1893456000'
    const result = await ann.sync()
    expect(result.counts.vm).to.include({added: 1, removed: 1, changed: 0})
    await bob.sync()
    expect(await ann.diff(vm(300))).to.include.members(['-  name: new', '+  name: other'])
    expect(await bob.diff(vm(300))).to.deep.equal(await ann.diff(vm(300)))
    const open = await ann.open()
    expect(open.filter((line) => line.includes('home/vm/300'))).to.have.length(1)
    expect(open[0]).to.contain('"offer": "present"')
    await ann.must('accept')
    expect((await ann.sync()).commit).to.equal(null)
    expect(await ann.git('status', '--porcelain')).to.equal('')
  })

  it('placement and power are drift only where the manifest asks for them', async () => {
    const guests = lab.simulator.simulation.state.guests
    guests[110]!.node = 'pve1'
    guests[110]!.running = true
    const silent = await ann.sync()
    expect([silent.open.drift, silent.counts.vm!.changed]).to.deep.equal([0, 1])
    ann.edit(vm(110), 'config:', 'placement: {node: pve1, pinned: true}\npower: running\nconfig:')
    await ann.git('commit', '-qam', 'stays here')
    expect((await ann.sync()).open.drift).to.equal(0)
    guests[110]!.node = 'pve3'
    guests[110]!.running = false
    expect((await ann.sync()).open.drift).to.equal(2)
    expect(await ann.diff()).to.deep.equal([
      '-placement: {node: pve1, pinned: true}',
      '-power: running',
      '+placement: {node: pve3, pinned: true}',
      '+power: stopped',
    ])
    await push(ann)
    await pull(bob)
    await bob.sync()
    expect(await bob.diff()).to.deep.equal(await ann.diff())
    await bob.must('reject')
    expect(await bob.git('status', '--porcelain')).to.equal('')
    expect((await bob.sync()).commit).to.equal(null)
    await push(bob)
    await ann.git('restore', 'infra')
    await pull(ann)
    ann.edit(vm(110), 'placement: {node: pve1, pinned: true}\npower: running\n', '')
    await ann.git('commit', '-qam', 'anywhere')
  })

  it('branches that both synced merge row by row; their open items are united', async () => {
    await set(9000, 'pve1', {shares: 500})
    await ann.sync('--only', 'vm')
    await lab.set('/nodes/pve3/lxc/202', {cores: 3})
    await bob.sync('--only', 'container')
    await push(ann)
    await pull(bob)
    expect(await bob.git('status', '--porcelain', '.pmpc')).to.equal('')
    expect(await bob.open()).to.have.length(2)
    expect((await bob.must('state', 'verify')).code).to.equal(0)
    const merged = await bob.sync()
    expect(merged.open).to.deep.equal({drift: 2, conflicts: 0})
    expect(merged.commit, 'the merged state is what a sync reads').to.equal(null)
    await push(bob)
    await ann.git('restore', 'infra')
    await pull(ann)
    expect((await ann.sync()).commit).to.equal(null)
    expect(await ann.open()).to.deep.equal(await bob.open())
  })

  it('both sides changed one row: Git stops and says what to type; a sync then tells the truth', async () => {
    await set(9000, 'pve1', {shares: 600})
    await ann.sync()
    await set(9000, 'pve1', {shares: 700})
    await bob.sync()
    await push(ann)
    await bob.git('restore', 'infra')
    const merge = await bob.tryGit('pull', '--no-rebase', '--no-edit')
    expect(merge.code).to.equal(1)
    expect(merge.stdout + merge.stderr)
      .to.contain('vm/9000')
      .and.to.contain('pmpc sync')
    expect((await bob.fails(['sync'])).exitCode).to.equal(75)
    await bob.git('add', '.pmpc/state/home.db')
    await bob.git('commit', '-q', '--no-edit')
    const result = await bob.sync()
    expect(result.open).to.deep.equal({drift: 1, conflicts: 0})
    expect(await bob.open()).to.have.length(1)
    expect((await bob.open())[0])
      .to.contain('"base": ')
      .and.to.contain('"offer": 700')
    await push(bob)
    await ann.git('restore', 'infra')
    await pull(ann)
    expect((await ann.sync()).commit).to.equal(null)
  })
})
