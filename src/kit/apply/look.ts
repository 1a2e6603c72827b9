import {isPmpcError} from '../errors/index.js'
import type {Reading} from '../fetch/index.js'
import {aroundOf, type Around} from '../plan/index.js'
import {systemClock} from '../proxmox/index.js'
import {localKey, own} from '../resources/index.js'
import type {ClusterState, ObjectRef, Observed} from '../resources/index.js'

/** Reads some objects; the others are as they were. */
export type Read = (before: ClusterState, objects: ReadonlySet<string>) => Promise<Reading>

/** An object as it was read last. */
export interface Seen {
  is: Observed | null
  /** Of its configuration, where the API gives one. */
  digest?: string
  /** It is there, and could not be read. */
  stale?: string
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
  private next: Promise<void> | undefined
  private current: Promise<void> = Promise.resolve()

  constructor(
    private state: ClusterState,
    private readonly digests: Record<string, string>,
    private readonly read: Read,
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
    const key = localKey(ref)
    await this.reread([key])
    const why = this.stale.get(key)
    return {...this.last(ref), ...(why !== undefined && {stale: why})}
  }

  /** Reads objects anew, `vm/100`, or all of a kind, `sdn-zone/*`. @throws as `at` */
  async reread(keys: Iterable<string>): Promise<void> {
    for (const key of keys) this.wanted.add(key)
    this.next ??= this.begin()
    await this.next
  }

  /** Objects that are there, and could not be read. */
  get unread(): string[] {
    return [...this.stale.keys()]
  }

  /** What else a step changed: its digest is no longer what it was. */
  doubt(objects: readonly {kind: string; id: string | number}[]): void {
    for (const {kind, id} of objects) delete this.digests[`${kind}/${id}`]
  }

  private readonly stale = new Map<string, string>()

  private async begin(): Promise<void> {
    await this.current.catch(() => undefined)
    this.current = this.readWanted()
    return this.current
  }

  private async readWanted(): Promise<void> {
    const objects = this.wanted
    this.wanted = new Set()
    this.next = undefined
    const {state, digests, stale} = await this.patiently(objects)
    this.state = state
    this.world = undefined
    for (const key of objects) {
      this.stale.delete(key)
      const digest = own(digests, key)
      if (digest === undefined) delete this.digests[key]
      else this.digests[key] = digest
    }
    for (const object of stale) this.stale.set(localKey(object), object.why)
  }

  private async patiently(objects: ReadonlySet<string>): Promise<Reading> {
    for (const pause of pauses) {
      try {
        return await this.read(this.state, objects)
      } catch (error) {
        if (!isPmpcError(error) || !/^PMPC_(UNREACHABLE|NO_ANSWER|NODE_UNREACHABLE)$/.test(error.code)) throw error
        await this.clock.sleep(pause)
      }
    }
    return this.read(this.state, objects)
  }
}
