import type {ApiRequest} from './client.js'
import {guestOf, type Parameter} from './paths.js'

/** `STORAGE:SIZE` in GiB at the start of a drive or mount point: allocates (qemu-server, PVE/QemuServer/Drive.pm, NEW_DISK_RE). */
const allocation = /^([A-Za-z][\w.-]*):(?:\d+(?:\.\d+)?|cloudinit)(?:,|$)/

/** Calls whose `storage` or `target-storage` parameter names where something is allocated. */
const allocating = /\/(qemu|lxc)(\/\d+\/(clone|move_disk|move_volume))?$/

/**
 * What a write and its task must have to themselves, as keys for `Writer.exclusive`: its guest, the source of a clone
 * (a running one takes an exclusive lock with one second of patience), and each storage on which it allocates.
 */
export function contendedKeys(request: Pick<ApiRequest, 'method' | 'path' | 'body'>): string[] {
  if (request.method === 'GET') return []
  const guest = guestOf(request.path)
  const body = request.body ?? {}
  const storages = Object.values(body).flatMap((value) => storageOf(value))
  const named = allocating.test(request.path)
    ? [body.storage, body['target-storage']].filter((value) => typeof value === 'string')
    : []
  const created = body.vmid === undefined || typeof body.vmid === 'boolean' ? [] : [`guest/${String(body.vmid)}`]
  return [
    ...new Set([
      ...(guest === undefined ? created : [`guest/${guest}`]),
      ...[...storages, ...named].map((name) => `storage/${name}`),
    ]),
  ].sort()
}

function storageOf(value: Parameter): string[] {
  const storage = typeof value === 'string' ? allocation.exec(value)?.[1] : undefined
  return storage === undefined ? [] : [storage]
}
