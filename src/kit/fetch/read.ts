import {PmpcError} from '../errors/index.js'
import type {Reader} from '../proxmox/index.js'
import {compareObjects, kinds, localKey} from '../resources/index.js'
import type {ClusterState, Config, Kind, KindName, Observed, Scalar, Snapshot, Value} from '../resources/index.js'
import {decode} from '../values/index.js'
import {subjectOf, type Ignore} from '../workspace/ignore.js'
import type {Allow} from '../workspace/allow.js'
import {Permissions} from './permissions.js'
import {withhold, type Withholding} from './withhold.js'

export interface ReadOptions {
  reader: Reader
  cluster: string
  /** The snapshot before: what cannot be read now is taken from it, marked stale. */
  before?: ClusterState
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
  /** How many objects and keys the ignore rules left out. */
  ignored: {objects: number; keys: number}
  /** The objects among them that are there, by `localKey`. */
  ignoredObjects: Set<string>
}

export interface StaleObject {
  kind: KindName
  id: string | number
  why: string
  /** Not even an earlier reading of it exists. */
  neverRead?: boolean
}

type Entry = Record<string, unknown>

/**
 * Reads a cluster: one `/cluster/resources`, one configuration a guest, a handful a node.
 * *Unreadable is not deleted*: an object that is missing from its list is gone only if we would be allowed to see it.
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
  lists: Map<string, Entry[] | PmpcError>
  permissions: Permissions
}

/** Without these two nothing is known of a cluster: that one of them cannot be read ends the reading. */
const [resourcesPath, nodesPath] = ['/cluster/resources', '/nodes']

/** Every list that the wanted kinds need, each once. A list that cannot be read is an error, kept for the kinds that need it. */
async function readLists({reader, only}: ReadOptions): Promise<Seen> {
  const wanted = kinds.filter((kind) => isWanted(kind, only)).map((kind) => kind.list.path)
  const permissions = Permissions.read(reader)
  // It is awaited last: when a list fails before, nobody may trip over its failure.
  permissions.catch(() => undefined)
  const lists = await Promise.all(
    [...new Set([resourcesPath, nodesPath, ...wanted])].map(async (path): Promise<[string, Entry[] | PmpcError]> => {
      if (path === resourcesPath || path === nodesPath) return [path, await listOf(reader, path)]
      return [path, await listOf(reader, path).catch(asUnreadable)]
    }),
  )
  return {lists: new Map(lists), permissions: await permissions}
}

async function listOf(reader: Reader, path: string): Promise<Entry[]> {
  const entries = await reader.get<unknown>(path)
  if (Array.isArray(entries)) return entries as Entry[]
  throw new PmpcError('PMPC_NOT_PVE', `${path} answered something else than a list`, {
    suggestions: ['check that the endpoint in pmpc.yaml is a Proxmox VE API, not a page in front of it'],
  })
}

/** A token without any right gets empty lists with status 200: that must not become an empty state. */
function refuseBlindness({cluster, before}: ReadOptions, {lists, permissions}: Seen): void {
  const resources = lists.get(resourcesPath) as Entry[]
  const seesSomething = resources.some((entry) => entry.type !== 'node')
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
  private readonly statuses = new Map<string, string>()

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
      ignored: this.ignored,
      ignoredObjects: this.ignoredObjects,
    }
  }

  private wanted(kind: Kind): boolean {
    return isWanted(kind, this.options.only)
  }

  /** A list that must have been read. */
  private list(path: string): Entry[] {
    return this.seen.lists.get(path) as Entry[]
  }

  private async readNodes(): Promise<void> {
    const kind = kinds.find((candidate) => candidate.name === 'node')!
    const entries = this.list(nodesPath)
    const addresses = await listOf(this.options.reader, '/cluster/status').catch(() => [])
    await Promise.all(
      entries.map(async (entry) => {
        const name = String(entry.node)
        this.nodes.add(name)
        if (entry.status !== 'online') this.offline.set(name, `node ${name} is ${String(entry.status ?? 'unknown')}`)
        const known = this.before.get(`node/${name}`)
        const address = addresses.find((candidate) => candidate.type === 'node' && candidate.name === name)
        const facts = {...known?.facts, ...this.facts(kind, entry)}
        for (const key of ['ip', 'nodeid']) if (isScalar(address?.[key])) facts[key] = address[key]
        if (!this.offline.has(name)) Object.assign(facts, await this.readNode(name))
        if (this.wanted(kind)) this.keep({kind: 'node', id: name, config: {}, facts, ...this.extra(kind, entry)})
      }),
    )
    if (!this.wanted(kind)) for (const object of this.before.values()) if (object.kind === 'node') this.keep(object)
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
      get(`/nodes/${node}/version`),
      ...guests.map((kind) => get(`/nodes/${node}/${kind.guest}`)),
    ])
    for (const [index, list] of lists.entries()) {
      for (const entry of Array.isArray(list) ? (list as Entry[]) : []) {
        if (entry.status) this.statuses.set(`${guests[index]!.name}/${Number(entry.vmid)}`, String(entry.status))
      }
    }
    const release = (version as Entry | undefined)?.version
    return release === undefined ? {} : {version: String(release)}
  }

  private async readKind(kind: Kind): Promise<void> {
    const list = this.seen.lists.get(kind.list.path)!
    if (!Array.isArray(list)) {
      for (const object of this.before.values()) if (object.kind === kind.name) this.keepStale(object, list.message)
      return
    }
    const entries = list.filter((entry) => !kind.list.where || entry[kind.list.where.key] === kind.list.where.value)
    let done = 0
    await Promise.all(
      entries.map(async (entry) => {
        await this.readObject(kind, entry)
        if (kind.guest) this.options.onProgress?.(++done, entries.length)
      }),
    )
  }

  private async readObject(kind: Kind, entry: Entry): Promise<void> {
    const id = kind.id === 'vmid' ? Number(entry[kind.list.idKey]) : String(entry[kind.list.idKey])
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
      const message = node === undefined || this.nodes.has(node) ? said : `node ${node} is no longer in the cluster`
      if (before) this.keepStale(before, message)
      else this.stale.push({kind: kind.name, id, why: message, neverRead: true})
    }
  }

  private ignoreObject(kind: Kind, id: string | number): void {
    this.ignored.objects++
    this.ignoredObjects.add(`${kind.name}/${id}`)
  }

  /** A storage or a pool: all of it is in the list, but for the storages of a pool. */
  private async readWhole(kind: Kind, id: string, entry: Entry, facts: Observed['facts']): Promise<Observed> {
    const config = {...entry}
    for (const key of [kind.list.idKey, ...kind.list.facts, ...Object.keys(kind.list.leftOut)]) delete config[key]
    if (kind.name === 'pool') config.storage = await this.storagesOfPool(id)
    const all = this.decodeAll(kind, config)
    return {kind: kind.name, id, config: this.kept(all, this.options.ignore.keys({kind: kind.name, id})), facts}
  }

  private async storagesOfPool(pool: string): Promise<string | undefined> {
    const answer = await this.options.reader.get<unknown>('/pools', {poolid: pool})
    const members = ((Array.isArray(answer) ? answer[0] : answer) as {members?: Entry[]} | undefined)?.members ?? []
    const names = members.filter((member) => member.type === 'storage').map((member) => String(member.storage))
    return names.length > 0 ? [...new Set(names)].sort().join(',') : undefined
  }

  private async readGuest(
    kind: Kind,
    id: number,
    facts: Observed['facts'],
    before: Observed | undefined,
  ): Promise<Observed | undefined> {
    const node = String(facts.node)
    const offline = this.offline.get(node)
    if (offline) throw unreadable(offline)
    const raw = await this.options.reader
      .get<Entry>(fill(kind.config!, node, id), undefined, {node})
      .catch(async (error: unknown) => {
        if (codeOf(error) !== 'PMPC_NOT_FOUND') throw error
        return undefined
      })
    if (!raw) return this.readMoved(kind, id, facts, before)
    if (typeof raw !== 'object' || Array.isArray(raw)) throw unreadable('its configuration is no map')
    const all = this.decodeAll(kind, raw)
    const subject = {kind: kind.name, id, pool: facts.pool, tags: all.tags}
    if (this.options.ignore.object(subject)) {
      this.ignoreObject(kind, id)
      return undefined
    }
    const isIgnored = this.options.ignore.keys(subject)
    facts.status = this.statuses.get(`${kind.name}/${id}`) ?? keepKnown(facts.status, before?.facts.status)
    const object: Observed = {kind: kind.name, id, config: this.kept(all, isIgnored), facts}
    await Promise.all([
      this.readRunning(kind, object, before, isIgnored),
      raw.parent !== undefined || before?.snapshots ? this.readSnapshots(kind, object) : undefined,
    ])
    return object
  }

  /** The list and the node disagree: it was migrated or removed between the two requests. One look tells. */
  private async readMoved(
    kind: Kind,
    id: number,
    facts: Observed['facts'],
    before: Observed | undefined,
  ): Promise<Observed | undefined> {
    const entries = await listOf(this.options.reader, resourcesPath)
    const entry = entries.find((candidate) => candidate.type === kind.guest && Number(candidate.vmid) === id)
    if (!entry) return undefined
    if (String(entry.node) === String(facts.node))
      throw unreadable(`node ${String(facts.node)} has no configuration of it`)
    return this.readGuest(kind, id, this.facts(kind, entry), before)
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
    const pending = await this.options.reader.get<Entry[]>(path, undefined, {node})
    const running: NonNullable<Observed['running']> = {}
    for (const item of pending) {
      if (!('pending' in item) && !item.delete) continue
      const key = String(item.key)
      if (key in kind.volatile || isIgnored(key)) continue
      const value = item.value === undefined ? null : decode(kind.name, key, item.value)
      if (JSON.stringify(value) !== JSON.stringify(object.config[key] ?? null)) running[key] = value
    }
    if (Object.keys(running).length > 0) object.running = running
  }

  private async readSnapshots(kind: Kind, object: Observed): Promise<void> {
    const node = String(object.facts.node)
    const path = fill(kind.config!, node, object.id).replace(/config$/, 'snapshot')
    const entries = await this.options.reader.get<Entry[]>(path, undefined, {node})
    const snapshots = entries.filter((entry) => entry.name !== 'current').map(asSnapshot)
    if (snapshots.length > 0) object.snapshots = snapshots.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  private decodeAll(kind: Kind, raw: Entry): Config {
    const config: Config = {}
    for (const [key, value] of Object.entries(raw)) {
      if (!(key in kind.volatile) && value !== null && value !== undefined) config[key] = decode(kind.name, key, value)
    }
    return config
  }

  /** Without the keys that a rule leaves out; those are counted. */
  private kept(all: Config, isIgnored: (key: string) => boolean): Config {
    const config: Config = {}
    for (const key of Object.keys(all)) {
      if (isIgnored(key)) this.ignored.keys++
      else config[key] = all[key]!
    }
    return config
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
        value !== null && !facts.includes(key) && !(key in leftOut) && key !== idKey && key !== where?.key,
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
        const kind = kinds.find((candidate) => candidate.name === object.kind)!
        if (!this.wanted(kind)) return this.keep(object)
        if (this.options.ignore.object(subjectOf(object))) return
        if (!kind.audit) return
        const visible = await this.seen.permissions.maySee(
          kind.audit.path.replace('{id}', String(object.id)),
          kind.audit.privileges,
        )
        if (!visible)
          this.keepStale(
            object,
            `${kind.audit.privileges[0]} on ${kind.audit.path.replace('{id}', String(object.id))} is missing: it may still be there`,
          )
        else if (this.listedElsewhere(object)) this.keepStale(object, 'it is listed, but was not read')
      }),
    )
  }

  private listedElsewhere(object: Observed): boolean {
    if (object.kind !== 'storage') return false
    return this.list(resourcesPath).some((entry) => entry.type === 'storage' && entry.storage === object.id)
  }

  private keep(object: Observed): void {
    this.objects.set(localKey(object), object)
  }

  private keepStale(object: Observed, why: string): void {
    this.keep(object)
    this.stale.push({kind: object.kind, id: object.id, why})
  }
}

function fill(path: string, node: string, id: string | number): string {
  return path.replace('{node}', encodeURIComponent(node)).replace('{id}', encodeURIComponent(String(id)))
}

function asSnapshot(entry: Entry): Snapshot {
  const snapshot: Snapshot = {name: String(entry.name)}
  if (entry.parent !== undefined) snapshot.parent = String(entry.parent)
  if (entry.description !== undefined) snapshot.description = String(entry.description).trimEnd()
  if (entry.snaptime !== undefined) snapshot.snaptime = Number(entry.snaptime)
  if (entry.vmstate !== undefined) snapshot.vmstate = Number(entry.vmstate)
  return snapshot
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
const ofTheCluster = /^PMPC_(NOT_AUTHENTICATED|NO_CREDENTIAL|BAD_.*|TLS.*|UNREACHABLE|SECOND_FACTOR|INTERRUPTED)$/

function asUnreadable(error: unknown): PmpcError {
  const code = codeOf(error)
  if (code?.startsWith('PMPC_') && !ofTheCluster.test(code)) return error as PmpcError
  throw error
}
