import {formatField, formatRef, localKey, own, parseRef} from '../resources/index.js'
import type {ClusterState, Declared, Observed, Value} from '../resources/index.js'
import {subjectOf, subjectOfDeclared, type Ignore} from '../workspace/ignore.js'
import type {OpenItem} from '../workspace/open.js'
import type {Manifests} from './session.js'

/** What is known of a cluster whose rules may have changed. */
export interface Unignoring {
  cluster: string
  /** T: what the cluster says now. */
  state: ClusterState
  /** H. */
  head: Manifests
  /** Under which the snapshot was taken, and those of now. */
  was: Ignore
  is: Ignore
  /** By `localKey`: what was there and left out then, and what is now; a rule may mean a tag that only the cluster knows. */
  leftOutThen: ReadonlySet<string>
  leftOutNow: ReadonlySet<string>
}

/**
 * What a rule does not leave out any more, as open items without a base. Meanwhile people and the cluster went their own ways unseen, and nobody
 * knows what was agreed on: a difference is a question, and never a wish of people's to change the cluster back. Pure.
 */
export function unignored({cluster, state, head, was, is, leftOutThen, leftOutNow}: Unignoring): OpenItem[] {
  const observed = new Map(state.objects.map((object) => [`${cluster}/${localKey(object)}`, object]))
  const items: OpenItem[] = []
  for (const [object, {declared}] of head.index.documents) {
    const ref = parseRef(object)
    const key = localKey(ref)
    if (ref.cluster !== cluster || leftOutNow.has(key)) continue
    const theirs = observed.get(formatRef(ref))
    const subject = theirs ? subjectOf(theirs) : subjectOfDeclared(declared)
    if (is.object(subject)) continue
    if (!theirs && (was.object(subject) || leftOutThen.has(key)))
      items.push({ref, base: documentOf(declared), offer: null, state: 'drift'})
    if (theirs)
      items.push(...keysOf(declared, theirs, was.keys(subject), is.keys(subject)).map((item) => ({ref, ...item})))
  }
  return items
}

/** The declared objects that a rule left out as a whole and none does now: what was agreed on before is no agreement on what they are since. Pure. */
export function objectsBack({cluster, state, head, was, is, leftOutThen, leftOutNow}: Unignoring): Set<string> {
  const observed = new Map(state.objects.map((object) => [`${cluster}/${localKey(object)}`, object]))
  const back = [...head.index.documents.keys()].filter((object) => {
    const theirs = observed.get(object)
    if (!theirs || leftOutNow.has(localKey(theirs))) return false
    const subject = subjectOf(theirs)
    return !is.object(subject) && (was.object(subject) || leftOutThen.has(localKey(theirs)))
  })
  return new Set(back)
}

/** A manifest as the base of an item: it went while nobody looked, and what is declared is what was there last. */
function documentOf({kind: _kind, id: _id, cluster: _cluster, ...document}: Declared): Value {
  return document as unknown as Value
}

function keysOf(
  declared: Declared,
  theirs: Observed,
  wasIgnored: (key: string) => boolean,
  isIgnored: (key: string) => boolean,
): Omit<OpenItem, 'ref'>[] {
  const keys = new Set([...Object.keys(declared.config), ...Object.keys(theirs.config)])
  return [...keys]
    .filter((key) => wasIgnored(key) && !isIgnored(key))
    .map((key) => ({
      field: formatField({path: ['config', key]}),
      offer: own(theirs.config, key) ?? null,
      state: 'conflict',
    }))
}
