import {requireAll} from '../../access/checks.js'
import {ApiError, failure} from '../../errors.js'
import {parseSize} from '../../contract/scalars.js'
import {addUnused, inSnapshot} from '../../guests/apply.js'
import {baseName, rename, freeNameFor} from '../../guests/copies.js'
import {printParts, volumeOf} from '../../guests/drives.js'
import {growthLines} from '../../guests/ext4.js'
import {applyContainer, hotplugContainer} from '../../guests/lxc-apply.js'
import {writeLxcFile} from '../../guests/lxc-check.js'
import {checkContainerChange} from '../../guests/lxc-permissions.js'
import {copyMount, holdsOf, readMount} from '../../guests/lxc-values.js'
import type {Parts} from '../../contract/property-string.js'
import {isSet, required, text, type Call, type Endpoints, checkDigest} from '../../calls/call.js'
import {guestDigest} from '../../state/digest.js'
import type {Guest, StorageState, Volume} from '../../state/model.js'
import {reserve} from '../../storage/allocation.js'
import {
  findStorage,
  findVolume,
  freeVolume,
  pluginOf,
  roundedSize,
  splitVolid,
  volumePath,
} from '../../storage/volumes.js'
import {checkLock, findGuest, lockOf, takeLock} from '../../guests/access.js'

type Log = (line: string) => void

const modified = 'detected modified configuration - file changed by other user? Try again.'

interface Mount {
  key: string
  parts: Parts
  volume: Volume
  storage: StorageState
}

/** The volume of a mount point. @throws ApiError 500 when it has none */
function volumeAt(call: Call, guest: Guest, key: string): Mount {
  const parts = readMount(call, key, guest.config[key])
  const volid = String(parts.volume)
  if (volid.startsWith('/')) throw failure(`unable to parse volume ID '${volid}'`)
  const storage = findStorage(call.sim.state, splitVolid(volid).storage)
  const owner = /-(\d+)-disk-[^/]*$/.exec(volid)?.[1]
  if (owner !== undefined && Number(owner) !== guest.vmid)
    throw failure(`can't resize mount point owned by another container (${owner})`)
  requireAll(call.sim, call.auth, `/storage/${storage.storage}`, ['Datastore.AllocateSpace'])
  const volume = findVolume(call.sim.state, volid, guest.node)
  if (!volume) throw failure(`volume '${volid}' does not exist`)
  return {key, parts, volume, storage}
}

/** e2fsprogs of the release. */
const fsTools = (call: Call): string =>
  call.sim.settings.release === '8.4' ? '1.47.0 (5-Feb-2023)' : '1.47.2 (1-Jan-2025)'

/** Lines that a storage's own tool prints when a volume grows. */
function storageLines(storage: StorageState, volume: Volume): string[] {
  if (pluginOf(storage).files && volume.format !== 'subvol') return ['Image resized.']
  const path = `${String(storage.config.vgname ?? storage.storage)}/${splitVolid(volume.volid).name}`
  return storage.type.startsWith('lvm') ? [`  Logical volume ${path} successfully resized.`] : []
}

/** A volume that is to grow, and to how many bytes; looked at when a call comes and again when the lock is had. Fact: pve-container, PVE/API2/LXC.pm (resize_vm). @throws ApiError */
function checkGrowth(call: Call, guest: Guest): {mount: Mount; wanted: number} {
  checkLock(guest)
  const {vmid, config: before} = guest
  const unprivileged = Number(before.unprivileged ?? 0) === 1
  checkContainerChange(call, {vmid, before, options: {disk: call.param.disk}, removed: [], unprivileged})
  checkDigest(call, guestDigest(guest), modified)
  const key = required(call, 'disk')
  const mount = volumeAt(call, guest, key)
  const {volume} = mount
  const size = required(call, 'size')
  const bytes = Math.floor(parseSize(size.replace(/^\+/, '')) ?? 0)
  const wanted = size.startsWith('+') ? volume.size + bytes : bytes
  if (wanted < volume.size) throw failure('unable to shrink disk size')
  if (wanted === volume.size) throw failure('disk is already at specified size')
  return {mount, wanted}
}

function resize(call: Call): unknown {
  const guest = findGuest(call, 'lxc')
  checkGrowth(call, guest)
  const {node, vmid} = guest
  return call.sim.tasks.start({node, type: 'resize', id: vmid, user: call.auth, locks: [lockOf(guest)]}, (task) => {
    const {mount, wanted} = checkGrowth(call, guest)
    const size = required(call, 'size').replace(/^\+/, '')
    call.sim.tasks.clusterLog(node, call.auth, `update CT ${vmid}: resize --disk ${mount.key} --size ${size}`)
    grow(call, guest, mount, wanted, task.log)
  })
}

/** What is said where the kernel lets nobody enlarge a file system in use; the volume is larger all the same. Seen on the real daemon. */
const notGrown = [
  'resize2fs: Permission denied to resize filesystem',
  'Filesystem at /dev/loop0 is mounted on /tmp; on-line resizing required',
  'old_desc_blocks = 1, new_desc_blocks = 1',
  `Failed to update the container's filesystem: command 'unshare -m -- sh -c 'mount --make-rprivate / && mount /dev/loop0 /tmp && resize2fs /dev/loop0'' failed: exit code 1`,
  '',
]

/** Makes a volume larger, and the file system in it. */
function grow(call: Call, guest: Guest, {key, parts, volume, storage}: Mount, wanted: number, log: Log): void {
  const before = volume.size
  storageLines(storage, volume).forEach(log)
  const {volid} = volume
  if (key === 'rootfs' && guest.rootMade?.volid !== volid) guest.rootMade = {volid, size: before}
  volume.size = roundedSize(storage, volume.format, wanted)
  guest.config[key] = printParts(call.sim, 'lxc', key, {...parts, size: wanted})
  if (volume.format !== 'raw') return
  if (guest.running) {
    log(`resize2fs ${fsTools(call)}`)
    if (call.sim.state.world.lxcLacks?.includes('growth')) notGrown.forEach(log)
    else log(`The filesystem on /dev/loop0 is now ${Math.floor(wanted / 4096)} (4k) blocks long.`)
    return
  }
  const path = volumePath(storage, volume.volid)
  growthLines(path, before, wanted, holdsOf(volume), fsTools(call)).forEach(log)
}

function moveToStorage(call: Call, storage: string): unknown {
  const key = required(call, 'volume')
  requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
  const guest = findGuest(call, 'lxc')
  checkLock(guest)
  if (guest.running) throw failure('cannot move volumes of a running container')
  if (key.startsWith('unused'))
    throw failure(`cannot move volume '${key}', only configured volumes can be moved to another storage`)
  const parts = readMount(call, key, guest.config[key])
  const volid = String(parts.volume)
  if (isSet(call, 'delete') && inSnapshot(guest, volid))
    throw failure(`you can't move a volume with snapshots and delete the source`)
  checkDigest(call, guestDigest(guest), modified)
  const request = {node: guest.node, type: 'move_volume', id: guest.vmid, user: call.auth}
  return call.sim.tasks.start({...request, begin: () => takeLock(guest, 'disk')}, async (task) => {
    await reserve(call, guest.node, [storage], task)
    const message = `move volume CT ${guest.vmid}: move --volume ${key} --storage ${storage}`
    call.sim.tasks.clusterLog(guest.node, call.auth, message)
    moveMount(call, guest, key, parts, storage, task.log)
  })
}

function moveMount(call: Call, guest: Guest, key: string, parts: Parts, storage: string, log: Log): void {
  const volid = String(parts.volume)
  if (volid.startsWith('/'))
    throw failure(`cannot copy volumes of type ${volid.startsWith('/dev/') ? 'device' : 'bind'}`)
  const original = findVolume(call.sim.state, volid, guest.node)
  if (!original) throw failure(`volume '${volid}' does not exist`)
  const copy = copyMount(call, guest, original, storage, log)
  const isTemplate = Number(guest.config.template ?? 0) === 1
  const {volid: name} = isTemplate ? rename(call, copy, guest.node, baseName(copy.volid)) : copy
  guest.config[key] = printParts(call.sim, 'lxc', key, {...parts, volume: name, size: copy.size})
  if (isSet(call, 'delete')) freeVolume(call.sim.state, volid, guest.node)
  else addUnused(guest, volid)
}

interface Handover {
  source: Guest
  target: Guest
  key: string
  place: string
  volume: Volume
}

/** Refuses to hand a volume over. Fact: pve-container `load_and_check_reassign_configs`. @throws ApiError 500 */
function checkHandover(call: Call): Handover {
  const [vmid, other, key] = [required(call, 'vmid'), required(call, 'target-vmid'), required(call, 'volume')]
  const place = text(call, 'target-volume') ?? key
  if (key === 'rootfs' || place === 'rootfs') throw failure(`Cannot move to/from 'rootfs'`)
  if (key.startsWith('unused') && !place.startsWith('unused'))
    throw failure('Moving an unused volume to a used one is not possible')
  const target = call.sim.state.guests[other]
  for (const id of [vmid, other]) if (!call.sim.state.guests[id]) throw failure(`could not find CT ${id}`)
  const source = call.sim.state.guests[vmid]!
  if (source.node !== target!.node)
    throw failure(`Both containers need to be on the same node (${source.node} != ${target!.node})`)
  const guest = findGuest(call, 'lxc')
  checkLock(guest)
  if (target!.type !== 'lxc')
    throw failure(`Configuration file 'nodes/${target!.node}/lxc/${other}.conf' does not exist`)
  checkLock(target!)
  if ([guest, target!].some(({config}) => Number(config.template ?? 0) === 1))
    throw failure(`Can't move volumes from or to template CT`)
  for (const [one, name] of [
    [guest, 'digest'],
    [target!, 'target-digest'],
  ] as const) {
    const given = text(call, name)
    if (given !== undefined && given !== '' && given !== guestDigest(one))
      throw failure(`Container ${one.vmid}: ${modified}`)
  }
  return {source: guest, target: target!, key, place, volume: volumeToHandOver(call, guest, target!, key, place)}
}

function volumeToHandOver(call: Call, guest: Guest, target: Guest, key: string, place: string): Volume {
  const value = guest.config[key]
  if (value === undefined) throw failure(`volume '${key}' for container '${guest.vmid}' does not exist`)
  if (target.config[place] !== undefined)
    throw failure(`Target volume key '${place}' is already in use for container '${target.vmid}'`)
  const volid = volumeOf(value)
  if (inSnapshot(guest, volid)) throw failure('Cannot move volume used by a snapshot to another container')
  const volume = volid.startsWith('/') ? undefined : findVolume(call.sim.state, volid, guest.node)
  if (!volume) throw failure('Storage does not support moving of this disk to another container')
  if (guest.running && !key.startsWith('unused'))
    throw failure('Cannot move in-use volume while the source CT is running - detach or shutdown first')
  return volume
}

function reassign(call: Call): unknown {
  const vmid = required(call, 'target-vmid')
  requireAll(call.sim, call.auth, `/vms/${vmid}`, ['VM.Config.Disk'])
  const {source, target, key, place, volume} = checkHandover(call)
  requireAll(call.sim, call.auth, `/storage/${splitVolid(volume.volid).storage}`, ['Datastore.AllocateSpace'])
  const id = `${source.vmid}-${key}>${target.vmid}-${place}`
  return call.sim.tasks.start({node: source.node, type: 'move_volume', id, user: call.auth}, (task) => {
    handOver(call, checkHandover(call), task.log)
  })
}

/** Gives a volume another owner and the key of its new container. */
function handOver(call: Call, {source, target, key, place, volume}: Handover, log: Log): void {
  log(`moving volume '${key}' from container '${source.vmid}' to '${target.vmid}'`)
  const old = volume.volid
  const value = String(source.config[key])
  delete source.config[key]
  const moved = rename(call, volume, source.node, freeNameFor(call, volume, target))
  volume.vmid = target.vmid
  log(`removing volume '${key}' from container '${source.vmid}' config`)
  if (place.startsWith('unused')) target.config[place] = moved.volid
  else {
    target.pending[place] = value.replace(old, moved.volid)
    const only = new Set([place])
    const errors = target.running
      ? hotplugContainer(call, target, only, () => undefined)
      : applyContainer(call, target, log, only)
    Object.values(errors).forEach((problem) => log(`WARN: ${problem.trimEnd()}`))
    writeLxcFile(call, target)
  }
  log(`target container '${target.vmid}' updated with '${place}'`)
}

function move(call: Call): unknown {
  const [storage, vmid] = [text(call, 'storage'), text(call, 'target-vmid')]
  if (storage !== undefined && vmid !== undefined) throw failure('either set storage or target-vmid, but not both')
  if (vmid !== undefined) return reassign(call)
  if (storage !== undefined) return moveToStorage(call, storage)
  const problem = `both 'storage' and 'target-vmid' missing, either needs to be set`
  throw new ApiError(400, 'Parameter verification failed.\n', {'target-vmid': problem, storage: problem})
}

export const lxcDiskEndpoints: Endpoints = {
  'PUT /nodes/{node}/lxc/{vmid}/resize': resize,
  'POST /nodes/{node}/lxc/{vmid}/move_volume': move,
}
