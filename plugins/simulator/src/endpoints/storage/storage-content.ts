import {requireAll} from '../../access/checks.js'
import {badParameter, failure, forbidden} from '../../errors.js'
import {parseSize} from '../../contract/scalars.js'
import {required, text, type Call, type Endpoints} from '../../simulation.js'
import {
  allocate,
  findStorage,
  freeVolume,
  pluginOf,
  splitVolid,
  usableStorage,
  volumeKey,
  volumePath,
} from '../../storage/volumes.js'
import {TaskError} from '../../tasks/runner.js'
import {nodeName} from '../guests/guest-access.js'
import {volumeIdOf} from './storage.js'

function allocateVolume(call: Call): unknown {
  const node = nodeName(call)
  const storage = usableStorage(call.state, required(call, 'storage'), node)
  const filename = required(call, 'filename')
  const vmid = Number(required(call, 'vmid'))
  const match = /^((?:vm|base|subvol)-(\d+)-.+?)(?:\.(raw|qcow2|vmdk|subvol))?$/.exec(filename)
  if (!match || Number(match[2]) !== vmid) throw failure(`unable to parse volume filename '${filename}'`)
  const format = text(call, 'format') ?? match[3]
  const size = required(call, 'size')
  const bytes = /^\d+$/.test(size) ? Number(size) * 1024 : (parseSize(size) ?? 0)
  const files = pluginOf(storage).files
  const volid = `${storage.storage}:${files ? `${vmid}/${match[1]}.${format ?? 'raw'}` : filename}`
  if (call.state.volumes[volumeKey(call.state, volid, node)]) {
    throw failure(`disk image '${volumePath(storage, volid)}' already exists`)
  }
  return allocate(call.state, {
    storage,
    node,
    vmid,
    size: bytes,
    format: files ? format : undefined,
    content: 'images',
    name: match[1],
    now: call.sim.now(),
  }).volid
}

/** Who may delete a volume: Datastore.Allocate, or for backups AllocateSpace with VM.Backup. @throws ApiError 403 */
function checkDelete(call: Call, storage: string, vmid: number | undefined, backup: boolean): void {
  const {permissions} = call.sim
  if (permissions.has(call.auth, `/storage/${storage}`, 'Datastore.Allocate')) return
  const own = backup && vmid !== undefined && permissions.has(call.auth, `/vms/${vmid}`, 'VM.Backup')
  if (own) requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
  else throw forbidden(`/storage/${storage}, Datastore.Allocate`)
}

function deleteVolume(call: Call): unknown {
  const node = nodeName(call)
  const volid = volumeIdOf(call)
  const storage = findStorage(call.state, splitVolid(volid).storage)
  const volume = call.state.volumes[volumeKey(call.state, volid, node)]
  const owner = volume?.vmid ?? /(?:^|[:/-])(\d{3,9})(?:[/-])/.exec(splitVolid(volid).name)?.[1]
  checkDelete(call, storage.storage, Number(owner), volume?.content === 'backup')
  if (volume?.protected) throw failure(`cannot remove protected volume '${volid}' on '${storage.storage}'`)
  const run = (log: (line: string) => void): void => {
    if (!volume) log(`disk image '${volumePath(storage, volid)}' does not exist`)
    freeVolume(call.state, volid, node)
    log(`Removed volume '${volid}'`)
  }
  if (text(call, 'delay') !== undefined) {
    run(() => undefined)
    return null
  }
  const id = `${owner === undefined ? '' : owner}@${storage.storage}`
  return call.sim.tasks.start({node, type: 'imgdel', id, user: call.auth}, (task) => run(task.log))
}

function updateVolume(call: Call): unknown {
  const volume = call.state.volumes[volumeKey(call.state, volumeIdOf(call), nodeName(call))]
  if (!volume) return null
  if (text(call, 'notes') !== undefined) volume.notes = text(call, 'notes')
  if (text(call, 'protected') !== undefined) volume.protected = text(call, 'protected') === '1'
  return null
}

const extensions: Record<string, RegExp> = {
  iso: /\.(?:iso|img)$/i,
  vztmpl: /\.tar\.(?:gz|xz|zst|bz2)$/i,
  import: /\.(?:qcow2|raw|vmdk|ova|img)$/i,
}

function download(call: Call): unknown {
  const node = nodeName(call)
  const [content, filename, url] = [required(call, 'content'), required(call, 'filename'), required(call, 'url')]
  const storage = usableStorage(call.state, required(call, 'storage'), node)
  if (!extensions[content]?.test(filename)) throw badParameter('filename', 'wrong file extension')
  const volid = `${storage.storage}:${content}/${filename}`
  const path = volumePath(storage, volid)
  return call.sim.tasks.start({node, type: 'download', id: filename, user: call.auth}, (task) => {
    task.log(`downloading ${url} to ${path}`)
    if (call.state.world.offline) throw new TaskError(`download failed: ${url} cannot be reached`)
    const key = volumeKey(call.state, volid, node)
    call.state.volumes[key] = {
      volid,
      node: key.slice(0, key.indexOf('|')),
      size: 512 * 1024 ** 2,
      used: 0,
      format: /\.([^.]+)$/.exec(filename)?.[1] ?? 'raw',
      content,
      ctime: call.sim.now(),
    }
  })
}

export const storageContentEndpoints: Endpoints = {
  'POST /nodes/{node}/storage/{storage}/content': allocateVolume,
  'DELETE /nodes/{node}/storage/{storage}/content/{volume}': deleteVolume,
  'PUT /nodes/{node}/storage/{storage}/content/{volume}': updateVolume,
  'POST /nodes/{node}/storage/{storage}/download-url': download,
  'GET /nodes/{node}/storage/{storage}/prunebackups': () => [],
}
