import {compareObjects, localKey} from '../resources/index.js'
import type {ClusterState, Declared, KindName, Observed} from '../resources/index.js'
import {wireKindOf, wireKinds, type WireKind} from '../resources/kinds/on-wire.js'
import {subjectOf, type Ignore} from '../workspace/ignore.js'
import type {Allow} from '../workspace/allow.js'
import type {Reader} from '../proxmox/index.js'
import {anyOf} from './entries.js'
import {isAsked, isWanted, listsSeen, readLists, refuseBlindness, type Seen, type SeenList} from './lists.js'
import {whatIsHidden, whyNotGone} from './missing.js'
import {leaveOut, needsMoreThanReading} from './needs.js'
import {ObjectReader} from './objects.js'
import {givenOf} from './paths.js'
import {Requests, type RequestsByKind} from './requests.js'
import {ScopeReader} from './scopes.js'
import {withhold, type Withholding} from './withhold.js'

export interface ReadOptions {
  reader: Reader
  cluster: string
  /** The snapshot before: what cannot be read now is taken from it, marked stale. */
  before?: ClusterState
  /** The lists that carry a checksum, as the last reading saw them, by path. */
  listsBefore?: Record<string, SeenList> | undefined
  /** The checksums of objects as the last reading saw them, by `localKey`. */
  digestsBefore?: Record<string, string> | undefined
  /** Only these kinds are read; the others stay as they were. */
  only?: readonly KindName[] | undefined
  /** Only these objects are read, by `localKey` (`sdn-zone/*`: all of a kind), each with what is pending in it; the others stay as they were. */
  objects?: ReadonlySet<string> | undefined
  /** The kinds of which anything is kept; all unless given. The others cost nothing, and leave the state as if a rule ignored them. */
  kinds?: readonly KindName[]
  /** Whether the firewalls of so many guests are read; else they stay as they were. Not unless given. */
  guestFirewalls?: (guests: number) => boolean
  ignore: Ignore
  /** What manifests declare: what of it is a part of something that is left out counts as left out, too. Nothing unless given. */
  declared?: Promise<readonly Declared[]>
  /** What may be in Git although it looks like a secret; nothing unless given. */
  allow?: Allow
  onProgress?: (done: number, total: number) => void
}

/** Its state holds no secret but those that may be in Git, or are in it. */
export interface Reading extends Withholding {
  /** Objects that are there but could not be read, or may not be read any more. */
  stale: StaleObject[]
  /** What stays as it was since a setting of pmpc.yaml says that it is not read, by `localKey`, with the reason. */
  unasked: Record<string, string>
  /** Locks that last as long as a task, by `localKey`: no part of the state. */
  locks: Record<string, string>
  /** For the next reading: `listsBefore`. */
  lists: Record<string, SeenList>
  /** The same: `digestsBefore`. */
  digests: Record<string, string>
  /** What the token can see a part of only, in words. */
  partial: string[]
  /** How many objects and keys the ignore rules left out. */
  ignored: {objects: number; keys: number}
  /** The objects among them that are there, and what is declared as a part of something left out, by `localKey`. */
  ignoredObjects: Set<string>
  /** How many requests were made for each kind. */
  requests: RequestsByKind
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
 * Reads a cluster: each list once, and of each object what its row says. No kind is known here by its name.
 * *Unreadable is not deleted*: an object that is missing from its list is gone only if we would be allowed to see it.
 * Whatever is wrong with an object, or with its entry in a list, makes that object stale and no other.
 * Throws what the client throws when the cluster as a whole cannot be read.
 */
export async function readCluster(options: ReadOptions): Promise<Reading> {
  const requests = new Requests(options.reader)
  const {only, kinds} = options
  const wanted = {...options, only: kinds && only ? only.filter((name) => kinds.includes(name)) : (kinds ?? only)}
  if (options.objects) {
    const named = new Set([...options.objects].map((key) => key.slice(0, key.indexOf('/'))))
    wanted.only = (wanted.only ?? wireKinds.map(({name}) => name)).filter((name) => named.has(name))
  }
  const seen = await readLists(wanted, requests)
  refuseBlindness(options, seen)
  const read = await new ClusterReader(wanted, seen, requests).read()
  const {before, allow} = options
  return {...read, ...(await withhold(read.state, {before, allow, isRead: (object) => isAsked(options, object)}))}
}

/** What was read of a cluster so far; the objects before are what it falls back on. */
export class Findings {
  readonly objects = new Map<string, Observed>()
  readonly stale: StaleObject[] = []
  readonly ignored = {objects: 0, keys: 0}
  readonly ignoredObjects = new Set<string>()
  readonly locks: Record<string, string> = {}
  readonly digests: Record<string, string> = {}
  /** What stays as it was since a setting has it so, by `localKey`, with the reason. */
  readonly unasked: Record<string, string> = {}
  /** What its cluster says is no more, by `localKey`. */
  readonly gone = new Set<string>()
  readonly before: ReadonlyMap<string, Observed>

  constructor(before: ClusterState | undefined) {
    this.before = new Map((before?.objects ?? []).map((object) => [localKey(object), object]))
  }

  keep(object: Observed): void {
    this.objects.set(localKey(object), object)
  }

  keepStale(object: Observed, why: string): void {
    this.keep(object)
    this.stale.push({kind: object.kind, id: object.id, why})
  }

  /** An object that nobody wants read again: as it was. */
  keepUnasked(object: Observed, why: string): void {
    this.keep(object)
    this.unasked[localKey(object)] = why
  }

  /** An object that cannot be read: as it was, or, where it never was, by its name. */
  keepUnread(kind: WireKind, id: string | number, why: string): void {
    const before = this.before.get(`${kind.name}/${id}`)
    if (before) this.keepStale(before, why)
    else this.stale.push({kind: kind.name, id, why, neverRead: true})
  }

  ignore(kind: WireKind, id: string | number): void {
    this.ignored.objects++
    this.ignoredObjects.add(`${kind.name}/${id}`)
  }

  isStale(key: string): boolean {
    return this.stale.some((object) => localKey(object) === key)
  }

  /** What was there before of these kinds and of which nothing was found. */
  missing(kinds: readonly WireKind[]): Observed[] {
    const names = new Set(kinds.map(({name}) => name))
    const stale = new Set(this.stale.map(localKey))
    return [...this.before].flatMap(([key, object]) => {
      const isFound = [this.objects, stale, this.ignoredObjects, this.gone].some((found) => found.has(key))
      return names.has(object.kind) && !isFound ? [object] : []
    })
  }
}

class ClusterReader {
  private readonly findings: Findings

  constructor(
    private readonly options: ReadOptions,
    private readonly seen: Seen,
    private readonly requests: Requests,
  ) {
    this.findings = new Findings(options.before)
  }

  async read(): Promise<Omit<Reading, keyof Withholding> & {state: ClusterState}> {
    const {findings, options, seen, requests} = this
    const wanted = wireKinds.filter((kind) => isWanted(kind, options.only))
    const listed = wanted.filter(({list}) => list)
    for (const object of findings.missing(wireKinds.filter((kind) => !wanted.includes(kind)))) {
      if (options.kinds?.includes(object.kind) === false) findings.ignore(wireKindOf(object.kind), object.id)
      else findings.keep(object)
    }
    await Promise.all(listed.map((kind) => this.readKind(kind)))
    await this.keepWhatIsNotGone(listed)
    // What hangs on other objects is read when those are known.
    const scopes = new ScopeReader(options, seen, requests, findings)
    await Promise.all(wanted.filter((kind) => kind.scopes).map((kind) => scopes.readKind(kind)))
    const partial = this.tellWhatIsHidden()
    return {
      state: {cluster: options.cluster, objects: [...findings.objects.values()].sort(compareObjects)},
      stale: findings.stale.sort(compareObjects),
      locks: findings.locks,
      unasked: findings.unasked,
      lists: listsSeen(seen, options.listsBefore),
      digests: {...options.digestsBefore, ...findings.digests},
      partial,
      ignored: findings.ignored,
      ignoredObjects: findings.ignoredObjects,
      requests: requests.byKind,
    }
  }

  private async readKind(kind: WireKind): Promise<void> {
    const {findings, options, seen, requests} = this
    const list = seen.lists.get(kind)!
    if ('error' in list) return this.keepAllStale(kind, list.error.message)
    if ('absent' in list) return
    for (const {id, why} of list.unreadable) {
      if (!options.ignore.object({kind: kind.name, id})) findings.keepUnread(kind, id, why)
    }
    const reader = new ObjectReader(options, seen, requests, findings)
    let done = 0
    const asked = list.objects.filter(({id}) => isAsked(options, {kind: kind.name, id}))
    await Promise.all(
      asked.map(async (listed) => {
        await reader.read(kind, listed)
        if (kind.guest) options.onProgress?.(++done, asked.length)
      }),
    )
  }

  /** A list that cannot be read: all that was in it before, or, so that it is said at least, the kind. */
  private keepAllStale(kind: WireKind, why: string): void {
    const before = this.findings.missing([kind])
    const words = needsMoreThanReading(kind) ? `${why}; ${leaveOut(kind.name)}` : why
    for (const object of before) this.findings.keepStale(object, words)
    if (before.length === 0 && !needsMoreThanReading(kind)) this.findings.keepUnread(kind, anyOf, why)
  }

  /** Whatever was there before and is in no list now: gone, or out of our sight. */
  private async keepWhatIsNotGone(kinds: readonly WireKind[]): Promise<void> {
    const {findings, options, seen} = this
    await Promise.all(
      findings.missing(kinds).map(async (object) => {
        if (options.ignore.object(subjectOf(object))) return
        if (!isAsked(options, object)) return findings.keep(object)
        const kind = wireKindOf(object.kind)
        const why = await whyNotGone(kind, object, givenOf(kind, object), {seen, listsBefore: options.listsBefore})
        if (why !== undefined)
          findings.keepStale(object, needsMoreThanReading(kind) ? `${why}; ${leaveOut(kind.name)}` : why)
      }),
    )
  }

  /**
   * Kinds of which the token sees nothing are stale; those of which it sees a part are told. Of those that only writers see, nothing is: that
   * would be so at each sync, and `auth test` and `init` say it.
   */
  private tellWhatIsHidden(): string[] {
    const {partial, whole} = whatIsHidden(this.seen, this.options.only)
    for (const {kind, why} of whole) {
      if (this.findings.stale.some((object) => object.kind === kind.name)) continue
      if (!needsMoreThanReading(kind)) this.findings.keepUnread(kind, anyOf, why)
    }
    return partial
  }
}
