import {createClient, resolveCredential} from 'pmpc/kit/proxmox'
import type {Client} from 'pmpc/kit/proxmox'
import {PmpcError} from 'pmpc/kit/cli'
import {acceptObject, Bench, mergeObject, statePath} from 'pmpc/kit/reconcile'
import type {Edits, Manifests, MergeInput, Spliced} from 'pmpc/kit/reconcile'
import {compareObjects, formatRef, localKey, parseRef} from 'pmpc/kit/resources'
import type {ClusterState, KindName, ObjectRef} from 'pmpc/kit/resources'
import {diffStates, stateDigest, writeState} from 'pmpc/kit/state'
import type {ObjectChange} from 'pmpc/kit/state'
import type {OpenItem, Workspace} from 'pmpc/kit/workspace'
import type {Repository} from 'pmpc/kit/history'
import {authorsOf} from './authors.js'
import {ignoreOf} from './ignore.js'
import {readCluster} from './read.js'
import type {Reading} from './read.js'
import {commitMessage, countChanges} from './report.js'
import type {ClusterResult} from './report.js'
import {suspects} from './secrets.js'
import type {Suspect} from './secrets.js'

export interface SyncOptions {
  workspace: Workspace
  repository: Repository
  cluster: string
  /** Id of the run, for the commit's trailer. */
  run: string
  /** As a person would type it, for the commit's trailer. */
  command: string
  /** Agree with all that is open, in the same commit. */
  accept: boolean
  /** Read and report only. */
  dryRun: boolean
  only?: KindName[]
  onProgress?: (text: string) => void
  /** Asked before text that looks like a secret is committed for the first time; false ends the sync. */
  confirmSecrets?: (suspects: Suspect[]) => Promise<boolean>
  env: NodeJS.ProcessEnv
}

/**
 * Fetches what a cluster is, and offers a merge: commits state and open items alone, and writes the offers into the working tree.
 * @throws what the client throws when the cluster cannot be read, PMPC_MANIFEST, PMPC_STATE_CORRUPT, PMPC_GIT_…; then nothing was changed
 */
export async function syncCluster(options: SyncOptions): Promise<ClusterResult> {
  const clock = new Stopwatch()
  const {workspace, repository, cluster} = options
  const before = await Bench.open(workspace, repository)
  const state = await before.state(cluster)
  const client = await clientOf(workspace, cluster, options.env)
  try {
    const work = before.work()
    work.catch(() => undefined)
    const reading = await clock.time('read', async () => readAll(client, state, options))
    await work
    return await finish({options, client, reading, before, state, work: await work, clock})
  } finally {
    await client.close()
  }
}

async function readAll(client: Client, before: ClusterState | undefined, options: SyncOptions): Promise<Reading> {
  return readCluster({
    client,
    cluster: options.cluster,
    before,
    only: options.only,
    ignore: ignoreOf(options.workspace.config.ignore),
    onProgress: (done, total) => options.onProgress?.(`${done} of ${total} guests`),
  })
}

/** A client for a cluster of the workspace, with the credential that is bound to it. */
async function clientOf(workspace: Workspace, cluster: string, env: NodeJS.ProcessEnv): Promise<Client> {
  const {endpoints, trust, token} = workspace.config.clusters[cluster]!
  const resolved = await resolveCredential({cluster, endpoints, trust, tokenId: token}, env)
  return createClient({endpoints: resolved.endpoints, trust, credential: resolved.credential, cluster, env})
}

interface Fetched {
  options: SyncOptions
  client: Client
  reading: Reading
  before: Bench
  state: ClusterState | undefined
  work: Manifests
  clock: Stopwatch
}

async function finish(fetched: Fetched): Promise<ClusterResult> {
  const {options, client, reading, state, clock} = fetched
  const {cluster} = options
  const unchanged = state !== undefined && stateDigest(state) === stateDigest(reading.state)
  const changes = unchanged ? [] : diffStates(state, reading.state)
  const found = suspects(state, reading.state)
  const warnings = [...reading.warnings, ...found.map(secretWarning)]
  const merged = await clock.time('merge', async () => mergeAll(fetched, changes))
  const counts = countChanges(changes, reading.stale)
  const items = merged.items.filter((item) => parseRef(item.object).cluster === cluster)
  const drift = items.filter((item) => item.state === 'drift').length
  const result: ClusterResult = {
    cluster,
    commit: null,
    counts,
    drift,
    conflicts: items.length - drift,
    open: items,
    changes,
    stale: reading.stale.map((object) => ({object: localKey(object), why: object.why})),
    ignored: reading.ignored,
    manifests: [],
    requests: client.stats().requests,
    time: clock.milliseconds,
    warnings,
  }
  if (options.dryRun) return result
  if (found.length > 0 && options.confirmSecrets && !(await options.confirmSecrets(found))) throw notCommitted()
  await clock.time('write', async () => write(fetched, changes, merged, result))
  result.requests = client.stats().requests
  return result
}

interface Merged {
  /** All open items of the workspace afterwards. */
  items: OpenItem[]
  work: Edits
  head: Edits
  headSide: Manifests
  accepted: number
}

/** Merges the objects that changed or are open; all others are as they were agreed on, or people's own business. */
async function mergeAll({options, reading, before, state, work}: Fetched, changes: ObjectChange[]): Promise<Merged> {
  const {cluster} = options
  const theirs = new Map(reading.state.objects.map((object) => [localKey(object), object]))
  const was = new Map((state?.objects ?? []).map((object) => [localKey(object), object]))
  const outside = before.items.filter((item) => !isInScope(parseRef(item.object), options))
  const inside = before.items.filter((item) => isInScope(parseRef(item.object), options))
  const refs = new Map<string, ObjectRef>()
  for (const item of inside) refs.set(item.object, parseRef(item.object))
  for (const change of changes) {
    for (const kind of [change.kind, change.was ?? change.kind]) {
      const ref = {cluster, kind, id: change.id}
      if (kind !== 'node' && isInScope(ref, options)) refs.set(formatRef(ref), ref)
    }
  }
  const headSide = await before.declared()
  const merged: Merged = {items: [...outside], work: new Map(), head: new Map(), headSide, accepted: 0}
  const ignore = ignoreOf(options.workspace.config.ignore)
  for (const ref of [...refs.values()].sort(compareObjects)) {
    const key = localKey(ref)
    const observed = theirs.get(key)
    const old = was.get(key)
    // A rule that was added is no deletion: what it covers is left as it is, and nothing stays open for it.
    const poolOf = (old ?? observed)?.facts.pool
    if (
      !observed &&
      old &&
      (ignore.object(ref.kind, ref.id, poolOf === undefined ? undefined : String(poolOf)) ||
        ignore.tags(old.config.tags))
    )
      continue
    const input: MergeInput = {
      ref,
      theirs: observed,
      before: old,
      items: inside.filter((item) => item.object === formatRef(ref)),
      head: headSide.declared(ref),
      work: work.declared(ref),
    }
    const outcome = mergeObject(input)
    if (!options.accept || outcome.items.length === 0) {
      merged.items.push(...outcome.items)
      if (outcome.edits.length > 0) merged.work.set(formatRef(ref), outcome.edits)
      continue
    }
    const decided = acceptObject({ref, offered: observed, items: outcome.items, head: input.head, work: input.work})
    merged.accepted += outcome.items.length
    if (decided.head.length > 0) merged.head.set(formatRef(ref), decided.head)
    if (decided.work.length > 0) merged.work.set(formatRef(ref), decided.work)
  }
  return merged
}

function isInScope(ref: ObjectRef, {cluster, only}: SyncOptions): boolean {
  return ref.cluster === cluster && (!only || only.includes(ref.kind))
}

async function write(
  {options, client, reading, before, state, work}: Fetched,
  changes: ObjectChange[],
  merged: Merged,
  result: ClusterResult,
): Promise<void> {
  const {repository, cluster} = options
  const now = await repository.head()
  if (now.oid !== before.head) throw moved()
  const spliced: Spliced = await work.splice(merged.work, merged.headSide)
  const head = merged.head.size > 0 ? await merged.headSide.splice(merged.head) : undefined
  for (const {object, why} of [...spliced.blocked, ...(head?.blocked ?? [])]) result.warnings.push(`${object}: ${why}`)
  const path = statePath(cluster)
  const unchanged = state !== undefined && stateDigest(state) === stateDigest(reading.state)
  const bytes = unchanged ? await before.committed(path) : await writeState(reading.state)
  const open = before.openFile(merged.items)
  const authors = state && changes.length > 0 ? await authorsOf(client, changes, await lastSync(before, cluster)) : []
  const files = [{path, content: bytes!}, ...(before.isCommitted(open.path) || open.content ? [open] : [])]
  const written = await before.write({
    files,
    head,
    work: spliced,
    runHooks: merged.head.size > 0,
    message: commitMessage({...result, run: options.run, command: options.command, authors, accepted: merged.accepted}),
  })
  result.commit = written.commit
  result.manifests = written.manifests
  for (const left of written.left) result.warnings.push(`${left.path} was changed meanwhile and was left as it is`)
  result.warnings.push(...written.warnings)
  if (written.commit && now.branch === null) {
    result.warnings.push(`HEAD is detached: commit ${written.commit.slice(0, 10)} belongs to no branch`)
  }
}

/** When the snapshot before was committed, in seconds; a little earlier, as clocks differ. */
async function lastSync(bench: Bench, cluster: string): Promise<number> {
  const [commit] = await bench.repository.log({paths: [bench.inRepository(statePath(cluster))], limit: 1})
  return commit ? Date.parse(commit.committer.date) / 1000 - 5 : Number.POSITIVE_INFINITY
}

function secretWarning({object, field, looksLike}: Suspect): string {
  return `${object} ${field} holds what looks like ${looksLike}: it will be in Git for good (leave it out with an ignore rule in pmpc.yaml)`
}

function notCommitted(): PmpcError {
  return new PmpcError('PMPC_SECRET_REFUSED', 'nothing was committed, as text in the cluster looks like a secret', {
    suggestions: [
      'take the secret out of the description in Proxmox VE',
      'add `- {key: description}` below `ignore:` in pmpc.yaml',
      'pmpc sync',
    ],
  })
}

function moved(): PmpcError {
  return new PmpcError('PMPC_GIT_MOVED', 'HEAD moved while the cluster was read; nothing was changed', {
    exitCode: 75,
    suggestions: ['pmpc sync'],
  })
}

/** Milliseconds by phase. */
class Stopwatch {
  readonly milliseconds: Record<string, number> = {}

  async time<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const begin = performance.now()
    try {
      return await work()
    } finally {
      this.milliseconds[phase] = Math.round((performance.now() - begin) * 10) / 10
    }
  }
}
