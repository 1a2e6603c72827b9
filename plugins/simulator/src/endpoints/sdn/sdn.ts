import {checkFormat} from '../../contract/formats.js'
import {badParameter, failure} from '../../errors.js'
import {newMac} from '../../guests/drives.js'
import {required, type Call, type Endpoints} from '../../simulation.js'
import {sha1} from '../../state/digest.js'
import type {Section} from '../../state/model.js'
import {nodeName} from '../guests/guest-access.js'
import {sectionsOf} from '../sections.js'
import {innerError, sdnEndpointsOf, type SdnKind} from './sdn-store.js'

const files = ['sdn/zones', 'sdn/vnets', 'sdn/subnets', 'sdn/controllers', 'sdn/ipams', 'sdn/dns']

const zoneRequired: Record<string, string[]> = {
  vlan: ['bridge'],
  qinq: ['bridge', 'tag'],
  evpn: ['controller', 'vrf-vxlan'],
}
const zoneForeign: Record<string, string[]> = {
  bridge: ['vlan', 'qinq'],
  tag: ['qinq'],
  peers: ['vxlan'],
  controller: ['evpn'],
  'vrf-vxlan': ['evpn'],
}

function prepareZone(call: Call, _id: string, section: Section, action: 'create' | 'update'): void {
  const type = String(section.type)
  const prefix = `${action} sdn zone object failed: `
  const missing = (zoneRequired[type] ?? []).find((key) => section[key] === undefined)
  if (missing !== undefined) throw failure(`missing value for required option '${missing}'`)
  const foreign = Object.keys(section).find((key) => zoneForeign[key] && !zoneForeign[key].includes(type))
  if (foreign !== undefined) throw failure(`unexpected property '${foreign}'`)
  if (section.ipam !== undefined && section.ipam !== 'pve' && !sectionsOf(call, 'sdn/ipams')[String(section.ipam)]) {
    throw innerError(prefix, [['ipam', `${String(section.ipam)} not existing`]])
  }
  if (section.dns !== undefined && !sectionsOf(call, 'sdn/dns')[String(section.dns)]) {
    throw innerError(prefix, [['dns', `${String(section.dns)} don't exist`]])
  }
  if (type === 'vxlan' && (section.peers === undefined) === (section.fabric === undefined)) {
    const problem = 'must have exactly one of peers / fabric defined'
    throw innerError(prefix, [
      ['peers', problem],
      ['fabric', problem],
    ])
  }
  if (type === 'evpn') section.mac ??= newMac(call.sim, call.state)
}

const zones: SdnKind = {
  path: '/cluster/sdn/zones',
  id: 'zone',
  file: 'sdn/zones',
  what: 'zone',
  missing: (id) => `sdn '${id}' does not exist`,
  missingPrefixed: true,
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

function prepareVnet(call: Call, id: string, section: Section, action: 'create' | 'update'): void {
  const prefix = `${action} sdn vnet object failed: `
  const zone = sectionsOf(call, 'sdn/zones')[String(section.zone)]
  if (!zone)
    throw failure(`${prefix}cannot lookup undefined type! at /usr/share/perl5/PVE/API2/Network/SDN/Vnets.pm line 326.`)
  if (zone.type === 'simple' && section.tag !== undefined)
    throw innerError(prefix, [['tag', 'vlan tag is not allowed on simple zone']])
  if (zone.type !== 'simple' && section.tag === undefined) throw innerError(prefix, [['tag', 'missing vlan tag']])
  const other = Object.entries(sectionsOf(call, 'sdn/vnets')).find(
    ([name, vnet]) =>
      name !== id && vnet.zone === section.zone && section.tag !== undefined && vnet.tag === section.tag,
  )
  if (other) throw innerError(prefix, [['tag', `tag ${String(section.tag)} already exist in vnet ${other[0]}`]])
}

const vnets: SdnKind = {
  path: '/cluster/sdn/vnets',
  id: 'vnet',
  file: 'sdn/vnets',
  what: 'vnet',
  type: 'vnet',
  missing: (id) => `sdn vnet '${id}' does not exist`,
  prepare: prepareVnet,
  visible: (call, id, section) =>
    call.sim.permissions.hasAny(call.auth, `/sdn/zones/${String(section.zone)}/${id}`, ['SDN.Audit', 'SDN.Allocate']),
  checkRemove: (call, id) => {
    if (!Object.values(sectionsOf(call, 'sdn/subnets')).some((subnet) => subnet.vnet === id)) return
    throw innerError('delete sdn vnet object failed: ', [['vnet', `Can't delete vnet if subnets exists`]])
  },
}

function zoneOfVnet(call: Call): string {
  const vnet = required(call, 'vnet')
  const section = sectionsOf(call, 'sdn/vnets')[vnet] ?? sectionsOf(call, 'running sdn/vnets')[vnet]
  if (!section) throw failure(`sdn vnet '${vnet}' does not exist`)
  return String(section.zone)
}

const cidrOf = (id: string): {network: string; mask: string} => {
  const match = /^[^-]+-(.+)-(\d+)$/.exec(id)
  return {network: match?.[1] ?? '', mask: match?.[2] ?? ''}
}

/** Whether an IPv4 address lies in a network. */
function contains(network: string, mask: string, address: string): boolean {
  const value = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  if (network.includes(':')) return address.includes(':')
  const size = 2 ** (32 - Number(mask))
  return Math.floor(value(network) / size) === Math.floor(value(address) / size)
}

const subnets: SdnKind = {
  path: '/cluster/sdn/vnets/{vnet}/subnets',
  id: 'subnet',
  file: 'sdn/subnets',
  what: 'subnet',
  type: 'subnet',
  fixed: ['vnet'],
  missing: (id) => `sdn subnet '${id}' does not exist`,
  nameOf: (call) => {
    const subnet = required(call, 'subnet')
    const problem = checkFormat('CIDR', subnet, 'subnet', call.sim.context)
    if (problem !== undefined) throw badParameter('subnet', `invalid format - ${problem}\n`)
    return `${zoneOfVnet(call)}-${subnet.replace('/', '-')}`
  },
  filter: (call, section) => section.vnet === required(call, 'vnet'),
  derived: (_call, id, section) => {
    const {network, mask} = cidrOf(id)
    return {
      id,
      network,
      mask,
      cidr: `${network}/${mask}`,
      zone: id.split('-')[0],
      vnet: section.vnet,
      'dhcp-range': section['dhcp-range'] ?? [],
    }
  },
  prepare: (call, id, section, action) => {
    section.vnet = required(call, 'vnet')
    const {network, mask} = cidrOf(id)
    const gateway = section.gateway === undefined ? undefined : String(section.gateway)
    if (gateway !== undefined && !contains(network, mask, gateway)) {
      throw innerError(`${action} sdn subnet object failed: `, [
        ['gateway', `${gateway} is not in subnet ${network}/${mask}`],
      ])
    }
  },
}

const controllers: SdnKind = {
  path: '/cluster/sdn/controllers',
  id: 'controller',
  file: 'sdn/controllers',
  what: 'controller',
  missing: (id) => `sdn '${id}' does not exist`,
  missingPrefixed: true,
  visible: (call, id) =>
    call.sim.permissions.hasAny(call.auth, `/sdn/controllers/${id}`, ['SDN.Audit', 'SDN.Allocate']),
  checkRemove: (call, id) => {
    const user = Object.entries(sectionsOf(call, 'sdn/zones')).find(([, zone]) => zone.controller === id)
    if (user) {
      throw failure(
        `delete sdn controller object failed: controller ${id} is used by ${user[0]} at /usr/share/perl5/PVE/Network/SDN/Controllers/EvpnPlugin.pm line 476.`,
      )
    }
  },
}

function unreachable(what: string, api: string): NonNullable<SdnKind['prepare']> {
  return (call, _id, section, action) => {
    if (!call.state.world.offline || action !== 'create') return
    const host = /^https?:\/\/([^/]+)/.exec(String(section.url ?? ''))?.[1] ?? ''
    throw failure(
      `create sdn ${what} object failed: ${api}: Invalid response from server: 500 Can't connect to ${host} (Connection refused)`,
    )
  }
}

const ipams: SdnKind = {
  path: '/cluster/sdn/ipams',
  id: 'ipam',
  file: 'sdn/ipams',
  what: 'ipam',
  missing: (id) => `sdn '${id}' does not exist`,
  missingPrefixed: true,
  prepare: unreachable('ipam', `Can't connect to netbox api`),
}

const dns: SdnKind = {
  path: '/cluster/sdn/dns',
  id: 'dns',
  file: 'sdn/dns',
  what: 'dns',
  missing: (id) => `sdn '${id}' does not exist`,
  missingPrefixed: true,
  prepare: unreachable('dns', 'dns api error'),
}

const pendingChanges = (call: Call): boolean =>
  files.some((file) => JSON.stringify(sectionsOf(call, file)) !== JSON.stringify(sectionsOf(call, `running ${file}`)))

function apply(call: Call): unknown {
  return call.sim.tasks.start({node: call.sim.localNode, type: 'reloadnetworkall', id: '', user: call.auth}, (task) => {
    for (const file of files) call.state.sections[`running ${file}`] = structuredClone(sectionsOf(call, file))
    for (const node of Object.values(call.state.nodes))
      if (node.power === 'online') task.log(`${node.name}: reloading network config`)
  })
}

function rollback(call: Call): unknown {
  for (const file of files) call.state.sections[file] = structuredClone(sectionsOf(call, `running ${file}`))
  return null
}

function lock(call: Call): unknown {
  if (pendingChanges(call)) {
    throw failure(
      'could not acquire lock for SDN config: configuration has pending changes at /usr/share/perl5/PVE/API2/Network/SDN.pm line 150.',
    )
  }
  return call.sim.random.uuid()
}

const builtInIpam = (): Section => ({ipam: 'pve', type: 'pve', digest: sha1('')})

const ipamEndpoints = sdnEndpointsOf(ipams)

export const sdnEndpoints: Endpoints = {
  ...sdnEndpointsOf(zones),
  ...sdnEndpointsOf(vnets),
  ...sdnEndpointsOf(subnets),
  ...sdnEndpointsOf(controllers),
  ...sdnEndpointsOf(dns),
  ...ipamEndpoints,
  'GET /cluster/sdn/ipams': (call) => [builtInIpam(), ...(ipamEndpoints['GET /cluster/sdn/ipams']!(call) as unknown[])],
  'GET /cluster/sdn/ipams/{ipam}': (call) =>
    required(call, 'ipam') === 'pve' ? builtInIpam() : ipamEndpoints['GET /cluster/sdn/ipams/{ipam}']!(call),
  'DELETE /cluster/sdn/ipams/{ipam}': (call) =>
    required(call, 'ipam') === 'pve' ? null : ipamEndpoints['DELETE /cluster/sdn/ipams/{ipam}']!(call),
  'GET /cluster/sdn/ipams/{ipam}/status': () => [],
  'PUT /cluster/sdn': apply,
  'POST /cluster/sdn/lock': lock,
  'DELETE /cluster/sdn/lock': () => null,
  'POST /cluster/sdn/rollback': rollback,
  'GET /cluster/sdn/fabrics': () => ['fabric', 'node', 'all'].map((subdir) => ({subdir})),
  'GET /cluster/sdn/fabrics/all': () => ({fabrics: [], nodes: []}),
  'GET /nodes/{node}/sdn/zones': (call) => {
    nodeName(call)
    return Object.keys(sectionsOf(call, 'running sdn/zones'))
      .filter((zone) => call.sim.permissions.hasAny(call.auth, `/sdn/zones/${zone}`, ['SDN.Audit', 'SDN.Allocate']))
      .map((zone) => ({zone, status: 'available'}))
  },
  'GET /nodes/{node}/sdn/zones/{zone}/content': (call) =>
    Object.entries(sectionsOf(call, 'running sdn/vnets'))
      .filter(([, vnet]) => vnet.zone === required(call, 'zone'))
      .map(([vnet]) => ({vnet, status: 'available'})),
}
