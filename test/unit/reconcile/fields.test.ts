import {expect} from 'chai'
import {digestOf, fieldsOf, getField, setField} from '../../../src/kit/reconcile/fields.js'
import type {Document} from '../../../src/kit/reconcile/fields.js'
import {editsBetween} from '../../../src/kit/reconcile/documents.js'
import {formatField, parseField} from '../../../src/kit/resources/index.js'
import type {Config, Value} from '../../../src/kit/resources/index.js'

const documentOf = (config: Config): Document => ({kind: 'storage', beside: {}, config})
const namesOf = (...configs: Config[]) => fieldsOf(configs.map(documentOf)).map(formatField)

describe('fields of documents', () => {
  const blk = {comment: 'bad', members: {'192.0.2.0/24': {comment: 'a'}, '198.51.100.1': {nomatch: 1}}}

  it('are maps by key, at any depth, where each document has the place as a map', () => {
    expect(
      namesOf({ipsets: {blk}}, {ipsets: {blk: {members: {'192.0.2.0/24': {comment: 'b', nomatch: 1}}}}}),
    ).to.deep.equal([
      'config.ipsets.blk.comment',
      'config.ipsets.blk.members["192.0.2.0/24"].comment',
      'config.ipsets.blk.members["192.0.2.0/24"].nomatch',
      'config.ipsets.blk.members["198.51.100.1"]',
    ])
    expect(namesOf({ipsets: {blk}}, {})).to.deep.equal(['config.ipsets'])
    expect(namesOf({ipsets: {blk}}, {ipsets: {other: {comment: 'x'}}})).to.deep.equal([
      'config.ipsets.blk',
      'config.ipsets.other',
    ])
  })

  it('are sets by element at any depth, and sequences as a whole', () => {
    expect(namesOf({'/vms': {'a@pve': ['A', 'B']}}, {'/vms': {'a@pve': ['B', 'C']}})).to.deep.equal([
      'config["/vms"]["a@pve"][A]',
      'config["/vms"]["a@pve"][B]',
      'config["/vms"]["a@pve"][C]',
    ])
    const rules = [{action: 'ACCEPT'}, {action: 'DROP'}]
    expect(namesOf({rules}, {rules: rules.slice(1)})).to.deep.equal(['config.rules'])
    expect(namesOf({a: {b: ['z', 'a']}}, {a: {b: ['a']}})).to.deep.equal(['config.a.b'])
  })

  it('take an empty map and an empty set for a value of its own', () => {
    expect(namesOf({ipsets: {blk: {}}}, {ipsets: {blk}})).to.deep.equal(['config.ipsets.blk'])
    expect(namesOf({a: {b: []}}, {a: {b: ['x']}})).to.deep.equal(['config.a.b'])
  })

  const set = (config: Config, name: string, value: Value | undefined) => {
    const document = documentOf({...config})
    setField(document, parseField(name)!, value)
    return document.config
  }

  it('are set where they stand, and what stands above is a copy', () => {
    const config = {ipsets: {blk}}
    const name = 'config.ipsets.blk.members["192.0.2.0/24"].comment'
    const changed = set(config, name, 'b')
    expect(getField(documentOf(changed), parseField(name)!)).to.equal('b')
    expect(blk.members['192.0.2.0/24'].comment).to.equal('a')
    expect(set({}, 'config.a.b.c', 1)).to.deep.equal({a: {b: {c: 1}}})
    expect(set({a: {b: ['x', 'z']}}, 'config.a.b[y]', 'y')).to.deep.equal({a: {b: ['x', 'y', 'z']}})
  })

  it('take along what they were the last part of', () => {
    expect(set({a: {b: {c: 1}}, d: 1}, 'config.a.b.c', undefined)).to.deep.equal({d: 1})
    expect(set({a: {b: {c: 1}, e: 1}}, 'config.a.b.c', undefined)).to.deep.equal({a: {e: 1}})
    expect(set({'/vms': {'a@pve': ['A']}}, 'config["/vms"]["a@pve"][A]', undefined)).to.deep.equal({})
  })

  it('hold keys like __proto__ as any other', () => {
    const config = JSON.parse('{"a": {"__proto__": {"x": 1}}}') as Config
    expect(namesOf(config, config)).to.deep.equal(['config.a.__proto__.x'])
    expect(getField(documentOf({a: {}}), parseField('config.a.constructor')!)).to.equal(undefined)
    const changed = set({a: {b: 1}}, 'config.a.__proto__.x', 2)
    expect(JSON.stringify(changed)).to.equal('{"a":{"b":1,"__proto__":{"x":2}}}')
  })

  it('that differ are one edit a place: a set as a whole, a map that is gone as a whole', () => {
    const edits = (from: Config, to: Config) => editsBetween(documentOf(from), documentOf(to))
    expect(edits({ipsets: {blk}}, {ipsets: {blk: {...blk, comment: 'worse'}}})).to.deep.equal([
      {do: 'set', path: ['config', 'ipsets', 'blk', 'comment'], value: 'worse'},
    ])
    expect(edits({a: {b: ['x', 'y'], c: 1}}, {a: {b: ['y', 'z'], c: 1}})).to.deep.equal([
      {do: 'set', path: ['config', 'a', 'b'], value: ['y', 'z']},
    ])
    expect(edits({a: {b: {c: 1}, d: 1}}, {a: {d: 1}})).to.deep.equal([
      {do: 'set', path: ['config', 'a', 'b'], value: undefined},
    ])
    expect(edits({a: {'b.c': 1, b: {c: 1}}}, {a: {'b.c': 2, b: {c: 2}}})).to.have.length(2)
  })

  it('have digests that say nothing of the kind', () => {
    // As it stands in files of today.
    expect(digestOf({beside: {pool: 'web'}, config: {cores: 2, net0: {tag: 5}, tags: ['a', 'b']}})).to.equal(
      '88b32b817bbf8ec6',
    )
    const one = documentOf({content: ['images']})
    const other: Document = {...one, kind: 'pool'}
    expect(digestOf(one)).to.equal(digestOf(other))
  })
})
