import {expect} from 'chai'
import {mkdirSync, symlinkSync} from 'node:fs'
import path from 'node:path'
import type {Finding} from '../../src/kit/validation/index.js'
import {Lab, type Clone} from '../support/lab.js'
import {assertSchema} from '../support/schemas.js'

/** Where a text stands in a file; the place of what is marked with `«`. */
function placeOf(text: string, marked: string): {line: number; column: number} {
  const at = text.indexOf(marked.replace('«', ''))
  if (at < 0) throw new Error(`${marked} is not in\n${text}`)
  const before = text.slice(0, at + Math.max(marked.indexOf('«'), 0)).split('\n')
  return {line: before.length, column: before.at(-1)!.length + 1}
}

interface Case {
  what: string
  file: string
  /** Replaced in it, or a whole new text. */
  edits: [string | RegExp, string][] | string
  /** Code, severity, and where it stands in the edited text. */
  expected: [code: string, severity: Finding['severity'], marked: string, message: RegExp][]
}

const vm100 = 'infra/home/vm/100.yaml'
const vm102 = 'infra/home/vm/102.yaml'
const ct200 = 'infra/home/container/200.yaml'

const cases: Case[] = [
  {
    what: 'a tag that no network has',
    file: vm100,
    edits: [['tag: 42', 'tag: 5000']],
    expected: [['bad-value', 'error', 'tag: «5000', /net0\.tag: value must have a maximum value of 4094/]],
  },
  {
    what: 'the same in a property string',
    file: vm100,
    edits: [[/net1:\n(?: {4}.*\n)+/, 'net1: virtio=BC:24:11:5A:01:03,bridge=vmbr0,tag=5000\n']],
    expected: [['bad-value', 'error', 'tag=«5000', /net1\.tag/]],
  },
  {
    what: 'no cores',
    file: vm100,
    edits: [['cores: 4', 'cores: 0']],
    expected: [['bad-value', 'error', 'cores: «0', /minimum value of 1/]],
  },
  {
    what: 'a key that nobody knows',
    file: vm100,
    edits: [['cores: 4', 'coers: 4']],
    expected: [['unknown-config-key', 'error', '«coers:', /did you mean cores/]],
  },
  {
    what: 'a slot that is none',
    file: vm100,
    edits: [['ide2:', 'ide4:']],
    expected: [
      ['no-such-slot', 'error', '«ide4:', /a vm has ide0 to ide3/],
      ['impossible', 'error', '[scsi0, «ide2', /no device ide2/],
    ],
  },
  {
    what: 'a number that no guest has',
    file: 'infra/home/vm/99.yaml',
    edits: 'kind: vm\nid: 99\nconfig: {}\n',
    expected: [['bad-id', 'error', 'id: «99', /begin with 100/]],
  },
  {
    what: 'the number of a container',
    file: 'infra/home/vm/x.yaml',
    edits: 'kind: vm\nid: 200\nconfig: {}\n',
    expected: [
      ['duplicate-id', 'error', 'id: «200', /container\/200 has this id, too \(infra\/home\/container\/200\.yaml/],
    ],
  },
  {
    what: 'an object that is there twice',
    file: 'infra/home/vm/zz.yaml',
    edits: '# again\nkind: vm\nid: 100\nconfig: {}\n',
    expected: [['duplicate-object', 'error', '«kind: vm', /declared here and in infra\/home\/vm\/100\.yaml/]],
  },
  {
    what: 'more in the balloon than there is memory',
    file: vm100,
    edits: [['memory: 8192', 'memory: 8192\n  balloon: 9000']],
    expected: [['impossible', 'error', 'balloon: «9000', /9000 MiB are more than its memory, 8192 MiB/]],
  },
  {
    what: 'more processors than there are',
    file: vm100,
    edits: [['sockets: 1', 'sockets: 1\n  vcpus: 5']],
    expected: [['impossible', 'error', 'vcpus: «5', /sockets times cores, 4/]],
  },
  {
    what: 'a boot device that is not there',
    file: vm100,
    edits: [['[scsi0, ide2, net0]', '[scsi0, scsi7, net0]']],
    expected: [['impossible', 'error', '«scsi7', /no device scsi7/]],
  },
  {
    what: 'a volume in two slots',
    file: vm100,
    edits: [['file: ceph:vm-100-disk-1', 'file: ceph:vm-100-disk-0']],
    expected: [
      [
        'duplicate-volume',
        'error',
        'scsi0:\n    file: «ceph',
        /vm\/100 scsi0: the volume ceph:vm-100-disk-0 is that of vm\/100 scsi1, too/,
      ],
      ['duplicate-volume', 'error', 'scsi1:\n    file: «ceph', /is that of vm\/100 scsi0, too/],
    ],
  },
  {
    what: 'a MAC address of another guest',
    file: vm100,
    edits: [['BC:24:11:5A:01:02', 'bc:24:11:5a:03:02']],
    expected: [
      ['duplicate-mac', 'error', 'macaddr: «bc:24', /BC:24:11:5A:03:02 is that of vm\/102 net0, too/],
      ['duplicate-mac', 'error', '', /is that of vm\/100 net0, too/],
    ],
  },
  {
    what: 'an address of another guest',
    file: vm100,
    edits: [['memory: 8192', 'ipconfig0: {ip: 192.0.2.102/28, gw: 192.0.2.97}\n  memory: 8192']],
    expected: [
      ['duplicate-address', 'error', 'ip: «192.0.2.102/28', /192\.0\.2\.102 is that of vm\/102 ipconfig0, too/],
      ['duplicate-address', 'error', '', /vm\/100 ipconfig0, too/],
    ],
  },
  {
    what: 'a gateway of another network',
    file: vm102,
    edits: [['gw: 192.0.2.1', 'gw: 198.51.100.1']],
    expected: [['odd', 'warning', 'gw: «198', /not in the network of 192\.0\.2\.102\/24/]],
  },
  {
    what: 'a pool that is nowhere',
    file: vm100,
    edits: [['pool: web', 'pool: wbe']],
    expected: [
      ['unknown-reference', 'error', 'pool: «wbe', /no pool wbe, neither declared nor recorded; did you mean web\?/],
    ],
  },
  {
    what: 'a bridge that the node does not have',
    file: vm100,
    edits: [['bridge: vmbr0', 'bridge: vmbr9']],
    expected: [['unknown-reference', 'error', 'bridge: «vmbr9', /no sdn-vnet or interface of a network vmbr9/]],
  },
  {
    what: 'a storage that is nowhere',
    file: vm100,
    edits: [['ceph:vm-100-disk-1', 'cehp:vm-100-disk-1']],
    expected: [['unknown-reference', 'error', 'file: «cehp', /scsi1\.file: there is no storage cehp/]],
  },
  {
    what: 'a node that is nowhere',
    file: vm100,
    edits: [['pool: web', 'pool: web\nplacement: {node: pve9, pinned: true}']],
    expected: [['unknown-reference', 'error', 'node: «pve9', /no node pve9/]],
  },
  {
    what: 'a group, a role and a user of the access list that are nowhere',
    file: 'infra/home/access/acl.yaml',
    edits: [['"@shop": [PVEVMAdmin]', '"@shpo": [PVEVMAdmn]\n    wbe@pve: [PVEAuditor]']],
    expected: [
      ['unknown-reference', 'error', '«"@shpo"', /no group shpo/],
      ['unknown-reference', 'error', '«PVEVMAdmn', /no role PVEVMAdmn/],
      ['unknown-reference', 'error', '«wbe@pve', /no user wbe@pve/],
    ],
  },
  {
    what: 'guests of a backup job and of a HA rule that are nowhere',
    file: 'infra/home/more.yaml',
    edits:
      'kind: backup-job\nid: nightly\nconfig:\n  vmid: [100, 777]\n  schedule: daily\n  storage: bakcup\n---\nkind: ha-rule\nid: apart\nconfig:\n  type: resource-affinity\n  affinity: negative\n  resources: ["vm:100", "vm:778"]\n',
    expected: [
      ['unknown-reference', 'error', '«777', /no vm or container 777/],
      ['unknown-reference', 'error', '«bakcup', /no storage bakcup; did|no storage bakcup, neither/],
      ['unknown-reference', 'error', '«"vm:778"', /no vm or container 778/],
    ],
  },
  {
    what: 'a security group of one rule among several, and a zone of a vnet',
    file: 'infra/home/fw.yaml',
    edits:
      'kind: security-group\nid: web\nconfig:\n  rules:\n    - {type: in, action: ACCEPT}\n    - {type: group, action: wbe}\n---\nkind: sdn-vnet\nid: v1\nconfig:\n  zone: z9\n',
    expected: [
      ['unknown-reference', 'error', '«wbe', /no security-group wbe/],
      ['unknown-reference', 'warning', '«z9', /no sdn-zone z9/],
    ],
  },
  {
    what: 'a NIC of a container that is called as another',
    file: ct200,
    edits: [[/(\n {2}net0:\n)/, '\n  net7: {name: eth0, bridge: vmbr0}$1']],
    expected: [['impossible', 'error', 'net7: {name: «eth0', /eth0 is that of net0, too|net0\.name/]],
  },
  {
    what: 'what is wrong in guests that have no id yet, and names what is to go',
    file: 'infra/home/new.yaml',
    edits:
      'kind: vm\nid: next\nfrom: {clone: 9001}\npool: web\nconfig:\n  cores: 0\n  net0: {model: virtio, macaddr: BC:24:11:5A:01:02, bridge: vmbr0}\n---\nkind: container\nid: next\nfrom: {ostemplate: locla:vztmpl/debian.tar.zst}\nconfig: {}\n---\nkind: vm\nid: 101\nabsent: true\n---\nkind: ha-resource\nid: 101\nconfig: {}\n',
    expected: [
      ['unknown-reference', 'error', 'clone: «9001', /vm\/next from\.clone: there is no vm 9001/],
      ['bad-value', 'error', '', /cores: value must have a minimum value of 1|cores/],
      ['duplicate-mac', 'error', 'macaddr: «BC', /is that of vm\/100 net0, too/],
      ['unknown-reference', 'error', '«locla', /no storage locla/],
      ['leaving-reference', 'error', 'ha-resource\nid: «101', /vm\/101 is to go, as infra\/home\/new\.yaml, line 14/],
    ],
  },
  {
    what: 'text that is no YAML',
    file: vm102,
    edits: [['cores: 8', 'cores: [8']],
    expected: [['syntax', 'error', '', /./]],
  },
]

describe('pmpc validate', function () {
  this.timeout(60_000)
  let lab: Lab
  let clone: Clone
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    clone = await lab.workspace()
    await clone.must('sync', '--accept')
  })
  after(async () => lab.stop())
  afterEach(async () => {
    await clone.git('checkout', '-q', '.')
    await clone.git('clean', '-qfd')
  })

  const found = async (...args: string[]): Promise<{problems: Finding[]; code: number | null}> => {
    const result = await clone.pmpc(['validate', '--json', ...args])
    const json = result.json<{problems: Finding[]}>()
    assertSchema('validate', json)
    return {problems: json.problems, code: result.code}
  }

  it('finds nothing in what a cluster is', async () => {
    expect(await found()).to.deep.equal({problems: [], code: 0})
    const {stdout} = await clone.must('validate')
    expect(stdout).to.match(/^\d+ objects in \d+ files: all is well\.\n$/)
  })

  for (const {what, file, edits, expected} of cases)
    it(`finds ${what}`, async () => {
      if (typeof edits === 'string') clone.write(file, edits)
      else for (const [from, to] of edits) clone.edit(file, from, to)
      const text = clone.read(file)
      const {problems, code} = await found()
      const told = problems.map(
        (one) => `${one.severity} ${one.code} ${one.file}:${one.line}:${one.column} ${one.message}`,
      )
      expect(problems.length, told.join('\n')).to.be.at.least(expected.length)
      for (const [wanted, severity, marked, message] of expected) {
        const match = problems.find(
          (one) => one.code === wanted && message.test(one.message) && (marked === '' || one.file === file),
        )
        expect(match, `${wanted} ${String(message)} among\n${told.join('\n')}`).to.include({severity})
        if (marked !== '')
          expect({line: match!.line, column: match!.column}, told.join('\n')).to.deep.equal(placeOf(text, marked))
      }
      const errors = expected.filter(([, severity]) => severity === 'error')
      expect(code).to.equal(errors.length > 0 ? 1 : 0)
    })

  it('tells all of several files at once, and of those only that were named', async () => {
    clone.edit(vm100, 'cores: 4', 'cores: 0')
    clone.edit(vm102, 'cores: 8', 'cores: 0')
    clone.edit('pmpc.yaml', 'version: 1', 'version: 1\nclsuters: {}')
    const {problems} = await found()
    expect(problems.map(({file, code}) => `${file} ${code}`)).to.deep.equal([
      `${vm100} bad-value`,
      `${vm102} bad-value`,
      'pmpc.yaml config',
    ])
    expect((await found(vm102)).problems.map(({file}) => file)).to.deep.equal([vm102])
    expect((await found('infra/home/container', ct200)).problems).to.deep.equal([])
    expect((await found('infra')).problems.map(({file}) => file)).to.deep.equal([vm100, vm102])
    expect((await found('pmpc.yaml')).problems.map(({file}) => file)).to.deep.equal(['pmpc.yaml'])
  })

  it('takes paths as they are typed: from the folder in which it is run', async () => {
    clone.edit(vm100, 'cores: 4', 'cores: 0')
    const result = await clone.pmpc(['validate', '100.yaml', '--json'], {cwd: path.join(clone.root, 'infra/home/vm')})
    expect(result.json<{problems: Finding[]}>().problems.map(({file}) => file)).to.deep.equal([vm100])
  })

  it('refuses what is outside, what is not there, and what declares nothing', async () => {
    expect(await clone.fails(['validate', '..'])).to.include({code: 'PMPC_OUTSIDE_WORKSPACE', exitCode: 64})
    mkdirSync(path.join(lab.box.folder, 'elsewhere'), {recursive: true})
    symlinkSync(path.join(lab.box.folder, 'elsewhere'), path.join(clone.root, 'away'))
    expect(await clone.fails(['validate', 'away'])).to.include({code: 'PMPC_OUTSIDE_WORKSPACE'})
    expect(await clone.fails(['validate', 'infra/home/vm/1.yaml'])).to.include({code: 'PMPC_NOT_FOUND', exitCode: 1})
    expect(await clone.fails(['validate', '.gitignore'])).to.include({code: 'PMPC_USAGE', exitCode: 64})
  })

  it('calls what the cluster has a warning, as it can be so', async () => {
    await lab
      .set('/nodes/pve1/qemu/102', {balloon: 0, net1: 'virtio=BC:24:11:5A:01:02,bridge=vmbr0'})
      .catch(async () => lab.set('/nodes/pve2/qemu/102', {balloon: 0, net1: 'virtio=BC:24:11:5A:01:02,bridge=vmbr0'}))
    await clone.must('sync', '--accept')
    const {problems, code} = await found()
    expect(problems.map(({severity, code: of}) => `${severity} ${of}`)).to.deep.equal([
      'warning duplicate-mac',
      'warning duplicate-mac',
    ])
    expect(code).to.equal(0)
  })

  it('changes nothing, and needs neither cluster nor Git', async () => {
    const before = await clone.picture()
    const {code} = await clone.pmpc(['validate'], {env: {PMPC_ENDPOINT_HOME: 'https://192.0.2.1:8006'}})
    expect(code).to.equal(0)
    expect(await clone.picture()).to.deep.equal(before)
    clone.write('plain/pmpc.yaml', clone.read('pmpc.yaml'))
    clone.write('plain/infra/home/vm/100.yaml', 'kind: vm\nid: 100\nconfig: {cores: 0}\n')
    const {stdout} = await clone.pmpc(['validate', '-C', 'plain'])
    expect(stdout).to.include('infra/home/vm/100.yaml:3:17: error: cores: value must have a minimum value of 1')
  })
})
