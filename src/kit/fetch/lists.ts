import {PmpcError} from '../errors/index.js'
import {atLeast, isEntry, listIn, parseVersion, type Entry} from '../proxmox/index.js'
import {localKey} from '../resources/index.js'
import type {ClusterState, KindName} from '../resources/index.js'
import {wireKinds, type WireKind} from '../resources/kinds/on-wire.js'
import {factsOf, isScalar} from './answers.js'
import {anyOf, isNodeName, sortEntries, type Listed, type Unreadable} from './entries.js'
import {Nodes, readJoins, type Joined} from './joins.js'
import {fillPath, fillQuery, nodeOf} from './paths.js'
import {Permissions} from './permissions.js'
import type {Asker, Requests} from './requests.js'
import {asUnreadable, codeOf, unreadable} from './unreadable.js'

/** What the list of a kind says. */
export type KindListing =
  | {objects: Listed[]; unreadable: Unreadable[]; digest?: string | undefined}
  | {error: PmpcError}
  /** There is no such kind here; `said` by the cluster, or told by the version. */
  | {absent: string; said: boolean}

/** The lists of the kinds, what else was said of their objects, and what the token may see of what is missing in them. */
export interface Seen {
  lists: ReadonlyMap<WireKind, KindListing>
  /** What other answers name, as `storage/local`: it is there, whatever its own list says. */
  mentioned: ReadonlySet<string>
  permissions: Permissions
  nodes: Nodes
  joined: Joined
}

/** A list with a checksum: what was in it while the file behind it had that checksum. */
export interface SeenList {
  digest: string
  ids: (string | number)[]
}

/** Whether a kind is to be read. */
export function isWanted({name}: WireKind, only: readonly KindName[] | undefined): boolean {
  return !only || only.includes(name)
}

/** Whether an object is to be read, and not only kept as it was. */
export function isAsked({objects}: Pick<Wanted, 'objects'>, object: {kind: KindName; id: string | number}): boolean {
  return objects === undefined || objects.has(localKey(object)) || objects.has(`${object.kind}/${anyOf}`)
}

/** Which cluster is to be read, as far as its lists go. */
interface Wanted {
  cluster: string
  before?: ClusterState
  only?: readonly KindName[] | undefined
  objects?: ReadonlySet<string> | undefined
}

/** The kinds of one list, which is read once for all of them. */
type Group = readonly [WireKind, ...WireKind[]]

/**
 * Every list that the wanted kinds need, each once. A list that cannot be read is an error, kept for the kinds that need it.
 * @throws what the client throws when the cluster as a whole cannot be read; PMPC_NOT_PVE where it names no node
 */
export async function readLists({only, before, objects}: Wanted, requests: Requests): Promise<Seen> {
  const known = new Set((before?.objects ?? []).map(localKey))
  const permissions = Permissions.read(requests.of('other'))
  // It is awaited last: when a list fails before, nobody may trip over its failure.
  permissions.catch(() => undefined)
  const listed = wireKinds.filter(({list}) => list)
  const basic = groupsOf(listed.filter(({list}) => list!.mustNotFail))
  const others = groupsOf(listed.filter((kind) => !kind.list!.mustNotFail && isWanted(kind, only)))
  const read = (group: Group) => readGroup(requests, group, (key) => known.has(key))
  // Without these nothing is known of a cluster: that one of them cannot be read ends the reading.
  const first = Promise.all(basic.map(read))
  const joining = first.then(async (lists) => {
    const all = new Map(lists.flatMap(({listings}) => [...listings]))
    const nodes = new Nodes(
      [...all].filter(([kind]) => kind.belongs?.node === 'id').flatMap(([, list]) => list.objects),
    )
    requests.nodes = nodes
    return {
      nodes,
      joined: await readJoins(
        requests,
        listed.filter((kind) => isWanted(kind, only)),
        objects ? nodes.online.filter((node) => placesOf(all, objects).has(node)) : nodes.online,
      ),
    }
  })
  const rest = others.map(async (group): Promise<[WireKind, KindListing][]> => {
    const [{since, until}] = group
    const wasThere = before?.objects.some(({kind}) => group.some(({name}) => name === kind)) === true
    if ((since !== undefined || until !== undefined) && !wasThere) {
      const {joined} = await joining
      if (isOfOtherVersions(group[0], joined)) return group.map((kind) => [kind, {absent: noSuchKind, said: false}])
    }
    return read(group).then(
      ({listings}) => [...listings],
      (error: unknown) => group.map((kind) => [kind, absenceOf(kind, asUnreadable(error))]),
    )
  })
  const [basicLists, {nodes, joined}, ...lists] = await Promise.all([first, joining, ...rest])
  return {
    lists: new Map([...basicLists.flatMap(({listings}) => [...listings]), ...lists.flat()]),
    mentioned: mentionedIn(new Map(basicLists.map(({path, answer}) => [path, answer]))),
    nodes,
    joined,
    permissions: await permissions,
  }
}

/** The nodes of objects, as their lists tell. */
function placesOf(lists: Found['listings'], objects: ReadonlySet<string>): Set<string> {
  const places = [...lists].flatMap(([kind, {objects: listed}]) =>
    listed
      .filter(({id}) => isAsked({objects}, {kind: kind.name, id}))
      .map(({id, entry}) => nodeOf(kind, {id, facts: factsOf(kind, entry)})),
  )
  return new Set(places.filter(isNodeName))
}

function groupsOf(kinds: readonly WireKind[]): Group[] {
  const groups = new Map<string, [WireKind, ...WireKind[]]>()
  for (const kind of kinds) {
    const {path, query, over} = kind.list!
    const key = JSON.stringify([path, query, over])
    const group = groups.get(key)
    if (group) group.push(kind)
    else groups.set(key, [kind])
  }
  return [...groups.values()]
}

/** Objects of kinds, and what they were found in. */
interface Found {
  path: string
  answer: readonly unknown[]
  listings: Map<WireKind, Extract<KindListing, {objects: unknown}>>
}

async function readGroup(requests: Requests, group: Group, known: (key: string) => boolean): Promise<Found> {
  const [{name, list}] = group
  const {path, query, over, digestKey, neverEmpty} = list!
  const asker = requests.of(name)
  const given = (entries: readonly unknown[]): Found => {
    const {objects, unreadable: broken} = sortEntries(entries, path, group, known)
    const digest = digestKey === undefined ? undefined : digestOf(entries, digestKey)
    const listings = group.map((kind): [WireKind, Extract<KindListing, {objects: unknown}>] => [
      kind,
      {objects: objects.get(kind)!, unreadable: broken.filter((one) => one.kind === kind), digest},
    ])
    return {path, answer: entries, listings: new Map(listings)}
  }
  if (over) return readOver(asker, group, given)
  const entries = entriesIn(
    group[0],
    await asker.get(
      path,
      fillQuery(query, () => undefined),
    ),
    {},
  )
  if (neverEmpty && entries.length === 0) throw namesNothing(path)
  return given(entries)
}

/** The entry of an object, from its list as it is now; undefined where it is in it no more. @throws what the client throws */
export async function listedNow(requests: Requests, kind: WireKind, id: string | number): Promise<Listed | undefined> {
  const {listings} = await readGroup(requests, [kind], () => false)
  return listings.get(kind)!.objects.find((one) => one.id === id)
}

/** A list in several answers. One of them that cannot be read leaves open which objects are in it. */
async function readOver(asker: Asker, group: Group, given: (entries: readonly unknown[]) => Found): Promise<Found> {
  const {path, over, query} = group[0].list!
  const {key} = over!
  const values = listIn(await asker.get(over!.path), over!.path).map((entry) =>
    isEntry(entry) ? entry[key] : undefined,
  )
  const broken: Unreadable[] = []
  const tellAll = (why: string) => broken.push(...group.map((kind): Unreadable => ({kind, id: anyOf, why})))
  if (!values.every(isNodeName)) tellAll(`an entry of ${over!.path} has no ${key}`)
  const answers = await Promise.all(
    [...new Set(values.filter(isNodeName))].map(async (value) => {
      const at = fillPath(path, (name) => (name === key ? value : undefined))
      try {
        const entries = entriesIn(
          group[0],
          await asker.get(
            at,
            fillQuery(query, () => undefined),
          ),
          {[key]: value},
        )
        return entries.map((entry) => (isEntry(entry) ? {[key]: value, ...entry} : entry))
      } catch (error) {
        tellAll(asUnreadable(error).message)
        return []
      }
    }),
  )
  const found = given(answers.flat())
  for (const [kind, list] of found.listings) list.unreadable.push(...broken.filter((one) => one.kind === kind))
  return found
}

/** @throws PMPC_UNREADABLE, PMPC_NOT_PVE, PMPC_ANSWER_LIMIT */
function entriesIn({list}: WireKind, answer: unknown, given: Record<string, string>): readonly unknown[] {
  const {path, entries} = list!
  if (!entries) return listIn(answer, path)
  const found = entries(answer, given)
  if (!found) throw unreadable(`${path} answered what cannot be read`)
  return listIn(found, path)
}

/** What other answers mention. */
function mentionedIn(answers: ReadonlyMap<string, readonly unknown[]>): Set<string> {
  const found = wireKinds.flatMap(({name, mentioned}) => {
    if (!mentioned) return []
    const {path, key, where} = mentioned
    const entries = (answers.get(path) ?? []).filter(isEntry)
    return entries
      .filter((entry: Entry) => isScalar(entry[key]) && (!where || entry[where.key] === where.value))
      .map((entry) => `${name}/${String(entry[key])}`)
  })
  return new Set(found)
}

/** Everybody sees the nodes, and one of them answered; likewise roles, realms, and oneself. */
function namesNothing(path: string): PmpcError {
  return new PmpcError('PMPC_NOT_PVE', `${path} is empty, though everybody sees something of it`, {
    suggestions: ['check that the endpoint in pmpc.yaml is a Proxmox VE API, not a page in front of it'],
    data: {path},
  })
}

const noSuchKind = 'this version of Proxmox VE has no such objects'

/** Whether no node that said its version has such a kind. */
function isOfOtherVersions({since, until}: WireKind, {versions}: Joined): boolean {
  const known = [...versions].flatMap((version) => parseVersion({version}) ?? [])
  const has = known.filter(
    (version) => (since === undefined || atLeast(version, since)) && (until === undefined || !atLeast(version, until)),
  )
  return known.length > 0 && has.length === 0
}

function absenceOf(kind: WireKind, error: PmpcError): KindListing {
  if (says(kind.absentWhen, error)) return {absent: error.message, said: true}
  const isVersioned = kind.since !== undefined || kind.until !== undefined
  return isVersioned && codeOf(error) === 'PMPC_NOT_IMPLEMENTED' ? {absent: noSuchKind, said: false} : {error}
}

/** Whether an error is one of those that say that there is none. */
export function says(absentWhen: readonly RegExp[] | undefined, error: PmpcError): boolean {
  return (absentWhen ?? []).some((text) => text.test(String(error.data?.text ?? error.message)))
}

/** The one checksum that the entries of a list carry; undefined where they carry none, or several. */
function digestOf(entries: readonly unknown[], key: string): string | undefined {
  const found = new Set(entries.map((entry) => (isEntry(entry) ? entry[key] : undefined)))
  const [digest] = found
  return found.size === 1 && typeof digest === 'string' ? digest : undefined
}

/**
 * A token without any right gets empty lists with status 200: that must not become an empty state.
 * @throws PMPC_NO_PRIVILEGES
 */
export function refuseBlindness({cluster, before}: Wanted, {lists, permissions, mentioned}: Seen): void {
  const basic = [...lists].filter(([{list, sight}]) => list!.mustNotFail && sight !== null)
  const seesSomething = mentioned.size > 0 || basic.some(([, list]) => 'objects' in list && list.objects.length > 0)
  if (seesSomething || !permissions.none || (before?.objects.length ?? 0) > 0) return
  throw new PmpcError('PMPC_NO_PRIVILEGES', 'the token may see nothing of this cluster: every list came back empty', {
    suggestions: [
      `pveum acl modify / --tokens 'USER@REALM!TOKEN' --roles PVEAuditor   # on a node; also for the token's user`,
      `pmpc auth test ${cluster}`,
    ],
  })
}

/** For the next reading: what a file had in it while its checksum was this one, also what was left out of the list this time. */
export function listsSeen({lists}: Seen, before: Record<string, SeenList> = {}): Record<string, SeenList> {
  const seen: Record<string, SeenList> = {...before}
  for (const [{list}, listing] of lists) {
    if (!('objects' in listing) || listing.digest === undefined) continue
    const {digest} = listing
    const {path} = list!
    const ids = listing.objects.map(({id}) => id)
    const kept = before[path]?.digest === digest ? before[path].ids : []
    seen[path] = {digest, ids: [...new Set([...kept, ...ids])].sort()}
  }
  return seen
}
