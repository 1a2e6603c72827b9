import {expect} from 'chai'
import type {Seed} from '../../plugins/simulator/src/index.js'
import {Lab, type Clone} from '../support/lab.js'

const seed: Seed = {
  nodes: [{name: 'pve1', memory: '64G'}],
  token: 'root@pam!sim',
  tokens: [{tokenid: 'root@pam!sim', secret: '00000000-0000-4000-8000-000000000001', privsep: 0}],
  storages: [
    {
      storage: 'local',
      type: 'dir',
      total: '200G',
      used: '20G',
      config: {path: '/var/lib/vz', content: 'images,rootdir'},
    },
  ],
  guests: [
    {
      vmid: 119,
      type: 'lxc',
      node: 'pve1',
      config: {
        hostname: 'ct119',
        memory: 512,
        rootfs: 'local:119/vm-119-disk-0.raw,size=8G',
        unprivileged: 1,
        lxc: [
          ['lxc.idmap', 'u 100000 200000 100000'],
          ['lxc.idmap', 'g 100000 200000 100000'],
          ['lxc.idmap', 'u 0 100000 65536'],
          ['lxc.idmap', 'g 0 100000 65536'],
        ],
      },
    },
    {
      vmid: 100,
      type: 'qemu',
      node: 'pve1',
      config: {
        name: 'web01',
        ide2: 'none,media=cdrom',
        boot: 'order=ide2;net0',
        net0: 'virtio=BC:24:11:5A:01:02,bridge=vmbr0',
        description: ['# web01', ...Array.from({length: 20}, (_, at) => `step ${at} of what to do`)].join('\n'),
        args: `-device vfio-pci,host=0000:01:00.0,id=hostpci0,bus=ich9-pcie-port-1,addr=0x0 -cpu host,kvm=off`,
      },
    },
  ],
} as unknown as Seed

const ct = 'infra/home/container/119.yaml'
const vm = 'infra/home/vm/100.yaml'
const oneLine =
  '  lxc: [[lxc.idmap, u 100000 200000 100000], [lxc.idmap, g 100000 200000 100000], [lxc.idmap, u 0 100000 65536], [lxc.idmap, g 0 100000 65536]]\n'
const lines = [
  '-lxc.idmap: u 0 100000 65536',
  '+lxc.idmap: u 0 100000 1000',
  '+lxc.cgroup2.devices.allow: c 226:128 rwm',
]

describe('long values and lists', function () {
  this.timeout(60_000)
  let lab: Lab
  let clone: Clone
  let copies = 0
  beforeEach(async () => {
    lab = await Lab.start({seed: structuredClone(seed)})
    clone = await lab.agreed(`ws${++copies}`)
  })
  afterEach(async () => lab.stop())

  function changeLines(): void {
    // Only an edit of the file writes them.
    const config = lab.simulator.simulation.state.guests[119]!.config as unknown as {lxc: string[][]}
    config.lxc = config.lxc.with(2, ['lxc.idmap', 'u 0 100000 1000'])
    config.lxc.push(['lxc.cgroup2.devices.allow', 'c 226:128 rwm'])
  }

  it('raw lines have a line each, and what differs is shown everywhere', async () => {
    expect(clone.read(ct)).to.include('  lxc:\n    - [lxc.idmap, u 100000 200000 100000]\n    - [lxc.idmap, g 100000')
    changeLines()
    const {stdout} = await clone.must('sync')
    expect(stdout).to.include(`~ container/119 ct119: config.lxc\n    ${lines.join('\n    ')}\n`)
    expect(await clone.diff()).to.deep.equal([
      '-    - [lxc.idmap, u 0 100000 65536]',
      '+    - [lxc.idmap, u 0 100000 1000]',
      '+    - [lxc.cgroup2.devices.allow, "c 226:128 rwm"]',
    ])
    expect((await clone.must('status')).stdout).to.include(
      `home/container/119 config.lxc:\n      ${lines.join('\n      ')}\n`,
    )
    expect((await clone.must('diff')).stdout).to.include(`config.lxc\n      ${lines.join('\n      ')}\n`)
    expect((await clone.must('log', 'container/119')).stdout).to.include(lines.join('\n        '))
    expect(await clone.git('log', '-1', '--format=%B')).to.include(
      `sync(home): container/119 ct119: config.lxc\n\n~ container/119 ct119: config.lxc\n  ${lines.join('\n  ')}\n`,
    )
    expect((await clone.must('describe', '119')).stdout).to.match(
      /lxc +lxc\.idmap: u 100000 200000 100000\n +lxc\.idmap: g 100000 200000 100000\n/,
    )
    const patch = await clone.git('diff', 'HEAD~1', '--', '.pmpc/state')
    expect(patch).to.include('-    lxc.idmap: u 0 100000 65536\n+    lxc.idmap: u 0 100000 1000\n')
    await clone.must('accept')
    expect(clone.read(ct)).to.include('u 0 100000 1000]')
  })

  it('a manifest that holds them in one line, and the boot order as a text, is no drift and stays so', async () => {
    clone.edit(ct, / {2}lxc:\n(?: {4}- .*\n)+/, oneLine)
    clone.edit(vm, 'order: [ide2, net0]', 'order: ide2;net0')
    await clone.git('commit', '-qam', 'as it was written before')
    const head = await clone.head()
    await clone.sync()
    expect(await clone.head()).to.equal(head)
    expect((await clone.must('status')).stdout).to.include('Nothing is open.')
    changeLines()
    await lab.set('/nodes/pve1/qemu/100', {boot: 'order=net0;ide2'})
    await clone.sync()
    expect(await clone.diff()).to.deep.equal([
      `-${oneLine.trimEnd()}`,
      `+${oneLine.trimEnd().replace('65536]', '1000]').replace(/\]$/, ', [lxc.cgroup2.devices.allow, "c 226:128 rwm"]]')}`,
      '-    order: ide2;net0',
      '+    order: net0;ide2',
    ])
    await clone.must('reject')
    expect(await clone.diff()).to.deep.equal([])
    await clone.sync()
    expect(await clone.open()).to.deep.equal([])
  })

  it('comments among the lines stay, through offers, rejects and accepts', async () => {
    clone.edit(ct, 'u 0 100000 65536]', 'u 0 100000 65536] # all others')
    clone.edit(ct, '    - [lxc.idmap, g 0', '    # groups\n    - [lxc.idmap, g 0')
    await clone.git('commit', '-qam', 'say what for')
    changeLines()
    await clone.sync()
    expect(await clone.diff()).to.deep.equal([
      '-    - [lxc.idmap, u 0 100000 65536] # all others',
      '+    - [lxc.idmap, u 0 100000 1000] # all others',
      '+    - [lxc.cgroup2.devices.allow, "c 226:128 rwm"]',
    ])
    const offered = clone.read(ct)
    await clone.must('reject', 'container/119')
    expect(await clone.diff()).to.deep.equal([])
    await clone.must('status')
    clone.write(ct, offered)
    await clone.git('commit', '-qam', 'after all')
    await clone.sync()
    expect(await clone.open()).to.deep.equal([])
  })

  it('the boot order is a list', async () => {
    expect(clone.read(vm)).to.include('  boot:\n    order: [ide2, net0]\n')
    await lab.set('/nodes/pve1/qemu/100', {boot: 'order=net0;ide2'})
    await clone.sync()
    expect(await clone.diff()).to.deep.equal(['-    order: [ide2, net0]', '+    order: [net0, ide2]'])
    await clone.must('accept')
    await clone.sync()
    expect(await clone.diff()).to.deep.equal([])
  })

  it('a long text is shown from where it differs, both sides of a conflict too', async () => {
    const {description, args} = lab.simulator.simulation.state.guests[100]!.config
    await lab.set('/nodes/pve1/qemu/100', {
      description: String(description).replace('step 17', 'Step 17'),
      args: String(args).replace('port-1', 'port-2'),
    })
    const {stdout} = await clone.must('sync')
    expect(stdout).to.include('-step 17 of what to do\n').and.to.include('+Step 17 of what to do\n')
    expect(stdout).to.include('…9-pcie-port-1,addr=0x0 -c… → …9-pcie-port-2,addr=0x0 -c…')
    clone.edit(vm, 'step 3 of', 'Step 3 of')
    await clone.git('add', '-A')
    await clone.git('commit', '-qm', 'mine, with the offers')
    await clone.must('sync')
    await lab.set('/nodes/pve1/qemu/100', {description: String(description).replace('step 19', 'Step 19')})
    await clone.must('sync')
    const told = (await clone.must('status')).stdout
    expect(told).to.match(/the cluster's:\n +-step 19 of what to do\n +\+Step 19 of what to do\n/)
    expect(told).to.match(/yours:\n +-step 3 of what to do\n +\+Step 3 of/)
  })
})
