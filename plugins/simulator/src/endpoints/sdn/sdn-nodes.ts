import {unordered} from '../../calls/print.js'
import {parsePropertyString} from '../../contract/schema.js'
import {formatOf} from '../../guests/drives.js'
import {isTrue, readInterfaces} from '../../network/interfaces.js'
import {required, type Call, type Endpoints} from '../../calls/call.js'
import type {Section} from '../../state/model.js'
import {nodeName, findNode} from '../../calls/node.js'
import {running} from './sdn-store.js'
import {isZoneOn} from '../../network/vnets.js'

/** Virtual networks in force of a zone; none where the zone is not on the node. */
function vnetsOf(call: Call, zone: string): [string, Section][] {
  if (!isZoneOn(running(call, 'sdn/zones')[zone], nodeName(call))) return []
  return Object.entries(running(call, 'sdn/vnets')).filter(([, vnet]) => vnet.zone === zone)
}

const notGenerated = `vnet is not generated. Please check the 'reload network' task log.`

/** What the node made of a virtual network. */
const vnetStatus = (call: Call): Section =>
  call.sim.state.world.inertNetwork ? {status: 'error', statusmsg: notGenerated} : {status: 'available'}

function zoneStatus(call: Call): unknown {
  return Object.keys(running(call, 'sdn/zones'))
    .filter((zone) => isZoneOn(running(call, 'sdn/zones')[zone], nodeName(call)))
    .filter((zone) => call.sim.permissions.hasAny(call.auth, `/sdn/zones/${zone}`, ['SDN.Audit', 'SDN.Allocate']))
    .map((zone) => ({zone, status: vnetsOf(call, zone).length > 0 ? vnetStatus(call).status : 'available'}))
}

interface Port {
  name: string
  vmid: number
  index: string
  /** The VLAN that it is in, and those that it carries besides. */
  tag?: number
  trunks?: string
}

/** Ports that running guests have on a bridge of the node. */
function portsOn(call: Call, bridge: string): Port[] {
  const guests = Object.values(call.sim.state.guests).filter(({node, running: runs}) => runs && node === nodeName(call))
  return guests.flatMap(({vmid, type, config}) =>
    Object.keys(config)
      .filter((key) => /^net\d+$/.test(key))
      .map((key) => {
        const format = formatOf(call.sim, type, key)
        return {index: key.slice(3), nic: parsePropertyString(String(config[key]), format, key, call.sim.context)}
      })
      .filter(({nic}) => nic.bridge === bridge)
      .map(({index, nic}) => ({
        name: `${nic.firewall ? 'fwpr' : type === 'lxc' ? 'veth' : 'tap'}${vmid}${nic.firewall ? 'p' : 'i'}${index}`,
        vmid,
        index,
        ...(nic.tag !== undefined && {tag: Number(nic.tag)}),
        ...(nic.trunks !== undefined && {trunks: String(nic.trunks)}),
      })),
  )
}

/** A bridge with its ports; those of one that knows VLANs say which they are in. */
function bridgeEntry(call: Call, name: string, vlanAware: boolean, own: string[] = []): Section {
  const guests = portsOn(call, name).map(({tag, trunks, ...port}) => ({
    ...port,
    ...(vlanAware && {primary_vlan: tag ?? 1, vlans: trunks === undefined ? [] : trunks.split(';')}),
  }))
  const ports = [...own.map((port) => ({name: port, ...(vlanAware && {primary_vlan: 1, vlans: []})})), ...guests]
  return {name, vlan_filtering: vlanAware ? '1' : '0', ports}
}

/** Bridges of a zone: those of the node's own configuration, or the virtual networks. */
function bridges(call: Call): unknown {
  const zone = required(call, 'zone')
  if (zone !== 'localnetwork')
    return unordered(vnetsOf(call, zone).map(([vnet, {vlanaware}]) => bridgeEntry(call, vnet, isTrue(vlanaware))))
  const {interfaces} = readInterfaces(findNode(call).interfaces.text, {physical: [], up: []})
  return unordered(
    Object.entries(interfaces)
      .filter(([, {type}]) => type === 'bridge')
      .map(([name, entry]) => {
        const ports = String(entry.bridge_ports ?? '')
          .split(' ')
          .filter((port) => port !== '')
        return bridgeEntry(call, name, isTrue(entry.bridge_vlan_aware), ports)
      }),
  )
}

/** Nothing routes in the simulation, so that nothing was learned of neighbours. */
const nothing = (): unknown => []

export const sdnNodeEndpoints: Endpoints = {
  'GET /nodes/{node}/sdn/zones': zoneStatus,
  'GET /nodes/{node}/sdn/zones/{zone}/content': (call) =>
    vnetsOf(call, required(call, 'zone')).map(([vnet]) => ({vnet, ...vnetStatus(call)})),
  'GET /nodes/{node}/sdn/zones/{zone}/bridges': bridges,
  'GET /nodes/{node}/sdn/zones/{zone}/ip-vrf': nothing,
  'GET /nodes/{node}/sdn/vnets/{vnet}/mac-vrf': nothing,
  'GET /nodes/{node}/sdn/fabrics/{fabric}/interfaces': nothing,
  'GET /nodes/{node}/sdn/fabrics/{fabric}/neighbors': nothing,
  'GET /nodes/{node}/sdn/fabrics/{fabric}/routes': nothing,
}
