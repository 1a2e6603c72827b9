import {expect} from 'chai'
import {shown} from '../../../src/kit/cli/index.js'
import {
  changesText,
  describeText,
  logText,
  runLogText,
  type Item,
  type LogEntry,
  type Paint,
} from '../../../src/kit/observed/index.js'

const plain: Paint = (_, text) => text
// eslint-disable-next-line no-control-regex -- that none is printed is what this is about
const control = /[\x00-\x09\x0b-\x1f\x7f]/

const entry: LogEntry = {
  commit: 'a'.repeat(40),
  date: '2026-01-02T03:04:05+01:00',
  author: {name: 'A\u001B[2Jda', email: ''},
  subject: 'by \u0007hand',
  run: null,
  command: null,
  clusters: [],
  trailers: {},
}

describe('observed: text for people', () => {
  it('lets no value play tricks on the terminal', () => {
    const config = {name: 'a\u001B[2Jb', description: 'one\u001B[1A\ntwo\r\n', args: '\u0000'}
    const item = {cluster: 'home', kind: 'vm' as const, id: 1, config, name: config.name}
    const side = {rev: 'HEAD', commit: null}
    const fields = [{field: 'config.name', before: 'x', after: '\u001B[2J'}]
    const changes = [
      {cluster: 'home', kind: 'vm' as const, id: 1, name: config.name, change: 'changed' as const, fields},
    ]
    const counts = {added: 0, removed: 0, changed: 1, replaced: 0, ignored: 0}
    for (const text of [
      describeText(item, plain),
      changesText({before: side, after: side, counts, changes}, plain),
      logText([entry], plain),
      runLogText({run: 'x', commits: [entry], file: 'f', lines: [{time: '', event: 'e', told: '\u001B[2J'}]}, plain),
    ]) {
      expect(shown(text)).not.to.match(control)
      expect(shown(text)).to.include('\\u001b')
    }
  })

  it('says of what is empty that there is none, and nothing twice', () => {
    const node = {cluster: 'home', kind: 'node' as const, id: 'pve1', config: {}, node: 'pve1', level: ''}
    expect(describeText(node, plain)).to.match(/\n {2}level +\(none\)\n/)
    const storage = {cluster: 'home', kind: 'storage' as const, id: 'local', type: 'dir', config: {type: 'dir'}}
    expect(describeText(storage, plain).match(/type +dir/g)).to.have.length(1)
    const guest = {
      cluster: 'home',
      kind: 'container' as const,
      id: 1,
      type: 'lxc',
      config: {boot: {}, description: 'one\n\ntwo\n', net0: {name: 'eth0'}},
      running: {features: null},
    }
    const text = describeText(guest, plain)
    expect(text)
      .to.match(/\n {2}boot +\(none\)\n/)
      .and.match(/Runs with other values\n {2}features {2}\(none\)\n/)
    expect(text)
      .to.match(/description {2}one\n\n +two\n/)
      .and.match(/net0\n {4}name +eth0\n/)
      .and.match(/type +lxc\n/)
    expect(text).not.to.match(/ $/m)
  })

  it('sets what nests in as deep as it is, a rule a line, an entry a line where it fits', () => {
    const firewall: Item = {
      cluster: 'home',
      kind: 'firewall',
      id: 'cluster',
      config: {
        rules: [
          {comment: 'two  blanks', dport: '22', action: 'ACCEPT', type: 'in', zz: 1},
          {type: 'group', action: 'web', comment: ''},
        ],
        aliases: {gw: {cidr: '192.0.2.1', comment: 'out'}},
        ipsets: {blk: {comment: 'bad', members: {'192.0.2.0/24': {nomatch: 1}, '192.0.2.9': {}}}},
      },
    }
    expect(describeText(firewall, plain)).to.equal(
      [
        'firewall/cluster',
        '  cluster  home',
        '',
        'Configuration',
        '  aliases',
        '    gw                cidr=192.0.2.1, comment=out',
        '  ipsets',
        '    blk',
        '      comment         bad',
        '      members',
        '        192.0.2.0/24  nomatch=1',
        '        192.0.2.9',
        '  rules',
        '    type   action  dport  comment        zz',
        '    in     ACCEPT  22     "two  blanks"  1',
        '    group  web            ""',
        '',
      ].join('\n'),
    )
    const acl: Item = {
      cluster: 'home',
      kind: 'acl',
      id: 'acl',
      config: {'/': {'@admins': ['Administrator']}, '/vms': {'ann@pve!ci': ['PVEAuditor:propagate=0', 'PVEVMUser']}},
    }
    expect(describeText(acl, plain)).to.contain(
      '  /\n    @admins     [Administrator]\n  /vms\n    ann@pve!ci  [PVEAuditor:propagate=0, PVEVMUser]\n',
    )
    const zone: Item = {cluster: 'home', kind: 'sdn-zone', id: 'z', config: {mtu: 1450}, running: {mtu: null}}
    expect(describeText(zone, plain)).to.contain('In force until it is applied\n  mtu  (none)\n')
  })

  it('breaks a long set between its elements', () => {
    const privs = Array.from({length: 20}, (_, at) => `Some.Privilege${at}`)
    const text = describeText({cluster: 'home', kind: 'role', id: 'Ops', config: {privs}}, plain)
    const lines = text.slice(text.indexOf('  privs')).trimEnd().split('\n')
    expect(lines).to.have.length(5)
    expect(lines.every((line) => line.length <= 90)).to.equal(true)
    expect(lines.map((line) => line.trim().replace(/^privs +/, '')).join(' ')).to.equal(`[${privs.join(', ')}]`)
  })

  it('cuts long values in the middle of no character', () => {
    const side = {rev: 'HEAD', commit: null}
    const fields = [{field: 'config.description', before: '🍐'.repeat(100), after: 'short'}]
    const changes = [{cluster: 'home', kind: 'vm' as const, id: 1, change: 'changed' as const, fields}]
    const text = changesText(
      {before: side, after: side, counts: {added: 0, removed: 0, changed: 1, replaced: 0, ignored: 0}, changes},
      plain,
    )
    expect(text).to.include(`    config.description  ${'🍐'.repeat(59)}… → short\n`)
  })

  it('says in words with what a guest runs', () => {
    const side = {rev: 'HEAD', commit: null}
    const text = (before: unknown, after: unknown, kind: 'vm' | 'sdn-zone' = 'vm') => {
      const fields = [{field: 'running.cores', before, after}]
      const changes = [{cluster: 'home', kind, id: 1, change: 'changed' as const, fields}]
      const counts = {added: 0, removed: 0, changed: 1, replaced: 0, ignored: 0}
      return changesText({before: side, after: side, counts, changes}, plain).split('\n')[2]?.trim()
    }
    expect(text(undefined, 4)).to.equal('running.cores  runs with 4 until it is restarted')
    expect(text(undefined, null)).to.equal('running.cores  runs without it until it is restarted')
    expect(text(4, 8)).to.equal('running.cores  runs with 8 until it is restarted (ran with 4)')
    expect(text(4, undefined)).to.equal('running.cores  as configured again (ran with 4)')
    expect(text(undefined, 4, 'sdn-zone')).to.equal('running.cores  in force with 4 until it is applied')
    expect(text(4, null, 'sdn-zone')).to.equal('running.cores  in force without it until it is applied (was with 4)')
    expect(text(null, undefined, 'sdn-zone')).to.equal('running.cores  in force as configured (was without it)')
  })

  it('names who made a commit, by which run, and who changed what in Proxmox', () => {
    expect(logText([entry], plain)).to.equal(
      `${'a'.repeat(12)}  2026-01-02 03:04  by \\u0007hand  (by A\\u001b[2Jda)\n`,
    )
    expect(logText([{...entry, run: '01ab'}], plain)).to.match(/ {2}\(by A.*da, run 01ab\)\n$/)
    const changedBy = [
      'alice@pve vm/101 UPID:x',
      'unknown vm/104',
      ...[1, 2, 3, 4, 5, 6].map((id) => `root@pam vm/${id}`),
    ]
    const told = logText([{...entry, run: '01ab', trailers: {'Pmpc-Changed-By': changedBy}}], plain)
    expect(told.split('\n').slice(1)).to.deep.equal([
      '    changed in Proxmox by alice@pve: vm/101',
      '    changed in Proxmox, by whom is unknown: vm/104',
      '    changed in Proxmox by root@pam: vm/1, vm/2, vm/3, vm/4, vm/5 and 1 more',
      '',
    ])
    const changes = [{cluster: 'home', kind: 'vm' as const, id: 101, change: 'added' as const, fields: []}]
    const ofOne = logText([{...entry, run: '01ab', changes, trailers: {'pmpc-changed-by': changedBy}}], plain)
    expect(ofOne.split('\n').slice(1, 3)).to.deep.equal(['    changed in Proxmox by alice@pve: vm/101', '  + vm/101'])
  })
})
