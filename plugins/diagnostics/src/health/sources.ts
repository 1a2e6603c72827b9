import type {Guest, Storage} from './places.js'

/** Where a source is read: once, or at each node, storage or guest. */
export type Over = 'cluster' | 'node' | 'storage' | 'guest'

/** A call of the API that checks read. However many checks name it, it is asked once at each place. */
export interface Source {
  /** `{node}`, `{storage}`, `{type}` and `{vmid}` stand for those of the place. */
  path: string
  over: Over
  query?: Readonly<Record<string, string | number>>
  /** What PVE says where there is no such thing: then nothing was read, and nothing is wrong with that. */
  absentWhen?: RegExp
  /** PVE leaves out what a token may not see: with none of these on the path, what was read is not all of it. */
  sight?: {path: string; privileges: readonly string[]}
  /** Of which storages or guests it is read; all unless given. */
  ofStorage?: (storage: Storage) => boolean
  ofGuest?: (guest: Guest) => boolean
}

/** All calls that checks read, by the name that they are known by in the tables. */
export const sources = {
  status: {path: '/cluster/status', over: 'cluster'},
  resources: {
    path: '/cluster/resources',
    over: 'cluster',
    sight: {path: '/vms', privileges: ['VM.Audit']},
  },
} as const satisfies Record<string, Source>

export type SourceName = keyof typeof sources
