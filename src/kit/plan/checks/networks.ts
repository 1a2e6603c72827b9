import type {Check} from '../model.js'
import {elementsOfSet} from './lists.js'
import {entriesOf, type Need} from './known.js'
import {failed, type Plan, type Seen} from './seen.js'
import {guestOfCall, keysSet} from './uses.js'
import {partOf, runningValue} from './world.js'

interface Plugged {
  readonly seen: Seen
  readonly bridge: string
  readonly node: string
}

/** The bridges that NICs are newly plugged into, and those of guests on the node that they go to. */
function pluggedIn({steps}: Plan): Plugged[] {
  return steps.flatMap((seen) => {
    const guest = guestOfCall(seen)
    const node = seen.given.target ?? seen.node
    if (!guest || node === undefined) return []
    const nics = /\/migrate$/.test(seen.call ?? '')
      ? Object.entries(seen.before?.config ?? {})
      : keysSet(seen, guest.type).filter(([key, value]) => partOf(value, 'bridge') !== bridgeOf(seen, key))
    return nics
      .filter(([key]) => /^net\d+$/.test(key))
      .flatMap(([, value]) => {
        const bridge = partOf(value, 'bridge')
        return bridge === undefined ? [] : [{seen, bridge, node}]
      })
  })
}

const bridgeOf = ({before}: Seen, key: string): string | undefined =>
  before ? partOf(runningValue(before, key), 'bridge') : undefined

/** Whether the node has it, as far as what was read or recorded says; undefined: it does not. */
function isThere({bridge, node}: Plugged, {will}: Plan): true | undefined {
  const interfaces = will.find('network', node)?.config
  if (interfaces && Object.hasOwn(interfaces, bridge)) return true
  const vnet = will.find('vnet', bridge)?.config
  if (!vnet) return undefined
  const nodes = elementsOfSet(will.find('zone', String(vnet.zone))?.config.nodes)
  return nodes.length === 0 || nodes.includes(node) ? true : undefined
}

const bridgesNeed = ({node}: Plugged): Need => ({path: `/nodes/${node}/network`, query: {type: 'any_bridge'}})

/** Bridges of nodes, where nobody knows the one that is named. */
export const bridgeNeeds = (plan: Plan): Need[] =>
  pluggedIn(plan)
    .filter((one) => !isThere(one, plan))
    .map(bridgesNeed)

/** Whether the node has the bridge or virtual network that a NIC is plugged into. */
export function checkBridges(plan: Plan): Check[] {
  const said = new Set<string>()
  return pluggedIn(plan).flatMap((one) => {
    const {seen, bridge, node} = one
    const entries = isThere(one, plan) ? undefined : entriesOf(plan.known, bridgesNeed(one))
    const key = `${seen.object} ${bridge} ${node}`
    if (!entries || said.has(key) || entries.some(({iface}) => iface === bridge)) return []
    said.add(key)
    const there = entries.map(({iface}) => String(iface)).join(', ')
    return [
      failed(
        seen,
        'bridge',
        `${node} has no bridge or virtual network ${bridge}${there === '' ? '' : `, only ${there}`}`,
        [`pmpc describe network ${node}`],
      ),
    ]
  })
}
