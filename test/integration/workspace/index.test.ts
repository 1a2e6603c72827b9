import {spawnSync} from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {expect} from 'chai'
import {blobId, keptFolder} from '../../../src/kit/files/index.js'
import {changeKept, keptFile} from '../../support/kept.js'
import {
  findWorkspace,
  indexManifests,
  insideWorkspace,
  loadConfig,
  lookForWorkspace,
  requireWorkspace,
} from '../../../src/kit/workspace/index.js'
import {asRoot, skipFor} from '../../support/skip.js'

const config =
  'version: 1\nclusters:\n  home: {endpoints: ["https://a:8006"], token: pmpc@pve!sync, trust: {system: true}}\n'
const vm = (id: number, cores: number) => `kind: vm\nid: ${id}\nconfig:\n  cores: ${cores}\n`

describe('a workspace on disk', () => {
  let root: string
  const write = (path: string, text: string | Uint8Array) => {
    mkdirSync(dirname(join(root, path)), {recursive: true})
    writeFileSync(join(root, path), text)
  }
  const index = () => indexManifests({root, clusters: ['home'], source: 'worktree'})
  const cores = async (name = 'home/vm/100') => (await index()).documents.get(name)?.declared.config.cores
  const cachePath = (name: string) => keptFile(root, name)

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'pmpc-workspace-')))
    write('pmpc.yaml', config)
  })
  afterEach(() => rmSync(root, {recursive: true, force: true}))

  describe('is found', () => {
    it('from any folder below', async () => {
      mkdirSync(join(root, 'infra/home/vm'), {recursive: true})
      expect(findWorkspace(join(root, 'infra/home/vm'))).to.deep.equal({root})
      expect((await requireWorkspace(join(root, 'infra'))).clusters).to.deep.equal(['home'])
    })

    it('or not, with the command that makes one', () => {
      rmSync(join(root, 'pmpc.yaml'))
      mkdirSync(join(root, 'pmpc.yaml'))
      expect(lookForWorkspace(root)).to.equal(null)
      expect(() => findWorkspace(root))
        .to.throw(root)
        .with.property('code', 'PMPC_NO_WORKSPACE')
      expect(() => findWorkspace(root))
        .to.throw()
        .with.property('suggestions')
        .that.includes('pmpc init')
    })

    it('with paths kept inside', () => {
      mkdirSync(join(root, 'infra'))
      symlinkSync(tmpdir(), join(root, 'out'))
      symlinkSync(join(root, 'infra'), join(root, 'in'))
      expect(insideWorkspace(root, 'infra/../pmpc.yaml')).to.equal('pmpc.yaml')
      expect(insideWorkspace(root, 'a.yaml', join(root, 'infra'))).to.equal('infra/a.yaml')
      expect(insideWorkspace(root, join(root, 'in/new.yaml'))).to.equal('in/new.yaml')
      expect(insideWorkspace(root, '.')).to.equal('')
      expect(insideWorkspace(root, '..a')).to.equal('..a')
      for (const path of ['..', '../x', '/etc/passwd', 'out/x', 'infra/../../x', 'out']) {
        expect(() => insideWorkspace(root, path), path)
          .to.throw()
          .with.property('code', 'PMPC_OUTSIDE_WORKSPACE')
      }
    })
  })

  describe('pmpc.yaml in a cache', () => {
    it('is read anew when it has changed', async () => {
      expect(Object.keys((await loadConfig(root)).clusters)).to.deep.equal(['home'])
      write('pmpc.yaml', config.replace('home', 'shop'))
      expect(Object.keys((await loadConfig(root)).clusters)).to.deep.equal(['shop'])
    })

    it('refuses a CA file outside, through a link too', async () => {
      symlinkSync(tmpdir(), join(root, 'out'))
      for (const [file, wanted] of [
        ['ca.pem', join(root, 'ca.pem')],
        ['/etc/ssl/ca.pem', '/etc/ssl/ca.pem'],
        ['../ca.pem', null],
        ['out/ca.pem', null],
      ] as const) {
        write('pmpc.yaml', config.replace('{system: true}', `{caFile: ${file}}`))
        const loaded = await loadConfig(root).catch((error: {code: string}) => error.code)
        expect(typeof loaded === 'string' ? loaded : loaded.clusters.home!.trust).to.deep.equal(
          wanted ? {caFile: wanted} : 'PMPC_OUTSIDE_WORKSPACE',
        )
      }
    })

    it('is not kept when it is wrong', async () => {
      write('pmpc.yaml', config.replace('https', 'http'))
      for (let i = 0; i < 2; i++) {
        const error = (await loadConfig(root).catch((caught: unknown) => caught)) as {code: string}
        expect(error.code).to.equal('PMPC_CONFIG')
      }
    })

    it('never lies where the cache is damaged or cannot be written', async () => {
      await loadConfig(root)
      const whole = readFileSync(cachePath('config'), 'utf8')
      for (const text of [
        '',
        '{',
        whole.slice(0, 100),
        whole.replace(/"about":.*/, '"about":null}'),
        whole.replace(root, '/other'),
        whole.replace(/"reader":"/, '"reader":"1'),
        '[]',
      ]) {
        writeFileSync(cachePath('config'), text)
        expect(Object.keys((await loadConfig(root)).clusters)).to.deep.equal(['home'])
      }
      rmSync(keptFolder(root), {recursive: true})
      writeFileSync(keptFolder(root), 'a file where a folder should be')
      expect(Object.keys((await loadConfig(root)).clusters)).to.deep.equal(['home'])
    })
  })

  describe('an index of the working tree', () => {
    it('lists the documents, and says what is wrong where', async () => {
      write('infra/home/vm/100.yaml', vm(100, 1))
      write('infra/b.yml', `${vm(101, 1)}---\n${vm(102, 1)}`)
      write('infra/home/vm/copy.yaml', `# \n${vm(100, 2)}`)
      write('infra/home/vm/emptied.yaml', '')
      write('infra/home/vm/broken.yaml', 'kind: [\n')
      write('infra/home/vm/latin.yaml', Buffer.from('kind: vm # \xe4\n', 'latin1'))
      write('infra/notes.txt', 'x')
      write('infra/.hidden/a.yaml', 'x')
      symlinkSync('/etc/hostname', join(root, 'infra/link.yaml'))
      const {documents, absent, unmade, problems, empty, broken, files} = await index()
      expect([...documents.keys()]).to.deep.equal(['home/vm/101', 'home/vm/102', 'home/vm/100'])
      expect(documents.get('home/vm/102')).to.deep.include({
        path: 'infra/b.yml',
        index: 1,
        position: {line: 6, column: 1},
      })
      expect(problems.map(({path, code, line}) => `${path} ${code} ${line}`)).to.deep.equal([
        'infra/home/vm/broken.yaml syntax 2',
        'infra/home/vm/copy.yaml duplicate-object 2',
        'infra/home/vm/latin.yaml encoding 1',
        'infra/link.yaml no-file 1',
      ])
      expect(problems[1]!.message).to.include('infra/home/vm/100.yaml, line 1')
      expect(empty).to.deep.equal(['infra/home/vm/emptied.yaml'])
      expect(broken).to.deep.equal(['infra/home/vm/broken.yaml', 'infra/home/vm/latin.yaml'])
      expect(files).to.equal(6)
      expect(await index()).to.deep.equal({documents, absent, unmade, problems, empty, broken, files})
    })

    it('follows changes, additions and removals', async () => {
      expect((await index()).files).to.equal(0)
      write('infra/home/vm/100.yaml', vm(100, 1))
      expect(await cores()).to.equal(1)
      write('infra/home/vm/100.yaml', vm(100, 2))
      expect(await cores()).to.equal(2)
      rmSync(join(root, 'infra/home/vm/100.yaml'))
      expect(await cores()).to.equal(undefined)
    })

    it('trusts a stamp that was taken after the tick of the last write, and no other', async () => {
      const path = 'infra/home/vm/100.yaml'
      write(path, vm(100, 1))
      await index()
      write(path, vm(100, 2))
      // As if the second write had fallen into the tick of the first: same size, same times.
      const stats = lstatSync(join(root, path))
      const stamp = (readAt: number) => (kept: {about: Record<string, object>}) => {
        kept.about[path] = {
          size: stats.size,
          mtime: stats.mtimeMs,
          ctime: stats.ctimeMs,
          ino: stats.ino,
          readAt,
          oid: blobId(Buffer.from(vm(100, 1))),
        }
      }
      changeKept(cachePath('manifests'), stamp(stats.mtimeMs + 5000))
      expect(await cores()).to.equal(1)
      changeKept(cachePath('manifests'), stamp(stats.mtimeMs + 1))
      expect(await cores()).to.equal(2)
    })

    it('needs no YAML library where nothing changed', async () => {
      write('infra/home/vm/100.yaml', vm(100, 3))
      await index()
      await loadConfig(root)
      const room = pathToFileURL(resolve('src/kit/workspace/index.ts')).href
      const program = `
        import {indexManifests, requireWorkspace} from ${JSON.stringify(room)}
        const {root, clusters} = await requireWorkspace(${JSON.stringify(root)})
        const {documents} = await indexManifests({root, clusters, source: 'worktree'})
        console.log(documents.get('home/vm/100').declared.config.cores)`
      const hook = `export async function resolve(name, context, next) {
        if (name === 'yaml') throw new Error('the YAML library was loaded')
        return next(name, context)
      }`
      const register = `import {register} from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)})`
      const run = () =>
        spawnSync(
          process.execPath,
          [
            '--import',
            'tsx',
            '--import',
            `data:text/javascript,${encodeURIComponent(register)}`,
            '--input-type=module',
            '-e',
            program,
          ],
          {encoding: 'utf8'},
        )
      const cached = run()
      expect(cached.stderr + cached.stdout).to.match(/^3$/m)
      rmSync(cachePath('manifests'))
      expect(run().stderr).to.include('the YAML library was loaded')
    })

    it('says what cannot be read', async function () {
      skipFor(this, asRoot())
      write('infra/a.yaml', vm(100, 1))
      chmodSync(join(root, 'infra/a.yaml'), 0)
      const {problems, broken} = await index()
      expect(problems.map(({code}) => code)).to.deep.equal(['unreadable'])
      expect(broken).to.deep.equal(['infra/a.yaml'])
    })
  })

  it('indexes a revision, and reads each blob once', async () => {
    const blobs = new Map([vm(100, 1), vm(101, 2)].map((text) => [blobId(Buffer.from(text)), text]))
    const [first, second] = [...blobs.keys()]
    const asked: string[] = []
    const source = {
      files: [
        {path: 'infra/home/vm/101.yaml', oid: second!, mode: '100644'},
        {path: 'infra/home/vm/100.yaml', oid: first!, mode: '100644'},
        {path: 'infra/home/vm/link.yaml', oid: second!, mode: '120000'},
        {path: 'infra/README.md', oid: 'none', mode: '100644'},
        {path: 'pmpc.yaml', oid: 'none', mode: '100644'},
      ],
      readBlobs: async (oids: string[]) => {
        asked.push(...oids)
        return oids.map((oid) => Buffer.from(blobs.get(oid)!))
      },
    }
    for (let i = 0; i < 2; i++) {
      const {documents} = await indexManifests({root, clusters: ['home'], source})
      expect([...documents.keys()]).to.deep.equal(['home/vm/100', 'home/vm/101'])
    }
    expect(asked.sort()).to.deep.equal([first, second].sort())
    write('infra/home/vm/100.yaml', vm(100, 1))
    expect(await cores()).to.equal(1)
  })
})
