import type {Deed} from '../git/trailers.js'
import {signatureOf, type Merged} from '../reconcile/index.js'
import {formatRef, kindOf, localKey, overlap, parseField, parseFieldName} from '../resources/index.js'
import type {Field, FieldChange, KindName} from '../resources/index.js'
import type {Beside} from '../resources/kinds/kind.js'
import type {ObjectChange} from '../state/index.js'
import type {OpenItem, Pair} from '../workspace/index.js'

type Signature = Pick<Pair, 'by' | 'changed'>

/**
 * What follows of a merge, with who made the offers that this sync saw come: in the items, and in the pairs by which the next command knows it. What did
 * not change keeps the name that it has. Pure.
 */
export function signed(
  merged: Merged,
  cluster: string,
  changes: readonly ObjectChange[],
  deeds: readonly Deed[],
): Merged {
  const byObject = new Map(changes.map((change) => [`${cluster}/${localKey(change)}`, change]))
  const known = new Map<string, Signature>()
  const sign = (item: OpenItem): OpenItem => {
    const change = byObject.get(formatRef(item.ref))
    const signature = change && signatureIn(change, item.field, deeds)
    if (!signature) return item
    known.set(nameOf(item), signature)
    const {by: _by, at: _at, ...rest} = item
    return {...rest, ...signatureOf(signature)}
  }
  const items = merged.items.map(sign)
  const accepted = merged.accepted.map(sign)
  const pairs = merged.pairs.map((pair) => {
    const signature = known.get(nameOf(pair))
    if (!signature || pair.seen.length === 0) return pair
    const {by: _by, changed: _changed, ...rest} = pair
    return {...rest, ...signature}
  })
  return {...merged, items, accepted, pairs}
}

function nameOf({ref, field = ''}: Pick<OpenItem, 'ref' | 'field'>): string {
  return `${formatRef(ref)} ${field}`
}

/** Who made a field what it is, or the whole object; empty: nobody knows; undefined: it has not changed. */
function signatureIn(change: ObjectChange, field: string | undefined, deeds: readonly Deed[]): Signature | undefined {
  const mine = deeds.filter(({object}) => object === localKey(change))
  if (change.change !== 'changed') return signatureBy(mine)
  const place = field === undefined ? undefined : placeOf(change.kind, field)
  const touched = place ? change.fields.filter((each) => isAbout(each, place)).map((each) => each.field) : []
  if (touched.length === 0) return undefined
  return signatureBy(mine.filter(({what}) => touched.some((name) => what.includes(name))))
}

function signatureBy(deeds: readonly Deed[]): Signature {
  if (deeds.length === 0 || deeds.some(({user}) => user === null)) return {}
  const changed = deeds
    .flatMap(({at}) => at ?? [])
    .sort()
    .at(-1)
  return {by: [...new Set(deeds.map(({user}) => user!))].join(', '), ...(changed !== undefined && {changed})}
}

/** A field of a manifest, as a change names it: what stands beside the configuration follows from a fact. */
function placeOf(kind: KindName, name: string): Field | undefined {
  const field = parseField(name)
  if (!field || field.path[0] === 'config') return field
  const fact = kindOf(kind).beside?.[field.path[0] as Exclude<keyof Beside, 'from'>]?.fact
  return fact === undefined ? undefined : {path: [fact]}
}

/** Whether what changed is this field, a part of it, or what it is a part of. */
function isAbout({field: name, added, removed}: FieldChange, {path, element}: Field): boolean {
  const changed = parseFieldName(name)
  if (!changed || !overlap({path: changed}, {path})) return false
  if (element === undefined || !added || !removed) return true
  return [...added, ...removed].some((each) => String(each) === String(element))
}
