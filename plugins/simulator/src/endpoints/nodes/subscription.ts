import {createHash} from 'node:crypto'
import {failure} from '../../errors.js'
import {isSet, required, type Call, type Endpoints} from '../../calls/call.js'
import type {NodeState} from '../../state/model.js'
import {findNode} from '../../calls/node.js'
import {keyParts} from '../../nodes/subscription.js'

const shop = 'https://www.proxmox.com/en/proxmox-virtual-environment/pricing'
const products: Record<string, string> = {c: 'Community', b: 'Basic', s: 'Standard', p: 'Premium'}

/** What the shop told stays valid for so long, in seconds. */
const recheck = 15 * 86_400
const sockets = 1

const serverId = ({name, ip}: NodeState): string =>
  createHash('md5').update(`${name} ${ip}`).digest('hex').toUpperCase()

const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)

function show(call: Call): unknown {
  const node = findNode(call)
  const {subscription} = node
  if (!subscription)
    return {status: 'notfound', message: 'There is no subscription key', serverid: serverId(node), url: shop}
  const may = call.sim.permissions.has(call.auth, `/nodes/${node.name}`, 'Sys.Audit')
  const {key, status, checktime, due} = subscription
  const {level} = keyParts(key)
  return {
    status,
    checktime,
    sockets,
    url: shop,
    ...(may && {key, serverid: serverId(node)}),
    ...(status === 'active' && {
      level,
      productname: `Proxmox VE ${products[level]} Subscription ${keyParts(key).sockets} CPU/year`,
      regdate: `${day(checktime)} 00:00:00`,
      nextduedate: due ?? day(checktime + 365 * 86_400),
    }),
  }
}

/** Asks the shop about a key: it knows every key where the world is online. @throws ApiError 500 */
function check(call: Call, node: NodeState, key: string): void {
  const {sockets: covered} = keyParts(key)
  if (covered < sockets) throw failure(`wrong number of sockets (${covered} < ${sockets})`)
  node.subscription = {key, status: 'new', checktime: call.sim.now()}
  if (call.sim.state.world.offline) throw failure('error sending license check request: the shop cannot be reached')
  node.subscription.status = 'active'
}

function update(call: Call): unknown {
  const node = findNode(call)
  if (!node.subscription) return null
  const {key, status, checktime} = node.subscription
  const fresh = status === 'active' && call.sim.now() - checktime < recheck
  if (!fresh || isSet(call, 'force')) check(call, node, key)
  return null
}

function set(call: Call): unknown {
  check(call, findNode(call), required(call, 'key').trim())
  return null
}

function remove(call: Call): unknown {
  delete findNode(call).subscription
  return null
}

/** Facts: PVE/API2/Subscription.pm, contracts. */
export const subscriptionEndpoints: Endpoints = {
  'GET /nodes/{node}/subscription': show,
  'POST /nodes/{node}/subscription': update,
  'PUT /nodes/{node}/subscription': set,
  'DELETE /nodes/{node}/subscription': remove,
}
