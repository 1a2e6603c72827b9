import {isEntry, mapsIn, troubleWith, type Entry, type Reader} from '../proxmox/index.js'
import {compareObjects, localKey} from '../resources/index.js'
import type {ClusterState, Config, KindName, Observed, Scalar} from '../resources/index.js'
import {wireKindOf, wireKinds, type WireKind} from '../resources/kinds/on-wire.js'
import {subjectOf, type Ignore} from '../workspace/ignore.js'
import type {Allow} from '../workspace/allow.js'
import {configOf, extraOf, factsOf} from './answers.js'
import {anyOf, fill, isNodeName, repeatedWords, type Listed, type Listing} from './entries.js'
import {
  isWanted,
  listsSeen,
  nodesPath,
  readLists,
  refuseBlindness,
  resourcesPath,
  type Seen,
  type SeenList,
} from './lists.js'
import {whatIsHidden, whyNotGone} from './missing.js'
import {readNodes, type Nodes} from './nodes.js'
import {readRunning, readSnapshots, storagesOfPool} from './parts.js'
import {asUnreadable, codeOf, unreadable} from './unreadable.js'
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
  const before = new Map((options.before?.objects ?? []).map((object) => [localKey(object), object]))
  const read = await new ClusterReader(options, seen, before, await readNodes(options, seen, before)).read()
  return {...read, ...(await withhold(read.state, options))}
}

class ClusterReader {
  private readonly objects = new Map<string, Observed>()
  private readonly stale: StaleObject[] = []
  private readonly ignored = {objects: 0, keys: 0}
  private readonly ignoredObjects = new Set<string>()
  private readonly locks: Record<string, string> = {}

  constructor(
    private readonly options: ReadOptions,
    private readonly seen: Seen,
    private readonly before: ReadonlyMap<string, Observed>,
    private readonly nodes: Nodes,
  ) {}

  async read(): Promise<Omit<Reading, keyof Withholding> & {state: ClusterState}> {
    this.keepNodes()
    await Promise.all(
      wireKinds.filter((kind) => kind.name !== 'node' && this.wanted(kind)).map((kind) => this.readKind(kind)),
    )
    await this.keepWhatIsNotGone()
    return {
      state: {cluster: this.options.cluster, objects: [...this.objects.values()].sort(compareObjects)},
      stale: this.stale.sort(compareObjects),
      locks: this.locks,
      lists: listsSeen(this.seen, this.options.listsBefore),
      partial: this.tellWhatIsHidden(),
      ignored: this.ignored,
      ignoredObjects: this.ignoredObjects,
    }
  }

  private wanted(kind: WireKind): boolean {
    return isWanted(kind, this.options.only)
  }

  private keepNodes(): void {
    const kind = wireKindOf('node')
    if (!this.wanted(kind)) {
      for (const object of this.before.values()) if (object.kind === 'node') this.keep(object)
      return
    }
    const {objects, unreadable: broken} = this.seen.lists.get(nodesPath) as Listing
    for (const {id, entry} of objects.get(kind)!) {
      const facts = this.nodes.facts.get(String(id))!
      this.keep({kind: 'node', id, config: {}, facts, ...extraOf(kind, entry)})
    }
    for (const {id, why} of broken) this.keepUnread(kind, id, why)
  }

  private async readKind(kind: WireKind): Promise<void> {
    const list = this.seen.lists.get(kind.list!.path)!
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
  private keepAllStale(kind: WireKind, why: string): void {
    const before = [...this.before.values()].filter((object) => object.kind === kind.name)
    for (const object of before) this.keepStale(object, why)
    if (before.length === 0) this.keepUnread(kind, anyOf, why)
  }

  private keepUnread(kind: WireKind, id: string | number, why: string): void {
    const before = this.before.get(`${kind.name}/${id}`)
    if (before) this.keepStale(before, why)
    else this.stale.push({kind: kind.name, id, why, neverRead: true})
  }

  private async readObject(kind: WireKind, {id, entry}: Listed): Promise<void> {
    const facts = factsOf(kind, entry)
    if (this.options.ignore.object({kind: kind.name, id, pool: facts.pool})) {
      this.ignoreObject(kind, id)
      return
    }
    const before = this.before.get(`${kind.name}/${id}`)
    try {
      const object = kind.guest
        ? await this.readGuest(kind, Number(id), facts, before)
        : await this.readWhole(kind, String(id), entry, facts)
      if (object) this.keep({...object, ...extraOf(kind, entry)})
    } catch (error) {
      const node = kind.guest ? String(facts.node) : undefined
      const {message: said} = asUnreadable(error)
      // PVE lists the guests of a node that was removed until its folder is deleted, and then only fails to resolve its name.
      const message =
        node === undefined || !isNodeName(node) || this.nodes.facts.has(node)
          ? said
          : `node ${node} is no longer in the cluster`
      this.keepUnread(kind, id, message)
    }
  }

  private ignoreObject(kind: WireKind, id: string | number): void {
    this.ignored.objects++
    this.ignoredObjects.add(`${kind.name}/${id}`)
  }

  /** A storage or a pool: all of it is in the list, but for the storages of a pool. */
  private async readWhole(kind: WireKind, id: string, entry: Entry, facts: Observed['facts']): Promise<Observed> {
    const {idKey, facts: beside, leftOut} = kind
    const own = Object.entries(entry).filter(
      ([key]) => key !== idKey && !beside.includes(key) && !Object.hasOwn(leftOut, key),
    )
    if (kind.name === 'pool') own.push(['storage', await storagesOfPool(this.options.reader, id)])
    const all = configOf(kind, own)
    return {kind: kind.name, id, config: this.kept(all, this.options.ignore.keys({kind: kind.name, id})), facts}
  }

  private async readGuest(
    kind: WireKind,
    id: number,
    facts: Observed['facts'],
    before: Observed | undefined,
    moved = false,
  ): Promise<Observed | undefined> {
    const node = String(facts.node ?? '')
    if (!isNodeName(node)) throw unreadable('its node cannot be one')
    const offline = this.nodes.offline.get(node)
    if (offline) throw unreadable(offline)
    const places = this.nodes.places.get(id)
    if (places && places.size > 1) throw unreadable(repeatedWords([...places]))
    const raw = await this.options.reader
      .get<unknown>(fill(kind.item!, node, id), undefined, {node})
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
    const all = configOf(kind, Object.entries(raw))
    const subject = {kind: kind.name, id, pool: facts.pool, tags: all.tags}
    if (this.options.ignore.object(subject)) {
      this.ignoreObject(kind, id)
      return undefined
    }
    const isIgnored = this.options.ignore.keys(subject)
    facts.status =
      this.nodes.statuses.get(`${node}/${kind.name}/${id}`) ?? keepKnown(facts.status, before?.facts.status)
    const object: Observed = {kind: kind.name, id, config: this.kept(all, isIgnored), facts}
    const [running, snapshots] = await Promise.all([
      readRunning(this.options.reader, kind, object, before, isIgnored),
      raw.parent !== undefined || before?.snapshots ? readSnapshots(this.options.reader, kind, object) : undefined,
    ])
    if (running) object.running = running
    if (snapshots) object.snapshots = snapshots
    return object
  }

  /** What is being made is no object yet; a lock that stays is a fact, and any other is told. */
  private readLock(kind: WireKind, {id, facts}: Pick<Observed, 'id' | 'facts'>, lock: unknown): void {
    if (typeof lock !== 'string') return
    if (kind.locks?.making.includes(lock)) throw unreadable(`it is being made (lock: ${lock})`)
    if (kind.locks?.lasting.includes(lock)) facts.lock = lock
    else this.locks[`${kind.name}/${id}`] = lock.slice(0, 60)
  }

  /** The list and the node disagree: it was migrated or removed between the two requests. One look tells. */
  private async readMoved(
    kind: WireKind,
    id: number,
    facts: Observed['facts'],
    before: Observed | undefined,
  ): Promise<Observed | undefined> {
    const entries = mapsIn(await this.options.reader.get(resourcesPath), resourcesPath)
    const entry = entries.find((candidate) => candidate.type === kind.guest && Number(candidate.vmid) === id)
    if (!entry) return undefined
    if (String(entry.node) === String(facts.node))
      throw unreadable(`node ${String(facts.node)} has no configuration of it`)
    return this.readGuest(kind, id, factsOf(kind, entry), before, true)
  }

  /** Without the keys that a rule leaves out; those are counted. */
  private kept(all: Config, isIgnored: (key: string) => boolean): Config {
    const entries = Object.entries(all)
    const kept = entries.filter(([key]) => !isIgnored(key))
    this.ignored.keys += entries.length - kept.length
    return kept.length === entries.length ? all : Object.fromEntries(kept)
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
        const kind = wireKindOf(object.kind)
        if (!this.wanted(kind)) return this.keep(object)
        if (this.options.ignore.object(subjectOf(object))) return
        const why = await whyNotGone(object, {
          seen: this.seen,
          nodes: this.nodes,
          listsBefore: this.options.listsBefore,
        })
        if (why !== undefined) this.keepStale(object, why)
      }),
    )
  }

  /** Kinds of which the token sees nothing are stale; those of which it sees a part are told. */
  private tellWhatIsHidden(): string[] {
    const {partial, whole} = whatIsHidden(this.seen, this.options.only)
    for (const {kind, why} of whole)
      if (!this.stale.some((object) => object.kind === kind.name)) this.keepUnread(kind, anyOf, why)
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

function keepKnown(status: Scalar | undefined, before: Scalar | undefined): Scalar {
  return status === undefined || status === 'unknown' ? (before ?? 'unknown') : status
}
