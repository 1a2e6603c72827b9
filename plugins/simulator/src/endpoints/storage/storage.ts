import {requireAny} from '../../access/checks.js'
import {badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import type {Schema} from '../../contract/schema.js'
import {unordered} from '../../http/print.js'
import {isSet, required, text, type Call, type Endpoints} from '../../simulation.js'
import {sha1} from '../../state/digest.js'
import type {Config, Scalar, StorageState, Volume} from '../../state/model.js'
import {storagePlugins} from '../../storage/plugins.js'
import {
  contentTypes,
  findStorage,
  isOnNode,
  isShared,
  pluginOf,
  usableStorage,
  volumeKey,
  volumePath,
} from '../../storage/volumes.js'
import {checkDigest, nodeName} from '../guests/guest-access.js'

const secretKeys = new Set(['password', 'keyring', 'encryption-key', 'master-pubkey'])
const textual = new Set(['is_mountpoint'])
const mayUse = ['Datastore.Audit', 'Datastore.AllocateSpace']

/** The digest of storage.cfg: one for all storages. */
function digest(call: Call): string {
  return sha1(
    JSON.stringify(Object.values(call.state.storages).map(({storage, type, config}) => [storage, type, config])),
  )
}

function shownContent(call: Call, storage: StorageState): string {
  return call.sim.random.shuffle([...contentTypes(storage)]).join(',')
}

function shown(call: Call, storage: StorageState): Record<string, unknown> {
  const config = Object.fromEntries(Object.entries(storage.config).filter(([key]) => !secretKeys.has(key)))
  return {
    storage: storage.storage,
    type: storage.type,
    digest: digest(call),
    ...(pluginOf(storage).shared && {shared: 1}),
    ...(['nfs', 'cifs', 'cephfs'].includes(storage.type) && {path: `/mnt/pve/${storage.storage}`}),
    ...config,
    content: shownContent(call, storage),
  }
}

function listDefinitions(call: Call): unknown {
  const type = text(call, 'type')
  return unordered(
    Object.values(call.state.storages)
      .filter((storage) => type === undefined || storage.type === type)
      .filter(({storage}) => call.sim.permissions.hasAny(call.auth, `/storage/${storage}`, mayUse))
      .map((storage) => shown(call, storage)),
  )
}

/** Keys a type takes: those of the contract, less the ones that belong to other types. */
const foreignKeys: Record<string, string[]> = {
  path: ['dir', 'nfs', 'cifs', 'cephfs', 'btrfs', 'glusterfs'],
  server: ['nfs', 'cifs', 'pbs', 'esxi', 'glusterfs'],
  export: ['nfs'],
  share: ['cifs'],
  vgname: ['lvm', 'lvmthin'],
  thinpool: ['lvmthin'],
  pool: ['zfspool', 'zfs', 'rbd'],
  datastore: ['pbs'],
  monhost: ['rbd', 'cephfs'],
  portal: ['iscsi', 'iscsidirect', 'zfs'],
  target: ['iscsi', 'iscsidirect', 'zfs'],
  is_mountpoint: ['dir', 'btrfs'],
  blocksize: ['zfspool', 'zfs'],
}

const requiredKeys: Record<string, string[]> = {
  dir: ['path'],
  btrfs: ['path'],
  nfs: ['server', 'export'],
  cifs: ['server', 'share'],
  lvm: ['vgname'],
  lvmthin: ['vgname', 'thinpool'],
  zfspool: ['pool'],
  pbs: ['server', 'datastore', 'username'],
  iscsi: ['portal', 'target'],
  esxi: ['server', 'username', 'password'],
}

function typed(schema: Schema | undefined, key: string, value: unknown): Scalar {
  if (textual.has(key)) return String(value)
  return schema?.type === 'integer' || schema?.type === 'boolean' ? Number(value) : String(value)
}

const notConfig = new Set(['storage', 'type', 'delete', 'digest', 'noerr'])

function given(call: Call): Config {
  const schema = call.sim.contract.paths['/storage']!.POST!.parameters.properties ?? {}
  const entries = Object.entries(call.param).filter(([key]) => !notConfig.has(key))
  return Object.fromEntries(entries.map(([key, value]) => [key, typed(schema[key], key, value)]))
}

function rejectForeign(type: string, config: Config, prefix = ''): void {
  const key = Object.keys(config).find((name) => foreignKeys[name] && !foreignKeys[name].includes(type))
  if (key !== undefined) throw failure(`${prefix}unexpected property '${key}'`)
}

function tidy(config: Config): void {
  if (config.disable === 0) delete config.disable
  if (config.nodes !== undefined) config.nodes = splitList(String(config.nodes)).join(',')
}

/** Refuses storages that nothing answers for, where the world is offline. @throws ApiError 500 */
function checkReachable(call: Call, storage: string, type: string, config: Config): void {
  if (!call.state.world.offline || Number(config.disable ?? 0) === 1) return
  const problems: Record<string, string> = {
    nfs: `storage '${storage}' is not online`,
    cifs: `storage '${storage}' is not online`,
    esxi: `storage '${storage}' is not online`,
    lvmthin: `no such logical volume ${config.vgname}/${config.thinpool}`,
    zfspool: `could not activate storage '${storage}', zfs error: cannot import '${config.pool}': no such pool available\n`,
    pbs: `${storage}: error fetching datastores - 500 Can't connect to ${config.server}:8007 (Network is unreachable)`,
    cephfs: `mount error: no monitor of '${storage}' answers`,
    iscsi: `connection check for storage '${storage}' failed`,
    btrfs: `'${config.path}' is not a btrfs file system`,
  }
  if (problems[type] !== undefined) throw failure(`create storage failed: ${problems[type]}`)
}

function createStorage(call: Call): unknown {
  const storage = required(call, 'storage')
  const type = required(call, 'type')
  const config = given(call)
  const missing = (requiredKeys[type] ?? []).find((key) => config[key] === undefined)
  if (missing !== undefined) throw failure(`missing value for required option '${missing}'`)
  rejectForeign(type, config)
  if (call.state.storages[storage]) throw failure(`create storage failed: storage ID '${storage}' already defined`)
  checkReachable(call, storage, type, config)
  tidy(config)
  config.content ??= type === 'dir' ? 'images,rootdir' : (storagePlugins[type]?.defaultContent.join(',') ?? 'images')
  call.state.storages[storage] = {storage, type, config, total: 500 * 1024 ** 3, used: 0}
  call.sim.permissions.invalidate()
  return {storage, type, ...(type === 'pbs' && {config: {}})}
}

function updateStorage(call: Call): unknown {
  const name = required(call, 'storage')
  const storage = call.state.storages[name]
  if (!storage) throw failure(`update storage failed: storage '${name}' does not exist`)
  checkDigest(
    call,
    digest(call),
    'update storage failed: detected modified configuration - file changed by other user? Try again.',
  )
  const config = given(call)
  rejectForeign(storage.type, config, 'update storage failed: ')
  const schema = call.sim.contract.paths['/storage']!.POST!.parameters.properties ?? {}
  for (const key of splitList(text(call, 'delete') ?? '')) {
    if (schema[key] === undefined) throw failure(`update storage failed: no such option '${key}'`)
    if (requiredKeys[storage.type]?.includes(key))
      throw failure(`update storage failed: unable to delete required option '${key}'`)
    delete storage.config[key]
  }
  Object.assign(storage.config, config)
  tidy(storage.config)
  return {storage: name, type: storage.type}
}

function deleteStorage(call: Call): unknown {
  const name = required(call, 'storage')
  if (!call.state.storages[name]) throw failure(`delete storage failed: storage '${name}' does not exist`)
  delete call.state.storages[name]
  for (const [key, volume] of Object.entries(call.state.volumes))
    if (volume.volid.startsWith(`${name}:`)) delete call.state.volumes[key]
  for (const pool of Object.values(call.state.pools)) pool.storage = pool.storage.filter((member) => member !== name)
  call.sim.permissions.invalidate()
  return null
}

function statusEntry(call: Call, storage: StorageState): Record<string, unknown> {
  const off = Number(storage.config.disable ?? 0) === 1 || !isOnNode(storage, nodeName(call))
  const enabled = off ? 0 : 1
  const active = enabled && !(call.state.world.offline && !['dir', 'btrfs'].includes(storage.type)) ? 1 : 0
  const {total, used} = active ? storage : {total: 0, used: 0}
  return {
    type: storage.type,
    content: shownContent(call, storage),
    shared: isShared(storage) ? 1 : 0,
    enabled,
    active,
    total,
    used,
    avail: total - used,
  }
}

function nodeStorages(call: Call): unknown {
  const node = nodeName(call)
  const only = text(call, 'storage')
  const wanted = splitList(text(call, 'content') ?? '')
  const target = text(call, 'target')
  return unordered(
    Object.values(call.state.storages)
      .filter((storage) => target === undefined || (isOnNode(storage, node) && isOnNode(storage, target)))
      .filter((storage) => only === undefined || storage.storage === only)
      .filter((storage) => wanted.length === 0 || wanted.some((content) => contentTypes(storage).includes(content)))
      .filter(
        (storage) => !isSet(call, 'enabled') || (Number(storage.config.disable ?? 0) !== 1 && isOnNode(storage, node)),
      )
      .filter(({storage}) => call.sim.permissions.hasAny(call.auth, `/storage/${storage}`, mayUse))
      .map((storage) => {
        const entry = statusEntry(call, storage)
        const total = Number(entry.total)
        return {storage: storage.storage, ...entry, ...(total > 0 && {used_fraction: Number(entry.used) / total})}
      }),
  )
}

function storageStatus(call: Call): unknown {
  const storage = call.state.storages[required(call, 'storage')]
  if (!storage) throw badParameter('storage', 'No such storage.')
  return statusEntry(call, storage)
}

/** A volume as content lists show it. */
export function volumeEntry(volume: Volume): Record<string, unknown> {
  const image = volume.content === 'images' || volume.content === 'rootdir'
  return {
    volid: volume.volid,
    content: volume.content,
    format: volume.format,
    size: volume.size,
    ctime: volume.ctime,
    ...(volume.vmid !== undefined && {vmid: volume.vmid}),
    ...(image && {used: volume.used, parent: volume.parent ?? null}),
    ...(volume.notes !== undefined && {notes: volume.notes}),
    ...(volume.protected && {protected: 1}),
    ...(volume.backup && {subtype: volume.backup.type}),
  }
}

function content(call: Call): unknown {
  const node = nodeName(call)
  const storage = usableStorage(call.state, required(call, 'storage'), node)
  const kind = text(call, 'content')
  const vmid = text(call, 'vmid')
  return Object.values(call.state.volumes)
    .filter((volume) => volume.volid.startsWith(`${storage.storage}:`) && (volume.node === node || volume.node === ''))
    .filter(
      (volume) =>
        (kind === undefined || volume.content === kind) && (vmid === undefined || String(volume.vmid) === vmid),
    )
    .filter((volume) => maySeeVolume(call, volume))
    .sort((a, b) => (a.volid < b.volid ? -1 : 1))
    .map(volumeEntry)
}

function maySeeVolume(call: Call, volume: Volume): boolean {
  if (volume.content !== 'backup' || volume.vmid === undefined) return true
  return (
    call.sim.permissions.has(call.auth, `/storage/${volume.volid.split(':')[0]}`, 'Datastore.Allocate') ||
    call.sim.permissions.has(call.auth, `/vms/${volume.vmid}`, 'VM.Backup') ||
    call.sim.permissions.has(call.auth, `/storage/${volume.volid.split(':')[0]}`, 'Datastore.Audit')
  )
}

/** Full volume id of a content call, whose path may leave the storage out. */
export function volumeIdOf(call: Call): string {
  const volume = required(call, 'volume')
  return volume.includes(':') ? volume : `${required(call, 'storage')}:${volume}`
}

function volumeInfo(call: Call): unknown {
  const node = nodeName(call)
  const volid = volumeIdOf(call)
  const storage = findStorage(call.state, volid.split(':')[0]!)
  requireAny(call.sim, call.auth, `/storage/${storage.storage}`, [
    'Datastore.Audit',
    'Datastore.AllocateSpace',
    'Datastore.Allocate',
  ])
  const volume = call.state.volumes[volumeKey(call.state, volid, node)]
  if (!volume) throw failure(`volume_size_info on '${volid}' failed - no format`)
  return {
    format: volume.format,
    size: volume.size,
    used: volume.used,
    path: volumePath(storage, volid),
    ...(volume.notes !== undefined && {notes: volume.notes}),
    ...(volume.protected && {protected: 1}),
  }
}

export const storageEndpoints: Endpoints = {
  'GET /storage': listDefinitions,
  'POST /storage': createStorage,
  'GET /storage/{storage}': (call) => shown(call, findStorage(call.state, required(call, 'storage'))),
  'PUT /storage/{storage}': updateStorage,
  'DELETE /storage/{storage}': deleteStorage,
  'GET /nodes/{node}/storage': nodeStorages,
  'GET /nodes/{node}/storage/{storage}/status': storageStatus,
  'GET /nodes/{node}/storage/{storage}/content': content,
  'GET /nodes/{node}/storage/{storage}/content/{volume}': volumeInfo,
}
