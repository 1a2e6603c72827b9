import {PmpcError} from '../errors/index.js'
import {isEntry, listIn, mapIn, mapsIn, mostEntries, troubleWith, type Entry, type Reader} from '../proxmox/index.js'
import {compareObjects, kindOf, kinds, localKey} from '../resources/index.js'
import type {ClusterState, Config, Kind, KindName, Observed, Scalar, Snapshot, Value} from '../resources/index.js'
import {decode} from '../values/index.js'
import {subjectOf, type Ignore} from '../workspace/ignore.js'
import {anyOf, fill, isName, isNodeName, repeatedWords, sortEntries, type Listed, type Listing} from './entries.js'
import type {Allow} from '../workspace/allow.js'
import {Permissions} from './permissions.js'
import {withhold, type Withholding} from './withhold.js'

export interface ReadOptions {
  reader: Reader
  cluster: string
  /** The snapshot before: what cannot be read now is taken from it, marked stale. */
  before?: ClusterState
  /** The lists that carry a checksum, as the last reading saw them, by path. */
  listsBefore?: Record<string, SeenList> | undefined
  /** Only these kinds are read; the others stay as they were. */
  only?: KindName[]
  ignore: Ignore
  /** What may be in Git although it looks like a secret; nothing unless given. */
  allow?: Allow
  onProgress?: (done: number, total: number) => void
}

/** Its state holds no secret but those that may be in Git, or are in it. */
export interface Reading extends Withholding {
  /** Objects that are there but could not be read, or may not be read any more. */
  stale: StaleObject[]
  /** Locks that last as long as a task, by `localKey`: no part of the state. */
  locks: Record<string, string>
  /** For the next reading: `listsBefore`. */
  lists: Record<string, SeenList>
  /** What the token can see a part of only, in words. */
  partial: string[]
  /** How many objects and keys the ignore rules left out. */
  ignored: {objects: number; keys: number}
  /** The objects among them that are there, by `localKey`. */
  ignoredObjects: Set<string>
}

/** A list with a checksum: what was in it while the file behind it had that checksum. */
export interface SeenList {
  digest: string
  ids: (string | number)[]
}

export interface StaleObject {
  kind: KindName
  /** `*`: some objects of that kind, and nobody can tell which. */
  id: string | number
  why: string
  /** Not even an earlier reading of it exists. */
  neverRead?: boolean
}

/**
 * Reads a cluster: one `/cluster/resources`, one configuration a guest, a handful a node.
 * *Unreadable is not deleted*: an object that is missing from its list is gone only if we would be allowed to see it.
 * Whatever is wrong with an object, or with its entry in a list, makes that object stale and no other.
 * Throws what the client throws when the cluster as a whole cannot be read.
 */
export async function readCluster(options: ReadOptions): Promise<Reading> {
  const seen = await readLists(options)
  refuseBlindness(options, seen)
  const read = await new ClusterReader(options, seen).read()
  return {...read, ...(await withhold(read.state, options))}
}

/** The lists by their paths, and what the token may see of what is missing in them. */
interface Seen {
  lists: Map<string, Listing | PmpcError>
  digests: Map<string, string | undefined>
  /** What the list of resources mentions, as `storage/local`: it is there, whatever its own list says. */
  mentioned: Set<string>
  permissions: Permissions
}

/** Without these two nothing is known of a cluster: that one of them cannot be read ends the reading. */
const [resourcesPath, nodesPath] = ['/cluster/resources', '/nodes']

/** Every list that the wanted kinds need, each once. A list that cannot be read is an error, kept for the kinds that need it. */
async function readLists({reader, only, before}: ReadOptions): Promise<Seen> {
  const wanted = kinds.filter((kind) => isWanted(kind, only)).map((kind) => kind.list.path)
  const known = new Set((before?.objects ?? []).map(localKey))
  const permissions = Permissions.read(reader)
  // It is awaited last: when a list fails before, nobody may trip over its failure.
  permissions.catch(() => undefined)
  const digests: Seen['digests'] = new Map()
  const mentioned = new Set<string>()
  const read = async (path: string): Promise<Listing> => {
    const answer = await reader.get<unknown>(path)
    const ofPath = kinds.filter((kind) => kind.list.path === path)
    const listing = sortEntries(answer, path, ofPath, (key) => known.has(key))
    const digestKey = ofPath[0]!.list.digestKey
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

/** A token without any right gets empty lists with status 200: that must not become an empty state. */
function refuseBlindness({cluster, before}: ReadOptions, {lists, permissions, mentioned}: Seen): void {
  const resources = lists.get(resourcesPath) as Listing
  const seesSomething = mentioned.size > 0 || [...resources.objects.values()].some((objects) => objects.length > 0)
  if (seesSomething || !permissions.none || (before?.objects.length ?? 0) > 0) return
  throw new PmpcError('PMPC_NO_PRIVILEGES', 'the token may see nothing of this cluster: every list came back empty', {
    suggestions: [
      `pveum acl modify / --tokens 'USER@REALM!TOKEN' --roles PVEAuditor   (on a node; also for the token's user)`,
      `pmpc auth test ${cluster}`,
    ],
  })
}

function isWanted(kind: Kind, only: KindName[] | undefined): boolean {
  return !only || only.includes(kind.name)
}

class ClusterReader {
  private readonly before: Map<string, Observed>
  private readonly objects = new Map<string, Observed>()
  private readonly stale: StaleObject[] = []
  private readonly ignored = {objects: 0, keys: 0}
  private readonly ignoredObjects = new Set<string>()
  private readonly nodes = new Set<string>()
  private readonly offline = new Map<string, string>()
  /** Power by node and guest, as that node's own list has it. */
  private readonly statuses = new Map<string, string>()
  /** The nodes in whose own lists a VMID is, with the kind. */
  private readonly places = new Map<number, Set<string>>()
  private readonly locks: Record<string, string> = {}

  constructor(
    private readonly options: ReadOptions,
    private readonly seen: Seen,
  ) {
    this.before = new Map((options.before?.objects ?? []).map((object) => [localKey(object), object]))
  }

  async read(): Promise<Omit<Reading, keyof Withholding> & {state: ClusterState}> {
    await this.readNodes()
    await Promise.all(
      kinds.filter((kind) => kind.name !== 'node' && this.wanted(kind)).map((kind) => this.readKind(kind)),
    )
    await this.keepWhatIsNotGone()
    return {
      state: {cluster: this.options.cluster, objects: [...this.objects.values()].sort(compareObjects)},
      stale: this.stale.sort(compareObjects),
      locks: this.locks,
      lists: this.listsSeen(),
      partial: this.tellWhatIsHidden(),
      ignored: this.ignored,
      ignoredObjects: this.ignoredObjects,
    }
  }

  private wanted(kind: Kind): boolean {
    return isWanted(kind, this.options.only)
  }

  private async readNodes(): Promise<void> {
    const kind = kindOf('node')
    const {objects, unreadable: broken} = this.seen.lists.get(nodesPath) as Listing
    const status = await this.options.reader.get('/cluster/status').catch(asUnreadable)
    const addresses = Array.isArray(status) ? mapsIn(status.slice(0, 1000), '/cluster/status') : []
    await Promise.all(
      objects.get(kind)!.map(async ({id, entry}) => {
        const name = String(id)
        this.nodes.add(name)
        if (entry.status !== 'online') this.offline.set(name, `node ${name} is ${wordOf(entry.status)}`)
        const known = this.before.get(`node/${name}`)
        const address = addresses.find((candidate) => candidate.type === 'node' && candidate.name === name)
        const facts = {...known?.facts, ...this.facts(kind, entry)}
        for (const key of ['ip', 'nodeid']) if (isScalar(address?.[key])) facts[key] = address[key]
        if (!this.offline.has(name)) Object.assign(facts, await this.readNode(name))
        if (this.wanted(kind)) this.keep({kind: 'node', id: name, config: {}, facts, ...this.extra(kind, entry)})
      }),
    )
    if (this.wanted(kind)) for (const {id, why} of broken) this.keepUnread(kind, id, why)
    else for (const object of this.before.values()) if (object.kind === 'node') this.keep(object)
  }

  /** Version and power states; power in `/cluster/resources` lags, and is unknown for a new guest. */
  private async readNode(node: string): Promise<Record<string, Scalar>> {
    const guests = kinds.filter((kind) => kind.guest && this.wanted(kind))
    const get = (path: string) =>
      this.options.reader.get<unknown>(path, undefined, {node}).catch((error: unknown) => {
        asUnreadable(error)
        return undefined
      })
    const [version, ...lists] = await Promise.all([
      get(fill('/nodes/{node}/version', node, '')),
      ...guests.map((kind) => get(fill(`/nodes/{node}/${kind.guest}`, node, ''))),
    ])
    for (const [index, list] of lists.entries()) {
      const kind = guests[index]!
      for (const {vmid, status} of Array.isArray(list) ? list.slice(0, mostEntries).filter(isEntry) : []) {
        const id = Number(vmid)
        if (typeof status === 'string') this.statuses.set(`${node}/${kind.name}/${id}`, status)
        if (!this.places.has(id)) this.places.set(id, new Set())
        this.places.get(id)!.add(`as a ${kind.name} on ${node}`)
      }
    }
    const release = isEntry(version) ? version.version : undefined
    return isScalar(release) ? {version: String(release)} : {}
  }

  private async readKind(kind: Kind): Promise<void> {
    const list = this.seen.lists.get(kind.list.path)!
    if ('code' in list) return this.keepAllStale(kind, list.message)
    const entries = list.objects.get(kind)!
    for (const {kind: of, id, why} of list.unreadable) {
      if (of === kind && !this.options.ignore.object({kind: kind.name, id})) this.keepUnread(kind, id, why)
    }
    let done = 0
    await Promise.all(
      entries.map(async (entry) => {
        await this.readObject(kind, entry)
        if (kind.guest) this.options.onProgress?.(++done, entries.length)
      }),
    )
  }

  /** A list that cannot be read: all that was in it before, or, so that it is said at least, the kind. */
  private keepAllStale(kind: Kind, why: string): void {
    const before = [...this.before.values()].filter((object) => object.kind === kind.name)
    for (const object of before) this.keepStale(object, why)
    if (before.length === 0) this.keepUnread(kind, anyOf, why)
  }

  private keepUnread(kind: Kind, id: string | number, why: string): void {
    const before = this.before.get(`${kind.name}/${id}`)
    if (before) this.keepStale(before, why)
    else this.stale.push({kind: kind.name, id, why, neverRead: true})
  }

  private async readObject(kind: Kind, {id, entry}: Listed): Promise<void> {
    const facts = this.facts(kind, entry)
    if (this.options.ignore.object({kind: kind.name, id, pool: facts.pool})) {
      this.ignoreObject(kind, id)
      return
    }
    const before = this.before.get(`${kind.name}/${id}`)
    try {
      const object = kind.guest
        ? await this.readGuest(kind, Number(id), facts, before)
        : await this.readWhole(kind, String(id), entry, facts)
      if (object) this.keep({...object, ...this.extra(kind, entry)})
    } catch (error) {
      const node = kind.guest ? String(facts.node) : undefined
      const {message: said} = asUnreadable(error)
      // PVE lists the guests of a node that was removed until its folder is deleted, and then only fails to resolve its name.
      const message =
        node === undefined || !isNodeName(node) || this.nodes.has(node)
          ? said
          : `node ${node} is no longer in the cluster`
      this.keepUnread(kind, id, message)
    }
  }

  private ignoreObject(kind: Kind, id: string | number): void {
    this.ignored.objects++
    this.ignoredObjects.add(`${kind.name}/${id}`)
  }

  /** A storage or a pool: all of it is in the list, but for the storages of a pool. */
  private async readWhole(kind: Kind, id: string, entry: Entry, facts: Observed['facts']): Promise<Observed> {
    const {idKey, facts: beside, leftOut} = kind.list
    const own = Object.entries(entry).filter(
      ([key]) => key !== idKey && !beside.includes(key) && !Object.hasOwn(leftOut, key),
    )
    if (kind.name === 'pool') own.push(['storage', await this.storagesOfPool(id)])
    const all = this.decodeAll(kind, own)
    return {kind: kind.name, id, config: this.kept(all, this.options.ignore.keys({kind: kind.name, id})), facts}
  }

  private async storagesOfPool(pool: string): Promise<string | undefined> {
    const answer = await this.options.reader.get<unknown>('/pools', {poolid: pool})
    const found = mapIn(Array.isArray(answer) ? answer[0] : answer, `/pools?poolid=${pool}`)
    const members = listIn(found.members ?? [], `the members in /pools?poolid=${pool}`)
    const names = members.flatMap((member) => {
      if (!isEntry(member) || typeof member.type !== 'string') throw unreadable('one of its members is none')
      if (member.type !== 'storage') return []
      if (!isName(member.storage)) throw unreadable('one of its storages has a name that cannot be one')
      return [member.storage]
    })
    return names.length > 0 ? [...new Set(names)].sort().join(',') : undefined
  }

  private async readGuest(
    kind: Kind,
    id: number,
    facts: Observed['facts'],
    before: Observed | undefined,
    moved = false,
  ): Promise<Observed | undefined> {
    const node = String(facts.node ?? '')
    if (!isNodeName(node)) throw unreadable('its node cannot be one')
    const offline = this.offline.get(node)
    if (offline) throw unreadable(offline)
    const places = this.places.get(id)
    if (places && places.size > 1) throw unreadable(repeatedWords([...places]))
    const raw = await this.options.reader
      .get<unknown>(fill(kind.config!, node, id), undefined, {node})
      .catch(async (error: unknown) => {
        if (codeOf(error) !== 'PMPC_NOT_FOUND') throw error
        return undefined
      })
    if (raw === undefined && moved) throw unreadable('it is moving from node to node')
    if (raw === undefined) return this.readMoved(kind, id, facts, before)
    if (!isEntry(raw)) throw unreadable('its configuration is no map')
    const trouble = troubleWith(raw)
    if (trouble !== undefined) throw unreadable(`its configuration cannot be kept: ${trouble}`)
    this.readLock(kind, {id, facts}, raw.lock)
    const all = this.decodeAll(kind, Object.entries(raw))
    const subject = {kind: kind.name, id, pool: facts.pool, tags: all.tags}
    if (this.options.ignore.object(subject)) {
      this.ignoreObject(kind, id)
      return undefined
    }
    const isIgnored = this.options.ignore.keys(subject)
    facts.status = this.statuses.get(`${node}/${kind.name}/${id}`) ?? keepKnown(facts.status, before?.facts.status)
    const object: Observed = {kind: kind.name, id, config: this.kept(all, isIgnored), facts}
    await Promise.all([
      this.readRunning(kind, object, before, isIgnored),
      raw.parent !== undefined || before?.snapshots ? this.readSnapshots(kind, object) : undefined,
    ])
    return object
  }

  /** What is being made is no object yet; a lock that stays is a fact, and any other is told. */
  private readLock(kind: Kind, {id, facts}: Pick<Observed, 'id' | 'facts'>, lock: unknown): void {
    if (typeof lock !== 'string') return
    if (kind.locks?.making.includes(lock)) throw unreadable(`it is being made (lock: ${lock})`)
    if (kind.locks?.lasting.includes(lock)) facts.lock = lock
    else this.locks[`${kind.name}/${id}`] = lock.slice(0, 60)
  }

  /** The list and the node disagree: it was migrated or removed between the two requests. One look tells. */
  private async readMoved(
    kind: Kind,
    id: number,
    facts: Observed['facts'],
    before: Observed | undefined,
  ): Promise<Observed | undefined> {
    const entries = mapsIn(await this.options.reader.get(resourcesPath), resourcesPath)
    const entry = entries.find((candidate) => candidate.type === kind.guest && Number(candidate.vmid) === id)
    if (!entry) return undefined
    if (String(entry.node) === String(facts.node))
      throw unreadable(`node ${String(facts.node)} has no configuration of it`)
    return this.readGuest(kind, id, this.facts(kind, entry), before, true)
  }

  /**
   * A running guest may run with other values than it is configured with. They can have come apart only by a change of the
   * configuration, so an unchanged guest without such values costs no request.
   */
  private async readRunning(
    kind: Kind,
    object: Observed,
    before: Observed | undefined,
    isIgnored: (key: string) => boolean,
  ): Promise<void> {
    if (object.facts.status !== 'running') return
    if (before && !before.running && sameConfig(before.config, object.config)) return
    const node = String(object.facts.node)
    const path = fill(kind.config!, node, object.id).replace(/config$/, 'pending')
    const pending = listIn(await this.options.reader.get(path, undefined, {node}), path)
    const running: [string, Value | null][] = []
    for (const item of pending) {
      if (!isEntry(item) || typeof item.key !== 'string' || troubleWith(item) !== undefined)
        throw unreadable('what is pending in it cannot be read')
      const {key} = item
      if (!Object.hasOwn(item, 'pending') && !item.delete) continue
      if (Object.hasOwn(kind.volatile, key) || isIgnored(key)) continue
      const value = item.value === undefined ? null : decode(kind.name, key, item.value)
      const configured = Object.hasOwn(object.config, key) ? object.config[key] : null
      if (JSON.stringify(value) !== JSON.stringify(configured)) running.push([key, value])
    }
    if (running.length > 0) object.running = Object.fromEntries(running)
  }

  private async readSnapshots(kind: Kind, object: Observed): Promise<void> {
    const node = String(object.facts.node)
    const path = fill(kind.config!, node, object.id).replace(/config$/, 'snapshot')
    const entries = listIn(await this.options.reader.get(path, undefined, {node}), path)
    const snapshots = entries.map(asSnapshot).filter(({name}) => name !== 'current')
    const names = new Set(snapshots.map(({name}) => name))
    if (names.size < snapshots.length) throw unreadable('two of its snapshots have one name')
    if (snapshots.length > 0) object.snapshots = snapshots.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  private decodeAll(kind: Kind, raw: [string, unknown][]): Config {
    return Object.fromEntries(
      raw.flatMap(([key, value]): [string, Value][] =>
        Object.hasOwn(kind.volatile, key) || value === null || value === undefined
          ? []
          : [[key, decode(kind.name, key, value)]],
      ),
    )
  }

  /** Without the keys that a rule leaves out; those are counted. */
  private kept(all: Config, isIgnored: (key: string) => boolean): Config {
    const entries = Object.entries(all)
    const kept = entries.filter(([key]) => !isIgnored(key))
    this.ignored.keys += entries.length - kept.length
    return kept.length === entries.length ? all : Object.fromEntries(kept)
  }

  private facts(kind: Kind, entry: Entry): Record<string, Scalar> {
    const facts: Record<string, Scalar> = {}
    for (const key of kind.list.facts) if (isScalar(entry[key])) facts[key] = numberWhereOne(entry[key])
    return facts
  }

  private extra(kind: Kind, entry: Entry): {extra?: Record<string, unknown>} {
    if (kind.list.restIsConfig) return {}
    const {facts, leftOut, idKey, where} = kind.list
    const unknown = Object.entries(entry).filter(
      ([key, value]) =>
        value !== null && !facts.includes(key) && !Object.hasOwn(leftOut, key) && key !== idKey && key !== where?.key,
    )
    return unknown.length > 0 ? {extra: Object.fromEntries(unknown)} : {}
  }

  /** Whatever was there before and is in no list now: gone, or out of our sight. */
  private async keepWhatIsNotGone(): Promise<void> {
    const seen = new Set(this.stale.map(localKey))
    const missing = [...this.before.values()].filter(
      (object) =>
        !this.objects.has(localKey(object)) &&
        !seen.has(localKey(object)) &&
        !this.ignoredObjects.has(localKey(object)),
    )
    await Promise.all(
      missing.map(async (object) => {
        const kind = kindOf(object.kind)
        if (!this.wanted(kind)) return this.keep(object)
        if (this.options.ignore.object(subjectOf(object))) return
        const why = this.whyNameless(kind) ?? (await this.whyUnseen(kind, object)) ?? this.whyUnlisted(kind, object)
        if (why !== undefined) this.keepStale(object, why)
      }),
    )
  }

  /** An entry that does not say which object it is may be any of those that are missing. */
  private whyNameless(kind: Kind): string | undefined {
    const {unreadable: broken} = this.seen.lists.get(kind.list.path) as Listing
    const nameless = broken.find((one) => one.kind === kind && one.id === anyOf)
    return nameless && `it is not listed, but ${nameless.why}: that may be it`
  }

  /** Why an object that is in no list may still be there, as far as the lists themselves tell. */
  private whyUnlisted(kind: Kind, {id}: Observed): string | undefined {
    const {path, digestKey} = kind.list
    const before = digestKey === undefined ? undefined : this.options.listsBefore?.[path]
    const digest = this.seen.digests.get(path)
    if (before?.ids.includes(id) && (digest === undefined || digest === before.digest))
      return 'the node that answered left it out, though nothing was changed: a plugin is missing there, or fails'
    const onNodes = kind.guest ? this.places.get(Number(id)) : undefined
    if (onNodes) return `${path} does not have it, though its node does`
    return this.seen.mentioned.has(`${kind.name}/${id}`) ? 'it is listed, but was not read' : undefined
  }

  /** Why an object may be out of our sight. */
  private async whyUnseen({audit}: Kind, {id}: Observed): Promise<string | undefined> {
    if (!audit) return undefined
    const path = audit.path.replace('{id}', () => String(id))
    try {
      if (await this.seen.permissions.maySee(path, audit.privileges)) return undefined
    } catch (error) {
      return `nobody can tell whether it is still there: ${asUnreadable(error).message}`
    }
    return `${audit.privileges[0]} on ${path} is missing: it may still be there`
  }

  /** What a file had in it while its checksum was this one: also what was left out of the list this time. */
  private listsSeen(): Record<string, SeenList> {
    const seen: Record<string, SeenList> = {...this.options.listsBefore}
    for (const [path, digest] of this.seen.digests) {
      if (digest === undefined) continue
      const before = this.options.listsBefore?.[path]
      const ids = [...(this.seen.lists.get(path) as Listing).objects.values()].flat().map(({id}) => id)
      const kept = before?.digest === digest ? before.ids : []
      seen[path] = {digest, ids: [...new Set([...kept, ...ids])].sort()}
    }
    return seen
  }

  /** Kinds of which the token sees nothing are not read; those of which it sees a part are told. */
  private tellWhatIsHidden(): string[] {
    const partial: string[] = []
    for (const {name, plural, audit, list} of kinds.filter((kind) => kind.audit && this.wanted(kind))) {
      const above = audit!.path.replace(/\/[^/]*$/, '')
      const held = this.seen.permissions.held(above, audit!.privileges)
      if (held === 'everywhere') continue
      const words = `${audit!.privileges[0]} on ${above} is missing`
      const listing = this.seen.lists.get(list.path)!
      const sees = !('code' in listing) && listing.objects.get(kindOf(name))!.length > 0
      if (held === 'somewhere' || sees) partial.push(`only some of the ${plural} can be seen: ${words}`)
      else if (!this.stale.some(({kind}) => kind === name))
        this.keepUnread(kindOf(name), anyOf, `no ${plural} can be seen: ${words}`)
    }
    return partial
  }

  private keep(object: Observed): void {
    this.objects.set(localKey(object), object)
  }

  private keepStale(object: Observed, why: string): void {
    this.keep(object)
    this.stale.push({kind: object.kind, id: object.id, why})
  }
}

function asSnapshot(entry: unknown): Snapshot {
  if (!isEntry(entry) || !isName(entry.name)) throw unreadable('one of its snapshots has a name that cannot be one')
  const {name, parent, description, snaptime, vmstate} = entry
  const texts = {parent, description}
  const numbers = {snaptime: asNumber(snaptime), vmstate: asNumber(vmstate)}
  if (Object.values(texts).some((text) => text !== undefined && !isScalar(text)) || troubleWith(numbers) !== undefined)
    throw unreadable(`its snapshot ${name} cannot be read`)
  const snapshot: Snapshot = {name}
  if (parent !== undefined) snapshot.parent = String(parent)
  if (description !== undefined) snapshot.description = String(description).trimEnd()
  if (numbers.snaptime !== undefined) snapshot.snaptime = numbers.snaptime
  if (numbers.vmstate !== undefined) snapshot.vmstate = numbers.vmstate
  return snapshot
}

/** A number that may have come as a text; Infinity for what is none. */
function asNumber(value: unknown): number | undefined {
  if (value === undefined) return undefined
  const number = isScalar(value) ? Number(value) : Number.NaN
  return Number.isNaN(number) ? Number.POSITIVE_INFINITY : number
}

function wordOf(value: unknown): string {
  return typeof value === 'string' && /^[\w -]{1,30}$/.test(value) ? value : 'unknown'
}

function keepKnown(status: Scalar | undefined, before: Scalar | undefined): Scalar {
  return status === undefined || status === 'unknown' ? (before ?? 'unknown') : status
}

function sameConfig(a: Config, b: Config): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => same(a[key], b[key]))
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  return a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: Value | undefined): unknown {
  if (typeof value !== 'object' || Array.isArray(value)) return value
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number'
}

function numberWhereOne(value: Scalar): Scalar {
  return typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value
}

function codeOf(error: unknown): string | undefined {
  return (error as {code?: string} | undefined)?.code
}

function unreadable(why: string): PmpcError {
  return new PmpcError('PMPC_UNREADABLE', why, {suggestions: ['pmpc sync   (when it can be read again)']})
}

/** Errors that concern the whole cluster: they end the sync. All others of the API concern one object or one list. */
const ofTheCluster =
  /^PMPC_(NOT_AUTHENTICATED|NO_CREDENTIAL|BAD_CREDENTIAL|BAD_ENDPOINT|BAD_FINGERPRINT|TLS.*|UNREACHABLE|SECOND_FACTOR|INTERRUPTED)$/

function asUnreadable(error: unknown): PmpcError {
  const code = codeOf(error)
  if (code?.startsWith('PMPC_') && !ofTheCluster.test(code)) return error as PmpcError
  throw error
}
