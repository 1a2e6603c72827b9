import fc from 'fast-check'
import type {Declared, ObjectRef, Observed, Value} from '../../../src/kit/resources/index.js'
import {declaredDocument, mergeObject, observedDocument} from '../../../src/kit/reconcile/merge.js'
import type {Document} from '../../../src/kit/reconcile/fields.js'
import {setField} from '../../../src/kit/reconcile/fields.js'
import type {Edit} from '../../../src/kit/reconcile/merge.js'
import type {OpenItem} from '../../../src/kit/workspace/index.js'

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
export function applyEdits(work: Declared | undefined, edits: Edit[], head?: Declared): Declared | undefined {
  let document = work && declaredDocument(work)
  for (const edit of edits) {
    if (edit.do === 'remove') document = undefined
    else if (edit.do === 'restore') document = head && declaredDocument(head)
    else if (edit.do === 'write') document = declaredDocument(edit.declared)
    else if (document) setField(document, {path: edit.path}, edit.value)
  }
  return document && asDeclared(document)
}

function asDeclared({beside, config}: Document): Declared {
  const declared: Declared = {kind: 'vm', id: 100, config}
  if (beside.pool !== undefined) declared.pool = String(beside.pool)
  if (beside['placement.node'] !== undefined)
    declared.placement = {node: String(beside['placement.node']), pinned: true}
  if (beside.power !== undefined) declared.power = beside.power as 'running'
  return declared
}

/** A workspace with one object: what several syncs, commits and edits make of it. */
export class World {
  before: Observed | undefined
  head: Declared | undefined
  work: Declared | undefined
  items: OpenItem[] = []

  sync(theirs: Observed | undefined): {items: OpenItem[]; edits: Edit[]} {
    const outcome = mergeObject({ref, theirs, before: this.before, items: this.items, head: this.head, work: this.work})
    this.work = applyEdits(this.work, outcome.edits, this.head)
    this.items = outcome.items
    this.before = theirs
    return outcome
  }

  commitAll(): void {
    this.head = this.work && structuredClone(this.work)
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
