import {declaredOf, equalValues, formatField, own, parseField} from '../resources/index.js'
import type {Declared, Field, ObjectRef, Observed, Value} from '../resources/index.js'
import type {OpenItem} from '../workspace/index.js'
import {fieldsOf, getField, setField} from './fields.js'
import type {Document} from './fields.js'
import {
  copyOf,
  declaredDocument,
  documentOfItem,
  editsOf,
  equalDocuments,
  followOffer,
  observedDocument,
  workField,
} from './merge.js'
import type {Edit} from './merge.js'

/** One object of which items are to be decided. */
export interface Decision {
  ref: ObjectRef
  /** What the cluster offers: the object in the committed state; absent when it is gone. */
  offered?: Observed
  /** The items that are decided now. */
  items: OpenItem[]
  head?: Declared
  work?: Declared
}

export interface Decided {
  /** What to change in the committed manifests. */
  head: Edit[]
  /** What to change in the working tree. */
  work: Edit[]
  /** Fields in which the working tree holds a value of people's own; it stays, as a change not yet applied. */
  kept: string[]
}

/** Agrees with the cluster: the offer becomes what is declared. Pure. */
export function acceptObject(decision: Decision): Decided {
  const whole = decision.items.find((item) => item.field === undefined)
  if (!whole) return acceptFields(decision)
  const {offered, head, work} = decision
  if (!offered) {
    const base = whole.base ? documentOfItem(whole.base) : undefined
    const mine = work && !isOneOf(declaredDocument(work), [head && declaredDocument(head), base])
    return {
      head: head ? [{do: 'remove'}] : [],
      work: work && !mine ? [{do: 'remove'}] : [],
      kept: mine ? ['the manifest'] : [],
    }
  }
  const now = observedDocument(offered, head)
  const write: Edit = {do: 'write', declared: declaredOf(offered)}
  const headDocument = head && declaredDocument(head)
  return {
    head: headDocument ? followOffer(headDocument, headDocument, now) : [write],
    work: work ? (headDocument ? followOffer(declaredDocument(work), headDocument, now) : []) : [write],
    kept: [],
  }
}

function acceptFields({offered, items, head, work}: Decision): Decided {
  if (!head || !offered) return {head: [], work: [], kept: []}
  const now = observedDocument(offered, head)
  const [committed, held] = [declaredDocument(head), work && declaredDocument(work)]
  const [headDocument, workDocument] = [copyOf(committed), held && copyOf(held)]
  const changed: Field[] = []
  const brought: Field[] = []
  const kept: string[] = []
  for (const item of items) {
    for (const field of finestFields(parseField(item.field!), [committed, now])) {
      const value = getField(now, field)
      const mine = workField(held, field, now)
      if (
        mine !== 'other' &&
        workDocument &&
        isOneOf(mine.value, [value, getField(committed, field), item.base ?? undefined])
      ) {
        if (!equalValues(mine.value, value)) brought.push(field)
        setField(workDocument, field, value)
      } else if (workDocument) {
        kept.push(formatField(field))
      }
      setField(headDocument, field, value)
      changed.push(field)
    }
  }
  return {head: editsOf(headDocument, changed), work: workDocument ? editsOf(workDocument, brought) : [], kept}
}

/** An item of a whole key, taken apart where both sides allow it, so that nothing beside the difference is written. */
function finestFields(field: Field | undefined, documents: Document[]): Field[] {
  if (!field) return []
  const [first, key] = field.path
  if (first !== 'config' || field.path.length > 2 || field.element !== undefined) return [field]
  const narrowed = documents.map((document) => {
    const value = own(document.config, key!)
    return {beside: {}, config: value === undefined ? {} : {[key!]: value}}
  })
  const fields = fieldsOf(narrowed)
  return fields.filter((fine) => !equalValues(getField(documents[0], fine), getField(documents[1], fine)))
}

/** Keeps one's own side: what pmpc offered is taken back out of the working tree. Pure. */
export function rejectObject(decision: Decision): Decided {
  const {offered, items, head, work} = decision
  const whole = items.find((item) => item.field === undefined)
  const nothing: Decided = {head: [], work: [], kept: []}
  const workDocument = work && declaredDocument(work)
  if (whole && !offered) return {...nothing, work: head && !work ? [{do: 'restore'}] : []}
  if (whole && !head) {
    const untouched = workDocument && equalDocuments(workDocument, observedDocument(offered!, work))
    return {...nothing, work: untouched ? [{do: 'remove'}] : [], kept: work && !untouched ? ['the manifest'] : []}
  }
  if (!head || !workDocument || !offered) return nothing
  const now = observedDocument(offered, head)
  const headDocument = declaredDocument(head)
  if (whole) return {...nothing, work: followOffer(workDocument, now, headDocument)}
  const changed = copyOf(workDocument)
  const touched: Field[] = []
  for (const item of items.filter((candidate) => candidate.state === 'drift')) {
    for (const field of finestFields(parseField(item.field!), [headDocument, now])) {
      const mine = workField(workDocument, field, now)
      if (mine === 'other' || !equalValues(mine.value, getField(now, field))) continue
      setField(changed, field, getField(headDocument, field))
      touched.push(field)
    }
  }
  return {...nothing, work: editsOf(changed, touched)}
}

function isOneOf(value: Value | Document | undefined, sides: (Value | Document | undefined)[]): boolean {
  return sides.some((side) => equalValues(value, side))
}
