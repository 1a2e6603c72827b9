import {expect} from 'chai'
import {existsSync} from 'node:fs'
import type {EditResult} from '../../src/kit/verbs/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {bin} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {assertSchema} from '../support/schemas.js'
import {skipFor} from '../support/skip.js'

const file = 'infra/home/vm/103.yaml'

describe('pmpc edit', function () {
  this.timeout(120_000)
  let lab: Lab
  let clone: Clone
  beforeEach(async () => {
    lab = await Lab.start({seed: 'homelab'})
    clone = await lab.agreed()
  })
  afterEach(async () => lab.stop())

  /** An editor that does what a line of sed says. */
  const sed = (script: string) => ({EDITOR: `sed -i -e '${script}'`, VISUAL: undefined})
  const edit = async (script: string, ...args: string[]) => {
    const result = await clone.pmpc(['edit', ...args, '--json'], {env: sed(script)})
    expect(result.code, result.stdout + result.stderr).to.equal(0)
    assertSchema('edit', result.json())
    return {...result.json<EditResult>(), stderr: result.stderr}
  }

  it('commits what has become of the document, comments and all, and nothing else', async () => {
    clone.edit('infra/home/vm/102.yaml', /cores: \d+/, 'cores: 3')
    const {changed, commit} = await edit('s/memory: 512/memory: 768   # enough/', 'router-lab')
    expect(changed).to.deep.equal([{object: 'home/vm/103', file, fields: ['config.memory']}])
    expect(commit).to.equal(await clone.head())
    expect(await clone.git('show', '--format=%s', '--name-only')).to.equal(`edit(home): home/vm/103\n\n${file}`)
    expect(clone.read(file)).to.include('memory: 768   # enough')
    expect((await clone.diff()).length).to.equal(2)
    expect(existsSync(`${clone.root}/.pmpc/local/edit/home/vm/103.yaml`)).to.equal(false)
    // Only its form changes: that is committed, too, and no wish.
    const {changed: form} = await edit('1s/^/# Jo knows\\n/', 'vm/103')
    expect(form[0]!.fields).to.deep.equal([])
    expect(await clone.git('show', `HEAD:${file}`)).to.match(/^# Jo knows\nkind: vm/)
  })

  it('shows the document of the object alone, where a file has several', async () => {
    const [one, other] = [102, 103].map((id) => clone.read(`infra/home/vm/${id}.yaml`))
    clone.write('infra/home/vm/102.yaml', `${one}---\n${other}`)
    clone.remove(file)
    await clone.git('add', '-A', 'infra')
    await clone.git('commit', '-qm', 'Together')
    const both = 'infra/home/vm/102.yaml'
    const {changed} = await edit('s/^  cores:.*/  cores: 7/', 'vm/103')
    expect(changed).to.deep.equal([{object: 'home/vm/103', file: both, fields: ['config.cores']}])
    expect(clone.read(both)).to.equal(`${one}---\n${other!.replace(/^ {2}cores:.*$/m, '  cores: 7')}`)
    expect(await clone.git('status', '--porcelain')).to.equal('')
  })

  it('changes nothing where the text stays as it was, is empty, or the editor fails', async () => {
    const before = await clone.picture()
    expect(await edit('s/nothing of this/x/', 'vm/103')).to.include({commit: null})
    const fails = async (code: string, env: Record<string, string | undefined>) => {
      const error = await clone.fails(['edit', 'vm/103'], {env})
      expect(error.code, error.message).to.equal(code)
      expect(await clone.picture()).to.deep.equal(before)
      return error
    }
    await fails('PMPC_NOT_CONFIRMED', sed('d'))
    await fails('PMPC_EDITOR_FAILED', {EDITOR: 'false', VISUAL: undefined})
    const missing = await fails('PMPC_NO_EDITOR', {EDITOR: undefined, VISUAL: undefined})
    expect([missing.exitCode, missing.suggestions[0]]).to.deep.equal([
      64,
      'export EDITOR=nano   # or vi, or "code --wait"',
    ])
    await fails('PMPC_NO_EDITOR', {EDITOR: 'no-such-editor-here', VISUAL: undefined})
  })

  it('keeps a text aside that cannot be taken, and says where', async () => {
    const before = await clone.picture()
    const kept = `${clone.root}/.pmpc/local/edit/home/vm/103.yaml`
    const refused = async (code: string, message: RegExp, script: string) => {
      const error = await clone.fails(['edit', 'vm/103'], {env: sed(script)})
      expect(error.code, error.message).to.equal(code)
      expect(error.message).to.match(message)
      expect(error.data?.text).to.equal(kept)
      expect(error.suggestions.at(-1)).to.match(/^less .*\.pmpc\/local\/edit\/home\/vm\/103\.yaml/)
      expect(await clone.picture()).to.deep.equal(before)
    }
    await refused('PMPC_MANIFEST_SYNTAX', /^nothing was changed.*\n {2}\d+:\d+: /, 's/^  memory: .*/ memory: [/')
    expect(clone.read('.pmpc/local/edit/home/vm/103.yaml')).to.include(' memory: [')
    await refused('PMPC_MANIFEST_SYNTAX', /one document of home\/vm\/103/, 's/^id: 103/id: 104/')
    await refused('PMPC_MANIFEST_SYNTAX', /key memory is not known here/, '$s/$/\\nmemory: 5/')
    await refused('PMPC_MANIFEST_INVALID', /vmbr9/, 's/bridge: vmbr0/bridge: vmbr9/')
  })

  it('commits of a document with other edits the fields alone, and not what a sync offered', async () => {
    await lab.set('/nodes/pve/qemu/103', {cores: 3})
    await clone.sync()
    const offered = await clone.diff()
    clone.edit(file, 'memory: 512', 'memory: 640')
    const {changed, commit, stderr} = await edit('s/^  name: .*/  name: lab/', 'vm/103')
    expect(changed[0]!.fields).to.deep.equal(['config.name'])
    const lines = (await clone.git('show', '--format=', '-U0', commit!))
      .split('\n')
      .filter((line) => /^[+-] /.test(line))
    expect(lines).to.deep.equal(['-  name: router-lab', '+  name: lab'])
    expect((await clone.diff()).sort()).to.deep.equal([...offered, '-  memory: 512', '+  memory: 640'].sort())
    expect(stderr).to.include('has other edits that are not committed')
  })

  it('refuses what is changed meanwhile, unmanaged or not committed', async () => {
    const script = `${clone.root}/.git/editor.sh`
    clone.write(
      '.git/editor.sh',
      `sed -i 's/memory: 512/memory: 600/' '${clone.root}/${file}'\nsed -i 's/cores: 1/cores: 2/' "$1"\n`,
    )
    const meanwhile = await clone.fails(['edit', 'vm/103'], {env: {EDITOR: `sh ${script}`, VISUAL: undefined}})
    expect([meanwhile.code, meanwhile.exitCode]).to.deep.equal(['PMPC_CHANGED_MEANWHILE', 75])
    await clone.git('checkout', '-q', '--', '.')
    expect((await clone.fails(['edit', 'node/pve2'], {env: sed('')})).code).to.equal('PMPC_NOT_FOUND')
    clone.write('infra/home/vm/110.yaml', 'kind: vm\nid: 110\nconfig:\n  memory: 512\n')
    expect((await clone.fails(['edit', 'vm/110'], {env: sed('s/512/640/')})).code).to.equal('PMPC_MANIFEST_UNCOMMITTED')
    await edit('s/512/640/', 'vm/110', '--no-commit')
    expect(clone.read('infra/home/vm/110.yaml')).to.include('memory: 640')
  })

  it('goes on with the apply, and destroys nothing', async () => {
    const {applied, commit} = await edit('s/memory: 512/memory: 768/', 'vm/103', '--apply')
    expect(applied).to.include({intention: commit})
    expect(String(lab.simulator.simulation.state.guests[103]!.config.memory)).to.equal('768')
    const error = await clone.fails(['edit', 'vm/103', '--apply'], {env: sed('3,$d;2s/$/\\nabsent: true/')})
    expect([error.code, error.suggestions[0]]).to.deep.equal(['PMPC_USAGE', 'pmpc destroy home/vm/103'])
    expect(await clone.git('status', '--porcelain')).to.equal('')
  })

  it('offers at a terminal to edit again what cannot be taken', async function () {
    skipFor(this, noPty())
    // Wrong at first, right with the second time.
    clone.write(
      '.git/editor.sh',
      [
        'if grep -q "oops" "$1"; then sed -i "/oops/d;s/memory: 512/memory: 700/" "$1"',
        'else echo "oops: [" >> "$1"; fi',
      ].join('\n'),
    )
    const {output, code} = await inPty(process.execPath, [bin, 'edit', 'vm/103'], {
      cwd: clone.root,
      env: {...lab.box.env, EDITOR: `sh ${clone.root}/.git/editor.sh`},
      answers: [{when: /Edit it again\?/, type: 'y\r'}],
    })
    expect(code, output).to.equal(0)
    expect(output).to.include('cannot be read like that').and.to.include('Committed in')
    expect(clone.read(file)).to.include('memory: 700')
    expect(await clone.git('status', '--porcelain')).to.equal('')
  })
})
