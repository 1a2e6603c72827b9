import {emptyFirewall} from '../../firewall/empty.js'
import {failure, forbidden} from '../../errors.js'
import type {Environment} from '../../firewall/verify.js'
import {required, text, type Call} from '../../calls/call.js'
import {sha1} from '../../state/digest.js'
import type {FirewallState} from '../../state/model.js'
import {nodeName} from '../../calls/node.js'
import {sectionsOf, changedMeanwhile} from '../../calls/sections.js'

/** A level of the firewall: where its calls are and whose file they change. */
export interface Level {
  path: string
  environment: Environment
  key(call: Call): string
}

export const clusterLevel: Level = {path: '/cluster/firewall', environment: 'cluster', key: () => 'cluster'}

/** Levels that guests have; PVE looks for the file only, not for the guest. */
export const guestLevels: Level[] = [
  {path: '/nodes/{node}/qemu/{vmid}/firewall', environment: 'vm', key: (call) => required(call, 'vmid')},
  {path: '/nodes/{node}/lxc/{vmid}/firewall', environment: 'ct', key: (call) => required(call, 'vmid')},
]

export const nodeLevel: Level = {
  path: '/nodes/{node}/firewall',
  environment: 'host',
  key: (call) => `node ${nodeName(call)}`,
}

/** Refuses a virtual network that is not in force or that the caller has no rights on. @throws ApiError 403, 500 */
function checkVnet(call: Call): void {
  const vnet = required(call, 'vnet')
  const zone = sectionsOf(call, 'running sdn/vnets')[vnet]?.zone
  if (zone === undefined)
    throw failure('invalid vnet specified at /usr/share/perl5/PVE/API2/Firewall/Helpers.pm line 54.')
  const privileges = call.verb === 'GET' ? ['SDN.Allocate', 'SDN.Audit'] : ['SDN.Allocate']
  const path = `/sdn/zones/${String(zone)}/${vnet}`
  if (!call.sim.permissions.hasAny(call.auth, path, privileges)) throw forbidden(`${path}, ${privileges.join('|')}`)
}

export const vnetLevel: Level = {
  path: '/cluster/sdn/vnets/{vnet}/firewall',
  environment: 'vnet',
  key: (call) => {
    checkVnet(call)
    return `vnet ${required(call, 'vnet')}`
  },
}

export const clusterFirewall = (call: Call): FirewallState => (call.sim.state.firewall.cluster ??= emptyFirewall())

export const firewallOf = (call: Call, level: Level): FirewallState =>
  (call.sim.state.firewall[level.key(call)] ??= emptyFirewall())

type Entry = Record<string, unknown>

const lines = (entry: Entry): string =>
  Object.keys(entry)
    .sort()
    .filter((key) => entry[key] !== undefined)
    .map((key) => `${key}:${String(entry[key])}\n`)
    .join('')

/** The digest of a part of a firewall file: of `key:value` lines of its entries, keys sorted. */
export const digestOf = (part: Entry | Entry[]): string =>
  sha1((Array.isArray(part) ? part : [part]).map(lines).join(''))

/** Entries, each with the digest of all. */
export function withDigest<T extends Entry>(list: T[]): (T & {digest: string})[] {
  const digest = digestOf(list)
  return list.map((entry) => ({...entry, digest}))
}

/** Refuses a write when the part is not the one the client has read. @throws ApiError 500 */
export function checkPart(call: Call, part: Entry | Entry[]): void {
  const given = text(call, 'digest')
  if (given !== undefined && given !== '' && given !== digestOf(part)) throw failure(changedMeanwhile)
}

/** A comment as a firewall file keeps it: none where it is blank. */
export function commentOf(comment: string | undefined): {comment?: string} {
  const kept = comment?.trim()
  return kept ? {comment: kept} : {}
}
