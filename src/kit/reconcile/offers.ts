import {declaredOf, equalValues, formatField, isMap, own, parseField} from '../resources/index.js'
import type {Declared, Field, Observed} from '../resources/index.js'
import type {OpenItem} from '../workspace/index.js'
import type {Noted} from './agreement.js'
import {fieldsOf, getField, setField} from './fields.js'
import type {Document} from './fields.js'
import {copyOf, declaredDocument, editsOf, equalDocuments, observedDocument} from './merge.js'
import type {Edit} from './merge.js'
import {same} from './pairs.js'

/** One object's manifest in the working tree, and what is to be offered in it. */
export interface Offering {
  /** What pmpc wrote into the working tree before. */
  noted?: Noted | undefined
  /** H, as it was. */
  head?: Declared | undefined
  /** H, as it will be: another one where a decision is committed. */
  next?: Declared | undefined
  /** W */
  work?: Declared | undefined
  /** What the cluster says. */
  theirs?: Observed | undefined
  /** What is open afterwards. */
  items: readonly OpenItem[]
}

export interface Offered {
  /** What to write into the working tree. */
  edits: Edit[]
  /** What pmpc will have written into it then; undefined: nothing. */
  noted?: Noted
  /** Whether the working tree declares the object without an offer of pmpc's. */
  isDeclared: boolean
  /** Fields in which the working tree holds a value of people's own, though HEAD's changes. */
  kept: string[]
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
  const take = (field: Field, value: ReturnType<typeof getField> | null) => {
    const mine = getField(work, field)
    if (same(mine, value) && !same(mine, getField(head, field))) setField(cleared, field, getField(head, field))
  }
  if (document) for (const field of fieldsOf([work, head, document])) take(field, getField(document, field))
  for (const [name, value] of Object.entries(noted.fields ?? {})) {
    const field = parseField(name)
    if (field && isOfForm(field, work)) take(field, value)
  }
  return cleared
}

/** Takes out what pmpc had offered, follows HEAD where that changes, and offers anew what is open. Pure. */
export function offer({noted, head, next, work, theirs, items}: Offering): Offered {
  const [was, is, held] = [head, next, work].map((side) => side && declaredDocument(side))
  const outcome: Offered = {edits: [], isDeclared: false, kept: []}
  const before = was ? undefined : (noted?.document ?? undefined)
  let target = lookThrough(noted, was, held)
  if (was !== is && !(was && is && equalDocuments(was, is))) target = follow(target, {was, is, before}, outcome.kept)
  outcome.isDeclared = target !== undefined
  const whole = items.find((item) => item.field === undefined)
  const note: Noted = {}
  if (whole?.state === 'drift') target = offerWhole({target, is, before, theirs, next}, note)
  else if (target && is && theirs) offerFields({target: (target = copyOf(target)), is, theirs, items, next}, note)
  if (note.document !== undefined || note.fields) outcome.noted = note
  outcome.edits = editsBetween(held, target, was, theirs)
  return outcome
}

interface Sides {
  was: Document | undefined
  is: Document | undefined
  /** The manifest that pmpc offered, where HEAD had none. */
  before: Document | undefined
}

/** The working tree follows HEAD where it held what HEAD said, or what was offered. */
function follow(target: Document | undefined, {was, is, before}: Sides, kept: string[]): Document | undefined {
  if (!is) {
    if (!target || (was && equalDocuments(target, was))) return undefined
    kept.push('the manifest')
    return target
  }
  if (!target) return was ? undefined : is
  const from = was ?? before
  if (!from) return target
  const result = copyOf(target)
  for (const field of fieldsOf([from, is, target])) {
    const [old, now, mine] = [from, is, target].map((side) => getField(side, field))
    if (equalValues(old, now) || equalValues(mine, now)) continue
    if (equalValues(mine, old)) setField(result, field, now)
    else if (was) kept.push(formatField(field))
  }
  return result
}

interface WholeSides {
  target: Document | undefined
  is: Document | undefined
  before: Document | undefined
  theirs: Observed | undefined
  next: Declared | undefined
}

function offerWhole({target, is, before, theirs, next}: WholeSides, note: Noted): Document | undefined {
  if (!theirs) {
    if (!target || !is || !equalDocuments(target, is)) return target
    note.document = null
    return undefined
  }
  const now = observedDocument(theirs, next)
  if (!is) {
    if (target && !before) return target
    note.document = now
    if (!target) return now
    const result = copyOf(target)
    for (const field of fieldsOf([before, now, target])) {
      if (equalValues(getField(target, field), getField(before, field))) setField(result, field, getField(now, field))
    }
    return result
  }
  if (!target || !equalDocuments(target, is)) return target
  for (const field of fieldsOf([is, now])) {
    const value = getField(now, field)
    if (!equalValues(getField(is, field), value)) (note.fields ??= {})[formatField(field)] = value ?? null
  }
  return now
}

interface FieldSides {
  /** Changed in place. */
  target: Document
  is: Document
  theirs: Observed
  items: readonly OpenItem[]
  next: Declared | undefined
}

function offerFields({target, is, theirs, items, next}: FieldSides, note: Noted): void {
  const now = observedDocument(theirs, next)
  for (const item of items) {
    const field = item.state === 'drift' && item.field !== undefined ? parseField(item.field) : undefined
    if (!field || !isOfForm(field, target) || !equalValues(getField(target, field), getField(is, field))) continue
    const value = getField(now, field)
    setField(target, field, value)
    ;(note.fields ??= {})[item.field!] = value ?? null
  }
}

/** Whether a document has a part's key in the form in which it has parts. */
function isOfForm({path, element}: Field, document: Document): boolean {
  if (path[0] !== 'config' || (path.length === 2 && element === undefined)) return true
  const whole = own(document.config, path[1]!)
  return whole === undefined || (element === undefined ? isMap(whole) : Array.isArray(whole))
}

/** @param head what `restore` puts back */
function editsBetween(
  held: Document | undefined,
  target: Document | undefined,
  head: Document | undefined,
  theirs: Observed | undefined,
): Edit[] {
  if (!target) return held ? [{do: 'remove'}] : []
  const from = held ?? head
  if (!from) return [{do: 'write', declared: declaredOf(theirs!)}]
  const touched = fieldsOf([from, target]).filter(
    (field) => !equalValues(getField(from, field), getField(target, field)),
  )
  return [...(held ? [] : [{do: 'restore'} as const]), ...editsOf(target, touched)]
}
