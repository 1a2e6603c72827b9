import type {ApiRequest} from './client.js'
import type {Claim} from './claims.js'
import {guestOf, owningNode, type Parameter} from './paths.js'

/** `STORAGE:SIZE` in GiB at the start of a drive or mount point: allocates (qemu-server, PVE/QemuServer/Drive.pm, NEW_DISK_RE). */
const allocation = /^([A-Za-z][\w.-]*):(?:\d+(?:\.\d+)?|cloudinit)(?:,|$)/

const cloning = /\/(?:qemu|lxc)\/\d+\/clone$/

/** Calls whose `storage` or `target-storage` parameter names where something is allocated. */
const allocating = /\/(qemu|lxc)(\/\d+\/(clone|move_disk|move_volume))?$/

/** Tasks at a time: PVE's workers and the locks of storages let more of them fail (design: order, budgets, failure). */
const ofNode = 4
const ofStorage = 4

/** What the request does not tell of what it contends with. */
export interface Contention {
  /** The source of a clone is stopped: it takes a shared lock, else an exclusive one with one second of patience (qemu-server, PVE/API2/Qemu.pm, clone_vm). */
  isSourceStopped?: boolean
}

/**
 * What a write and its task claim: its guest, and the one that it makes, for themselves; the source of a clone, shared where it is stopped; and a
 * place on its node and on each storage on which it allocates.
 */
export function claimsOf(
  request: Pick<ApiRequest, 'method' | 'path' | 'body'>,
  {isSourceStopped = false}: Contention = {},
): Claim[] {
  if (request.method === 'GET') return []
  const guest = guestOf(request.path)
  const body = request.body ?? {}
  const isClone = cloning.test(request.path)
  const storages = Object.values(body).flatMap((value) => storageOf(value))
  const named = allocating.test(request.path)
    ? [body.storage, body['target-storage']].filter((value) => typeof value === 'string')
    : []
  const made = isClone ? body.newid : guest === undefined ? body.vmid : undefined
  const guests: Claim[] = [
    ...(guest === undefined
      ? []
      : [isClone && isSourceStopped ? {key: `guest/${guest}`, most: Infinity} : {key: `guest/${guest}`}]),
    ...(made === undefined || typeof made === 'boolean' ? [] : [{key: `guest/${String(made)}`}]),
  ]
  const node = guests.length === 0 ? undefined : owningNode(request.path)
  return [
    ...guests,
    ...(node === undefined ? [] : [{key: `node/${node}`, most: ofNode}]),
    ...[...new Set([...storages, ...named])].map((name) => ({key: `storage/${String(name)}`, most: ofStorage})),
  ].sort((a, b) => (a.key < b.key ? -1 : 1))
}

function storageOf(value: Parameter): string[] {
  const storage = typeof value === 'string' ? allocation.exec(value)?.[1] : undefined
  return storage === undefined ? [] : [storage]
}
