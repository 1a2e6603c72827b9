import {failure} from '../../errors.js'
import {newMac} from '../../guests/drives.js'
import {splitList} from '../../contract/scalars.js'
import type {Call} from '../../calls/call.js'
import type {Section} from '../../state/model.js'
import {sectionsOf} from '../../calls/sections.js'
import {checkRights, innerError, prefixOf, type Options, type SdnKind} from './sdn-store.js'

const common = 'nodes mtu dns reversedns dnszone ipam'

/** What zones of each type may hold (pve-network, PVE/Network/SDN/Zones). */
const zoneOptions = (call: Call): Record<string, Options> => ({
  simple: {optional: `${common} dhcp`},
  vlan: {required: 'bridge', optional: `${common} bridge-disable-mac-learning`},
  qinq: {required: 'bridge tag', optional: `${common} vlan-protocol bridge-disable-mac-learning`},
  vxlan:
    call.sim.settings.release === '8.4'
      ? {required: 'peers', optional: `${common} vxlan-port`}
      : {optional: `${common} vxlan-port peers fabric`},
  evpn: {
    required: 'controller vrf-vxlan',
    optional:
      `${common} exitnodes exitnodes-local-routing exitnodes-primary advertise-subnets disable-arp-nd-suppression ` +
      'bridge-disable-mac-learning rt-import vxlan-port mac secondary-controllers',
  },
  faucet: {required: 'dp-id controller', optional: common.replace(' mtu', '')},
})

/** Lists of nodes are kept as sets: printed sorted. */
function sortNodes(section: Section): void {
  for (const key of ['nodes', 'exitnodes'])
    if (section[key] !== undefined) section[key] = [...new Set(splitList(String(section[key])))].sort().join(',')
}

function checkEvpn(call: Call, id: string, section: Section, prefix: string): void {
  const controller = sectionsOf(call, 'sdn/controllers')[String(section.controller)]
  if (!controller) throw failure(`${prefix}controller ${String(section.controller)} don't exist`)
  if (controller.type !== 'evpn') throw failure(`${prefix}${String(section.controller)} is not a evpn controller type`)
  const other = Object.entries(sectionsOf(call, 'sdn/zones')).find(
    ([zone, {'vrf-vxlan': vni}]) => zone !== id && vni === section['vrf-vxlan'],
  )
  if (other) throw failure(`${prefix}vrf-vxlan ${String(section['vrf-vxlan'])} is already declared in ${other[0]}`)
  section.mac ??= newMac(call.sim, call.sim.state)
}

function prepareZone(call: Call, id: string, section: Section, action: 'create' | 'update', before?: Section): void {
  const prefix = prefixOf(zones, action)
  const refuse = (key: string, problem: string): never => {
    throw innerError(prefix, [[key, problem]])
  }
  sortNodes(section)
  const inZone = Object.keys(sectionsOf(call, 'sdn/subnets')).some((subnet) => subnet.startsWith(`${id}-`))
  if (before && before.ipam !== section.ipam && inZone)
    refuse('ipam', `can't change ipam if a subnet is already defined in this zone`)
  for (const key of ['dns', 'reversedns']) {
    const server = section[key]
    if (server !== undefined && !sectionsOf(call, 'sdn/dns')[String(server)])
      refuse(key, `${String(server)} don't exist`)
  }
  if (section.dnszone !== undefined && section.dns === undefined) refuse('dnszone', 'missing dns server')
  const {ipam} = section
  if (ipam !== undefined && ipam !== 'pve' && !sectionsOf(call, 'sdn/ipams')[String(ipam)])
    refuse('ipam', `${String(ipam)} not existing`)
  if (section.type === 'vxlan' && (section.peers === undefined) === (section.fabric === undefined)) {
    const problem = 'must have exactly one of peers / fabric defined'
    throw innerError(prefix, [
      ['peers', problem],
      ['fabric', problem],
    ])
  }
  if (section.type === 'evpn') checkEvpn(call, id, section, prefix)
}

export const zones: SdnKind = {
  path: '/cluster/sdn/zones',
  id: 'zone',
  file: 'sdn/zones',
  what: 'zone',
  missing: (id) => `sdn '${id}' does not exist`,
  whenMissing: {update: 'prefixed', delete: 'prefixed'},
  options: zoneOptions,
  showsRemoved: true,
  prepare: prepareZone,
  visible: (call, id) => call.sim.permissions.hasAny(call.auth, `/sdn/zones/${id}`, ['SDN.Audit', 'SDN.Allocate']),
  checkRemove: (call, id) => {
    const user = Object.entries(sectionsOf(call, 'sdn/vnets')).find(([, vnet]) => vnet.zone === id)
    if (user) {
      throw failure(
        `delete sdn zone object failed: zone ${id} is used by vnet ${user[0]} at /usr/share/perl5/PVE/Network/SDN/Zones/Plugin.pm line 149.`,
      )
    }
  },
}

/** How a type of zone tells its networks apart, and how far a tag is its own. */
const tags: Record<
  string,
  {name: string; limit: number; shared: (zone: Section | undefined, isSame: boolean) => boolean}
> = {
  vlan: {name: 'vlan', limit: 4096, shared: (_zone, isSame) => isSame},
  qinq: {name: 'vlan', limit: 4096, shared: (_zone, isSame) => isSame},
  vxlan: {name: 'vxlan', limit: 16_777_216, shared: (zone) => zone?.type === 'vxlan' || zone?.type === 'evpn'},
  evpn: {name: 'vxlan', limit: 16_777_216, shared: (zone) => zone?.type === 'vxlan' || zone?.type === 'evpn'},
}

/** Refuses a tag that the zone does not take or that another network has. @throws ApiError 500 */
function checkTag(call: Call, id: string, section: Section, zone: Section, prefix: string): void {
  const refuse = (problem: string, key = 'tag'): never => {
    throw innerError(prefix, [[key, problem]])
  }
  const {tag} = section
  if (zone.type === 'simple' && tag !== undefined) refuse('vlan tag is not allowed on simple zone')
  const rule = tags[String(zone.type)]
  if (!rule) return
  if (tag === undefined) refuse(`missing ${rule.name} tag`)
  if (Number(tag) > rule.limit) refuse(`${rule.name} tag max value is ${rule.limit}`)
  if (zone.type === 'evpn' && section.vlanaware) refuse(`vlan-aware option can't be enabled with evpn`, 'vlan-aware')
  const all = sectionsOf(call, 'sdn/zones')
  const other = Object.entries(sectionsOf(call, 'sdn/vnets')).find(
    ([name, vnet]) =>
      name !== id && vnet.tag === tag && rule.shared(all[String(vnet.zone)], vnet.zone === section.zone),
  )
  if (!other) return
  if (rule.name === 'vlan') refuse(`tag ${String(tag)} already exist in vnet ${other[0]}`)
  refuse(`vxlan tag ${String(tag)} already exist in vnet ${other[0]} in zone ${String(other[1].zone)} `)
}

const hasSubnets = (call: Call, vnet: string): boolean =>
  Object.values(sectionsOf(call, 'sdn/subnets')).some((subnet) => subnet.vnet === vnet)

function prepareVnet(call: Call, id: string, section: Section, action: 'create' | 'update', before?: Section): void {
  const prefix = prefixOf(vnets, action)
  if (before && section.zone === undefined) throw innerError(prefix, [['zone', 'cannot delete zone']])
  if (before && before.zone !== section.zone && hasSubnets(call, id))
    throw innerError(prefix, [['zone', `can't change zone if subnets exist`]])
  const zone = sectionsOf(call, 'sdn/zones')[String(section.zone)]
  if (!zone)
    throw failure(`${prefix}cannot lookup undefined type! at /usr/share/perl5/PVE/API2/Network/SDN/Vnets.pm line 326.`)
  checkTag(call, id, section, zone, prefix)
  if (section.vlanaware && hasSubnets(call, id))
    throw innerError(prefix, [['vlanaware', 'vlanaware vnet is not compatible with subnets']])
}

/** The zone of a virtual network that is configured. @throws ApiError 500 */
export function zoneOf(call: Call, vnet: string): string {
  const section = sectionsOf(call, 'sdn/vnets')[vnet]
  if (!section) throw failure(`sdn vnet '${vnet}' does not exist`)
  return String(section.zone)
}

export const vnets: SdnKind = {
  path: '/cluster/sdn/vnets',
  id: 'vnet',
  file: 'sdn/vnets',
  what: 'vnet',
  type: 'vnet',
  options: () => ({vnet: {required: 'zone', optional: 'tag alias vlanaware isolate-ports'}}),
  missing: (id) => `sdn vnet '${id}' does not exist`,
  access: (call, id, privileges) => checkRights(call, `/sdn/zones/${zoneOf(call, id)}/${id}`, privileges),
  prepare: prepareVnet,
  visible: (call, id, section) =>
    call.sim.permissions.hasAny(call.auth, `/sdn/zones/${String(section.zone)}/${id}`, ['SDN.Audit', 'SDN.Allocate']),
  checkRemove: (call, id) => {
    if (hasSubnets(call, id))
      throw innerError('delete sdn vnet object failed: ', [['vnet', `Can't delete vnet if subnets exists`]])
  },
}
