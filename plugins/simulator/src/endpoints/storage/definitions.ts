import {splitList} from '../../contract/scalars.js'
import type {Schema} from '../../contract/schema.js'
import {failure} from '../../errors.js'
import {unordered} from '../../calls/print.js'
import {required, text, type Call, type Endpoints, checkDigest} from '../../calls/call.js'
import {sha1} from '../../state/digest.js'
import type {Config, Scalar, StorageState} from '../../state/model.js'
import type {StoragePlugin} from '../../storage/plugins.js'
import {contentTypes, findStorage, pluginOf} from '../../storage/volumes.js'
import {addStorage, checkConfig, removeStorage, tidied} from '../../storage/definitions.js'

/** Keys that go into files of their own, and are never shown. */
const secretKeys = new Set(['password', 'keyring'])
const textual = new Set(['is_mountpoint'])

/** Who may see a storage, and what is in it. */
export const mayUse = ['Datastore.Audit', 'Datastore.AllocateSpace']

/** The digest of storage.cfg: one for all storages. */
function digest(call: Call): string {
  return sha1(
    JSON.stringify(Object.values(call.sim.state.storages).map(({storage, type, config}) => [storage, type, config])),
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
    Object.values(call.sim.state.storages)
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

/** What a write of a storage keeps elsewhere than in storage.cfg, and what it answers beside the storage's name. */
interface Kept {
  config: Config
  answer: Record<string, unknown>
}

/** The key that encrypts backups, as it was sent or is to be made. @throws ApiError 500 for what is no key */
function keptKey(call: Call, sent: string, prefix: string): {shown: string; fingerprint: Scalar} {
  if (sent === 'autogen') return encryptionKey(call)
  const read = readJson(sent)
  if (read?.data === undefined)
    throw failure(`${prefix}Value does not seems like a valid, JSON formatted encryption key!`)
  return {shown: sent, fingerprint: read.fingerprint === undefined ? '1' : String(read.fingerprint)}
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/**
 * Keys of a backup server lie in files of their own; storage.cfg holds the fingerprint of the one that encrypts, and that there is one that
 * all are encrypted for. Fact: pve-storage, PVE/Storage/PBSPlugin.pm (on_add_hook, on_update_hook). @throws ApiError 500
 */
function keptKeys(call: Call, type: string, config: Config, prefix: string, before?: Config): Kept {
  if (type !== 'pbs') return {config, answer: {}}
  const {'encryption-key': key, 'master-pubkey': master, ...rest} = config
  const made = key === undefined ? undefined : keptKey(call, String(key), prefix)
  if (master !== undefined && made === undefined && before === undefined)
    throw failure(`${prefix}'master-pubkey' can only be used together with 'encryption-key'`)
  return {
    config: {
      ...rest,
      ...(made && {'encryption-key': made.fingerprint}),
      ...(master !== undefined && {'master-pubkey': '1'}),
    },
    answer: {config: made ? {'encryption-key': made.shown} : {}},
  }
}

function createStorage(call: Call): unknown {
  const [name, type] = [required(call, 'storage'), required(call, 'type')]
  const {config, answer} = keptKeys(call, type, given(call), 'create storage failed: ')
  const storage = addStorage(call, name, type, config)
  return {storage: storage.storage, type, ...answer}
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
  const storage = call.sim.state.storages[name]
  if (!storage) throw failure(`update storage failed: storage '${name}' does not exist`)
  const prefix = 'update storage failed: '
  const {config, answer} = keptKeys(call, storage.type, given(call), prefix, storage.config)
  checkConfig(storage.type, config, false)
  const removed = removedKeys(call, pluginOf(storage), config)
  for (const key of removed) delete storage.config[key]
  storage.config = tidied({...storage.config, ...config})
  storage.config.content ||= pluginOf(storage).defaultContent.join(',')
  return {storage: name, type: storage.type, ...answer}
}

function deleteStorage(call: Call): unknown {
  removeStorage(call, required(call, 'storage'))
  return null
}

export const storageEndpoints: Endpoints = {
  'GET /storage': listDefinitions,
  'POST /storage': createStorage,
  'GET /storage/{storage}': (call) => shown(call, findStorage(call.sim.state, required(call, 'storage'))),
  'PUT /storage/{storage}': updateStorage,
  'DELETE /storage/{storage}': deleteStorage,
}
