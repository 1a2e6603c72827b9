import {requireAll} from '../../access/checks.js'
import {badParameter, failure} from '../../errors.js'
import {Download} from '../../calls/print.js'
import {required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {StorageState} from '../../state/model.js'
import {checkVolumeAccess, isVolid} from '../../storage/access.js'
import {markedBackups, removeMarked, retentionOf, type Retention} from '../../storage/prune.js'
import {activeStorage, contentTypes, findStorage, findVolume, splitVolid} from '../../storage/volumes.js'
import {nodeName} from '../../calls/node.js'

/** The storage to prune, and how many backups it keeps. @throws ApiError 500 */
function pruning(call: Call): {storage: StorageState; keep: Retention} {
  const storage = findStorage(call.sim.state, required(call, 'storage'))
  if (!contentTypes(storage).includes('backup')) throw failure(`storage '${storage.storage}' does not support backups`)
  const options = text(call, 'prune-backups') ?? storage.config['prune-backups']
  if (options === undefined) throw failure(`no prune-backups options configured for storage '${storage.storage}'`)
  return {
    storage: activeStorage(call.sim.state, storage.storage, nodeName(call)),
    keep: retentionOf(call, String(options)),
  }
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
  const storage = findStorage(call.sim.state, name)
  checkVolumeAccess(call, volid, {type: 'backup'})
  if (storage.type !== 'pbs') throw badParameter('storage', 'Only PBS storages supported for file-restore.')
  if (!findVolume(call.sim.state, volid, nodeName(call))) throw failure(`volume '${volid}' does not exist`)
  return volid
}

const encoded = (path: string): string => Buffer.from(path, 'utf8').toString('base64')

/** What lies in a backup, as far as a backup knows: its images and archives at the top, nothing in them. */
function listFiles(call: Call): unknown {
  const volid = snapshotOf(call)
  const path = required(call, 'filepath')
  const backup = findVolume(call.sim.state, volid, nodeName(call))?.backup
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
