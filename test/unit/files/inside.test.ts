import {expect} from 'chai'
import {execFileSync} from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {isPmpcError} from '../../../src/kit/errors/index.js'
import {listInside, localOf, readInside, readNamed, replaceFile, statInside} from '../../../src/kit/files/index.js'

describe('files of a workspace', () => {
  let root: string
  let away: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'pmpc-inside-'))
    away = mkdtempSync(join(tmpdir(), 'pmpc-away-'))
    writeFileSync(join(away, 'secret'), 'secret')
    mkdirSync(join(root, 'a/b'), {recursive: true})
    writeFileSync(join(root, 'a/b/file'), 'text')
  })
  afterEach(() => {
    for (const folder of [root, away]) rmSync(folder, {recursive: true, force: true})
  })

  function refused(work: () => unknown): {code: string; message: string; suggestions: string[]} {
    try {
      work()
    } catch (error) {
      if (isPmpcError(error)) return error
      throw error
    }
    throw new Error('it was not refused')
  }

  it('are read where all on the way are folders', () => {
    expect(readInside(root, 'a/b/file')?.toString()).to.equal('text')
    expect(listInside(root, 'a').map(({name}) => name)).to.deep.equal(['b'])
    for (const path of ['x', 'a/x', 'x/y/z']) {
      expect(readInside(root, path)).to.equal(undefined)
      expect(statInside(root, path)).to.equal(undefined)
      expect(listInside(root, path)).to.deep.equal([])
    }
  })

  it('are refused with the path and what to type where a link is on the way, wherever it leads', () => {
    symlinkSync(away, join(root, 'out'))
    symlinkSync(join(root, 'a'), join(root, 'in'))
    symlinkSync('nowhere', join(root, 'lost'))
    symlinkSync('../b/file', join(root, 'a/b/it is'))
    for (const [path, link] of [
      ['out/secret', 'out'],
      ['in/b/file', 'in'],
      ['lost', 'lost'],
      ['a/b/it is', "'a/b/it is'"],
    ]) {
      const {code, message, suggestions} = refused(() => readInside(root, path!))
      expect(code).to.equal('PMPC_UNSAFE_PATH')
      expect(message).to.contain('symbolic link')
      expect(suggestions[0]).to.equal(`rm ${link}`)
    }
    for (const folder of ['out', 'in', 'lost']) refused(() => listInside(root, folder))
  })

  it('are refused where no regular file is, without waiting for one', () => {
    execFileSync('mkfifo', [join(root, 'a/pipe')])
    expect(refused(() => readInside(root, 'a/pipe')).message).to.equal('a/pipe is a pipe')
    expect(refused(() => readInside(root, 'a')).message).to.equal('a is a folder')
    expect(refused(() => readInside(root, 'a/b/file/x')).message).to.contain('a/b/file is a file, and no folder')
    expect(refused(() => readNamed(join(root, 'a/pipe'))).code).to.equal('PMPC_UNSAFE_PATH')
    expect(refused(() => readNamed('/dev/zero')).message).to.equal('/dev/zero is a device')
  })

  it('are refused where they are larger than they can be', () => {
    truncateSync(join(root, 'a/b/file'), 40 * 2 ** 30)
    const {code, message} = refused(() => readInside(root, 'a/b/file', 2 ** 20))
    expect(code).to.equal('PMPC_TOO_LARGE')
    expect(message).to.equal('a/b/file has 40960 MiB; pmpc reads up to 1 MiB there')
  })

  it('are replaced without writing through a link that waits under the temporary name', () => {
    const file = join(root, 'a/b/file')
    symlinkSync(join(away, 'secret'), `${file}.${process.pid}.tmp`)
    replaceFile(file, 'new')
    expect(readFileSync(file, 'utf8')).to.equal('new')
    expect(readFileSync(join(away, 'secret'), 'utf8')).to.equal('secret')
    expect(readdirSync(join(root, 'a/b'))).to.deep.equal(['file'])
  })

  describe('below .pmpc/local', () => {
    it('are made with their folders, for their owner alone', () => {
      const local = localOf(root)
      expect(local.read('notes/one')).to.equal(undefined)
      expect(local.list('notes')).to.deep.equal([])
      local.check()
      local.replace('notes/one', 'text')
      expect(local.read('notes/one')).to.equal('text')
      expect(statInside(root, '.pmpc/local')!.mode & 0o777).to.equal(0o700)
      expect(statInside(root, '.pmpc/local/notes/one')!.mode & 0o777).to.equal(0o600)
      expect(() => local.create('notes/one')).to.throw('EEXIST')
      local.remove('notes/one')
      expect(local.list('notes')).to.deep.equal([])
    })

    for (const at of ['.pmpc', '.pmpc/local', '.pmpc/local/notes'])
      it(`are neither read, written nor removed where ${at} is a link`, () => {
        mkdirSync(join(root, at, '..'), {recursive: true})
        symlinkSync(away, join(root, at))
        const local = localOf(root)
        const name = at === '.pmpc/local' ? 'secret' : 'notes/secret'
        for (const work of [
          () => local.read(name),
          () => local.list('notes'),
          () => local.replace(name, 'x'),
          () => local.create('notes/new'),
          () => local.remove('notes/secret'),
          () => local.check(),
        ])
          expect(refused(work).message).to.match(new RegExp(`^${at.replace('.', '\\.')} is a symbolic link`))
        expect(readFileSync(join(away, 'secret'), 'utf8')).to.equal('secret')
        expect(readdirSync(away)).to.deep.equal(['secret'])
      })

    it('are looked at all when a command begins', () => {
      localOf(root).replace('later/deep/note', 'x')
      symlinkSync('note', join(root, '.pmpc/local/later/deep/link'))
      expect(refused(() => localOf(root).check()).message).to.contain('.pmpc/local/later/deep/link is')
    })
  })
})
