import {isPmpcError} from 'pmpc/kit/errors'
import {apiPath, mapsIn, type Reader} from 'pmpc/kit/proxmox'
import {Facts, objectOf, type Answer, type Place, type Unread} from './facts.js'
import type {Promised} from './history.js'
import {placesIn, type Places} from './places.js'
import {Sight} from './sight.js'
import {sources, type SourceName} from './sources.js'

/** What was read for checks: the facts, and by source what is not in them. */
export interface Reading {
  facts: Facts
  unread: ReadonlyMap<SourceName, readonly Unread[]>
}

/** Ends all reading: what is so for every path, or asks for an end. */
const endsAll = /^PMPC_(NOT_AUTHENTICATED|NO_CREDENTIAL|BAD_CREDENTIAL|BAD_ENDPOINT|TLS.*|UNREACHABLE|INTERRUPTED)$/

/**
 * Reads what checks want, each call once at each place and all beside each other; the client sees to it that no node has too many at once.
 * A call that fails, and a node that is away, is noted and ends nothing.
 * @throws what the client throws where the cluster as a whole cannot be read
 */
export async function readFor(
  reader: Reader,
  wanted: ReadonlySet<SourceName>,
  promised: readonly Promised[] = [],
): Promise<Reading> {
  const now = Math.floor(Date.now() / 1000)
  const [{places, answer}, sight] = await Promise.all([readPlaces(reader), Sight.read(reader)])
  const round = new Round(reader, places, sight, now)
  await Promise.all(
    [...wanted].map(async (name) => (name === 'resources' ? round.has(name, answer) : round.source(name))),
  )
  return {facts: new Facts(places, now, round.read, promised), unread: round.unread}
}

async function readPlaces(reader: Reader): Promise<{places: Places; answer: Answer}> {
  const {path} = sources.resources
  const asked = Date.now()
  const data = await reader.get(path)
  return {places: placesIn(mapsIn(data, path)), answer: {place: {}, data, asked, answered: Date.now()}}
}

/** One reading of a cluster. */
class Round {
  readonly read = new Map<SourceName, Answer[]>()
  readonly unread = new Map<SourceName, Unread[]>()
  private readonly begun = new Map<SourceName, Promise<Answer[]>>()
  /** By path: two sources may look at the same answer. */
  private readonly asked = new Map<string, Promise<unknown>>()

  constructor(
    private readonly reader: Reader,
    private readonly places: Places,
    private readonly sight: Sight,
    private readonly now: number,
  ) {}

  /** Notes what was read already. */
  has(name: SourceName, answer: Answer): void {
    this.read.set(name, [answer])
    this.unread.set(name, this.sight.lacks(sources[name]))
  }

  /** Reads a source at all its places, once. */
  async source(name: SourceName): Promise<Answer[]> {
    const reading = this.begun.get(name) ?? this.all(name)
    this.begun.set(name, reading)
    return reading
  }

  private async all(name: SourceName): Promise<Answer[]> {
    const missing: Unread[] = this.sight.lacks(sources[name])
    this.unread.set(name, missing)
    const answers = await Promise.all(
      (await this.placesOf(name, missing)).map(async (place) => this.at(name, place, missing)),
    )
    const read = answers.filter((answer) => answer !== undefined)
    this.read.set(name, read)
    return read
  }

  private async at(name: SourceName, place: Place, missing: Unread[]): Promise<Answer | undefined> {
    const {node} = place
    if (node !== undefined && !this.isOnline(node)) {
      missing.push({object: `node/${node}`, why: 'the node is offline'})
      return undefined
    }
    try {
      return await this.ask(name, place)
    } catch (error) {
      missing.push({object: objectOf(place), why: reasonOf(error)})
      return undefined
    }
  }

  private async ask(name: SourceName, place: Place): Promise<Answer> {
    const {path, query, absentWhen, whole} = sources[name]
    const at = pathAt(path, place)
    const asked = Date.now()
    const answer =
      this.asked.get(at) ??
      (whole ? this.reader.getWhole(at, query?.(this.now)) : this.reader.get(at, query?.(this.now)))
    this.asked.set(at, answer)
    const data = await answer.catch((error: unknown) => {
      if (isPmpcError(error) && absentWhen?.test(`${String(error.data?.text ?? '')} ${error.message}`)) return undefined
      throw error
    })
    return {place, data, asked, answered: Date.now()}
  }

  private isOnline(node: string): boolean {
    return this.places.nodes.some((one) => one.node === node && one.isOnline)
  }

  private async placesOf(name: SourceName, missing: Unread[]): Promise<Place[]> {
    const {over, after} = sources[name]
    const {nodes, storages, guests} = this.places
    if (after) {
      const before = after.source as SourceName
      const answers = await this.source(before)
      // What could not be read there is missing here.
      missing.push(...(this.unread.get(before) ?? []))
      return answers.flatMap((answer) => (answer.data === undefined ? [] : after.places(answer)))
    }
    if (over === 'node') return nodes.map(({node}) => ({node}))
    if (over === 'any')
      return nodes
        .filter(({isOnline}) => isOnline)
        .map(({node}) => ({node}))
        .slice(0, 1)
    if (over === 'guest') return guests.map((guest) => ({node: guest.node, guest}))
    if (over !== 'storage') return [{}]
    // What is shared is the same at every node that is there.
    const distinct = new Map(
      [...storages]
        .toSorted((a, b) => Number(this.isOnline(b.node)) - Number(this.isOnline(a.node)))
        .toReversed()
        .map((storage) => [storage.isShared ? storage.storage : `${storage.node}/${storage.storage}`, storage]),
    )
    return [...distinct.values()].map((storage) => ({node: storage.node, storage}))
  }
}

/** @throws what is no failure of one call */
function reasonOf(error: unknown): string {
  if (!isPmpcError(error) || endsAll.test(error.code)) throw error
  return error.message.replace(/\.$/, '')
}

function pathAt(path: string, {node, storage, guest, pool}: Place): string {
  const values: Record<string, string | undefined> = {
    '{node}': node,
    '{storage}': storage?.storage,
    '{type}': guest?.type,
    '{vmid}': guest && String(guest.vmid),
    '{pool}': pool,
  }
  const segments = path.split('/').slice(1)
  return apiPath(...segments.map((part) => values[part] ?? part))
}
