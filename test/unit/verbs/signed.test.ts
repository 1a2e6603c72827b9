import {expect} from 'chai'
import type {Deed} from '../../../src/kit/git/trailers.js'
import type {Merged} from '../../../src/kit/reconcile/index.js'
import type {ObjectChange} from '../../../src/kit/state/index.js'
import {decidedDeeds} from '../../../src/kit/verbs/decision.js'
import {signed} from '../../../src/kit/verbs/signed.js'
import {itemText, type OpenItem, type Pair} from '../../../src/kit/workspace/index.js'

const ref = {cluster: 'home', kind: 'vm' as const, id: 100}
const item = (field: string | undefined, offer: OpenItem['offer'] = 1, more: Partial<OpenItem> = {}): OpenItem => ({
  ref,
  ...(field !== undefined && {field}),
  base: 0,
  offer,
  state: 'drift',
  ...more,
})
const at = '2026-11-28T10:02:11Z'
const by = (user: string | null, what: Deed['what'], object = 'vm/100'): Deed => ({
  object,
  what,
  user,
  ...(user !== null && {at}),
})
const changed = (...fields: ObjectChange['fields']): ObjectChange => ({kind: 'vm', id: 100, change: 'changed', fields})
const merged = (items: OpenItem[], accepted: OpenItem[] = [], pairs: Pair[] = []) =>
  ({items, accepted, pairs}) as unknown as Merged
const users = (items: OpenItem[], changes: ObjectChange[], deeds: Deed[]) =>
  signed(merged(items), 'home', changes, deeds).items.map((each) => each.by ?? null)

describe('items of a sync, and who made them', () => {
  it('are told by the fields that changed, parts and wholes of them', () => {
    const changes = [changed({field: 'config.net0.tag', after: 5}, {field: 'config.cores', after: 2})]
    const deeds = [by('alice@pve', ['config.net0.tag']), by('bob@pve', ['config.cores'])]
    const items = ['config.net0.tag', 'config.net0', 'config.net0.bridge', 'config.cores', 'config.memory'].map(
      (field) => item(field),
    )
    expect(users(items, changes, deeds)).to.deep.equal(['alice@pve', 'alice@pve', null, 'bob@pve', null])
  })

  it('of a set is told by its elements', () => {
    const changes = [changed({field: 'config.tags', after: ['a', 'b c'], added: ['b c'], removed: []})]
    const items = [
      item('config.tags[a]', 'a', {by: 'eve@pve'}),
      item('config.tags[="b c"]', 'b c'),
      item('config.tags'),
    ]
    expect(users(items, changes, [by('bob@pve', ['config.tags'])])).to.deep.equal(['eve@pve', 'bob@pve', 'bob@pve'])
  })

  it('beside the configuration are told by their facts', () => {
    const changes = [changed({field: 'status', after: 'stopped'}, {field: 'node', after: 'pve2'}, {field: 'pool'})]
    const deeds = [by('alice@pve', ['status']), by('bob@pve', ['node']), by(null, ['pool'])]
    const items = [item('power', 'stopped'), item('placement.node', 'pve2'), item('pool', 'web')]
    expect(users(items, changes, deeds)).to.deep.equal(['alice@pve', 'bob@pve', null])
  })

  it('keep the name that they have where nothing changed, and lose it where nobody knows who changed it since', () => {
    const open = [item('config.cores', 1, {by: 'eve@pve', at}), item('config.memory', 1, {by: 'eve@pve', at})]
    const {items} = signed(merged(open), 'home', [changed({field: 'config.cores'})], [by(null, ['config.cores'])])
    expect(items).to.deep.equal([item('config.cores'), open[1]])
    // One that is new stays whose it is while others change it.
    const whole = [item(undefined, 'present', {by: 'eve@pve'})]
    expect(users(whole, [changed({field: 'config.cores'})], [by('bob@pve', ['config.cores'])])).to.deep.equal([
      'eve@pve',
    ])
    expect(
      users([item(undefined, null)], [{...changed(), change: 'removed'}], [by('bob@pve', 'removed')]),
    ).to.deep.equal(['bob@pve'])
    const other = {...item('config.cores'), ref: {...ref, cluster: 'lab'}}
    expect(users([other], [changed({field: 'config.cores'})], [by('bob@pve', ['config.cores'])])).to.deep.equal([null])
  })

  it('name all who may have made them, or nobody where one of them is unknown', () => {
    const changes = [changed({field: 'config.net0.tag'})]
    const deeds = [
      by('alice@pve', ['config.net0.tag']),
      {...by('bob@pve', ['config.net0.tag']), at: '2026-11-28T11:00:00Z'},
    ]
    const [both] = signed(merged([item('config.net0.tag')]), 'home', changes, deeds).items
    expect(both).to.include({by: 'alice@pve, bob@pve', at: '2026-11-28T11:00:00Z'})
    expect(decidedDeeds([itemText(both!)]).map(({user}) => user)).to.deep.equal(['alice@pve', 'bob@pve'])
    const mixed = [changed({field: 'config.net0.tag'}, {field: 'config.net0.bridge'})]
    const one = [by('alice@pve', ['config.net0.tag']), by(null, ['config.net0.bridge'])]
    expect(users([item('config.net0')], mixed, one)).to.deep.equal([null])
  })

  it('hand their name to the pair of the same field, and to no other', () => {
    const pair = (field: string, seen: Pair['seen'] = [1]): Pair => ({ref, field, head: 0, base: 0, seen, how: 'open'})
    const pairs = [pair('config.cores'), pair('config.memory'), pair('config.sockets', [])]
    const open = [item('config.cores'), item('config.sockets')]
    const changes = [changed({field: 'config.cores'}, {field: 'config.memory'}, {field: 'config.sockets'})]
    const deeds = [by('alice@pve', ['config.cores', 'config.memory', 'config.sockets'])]
    const result = signed(merged(open, [], pairs), 'home', changes, deeds)
    expect(result.pairs).to.deep.equal([{...pairs[0]!, by: 'alice@pve', changed: at}, pairs[1], pairs[2]])
    expect(signed(merged([], open, pairs), 'home', changes, deeds).accepted[0]).to.include({by: 'alice@pve', at})
  })
})

describe('what was decided, in trailers', () => {
  const text = (object: string, field: string | undefined, more: object = {}) => ({
    object,
    ...(field !== undefined && {field}),
    base: 0,
    offer: 1,
    ...more,
  })

  it('is one deed for the fields of an object that one user changed at one time', () => {
    const who = {by: 'alice@pve', at}
    expect(
      decidedDeeds([
        text('home/vm/100', 'config.cores', who),
        text('home/vm/100', 'config.net0.tag'),
        text('home/vm/100', 'config.memory', who),
        text('home/vm/101', 'config.memory', who),
      ]),
    ).to.deep.equal([
      by('alice@pve', ['config.cores', 'config.memory']),
      by(null, ['config.net0.tag']),
      by('alice@pve', ['config.memory'], 'vm/101'),
    ])
  })

  it('says what happened to objects, and names clusters where there are several', () => {
    expect(
      decidedDeeds([
        text('home/vm/100', undefined, {base: null, offer: 'present', head: null}),
        text('home/vm/101', undefined, {base: 'present', offer: null, head: 'present'}),
        text('home/vm/102', undefined, {base: 'present', offer: 'present', head: 'present'}),
        text('lab/vm/103', undefined, {base: 'present', offer: 'present', head: null}),
      ]).map(({object, what}) => [object, what]),
    ).to.deep.equal([
      ['home/vm/100', 'added'],
      ['home/vm/101', 'removed'],
      ['home/vm/102', 'replaced'],
      ['lab/vm/103', 'added'],
    ])
  })
})
