import {isDeepStrictEqual} from 'node:util'
import {createClient, resolveCredential} from 'pmpc/kit/proxmox'
import type {Client, ExchangeReport} from 'pmpc/kit/proxmox'
import {PmpcError} from 'pmpc/kit/errors'
import {
  acceptObject,
  decidedElsewhere,
  describeMove,
  Bench,
  ignoreOf,
  mergeObject,
  parseField,
  rejectObject,
  rememberSync,
  stagedMoves,
  subjectOf,
  subjectOfDeclared,
  withoutKeys,
} from 'pmpc/kit/reconcile'
import type {Edits, Ignore, Manifests, MergeInput} from 'pmpc/kit/reconcile'
import {statePath} from 'pmpc/kit/files'
import {compareObjects, formatRef, kindOf, localKey, parseRef} from 'pmpc/kit/resources'
import type {ClusterState, Config, KindName, ObjectRef, Observed, Value} from 'pmpc/kit/resources'
import {diffStates, writeState} from 'pmpc/kit/state'
import type {ObjectChange} from 'pmpc/kit/state'
import type {OpenItem, Workspace} from 'pmpc/kit/workspace'
import type {Repository} from 'pmpc/kit/git'
import type {Run} from 'pmpc/kit/runs'
import {authorsOf} from './authors.js'
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
  /** Its id stands in the commit's trailer, its log tells of each phase and of what failed. */
  record: Run
  /** As a person would type it, for the commit's trailer. */
  command: string
  /** Agree with all that is open, in the same commit. */
  accept: boolean
  only?: KindName[]
  onProgress?: (text: string) => void
  env: NodeJS.ProcessEnv
}

/** A cluster that was read, and what would become of it. */
export interface Fetched {
  result: ClusterResult
  /** Text that looks like a secret and would be committed for the first time. */
  suspects: Suspect[]
  /** Commits state and open items, and writes the offers. @throws PMPC_GIT_…; then nothing was changed */
  write(): Promise<ClusterResult>
  /** Must be called in the end. */
  close(): Promise<void>
}

/**
 * Fetches what a cluster is and works out the merge; nothing is written before `write`.
 * @throws what the client throws when the cluster cannot be read, PMPC_MANIFEST, PMPC_STATE_CORRUPT
 */
export async function fetchCluster(options: SyncOptions): Promise<Fetched> {
  const clock = new Stopwatch(options.record)
  const {workspace, repository, cluster} = options
  const bench = await Bench.open(workspace, repository)
  const state = await bench.state(cluster)
  const client = await clientOf(options)
  try {
    // Manifests are read while the cluster answers.
    const manifests = bench.work()
    manifests.catch(() => undefined)
    const reading = await clock.time('read', async () => readAll(client, state, options))
    const work = await manifests
    const fetch: Fetch = {
      options,
      client,
      reading,
      bench,
      state,
      work,
      clock,
      changes: changesBetween(state, reading.state),
    }
    const merged = await clock.time('merge', async () => mergeAll(fetch))
    const result = resultOf(fetch, merged)
    return {
      result,
      suspects: suspects(state, reading.state),
      async write() {
        await clock.time('write', async () => write(fetch, merged, result))
        result.requests = client.stats().requests
        return result
      },
      close: async () => client.close(),
    }
  } catch (error) {
    await client.close()
    throw error
  }
}

function changesBetween(before: ClusterState | undefined, after: ClusterState): ObjectChange[] {
  // Nearly always nothing has changed: telling that must not cost more than reading it.
  return isDeepStrictEqual(before?.objects, after.objects) ? [] : diffStates(before, after)
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

/** A client for the cluster, with the credential that is bound to it. */
async function clientOf({workspace, cluster, env, record}: SyncOptions): Promise<Client> {
  const {endpoints, trust, token} = workspace.config.clusters[cluster]!
  const resolved = await resolveCredential({cluster, endpoints, trust, tokenId: token}, env)
  for (const value of Object.values(resolved.credential)) if (value !== token) record.registerSecret(String(value))
  const onExchange = (exchange: ExchangeReport) => {
    if (exchange.status !== 200) record.log('exchange', {...exchange})
  }
  return createClient({endpoints: resolved.endpoints, trust, credential: resolved.credential, cluster, env, onExchange})
}

interface Fetch {
  options: SyncOptions
  client: Client
  reading: Reading
  bench: Bench
  /** B: the snapshot before. */
  state: ClusterState | undefined
  /** W: the working tree. */
  work: Manifests
  changes: ObjectChange[]
  clock: Stopwatch
}

function resultOf({options, client, reading, changes, clock}: Fetch, merged: Merged): ClusterResult {
  const items = merged.items.filter((item) => parseRef(item.object).cluster === options.cluster)
  const drift = items.filter((item) => item.state === 'drift').length
  const told = changes.filter((change) => !reading.ignoredObjects.has(localKey(change)))
  return {
    cluster: options.cluster,
    commit: null,
    counts: countChanges(told, reading.stale),
    drift,
    conflicts: items.length - drift,
    open: items,
    changes: told,
    stale: reading.stale.map((object) => ({object: localKey(object), why: object.why})),
    ignored: reading.ignored,
    manifests: [],
    requests: client.stats().requests,
    time: clock.milliseconds,
    warnings: reading.warnings,
  }
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
async function mergeAll({options, reading, bench, state, work, changes}: Fetch): Promise<Merged> {
  const {cluster} = options
  const theirs = new Map(reading.state.objects.map((object) => [localKey(object), object]))
  const was = new Map((state?.objects ?? []).map((object) => [localKey(object), object]))
  const outside = bench.items.filter((item) => !isInScope(parseRef(item.object), options))
  const inside = bench.items.filter((item) => isInScope(parseRef(item.object), options))
  const refs = new Map<string, ObjectRef>()
  for (const item of inside) refs.set(item.object, parseRef(item.object))
  for (const change of changes) {
    for (const kind of [change.kind, change.was ?? change.kind]) {
      const ref = {cluster, kind, id: change.id}
      if (kind !== 'node' && isInScope(ref, options)) refs.set(formatRef(ref), ref)
    }
  }
  const headSide = await bench.declared()
  const merged: Merged = {items: [...outside], work: new Map(), head: new Map(), headSide, accepted: 0}
  const ignore = ignoreOf(options.workspace.config.ignore)
  const moved = options.accept ? await stagedMoves(bench, [headSide, work], refs.keys()) : []
  const vanished = mostGuestsVanished(state, changes)
  if (vanished) reading.warnings.push(vanished)
  for (const ref of [...refs.values()].sort(compareObjects)) {
    const key = localKey(ref)
    const observed = theirs.get(key)
    const old = was.get(key)
    const input: MergeInput = {
      ref,
      theirs: observed,
      before: old,
      items: inside.filter((item) => item.object === formatRef(ref)),
      head: headSide.declared(ref),
      work: work.declared(ref),
    }
    // A rule that was added is no deletion: what it covers is left as it is, and nothing stays open for it.
    if (!observed && (reading.ignoredObjects.has(key) || (old && ignore.object(subjectOf(old))))) continue
    const outcome = mergeObject(withoutIgnored(input, ignore))
    const move = moved.find(({object}) => object === formatRef(ref))
    if (move && outcome.items.length > 0)
      reading.warnings.push(`${describeMove(move)}; it stays open. Commit the move, then: pmpc accept`)
    const mayAccept = options.accept && !move && !(vanished && !input.theirs)
    if (!mayAccept || outcome.items.length === 0) {
      merged.items.push(...outcome.items)
      if (outcome.edits.length > 0) merged.work.set(formatRef(ref), outcome.edits)
      continue
    }
    const decided = acceptObject({ref, offered: observed, items: outcome.items, head: input.head, work: input.work})
    merged.accepted += outcome.items.length
    if (decided.head.length > 0) merged.head.set(formatRef(ref), decided.head)
    if (decided.work.length > 0) merged.work.set(formatRef(ref), decided.work)
  }
  withdrawDecided(merged, {
    refs,
    was,
    work,
    headSide,
    decided: decidedElsewhere(options.workspace.root, cluster, bench.items),
  })
  return merged
}

/**
 * An offer that this clone wrote into its working tree, and that somebody rejected elsewhere, is taken back out; one that was accepted
 * is in HEAD now, and stays. Objects that have something open or changed again are merged anyway.
 */
function withdrawDecided(
  merged: Merged,
  known: {
    refs: Map<string, ObjectRef>
    was: Map<string, Observed>
    work: Manifests
    headSide: Manifests
    decided: OpenItem[]
  },
): void {
  for (const object of new Set(known.decided.map((item) => item.object))) {
    if (known.refs.has(object)) continue
    const ref = parseRef(object)
    const items = known.decided.filter((item) => item.object === object)
    const offered = known.was.get(localKey(ref))
    const sides = {head: known.headSide.declared(ref), work: known.work.declared(ref)}
    const {work} = rejectObject({ref, offered, items, ...sides})
    if (work.length > 0) merged.work.set(object, work)
  }
}

/** All sides without the keys that a rule leaves out, so that none of them looks removed. */
function withoutIgnored(input: MergeInput, ignore: Ignore): MergeInput {
  const {theirs, before, head, work} = input
  const seen = theirs ?? before
  const subject = seen ? subjectOf(seen) : head && subjectOfDeclared(head)
  const isIgnored = ignore.keys({...subject, kind: input.ref.kind, id: input.ref.id})
  const strip = <T extends {config: Config}>(side: T | undefined) => side && withoutKeys(side, isIgnored)
  const items = input.items.flatMap((item) => {
    if (item.field === undefined) return [item.base ? {...item, base: baseWithout(item.base, isIgnored)} : item]
    const [first, key] = parseField(item.field)?.path ?? []
    return first === 'config' && isIgnored(key!) ? [] : [item]
  })
  return {...input, theirs: strip(theirs), before: strip(before), head: strip(head), work: strip(work), items}
}

function baseWithout(base: Value, isIgnored: (key: string) => boolean): Value {
  const document = base as unknown as {config: Config}
  return withoutKeys(document, isIgnored) as unknown as Value
}

/**
 * A cluster file system that is just starting lists no guests for a moment. So many deletions at once are offered like any other,
 * but never agreed to by `--accept`.
 */
function mostGuestsVanished(before: ClusterState | undefined, changes: ObjectChange[]): string | undefined {
  const total = before?.objects.filter((object) => isGuest(object.kind)).length ?? 0
  const gone = changes.filter((change) => change.change === 'removed' && isGuest(change.kind)).length
  if (gone < 3 || gone * 2 <= total) return undefined
  return `${gone} of ${total} guests are gone at once. If that is right: pmpc accept. If not, sync again once the cluster is well`
}

function isGuest(kind: KindName): boolean {
  return kindOf(kind).guest !== undefined
}

function isInScope(ref: ObjectRef, {cluster, only}: SyncOptions): boolean {
  return ref.cluster === cluster && (!only || only.includes(ref.kind))
}

async function write(
  {options, client, reading, bench, state, work, changes}: Fetch,
  merged: Merged,
  result: ClusterResult,
): Promise<void> {
  const {repository, cluster, record} = options
  const {branch, oid} = await repository.head()
  if (oid !== bench.head) throw moved()
  rememberSync(options.workspace.root, cluster, {
    run: record.id,
    at: new Date().toISOString(),
    stale: result.stale,
    ignored: result.ignored,
    ignoredObjects: [...reading.ignoredObjects].sort(),
    offered: result.open,
  })
  if (changes.length === 0 && merged.work.size + merged.head.size === 0 && bench.stands(cluster, merged.items)) return
  const spliced = await work.splice(merged.work, merged.headSide)
  const head = merged.head.size > 0 ? await merged.headSide.splice(merged.head) : undefined
  for (const {object, why} of [...spliced.blocked, ...(head?.blocked ?? [])]) result.warnings.push(`${object}: ${why}`)
  const path = statePath(cluster)
  const kept = changes.length === 0 ? await bench.committed(path) : undefined
  const open = bench.openFile(merged.items)
  const authors =
    state && changes.length > 0 ? await authorsOf(client, result.changes, await lastSync(bench, cluster)) : []
  const written = await bench.write({
    files: [
      {path, content: kept ?? (await writeState(reading.state))},
      ...(bench.isCommitted(open.path) || open.content ? [open] : []),
    ],
    head,
    work: spliced,
    runHooks: merged.head.size > 0,
    message: commitMessage({...result, run: record.id, command: options.command, authors, accepted: merged.accepted}),
  })
  result.commit = written.commit
  result.manifests = written.manifests
  result.warnings.push(
    ...written.left.map((left) => `${left.path} was changed meanwhile and was left as it is`),
    ...written.warnings,
  )
  if (written.commit && branch === null) {
    result.warnings.push(`HEAD is detached: commit ${written.commit.slice(0, 10)} belongs to no branch`)
  }
}

/** When the snapshot before was committed, in seconds; a little earlier, as clocks differ. */
async function lastSync(bench: Bench, cluster: string): Promise<number> {
  const [commit] = await bench.repository.log({paths: [bench.inRepository(statePath(cluster))], limit: 1})
  return commit ? Date.parse(commit.committer.date) / 1000 - 5 : Number.POSITIVE_INFINITY
}

function moved(): PmpcError {
  return new PmpcError('PMPC_GIT_MOVED', 'HEAD moved while the cluster was read; nothing was changed', {
    suggestions: ['pmpc sync'],
  })
}

/** Milliseconds by phase, of one cluster. */
class Stopwatch {
  readonly milliseconds: Record<string, number> = {}

  constructor(private readonly record: Run) {}

  async time<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const begin = performance.now()
    try {
      return await this.record.phase(phase, work)
    } finally {
      this.milliseconds[phase] = Math.round((performance.now() - begin) * 10) / 10
    }
  }
}
