import {badParameter, failure} from '../../errors.js'
import {turnContainerOff} from '../../guests/lxc-boot.js'
import {boot, halt} from '../../guests/running.js'
import {requireAll} from '../../access/checks.js'
import {isSet, required, text, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import type {Guest, GuestType, Volume} from '../../state/model.js'
import {volumesIn} from '../../guests/drives.js'
import {immovable, localResources, localVolumes, unprepared} from '../../guests/migration.js'
import {findVolume, freeVolume, isShared, splitVolid, volumeKey, volumesOfGuest} from '../../storage/volumes.js'
import {splitList} from '../../contract/scalars.js'
import {motionOf, requestMove} from '../../ha/placement.js'
import {managedBy, serviceOf} from '../../ha/services.js'
import {replicationTargets} from '../../replication/replicable.js'
import {TaskError, type Release, type TaskHandle} from '../../tasks/runner.js'
import {checkLock, findGuest, lockOf, takeLock} from '../../guests/access.js'
import {nodeName} from '../../calls/node.js'

/** Volumes that a guest's configuration names, what is pending and the memory of its snapshots included. */
function referenced({type, config, pending, snapshots}: Guest): Set<string> {
  const states = [config, ...Object.values(snapshots).map((snapshot) => snapshot.config)].map(({vmstate}) => vmstate)
  return new Set([
    ...[config, pending].flatMap((values) => volumesIn(type, values).map(([, volid]) => volid)),
    ...states.filter((state) => state !== undefined).map(String),
  ])
}

/**
 * Removes a guest and what belongs to it: of its volumes all, or those that it names. Facts: qemu-server, PVE/QemuServer.pm (destroy_vm);
 * pve-container, PVE/LXC.pm (destroy_lxc_container).
 */
export function removeGuest(call: Call, guest: Guest, volumes: 'all' | 'named' = 'all'): void {
  const named = referenced(guest)
  for (const {content, volid} of volumesOfGuest(call.sim.state, guest.node, guest.vmid)) {
    if (content !== 'images' && content !== 'rootdir') continue
    if (volumes === 'all' || named.has(volid)) freeVolume(call.sim.state, volid, guest.node)
  }
  delete call.sim.state.guests[guest.vmid]
  delete call.sim.state.firewall[guest.vmid]
  call.sim.state.acl = call.sim.state.acl.filter((entry) => entry.path !== `/vms/${guest.vmid}`)
  call.sim.permissions.invalidate()
}

const prefix = (type: GuestType): string => (type === 'qemu' ? 'VM' : 'CT')

/** Refuses to delete what something else still needs. @throws ApiError 500 */
function checkRemovable(call: Call, guest: Guest): void {
  const {vmid, type} = guest
  if (Number(guest.config.protection ?? 0) === 1)
    throw failure(`can't remove ${prefix(type)} ${vmid} - protection mode enabled`)
  if (type === 'lxc') checkLock(guest)
  if (isSet(call, 'purge')) return
  if (managedBy(call.sim.state, guest))
    throw failure(`unable to remove ${prefix(type)} ${vmid} - used in HA resources and purge parameter not set.`)
  const job = Object.entries(call.sim.state.sections.replication ?? {}).find(
    ([id]) => id.split('-')[0] === String(vmid),
  )
  if (job) throw failure(`There is a replication job '${job[0]}' for guest '${vmid}' - Please remove that first.`)
}

/**
 * Takes a guest out of replication, backup jobs, HA resources and rules. Facts: pve-guest-common, PVE/VZDump/Plugin.pm (remove_vmid_from_job);
 * pve-ha-manager, PVE/HA/Config.pm (delete_service_from_config).
 */
function purgeGuest(call: Call, {type, vmid}: Guest, log: (line: string) => void): void {
  const {sections} = call.sim.state
  log(`purging ${prefix(type)} ${vmid} from related configurations..`)
  for (const id of Object.keys(sections.replication ?? {}))
    if (id.split('-')[0] === String(vmid)) delete sections.replication![id]
  for (const [id, job] of Object.entries(sections.jobs ?? {}))
    for (const key of ['vmid', 'exclude'] as const) {
      if (job[key] === undefined) continue
      const left = splitList(String(job[key])).filter((other) => other !== String(vmid))
      if (left.length > 0) job[key] = left.join(',')
      // A job without guests goes; one that leaves out none goes on.
      else if (key === 'vmid') delete sections.jobs![id]
      else delete job[key]
    }
  const sid = serviceOf({type, vmid})
  if (sections['ha/resources']?.[sid] === undefined) return
  delete sections['ha/resources'][sid]
  for (const [id, rule] of Object.entries(sections['ha/rules'] ?? {})) {
    const left = splitList(String(rule.resources ?? '')).filter((other) => other !== sid)
    if (left.length > 0) rule.resources = left.join(',')
    else delete sections['ha/rules']![id]
  }
  log(`NOTE: removed ${prefix(type)} ${vmid} from HA resource configuration.`)
}

const runs = ({type, vmid}: Guest): string =>
  type === 'lxc' ? `unable to destroy CT ${vmid} - container is running` : `VM ${vmid} is running - destroy failed`

function destroy(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    checkRemovable(call, guest)
    const forced = type === 'lxc' && isSet(call, 'force')
    if (guest.running && !forced) throw failure(runs(guest))
    return call.sim.tasks.start(
      {
        node: guest.node,
        type: type === 'qemu' ? 'qmdestroy' : 'vzdestroy',
        id: guest.vmid,
        user: call.auth,
        locks: [lockOf(guest)],
      },
      (task) => {
        const isHeld = guest.lock !== undefined && !(type === 'qemu' && guest.lock === 'suspended')
        if (isHeld && !isSet(call, 'skiplock')) throw new TaskError(`${prefix(type)} is locked (${guest.lock})`)
        const linked = Object.values(call.sim.state.volumes).find(
          (volume) =>
            volume.parent !== undefined && volumesIn(type, guest.config).some(([, volid]) => volume.parent === volid),
        )
        if (linked?.parent !== undefined)
          throw new TaskError(`base volume '${linked.parent}' is still in use by linked cloned`)
        if (guest.running) {
          if (type === 'lxc') task.log(`forced to stop CT ${guest.vmid} before destroying!`)
          halt(call, guest)
        }
        removeGuest(call, guest, isSet(call, 'destroy-unreferenced-disks') ? 'all' : 'named')
        if (isSet(call, 'purge')) purgeGuest(call, guest, task.log)
      },
    )
  }
}

/** Moves the volumes of a guest that are not shared to another node's copy of their storage. */
function moveVolumes(call: Call, guest: Guest, target: string, log: (line: string) => void): void {
  const volumes = localVolumes(call, guest)
  for (const {volid} of volumes) log(`found local disk '${volid}' (attached)`)
  if (volumes.length > 0) log('copying local disk images')
  for (const volume of volumes) {
    delete call.sim.state.volumes[volumeKey(call.sim.state, volume.volid, guest.node)]
    const moved: Volume = {...volume, node: target}
    call.sim.state.volumes[volumeKey(call.sim.state, volume.volid, target)] = moved
  }
}

/** Its jobs go on from where it is now; one to that node goes back to where it was. Fact: pve-guest-common, ReplicationConfig.pm (switch_replication_job_target). */
function turnReplication(call: Call, vmid: number, source: string, target: string): void {
  for (const [id, job] of Object.entries(call.sim.state.sections.replication ?? {})) {
    if (id.split('-')[0] !== String(vmid)) continue
    job.source = target
    if (job.target === target) job.target = source
  }
}

/** A line of a migration's log begins with the time. */
const timed =
  (call: Call, log: (line: string) => void) =>
  (line: string): void =>
    log(`${new Date(call.sim.now() * 1000).toISOString().slice(0, 19).replace('T', ' ')} ${line}`)

/** The HA manager moves the guest, whenever it comes to it. */
function requestMigration(call: Call, guest: Guest, target: string): string {
  return call.sim.tasks.start({node: guest.node, type: 'hamigrate', id: guest.vmid, user: call.auth}, (task) => {
    task.log(`Requesting HA migration for ${prefix(guest.type)} ${guest.vmid} to node ${target}`)
    requestMove(call, serviceOf(guest), target, 'migrate')
  })
}

/** A container that runs is stopped, moved and started again; a VM moves as it runs. */
/** Other storages than those of the same names. Fact: qemu-server, PVE/API2/Qemu.pm (migrate_vm); pve-container, PVE/API2/LXC.pm. @throws ApiError 403 */
function checkTargets(call: Call, guest: Guest, targets: string | undefined): void {
  const entries = splitList(targets ?? '')
  if (entries.length === 0 || call.byManager) return
  if (!entries.includes('1')) requireAll(call.sim, call.auth, `/vms/${guest.vmid}`, ['VM.Config.Disk'])
  for (const entry of entries.filter((one) => one !== '1'))
    requireAll(call.sim, call.auth, `/storage/${entry.split(':').at(-1)!}`, ['Datastore.AllocateSpace'])
}

function migrate(type: GuestType): Handler {
  return (call) => {
    const target = required(call, 'target')
    const node = call.sim.state.nodes[target]
    if (target === nodeName(call)) throw badParameter('target', 'target is local node.')
    if (!node) throw failure(`no such cluster node '${target}'`)
    const guest = findGuest(call, type)
    checkTargets(call, guest, text(call, 'targetstorage') ?? text(call, 'target-storage'))
    if (!call.byManager && managedBy(call.sim.state, guest)) return requestMigration(call, guest, target)
    checkLock(guest)
    if (guest.running) {
      if (type === 'qemu' && !isSet(call, 'online')) throw failure(`can't migrate running VM without --online`)
      if (type === 'lxc' && !isSet(call, 'online') && !isSet(call, 'restart')) {
        throw failure(`can't migrate running container without --online or --restart`)
      }
      const replicas = replicationTargets(call.sim.state, guest.vmid)
      if (type === 'qemu' && replicas.length > 0 && !replicas.includes(target) && !isSet(call, 'force'))
        throw failure(
          `Cannot live-migrate replicated VM to node '${target}' - not a replication target. Use 'force' to override.`,
        )
    }
    const task = type === 'qemu' ? 'qmigrate' : 'vzmigrate'
    const source = guest.node
    const live = type === 'qemu' && guest.running
    const reach = (log: (line: string) => void): void => {
      if (node.power === 'online') return
      log(`# /usr/bin/ssh -e none -o 'BatchMode=yes' -o 'HostKeyAlias=${target}' root@${node.ip} /bin/true`)
      const why = call.sim.state.world.refuses ? 'Connection refused' : 'No route to host'
      log(`ssh: connect to host ${node.ip} port 22: ${why}`)
      log(`ERROR: migration aborted (duration 00:00:00): Can't connect to destination address using public key`)
      throw new TaskError('migration aborted')
    }
    // What is looked at first, while nothing is held yet. Facts: QemuMigrate.pm and LXC/Migrate.pm (prepare, phase1).
    const begin = (handle: TaskHandle): Release => {
      const log = timed(call, handle.log)
      reach(log)
      const abort = (problem: string): never => {
        log(`ERROR: migration aborted (duration 00:00:00): ${problem}`)
        throw new TaskError('migration aborted')
      }
      log(`starting migration of ${prefix(type)} ${guest.vmid} to node '${target}' (${node.ip})`)
      const [missing] = missingStorages(call, guest, target)
      if (missing !== undefined) abort(`storage '${missing}' is not available on node '${target}'`)
      if (type === 'lxc' && guest.running && !isSet(call, 'restart'))
        abort('lxc live migration is currently not implemented')
      const problem = unprepared(call, guest, isSet(call, 'force'))
      if (problem !== undefined) abort(problem)
      const problems = immovable(call, guest, isSet(call, 'with-local-disks'))
      if (problems.length > 0) {
        for (const line of problems) log(line)
        const summary = `Problem found while scanning volumes - can't migrate ${prefix(type)} - check log`
        log(`ERROR: ${summary}`)
        log('aborting phase 1 - cleanup resources')
        abort(summary)
      }
      return takeLock(guest, 'migrate')
    }
    return call.sim.tasks.start({node: source, type: task, id: guest.vmid, user: call.auth, begin}, (handle) => {
      const log = timed(call, handle.log)
      reach(log)
      // A container that runs is off meanwhile; what is pending is taken by its start. Fact: pve-container, PVE/LXC/Migrate.pm (prepare, final_cleanup).
      const restarts = type === 'lxc' && guest.running
      if (restarts) turnContainerOff(guest)
      moveVolumes(call, guest, target, log)
      if (live) log(`starting VM ${guest.vmid} on remote node '${target}'`)
      guest.node = target
      turnReplication(call, guest.vmid, source, target)
      if (restarts) {
        log('start container on target node')
        boot(call, guest)
      }
      log('migration finished successfully (duration 00:00:01)')
    })
  }
}

function missingStorages(call: Call, guest: Guest, target: string): string[] {
  const used = new Set(volumesIn(guest.type, guest.config).map(([, volid]) => splitVolid(volid).storage))
  return [...used].filter((name) => {
    const nodes = call.sim.state.storages[name]?.config.nodes
    return nodes !== undefined && !String(nodes).split(',').includes(target)
  })
}

/** What stands in the way of a guest on each other node: storages, and rules between HA resources. */
function obstacles(call: Call, guest: Guest): Record<string, Record<string, unknown>> {
  const managed = call.sim.settings.release !== '8.4' && managedBy(call.sim.state, guest) !== undefined
  const blocking = managed ? motionOf(call.sim.state, serviceOf(guest)).blocking : {}
  const others = Object.keys(call.sim.state.nodes).filter((name) => name !== guest.node)
  return Object.fromEntries(
    others.map((name) => {
      const storages = guest.type === 'qemu' ? missingStorages(call, guest, name) : []
      return [
        name,
        {
          ...(storages.length > 0 && {unavailable_storages: storages}),
          ...(blocking[name] && {'blocking-ha-resources': blocking[name]}),
        },
      ]
    }),
  )
}

function dependents(call: Call, guest: Guest): Record<string, unknown> {
  if (call.sim.settings.release === '8.4' || !managedBy(call.sim.state, guest)) return {}
  const {together} = motionOf(call.sim.state, serviceOf(guest))
  return together.length > 0 ? {'dependent-ha-resources': together} : {}
}

/** A VM's answer lists every other node with what speaks against it, a container's those with something alone. */
function migratePreview(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const against = obstacles(call, guest)
    const allowed = Object.keys(against).filter((name) => Object.keys(against[name]!).length === 0)
    const answer = {running: guest.running ? 1 : 0, ...dependents(call, guest)}
    if (type === 'lxc') {
      const refused = Object.entries(against).filter(([name]) => !allowed.includes(name))
      return {...answer, 'allowed-nodes': allowed, 'not-allowed-nodes': Object.fromEntries(refused)}
    }
    const resources = localResources(call, guest)
    const mapped = resources.filter(({mapping}) => mapping !== undefined)
    return {
      ...answer,
      allowed_nodes: allowed,
      not_allowed_nodes: against,
      local_disks: localDisks(call, guest),
      local_resources: resources.map(({key}) => key),
      'mapped-resources': mapped.map(({key}) => key),
      'mapped-resource-info': Object.fromEntries(mapped.map(({key, mapping}) => [key, {name: mapping}])),
      ...(call.sim.settings.release !== '8.4' && {'has-dbus-vmstate': 1}),
    }
  }
}

function localDisks(call: Call, guest: Guest): Record<string, unknown>[] {
  return volumesIn(guest.type, guest.config)
    .map(([key, volid]) => ({
      key,
      volid,
      volume: findVolume(call.sim.state, volid, guest.node),
      storage: call.sim.state.storages[splitVolid(volid).storage],
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
