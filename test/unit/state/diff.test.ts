import {expect} from 'chai'
import fc from 'fast-check'
import {diffFields, fieldName, flatten, parseFieldName} from '../../../src/kit/resources/index.js'
import type {ClusterState, Observed, Value} from '../../../src/kit/resources/model.js'
import {diffStates, isReplaced, stateDigest} from '../../../src/kit/state/index.js'
import {anyText, clusterState} from './arbitrary.js'

const vm = (id: number, config: Observed['config'] = {}, facts: Observed['facts'] = {}): Observed => ({
  kind: 'vm',
  id,
  config,
  facts,
})
const home = (...objects: Observed[]): ClusterState => ({cluster: 'home', objects})

describe('resources: fields', () => {
  it('are property strings by sub-key, sets and facts whole', () => {
    const object: Observed = {
      ...vm(100, {net0: {model: 'virtio', tag: 42}, tags: ['a'], cpu: {}, 'odd.key': 1}, {node: 'pve1'}),
      running: {memory: null},
      snapshots: [{name: 'a b', parent: 'c'}, {name: 'd'}],
      extra: {x: {y: 1}},
    }
    expect(Object.fromEntries(flatten(object))).to.deep.equal({
      'config["odd.key"]': 1,
      'config.cpu': {},
      'config.net0.model': 'virtio',
      'config.net0.tag': 42,
      'config.tags': ['a'],
      'extra.x': {y: 1},
      node: 'pve1',
      'running.memory': null,
      'snapshots["a b"].parent': 'c',
      'snapshots.d': {},
    })
  })

  it('have names that can be read back and never clash', () => {
    fc.assert(
      fc.property(fc.array(anyText, {minLength: 1, maxLength: 4}), (parts) => {
        const [first, ...rest] = parts as [string, ...string[]]
        expect(parseFieldName(fieldName(first, ...rest))).to.deep.equal(parts)
      }),
    )
  })

  it('that are none are not read', () => {
    for (const text of ['', '.', 'a.', 'a..b', 'a[b]', 'a["b]', 'a b'])
      expect(parseFieldName(text), text).to.equal(undefined)
  })

  it('of sets differ by element', () => {
    const change = diffFields(vm(1, {tags: ['old', 'same']}), vm(1, {tags: ['same', 'web']}))
    expect(change).to.deep.equal([
      {field: 'config.tags', before: ['old', 'same'], after: ['same', 'web'], added: ['web'], removed: ['old']},
    ])
    expect(diffFields(vm(1), vm(1, {tags: ['web']}))).to.deep.equal([
      {field: 'config.tags', after: ['web'], added: ['web'], removed: []},
    ])
  })
})

describe('state: differences', () => {
  it('name each field that moved, and the object', () => {
    const before = home(
      vm(100, {name: 'web', memory: 512, net0: {model: 'virtio', tag: 1}}, {node: 'pve1'}),
      vm(101),
      vm(102),
    )
    const after = home(vm(100, {name: 'web', memory: 1024, net0: {model: 'virtio'}}, {node: 'pve2'}), vm(102), vm(103))
    expect(diffStates(before, after)).to.deep.equal([
      {
        kind: 'vm',
        id: 100,
        name: 'web',
        change: 'changed',
        fields: [
          {field: 'config.memory', before: 512, after: 1024},
          {field: 'config.net0.tag', before: 1},
          {field: 'node', before: 'pve1', after: 'pve2'},
        ],
      },
      {kind: 'vm', id: 101, change: 'removed', fields: []},
      {kind: 'vm', id: 103, change: 'added', fields: []},
    ])
  })

  it('are none exactly between states of equal content', () => {
    fc.assert(
      fc.property(clusterState, clusterState, fc.boolean(), (one, other, same) => {
        const two = {...(same ? one : other), cluster: one.cluster}
        expect(diffStates(one, two).length === 0).to.equal(stateDigest(one) === stateDigest(two))
      }),
    )
  })

  const born = (ctime: number, uuid: string, vmgenid: string) => vm(100, {meta: {ctime}, smbios1: {uuid}, vmgenid})
  const table: [string, Observed, Observed, boolean][] = [
    ['another time of creation', born(1, 'a', 'a'), born(2, 'a', 'a'), true],
    [
      'both generated ids, without a time',
      vm(1, {smbios1: {uuid: 'a'}, vmgenid: 'a'}),
      vm(1, {smbios1: {uuid: 'b'}, vmgenid: 'b'}),
      true,
    ],
    ['one generated id, as after a rollback', born(1, 'a', 'a'), born(1, 'a', 'b'), false],
    ['an id that was not there before', vm(1, {vmgenid: 'a'}), vm(1, {vmgenid: 'b', smbios1: {uuid: 'b'}}), false],
    ['another kind', vm(100), {...vm(100), kind: 'container'}, true],
    ['nothing', born(1, 'a', 'a'), born(1, 'a', 'a'), false],
  ]
  for (const [what, before, after, replaced] of table) {
    it(`${replaced ? 'tell a reused VMID' : 'take no reused VMID'} from ${what}`, () => {
      expect(isReplaced(before, after)).to.equal(replaced)
    })
  }

  it('tell what came or went whole inside a map as one field, and what changed in it as its own', () => {
    const with_ = (members: Record<string, Value>): Pick<Observed, 'config'> => ({config: {ipsets: {blk: {members}}}})
    const ben = {'192.0.2.51': {comment: 'Ben'}, '192.0.2.52': {comment: 'Ann'}}
    const fields = (before: typeof ben | Record<string, Value>, after: Record<string, Value>) =>
      diffFields(with_(before), with_(after)).map(({field, before: was, after: is}) => [field, was, is])
    const member = 'config.ipsets.blk.members["192.0.2.51"]'
    expect(fields(ben, {'192.0.2.52': {comment: 'Ann'}})).to.deep.equal([[member, {comment: 'Ben'}, undefined]])
    expect(fields({}, {'192.0.2.51': {comment: 'Ben'}})).to.deep.equal([[member, undefined, {comment: 'Ben'}]])
    expect(fields(ben, {...ben, '192.0.2.51': {}})).to.deep.equal([[`${member}.comment`, 'Ben', undefined]])
  })

  it('show a reused VMID as one replacement', () => {
    const container: Observed = {...vm(100, {hostname: 'new'}), kind: 'container'}
    expect(diffStates(home(vm(100, {name: 'old'})), home(container))).to.deep.equal([
      {kind: 'container', id: 100, name: 'new', change: 'replaced', was: 'vm', fields: []},
    ])
  })
})
