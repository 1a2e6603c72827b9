import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, rmSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect} from 'chai'
import {attributeLines, type Program} from '../../../src/kit/git/index.js'
import {cleanUp, gitEnv, TestRepository} from '../../support/git.js'

// A stand-in for pmpc that shows a state by its bytes' text, and merges where one side did not change.
const program = `
const fs = require('node:fs')
const [, , , command, ...rest] = process.argv
if (process.env.PMPC_WORKSPACE) process.exit(9)
if (command === 'show') {
  const text = fs.readFileSync(rest[1], 'utf8')
  if (text.includes('BROKEN')) process.exit(70)
  process.stdout.write('shown ' + text.replace(/\\0/g, '') + '\\n')
} else {
  const [o, a, b, path] = rest
  const [base, ours, theirs] = [o, a, b].map((file) => fs.readFileSync(file, 'utf8'))
  if (path !== ".pmpc/state/it's home.db") process.exit(200)
  if (ours !== base && theirs !== base && ours.includes('CLASH')) process.exit(255)
  fs.writeFileSync(a, base + ours.replace(base, '') + theirs.replace(base, ''))
}
`
const db = ".pmpc/state/it's home.db"

describe('the drivers', () => {
  const made = cleanUp()

  function create(): TestRepository {
    const test = made.add(TestRepository.create({'.gitattributes': `${attributeLines.join('\n')}\n`, [db]: 'one\0'}))
    return test
  }

  /** A pmpc in a folder with blanks and quotes. */
  function install(): {path: string; program: Program} {
    const folder = made.add(new TestRepository())
    folder.write(`it's "my" $HOME/run.cjs`, program)
    folder.write(
      'bin/pmpc',
      `#!/bin/sh\nexec '${process.execPath}' '${folder.root}/'"it's \\"my\\" \\$HOME/run.cjs" "$@"\n`,
    )
    chmodSync(join(folder.root, 'bin/pmpc'), 0o755)
    return {
      path: join(folder.root, 'bin'),
      program: {node: process.execPath, script: join(folder.root, `it's "my" $HOME/run.cjs`)},
    }
  }

  /** A PATH with git and a shell, and no pmpc. */
  const bare = [
    ...new Set(
      ['git', 'sh'].map((name) => dirname(execFileSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'}).trim())),
    ),
  ].join(':')
  // npm puts the checkout's own pmpc on the PATH of its scripts.
  const surrounding = process.env.PATH
  before(() => (process.env.PATH = bare))
  after(() => (process.env.PATH = surrounding))

  const git = (
    test: TestRepository,
    path: string,
    ...args: string[]
  ): {status: number | null; stdout: string; stderr: string} =>
    spawnSync('git', args, {
      cwd: test.root,
      encoding: 'utf8',
      env: {...gitEnv, PATH: path, PMPC_WORKSPACE: '/nonexistent', NODE_OPTIONS: ''},
    })

  it('are absent, then there, then outdated', async () => {
    const test = create()
    const repository = await test.open()
    expect(await repository.driversInstalled()).to.equal('no')
    const {program: recorded} = install()
    await repository.installDrivers(recorded)
    expect(await repository.driversInstalled()).to.equal('yes')
    const config = test.git('config', '--list', '--local')
    await repository.installDrivers(recorded)
    expect(test.git('config', '--list', '--local')).to.equal(config)
    rmSync(recorded.script)
    expect(await (await test.open()).driversInstalled()).to.equal('outdated')
    test.git('config', 'diff.pmpc.textconv', 'pmpc state show')
    expect(await (await test.open()).driversInstalled()).to.equal('outdated')
    const {program: other} = install()
    await repository.installDrivers(other)
    expect(await repository.driversInstalled()).to.equal('yes')
  })

  const manifest = (tag: number, action: string, role: string) =>
    [
      ...['kind: vm', 'id: 100', 'config:', '  name: web01', '  net0:', '    model: virtio', '    bridge: vmbr0'],
      ...[
        '    firewall: 1',
        '    mtu: 1500',
        `    tag: ${tag}`,
        '  onboot: 1',
        '---',
        'kind: firewall',
        'id: guest/100',
      ],
      ...['config:', '  rules:', '    - {type: in, action: DROP}', '    - {type: in, action: DROP, dport: 1}'],
      ...[
        '    - {type: in, action: DROP, dport: 2}',
        `    - {type: in, action: ${action}, dport: 22}`,
        '---',
        'kind: acl',
      ],
      ...[
        'id: acl',
        'config:',
        '  "/a b":',
        '    a@pve: [A]',
        '    b@pve: [A]',
        '    c@pve: [A]',
        `    d@pve: [${role}]`,
        '',
      ],
    ].join('\n')

  it('name the key in which a hunk of a manifest is', async () => {
    const test = create()
    await (await test.open()).installDrivers(install().program)
    const path = 'infra/home/vm/100.yaml'
    test.commit({[path]: manifest(42, 'DROP', 'A'), 'infra/a.yml': manifest(42, 'DROP', 'A')})
    const hunks = () =>
      [...git(test, bare, 'diff', '-U1').stdout.matchAll(/^@@ .* @@ ?(.*)$/gm)].map(([, name]) => name)
    test.write(path, manifest(43, 'ACCEPT', 'B'))
    expect(hunks()).to.deep.equal(['  net0:', '  rules:', '  "/a b":'])
    test.write(path, manifest(42, 'DROP', 'A'))
    test.write('infra/a.yml', manifest(43, 'DROP', 'A'))
    expect(hunks()).to.deep.equal(['  net0:'])
    test.git('config', '--unset', 'diff.pmpcyaml.xfuncname')
    expect(hunks()).to.deep.equal(['config:'])
  })

  it('get the names of hunks where an older pmpc set them up, and nothing where none did', async () => {
    const test = create()
    const repository = await test.open()
    await repository.installHunkNames()
    expect(await repository.driversInstalled()).to.equal('no')
    expect(test.git('config', '--list', '--local')).not.to.contain('pmpcyaml')
    await repository.installDrivers(install().program)
    const config = test.git('config', '--list', '--local')
    test.git('config', '--unset', 'diff.pmpcyaml.xfuncname')
    const again = await test.open()
    expect(await again.driversInstalled()).to.equal('yes')
    await again.installHunkNames()
    expect(test.git('config', '--list', '--local').split('\n').sort()).to.deep.equal(config.split('\n').sort())
    test.git('config', 'diff.pmpcyaml.xfuncname', 'mine')
    await (await test.open()).installHunkNames()
    expect(test.git('config', 'diff.pmpcyaml.xfuncname').trim()).to.equal('mine')
  })

  for (const where of ['on the PATH', 'recorded']) {
    it(`find the pmpc ${where}`, async () => {
      const test = create()
      const {path, program: recorded} = install()
      const PATH = where === 'recorded' ? bare : `${path}:${bare}`
      await (await test.open()).installDrivers(where === 'recorded' ? recorded : {node: '/gone', script: '/gone'})
      test.commit({[db]: 'two\0'})
      expect(git(test, PATH, 'show').stdout).to.include('-shown one\n+shown two')
      expect(git(test, PATH, 'log', '-p').stdout).to.include('+shown one')
      test.write(db, 'three\0')
      expect(git(test, PATH, 'diff').stdout).to.include('-shown two\n+shown three')
      // Of a clean file git names the one in the working tree.
      test.git('checkout', '-q', '--', db)
      expect(git(test, PATH, 'diff', 'HEAD~1').stdout).to.include('+shown two')
    })

    it(`merge with the pmpc ${where}, and take a failure for a conflict`, async () => {
      for (const clash of [false, true]) {
        const test = create()
        const {path, program: recorded} = install()
        const PATH = where === 'recorded' ? bare : `${path}:${bare}`
        await (await test.open()).installDrivers(where === 'recorded' ? recorded : {node: '/gone', script: '/gone'})
        test.git('checkout', '-q', '-b', 'side')
        test.commit({[db]: 'one\0theirs\0'})
        test.git('checkout', '-q', 'main')
        test.commit({[db]: clash ? 'one\0CLASH\0' : 'one\0ours\0'})
        const merged = git(test, PATH, 'merge', '--no-edit', 'side')
        expect(merged.status, merged.stderr).to.equal(clash ? 1 : 0)
        expect(test.read(db)).to.equal(clash ? 'one\0CLASH\0' : 'one\0ours\0theirs\0')
        if (clash) expect(test.git('ls-files', '--unmerged')).to.include(db)
      }
    })
  }

  it('never stop Git where there is no pmpc: changes are shown as ids, merges are conflicts', async () => {
    const test = create()
    const repository = await test.open()
    const {program: recorded} = install()
    await repository.installDrivers(recorded)
    rmSync(recorded.script)
    const first = test.oid(`HEAD:${db}`)
    test.git('checkout', '-q', '-b', 'side')
    test.commit({[db]: 'theirs\0'})
    test.git('checkout', '-q', 'main')
    test.commit({[db]: 'ours\0'})
    for (const args of [['show'], ['log', '-p'], ['diff', 'HEAD~1'], ['blame', db]]) {
      const shown = git(test, bare, ...args)
      expect(shown.status, shown.stderr).to.equal(0)
      if (args[0] !== 'blame') expect(shown.stdout).to.include(`-${first}\n+${test.oid(`HEAD:${db}`)}`)
    }
    const merged = git(test, bare, 'merge', 'side')
    expect([merged.status, merged.stderr]).to.deep.equal([
      1,
      `pmpc is not installed: ${db} keeps our side; install it and run: pmpc sync\n`,
    ])
    expect(test.read(db)).to.equal('ours\0')
  })

  it('show ids where pmpc fails on a state', async () => {
    const test = create()
    const {path, program: recorded} = install()
    await (await test.open()).installDrivers(recorded)
    test.commit({[db]: 'BROKEN\0'})
    const shown = git(test, `${path}:${bare}`, 'show')
    expect(shown.status).to.equal(0)
    expect(shown.stdout)
      .to.include('-shown one\n')
      .and.include(`+${test.oid(`HEAD:${db}`)}`)
  })

  it('merge open items line by line', async () => {
    const test = create()
    test.commit({'.pmpc/open.yaml': 'b\n'})
    test.git('checkout', '-q', '-b', 'side')
    test.commit({'.pmpc/open.yaml': 'a\nb\n'})
    test.git('checkout', '-q', 'main')
    test.commit({'.pmpc/open.yaml': 'b\nc\n'})
    test.git('merge', '-q', '--no-edit', 'side')
    expect(test.read('.pmpc/open.yaml')).to.equal('a\nb\nc\n')
  })
})
