import {failure} from '../../errors.js'
import type {Call} from '../../calls/call.js'
import {sectionsOf} from '../../calls/sections.js'
import {prefixOf, type Options, type SdnKind} from './sdn-store.js'

const bgpPolicies = 'route-map-in route-map-out peer-group-name bgp-mode'

/** What controllers of each type may hold (pve-network, PVE/Network/SDN/Controllers). */
const controllerOptions = (call: Call): Record<string, Options> => {
  const isOld = call.sim.settings.release === '8.4'
  return {
    evpn: isOld
      ? {required: 'asn peers'}
      : {required: 'asn', optional: `peers fabric nodes ebgp ebgp-multihop loopback ${bgpPolicies}`},
    bgp: {
      required: 'node asn peers',
      optional: `bgp-multipath-as-path-relax ebgp ebgp-multihop loopback ${isOld ? '' : bgpPolicies}`,
    },
    isis: {required: 'isis-domain isis-ifaces isis-net node', optional: 'loopback'},
    faucet: {},
  }
}

export const controllers: SdnKind = {
  path: '/cluster/sdn/controllers',
  id: 'controller',
  file: 'sdn/controllers',
  what: 'controller',
  missing: (id) => `sdn '${id}' does not exist`,
  whenMissing: {update: 'prefixed', delete: 'prefixed'},
  options: controllerOptions,
  showsRemoved: true,
  prepare: (call, id, section, action) => {
    const others = Object.entries(sectionsOf(call, 'sdn/controllers')).filter(([other]) => other !== id)
    const isOld = call.sim.settings.release === '8.4'
    if (isOld && section.type === 'evpn' && others.some(([, {type}]) => type === 'evpn'))
      throw failure(`${prefixOf(controllers, action)}only 1 global evpn controller can be defined`)
  },
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

/** Services outside of the cluster are asked before they are written. */
function unreachable(
  text: (section: Record<string, unknown>) => string,
  kind: () => SdnKind,
): NonNullable<SdnKind['prepare']> {
  return (call, _id, section, action) => {
    if (!call.sim.state.world.offline || call.sim.settings.offlineServices === 'accept') return
    const host = /^https?:\/\/([^/]+)/.exec(String(section.url ?? ''))?.[1] ?? ''
    throw failure(
      `${prefixOf(kind(), action)}${text(section)}: Invalid response from server: 500 Can't connect to ${host} (Connection refused)`,
    )
  }
}

export const ipams: SdnKind = {
  path: '/cluster/sdn/ipams',
  id: 'ipam',
  file: 'sdn/ipams',
  what: 'ipam',
  missing: (id) => `sdn '${id}' does not exist`,
  whenMissing: {update: 'prefixed', delete: 'prefixed'},
  options: () => ({
    netbox: {required: 'url token', optional: 'fingerprint'},
    nautobot: {required: 'url token', optional: 'fingerprint namespace'},
    phpipam: {required: 'url token section', optional: 'fingerprint'},
    pve: {},
  }),
  prepare: unreachable(
    ({type}) => `Can't connect to ${String(type)} api`,
    () => ipams,
  ),
}

export const dns: SdnKind = {
  path: '/cluster/sdn/dns',
  id: 'dns',
  file: 'sdn/dns',
  what: 'dns',
  missing: (id) => `sdn '${id}' does not exist`,
  whenMissing: {update: 'prefixed', delete: 'prefixed'},
  options: () => ({powerdns: {required: 'url key', optional: 'ttl reversemaskv6 fingerprint'}}),
  prepare: unreachable(
    () => 'dns api error',
    () => dns,
  ),
}
