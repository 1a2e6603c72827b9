import type {Repository} from '../git/index.js'
import {trailersOf} from '../git/trailers.js'
import {statePath} from '../files/names.js'
import {attributeLines} from '../git/drivers.js'
import {formatField, formatRef, kindOf, localKey, parseField} from '../resources/index.js'
import type {ClusterState, Config, Declared, ObjectRef, Observed, Value} from '../resources/index.js'
import type {OpenItem, Pair} from '../workspace/index.js'
import {Agreement} from './agreement.js'
import type {History, Noted} from './agreement.js'
import {declaredDocument, equalDocuments, observedDocument, present} from './documents.js'
import {digestOf, fieldsOf, getField} from './fields.js'
import type {Document} from './fields.js'
import {recallSync} from './last-sync.js'
import {same} from './pairs.js'
import {schemaVersion} from '../state/schema.js'
import {versionOf} from '../state/sqlite.js'
import {migrateState} from '../state/migrate.js'
import {withLines} from '../workspace/lines.js'
import type {ChangeSet, Manifests, OwnFile, Session} from './session.js'

/** A workspace of before `.pmpc/agreed.yaml`, in which agreement was the snapshot under the open items. */
export interface Legacy {
  items: readonly OpenItem[]
  head: Manifests
  states: readonly ClusterState[]
  history: History
  repository: Repository
}

/**
 * What that agreement says in pairs. Each open item becomes one. Objects that nobody declares and nothing offers are unmanaged. What
 * people rejected is read from the messages of their commits, as it was written nowhere else.
 */
export async function legacyPairs({items, head, states, history, repository}: Legacy): Promise<Pair[]> {
  const pairs = items.flatMap((item) => pairOfItem(item, head, states))
  const open = new Set(pairs.map(({ref, field = ''}) => `${formatRef(ref)} ${field}`))
  const rejected = await rejections(repository)
  for (const {cluster, objects} of states) {
    const observed = new Map(objects.map((object) => [localKey(object), object]))
    const refs = [...head.index.documents.values()].map(({ref}) => ref).filter((ref) => ref.cluster === cluster)
    for (const {kind, id} of objects) {
      const ref = {cluster, kind, id}
      // A node could not be declared then: that it has no manifest says nothing.
      const isDeclarable = kind !== 'node' && kindOf(kind).declared
      const isUndeclared = isDeclarable && !head.declared(ref) && !open.has(`${formatRef(ref)} `)
      if (isUndeclared) pairs.push(unmanaged(ref, observed.get(localKey(ref))!))
    }
    for (const ref of refs) {
      const sides = {before: observed.get(localKey(ref)), head: head.declared(ref)!}
      pairs.push(...(await rejectedPairs(ref, sides, {open, rejected, history})))
    }
  }
  return pairs
}

/** The offers that the last syncs of this clone wrote into the working tree. */
export function legacyNotes(root: string, clusters: string[], states: readonly ClusterState[]): Map<string, Noted> {
  const notes = new Map<string, Noted>()
  for (const cluster of clusters) {
    const objects = states.find((state) => state.cluster === cluster)?.objects ?? []
    const observed = new Map(objects.map((object) => [`${cluster}/${localKey(object)}`, object]))
    for (const {object, field, offer, state} of recallSync(root, cluster)?.offered ?? []) {
      if (state !== 'drift') continue
      const noted = notes.get(object) ?? {}
      const there = observed.get(object)
      if (field !== undefined) noted.fields = {...noted.fields, [field]: offer}
      else if (offer === null) noted.document = null
      else if (there) noted.document = observedDocument(there, undefined)
      notes.set(object, noted)
    }
  }
  return notes
}

/** A document as the base of an item of before. */
type BaseOfItem = {config: Config} & Record<string, unknown>

/** What an open item without pairs, of before or of a key that comes back, says in pairs. */
export function pairOfItem(
  {ref, field: name, base, offer}: OpenItem,
  head: Manifests,
  states: readonly ClusterState[],
): Pair[] {
  const declared = head.declared(ref)
  const document = declared && declaredDocument(declared)
  const field = name === undefined ? undefined : parseField(name)
  if (name !== undefined && !field) return []
  if (field) {
    const is = getField(document, field) ?? null
    const pair: Pair = {ref, field: name!, head: is, base: base ?? null, seen: [offer], how: 'open'}
    return [base === undefined ? {...pair, how: 'unknown', at: epoch} : pair]
  }
  const {config = {}, ...beside} = (base ?? {}) as unknown as Partial<BaseOfItem>
  const agreed = base === null || base === undefined ? null : digestOf({config, beside: beside as Document['beside']})
  const pair: Pair = {ref, head: document ? digestOf(document) : null, base: agreed, seen: [offer], how: 'open'}
  const observed = states
    .find(({cluster}) => cluster === ref.cluster)
    ?.objects.find((each) => localKey(each) === localKey(ref))
  // Another guest has the VMID.
  if (agreed === null || offer === null || !observed) return [pair]
  return [{...pair, how: 'replaced', at: epoch, seen: [digestOf(observedDocument(observed, declared))]}]
}

/** Older than all that is decided from now on. */
const epoch = new Date(0).toISOString()

function unmanaged(ref: ObjectRef, observed: Observed): Pair {
  return {ref, head: null, base: digestOf(observedDocument(observed, undefined)), seen: [], how: 'unmanaged'}
}

/** By object and field (`''`: the object): when it was rejected. */
type Rejections = Map<string, string>

/** What the commits of `pmpc reject` say. One that decided more than it spells out counts for all of its clusters. */
async function rejections(repository: Repository): Promise<Rejections> {
  const found: Rejections = new Map()
  for (const commit of await repository.log()) {
    if (trailersOf(commit, 'rejected').length === 0) continue
    const at = new Date(commit.committer.date).toISOString()
    const add = (key: string) => void (found.has(key) || found.set(key, at))
    for (const line of commit.message.split('\n').slice(2)) {
      if (/^… and \d+ more$/.test(line)) for (const cluster of trailersOf(commit, 'cluster')) add(`${cluster}/*`)
      const [object, ...field] = line.split(' ')
      if (object?.includes('/')) add(`${object} ${field.join(' ')}`)
    }
  }
  return found
}

interface Known {
  open: ReadonlySet<string>
  rejected: Rejections
  history: History
}

/** Pairs for what HEAD and snapshot differ in, where it was rejected and history would make a question of it. */
async function rejectedPairs(
  ref: ObjectRef,
  {before, head}: {before: Observed | undefined; head: Declared},
  {open, rejected, history}: Known,
): Promise<Pair[]> {
  const object = formatRef(ref)
  const is = declaredDocument(head)
  const was = before && observedDocument(before, head)
  if (open.has(`${object} `) || equalDocuments(is, was)) return []
  const atOf = (field: string) =>
    rejected.get(`${object} ${field}`) ?? rejected.get(`${object} `) ?? rejected.get(`${ref.cluster}/*`)
  const agreement = new Agreement({ref, before, head, pairs: []}, history)
  if (!was) {
    const at = atOf('')
    const isAsked = at !== undefined && (await agreement.whole()).value === present
    return isAsked ? [{ref, head: digestOf(is), base: null, seen: [], how: 'reject', at}] : []
  }
  const pairs: Pair[] = []
  for (const field of fieldsOf([was, is])) {
    const name = formatField(field)
    const [mine, theirs] = [is, was].map((side): Value | null => getField(side, field) ?? null)
    const at = atOf(name)
    if (same(mine!, theirs!) || open.has(`${object} ${name}`) || at === undefined) continue
    if (!same((await agreement.field(field)).value, theirs!))
      pairs.push({ref, field: name, head: mine!, base: theirs!, seen: [], how: 'reject', at})
  }
  return pairs
}

/**
 * What else is written where a workspace of before is: attributes of Git that came since. Where it has no pairs yet, also the states in the version of
 * today, so that a pmpc that knows no pairs stops. Nothing in any other workspace.
 */
export async function migration(session: Session): Promise<{files: OwnFile[]; lines: NonNullable<ChangeSet['lines']>}> {
  const files: OwnFile[] = []
  let isOld = session.legacy !== undefined
  for (const cluster of session.workspace.clusters) {
    const path = statePath(cluster)
    const bytes = await session.committed(path)
    if (!bytes) continue
    isOld ||= (versionOf(bytes) ?? schemaVersion) < schemaVersion
    if (session.legacy) files.push({path, content: (await migrateState(bytes, undefined, path)).bytes})
  }
  return {files, lines: isOld ? [newAttributes] : []}
}

const newAttributes = {
  path: '.gitattributes',
  edit: (text: string | undefined) => withLines(text ?? '', attributeLines),
}
