import {requireAll} from '../../access/checks.js'
import {parseSize} from '../../contract/scalars.js'
import {ApiError, badParameter, failure} from '../../errors.js'
import {required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {StorageState, Volume} from '../../state/model.js'
import {checkVolumeAccess, isVolid} from '../../storage/access.js'
import {attributesOf, listVolumes, setAttributes, volumeEntry} from '../../storage/listing.js'
import {parseArchive, parseName} from '../../storage/names.js'
import {
  activeStorage,
  allocate,
  findStorage,
  findVolume,
  freeVolume,
  pluginOf,
  putFile,
  splitVolid,
  volumePath,
} from '../../storage/volumes.js'
import {TaskError} from '../../tasks/runner.js'
import {nodeName} from '../../calls/node.js'
import {protectedLimit} from '../../storage/prune.js'

function content(call: Call): unknown {
  const node = nodeName(call)
  const storage = activeStorage(call.sim.state, required(call, 'storage'), node)
  const vmid = text(call, 'vmid')
  return listVolumes(call.sim.state, storage, node, {
    content: text(call, 'content'),
    ...(vmid !== undefined && {vmid: Number(vmid)}),
  })
    .filter(({volid}) => mayRead(call, volid))
    .map((volume) => volumeEntry(call.sim.state, volume))
}

function mayRead(call: Call, volid: string): boolean {
  try {
    checkVolumeAccess(call, volid)
    return true
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}

/** Refuses names that a type does not take for a new volume. @throws ApiError 500 */
function checkNewName(storage: StorageState, vmid: number, name: string, format: string): void {
  const {files, selectExisting, formats} = pluginOf(storage)
  if (selectExisting || formats.length === 0) throw failure(`can't allocate space in ${storage.type} storage`)
  if (files) {
    const match = /^(?:vm|base|subvol)-\d+-[^/\s]+\.(raw|qcow2|vmdk|subvol)$/.exec(name)
    if (!match) throw failure(`unable to parse volume filename '${name}'`)
    if (match[1] !== format)
      throw failure(`illegal name '${name}' - wrong extension for format ('${match[1]} != '${format}')`)
    return
  }
  if (!formats.includes(format)) throw failure(`unsupported format '${format}'`)
  const prefix = format === 'subvol' ? 'subvol' : 'vm'
  if (!name.startsWith(`${prefix}-${vmid}-`)) throw failure(`illegal name '${name}' - should be '${prefix}-${vmid}-*'`)
}

const exists = (storage: StorageState, volid: string, name: string): string =>
  pluginOf(storage).files
    ? `disk image '${volumePath(storage, volid)}' already exists`
    : `volume '${name}' already exists on storage '${storage.storage}'`

function allocateVolume(call: Call): unknown {
  const node = nodeName(call)
  const name = required(call, 'filename')
  const vmid = Number(required(call, 'vmid'))
  const size = required(call, 'size')
  const bytes = /^\d+$/.test(size) ? Number(size) * 1024 : (parseSize(size) ?? 0)
  const told = /\.(raw|qcow2|vmdk)$/.exec(name)?.[1]
  const asked = text(call, 'format')
  if (told !== undefined && asked !== undefined && told !== asked)
    throw badParameter('format', `different storage formats (${asked} != ${told})`)
  const storage = activeStorage(call.sim.state, required(call, 'storage'), node)
  const format = told ?? asked ?? String(storage.config.format ?? pluginOf(storage).formats[0] ?? 'raw')
  checkNewName(storage, vmid, name, format)
  const {files} = pluginOf(storage)
  const volid = `${storage.storage}:${files ? `${vmid}/${name}` : name}`
  if (findVolume(call.sim.state, volid, node)) throw failure(exists(storage, volid, name))
  if (files && format === 'subvol' && bytes > 0) throw failure('storage does not support subvol quotas')
  return allocate(call.sim.state, {
    storage,
    node,
    vmid,
    size: bytes,
    format,
    content: 'images',
    name: files ? name.replace(/\.\w+$/, '') : name,
    now: call.sim.now(),
  }).volid
}

/** Full volume id of a call, whose path may leave the storage out. @throws ApiError 400 for that of another storage */
function volumeIdOf(call: Call, key = 'volume'): string {
  const [storage, volume] = [required(call, 'storage'), required(call, key)]
  if (!volume.includes(':')) return `${storage}:${volume}`
  if (!isVolid(volume)) throw badParameter('volume', `unable to parse volume ID '${volume}'\n`)
  const own = splitVolid(volume).storage
  if (own !== storage) throw badParameter('volume', `storage ID mismatch (${own} != ${storage})\n`)
  return volume
}

function volumeInfo(call: Call): unknown {
  const node = nodeName(call)
  const volid = volumeIdOf(call)
  const named = checkVolumeAccess(call, volid)!
  const storage = findStorage(call.sim.state, splitVolid(volid).storage)
  const volume = findVolume(call.sim.state, volid, node)
  if (!volume) throw failure(`volume_size_info on '${volid}' failed - no format`)
  const isDisk = named.content === 'images'
  const {notes, protected: kept} = attributesOf(call.sim.state, volid, node)
  return {
    format: isDisk ? volume.format : named.format,
    size: volume.size,
    used: isDisk ? volume.used : volume.size,
    path: volumePath(storage, volid),
    ...(named.content === 'backup' && {notes: notes ?? '', protected: kept ? 1 : 0}),
  }
}

/** Refuses to protect one backup more than a storage allows. @throws ApiError 500 */
function checkProtectedLimit(call: Call, storage: StorageState, volid: string, vmid: number | undefined): void {
  const [limit, node] = [protectedLimit(call, storage), nodeName(call)]
  if (limit < 0 || vmid === undefined || attributesOf(call.sim.state, volid, node).protected) return
  const type = parseArchive(volid)?.type
  const kept = listVolumes(call.sim.state, storage, node, {content: 'backup', vmid}).filter(
    (other) => attributesOf(call.sim.state, other.volid, node).protected && parseArchive(other.volid)?.type === type,
  )
  if (kept.length >= limit) {
    throw failure(`The number of protected backups per guest is limited to ${limit} on storage '${storage.storage}'`)
  }
}

function updateVolume(call: Call): unknown {
  const node = nodeName(call)
  const volid = volumeIdOf(call)
  const named = checkVolumeAccess(call, volid)!
  const storage = findStorage(call.sim.state, splitVolid(volid).storage)
  const holdsFiles = pluginOf(storage).files || storage.type === 'pbs'
  for (const attribute of ['notes', 'protected'] as const) {
    const value = text(call, attribute)
    if (value === undefined) continue
    if (!holdsFiles) throw failure(`attribute '${attribute}' is not supported for storage type '${storage.type}'`)
    if (named.content !== 'backup') {
      throw failure(
        attribute === 'notes' ? 'only backups can have notes' : `only backups support attribute '${attribute}'`,
      )
    }
    if (attribute === 'protected' && value === '1') checkProtectedLimit(call, storage, volid, named.vmid)
    setAttributes(call.sim.state, volid, node, attribute === 'notes' ? {notes: value} : {protected: value === '1'})
  }
  return null
}

/** Removes a volume, as a task does. @throws TaskError for protected ones and bases of linked clones */
export function destroy(call: Call, storage: StorageState, volid: string, log: (line: string) => void): void {
  const node = nodeName(call)
  const {name} = splitVolid(volid)
  activeStorage(call.sim.state, storage.storage, node)
  if (Object.values(call.sim.state.volumes).some(({parent}) => parent === volid))
    throw new TaskError(`base volume '${name}' is still in use by linked clones`)
  if (attributesOf(call.sim.state, volid, node).protected)
    throw new TaskError(`cannot remove protected volume '${name}' on '${storage.storage}'`)
  if (!findVolume(call.sim.state, volid, node) && pluginOf(storage).files)
    log(`disk image '${volumePath(storage, volid)}' does not exist`)
  freeVolume(call.sim.state, volid, node)
  if (parseArchive(volid)?.standard) setAttributes(call.sim.state, volid, node, {notes: ''})
}

/** Who may delete a volume: Datastore.Allocate, or for backups AllocateSpace with VM.Backup. @throws ApiError 403 */
function checkDelete(call: Call, storage: string, backupOf: number | undefined): void {
  if (backupOf === undefined) return requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.Allocate'])
  requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
  requireAll(call.sim, call.auth, `/vms/${backupOf}`, ['VM.Backup'])
}

async function deleteVolume(call: Call): Promise<unknown> {
  const volid = volumeIdOf(call)
  const storage = findStorage(call.sim.state, splitVolid(volid).storage)
  const {vmid, content: kind} = parseName(storage, splitVolid(volid).name)
  checkDelete(call, storage.storage, kind === 'backup' ? vmid : undefined)
  const id = `${vmid === undefined ? '' : `${vmid}@`}${storage.storage}`
  const upid = call.sim.tasks.start({node: nodeName(call), type: 'imgdel', id, user: call.auth}, (task) => {
    destroy(call, storage, volid, task.log)
    task.log(`Removed volume '${volid}'`)
  })
  const delay = text(call, 'delay')
  return delay === undefined ? upid : waitFor(call, upid, Number(delay))
}

/** Waits so many seconds for a task: null when it ended well, its UPID when it did not end. @throws ApiError 500 when it failed */
async function waitFor(call: Call, upid: string, seconds: number): Promise<string | null> {
  const patience = new Promise((resolve) => setTimeout(resolve, seconds * 1000).unref())
  await Promise.race([call.sim.tasks.ended(upid), patience])
  const result = call.sim.state.tasks.find((task) => task.upid === upid)?.exitstatus
  if (result === undefined) return upid
  if (result === 'OK' || result.startsWith('WARNINGS')) return null
  throw failure(result)
}

function copied(call: Call, source: Volume, volid: string, node: string): void {
  const storage = findStorage(call.sim.state, splitVolid(volid).storage)
  const {vmid, content: kind} = parseName(storage, splitVolid(volid).name)
  putFile(call.sim.state, node, {...source, volid, content: kind, vmid, ctime: call.sim.now()})
}

/** Copies a volume, to another node too: PVE calls it experimental. */
function copyVolume(call: Call): unknown {
  const node = nodeName(call)
  const [source, target] = [volumeIdOf(call), volumeIdOf(call, 'target')]
  const place = text(call, 'target_node') ?? node
  return call.sim.tasks.start({node, type: 'imgcopy', id: '', user: call.auth}, (task) => {
    task.log(`DEBUG: starting worker ${task.upid}`)
    if (!call.sim.state.nodes[place]) throw new TaskError(`no such cluster node '${place}'`)
    const volume = findVolume(call.sim.state, source, node)
    if (!volume) throw new TaskError(`volume '${source}' does not exist`)
    copied(call, volume, target, place)
    task.log(`successfully imported '${target}'`)
    task.log(`DEBUG: end worker ${task.upid}`)
  })
}

export const storageContentEndpoints: Endpoints = {
  'GET /nodes/{node}/storage/{storage}/content': content,
  'POST /nodes/{node}/storage/{storage}/content': allocateVolume,
  'GET /nodes/{node}/storage/{storage}/content/{volume}': volumeInfo,
  'PUT /nodes/{node}/storage/{storage}/content/{volume}': updateVolume,
  'DELETE /nodes/{node}/storage/{storage}/content/{volume}': deleteVolume,
  'POST /nodes/{node}/storage/{storage}/content/{volume}': copyVolume,
}
