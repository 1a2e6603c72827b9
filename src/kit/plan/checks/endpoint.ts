import {equalValues, formatRef, isMap, localKey, type Config} from '../../resources/index.js'
import {lookedUp} from '../../resources/kinds/looked-up.js'
import type {Action, Check} from '../model.js'
import {elementsOfSet} from './lists.js'
import type {Plan} from './seen.js'

/** A node through which pmpc reaches the cluster, and under which address it has it. */
interface Carrier {
  readonly node: string
  readonly address: string
}

/** The nodes that the endpoints are. A name that is no node's cannot be told without asking. */
function carriersOf({known: {endpoints, status}}: Plan): Carrier[] {
  const nodes = status.filter(({type}) => type === 'node')
  return endpoints.flatMap((endpoint) => {
    const host = hostOf(endpoint)
    const entry = nodes.find(
      ({name, ip}) => ip === host || name === host || (!isAddress(host) && host.split('.')[0] === name),
    )
    return entry ? [{node: String(entry.name), address: String(entry.ip ?? host)}] : []
  })
}

const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host)

function hostOf(endpoint: string): string {
  try {
    return new URL(endpoint).hostname.replaceAll(/^\[|\]$/g, '')
  } catch {
    return endpoint
  }
}

/** Interfaces that carry an address: the one that has it, and all that it is made of. */
function carrying(config: Config, address: string): Set<string> {
  const has = (name: string): boolean => {
    const one = config[name]
    if (!isMap(one)) return false
    return [one.cidr, one.cidr6, one.address, one.address6].some(
      (value) => String(value ?? '').split('/')[0] === address,
    )
  }
  const found = new Set(Object.keys(config).filter(has))
  for (const name of found) {
    const one = config[name]
    if (!isMap(one)) continue
    const below = [one.bridge_ports, one.slaves, one.ovs_ports, one.ovs_bonds].flatMap(elementsOfSet)
    for (const port of [...below, String(one['vlan-raw-device'] ?? name.split('.')[0])])
      if (port !== '') found.add(port)
  }
  return found
}

/** Whether the plan changes the network through which pmpc reaches the cluster: consent must name the object then. */
export function checkEndpoint(plan: Plan): Check[] {
  const carriers = carriersOf(plan)
  return plan.actions.flatMap((action) => {
    const why = action.steps.length === 0 ? undefined : cutBy(action, carriers, plan)
    return why === undefined ? [] : [warning(action, why)]
  })
}

function warning({ref}: Action, why: string): Check {
  return {
    object: formatRef(ref),
    check: 'endpoint',
    severity: 'warning',
    message: `pmpc itself reaches the cluster through it: ${why}`,
    suggestions: [`--allow cuts-network:${formatRef(ref)}   # an apply wants the object named`],
  }
}

function cutBy(action: Action, carriers: readonly Carrier[], {will}: Plan): string | undefined {
  const {ref, is, steps} = action
  if (ref.kind === lookedUp.network) {
    const carrier = carriers.find(({node}) => node === String(ref.id))
    if (!carrier) return undefined
    const [before, after] = [is?.config ?? {}, steps.at(-1)!.after?.config ?? {}]
    const names = new Set([...carrying(before, carrier.address), ...carrying(after, carrier.address)])
    const changed = [...names].filter((name) => !equalValues(before[name], after[name]))
    return changed.length > 0 ? `${changed.join(', ')} of ${carrier.node} carries ${carrier.address}` : undefined
  }
  if (ref.kind === lookedUp.firewall) {
    const isHost = carriers.some(({node}) => `node/${node}` === String(ref.id))
    if (ref.id !== 'cluster' && !isHost) return undefined
    const options = will.find('firewall', 'cluster')?.config.options
    return isMap(options) && Number(options.enable ?? 0) === 1
      ? `the firewall of ${ref.id === 'cluster' ? 'the cluster' : localKey(ref)} is on, and may close port 8006`
      : undefined
  }
  return undefined
}
