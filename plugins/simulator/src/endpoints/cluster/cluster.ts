import {badParameter, failure} from '../../errors.js'
import {Printed, unordered} from '../../calls/print.js'
import {integer, text, type Call, type Endpoints} from '../../calls/call.js'
import {serviceOf} from '../../ha/services.js'
import {contentTypes, isOnNode, isShared} from '../../storage/volumes.js'
import {isZoneOn} from '../../network/vnets.js'
import type {Guest, NodeState, Task} from '../../state/model.js'
import {membershipVersion} from './membership.js'
import {nodeFigures} from '../../nodes/figures.js'
import {maySeeTask, taskEntry} from '../../tasks/shown.js'

const may = (call: Call, path: string, ...privileges: string[]): boolean =>
  call.sim.permissions.hasAny(call.auth, path, privileges)

const hiddenInResources = new Set([
  'cpus',
  'pid',
  'maxswap',
  'swap',
  'balloon_min',
  'shares',
  'serial',
  'lock',
  'tags',
  'template',
])

/** What stays as it is until the next status round: identity and figures. */
function seenPart(call: Call, guest: Guest, figures: Record<string, unknown> | undefined): Record<string, unknown> {
  const entry: Record<string, unknown> = {id: `${guest.type}/${guest.vmid}`, type: guest.type, vmid: guest.vmid}
  if (figures) {
    for (const [key, value] of Object.entries(figures))
      if (!hiddenInResources.has(key) && !key.startsWith('pressure')) entry[key] = value
    entry.maxcpu = figures.cpus
    entry.template = figures.template ?? 0
    entry.diskread ??= 0
    entry.diskwrite ??= 0
    if (guest.type === 'lxc') entry.memhost = 0
    if (call.sim.settings.release === '8.4') delete entry.memhost
  } else {
    entry.status = 'unknown'
  }
  return entry
}

/** What is read afresh for each answer. */
function freshPart(call: Call, guest: Guest): Record<string, unknown> {
  const entry: Record<string, unknown> = {node: guest.node}
  if (guest.lock !== undefined) entry.lock = guest.lock
  if (guest.config.tags !== undefined) entry.tags = guest.config.tags
  if (guest.pool !== undefined) entry.pool = guest.pool
  const sid = serviceOf(guest)
  const ha = call.sim.state.sections['ha/resources']?.[sid]
  if (ha) entry.hastate = call.sim.state.ha?.services[sid]?.state ?? ha.state ?? 'started'
  return entry
}

const visibleGuests = (call: Call): Guest[] =>
  Object.values(call.sim.state.guests).filter((guest) => may(call, `/vms/${guest.vmid}`, 'VM.Audit'))

function guests(call: Call): Record<string, unknown>[] {
  return visibleGuests(call).map((guest) => ({
    ...seenPart(call, guest, call.sim.board.of(guest)),
    ...freshPart(call, guest),
  }))
}

const printedFigures = new WeakMap<Record<string, unknown>, string[]>()

/** Guests of a large cluster are printed once a status round, all but what is read afresh. */
function printedGuests(call: Call): Printed[] {
  const {random, board} = call.sim
  return visibleGuests(call).map((guest) => {
    const figures = board.of(guest)
    let parts = figures && printedFigures.get(figures)
    if (!parts) {
      parts = Printed.partsOf(seenPart(call, guest, figures), random)
      if (figures) printedFigures.set(figures, parts)
    }
    return new Printed([...parts, ...Printed.partsOf(freshPart(call, guest), random)])
  })
}

function nodes(call: Call): Record<string, unknown>[] {
  return Object.values(call.sim.state.nodes).map((node) => ({
    ...nodeFigures(call, node),
    ...(node.power === 'online' && {'cgroup-mode': call.sim.state.world.cgroup1 ? 1 : 2}),
  }))
}

function storages(call: Call): Record<string, unknown>[] {
  const list: Record<string, unknown>[] = []
  for (const storage of Object.values(call.sim.state.storages)) {
    if (Number(storage.config.disable ?? 0) === 1) continue
    if (!may(call, `/storage/${storage.storage}`, 'Datastore.Audit', 'Datastore.AllocateSpace')) continue
    for (const node of Object.values(call.sim.state.nodes)) {
      if (!isOnNode(storage, node.name)) continue
      const on = node.power === 'online'
      list.push({
        id: `storage/${node.name}/${storage.storage}`,
        type: 'storage',
        storage: storage.storage,
        node: node.name,
        plugintype: storage.type,
        content: call.sim.random.shuffle([...contentTypes(storage)]).join(','),
        shared: isShared(storage) ? 1 : 0,
        status: on ? 'available' : 'unknown',
        ...(on && {disk: storage.used, maxdisk: storage.total}),
      })
    }
  }
  return list
}

function pools(call: Call): Record<string, unknown>[] {
  return Object.keys(call.sim.state.pools)
    .filter((poolid) => may(call, `/pool/${poolid}`, 'Pool.Audit'))
    .map((poolid) => {
      const sums = {cpu: 0, maxcpu: 0, mem: 0, maxmem: 0, uptime: 0}
      for (const guest of Object.values(call.sim.state.guests)) {
        if (guest.pool !== poolid) continue
        const figures = call.sim.board.of(guest)
        if (!figures) continue
        sums.maxmem += Number(figures.maxmem)
        sums.mem += Number(figures.mem)
        sums.maxcpu += Number(figures.cpus)
        sums.cpu += Number(figures.cpu) * Number(figures.cpus)
        sums.uptime = Math.max(sums.uptime, Number(figures.uptime))
      }
      return {id: `/pool/${poolid}`, pool: poolid, type: 'pool', ...sums}
    })
}

/** Bridges of a node count as there whether it is on or not. */
const zoneStatus = ({power}: NodeState, zone: string): string =>
  power === 'online' || zone === 'localnetwork' ? 'ok' : 'unknown'

/** What pvestatd of a node tells of a zone. */
const zoneStatusAt = (node: NodeState, zone: string): string => node.conditions?.zones?.[zone] ?? zoneStatus(node, zone)

function networks(call: Call): Record<string, unknown>[] {
  const {release} = call.sim.settings
  if (call.sim.state.world.localnetwork === false) return []
  const zones = call.sim.state.sections['running sdn/zones'] ?? {}
  return Object.values(call.sim.state.nodes).flatMap((node) =>
    ['localnetwork', ...Object.keys(zones).filter((zone) => isZoneOn(zones[zone], node.name))]
      .filter((zone) => may(call, `/sdn/zones/${zone}`, 'SDN.Audit', 'SDN.Allocate'))
      .map((zone) =>
        release === '8.4'
          ? {
              id: `sdn/${node.name}/${zone}`,
              sdn: zone,
              type: 'sdn',
              node: node.name,
              status: zoneStatusAt(node, zone),
            }
          : {
              id: `network/${node.name}/zone/${zone}`,
              network: zone,
              'network-type': 'zone',
              ...(zone !== 'localnetwork' && {'zone-type': zones[zone]!.type}),
              type: 'network',
              node: node.name,
              status: zoneStatusAt(node, zone),
            },
      ),
  )
}

const kinds = {guests, nodes, storages, pools, networks}

/** Entries of /cluster/resources of some kinds, filtered by what the caller may see. */
export function resourceList(call: Call, names: (keyof typeof kinds)[]): Record<string, unknown>[] {
  return names.flatMap((name) => kinds[name](call))
}

function resources(call: Call): unknown {
  const filters: Record<string, (keyof typeof kinds)[]> = {
    vm: ['guests'],
    storage: ['storages'],
    node: ['nodes'],
    sdn: call.sim.settings.release === '8.4' ? ['networks'] : [],
  }
  const type = text(call, 'type')
  const wanted = type === undefined ? (Object.keys(kinds) as (keyof typeof kinds)[]) : (filters[type] ?? [])
  const others = wanted.filter((kind) => kind !== 'guests')
  return unordered([...(wanted.includes('guests') ? printedGuests(call) : []), ...resourceList(call, others)])
}

function status(call: Call): unknown {
  const list = Object.values(call.sim.state.nodes)
  const lone = call.sim.state.cluster === undefined
  const entries: Record<string, unknown>[] = list.map((node) => ({
    id: `node/${node.name}`,
    type: 'node',
    name: node.name,
    nodeid: lone ? 0 : node.id,
    ip: node.ip,
    online: node.power === 'offline' ? 0 : 1,
    local: node.name === call.sim.localNode ? 1 : 0,
    level: '',
  }))
  if (!lone) {
    entries.push({
      id: 'cluster',
      type: 'cluster',
      name: call.sim.state.cluster,
      version: membershipVersion(call),
      nodes: list.length,
      quorate: call.sim.state.quorum ? 1 : 0,
    })
  }
  return unordered(entries)
}

/** Seconds after which pvestatd has read the list of tasks from its file, where all is text. Fact: pve-common, PVE/RESTEnvironment.pm (active_workers). */
const taskRound = 10

/** How many tasks a node tells the others: those that run, and then those that began last. Fact: pve-common, PVE/RESTEnvironment.pm (active_workers). */
const toldByNode = 25

/** The tasks that a node tells the others. */
function toldTasks(tasks: readonly Task[]): Set<Task> {
  const inOrder = tasks.toSorted((a, b) => Number(b.endtime === undefined) - Number(a.endtime === undefined))
  return new Set(inOrder.filter((task, index) => task.endtime === undefined || index < toldByNode))
}

function clusterTasks(call: Call): unknown {
  const {tasks, nodes} = call.sim.state
  const told = Object.keys(nodes).map((node) => toldTasks(tasks.filter((task) => task.node === node)))
  return tasks
    .filter((task) => told.some((ofNode) => ofNode.has(task)) && maySeeTask(call, task))
    .map((task, index) => {
      const {pid, pstart, ...entry} = taskEntry(task)
      void pid
      void pstart
      if (task.endtime === undefined) return entry
      const isFresh = index === 0 && call.sim.now() - task.endtime < taskRound
      return {...entry, endtime: task.endtime, status: task.exitstatus, saved: isFresh ? 1 : '1'}
    })
}

function clusterLog(call: Call): unknown {
  const all = may(call, '/', 'Sys.Syslog')
  const max = integer(call, 'max', 50)
  return call.sim.state.log
    .filter((entry) => all || entry.user === call.auth)
    .slice(-max)
    .reverse()
    .map((entry) => ({...entry, uid: String(entry.uid), id: `${entry.uid}:${entry.node}`}))
}

function nextId(call: Call): unknown {
  const wanted = text(call, 'vmid')
  if (wanted !== undefined) {
    if (call.sim.state.guests[wanted]) throw badParameter('vmid', `VM ${wanted} already exists`)
    return wanted
  }
  const limit = (key: string, fallback: number): number =>
    Number(new RegExp(`${key}=(\\d+)`).exec(String(call.sim.state.options['next-id'] ?? ''))?.[1] ?? fallback)
  const [lower, upper] = [limit('lower', 100), limit('upper', 1_000_000)]
  for (let vmid = lower; vmid < upper; vmid++) if (!call.sim.state.guests[vmid]) return String(vmid)
  throw failure(`unable to get any free VMID in range [${lower}, ${upper}]`)
}

export const clusterEndpoints: Endpoints = {
  'GET /cluster/resources': resources,
  'GET /cluster/status': status,
  'GET /cluster/tasks': clusterTasks,
  'GET /cluster/log': clusterLog,
  'GET /cluster/nextid': nextId,
}
