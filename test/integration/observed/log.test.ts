import {expect} from 'chai'
import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {openRepository, type Repository} from '../../../src/kit/git/index.js'
import {changesBetween, loadStates, logText, objectLog, pmpcLog} from '../../../src/kit/observed/index.js'
import type {ClusterState, ObjectRef, Observed} from '../../../src/kit/resources/model.js'
import {migrateState, writeState} from '../../../src/kit/state/index.js'

const vm = (id: number, memory: number, node = 'pve1'): Observed => ({
  kind: 'vm',
  id,
  config: {name: `vm${id}`, memory},
  facts: {node, status: 'running'},
})
const vm100: ObjectRef = {cluster: 'home', kind: 'vm', id: 100}

/** The workspace is a folder of its repository in one of the runs. */
for (const folder of ['.', 'proxmox']) {
  describe(`observed: history (workspace in ${folder})`, () => {
    let top: string
    let root: string
    let repository: Repository

    const git = (...args: string[]) => execFileSync('git', ['-C', top, ...args], {encoding: 'utf8'})
    const write = (path: string, content: string | Uint8Array) => {
      mkdirSync(dirname(join(root, path)), {recursive: true})
      writeFileSync(join(root, path), content)
    }
    const commit = (message: string) => {
      git('add', '--all')
      git(
        '-c',
        'user.name=Ada',
        '-c',
        'user.email=ada@example.org',
        'commit',
        '--quiet',
        '--allow-empty',
        '-m',
        message,
      )
    }
    const sync = async (run: string, ...objects: Observed[]) => syncBy([], run, ...objects)
    const syncBy = async (trailers: string[], run: string, ...objects: Observed[]) => {
      const state: ClusterState = {cluster: 'home', objects}
      write('.pmpc/state/home.db', await writeState(state))
      const all = [`Pmpc-Run: ${run}`, 'Pmpc-Command: pmpc sync', 'Pmpc-Cluster: home', 'Pmpc-Changed: 1', ...trailers]
      commit(`pmpc sync: ${run}\n\n${all.join('\n')}`)
    }

    beforeEach(async () => {
      top = realpathSync(mkdtempSync(join(tmpdir(), 'pmpc-history-')))
      root = join(top, folder)
      git('init', '--quiet', '--initial-branch=main')
      write('.gitignore', '.pmpc/local/\n')
      write('pmpc.yaml', 'version: 1\n')
      commit('a file of the user')
      repository = await openRepository(root)
    })
    afterEach(() => {
      repository.close()
      rmSync(top, {recursive: true, force: true})
    })

    it('has nothing to tell before the first sync', async () => {
      const {changes, before, after} = await changesBetween({repository, root})
      expect({changes, before: before.commit, after: after.commit}).to.deep.equal({
        changes: [],
        before: null,
        after: null,
      })
      expect(await pmpcLog({repository, root, limit: 5})).to.deep.equal([])
      const code = await loadStates(root).catch((error: {code: string}) => error.code)
      expect(code).to.equal('PMPC_NO_STATE')
    })

    it('compares the last sync with the one before, whatever was committed since', async () => {
      await sync('one', vm(100, 512), vm(101, 512))
      await sync('two', vm(100, 1024, 'pve2'), vm(102, 512))
      write('README.md', 'hello')
      commit('a change of the user')
      const {changes, counts, before, after} = await changesBetween({repository, root})
      expect(counts).to.deep.equal({added: 1, removed: 1, changed: 1, replaced: 0, ignored: 0})
      expect(changes[0]).to.deep.equal({
        cluster: 'home',
        kind: 'vm',
        id: 100,
        name: 'vm100',
        change: 'changed',
        fields: [
          {field: 'config.memory', before: 512, after: 1024},
          {field: 'node', before: 'pve1', after: 'pve2'},
        ],
      })
      expect([before.commit, after.commit]).to.deep.equal([
        git('rev-parse', 'HEAD~2').trim(),
        git('rev-parse', 'HEAD~1').trim(),
      ])
    })

    it('looks past a migration, which changes no content', async () => {
      await sync('one', vm(100, 512))
      await sync('two', vm(100, 1024))
      const {bytes} = await migrateState(readFileSync(join(root, '.pmpc/state/home.db')), 1)
      write('.pmpc/state/home.db', bytes)
      commit('migrated')
      const {changes, after} = await changesBetween({repository, root})
      expect(changes).to.have.length(1)
      expect(after.commit).to.equal(git('rev-parse', 'HEAD~1').trim())
    })

    it('compares any two revisions, or one with the working tree, and only the objects that are meant', async () => {
      await sync('one', vm(100, 512))
      await sync('two', vm(100, 1024), vm(101, 1))
      await sync('three', vm(100, 2048), vm(101, 2))
      const fields = async (range: string) =>
        (await changesBetween({repository, root, range, refs: [vm100]})).changes.flatMap((change) => change.fields)
      expect(await fields('HEAD~2..HEAD')).to.deep.equal([{field: 'config.memory', before: 512, after: 2048}])
      expect(await fields('HEAD~2..HEAD~1')).to.deep.equal([{field: 'config.memory', before: 512, after: 1024}])
      expect(await fields('HEAD~1..')).to.deep.equal([{field: 'config.memory', before: 1024, after: 2048}])
      write('.pmpc/state/home.db', await writeState({cluster: 'home', objects: [vm(100, 4096)]}))
      expect(await fields('HEAD')).to.deep.equal([{field: 'config.memory', before: 2048, after: 4096}])
      const codes = await Promise.all(
        ['a...b', '..', 'nowhere'].map(async (range) =>
          changesBetween({repository, root, range}).catch((error: {code: string}) => error.code),
        ),
      )
      expect(codes).to.deep.equal(['PMPC_BAD_RANGE', 'PMPC_BAD_RANGE', 'PMPC_UNKNOWN_REVISION'])
    })

    it('lists the commits of pmpc by their trailers, past those of the user', async () => {
      await sync('one', vm(100, 512))
      for (let i = 0; i < 9; i++) {
        write('infra/home/vm/100.yaml', `# ${i}`)
        commit(`edit ${i}`)
      }
      await sync('two', vm(100, 1024))
      const entries = await pmpcLog({repository, root, limit: 2})
      expect(entries.map(({run, command, clusters}) => ({run, command, clusters}))).to.deep.equal([
        {run: 'two', command: 'pmpc sync', clusters: ['home']},
        {run: 'one', command: 'pmpc sync', clusters: ['home']},
      ])
      expect(entries[0]).to.deep.include({author: {name: 'Ada', email: 'ada@example.org'}, subject: 'pmpc sync: two'})
      expect(entries[0]!.trailers['Pmpc-Changed']).to.deep.equal(['1'])
      expect((await pmpcLog({repository, root, limit: 5, run: 'one'})).map(({run}) => run)).to.deep.equal(['one'])
    })

    it('lists the commits in which an object changed, and how', async () => {
      await sync('one', vm(101, 1))
      await sync('two', vm(101, 1), vm(100, 512))
      await sync('three', vm(101, 2), vm(100, 512))
      await sync('four', vm(101, 2), vm(100, 1024))
      await sync('five', vm(101, 2), {...vm(100, 1024), kind: 'container'})
      await sync('six', vm(101, 2))
      const {entries, unreadable} = await objectLog({repository, root, limit: 10, refs: [vm100]})
      expect(entries.map(({run, changes}) => [run, changes![0]!.change])).to.deep.equal([
        ['six', 'removed'],
        ['five', 'replaced'],
        ['four', 'changed'],
        ['two', 'added'],
      ])
      expect(entries[2]!.changes![0]!.fields).to.deep.equal([{field: 'config.memory', before: 512, after: 1024}])
      expect(unreadable).to.deep.equal([])
    })

    it('tells by whom: of commits of before, whose trailers named a user and an object each, and of those since', async () => {
      const upid = 'UPID:pve1:000000BC:0026A88A:6B0B45FE:qmcreate:100:root@pam:'
      await syncBy([`Pmpc-Changed-By: root@pam vm/100 ${upid}`, 'Pmpc-Changed-By: unknown vm/101'], 'one', vm(100, 1))
      await syncBy(
        [
          'Pmpc-Changed-By: alice@pve',
          'Pmpc-Changed-By: bob@pve',
          'Pmpc-Change: vm/100 config.memory alice@pve 2026-11-28T10:02:11Z',
          'Pmpc-Change: vm/100 node bob@pve 2026-11-28T10:03:00Z',
          'Pmpc-Change: vm/1000 config.memory eve@pve',
        ],
        'two',
        vm(100, 2, 'pve2'),
      )
      await syncBy(
        ['Pmpc-Changed-By: unknown', 'Pmpc-Change: vm/100 config.memory unknown'],
        'three',
        vm(100, 3, 'pve2'),
      )
      const {entries} = await objectLog({repository, root, limit: 10, refs: [vm100]})
      const told = entries.map((entry) =>
        logText([entry], (_, text) => text)
          .split('\n')
          .filter((line) => line.includes('changed in Proxmox'))
          .map((line) => line.trim()),
      )
      expect(told).to.deep.equal([
        ['changed in Proxmox, by whom is unknown: vm/100'],
        ['changed in Proxmox by alice@pve: vm/100 config.memory', 'changed in Proxmox by bob@pve: vm/100 node'],
        ['changed in Proxmox by root@pam: vm/100'],
      ])
      // Plain Git: by person, and by object.
      expect(
        git('shortlog', '-sn', '--group=trailer:pmpc-changed-by', 'HEAD~2..HEAD')
          .trim()
          .split(/\s*\n\s*/),
      ).to.deep.equal(['1\talice@pve', '1\tbob@pve', '1\tunknown'])
      expect(git('log', '--format=%s', '--grep=^Pmpc-Change: vm/100 ').trim().split('\n')).to.deep.equal([
        'pmpc sync: three',
        'pmpc sync: two',
      ])
    })

    it('names commits that cannot be read, and tells the rest', async () => {
      await sync('one', vm(100, 512))
      await sync('two', vm(100, 1024))
      write('.pmpc/state/home.db', 'broken')
      commit('somebody broke it')
      await sync('three', vm(100, 2048))
      await sync('four', vm(100, 4096))
      const {entries, unreadable} = await objectLog({repository, root, limit: 10, refs: [vm100]})
      expect(entries.map(({run}) => run)).to.deep.equal(['four', 'two', 'one'])
      expect(unreadable).to.have.length(2)
    })

    it('says where a shallow clone cuts it off', async () => {
      await sync('one', vm(100, 512))
      await sync('two', vm(100, 1024))
      const clone = mkdtempSync(join(tmpdir(), 'pmpc-shallow-'))
      git('clone', '--quiet', '--depth=1', `file://${top}`, clone)
      const shallow = await openRepository(join(clone, folder))
      try {
        const code = await changesBetween({repository: shallow, root: join(clone, folder)}).catch(
          (error: {code: string}) => error.code,
        )
        expect(code).to.equal('PMPC_HISTORY_CUT')
        const {entries, unreadable} = await objectLog({
          repository: shallow,
          root: join(clone, folder),
          limit: 5,
          refs: [vm100],
        })
        expect([entries.length, unreadable.length]).to.deep.equal([0, 1])
      } finally {
        shallow.close()
        rmSync(clone, {recursive: true, force: true})
      }
    })

    it('reads an unchanged file from the cache, without touching it', async () => {
      await sync('one', vm(100, 512))
      const before = readFileSync(join(root, '.pmpc/state/home.db'))
      expect(await loadStates(root)).to.deep.equal(await loadStates(root, {only: ['home'], command: 'pmpc log'}))
      expect(Buffer.compare(readFileSync(join(root, '.pmpc/state/home.db')), before)).to.equal(0)
      expect(git('status', '--porcelain')).to.equal('')
    })
  })
}
