import {badParameter} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {Answer, unordered} from '../../http/print.js'
import {required, text, type Call, type Endpoints} from '../../simulation.js'
import type {NodeState} from '../../state/model.js'
import {findNode} from './nodes.js'

type Interface = Record<string, unknown>
type Interfaces = Record<string, Interface>

const bridges = new Set(['bridge', 'OVSBridge'])

/** Interfaces as they will be after the next reload. */
const wanted = (node: NodeState): Interfaces => node.pendingNetwork ?? node.network

/** What a caller may see: bridges only with rights on them. */
function visible(call: Call, iface: Interface): boolean {
  if (!bridges.has(String(iface.type))) return true
  return call.sim.permissions.hasAny(call.auth, `/sdn/zones/localnetwork/${String(iface.iface)}`, [
    'SDN.Audit',
    'SDN.Use',
    'SDN.Allocate',
  ])
}

function matches(iface: Interface, type: string | undefined): boolean {
  if (type === undefined) return true
  const kind = String(iface.type)
  if (type === 'any_bridge' || type === 'any_local_bridge' || type === 'include_sdn') return bridges.has(kind)
  return kind === type
}

/** Lines of one interface in /etc/network/interfaces. */
function fileLines(iface: Interface): string[] {
  const name = String(iface.iface)
  const lines = [...(iface.autostart ? [`auto ${name}`] : []), `iface ${name} inet ${String(iface.method)}`]
  for (const [key, value] of Object.entries(iface)) {
    if (
      [
        'iface',
        'type',
        'method',
        'method6',
        'families',
        'priority',
        'autostart',
        'active',
        'exists',
        'cidr',
        'netmask',
      ].includes(key)
    )
      continue
    lines.push(`\t${key.replace(/_/g, '-')} ${String(value)}`)
  }
  return lines
}

/** The difference between the interfaces file and its successor, as a unified diff of whole files. */
function changes(node: NodeState): string | undefined {
  if (!node.pendingNetwork) return undefined
  const print = (set: Interfaces): string[] =>
    Object.keys(set)
      .sort()
      .flatMap((name) => [...fileLines(set[name]!), ''])
  const [before, after] = [print(node.network), print(node.pendingNetwork)]
  if (before.join('\n') === after.join('\n')) return undefined
  const kept = new Set(before)
  const lines = [
    ...before.filter((line) => !after.includes(line)).map((line) => `-${line}`),
    ...after.map((line) => `${kept.has(line) ? ' ' : '+'}${line}`),
  ]
  return `--- /etc/network/interfaces\n+++ /etc/network/interfaces.new\n@@ -1,${before.length} +1,${after.length} @@\n${lines.join('\n')}\n`
}

function list(call: Call): unknown {
  const node = findNode(call)
  const shown = Object.values(wanted(node))
    .filter((iface) => matches(iface, text(call, 'type')) && visible(call, iface))
    .map((iface) => ({...iface}))
  const diff = changes(node)
  return new Answer(unordered(shown), diff === undefined ? {} : {changes: diff})
}

function find(call: Call): Interface {
  const iface = wanted(findNode(call))[required(call, 'iface')]
  if (!iface) throw badParameter('iface', 'interface does not exist')
  return iface
}

/** The copy that changes go to until they are applied. */
function draft(node: NodeState): Interfaces {
  node.pendingNetwork ??= structuredClone(node.network)
  for (const iface of Object.values(node.pendingNetwork)) if (iface.type === 'eth') iface.autostart ??= 1
  return node.pendingNetwork
}

const notSettings = new Set(['node', 'iface', 'delete'])

function settings(call: Call): Interface {
  const out: Interface = {}
  for (const [key, value] of Object.entries(call.param)) {
    if (notSettings.has(key)) continue
    if (key === 'autostart' || key === 'bridge_vlan_aware' || key === 'ovs_tag') {
      if (Number(value) !== 0 || key === 'ovs_tag') out[key] = Number(value)
    } else if (key === 'comments' || key === 'comments6') out[key] = `${String(value).replace(/\n$/, '')}\n`
    else out[key] = String(value)
  }
  if (out.cidr !== undefined) [out.address, out.netmask] = String(out.cidr).split('/')
  if (out.cidr6 !== undefined) [out.address6, out.netmask6] = String(out.cidr6).split('/')
  return out
}

/** Refuses what another interface has already. @throws ApiError 400 */
function checkConflicts(set: Interfaces, name: string, iface: Interface): void {
  for (const other of Object.values(set)) {
    if (other.iface === name) continue
    for (const key of ['gateway', 'gateway6']) {
      if (iface[key] !== undefined && other[key] !== undefined) {
        throw badParameter(key, `Default gateway already exists on interface '${String(other.iface)}'.`)
      }
    }
    const used = splitList(String(other.slaves ?? ''))
    const taken = splitList(String(iface.slaves ?? '')).find((slave) => used.includes(slave))
    if (taken !== undefined)
      throw badParameter('slaves', `${taken} is already used on interface '${String(other.iface)}'.`)
  }
}

/** Fills in what PVE prints of every interface. */
function complete(iface: Interface): Interface {
  const family: string[] = ['inet']
  if (iface.address6 !== undefined) family.push('inet6')
  return {
    ...iface,
    families: family,
    method: iface.address === undefined ? 'manual' : 'static',
    method6: iface.address6 === undefined ? 'manual' : 'static',
    ...(iface.type === 'bridge' && {bridge_ports: iface.bridge_ports ?? '', bridge_stp: 'off', bridge_fd: '0'}),
  }
}

function create(call: Call): unknown {
  const node = findNode(call)
  const name = required(call, 'iface')
  if (wanted(node)[name]) throw badParameter('iface', 'interface already exists')
  const iface: Interface = {iface: name, ...settings(call)}
  checkConflicts(wanted(node), name, iface)
  const set = draft(node)
  const priority = Math.max(2, ...Object.values(set).map((other) => Number(other.priority ?? 2))) + 1
  set[name] = complete({...iface, priority})
  if (iface.type === 'vlan' && /\.\d+$/.test(name)) {
    Object.assign(set[name]!, {'vlan-raw-device': name.replace(/\.\d+$/, ''), 'vlan-id': name.replace(/^.*\./, '')})
  }
  return null
}

function update(call: Call): unknown {
  find(call)
  const name = required(call, 'iface')
  const node = findNode(call)
  const changed: Interface = {...draft(node)[name], ...settings(call)}
  for (const key of splitList(text(call, 'delete') ?? '')) {
    delete changed[key]
    if (key === 'cidr') for (const part of ['address', 'netmask']) delete changed[part]
  }
  checkConflicts(wanted(node), name, changed)
  const family = settings(call).address === undefined ? {method: 'manual'} : {}
  draft(node)[name] = {...complete(changed), ...family}
  return null
}

function remove(call: Call): unknown {
  find(call)
  delete draft(findNode(call))[required(call, 'iface')]
  return null
}

function apply(call: Call): unknown {
  const node = findNode(call)
  return call.sim.tasks.start({node: node.name, type: 'srvreload', id: 'networking', user: call.auth}, () => {
    if (node.pendingNetwork) node.network = node.pendingNetwork
    delete node.pendingNetwork
  })
}

export const networkEndpoints: Endpoints = {
  'GET /nodes/{node}/network': list,
  'POST /nodes/{node}/network': create,
  'PUT /nodes/{node}/network': apply,
  'DELETE /nodes/{node}/network': (call) => {
    delete findNode(call).pendingNetwork
    return null
  },
  'GET /nodes/{node}/network/{iface}': (call) => {
    const {iface: _name, ...rest} = find(call)
    return rest
  },
  'PUT /nodes/{node}/network/{iface}': update,
  'DELETE /nodes/{node}/network/{iface}': remove,
}
