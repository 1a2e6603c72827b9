import {requireAll, requireAny} from '../../access/checks.js'
import {failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {unordered} from '../../calls/print.js'
import {keptAs} from '../../access/user-cfg.js'
import type {Guest} from '../../state/model.js'
import {isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import {resourceList} from './cluster.js'

function requirePool(call: Call, prefix = ''): string {
  const poolid = required(call, 'poolid')
  if (!call.sim.state.pools[poolid]) throw failure(`${prefix}pool '${poolid}' does not exist`)
  return poolid
}

function members(call: Call, poolid: string, type?: string): unknown {
  const pool = call.sim.state.pools[poolid]!
  const list = resourceList(call, ['guests', 'storages']).filter((entry) => {
    if (type !== undefined && entry.type !== type) return false
    if (entry.type === 'storage') return pool.storage.includes(String(entry.storage))
    return entry.pool === poolid
  })
  const seen = new Set<unknown>()
  return unordered(
    list
      .filter((entry) => {
        const key =
          entry.type === 'storage'
            ? `storage/${String(entry.storage)}/${Number(entry.shared) === 1 ? '' : String(entry.node)}`
            : entry.id
        return !seen.has(key) && Boolean(seen.add(key))
      })
      .map(({pool: _pool, tags: _tags, hastate: _hastate, ...entry}) => entry),
  )
}

function showPool(call: Call, poolid: string, type?: string): Record<string, unknown> {
  const {comment} = call.sim.state.pools[poolid]!
  return {...(comment !== undefined && {comment}), members: members(call, poolid, type)}
}

function listPools(call: Call): unknown {
  const poolid = text(call, 'poolid')
  if (poolid !== undefined) {
    requireAll(call.sim, call.auth, `/pool/${poolid}`, ['Pool.Audit'])
    return [{poolid: requirePool(call), ...showPool(call, poolid, text(call, 'type'))}]
  }
  return Object.entries(call.sim.state.pools)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .filter(([id]) => call.sim.permissions.has(call.auth, `/pool/${id}`, 'Pool.Audit'))
    .map(([id, {comment}]) => ({poolid: id, ...(comment !== undefined && {comment})}))
}

function createPool(call: Call): unknown {
  const poolid = required(call, 'poolid')
  if (call.sim.state.pools[poolid]) throw failure(`create pool failed: pool '${poolid}' already exists`)
  const parent = poolid.includes('/') ? poolid.slice(0, poolid.lastIndexOf('/')) : undefined
  if (parent !== undefined && !call.sim.state.pools[parent]) {
    throw failure(`create pool failed: parent '${parent}' of pool '${poolid}' does not exist`)
  }
  call.sim.state.pools[poolid] = {storage: [], ...keptAs('comment', text(call, 'comment'))}
  call.sim.permissions.invalidate()
  return null
}

/** What a change makes of a pool; written when all of it was accepted, as PVE writes its file at the end. */
interface Change {
  poolid: string
  remove: boolean
  /** Pools of guests that move. */
  pools: Map<Guest, string | undefined>
  storage: string[]
}

/** Fact: pve-access-control, PVE/RPCEnvironment.pm (check_perm_modify). @throws ApiError 403 */
function checkModify(call: Call, path: string): void {
  const own = path.startsWith('/vms/') ? 'VM.Allocate' : 'Datastore.Allocate'
  requireAny(call.sim, call.auth, path, ['Permissions.Modify', own])
}

/** Adds or removes a guest. @throws ApiError 500 */
function moveGuest(call: Call, {poolid, remove, pools}: Change, vmid: string): void {
  const guest = call.sim.state.guests[vmid]
  checkModify(call, `/vms/${vmid}`)
  const pool = guest && (pools.has(guest) ? pools.get(guest) : guest.pool)
  if (remove && pool !== poolid) throw failure(`update pools failed: VM ${vmid} is not a pool member`)
  if (!guest) return
  if (!remove && pool === poolid) throw failure(`update pools failed: VM ${vmid} is already a pool member`)
  if (!remove && pool !== undefined && !isSet(call, 'allow-move')) {
    throw failure(`update pools failed: VM ${vmid} belongs already to pool '${pool}' and 'allow-move' is not set`)
  }
  if (!remove && pool !== undefined) requireAll(call.sim, call.auth, `/pool/${pool}`, ['Pool.Allocate'])
  pools.set(guest, remove ? undefined : poolid)
}

function moveStorage(call: Call, change: Change, storage: string): void {
  const member = change.storage.includes(storage)
  checkModify(call, `/storage/${storage}`)
  if (change.remove) {
    if (!member) throw failure(`update pools failed: Storage '${storage}' is not a pool member`)
    change.storage = change.storage.filter((name) => name !== storage)
    return
  }
  if (member) throw failure(`update pools failed: Storage '${storage}' is already a pool member`)
  if (call.sim.state.storages[storage]) change.storage.push(storage)
}

function updatePool(call: Call): unknown {
  const poolid = requirePool(call, 'update pools failed: ')
  const pool = call.sim.state.pools[poolid]!
  const change: Change = {poolid, remove: isSet(call, 'delete'), pools: new Map(), storage: [...pool.storage]}
  for (const vmid of splitList(text(call, 'vms') ?? '')) moveGuest(call, change, vmid)
  for (const storage of splitList(text(call, 'storage') ?? '')) moveStorage(call, change, storage)
  const comment = text(call, 'comment')
  if (comment !== undefined) {
    delete pool.comment
    Object.assign(pool, keptAs('comment', comment))
  }
  pool.storage = change.storage
  for (const [guest, next] of change.pools)
    if (next === undefined) delete guest.pool
    else guest.pool = next
  call.sim.permissions.invalidate()
  return null
}

function deletePool(call: Call): unknown {
  const poolid = requirePool(call, 'delete pool failed: ')
  const holds = (what: string): Error => failure(`delete pool failed: pool '${poolid}' is not empty (contains ${what})`)
  const child = Object.keys(call.sim.state.pools).find((id) => id.startsWith(`${poolid}/`))
  if (child !== undefined) throw holds(`pool '${child}'`)
  const guest = Object.values(call.sim.state.guests).find((candidate) => candidate.pool === poolid)
  if (guest) throw holds(`VM ${guest.vmid}`)
  const storage = call.sim.state.pools[poolid]!.storage[0]
  if (storage !== undefined) throw holds(`storage '${storage}'`)
  delete call.sim.state.pools[poolid]
  call.sim.state.acl = call.sim.state.acl.filter((entry) => entry.path !== `/pool/${poolid}`)
  call.sim.permissions.invalidate()
  return null
}

export const poolEndpoints: Endpoints = {
  'GET /pools': listPools,
  'POST /pools': createPool,
  'PUT /pools': updatePool,
  'DELETE /pools': deletePool,
  'GET /pools/{poolid}': (call) => {
    const poolid = requirePool(call)
    return {poolid, ...showPool(call, poolid, text(call, 'type'))}
  },
  'PUT /pools/{poolid}': updatePool,
  'DELETE /pools/{poolid}': deletePool,
}
