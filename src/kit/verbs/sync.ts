import {join} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {isPmpcError, type PmpcError} from '../errors/index.js'
import {authorsOf, readCluster, type Reading, type Withheld} from '../fetch/index.js'
import {readInside} from '../files/inside.js'
import {CONFIG_PATH, statePath} from '../files/names.js'
import {replaceFile} from '../files/write.js'
import {gitMoved} from '../git/errors.js'
import {commitMessage} from '../git/trailers.js'
import {describeLeft} from '../git/worktree.js'
import type {Repository} from '../git/index.js'
import {noteReading, recallReading} from '../observed/notes.js'
import {connectReader, type Reader} from '../proxmox/index.js'
import {
  mergeCluster,
  migration,
  objectsBack,
  pairOfItem,
  recallSync,
  rememberOffers,
  rememberSync,
  Session,
  sweep,
  unignored,
  viewOf,
  type Assessment,
  type ChangeSet,
  type View,
  type ClusterMerge,
  type Manifests,
  type Merged,
} from '../reconcile/index.js'
import {formatRef, localKey, type ClusterState, type KindName} from '../resources/index.js'
import {exclusively, reading, step, type Caller} from '../runs/index.js'
import {diffStates, isOnlyIgnored, withIgnored, writeState, type LeftOut, type ObjectChange} from '../state/index.js'
import {
  allowOf,
  ignoreOf,
  itemText,
  subjectOf,
  withAllowed,
  type IgnoreRule,
  type Pair,
  type Workspace,
} from '../workspace/index.js'
import {tellOverruled} from './overruled.js'
import {secretsFound, withheldWarnings} from './secrets.js'
import {countChanges, describeSync, summarise, type ClusterResult, type SyncResult} from './sync-result.js'

/** What is wanted of a sync. */
export interface SyncRequest {
  /** Names, of pmpc.yaml. */
  clusters: string[]
  /** Only these kinds; the others stay as they were. */
  only?: KindName[] | undefined
  /** Agree with all that is open, in the same commit. */
  accept: boolean
  /** Read and report; write nothing. */
  readOnly: boolean
  /** Write nothing of a cluster that has a secret which pmpc.yaml does not allow: PMPC_SECRET_FOUND. */
  failOnSecrets?: boolean
  /** Asked before secrets are withheld that were not there before: which of them may be in Git as they are. pmpc.yaml will say so. */
  approve?(cluster: string, secrets: Withheld[]): Promise<Withheld[]>
}

export interface SyncOutcome {
  result: SyncResult
  /** The clusters that could not be synced while others were: one that is down must not blind us to all. */
  failures: {cluster: string; error: PmpcError}[]
}

/**
 * Reads clusters, commits what was observed and what is open, and offers in the working tree what nobody has agreed on.
 * @throws what the client throws where the only cluster cannot be read; PMPC_MANIFEST, PMPC_STATE_CORRUPT, PMPC_GIT_…; nothing was changed then
 */
export async function sync(workspace: Workspace, request: SyncRequest, caller: Caller): Promise<SyncOutcome> {
  const failures: SyncOutcome['failures'] = []
  const all = async (repository: Repository): Promise<ClusterResult[]> => {
    const results: ClusterResult[] = []
    for (const cluster of request.clusters) {
      try {
        results.push(await syncCluster(await Session.open(workspace, repository), cluster, request, caller))
      } catch (error) {
        if (request.clusters.length === 1 || !isPmpcError(error) || caller.signal?.aborted) throw error
        failures.push({cluster, error})
      }
    }
    return results
  }
  const results = request.readOnly ? await reading(workspace.root, all) : await exclusively(workspace.root, caller, all)
  return {result: summarise(caller.run.id, results), failures}
}

async function syncCluster(
  session: Session,
  cluster: string,
  request: SyncRequest,
  caller: Caller,
): Promise<ClusterResult> {
  const clock = caller.run.clock()
  const reader = await readerOf(session.workspace, cluster, caller)
  try {
    const read = await step(caller, `Read ${cluster}`, async (report) => {
      const found = await clock.phase('read', async () => fetchCluster(session, reader, request, report.detail))
      report.title(`Read ${cluster}: ${reader.stats().requests} requests in ${Math.round(clock.timings.read!)} ms`)
      return found
    })
    const fetched = await allowed(session, read, request)
    const merging = await clock.phase('merge', async () => merge(session, fetched, request))
    const result = await resultOf(session, fetched, merging.merged, reader, leftOutOf(session, fetched))
    if (request.readOnly) return {...result, time: clock.timings}
    caller.signal?.throwIfAborted()
    const written = await clock.phase('write', async () => write({session, fetched, merging, result, reader}, caller))
    noteReading(session.workspace.root, cluster, noteOf(fetched.reading))
    return {...written, requests: reader.stats().requests, time: clock.timings}
  } finally {
    await reader.close()
  }
}

/** A reader of the cluster, with the credential that is bound to it; what fails is in the run's log. */
async function readerOf({config}: Workspace, cluster: string, {env, run, signal}: Caller): Promise<Reader> {
  const {endpoints, trust, token} = config.clusters[cluster]!
  return connectReader(
    {cluster, endpoints, trust, tokenId: token},
    {
      env,
      signal,
      onSecret: run.registerSecret,
      onExchange: (exchange) => {
        if (exchange.status !== 200) run.log('exchange', {...exchange})
      },
    },
  )
}

/** A cluster as it was, as it is, and as it is declared. */
interface Fetched {
  cluster: string
  before: ClusterState | undefined
  reading: Reading
  changes: ObjectChange[]
  work: Manifests
}

async function fetchCluster(
  session: Session,
  reader: Reader,
  {only}: SyncRequest,
  onProgress: (text: string) => void,
): Promise<Omit<Fetched, 'changes'>> {
  const cluster = reader.cluster!
  const before = await session.state(cluster)
  // Manifests are read while the cluster answers.
  const work = session.work()
  work.catch(() => undefined)
  const read = await readCluster({
    reader,
    cluster,
    before,
    listsBefore: recallReading(session.workspace.root, cluster)?.lists,
    only,
    ignore: ignoreOf(session.workspace.config.ignore),
    allow: allowOf(session.workspace.config.allow, cluster),
    onProgress: (done, total) => onProgress(`${done} of ${total} guests`),
  })
  return {cluster, before, reading: read, work: await work}
}

/** What was read, with the secrets that a person lets through now as they are. */
async function allowed(
  {workspace}: Session,
  fetched: Omit<Fetched, 'changes'>,
  {failOnSecrets, readOnly, approve}: SyncRequest,
): Promise<Fetched> {
  const {cluster, before, reading: read} = fetched
  const found = [...read.withheld, ...read.inGit]
  if (failOnSecrets && found.length > 0) throw secretsFound(cluster, found)
  const fresh = read.withheld.filter(({isNew}) => isNew)
  const these = readOnly || fresh.length === 0 ? [] : ((await approve?.(cluster, fresh)) ?? [])
  if (these.length > 0) await allowInConfig(workspace.root, cluster, these)
  const state = these.length > 0 ? read.reveal(these) : read.state
  const withheld = read.withheld.filter((secret) => !these.includes(secret))
  return {...fetched, reading: {...read, state, withheld}, changes: changesBetween(before, state)}
}

/** Says so in pmpc.yaml, which is the user's to commit. Before anything else is written: should that fail, the decision stands. */
async function allowInConfig(root: string, cluster: string, secrets: Withheld[]): Promise<void> {
  const path = join(root, CONFIG_PATH)
  const rules = new Map(secrets.map(({object, key}) => [`${object} ${key}`, {object: `${cluster}/${object}`, key}]))
  let text = readInside(root, CONFIG_PATH)!.toString('utf8')
  for (const rule of rules.values()) text = await withAllowed(text, rule)
  replaceFile(path, text)
}

function changesBetween(before: ClusterState | undefined, after: ClusterState): ObjectChange[] {
  // Nearly always nothing has changed: telling that must not cost more than reading it.
  return isDeepStrictEqual(before?.objects, after.objects) ? [] : diffStates(before, after)
}

interface Merging {
  input: ClusterMerge
  merged: Merged
  assessment: Assessment
}

async function merge(session: Session, fetched: Fetched, {only, accept}: SyncRequest): Promise<Merging> {
  const {cluster, before, reading: read, changes, work} = fetched
  const {state, ignoredObjects} = read
  const view = await withUnignored(await viewOf(session), fetched)
  const input = {view, work, cluster, only, before, state, ignoredObjects, changes, accept}
  return {input, ...(await mergeCluster(input))}
}

/** What no rule leaves out any more is a question: nobody knows what was agreed on meanwhile. */
async function withUnignored(view: View, {cluster, before: was, reading: read}: Fetched): Promise<View> {
  const {session, head} = view
  const {workspace} = session
  const rules = workspace.config.ignore
  const last = recallSync(workspace.root, cluster)
  const before = last?.rules ?? (await rulesOfSnapshot(session, cluster))
  if (isDeepStrictEqual(before, rules)) return view
  const change = {
    cluster,
    state: read.state,
    head,
    was: ignoreOf(before),
    is: ignoreOf(rules),
    leftOutThen: new Set(last?.ignoredObjects),
    leftOutNow: read.ignoredObjects,
  }
  const back = objectsBack(change)
  const pairs = unignored(change).flatMap((item) => pairOfItem(item, head, was ? [was] : []))
  const isAbout = (pair: Pair) =>
    back.has(formatRef(pair.ref)) ||
    pairs.some(({ref, field}) => formatRef(ref) === formatRef(pair.ref) && field === pair.field)
  const noted = new Map([...view.noted].filter(([object]) => !back.has(object)))
  return {...view, back, noted, pairs: [...view.pairs.filter((pair) => !isAbout(pair)), ...pairs]}
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

async function resultOf(
  session: Session,
  {cluster, reading: read, changes}: Fetched,
  merged: Merged,
  reader: Reader,
  leftOut: LeftOut,
): Promise<ClusterResult> {
  const open = merged.items.filter((item) => item.ref.cluster === cluster)
  const drift = open.filter((item) => item.state === 'drift').length
  const told = withIgnored(changes, leftOut)
  return {
    cluster,
    commit: null,
    counts: countChanges(told, read.stale),
    drift,
    conflicts: open.length - drift,
    open: open.map(itemText),
    overruled: await tellOverruled(session, merged.overruled),
    undecided: merged.undecided,
    changes: told,
    stale: read.stale.map((object) => ({
      object: localKey(object),
      why: object.why,
      ...(object.neverRead && {neverRead: true as const}),
    })),
    locks: Object.entries(read.locks).map(([object, lock]) => ({object, lock})),
    ignored: read.ignored,
    manifests: [],
    requests: reader.stats().requests,
    time: {},
    withheld: read.withheld.map(({object, key, looksLike}) => ({object, key, looksLike})),
    warnings: [...read.partial, ...withheldWarnings(cluster, read.withheld), ...merged.warnings],
  }
}

/** What the rules of pmpc.yaml leave out, as they are in the working tree. */
function leftOutOf({workspace}: Session, {before, reading: {state, ignoredObjects}}: Fetched): LeftOut {
  const ignore = ignoreOf(workspace.config.ignore)
  return (object, key) => {
    if (key === undefined) return ignoredObjects.has(object)
    // A tag that is left out itself may be what the rule means.
    const seen = [state, before].flatMap(
      (each) => each?.objects.find((candidate) => localKey(candidate) === object) ?? [],
    )
    return seen.some((each) => ignore.keys(subjectOf(each))(key))
  }
}

function noteOf({stale, locks, lists}: Reading): Parameters<typeof noteReading>[2] {
  return {stale: Object.fromEntries(stale.map((object) => [localKey(object), object.why])), locks, lists}
}

interface Writing {
  session: Session
  fetched: Fetched
  merging: Merging
  result: ClusterResult
  reader: Reader
}

/** Commits state, pairs and open items, and writes the offers; without a difference nothing is written. */
async function write({session, fetched, merging, result, reader}: Writing, {run}: Caller): Promise<ClusterResult> {
  const {repository, workspace} = session
  const {cluster, reading: read, changes, work} = fetched
  const {input, merged} = merging
  const {view, accept} = input
  const {branch, oid} = await repository.head()
  if (oid !== session.head) throw gitMoved(session.head, oid)
  rememberSync(workspace.root, cluster, {
    run: run.id,
    at: new Date().toISOString(),
    stale: result.stale,
    ignored: result.ignored,
    ignoredObjects: [...read.ignoredObjects].sort(),
    rules: workspace.config.ignore,
  })
  view.history.keep()
  const nothing = changes.length === 0 && merged.work.length + merged.head.length === 0
  if (nothing && session.stands(cluster, session.ownFiles(merged.pairs, merged.items))) {
    if (!isDeepStrictEqual(merged.noted, view.noted)) rememberOffers(workspace.root, merged.noted)
    return result
  }
  const spliced = await work.splice(merged.work, view.head)
  const head = merged.head.length > 0 ? await view.head.splice(merged.head) : undefined
  const {subject, lines, trailers} = describeSync(result, merged.accepted)
  const authors = await authorsOfChanges(session, fetched, result, reader)
  const written = await session.write({
    ...(await ownFiles(session, fetched, merging)),
    head,
    work: spliced,
    runHooks: merged.head.length > 0,
    message: commitMessage(subject, lines, [
      ...authors.map(authorTrailer),
      ['run', run.id],
      ['cluster', cluster],
      ['command', accept ? 'sync --accept' : 'sync'],
      ...trailers,
    ]),
  })
  rememberOffers(workspace.root, merged.noted)
  const said = [...spliced.kept, ...spliced.blocked, ...(head?.blocked ?? [])]
  return {
    ...result,
    commit: written.commit,
    manifests: written.manifests,
    warnings: [
      ...result.warnings,
      ...said.map(({object, why}) => `${object}: ${why}`),
      ...written.left.map(describeLeft),
      ...written.warnings,
      ...(written.commit && branch === null
        ? [`HEAD is detached: commit ${written.commit.slice(0, 10)} belongs to no branch`]
        : []),
    ],
  }
}

/** The state where it changed, pairs and open items; in a workspace of before also what its migration needs. */
async function ownFiles(
  session: Session,
  {cluster, changes, reading: {state}}: Fetched,
  {input, merged, assessment}: Merging,
): Promise<Pick<ChangeSet, 'files' | 'lines'>> {
  const path = statePath(cluster)
  const {files, lines} = await migration(session)
  const migrated = files.find((file) => file.path === path)?.content
  const kept = changes.length === 0 ? (migrated ?? (await session.committed(path))) : undefined
  const pairs = await sweep(input, assessment, merged.pairs)
  return {
    files: [
      ...files.filter((file) => file.path !== path),
      {path, content: kept ?? (await writeState(state))},
      ...session.ownFiles(pairs, merged.items),
    ],
    lines,
  }
}

async function authorsOfChanges(
  session: Session,
  {cluster, before}: Fetched,
  result: ClusterResult,
  reader: Reader,
): ReturnType<typeof authorsOf> {
  const told = result.changes.filter((change) => !isOnlyIgnored(change))
  if (!before || told.length === 0) return []
  return authorsOf(reader, told, await lastSync(session, cluster))
}

function authorTrailer({
  object,
  user,
  upid,
}: {
  object: string
  user: string | null
  upid?: string
}): ['changedBy', string] {
  return ['changedBy', `${user ?? 'unknown'} ${object}${upid ? ` ${upid}` : ''}`]
}

/** When the snapshot before was committed, in seconds; a little earlier, as clocks differ. */
async function lastSync(session: Session, cluster: string): Promise<number> {
  const [commit] = await session.repository.log({paths: [session.inRepository(statePath(cluster))], limit: 1})
  return commit ? Date.parse(commit.committer.date) / 1000 - 5 : Number.POSITIVE_INFINITY
}
