import {compareObjects, localKey} from '../resources/index.js'
import {manifestOf} from '../reconcile/documents.js'
import {namedBy} from '../resources/named.js'
import type {Observed} from '../resources/index.js'
import type {Around, Wanted} from './model.js'

/**
 * The order in which objects are brought to what is wanted of them: what is made comes before what names it, what goes comes after all that let it go, and who
 * lets go of a thing before who takes it. Else in the order of kinds and ids: the same wishes, the same order.
 */
export function ordered(wanted: readonly Wanted[], around: Around): Wanted[] {
  const sorted = wanted.toSorted((a, b) => compareObjects(a.ref, b.ref))
  const waiting = waitingFor(sorted, around)
  const left = new Set(sorted)
  const isFree = (each: Wanted, weights: readonly Weight[]) =>
    weights.every((weight) => [...waiting.get(each)![weight]].every((other) => !left.has(other)))
  const result: Wanted[] = []
  while (left.size > 0) {
    const all = [...left]
    // A circle cannot be kept whole: two that exchange what they have go in the order of their names.
    const next =
      all.find((each) => isFree(each, ['must', 'should'])) ?? all.find((each) => isFree(each, ['must'])) ?? all[0]!
    left.delete(next)
    result.push(next)
  }
  return result
}

/** For what each object has to wait, by `localKey`. Two of a circle wait for each other: what comes first in {@link ordered} does not. */
export function waitsOf(wanted: readonly Wanted[], around: Around): Map<string, string[]> {
  const keyOf = ({ref}: Wanted) => localKey(ref)
  return new Map(
    [...waitingFor(wanted, around)].map(([each, {must, should}]) => [
      keyOf(each),
      [...new Set([...must, ...should])].map(keyOf),
    ]),
  )
}

type Weight = 'must' | 'should'

/** For which others each has to wait. */
function waitingFor(wanted: readonly Wanted[], around: Around): Map<Wanted, Record<Weight, Set<Wanted>>> {
  const waiting = new Map(wanted.map((each) => [each, {must: new Set<Wanted>(), should: new Set<Wanted>()}]))
  const names = new Map(wanted.map((each) => [each, namesOf(each, around)]))
  const byKey = new Map(wanted.map((each) => [localKey(each.ref), each]))
  const takers = new Map<string, Wanted[]>()
  for (const [each, {before, after}] of names)
    for (const key of after) if (!before.has(key)) takers.set(key, [...(takers.get(key) ?? []), each])
  for (const [each, {before, after}] of names) {
    for (const key of after) {
      const made = byKey.get(key)
      if (made && made !== each && made.document && !names.get(made)!.isThere) waiting.get(each)!.must.add(made)
    }
    for (const key of before) {
      // What is a part of something goes before it.
      const goes = byKey.get(key)
      if (goes && goes !== each && goes.document === null) waiting.get(goes)!.must.add(each)
      if (!after.has(key)) for (const taker of takers.get(key) ?? []) waiting.get(taker)!.should.add(each)
    }
  }
  return waiting
}

interface Names {
  isThere: boolean
  /** By `localKey`: what it names as it is, and as it is wanted. */
  before: ReadonlySet<string>
  after: ReadonlySet<string>
}

function namesOf({ref, document, from}: Wanted, around: Around): Names {
  const is = around.object(ref.kind, ref.id)
  const wanted = document && {...manifestOf(ref, document), from}
  return {
    isThere: is !== undefined,
    before: keysOf(is && namedBy({...is, ...placeOf(is)})),
    after: keysOf(wanted ? namedBy(wanted) : undefined),
  }
}

function placeOf({facts}: Observed): {pool?: string} {
  return facts.pool === undefined ? {} : {pool: String(facts.pool)}
}

function keysOf(named: ReturnType<typeof namedBy> | undefined): Set<string> {
  return new Set((named ?? []).flatMap(({kinds, id}) => kinds.map((kind) => `${kind}/${id}`)))
}
