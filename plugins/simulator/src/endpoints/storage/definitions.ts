import {rootShare} from '../../guests/figures.js'
import {splitList} from '../../contract/scalars.js'
import type {Schema} from '../../contract/schema.js'
import {failure} from '../../errors.js'
import {unordered} from '../../http/print.js'
import {required, text, type Call, type Endpoints} from '../../simulation.js'
import {sha1} from '../../state/digest.js'
import type {Config, Scalar, StorageState} from '../../state/model.js'
import {storagePlugins, type StoragePlugin} from '../../storage/plugins.js'
import {contentTypes, findStorage, isOnNode, pluginOf} from '../../storage/volumes.js'
import {roomOn} from '../../storage/disks.js'
import {lacks, notExecuted, unreachable} from '../../storage/world.js'
import {checkDigest} from '../guests/guest-access.js'
import {workerPid} from '../../tasks/runner.js'

/** Keys that go into files of their own, and are never shown. */
const secretKeys = new Set(['password', 'keyring', 'encryption-key', 'master-pubkey'])
const textual = new Set(['is_mountpoint'])

/** Who may see a storage, and what is in it. */
export const mayUse = ['Datastore.Audit', 'Datastore.AllocateSpace']

/** The digest of storage.cfg: one for all storages. */
function digest(call: Call): string {
  return sha1(
    JSON.stringify(Object.values(call.state.storages).map(({storage, type, config}) => [storage, type, config])),
  )
}

/** Content types in an order that differs from call to call. */
export function shownContent(call: Call, storage: StorageState): string {
  return call.sim.random.shuffle([...contentTypes(storage)]).join(',')
}

function shown(call: Call, storage: StorageState): Record<string, unknown> {
  const config = Object.fromEntries(Object.entries(storage.config).filter(([key]) => !secretKeys.has(key)))
  return {
    storage: storage.storage,
    type: storage.type,
    digest: digest(call),
    ...(pluginOf(storage).shared && {shared: 1}),
    ...(pluginOf(storage).options.path === 'fixed optional' && {path: `/mnt/pve/${storage.storage}`}),
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

function typed(schema: Schema | undefined, key: string, value: unknown): Scalar {
  if (textual.has(key)) return String(value)
  return schema?.type === 'integer' || schema?.type === 'boolean' ? Number(value) : String(value)
}

const notConfig = new Set(['storage', 'type', 'delete', 'digest'])

function given(call: Call): Config {
  const schema = call.sim.contract.paths['/storage']!.POST!.parameters.properties ?? {}
  const entries = Object.entries(call.param).filter(([key]) => !notConfig.has(key))
  return Object.fromEntries(entries.map(([key, value]) => [key, typed(schema[key], key, value)]))
}

/** Content types of a storage: what its type cannot hold is dropped. @throws ApiError 500 for `none` beside others */
function heldContent(plugin: StoragePlugin, content: Scalar, prefix: string): string {
  const held = [...new Set(splitList(String(content)))].filter((one) => plugin.content.includes(one))
  if (held.includes('none') && held.length > 1)
    throw failure(`${prefix}unable to combine 'none' with other content types`)
  return held.join(',')
}

/** Checks keys by the type of a storage, and makes the values those that are stored. @throws ApiError 500 */
function checkConfig(type: string, config: Config, create: boolean): void {
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

function tidy(config: Config): void {
  if (config.disable === 0) delete config.disable
  if (config.nodes !== undefined) config.nodes = splitList(String(config.nodes)).join(',')
}

const poolOf = (config: Config): string => String(config.pool).split('/')[0]!

const zfsProblem = ({state}: Call, config: Config): string =>
  lacks(state, 'zpool')
    ? notExecuted(`zpool import -d /dev/disk/by-id/ -o cachefile=none ${poolOf(config)}`)
    : `cannot import '${poolOf(config)}': no such pool available`

/** Why a storage cannot be used in a world where nothing answers, by type. */
const activation: Record<string, (call: Call, storage: string, config: Config) => string | undefined> = {
  nfs: (_call, storage) => `storage '${storage}' is not online`,
  cifs: (_call, storage) => `storage '${storage}' is not online`,
  glusterfs: (_call, storage) => `storage '${storage}' is not online`,
  esxi: (_call, storage) => `storage '${storage}' is not online`,
  iscsi: ({state}, storage) =>
    lacks(state, 'open-iscsi')
      ? `connection check for storage '${storage}' failed - error: no iscsi support - please install open-iscsi\n`
      : `storage '${storage}' is not online`,
  lvmthin: (_call, _storage, {vgname, thinpool}) => `no such logical volume ${vgname}/${thinpool}`,
  zfspool: (call, storage, config) =>
    `could not activate storage '${storage}', zfs error: ${zfsProblem(call, config)}\n`,
  pbs: ({state}, storage, {server, port}) =>
    `${storage}: error fetching datastores - 500 Can't connect to ${server}:${port ?? 8007} (${unreachable(state, String(server))})`,
  cephfs: ({state}, storage) =>
    lacks(state, 'systemd')
      ? `unable to open file '/run/systemd/system/mnt-pve-${storage}.mount.tmp.${workerPid}' - No such file or directory`
      : 'mount error: exit code 1',
  btrfs: (_call, _storage, {path}) => `'${path}' is not a btrfs file system`,
}

/** Tries a storage out, where it is in use on this node. @throws ApiError 500 */
function activate(call: Call, storage: StorageState): void {
  if (!call.state.world.offline || Number(storage.config.disable ?? 0) === 1) return
  if (!isOnNode(storage, call.sim.localNode)) return
  const problem = activation[storage.type]?.(call, storage.storage, storage.config)
  if (problem !== undefined) throw failure(`create storage failed: ${problem}`)
}

/** A new key for encrypted backups: what is answered, once, and the fingerprint that is kept. */
function encryptionKey(call: Call): {shown: string; fingerprint: string} {
  const data = Buffer.from(call.sim.random.hex(64), 'hex').toString('base64')
  const now = new Date(call.sim.now() * 1000).toISOString().replace('.000Z', '+00:00')
  const fingerprint = sha1(data).match(/../g)!.slice(0, 8).join(':')
  return {
    shown: JSON.stringify({kdf: null, created: now, modified: now, data, fingerprint}),
    fingerprint,
  }
}

/** What the type of a storage answers beside its name; a backup server makes a key when asked to. */
function answered(call: Call, {storage, type, config}: StorageState): Record<string, unknown> {
  if (type !== 'pbs') return {storage, type}
  if (config['encryption-key'] !== 'autogen') return {storage, type, config: {}}
  const key = encryptionKey(call)
  config['encryption-key'] = key.fingerprint
  return {storage, type, config: {'encryption-key': key.shown}}
}

/** A new folder lies on the root file system of a node unless a disk is mounted there; others have a device of their own. */
function roomBehind(call: Call, type: string, config: Config): {total: number; used: number} {
  const own = roomOn(call.state, call.sim.localNode, {type, config})
  if (own !== undefined) return {total: own, used: 0}
  if (type !== 'dir') return {total: 500 * 1024 ** 3, used: 0}
  const {disk} = call.state.nodes[call.sim.localNode]!
  return {total: disk, used: Math.floor(disk * rootShare)}
}

/** Puts a storage into the configuration. @throws ApiError 500 when it cannot be used */
export function addStorage(call: Call, name: string, type: string, config: Config): StorageState {
  if (config.nodes === '') delete config.nodes
  checkConfig(type, config, true)
  if (call.state.storages[name]) throw failure(`create storage failed: storage ID '${name}' already defined`)
  tidy(config)
  config.content ||= storagePlugins[type]!.defaultContent.join(',')
  const storage: StorageState = {storage: name, type, config, ...roomBehind(call, type, config)}
  activate(call, storage)
  call.state.storages[name] = storage
  call.sim.permissions.invalidate()
  return storage
}

function createStorage(call: Call): unknown {
  return answered(call, addStorage(call, required(call, 'storage'), required(call, 'type'), given(call)))
}

/** Keys to remove. @throws ApiError 500 for those the type does not know or needs */
function removedKeys(call: Call, {options}: StoragePlugin, config: Config): string[] {
  const keys = splitList(text(call, 'delete') ?? '')
  for (const key of keys) {
    const option = options[key]
    const problem =
      option === undefined
        ? `no such option '${key}'`
        : option === 'fixed' || option === 'required'
          ? `unable to delete required option '${key}'`
          : option === 'fixed optional'
            ? `unable to delete fixed option '${key}'`
            : config[key] !== undefined
              ? `cannot set and delete property '${key}' at the same time!`
              : undefined
    if (problem !== undefined) throw failure(`update storage failed: ${problem}`)
  }
  return keys
}

function updateStorage(call: Call): unknown {
  const name = required(call, 'storage')
  checkDigest(
    call,
    digest(call),
    'update storage failed: detected modified configuration - file changed by other user? Try again.',
  )
  const storage = call.state.storages[name]
  if (!storage) throw failure(`update storage failed: storage '${name}' does not exist`)
  const config = given(call)
  checkConfig(storage.type, config, false)
  const removed = removedKeys(call, pluginOf(storage), config)
  for (const key of removed) delete storage.config[key]
  Object.assign(storage.config, config)
  tidy(storage.config)
  storage.config.content ||= pluginOf(storage).defaultContent.join(',')
  return answered(call, storage)
}

/** Takes a storage out of the configuration, with what refers to it. @throws ApiError 500 */
export function removeStorage(call: Call, name: string): void {
  if (!call.state.storages[name]) throw failure(`delete storage failed: storage '${name}' does not exist`)
  const used = Object.values(call.state.storages).some(({config}) => String(config.base ?? '').startsWith(`${name}:`))
  if (used) throw failure(`delete storage failed: can't remove storage - storage is used as base of another storage`)
  delete call.state.storages[name]
  for (const [key, volume] of Object.entries(call.state.volumes))
    if (volume.volid.startsWith(`${name}:`)) delete call.state.volumes[key]
  for (const pool of Object.values(call.state.pools)) pool.storage = pool.storage.filter((member) => member !== name)
  call.state.acl = call.state.acl.filter(({path}) => path !== `/storage/${name}`)
  call.sim.permissions.invalidate()
}

function deleteStorage(call: Call): unknown {
  removeStorage(call, required(call, 'storage'))
  return null
}

export const storageEndpoints: Endpoints = {
  'GET /storage': listDefinitions,
  'POST /storage': createStorage,
  'GET /storage/{storage}': (call) => shown(call, findStorage(call.state, required(call, 'storage'))),
  'PUT /storage/{storage}': updateStorage,
  'DELETE /storage/{storage}': deleteStorage,
}
