import {badParameter, failure, forbidden} from '../errors.js'
import {requireAll} from '../access/checks.js'
import {splitList} from '../contract/scalars.js'
import type {Parts} from '../contract/property-string.js'
import type {Call} from '../simulation.js'
import type {Guest, Scalar} from '../state/model.js'
import {
  allocate,
  contentTypes,
  creationLog,
  findStorage,
  findVolume,
  splitVolid,
  usableStorage,
} from '../storage/volumes.js'
import {newMac, printParts, readParts} from './drives.js'
import {onlyRootPaths, plainValue, tagList} from './qemu-values.js'

const newVolume = /^(?:([^/:\s]+):)?(\d+(?:\.\d+)?)$/
export const mountPoint = /^(?:rootfs|mp\d+)$/

/** Refuses mount points on storages that do not take them, and mounts of the host for all but root@pam. @throws ApiError */
export function checkMountAccess(call: Call, key: string, value: string): void {
  const parts = readParts(call.sim, 'lxc', key, value)
  const volume = String(parts?.volume ?? value)
  if (volume.startsWith('/')) {
    const kind = volume.startsWith('/dev/') ? 'device' : 'bind'
    if (call.auth !== 'root@pam') throw forbidden(`mount point type ${kind} is only allowed for root@pam`)
    return
  }
  const fresh = newVolume.exec(volume)
  if (!fresh && !/^[a-z][\w.-]*:/i.test(volume)) throw failure(onlyRootPaths)
  const storage = fresh ? (fresh[1] ?? String(call.param.storage ?? 'local')) : splitVolid(volume).storage
  const definition = findStorage(call.state, storage)
  if (!fresh) return
  requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
  if (!contentTypes(definition).includes('rootdir'))
    throw badParameter('storage', `storage '${storage}' does not support container directories`)
}

/** Lines that making a file system prints. */
function fileSystemLog(call: Call, size: number): string[] {
  const blocks = Math.floor(size / 4096)
  const backups = [32768, 98304, 163840, 229376, 294912, 819200, 884736, 1605632, 2654208, 4096000, 7962624]
  return [
    `Creating filesystem with ${blocks} 4k blocks and ${Math.min(Math.floor(blocks / 4), 1 << 30)} inodes`,
    `Filesystem UUID: ${call.sim.random.uuid()}`,
    'Superblock backups stored on blocks: ',
    `\t${backups.filter((block) => block < blocks).join(', ')}`,
  ]
}

/** Value of a mount point; allocates the volume that was asked for. @throws ApiError */
export function mountValue(call: Call, guest: Guest, key: string, value: string, log: (line: string) => void): string {
  const parts: Parts | undefined = readParts(call.sim, 'lxc', key, value)
  if (!parts) throw failure(`unable to parse mount point options`)
  const source = String(parts.volume ?? '')
  const fresh = newVolume.exec(source)
  if (fresh) {
    const storage = usableStorage(call.state, fresh[1] ?? String(call.param.storage ?? 'local'), guest.node)
    const size = Math.floor(Number(fresh[2]) * 1024 * 1024) * 1024
    const volume = allocate(call.state, {
      storage,
      node: guest.node,
      vmid: guest.vmid,
      size,
      format: undefined,
      content: 'rootdir',
      now: call.sim.now(),
    })
    creationLog(storage, volume).forEach(log)
    if (volume.format !== 'subvol') fileSystemLog(call, size).forEach(log)
    Object.assign(parts, {volume: volume.volid, size: volume.size})
  } else if (!source.startsWith('/')) {
    const volume = findVolume(call.state, source, guest.node)
    if (!volume) throw failure(`volume '${source}' does not exist`)
    parts.size = volume.size
  }
  return printParts(call.sim, 'lxc', key, parts)
}

/** Value of a NIC as PVE prints it when it takes it into use: with type and MAC. */
export function lxcNetValue(call: Call, key: string, value: string): string {
  const parts = readParts(call.sim, 'lxc', key, value)
  if (!parts) throw failure('unable to parse network options')
  parts.hwaddr ??= newMac(call.sim, call.state)
  parts.type ??= 'veth'
  return printParts(call.sim, 'lxc', key, parts)
}

/** Value of any key of a container that is no volume. */
export function lxcValue(call: Call, key: string, value: unknown): Scalar {
  if (key === 'tags') return tagList(call, value)
  if (key === 'description') return value === '' ? '' : `${String(value).replace(/\n$/, '')}\n`
  if (key === 'nameserver' || key === 'searchdomain') return splitList(String(value)).join(' ')
  if (key === 'cpuunits') return Math.max(2, Number(value))
  if (/^(?:env|entrypoint)$/.test(key)) return String(value)
  const plain = plainValue(call, 'lxc', key, value)
  return typeof plain === 'number' && String(plain) !== String(value) ? String(value) : plain
}
