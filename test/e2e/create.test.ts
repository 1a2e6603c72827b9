import {expect} from 'chai'
import type {ActResult, CreateResult, SetResult} from '../../src/kit/verbs/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {bin} from '../support/pmpc.js'
import {inPty, noPty} from '../support/pty.js'
import {assertSchema} from '../support/schemas.js'
import {skipFor} from '../support/skip.js'

const template = 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst'
const iso = 'local:iso/debian-12.9.0-amd64-netinst.iso'

interface Guest {
  node: string
  running: boolean
  config: Record<string, string>
}

describe('pmpc create', function () {
  this.timeout(180_000)
  let lab: Lab
  let clone: Clone
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.agreed()
  })
  afterEach(async () => lab.stop())

  const create = async (...args: string[]) => {
    const result = await clone.pmpc(['create', ...args, '--json'])
    expect(result.code, result.stdout + result.stderr).to.equal(0)
    assertSchema('create', result.json())
    return {...result.json<CreateResult>(), stderr: result.stderr}
  }
  const guest = (id: number) => lab.simulator.simulation.state.guests[id] as unknown as Guest
  const applied = async (id: number) => {
    await clone.must('apply', '--json', '--yes')
    expect(await clone.git('status', '--porcelain')).to.equal('')
    expect(await clone.open()).to.deep.equal([])
    return guest(id)
  }

  it('commits the manifest of a VM, which plans clean and is made as it says', async () => {
    clone.edit('infra/home/vm/100.yaml', /^ {2}name: .*$/m, '  name: web01   # edited')
    const {object, file, commit} = await create(
      'vm',
      'db02',
      '--node',
      'pve2',
      '--storage',
      'ceph',
      'memory=4096',
      'net0.tag=7',
      'net0.bridge=vmbr0',
    )
    expect([object, file, commit]).to.deep.equal(['home/vm/103', 'infra/home/vm/103.yaml', await clone.head()])
    expect(clone.read(file).split('\n')).to.include.members([
      ...['kind: vm', 'id: 103', '  node: pve2', '  name: db02', '  cores: 1', '  memory: 4096', '  ostype: l26'],
      ...['    bridge: vmbr0', '    tag: 7', '    file: ceph:32', '  scsihw: virtio-scsi-single'],
    ])
    expect(await clone.git('show', '--format=%s', '--name-only', 'HEAD')).to.equal(
      `create(home): home/vm/103 db02\n\n${file}`,
    )
    // What was edited beside it is neither in the commit nor gone.
    expect((await clone.diff()).length).to.equal(2)
    await clone.git('checkout', '-q', '--', '.')
    expect((await clone.must('validate')).stdout).to.include('all is well')
    expect(await applied(103)).to.include({node: 'pve2'})
    expect(guest(103).config).to.include({name: 'db02', memory: '4096'})
    expect(guest(103).config.net0).to.match(/bridge=vmbr0,tag=7$/)
    // What is typed next is a wish: nobody else has changed what was made a moment ago.
    const next = await clone.pmpc(['set', 'vm/103', 'cores=3', 'scsi0.size=40G', 'power=running', '--apply', '--json'])
    expect(next.json<SetResult>().applied).to.deep.include({undecided: [], failed: []})
    expect(guest(103)).to.include({running: true})
    expect(guest(103).config).to.include({cores: 3})
  })

  it('gives the lowest id that neither HEAD, nor working tree, nor the state has', async () => {
    const like = ['--from', 'debian-12-cloud', '--no-commit'] as const
    expect((await create('vm', 'a', ...like)).object).to.equal('home/vm/103')
    expect(
      (
        await create(
          'ct',
          'b',
          '--from',
          template,
          '--node',
          'pve1',
          '--storage',
          'ceph',
          'net0.bridge=vmbr0',
          '--no-commit',
        )
      ).object,
    ).to.equal('home/container/104')
    clone.write('infra/home/vm/105.yaml', 'kind: vm\nid: 105\nabsent: true\n')
    expect((await create('vm', 'c', ...like)).object).to.equal('home/vm/106')
    // In HEAD, and no more in the working tree.
    await clone.git('add', 'infra/home/vm/106.yaml')
    await clone.git('commit', '-qm', 'c')
    clone.remove('infra/home/vm/106.yaml')
    expect((await create('vm', 'd', ...like)).object).to.equal('home/vm/107')
    const {code, exitCode, suggestions} = await clone.fails(['create', 'vm', 'e', ...like, '--id', '100'])
    expect([code, exitCode, suggestions[0]]).to.deep.equal(['PMPC_EXISTS', 1, 'pmpc create vm … --id 108'])
    expect((await create('vm', 'e', ...like, '--id', '5000')).object).to.equal('home/vm/5000')
  })

  it("two clones that take the same id get Git's add/add conflict", async () => {
    const other = await lab.clone(`${clone.root}.git`, 'other')
    await create('vm', 'mine', '--from', '9000')
    await clone.git('push', '-q')
    expect(
      (await other.must('create', 'vm', 'theirs', '--from', '9000', '--json')).json<CreateResult>().object,
    ).to.equal('home/vm/103')
    const pulled = await other.tryGit('pull', '-q', '--no-rebase')
    expect(pulled.stdout + pulled.stderr).to.include('CONFLICT (add/add): Merge conflict in infra/home/vm/103.yaml')
  })

  it('clones a template: its configuration is the new one, but for what is typed', async () => {
    const {file} = await create('vm', 'web09', '--from', 'debian-12-cloud', 'memory=3072', 'net0.tag=9', 'tags=web')
    expect(clone.read(file)).to.match(/^from:\n {2}clone: 9000$/m)
    await applied(103)
    expect(guest(103).config).to.include({name: 'web09', memory: '3072', tags: 'web'})
    expect(guest(103).config.net0).to.match(/tag=9/)
    const full = await create('vm', 'web10', '--from', '9000', '--storage', 'ceph', 'scsi0.size=40G')
    expect(clone.read(full.file)).to.match(/^ {2}full: true\n {2}storage: ceph$/m)
    await applied(104)
    expect(guest(104).config.scsi0).to.match(/^ceph:vm-104-disk-0,.*size=40G/)
  })

  it('makes containers of templates, VMs of media and images, and both of backups', async () => {
    const where = ['--node', 'pve1', '--storage', 'ceph', 'net0.bridge=vmbr0'] as const
    await create('ct', 'dns9', '--from', template, ...where, 'cores=2')
    await applied(103)
    expect(guest(103).config).to.include({hostname: 'dns9', cores: 2, unprivileged: 1})
    expect(guest(103).config.rootfs).to.match(/^ceph:/)
    await create('vm', 'fresh', '--from', iso, ...where, '--size', '8')
    await applied(104)
    expect(guest(104).config.ide2).to.match(/^local:iso\/.*media=cdrom/)
    expect(guest(104).config.scsi0).to.match(/^ceph:.*size=8G/)
    const backup = 'backup:backup/vzdump-qemu-100-2026_11_01-02_00_03.vma.zst'
    const {file} = await create('vm', 'restored', '--from', backup, '--node', 'pve1', '--storage', 'ceph')
    expect(clone.read(file)).to.include(`  archive: ${backup}`)
    for (const [type, from] of [
      ['vm', template],
      ['ct', iso],
      ['ct', backup],
      ['ct', '9000'],
    ] as const)
      expect((await clone.fails(['create', type, 'x', '--from', from, ...where])).code, from).to.equal('PMPC_USAGE')
  })

  it('says where nobody can be asked what lacks, and what there is', async () => {
    const before = await clone.picture()
    const lacks = async (flag: string, message: string, ...args: string[]) => {
      const error = await clone.fails(['create', ...args])
      expect([error.code, error.exitCode, error.data?.flag], error.message).to.deep.equal([
        'PMPC_FLAG_REQUIRED',
        64,
        flag,
      ])
      expect(error.message).to.include(message)
    }
    await lacks('NAME', 'Name', 'vm')
    await lacks('--node', 'Node (pve1, pve2, pve3)', 'vm', 'x')
    await lacks('--storage', 'Storage of scsi0 (ceph, fast, local-zfs)', 'vm', 'x', '--node', 'pve1')
    await lacks('--storage', 'Storage of scsi0 (ceph, local-zfs)', 'vm', 'x', '--node', 'pve3')
    await lacks('--from STORAGE:vztmpl/…', 'Made of', 'ct', 'x', '--node', 'pve1')
    expect(await clone.picture()).to.deep.equal(before)
  })

  it('tells what a plan would refuse, and writes nothing then; --no-commit writes and asks no cluster', async () => {
    const before = await clone.picture()
    const refused = async (code: string, message: RegExp, ...args: string[]) => {
      const error = await clone.fails(['create', 'vm', 'x', '--node', 'pve3', '--storage', 'ceph', ...args])
      expect(error.code, error.message).to.equal(code)
      expect(error.message).to.match(message)
      expect(await clone.picture()).to.deep.equal(before)
    }
    await refused('PMPC_PLAN_REFUSED', /no bridge or virtual network vmbr99/, 'net0.bridge=vmbr99')
    await refused('PMPC_PLAN_REFUSED', /nope\.iso/, '--from', 'local:iso/nope.iso', 'net0.bridge=vmbr0')
    await refused('PMPC_BAD_VALUE', /sockets: value must have a minimum/, 'sockets=0', 'net0.bridge=vmbr0')
    await refused('PMPC_UNKNOWN_FIELD', /did you mean memory\?/, 'memroy=1', 'net0.bridge=vmbr0')
    await refused(
      'PMPC_NO_SECRET',
      /^cipassword is a secret(?!.*hunter)/,
      'cipassword=hunter2hunter2',
      'net0.bridge=vmbr0',
    )
    await refused('PMPC_NOT_FOUND', /No debian-13 was seen/, '--from', 'debian-13')
    // A guest that somebody made since has the id.
    await lab.api('POST', '/nodes/pve1/qemu', {vmid: 103, name: 'fast', memory: 512})
    await refused(
      'PMPC_PLAN_REFUSED',
      /home\/vm\/103 could not be made:\n {2}the id 103 was taken since the last sync$/,
      'net0.bridge=vmbr0',
    )
    const where = ['--node', 'pve3', '--storage', 'ceph', 'net0.bridge=vmbr0'] as const
    const {commit} = await create('vm', 'x', ...where, '--from', 'local:iso/nope.iso', '--no-commit')
    expect(commit).to.equal(null)
    expect(await clone.head()).to.equal(before.head)
  })

  it('is made where its cluster cannot be asked, and says that it was not held against it', async () => {
    await lab.simulator.stop()
    const {commit, stderr} = await create('vm', 'x', '--from', '9000')
    expect(commit).to.equal(await clone.head())
    expect(stderr).to.include('it was not held against home')
  })

  it('goes on with the apply, whose intention it is; an undo takes both back', async () => {
    const {applied: result, commit} = await create('vm', 'once', '--from', '9000', '--apply')
    expect(result).to.include({intention: commit})
    expect(guest(103).config.name).to.equal('once')
    await clone.must('undo', '--confirm', 'vm/103', '--yes', '--json')
    expect(guest(103)).to.equal(undefined)
    expect(clone.has('infra/home/vm/103.yaml')).to.equal(false)
  })

  it('is done at once by pmpc clone, with the manifest as the wish; nothing is written that cannot be, or that nobody agreed to', async () => {
    const before = await clone.picture()
    const plan = await clone.must('clone', 'web01', 'x', '--dry-run', '--json')
    assertSchema('plan', plan.json())
    for (const [code, ...args] of [
      ['PMPC_FLAG_REQUIRED', '9000'],
      ['PMPC_EXISTS', '9000', 'x', '--id', '100'],
      ['PMPC_USAGE', iso, 'x'],
      ['PMPC_MANIFEST_INVALID', '9000', 'x', 'net0.bridge=vmbr99'],
      ['PMPC_PLAN_REFUSED', '9000', 'x', '--storage', 'local'],
    ] as const)
      expect((await clone.fails(['clone', ...args])).code, args.join(' ')).to.equal(code)
    expect(await clone.picture()).to.deep.equal(before)
    const made = await clone.must('clone', 'debian-12-cloud', 'web09', 'net0.tag=9', 'power=running', '--json')
    assertSchema('acted', made.json())
    const {results, intention, observation} = made.json<ActResult>()
    expect(results.map(({object, verb, ok}) => [object, verb, ok])).to.deep.equal([['home/vm/103', 'clone', true]])
    expect(results[0]!.upid).to.match(/^UPID:pve1:.*:qm(?:clone|start):/)
    expect(await clone.git('show', `${intention}:infra/home/vm/103.yaml`)).to.match(
      /^power: running\nfrom:\n {2}clone: 9000$/m,
    )
    expect(await clone.git('log', '-2', '--format=%s')).to.equal(
      'applied(home): clone vm/103, 1 done\nclone(home): home/vm/103',
    )
    expect(await clone.head()).to.equal(observation)
    expect(guest(103)).to.include({running: true})
    expect(guest(103).config).to.include({name: 'web09'})
    expect([await clone.git('status', '--porcelain'), await clone.open()]).to.deep.equal(['', []])
  })

  it("asks at a terminal for what lacks, with the cluster's own as choices", async function () {
    skipFor(this, noPty())
    const {output, code} = await inPty(process.execPath, [bin, 'create', 'ct'], {
      cwd: clone.root,
      env: lab.box.env,
      answers: [
        {when: /Name:/, type: 'dns7\r'},
        {when: /Node/, type: '\u001b[B\r'},
        {when: /Made of[\s\S]*vztmpl/, type: '\r'},
        {when: /Storage of rootfs/, type: '\r'},
        {when: /Size of rootfs/, type: '\r'},
        {when: /Bridge of net0/, type: '\r'},
      ],
    })
    expect(code, output).to.equal(0)
    expect(clone.read('infra/home/container/103.yaml').split('\n')).to.include.members([
      ...['  node: pve2', `  ostemplate: ${template}`, '  hostname: dns7', '    volume: ceph:8', '    bridge: vmbr0'],
    ])
    expect(output).to.include('Committed in')
    const ended = await inPty(process.execPath, [bin, 'create', 'vm', 'x'], {
      cwd: clone.root,
      env: lab.box.env,
      answers: [{when: /Node/, type: '\u0003'}],
    })
    expect(ended.code).to.equal(130)
    expect(await clone.git('status', '--porcelain')).to.equal('')
  })
})
