import {equalValues, formatField, overlap, parseField} from '../resources/index.js'
import type {Field, Value} from '../resources/index.js'
import type {OpenItem, Pair} from '../workspace/index.js'
import type {Assessed} from './assess.js'
import {present} from './documents.js'
import {fieldsOf, getField} from './fields.js'
import {byOf, same, signatureOf} from './pairs.js'

/**
 * A difference between HEAD and what was recorded that nobody is asked about any more: an object that people have no manifest for, what they
 * rejected, or a change of theirs that the cluster does not have yet.
 */
export interface Takeable {
  /** As it would be accepted. */
  item: OpenItem
  why: 'unmanaged' | 'rejected' | 'yours'
}

/** The settled differences of one object, in the order of its fields. None that is open, and none that a rule leaves out. */
export function takeableOf({
  ref,
  items,
  pairs,
  now,
  head,
}: Pick<Assessed, 'ref' | 'items' | 'pairs' | 'now' | 'head'>): Takeable[] {
  if ((!now && !head) || items.some(({field}) => field === undefined)) return []
  const whole = (base: Value | null): OpenItem => ({ref, base, offer: base, state: 'drift'})
  if (!head) return [{item: whole(present), why: 'unmanaged'}]
  if (!now) {
    const rejected = pairs.find(isRejectedLoss)
    const item = {...whole(null), ...signatureOf(byOf(rejected ? [rejected] : [], [null]))}
    return [{item, why: rejected ? 'rejected' : 'yours'}]
  }
  const open = items.flatMap(({field}) => parseField(field!) ?? [])
  const differing = fieldsOf([head, now]).filter(
    (field) =>
      !equalValues(getField(head, field), getField(now, field)) && !open.some((other) => overlap(other, field)),
  )
  return differing.map((field) => {
    const is = getField(now, field) ?? null
    const rejected = pairs.find((pair) => isRejectionOf(pair, field, (of) => getField(head, of) ?? null))
    const signature = signatureOf(byOf(rejected ? [rejected] : [], [is]))
    return {
      item: {ref, field: formatField(field), base: is, offer: is, state: 'drift', ...signature},
      why: rejected ? 'rejected' : 'yours',
    }
  })
}

/** The manifest stayed, though the cluster has no such object. */
function isRejectedLoss({field, how, head, base}: Pair): boolean {
  return field === undefined && how === 'reject' && head !== null && base === null
}

/** Whether HEAD still holds what was kept when the cluster's value of this field was rejected. */
function isRejectionOf({field: name, how, head}: Pair, field: Field, headOf: (field: Field) => Value | null): boolean {
  const of = name === undefined || how !== 'reject' ? undefined : parseField(name)
  return of !== undefined && overlap(of, field) && same(head, headOf(of))
}
