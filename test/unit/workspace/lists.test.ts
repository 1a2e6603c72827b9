import {expect} from 'chai'
import fc from 'fast-check'
import {fromManifest, toManifest} from '../../../src/kit/values/index.js'
import type {Config, KindName, ObjectRef, Value} from '../../../src/kit/resources/index.js'
import {stepsBetween} from '../../../src/kit/resources/sequence.js'
import {editManifest} from '../../../src/kit/workspace/edit.js'
import {parseManifests} from '../../../src/kit/workspace/manifests.js'
import {printManifest} from '../../../src/kit/workspace/print.js'

const container: ObjectRef = {cluster: 'home', kind: 'container', id: 119}
const vm: ObjectRef = {cluster: 'home', kind: 'vm', id: 100}

function read(text: string): Config {
  const {documents, problems} = parseManifests(text, 'infra/home/x.yaml', ['home'])
  expect(problems).to.deep.equal([])
  return documents[0]!.declared.config
}

function edited(text: string, ref: ObjectRef, field: string[], value: Value | undefined): string {
  const {text: after, blocked} = editManifest(text, ref, [{field, value}])
  expect(blocked).to.deep.equal([])
  return after
}

/** The lines that went and came. */
function changes(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  return stepsBetween(a, b).flatMap(({from, to}) =>
    from === undefined ? [`+${b[to!]}`] : to === undefined ? [`-${a[from]}`] : [],
  )
}

const pairs = [
  ['lxc.idmap', 'u 100000 200000 100000'],
  ['lxc.idmap', 'g 100000 200000 100000'],
  ['lxc.idmap', 'u 0 100000 65536'],
  ['lxc.idmap', 'g 0 100000 65536'],
]
const allow = ['lxc.cgroup2.devices.allow', 'c 226:128 rwm']

describe('lists in a manifest: raw lines of a container', () => {
  const printed = printManifest({kind: 'container', id: 119, config: {hostname: 'ct119', lxc: pairs, memory: 512}})
  const commented = printed
    .replace('u 0 100000 65536]', 'u 0 100000 65536] # the rest of them')
    .replace('    - [lxc.idmap, g 100000', '    # groups\n    - [lxc.idmap, g 100000')

  it('have a line each, and are read back as the same', () => {
    expect(printed.split('\n').slice(4, 9)).to.deep.equal([
      '  lxc:',
      '    - [lxc.idmap, u 100000 200000 100000]',
      '    - [lxc.idmap, g 100000 200000 100000]',
      '    - [lxc.idmap, u 0 100000 65536]',
      '    - [lxc.idmap, g 0 100000 65536]',
    ])
    expect(read(printed).lxc).to.deep.equal(pairs)
  })

  it('are the same in one line, as maps, as texts, and with numbers', () => {
    const head = 'kind: container\nid: 119\nconfig:\n  lxc:'
    const wanted = [
      ['lxc.idmap', 'u 0 100000 65536'],
      ['lxc.tty.max', '4'],
    ]
    for (const text of [
      ' [[lxc.idmap, u 0 100000 65536], [lxc.tty.max, "4"]]\n',
      '\n    - [lxc.idmap, u 0 100000 65536]\n    - [lxc.tty.max, 4]\n',
      '\n  - lxc.idmap: u 0 100000 65536\n  - lxc.tty.max: 4\n',
      '\n  - "lxc.idmap: u 0 100000 65536"\n  - lxc.tty.max = 4\n',
    ])
      expect(read(head + text).lxc, text).to.deep.equal(wanted)
    const {problems} = parseManifests(`${head} [[lxc.idmap]]\n`, 'infra/home/x.yaml', ['home'])
    expect(problems.map(({message}) => message)).to.deep.equal([
      'lxc: each line is a pair, as in [lxc.idmap, u 0 100000 65536]',
    ])
  })

  const cases: [string, string[][] | undefined, string[]][] = [
    [
      'one that changed and one that came are one changed line and one that was added',
      [...pairs.with(2, ['lxc.idmap', 'u 0 100000 1000']), allow],
      [
        '-    - [lxc.idmap, u 0 100000 65536] # the rest of them',
        '+    - [lxc.idmap, u 0 100000 1000] # the rest of them',
        '+    - [lxc.cgroup2.devices.allow, "c 226:128 rwm"]',
      ],
    ],
    ['a new first one stands above all', [allow, ...pairs], ['+    - [lxc.cgroup2.devices.allow, "c 226:128 rwm"]']],
    [
      'a new one stands before the comment on the next',
      pairs.toSpliced(1, 0, allow),
      ['+    - [lxc.cgroup2.devices.allow, "c 226:128 rwm"]'],
    ],
    [
      'one that went leaves what people wrote behind it',
      pairs.toSpliced(2, 1),
      ['-    - [lxc.idmap, u 0 100000 65536] # the rest of them', '+    # the rest of them'],
    ],
    [
      'one that moved is two lines',
      [...pairs.slice(1), pairs[0]!],
      ['-    - [lxc.idmap, u 100000 200000 100000]', '+    - [lxc.idmap, u 100000 200000 100000]'],
    ],
    ['one that stands twice comes once more', [...pairs, pairs[3]!], ['+    - [lxc.idmap, g 0 100000 65536]']],
  ]
  for (const [title, value, expected] of cases) {
    it(title, () => {
      expect(changes(commented, edited(commented, container, ['config', 'lxc'], value))).to.deep.equal(expected)
    })
  }

  it('stay in one line where they stand so, and in the form of maps', () => {
    const line = 'kind: container\nid: 119\nconfig:\n  lxc: [[lxc.idmap, a], ["lxc.idmap", "b"]] # mine\n'
    expect(edited(line, container, ['config', 'lxc'], [['lxc.idmap', 'a'], ['lxc.idmap', 'c'], allow])).to.include(
      '  lxc: [[lxc.idmap, a], ["lxc.idmap", "c"], [lxc.cgroup2.devices.allow, "c 226:128 rwm"]] # mine\n',
    )
    const maps = 'kind: container\nid: 119\nconfig:\n  lxc:\n  - lxc.idmap: a # one\n  - lxc.idmap: b # two\n'
    expect(changes(maps, edited(maps, container, ['config', 'lxc'], [['lxc.idmap', 'b'], allow]))).to.deep.equal([
      '-  - lxc.idmap: a # one',
      '+  # one',
      '+  - [lxc.cgroup2.devices.allow, "c 226:128 rwm"]',
    ])
  })

  it('become what is wanted, whatever that is, and nothing else changes', () => {
    const lines = fc.array(fc.constantFrom(...pairs, allow, ['lxc.tty.max', '4']), {minLength: 1, maxLength: 6})
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const text = printManifest({kind: 'container', id: 119, config: {hostname: 'a', lxc: before, memory: 512}})
        const now = edited(text, container, ['config', 'lxc'], after)
        expect(read(now)).to.deep.equal({hostname: 'a', lxc: after, memory: 512})
        const steps = stepsBetween(before.map(String), after.map(String))
        expect(changes(text, now)).to.have.length(
          steps.filter(({from, to}) => from === undefined || to === undefined).length,
        )
      }),
    )
  })
})

describe('lists in a manifest: in a property string', () => {
  const cases: [KindName, string, string, string][] = [
    ['vm', 'boot', 'order=scsi0;ide2;net0', 'boot:\n  order: [scsi0, ide2, net0]\n'],
    ['vm', 'boot', 'order=scsi0', 'boot:\n  order: [scsi0]\n'],
    ['vm', 'cpu', 'host,flags=+aes;-pcid', 'cpu:\n  cputype: host\n  flags: [+aes, "-pcid"]\n'],
    [
      'vm',
      'net0',
      'virtio=BC:24:11:5A:01:02,bridge=vmbr0,trunks=10;20-30',
      'net0:\n  model: virtio\n  macaddr: BC:24:11:5A:01:02\n  bridge: vmbr0\n  trunks: [10, 20-30]\n',
    ],
    ['vm', 'startup', 'order=3,up=5', 'startup:\n  order: 3\n  up: 5\n'],
    ['container', 'features', 'nesting=1,mount=nfs;cifs', 'features:\n  mount: [nfs, cifs]\n  nesting: 1\n'],
    [
      'container',
      'mp0',
      'local:119/a.raw,mp=/srv,mountoptions=noatime;nodev',
      'mp0:\n  volume: local:119/a.raw\n  mountoptions: [noatime, nodev]\n  mp: /srv\n',
    ],
  ]
  for (const [kind, key, text, printed] of cases) {
    it(`${key}: ${text}`, () => {
      const {value} = fromManifest(kind, key, text)
      const manifest = printManifest({kind, id: 100, config: {[key]: value}})
      expect(manifest.split('config:\n')[1]!.replaceAll(/^ {2}/gm, '')).to.equal(printed)
      expect(read(manifest)[key]).to.deep.equal(value)
      expect(fromManifest(kind, key, toManifest(kind, key, value))).to.deep.equal({value, problems: []})
    })
  }

  it('what would not be read as the same stays a text', () => {
    for (const order of ['', ';', 'a;', 'a; b']) expect(toManifest('vm', 'boot', {order})).to.deep.equal({order})
  })

  const listed =
    'kind: vm\nid: 100\nconfig:\n  boot: # which first\n    order: [scsi0, ide2] # disk first\n  cores: 4\n'
  const order = ['config', 'boot', 'order']

  it('changes within its line, as a list', () => {
    expect(changes(listed, edited(listed, vm, order, 'net0;scsi0;ide2'))).to.deep.equal([
      '-    order: [scsi0, ide2] # disk first',
      '+    order: [net0, scsi0, ide2] # disk first',
    ])
    expect(changes(listed, edited(listed, vm, ['config', 'boot'], {order: 'ide2;scsi0'}))).to.deep.equal([
      '-    order: [scsi0, ide2] # disk first',
      '+    order: [ide2, scsi0] # disk first',
    ])
  })

  it('has one changed line a device where people gave each a line', () => {
    const block = 'kind: vm\nid: 100\nconfig:\n  boot:\n    order:\n    - scsi0 # root\n    - ide2\n    - net0\n'
    expect(changes(block, edited(block, vm, order, 'scsi0;scsi1;net0'))).to.deep.equal(['-    - ide2', '+    - scsi1'])
  })

  it('stays a text where it stands as one, as older versions of pmpc wrote it', () => {
    const old = listed.replace('[scsi0, ide2]', 'scsi0;ide2')
    expect(read(old)).to.deep.equal(read(listed))
    expect(changes(old, edited(old, vm, order, 'ide2'))).to.deep.equal([
      '-    order: scsi0;ide2 # disk first',
      '+    order: ide2 # disk first',
    ])
    const text = 'kind: vm\nid: 100\nconfig:\n  boot: order=scsi0;ide2\n'
    expect(edited(text, vm, order, 'ide2')).to.include('  boot: order=ide2\n')
  })

  it('comes as a list where it was not there', () => {
    const without = 'kind: vm\nid: 100\nconfig:\n  cores: 4\n'
    expect(edited(without, vm, ['config', 'boot'], {order: 'scsi0;net0'})).to.include(
      '  boot:\n    order: [scsi0, net0]\n',
    )
    const merged = 'kind: vm\nid: 100\nconfig: {cores: 4}\n'
    expect(edited(merged, vm, ['config', 'boot'], {order: 'scsi0;net0'})).to.include('boot: {order: [scsi0, net0]}')
  })

  it('is a list of words, too, where people wrote one', () => {
    const text = 'kind: vm\nid: 100\nconfig:\n  nameserver: [192.0.2.1, 192.0.2.2] # both\n'
    expect(edited(text, vm, ['config', 'nameserver'], '192.0.2.1 192.0.2.3')).to.include(
      '  nameserver: [192.0.2.1, 192.0.2.3] # both\n',
    )
  })
})
