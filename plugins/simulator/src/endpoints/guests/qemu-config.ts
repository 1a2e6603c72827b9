import {checkBridges} from '../../guests/bridges.js'
import {requireAll, requireAny} from '../../access/checks.js'
import {checkTags} from '../../guests/tags.js'
import {ApiError, badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {
  applyPending,
  describeChange,
  destroyVolume,
  dropUsed,
  hotplugPending,
  registerUnused,
  tidyPending,
} from '../../guests/apply.js'
import {bootDevices, defaultBoot} from '../../guests/boot.js'
import {
  configSchema,
  isCdrom,
  isNetKey,
  printParts,
  qemuDrive,
  readParts,
  storagesAsked,
  volumeOf,
} from '../../guests/drives.js'
import {checkDriveAccess, fileText, qemuValue} from '../../guests/qemu-values.js'
import {callParameters, privilegesFor, rootOnly} from '../../guests/rules.js'
import {guestMemory} from '../../guests/figures.js'
import {pinnedType} from '../../guests/machines.js'
import {dropState} from '../../guests/vm-state.js'
import {checkRestore, restoreMachine} from './restore-qemu.js'
import {checkReplicable, replicationTargets} from '../../replication/replicable.js'
import {isSet, required, text, type Call, type Endpoints, checkDigest} from '../../calls/call.js'
import {guestDigest} from '../../state/digest.js'
import {boot} from '../../guests/running.js'
import type {Config, Guest, Scalar} from '../../state/model.js'
import {reserve} from '../../storage/allocation.js'
import {findVolume, freeVolume, splitVolid, volumesOfGuest} from '../../storage/volumes.js'
import type {GiveBack, Wish} from '../../tasks/locks.js'
import type {Release} from '../../tasks/runner.js'
import {checkCreate, checkLock, emptyGuest, findGuest, lockOf, underLock} from '../../guests/access.js'
import {nodeName, versionOf} from '../../calls/node.js'

type Options = Record<string, unknown>

/** Configuration among the parameters, old names replaced. */
function optionsOf(call: Call): Options {
  const options: Options = {}
  for (const [key, value] of Object.entries(call.param)) if (!callParameters.has(key)) options[key] = value
  if (options.cdrom !== undefined) {
    const drive = String(options.cdrom)
    options.ide2 = /(?:^|,)media=cdrom/.test(drive) ? drive : `${drive},media=cdrom`
    delete options.cdrom
  }
  return options
}

function checkRootOnly(call: Call, keys: string[]): void {
  if (call.auth === 'root@pam') return
  const key = keys.find((name) => rootOnly.test(name))
  if (key !== undefined) throw failure(`only root can set '${key}' config`)
}

function checkPrivileges(call: Call, vmid: number, keys: string[], pool?: string): void {
  if (call.auth === 'root@pam') return
  for (const key of keys.filter((name) => !qemuDrive.test(name))) {
    const wanted = privilegesFor(key)
    if (pool !== undefined && call.sim.permissions.hasAny(call.auth, `/pool/${pool}`, wanted)) continue
    requireAny(call.sim, call.auth, `/vms/${vmid}`, wanted)
    if (key === 'startup') requireAll(call.sim, call.auth, '/', ['Sys.Modify'])
  }
}

function requirePower(call: Call, vmid: number, pool: string | undefined): void {
  if (pool !== undefined && call.sim.permissions.has(call.auth, `/pool/${pool}`, 'VM.PowerMgmt')) return
  requireAll(call.sim, call.auth, `/vms/${vmid}`, ['VM.PowerMgmt'])
}

/** What a device that is mapped for the cluster needs. Fact: qemu-server, PVE/API2/Qemu.pm (check_usb_perm and the like). @throws ApiError 403 */
function checkMappings(call: Call, values: Options): void {
  for (const [key, value] of Object.entries(values)) {
    const parts = /^(?:(?:usb|hostpci|virtiofs)\d+|rng0)$/.test(key)
      ? (readParts(call.sim, 'qemu', key, String(value)) ?? {})
      : {}
    const mapped: [string, unknown][] = [
      [`usb/${String(parts.mapping)}`, key.startsWith('usb') && parts.mapping],
      [`pci/${String(parts.mapping)}`, key.startsWith('hostpci') && parts.mapping],
      [`dir/${String(parts.dirid)}`, parts.dirid],
      ['hwrng', parts.source === '/dev/hwrng'],
    ]
    for (const [path, isMapped] of mapped)
      if (isMapped) requireAll(call.sim, call.auth, `/mapping/${path}`, ['Mapping.Use'])
  }
}

/** Devices of a host are for root@pam; mappings and virtual ones for those who may use them. @throws ApiError */
function checkHostDevices(call: Call, options: Options): void {
  if (call.auth === 'root@pam') return
  for (const [key, value] of Object.entries(options)) {
    const text = String(value)
    if (/^hostpci\d+$/.test(key) && !/mapping=/.test(text))
      throw failure(`only root can set '${key}' config for non-mapped devices`)
    if (/^usb\d+$/.test(key) && !/mapping=|^(?:host=)?spice(?:,|$)/.test(text))
      throw failure(`only root can set '${key}' config for real devices`)
    if (/^serial\d+$/.test(key) && text !== 'socket')
      throw failure(`only root can modify '${key}' config for real devices`)
  }
}

function checkHookscript(call: Call, options: Options): void {
  const script = options.hookscript
  if (script === undefined || String(script) === '') return
  if (!findVolume(call.sim.state, String(script), nodeName(call)))
    throw badParameter('hookscript', `script '${String(script)}' does not exist\n`)
  if (call.auth !== 'root@pam') throw failure(`only root can set 'hookscript' config`)
}

/** A new machine's boot order may name what it does not have. @throws ApiError 500 */
function checkBoot(guest: Guest, options: Options, removed: string[]): void {
  const all: Options = {...guest.config, ...guest.pending, ...options}
  const missing = bootDevices(options.boot as string | undefined).find(
    (device) => all[device] === undefined || removed.includes(device),
  )
  if (missing !== undefined) throw failure(`invalid bootorder: device '${missing}' does not exist'`)
}

function checkMemory(guest: Guest, options: Options): void {
  if (options.balloon === undefined && options.memory === undefined) return
  const config = {...guest.config, ...guest.pending, ...(options as Config)}
  const maximum = guestMemory({...guest, config}) / 1024 ** 2
  if (Number(config.balloon ?? 0) > maximum)
    throw failure('balloon value too large (must be smaller than assigned memory)')
}

function checkMachine(options: Options): void {
  const machine = String(options.machine ?? '')
  if (/viommu=intel/.test(machine) && !/q35/.test(machine))
    throw failure('to use Intel vIOMMU please set the machine type to q35')
  const bits = /(?:^|,)aw-bits=(\d+)/.exec(machine)?.[1]
  if (bits === undefined) return
  if (/viommu=intel/.test(machine) && !['39', '48'].includes(bits))
    throw failure('Intel vIOMMU supports only 39 or 48 bits as address width')
  if (!/viommu=/.test(machine)) throw failure('cannot set aw-bits if no vIOMMU is configured')
}

function checkOptions(call: Call, options: Options): void {
  for (const [key, value] of Object.entries(options))
    if (qemuDrive.test(key)) checkDriveAccess(call, key, String(value))
  if (options.vmstatestorage !== undefined)
    requireAll(call.sim, call.auth, `/storage/${String(options.vmstatestorage)}`, ['Datastore.AllocateSpace'])
  checkHookscript(call, options)
  checkRootOnly(call, Object.keys(options))
  checkHostDevices(call, options)
  checkMappings(call, options)
  checkMachine(options)
}

/** What a call asks to change. */
interface Change {
  options: Options
  removed: string[]
  reverted: string[]
}

/** Keys that stand in a configuration and are no parameters. */
const innerKey = /^(?:meta|parent|snaptime|vmstate|runningmachine|runningcpu|running-nets-host-mtu)$/

/** Refuses keys that there are not, or that are named twice. Fact: Qemu.pm (update_vm_api), the slips in its texts included. @throws ApiError */
function checkKeys(call: Call, options: Options, removed: string[], reverted: string[]): void {
  const schema = configSchema(call.sim, 'qemu')
  const isKnown = (key: string): boolean =>
    (schema[key] !== undefined && !callParameters.has(key)) || innerKey.test(key)
  for (const key of reverted) {
    if (!isKnown(key)) throw badParameter('revert', `unknown option '${key}'`)
    if (options[key] !== undefined)
      throw badParameter('delete', `you can't use '-${key}' and -revert ${key}' at the same time`)
  }
  for (const key of removed) {
    if (options[key] !== undefined)
      throw badParameter('delete', `you can't use '-${key}' and -delete ${key}' at the same time`)
    if (reverted.includes(key))
      throw badParameter('revert', `you can't use '-delete ${key}' and -revert ${key}' at the same time`)
    if (!isKnown(key)) throw badParameter('delete', `unknown option '${key}'`)
  }
}

/** What a drive's kind asks for. @throws ApiError 403 */
function checkDrive(call: Call, vmid: number, value: unknown): void {
  if (call.auth === 'root@pam') return
  const text = String(value)
  const isSeed = /[:-]cloudinit(?:[.,]|$)/.test(text)
  const wanted = isSeed
    ? ['VM.Config.Cloudinit', 'VM.Config.CDROM']
    : /(?:^|,)media=cdrom(?:,|$)|^(?:file=)?(?:none|cdrom)(?:,|$)/.test(text)
      ? ['VM.Config.CDROM']
      : ['VM.Config.Disk']
  requireAll(call.sim, call.auth, `/vms/${vmid}`, wanted)
}

/** Volumes that cannot be replicated are not added to a machine that is. Fact: Qemu.pm (update_vm_api). @throws ApiError 500 */
function checkReplication(call: Call, options: Options): void {
  if (replicationTargets(call.sim.state, Number(required(call, 'vmid'))).length === 0) return
  for (const [key, value] of Object.entries(options)) {
    if (!qemuDrive.test(key) || isCdrom(String(value))) continue
    const {file, replicate} = readParts(call.sim, 'qemu', key, String(value)) ?? {}
    if (file === undefined || file === 'none' || file === 'cdrom' || Number(replicate ?? 1) !== 1) continue
    const volid = String(file)
    if (!volid.includes(':')) throw failure('cannot add non-managed/pass-through volume to a replicated VM')
    if (!/:cloudinit$/.test(volid)) checkReplicable(call.sim.state, volid)
  }
}

/** Everything that refuses a change before a task or a write begins. @throws ApiError */
function prepare(call: Call): Change {
  if (isSet(call, 'skiplock') && call.auth !== 'root@pam')
    throw badParameter('skiplock', 'Only root may use this option.')
  const options = optionsOf(call)
  const removed = splitList(text(call, 'delete') ?? '').map((key) => (key === 'cdrom' ? 'ide2' : key))
  const reverted = splitList(text(call, 'revert') ?? '')
  if (Object.keys(options).length + removed.length + reverted.length === 0) throw failure('no options specified')
  checkKeys(call, options, removed, reverted)
  checkRootOnly(call, removed)
  checkOptions(call, options)
  checkReplication(call, options)
  const {vmid} = findGuest(call, 'qemu')
  checkPrivileges(call, vmid, [...Object.keys(options), ...removed, ...reverted])
  checkBridges(call, options)
  const change = {options, removed, reverted}
  load(call, change)
  return change
}

/** The machine as it is now, looked at when a call comes and again when its lock is had. Fact: Qemu.pm (load_and_check_config). @throws ApiError */
function load(call: Call, {options, removed}: Change): Guest {
  const guest = findGuest(call, 'qemu')
  checkDigest(call, guestDigest(guest), 'checksum mismatch (file change by other user?)')
  // The lock of a suspended machine goes with its state.
  const forgets = removed.includes('vmstate') && guest.lock === 'suspended'
  if (!isSet(call, 'skiplock') && !forgets) checkLock(guest)
  checkMemory(guest, options)
  return guest
}

function checkProtection(guest: Guest, key: string, value: Scalar): void {
  if (Number(guest.config.protection ?? 0) !== 1) return
  if (qemuDrive.test(key)) throw failure(`can't remove drive '${key}' - protection mode enabled`)
  if (key.startsWith('unused')) throw failure(`can't remove unused disk '${volumeOf(value)}' - protection mode enabled`)
  if (key === 'vmstate') throw failure(`can't remove vmstate '${value}' - protection mode enabled`)
}

/** An unused volume goes at once, whether the machine runs or not. Fact: QemuServer.pm (try_deallocate_drive). @throws ApiError */
function freeUnused(call: Call, guest: Guest, key: string, value: Scalar): void {
  const volid = volumeOf(value)
  requireAll(call.sim, call.auth, `/storage/${splitVolid(volid).storage}`, ['Datastore.AllocateSpace'])
  destroyVolume(call, guest, volid, key)
  delete guest.config[key]
}

/** Windows keeps the machine type that it was set up with. */
function pinMachine(call: Call, guest: Guest, options: Options, removed: string[]): void {
  if (options.machine !== undefined || guest.pending.machine !== undefined || removed.includes('machine')) return
  const parts = readParts(call.sim, 'qemu', 'machine', guest.config.machine ?? '') ?? {}
  const type = pinnedType(call, parts.type === undefined ? undefined : String(parts.type), String(options.ostype))
  if (type !== undefined) guest.pending.machine = printParts(call.sim, 'qemu', 'machine', {...parts, type})
}

/**
 * One change of a machine on its way into the file: what is set and removed becomes pending, key by key, each written as it is done, so that a
 * failure leaves those before it. Fact: Qemu.pm (update_vm_api).
 */
class Update {
  private readonly guest: Guest
  /** Keys that the call changes, and those that change with them. */
  private readonly touched = new Set<string>()
  /** The boot order as it becomes; it counts from the order that is in force, not from a pending one. */
  private bootOrder: string[]
  private readonly options: Options
  private readonly removed: string[]

  constructor(
    private readonly call: Call,
    change: Change,
    private readonly log: (line: string) => void,
  ) {
    this.guest = load(call, change)
    this.bootOrder = bootDevices(this.guest.config.boot)
    this.options = {...change.options}
    this.removed = [...change.removed]
    for (const key of change.reverted) {
      // To revert is to set what is in force, or to remove what is only pending.
      if (this.guest.config[key] !== undefined) this.options[key] = this.guest.config[key]
      else if (this.guest.pending[key] !== undefined) this.removed.push(key)
    }
  }

  /** @throws ApiError */
  run(): void {
    const {call, guest} = this
    for (const key of this.removed) this.remove(key)
    for (const key of Object.keys(this.options).sort()) this.set(key)
    tidyPending(guest)
    dropUsed(guest)
    const errors = guest.running ? hotplugPending(call, guest, this.touched) : applyPending(call, guest)
    if (Object.keys(errors).length > 0) throw new ApiError(400, 'Parameter verification failed.\n', errors)
  }

  private reorder(order: string[]): void {
    this.bootOrder = order
    this.guest.pending.boot = order.length > 0 ? `order=${order.join(';')}` : ''
    this.touched.add('boot')
  }

  private remove(key: string): void {
    const {call, guest} = this
    if (key === 'lock') {
      delete guest.lock
      return
    }
    const waiting = guest.pending[key]
    const value = guest.config[key] ?? waiting
    if (value === undefined) return
    this.touched.add(key)
    checkProtection(guest, key, value)
    if (qemuDrive.test(key)) checkDrive(call, guest.vmid, value)
    if (isNetKey(key)) checkBridges(call, guest.config, [key])
    checkMappings(call, {[key]: value})
    if (key === 'tags') checkTags(call, guest.config.tags, '')
    if (key.startsWith('unused')) return freeUnused(call, guest, key, value)
    delete guest.pending[key]
    if (this.bootOrder.includes(key)) this.reorder(this.bootOrder.filter((device) => device !== key))
    if (key === 'vmstate') {
      dropState(call, guest)
      if (guest.lock === 'suspended') delete guest.lock
      return
    }
    if (qemuDrive.test(key) && waiting !== undefined) registerUnused(call, guest, value)
    guest.pendingDelete[key] = isSet(call, 'force') ? 2 : 1
    dropUsed(guest)
  }

  private set(key: string): void {
    const {call, guest, options} = this
    const value = options[key]
    if (key === 'lock') {
      guest.lock = String(value)
      return
    }
    this.touched.add(key)
    if (key === 'smp') {
      guest.pending.sockets = Number(value)
      guest.pendingDelete.cores = 1
      for (const other of ['sockets', 'cores']) this.touched.add(other)
      return
    }
    if (key === 'cipassword') {
      guest.config[key] = qemuValue(call, guest, key, value, this.log)
      return
    }
    if (guest.pending[key] !== undefined && String(guest.pending[key]) === String(value)) return
    if (qemuDrive.test(key)) this.setDrive(key, String(value))
    else {
      if (key === 'tags') checkTags(call, guest.config.tags, value)
      if (isNetKey(key)) checkBridges(call, guest.config, [key])
      if (guest.config[key] !== undefined) checkMappings(call, {[key]: guest.config[key]})
      if (key === 'boot') checkBoot(guest, options, this.removed)
      guest.pending[key] = qemuValue(call, guest, key, value, this.log)
    }
    if (key === 'ostype') {
      pinMachine(call, guest, options, this.removed)
      this.touched.add('machine')
    }
    if (key === 'description' && guest.pending[key] === '') {
      delete guest.pending[key]
      guest.pendingDelete[key] = 1
    } else delete guest.pendingDelete[key]
    dropUsed(guest)
  }

  private setDrive(key: string, value: string): void {
    const {call, guest} = this
    for (const one of [guest.config[key], value]) if (one !== undefined) checkDrive(call, guest.vmid, one)
    const waiting = guest.pending[key]
    if (waiting !== undefined) registerUnused(call, guest, waiting)
    const made = qemuValue(call, guest, key, value, this.log)
    guest.pending[key] = made
    // A CD-ROM drive is made bootable, by a pending change of its own. Where the same call sets the order PVE leaves to chance which one counts.
    const isMedium = isCdrom(made) && !/[:-]cloudinit(?:[.,]|$)/.test(volumeOf(made))
    const isOrdered = this.bootOrder.length === 0 || this.bootOrder.includes(key) || this.options.boot !== undefined
    if (isMedium && !isOrdered) this.reorder([...this.bootOrder, key])
  }
}

/** Changes at once, when the lock is had. */
function updateSync(call: Call): Promise<null> {
  const change = prepare(call)
  const guest = findGuest(call, 'qemu')
  return underLock(call, guest, async () => {
    const update = new Update(call, change, () => undefined)
    call.sim.tasks.clusterLog(guest.node, call.auth, describeChange(guest.vmid, change.options, change.removed))
    await reserve(call, guest.node, storagesAsked('qemu', change.options))
    update.run()
    return null
  })
}

/** Before 9 the call itself waits for the lock, and hands it over to its task; since then the task does. Fact: Qemu.pm (update_vm_api) of both. @throws ApiError */
async function locksOf(call: Call, change: Change): Promise<Wish[] | GiveBack> {
  const wish = lockOf(findGuest(call, 'qemu'))
  if (call.sim.settings.release !== '8.4') return [wish]
  const giveBack = await call.sim.locks.take([wish])
  try {
    load(call, change)
    return giveBack
  } catch (error) {
    giveBack()
    throw error
  }
}

/** Changes as a task; with `background_delay` the answer waits so many seconds for its end. */
async function updateAsync(call: Call): Promise<unknown> {
  const change = prepare(call)
  const guest = findGuest(call, 'qemu')
  const {node, vmid} = guest
  const locks = await locksOf(call, change)
  const request = {node, type: 'qmconfig', id: vmid, user: call.auth, locks}
  const upid = call.sim.tasks.start(request, async (task) => {
    const update = new Update(call, change, task.log)
    task.log(describeChange(vmid, change.options, change.removed))
    await reserve(call, node, storagesAsked('qemu', change.options), task)
    update.run()
  })
  const delay = text(call, 'background_delay')
  if (delay === undefined) return upid
  const timeout = new Promise((resolve) => setTimeout(resolve, Number(delay) * 1000).unref())
  await Promise.race([call.sim.tasks.ended(upid), timeout])
  const status = call.sim.state.tasks.find((task) => task.upid === upid)?.exitstatus
  if (status === undefined) return upid
  if (status === 'OK' || status.startsWith('WARNINGS')) return null
  throw failure(`failed to update VM ${vmid}: ${status}`)
}

/** Values PVE generates for a new machine. Fact: qemu-server, PVE/API2/Qemu.pm (create_vm). */
function generated(call: Call, config: Config): void {
  config.meta = `creation-qemu=${versionOf(call).qemu},ctime=${call.sim.now()}`
  config.smbios1 ??= `uuid=${call.sim.random.uuid()}`
  config.vmgenid ??= call.sim.random.uuid()
  config.boot ??= defaultBoot(config)
  const machine = readParts(call.sim, 'qemu', 'machine', config.machine ?? '') ?? {}
  const pinned = pinnedType(
    call,
    machine.type === undefined ? undefined : String(machine.type),
    String(config.ostype ?? ''),
  )
  if (pinned !== undefined) config.machine = printParts(call.sim, 'qemu', 'machine', {...machine, type: pinned})
}

/** Restores a machine from an archive; what else is given takes the place of what the archive says. */
function restore(call: Call, vmid: number): unknown {
  const node = nodeName(call)
  checkRestore(call, vmid, call.sim.state.guests[vmid]?.type === 'qemu')
  const options = optionsOf(call)
  if (Object.keys(options).length > 0) {
    checkOptions(call, options)
    checkPrivileges(call, vmid, Object.keys(options), text(call, 'pool'))
  }
  const overrides = (guest: Guest): Config =>
    Object.fromEntries(
      Object.keys(options)
        .sort()
        .map((key) => [key, qemuValue(call, guest, key, options[key], () => undefined)]),
    )
  return restoreMachine(call, {vmid, node, overrides, empty: () => emptyGuest(call, 'qemu', vmid)})
}

function create(call: Call): unknown {
  const vmid = Number(required(call, 'vmid'))
  if (text(call, 'archive') !== undefined) return restore(call, vmid)
  const pool = text(call, 'pool')
  checkCreate(call, vmid, pool)
  // Nothing else asks whether the caller may start it.
  if (isSet(call, 'start') && call.sim.settings.release !== '8.4') requirePower(call, vmid, pool)
  const options = optionsOf(call)
  checkOptions(call, options)
  checkPrivileges(call, vmid, Object.keys(options), pool)
  checkTags(call, undefined, options.tags)
  checkBridges(call, options)
  const other = call.sim.state.guests[vmid]
  if (other) {
    const kind = other.type === 'qemu' ? 'VM' : 'CT'
    throw failure(`unable to create VM ${vmid} - ${kind} ${vmid} already exists on node '${other.node}'`)
  }
  const guest = emptyGuest(call, 'qemu', vmid)
  checkMemory(guest, options)
  call.sim.state.guests[vmid] = guest
  call.sim.permissions.invalidate()
  const begin = (): Release => (failed) => {
    if (failed === undefined || guest.lock !== 'create') return
    for (const {volid} of volumesOfGuest(call.sim.state, guest.node, vmid))
      freeVolume(call.sim.state, volid, guest.node)
    delete call.sim.state.guests[vmid]
  }
  return call.sim.tasks.start({node: guest.node, type: 'qmcreate', id: vmid, user: call.auth, begin}, async (task) => {
    try {
      await reserve(call, guest.node, storagesAsked('qemu', options), task)
      for (const key of Object.keys(options).sort()) {
        const value = qemuValue(call, guest, key, options[key], task.log)
        if (key !== 'description' || value !== '') guest.config[key] = value
      }
      if (options.cipassword !== undefined) guest.config.cipassword = fileText(options.cipassword)
      generated(call, guest.config)
      guest.blank = !Object.values(options).some((value) => String(value).includes('import-from='))
      delete guest.lock
    } catch (error) {
      throw new ApiError(500, `unable to create VM ${vmid} - ${(error as Error).message}`)
    }
    if (isSet(call, 'start')) boot(call, guest, task.log)
  })
}

export const qemuConfigEndpoints: Endpoints = {
  'POST /nodes/{node}/qemu': create,
  'PUT /nodes/{node}/qemu/{vmid}/config': updateSync,
  'POST /nodes/{node}/qemu/{vmid}/config': updateAsync,
  'PUT /nodes/{node}/qemu/{vmid}/unlink': (call) =>
    updateSync({
      ...call,
      param: {node: call.param.node, vmid: call.param.vmid, delete: call.param.idlist, force: call.param.force},
    }),
}
