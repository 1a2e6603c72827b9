import {type Call, type Endpoints, text, integer, isSet, required, type Handler} from '../../calls/call.js'
import type {Guest} from '../../state/model.js'
import {type TaskHandle, TaskError} from '../../tasks/runner.js'
import {
  label,
  given,
  ask,
  seconds,
  startupOf,
  requireRights,
  begin,
  named,
  startGroups,
  eachGroup,
  workersOf,
  good,
} from '../shared/bulk.js'

// Calls of the whole cluster. Facts: pve-manager, PVE/API2/Cluster/BulkAction/Guest.pm.
interface Bulk {
  privilege: string
  /** What the log says first, before and after the word `guests`. */
  title: string
  tail?: (call: Call) => string
  /** Of a guest whose task failed, and of all of those. */
  failed: string
  all: string
  workers: number
  /** Stops begin with what starts last. */
  backwards?: boolean
  /** Every guest there is, templates and all, in one group. */
  everything?: boolean
  begin: (call: Call, guest: Guest, task: TaskHandle) => Promise<string> | undefined
}

const bulks: Record<string, Bulk> = {
  start: {
    privilege: 'VM.PowerMgmt',
    title: 'Starting',
    failed: 'Starting',
    all: 'start:',
    workers: 4,
    begin: (call, guest, task) => {
      if (guest.running && !guest.paused) return skip(task, `Skipping ${label(guest)}, already running.`)
      task.log(`Starting ${label(guest)}`)
      const timeout = guest.type === 'qemu' && !guest.paused ? given(call, 'timeout') : {}
      return ask(call, guest, guest.paused ? 'status/resume' : 'status/start', timeout)
    },
  },
  shutdown: {
    privilege: 'VM.PowerMgmt',
    title: 'Shutting down',
    failed: 'Stopping',
    all: 'shutdown',
    workers: 4,
    backwards: true,
    begin: (call, guest, task) => {
      if (!guest.running) return skip(task, `Skipping ${label(guest)}, not running.`)
      const forceStop = text(call, 'force-stop') ?? '1'
      if (guest.paused && forceStop === '0')
        return skip(task, `Skipping ${label(guest)}, resume paused VM before shutdown.`)
      const timeout = seconds(startupOf(call, guest).down, integer(call, 'timeout', 180))
      task.log(`Shutting down ${label(guest)} (Timeout = ${timeout} seconds)`)
      return ask(
        call,
        guest,
        guest.paused ? 'status/stop' : 'status/shutdown',
        guest.paused ? {} : {forceStop, timeout},
      )
    },
  },
  suspend: {
    privilege: 'VM.PowerMgmt',
    title: 'Suspending',
    failed: 'Stopping',
    all: 'suspend',
    workers: 4,
    backwards: true,
    begin: (call, guest, task) => {
      if (guest.type === 'lxc') return skip(task, `skipping ${guest.vmid}, only VMs can be suspended`)
      if (!guest.running) return skip(task, `Skipping VM ${guest.vmid}, not running.`)
      task.log(`Suspending VM ${guest.vmid}`)
      const todisk = isSet(call, 'to-disk')
      return ask(call, guest, 'status/suspend', {todisk: todisk ? 1 : 0, ...(todisk && given(call, 'statestorage'))})
    },
  },
  migrate: {
    privilege: 'VM.Migrate',
    title: 'Migrating',
    tail: (call) => ` to ${required(call, 'target')}`,
    failed: 'Migrating',
    all: 'migrate',
    workers: 1,
    everything: true,
    begin: (call, guest, task) => {
      const target = required(call, 'target')
      if (guest.node === target) return skip(task, `${label(guest)} already on ${target}, skipping.`)
      task.log(`Migrating ${label(guest)}`)
      const {online} = call.param
      const how =
        guest.type === 'lxc'
          ? {...(online !== undefined && {restart: online})}
          : {...given(call, 'online'), ...given(call, 'with-local-disks')}
      return ask(call, guest, 'migrate', {target, ...how})
    },
  },
}

function skip(task: TaskHandle, why: string): undefined {
  task.warn(why)
}

function bulkAction(name: string): Handler {
  const bulk = bulks[name]!
  return (call) => {
    requireRights(call, bulk.privilege)
    if (isSet(call, 'to-disk')) requireRights(call, 'VM.Config.Disk')
    return begin(call, `bulk-${name}`, call.sim.localNode, async (task) => {
      const chosen = named(call)
      const tail = bulk.tail?.(call) ?? ''
      task.log(chosen ? `${bulk.title} guests${tail}: ${chosen.join(', ')}` : `${bulk.title} all guests${tail}`)
      const all = Object.values(call.sim.state.guests).filter(({vmid}) => chosen?.includes(String(vmid)) ?? true)
      const groups = bulk.everything ? [all] : startGroups(call, undefined, () => true)
      const failed: number[] = []
      const failing = (guest: Guest, problem: string): void => {
        failed.push(guest.vmid)
        task.warn(problem)
      }
      await eachGroup(call, bulk.backwards ? groups.reverse() : groups, {
        limit: workersOf(call, bulk.workers),
        begin: (guest) => bulk.begin(call, guest, task),
        refused: failing,
        end: (guest, result) => {
          if (!good(result)) failing(guest, `${bulk.failed} ${label(guest)} failed: ${result}`)
        },
      })
      if (failed.length > 0) throw new TaskError(`Some guests failed to ${bulk.all} ${failed.join(', ')}`)
    })
  }
}

/** Calls about guests of the whole cluster. Facts: pve-manager, PVE/API2/Cluster/BulkAction/Guest.pm. */
export const bulkActionEndpoints: Endpoints = Object.fromEntries(
  Object.keys(bulks).map((name) => [`POST /cluster/bulk-action/guest/${name}`, bulkAction(name)]),
)
