import {keepWords, type OpenWord} from '../completion/index.js'
import {equalValues, kinds, parseField, parseRef} from '../resources/index.js'
import type {ClusterState, KindName} from '../resources/index.js'
import {requireWorkspace} from '../workspace/index.js'
import type {ManifestIndex, Problem} from '../workspace/index.js'
import {viewOf} from '../reconcile/assess.js'
import {assessRecorded} from '../reconcile/cluster.js'
import {absentIn, peoplesManifests} from '../reconcile/offers.js'
import {Session} from '../reconcile/session.js'
import {alsoIgnoring, ignoreOf} from '../workspace/ignore.js'
import {recallSync} from '../reconcile/last-sync.js'
import type {LastSync} from '../reconcile/last-sync.js'
import {recallParked, type Parked} from '../reconcile/parked.js'
import {overviewOf} from '../reconcile/overview.js'
import type {Overview} from '../reconcile/overview.js'
import {reading} from '../runs/index.js'
import type {Glance} from './kept-glance.js'
import {keepStatus, type Standing} from './kept-status.js'

/** How one cluster stands; part of what `pmpc status --json` prints. */
export interface ClusterStatus extends Overview {
  cluster: string
  endpoints: string[]
  /** Whether a state of it is committed. */
  recorded: boolean
  /** How many objects were observed, by kind. */
  objects: Record<KindName, number>
  /** Kept as they were, as the last sync in this clone could not read them. */
  stale: LastSync['stale']
  /** `home/vm/100 config.memory`: what cannot be told from a wish, as this clone's history ends too early. */
  undecided: string[]
  /** Left out by rule in the last sync of this clone. */
  ignored: LastSync['ignored']
  /** When this clone last synced it (ISO 8601), or null. */
  synced: string | null
}

/** Everything about the workspace that waits for somebody. */
export interface WorkspaceStatus {
  clusters: ClusterStatus[]
  /** What is wrong in the manifests, with file, line and column. */
  problems: Problem[]
  /** Manifests that `git restore` emptied; the next sync writes or removes them. */
  emptied: string[]
  /** What `pmpc park` took out of the working tree of this clone and is still open, and texts of people's that it keeps; null: nothing. */
  parked: Parked | null
}

/** Reads how a workspace and its repository stand; see `status`. With a glance that was taken before, the status is kept. */
export async function readStatus(root: string, glance?: Glance): Promise<Standing> {
  const workspace = await requireWorkspace(root)
  return reading(workspace.root, async (repository) => {
    const session = await Session.open(workspace, repository)
    const [status, head, drivers] = await Promise.all([
      statusOf(session),
      repository.head(),
      repository.driversInstalled(),
    ])
    if (glance) await keepStatus(glance, status, repository, session)
    return {status, head, operation: repository.operationInProgress(), drivers}
  })
}

/** What is wrong in the committed manifests, where that is why nothing can be told from them. */
function unreadableHead(error: unknown): Problem[] {
  const {code, data} = error as {code?: string; data?: {problems: Problem[]}}
  if (code === 'PMPC_MANIFEST' && data) return data.problems
  throw error
}

/** Where HEAD's manifests cannot be read nobody can tell what is open: what is wrong is told, in both places, and no more. */
async function unreadableStatus(
  session: Session,
  {problems, empty}: ManifestIndex,
  committed: Problem[],
): Promise<WorkspaceStatus> {
  const clusters: ClusterStatus[] = []
  for (const cluster of session.workspace.clusters) {
    const state = await session.state(cluster)
    const nothing = {drift: [], conflicts: [], unmanaged: [], yours: [], undecided: []}
    clusters.push({...summaryOf(session, cluster, state), ...nothing})
  }
  const here = new Set(problems.map(({path, message}) => `${path} ${message}`))
  const other = committed.filter(({path, message}) => !here.has(`${path} ${message}`))
  return {
    clusters,
    problems: [...problems, ...other.map((each) => ({...each, message: `${each.message} (as it is committed)`}))],
    emptied: empty,
    parked: recallParked(session.workspace.root) ?? null,
  }
}

function countByKind(objects: ClusterState['objects']): Record<KindName, number> {
  const counts = Object.fromEntries(kinds.map(({name}) => [name, 0])) as Record<KindName, number>
  for (const {kind} of objects) counts[kind]++
  return counts
}

/** What is known of a cluster without its manifests. */
function summaryOf(session: Session, cluster: string, state: ClusterState | undefined) {
  const last = recallSync(session.workspace.root, cluster)
  return {
    cluster,
    endpoints: session.workspace.config.clusters[cluster]!.endpoints,
    recorded: state !== undefined,
    objects: countByKind(state?.objects ?? []),
    stale: last?.stale ?? [],
    ignored: last?.ignored ?? {objects: 0, keys: 0},
    synced: last?.at ?? null,
  }
}

/** Reads how the workspace stands, from Git and its files alone; no cluster is asked. */
async function statusOf(session: Session): Promise<WorkspaceStatus> {
  const [index, view] = await Promise.all([session.workIndex(), viewOf(session).catch(unreadableHead)])
  if (!('session' in view)) return unreadableStatus(session, index, view)
  const declared = peoplesManifests(view.noted, view.head, index)
  const absent = absentIn(index, view.head.index)
  const clusters: ClusterStatus[] = []
  const states: ClusterState[] = []
  const open: OpenWord[] = []
  const rules = ignoreOf(session.workspace.config.ignore)
  for (const cluster of session.workspace.clusters) {
    const state = await session.state(cluster)
    if (state) states.push(state)
    const last = recallSync(session.workspace.root, cluster)
    const ignored = new Set(last?.ignoredObjects)
    const {items, undecided, settled} = await assessRecorded(view, cluster, ignored)
    open.push(...items)
    const committed = (object: string) => view.head.index.documents.get(object)?.declared
    const overview = overviewOf(
      {cluster, state, items, undecided, declared, absent, settled, committed},
      // A tag or pool that only the cluster knows may be what a rule means.
      alsoIgnoring(rules, ignored),
    )
    clusters.push({
      ...summaryOf(session, cluster, state),
      undecided,
      ...overview,
      // What a broken file declares cannot be told: nothing is called unmanaged that may be in it.
      unmanaged: index.broken.length > 0 ? [] : overview.unmanaged,
    })
  }
  view.history.keep()
  // After a pull the lists of the shells are of before it.
  keepWords(session.workspace.root, {clusters: session.workspace.clusters, states, open})
  const problems = index.problems.filter((problem) => !isOfCluster(problem, index, states))
  return {clusters, problems, emptied: index.empty, parked: parkedOf(session, clusters)}
}

function parkedOf({workspace}: Session, clusters: ClusterStatus[]): Parked | null {
  const parked = recallParked(workspace.root)
  const open = new Set(clusters.flatMap(({drift, conflicts}) => [...drift, ...conflicts]).map(({object}) => object))
  const objects = parked?.objects.filter((object) => open.has(object)) ?? []
  return parked && objects.length + parked.texts.length > 0 ? {...parked, objects} : null
}

/**
 * Whether a warning is about what a cluster itself has: a key that it knows for this kind, or a value that it holds there. A newer version or a
 * plugin brought them, and people have nothing to mend.
 */
function isOfCluster(
  {severity, code, object, field}: Problem,
  {documents}: ManifestIndex,
  states: ClusterState[],
): boolean {
  const key = field === undefined ? undefined : parseField(field)?.path[1]
  if (severity !== 'warning' || object === undefined || key === undefined) return false
  if (code !== 'unknown-config-key' && code !== 'bad-value') return false
  const declared = documents.get(object)?.declared
  const {kind} = parseRef(object)
  return states.some(({objects}) =>
    objects.some((seen) => {
      if (seen.kind !== kind || !Object.hasOwn(seen.config, key)) return false
      return code === 'unknown-config-key' || equalValues(seen.config[key], declared?.config[key])
    }),
  )
}
