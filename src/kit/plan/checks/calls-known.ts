import {madeUp, type Check, type Request} from '../model.js'
import type {Need} from './known.js'
import {failed, type Plan, type Seen} from './seen.js'

/** The newest version whose calls are known; what a later one takes is for itself to say. */
const newest = 9.2

/** Whether the node's version has the call, and takes its parameters with such values. */
export function checkCalls({steps}: Plan): Check[] {
  return steps.flatMap((seen) => (Number.parseFloat(seen.version) > newest ? [] : (problemsOf(seen) ?? [])))
}

function problemsOf(seen: Seen): Check[] | undefined {
  const {call, node, version, step, given} = seen
  const {method, path, parameters} = step.request
  const where = `${node ?? 'the cluster'} runs Proxmox VE ${version}`
  const suggestions = ['pmpc get nodes   # says which version each node runs']
  if (call === undefined)
    return [failed(seen, 'version', `${where}, which does not know ${method} ${path}`, suggestions)]
  const unknown = Object.keys(parameters).filter((name) => !seen.calls.contract.takes(call, name))
  if (unknown.length > 0)
    return [
      failed(seen, 'version', `${where}, where ${method} ${path} does not take ${unknown.join(', ')}`, [
        'Take the key out of the manifest: that node does not know it',
        ...suggestions,
      ]),
    ]
  const open = new Set(Object.keys(parameters).filter((name) => isOpen(parameters[name])))
  const plain = Object.fromEntries(Object.entries(given).filter(([name]) => !open.has(name)))
  const {asked} = seen.action.wanted
  const errors = Object.entries(seen.calls.contract.validate(call, plain)).filter(([name]) => !open.has(name))
  return errors.map(([name, why]) =>
    failed(seen, 'value', `Proxmox VE would refuse ${name} of ${method} ${path}: ${why.trimEnd()}`, [
      asked ? `pmpc ${asked.as} --help` : 'pmpc validate',
    ]),
  )
}

/** A secret, or what Proxmox VE has yet to make up, as the MAC address of a clone: what is sent then is not known here. */
function isOpen(value: Request['parameters'][string] | undefined): boolean {
  return typeof value === 'object' || `=${value}`.split(',').some((part) => part.endsWith(`=${madeUp}`))
}

/** Whether the nodes that do the work, and those that guests go to, are there and online. */
export function checkNodes(plan: Plan): Check[] {
  const said = new Set<string>()
  return plan.steps.flatMap((seen) =>
    [seen.node, ...nodesNamed(seen)].flatMap((node) => {
      const why = node === undefined ? undefined : troubleWith(node, plan)
      const key = `${seen.object} ${node}`
      if (why === undefined || said.has(key)) return []
      said.add(key)
      return [failed(seen, 'node', why, ['pmpc get nodes'])]
    }),
  )
}

/** The nodes among a request's parameters: the `target` of a migration is one, that of a storage or of a notification is not. */
function nodesNamed({call, given, calls: {contract}}: Seen): string[] {
  if (call === undefined) return []
  return Object.entries(given).flatMap(([name, value]) =>
    value !== undefined && contract.formatOf(call, name) === 'pve-node' ? [value] : [],
  )
}

/** Why a node cannot be asked anything; undefined: it can, as far as that is known. */
export function troubleWith(node: string, {known: {status}, resources}: Plan): string | undefined {
  const entry = resources.get(`node/${node}`)
  if (!entry && ![...resources.values()].some(({type}) => type === 'node')) return undefined
  if (!entry) return `there is no node ${node}`
  const isOn = status.some((one) => one.type === 'node' && one.name === node && Number(one.online ?? 0) === 1)
  return entry.status === 'online' || isOn ? undefined : `node ${node} is ${String(entry.status ?? 'unknown')}`
}

/** Whether the cluster takes writes at all. */
export function checkQuorum({steps, known: {status}}: Plan): Check[] {
  const [first] = steps
  const cluster = status.find(({type}) => type === 'cluster')
  if (!first || !cluster || Number(cluster.quorate ?? 1) === 1) return []
  const online = status.filter((one) => one.type === 'node' && Number(one.online ?? 0) === 1).length
  return [
    failed(
      first,
      'quorum',
      `the cluster has no quorum (${online} of ${String(cluster.nodes)} nodes are online): nothing can be changed`,
      ['pvecm status   # on a node'],
    ),
  ]
}

/** The VMIDs that a plan gives to new guests, with what makes them. */
export function newGuests({steps}: Plan): {seen: Seen; vmid: string}[] {
  return steps.flatMap((seen) => {
    const {call = '', given} = seen
    if (/^POST \/nodes\/\{node\}\/(?:qemu|lxc)$/.test(call) && given.force !== '1')
      return [{seen, vmid: given.vmid ?? ''}]
    return /^POST \S+\/clone$/.test(call) ? [{seen, vmid: given.newid ?? ''}] : []
  })
}

const idNeed = (vmid: string): Need => ({path: '/cluster/nextid', query: {vmid}})

/** Guests that a plan removes free their ids. */
const freed = ({steps}: Plan): Set<string> =>
  new Set(
    steps.flatMap(({call = '', given}) =>
      /^DELETE \/nodes\/\{node\}\/(?:qemu|lxc)\/\{vmid\}$/.test(call) ? [given.vmid ?? ''] : [],
    ),
  )

/** A token does not see every guest: whether an id is free, only the cluster can tell. */
export function idNeeds(plan: Plan): Need[] {
  const gone = freed(plan)
  return newGuests(plan).flatMap(({vmid}) => (gone.has(vmid) ? [] : [idNeed(vmid)]))
}

/** Whether the ids of new guests are free: no guest of either kind, on any node, nor another new one has them. */
export function checkIds(plan: Plan): Check[] {
  const {known, resources} = plan
  const gone = freed(plan)
  const made = newGuests(plan)
  return made.flatMap(({seen, vmid}, at) => {
    const twin = made.slice(0, at).find((one) => one.vmid === vmid)
    if (twin) return [failed(seen, 'id', `${twin.seen.object} is to have the id ${vmid}, too`, ['pmpc validate'])]
    if (gone.has(vmid)) return []
    const other = resources.get(`qemu/${vmid}`) ?? resources.get(`lxc/${vmid}`)
    const answer = known.answers.get(`/cluster/nextid?vmid=${vmid}`)
    const isTaken = other !== undefined || (answer !== undefined && 'failed' in answer && answer.failed.status === 400)
    if (!isTaken) return []
    const who = other
      ? `${String(other.type)}/${vmid} on ${String(other.node)}`
      : 'a guest that this token does not see'
    return [
      failed(seen, 'id', `the id ${vmid} is taken: ${who}`, [
        'pmpc get guests',
        'id: next   # in the manifest takes a free one',
      ]),
    ]
  })
}
