import {expect} from 'chai'
import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync, copyFileSync} from 'node:fs'
import type {ServerResponse} from 'node:http'
import path from 'node:path'
import {hello, plant, plantTarball, plugin, traces} from '../support/planted.js'
import {assertSchema} from '../support/schemas.js'
import {bin, checkout, sandbox, type RunOptions, type RunResult, type Sandbox} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {skipFor} from '../support/skip.js'
import {noVerdaccio, tinyRegistry, verdaccio, type Registry} from '../support/registry.js'

interface ErrorJson {
  error: {code: string; message: string; exitCode: number; suggestions: string[]; data: Record<string, unknown>}
}

interface Installed {
  installed: {name: string; version: string; previous: string | null}[]
}

const DEAD = 'http://127.0.0.1:9/'

describe('plugins of strangers', function () {
  this.timeout(120_000)
  let box: Sandbox
  const tarballs: Record<string, string> = {}

  before(async () => {
    box = sandbox()
    const planted = {
      // Unscoped packages under the short names of plugins, known and not.
      sync: {name: 'sync', oclif: plugin},
      frobnicate: {name: 'frobnicate', oclif: plugin},
      squatter: {name: '@pmcp/plugin-sync', oclif: plugin, bundle: hello('squatter', 'sync')},
      needed: {name: 'needed'},
      stranger: {name: '@example/pmpc-plugin-dns', oclif: plugin, dependencies: {needed: '1.0.0'}},
      unscoped: {name: 'pmpc-plugin-dns', oclif: plugin},
      heroku: {name: '@example/plugin-heroku', oclif: {...plugin, bin: 'heroku'}},
      left: {name: '@example/left-pad'},
      own: {name: '@pmpc/plugin-sync', version: '0.1.0', oclif: plugin, bundle: hello('sync 0.1.0', 'sync')},
      newer: {name: '@pmpc/plugin-sync', version: '0.2.0', oclif: plugin, bundle: hello('sync 0.2.0', 'sync')},
      broken: {name: '@pmpc/plugin-sync', version: '0.3.0', oclif: plugin, bundle: 'require("./missing.cjs")'},
      quits: {name: '@pmpc/plugin-sync', version: '0.4.0', oclif: plugin, bundle: 'process.exit(0)'},
      hollow: {name: '@pmpc/plugin-sync', version: '0.5.0'},
    }
    for (const [key, each] of Object.entries(planted)) tarballs[key] = await plantTarball(box, each)
  })
  after(() => box.remove())

  let data = ''
  let installations = 0
  beforeEach(() => {
    data = path.join(box.folder, `data${++installations}`)
  })
  afterEach('no script ran', () => {
    expect(existsSync(traces(box)) ? readFileSync(traces(box), 'utf8') : '').to.equal('')
  })

  const run = (args: string[], options: RunOptions = {}): Promise<RunResult> =>
    box.pmpc(args, {
      ...options,
      env: {PMPC_BARE: '1', PMPC_DATA_DIR: data, npm_config_cache: path.join(box.folder, 'npm-cache'), ...options.env},
    })
  const plugins = (args: string[], options: RunOptions = {}) => run(['plugins', ...args], options)
  /** A command that has to fail, and how. */
  async function refused(args: string[], options: RunOptions = {}): Promise<ErrorJson['error']> {
    const result = await plugins([...args, '--json'], options)
    const {error} = result.json<ErrorJson>()
    expect(result.code, error.message).to.equal(error.exitCode).and.not.to.equal(0)
    return error
  }
  const nothingIsInstalled = () => {
    const folder = path.join(data, 'installed')
    expect(existsSync(folder) ? readdirSync(folder) : []).to.deep.equal([])
    expect(existsSync(path.join(data, 'package.json'))).to.equal(false)
  }

  function fromRegistry(start: (tarballs: string[]) => Promise<Registry>, reason: string | undefined): void {
    let registry: Registry
    let env: Record<string, string>
    before(async function () {
      skipFor(this, reason)
      const {own, ...others} = tarballs
      registry = await start(Object.values(others))
      expect(own).to.be.a('string')
      env = {PMPC_NPM_REGISTRY: registry.url}
    })
    after(async () => registry?.stop())

    it("a short name is pmpc's own plugin, and no unscoped package of that name", async () => {
      const error = await refused(['install', 'sync'], {env})
      expect(error).to.include({code: 'PMPC_PLUGIN_NOT_FOUND', exitCode: 1})
      expect(error.message).to.contain('@pmpc/plugin-sync@0.1.0')
      nothingIsInstalled()
    })

    it('an unknown short name is never looked up, --yes or not; what was meant is told', async () => {
      for (const extra of [[], ['--yes']]) {
        const error = await refused(['install', 'frobnicate', ...extra], {env})
        expect(error).to.include({code: 'PMPC_PLUGIN_UNKNOWN', exitCode: 64})
        expect((await refused(['add', 'snyc', ...extra], {env})).suggestions[0]).to.equal('pmpc plugins install sync')
      }
      nothingIsInstalled()
    })

    it('a package named in full is confirmed: 64 names the flag where nobody can be asked', async () => {
      const error = await refused(['install', '@example/pmpc-plugin-dns'], {env})
      expect(error).to.include({code: 'PMPC_FLAG_REQUIRED', exitCode: 64})
      expect(error.suggestions).to.deep.equal(['pmpc plugins install @example/pmpc-plugin-dns --yes'])
      nothingIsInstalled()
      for (const [name, word] of [
        ['@example/pmpc-plugin-dns', '@example/pmpc-plugin-dns 1.0.0\n'],
        ['pmpc-plugin-dns', 'pmpc-plugin-dns 1.0.0\n'],
      ] as const) {
        const done = await plugins(['install', name, '--yes', '--json'], {env})
        expect(done.json<Installed>().installed).to.deep.equal([{name, version: '1.0.0', previous: null}])
        expect((await run(['hello'])).stdout).to.equal(word)
        expect((await plugins(['uninstall', name])).code).to.equal(0)
      }
    })

    it('on a terminal it is asked about, and no is the answer of return', async function () {
      skipFor(this, noPty())
      const {output, code} = await inPty(process.execPath, [bin, 'plugins', 'install', '@pmcp/plugin-sync'], {
        cwd: box.folder,
        env: {...box.env, ...env, PMPC_BARE: '1', PMPC_DATA_DIR: data},
        columns: 300,
        answers: [{when: 'Install it?', type: '\r'}],
      })
      expect(output).to.contain("(pmpc's own is @pmpc/plugin-sync)")
      expect(code).to.equal(1)
      nothingIsInstalled()
    })

    it("what is no plugin of pmpc's is refused before it is loaded, and replaces nothing", async () => {
      for (const name of ['@example/left-pad', '@example/plugin-heroku'])
        expect(await refused(['install', name, '--yes'], {env})).to.include({code: 'PMPC_NOT_A_PLUGIN'})
      nothingIsInstalled()
    })

    it('an alias of npm and a version that is none are no names', async () => {
      for (const name of ['sync@npm:frobnicate', '@pmpc/plugin-sync@npm:frobnicate', '@pmpc/plugin-sync@file:x', '@a'])
        expect(await refused(['install', name, '--yes'], {env})).to.include({code: 'PMPC_PLUGIN_UNKNOWN'})
      nothingIsInstalled()
    })

    it("a tarball that calls itself one of pmpc's own is asked about: a name proves nothing", async () => {
      const error = await refused(['install', tarballs.own!])
      expect(error).to.deep.include({code: 'PMPC_FLAG_REQUIRED', exitCode: 64})
      expect(error.message).to.contain('calls itself @pmpc/plugin-sync')
      nothingIsInstalled()
    })

    it('a folder for them that cannot be made is said, and nobody waits for it', async () => {
      for (const folder of ['/dev/null/x', '/proc/x']) {
        const error = await refused(['install', tarballs.own!, '--yes'], {env: {PMPC_DATA_DIR: folder}})
        expect(error).to.include({code: 'PMPC_WRITE_FAILED'})
        expect(error.message).to.contain(folder)
      }
    })

    describe('with a plugin that works', () => {
      const works = async (word = 'sync 0.1.0\n') => expect((await run(['sync'])).stdout).to.equal(word)
      beforeEach(async () => {
        const done = await plugins(['install', tarballs.own!, '--yes'])
        expect(done.code, done.stderr).to.equal(0)
        await works()
      })
      it('is taken away, and all are, also when it ends every process that loads it', async () => {
        for (const words of [['uninstall', 'sync'], ['reset']]) {
          const [folder] = readdirSync(path.join(data, 'installed'))
          const main = path.join(data, 'installed', folder!, 'node_modules/@pmpc/plugin-sync/dist/index.cjs')
          writeFileSync(main, 'process.exit(0)\n')
          const done = await plugins([...words, '--json'])
          expect(done.json<{uninstalled: string[]}>().uninstalled).to.deep.equal(['@pmpc/plugin-sync'])
          expect((await run(['sync'])).code).to.equal(127)
          expect((await plugins(['install', tarballs.own!, '--yes'])).code).to.equal(0)
        }
      })
      const fails = async (version: string, code: string, environment = env) => {
        const error = await refused(['install', `sync@${version}`], {env: environment})
        expect(error.code).to.equal(code)
        await works()
        return error
      }

      it('an upgrade replaces it', async () => {
        const done = await plugins(['install', 'sync@0.2.0', '--json'], {env})
        assertSchema('plugins-install', done.json())
        expect(done.json<Installed>().installed).to.deep.equal([
          {name: '@pmpc/plugin-sync', version: '0.2.0', previous: '0.1.0'},
        ])
        await works('sync 0.2.0\n')
      })

      it('one that cannot be loaded keeps it', async () => {
        const error = await fails('0.3.0', 'PMPC_PLUGIN_BROKEN')
        expect(error.message).to.contain('missing.cjs')
        expect((await fails('0.4.0', 'PMPC_PLUGIN_BROKEN')).message).to.contain('ended the process')
        await fails('0.5.0', 'PMPC_NOT_A_PLUGIN')
        await fails('0.9.0', 'PMPC_PLUGIN_NOT_FOUND')
        expect(readdirSync(path.join(data, 'installed')), 'nothing is left behind').to.have.length(1)
      })

      it('a registry that does not answer keeps it', async () => {
        const error = await fails('0.2.0', 'PMPC_REGISTRY_UNREACHABLE', {PMPC_NPM_REGISTRY: DEAD})
        expect(error.exitCode).to.equal(75)
      })

      it('update leaves what came from a tarball, and what it cannot get', async () => {
        const kept = (await plugins(['update', '--json'], {env})).json()
        expect(kept).to.deep.equal({updated: [], kept: ['@pmpc/plugin-sync']})
        assertSchema('plugins-update', kept)
        expect((await plugins(['install', 'sync@0.2.0', 'pmpc-plugin-dns', '--yes'], {env})).code).to.equal(0)
        const error = await refused(['update'], {env: {PMPC_NPM_REGISTRY: DEAD}})
        expect(error).to.deep.include({code: 'PMPC_REGISTRY_UNREACHABLE', exitCode: 75})
        expect(error.data).to.deep.include({kept: ['@pmpc/plugin-sync'], failed: ['pmpc-plugin-dns']})
        await works('sync 0.2.0\n')
        expect((await run(['hello'])).stdout).to.equal('pmpc-plugin-dns 1.0.0\n')
      })
    })
  }

  describe('from a registry', () => fromRegistry(async (all) => tinyRegistry(all), undefined))
  describe('from Verdaccio', () => fromRegistry(async (all) => verdaccio(box, all), noVerdaccio()))

  describe('from disk and from addresses', () => {
    const offline = {PMPC_NPM_REGISTRY: DEAD}

    it("a tarball and a folder of a stranger's are asked about, by the name that they have", async () => {
      const folder = plant(box, {name: '@example/folder', oclif: plugin})
      for (const what of [tarballs.unscoped!, folder]) {
        const error = await refused(['install', what], {env: offline})
        expect(error).to.include({code: 'PMPC_FLAG_REQUIRED', exitCode: 64})
        expect(error.message).to.match(/pmpc-plugin-dns|@example\/folder/)
        nothingIsInstalled()
        const done = await plugins(['install', what, '--yes', '--json'], {env: offline})
        expect(done.code, done.stderr).to.equal(0)
        expect((await run(['hello'])).code).to.equal(0)
        await plugins(['reset'])
        data += '-next'
      }
    })

    it('a relative folder is a folder, and no repository at GitHub', async () => {
      plant(box, {name: '@example/folder', oclif: plugin})
      const done = await plugins(['install', 'planted/@example+folder-1.0.0', '--yes', '--json'], {env: offline})
      expect(done.json<Installed>().installed[0]!.name).to.equal('@example/folder')
      const error = await refused(['install', 'user/repository', '--yes'], {env: offline})
      expect(error).to.include({code: 'PMPC_PLUGIN_UNKNOWN', exitCode: 64})
      expect(error.suggestions).to.include('pmpc plugins install https://github.com/user/repository')
    })

    it('a repository is asked about before anything is fetched, also one that says it is ours', async () => {
      const folder = plant(box, {
        name: '@pmpc/plugin-sync',
        version: '0.1.1',
        oclif: plugin,
        bundle: hello('git', 'sync'),
      })
      const git = (...args: string[]) => execFileSync('git', args, {cwd: folder, env: box.env})
      git('init', '-q')
      git('add', '-f', '.')
      git('commit', '-qm', 'plugin')
      const address = `git+file://${folder}`
      expect(await refused(['install', address], {env: offline})).to.include({code: 'PMPC_FLAG_REQUIRED'})
      nothingIsInstalled()
      const done = await plugins(['install', address, '--yes', '--json'], {env: offline})
      expect(done.code, done.stderr).to.equal(0)
      expect((await run(['sync'])).stdout).to.equal('git\n')
    })

    it('a tarball that is truncated, damaged, empty of a package or absent is said to be that', async () => {
      const at = (name: string) => path.join(box.folder, name)
      copyFileSync(tarballs.own!, at('cut.tgz'))
      truncateSync(at('cut.tgz'), 200)
      writeFileSync(at('text.tgz'), 'no archive\n')
      mkdirSync(at('empty'), {recursive: true})
      execFileSync('tar', ['-czf', at('empty.tgz'), '-C', at('empty'), '.'])
      for (const [name, code, says] of [
        ['cut.tgz', 'PMPC_PLUGIN_DAMAGED', 'is truncated'],
        ['text.tgz', 'PMPC_PLUGIN_DAMAGED', 'is damaged'],
        ['empty.tgz', 'PMPC_NOT_A_PLUGIN', 'is no package'],
        ['none.tgz', 'PMPC_PLUGIN_NOT_FOUND', 'There is no file'],
      ] as const) {
        const error = await refused(['install', `./${name}`], {env: offline})
        expect([error.code, error.exitCode], name).to.deep.equal([code, 1])
        expect(error.message).to.contain(says)
      }
      nothingIsInstalled()
    })

    it('a linked folder is used as it is, and nothing in it is run to link it', async () => {
      const folder = plant(box, {name: '@example/linked', oclif: plugin, dependencies: {needed: '1.0.0'}})
      for (const lock of ['package-lock.json', 'yarn.lock']) writeFileSync(path.join(folder, lock), '{}')
      assertSchema('plugins-link', (await plugins(['link', folder, '--json'], {env: offline})).json())
      expect((await run(['hello'])).stdout).to.equal('@example/linked 1.0.0\n')
      // What it does to the world it may not say; help does not make it up.
      expect((await run(['hello', '--help'])).stdout)
        .to.match(/^USAGE$/m)
        .and.not.to.include('EFFECT')
      expect((await plugins(['unlink', '@example/linked'])).stdout).to.contain('Unlinked')
      expect(existsSync(folder)).to.equal(true)
      const nothing = plant(box, {name: '@example/nothing'})
      expect(await refused(['link', nothing])).to.include({code: 'PMPC_NOT_A_PLUGIN'})
    })

    it('pmpc itself is no plugin, packed or as a checkout', async () => {
      const host = {name: 'pmpc', version: '0.1.0', oclif: plugin, bundle: hello('host', 'hello')}
      const packed = await refused(['install', await plantTarball(box, host), '--yes'], {env: offline})
      const linked = await refused(['link', plant(box, host)])
      for (const error of [packed, linked]) {
        expect(error.code).to.equal('PMPC_NOT_A_PLUGIN')
        expect(error.message).to.contain('it is pmpc itself')
      }
      nothingIsInstalled()
    })

    it("pmpc's own is named shortly where it goes, as where it comes", async () => {
      const installed = await plugins(['install', tarballs.own!, '--yes'], {env: offline})
      expect(installed.stdout).to.contain('Installed sync 0.1.0.')
      expect((await plugins(['uninstall', 'sync'])).stdout).to.equal('Uninstalled sync.\n')
    })
  })

  describe('an installation that is ended in the middle', () => {
    let registry: Registry
    let asked: (response: ServerResponse) => void
    before(async () => {
      registry = await tinyRegistry([tarballs.newer!], {
        onTarball(_, response) {
          asked(response)
          return true
        },
      })
    })
    after(async () => registry.stop())

    for (const [signal, code] of [
      ['SIGKILL', null],
      ['SIGTERM', 130],
      ['SIGINT', 130],
    ] as const)
      it(`by ${signal} keeps the plugin that worked`, async () => {
        await plugins(['install', tarballs.own!, '--yes'])
        let ended: (() => void) | undefined
        const fetching = new Promise<ServerResponse>((resolve) => {
          asked = resolve
        })
        const running = plugins(['install', 'sync@0.2.0'], {
          env: {PMPC_NPM_REGISTRY: registry.url, npm_config_cache: path.join(box.folder, `cache-${signal}`)},
          started: (child) => {
            ended = () => child.kill(signal)
          },
        })
        const response = await fetching
        ended!()
        expect((await running.finally(() => response.destroy())).code).to.equal(code)
        expect((await run(['sync'])).stdout).to.equal('sync 0.1.0\n')
        if (signal !== 'SIGKILL') expect(readdirSync(path.join(data, 'installed'))).to.have.length(1)
      })
  })

  describe('what is told of them', () => {
    it('inspect takes the names that `pmpc plugins` prints; an unknown one is told with what was meant', async () => {
      await plugins(['install', tarballs.own!, '--yes'])
      await plugins(['install', tarballs.unscoped!, '--yes'])
      const {stdout} = await plugins([])
      const names = stdout
        .split('\n')
        .slice(1)
        .flatMap((line) =>
          line.includes(' installed') && !line.includes('not installed') ? [line.split(' ')[0]!] : [],
        )
      expect(names).to.deep.equal(['pmpc-plugin-dns', 'sync'])
      for (const name of [...names, '@pmpc/plugin-sync']) {
        const inspected = await plugins(['inspect', name])
        expect(inspected.code, inspected.stderr).to.equal(0)
        expect(inspected.stdout).to.contain(path.join(data, 'installed'))
      }
      assertSchema('plugins', (await plugins(['--json'])).json())
      assertSchema('plugins-inspect', (await plugins(['inspect', 'sync', '--json'])).json())
      const unknown = await refused(['inspect', 'snyc'])
      expect(unknown).to.deep.include({code: 'PMPC_PLUGIN_NOT_INSTALLED', exitCode: 1})
      expect(unknown.suggestions).to.include('pmpc plugins inspect sync')
      expect(await refused(['inspect', 'simulator'])).to.deep.include({
        suggestions: ['pmpc plugins install simulator', 'pmpc plugins'],
      })
      assertSchema('plugins-uninstall', (await plugins(['uninstall', 'sync', '--json'])).json())
      expect(await refused(['uninstall', 'snyc'])).to.include({code: 'PMPC_PLUGIN_NOT_INSTALLED'})
    })

    it('nothing in a pipe has ANSI codes in it, whatever CI system it is', async () => {
      const calls = [
        [],
        ['inspect', 'sync'],
        ['install', tarballs.own!, '--yes'],
        ['install', tarballs.left!, '--yes'],
        ['install', 'sync'],
        ['inspect', 'nothing'],
        ['update'],
        ['uninstall', 'sync'],
        ['uninstall', 'sync'],
        ['reset'],
        ['--help'],
        ['install', '--help'],
        ['install', '--nonsense'],
      ]
      for (const args of calls) {
        const env = {PMPC_NPM_REGISTRY: DEAD, GITHUB_ACTIONS: 'true', CI: 'true', TERM: 'xterm-256color'}
        const {stdout, stderr} = await plugins(args, {env})
        expect(stdout + stderr, args.join(' ')).not.to.contain('\u001B')
        expect(stdout + stderr, args.join(' ')).to.match(/\S/)
      }
    })

    it('a misspelt flag of a command that knows nothing of pmpc is told with the one that was meant', async () => {
      const oclif = JSON.stringify(path.join(checkout, 'node_modules/@oclif/core/lib/index.js'))
      const bundle = `const {Command, Flags} = require(${oclif})
class Hello extends Command { async run() { await this.parse(Hello) } }
Hello.flags = {loudness: Flags.string()}
module.exports = {COMMANDS: {hello: Hello}}`
      await plugins(['link', plant(box, {name: '@example/oclif', oclif: plugin, bundle})])
      const {stderr, code} = await run(['hello', '--loudnes=hunter2'])
      expect(code).to.equal(64)
      expect(stderr).to.include('Try:   pmpc hello --loudness\n').and.not.to.include('hunter2')
    })

    it('a list of plugins that is damaged is told, and reset mends it', async () => {
      mkdirSync(data)
      writeFileSync(path.join(data, 'package.json'), '{"oclif": ')
      expect(await refused([])).to.include({code: 'PMPC_PLUGINS_DAMAGED'})
      assertSchema('plugins-reset', (await plugins(['reset', '--json'])).json())
      expect((await plugins([])).code).to.equal(0)
    })
  })
})
