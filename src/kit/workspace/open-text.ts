import {below, differenceOf, isShort, valueOrNone} from '../state/difference.js'
import {visible} from '../text/index.js'
import type {OpenItemText} from './open.js'

/** An item, and what people want where that is a third value. */
type Told = OpenItemText & {yours?: unknown}

/**
 * What is open, for people: `home/vm/101 config.memory: 2048 → 4096; yours: 3072`; where that is long, lines of what differs below, set in.
 * Nothing is cut so that two sides look the same. Behind the first line stands who made the offer, where that is known.
 */
export function describeOpen(item: Told): string[] {
  const [first, ...further] = linesOf(item)
  return [item.by === undefined ? first! : `${first}  (${visible(item.by)})`, ...further]
}

function linesOf({object, field, base, offer, state, yours}: Told): string[] {
  if (field === undefined) {
    const edited = state === 'conflict' ? '; yours: a manifest that says something else than was agreed on' : ''
    if (offer === null) return [visible(`${object}: gone from the cluster${edited}`)]
    return [visible(`${object}: ${base === null ? 'new in the cluster' : 'another object has this id now'}${edited}`)]
  }
  const name = visible(`${object} ${field}:`)
  if ([base, offer, yours].every(isShort)) {
    const change = base === undefined ? `(unknown) → ${valueOrNone(offer)}` : differenceOf(base, offer)[0]!
    return [`${name} ${change}${yours === undefined ? '' : `; yours: ${valueOrNone(yours)}`}`]
  }
  if (yours === undefined)
    return below(name, base === undefined ? [`(unknown) → ${valueOrNone(offer)}`] : differenceOf(base, offer))
  // What was agreed on is shown once; where nobody knows it, yours stands in its place.
  if (base === undefined) return below(`${name} (unknown); yours → the cluster's:`, differenceOf(yours, offer))
  return [
    name,
    ...[...below("the cluster's:", differenceOf(base, offer)), ...below('yours:', differenceOf(base, yours))].map(
      (line) => `  ${line}`,
    ),
  ]
}
