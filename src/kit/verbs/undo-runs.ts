// Which commits tell of a run, and what was recorded before and after it.
import {PmpcError} from '../errors/index.js'
import {STATE_FOLDER, statePath} from '../files/names.js'
import type {LoggedCommit} from '../git/log.js'
import {appliedIn, trailersOf} from '../git/trailers.js'
import type {Session} from '../reconcile/index.js'
import {localKey, type ClusterState, type Observed} from '../resources/index.js'
import {loadStateBlob} from '../state/index.js'
import type {Later} from './volume-back.js'

/** The commits in which a run told what it did, and those of all runs; the last one first. @throws PMPC_NOT_FOUND, PMPC_NOTHING_TO_UNDO */
export async function observationsOf(
  session: Session,
  of: string | undefined,
): Promise<{commits: LoggedCommit[]; applied: LoggedCommit[]}> {
  const {repository} = session
  const all = await repository.log({paths: [session.inRepository(STATE_FOLDER)]})
  const applied = all.filter((commit) => appliedIn(commit).length > 0)
  const ofRun = (run: string | undefined) => applied.filter((commit) => trailersOf(commit, 'run').includes(run ?? ''))
  if (of === undefined) {
    const last = applied.find((commit) => appliedIn(commit).some(({how}) => how === 'done'))
    if (last) return {commits: ofRun(trailersOf(last, 'run')[0]), applied}
    throw new PmpcError('PMPC_NOTHING_TO_UNDO', 'no commit tells of an apply that has done anything', {
      suggestions: ['pmpc log'],
    })
  }
  const named = ofRun(of)
  if (named.length > 0) return {commits: named, applied}
  const oid = await repository.resolve(of).catch(() => undefined)
  const [commit] = oid === undefined ? [] : await repository.log({rev: oid, limit: 1})
  const found = commit ? ofRun(trailersOf(commit, 'run')[0]) : []
  if (found.length > 0) return {commits: found, applied}
  throw new PmpcError('PMPC_NOT_FOUND', `${of} is neither a run of pmpc apply in HEAD's history nor a commit of one`, {
    suggestions: ["git log --grep '^Pmpc-Applied'   # the runs, by Pmpc-Run", 'pmpc log'],
    data: {of},
  })
}

/** Objects by `localKey`. */
export type Objects = ReadonlyMap<string, Observed>

/** The objects that a commit has recorded, by `localKey`. */
async function recordedAt(session: Session, rev: string, cluster: string): Promise<Objects> {
  const {repository, workspace} = session
  const content = await repository.readBlob(rev, session.inRepository(statePath(cluster)))
  if (!content) return new Map()
  const oid = repository.hashBlob(content)
  const {objects} = await loadStateBlob({root: workspace.root, oid, read: async () => content})
  return byKey({objects})
}

/** The objects of a state. */
export const byKey = (state: Pick<ClusterState, 'objects'> | undefined): Objects =>
  new Map(state?.objects.map((object) => [localKey(object), object]))

/** What was recorded of a cluster before a commit of a run, and by it. */
export async function recordedAround(
  session: Session,
  {oid, parents}: LoggedCommit,
  cluster: string,
): Promise<[Objects, Objects]> {
  return Promise.all([recordedAt(session, parents[0]!, cluster), recordedAt(session, oid, cluster)])
}

/**
 * What the runs after a commit have done to an object, the oldest first.
 * @param applied the commits of all runs, the last one first
 * @param of the commit of a run, and the `localKey` of one of its objects
 */
export async function laterRuns(
  session: Session,
  applied: readonly LoggedCommit[],
  {commit, key}: {commit: LoggedCommit; key: string},
): Promise<Later[]> {
  const at = applied.findIndex(({oid}) => oid === commit.oid)
  const [cluster] = trailersOf(commit, 'cluster')
  const runs: Later[] = []
  for (const later of applied.slice(0, Math.max(0, at)).reverse()) {
    const done = appliedIn(later).find(({object, how}) => object === key && how === 'done')
    const isHere = cluster !== undefined && trailersOf(later, 'cluster')[0] === cluster && later.parents.length > 0
    if (!isHere || !done || typeof done.what === 'string') continue
    const [before, after] = await recordedAround(session, later, cluster)
    const [from, to] = [before.get(key), after.get(key)]
    if (from && to) runs.push({fields: done.what, before: from.config, after: to.config})
  }
  return runs
}
