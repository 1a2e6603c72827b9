import {expect} from 'chai'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync} from 'node:fs'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {copyCheckout, noRegistry, npm, npmEnv, pack} from '../support/packages.js'
import {deadLinks} from '../support/links.js'
import {inPty, noPty} from '../support/pty.js'
import {sandbox, type RunOptions, type Sandbox} from '../support/pmpc.js'
import {noVerdaccio, tinyRegistry, verdaccio, type Registry} from '../support/registry.js'
import {skipFor} from '../support/skip.js'

interface ErrorJson {
  error: {code: string; exitCode: number; suggestions: string[]; data: Record<string, unknown>}
}

/** A port where nothing answers. */
const DEAD = 'http://127.0.0.1:9/'

describe('a bare host in the checkout', () => {
  let box: Sandbox
  const bare = {PMPC_BARE: '1'}
  beforeEach(() => {
    box = sandbox()
  })
  afterEach(() => box.remove())

  it('lists the commands of the plugins that it knows', async () => {
    const {stdout} = await box.pmpc(['--help'], {env: bare})
    expect(stdout)
      .to.match(/^ {2}sync /m)
      .and.to.match(/^ {2}simulator /m)
  })

  it('marks them, and no other, as not installed', async () => {
    const marked = async (env: Record<string, string>) => {
      const {stdout} = await box.pmpc(['--help'], {env})
      const entries = stdout.replaceAll(/\n {4,}/g, ' ')
      return [...entries.matchAll(/^ {2}([\w-]+) .*\(not installed\)$/gm)].map(([, name]) => name)
    }
    expect(await marked(bare)).to.deep.equal([
      'anonymize',
      'ci',
      'iac',
      'plan',
      'privacy',
      'simulator',
      'snapshot',
      'task',
      ...[
        'anonymize',
        'apply',
        'backup',
        'clone',
        'create',
        'debug',
        'delsnapshot',
        'destroy',
        'doctor',
        'edit',
        'events',
        'explain',
        'health',
        'logs',
        'migrate',
        'move-disk',
        'plan',
        'reboot',
        'report-issue',
        'resize',
        'restore',
        'resume',
        'rollback',
      ],
      ...[
        'set',
        'shutdown',
        'snapshot',
        'start',
        'stats',
        'stop',
        'suspend',
        'sync',
        'template',
        'test',
        'trace',
        'undo',
      ],
      'validate',
    ])
    expect(await marked({})).to.deep.equal([])
  })

  it('explains them', async () => {
    const {stdout, code} = await box.pmpc(['sync', '--help'], {env: bare})
    expect(code).to.equal(0)
    expect(stdout).to.include('$ pmpc sync')
  })

  it('says what to type off a terminal: 127', async () => {
    const {stdout, stderr, code} = await box.pmpc(['sync'], {env: bare})
    expect(code).to.equal(127)
    expect(stdout).to.equal('')
    expect(stderr).to.include('Try:   pmpc plugins install sync\n')
  })

  it('says it as JSON, too', async () => {
    const result = await box.pmpc(['simulator', 'start', '--json'], {env: bare})
    expect(result.code).to.equal(127)
    expect(result.json<ErrorJson>().error).to.deep.include({
      code: 'PMPC_PLUGIN_MISSING',
      exitCode: 127,
      suggestions: ['pmpc plugins install simulator'],
    })
  })

  it('asks on a terminal, and takes no for an answer', async function () {
    skipFor(this, noPty())
    const {output, code} = await inPty(process.execPath, [path.resolve('bin/run.js'), 'sync'], {
      cwd: box.folder,
      env: {...box.env, ...bare},
      columns: 200,
      answers: [{when: 'Install it?', type: 'n\r'}],
    })
    expect(code).to.equal(127)
    expect(output).to.include('pmpc plugins install sync')
  })

  it('ends with 130 at Ctrl-C in the question', async function () {
    skipFor(this, noPty())
    const {code} = await inPty(process.execPath, [path.resolve('bin/run.js'), 'sync'], {
      cwd: box.folder,
      env: {...box.env, ...bare},
      columns: 200,
      answers: [{when: 'Install it?', type: '\u0003'}],
    })
    expect(code).to.equal(130)
  })

  it('does not ask in a pipeline, even on a terminal', async function () {
    skipFor(this, noPty())
    const {output, code} = await inPty(process.execPath, [path.resolve('bin/run.js'), 'sync'], {
      cwd: box.folder,
      env: {...box.env, ...bare, CI: 'true'},
      answers: [],
    })
    expect(code).to.equal(127)
    expect(output).not.to.include('Install it?')
  })

  it('names the tarball that a folder of tarballs does not have', async () => {
    const result = await box.pmpc(['sync', '--json'], {env: {...bare, PMPC_PLUGIN_SOURCE: box.folder}})
    expect(result.code).to.equal(127)
    expect(result.json<ErrorJson>().error.data.file).to.match(/pmpc-plugin-sync-.*\.tgz$/)
  })

  it('says within seconds that no registry answers: 75', async function () {
    this.timeout(60_000)
    const started = Date.now()
    const result = await box.pmpc(['plugins', 'install', 'sync', '--json'], {env: {...bare, PMPC_NPM_REGISTRY: DEAD}})
    expect(result.json<ErrorJson>().error).to.include({code: 'PMPC_REGISTRY_UNREACHABLE', exitCode: 75})
    expect(result.code).to.equal(75)
    expect(Date.now() - started).to.be.below(30_000)
  })

  it('says that a tarball is not there', async () => {
    const result = await box.pmpc(['plugins', 'install', './nothing.tgz', '--json'], {env: bare})
    expect(result.code).to.equal(1)
    expect(result.json<ErrorJson>().error.data).to.deep.equal({file: path.join(box.folder, 'nothing.tgz')})
  })
})

describe('packages', function () {
  this.timeout(300_000)
  let box: Sandbox
  /** Tarballs of the host and its plugins. */
  const tarballs: Record<string, string> = {}
  before(async () => {
    box = sandbox()
    const copy = copyCheckout(box)
    for (const [name, folder] of [
      ['host', '.'],
      ['apply', 'plugins/apply'],
      ['sync', 'plugins/sync'],
      ['simulator', 'plugins/simulator'],
    ] as const)
      tarballs[name] = await pack(box, path.join(copy, folder))
  })
  after(() => box.remove())

  it('of plugins hold the bundle and what it reads, and depend on nothing', async () => {
    for (const name of ['apply', 'sync', 'simulator']) {
      const {stdout} = await box.exec('tar', ['-tzf', tarballs[name]!])
      const files = stdout.trim().split('\n')
      expect(files).to.include.members([
        'package/dist/index.cjs',
        'package/oclif.manifest.json',
        'package/package.json',
      ])
      expect(files.filter((file) => /\.cache|\.map$|\.ts$|node_modules/.test(file))).to.deep.equal([])
      const manifest = await box.exec('tar', ['-xzOf', tarballs[name]!, 'package/package.json'])
      expect(manifest.json<{dependencies?: object}>().dependencies ?? {}).to.deep.equal({})
    }
  })

  it('of the host hold no plugin and no source', async () => {
    const {stdout} = await box.exec('tar', ['-tzf', tarballs.host!])
    const files = stdout.trim().split('\n')
    expect(files).to.include.members(['package/bin/run.js', 'package/dist/index.cjs', 'package/oclif.manifest.json'])
    expect(files.filter((file) => /^package\/(plugins|src|test)\/|\.cache/.test(file))).to.deep.equal([
      'package/plugins/simulator/README.md',
    ])
  })

  it('hold what their documents link to, so that it can be read where there is no network', async () => {
    for (const [name, least] of [
      ['host', 40],
      ['apply', 0],
      ['simulator', 0],
      ['sync', 0],
    ] as const) {
      const folder = path.join(box.folder, `unpacked-${name}`)
      mkdirSync(folder)
      expect((await box.exec('tar', ['-xzf', tarballs[name]!, '-C', folder])).code).to.equal(0)
      const {checked, dead} = deadLinks(path.join(folder, 'package'))
      expect(dead, name).to.deep.equal([])
      expect(checked, name).to.be.at.least(least)
    }
  })

  describe('installed', () => {
    let home: Sandbox
    let prefix: string
    let bin: string
    before(async function () {
      skipFor(this, noRegistry())
      home = sandbox()
      prefix = path.join(home.folder, 'prefix')
      const installed = await home.exec(npm, ['install', '--global', '--prefix', prefix, tarballs.host!], {
        env: npmEnv(),
      })
      expect(installed.code, installed.stderr).to.equal(0)
      bin = path.join(prefix, 'bin', 'pmpc')
    })
    after(() => home?.remove())

    /** Runs the installed host with a folder of plugins of its own. */
    const run = (data: string, args: string[], options: RunOptions = {}) =>
      home.exec(bin, args, {...options, env: {PMPC_DATA_DIR: path.join(home.folder, data), ...options.env}})

    it('is bare, and knows its plugins', async () => {
      expect(await run('none', ['--version'])).to.include({code: 0, stderr: ''})
      const {stdout} = await run('none', ['--help'])
      expect(stdout).to.match(/^ {2}sync /m)
      const missing = await run('none', ['sync'])
      expect(missing.code).to.equal(127)
      expect(missing.stderr).to.include('Try:   pmpc plugins install sync\n')
    })

    it('installs a plugin from a tarball with no registry in reach, from a relative path, and runs it', async () => {
      const env = {PMPC_NPM_REGISTRY: DEAD, npm_config_cache: path.join(home.folder, 'npm-cache')}
      const cwd = path.dirname(tarballs.simulator!)
      const installed = await run(
        'offline',
        ['plugins', 'install', `./${path.basename(tarballs.simulator!)}`, '--yes'],
        {
          env,
          cwd,
        },
      )
      expect(installed.code, installed.stderr).to.equal(0)
      expect(installed.stdout + installed.stderr).not.to.match(/may not work|Warning/)
      await simulatorStarts(home, bin, path.join(home.folder, 'offline'))
      const removed = await run('offline', ['plugins', 'uninstall', 'simulator'], {env})
      expect(removed.code, removed.stderr).to.equal(0)
      expect((await run('offline', ['simulator', 'start'])).code).to.equal(127)
    })

    it('installs from a folder of tarballs and runs the command in one go', async () => {
      const env = {PMPC_NPM_REGISTRY: DEAD, PMPC_PLUGIN_SOURCE: path.dirname(tarballs.sync!)}
      const synced = await run('source', ['sync', '--json'], {env})
      // There is no workspace here: the plugin's own error tells that the plugin ran.
      expect(synced.code).not.to.equal(127)
      expect(synced.json<ErrorJson>().error.code).not.to.equal('PMPC_PLUGIN_MISSING')
      const listed = await run('source', ['plugins', '--json'])
      expect(listed.json<{name: string; state: string}[]>()).to.deep.include({
        ...{name: 'sync', package: '@pmpc/plugin-sync', version: '0.1.0', state: 'installed'},
      })
    })

    it('tells an error of an installed plugin as it does its own', async () => {
      const env = {PMPC_NPM_REGISTRY: DEAD}
      await run('errors', ['plugins', 'install', tarballs.sync!, '--yes'], {env})
      const text = await run('errors', ['sync', '--nonsense'], {env})
      expect(text.code).to.equal(64)
      expect(text.stderr)
        .to.match(/^Error: .*--nonsense\.\n/)
        .and.not.to.match(/\n\s+at /)
      const json = await run('errors', ['sync', '--nonsense', '--json'], {env})
      expect(json.code).to.equal(64)
      expect(json.json<ErrorJson>().error.code).to.equal('PMPC_USAGE')
    })

    /** A registry of the test's own, with both plugins in it. */
    function withRegistry(start: () => Promise<Registry>, data: string, reason: string | undefined): void {
      let registry: Registry
      before(async function () {
        skipFor(this, reason)
        registry = await start()
      })
      after(() => registry?.stop())

      it('installs a plugin by its name', async () => {
        const installed = await run(data, ['plugins', 'install', 'sync'], {env: {PMPC_NPM_REGISTRY: registry.url}})
        expect(installed.code, installed.stderr).to.equal(0)
        const help = await run(data, ['sync', '--help'])
        expect(help.stdout).to.include('$ pmpc sync')
        const listed = await run(data, ['plugins'])
        expect(listed.stdout).to.include('sync ')
      })

      it('says that a plugin does not exist', async () => {
        const env = {PMPC_NPM_REGISTRY: registry.url}
        const result = await run(data, ['plugins', 'install', 'sync@9.9.9', '--json'], {env})
        expect(result.code).to.equal(1)
        expect(result.json<ErrorJson>().error).to.include({code: 'PMPC_PLUGIN_NOT_FOUND'})
        const stranger = await run(data, ['plugins', 'install', '@example/none', '--yes', '--json'], {env})
        expect(stranger.code).to.equal(1)
        expect(stranger.json<ErrorJson>().error).to.include({code: 'PMPC_PLUGIN_NOT_FOUND'})
      })

      it('offers the plugin of a command on a terminal, installs it and runs the command', async function () {
        skipFor(this, noPty())
        const {output, code} = await inPty(bin, ['sync', '--nonsense'], {
          cwd: home.folder,
          env: {...home.env, PMPC_DATA_DIR: path.join(home.folder, `${data}-asked`), PMPC_NPM_REGISTRY: registry.url},
          columns: 200,
          answers: [{when: 'Install it?', type: 'y\r'}],
        })
        expect(output).to.include('--nonsense')
        expect(code).to.equal(64)
      })
    }

    describe('with a registry', () => {
      withRegistry(() => tinyRegistry([tarballs.sync!, tarballs.simulator!]), 'tiny', undefined)
    })

    describe('with Verdaccio', () => {
      withRegistry(() => verdaccio(home, [tarballs.sync!, tarballs.simulator!]), 'verdaccio', noVerdaccio())
    })
  })
})

/** Starts the simulator of an installed plugin, reads its first line, and stops it. */
async function simulatorStarts(box: Sandbox, bin: string, data: string): Promise<void> {
  const child = spawn(bin, ['simulator', 'start', '--port', '0', '--json'], {
    cwd: box.folder,
    env: {...box.env, PMPC_DATA_DIR: data},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), exited])) as unknown[]
  expect(JSON.parse(String(line)))
    .to.include({ready: true})
    .and.to.have.keys('url', 'fingerprint', 'tokenId', 'tokenSecret', 'ready')
  child.kill('SIGTERM')
  await exited
}
