import {isDeepStrictEqual} from 'node:util'
import {isPmpcError} from '../errors/index.js'
import {CONFIG_PATH, statePath} from '../files/names.js'
import {formatField, formatRef, localKey, own, parseRef} from '../resources/index.js'
import type {ClusterState, Declared, Observed, Value} from '../resources/index.js'
import {ignoreOf, subjectOf, subjectOfDeclared, type Ignore} from '../workspace/ignore.js'
import type {IgnoreRule, OpenItem, Pair} from '../workspace/index.js'
import type {View} from './assess.js'
import type {ClusterMerge} from './cluster.js'
import {recallSync} from './last-sync.js'
import {pairOfItem} from './legacy.js'
import type {Manifests, Session} from './session.js'

/** A cluster as it was and as it is. */
type Observing = Pick<ClusterMerge, 'cluster' | 'before' | 'state' | 'ignoredObjects'>

/**
 * A workspace as it is to be seen where the rules have changed since the last sync: what no rule leaves out any more is a question, as nobody
 * knows what was agreed on meanwhile. Throws as `Session` does.
 */
export async function withUnignored(view: View, observed: Observing): Promise<View> {
  const {cluster, before: snapshot, state, ignoredObjects} = observed
  const {session, head} = view
  const {workspace} = session
  const rules = workspace.config.ignore
  const last = recallSync(workspace.root, cluster)
  const before = await rulesBefore(session, cluster)
  if (isDeepStrictEqual(before, rules)) return view
  const change: Unignoring = {
    cluster,
    state,
    head,
    was: ignoreOf(before),
    is: ignoreOf(rules),
    leftOutThen: new Set(last?.ignoredObjects),
    leftOutNow: ignoredObjects,
  }
  const back = objectsBack(change)
  const pairs = unignored(change).flatMap((item) => pairOfItem(item, head, snapshot ? [snapshot] : []))
  const isAbout = (pair: Pair) =>
    back.has(formatRef(pair.ref)) ||
    pairs.some(({ref, field}) => formatRef(ref) === formatRef(pair.ref) && field === pair.field)
  const noted = new Map([...view.noted].filter(([object]) => !back.has(object)))
  return {...view, back, noted, pairs: [...view.pairs.filter((pair) => !isAbout(pair)), ...pairs]}
}

/** The rules under which the snapshot was taken, as far as this clone knows. */
export async function rulesBefore(session: Session, cluster: string): Promise<IgnoreRule[]> {
  return recallSync(session.workspace.root, cluster)?.rules ?? (await rulesOfSnapshot(session, cluster))
}

/** The rules of the commit that the snapshot is of: for a clone that has not synced yet. One that cannot be read says nothing. */
async function rulesOfSnapshot(session: Session, cluster: string): Promise<IgnoreRule[]> {
  const {repository} = session
  const [commit] = await repository.log({paths: [session.inRepository(statePath(cluster))], limit: 1})
  const bytes = commit && (await repository.readBlob(commit.oid, session.inRepository(CONFIG_PATH)))
  if (!bytes) return []
  const {parseConfig} = await import('../workspace/config-parse.js')
  try {
    return parseConfig(Buffer.from(bytes).toString('utf8')).ignore
  } catch (error) {
    if (isPmpcError(error)) return []
    throw error
  }
}

/** What is known of a cluster whose rules may have changed. */
interface Unignoring {
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
function unignored({cluster, state, head, was, is, leftOutThen, leftOutNow}: Unignoring): OpenItem[] {
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
function objectsBack({cluster, state, head, was, is, leftOutThen, leftOutNow}: Unignoring): Set<string> {
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
