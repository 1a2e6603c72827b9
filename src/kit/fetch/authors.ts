import type {Deed, Whole} from '../git/trailers.js'
import {mapsIn, type Reader} from '../proxmox/index.js'
import {isGuest, isMap, localKey, parseFieldName, type FieldChange} from '../resources/index.js'
import type {ObjectChange} from '../state/index.js'
import {parseUpid} from '../values/upid.js'

/** The keys that are read of a log entry and of a task. They are good to know: what is no text is not there. */
const logKeys = ['user', 'msg', 'time', 'node', 'pid'] as const
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

/** What tasks of some types explain. */
interface Explaining {
  /** From the descriptions in PVE's contracts, and UPIDs seen. */
  types: RegExp
  /** What happened to the object as a whole, or the names of fields. */
  explains: 'added' | 'removed' | RegExp
  /** What the last of several did is what is there; else all of them may have done it. */
  isLast?: true
  /** It overwrites what was set before. */
  isAll?: true
  /** The task itself writes into the cluster log what it changes (seen on the real daemon); that is then all it did. */
  isLogged?: true
}

const disks = /^(?:config|running)\.(?:scsi|sata|ide|virtio|efidisk|tpmstate|unused|rootfs|mp)\d*(?:\.|$)/

const explaining: readonly Explaining[] = [
  {types: /^(qmcreate|qmrestore|qmclone|vzcreate|vzrestore|vzclone)$/, explains: 'added', isLast: true},
  {types: /^(qmdestroy|vzdestroy)$/, explains: 'removed', isLast: true},
  {types: /^(qmigrate|vzmigrate|hamigrate|migrateall)$/, explains: /^node$/, isLast: true},
  {
    types: /^(qm|vz|ha)(start|stop|shutdown|reboot|reset|suspend|resume|pause)$/,
    explains: /^(?:status$|running\b)/,
    isLast: true,
  },
  {types: /^(qmconfig|qmtemplate|vztemplate)$/, explains: /^(?:config|running)\b/, isLogged: true},
  {types: /^(qmmove|move_volume|resize|imgdel)$/, explains: disks},
  {types: /^(qm|vz)(snapshot|delsnapshot)$/, explains: /^snapshots\b/},
  {types: /^(qm|vz)rollback$/, explains: /^(?:config|running|snapshots)\b/, isLast: true, isAll: true},
]

/** What somebody did to a guest, as a log entry or a task tells. */
interface Evidence extends Omit<Explaining, 'types' | 'explains'> {
  user: string
  /** Seconds since the epoch. */
  time: number
  upid?: string
  explains: Explaining['explains'] | ReadonlySet<string>
}

/**
 * Names the users behind changes of guests, a line for each user of an object. A VM's configuration changes are in the cluster log with their keys,
 * a container's are not; most else is a task. Of all other kinds PVE notes nobody. Only what happened after the snapshot before can explain a change:
 * older entries are not guessed from. Costs two requests. Lists that may not be read leave the authors unknown.
 * @param since seconds since the epoch
 */
export async function authorsOf(reader: Reader, changes: readonly ObjectChange[], since: number): Promise<Deed[]> {
  const [log, tasks] = await Promise.all([
    read(reader, '/cluster/log', logKeys, {max: 1000}),
    read(reader, '/cluster/tasks', taskKeys),
  ])
  const byId = evidenceIn(log, tasks, since)
  return changes.flatMap((change) =>
    deedsOfChange(change, isGuest(change.kind) ? (byId.get(String(change.id)) ?? []) : []),
  )
}

/** By VMID, the newest first. */
function evidenceIn(log: LogEntry[], tasks: Task[], since: number): Map<string, Evidence[]> {
  const found = new Map<string, Evidence[]>()
  const add = (id: string, evidence: Omit<Evidence, 'user'>, user: string | undefined) => {
    const {time} = evidence
    if (user === undefined || !isUser(user) || !(time >= since && time < lastTime)) return
    found.set(id, [...(found.get(id) ?? []), {...evidence, user}])
  }
  // The process of a task writes its entries.
  const byProcess = new Map<string, string>()
  for (const {upid = ''} of tasks) {
    const parsed = parseUpid(upid)
    if (parsed) byProcess.set(`${parsed.node} ${parsed.pid} ${parsed.id}`, upid)
  }
  const logged = new Set<string>()
  for (const {user, msg = '', time, node, pid} of log) {
    const entry = entryOf(msg)
    if (!entry) continue
    const upid = byProcess.get(`${node} ${pid} ${entry.id}`)
    if (upid !== undefined) logged.add(upid)
    add(entry.id, {time: Number(time), explains: entry.keys, ...(upid !== undefined && {upid})}, user)
  }
  for (const {upid, user, tokenid, type = '', id = '', starttime} of tasks) {
    const row = explaining.find(({types}) => types.test(type))
    if (!row || (row.isLogged && upid !== undefined && logged.has(upid))) continue
    const {types: _types, ...explained} = row
    const isUpid = parseUpid(upid ?? '') !== undefined
    const name = user !== undefined && tokenid !== undefined && !user.includes('!') ? `${user}!${tokenid}` : user
    add(id, {time: Number(starttime), ...explained, ...(isUpid && {upid: upid!})}, name)
  }
  for (const evidence of found.values()) evidence.sort((a, b) => b.time - a.time)
  return found
}

/** 9999-12-31, in seconds. */
const lastTime = 253_402_300_800

/** `user@realm`, or a token of it (pve-access-control, PVE/Auth/Plugin.pm and PVE/AccessControl.pm): one word. */
function isUser(text: string): boolean {
  return /^[^\s:/]{1,64}@[A-Za-z][\w.-]{1,63}(?:![A-Za-z][\w.-]{1,127})?$/.test(text)
}

/** Options of a log entry behind which keys stand. */
const keysBehind = new Set(['-delete', '-revert', '--disk', '--volume'])

/**
 * `update VM 101: -delete net1,net2 -memory 4096`, `update CT 200: resize --disk rootfs --size +1G`, `move disk VM 101: move --disk scsi0 …`:
 * only the keys are read, never the values (qemu-server, PVE/API2/Qemu.pm; pve-container, PVE/API2/LXC.pm).
 */
function entryOf(msg: string): {id: string; keys: Set<string>} | undefined {
  const match = /^(?:update|move disk|move volume) (?:VM|CT) (\d+): (.*)$/s.exec(msg)
  if (!match) return undefined
  const keys = new Set<string>()
  const words = match[2]!.split(/\s+/)
  for (const [at, word] of words.entries()) {
    if (keysBehind.has(word)) for (const key of (words[at + 1] ?? '').split(/[,;]/)) keys.add(key)
    else if (/^-[a-z]/.test(word)) keys.add(word.slice(1))
  }
  return {id: match[1]!, keys}
}

function deedsOfChange(change: ObjectChange, evidence: Evidence[]): Deed[] {
  const object = localKey(change)
  const whole = wholeOf(change)
  if (whole) {
    const wanted = whole === 'removed' ? 'removed' : 'added'
    const [who] = evidence.filter(({explains}) => explains === wanted)
    return [{object, what: whole, user: null, ...(who && doneBy(who))}]
  }
  const fields = new Map<string, string[]>()
  const doers = new Map<string, Evidence>()
  for (const field of change.fields.filter(({ignored, read}) => !ignored && !read)) {
    const all = evidenceOf(field, evidence)
    for (const who of all.length > 0 ? all : [undefined]) {
      const user = who?.user ?? ''
      fields.set(user, [...(fields.get(user) ?? []), field.field])
      if (who && who.time > (doers.get(user)?.time ?? -Infinity)) doers.set(user, who)
    }
  }
  return [...fields].map(([user, what]) => {
    const who = doers.get(user)
    return {object, what, user: null, ...(who && doneBy(who))}
  })
}

function wholeOf({change}: ObjectChange): Whole | undefined {
  return change === 'added' || change === 'removed' || change === 'replaced' ? change : undefined
}

function doneBy({user, time, upid}: Evidence): Pick<Deed, 'user' | 'at' | 'upid'> {
  const at = new Date(time * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
  return {user, at, ...(upid !== undefined && {upid})}
}

/**
 * Who changed a field, one a user; none where nothing tells. An entry that names its key says more than a task of which that is only possible. Of a value
 * without parts the last writer made what is there; of one with parts each may have made any of them.
 */
function evidenceOf({field, before, after}: FieldChange, evidence: Evidence[]): Evidence[] {
  const parts = parseFieldName(field) ?? []
  const isConfig = parts[0] === 'config' || parts[0] === 'running'
  const named = evidence.filter(({explains}) => explains instanceof Set && isConfig && explains.has(parts[1]!))
  const possible = evidence.filter(({explains}) => explains instanceof RegExp && explains.test(field))
  const [newest] = possible
  const isOverwritten = newest?.isAll && newest.time > (named[0]?.time ?? -Infinity)
  const chosen = named.length > 0 && !isOverwritten ? named : possible
  const hasParts = parts.length > 2 || [before, after].some((value) => Array.isArray(value) || isMap(value))
  const isOne = chosen[0]?.isLast || (chosen === named && !hasParts)
  const fitting = isOne ? chosen.filter(({time}) => time === chosen[0]!.time) : chosen
  return fitting.filter(({user}, at) => fitting.findIndex((other) => other.user === user) === at)
}
