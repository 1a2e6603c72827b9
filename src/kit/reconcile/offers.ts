import {equalValues, formatField, isMap, parseField, parseRef} from '../resources/index.js'
import type {Declared, Field, ObjectRef, Value} from '../resources/index.js'
import type {ManifestIndex, OpenItem} from '../workspace/index.js'
import type {Noted} from './agreement.js'
import {copyOf, declaredDocument, editsBetween, equalDocuments, manifestOf} from './documents.js'
import type {Edit} from './documents.js'
import {copyField, fieldsOf, getField, placesAbove} from './fields.js'
import type {Document} from './fields.js'
import {same} from './pairs.js'
import type {Manifests} from './session.js'

/** One object's manifest in the working tree, and what is to be offered in it. */
export interface Offering {
  ref: ObjectRef
  /** What pmpc wrote into the working tree before. */
  noted?: Noted | undefined
  /** H, as it was. */
  head: Document | undefined
  /** H, as it will be: another one where a decision is committed. */
  next: Document | undefined
  /** W */
  work: Document | undefined
  /** What the cluster says; absent: the object is gone. */
  now: Document | undefined
  /** What is open afterwards. */
  items: readonly OpenItem[]
  /** What HEAD and cluster agree on from now on: a working tree that still holds what was agreed on before comes along. */
  agreed?: readonly {field: Field; base: Value | null}[]
}

export interface Offered {
  /** What to write into the working tree. */
  edits: Edit[]
  /** What pmpc will have written into it then; undefined: nothing. */
  noted: Noted | undefined
  /** Whether the working tree declares the object beside what pmpc offers. */
  isDeclared: boolean
  /** Fields in which the working tree holds a value of people's own, though HEAD's changes. */
  kept: string[]
}

/** What a working tree says is to be absent, and whether HEAD says so, too. */
export function absentIn(work: ManifestIndex, head: ManifestIndex): Map<string, boolean> {
  return new Map([...work.absent.keys()].map((object) => [object, head.absent.has(object)]))
}

/** The working tree's manifests, by `formatRef`, without what pmpc itself wrote into them. */
export function peoplesManifests(
  notes: ReadonlyMap<string, Noted>,
  head: Pick<Manifests, 'declared'>,
  index: ManifestIndex,
): Map<string, Declared> {
  const declared = new Map([...index.documents].map(([object, document]) => [object, document.declared]))
  for (const [object, noted] of notes) {
    const ref = parseRef(object)
    const sides = [head.declared(ref), declared.get(object)].map((side) => side && declaredDocument(side))
    const document = lookThrough(noted, sides[0], sides[1])
    const from = declared.get(object)?.from
    if (document) declared.set(object, {...manifestOf(ref, document), ...(from && {from})})
    else declared.delete(object)
  }
  return declared
}

/** The working tree's manifest without what pmpc wrote into it, where that still stands and is not what HEAD says. */
export function lookThrough(
  noted: Noted | undefined,
  head: Document | undefined,
  work: Document | undefined,
): Document | undefined {
  if (!noted) return work
  if (!work) return noted.document === null ? head : undefined
  if (!head) return noted.document && equalDocuments(work, noted.document) ? undefined : work
  const cleared = copyOf(work)
  const {document} = noted
  const take = (field: Field, value: Value | null | undefined) => {
    const mine = getField(work, field)
    if (same(mine, value) && !same(mine, getField(head, field))) copyField(cleared, field, head)
  }
  if (document) for (const field of fieldsOf([work, head, document], true)) take(field, getField(document, field))
  for (const [name, value] of Object.entries(noted.fields ?? {})) {
    const field = parseField(name)
    if (field && isOfForm(field, work)) take(field, value)
  }
  return cleared
}

/** Takes out what pmpc had offered, follows HEAD where that changes, and offers anew what is open. Pure. */
export function offer({ref, noted, head, next, work, now, items, agreed = []}: Offering): Offered {
  const before = head ? undefined : (noted?.document ?? undefined)
  const kept: string[] = []
  let target = lookThrough(noted, head, work)
  if (!equalDocuments(head, next)) target = follow(target, {head, next, before}, kept)
  if (target && next && agreed.length > 0) {
    target = copyOf(target)
    for (const {field, base} of agreed)
      if (base !== null && same(getField(target, field), base)) copyField(target, field, next)
  }
  const isDeclared = target !== undefined
  const whole = items.find((item) => item.field === undefined)
  const note: Noted = {}
  if (whole?.state === 'drift') target = offerWhole(target, {next, before, now}, note)
  else if (target && next && now) target = offerFields(target, {next, now, items}, note)
  const isNoted = note.document !== undefined || note.fields !== undefined
  return {edits: editsTo(ref, work, target, head), noted: isNoted ? note : undefined, isDeclared, kept}
}

/** The working tree follows HEAD where it held what HEAD said, or what was offered where HEAD had no manifest (`before`). */
function follow(
  target: Document | undefined,
  {head, next, before}: {head: Document | undefined; next: Document | undefined; before: Document | undefined},
  kept: string[],
): Document | undefined {
  if (!next) {
    if (!target || equalDocuments(target, head)) return undefined
    kept.push('the manifest')
    return target
  }
  if (!target) return head ? undefined : next
  const from = head ?? before
  if (!from) return target
  const result = copyOf(target)
  for (const field of fieldsOf([from, next, target], true)) {
    const [old, now, mine] = [from, next, target].map((side) => getField(side, field))
    if (equalValues(old, now) || equalValues(mine, now)) continue
    if (equalValues(mine, old)) copyField(result, field, next)
    else if (head) kept.push(formatField(field))
  }
  return result
}

function offerWhole(
  target: Document | undefined,
  {next, before, now}: {next: Document | undefined; before: Document | undefined; now: Document | undefined},
  note: Noted,
): Document | undefined {
  if (!now) {
    if (!target || !equalDocuments(target, next)) return target
    note.document = null
    return undefined
  }
  if (!next) {
    if (target && !before) return target
    note.document = now
    return target && before ? followOffer(target, before, now) : now
  }
  if (!target || !equalDocuments(target, next)) return target
  for (const field of fieldsOf([next, now])) {
    const value = getField(now, field)
    if (!equalValues(getField(next, field), value)) (note.fields ??= {})[formatField(field)] = value ?? null
  }
  return now
}

/** Where people edited an offered manifest it stays theirs; what still is as it was offered follows. */
function followOffer(target: Document, before: Document, now: Document): Document {
  const result = copyOf(target)
  for (const field of fieldsOf([before, now, target], true))
    if (equalValues(getField(target, field), getField(before, field))) copyField(result, field, now)
  return result
}

function offerFields(
  target: Document,
  {next, now, items}: {next: Document; now: Document; items: readonly OpenItem[]},
  note: Noted,
): Document {
  const result = copyOf(target)
  for (const item of items) {
    const field = item.state === 'drift' && item.field !== undefined ? parseField(item.field) : undefined
    if (!field || !isOfForm(field, result) || !equalValues(getField(result, field), getField(next, field))) continue
    copyField(result, field, now)
    ;(note.fields ??= {})[item.field!] = getField(now, field) ?? null
  }
  return result
}

/** Whether a document has all that a field is a part of in the form in which it has parts. */
function isOfForm(field: Field, document: Document): boolean {
  return placesAbove(field).every((place, at) => {
    const above = getField(document, place)
    return above === undefined || (at === 0 && field.element !== undefined ? Array.isArray(above) : isMap(above))
  })
}

/** @param head what `restore` puts back */
function editsTo(
  ref: ObjectRef,
  held: Document | undefined,
  target: Document | undefined,
  head: Document | undefined,
): Edit[] {
  if (!target) return held ? [{do: 'remove'}] : []
  if (held) return editsBetween(held, target)
  return head ? [{do: 'restore'}, ...editsBetween(head, target)] : [{do: 'write', declared: manifestOf(ref, target)}]
}
