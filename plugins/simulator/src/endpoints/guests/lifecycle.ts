import {badParameter, failure} from '../../errors.js'
import {isSet, required, type Call, type Endpoints, type Handler} from '../../simulation.js'
import type {Guest, GuestType, Volume} from '../../state/model.js'
import {volumesIn} from '../../guests/drives.js'
import {
  findVolume,
  freeVolume,
  isShared,
  splitVolid,
  volumeKey,
  volumePath,
  volumesOfGuest,
} from '../../storage/volumes.js'
import {TaskError} from '../../tasks/runner.js'
import {checkLock, findGuest} from './guest-access.js'
import {halt} from './power.js'

/** Removes a guest and all that belongs to it. */
export function removeGuest(call: Call, guest: Guest): void {
  for (const volume of volumesOfGuest(call.state, guest.node, guest.vmid)) {
    if (volume.content === 'images' || volume.content === 'rootdir') freeVolume(call.state, volume.volid, guest.node)
  }
  delete call.state.guests[guest.vmid]
  delete call.state.firewall[guest.vmid]
  call.state.acl = call.state.acl.filter((entry) => entry.path !== `/vms/${guest.vmid}`)
  call.sim.permissions.invalidate()
}

const prefix = (type: GuestType): string => (type === 'qemu' ? 'VM' : 'CT')

/** Refuses to delete what something else still needs. @throws ApiError 500 */
function checkRemovable(call: Call, guest: Guest): void {
  const {vmid, type} = guest
  if (Number(guest.config.protection ?? 0) === 1)
    throw failure(`can't remove ${prefix(type)} ${vmid} - protection mode enabled`)
  const purge = isSet(call, 'purge')
  const sid = `${type === 'qemu' ? 'vm' : 'ct'}:${vmid}`
  if (call.state.sections['ha/resources']?.[sid]) {
    if (!purge)
      throw failure(`unable to remove ${prefix(type)} ${vmid} - used in HA resources and purge parameter not set.`)
    delete call.state.sections['ha/resources'][sid]
  }
  for (const [id, job] of Object.entries(call.state.sections.replication ?? {})) {
    if (String(job.guest) !== String(vmid)) continue
    if (!purge) throw failure(`There is a replication job '${id}' for guest '${vmid}' - Please remove that first.`)
    delete call.state.sections.replication![id]
  }
}

function destroy(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    checkRemovable(call, guest)
    const forced = type === 'lxc' && isSet(call, 'force')
    if (guest.running && !forced) throw failure(`${prefix(type)} ${guest.vmid} is running - destroy failed`)
    return call.sim.tasks.start(
      {node: guest.node, type: type === 'qemu' ? 'qmdestroy' : 'vzdestroy', id: guest.vmid, user: call.auth},
      () => {
        if (!isSet(call, 'skiplock') && guest.lock !== undefined)
          throw new TaskError(`${prefix(type)} is locked (${guest.lock})`)
        const linked = Object.values(call.state.volumes).find(
          (volume) =>
            volume.parent !== undefined && volumesIn(type, guest.config).some(([, volid]) => volume.parent === volid),
        )
        if (linked?.parent !== undefined)
          throw new TaskError(`base volume '${linked.parent}' is still in use by linked cloned`)
        if (guest.running) halt(call, guest)
        removeGuest(call, guest)
      },
    )
  }
}

/** Moves the volumes of a guest that are not shared to another node's copy of their storage. */
function moveVolumes(call: Call, guest: Guest, target: string, log: (line: string) => void): void {
  for (const volume of volumesOfGuest(call.state, guest.node, guest.vmid)) {
    if (volume.node === '') continue
    const storage = call.state.storages[splitVolid(volume.volid).storage]!
    log(`copying local disk image: '${volumePath(storage, volume.volid)}'`)
    delete call.state.volumes[volumeKey(call.state, volume.volid, guest.node)]
    const moved: Volume = {...volume, node: target}
    call.state.volumes[volumeKey(call.state, volume.volid, target)] = moved
  }
}

const localVolumes = (call: Call, guest: Guest): Volume[] =>
  volumesOfGuest(call.state, guest.node, guest.vmid).filter((volume) => volume.node !== '')

function migrate(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const target = required(call, 'target')
    const node = call.state.nodes[target]
    if (target === guest.node) throw badParameter('target', 'target is local node.')
    if (!node) throw failure(`no such cluster node '${target}'`)
    checkLock(guest)
    if (guest.running) {
      if (type === 'qemu' && !isSet(call, 'online')) throw failure(`can't migrate running VM without --online`)
      if (type === 'lxc' && !isSet(call, 'online') && !isSet(call, 'restart')) {
        throw failure(`can't migrate running container without --online or --restart`)
      }
    }
    const task = type === 'qemu' ? 'qmigrate' : 'vzmigrate'
    const source = guest.node
    return call.sim.tasks.start({node: source, type: task, id: guest.vmid, user: call.auth}, (handle) => {
      if (node.power !== 'online') {
        handle.log(`ssh: connect to host ${node.ip} port 22: Connection refused`)
        handle.log(
          `ERROR: migration aborted (duration 00:00:00): Can't connect to destination address using public key`,
        )
        throw new TaskError('migration aborted')
      }
      if (
        type === 'qemu' &&
        guest.running &&
        localVolumes(call, guest).length > 0 &&
        !isSet(call, 'with-local-disks')
      ) {
        throw new TaskError(`can't live migrate attached local disks without with-local-disks option`)
      }
      handle.log(`starting migration of ${prefix(type)} ${guest.vmid} to node '${target}' (${node.ip})`)
      moveVolumes(call, guest, target, handle.log)
      guest.node = target
      handle.log('migration finished successfully (duration 00:00:01)')
    })
  }
}

function missingStorages(call: Call, guest: Guest, target: string): string[] {
  const used = new Set(volumesIn(guest.type, guest.config).map(([, volid]) => splitVolid(volid).storage))
  return [...used].filter((name) => {
    const nodes = call.state.storages[name]?.config.nodes
    return nodes !== undefined && !String(nodes).split(',').includes(target)
  })
}

function migratePreview(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const others = Object.values(call.state.nodes).filter((node) => node.name !== guest.node)
    const refused = Object.fromEntries(
      others
        .map((node) => [node.name, missingStorages(call, guest, node.name)] as const)
        .filter(([, list]) => list.length > 0),
    )
    const allowed = others.map((node) => node.name).filter((name) => refused[name] === undefined)
    const denied = Object.fromEntries(
      Object.entries(refused).map(([name, list]) => [name, {unavailable_storages: list}]),
    )
    if (type === 'lxc') return {running: guest.running ? 1 : 0, 'allowed-nodes': allowed, 'not-allowed-nodes': denied}
    return {
      running: guest.running ? 1 : 0,
      allowed_nodes: allowed,
      not_allowed_nodes: denied,
      local_disks: localDisks(call, guest),
      local_resources: [],
      'mapped-resources': [],
      'mapped-resource-info': {},
      ...(call.sim.settings.release !== '8.4' && {'has-dbus-vmstate': 1}),
    }
  }
}

function localDisks(call: Call, guest: Guest): Record<string, unknown>[] {
  return volumesIn(guest.type, guest.config)
    .map(([key, volid]) => ({
      key,
      volid,
      volume: findVolume(call.state, volid, guest.node),
      storage: call.state.storages[splitVolid(volid).storage],
    }))
    .filter(({volume, storage}) => volume && storage && !isShared(storage) && volume.content !== 'iso')
    .map(({key, volid, volume}) => ({
      volid,
      drivename: key,
      size: volume!.size,
      shared: 0,
      replicate: 1,
      cdrom: /media=cdrom/.test(String(guest.config[key])) ? 1 : 0,
      is_attached: key.startsWith('unused') ? 0 : 1,
      is_unused: key.startsWith('unused') ? 1 : 0,
      is_cloudinit: volid.includes('cloudinit') ? 1 : 0,
      is_tpmstate: key === 'tpmstate0' ? 1 : 0,
      is_vmstate: 0,
    }))
}

export const lifecycleEndpoints: Endpoints = {
  'DELETE /nodes/{node}/qemu/{vmid}': destroy('qemu'),
  'DELETE /nodes/{node}/lxc/{vmid}': destroy('lxc'),
  'POST /nodes/{node}/qemu/{vmid}/migrate': migrate('qemu'),
  'POST /nodes/{node}/lxc/{vmid}/migrate': migrate('lxc'),
  'GET /nodes/{node}/qemu/{vmid}/migrate': migratePreview('qemu'),
  'GET /nodes/{node}/lxc/{vmid}/migrate': migratePreview('lxc'),
}
