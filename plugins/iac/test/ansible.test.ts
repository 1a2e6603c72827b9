import {expect} from 'chai'
import fc from 'fast-check'
import {parse} from 'yaml'
import type {Observed} from 'pmpc/kit/resources'
import {staticAddress} from '../src/ansible/host.js'
import {ansible} from '../src/ansible/index.js'
import {inventoryOf} from '../src/ansible/inventory.js'
import {FIXED, groupNames, hostNames} from '../src/ansible/names.js'
import {MARK} from '../src/generated.js'
import {openTexts} from '../src/texts.js'
import {aCluster, aContainer, aNode, aVm, hostileTexts} from './estates.js'

const named = (...objects: Observed[]) => [...hostNames(objects).values()]

interface Group {
  hosts?: Record<string, {ansible_host?: string} | null>
  children?: Record<string, null>
}
const groupsOf = (...objects: Observed[]) =>
  (inventoryOf(aCluster(...objects)).groups as unknown as {all: {children: Record<string, Group>}}).all.children
/** The names of groups with the hosts in them, but for those that are always there and empty. */
const membersOf = (...objects: Observed[]) =>
  Object.fromEntries(
    Object.entries(groupsOf(...objects)).flatMap(([name, {hosts = {}}]) =>
      Object.keys(hosts).length > 0 ? [[name, Object.keys(hosts).join(' ')]] : [],
    ),
  )
const varsOf = (object: Observed) => inventoryOf(aCluster(object)).hosts[0]!.vars

describe('names of hosts', () => {
  const table: [string, Observed[], string[]][] = [
    [
      'their own',
      [aVm(100, {name: 'web'}), aContainer(200, {hostname: 'dns1.example.com'})],
      ['web', 'dns1.example.com'],
    ],
    ['with the VMID where two share one', [aVm(1, {name: 'web'}), aVm(2, {name: 'Web'})], ['web-1', 'Web-2']],
    ['with the VMID where a node has it', [aNode('pve1'), aVm(1, {name: 'pve1'})], ['pve1', 'pve1-1']],
    ['with the VMID where a group has it', [aVm(1, {name: 'guests'}), aVm(2, {name: 'LXC'})], ['guests-1', 'LXC-2']],
    [
      'never what Ansible takes for itself',
      [aVm(1, {name: 'localhost'}), aVm(2, {name: '127.0.0.1'})],
      ['localhost-1', '127.0.0.1-2'],
    ],
    [
      'not one that another has by itself',
      [aVm(1, {name: 'a'}), aVm(2, {name: 'a'}), aVm(3, {name: 'a-1'})],
      ['a-1-1', 'a-2', 'a-1'],
    ],
    [
      'by kind and VMID where there is none',
      [aVm(1, {name: ''}), aContainer(2, {hostname: 'a_b'}), aVm(3, {name: '[1:3]'})],
      ['vm-1', 'container-2', 'vm-3'],
    ],
    ['never a path', [aVm(1, {name: '../../x'}), aVm(2, {name: '..'})], ['vm-1', 'vm-2']],
  ]
  for (const [title, objects, names] of table)
    it(`are ${title}`, () => {
      expect(named(...objects)).to.deep.equal(names)
    })

  it('are each once, and no name of a group, whatever guests are called', () => {
    const name = fc.oneof(
      fc.constantFrom('web', 'Web', 'web-1', 'web-2', 'vm-1', 'pve1', ...Object.values(FIXED), ...hostileTexts),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, name)), (guests) => {
        const objects = [
          aNode('pve1'),
          ...guests.map(([host, tag, pool], i) => aVm(i + 1, {name: host, tags: [tag, host]}, {pool})),
        ]
        const names = named(...objects)
        expect(new Set(names.map((one) => one.toLowerCase())).size).to.equal(objects.length)
        for (const one of names) expect(one).to.match(/^[A-Za-z0-9][A-Za-z0-9.-]*$/)
        const groups = groupsOf(...objects)
        for (const group of Object.keys(groups)) {
          expect(group).to.match(/^[a-z_][a-z0-9_]*$/)
          expect(names).to.not.include(group)
        }
        const there = new Set(Object.values(groups).flatMap(({hosts = {}}) => Object.keys(hosts)))
        expect(there).to.deep.equal(new Set(names))
      }),
    )
  })
})

describe('names of groups', () => {
  it('are as texts are spelled, as far as Ansible takes them', () => {
    expect([...groupNames('tag_', ['prod', 'Größe', 'a-b', 'web/test'])]).to.deep.equal([
      ['prod', 'tag_prod'],
      ['Größe', 'tag_gro_e'],
      ['a-b', 'tag_a_b'],
      ['web/test', 'tag_web_test'],
    ])
  })

  it('differ where texts come to the same, and do not depend on their order', () => {
    const texts = ['a_b', 'a-b', 'a.b', 'c++', 'c+', '+++', 'x'.repeat(80), `${'x'.repeat(80)}y`]
    const names = groupNames('tag_', texts)
    expect(names.get('a_b')).to.equal('tag_a_b')
    expect(names.get('a-b')).to.match(/^tag_a_b_[0-9a-f]{6}$/)
    expect(names.get('+++')).to.match(/^tag_[0-9a-f]{6}$/)
    expect(new Set(names.values()).size).to.equal(texts.length)
    expect(new Map([...groupNames('tag_', [...texts].reverse())].reverse())).to.deep.equal(names)
  })

  it('are never one text’s and another’s', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({unit: fc.constantFrom(...'aA1_-+.ä ')})), (texts) => {
        const names = groupNames('tag_', texts, ['a', 'b'])
        expect(new Set(names.values()).size).to.equal(new Set([...texts, 'a', 'b']).size)
      }),
    )
  })
})

describe('an inventory', () => {
  it('has guests by kind, node, pool, status, system and tag, nodes, and templates in no other group', () => {
    const groups = membersOf(
      aNode('pve1'),
      aVm(100, {name: 'web', ostype: 'l26', tags: ['a-b', 'prod']}, {pool: 'shop/test'}),
      aVm(101, {name: 'win', ostype: 'win11', tags: ['a_b']}, {status: 'stopped', node: 'pve-2'}),
      aContainer(200, {hostname: 'dns', ostype: 'alpine'}),
      aVm(900, {name: 'image', template: 1, tags: ['prod'], ostype: 'l26'}, {status: 'stopped'}),
    )
    const collided = Object.keys(groups).find((name) => /^tag_a_b_/.test(name))!
    expect(groups).to.deep.equal({
      lxc: 'dns',
      qemu: 'web win',
      pve_nodes: 'pve1',
      node_pve1: 'dns web',
      node_pve_2: 'win',
      os_linux: 'web',
      os_windows: 'win',
      os_alpine: 'dns',
      pool_shop_test: 'web',
      status_running: 'dns web',
      status_stopped: 'win',
      tag_a_b: 'win',
      [collided]: 'web',
      tag_prod: 'web',
      templates: 'image',
    })
  })

  it('has the systems of containers among Linux, and groups that plays name though they are empty', () => {
    const groups = groupsOf(
      aContainer(200, {ostype: 'alpine'}),
      aContainer(201, {ostype: 'windows'}),
      aContainer(202, {ostype: 'linux'}),
    )
    expect(groups.os_linux).to.deep.equal({hosts: {}, children: {os_alpine: null, os_unmanaged: null}})
    expect(groups.guests).to.deep.equal({children: {lxc: null, qemu: null}})
    expect(Object.keys(groups)).to.include.members(Object.values(FIXED).filter((name) => name !== 'all'))
  })

  const vm = (n: number, value: string, card: Record<string, string | number> = {}): Observed['config'] => ({
    [`net${n}`]: {model: 'virtio', ...card},
    [`ipconfig${n}`]: {ip: value},
  })
  const addresses: [string, Observed['config'], string | undefined][] = [
    [
      'of the first card that has one',
      {...vm(0, 'dhcp'), ...vm(1, '192.0.2.5/24'), ...vm(2, '192.0.2.6/24')},
      '192.0.2.5 ipconfig1',
    ],
    [
      'of the second card before the tenth',
      {...vm(10, '192.0.2.10/24'), ...vm(2, '192.0.2.2/24')},
      '192.0.2.2 ipconfig2',
    ],
    [
      'of version 4 before 6',
      {net0: {ip: 'manual', ip6: '2001:db8::1/64'}, net1: {ip: '192.0.2.7/24'}},
      '192.0.2.7 net1',
    ],
    ['of version 6 where there is no other', {net0: {ip: 'dhcp', ip6: '2001:db8::1/64'}}, '2001:db8::1 net0'],
    ['of none with its link down', {...vm(0, '192.0.2.5/24', {link_down: 1})}, undefined],
    [
      'of none that is no address',
      {net0: {ip: '{{ x }}', ip6: 'fe80::1%eth0/64'}, net1: {ip: 'auto', ip6: 'dhcp'}},
      undefined,
    ],
    ['of none that no card is for', {ipconfig0: {ip: '192.0.2.5/24'}}, undefined],
  ]
  for (const [title, config, found] of addresses)
    it(`takes the address ${title}`, () => {
      const address = staticAddress(config)
      expect(address && `${address.address} ${address.source}`).to.equal(found)
    })

  it('says where an address stands, beside the host and nowhere else', () => {
    const [known, unknown] = [aContainer(200, {net0: {ip: '192.0.2.53/24'}}), aVm(100, {})]
    expect(groupsOf(known).lxc!.hosts).to.deep.equal({dns200: {ansible_host: '192.0.2.53'}})
    expect(groupsOf(unknown).qemu!.hosts).to.deep.equal({web100: null})
    expect(varsOf(known)).to.include({pve_ip_source: 'net0'}).and.not.have.property('ansible_host')
    expect(varsOf(unknown)).to.include({pve_ip_source: 'none'}).and.not.have.property('ansible_host')
    expect(groupsOf(aNode('pve1')).pve_nodes!.hosts).to.deep.equal({pve1: {ansible_host: '192.0.2.11'}})
  })

  const sizes: [string, Observed, object][] = [
    ['PVE’s own where it says none', aVm(100), {pve_vcpus: 1, pve_memory_mib: 512, pve_memory_min_mib: 512}],
    [
      'cores times sockets',
      aVm(100, {cores: 4, sockets: 2, memory: 4096, balloon: 0}),
      {pve_vcpus: 8, pve_memory_mib: 4096, pve_memory_min_mib: 4096},
    ],
    [
      'what is plugged and ballooned',
      aVm(100, {cores: 4, vcpus: 3, memory: 4096, balloon: 1024}),
      {pve_vcpus: 3, pve_memory_min_mib: 1024},
    ],
    [
      'what it runs with',
      {...aVm(100, {cores: 4, memory: 4096, balloon: 1024}), running: {cores: 2, memory: 2048, balloon: null}},
      {pve_vcpus: 2, pve_memory_mib: 2048, pve_memory_min_mib: 2048},
    ],
  ]
  for (const [title, guest, size] of sizes)
    it(`tells of the size ${title}`, () => {
      expect(varsOf(guest)).to.include(size)
    })

  it('tells no processors of a container that may have all of its node’s', () => {
    expect(varsOf(aContainer(200))).to.not.have.property('pve_vcpus')
  })
})

describe('the target ansible', () => {
  const generated = async (...objects: Observed[]) => {
    const {files} = await ansible({clusters: [aCluster(...objects)]}, await openTexts('/nonexistent'), {
      read: () => undefined,
    })
    return files
  }

  it('marks what is its own in the first lines, and nothing that people write in', async () => {
    const files = await generated(aNode('pve1'), aVm(100, {ostype: 'win11'}))
    expect(files.filter(({isPeoples}) => isPeoples).map(({path}) => path)).to.deep.equal([
      'ansible/ansible.cfg',
      'ansible/inventories/home/group_vars/all/main.yml',
      'ansible/inventories/home/group_vars/os_windows/main.yml',
      'ansible/playbooks/site.yml',
    ])
    for (const {text, isPeoples, path} of files) expect(text.slice(0, 100).includes(MARK), path).to.equal(!isPeoples)
  })

  it('does not depend on the order of what was recorded, and ends each file with one line end', async () => {
    const objects = [
      aNode('pve1'),
      aVm(100, {tags: ['b', 'a']}),
      aVm(101, {tags: ['a-', 'a']}),
      aContainer(200, {}, {pool: 'x'}),
    ]
    const files = await generated(...objects)
    expect(await generated(...[...objects].reverse())).to.deep.equal(files)
    for (const {text, path} of files) expect(text, path).to.match(/[^\n]\n$/)
  })

  it('has the files of a host for one object, and no secret', async () => {
    const files = await generated(aVm(100, {cipassword: 'hunter2'}), aVm(101))
    expect(files.flatMap(({path, objects}) => (objects ? [[path, objects]] : []))).to.deep.equal([
      ['ansible/inventories/home/host_vars/web100/pve.yml', ['home/vm/100']],
      ['ansible/inventories/home/host_vars/web101/pve.yml', ['home/vm/101']],
    ])
    expect(JSON.stringify(files)).to.not.include('hunter2')
    const all = files.find(({path}) => path.endsWith('all/pve.yml'))!
    expect(parse(all.text)).to.deep.equal({
      ...{pve_cluster: 'home', pve_api_host: '192.0.2.11', pve_api_port: 8006},
      ...{pve_api_user: 'pmpc@pve', pve_api_token_id: 'sync', pve_group_names: {}},
    })
  })
})
