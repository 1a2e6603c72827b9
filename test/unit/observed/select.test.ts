import {table} from '../../../src/kit/cli/index.js'
import {expect} from 'chai'
import {
  columnsFor,
  csv,
  fieldOf,
  itemsOf,
  select,
  sortBy,
  type Item,
  type Selection,
} from '../../../src/kit/observed/index.js'
import {kindsNamed} from '../../../src/kit/resources/index.js'
import type {ClusterState, ValueMap} from '../../../src/kit/resources/model.js'

const home: ClusterState = {
  cluster: 'home',
  objects: [
    {kind: 'node', id: 'pve1', config: {}, facts: {status: 'online', maxcpu: 8, maxmem: 64 * 2 ** 30}},
    {
      kind: 'vm',
      id: 100,
      config: {name: 'web01', memory: 8192, tags: ['prod', 'web'], net0: {model: 'virtio', bridge: 'vmbr0'}, onboot: 1},
      facts: {node: 'pve1', status: 'running', pool: 'web'},
    },
    {
      kind: 'vm',
      id: 102,
      config: {name: 'db "main"', memory: 512, net1: {bridge: 'vmbr1'}},
      facts: {node: 'pve2', status: 'stopped'},
    },
    {
      kind: 'container',
      id: 101,
      config: {hostname: 'dns', memory: 4096, template: 1},
      facts: {node: 'pve1', status: 'stopped'},
    },
    {kind: 'storage', id: 'local', config: {type: 'dir', content: ['iso', 'vztmpl']}, facts: {}},
    {kind: 'pool', id: 'web', config: {comment: 'the shop'}, facts: {}},
  ],
}
const guests = itemsOf([home], ['vm', 'container'])
const ids = (items: Item[]) => items.map(({id}) => id)

describe('observed: items', () => {
  it("carry PVE's names", () => {
    expect(guests[0]).to.deep.equal({
      cluster: 'home',
      kind: 'vm',
      id: 100,
      vmid: 100,
      name: 'web01',
      type: 'qemu',
      template: 0,
      tags: ['prod', 'web'],
      node: 'pve1',
      status: 'running',
      pool: 'web',
      config: home.objects[1]!.config,
    })
    expect(guests[2]).to.include({kind: 'container', vmid: 101, type: 'lxc', template: 1, name: 'dns'})
    const [node, storage, pool] = itemsOf([home], ['node', 'storage', 'pool'])
    expect(node).to.deep.equal({
      cluster: 'home',
      kind: 'node',
      id: 'pve1',
      node: 'pve1',
      status: 'online',
      maxcpu: 8,
      maxmem: 64 * 2 ** 30,
      config: {},
    })
    expect(storage).to.include({storage: 'local', type: 'dir'})
    expect(pool).to.include({poolid: 'web'})
  })

  it('answer for fields with and without their prefix', () => {
    expect(
      [
        'id',
        'node',
        'facts.node',
        'memory',
        'config.memory',
        'net0.bridge',
        'config.net0.bridge',
        'constructor',
        'net0.toString',
      ].map((field) => fieldOf(guests[0]!, field)),
    ).to.deep.equal([100, 'pve1', 'pve1', 8192, 8192, 'vmbr0', 'vmbr0', undefined, undefined])
  })
})

describe('observed: selection', () => {
  const table: [Selection, (string | number)[]][] = [
    [{}, [100, 102, 101]],
    [{node: 'pve1'}, [100, 101]],
    [{pool: 'web'}, [100]],
    [{status: 'stopped', node: 'pve2'}, [102]],
    [{tags: ['prod', 'web']}, [100]],
    [{tags: ['prod', 'db']}, []],
    [{name: 'web*'}, [100]],
    [{name: 'd?s'}, [101]],
    [{name: 'd.s'}, []],
    [{objects: new Set(['home/container/101', 'home/vm/100'])}, [100, 101]],
    [{labels: ['memory=512']}, [102]],
    [{labels: ['config.memory!=512']}, [100, 101]],
    [{labels: ['net0.bridge']}, [100]],
    [{labels: ['!onboot']}, [102, 101]],
    [{labels: ['net*.bridge=vmbr1']}, [102]],
    [{labels: ['net*.bridge=vmbr?']}, [100, 102]],
    [{labels: ['tags=web', 'onboot=1']}, [100]],
    [{labels: ['type=lxc']}, [101]],
    [{labels: ['net0=virtio']}, []],
  ]
  for (const [selection, expected] of table) {
    it(`by ${JSON.stringify(selection)} takes ${expected.join(', ') || 'none'}`, () => {
      expect(ids(select(guests, selection))).to.deep.equal(expected)
    })
  }

  it('of nonsense is an error', () => {
    for (const label of ['', '=x', 'a b=c', '!'])
      expect(() => select(guests, {labels: [label]}), label).to.throw('selects nothing')
  })
})

describe('observed: order', () => {
  it('is by value, missing last, either way', () => {
    expect(ids(sortBy(guests, 'memory'))).to.deep.equal([102, 101, 100])
    expect(ids(sortBy(guests, '-memory'))).to.deep.equal([100, 101, 102])
    expect(ids(sortBy(guests, 'onboot'))).to.deep.equal([100, 102, 101])
    expect(ids(sortBy(guests, '-onboot'))).to.deep.equal([100, 102, 101])
    expect(ids(sortBy(guests, 'name'))).to.deep.equal([102, 101, 100])
  })
})

describe('observed: what nests', () => {
  const rules: ValueMap[] = [
    {type: 'in', dport: '22', comment: 'ssh'},
    {type: 'in', dport: '443'},
  ]
  const members = {'192.0.2.0/24': {comment: 'office'}, '198.51.100.7': {}}
  const state: ClusterState = {
    cluster: 'home',
    objects: [
      {kind: 'network', id: 'pve1', config: {vmbr0: {type: 'bridge'}}, facts: {}},
      {kind: 'network', id: 'pve2', config: {}, facts: {}},
      {kind: 'firewall', id: 'cluster', config: {rules, ipsets: {blk: {comment: 'bad', members}}}, facts: {}},
      {kind: 'firewall', id: 'guest/100', config: {rules: rules.slice(1), options: {enable: 1}}, facts: {}},
      {kind: 'acl', id: 'acl', config: {'/vms/1.5': {'ann@pve': ['PVEAdmin']}}, facts: {}},
    ],
  }
  const firewalls = itemsOf([state], ['firewall'])
  const [acl] = itemsOf([state], ['acl']) as [Item]
  const labelled = (...labels: string[]) => ids(select(firewalls, {labels}))

  it('is reached by its name, through lists of maps too', () => {
    const [cluster] = firewalls as [Item]
    expect(fieldOf(cluster, 'ipsets.blk.comment')).to.equal('bad')
    expect(fieldOf(cluster, 'config.ipsets.blk.members["192.0.2.0/24"].comment')).to.equal('office')
    expect(fieldOf(cluster, 'rules.dport')).to.deep.equal(['22', '443'])
    expect(fieldOf(cluster, 'rules.1.dport')).to.equal('443')
    expect(fieldOf(cluster, 'rules.comment')).to.deep.equal(['ssh'])
    expect(fieldOf(cluster, 'rules.nothing.deeper')).to.deep.equal([])
    expect(fieldOf(acl, 'config["/vms/1.5"]["ann@pve"]')).to.deep.equal(['PVEAdmin'])
  })

  it('is selected by', () => {
    expect(labelled('rules.dport=22')).to.deep.equal(['cluster'])
    expect(labelled('rules.dport=443')).to.deep.equal(['cluster', 'guest/100'])
    expect(labelled('ipsets.*.comment=off*')).to.deep.equal(['cluster'])
    expect(labelled('rules.*.comment')).to.deep.equal(['cluster'])
    expect(labelled('!ipsets.blk')).to.deep.equal(['guest/100'])
    expect(labelled('options.enable=1')).to.deep.equal(['guest/100'])
    expect(ids(select(itemsOf([state], ['network']), {node: 'pve2'}))).to.deep.equal(['pve2'])
  })

  it('is sorted by, of what is many by how many it is', () => {
    expect(ids(sortBy(firewalls, 'rules'))).to.deep.equal(['guest/100', 'cluster'])
    expect(ids(sortBy(firewalls, '-rules'))).to.deep.equal(['cluster', 'guest/100'])
    expect(ids(sortBy(firewalls, 'ipsets.blk.comment'))).to.deep.equal(['cluster', 'guest/100'])
  })

  it('is told in a cell by how many it is, or on one line', () => {
    const cell = (word: string, heading: string, item: Item) =>
      columnsFor(kindsNamed(word), {wide: true})
        .find(({header}) => header === heading)!
        .value(item)
    expect(firewalls.map((item) => cell('firewalls', 'RULES', item))).to.deep.equal(['2', '1'])
    expect(cell('acl', 'PATHS', acl)).to.equal('1')
    const options = {...acl, kind: 'options', config: {migration: {type: 'secure', network: '10.0.0.0/8'}}} as Item
    expect(cell('options', 'MIGRATION', options)).to.equal('type=secure,network=10.0.0.0/8')
  })
})

describe('observed: columns', () => {
  it('come from the registry, with the kind where there are several', () => {
    const headers = (word: string, options = {}) => columnsFor(kindsNamed(word), options).map(({header}) => header)
    expect(headers('guests').slice(0, 3)).to.deep.equal(['KIND', 'VMID', 'NAME'])
    expect(headers('vms', {clusters: true}).slice(0, 2)).to.deep.equal(['CLUSTER', 'VMID'])
    expect(headers('vms')).not.to.include('OSTYPE')
    expect(headers('vms', {wide: true})).to.include('OSTYPE')
  })

  it('make CSV that other programs read', () => {
    const columns = columnsFor(kindsNamed('vms')).filter(({header}) => ['VMID', 'NAME', 'TAGS'].includes(header))
    expect(csv(guests.slice(0, 2), columns)).to.equal(
      'VMID,NAME,TAGS\r\n100,web01,"prod,web"\r\n102,"db ""main""",\r\n',
    )
  })

  it('tell the memory of guests with its unit, which a spreadsheet does without', () => {
    const memory = columnsFor(kindsNamed('guests')).find(({header}) => header === 'MEMORY')!
    const told = [512, 1024, 1536, 2000, 131_072].map((mib) => {
      const guest = {...guests[0]!, config: {memory: mib}}
      return [memory.value(guest), memory.bare!(guest)]
    })
    expect(told).to.deep.equal([
      ['512 MiB', '512'],
      ['1 GiB', '1024'],
      ['1.5 GiB', '1536'],
      ['2000 MiB', '2000'],
      ['128 GiB', '131072'],
    ])
  })

  it('keep the kind whole where the terminal is narrow', () => {
    const guest = {...guests[0]!, kind: 'container' as const, name: 'n'.repeat(40), tags: ['t'.repeat(40)]}
    for (const width of [60, 80]) {
      const [heading, row] = table([guest], columnsFor(kindsNamed('guests')), {width}).split('\n')
      expect(heading, String(width)).to.match(/^KIND /)
      expect(row, String(width)).to.match(/^container /)
    }
  })

  it('tell bytes in GiB', () => {
    const [node] = itemsOf([home], ['node'])
    const memory = columnsFor(kindsNamed('nodes')).find(({header}) => header === 'MEMORY')
    expect(memory?.value(node!)).to.equal('64 GiB')
  })
})
