import {expect} from 'chai'
import {Agreement} from '../../../src/kit/reconcile/agreement.js'
import type {History, Noted} from '../../../src/kit/reconcile/agreement.js'
import {digestOf} from '../../../src/kit/reconcile/fields.js'
import type {Document} from '../../../src/kit/reconcile/fields.js'
import {judge} from '../../../src/kit/reconcile/judge.js'
import {declaredDocument, observedDocument} from '../../../src/kit/reconcile/documents.js'
import {isSettled, rulePairs, sweepPairs} from '../../../src/kit/reconcile/pairs.js'
import {parseField} from '../../../src/kit/resources/index.js'
import type {Config, Value} from '../../../src/kit/resources/index.js'
import type {Pair} from '../../../src/kit/workspace/index.js'
import {manifest, ref, vm} from './model.js'

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T12:00:00.000Z`
const now = Date.parse(at(28))

function pair(field: string | undefined, rest: Partial<Pair>): Pair {
  const made: Pair = {ref, head: null, base: null, seen: [], how: 'open', ...rest}
  if (field !== undefined) made.field = field
  return made
}

const memory = (rest: Partial<Pair>): Pair => pair('config.memory', rest)

/** A history that holds that these values of fields were agreed on once. */
function historyOf(
  agreed: Record<string, Value | null | 'cut'> = {},
  documents: Document[] = [],
): History & {asked: string[]} {
  const asked: string[] = []
  return {
    asked,
    async agreed(_, field, value) {
      const name = field ? field.path.join('.') : ''
      asked.push(name)
      if (agreed[name] === 'cut') return 'cut'
      return name in agreed && agreed[name] === value
    },
    async documentBefore(_, __, ___, digest) {
      return documents.find((document) => digestOf(document) === digest)
    },
  }
}

interface Sides {
  head?: Config
  before?: Config
  pairs?: Pair[]
  noted?: Noted
  history?: History
}

async function baseOf(field: string, {head, before, pairs = [], noted, history = historyOf()}: Sides) {
  const standing = {ref, head: head && manifest(head), before: before && vm(before), pairs, noted}
  const base = await new Agreement(standing, history).field(parseField(field)!)
  return base.cut ? 'cut' : base.value
}

describe('what was agreed on', () => {
  it('rule 1: is what the pair says that HEAD matches; people before syncs, then the newest', async () => {
    const pairs = [
      memory({head: 2048, base: 4096, how: 'reject', at: at(1)}),
      memory({head: 2048, base: 1024, how: 'agreed', at: at(9)}),
      memory({head: 512, base: 8192, how: 'accept', at: at(5)}),
    ]
    expect(await baseOf('config.memory', {head: {memory: 2048}, before: {memory: 1}, pairs})).to.equal(4096)
    expect(await baseOf('config.memory', {head: {memory: 512}, before: {memory: 1}, pairs})).to.equal(8192)
    // Whoever wrote the newer one knew of the decision, and replaced it.
    const knowing = [pairs[0]!, {...pairs[1]!, over: at(1)}]
    expect(await baseOf('config.memory', {head: {memory: 2048}, before: {memory: 1}, pairs: knowing})).to.equal(1024)
  })

  it('rule 1: nobody knows, unless somebody elsewhere does', async () => {
    const unknown = memory({head: 2048, how: 'unknown', at: at(9)})
    const sides = {head: {memory: 2048}, before: {memory: 4096}}
    expect(await baseOf('config.memory', {...sides, pairs: [unknown]})).to.equal(undefined)
    const known = memory({head: 2048, base: 4096, how: 'reject', at: at(1)})
    expect(await baseOf('config.memory', {...sides, pairs: [unknown, known]})).to.equal(4096)
  })

  it('rule 1: of two decisions for one text, made apart, is the one against the cluster', async () => {
    const pairs = [
      memory({head: 2048, base: 4096, how: 'reject', at: at(1)}),
      memory({head: 2048, base: 2048, how: 'accept', at: at(3)}),
    ]
    const sides = {head: {memory: 2048}, before: {memory: 4096}}
    expect(await baseOf('config.memory', {...sides, pairs})).to.equal(4096)
    const knowing = [pairs[0]!, {...pairs[1]!, over: at(1)}]
    expect(await baseOf('config.memory', {...sides, pairs: knowing})).to.equal(2048)
  })

  it('rule 1: a pair of a part counts before one of its whole key', async () => {
    const pairs = [
      pair('config.net0', {head: 'odd', base: null, how: 'reject', at: at(2)}),
      pair('config.net0.tag', {head: 5, base: 6, how: 'reject', at: at(1)}),
    ]
    const sides = {head: {net0: {model: 'virtio', tag: 5}}, before: {net0: {model: 'virtio', tag: 6}}, pairs}
    expect(await baseOf('config.net0.tag', sides)).to.equal(6)
  })

  it('rule 2: is what HEAD holds where the cluster offered it, here or elsewhere', async () => {
    const pairs = [memory({head: 2048, base: 2048, seen: [4096]})]
    const sides = {head: {memory: 4096}, before: {memory: 8192}}
    expect(await baseOf('config.memory', {...sides, pairs})).to.equal(4096)
    expect(await baseOf('config.memory', {...sides, noted: {fields: {'config.memory': 4096}}})).to.equal(4096)
    const document = {kind: 'vm' as const, beside: {}, config: {memory: 4096}}
    expect(await baseOf('config.memory', {...sides, noted: {document}})).to.equal(4096)
  })

  it('rule 3: is what the newest other pair says, unless the object was accepted after it', async () => {
    const pairs = [
      memory({head: 1024, base: 1024, how: 'agreed', at: at(3)}),
      memory({head: 512, base: 512, how: 'agreed', at: at(2)}),
    ]
    const sides = {head: {memory: 2048}, before: {memory: 4096}}
    expect(await baseOf('config.memory', {...sides, pairs})).to.equal(1024)
    const digest = digestOf(declaredDocument(manifest({memory: 2048})))
    const accepted = pair(undefined, {head: digest, base: digest, how: 'accept', at: at(5)})
    expect(await baseOf('config.memory', {...sides, pairs: [...pairs, accepted]})).to.equal(2048)
  })

  it('rule 4: is HEAD as long as it is as it was accepted; afterwards history tells what was', async () => {
    const document = declaredDocument(manifest({memory: 2048, cores: 2}))
    const digest = digestOf(document)
    const pairs = [pair(undefined, {head: digest, base: digest, how: 'accept', at: at(5)})]
    const same = {head: {memory: 2048, cores: 2}, before: {memory: 4096, cores: 2}, pairs}
    expect(await baseOf('config.memory', same)).to.equal(2048)
    const edited = {head: {memory: 512, cores: 2}, before: {memory: 4096, cores: 2}, pairs}
    expect(await baseOf('config.memory', {...edited, history: historyOf({}, [document])})).to.equal(2048)
    expect(await baseOf('config.cores', edited)).to.equal(2)
    expect(await baseOf('config.memory', edited)).to.equal(undefined)
  })

  it('rule 4: of what people asked for since, and no manifest held, is what the snapshot tells', async () => {
    const document = declaredDocument(manifest({memory: 2048}))
    const digest = digestOf(document)
    const pairs = [pair(undefined, {head: digest, base: digest, how: 'accept', at: at(5)})]
    const standing = {
      ...{ref, before: {...vm({memory: 2048}), facts: {node: 'pve1', status: 'stopped'}}, pairs},
      head: {...manifest({memory: 2048}), power: 'running' as const, placement: {node: 'pve2', pinned: true}},
    }
    const agreement = new Agreement(standing, historyOf({}, [document]))
    expect((await agreement.field({path: ['power']})).value).to.equal('stopped')
    expect((await agreement.field({path: ['placement', 'node']})).value).to.equal('pve1')
  })

  it('rule 4: of what was made as the manifest says is the snapshot, where that manifest is older than HEAD’s text', async () => {
    const document = declaredDocument(manifest({memory: 2048, scsi0: {file: 'ceph:32'}}))
    const pairs = [pair(undefined, {head: digestOf(document), base: 'made', how: 'agreed', at: at(5)})]
    const before = {memory: 2048, scsi0: {file: 'ceph:vm-1-disk-0', size: '32G'}}
    const sides = {head: {memory: 512, scsi0: {file: 'ceph:vm-1-disk-0', size: '40G'}}, before, pairs}
    const history = historyOf({}, [document])
    expect(await baseOf('config.memory', {...sides, history})).to.equal(2048)
    expect(await baseOf('config.scsi0.size', {...sides, history})).to.equal('32G')
    expect(await baseOf('config.memory', sides)).to.equal(undefined)
  })

  it('rule 5 and 6: is the snapshot, unless history says that HEAD was agreed on', async () => {
    const sides = {head: {memory: 2048}, before: {memory: 4096}}
    expect(await baseOf('config.memory', sides)).to.equal(4096)
    expect(await baseOf('config.memory', {...sides, history: historyOf({'config.memory': 2048})})).to.equal(2048)
    expect(await baseOf('config.memory', {...sides, history: historyOf({'config.memory': 'cut'})})).to.equal('cut')
    const history = historyOf()
    expect(await baseOf('config.memory', {head: {memory: 1}, before: {memory: 1}, history})).to.equal(1)
    expect(history.asked, 'history is asked about would-be wishes only').to.deep.equal([])
  })

  it('takes a property string and a set apart: a pair of the whole key counts for its parts, and the other way round', async () => {
    const nic = {model: 'virtio', tag: 5}
    const whole = pair('config.net0', {head: nic, base: null, how: 'reject', at: at(2)})
    const sides = {head: {net0: {model: 'virtio', tag: 7}}, before: {}, pairs: [whole]}
    expect(await baseOf('config.net0.model', sides)).to.equal(null)
    expect(await baseOf('config.net0', sides)).to.equal(null)
    const part = pair('config.net0.tag', {head: 7, base: 5, how: 'accept', at: at(3)})
    const before = {net0: {model: 'virtio', tag: 9}}
    expect(await baseOf('config.net0', {head: sides.head, before, pairs: [part]})).to.deep.equal(nic)
    const element = pair('config.tags[web]', {head: 'web', base: null, how: 'reject', at: at(3)})
    const tags = {head: {tags: ['prod', 'web']}, before: {tags: ['blue', 'prod']}, pairs: [element]}
    expect(await baseOf('config.tags', tags)).to.deep.equal(['blue', 'prod'])
  })
})

describe('what a sync makes of it', () => {
  const sight = (sides: Sides & {theirs?: Config; isFirst?: boolean}) => ({
    ref,
    theirs: sides.theirs && vm(sides.theirs),
    before: sides.before && vm(sides.before),
    head: sides.head && manifest(sides.head),
    pairs: sides.pairs ?? [],
    noted: sides.noted,
    isFirst: sides.isFirst ?? false,
    now,
  })
  const seen = async (sides: Parameters<typeof sight>[0]) => {
    const {items, pairs, overruled, undecided} = await judge(sight(sides), sides.history ?? historyOf())
    const short = items.map(({field = '', base, offer, state}) => [field, base, offer, state])
    return {items: short, pairs, overruled, undecided}
  }

  it('notes that a key is gone on both sides, where nobody knows what was agreed of it', async () => {
    const met = pair(undefined, {head: '0'.repeat(16), base: '1'.repeat(16), how: 'agreed', at: at(1)})
    const gone = await seen({theirs: {cores: 2}, before: {cores: 2, memory: 512}, head: {cores: 2}, pairs: [met]})
    expect(gone.items).to.deep.equal([])
    expect(gone.pairs.slice(1)).to.deep.equal([memory({how: 'agreed', at: at(28)})])
    // What is written again means the same then, and no one is asked about what was before that.
    const again = await seen({theirs: {cores: 2}, before: {cores: 2}, head: {cores: 2, memory: 1024}, ...gone})
    expect(again.items).to.deep.equal([])
  })

  it('forgets what was offered before once a wish has come about: to go back to that is a wish', async () => {
    const taken = memory({head: 512, base: 512, seen: [512], how: 'accept', at: at(1)})
    const fulfilled = await seen({
      ...{theirs: {memory: 1024}, before: {memory: 512}, head: {memory: 1024}},
      pairs: [taken],
    })
    expect(fulfilled.items).to.deep.equal([])
    const reverted = await seen({
      ...{theirs: {memory: 1024}, before: {memory: 1024}, head: {memory: 512}},
      pairs: fulfilled.pairs,
    })
    expect(reverted.items).to.deep.equal([])
  })

  it('takes it for a wish, too, where people go back to the document that was accepted', async () => {
    const digest = digestOf(declaredDocument(manifest({memory: 512})))
    const accepted = pair(undefined, {head: digest, base: digest, how: 'accept', at: at(1)})
    const back = {theirs: {memory: 1024}, before: {memory: 1024}, head: {memory: 512}}
    const wished = memory({head: 1024, base: 1024, how: 'agreed', at: at(2)})
    expect((await seen({...back, pairs: [accepted, wished]})).items).to.deep.equal([])
    // Offered by the cluster, and committed: a rebase may have brought the older text back.
    const taken = {...wished, seen: [1024]}
    const drift = [['config.memory', 512, 1024, 'drift']]
    expect((await seen({...back, pairs: [accepted, taken]})).items).to.deep.equal(drift)
    expect((await seen({...back, pairs: [{...accepted, at: at(3)}, wished]})).items).to.deep.equal(drift)
  })

  it('opens drift with its base, and notes what HEAD says and what was offered', async () => {
    const {items, pairs} = await seen({theirs: {memory: 4096}, before: {memory: 2048}, head: {memory: 2048}})
    expect(items).to.deep.equal([['config.memory', 2048, 4096, 'drift']])
    expect(pairs).to.deep.equal([memory({head: 2048, base: 2048, seen: [4096], how: 'open'})])
  })

  it('is quiet about a wish, and about what is the same everywhere; it notes nothing of them', async () => {
    expect(await seen({theirs: {memory: 2048}, before: {memory: 2048}, head: {memory: 512}})).to.deep.include({
      items: [],
      pairs: [],
    })
    expect((await seen({theirs: {a: 1}, before: {a: 1}, head: {a: 1}})).pairs).to.deep.equal([])
  })

  it('forgets the time of no decision: a pair is later than all that the object has, whatever the clocks say', async () => {
    const pairs = [memory({head: 1024, base: 1024, how: 'accept', at: '2031-01-01T00:00:00.000Z'})]
    const result = await seen({theirs: {memory: 512}, before: {memory: 1024}, head: {memory: 512}, pairs})
    expect(result.pairs).to.deep.equal([
      memory({head: 512, base: 512, how: 'agreed', at: '2031-01-01T00:00:00.001Z', over: '2031-01-01T00:00:00.000Z'}),
    ])
  })

  it('tells whose decision HEAD no longer holds', async () => {
    const pairs = [
      memory({head: 2048, base: 4096, how: 'reject', at: at(2)}),
      memory({head: 4096, base: 4096, how: 'accept', at: at(3)}),
    ]
    const sides = {theirs: {memory: 4096}, before: {memory: 4096}, head: {memory: 4096}, pairs}
    const {overruled, pairs: left} = await seen(sides)
    expect(overruled).to.deep.equal([{ref, field: 'config.memory', rejected: pairs[0], head: 4096}])
    expect(left).to.deep.equal([pairs[1]])
    expect((await seen({...sides, pairs: [pairs[0]!, {...pairs[1]!, over: at(2)}]})).overruled).to.deep.equal([])
  })

  it('says of a wish that cannot be told here that it cannot, and asks where the cluster has moved', async () => {
    const history = historyOf({'config.memory': 'cut'})
    const sides = {before: {memory: 4096}, head: {memory: 2048}, history}
    expect(await seen({...sides, theirs: {memory: 4096}})).to.deep.include({
      items: [],
      undecided: ['config.memory'],
      pairs: [],
    })
    expect((await seen({...sides, theirs: {memory: 512}})).items).to.deep.equal([
      ['config.memory', undefined, 512, 'conflict'],
    ])
  })

  it('offers new objects of a first sync without a pair for each, and notes those that come later', async () => {
    expect(await seen({theirs: {a: 1}, isFirst: true})).to.deep.include({
      items: [['', null, 'present', 'drift']],
      pairs: [],
    })
    expect((await seen({theirs: {a: 1}})).pairs).to.deep.equal([pair(undefined, {seen: ['present']})])
    // What the first sync offered stays open: before it, neither HEAD nor the snapshot had the object.
    const history = historyOf({'': null})
    expect((await seen({theirs: {a: 1}, before: {a: 1}, history})).items).to.have.length(1)
  })

  it('calls the loss of an object a conflict where its manifest says what nobody agreed on, and goes on to', async () => {
    const [mine, cluster] = [{name: 'mine'}, {name: 'web'}]
    const digests = [mine, cluster].map((config) => digestOf(declaredDocument(manifest(config))))
    const pairs = [
      pair(undefined, {head: digests[0], base: digests[1], how: 'agreed', at: at(2)}),
      pair('config.name', {head: 'mine', seen: ['web'], how: 'unknown'}),
    ]
    const lost = await seen({before: cluster, head: mine, pairs})
    expect(lost.items).to.deep.equal([['', 'present', null, 'conflict']])
    expect((await seen({head: mine, pairs: lost.pairs})).items).to.deep.equal([['', 'present', null, 'conflict']])
    // With nothing of people's in it, it is drift.
    expect((await seen({before: cluster, head: cluster})).items[0]![3]).to.equal('drift')
  })

  it('asks about a manifest that is brought back for a guest that was agreed to be gone, and creates none', async () => {
    const gone = await seen({before: {a: 1}})
    expect(gone.items).to.deep.equal([])
    expect(gone.pairs[0])
      .to.include({head: null, base: null, how: 'agreed'})
      .and.to.deep.include({seen: ['present']})
    expect((await seen({head: {a: 1}, pairs: gone.pairs})).items).to.deep.equal([['', 'present', null, 'drift']])
  })
})

describe('decisions', () => {
  const rule = (verdict: 'accept' | 'reject', rest: Partial<Parameters<typeof rulePairs>[0]>) =>
    rulePairs({verdict, items: [], pairs: [], before: undefined, head: undefined, now, ...rest})
  const head = declaredDocument(manifest({memory: 2048}))
  const before = observedDocument(vm({memory: 4096}), undefined)
  const items = [{ref, field: 'config.memory', base: 2048, offer: 4096, state: 'drift' as const}]

  it('pair what HEAD says then with what the cluster had', () => {
    const pairs = [memory({head: 2048, base: 2048, seen: [4096], how: 'open'})]
    expect(rule('accept', {items, pairs, before, head})).to.deep.equal([
      memory({head: 4096, base: 4096, seen: [4096], how: 'accept', at: at(28)}),
    ])
    expect(rule('reject', {items, pairs, before, head})).to.deep.equal([
      memory({head: 2048, base: 4096, seen: [4096], how: 'reject', at: at(28)}),
    ])
  })

  it('of an object take its fields along when it is accepted, and remember that it was there when it is gone', () => {
    const whole = [{ref, base: 'present', offer: null, state: 'drift' as const}]
    const pairs = [memory({how: 'agreed', at: at(3)}), pair(undefined, {head: '0'.repeat(16), base: '0'.repeat(16)})]
    expect(rule('accept', {items: whole, pairs, head})).to.deep.equal([
      pair(undefined, {seen: ['present'], how: 'accept', at: at(28), over: at(3)}),
    ])
    expect(rule('reject', {items: whole, pairs, head})[1]).to.include({head: digestOf(head), base: null, how: 'reject'})
  })

  it('keep each value that was kept against another guest with the same VMID', () => {
    const whole = [{ref, base: 'present', offer: 'present', state: 'drift' as const}]
    const [object, field] = rule('reject', {items: whole, before, head, pairs: [memory({how: 'accept', at: at(1)})]})
    expect(object).to.include({head: digestOf(head), base: digestOf(before), how: 'reject'})
    expect(field).to.include({field: 'config.memory', head: 2048, base: 4096, how: 'reject'})
    // So that whoever takes it later has taken an offer.
    expect(field!.seen).to.deep.equal([4096])
  })

  it('are swept when they say no more than manifest and snapshot, after 90 days, and not fewer than 100 at once', async () => {
    const old = (n: number, rest: Partial<Pair> = {}): Pair =>
      pair(`config.k${n}`, {head: 1, base: 1, how: 'accept', at: '2026-07-01T00:00:00.000Z', ...rest})
    const hundred = Array.from({length: 100}, (_, n) => old(n))
    const document = {kind: 'vm' as const, beside: {}, config: Object.fromEntries(hundred.map((_, n) => [`k${n}`, 1]))}
    const settled = (of: Pair) => isSettled(of, document, document)
    const none = async () => new Set<Pair>()
    expect(await sweepPairs(hundred, now, settled, none)).to.deep.equal([])
    expect(await sweepPairs(hundred.slice(1), now, settled, none)).to.have.length(99)
    const young = [...hundred.slice(1), old(0, {at: at(1)})]
    expect(await sweepPairs(young, now, settled, none)).to.have.length(100)
    const timeless = hundred.map(({at: _, ...rest}) => ({...rest, how: 'open' as const}))
    expect(await sweepPairs(timeless, now, settled, none)).to.have.length(100)
    expect(await sweepPairs(timeless, now, settled, async () => new Set(timeless))).to.deep.equal([])
    const wished = {...document, config: {...document.config, k0: 2}}
    expect(isSettled(hundred[0]!, document, wished)).to.equal(false)
    expect(isSettled(hundred[0]!, undefined, document)).to.equal(false)
  })
})
