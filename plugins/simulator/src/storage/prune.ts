import type {Call} from '../calls/call.js'
import {parsePropertyString} from '../contract/schema.js'
import {nodeName} from '../calls/node.js'
import type {StorageState} from '../state/model.js'
import {freeVolume} from './volumes.js'
import {parseArchive} from './names.js'
import {listVolumes, attributesOf, setAttributes} from './listing.js'

/** How many backups to keep, by option (`keep-last`, `keep-daily` …). */
export type Retention = Record<string, string | number>

/** One backup of a group; `mark` is set already where it may not be removed. */
export interface Prunable {
  /** Seconds since the epoch. */
  ctime: number
  mark?: string
}

/** Year and number of the ISO week a day lies in. */
function isoWeek(date: Date): string {
  const thursday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()))
  thursday.setUTCDate(thursday.getUTCDate() + 3 - ((thursday.getUTCDay() + 6) % 7))
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 4)
  return `${thursday.getUTCFullYear()}/${Math.round((thursday.getTime() - first) / 604_800_000)}`
}

/** The span of time of which each option keeps one backup, in the order in which PVE applies them. */
const spans: [string, (date: Date) => string][] = [
  ['keep-last', (date) => date.toISOString()],
  ['keep-hourly', (date) => date.toISOString().slice(0, 13)],
  ['keep-daily', (date) => date.toISOString().slice(0, 10)],
  ['keep-weekly', isoWeek],
  ['keep-monthly', (date) => date.toISOString().slice(0, 7)],
  ['keep-yearly', (date) => date.toISOString().slice(0, 4)],
]

/** Marks the backups of one guest `keep` or `remove`. Fact: pve-storage, prune_mark_backup_group. */
export function markBackups(group: Prunable[], keep: Retention): void {
  const counts = spans.map(([option, span]) => ({count: Number(keep[option] ?? 0), span}))
  if (Number(keep['keep-all'] ?? 0) === 1 || counts.every(({count}) => count === 0)) {
    for (const backup of group) if (backup.mark === undefined || backup.mark === 'remove') backup.mark = 'keep'
    return
  }
  const newest = [...group].sort((a, b) => b.ctime - a.ctime)
  for (const {count, span} of counts) if (count > 0) keepOfEach(newest, count, span)
  for (const backup of newest) backup.mark ??= 'remove'
}

/** Keeps the newest backup of each span that has none yet, until so many are kept. */
function keepOfEach(newest: Prunable[], count: number, span: (date: Date) => string): void {
  const spanOf = ({ctime}: Prunable): string => span(new Date(ctime * 1000))
  const covered = new Set(newest.filter(({mark}) => mark === 'keep').map(spanOf))
  const added = new Set<string>()
  for (const backup of newest) {
    const id = spanOf(backup)
    if (backup.mark !== undefined || covered.has(id)) continue
    if (added.has(id)) {
      backup.mark = 'remove'
      continue
    }
    if (added.size >= count) return
    added.add(id)
    backup.mark = 'keep'
  }
}

/** How many protected backups a guest may have on a storage; -1 for any number. */
export function protectedLimit(call: Call, storage: StorageState): number {
  const limit = storage.config['max-protected-backups']
  if (limit !== undefined) return Number(limit)
  return call.sim.permissions.has(call.auth, `/storage/${storage.storage}`, 'Datastore.Allocate') ? -1 : 5
}

export interface MarkedBackup extends Prunable {
  volid: string
  type: string
  vmid?: number
}

/** Reads how many backups to keep. */
export const retentionOf = (call: Call, value: string): Retention =>
  parsePropertyString(value, call.sim.contract.formats['prune-backups'] ?? {}, 'prune-backups', call.sim.context)

/** The backups of a storage with what pruning would do to each. */
export function markedBackups(
  call: Call,
  storage: StorageState,
  keep: Retention,
  {vmid, type}: {vmid?: number; type?: string},
): MarkedBackup[] {
  const node = nodeName(call)
  const groups = new Map<string, MarkedBackup[]>()
  const list: MarkedBackup[] = []
  for (const volume of listVolumes(call.sim.state, storage, node, {content: 'backup', vmid})) {
    const archive = parseArchive(volume.volid)
    const kind = archive?.type ?? 'unknown'
    if (type !== undefined && type !== kind) continue
    const owner = archive?.vmid ?? volume.vmid
    const entry: MarkedBackup = {
      volid: volume.volid,
      ctime: archive?.ctime ?? volume.ctime,
      type: kind,
      ...(owner !== undefined && {vmid: owner}),
    }
    if (!archive?.standard) entry.mark = 'renamed'
    else groups.set(`${kind}/${owner}`, [...(groups.get(`${kind}/${owner}`) ?? []), entry])
    if (attributesOf(call.sim.state, volume.volid, node).protected) entry.mark = 'protected'
    list.push(entry)
  }
  for (const group of groups.values()) markBackups(group, keep)
  return list
}

/** Removes the backups that are marked so, and tells of each. */
export function removeMarked(call: Call, marked: MarkedBackup[], log: (line: string) => void): void {
  for (const {volid, mark} of marked) {
    if (mark !== 'remove') continue
    log(`removing backup '${volid}'`)
    freeVolume(call.sim.state, volid, nodeName(call))
    setAttributes(call.sim.state, volid, nodeName(call), {notes: ''})
  }
}
