import {expect} from 'chai'
import type {Plan} from '../../src/kit/plan/index.js'
import {Lab, type Clone} from '../support/lab.js'

const root = 'root@pam!sim'

interface Case {
  that: string
  edit: (clone: Clone) => void
  /** What else happens in the cluster. */
  meanwhile?: (lab: Lab) => Promise<unknown>
  says: [object: string, check: string, severity: 'error' | 'warning', message: RegExp]
}

const cases: Case[] = [
  {
    that: 'an ISO image that is not there',
    edit: (clone) =>
      clone.edit(
        'infra/home/vm/100.yaml',
        /ide2:[^\n]*(\n {4,}[^\n]*)*/,
        'ide2: {file: "local:iso/none.iso", media: cdrom}',
      ),
    says: ['home/vm/100', 'volume', 'error', /local:iso\/none\.iso is not there/],
  },
  {
    that: 'a bridge that the node has not',
    edit: (clone) => clone.edit('infra/home/vm/110.yaml', 'bridge: vmbr0', 'bridge: vmbr9'),
    says: ['home/vm/110', 'bridge', 'error', /pve3 has no bridge or virtual network vmbr9, only vmbr0/],
  },
  {
    that: 'an id that somebody took since the last sync',
    edit: (clone) =>
      clone.write(
        'infra/home/vm/300.yaml',
        'kind: vm\nid: 300\nplacement: {node: pve1, pinned: true}\nconfig: {name: mine}\n',
      ),
    meanwhile: async (lab) =>
      lab.api('POST', '/nodes/pve2/lxc', {
        vmid: 300,
        ostemplate: 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst',
        rootfs: 'ceph:1',
      }),
    says: ['home/vm/300', 'id', 'error', /the id 300 is taken: lxc\/300 on pve2/],
  },
  {
    that: 'a node without the storages of a guest',
    edit: (clone) => clone.edit('infra/home/vm/102.yaml', 'config:', 'placement: {node: pve3, pinned: true}\nconfig:'),
    says: ['home/vm/102', 'migrate', 'error', /it cannot go to pve3: unavailable storages fast/],
  },
  {
    that: 'a node that is not pinned, and so moves nothing',
    edit: (clone) => clone.edit('infra/home/vm/102.yaml', 'config:', 'placement: {node: pve3}\nconfig:'),
    says: ['home/vm/102', 'placement', 'warning', /it stays on pve2: a node that is not pinned/],
  },
  {
    that: 'a lock',
    edit: (clone) => clone.edit('infra/home/vm/111.yaml', /cores: 1/, 'cores: 2'),
    says: ['home/vm/111', 'lock', 'error', /it is locked \(backup\)/],
  },
  {
    that: 'a storage that holds disks',
    edit: (clone) => clone.write('infra/home/storage/fast.yaml', 'kind: storage\nid: fast\nabsent: true\n'),
    says: ['home/storage/fast', 'references', 'error', /it is in use: vm\/102 \(virtio0\.file\)/],
  },
  {
    that: 'a storage that takes no disks',
    edit: (clone) => clone.edit('infra/home/vm/110.yaml', /config:/, 'config:\n  scsi5: {file: "local:1"}'),
    says: ['home/vm/110', 'content', 'error', /storage local takes no images/],
  },
]

describe('what pmpc plan checks', function () {
  this.timeout(120_000)
  let lab: Lab
  let clone: Clone
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.agreed('ws', root)
  })
  afterEach(async () => {
    await clone.git('checkout', '-q', '.')
    await clone.git('clean', '-qfd', 'infra')
  })
  after(() => lab.stop())

  const plan = async (...args: string[]): Promise<Plan & {code: number | null}> => {
    const result = await clone.pmpc(['plan', '--json', ...args])
    return {...result.json<Plan>(), code: result.code}
  }

  for (const {that, edit, meanwhile, says} of cases)
    it(that, async () => {
      edit(clone)
      await meanwhile?.(lab)
      const made = await plan()
      const [object, check, severity, message] = says
      const found = made.checks.filter((one) => one.object === object && one.check === check)
      expect(found.map((one) => one.message).join('; '), JSON.stringify(made.checks)).to.match(message)
      expect(found[0]!.severity).to.equal(severity)
      expect(made.code).to.equal(severity === 'error' ? 1 : 0)
    })

  it('nothing where all is well, with few requests', async () => {
    clone.edit('infra/home/vm/120.yaml', 'cores: 2', 'cores: 4')
    const made = await plan()
    expect(made.checks).to.deep.equal([])
    expect(made.actions).to.have.length(1)
    expect(made.code).to.equal(0)
    expect(made.requests).to.be.at.most(13)
  })
})

describe('what a token may not', () => {
  it('is told before anything is sent, with the lines that grant it', async () => {
    const lab = await Lab.start({seed: 'cluster'})
    try {
      const clone = await lab.agreed('ws', 'pmpc@pve!sync')
      clone.edit('infra/home/vm/110.yaml', 'cores: 4', 'cores: 6')
      const result = await clone.pmpc(['plan', '--json'])
      const {checks} = result.json<Plan>()
      expect(result.code).to.equal(1)
      expect(checks.map(({object, check, severity}) => [object, check, severity])).to.deep.equal([
        ['home/vm/110', 'privileges', 'error'],
      ])
      expect(checks[0]!.message).to.match(/^pmpc@pve!sync lacks VM\.Config\.CPU on \/vms\/110: PUT/)
      expect(checks[0]!.suggestions).to.include(
        `pveum acl modify /vms/110 --tokens 'pmpc@pve!sync' --roles pmpc-vms-110`,
      )
    } finally {
      await lab.stop()
    }
  })
})
