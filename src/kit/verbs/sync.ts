import {isPmpcError, type PmpcError} from '../errors/index.js'
import {keepWords} from '../completion/index.js'
import type {Reading, Withheld} from '../fetch/index.js'
import {SCHEMA_FOLDER} from '../files/names.js'
import type {Repository} from '../git/index.js'
import {noteReading} from '../observed/notes.js'
import type {Reader} from '../proxmox/index.js'
import {
  mergeCluster,
  Session,
  viewOf,
  withUnignored,
  type ClusterMerge,
  type Manifests,
  type Merged,
  type View,
} from '../reconcile/index.js'
import {kinds, localKey, type KindName} from '../resources/index.js'
import {exclusively, reading, step, type Caller} from '../runs/index.js'
import {withIgnored, withRead, type LeftOut} from '../state/index.js'
import {itemText, type Workspace} from '../workspace/index.js'
import {tellOverruled} from './overruled.js'
import {withheldWarnings} from './secrets.js'
import {leftOutOf, unreadBefore} from './sight.js'
import {allowed, fetchCluster, readerOf, type Fetched} from './sync-fetch.js'
import {countChanges, requestsOf, summarise, type ClusterResult, type SyncResult} from './sync-result.js'
import {write, type Merging} from './sync-write.js'

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
  /** How many kinds have no schema in a workspace that has some: an older pmpc wrote them. */
  withoutSchema: number
}

/**
 * Reads clusters, commits what was observed and what is open, and offers in the working tree what nobody has agreed on.
 * @throws what the client throws where the only cluster cannot be read; PMPC_MANIFEST, PMPC_STATE_CORRUPT, PMPC_GIT_…; nothing was changed then
 */
export async function sync(workspace: Workspace, request: SyncRequest, caller: Caller): Promise<SyncOutcome> {
  const failures: SyncOutcome['failures'] = []
  let missing = 0
  const all = async (repository: Repository): Promise<ClusterResult[]> => {
    const results: ClusterResult[] = []
    for (const cluster of request.clusters) {
      try {
        const session = await Session.open(workspace, repository)
        missing = withoutSchema(session)
        results.push(await syncCluster(session, cluster, request, caller))
      } catch (error) {
        if (request.clusters.length === 1 || !isPmpcError(error) || caller.signal?.aborted) throw error
        failures.push({cluster, error})
      }
    }
    return results
  }
  const afterwards = 'pmpc sync'
  const results = request.readOnly
    ? await reading(workspace.root, all)
    : await exclusively(workspace.root, caller, all, {afterwards})
  return {result: summarise(caller.run.id, results), failures, withoutSchema: missing}
}

function withoutSchema(session: Session): number {
  const declared = kinds.filter((kind) => kind.declared)
  const missing = declared.filter(({name}) => !session.isCommitted(`${SCHEMA_FOLDER}/${name}.json`)).length
  return missing < declared.length ? missing : 0
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
    const leftOut = leftOutOf(session, fetched)
    const result = await resultOf(session, fetched, merging.merged, reader, leftOut)
    if (request.readOnly) return {...result, time: clock.timings}
    caller.signal?.throwIfAborted()
    const written = await clock.phase('write', async () =>
      write({session, fetched, merging, result, reader, leftOut}, caller),
    )
    const {root, clusters} = session.workspace
    noteReading(root, cluster, noteOf(fetched.reading))
    keepWords(root, {clusters, states: [fetched.reading.state], open: merging.merged.items})
    const {requests} = reader.stats()
    const requestsByKind = requestsOf(fetched.reading.requests, requests)
    return {...written, requests, requestsByKind, time: clock.timings}
  } finally {
    await reader.close()
  }
}

/**
 * What was read, merged into the manifests.
 * @param filling how the manifests are looked at, where they will be other ones then
 */
export async function merge(
  session: Session,
  fetched: Fetched,
  {only, accept}: Pick<ClusterMerge, 'only' | 'accept'>,
  filling: (view: View, work: Manifests) => Pick<ClusterMerge, 'view' | 'work' | 'keep'> = (view, work) => ({
    view,
    work,
  }),
): Promise<Merging> {
  const {cluster, before, reading: read, work} = fetched
  const {state, ignoredObjects} = read
  const view = await withUnignored(await viewOf(session), {cluster, before, state, ignoredObjects})
  const input = {view, work, cluster, only, before, state, ignoredObjects, accept}
  // What is spliced are the texts as they are.
  return {input, ...(await mergeCluster({...input, ...filling(view, work)}))}
}

/** What is told of it. */
export async function resultOf(
  session: Session,
  fetched: Fetched,
  merged: Merged,
  reader: Reader,
  leftOut: LeftOut,
): Promise<ClusterResult> {
  const {cluster, reading: read, changes} = fetched
  const open = merged.items.filter((item) => item.ref.cluster === cluster)
  const drift = open.filter((item) => item.state === 'drift').length
  const told = withRead(withIgnored(changes, leftOut), await unreadBefore(session, fetched))
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
    requestsByKind: requestsOf(read.requests, reader.stats().requests),
    time: {},
    withheld: read.withheld.map(({object, key, looksLike}) => ({object, key, looksLike})),
    warnings: [...read.partial, ...withheldWarnings(cluster, read.withheld), ...merged.warnings],
  }
}

function noteOf({stale, unasked, locks, lists, digests, state}: Reading): Parameters<typeof noteReading>[2] {
  const there = new Set(state.objects.map(localKey))
  const kept = Object.fromEntries(Object.entries(digests).filter(([object]) => there.has(object)))
  const unread = Object.fromEntries(stale.map((object) => [localKey(object), object.why]))
  return {stale: {...unasked, ...unread}, locks, lists, digests: kept}
}
