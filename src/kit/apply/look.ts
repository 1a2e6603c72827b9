import {isPmpcError} from '../errors/index.js'
import type {Reading} from '../fetch/index.js'
import {aroundOf, type Around} from '../plan/index.js'
import {systemClock} from '../proxmox/index.js'
import {compareObjects, isGuest, localKey, own} from '../resources/index.js'
import type {ClusterState, KindName, ObjectRef, Observed} from '../resources/index.js'

/** How a cluster is looked at. */
export interface Looking {
  /** Reads some objects, by `localKey`; the others are as they were. */
  read(before: ClusterState, objects: ReadonlySet<string>): Promise<Reading>
  /** What is known of others may be otherwise, as something is sent by this path; without one, whatever the reason. */
  forget(path?: string): void
}

/** An object as it was read last. */
export interface Seen {
  is: Observed | null
  /** Of its configuration, where the API gives one. */
  digest?: string
  /** It is there, and could not be read. */
  stale?: string
}

/** What was read, as far as it can be told of single objects. */
export type Seeing = Pick<Reading, 'state' | 'stale' | 'withheld' | 'ignoredObjects' | 'partial'>

interface Told {
  stale?: Reading['stale'][number]
  withheld: Reading['withheld']
  isIgnored: boolean
}

/** Milliseconds between looks at a cluster that does not answer, as while its network is reloaded. */
const pauses = [1000, 2000, 4000, 8000, 16_000]

/**
 * A cluster as it was read last. Whoever wants to see objects anew while others are being read waits for the next reading, so that many who look at the same
 * time ask for each list once.
 */
export class Sight {
  private world: Around | undefined
  private wanted = new Set<string>()
  private next: Promise<Map<string, Told>> | undefined
  private current: Promise<Map<string, Told>> | undefined
  private partial: readonly string[] = []

  constructor(
    private state: ClusterState,
    private readonly digests: Record<string, string>,
    private readonly looking: Looking,
    private readonly clock = systemClock,
  ) {}

  /** All that was read so far. */
  get around(): Around {
    return (this.world ??= aroundOf(this.state))
  }

  /** An object as it was read last. */
  last(ref: ObjectRef): Seen {
    const digest = own(this.digests, localKey(ref))
    return {is: this.around.object(ref.kind, ref.id) ?? null, ...(digest !== undefined && {digest})}
  }

  /** Reads an object anew. @throws what the client throws, where the cluster cannot be read for half a minute */
  async at(ref: ObjectRef): Promise<Seen> {
    const {stale} = await this.readNext(localKey(ref))
    return {...this.last(ref), ...(stale && {stale: stale.why})}
  }

  /** Something is sent for an object, or was: it is no longer what was seen of it. What is no guest may have changed others along, as a group that goes does its users. */
  sent(ref: ObjectRef, path: string): void {
    if (isGuest(ref.kind)) this.told.delete(localKey(ref))
    else this.told.clear()
    this.looking.forget(path)
  }

  /**
   * Reads objects anew, `vm/100`, or all of a kind, `sdn-zone/*`.
   * @returns why some of them could not be read
   * @throws as {@link at}
   */
  async reread(keys: Iterable<string>): Promise<string[]> {
    this.lookAnew()
    const told = await Promise.all([...keys].map(async (key) => this.readNext(key)))
    return told.flatMap(({stale}) => stale?.why ?? [])
  }

  /** What else a step changed: its digest is no longer what it was. */
  doubt(objects: readonly {kind: KindName; id: string | number}[]): void {
    for (const object of objects) {
      delete this.digests[localKey(object)]
      this.told.delete(localKey(object))
    }
  }

  /** Nothing of what was seen counts for the next look. */
  lookAnew(): void {
    this.looking.forget()
  }

  /**
   * Some objects as they were seen last, among all others as these are given; what nobody has seen since something was sent for it is read now.
   * @param keys by `localKey`
   * @throws as {@link at}
   */
  async seenIn(before: ClusterState, keys: ReadonlySet<string>): Promise<Seeing> {
    await Promise.all([...keys].filter((key) => !this.told.has(key)).map(async (key) => this.readNext(key)))
    const [mine, others] = [this.state, before].map(({objects}) => new Map(objects.map((one) => [localKey(one), one])))
    for (const key of keys) {
      const object = mine!.get(key)
      if (object) others!.set(key, object)
      else others!.delete(key)
    }
    const told = [...keys].flatMap((key) => this.told.get(key) ?? [])
    return {
      state: {...before, objects: [...others!.values()].sort(compareObjects)},
      stale: told.flatMap(({stale}) => stale ?? []),
      withheld: told.flatMap(({withheld}) => withheld),
      ignoredObjects: new Set([...keys].filter((key) => this.told.get(key)?.isIgnored)),
      partial: [...this.partial],
    }
  }

  /** What was told of objects when they were looked at, since something was sent for them. */
  private readonly told = new Map<string, Told>()

  private async readNext(key: string): Promise<Told> {
    this.wanted.add(key)
    this.next ??= this.begin()
    return (await this.next).get(key)!
  }

  private async begin(): Promise<Map<string, Told>> {
    await this.current?.catch(() => undefined)
    this.current = this.readWanted()
    return this.current
  }

  private async readWanted(): Promise<Map<string, Told>> {
    const objects = this.wanted
    this.wanted = new Set()
    this.next = undefined
    const fresh = new Map([...objects].map((key): [string, Told] => [key, {withheld: [], isIgnored: false}]))
    // What is doubted while it is read is none of these any more.
    for (const [key, told] of fresh) this.told.set(key, told)
    const {state, digests, ...read} = await this.patiently(objects).catch((error: unknown) => {
      for (const key of objects) this.told.delete(key)
      throw error
    })
    this.state = state
    this.world = undefined
    for (const [key, told] of fresh) {
      told.isIgnored = read.ignoredObjects.has(key)
      const digest = own(digests, key)
      if (digest === undefined) delete this.digests[key]
      else this.digests[key] = digest
    }
    for (const object of read.stale) {
      const told = fresh.get(localKey(object)) ?? fresh.get(`${object.kind}/*`)
      if (told) told.stale = object
    }
    for (const secret of read.withheld) fresh.get(secret.object)?.withheld.push(secret)
    this.partial = read.partial
    return fresh
  }

  private async patiently(objects: ReadonlySet<string>): Promise<Reading> {
    for (const pause of pauses) {
      try {
        return await this.looking.read(this.state, objects)
      } catch (error) {
        if (!isPmpcError(error) || !/^PMPC_(UNREACHABLE|NO_ANSWER|NODE_UNREACHABLE)$/.test(error.code)) throw error
        await this.clock.sleep(pause)
      }
    }
    return this.looking.read(this.state, objects)
  }
}
