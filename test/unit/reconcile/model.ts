import fc from 'fast-check'
import type {Declared, ObjectRef, Observed, Value} from '../../../src/kit/resources/index.js'
import type {History, Noted} from '../../../src/kit/reconcile/agreement.js'
import {declaredDocument, manifestOf, observedDocument, present} from '../../../src/kit/reconcile/documents.js'
import type {Edit} from '../../../src/kit/reconcile/documents.js'
import {digestOf, getField, setField} from '../../../src/kit/reconcile/fields.js'
import type {Document} from '../../../src/kit/reconcile/fields.js'
import {judge, type Judgement} from '../../../src/kit/reconcile/judge.js'
import {offer, type Offered} from '../../../src/kit/reconcile/offers.js'
import {same} from '../../../src/kit/reconcile/pairs.js'
import {acceptedDocument, headEdits, rulingOf} from '../../../src/kit/reconcile/verdict.js'
import type {OpenItem, Pair} from '../../../src/kit/workspace/index.js'

export const ref: ObjectRef = {cluster: 'home', kind: 'vm', id: 100}

/** A VM as observed; `meta` makes it one incarnation. */
export function vm(config: Observed['config'], facts: Observed['facts'] = {}, ctime = 1): Observed {
  return {
    kind: 'vm',
    id: 100,
    config: {...config, meta: {'creation-qemu': '10.0.2', ctime}},
    facts: {node: 'pve1', status: 'running', ...facts},
  }
}

export function manifest(config: Declared['config'], beside: Partial<Declared> = {}): Declared {
  return {kind: 'vm', id: 100, config, ...beside}
}

/** What splicing the edits into a manifest makes of it: the model against which texts are tested elsewhere. */
export function applyEdits(
  work: Declared | undefined,
  edits: Edit[],
  head?: Declared,
  of: ObjectRef = ref,
): Declared | undefined {
  let document = work && declaredDocument(work)
  for (const edit of edits) {
    if (edit.do === 'remove') document = undefined
    else if (edit.do === 'restore') document = head && declaredDocument(head)
    else if (edit.do === 'write') document = declaredDocument(edit.declared)
    else if (edit.do === 'set' && document) setField(document, {path: edit.path}, edit.value)
  }
  return document && manifestOf(of, document)
}

/** A workspace with one object: what several syncs, commits and edits make of it. */
export class World {
  /** S; `isRecorded` tells a lost state from an object that is gone. */
  before: Observed | undefined
  isRecorded = false
  head: Declared | undefined
  pairs: Pair[] = []
  /** Commits, the oldest first: what HEAD and the snapshot said. */
  past: {head: Declared | undefined; before: Observed | undefined}[] = [{head: undefined, before: undefined}]
  // What belongs to the clone alone.
  work: Declared | undefined
  noted: Noted | undefined
  items: OpenItem[] = []

  async sync(theirs: Observed | undefined): Promise<{items: OpenItem[]; edits: Edit[]}> {
    const {head, before, pairs, noted} = this
    const about = {ref, theirs, before, head, pairs, noted, isFirst: !this.isRecorded, now: this.past.length}
    const judged = await judge(about, this.history())
    this.pairs = judged.pairs
    this.items = judged.items
    this.before = theirs
    this.isRecorded = true
    this.commit()
    return {items: this.items, edits: this.offer(this.head, this.items, judged.agreed).edits}
  }

  /** What is open while the working tree is this. */
  async itemsWith(theirs: Observed | undefined, work: Declared | undefined): Promise<OpenItem[]> {
    return (await this.fork({work}).sync(theirs)).items
  }

  /** The same once more, to try something with. */
  fork(other: Partial<World> = {}): World {
    return Object.assign(new World(), {...this, past: [...this.past], ...other})
  }

  decide(verdict: 'accept' | 'reject', items = this.items): void {
    const before = this.before && observedDocument(this.before, this.head)
    const head = this.head && declaredDocument(this.head)
    const sides = {items: this.items, pairs: this.pairs, before, head}
    const next = verdict === 'accept' ? acceptedDocument({...sides, now: before} as never, items) : head
    this.pairs = rulingOf(verdict, sides, items, this.past.length)
    const was = this.head
    this.head = applyEdits(this.head, headEdits(ref, head, next))
    this.items = this.items.filter((item) => !items.includes(item))
    this.commit()
    this.offer(was, this.items)
  }

  /** A plain commit of everything. */
  commitAll(): void {
    this.head = this.work && structuredClone(this.work)
    this.commit()
  }

  /** A clone that has what is committed here, and no more. */
  clone(): World {
    const {before, head, pairs, past, isRecorded} = this
    return Object.assign(new World(), structuredClone({before, head, pairs, past, isRecorded, work: head}))
  }

  private commit(): void {
    this.past.push(structuredClone({head: this.head, before: this.before}))
  }

  private offer(was: Declared | undefined, items: OpenItem[], agreed: Judgement['agreed'] = []): Offered {
    const [head, next, work] = [was, this.head, this.work].map((side) => side && declaredDocument(side))
    const now = this.before && observedDocument(this.before, this.head)
    const offered = offer({ref, noted: this.noted, head, next, work, now, items, agreed})
    this.work = applyEdits(this.work, offered.edits, was)
    this.noted = offered.noted
    return offered
  }

  private history(): History {
    return {
      agreed: async (_, field, value) => {
        for (const {head, before} of this.past.toReversed()) {
          const document = head && declaredDocument(head)
          const is = field ? document && (getField(document, field) ?? null) : document ? present : null
          if (is === undefined || !same(is, value)) return false
          const row = before && observedDocument(before, head)
          if (field ? row && same(getField(row, field), value) : (row ? present : null) === value) return true
        }
        return false
      },
      documentBefore: async (_, __, ___, digest) =>
        this.past
          .flatMap(({head}) => (head ? [declaredDocument(head)] : []))
          .findLast((document) => digestOf(document) === digest),
    }
  }
}

export function documentOf(observed: Observed | undefined): Document | undefined {
  return observed && observedDocument(observed, undefined)
}

const subkeys = fc.dictionary(
  fc.constantFrom('model', 'bridge', 'tag', 'rate'),
  fc.constantFrom<Value>('vmbr0', 1, 42),
  {
    minKeys: 1,
  },
) as fc.Arbitrary<Record<string, string | number>>

/** Configurations of a VM with scalars, a property string and a set. */
export const configs: fc.Arbitrary<Observed['config']> = fc.record(
  {
    name: fc.constantFrom('web', 'db'),
    cores: fc.integer({min: 1, max: 4}),
    net0: subkeys,
    tags: fc.uniqueArray(fc.constantFrom('blue', 'prod', 'web')).map((tags) => tags.sort()),
    boot: fc.constantFrom<Value>({order: 'scsi0'}, {order: 'net0;scsi0'}),
  },
  {requiredKeys: []},
)
