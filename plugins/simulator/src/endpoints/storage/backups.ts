import {requireAll} from '../../access/checks.js'
import {parsePropertyString} from '../../contract/property-string.js'
import {badParameter, failure} from '../../errors.js'
import {Download} from '../../http/print.js'
import {required, text, type Call, type Endpoints} from '../../simulation.js'
import type {StorageState} from '../../state/model.js'
import {checkVolumeAccess, isVolid} from '../../storage/access.js'
import {attributesOf, listVolumes, setAttributes} from '../../storage/listing.js'
import {parseArchive} from '../../storage/names.js'
import {markBackups, type Prunable, type Retention} from '../../storage/prune.js'
import {activeStorage, contentTypes, findStorage, findVolume, freeVolume, splitVolid} from '../../storage/volumes.js'
import {nodeName} from '../guests/guest-access.js'

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
  for (const volume of listVolumes(call.state, storage, node, {content: 'backup', vmid})) {
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
    if (attributesOf(call.state, volume.volid, node).protected) entry.mark = 'protected'
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
    freeVolume(call.state, volid, nodeName(call))
    setAttributes(call.state, volid, nodeName(call), {notes: ''})
  }
}

/** The storage to prune, and how many backups it keeps. @throws ApiError 500 */
function pruning(call: Call): {storage: StorageState; keep: Retention} {
  const storage = findStorage(call.state, required(call, 'storage'))
  if (!contentTypes(storage).includes('backup')) throw failure(`storage '${storage.storage}' does not support backups`)
  const options = text(call, 'prune-backups') ?? storage.config['prune-backups']
  if (options === undefined) throw failure(`no prune-backups options configured for storage '${storage.storage}'`)
  return {storage: activeStorage(call.state, storage.storage, nodeName(call)), keep: retentionOf(call, String(options))}
}

function chosen(call: Call): {vmid?: number; type?: string} {
  const vmid = text(call, 'vmid')
  return {type: text(call, 'type'), ...(vmid !== undefined && {vmid: Number(vmid)})}
}

function preview(call: Call): unknown {
  const {storage, keep} = pruning(call)
  return markedBackups(call, storage, keep, chosen(call))
}

function prune(call: Call): unknown {
  const name = required(call, 'storage')
  const vmid = text(call, 'vmid')
  if (vmid === undefined) requireAll(call.sim, call.auth, `/storage/${name}`, ['Datastore.Allocate'])
  else {
    requireAll(call.sim, call.auth, `/storage/${name}`, ['Datastore.AllocateSpace'])
    requireAll(call.sim, call.auth, `/vms/${vmid}`, ['VM.Backup'])
  }
  const id = `${vmid === undefined ? '' : `${vmid}@`}${name}`
  return call.sim.tasks.start({node: nodeName(call), type: 'prunebackups', id, user: call.auth}, (task) => {
    const {storage, keep} = pruning(call)
    removeMarked(call, markedBackups(call, storage, keep, chosen(call)), task.log)
  })
}

/** The snapshot of a backup server that files are wanted from. @throws ApiError 400, 500 */
function snapshotOf(call: Call): string {
  const [name, volume] = [required(call, 'storage'), required(call, 'volume')]
  const own = isVolid(volume) ? splitVolid(volume).storage : undefined
  if (own !== undefined && own !== name) throw badParameter('volume', `storage ID mismatch (${own} != ${name}).`)
  const volid = own !== undefined ? volume : `${name}:${volume.startsWith('backup/') ? '' : 'backup/'}${volume}`
  const storage = findStorage(call.state, name)
  checkVolumeAccess(call, volid, {type: 'backup'})
  if (storage.type !== 'pbs') throw badParameter('storage', 'Only PBS storages supported for file-restore.')
  if (!findVolume(call.state, volid, nodeName(call))) throw failure(`volume '${volid}' does not exist`)
  return volid
}

const encoded = (path: string): string => Buffer.from(path, 'utf8').toString('base64')

/** What lies in a backup, as far as a backup knows: its images and archives at the top, nothing in them. */
function listFiles(call: Call): unknown {
  const volid = snapshotOf(call)
  const path = required(call, 'filepath')
  const backup = findVolume(call.state, volid, nodeName(call))?.backup
  if (path !== '/' || backup === undefined) return []
  if (backup.type === 'lxc') return [{filepath: encoded('/root.pxar.didx'), type: 'v', text: 'root.pxar.didx', leaf: 0}]
  return Object.entries(backup.disks).map(([key, {size}]) => {
    const name = `drive-${key}.img.fidx`
    return {filepath: encoded(`/${name}`), type: 'v', text: name, leaf: 0, size}
  })
}

/** A file out of a backup: no data is kept, so it is empty. */
function downloadFile(call: Call): unknown {
  snapshotOf(call)
  const name = Buffer.from(required(call, 'filepath'), 'base64').toString('utf8')
  call.sim.tasks.start({node: nodeName(call), type: 'pbs-download', id: '', user: call.auth}, (task) =>
    task.log(`Starting download of file: ${name}`),
  )
  return new Download('application/octet-stream', '', name.split('/').at(-1))
}

export const storageBackupEndpoints: Endpoints = {
  'GET /nodes/{node}/storage/{storage}/prunebackups': preview,
  'DELETE /nodes/{node}/storage/{storage}/prunebackups': prune,
  'GET /nodes/{node}/storage/{storage}/file-restore/list': listFiles,
  'GET /nodes/{node}/storage/{storage}/file-restore/download': downloadFile,
}
