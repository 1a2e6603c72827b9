import type {Call} from '../calls/call.js'
import {steady} from '../guests/figures.js'
import {rootShare} from '../storage/disks.js'
import type {NodeState} from '../state/model.js'
import {subscriptionLevel} from './subscription.js'

/** What lists show of a node; figures only with Sys.Audit on it. */
export function nodeFigures(call: Call, node: NodeState): Record<string, unknown> {
  const on = node.power === 'online'
  const entry = {
    id: `node/${node.name}`,
    type: 'node',
    node: node.name,
    status: on ? 'online' : 'offline',
    level: subscriptionLevel(node),
  }
  if (!call.sim.permissions.has(call.auth, `/nodes/${node.name}`, 'Sys.Audit')) return entry
  const sizes = {maxcpu: node.cpus, maxmem: node.memory, maxdisk: node.disk}
  if (!on && call.sim.state.world.unseen) return {id: entry.id, type: 'node', node: node.name, status: 'offline'}
  if (!on) return {...entry, ...sizes}
  const now = call.sim.now()
  return {
    ...entry,
    ...sizes,
    cpu: Math.floor(steady(node.id + Math.floor(now / 10), 7) * 1e4) / 1e5,
    mem: node.conditions?.memory ?? Math.floor(node.memory * (0.2 + steady(node.id, 8) * 0.3)),
    disk: node.conditions?.root ?? Math.floor(node.disk * rootShare),
    uptime: Math.max(1, now - node.bootTime),
  }
}
