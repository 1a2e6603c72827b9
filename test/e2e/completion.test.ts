import {expect} from 'chai'
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {shells} from '../../src/kit/completion/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {sandbox, type Sandbox} from '../support/pmpc.js'
import {assertSchema} from '../support/schemas.js'
import {noShell, typeInto} from '../support/shells.js'
import {someState, someVm, stateWorkspace} from '../support/states.js'
import {skipFor} from '../support/skip.js'

/** A list as the shells find it: by the path of the workspace. */
function listed(box: Sandbox, root: string, name: string): string[] | undefined {
  const file = path.join(box.env.PMPC_CACHE_DIR!, 'completion/workspaces', root, '.lists.1', name)
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : undefined
}

describe('pmpc completion', () => {
  let box: Sandbox
  before(() => {
    box = sandbox()
  })
  after(() => box.remove())

  for (const shell of shells)
    it(`prints the script of ${shell} without a workspace, and says the same as JSON`, async () => {
      const {code, stdout, stderr} = await box.pmpc(['completion', shell])
      expect({code, stderr}).to.deep.equal({code: 0, stderr: ''})
      expect(stdout).to.include('neither node nor git').and.not.include('{{')
      const result = await box.pmpc(['completion', shell, '--json'])
      assertSchema('completion', result.json())
      expect(result.json<{script: string}>().script).to.equal(stdout)
    })

  it('prints it where nothing can be kept', async () => {
    const env = {PMPC_CACHE_DIR: '/dev/null/nowhere'}
    const {code, stdout} = await box.pmpc(['completion', 'bash'], {env})
    expect({code, isScript: stdout.includes('complete -F _pmpc pmpc')}).to.deep.equal({code: 0, isScript: true})
  })

  it('takes no other shell, and needs one', async () => {
    for (const args of [['completion'], ['completion', 'csh']]) {
      const {code, stderr} = await box.pmpc(args)
      expect(code).to.equal(64)
      expect(stderr).to.include('Try:')
    }
  })

  it('knows the commands of plugins that are not installed, and keeps them for scripts that were made before', async () => {
    const {stdout} = await box.pmpc(['completion', 'fish'], {env: {PMPC_BARE: '1'}})
    for (const words of ['command\tsync\t', 'command\tsimulator start\t']) expect(stdout).to.include(words)
    const kept = readFileSync(path.join(box.env.PMPC_CACHE_DIR!, 'completion/commands.1'), 'utf8')
    expect(kept).to.include('command\tsync\t').and.include('arg\topen\n')
  })
})

describe('the commands of a plugin', () => {
  let box: Sandbox
  before(() => {
    box = sandbox()
  })
  after(() => box.remove())

  it('are known to the shells once it is there, and no more when it is gone', async () => {
    const folder = path.join(box.folder, 'dns')
    mkdirSync(folder)
    const commands = {dns: {id: 'dns', summary: 'Look names up.', args: {object: {name: 'object'}}, flags: {}}}
    const oclif = {bin: 'pmpc', commands: {strategy: 'explicit', target: './index.cjs', identifier: 'COMMANDS'}}
    const plugin = {name: '@example/pmpc-plugin-dns', version: '1.0.0', main: './index.cjs', oclif}
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(plugin))
    writeFileSync(path.join(folder, 'oclif.manifest.json'), JSON.stringify({commands, version: '1.0.0'}))
    writeFileSync(path.join(folder, 'index.cjs'), 'exports.COMMANDS = {dns: class { static run() {} }}\n')
    const kept = () => readFileSync(path.join(box.env.PMPC_CACHE_DIR!, 'completion/commands.1'), 'utf8')

    const linked = await box.pmpc(['plugins', 'link', folder])
    expect(linked.code, linked.stderr).to.equal(0)
    expect(kept())
      .to.include('command\tdns\tLook names up.\narg\tobject\n')
      .and.include('plugin\t@example/pmpc-plugin-dns\n')
    expect((await box.pmpc(['plugins', 'uninstall', '@example/pmpc-plugin-dns'])).code).to.equal(0)
    expect(kept())
      .to.include('command\tsync\t')
      .and.not.match(/pmpc-plugin-dns|\tdns\t/)
  })
})

describe('what the shells offer of a workspace', function () {
  this.timeout(60_000)
  let lab: Lab
  let clone: Clone
  const guest = '/nodes/pve1/qemu/9000'
  const list = (name: string) => listed(lab.box, clone.root, name)

  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    await lab.set(guest, {memory: 2048})
    clone = await lab.agreed('ws')
  })
  after(async () => lab.stop())

  it('are the clusters after init', async () => {
    const made = await lab.init('fresh')
    expect(made.code, made.stderr).to.equal(0)
    expect(listed(lab.box, path.join(lab.box.folder, 'fresh'), 'clusters')).to.deep.equal(['home'])
  })

  it('are the objects after a sync', async () => {
    const objects = list('home.objects')!
    const guests = (await clone.must('get', 'guests', '--json')).json<{kind: string; id: number; name?: string}[]>()
    expect(guests.length).to.be.greaterThan(2)
    for (const {kind, id, name} of guests)
      expect(objects).to.include([kind, id, ...(name === undefined ? [] : [name])].join('\t'))
    expect(objects).to.include('node\tpve1').and.include('status\trunning')
  })

  it('are what is open, until it is decided', async () => {
    expect(list('home.open')).to.deep.equal([])
    await lab.set(guest, {memory: 4096, cores: 3})
    await clone.must('sync')
    const open = (...fields: string[]) =>
      ['', ...fields.map((field) => `:${field}`)].map((end) => `vm/9000${end}\tdrift`)
    expect(list('home.open')).to.deep.equal(open('config.cores', 'config.memory'))
    await clone.must('accept', 'vm/9000:config.memory')
    expect(list('home.open')).to.deep.equal(open('config.cores'))
    await clone.must('reject', 'vm/9000')
    expect(list('home.open')).to.deep.equal([])
  })

  it('stay as they are under --dry-run, and come back where somebody cleared the cache', async () => {
    rmSync(path.join(lab.box.env.PMPC_CACHE_DIR!, 'completion'), {recursive: true})
    await clone.must('sync', '--dry-run')
    expect(list('home.objects')).to.equal(undefined)
    await clone.must('sync')
    expect(list('home.objects')).to.include('node\tpve1')
  })

  it('are those of a clone once it is set up, and after a pull those of the next status', async () => {
    const other = await lab.clone('ws.git', 'other')
    const inOther = (name: string) => listed(lab.box, other.root, name)
    expect(inOther('home.objects')).to.include('node\tpve1')
    await lab.set(guest, {memory: 1024, name: 'renamed'})
    await clone.must('sync')
    await clone.git('push', '-q')
    await other.git('pull', '-q')
    await other.must('status')
    expect(inOther('home.objects')).to.include('vm\t9000\trenamed')
    expect(inOther('home.open')).to.include('vm/9000:config.memory\tdrift')
  })

  it('does not keep pmpc from its work where the cache cannot be written', async () => {
    const {code} = await clone.pmpc(['sync'], {env: {PMPC_CACHE_DIR: '/dev/null/nowhere'}})
    expect(code).to.equal(0)
  })
})

for (const shell of shells)
  describe(`TAB in ${shell}, in a workspace whose history somebody else wrote`, function () {
    this.timeout(60_000)
    let box: Sandbox
    before(function () {
      skipFor(this, noShell(shell))
      box = sandbox()
    })
    after(() => box?.remove())

    it('offers what can be typed, and runs nothing of it', async () => {
      const {root} = await stateWorkspace(box).then(async (workspace) => {
        const names = [
          '$(touch pwned)',
          '`touch pwned`',
          'bell\u0007',
          'title\u001b]0;x\u0007',
          'new\nline',
          '-x',
          'plain',
        ]
        const guests = names.map((name, at) => someVm(300 + at, {name, tags: [name]}))
        await workspace.sync('r1', someState(...guests))
        return workspace
      })
      // Lists that come with a clone are read by nobody.
      const planted = path.join(root, '.pmpc/local/complete')
      mkdirSync(planted, {recursive: true})
      writeFileSync(path.join(planted, 'objects'), 'vm\t1\tplanted\n')
      expect((await box.pmpc(['status'], {cwd: root})).code).to.equal(0)
      const {stdout: script} = await box.pmpc(['completion', shell])
      const typed = [
        'pmpc describe vm 30<ALL>',
        'pmpc get vms --name pl<TAB>',
        'pmpc get vms --tag <LIST>',
        'pmpc get vms --name <LIST>',
      ]
      const {lines, shown} = await typeInto(shell, script, {box, cwd: root, typed})
      expect(lines[0]!.trimEnd()).to.equal('pmpc describe vm 300 301 302 303 304 305 306')
      expect(lines[1]).to.equal('pmpc get vms --name plain ')
      expect(shown)
        .to.include('touch')
        .and.not.match(/planted|bell|title|new/)
      expect(existsSync(path.join(root, 'pwned'))).to.equal(false)
    })
  })
