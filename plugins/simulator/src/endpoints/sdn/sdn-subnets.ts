import {badParameter} from '../../errors.js'
import {bitsOf, ipVersion, isInNetwork} from '../../contract/net-ip.js'
import {required, type Call} from '../../calls/call.js'
import type {Section} from '../../state/model.js'
import {sectionsOf} from '../../calls/sections.js'
import {cidrOf} from './sdn-ids.js'
import {forgetSubnet, noteSubnet} from './sdn-ipam.js'
import {checkRights, innerError, prefixOf, type SdnKind} from './sdn-store.js'
import {zoneOf} from './sdn-zones.js'

/** Ranges are kept as they were sent, and shown as objects. */
const rangesOf = (section: Section): Record<string, string>[] =>
  ((section['dhcp-range'] as string[] | undefined) ?? []).map((range) =>
    Object.fromEntries(range.split(',').map((part) => part.split('=') as [string, string])),
  )

/** Refuses ranges that are none, lie outside or overlap. @throws ApiError 500 */
function checkRanges(id: string, section: Section, refuse: (problem: string) => never): void {
  const {network, mask, cidr} = cidrOf(id)
  const taken: [string, string][] = []
  for (const range of rangesOf(section)) {
    const [start, end] = [range['start-address'] ?? '', range['end-address'] ?? '']
    for (const [what, ip] of [
      ['start', start],
      ['end', end],
    ] as const) {
      if (typeof ipVersion(ip) === 'string') refuse(`${what}-address is not a valid IP ${ip}`)
      if (/[/-]/.test(ip)) refuse(`${what}-address must be a singular IP`)
    }
    const [first, last] = [bitsOf(start), bitsOf(end)]
    if (first > last) refuse(`start-address ${start} must be smaller than end-address ${end}`)
    if (!isInNetwork(start, network, Number(mask))) refuse(`start-address ${start} is not in subnet ${cidr}`)
    if (!isInNetwork(end, network, Number(mask))) refuse(`end-address ${end} is not in subnet ${cidr}`)
    if (taken.some(([from, to]) => first <= to && last >= from)) refuse('dhcp ranges must not overlap')
    taken.push([first, last])
  }
}

function prepareSubnet(call: Call, id: string, section: Section, action: 'create' | 'update', before?: Section): void {
  const refuse = (key: string, problem: string): never => {
    throw innerError(prefixOf(subnets, action), [[key, problem]])
  }
  const vnet = required(call, 'vnet')
  section.vnet = vnet
  const {network, mask, cidr} = cidrOf(id)
  if (sectionsOf(call, 'sdn/vnets')[vnet]?.vlanaware) refuse('vnet', `you can't add a subnet on a vlanaware vnet`)
  const gateway = section.gateway === undefined ? '' : String(section.gateway)
  const isPoint = mask === '32' && !gateway.includes(':')
  if (gateway !== '' && !isPoint && !isInNetwork(gateway, network, Number(mask)))
    refuse('gateway', `${gateway} is not in subnet ${cidr}`)
  checkRanges(id, section, (problem) => refuse('dhcp-range', problem))
  noteSubnet(call, id, section, before)
}

export const subnets: SdnKind = {
  path: '/cluster/sdn/vnets/{vnet}/subnets',
  id: 'subnet',
  file: 'sdn/subnets',
  what: 'subnet',
  type: 'subnet',
  fixed: ['vnet'],
  options: () => ({subnet: {optional: 'vnet gateway snat dnszoneprefix dhcp-range dhcp-dns-server'}}),
  missing: (id) => `sdn subnet '${id}' does not exist`,
  whenMissing: {update: 'prefixed', delete: 'passes'},
  showsRemoved: true,
  nameOf: (call) => {
    const subnet = required(call, 'subnet')
    const vnet = required(call, 'vnet')
    const zone = zoneOf(call, vnet)
    if (call.verb !== 'POST') return subnet
    checkRights(call, `/sdn/zones/${zone}/${vnet}`, ['SDN.Allocate'])
    return `${zone}-${subnet.replace('/', '-')}`
  },
  access: (call, id, privileges) => {
    const vnet = required(call, 'vnet')
    checkRights(call, `/sdn/zones/${zoneOf(call, vnet)}/${vnet}`, privileges)
    const section = sectionsOf(call, 'sdn/subnets')[id]
    if (call.verb === 'GET' && section && section.vnet !== vnet) throw badParameter('vnet', 'wrong vnet')
  },
  filter: (call, section) => section.vnet === required(call, 'vnet'),
  derived: (_call, id, section) => {
    const {zone, network, mask, cidr} = cidrOf(id)
    return {id, network, mask, cidr, zone, vnet: section.vnet, 'dhcp-range': rangesOf(section)}
  },
  prepare: prepareSubnet,
  checkRemove: (call, id) => forgetSubnet(call, id, prefixOf(subnets, 'delete')),
}
