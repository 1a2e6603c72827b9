import {badParameter, failure} from '../../errors.js'
import {integer, isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import {TaskError, type TaskHandle} from '../../tasks/runner.js'
import type {Guest} from '../../state/model.js'
import {nodeName} from '../../calls/node.js'
import {
  requireRights,
  begin,
  startGroups,
  type Begin,
  label,
  ask,
  eachGroup,
  startupOf,
  good,
  seconds,
  workersOf,
  named,
  given,
} from '../shared/bulk.js'

const tell =
  (task: TaskHandle) =>
  (_guest: Guest, problem: string): void =>
    task.log(problem)

function startAll(call: Call): string {
  requireRights(call, 'VM.PowerMgmt')
  const node = nodeName(call)
  return begin(call, 'startall', node, async (task) => {
    const wanted = (guest: Guest): boolean => isSet(call, 'force') || Number(guest.config.onboot ?? 0) === 1
    const groups = startGroups(call, node, wanted)
    const start: Begin = (guest) => {
      if (guest.running) return undefined
      task.log(`Starting ${label(guest)}`)
      return ask(call, guest, 'status/start')
    }
    await eachGroup(call, groups, {
      limit: 1,
      begin: start,
      refused: tell(task),
      end: (guest, result) => {
        const {up} = startupOf(call, guest)
        if (!good(result)) task.log(`Starting ${label(guest)} failed: ${result}`)
        else if (Number(up ?? 0) > 0) task.log(`Waiting for ${seconds(up, 0)} seconds (startup delay)`)
      },
    })
  })
}

/** Stops in the order opposite to that of starting. */
function stopAll(call: Call): string {
  requireRights(call, 'VM.PowerMgmt')
  const node = nodeName(call)
  return begin(call, 'stopall', node, async (task) => {
    const groups = startGroups(call, node, () => true).reverse()
    const stop: Begin = (guest) => {
      if (!guest.running) return undefined
      const fallback = integer(call, 'timeout', guest.type === 'lxc' ? 60 : 180)
      const timeout = seconds(startupOf(call, guest).down, fallback)
      task.log(`Stopping ${label(guest)} (timeout = ${timeout} seconds)`)
      return ask(call, guest, 'status/shutdown', {timeout, forceStop: text(call, 'force-stop') ?? 1})
    }
    const reversed = groups.map((group) => [...group].reverse())
    await eachGroup(call, reversed, {
      limit: workersOf(call, call.sim.state.nodes[node]!.cpus),
      begin: stop,
      refused: tell(task),
      end: (guest, result) => {
        if (!good(result)) task.log(`Stopping ${label(guest)} failed: ${result}`)
      },
    })
  })
}

function suspendAll(call: Call): string {
  requireRights(call, 'VM.PowerMgmt')
  const node = nodeName(call)
  return begin(call, 'suspendall', node, async (task) => {
    const groups = startGroups(call, node, () => true).reverse()
    const suspend: Begin = (guest) => {
      if (!guest.running) return undefined
      if (guest.type === 'lxc') {
        task.log(`Skipping ${guest.vmid}, only VMs can be suspended`)
        return undefined
      }
      task.log(`Suspending VM ${guest.vmid}`)
      return ask(call, guest, 'status/suspend', {todisk: 1})
    }
    await eachGroup(call, groups, {
      limit: workersOf(call, call.sim.state.nodes[node]!.cpus),
      begin: suspend,
      refused: tell(task),
      end: (guest, result) => {
        if (!good(result)) task.log(`Suspending ${label(guest)} failed: ${result}`)
      },
    })
  })
}

/** Volumes that keep a running VM where it is. */
function localDisks(call: Call, {node, vmid}: Guest): string[] {
  return Object.values(call.sim.state.volumes)
    .filter((volume) => volume.vmid === vmid && volume.node === node && volume.content !== 'backup')
    .map(({volid}) => volid)
}

function migrateAll(call: Call): string {
  requireRights(call, 'VM.Migrate')
  const node = nodeName(call)
  const target = required(call, 'target')
  if (target === node) throw badParameter('target', 'target is local node.')
  if (!call.sim.state.nodes[target]) throw failure(`no such cluster node '${target}'`)
  const workers = workersOf(call, 0)
  if (workers === 0) throw failure(`either 'maxworkers' parameter or max_workers in datacenter.cfg must be set!`)
  return begin(call, 'migrateall', node, async (task) => {
    const chosen = named(call)
    const guests = Object.values(call.sim.state.guests)
      .filter((guest) => guest.node === node && (chosen?.includes(String(guest.vmid)) ?? true))
      .sort((one, other) => (String(one.vmid) < String(other.vmid) ? -1 : 1))
    if (guests.length === 0) return task.log('no virtual guests matched, nothing to do..')
    let started = 0
    const move: Begin = (guest) => {
      const online = guest.running ? 1 : 0
      if (guest.type === 'qemu') {
        const disks = online && !isSet(call, 'with-local-disks') ? localDisks(call, guest) : []
        if (disks.length > 0) {
          task.log(`Check VM ${guest.vmid}: skip VM ${guest.vmid} - precondition check failed:`)
          task.log(`  Has local disks: ${disks.join(', ')}`)
          return undefined
        }
        task.log(`Check VM ${guest.vmid}: precondition check passed`)
      }
      task.log(`Migrating ${label(guest)}`)
      const how = guest.type === 'lxc' ? {restart: online} : {online, ...given(call, 'with-local-disks')}
      return ask(call, guest, 'migrate', {target, ...how})
    }
    await eachGroup(call, [guests], {limit: workers, begin: move, refused: tell(task), end: () => started++})
    if (started === 0) throw new TaskError('no migrations worker started...')
    task.log(`All jobs finished, used ${started} workers in total.`)
  })
}

/** Calls about all guests of a node. Facts: pve-manager, PVE/API2/Nodes.pm. */
export const nodeBulkEndpoints: Endpoints = {
  'POST /nodes/{node}/startall': startAll,
  'POST /nodes/{node}/stopall': stopAll,
  'POST /nodes/{node}/suspendall': suspendAll,
  'POST /nodes/{node}/migrateall': migrateAll,
}
