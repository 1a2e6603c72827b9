import {expect} from 'chai'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import {checkout, sandbox, type RunResult, type Sandbox} from '../support/pmpc.js'
import {someState, someVm, stateWorkspace} from '../support/states.js'
import {asRoot, skipFor} from '../support/skip.js'

/** Built-in modules that cost milliseconds, and that no start-up needs. */
const HEAVY = ['http', 'https', 'tls', 'crypto', 'child_process', 'readline', 'dns', 'worker_threads', 'zlib']

describe('starting', () => {
  let box: Sandbox
  /** A copy of the built host, whose caches are the test's own. */
  let copy: string

  beforeEach(() => {
    box = sandbox()
    copy = path.join(box.folder, 'pmpc')
    for (const name of ['bin', 'dist', 'package.json', 'oclif.manifest.json'])
      cpSync(path.join(checkout, name), path.join(copy, name), {
        recursive: true,
        filter: (file) => path.basename(file) !== '.cache',
      })
    mkdirSync(path.join(copy, 'node_modules'))
    symlinkSync(path.join(checkout, 'node_modules/@oclif'), path.join(copy, 'node_modules/@oclif'))
  })
  afterEach(() => box.remove())

  const version = (env: Record<string, string> = {}) =>
    box.pmpc(['--version'], {bin: path.join(copy, 'bin/run.js'), env})
  const caches = (): string[] => {
    const folder = path.join(copy, 'dist/.cache')
    return readdirSync(folder, {recursive: true})
      .map(String)
      .filter((file) => file.endsWith('.bin'))
      .map((file) => path.join(folder, file))
  }

  it('is the same without a code cache, with a new one and with one that is there', async () => {
    const without = await version({PMPC_CODE_CACHE: '0'})
    expect(without.stdout).to.match(/^pmpc\/\d+\.\d+\.\d+\S* \S+ node-v\S+\n$/)
    expect(() => caches()).to.throw()
    const first = await version()
    expect(caches()).to.have.length(1)
    const second = await version()
    for (const result of [without, first, second])
      expect(result).to.include({code: 0, stderr: '', stdout: without.stdout})
  })

  it('replaces a code cache that V8 refuses', async () => {
    await version()
    const [cache] = caches()
    const good = readFileSync(cache!)
    writeFileSync(cache!, Buffer.alloc(good.length, 7))
    expect(await version()).to.include({code: 0, stderr: ''})
    expect(readFileSync(cache!).length).to.be.greaterThan(good.length / 2)
    expect(readFileSync(cache!).equals(Buffer.alloc(good.length, 7))).to.equal(false)
  })

  it('forgets the caches of bundles that were replaced long ago, and no others', async () => {
    const folder = path.join(copy, 'dist/.cache')
    for (const name of ['old', 'new']) mkdirSync(path.join(folder, name), {recursive: true})
    const longAgo = new Date(Date.now() - 31 * 86_400_000)
    utimesSync(path.join(folder, 'old'), longAgo, longAgo)
    await version()
    const left = readdirSync(folder)
    expect(left).to.have.length(2).and.to.include('new')
    expect(left).not.to.include('old')
  })

  it('keeps the code cache with the user where the package is not ours to write', async function () {
    skipFor(this, asRoot())
    await box.exec('chmod', ['a-w', path.join(copy, 'dist')])
    expect(await version()).to.include({code: 0, stderr: ''})
    const kept = readdirSync(path.join(box.env.PMPC_CACHE_DIR!, 'code'), {recursive: true}).map(String)
    await box.exec('chmod', ['u+w', path.join(copy, 'dist')])
    return expect(kept.some((file) => file.endsWith('version.bin'))).to.equal(true)
  })

  /** Names of the built-in modules that a run has loaded. */
  const loadedBy = async (run: (env: Record<string, string>) => Promise<RunResult>): Promise<string[]> => {
    const probe = path.join(box.folder, 'probe.cjs')
    const list = path.join(box.folder, 'list.json')
    writeFileSync(
      probe,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`,
    )
    expect(await run({NODE_OPTIONS: `--require=${probe}`})).to.include({code: 0, stderr: ''})
    const loaded = (JSON.parse(readFileSync(list, 'utf8')) as string[]).map((name) => name.replace('NativeModule ', ''))
    expect(loaded).to.include('fs')
    return loaded
  }

  it('loads none of the modules that a version does not need', async () => {
    const loaded = await loadedBy(version)
    expect(HEAVY.filter((name) => loaded.includes(name))).to.deep.equal([])
  })

  it('loads none of the modules that reading commands do not need, nor the bundle of the others', async () => {
    const {root, sync} = await stateWorkspace(box)
    await sync('one', someState(someVm(100)))
    const run = async (args: string[], env: Record<string, string> = {}) =>
      box.pmpc(args, {bin: path.join(copy, 'bin/run.js'), cwd: root, env})
    expect(await run(['init'])).to.include({code: 0})
    for (const args of [
      ['get', 'guests'],
      ['status', '--json'],
    ]) {
      // The first runs read what is then kept, and are too soon after the files were written.
      for (let times = 0; times < 3; times++) await run(args)
      const loaded = await loadedBy(async (env) => run(args, env))
      expect(
        [...HEAVY, 'net', 'tty', 'stream'].filter((name) => loaded.includes(name)),
        args[0],
      ).to.deep.equal([])
    }
    rmSync(path.join(copy, 'dist/commands.cjs'))
    const {stderr} = await run(['get', 'guests', '-o', 'name'])
    expect(stderr).to.equal('')
  })

  for (const NODE_ENV of ['development', 'test', 'production'])
    it(`does not mind NODE_ENV=${NODE_ENV}`, async () => {
      expect(await box.pmpc(['--version'], {env: {NODE_ENV}})).to.include({code: 0, stderr: ''})
    })

  it('says nothing when its reader has gone', async () => {
    const command = `"${process.execPath}" "${path.join(copy, 'bin/run.js')}" help | true`
    expect(await box.exec('sh', ['-c', command])).to.include({stderr: ''})
  })

  it('tells once that its output has nowhere to go, and ends', async function () {
    skipFor(this, !existsSync('/dev/full') && 'there is no /dev/full')
    const command = `timeout 20 "${process.execPath}" "${path.join(copy, 'bin/run.js')}" help > /dev/full`
    const {code, stderr} = await box.exec('sh', ['-c', command])
    expect(code).to.equal(1)
    expect(stderr.match(/no space is left/g)).to.have.length(1)
  })
})
