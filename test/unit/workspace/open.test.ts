import {expect} from 'chai'
import fc from 'fast-check'
import {parse} from 'yaml'
import {parseRef, type Value} from '../../../src/kit/resources/index.js'
import {itemText, parseOpen, printOpen} from '../../../src/kit/workspace/index.js'
import type {OpenItem} from '../../../src/kit/workspace/index.js'
import {anyText, asPython, normalPython, pyYaml} from './support.js'
import {skipFor} from '../../support/skip.js'

const drift: OpenItem = {ref: parseRef('home/vm/100'), field: 'config.memory', base: 4096, offer: 8192, state: 'drift'}
const conflict: OpenItem = {
  ref: parseRef('home/vm/9'),
  field: 'config.net0.tag',
  base: null,
  offer: 5,
  state: 'conflict',
}
const gone: OpenItem = {
  ref: parseRef('home/vm/20'),
  base: {config: {name: 'a'}} as unknown as Value,
  offer: null,
  state: 'drift',
}
const unknown: OpenItem = {ref: parseRef('home/vm/100'), field: 'config.tags[web]', offer: null, state: 'conflict'}

/** Of a field any value; of an object as a whole its document. */
const anyItem: fc.Arbitrary<OpenItem> = fc.oneof(
  anyItemOf(
    {field: anyText},
    fc.oneof(
      anyText,
      fc.double({noNaN: true, noDefaultInfinity: true}).map((number) => number || 0),
      fc.array(anyText, {maxLength: 2}),
    ),
  ),
  anyItemOf({}, fc.record({config: fc.dictionary(anyText, anyText, {maxKeys: 2})}) as unknown as fc.Arbitrary<Value>),
)

function anyItemOf(members: {field?: fc.Arbitrary<string>}, value: fc.Arbitrary<Value>): fc.Arbitrary<OpenItem> {
  return fc.record(
    {
      ref: fc.constantFrom('home/vm/100', 'home/vm/9', 'lab/pool/a').map(parseRef),
      ...members,
      base: fc.oneof(fc.constant(null), value),
      offer: fc.oneof(fc.constant(null), value),
      state: fc.constantFrom('drift' as const, 'conflict' as const),
      by: fc.constantFrom('alice@pve', 'alice@pve!ci', 'a@pve, b@pve, c,d@ad'),
      at: fc.constantFrom('2026-11-28T10:02:11Z'),
    },
    {requiredKeys: ['ref', 'offer', 'state', ...(Object.keys(members) as 'ref'[])]},
  )
}

/** Lines 2 of files that say everything else well. */
const odd = [
  '5',
  'null',
  '[1]',
  'text',
  '{"object": "vm", "offer": 1, "state": "drift"}',
  '{"object": 5, "offer": 1, "state": "drift"}',
  '{"object": {"a": 1}, "offer": 1, "state": "drift"}',
  '{"object": "home/vm/100", "field": 5, "offer": 1, "state": "drift"}',
  '{"object": "home/vm/100", "field": "config.memory", "state": "drift"}',
  '{"object": "home/vm/100", "field": "config.memory", "offer": true, "state": "drift"}',
  '{"object": "home/vm/100", "field": "config.memory", "offer": 1, "base": false, "state": "drift"}',
  '{"object": "home/vm/100", "field": "config.memory", "offer": 1e999, "state": "drift"}',
  `{"object": "home/vm/100", "field": "config.memory", "offer": ${'['.repeat(5000)}${']'.repeat(5000)}, "state": "drift"}`,
  '{"object": "home/vm/100", "field": "config.memory", "offer": 1, "state": "drift", "__proto__": {}}',
  '{"object": "home/vm/100", "field": "config.memory", "offer": 1, "state": "open"}',
  '{"object": "home/vm/100", "offer": 5, "state": "drift"}',
  '{"object": "home/vm/100", "offer": null, "base": [1], "state": "drift"}',
  '{"object": "home/vm/100", "offer": null, "base": {"config": 5}, "state": "drift"}',
  '{"object": "home/vm/100", "offer": {"name": "a"}, "state": "drift"}',
  '*nowhere',
].map((text, at) => [`odd types, ${at + 1}`, `# open\n- ${text}\n`, 'PMPC_OPEN_BROKEN', 2] as const)

describe('the file of open items', () => {
  it('is one line an item, sorted', () => {
    expect(printOpen([drift, conflict, gone, unknown, drift]).split('\n').slice(1)).to.deep.equal([
      '- {"object": "home/vm/9", "field": "config.net0.tag", "base": null, "offer": 5, "state": "conflict"}',
      '- {"object": "home/vm/20", "base": {"config": {"name": "a"}}, "offer": null, "state": "drift"}',
      '- {"object": "home/vm/100", "field": "config.memory", "base": 4096, "offer": 8192, "state": "drift"}',
      '- {"object": "home/vm/100", "field": "config.tags[web]", "offer": null, "state": "conflict"}',
      '',
    ])
  })

  it('gives back what was written, and is YAML that means the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyItem, {maxLength: 6}), async (items) => {
        const text = printOpen(items)
        const read = await parseOpen(text)
        expect(printOpen(read)).to.equal(text)
        const distinct = new Set(items.map((item) => JSON.stringify(item)))
        expect(read.length).to.be.at.most(distinct.size)
        for (const item of read) expect(items).to.deep.include(item)
        expect(parse(text) ?? []).to.deep.equal(read.map(itemText))
      }),
    )
  })

  it('is read by PyYAML as the same values', function () {
    const samples = fc.sample(fc.array(anyItem, {minLength: 1, maxLength: 4}), {numRuns: 150, seed: 3})
    const read = pyYaml(samples.map(printOpen))
    if (!read) return skipFor(this, 'python3 with PyYAML is not installed')
    const nulls = (text: string) => text.replaceAll('"map":[]', '"null":true')
    for (const [i, sample] of samples.entries()) {
      const lines = printOpen(sample)
        .split('\n')
        .filter((line) => line.startsWith('- '))
      const wanted = lines.map((line) => JSON.parse(line.slice(2), (_, value: unknown) => value ?? {}) as unknown)
      expect(nulls(JSON.stringify(normalPython(read[i])))).to.equal(
        nulls(JSON.stringify(normalPython(asPython(wanted)))),
      )
    }
  })

  it('loses lines that a union merge left twice', async () => {
    const text = printOpen([drift, conflict])
    const lines = text.split('\n')
    expect(await parseOpen([...lines, ...lines.slice(1)].join('\n'))).to.deep.equal([conflict, drift])
  })

  it('may be edited by hand', async () => {
    const text = '- object: home/vm/100   # mine\n  field: config.memory\n  base: 4096\n  offer: 8192\n  state: drift\n'
    expect(await parseOpen(text)).to.deep.equal([drift])
    expect(await parseOpen('')).to.deep.equal([])
    expect(await parseOpen('# nothing\n')).to.deep.equal([])
    expect(await parseOpen(printOpen([drift]).replaceAll('\n', '\r\n'))).to.deep.equal([drift])
  })

  for (const [title, text, code, line] of [
    ['merge markers', '# x\n<<<<<<< HEAD\n- {}\n=======\n>>>>>>> b\n', 'PMPC_OPEN_CONFLICT', 2],
    ['a syntax error', '- {"object": "a"\n', 'PMPC_OPEN_BROKEN', 2],
    ['something that is no item', '- {"object": "a", "offer": 1}\n', 'PMPC_OPEN_BROKEN', 1],
    ...odd,
    ['no list', 'a: 1\n', 'PMPC_OPEN_BROKEN', 1],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const error = (await parseOpen(text).then(
        () => undefined,
        (caught: unknown) => caught,
      )) as {code: string; data: {line?: number}; suggestions: string[]}
      expect(error.code).to.equal(code)
      expect(error.data.line).to.equal(line)
      expect(error.suggestions).to.include('pmpc sync')
    })
  }
})
