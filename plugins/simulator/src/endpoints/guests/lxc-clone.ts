import {requireAll} from '../../access/checks.js'
import {failure, forbidden} from '../../errors.js'
import {baseName, linkedCopy, rename} from '../../guests/copies.js'
import {newMac, printParts, readParts} from '../../guests/drives.js'
import {checkBridgeUse} from '../../guests/bridges.js'
import {mountsOf, readMount, copyMount} from '../../guests/lxc-values.js'
import {keptNotes} from '../../state/notes.js'
import type {Parts} from '../../contract/property-string.js'
import {isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {Config, Guest, Volume} from '../../state/model.js'
import {reserve} from '../../storage/allocation.js'
import {
  findStorage,
  findVolume,
  freeVolume,
  isShared,
  splitVolid,
  usableStorage,
  volumesOfGuest,
} from '../../storage/volumes.js'
import type {Release} from '../../tasks/runner.js'
import {checkLock, emptyGuest, findGuest, takeLock} from '../../guests/access.js'
import {containerCan, type Feature, volumeCan} from '../../guests/features.js'

type Log = (line: string) => void
const isTemplate = (guest: Guest): boolean => Number(guest.config.template ?? 0) === 1

interface Plan {
  source: Guest
  target: Guest
  /** Mount points to copy. */
  mounts: [string, Parts][]
  full: boolean
  storage?: string
  /** The node the clone goes to, where that is another one. */
  elsewhere?: string
}

/** What the clone is made of: everything but volumes, NICs with new addresses. @throws ApiError */
function plan(call: Call, source: Guest, target: Guest): Plan {
  const snapname = text(call, 'snapname')
  const storage = text(call, 'storage')
  const elsewhere = targetNode(call, source)
  const full = text(call, 'full') === undefined ? !isTemplate(source) : isSet(call, 'full')
  if (storage !== undefined && !full) throw failure(`parameter 'storage' not allowed for linked clones`)
  const snapshot = snapname === undefined ? undefined : source.snapshots[snapname]
  if (snapname !== undefined && !snapshot) throw failure(`snapshot '${snapname}' does not exist`)
  const config: Config = {...(snapshot?.config ?? source.config)}
  if (snapshot?.description !== undefined) config.description = snapshot.description
  const mounts: [string, Parts][] = []
  let local = false
  for (const key of Object.keys(config).sort()) {
    const value = config[key]!
    if (key.startsWith('unused') || key === 'template') continue
    if (/^(?:rootfs|mp\d+)$/.test(key)) {
      const parts = readMount(call, key, value)
      local = checkVolume(call, source, key, String(parts.volume), full) || local
      mounts.push([key, parts])
    } else if (/^net\d+$/.test(key)) {
      target.config[key] = newNic(call, key, String(value))
      checkBridgeUse(call, 'lxc', String(target.config[key]))
    } else target.config[key] = value
  }
  if (elsewhere !== undefined && local) throw failure(`can't clone CT to node '${elsewhere}' (CT uses local storage)`)
  if (text(call, 'hostname')) target.config.hostname = required(call, 'hostname')
  const description = keptNotes('lxc', text(call, 'description') ?? '')
  if (description !== '') target.config.description = description
  return {
    source,
    target,
    mounts,
    full,
    ...(storage !== undefined && {storage}),
    ...(elsewhere !== undefined && {elsewhere}),
  }
}

/** Refuses what cannot be cloned; tells whether the copy will be on a storage of one node. @throws ApiError */
function checkVolume(call: Call, source: Guest, key: string, volid: string, full: boolean): boolean {
  if (volid.startsWith('/'))
    throw failure(`unable to clone mountpoint '${key}' (type ${volid.startsWith('/dev/') ? 'device' : 'bind'})`)
  const storage = findStorage(call.sim.state, text(call, 'storage') ?? splitVolid(volid).storage)
  requireAll(call.sim, call.auth, `/storage/${storage.storage}`, ['Datastore.AllocateSpace'])
  const snapname = text(call, 'snapname')
  if (full && source.running && snapname === undefined)
    throw failure('Full clone of a running container is only possible from a snapshot')
  if (!full && !volumeCan(call, source, volid, 'clone', snapname))
    throw failure(`Linked clone feature for '${volid}' is not available`)
  return !isShared(storage)
}

function newNic(call: Call, key: string, value: string): string {
  const parts = readParts(call.sim, 'lxc', key, value)
  return parts
    ? printParts(call.sim, 'lxc', key, {...parts, hwaddr: newMac(call.sim, call.sim.state), type: 'veth'})
    : value
}

function targetNode(call: Call, source: Guest): string | undefined {
  const name = text(call, 'target')
  return name === undefined || name === source.node || name === 'localhost' ? undefined : name
}

/** Refuses targets before anything is written. @throws ApiError */
function checkTarget(call: Call, node: string): void {
  const [pool, storage, target] = [text(call, 'pool'), text(call, 'storage'), text(call, 'target')]
  if (pool !== undefined && !call.sim.state.pools[pool]) throw forbidden(`pool '${pool}' does not exist`)
  const elsewhere = target !== undefined && target !== node && target !== 'localhost'
  if (elsewhere && !call.sim.state.nodes[target]) throw failure(`no such cluster node '${target}'`)
  if (storage === undefined) return
  usableStorage(call.sim.state, storage, node)
  if (elsewhere && !isShared(usableStorage(call.sim.state, storage, target)))
    throw failure(`can't clone to non-shared storage '${storage}'`)
}

function clone(call: Call): unknown {
  const {node} = call.param
  checkTarget(call, node === 'localhost' ? call.sim.localNode : String(node))
  const source = findGuest(call, 'lxc')
  checkLock(source)
  const vmid = Number(required(call, 'newid'))
  const taken = call.sim.state.guests[vmid]
  if (taken) throw failure(`${taken.type === 'qemu' ? 'VM' : 'CT'} ${vmid} already exists on node '${taken.node}'`)
  const target: Guest = {...emptyGuest(call, 'lxc', vmid), ...(source.lxc && {lxc: source.lxc})}
  const work = plan(call, source, target)
  call.sim.state.guests[vmid] = target
  call.sim.permissions.invalidate()
  const giveBack = takeLock(source, 'disk')
  const begin = (): Release => (failed) => {
    giveBack()
    if (failed === undefined) return
    for (const {volid} of volumesOfGuest(call.sim.state, target.node, vmid))
      freeVolume(call.sim.state, volid, target.node)
    delete call.sim.state.guests[vmid]
  }
  const request = {node: source.node, type: 'vzclone', id: source.vmid, user: call.auth, begin}
  return call.sim.tasks.start(request, async (task) => {
    task.log(`creating a clone of container ${source.vmid} with ID ${vmid}`)
    try {
      const storages = work.mounts.map(([, {volume}]) => work.storage ?? splitVolid(String(volume)).storage)
      await reserve(call, source.node, storages, task)
      copy(call, work, task.log)
      delete target.lock
      if (work.elsewhere !== undefined) target.node = work.elsewhere
    } catch (error) {
      throw failure(`clone failed: ${(error as Error).message.trimEnd()}`)
    }
  })
}

/** Copies or links the volumes of a clone. @throws ApiError */
function copy(call: Call, {source, target, mounts, full, storage}: Plan, log: Log): void {
  for (const [key, parts] of mounts) {
    const volid = String(parts.volume)
    let made: Volume
    if (full) {
      log(`create full clone of mountpoint ${key} (${volid})`)
      const original = findVolume(call.sim.state, volid, source.node)
      if (!original) throw failure(`volume '${volid}' does not exist`)
      made = copyMount(call, target, original, storage ?? splitVolid(volid).storage, log)
    } else made = linkedCopy(call, {source, target, key, volid, log})
    target.config[key] = printParts(call.sim, 'lxc', key, {...parts, volume: made.volid, size: made.size})
  }
}

/** Turns the volumes of a container into those of a template. @throws ApiError */
function convert(call: Call, guest: Guest): void {
  const mounts = mountsOf(call, guest.config)
  const stuck = mounts.find(([, parts]) => !volumeCan(call, guest, String(parts.volume), 'template'))
  if (stuck) throw failure(`Template feature is not available for '${String(stuck[1].volume)}'`)
  for (const [key, parts] of mounts) {
    const volume = findVolume(call.sim.state, String(parts.volume), guest.node)!
    const {volid} = rename(call, volume, guest.node, baseName(volume.volid))
    guest.config[key] = printParts(call.sim, 'lxc', key, {...parts, volume: volid})
  }
  guest.config.template = 1
}

/** Makes a template of a container. PVE tells nothing of the task that does it. */
function template(call: Call): unknown {
  const guest = findGuest(call, 'lxc')
  checkLock(guest)
  if (Object.keys(guest.snapshots).length > 0) throw failure('unable to create template, because CT contains snapshots')
  if (isTemplate(guest)) throw failure(`you can't convert a template to a template`)
  if (guest.running) throw failure(`you can't convert a CT to template if the CT is running`)
  call.sim.tasks.start({node: guest.node, type: 'vztemplate', id: guest.vmid, user: call.auth}, () =>
    convert(call, guest),
  )
  return null
}

function feature(call: Call): unknown {
  const guest = findGuest(call, 'lxc')
  const snapname = text(call, 'snapname')
  const snapshot = snapname === undefined ? undefined : guest.snapshots[snapname]
  if (snapname !== undefined && !snapshot) throw failure(`snapshot '${snapname}' does not exist`)
  const can = containerCan(
    call,
    guest,
    snapshot?.config ?? guest.config,
    required(call, 'feature') as Feature,
    snapname,
  )
  return {hasFeature: can ? 1 : 0}
}

const base = '/nodes/{node}/lxc/{vmid}'

export const lxcCloneEndpoints: Endpoints = {
  [`POST ${base}/clone`]: clone,
  [`POST ${base}/template`]: template,
  [`GET ${base}/feature`]: feature,
}
