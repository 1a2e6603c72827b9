import {isEntry, type Entry} from 'pmpc/kit/proxmox'
import type {Facts} from '../facts.js'
import type {Check} from '../model.js'
import {guestName, storageName, type Guest} from '../places.js'
import {intervalOf} from '../schedule.js'
import {DAY, HOUR, isSet, number, spanText, text, words} from '../values.js'
import {finding, warning} from './grade.js'
import {volumesOf} from './storage.js'

const isEnabled = ({enabled}: Entry): boolean => enabled === undefined || isSet(enabled)

/** Whether a job takes a guest (pve-manager, PVE/VZDump.pm (get_included_guests)). */
function takes(job: Entry, guest: Guest): boolean {
  if (text(job.node) !== '' && text(job.node) !== guest.node) return false
  if (isSet(job.all) || text(job.exclude) !== '') return !words(job.exclude).includes(String(guest.vmid))
  if (text(job.pool) !== '') return guest.pool === text(job.pool)
  return words(job.vmid).includes(String(guest.vmid))
}

/** The newest backup of each guest, in seconds since the epoch. */
function newest(facts: Facts): Map<number, number> {
  const found = new Map<number, number>()
  for (const {volumes} of volumesOf(facts, 'backups'))
    for (const {content, vmid, ctime} of volumes)
      if (content === 'backup') found.set(number(vmid), Math.max(found.get(number(vmid)) ?? 0, number(ctime)))
  return found
}

/** Ends of backups of each node, the newest first; `status` is PVE's own word. */
function backupTasks(facts: Facts): {node: string; entry: Entry}[] {
  return facts
    .atNodes('tasks')
    .filter(({entry}) => text(entry.type) === 'vzdump' && entry.endtime !== undefined)
    .toSorted((a, b) => number(b.entry.starttime) - number(a.entry.starttime))
}

const isOk = (status: unknown): boolean => /^(?:OK|WARNINGS: \d+)$/.test(text(status))

/** Backups: who has one, how old it is, whether it is any good. */
export const backupChecks: readonly Check[] = [
  {
    id: 'backup.coverage',
    severity: 'warning',
    about: 'Every guest is in a backup job',
    why: 'What is in no job is not there any more after a mistake or a broken disk.',
    fix: 'Add it to a job below Datacenter > Backup; where it needs none, say so: health.exceptions in pmpc.yaml.',
    reads: ['unsaved', 'resources'],
    find: (facts) => {
      const templates = new Set(facts.places.guests.filter(({isTemplate}) => isTemplate).map(({vmid}) => vmid))
      return facts
        .list('unsaved')
        .filter(({vmid}) => !templates.has(number(vmid)))
        .map(({vmid, type, name}) =>
          warning(
            guestName({type: type === 'lxc' ? 'lxc' : 'qemu', vmid: number(vmid)}),
            `${text(name)} is in no backup job`,
          ),
        )
    },
  },
  {
    id: 'backup.age',
    severity: 'critical',
    about: 'Guests that are in a job have a fresh backup',
    why: 'A job that is there and makes nothing is believed in until the day it is needed.',
    fix: 'Look at the last run (pmpc task list --type vzdump), and make one now: pmpc backup GUEST.',
    reads: ['resources', 'backupJobs', 'backups'],
    whole: ['backups'],
    limits: {
      warning: {default: 2, is: 'times the interval of its job, since the newest backup'},
      critical: {default: 7, is: 'the same, and at least so many days'},
    },
    find: (facts, limits) => {
      const jobs = facts.list('backupJobs').filter(isEnabled)
      const ages = newest(facts)
      return facts.places.guests.flatMap((guest) => {
        const intervals = jobs.filter((job) => takes(job, guest)).map((job) => intervalOf(text(job.schedule)))
        if (intervals.length === 0) return []
        const interval = Math.min(...intervals)
        const last = ages.get(guest.vmid)
        if (last === undefined) return [warning(guestName(guest), `${guest.name} is in a job and has no backup`)]
        const age = facts.now - last
        const isGrave = age >= Math.max(limits.critical! * interval, limits.critical! * DAY)
        // An hour for what a backup takes.
        const severity = isGrave ? 'critical' : age >= limits.warning! * interval + HOUR ? 'warning' : undefined
        return finding(guestName(guest), severity, `the newest backup of ${guest.name} is ${spanText(age)} old`)
      })
    },
  },
  {
    id: 'backup.lastjob',
    severity: 'warning',
    about: 'The last backups went well',
    why: 'A backup that fails leaves the one before, which gets older.',
    fix: 'Read why: pmpc task list --type vzdump --status error, then pmpc task log.',
    reads: ['tasks'],
    find: (facts) => {
      const last = new Map<string, {node: string; entry: Entry}>()
      for (const one of backupTasks(facts)) {
        const key = `${one.node} ${text(one.entry.id)}`
        if (!last.has(key)) last.set(key, one)
      }
      return [...last.values()]
        .filter(({entry}) => !isOk(entry.status))
        .map(({node, entry}) => {
          const about = text(entry.id) === '' ? '' : ` of ${text(entry.id)}`
          return warning(`node/${node}`, `the last backup${about} failed: ${text(entry.status)}`)
        })
    },
  },
  {
    id: 'backup.disabled',
    severity: 'warning',
    about: 'No backup job is switched off',
    why: 'A job that was switched off for an hour is easily forgotten.',
    fix: 'Enable it below Datacenter > Backup, or remove it.',
    reads: ['backupJobs'],
    find: (facts) =>
      facts
        .list('backupJobs')
        .filter((job) => !isEnabled(job))
        .map(({id}) => warning(`backup-job/${text(id)}`, 'it is disabled')),
  },
  {
    id: 'backup.verify',
    severity: 'critical',
    about: 'Backups that were verified are whole',
    why: 'A backup that failed its verification cannot be restored, or not all of it.',
    fix: 'Make a new one, and look at the datastore of the Proxmox Backup Server.',
    reads: ['backups'],
    find: (facts) =>
      volumesOf(facts, 'backups').flatMap(({storage, volumes}) =>
        volumes
          .filter(({verification}) => isEntry(verification) && text(verification.state) === 'failed')
          .map(({volid}) => ({
            object: storageName(storage),
            severity: 'critical' as const,
            message: `${text(volid)} failed its verification`,
          })),
      ),
  },
  {
    id: 'backup.retention',
    severity: 'warning',
    about: 'Old backups are removed',
    why: 'A job that keeps all fills its storage, and then fails.',
    fix: 'Say how many are kept: pvesm set STORAGE --prune-backups keep-daily=7,keep-weekly=4.',
    reads: ['backupJobs', 'storageConfig'],
    whole: ['storageConfig'],
    find: (facts) => {
      const pruned = new Set(
        facts
          .list('storageConfig')
          // A Proxmox Backup Server prunes by jobs of its own.
          .filter((entry) => text(entry.type) === 'pbs' || limitsBackups(entry['prune-backups']))
          .map(({storage}) => text(storage)),
      )
      return facts
        .list('backupJobs')
        .filter(
          (job) =>
            isEnabled(job) &&
            text(job.storage) !== '' &&
            !limitsBackups(job['prune-backups']) &&
            !pruned.has(text(job.storage)),
        )
        .map(({id, storage}) => warning(`backup-job/${text(id)}`, `it keeps all backups on ${text(storage)}`))
    },
  },
]

/** `keep-last=3`, or a map of the same; `keep-all=1` limits nothing. */
function limitsBackups(value: unknown): boolean {
  const keys = isEntry(value)
    ? Object.keys(value).filter((key) => isKept(key, value[key]))
    : text(value)
        .split(',')
        .filter((part) => isKept(...split(part)))
  return keys.length > 0
}

const split = (part: string): [string, string] => [part.split('=')[0]!, part.split('=')[1] ?? '']
const isKept = (key: string, value: unknown): boolean => /^keep-(?!all)/.test(key) && number(value) > 0
