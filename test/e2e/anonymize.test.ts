import {expect} from 'chai'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import {gunzipSync, gzipSync} from 'node:zlib'
import {withDatabase} from '../../src/kit/state/index.js'
import {Lab, type Clone, type ErrorJson} from '../support/lab.js'
import {sandbox, type RunOptions, type RunResult, type Sandbox} from '../support/pmpc.js'
import {assertSchema} from '../support/schemas.js'

interface Made {
  files: {from: string; to: string | null; bytes: number; found: number}[]
  counts: {kind: string; found: number; different: number; likely: number}[]
  leftOut: {name: string; why: string}[]
  map: string | null
  text?: string
  base64?: string
  places?: {file: string; line: number; column: number; kind: string}[]
}

interface Verified {
  found: {kind: string; line: number; column: number; file?: string}[]
}

const LOG = [
  'Nov 29 10:00:01 kestrel sshd[99]: Accepted password for wilma from 10.14.20.5 port 5022 ssh2',
  'Nov 29 10:00:02 kestrel sshd[99]: Failed password for wilma from 10.14.20.77 port 5023 ssh2',
  'Nov 29 10:00:03 kestrel kernel: vmbr0: port 2 entered forwarding state, bc:24:11:5a:01:02',
  '',
].join('\n')
/** What of it tells of somebody. */
const PRIVATE = /kestrel|wilma|10\.14\.20|5a:01:02/i

describe('pmpc anonymize', function () {
  this.timeout(120_000)
  let box: Sandbox
  beforeEach(() => {
    box = sandbox()
    write('a.log', LOG)
  })
  afterEach(() => box.remove())

  const at = (name: string) => path.join(box.folder, name)
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(path.dirname(at(name)), {recursive: true})
    writeFileSync(at(name), content)
  }
  const read = (name: string) => readFileSync(at(name), 'utf8')
  const run = async (...args: string[]): Promise<RunResult> => box.pmpc(['anonymize', ...args])
  const must = async (...args: string[]): Promise<Made> => {
    const result = await run(...args, '--json')
    expect(result.code, result.stderr + result.stdout).to.equal(0)
    return result.json<Made>()
  }
  const fails = async (args: string[], options: RunOptions = {}): Promise<ErrorJson['error'] & {code: string}> => {
    const result = await box.pmpc(['anonymize', ...args, '--json'], options)
    expect(result.code).to.be.greaterThan(0)
    expect(result.stdout + result.stderr).not.to.match(PRIVATE)
    return result.json<ErrorJson>().error
  }
  /** Every file of the sandbox but some. */
  const others = (...but: string[]) =>
    readdirSync(box.folder, {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile())
      .map(({parentPath, name}) => path.relative(box.folder, path.join(parentPath, name)))
      .filter((name) => !but.some((one) => name.startsWith(one)))

  describe('a file', () => {
    it('goes to standard output, what was found to standard error', async () => {
      const {stdout, stderr, code} = await run('a.log')
      expect(code).to.equal(0)
      expect(stdout).not.to.match(PRIVATE)
      expect(stdout.split('\n').length).to.equal(LOG.split('\n').length)
      expect(stdout).to.match(
        /^Nov 29 10:00:01 (\S+) sshd\[99\]: Accepted password for \S+ from [\d.]+\.5 port 5022 ssh2\n/,
      )
      expect(stderr)
        .to.match(/^KIND +FOUND/)
        .and.not.to.match(PRIVATE)
    })

    it('goes to a file, is told as the schema says, and is clean to verify', async () => {
      const made = await must('a.log', '-o', 'out.txt', '--map', 'our.map')
      assertSchema('anonymize', made)
      expect(made.files).to.deep.equal([
        {from: 'a.log', to: 'out.txt', bytes: statSync(at('out.txt')).size, found: made.files[0]!.found},
      ])
      expect(made.files[0]!.found).to.equal(made.counts.reduce((sum, {found}) => sum + found, 0))
      expect(made.map).to.equal(at('our.map'))
      expect(read('out.txt')).not.to.match(PRIVATE)
      const clean = await run('verify', 'out.txt', '--map', 'our.map', '--json')
      expect(clean.code, clean.stdout).to.equal(0)
      assertSchema('anonymize-verify', clean.json())
    })

    it('has the same pseudonyms with the same map, and others with another', async () => {
      const first = (await must('a.log', '--map', '1.map')).text
      expect((await must('a.log', '--map', '1.map')).text).to.equal(first)
      expect((await must('a.log', '--map', '2.map')).text).not.to.equal(first)
    })

    it('is what it was when it is restored', async () => {
      await must('a.log', '-o', 'out.txt', '--map', 'our.map')
      expect((await run('restore', 'out.txt', '--map', 'our.map')).stdout).to.equal(LOG)
      const restored = await run('restore', 'out.txt', '-o', 'back.txt', '--map', 'our.map', '--json')
      assertSchema('anonymize-restore', restored.json())
      expect(read('back.txt')).to.equal(LOG)
      expect(statSync(at('back.txt')).mode & 0o777).to.equal(0o600)
    })

    it('in which something is left ends verify with 2, and tells the place only', async () => {
      await must('a.log', '-o', 'out.txt', '--map', 'our.map')
      write('reply.txt', `all well\n  ask 10.14.20.77\n`)
      const {code, stdout, json} = await run('verify', 'reply.txt', '--map', 'our.map', '--json')
      expect(code).to.equal(2)
      expect(stdout).not.to.match(PRIVATE)
      expect(json<Verified>().found).to.deep.equal([{kind: 'ipv4', line: 2, column: 7}])
    })

    it('is marked and not written by --dry-run', async () => {
      const before = others()
      const made = await must('a.log', '--dry-run', '-o', 'out.txt')
      assertSchema('anonymize', made)
      expect(made.places).to.deep.include({file: 'a.log', line: 1, column: 57, kind: 'user', confidence: 'sure'})
      expect(others()).to.deep.equal(before)
      const {stdout, stderr} = await run('a.log', '--dry-run')
      expect(stdout).to.match(/^1:17 host\n/)
      expect(stdout + stderr).not.to.match(PRIVATE)
    })

    it('comes from standard input', async () => {
      const {stdout, code} = await box.pmpc(['anonymize', '-'], {input: LOG})
      expect(code).to.equal(0)
      expect(stdout)
        .to.match(/Accepted password/)
        .and.not.to.match(PRIVATE)
    })

    it('keeps CRLF, colours, and bytes of any encoding', async () => {
      const bytes = Buffer.from(`\x1b[31m 10.14.20.5\x1b[0m \xe9 \xfc\r\n\xff\xfe 10.14.20.6\r\n`, 'latin1')
      write('raw.txt', bytes)
      await must('raw.txt', '-o', 'out.txt', '--map', 'our.map')
      const made = readFileSync(at('out.txt'), 'latin1')
      const [first = '', second = ''] = made.split('\n')
      expect(first.startsWith('\x1b[31m') && first.endsWith('.5\x1b[0m \xe9 \xfc\r'), made).to.equal(true)
      expect(second)
        .to.match(/^\xff\xfe [\d.]+\.6\r$/)
        .and.not.to.include('10.14')
      await must('restore', 'out.txt', '-o', 'back.txt', '--map', 'our.map')
      expect(readFileSync(at('back.txt')).equals(bytes)).to.equal(true)
    })

    it('is UTF-16 again that was', async () => {
      write('u.txt', Buffer.from(`\ufeff${LOG}`, 'utf16le'))
      await must('u.txt', '-o', 'out.txt')
      const made = readFileSync(at('out.txt')).toString('utf16le')
      expect(made)
        .to.match(/^\ufeffNov 29/)
        .and.not.to.match(PRIVATE)
    })
  })

  describe('a folder', () => {
    it('becomes one with the same names, but for those that tell something', async () => {
      write('in/kestrel.log', LOG)
      write('in/below/readme.txt', 'nothing\n')
      write('in/below/kestrel/notes', 'on kestrel\n')
      mkdirSync(at('in/empty'))
      write(
        'in/noise.bin',
        Buffer.from(Array.from({length: 3000}, (_, index) => (index * 7919 + (index >> 3) * 31) % 256)),
      )
      symlinkSync('/etc/hostname', at('in/link'))
      const made = await must('in', '-o', 'out')
      const names = readdirSync(at('out'), {recursive: true}).map(String)
      expect(names).to.include.members(['below', path.join('below', 'readme.txt'), 'empty'])
      expect(names.join(' ')).not.to.match(PRIVATE)
      expect(names.length).to.equal(6)
      expect(made.leftOut.map(({why}) => why)).to.have.members(['a link', 'no text'])
      // What one file explains is known in the others.
      const notes = names.find((name) => name.endsWith('notes'))!
      expect(read(path.join('out', notes))).to.match(/^on host-\w+\n$/)
    })

    it('needs a place, which is new or empty, and not inside of it', async () => {
      write('in/a.log', LOG)
      write('full/x', '')
      expect((await fails(['in'])).code).to.equal('PMPC_ANONYMIZE_OUTPUT')
      expect((await fails(['in', '-o', 'in/out'])).code).to.equal('PMPC_ANONYMIZE_OUTPUT')
      expect(await fails(['in', '-o', 'full'])).to.include({code: 'PMPC_ANONYMIZE_OUTPUT', exitCode: 64})
      mkdirSync(at('empty'))
      await must('in', '-o', 'empty')
      expect(readdirSync(at('empty'))).to.deep.equal(['a.log'])
    })
  })

  describe('what is packed', () => {
    it('is gzip', async () => {
      write('a.log.gz', gzipSync(LOG))
      await must('a.log.gz', '-o', 'out.gz', '--map', 'our.map')
      expect(gunzipSync(readFileSync(at('out.gz'))).toString())
        .to.match(/Accepted/)
        .and.not.to.match(PRIVATE)
      await must('restore', 'out.gz', '-o', 'back.gz', '--map', 'our.map')
      expect(gunzipSync(readFileSync(at('back.gz'))).toString()).to.equal(LOG)
      write('half.gz', gzipSync(LOG).subarray(0, 60))
      expect((await fails(['half.gz', '-o', 'x'])).code).to.equal('PMPC_ANONYMIZE_BROKEN')
      expect(existsSync(at('x'))).to.equal(false)
    })

    for (const [name, make, list, unpack] of [
      ['a.tar.gz', ['tar', 'czf'], ['tar', 'tzf'], ['tar', 'xzf']],
      ['a.tar', ['tar', 'cf'], ['tar', 'tf'], ['tar', 'xf']],
    ] as const)
      it(`is ${name}`, async () => {
        write('in/kestrel/a.log', LOG)
        write('in/inner.gz', gzipSync(LOG))
        symlinkSync('/etc/hostname', at('in/link'))
        await box.exec(make[0], [make[1], name, 'in'])
        const made = await must(name, '-o', `out-${name}`)
        expect(made.leftOut.map(({why}) => why)).to.deep.equal(['a link that leads out of the archive'])
        const names = (await box.exec(list[0], [list[1], `out-${name}`])).stdout
        expect(names).not.to.match(PRIVATE)
        mkdirSync(at('un'))
        await box.exec(unpack[0], [unpack[1], `../out-${name}`], {cwd: at('un')})
        const files = others('').concat(readdirSync(at('un'), {recursive: true}).map(String))
        const log = files.find((file) => /host-\w+\/a\.log$/.test(file))!
        expect(read(path.join('un', log)))
          .to.match(/Accepted/)
          .and.not.to.match(PRIVATE)
        expect(gunzipSync(readFileSync(at('un/in/inner.gz'))).toString()).not.to.match(PRIVATE)
      })

    it('is zip', async () => {
      const {ZipFile} = await import('yazl')
      const zip = new ZipFile()
      zip.addBuffer(Buffer.from(LOG), 'logs/kestrel.log')
      zip.addBuffer(gzipSync(LOG), 'inner.gz')
      zip.addEmptyDirectory('empty')
      zip.end()
      const parts: Buffer[] = []
      for await (const part of zip.outputStream as unknown as AsyncIterable<Buffer>) parts.push(part)
      write('a.zip', Buffer.concat(parts))
      const made = await must('a.zip', '-o', 'out.zip', '--map', 'our.map')
      expect(made.leftOut).to.deep.equal([])
      expect(readFileSync(at('out.zip'), 'latin1')).not.to.match(PRIVATE)
      expect((await must('restore', 'out.zip', '-o', 'back.zip', '--map', 'our.map')).files.length).to.equal(1)
      expect(readFileSync(at('back.zip'), 'latin1')).to.include('logs/kestrel.log')
    })

    it('and leads out of the archive is left out', async () => {
      await box.exec('tar', ['cf', 'bad.tar', 'a.log'])
      await box.exec('tar', ['rf', 'bad.tar', '--transform', 's#a.log#../../evil.log#', '-P', 'a.log'])
      const made = await must('bad.tar', '-o', 'out.tar')
      const {stdout} = await box.exec('tar', ['tf', 'out.tar'])
      expect(stdout).to.equal('a.log\n')
      expect(made.leftOut.length).to.equal(1)
    })
  })

  it('takes a database, which has the same tables, views and numbers then', async () => {
    const bytes = await withDatabase(null, (db) => {
      db.run(`CREATE TABLE hosts (id INTEGER PRIMARY KEY, host TEXT, ip TEXT, config TEXT);
        INSERT INTO hosts VALUES (9007199254740993, 'kestrel', '10.14.20.5', '{"gateway":"10.14.20.77","n":1.5}'), (2, 'b', NULL, NULL);
        CREATE TABLE keyed (ip TEXT PRIMARY KEY, n) WITHOUT ROWID; INSERT INTO keyed VALUES ('10.14.20.5', 7);
        CREATE VIEW v AS SELECT count(*) AS n FROM hosts;
        CREATE TRIGGER t AFTER UPDATE ON hosts BEGIN INSERT INTO hosts (host) VALUES ('twice'); END;
        CREATE TABLE gone (x TEXT); INSERT INTO gone VALUES ('wilma'); DELETE FROM gone`)
      return Buffer.from(db.export())
    })
    write('a.db', bytes)
    await must('a.log', '-o', 'a.txt', '--map', 'our.map')
    await must('a.db', '-o', 'out.db', '--map', 'our.map')
    expect(readFileSync(at('out.db'), 'latin1')).not.to.match(PRIVATE)
    const all = await withDatabase(readFileSync(at('out.db')), (db) => ({
      check: db.exec('PRAGMA integrity_check')[0]!.values,
      ids: db.exec('SELECT CAST(id AS TEXT) FROM hosts ORDER BY id')[0]!.values.flat(),
      same: db.exec("SELECT count(*) FROM hosts, keyed WHERE hosts.ip = keyed.ip AND config ->> '$.n' = 1.5")[0]!
        .values,
      view: db.exec('SELECT n FROM v')[0]!.values,
      schema: db.exec('SELECT count(*) FROM sqlite_schema')[0]!.values,
    }))
    expect(all).to.deep.equal({
      check: [['ok']],
      ids: ['2', '9007199254740993'],
      same: [[1]],
      view: [[2]],
      schema: [[5]],
    })
    await must('restore', 'out.db', '-o', 'back.db', '--map', 'our.map')
    const back = await withDatabase(
      readFileSync(at('back.db')),
      (db) => db.exec('SELECT host, ip FROM hosts')[0]!.values,
    )
    expect(back).to.deep.include(['kestrel', '10.14.20.5'])
  })

  it('takes a history, and makes it anew: files, paths, authors, messages', async () => {
    const git = async (...args: string[]) => {
      const result = await box.exec('git', args, {cwd: at('repo')})
      expect(result.code, result.stderr).to.equal(0)
      return result.stdout
    }
    mkdirSync(at('repo'))
    await git('init', '--quiet')
    for (const [index, name] of ['one', 'two', 'three'].entries()) {
      write(`repo/kestrel/${name} "file".log`, LOG.repeat(index + 1))
      await git('add', '--all')
      await git(
        '-c',
        'user.name=Wilma Feuerstein',
        'commit',
        '--quiet',
        '-m',
        `${name}\n\nof kestrel, by Feuerstein, 10.14.20.5`,
      )
    }
    await git('rm', '--quiet', 'kestrel/one "file".log')
    await git('commit', '--quiet', '-m', 'gone')
    await git('checkout', '--quiet', '-b', 'topic', 'HEAD~2')
    write('repo/topic.log', LOG)
    await git('add', '--all')
    await git('commit', '--quiet', '-m', 'topic')
    await git('checkout', '--quiet', 'main')
    await git('merge', '--quiet', '-m', 'merged', 'topic')
    await git('tag', '-a', 'v1', '-m', 'from kestrel')
    await git('bundle', 'create', '--quiet', at('a.bundle'), '--all', 'HEAD')
    await must('a.bundle', '-o', 'out.bundle')
    await box.exec('git', ['clone', '--quiet', at('out.bundle'), at('clone')])
    const told = await box.exec('git', ['log', '--all', '-p', '--format=%an %ae %cn %ce %B %D'], {cwd: at('clone')})
    expect(told.stdout).to.match(/Accepted password/)
    expect(told.stdout).not.to.match(/kestrel|wilma|feuerstein|10\.14\.20/i)
    const shape = ['log', '--all', '--format=%aI %p', '--topo-order']
    const lengths = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.split(' ').length)
    expect(lengths((await box.exec('git', shape, {cwd: at('clone')})).stdout)).to.deep.equal(
      lengths(await git(...shape)),
    )
    expect((await box.exec('git', ['fsck', '--strict'], {cwd: at('clone')})).code).to.equal(0)
    expect((await box.exec('git', ['tag'], {cwd: at('clone')})).stdout).to.equal('v1\n')
  })

  describe('where something is wrong', () => {
    it('refuses what is binary, missing, or the input itself', async () => {
      write('x.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))
      expect(await fails(['x.png', '-o', 'out'])).to.include({code: 'PMPC_ANONYMIZE_BINARY', exitCode: 1})
      expect(await fails(['none.log'])).to.include({code: 'PMPC_ANONYMIZE_FILE', exitCode: 1})
      expect(await fails(['a.log', '-o', 'a.log'])).to.include({code: 'PMPC_ANONYMIZE_OUTPUT', exitCode: 64})
      expect(await fails(['a.log', '-o', 'no/such/folder'])).to.include({code: 'PMPC_ANONYMIZE_OUTPUT'})
      expect(await fails(['logs', '-o', 'x'])).to.include({code: 'PMPC_NO_WORKSPACE', exitCode: 64})
      expect(read('a.log')).to.equal(LOG)
      expect(others('home').sort()).to.deep.equal(['a.log', 'x.png'])
    })

    it('leaves a target that cannot be written as it is', async function () {
      mkdirSync(at('closed'))
      write('closed/out.txt', 'before\n')
      chmodSync(at('closed'), 0o500)
      const result = await run('a.log', '-o', 'closed/out.txt', '--json')
      chmodSync(at('closed'), 0o700)
      // Root may write everywhere.
      if (process.getuid?.() !== 0) expect(result.json<ErrorJson>().error.code).to.equal('PMPC_ANONYMIZE_FILE')
      expect(readdirSync(at('closed'))).to.deep.equal(['out.txt'])
    })

    it('refuses a map that others can read, and one that Git tracks', async () => {
      await must('a.log', '--map', 'our.map')
      chmodSync(at('our.map'), 0o644)
      expect(await fails(['a.log', '--map', 'our.map'])).to.include({code: 'PMPC_ANONYMIZE_EXPOSED', exitCode: 77})
      chmodSync(at('our.map'), 0o600)
      await box.exec('git', ['init', '--quiet'])
      await box.exec('git', ['add', 'our.map'])
      expect(await fails(['a.log', '--map', 'our.map'])).to.include({code: 'PMPC_ANONYMIZE_EXPOSED'})
    })

    it('restores nothing without a map', async () => {
      expect(await fails(['restore', 'a.log'])).to.include({code: 'PMPC_ANONYMIZE_MAP', exitCode: 1})
    })

    it('killed at any time leaves no half file, and no original beside the input', async () => {
      write('big.log', LOG.repeat(60_000))
      const partials = () => readdirSync(box.folder).filter((name) => name.includes('.partial-'))
      const killed = await box.pmpc(['anonymize', 'big.log', '-o', 'out.log', '--map', 'our.map'], {
        started(child) {
          const timer = setInterval(() => {
            if (partials().length > 0) child.kill('SIGKILL')
          }, 2)
          child.once('exit', () => clearInterval(timer))
        },
      })
      expect(killed.signal).to.equal('SIGKILL')
      expect(existsSync(at('out.log'))).to.equal(false)
      for (const name of others('a.log', 'big.log'))
        expect(readFileSync(at(name), 'latin1'), name).not.to.match(PRIVATE)
      await must('a.log', '-o', 'out.log', '--map', 'our.map')
      expect(partials()).to.deep.equal([])
    })
  })

  it('carries a map to another place under a passphrase', async () => {
    await must('a.log', '-o', 'out.txt', '--map', 'our.map')
    const env = {PMPC_ANONYMIZE_PASSPHRASE: 'correct horse battery'}
    const exported = await box.pmpc(['anonymize', 'map', 'export', 'carried', '--map', 'our.map', '--json'], {env})
    expect(exported.code, exported.stdout).to.equal(0)
    assertSchema('anonymize-map-export', exported.json())
    expect(read('carried')).not.to.match(PRIVATE)
    expect(
      (await fails(['map', 'import', 'carried', '--map', 'new.map'], {env: {PMPC_ANONYMIZE_PASSPHRASE: 'wrong'}})).code,
    ).to.equal('PMPC_ANONYMIZE_MAP')
    expect((await fails(['map', 'export', 'carried', '--map', 'our.map'])).code).to.equal('PMPC_ANONYMIZE_OUTPUT')
    expect((await fails(['map', 'export', 'other', '--map', 'our.map'])).code).to.equal('PMPC_FLAG_REQUIRED')
    write('secret', 'correct horse battery\n')
    const imported = await run('map', 'import', 'carried', '--map', 'new.map', '--passphrase-file', 'secret', '--json')
    expect(imported.code, imported.stdout).to.equal(0)
    assertSchema('anonymize-map-import', imported.json())
    expect((await run('restore', 'out.txt', '--map', 'new.map')).stdout).to.equal(LOG)
  })
})

describe('pmpc anonymize in a workspace', function () {
  this.timeout(180_000)
  let lab: Lab
  let clone: Clone
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.agreed()
  })
  after(async () => lab.stop())

  const run = async (...args: string[]) => clone.pmpc([...args, '--json'])

  it('knows the names of its states, keeps its map, and turns answers back', async () => {
    clone.write('.git/note.txt', 'moved web01 to pve2\n')
    const made = (await run('anonymize', '.git/note.txt')).json<Made>()
    expect(made.text).to.match(/^moved host-\w+ to host-\w+\n$/)
    const again = (await run('anonymize', '.git/note.txt')).json<Made>()
    expect(again.text).to.equal(made.text)
    clone.write('.git/answer.txt', `restart ${made.text}`)
    expect((await clone.pmpc(['anonymize', 'restore', '.git/answer.txt'])).stdout).to.equal(
      'restart moved web01 to pve2\n',
    )
    expect((await lab.box.exec('git', ['status', '--porcelain'], {cwd: clone.root})).stdout).to.equal('')
  })

  it('makes states that are states', async () => {
    const out = path.join(lab.box.folder, 'states')
    const result = await clone.pmpc(['anonymize', 'state', '-o', out, '--json'])
    expect(result.code, result.stdout).to.equal(0)
    const file = path.join(out, 'home.db')
    expect(readFileSync(file, 'latin1')).not.to.match(/web01|pve1|win-build/)
    const verified = await clone.pmpc(['state', 'verify', file, '--json'])
    expect(verified.code, verified.stdout).to.equal(0)
    const joined = await withDatabase(readFileSync(file), (db) =>
      db.exec('SELECT count(*) FROM guests JOIN nodes ON guests.node = nodes.node')[0]!.values.flat(),
    )
    expect(Number(joined[0])).to.be.greaterThan(5)
  })

  it('takes the logs of its runs', async () => {
    const out = path.join(lab.box.folder, 'logs')
    const result = await clone.pmpc(['anonymize', 'logs', '-o', out, '--json'])
    expect(result.code, result.stdout).to.equal(0)
    for (const name of readdirSync(out))
      for (const line of readFileSync(path.join(out, name), 'utf8').trim().split('\n')) JSON.parse(line)
  })

  it('has rules', async () => {
    expect((await run('privacy', 'rules')).json()).to.deep.equal({path: null, rules: []})
    const set = await run('privacy', 'set', 'strict=true', '--block', 'Contoso', '--kind', 'name', '--allow', 'web01')
    assertSchema('privacy-set', set.json())
    const rules = (await run('privacy', 'rules')).json()
    assertSchema('privacy-rules', rules)
    expect(rules).to.deep.equal({
      path: '.pmpc/privacy.yaml',
      rules: [
        {rule: 'allow', text: 'web01'},
        {rule: 'block', kind: 'name', text: 'Contoso'},
      ],
    })
    const shown = (await run('privacy', 'show')).json<{settings: object}>()
    assertSchema('privacy-show', shown)
    expect(shown.settings).to.deep.include({strict: true})
    const tried = await clone.pmpc(['privacy', 'test', '--json'], {input: 'Contoso on web01 and pve2\n'})
    assertSchema('privacy-test', tried.json())
    expect(tried.json<{text: string}>().text).to.match(/^[a-z]+-\w+ on web01 and host-\w+\n$/i)
    expect((await run('privacy', 'set')).code).to.equal(64)
    expect((await run('privacy', 'set', 'strikt=true')).code).to.equal(64)
    const bad = await run('privacy', 'set', '--allow', 'Contoso')
    expect(bad.json<ErrorJson>().error).to.include({code: 'PMPC_PRIVACY_RULES', exitCode: 1})
    clone.write('.pmpc/privacy.yaml', 'alow: [x]\n')
    const refused = await run('anonymize', 'pmpc.yaml')
    expect(refused.json<ErrorJson>().error).to.include({code: 'PMPC_PRIVACY_RULES'})
    expect(refused.json<ErrorJson>().error.message).to.match(/privacy\.yaml:1:1: .*did you mean allow/)
  })
})
