import {ApiError, failure} from '../../errors.js'
import {integer, isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import {TaskError} from '../../tasks/runner.js'
import {localDisks} from '../../seeds/seed-disks.js'
import {nodeState} from '../../seeds/seed.js'
import {sha1} from '../../state/digest.js'
import type {NodeState} from '../../state/model.js'
import {shownFingerprint} from '../../nodes/certificates.js'

/** Nodes of corosync.conf; none where the node stands alone. */
const corosyncNodes = (call: Call): NodeState[] =>
  call.sim.state.cluster === undefined || call.sim.state.world.corosync === false
    ? []
    : Object.values(call.sim.state.nodes)

/** Names of the nodes that the cluster is configured with; a node that stands alone is its own. */
export function configuredNodes(call: Call): string[] {
  const nodes = corosyncNodes(call)
  return nodes.length > 0 ? nodes.map(({name}) => name) : [call.sim.localNode]
}

/** Version of the cluster's membership: it grows with every node that joins. */
export const membershipVersion = ({sim: {state}}: Call): number =>
  state.world.membership ?? Object.keys(state.nodes).length

const ring = ({ip}: NodeState): string => ip

const totem = (call: Call): Record<string, unknown> => ({
  cluster_name: call.sim.state.cluster,
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
  return {
    config_digest: sha1(`${call.sim.state.cluster}`),
    preferred_node: call.sim.localNode,
    totem: totem(call),
    nodelist: nodes.map((node) => ({
      name: node.name,
      nodeid: node.id,
      pve_addr: node.ip,
      ring0_addr: ring(node),
      quorum_votes: 1,
      pve_fp: shownFingerprint(call, node),
    })),
  }
}

/** The node becomes a cluster of one. */
function create(call: Call): unknown {
  if (corosyncNodes(call).length > 0) throw failure(`cluster config '/etc/pve/corosync.conf' already exists`)
  const name = required(call, 'clustername')
  const request = {node: call.sim.localNode, type: 'clustercreate', id: name, user: call.auth}
  return call.sim.tasks.start(request, (task) => {
    task.log('Corosync Cluster Engine Authentication key generator.')
    task.log('Writing corosync config to /etc/pve/corosync.conf')
    task.log('Restart corosync and cluster filesystem')
    call.sim.state.cluster = name
  })
}

/** What speaks against joining another cluster. */
function obstacles(call: Call): string[] {
  return [
    ...(corosyncNodes(call).length > 0
      ? [`corosync config '/etc/pve/corosync.conf' exists, is this node part of a cluster already?`]
      : []),
    ...(Object.keys(call.sim.state.guests).length > 0 ? ['this host already contains virtual guests'] : []),
  ]
}

/** There is no other cluster in reach. */
function join(call: Call): unknown {
  const request = {node: call.sim.localNode, type: 'clusterjoin', id: '', user: call.auth}
  return call.sim.tasks.start(request, (task) => {
    const against = obstacles(call)
    if (against.length > 0) {
      task.log(`detected the following error(s):\n${against.map((line) => `* ${line}`).join('\n')}`)
      throw new TaskError('Check if node may join a cluster failed!')
    }
    const host = required(call, 'hostname')
    task.log(`Establishing API connection with host '${host}'`)
    throw new TaskError(`500 Can't connect to ${host}:8006`)
  })
}

function setVersion(call: Call): void {
  call.sim.state.world.membership = membershipVersion(call) + 1
}

/** Another node comes in; what it needs to know of the cluster is told. */
function addNode(call: Call): unknown {
  const name = required(call, 'node')
  const known = call.sim.state.nodes[name]
  const ip = text(call, 'new_node_ip') ?? text(call, 'link0')?.split(',')[0]
  if (ip === undefined) throw failure('no links and no fallback ip (new_node_ip) given, cannot join cluster')
  const twin = Object.values(call.sim.state.nodes).find((node) => node.ip === ip && node.name !== name)
  if (twin) throw failure(`corosync: address '${ip}' already used on link ring0_addr by node '${twin.name}'`)
  if (known && !isSet(call, 'force')) throw failure(`can't add existing node '${name}'`)
  if (!known) {
    const ids = Object.values(call.sim.state.nodes).map(({id}) => id)
    const free = integer(call, 'nodeid', Math.max(...ids) + 1)
    setVersion(call)
    call.sim.state.nodes[name] = {...nodeState({name, ip}, free - 1, call.sim.now()), id: free}
    call.sim.state.nodes[name].disks = localDisks(call.sim.state, name)
    call.sim.tasks.clusterLog(call.sim.localNode, 'root@pam', `adding node ${name} to cluster`, 5)
  }
  return {corosync_authkey: call.sim.random.hex(128), corosync_conf: corosyncConf(call), warnings: []}
}

/** The configuration file as corosync reads it. */
function corosyncConf(call: Call): string {
  const block = (name: string, values: [string, unknown][]): string =>
    `${name} {\n${values.map(([key, value]) => `  ${key}: ${String(value)}\n`).join('')}}\n`
  const nodes = corosyncNodes(call).map((node) =>
    block('node', [
      ['name', node.name],
      ['nodeid', node.id],
      ['quorum_votes', 1],
      ['ring0_addr', ring(node)],
    ]),
  )
  return [
    `nodelist {\n${nodes.join('').replace(/^/gm, '  ').trimEnd()}\n}\n`,
    block('quorum', [['provider', 'corosync_votequorum']]),
    block('totem', [
      ['cluster_name', call.sim.state.cluster],
      ['config_version', membershipVersion(call)],
      ['version', 2],
    ]),
  ].join('\n')
}

/** A node leaves; its guests' configurations stay behind. */
function removeNode(call: Call): unknown {
  const name = required(call, 'node')
  if (name === call.sim.localNode) throw failure('Cannot delete myself from cluster!')
  const node = corosyncNodes(call).find((one) => one.name === name || one.ip === name)
  if (!node) throw failure(`Node/IP: ${name} is not a known host of the cluster.`)
  call.sim.tasks.clusterLog(call.sim.localNode, 'root@pam', `deleting node ${node.name} from cluster`, 5)
  setVersion(call)
  delete call.sim.state.nodes[node.name]
  return null
}

/** What nodes know of each other: corosync's configuration. */
export const membershipEndpoints: Endpoints = {
  'GET /cluster/config/nodes': (call) =>
    corosyncNodes(call).map((node) => ({
      node: node.name,
      name: node.name,
      nodeid: String(node.id),
      quorum_votes: String(node.conditions?.votes ?? 1),
      ring0_addr: ring(node),
      ...Object.fromEntries((node.conditions?.links ?? []).map((link, index) => [`ring${index + 1}_addr`, link])),
    })),
  'GET /cluster/config/totem': (call) => (corosyncNodes(call).length > 0 ? totem(call) : null),
  'GET /cluster/config/join': joinInformation,
  'POST /cluster/config': create,
  'POST /cluster/config/join': join,
  'POST /cluster/config/nodes/{node}': addNode,
  'DELETE /cluster/config/nodes/{node}': removeNode,
  'GET /cluster/config/apiversion': () => '1',
  // Fact: proxmox/pve-cluster:src/PVE/API2/ClusterConfig.pm (status of the daemon's socket, by line).
  'GET /cluster/config/qdevice': (call) => call.sim.state.world.qdevice ?? {},
}
