import {splitList} from '../contract/scalars.js'
import {failure} from '../errors.js'
import {isTrue, type Interface, type Interfaces} from './interfaces.js'
import {table} from '../state/tables.js'

const portKeys = ['bridge_ports', 'ovs_ports', 'slaves', 'ovs_bonds']
const ovsPorts = new Set(['OVSPort', 'OVSIntPort', 'OVSBond'])

/** Devices that an interface is made of: ports of a bridge, slaves of a bond. */
export const portsOf = (target: Interface): string[] =>
  portKeys.flatMap((key) => (isTrue(target[key]) ? splitList(String(target[key])) : []))

const listOf = (value: unknown): string[] => (isTrue(value) ? splitList(String(value)) : [])

type Set = Interfaces['interfaces']

function checkMtu(set: Set, parent: string, child: string): void {
  const wanted = set[child]?.mtu
  if (!isTrue(wanted)) return
  const above = set[parent]!
  const given = isTrue(above.mtu) ? above.mtu : above.type === 'bond' ? wanted : 1500
  if (Number(given) < Number(wanted))
    throw failure(`interface '${parent}' - mtu ${String(given)} is lower than '${child}' - mtu ${String(wanted)}`)
}

function checkPorts(set: Set): Record<string, string> {
  const used: Record<string, string> = table({})
  for (const [name, target] of Object.entries(set)) {
    for (const port of portsOf(target)) {
      if (used[port] !== undefined && used[port] !== name)
        throw failure(`port '${port}' is already used on interface '${used[port]}'`)
      used[port] = name
    }
  }
  return used
}

/** Ports of Open vSwitch that no bridge has are cards again, or gone. */
function dropUnusedOvsPorts(set: Set, used: Record<string, string>): void {
  for (const [name, {type}] of Object.entries(set)) {
    if (!ovsPorts.has(String(type))) continue
    const bridge = set[used[name] ?? '']
    if (!bridge) set[name] = {type: 'eth', exists: 1, method: 'manual', families: ['inet']}
    else if (bridge.type !== 'OVSBridge') delete set[name]
  }
}

function checkOvsBridge(set: Set, name: string, target: Interface): void {
  for (const port of listOf(target.ovs_ports)) {
    const below = set[port]
    if (!below) throw failure(`OVS bridge '${name}' - unable to find port '${port}'`)
    below.autostart = 0
    if (below.type === 'eth') below.type = 'OVSPort'
    else if (!ovsPorts.has(String(below.type))) throw failure(`interface '${port}' is not defined as OVS port/bond`)
    below.ovs_bridge = name
    checkMtu(set, name, port)
  }
}

const ovsBondModes = ['active-backup', 'balance-slb', 'lacp-balance-slb', 'lacp-balance-tcp']

function checkOvsBond(set: Set, name: string, target: Interface): void {
  for (const slave of listOf(target.ovs_bonds)) {
    const below = set[slave]
    if (!below) throw failure(`OVS bond '${name}' - unable to find slave '${slave}'`)
    below.autostart = 1
    if (below.type !== 'eth')
      throw failure(`OVS bond '${name}' - wrong interface type on slave '${slave}' ('${String(below.type)}' != 'eth')`)
    checkMtu(set, name, slave)
  }
  const mode = isTrue(target.bond_mode) ? String(target.bond_mode) : 'active-backup'
  if (!ovsBondModes.includes(mode)) throw failure(`OVS does not support bond mode '${mode}`)
}

function checkBond(set: Set, name: string, target: Interface): void {
  const slaves = listOf(target.slaves)
  for (const slave of slaves) {
    const below = set[slave]
    if (!below) throw failure(`bond '${name}' - unable to find slave '${slave}'`)
    below.autostart = 1
    if (below.type !== 'eth' && below.type !== 'bond')
      throw failure(
        `bond '${name}' - wrong interface type on slave '${slave}' ('${String(below.type)}' != 'eth or bond')`,
      )
    checkMtu(set, name, slave)
  }
  const primary = target['bond-primary']
  if (slaves.length > 0 && isTrue(primary) && !slaves.includes(String(primary)))
    throw failure(`bond '${name}' - bond-primary interface is not a slave`)
}

const vlanParents = new Set(['eth', 'bridge', 'bond', 'vlan'])

function checkVlan(set: Set, name: string, target: Interface): void {
  const tagged = /^(\S+)\.(\d+)$/.exec(name)
  const numbered = /^vlan(\d+)$/.exec(name)?.[1]
  if (!tagged && !isTrue(target['vlan-raw-device'])) throw failure('missing vlan-raw-device option')
  if (!tagged && numbered === undefined && !isTrue(target['vlan-id'])) throw failure('missing vlan-id option')
  const parent = tagged ? tagged[1]! : String(target['vlan-raw-device'])
  const id = tagged ? tagged[2]! : (numbered ?? String(target['vlan-id']))
  if (tagged) delete target['vlan-raw-device']
  if (tagged || numbered !== undefined) delete target['vlan-id']
  if (Number(id) > 4094) throw failure(`vlan '${name}' - vlan-id ${id} should be <= 4094`)
  const below = set[parent]
  if (!below) throw failure(`vlan '${name}' - unable to find parent '${parent}'`)
  if (!vlanParents.has(String(below.type)))
    throw failure(
      `vlan '${name}' - wrong interface type on parent '${parent}' ('${String(below.type)}' != 'eth|bond|bridge|vlan' )`,
    )
  checkMtu(set, parent, name)
}

function checkBridge(set: Set, name: string, target: Interface): void {
  for (const port of listOf(target.bridge_ports)) {
    const parent = /^(\S+)\.\d+$/.exec(port)?.[1]
    // A VLAN of a device need not be described to be a port.
    const made =
      parent === undefined ? undefined : {type: 'vlan', method: 'manual', method6: 'manual', mtu: set[parent]?.mtu}
    const below: Interface | undefined = set[port] ?? made
    if (!below) throw failure(`bridge '${name}' - unable to find bridge port '${port}'`)
    if (
      (below.method === 'static' && below.address !== '0.0.0.0') ||
      (below.method6 === 'static' && below.address6 !== '::')
    )
      throw failure(`iface ${port} - ip address can't be set on interface if bridged in ${name}`)
    checkMtu({...set, [port]: below}, port, name)
  }
}

const checks: Record<string, (set: Set, name: string, target: Interface) => void> = {
  OVSBond: checkOvsBond,
  bond: checkBond,
  vlan: checkVlan,
  bridge: checkBridge,
}

/**
 * Makes interfaces ready to be written, in PVE's order of checks: addresses are told from their CIDR, ports are tied to bridges.
 * @throws ApiError 500 for what cannot be
 */
export function prepareInterfaces({interfaces: set}: Interfaces): void {
  for (const target of Object.values(set)) {
    for (const suffix of ['', '6']) {
      const cidr = target[`cidr${suffix}`]
      if (cidr !== undefined) target[`address${suffix}`] ??= cidr
      delete target[`cidr${suffix}`]
    }
  }
  dropUnusedOvsPorts(set, checkPorts(set))
  for (const [name, target] of Object.entries(set)) if (target.type === 'OVSBridge') checkOvsBridge(set, name, target)
  for (const type of Object.keys(checks)) {
    for (const [name, target] of Object.entries(set)) if (target.type === type) checks[type]!(set, name, target)
  }
}
