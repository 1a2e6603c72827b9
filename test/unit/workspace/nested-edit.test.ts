import {expect} from 'chai'
import fc from 'fast-check'
import {parseRef} from '../../../src/kit/resources/index.js'
import type {Declared, ObjectRef, Value, ValueMap} from '../../../src/kit/resources/index.js'
import {stepsBetween} from '../../../src/kit/resources/sequence.js'
import {declaredDocument, editsBetween} from '../../../src/kit/reconcile/documents.js'
import {editManifest, type FieldEdit} from '../../../src/kit/workspace/edit.js'
import {parseManifests} from '../../../src/kit/workspace/manifests.js'
import {textScalar} from '../../../src/kit/workspace/emit.js'
import {printManifest} from '../../../src/kit/workspace/print.js'
import {anyShaped, plain, shapedKinds} from './shaped.js'

const firewall = parseRef('home/firewall/guest/100')
const acl = parseRef('home/acl/acl')

function read(text: string): Declared {
  const {documents} = parseManifests(text, 'infra/home/x.yaml', ['home'])
  return documents[0]!.declared
}

/** The lines that went and came. */
function changes(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  return stepsBetween(a, b).flatMap(({from, to}) =>
    from === undefined ? [`+${b[to!]}`] : to === undefined ? [`-${a[from]}`] : [],
  )
}

const guarded = `# who may come in
kind: firewall
id: guest/100
config:
  options:
    enable: true # since May
    policy_in: DROP
  # what we call things
  aliases:
    office: {cidr: 192.0.2.0/24, comment: "the office"} # upstairs
    shop: {cidr: 198.51.100.7}
  ipsets:
    blk:
      comment: blocked
      members:
        # scanners
        192.0.2.0/24: {comment: office} # ask Jo
        198.51.100.0/24: {}
    none: {}
  rules:
    # SSH
    - {type: in, action: ACCEPT, dport: "22"} # for us
    - { type: in,  action: 'ACCEPT', dport: 80, comment: web } # the shop
    - type: out # as people write it
      action: DROP
      dest: 192.0.2.7
    - {type: group, action: base}
# the end
`

const rights = `kind: acl
id: acl
config:
  /: {root@pam: [Administrator]} # all
  /vms:
    '@admins': ['PVEAdmin:propagate=0', PVEAuditor] # by hand
    alice@pve: [PVEAuditor]
# the end
`

const rules: ValueMap[] = [
  {type: 'in', action: 'ACCEPT', dport: '22'},
  {type: 'in', action: 'ACCEPT', dport: '80', comment: 'web'},
  {type: 'out', action: 'DROP', dest: '192.0.2.7'},
  {type: 'group', action: 'base'},
]
const drop = {type: 'in', action: 'DROP', dport: '23'}

describe('splicing values that nest', () => {
  const cases: [string, ObjectRef, string, [string[], Value | undefined], string[]][] = [
    [
      'a member of a set of addresses more',
      firewall,
      guarded,
      [['ipsets', 'blk', 'members', '203.0.113.0/24'], {}],
      ['+        203.0.113.0/24: {}'],
    ],
    [
      'one less',
      firewall,
      guarded,
      [['ipsets', 'blk', 'members', '198.51.100.0/24'], undefined],
      ['-        198.51.100.0/24: {}'],
    ],
    [
      'one less, with a comment behind it, which stays',
      firewall,
      guarded,
      [['ipsets', 'blk', 'members', '192.0.2.0/24'], undefined],
      ['-        192.0.2.0/24: {comment: office} # ask Jo', '+        # ask Jo'],
    ],
    [
      'a value within the line of a member',
      firewall,
      guarded,
      [['ipsets', 'blk', 'members', '192.0.2.0/24', 'comment'], 'home: yes'],
      ['-        192.0.2.0/24: {comment: office} # ask Jo', '+        192.0.2.0/24: {comment: "home: yes"} # ask Jo'],
    ],
    [
      'a key more within such a line',
      firewall,
      guarded,
      [['ipsets', 'blk', 'members', '192.0.2.0/24', 'nomatch'], 1],
      [
        '-        192.0.2.0/24: {comment: office} # ask Jo',
        '+        192.0.2.0/24: {comment: office, nomatch: 1} # ask Jo',
      ],
    ],
    [
      'the last key of such a line less',
      firewall,
      guarded,
      [['ipsets', 'blk', 'members', '192.0.2.0/24', 'comment'], undefined],
      ['-        192.0.2.0/24: {comment: office} # ask Jo', '+        192.0.2.0/24: {} # ask Jo'],
    ],
    [
      'the first key of a map without any',
      firewall,
      guarded,
      [['ipsets', 'none', 'comment'], 'x'],
      ['-    none: {}', '+    none:', '+      comment: x'],
    ],
    [
      'all members less; what people wrote stays',
      firewall,
      guarded,
      [['ipsets', 'blk', 'members'], {}],
      [
        '-      members:',
        '+      members: {}',
        '-        192.0.2.0/24: {comment: office} # ask Jo',
        '-        198.51.100.0/24: {}',
        '+        # ask Jo',
      ],
    ],
    [
      'a whole map less',
      firewall,
      guarded,
      [['ipsets', 'blk'], undefined],
      [
        '-    blk:',
        '-      comment: blocked',
        '-      members:',
        '-        # scanners',
        '-        192.0.2.0/24: {comment: office} # ask Jo',
        '-        198.51.100.0/24: {}',
        '+    # scanners',
        '+    # ask Jo',
      ],
    ],
    [
      'a whole map more, with a line a member',
      firewall,
      guarded,
      [['ipsets', 'new'], {members: {'10.0.0.0/8': {}}, comment: 'x'}],
      ['+    new:', '+      comment: x', '+      members:', '+        10.0.0.0/8: {}'],
    ],
    [
      'a switch stays a word',
      firewall,
      guarded,
      [['options', 'enable'], 0],
      ['-    enable: true # since May', '+    enable: false # since May'],
    ],
    ['a key more', firewall, guarded, [['options', 'policy_out'], 'ACCEPT'], ['+    policy_out: ACCEPT']],
    [
      'an alias more, at its place',
      firewall,
      guarded,
      [['aliases', 'lab'], {cidr: '192.0.2.9'}],
      ['+    lab: {cidr: 192.0.2.9}'],
    ],
    [
      'a changed rule: its line, its quotes and its comment stay',
      firewall,
      guarded,
      [['rules'], rules.with(1, {...rules[1]!, dport: '443', action: 'DROP'})],
      [
        "-    - { type: in,  action: 'ACCEPT', dport: 80, comment: web } # the shop",
        "+    - { type: in,  action: 'DROP', dport: 443, comment: web } # the shop",
      ],
    ],
    [
      'a number in quotes in a rule stays in quotes',
      firewall,
      guarded,
      [['rules'], rules.with(0, {...rules[0]!, dport: '2222'})],
      [
        '-    - {type: in, action: ACCEPT, dport: "22"} # for us',
        '+    - {type: in, action: ACCEPT, dport: "2222"} # for us',
      ],
    ],
    [
      'a key of a rule more, and one less',
      firewall,
      guarded,
      [['rules'], rules.with(1, {type: 'in', action: 'ACCEPT', source: '+blk', dport: '80'})],
      [
        "-    - { type: in,  action: 'ACCEPT', dport: 80, comment: web } # the shop",
        "+    - { type: in,  action: 'ACCEPT', source: +blk, dport: 80 } # the shop",
      ],
    ],
    [
      'a rule of several lines: one of them',
      firewall,
      guarded,
      [['rules'], rules.with(2, {...rules[2]!, action: 'REJECT'})],
      ['-      action: DROP', '+      action: REJECT'],
    ],
    [
      'a key more in a rule of several lines',
      firewall,
      guarded,
      [['rules'], rules.with(2, {...rules[2]!, enable: 1})],
      ['+      enable: 1'],
    ],
    [
      'a new rule',
      firewall,
      guarded,
      [['rules'], rules.toSpliced(1, 0, drop)],
      ['+    - {type: in, action: DROP, dport: 23}'],
    ],
    [
      'a new first rule',
      firewall,
      guarded,
      [['rules'], [drop, ...rules]],
      ['+    - {type: in, action: DROP, dport: 23}'],
    ],
    [
      'a new last rule',
      firewall,
      guarded,
      [['rules'], [...rules, drop]],
      ['+    - {type: in, action: DROP, dport: 23}'],
    ],
    ['a rule less', firewall, guarded, [['rules'], rules.toSpliced(3, 1)], ['-    - {type: group, action: base}']],
    [
      'a rule of several lines less; what people wrote behind it stays',
      firewall,
      guarded,
      [['rules'], rules.toSpliced(2, 1)],
      [
        '-    - type: out # as people write it',
        '-      action: DROP',
        '-      dest: 192.0.2.7',
        '+    # as people write it',
      ],
    ],
    [
      'a rule that moved takes its comment and its form along',
      firewall,
      guarded,
      [['rules'], [rules[0]!, rules[2]!, rules[3]!, rules[1]!]],
      [
        "-    - { type: in,  action: 'ACCEPT', dport: 80, comment: web } # the shop",
        "+    - { type: in,  action: 'ACCEPT', dport: 80, comment: web } # the shop",
      ],
    ],
    [
      'one less and the next one changed: what is most like it takes its line',
      firewall,
      guarded,
      [['rules'], [{...rules[1]!, dport: '8080'}, rules[2]!, rules[3]!]],
      [
        '-    - {type: in, action: ACCEPT, dport: "22"} # for us',
        "-    - { type: in,  action: 'ACCEPT', dport: 80, comment: web } # the shop",
        '+    # for us',
        "+    - { type: in,  action: 'ACCEPT', dport: 8080, comment: web } # the shop",
      ],
    ],
    ['rules with one spelled otherwise are the same', firewall, guarded, [['rules'], rules], []],
    [
      'a role more',
      acl,
      rights,
      [
        ['/vms', '@admins'],
        ['PVEAdmin:propagate=0', 'PVEAuditor', 'PVEVMUser'],
      ],
      [
        "-    '@admins': ['PVEAdmin:propagate=0', PVEAuditor] # by hand",
        "+    '@admins': ['PVEAdmin:propagate=0', PVEAuditor, PVEVMUser] # by hand",
      ],
    ],
    ['somebody more', acl, rights, [['/vms', 'a@pam!tok'], ['PVEAdmin']], ['+    a@pam!tok: [PVEAdmin]']],
    [
      'somebody more on one line',
      acl,
      rights,
      [['/', '@x'], ['A']],
      ['-  /: {root@pam: [Administrator]} # all', '+  /: {"@x": [A], root@pam: [Administrator]} # all'],
    ],
    ['a path more', acl, rights, [['/storage'], {'b@pve': ['A']}], ['+  /storage:', '+    b@pve: [A]']],
    ['a path less', acl, rights, [['/'], undefined], ['-  /: {root@pam: [Administrator]} # all', '+  # all']],
  ]
  for (const [title, ref, text, [path, value], expected] of cases) {
    const edits: FieldEdit[] = [{field: ['config', ...path], value}]
    it(title, () => {
      const {text: after, blocked} = editManifest(text, ref, edits)
      expect(blocked).to.deep.equal([])
      expect(changes(text, after)).to.deep.equal(expected)
    })
    it(`${title}, with CRLF, a byte order mark and no last line end`, () => {
      const odd = `\uFEFF${text.replaceAll('\n', '\r\n').slice(0, -2)}`
      const {text: after, blocked} = editManifest(odd, ref, edits)
      expect(blocked).to.deep.equal([])
      expect(changes(odd, after)).to.deep.equal(expected.map((line) => `${line}\r`))
    })
  }

  it('finds a member of an ipset however people wrote its network', () => {
    const spelled = guarded.replace('192.0.2.0/24: {comment: office}', '192.0.2.17/24: {comment: office}')
    const edit = (name: string, value: Value | undefined) =>
      changes(
        spelled,
        editManifest(spelled, firewall, [{field: ['config', 'ipsets', 'blk', 'members', ...name.split(' ')], value}])
          .text,
      )
    expect(edit('192.0.2.0/24 comment', 'new')).to.deep.equal([
      '-        192.0.2.17/24: {comment: office} # ask Jo',
      '+        192.0.2.17/24: {comment: new} # ask Jo',
    ])
    expect(edit('192.0.2.0/24', undefined)).to.deep.equal([
      '-        192.0.2.17/24: {comment: office} # ask Jo',
      '+        # ask Jo',
    ])
  })

  it('gives a value of an alias a copy of its own, and leaves what is shared alone', () => {
    const shared = `kind: acl
id: acl
config:
  /vms: &ours
    a@pve: [A]
  /storage: *ours
  /pool:
    <<: *ours
    b@pve: [B]
`
    const edit = (...path: string[]) => editManifest(shared, acl, [{field: ['config', ...path], value: ['C']}])
    expect(changes(shared, edit('/storage', 'a@pve').text)).to.deep.equal([
      '-  /storage: *ours',
      '+  /storage:',
      '+    a@pve: [C]',
    ])
    expect(changes(shared, edit('/pool', 'a@pve').text)).to.deep.equal(['+    a@pve: [C]'])
    const {text, blocked} = edit('/vms', 'a@pve')
    expect(text).to.equal(shared)
    expect(blocked.map(({reason}) => reason)).to.match(/shared through the anchor &ours/)
  })

  /** What edits make of one document, in the order in which they are offered. */
  const become = (from: Declared, to: Declared): FieldEdit[] =>
    editsBetween(declaredDocument(from), declaredDocument(to)).flatMap((edit) =>
      edit.do === 'set' ? [{field: edit.path, value: edit.value}] : [],
    )

  for (const kind of shapedKinds) {
    const canonical = (one: Declared) => read(printManifest(one))
    const edited = (text: string, from: Declared, to: Declared): string => {
      const ref = {cluster: 'home', kind, id: from.id}
      const {text: after, blocked} = editManifest(text, ref, become(from, to))
      expect(blocked, text).to.deep.equal([])
      expect(read(after), after).to.deep.equal(to)
      return after
    }

    it(`${kind}: whatever becomes of it is read back, each comment stays, and what stays the same is not touched`, () => {
      fc.assert(
        fc.property(anyShaped(kind), anyShaped(kind), fc.nat(), (first, second, salt) => {
          const from = canonical(first)
          const kept = Object.entries(from.config).filter((_, at) => (salt + at) % 2 === 0)
          const to = canonical({...from, config: {...second.config, ...Object.fromEntries(kept)}})
          const text = printManifest(from)
          edited(text, from, to)
          const commented = withComments(text, salt)
          expect(read(commented)).to.deep.equal(from)
          const after = edited(commented, from, to)
          const marks = (one: string) => (one.match(/# mark \d+\./g) ?? []).sort()
          expect(marks(after), commented).to.deep.equal(marks(commented))
          for (const [key] of kept) expect(after).to.contain(`\n${partOf(commented, key)}`)
        }),
        {numRuns: 40},
      )
    })

    it(`${kind}: what pmpc wrote becomes what it would write anew`, () => {
      fc.assert(
        fc.property(anyShaped(kind, plain), anyShaped(kind, plain), (first, second) => {
          const [from, to] = [canonical(first), canonical({...second, id: first.id})]
          expect(edited(printManifest(from), from, to)).to.equal(printManifest(to))
        }),
        {numRuns: 40},
      )
    })
  }
})

/** A text with comments behind some of its lines and above others; not within texts of several lines. */
function withComments(text: string, salt: number): string {
  let literal = -1
  return text
    .split('\n')
    .flatMap((line, at) => {
      const indent = line.length - line.trimStart().length
      if (literal >= 0 && (line === '' || indent > literal)) return [line]
      literal = /: [|>][-+\d]*$/.test(line) ? indent : -1
      const sort = (salt + at * 7) % 5
      if (line === '' || literal >= 0 || at < 3 || sort > 1) return [line]
      return sort === 0 ? [`${line} # mark ${at}.`] : [`${' '.repeat(indent)}# mark ${at}.`, line]
    })
    .join('\n')
}

/** The lines of a key of the configuration, with the comments in them. */
function partOf(text: string, key: string): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`  ${textScalar(key)}:`))
  const end = lines.findIndex((line, at) => at > start && !/^(?: {3}|$)/.test(line))
  return lines.slice(start, end).join('\n').trimEnd()
}
