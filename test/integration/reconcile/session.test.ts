import {expect} from 'chai'
import {migration, Session} from '../../../src/kit/reconcile/index.js'
import {parseRef} from '../../../src/kit/resources/index.js'
import {migrateState} from '../../../src/kit/state/migrate.js'
import {writeState} from '../../../src/kit/state/write.js'
import {printAgreed, printOpen, requireWorkspace} from '../../../src/kit/workspace/index.js'
import type {OpenItem} from '../../../src/kit/workspace/index.js'
import {cleanUp, failure, TestRepository} from '../../support/git.js'
import {pmpcYaml} from '../../support/states.js'

describe('session', () => {
  const {add} = cleanUp()

  async function sessionOf(
    files: Record<string, string>,
  ): Promise<{test: TestRepository; session: () => Promise<Session>}> {
    const test = add(TestRepository.create({'pmpc.yaml': pmpcYaml, ...files}))
    const repository = await test.open()
    return {test, session: async () => Session.open(await requireWorkspace(test.root), repository)}
  }

  it('takes no object for unmanaged because its committed manifest cannot be read', async () => {
    const path = 'infra/home/vm/100.yaml'
    const {test, session} = await sessionOf({[path]: 'kind: vm\nid: 100\nconfig: [\n'})
    test.write(path, 'kind: vm\nid: 100\nconfig: {cores: 1}\n')
    const opened = await session()
    expect((await opened.work()).declared({cluster: 'home', kind: 'vm', id: 100})?.config).to.deep.equal({cores: 1})
    const error = await failure(() => opened.declared())
    expect(error.code).to.equal('PMPC_MANIFEST')
    expect(error.suggestions.join()).to.include(`git commit -- ${path}`)
  })

  it('brings attributes of Git that came since with the version of the state, once', async () => {
    const old = '# ours\n.pmpc/state/*.db diff=pmpc merge=pmpc -text\n'
    const current = await writeState({cluster: 'home', objects: []})
    const {bytes: before} = await migrateState(current, 3)
    const files = {'.gitattributes': old, '.pmpc/agreed.yaml': printAgreed([])}
    const linesIn = async (state: Uint8Array) => {
      const {test, session} = await sessionOf(files)
      test.write('.pmpc/state/home.db', state)
      test.git('add', '.pmpc')
      test.git('commit', '-qm', 'state')
      return (await migration(await session())).lines
    }
    expect(await linesIn(current)).to.deep.equal([])
    const [attributes] = await linesIn(before)
    expect(attributes!.path).to.equal('.gitattributes')
    const edited = attributes!.edit(old)
    expect(edited.startsWith(old)).to.equal(true)
    expect(edited).to.contain('\ninfra/**/*.yaml diff=pmpcyaml\n')
    expect(attributes!.edit(edited)).to.equal(edited)
  })

  describe('what is spliced into the working tree and taken back', () => {
    const path = 'infra/home/vm/100.yaml'
    const manifest = [
      'x-memory: &memory 4096',
      'x-net: &net {model: virtio, firewall: 1}',
      'kind: vm',
      'id: 100',
      'config:',
      '  cores: 0x2',
      '  memory: *memory # as all of them',
      '  net0:',
      '    <<: *net',
      '    bridge: vmbr0',
      "  onboot: '1'",
      '',
    ].join('\n')
    type Values = Record<string, number | undefined>
    const splice = async (test: TestRepository, opened: Session, values: Values): Promise<string> => {
      const edits = Object.entries(values).map(([key, value]) => ({
        do: 'set' as const,
        path: ['config', ...key.split('.')],
        value,
      }))
      const [head, work] = [await opened.declared(), await opened.work()]
      const {texts} = await work.splice([{ref: parseRef('home/vm/100'), edits}], {restoreFrom: head})
      test.write(path, texts.get(path)!)
      return texts.get(path)!
    }
    const offers = {cores: 3, memory: 8192, 'net0.firewall': 0, onboot: 0}
    const before = {cores: 2, memory: 4096, 'net0.firewall': 1, onboot: 1}

    it('is as it was written, alias, quotes and all', async () => {
      const {test, session} = await sessionOf({[path]: manifest})
      expect(await splice(test, await session(), offers))
        .to.include('memory: 8192 #')
        .and.to.include('firewall: 0\n')
      expect(await splice(test, await session(), before)).to.equal(manifest)
    })

    it('leaves the smallest difference while a part of it stays', async () => {
      const {test, session} = await sessionOf({[path]: manifest})
      await splice(test, await session(), offers)
      const {cores: _, ...others} = before
      expect(await splice(test, await session(), others)).to.equal(manifest.replace('0x2', '3'))
      expect(await splice(test, await session(), {cores: 2})).to.equal(manifest)
    })

    it('never costs people what they wrote beside it', async () => {
      const {test, session} = await sessionOf({[path]: manifest})
      const offered = await splice(test, await session(), offers)
      test.write(path, `${offered}  sockets: 2 # mine\n`)
      const back = await splice(test, await session(), before)
      expect(back)
        .to.match(/ {2}sockets: 2 # mine\n$/)
        .and.to.include('cores: 2\n')
    })
  })

  it('stands only while state, pairs and open items are in the working tree as they are committed', async () => {
    const own = {'.pmpc/agreed.yaml': printAgreed([]), '.pmpc/open.yaml': printOpen([])}
    const {test, session} = await sessionOf({'.pmpc/state/home.db': 'state\n', ...own})
    const files = async (items: OpenItem[] = []) => (await session()).ownFiles([], items)
    expect((await session()).stands('home', await files())).to.equal(true)
    const item = {ref: parseRef('home/vm/1'), base: null, offer: 'present', state: 'drift'} as const
    expect((await session()).stands('home', await files([item]))).to.equal(false)
    test.write('.pmpc/state/home.db', 'lost\n')
    expect((await session()).stands('home', await files())).to.equal(false)
  })

  it('fails before it writes when HEAD has moved since', async () => {
    const {test, session} = await sessionOf({})
    const opened = await session()
    test.commit({other: '1'})
    const before = test.picture()
    const change = {files: [{path: '.pmpc/open.yaml', content: Buffer.from('x')}], message: 'late', runHooks: false}
    expect((await failure(() => opened.write(change))).code).to.equal('PMPC_GIT_MOVED')
    expect(test.picture()).to.deep.equal(before)
  })
})
