import {PmpcError} from '../errors/index.js'
import type {LoggedCommit} from '../git/log.js'
import type {Repository} from '../git/repository.js'
import {trailersOf} from '../git/trailers.js'
import type {ClusterState, ObjectRef} from '../resources/model.js'
import {diffStates, type ObjectChange} from '../state/diff.js'
import {isNoChange, leftOutBy, unreadBy, withIgnored, withRead} from '../state/ignored.js'
import {statesAt, statesIn} from './load.js'

/** One end of a comparison. */
export interface Side {
  /** As it was asked for; `HEAD~3`, or what pmpc chose. */
  rev: string
  /** The commit; null is the working tree on the right, and nothing at all on the left. */
  commit: string | null
}

/** What `pmpc diff` tells programs; docs/schema/diff.json. */
export interface Changes {
  before: Side
  after: Side
  /** `ignored`: also what is read from here on; neither is a change of the cluster. */
  counts: Record<ObjectChange['change'], number>
  changes: (ObjectChange & {cluster: string})[]
}

/** What to compare. */
export interface Comparison {
  repository: Repository
  root: string
  /** `A..B`; `A` is compared with the working tree; without it the last commit that changed a state with the one before. */
  range?: string
  /** Only these objects. */
  refs?: ObjectRef[]
  /** Only what one of these says; beside `refs`. */
  isWanted?: ((change: ObjectRef) => boolean) | undefined
  /** Only these clusters. */
  clusters?: readonly string[]
}

/** What to compare, and what is known of the commits in between. */
interface Candidate {
  sides: [Side, Side]
  /** The commits that one run made; undefined: they are asked for where it matters. */
  commits?: LoggedCommit[]
}

/**
 * What changed in the clusters between two revisions.
 * Throws PMPC_UNKNOWN_REVISION, PMPC_BAD_RANGE, PMPC_HISTORY_CUT (a shallow clone without the commit before), and errors of readState.
 */
export async function changesBetween(comparison: Comparison): Promise<Changes> {
  const {repository, root, range, refs, isWanted, clusters} = comparison
  const candidates = range === undefined ? lastChanges(repository, root) : [{sides: await sidesOf(repository, range)}]
  let found: Changes['changes'] = []
  let chosen: Candidate | undefined
  for await (const candidate of candidates) {
    const [before, after] = candidate.sides
    const was = before.commit === null ? [] : await statesAt(repository, root, before.commit)
    const all = compare(was, await statesAt(repository, root, after.commit))
    const changes = all.filter(({cluster}) => !clusters || clusters.includes(cluster))
    if (chosen && changes.length === 0) continue
    chosen = candidate
    found = changes
    if (changes.length > 0) break
  }
  const [before, after] = chosen!.sides
  const told = await withSightIn(comparison, chosen!, found)
  const isAll = !refs && !isWanted
  const changes = told.filter(
    (change) => isAll || isWanted?.(change) === true || refs?.some((ref) => isMeant(change, ref)) === true,
  )
  const counts = {added: 0, removed: 0, changed: 0, replaced: 0, ignored: 0}
  for (const change of changes) counts[isNoChange(change) ? 'ignored' : change.change]++
  return {before, after, counts, changes}
}

/** What the commits in between say that a rule left out was removed by nobody, nor was what is read since added. Git is asked only where something came or went. */
async function withSightIn(
  {repository, root}: Comparison,
  {sides: [before, after], commits}: Candidate,
  changes: Changes['changes'],
): Promise<Changes['changes']> {
  const isOneSided = ({change, fields}: ObjectChange) =>
    change === 'removed' || change === 'added' || fields.some((field) => !('after' in field) || !('before' in field))
  if (!changes.some(isOneSided) || before.commit === null) return changes
  const rev = `${before.commit}..${after.commit ?? 'HEAD'}`
  const between = commits ?? (await repository.log({rev, paths: [statesIn(repository, root)]}))
  return changes.flatMap(({cluster, ...change}) => {
    const ofCluster = between.filter((commit) => trailersOf(commit, 'cluster').includes(cluster))
    const words = (key: 'ignored' | 'read') => ofCluster.flatMap((commit) => trailersOf(commit, key))
    const told = withRead(withIgnored([change], leftOutBy(words('ignored'))), unreadBy(words('read')))
    return told.map((each) => ({cluster, ...each}))
  })
}

function compare(before: ClusterState[], after: ClusterState[]): Changes['changes'] {
  const clusters = [...new Set([...before, ...after].map(({cluster}) => cluster))].sort()
  const find = (states: ClusterState[], cluster: string) => states.find((state) => state.cluster === cluster)
  return clusters.flatMap((cluster) =>
    diffStates(find(before, cluster), find(after, cluster)).map((change) => ({cluster, ...change})),
  )
}

function isMeant(change: ObjectChange & {cluster: string}, ref: ObjectRef): boolean {
  return change.cluster === ref.cluster && change.id === ref.id && (change.kind === ref.kind || change.was === ref.kind)
}

async function sidesOf(repository: Repository, range: string): Promise<[Side, Side]> {
  const match = /^(?<from>.*?)(?:\.\.(?<to>.*))?$/.exec(range)!.groups!
  const {from, to} = match
  if (range.includes('...') || (!from && !to)) throw badRange(range)
  const side = async (rev: string): Promise<Side> => ({rev, commit: await repository.resolve(rev)})
  if (to === undefined) return [await side(from!), workingTree]
  return [await side(from || 'HEAD'), await side(to || 'HEAD')]
}

/** How far back is looked for a run that saw a change. A run makes a commit a cluster. */
const lookedAt = 64

/**
 * What the last run that saw a change saw, in all clusters: a run commits each by itself. A migration of the schema touches files and changes
 * nothing, so the runs before it are candidates, too.
 */
async function* lastChanges(repository: Repository, root: string): AsyncGenerator<Candidate> {
  const commits = await repository.log({paths: [statesIn(repository, root)], limit: lookedAt})
  if (commits.length === 0) yield {sides: [nothing, workingTree]}
  for (const [at, run] of byRun(commits).entries()) {
    const [last, first] = [run[0]!, run.at(-1)!]
    const [parent = null] = first.parents
    const isCut = parent === null && repository.isShallow
    if (isCut && at === 0) throw historyCut(short(first))
    if (isCut) return
    const before = parent === null ? nothing : {rev: `${short(first)}^`, commit: parent}
    yield {sides: [before, {rev: short(last), commit: last.oid}], commits: run}
  }
}

function short({oid}: LoggedCommit): string {
  return oid.slice(0, 12)
}

/** Commits that one run made one after the other, newest first; one of nobody's stands by itself. */
function byRun(commits: LoggedCommit[]): LoggedCommit[][] {
  const runs: LoggedCommit[][] = []
  for (const commit of commits) {
    const [run] = trailersOf(commit, 'run')
    const later = runs.at(-1)
    if (later && run !== undefined && trailersOf(later[0]!, 'run')[0] === run) later.push(commit)
    else runs.push([commit])
  }
  return runs
}

const nothing: Side = {rev: 'nothing', commit: null}
const workingTree: Side = {rev: 'working tree', commit: null}

function badRange(range: string): PmpcError {
  return new PmpcError('PMPC_BAD_RANGE', `"${range}" is no range: expected REV or REV..REV`, {
    suggestions: ['pmpc diff HEAD~1..HEAD', 'pmpc diff HEAD~5', 'pmpc diff --help'],
    data: {range},
  })
}

function historyCut(commit: string): PmpcError {
  return new PmpcError('PMPC_HISTORY_CUT', `This clone is shallow: it does not hold what was before ${commit}.`, {
    suggestions: ['git fetch --deepen=50', 'git fetch --unshallow'],
    data: {commit},
  })
}
