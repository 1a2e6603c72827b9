import {parseField} from '../resources/index.js'
import type {ObjectRef} from '../resources/index.js'
import type {OpenItem, Pair} from '../workspace/index.js'
import type {Assessed, View} from './assess.js'
import {copyOf, editsBetween, manifestOf} from './documents.js'
import type {Edit} from './documents.js'
import {copyField} from './fields.js'
import type {Document} from './fields.js'
import {offer, type Offered} from './offers.js'
import {rulePairs} from './pairs.js'
import {formatRef} from '../resources/refs.js'
import type {Manifests} from './session.js'

/** What HEAD declares once these items are accepted; undefined: nothing. */
export function acceptedDocument({now, head}: Assessed, items: readonly OpenItem[]): Document | undefined {
  if (items.some(({field}) => field === undefined)) return now
  if (!head || !now) return head
  const accepted = copyOf(head)
  for (const item of items) copyField(accepted, parseField(item.field!)!, now)
  return accepted
}

/** What to change in the committed manifests. */
export function headEdits(ref: ObjectRef, head: Document | undefined, next: Document | undefined): Edit[] {
  if (!next) return head ? [{do: 'remove'}] : []
  return head ? editsBetween(head, next) : [{do: 'write', declared: manifestOf(ref, next)}]
}

/** The object's pairs after a decision about some of its items. */
export function rulingOf(
  verdict: 'accept' | 'reject',
  {items: all, pairs, before, head}: Pick<Assessed, 'items' | 'pairs' | 'before' | 'head'>,
  items: readonly OpenItem[],
  now: number,
): Pair[] {
  const left = all.filter((item) => !items.includes(item))
  return rulePairs({verdict, items, left, pairs, before, head, now})
}

/** Takes out of the working tree what pmpc wrote into it for an object, and offers what is open. */
export function offerObject(
  {ref, head, now, agreed, strip}: Assessed,
  {view, work, next, items}: {view: View; work: Manifests; next: Document | undefined; items: readonly OpenItem[]},
): Offered {
  const noted = view.noted.get(formatRef(ref))
  return offer({ref, noted, head, next, work: strip(work.declared(ref)), now, items, agreed})
}
