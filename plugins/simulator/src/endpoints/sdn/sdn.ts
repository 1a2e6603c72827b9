import {failure} from '../../errors.js'
import {unordered} from '../../calls/print.js'
import {isSet, required, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import type {Section} from '../../state/model.js'
import {startReload} from '../../network/interfaces.js'
import {fileDigest, sectionsOf} from '../../calls/sections.js'
import {fabricEndpoints, fabricFiles} from './sdn-fabrics.js'
import {interfacesDiff, raiseVersion} from './sdn-interfaces.js'
import {ipamEndpoints} from './sdn-ipam.js'
import {checkToken, releaseAsAsked, releaseLock, takeLock} from './sdn-lock.js'
import {sdnNodeEndpoints} from './sdn-nodes.js'
import {controllers, dns, ipams} from './sdn-services.js'
import {list, prefixOf, sdnEndpointsOf} from './sdn-store.js'
import {subnets} from './sdn-subnets.js'
import {vnets, zones} from './sdn-zones.js'

/** Files that come into force by an apply; services outside are used at once. */
const files = [...[zones, vnets, subnets, controllers].map(({file}) => file), ...fabricFiles]

const isPending = (call: Call): boolean =>
  files.some((file) => JSON.stringify(sectionsOf(call, file)) !== JSON.stringify(sectionsOf(call, `running ${file}`)))

/** Puts the configuration in force and has the nodes load their networks anew, each in a task of its own. */
function apply(call: Call): unknown {
  checkToken(call, 'could not commit SDN config: ')
  for (const file of files) call.sim.state.sections[`running ${file}`] = structuredClone(sectionsOf(call, file))
  raiseVersion(call)
  releaseAsAsked(call)
  const {tasks, localNode} = call.sim
  return tasks.start({node: localNode, type: 'reloadnetworkall', id: '', user: call.auth}, (task) => {
    for (const node of Object.values(call.sim.state.nodes)) {
      if (node.power !== 'online') continue
      task.log(`${node.name}: reloading network config`)
      startReload(call.sim, node, 'root@pam')
    }
  })
}

function rollback(call: Call): unknown {
  checkToken(call, 'could not rollback SDN configuration: ')
  for (const file of files) call.sim.state.sections[file] = structuredClone(sectionsOf(call, `running ${file}`))
  releaseAsAsked(call)
  return null
}

function lock(call: Call): unknown {
  const prefix = 'could not acquire lock for SDN config: '
  checkToken(call, prefix)
  if (!isSet(call, 'allow-pending') && isPending(call)) {
    throw failure(`${prefix}configuration has pending changes at /usr/share/perl5/PVE/API2/Network/SDN.pm line 150.`)
  }
  return takeLock(call)
}

function unlock(call: Call): unknown {
  if (!isSet(call, 'force')) checkToken(call, 'could not release lock: ')
  releaseLock(call)
  return null
}

/** PVE's own IPAM, which is there without being configured. */
const builtInIpam = (call: Call): Section => ({ipam: 'pve', type: 'pve', digest: fileDigest(call, ipams.file)})

/** Serves the built-in IPAM, and what is configured otherwise. */
const orBuiltIn =
  (builtIn: Handler, otherwise: Handler): Handler =>
  (call) =>
    required(call, 'ipam') === 'pve' ? builtIn(call) : otherwise(call)

/** The built-in IPAM has no options. @throws ApiError 500 */
function updateBuiltIn(call: Call): null {
  const sent = Object.keys(call.param).find((key) => !['ipam', 'delete', 'digest', 'lock-token'].includes(key))
  if (sent !== undefined) throw failure(`${prefixOf(ipams, 'update')}unexpected property '${sent}'`)
  return null
}

const ipamKind = sdnEndpointsOf(ipams)

export const sdnEndpoints: Endpoints = {
  ...sdnEndpointsOf(zones),
  ...sdnEndpointsOf(vnets),
  ...sdnEndpointsOf(subnets),
  ...sdnEndpointsOf(controllers),
  ...sdnEndpointsOf(dns),
  ...ipamKind,
  ...ipamEndpoints,
  ...fabricEndpoints,
  ...sdnNodeEndpoints,
  'GET /cluster/sdn/ipams': (call) => unordered([builtInIpam(call), ...list(call, ipams)]),
  'POST /cluster/sdn/ipams': orBuiltIn(() => {
    throw failure(`${prefixOf(ipams, 'create')}sdn ipam object ID 'pve' already defined`)
  }, ipamKind['POST /cluster/sdn/ipams']!),
  'GET /cluster/sdn/ipams/{ipam}': orBuiltIn(builtInIpam, ipamKind['GET /cluster/sdn/ipams/{ipam}']!),
  'PUT /cluster/sdn/ipams/{ipam}': orBuiltIn(updateBuiltIn, ipamKind['PUT /cluster/sdn/ipams/{ipam}']!),
  'DELETE /cluster/sdn/ipams/{ipam}': orBuiltIn(() => null, ipamKind['DELETE /cluster/sdn/ipams/{ipam}']!),
  'PUT /cluster/sdn': apply,
  'POST /cluster/sdn/lock': lock,
  'DELETE /cluster/sdn/lock': unlock,
  'POST /cluster/sdn/rollback': rollback,
  'GET /cluster/sdn/dry-run': (call) => {
    const diff = interfacesDiff(call)
    return diff === '' ? {} : {'interfaces-diff': diff}
  },
}
