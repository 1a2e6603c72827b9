import {requireAll} from '../../access/checks.js'
import {badParameter, failure} from '../../errors.js'
import {addUnused, describeChange, dropUsed, inSnapshot} from '../../guests/apply.js'
import {freeNameFor, fullCopy, rename} from '../../guests/copies.js'
import {reserve} from '../../storage/allocation.js'
import {isCdrom, printParts, readParts, volumeOf} from '../../guests/drives.js'
import {parseSize} from '../../contract/scalars.js'
import {checkDigest, isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import {changedMeanwhile} from '../../calls/sections.js'
import {guestDigest} from '../../state/digest.js'
import type {Guest, Scalar, Volume} from '../../state/model.js'
import {
  contentTypes,
  findStorage,
  findVolume,
  freeVolume,
  pluginOf,
  roundedSize,
  splitVolid,
  volumePath,
} from '../../storage/volumes.js'
import {TaskError, type TaskHandle} from '../../tasks/runner.js'
import {checkLock, findGuest, lockOf, taskLock} from '../../guests/access.js'

/** Wanted size in bytes: `+` adds to the present one. */
function wantedSize(size: string, present: number): number {
  const bytes = parseSize(size.replace(/^\+/, '')) ?? 0
  return size.startsWith('+') ? present + bytes : bytes
}

function setSize(call: Call, guest: Guest, key: string, volume: Volume, size: number): void {
  const storage = findStorage(call.sim.state, splitVolid(volume.volid).storage)
  volume.size = roundedSize(storage, volume.format, size)
  const parts = readParts(call.sim, 'qemu', key, guest.config[key]!) ?? {}
  parts.size = size
  guest.config[key] = printParts(call.sim, 'qemu', key, parts)
}

/** Images of templates on directories are immutable. @throws TaskError */
function checkImmutable(call: Call, volume: Volume, size: number, task: TaskHandle): void {
  const storage = findStorage(call.sim.state, splitVolid(volume.volid).storage)
  if (!pluginOf(storage).files || !/\/base-[^/]*$/.test(volume.volid)) return
  const path = volumePath(storage, volume.volid)
  task.log(`qemu-img: Could not open '${path}': Could not open '${path}': Operation not permitted`)
  throw new TaskError(
    `command '/usr/bin/qemu-img resize '--preallocation=metadata' -f ${volume.format} ${path} ${size}' failed: exit code 1`,
  )
}

function resizeQemu(call: Call): unknown {
  const guest = findGuest(call, 'qemu')
  const key = required(call, 'disk')
  const request = {node: guest.node, type: 'resize', id: guest.vmid, user: call.auth, locks: [lockOf(guest)]}
  return call.sim.tasks.start(request, (task) => {
    checkDigest(call, guestDigest(guest), 'checksum mismatch (file change by other user?)')
    taskLock(guest)
    const value = guest.config[key]
    if (value === undefined) throw new TaskError(`disk '${key}' does not exist`)
    if (isCdrom(value)) throw new TaskError(`you can't resize a cdrom`)
    const volume = findVolume(call.sim.state, volumeOf(value), guest.node)
    if (!volume) throw new TaskError(`disk '${key}' has no associated volume`)
    requireAll(call.sim, call.auth, `/storage/${splitVolid(volume.volid).storage}`, ['Datastore.AllocateSpace'])
    const size = wantedSize(required(call, 'size'), volume.size)
    if (size < volume.size) throw new TaskError('shrinking disks is not supported')
    if (size === volume.size) return
    checkImmutable(call, volume, size, task)
    if (!guest.running) task.log('Image resized.')
    setSize(call, guest, key, volume, size)
  })
}

interface Move {
  guest: Guest
  key: string
  storage: string
  format?: string
}

/** Refuses a move, before its task begins and again in it. Fact: Qemu.pm (load_and_check_move). @throws ApiError */
function checkMove(call: Call, {guest, key, storage, format}: Move): string {
  checkLock(guest)
  checkDigest(call, guestDigest(guest), changedMeanwhile)
  const value = guest.config[key]
  if (value === undefined) throw failure(`disk '${key}' does not exist`)
  if (isCdrom(value)) throw failure(`you can't move a cdrom`)
  const definition = findStorage(call.sim.state, storage)
  if (!contentTypes(definition).includes('images'))
    throw badParameter('storage', `storage '${storage}' does not support vm images`)
  const volid = volumeOf(value)
  const volume = findVolume(call.sim.state, volid, guest.node)
  const same = splitVolid(volid).storage === storage
  if (same && (format === undefined || format === volume?.format || !pluginOf(definition).files)) {
    throw failure(`you can't move to the same storage with same format`)
  }
  if (isSet(call, 'delete') && inSnapshot(guest, volid))
    throw failure(`you can't move a disk with snapshots and delete the source`)
  return volid
}

/** Copies a disk to where it is moved. @throws TaskError */
function copied(call: Call, {guest, key, storage, format}: Move, volid: string, task: TaskHandle): Volume {
  const live = !key.startsWith('unused')
  try {
    return fullCopy(call, {source: guest, target: guest, key, volid, storage, format, live, log: task.log})
  } catch (error) {
    throw new TaskError(`storage migration failed: ${(error as Error).message}`)
  }
}

function moveToStorage(call: Call, move: Move): unknown {
  const {guest, key, storage} = move
  requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
  checkMove(call, move)
  const request = {node: guest.node, type: 'qmmove', id: guest.vmid, user: call.auth, locks: [lockOf(guest)]}
  return call.sim.tasks.start(request, async (task) => {
    const volid = checkMove(call, move)
    task.log(
      `copying volume '${volid}' from current storage '${splitVolid(volid).storage}' to target storage '${storage}'`,
    )
    await reserve(call, guest.node, [storage], task).catch((error: Error) => {
      throw new TaskError(`storage migration failed: ${error.message}`)
    })
    const copy = copied(call, move, volid, task)
    const parts = readParts(call.sim, 'qemu', key, guest.config[key]!) ?? {}
    parts.file = copy.volid
    parts.size = copy.size
    guest.config[key] = printParts(call.sim, 'qemu', key, parts)
    if (isSet(call, 'delete')) {
      task.log(`removing source volume '${volid}' after successful copy`)
      freeVolume(call.sim.state, volid, guest.node)
      dropUsed(guest)
      return
    }
    const unused = addUnused(guest, volid) ?? ''
    task.log(`adding source volume '${volid}' as '${unused}' to config`)
    dropUsed(guest)
  })
}

/** Refuses to hand a disk over, before the task begins and again in it. Fact: Qemu.pm (load_and_check_reassign_configs). @throws ApiError */
function checkHandover(call: Call, guest: Guest, target: Guest, key: string, place: string): Scalar {
  checkLock(guest)
  checkLock(target)
  for (const [one, name] of [
    [guest, 'digest'],
    [target, 'target-digest'],
  ] as const) {
    const given = text(call, name) ?? ''
    if (given !== '' && given !== guestDigest(one)) throw failure(`VM ${one.vmid}: ${changedMeanwhile}`)
  }
  const value = guest.config[key]
  if (value === undefined) throw failure(`Disk '${key}' for VM '${guest.vmid}' does not exist`)
  if (target.config[place] !== undefined)
    throw failure(`Target disk key '${place}' is already in use for VM '${target.vmid}'`)
  return value
}

/** Hands a disk over to another guest. @throws ApiError */
function reassign(call: Call, guest: Guest, key: string): unknown {
  const target = call.sim.state.guests[required(call, 'target-vmid')]
  if (!target) throw failure(`VM ${required(call, 'target-vmid')} does not exist`)
  const place = text(call, 'target-disk') ?? key
  checkHandover(call, guest, target, key, place)
  const id = `${guest.vmid}-${key}>${target.vmid}-${place}`
  const locks = [lockOf(guest), lockOf(target)]
  return call.sim.tasks.start({node: guest.node, type: 'qmmove', id, user: call.auth, locks}, (task) => {
    const value = checkHandover(call, guest, target, key, place)
    task.log(`reassign disk '${key}' from VM '${guest.vmid}' as '${place}' to VM '${target.vmid}'`)
    const volid = volumeOf(value)
    const volume = findVolume(call.sim.state, volid, guest.node)
    if (!volume) throw new TaskError(`volume '${volid}' does not exist`)
    task.log(`removing disk '${key}' from VM '${guest.vmid}' config`)
    delete guest.config[key]
    const moved = rename(call, volume, guest.node, freeNameFor(call, volume, target))
    volume.vmid = target.vmid
    const parts = readParts(call.sim, 'qemu', place, String(value).replace(volid, moved.volid)) ?? {}
    parts.file = moved.volid
    task.log(describeChange(target.vmid, {[place]: moved.volid}, []))
    parts.size = moved.size
    target.config[place] = printParts(call.sim, 'qemu', place, parts)
  })
}

function move(call: Call): unknown {
  const guest = findGuest(call, 'qemu')
  const key = required(call, 'disk')
  const storage = text(call, 'storage')
  if (text(call, 'target-vmid') !== undefined) {
    if (storage !== undefined) throw failure(`either set 'storage' or 'target-vmid', but not both`)
    return reassign(call, guest, key)
  }
  if (storage === undefined) throw failure(`both 'storage' and 'target-vmid' missing, either needs to be set`)
  return moveToStorage(call, {guest, key, storage, format: text(call, 'format')})
}

export const diskEndpoints: Endpoints = {
  'PUT /nodes/{node}/qemu/{vmid}/resize': resizeQemu,
  'POST /nodes/{node}/qemu/{vmid}/move_disk': move,
}
