import type {ItemColumn} from '../observed/cells.js'
import {apiPath, mapsIn, type Entry, type Reader} from '../proxmox/index.js'
import type {KindName} from '../resources/model.js'
import {parseUpid, type Upid} from '../values/upid.js'
import {glob} from '../workspace/glob.js'
import {guestsNow, kindOfGuest, ofNodes, type GuestNow, type Listed} from './nodes.js'
import {momentOf, spanText} from './times.js'

/** How a task is, as PVE's own filter calls it (pve-common, PVE/UPID.pm (normalize_status_type)), or `running`. */
export const taskStatuses = ['running', 'ok', 'warning', 'error', 'unknown'] as const

export type TaskStatus = (typeof taskStatuses)[number]

/** A task as pmpc tells it to programs; docs/schema/task-list.json. */
export interface TaskItem {
  cluster: string
  kind: 'task'
  /** The UPID. */
  id: string
  upid: string
  node: string
  /** `qmstart`, `vzdump`, … */
  type: string
  /** What it works on: `vm/100` of a guest, else PVE's own word; absent where it has none. */
  object?: string
  /** Name of the guest, where it is there still. */
  guestname?: string
  /** `alice@pve`, or `alice@pve!ci` of a token. */
  user: string
  status: TaskStatus
  /** PVE's own words of how it ended: `OK`, `WARNINGS: 2`, `unable to …`. */
  exitstatus?: string
  /** Seconds since the epoch. */
  starttime: number
  /** The same, ISO 8601. */
  started: string
  endtime?: number
  ended?: string
  /** Seconds that it took, or runs already; absent where its end is not known. */
  duration?: number
  /** When it was read from the cluster, ISO 8601: tasks are not recorded. */
  readAt: string
}

/** Which tasks are meant. */
export interface TaskFilter {
  nodes?: readonly string[] | undefined
  /** VMIDs. */
  guests?: readonly number[] | undefined
  /** `alice@pve` with the tokens of that user, `alice@pve!ci`, or `alice` in any realm. */
  user?: string | undefined
  /** A type, `*` and `?` stand for others. */
  type?: string | undefined
  status?: TaskStatus | undefined
  /** Seconds since the epoch: those that began then or later. */
  since?: number | undefined
  until?: number | undefined
  limit: number
}

/** Of a filter that PVE does not know, so many are read at once. */
const page = 500

/**
 * The newest tasks of a cluster. `/cluster/tasks` holds 25 of a node only (pve-common, PVE/RESTEnvironment.pm (active_workers)), so each node is
 * asked, for what it noted since its log was last turned over: some thousand tasks (`/var/log/pve/tasks/index`). Without Sys.Audit on a node
 * PVE tells one's own tasks there, and says nothing of the others.
 * @throws as `ofNodes`
 */
export async function tasksOf(reader: Reader, filter: TaskFilter): Promise<Listed<TaskItem>> {
  const [{found, unread}, guests] = await Promise.all([
    ofNodes(reader, filter.nodes, async (node) => tasksAt(reader, node, filter)),
    // Names are good to know.
    guestsNow(reader).catch(() => []),
  ])
  const tell = taskTeller(reader.cluster!, guests)
  const all = found.flatMap(({data}) => data.entries.flatMap((entry) => tell(entry) ?? []))
  const items = all.toSorted(byStart).slice(0, filter.limit)
  const total = found.reduce((sum, {data}) => sum + data.total, 0)
  return {items, unread, more: Math.max(0, total - items.length)}
}

/** Newest first; what began in the same second by its id, so that the order is one. */
export function byStart(a: TaskItem, b: TaskItem): number {
  return b.starttime - a.starttime || (a.upid < b.upid ? 1 : -1)
}

/** Tasks of a node as PVE tells them. @returns `total` of those that fit, as far as it is known */
async function tasksAt(reader: Reader, node: string, filter: TaskFilter): Promise<{entries: Entry[]; total: number}> {
  const vmids = filter.guests === undefined ? [undefined] : filter.guests
  const lists = await Promise.all(vmids.map(async (vmid) => readTasks(reader, node, queryOf(filter, vmid), filter)))
  return {
    entries: lists.flatMap(({entries}) => entries),
    total: lists.reduce((sum, {total}) => sum + total, 0),
  }
}

type Query = Record<string, string | number | undefined>

/** What PVE can filter by itself. Its filter of users knows parts of names, and no tokens; its filter of types no patterns. */
function queryOf({user, type, status, since, until}: TaskFilter, vmid: number | undefined): Query {
  return {
    source: status === 'running' ? 'active' : 'all',
    ...(status !== undefined && status !== 'running' && {statusfilter: status}),
    vmid,
    userfilter: user?.split('!')[0],
    typefilter: type !== undefined && isPattern(type) ? undefined : type,
    since,
    until,
  }
}

const isPattern = (text: string): boolean => /[*?]/.test(text)

async function readTasks(
  reader: Reader,
  node: string,
  query: Query,
  filter: TaskFilter,
): Promise<{entries: Entry[]; total: number}> {
  const path = apiPath('nodes', node, 'tasks')
  const isMeant = meantBy(filter)
  const isExact = filter.user === undefined && (filter.type === undefined || !isPattern(filter.type))
  const limit = isExact ? filter.limit : page
  const entries: Entry[] = []
  for (let start = 0; ; start += limit) {
    const {data, total} = await reader.getWhole<unknown>(path, {...query, start, limit})
    const read = mapsIn(data, path)
    entries.push(...read.filter(isMeant))
    const isAll = read.length < limit
    if (isAll || entries.length >= filter.limit)
      return {entries, total: isExact && typeof total === 'number' ? total : entries.length}
  }
}

function meantBy({user, type, status}: TaskFilter): (entry: Entry) => boolean {
  const pattern = type === undefined ? undefined : glob(type)
  return (entry) => {
    const task = parseUpid(String(entry.upid))
    if (task === undefined) return false
    if (user !== undefined && !namesUser(task.user, user)) return false
    return pattern?.test(task.type) !== false && (status === undefined || statusOf(entry) === status)
  }
}

/** Whether `alice@pve!ci` is meant by `alice@pve!ci`, `alice@pve` or `alice`. */
function namesUser(whole: string, word: string): boolean {
  const [userid] = whole.split('!')
  return word === whole || word === userid || word === userid!.replace(/@[^@]*$/, '')
}

/** `RUNNING`, or no status and no end, is of a task that runs; a task without a result died (pve-common, PVE/UPID.pm). */
function statusOf({status, endtime}: Entry): TaskStatus {
  if (status === 'RUNNING' || (status === undefined && endtime === undefined)) return 'running'
  if (status === 'OK') return 'ok'
  if (typeof status !== 'string' || status === 'unexpected status') return 'unknown'
  return /^WARNINGS: \d+$/.test(status) ? 'warning' : 'error'
}

/** Tells tasks of a cluster to programs; undefined for what is no task. */
export function taskTeller(
  cluster: string,
  guests: readonly GuestNow[],
  now = new Date(),
): (entry: Entry) => TaskItem | undefined {
  const known = new Map(guests.map(({ref, names}) => [String(ref.id), {kind: ref.kind, name: names[0]}]))
  const readAt = now.toISOString()
  return (entry) => {
    const upid = String(entry.upid)
    const task = parseUpid(upid)
    if (task === undefined) return undefined
    const {node, type, user, starttime} = task
    const status = statusOf(entry)
    const endtime = typeof entry.endtime === 'number' ? entry.endtime : undefined
    const until = status === 'running' ? Math.floor(now.getTime() / 1000) : endtime
    const guest = known.get(guestIn(task) ?? '')
    const object = objectOf(task, guest?.kind)
    return {
      cluster,
      kind: 'task',
      id: upid,
      upid,
      node,
      type,
      ...(object !== '' && {object}),
      ...(guest?.name !== undefined && {guestname: guest.name}),
      user,
      status,
      ...(status !== 'running' && typeof entry.status === 'string' && {exitstatus: entry.status}),
      starttime,
      started: momentOf(starttime),
      ...(endtime !== undefined && {endtime, ended: momentOf(endtime)}),
      // Its clock may not be ours.
      ...(until !== undefined && {duration: Math.max(0, until - starttime)}),
      readAt,
    }
  }
}

/** Types of tasks whose id begins with a VMID, and of which kind the guest then is (pve-manager, www/manager6/Utils.js (task_desc_table)). */
const ofGuests: readonly {types: RegExp; guest?: 'qemu' | 'lxc'}[] = [
  {types: /^qm/, guest: 'qemu'},
  {types: /^vz(?!dump$)/, guest: 'lxc'},
  {types: /^(?:ha(?:start|stop|shutdown|migrate|relocate)|vzdump|resize|move_volume|vncproxy|spiceproxy)$/},
]

function guestIn({type, id}: Upid): string | undefined {
  return ofGuests.some(({types}) => types.test(type)) ? /^\d+/.exec(id)?.[0] : undefined
}

/** `vm/100`; `vm/100-scsi1>101-scsi2` of a volume that goes to another guest: what PVE adds to a VMID stays. */
function objectOf(task: Upid, known: KindName | undefined): string {
  const kind = kindOfGuest(ofGuests.find(({types}) => types.test(task.type))?.guest) ?? known
  return kind === undefined || guestIn(task) === undefined ? task.id : `${kind}/${task.id}`
}

/** Columns of the table: 80 are enough for what tells most. */
export function taskColumns({clusters = false, wide = false} = {}): ItemColumn<TaskItem>[] {
  const column = (
    header: string,
    value: (task: TaskItem) => string | undefined,
    more: Partial<ItemColumn<TaskItem>> = {},
  ): ItemColumn<TaskItem> => ({header, value: (task) => value(task) ?? '', ...more})
  return [
    ...(clusters ? [column('CLUSTER', ({cluster}) => cluster)] : []),
    column('START (UTC)', ({started}) => started.slice(5, 19).replace('T', ' '), {
      fixed: true,
      bare: ({started}) => started,
    }),
    column('TIME', ({duration}) => (duration === undefined ? '' : spanText(duration)), {
      align: 'right',
      bare: ({duration}) => String(duration ?? ''),
    }),
    column('NODE', ({node}) => node),
    column('TYPE', ({type}) => type, {keep: true}),
    column('OBJECT', ({object}) => object, {keep: true}),
    column('NAME', ({guestname}) => guestname),
    column('USER', ({user}) => user),
    column('STATUS', ({status, exitstatus}) => exitstatus ?? status, {keep: true}),
    ...(wide ? [column('UPID', ({upid}) => upid, {fixed: true})] : []),
  ]
}

/** Names of their fields, for `--sort-by`. */
export const taskFields = [
  ...(['cluster', 'node', 'type', 'object', 'guestname', 'user', 'status', 'exitstatus'] as const),
  ...(['starttime', 'started', 'endtime', 'ended', 'duration', 'upid'] as const),
] as const
