import {isDeepStrictEqual} from 'node:util'
import {authorsOf} from '../fetch/index.js'
import {statePath} from '../files/names.js'
import {gitMoved} from '../git/errors.js'
import {commitMessage, deedTrailers, userTrailers, type Deed, type TrailerKey} from '../git/trailers.js'
import {describeLeft} from '../git/worktree.js'
import type {Reader} from '../proxmox/index.js'
import {migration, rememberOffers, rememberSync, sweep} from '../reconcile/index.js'
import type {Assessment, ChangeSet, ClusterMerge, Merged, Session} from '../reconcile/index.js'
import type {Caller} from '../runs/index.js'
import {redactText} from '../secrets/redact.js'
import {isNoChange, writeState, type LeftOut, type ObjectChange} from '../state/index.js'
import {itemText} from '../workspace/index.js'
import {derivedOf} from './derived.js'
import {kindsRead} from './sight.js'
import {decidedDeeds} from './decision.js'
import {signed} from './signed.js'
import type {Fetched} from './sync-fetch.js'
import {describeSync, type ClusterResult} from './sync-result.js'

/** A cluster merged into its manifests: what was looked at, and what follows. */
export interface Merging {
  input: ClusterMerge
  merged: Merged
  assessment: Assessment
}

/** What is to be written of a cluster. */
export interface Writing {
  session: Session
  fetched: Fetched
  merging: Merging
  result: ClusterResult
  reader: Reader
  /** What the rules leave out. */
  leftOut: LeftOut
  /** An apply's: it has looked at its own objects only, and knows who changed them. */
  applied?: {
    subject: string
    lines: string[]
    trailers: [TrailerKey, string][]
    deeds: Deed[]
    /** `apply`, or what somebody asked for at the keyboard. */
    command: string
    /** What was done leaves no trace in what is observed: the commit alone tells of it. */
    isTraceless: boolean
  }
}

/**
 * Commits state, pairs and open items, and writes the offers; without a difference nothing is written.
 * @throws PMPC_GIT_MOVED where HEAD is not what was merged, and as `Session.write`
 */
export async function write(
  {session, fetched, merging, result, reader, leftOut, applied}: Writing,
  caller: Caller,
): Promise<ClusterResult> {
  const {run, signal} = caller
  const {repository, workspace} = session
  const {cluster, reading: read, changes, work} = fetched
  const {input, merged} = merging
  const {view, accept} = input
  const {branch, oid} = await repository.head()
  if (oid !== session.head) throw gitMoved(session.head, oid)
  if (!applied)
    rememberSync(workspace.root, cluster, {
      run: run.id,
      at: new Date().toISOString(),
      stale: result.stale,
      ignored: result.ignored,
      ignoredObjects: [...read.ignoredObjects].sort(),
      rules: workspace.config.ignore,
      kinds: kindsRead(workspace, cluster, input.only),
    })
  view.history.keep()
  const nothing = changes.length === 0 && merged.work.length + merged.head.length === 0
  if (nothing && !applied?.isTraceless && session.stands(cluster, session.ownFiles(merged.pairs, merged.items))) {
    if (!isDeepStrictEqual(merged.noted, view.noted)) rememberOffers(workspace.root, merged.noted)
    return result
  }
  const spliced = await work.splice(merged.work, {restoreFrom: view.head})
  const head = merged.head.length > 0 ? await view.head.splice(merged.head) : undefined
  const told = describeSync(result, merged.accepted.length, leftOut)
  const {subject, lines} = applied ? {...applied, lines: [...applied.lines, ...told.lines]} : told
  const deeds = applied?.deeds ?? (await deedsIn(session, fetched, result, reader, run.secrets))
  // A question that was cut off is none that PVE has no answer to.
  if (!applied) signal?.throwIfAborted()
  const named = signed(merged, cluster, result.changes, deeds ?? [])
  const code = applied || accept ? await derivedOf(session, caller, fetched.reading.state) : {files: [], warnings: []}
  const written = await session.write({
    derived: code.files,
    ...(await ownFiles(session, fetched, {...merging, merged: named})),
    head,
    work: spliced,
    runHooks: merged.head.length > 0,
    allowEmpty: applied?.isTraceless ?? false,
    message: commitMessage(subject, lines, [
      ['run', run.id],
      ['cluster', cluster],
      ['command', applied ? applied.command : accept ? 'sync --accept' : 'sync'],
      ...(applied?.trailers ?? []),
      ...told.trailers,
      ...userTrailers(deeds ?? []),
      ...deedTrailers('change', deeds, result.changes.some(isInSight)),
      ...deedTrailers('accepted', input.before || !accept ? decidedDeeds(named.accepted.map(itemText)) : undefined),
    ]),
  })
  rememberOffers(workspace.root, merged.noted)
  if (written.commit) await session.repository.installHunkNames()
  const said = [...spliced.kept, ...spliced.blocked, ...(head?.blocked ?? [])]
  return {
    ...result,
    open: named.items.filter(({ref}) => ref.cluster === cluster).map(itemText),
    commit: written.commit,
    manifests: written.manifests,
    warnings: [
      ...result.warnings,
      ...code.warnings,
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

/** Who did what changed, in words without secrets; undefined of a first sync, to which all is new. */
async function deedsIn(
  session: Session,
  {cluster, before}: Fetched,
  {changes}: ClusterResult,
  reader: Reader,
  secrets: Iterable<string>,
): Promise<Deed[] | undefined> {
  const told = changes.filter((change) => !isNoChange(change))
  if (!before || told.length === 0) return before && []
  const deeds = await authorsOf(reader, told, await lastSync(session, cluster))
  const isClean = (text = '') => redactText(text, secrets, 'message') === text
  return deeds.map((deed) => (isClean(deed.user ?? '') && isClean(deed.upid) ? deed : anonymous(deed)))
}

/** Whether something came into sight of which nobody can tell who made it, and when. */
function isInSight({read, fields}: ObjectChange): boolean {
  return read === true || fields.some((field) => field.read)
}

function anonymous({object, what}: Deed): Deed {
  return {object, what, user: null}
}

/** When the snapshot before was committed, in seconds; a little earlier, as clocks differ. */
async function lastSync(session: Session, cluster: string): Promise<number> {
  const [commit] = await session.repository.log({paths: [session.inRepository(statePath(cluster))], limit: 1})
  return commit ? Date.parse(commit.committer.date) / 1000 - 5 : Number.POSITIVE_INFINITY
}
