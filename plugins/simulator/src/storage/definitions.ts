import type {Call} from '../calls/call.js'
import {keptSection} from '../calls/sections.js'
import {splitList} from '../contract/scalars.js'
import {failure} from '../errors.js'
import type {Scalar, Config, StorageState} from '../state/model.js'
import {workerPid} from '../tasks/runner.js'
import {roomOn, rootShare} from './disks.js'
import {type StoragePlugin, storagePlugins} from './plugins.js'
import {isOnNode} from './volumes.js'
import {lacks, notExecuted, unreachable} from './world.js'

/** Content types of a storage: what its type cannot hold is dropped. @throws ApiError 500 for `none` beside others, and where nothing is left and has to be */
function heldContent(plugin: StoragePlugin, content: Scalar, prefix: string): string {
  const held = [...new Set(splitList(String(content)))].filter((one) => plugin.content.includes(one))
  if (held.includes('none') && held.length > 1)
    throw failure(`${prefix}unable to combine 'none' with other content types`)
  if (held.length > 0) return held.join(',')
  if (!plugin.content.includes('none')) throw failure(`${prefix}storage does not support content type 'none'`)
  return 'none'
}

/** Checks keys by the type of a storage, and makes the values those that are stored. @throws ApiError 500 */
export function checkConfig(type: string, config: Config, create: boolean): void {
  const plugin = storagePlugins[type]!
  const prefix = create ? '' : 'update storage failed: '
  for (const key of Object.keys(config)) {
    const option = plugin.options[key]
    if (option === undefined) throw failure(`${prefix}unexpected property '${key}'`)
    if (!create && option.startsWith('fixed')) throw failure(`${prefix}can't change value of fixed parameter '${key}'`)
  }
  if (create) {
    const missing = Object.entries(plugin.options).find(
      ([key, option]) => (option === 'fixed' || option === 'required') && config[key] === undefined,
    )
    if (missing) throw failure(`missing value for required option '${missing[0]}'`)
  }
  if (config.content !== undefined) config.content = heldContent(plugin, config.content, prefix)
  if (config.format !== undefined && !plugin.formats.includes(String(config.format))) delete config.format
}

/** A configuration as storage.cfg holds it. */
export function tidied(config: Config): Config {
  const kept = keptSection(config)
  if (kept.disable === 0) delete kept.disable
  if (kept.nodes !== undefined) kept.nodes = splitList(String(kept.nodes)).join(',')
  return kept
}

const poolOf = (config: Config): string => String(config.pool).split('/')[0]!

const zfsProblem = ({sim: {state}}: Call, config: Config): string =>
  lacks(state, 'zpool')
    ? notExecuted(`zpool import -d /dev/disk/by-id/ -o cachefile=none ${poolOf(config)}`)
    : `cannot import '${poolOf(config)}': no such pool available`

/** Why a storage cannot be used in a world where nothing answers, by type. */
const activation: Record<string, (call: Call, storage: string, config: Config) => string | undefined> = {
  nfs: (_call, storage) => `storage '${storage}' is not online`,
  cifs: (_call, storage) => `storage '${storage}' is not online`,
  glusterfs: (_call, storage) => `storage '${storage}' is not online`,
  esxi: (_call, storage) => `storage '${storage}' is not online`,
  iscsi: ({sim: {state}}, storage) =>
    lacks(state, 'open-iscsi')
      ? `connection check for storage '${storage}' failed - error: no iscsi support - please install open-iscsi\n`
      : `storage '${storage}' is not online`,
  lvmthin: (_call, _storage, {vgname, thinpool}) => `no such logical volume ${vgname}/${thinpool}`,
  zfspool: (call, storage, config) =>
    `could not activate storage '${storage}', zfs error: ${zfsProblem(call, config)}\n`,
  pbs: ({sim: {state}}, storage, {server, port}) =>
    `${storage}: error fetching datastores - 500 Can't connect to ${server}:${port ?? 8007} (${unreachable(state, String(server))})`,
  cephfs: ({sim: {state}}, storage) =>
    lacks(state, 'systemd')
      ? `unable to open file '/run/systemd/system/mnt-pve-${storage}.mount.tmp.${workerPid}' - No such file or directory`
      : 'mount error: exit code 1',
  btrfs: (_call, _storage, {path}) => `'${path}' is not a btrfs file system`,
}

/** Tries a storage out, where it is in use on this node: in a directory there is a folder for each kind of content. @throws ApiError 500 */
function activate(call: Call, storage: StorageState, content: string | undefined): void {
  if (Number(storage.config.disable ?? 0) === 1 || !isOnNode(storage, call.sim.localNode)) return
  if (storagePlugins[storage.type]!.files && content === 'none')
    throw failure(`create storage failed: unknown vtype 'none'`)
  if (!call.sim.state.world.offline || call.sim.settings.offlineServices === 'accept') return
  const problem = activation[storage.type]?.(call, storage.storage, storage.config)
  if (problem !== undefined) throw failure(`create storage failed: ${problem}`)
}

/** A new folder lies on the root file system of a node unless a disk is mounted there; others have a device of their own. */
function roomBehind(call: Call, type: string, config: Config): {total: number; used: number} {
  const own = roomOn(call.sim.state, call.sim.localNode, {type, config})
  if (own !== undefined) return {total: own, used: 0}
  if (type !== 'dir') return {total: 500 * 1024 ** 3, used: 0}
  const {disk} = call.sim.state.nodes[call.sim.localNode]!
  return {total: disk, used: Math.floor(disk * rootShare)}
}

/** What a volume group lies on has to be configured, and an iSCSI target (pve-storage, PVE/Storage/LVMPlugin.pm (on_add_hook)). @throws ApiError 500 */
function checkBase(call: Call, {base}: Config): void {
  if (base === undefined) return
  const id = String(base).split(':')[0]!
  const storage = call.sim.state.storages[id]
  if (!storage) throw failure(`create storage failed: base storage ID '${id}' does not exist`)
  if (storage.type !== 'iscsi') throw failure(`create storage failed: unsupported base type '${storage.type}'`)
}

/** Puts a storage into the configuration. @throws ApiError 500 when it cannot be used */
export function addStorage(call: Call, name: string, type: string, given: Config): StorageState {
  const content = given.content === undefined ? undefined : String(given.content)
  checkConfig(type, given, true)
  if (call.sim.state.storages[name]) throw failure(`create storage failed: storage ID '${name}' already defined`)
  checkBase(call, given)
  const config = tidied(given)
  config.content ||= storagePlugins[type]!.defaultContent.join(',')
  const storage: StorageState = {storage: name, type, config, ...roomBehind(call, type, config)}
  activate(call, storage, content)
  call.sim.state.storages[name] = storage
  call.sim.permissions.invalidate()
  return storage
}

/** Takes a storage out of the configuration, with what refers to it. @throws ApiError 500 */
export function removeStorage(call: Call, name: string): void {
  if (!call.sim.state.storages[name]) throw failure(`delete storage failed: storage '${name}' does not exist`)
  const used = Object.values(call.sim.state.storages).some(({config}) =>
    String(config.base ?? '').startsWith(`${name}:`),
  )
  if (used) throw failure(`delete storage failed: can't remove storage - storage is used as base of another storage`)
  delete call.sim.state.storages[name]
  for (const [key, volume] of Object.entries(call.sim.state.volumes))
    if (volume.volid.startsWith(`${name}:`)) delete call.sim.state.volumes[key]
  for (const pool of Object.values(call.sim.state.pools))
    pool.storage = pool.storage.filter((member) => member !== name)
  call.sim.state.acl = call.sim.state.acl.filter(({path}) => path !== `/storage/${name}`)
  call.sim.permissions.invalidate()
}
