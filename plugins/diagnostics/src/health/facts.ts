import type {Entry} from 'pmpc/kit/proxmox'
import {guestFacts, type GuestFacts} from './guest-facts.js'
import type {Promised} from './history.js'
import {guestName, storageName, type Guest, type Places, type Storage} from './places.js'
import type {SourceName} from './sources.js'
import {maps} from './values.js'

/** Where something was read. */
export interface Place {
  node?: string
  storage?: Storage
  guest?: Guest
  /** Name of a ZFS pool. */
  pool?: string
}

/** What a source answered at a place. `data` is undefined where PVE said that there is no such thing. */
export interface Answer {
  place: Place
  data: unknown
  /** On this machine's clock, milliseconds since the epoch: when it was asked and answered. */
  asked: number
  answered: number
}

/** What could not be read, and why: `node/pve2`, one sentence without its full stop. */
export interface Unread {
  object: string
  why: string
}

/** An entry with the node that it was read at. */
export interface AtNode {
  node: string
  entry: Entry
}

/** All that was read of a cluster, as checks look at it. */
export class Facts {
  private known: GuestFacts[] | undefined

  /** @param now seconds since the epoch, on this machine */
  constructor(
    readonly places: Places,
    readonly now: number,
    private readonly read: ReadonlyMap<SourceName, readonly Answer[]>,
    /** What guests were promised of the storages, as the history of the state tells: the oldest and the newest; or nothing. */
    readonly promised: readonly Promised[] = [],
  ) {}

  /** Answers of a source, one for each place that could be read. */
  answers(source: SourceName): Answer[] {
    const found = this.read.get(source)
    if (!found) throw new TypeError(`${source} was not read: its check does not name it`)
    return found.filter(({data}) => data !== undefined)
  }

  /** The maps of a list, or the one map, that is read once. */
  list(source: SourceName): Entry[] {
    return this.answers(source).flatMap(({data}) => maps(Array.isArray(data) ? data : [data]))
  }

  /** The same of what is read at each node. */
  atNodes(source: SourceName): AtNode[] {
    return this.answers(source).flatMap(({place, data}) =>
      maps(Array.isArray(data) ? data : [data]).map((entry) => ({node: place.node!, entry})),
    )
  }

  /** Guests with their configurations. */
  get guests(): GuestFacts[] {
    this.known ??= this.answers('guests').map(({place, data}) => guestFacts(place.guest!, data))
    return this.known
  }
}

/** How a place is named in findings. */
export function objectOf({node, storage, guest, pool}: Place): string {
  if (guest) return guestName(guest)
  if (storage) return storageName(storage)
  if (pool !== undefined) return `zpool/${node}/${pool}`
  return node === undefined ? 'cluster' : `node/${node}`
}
