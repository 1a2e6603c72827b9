import type {Snapshot} from '../resources/model.js'
import {visible} from '../text/index.js'
import type {ItemColumn} from './cells.js'
import type {Item} from './item.js'

/** A snapshot of a guest as `pmpc get snapshots` tells it to programs; docs/schema/get.json. */
export interface SnapshotItem extends Snapshot {
  cluster: string
  kind: 'snapshot'
  /** `vm/100@before-upgrade` */
  id: string
  /** `vm/100` */
  guest: string
  vmid: number
  /** The guest's name. */
  guestname?: string
  /** When it was taken, ISO 8601, as `snaptime` says. */
  date?: string
}

/** The snapshots of guests: guest by guest, the oldest first. */
export function snapshotsOf(guests: readonly Item[]): SnapshotItem[] {
  return guests.flatMap(({cluster, kind, id, name: guestname, snapshots = []}) =>
    snapshots
      .toSorted((a, b) => (a.snaptime ?? 0) - (b.snaptime ?? 0))
      .map((snapshot) => ({
        cluster,
        kind: 'snapshot' as const,
        id: `${kind}/${id}@${snapshot.name}`,
        guest: `${kind}/${id}`,
        vmid: Number(id),
        ...(guestname !== undefined && {guestname: String(guestname)}),
        ...snapshot,
        ...(snapshot.snaptime !== undefined && {date: new Date(snapshot.snaptime * 1000).toISOString()}),
      })),
  )
}

/** Names of their fields, for `--sort-by`. */
export const snapshotFields = [
  'cluster',
  'guest',
  'vmid',
  'guestname',
  'name',
  'date',
  'snaptime',
  'description',
  'parent',
  'vmstate',
] as const

/** Columns of the table. */
export function snapshotColumns({wide = false, clusters = false} = {}): ItemColumn<SnapshotItem>[] {
  const column = (
    header: string,
    value: (snapshot: SnapshotItem) => string | undefined,
    more: Partial<ItemColumn<SnapshotItem>> = {},
  ): ItemColumn<SnapshotItem> => ({header, value: (snapshot) => value(snapshot) ?? '', ...more})
  return [
    ...(clusters ? [column('CLUSTER', ({cluster}) => cluster)] : []),
    column('GUEST', ({guest}) => guest, {fixed: true}),
    column('GUEST NAME', ({guestname}) => guestname),
    column('NAME', ({name}) => name, {keep: true}),
    column('DATE (UTC)', ({snaptime}) => minuteOf(snaptime), {fixed: true}),
    column('DESCRIPTION', ({description}) => firstLine(description)),
    column('PARENT', ({parent}) => parent),
    ...(wide ? [column('RAM', ({vmstate}) => (vmstate === 1 ? 'yes' : 'no'))] : []),
  ]
}

/** `2026-11-28 10:02`, UTC. @param seconds since the epoch */
export function minuteOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')
}

/** The first line of a text that has something in it; whether there is more. */
export function firstLine(text: string | undefined): string | undefined {
  const [first, ...more] = (text ?? '').trim().split(/\r?\n/)
  return first ? visible(first) + (more.length > 0 ? ' …' : '') : undefined
}
