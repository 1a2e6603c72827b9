import {isSet, integer, text, type Call, type Endpoints} from '../../calls/call.js'
import {splitList} from '../../contract/scalars.js'
import {isOnNode} from '../../storage/volumes.js'
import {nodeFigures} from '../../nodes/figures.js'

type Figures = Record<string, unknown>

/** Metrics that only grow. */
const counters = new Set(['net_in', 'net_out', 'disk_read', 'disk_write'])

const entries = (id: string, timestamp: number, values: Figures): Figures[] =>
  Object.entries(values).map(([metric, value]) => ({
    id,
    metric,
    type: counters.has(metric) ? 'derive' : 'gauge',
    value: Number(value ?? 0),
    timestamp,
  }))

function guestMetrics(call: Call, node: string, now: number): Figures[] {
  return Object.values(call.sim.state.guests)
    .filter((guest) => guest.node === node && guest.running)
    .flatMap((guest) => {
      const figures = call.sim.board.of(guest)
      if (!figures) return []
      return entries(`${guest.type}/${guest.vmid}`, now, {
        uptime: figures.uptime,
        net_in: figures.netin,
        net_out: figures.netout,
        disk_read: figures.diskread,
        disk_write: figures.diskwrite,
        cpu_max: figures.cpus,
        cpu_current: figures.cpu,
        mem_total: figures.maxmem,
        mem_used: figures.mem,
        disk_total: figures.maxdisk,
        disk_used: figures.disk,
      })
    })
}

/** Figures of nodes, guests and storages as monitoring fetches them. Seen on the real daemon. */
function metricsExport(call: Call): unknown {
  const now = call.sim.now()
  if (integer(call, 'start-time', 0) > now) return {data: []}
  const chosen = text(call, 'node-list')
  const wanted = isSet(call, 'local-only') ? [call.sim.localNode] : chosen === undefined ? undefined : splitList(chosen)
  const nodes = Object.values(call.sim.state.nodes).filter(
    ({name, power}) => power === 'online' && (wanted?.includes(name) ?? true),
  )
  const data = nodes.flatMap((node) => {
    const figures: Figures = nodeFigures(call, node)
    const own = {
      uptime: figures.uptime,
      net_in: 0,
      net_out: 0,
      cpu_avg1: 0.1,
      cpu_avg5: 0.1,
      cpu_avg15: 0.1,
      cpu_max: node.cpus,
      cpu_current: figures.cpu,
      cpu_iowait: 0,
      mem_total: node.memory,
      mem_used: figures.mem,
      swap_total: 0,
      swap_used: 0,
      disk_total: node.disk,
      disk_used: figures.disk,
    }
    const storages = Object.values(call.sim.state.storages).filter((storage) => isOnNode(storage, node.name))
    return [
      ...entries(`node/${node.name}`, now, own),
      ...guestMetrics(call, node.name, now),
      ...storages.flatMap(({storage, total, used}) =>
        entries(`storage/${node.name}/${storage}`, now, {disk_total: total, disk_used: used}),
      ),
    ]
  })
  return {data}
}

export const metricEndpoints: Endpoints = {'GET /cluster/metrics/export': metricsExport}
