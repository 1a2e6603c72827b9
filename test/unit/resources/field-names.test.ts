import {expect} from 'chai'
import fc from 'fast-check'
import {formatField, isWithin, overlap, parseField} from '../../../src/kit/resources/index.js'
import type {Field} from '../../../src/kit/resources/index.js'

describe('names of fields', () => {
  const name = fc.oneof(
    fc.string({unit: 'binary'}),
    fc.constantFrom(
      '',
      'a.b',
      '/vms',
      '192.0.2.0/24',
      'alice@pve',
      '[=',
      '"]["',
      '][',
      '__proto__',
      '\u2028',
      '\ud800',
      ' ',
    ),
  )
  const fields: fc.Arbitrary<Field> = fc
    .tuple(fc.array(name, {minLength: 1, maxLength: 6}), fc.option(name, {nil: undefined}))
    .map(([keys, element]) => ({path: ['config', ...keys], ...(element !== undefined && {element})}))

  it('read back as they were printed, at any depth, whatever a part holds', () => {
    fc.assert(
      fc.property(fields, (field) => {
        expect(parseField(formatField(field))).to.deep.equal(field)
      }),
      {numRuns: 2000},
    )
  })

  it('never are the same for two fields', () => {
    fc.assert(
      fc.property(fields, fields, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other)
        expect(formatField(one) === formatField(other)).to.equal(isSame)
      }),
    )
  })

  const told: [string, Field][] = [
    ['pool', {path: ['pool']}],
    ['placement.node', {path: ['placement', 'node']}],
    ['config.memory', {path: ['config', 'memory']}],
    ['config.net0.tag', {path: ['config', 'net0', 'tag']}],
    ['config.tags[web]', {path: ['config', 'tags'], element: 'web'}],
    ['config.tags[="a b"]', {path: ['config', 'tags'], element: 'a b'}],
    ['config["odd.key"]', {path: ['config', 'odd.key']}],
    [
      'config.ipsets.blk.members["192.0.2.0/24"].comment',
      {path: ['config', 'ipsets', 'blk', 'members', '192.0.2.0/24', 'comment']},
    ],
    ['config["/vms"]["alice@pve"][PVEAuditor]', {path: ['config', '/vms', 'alice@pve'], element: 'PVEAuditor'}],
  ]
  for (const [text, field] of told) {
    it(`are printed and read as ${text}`, () => {
      expect(formatField(field)).to.equal(text)
      expect(parseField(text)).to.deep.equal(field)
    })
  }

  it('are read, too, where they were quoted without need, or not as today', () => {
    expect(parseField('config["memory"]')).to.deep.equal({path: ['config', 'memory']})
    expect(parseField('config./vms')).to.deep.equal({path: ['config', '/vms']})
  })

  it('that are none are not read', () => {
    const none = [
      '',
      'config',
      'config[web]',
      'memory',
      'pool.x',
      'pool[x]',
      'config.',
      'config..a',
      'config.tags[web].x',
    ]
    const broken = [
      'config.tags[web',
      'config.tags[=web]',
      'config["a',
      'config["\\q"]',
      'config.tags[="\\q"]',
      'config.a b',
    ]
    for (const text of [...none, ...broken]) expect(parseField(text), text).to.equal(undefined)
  })

  it('tell what is within what', () => {
    const [map, part, set, element] = ['config.a.b', 'config.a.b.c.d', 'config.a.s', 'config.a.s[x]'].map((text) =>
      parseField(text)!,
    ) as [Field, Field, Field, Field]
    expect([isWithin(part, map), isWithin(map, part), isWithin(element, set), isWithin(set, element)]).to.deep.equal([
      true,
      false,
      true,
      false,
    ])
    expect([overlap(map, part), overlap(element, set), overlap(part, element)]).to.deep.equal([true, true, false])
    expect(overlap(element, {...element, element: 'y'})).to.equal(false)
  })
})
