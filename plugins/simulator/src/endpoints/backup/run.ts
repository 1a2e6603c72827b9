import {failure} from '../../errors.js'
import {requireAll} from '../../access/checks.js'
import {protectedLimit, markedBackups, removeMarked, type Retention} from '../../storage/prune.js'
import {fullText} from '../../storage/plugins.js'
import {applyPending} from '../../guests/apply.js'
import {boot, halt, turnOn} from '../../guests/running.js'
import {canSnapshot} from '../../guests/features.js'
import type {Call} from '../../calls/call.js'
import type {Guest, StorageState} from '../../state/model.js'
import {attributesOf, listVolumes, setAttributes} from '../../storage/listing.js'
import {parseArchive} from '../../storage/names.js'
import {activeStorage, contentFolder, contentTypes, findStorage, findVolume, putFile} from '../../storage/volumes.js'
import {TaskError, type TaskHandle} from '../../tasks/runner.js'
import {compressions, contentSize, makeBackup} from '../../backup/archive.js'
import {backupVolumes} from '../../backup/selection.js'
import {formatSize} from '../../contract/scalars.js'

/** One run of vzdump on a node, its parameters completed and checked. */
export interface Job {
  call: Call
  node: string
  /** As `vzdump 100 --mode stop`. */
  command: string
  vmids: number[]
  /** Guests of other nodes. */
  skipped: number[]
  all: boolean
  storage?: StorageState
  /** Where the archives go that no storage keeps. */
  dumpdir?: string
  mode: 'snapshot' | 'suspend' | 'stop'
  compress: string
  keep: Retention
  remove: boolean
  protect: boolean
  notes?: string
  ionice: number
  bwlimit: number
  quiet: boolean
  fleecing?: string
}

/** Notices of a run: nothing when it is to be quiet. */
interface Log {
  info(text: string): void
  error(text: string): void
  warn(text: string): void
}

function logOf(job: Job, task: TaskHandle): Log {
  const write = (level: string) => (text: string) => {
    if (!job.quiet) for (const line of text.trimEnd().split('\n')) task.log(`${level}: ${line}`)
  }
  return {info: write('INFO'), error: write('ERROR'), warn: write('WARN')}
}

const moment = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')

/** A size as vzdump prints it: kilobytes and megabytes whole, more with two digits. */
function roughSize(bytes: number): string {
  const kb = bytes / 1024
  if (kb < 1024) return `${Math.floor(kb)}KB`
  if (kb < 1024 ** 2) return `${Math.floor(kb / 1024)}MB`
  return kb < 1024 ** 3 ? `${(kb / 1024 ** 2).toFixed(2)}GB` : `${(kb / 1024 ** 3).toFixed(2)}TB`
}

function binary(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let [value, unit] = [bytes, 0]
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1]
  return `${value.toFixed(1)} ${units[unit]}`
}

/** Backs up the guests of a job, one after another. @throws TaskError `job errors` when one of them failed */
export function runJob(job: Job, task: TaskHandle, held: Set<number>): void {
  const log = logOf(job, task)
  log.info(`starting new backup job: ${job.command}`)
  if (job.skipped.length > 0) log.info(`skip external VMs: ${job.skipped.join(', ')}`)
  const allowed = job.vmids.filter((vmid) => mayBackUp(job, vmid))
  const failed = allowed.filter((vmid) => !backUp(job, vmid, log, held))
  log.info(`Backup job finished ${failed.length > 0 ? 'with errors' : 'successfully'}`)
  if (failed.length > 0) throw new TaskError('job errors')
}

/** Whether a guest may be backed up; one that was asked for by its id and may not fails the job. @throws ApiError 403 */
function mayBackUp({call, all}: Job, vmid: number): boolean {
  if (!call.sim.state.guests[vmid] || call.sim.permissions.has(call.auth, `/vms/${vmid}`, 'VM.Backup')) return true
  if (!all) requireAll(call.sim, call.auth, `/vms/${vmid}`, ['VM.Backup'])
  return false
}

function backUp(job: Job, vmid: number, log: Log, held: Set<number>): boolean {
  const {sim} = job.call
  const {state} = sim
  const guest = state.guests[vmid]
  try {
    if (!guest) throw new TaskError(`unable to find VM '${vmid}'`)
    checkMode(job, guest)
    checkLimits(job, guest)
    log.info(`Starting Backup of VM ${vmid} (${guest.type})`)
    log.info(`Backup started at ${moment(sim.now())}`)
    log.info(`status = ${guest.running ? 'running' : 'stopped'}`)
    takeLock(guest, held)
    save(job, guest, log)
    log.info(`Finished Backup of VM ${vmid} (00:00:00)`)
    log.info(`Backup finished at ${moment(sim.now())}`)
    return true
  } catch (error) {
    log.error(`Backup of VM ${vmid} failed - ${(error as Error).message}`)
    log.info(`Failed at ${moment(sim.now())}`)
    return false
  } finally {
    if (guest && held.delete(vmid)) delete guest.lock
  }
}

function takeLock(guest: Guest, held: Set<number>): void {
  if (held.has(guest.vmid)) return
  if (guest.lock !== undefined) throw new TaskError(`${guest.type === 'qemu' ? 'VM' : 'CT'} is locked (${guest.lock})`)
  guest.lock = 'backup'
  held.add(guest.vmid)
}

function checkMode({call, mode}: Job, {type, vmid}: Guest): void {
  const service = call.sim.state.sections['ha/resources']?.[`${type === 'qemu' ? 'vm' : 'ct'}:${vmid}`]
  if (mode !== 'stop' || !service || (service.state ?? 'started') !== 'started') return
  throw new TaskError(
    'Cannot execute a backup with stop mode on a HA managed and enabled Service. Use snapshot mode or disable the Service.',
  )
}

/** Refuses one backup more than may be kept where none is removed, or than may be protected. @throws TaskError */
function checkLimits({call, node, storage, keep, remove, protect}: Job, {vmid, type}: Guest): void {
  if (!storage) return
  const limit =
    Number(keep['keep-all'] ?? 0) === 1 ? 0 : Object.values(keep).reduce<number>((sum, n) => sum + Number(n), 0)
  const own = listVolumes(call.sim.state, storage, node, {content: 'backup', vmid}).filter(
    ({volid}) => parseArchive(volid)?.type === type,
  )
  const kept = own.filter(({volid}) => attributesOf(call.sim.state, volid, node).protected).length
  if (protect) {
    const most = protectedLimit(call, storage)
    if (most >= 0 && kept >= most)
      throw new TaskError(
        `The number of protected backups per guest is limited to ${most} on storage '${storage.storage}'`,
      )
  } else if (limit > 0 && !remove && own.length - kept >= limit) {
    throw new TaskError(
      `There is a max backup limit of ${limit} enforced by the target storage or the vzdump parameters. ` +
        'Either increase the limit or delete old backups.',
    )
  }
}

interface Target {
  /** As logs name it. */
  shown: string
  volid?: string
  format: string
  ctime: number
}

const stamp = (seconds: number): string => moment(seconds).replaceAll('-', '_').replaceAll(':', '_').replace(' ', '-')

/** Name of a new archive; in a second that has one, that of the next. */
function targetOf(job: Job, guest: Guest): Target {
  const {call, node, storage} = job
  for (let ctime = call.sim.now(); ; ctime++) {
    const target = targetAt(job, guest, ctime)
    if (!storage || !findVolume(call.sim.state, target.volid!, node)) return target
  }
}

function targetAt({storage, dumpdir, compress}: Job, {type, vmid}: Guest, ctime: number): Target {
  if (storage?.type === 'pbs') {
    const kind = type === 'lxc' ? 'ct' : 'vm'
    const shown = `${kind}/${vmid}/${new Date(ctime * 1000).toISOString().slice(0, 19)}Z`
    return {shown, ctime, format: `pbs-${kind}`, volid: `${storage.storage}:backup/${shown}`}
  }
  const format = `${type === 'qemu' ? 'vma' : 'tar'}${compressions[compress]!.ending}`
  const name = `vzdump-${type}-${vmid}-${stamp(ctime)}.${format}`
  const folder = storage ? contentFolder(storage, 'backup') : dumpdir!
  return {shown: `${folder}/${name}`, ctime, format, ...(storage && {volid: `${storage.storage}:backup/${name}`})}
}

/** What a running guest goes through in a mode, and what its log says of it. */
function save(job: Job, guest: Guest, log: Log): void {
  const mode = prepare(job, guest, log)
  log.info(`backup mode: ${mode}`)
  if (job.bwlimit > 0) log.info(`bandwidth limit: ${job.bwlimit} KiB/s`)
  log.info(`ionice priority: ${job.ionice}`)
  if (mode !== 'snapshot') describeGuest(job, guest, log)
  const wasRunning = guest.running
  quiesce(job, guest, mode, log)
  const target = targetOf(job, guest)
  skipped(guest, log)
  log.info(`creating ${job.storage?.type === 'pbs' ? 'Proxmox Backup Server' : 'vzdump'} archive '${target.shown}'`)
  store(job, guest, target, mode, log)
  if (guest.type === 'lxc' && mode === 'snapshot') log.info(`cleanup temporary 'vzdump' snapshot`)
  if (guest.type === 'lxc' && mode === 'stop' && wasRunning) {
    log.info('restarting vm')
    boot(job.call, guest, log.info)
    log.info('guest is online again after <1 seconds')
  }
}

/** The mode that is used: only running guests have a choice, and containers need storages with snapshots. */
function prepare(job: Job, guest: Guest, log: Log): Job['mode'] {
  if (!guest.running) return 'stop'
  if (job.mode !== 'snapshot') return job.mode
  describeGuest(job, guest, log)
  if (guest.type === 'qemu' || canSnapshot(job.call, guest)) return 'snapshot'
  log.info('mode failure - some volumes do not support snapshots')
  log.info(`trying 'suspend' mode instead`)
  return 'suspend'
}

function describeGuest({call}: Job, guest: Guest, log: Log): void {
  const name = guest.type === 'qemu' ? guest.config.name : guest.config.hostname
  if (name !== undefined) log.info(`${guest.type === 'qemu' ? 'VM' : 'CT'} Name: ${name}`)
  for (const {key, volid, included, reason, path, kind} of backupVolumes(call, guest)) {
    if (guest.type === 'lxc') {
      log.info(
        included
          ? `including mount point ${key} ('${path}') in backup`
          : `excluding ${kind} mount point ${key} ('${path}') from backup (${reason})`,
      )
    } else if (included) {
      const size = findVolume(call.sim.state, volid, guest.node)?.size
      log.info(`include disk '${key}' '${volid}'${size === undefined ? '' : ` ${formatSize(size)}`}`)
    } else log.info(`exclude disk '${key}' '${volid}' (${reason})`)
  }
}

function quiesce({call}: Job, guest: Guest, mode: Job['mode'], log: Log): void {
  if (!guest.running) return
  if (mode === 'stop') {
    log.info('stopping virtual guest')
    if (guest.type === 'lxc') halt(call, guest)
    else {
      // It is started anew, paused, and goes on as soon as the backup has begun.
      applyPending(call, guest)
      turnOn(call, guest)
    }
  } else if (mode === 'suspend') {
    if (guest.type === 'lxc') log.info('starting first sync')
    log.info('suspending guest')
    if (guest.type === 'qemu') return
    log.info('resuming guest')
    log.info('guest is online again after <1 seconds')
  } else if (guest.type === 'lxc') {
    const several = backupVolumes(call, guest).filter(({included}) => included).length > 1
    if (several) log.info('suspend vm to make snapshot')
    log.info(`create storage snapshot 'vzdump'`)
    if (!several) return
    log.info('resume vm')
    log.info('guest is online again after <1 seconds')
  }
}

/** Parts of a machine's file that no backup holds. */
function skipped(guest: Guest, log: Log): void {
  if (guest.type === 'lxc') return
  for (const [key, volid] of Object.entries(guest.config))
    if (/^unused\d+$/.test(key)) log.info(`skip unused drive '${volid}' (not included into backup)`)
  if (guest.cloudinit) log.info('special config section found (not included into backup)')
  if (Object.keys(guest.snapshots).length > 0) log.info('snapshots found (not included into backup)')
  if (Object.keys(guest.pending).length + Object.keys(guest.pendingDelete).length > 0)
    log.info('pending configuration changes found (not included into backup)')
}

/** Writes the archive with its notes and mark, then removes what need not be kept any more. @throws ApiError, TaskError */
function store(job: Job, guest: Guest, target: Target, mode: Job['mode'], log: Log): void {
  const {call, node, storage, compress} = job
  const backup = makeBackup(call, guest)
  const before = contentSize(call, guest, backup)
  transferLog(job, guest, target, mode, before, log)
  if (storage?.full) throw new TaskError(fullText(storage.type, storage.storage))
  const size = storage?.type === 'pbs' ? before : Math.round(before * compressions[compress]!.share)
  if (storage?.type !== 'pbs') log.info(`archive file size: ${roughSize(size)}`)
  if (storage && target.volid !== undefined) {
    const {volid, format, ctime} = target
    putFile(call.sim.state, node, {volid, size, used: 0, format, content: 'backup', vmid: guest.vmid, ctime, backup})
    addAttributes(job, guest, volid, log)
  }
  if (job.remove) prune(job, guest, log)
}

function transferLog(job: Job, guest: Guest, {shown}: Target, mode: string, bytes: number, log: Log): void {
  if (guest.type === 'lxc') {
    log.info(`Total bytes written: ${bytes} (${(Math.ceil((bytes * 10) / 1024 ** 2) / 10).toFixed(1)}MiB, 263MiB/s)`)
    return
  }
  const disks = backupVolumes(job.call, guest).filter(({included}) => included)
  const size = disks.reduce((sum, {volid}) => sum + (findVolume(job.call.sim.state, volid, guest.node)?.size ?? 0), 0)
  const {command} = compressions[job.compress]!
  if (disks.length === 0) {
    log.info('backup contains no disks')
    log.info('starting diskless backup')
    const work = shown.replace(/\.(?:vma|tar)[^/]*$/, '')
    if (job.storage?.type !== 'pbs')
      log.info(`/usr/bin/vma create -v -c ${work}.tmp/qemu-server.conf exec:${command ?? 'cat'} > ${work}.vma.dat`)
    return
  }
  if (!guest.running) log.info('starting kvm to execute backup task')
  if (job.fleecing !== undefined)
    disks.forEach(({key}, index) =>
      log.info(`drive-${key}: attaching fleecing image ${job.fleecing}:vm-${guest.vmid}-fleece-${index} to QEMU`),
    )
  if (guest.running && mode !== 'stop' && /(?:^|enabled=)1/.test(String(guest.config.agent ?? ''))) {
    if (guest.blank) log.info(`skipping guest-agent 'fs-freeze', agent configured but not running?`)
    else {
      log.info(`issuing guest-agent 'fs-freeze' command`)
      log.info(`issuing guest-agent 'fs-thaw' command`)
    }
  }
  log.info(`started backup task '${job.call.sim.random.uuid()}'`)
  if (guest.running) log.info('resuming VM again')
  log.info(`100% (${binary(size)} of ${binary(size)}) in 0s, read: 0 B/s, write: 0 B/s`)
  log.info(`transferred ${binary(size)} in <1 seconds`)
  if (!guest.running) log.info('stopping kvm after backup task')
}

/** Notes made of a template. @throws Error for what it does not know */
function notesOf(template: string, call: Call, guest: Guest): string {
  const name = guest.type === 'lxc' ? (guest.config.hostname ?? `CT${guest.vmid}`) : guest.config.name
  const values: Record<string, string> = {
    cluster: call.sim.state.cluster ?? '',
    guestname: String(name ?? `VM ${guest.vmid}`),
    node: guest.node,
    vmid: String(guest.vmid),
  }
  const unescaped = template.replace(/\\(.)/g, (_, character: string) => {
    if (character === '\\') return '\\'
    if (character === 'n') return '\n'
    throw new Error(`unexpected escape character '${character}'`)
  })
  return unescaped.replace(/\{\{([^\s}]+)\}\}/g, (_, variable: string) => {
    if (values[variable] === undefined) throw new Error(`unexpected variable name '${variable}'`)
    return values[variable]
  })
}

function addAttributes({call, node, notes, protect}: Job, guest: Guest, volid: string, log: Log): void {
  if (notes !== undefined && notes !== '') {
    log.info('adding notes to backup')
    try {
      setAttributes(call.sim.state, volid, node, {notes: notesOf(notes, call, guest)})
    } catch (error) {
      log.warn(`unable to add notes - ${(error as Error).message}`)
    }
  }
  if (!protect) return
  log.info('marking backup as protected')
  setAttributes(call.sim.state, volid, node, {protected: true})
}

function prune({call, storage, keep}: Job, {vmid, type}: Guest, log: Log): void {
  const options = Object.keys(keep).sort()
  log.info(`prune older backups with retention: ${options.map((key) => `${key}=${keep[key]}`).join(', ')}`)
  const marked = storage ? markedBackups(call, storage, keep, {vmid, type}) : []
  removeMarked(call, marked, log.info)
  const removed = marked.filter(({mark}) => mark === 'remove').length
  log.info(`pruned ${removed} backup(s)${removed > 0 ? ' not covered by keep-retention policy' : ''}`)
}

/** The storage of a job, ready for use. @throws TaskError with everything that is wrong about it */
export function storageOf(call: Call, name: string, node: string): StorageState {
  const attempt = (head: string, work: () => void): string | undefined => {
    try {
      work()
      return undefined
    } catch (error) {
      return `${head} '${name}': ${(error as Error).message.trimEnd()}`
    }
  }
  const problems = [
    attempt('could not activate storage', () => activeStorage(call.sim.state, name, node)),
    attempt('could not get storage information for', () => backupStorage(call, name)),
  ].filter((problem) => problem !== undefined)
  if (problems.length > 0) throw new TaskError(problems.join('\n'))
  return call.sim.state.storages[name]!
}

/** A storage that takes backups. @throws ApiError 500 */
export function backupStorage(call: Call, name: string): StorageState {
  const storage = findStorage(call.sim.state, name)
  if (!contentTypes(storage).includes('backup'))
    throw failure(`can't use storage '${name}' for backups - wrong content type`)
  return storage
}
