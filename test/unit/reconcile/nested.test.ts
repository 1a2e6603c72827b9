import {expect} from 'chai'
import {Agreement, type History} from '../../../src/kit/reconcile/agreement.js'
import {declaredDocument, observedDocument} from '../../../src/kit/reconcile/documents.js'
import {judge} from '../../../src/kit/reconcile/judge.js'
import {offer} from '../../../src/kit/reconcile/offers.js'
import {takeableOf} from '../../../src/kit/reconcile/takeable.js'
import {acceptedDocument, headEdits, rulingOf} from '../../../src/kit/reconcile/verdict.js'
import {parseField, type Config, type ObjectRef, type Value} from '../../../src/kit/resources/index.js'
import type {OpenItem, Pair} from '../../../src/kit/workspace/index.js'

const firewall: ObjectRef = {cluster: 'home', kind: 'firewall', id: 'cluster'}
const acl: ObjectRef = {cluster: 'home', kind: 'acl', id: 'acl'}
const now = Date.parse('2026-11-28T12:00:00.000Z')

/** Nothing was ever agreed on. */
const nothing: History = {agreed: async () => false, documentBefore: async () => undefined}

interface Sides {
  theirs?: Config
  before?: Config
  head?: Config
  pairs?: Pair[]
}

function sight({kind, id}: ObjectRef, {theirs, before, head, pairs = []}: Sides) {
  const observed = (config: Config | undefined) => config && {kind, id, facts: {}, config}
  const declared = head && {kind, id, config: head}
  return {
    ref: {cluster: 'home', kind, id},
    theirs: observed(theirs),
    before: observed(before),
    head: declared,
    pairs,
    now,
  }
}

async function seen(ref: ObjectRef, sides: Sides) {
  const {items, pairs} = await judge(sight(ref, sides), nothing)
  return {items, pairs, short: items.map(({field = '', base, offer, state}) => [field, base, offer, state])}
}

const member = 'config.ipsets.blk.members["192.0.2.0/24"]'
const ipsets = (entries: Value, comment?: string): Config => ({
  ipsets: {blk: {...(comment !== undefined && {comment}), members: {'192.0.2.0/24': entries}}},
})

describe('agreement on values that nest', () => {
  it('opens what differs by the deepest key that all sides have, and a sequence as one value', async () => {
    const rules: Value = [{type: 'in', action: 'ACCEPT'}]
    const before = {...ipsets({comment: 'a'}, 'bad'), rules}
    const theirs = {...ipsets({comment: 'b', nomatch: 1}, 'bad'), rules: [...rules, {type: 'in', action: 'DROP'}]}
    const {short} = await seen(firewall, {theirs, before, head: before})
    expect(short).to.deep.equal([
      [`${member}.comment`, 'a', 'b', 'drift'],
      [`${member}.nomatch`, null, 1, 'drift'],
      ['config.rules', rules, theirs.rules, 'drift'],
    ])
  })

  it('opens a right by its element, and a map that one side has not at all as one change', async () => {
    const before = {'/vms': {'alice@pve': ['PVEAuditor']}}
    const given = {'/vms': {'alice@pve': ['PVEAdmin', 'PVEAuditor']}, '/': {'@ops': ['Administrator']}}
    expect((await seen(acl, {theirs: given, before, head: before})).short).to.deep.equal([
      ['config["/"]', null, {'@ops': ['Administrator']}, 'drift'],
      ['config["/vms"]["alice@pve"][PVEAdmin]', null, 'PVEAdmin', 'drift'],
    ])
    const gone = await seen(acl, {theirs: {}, before: given, head: given})
    expect(gone.short.map(([field, , is]) => [field, is])).to.deep.equal([
      ['config["/"]', null],
      ['config["/vms"]', null],
    ])
  })

  it('keeps a wish within a map of which another part has drifted', async () => {
    const before = ipsets({comment: 'a'}, 'bad')
    const head = ipsets({comment: 'mine'}, 'bad')
    const {short} = await seen(firewall, {theirs: ipsets({comment: 'a'}, 'worse'), before, head})
    expect(short).to.deep.equal([['config.ipsets.blk.comment', 'bad', 'worse', 'drift']])
  })

  it('takes a pair of a whole map for its parts, however deep, and one of a part before it', async () => {
    const baseOf = async (field: string, pairs: Pair[], head: Config, before: Config) => {
      const {theirs: _, ...standing} = sight(firewall, {before, head, pairs})
      return (await new Agreement(standing, nothing).field(parseField(field)!)).value
    }
    const head = ipsets({comment: 'mine'}, 'bad')
    const before = ipsets({comment: 'a'}, 'bad')
    const pair = (field: string, rest: Partial<Pair>): Pair => ({
      ref: firewall,
      field,
      head: null,
      base: null,
      seen: [],
      how: 'reject',
      ...rest,
    })
    const whole = pair('config.ipsets', {head: head.ipsets!, base: null, at: '2026-11-01T00:00:00.000Z'})
    expect(await baseOf(`${member}.comment`, [whole], head, before)).to.equal(null)
    const part = pair(`${member}.comment`, {head: 'mine', base: 'x', at: '2026-11-02T00:00:00.000Z'})
    expect(await baseOf(`${member}.comment`, [whole, part], head, before)).to.equal('x')
    expect(await baseOf('config.ipsets', [part], head, before)).to.deep.equal(ipsets({comment: 'x'}, 'bad').ipsets)
    // What HEAD does not have at all was decided as a whole: that a part is not there says nothing more.
    const absent = pair(`${member}.nomatch`, {base: 1, at: '2026-11-03T00:00:00.000Z'})
    const agreed = pair(member, {how: 'agreed', at: '2026-11-01T00:00:00.000Z'})
    const without = {ipsets: {blk: {comment: 'bad'}}}
    expect(await baseOf(member, [absent, agreed], without, ipsets({nomatch: 1}, 'bad'))).to.equal(null)
  })

  const decide = (verdict: 'accept' | 'reject', sides: Sides & {items: OpenItem[]}, chosen = sides.items) => {
    const {theirs, head} = sight(firewall, sides)
    const is = declaredDocument(head!)
    const there = observedDocument(theirs!, head)
    const about = {items: sides.items, pairs: sides.pairs ?? [], before: there, head: is}
    const next = verdict === 'accept' ? acceptedDocument({...about, now: there} as never, chosen) : is
    return {next, edits: headEdits(firewall, is, next), pairs: rulingOf(verdict, about, chosen, now)}
  }

  it('accepts a part alone, with an edit of its place', async () => {
    const before = ipsets({comment: 'a'}, 'bad')
    const theirs = ipsets({comment: 'b'}, 'worse')
    const {items} = await seen(firewall, {theirs, before, head: before})
    const {next, edits, pairs} = decide('accept', {theirs, head: before, items}, [items[1]!])
    expect(next?.config).to.deep.equal(ipsets({comment: 'b'}, 'bad'))
    expect(edits).to.deep.equal([{do: 'set', path: [...parseField(member)!.path, 'comment'], value: 'b'}])
    expect(pairs.map(({field, how}) => [field, how])).to.deep.include([`${member}.comment`, 'accept'])
    const again = await seen(firewall, {theirs, before: theirs, head: next!.config, pairs})
    expect(again.short).to.deep.equal([['config.ipsets.blk.comment', 'bad', 'worse', 'drift']])
  })

  it('leaves a member of an ipset where it is, though all that was said of it is accepted to be gone', async () => {
    const before = ipsets({comment: 'a'})
    const theirs = ipsets({nomatch: 1})
    const {items} = await seen(firewall, {theirs, before, head: before})
    expect(items.map(({field}) => field)).to.deep.equal([`${member}.comment`, `${member}.nomatch`])
    const rejected = decide('reject', {theirs, head: before, items}, [items[1]!])
    const {next, pairs} = decide('accept', {theirs, head: before, items: [items[0]!], pairs: rejected.pairs}, [
      items[0]!,
    ])
    // Without it, HEAD would wish the member away.
    expect(next?.config).to.deep.equal(ipsets({}))
    expect((await seen(firewall, {theirs, before: theirs, head: next!.config, pairs})).short).to.deep.equal([])
  })

  it('offers a part in a working tree that has edits beside it', async () => {
    const before = ipsets({comment: 'a'}, 'bad')
    const theirs = ipsets({comment: 'a', nomatch: 1}, 'bad')
    const {items} = await seen(firewall, {theirs, before, head: before})
    const document = (config: Config) => ({kind: 'firewall' as const, beside: {}, config})
    const head = document(before)
    const {edits, noted} = offer({
      ref: firewall,
      head,
      next: head,
      work: document(ipsets({comment: 'mine'}, 'bad')),
      now: document(theirs),
      items,
    })
    expect(edits).to.deep.equal([{do: 'set', path: [...parseField(member)!.path, 'nomatch'], value: 1}])
    expect(noted).to.deep.equal({fields: {[`${member}.nomatch`]: 1}})
  })

  it('takes over by the same fields what is not open', async () => {
    const head = declaredDocument(sight(firewall, {head: ipsets({comment: 'mine'}, 'bad')}).head!)
    const there = {...head, config: ipsets({comment: 'a'}, 'bad')}
    const taken = takeableOf({ref: firewall, items: [], pairs: [], now: there, head})
    expect(taken.map(({item, why}) => [item.field, item.offer, why])).to.deep.equal([
      [`${member}.comment`, 'a', 'yours'],
    ])
  })

  it('asks value by value about what has a name that people gave it, when it was gone and came back', async () => {
    const head = ipsets({comment: 'a'}, 'bad')
    const back = await seen(firewall, {theirs: ipsets({comment: 'a'}, 'worse'), head})
    expect(back.short).to.deep.equal([['config.ipsets.blk.comment', undefined, 'worse', 'conflict']])
  })

  it('notes no pair of an object whose kind was not read before', async () => {
    const of = async (isFirstReading: boolean) =>
      (await judge({...sight(acl, {theirs: {}}), isFirstReading}, nothing)).pairs.length
    expect([await of(true), await of(false)]).to.deep.equal([0, 1])
  })
})
