import {requireAll} from '../../access/checks.js'
import {badParameter, failure, forbidden} from '../../errors.js'
import {baseName, canLink, fullCopy, linkedCopy, rename} from '../../guests/copies.js'
import {isCdrom, isNetKey, newMac, printParts, readParts, volumesIn} from '../../guests/drives.js'
import {isSet, required, text, type Call, type Endpoints, type Handler} from '../../simulation.js'
import type {Config, Guest, GuestType, Volume} from '../../state/model.js'
import {contentTypes, findStorage, findVolume} from '../../storage/volumes.js'
import {TaskError} from '../../tasks/runner.js'
import {checkLock, findGuest, nodeName} from './guest-access.js'
import {removeGuest} from './lifecycle.js'
import {canSnapshot, taskPrefix} from './snapshots.js'

const isTemplate = (guest: Guest): boolean => Number(guest.config.template ?? 0) === 1

/** The configuration a clone begins with: that of the guest or of one of its snapshots. @throws ApiError 500 */
function sourceConfig(call: Call, guest: Guest): Config {
  const name = text(call, 'snapname')
  if (name === undefined) return {...guest.config}
  const snapshot = guest.snapshots[name]
  if (!snapshot) throw failure(`snapshot '${name}' does not exist`)
  return {...snapshot.config, ...(snapshot.description !== undefined && {description: snapshot.description})}
}

function checkTarget(call: Call, guest: Guest, full: boolean): void {
  const pool = text(call, 'pool')
  if (pool !== undefined && !call.state.pools[pool]) throw forbidden(`pool '${pool}' does not exist`)
  const storage = text(call, 'storage')
  const newid = required(call, 'newid')
  const taken = call.state.guests[newid]
  if (storage !== undefined) {
    if (!full) throw failure(`parameter 'storage' not allowed for linked clones`)
    requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
    const definition = findStorage(call.state, storage)
    const content = guest.type === 'qemu' ? 'images' : 'rootdir'
    if (!contentTypes(definition).includes(content))
      throw badParameter('storage', `storage '${storage}' does not support ${content}`)
  }
  if (taken) {
    throw failure(
      guest.type === 'qemu'
        ? `unable to create VM ${newid}: config file already exists`
        : `CT ${newid} already exists on node '${taken.node}'`,
    )
  }
}

/** Whether QEMU itself copies the disks: what was snapshotted is read from outside. */
const isLive = (call: Call, {type}: Guest): boolean => type === 'qemu' && text(call, 'snapname') === undefined

/** Copies one volume and returns the value of its key in the clone. */
function cloneVolume(
  call: Call,
  source: Guest,
  target: Guest,
  key: string,
  volid: string,
  value: string,
  full: boolean,
  log: (line: string) => void,
): string {
  const parts = readParts(call.sim, source.type, key, value) ?? {}
  const request = {
    source,
    target,
    key,
    volid,
    storage: text(call, 'storage'),
    format: text(call, 'format'),
    live: isLive(call, source),
    log,
  }
  const isSeed = /-cloudinit/.test(volid)
  const copy: Volume =
    full || isSeed ? fullCopy(call, isSeed ? {...request, format: undefined} : request) : linkedCopy(call, request)
  parts[source.type === 'qemu' ? 'file' : 'volume'] = copy.volid
  parts.size = copy.size
  return printParts(call.sim, source.type, key, parts)
}

function newNic(call: Call, type: GuestType, key: string, value: string): string {
  const parts = readParts(call.sim, type, key, value)
  if (!parts) return value
  parts[type === 'qemu' ? 'macaddr' : 'hwaddr'] = newMac(call.sim, call.state)
  return printParts(call.sim, type, key, parts)
}

function fillClone(
  call: Call,
  source: Guest,
  target: Guest,
  config: Config,
  full: boolean,
  log: (line: string) => void,
): void {
  const volumes = new Map(volumesIn(source.type, config))
  for (const key of Object.keys(config).sort()) {
    const value = String(config[key])
    const volid = volumes.get(key)
    if (key.startsWith('unused') || key === 'template') continue
    const shared = volid !== undefined && findVolume(call.state, volid, source.node)?.content === 'iso'
    const copied = volid !== undefined && !shared && (!isCdrom(value) || /-cloudinit/.test(volid))
    if (copied) target.config[key] = cloneVolume(call, source, target, key, volid, value, full, log)
    else if (isNetKey(key)) target.config[key] = newNic(call, source.type, key, value)
    else target.config[key] = config[key]!
  }
  if (source.type === 'qemu') {
    target.config.smbios1 = `uuid=${call.sim.random.uuid()}`
    target.config.vmgenid = call.sim.random.uuid()
  }
  const nameKey = source.type === 'qemu' ? 'name' : 'hostname'
  const name = text(call, nameKey)
  if (name !== undefined) target.config[nameKey] = name
  else if (source.type === 'qemu') target.config.name = `Copy-of-VM-${String(config.name ?? source.vmid)}`
  else target.config.hostname = `Copy-of-CT-${String(config.hostname ?? source.vmid)}`
  const description = text(call, 'description')
  if (description !== undefined) target.config.description = source.type === 'lxc' ? `${description}\n` : description
}

function clone(type: GuestType): Handler {
  return (call) => {
    const source = findGuest(call, type)
    const full = text(call, 'full') === undefined ? !isTemplate(source) : isSet(call, 'full') || !isTemplate(source)
    checkTarget(call, source, full)
    if (type === 'lxc' && full && source.running && text(call, 'snapname') === undefined)
      throw failure('Full clone of a running container is only possible from a snapshot')
    const elsewhere = text(call, 'target')
    if (elsewhere !== undefined && elsewhere !== source.node) {
      const local = volumesIn(type, source.config).some(
        ([, volid]) => findVolume(call.state, volid, source.node)?.node !== '',
      )
      if (local)
        throw failure(
          `can't clone ${type === 'qemu' ? 'VM' : 'CT'} to node '${elsewhere}' (${type === 'qemu' ? 'VM' : 'CT'} uses local storage)`,
        )
    }
    checkLock(source)
    const config = sourceConfig(call, source)
    if (!full) {
      const stuck = volumesIn(type, config).find(
        ([key, volid]) => !key.startsWith('unused') && !isCdrom(config[key]!) && !canLink(call, source, volid),
      )
      if (stuck)
        throw failure(
          type === 'qemu'
            ? `Linked clone feature is not supported for drive '${stuck[0]}'`
            : `Linked clone feature for '${stuck[1]}' is not available`,
        )
    }
    const vmid = Number(required(call, 'newid'))
    const node = text(call, 'target') ?? nodeName(call)
    const target: Guest = {
      vmid,
      type,
      node,
      config: {},
      pending: {},
      pendingDelete: {},
      snapshots: {},
      running: false,
      startTime: 0,
      pid: 0,
      lock: type === 'qemu' ? 'clone' : 'create',
      ...(source.blank && {blank: true}),
      ...(text(call, 'pool') !== undefined && {pool: text(call, 'pool')}),
    }
    call.state.guests[vmid] = target
    call.sim.permissions.invalidate()
    return call.sim.tasks.start(
      {node: source.node, type: `${taskPrefix(type)}clone`, id: source.vmid, user: call.auth},
      (task) => {
        try {
          task.log(
            type === 'qemu'
              ? `creating a clone of VM ${source.vmid} with ID ${vmid}`
              : `creating a clone of container ${source.vmid} with ID ${vmid}`,
          )
          fillClone(call, source, target, config, full, task.log)
          if (text(call, 'snapname') === undefined && Object.keys(source.pendingDelete).length > 0) {
            task.log(`found pending changes for 'delete', discarding for clone`)
          }
          delete target.lock
        } catch (error) {
          removeGuest(call, target)
          if (type === 'lxc') throw error
          throw new TaskError(`clone failed: ${(error as Error).message}`)
        }
      },
    )
  }
}

/** Renames the volumes of a guest to those of a template. */
function convert(call: Call, guest: Guest): void {
  for (const [key, volid] of volumesIn(guest.type, guest.config)) {
    const volume = findVolume(call.state, volid, guest.node)
    if (!volume || key.startsWith('unused') || /-cloudinit|:iso\//.test(volid)) continue
    const renamed = rename(call, volume, guest.node, baseName(volid))
    guest.config[key] = String(guest.config[key]).replace(volid, renamed.volid)
  }
  guest.config.template = 1
}

function template(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    checkLock(guest)
    if (Object.keys(guest.snapshots).length > 0) {
      throw failure(`unable to create template, because ${type === 'qemu' ? 'VM' : 'CT'} contains snapshots`)
    }
    if (guest.running)
      throw failure(
        `you can't convert a ${type === 'qemu' ? 'VM' : 'CT'} to template if ${type === 'qemu' ? 'VM' : 'CT'} is running`,
      )
    if (type === 'lxc' && isTemplate(guest)) throw failure(`you can't convert a template to a template`)
    const upid = call.sim.tasks.start(
      {node: guest.node, type: `${taskPrefix(type)}template`, id: guest.vmid, user: call.auth},
      () => {
        if (guest.running) throw new TaskError('guest is running')
        convert(call, guest)
      },
    )
    return type === 'qemu' ? upid : null
  }
}

function feature(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const name = required(call, 'feature')
    const can =
      name === 'snapshot'
        ? canSnapshot(call, guest)
        : name === 'clone'
          ? isTemplate(guest) && volumesIn(type, guest.config).every(([, volid]) => canLink(call, guest, volid))
          : name === 'copy'
    return type === 'qemu' ? {hasFeature: can ? 1 : 0, nodes: [guest.node]} : {hasFeature: can ? 1 : 0}
  }
}

function forType(type: GuestType): Endpoints {
  const base = `/nodes/{node}/${type}/{vmid}`
  return {
    [`POST ${base}/clone`]: clone(type),
    [`POST ${base}/template`]: template(type),
    [`GET ${base}/feature`]: feature(type),
  }
}

export const cloneEndpoints: Endpoints = forType('qemu')
