import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'

const vm = (id: number): string => `infra/home/vm/${id}.yaml`
const guest = '/nodes/pve1/qemu/9000'

/** How a clone takes what the others have pushed. */
const ways = {
  merge: ['pull', '-q', '--no-rebase', '--no-edit'],
  rebase: ['pull', '-q', '--rebase'],
} as const

/** What a clone waits for, in one line each. */
interface Standing {
  open: string[]
  yours: string[]
  unmanaged: string[]
}

for (const [way, pulling] of Object.entries(ways)) {
  describe(`agreement, by ${way}`, function () {
    this.timeout(60_000)
    let lab: Lab
    let count = 0
    let ann: Clone
    let bob: Clone

    before(async () => {
      lab = await Lab.start({seed: 'cluster'})
    })
    after(async () => lab.stop())
    beforeEach(async () => {
      await lab.set(guest, {memory: 2048, cores: 2})
      const name = `${way}${++count}`
      ann = await lab.agreed(name)
      bob = await lab.clone(`${name}.git`, `${name}-bob`)
      for (const [clone, who] of [
        [ann, 'Ann'],
        [bob, 'Bob'],
      ] as const)
        await clone.git('config', 'user.name', who)
    })

    const set = (params: Record<string, string | number>) => lab.set(guest, params)
    const push = (clone: Clone) => clone.git('push', '-q', 'origin', 'HEAD:main')
    /**
     * People take back the offers in their working tree, pull, and settle what Git cannot: a state is the cluster's business, and of a
     * manifest `side` tells whose text is kept.
     */
    async function pull(clone: Clone, side: 'mine' | 'theirs' = 'theirs'): Promise<void> {
      await clone.git('restore', '--staged', '--worktree', '--source=HEAD', 'infra')
      await clone.git('clean', '-qfd', 'infra')
      let result = await clone.tryGit(...pulling)
      while (result.code !== 0) {
        const unmerged = (await clone.git('diff', '--name-only', '--diff-filter=U')).split('\n').filter(Boolean)
        if (unmerged.length === 0) throw new Error(result.stdout + result.stderr)
        for (const file of unmerged) {
          // While a rebase runs, "ours" is what the others have.
          const mine = way === 'merge' ? '--ours' : '--theirs'
          const others = way === 'merge' ? '--theirs' : '--ours'
          const taken = await clone.tryGit('checkout', side === 'mine' ? mine : others, '--', file)
          if (taken.code !== 0) await clone.tryGit('rm', '-q', '--cached', '--', file)
          await clone.tryGit('add', '--', file)
        }
        const next = way === 'merge' ? ['commit', '-q', '--no-edit'] : ['rebase', '--continue']
        result = await clone.tryGit('-c', 'core.editor=true', ...next)
      }
    }
    async function standing(clone: Clone): Promise<Standing> {
      type Item = {object: string; field?: string; base?: unknown; offer?: unknown; wanted?: unknown}
      type Cluster = {drift: Item[]; conflicts: Item[]; yours: Item[]; unmanaged: string[]}
      const result = await clone.must('status', '--json')
      const [cluster] = result.json<{clusters: [Cluster]}>().clusters
      const line = ({object, field = ''}: Item, ...values: unknown[]) =>
        [object, field, ...values.map((value) => JSON.stringify(value))].join(' ')
      return {
        open: [...cluster.drift, ...cluster.conflicts].map((item) => line(item, item.base, item.offer)),
        yours: cluster.yours.map((item) => line(item, item.wanted)),
        unmanaged: cluster.unmanaged,
      }
    }
    const clean = async (clone: Clone): Promise<void> => {
      expect(await clone.git('status', '--porcelain')).to.equal('')
    }

    it('an accept that was not pushed, and the cluster goes back: a question, never a wish', async () => {
      await set({memory: 4096})
      await bob.sync()
      await bob.must('accept')
      await set({memory: 2048})
      // Ann sees nothing of it: for her nothing has changed.
      expect((await ann.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
      ann.edit(vm(9000), 'ostype: l26', 'ostype: l26 # Ann was here')
      await ann.git('commit', '-qam', 'a comment')
      await push(ann)
      await pull(bob)
      const result = await bob.sync()
      expect(result.open).to.deep.equal({drift: 1, conflicts: 0})
      expect(await standing(bob)).to.deep.equal({
        open: ['home/vm/9000 config.memory 4096 2048'],
        yours: [],
        unmanaged: [],
      })
      expect(await bob.diff()).to.deep.equal(['-  memory: 4096', '+  memory: 2048'])
    })

    it('a new guest that was accepted and not pushed, and then deleted: a question, never a wish to create it', async () => {
      await lab.api('POST', '/nodes/pve1/qemu', {vmid: 400, name: 'new', memory: 512})
      await ann.sync()
      await push(ann)
      await pull(bob)
      await bob.sync()
      await bob.must('accept')
      await lab.api('DELETE', '/nodes/pve1/qemu/400')
      await ann.sync()
      await push(ann)
      await pull(bob)
      await bob.sync()
      const {open, yours} = await standing(bob)
      expect([open, yours]).to.deep.equal([['home/vm/400  "present" null'], []])
      expect(bob.has(vm(400))).to.equal(false)
      await bob.must('accept')
      await push(bob)
      await pull(ann)
      expect((await ann.sync()).open).to.deep.equal({drift: 0, conflicts: 0})
      expect(ann.has(vm(400))).to.equal(false)
    })

    it('two offers of one field, and the deletion of a guest beside a change of it: nothing is dropped', async () => {
      await lab.api('POST', '/nodes/pve1/qemu', {vmid: 401, name: 'other', memory: 512})
      await ann.sync('--accept')
      await push(ann)
      await pull(bob)
      await set({memory: 4096})
      await lab.set('/nodes/pve1/qemu/401', {memory: 1024})
      await ann.sync()
      await set({memory: 8192})
      await lab.api('DELETE', '/nodes/pve1/qemu/401')
      await bob.sync()
      await push(ann)
      await pull(bob, 'mine')
      await bob.sync()
      const expected = ['home/vm/401  "present" null', 'home/vm/9000 config.memory 2048 8192']
      expect((await standing(bob)).open.sort()).to.deep.equal(expected)
      expect(await bob.open()).to.have.length(2)
      await push(bob)
      await pull(ann)
      expect((await ann.sync()).commit).to.equal(null)
      expect((await standing(ann)).open.sort()).to.deep.equal(expected)
    })

    it('what bob rejected is not offered again because ann accepted its neighbour', async () => {
      await set({memory: 4096, cores: 4})
      await ann.sync()
      await push(ann)
      await pull(bob)
      await bob.sync()
      await bob.must('reject', 'vm/9000:config.memory')
      await ann.must('accept', 'vm/9000:config.cores')
      await push(ann)
      await pull(bob)
      await bob.sync()
      expect(await standing(bob)).to.deep.equal({open: [], yours: ['home/vm/9000 config.memory 2048'], unmanaged: []})
      await push(bob)
      await pull(ann)
      expect((await ann.sync()).commit).to.equal(null)
      expect((await standing(ann)).open).to.deep.equal([])
      await clean(ann)
    })

    it('one decides the last open item while the other records another: no file is in the way', async () => {
      await set({memory: 4096})
      await ann.sync()
      await push(ann)
      await pull(bob)
      await bob.sync()
      await bob.must('accept')
      expect(await bob.open()).to.deep.equal([])
      await set({cores: 4})
      await ann.sync()
      await push(ann)
      await bob.git('restore', 'infra')
      const result = await bob.tryGit(...pulling)
      expect(result.stdout + result.stderr).not.to.contain('CONFLICT')
      expect(result.code, result.stdout + result.stderr).to.equal(0)
      await bob.sync()
      expect((await standing(bob)).open).to.deep.equal(['home/vm/9000 config.cores 2 4'])
    })

    it('an offer of this clone is known again whatever another clone recorded meanwhile', async () => {
      await set({memory: 9984, cores: 4})
      await bob.sync()
      expect(await bob.diff()).to.have.length(4)
      await set({memory: 6144})
      await ann.sync()
      await push(ann)
      // The offers stay in the working tree: nothing of the files that Git takes along is theirs.
      const pulled = await bob.tryGit(...(way === 'merge' ? pulling : [...pulling, '--autostash']))
      if (pulled.code !== 0) {
        await bob.git('checkout', '--theirs', '--', '.pmpc/state/home.db')
        await bob.git('add', '.pmpc/state/home.db')
        await bob.git(
          '-c',
          'core.editor=true',
          ...(way === 'merge' ? ['commit', '-q', '--no-edit'] : ['rebase', '--continue']),
        )
      }
      expect(bob.read(vm(9000))).to.contain('memory: 9984')
      // It is no wish of anybody's.
      expect((await standing(bob)).yours).to.deep.equal([])
      await bob.must('reject')
      await clean(bob)
      expect((await standing(bob)).open).to.deep.equal([])
    })

    it('the cluster takes back what was offered here, and another clone saw that: it goes from the working tree', async () => {
      await set({memory: 9984, cores: 4})
      await bob.sync()
      await set({memory: 2048})
      await ann.sync()
      await push(ann)
      await bob.tryGit('stash', '-q')
      await pull(bob)
      await bob.tryGit('stash', 'pop')
      await bob.sync()
      expect(await bob.diff()).to.deep.equal(['-  cores: 2', '+  cores: 4'])
      expect(await standing(bob)).to.deep.equal({open: ['home/vm/9000 config.cores 2 4'], yours: [], unmanaged: []})
    })

    it('an accept of v1 arrives after a sync of v2: drift from v1 to v2, and no conflict that nobody typed', async () => {
      await set({memory: 4096})
      await ann.sync()
      await ann.must('accept')
      await push(ann)
      await set({memory: 8192})
      await bob.sync()
      await bob.git('restore', 'infra')
      await pull(bob)
      expect((await bob.sync()).open).to.deep.equal({drift: 1, conflicts: 0})
      expect((await standing(bob)).open).to.deep.equal(['home/vm/9000 config.memory 4096 8192'])
    })

    it('accepted here and rejected there: Git keeps one text, and whose decision that ended is told once', async () => {
      await set({memory: 4096})
      await ann.sync()
      await push(ann)
      await pull(bob)
      await bob.sync()
      await bob.must('reject')
      await ann.must('accept')
      await push(ann)
      await pull(bob)
      const told = await bob.must('sync')
      expect(told.stdout + told.stderr).to.match(
        /vm\/9000 config\.memory: rejected by Bob on \d{4}-\d\d-\d\d, HEAD says 4096/,
      )
      expect((await bob.must('sync')).stderr).not.to.contain('rejected by')
      expect((await standing(bob)).open).to.deep.equal([])
    })

    it('a revert of an accept opens the question again', async () => {
      await set({memory: 4096})
      await ann.sync()
      await ann.must('accept')
      await ann.git('revert', '--no-edit', 'HEAD')
      await ann.sync()
      expect((await standing(ann)).open).to.deep.equal(['home/vm/9000 config.memory 2048 4096'])
    })
  })
}
