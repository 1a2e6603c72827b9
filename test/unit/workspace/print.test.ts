import {expect} from 'chai'
import fc from 'fast-check'
import {parseAllDocuments} from 'yaml'
import {isPlainSafe, textScalar} from '../../../src/kit/workspace/emit.js'
import {parseManifests} from '../../../src/kit/workspace/manifests.js'
import {toManifest} from '../../../src/kit/values/index.js'
import {printManifest} from '../../../src/kit/workspace/print.js'
import type {Declared} from '../../../src/kit/resources/index.js'
import {anyShaped, shapedKinds} from './shaped.js'
import {anyDeclared, anyText, asPython, normalPython, pyYaml, traps} from './support.js'
import {skipFor} from '../../support/skip.js'

describe('printing a manifest', () => {
  it('prints the example of the design', () => {
    const declared: Declared = {
      kind: 'vm',
      id: 100,
      pool: 'web',
      config: {
        description: 'Front end of the shop.\nAsk Jo.',
        tags: ['prod', 'web'],
        scsi0: {size: '32G', file: 'local-zfs:vm-100-disk-0'},
        net10: {bridge: 'vmbr1', macaddr: '12:34:56:10:11:12', model: 'virtio'},
        net2: {tag: 42, bridge: 'vmbr0', macaddr: 'BC:24:11:5A:01:02', model: 'virtio'},
        memory: 8192,
        cores: 4,
        name: 'web01',
        onboot: 1,
      },
    }
    expect(printManifest(declared)).to.equal(
      [
        'kind: vm',
        'id: 100',
        'pool: web',
        'config:',
        '  name: web01',
        '  cores: 4',
        '  memory: 8192',
        '  net2:',
        '    model: virtio',
        '    macaddr: BC:24:11:5A:01:02',
        '    bridge: vmbr0',
        '    tag: 42',
        '  net10:',
        '    model: virtio',
        '    macaddr: "12:34:56:10:11:12"',
        '    bridge: vmbr1',
        '  onboot: 1',
        '  scsi0:',
        '    file: local-zfs:vm-100-disk-0',
        '    size: 32G',
        '  tags: [prod, web]',
        '  description: |',
        '    Front end of the shop.',
        '    Ask Jo.',
        '',
      ].join('\n'),
    )
  })

  const printed: [string, Declared, string][] = [
    [
      'rights: who has which roles, a line each',
      {
        kind: 'acl',
        id: 'acl',
        config: {
          '/vms': {'alice@pve': ['PVEAuditor'], '@admins': ['PVEAdmin:propagate=0', 'PVEAuditor']},
          '/': {'user@pam!tok': ['Administrator']},
        },
      },
      `
  /:
    user@pam!tok: [Administrator]
  /vms:
    "@admins": ["PVEAdmin:propagate=0", PVEAuditor]
    alice@pve: [PVEAuditor]
`,
    ],
    [
      'a firewall: rules, aliases and members a line each',
      {
        kind: 'firewall',
        id: 'guest/100',
        config: {
          rules: [
            {dport: 22, comment: 'two\nlines', action: 'ACCEPT', type: 'in'},
            {action: 'web', type: 'group'},
          ],
          options: {enable: 1, log_ratelimit: {enable: 1, rate: '1/second'}},
          aliases: {office: {comment: 'upstairs', cidr: '192.0.2.0/24'}},
          ipsets: {
            blk: {members: {'192.0.2.0/24': {nomatch: 1, comment: 'ours'}, '10.0.0.0/8': {}}, comment: 'blocked'},
            none: {members: {}},
          },
        },
      },
      `
  aliases:
    office: {cidr: 192.0.2.0/24, comment: upstairs}
  ipsets:
    blk:
      comment: blocked
      members:
        10.0.0.0/8: {}
        192.0.2.0/24: {comment: ours, nomatch: 1}
    none:
      members: {}
  options:
    enable: 1
    log_ratelimit:
      enable: 1
      rate: 1/second
  rules:
    - {type: in, action: ACCEPT, dport: 22, comment: "two\\nlines"}
    - {type: group, action: web}
`,
    ],
    [
      'subnets, with rows within their line',
      {
        kind: 'sdn-vnet',
        id: 'v1',
        config: {
          zone: 'z1',
          subnets: {
            '192.0.2.0/24': {
              gateway: '192.0.2.1',
              'dhcp-range': [{'end-address': '192.0.2.9', 'start-address': '192.0.2.5'}],
            },
          },
        },
      },
      `
  subnets:
    192.0.2.0/24: {dhcp-range: [{start-address: 192.0.2.5, end-address: 192.0.2.9}], gateway: 192.0.2.1}
  zone: z1
`,
    ],
    [
      'devices of nodes: a line each',
      {kind: 'pci-mapping', id: 'gpu', config: {map: {pve1: [{id: '8086:1533', path: '0000:01:00.0'}], pve2: []}}},
      `
  map:
    pve1:
      - {path: "0000:01:00.0", id: "8086:1533"}
    pve2: []
`,
    ],
    [
      'tokens in their user',
      {kind: 'user', id: 'a@pve', config: {groups: ['a', 'b'], tokens: {sync: {privsep: 0, comment: 'x'}, web: {}}}},
      `
  groups: [a, b]
  tokens:
    sync: {comment: x, privsep: 0}
    web: {}
`,
    ],
    [
      'interfaces of a node, with their keys',
      {
        kind: 'network',
        id: 'pve1',
        config: {vmbr10: {type: 'bridge'}, vmbr9: {type: 'bridge', comments: 'a\nb', bridge_ports: ['eno1', 'eno2']}},
      },
      `
  vmbr9:
    type: bridge
    bridge_ports: [eno1, eno2]
    comments: |
      a
      b
  vmbr10:
    type: bridge
`,
    ],
  ]
  for (const [title, declared, config] of printed) {
    it(`prints ${title}`, () => expect(printManifest(declared).split('config:')[1]).to.equal(config))
  }

  it('prints values of all shapes so that parsers of YAML 1.1 and 1.2 read them back', () => {
    const read = (text: string, version: '1.1' | '1.2') => {
      const [document] = parseAllDocuments(text, {version, merge: true})
      expect((document as {errors: unknown[]}).errors).to.deep.equal([])
      return document!.toJS() as unknown
    }
    for (const kind of shapedKinds)
      fc.assert(
        fc.property(anyShaped(kind), (declared) => {
          const text = printManifest(declared)
          expect(printManifest(declared)).to.equal(text)
          // As above: this library takes `e1000` for a float in its mode for YAML 1.1.
          for (const version of /\be[-+]?\d/i.test(text) ? (['1.2'] as const) : (['1.1', '1.2'] as const))
            expect(trimmed(read(text, version)), text).to.deep.equal(trimmed(written(declared)))
        }),
        {numRuns: 60},
      )
  })

  it('prints values of all shapes so that PyYAML reads them back', function () {
    const all = shapedKinds.flatMap((kind) => fc.sample(anyShaped(kind), {numRuns: 30, seed: 7}))
    const read = pyYaml(all.map(printManifest))
    if (!read) return skipFor(this, 'python3 with PyYAML is not installed')
    for (const [i, one] of all.entries())
      expect(trimmed(normalPython(read[i])), printManifest(one)).to.deep.equal(
        trimmed(normalPython(asPython(written(one)))),
      )
  })

  it('leaves ordinary words bare', () => {
    for (const word of [
      'web01',
      'local-zfs:vm-100-disk-0',
      'vmbr0',
      '32G',
      '192.0.2.1/24',
      'order=scsi0;net0',
      'Front end of the shop.',
      'ä ö',
      'host,flags=+aes',
    ]) {
      expect(isPlainSafe(word), word).to.equal(true)
    }
  })

  it('gives texts that a parser of YAML 1.1 or 1.2 reads back, in block and in flow', () => {
    const read = (text: string, version: '1.1' | '1.2') => {
      const [document] = parseAllDocuments(text, {version, merge: true})
      expect((document as {errors: unknown[]}).errors).to.deep.equal([])
      return document!.toJS() as unknown
    }
    fc.assert(
      fc.property(anyText, fc.constantFrom('plain', 'single', 'double'), (text, style) => {
        // In its mode for YAML 1.1 this library takes `e1000` for a float, which neither YAML 1.1 nor another parser does.
        for (const version of /^[-+]?e[-+]?\d+$/i.test(text) ? (['1.2'] as const) : (['1.1', '1.2'] as const)) {
          expect(read(`a: ${textScalar(text, false, style as 'plain')}\n`, version)).to.deep.equal({a: text})
          const flow = textScalar(text, true, style as 'plain')
          expect(read(`a: [${flow}, {b: ${flow}}]\n`, version)).to.deep.equal({a: [text, {b: text}]})
        }
      }),
      {numRuns: 800},
    )
  })

  it('is read back as what was declared', () => {
    fc.assert(
      fc.property(anyDeclared, (declared) => {
        const parsed = parseManifests(printManifest(declared), 'infra/home/vm/100.yaml', ['home'])
        expect(parsed.broken).to.equal(false)
        expect(parsed.documents[0]?.declared).to.deep.equal(declared)
      }),
      {numRuns: 300},
    )
  })

  it('is read by PyYAML as the same values', function () {
    const declared = fc.sample(anyDeclared, {numRuns: 400, seed: 7})
    const ofTraps = traps.map((text): Declared => ({
      kind: 'vm',
      id: 100,
      config: {zz: text, zzmap: {file: text}, zzlist: [text, [text]]},
    }))
    const all = [...declared, ...ofTraps]
    const read = pyYaml(all.map(printManifest))
    if (!read) return skipFor(this, 'python3 with PyYAML is not installed')
    for (const [i, one] of all.entries()) {
      const wanted = normalPython(asPython(asWritten(withNewline(one))))
      expect(normalPython(read[i]), printManifest(one)).to.deep.equal(wanted)
    }
  })
})

/** Lists within property strings are lists. */
function asWritten(declared: Declared): unknown {
  return written({...declared, kind: 'vm'})
}

function written({config, ...beside}: Declared): unknown {
  const entries = Object.entries(config).map(([key, value]) => [key, toManifest(beside.kind, key, value)])
  return {...beside, config: Object.fromEntries(entries) as unknown}
}

/** Without line ends at the ends of texts: one in a literal block means nothing. */
function trimmed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\n$/, '')
  if (Array.isArray(value)) return value.map(trimmed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, trimmed(inner)]))
}

/** A description in a literal block has a line end that means nothing. */
function withNewline(declared: Declared): Declared {
  const {description} = declared.config
  const literal = typeof description === 'string' && /description: \|\d?\n/.test(printManifest(declared))
  return literal ? {...declared, config: {...declared.config, description: `${description}\n`}} : declared
}
