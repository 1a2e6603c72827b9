import {expect} from 'chai'
import fc from 'fast-check'
import type {Config} from '../../../src/kit/resources/index.js'
import {describeChange, differenceAt, differenceOf, diffStates} from '../../../src/kit/state/index.js'
import {describeOpen, wordsOf} from '../../../src/kit/workspace/index.js'

const idmap = [
  ['lxc.idmap', 'u 100000 200000 100000'],
  ['lxc.idmap', 'g 100000 200000 100000'],
  ['lxc.idmap', 'u 0 100000 65536'],
  ['lxc.idmap', 'g 0 100000 65536'],
]
const changed = idmap.with(2, ['lxc.idmap', 'u 0 100000 1000'])
changed.push(['lxc.cgroup2.devices.allow', 'c 226:128 rwm'])
const lines = [
  '-lxc.idmap: u 0 100000 65536',
  '+lxc.idmap: u 0 100000 1000',
  '+lxc.cgroup2.devices.allow: c 226:128 rwm',
]

describe('state: what differs, for people', () => {
  it('of what a guest runs with is said in words', () => {
    const fields = [{field: 'running.cores', after: 4}]
    expect(describeChange({change: 'changed', kind: 'vm', id: 100, name: 'web', fields})).to.deep.equal([
      '~ vm/100 web: running.cores runs with 4 until it is restarted',
    ])
    const mtu = [{field: 'running.mtu', after: 1400}]
    expect(describeChange({change: 'changed', kind: 'sdn-zone', id: 'z', fields: mtu})).to.deep.equal([
      '~ sdn-zone/z: running.mtu in force with 1400 until it is applied',
    ])
    const long = [{field: 'running.mtu', before: ['a'.repeat(70)], after: ['b'.repeat(70)]}]
    expect(describeChange({change: 'changed', kind: 'sdn-zone', id: 'z', fields: long})[0]).to.equal(
      '~ sdn-zone/z: running.mtu',
    )
  })

  it('a conflict about a whole object says that the manifest is another one', () => {
    const gone = {object: 'home/vm/120', base: 'present', offer: null}
    expect(describeOpen({...gone, state: 'drift'})).to.deep.equal(['home/vm/120: gone from the cluster'])
    expect(describeOpen({...gone, state: 'conflict'})[0]).to.match(/gone from the cluster; yours: a manifest/)
  })

  it('advice means all of its items and no others, or is too long to give', () => {
    const of = (id: number, field: string) => ({object: `home/vm/${id}`, field})
    const two = [of(100, 'config.cores'), of(100, 'config.memory'), of(101, 'config.cores')]
    expect(wordsOf(two, [])).to.equal('home/vm/100 home/vm/101:config.cores')
    expect(wordsOf(two, [of(100, 'config.name')])).to.equal(
      'home/vm/100:config.cores home/vm/100:config.memory home/vm/101:config.cores',
    )
    expect(
      wordsOf(
        [1, 2, 3, 4, 5].map((id) => of(id, 'config.cores')),
        [],
      ),
    ).to.equal(undefined)
  })

  it('is both values where they are short', () => {
    expect(differenceOf(2048, 4096)).to.deep.equal(['2048 → 4096'])
    expect(differenceOf(undefined, ['prod', 'web'])).to.deep.equal(['(none) → [prod, web]'])
    expect(differenceOf('5', null)).to.deep.equal(['"5" → (none)'])
  })

  it('are the raw lines of a container that went and came', () => {
    expect(differenceOf(idmap, changed)).to.deep.equal(lines)
    expect(differenceAt('config.lxc', idmap, changed)).to.deep.equal([
      'config.lxc',
      ...lines.map((line) => `  ${line}`),
    ])
    expect(differenceAt('config.lxc', idmap, [...idmap, changed[4]])).to.deep.equal([
      'config.lxc +lxc.cgroup2.devices.allow: c 226:128 rwm',
    ])
    expect(differenceOf(undefined, idmap.slice(2))).to.deep.equal([
      '+lxc.idmap: u 0 100000 65536',
      '+lxc.idmap: g 0 100000 65536',
    ])
  })

  it('are the rows of a sequence that went and came, each told with what leads it', () => {
    const [ssh, web] = [
      {action: 'ACCEPT', dport: '22', type: 'in'},
      {action: 'ACCEPT', comment: 'from the web', dport: '443', type: 'in'},
    ]
    const group = {action: 'sg1', type: 'group'}
    expect(differenceAt('config.rules', [ssh, web, group], [{...ssh, source: '10.0.0.0/8'}, web, group])).to.deep.equal(
      ['config.rules', '  -in ACCEPT dport=22', '  +in ACCEPT source=10.0.0.0/8 dport=22'],
    )
    expect(differenceOf(undefined, [web, group])).to.deep.equal([
      '+in ACCEPT dport=443 comment="from the web"',
      '+group sg1',
    ])
    expect(differenceOf([ssh, group], [group, ssh])).to.deep.equal(['-in ACCEPT dport=22', '+in ACCEPT dport=22'])
    expect(differenceOf([{path: '0000:01:00.0', id: '8086:1521', iommugroup: 5}], null)).to.deep.equal([
      '-0000:01:00.0 8086:1521 iommugroup=5',
    ])
    expect(differenceOf([{odd: 1, b: 2}], null)).to.deep.equal(['-b=2 odd=1'])
  })

  it('of values that nest are a line each, and no line for a map that was empty', () => {
    const firewall = (members: Config) => ({
      cluster: 'home',
      objects: [{kind: 'firewall' as const, id: 'cluster', facts: {}, config: {ipsets: {blk: {members}}}}],
    })
    const before = firewall({'192.0.2.0/24': {comment: 'a'}, '198.51.100.1': {}})
    const after = firewall({'192.0.2.0/24': {comment: 'b'}, '198.51.100.1': {comment: 'c'}})
    expect(diffStates(before, after).flatMap(describeChange)).to.deep.equal([
      '~ firewall/cluster: config.ipsets.blk.members["192.0.2.0/24"].comment a → b',
      '~ firewall/cluster: config.ipsets.blk.members["198.51.100.1"].comment (none) → c',
    ])
    const acl = (roles: string[]) => ({
      cluster: 'home',
      objects: [{kind: 'acl' as const, id: 'acl', facts: {}, config: {'/vms': {'alice@pve': roles}}}],
    })
    expect(diffStates(acl(['PVEAuditor']), acl(['PVEAdmin', 'PVEAuditor'])).flatMap(describeChange)).to.deep.equal([
      '~ acl/acl: config["/vms"]["alice@pve"] +PVEAdmin',
    ])
  })

  it('are the lines of a long text that differ', () => {
    const text = Array.from({length: 30}, (_, at) => `line ${at}`)
    expect(differenceOf(text.join('\n'), text.with(20, 'another').join('\n'))).to.deep.equal(['-line 20', '+another'])
    expect(differenceOf('one\ntwo', 'one\nthree')).to.deep.equal([String.raw`"one\ntwo" → "one\nthree"`])
    const many = differenceOf(text.join('\n'), text.map((line) => `${line}!`).join('\n'))
    expect(many).to.have.length(9)
    expect(many.at(-1)).to.equal('… and 52 more lines')
  })

  it('are the sub-keys that differ, where a property string is long', () => {
    const net = {model: 'virtio', macaddr: 'BC:24:11:5A:01:02', bridge: 'vmbr0', firewall: 1, tag: 42, trunks: '1;2'}
    expect(differenceOf(net, {...net, tag: 43, queues: 4})).to.deep.equal(['queues (none) → 4', 'tag 42 → 43'])
  })

  it('is a window where a long text differs, with what is around it', () => {
    const head = '-device vfio-pci,host=0000:01:00.0,id=hostpci0,bus=ich9-pcie-port-1 -device '
    expect(differenceOf(`${head}one -cpu host,kvm=off`, `${head}other -cpu host,kvm=off`)).to.deep.equal([
      '…-1 -device one -cpu host,k… → …-1 -device other -cpu host,k…',
    ])
  })

  it('never looks the same on both sides', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' ', '🍐', '\n'), {maxLength: 200}).map((all) => all.join(''))
    const texts = fc.tuple(text, text, text, text).map(([a, b, c, d]) => [`x${a}${b}${c}x`, `x${a}${d}${c}x`])
    fc.assert(
      fc.property(texts, ([before, after]) => {
        fc.pre(before!.trimEnd() !== after!.trimEnd())
        const told = differenceOf(before, after)
        expect(told.length).to.be.at.most(9)
        const [left, right] = told[0]!.split(' → ')
        if (told.length === 1 && right !== undefined) expect(left).not.to.equal(right)
        else expect(told.every((line) => /^[-+…]/.test(line))).to.equal(true)
        const [went, came] = ['-', '+'].map((sign) =>
          told.filter((line) => line[0] === sign).map((line) => line.slice(1)),
        )
        if (told.length > 1 && went!.length + came!.length < 8) expect(went).not.to.deep.equal(came)
      }),
    )
  })

  it('of rows shows each whole, what stands in the place of another right below it', () => {
    const rule = (dport: string, comment: string) => ({
      type: 'in',
      action: 'ACCEPT',
      dport,
      enable: 1,
      source: '203.0.113.0/24',
      comment,
    })
    const [one, two] = [rule('22', 'from the office'), rule('3128', 'the proxy of the workshop')]
    expect(
      differenceOf([one, two], [rule('23', 'from the office'), rule('3129', 'the proxy of the workshop')]),
    ).to.deep.equal([
      '-in ACCEPT source=203.0.113.0/24 dport=22 enable=1 comment="from the office"',
      '+in ACCEPT source=203.0.113.0/24 dport=23 enable=1 comment="from the office"',
      '-in ACCEPT source=203.0.113.0/24 dport=3128 enable=1 comment="the proxy of the workshop"',
      '+in ACCEPT source=203.0.113.0/24 dport=3129 enable=1 comment="the proxy of the workshop"',
    ])
  })

  it('of what is open shows both sides of a long value, each against what was agreed on', () => {
    const item = {object: 'home/container/119', field: 'config.lxc', base: idmap, offer: changed}
    expect(describeOpen({...item, state: 'drift'})).to.deep.equal([
      'home/container/119 config.lxc:',
      ...lines.map((line) => `  ${line}`),
    ])
    const yours = [...idmap, ['lxc.apparmor.profile', 'unconfined']]
    expect(describeOpen({...item, state: 'conflict', yours})).to.deep.equal([
      'home/container/119 config.lxc:',
      "  the cluster's:",
      ...lines.map((line) => `    ${line}`),
      '  yours: +lxc.apparmor.profile: unconfined',
    ])
    const unknown = {object: item.object, field: item.field, offer: changed, state: 'conflict' as const, yours: idmap}
    expect(describeOpen(unknown)).to.deep.equal([
      "home/container/119 config.lxc: (unknown); yours → the cluster's:",
      ...lines.map((line) => `  ${line}`),
    ])
    const memory = {object: 'home/vm/100', field: 'config.memory', base: 1, offer: 2, state: 'conflict' as const}
    expect(describeOpen({...memory, yours: 3})).to.deep.equal(['home/vm/100 config.memory: 1 → 2; yours: 3'])
  })
})
