import {requireAll} from '../../access/checks.js'
import {ApiError, badParameter, failure} from '../../errors.js'
import {parsePropertyString} from '../../contract/schema.js'
import {splitList} from '../../contract/scalars.js'
import {managedBy} from '../../ha/services.js'
import {integer, isSet, required, text, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import {TaskError, type TaskHandle} from '../../tasks/runner.js'
import type {Guest, NodeState} from '../../state/model.js'
import {nodeName} from '../../calls/node.js'
import {bootWithNode} from '../../guests/running.js'

const label = ({type, vmid}: Guest): string => `${type === 'qemu' ? 'VM' : 'CT'} ${vmid}`
const isTemplate = ({config}: Guest): boolean => Number(config.template ?? 0) === 1

/** Guests that a call names; all of them where it names none. */
function named(call: Call): string[] | undefined {
  const {vms} = call.param
  if (vms === undefined) return undefined
  return Array.isArray(vms) ? vms.map(String) : splitList(String(vms))
}

/** Rights on each guest named, or on all. @throws ApiError 403 */
function requireRights(call: Call, privilege: string): void {
  const paths = named(call)?.map((vmid) => `/vms/${vmid}`) ?? ['/']
  for (const path of paths) requireAll(call.sim, call.auth, path, [privilege])
}

interface Startup {
  order?: string | number
  up?: string | number
  down?: string | number
}

function startupOf(call: Call, {config}: Guest): Startup {
  if (config.startup === undefined) return {}
  const format = {
    order: {type: 'integer', default_key: true, optional: true},
    up: {optional: true},
    down: {optional: true},
  }
  return parsePropertyString(String(config.startup), format, 'startup', call.sim.context)
}

/** Guests of a node, or of all nodes, in the groups in which they start. Those without an order come last. */
function startGroups(call: Call, node: string | undefined, wanted: (guest: Guest) => boolean): Guest[][] {
  const chosen = named(call)
  const groups = new Map<number, Guest[]>()
  const guests = Object.values(call.sim.state.guests).filter(
    (guest) =>
      (node === undefined || guest.node === node) &&
      (chosen ? chosen.includes(String(guest.vmid)) : !managedBy(call.sim.state, guest)) &&
      !isTemplate(guest) &&
      wanted(guest),
  )
  for (const guest of guests.sort((one, other) => one.vmid - other.vmid)) {
    const order = Number(startupOf(call, guest).order ?? Infinity)
    groups.set(order, [...(groups.get(order) ?? []), guest])
  }
  return [...groups.keys()].sort((one, other) => one - other).map((order) => groups.get(order)!)
}

/** Begins the task of one guest, or tells why there is none. */
type Begin = (guest: Guest) => Promise<string | undefined> | undefined
interface Workers {
  /** How many guests at once. */
  limit: number
  begin: Begin
  /** A task came to its end. */
  end: (guest: Guest, result: string) => void
  /** There is no task. */
  refused: (guest: Guest, problem: string) => void
}

/** One group after the other, in each so many guests at once. */
async function eachGroup(call: Call, groups: Guest[][], {limit, begin, end, refused}: Workers): Promise<void> {
  for (const group of groups) {
    const queue = [...group]
    const work = async (): Promise<void> => {
      for (let guest = queue.shift(); guest; guest = queue.shift()) {
        try {
          const upid = await begin(guest)
          if (upid !== undefined) end(guest, await outcome(call, upid))
        } catch (error) {
          refused(guest, (error as Error).message.trimEnd())
        }
      }
    }
    await Promise.all(Array.from({length: limit}, work))
  }
}

async function outcome(call: Call, upid: string): Promise<string> {
  await call.sim.tasks.ended(upid)
  return call.sim.state.tasks.find((task) => task.upid === upid)?.exitstatus ?? 'unexpected status'
}

const good = (result: string): boolean => result === 'OK' || result.startsWith('WARNINGS')

/** Sends a call of one guest as the caller does. */
const ask = (call: Call, {node, type, vmid}: Guest, action: string, body = {}): Promise<string> =>
  call.sim.listener
    .perform({verb: 'POST', path: `/nodes/${node}/${type}/${vmid}/${action}`, query: {}, body, auth: call.auth})
    .then(String)

const workersOf = (call: Call, fallback: number): number =>
  Number(text(call, 'max-workers') ?? text(call, 'maxworkers') ?? call.sim.state.options.max_workers ?? fallback)

const begin = (call: Call, type: string, node: string, work: (task: TaskHandle) => Promise<void>): string =>
  call.sim.tasks.start({node, type, id: '', user: call.auth}, work)

const seconds = (value: unknown, fallback: number): number => Math.trunc(Number(value ?? fallback))

const tell =
  (task: TaskHandle) =>
  (_guest: Guest, problem: string): void =>
    task.log(problem)

// Calls of one node. Facts: pve-manager, PVE/API2/Nodes.pm.

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

const given = (call: Call, key: string): Record<string, unknown> =>
  call.param[key] === undefined ? {} : {[key]: call.param[key]}

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

/** Switches a node on: what is to run from the start runs. */
function wake(call: Call): string {
  const name = required(call, 'node')
  if (name === 'localhost' || name === call.sim.localNode)
    throw failure(`'${name}' is local node, cannot wake my self!`)
  const node = call.sim.state.nodes[name]
  if (!node) throw failure(`no such cluster node '${name}'`)
  const mac = /^(?:mac=)?([^,]+)/.exec(String(node.config.wakeonlan ?? ''))?.[1]
  if (mac === undefined) throw failure(`No wake on LAN MAC address defined for '${name}'!`)
  if (node.power === 'offline') switchOn(call, node)
  return mac
}

function switchOn(call: Call, node: NodeState): void {
  Object.assign(node, {power: 'online', bootTime: call.sim.now()})
  for (const guest of Object.values(call.sim.state.guests)) {
    const starts = Number(guest.config.onboot ?? 0) === 1 && !isTemplate(guest) && !managedBy(call.sim.state, guest)
    if (guest.node === node.name && starts && !guest.running) bootWithNode(call, guest)
  }
}

interface Command {
  method: string
  path: string
  args?: Record<string, unknown>
}

function commandsOf(call: Call): Command[] {
  const refuse = (problem: string): never => {
    throw badParameter('commands', `invalid format - ${problem}\n`)
  }
  let commands: unknown
  try {
    commands = JSON.parse(required(call, 'commands'))
  } catch (error) {
    return refuse(`commands param did not contain valid JSON: ${(error as Error).message}`)
  }
  if (!Array.isArray(commands)) return refuse('commands is not an array')
  for (const [index, command] of (commands as Command[]).entries())
    for (const key of ['path', 'method'] as const)
      if (typeof command[key] !== 'string') return refuse(`method at index ${index} missing '${key}' string`)
  return commands as Command[]
}

/** Calls below a node one after another; each has its own status. */
async function execute(call: Call): Promise<unknown> {
  const results: unknown[] = []
  for (const {method, path, args = {}} of commandsOf(call)) {
    try {
      const body = method === 'PUT' || method === 'POST'
      const data = await call.sim.listener.perform({
        verb: method,
        path: `/nodes/${nodeName(call)}/${path}`,
        query: body ? {} : args,
        body: body ? args : {},
        auth: call.auth,
      })
      results.push({status: 200, data})
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const {status, message, errors} = error
      results.push({status, message, ...(errors && {errors})})
    }
  }
  return results
}

export const bulkEndpoints: Endpoints = {
  'POST /nodes/{node}/startall': startAll,
  'POST /nodes/{node}/stopall': stopAll,
  'POST /nodes/{node}/suspendall': suspendAll,
  'POST /nodes/{node}/migrateall': migrateAll,
  'POST /nodes/{node}/wakeonlan': wake,
  'POST /nodes/{node}/execute': execute,
  ...Object.fromEntries(
    Object.keys(bulks).map((name) => [`POST /cluster/bulk-action/guest/${name}`, bulkAction(name)]),
  ),
}
