import {failure} from '../../errors.js'
import {isInNetwork} from '../../contract/net-ip.js'
import {required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {Section} from '../../state/model.js'
import {sectionsOf} from '../../calls/sections.js'
import {cidrOf} from './sdn-ids.js'
import {running} from './sdn-store.js'

/** Addresses of a subnet that PVE's own IPAM knows. */
type Known = Record<string, {gateway?: 1; mac?: string; vmid?: string}>

const file = 'sdn/pve-ipam-state'

/** The subnets of PVE's IPAM: by zone and CIDR. */
const db = (call: Call): Record<string, Section> => sectionsOf(call, file)
const keyOf = (zone: string, cidr: string): string => `${zone} ${cidr}`

const usesIpam = (call: Call, zone: string): boolean => sectionsOf(call, 'sdn/zones')[zone]?.ipam === 'pve'

function ipsOf(call: Call, zone: string, cidr: string): Known {
  const entry = db(call)[keyOf(zone, cidr)]
  if (!entry) throw failure(`subnet '${cidr}' doesn't exist in IPAM DB`)
  return entry.ips as Known
}

/** Notes a subnet and its gateway, where its zone has PVE's IPAM. */
export function noteSubnet(call: Call, id: string, section: Section, before: Section | undefined): void {
  const {zone, cidr} = cidrOf(id)
  if (!usesIpam(call, zone)) return
  const ips = (db(call)[keyOf(zone, cidr)] ??= {zone, cidr, ips: {}}).ips as Known
  if (before?.gateway !== undefined && before.gateway !== section.gateway) delete ips[String(before.gateway)]
  if (section.gateway !== undefined && !cidr.endsWith('/32')) ips[String(section.gateway)] = {gateway: 1}
}

/** Forgets a subnet. @throws ApiError 500 when more than its gateway is known */
export function forgetSubnet(call: Call, id: string, prefix: string): void {
  const {zone, cidr} = cidrOf(id)
  if (!usesIpam(call, zone)) return
  const known = Object.values((db(call)[keyOf(zone, cidr)]?.ips ?? {}) as Known)
  if (known.length > 1 || known.some(({gateway}) => gateway !== 1))
    throw failure(`${prefix}cannot delete subnet '${cidr}', not empty`)
  delete db(call)[keyOf(zone, cidr)]
}

/** Addresses that an IPAM knows, of those networks that the caller may see. */
export function ipamStatus(call: Call): unknown {
  const ipam = required(call, 'ipam')
  if (ipam !== 'pve' && !sectionsOf(call, 'sdn/ipams')[ipam]) throw failure(`sdn '${ipam}' does not exist`)
  if (ipam !== 'pve') return []
  return Object.values(db(call)).flatMap(({zone, cidr, ips}) => {
    const subnet = sectionsOf(call, 'sdn/subnets')[`${String(zone)}-${String(cidr).replace('/', '-')}`]
    const path = `/sdn/zones/${String(zone)}/${String(subnet?.vnet)}`
    if (!subnet || !call.sim.permissions.hasAny(call.auth, path, ['SDN.Audit', 'SDN.Allocate'])) return []
    return Object.entries(ips as Known).map(([ip, entry]) => ({...entry, ip, zone, subnet: cidr, vnet: subnet.vnet}))
  })
}

/** The addresses of the subnet in force that an address belongs to; undefined where its zone has no IPAM. @throws ApiError 500 */
function placeOf(call: Call, ip: string): Known | undefined {
  const vnet = required(call, 'vnet')
  const zone = running(call, 'sdn/vnets')[vnet]?.zone
  if (zone === undefined || running(call, 'sdn/zones')[String(zone)]?.ipam !== 'pve') return undefined
  const subnet = Object.entries(running(call, 'sdn/subnets')).find(([id, section]) => {
    const {network, mask} = cidrOf(id)
    return section.vnet === vnet && isInNetwork(ip, network, Number(mask))
  })
  if (!subnet) throw failure(`can't find any subnet for ip ${ip}`)
  return ipsOf(call, String(zone), cidrOf(subnet[0]).cidr)
}

function add(call: Call): unknown {
  const ip = required(call, 'ip')
  const ips = placeOf(call, ip)
  if (!ips) return null
  if (ips[ip]) throw failure(`IP '${ip}' already exist`)
  const [mac, vmid] = [text(call, 'mac'), text(call, 'vmid')]
  ips[ip] = {...(mac !== undefined && {mac}), ...(vmid !== undefined && {vmid})}
  return null
}

function change(call: Call): unknown {
  const ip = required(call, 'ip')
  const ips = placeOf(call, ip)
  const mac = text(call, 'mac')
  const old = Object.keys(ips ?? {}).find((known) => mac !== undefined && ips![known]!.mac === mac)
  const kept = old === undefined ? undefined : ips![old]
  if (old !== undefined) delete ips![old]
  try {
    return add(call)
  } catch (error) {
    if (old !== undefined) ips![old] = kept!
    throw error
  }
}

export const ipamEndpoints: Endpoints = {
  'GET /cluster/sdn/ipams/{ipam}/status': ipamStatus,
  'POST /cluster/sdn/vnets/{vnet}/ips': add,
  'PUT /cluster/sdn/vnets/{vnet}/ips': change,
  'DELETE /cluster/sdn/vnets/{vnet}/ips': (call) => {
    const ip = required(call, 'ip')
    const ips = placeOf(call, ip)
    if (ips && !ips[ip]) throw failure(`IP '${ip}' does not exist in IPAM DB\n`)
    delete ips?.[ip]
    return null
  },
}
