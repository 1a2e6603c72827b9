import {formatRef, isGuest, isMap, kindOf, parentsOf} from '../resources/index.js'
import type {KindName, ObjectRef, Shape, Shapes, Value} from '../resources/index.js'
import {wireKindOf} from '../resources/kinds/on-wire.js'
import type {Assessed, Assessment} from './assess.js'
import type {Document} from './fields.js'
import {acceptedDocument} from './verdict.js'

/** What goes all at once, of which nobody agrees to anything unseen. */
export interface Vanished {
  /** What to say of it. */
  warnings: string[]
  /** Whether an object is among it. */
  holds(ref: ObjectRef): boolean
}

/**
 * Of which kinds most objects are gone, and of which documents that hold a list, as of access rights, most entries: at least three, and more than half. A cluster
 * file system that is just starting lists no guests for a moment, and a file that cannot be parsed none of its kind, or no entry. So many deletions at once are
 * offered like any other, but never agreed to by `--accept`, however often it is asked: what counts is what HEAD has. What goes with the object that it is a part of is told with that one.
 */
export function vanished(assessment: Assessment, isLookedAt: (ref: ObjectRef) => boolean): Vanished {
  const assessed = [...assessment.objects.values()].filter(({ref}) => isLookedAt(ref))
  const gone = new Set(assessed.filter(({now}) => !now).map(({ref}) => formatRef(ref)))
  const goneWith = (ref: ObjectRef) => parentsOf(ref).filter((parent) => gone.has(formatRef(parent)))
  const open = assessed.filter(({ref, head, items}) => head && items.length > 0 && goneWith(ref).length === 0)
  const held = new Set<string>()
  const warnings: string[] = []
  const look = (found: {count: number; all: number; what: string; accept: string}, refs: ObjectRef[]) => {
    if (found.count < 3 || found.count * 2 <= found.all) return
    const told = `${found.count} of ${found.all} ${found.what} are gone at once`
    warnings.push(`${told}. If that is right: ${found.accept}. If not, sync again once the cluster is well`)
    for (const ref of refs) held.add(formatRef(ref))
  }
  for (const [sort, all] of declaredIn(assessment)) {
    const refs = open.filter(({ref, now}) => !now && sortOf(ref.kind) === sort).map(({ref}) => ref)
    look({count: refs.length, all, what: sort, accept: 'pmpc accept'}, refs)
  }
  for (const object of open.filter(({ref}) => wireKindOf(ref.kind).scopes && !held.has(formatRef(ref)))) {
    const name = formatRef(object.ref)
    look({...entriesGone(object), what: `entries of ${name}`, accept: `pmpc accept ${name}`}, [object.ref])
  }
  return {warnings, holds: (ref) => [ref, ...goneWith(ref)].some((each) => held.has(formatRef(each)))}
}

/** What counts as one sort: guests of either kind, else a kind by its plural. */
function sortOf(kind: KindName): string {
  return isGuest(kind) ? 'guests' : kindOf(kind).plural
}

/** How many objects of each sort HEAD declares. */
function declaredIn({objects, settled}: Assessment): Map<string, number> {
  const counts = new Map<string, number>()
  const heads = [...objects.values()].map(({head}) => head)
  for (const head of [...heads, ...settled.values()])
    if (head) counts.set(sortOf(head.kind), (counts.get(sortOf(head.kind)) ?? 0) + 1)
  return counts
}

/** How many entries of a document HEAD would lose by agreeing to what is open, and how many it has. */
function entriesGone(object: Assessed): {count: number; all: number} {
  const all = entriesOf(object.head)
  return {count: all - entriesOf(acceptedDocument(object, object.items)), all}
}

function entriesOf(document: Document | undefined): number {
  return document ? entriesIn(document.config, kindOf(document.kind).shapes ?? {}) : 0
}

/** Each key is one; in place of one that holds rows, or what anybody names, count these. */
function entriesIn(map: Readonly<Record<string, Value>>, shapes: Shapes): number {
  let count = 0
  for (const [key, value] of Object.entries(map)) {
    const isNamed = Object.hasOwn(shapes, key)
    count += entriesAt(value, isNamed ? shapes[key] : shapes['*'], isNamed)
  }
  return count
}

function entriesAt(value: Value, shape: Shape | undefined, isNamed: boolean): number {
  if (Array.isArray(value)) return typeof shape === 'object' || !isNamed ? value.length : 1
  if (!isMap(value) || typeof shape !== 'object' || !('map' in shape)) return 1
  return holdsEntries(shape) ? Math.max(isNamed ? 0 : 1, entriesIn(value, shape.map)) : 1
}

/** Whether anything stands in it under names that anybody may give, or in rows; a property string has none of that. */
function holdsEntries(shape: Shape | undefined): boolean {
  if (typeof shape !== 'object') return false
  return 'rows' in shape || '*' in shape.map || Object.values(shape.map).some(holdsEntries)
}
