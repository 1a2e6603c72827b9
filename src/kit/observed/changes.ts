import {PmpcError} from '../errors/index.js'
import type {Repository} from '../git/repository.js'
import type {ClusterState, ObjectRef} from '../resources/model.js'
import {diffStates, type ObjectChange} from '../state/diff.js'
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
}

/**
 * What changed in the clusters between two revisions.
 * Throws PMPC_UNKNOWN_REVISION, PMPC_BAD_RANGE, PMPC_HISTORY_CUT (a shallow clone without the commit before), and errors of readState.
 */
export async function changesBetween(comparison: Comparison): Promise<Changes> {
  const {repository, root, range, refs} = comparison
  const candidates = range === undefined ? lastChanges(repository, root) : [await sidesOf(repository, range)]
  let found: Changes['changes'] = []
  let sides: [Side, Side] | undefined
  for await (const candidate of candidates) {
    const [before, after] = candidate
    const was = before.commit === null ? [] : await statesAt(repository, root, before.commit)
    const changes = compare(was, await statesAt(repository, root, after.commit))
    if (sides && changes.length === 0) continue
    sides = candidate
    found = changes
    if (changes.length > 0) break
  }
  const [before, after] = sides!
  const changes = found.filter((change) => !refs || refs.some((ref) => isMeant(change, ref)))
  const counts = {added: 0, removed: 0, changed: 0, replaced: 0}
  for (const {change} of changes) counts[change]++
  return {before, after, counts, changes}
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

/** A migration of the schema touches files and changes nothing: so the last few commits, until one saw a change. */
async function* lastChanges(repository: Repository, root: string): AsyncGenerator<[Side, Side]> {
  const commits = await repository.log({paths: [statesIn(repository, root)], limit: 10})
  if (commits.length === 0) yield [nothing, workingTree]
  for (const [at, {oid, parents}] of commits.entries()) {
    const short = oid.slice(0, 12)
    const parent = parents[0] ?? null
    const isCut = parent === null && repository.isShallow
    if (isCut && at === 0) throw historyCut(short)
    if (isCut) return
    yield [parent === null ? nothing : {rev: `${short}^`, commit: parent}, {rev: short, commit: oid}]
  }
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
