import {splitList} from '../../contract/scalars.js'
import {unifiedDiff} from '../../network/diff.js'
import {isTrue, readInterfaces, type Interface} from '../../network/interfaces.js'
import type {Call} from '../../calls/call.js'
import type {NodeState, Section} from '../../state/model.js'
import {findNode} from '../../calls/node.js'
import {sectionsOf} from '../../calls/sections.js'
import {isZoneOn} from '../../network/vnets.js'
import {cidrOf} from './sdn-ids.js'
import {running} from './sdn-store.js'

/** What a zone's networks are made of. */
interface Network {
  node: NodeState
  zone: string
  section: Section
  vnet: string
  settings: Section
  subnets: Record<string, Section>
  /** Interfaces of the node's own file. */
  own: Record<string, Interface>
}

/** Options of interfaces, by name; the first to describe one wins. */
type Made = Record<string, string[]>

const when = (given: unknown, ...lines: string[]): string[] => (isTrue(given) ? lines : [])
const bridge = (ports: string): string[] => [`bridge_ports ${ports}`, 'bridge_stp off', 'bridge_fd 0']
const vlans = ['bridge-vlan-aware yes', 'bridge-vids 2-4094']

/** Addresses that the node has in a network: the gateways of its subnets. */
function gateways({subnets}: Network): {addresses: string[]; forwards: string[]} {
  const own = Object.entries(subnets).filter(([, {gateway}]) => gateway !== undefined)
  const uses = (six: boolean): boolean => own.some(([, {gateway}]) => String(gateway).includes(':') === six)
  return {
    addresses: own.map(([id, {gateway}]) => `address ${String(gateway)}/${cidrOf(id).mask}`),
    forwards: [...when(uses(false), 'ip-forward on'), ...when(uses(true), 'ip6-forward on')],
  }
}

/** The bridge that guests are attached to. */
function vnetBridge({settings}: Network, ports: string, mtu: unknown): string[] {
  return [
    ...bridge(ports),
    ...when(settings.vlanaware, ...vlans),
    ...when(mtu, `mtu ${String(mtu)}`),
    ...when(settings.alias, `alias ${String(settings.alias)}`),
  ]
}

function simple(network: Network): Made {
  const {addresses, forwards} = gateways(network)
  return {[network.vnet]: [...addresses, ...vnetBridge(network, 'none', network.section.mtu), ...forwards]}
}

function vlan(network: Network): Made {
  const {section, vnet, settings, own} = network
  const [on, tag] = [String(section.bridge), String(settings.tag)]
  if (isTrue(own[on]?.bridge_vlan_aware)) return {[vnet]: vnetBridge(network, `${on}.${tag}`, section.mtu)}
  const mtu = when(section.mtu, `mtu ${String(section.mtu)}`)
  const ports = splitList(String(own[on]?.bridge_ports ?? '')).map((port) => ` ${port}.${tag}`)
  return {
    [vnet]: vnetBridge(network, `ln_${vnet}`, section.mtu),
    [`ln_${vnet}`]: ['link-type veth', `veth-peer-name pr_${vnet}`, ...mtu],
    [`pr_${vnet}`]: ['link-type veth', `veth-peer-name ln_${vnet}`, ...mtu],
    [`${on}v${tag}`]: [...bridge(`${ports.join('')} pr_${vnet}`), ...mtu],
  }
}

function qinq(network: Network): Made {
  const {section, zone, vnet, settings} = network
  const mtu = when(section.mtu, `mtu ${String(section.mtu)}`)
  return {
    [vnet]: vnetBridge(network, `z_${zone}.${String(settings.tag)}`, section.mtu),
    [`sv_${zone}`]: [
      `vlan-raw-device ${String(section.bridge)}`,
      `vlan-id ${String(section.tag)}`,
      ...when(section['vlan-protocol'], `vlan-protocol ${String(section['vlan-protocol'])}`),
      ...mtu,
    ],
    [`z_${zone}`]: [...bridge(`sv_${zone}`), ...vlans, ...mtu],
  }
}

function vxlan(network: Network): Made {
  const {node, section, vnet, settings} = network
  const mtu = section.mtu ?? 1450
  const peers = splitList(String(section.peers ?? '')).filter((peer) => peer !== node.ip)
  return {
    [vnet]: vnetBridge(network, `vxlan_${vnet}`, mtu),
    [`vxlan_${vnet}`]: [
      `vxlan-id ${String(settings.tag)}`,
      ...peers.map((peer) => `vxlan_remoteip ${peer}`),
      ...when(section['vxlan-port'], `vxlan-port ${String(section['vxlan-port'])}`),
      `mtu ${String(mtu)}`,
    ],
  }
}

function evpn(network: Network): Made {
  const {node, zone, section, vnet, settings} = network
  const mtu = section.mtu ?? 1450
  const tunnel = (id: unknown): string[] => [
    `vxlan-id ${String(id)}`,
    `vxlan-local-tunnelip ${node.ip}`,
    'bridge-learning off',
    ...when(!section['disable-arp-nd-suppression'], 'bridge-arp-nd-suppress on'),
    `mtu ${String(mtu)}`,
  ]
  const {addresses, forwards} = gateways(network)
  return {
    [vnet]: [
      ...addresses,
      ...when(section.mac, `hwaddress ${String(section.mac)}`),
      ...vnetBridge(network, `vxlan_${vnet}`, mtu),
      ...forwards,
      'arp-accept on',
      `vrf vrf_${zone}`,
    ],
    [`vrf_${zone}`]: ['vrf-table auto', `post-up ip route add vrf vrf_${zone} unreachable default metric 4278198272`],
    [`vrfbr_${zone}`]: [
      `bridge-ports vrfvx_${zone}`,
      'bridge_stp off',
      'bridge_fd 0',
      `mtu ${String(mtu)}`,
      `vrf vrf_${zone}`,
    ],
    [`vrfvx_${zone}`]: tunnel(section['vrf-vxlan']),
    [`vxlan_${vnet}`]: tunnel(settings.tag),
  }
}

const makers: Record<string, (network: Network) => Made> = {simple, vlan, qinq, vxlan, evpn}

type Source = (file: string) => Record<string, Section>

const versionOf = (call: Call): number => Number(sectionsOf(call, 'running sdn/version').version?.number ?? 0)

/** Counts the times that a configuration came into force. */
export function raiseVersion(call: Call): void {
  call.sim.state.sections['running sdn/version'] = {version: {number: versionOf(call) + 1}}
}

/** The text of /etc/network/interfaces.d/sdn on a node (pve-network, PVE/Network/SDN/Zones). */
function interfacesText(call: Call, node: NodeState, source: Source): string {
  const made: Made = {}
  const own = readInterfaces(node.interfaces.text, {physical: [], up: []}).interfaces
  for (const [vnet, settings] of Object.entries(source('sdn/vnets'))) {
    const zone = String(settings.zone)
    const section = source('sdn/zones')[zone]
    if (!section || !isZoneOn(section, node.name)) continue
    const subnets = Object.fromEntries(
      Object.entries(source('sdn/subnets')).filter(([, subnet]) => subnet.vnet === vnet),
    )
    const network = {node, zone, section, vnet, settings, subnets, own}
    Object.assign(made, {...makers[String(section.type)]?.(network), ...made})
  }
  const stanzas = Object.keys(made)
    .sort()
    .map((name) => `auto ${name}\niface ${name}\n${made[name]!.map((line) => `\t${line}\n`).join('')}`)
  return stanzas.length === 0 ? '' : [`#version:${versionOf(call)}\n`, ...stanzas].join('\n')
}

/** What an apply would change in a node's /etc/network/interfaces.d/sdn; nothing where it would not. */
export function interfacesDiff(call: Call): string {
  const node = findNode(call)
  const now = {text: interfacesText(call, node, (file) => running(call, file)), time: node.interfaces.time}
  const next = {text: interfacesText(call, node, (file) => sectionsOf(call, file)), time: Date.now()}
  const names = {before: '/etc/network/interfaces.d/sdn', after: `/tmp/${call.sim.random.hex(10)}`}
  return unifiedDiff({name: names.before, ...now}, {name: names.after, ...next})
}
