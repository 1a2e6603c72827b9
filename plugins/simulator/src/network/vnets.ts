import type {Call} from '../calls/call.js'
import {sectionsOf} from '../calls/sections.js'

/** Whether the caller may use a bridge or one of its VLANs. */
export function canUseBridge(call: Call, zone: string, bridge: string, privileges = ['SDN.Audit', 'SDN.Use']): boolean {
  const path = `/sdn/zones/${zone}/${bridge}`
  const vlans = call.sim.state.acl.map((entry) => entry.path).filter((at) => at.startsWith(`${path}/`))
  return [path, ...vlans].some((at) => call.sim.permissions.hasAny(call.auth, at, privileges))
}

/** Whether a zone is on a node: on all unless it names some. */
export const isZoneOn = (zone: Record<string, unknown> | undefined, node: string): boolean =>
  zone?.nodes === undefined || String(zone.nodes).split(',').includes(node)

/** Virtual networks that are in force on a node, as its network lists them. */
export function localVnets(call: Call, node: string): [string, Record<string, unknown>][] {
  const zones = sectionsOf(call, 'running sdn/zones')
  return Object.entries(sectionsOf(call, 'running sdn/vnets'))
    .filter(([id, {zone}]) => canUseBridge(call, String(zone), id))
    .filter(([, {zone}]) => isZoneOn(zones[String(zone)], node))
    .map(([id, vnet]) => [
      id,
      {
        type: 'vnet',
        active: 1,
        ipam: zones[String(vnet.zone)]?.ipam === undefined ? 0 : 1,
        vlanaware: vnet.vlanaware ? 1 : 0,
        ...(vnet.alias !== undefined && {comments: vnet.alias}),
      },
    ])
}
