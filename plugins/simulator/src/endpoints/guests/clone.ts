import {checkBridges} from '../../guests/bridges.js'
import {requireAll} from '../../access/checks.js'
import {badParameter, failure, forbidden} from '../../errors.js'
import {canLink, convertVolumes, fullCopy, linkedCopy} from '../../guests/copies.js'
import {isCdrom, isNetKey, newMac, printParts, readParts, volumesIn} from '../../guests/drives.js'
import {isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import {newGuest} from '../../state/guest.js'
import {keptNotes} from '../../state/notes.js'
import type {Config, Guest, Volume} from '../../state/model.js'
import {reserve} from '../../storage/allocation.js'
import {contentTypes, findStorage, findVolume, splitVolid} from '../../storage/volumes.js'
import {TaskError, type Release} from '../../tasks/runner.js'
import {checkLock, findGuest, lockOf, poolOf} from '../../guests/access.js'
import {nodeName} from '../../calls/node.js'
import {removeGuest} from './lifecycle.js'
import {canSnapshot} from '../../guests/features.js'

const isTemplate = (guest: Guest): boolean => Number(guest.config.template ?? 0) === 1

/** The configuration a clone begins with: that of the guest or of one of its snapshots. @throws ApiError 500 */
function sourceConfig(call: Call, guest: Guest): Config {
  const name = text(call, 'snapname')
  if (name === undefined) return {...guest.config}
  const snapshot = guest.snapshots[name]
  if (!snapshot) throw failure(`snapshot '${name}' does not exist`)
  return {...snapshot.config, ...(snapshot.description !== undefined && {description: snapshot.description})}
}

function checkTarget(call: Call, full: boolean): void {
  const pool = text(call, 'pool')
  if (pool !== undefined && !call.sim.state.pools[pool]) throw forbidden(`pool '${pool}' does not exist`)
  const storage = text(call, 'storage')
  const newid = required(call, 'newid')
  if (storage !== undefined) {
    if (!full) throw failure(`parameter 'storage' not allowed for linked clones`)
    requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
    const definition = findStorage(call.sim.state, storage)
    if (!contentTypes(definition).includes('images'))
      throw badParameter('storage', `storage '${storage}' does not support images`)
  }
  if (call.sim.state.guests[newid]) throw failure(`unable to create VM ${newid}: config file already exists`)
}

/** The right to use what the clone will: storages of its disks, its bridges. Fact: Qemu.pm (check_storage_access_clone). @throws ApiError 403 */
function checkUse(call: Call, config: Config): void {
  for (const [key, volid] of volumesIn('qemu', config)) {
    if (isCdrom(config[key]!) || key.startsWith('unused')) continue
    const storage = text(call, 'storage') ?? splitVolid(volid).storage
    requireAll(call.sim, call.auth, `/storage/${storage}`, ['Datastore.AllocateSpace'])
  }
  checkBridges(call, config)
}

/** Whether QEMU itself copies the disks: what was snapshotted is read from outside. */
const isLive = (call: Call): boolean => text(call, 'snapname') === undefined

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
  const parts = readParts(call.sim, 'qemu', key, value) ?? {}
  const request = {
    source,
    target,
    key,
    volid,
    storage: text(call, 'storage'),
    format: text(call, 'format'),
    live: isLive(call),
    log,
  }
  const isSeed = /-cloudinit/.test(volid)
  const copy: Volume =
    full || isSeed ? fullCopy(call, isSeed ? {...request, format: undefined} : request) : linkedCopy(call, request)
  parts.file = copy.volid
  parts.size = copy.size
  return printParts(call.sim, 'qemu', key, parts)
}

function newNic(call: Call, key: string, value: string): string {
  const parts = readParts(call.sim, 'qemu', key, value)
  if (!parts) return value
  parts.macaddr = newMac(call.sim, call.sim.state)
  return printParts(call.sim, 'qemu', key, parts)
}

function fillClone(
  call: Call,
  source: Guest,
  target: Guest,
  config: Config,
  full: boolean,
  log: (line: string) => void,
): void {
  const volumes = new Map(volumesIn('qemu', config))
  for (const key of Object.keys(config).sort()) {
    const value = String(config[key])
    const volid = volumes.get(key)
    if (key.startsWith('unused') || /^(?:template|vmstate|running(?:cpu|machine|-nets-host-mtu))$/.test(key)) continue
    const shared = volid !== undefined && findVolume(call.sim.state, volid, source.node)?.content === 'iso'
    const copied = volid !== undefined && !shared && (!isCdrom(value) || /-cloudinit/.test(volid))
    if (copied) target.config[key] = cloneVolume(call, source, target, key, volid, value, full, log)
    else if (isNetKey(key)) target.config[key] = newNic(call, key, value)
    else target.config[key] = config[key]!
  }
  const smbios1 = readParts(call.sim, 'qemu', 'smbios1', config.smbios1 ?? '') ?? {}
  target.config.smbios1 = printParts(call.sim, 'qemu', 'smbios1', {...smbios1, uuid: call.sim.random.uuid()})
  if (config.vmgenid !== undefined) target.config.vmgenid = call.sim.random.uuid()
  target.config.name = text(call, 'name') ?? `Copy-of-VM-${String(config.name ?? source.vmid)}`
  const description = keptNotes('qemu', text(call, 'description') ?? '')
  if (description !== '') target.config.description = description
}

/** Of ten seconds for which others wait a clone waits one. */
const clonePatience = 0.1

/** Storages of the volumes that a clone gets, one entry a volume. */
const storagesCopied = (call: Call, config: Config): string[] =>
  volumesIn('qemu', config)
    .filter(([key, volid]) => !key.startsWith('unused') && (!isCdrom(config[key]!) || /-cloudinit/.test(volid)))
    .map(([, volid]) => text(call, 'storage') ?? splitVolid(volid).storage)

function clone(call: Call): unknown {
  const source = findGuest(call, 'qemu')
  const full = text(call, 'full') === undefined ? !isTemplate(source) : isSet(call, 'full') || !isTemplate(source)
  checkTarget(call, full)
  const config = sourceConfig(call, source)
  checkUse(call, config)
  const elsewhere = text(call, 'target')
  if (elsewhere !== undefined && elsewhere !== source.node) {
    const local = volumesIn('qemu', source.config).some(
      ([, volid]) => findVolume(call.sim.state, volid, source.node)?.node !== '',
    )
    if (local) throw failure(`can't clone VM to node '${elsewhere}' (VM uses local storage)`)
  }
  checkLock(source)
  if (full && source.running && isLive(call) && config.tpmstate0 !== undefined)
    throw failure('cannot clone TPM state while VM is running')
  if (!full) {
    const stuck = volumesIn('qemu', config).find(
      ([key, volid]) => !key.startsWith('unused') && !isCdrom(config[key]!) && !canLink(call, source, volid),
    )
    if (stuck) throw failure(`Linked clone feature is not supported for drive '${stuck[0]}'`)
  }
  const vmid = Number(required(call, 'newid'))
  const node = text(call, 'target') ?? nodeName(call)
  const target = newGuest(vmid, 'qemu', node, {lock: 'clone', ...(source.blank && {blank: true}), ...poolOf(call)})
  // A machine that runs is held alone, one that does not is shared with other clones. Fact: Qemu.pm (clone_vm).
  const {running} = source
  const begin = (): Release => {
    checkLock(source)
    if (source.running !== running) throw failure('unexpected state change')
    if (call.sim.state.guests[vmid]) throw failure(`unable to create VM ${vmid}: config file already exists`)
    call.sim.state.guests[vmid] = target
    call.sim.permissions.invalidate()
    return (failed) => {
      if (failed !== undefined) removeGuest(call, target)
    }
  }
  const locks = [
    {...lockOf(source), shared: !running, patience: clonePatience},
    {...lockOf(target), patience: clonePatience},
  ]
  const request = {node: source.node, type: 'qmclone', id: source.vmid, user: call.auth, begin, locks}
  return call.sim.tasks.start(request, async (task) => {
    try {
      task.log(`creating a clone of VM ${source.vmid} with ID ${vmid}`)
      await reserve(call, node, storagesCopied(call, config), task)
      fillClone(call, source, target, config, full, task.log)
      const pending = [
        ...Object.keys(source.pending),
        ...(Object.keys(source.pendingDelete).length > 0 ? ['delete'] : []),
      ]
      if (text(call, 'snapname') === undefined && pending.length > 0)
        task.log(`found pending changes for '${pending.join(',')}', discarding for clone`)
      delete target.lock
    } catch (error) {
      throw new TaskError(`clone failed: ${(error as Error).message}`)
    }
  })
}

/** Refuses to make a template, before the task begins and again in it. Fact: Qemu.pm (template). @throws ApiError */
function checkTemplate(call: Call, guest: Guest): void {
  checkLock(guest)
  if (Object.keys(guest.snapshots).length > 0) throw failure('unable to create template, because VM contains snapshots')
  if (isTemplate(guest) && text(call, 'disk') === undefined) throw failure(`you can't convert a template to a template`)
  if (guest.running) throw failure(`you can't convert a VM to template if VM is running`)
}

function template(call: Call): unknown {
  const guest = findGuest(call, 'qemu')
  checkTemplate(call, guest)
  const request = {node: guest.node, type: 'qmtemplate', id: guest.vmid, user: call.auth, locks: [lockOf(guest)]}
  return call.sim.tasks.start(request, () => {
    checkTemplate(call, guest)
    convertVolumes(call, guest)
  })
}

function feature(call: Call): unknown {
  const guest = findGuest(call, 'qemu')
  const name = required(call, 'feature')
  const can =
    name === 'snapshot'
      ? canSnapshot(call, guest)
      : name === 'clone'
        ? isTemplate(guest) && volumesIn('qemu', guest.config).every(([, volid]) => canLink(call, guest, volid))
        : name === 'copy'
  return {hasFeature: can ? 1 : 0, nodes: [guest.node]}
}

const base = '/nodes/{node}/qemu/{vmid}'

export const cloneEndpoints: Endpoints = {
  [`POST ${base}/clone`]: clone,
  [`POST ${base}/template`]: template,
  [`GET ${base}/feature`]: feature,
}
