import {requireAll, requireAny} from '../../access/checks.js'
import {archiveText, backupOf} from '../../backup/archive.js'
import {chosenIds} from '../../backup/selection.js'
import {backupStorage, runJob, storageOf, type Job} from './run.js'
import {parsePropertyString} from '../../contract/schema.js'
import {badParameter, failure} from '../../errors.js'
import {integer, isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import {checkVolumeAccess, isVolid} from '../../storage/access.js'
import {parseArchive} from '../../storage/names.js'
import {contentFolder, findVolume, pluginOf, volumePath, findStorage, splitVolid} from '../../storage/volumes.js'
import {TaskError} from '../../tasks/runner.js'
import {nodeName} from '../../calls/node.js'
import {retentionOf} from '../../storage/prune.js'

/** What a backup does unless it is told otherwise; there is no /etc/vzdump.conf. Seen on the real daemon. */
const defaults = {
  all: 0,
  bwlimit: 0,
  compress: '0',
  fleecing: {enabled: 0},
  ionice: 7,
  lockwait: 180,
  mailnotification: 'always',
  mode: 'snapshot',
  'notification-mode': 'auto',
  performance: {'max-workers': 16, 'pbs-entries-max': 1_048_576},
  pigz: 0,
  'prune-backups': 'keep-all=1',
  quiet: 0,
  remove: 1,
  stdexcludes: 1,
  stop: 0,
  stopwait: 10,
  zstd: 1,
}

function showDefaults(call: Call): unknown {
  const name = text(call, 'storage') ?? 'local'
  requireAny(call.sim, call.auth, `/storage/${name}`, ['Datastore.Audit', 'Datastore.AllocateSpace'])
  const storage = backupStorage(call, name)
  const audits = call.sim.permissions.has(call.auth, `/nodes/${nodeName(call)}`, 'Sys.Audit')
  const {ionice, ...common} = defaults
  return {
    ...common,
    storage: name,
    'prune-backups': String(storage.config['prune-backups'] ?? defaults['prune-backups']),
    ...(audits && {ionice, ...(pluginOf(storage).files && {dumpdir: contentFolder(storage, 'backup')})}),
  }
}

/** Options that only root, or who may change the datacenter, sets. Fact: pve-manager, assert_param_permission_vzdump. */
function checkRights(call: Call, storage: string | undefined): void {
  if (call.auth === 'root@pam') return
  for (const key of ['tmpdir', 'dumpdir', 'script', 'job-id'])
    if (call.param[key] !== undefined) throw badParameter(key, 'Only root may set this option.')
  if (['bwlimit', 'ionice', 'performance'].some((key) => call.param[key] !== undefined))
    requireAll(call.sim, call.auth, '/', ['Sys.Modify'])
  const fleecing = fleecingStorage(call)
  if (fleecing !== undefined) requireAll(call.sim, call.auth, `/storage/${fleecing}`, ['Datastore.AllocateSpace'])
  if (storage !== undefined && (call.param['prune-backups'] ?? call.param.maxfiles) !== undefined)
    requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.Allocate'])
}

/** Storage of the images that changes go to meanwhile, where that is wanted. */
function fleecingStorage(call: Call): string | undefined {
  const value = text(call, 'fleecing')
  if (value === undefined) return undefined
  const format = call.sim.contract.formats['backup-fleecing'] ?? {}
  const {enabled, storage} = parsePropertyString(value, format, 'fleecing', call.sim.context)
  return Number(enabled ?? 0) === 1 && storage !== undefined ? String(storage) : undefined
}

const conflicts = ['all', 'exclude', 'pool']

/** Refuses parameters that contradict each other. Fact: pve-manager, verify_vzdump_parameters. @throws ApiError 400 */
function checkSelection(param: Record<string, unknown>): void {
  const isGiven = (key: string): boolean =>
    param[key] !== undefined && String(param[key]) !== '' && String(param[key]) !== '0'
  for (const key of conflicts)
    if (isGiven(key) && isGiven('vmid')) throw badParameter(key, `option conflicts with option 'vmid'`)
  if (param['prune-backups'] !== undefined && param.maxfiles !== undefined)
    throw badParameter('prune-backups', `option conflicts with option 'maxfiles'`)
  if (/\n/.test(String(param['notes-template'] ?? ''))) throw badParameter('notes-template', 'contains a line feed')
  const chosen = ['vmid', 'all', 'pool', 'stop', 'exclude'].some(isGiven)
  if (!chosen) throw badParameter('vmid', 'property is missing')
}

const quoted = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll(`'`, `'"'"'`)}'`

/** The command that would do the same; its options in any order. */
function commandOf(call: Call): string {
  const {vmid, stdout: _stdout, ...rest} = call.param
  const options = call.sim.random
    .shuffle(Object.keys(rest))
    .flatMap((key) => [rest[key]].flat().map((value) => [key, String(value)] as const))
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `--${key} ${quoted(value)}`)
  const ids = vmid === undefined ? [] : String(vmid).split(/[,;\s]+/)
  return ['vzdump', ...ids, ...options].join(' ')
}

/** How many backups are kept: by the call, else by the storage, else all. */
function keptBy(call: Call, storage: string | undefined): ReturnType<typeof retentionOf> {
  const files = text(call, 'maxfiles')
  if (files !== undefined) return files === '0' ? {'keep-all': 1} : {'keep-last': files}
  const config = storage === undefined ? undefined : call.sim.state.storages[storage]?.config
  return retentionOf(call, text(call, 'prune-backups') ?? String(config?.['prune-backups'] ?? 'keep-all=1'))
}

/** Where the archives go. @throws TaskError */
function target(call: Call, node: string): Pick<Job, 'storage' | 'dumpdir'> {
  const [storage, dumpdir] = [text(call, 'storage'), text(call, 'dumpdir')]
  if (storage !== undefined && dumpdir !== undefined)
    throw new TaskError(`cannot use options 'storage' and 'dumpdir' at the same time`)
  if (dumpdir === undefined) return {storage: storageOf(call, storage ?? 'local', node)}
  const {directories} = call.sim.state.world
  if (directories !== undefined && !directories.includes(dumpdir))
    throw new TaskError(`dumpdir '${dumpdir}' does not exist`)
  return {dumpdir: dumpdir.replace(/\/+$/, '')}
}

/** A call of vzdump as a job. @throws TaskError for what its storage refuses */
function jobOf(call: Call, node: string, command: string, vmids: number[], skipped: number[]): Job {
  const place = target(call, node)
  const keep = keptBy(call, place.storage?.storage)
  const notes = text(call, 'notes-template')
  const fleecing = fleecingStorage(call)
  return {
    call,
    node,
    command,
    vmids,
    skipped,
    all: isSet(call, 'all') || call.param.exclude !== undefined,
    ...place,
    mode: (text(call, 'mode') ?? defaults.mode) as Job['mode'],
    compress: text(call, 'compress') ?? defaults.compress,
    keep,
    remove: text(call, 'remove') !== '0' && Number(keep['keep-all'] ?? 0) !== 1,
    protect: isSet(call, 'protected'),
    ...(notes !== undefined && {notes}),
    ionice: integer(call, 'ionice', defaults.ionice),
    bwlimit: integer(call, 'bwlimit', defaults.bwlimit),
    quiet: isSet(call, 'quiet'),
    ...(fleecing !== undefined && {fleecing}),
  }
}

function stopRunning(call: Call, node: string): void {
  for (const {upid, type, node: place} of [...call.sim.state.tasks])
    if (type === 'vzdump' && place === node && call.sim.tasks.isRunning(upid)) call.sim.tasks.interrupt(upid)
}

/** Starts a backup of guests of one node. */
function vzdump(call: Call): unknown {
  const node = nodeName(call)
  if (isSet(call, 'stdout')) throw badParameter('stdout', 'option is only allowed on the command line interface.')
  const place = call.param.dumpdir === undefined ? (text(call, 'storage') ?? 'local') : undefined
  checkRights(call, place)
  checkSelection(call.param)
  const command = commandOf(call)
  const chosen = chosenIds(call.sim.state, {
    vmid: text(call, 'vmid'),
    pool: text(call, 'pool'),
    exclude: text(call, 'exclude'),
    all: isSet(call, 'all') || call.param.exclude !== undefined,
  })
  const isElsewhere = (vmid: number): boolean => (call.sim.state.guests[vmid]?.node ?? node) !== node
  const vmids = chosen.filter((vmid) => !isElsewhere(vmid))
  if (isSet(call, 'stop')) {
    stopRunning(call, node)
    if (vmids.length === 0) return 'OK'
  }
  if (vmids.length === 0 && !isSet(call, 'all')) return 'OK'
  if (place !== undefined) requireAll(call.sim, call.auth, `/storage/${place}`, ['Datastore.AllocateSpace'])
  return begin(call, node, command, vmids, chosen.filter(isElsewhere))
}

/** Begins the task; the guest that it begins with is locked from now on. */
function begin(call: Call, node: string, command: string, vmids: number[], skipped: number[]): string {
  const held = new Set<number>()
  const first = call.sim.state.guests[vmids[0] ?? 0]
  if (first && first.lock === undefined && call.sim.permissions.has(call.auth, `/vms/${first.vmid}`, 'VM.Backup')) {
    first.lock = 'backup'
    held.add(first.vmid)
  }
  const release = (): void => {
    for (const vmid of held) delete call.sim.state.guests[vmid]?.lock
  }
  const id = vmids.length === 1 ? vmids[0]! : ''
  return call.sim.tasks.start({node, type: 'vzdump', id, user: call.auth, begin: () => release}, (task) =>
    runJob(jobOf(call, node, command, vmids, skipped), task, held),
  )
}

function extractConfig(call: Call): unknown {
  const volid = required(call, 'volume')
  const named = checkVolumeAccess(call, volid)
  if (!isVolid(volid)) throw failure(`can't find file '${volid}'`)
  requireAll(call.sim, call.auth, `/vms/${named?.vmid ?? ''}`, ['VM.Backup'])
  const volume = findVolume(call.sim.state, volid, nodeName(call))
  if (!volume) throw failure(`volume '${volid}' does not exist`)
  const archive = parseArchive(volid)
  if (!archive) {
    const path = volumePath(findStorage(call.sim.state, splitVolid(volid).storage), volid)
    throw failure(`ERROR: couldn't determine archive info from '${path}'`)
  }
  return archiveText(backupOf(volume, archive.type))
}

export const vzdumpEndpoints: Endpoints = {
  'POST /nodes/{node}/vzdump': vzdump,
  'GET /nodes/{node}/vzdump/defaults': showDefaults,
  'GET /nodes/{node}/vzdump/extractconfig': extractConfig,
}
