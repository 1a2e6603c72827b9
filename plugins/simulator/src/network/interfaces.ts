import type {Simulation} from '../simulation.js'
import type {NodeState} from '../state/model.js'
import {table} from '../state/tables.js'

/**
 * An interface as PVE keeps it: what /etc/network/interfaces says of it, in the keys of the API, and what is found out beside.
 * Values from the file are text; flags and places are numbers.
 */
export type Interface = Record<string, unknown>

/** The content of /etc/network/interfaces: interfaces by name, and the lines that PVE keeps as they are. */
export interface Interfaces {
  interfaces: Record<string, Interface>
  /** Place and text, such as `source /etc/network/interfaces.d/*`. */
  lines: [number, string][]
}

/** What the kernel says of network devices. */
export interface Devices {
  /** Names of physical ones. */
  physical: string[]
  /** Names of all that are up. */
  up: string[]
}

/** Whether Perl takes a value for true. */
export const isTrue = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && value !== '0' && value !== 0

/** Names that PVE takes for network cards, whether there are any or not. */
const cardName = /^(?:eth\d+|en[^:.]+|ib[^:.]+|(?:nic|if)\d+)$/

const otherSpellings: Record<string, string> = {
  ovs_mtu: 'mtu',
  'bond-slaves': 'slaves',
  bond_slaves: 'slaves',
  'bond-xmit-hash-policy': 'bond_xmit_hash_policy',
  'bond-mode': 'bond_mode',
  'bond-miimon': 'bond_miimon',
  'bridge-vlan-aware': 'bridge_vlan_aware',
  'bridge-fd': 'bridge_fd',
  'bridge-stp': 'bridge_stp',
  'bridge-ports': 'bridge_ports',
  'bridge-vids': 'bridge_vids',
}

/** Options that are settings of the interface; others are kept as they are, for each address family. */
const settings = new Set(
  (
    'mtu ovs_type ovs_options ovs_bridge ovs_bonds ovs_ports bridge_fd bridge_vids bridge-access bridge-learning bridge-arp-nd-suppress ' +
    'bridge-unicast-flood bridge-multicast-flood bridge-disable-mac-learning bond_miimon bond_xmit_hash_policy bond-primary link-type ' +
    'uplink-id vlan-protocol vlan-raw-device vlan-id vxlan-id vxlan-svcnodeip vxlan-physdev vxlan-local-tunnelip'
  ).split(' '),
)

const addressing = new Set(['address', 'netmask', 'broadcast', 'gateway'])
const bondModes = ['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb']

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

function addPorts(target: Interface, key: string, value: string): void {
  const ports = [...new Set(words(value).filter((port) => port !== 'none'))].sort().join(' ')
  target[key] = isTrue(target[key]) ? [String(target[key]), ports].filter((part) => part !== '').join(' ') : ports
}

/** Takes one option line of a stanza; `suffix` is undefined in a stanza without address family. */
function addOption(target: Interface, line: string, suffix: string | undefined): void {
  const [, name, value] = /^(\S+)\s+(.+)$/.exec(line)!
  const key = otherSpellings[name!] ?? name!
  if (addressing.has(key)) {
    const family = suffix ?? (key !== 'netmask' && value!.includes(':') ? '6' : '')
    target[`${key}${family}`] = value
  } else if (settings.has(key)) target[key] = value
  else if (key === 'slaves' || key === 'bridge_ports') addPorts(target, key, value!)
  else if (key === 'bridge_stp') target[key] = /^\s*(?:on|yes)\s*$/i.test(value!) ? 'on' : 'off'
  else if (key === 'bridge_vlan_aware') target[key] = 1
  else if (key === 'bond_mode') target[key] = bondModes[Number(value)] ?? value
  else if (key === 'vxlan-remoteip') target[key] = [...((target[key] as string[] | undefined) ?? []), value!]
  else {
    const list = `options${suffix ?? ''}`
    target[list] = [...((target[list] as string[] | undefined) ?? []), line]
  }
}

const stanzaEnd = /^\s*(?:(?:iface|mapping|auto|source|source-directory)\s|allow-)/

/** Reads the lines of a stanza from `start` on; returns where the next one begins. */
function readStanza(lines: string[], start: number, target: Interface, suffix: string | undefined): number {
  let at = start
  for (; at < lines.length; at++) {
    const line = lines[at]!.replace(/\s+$/, '')
    const comment = /^\s*#(.*)$/.exec(line)
    if (comment) {
      const key = `comments${suffix ?? ''}`
      target[key] = `${String(target[key] ?? '')}${comment[1]}\n`
    } else if (stanzaEnd.test(line) || !/^\s*\S+\s+.+$/.test(line)) return at
    else addOption(target, line.trim(), suffix)
  }
  return at
}

function readLines(text: string): Interfaces {
  const read: Interfaces = {interfaces: table({}), lines: []}
  const of = (name: string): Interface => (read.interfaces[name] ??= {})
  const lines = text.split('\n')
  // 1 is kept for the loopback device.
  let priority = 2
  for (let at = 0; at < lines.length;) {
    const line = lines[at++]!
    if (/^\s*#/.test(line)) continue
    const started = /^\s*(?:allow-auto|auto|allow-ovs|allow-hotplug)\s+(.*)$/.exec(line)
    const stanza = /^\s*iface\s+(\S+)(?:\s+(inet6?)\s+(\S+))?\s*$/.exec(line)
    if (started) for (const name of words(started[1]!)) of(name).autostart = 1
    else if (stanza) {
      const [, name, family, method] = stanza
      const target = of(name!)
      target.priority ??= priority++
      target.families = [...((target.families as unknown[] | undefined) ?? []), family ?? null]
      const suffix = family?.replace(/^inet/, '')
      if (suffix !== undefined) target[`method${suffix}`] = method
      at = readStanza(lines, at, target, suffix)
    } else if (/\w/.test(line)) read.lines.push([priority++, line])
  }
  return read
}

/** Options of Open vSwitch: `tag=5 lacp=active`. */
export const ovsOptions = (target: Interface): Map<string, string> =>
  new Map(
    words(String(target.ovs_options ?? ''))
      .filter((word) => word.includes('='))
      .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  )

export function setOvsOptions(target: Interface, options: Map<string, string>): void {
  if (options.size === 0) delete target.ovs_options
  else target.ovs_options = [...options].map(([key, value]) => `${key}=${value}`).join(' ')
}

function takeOvsOptions(target: Interface, names: string[]): (string | undefined)[] {
  const options = ovsOptions(target)
  const values = names.map((name) => options.get(name))
  for (const name of names) options.delete(name)
  setOvsOptions(target, options)
  return values
}

function readTag(target: Interface): void {
  const [tag] = takeOvsOptions(target, ['tag'])
  if (tag !== undefined) target.ovs_tag = tag
}

function readOvsBond(target: Interface): void {
  const [mode, lacp] = takeOvsOptions(target, ['bond_mode', 'lacp'])
  const withLacp = (mode === 'balance-slb' && lacp === 'active') || mode === 'balance-tcp'
  if (mode !== undefined) target.bond_mode = withLacp ? `lacp-${mode}` : mode
  readTag(target)
}

/** The type of a port, card or bond of Open vSwitch where it says so, else the one it has without. */
function ovsType(target: Interface, kind: string, plain: string): string {
  if (target.ovs_type === undefined) return plain
  if (target.ovs_type !== kind) return 'unknown'
  if (kind === 'OVSBond') readOvsBond(target)
  else readTag(target)
  return kind
}

/** Whether the device below one is there; one that is named but described nowhere comes to be without anything. */
function existsBelow(read: Interfaces, name: string): unknown {
  const below = (read.interfaces[name] ??= {exists: 0})
  return below.exists ?? null
}

function findType(read: Interfaces, name: string, target: Interface, devices: Devices): string {
  if (target.bridge_ports !== undefined) {
    target.bridge_stp ??= 'off'
    if (target.bridge_stp === 'off') target.bridge_fd ??= 0
    return 'bridge'
  }
  if (target.ovs_type === 'OVSBridge') return 'OVSBridge'
  if (/^bond\d+$/.test(name)) return ovsType(target, 'OVSBond', 'bond')
  const alias = /^(\S+):\d+$/.exec(name)
  if (alias) {
    target.exists = existsBelow(read, alias[1]!)
    return 'alias'
  }
  const tagged = /^(\S+)\.(\d+)$/.exec(name)
  if (tagged || isTrue(target['vlan-raw-device'])) {
    const id = tagged ? tagged[2]! : /^vlan(\d+)$/.exec(name)?.[1]
    if (tagged && !isTrue(target['vlan-raw-device'])) target['vlan-raw-device'] = tagged[1]
    if (isTrue(id)) target['vlan-id'] = id
    target.exists = existsBelow(read, String(target['vlan-raw-device']))
    return 'vlan'
  }
  if (devices.physical.includes(name) || cardName.test(name)) return ovsType(target, 'OVSPort', 'eth')
  if (name === 'lo') return 'loopback'
  if (isTrue(target['vxlan-id'])) return 'vxlan'
  if (target.ovs_type !== undefined) return ovsType(target, 'OVSIntPort', 'unknown')
  return target['link-type'] === 'dummy' ? 'dummy' : 'unknown'
}

/** Bits of a netmask, which may be written as an address. */
export function maskBits(mask: string): string | undefined {
  if (/^\d+$/.test(mask)) return mask
  const bits = mask.split('.').map((part) => Number(part).toString(2).padStart(8, '0'))
  return /^1*0*$/.test(bits.join('')) ? String(bits.join('').replace(/0/g, '').length) : undefined
}

function splitAddress(target: Interface, suffix: '' | '6'): void {
  const address = target[`address${suffix}`]
  if (!isTrue(address)) return
  const [, base, length] = /^(.+)\/(\d+)$/.exec(String(address)) ?? []
  const mask = target[`netmask${suffix}`]
  const bits = length ?? (isTrue(mask) ? maskBits(String(mask)) : undefined)
  target[`cidr${suffix}`] = `${base ?? String(address)}/${bits ?? (suffix === '' ? '32' : '128')}`
  if (base !== undefined) target[`address${suffix}`] = base
  if (bits !== undefined) target[`netmask${suffix}`] = bits
}

/** Reads /etc/network/interfaces as PVE does (pve-common, PVE::INotify, later PVE::Network::Interfaces). */
export function readInterfaces(text: string, devices: Devices): Interfaces {
  const read = readLines(text)
  for (const name of devices.physical) (read.interfaces[name] ??= {}).exists = 1
  for (const name of devices.up) if (read.interfaces[name]) read.interfaces[name].active = 1
  read.interfaces.lo ??= {priority: 1, method: 'loopback', autostart: 1}
  for (const name of Object.keys(read.interfaces).sort()) {
    const target = read.interfaces[name]!
    target.type = findType(read, name, target, devices)
    splitAddress(target, '')
    splitAddress(target, '6')
    target.method ??= 'manual'
    target.method6 ??= 'manual'
    if (target.comments6 !== undefined) {
      target.comments = `${String(target.comments ?? '')}${String(target.comments6)}`
      delete target.comments6
    }
    target.families ??= ['inet']
  }
  return read
}

/** Has a node load its network anew: the new file takes the place of the old one before anything else, and stays there whatever fails then. Fact: pve-manager, PVE/API2/Network.pm (reload_network_config). */
export function startReload({tasks}: Simulation, node: NodeState, user: string): string {
  const begin = () => {
    if (node.newInterfaces) node.interfaces = node.newInterfaces
    delete node.newInterfaces
    return () => undefined
  }
  return tasks.start({node: node.name, type: 'srvreload', id: 'networking', user, begin}, () => undefined)
}
