import {compareObjects, formatRef, kindOf, localKey, parseField, parseRef} from '../resources/index.js'
import type {ClusterState, Config, Declared, ObjectRef, Observed} from '../resources/index.js'
import {ignoreOf, subjectOf, subjectOfDeclared, withoutKeys} from '../workspace/index.js'
import type {Ignore, OpenItem, Pair} from '../workspace/index.js'
import type {Noted} from './agreement.js'
import {boundDocument, declaredDocument, equalDocuments, observedDocument} from './documents.js'
import type {Document} from './fields.js'
import {GitHistory} from './history.js'
import {judge, type Judgement, type Overruled} from './judge.js'
import {legacyNotes, legacyPairs} from './legacy.js'
import {recallOffers} from './notes.js'
import type {Manifests, Session} from './session.js'

/** A workspace with all that agreement follows from. */
export interface View {
  session: Session
  /** H */
  head: Manifests
  pairs: readonly Pair[]
  /** What pmpc wrote into this clone's working tree, by `formatRef`. */
  noted: ReadonlyMap<string, Noted>
  history: GitHistory
  /** Objects that a rule left out and none does now, by `formatRef`: they are as at a first sync. */
  back?: ReadonlySet<string>
  /** Milliseconds since the epoch. */
  now: number
}

/** Looks at a workspace; one of before is seen as its migration would make it. Errors as of `Session`. */
export async function viewOf(session: Session): Promise<View> {
  const {repository, workspace} = session
  const {root, clusters} = workspace
  const head = await session.declared()
  const pathOf = (ref: ObjectRef) => head.pathOf(ref) ?? head.absentAt(ref)
  const past = {repository, root, clusters, head: session.head, prefix: session.inRepository(''), pathOf}
  const history = new GitHistory(past)
  const view: View = {session, head, pairs: session.pairs, noted: recallOffers(root), history, now: Date.now()}
  if (!session.legacy) return view
  const states = await Promise.all(clusters.map(async (cluster) => session.state(cluster)))
  const known = states.filter((state) => state !== undefined)
  const pairs = await legacyPairs({items: session.legacy, head, states: known, history, repository})
  return {...view, pairs, noted: view.noted.size > 0 ? view.noted : legacyNotes(root, clusters, known)}
}

/** What to judge of a cluster. */
export interface Look {
  cluster: string
  /** S */
  before: ClusterState | undefined
  /** T, of the objects that are looked at now; all others are as they were. */
  theirs: ClusterState | undefined
  isLookedAt(ref: ObjectRef): boolean
  /** What is there and was left out by rule, by `localKey`. */
  ignoredObjects: ReadonlySet<string>
}

/** One object, without the keys that a rule leaves out. */
export interface Assessed extends Judgement {
  ref: ObjectRef
  before: Document | undefined
  now: Document | undefined
  head: Document | undefined
  theirs: Observed | undefined
  /** Nothing of its kind was recorded before. */
  isFirstReading: boolean
  /** Takes out of a manifest what a rule leaves out. */
  strip(declared: Declared | undefined): Document | undefined
}

/** What is open in a cluster, and what follows for its pairs. */
export interface Assessment {
  /** Objects that differ in any way, or about which there is a note, by `formatRef` and in their order. */
  objects: Map<string, Assessed>
  /** What HEAD and cluster both say of all others that are declared, by `formatRef`. */
  settled: Map<string, Document>
  items: OpenItem[]
  /** All pairs of the cluster afterwards. */
  pairs: Pair[]
  overruled: Overruled[]
  /** `home/vm/100 config.memory`: what cannot be told here, as this clone's history ends too early. */
  undecided: string[]
}

/** Judges a cluster's objects. */
export async function assess(view: View, look: Look): Promise<Assessment> {
  const mine = new Map<string, Pair[]>()
  for (const pair of view.pairs.filter(({ref}) => ref.cluster === look.cluster)) {
    const object = formatRef(pair.ref)
    mine.set(object, [...(mine.get(object) ?? []), pair])
  }
  const found: Assessment = {objects: new Map(), settled: new Map(), items: [], pairs: [], overruled: [], undecided: []}
  const before = byKey(look.before)
  const theirs = look.theirs === look.before ? before : byKey(look.theirs)
  const recorded = new Set((look.before?.objects ?? []).map(({kind}) => kind))
  const ignore = ignoreOf(view.session.workspace.config.ignore)
  for (const ref of refsOf(view, look, mine)) {
    const object = formatRef(ref)
    const key = localKey(ref)
    const pairs = mine.get(object) ?? []
    mine.delete(object)
    const sides = {
      before: before.get(key),
      theirs: look.isLookedAt(ref) ? theirs.get(key) : before.get(key),
      head: view.head.declared(ref),
    }
    const isFirst = look.before === undefined || view.back?.has(object) === true
    const isFirstReading = !recorded.has(ref.kind)
    const noted = view.noted.get(object)
    const about = {ref, sides: withoutLeftOut(ref, sides, ignore), pairs, noted, isFirst, isFirstReading}
    // What HEAD says is to be absent is a wish, whatever the cluster has.
    const isLeftOut = isIgnored(ref, sides, ignore, look) || view.head.index.absent.has(object)
    const settled = isLeftOut ? undefined : settledDocument(about)
    if (settled) found.settled.set(object, settled)
    const assessed = isLeftOut || settled ? undefined : await assessObject(view, about)
    // Only who reads the cluster learns anything.
    if (assessed && !look.isLookedAt(ref)) assessed.pairs = pairs
    found.pairs.push(...(assessed?.pairs ?? pairs))
    if (!assessed) continue
    found.objects.set(object, assessed)
    found.items.push(...assessed.items)
    found.overruled.push(...assessed.overruled)
    found.undecided.push(...assessed.undecided.map((field) => (field === '' ? object : `${object} ${field}`)))
  }
  found.pairs.push(...[...mine.values()].flat())
  return found
}

function byKey(state: ClusterState | undefined): Map<string, Observed> {
  return new Map((state?.objects ?? []).map((object) => [localKey(object), object]))
}

/** Everything that is there, was there, is declared or noted. */
function refsOf({head, noted}: View, {cluster, before, theirs}: Look, pairs: Map<string, Pair[]>): ObjectRef[] {
  const refs = new Map<string, ObjectRef>()
  const add = (ref: ObjectRef) => refs.set(formatRef(ref), ref)
  for (const {kind, id} of [...(before?.objects ?? []), ...(theirs?.objects ?? [])])
    if (kindOf(kind).declared) add({cluster, kind, id})
  for (const {ref} of head.index.documents.values()) if (ref.cluster === cluster) add(ref)
  for (const [pair] of pairs.values()) add(pair!.ref)
  for (const ref of [...noted.keys()].map(parseRef)) if (ref.cluster === cluster) add(ref)
  return [...refs.values()].sort(compareObjects)
}

interface Sides {
  before: Observed | undefined
  theirs: Observed | undefined
  head: Declared | undefined
}

/** A rule that was added is no deletion: what it covers is left as it is, and nothing is open about it. */
function isIgnored(ref: ObjectRef, {before, theirs, head}: Sides, ignore: Ignore, {ignoredObjects}: Look): boolean {
  if (!theirs && ignoredObjects.has(localKey(ref))) return true
  const seen = theirs ?? before
  return seen ? ignore.object(subjectOf(seen)) : head !== undefined && ignore.object(subjectOfDeclared(head))
}

/** One object and all that is known of it. */
interface About {
  ref: ObjectRef
  /** Without the keys that a rule leaves out. */
  sides: Sides & {isLeftOut(key: string): boolean}
  pairs: Pair[]
  noted: Noted | undefined
  isFirst: boolean
  isFirstReading: boolean
}

function withoutLeftOut(ref: ObjectRef, sides: Sides, ignore: Ignore): About['sides'] {
  const isLeftOut = leftOut(ref, sides, ignore)
  const strip = <T extends {config: Config}>(side: T | undefined) => side && withoutKeys(side, isLeftOut)
  const before = strip(sides.before)
  const theirs = sides.theirs === sides.before ? before : strip(sides.theirs)
  return {before, theirs, head: strip(sides.head), isLeftOut}
}

/** What all sides say where nothing was noted, as of nearly all objects; undefined where they differ. Quick, and without a copy more than it needs. */
function settledDocument({sides: {before, theirs, head}, pairs, noted}: About): Document | undefined {
  if (noted || pairs.length > 0 || !head || !theirs) return undefined
  const now = observedDocument(theirs, head)
  const written = declaredDocument(head)
  if (!equalDocuments(written, now) && !equalDocuments(boundDocument(written, now), now)) return undefined
  const isAsBefore = before === theirs || (before && equalDocuments(observedDocument(before, head), now))
  return isAsBefore ? now : undefined
}

async function assessObject(view: View, {ref, sides, pairs, noted, isFirst, isFirstReading}: About): Promise<Assessed> {
  const {before, theirs, head, isLeftOut} = sides
  const isAbout = ({field}: Pair) => {
    const [first, key] = (field === undefined ? undefined : parseField(field)?.path) ?? []
    return !(first === 'config' && isLeftOut(key!))
  }
  const {now} = view
  const about = {ref, theirs, before, head, pairs: pairs.filter(isAbout), noted, isFirst, isFirstReading, now}
  const judged = await judge(about, view.history)
  return {
    ...judged,
    before: before && observedDocument(before, head),
    now: theirs && observedDocument(theirs, head),
    head: head && declaredDocument(head),
    pairs: [...judged.pairs, ...pairs.filter((pair) => !isAbout(pair))],
    ref,
    theirs,
    isFirstReading,
    strip: (declared) => declared && declaredDocument(withoutKeys(declared, isLeftOut)),
  }
}

/** Which keys a rule leaves out. */
function leftOut({kind, id}: ObjectRef, {before, theirs, head}: Sides, ignore: Ignore): (key: string) => boolean {
  const seen = theirs ?? before
  const subject = seen ? subjectOf(seen) : head && subjectOfDeclared(head)
  return ignore.keys({...subject, kind, id})
}
