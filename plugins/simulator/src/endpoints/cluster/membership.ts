import {ApiError} from '../../errors.js'
import type {Call, Endpoints} from '../../simulation.js'
import {sha1} from '../../state/digest.js'
import type {NodeState} from '../../state/model.js'
import {certificateInfo} from '../../tls/info.js'

/** Nodes of corosync.conf; none where the node stands alone. */
const corosyncNodes = (call: Call): NodeState[] =>
  call.state.cluster === undefined || call.state.world.corosync === false ? [] : Object.values(call.state.nodes)

/** Names of the nodes that the cluster is configured with; a node that stands alone is its own. */
export function configuredNodes(call: Call): string[] {
  const nodes = corosyncNodes(call)
  return nodes.length > 0 ? nodes.map(({name}) => name) : [call.sim.localNode]
}

/** Version of the cluster's membership: it grows with every node that joins. */
export const membershipVersion = ({state}: Call): number => state.world.membership ?? Object.keys(state.nodes).length

const ring = ({ip}: NodeState): string => ip

const totem = (call: Call): Record<string, unknown> => ({
  cluster_name: call.state.cluster,
  config_version: String(membershipVersion(call)),
  interface: {'0': {linknumber: '0'}},
  ip_version: 'ipv4-6',
  link_mode: 'passive',
  secauth: 'on',
  version: '2',
})

function joinInformation(call: Call): unknown {
  const nodes = corosyncNodes(call)
  if (nodes.length === 0) throw new ApiError(424, 'node is not in a cluster, no join info available!')
  const fingerprint = certificateInfo(call.sim.certificates.leaf).fingerprint
  return {
    config_digest: sha1(`${call.state.cluster}`),
    preferred_node: call.sim.localNode,
    totem: totem(call),
    nodelist: nodes.map((node) => ({
      name: node.name,
      nodeid: node.id,
      pve_addr: node.ip,
      ring0_addr: ring(node),
      quorum_votes: 1,
      pve_fp: fingerprint,
    })),
  }
}

/** What nodes know of each other: corosync's configuration. */
export const membershipEndpoints: Endpoints = {
  'GET /cluster/config/nodes': (call) =>
    corosyncNodes(call).map((node) => ({
      node: node.name,
      name: node.name,
      nodeid: String(node.id),
      quorum_votes: '1',
      ring0_addr: ring(node),
    })),
  'GET /cluster/config/totem': (call) => (corosyncNodes(call).length > 0 ? totem(call) : null),
  'GET /cluster/config/join': joinInformation,
  'GET /cluster/config/apiversion': () => '1',
  'GET /cluster/config/qdevice': () => ({}),
}
