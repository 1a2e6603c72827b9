import {expect} from 'chai'
import fc from 'fast-check'
import {encode} from '../../../src/kit/values/index.js'
import type {Config, Declared, ObjectRef, Value} from '../../../src/kit/resources/index.js'
import {isMap} from '../../../src/kit/resources/index.js'
import {appendDocument, documentText, editManifest, removeDocument} from '../../../src/kit/workspace/edit.js'
import type {FieldEdit} from '../../../src/kit/workspace/edit.js'
import type {Scalar} from '../../../src/kit/resources/model.js'
import {textScalar} from '../../../src/kit/workspace/emit.js'
import {parseManifests} from '../../../src/kit/workspace/manifests.js'
import {printManifest} from '../../../src/kit/workspace/print.js'
import {anyVmConfig, canonical, vmKeys} from './support.js'

const ref: ObjectRef = {cluster: 'home', kind: 'vm', id: 100}
const read = (text: string) => parseManifests(text, 'infra/home/vm/100.yaml', ['home'])

function edit(text: string, ...edits: [string, FieldEdit['value']][]): string {
  const result = editManifest(
    text,
    ref,
    edits.map(([field, value]) => ({field: field.split('.'), value})),
  )
  expect(result.blocked).to.deep.equal([])
  return result.text
}

/** The lines of two texts that are not common to both: `-` of the first, `+` of the second, in order. */
function changes(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const length = Array.from({length: a.length + 1}, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!)
    }
  }
  const result: string[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1]
    else if (i < a.length && (j === b.length || length[i + 1]![j]! >= length[i]![j + 1]!)) result.push(`-${a[i++]}`)
    else result.push(`+${b[j++]}`)
  }
  return result
}

const example = `# the shop
kind: vm
id: 100
pool: web # theirs
config:
  name: web01   # do not rename

  cores: 4
  memory: "8192"
  net0:
    model: virtio # paravirtual
    macaddr: BC:24:11:5A:01:02
    bridge: 'vmbr0'
    tag: 42
  # the disk
  scsi0: local-zfs:vm-100-disk-0,size=32G
  ide2: {file: none, media: cdrom}
  onboot: true
  tags:
  - prod # yes
  - web
  description: |
    Front end of the shop.

    Ask Jo.
# the end
`

describe('splicing a manifest', () => {
  const cases: [string, [string, FieldEdit['value']], string[]][] = [
    [
      'a bare scalar, its comment kept',
      ['config.name', 'web02'],
      ['-  name: web01   # do not rename', '+  name: web02   # do not rename'],
    ],
    ['a quoted number stays quoted', ['config.memory', 4096], ['-  memory: "8192"', '+  memory: "4096"']],
    ['a boolean stays a word', ['config.onboot', 0], ['-  onboot: true', '+  onboot: false']],
    ['a sub-key', ['config.net0.tag', 7], ['-    tag: 42', '+    tag: 7']],
    ['quotes of a sub-key', ['config.net0.bridge', 'vmbr1'], ["-    bridge: 'vmbr0'", "+    bridge: 'vmbr1'"]],
    ['a sub-key more, at its sorted place', ['config.net0.firewall', 1], ['+    firewall: 1']],
    ['a sub-key less', ['config.net0.tag', undefined], ['-    tag: 42']],
    [
      'a sub-key with a comment behind it',
      ['config.net0.model', 'e1000'],
      ['-    model: virtio # paravirtual', '+    model: e1000 # paravirtual'],
    ],
    [
      'a property string written as text',
      ['config.scsi0.size', '33G'],
      ['-  scsi0: local-zfs:vm-100-disk-0,size=32G', '+  scsi0: local-zfs:vm-100-disk-0,size=33G'],
    ],
    [
      'a flow map',
      ['config.ide2.file', 'local:iso/a.iso'],
      ['-  ide2: {file: none, media: cdrom}', '+  ide2: {file: "local:iso/a.iso", media: cdrom}'],
    ],
    ['a new element', ['config.tags', ['prod', 'shop', 'web']], ['+  - shop']],
    ['an element less; what people wrote behind it stays', ['config.tags', ['web']], ['-  - prod # yes', '+  # yes']],
    ['a line of a text', ['config.description', 'Front end of the shop.\n\nAsk Bo.'], ['-    Ask Jo.', '+    Ask Bo.']],
    ['a text down to one line', ['config.description', 'Front end of the shop.'], ['-', '-    Ask Jo.']],
    [
      'a key less; the comment above it stays',
      ['config.scsi0', undefined],
      ['-  scsi0: local-zfs:vm-100-disk-0,size=32G'],
    ],
    [
      'a map less',
      ['config.net0', undefined],
      [
        '-  net0:',
        '-    model: virtio # paravirtual',
        '-    macaddr: BC:24:11:5A:01:02',
        "-    bridge: 'vmbr0'",
        '-    tag: 42',
        // What people wrote about a value is theirs.
        '+  # paravirtual',
      ],
    ],
    ['a key more, at the end of unsorted siblings', ['config.cpuunits', 200], ['+  cpuunits: 200']],
    ['a key beside config', ['pool', 'db'], ['-pool: web # theirs', '+pool: db # theirs']],
    ['a key beside config less', ['pool', undefined], ['-pool: web # theirs', '+# theirs']],
    ['power, at its place', ['power', 'running'], ['+power: running']],
    ['a placement', ['placement', {node: 'pve1'} as Value], ['+placement:', '+  node: pve1']],
    ['nothing that is so already', ['config.memory', 8192], []],
  ]
  for (const [title, change, expected] of cases) {
    it(title, () => expect(changes(example, edit(example, change))).to.deep.equal(expected))
    it(`${title}, with CRLF, a byte order mark and no last line end`, () => {
      const text = `\uFEFF${example.replaceAll('\n', '\r\n').slice(0, -2)}`
      const wanted = expected.map((line) => `${line}\r`)
      expect(changes(text, edit(text, change))).to.deep.equal(wanted)
    })
  }

  it('writes the lines of a new map, sorted among sorted siblings', () => {
    const text = printManifest({
      kind: 'vm',
      id: 100,
      config: {name: 'a', net0: {model: 'virtio'}, net10: {model: 'virtio'}, description: 'x'},
    })
    expect(
      changes(text, edit(text, ['config.net2', {bridge: 'vmbr0', model: 'e1000', macaddr: 'AA:BB:CC:DD:EE:FF'}])),
    ).to.deep.equal(['+  net2:', '+    model: e1000', '+    macaddr: AA:BB:CC:DD:EE:FF', '+    bridge: vmbr0'])
  })

  describe('forms of config', () => {
    for (const [form, text, wanted] of [
      ['missing', 'kind: vm\nid: 100\n', 'kind: vm\nid: 100\nconfig:\n  cores: 2\n'],
      ['missing, without a last line end', 'kind: vm\nid: 100', 'kind: vm\nid: 100\nconfig:\n  cores: 2'],
      ['empty', 'kind: vm\nid: 100\nconfig: # later\n', 'kind: vm\nid: 100\nconfig: # later\n  cores: 2\n'],
      ['null', 'kind: vm\nid: 100\nconfig: ~\n', 'kind: vm\nid: 100\nconfig:\n  cores: 2\n'],
      [
        'an empty flow map',
        'kind: vm\nid: 100\nconfig: {} # later\n',
        'kind: vm\nid: 100\nconfig: # later\n  cores: 2\n',
      ],
      ['a flow map', 'kind: vm\nid: 100\nconfig: {name: a}\n', 'kind: vm\nid: 100\nconfig: {name: a, cores: 2}\n'],
      ['everything in one flow map', '{kind: vm, id: 100}\n', '{kind: vm, id: 100, config: {cores: 2}}\n'],
      [
        'JSON',
        '{"kind": "vm", "id": 100, "config": {"name": "a"}}\n',
        '{"kind": "vm", "id": 100, "config": {"name": "a", cores: 2}}\n',
      ],
      [
        'a flow map over lines',
        'kind: vm\nid: 100\nconfig: {\n  bios: ovmf,\n  name: a,\n}\n',
        'kind: vm\nid: 100\nconfig: {\n  bios: ovmf,\n  name: a,\n  cores: 2,\n}\n',
      ],
      [
        'behind a document marker',
        '%YAML 1.2\n---\nkind: vm\nid: 100\n...\n',
        '%YAML 1.2\n---\nkind: vm\nid: 100\nconfig:\n  cores: 2\n...\n',
      ],
    ] as const) {
      it(form, () => expect(edit(text, ['config.cores', 2])).to.equal(wanted))
    }

    it('loses its last key', () => {
      expect(edit('kind: vm\nid: 100\nconfig:\n  cores: 2\n', ['config.cores', undefined])).to.equal(
        'kind: vm\nid: 100\nconfig: {}\n',
      )
    })

    it('keeps a collapsed property string that was written as a map', () => {
      const text = 'kind: vm\nid: 100\nconfig:\n  memory:\n    current: 1024 # MiB\n'
      expect(edit(text, ['config.memory', 2048])).to.equal(text.replace('1024', '2048'))
    })

    it('takes the place of a map with lists, texts and scalars, and back', () => {
      const text = 'kind: vm\nid: 100\nconfig:\n  agent: 1 # on\n  cores: 2\n'
      const map = edit(text, ['config.agent', {enabled: 1, type: 'isa'}])
      expect(map).to.equal('kind: vm\nid: 100\nconfig:\n  agent: # on\n    enabled: 1\n    type: isa\n  cores: 2\n')
      const config: [string, FieldEdit['value']] = ['config.description', 'a\nb']
      expect(edit('kind: vm\nid: 100\nconfig:\n  description: x # old\n', config)).to.equal(
        'kind: vm\nid: 100\nconfig:\n  description: | # old\n    a\n    b\n',
      )
    })
  })

  describe('anchors, aliases and merge keys', () => {
    it('gives a value that is an alias a copy of its own', () => {
      const text = 'kind: vm\nid: 100\nconfig:\n  net0: &n\n    model: virtio\n    bridge: vmbr0\n  net1: *n # same\n'
      expect(changes(text, edit(text, ['config.net1.bridge', 'vmbr1']))).to.deep.equal([
        '-  net1: *n # same',
        '+  net1: # same',
        '+    model: virtio',
        '+    bridge: vmbr1',
      ])
    })

    it('overrides a key that comes through <<, and takes it away with null', () => {
      const text = 'kind: vm\nid: 100\nx-base: &b\n  cores: 2\n  memory: 512\nconfig:\n  <<: *b\n  name: a\n'
      expect(changes(text, edit(text, ['config.cores', 4]))).to.deep.equal(['+  cores: 4'])
      expect(changes(text, edit(text, ['config.cores', undefined]))).to.deep.equal(['+  cores: null'])
    })

    it('adds to a config that is an alias as a whole', () => {
      const text = 'kind: vm\nid: 100\nx-base: &b\n  cores: 2\n  net0:\n    model: virtio\nconfig: *b # base\n'
      expect(changes(text, edit(text, ['config.cores', 4]))).to.deep.equal([
        '-config: *b # base',
        '+config:',
        '+  <<: *b # base',
        '+  cores: 4',
      ])
    })

    it('blocks what would change another place too, and says why', () => {
      const text =
        'kind: vm\nid: 100\nconfig:\n  net0: &n\n    model: virtio\n    bridge: vmbr0\n  net1: *n\n  cores: 1\n'
      const {text: after, blocked} = editManifest(text, ref, [
        {field: ['config', 'net0', 'bridge'], value: 'vmbr1'},
        {field: ['config', 'cores'], value: 2},
      ])
      expect(after).to.equal(text.replace('cores: 1', 'cores: 2'))
      expect(blocked).to.have.length(1)
      expect(blocked[0]!.field).to.deep.equal(['config', 'net0', 'bridge'])
      expect(blocked[0]!.reason).to.include('&n')
    })

    it('changes an anchored value that nothing refers to', () => {
      const text = 'kind: vm\nid: 100\nconfig:\n  cores: &c 1\n'
      expect(edit(text, ['config.cores', 2])).to.equal(text.replace('1\n', '2\n'))
    })
  })

  describe('several documents', () => {
    const other = 'kind: vm\nid: 101\nconfig:\n    cores: 1\n'
    const mine = '# mine\nkind: vm\nid: 100\nconfig: {cores: 1}\n'

    it('changes only its own', () => {
      const text = `# file\n---\n${other}---\n${mine}---\n`
      expect(edit(text, ['config.cores', 2])).to.equal(text.replace('{cores: 1}', '{cores: 2}'))
    })

    it('takes one out', () => {
      expect(removeDocument(`${other}---\n${mine}`, ref)).to.equal(other)
      expect(removeDocument(`${mine}---\n${other}`, ref)).to.equal(`---\n${other}`)
      expect(removeDocument(`\uFEFF# file\n---\n${mine}---\n${other}`, ref)).to.equal(`\uFEFF# file\n---\n${other}`)
      expect(removeDocument(`# file\n---\n${mine}---\n# nothing\n`, ref)).to.equal(null)
      expect(removeDocument(mine, ref)).to.equal(null)
    })

    it('gives the text of one', () => {
      expect(documentText(`${other}---\n${mine}`, ref)).to.equal(mine)
      expect(documentText(`${mine}---\n${other}`, ref)).to.equal(mine)
    })

    it('adds one', () => {
      const declared: Declared = {kind: 'vm', id: 100, config: {cores: 1}}
      const printed = printManifest(declared)
      expect(appendDocument('', declared)).to.equal(printed)
      expect(appendDocument(other, printed)).to.equal(`${other}---\n${printed}`)
      expect(appendDocument(other.trimEnd().replaceAll('\n', '\r\n'), declared)).to.equal(
        `${other}---\n${printed}`.replaceAll('\n', '\r\n'),
      )
    })
  })

  it('refuses a text with a syntax error and an object that is not in it', () => {
    const failing = (text: string) => () => editManifest(text, ref, [])
    expect(failing('kind: [\n')).to.throw().with.property('code', 'PMPC_MANIFEST_SYNTAX')
    expect(failing('kind: vm\nid: 7\n')).to.throw().with.property('code', 'PMPC_NO_DOCUMENT')
  })

  describe('of any form', () => {
    it('does what was asked and nothing beside it, in as few lines as can be', function () {
      this.timeout(120_000)
      fc.assert(
        fc.property(handWritten, anyEdit, ({text, config}, {field, value}) => {
          const parsed = read(text)
          expect(parsed.problems.filter(({severity}) => severity === 'error')).to.deep.equal([])
          expect(parsed.documents[0]!.declared.config).to.deep.equal(config)
          const {text: after, blocked} = editManifest(text, ref, [{field, value}])
          expect(blocked).to.deep.equal([])
          const wanted = applied(config, field, value)
          expect(read(after).documents[0]!.declared.config).to.deep.equal(wanted)
          checkMinimal(text, after, config, field, value)
        }),
        {numRuns: 500},
      )
    })
  })
})

function applied(config: Config, [, key, subkey]: string[], value: FieldEdit['value']): Config {
  const copy = structuredClone(config)
  if (subkey === undefined) {
    if (value === undefined) delete copy[key!]
    else copy[key!] = value as Value
    return copy
  }
  const map = isMap(copy[key!]) ? {...(copy[key!] as Record<string, string | number>)} : {}
  if (value === undefined) delete map[subkey]
  else map[subkey] = value as string | number
  if (value !== undefined || key! in copy) copy[key!] = map
  return copy
}

/** One changed line for one changed value, in block style. */
function checkMinimal(before: string, after: string, config: Config, field: string[], value: FieldEdit['value']): void {
  const diff = changes(before, after)
  const old = field.length === 2 ? config[field[1]!] : undefined
  const isLine = (one: unknown) => typeof one === 'number' || (typeof one === 'string' && !one.includes('\n'))
  if (isLine(old) && isLine(value)) {
    expect(diff.length, diff.join('\n')).to.equal(old === value ? 0 : 2)
    for (const line of diff.slice(1)) expect(line).to.match(/^\+/)
  }
  // Every line that is gone was the value's own: lines of other keys are there still.
  const gone = diff.filter((line) => line.startsWith('-')).length
  const size = before.split('\n').length
  expect(gone).to.be.lessThan(size)
}

/** Writes a configuration as people do: any order, quotes, indentation, comments, flow and block, text or map. */
const handWritten = fc.tuple(anyVmConfig, fc.gen()).map(([config, draw]) => {
  const pick = <T>(...choices: T[]): T => draw(() => fc.constantFrom<T[]>(...choices)) as T
  const step = pick(2, 4, 3)
  const comment = () => pick('', '', '', ' # why')
  const scalar = (value: string | number, flow = false) =>
    typeof value === 'number'
      ? pick(String(value), String(value), `"${value}"`)
      : textScalar(value, flow, pick('plain', 'single', 'double'))
  const flowMap = (map: Record<string, string | number>) =>
    `{${Object.entries(map)
      .map(([key, one]) => `${textScalar(key, true)}: ${scalar(one, true)}`)
      .join(', ')}}`
  const lines = (key: string, value: Value, indent: string): string[] => {
    const head = `${indent}${textScalar(key)}:`
    if (Array.isArray(value)) {
      const elements = value as (string | number)[]
      if (pick(true, false)) return [`${head} [${elements.map((one) => scalar(one, true)).join(', ')}]${comment()}`]
      const inner = pick(indent, `${indent}  `)
      return [`${head}${comment()}`, ...elements.map((one) => `${inner}- ${scalar(one as Scalar)}${comment()}`)]
    }
    if (typeof value !== 'object') return [`${head} ${scalar(value)}${comment()}`]
    const form = pick('block', 'block', 'flow', 'text')
    if (form === 'text') {
      const text = encode('vm', key, value)
      if (JSON.stringify(canonical(key, text)) === JSON.stringify(value)) return [`${head} ${scalar(text)}${comment()}`]
    }
    if (form === 'flow' || Object.keys(value).length === 0)
      return [`${head} ${flowMap(value as Record<string, Scalar>)}${comment()}`]
    const inner = indent + ' '.repeat(step)
    return [
      `${head}${comment()}`,
      ...Object.entries(value).flatMap(([subkey, one]) => [
        ...pick<string[]>([], [], [`${inner}# sub`]),
        `${inner}${textScalar(subkey)}: ${scalar(one as Scalar)}${comment()}`,
      ]),
    ]
  }
  const indent = ' '.repeat(step)
  const body = Object.entries(config).flatMap(([key, value]) => [
    ...pick<string[]>([], [], [''], [`${indent}# about ${key}`]),
    ...lines(key, value, indent),
  ])
  const top = [
    'kind: vm',
    'id: 100',
    ...(body.length > 0 ? ['config:', ...body] : pick<string[]>([], ['config:'], ['config: {}'])),
  ]
  const text = [
    ...pick<string[]>([], ['# header'], ['---']),
    ...top,
    ...pick<string[]>([], ['# end'], ['', '# end']),
    '',
  ]
  const eol = pick('\n', '\n', '\r\n')
  const whole = pick('', '', '\uFEFF') + text.join(eol)
  return {text: pick(true, true, false) ? whole : whole.replace(/\r?\n$/, ''), config}
})

const anyEdit: fc.Arbitrary<FieldEdit> = fc.oneof<fc.Arbitrary<FieldEdit>[]>(
  fc
    .constantFrom(...Object.keys(vmKeys))
    .chain((key) =>
      fc
        .option(vmKeys[key]!, {nil: undefined, freq: 4})
        .map((value) => ({field: ['config', key], value: value === undefined ? undefined : canonical(key, value)})),
    ),
  fc.record({
    field: fc.constantFrom('net0', 'net2').map((key) => ['config', key, 'tag']),
    value: fc.integer({min: 1, max: 4094}),
  }),
  fc.record({field: fc.constant(['config', 'net0', 'bridge']), value: fc.constantFrom('vmbr9', 'on')}),
)
