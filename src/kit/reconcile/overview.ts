import {
  equalValues,
  formatField,
  isBuiltin,
  kindOf,
  localKey,
  overlap,
  own,
  parseField,
  parseRef,
} from '../resources/index.js'

import type {ClusterState, Declared, Field} from '../resources/index.js'
import {wireKindOf} from '../resources/kinds/on-wire.js'
import {meets} from '../values/index.js'
import {ignoreOf, subjectOf, subjectOfDeclared} from '../workspace/ignore.js'
import {byObject, itemText, type OpenItem, type OpenItemText} from '../workspace/open.js'
import {fieldsOf, getField, placesAbove} from './fields.js'
import type {Document} from './fields.js'
import {boundDocument, declaredDocument, equalDocuments, observedDocument} from './documents.js'

/** What people want and the cluster is not, field by field; `wanted` undefined: the field is to go. */
export interface Wish {
  object: string
  /** Absent: the whole object, which the cluster does not have. */
  field?: string
  wanted?: unknown
  observed?: unknown
  /** The whole object is to go. */
  absent?: true
  /** Whether HEAD says so, too; else it is an edit of the working tree, which `pmpc accept` leaves alone. */
  committed: boolean
}

/** An open item, and what people want where that is a third value. */
export interface Offer extends OpenItemText {
  /** What the working tree's manifest says, where that is neither the offer nor what was agreed on; null: it says nothing. */
  yours?: unknown
}

/** How a cluster and its manifests stand to each other. */
export interface Overview {
  drift: Offer[]
  conflicts: Offer[]
  /** Objects of the cluster that no manifest declares and nothing offers. */
  unmanaged: string[]
  /** Differences that are wishes of people's, not yet applied. */
  yours: Wish[]
}

/** A cluster as it was recorded last. */
export interface Recorded {
  cluster: string
  state: ClusterState | undefined
  items: OpenItem[]
  /** What cannot be told from a wish here: `home/vm/100 config.memory`. */
  undecided: readonly string[]
  /** People's manifests: the working tree's without the offers in them. */
  declared: ReadonlyMap<string, Declared>
  /** What the working tree's manifests say is to be absent, and whether HEAD's say so, too. */
  absent?: ReadonlyMap<string, boolean>
  /** What is known of objects to be the same in HEAD and cluster: a manifest that says just that has no wish. */
  settled?: ReadonlyMap<string, Document>
  /** HEAD's. */
  committed: (object: string) => Declared | undefined
}

/**
 * Compares the working tree's manifests with what was observed last. A difference that is an open item is listed there only.
 * What a rule leaves out is no difference. Pure.
 */
export function overviewOf(recorded: Recorded, ignore = ignoreOf([])): Overview {
  const {cluster, state, items, undecided, declared, settled, absent = new Map<string, boolean>()} = recorded
  const open = byObject(items.filter((item) => item.ref.cluster === cluster))
  const offers = [...open].flatMap(([object, mine]) => mine.map((item) => withYours(item, declared.get(object))))
  const overview: Overview = {
    drift: offers.filter((item) => item.state === 'drift'),
    conflicts: offers.filter((item) => item.state === 'conflict'),
    unmanaged: [],
    yours: [],
  }
  const observed = new Map((state?.objects ?? []).map((object) => [`${cluster}/${localKey(object)}`, object]))
  for (const [object, of] of observed) {
    const isKnown = [declared, open, absent].some((known) => known.has(object)) || undecided.includes(object)
    if (kindOf(of.kind).declared && !isKnown && !isBuiltin(of)) overview.unmanaged.push(object)
  }
  for (const [object, committed] of absent) {
    const there = observed.get(object)
    if (there && !ignore.object(subjectOf(there))) overview.yours.push({object, absent: true, committed})
  }
  for (const [object, wanted] of declared) {
    if (parseRef(object).cluster !== cluster) continue
    const known = settled?.get(object)
    if (known && equalDocuments(declaredDocument(wanted), known)) continue
    const there = observed.get(object)
    const subject = there ? subjectOf(there) : subjectOfDeclared(wanted)
    if (ignore.object(subjectOfDeclared(wanted)) || (there && ignore.object(subject))) continue
    const openHere = open.get(object) ?? []
    if (openHere.some((item) => item.field === undefined) || undecided.includes(object)) continue
    const committed = recorded.committed(object)
    if (!there && saysNothing(wanted)) continue
    if (!there) overview.yours.push({object, committed: committed !== undefined})
    else {
      const isIgnored = ignore.keys(subject)
      const all = wishes({object, wanted, committed}, observedDocument(there, wanted), openHere)
      const isTold = ({field}: Wish) => !isIgnored(keyOf(field)) && !undecided.includes(`${object} ${field}`)
      overview.yours.push(...all.filter(isTold))
    }
  }
  return overview
}

/** Whether an object that is there while it holds anything, a firewall, is as its manifest says without being there. */
export function saysNothing({kind, config}: Declared): boolean {
  return (
    wireKindOf(kind).scopes !== undefined &&
    Object.entries(config).every(([key, value]) => meets(kind, key, value, undefined))
  )
}

/** `git diff` shows no offer where the manifest has an edit of its own at that place: who decides must see both. */
function withYours(item: OpenItem, declared: Declared | undefined): Offer {
  const offer = itemText(item)
  const field = item.field === undefined ? undefined : parseField(item.field)
  if (declared === undefined || field === undefined) return offer
  const yours = getField(declaredDocument(declared), field) ?? null
  const known = [item.offer, ...(item.base === undefined ? [] : [item.base])]
  return known.some((value) => equalValues(value ?? undefined, yours ?? undefined)) ? offer : {...offer, yours}
}

function wishes(
  {object, ...declared}: {object: string; wanted: Declared; committed: Declared | undefined},
  now: Document,
  open: OpenItem[],
): Wish[] {
  const wanted = boundDocument(declaredDocument(declared.wanted), now)
  if (equalDocuments(wanted, now)) return []
  const head = declared.committed && boundDocument(declaredDocument(declared.committed), now)
  return fieldsOf([wanted, now]).flatMap((field) => {
    const [want, is] = [getField(wanted, field), getField(now, field)]
    if (equalValues(want, is) || isMet(field, wanted, now) || open.some((item) => isAbout(item, field))) return []
    const committed = head !== undefined && saysIt(field, wanted, head)
    return [{object, field: formatField(field), wanted: want, observed: is, committed}]
  })
}

/** Whether HEAD says of a field what is wanted. That a part is to go is not said by who says nothing of its key, which leaves that to Proxmox VE. */
function saysIt(field: Field, wanted: Document, head: Document): boolean {
  const [want, says] = [wanted, head].map((side) => getField(side, field))
  const isSaid = (place: Field) => getField(head, place) !== undefined || getField(wanted, place) === undefined
  return equalValues(want, says) && placesAbove(field).every(isSaid)
}

/** Whether the cluster does what a key of the configuration says, though it may say so otherwise. */
function isMet({path: [first, key]}: Field, wanted: Document, now: Document): boolean {
  if (first !== 'config') return false
  return meets(now.kind, key!, own(wanted.config, key!), own(now.config, key!))
}

/** The key of a field of the configuration; nothing for what stands beside it. */
function keyOf(field: string | undefined): string {
  const [first, key] = (field === undefined ? undefined : parseField(field)?.path) ?? []
  return first === 'config' && key !== undefined ? key : ''
}

/** Whether an item is about a field, or about a part of it; what cannot be told is about all. */
function isAbout(item: OpenItem, field: Field): boolean {
  const of = item.field === undefined ? undefined : parseField(item.field)
  return of === undefined || overlap(of, field)
}
