import {isPmpcError} from '../errors/index.js'
import type {LoggedCommit} from '../git/log.js'
import type {Repository} from '../git/repository.js'
import {pmpcTrailers, trailersOf} from '../git/trailers.js'
import type {ObjectRef, Observed} from '../resources/model.js'
import {diffStates, type ObjectChange} from '../state/diff.js'
import {leftOutBy, unreadBy, withIgnored, withRead} from '../state/ignored.js'
import {readObject} from '../state/read.js'
import {CONFIG_PATH, MANIFESTS, OWN_FOLDER, statePath} from '../files/names.js'
import {prefixOf} from '../git/paths.js'

/** A commit as `pmpc log` tells it to programs; docs/schema/log.json. */
export interface LogEntry {
  commit: string
  /** ISO 8601, when it was authored. */
  date: string
  author: {name: string; email: string}
  subject: string
  /** Id of the run that made it; null: not pmpc, or not to be known. */
  run: string | null
  /** The command as it was typed. */
  command: string | null
  clusters: string[]
  /** All trailers that begin with `Pmpc-`, counts among them: key to values. */
  trailers: Record<string, string[]>
  /** What happened to the object that was asked for. */
  changes?: (ObjectChange & {cluster: string})[]
}

/** Which commits. */
export interface LogRequest {
  repository: Repository
  root: string
  /** How many at most. */
  limit: number
  /** Only what this run committed. */
  run?: string
  /** Only commits about one of these clusters. */
  clusters?: readonly string[]
}

/** Commits that pmpc made, newest first: those with its trailers. */
export async function pmpcLog({repository, root, limit, run, clusters}: LogRequest): Promise<LogEntry[]> {
  const prefix = prefixOf(repository, root)
  const paths = [OWN_FOLDER, CONFIG_PATH, MANIFESTS, 'iac'].map((path) => prefix + path)
  const isOf = (entry: LogEntry) => !clusters || entry.clusters.some((cluster) => clusters.includes(cluster))
  const isWanted = (entry: LogEntry) => (run === undefined ? entry.run !== null : entry.run === run) && isOf(entry)
  // Users commit to these folders too, so that it is not known beforehand how many commits hold enough of ours.
  for (let window = limit * 4; ; window *= 4) {
    const commits = await repository.log({paths, limit: window})
    const entries = commits.map(entryOf).filter(isWanted)
    if (entries.length >= limit || commits.length < window) return entries.slice(0, limit)
  }
}

/** The history of objects. */
export interface ObjectLog {
  entries: LogEntry[]
  /** Commits whose state, or the one before it, could not be read: whether they changed the objects is unknown. */
  unreadable: string[]
}

/** Commits in which one of these objects changed in its cluster, newest first, with what changed. */
export async function objectLog(request: LogRequest & {refs: ObjectRef[]}): Promise<ObjectLog> {
  const {repository, root, limit, run, refs} = request
  const paths = [...new Set(refs.map(({cluster}) => prefixOf(repository, root) + statePath(cluster)))]
  const reader = objectReader(repository, root)
  const found: ObjectLog = {entries: [], unreadable: []}
  for (const commit of await repository.log({paths})) {
    const entry = entryOf(commit)
    if (run !== undefined && entry.run !== run) continue
    const isCut = commit.parents.length === 0 && repository.isShallow
    const changes = isCut ? undefined : await changesIn(commit, refs, reader)
    if (changes === undefined) found.unreadable.push(commit.oid)
    else if (changes.length > 0) found.entries.push({...entry, changes})
    if (found.entries.length >= limit) break
  }
  return found
}

/** null where the state cannot be read. */
type Reader = (commit: string | undefined, ref: ObjectRef) => Promise<Observed | undefined | null>

async function changesIn(commit: LoggedCommit, refs: ObjectRef[], read: Reader): Promise<LogEntry['changes']> {
  const {oid, parents} = commit
  const isLeftOut = leftOutBy(trailersOf(commit, 'ignored'))
  const wasUnread = unreadBy(trailersOf(commit, 'read'))
  const found = new Map<string, ObjectChange & {cluster: string}>()
  for (const ref of refs) {
    const [before, after] = await Promise.all([read(parents[0], ref), read(oid, ref)])
    if (before === null || after === null) return undefined
    const {cluster} = ref
    const stateOf = (object: Observed | undefined) => ({cluster, objects: object ? [object] : []})
    const changes = withIgnored(diffStates(stateOf(before), stateOf(after)), isLeftOut)
    for (const change of withRead(changes, wasUnread))
      found.set(`${cluster}/${change.kind}/${change.id}`, {cluster, ...change})
  }
  return [...found.values()]
}

/** Reads one object of a commit; the state of a commit is the one of its child's parent, so the last few answers are kept. */
function objectReader(repository: Repository, root: string): Reader {
  const known = new Map<string, ReturnType<Reader>>()
  return async (commit, ref) => {
    if (commit === undefined) return undefined
    const key = `${commit} ${ref.cluster} ${ref.kind} ${ref.id}`
    const answer = known.get(key) ?? readAt(repository, root, commit, ref)
    known.set(key, answer)
    for (const old of [...known.keys()].slice(0, -16)) known.delete(old)
    return answer
  }
}

async function readAt(repository: Repository, root: string, commit: string, ref: ObjectRef): ReturnType<Reader> {
  const bytes = await repository.readBlob(commit, prefixOf(repository, root) + statePath(ref.cluster))
  try {
    return bytes ? await readObject(bytes, ref) : undefined
  } catch (error) {
    if (isPmpcError(error)) return null
    throw error
  }
}

function entryOf(commit: LoggedCommit): LogEntry {
  const {oid, author, subject} = commit
  return {
    commit: oid,
    date: author.date,
    author: {name: author.name, email: author.email},
    subject,
    run: trailersOf(commit, 'run')[0] ?? null,
    command: trailersOf(commit, 'command')[0] ?? null,
    clusters: trailersOf(commit, 'cluster'),
    trailers: pmpcTrailers(commit),
  }
}
