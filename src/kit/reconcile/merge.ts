import {
  besideOf,
  besideOfDeclared,
  declaredOf,
  equalValues,
  formatField,
  isAnotherIncarnation,
  isMap,
  isWithin,
  own,
  parseField,
} from '../resources/index.js'
import type {Declared, Field, ObjectRef, Observed, Value} from '../resources/index.js'
import type {OpenItem} from '../workspace/index.js'
import {fieldsOf, getField, setField} from './fields.js'
import type {Document} from './fields.js'

/** What is known of one object when the cluster's side is merged into the declared one. */
export interface MergeInput {
  ref: ObjectRef
  /** T: what the cluster says now; absent when the object is gone. An object that could not be read is passed as it was before. */
  theirs?: Observed
  /** B: the snapshot before. */
  before?: Observed
  /** The items open for this object. */
  items: OpenItem[]
  /** H: declared in HEAD. */
  head?: Declared
  /** W: declared in the working tree. */
  work?: Declared
}

/** A change of one manifest document, to be spliced into its text. */
export type Edit =
  | {do: 'set'; path: string[]; value: Value | undefined}
  | {do: 'write'; declared: Declared}
  | {do: 'remove'}
  /** Put the document of HEAD back, as it is written there. */
  | {do: 'restore'}

export interface MergeOutcome {
  items: OpenItem[]
  /** What to write into the working tree. */
  edits: Edit[]
}

/** The word that stands for a whole object in an item's offer. */
export const present = 'present'

/**
 * Merges one object three-way, by the tables of the design: the base moves only when people have agreed, so it is the snapshot
 * overlaid with the bases of the open items. Pure.
 */
export function mergeObject(given: MergeInput): MergeOutcome {
  const input = {...given, items: undecided(given)}
  const {theirs, before, items} = input
  const whole = items.find((item) => item.field === undefined)
  const neverAgreed = whole ? whole.base === null : !before
  if (neverAgreed) {
    // People committed their own version of what was offered: that it is gone is a question, never a wish of theirs to make it again.
    if (!theirs && before && input.head) return mergeWhole(input, observedDocument(before, input.head))
    if (!theirs) return withdrawObject(input)
    return input.head ? mergeFields(input, 'nothing agreed') : offerObject(input, theirs)
  }
  const replaced = theirs && before && isAnotherIncarnation(before, theirs)
  if (whole || replaced || !theirs) return mergeWhole(input, agreedDocument(input, whole))
  // People took its manifest out: unmanaged, and nothing offers it again.
  if (!input.head) return {items: [], edits: []}
  return mergeFields(input, 'agreed before')
}

/**
 * The items that nobody has decided. Where HEAD holds the last offer, somebody committed it and so agreed, and the base has moved there:
 * what the cluster says after that is news, even when it is the old base.
 */
function undecided({items, before, head}: MergeInput): OpenItem[] {
  if (items.length === 0) return items
  const offered = before && observedDocument(before, head)
  const committed = head && declaredDocument(head)
  return items.filter((item) => {
    if (item.field === undefined) return !equalDocuments(committed, offered)
    const field = parseField(item.field)
    return !field || !committed || !offered || !equalValues(getField(committed, field), getField(offered, field))
  })
}

/** The document last agreed on: the snapshot overlaid with the open items' bases. */
function agreedDocument(input: MergeInput, whole: OpenItem | undefined): Document {
  if (whole?.base) return documentOfItem(whole.base)
  return overlay(input).base!
}

/** A document as the base of an item. */
type DocumentItem = {config: Document['config']} & Record<string, unknown>

export function documentOfItem(base: Value): Document {
  const {config = {}, ...beside} = (typeof base === 'object' ? base : {}) as unknown as Partial<DocumentItem>
  return {config, beside: beside as Document['beside']}
}

function itemOfDocument(document: Document): Value {
  return {...document.beside, config: document.config} as unknown as Value
}

function overlay(input: MergeInput): {base: Document | undefined; unknown: Set<string>} {
  const unknown = new Set<string>()
  const base = input.before && observedDocument(input.before, input.head ?? input.work)
  for (const item of input.items) {
    const field = item.field === undefined ? undefined : parseField(item.field)
    if (!field || !base) continue
    if (item.base === undefined) unknown.add(item.field!)
    else setField(base, field, item.base ?? undefined)
  }
  return {base, unknown}
}

/** What the cluster says of an object, as fields of a manifest. A copy; values are never changed in place, so a shallow one. */
export function observedDocument(observed: Observed, asked: Declared | undefined): Document {
  return {beside: besideOf(observed, asked), config: declaredOf(observed).config}
}

/** A manifest as fields. A copy. */
export function declaredDocument(declared: Declared): Document {
  return {beside: besideOfDeclared(declared), config: {...declared.config}}
}

/** A copy to be changed. */
export function copyOf({beside, config}: Document): Document {
  return {beside: {...beside}, config: {...config}}
}

/** Whether two documents say the same. */
export function equalDocuments(a: Document | undefined, b: Document | undefined): boolean {
  if (!a || !b) return a === b
  return equalValues(a.beside, b.beside) && equalValues(a.config, b.config)
}

/** New in the cluster, and no manifest in HEAD: the manifest is the offer. */
function offerObject(input: MergeInput, theirs: Observed): MergeOutcome {
  const items: OpenItem[] = [{ref: input.ref, base: null, offer: present, state: 'drift'}]
  if (!input.work) return {items, edits: [{do: 'write', declared: declaredOf(theirs)}]}
  if (input.items.length === 0 || !input.before) return {items, edits: []}
  const work = declaredDocument(input.work)
  const offered = observedDocument(input.before, input.work)
  const now = observedDocument(theirs, input.work)
  return {items, edits: followOffer(work, offered, now)}
}

/** Where the working tree still holds the last offer, it follows to the new one; where people edited it, it stays. */
export function followOffer(held: Document, offered: Document, now: Document): Edit[] {
  const work = copyOf(held)
  const touched: Field[] = []
  for (const field of fieldsOf([offered, now, held])) {
    const value = getField(now, field)
    const mine = getField(held, field)
    if (!equalValues(mine, getField(offered, field)) || equalValues(mine, value)) continue
    setField(work, field, value)
    touched.push(field)
  }
  return editsOf(work, touched)
}

/** Gone again before anyone had agreed to it: the offer is withdrawn, unless people made it theirs. */
function withdrawObject(input: MergeInput): MergeOutcome {
  const offered = input.before && observedDocument(input.before, input.work)
  const untouched = input.work && !input.head && offered && equalDocuments(declaredDocument(input.work), offered)
  return {items: [], edits: untouched ? [{do: 'remove'}] : []}
}

/** Gone, or another object under the same VMID: the whole document is offered. */
function mergeWhole(input: MergeInput, base: Document): MergeOutcome {
  const {theirs, head, work} = input
  const now = theirs && observedDocument(theirs, head)
  const headDocument = head && declaredDocument(head)
  const workDocument = work && declaredDocument(work)
  const offered = input.before && observedDocument(input.before, head)
  const holdsOffer = (document: Document | undefined) =>
    equalDocuments(document, headDocument) || equalDocuments(document, base) || equalDocuments(document, offered)
  const ours = head !== undefined || input.items.length > 0
  const bring = (): Edit[] => {
    if (!ours) return []
    if (!now) return workDocument && holdsOffer(workDocument) ? [{do: 'remove'}] : []
    if (!workDocument) return holdsOffer(undefined) ? [{do: 'write', declared: declaredOf(theirs)}] : []
    return holdsOffer(workDocument) ? followOffer(workDocument, workDocument, now) : []
  }
  const withdraw = (): Edit[] => {
    if (!headDocument || !equalDocuments(headDocument, base)) return []
    if (!workDocument) return [{do: 'restore'}]
    return offered ? followOffer(workDocument, offered, headDocument) : []
  }
  if (now && equalDocuments(now, base)) return {items: [], edits: withdraw()}
  if (equalDocuments(headDocument, now)) return {items: [], edits: bring()}
  // No manifest was agreed on and none is there: unmanaged before, unmanaged now.
  if (!head && now) return {items: [], edits: []}
  const item: OpenItem = {
    ref: input.ref,
    base: itemOfDocument(base),
    offer: now ? present : null,
    state: equalDocuments(headDocument, base) ? 'drift' : 'conflict',
  }
  return {items: [item], edits: item.state === 'drift' ? bring() : []}
}

/** Field by field. */
function mergeFields(input: MergeInput, agreed: 'agreed before' | 'nothing agreed'): MergeOutcome {
  const {base, unknown} = overlay(input)
  const theirs = observedDocument(input.theirs!, input.head)
  const head = declaredDocument(input.head!)
  const held = input.work && declaredDocument(input.work)
  const work = held && copyOf(held)
  const offered = input.before && observedDocument(input.before, input.head)
  const isUnknown = (key: string) =>
    agreed === 'nothing agreed' || [...unknown].some((name) => isPartOf(name, {path: ['config', key]}))
  const outcome: MergeOutcome = {items: [], edits: []}
  const touched: Field[] = []
  for (const field of fieldsOf([base, theirs, head], isUnknown, input.items.length > 0 ? [offered] : [])) {
    const name = formatField(field)
    const known = agreed === 'agreed before' && !unknown.has(name) && !unknown.has(formatField(keyOf(field)))
    const decision = judge({
      base: known ? {value: getField(base, field)} : undefined,
      theirs: getField(theirs, field),
      head: getField(head, field),
      work: workField(held, field, offered),
      offer: isOpen(input.items, field) && offered ? {value: getField(offered, field)} : undefined,
    })
    if (decision.state) {
      const item: OpenItem = {
        ref: input.ref,
        field: name,
        offer: getField(theirs, field) ?? null,
        state: decision.state,
      }
      if (known) item.base = getField(base, field) ?? null
      outcome.items.push(item)
    }
    if (decision.write && work) {
      setField(work, field, decision.write.value)
      touched.push(field)
    }
  }
  if (work) outcome.edits = editsOf(work, touched)
  return outcome
}

/** The key that a field is of, or the field itself where it stands beside the configuration. */
function keyOf({path}: Field): Field {
  return {path: path.slice(0, 2)}
}

/** Whether an item is open for a field, for its key, or for a part of that: how fine items are may change from sync to sync. */
function isOpen(items: OpenItem[], field: Field): boolean {
  return items.some((item) => item.field === undefined || isPartOf(item.field, keyOf(field)))
}

function isPartOf(name: string, key: Field): boolean {
  const field = parseField(name)
  return field !== undefined && isWithin(field, key)
}

/** A field of the working tree; `other` where its key has another form there, and not the form that was offered: an edit of people's. */
export function workField(
  work: Document | undefined,
  field: Field,
  offered: Document | undefined,
): {value: Value | undefined} | 'other' {
  if (!work) return 'other'
  const key = field.path[0] === 'config' ? field.path[1]! : undefined
  const whole = key === undefined ? undefined : own(work.config, key)
  const another =
    field.element === undefined ? field.path.length === 3 && key !== undefined && !isMap(whole) : !Array.isArray(whole)
  if (another && !equalValues(whole, own(offered?.config, key!))) return 'other'
  return {value: getField(work, field)}
}

interface Sides {
  /** undefined: nobody knows what was agreed on. */
  base: {value: Value | undefined} | undefined
  theirs: Value | undefined
  head: Value | undefined
  work: {value: Value | undefined} | 'other'
  /** The last offer, where an item was open. */
  offer: {value: Value | undefined} | undefined
}

/** The design's table of the world and the declaration, for one field. */
function judge(sides: Sides): {state?: 'drift' | 'conflict'; write?: {value: Value | undefined}} {
  const {base, theirs, head, work, offer} = sides
  const holds = (side: {value: Value | undefined} | undefined) =>
    work !== 'other' && side !== undefined && equalValues(work.value, side.value)
  const bring = () => ((holds(base) || holds(offer)) && !holds({value: theirs}) ? {write: {value: theirs}} : {})
  if (!base) return equalValues(head, theirs) ? {} : {state: 'conflict'}
  if (equalValues(theirs, base.value)) {
    const withdraw = holds(offer) && !holds(base) && equalValues(head, base.value)
    return withdraw ? {write: {value: base.value}} : {}
  }
  if (equalValues(head, theirs)) return bring()
  if (equalValues(head, base.value)) return {state: 'drift', ...bring()}
  return {state: 'conflict'}
}

/** One edit a changed place: a set is written as a whole, whatever elements changed. */
export function editsOf(document: Document, touched: Field[]): Edit[] {
  const edits = new Map<string, Edit>()
  for (const {path} of touched) {
    const gone = path.length === 3 && path[0] === 'config' && own(document.config, path[1]!) === undefined
    const place = gone ? path.slice(0, 2) : path
    edits.set(place.join('.'), {do: 'set', path: place, value: getField(document, {path: place})})
  }
  return [...edits.values()]
}
