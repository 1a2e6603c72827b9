import {expect} from 'chai'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import {Lab, type Clone, type ErrorJson} from '../support/lab.js'
import {loadSqlite} from '../../src/kit/state/sqlite.js'
import type {RunOptions} from '../support/pmpc.js'
import {skipFor} from '../support/skip.js'

const vm100 = 'infra/home/vm/100.yaml'

/** How long a command may take that was given something endless; it would else hang. */
const PATIENCE = 30_000

describe('a hostile repository', function () {
  this.timeout(120_000)
  let lab: Lab
  let copies = 0

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    await lab.agreed('ws')
  })
  after(async () => lab.stop())

  /** A clone of the agreed workspace, for one test. */
  const copy = () => lab.clone('ws.git', `copy${++copies}`)

  /** A folder of the user's, outside of the workspace, and a check that nothing in it changed. */
  function victim(files: Record<string, string>): {folder: string; unharmed(): void} {
    const folder = path.join(lab.box.folder, `victim${++copies}`)
    mkdirSync(folder)
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
    return {
      folder,
      unharmed() {
        const found = readdirSync(folder).map((name): [string, string] => [
          name,
          readFileSync(path.join(folder, name), 'utf8'),
        ])
        expect(Object.fromEntries(found)).to.deep.equal(files)
      },
    }
  }

  function link(clone: Clone, at: string, to: string): void {
    const from = path.join(clone.root, at)
    rmSync(from, {recursive: true, force: true})
    mkdirSync(path.dirname(from), {recursive: true})
    symlinkSync(to, from)
  }

  async function pipe(clone: Clone, at: string): Promise<void> {
    rmSync(path.join(clone.root, at), {recursive: true, force: true})
    expect((await lab.box.exec('mkfifo', [path.join(clone.root, at)])).code).to.equal(0)
  }

  /** Runs a command that must end by itself. */
  async function ends(clone: Clone, args: string[], options: RunOptions = {}) {
    let timer: NodeJS.Timeout | undefined
    const result = await clone.pmpc(args, {
      ...options,
      started: (child) => (timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)),
    })
    clearTimeout(timer)
    expect(result.signal, `pmpc ${args.join(' ')} hung`).to.equal(null)
    return result
  }

  async function refuses(clone: Clone, args: string[], code: string, ...texts: string[]): Promise<ErrorJson['error']> {
    const result = await ends(clone, [...args, '--json'])
    const {error} = result.json<ErrorJson>()
    expect(error, result.stdout).to.be.an('object')
    expect(error.code, error.message).to.equal(code)
    expect(result.code).to.equal(error.exitCode)
    for (const text of texts) expect([error.message, ...error.suggestions].join('\n')).to.contain(text)
    return error
  }

  describe('below .pmpc/local', () => {
    const logs = Object.fromEntries(
      Array.from({length: 230}, (_, at) => [`2020-01-01-${String(at).padStart(6, '0')}.jsonl`, 'mine']),
    )

    for (const at of ['.pmpc', '.pmpc/local', '.pmpc/local/last-sync', '.pmpc/local/logs', '.pmpc/local/later/deep']) {
      it(`follows no link at ${at}, says so and does nothing`, async () => {
        const clone = await copy()
        const mine = victim({...logs, 'home.json': '{"auths": {}}', 'state-0123.json': 'mine'})
        if (at === '.pmpc') renameSync(path.join(clone.root, '.pmpc'), path.join(clone.root, 'pmpc-elsewhere'))
        link(clone, at, mine.folder)
        const head = await clone.head()
        for (const command of [['sync'], ['status'], ['accept'], ['sync', '--dry-run']]) {
          const {suggestions} = await refuses(clone, command, 'PMPC_UNSAFE_PATH', at, 'symbolic link')
          expect(suggestions[0]).to.equal(`rm ${at}`)
        }
        await ends(clone, ['get', 'guests'])
        mine.unharmed()
        expect(await clone.head()).to.equal(head)
      })
    }

    it('follows no link in the place of a note: it is neither believed nor written through', async () => {
      const clone = await copy()
      const mine = victim({'config.json': '{"run": "x"}'})
      link(clone, '.pmpc/local/last-sync/home.json', path.join(mine.folder, 'config.json'))
      for (const command of [['sync'], ['status'], ['accept']])
        await refuses(clone, command, 'PMPC_UNSAFE_PATH', '.pmpc/local/last-sync/home.json', 'rm ')
      mine.unharmed()
    })

    it('reads what needs nothing there, and warns that nothing is logged', async () => {
      const clone = await copy()
      const mine = victim(logs)
      link(clone, '.pmpc/local/logs', mine.folder)
      const {code, stdout, stderr} = await ends(clone, ['get', 'guests'])
      expect(code).to.equal(0)
      expect(stdout).to.contain('VMID')
      expect(stderr).to.contain('.pmpc/local/logs is a symbolic link').and.to.contain('rm .pmpc/local/logs')
      mine.unharmed()
    })

    it('believes no note that is committed', async () => {
      const clone = await copy()
      const note = {run: 'x', at: '2026-01-01', stale: [], ignored: {objects: 1, keys: 0}, ignoredObjects: ['vm/100']}
      clone.write('.pmpc/local/last-sync/home.json', JSON.stringify(note))
      await clone.git('add', '--force', '.pmpc/local')
      for (const commit of [false, true]) {
        if (commit) await clone.git('commit', '-q', '-m', 'notes')
        for (const command of [['sync'], ['status'], ['accept'], ['log', '--run', 'xxxx']]) {
          const error = await refuses(clone, command, 'PMPC_UNSAFE_PATH', '.pmpc/local/last-sync/home.json')
          expect(error.suggestions[0]).to.contain('git rm -r --cached')
        }
        expect((await ends(clone, ['get', 'guests'])).code).to.equal(0)
      }
      await clone.git('rm', '-r', '-q', '--cached', '.pmpc/local')
      await clone.git('commit', '-q', '-m', 'forget')
      rmSync(path.join(clone.root, '.pmpc/local'), {recursive: true})
      await clone.must('status')
      await clone.must('sync')
    })

    it('takes odd notes for none', async () => {
      const clone = await copy()
      for (const text of ['null', '5', '{"run": "x", "stale": 5}', '{"offered": [{"object": 5}]}', 'x'.repeat(10)]) {
        clone.write('.pmpc/local/last-sync/home.json', text)
        await clone.must('status', '--json')
      }
    })

    it('prunes its own logs, and nothing else', async () => {
      const clone = await copy()
      const mine = victim({'2020-01-01-link.jsonl': 'mine'})
      for (const [name, text] of Object.entries(logs)) clone.write(`.pmpc/local/logs/${name}`, text)
      const other = ['notes.txt', '2020-01-01.jsonl', '2020-01-01-a.jsonl.bak', '2020-01-01-ä.jsonl']
      for (const name of other) clone.write(`.pmpc/local/logs/${name}`, 'mine')
      link(clone, '.pmpc/local/logs/2020-01-01-link.jsonl', path.join(mine.folder, '2020-01-01-link.jsonl'))
      mkdirSync(path.join(clone.root, '.pmpc/local/logs/2020-01-01-folder.jsonl'))
      await clone.pmpc(['get', 'guests'])
      const left = readdirSync(path.join(clone.root, '.pmpc/local/logs'))
      expect(left).to.include.members([...other, '2020-01-01-link.jsonl', '2020-01-01-folder.jsonl'])
      expect(left.filter((name) => name in logs)).to.have.length(0)
      mine.unharmed()
    })
  })

  describe('where files of the workspace should be', () => {
    it('reads no pmpc.yaml through a link', async () => {
      const clone = await copy()
      const mine = victim({secret: 'token: hunter22\nclusters: 5\n'})
      link(clone, 'pmpc.yaml', path.join(mine.folder, 'secret'))
      for (const command of [['status'], ['sync'], ['accept']]) {
        const error = await refuses(clone, command, 'PMPC_UNSAFE_PATH', 'pmpc.yaml', 'rm pmpc.yaml')
        expect(JSON.stringify(error)).not.to.contain('hunter22')
      }
      await refuses(clone, ['init'], 'PMPC_UNSAFE_PATH', 'pmpc.yaml')
      mine.unharmed()
    })

    const state = '.pmpc/state/home.db'
    const readers = [
      ['get', 'guests'],
      ['describe', 'vm', '100'],
      ['state', 'show'],
      ['state', 'verify'],
      ['diff', 'HEAD'],
    ]

    it('reads no state from a device, a pipe or through a link, and does not wait for one', async () => {
      const clone = await copy()
      link(clone, state, '/dev/zero')
      for (const command of readers) await refuses(clone, command, 'PMPC_UNSAFE_PATH', state, `rm ${state}`)
      await refuses(clone, ['state', 'migrate'], 'PMPC_UNSAFE_PATH', state)
      await pipe(clone, state)
      for (const command of readers) await refuses(clone, command, 'PMPC_UNSAFE_PATH', state, 'a pipe')
      await refuses(clone, ['state', 'show', state], 'PMPC_NO_STATE')
      unlinkSync(path.join(clone.root, state))
      mkdirSync(path.join(clone.root, state))
      for (const command of readers) await refuses(clone, command, 'PMPC_UNSAFE_PATH', state, 'a folder')
      rmSync(path.join(clone.root, '.pmpc/state'), {recursive: true})
      link(clone, '.pmpc/state', lab.box.folder)
      for (const command of readers) await refuses(clone, command, 'PMPC_UNSAFE_PATH', '.pmpc/state')
    })

    it('writes no state and no open items through a link', async () => {
      const clone = await copy()
      const mine = victim({'home.db': 'mine', 'open.yaml': 'mine'})
      link(clone, state, path.join(mine.folder, 'home.db'))
      link(clone, '.pmpc/open.yaml', path.join(mine.folder, 'open.yaml'))
      await lab.set('/nodes/pve1/qemu/100', {description: 'hostile 1'})
      const {warnings, commit} = await clone.sync()
      expect(commit).to.be.a('string')
      expect(warnings.join('\n')).to.contain(state)
      mine.unharmed()
    })

    it('writes no manifest through a link, nor through a folder that is one', async () => {
      const clone = await copy()
      const mine = victim({'100.yaml': 'mine', '.bashrc': 'mine'})
      await lab.set('/nodes/pve1/qemu/100', {description: 'hostile 2'})
      link(clone, vm100, path.join(mine.folder, '.bashrc'))
      await clone.sync()
      await clone.must('accept')
      mine.unharmed()
      link(clone, 'infra/home/vm', mine.folder)
      await lab.set('/nodes/pve1/qemu/100', {description: 'hostile 3'})
      await clone.sync()
      const status = (await clone.must('status', '--json')).json<{problems: {path: string}[]}>()
      expect(status.problems.map((problem) => problem.path)).to.include('infra/home/vm')
      await clone.must('accept')
      mine.unharmed()
    })

    it('refuses a link in the place of infra', async () => {
      const clone = await copy()
      const mine = victim({'100.yaml': 'kind: vm\nid: 100\n'})
      link(clone, 'infra', mine.folder)
      await refuses(clone, ['sync'], 'PMPC_MANIFEST', 'infra')
      const {problems} = (await clone.must('status', '--json')).json<{problems: {path: string; severity: string}[]}>()
      expect(problems.map((problem) => [problem.path, problem.severity])).to.deep.equal([['infra', 'error']])
      mine.unharmed()
    })

    it('rewrites no schema through a link', async () => {
      const clone = await copy()
      const mine = victim({'vm.json': 'mine'})
      link(clone, '.pmpc/schema/vm.json', path.join(mine.folder, 'vm.json'))
      await refuses(clone, ['state', 'migrate'], 'PMPC_UNSAFE_PATH', '.pmpc/schema/vm.json')
      rmSync(path.join(clone.root, '.pmpc/schema'), {recursive: true})
      link(clone, '.pmpc/schema', mine.folder)
      await refuses(clone, ['state', 'migrate'], 'PMPC_UNSAFE_PATH', '.pmpc/schema')
      mine.unharmed()
    })

    it('reads no CA from a device or a pipe', async () => {
      const clone = await copy()
      await pipe(clone, 'ca.pem').catch(() => undefined)
      for (const file of ['ca.pem', '/dev/zero']) {
        clone.edit('pmpc.yaml', /trust:[^]*$/, `trust: {caFile: ${file}}\n`)
        await refuses(clone, ['sync'], 'PMPC_TLS_BAD_CA', path.basename(file))
      }
      expect(existsSync(path.join(clone.root, 'ca.pem'))).to.equal(true)
    })
  })

  describe('with names that cannot be told', () => {
    /** A manifest that declares nothing the cluster has. */
    const other = (id: number) => `kind: vm\nid: ${id}\nconfig: {name: odd}\n`
    const bytes = (...parts: (string | number)[]) =>
      Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))))
    const odd: [Buffer, string][] = [
      [bytes('infra/home/vm/bad', 0xff, '.yaml'), '"infra/home/vm/bad\\377.yaml"'],
      [bytes('infra/home/vm/two\nlines.yaml'), '"infra/home/vm/two\\nlines.yaml"'],
      [bytes('infra/home/vm/esc\u001b[2J.yaml'), '"infra/home/vm/esc\\033[2J.yaml"'],
      [bytes('infra/home/vm/back\\slash.yaml'), '"infra/home/vm/back\\\\slash.yaml"'],
      [bytes('infra/fold', 0xfe, 'er/file.yaml'), '"infra/fold\\376er'],
    ]

    async function hostile(): Promise<Clone> {
      const clone = await copy()
      for (const [at, [name]] of odd.entries()) {
        const file = Buffer.concat([Buffer.from(`${clone.root}/`), name])
        mkdirSync(file.subarray(0, file.lastIndexOf('/')), {recursive: true})
        writeFileSync(file, other(900 + at))
      }
      clone.write('infra/home/vm/quo"te.yaml', other(910))
      clone.write('infra/home/vm/Case.yaml', other(911))
      clone.write('infra/home/vm/cASE.yaml', other(912))
      clone.write('infra/home/vm/\uFFFD ä.yaml', other(913))
      symlinkSync('100.yaml', path.join(clone.root, 'infra/home/vm/link.yaml'))
      symlinkSync('home', path.join(clone.root, 'infra/elsewhere'))
      symlinkSync('../README.md', path.join(clone.root, 'infra/README.md'))
      clone.write('infra/inner/vm/100.yaml', other(914))
      const inner = path.join(clone.root, 'infra/inner')
      for (const args of [
        ['init', '-q'],
        ['add', '.'],
        ['commit', '-q', '-m', 'inner'],
      ])
        expect((await lab.box.exec('git', args, {cwd: inner})).code).to.equal(0)
      const id = (await lab.box.exec('git', ['rev-parse', 'HEAD'], {cwd: inner})).stdout.trim()
      await clone.git('update-index', '--add', '--cacheinfo', `160000,${id},infra/inner`)
      await clone.git('update-index', '--add', '--cacheinfo', `160000,${id},infra/absent`)
      mkdirSync(path.join(clone.root, 'infra/absent'))
      await clone.git('add', '.')
      await clone.git('commit', '-q', '-m', 'odd names')
      return clone
    }

    it('names them escaped, and everything else works', async () => {
      const clone = await hostile()
      const {problems, clusters} = (await clone.must('status', '--json')).json<{
        problems: {path: string; code: string; severity: string}[]
        clusters: {yours: {object: string}[]; unmanaged: string[]}[]
      }>()
      expect(problems.filter(({severity}) => severity === 'error')).to.deep.equal([])
      const named = (code: string) => problems.filter((problem) => problem.code === code).map((problem) => problem.path)
      const names = named('name')
      for (const [, shown] of odd)
        expect(
          names.some((name) => name.startsWith(shown)),
          shown,
        ).to.equal(true)
      expect(named('no-file')).to.have.members(['infra/elsewhere', 'infra/home/vm/link.yaml'])
      expect(named('repository')).to.have.members(['infra/absent', 'infra/inner'])
      expect(named('case')).to.deep.equal(['infra/home/vm/cASE.yaml'])
      const yours = clusters[0]!.yours.map(({object}) => object)
      expect(yours).to.have.members([910, 911, 912, 913].map((id) => `home/vm/${id}`))
      expect(clusters[0]!.unmanaged).to.deep.equal([])
      const {stdout} = await clone.must('status')
      // eslint-disable-next-line no-control-regex
      expect(stdout).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f]/)
      expect(stdout).to.contain('two\\nlines.yaml')
    })

    it('commits beside them without a change of any', async () => {
      const clone = await hostile()
      const listed = async () => (await clone.git('ls-tree', '-r', 'HEAD', 'infra')).split('\n')
      const before = await listed()
      const unlike = (now: string[]) => now.filter((line) => !before.includes(line)).map((line) => line.split('\t')[1])
      await lab.set('/nodes/pve1/qemu/100', {description: 'odd 1'})
      expect((await clone.sync()).open).to.deep.equal({drift: 1, conflicts: 0})
      expect(await clone.git('status', '--porcelain')).to.equal(` M ${vm100}`)
      await clone.must('accept')
      expect(unlike(await listed())).to.deep.equal([vm100])
      expect(await clone.git('status', '--porcelain')).to.equal('')
      await lab.set('/nodes/pve1/qemu/100', {description: 'odd 2'})
      await clone.sync()
      await clone.must('diff')
      await clone.must('log', 'vm/100')
      await clone.must('reject')
      expect(unlike(await listed())).to.deep.equal([vm100])
      expect(await clone.git('status', '--porcelain')).to.equal('')
      await clone.git('fsck', '--strict')
    })
  })

  describe('with a crafted state', () => {
    const state = '.pmpc/state/home.db'
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'
    const crafted = (sql: string) => async (clone: Clone) => {
      const sqlite = await loadSqlite()
      const db = new sqlite.Database(readFileSync(path.join(clone.root, state)))
      db.run(sql)
      const bytes = db.export()
      db.close()
      return bytes
    }
    const attacks: Record<string, (clone: Clone) => Promise<Uint8Array>> = {
      'a view that never ends in the place of a table': crafted(
        `ALTER TABLE guests RENAME TO g; CREATE VIEW guests AS
         SELECT (${endless}) AS vmid, kind, node, pool, status, config, running, facts, extra FROM g`,
      ),
      'a table with a column that fills the memory': crafted(
        `PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, 'coalesce(config', 'coalesce(hex(zeroblob(1000000000)), config') WHERE name = 'guests'`,
      ),
      'a trigger': crafted('CREATE TRIGGER t AFTER INSERT ON nodes BEGIN DELETE FROM guests; END'),
      'pages in a circle': async (clone) => {
        const bytes = readFileSync(path.join(clone.root, state))
        bytes[100] = 5
        bytes.writeUInt16BE(0, 103)
        bytes.writeUInt32BE(1, 108)
        return bytes
      },
    }

    for (const [what, craft] of Object.entries(attacks))
      it(`runs nothing of ${what}: in the working tree, in HEAD, in history, for Git's drivers`, async () => {
        const clone = await copy()
        const good = clone.read(vm100)
        clone.write(state, await craft(clone))
        const corrupt = 'PMPC_STATE_CORRUPT'
        for (const command of [
          ['get', 'guests'],
          ['describe', 'vm', '100'],
          ['state', 'show'],
          ['state', 'migrate'],
        ])
          await refuses(clone, command, corrupt, state)
        await refuses(clone, ['state', 'show', state], corrupt, state)
        expect((await ends(clone, ['state', 'verify'])).code).to.equal(1)
        // Git runs the driver; it must not die of it.
        expect(await clone.git('diff', '--', state)).to.contain('cannot be read')
        await clone.git('commit', '-q', '-a', '-m', 'crafted')
        for (const command of [['status'], ['sync'], ['sync', '--dry-run'], ['diff', 'HEAD~1..HEAD']])
          await refuses(clone, command, corrupt)
        await clone.git('checkout', '-q', 'HEAD~1', '--', '.pmpc/state')
        await clone.git('commit', '-q', '-m', 'mended')
        for (const command of [['status'], ['get', 'guests'], ['log'], ['log', 'vm/100']])
          expect((await ends(clone, command)).code, command.join(' ')).to.equal(0)
        expect(clone.read(vm100)).to.equal(good)
        await refuses(clone, ['diff', 'HEAD~1'], corrupt)
        const copies = await Promise.all(
          ['base', 'ours', 'theirs'].map(async (name) => {
            const file = path.join(clone.root, '.git', name)
            writeFileSync(file, name === 'theirs' ? await craft(clone) : readFileSync(path.join(clone.root, state)))
            return file
          }),
        )
        await refuses(clone, ['state', 'merge', ...copies], corrupt, 'their side')
      })

    it('reads no state that is larger than any can be, from files or from Git', async () => {
      const clone = await copy()
      await clone.git('config', 'core.bigFileThreshold', '1g')
      clone.write(state, Buffer.concat([readFileSync(path.join(clone.root, state)), Buffer.alloc(64 * 2 ** 20)]))
      await refuses(clone, ['get', 'guests'], 'PMPC_TOO_LARGE', state)
      expect(await clone.git('diff', '--', state)).to.contain('MiB')
      await clone.git('commit', '-q', '-a', '-m', 'large')
      await refuses(clone, ['status'], 'PMPC_TOO_LARGE', 'Git')
      await refuses(clone, ['diff', 'HEAD~1..HEAD'], 'PMPC_TOO_LARGE', 'Git')
      expect((await ends(clone, ['log'])).code).to.equal(0)
    })
  })

  describe('with YAML that is made to be large', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...'bcdefghij'.split('').map((name, at) => {
        const before = '*' + 'abcdefghij'[at]!
        return `${name}: &${name} [${Array.from({length: 10}, () => before).join(', ')}]`
      }),
    ].join('\n')
    const chain = ['x0: &x0 [x]', ...Array.from({length: 19_000}, (_, at) => `x${at + 1}: &x${at + 1} [*x${at}]`)].join(
      '\n',
    )
    const texts: [string, string, RegExp][] = [
      ['aliases of aliases', bomb, /more than 100000 values/],
      ['a chain of aliases', chain, /nested too deeply|more than 100000/],
      ['nested lists', `a: ${'['.repeat(50_000)}`, /nested too deeply/],
      ['a few more levels than any', `a: ${'['.repeat(100)}${']'.repeat(100)}`, /nested too deeply/],
      [
        'keys by the thousand',
        Array.from({length: 105_000}, (_, at) => `k${at.toString(36)}: 1`).join('\n'),
        /more than 100000 values/,
      ],
      ['megabytes', `a: "${'x'.repeat(2 ** 21)}"`, /more than 1 MiB|reads up to 1 MiB/],
    ]
    for (const [what, text, why] of texts)
      it(`says so of ${what}, with the file, and ends`, async () => {
        const clone = await copy()
        clone.write('infra/home/vm/bomb.yaml', `${text}\n`)
        const {problems} = (await ends(clone, ['status', '--json'])).json<{
          problems: {path: string; message: string; line: number}[]
        }>()
        expect(problems.every((problem) => problem.path === 'infra/home/vm/bomb.yaml' && problem.line >= 1)).to.equal(
          true,
        )
        expect(problems.map(({message}) => message).join('\n')).to.match(why)
        await refuses(clone, ['sync'], 'PMPC_MANIFEST', 'infra/home/vm/bomb.yaml')
        await clone.git('add', '.')
        await clone.git('commit', '-q', '-m', 'bomb')
        clone.remove('infra/home/vm/bomb.yaml')
        await clone.must('status')
        await refuses(clone, ['accept'], 'PMPC_MANIFEST', 'infra/home/vm/bomb.yaml')
        clone.write('pmpc.yaml', `version: 1\n${text}\n`)
        await refuses(clone, ['status'], what === 'megabytes' ? 'PMPC_TOO_LARGE' : 'PMPC_CONFIG', 'pmpc.yaml')
      })
  })

  describe('with odd files in HEAD', () => {
    it('takes no link and no submodule for a state or for what was agreed on', async () => {
      for (const at of ['.pmpc/state/home.db', '.pmpc/agreed.yaml']) {
        const clone = await copy()
        link(clone, at, '/dev/zero')
        await clone.git('add', '-A')
        await clone.git('commit', '-q', '-m', 'a link')
        for (const command of [['status'], ['sync']]) await refuses(clone, command, 'PMPC_UNSAFE_PATH', at, 'link')
        rmSync(path.join(clone.root, at))
        mkdirSync(path.join(clone.root, at))
        await clone.git('rm', '-q', '--cached', at)
        await clone.git('update-index', '--add', '--cacheinfo', `160000,${await clone.head()},${at}`)
        await clone.git('commit', '-q', '-m', 'a submodule')
        for (const command of [['status'], ['sync']]) await refuses(clone, command, 'PMPC_UNSAFE_PATH', at)
      }
    })

    it('says which line of what was agreed on is none, to every command', async () => {
      const clone = await copy()
      const lines = [
        '{"object": "home/vm/100", "field": "config.memory", "head": 1, "how": 5}',
        '{"object": "home/vm/100", "head": 5, "how": "agreed"}',
        '{"object": ["home/vm/100"], "field": "config.memory", "head": 1, "base": 1, "seen": [], "how": "agreed"}',
        `{"object": "home/vm/100", "field": "config.a", "head": ${'['.repeat(20_000)}${']'.repeat(20_000)}, "seen": [], "how": "agreed"}`,
        '5',
      ]
      for (const line of lines) {
        clone.write('.pmpc/agreed.yaml', `# agreed\n\n- ${line}\n`)
        await clone.git('add', '.pmpc/agreed.yaml')
        await clone.git('commit', '-q', '-m', 'odd')
        for (const command of [['status'], ['sync'], ['accept'], ['reject']]) {
          const {exitCode, data} = await refuses(clone, command, 'PMPC_AGREED_BROKEN', '.pmpc/agreed.yaml, line 3')
          expect([exitCode, data!.line]).to.deep.equal([1, 3])
        }
      }
    })
  })

  it('says which committed link is in the way of a new manifest, and accepts the rest', async () => {
    const clone = await copy()
    await clone.git('mv', 'infra/home/vm', 'infra/home/machines')
    link(clone, 'infra/home/vm', 'machines')
    await clone.git('add', '-A')
    await clone.git('commit', '-q', '-m', 'a link')
    await lab.api('POST', '/nodes/pve1/qemu', {vmid: 4711, name: 'new'})
    await lab.set('/nodes/pve1/qemu/100', {description: 'beside a link'})
    const {warnings} = await clone.sync()
    expect(warnings.join('\n')).to.contain('infra/home/vm/4711.yaml')
    await refuses(clone, ['accept', 'vm/4711'], 'PMPC_BAD_PATH', 'infra/home/vm')
    await clone.must('accept', 'vm/100')
    expect(await clone.git('show', 'HEAD:infra/home/machines/100.yaml')).to.contain('beside a link')
    await lab.api('DELETE', '/nodes/pve1/qemu/4711')
  })

  it('can be interrupted while it is read', async function () {
    skipFor(this, !existsSync('/proc/self/stat') && 'there is no /proc: this is no Linux')
    const clone = await copy()
    for (let at = 0; at < 60; at++) clone.write(`infra/home/vm/long${at}.yaml`, `# ${at}\n${'#\n'.repeat(500_000)}`)
    // Seconds of the processor: a start takes a fraction of one, and all the rest is parsing.
    const enough = 2
    const used = (pid: number) => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[11]) / 100
    let poll: NodeJS.Timeout | undefined
    let told = 0
    const {code} = await clone.pmpc(['status'], {
      started(child) {
        poll = setInterval(() => {
          if (!existsSync(`/proc/${child.pid}/stat`) || used(child.pid!) < enough) return
          clearInterval(poll)
          told = Date.now()
          child.kill('SIGINT')
        }, 20)
      },
    })
    clearInterval(poll)
    expect(code).to.equal(130)
    expect(Date.now() - told).to.be.below(PATIENCE)
  })
})
