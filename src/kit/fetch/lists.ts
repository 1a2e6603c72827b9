import {PmpcError} from '../errors/index.js'
import {isEntry, type Reader} from '../proxmox/index.js'
import {localKey} from '../resources/index.js'
import type {ClusterState, KindName} from '../resources/index.js'
import {wireKinds, type WireKind} from '../resources/kinds/on-wire.js'
import {sortEntries, type Listing} from './entries.js'
import {Permissions} from './permissions.js'
import {asUnreadable} from './unreadable.js'

/** The lists by their paths, and what the token may see of what is missing in them. */
export interface Seen {
  lists: Map<string, Listing | PmpcError>
  /** The checksums of those that carry one. */
  digests: Map<string, string | undefined>
  /** What the list of resources mentions, as `storage/local`: it is there, whatever its own list says. */
  mentioned: Set<string>
  permissions: Permissions
}

/** A list with a checksum: what was in it while the file behind it had that checksum. */
export interface SeenList {
  digest: string
  ids: (string | number)[]
}

/** Without these two nothing is known of a cluster: that one of them cannot be read ends the reading. */
export const [resourcesPath, nodesPath] = ['/cluster/resources', '/nodes']

/** Whether a kind is to be read. */
export function isWanted({name}: WireKind, only: KindName[] | undefined): boolean {
  return !only || only.includes(name)
}

/** Which cluster is to be read, as far as its lists go. */
interface Wanted {
  reader: Reader
  cluster: string
  before?: ClusterState
  only?: KindName[]
}

/**
 * Every list that the wanted kinds need, each once. A list that cannot be read is an error, kept for the kinds that need it.
 * @throws what the client throws when the cluster as a whole cannot be read; PMPC_NOT_PVE where it names no node
 */
export async function readLists({reader, only, before}: Wanted): Promise<Seen> {
  const wanted = wireKinds.filter((kind) => isWanted(kind, only)).flatMap(({list}) => list?.path ?? [])
  const known = new Set((before?.objects ?? []).map(localKey))
  const permissions = Permissions.read(reader)
  // It is awaited last: when a list fails before, nobody may trip over its failure.
  permissions.catch(() => undefined)
  const digests: Seen['digests'] = new Map()
  const mentioned = new Set<string>()
  const read = async (path: string): Promise<Listing> => {
    const answer = await reader.get<unknown>(path)
    const ofPath = wireKinds.filter(({list}) => list?.path === path)
    const listing = sortEntries(answer, path, ofPath, (key) => known.has(key))
    const digestKey = ofPath[0]!.list!.digestKey
    if (digestKey !== undefined) digests.set(path, digestOf(answer as unknown[], digestKey))
    if (path === nodesPath && (answer as unknown[]).length === 0) throw withoutNodes()
    if (path !== resourcesPath) return listing
    for (const {type, storage, pool} of (answer as unknown[]).filter(isEntry)) {
      if (type === 'storage' && typeof storage === 'string') mentioned.add(`storage/${storage}`)
      if (typeof pool === 'string') mentioned.add(`pool/${pool}`)
    }
    return listing
  }
  const lists = await Promise.all(
    [...new Set([resourcesPath, nodesPath, ...wanted])].map(async (path): Promise<[string, Listing | PmpcError]> => {
      if (path === resourcesPath || path === nodesPath) return [path, await read(path)]
      return [path, await read(path).catch(asUnreadable)]
    }),
  )
  return {
    lists: new Map(lists),
    digests,
    mentioned,
    permissions: await permissions,
  }
}

/** Everybody sees the nodes, and one of them answered. */
function withoutNodes(): PmpcError {
  return new PmpcError('PMPC_NOT_PVE', `${nodesPath} names no node, not even the one that answers`, {
    suggestions: ['check that the endpoint in pmpc.yaml is a Proxmox VE API, not a page in front of it'],
    data: {path: nodesPath},
  })
}

/** The one checksum that the entries of a list carry; undefined where they carry none, or several. */
function digestOf(entries: unknown[], key: string): string | undefined {
  const found = new Set(entries.map((entry) => (isEntry(entry) ? entry[key] : undefined)))
  const [digest] = found
  return found.size === 1 && typeof digest === 'string' ? digest : undefined
}

/**
 * A token without any right gets empty lists with status 200: that must not become an empty state.
 * @throws PMPC_NO_PRIVILEGES
 */
export function refuseBlindness({cluster, before}: Wanted, {lists, permissions, mentioned}: Seen): void {
  const resources = lists.get(resourcesPath) as Listing
  const seesSomething = mentioned.size > 0 || [...resources.objects.values()].some((objects) => objects.length > 0)
  if (seesSomething || !permissions.none || (before?.objects.length ?? 0) > 0) return
  throw new PmpcError('PMPC_NO_PRIVILEGES', 'the token may see nothing of this cluster: every list came back empty', {
    suggestions: [
      `pveum acl modify / --tokens 'USER@REALM!TOKEN' --roles PVEAuditor   # on a node; also for the token's user`,
      `pmpc auth test ${cluster}`,
    ],
  })
}

/** For the next reading: what a file had in it while its checksum was this one, also what was left out of the list this time. */
export function listsSeen({lists, digests}: Seen, before: Record<string, SeenList> = {}): Record<string, SeenList> {
  const seen: Record<string, SeenList> = {...before}
  for (const [path, digest] of digests) {
    if (digest === undefined) continue
    const ids = [...(lists.get(path) as Listing).objects.values()].flat().map(({id}) => id)
    const kept = before[path]?.digest === digest ? before[path].ids : []
    seen[path] = {digest, ids: [...new Set([...kept, ...ids])].sort()}
  }
  return seen
}
