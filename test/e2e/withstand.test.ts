import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {startSimulator} from '../../plugins/simulator/src/index.js'
import {type Clone, Lab} from '../support/lab.js'
import {noSshKeygen, skipFor} from '../support/skip.js'

const vm100 = 'infra/home/vm/100.yaml'

/** What `pmpc … --json` said of a failure: a code, and a next command to type. */
type Failure = Awaited<ReturnType<Clone['fails']>>

function expectFailure(failure: Failure, code: string, exitCode: number, ...texts: (string | RegExp)[]): void {
  expect(failure.code, failure.message).to.equal(code)
  expect(failure.exitCode, failure.message).to.equal(exitCode)
  expect(failure.suggestions, 'a next step').to.have.length.above(0)
  const said = [failure.message, ...failure.suggestions].join('\n')
  for (const text of texts) {
    if (typeof text === 'string') expect(said).to.contain(text)
    else expect(said).to.match(text)
  }
}

describe('what it withstands', function () {
  this.timeout(60_000)
  let lab: Lab
  let ws: Clone
  let copies = 0

  before(async () => {
    lab = await Lab.start({seed: 'cluster', proxyTimeout: 200})
    ws = await lab.agreed('ws')
  })
  after(async () => lab.stop())
  afterEach(() => {
    lab.simulator.simulation.faults.clear()
    for (const node of ['pve1', 'pve2', 'pve3']) lab.simulator.simulation.faults.setNode(node, 'online')
  })

  /** A clone of the agreed workspace, for one test. */
  const copy = (options: Parameters<Lab['clone']>[2] = {init: false}) => lab.clone('ws.git', `copy${++copies}`, options)
  const memory = (value: number) => lab.set('/nodes/pve1/qemu/100', {memory: value})
  const fault = (body: Parameters<typeof lab.simulator.simulation.faults.add>[0]) =>
    lab.simulator.simulation.faults.add(body)
  /** Runs what must change nothing at all. */
  async function unchanged<T>(clone: Clone, work: () => Promise<T>): Promise<T> {
    const before = await clone.picture()
    const result = await work()
    expect(await clone.picture()).to.deep.equal(before)
    return result
  }

  describe('of Git', () => {
    it('a folder that is no workspace, and one that is no repository', async () => {
      const away = await lab.box.pmpc(['sync', '--json'], {cwd: lab.box.folder})
      const {error} = away.json<{error: Failure}>()
      expectFailure(error, 'PMPC_NO_WORKSPACE', 64, 'pmpc init')
      const clone = await copy()
      spawnSync('rm', ['-rf', path.join(clone.root, '.git')])
      expectFailure(await clone.fails(['sync']), 'PMPC_NOT_A_REPOSITORY', 1, 'init')
    })

    it('no identity', async () => {
      const clone = await copy()
      const env = {GIT_CONFIG_GLOBAL: '/dev/null', EMAIL: undefined}
      await clone.git('config', 'user.useConfigOnly', 'true')
      const failure = await unchanged(clone, () => clone.fails(['sync'], {env}))
      expectFailure(failure, 'PMPC_GIT_IDENTITY', 1, 'git config --global user.email')
      expect((await clone.pmpc(['sync', '--dry-run'], {env})).code).to.equal(0)
    })

    it('a sparse checkout: what it leaves out stays out, and is neither unmanaged nor taken out', async () => {
      const clone = await copy()
      await clone.git('sparse-checkout', 'set', '--no-cone', '/*', `!/${vm100}`)
      expect(clone.has(vm100)).to.equal(false)
      const status = (await clone.must('status', '--json')).json<{
        clusters: {unmanaged: string[]; yours: unknown[]}[]
      }>()
      expect(status.clusters.map(({unmanaged, yours}) => [unmanaged, yours])).to.deep.equal([[[], []]])
      await memory(8000)
      expect((await clone.sync()).open).to.deep.equal({drift: 1, conflicts: 0})
      expect((await clone.sync()).open).to.deep.equal({drift: 1, conflicts: 0})
      expect(await clone.git('status', '--porcelain')).to.equal('')
      await clone.must('accept')
      expect(await clone.git('ls-files', '-t', vm100)).to.equal(`S ${vm100}`)
      expect(await clone.git('status', '--porcelain')).to.equal('')
      expect(await clone.git('show', `HEAD:${vm100}`)).to.contain('memory: 8000')
      await clone.git('sparse-checkout', 'disable')
      expect(clone.read(vm100)).to.contain('memory: 8000')
      expect((await clone.sync()).commit).to.equal(null)
      await memory(8192)
    })

    it('a move of a manifest that is staged: not accepted until it is committed', async () => {
      const clone = await copy()
      const to = 'infra/home/vm/web.yaml'
      await memory(8000)
      await clone.sync()
      await clone.git('stash', '-q')
      await clone.git('mv', vm100, to)
      await clone.sync()
      const failure = await unchanged(clone, () => clone.fails(['accept']))
      expectFailure(failure, 'PMPC_MANIFEST_MOVED', 1, 'home/vm/100', vm100, to, 'git commit')
      const {warnings, open} = await clone.sync('--accept')
      expect(warnings.join()).to.contain(vm100).and.to.contain(to)
      expect(open).to.deep.equal({drift: 1, conflicts: 0})
      await clone.git('commit', '-q', '-m', 'Move')
      await clone.must('accept')
      expect(await clone.git('status', '--porcelain')).to.equal('')
      expect(await clone.git('show', `HEAD:${to}`)).to.contain('memory: 8000')
      await memory(8192)
    })

    it('a detached HEAD: commits there and says so', async () => {
      const clone = await copy()
      await clone.git('checkout', '-q', '--detach')
      await memory(8000)
      const result = await clone.sync()
      expect(result.commit).to.equal(await clone.head())
      expect(result.warnings.join()).to.contain('detached').and.to.contain('no branch')
      expect(await clone.diff()).to.deep.equal(['-  memory: 8192', '+  memory: 8000'])
      await memory(8192)
    })

    const busy: Record<string, (clone: Clone) => Promise<unknown>> = {
      merge: (clone) => clone.tryGit('merge', 'side'),
      rebase: (clone) => clone.tryGit('rebase', 'side'),
      'cherry-pick': (clone) => clone.tryGit('cherry-pick', 'side'),
      bisect: (clone) => clone.git('bisect', 'start'),
    }
    for (const [operation, begin] of Object.entries(busy)) {
      it(`${operation} under way: exit 75 before anything is written, also for accept`, async () => {
        const clone = await copy()
        await memory(8000)
        await clone.sync()
        await clone.git('stash', '-q').catch(() => clone.git('restore', 'infra'))
        await clone.git('checkout', '-q', '-b', 'side')
        clone.write('notes.txt', 'theirs\n')
        await clone.git('add', 'notes.txt')
        await clone.git('commit', '-qm', 'theirs')
        await clone.git('checkout', '-q', 'main')
        clone.write('notes.txt', 'ours\n')
        await clone.git('add', 'notes.txt')
        await clone.git('commit', '-qm', 'ours')
        await begin(clone)
        await memory(8001)
        for (const command of operation === 'merge' ? ['sync', 'accept', 'reject'] : ['sync']) {
          const failure = await unchanged(clone, () => clone.fails([command]))
          expectFailure(failure, 'PMPC_GIT_BUSY', 75, operation, `git ${operation}`)
        }
        if (operation === 'merge')
          expect((await clone.pmpc(['sync', '--no-commit'])).code, 'reading goes on').to.equal(0)
        await memory(8192)
      })
    }

    it("user's changes: staged, unstaged, untracked, and in conflict with ours, byte for byte", async () => {
      const clone = await copy()
      clone.write('staged.txt', 'staged\r\n')
      await clone.git('add', 'staged.txt')
      clone.append('pmpc.yaml', '# staged\n')
      await clone.git('add', 'pmpc.yaml')
      clone.append('pmpc.yaml', '# unstaged\n')
      clone.write('untracked \u00fc.bin', Buffer.from([0, 255, 13, 10, 0]))
      clone.edit('infra/home/vm/101.yaml', 'cores: 4', 'cores: 16   # mine')
      clone.edit(vm100, 'onboot: 1', "onboot:   '0'")
      await clone.git('add', vm100)
      const watched = ['staged.txt', 'pmpc.yaml', 'untracked \u00fc.bin', 'infra/home/vm/101.yaml']
      const before = watched.map((file) => clone.read(file))
      const index = await clone.git('diff', '--cached')
      await lab.set('/nodes/pve2/qemu/101', {cores: 2})
      await memory(8000)
      const result = await clone.sync()
      expect(result.open).to.deep.equal({drift: 2, conflicts: 0})
      expect(watched.map((file) => clone.read(file))).to.deep.equal(before)
      expect(await clone.git('diff', '--cached')).to.equal(index)
      expect(await clone.diff(vm100)).to.deep.equal(['-  memory: 8192', '+  memory: 8000'])
      expect(await clone.git('show', '--format=', '--name-only')).to.equal(
        '.pmpc/agreed.yaml\n.pmpc/open.yaml\n.pmpc/state/home.db',
      )

      await clone.must('accept')
      expect(watched.map((file) => clone.read(file))).to.deep.equal(before)
      expect(await clone.git('show', '--format=', '--name-only')).to.equal(
        `.pmpc/agreed.yaml\n.pmpc/open.yaml\n${vm100}\ninfra/home/vm/101.yaml`,
      )
      // What was staged stays staged, on top of what was agreed on.
      expect(await clone.git('diff', '--cached', '-U0', '--', vm100)).to.contain("+  onboot:   '0'")
      expect(await clone.diff('infra/home/vm/101.yaml')).to.deep.equal(['-  cores: 2', '+  cores: 16   # mine'])
      await lab.set('/nodes/pve2/qemu/101', {cores: 4})
      await memory(8192)
    })

    it('hooks: state commits skip them; accept runs them, and a failing one changes nothing', async () => {
      const clone = await copy()
      const hooks = path.join(clone.root, '.git', 'hooks')
      const hook = (script: string) => {
        mkdirSync(hooks, {recursive: true})
        writeFileSync(path.join(hooks, 'pre-commit'), `#!/bin/sh\n${script}\n`)
        chmodSync(path.join(hooks, 'pre-commit'), 0o755)
      }
      hook('echo no memory for you >&2; exit 1')
      await memory(8000)
      await clone.sync()
      const failure = await unchanged(clone, () => clone.fails(['accept']))
      expectFailure(failure, 'PMPC_HOOK_FAILED', 1, 'no memory for you')

      hook('git add -A')
      clone.write('untracked.txt', 'mine\n')
      clone.edit('infra/home/vm/101.yaml', 'cores: 4', 'cores: 5')
      await clone.must('accept')
      expect(await clone.git('show', '--format=', '--name-only')).to.equal(
        `.pmpc/agreed.yaml\n.pmpc/open.yaml\n${vm100}`,
      )
      expect(await clone.git('status', '--porcelain')).to.equal(' M infra/home/vm/101.yaml\n?? untracked.txt')
      await memory(8192)
    })

    it('signing', async function () {
      skipFor(this, noSshKeygen())
      const clone = await copy()
      const key = path.join(lab.box.folder, 'key')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
      await clone.git('config', 'gpg.format', 'ssh')
      await clone.git('config', 'user.signingKey', `${key}.pub`)
      await clone.git('config', 'commit.gpgSign', 'true')
      await memory(8000)
      await clone.sync()
      expect(await clone.git('cat-file', '-p', 'HEAD')).to.contain('BEGIN SSH SIGNATURE')
      await clone.git('config', 'user.signingKey', path.join(lab.box.folder, 'none.pub'))
      const failure = await unchanged(clone, () => clone.fails(['accept']))
      expectFailure(failure, 'PMPC_SIGNING_FAILED', 1)
      await memory(8192)
    })

    it('a worktree and a shallow clone', async () => {
      const clone = await copy()
      await memory(8000)
      await clone.git('worktree', 'add', '-q', '-b', 'second', path.join(lab.box.folder, 'second'))
      const second = lab.at('second')
      await second.sync()
      expect(await second.diff()).to.have.length(2)
      expect(await clone.git('status', '--porcelain')).to.equal('')
      const shallow = await lab.clone(`file://${path.join(lab.box.folder, 'ws.git')}`, 'shallow', {
        init: false,
        args: ['--depth', '1'],
      })
      await shallow.sync()
      expect(await shallow.diff()).to.have.length(2)
      await shallow.git('push', '-q', 'origin', 'HEAD:refs/heads/from-shallow')
      await memory(8192)
    })
  })

  describe('of the state', () => {
    it('lost in the working tree only: written again', async () => {
      const clone = await copy()
      clone.remove('.pmpc/state/home.db')
      expect((await clone.sync()).open.drift).to.equal(0)
      await memory(8000)
      await clone.sync()
      expect(clone.has('.pmpc/state/home.db')).to.equal(true)
      await memory(8192)
    })

    it('corrupt: refused with the way out, and the way out works', async () => {
      const clone = await copy()
      clone.write('.pmpc/state/home.db', 'not a database')
      await clone.git('commit', '-qam', 'broken')
      const failure = await unchanged(clone, () => clone.fails(['sync']))
      expectFailure(failure, 'PMPC_STATE_CORRUPT', 1, '.pmpc/state/home.db', 'git rm')
      await clone.git('rm', '-q', '.pmpc/state/home.db')
      await clone.git('commit', '-qm', 'Read the state afresh')
      const result = await clone.sync()
      expect(result.open).to.deep.equal({drift: 0, conflicts: 0})
      expect(await clone.git('diff', 'HEAD~3', '--', '.pmpc', 'infra')).to.equal('')
    })

    it('of a newer schema: refused, with what to upgrade', async () => {
      const clone = await copy()
      const newer = Buffer.from(clone.read('.pmpc/state/home.db'), 'utf8')
      expect(newer.length).to.be.above(0)
      // user_version stands at byte 60 of the header, big endian (sqlite.org/fileformat.html).
      const {readFileSync} = await import('node:fs')
      const bytes = readFileSync(path.join(clone.root, '.pmpc/state/home.db'))
      bytes.writeUInt32BE(99, 60)
      clone.write('.pmpc/state/home.db', bytes)
      await clone.git('commit', '-qam', 'newer')
      const failure = await unchanged(clone, () => clone.fails(['sync']))
      expectFailure(failure, 'PMPC_STATE_NEWER', 1, /upgrade|newer|install/)
    })

    it('open.yaml with merge markers, or edited by hand into nonsense: written anew', async () => {
      const clone = await copy()
      const open = clone.read('.pmpc/open.yaml')
      for (const text of ['<<<<<<< HEAD\n- {}\n=======\n>>>>>>> x\n', 'x: y\n']) {
        clone.write('.pmpc/open.yaml', text)
        await clone.git('commit', '-qam', 'not ours')
        await clone.sync()
        expect(clone.read('.pmpc/open.yaml')).to.equal(open)
      }
    })

    it('agreed.yaml with merge markers, or edited by hand into nonsense: refused, with the line', async () => {
      const clone = await copy()
      clone.write('.pmpc/agreed.yaml', '# ours\n<<<<<<< HEAD\n=======\n>>>>>>> x\n')
      await clone.git('commit', '-qam', 'markers')
      for (const command of ['sync', 'status', 'accept'])
        expectFailure(await unchanged(clone, () => clone.fails([command])), 'PMPC_AGREED_CONFLICT', 1, /agreed.*line 2/)
      clone.write('.pmpc/agreed.yaml', '# ours\nx: y\n')
      await clone.git('commit', '-qam', 'nonsense')
      expectFailure(await unchanged(clone, () => clone.fails(['sync'])), 'PMPC_AGREED_BROKEN', 1, /agreed.*line 2/)
    })
  })

  describe('of manifests', () => {
    it('a syntax error, a duplicate id, an unknown key: file, line and column; nothing is written', async () => {
      const clone = await copy()
      await memory(8000)
      const original = clone.read(vm100)
      clone.write(vm100, original.replace('  cores: 4\n', '  cores: [4\n'))
      const syntax = await unchanged(clone, () => clone.fails(['sync']))
      expectFailure(syntax, 'PMPC_MANIFEST', 1, /infra\/home\/vm\/100\.yaml:\d+:\d+: /)
      clone.write(vm100, original)
      clone.write('infra/more.yaml', `---\n${original}`)
      const twice = await unchanged(clone, () => clone.fails(['sync']))
      expectFailure(twice, 'PMPC_MANIFEST', 1, /infra\/\S+yaml:\d+:\d+: .*100/)
      clone.remove('infra/more.yaml')
      clone.write(vm100, original.replace('config:\n', 'colour: red\nconfig:\n'))
      const unknown = await clone.pmpc(['sync', '--json'])
      expect(unknown.stdout + unknown.stderr).to.match(/infra\/home\/vm\/100\.yaml:4:1: .*colour/)
      await memory(8192)
    })

    it('an unknown key of PVE in the configuration is kept and no obstacle', async () => {
      const clone = await copy()
      clone.edit(vm100, '  cores: 4\n', '  cores: 4\n  frobnicate: 3\n')
      await clone.git('commit', '-qam', 'unknown')
      await memory(8000)
      await clone.sync()
      expect(clone.read(vm100)).to.contain('  frobnicate: 3\n')
      expect(await clone.diff()).to.deep.equal(['-  memory: 8192', '+  memory: 8000'])
      await memory(8192)
    })

    it('emptied by people: their edit, left alone', async () => {
      const clone = await copy()
      clone.write(vm100, '')
      await memory(8000)
      const result = await clone.sync()
      expect(clone.read(vm100)).to.equal('')
      expect(result.open.drift).to.equal(1)
      await clone.git('restore', 'infra')
      await clone.sync()
      expect(await clone.diff()).to.deep.equal(['-  memory: 8192', '+  memory: 8000'])
      await memory(8192)
    })

    it('anchors, aliases and merge keys: what one value means elsewhere stays', async () => {
      const clone = await copy()
      const parts = {bridge: 'vmbr0', firewall: 1, tag: 42}
      const lines = Object.entries(parts).map(([key, value]) => `    ${key}: ${value}\n`)
      clone.edit(
        vm100,
        / {2}net0:\n(?: {4}.*\n)* {2}net1:\n(?: {4}.*\n)*/,
        `  net0: &nic\n    model: virtio\n    macaddr: BC:24:11:5A:01:02\n${lines.join('')}` +
          '  net1:\n    <<: *nic\n    macaddr: BC:24:11:5A:01:03\n    queues: 4\n    tag: 43\n',
      )
      clone.edit(vm100, /cores: 4\n/, 'cores: &four 4\n')
      clone.edit(vm100, 'sockets: 1\n', 'sockets: *four\n')
      await clone.git('commit', '-qam', 'anchors')
      const config = await lab.api<Record<string, string | number>>('GET', '/nodes/pve1/qemu/100/config')
      await lab.set('/nodes/pve1/qemu/100', {
        net0: 'virtio=BC:24:11:5A:01:02,bridge=vmbr1,firewall=1,tag=42',
        net1: 'virtio=BC:24:11:5A:01:03,bridge=vmbr0,firewall=1,queues=4,tag=43',
        sockets: 4,
        cores: 3,
      })
      const result = await clone.sync()
      const blocked = result.warnings.filter((warning) => warning.includes('vm/100'))
      if (blocked.length === 0) {
        await clone.must('accept')
        const after = await clone.sync()
        expect([after.commit, after.open]).to.deep.equal([null, {drift: 0, conflicts: 0}])
        expect(await clone.git('status', '--porcelain')).to.equal('')
        expect(clone.read(vm100)).to.contain('sockets: 4').and.to.contain('cores: 3')
      } else {
        expect(blocked.join()).to.match(/anchor|alias|shared/)
      }
      expect(clone.read(vm100)).to.contain('macaddr: BC:24:11:5A:01:03')
      await lab.set('/nodes/pve1/qemu/100', {
        net0: config.net0!,
        net1: config.net1!,
        sockets: config.sockets!,
        cores: config.cores!,
      })
    })

    it('CRLF stays CRLF', async () => {
      const clone = await copy()
      clone.write(vm100, clone.read(vm100).replaceAll('\n', '\r\n'))
      await clone.git('-c', 'core.autocrlf=false', 'commit', '-qam', 'from Windows')
      await memory(8000)
      await lab.set('/nodes/pve1/qemu/100', {description: 'two\nlines'})
      await clone.sync()
      expect(clone.read(vm100).replaceAll('\r\n', '')).to.not.match(/[\r\n]/)
      expect(await clone.diff()).to.include.members(['-  memory: 8192\r', '+  memory: 8000\r'])
      await clone.must('accept')
      expect((await clone.sync()).commit).to.equal(null)
      expect(await clone.git('status', '--porcelain')).to.equal('')
      const description = /description: .*/s.exec(ws.read(vm100))![0]
      expect(description).to.contain('Front end of the shop.')
      await lab.set('/nodes/pve1/qemu/100', {
        memory: 8192,
        description:
          'Front end of the shop.\n\n* owner: shop@example.com\n* Überwachung: ja – „24/7“\n* key: value, 100 %',
      })
    })
  })

  describe('of the cluster', () => {
    /** Every sync that fails must leave everything as it was. */
    const fails = async (args: string[] = [], clone = ws, env?: Record<string, string>): Promise<Failure> =>
      unchanged(clone, () => clone.fails(['sync', ...args], {env}))

    it('a wrong endpoint: nobody there', async () => {
      const clone = await copy()
      const other = lab.simulator.url.replace(/\d+$/, '9')
      clone.edit('pmpc.yaml', lab.simulator.url, other)
      const env = {PMPC_TOKEN_HOME: lab.simulator.tokenSecret}
      expectFailure(await fails([], clone, env), 'PMPC_UNREACHABLE', 1, ':9')
      // The stored credential is bound to its endpoint: another host gets nothing.
      expectFailure(await fails([], clone), 'PMPC_NO_CREDENTIAL', 77, 'pmpc auth login home')
    })

    it('a wrong token', async () => {
      const env = {PMPC_TOKEN_HOME: '00000000-0000-4000-8000-00000000dead'}
      expectFailure(await fails([], ws, env), 'PMPC_NOT_AUTHENTICATED', 77, 'pmpc auth')
    })

    it('an expired token', async () => {
      const token = lab.simulator.simulation.state.users['root@pam']!.tokens.sim!
      token.expire = 1
      try {
        expectFailure(await fails(), 'PMPC_NOT_AUTHENTICATED', 77, 'pmpc auth')
      } finally {
        token.expire = 0
      }
    })

    it('a token without rights: refused at first', async () => {
      const name = 'no-rights'
      const made = await lab.init(name, 'pmpc@pve!empty')
      expect(made.code, made.stderr).to.equal(0)
      const clone = lab.at(name)
      expectFailure(await fails([], clone), 'PMPC_NO_PRIVILEGES', 77, 'pveum acl modify')
    })

    /** As if another token were used from now on. */
    async function withToken(clone: Clone, token: string): Promise<Record<string, string>> {
      clone.edit('pmpc.yaml', /token: .*/, `token: ${token}`)
      await clone.git('commit', '-qam', 'another token')
      return {PMPC_TOKEN_HOME: lab.simulator.tokens[token]!}
    }

    it('a token that lost its rights: everything stale, nothing deleted', async () => {
      const clone = await copy()
      const env = await withToken(clone, 'pmpc@pve!empty')
      const before = await clone.picture()
      const result = await clone.pmpc(['sync', '--detailed-exitcode', '--json'], {env})
      expect(result.code, result.stderr).to.equal(3)
      const sync = result.json<Awaited<ReturnType<Clone['sync']>>>()
      expect(sync.commit).to.equal(null)
      expect(sync.stale.length).to.be.at.least(15)
      // For people the first ones, and where to see the others: a whole cluster must not flood a terminal.
      const told = (await clone.pmpc(['sync'], {env})).stderr.split('\n').filter((line) => line.includes('not read'))
      expect(told).to.have.length(11)
      expect(told.at(-1))
        .to.contain(`${sync.stale.length - 10} more`)
        .and.to.contain('pmpc status --verbose')
      const removed = Object.values(sync.counts).map((counts) => counts.removed)
      expect(removed).to.deep.equal(removed.map(() => 0))
      expect(await clone.picture()).to.deep.equal(before)
    })

    it('rights on half of the pools: the other half is stale, what was deleted in sight is gone', async () => {
      const clone = await copy()
      const env = await withToken(clone, 'web@pve!ci')
      const guests = lab.simulator.simulation.state.guests
      const [seen, unseen] = [guests[120]!, guests[9000]!]
      lab.simulator.simulation.permissions.invalidate()
      await memory(8000)
      delete guests[unseen.vmid]
      lab.simulator.simulation.permissions.invalidate()
      const result = await clone.pmpc(['sync', '--json'], {env})
      expect(result.code, result.stderr).to.equal(0)
      const sync = result.json<Awaited<ReturnType<Clone['sync']>>>()
      const stale = sync.stale.map(({object}) => object)
      expect(stale).to.include.members(['home/vm/9000', 'home/container/200', 'home/storage/local'])
      expect(stale).not.to.include('home/vm/100')
      expect(sync.stale.find(({object}) => object === 'home/vm/9000')!.why).to.match(/VM\.Audit on \/vms\/9000/)
      expect(await clone.diff()).to.deep.equal(['-  memory: 8192', '+  memory: 8000'])
      guests[unseen.vmid] = unseen
      expect(seen.vmid).to.equal(120)
      lab.simulator.simulation.permissions.invalidate()
      await memory(8192)
    })

    it('403 on one guest: kept, stale, named; the others are synced', async () => {
      const clone = await copy()
      fault({path: '^/nodes/pve2/qemu/101/config', kind: 'forbidden'})
      await memory(8000)
      const result = await clone.pmpc(['sync', '--json', '--detailed-exitcode'])
      expect(result.code).to.equal(2)
      const sync = result.json<Awaited<ReturnType<Clone['sync']>>>()
      expect(sync.stale.map(({object}) => object)).to.deep.equal(['home/vm/101'])
      expect(await clone.diff()).to.deep.equal(['-  memory: 8192', '+  memory: 8000'])
      const told = await clone.must('sync')
      expect(told.stderr).to.contain('vm/101').and.to.contain('kept as it was')
      await memory(8192)
    })

    it('an offline node: its guests are kept and stale, exit 3', async () => {
      const clone = await copy()
      lab.simulator.simulation.faults.setNode('pve3', 'offline')
      lab.simulator.simulation.board.round()
      const result = await clone.pmpc(['sync', '--json', '--detailed-exitcode'])
      expect(result.code, result.stderr).to.equal(3)
      const sync = result.json<Awaited<ReturnType<Clone['sync']>>>()
      expect(sync.stale.map(({object}) => object)).to.deep.equal([
        ...['home/node/pve3', 'home/vm/110', 'home/vm/111', 'home/container/202'],
        ...['home/firewall/node/pve3', 'home/network/pve3'],
      ])
      expect(sync.open).to.deep.equal({drift: 0, conflicts: 0})
      expect(sync.counts.vm!.removed + sync.counts.container!.removed).to.equal(0)
      expect(await clone.diff()).to.deep.equal([])
      lab.simulator.simulation.faults.setNode('pve3', 'online')
      lab.simulator.simulation.board.round()
      expect((await clone.sync()).stale).to.deep.equal([])
      expect(await clone.diff()).to.deep.equal([])
    })

    it('a removed node: its guests are kept, and it is said why', async () => {
      const clone = await copy()
      fault({path: '^/nodes/pve3/', kind: 'status', status: 500})
      const {nodes} = lab.simulator.simulation.state
      const pve3 = nodes.pve3!
      delete nodes.pve3
      try {
        const {stale, counts} = await clone.sync()
        // What was the node's own went with it; its guests may have been moved elsewhere by hand.
        const removed = Object.entries(counts).filter(([, count]) => count.removed > 0)
        expect(removed.map(([kind, count]) => [kind, count.removed])).to.deep.equal([
          ['node', 1],
          ['network', 1],
        ])
        expect(stale.find(({object}) => object === 'home/vm/110')?.why).to.equal(
          'node pve3 is no longer in the cluster',
        )
      } finally {
        nodes.pve3 = pve3
      }
    })

    it('a node that hangs: its guests are stale', async () => {
      const clone = await copy()
      lab.simulator.simulation.faults.setNode('pve2', 'hang')
      const sync = await clone.sync()
      expect(sync.stale.map(({object}) => object)).to.include.members(['home/vm/101', 'home/vm/102'])
      expect(sync.open).to.deep.equal({drift: 0, conflicts: 0})
    })

    it('half an answer, HTML, and a dropped connection: once is repeated, for good is refused', async () => {
      for (const kind of ['half', 'drop'] as const) {
        fault({path: '^/cluster/resources', kind, times: 1})
        expect((await ws.pmpc(['sync', '--dry-run'])).code, kind).to.equal(0)
      }
      fault({path: '^/cluster/resources', kind: 'half'})
      const half = await fails()
      expect(half.code).to.match(/^PMPC_(UNREACHABLE|NOT_PVE)$/)
      lab.simulator.simulation.faults.clear()
      fault({path: '^/cluster/resources', kind: 'html'})
      expectFailure(await fails(), 'PMPC_NOT_PVE', 1, /HTML|page|proxy/i)
    })

    it('half an answer of one guest is that guest stale', async () => {
      const clone = await copy()
      fault({path: '^/nodes/pve1/qemu/100/config', kind: 'html'})
      const sync = await clone.sync()
      expect(sync.stale.map(({object}) => object)).to.deep.equal(['home/vm/100'])
      expect(sync.counts.vm!.removed).to.equal(0)
    })

    it('another host under the same name: its certificate is of another CA, and it gets no byte', async () => {
      const other = await startSimulator({seed: 'homelab', authDelay: 0})
      try {
        const clone = await copy()
        clone.edit('pmpc.yaml', lab.simulator.url, other.url)
        const env = {PMPC_TOKEN_HOME: lab.simulator.tokenSecret}
        const failure = await unchanged(clone, () => clone.fails(['sync'], {env}))
        expectFailure(failure, 'PMPC_TLS_CHANGED', 1, "another cluster's certificate")
        expect(other.simulation.faults.count().requests).to.equal(0)
      } finally {
        await other.stop()
      }
    })

    it('a renewed certificate of the same CA is no alarm; where the certificate itself is pinned, it is one', async () => {
      const other = await startSimulator({seed: 'homelab', authDelay: 0, adminPort: 0})
      try {
        expect((await lab.init('renewed', other.tokenId, {simulator: other})).code).to.equal(0)
        const clone = lab.at('renewed')
        await clone.sync('--accept')
        const pinned = clone
          .read('pmpc.yaml')
          .replace(/( +)ca: \|\n(?:\1 +.*\n)+/, `$1fingerprint: '${other.fingerprint}'\n`)
        await fetch(`${other.admin}/certificate`, {method: 'POST'})
        expect((await clone.sync()).commit).to.equal(null)
        clone.write('pmpc.yaml', pinned)
        const env = {PMPC_TOKEN_HOME: other.tokenSecret}
        const failure = await unchanged(clone, () => clone.fails(['sync'], {env}))
        expectFailure(failure, 'PMPC_TLS_CHANGED', 1, 'fingerprint')
      } finally {
        await other.stop()
      }
    })
  })
})
