import {badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {unordered} from '../../calls/print.js'
import {isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {StorageState} from '../../state/model.js'
import {checkVolumeAccess} from '../../storage/access.js'
import {parseName} from '../../storage/names.js'
import {contentTypes, findStorage, isActive, isOnNode, isShared, pluginOf, splitVolid} from '../../storage/volumes.js'
import {nodeName} from '../../calls/node.js'
import {mayUse, shownContent} from './definitions.js'

const isEnabled = (storage: StorageState, node: string): boolean =>
  Number(storage.config.disable ?? 0) !== 1 && isOnNode(storage, node)

function statusEntry(call: Call, storage: StorageState): Record<string, unknown> {
  const enabled = isEnabled(storage, nodeName(call))
  const active = enabled && isActive(call.sim.state, storage, nodeName(call))
  const {total, used} = active ? storage : {total: 0, used: 0}
  return {
    type: storage.type,
    content: shownContent(call, storage),
    shared: isShared(storage) ? 1 : 0,
    enabled: enabled ? 1 : 0,
    active: active ? 1 : 0,
    total,
    used,
    avail: total - used,
  }
}

/** Formats of guest volumes that a storage takes; 9.x has them by name too. */
function formatsOf(call: Call, storage: StorageState): Record<string, unknown> {
  const {formats, selectExisting} = pluginOf(storage)
  const preset = String(storage.config.format ?? formats[0] ?? 'raw')
  return {
    ...(selectExisting && {select_existing: 1}),
    ...(formats.length > 0 && {
      format: [Object.fromEntries(formats.map((format) => [format, 1])), preset],
      ...(call.sim.settings.release !== '8.4' && {formats: {supported: formats, default: preset}}),
    }),
  }
}

/** Storages that hold some of these types of contents; such a choice leaves out what is disabled here. */
function holding(storages: StorageState[], content: string | undefined, node: string): StorageState[] {
  if (content === undefined) return storages
  const wanted = splitList(content)
  return storages.filter(
    (storage) => isEnabled(storage, node) && wanted.some((type) => contentTypes(storage).includes(type)),
  )
}

function nodeStorages(call: Call): unknown {
  const node = nodeName(call)
  const only = text(call, 'storage')
  const target = text(call, 'target')
  const elsewhere = target === undefined || target === node || target === 'localhost' ? undefined : target
  const chosen = holding(Object.values(call.sim.state.storages), text(call, 'content'), node)
  if (only !== undefined && !chosen.some(({storage}) => storage === only))
    throw badParameter('storage', 'No such storage.')
  return unordered(
    chosen
      .filter(({storage}) => only === undefined || storage === only)
      .filter(({config}) => !isSet(call, 'enabled') || Number(config.disable ?? 0) !== 1)
      .filter(
        (storage) =>
          elsewhere === undefined || (isShared(storage) && isOnNode(storage, node) && isOnNode(storage, elsewhere)),
      )
      .filter(({storage}) => call.sim.permissions.hasAny(call.auth, `/storage/${storage}`, mayUse))
      .map((storage) => {
        const entry = statusEntry(call, storage)
        const total = Number(entry.total)
        return {
          storage: storage.storage,
          ...entry,
          ...(total > 0 && {used_fraction: Number(entry.used) / total}),
          ...(isSet(call, 'format') && entry.enabled === 1 && formatsOf(call, storage)),
        }
      }),
  )
}

function storageStatus(call: Call): unknown {
  const storage = call.sim.state.storages[required(call, 'storage')]
  if (!storage) throw badParameter('storage', 'No such storage.')
  return statusEntry(call, storage)
}

/** Only backup servers tell who they are. */
function identity(call: Call): unknown {
  const storage = findStorage(call.sim.state, required(call, 'storage'))
  if (storage.type !== 'pbs')
    throw failure('get_identity not implemented for this plugin at /usr/share/perl5/PVE/Storage/Plugin.pm line 2682.')
  return {type: storage.type, id: `${String(storage.config.server)}:${String(storage.config.datastore)}`}
}

/** Parameters for a guest made of an appliance: its disks by bus, all else is left to whoever makes it. */
function importMetadata(call: Call): unknown {
  const volid = `${required(call, 'storage')}:${required(call, 'volume')}`
  checkVolumeAccess(call, volid)
  const {storage: name, name: volume} = splitVolid(volid)
  const storage = findStorage(call.sim.state, name)
  if (!pluginOf(storage).files && storage.type !== 'esxi') throw failure('storage does not support the importer API')
  const {content, format} = parseName(storage, volume)
  if (content !== 'import') throw failure(`invalid content type '${content}'`)
  if (!['ova', 'ovf', 'vmx'].includes(format)) throw failure('invalid format')
  const guest = volume
    .split('/')
    .at(-1)!
    .replace(/\.\w+$/, '')
  return {
    type: 'vm',
    source: 'esxi',
    'create-args': {name: guest, cores: 1, sockets: 1, memory: 2048, scsihw: 'pvscsi'},
    disks: {scsi0: `${volid}/${guest}-disk1.vmdk`},
    net: {net0: {model: 'vmxnet3'}},
    warnings: format === 'ova' ? [{type: 'ova-needs-extracting'}] : [],
  }
}

export const storageStatusEndpoints: Endpoints = {
  'GET /nodes/{node}/storage': nodeStorages,
  'GET /nodes/{node}/storage/{storage}/status': storageStatus,
  'GET /nodes/{node}/storage/{storage}/identity': identity,
  'GET /nodes/{node}/storage/{storage}/import-metadata': importMetadata,
}
