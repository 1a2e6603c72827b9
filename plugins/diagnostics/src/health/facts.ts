import {isEntry, type Entry} from 'pmpc/kit/proxmox'
import type {Guest, Places, Storage} from './places.js'
import type {SourceName} from './sources.js'

/** Where something was read. */
export interface Place {
  node?: string
  storage?: Storage
  guest?: Guest
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

/** All that was read of a cluster, as checks look at it. */
export interface Facts {
  places: Places
  /** Seconds since the epoch, on this machine. */
  now: number
  /** Answers of a source, one for each place that could be read. */
  answers(source: SourceName): Answer[]
  /** The maps of a list that is read once. */
  list(source: SourceName): Entry[]
  /** The maps of lists that are read at several places, each with its place. */
  each(source: SourceName): {place: Place; entry: Entry}[]
}

/** Looks at what was read: by source the answers that came. */
export function factsOf(places: Places, now: number, read: ReadonlyMap<SourceName, readonly Answer[]>): Facts {
  const answers = (source: SourceName): Answer[] => {
    const found = read.get(source)
    if (!found) throw new TypeError(`${source} was not read: its check does not name it`)
    return found.filter(({data}) => data !== undefined)
  }
  const each: Facts['each'] = (source) =>
    answers(source).flatMap(({place, data}) => {
      const entries: unknown[] = Array.isArray(data) ? data : [data]
      return entries.filter(isEntry).map((entry) => ({place, entry}))
    })
  return {places, now, answers, each, list: (source) => each(source).map(({entry}) => entry)}
}
