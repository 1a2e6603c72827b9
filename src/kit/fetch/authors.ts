import {mapsIn, type Reader} from '../proxmox/index.js'
import type {ObjectChange} from '../state/index.js'

/** Who changed an object, as far as PVE's cluster log and task lists know. */
export interface Author {
  object: string
  /** `alice@pve` or `alice@pve!token`; null when nothing tells. */
  user: string | null
  upid?: string
}

/** The keys that are read of a log entry and of a task. They are good to know: what is no text is not there. */
const logKeys = ['user', 'msg', 'time'] as const
const taskKeys = ['upid', 'user', 'tokenid', 'type', 'id', 'starttime'] as const

type LogEntry = Partial<Record<(typeof logKeys)[number], string>>
type Task = Partial<Record<(typeof taskKeys)[number], string>>

async function read<Key extends string>(
  reader: Reader,
  path: string,
  keys: readonly Key[],
  query?: {max: number},
): Promise<Partial<Record<Key, string>>[]> {
  const answer = await reader.get<unknown>(path, query).catch(() => [])
  const entries = Array.isArray(answer) ? mapsIn(answer.slice(0, 10_000), path) : []
  return entries.map((entry) => {
    const known = keys.filter((key) => typeof entry[key] === 'string' || typeof entry[key] === 'number')
    return Object.fromEntries(known.map((key) => [key, String(entry[key])])) as Partial<Record<Key, string>>
  })
}

/** Types of tasks (from the descriptions in PVE's contracts, and UPIDs seen) that explain a kind of change. */
const explaining: Record<'added' | 'removed' | 'node' | 'status' | 'config', RegExp> = {
  added: /^(qmcreate|qmrestore|qmclone|vzcreate|vzrestore|vzclone)$/,
  removed: /^(qmdestroy|vzdestroy)$/,
  node: /^(qmigrate|vzmigrate|hamigrate|migrateall)$/,
  status: /^(qm|vz|ha)(start|stop|shutdown|reboot|reset|suspend|resume|pause)$/,
  config:
    /^(qmconfig|qmmove|move_volume|resize|qmtemplate|vztemplate|qmsnapshot|vzsnapshot|qmrollback|vzrollback|qmdelsnapshot|vzdelsnapshot|imgdel)$/,
}

/**
 * Names the users behind changes. A VM's configuration changes are in the cluster log with their keys, a container's are not; most else
 * is a task. Only what happened after the snapshot before can explain a change: older entries are not guessed from.
 * Costs two requests. Lists that may not be read leave the authors unknown.
 * @param since seconds since the epoch
 */
export async function authorsOf(reader: Reader, changes: ObjectChange[], since: number): Promise<Author[]> {
  const [log, tasks] = await Promise.all([
    read(reader, '/cluster/log', logKeys, {max: 1000}),
    read(reader, '/cluster/tasks', taskKeys),
  ])
  const recentLog = log.filter((entry) => Number(entry.time) >= since)
  const recentTasks = tasks.filter((task) => Number(task.starttime) >= since)
  return changes.map((change) => ({object: `${change.kind}/${change.id}`, ...authorOf(change, recentLog, recentTasks)}))
}

function authorOf(change: ObjectChange, log: LogEntry[], tasks: Task[]): Omit<Author, 'object'> {
  const id = String(change.id)
  const wanted = reasons(change)
  const task = newest(
    tasks.filter(
      (candidate) =>
        String(candidate.id) === id && wanted.some((reason) => explaining[reason].test(candidate.type ?? '')),
    ),
    (candidate) => Number(candidate.starttime),
  )
  const entry = newest(
    log.filter((candidate) => explains(candidate, change, id)),
    (candidate) => Number(candidate.time),
  )
  if (entry?.user && (!task || Number(entry.time) >= Number(task.starttime))) return {user: entry.user}
  if (!task?.user) return {user: null}
  const user = task.tokenid && !task.user.includes('!') ? `${task.user}!${task.tokenid}` : task.user
  return task.upid ? {user, upid: task.upid} : {user}
}

function reasons(change: ObjectChange): (keyof typeof explaining)[] {
  if (change.change === 'added' || change.change === 'removed') return [change.change]
  if (change.change === 'replaced') return ['added']
  const fields = change.fields.map((field) => field.field)
  const found: (keyof typeof explaining)[] = []
  if (fields.includes('node')) found.push('node')
  if (fields.includes('status')) found.push('status')
  if (fields.some((field) => /^(config|snapshots)\b/.test(field))) found.push('config')
  return found
}

/** `update VM 101: -memory 4096 -delete net1`: only the keys are read, never the values. */
function explains(entry: LogEntry, change: ObjectChange, id: string): boolean {
  const match = /^update VM (\d+): (.*)$/s.exec(entry.msg ?? '')
  if (!match || match[1] !== id || change.change !== 'changed') return false
  const keys = new Set(change.fields.map((field) => field.field.split('.')[1]).filter((key) => key !== undefined))
  const words = match[2]!.split(/[\s,]+/)
  return words.some(
    (word, index) => keys.has(word.replace(/^--?/, '')) && (word.startsWith('-') || words[index - 1] === '-delete'),
  )
}

function newest<T>(candidates: T[], time: (candidate: T) => number): T | undefined {
  return candidates.reduce<T | undefined>((best, next) => (!best || time(next) > time(best) ? next : best), undefined)
}
