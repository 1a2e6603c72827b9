import {expect} from 'chai'
import fc from 'fast-check'
import {parseAllDocuments} from 'yaml'
import {isPlainSafe, textScalar} from '../../../src/kit/workspace/emit.js'
import {parseManifests} from '../../../src/kit/workspace/manifests.js'
import {toManifest} from '../../../src/kit/values/index.js'
import {printManifest} from '../../../src/kit/workspace/print.js'
import type {Declared} from '../../../src/kit/resources/index.js'
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
function asWritten({config, ...beside}: Declared): unknown {
  return {
    ...beside,
    config: Object.fromEntries(Object.entries(config).map(([key, value]) => [key, toManifest('vm', key, value)])),
  }
}

/** A description in a literal block has a line end that means nothing. */
function withNewline(declared: Declared): Declared {
  const {description} = declared.config
  const literal = typeof description === 'string' && /description: \|\d?\n/.test(printManifest(declared))
  return literal ? {...declared, config: {...declared.config, description: `${description}\n`}} : declared
}
