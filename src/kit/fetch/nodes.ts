import {isEntry, mapsIn, mostEntries, type Entry, type Reader} from '../proxmox/index.js'
import type {KindName, Observed, Scalar} from '../resources/index.js'
import {wireKindOf, wireKinds, type WireKind} from '../resources/kinds/on-wire.js'
import {factsOf, isScalar} from './answers.js'
import {fill, type Listing} from './entries.js'
import {isWanted, nodesPath, type Seen} from './lists.js'
import {asUnreadable} from './unreadable.js'

/** What the nodes say, each of itself. */
export interface Nodes {
  /** By name, of every node of the cluster. */
  facts: Map<string, Observed['facts']>
  /** Why nothing can be read of a node's guests, by the node's name. */
  offline: Map<string, string>
  /** Power by node and guest, as that node's own list has it. */
  statuses: Map<string, string>
  /** The nodes in whose own lists a VMID is, with the kind. */
  places: Map<number, Set<string>>
}

/**
 * Asks every node that is online for its version and its guests.
 * @param before the nodes before, by `localKey`: what is not known now is taken from there
 * @throws what the client throws when the cluster as a whole cannot be read
 */
export async function readNodes(
  {reader, only}: {reader: Reader; only?: KindName[]},
  {lists}: Seen,
  before: ReadonlyMap<string, Observed>,
): Promise<Nodes> {
  const kind = wireKindOf('node')
  const nodes: Nodes = {facts: new Map(), offline: new Map(), statuses: new Map(), places: new Map()}
  const guests = wireKinds.filter((each) => each.guest && isWanted(each, only))
  const status = await reader.get('/cluster/status').catch(asUnreadable)
  const addresses = Array.isArray(status) ? mapsIn(status.slice(0, 1000), '/cluster/status') : []
  await Promise.all(
    (lists.get(nodesPath) as Listing).objects.get(kind)!.map(async ({id, entry}) => {
      const name = String(id)
      const isOnline = entry.status === 'online'
      if (!isOnline) nodes.offline.set(name, `node ${name} is ${wordOf(entry.status)}`)
      const address = addresses.find((candidate) => candidate.type === 'node' && candidate.name === name)
      const facts = {...before.get(`node/${name}`)?.facts, ...factsOf(kind, entry), ...addressOf(address)}
      nodes.facts.set(name, facts)
      if (isOnline) Object.assign(facts, await readNode(reader, name, guests, nodes))
    }),
  )
  return nodes
}

function addressOf(entry: Entry | undefined): Record<string, Scalar> {
  const facts: Record<string, Scalar> = {}
  for (const key of ['ip', 'nodeid']) if (isScalar(entry?.[key])) facts[key] = entry[key]
  return facts
}

/** Version and power states; power in `/cluster/resources` lags, and is unknown for a new guest. */
async function readNode(
  reader: Reader,
  node: string,
  guests: WireKind[],
  {statuses, places}: Nodes,
): Promise<Record<string, Scalar>> {
  const get = (path: string) =>
    reader.get<unknown>(path, undefined, {node}).catch((error: unknown) => {
      asUnreadable(error)
      return undefined
    })
  const [version, ...lists] = await Promise.all([
    get(fill('/nodes/{node}/version', node, '')),
    ...guests.map((kind) => get(fill(`/nodes/{node}/${kind.guest}`, node, ''))),
  ])
  for (const [index, list] of lists.entries()) {
    const kind = guests[index]!
    for (const {vmid, status} of Array.isArray(list) ? list.slice(0, mostEntries).filter(isEntry) : []) {
      const id = Number(vmid)
      if (typeof status === 'string') statuses.set(`${node}/${kind.name}/${id}`, status)
      if (!places.has(id)) places.set(id, new Set())
      places.get(id)!.add(`as a ${kind.name} on ${node}`)
    }
  }
  const release = isEntry(version) ? version.version : undefined
  return isScalar(release) ? {version: String(release)} : {}
}

function wordOf(value: unknown): string {
  return typeof value === 'string' && /^[\w -]{1,30}$/.test(value) ? value : 'unknown'
}
