import {expect} from 'chai'
import {Session, viewOf, type View} from '../../../src/kit/reconcile/index.js'
import type {Manifests} from '../../../src/kit/reconcile/index.js'
import {parseRef, type Observed} from '../../../src/kit/resources/index.js'
import {fillIns, intentionOf, type Uncommitted} from '../../../src/kit/verbs/intention.js'
import {requireWorkspace} from '../../../src/kit/workspace/index.js'
import {cleanUp, failure, TestRepository} from '../../support/git.js'
import {pmpcYaml} from '../../support/states.js'

const path = 'infra/home/vm/100.yaml'
const manifest = [
  '# the web server',
  'kind: vm',
  'id: 100',
  'config:',
  '  name: web # as DNS has it',
  '  cores: 2',
  '  memory: 2048 # enough',
  '  net0: {model: virtio, bridge: vmbr0}',
  '',
].join('\n')

describe('what an apply commits of the manifests', () => {
  const {add} = cleanUp()

  interface Place {
    test: TestRepository
    session: Session
    view: View
    work: Manifests
  }

  async function opened(test: TestRepository): Promise<Place> {
    const repository = await test.open()
    const session = await Session.open(await requireWorkspace(test.root), repository)
    const [view, work] = [await viewOf(session), await session.work()]
    return {test, session, view, work}
  }

  const repositoryOf = (files: Record<string, string>) => add(TestRepository.create({'pmpc.yaml': pmpcYaml, ...files}))

  const wish = (object: string, ...fields: string[]): Uncommitted => ({
    ref: parseRef(`home/${object}`),
    ...(fields.length > 0 && {fields}),
  })

  /** Commits an intention, with the numbers that guests without one get in the order of their files. */
  async function commit(test: TestRepository, wishes: Uncommitted[], ids: number[] = []): Promise<boolean> {
    const {session, view, work} = await opened(test)
    const numbers = work.index.unmade.flatMap(({path: file, position}, at) =>
      ids[at] === undefined ? [] : [{path: file, position, id: ids[at]}],
    )
    const intention = await intentionOf(view, work, wishes, numbers)
    if (intention) await session.write({files: [], ...intention, message: 'intention\n', runHooks: true})
    return intention !== undefined
  }
  const inHead = (test: TestRepository, file = path) => test.git('show', `HEAD:${file}`)
  const uncommitted = (test: TestRepository, ...files: string[]) =>
    test
      .git('diff', 'HEAD', '-U0', '--', ...files)
      .split('\n')
      .filter((line) => /^[-+][^-+]/.test(line))

  describe('before: the intention', () => {
    it('is the wished field alone; all else that people edited stays uncommitted, and staged what they staged', async () => {
      const test = repositoryOf({[path]: manifest})
      test.write(path, manifest.replace('cores: 2', 'cores: 4'))
      test.git('add', path)
      const edited = manifest
        .replace('cores: 2', 'cores: 4')
        .replace('2048 # enough', '4096 # more')
        .replace('web #', 'www #')
      test.write(path, edited)
      expect(await commit(test, [wish('vm/100', 'config.memory')])).to.equal(true)
      expect(inHead(test)).to.equal(manifest.replace('2048', '4096'))
      expect(test.read(path)).to.equal(edited)
      expect(test.git('show', `:${path}`)).to.equal(manifest.replace('cores: 2', 'cores: 4').replace('2048', '4096'))
      expect(await commit(test, [wish('vm/100', 'config.memory')])).to.equal(false)
    })

    it('is a key as a whole where HEAD does not have it, a part where it does, and what was taken out', async () => {
      const test = repositoryOf({[path]: manifest})
      test.write(
        path,
        manifest.replace(/.*cores.*\n/, '').replace('vmbr0}', 'vmbr0, tag: 5}') +
          '  net1: {model: virtio, bridge: vmbr1}\n',
      )
      await commit(test, [wish('vm/100', 'config.cores', 'config.net0.tag', 'config.net1.bridge')])
      expect(uncommitted(test)).to.deep.equal([])
      expect(test.git('status', '--porcelain')).to.equal('')
    })

    it('is what stands beside the configuration, too', async () => {
      const test = repositoryOf({[path]: manifest})
      test.write(
        path,
        manifest.replace('config:', 'placement: {node: pve2, pinned: true}\npool: web\npower: stopped\nconfig:'),
      )
      await commit(test, [wish('vm/100', 'placement.node', 'pool', 'power')])
      const {view} = await opened(test)
      const {placement, pool, power} = view.head.declared(parseRef('home/vm/100'))!
      expect({placement, pool, power}).to.deep.equal({
        placement: {node: 'pve2', pinned: true},
        pool: 'web',
        power: 'stopped',
      })
    })

    it('is a new manifest as it is written, in a file of its own or with others that are not meant', async () => {
      const other = 'infra/home/vm/others.yaml'
      const [first, second] = [101, 102].map(
        (id) =>
          `# ${id}\nkind: vm\nid: ${id}\nplacement: {node: pve1}\nfrom: {clone: 9000, full: true}\nconfig: {cores: 1}\n`,
      )
      const test = repositoryOf({[path]: manifest})
      test.write(other, `${first}---\n${second}`)
      test.write('infra/home/vm/103.yaml', first!.replaceAll('101', '103'))
      await commit(test, [wish('vm/102'), wish('vm/103')])
      expect(inHead(test, other)).to.equal(second)
      expect(inHead(test, 'infra/home/vm/103.yaml')).to.equal(test.read('infra/home/vm/103.yaml'))
      expect(test.read(other)).to.equal(`${first}---\n${second}`)
      expect(test.git('status', '--porcelain').trim()).to.equal(`M ${other}`)
      await commit(test, [wish('vm/101')])
      const {view} = await opened(test)
      expect(view.head.index.problems).to.deep.equal([])
      expect([...view.head.index.documents.keys()].sort()).to.deep.equal(
        [100, 101, 102, 103].map((id) => `home/vm/${id}`),
      )
      expect(view.head.declared(parseRef('home/vm/101'))).to.deep.include({
        from: {clone: 9000, full: true},
        placement: {node: 'pve1'},
      })
    })

    it('is how a thing that HEAD declares and the cluster lacks is to be made', async () => {
      const made = `${manifest.replace('config:', 'from: {clone: 9000}\nplacement: {node: pve1}\nconfig:')}`
      const test = repositoryOf({[path]: made})
      test.write(
        path,
        made.replace('9000}', '9001, full: true}').replace('pve1', 'pve2').replace('cores: 2', 'cores: 3'),
      )
      await commit(test, [wish('vm/100')])
      expect(test.git('status', '--porcelain')).to.equal('')
    })

    it('is `absent: true` in the place of the manifest, whatever file that is in', async () => {
      const both = `${manifest}---\nkind: firewall\nid: guest/100\nconfig: {}\n`
      const absent = '# not needed any more\nkind: vm\nid: 100\nabsent: true\n'
      const test = repositoryOf({[path]: both})
      test.write(path, `${absent}---\nkind: firewall\nid: guest/100\nconfig: {options: {enable: 1}}\n`)
      const gone: Uncommitted = {...wish('vm/100'), absent: true}
      await commit(test, [gone])
      expect(inHead(test)).to.equal(both.replace(manifest, absent))
      expect(await commit(test, [gone])).to.equal(false)
      // In another file, and of what nothing was declared.
      test.write(path, both.replace(`${manifest}---\n`, ''))
      test.write('infra/home/gone.yaml', `${absent}---\nkind: vm\nid: 200\nabsent: true\n`)
      test.git('checkout', '-q', 'HEAD~1', '--', path)
      test.git('commit', '-qm', 'back')
      test.write(path, both.replace(`${manifest}---\n`, ''))
      await commit(test, [gone, {...wish('vm/200'), absent: true}])
      expect(inHead(test)).to.not.contain('kind: vm')
      expect(inHead(test, 'infra/home/gone.yaml')).to.equal(test.read('infra/home/gone.yaml'))
    })

    it('takes back what said that an object is to be absent', async () => {
      const test = repositoryOf({[path]: 'kind: vm\nid: 100\nabsent: true\n'})
      test.write(path, manifest)
      await commit(test, [wish('vm/100')])
      expect(inHead(test)).to.equal(manifest)
    })

    it('gives numbers to what says `id: next`, where it stands, in HEAD and in the working tree', async () => {
      const next = ['kind: vm', '"id": next # the lowest', 'config: {cores: 1} # little', ''].join('\n')
      const container = 'kind: container\nid: next\nconfig: {hostname: a}\n'
      const test = repositoryOf({'infra/home/new.yaml': `${next}---\n${manifest}`})
      test.write('infra/home/new.yaml', `# mine\n${next}---\n${manifest}---\n${container}`)
      await commit(test, [wish('vm/101'), wish('container/102')], [101, 102])
      const [head, here] = [inHead(test, 'infra/home/new.yaml'), test.read('infra/home/new.yaml')]
      const numbered = next.replace('next', '101')
      expect(head).to.equal(`${numbered}---\n${manifest}---\n${container.replace('next', '102')}`)
      expect(here).to.equal(`# mine\n${head}`)
      expect(uncommitted(test)).to.deep.equal(['+# mine'])
      // What is not meant keeps its place in the queue.
      test.write('infra/home/later.yaml', container)
      expect(await commit(test, [wish('vm/100', 'config.cores')], [103])).to.equal(false)
      expect(test.read('infra/home/later.yaml')).to.equal(container)
    })

    it('numbers what HEAD says otherwise by now with what it says here', async () => {
      const next = (cores: number) => `kind: vm\nid: next\nconfig:\n  cores: ${cores}\n`
      const test = repositoryOf({'infra/home/new.yaml': next(1)})
      test.write('infra/home/new.yaml', next(2))
      await commit(test, [wish('vm/101')], [101])
      expect(inHead(test, 'infra/home/new.yaml')).to.equal(next(2).replace('next', '101'))
      expect(test.git('status', '--porcelain')).to.equal('')
    })

    it('runs the hooks, and is refused where it cannot be without another wish', async () => {
      const test = repositoryOf({
        [path]: `x-m: &m 1\nkind: vm\nid: 100\nconfig: {cores: *m, sockets: *m}\n---\nkind: vm\nid: next\nconfig: {}\n`,
      })
      test.hook('pre-commit', 'exit 1')
      test.write(path, test.read(path).replace('cores: *m', 'cores: 3'))
      expect((await failure(async () => commit(test, [wish('vm/100', 'config.cores')]))).code).to.equal(
        'PMPC_HOOK_FAILED',
      )
      test.hook('pre-commit', 'exit 0')
      await commit(test, [wish('vm/100', 'config.cores')])
      expect(test.git('status', '--porcelain')).to.equal('')
      test.git('mv', path, 'infra/home/vm/web.yaml')
      test.write('infra/home/vm/web.yaml', test.read('infra/home/vm/web.yaml').replace('cores: 3', 'cores: 4'))
      const {code, suggestions} = await failure(async () => commit(test, [wish('vm/100', 'config.cores')]))
      expect([code, suggestions[0]]).to.deep.equal([
        'PMPC_MANIFEST_MOVED',
        'git commit -m "Move manifests"   # commits what is staged; then run the command again',
      ])
    })
  })

  describe('after: what Proxmox VE made up', () => {
    const wished = manifest.replace('  net0', '  scsi1: local-zfs:8 # data\n  net0')
    const observed: Observed = {
      ...{kind: 'vm', id: 100, facts: {node: 'pve1'}},
      config: {
        ...{name: 'web', cores: 2, memory: 2048, boot: {order: 'scsi1'}},
        net0: {model: 'virtio', bridge: 'vmbr0', macaddr: 'BC:24:11:00:00:01'},
        scsi1: {file: 'local-zfs:vm-100-disk-0', size: '8G'},
      },
    }
    const fill = async (test: TestRepository, changes: Partial<Parameters<typeof fillIns>[2]> = {}) => {
      const {session, view, work} = await opened(test)
      const read = [{ref: parseRef('home/vm/100'), observed, fields: ['config.scsi1.file']}]
      const filled = fillIns(view, work, {read, gone: [], ...changes})
      await session.write({
        files: [],
        head: await view.head.splice(filled.head),
        work: await work.splice(filled.work, {restoreFrom: view.head}),
        message: 'observation\n',
        runHooks: false,
      })
      return filled
    }

    it('is written where the manifest left it open and the run wished anything', async () => {
      const test = repositoryOf({[path]: wished})
      const filled = await fill(test)
      expect(uncommitted(test)).to.deep.equal([])
      expect(
        test
          .git('diff', 'HEAD~1', '-U0')
          .split('\n')
          .filter((line) => /^[-+] /.test(line)),
      ).to.deep.equal(['-  scsi1: local-zfs:8 # data', '+  scsi1: local-zfs:vm-100-disk-0,size=8G # data'])
      const [first] = [filled.view.head, filled.manifests].map((side) => side.declared(parseRef('home/vm/100')))
      expect(first!.config.scsi1).to.deep.equal(observed.config.scsi1)
    })

    it('is theirs in the working tree where people changed it meanwhile, and the rest is filled in', async () => {
      const test = repositoryOf({[path]: wished})
      test.write(path, wished.replace('local-zfs:8', 'local-zfs:16').replace('cores: 2', 'cores: 4'))
      await fill(test)
      expect(inHead(test)).to.contain('vm-100-disk-0')
      expect(uncommitted(test)).to.deep.equal([
        '-  cores: 2',
        '+  cores: 4',
        '-  scsi1: local-zfs:vm-100-disk-0,size=8G # data',
        '+  scsi1: local-zfs:16 # data',
      ])
    })

    it('is nothing where what is there is not what was wished', async () => {
      const test = repositoryOf({[path]: wished.replace('local-zfs:8', 'local-zfs:9')})
      await fill(test)
      expect(inHead(test)).to.contain('local-zfs:9 #')
    })

    it('takes away what said that a guest is to go, and its parts, but what people changed', async () => {
      const absent = 'kind: vm\nid: 100\nabsent: true\n'
      const firewall = 'kind: firewall\nid: guest/100\nconfig: {}\n'
      const other = 'infra/home/firewall/guest/100.yaml'
      const test = repositoryOf({
        [path]: absent,
        [other]: firewall,
        'infra/home/vm/1.yaml': 'kind: vm\nid: 101\nabsent: true\n',
      })
      await fill(test, {read: [], gone: [parseRef('home/vm/100')]})
      expect(test.git('ls-files', 'infra').trim()).to.equal('infra/home/vm/1.yaml')
      expect([path, other].map((file) => test.has(file))).to.deep.equal([false, false])
      test.write('infra/home/vm/1.yaml', manifest.replace('100', '101'))
      await fill(test, {read: [], gone: [parseRef('home/vm/101')]})
      expect(test.read('infra/home/vm/1.yaml')).to.contain('cores: 2')
      expect(test.git('ls-tree', '-r', '--name-only', 'HEAD', 'infra')).to.equal('')
    })
  })
})
