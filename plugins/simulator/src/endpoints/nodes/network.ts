import {isIP} from 'node:net'
import {splitList} from '../../contract/scalars.js'
import {badParameter, failure} from '../../errors.js'
import {bitsOf} from '../../contract/net-ip.js'
import {Answer, unordered} from '../../calls/print.js'
import {prepareInterfaces, portsOf} from '../../network/checks.js'
import {unifiedDiff} from '../../network/diff.js'
import {
  isTrue,
  readInterfaces,
  startReload,
  type Devices,
  type Interface,
  type Interfaces,
} from '../../network/interfaces.js'
import {printInterfaces} from '../../network/print.js'
import {required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {NodeState} from '../../state/model.js'
import {lacks} from '../../storage/world.js'
import {canUseBridge, localVnets} from '../../network/vnets.js'
import {findNode} from '../../calls/node.js'

const file = '/etc/network/interfaces'

/** What the kernel shows: cards, and what was started when the network was last loaded. */
function devicesOf(call: Call, node: NodeState): Devices {
  if (call.sim.state.world.inertNetwork) return {physical: node.cards, up: node.cards}
  const {interfaces} = readInterfaces(node.interfaces.text, {physical: node.cards, up: []})
  const started = Object.keys(interfaces).filter((name) => isTrue(interfaces[name]!.autostart))
  return {physical: node.cards, up: [...node.cards, ...started]}
}

/** Interfaces as they will be after the next reload. */
const wanted = (call: Call, node: NodeState): Interfaces =>
  readInterfaces((node.newInterfaces ?? node.interfaces).text, devicesOf(call, node))

function write(call: Call, node: NodeState, config: Interfaces): void {
  prepareInterfaces(config)
  node.newInterfaces = {text: printInterfaces(config), time: call.sim.settings.clock()}
}

const isBridge = (type: unknown): boolean => type === 'bridge' || type === 'OVSBridge'

function matches(type: unknown, filter: string): boolean {
  if (filter === 'include_sdn') return true
  return type === filter || (isBridge(type) && /^any(?:_local)?_bridge$/.test(filter))
}

const isDown = ({conditions}: NodeState, iface: string): boolean => conditions?.down?.includes(iface) ?? false
const withoutLink = ({active: _active, ...entry}: Interface): Interface => entry

/** Other names of a card; 8.4 does not know them. */
function altnamesOf(call: Call, {altnames}: NodeState, iface: string): {altnames?: string[]} {
  const names = call.sim.settings.release === '8.4' ? undefined : altnames?.[iface]
  return names === undefined ? {} : {altnames: names}
}

function list(call: Call): unknown {
  const node = findNode(call)
  const filter = text(call, 'type')
  const {lo: _lo, ...own} = wanted(call, node).interfaces
  const shown = Object.entries(own)
    .filter(([, {type}]) => filter === undefined || matches(type, filter))
    .filter(([name, {type}]) => !isBridge(type) || canUseBridge(call, 'localnetwork', name))
    .map(([name, entry]): [string, Interface] => [name, isDown(node, name) ? withoutLink(entry) : entry])
  if (filter !== undefined && /^(?:any_bridge|include_sdn|vnet)$/.test(filter))
    shown.push(...localVnets(call, node.name))
  const diff =
    node.newInterfaces && unifiedDiff({name: file, ...node.interfaces}, {name: `${file}.new`, ...node.newInterfaces})
  const named = ([iface, entry]: [string, Interface]): unknown => ({...entry, iface, ...altnamesOf(call, node, iface)})
  return new Answer(unordered(shown.map(named)), diff ? {changes: diff} : {})
}

function find(call: Call): {node: NodeState; config: Interfaces; entry: Interface} {
  const node = findNode(call)
  const config = wanted(call, node)
  const entry = config.interfaces[required(call, 'iface')]
  if (!entry) throw badParameter('iface', 'interface does not exist')
  return {node, config, entry}
}

/** Addresses that no host can have, by how their first bits are used. */
const notForHosts: [RegExp, string][] = [
  [/^0{128}$/, 'UNSPECIFIED'],
  [/^0{127}1$/, 'LOOPBACK'],
  [/^0{80}1{16}/, 'IPV4MAP'],
  [/^11111111/, 'MULTICAST'],
  [/^00100000000000010000110110111000/, 'DOCUMENTATION'],
  [/^0{8}/, 'RESERVED'],
]

/** Refuses an IPv6 address that is none of a host. @throws ApiError 400 */
function checkAddress6(address: string): void {
  if (isIP(address) !== 6) throw badParameter('address', `${address} is not a valid host IPv6 address.`)
  const bits = bitsOf(address)
  const type = notForHosts.find(([pattern]) => pattern.test(bits))?.[1]
  if (type !== undefined)
    throw badParameter('address', `${address} with type '${type}', cannot be used as host IPv6 address.`)
}

/** Turns `cidr` into address and netmask. @throws ApiError 400 where these are given as well */
function splitCidr(settings: Interface): void {
  for (const suffix of ['', '6']) {
    const cidr = settings[`cidr${suffix}`]
    if (!isTrue(cidr)) continue
    for (const key of [`address${suffix}`, `netmask${suffix}`])
      if (isTrue(settings[key])) throw badParameter(key, `${key} conflicts with cidr${suffix}`)
    const [, address, length] = /^(.*)\/(\d+)$/.exec(String(cidr)) ?? []
    settings[`address${suffix}`] = address
    settings[`netmask${suffix}`] = length
    delete settings[`cidr${suffix}`]
  }
}

/** Refuses a second gateway and ports that another interface has. @throws ApiError 400 */
function checkDuplicates({interfaces}: Interfaces, name: string, settings: Interface): void {
  const others = Object.entries(interfaces).filter(([other]) => other !== name)
  for (const [key, what] of [
    ['gateway', 'Default gateway'],
    ['gateway6', 'Default ipv6 gateway'],
  ] as const) {
    const other = isTrue(settings[key]) ? others.find(([, entry]) => isTrue(entry[key])) : undefined
    if (other) throw badParameter(key, `${what} already exists on interface '${other[0]}'.`)
  }
  const ports = portsOf(settings)
  const key = ['bridge_ports', 'ovs_ports', 'slaves', 'ovs_bonds'].find((port) => isTrue(settings[port]))
  for (const [other, entry] of others) {
    const taken = portsOf(entry).find((port) => ports.includes(port))
    if (taken !== undefined) throw badParameter(key!, `${taken} is already used on interface '${other}'.`)
  }
}

/** Address families and methods follow from the addresses that were sent. */
function addMethods(settings: Interface): void {
  if (isTrue(settings.address6)) checkAddress6(String(settings.address6))
  const families = ['', '6'].filter((suffix) => isTrue(settings[`address${suffix}`])).map((suffix) => `inet${suffix}`)
  settings.families = families.length > 0 ? families : ['inet']
  for (const suffix of ['', '6'])
    settings[`method${suffix}`] = isTrue(settings[`address${suffix}`]) ? 'static' : 'manual'
}

function checkVids(settings: Interface): void {
  if (!isTrue(settings.bridge_vids)) return
  const vids = splitList(String(settings.bridge_vids))
  if (vids.length === 0) throw badParameter('bridge_vids', 'VLAN list items are empty')
  settings.bridge_vids = vids.join(' ')
}

function given(call: Call): Interface {
  const {node: _node, iface: _iface, delete: _delete, ...settings} = call.param
  return settings
}

/** A bond or port of Open vSwitch is entered into its bridge. @throws ApiError 400, 500 */
function enterOvsBridge(call: Call, {interfaces}: Interfaces, name: string, settings: Interface): void {
  const type = String(settings.type)
  if (type.startsWith('OVS') && lacks(call.sim.state, 'ovs-vsctl'))
    throw failure(`Open VSwitch is not installed (need package 'openvswitch-switch')`)
  if (type !== 'OVSIntPort' && type !== 'OVSBond') return
  if (!isTrue(settings.ovs_bridge)) throw badParameter('ovs_bridge', 'parameter is required')
  const bridge = interfaces[String(settings.ovs_bridge)]
  if (!bridge) throw badParameter('ovs_bridge', `bridge '${String(settings.ovs_bridge)}' does not exist`)
  if (bridge.type !== 'OVSBridge')
    throw badParameter('ovs_bridge', `interface '${String(settings.ovs_bridge)}' is no OVS bridge`)
  bridge.ovs_ports = [...new Set([...splitList(String(bridge.ovs_ports ?? '')), name])].join(' ')
}

function create(call: Call): unknown {
  const node = findNode(call)
  const config = wanted(call, node)
  const name = required(call, 'iface')
  if (config.interfaces[name]) throw badParameter('iface', 'interface already exists')
  const settings = given(call)
  checkDuplicates(config, name, settings)
  splitCidr(settings)
  addMethods(settings)
  enterOvsBridge(call, config, name, settings)
  checkVids(settings)
  config.interfaces[name] = settings
  write(call, node, config)
  return null
}

function update(call: Call): unknown {
  const {node, config, entry} = find(call)
  const settings = given(call)
  for (const key of splitList(text(call, 'delete') ?? '')) {
    delete entry[key]
    const suffix = /^cidr(6?)$/.exec(key)?.[1]
    if (suffix !== undefined) for (const part of ['address', 'netmask']) delete entry[`${part}${suffix}`]
  }
  splitCidr(settings)
  checkDuplicates(config, required(call, 'iface'), settings)
  addMethods(settings)
  checkVids(settings)
  Object.assign(entry, settings)
  write(call, node, config)
  return null
}

function remove(call: Call): unknown {
  const {node, config, entry} = find(call)
  const name = required(call, 'iface')
  const bridge = config.interfaces[String(entry.ovs_bridge)]
  if ((entry.type === 'OVSIntPort' || entry.type === 'OVSBond') && bridge) {
    bridge.ovs_ports = splitList(String(bridge.ovs_ports ?? ''))
      .filter((port) => port !== name)
      .join(' ')
  }
  delete config.interfaces[name]
  write(call, node, config)
  return null
}

export const networkEndpoints: Endpoints = {
  'GET /nodes/{node}/network': list,
  'POST /nodes/{node}/network': create,
  'PUT /nodes/{node}/network': (call) => {
    const node = findNode(call)
    if (lacks(call.sim.state, 'ifupdown2')) throw failure('you need ifupdown2 to reload network configuration')
    return startReload(call.sim, node, call.auth)
  },
  'DELETE /nodes/{node}/network': (call) => {
    delete findNode(call).newInterfaces
    return null
  },
  'GET /nodes/{node}/network/{iface}': (call) => find(call).entry,
  'PUT /nodes/{node}/network/{iface}': update,
  'DELETE /nodes/{node}/network/{iface}': remove,
}
